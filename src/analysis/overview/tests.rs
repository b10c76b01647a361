//! Figures of the overview against the filters that list their rows.

use geo_types::{Coord, Point};
use jiff::civil::date;

use super::*;
use crate::analysis::standards::InspectionTally;
use crate::domain::{Ids, SiteKind, Stamp, Value};
use crate::geodesy::ring::destination;

/// A Wednesday.
const TODAY: Date = date(2026, 11, 25);
const STATION: Coord<f64> = Coord { x: 118.16, y: 39.83 };

fn office() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

fn record(number: u128, kind: Kind, fields: &[(&str, Value)], north_m: Option<f64>) -> Record {
    let by = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
    let mut record = Record::new(Ids::new(by.at, number).next(), kind, &by);
    record.geometry = north_m.map(|m| Point(destination(STATION, 0.0, m)).into());
    for (key, value) in fields {
        assert!(record.set(key, Some(value.clone())), "{key}");
    }
    record
}

fn site(number: u128, township: &str, wash: &'static str, north_m: f64) -> Record {
    let fields = [
        ("kind", Value::Choice("construction")),
        ("township", Value::text(township)),
        ("department", Value::text("住建")),
        ("wash", Value::Choice(wash)),
    ];
    record(number, Kind::Site, &fields, Some(north_m))
}

/// A control point with a ring of 1000 m, two townships of which one has an area, four sites.
fn world() -> Vec<Record> {
    let mut last = site(13, "", "未查", 10.0);
    last.set("township", None);
    vec![
        record(
            1,
            Kind::ControlPoint,
            &[("name", Value::text("站")), ("squad", Value::text("一班"))],
            Some(0.0),
        ),
        record(
            2,
            Kind::Area,
            &[
                ("name", Value::text("甲镇")),
                ("role", Value::Choice("township")),
                ("leader", Value::text("王")),
            ],
            None,
        ),
        site(10, "甲镇", "不合格", 999.0),
        site(11, "甲镇", "合格", 500.0),
        site(12, "乙镇", "不合格", 1001.0),
        last,
    ]
}

fn overview(now: Vec<Record>, then: Option<Vec<Record>>) -> Overview {
    let then: Option<World> = then.map(|then| then.into_iter().collect());
    let then = then.as_ref().map(|then| (Timestamp::UNIX_EPOCH, then, None));
    Overview::of(&now.into_iter().collect(), then, TODAY, &office())
}

#[test]
fn sites_are_counted_by_township_department_and_ring() {
    let overview = overview(world(), None);
    let rate = overview.now.rate(SiteKind::Construction).unwrap();
    assert_eq!((rate.count, rate.inspected, rate.up_to_standard), (4, 3, 1));
    assert_eq!(overview.now.sites.failing_in_rings, 1, "the one at 999 m, not that at 1001 m");
    let ring = &overview.now.sites.rings[0];
    assert_eq!(ring.radius_m, Some(1000.0));
    let tally =
        |failing, inspected, uninspected| InspectionTally { failing, inspected, uninspected };
    assert_eq!(ring.inside, Contents { sites: 3, inspections: tally(1, 2, 1) });
    let names: Vec<&str> = overview.townships.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["甲镇", "乙镇", ""], "with an area first, without a name last");
    let first = &overview.townships[0];
    let contents = Contents { sites: 2, inspections: tally(1, 2, 0) };
    assert_eq!((first.leader.as_str(), first.contents), ("王", contents));
    assert_eq!(first.construction.share(), Some(0.5));
    let departments = &overview.now.sites.of_kind(SiteKind::Construction).unwrap().by_department;
    assert_eq!((departments[0].of.as_str(), departments[0].inspected), ("住建", 3));
}

#[test]
fn figures_agree_with_the_filters_that_list_their_rows() {
    use crate::analysis::{Filter, standards};
    let overview = overview(world(), None);
    let world: World = world().into_iter().collect();
    let filter = Filter { is_failing: true, in_any_ring: true, ..Filter::default() };
    let rows = filter.on(&world).pick(&world, Kind::Site);
    assert_eq!(rows.len(), overview.now.sites.failing_in_rings);
    let by = &overview.now.sites.of_kind(SiteKind::Construction).unwrap().by_township;
    assert_eq!(*by, standards::rates(&world, SiteKind::Construction, "township"));
}

#[test]
fn a_stopped_point_keeps_its_contents_but_makes_nothing_lie_inside_rings() {
    let mut all = world();
    all[0].set("state", Some(Value::Choice("停运")));
    let overview = overview(all, None);
    assert_eq!(overview.now.sites.failing_in_rings, 0);
    assert_eq!(overview.now.sites.rings[0].inside.inspections.failing, 1);
}

#[test]
fn what_changed_is_counted_by_layer_and_a_touched_record_that_says_the_same_is_not() {
    let mut now = world();
    now.remove(2);
    now[2].set("wash", Some(Value::Choice("不合格")));
    now[3].meta.changed_at += jiff::SignedDuration::from_hours(1);
    now.push(record(20, Kind::Decision, &[("state", Value::Choice("待办"))], None));
    let overview = overview(now, Some(world()));
    let site = LayerChanges { kind: Kind::Site, created: 0, updated: 1, deleted: 1 };
    let decision = LayerChanges { kind: Kind::Decision, created: 1, updated: 0, deleted: 0 };
    assert_eq!(overview.changes, [site, decision]);
    let before = overview.before().unwrap();
    assert_eq!(before.rate(SiteKind::Construction).unwrap().up_to_standard, 1);
    assert_eq!(overview.now.rate(SiteKind::Construction).unwrap().up_to_standard, 0);
}

#[test]
fn decisions_then_are_judged_by_the_day_they_were_looked_at() {
    let due = [("due", Value::Date(date(2026, 11, 20)))];
    let all = || vec![record(1, Kind::Decision, &due, None)];
    let at = office().to_timestamp(date(2026, 11, 18).at(10, 0, 0, 0)).unwrap();
    let then: World = all().into_iter().collect();
    let now: World = all().into_iter().collect();
    let overview = Overview::of(&now, Some((at, &then, None)), TODAY, &office());
    assert_eq!((overview.now.decisions.overdue, overview.now.decisions.unfinished()), (1, 1));
    assert_eq!(overview.before().unwrap().decisions.overdue, 0, "on the 18th it was not yet due");
}

fn a_sprint(number: u128, begins: Date, ends: Date) -> Record {
    let fields = [("begins_on", Value::Date(begins)), ("ends_on", Value::Date(ends))];
    record(number, Kind::Sprint, &fields, None)
}

#[test]
fn a_sprint_of_28_days_counts_its_first_day_as_one_and_its_last_as_28() {
    let (begins, ends) = (date(2026, 11, 13), date(2026, 12, 10));
    let world: World = [a_sprint(1, begins, ends)].into_iter().collect();
    let stage = |day: Date| sprint(&world, day).unwrap().stage;
    assert_eq!(sprint(&world, TODAY).unwrap().length_days(), 28);
    assert_eq!(stage(date(2026, 11, 12)), SprintStage::Before { days: 1 });
    assert_eq!(stage(begins), SprintStage::Running { day: 1, days_left: 27 });
    assert_eq!(stage(TODAY), SprintStage::Running { day: 13, days_left: 15 });
    assert_eq!(stage(ends), SprintStage::Running { day: 28, days_left: 0 });
    assert_eq!(stage(date(2026, 12, 12)), SprintStage::Over { days: 2 });
}

#[test]
fn of_several_sprints_the_one_that_runs_counts_else_the_next_else_the_last() {
    let all = [
        a_sprint(1, date(2026, 1, 1), date(2026, 1, 28)),
        a_sprint(2, date(2026, 11, 20), date(2026, 11, 30)),
        a_sprint(3, date(2027, 1, 1), date(2027, 1, 28)),
        // It ends before it begins, and counts for nothing.
        a_sprint(4, date(2026, 11, 24), date(2026, 11, 1)),
    ];
    let ids: Vec<RecordId> = all.iter().map(|sprint| sprint.id).collect();
    let world: World = all.into_iter().collect();
    let on = |day: Date| ids.iter().position(|id| *id == sprint(&world, day).unwrap().id);
    assert_eq!(on(TODAY), Some(1));
    assert_eq!(on(date(2026, 12, 15)), Some(2));
    assert_eq!(on(date(2027, 3, 1)), Some(2));
    assert_eq!(on(date(2026, 2, 1)), Some(1), "the next one, not the one that is over");
}
