//! An outline as a paper walks round it: clockwise, from the northernmost junction on it. Whoever drew
//! it, from wherever and in whichever direction, the words are the same.

use geo_types::{Coord, LineString};

use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane::nearest;
use crate::network::Network;
use crate::network::orders::Finder;

/// A junction this near to the outline is on it, metres.
const ON_M: f64 = 15.0;

/// The same outline, begun at a junction of the roads on it; as it is where there is none.
pub fn walked(
    network: &Network,
    finder: &Finder<'_>,
    outline: &LineString<f64>,
) -> LineString<f64> {
    let mut ring = outline.clone();
    if is_anticlockwise(&ring.0) {
        ring.0.reverse();
    }
    let mut nodes: Vec<u32> = (finder.steps(&ring).iter())
        .filter_map(|step| network.edges.get(step.edge as usize))
        .flat_map(|edge| edge.ends)
        .collect();
    nodes.sort_unstable();
    nodes.dedup();
    let on = nodes.into_iter().filter_map(|node| {
        let at = *network.nodes.get(node as usize)?;
        let (away_m, segment, foot) = foot(&ring.0, at)?;
        (away_m <= ON_M).then_some((at, segment, foot))
    });
    let first = on.max_by(|a, b| a.0.y.total_cmp(&b.0.y).then(b.0.x.total_cmp(&a.0.x)));
    first.map_or(ring.clone(), |(_, segment, foot)| begun_at(&ring.0, segment, foot))
}

/// Twice the area in degrees, above zero for a ring that runs anticlockwise.
fn is_anticlockwise(ring: &[Coord<f64>]) -> bool {
    let origin = ring.first().copied().unwrap_or_default();
    let area: f64 = ring
        .windows(2)
        .map(|pair| {
            let [a, b] = pair else { return 0.0 };
            let (a, b) = (*a - origin, *b - origin);
            a.x * b.y - b.x * a.y
        })
        .sum();
    area > 0.0
}

/// The nearest place of a line: how far it is, the segment, and the place.
fn foot(line: &[Coord<f64>], at: Coord<f64>) -> Option<(f64, usize, Coord<f64>)> {
    let frame = LocalFrame::at(at);
    let feet = line.windows(2).enumerate().filter_map(|(segment, pair)| {
        let [a, b] = pair else { return None };
        let flat = [a, b].map(|at| frame.plane_from_wgs84(*at));
        let (share, away_m) = nearest(flat[0], flat[1], Coord::default());
        Some((away_m, segment, *a + (*b - *a) * share))
    });
    feet.min_by(|a, b| a.0.total_cmp(&b.0))
}

fn begun_at(ring: &[Coord<f64>], segment: usize, at: Coord<f64>) -> LineString<f64> {
    let (before, after) = ring.split_at((segment + 1).min(ring.len()));
    let mut begun = vec![at];
    begun.extend(after);
    // The first vertex is the last one too.
    begun.extend(before.iter().skip(1));
    begun.push(at);
    begun.dedup();
    LineString(begun)
}
