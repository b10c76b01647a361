//! Flows estimated from counts at a crossroads, where the answer is known.

use super::*;
use crate::network::testing::{Town, line, moment};

/// Gates W, N, E, S at the ends of a crossroads of 1 km arms.
fn cross() -> Town {
    let mut town = Town::new();
    for (code, end) in
        [("W", (-1000.0, 0.0)), ("N", (0.0, 1000.0)), ("E", (1000.0, 0.0)), ("S", (0.0, -1000.0))]
    {
        town.road(&format!("road {code}"), &[end, (0.0, 0.0)], &[]);
        town.gate(code, end);
    }
    town
}

fn congestion(town: &mut Town, name: &str, places: &[(f64, f64)], per_hour: &str) {
    let fields = [("name", name), ("hours", "07:00-17:00"), ("trucks_per_hour", per_hour)];
    town.add(Kind::Congestion, Geometry::from(line(places)), &fields);
}

fn estimated(town: &Town) -> OdEstimate {
    let world = town.world();
    let (counts, unused) = counts_of_congestion(&world);
    assert!(unused.is_empty());
    estimated_with(&world, counts, Assumptions::default())
}

fn estimated_with(world: &World, counts: Vec<TrafficCount>, assumed: Assumptions) -> OdEstimate {
    estimate(world, counts, moment("2026-11-23T10:00:00"), assumed)
}

/// Twelve pairs of gates; over the west arm go six of them. Ten hours of 60 are 600 trucks a
/// day; of 30, 300. With equal shares the arms W and E are met by x(WE) = x(EW) = a and the rest
/// in proportion.
#[test]
fn flows_over_counted_arms_add_up_to_the_counts() {
    let mut town = cross();
    congestion(&mut town, "西臂", &[(-800.0, 0.0), (-300.0, 0.0)], "60");
    congestion(&mut town, "东臂", &[(300.0, 0.0), (800.0, 0.0)], "30");
    let estimate = estimated(&town);
    let fits: Vec<(f64, f64)> =
        estimate.fits.iter().map(|fit| (fit.count.per_day, fit.estimated)).collect();
    assert!(fits.iter().all(|(count, met)| (count - met).abs() < 0.5), "{fits:?}");
    assert!((fits[0].0 - 600.0).abs() < 1e-9 && (fits[1].0 - 300.0).abs() < 1e-9);
    // N and S have no counted arm between them: nothing is known of these two.
    assert_eq!(estimate.flows.len(), 10);
}

/// Two ways from W to E: the short one turns left at junctions, the long one goes straight on.
#[test]
fn a_count_belongs_to_the_flows_that_pass_it_when_turns_cost_what_they_do() {
    let mut town = Town::new();
    town.road("west", &[(-500.0, 0.0), (0.0, 0.0)], &[]);
    town.road("long", &[(0.0, 0.0), (500.0, 0.0), (500.0, 500.0)], &[]);
    town.road("north", &[(0.0, 0.0), (0.0, 500.0)], &[]);
    town.road("short", &[(0.0, 500.0), (500.0, 500.0)], &[("maxspeed_kmh", "40")]);
    town.road("east", &[(500.0, 500.0), (1000.0, 500.0)], &[]);
    town.gate("W", (-500.0, 0.0));
    town.gate("E", (1000.0, 500.0));
    town.flow("W", "E", "100", &[("source", "假设")]);
    congestion(&mut town, "短路", &[(100.0, 500.0), (400.0, 500.0)], "20");
    let world = town.world();
    let counts = counts_of_congestion(&world).0;
    let free = estimated_with(&world, counts.clone(), Assumptions::default());
    assert!((free.flows[0].after - 200.0).abs() < 1e-9, "{free:?}");
    let turn_costs = "left=60".parse().unwrap();
    let assumed = Assumptions { turn_costs, ..Assumptions::default() };
    let with_waits = estimated_with(&world, counts, assumed);
    assert!(with_waits.flows.is_empty() && with_waits.unused[0].1 == NO_FLOW);
}

#[test]
fn one_count_is_shared_equally_by_the_pairs_that_pass_it() {
    let mut town = cross();
    congestion(&mut town, "西臂", &[(-800.0, 0.0), (-300.0, 0.0)], "60");
    let estimate = estimated(&town);
    assert_eq!(estimate.flows.len(), 6);
    assert!(estimate.flows.iter().all(|flow| (flow.after - 100.0).abs() < 1e-9));
}

#[test]
fn what_is_assumed_is_scaled_and_what_was_measured_is_not() {
    let mut town = cross();
    town.flow("W", "E", "100", &[("source", "假设")]);
    town.flow("W", "N", "300", &[("source", "假设")]);
    town.flow("E", "W", "200", &[("source", "实测")]);
    congestion(&mut town, "西臂", &[(-800.0, 0.0), (-300.0, 0.0)], "100");
    let estimate = estimated(&town);
    let after: Vec<f64> = estimate.flows.iter().map(|flow| flow.after).collect();
    assert_eq!(after, [200.0, 600.0]);
    assert!((estimate.fits[0].fixed - 200.0).abs() < 1e-9);
    let mut world = town.world();
    let stamp = Stamp { actor: "王工".into(), at: jiff::Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(stamp.at, 1 << 60);
    let changes = estimate.changes(&world, &stamp, &mut ids);
    world.apply(&crate::domain::Edit::of(changes)).unwrap();
    let flows: Vec<&Arc<Record>> = world.table(Kind::Flow).iter().collect();
    assert_eq!(flows.len(), 3);
    assert!(flows[0].extra.as_ref().unwrap()["来源"].as_str().unwrap().contains("西臂"));
}

/// The same flows pass both: the least divergence from 600 and 200 is √(600 · 200).
#[test]
fn counts_that_contradict_each_other_are_met_half_way_and_leave_a_residual() {
    let mut town = cross();
    congestion(&mut town, "西臂外", &[(-900.0, 0.0), (-600.0, 0.0)], "60");
    congestion(&mut town, "西臂内", &[(-500.0, 0.0), (-200.0, 0.0)], "20");
    let estimate = estimated(&town);
    assert!(estimate.rounds < 100);
    for fit in &estimate.fits {
        assert!((fit.estimated - 346.41).abs() < 0.5, "{fit:?}");
    }
}

#[test]
fn a_gate_counts_what_begins_or_ends_there_and_an_unknown_name_is_said() {
    let town = cross();
    let world = town.world();
    let told = [("W".to_owned(), 600.0), ("Z".to_owned(), 5.0)];
    let (counts, unused) = counts_by_name(&world, &told);
    assert_eq!(unused[0].0, "Z");
    let estimate = estimated_with(&world, counts, Assumptions::default());
    assert!(estimate.flows.iter().all(|flow| (flow.after - 100.0).abs() < 1e-9));
}
