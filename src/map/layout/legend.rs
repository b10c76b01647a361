//! What is visible, with its mark and how many there are; under it what a reader must know.

use tiny_skia::{Path, Transform};

use super::legend_counts::{LegendCount, LegendCounts};
use super::map_surround::wrapped;
use crate::domain::{ControlPointLevel, Lang, Text};
use crate::map::drawing::{Primitive, Stroke, TextRun, TextStyle};
use crate::map::font::{Fonts, Outlines};
use crate::map::layers::Swatch;
use crate::map::sketch::Symbol;
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::{At, Frame};

/// Draws the legend in its frame.
pub struct Legend<'a> {
    pub frame: Frame,
    pub fonts: &'a Fonts,
    pub theme: &'a Palette,
    pub lang: Lang,
}

/// Of the size of a legend that is not complete otherwise: notes of 12.5 units are 10 then, which are
/// 2 mm on a sheet of A4.
const SMALLER: [f64; 2] = [0.9, 0.8];
const ROW: f64 = 26.0;
/// Rows of a full page; markers of 18 still do not touch.
const TIGHT_ROW: f64 = 19.5;
/// The hexagons of control points are larger.
const HEXAGON_ROW: f64 = 32.0;
const HEADING: f64 = 34.0;
const SWATCH: f64 = 36.0;
/// For the largest number and a gap before it.
const COUNT: f64 = 26.0;
const COLUMN: f64 = 290.0;
const COLUMN_GAP: f64 = 28.0;
const NOTE_ROW: f64 = 18.0;

/// A line of the legend before its place is known.
enum LegendLine {
    Heading(&'static str),
    /// One or two rows of the counts side by side.
    Entries(Vec<LegendCount>),
}

impl Legend<'_> {
    /// Rows are drawn as high as the frame allows. Where all of them find no room the whole is drawn
    /// smaller; what finds none in the smallest letters that can be read is counted in a last line.
    pub fn draw(&self, counts: &LegendCounts, notes: &[String]) -> Vec<Primitive> {
        if self.frame.width() < COLUMN / 2.0 {
            return Vec::new();
        }
        let (mut items, mut left_out) = self.draw_once(counts, notes);
        for share in SMALLER {
            if left_out == 0 {
                break;
            }
            let Frame { left, top, .. } = self.frame;
            let (width, height) = (self.frame.width() / share, self.frame.height() / share);
            let frame = Frame::new(left, top, left + width, top + height);
            let (large, still_out) = Legend { frame, ..*self }.draw_once(counts, notes);
            let Ok(mut outlines) = Outlines::new() else { break };
            let mut shrink = Shrink { origin: At { x: left, y: top }, share, theme: self.theme };
            items = large.into_iter().flat_map(|it| shrink.item(it, &mut outlines)).collect();
            left_out = still_out;
        }
        items
    }

    /// The items, and how many rows found no room.
    fn draw_once(&self, counts: &LegendCounts, notes: &[String]) -> (Vec<Primitive>, usize) {
        let rows = self.rows(counts);
        let columns = (((self.frame.width() + COLUMN_GAP) / (COLUMN + COLUMN_GAP)) as usize).max(1);
        let width = (self.frame.width() + COLUMN_GAP) / columns as f64 - COLUMN_GAP;
        let notes: Vec<String> = notes
            .iter()
            .flat_map(|note| wrapped(self.fonts, note, TextStyle::NOTE.size, width))
            .collect();
        let notes_height = notes.len() as f64 * NOTE_ROW + 8.0;
        // A column may end with the room of a heading and a row unused.
        let lost = (columns - 1) as f64 * (HEADING + ROW);
        let room = self.frame.height() * columns as f64 - notes_height - lost;
        let needed = |row_height| rows.iter().map(|row| height(row, row_height)).sum::<f64>();
        let fitting = (0..).map(|step| ROW - f64::from(step) * 0.5);
        let row_height = fitting
            .take_while(|row_height| *row_height > TIGHT_ROW)
            .find(|row_height| needed(*row_height) <= room)
            .unwrap_or(TIGHT_ROW);
        let mut page = LegendFlow {
            legend: self,
            columns,
            width,
            row_height,
            column: 0,
            y: self.frame.top,
            items: Vec::new(),
            notes_height,
        };
        let left_out = page.put_all(&rows);
        page.put_notes(&notes, left_out);
        (page.items, left_out)
    }

    fn rows(&self, counts: &LegendCounts) -> Vec<LegendLine> {
        let mut rows: Vec<LegendLine> = Vec::new();
        let mut group = "";
        for entry in counts.iter() {
            let heading = entry.0.heading(self.lang);
            if heading != group {
                group = heading;
                rows.push(LegendLine::Heading(heading));
            }
            match rows.last_mut() {
                Some(LegendLine::Entries(pair))
                    if pair.len() == 1 && self.fits_beside(pair, entry) =>
                {
                    pair.push(entry);
                }
                _ => rows.push(LegendLine::Entries(vec![entry])),
            }
        }
        rows
    }

    /// Short rows of one family stand two side by side.
    fn fits_beside(&self, pair: &[LegendCount], entry: LegendCount) -> bool {
        let is_short = |(key, symbol, _): &LegendCount| {
            let width = TextStyle::BODY.width(self.fonts, &key.text(*symbol, self.lang));
            width <= COLUMN / 2.0 - SWATCH - COUNT
        };
        pair.iter().all(|first| first.0.is_family_of(entry.0) && is_short(first))
            && is_short(&entry)
    }
}

/// Draws smaller towards a corner.
struct Shrink<'a> {
    origin: At,
    share: f64,
    theme: &'a Palette,
}

impl Shrink<'_> {
    fn place(&self, at: At) -> At {
        self.origin + (at - self.origin) * self.share
    }

    fn path(&self, path: Path, fill: Option<Rgba>, stroke: Option<Stroke>) -> Option<Primitive> {
        let (x, y) = (self.origin.x as f32, self.origin.y as f32);
        let share = self.share as f32;
        let smaller = Transform::from_translate(-x, -y).post_scale(share, share);
        let path = path.transform(smaller.post_translate(x, y))?;
        let stroke = stroke.map(|stroke| Stroke { width: stroke.width * self.share, ..stroke });
        Some(Primitive::Path { path, fill, stroke })
    }

    /// Markers know no size: they become paths.
    fn item(&mut self, item: Primitive, outlines: &mut Outlines) -> Vec<Primitive> {
        match item {
            Primitive::Path { path, fill, stroke } => {
                self.path(path, fill, stroke).into_iter().collect()
            }
            Primitive::Marker { marker, at, turn_deg } => {
                let place =
                    Transform::from_rotate(turn_deg).post_translate(at.x as f32, at.y as f32);
                let parts = marker.parts(self.theme, outlines).into_iter();
                let placed = parts.filter_map(|part| {
                    self.path(part.path.transform(place)?, part.fill, part.stroke)
                });
                placed.collect()
            }
            Primitive::Text(run) => vec![Primitive::Text(TextRun {
                at: self.place(run.at),
                size: run.size * self.share,
                width: run.width * self.share,
                spacing: run.spacing * self.share,
                ..run
            })],
            other @ Primitive::Raster(_) => vec![other],
        }
    }
}

fn height(row: &LegendLine, row_height: f64) -> f64 {
    match row {
        LegendLine::Heading(_) => HEADING,
        LegendLine::Entries(entries) => {
            let is_hexagon = |(_, symbol, _): &LegendCount| matches!(symbol, Symbol::ControlPoint { level, .. } if *level != ControlPointLevel::Micro);
            if entries.iter().any(is_hexagon) { HEXAGON_ROW } else { row_height }
        }
    }
}

/// The legend while it is filled from the top, column after column.
struct LegendFlow<'a> {
    legend: &'a Legend<'a>,
    columns: usize,
    width: f64,
    row_height: f64,
    column: usize,
    y: f64,
    items: Vec<Primitive>,
    notes_height: f64,
}

impl LegendFlow<'_> {
    /// How many rows found no room.
    fn put_all(&mut self, rows: &[LegendLine]) -> usize {
        for (index, row) in rows.iter().enumerate() {
            // A heading never stands alone at the foot of a column.
            let heading = if matches!(row, LegendLine::Heading(_)) { HEXAGON_ROW } else { 0.0 };
            let least = heading + height(row, self.row_height);
            if self.y + least > self.bottom() {
                if self.column + 1 >= self.columns {
                    let rest = rows.get(index..).unwrap_or_default();
                    return rest.iter().filter(|row| matches!(row, LegendLine::Entries(_))).count();
                }
                self.column += 1;
                self.y = self.legend.frame.top;
            }
            self.put(row);
        }
        0
    }

    fn bottom(&self) -> f64 {
        let is_last = self.column + 1 == self.columns;
        self.legend.frame.bottom - if is_last { self.notes_height } else { 0.0 }
    }

    fn left(&self) -> f64 {
        self.legend.frame.left + self.column as f64 * (self.width + COLUMN_GAP)
    }

    fn put(&mut self, row: &LegendLine) {
        let Legend { fonts, theme, frame, .. } = *self.legend;
        match row {
            LegendLine::Heading(text) => {
                // The first heading of a column begins where the map does.
                let is_first = self.y <= frame.top;
                let baseline = self.y + if is_first { 14.0 } else { HEADING - 10.0 };
                let at = At { x: self.left(), y: baseline };
                self.items.push(TextStyle::HEADING.run(fonts, text, at, theme.ink));
                self.y += if is_first { HEADING - 10.0 } else { HEADING };
            }
            LegendLine::Entries(entries) => {
                let high = height(row, self.row_height);
                let step = self.width / entries.len().max(1) as f64;
                let is_alone = entries.len() == 1;
                for (index, entry) in entries.iter().enumerate() {
                    let left = self.left() + step * index as f64;
                    let right =
                        if index == 0 && !is_alone { left + step - 12.0 } else { left + step };
                    self.put_entry(*entry, Frame::new(left, self.y, right, self.y + high));
                }
                self.y += high;
            }
        }
    }

    fn put_entry(&mut self, (key, symbol, count): LegendCount, row: Frame) {
        let Legend { fonts, theme, lang, .. } = *self.legend;
        let (left, middle) = (row.left, row.center().y);
        let frame = Frame::new(left, middle - 8.0, left + SWATCH - 10.0, middle + 8.0);
        self.items.extend(key.swatch(symbol, Swatch::new(frame, theme, lang)));
        let baseline = middle + TextStyle::BODY.size * 0.37;
        let at = At { x: left + SWATCH, y: baseline };
        self.items.push(TextStyle::BODY.run(fonts, &key.text(symbol, lang), at, theme.ink));
        let count = count.to_string();
        let at = At { x: row.right - TextStyle::BODY.width(fonts, &count), y: baseline };
        self.items.push(TextStyle::BODY.run(fonts, &count, at, theme.muted));
    }

    fn put_notes(&mut self, notes: &[String], left_out: usize) {
        let Legend { fonts, theme, lang, frame } = *self.legend;
        let more = (left_out > 0).then(|| match lang {
            Lang::Zh => format!("图例还有 {left_out} 行未列出"),
            Lang::En => format!("{left_out} more rows of the legend left out"),
        });
        self.column = self.columns - 1;
        let lines: Vec<&String> = more.iter().chain(notes).collect();
        let mut y = frame.bottom - (lines.len().saturating_sub(1)) as f64 * NOTE_ROW - 4.0;
        for line in lines {
            let at = At { x: self.left(), y };
            self.items.push(TextStyle::NOTE.run(fonts, line, at, theme.muted));
            y += NOTE_ROW;
        }
    }
}

/// Sentences under the legend.
pub fn notes(
    lang: Lang,
    unlocated: usize,
    has_dots: bool,
    has_example: bool,
    has_sketched: bool,
) -> Vec<String> {
    let mut notes = Vec::new();
    if has_example {
        notes.push(Text::new("示例数据,非真实。", "Example data, not real.").say(lang).to_owned());
    }
    if has_sketched {
        let text =
            Text::new("标“示意”者走向仅供参考。", "“Sketched” courses are only roughly right.");
        notes.push(text.say(lang).to_owned());
    }
    if has_dots {
        let text = Text::new(
            "密集处只画小点(菱形为不合格),数量照计。",
            "Crowded marks shrink to dots (diamond: not up to standard); all are counted.",
        );
        notes.push(text.say(lang).to_owned());
    }
    if unlocated > 0 {
        notes.push(match lang {
            Lang::Zh => format!("另有 {unlocated} 条记录尚未定位,未上图。"),
            Lang::En => format!("Records without a position yet, not drawn: {unlocated}."),
        });
    }
    notes
}
