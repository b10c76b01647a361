//! The control rings: 500 m, 1000 m, or what the point says. Names of rings stand on them, which is
//! said in `map::layout`.

use super::{LabelRule, Layer, LayerInput, LegendRow, Swatch};
use crate::domain::{ControlPointState, Kind, Lang, Text};
use crate::geodesy::ring::ring;
use crate::map::drawing::{LabelStyle, MapPen, Stroke};
use crate::map::font::Weight;
use crate::map::sketch::{Mark, MarkGeometry, Sketch, Symbol, Words};
use crate::map::tokens::Palette;
use crate::map::view::At;

/// Draws the rings of [`Kind::ControlPoint`].
pub struct RingLayer;

impl Layer for RingLayer {
    fn key(&self) -> &'static str {
        "rings"
    }

    fn title(&self) -> Text {
        Text::new("管控圈", "Control rings")
    }

    fn kind(&self) -> Kind {
        Kind::ControlPoint
    }

    fn shows_records(&self) -> bool {
        false
    }

    /// Large ones first, so that the fills deepen towards the point. A point that is out of
    /// operation controls nothing: it keeps its mark and loses its rings, as in `shapan rings`.
    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        let points = input.world.table(Kind::ControlPoint).iter();
        for point in points.filter(|point| !ControlPointState::Stopped.is_of(point)) {
            let Some(center) = point.geometry.as_ref().and_then(super::control_points::position)
            else {
                continue;
            };
            let radii = point.radii_m();
            for (rank, radius_m) in radii.iter().copied().enumerate().rev() {
                sketch.marks.push(Mark {
                    shape: MarkGeometry::Drawn(ring(center, radius_m).into()),
                    symbol: Symbol::Ring { radius_m, is_first: rank == 0 },
                    subject: Some(point.id),
                    label: Some(Words::Text(radius_text(radius_m))),
                    tag: None,
                });
            }
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Ring { radius_m: 500.0, is_first: true }
    }

    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        self.area(symbol, &[points.to_vec()], pen);
    }

    fn area(&self, symbol: Symbol, rings: &[Vec<At>], pen: &mut MapPen<'_>) {
        let stroke = Stroke::solid(pen.theme.ring, 2.0);
        let is_first = matches!(symbol, Symbol::Ring { is_first: true, .. });
        let stroke = if is_first { stroke } else { stroke.dashed(&[8.0, 4.0]) };
        pen.area(0, Some(pen.theme.ring_fill), None, rings);
        pen.area(1, None, Some(Stroke::solid(pen.theme.halo, 5.0)), rings);
        pen.area(2, None, Some(stroke), rings);
    }

    /// Of two rings the inner one is the one that matters most.
    fn label(&self, symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let rank = 10 + (radius_m(symbol) / 1000.0).min(9.0) as u32;
        let style = LabelStyle::new(14.0, Weight::Bold, theme.accent);
        Some(LabelRule { rank, style, off_line: 0.0 })
    }

    fn legend(&self) -> (u8, Text) {
        (1, super::control_points::HEADING)
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        let look = (radius_m(symbol) * 10.0).round() as u32;
        [Some(LegendRow { family: 0, look }), None]
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        format!("{} {}", radius_text(radius_m(symbol)), Text::new("管控圈", "ring").say(lang))
    }

    fn swatch(&self, _row: LegendRow, symbol: Symbol, swatch: &mut Swatch<'_>) {
        let circle = [swatch.circle()];
        swatch.draw(|pen| self.area(symbol, &circle, pen));
    }
}

const fn radius_m(symbol: Symbol) -> f64 {
    if let Symbol::Ring { radius_m, .. } = symbol { radius_m } else { 0.0 }
}

/// The same in both languages, to the decimetre: `500 m`.
fn radius_text(radius_m: f64) -> String {
    format!("{} m", (radius_m * 10.0).round() / 10.0)
}
