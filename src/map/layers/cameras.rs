use crate::domain::{Kind, Text, Value};
use crate::map::{Layer, LayerInput, Sketch, Symbol};

pub struct Cameras;

impl Layer for Cameras {
    fn key(&self) -> &'static str {
        "cameras"
    }

    fn title(&self) -> Text {
        Text::new("抓拍摄像头", "Cameras")
    }

    fn kind(&self) -> Kind {
        Kind::Camera
    }

    /// Without names: they are many, and the direction is what one looks for.
    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for camera in scene.world.table(Kind::Camera).iter() {
            let direction = camera.get("direction_deg").and_then(Value::as_f64);
            sketch.record(
                camera,
                Symbol::Camera { direction_deg: direction.map(|d| d as f32) },
                None,
            );
        }
    }
}
