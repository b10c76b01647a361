use geo_types::{Coord, Geometry};

use crate::domain::{Kind, Text};
use crate::map::{Ink, Layer, Level, Scene, Sketch, Words};

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

    fn draw(&self, scene: &Scene<'_>, sketch: &mut Sketch) {
        for point in scene.world.table(Kind::ControlPoint).iter() {
            let ink = Ink::ControlPoint {
                level: level_of(point.text("level")),
                is_running: point.text("state") != "停运",
            };
            sketch.record(point, ink, Some(Words::Name));
        }
    }
}

fn level_of(key: &str) -> Level {
    match key {
        "国控" => Level::National,
        "省控" => Level::Provincial,
        "市控" => Level::Municipal,
        "微站" => Level::Micro,
        _ => Level::Township,
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
