use crate::domain::{GateRole, Kind, Text};
use crate::map::{Layer, LayerInput, Sketch, Symbol, Words};

pub struct Gates;

impl Layer for Gates {
    fn key(&self) -> &'static str {
        "gates"
    }

    fn title(&self) -> Text {
        Text::new("货车关口", "Truck gates")
    }

    fn kind(&self) -> Kind {
        Kind::Gate
    }

    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for gate in scene.world.table(Kind::Gate).iter() {
            let is_generator = GateRole::Generator.is_of(gate);
            sketch.record(gate, Symbol::Gate { is_generator }, Some(Words::Name));
        }
    }
}
