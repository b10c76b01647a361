//! The files that a paper can be.

use std::path::Path;

use jiff::civil::Date;

use super::block::Block;
use super::{docx, html, pdf, plain, xlsx};
use crate::domain::{Localized, Text};

/// A file that a paper can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperFormat {
    Docx,
    Pdf,
    Html,
    Xlsx,
    Txt,
}

/// Why a paper could not be made a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Docx(#[from] docx::Error),
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
    #[error("the workbook could not be made")]
    Xlsx,
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::Docx(error) => error.zh(),
            Self::Pdf(error) => error.zh(),
            Self::Xlsx => "表格未能生成".to_owned(),
        }
    }
}

impl PaperFormat {
    /// In the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Docx, Self::Pdf, Self::Html, Self::Xlsx, Self::Txt];

    /// By the ending of a file's name.
    pub fn of(target: &Path) -> Option<Self> {
        let ending = target.extension()?.to_str()?.to_lowercase();
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }

    /// Of a file name, without the dot.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Txt => "txt",
        }
    }

    /// What it is good for.
    pub const fn words(self) -> Text {
        match self {
            Self::Docx => Text::new("Word / WPS，可再编辑", "Word / WPS, to edit"),
            Self::Pdf => Text::new("PDF，供打印", "PDF, to print"),
            Self::Html => {
                Text::new("网页，单个文件，供缺席者查阅", "one HTML file, for those absent")
            }
            Self::Xlsx => Text::new("Excel 附表，只有表格", "Excel annex, the tables alone"),
            Self::Txt => Text::new("纯文本", "plain text"),
        }
    }

    /// Rows of a table: a page of paper holds some, a workbook all.
    pub const fn most_rows(self) -> usize {
        match self {
            Self::Docx | Self::Pdf | Self::Txt => 60,
            Self::Html => 2000,
            Self::Xlsx => 1_000_000,
        }
    }

    /// `date` is what the file says about when it was made, `about` what a workbook says of its
    /// tables.
    pub fn bytes(self, paper: &[Block], date: Date, about: &str) -> Result<Vec<u8>, Error> {
        Ok(match self {
            Self::Docx => docx::bytes(paper, date)?,
            Self::Pdf => pdf::bytes(paper)?,
            Self::Html => html::text(paper).into_bytes(),
            Self::Xlsx => xlsx::bytes(paper, about).map_err(|_full| Error::Xlsx)?,
            Self::Txt => plain::text(paper).into_bytes(),
        })
    }
}
