//! Outlines of records and signs, drawn over the map.

use egui::{Painter, Pos2, Rect, Stroke, Vec2};
use geo_types::{Coord, Geometry, Point};
use walkers::Projector;

use crate::domain::{Kind, RecordId};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::framed;

/// Where a record lies on the screen, as an outline.
pub fn outline(
    painter: &Painter,
    ctx: &Ctx<'_>,
    projector: &Projector<'_>,
    id: RecordId,
    stroke: Stroke,
    reach: f32,
) {
    let Some(record) = ctx.record(id) else { return };
    let Some(geometry) = &record.geometry else { return };
    let project = |at: Coord<f64>| projector.project(Point(at)).to_pos2();
    match geometry {
        Geometry::Point(point) => {
            let reach = if record.kind == Kind::ControlPoint { reach + 5.0 } else { reach };
            painter.circle_stroke(project(point.0), reach, stroke);
        }
        _ => lines_of(geometry, &mut |line| {
            painter.line(line.iter().map(|at| project(*at)).collect(), stroke);
        }),
    }
}

/// Visits every line and ring of a geometry.
pub fn lines_of(geometry: &Geometry<f64>, visit: &mut dyn FnMut(&[Coord<f64>])) {
    match geometry {
        Geometry::LineString(line) => visit(&line.0),
        Geometry::MultiLineString(lines) => lines.iter().for_each(|line| visit(&line.0)),
        Geometry::Polygon(polygon) => {
            visit(&polygon.exterior().0);
            polygon.interiors().iter().for_each(|ring| visit(&ring.0));
        }
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().for_each(|polygon| visit(&polygon.exterior().0));
        }
        _ => {}
    }
}

/// A small sign beside the pointer.
pub fn label(painter: &Painter, ctx: &Ctx<'_>, at: Pos2, text: &str) {
    let font = egui::FontId::proportional(13.0);
    let galley = painter.layout(text.to_owned(), font, ctx.color(|t| t.ink), 320.0);
    let frame = Rect::from_min_size(at, galley.size()).expand2(Vec2::new(8.0, 5.0));
    framed(painter, ctx, frame, 4.0, ctx.color(|t| t.panel));
    painter.galley(at, galley, ctx.color(|t| t.ink));
}
