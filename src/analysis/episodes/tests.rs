//! Worked cases of `tests/fixtures/episodes.json`, and what holds of any readings.

use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

use super::fold::{Fold, signals};
use super::grid::Grid;
use super::*;
use crate::analysis::air::testing::near;
use crate::domain::{EpisodeFamily, EpisodeState, Ids, Kind, Record, Stamp, Value, episode};

fn fixture() -> Json {
    serde_json::from_str(include_str!("../../../tests/fixtures/episodes.json")).unwrap()
}

fn hour(at: usize) -> Hour {
    Hour::of_day(date(2026, 11, 29), 1).plus(i32::try_from(at).unwrap())
}

fn place(number: usize) -> RecordId {
    RecordId(Uuid::from_u128(number as u128 + 1))
}

/// When so many hours are over.
fn after(hours: usize) -> Timestamp {
    hour(hours).start()
}

fn tracker(stations: usize, hours: usize) -> Tracker {
    let stations = (0..stations).map(place).collect();
    Tracker::empty(stations, hour(0)..hour(hours), Rules::default())
}

/// A tracker of one pollutant, a row a station.
fn of_rows(pollutant: Pollutant, rows: &[Vec<Option<f64>>]) -> Tracker {
    let mut tracker = tracker(rows.len(), rows[0].len());
    for (number, values) in rows.iter().enumerate() {
        for (at, value) in values.iter().enumerate() {
            assert!(tracker.put(place(number), pollutant, hour(at), *value));
        }
    }
    tracker
}

fn rows(json: &Json) -> Vec<Vec<Option<f64>>> {
    let row = |row: &Json| row.as_array().unwrap().iter().map(Json::as_f64).collect();
    json.as_array().unwrap().iter().map(row).collect()
}

fn of_nature(tracker: &mut Tracker, nature: Nature, hours: usize) -> Vec<Episode> {
    let all = tracker.episodes(after(hours));
    all.into_iter().filter(|it| it.nature == nature).collect()
}

/// Without what is only for information.
fn all_of(tracker: &mut Tracker, hours: usize) -> Vec<Episode> {
    let all = tracker.episodes(after(hours));
    all.into_iter().filter(|it| it.nature != Nature::OverLimit).collect()
}

#[test]
fn it_fires_on_one_reading_and_clears_on_two_and_what_is_missing_holds() {
    let case = &fixture()["T7"];
    let values: Vec<Option<f64>> =
        case["hours"].as_array().unwrap().iter().map(Json::as_f64).collect();
    let mut rules = Rules::default();
    rules.all[Pollutant::Pm10].limit = case["fires_at"].as_f64();
    let mut tracker = Tracker::empty(vec![place(0)], hour(0)..hour(24), rules);
    for (at, value) in values.iter().enumerate() {
        tracker.put(place(0), Pollutant::Pm10, hour(at), *value);
    }
    let first = hour(0);
    let found: Vec<(i32, i32, f64)> = of_nature(&mut tracker, Nature::OverLimit, 24)
        .iter()
        .map(|it| {
            let label = |hour: Hour| hour.since(first) + 1;
            (label(it.first), label(it.ended.unwrap()), it.lead().unwrap().peak.1)
        })
        .collect();
    let expected: Vec<(i32, i32, f64)> = rows(&case["episodes"])
        .iter()
        .map(|row| (row[0].unwrap() as i32, row[1].unwrap() as i32, row[2].unwrap()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_jump_above_the_neighbours_is_dispatched_and_either_alone_is_not() {
    let case = &fixture()["T8"];
    let rows = rows(&case["stations"]);
    let mut tracker = of_rows(Pollutant::Pm25, &rows);
    let mut grid = Grid::empty((0..4).map(place).collect(), hour(0)..hour(6));
    for (number, values) in rows.iter().enumerate() {
        for (at, value) in values.iter().enumerate() {
            grid.put(number, Pollutant::Pm25, at, value.unwrap_or(f64::NAN));
        }
    }
    let rules = Rules::default();
    let thresholds = vec![rules.all; 4];
    let mut done = Vec::new();
    let fold = Fold { grid: &grid, rules: &rules, thresholds: &thresholds, done: &mut done };
    let words = |met: Met| match (met.jump, met.above) {
        (true, true) => "jump and above",
        (true, false) => "jump",
        (false, true) => "above",
        (false, false) => "none",
    };
    let of = |key: &str, at: usize| {
        let rows = case[key].as_array().unwrap().iter();
        rows.clone().find(|row| row[0] == at).map(|row| row[1].clone())
    };
    for at in 1..6 {
        let (met, is_regional) = signals(&fold, at, Pollutant::Pm25);
        assert!(!is_regional);
        let first = met[0].unwrap();
        let expected = of("met", at).unwrap_or_else(|| "none".into());
        assert_eq!(words(first.0), expected.as_str().unwrap(), "hour {at}");
        if let Some(median) = of("medians", at) {
            near(first.1.unwrap(), median.as_f64().unwrap(), 1e-9);
        }
        assert!(met[1..].iter().flatten().all(|(met, _)| !met.any()), "hour {at}");
    }
    let all = all_of(&mut tracker, 6);
    let [only] = &all[..] else { panic!("{all:?}") };
    assert_eq!((only.nature, only.place), (Nature::Dispatch, Some(place(0))));
    assert_eq!((only.first, only.dispatched, only.ended), (hour(2), Some(hour(2)), None));
    assert!(only.is_persistent, "above the neighbours in three hours");
    assert_eq!(only.lead().unwrap().peak, (hour(3), 140.0));
}

#[test]
fn a_rise_of_most_stations_is_one_regional_card_and_nobody_is_sent() {
    let rows = rows(&fixture()["T8"]["regional"]);
    let all = all_of(&mut of_rows(Pollutant::Pm25, &rows), 2);
    let [only] = &all[..] else { panic!("{all:?}") };
    assert_eq!((only.nature, only.place, only.dispatched), (Nature::Regional, None, None));
}

#[test]
fn the_hour_is_kept_within_60_minutes_and_the_rate_says_of_what() {
    let case = &fixture()["T12"];
    let outcomes = case["outcomes"].as_array().unwrap().iter().map(|it| match it {
        Json::Number(minutes) => Outcome::Answered { minutes: minutes.as_f64().unwrap() },
        Json::String(word) if word == "false" => Outcome::False,
        Json::String(_) => Outcome::Regional,
        _ => Outcome::Unanswered,
    });
    let found = HourStatistics::of(outcomes);
    let number = |key: &str| u32::try_from(case[key].as_u64().unwrap()).unwrap();
    assert_eq!(
        (found.alerts, found.actionable, found.answered, found.on_time),
        (number("alerts"), number("actionable"), number("closed"), number("on_time"))
    );
    for (rate, key) in [
        (found.rate(), "of_actionable"),
        (found.rate_of_answered(), "of_closed"),
        (found.rate_of_all(), "of_all"),
        (found.median_minutes, "median"),
    ] {
        near(rate.unwrap(), case[key].as_f64().unwrap(), 1e-12);
    }
    assert_eq!(HourStatistics::of([]).rate(), None);
}

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

#[test]
fn another_pollutant_of_the_family_joins_and_all_of_them_must_clear() {
    let quiet = some(&[40.0; 8]);
    let mut tracker = of_rows(
        Pollutant::Pm10,
        &[some(&[40.0, 120.0, 130.0, 50.0, 45.0, 44.0, 40.0, 40.0]), quiet.clone(), quiet.clone()],
    );
    for (number, values) in
        [[20.0, 20.0, 80.0, 82.0, 81.0, 30.0, 22.0, 21.0], [20.0; 8], [20.0; 8]].iter().enumerate()
    {
        for (at, value) in values.iter().enumerate() {
            tracker.put(place(number), Pollutant::Pm25, hour(at), Some(*value));
        }
    }
    let all = of_nature(&mut tracker, Nature::Dispatch, 8);
    let [only] = &all[..] else { panic!("{all:?}") };
    let pollutants: Vec<Pollutant> = only.courses.iter().map(|it| it.pollutant).collect();
    assert_eq!(pollutants, [Pollutant::Pm10, Pollutant::Pm25]);
    assert_eq!(
        (only.first, only.ended),
        (hour(1), Some(hour(6))),
        "the second of PM2.5 below half"
    );
}

#[test]
fn values_that_do_not_move_for_six_hours_are_doubtful() {
    let mut flat = vec![Some(30.0); 4];
    flat.extend(vec![Some(180.0); 9]);
    let quiet = vec![Some(31.0); 13];
    let moving = |values: &[Option<f64>]| -> Vec<Option<f64>> {
        (0..).zip(values).map(|(at, value)| value.map(|it| it + f64::from(at % 3))).collect()
    };
    let mut tracker = of_rows(Pollutant::Pm10, &[flat, moving(&quiet), moving(&quiet)]);
    let doubtful = of_nature(&mut tracker, Nature::Suspicious, 13);
    let [only] = &doubtful[..] else { panic!("{doubtful:?}") };
    assert_eq!((only.doubt, only.first), (Some(Doubt::Flat), hour(9)), "the sixth equal value");
    assert!(only.is_open());
}

#[test]
fn a_value_below_zero_is_doubtful_at_once_and_neither_fires_nor_clears() {
    let quiet = some(&[30.0, 31.0, 30.0, 31.0, 30.0, 31.0, 30.0, 31.0]);
    let high = some(&[30.0, 31.0, 90.0, -4.0, -4.0, 88.0, 30.0, 31.0]);
    let mut tracker = of_rows(Pollutant::Pm25, &[high, quiet.clone(), quiet]);
    let doubtful = of_nature(&mut tracker, Nature::Suspicious, 8);
    let [only] = &doubtful[..] else { panic!("{doubtful:?}") };
    assert_eq!((only.doubt, only.first), (Some(Doubt::Negative), hour(3)));
    assert_eq!(only.ended, Some(hour(6)), "two good readings");
    let sent = of_nature(&mut tracker, Nature::Dispatch, 8);
    let [only] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!((only.first, only.ended), (hour(2), Some(hour(7))), "what is no value holds");
}

#[test]
fn a_station_that_never_spoke_in_the_hours_that_are_looked_at_has_no_data() {
    let quiet = some(&[30.0, 31.0, 30.0, 32.0]);
    let mut tracker = of_rows(Pollutant::Pm25, &[vec![None; 4], quiet.clone(), quiet]);
    let silent = of_nature(&mut tracker, Nature::NoData, 4);
    let [only] = &silent[..] else { panic!("{silent:?}") };
    assert_eq!((only.place, only.first, only.is_open()), (Some(place(0)), hour(0), true));
}

#[test]
fn of_two_that_fire_together_the_one_that_rose_more_against_its_threshold_leads() {
    let rows = |values: [f64; 3]| [some(&values), some(&[values[0]; 3]), some(&[values[0]; 3])];
    let mut tracker = of_rows(Pollutant::Pm10, &rows([60.0, 212.0, 61.0]));
    for (number, values) in rows([40.0, 62.0, 41.0]).iter().enumerate() {
        for (at, value) in values.iter().enumerate() {
            tracker.put(place(number), Pollutant::Pm25, hour(at), *value);
        }
    }
    let sent = of_nature(&mut tracker, Nature::Dispatch, 3);
    let pollutants: Vec<Pollutant> = sent[0].courses.iter().map(|it| it.pollutant).collect();
    assert_eq!(pollutants, [Pollutant::Pm10, Pollutant::Pm25]);
}

#[test]
fn an_alert_counts_with_each_department_that_had_an_order() {
    let record = |departments: &[&str], found: &str, minutes: i64| {
        let stamp = Stamp { actor: "甲".into(), at: after(0) };
        let mut record = Record::new(Ids::new(stamp.at, 9).next(), Kind::Episode, &stamp);
        record.set("alerted_at", Some(Value::text(&after(0).to_string())));
        EpisodeState::Open.put(&mut record);
        for department in departments {
            let order = String::new();
            let step = episode::Step::Dispatch { order, department: (*department).to_owned() };
            record = episode::step(&record, &step, stamp.at, &stamp).unwrap();
        }
        let at = after(0) + jiff::SignedDuration::from_mins(minutes);
        let by = Stamp { actor: "甲".into(), at };
        let handled = episode::step(&record, &episode::Step::Handle(String::new()), at, &by);
        episode::step(&handled.unwrap(), &episode::Step::Found(found.to_owned()), at, &by).unwrap()
    };
    let records =
        [record(&["住建局", "城管局", "住建局"], "裸土", 40), record(&["城管局"], "", 75)];
    let of = |record: &Record| -> Vec<String> {
        record.words("departments").iter().map(ToString::to_string).collect()
    };
    let groups = by_each(records.iter(), of);
    let told: Vec<(&str, u32, u32)> =
        groups.iter().map(|(name, of)| (name.as_str(), of.on_time, of.actionable)).collect();
    assert_eq!(told, [("住建局", 1, 1), ("城管局", 1, 2)]);
    assert_eq!(records.each_ref().map(ending), [Ending::Found, Ending::Nothing]);
}

#[test]
fn silence_of_more_than_90_minutes_is_an_event_of_its_own() {
    let with_gap = [Some(30.0), Some(31.0), None, None, None, Some(30.0), Some(29.0), None];
    let quiet = some(&[30.0, 31.0, 30.0, 32.0, 30.0, 31.0, 30.0, 29.0]);
    let mut tracker = of_rows(Pollutant::Pm25, &[with_gap.to_vec(), quiet]);
    let silent = of_nature(&mut tracker, Nature::NoData, 8);
    let [only] = &silent[..] else { panic!("{silent:?}") };
    assert_eq!((only.first, only.ended), (hour(2), Some(hour(5))));
    let minutes = |m: i64| after(8) + jiff::SignedDuration::from_mins(m);
    let open = |tracker: &mut Tracker, m: i64| {
        let all = tracker.episodes(minutes(m));
        all.into_iter().filter(|it| it.nature == Nature::NoData && it.is_open()).collect::<Vec<_>>()
    };
    assert_eq!(open(&mut tracker, 30).len(), 0, "the last ended 90 minutes ago, no more");
    assert_eq!(open(&mut tracker, 31)[0].place, Some(place(0)));
    let all = open(&mut tracker, 600);
    assert_eq!((all.len(), all[0].place), (1, None), "all are silent: one card");
}

fn record_of(it: &Episode) -> std::sync::Arc<Record> {
    let stamp = Stamp { actor: "值班员".into(), at: after(3) };
    let mut record = Record::new(Ids::new(stamp.at, 5).next(), Kind::Episode, &stamp);
    record.set("station", Some(Value::text(&it.place.unwrap().to_string())));
    record.set("begins_at", Some(Value::text(&it.hour().start().to_string())));
    record.set("alerted_at", Some(Value::text(&stamp.at.to_string())));
    EpisodeFamily::Particles.put(&mut record);
    EpisodeState::Acknowledged.put(&mut record);
    record.into()
}

#[test]
fn readings_that_change_say_so_beside_what_was_done_and_change_nothing_of_it() {
    let rows = rows(&fixture()["T8"]["stations"]);
    let mut tracker = of_rows(Pollutant::Pm25, &rows);
    let found = all_of(&mut tracker, 4);
    let record = record_of(&found[0]);
    let beside = matched(&found, std::iter::once(&record));
    assert_eq!(beside.len(), 1);
    assert!(beside[0].found.is_some());
    for at in 2..4 {
        tracker.put(place(0), Pollutant::Pm25, hour(at), Some(63.0));
    }
    let found = all_of(&mut tracker, 4);
    let beside = matched(&found, std::iter::once(&record));
    assert_eq!((beside.len(), beside[0].found.is_none()), (1, true));
    assert_eq!(beside[0].record.as_ref(), Some(&record));
    assert_eq!(episode::state(&record), EpisodeState::Acknowledged);
}

#[test]
fn only_what_is_new_and_of_dispatch_is_alerted_once() {
    let rows = rows(&fixture()["T8"]["stations"]);
    let found = all_of(&mut of_rows(Pollutant::Pm25, &rows), 4);
    let day = jiff::SignedDuration::from_hours(24);
    let fresh = matched(&found, std::iter::empty());
    assert_eq!(first_alerts(&fresh, after(4), day).count(), 1);
    assert_eq!(first_alerts(&fresh, after(40), day).count(), 0, "that was long ago");
    let record = record_of(&found[0]);
    let known = matched(&found, std::iter::once(&record));
    assert_eq!(first_alerts(&known, after(4), day).count(), 0);
}

#[test]
fn the_natural_fall_back_counts_jumps_of_the_same_hour_that_were_back_by_themselves() {
    let mut series =
        crate::analysis::air::HourSeries::of_days(date(2026, 11, 1), date(2026, 11, 29));
    let at = |day: i8, label: u8| Hour::of_day(date(2026, 11, day), label);
    for day in 1..=28 {
        for (label, value) in [(9, 30.0), (10, 80.0), (11, 70.0), (13, 40.0), (16, 40.0)] {
            series.put(at(day, label), value);
        }
        // Every other day it is back in the second hour.
        series.put(at(day, 12), if day % 2 == 0 { 28.0 } else { 60.0 });
    }
    let rules = Thresholds::usual(Pollutant::Pm25);
    let found = fall_back(&series, &rules, at(29, 10)).unwrap();
    assert!(found.is_of_hour);
    assert_eq!(found.within, [(28, 0), (28, 14), (28, 14), (28, 14)]);
    near(found.rate(1).unwrap(), 0.5, 1e-12);
    let elsewhere = fall_back(&series, &rules, at(29, 22)).unwrap();
    assert!(!elsewhere.is_of_hour, "no jumps at that hour: all of them");
    assert_eq!(fall_back(&series, &rules, at(1, 9)), None);
}

#[test]
fn a_rule_that_is_raised_fires_less_and_any_change_is_another_version() {
    let rows = rows(&fixture()["T8"]["stations"]);
    let mut rules = Rules::default();
    let usual = rules.version();
    rules.all[Pollutant::Pm25].excess = 200.0;
    assert_ne!(rules.version(), usual);
    assert_eq!(Rules::default().version(), usual);
    let mut tracker = Tracker::empty((0..4).map(place).collect(), hour(0)..hour(6), rules);
    for (number, values) in rows.iter().enumerate() {
        for (at, value) in values.iter().enumerate() {
            tracker.put(place(number), Pollutant::Pm25, hour(at), *value);
        }
    }
    let all = all_of(&mut tracker, 6);
    assert!(all.iter().all(|it| it.nature == Nature::Attention), "{all:?}");
}

type Reading = (usize, bool, usize, Option<f64>);

fn reading() -> impl Strategy<Value = Reading> {
    let value = prop_oneof![
        1 => Just(None),
        6 => (1_u32..16).prop_map(|tens| Some(f64::from(tens) * 12.5)),
    ];
    (0_usize..4, any::<bool>(), 0_usize..60, value)
}

fn put(tracker: &mut Tracker, (station, is_coarse, at, value): Reading) {
    let pollutant = if is_coarse { Pollutant::Pm10 } else { Pollutant::Pm25 };
    tracker.put(place(station), pollutant, hour(at), value);
}

proptest! {
    #[test]
    fn any_order_of_late_missing_and_changed_readings_gives_the_episodes_of_the_sorted_ones(
        readings in prop::collection::vec((reading(), 0_usize..8), 1..400),
    ) {
        let mut live = tracker(4, 60);
        for (number, (reading, asked)) in readings.iter().enumerate() {
            put(&mut live, *reading);
            // Now and then somebody looks, at a moment that goes forth and back.
            if *asked == 0 {
                live.episodes(after(20 + number % 41));
            }
        }
        let mut last: std::collections::BTreeMap<_, Reading> = std::collections::BTreeMap::new();
        for ((station, is_coarse, at, value), _) in &readings {
            last.insert((*at, *station, *is_coarse), (*station, *is_coarse, *at, *value));
        }
        let mut sorted = tracker(4, 60);
        for reading in last.into_values() {
            put(&mut sorted, reading);
        }
        prop_assert_eq!(live.episodes(after(60)), sorted.episodes(after(60)));
    }

    #[test]
    fn what_is_told_of_an_hour_does_not_depend_on_later_ones(
        readings in prop::collection::vec(reading(), 1..300),
        until in 1_usize..59,
    ) {
        let (mut all, mut some) = (tracker(4, 60), tracker(4, 60));
        for reading in readings {
            put(&mut all, reading);
            if reading.2 < until {
                put(&mut some, reading);
            }
        }
        prop_assert_eq!(all.episodes(after(until)), some.episodes(after(until)));
    }
}
