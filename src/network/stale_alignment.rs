//! Stale alignments: orders whose roads have changed since they were drawn. Told of only; who takes
//! over the new line writes it.

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::evaluate::Prepared;
use super::orders::BoundStretch;
use super::snap_route::{RoadUse, Waypoint, joined, resolve};
use crate::domain::{Kind, OrderKind, Record, RecordId, World};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::shape::oriented;

/// Lines that keep nearer to each other are the same, metres: less than the width of a road.
const SAME_M: f64 = 5.0;
/// Between two looks along a line, metres.
const STEP_M: f64 = 20.0;

/// An order and where its waypoints lead on today's network.
#[derive(Clone, Debug, PartialEq)]
pub struct StaleAlignment {
    /// Of its record.
    pub order: RecordId,
    /// For people.
    pub name: String,
    /// How far its line has moved at most.
    pub moved_m: f64,
    /// Its shape along today's roads.
    pub shape: Geometry<f64>,
    /// Waypoints on no road any more, as a person counts them.
    pub lost: Vec<usize>,
    /// Waypoints after which there is no way by road, as a person counts them.
    pub apart: Vec<usize>,
    /// The roads of today that it leads along.
    pub stretches: Vec<BoundStretch>,
    /// A road to which it was bound is gone: its line is looked for by nearness.
    pub is_unbound: bool,
}

/// All orders that were drawn with waypoints and lie elsewhere now, or have lost one of them.
pub fn stale_alignments(prepared: &Prepared, world: &World) -> Vec<StaleAlignment> {
    world
        .table(Kind::Restriction)
        .iter()
        .filter_map(|order| stale_alignment(prepared, order))
        .collect()
}

/// `None` where an order lies as its waypoints lead, or has none.
pub fn stale_alignment(prepared: &Prepared, order: &Record) -> Option<StaleAlignment> {
    let waypoints = Waypoint::of(order);
    let stored = order.geometry.as_ref()?;
    let rule = OrderKind::of(order).map_or(RoadUse::Any, RoadUse::of);
    let (shape, lost, apart, stretches) = shape_of(prepared, &waypoints, rule, stored)?;
    let moved_m = moved_m(stored, &shape)?;
    let is_unbound = !BoundStretch::of(order).is_empty() && !prepared.finder().is_bound(order);
    if moved_m <= SAME_M && lost.is_empty() && !is_unbound {
        return None;
    }
    let count = |indices: Vec<usize>| indices.into_iter().map(|index| index + 1).collect();
    let (order, name) = (order.id, order.name().to_owned());
    let (lost, apart) = (count(lost), count(apart));
    Some(StaleAlignment { order, name, moved_m, shape, lost, apart, stretches, is_unbound })
}

impl StaleAlignment {
    /// Leads a record along the roads of now.
    pub fn lead(&self, order: &mut Record) {
        order.geometry = Some(self.shape.clone());
        BoundStretch::put(order, &self.stretches);
    }
}

/// What is led along the roads: its shape, lost and parted waypoints, its roads.
type Led = (Geometry<f64>, Vec<usize>, Vec<usize>, Vec<BoundStretch>);

/// A shape like the stored one along the roads of now, with the places of waypoints that are lost
/// and apart.
fn shape_of(
    prepared: &Prepared,
    waypoints: &[Waypoint],
    rule: RoadUse,
    stored: &Geometry<f64>,
) -> Option<Led> {
    let is_closed = matches!(stored, Geometry::Polygon(_));
    if waypoints.len() < if is_closed { 3 } else { 2 } {
        return None;
    }
    let snapped = resolve(prepared, waypoints, rule, is_closed);
    let shape = if is_closed {
        oriented(Polygon::new(snapped.line, Vec::new()).into())
    } else {
        snapped.line.into()
    };
    Some((shape, snapped.lost, snapped.apart, snapped.stretches))
}

/// The largest distance from a place on one line to the nearest place on the other, metres.
fn moved_m(one: &Geometry<f64>, other: &Geometry<f64>) -> Option<f64> {
    let (a, b) = (line_of(one)?, line_of(other)?);
    let one_way = |from: &LineString<f64>, to: &LineString<f64>| {
        let to: Geometry<f64> = to.clone().into();
        let away = looks(&from.0).into_iter().filter_map(|at| LocalFrame::at(at).nearest_m(&to));
        away.fold(0.0, f64::max)
    };
    Some(one_way(&a, &b).max(one_way(&b, &a)))
}

/// A line, or the outline of an area as a line.
fn line_of(shape: &Geometry<f64>) -> Option<LineString<f64>> {
    match shape {
        Geometry::LineString(line) => Some(line.clone()),
        Geometry::Polygon(polygon) => Some(polygon.exterior().clone()),
        _ => None,
    }
}

/// The vertices of a line and places between them.
fn looks(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut looks = Vec::new();
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let steps = (LocalFrame::at(*a).distance_m(*b) / STEP_M).ceil().clamp(1.0, 1000.0);
        looks.extend((0..steps as u32).map(|step| *a + (*b - *a) * (f64::from(step) / steps)));
    }
    looks.extend(line.last());
    joined(std::iter::once(looks.as_slice()), false)
}

#[cfg(test)]
mod tests;
