//! Stretches where lorries queue or stand with running engines.

use super::{LabelRule, Layer, LayerInput, LegendRow, Swatch};
use crate::domain::{CongestionCause, Kind, Lang, Text, Value};
use crate::map::drawing::{LabelStyle, MapPen, Stroke, steps};
use crate::map::font::Weight;
use crate::map::sketch::{Sketch, Symbol, Words};
use crate::map::tokens::Palette;
use crate::map::view::At;

/// Draws [`Kind::Congestion`].
pub struct CongestionLayer;

impl Layer for CongestionLayer {
    fn key(&self) -> &'static str {
        "congestion"
    }

    fn title(&self) -> Text {
        Text::new("拥堵怠速", "Congestion")
    }

    fn kind(&self) -> Kind {
        Kind::Congestion
    }

    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for line in input.world.table(Kind::Congestion).iter() {
            let trucks = line.get("trucks_per_hour").and_then(Value::as_f64).unwrap_or(0.0);
            let symbol = Symbol::Congestion {
                trucks_per_hour: trucks as f32,
                is_idling: CongestionCause::Idling.is_of(line),
            };
            sketch.record(line, symbol, Some(Words::Name));
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Congestion { trucks_per_hour: 0.0, is_idling: false }
    }

    /// Teeth on the side of the queue; bars across it where engines idle.
    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        let Symbol::Congestion { trucks_per_hour, is_idling } = symbol else { return };
        let ink = pen.theme.ink.faded(0.72);
        // In half units, so that similar lines share a path.
        let share = f64::from(trucks_per_hour / 300.0).clamp(0.0, 1.0);
        let width = ((4.0 + 4.0 * share) * 2.0).round() / 2.0;
        if is_idling {
            pen.line(0, Stroke::solid(ink, 1.4), points);
            for step in steps(points, 4.0, 9.0) {
                pen.bar(1, Stroke::solid(ink, 2.6), step, -width, width);
            }
        } else {
            pen.line(0, Stroke::solid(ink, width), points);
            for step in steps(points, 4.0, 8.0) {
                let (from, to) = (width / 2.0, width / 2.0 + 5.0);
                pen.bar(1, Stroke::solid(ink, 1.5), step, from, to);
            }
        }
    }

    fn label(&self, _symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let style = LabelStyle::new(12.5, Weight::Regular, theme.ink);
        Some(LabelRule { rank: 60, style, off_line: 10.0 })
    }

    fn legend(&self) -> (u8, Text) {
        (4, self.title())
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        [Some(LegendRow { family: u8::from(is_idling(symbol)), look: 0 }), None]
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        let queue = Text::new("拥堵(齿向排队侧)", "congestion (queue side)");
        let idling = Text::new("怠速", "idling");
        if is_idling(symbol) { idling } else { queue }.say(lang).to_owned()
    }

    fn swatch(&self, _row: LegendRow, symbol: Symbol, swatch: &mut Swatch<'_>) {
        let symbol = Symbol::Congestion { trucks_per_hour: 0.0, is_idling: is_idling(symbol) };
        let line = swatch.line();
        swatch.draw(|pen| self.line(symbol, &line, pen));
    }
}

const fn is_idling(symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Congestion { is_idling: true, .. })
}
