//! Who is newly passed by trucks and who is cut off by a plan.

use geo_types::{Geometry, Point};

use crate::domain::Kind;
use crate::network::compare::{Comparison, Planner, prepare};
use crate::network::evaluate::Assumptions;
use crate::network::lint::LintRule;
use crate::network::testing::{Town, area, at, line, moment};

/// A street of 4 km and a way round by the north, trucks from end to end, and a street to the south
/// from the middle that is closed by a plan, as is the middle of the street.
fn town() -> Town {
    let mut town = Town::new();
    town.road("street", &[(-2000.0, 0.0), (0.0, 0.0), (2000.0, 0.0)], &[]);
    let round = [(-2000.0, 0.0), (-2000.0, 2000.0), (2000.0, 2000.0), (2000.0, 0.0)];
    town.road("round", &round, &[]);
    town.road("south", &[(0.0, 0.0), (0.0, -900.0)], &[]);
    town.gate("W", (-2000.0, 0.0));
    town.gate("E", (2000.0, 0.0));
    town.flow("W", "E", "100", &[("class", "heavy")]);
    town.flow("E", "W", "20", &[("class", "light")]);
    town
}

fn site(town: &mut Town, name: &str, kind: &str, (east_m, north_m): (f64, f64)) {
    let place = Geometry::from(Point(at(east_m, north_m)));
    town.add(Kind::Site, place, &[("name", name), ("kind", kind)]);
}

fn planned(town: &Town) -> Comparison {
    let world = town.world();
    let prepared = prepare(&world, &|_, _| true).unwrap();
    Planner::default().compare(
        &prepared,
        &world,
        "P",
        moment("2026-11-23T10:00:00"),
        Assumptions::default(),
    )
}

fn passed(comparison: &Comparison) -> Vec<(&str, f64, f64)> {
    // A day is the sum of its hours, to the last bit or nearly.
    let of = |passed: &'_ super::PassedSite| (passed.before.round(), passed.after.round());
    let all = comparison.passed.iter();
    all.map(|passed| (&*passed.site.name, of(passed).0, of(passed).1)).collect()
}

fn cut_off(comparison: &Comparison) -> Vec<&str> {
    let findings = comparison.findings.iter().filter(|one| one.rule == LintRule::PlaceUnreachable);
    findings.map(|finding| finding.words.zh.split('：').next().unwrap()).collect()
}

const CLOSED: [(f64, f64); 2] = [(-2000.0, 0.0), (2000.0, 0.0)];

#[test]
fn a_school_beside_the_way_round_is_newly_passed_and_one_farther_away_is_not() {
    let mut town = town();
    site(&mut town, "near", "sensitive", (300.0, 2049.0));
    site(&mut town, "far", "sensitive", (300.0, 2051.0));
    site(&mut town, "before", "sensitive", (300.0, 20.0));
    site(&mut town, "works", "enterprise", (400.0, 2010.0));
    let village = area(&[(100.0, 2040.0), (900.0, 2040.0), (900.0, 2400.0), (100.0, 2400.0)]);
    town.add(Kind::Site, Geometry::from(village), &[("name", "village"), ("kind", "village")]);
    town.order("no_entry", line(&CLOSED), &[("plan", "P"), ("classes", "heavy")]);
    assert_eq!(passed(&planned(&town)), [("near", 0.0, 100.0), ("village", 0.0, 100.0)]);
}

#[test]
fn whoever_is_passed_already_is_passed_anew_where_trucks_grow_by_half() {
    for (already, is_new) in [("190", true), ("210", false)] {
        let mut town = town();
        town.gate("N", (-1000.0, 2000.0));
        town.flow("N", "E", already, &[("class", "light")]);
        site(&mut town, "school", "sensitive", (300.0, 2010.0));
        town.order("no_entry", line(&CLOSED), &[("plan", "P"), ("classes", "heavy")]);
        assert_eq!(!passed(&planned(&town)).is_empty(), is_new, "{already}");
    }
}

#[test]
fn works_and_villages_that_no_heavy_truck_reaches_any_more_are_told_by_name() {
    let mut town = town();
    site(&mut town, "works", "enterprise", (40.0, -600.0));
    site(&mut town, "village", "village", (-250.0, -500.0));
    site(&mut town, "school", "sensitive", (40.0, -700.0));
    site(&mut town, "away", "enterprise", (400.0, -600.0));
    site(&mut town, "north", "enterprise", (200.0, 1800.0));
    let ban = line(&[(0.0, 0.0), (0.0, -900.0)]);
    town.order("no_entry", ban.clone(), &[("plan", "P"), ("classes", "heavy")]);
    assert_eq!(cut_off(&planned(&town)), ["works", "village"]);
    // For light trucks only, or for old ones, the usual heavy truck comes through.
    for more in [("classes", "light"), ("stages", "国三;国四")] {
        town.records.pop();
        town.order("no_entry", ban.clone(), &[("plan", "P"), more]);
        assert_eq!(cut_off(&planned(&town)), Vec::<&str>::new());
    }
}

#[test]
fn a_works_that_trucks_reach_but_cannot_leave_is_not_reached() {
    let mut town = town();
    site(&mut town, "works", "enterprise", (40.0, -600.0));
    town.order("one_way", line(&[(0.0, 0.0), (0.0, -900.0)]), &[("plan", "P")]);
    assert_eq!(cut_off(&planned(&town)), ["works"]);
}

#[test]
fn what_cannot_be_reached_today_is_not_blamed_on_the_plan() {
    let mut town = town();
    site(&mut town, "works", "enterprise", (40.0, -600.0));
    let ban = line(&[(0.0, 0.0), (0.0, -900.0)]);
    town.order("no_entry", ban.clone(), &[("state", "生效")]);
    town.order("no_entry", ban, &[("plan", "P")]);
    assert_eq!(cut_off(&planned(&town)), Vec::<&str>::new());
}
