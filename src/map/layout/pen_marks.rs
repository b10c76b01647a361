//! Marks of the pen on the page: what a hand drew, smooth and over everything else.

use super::boxes::OrientedBox;
use super::compose::Composer;
use super::names::style;
use super::pen::{MapPen, PEN_MARKS};
use super::{Primitive, Stroke, TextRun};
use crate::domain::{PenForm, PenTone};
use crate::map::Mark;
use crate::map::font::{Fonts, Weight};
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::At;

/// Of every line of the pen.
const WIDTH: f64 = 4.0;
/// What shows of the halo on both sides of a line.
const HALO: f64 = 3.0;
/// Of what is written on the map.
const SIZE: f64 = 22.0;
/// Points that are set between two of a smooth line.
const BETWEEN: u8 = 5;
/// The head of an arrow: its length, and half its width.
const HEAD: [f64; 2] = [20.0, 10.0];

impl MapPen<'_> {
    pub(super) fn pen_mark(&mut self, form: PenForm, tone: PenTone, points: &[At]) {
        let color = tone.color(self.theme);
        match form {
            PenForm::Arrow => self.arrow(color, points),
            PenForm::Freehand => self.stroke(color, &smooth(points)),
            // The ends of a circle meet.
            PenForm::Circle | PenForm::Text => self.stroke(color, points),
        }
    }

    /// An outline; what it means is inside and stays as it is.
    pub(super) fn pen_ring(&mut self, tone: PenTone, rings: &[Vec<At>]) {
        let halo = Stroke::solid(self.theme.halo, WIDTH + HALO);
        self.batches.area(PEN_MARKS, None, Some(halo), rings);
        let line = Stroke::solid(tone.color(self.theme), WIDTH);
        self.batches.area(PEN_MARKS + 1, None, Some(line), rings);
    }

    fn stroke(&mut self, color: Rgba, points: &[At]) {
        let halo = Stroke::solid(self.theme.halo, WIDTH + HALO).round();
        self.batches.line(PEN_MARKS, halo, points);
        self.batches.line(PEN_MARKS + 1, Stroke::solid(color, WIDTH).round(), points);
    }

    /// The line ends within its head, so that the tip is sharp.
    fn arrow(&mut self, color: Rgba, points: &[At]) {
        let [.., from, tip] = points else { return };
        let way = *tip - *from;
        let length = way.x.hypot(way.y);
        if length == 0.0 {
            return;
        }
        let [long, broad] = HEAD;
        let along = way / length;
        let (neck, right) = (*tip - along * long, At { x: -along.y, y: along.x } * broad);
        let mut line = points.to_vec();
        if let Some(last) = line.last_mut() {
            *last = *tip - along * long.min(length) * 0.8;
        }
        self.stroke(color, &line);
        let head = vec![*tip, neck + right, neck - right];
        let halo = Stroke::solid(self.theme.halo, HALO).round();
        self.batches.area(PEN_MARKS, None, Some(halo), std::slice::from_ref(&head));
        self.batches.area(PEN_MARKS + 1, Some(color), None, &[head]);
    }
}

/// A curve through all of the points (Catmull–Rom, uniform).
fn smooth(points: &[At]) -> Vec<At> {
    let mut curve = Vec::with_capacity(points.len() * usize::from(BETWEEN + 1));
    for place in 0..points.len().saturating_sub(1) {
        let at = |place: usize| points.get(place.min(points.len() - 1)).copied();
        let (Some(before), Some(from), Some(to), Some(after)) =
            (at(place.saturating_sub(1)), at(place), at(place + 1), at(place + 2))
        else {
            continue;
        };
        let linear = to - before;
        let square = before * 2.0 - from * 5.0 + to * 4.0 - after;
        let cube = from * 3.0 - before - to * 3.0 + after;
        for step in 0..=BETWEEN {
            let share = f64::from(step) / f64::from(BETWEEN + 1);
            let bend = linear + (square + cube * share) * share;
            curve.push(from + bend * (share / 2.0));
        }
    }
    curve.extend(points.last());
    curve
}

/// Words that begin at a place and stand in its middle.
fn written(fonts: &Fonts, theme: &Palette, tone: PenTone, text: &str, at: At) -> TextRun {
    TextRun {
        text: text.to_owned(),
        at: At { x: at.x, y: at.y + SIZE * 0.37 },
        size: SIZE,
        weight: Weight::Bold,
        color: tone.color(theme),
        halo: Some(theme.halo),
        turn_deg: 0.0,
        spacing: 0.0,
        width: fonts.width(Weight::Bold, text, SIZE),
    }
}

impl Composer<'_> {
    /// What is written by hand stands where it was written; no name moves it away.
    pub(super) fn write_by_hand(&mut self, fonts: &Fonts, tone: PenTone, text: &str, at: At) {
        let run = written(fonts, &self.sheet.theme, tone, text, at);
        let middle = At { x: at.x + run.width / 2.0, y: at.y };
        self.obstacles.push(OrientedBox::upright(middle, run.width / 2.0 + 3.0, SIZE * 0.6));
        self.written.push(Primitive::Text(run));
    }

    /// What a line or a circle of the pen means, beside it.
    pub(super) fn name_pen_mark(&mut self, tone: PenTone, mark: &Mark, visible: &[Vec<At>]) {
        let style = style(15.0, Weight::Bold, tone.color(&self.sheet.theme));
        let places = super::names::anchors(visible);
        self.wish(15, mark, style, super::labels::Placement::BesideLine(places, 11.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::layout::Batches;
    use crate::map::tokens::LIGHT;

    fn at(x: f64, y: f64) -> At {
        At { x, y }
    }

    #[test]
    fn a_smooth_line_goes_through_all_its_points_and_a_straight_one_stays_straight() {
        let corner = [at(0.0, 0.0), at(60.0, 0.0), at(60.0, 60.0)];
        let curve = smooth(&corner);
        assert!(corner.iter().all(|point| curve.contains(point)), "{curve:?}");
        assert_eq!(curve.len(), 2 * 6 + 1);
        assert!(curve.iter().any(|point| point.y < -1.0), "it swings out before it turns");
        let straight = smooth(&[at(0.0, 0.0), at(30.0, 0.0), at(60.0, 0.0), at(90.0, 0.0)]);
        assert!(straight.iter().all(|point| point.y == 0.0));
        assert_eq!(smooth(&[at(1.0, 2.0)]), [at(1.0, 2.0)]);
    }

    #[test]
    fn the_tip_of_an_arrow_is_where_its_line_ends() {
        let mut pen =
            MapPen { theme: &LIGHT, detail: 1.0, has_base: false, batches: Batches::default() };
        pen.pen_mark(PenForm::Arrow, PenTone::Calm, &[at(0.0, 50.0), at(100.0, 50.0)]);
        let paths: Vec<_> = pen.batches.into_items().collect();
        let head = paths.iter().find_map(|item| match item {
            Primitive::Path { path, fill: Some(fill), .. } if *fill == LIGHT.calm => {
                Some(path.bounds())
            }
            _ => None,
        });
        let head = head.unwrap();
        assert!((head.right() - 100.0).abs() < 1e-3 && (head.left() - 80.0).abs() < 1e-3);
        assert!((head.top() - 40.0).abs() < 1e-3 && (head.bottom() - 60.0).abs() < 1e-3);
    }
}
