//! A day is the sum of its hours: bans of an hour and of a day, who is cut off, what a plan replaces,
//! roads that are not there yet.

use geo_types::{Geometry, Point};

use super::*;
use crate::domain::Kind;
use crate::network::compare::{Comparison, Planner, prepare};
use crate::network::testing::{Town, at, line, moment};
use crate::network::totals::{DetourTotal, PlanSummary};

/// A street of 4 km past a control point and a way round of 8 km; 100 heavy trucks a day.
fn town(has_round: bool) -> Town {
    let mut town = Town::new();
    town.road("street", &[(-2000.0, 0.0), (2000.0, 0.0)], &[]);
    if has_round {
        let round = [(-2000.0, 0.0), (-2000.0, 2000.0), (2000.0, 2000.0), (2000.0, 0.0)];
        town.road("round", &round, &[]);
    }
    town.gate("W", (-2000.0, 0.0));
    town.gate("E", (2000.0, 0.0));
    let place = Geometry::from(Point(at(0.0, 0.0)));
    town.add(Kind::ControlPoint, place, &[("code", "K"), ("name", "K"), ("radii_m", "1000")]);
    town
}

fn flow(town: &mut Town, more: &[(&str, &str)]) {
    town.flow("W", "E", "100", &[&[("class", "heavy")], more].concat());
}

fn compared(town: &Town, time: &str) -> (Prepared, Comparison) {
    let world = town.world();
    let prepared = prepare(&world, &|_, _| true).unwrap();
    let at = moment(time);
    let comparison = Planner::default().compare(&prepared, &world, "P", at, Assumptions::default());
    (prepared, comparison)
}

fn near(a: f64, b: f64, by: f64) {
    assert!((a - b).abs() <= by, "{a} is not {b}");
}

/// A working day.
const NOON: &str = "2026-11-25T12:00:00";
const ON_STREET: [(f64, f64); 2] = [(-2000.0, 0.0), (2000.0, 0.0)];

/// All trucks in one hour, from eight on.
fn at_eight() -> String {
    let hours: Vec<&str> = (0..24).map(|hour| if hour == 8 { "100" } else { "0" }).collect();
    hours.join(";")
}

#[test]
fn a_ban_of_an_hour_takes_the_trucks_of_that_hour_and_one_of_a_day_takes_all() {
    let inside_km = |hours: &str, hourly: &str, time: &str| {
        let mut town = town(true);
        flow(&mut town, &[("hourly", hourly)]);
        town.order("no_entry", line(&ON_STREET), &[("plan", "P"), ("hours", hours)]);
        let (_, Comparison { before, after, .. }) = compared(&town, time);
        near(before.inside.truck_km, 200.0, 0.1);
        near(after.inside_by_hour.iter().sum::<f64>(), after.inside.truck_km, 1e-6);
        after.inside.truck_km
    };
    let even = vec!["1"; 24].join(";");
    near(inside_km("00:00-24:00", &even, NOON), 0.0, 0.0);
    near(inside_km("07:00-08:00", &even, NOON), 200.0 * 23.0 / 24.0, 0.1);
    near(inside_km("07:30-08:00", &even, NOON), 200.0 * 23.5 / 24.0, 0.1);
    // The sums are those of the day, whenever one looks.
    near(inside_km("07:00-08:00", &even, "2026-11-25T07:20:00"), 200.0 * 23.0 / 24.0, 0.1);
    near(inside_km("07:00-08:00", &at_eight(), NOON), 200.0, 0.1);
    near(inside_km("08:00-09:00", &at_eight(), NOON), 0.0, 0.0);
    // By the usual hours of heavy trucks, between an even day and a day of light ones.
    let usual = inside_km("07:00-19:00", "", NOON);
    assert!((60.0..100.0).contains(&usual), "{usual}");
}

#[test]
fn what_a_ban_adds_is_added_by_the_hours_in_which_it_holds() {
    let mut town = town(true);
    flow(&mut town, &[("hourly", &vec!["1"; 24].join(";"))]);
    town.order("no_entry", line(&ON_STREET), &[("plan", "P"), ("hours", "10:00-16:00")]);
    for time in [NOON, "2026-11-25T03:00:00"] {
        let (prepared, comparison) = compared(&town, time);
        let total = DetourTotal::of(&prepared, &comparison);
        near(total.trucks, 25.0, 1e-9);
        near(total.added_km, 25.0 * 4.0, 0.1);
        near(total.added_min, 25.0 * 8.0, 0.1);
    }
}

#[test]
fn the_peak_takes_longer_and_changes_no_way() {
    let mut town = town(false);
    town.records[0].set("class", Some(crate::domain::Value::Choice("primary")));
    town.records[0].set("maxspeed_kmh", Some(crate::domain::Value::Real(60.0)));
    flow(&mut town, &[]);
    let min = |time: &str| {
        let (_, Comparison { before, .. }) = compared(&town, time);
        before.trips[0].km_and_min().unwrap().1
    };
    near(min(NOON), 4.0, 0.01);
    near(min("2026-11-25T08:10:00"), 6.0, 0.01);
    // The national day is no working day.
    near(min("2026-10-01T08:10:00"), 4.0, 0.01);
}

#[test]
fn who_is_cut_off_counts_twice_not_at_all_and_by_the_way_of_today() {
    let mut town = town(false);
    flow(&mut town, &[("hourly", &vec!["1"; 24].join(";"))]);
    town.order("no_entry", line(&ON_STREET), &[("plan", "P"), ("hours", "06:00-18:00")]);
    let (prepared, comparison) = compared(&town, NOON);
    let total = DetourTotal::of(&prepared, &comparison);
    assert_eq!(total.cut_off_flows, 1);
    near(total.cut_off, 50.0, 1e-9);
    let after = &comparison.after;
    let most = after.most.as_ref().unwrap();
    near(after.inside.truck_km, 100.0, 0.1);
    near(most.inside.truck_km, 200.0, 0.1);
    near(most.all.truck_km, comparison.before.all.truck_km, 1e-6);
    near(most.rings[0].trucks, 100.0, 1e-9);
    let summary = PlanSummary::of(&prepared, &comparison, "P");
    let [least, most] = summary.outer_bounds();
    near(least, 100.0, 0.1);
    near(most, 200.0, 0.1);
    assert_eq!(comparison.before.most, None);
}

#[test]
fn an_order_that_a_plan_stands_for_is_over_in_it() {
    let mut town = town(true);
    flow(&mut town, &[]);
    town.order("no_entry", line(&ON_STREET), &[("code", "J1"), ("state", "生效")]);
    town.order("no_entry", line(&[(-2000.0, 500.0), (-2000.0, 900.0)]), &[("plan", "P")]);
    let km = |town: &Town| {
        let (_, Comparison { before, after, .. }) = compared(town, NOON);
        let km = |trip: &Trip| (trip.length_m / 1000.0).round();
        (km(&before.trips[0]), after.trips[0].route.as_ref().map(|_| km(&after.trips[0])))
    };
    assert_eq!(km(&town), (8.0, None), "both roads are closed");
    let last = town.records.last_mut().unwrap();
    last.set("replaces", Some(crate::domain::Value::Words(["J1".into()].into())));
    assert_eq!(km(&town), (8.0, Some(4.0)));
}

#[test]
fn a_road_is_there_in_its_plan_alone_or_from_its_day_on() {
    let km = |more: &[(&str, &str)], time: &str| {
        let mut town = town(true);
        flow(&mut town, &[]);
        town.road(
            "bypass",
            &[(-2000.0, 0.0), (0.0, 1.0), (2000.0, 0.0)],
            &[&[("class", "trunk"), ("maxspeed_kmh", "60")], more].concat(),
        );
        let elsewhere = line(&[(-2000.0, 500.0), (-2000.0, 900.0)]);
        town.order("no_entry", elsewhere, &[("plan", "P")]);
        let (_, Comparison { before, after, .. }) = compared(&town, time);
        let min = |trip: &Trip| trip.km_and_min().unwrap().1.round() as i32;
        (min(&before.trips[0]), min(&after.trips[0]))
    };
    assert_eq!(km(&[], NOON), (4, 4));
    assert_eq!(km(&[("plan", "P")], NOON), (8, 4));
    assert_eq!(km(&[("plan", "Q")], NOON), (8, 8));
    assert_eq!(km(&[("opens_on", "2026-12-01")], NOON), (8, 8));
    assert_eq!(km(&[("opens_on", "2026-12-01")], "2026-12-01T12:00:00"), (4, 4));
    assert_eq!(km(&[("closes_on", "2026-11-24")], NOON), (8, 8));
}

#[test]
fn a_road_that_stands_for_another_is_there_instead_of_it_in_its_plan() {
    let min = |more: &[(&str, &str)]| {
        let mut town = town(true);
        flow(&mut town, &[]);
        let as_it_will_be = [("plan", "P"), ("stands_for", "street")];
        town.road("later", &ON_STREET, &[&as_it_will_be, more].concat());
        let (_, Comparison { before, after, .. }) = compared(&town, NOON);
        let min = |trip: &Trip| trip.km_and_min().map(|(_, min)| min.round() as i32);
        (min(&before.trips[0]), min(&after.trips[0]))
    };
    // 4 km at 30 km/h today; the way round is 16 minutes.
    assert_eq!(min(&[("maxspeed_kmh", "30")]), (Some(8), Some(8)));
    assert_eq!(min(&[("maxspeed_kmh", "60"), ("class", "primary")]), (Some(8), Some(4)));
    assert_eq!(min(&[("max_mass_t", "10")]), (Some(8), Some(16)), "no heavy truck may drive it");
}

#[test]
fn what_closes_a_road_closes_it_as_it_will_be_too() {
    use crate::network::orders::BoundStretch;
    let mut town = town(true);
    flow(&mut town, &[]);
    let street = town.records[0].id;
    // A little beside, so that nearness alone would not find it.
    let beside = [(-2000.0, 0.0), (0.0, 30.0), (2000.0, 0.0)];
    town.road("later", &beside, &[("plan", "P"), ("stands_for", "street")]);
    town.order("no_entry", line(&ON_STREET), &[("plan", "P")]);
    let stretch =
        BoundStretch { road: street, places: [at(-2000.0, 0.0), at(0.0, 0.0), at(2000.0, 0.0)] };
    BoundStretch::put(town.records.last_mut().unwrap(), &[stretch]);
    let (_, Comparison { after, .. }) = compared(&town, NOON);
    near(after.trips[0].length_m, 8000.0, 20.0);
}

#[test]
fn shares_that_drive_on_or_at_another_hour_are_in_every_sum_of_the_day() {
    let evenly = ["1"; 24].join(";");
    let sums = |hours: &str, not_complying: f64, shifting: f64| {
        let mut town = town(true);
        flow(&mut town, &[("hourly", &evenly)]);
        town.order("no_entry", line(&ON_STREET), &[("plan", "P"), ("hours", hours)]);
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let behaviour = Behaviour { not_complying, shifting };
        let assumed = Assumptions { behaviour, ..Assumptions::default() };
        let found = Planner::default().compare(&prepared, &world, "P", moment(NOON), assumed);
        let total = DetourTotal::of(&prepared, &found);
        near(found.after.all.trucks, 100.0, 1e-6);
        near(found.after.inside_by_hour.iter().sum(), found.after.inside.truck_km, 1e-6);
        let summary = PlanSummary::of(&prepared, &found, "P");
        near(summary.outer(), found.after.inside.truck_km, 1e-3);
        (found.after.inside.truck_km, total.trucks, found.after.inside_by_hour[20])
    };
    // Two kilometres in the ring; twelve of twenty-four hours are closed.
    let (all, trucks, _) = sums("06:00-18:00", 0.0, 0.0);
    near(all, 100.0, 0.1);
    near(trucks, 50.0, 1e-6);
    let (some, trucks, _) = sums("06:00-18:00", 0.1, 0.0);
    near(some, 110.0, 0.1);
    near(trucks, 45.0, 1e-6);
    let (later, trucks, by_night) = sums("06:00-18:00", 0.0, 0.2);
    near(later, 120.0, 0.1);
    near(trucks, 40.0, 1e-6);
    // In an open hour 100/24 trucks drive by themselves, and a fifth more come by the day.
    near(by_night, 2.0 * 100.0 / 24.0 * 1.2, 0.02);
    // Whom a ban leaves no hour cannot shift.
    let (never, trucks, _) = sums("", 0.0, 0.2);
    near(never, 0.0, 0.1);
    near(trucks, 100.0, 1e-6);
}

#[test]
fn when_trips_first_change_on_a_day_is_told_to_the_half_hour() {
    let first = |hours: &str, time: &str| {
        let mut town = town(true);
        flow(&mut town, &[]);
        town.order("no_entry", line(&ON_STREET), &[("plan", "P"), ("hours", hours)]);
        let (_, Comparison { before, after, .. }) = compared(&town, time);
        first_change(&before, &after).map(|time| time.to_string())
    };
    assert_eq!(first("07:30-09:00", NOON).as_deref(), Some("07:30:00"));
    assert_eq!(first("22:00-06:00", "2026-11-25T23:00:00").as_deref(), Some("00:00:00"));
    assert_eq!(first("Sa,Su 07:00-19:00", NOON), None, "a Wednesday");
}
