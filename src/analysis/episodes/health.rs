//! Whether the alarms themselves are in order: too many, too restless, too old, laid aside, unanswered.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::matching::hour_of;
use crate::analysis::air::Hour;
use crate::domain::{EpisodeState, FalseCause, Record, episode};

/// Alerts of one station in a day from which it chatters.
const CHATTERS_FROM: usize = 3;
/// What goes on for longer is stale.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// Of the list of those that alarm most.
const WORST: usize = 5;

/// The alarms of some days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlarmHealth {
    pub days: u32,
    pub alerts: usize,
    /// Stations, by id, with their alerts: those that alarm most, first.
    pub worst: Vec<(String, usize)>,
    /// Stations that alerted three times or more within a day.
    pub chattering: usize,
    pub stale: usize,
    pub shelved: usize,
    /// Ended without anybody having answered.
    pub never_acted: usize,
    pub false_by_cause: BTreeMap<FalseCause, usize>,
}

impl AlarmHealth {
    pub fn per_day(&self) -> f64 {
        self.alerts as f64 / f64::from(self.days.max(1))
    }
}

/// Of the alerts of so many days before `now`.
pub fn alarm_health<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    now: Timestamp,
    days: u32,
) -> AlarmHealth {
    let from = now - SignedDuration::from_hours(24 * i64::from(days));
    let mut found = AlarmHealth { days, ..AlarmHealth::default() };
    let mut stations: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
    for record in records {
        let state = episode::state(record);
        let Some(alerted) = episode::moment(record, "alerted_at") else { continue };
        found.shelved += usize::from(episode::is_shelved(record, now));
        let is_stale = !state.is_over() && now.duration_since(alerted) > STALE_AFTER;
        found.stale += usize::from(is_stale);
        if alerted < from || alerted > now {
            continue;
        }
        found.alerts += 1;
        let is_unanswered = episode::moment(record, "handled_at").is_none();
        found.never_acted += usize::from(state == EpisodeState::Closed && is_unanswered);
        if let Some(cause) = FalseCause::of(record).filter(|_| state == EpisodeState::False) {
            *found.false_by_cause.entry(cause).or_default() += 1;
        }
        let hour = hour_of(record).map_or(alerted, Hour::start);
        stations.entry(record.text("station")).or_default().push(hour);
    }
    for alerts in stations.values_mut() {
        alerts.sort_unstable();
        let is_near = |few: &[Timestamp]| {
            let ends = few.first().zip(few.last());
            ends.is_some_and(|(a, b)| b.duration_since(*a) < SignedDuration::from_hours(24))
        };
        found.chattering += usize::from(alerts.windows(CHATTERS_FROM).any(is_near));
    }
    found.worst =
        stations.into_iter().map(|(station, of)| (station.to_owned(), of.len())).collect();
    found.worst.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.worst.truncate(WORST);
    found
}
