//! Where lorries come into the district, and the generators of their traffic.

use super::{LabelRule, Layer, LayerInput, LegendRow};
use crate::domain::{GateRole, Kind, Lang, Text};
use crate::map::drawing::{LabelStyle, Marker};
use crate::map::font::Weight;
use crate::map::sketch::{Sketch, Symbol, Words};
use crate::map::tokens::Palette;

/// Draws [`Kind::Gate`].
pub struct GateLayer;

impl Layer for GateLayer {
    fn key(&self) -> &'static str {
        "gates"
    }

    fn title(&self) -> Text {
        Text::new("货车关口", "Truck gates")
    }

    fn kind(&self) -> Kind {
        Kind::Gate
    }

    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for gate in input.world.table(Kind::Gate).iter() {
            let is_generator = GateRole::Generator.is_of(gate);
            sketch.record(gate, Symbol::Gate { is_generator }, Some(Words::Name));
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Gate { is_generator: false }
    }

    fn marker(&self, symbol: Symbol, _lang: Lang) -> Option<(Marker, f32)> {
        Some((Marker::Gate { is_generator: is_generator(symbol) }, 0.0))
    }

    fn label(&self, _symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let style = LabelStyle::new(13.0, Weight::Bold, theme.ink);
        Some(LabelRule { rank: 25, style, off_line: 0.0 })
    }

    fn legend(&self) -> (u8, Text) {
        (8, Text::new("道路", "Roads"))
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        [Some(LegendRow { family: 0, look: u32::from(is_generator(symbol)) }), None]
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        let role = if is_generator(symbol) { GateRole::Generator } else { GateRole::Gate };
        role.label().say(lang).to_owned()
    }
}

const fn is_generator(symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Gate { is_generator: true })
}
