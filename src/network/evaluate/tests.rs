//! What a plan does, on towns small enough to work out by hand, among them the worked example of
//! the method. What the planner remembers is held against one that remembers nothing.

use geo_types::{Geometry, Point};

use super::*;
use crate::domain::Kind;
use crate::network::compare::{Comparison, Planner, Unready, prepare};
use crate::network::lint::LintRule;
use crate::network::testing::{Dice, Town, area, at, line, moment};

/// A street of 4 km from west to east with a control point 50 m beside its middle, and a way
/// round by the north that is 2 · 2 km longer and keeps 2 km away from the point.
///
/// ```text
///     +------------------+  2000 m
///     |                  |
///  W -+--------·---------+- E
///   -2000     K=0       2000
/// ```
fn town() -> Town {
    let mut town = Town::new();
    town.road("street", &[(-2000.0, 0.0), (2000.0, 0.0)], &[]);
    let round = [(-2000.0, 0.0), (-2000.0, 2000.0), (2000.0, 2000.0), (2000.0, 0.0)];
    town.road("round", &round, &[]);
    town.gate("W", (-2000.0, 0.0));
    town.gate("E", (2000.0, 0.0));
    let place = Geometry::from(Point(at(0.0, 50.0)));
    town.add(Kind::ControlPoint, place, &[("code", "K"), ("name", "K"), ("radii_m", "500;1000")]);
    town.flow("W", "E", "100", &[("class", "heavy"), ("stage", "国五")]);
    town.flow("E", "W", "50", &[("class", "light"), ("stage", "国三")]);
    town
}

fn middle() -> geo_types::LineString<f64> {
    line(&[(-300.0, 0.0), (300.0, 0.0)])
}

fn planned(town: &Town) -> (Prepared, Comparison) {
    let world = town.world();
    let prepared = prepare(&world, &|_, _| true).unwrap();
    let at = moment("2026-11-23T10:00:00");
    let comparison = Planner::default().compare(&prepared, &world, "P", at, Assumptions::default());
    (prepared, comparison)
}

fn near(a: f64, b: f64, by: f64) {
    assert!((a - b).abs() <= by, "{a} is not {b}");
}

/// Without those of cameras, of which there are none here.
fn rules(comparison: &Comparison) -> Vec<LintRule> {
    let rules = comparison.findings.iter().map(|finding| finding.rule);
    rules.filter(|rule| !matches!(rule, LintRule::NoCamera | LintRule::NextCamera)).collect()
}

const EXEMPT: (&str, &str) = ("exemptions", "应急;绿色通道");

#[test]
fn a_ban_in_the_ring_moves_its_truck_kilometres_round() {
    let mut town = town();
    let more = [("plan", "P"), ("state", "草案"), ("classes", "heavy"), EXEMPT];
    town.order("no_entry", middle(), &more);
    let (prepared, comparison) = planned(&town);
    assert_eq!(rules(&comparison), []);
    let Comparison { before, after, .. } = comparison;
    // The chord of a circle whose centre lies 50 m beside it: 2·√(r² − 50²).
    let chords_km = [2.0 * (0.25_f64 - 0.0025).sqrt(), 2.0 * (1.0_f64 - 0.0025).sqrt()];
    for ((before, after), chord_km) in before.rings.iter().zip(&after.rings).zip(chords_km) {
        near(before.truck_km, 150.0 * chord_km, 0.05);
        near(after.truck_km, 50.0 * chord_km, 0.02);
        near(before.trucks, 150.0, 1e-9);
        near(after.trucks, 50.0, 1e-9);
        // At 30 km/h the base factors hold: 4.721 and 0.027 g/km heavy 国五, 3.765 and 0.130 light 国三.
        near(before.nox_g, chord_km * (100.0 * 4.721 + 50.0 * 3.765), 0.3);
        near(before.pm25_g, chord_km * (100.0 * 0.027 + 50.0 * 0.130), 0.01);
        near(after.nox_g, chord_km * 50.0 * 3.765, 0.1);
        // Cars at 20 to 3 of trucks, 1.5 t; trucks 20 t and 3.5 t; 1 g/m² of silt.
        let mean_t = (100.0 * 20.0 + 50.0 * 3.5 + 1000.0 * 1.5) / 1150.0;
        near(before.dust_pm10_g, chord_km * 1150.0 * 0.62 * f64::powf(mean_t, 1.02), 2.0);
        // The cars of today stay when trucks leave.
        let mean_t = (50.0 * 3.5 + 1000.0 * 1.5) / 1050.0;
        near(after.dust_pm10_g, chord_km * 1050.0 * 0.62 * f64::powf(mean_t, 1.02), 2.0);
        near(after.dust_pm25_g, after.dust_pm10_g * 0.15 / 0.62, 1e-6);
    }
    near(before.all.truck_km, 150.0 * 4.0, 0.1);
    near(after.all.truck_km, 100.0 * 8.0 + 50.0 * 4.0, 0.2);
    let kilometres = |trip: &Trip| trip.length_m / 1000.0;
    near(kilometres(&before.trips[0]), 4.0, 1e-3);
    near(kilometres(&after.trips[0]), 8.0, 2e-3);
    // 8 km at 30 km/h.
    near(f64::from(after.trips[0].route.as_ref().unwrap().time_ms) / 60_000.0, 16.0, 5e-3);
    assert_eq!((&*before.trips[0].rings, &*after.trips[0].rings), (&[0, 1][..], &[][..]));
    assert_eq!(before.trips[1], after.trips[1]);
    for (volumes, expected) in [(&before.volumes, [150.0, 0.0]), (&after.volumes, [50.0, 100.0])] {
        volumes.iter().zip(expected).for_each(|(found, expected)| near(*found, expected, 1e-9));
    }
    assert_eq!(prepared.rings.len(), 2);
}

#[test]
fn a_detour_into_another_ring_is_told() {
    let mut town = town();
    let north = Geometry::from(Point(at(0.0, 2100.0)));
    town.add(Kind::ControlPoint, north, &[("code", "N"), ("name", "北"), ("radii_m", "500")]);
    let stopped = Geometry::from(Point(at(0.0, 1900.0)));
    town.add(Kind::ControlPoint, stopped, &[("code", "X"), ("state", "停运")]);
    town.order("no_entry", middle(), &[("plan", "P"), EXEMPT]);
    let (prepared, comparison) = planned(&town);
    assert_eq!(prepared.rings.len(), 3);
    assert_eq!(rules(&comparison), [LintRule::OtherRing, LintRule::OtherRing]);
    near(comparison.after.rings[2].trucks, 150.0, 1e-9);
}

#[test]
fn whoever_is_cut_off_is_told() {
    let mut town = town();
    town.order(
        "no_entry",
        area(&[(-2500.0, -100.0), (2500.0, -100.0), (2500.0, 2500.0), (-2500.0, 2500.0)]),
        &[("plan", "P"), EXEMPT],
    );
    let (_, comparison) = planned(&town);
    assert_eq!(rules(&comparison), [LintRule::Unreachable, LintRule::Unreachable]);
    assert!(comparison.after.trips.iter().all(|trip| trip.route.is_none()));
    near(comparison.after.all.truck_km, 0.0, 0.0);
    // What is left are the cars, 20 to 3 of the trucks of today, on 4 km.
    let cars_km = 1000.0 * 4.0;
    near(comparison.after.all.dust_pm10_g, cars_km * 0.62 * f64::powf(1.5, 1.02), 2.0);
}

#[test]
fn outside_its_hours_a_plan_changes_nothing() {
    let mut town = town();
    town.order("no_entry", middle(), &[("plan", "P"), ("hours", "07:00-19:00"), EXEMPT]);
    let world = town.world();
    let prepared = prepare(&world, &|_, _| true).unwrap();
    let mut planner = Planner::default();
    for (time, has_changed) in [("06:55", false), ("07:05", true), ("06:55", false)] {
        let at = moment(&format!("2026-11-23T{time}:00"));
        let Comparison { before, after, .. } =
            planner.compare(&prepared, &world, "P", at, Assumptions::default());
        assert_eq!(before.trips != after.trips, has_changed, "{time}");
    }
}

#[test]
fn limits_of_a_road_hold_today_already() {
    let mut town = town();
    let field = Kind::Road.field("max_mass_t").unwrap();
    let limit = crate::domain::Value::parse(field, "20").unwrap();
    town.records[0].set("max_mass_t", limit);
    let (_, Comparison { before, .. }) = planned(&town);
    near(before.trips[0].length_m, 8000.0, 2.0);
    near(before.trips[1].length_m, 4000.0, 1.0);
}

#[test]
fn flows_to_nowhere_and_gates_far_from_roads_are_told() {
    let mut town = town();
    town.gate("far", (0.0, -900.0));
    town.flow("W", "nobody", "10", &[]);
    town.flow("far", "E", "10", &[]);
    town.flow("W", "W", "10", &[]);
    town.order("no_entry", middle(), &[("plan", "P"), EXEMPT]);
    let (_, comparison) = planned(&town);
    assert_eq!(rules(&comparison), [LintRule::FlowNowhere, LintRule::FlowNowhere]);
    // From a gate to itself nobody drives.
    near(comparison.before.trips[4].length_m, 0.0, 0.0);
}

#[test]
fn a_network_in_two_parts_has_no_way_between_them() {
    let mut town = town();
    town.road("island", &[(0.0, -3000.0), (900.0, -3000.0)], &[]);
    town.gate("I", (0.0, -3000.0));
    town.flow("W", "I", "10", &[]);
    let (prepared, comparison) = planned(&town);
    assert!(comparison.before.trips[2].route.is_none());
    assert!(prepared.gates[2].node.is_some());
}

#[test]
fn orders_that_cannot_work_are_told() {
    let mut town = town();
    let past = [("plan", "P"), ("valid_from", "2026-03-01"), ("valid_to", "2026-02-01"), EXEMPT];
    town.order("no_entry", middle(), &past);
    town.order("no_entry", line(&[(0.0, 800.0), (90.0, 800.0)]), &[("plan", "P"), EXEMPT]);
    town.order(
        "limited",
        line(&[(-2000.0, 500.0), (-2000.0, 900.0)]),
        &[("plan", "P"), ("hours", "2020 Jan 01-2020 Feb 01 07:00-19:00"), EXEMPT],
    );
    town.order(
        "no_entry",
        line(&[(2000.0, 500.0), (2000.0, 900.0)]),
        &[("plan", "P"), ("hours", "早")],
    );
    let (_, comparison) = planned(&town);
    // What never holds overlaps with nothing either.
    let expected =
        [LintRule::OffRoad, LintRule::Hours, LintRule::Hours, LintRule::Dates, LintRule::Exemption];
    assert_eq!(rules(&comparison), expected);
}

#[test]
fn what_is_revoked_or_a_sketch_of_another_plan_does_nothing() {
    let mut town = town();
    town.order("no_entry", middle(), &[("plan", "P"), ("state", "废止")]);
    town.order("no_entry", middle(), &[("plan", "Q"), ("state", "草案")]);
    town.order("no_entry", middle(), &[("state", "废止")]);
    let (_, comparison) = planned(&town);
    near(comparison.after.trips[0].length_m, 4000.0, 1.0);
    town.order("no_entry", middle(), &[("state", "生效")]);
    let (_, comparison) = planned(&town);
    near(comparison.before.trips[0].length_m, 8000.0, 2.0);
}

#[test]
fn without_roads_or_flows_there_is_nothing_to_compare() {
    let world = |town: Town| prepare(&town.world(), &|_, _| true).err();
    assert_eq!(world(Town::new()), Some(Unready::NoRoads));
    let mut roads = Town::new();
    roads.road("A", &[(0.0, 0.0), (90.0, 0.0)], &[]);
    assert_eq!(world(roads), Some(Unready::NoFlows));
    assert_eq!(prepare(&town().world(), &|_, _| false).err(), Some(Unready::Stopped));
}

/// Nine streets by nine, flows between their ends by chance.
fn raster(dice: &mut Dice) -> Town {
    let mut town = Town::new();
    for k in 0..9 {
        let off = 200.0 * f64::from(k);
        town.road(&format!("E{k}"), &[(0.0, off), (1600.0, off)], &[]);
        town.road(&format!("N{k}"), &[(off, 0.0), (off, 1600.0)], &[]);
        town.gate(&format!("W{k}"), (0.0, off));
        town.gate(&format!("S{k}"), (off, 0.0));
    }
    for _ in 0..20 {
        let (from, to) = (format!("W{}", dice.roll(9)), format!("S{}", dice.roll(9)));
        let class = ["light", "heavy"][dice.roll(2) as usize];
        town.flow(&from, &to, "10", &[("class", class)]);
    }
    town
}

fn street(dice: &mut Dice) -> geo_types::LineString<f64> {
    let mut off = || 200.0 * dice.roll(9) as f64;
    let (across, from, to) = (off(), off(), off() + 200.0);
    line(&[(from, across), (to, across)])
}

#[test]
fn a_planner_that_remembers_says_what_one_says_that_does_not() {
    let mut dice = Dice(4);
    let mut town = raster(&mut dice);
    town.order("no_entry", street(&mut dice), &[("state", "生效"), ("classes", "heavy")]);
    let at = moment("2026-11-23T10:00:00");
    let prepared = prepare(&town.world(), &|_, _| true).unwrap();
    let mut planner = Planner::default();
    for _ in 0..30 {
        town.order("no_entry", street(&mut dice), &[("plan", "P"), ("state", "草案")]);
        let world = town.world();
        let kept = planner.compare(&prepared, &world, "P", at, Assumptions::default());
        let fresh = Planner::default().compare(&prepared, &world, "P", at, Assumptions::default());
        assert_eq!(kept.after, fresh.after);
        assert_eq!((kept.before, kept.findings), (fresh.before, fresh.findings));
        // Ways of the same time may differ where nobody asked what was before; times may not.
        let orders: Vec<&TrafficOrder> = fresh.planned.iter().map(|order| &**order).collect();
        let finder = prepared.finder();
        let in_force = world.table(Kind::Restriction).iter().next().unwrap();
        let in_force = TrafficOrder::of(in_force, &finder);
        let all: Vec<&TrafficOrder> = std::iter::once(&in_force).chain(orders).collect();
        let whole = prepared.run(&all, at, Assumptions::default());
        let times = |outcome: &Evaluation| -> Vec<Option<u32>> {
            outcome.trips.iter().map(|trip| trip.route.as_ref().map(|way| way.time_ms)).collect()
        };
        assert_eq!(times(&whole), times(&kept.after));
        if town.records.len() > 66 {
            town.records.pop();
        }
    }
}

/// The worked example of the method through the whole path: 1.8 km of a street of 5.8 km in the
/// ring, 8,000 cars and 1,200 heavy trucks a day of 国三 to 国五, a ban that leaves 15 % of them, and a
/// way round of 6.3 km where the rest of the street is 4.0 km.
#[test]
fn the_worked_example_of_the_method_comes_out_of_a_plan() {
    let mut town = Town::new();
    town.road("street", &[(-2900.0, 0.0), (2900.0, 0.0)], &[]);
    let round = [(-2900.0, 0.0), (-2305.0, -600.0), (2305.0, -600.0), (2900.0, 0.0)];
    town.road("round", &round, &[]);
    town.gate("W", (-2900.0, 0.0));
    town.gate("E", (2900.0, 0.0));
    // A chord of 1800 m of a circle of 1000 m lies √(1000² − 900²) from its centre.
    let place = Geometry::from(Point(at(0.0, f64::sqrt(190_000.0))));
    town.add(Kind::ControlPoint, place, &[("code", "K"), ("name", "K"), ("radii_m", "1000")]);
    for (stage, trucks, exempt) in
        [("国三", "102", "18"), ("国四", "204", "36"), ("国五", "714", "126")]
    {
        town.flow("W", "E", trucks, &[("class", "heavy"), ("stage", stage)]);
        town.flow("W", "E", exempt, &[("class", "heavy"), ("stage", stage), ("tags", "民生")]);
    }
    let more = [("plan", "P"), ("exemptions", "应急;绿色通道;民生")];
    town.order("no_entry", line(&[(-2900.0, 0.0), (2900.0, 0.0)]), &more);
    let (_, Comparison { before, after, .. }) = planned(&town);
    let (ring, ring_after) = (&before.rings[0], &after.rings[0]);
    near(ring.car_km, 8000.0 * 1.8, 15.0);
    near(ring_after.car_km, ring.car_km, 0.0);
    for (found_g, expected_kg, by_kg) in [
        (ring.nox_g, 11.251, 0.01),
        (ring_after.nox_g, 1.688, 0.002),
        (ring.pm25_g, 0.1529, 2e-4),
        (ring_after.pm25_g, 0.0229, 1e-4),
        (ring.dust_pm10_g, 41.287, 0.04),
        (ring_after.dust_pm10_g, 17.636, 0.02),
        (ring.dust_pm25_g, 9.989, 0.01),
        (ring_after.dust_pm25_g, 4.267, 0.005),
        (after.outside.nox_g - before.outside.nox_g, 12.220, 0.03),
        (after.all.nox_g - before.all.nox_g, 2.66, 0.03),
    ] {
        near(found_g / 1000.0, expected_kg, by_kg);
    }
    near(ring.nox_g, before.inside.nox_g, 1e-9);
    near(ring.trucks, before.inside.trucks, 1e-9);
}

#[test]
fn where_rings_overlap_a_metre_of_road_is_inside_once() {
    let mut town = town();
    let place = Geometry::from(Point(at(600.0, 0.0)));
    town.add(
        Kind::ControlPoint,
        place,
        &[("code", "L"), ("name", "L"), ("radii_m", "300;800;4000")],
    );
    let (_, Comparison { before, .. }) = planned(&town);
    // From 50 m beside the first point, west, to 800 m east of the second.
    let inside_km = (f64::sqrt(1_000_000.0 - 2500.0) + 1400.0) / 1000.0;
    near(before.inside.truck_km, 150.0 * inside_km, 0.5);
    near(before.outside.truck_km, 150.0 * (4.0 - inside_km), 0.5);
    near(before.all.truck_km, 600.0, 0.1);
}

#[test]
fn an_electric_truck_leaves_dust_and_no_exhaust() {
    let mut town = town();
    town.records.retain(|record| record.kind != Kind::Flow);
    town.flow("W", "E", "100", &[("class", "heavy"), ("fuel", "electric")]);
    let (_, Comparison { before, .. }) = planned(&town);
    near(before.all.nox_g + before.all.pm25_g, 0.0, 0.0);
    assert!(before.all.dust_pm10_g > 0.0);
}

#[test]
fn a_banned_turn_is_driven_around_by_whom_it_means_and_by_nobody_else() {
    let mut town = town();
    town.road("stem", &[(-2500.0, 0.0), (-2000.0, 0.0)], &[]);
    town.gate("stem", (-2500.0, 0.0));
    town.flow("stem", "E", "10", &[("class", "heavy")]);
    town.flow("stem", "E", "10", &[("class", "light")]);
    town.flow("E", "stem", "10", &[("class", "heavy")]);
    let on = line(&[(-2300.0, 0.0), (-2000.0, 0.0), (-1700.0, 0.0)]);
    town.order("no_turn", on, &[("plan", "P"), ("classes", "heavy"), EXEMPT]);
    let (_, Comparison { before, after, findings, .. }) = planned(&town);
    let km = |trips: &[Trip]| -> Vec<i64> {
        trips.iter().map(|trip| (trip.length_m / 100.0).round() as i64).collect()
    };
    // From W, which lies at the junction itself, nobody comes out of the stem.
    assert_eq!(km(&before.trips), [40, 40, 45, 45, 45]);
    assert_eq!(km(&after.trips), [40, 40, 85, 45, 45]);
    let rules: Vec<LintRule> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(
        rules,
        [LintRule::Nearness],
        "it was drawn by hand, and closes nothing that is camera's"
    );
}
