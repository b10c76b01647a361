use crate::domain::{CongestionCause, Kind, Text, Value};
use crate::map::{Ink, Layer, Scene, Sketch, Words};

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

    fn draw(&self, scene: &Scene<'_>, sketch: &mut Sketch) {
        for line in scene.world.table(Kind::Congestion).iter() {
            let trucks = line.get("trucks_per_hour").and_then(Value::as_f64).unwrap_or(0.0);
            let ink = Ink::Congestion {
                trucks_per_hour: trucks as f32,
                is_idling: CongestionCause::Idling.is_of(line),
            };
            sketch.record(line, ink, Some(Words::Name));
        }
    }
}
