//! Blocks: what the roads enclose. Those that lie in a ring, taken together, are an area whose
//! outline runs along roads and not through yards.
//!
//! A network is not planar, because bridges cross without a junction: so the roads around are cut once
//! more wherever they cross on the map. A block is then what is found by always turning right at the
//! next vertex. The graph with its faces is `planar`'s; this file chooses among them.

mod planar;

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::evaluate::Prepared;
use super::snap_route::{RoadUse, Waypoint, joined, thinned_ring};
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::shape::oriented;
use planar::PlanarGraph;

/// A block counts where more than this share of it lies in the ring.
const MOSTLY: f64 = 0.5;
/// Roads are looked at within so many radii: a block of which the most lies in the ring hardly
/// reaches farther.
const AROUND: f64 = 2.0;
/// Smaller scraps, between the lanes of a junction, are no blocks, square metres.
const SCRAP_M2: f64 = 50.0;

/// The blocks in a ring.
#[derive(Clone, Debug, PartialEq)]
pub struct RingBlocks {
    /// A polygon, or several that meet in no road.
    pub area: Geometry<f64>,
    /// How many blocks it is made of.
    pub count: usize,
    /// From which the outline is resolved; none where it is several, or leads over a bridge.
    pub waypoints: Vec<Waypoint>,
}

/// The union of all blocks of which more than half lies in a ring (its middle, WGS-84 degrees);
/// `None` where the roads enclose none.
pub fn in_ring(prepared: &Prepared, center: Coord<f64>, radius_m: f64) -> Option<RingBlocks> {
    let frame = LocalFrame::at(center);
    let plan = PlanarGraph::of(&lines_around(prepared, center, AROUND * radius_m), &frame);
    let faces = plan.faces();
    let is_in = |face: &Vec<u32>| {
        let ring = plan.plane_of(face);
        let area_m2 = area(&ring);
        area_m2 > SCRAP_M2 && area_inside(&ring, radius_m) > MOSTLY * area_m2
    };
    let chosen: Vec<&Vec<u32>> = faces.iter().filter(|face| is_in(face)).collect();
    let mut outlines: Vec<(f64, Vec<u32>)> = (plan.outlines(&chosen).into_iter())
        .map(|ring| (area(&plan.plane_of(&ring)), ring))
        .filter(|(area_m2, _)| *area_m2 > SCRAP_M2)
        .collect();
    outlines.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut rings: Vec<LineString<f64>> = Vec::new();
    let mut kept: Vec<Vec<Coord<f64>>> = Vec::new();
    for (_, ring) in outlines {
        let plane = plan.plane_of(&ring);
        // Roads that no other road joins may enclose blocks in the middle of a larger one.
        if !kept.iter().any(|outer| plane.first().is_some_and(|at| holds(outer, *at))) {
            kept.push(plane);
            rings.push(LineString(plan.places_of(&ring)));
        }
    }
    let waypoints = match rings.as_slice() {
        [ring] => thinned_ring(prepared, &ring.0, RoadUse::Any).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut polygons: Vec<Polygon<f64>> =
        rings.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
    let area = match polygons.len() {
        0 => return None,
        1 => polygons.pop()?.into(),
        _ => MultiPolygon(polygons).into(),
    };
    Some(RingBlocks { area: oriented(area), count: chosen.len(), waypoints })
}

/// The lines of edges, from node to node: where a gap was closed the line goes over it.
fn lines_around(prepared: &Prepared, center: Coord<f64>, reach_m: f64) -> Vec<Vec<Coord<f64>>> {
    let network = &prepared.network;
    let mut edges = Vec::new();
    prepared.finder().index().search(box_around(center, reach_m), &mut |edge| edges.push(edge));
    edges.sort_unstable();
    let line = |number: u32| {
        let edge = network.edges.get(number as usize)?;
        let [first, last] = edge.ends.map(|node| network.nodes.get(node as usize).copied());
        let places = [&[first?], network.line(edge), &[last?]];
        Some(joined(places.into_iter(), false))
    };
    edges.into_iter().filter_map(line).collect()
}

/// Of a closed ring in the plane, counter-clockwise positive, square metres.
fn area(ring: &[Coord<f64>]) -> f64 {
    0.5 * ring
        .windows(2)
        .map(|pair| if let [a, b] = pair { cross(*a, *b) } else { 0.0 })
        .sum::<f64>()
}

/// Of the same, what lies in a circle about the origin.
fn area_inside(ring: &[Coord<f64>], radius_m: f64) -> f64 {
    let pieces = ring.windows(2).map(|pair| match pair {
        [a, b] => piece_inside(*a, *b, radius_m),
        _ => 0.0,
    });
    pieces.sum()
}

/// Of the triangle between the origin and an edge.
fn piece_inside(a: Coord<f64>, b: Coord<f64>, radius_m: f64) -> f64 {
    let sector = |a: Coord<f64>, b: Coord<f64>| {
        0.5 * radius_m * radius_m * cross(a, b).atan2(a.x * b.x + a.y * b.y)
    };
    match super::road_by_name::shares_inside([a, b], radius_m) {
        Some((enters, leaves)) => {
            let (from, to) = (a + (b - a) * enters, a + (b - a) * leaves);
            sector(a, from) + 0.5 * cross(from, to) + sector(to, b)
        }
        None => sector(a, b),
    }
}

fn cross(a: Coord<f64>, b: Coord<f64>) -> f64 {
    a.x * b.y - a.y * b.x
}

/// Whether a place lies in a closed ring.
fn holds(ring: &[Coord<f64>], at: Coord<f64>) -> bool {
    let crossings = ring.windows(2).filter(|pair| match pair {
        [a, b] if (a.y > at.y) != (b.y > at.y) => {
            at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
        }
        _ => false,
    });
    crossings.count() % 2 == 1
}

#[cfg(test)]
mod tests;
