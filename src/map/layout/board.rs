//! The statistics beside a wall map: large figures first, then rows in groups, then notes. What
//! they say comes in as words; here is only where they stand.

use super::map_surround::{shortened, wrapped};
use crate::domain::Lang;
use crate::map::drawing::{Batches, Primitive, Stroke, TextStyle};
use crate::map::font::{Fonts, Weight};
use crate::map::tokens::Palette;
use crate::map::view::{At, Frame};

/// What a wall map says in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// To be read from across the room.
    pub figures: Vec<BoardFigure>,
    /// The most important first: what finds no room is left out from the end, and that is said.
    pub groups: Vec<BoardGroup>,
    pub notes: Vec<String>,
}

/// One large figure with what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardFigure {
    pub value: String,
    pub label: String,
    /// Must be acted upon.
    pub is_urgent: bool,
}

/// Rows under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardGroup {
    pub heading: String,
    /// What it is, and how much.
    pub rows: Vec<(String, String)>,
}

const VALUE: TextStyle = TextStyle { size: 32.0, weight: Weight::Bold };
const FIGURE: f64 = 66.0;
const HEADING: f64 = 34.0;
const ROW: f64 = 25.0;
const TIGHT_ROW: f64 = 18.5;
const NOTE_ROW: f64 = 18.0;
const COLUMN: f64 = 290.0;
const COLUMN_GAP: f64 = 28.0;
/// Between two rows side by side.
const PAIR_GAP: f64 = 24.0;

/// Draws a board in its frame.
pub(super) struct BoardPainter<'a> {
    pub frame: Frame,
    pub fonts: &'a Fonts,
    pub theme: &'a Palette,
    pub lang: Lang,
}

/// One line of a board.
enum BoardLine<'b> {
    Figures(&'b [BoardFigure]),
    Heading(&'b str),
    /// One row, or two short ones side by side.
    Rows(&'b [(String, String)]),
}

impl BoardLine<'_> {
    const fn height(&self, row: f64) -> f64 {
        match self {
            Self::Figures(_) => FIGURE,
            Self::Heading(_) => HEADING,
            Self::Rows(_) => row,
        }
    }
}

impl BoardPainter<'_> {
    /// Rows are drawn as high as the frame allows; what finds no room is counted in a last line.
    pub fn draw(&self, board: &Board) -> Vec<Primitive> {
        if self.frame.width() < COLUMN / 2.0 {
            return Vec::new();
        }
        let lines = self.lines(board);
        let room = self.frame.width() + COLUMN_GAP;
        let columns = ((room / (COLUMN + COLUMN_GAP)) as usize).max(1);
        let width = room / columns as f64 - COLUMN_GAP;
        let notes: Vec<String> = board
            .notes
            .iter()
            .flat_map(|note| wrapped(self.fonts, note, TextStyle::NOTE.size, width))
            .collect();
        let fitting = (0..).map(|step| ROW - f64::from(step) * 0.5);
        let fits = |row: &f64| self.place(&lines, *row, columns, notes.len()).1 == 0;
        let row = fitting.take_while(|row| *row > TIGHT_ROW).find(fits).unwrap_or(TIGHT_ROW);
        let (places, left_out) = self.place(&lines, row, columns, notes.len());
        let mut items = Vec::new();
        for (line, (column, y)) in lines.iter().zip(&places) {
            let left = self.frame.left + *column as f64 * (width + COLUMN_GAP);
            let frame = Frame::new(left, *y, left + width, *y + line.height(row));
            self.line(line, frame, &mut items);
        }
        let more = (left_out > 0).then(|| match self.lang {
            Lang::Zh => format!("另有 {left_out} 行未列出"),
            Lang::En => format!("{left_out} more rows left out"),
        });
        let left = self.frame.left + (columns - 1) as f64 * (width + COLUMN_GAP);
        let all: Vec<&String> = more.iter().chain(&notes).collect();
        for (place, note) in all.iter().rev().enumerate() {
            let at = At { x: left, y: self.frame.bottom - 4.0 - place as f64 * NOTE_ROW };
            items.push(TextStyle::NOTE.run(self.fonts, note, at, self.theme.muted));
        }
        items
    }

    /// Column and height of each line that finds room, and how many rows find none.
    fn place(
        &self,
        lines: &[BoardLine<'_>],
        row: f64,
        columns: usize,
        notes: usize,
    ) -> (Vec<(usize, f64)>, usize) {
        let notes_height = (notes + 1) as f64 * NOTE_ROW + 10.0;
        let (mut column, mut y) = (0, self.frame.top);
        let mut places = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let is_last = column + 1 >= columns;
            let bottom = self.frame.bottom - if is_last { notes_height } else { 0.0 };
            // A heading never stands alone at the foot of a column.
            let next = if matches!(line, BoardLine::Heading(_)) { row } else { 0.0 };
            if y + line.height(row) + next > bottom {
                if is_last {
                    let rest = lines.get(index..).unwrap_or_default();
                    let rows = rest.iter().map(|line| match line {
                        BoardLine::Rows(rows) => rows.len(),
                        _ => 0,
                    });
                    return (places, rows.sum());
                }
                column += 1;
                y = self.frame.top;
            }
            places.push((column, y));
            y += line.height(row);
        }
        (places, 0)
    }

    fn line(&self, line: &BoardLine<'_>, frame: Frame, items: &mut Vec<Primitive>) {
        match line {
            BoardLine::Figures(figures) => {
                let step = frame.width() / 2.0;
                for (place, figure) in figures.iter().enumerate() {
                    let left = frame.left + step * place as f64;
                    self.figure(figure, At { x: left, y: frame.top }, step - 10.0, items);
                }
            }
            BoardLine::Heading(words) => {
                let at = At { x: frame.left, y: frame.bottom - 10.0 };
                items.push(TextStyle::HEADING.run(self.fonts, words, at, self.theme.ink));
                let mut batches = Batches::default();
                let under = frame.bottom - 3.0;
                let ends = [At { x: frame.left, y: under }, At { x: frame.right, y: under }];
                batches.line(0, Stroke::solid(self.theme.line, 1.0), &ends);
                items.extend(batches.into_items());
            }
            BoardLine::Rows(rows) => {
                let step = frame.width() / rows.len().max(1) as f64;
                for (place, (label, value)) in rows.iter().enumerate() {
                    let left = frame.left + step * place as f64;
                    let gap = if place + 1 < rows.len() { PAIR_GAP } else { 0.0 };
                    let cell = Frame::new(left, frame.top, left + step - gap, frame.bottom);
                    self.row(label, value, cell, items);
                }
            }
        }
    }

    fn row(&self, label: &str, value: &str, frame: Frame, items: &mut Vec<Primitive>) {
        let baseline = frame.center().y + TextStyle::BODY.size * 0.37;
        let value = shortened(self.fonts, value, TextStyle::BODY, frame.width() * 0.62);
        let long = TextStyle::BODY.width(self.fonts, &value);
        let label = shortened(self.fonts, label, TextStyle::BODY, frame.width() - long - 10.0);
        let at = At { x: frame.left, y: baseline };
        items.push(TextStyle::BODY.run(self.fonts, &label, at, self.theme.ink));
        let at = At { x: frame.right - long, y: baseline };
        items.push(TextStyle::BODY.run(self.fonts, &value, at, self.theme.ink));
    }

    fn lines<'b>(&self, board: &'b Board) -> Vec<BoardLine<'b>> {
        let mut lines: Vec<BoardLine<'_>> =
            board.figures.chunks(2).map(BoardLine::Figures).collect();
        for group in &board.groups {
            lines.push(BoardLine::Heading(&group.heading));
            let is_short = |(label, value): &(String, String)| {
                let wide = |text: &str| TextStyle::BODY.width(self.fonts, text);
                wide(label) + wide(value) + 10.0 <= COLUMN / 2.0 - PAIR_GAP
            };
            let side_by_side = if group.rows.iter().all(is_short) { 2 } else { 1 };
            lines.extend(group.rows.chunks(side_by_side).map(BoardLine::Rows));
        }
        lines
    }

    fn figure(&self, figure: &BoardFigure, at: At, room: f64, items: &mut Vec<Primitive>) {
        let color = if figure.is_urgent { self.theme.act } else { self.theme.ink };
        let value = shortened(self.fonts, &figure.value, VALUE, room);
        let value = VALUE.run(self.fonts, &value, At { y: at.y + 30.0, ..at }, color);
        let label = shortened(self.fonts, &figure.label, TextStyle::NOTE, room);
        let below = At { y: at.y + 50.0, ..at };
        items.push(value);
        items.push(TextStyle::NOTE.run(self.fonts, &label, below, self.theme.muted));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::drawing::TextRun;
    use crate::map::tokens::LIGHT;

    fn board(rows: usize) -> Board {
        let rows = (0..rows)
            .map(|row| (format!("圈{row}"), format!("{row}处，其中若干处不达标")))
            .collect();
        let figure = |value: &str| BoardFigure {
            value: value.to_owned(),
            label: "达标率".to_owned(),
            is_urgent: false,
        };
        Board {
            figures: vec![figure("54.5%"), figure("1"), figure("13/28")],
            groups: vec![BoardGroup { heading: "控制圈".to_owned(), rows }],
            notes: vec!["数据时间 2026-11-25 10:00".to_owned()],
        }
    }

    fn drawn(board: &Board, frame: Frame) -> Vec<TextRun> {
        let fonts = Fonts::get().unwrap();
        let hand = BoardPainter { frame, fonts, theme: &LIGHT, lang: Lang::Zh };
        let items = hand.draw(board).into_iter();
        items
            .filter_map(|item| if let Primitive::Text(run) = item { Some(run) } else { None })
            .collect()
    }

    #[test]
    fn everything_stands_inside_the_frame_and_what_finds_no_room_is_counted() {
        let frame = Frame::new(24.0, 60.0, 314.0, 560.0);
        for rows in [3, 15, 40] {
            let runs = drawn(&board(rows), frame);
            for run in &runs {
                let TextRun { text, at, width, .. } = run;
                assert!(at.x >= frame.left && at.x + width <= frame.right + 0.01, "{text}");
                assert!(at.y > frame.top && at.y <= frame.bottom, "{text}");
            }
            let shown = runs.iter().filter(|run| run.text.starts_with('圈')).count();
            let left_out = format!("另有 {} 行未列出", rows - shown);
            assert_eq!(shown < rows, runs.iter().any(|run| run.text == left_out), "{rows}");
            assert!(runs.iter().any(|run| run.text == "54.5%" && run.size > 30.0));
        }
        assert_eq!(drawn(&board(40), frame).iter().filter(|run| run.text == "圈39").count(), 0);
    }

    #[test]
    fn short_rows_stand_two_side_by_side() {
        let rows = ["工地", "餐饮", "企业"].map(|kind| (kind.to_owned(), "12".to_owned()));
        let heading = "点位".to_owned();
        let board =
            Board { groups: vec![BoardGroup { heading, rows: rows.to_vec() }], ..Board::default() };
        let runs = drawn(&board, Frame::new(0.0, 0.0, 290.0, 400.0));
        let at = |text: &str| runs.iter().find(|run| run.text == text).unwrap().at;
        assert!((at("工地").y - at("餐饮").y).abs() < 1e-9 && at("餐饮").x > 140.0);
        assert!(at("企业").y > at("工地").y && at("企业").x < 1.0);
    }

    #[test]
    fn a_low_and_wide_frame_is_filled_in_columns() {
        let frame = Frame::new(24.0, 900.0, 1168.0, 1150.0);
        let runs = drawn(&board(20), frame);
        let lefts: std::collections::BTreeSet<i64> = runs
            .iter()
            .filter(|run| run.text.starts_with('圈'))
            .map(|run| run.at.x.round() as i64)
            .collect();
        assert!(lefts.len() > 1, "{lefts:?}");
        assert!(runs.iter().any(|run| run.text == "圈19"));
    }
}
