//! What is visible, with its mark and how many there are; under it what a reader must know.

use super::map_surround::{TextStyle, wrapped};
use super::pen::MapPen;
use super::tally::{Entry, Tally};
use super::{Batches, Primitive, Stroke};
use crate::domain::{ControlPointLevel, Lang, PenForm, PenTone, SiteKind, Text};
use crate::map::font::{Fonts, Weight};
use crate::map::markers::Marker;
use crate::map::tokens::Palette;
use crate::map::view::{At, Frame};
use crate::map::{SiteStanding, Symbol};

pub struct Legend<'a> {
    pub frame: Frame,
    pub fonts: &'a Fonts,
    pub theme: &'a Palette,
    pub lang: Lang,
}

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
enum LegendRow {
    Heading(&'static str),
    /// One or two rows of the tally side by side.
    Entries(Vec<(Entry, Symbol, usize)>),
}

impl Legend<'_> {
    pub fn draw(&self, tally: &Tally, notes: &[String]) -> Vec<Primitive> {
        if self.frame.width() < COLUMN / 2.0 {
            return Vec::new();
        }
        let rows = self.rows(tally);
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
        page.items
    }

    fn rows(&self, tally: &Tally) -> Vec<LegendRow> {
        let mut rows: Vec<LegendRow> = Vec::new();
        let mut group = "";
        for (entry, symbol, count) in tally.iter() {
            let heading = entry.group().say(self.lang);
            if heading != group {
                group = heading;
                rows.push(LegendRow::Heading(heading));
            }
            let row = (entry, symbol, count);
            match rows.last_mut() {
                Some(LegendRow::Entries(pair))
                    if pair.len() == 1 && self.fits_beside(pair, entry) =>
                {
                    pair.push(row);
                }
                _ => rows.push(LegendRow::Entries(vec![row])),
            }
        }
        rows
    }

    /// Short rows of one family stand two side by side.
    fn fits_beside(&self, pair: &[(Entry, Symbol, usize)], entry: Entry) -> bool {
        let is_short = |entry: Entry| {
            let width = TextStyle::BODY.width(self.fonts, &entry.text(self.lang));
            width <= COLUMN / 2.0 - SWATCH - COUNT
        };
        let is_family = |one: Entry, other: Entry| {
            std::mem::discriminant(&one) == std::mem::discriminant(&other)
        };
        pair.iter().all(|(first, ..)| is_family(*first, entry) && is_short(*first))
            && is_short(entry)
    }
}

fn height(row: &LegendRow, row_height: f64) -> f64 {
    match row {
        LegendRow::Heading(_) => HEADING,
        LegendRow::Entries(entries) => {
            let is_hexagon = |(entry, ..): &(Entry, Symbol, usize)| matches!(entry, Entry::ControlPoint(level, _) if *level != ControlPointLevel::Micro);
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
    fn put_all(&mut self, rows: &[LegendRow]) -> usize {
        for (index, row) in rows.iter().enumerate() {
            // A heading never stands alone at the foot of a column.
            let heading = if matches!(row, LegendRow::Heading(_)) { HEXAGON_ROW } else { 0.0 };
            let least = heading + height(row, self.row_height);
            if self.y + least > self.bottom() {
                if self.column + 1 >= self.columns {
                    let rest = rows.get(index..).unwrap_or_default();
                    return rest.iter().filter(|row| matches!(row, LegendRow::Entries(_))).count();
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

    fn put(&mut self, row: &LegendRow) {
        let Legend { fonts, theme, frame, .. } = *self.legend;
        match row {
            LegendRow::Heading(text) => {
                // The first heading of a column begins where the map does.
                let is_first = self.y <= frame.top;
                let baseline = self.y + if is_first { 14.0 } else { HEADING - 10.0 };
                let at = At { x: self.left(), y: baseline };
                self.items.push(TextStyle::HEADING.run(fonts, text, at, theme.ink));
                self.y += if is_first { HEADING - 10.0 } else { HEADING };
            }
            LegendRow::Entries(entries) => {
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

    fn put_entry(&mut self, (entry, symbol, count): (Entry, Symbol, usize), row: Frame) {
        let Legend { fonts, theme, lang, .. } = *self.legend;
        let (left, middle) = (row.left, row.center().y);
        let frame = Frame::new(left, middle - 8.0, left + SWATCH - 10.0, middle + 8.0);
        self.items.extend(swatch(entry, symbol, frame, theme, lang));
        let baseline = middle + TextStyle::BODY.size * 0.37;
        let at = At { x: left + SWATCH, y: baseline };
        self.items.push(TextStyle::BODY.run(fonts, &entry.text(lang), at, theme.ink));
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

/// What a symbol looks like, within a small frame: also the key of the window's list of layers.
pub fn sample_of(symbol: Symbol, frame: Frame, theme: &Palette, lang: Lang) -> Vec<Primitive> {
    swatch(super::tally::entries(symbol).0, symbol, frame, theme, lang)
}

/// A small piece of the map: drawn by the same pen.
fn swatch(
    entry: Entry,
    symbol: Symbol,
    frame: Frame,
    theme: &Palette,
    lang: Lang,
) -> Vec<Primitive> {
    let stamp = |marker| {
        let at = frame.center();
        vec![Primitive::Marker { marker, at, turn_deg: 0.0 }]
    };
    match (entry, symbol) {
        (Entry::Site(kind), _) => stamp(Marker::Site(kind, SiteStanding::Plain)),
        (Entry::Standing(standing), _) => stamp(Marker::Site(SiteKind::Construction, standing)),
        (_, Symbol::ControlPoint { level, is_running }) => {
            stamp(Marker::control_point(level, is_running, lang))
        }
        (Entry::Camera, _) => {
            let at = frame.center() + At { x: 0.0, y: 5.0 };
            let marker = Marker::Camera { has_direction: true };
            vec![Primitive::Marker { marker, at, turn_deg: 0.0 }]
        }
        (Entry::Gate(is_generator), _) => stamp(Marker::Gate { is_generator }),
        (Entry::Draft, _) => faded_line(frame, theme),
        (_, Symbol::Pen { form: PenForm::Text, tone }) => letter(tone, frame, theme, lang),
        _ => drawn(symbol, frame, theme),
    }
}

fn drawn(symbol: Symbol, frame: Frame, theme: &Palette) -> Vec<Primitive> {
    let mut pen = MapPen { theme, detail: 0.9, has_base: false, batches: Batches::default() };
    let middle = frame.center().y;
    let line = [At { x: frame.left, y: middle }, At { x: frame.right, y: middle }];
    match symbol {
        Symbol::Area(_) => pen.area(symbol, &[frame.grown(-1.0).corners().to_vec()]),
        Symbol::Ring { .. } | Symbol::Pen { form: PenForm::Circle, .. } => {
            let corner = |turn: u8| {
                let (sin, cos) = (f64::from(turn) * 10.0).to_radians().sin_cos();
                frame.center() + At { x: cos, y: sin } * 9.0
            };
            pen.area(symbol, &[(0..36).map(corner).collect()]);
        }
        Symbol::Restriction { kind, is_at_rest, .. } => {
            pen.line(Symbol::Restriction { kind, is_draft: false, is_at_rest }, &line);
        }
        Symbol::Congestion { is_idling, .. } => {
            pen.line(Symbol::Congestion { trucks_per_hour: 0.0, is_idling }, &line);
        }
        Symbol::Pen { form: PenForm::Freehand, .. } => {
            let wave = [-2.0, -6.0, 0.0, 6.0, 2.0];
            let step = frame.width() / (wave.len() - 1) as f64;
            let places = wave.iter().zip(0_u8..).map(|(off, place)| At {
                x: frame.left + step * f64::from(place),
                y: middle + off,
            });
            pen.line(symbol, &places.collect::<Vec<At>>());
        }
        symbol => pen.line(symbol, &line),
    }
    pen.batches.into_items().collect()
}

/// The sign of what is written by hand.
fn letter(tone: PenTone, frame: Frame, theme: &Palette, lang: Lang) -> Vec<Primitive> {
    let Ok(fonts) = Fonts::get() else { return Vec::new() };
    let text = Text::new("文", "T").say(lang);
    let ty = TextStyle { size: 16.0, weight: Weight::Bold };
    let left = frame.center().x - ty.width(fonts, text) / 2.0;
    let at = At { x: left, y: frame.center().y + ty.size * 0.37 };
    vec![ty.run(fonts, text, at, tone.color(theme))]
}

fn faded_line(frame: Frame, theme: &Palette) -> Vec<Primitive> {
    let middle = frame.center().y;
    let mut batches = Batches::default();
    let ends = [At { x: frame.left, y: middle }, At { x: frame.right, y: middle }];
    batches.line(0, Stroke::solid(theme.muted.faded(0.6), 5.0), &ends);
    batches.into_items().collect()
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
