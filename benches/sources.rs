//! A high value: sector to ranked list among 100,000 sites, and what a threshold that is dragged would
//! have fired at 30 stations in 90 days.
//!
//! Sites lie over 40 × 58 km, a third of them around the station. Hours are a wave of the day with
//! noise and a jump now and then.

mod dice;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{Coord, Point};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan as _};
use shapan::analysis::Index;
use shapan::analysis::air::wind::Wind;
use shapan::analysis::air::{DistrictGathering, DistrictHours, Hour};
use shapan::analysis::episodes::{Rules, rule_cost};
use shapan::analysis::sources::{Fingerprint, Past, Upwind, candidates};
use shapan::domain::reading::{Factor, FactorValues, ReadingRow, Span};
use shapan::domain::{Ids, Kind, Record, RecordId, Stamp, Value, World};

use dice::Dice;

/// In 0..1.
fn share(dice: &mut Dice) -> f64 {
    dice.roll(1_000_000) as f64 / 1e6
}

const STATION: Coord<f64> = Coord { x: 118.16, y: 39.83 };
const KINDS: [&str; 4] = ["construction", "restaurant", "enterprise", "stockpile"];

fn sites(count: usize) -> World {
    let mut dice = Dice(1);
    let stamp = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(stamp.at, 1);
    let mut world = World::default();
    for number in 0..count {
        let spread = if number % 3 == 0 { 0.06 } else { 0.5 };
        let mut off = || spread * (share(&mut dice) - 0.5);
        let at = Coord { x: STATION.x + off(), y: STATION.y + off() };
        let mut record = Record::new(ids.next(), Kind::Site, &stamp);
        record.geometry = Some(Point(at).into());
        record.set("name", Some(Value::text(&format!("{number} 号点"))));
        record.set("kind", Some(Value::Choice(KINDS[number % KINDS.len()])));
        world.load(record.into());
    }
    world
}

fn hours(stations: u128) -> DistrictHours {
    let mut dice = Dice(2);
    let (first, last) = (date(2026, 8, 31), date(2026, 11, 28));
    let mut gathering = DistrictGathering::of_days(first, last);
    for day in first.series(1.day()).take(90) {
        for label in 1..=24 {
            let hour = Hour::of_day(day, label);
            let wave = 60.0 + 20.0 * (f64::from(label) / 24.0 * std::f64::consts::TAU).cos();
            for station in 1..=stations {
                let jump = if share(&mut dice) < 0.01 { 80.0 } else { 0.0 };
                let mut row = ReadingRow {
                    place: RecordId(uuid::Uuid::from_u128(station)),
                    span: Span::Hour,
                    start: hour.start(),
                    values: FactorValues::default(),
                };
                for factor in Factor::COLUMNS.iter().take(6) {
                    row.values.set(factor, (wave + 15.0 * share(&mut dice) + jump).round());
                }
                gathering.add(&row);
            }
        }
    }
    gathering.finish()
}

fn bench(c: &mut Criterion) {
    let world = sites(100_000);
    let index = Index::of(&world);
    let wind = Wind::new(Some(315.0), 2.5);
    let upwind = Upwind::of(STATION, wind.as_slice());
    let past = Past::default();
    c.bench_function("sector to ranked list, 100,000 sites", |b| {
        b.iter(|| black_box(candidates(&index, &upwind, Fingerprint::Dust, &past, 60)));
    });
    let hours = hours(30);
    let stations: Vec<RecordId> = hours.stations.keys().copied().collect();
    let now = Hour::of_day(date(2026, 11, 28), 24).plus(1).start();
    let rules = Rules::default();
    c.bench_function("rules on trial, 30 stations and 90 days", |b| {
        b.iter(|| {
            let cost = rule_cost(&hours, &stations, &rules, std::iter::empty(), (now, 90));
            black_box(cost)
        });
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
