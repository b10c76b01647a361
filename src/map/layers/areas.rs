use crate::domain::{AreaRole, Kind, Text};
use crate::map::{Layer, LayerInput, Sketch, Symbol, Words};

/// The district's outline, townships, the inside of the ring road, grid cells.
pub struct Areas;

impl Layer for Areas {
    fn key(&self) -> &'static str {
        "areas"
    }

    fn title(&self) -> Text {
        Text::new("区域", "Areas")
    }

    fn kind(&self) -> Kind {
        Kind::Area
    }

    /// The largest first, so that a township is not hidden under its district.
    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for role in [AreaRole::District, AreaRole::Township, AreaRole::Grid, AreaRole::RingRoad] {
            for area in scene.world.table(Kind::Area).iter() {
                if AreaRole::of(area).unwrap_or(AreaRole::Township) == role {
                    sketch.record(area, Symbol::Area(role), label(role));
                }
            }
        }
    }
}

/// Grid cells are many and their names are numbers: the lines say enough.
fn label(role: AreaRole) -> Option<Words> {
    (role != AreaRole::Grid).then_some(Words::Name)
}
