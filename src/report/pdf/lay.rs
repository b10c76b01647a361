//! Lines and pages. Lengths are points of 1/72 inch, y downwards from the top of the page.

use crate::map::font::{Fonts, Weight};
use crate::report::block::{Block, Picture, Table};

/// A4.
pub const PAGE_PT: (f64, f64) = (595.28, 841.89);
const LEFT: f64 = 68.0;
const TOP: f64 = 72.0;
const BOTTOM: f64 = 72.0;
const WIDTH: f64 = PAGE_PT.0 - 2.0 * LEFT;

/// Sizes of title, heading, text, table and page number.
const TITLE: f64 = 22.0;
const HEADING: f64 = 15.0;
const BODY: f64 = 12.0;
const CELL: f64 = 9.0;
/// Of the size of a line.
const LEADING: f64 = 1.6;
const CELL_LEADING: f64 = 1.4;
const PAD: f64 = 3.0;
const RULE: f64 = 0.5;

/// What stands on a page.
pub enum Item<'b> {
    /// The base line begins at `x`, `y`.
    Text {
        x: f64,
        y: f64,
        size: f64,
        weight: Weight,
        words: String,
    },
    Rule {
        from: (f64, f64),
        to: (f64, f64),
        width: f64,
    },
    Picture {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        png: &'b [u8],
    },
}

struct Layer<'b> {
    fonts: &'static Fonts,
    pages: Vec<Vec<Item<'b>>>,
    /// How far the page is filled.
    y: f64,
}

/// How a block of text stands.
struct Style {
    size: f64,
    weight: Weight,
    align: Align,
    /// Of the first line, in characters.
    indent: f64,
    above: f64,
    below: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Middle,
    Right,
}

pub fn lay<'b>(blocks: &'b [Block], fonts: &'static Fonts) -> Vec<Vec<Item<'b>>> {
    let mut layer = Layer { fonts, pages: vec![Vec::new()], y: TOP };
    for block in blocks {
        layer.block(block);
    }
    let count = layer.pages.len();
    for (number, page) in (1..).zip(&mut layer.pages) {
        let words = format!("— {number} / {count} —");
        let x = (PAGE_PT.0 - fonts.width(Weight::Regular, &words, CELL)) / 2.0;
        let y = PAGE_PT.1 - BOTTOM / 2.0;
        page.push(Item::Text { x, y, size: CELL, weight: Weight::Regular, words });
    }
    layer.pages
}

impl<'b> Layer<'b> {
    fn block(&mut self, block: &'b Block) {
        use Align::{Left, Middle, Right};
        use Weight::{Bold, Regular};
        let style = |size, weight, align, indent, above, below| Style {
            size,
            weight,
            align,
            indent,
            above,
            below,
        };
        match block {
            Block::Title(words) => self.text(words, &style(TITLE, Bold, Middle, 0.0, 0.0, 10.0)),
            Block::Caption(words) => self.text(words, &style(BODY, Bold, Middle, 0.0, 0.0, 4.0)),
            Block::Note(words) => self.text(words, &style(CELL, Regular, Left, 0.0, 2.0, 4.0)),
            Block::Number(words) => self.text(words, &style(BODY, Regular, Middle, 0.0, 0.0, 8.0)),
            Block::Heading(words) => {
                // A heading does not stand alone at the foot of a page.
                self.room(HEADING * LEADING + 5.0 * BODY * LEADING);
                self.text(words, &style(HEADING, Bold, Left, 0.0, 12.0, 4.0));
            }
            Block::Paragraph(words) => self.text(words, &style(BODY, Regular, Left, 2.0, 0.0, 2.0)),
            Block::Signature(words) => {
                self.text(words, &style(BODY, Regular, Right, 0.0, 6.0, 0.0));
            }
            Block::Annex(words) => {
                self.new_page();
                self.text(words, &style(HEADING, Bold, Left, 0.0, 0.0, 8.0));
            }
            Block::Picture(picture) => self.picture(picture),
            Block::Table(table) => self.table(table),
        }
    }

    fn new_page(&mut self) {
        if self.y > TOP {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    /// Begins a page where less than this is left.
    fn room(&mut self, height: f64) {
        if self.y + height > PAGE_PT.1 - BOTTOM {
            self.new_page();
        }
    }

    fn push(&mut self, item: Item<'b>) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    fn text(&mut self, words: &str, style: &Style) {
        self.y += if self.y > TOP { style.above } else { 0.0 };
        let indent = style.indent * style.size;
        for (number, line) in broken(self.fonts, words, style.size, style.weight, WIDTH, indent)
            .into_iter()
            .enumerate()
        {
            self.room(style.size * LEADING);
            let width = self.fonts.width(style.weight, &line, style.size);
            let x = match style.align {
                Align::Left => LEFT + if number == 0 { indent } else { 0.0 },
                Align::Middle => LEFT + (WIDTH - width) / 2.0,
                Align::Right => LEFT + WIDTH - width - 2.0 * style.size,
            };
            self.y += style.size * LEADING;
            let y = self.y - style.size * (LEADING - 1.0);
            let (size, weight) = (style.size, style.weight);
            self.push(Item::Text { x, y, size, weight, words: line });
        }
        self.y += style.below;
    }

    fn picture(&mut self, picture: &'b Picture) {
        let (across, down) = (f64::from(picture.width_px), f64::from(picture.height_px));
        let most = PAGE_PT.1 - TOP - BOTTOM;
        let scale = (WIDTH / across.max(1.0)).min(most / down.max(1.0));
        let (width, height) = (across * scale, down * scale);
        self.y += if self.y > TOP { 6.0 } else { 0.0 };
        self.room(height);
        let x = LEFT + (WIDTH - width) / 2.0;
        self.push(Item::Picture { x, y: self.y, width, height, png: &picture.png });
        self.y += height + 6.0;
    }

    fn table(&mut self, table: &Table) {
        let all: u32 = table.widths.iter().sum();
        let share = |width: &u32| WIDTH * f64::from(*width) / f64::from(all.max(1));
        let widths: Vec<f64> = table.widths.iter().map(share).collect();
        self.y += if self.y > TOP { 6.0 } else { 0.0 };
        // A header does not stand alone at the foot of a page.
        let first =
            table.rows.first().map_or(0.0, |row| self.lines(row, &widths, Weight::Regular).1);
        self.room(self.lines(&table.header, &widths, Weight::Bold).1 + first);
        self.row(&table.header, &widths, Weight::Bold, None);
        for row in &table.rows {
            self.row(row, &widths, Weight::Regular, Some(&table.header));
        }
        self.y += 8.0;
    }

    /// The lines of each cell, and how tall the row is.
    fn lines(&self, cells: &[String], widths: &[f64], weight: Weight) -> (Vec<Vec<String>>, f64) {
        let broken = |(words, width): (&String, &f64)| {
            broken(self.fonts, words, CELL, weight, width - 2.0 * PAD, 0.0)
        };
        let lines: Vec<Vec<String>> = cells.iter().zip(widths).map(broken).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1) as f64;
        (lines, most * CELL * CELL_LEADING + 2.0 * PAD)
    }

    /// A row that fits no page any more begins the next one, below the header once more.
    fn row(&mut self, cells: &[String], widths: &[f64], weight: Weight, header: Option<&[String]>) {
        let (lines, height) = self.lines(cells, widths, weight);
        let page = self.pages.len();
        self.room(height);
        if self.pages.len() > page
            && let Some(header) = header
        {
            self.row(header, widths, Weight::Bold, None);
        }
        let mut x = LEFT;
        for (lines, width) in lines.into_iter().zip(widths) {
            let mut y = self.y + PAD;
            for words in lines {
                y += CELL * CELL_LEADING;
                let base = y - CELL * (CELL_LEADING - 1.0);
                self.push(Item::Text { x: x + PAD, y: base, size: CELL, weight, words });
            }
            x += width;
        }
        self.y += height;
        let thick = if weight == Weight::Bold { 2.0 * RULE } else { RULE };
        let (from, to) = ((LEFT, self.y), (LEFT + WIDTH, self.y));
        self.push(Item::Rule { from, to, width: thick });
    }
}

/// Lines of at most `width`. Chinese breaks anywhere but before a closing mark; a Latin word or a
/// number is kept whole where it fits a line.
fn broken(
    fonts: &Fonts,
    words: &str,
    size: f64,
    weight: Weight,
    width: f64,
    indent: f64,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = indent;
    for piece in pieces(words) {
        let long = fonts.width(weight, piece, size);
        if used + long > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0.0;
        }
        if long <= width {
            let piece = if line.is_empty() { piece.trim_start() } else { piece };
            line.push_str(piece);
            used += fonts.width(weight, piece, size);
            continue;
        }
        // Longer than a line: broken wherever it must be.
        for c in piece.chars() {
            let step = fonts.face(weight).advance(c, size);
            if used + step > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(c);
            used += step;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// What must not be broken: words, numbers, and a character with the closing marks behind it.
fn pieces(words: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii() && !c.is_ascii_whitespace();
    let closes = |c: char| "，。、；：？！）》」”’％%".contains(c);
    let opens = |c: char| "（《「“‘".contains(c);
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, c) in words.char_indices() {
        let is_bound = before
            .is_none_or(|before| closes(c) || opens(before) || (is_word(before) && is_word(c)));
        if !is_bound {
            pieces.extend(words.get(begin..at));
            begin = at;
        }
        before = Some(c);
    }
    pieces.extend(words.get(begin..).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(words: &str, width: f64) -> Vec<String> {
        broken(Fonts::get().unwrap(), words, 10.0, Weight::Regular, width, 0.0)
    }

    #[test]
    fn a_closing_mark_does_not_begin_a_line_and_a_number_stays_whole() {
        // Ten characters of ten points fill a line of a hundred.
        let text = "一二三四五六七八九十，后面还有字";
        let found = lines(text, 100.0);
        assert!(!found[1].starts_with('，'), "{found:?}");
        let number = lines("一二三四五六七八九G112国道", 100.0);
        assert!(number[1].starts_with("G112"), "{number:?}");
    }

    #[test]
    fn a_long_table_has_its_header_on_every_page() {
        let rows = (0..200).map(|row| vec![format!("工地{row}"), "达标".to_owned()]).collect();
        let header = vec!["名称".to_owned(), "结果".to_owned()];
        let blocks = [Block::Table(Table { header, widths: vec![3, 1], rows })];
        let pages = lay(&blocks, Fonts::get().unwrap());
        assert!(pages.len() > 3);
        for page in &pages {
            let is_header =
                |item: &Item<'_>| matches!(item, Item::Text { words, .. } if words == "名称");
            assert_eq!(page.iter().filter(|item| is_header(item)).count(), 1);
            for item in page {
                if let Item::Text { y, .. } = item {
                    assert!(*y < PAGE_PT.1 - BOTTOM / 2.0 + 0.1);
                }
            }
        }
    }

    proptest! {
        /// No character is lost but blanks at the ends of lines, and no line is too long.
        #[test]
        fn lines_hold_all_that_was_written(words in "[一二三，。（）a-z0-9 ]{0,80}", width in 30.0..300.0) {
            let fonts = Fonts::get().unwrap();
            let found = lines(&words, width);
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&found.concat()), letters(&words));
            for line in &found {
                let long = fonts.width(Weight::Regular, line, 10.0);
                prop_assert!(long <= width + 0.01 || line.chars().count() == 1, "{}", line);
            }
        }
    }
}
