//! How the hour was kept: rates with their denominators.

use std::collections::BTreeMap;

use crate::domain::{EpisodeState, FalseCause, Record, Text, episode};

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

/// What came of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// A problem was found where people went.
    Found,
    /// People went, and nothing was found.
    Nothing,
    /// Nobody has said anything.
    Unanswered,
    False(FalseCause),
    Regional,
}

impl Ending {
    pub const fn label(self) -> Text {
        match self {
            Self::Found => Text::new("查实问题", "a problem was found"),
            Self::Nothing => Text::new("到场未查实", "nothing was found"),
            Self::Unanswered => Text::new("无处置反馈", "no answer"),
            Self::False(FalseCause::Instrument) => Text::new("误报：仪器", "false: instrument"),
            Self::False(FalseCause::Weather) => Text::new("误报：天气", "false: weather"),
            Self::False(FalseCause::Dust) => Text::new("误报：沙尘", "false: dust"),
            Self::False(FalseCause::Unknown) => Text::new("误报：不明", "false: unknown"),
            Self::Regional => Text::new("区域性", "regional"),
        }
    }
}

/// What came of an alert, by its record.
pub fn ending(record: &Record) -> Ending {
    match outcome(record) {
        Outcome::False => Ending::False(FalseCause::of(record).unwrap_or(FalseCause::Unknown)),
        Outcome::Regional => Ending::Regional,
        _ if !record.text("found").trim().is_empty() => Ending::Found,
        Outcome::Answered { .. } => Ending::Nothing,
        Outcome::Unanswered => Ending::Unanswered,
    }
}

/// The same for each of some groups, such as stations or townships.
pub fn by<'r, K: Ord>(
    records: impl IntoIterator<Item = &'r Record>,
    key: impl Fn(&Record) -> K,
) -> BTreeMap<K, HourStatistics> {
    by_each(records, |record| [key(record)])
}

/// The same where one alert may be of several groups, such as the departments that had orders: it counts
/// in each.
pub fn by_each<'r, K: Ord, I: IntoIterator<Item = K>>(
    records: impl IntoIterator<Item = &'r Record>,
    keys: impl Fn(&Record) -> I,
) -> BTreeMap<K, HourStatistics> {
    let mut groups: BTreeMap<K, Vec<Outcome>> = BTreeMap::new();
    for record in records {
        for key in keys(record) {
            groups.entry(key).or_default().push(outcome(record));
        }
    }
    groups.into_iter().map(|(key, of)| (key, HourStatistics::of(of))).collect()
}
