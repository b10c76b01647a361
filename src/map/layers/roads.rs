use std::cmp::Reverse;
use std::sync::Arc;

use crate::domain::{Kind, Record, RoadClass, Text};
use crate::map::{Layer, LayerInput, Sketch, Symbol, Words};

pub struct Roads;

impl Layer for Roads {
    fn key(&self) -> &'static str {
        "roads"
    }

    fn title(&self) -> Text {
        Text::new("道路", "Roads")
    }

    fn kind(&self) -> Kind {
        Kind::Road
    }

    /// Small ones first, so that a big road runs through at a crossing.
    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        let table = scene.world.table(Kind::Road);
        let mut roads: Vec<_> =
            table.iter().map(|road| (RoadClass::of(road).unwrap_or_default(), road)).collect();
        roads.sort_by_key(|(class, _)| Reverse(*class));
        for (class, road) in roads {
            sketch.record(road, Symbol::Road(class), label(road));
        }
    }
}

fn label(road: &Arc<Record>) -> Option<Words> {
    (!road.name().is_empty()).then_some(Words::Name)
}
