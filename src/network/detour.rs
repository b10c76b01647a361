//! The way round an order: the one that most of those take who must make way for it. Whether a detour
//! that somebody drew may be driven is [`super::lint`]'s.

use std::collections::BTreeMap;

use geo_types::Coord;

use super::compare::Comparison;
use super::evaluate::{Prepared, Trip};
use super::graph::ArcId;
use super::orders::TrafficOrder;
use super::snap_route::{RoadUse, Waypoint, joined, thinned};
use crate::domain::{RecordId, World};

/// A way round.
#[derive(Clone, Debug, PartialEq)]
pub struct Detour {
    /// In the order in which they are driven.
    pub arcs: Vec<ArcId>,
    /// WGS-84 degrees.
    pub line: Vec<Coord<f64>>,
    /// From which the line is resolved; empty where it leads over a road that was joined to
    /// another across a gap.
    pub waypoints: Vec<Waypoint>,
    /// Trucks a day that take it.
    pub trucks: f64,
    /// Metres.
    pub length_m: f64,
}

/// What most trucks drive instead of an order of the plan: from where they leave their old way
/// before it to where they are back on it. It is legal, because it is a part of a quickest legal
/// way. `None` where nobody is displaced who still arrives.
pub fn around(prepared: &Prepared, comparison: &Comparison, order: RecordId) -> Option<Detour> {
    let order = comparison.planned.iter().find(|planned| planned.id == order)?;
    let mut ways: BTreeMap<Vec<ArcId>, f64> = BTreeMap::new();
    for (flow, before, after) in comparison.trips(prepared) {
        if order.closes(&flow.truck)
            && let Some(arcs) = instead(order, before, after)
        {
            *ways.entry(arcs).or_default() += flow.per_day;
        }
    }
    // Of ways with as many trucks the first by number, so that it is always the same.
    let best = ways.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let (arcs, trucks) = best?;
    let line = joined(std::iter::once(prepared.network.line_of(&arcs).0.as_slice()), false);
    let length_m = prepared.network.length_m(&arcs);
    let waypoints = thinned(prepared, &line, RoadUse::Driven).unwrap_or_default();
    Some(Detour { arcs, line, waypoints, trucks, length_m })
}

/// The part of a new way that stands for the part of the old one on which the order lies.
fn instead(order: &TrafficOrder, before: &Trip, after: &Trip) -> Option<Vec<ArcId>> {
    let (old, new) = (&before.route.as_ref()?.arcs, &after.route.as_ref()?.arcs);
    let is_closed = |arc: &ArcId| order.arcs.binary_search(arc).is_ok();
    let first = old.iter().position(is_closed)?;
    let last = old.iter().rposition(is_closed)?;
    let on_new = |arc: &ArcId| new.iter().position(|known| known == arc);
    let leaves = old.iter().take(first).rev().find_map(on_new).map_or(0, |index| index + 1);
    let joins = old.iter().skip(last + 1).find_map(on_new).unwrap_or(new.len());
    let way = new.get(leaves..joins)?;
    (!way.is_empty()).then(|| way.to_vec())
}

/// The order that a detour belongs to, which it names by id or by code.
pub fn order_of(world: &World, detour_of: &str) -> Option<RecordId> {
    let orders = world.table(crate::domain::Kind::Restriction);
    let by_id = detour_of.parse().ok().and_then(|id| orders.get(id));
    by_id.or_else(|| orders.by_code(detour_of)).map(|order| order.id)
}

#[cfg(test)]
mod tests;
