//! The rings of control points, and how much of each road lies in them. Who drives there is not known
//! here.

use std::collections::BTreeMap;

use geo_types::{Coord, Geometry, LineString};

use crate::domain::{ControlPointState, Kind, RecordId, World};
use crate::geodesy::gnomonic::GnomonicShape;
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;
use crate::network::csr::Csr;
use crate::network::graph::Network;
use crate::network::orders::{EdgeIndex, samples};

/// What counts as inside: of each control point its largest ring up to this, metres.
const INSIDE_M: f64 = 1000.0;
/// Where rings overlap, roads are counted in pieces of this length, metres.
const PIECE_M: f64 = 2.0;
/// An edge that would take more pieces is a slip of somebody's pen, and need not be counted as finely.
const MOST_PIECES: f64 = 100_000.0;

/// A ring and how much of each edge lies in it.
#[derive(Clone, Debug)]
pub struct ControlRing {
    /// The record in its middle.
    pub control_point: RecordId,
    /// Of the control point.
    pub code: String,
    /// Of the control point.
    pub name: String,
    /// WGS-84 degrees.
    at: Coord<f64>,
    /// Metres.
    pub radius_m: f64,
    /// By edge, metres.
    pub(super) inside_m: BTreeMap<u32, f32>,
}

/// The rings of every control point that is running.
pub(super) fn all(world: &World, network: &Network, index: &EdgeIndex) -> Vec<ControlRing> {
    let mut rings = Vec::new();
    for point in world.table(Kind::ControlPoint).iter() {
        let Some(Geometry::Point(place)) = &point.geometry else { continue };
        if ControlPointState::Stopped.is_of(point) {
            continue;
        }
        let frame = LocalFrame::at(place.0);
        let mut flat = GnomonicShape::default();
        for radius_m in point.radii_m() {
            let mut inside_m = BTreeMap::new();
            index.search(box_around(place.0, radius_m), &mut |number| {
                let Some(edge) = network.edges.get(number as usize) else { return };
                flat.show(&frame, &LineString(network.line(edge).to_vec()).into());
                let metres = flat.length_within_m(radius_m);
                if metres > 0.0 {
                    inside_m.insert(number, metres as f32);
                }
            });
            rings.push(ControlRing {
                control_point: point.id,
                at: place.0,
                code: point.code().unwrap_or_default().to_owned(),
                name: point.name().to_owned(),
                radius_m,
                inside_m,
            });
        }
    }
    rings
}

/// Of each edge, the rings that it touches, by index, and the metres in each.
pub(super) fn of_edges(network: &Network, rings: &[ControlRing]) -> Csr<(u32, f32)> {
    let all = (0_u32..).zip(rings).flat_map(|(number, ring)| {
        ring.inside_m.iter().map(move |(edge, inside_m)| (*edge, (number, *inside_m)))
    });
    Csr::new(network.edges.len(), all)
}

/// Of each edge, the metres within the rings that count as inside. Where several overlap, each
/// metre counts once, to [`PIECE_M`].
pub(super) fn inside_m(network: &Network, rings: &[ControlRing]) -> Vec<f32> {
    let is_outer = |ring: &&ControlRing| {
        let is_larger = |other: &ControlRing| {
            other.control_point == ring.control_point
                && other.radius_m <= INSIDE_M
                && other.radius_m > ring.radius_m
        };
        ring.radius_m <= INSIDE_M && !rings.iter().any(is_larger)
    };
    let mut inside = vec![0.0; network.edges.len()];
    let mut touched: BTreeMap<u32, Vec<&ControlRing>> = BTreeMap::new();
    for ring in rings.iter().filter(is_outer) {
        ring.inside_m.keys().for_each(|edge| touched.entry(*edge).or_default().push(ring));
    }
    for (edge, rings) in touched {
        if let Some(metres) = inside.get_mut(edge as usize) {
            *metres = union_m(network, edge, &rings);
        }
    }
    inside
}

fn union_m(network: &Network, number: u32, rings: &[&ControlRing]) -> f32 {
    let Some(edge) = network.edges.get(number as usize) else { return 0.0 };
    let each = rings.iter().filter_map(|ring| ring.inside_m.get(&number));
    let most = each.fold(0.0_f32, |most, metres| most.max(*metres)).min(edge.length_m);
    if rings.len() < 2 || edge.length_m - most < PIECE_M as f32 {
        return most;
    }
    let pieces = (f64::from(edge.length_m) / PIECE_M).ceil().clamp(1.0, MOST_PIECES);
    let frames: Vec<(LocalFrame, f64)> =
        rings.iter().map(|ring| (LocalFrame::at(ring.at), ring.radius_m)).collect();
    let is_in =
        |at: Coord<f64>| frames.iter().any(|(frame, radius_m)| frame.distance_m(at) <= *radius_m);
    // The middle of each piece.
    let middles = samples(network.line(edge), 2 * pieces as usize).into_iter().skip(1).step_by(2);
    let share = middles.filter(|at| is_in(*at)).count() as f64 / pieces;
    (f64::from(edge.length_m) * share) as f32
}
