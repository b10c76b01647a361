//! Each rule on a plan that breaks it and on one that does not.

use geo_types::{Geometry, Point};

use super::*;
use crate::domain::Kind;
use crate::network::compare::{Comparison, Planner, prepare};
use crate::network::evaluate::Assumptions;
use crate::network::testing::{Town, at, line, moment};

/// A street of 1 km from west to east that is crossed at its ends and goes on 500 m, with a second
/// one so far to the north:
///
/// ```text
///        +-- second --+      north
///        |            |
///  W ----+-- street --+---- E
///  -1000 -500        500   1000
/// ```
fn town(north_m: f64) -> Town {
    let mut town = Town::new();
    town.road("street", &[(-1000.0, 0.0), (1000.0, 0.0)], &[]);
    town.road("west", &[(-500.0, 0.0), (-500.0, north_m)], &[]);
    town.road("east", &[(500.0, 0.0), (500.0, north_m)], &[]);
    town.road("second", &[(-500.0, north_m), (500.0, north_m)], &[]);
    town.gate("W", (-1000.0, 0.0));
    town.gate("E", (1000.0, 0.0));
    town.flow("W", "E", "100", &[("class", "heavy")]);
    town.flow("E", "W", "30", &[("class", "heavy")]);
    town
}

const MIDDLE: [(f64, f64); 2] = [(-500.0, 0.0), (500.0, 0.0)];
const EXEMPT: (&str, &str) = ("exemptions", "应急;绿色通道");

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

fn of(comparison: &Comparison, rule: LintRule) -> Vec<&LintFinding> {
    comparison.findings.iter().filter(|finding| finding.rule == rule).collect()
}

fn is_near(finding: &LintFinding, (east_m, north_m): (f64, f64), by_m: f64) -> bool {
    let place = at(east_m, north_m);
    finding.at.is_some_and(|at| crate::geodesy::ring::distance_m(at, place) < by_m)
}

#[test]
fn a_one_way_without_a_way_back_beside_it_is_told() {
    for (north_m, is_told) in [(300.0, false), (2200.0, true)] {
        let mut town = town(north_m);
        let order = town.order("one_way", line(&MIDDLE), &[("plan", "P")]);
        let comparison = planned(&town);
        let found = of(&comparison, LintRule::OneWayPair);
        assert_eq!(!found.is_empty(), is_told, "{north_m}");
        assert!(found.iter().all(|one| one.record == order && is_near(one, (0.0, 0.0), 510.0)));
    }
}

#[test]
fn a_second_one_way_the_other_way_makes_a_pair_and_the_same_way_does_not() {
    for (ends, is_told) in
        [([(500.0, 300.0), (-500.0, 300.0)], false), ([(-500.0, 300.0), (500.0, 300.0)], true)]
    {
        let mut town = town(300.0);
        town.order("one_way", line(&MIDDLE), &[("plan", "P")]);
        town.order("one_way", line(&ends), &[("plan", "P")]);
        assert_eq!(!of(&planned(&town), LintRule::OneWayPair).is_empty(), is_told);
    }
}

#[test]
fn a_road_that_is_one_way_already_needs_no_pair() {
    let mut town = town(2200.0);
    let field = Kind::Road.field("oneway").unwrap();
    town.records[0].set("oneway", crate::domain::Value::parse(field, "forward").unwrap());
    town.order("one_way", line(&MIDDLE), &[("plan", "P")]);
    assert!(of(&planned(&town), LintRule::OneWayPair).is_empty());
}

const ROUND: [(f64, f64); 4] = [(-500.0, 0.0), (-500.0, 300.0), (500.0, 300.0), (500.0, 0.0)];

#[test]
fn a_road_that_is_closed_to_others_is_no_obstacle_to_a_detour() {
    for (classes, count) in [("heavy", 1), ("light", 0)] {
        let mut town = town(300.0);
        let ban = [("plan", "P"), ("code", "X1"), ("classes", "heavy"), EXEMPT];
        town.order("no_entry", line(&MIDDLE), &ban);
        town.order("detour", line(&ROUND), &[("plan", "P"), ("detour_of", "X1")]);
        town.order("no_entry", line(&ROUND), &[("plan", "P"), ("classes", classes), EXEMPT]);
        let comparison = planned(&town);
        assert_eq!(of(&comparison, LintRule::DetourClosed).len(), count, "{classes}");
    }
}

#[test]
fn a_limit_on_a_detour_is_told_for_the_trucks_that_are_sent_there_and_no_others() {
    for (key, limit, words) in [
        ("max_mass_t", "20", "限重 20 t"),
        ("max_height_m", "3.8", "限高 3.8 m"),
        ("max_axles", "3", "限 3 轴"),
    ] {
        let mut town = town(300.0);
        let field = Kind::Road.field(key).unwrap();
        town.records[3].set(key, crate::domain::Value::parse(field, limit).unwrap());
        let ban = [("plan", "P"), ("code", "X1"), ("classes", "heavy"), EXEMPT];
        town.order("no_entry", line(&MIDDLE), &ban);
        town.order("detour", line(&ROUND), &[("plan", "P"), ("detour_of", "X1")]);
        let comparison = planned(&town);
        let found = of(&comparison, LintRule::DetourLimit);
        assert_eq!(found.len(), 1);
        assert!(found[0].words.zh.contains(words), "{}", found[0].words.zh);
        assert!(found[0].words.zh.contains("second") && is_near(found[0], (0.0, 300.0), 1.0));

        let field = Kind::Restriction.field("classes").unwrap();
        let light = crate::domain::Value::parse(field, "light").unwrap();
        let ban = town.records.len() - 2;
        town.records[ban].set("classes", light);
        assert!(of(&planned(&town), LintRule::DetourLimit).is_empty(), "{key}");
    }
}

#[test]
fn two_one_ways_against_each_other_contradict_and_name_each_other_by_id() {
    let mut town = town(300.0);
    let theirs = town.order("one_way", line(&MIDDLE), &[("state", "生效")]);
    let mut back = MIDDLE;
    back.reverse();
    let ours = town.order("one_way", line(&back), &[("plan", "P")]);
    let comparison = planned(&town);
    let found = of(&comparison, LintRule::Contradiction);
    assert_eq!(
        found.iter().map(|one| (one.record, one.other)).collect::<Vec<_>>(),
        [(ours, Some(theirs))]
    );
    assert!(of(&comparison, LintRule::Overlap).is_empty());
}

#[test]
fn overlaps_with_orders_of_one_name_are_told_apart_by_id() {
    let mut town = town(300.0);
    let ours = town.order("no_entry", line(&MIDDLE), &[("plan", "P"), EXEMPT]);
    let first = town.order("no_entry", line(&MIDDLE), &[("state", "生效"), EXEMPT]);
    let second = town.order("no_entry", line(&MIDDLE), &[("state", "生效"), EXEMPT]);
    let comparison = planned(&town);
    let found: Vec<_> =
        of(&comparison, LintRule::Overlap).iter().map(|one| (one.record, one.other)).collect();
    assert_eq!(found, [(ours, Some(first)), (ours, Some(second))]);
}

#[test]
fn orders_that_never_hold_for_one_truck_at_one_time_neither_overlap_nor_contradict() {
    let mut back = MIDDLE;
    back.reverse();
    for (ours, theirs, is_told) in [
        (("classes", "heavy"), ("classes", "light"), false),
        (("classes", "heavy"), ("classes", "heavy;light"), true),
        (("fuels", "diesel"), ("fuels", "gas"), false),
        (("hours", "07:00-19:00"), ("hours", "19:00-07:00"), false),
        (("hours", "07:00-19:00"), ("hours", "18:00-07:00"), true),
        (("valid_to", "2026-12-31"), ("valid_from", "2027-01-01"), false),
        (("valid_to", "2027-01-01"), ("valid_from", "2027-01-01"), true),
    ] {
        let mut town = town(300.0);
        town.order("no_entry", line(&MIDDLE), &[("plan", "P"), EXEMPT, ours]);
        town.order("no_entry", line(&MIDDLE), &[("state", "生效"), EXEMPT, theirs]);
        let comparison = planned(&town);
        assert_eq!(!of(&comparison, LintRule::Overlap).is_empty(), is_told, "{ours:?} {theirs:?}");

        let mut town = self::town(300.0);
        town.order("one_way", line(&MIDDLE), &[("plan", "P"), ours]);
        town.order("one_way", line(&back), &[("state", "生效"), theirs]);
        let comparison = planned(&town);
        assert_eq!(!of(&comparison, LintRule::Contradiction).is_empty(), is_told, "{ours:?}");
    }
}

#[test]
fn a_detour_is_in_nobodys_way_when_the_order_that_it_leads_around_rests() {
    for (hours, count) in [("19:00-07:00", 0), ("12:00-13:00", 1)] {
        let mut town = town(300.0);
        let ban = [("plan", "P"), ("code", "X1"), ("hours", "07:00-19:00"), EXEMPT];
        town.order("no_entry", line(&MIDDLE), &ban);
        town.order("detour", line(&ROUND), &[("plan", "P"), ("detour_of", "X1")]);
        town.order("no_entry", line(&ROUND), &[("plan", "P"), ("hours", hours), EXEMPT]);
        assert_eq!(of(&planned(&town), LintRule::DetourClosed).len(), count, "{hours}");
    }
}

#[test]
fn a_way_back_that_is_closed_at_other_hours_is_a_way_back() {
    for (hours, is_told) in [("19:00-07:00", false), ("12:00-13:00", true)] {
        let mut town = town(300.0);
        town.order("one_way", line(&MIDDLE), &[("plan", "P"), ("hours", "07:00-19:00")]);
        let second = [(-500.0, 300.0), (500.0, 300.0)];
        town.order("no_entry", line(&second), &[("plan", "P"), ("hours", hours), EXEMPT]);
        assert_eq!(!of(&planned(&town), LintRule::OneWayPair).is_empty(), is_told, "{hours}");
    }
}

fn camera(town: &mut Town, (east_m, north_m): (f64, f64), direction_deg: &str) {
    let place = Geometry::from(Point(at(east_m, north_m)));
    let fields = [("name", "camera"), ("direction_deg", direction_deg)];
    town.add(Kind::Camera, place, &fields);
}

#[test]
fn entries_that_no_camera_sees_are_told_with_the_trucks_that_come_in_there_today() {
    let mut town = town(300.0);
    town.order("no_entry", line(&MIDDLE), &[("plan", "P"), EXEMPT]);
    // Two ways into each end of the middle: along the street and from the cross street.
    let comparison = planned(&town);
    let words = |comparison: &Comparison| -> Vec<String> {
        of(comparison, LintRule::NoCamera).iter().map(|one| one.words.zh.clone()).collect()
    };
    let all = words(&comparison);
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(
        all.contains(
            &"street与west交叉口（由西向东驶入）：没有抓拍点（今日 100 辆/日）".to_owned()
        )
    );
    assert!(
        all.contains(&"street与east交叉口（由东向西驶入）：没有抓拍点（今日 30 辆/日）".to_owned())
    );
    assert!(
        all.contains(&"street与west交叉口（由北向南驶入）：没有抓拍点（今日 0 辆/日）".to_owned())
    );
    let next = of(&comparison, LintRule::NextCamera);
    assert_eq!(
        next[0].words.zh,
        "建议下一个抓拍点：street与west交叉口（由西向东驶入），覆盖 100 辆/日"
    );
    assert!(is_near(next[0], (-500.0, 0.0), 0.5));
    assert!((next[0].direction_deg.unwrap() - 270.0).abs() < 0.5);

    // One that looks to the west there; then the other end is next, and after it nobody is unseen.
    camera(&mut town, (-500.0, 0.0), "270");
    let comparison = planned(&town);
    assert_eq!(words(&comparison).len(), 3);
    assert!(of(&comparison, LintRule::NextCamera)[0].words.zh.ends_with("覆盖 30 辆/日"));
    camera(&mut town, (500.0, 10.0), "");
    assert!(words(&planned(&town)).iter().any(|one| one.contains("朝向未填")));
    camera(&mut town, (500.0, 10.0), "90");
    assert!(of(&planned(&town), LintRule::NextCamera).is_empty());
}

#[test]
fn a_truck_that_an_order_does_not_mean_needs_no_camera() {
    let mut town = town(300.0);
    town.order("no_entry", line(&MIDDLE), &[("plan", "P"), ("classes", "light"), EXEMPT]);
    assert!(of(&planned(&town), LintRule::NextCamera).is_empty());
}

#[test]
fn the_green_channel_is_exempt_by_the_words_of_notices() {
    let mut town = town(300.0);
    let words = ("exemptions", "消防车;绿色通道运输车");
    town.order("no_entry", line(&MIDDLE), &[("plan", "P"), words]);
    assert!(of(&planned(&town), LintRule::Exemption).is_empty());
}
