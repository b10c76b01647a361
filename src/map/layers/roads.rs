//! Roads by class. How the names of a road that comes in many pieces are put together is said in
//! `map::layout`.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{Layer, LayerInput, LegendRow};
use crate::domain::{Kind, Lang, Record, RoadClass, Text};
use crate::map::drawing::{MapPen, Stroke};
use crate::map::sketch::{Sketch, Symbol, Words};
use crate::map::tokens::Rgba;
use crate::map::view::At;

/// Draws [`Kind::Road`].
pub struct RoadLayer;

/// Below this detail roads have no edges of their own: about zoom 11¾.
const OVERVIEW: f64 = 0.62;

/// Of a road that is not there yet, points.
const DASHES: [f32; 2] = [7.0, 5.0];

impl Layer for RoadLayer {
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
    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        let table = input.world.table(Kind::Road);
        let mut roads: Vec<_> =
            table.iter().map(|road| (RoadClass::of(road).unwrap_or_default(), road)).collect();
        roads.sort_by_key(|(class, _)| Reverse(*class));
        for (class, road) in roads {
            // What belongs to a plan is not there yet.
            let is_planned = !road.text("plan").is_empty();
            let symbol = if is_planned { Symbol::planned_road(class) } else { Symbol::Road(class) };
            sketch.record(road, symbol, label(road));
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Road(RoadClass::Primary)
    }

    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        let class = class_of(symbol);
        let width = match class {
            RoadClass::Motorway => 7.0,
            RoadClass::Trunk => 6.0,
            RoadClass::Primary => 5.0,
            RoadClass::Secondary => 4.0,
            RoadClass::Tertiary => 3.2,
            RoadClass::Residential => 2.2,
            RoadClass::Service | RoadClass::Track => 1.4,
        } * pen.detail;
        let edge = pen.theme.road_edge;
        if is_planned(symbol) {
            let width = width.max(1.6);
            pen.line(0, Stroke::solid(pen.theme.halo, width + 2.0), points);
            pen.line(
                10 - class as u16,
                Stroke::solid(pen.theme.ink, width).dashed(&DASHES),
                points,
            );
            return;
        }
        if class == RoadClass::Track {
            let stroke = Stroke::solid(edge, width.max(1.0)).dashed(&[4.0, 3.0]);
            pen.line(0, stroke, points);
        } else if pen.detail < OVERVIEW {
            // From afar one line says enough.
            pen.line(0, thin(edge, width * 0.6), points);
        } else if width < 2.0 {
            pen.line(0, thin(edge, width), points);
        } else {
            let is_major = class <= RoadClass::Primary;
            let fill = if is_major { pen.theme.road_major } else { pen.theme.road_minor };
            let (edge, fill) = (Stroke::solid(edge, width + 1.4), Stroke::solid(fill, width));
            // Round corners are seen on broad lines only.
            let (edge, fill) =
                if width < 3.5 { (edge, fill) } else { (edge.round(), fill.round()) };
            pen.line(1, edge, points);
            pen.line(10 - class as u16, fill, points);
        }
    }

    fn legend(&self) -> (u8, Text) {
        (9, self.title())
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        if is_planned(symbol) {
            return [Some(LegendRow { family: 1, look: 0 }), None];
        }
        [Some(LegendRow { family: 0, look: class_of(symbol) as u32 }), None]
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        if is_planned(symbol) {
            return Text::new("规划或未通车道路", "road not there yet").say(lang).to_owned();
        }
        class_of(symbol).label().say(lang).to_owned()
    }
}

fn class_of(symbol: Symbol) -> RoadClass {
    symbol.road_class().unwrap_or_default()
}

fn is_planned(symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Plain { .. })
}

/// Up to one pixel a line is painted without an outline, which is much faster.
fn thin(color: Rgba, width: f64) -> Stroke {
    Stroke::solid(color, if width < 1.4 { width.clamp(0.7, 1.0) } else { width })
}

fn label(road: &Arc<Record>) -> Option<Words> {
    (!road.name().is_empty()).then_some(Words::Name)
}
