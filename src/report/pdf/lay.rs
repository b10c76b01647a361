//! Lines and pages. Lengths are points of 1/72 inch, y downwards from the top of the page.

use super::lines::broken;
use crate::map::font::{Fonts, Weight};
use crate::report::block::{Block, CellTone, PaperTable, Picture, Span, list_name, plain};

/// A4.
pub const PAGE_PT: (f64, f64) = (595.28, 841.89);
const LEFT: f64 = 68.0;
const TOP: f64 = 72.0;
const BOTTOM: f64 = 72.0;
const WIDTH: f64 = PAGE_PT.0 - 2.0 * LEFT;

/// Sizes of title, heading, subheading, text, table and page number.
const TITLE: f64 = 22.0;
const HEADING: f64 = 15.0;
const SUBHEADING: f64 = 12.5;
const BODY: f64 = 12.0;
const CELL: f64 = 9.0;
/// Of the size of a line.
const LEADING: f64 = 1.6;
const CELL_LEADING: f64 = 1.4;
const PAD: f64 = 3.0;
const RULE: f64 = 0.5;
/// Around a picture, above a table and below it.
const GAP: f64 = 6.0;
/// A table not higher than this share of a page stays on one.
const SHORT: f64 = 0.45;

/// What stands on a page.
pub enum PageItem<'b> {
    /// The base line begins at `x`, `y`.
    Text {
        x: f64,
        y: f64,
        size: f64,
        weight: Weight,
        tone: CellTone,
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
    /// Leads to a list; the base line of what leads there begins at `x`, `y`.
    Link {
        x: f64,
        y: f64,
        width: f64,
        size: f64,
        list: u32,
    },
    /// Where the table of contents leads to, and links where it is a list.
    Anchor {
        y: f64,
        words: String,
        is_inner: bool,
        list: Option<u32>,
    },
}

struct PageFlow<'b> {
    fonts: &'static Fonts,
    pages: Vec<Vec<PageItem<'b>>>,
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

impl Style {
    /// Of a block that is text.
    const fn of(block: &Block) -> Self {
        use Align::{Left, Middle, Right};
        use Weight::{Bold, Regular};
        let (size, weight, align, indent, above, below) = match block {
            Block::Title(_) => (TITLE, Bold, Middle, 0.0, 0.0, 10.0),
            Block::Caption(_) => (BODY, Bold, Middle, 0.0, 0.0, 4.0),
            Block::Number(_) => (BODY, Regular, Middle, 0.0, 0.0, 8.0),
            Block::Heading(_) => (HEADING, Bold, Left, 0.0, 12.0, 4.0),
            Block::Subheading(_) | Block::List(..) => (SUBHEADING, Bold, Left, 0.0, 8.0, 2.0),
            Block::Signature(_) => (BODY, Regular, Right, 0.0, 6.0, 0.0),
            Block::Annex(_) => (HEADING, Bold, Left, 0.0, 0.0, 8.0),
            Block::Note(_) => (CELL, Regular, Left, 0.0, 2.0, 4.0),
            Block::Paragraph(_) | Block::Sentence(_) | Block::Picture(_) | Block::Table(_) => {
                (BODY, Regular, Left, 2.0, 0.0, 2.0)
            }
        };
        Self { size, weight, align, indent, above, below }
    }

    const fn line(&self) -> f64 {
        self.size * LEADING
    }
}

/// What stands on each page, in points from its upper left corner.
pub fn lay<'b>(blocks: &'b [Block], fonts: &'static Fonts) -> Vec<Vec<PageItem<'b>>> {
    let mut layer = PageFlow { fonts, pages: vec![Vec::new()], y: TOP };
    for (place, block) in blocks.iter().enumerate() {
        // What leads to the next block does not stand alone at the foot of a page.
        let rest = blocks.get(place..).unwrap_or_default();
        if leads(rest) {
            layer.room(layer.least(rest));
        }
        layer.block(block);
    }
    let count = layer.pages.len();
    for (number, page) in (1..).zip(&mut layer.pages) {
        let words = format!("— {number} / {count} —");
        let x = (PAGE_PT.0 - fonts.width(Weight::Regular, &words, CELL)) / 2.0;
        let y = PAGE_PT.1 - BOTTOM / 2.0;
        let (size, weight) = (CELL, Weight::Regular);
        page.push(PageItem::Text { x, y, size, weight, tone: CellTone::Plain, words });
    }
    layer.pages
}

const fn is_heading(block: &Block) -> bool {
    matches!(block, Block::Heading(_) | Block::Subheading(_) | Block::Caption(_) | Block::List(..))
}

/// Whether the first of some blocks belongs to the second: a heading, or a sentence before a table.
fn leads(blocks: &[Block]) -> bool {
    match blocks {
        [block, ..] if is_heading(block) => true,
        [Block::Paragraph(words), next, ..] => is_shown(next) && words.ends_with('：'),
        [Block::Sentence(parts), next, ..] => is_shown(next) && plain(parts).ends_with('：'),
        _ => false,
    }
}

const fn is_shown(block: &Block) -> bool {
    matches!(block, Block::Table(_) | Block::Picture(_))
}

impl<'b> PageFlow<'b> {
    fn block(&mut self, block: &'b Block) {
        let style = Style::of(block);
        match block {
            Block::Title(words)
            | Block::Caption(words)
            | Block::Note(words)
            | Block::Number(words)
            | Block::Paragraph(words)
            | Block::Signature(words) => self.text(words, &style),
            Block::Heading(words) => self.heading(words, &style, false, None),
            Block::Subheading(words) => self.heading(words, &style, true, None),
            Block::List(number, words) => {
                let words = format!("{}　{words}", list_name(*number));
                self.heading(&words, &style, true, Some(*number));
            }
            Block::Sentence(parts) => self.sentence(parts, &style),
            Block::Annex(words) => {
                self.new_page();
                self.heading(words, &style, false, None);
            }
            Block::Picture(picture) => self.picture(picture),
            Block::Table(table) => self.table(table),
        }
    }

    /// What the first blocks take, up to the first that leads to no other: of that its beginning.
    fn least(&self, blocks: &[Block]) -> f64 {
        let mut height = 0.0;
        for (place, block) in blocks.iter().enumerate() {
            let style = Style::of(block);
            let leads = leads(blocks.get(place..).unwrap_or_default());
            height += match block {
                Block::Picture(picture) => GAP + scaled(picture).1,
                Block::Table(table) => GAP + self.table_least(table),
                Block::Paragraph(words) if leads => self.text_height(words, &style),
                Block::Sentence(parts) if leads => self.text_height(&plain(parts), &style),
                _ if leads => style.above + style.line() + style.below,
                _ => 2.0 * style.line(),
            };
            if !leads {
                break;
            }
        }
        height.min(PAGE_PT.1 - TOP - BOTTOM)
    }

    fn text_height(&self, words: &str, style: &Style) -> f64 {
        let indent = style.indent * style.size;
        let lines = broken(self.fonts, words, style.size, style.weight, WIDTH, indent).len();
        style.above + style.below + lines as f64 * style.line()
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

    fn push(&mut self, item: PageItem<'b>) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    fn heading(&mut self, words: &str, style: &Style, is_inner: bool, list: Option<u32>) {
        self.room(style.above + style.line());
        let words = words.to_owned();
        self.text(&words, style);
        let y = (self.y - style.line() - style.below).max(TOP);
        self.push(PageItem::Anchor { y, words, is_inner, list });
    }

    fn text(&mut self, words: &str, style: &Style) {
        self.lines(words, style);
    }

    /// The lines, and where the base line of each begins.
    fn lines(&mut self, words: &str, style: &Style) -> Vec<(String, f64, f64, usize)> {
        self.y += if self.y > TOP { style.above } else { 0.0 };
        let indent = style.indent * style.size;
        let mut placed = Vec::new();
        for (number, line) in broken(self.fonts, words, style.size, style.weight, WIDTH, indent)
            .into_iter()
            .enumerate()
        {
            self.room(style.line());
            let width = self.fonts.width(style.weight, &line, style.size);
            let x = match style.align {
                Align::Left => LEFT + if number == 0 { indent } else { 0.0 },
                Align::Middle => LEFT + (WIDTH - width) / 2.0,
                Align::Right => LEFT + WIDTH - width - 2.0 * style.size,
            };
            self.y += style.line();
            let y = self.y - style.size * (LEADING - 1.0);
            let (size, weight) = (style.size, style.weight);
            placed.push((line.clone(), x, y, self.pages.len() - 1));
            self.push(PageItem::Text { x, y, size, weight, tone: CellTone::Plain, words: line });
        }
        self.y += style.below;
        placed
    }

    /// Over what leads somewhere lies a link, in pieces where it goes over a line.
    fn sentence(&mut self, parts: &[Span], style: &Style) {
        let letters = parts.iter().flat_map(|part| part.words.chars().map(|c| (c, part.list)));
        let mut letters = letters.peekable();
        for (line, left, y, page) in self.lines(&plain(parts), style) {
            let mut links: Vec<(u32, f64, f64)> = Vec::new();
            let mut x = left;
            for c in line.chars() {
                // Blanks at the ends of lines are not there any more.
                while letters.next_if(|(letter, _)| *letter != c).is_some() {}
                let step = self.fonts.face(style.weight).advance(c, style.size);
                if let Some((_, Some(list))) = letters.next() {
                    match links.last_mut() {
                        Some((known, _, to)) if *known == list && (*to - x).abs() < 1e-9 => {
                            *to = x + step;
                        }
                        _ => links.push((list, x, x + step)),
                    }
                }
                x += step;
            }
            let Some(page) = self.pages.get_mut(page) else { continue };
            page.extend(links.into_iter().map(|(list, from, to)| {
                let (width, size) = (to - from, style.size);
                PageItem::Link { x: from, y, width, size, list }
            }));
        }
    }

    fn picture(&mut self, picture: &'b Picture) {
        let (width, height) = scaled(picture);
        self.y += if self.y > TOP { GAP } else { 0.0 };
        self.room(height);
        let x = LEFT + (WIDTH - width) / 2.0;
        self.push(PageItem::Picture { x, y: self.y, width, height, png: &picture.png });
        self.y += height + GAP;
    }

    fn table(&mut self, table: &PaperTable) {
        let widths = column_widths(table);
        self.y += if self.y > TOP { GAP } else { 0.0 };
        // A header does not stand alone at the foot of a page, and a short table is not torn.
        self.room(self.table_least(table));
        let bold = |_| CellTone::Plain;
        self.row(&table.header, &widths, Weight::Bold, None, &bold);
        for (place, row) in table.rows.iter().enumerate() {
            let tone = |column| table.tone(place, column);
            self.row(row, &widths, Weight::Regular, Some(&table.header), &tone);
        }
        self.y += 8.0;
    }

    /// All of a short table; of another its header and two rows.
    fn table_least(&self, table: &PaperTable) -> f64 {
        let widths = column_widths(table);
        let most = (PAGE_PT.1 - TOP - BOTTOM) * SHORT;
        let header = self.cells(&table.header, &widths, Weight::Bold).1;
        let (mut all, mut first) = (header, header);
        for (place, row) in table.rows.iter().enumerate() {
            all += self.cells(row, &widths, Weight::Regular).1;
            if place < 2 {
                first = all;
            }
            if all > most {
                return first;
            }
        }
        all
    }

    /// The lines of each cell, and how tall the row is.
    fn cells(&self, cells: &[String], widths: &[f64], weight: Weight) -> (Vec<Vec<String>>, f64) {
        let broken = |(words, width): (&String, &f64)| {
            broken(self.fonts, words, CELL, weight, width - 2.0 * PAD, 0.0)
        };
        let lines: Vec<Vec<String>> = cells.iter().zip(widths).map(broken).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1) as f64;
        (lines, most * CELL * CELL_LEADING + 2.0 * PAD)
    }

    /// A row that fits no page any more begins the next one, below the header once more.
    fn row(
        &mut self,
        cells: &[String],
        widths: &[f64],
        weight: Weight,
        header: Option<&[String]>,
        tone: &dyn Fn(usize) -> CellTone,
    ) {
        let (lines, height) = self.cells(cells, widths, weight);
        let page = self.pages.len();
        self.room(height);
        if self.pages.len() > page
            && let Some(header) = header
        {
            self.row(header, widths, Weight::Bold, None, &|_| CellTone::Plain);
        }
        let mut x = LEFT;
        for (column, (lines, width)) in lines.into_iter().zip(widths).enumerate() {
            let mut y = self.y + PAD;
            for words in lines {
                y += CELL * CELL_LEADING;
                let base = y - CELL * (CELL_LEADING - 1.0);
                let (x, size, tone) = (x + PAD, CELL, tone(column));
                self.push(PageItem::Text { x, y: base, size, weight, tone, words });
            }
            x += width;
        }
        self.y += height;
        let thick = if weight == Weight::Bold { 2.0 * RULE } else { RULE };
        let (from, to) = ((LEFT, self.y), (LEFT + WIDTH, self.y));
        self.push(PageItem::Rule { from, to, width: thick });
    }
}

/// As wide as the text, unless it would be higher than a page.
fn scaled(picture: &Picture) -> (f64, f64) {
    let (across, down) = (f64::from(picture.width_px), f64::from(picture.height_px));
    let most = PAGE_PT.1 - TOP - BOTTOM;
    let scale = (WIDTH / across.max(1.0)).min(most / down.max(1.0));
    (across * scale, down * scale)
}

fn column_widths(table: &PaperTable) -> Vec<f64> {
    let all: u32 = table.widths.iter().sum();
    let share = |width: &u32| WIDTH * f64::from(*width) / f64::from(all.max(1));
    table.widths.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: usize) -> Block {
        let rows = (0..rows).map(|row| vec![format!("工地{row}"), "达标".to_owned()]).collect();
        let header = vec!["名称".to_owned(), "结果".to_owned()];
        Block::Table(PaperTable { header, widths: vec![3, 1], rows, ..PaperTable::default() })
    }

    fn pages_with(pages: &[Vec<PageItem<'_>>], wanted: &str) -> Vec<usize> {
        let has = |page: &[PageItem<'_>]| {
            page.iter().any(|item| matches!(item, PageItem::Text { words, .. } if words == wanted))
        };
        (0..pages.len()).filter(|page| has(&pages[*page])).collect()
    }

    #[test]
    fn a_long_table_has_its_header_on_every_page() {
        let blocks = [table(200)];
        let pages = lay(&blocks, Fonts::get().unwrap());
        assert!(pages.len() > 3);
        for page in &pages {
            let is_header = |item: &PageItem<'_>| matches!(item, PageItem::Text { words, .. } if words == "名称");
            assert_eq!(page.iter().filter(|item| is_header(item)).count(), 1);
            for item in page {
                if let PageItem::Text { y, .. } = item {
                    assert!(*y < PAGE_PT.1 - BOTTOM / 2.0 + 0.1);
                }
            }
        }
    }

    #[test]
    fn a_heading_goes_with_its_table_and_a_short_table_is_not_torn() {
        for lines in 20..40 {
            let mut blocks = vec![Block::Paragraph("一行".to_owned()); lines];
            blocks.push(Block::Heading("标题".to_owned()));
            blocks.push(Block::Subheading("小标题".to_owned()));
            blocks.push(Block::Paragraph("如下：".to_owned()));
            blocks.push(table(8));
            let pages = lay(&blocks, Fonts::get().unwrap());
            let [heading] = pages_with(&pages, "标题")[..] else { panic!("one heading") };
            assert_eq!(pages_with(&pages, "小标题"), [heading], "after {lines} lines");
            assert_eq!(pages_with(&pages, "名称"), [heading], "after {lines} lines");
            assert_eq!(pages_with(&pages, "工地7"), [heading], "after {lines} lines");
        }
    }

    #[test]
    fn a_link_lies_over_its_figure_also_behind_a_line_that_was_broken() {
        let part = |words: &str, list| Span { words: words.to_owned(), list };
        let long = "字".repeat(40);
        let parts = vec![part(&long, None), part("12", Some(3)), part("处。", None)];
        let blocks = [Block::Sentence(parts)];
        let pages = lay(&blocks, Fonts::get().unwrap());
        let links: Vec<_> = pages[0]
            .iter()
            .filter_map(|item| match item {
                PageItem::Link { x, width, list, .. } => Some((*x, *width, *list)),
                _ => None,
            })
            .collect();
        let [(x, width, 3)] = links[..] else { panic!("one link to list 3: {links:?}") };
        // 36 characters stand in the first line, 4 before the figure in the second.
        assert!((x - LEFT - 4.0 * BODY).abs() < 0.01, "{x}");
        let fonts = Fonts::get().unwrap();
        assert!((width - fonts.width(Weight::Regular, "12", BODY)).abs() < 0.01);
    }
}
