//! The fewest waypoints that lead along a line: what was found as a whole can be edited like what
//! was clicked.

use geo_types::Coord;

use super::{LegKind, RoadUse, Waypoint, leg, length_m};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane::origin_distance_squared;
use crate::network::evaluate::Prepared;

/// Lines that keep nearer to each other are one, metres: where long straight roads cross, their
/// lines end a little apart.
const SAME_M: f64 = 0.5;

/// Waypoints from which the line is resolved as it is; `None` where it lies on no road all along.
pub fn thinned(prepared: &Prepared, line: &[Coord<f64>], rule: RoadUse) -> Option<Vec<Waypoint>> {
    Some(chosen(line, &indices(prepared, line, rule)?))
}

/// The same for a closed line: its first waypoint does not come again, and there are three at
/// least, because an area has three corners.
pub fn thinned_ring(
    prepared: &Prepared,
    ring: &[Coord<f64>],
    rule: RoadUse,
) -> Option<Vec<Waypoint>> {
    let mut indices = indices(prepared, ring, rule)?;
    while indices.len() < 4 {
        let gaps = indices.windows(2).enumerate().filter_map(|(gap, pair)| match pair {
            [a, b] => Some((b - a, gap, usize::midpoint(*a, *b))),
            _ => None,
        });
        let (_, gap, middle) = gaps.filter(|(length, ..)| *length > 1).max()?;
        indices.insert(gap + 1, middle);
    }
    indices.pop();
    Some(chosen(ring, &indices))
}

fn chosen(line: &[Coord<f64>], indices: &[usize]) -> Vec<Waypoint> {
    indices.iter().filter_map(|index| line.get(*index)).map(|at| Waypoint::snapped(*at)).collect()
}

/// The vertices that are waypoints, first and last among them.
fn indices(prepared: &Prepared, line: &[Coord<f64>], rule: RoadUse) -> Option<Vec<usize>> {
    let last = line.len().checked_sub(1).filter(|last| *last > 0)?;
    let mut indices = vec![0];
    let mut at = 0;
    while at < last {
        at = farthest(prepared, line, at, rule)?;
        indices.push(at);
    }
    Some(indices)
}

/// The last vertex to which the shortest way by road from another is the line itself: a part of a
/// shortest way is one too, so it is found by halving.
fn farthest(prepared: &Prepared, line: &[Coord<f64>], from: usize, rule: RoadUse) -> Option<usize> {
    let last = line.len().checked_sub(1)?;
    let leads = |to: usize| leads(prepared, line, (from, to), rule);
    let (mut good, mut step) = (from, 1);
    while good < last && leads((from + step).min(last)) {
        good = (from + step).min(last);
        step *= 2;
    }
    if good == from {
        return None;
    }
    let mut bad = (from + step).min(last + 1);
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        if leads(middle) { good = middle } else { bad = middle }
    }
    Some(good)
}

fn leads(
    prepared: &Prepared,
    line: &[Coord<f64>],
    (from, to): (usize, usize),
    rule: RoadUse,
) -> bool {
    let Some(wanted) = line.get(from..=to) else { return false };
    let ([first, ..], [.., last]) = (wanted, wanted) else { return false };
    let found = leg(prepared, Waypoint::snapped(*first), Waypoint::snapped(*last), rule);
    found.kind == LegKind::Road
        && (length_m(&found.line) - length_m(wanted)).abs() < 2.0 * SAME_M
        && follows(wanted, &found.line)
}

/// Whether each vertex of a line lies on another, in its order.
fn follows(line: &[Coord<f64>], other: &[Coord<f64>]) -> bool {
    let mut segment = 0;
    line.iter().all(|at| {
        let frame = LocalFrame::at(*at);
        let plane = |index: usize| other.get(index).map(|at| frame.plane_from_wgs84(*at));
        while let (Some(a), Some(b)) = (plane(segment), plane(segment + 1)) {
            if origin_distance_squared(a, b) <= SAME_M * SAME_M {
                return true;
            }
            segment += 1;
        }
        false
    })
}
