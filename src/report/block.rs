//! What a paper is made of, whoever writes it.

/// One piece of a paper, from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Title(String),
    /// In the middle below the title: the number of the paper.
    Number(String),
    Heading(String),
    /// Below a heading: a scene of a meeting, a part of a chapter.
    Subheading(String),
    Paragraph(String),
    /// A paragraph, some of whose figures lead to the list of what was counted.
    Sentence(Vec<Span>),
    /// Such a list begins: its number and what it holds.
    List(u32, String),
    /// At the right, below the text: who says it, and when.
    Signature(String),
    /// What follows begins on a page of its own and is called so.
    Annex(String),
    /// In the middle above a picture or a table: what it shows.
    Caption(String),
    Picture(Picture),
    Table(PaperTable),
    /// Small, below a table.
    Note(String),
}

/// A picture for the width of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub png: Vec<u8>,
    pub width_px: u32,
    pub height_px: u32,
    /// What stands for it where there are only letters.
    pub words: String,
}

/// A piece of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub words: String,
    /// The number of the list that it leads to.
    pub list: Option<u32>,
}

/// A table of a paper, its cells as they are printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaperTable {
    pub header: Vec<String>,
    /// Shares of the width of the page.
    pub widths: Vec<u32>,
    pub rows: Vec<Vec<String>>,
    /// Row and column of cells of which little can be said: they are printed faintly.
    pub faint: Vec<(usize, usize)>,
    /// Row and column of cells about which something must be done: they are printed in red.
    pub act: Vec<(usize, usize)>,
    /// By what its rows were picked; empty where all are there.
    pub filter: String,
}

/// How a cell is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellTone {
    #[default]
    Plain,
    Faint,
    Act,
}

impl PaperTable {
    /// How a cell is printed.
    pub fn tone(&self, row: usize, column: usize) -> CellTone {
        if self.act.contains(&(row, column)) {
            CellTone::Act
        } else if self.is_faint(row, column) {
            CellTone::Faint
        } else {
            CellTone::Plain
        }
    }

    /// Whether a cell is printed faintly.
    pub fn is_faint(&self, row: usize, column: usize) -> bool {
        self.faint.contains(&(row, column))
    }
}

/// The words of a sentence without what they lead to.
pub fn plain(parts: &[Span]) -> String {
    parts.iter().map(|part| part.words.as_str()).collect()
}

/// What a list is called, wherever it is meant.
pub fn list_name(number: u32) -> String {
    format!("附表{number}")
}
