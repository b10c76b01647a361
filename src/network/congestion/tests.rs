//! Equilibria of two ways against the even point found by bisection.

use super::*;
use crate::network::compare::prepare;
use crate::network::evaluate::Behaviour;
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

fn orders(town: &Town, prepared: &Prepared) -> Vec<TrafficOrder> {
    let world = town.world();
    let records = world.table(crate::domain::Kind::Restriction).iter();
    records.map(|record| TrafficOrder::of(record, &prepared.finder())).collect()
}

/// Nobody else on the road.
const ALONE: Assumptions = Assumptions {
    silt_g_m2: 1.0,
    cars_per_truck: 0.0,
    car_mass_t: 1.5,
    turn_costs: TurnCosts { left_s: 0.0, right_s: 0.0, u_turn_s: 0.0 },
    behaviour: Behaviour { not_complying: 0.0, shifting: 0.0 },
    is_winter: false,
    idle_min: 0.0,
};

fn load(town: &Town, capacity: &dyn Fn(&Network, &Edge) -> f64) -> LoadedNetwork {
    load_with(town, capacity, ALONE)
}

fn load_with(
    town: &Town,
    capacity: &dyn Fn(&Network, &Edge) -> f64,
    assumed: Assumptions,
) -> LoadedNetwork {
    let prepared = prepare(&town.world(), &|_, _| true).unwrap();
    let orders = orders(town, &prepared);
    let orders: Vec<&TrafficOrder> = orders.iter().collect();
    let at = moment("2026-11-23T10:00:00");
    let links = links(&prepared, &cars(&prepared, &orders, at, assumed), capacity);
    let case = LoadCase { orders: &orders, at, plan: "", permit: None };
    loaded(&prepared, &links, &case, assumed.turn_costs, &|_| true).unwrap()
}

/// Passenger cars a day on the short and the long way.
fn volumes(town: &Town, capacity: &dyn Fn(&Network, &Edge) -> f64) -> (LoadedNetwork, [f64; 2]) {
    let loaded = load(town, capacity);
    let network = town.network();
    let of = |wanted: u32| {
        let full = loaded.fullest.iter().find(|full| full.edge == wanted);
        full.map_or(0.0, |full| full.share * capacity(&network, &network.edges[wanted as usize]))
    };
    let both = [of(0), of(1)];
    (loaded, both)
}

/// x on the short and y on the long way: 10(1 + 0.15(x/1000)⁴) = 15(1 + 0.15(y/2000)⁴) for
/// x + y = 3000 gives 1408.42 and 1591.58, 15.902 minutes each.
#[test]
fn two_ways_share_a_flow_until_both_take_as_long() {
    let mut town = town();
    town.flow("W", "E", "1800", &[("class", "light")]);
    town.flow("W", "E", "480", &[("class", "heavy"), ("axles", "4")]);
    let given = |_: &Network, edge: &Edge| if edge.road == 0 { 1000.0 } else { 2000.0 };
    let (loaded, [short, long]) = volumes(&town, &given);
    assert!(loaded.gap <= GAP);
    assert!((short - 1408.42).abs() < 3.0 && (long - 1591.58).abs() < 3.0, "{short} {long}");
    let minutes = Link { free_time: 10.0, capacity: 1000.0, preload: 0.0 }.time(short);
    assert!((minutes - 15.902).abs() < 0.05, "{minutes}");
}

#[test]
fn hours_in_balance_are_those_of_all_trucks_at_the_time_that_both_ways_take() {
    let mut town = town();
    town.flow("W", "E", "3000", &[("class", "light")]);
    let given = |_: &Network, edge: &Edge| if edge.road == 0 { 1000.0 } else { 2000.0 };
    let loaded = load(&town, &given);
    assert!((loaded.hours - 47_707.03 / 60.0).abs() < 1.5, "{}", loaded.hours);
    // All on the short way: 10(1 + 0.15·3⁴) minutes each.
    let all = 3000.0 * 10.0 * (1.0 + 0.15 * 81.0) / 60.0;
    assert!((loaded.hours_all_or_nothing - all).abs() < 5.0, "{}", loaded.hours_all_or_nothing);
    assert!((loaded.fullest[0].share - 1.408).abs() < 0.005);
}

/// Where two delays are equal, by halves: of 3000 vehicles those on the short way.
fn even(short_min: &dyn Fn(f64) -> f64, long_min: &dyn Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 3000.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        let is_full = short_min(middle) > long_min(3000.0 - middle);
        if is_full { high = middle } else { low = middle }
    }
    low
}

const GIVEN: &dyn Fn(&Network, &Edge) -> f64 =
    &|_, edge| if edge.road == 0 { 1000.0 } else { 2000.0 };

fn delay(free: f64, share: f64) -> f64 {
    free * (1.0 + 0.15 * share.powi(4))
}

#[test]
fn the_cars_beside_the_trucks_of_today_slow_their_road_down_and_do_not_make_way() {
    let mut town = town();
    town.flow("W", "E", "3000", &[("class", "light")]);
    // A fifth of a car to each truck: 600 on the short way, where all drive on empty roads.
    let loaded = load_with(&town, GIVEN, Assumptions { cars_per_truck: 0.2, ..ALONE });
    let short = even(&|x| delay(10.0, (x + 600.0) / 1000.0), &|y| delay(15.0, y / 2000.0));
    let full = |edge: u32| *loaded.fullest.iter().find(|full| full.edge == edge).unwrap();
    assert!((full(0).share - (short + 600.0) / 1000.0).abs() < 0.005, "{loaded:?} {short}");
    assert!((full(0).trucks - short).abs() < 4.0 && (full(1).trucks - 3000.0 + short) < 4.0);
    // Time is that of the trucks: the cars' own is not in it.
    let hours = 3000.0 * delay(15.0, (3000.0 - short) / 2000.0) / 60.0;
    assert!((loaded.hours - hours).abs() < 0.005 * hours, "{} {hours}", loaded.hours);
}

#[test]
fn waits_at_turns_weigh_against_the_way_that_has_them() {
    let mut town = town();
    // Streets that make the ends of both ways junctions: the long way turns left at either.
    town.road("in", &[(-500.0, 0.0), (0.0, 0.0)], &[]);
    town.road("out", &[(5000.0, 0.0), (5500.0, 0.0)], &[]);
    town.gate("W2", (-500.0, 0.0));
    town.gate("E2", (5500.0, 0.0));
    town.flow("W2", "E2", "3000", &[("class", "light")]);
    let turn_costs = "left=60".parse().unwrap();
    let given = |network: &Network, edge: &Edge| match edge.road {
        road @ 0..2 => GIVEN(network, &Edge { road, ..*edge }),
        _ => f64::INFINITY,
    };
    let loaded = load_with(&town, &given, Assumptions { turn_costs, ..ALONE });
    let long_min = |y: f64| delay(15.0, y / 2000.0) + 2.0;
    let short = even(&|x| delay(10.0, x / 1000.0), &long_min);
    let full = loaded.fullest.iter().find(|full| full.edge == 0).unwrap();
    assert!((full.trucks - short).abs() < 4.0, "{} {short}", full.trucks);
    // Two minutes on the streets besides.
    let hours = 3000.0 * (long_min(3000.0 - short) + 2.0) / 60.0;
    assert!((loaded.hours - hours).abs() < 0.005 * hours, "{} {hours}", loaded.hours);
}

#[test]
fn where_lanes_are_unknown_a_road_has_those_of_its_class_and_that_is_told() {
    let mut town = town();
    town.records[0].set("lanes", None);
    town.flow("W", "E", "900", &[]);
    let loaded = load(&town, &capacity_pcu_day);
    // A tertiary road of 30 km/h has a lane each way: 1300 an hour, ten hours' worth a day.
    assert!((loaded.fullest[0].share - 2250.0 / 13_000.0).abs() < 1e-3, "{loaded:?}");
}

#[test]
fn what_an_order_closes_carries_nothing_and_both_sides_are_told() {
    let mut town = town();
    let field = crate::domain::Kind::Road.field("lanes").unwrap();
    town.records[1].set("lanes", crate::domain::Value::parse(field, "2").unwrap());
    town.records[0].set("lanes", None);
    town.flow("W", "E", "900", &[]);
    town.order("no_entry", line(&[(0.0, 0.0), (5000.0, 0.0)]), &[]);
    let prepared = prepare(&town.world(), &|_, _| true).unwrap();
    let ban = orders(&town, &prepared);
    let ban: Vec<&TrafficOrder> = ban.iter().collect();
    let at = moment("2026-11-23T10:00:00");
    let found = congestion(&prepared, (&[], &ban), (at, "P"), ALONE, &|_| true).unwrap();
    // 5 km of 12.5 km have no lanes.
    assert!((found.share_with_lanes - 0.6).abs() < 1e-3);
    assert_eq!((found.before.fullest[0].edge, found.after.fullest[0].edge), (0, 1));
    // 900 trucks of 2.5 cars each on a lane of 1300 an hour.
    assert!((found.after.fullest[0].share - 2250.0 / 13_000.0).abs() < 1e-9);
    assert!((found.after.fullest[0].trucks - 900.0).abs() < 1e-9);
    assert!(found.after.hours > found.before.hours);
    assert_eq!((found.most, found.after.cut_off), (None, 0.0), "nobody is cut off");
    assert_eq!(congestion(&prepared, (&[], &ban), (at, "P"), ALONE, &|_| false), None);
}

#[test]
fn who_is_cut_off_counts_not_at_all_or_by_the_roads_of_today() {
    let mut town = town();
    town.flow("W", "E", "900", &[]);
    for places in [[(0.0, 0.0), (5000.0, 0.0)], [(0.0, 1250.0), (5000.0, 1250.0)]] {
        town.order("no_entry", line(&places), &[]);
    }
    let prepared = prepare(&town.world(), &|_, _| true).unwrap();
    let ban = orders(&town, &prepared);
    let ban: Vec<&TrafficOrder> = ban.iter().collect();
    let at = moment("2026-11-23T10:00:00");
    let found = congestion(&prepared, (&[], &ban), (at, "P"), ALONE, &|_| true).unwrap();
    let is_cut = found.after.cut_off > 0.0;
    assert!(is_cut, "both ways are closed: {found:?}");
    let most = found.most.unwrap();
    assert!(found.after.hours.abs() < 1e-9 && (found.after.cut_off - 900.0).abs() < 1e-9);
    assert!((most.hours - found.before.hours).abs() < 1e-6 * most.hours);
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
    assert_eq!(found, [3500.0, 5600.0, 1100.0, 1300.0]);
}
