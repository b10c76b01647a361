//! Flows in user equilibrium where roads slow down with their load, on the network of a district.
//!
//! A road whose lanes are known has the design capacity of a lane in CJJ 37-2012
//! (《城市道路工程设计规范》), expressways and other roads by design speed, for which the speed of the road
//! stands here. Trucks count as passenger cars by its factors: small ones 1.0, large ones 2.5, road
//! trains 3.0. The figures were written down from memory and want checking against the printed
//! code. Where no lanes are known a road has those that are usual for its class, an assumption that is
//! told with its share of the length. Cars and waits at turns are those of the evaluation: so many cars
//! drive where each truck drives today by the quickest route, on both sides, and choose nothing; a wait
//! is the same at any load. Those who are cut off are two bounds: nobody, or all by today's roads.
//!
//! The method itself knows no roads and is [`super::assignment`]'s.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::assignment::{Equilibrium, Link, user_equilibrium};
use super::evaluate::{Assumptions, Prepared, UserClasses};
use super::graph::{Edge, Network, Road};
use super::orders::TrafficOrder;
use super::route::{Costs, RouteSearch};
use super::truck::Truck;
use super::turning::TurnCosts;
use crate::domain::TruckClass;

/// The share of a day that its busiest hour has: assumed; 0.08 to 0.12 are usual in towns.
pub const PEAK_SHARE: f64 = 0.1;
/// (Σt·v − Σt·v of all on their best way)/Σt·v at which the search stops.
pub const GAP: f64 = 1e-3;

/// From a design speed, km/h, passenger cars an hour on one lane.
const EXPRESSWAY: [(f64, f64); 3] = [(100.0, 2000.0), (80.0, 1750.0), (0.0, 1400.0)];
const STREET: [(f64, f64); 5] =
    [(60.0, 1400.0), (50.0, 1350.0), (40.0, 1300.0), (30.0, 1300.0), (0.0, 1100.0)];

/// Lanes of both directions that are usual for a class: assumed where a road does not say its own.
const USUAL_LANES: [(&str, f64); 8] = [
    ("motorway", 4.0),
    ("trunk", 4.0),
    ("primary", 4.0),
    ("secondary", 2.0),
    ("tertiary", 2.0),
    ("residential", 2.0),
    ("service", 2.0),
    ("track", 2.0),
];

/// Passenger cars an hour in one direction. Lanes are those of both directions, but of a one-way all
/// its own; where they are not known, those that are usual for the class.
pub fn capacity_pcu_h(road: &Road) -> f64 {
    let is_expressway = matches!(road.class, "motorway" | "trunk");
    let table: &[(f64, f64)] = if is_expressway { &EXPRESSWAY } else { &STREET };
    let row = table.iter().find(|(from_kmh, _)| road.speed_kmh >= *from_kmh);
    let lane = row.map_or(1100.0, |(_, capacity)| *capacity);
    let is_one_way = road.is_open != [true, true];
    let usual = USUAL_LANES.iter().find(|(class, _)| *class == road.class);
    let lanes = match road.lanes {
        0 => usual.map_or(2.0, |(_, lanes)| *lanes) * 0.5,
        own => f64::from(own) * if is_one_way { 1.0 } else { 0.5 },
    };
    lane * lanes.max(1.0)
}

/// Passenger cars that a truck stands for.
pub fn pcu(truck: &Truck) -> f64 {
    match truck.class {
        TruckClass::Micro | TruckClass::Light => 1.0,
        TruckClass::Medium | TruckClass::Heavy if truck.axles < 5 => 2.5,
        TruckClass::Medium | TruckClass::Heavy => 3.0,
    }
}

/// What a road takes in a day, passenger cars in one direction, when its busiest hour is full.
pub fn capacity_pcu_day(network: &Network, edge: &Edge) -> f64 {
    network.road_of(edge).map_or(f64::INFINITY, capacity_pcu_h) / PEAK_SHARE
}

/// What trucks do to roads and roads to trucks, today and under a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CongestionEffect {
    /// Under the orders in force.
    pub before: LoadedNetwork,
    /// Under those and the ones of the plan, without those who are cut off.
    pub after: LoadedNetwork,
    /// The same if they drive today's roads, with a permit; `None` where nobody is cut off.
    pub most: Option<LoadedNetwork>,
    /// Of the length of all roads, the share whose lanes are known: the others have those of their class.
    pub share_with_lanes: f64,
}

/// The network under one set of orders, in user equilibrium.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadedNetwork {
    /// What is left of the relative gap: below [`GAP`], or the iterations ran out.
    pub gap: f64,
    /// Iterations that it took.
    pub rounds: u32,
    /// Trucks a day that have no way.
    pub cut_off: f64,
    /// Of all trucks in a day, if each drove in the busiest hour.
    pub hours: f64,
    /// The same when all take the way that is quickest on empty roads: all or nothing.
    pub hours_all_or_nothing: f64,
    /// Of each road its fullest edge, with its volume, cars among it, as a share of its capacity;
    /// fullest first.
    pub fullest: Vec<FullEdge>,
}

/// A road by its fullest edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FullEdge {
    /// In [`Network::edges`].
    pub edge: u32,
    /// v/c of the fuller direction.
    pub share: f64,
    /// Trucks a day in that direction.
    pub trucks: f64,
}

/// Roads that are told, of those with any load.
const MOST_FULL: usize = 20;

/// Assigns all flows under both sets of orders; `tell` gets the share that is done, 0–1, and stops
/// by `false`, which returns `None`.
pub fn congestion(
    prepared: &Prepared,
    (before, after): (&[&TrafficOrder], &[&TrafficOrder]),
    (at, plan): (DateTime, &str),
    assumed: Assumptions,
    tell: &dyn Fn(f64) -> bool,
) -> Option<CongestionEffect> {
    // The gap falls by powers of ten.
    let share = |gap: f64| (gap.max(1e-12).log10() / GAP.log10()).clamp(0.0, 1.0);
    let links = links(prepared, &cars(prepared, before, at, assumed), &capacity_pcu_day);
    let open = prepared.user_classes(before, (at, ""));
    let side = |orders: &[&TrafficOrder], plan: &str, permit, [done, part]: [f64; 2]| {
        let tell = |gap: f64| tell(done + part * share(gap));
        let case = LoadCase { orders, at, plan, permit };
        loaded(prepared, &links, &case, assumed.turn_costs, &tell)
    };
    let network = &prepared.network;
    let length_m = |has_lanes: bool| -> f64 {
        let is_meant =
            |edge: &&Edge| !has_lanes || network.road_of(edge).is_some_and(|road| road.lanes > 0);
        network.edges.iter().filter(is_meant).map(|edge| f64::from(edge.length_m)).sum()
    };
    let today = side(before, "", None, [0.0, 0.34])?;
    let changed = side(after, plan, None, [0.34, 0.33])?;
    let most = if changed.cut_off > today.cut_off {
        Some(side(after, plan, Some(&open), [0.67, 0.33])?)
    } else {
        None
    };
    Some(CongestionEffect {
        before: today,
        after: changed,
        most,
        share_with_lanes: length_m(true) / length_m(false).max(f64::MIN_POSITIVE),
    })
}

/// Of each arc the cars of a day: where trucks drive today, as the evaluation has it.
fn cars(
    prepared: &Prepared,
    today: &[&TrafficOrder],
    at: DateTime,
    assumed: Assumptions,
) -> Vec<f64> {
    let mut cars = vec![0.0; prepared.network.arcs()];
    let trips = prepared.run(today, at, assumed).trips;
    for (flow, trip) in prepared.flows.iter().zip(&trips) {
        for arc in trip.route.iter().flat_map(|route| &route.arcs) {
            if let Some(cars) = cars.get_mut(arc.index()) {
                *cars += flow.per_day * assumed.cars_per_truck;
            }
        }
    }
    cars
}

/// A link for each arc, and a last one for the waits at turns: its volume is the milliseconds that
/// vehicles wait in all, each of which takes one.
fn links(
    prepared: &Prepared,
    cars: &[f64],
    capacity: &dyn Fn(&Network, &Edge) -> f64,
) -> Vec<Link> {
    let network = &prepared.network;
    let arcs = network.edges.iter().flat_map(|edge| [edge; 2]).zip(cars);
    let link = |(edge, cars): (&Edge, &f64)| Link {
        free_time: f64::from(edge.time_ms),
        capacity: capacity(network, edge),
        preload: *cars,
    };
    arcs.map(link).chain([Link::free(1.0)]).collect()
}

/// What holds while the network is loaded.
struct LoadCase<'a> {
    orders: &'a [&'a TrafficOrder],
    at: DateTime,
    plan: &'a str,
    /// What those may drive who are cut off otherwise.
    permit: Option<&'a UserClasses>,
}

/// Assigned until the gap is [`GAP`] or less.
fn loaded(
    prepared: &Prepared,
    links: &[Link],
    case: &LoadCase<'_>,
    turn_costs: TurnCosts,
    tell: &dyn Fn(f64) -> bool,
) -> Option<LoadedNetwork> {
    let classes = prepared.user_classes(case.orders, (case.at, case.plan));
    let mut cut_off = 0.0;
    let turning = prepared.turning(turn_costs);
    let mut search = RouteSearch::looking_back(turning);
    let mut first = None;
    // Of each link passenger cars, which slow down, then of each link trucks, which are counted.
    let mut load = |times: &[f64]| -> Vec<f64> {
        // A road that is so full that it takes weeks takes weeks.
        let times_ms: Vec<u32> =
            times.iter().map(|time_ms| time_ms.round().clamp(0.0, 4e9) as u32).collect();
        let mut volumes = vec![0.0; 2 * links.len()];
        let waits = links.len() - 1;
        cut_off = 0.0;
        for (number, flow) in prepared.flows.iter().enumerate() {
            let Some(closed) = classes.of(number) else { continue };
            let mut costs = Costs { times_ms: &times_ms, closed };
            let mut route = prepared.route(flow, costs, &mut search);
            if route.is_none()
                && let Some(closed) = case.permit.and_then(|permit| permit.of(number))
            {
                costs = Costs { times_ms: &times_ms, closed };
                route = prepared.route(flow, costs, &mut search);
            }
            let Some(route) = route else {
                cut_off += flow.per_day;
                continue;
            };
            let driven_ms: u32 =
                route.arcs.iter().map(|arc| costs.of(*arc)).fold(0, u32::saturating_add);
            let wait_ms = f64::from(route.time_ms.saturating_sub(driven_ms));
            let arcs = route.arcs.iter().map(|arc| (arc.index(), 1.0));
            for (index, share) in arcs.chain([(waits, wait_ms)]) {
                for (index, each) in [(index, pcu(&flow.truck)), (links.len() + index, 1.0)] {
                    if let Some(volume) = volumes.get_mut(index) {
                        *volume += flow.per_day * each * share;
                    }
                }
            }
        }
        first.get_or_insert_with(|| volumes.clone());
        volumes
    };
    let Equilibrium { volumes, gap, rounds } = user_equilibrium(links, GAP, &mut load, tell)?;
    let hours_all_or_nothing = first.map_or(0.0, |volumes| hours(links, &volumes));
    let fullest = fullest(&prepared.network, links, &volumes);
    Some(LoadedNetwork {
        gap,
        rounds,
        cut_off,
        hours: hours(links, &volumes),
        hours_all_or_nothing,
        fullest,
    })
}

fn hours(links: &[Link], volumes: &[f64]) -> f64 {
    let (cars, trucks) = volumes.split_at(links.len().min(volumes.len()));
    let times = links.iter().zip(cars).map(|(link, cars)| link.time(*cars));
    times.zip(trucks).map(|(time_ms, trucks)| time_ms * trucks).sum::<f64>() / 3.6e6
}

fn fullest(network: &Network, links: &[Link], volumes: &[f64]) -> Vec<FullEdge> {
    let (cars, trucks) = volumes.split_at(links.len().min(volumes.len()));
    let share = |(link, cars): (&Link, &f64)| (cars + link.preload) / link.capacity;
    let shares: Vec<f64> = links.iter().zip(cars).map(share).collect();
    // The last link is no road.
    let pairs = (0_u32..).zip(shares.chunks_exact(2).zip(trucks.chunks_exact(2)));
    let mut all: Vec<FullEdge> = pairs
        .filter_map(|(edge, (shares, trucks))| {
            let fuller = usize::from(shares.first() < shares.last());
            let (share, trucks) = (*shares.get(fuller)?, *trucks.get(fuller)?);
            (share > 0.0).then_some(FullEdge { edge, share, trucks })
        })
        .collect();
    all.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.edge.cmp(&b.edge)));
    let mut told = BTreeSet::new();
    all.retain(|full| {
        network.edges.get(full.edge as usize).is_some_and(|edge| told.insert(edge.road))
    });
    all.truncate(MOST_FULL);
    all
}

#[cfg(test)]
mod tests;
