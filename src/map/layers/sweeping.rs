//! Stretches that are swept and sprayed.

use super::{Layer, LayerInput, LegendRow};
use crate::domain::{Kind, Lang, Text};
use crate::map::drawing::{MapPen, Stroke};
use crate::map::sketch::{Sketch, Symbol};
use crate::map::view::At;

/// Draws [`Kind::Sweeping`].
pub struct SweepingLayer;

impl Layer for SweepingLayer {
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
    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for line in input.world.table(Kind::Sweeping).iter() {
            sketch.record(line, self.sample(), None);
        }
    }

    fn line(&self, _symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        let dots = Stroke::solid(pen.theme.muted, 2.8).round().dashed(&[0.1, 6.9]);
        pen.line(0, dots, points);
    }

    fn legend(&self) -> (u8, Text) {
        (7, Text::new("抓拍与清扫", "Cameras and sweeping"))
    }

    fn row_text(&self, _row: LegendRow, _symbol: Symbol, lang: Lang) -> String {
        Text::new("清扫抑尘线路", "sweeping route").say(lang).to_owned()
    }
}
