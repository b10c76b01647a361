use geo_types::{Coord, Geometry};

use crate::domain::{ControlPointLevel, ControlPointState, Kind, Text};
use crate::map::{Layer, LayerInput, Sketch, Symbol, Words};

pub struct ControlPoints;

impl Layer for ControlPoints {
    fn key(&self) -> &'static str {
        "control_points"
    }

    fn title(&self) -> Text {
        Text::new("控制点", "Control points")
    }

    fn kind(&self) -> Kind {
        Kind::ControlPoint
    }

    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for point in scene.world.table(Kind::ControlPoint).iter() {
            let symbol = Symbol::ControlPoint {
                level: ControlPointLevel::of(point).unwrap_or(ControlPointLevel::Township),
                is_running: !ControlPointState::Stopped.is_of(point),
            };
            sketch.record(point, symbol, Some(Words::Name));
        }
    }
}

/// Of a point; other shapes cannot be the middle of a ring.
pub(super) fn position(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    match geometry {
        Geometry::Point(point) => Some(point.0),
        Geometry::MultiPoint(points) => points.0.first().map(|point| point.0),
        _ => None,
    }
}
