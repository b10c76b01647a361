//! Control points: hexagons with the first character of their level.

use geo_types::{Coord, Geometry};

use super::{LabelRule, Layer, LayerInput, LegendRow};
use crate::domain::{ControlPointLevel, ControlPointState, Kind, Lang, Text};
use crate::map::drawing::{LabelStyle, Marker};
use crate::map::font::Weight;
use crate::map::sketch::{Sketch, Symbol, Words};
use crate::map::tokens::Palette;

/// Draws [`Kind::ControlPoint`], without the rings.
pub struct ControlPointLayer;

/// The heading of control points and their rings.
pub(super) const HEADING: Text = Text::new("控制点与管控圈", "Control points");

impl Layer for ControlPointLayer {
    fn key(&self) -> &'static str {
        "control_points"
    }

    fn title(&self) -> Text {
        Text::new("控制点", "Control points")
    }

    fn kind(&self) -> Kind {
        Kind::ControlPoint
    }

    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for point in input.world.table(Kind::ControlPoint).iter() {
            let symbol = Symbol::ControlPoint {
                level: ControlPointLevel::of(point).unwrap_or(ControlPointLevel::Township),
                is_running: !ControlPointState::Stopped.is_of(point),
            };
            sketch.record(point, symbol, Some(Words::Name));
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::ControlPoint { level: ControlPointLevel::National, is_running: true }
    }

    fn marker(&self, symbol: Symbol, lang: Lang) -> Option<(Marker, f32)> {
        let (level, is_running) = parts(symbol);
        Some((Marker::control_point(level, is_running, lang), 0.0))
    }

    /// Before all other names but those of micro stations, which are many.
    fn label(&self, symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let (rank, size) = match parts(symbol).0 {
            ControlPointLevel::Micro => (30, 13.0),
            level => (level as u32, 16.5),
        };
        let style = LabelStyle::new(size, Weight::Bold, theme.ink);
        Some(LabelRule { rank, style, off_line: 0.0 })
    }

    fn legend(&self) -> (u8, Text) {
        (0, HEADING)
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        let (level, is_running) = parts(symbol);
        let look = level as u32 * 2 + u32::from(!is_running);
        [Some(LegendRow { family: 0, look }), None]
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        let (level, is_running) = parts(symbol);
        let level = level.label().say(lang).to_owned();
        let stopped = Text::new("(停运)", " (stopped)").say(lang);
        if is_running { level } else { format!("{level}{stopped}") }
    }
}

const fn parts(symbol: Symbol) -> (ControlPointLevel, bool) {
    if let Symbol::ControlPoint { level, is_running } = symbol {
        (level, is_running)
    } else {
        (ControlPointLevel::Township, true)
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
