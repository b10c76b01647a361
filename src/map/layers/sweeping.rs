use crate::domain::{Kind, Text};
use crate::map::{Layer, LayerInput, Sketch, Symbol};

pub struct Sweeping;

impl Layer for Sweeping {
    fn key(&self) -> &'static str {
        "sweeping"
    }

    fn title(&self) -> Text {
        Text::new("清扫抑尘", "Sweeping")
    }

    fn kind(&self) -> Kind {
        Kind::Sweeping
    }

    /// Without names: the road below has one already.
    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for line in scene.world.table(Kind::Sweeping).iter() {
            sketch.record(line, Symbol::Sweeping, None);
        }
    }
}
