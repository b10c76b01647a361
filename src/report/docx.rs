//! A paper as a Word file in the form of GB/T 9704-2012: A4 with 22 lines of 28 characters, title
//! in 二号 小标宋, text in 三号 仿宋, headings in 黑体, page numbers at the outer side.
//!
//! A font that a machine lacks is replaced by Word with one of the same script; the offices for
//! which this is meant have these. The same blocks give the same bytes: ids are counted here.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, FieldCharType, Footer, InstrPAGE, InstrText, LineSpacing, LineSpacingType,
    PageMargin, Paragraph, Pic, Run, RunFonts, SpecialIndentType, Table as DocxTable, TableCell,
    TableLayoutType, TableRow, WidthType,
};

use jiff::civil::Date;

use super::block::{Block, Picture, Table};
use crate::domain::Said;

/// Fonts of official papers.
const SONG: &str = "宋体";
const TITLE: &str = "方正小标宋简体";
const BODY: &str = "仿宋";
const HEADING: &str = "黑体";

/// Half points: 二号, 三号, 四号, 五号.
const SIZE_2: usize = 44;
const SIZE_3: usize = 32;
const SIZE_4: usize = 28;
const SIZE_5: usize = 21;

/// Twentieths of a point a millimetre.
const TWIPS_PER_MM: f64 = 1440.0 / 25.4;
/// 版心: 156 mm × 225 mm, 37 mm from the top and 28 mm from the left.
const PAGE_MM: (f64, f64) = (210.0, 297.0);
const TOP_MM: f64 = 37.0;
const LEFT_MM: f64 = 28.0;
const TEXT_MM: (f64, f64) = (156.0, 225.0);
/// What is left of the page's height for a picture under its heading.
const PICTURE_MM: f64 = 200.0;
const EMU_PER_MM: f64 = 36_000.0;
/// 22 lines on the height of the text, twips.
const LINE: i32 = 579;
const TITLE_LINE: i32 = 700;
/// One character of 三号, twips.
const CHARACTER: i32 = 320;

#[derive(Debug, thiserror::Error)]
#[error("the paper could not be packed: {0}")]
pub struct Error(String);

impl Error {
    /// For a person, in both languages.
    pub fn said(&self) -> Said {
        Said::new(format!("Word 文件未能生成（{}）", self.0), self.to_string())
    }
}

/// Counts paragraphs and pictures, which the file has to tell apart.
#[derive(Default)]
struct Writer {
    paragraphs: u32,
    pictures: u32,
}

/// `date` is what the file says about when it was made.
pub fn bytes(blocks: &[Block], date: Date) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::default();
    let made = format!("{date}T00:00:00Z");
    let mut docx = page(&mut writer).created_at(&made).updated_at(&made);
    for block in blocks {
        docx = match block {
            Block::Table(table) => docx.add_table(writer.table(table)),
            Block::Annex(words) => {
                let heading = writer.paragraph().page_break_before(true);
                docx.add_paragraph(heading.add_run(run(words, HEADING, SIZE_3)))
            }
            other => docx.add_paragraph(writer.block(other)),
        };
    }
    let mut file = Cursor::new(Vec::new());
    docx.pack(&mut file).map_err(|error| Error(error.to_string()))?;
    Ok(file.into_inner())
}

fn twips(mm: f64) -> i32 {
    (mm * TWIPS_PER_MM).round() as i32
}

fn page(writer: &mut Writer) -> Docx {
    let (width, height) = PAGE_MM;
    let margin = PageMargin::new()
        .top(twips(TOP_MM))
        .left(twips(LEFT_MM))
        .right(twips(width - LEFT_MM - TEXT_MM.0))
        .bottom(twips(height - TOP_MM - TEXT_MM.1))
        .footer(twips(28.0));
    let outer = |writer: &mut Writer, side| Footer::new().add_paragraph(writer.page_number(side));
    Docx::new()
        .page_size(twips(width).unsigned_abs(), twips(height).unsigned_abs())
        .page_margin(margin)
        .default_fonts(fonts(BODY))
        .default_size(SIZE_3)
        .footer(outer(writer, AlignmentType::Right))
        .even_footer(outer(writer, AlignmentType::Left))
}

fn fonts(name: &str) -> RunFonts {
    RunFonts::new().ascii(name).hi_ansi(name).east_asia(name)
}

fn run(words: &str, font: &str, size: usize) -> Run {
    Run::new().add_text(words).fonts(fonts(font)).size(size)
}

impl Writer {
    fn bare(&mut self) -> Paragraph {
        self.paragraphs += 1;
        Paragraph::new().id(format!("{:08x}", self.paragraphs))
    }

    fn paragraph(&mut self) -> Paragraph {
        let lines = LineSpacing::new().line_rule(LineSpacingType::Exact).line(LINE);
        self.bare().line_spacing(lines)
    }

    fn page_number(&mut self, side: AlignmentType) -> Paragraph {
        let number = Run::new()
            .fonts(fonts(SONG))
            .size(SIZE_4)
            .add_text("— ")
            .add_field_char(FieldCharType::Begin, false)
            .add_instr_text(InstrText::PAGE(InstrPAGE::new()))
            .add_field_char(FieldCharType::Separate, false)
            .add_text("1")
            .add_field_char(FieldCharType::End, false)
            .add_text(" —");
        // One character away from the edge of the text.
        self.bare().align(side).indent(Some(CHARACTER), None, Some(CHARACTER), None).add_run(number)
    }

    fn block(&mut self, block: &Block) -> Paragraph {
        match block {
            Block::Title(words) => {
                let lines = LineSpacing::new()
                    .line_rule(LineSpacingType::Exact)
                    .line(TITLE_LINE)
                    .after(280);
                let run = run(words, TITLE, SIZE_2);
                self.bare().align(AlignmentType::Center).line_spacing(lines).add_run(run)
            }
            Block::Number(words) => {
                let run = run(words, BODY, SIZE_3);
                let lines = LineSpacing::new().line_rule(LineSpacingType::Exact).line(LINE);
                self.bare()
                    .align(AlignmentType::Center)
                    .line_spacing(lines.after(LINE.unsigned_abs() / 2))
                    .add_run(run)
            }
            Block::Heading(words) => self.indented(run(words, HEADING, SIZE_3)),
            Block::Paragraph(words) => self.indented(run(words, BODY, SIZE_3)),
            Block::Annex(words) => self.paragraph().add_run(run(words, HEADING, SIZE_3)),
            Block::Signature(words) => self
                .paragraph()
                .align(AlignmentType::Right)
                .indent(None, None, Some(4 * CHARACTER), None)
                .keep_lines(true)
                .add_run(run(words, BODY, SIZE_3)),
            Block::Caption(words) => {
                let run = run(words, TITLE, SIZE_3);
                self.paragraph().align(AlignmentType::Center).add_run(run)
            }
            Block::Note(words) => self.bare().add_run(run(words, SONG, SIZE_5)),
            Block::Picture(picture) => self.picture(picture),
            Block::Table(_) => self.bare(),
        }
    }

    /// The first line begins two characters further in.
    fn indented(&mut self, run: Run) -> Paragraph {
        let first = SpecialIndentType::FirstLine(2 * CHARACTER);
        self.paragraph().indent(None, Some(first), None, None).add_run(run)
    }

    fn picture(&mut self, picture: &Picture) -> Paragraph {
        self.pictures += 1;
        let (width, height) = (f64::from(picture.width_px), f64::from(picture.height_px));
        let mm_per_px = (TEXT_MM.0 / width.max(1.0)).min(PICTURE_MM / height.max(1.0));
        let emu = |pixels: f64| (pixels * mm_per_px * EMU_PER_MM).round() as u32;
        let pic =
            Pic::new_with_dimensions(picture.png.clone(), picture.width_px, picture.height_px)
                .id(format!("rIdImage{}", self.pictures))
                .size(emu(width), emu(height));
        self.bare().align(AlignmentType::Center).add_run(Run::new().add_image(pic))
    }

    fn table(&mut self, table: &Table) -> DocxTable {
        let all: u32 = table.widths.iter().sum();
        let width = f64::from(twips(TEXT_MM.0));
        let widths: Vec<usize> = table
            .widths
            .iter()
            .map(|share| (width * f64::from(*share) / f64::from(all.max(1))).round() as usize)
            .collect();
        let mut rows = vec![self.row(&table.header, &widths, HEADING)];
        rows.extend(table.rows.iter().map(|row| self.row(row, &widths, SONG)));
        DocxTable::new(rows)
            .layout(TableLayoutType::Fixed)
            .width(widths.iter().sum(), WidthType::Dxa)
            .set_grid(widths)
    }

    fn row(&mut self, cells: &[String], widths: &[usize], font: &str) -> TableRow {
        let cells = cells.iter().zip(widths).map(|(words, width)| {
            let words = self.bare().add_run(run(words, font, SIZE_5));
            TableCell::new().width(*width, WidthType::Dxa).add_paragraph(words)
        });
        TableRow::new(cells.collect()).cant_split()
    }
}
