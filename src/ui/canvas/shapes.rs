//! Outlines of records and signs, drawn over the map.

use std::sync::Arc;

use egui::{FontId, Galley, Painter, Pos2, Rect, Stroke, Vec2};
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

/// A small sign that is laid out and not yet anywhere.
pub struct Label(Arc<Galley>);

impl Label {
    const MARGIN: Vec2 = Vec2::new(8.0, 5.0);

    pub fn new(painter: &Painter, ctx: &Ctx<'_>, text: &str) -> Self {
        let font = FontId::proportional(13.0);
        Self(painter.layout(text.to_owned(), font, ctx.color(|t| t.ink), 320.0))
    }

    /// With its frame, points.
    pub fn size(&self) -> Vec2 {
        self.0.size() + 2.0 * Self::MARGIN
    }

    /// With the corner of its frame at a place.
    pub fn paint(self, painter: &Painter, ctx: &Ctx<'_>, corner: Pos2) {
        let frame = Rect::from_min_size(corner, self.size());
        framed(painter, ctx, frame, 4.0, ctx.color(|t| t.panel));
        painter.galley(corner + Self::MARGIN, self.0, ctx.color(|t| t.ink));
    }
}

/// A small sign whose words begin at a place; where it would reach out of `around` it is moved in.
pub fn label(painter: &Painter, ctx: &Ctx<'_>, at: Pos2, text: &str, around: Rect) {
    let label = Label::new(painter, ctx, text);
    let frame = Rect::from_min_size(at - Label::MARGIN, label.size());
    let frame = moved_into(frame, around);
    label.paint(painter, ctx, frame.min);
}

/// A frame in the room that there is; its beginning where it is too large.
fn moved_into(frame: Rect, room: Rect) -> Rect {
    let into = |least: f32, most: f32, from: f32, to: f32| (most - to).min(0.0).max(least - from);
    frame.translate(Vec2::new(
        into(room.left(), room.right(), frame.left(), frame.right()),
        into(room.top(), room.bottom(), frame.top(), frame.bottom()),
    ))
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn a_sign_that_reaches_out_of_the_map_is_moved_into_it() {
        let room = Rect::from_min_max(pos2(0.0, 100.0), pos2(400.0, 300.0));
        let frame = |x, y| Rect::from_min_size(pos2(x, y), Vec2::new(120.0, 26.0));
        assert_eq!(moved_into(frame(50.0, 150.0), room), frame(50.0, 150.0));
        assert_eq!(moved_into(frame(350.0, 80.0), room), frame(280.0, 100.0));
        assert_eq!(moved_into(frame(-20.0, 290.0), room), frame(0.0, 274.0));
        let narrow = Rect::from_min_max(pos2(10.0, 100.0), pos2(60.0, 300.0));
        assert!((moved_into(frame(50.0, 150.0), narrow).left() - 10.0).abs() < 1e-3);
    }
}
