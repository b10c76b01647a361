//! How the hour was kept: rates with their denominators.

use std::collections::BTreeMap;

use crate::domain::{EpisodeState, Record, episode};

/// How one alert ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Somebody answered so many minutes after the clock began.
    Answered {
        minutes: f64,
    },
    /// Nobody has answered: it goes on, or it ended by itself.
    Unanswered,
    False,
    Regional,
}

/// What is told of some alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HourStatistics {
    pub alerts: u32,
    /// Neither false nor regional: what can be kept or missed.
    pub actionable: u32,
    pub answered: u32,
    /// Within 60 minutes, 60 counted in.
    pub on_time: u32,
    /// Minutes from the start of the clock to the answer; `None` where nobody answered.
    pub median_minutes: Option<f64>,
}

/// The whole minutes that a clock shows: 60:59 is still the hour.
const HOUR_MIN: f64 = 60.0;

impl HourStatistics {
    pub fn of(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut found = Self::default();
        let mut minutes = Vec::new();
        for outcome in outcomes {
            found.alerts += 1;
            match outcome {
                Outcome::False | Outcome::Regional => continue,
                Outcome::Unanswered => {}
                Outcome::Answered { minutes: took } => {
                    found.answered += 1;
                    found.on_time += u32::from(took.floor() <= HOUR_MIN);
                    minutes.push(took);
                }
            }
            found.actionable += 1;
        }
        found.median_minutes = crate::analysis::air::percentile::percentile(&mut minutes, 50);
        found
    }

    /// 1小时办结率, 0–1: of what could be answered. `None` of nothing.
    pub fn rate(&self) -> Option<f64> {
        share(self.on_time, self.actionable)
    }

    /// Of what was answered.
    pub fn rate_of_answered(&self) -> Option<f64> {
        share(self.on_time, self.answered)
    }

    /// Of all alerts, false and regional ones too.
    pub fn rate_of_all(&self) -> Option<f64> {
        share(self.on_time, self.alerts)
    }
}

fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| f64::from(part) / f64::from(of))
}

/// How an alert ended, by its record.
pub fn outcome(record: &Record) -> Outcome {
    match episode::state(record) {
        EpisodeState::False => return Outcome::False,
        EpisodeState::Regional => return Outcome::Regional,
        _ => {}
    }
    let clock = episode::clock(record);
    match clock.zip(episode::moment(record, "handled_at")) {
        Some((clock, handled)) => {
            Outcome::Answered { minutes: clock.elapsed(handled).as_secs_f64() / 60.0 }
        }
        None => Outcome::Unanswered,
    }
}

/// The same for each of some groups, such as stations or townships.
pub fn by<'r, K: Ord>(
    records: impl IntoIterator<Item = &'r Record>,
    key: impl Fn(&Record) -> K,
) -> BTreeMap<K, HourStatistics> {
    let mut groups: BTreeMap<K, Vec<Outcome>> = BTreeMap::new();
    for record in records {
        groups.entry(key(record)).or_default().push(outcome(record));
    }
    groups.into_iter().map(|(key, of)| (key, HourStatistics::of(of))).collect()
}
