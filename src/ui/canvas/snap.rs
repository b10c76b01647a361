//! What a point that is being set snaps to: vertices before crossings before segments.

use egui::{Pos2, Stroke, vec2};
use geo_types::{Coord, Point};
use walkers::Projector;

use super::shapes::lines_of;
use super::tools::{Snap, Spot};
use crate::domain::Kind;
use crate::geodesy::mercator::metres_per_px;
use crate::geodesy::plane::foot;
use crate::ui::ctx::Ctx;

/// At most this far, points of the screen.
const REACH: f32 = 12.0;
/// Lines that are looked at for one place.
const MOST_LINES: usize = 64;

/// The place under the pointer, snapped unless it shall be free.
pub fn spot(ctx: &Ctx<'_>, projector: &Projector<'_>, at: Pos2, is_free: bool) -> Spot {
    let place = projector.unproject(at.to_vec2()).0;
    let metres_per_point = metres_per_px(place.y, projector.zoom());
    let free =
        Spot { at: place, under: place, snap: None, is_free, takes_all: false, metres_per_point };
    if is_free {
        return free;
    }
    let reach_m = f64::from(REACH) * metres_per_point;
    let near = ctx.shown.prepared.pick(place, reach_m, reach_m);
    let lines = near
        .iter()
        .filter_map(|hit| ctx.record(hit.id))
        .filter(|record| !matches!(record.kind, Kind::ControlPoint | Kind::Camera | Kind::Gate));
    let mut edges: Vec<[Pos2; 2]> = Vec::new();
    let mut best: Option<(f32, Pos2, Snap)> = None;
    for record in lines.take(MOST_LINES) {
        let Some(geometry) = &record.geometry else { continue };
        lines_of(geometry, &mut |line| {
            let screen: Vec<Pos2> =
                line.iter().map(|at| projector.project(Point(*at)).to_pos2()).collect();
            for vertex in &screen {
                better(&mut best, *vertex, at, Snap::Vertex);
            }
            edges.extend(screen.windows(2).filter_map(|pair| match pair {
                [a, b] if nearest_on([*a, *b], at).distance(at) <= REACH * 1.5 => Some([*a, *b]),
                _ => None,
            }));
        });
    }
    if best.is_none() {
        for (place, one) in edges.iter().enumerate() {
            for other in edges.iter().skip(place + 1) {
                if let Some(crossing) = crossing(*one, *other) {
                    better(&mut best, crossing, at, Snap::Crossing);
                }
            }
        }
    }
    if best.is_none() {
        for edge in &edges {
            better(&mut best, nearest_on(*edge, at), at, Snap::Segment);
        }
    }
    match best {
        Some((_, on, snap)) => {
            Spot { at: projector.unproject(on.to_vec2()).0, snap: Some(snap), ..free }
        }
        None => free,
    }
}

fn better(best: &mut Option<(f32, Pos2, Snap)>, candidate: Pos2, at: Pos2, snap: Snap) {
    let distance = candidate.distance(at);
    if distance <= REACH && best.is_none_or(|(least, ..)| distance < least) {
        *best = Some((distance, candidate, snap));
    }
}

/// The place on a segment that is nearest to another place.
pub fn nearest_on([a, b]: [Pos2; 2], at: Pos2) -> Pos2 {
    let [from, to, place] = [a, b, at].map(|at| Coord { x: at.x.into(), y: at.y.into() });
    a + (b - a) * foot(from, to, place) as f32
}

fn crossing([a, b]: [Pos2; 2], [c, d]: [Pos2; 2]) -> Option<Pos2> {
    let (one, other) = (b - a, d - c);
    let cross = one.x * other.y - one.y * other.x;
    if cross.abs() < 1e-6 {
        return None;
    }
    let off = c - a;
    let along_one = (off.x * other.y - off.y * other.x) / cross;
    let along_other = (off.x * one.y - off.y * one.x) / cross;
    let is_inside = (0.0..=1.0).contains(&along_one) && (0.0..=1.0).contains(&along_other);
    is_inside.then(|| a + one * along_one)
}

/// Box: vertex; cross: crossing; hourglass: segment (as QGIS marks them).
pub fn mark(painter: &egui::Painter, ctx: &Ctx<'_>, projector: &Projector<'_>, spot: Spot) {
    let Some(snap) = spot.snap else { return };

    let at = projector.project(Point(spot.at)).to_pos2();
    let stroke = Stroke::new(2.0, ctx.color(|t| t.accent));
    let corner = |x: f32, y: f32| at + vec2(x, y) * 7.0;
    let lines: Vec<Vec<Pos2>> = match snap {
        Snap::Vertex => vec![vec![
            corner(-1.0, -1.0),
            corner(1.0, -1.0),
            corner(1.0, 1.0),
            corner(-1.0, 1.0),
            corner(-1.0, -1.0),
        ]],
        Snap::Crossing => vec![
            vec![corner(-1.0, -1.0), corner(1.0, 1.0)],
            vec![corner(-1.0, 1.0), corner(1.0, -1.0)],
        ],
        Snap::Segment => vec![vec![
            corner(-1.0, -1.0),
            corner(1.0, -1.0),
            corner(-1.0, 1.0),
            corner(1.0, 1.0),
            corner(-1.0, -1.0),
        ]],
    };
    for line in lines {
        painter.line(line, stroke);
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn two_streets_cross_where_they_should_and_parallels_nowhere() {
        let cross = crossing([pos2(0.0, 5.0), pos2(10.0, 5.0)], [pos2(4.0, 0.0), pos2(4.0, 9.0)]);
        assert_eq!(cross, Some(pos2(4.0, 5.0)));
        let parallel =
            crossing([pos2(0.0, 5.0), pos2(10.0, 5.0)], [pos2(0.0, 6.0), pos2(10.0, 6.0)]);
        assert_eq!(parallel, None);
        let apart = crossing([pos2(0.0, 5.0), pos2(3.0, 5.0)], [pos2(4.0, 0.0), pos2(4.0, 9.0)]);
        assert_eq!(apart, None);
    }

    #[test]
    fn the_nearest_point_of_a_segment_is_never_beyond_its_ends() {
        let edge = [pos2(0.0, 0.0), pos2(10.0, 0.0)];
        assert_eq!(nearest_on(edge, pos2(4.0, 3.0)), pos2(4.0, 0.0));
        assert_eq!(nearest_on(edge, pos2(-4.0, 3.0)), pos2(0.0, 0.0));
    }
}
