//! What the program itself writes: that an alert went out, and that an episode is over by rule.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::matching::{Matched, first_alerts};
use super::{Episode, Family};
use crate::analysis::air::{DistrictHours, Hour};
use crate::domain::episode::{self, Closer, Step};
use crate::domain::{
    Change, ClockStart, ControlPointState, DeliveryState, EpisodeFamily, EpisodeState, Kind,
    Record, RecordId, Stamp, Value, World,
};

/// What is older was missed: it is listed, and nobody is called for it.
pub const ALERTED_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// In whose name the program writes.
pub const BY_RULE: &str = "规则";

/// The records of alerts that have not gone out yet, and the ends that the second clear reading
/// brings. Whoever applies them twice writes nothing twice, because the second time they are known.
pub fn program_changes(
    rows: &[Matched],
    world: &World,
    rules: &str,
    now: Timestamp,
) -> Vec<Change> {
    let stamp = Stamp { actor: BY_RULE.into(), at: now };
    let alerts = first_alerts(rows, now, ALERTED_WITHIN);
    // What is invented, as in the sample, calls nobody.
    let real = alerts.filter(|found| !is_invented(world, found.hour()));
    let alerts = real.filter_map(|found| alert(found, world, rules, &stamp));
    let mut changes: Vec<Change> = alerts.map(Change::create).collect();
    for row in rows.iter().filter(|row| row.may_close()) {
        let Some(record) = &row.record else { continue };
        // What was opened again is a person's to end.
        if episode::moment(record, "reopened_at").is_some() {
            continue;
        }
        if let Ok(next) = episode::step(record, &Step::Close(Closer::Rule), now, &stamp) {
            changes.push(Change::update(Arc::clone(record), next));
        }
    }
    changes
}

/// The record of an alert that goes out when the stamp says; `None` of what needs nobody to go, and of
/// what is known.
pub fn alert(found: &Episode, world: &World, rules: &str, stamp: &Stamp) -> Option<Record> {
    found.dispatched?;
    let (place, course) = (found.place?, found.lead()?);
    let hour = found.hour();
    let id = id_of(place, hour, found.family?);
    if world.get(id).is_some() {
        return None;
    }
    let mut record = Record::new(id, Kind::Episode, stamp);
    let station = world.get(place).map_or("", |station| station.name());
    let day = hour.day().strftime("%m-%d");
    let name = format!("{station} {} {day} {}时", course.pollutant.symbol(), hour.label());
    let mut text = |key: &str, words: String| {
        record.set(key, (!words.is_empty()).then(|| Value::text(&words)));
    };
    text("name", name);
    text("station", place.to_string());
    text("pollutant", course.pollutant.symbol().to_owned());
    text("begins_at", hour.start().to_string());
    text("rules", rules.to_owned());
    text("alerted_at", stamp.at.to_string());
    text("arrived_at", arrival(world, hour).map_or_else(String::new, |at| at.to_string()));
    record.set("value", Some(Value::Real(course.value)));
    record.set("before", course.before.map(Value::Real));
    record.set("neighbours", course.neighbours.map(Value::Real));
    match found.family? {
        Family::Particles => EpisodeFamily::Particles.put(&mut record),
        Family::Gases => EpisodeFamily::Gases.put(&mut record),
    }
    EpisodeState::Open.put(&mut record);
    clock_start(world).put(&mut record);
    Some(record)
}

/// The same for the same station, hour and family: of two seats that find it at once only one writes
/// it. A UUID of version 7 whose random part is FNV-1a over what it is of.
fn id_of(place: RecordId, hour: Hour, family: Family) -> RecordId {
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    let bytes = place.0.as_bytes().iter().chain(family.key().as_bytes());
    for byte in bytes {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let millis = hour.start().as_millisecond().unsigned_abs();
    let random = hash.to_be_bytes();
    let mut counter = [0; 10];
    counter.copy_from_slice(&random[..10]);
    RecordId(uuid::Builder::from_unix_timestamp_millis(millis, &counter).into_uuid())
}

/// The control points in operation that have hours, or had some before: who is watched.
pub fn watched(world: &World, hours: &DistrictHours) -> Vec<RecordId> {
    let is_watched = |place: &&RecordId| {
        let record = world.table(Kind::ControlPoint).get(**place);
        record.is_some_and(|it| ControlPointState::of(it) != Some(ControlPointState::Stopped))
    };
    let mut all: Vec<RecordId> = hours.stations.keys().copied().collect();
    all.extend(hours.quiet.iter().filter(|place| !hours.stations.contains_key(*place)));
    all.sort_unstable();
    all.retain(|place| is_watched(&place));
    all
}

/// As the latest episode has it: what a person chose there holds for those to come.
pub fn clock_start(world: &World) -> ClockStart {
    let all = world.table(Kind::Episode).iter();
    let latest = all.max_by_key(|record| (record.meta.created_at, record.id));
    latest.and_then(|record| ClockStart::of(record)).unwrap_or(ClockStart::Alerted)
}

/// Whether the readings of an hour are those of the sample.
pub fn is_invented(world: &World, hour: Hour) -> bool {
    deliveries(world, hour).any(|record| record.text("format") == "示例")
}

/// When the first delivery came in that has values of the hour.
fn arrival(world: &World, hour: Hour) -> Option<Timestamp> {
    deliveries(world, hour).map(|record| record.meta.created_at).min()
}

fn deliveries(world: &World, hour: Hour) -> impl Iterator<Item = &Arc<Record>> {
    let covers = move |record: &&Arc<Record>| {
        let moment = |key| episode::moment(record, key);
        DeliveryState::of(record) != Some(DeliveryState::Withdrawn)
            && moment("begins_at").is_some_and(|from| from <= hour.start())
            && moment("ends_at").is_some_and(|to| to >= hour.plus(1).start())
    };
    world.table(Kind::Delivery).iter().filter(covers)
}
