//! Flows in balance where roads slow down with their load, on the network of a district.
//!
//! A road whose lanes are known has the design capacity of a lane in CJJ 37-2012
//! (《城市道路工程设计规范》), expressways and other roads by design speed, for which the speed of the road
//! stands here. Trucks count as passenger cars by its factors: small ones 1.0, large ones 2.5, road
//! trains 3.0. The figures were written down from memory and want checking against the printed
//! code. Where no lanes are known nothing is known, and the road never slows down. The cars that
//! drive there too are not counted, nor are waits at turns.

use jiff::civil::DateTime;

use super::equilibrium::{Balance, Link, balance};
use super::evaluate::Prepared;
use super::graph::{Edge, Network, Road};
use super::orders::Order;
use super::route::{Costs, Search};
use super::truck::{Class, Truck};

/// The share of a day that its busiest hour has: assumed; 0.08 to 0.12 are usual in towns.
pub const PEAK_SHARE: f64 = 0.1;
/// (Σt·v − Σt·v of all on their best way)/Σt·v at which the search stops.
pub const GAP: f64 = 1e-3;

/// From a design speed, km/h, passenger cars an hour on one lane.
const EXPRESSWAY: [(f64, f64); 3] = [(100.0, 2000.0), (80.0, 1750.0), (0.0, 1400.0)];
const STREET: [(f64, f64); 5] =
    [(60.0, 1400.0), (50.0, 1350.0), (40.0, 1300.0), (30.0, 1300.0), (0.0, 1100.0)];

/// Passenger cars an hour in one direction; infinite where lanes are not known. Lanes are those of
/// both directions, but of a one-way all its own.
pub fn capacity_pcu_h(road: &Road) -> f64 {
    if road.lanes == 0 {
        return f64::INFINITY;
    }
    let is_expressway = matches!(road.class, "motorway" | "trunk");
    let table: &[(f64, f64)] = if is_expressway { &EXPRESSWAY } else { &STREET };
    let row = table.iter().find(|(from_kmh, _)| road.speed_kmh >= *from_kmh);
    let lane = row.map_or(1100.0, |(_, capacity)| *capacity);
    let is_one_way = road.is_open != [true, true];
    let lanes = f64::from(road.lanes) * if is_one_way { 1.0 } else { 0.5 };
    lane * lanes.max(1.0)
}

/// Passenger cars that a truck stands for.
pub fn pcu(truck: &Truck) -> f64 {
    match truck.class {
        Class::Micro | Class::Light => 1.0,
        Class::Medium | Class::Heavy if truck.axles < 5 => 2.5,
        Class::Medium | Class::Heavy => 3.0,
    }
}

/// What a road takes in a day, passenger cars in one direction, when its busiest hour is full.
pub fn capacity_pcu_day(network: &Network, edge: &Edge) -> f64 {
    network.road_of(edge).map_or(f64::INFINITY, capacity_pcu_h) / PEAK_SHARE
}

/// Volumes by arc in passenger cars a day, balanced until the gap is [`GAP`] or less.
/// `capacity` is that of an edge in one direction, in passenger cars a day.
pub fn balanced(
    prepared: &Prepared,
    orders: &[&Order],
    at: DateTime,
    capacity: &dyn Fn(&Network, &Edge) -> f64,
) -> Balance {
    let network = &prepared.network;
    let link = |edge: &Edge| Link {
        free_time: f64::from(edge.time_ms),
        capacity: capacity(network, edge),
    };
    let links: Vec<Link> = network.edges.iter().flat_map(|edge| [link(edge); 2]).collect();
    let kinds = prepared.kinds(orders, at);
    let mut search = Search::default();
    let mut load = |times: &[f64]| -> Vec<f64> {
        // A road that is so full that it takes weeks takes weeks.
        let times_ms: Vec<u32> =
            times.iter().map(|time_ms| time_ms.round().clamp(0.0, 4e9) as u32).collect();
        let mut volumes = vec![0.0; links.len()];
        for (number, flow) in prepared.flows.iter().enumerate() {
            let Some(closed) = kinds.of(number) else { continue };
            let costs = Costs { times_ms: &times_ms, closed };
            let way = prepared.way(flow, costs, &mut search);
            for arc in way.iter().flat_map(|way| &way.arcs) {
                if let Some(volume) = volumes.get_mut(arc.at()) {
                    *volume += flow.per_day * pcu(&flow.truck);
                }
            }
        }
        volumes
    };
    balance(&links, GAP, &mut load)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::compare::prepare;
    use crate::network::testing::{Town, line, moment};

    /// Two ways from W to E, of 10 and 15 minutes when empty.
    fn town() -> Town {
        let mut town = Town::new();
        town.road("short", &[(0.0, 0.0), (5000.0, 0.0)], &[("lanes", "2")]);
        let long = [(0.0, 0.0), (0.0, 1250.0), (5000.0, 1250.0), (5000.0, 0.0)];
        town.road("long", &long, &[]);
        town.gate("W", (0.0, 0.0));
        town.gate("E", (5000.0, 0.0));
        town
    }

    fn volumes(town: &Town, capacity: &dyn Fn(&Network, &Edge) -> f64) -> (Balance, [f64; 2]) {
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let orders: Vec<Order> = (world.table(crate::domain::Kind::Restriction).iter())
            .map(|record| Order::of(record, &prepared.finder()))
            .collect();
        let orders: Vec<&Order> = orders.iter().collect();
        let balance = balanced(&prepared, &orders, moment("2026-11-23T10:00:00"), capacity);
        let of = |edge: usize| balance.volumes[2 * edge] + balance.volumes[2 * edge + 1];
        let both = [of(0), of(1)];
        (balance, both)
    }

    /// x on the short and y on the long way: 10(1 + 0.15(x/1000)⁴) = 15(1 + 0.15(y/2000)⁴) for
    /// x + y = 3000 gives 1408.42 and 1591.58, 15.902 minutes each.
    #[test]
    fn two_ways_share_a_flow_until_both_take_as_long() {
        let mut town = town();
        town.flow("W", "E", "1800", &[("class", "light")]);
        town.flow("W", "E", "480", &[("class", "heavy"), ("axles", "4")]);
        let given = |_: &Network, edge: &Edge| if edge.road == 0 { 1000.0 } else { 2000.0 };
        let (balance, [short, long]) = volumes(&town, &given);
        assert!(balance.gap <= GAP);
        assert!((short - 1408.42).abs() < 3.0 && (long - 1591.58).abs() < 3.0, "{short} {long}");
        let minutes = Link { free_time: 10.0, capacity: 1000.0 }.time(short);
        assert!((minutes - 15.902).abs() < 0.05, "{minutes}");
    }

    #[test]
    fn where_lanes_are_unknown_all_take_the_shortest_way() {
        let mut town = town();
        town.records[0].set("lanes", None);
        town.flow("W", "E", "90000", &[]);
        let (balance, [short, long]) = volumes(&town, &capacity_pcu_day);
        assert_eq!((balance.gap, long), (0.0, 0.0));
        assert!((short - 90_000.0 * 2.5).abs() < 1e-6);
    }

    #[test]
    fn what_an_order_closes_carries_nothing() {
        let mut town = town();
        town.flow("W", "E", "900", &[]);
        town.order("no_entry", line(&[(0.0, 0.0), (5000.0, 0.0)]), &[]);
        let (_, [short, long]) = volumes(&town, &capacity_pcu_day);
        assert_eq!((short, long), (0.0, 2250.0));
    }

    #[test]
    fn a_lane_takes_what_the_code_says_by_class_and_speed() {
        let mut town = Town::new();
        for (code, class, speed, lanes, oneway) in [
            ("A", "trunk", "80", "4", "no"),
            ("B", "primary", "60", "4", "forward"),
            ("C", "tertiary", "20", "1", "no"),
            ("D", "tertiary", "30", "", "no"),
        ] {
            let fields =
                [("class", class), ("maxspeed_kmh", speed), ("lanes", lanes), ("oneway", oneway)];
            town.road(code, &[(0.0, 0.0), (90.0, 0.0)], &fields);
        }
        let found: Vec<f64> = town.network().roads.iter().map(capacity_pcu_h).collect();
        assert_eq!(found, [3500.0, 5600.0, 1100.0, f64::INFINITY]);
    }
}
