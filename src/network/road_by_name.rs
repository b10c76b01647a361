//! A whole road by its name, from one place on it: what one click on a road draws.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use geo_types::Coord;

use super::evaluate::Prepared;
use super::graph::{ArcId, Network, Road};
use super::snap_route::{Foot, RoadUse, joined, length_m};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::ring::distance_m;

/// A road from end to end, or the part of it in a ring.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedRoad {
    /// Its name, else its number; empty where it has neither.
    pub name: String,
    /// Without doubled vertices.
    pub line: Vec<Coord<f64>>,
    /// Geodesic, metres.
    pub length_m: f64,
    /// Whether a ring has cut it.
    pub is_part: bool,
}

/// The road on which a place lies, as far as pieces of the same name or number join: from there on
/// to its farthest ends, so that of a road with branches it is the long one. With a ring (its
/// middle, WGS-84 degrees, and radius in metres) only the stretch in it that lies at the place;
/// where the road does not come into the ring, all of it.
pub fn road_at(
    prepared: &Prepared,
    foot: &Foot,
    ring: Option<(Coord<f64>, f64)>,
    rule: RoadUse,
) -> Option<NamedRoad> {
    let network = &prepared.network;
    let edge = network.edges.get(foot.edge as usize)?;
    let road = network.road_of(edge)?;
    let is_backward = rule == RoadUse::Driven && !edge.is_open[0];
    let here = ArcId::new(foot.edge, is_backward);
    let mut taken = BTreeSet::from([foot.edge]);
    let on_way = |arc: ArcId| rule == RoadUse::Any || network.is_open(arc);
    let on = reach(prepared, road, here, None, &mut taken, &on_way);
    // Back from here, what may be driven towards here.
    let back_way = |arc: ArcId| on_way(arc.reverse());
    let back = reach(prepared, road, here.reverse(), None, &mut taken, &back_way);
    let mut arcs: Vec<ArcId> = back.into_iter().rev().map(ArcId::reverse).collect();
    arcs.push(here);
    arcs.extend(on);
    let ends = arcs.first().zip(arcs.last()).map(|(first, last)| (network.tail(*first), *last));
    if let Some((begin, last)) = ends.filter(|_| rule == RoadUse::Any) {
        // A road in a circle comes back to where it began.
        arcs.extend(reach(prepared, road, last, Some(begin), &mut taken, &on_way));
    }
    let lines: Vec<Vec<Coord<f64>>> = arcs.iter().map(|arc| places(network, *arc)).collect();
    let whole = joined(lines.iter().map(Vec::as_slice), false);
    let part = ring.and_then(|(center, radius_m)| inside(&whole, center, radius_m, foot.at));
    let is_part = part.is_some();
    let line = part.unwrap_or(whole);
    Some(NamedRoad { name: road.label().to_owned(), length_m: length_m(&line), line, is_part })
}

fn is_same(one: &Road, other: &Road) -> bool {
    let is_named = |a: &str, b: &str| !a.is_empty() && a == b;
    is_named(&one.name, &other.name)
        || is_named(&one.reference, &other.reference)
        || one.id == other.id
}

fn places(network: &Network, arc: ArcId) -> Vec<Coord<f64>> {
    let line = network.edge(arc).map(|edge| network.line(edge)).unwrap_or_default();
    if arc.is_backward() { line.iter().rev().copied().collect() } else { line.to_vec() }
}

/// The shortest way over free pieces of the road, from the end of an arc to a node, or without one
/// to the place that is farthest off; its pieces are taken.
fn reach(
    prepared: &Prepared,
    road: &Road,
    from: ArcId,
    to: Option<u32>,
    taken: &mut BTreeSet<u32>,
    may: &dyn Fn(ArcId) -> bool,
) -> Vec<ArcId> {
    let network = &prepared.network;
    let start = network.head(from);
    let mut known: BTreeMap<u32, (u64, Option<ArcId>)> = BTreeMap::from([(start, (0, None))]);
    let mut heap = BinaryHeap::from([Reverse((0_u64, start))]);
    while let Some(Reverse((there, node))) = heap.pop() {
        if known.get(&node).is_some_and(|(best, _)| there > *best) {
            continue;
        }
        for arc in network.around(node) {
            let Some(edge) = network.edge(arc) else { continue };
            let is_free = !taken.contains(&(arc.edge() as u32)) && may(arc);
            if !is_free || !network.road_of(edge).is_some_and(|other| is_same(road, other)) {
                continue;
            }
            let (end, next) = (network.head(arc), there + (edge.length_m * 1000.0) as u64);
            if known.get(&end).is_none_or(|(best, _)| next < *best) {
                known.insert(end, (next, Some(arc)));
                heap.push(Reverse((next, end)));
            }
        }
    }
    // Farthest off, not farthest by road: a divided road must not turn back on its other side.
    let away_mm = |node: u32| {
        let place = |node: u32| network.nodes.get(node as usize).copied().unwrap_or_default();
        (distance_m(place(network.tail(from)), place(node)) * 1000.0) as u64
    };
    let farthest = || {
        let rank = |(node, (there, _)): &(&u32, &(u64, Option<ArcId>))| {
            (away_mm(**node), *there, Reverse(**node))
        };
        known.iter().max_by_key(rank).map(|(node, _)| *node)
    };
    let end = to.or_else(farthest).and_then(|node| known.get(&node));
    let mut arcs = Vec::new();
    let mut at = end.and_then(|(_, arc)| *arc);
    while let Some(arc) = at {
        arcs.push(arc);
        taken.insert(arc.edge() as u32);
        at = known.get(&network.tail(arc)).and_then(|(_, arc)| *arc);
    }
    arcs.reverse();
    arcs
}

/// The stretch of a line in a circle that lies nearest to a place; `None` where none does.
fn inside(
    line: &[Coord<f64>],
    center: Coord<f64>,
    radius_m: f64,
    at: Coord<f64>,
) -> Option<Vec<Coord<f64>>> {
    let frame = LocalFrame::at(center);
    let mut stretches: Vec<Vec<Coord<f64>>> = Vec::new();
    let mut open: Vec<Coord<f64>> = Vec::new();
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let plane = [frame.plane_from_wgs84(*a), frame.plane_from_wgs84(*b)];
        let Some((enters, leaves)) = shares_inside(plane, radius_m) else {
            stretches.extend((!open.is_empty()).then(|| std::mem::take(&mut open)));
            continue;
        };
        let on = |share: f64| if share >= 1.0 { *b } else { *a + (*b - *a) * share };
        if open.is_empty() {
            open.push(on(enters));
        }
        open.push(on(leaves));
        if leaves < 1.0 {
            stretches.push(std::mem::take(&mut open));
        }
    }
    stretches.extend((!open.is_empty()).then_some(open));
    let away_m = |line: &[Coord<f64>]| {
        line.iter().map(|place| distance_m(*place, at)).fold(f64::INFINITY, f64::min)
    };
    stretches.retain(|line| length_m(line) > 1.0);
    let nearest = stretches.into_iter().min_by(|a, b| away_m(a).total_cmp(&away_m(b)))?;
    Some(joined(std::iter::once(nearest.as_slice()), false))
}

/// From which share of a segment to which it lies within a circle about the origin.
pub(super) fn shares_inside([a, b]: [Coord<f64>; 2], radius_m: f64) -> Option<(f64, f64)> {
    let along = b - a;
    let squared = along.x * along.x + along.y * along.y;
    if squared <= 0.0 {
        return None;
    }
    let middle = -(a.x * along.x + a.y * along.y) / squared;
    let foot = a + along * middle;
    let off = radius_m * radius_m - foot.x * foot.x - foot.y * foot.y;
    let half = (off.max(0.0) / squared).sqrt();
    let (enters, leaves) = ((middle - half).max(0.0), (middle + half).min(1.0));
    (off > 0.0 && enters < leaves).then_some((enters, leaves))
}

#[cfg(test)]
mod tests;
