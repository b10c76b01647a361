//! Cameras that catch lorries, looking where they look.

use super::{Layer, LayerInput, LegendRow, Swatch};
use crate::domain::{Kind, Lang, Text, Value};
use crate::map::drawing::Marker;
use crate::map::sketch::{Sketch, Symbol};

/// Draws [`Kind::Camera`].
pub struct CameraLayer;

impl Layer for CameraLayer {
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
    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for camera in input.world.table(Kind::Camera).iter() {
            let direction = camera.get("direction_deg").and_then(Value::as_f64);
            let direction_deg = direction.map(|degrees| degrees as f32);
            sketch.record(camera, Symbol::Camera { direction_deg }, None);
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Camera { direction_deg: Some(0.0) }
    }

    fn marker(&self, symbol: Symbol, _lang: Lang) -> Option<(Marker, f32)> {
        let Symbol::Camera { direction_deg } = symbol else { return None };
        let has_direction = direction_deg.is_some();
        Some((Marker::Camera { has_direction }, direction_deg.unwrap_or(0.0)))
    }

    fn legend(&self) -> (u8, Text) {
        (6, Text::new("抓拍与清扫", "Cameras and sweeping"))
    }

    fn row_text(&self, _row: LegendRow, _symbol: Symbol, lang: Lang) -> String {
        Text::new("抓拍摄像头", "camera").say(lang).to_owned()
    }

    fn swatch(&self, _row: LegendRow, _symbol: Symbol, swatch: &mut Swatch<'_>) {
        swatch.marker_below(5.0, Marker::Camera { has_direction: true }, 0.0);
    }
}
