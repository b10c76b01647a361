use crate::domain::{CongestionCause, Kind, Text, Value};
use crate::map::{Layer, LayerInput, Sketch, Symbol, Words};

pub struct Congestion;

impl Layer for Congestion {
    fn key(&self) -> &'static str {
        "congestion"
    }

    fn title(&self) -> Text {
        Text::new("拥堵怠速", "Congestion")
    }

    fn kind(&self) -> Kind {
        Kind::Congestion
    }

    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for line in scene.world.table(Kind::Congestion).iter() {
            let trucks = line.get("trucks_per_hour").and_then(Value::as_f64).unwrap_or(0.0);
            let symbol = Symbol::Congestion {
                trucks_per_hour: trucks as f32,
                is_idling: CongestionCause::Idling.is_of(line),
            };
            sketch.record(line, symbol, Some(Words::Name));
        }
    }
}
