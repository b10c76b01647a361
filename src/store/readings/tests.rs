//! Readings written, read, withdrawn, undone, checked and salvaged.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::domain::reading::{
    Clock, DeliveryHead, Factor, FactorValues, Flag, LabelEnd, LabelRule, ReadingRow,
};
use crate::domain::{Change, Edit, EditKind, Ids, Kind, Record, RecordId, Stamp, Value, World};
use crate::store::{AsOf, DistrictReader, Error, Size, Store};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

struct Bench {
    _folder: tempfile::TempDir,
    path: PathBuf,
    store: Store,
    ids: Ids,
    by: Stamp,
    stations: Vec<RecordId>,
}

impl Bench {
    fn new(stations: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("丰润.gpkg");
        let by = Stamp { actor: "张三".into(), at: at("2026-11-29T02:31:00Z") };
        let mut ids = Ids::new(by.at, 7);
        let mut store = Store::create(&path).unwrap();
        let mut changes = Vec::new();
        for number in 0..stations {
            let mut station = Record::new(ids.next(), Kind::ControlPoint, &by);
            station.set("code", Some(Value::text(&format!("130208{number:03}"))));
            station.set("name", Some(Value::text(&format!("示例站{number}"))));
            changes.push(station);
        }
        let stations = changes.iter().map(|record| record.id).collect();
        let changes = changes.into_iter().map(Change::create).collect();
        store.apply(&Edit::of(changes), &by).unwrap();
        Self { _folder: folder, path, store, ids, by, stations }
    }

    fn deliver(&mut self, source: &str, rows: &[ReadingRow]) -> Option<Record> {
        let mut session = self.store.session(&self.by, Size::Few).unwrap();
        let mut delivery = session.delivery(&mut self.ids).unwrap();
        for row in rows {
            delivery.put(row).unwrap();
        }
        let head = DeliveryHead {
            source: source.to_owned(),
            format: "test".to_owned(),
            label: Some(LabelRule { end: LabelEnd::End, clock: Clock::Utc8 }),
            findings: vec!["标签0点带前一日均值".to_owned()],
            map: Vec::new(),
        };
        let record = delivery.finish(&mut session, &head, &self.by).unwrap();
        session.commit(EditKind::Deliver, Some(source.to_owned())).unwrap();
        record
    }

    fn row(&self, station: usize, hour: i64, values: &[(Factor, f64)]) -> ReadingRow {
        let start = at("2026-11-28T16:00:00Z").saturating_add(HOUR * hour as i32).unwrap();
        let mut row = ReadingRow {
            place: self.stations[station],
            span: Span::Hour,
            start,
            values: FactorValues::default(),
        };
        for (factor, value) in values {
            row.values.set(factor, *value);
        }
        row
    }

    fn values(&self, world: &World) -> Vec<(usize, i64, Vec<f64>)> {
        let readings = self.store.readings(world).unwrap();
        let mut found = Vec::new();
        let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let query = ReadingQuery { span: Span::Hour, from, to, places: None, factors: None };
        readings
            .each(&query, &mut |row| {
                let station = self.stations.iter().position(|id| *id == row.place).unwrap();
                let hour = row.start.duration_since(at("2026-11-28T16:00:00Z")).as_hours();
                found.push((station, hour, row.values.iter().map(|(_, value)| value).collect()));
            })
            .unwrap();
        found
    }

    fn now(&self) -> Vec<(usize, i64, Vec<f64>)> {
        self.values(&self.store.load().unwrap())
    }

    fn findings(&self) -> Vec<String> {
        let findings = DistrictReader::open(&self.path).unwrap().check().unwrap();
        findings.into_iter().map(|finding| finding.problem.en).collect()
    }
}

#[test]
fn a_later_delivery_is_a_new_version_and_both_stay() {
    let mut bench = Bench::new(2);
    let pm = |value| [(Factor::Pm25, value)];
    let first =
        [bench.row(0, 0, &pm(70.0)), bench.row(1, 0, &[(Factor::Pm25, 88.0), (Factor::Co, 1.2)])];
    let one = bench.deliver("a.csv", &first).unwrap();
    assert_eq!(
        (one.get("rows"), one.get("values")),
        (Some(&Value::Integer(2)), Some(&Value::Integer(3)))
    );
    let again = bench.deliver("a.csv", &first);
    assert!(again.is_none(), "the same once more says nothing");
    let two = bench.deliver("b.csv", &[bench.row(1, 0, &pm(91.0))]).unwrap();
    let expected = [(0, 0, vec![70.0]), (1, 0, vec![91.0, 1.2])];
    assert_eq!(bench.now(), expected);
    let world = bench.store.load().unwrap();
    let readings = bench.store.readings(&world).unwrap();
    let versions =
        readings.versions(bench.stations[1], Span::Hour, at("2026-11-28T16:00:00Z")).unwrap();
    let said: Vec<_> = versions
        .iter()
        .map(|v| (v.version, v.delivery, v.values.get(&Factor::Pm25), v.is_in_force))
        .collect();
    assert_eq!(said, [(0, one.id, Some(88.0), true), (1, two.id, Some(91.0), true)]);
    assert_eq!(bench.findings(), [""; 0]);
}

#[test]
fn a_withdrawn_delivery_counts_no_more_and_undo_brings_it_back() {
    let mut bench = Bench::new(1);
    bench.deliver("a.csv", &[bench.row(0, 0, &[(Factor::Pm25, 88.0)])]).unwrap();
    let wrong = bench.deliver("b.csv", &[bench.row(0, 0, &[(Factor::Pm25, 8.0)])]).unwrap();
    let edit = withdrawal(&wrong.clone().into(), "单位错误", &bench.by).unwrap();
    bench.store.apply(&edit, &bench.by).unwrap();
    assert_eq!(bench.now(), [(0, 0, vec![88.0])]);
    let entry = bench.store.history().unwrap().pop().unwrap();
    assert_eq!((entry.kind, entry.note.as_str()), (EditKind::Withdraw, "b.csv · 单位错误"));
    let world = bench.store.load().unwrap();
    let stays = world.table(Kind::Delivery).get(wrong.id).unwrap();
    assert_eq!(stays.text("withdrawn_because"), "单位错误");
    assert_eq!(stays.text("withdrawn_by"), "张三");
    assert!(withdrawal(stays, "又", &bench.by).is_none());
    let then = bench.store.load_as_of(AsOf::Revision(entry.revision - 1)).unwrap();
    assert_eq!(bench.values(&then), [(0, 0, vec![8.0])], "as it was before");
    bench.store.undo(&bench.by).unwrap().unwrap();
    assert_eq!(bench.now(), [(0, 0, vec![8.0])]);
    bench.store.undo(&bench.by).unwrap().unwrap();
    assert_eq!(bench.now(), [(0, 0, vec![88.0])], "the delivery itself taken back");
    assert_eq!(bench.findings(), [""; 0]);
    bench.store.redo(&bench.by).unwrap().unwrap();
    bench.store.redo(&bench.by).unwrap().unwrap();
    assert_eq!(bench.now(), [(0, 0, vec![88.0])]);
    assert_eq!(bench.findings(), [""; 0]);
}

#[test]
fn nobody_makes_changes_or_deletes_a_delivery_by_itself() {
    let mut bench = Bench::new(1);
    let record = bench.deliver("a.csv", &[bench.row(0, 0, &[(Factor::Pm25, 88.0)])]).unwrap();
    let mut other = record.clone();
    other.set("sha256", Some(Value::text("0")));
    for change in [
        Change::update(record.clone().into(), other),
        Change::delete(record.clone().into()),
        Change::create(Record::new(bench.ids.next(), Kind::Delivery, &bench.by)),
    ] {
        let refused = bench.store.apply(&Edit::of(vec![change]), &bench.by);
        assert!(matches!(refused, Err(Error::DeliveryFixed(_))), "{refused:?}");
    }
    assert_eq!(bench.now(), [(0, 0, vec![88.0])]);
}

#[test]
fn other_programs_cannot_change_a_reading_and_check_tells_what_they_put_in() {
    let mut bench = Bench::new(1);
    bench.deliver("a.csv", &[bench.row(0, 0, &[(Factor::Pm25, 88.0)])]).unwrap();
    let outside = Connection::open(&bench.path).unwrap();
    assert!(outside.execute("UPDATE shapan_reading SET pm2_5 = 8", []).is_err());
    assert!(outside.execute("DELETE FROM shapan_reading", []).is_err());
    outside
        .execute("INSERT INTO shapan_reading (fid, delivery, pm2_5) SELECT fid + 1, 1, 8 FROM shapan_reading", [])
        .unwrap();
    let findings = bench.findings();
    assert!(
        findings.len() == 1 && findings[0].contains("not those that were delivered"),
        "{findings:?}"
    );
}

#[test]
fn the_view_has_a_row_a_station_and_hour() {
    let mut bench = Bench::new(2);
    let rows = [
        bench.row(0, 0, &[(Factor::Pm25, 88.0), (Factor::WindSpeed, 2.1)]),
        bench.row(1, 0, &[(Factor::Pm25, 70.0)]),
        bench.row(0, 1, &[(Factor::Pm25, 80.0)]),
    ];
    bench.deliver("a.csv", &rows).unwrap();
    let wrong = bench.deliver("b.csv", &[bench.row(0, 0, &[(Factor::Pm25, 1.0)])]).unwrap();
    bench.deliver("c.csv", &[bench.row(0, 0, &[(Factor::Pm10, 143.0)])]).unwrap();
    let edit = withdrawal(&wrong.into(), "错", &bench.by).unwrap();
    bench.store.apply(&edit, &bench.by).unwrap();
    let db = Connection::open(&bench.path).unwrap();
    let mut query = db
        .prepare(
            "SELECT station_code, station_name, begins_at, ends_at, pm2_5, pm10, wind_speed
             FROM air_hour ORDER BY OGC_FID",
        )
        .unwrap();
    let rows: Vec<String> = query
        .query_map([], |row| {
            let text = |at| row.get::<_, String>(at);
            let number = |at| row.get::<_, Option<f64>>(at);
            Ok(format!(
                "{} {} {} {} {:?} {:?} {:?}",
                text(0)?,
                text(1)?,
                text(2)?,
                text(3)?,
                number(4)?,
                number(5)?,
                number(6)?
            ))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let hour = "2026-11-28T16:00:00Z 2026-11-28T17:00:00Z";
    assert_eq!(
        rows,
        [
            format!("130208000 示例站0 {hour} Some(88.0) Some(143.0) Some(2.1)"),
            format!("130208001 示例站1 {hour} Some(70.0) None None"),
            "130208000 示例站0 2026-11-28T17:00:00Z 2026-11-28T18:00:00Z Some(80.0) None None"
                .to_owned(),
        ]
    );
}

#[test]
fn the_latest_hour_comes_with_the_one_before() {
    let mut bench = Bench::new(2);
    let pm = |value| [(Factor::Pm25, value)];
    let rows = [
        bench.row(0, 0, &pm(60.0)),
        bench.row(0, 1, &pm(64.0)),
        bench.row(1, 0, &pm(10.0)),
        bench.row(1, 2, &pm(12.0)),
    ];
    bench.deliver("a.csv", &rows).unwrap();
    let world = bench.store.load().unwrap();
    let readings = bench.store.readings(&world).unwrap();
    let latest = readings.latest(Span::Hour, bench.by.at, SignedDuration::from_hours(48)).unwrap();
    let said: Vec<_> = latest
        .iter()
        .map(|of| {
            let pm = |values: &FactorValues| values.get(&Factor::Pm25);
            (pm(&of.now.values), of.before.as_ref().and_then(pm))
        })
        .collect();
    assert_eq!(said, [(Some(64.0), Some(60.0)), (Some(12.0), None)]);
    let ends = readings.ends(Span::Hour).unwrap().unwrap();
    assert_eq!(ends, (at("2026-11-28T16:00:00Z"), at("2026-11-28T18:00:00Z")));
    assert_eq!(readings.ends(Span::Day).unwrap(), None);
}

#[test]
fn backup_salvage_and_compaction_keep_the_readings() {
    let mut bench = Bench::new(3);
    let rows: Vec<ReadingRow> = (0..3)
        .flat_map(|station| (0..50).map(move |hour| (station, hour)))
        .map(|(station, hour)| bench.row(station, hour, &[(Factor::O3, f64::from(hour as i32))]))
        .collect();
    bench.deliver("a.csv", &rows).unwrap();
    let now = bench.now();
    assert_eq!(now.len(), 150);
    let folder = bench.path.parent().unwrap().to_owned();
    let (copy, saved) = (folder.join("copy.gpkg"), folder.join("saved.gpkg"));
    bench.store.backup(&copy).unwrap();
    bench.store.compact(|| true).unwrap();
    assert_eq!(bench.findings(), [""; 0]);
    let salvaged = crate::store::restore::salvage(&bench.path, &saved, &bench.by).unwrap();
    assert_eq!(salvaged.readings, 150);
    for path in [&copy, &saved] {
        bench.path.clone_from(path);
        bench.store = Store::open(path).unwrap();
        assert_eq!(bench.now(), now, "{}", path.display());
        assert_eq!(bench.findings(), [""; 0], "{}", path.display());
    }
}

/// A file of the format before readings, made from one of today.
fn older(path: &Path) {
    let db = Connection::open(path).unwrap();
    db.execute_batch(
        "DROP VIEW air_hour; DROP TABLE shapan_reading; DROP TABLE shapan_delivery;
         DROP TABLE shapan_place;
         DELETE FROM gpkg_contents WHERE table_name IN ('air_hour', 'shapan_reading');
         DELETE FROM gpkg_extensions WHERE table_name IN ('shapan_place', 'shapan_delivery');
         UPDATE shapan_meta SET value = '3' WHERE key = 'format';",
    )
    .unwrap();
}

#[test]
fn a_file_of_the_format_before_is_read_as_it_is_and_takes_readings_after_a_copy() {
    let mut bench = Bench::new(1);
    older(&bench.path);
    let bytes = std::fs::read(&bench.path).unwrap();
    let reader = DistrictReader::open(&bench.path).unwrap();
    let world = reader.load().unwrap();
    assert_eq!(reader.readings(&world).unwrap().places().count(), 0);
    assert_eq!(reader.check().unwrap(), []);
    drop(reader);
    assert_eq!(std::fs::read(&bench.path).unwrap(), bytes);
    bench.store = Store::open(&bench.path).unwrap();
    let copies = crate::store::restore::copies(&bench.path).unwrap();
    assert_eq!(copies.iter().map(|copy| copy.reason.as_str()).collect::<Vec<_>>(), ["format3"]);
    bench.deliver("a.csv", &[bench.row(0, 0, &[(Factor::Pm25, 88.0)])]).unwrap();
    assert_eq!(bench.now(), [(0, 0, vec![88.0])]);
    assert_eq!(bench.findings(), [""; 0]);
}

#[test]
fn any_code_is_kept_under_its_name_and_marks_stay_with_their_values() {
    let mut bench = Bench::new(1);
    let mut row = bench.row(0, 0, &[(Factor::named("a24088"), 0.7), (Factor::So2, 5.0)]);
    row.values.flag(&Factor::So2, Flag::new("D"));
    row.values.flag(&Factor::O3, Flag::new(Flag::BELOW));
    bench.deliver("a.csv", std::slice::from_ref(&row)).unwrap();
    let world = bench.store.load().unwrap();
    let readings = bench.store.readings(&world).unwrap();
    let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
    let places = Some(&bench.stations[..]);
    let mut found = Vec::new();
    for places in [None, places] {
        let query = ReadingQuery { span: Span::Hour, from, to, places, factors: None };
        readings.each(&query, &mut |row| found.push(row.clone())).unwrap();
    }
    assert_eq!(found, [row.clone(), row.clone()]);
    let ozone = [Factor::O3];
    let query = ReadingQuery { span: Span::Hour, from, to, places: None, factors: Some(&ozone) };
    row.values.set(&Factor::So2, f64::NAN);
    readings.each(&query, &mut |found| assert_eq!(*found, row)).unwrap();
}

proptest! {
    #[test]
    fn a_row_number_says_what_it_was_made_of(
        seconds in 0_i64..1 << 33,
        place in 0_i64..=MAX_PLACES,
        span in 0_usize..Span::ALL.len(),
    ) {
        let (start, span) = (Timestamp::from_second(seconds).unwrap(), Span::ALL[span]);
        let fid = Fid::first(span, start, place).unwrap();
        prop_assert_eq!((fid.span(), fid.start(), fid.place()), (Some(span), start, place));
        prop_assert_eq!((fid.version(), fid.last_version().version()), (0, LAST_VERSION));
        let (from, to) = Fid::range(span, start, start.saturating_add(HOUR).unwrap());
        prop_assert!((from..to).contains(&fid.0) && (from..to).contains(&fid.last_version().0));
    }
}

proptest! {
    // Each case is a file of its own.
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever comes in whatever order: what counts is the last that was said, value by value.
    #[test]
    fn what_counts_is_what_was_said_last(
        deliveries in prop::collection::vec(
            prop::collection::vec((0_usize..2, 0_i64..3, 0_usize..2, 1_u8..9), 1..6), 1..5,
        ),
        withdrawn in prop::option::of(0_usize..5),
    ) {
        let mut bench = Bench::new(2);
        let mut records = Vec::new();
        for (number, rows) in deliveries.iter().enumerate() {
            let rows: Vec<ReadingRow> = rows
                .iter()
                .map(|(station, hour, factor, value)| {
                    let factor = Factor::COLUMNS[*factor].clone();
                    // Another number in every delivery, so that none says what is known.
                    let value = f64::from(*value) + number as f64 * 10.0;
                    bench.row(*station, *hour, &[(factor, value)])
                })
                .collect();
            records.push(bench.deliver("x", &rows).unwrap());
        }
        if let Some(record) = withdrawn.and_then(|at| records.get(at)) {
            let edit = withdrawal(&record.clone().into(), "试", &bench.by).unwrap();
            bench.store.apply(&edit, &bench.by).unwrap();
        }
        let mut expected = std::collections::BTreeMap::new();
        for (number, rows) in deliveries.iter().enumerate() {
            if Some(number) == withdrawn.filter(|at| *at < records.len()) {
                continue;
            }
            for (station, hour, factor, value) in rows {
                let values = expected.entry((*hour, *station)).or_insert([f64::NAN; 2]);
                values[*factor] = f64::from(*value) + number as f64 * 10.0;
            }
        }
        let expected: Vec<(usize, i64, Vec<f64>)> = expected
            .into_iter()
            .map(|((hour, station), values)| {
                (station, hour, values.into_iter().filter(|v| !v.is_nan()).collect())
            })
            .collect();
        let mut now = bench.now();
        now.sort_by_key(|(station, hour, _)| (*hour, *station));
        prop_assert_eq!(now, expected);
        prop_assert_eq!(bench.findings(), [""; 0]);
    }
}
