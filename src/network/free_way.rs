//! The way of one truck between any two places, today and under a plan: no flow, no gate, just two
//! places on roads at a moment.
//!
//! As all trips it is the quickest legal way on empty roads, with the waits at turns that somebody has
//! set; a piece of road at either end is driven in part, in proportion to its length.

use geo_types::{Coord, LineString};
use jiff::civil::DateTime;

use super::access::Closure;
use super::compare::Comparison;
use super::evaluate::Prepared;
use super::graph::ArcId;
use super::orders::TrafficOrder;
use super::route::{ClosedArcs, Costs, Potential, RouteSearch};
use super::snap_route::{Foot, line_between, nearest};
use super::truck::Truck;
use super::turning::TurnCosts;

/// A place that is clicked lies on the nearest road within this, metres.
pub const REACH_M: f64 = 200.0;

/// A way between two places.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedWay {
    /// WGS-84 degrees.
    pub line: LineString<f64>,
    /// Metres.
    pub length_m: f64,
    /// At the free speeds of trucks, with the waits at turns, milliseconds.
    pub time_ms: u32,
}

/// The way of one truck today and under a plan; `None` where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FreeWay {
    /// Under the orders in force.
    pub before: Option<PlacedWay>,
    /// Under the plan.
    pub after: Option<PlacedWay>,
}

/// The part of an arc between a place on it and one of its nodes.
struct Part {
    arc: ArcId,
    node: u32,
    length_m: f64,
    time_ms: u32,
}

/// Between two places, WGS-84 degrees; `None` where one of them lies on no road.
pub fn free_way(
    prepared: &Prepared,
    comparison: &Comparison,
    [from, to]: [Coord<f64>; 2],
    truck: &Truck,
    (at, plan, turns): (DateTime, &str, TurnCosts),
) -> Option<FreeWay> {
    let (a, b) = (nearest(prepared, from, REACH_M)?, nearest(prepared, to, REACH_M)?);
    let in_force: Vec<&TrafficOrder> = comparison.in_force.iter().map(AsRef::as_ref).collect();
    let way = |orders: &[&TrafficOrder], plan: &str| {
        let holding: Vec<&TrafficOrder> =
            orders.iter().copied().filter(|order| order.holds(at)).collect();
        let closure = prepared.closure(truck, &holding, &prepared.access.state(at, plan));
        way(prepared, &closure, &a, &b, turns)
    };
    Some(FreeWay { before: way(&in_force, ""), after: way(&comparison.together(), plan) })
}

fn way(
    prepared: &Prepared,
    closure: &Closure,
    a: &Foot,
    b: &Foot,
    turns: TurnCosts,
) -> Option<PlacedWay> {
    let network = &prepared.network;
    let (first, last) = (network.edges.get(a.edge as usize)?, network.edges.get(b.edge as usize)?);
    // Who begins or ends on a road for those alone may drive it.
    let own = closure.for_ends(network, [first.ends[0], last.ends[0]]);
    let other = closure.for_ends(network, [first.ends[1], last.ends[1]]);
    let closed = match (own, other, &closure.local) {
        (Some(own), ..) => own,
        (None, Some(other), _) => other,
        (None, None, Some(local)) => {
            let mut closed = closure.closed.clone();
            for arc in [a.edge, b.edge]
                .into_iter()
                .flat_map(|e| [ArcId::new(e, false), ArcId::new(e, true)])
            {
                if local.has(arc) {
                    closed.open(arc);
                }
            }
            closed
        }
        (None, None, None) => closure.closed.clone(),
    };
    let costs = Costs { times_ms: prepared.times_ms(), closed: &closed };
    let mut best: Option<(u32, f64, Vec<ArcId>)> = None;
    let mut take = |time_ms: u32, length_m: f64, arcs: Vec<ArcId>| {
        if best.as_ref().is_none_or(|(least, ..)| time_ms < *least) {
            best = Some((time_ms, length_m, arcs));
        }
    };
    if a.edge == b.edge {
        let arc = ArcId::new(a.edge, b.before_m() < a.before_m());
        if network.is_open(arc) && !closed.has(arc) {
            let length_m = (b.before_m() - a.before_m()).abs();
            let share = length_m / f64::from(first.length_m).max(f64::MIN_POSITIVE);
            take((f64::from(costs.of(arc)) * share).round() as u32, length_m, vec![arc]);
        }
    }
    let mut search = RouteSearch::looking_back(prepared.turning(turns));
    for into in parts(prepared, &closed, b, false) {
        let potential = Potential::to(network, into.node);
        for out in parts(prepared, &closed, a, true) {
            let Some(route) = search.run(network, costs, out.node, &potential) else { continue };
            let time_ms = out.time_ms.saturating_add(route.time_ms).saturating_add(into.time_ms);
            let length_m = out.length_m + network.length_m(&route.arcs) + into.length_m;
            let arcs = std::iter::once(out.arc).chain(route.arcs).chain([into.arc]);
            take(time_ms, length_m, arcs.collect());
        }
    }
    let (time_ms, length_m, arcs) = best?;
    Some(PlacedWay { line: LineString(line_between(network, a, &arcs, b)), length_m, time_ms })
}

/// From a place on an edge to its ends, or from them to it, as far as they may be driven.
fn parts(prepared: &Prepared, closed: &ClosedArcs, at: &Foot, is_out: bool) -> Vec<Part> {
    let network = &prepared.network;
    let both = [false, true].into_iter().filter_map(|is_backward| {
        let arc = ArcId::new(at.edge, is_backward);
        let edge = network.edge(arc).filter(|_| network.is_open(arc) && !closed.has(arc))?;
        let whole_m = f64::from(edge.length_m).max(f64::MIN_POSITIVE);
        // Before the place, as the arc is driven.
        let gone_m = if is_backward { whole_m - at.before_m() } else { at.before_m() };
        let length_m = if is_out { whole_m - gone_m } else { gone_m }.clamp(0.0, whole_m);
        let node = if is_out { network.head(arc) } else { network.tail(arc) };
        let time_ms = (f64::from(edge.time_ms) * length_m / whole_m).round() as u32;
        Some(Part { arc, node, length_m, time_ms })
    });
    both.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TruckClass;
    use crate::network::accessibility::{usual_truck, with_pass};
    use crate::network::compare::{Planner, prepare};
    use crate::network::evaluate::Assumptions;
    use crate::network::testing::{Town, at, line, moment};

    /// A street of 4 km at 30 km/h and a way round of 8 km, with a ban on the street for heavy trucks.
    fn km(
        truck: &Truck,
        more: &[(&str, &str)],
        ends: [(f64, f64); 2],
        time: &str,
    ) -> [Option<i64>; 2] {
        let mut town = Town::new();
        town.road("street", &[(-2000.0, 0.0), (0.0, 0.0), (2000.0, 0.0)], more);
        let round = [(-2000.0, 0.0), (-2000.0, 2000.0), (2000.0, 2000.0), (2000.0, 0.0)];
        town.road("round", &round, &[]);
        town.gate("W", (-2000.0, 0.0));
        town.gate("E", (2000.0, 0.0));
        town.flow("W", "E", "100", &[]);
        let ban = [
            ("plan", "P"),
            ("hours", "06:00-18:00"),
            ("classes", "heavy"),
            ("exemptions", "通行证"),
        ];
        town.order("no_entry", line(&[(-1000.0, 0.0), (1000.0, 0.0)]), &ban);
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let when = moment(time);
        let compared =
            Planner::default().compare(&prepared, &world, "P", when, Assumptions::default());
        let ends = ends.map(|(x, y)| at(x, y));
        let asked = (when, "P", TurnCosts::default());
        let found = free_way(&prepared, &compared, ends, truck, asked).unwrap();
        [found.before, found.after].map(|way| Some((way?.length_m / 100.0).round() as i64))
    }

    const NOON: &str = "2026-11-25T12:00:00";
    const NIGHT: &str = "2026-11-25T22:00:00";
    const ENDS: [(f64, f64); 2] = [(-2000.0, 1000.0), (2000.0, 1000.0)];

    #[test]
    fn two_places_are_joined_today_and_under_the_plan_for_this_truck_at_this_hour() {
        // Round from the middle of the sides: 1 + 4 + 1 km over the street or over the north.
        let heavy = usual_truck();
        assert_eq!(
            km(&heavy, &[], [(-2000.0, 100.0), (2000.0, 100.0)], NOON),
            [Some(42), Some(78)]
        );
        assert_eq!(
            km(&heavy, &[], [(-2000.0, 100.0), (2000.0, 100.0)], NIGHT),
            [Some(42), Some(42)]
        );
        let light = Truck::of(TruckClass::Light, 0, 5);
        assert_eq!(
            km(&light, &[], [(-2000.0, 100.0), (2000.0, 100.0)], NOON),
            [Some(42), Some(42)]
        );
        assert_eq!(km(&with_pass(), &[], [(-2000.0, 100.0), (2000.0, 100.0)], NOON)[1], Some(42));
    }

    #[test]
    fn a_part_of_one_road_is_driven_along_it_and_against_a_one_way_round() {
        let one_way = [("oneway", "forward")];
        let heavy = usual_truck();
        assert_eq!(km(&heavy, &[], [(-1800.0, 0.0), (-1200.0, 0.0)], NIGHT)[0], Some(6));
        assert_eq!(km(&heavy, &[], [(-1200.0, 0.0), (-1800.0, 0.0)], NIGHT)[0], Some(6));
        assert_eq!(km(&heavy, &one_way, [(-1200.0, 0.0), (-1800.0, 0.0)], NIGHT)[0], Some(114));
        assert_eq!(km(&heavy, &[], ENDS, NOON)[0], Some(60));
    }

    #[test]
    fn a_place_in_a_closed_road_is_not_reached() {
        let found = km(&usual_truck(), &[], [(-2000.0, 1000.0), (0.0, 0.0)], NOON);
        assert_eq!(found, [Some(30), None]);
    }
}
