//! A paper as a Word file in the form of GB/T 9704-2012: A4 with 22 lines of 28 characters, title
//! in 二号 小标宋, text in 三号 仿宋, headings in 黑体, page numbers at the outer side.
//!
//! A font that a machine lacks is replaced by Word with one of the same script; the offices for
//! which this is meant have these. The same blocks give the same bytes: ids are counted here.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, FieldCharType, Footer, Hyperlink, HyperlinkType, InstrPAGE, InstrText,
    LineSpacing, LineSpacingType, PageMargin, Paragraph, Pic, Run, RunFonts, SpecialIndentType,
    Table as DocxTable, TableCell, TableLayoutType, TableRow, WidthType,
};

use jiff::civil::Date;

use super::block::{Block, CellTone, PaperTable, Picture, Span, list_name};
use crate::domain::{Localized, printable};

/// Fonts of official papers.
const SONG: &str = "宋体";
const TITLE: &str = "方正小标宋简体";
const BODY: &str = "仿宋";
const HEADING: &str = "黑体";
const SUBHEADING: &str = "楷体";

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
/// A table of so many rows stays on one page.
const SHORT_TABLE: usize = 14;
/// Of what little can be said, and of what leads to a list.
const FAINT: &str = "646B78";
const ACT: &str = "B42318";
const LINK: &str = "2B5F9E";

/// Why there is no Word file.
#[derive(Debug, thiserror::Error)]
#[error("the Word file could not be made")]
pub struct Error;

impl Localized for Error {
    fn zh(&self) -> String {
        "Word 文件未能生成".to_owned()
    }
}

/// Counts paragraphs and pictures, which the file has to tell apart.
#[derive(Default)]
struct DocxWriter {
    paragraphs: u32,
    pictures: u32,
}

/// `date` is what the file says about when it was made.
pub fn bytes(blocks: &[Block], date: Date) -> Result<Vec<u8>, Error> {
    let mut writer = DocxWriter::default();
    let made = format!("{date}T00:00:00Z");
    let mut docx = page(&mut writer).created_at(&made).updated_at(&made);
    let mut is_below_table = false;
    for block in blocks {
        let is_table = matches!(block, Block::Table(_));
        // Without anything between them Word makes one table of two.
        if is_table && is_below_table {
            docx = docx.add_paragraph(writer.block(&Block::Note(String::new())));
        }
        is_below_table = is_table;
        docx = match block {
            Block::Table(table) => docx.add_table(writer.table(table)),
            Block::Annex(words) => {
                let heading = writer.paragraph().page_break_before(true);
                docx.add_paragraph(heading.add_run(run(words, HEADING, SIZE_3)))
            }
            other => docx.add_paragraph(writer.block(other)),
        };
    }
    let mut parts = docx.build();
    parts.document = with_repeated_headers(&parts.document);
    let mut file = Cursor::new(Vec::new());
    parts.pack(&mut file).map_err(|_full| Error)?;
    Ok(file.into_inner())
}

/// The library has no word for a row that comes again on each page; the first of each table does.
fn with_repeated_headers(document: &[u8]) -> Vec<u8> {
    const ROW: &str = "<w:cantSplit />";
    let text = String::from_utf8_lossy(document);
    let mut tables = text.split("<w:tbl>");
    let mut whole = tables.next().unwrap_or_default().to_owned();
    for table in tables {
        whole.push_str("<w:tbl>");
        whole.push_str(&table.replacen(ROW, "<w:cantSplit /><w:tblHeader />", 1));
    }
    whole.into_bytes()
}

fn twips(mm: f64) -> i32 {
    (mm * TWIPS_PER_MM).round() as i32
}

fn page(writer: &mut DocxWriter) -> Docx {
    let (width, height) = PAGE_MM;
    let margin = PageMargin::new()
        .top(twips(TOP_MM))
        .left(twips(LEFT_MM))
        .right(twips(width - LEFT_MM - TEXT_MM.0))
        .bottom(twips(height - TOP_MM - TEXT_MM.1))
        .footer(twips(28.0));
    let outer =
        |writer: &mut DocxWriter, side| Footer::new().add_paragraph(writer.page_number(side));
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
    Run::new().add_text(printable(words)).fonts(fonts(font)).size(size)
}

impl DocxWriter {
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
            Block::Heading(words) => {
                self.indented(run(words, HEADING, SIZE_3)).keep_next(true).outline_lvl(0)
            }
            Block::Subheading(words) => {
                self.indented(run(words, SUBHEADING, SIZE_3)).keep_next(true).outline_lvl(1)
            }
            Block::Sentence(parts) => self.sentence(parts),
            Block::List(number, words) => self.list(*number, words),
            Block::Paragraph(words) => {
                self.indented(run(words, BODY, SIZE_3)).keep_next(words.ends_with('：'))
            }
            Block::Annex(words) => self.paragraph().add_run(run(words, HEADING, SIZE_3)),
            Block::Signature(words) => self
                .paragraph()
                .align(AlignmentType::Right)
                .indent(None, None, Some(4 * CHARACTER), None)
                .keep_lines(true)
                .add_run(run(words, BODY, SIZE_3)),
            Block::Caption(words) => {
                let run = run(words, TITLE, SIZE_3);
                self.paragraph().align(AlignmentType::Center).keep_next(true).add_run(run)
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

    /// Its figures lead to lists, which are bookmarks.
    fn sentence(&mut self, parts: &[Span]) -> Paragraph {
        let first = SpecialIndentType::FirstLine(2 * CHARACTER);
        let paragraph = self.paragraph().indent(None, Some(first), None, None);
        let leads = parts.last().is_some_and(|part| part.words.ends_with('：'));
        parts.iter().fold(paragraph.keep_next(leads), |paragraph, part| {
            let words = run(&part.words, BODY, SIZE_3);
            match part.list {
                None => paragraph.add_run(words),
                Some(list) => {
                    let link = Hyperlink::new(anchor(list), HyperlinkType::Anchor);
                    paragraph.add_hyperlink(link.add_run(words.color(LINK)))
                }
            }
        })
    }

    fn list(&mut self, number: u32, words: &str) -> Paragraph {
        let words = format!("{}　{words}", list_name(number));
        let id = number as usize;
        self.paragraph()
            .keep_next(true)
            .outline_lvl(1)
            .add_bookmark_start(id, anchor(number))
            .add_run(run(&words, SUBHEADING, SIZE_3))
            .add_bookmark_end(id)
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

    fn table(&mut self, table: &PaperTable) -> DocxTable {
        let all: u32 = table.widths.iter().sum();
        let width = f64::from(twips(TEXT_MM.0));
        let widths: Vec<usize> = table
            .widths
            .iter()
            .map(|share| (width * f64::from(*share) / f64::from(all.max(1))).round() as usize)
            .collect();
        let header = DocxRow { cells: &table.header, font: HEADING, is_kept: true, tones: &[] };
        let mut rows = vec![self.row(&header, &widths)];
        let is_short = table.rows.len() <= SHORT_TABLE;
        for (place, cells) in table.rows.iter().enumerate() {
            let is_last = place + 1 == table.rows.len();
            let tones: Vec<CellTone> =
                (0..cells.len()).map(|column| table.tone(place, column)).collect();
            let is_kept = is_short && !is_last;
            rows.push(self.row(&DocxRow { cells, font: SONG, is_kept, tones: &tones }, &widths));
        }
        DocxTable::new(rows)
            .layout(TableLayoutType::Fixed)
            .width(widths.iter().sum(), WidthType::Dxa)
            .set_grid(widths)
    }

    fn row(&mut self, row: &DocxRow<'_>, widths: &[usize]) -> TableRow {
        let cells = row.cells.iter().zip(widths).enumerate().map(|(column, (words, width))| {
            let mut words = run(words, row.font, SIZE_5);
            match row.tones.get(column) {
                Some(CellTone::Faint) => words = words.color(FAINT),
                Some(CellTone::Act) => words = words.color(ACT),
                _ => {}
            }
            let words = self.bare().keep_next(row.is_kept).add_run(words);
            TableCell::new().width(*width, WidthType::Dxa).add_paragraph(words)
        });
        TableRow::new(cells.collect()).cant_split()
    }
}

struct DocxRow<'a> {
    cells: &'a [String],
    font: &'a str,
    /// On the page of the next row.
    is_kept: bool,
    /// By column.
    tones: &'a [CellTone],
}

fn anchor(list: u32) -> String {
    format!("list{list}")
}
