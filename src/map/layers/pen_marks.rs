//! What was drawn with the pen in meetings, smooth and over everything else: of all of them, where
//! nobody takes some away. Where words written by hand stand is said in `map::layout`.

use super::{LabelRule, Layer, LayerInput, LegendRow, Swatch};
use crate::domain::{Kind, Lang, PenForm, PenTone, Record, Text};
use crate::map::drawing::{LabelStyle, MapPen, Stroke, TextStyle};
use crate::map::font::Weight;
use crate::map::sketch::{Sketch, Symbol, Words};
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::At;

/// Draws [`Kind::PenMark`].
pub struct PenMarkLayer;

/// Of every line of the pen, page units.
const WIDTH: f64 = 4.0;
/// What shows of the halo on both sides of a line.
const HALO: f64 = 3.0;
/// Points that are set between two of a smooth line.
const BETWEEN: u8 = 5;
/// The head of an arrow: its length, and half its width.
const HEAD: [f64; 2] = [20.0, 10.0];

impl Layer for PenMarkLayer {
    fn key(&self) -> &'static str {
        "pen_marks"
    }

    fn title(&self) -> Text {
        Text::new("会商标注", "Pen marks")
    }

    fn kind(&self) -> Kind {
        Kind::PenMark
    }

    /// They belong to a meeting: on any other map they only stand in the way.
    fn is_usual(&self) -> bool {
        false
    }

    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for mark in input.world.table(Kind::PenMark).iter() {
            sketch.record(mark, symbol(mark), Some(Words::Name));
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Pen { form: PenForm::Arrow, tone: PenTone::Calm }
    }

    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        let (form, tone) = parts(symbol);
        let color = tone.color(pen.theme);
        match form {
            PenForm::Arrow => arrow(pen, color, points),
            PenForm::Freehand => stroke(pen, color, &smooth(points)),
            // The ends of a circle meet.
            PenForm::Circle | PenForm::Text => stroke(pen, color, points),
        }
    }

    /// An outline; what it means is inside and stays as it is.
    fn area(&self, symbol: Symbol, rings: &[Vec<At>], pen: &mut MapPen<'_>) {
        let halo = Stroke::solid(pen.theme.halo, WIDTH + HALO);
        pen.area(0, None, Some(halo), rings);
        let line = Stroke::solid(parts(symbol).1.color(pen.theme), WIDTH);
        pen.area(1, None, Some(line), rings);
    }

    fn label(&self, symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let style = LabelStyle::new(15.0, Weight::Bold, parts(symbol).1.color(theme));
        Some(LabelRule { rank: 15, style, off_line: 11.0 })
    }

    /// Before what a full legend may leave out: whoever drew it wants it read.
    fn legend(&self) -> (u8, Text) {
        (3, self.title())
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        [Some(LegendRow { family: 0, look: parts(symbol).0 as u32 }), None]
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        parts(symbol).0.label().say(lang).to_owned()
    }

    fn swatch(&self, _row: LegendRow, symbol: Symbol, swatch: &mut Swatch<'_>) {
        let (form, tone) = parts(symbol);
        match form {
            PenForm::Text => {
                let style = TextStyle { size: 16.0, weight: Weight::Bold };
                let text = Text::new("文", "T").say(swatch.lang);
                swatch.letter(text, style, tone.color(swatch.theme));
            }
            PenForm::Circle => {
                let circle = [swatch.circle()];
                swatch.draw(|pen| self.area(symbol, &circle, pen));
            }
            PenForm::Freehand => {
                let wave = [-2.0, -6.0, 0.0, 6.0, 2.0];
                let step = swatch.frame.width() / (wave.len() - 1) as f64;
                let places = wave.iter().zip(0_u8..).map(|(off, place)| At {
                    x: swatch.frame.left + step * f64::from(place),
                    y: swatch.frame.center().y + off,
                });
                let wave: Vec<At> = places.collect();
                swatch.draw(|pen| self.line(symbol, &wave, pen));
            }
            PenForm::Arrow => {
                let line = swatch.line();
                swatch.draw(|pen| self.line(symbol, &line, pen));
            }
        }
    }
}

/// A form that its geometry cannot have is drawn as what it is: a line is a line, a place a word.
fn symbol(mark: &Record) -> Symbol {
    let form = PenForm::of(mark).unwrap_or_default();
    Symbol::Pen { form, tone: PenTone::of(mark).unwrap_or_default() }
}

fn parts(symbol: Symbol) -> (PenForm, PenTone) {
    if let Symbol::Pen { form, tone } = symbol { (form, tone) } else { Default::default() }
}

fn stroke(pen: &mut MapPen<'_>, color: Rgba, points: &[At]) {
    let halo = Stroke::solid(pen.theme.halo, WIDTH + HALO).round();
    pen.line(0, halo, points);
    pen.line(1, Stroke::solid(color, WIDTH).round(), points);
}

/// The line ends within its head, so that the tip is sharp.
fn arrow(pen: &mut MapPen<'_>, color: Rgba, points: &[At]) {
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
    stroke(pen, color, &line);
    let head = vec![*tip, neck + right, neck - right];
    let halo = Stroke::solid(pen.theme.halo, HALO).round();
    pen.area(0, None, Some(halo), std::slice::from_ref(&head));
    pen.area(1, Some(color), None, &[head]);
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

#[cfg(test)]
mod tests {
    use geo_types::wkt;

    use super::*;
    use crate::domain::World;
    use crate::map::drawing::Primitive;
    use crate::map::sample::{ids, record};
    use crate::map::tokens::LIGHT;

    #[test]
    fn a_mark_says_its_form_and_colour_and_one_without_them_is_a_red_line() {
        let line = || Some(wkt!(LINESTRING(118.15 39.83,118.16 39.84)).into());
        let mut ids = ids();
        let arrow = [("name", "从这里绕"), ("form", "arrow"), ("tone", "calm")];
        let world: World = [
            record(&mut ids, Kind::PenMark, &arrow, line()),
            record(&mut ids, Kind::PenMark, &[], line()),
            record(&mut ids, Kind::PenMark, &arrow, None),
        ]
        .into_iter()
        .collect();
        let mut sketch = Sketch::default();
        PenMarkLayer.draw(&LayerInput { world: &world, lang: Lang::Zh }, &mut sketch);
        let symbols: Vec<Symbol> = sketch.marks.iter().map(|mark| mark.symbol).collect();
        let symbol = |form, tone| Symbol::Pen { form, tone };
        let red = symbol(PenForm::Freehand, PenTone::Act);
        assert_eq!(symbols, [symbol(PenForm::Arrow, PenTone::Calm), red]);
        assert_eq!((sketch.marks[0].words(), sketch.unlocated), ("从这里绕", 1));
    }

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
        let mut pen = MapPen::new(&LIGHT, 1.0, false);
        let arrow = Symbol::Pen { form: PenForm::Arrow, tone: PenTone::Calm };
        PenMarkLayer.line(arrow, &[at(0.0, 50.0), at(100.0, 50.0)], &mut pen);
        let paths: Vec<_> = pen.into_items().collect();
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
