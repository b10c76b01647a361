//! High values: which hours of which stations are one, when it began and when it was over, and how
//! those who had to act did. Pure functions.
//!
//! [`Rules`] are data, a row a pollutant and station, with defaults and a version of their own.
//! [`Tracker`] holds the hours of a district and answers with the [`Episode`]s in them, however the
//! hours came: late, one by one, or changed afterwards. An episode is what the rules find; what people
//! did about it is a record of its own ([`crate::domain::Kind::Episode`]), which nothing here changes.
//! `matching` brings the two together.
//!
//! Values are in µg/m³ but for CO, in mg/m³.

mod clearing;
mod cost;
mod fall_back;
mod fold;
mod grid;
mod health;
mod matching;
mod program;
mod replies;
mod rules;
mod statistics;
#[cfg(test)]
mod tests;
mod tracker;

use super::air::{Hour, Pollutant};
use crate::domain::{RecordId, Text};

pub use clearing::{CLEAR_READINGS, Clearing};
pub use cost::{RuleCost, rule_cost};
pub use fall_back::{FallBack, fall_back};
pub use health::{AlarmHealth, alarm_health};
pub use matching::{Matched, first_alerts, matched};
pub use program::{
    ALERTED_WITHIN, BY_RULE, alert, clock_start, is_invented, program_changes, watched,
};
pub use replies::{Said, replies};
pub use rules::{Rules, SPRAY_CLEAR_M, Thresholds};
pub use statistics::{Ending, HourStatistics, Outcome, by, by_each, ending, outcome};
pub use tracker::{Tracker, episodes};

/// What a rule found, and so what is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// A jump, and above the neighbours: somebody goes there, and the clock of an hour runs.
    Dispatch,
    /// Most stations rose in the same hour: one card, nobody is sent.
    Regional,
    /// A jump or above the neighbours, not both: to be watched, without a clock.
    Attention,
    /// The values themselves are doubtful: told to whoever runs the station, and never "handled".
    Suspicious,
    /// Nothing was said for more than ninety minutes.
    NoData,
    /// Above the limit of an hour: for information.
    OverLimit,
}

impl Nature {
    /// In the order of lists.
    pub const ALL: [Self; 6] = [
        Self::Dispatch,
        Self::Regional,
        Self::Attention,
        Self::Suspicious,
        Self::NoData,
        Self::OverLimit,
    ];

    /// As files and commands write it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatch",
            Self::Regional => "regional",
            Self::Attention => "attention",
            Self::Suspicious => "suspicious",
            Self::NoData => "no_data",
            Self::OverLimit => "over_limit",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Self::Dispatch => Text::new("高值处置", "dispatch"),
            Self::Regional => Text::new("区域性", "regional"),
            Self::Attention => Text::new("关注", "attention"),
            Self::Suspicious => Text::new("数据可疑", "doubtful data"),
            Self::NoData => Text::new("数据中断", "no data"),
            Self::OverLimit => Text::new("超标", "over the limit"),
        }
    }

    /// What is expected of whoever sees it.
    pub const fn expects(self) -> Text {
        match self {
            Self::Dispatch => {
                Text::new("交办，60分钟内处置反馈", "dispatch; answer within 60 minutes")
            }
            Self::Regional => {
                Text::new("按区域过程应对，不单独交办", "a matter of the region; nobody is sent")
            }
            Self::Attention => Text::new("留意下一小时", "look at the next hour"),
            Self::Suspicious => Text::new(
                "通知站点运维单位核实，不得处置站点",
                "tell whoever runs the station; never handle the station",
            ),
            Self::NoData => Text::new("通知站点运维单位", "tell whoever runs the station"),
            Self::OverLimit => Text::new("知悉", "know it"),
        }
    }
}

/// Pollutants that rise together: one episode a station and family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Particles,
    Gases,
}

impl Family {
    pub const ALL: [Self; 2] = [Self::Particles, Self::Gases];

    pub const fn of(pollutant: Pollutant) -> Self {
        match pollutant {
            Pollutant::Pm25 | Pollutant::Pm10 => Self::Particles,
            Pollutant::So2 | Pollutant::No2 | Pollutant::Co | Pollutant::O3 => Self::Gases,
        }
    }

    /// As records write it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Particles => "particles",
            Self::Gases => "gases",
        }
    }
}

/// Why values are doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    Negative,
    Zero,
    Flat,
    FineAboveCoarse,
}

impl Doubt {
    pub const fn label(self) -> Text {
        match self {
            Self::Negative => Text::new("负值", "below zero"),
            Self::Zero => Text::new("连续为零", "zero for hours"),
            Self::Flat => Text::new("长时间不变", "does not move"),
            Self::FineAboveCoarse => Text::new("PM2.5 高于 PM10", "PM2.5 above PM10"),
        }
    }
}

/// Which rules a value met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// 环比突升: above the hour before.
    pub jump: bool,
    /// 高于区域: above the median of the other stations.
    pub above: bool,
}

impl Met {
    pub const fn both(self) -> bool {
        self.jump && self.above
    }

    pub const fn any(self) -> bool {
        self.jump || self.above
    }
}

/// One pollutant within an episode.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub pollutant: Pollutant,
    /// The hour in which it came in, and what it was then.
    pub fired: Hour,
    pub value: f64,
    /// The hour before.
    pub before: Option<f64>,
    /// The median of the other stations.
    pub neighbours: Option<f64>,
    pub met: Met,
    pub peak: (Hour, f64),
    pub latest: (Hour, f64),
    /// At or below this an hour is clear.
    pub clears_at: f64,
    /// Clear readings in a row.
    pub clear: u8,
}

/// Hours that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    pub nature: Nature,
    /// `None` of the whole district.
    pub place: Option<RecordId>,
    /// `None` where no pollutant is meant.
    pub family: Option<Family>,
    pub first: Hour,
    /// The hour in which it first was a matter of dispatch.
    pub dispatched: Option<Hour>,
    /// The last hour that belongs to it.
    pub last: Hour,
    /// The hour of the second clear reading; `None` while it goes on.
    pub ended: Option<Hour>,
    /// First in, first named; the others attached themselves.
    pub courses: Vec<Course>,
    /// Above the neighbours for three hours or more.
    pub is_persistent: bool,
    pub doubt: Option<Doubt>,
}

impl Episode {
    /// The pollutant that came first.
    pub fn lead(&self) -> Option<&Course> {
        self.courses.first()
    }

    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// The hour by which it is known: of dispatch, else the first.
    pub fn hour(&self) -> Hour {
        self.dispatched.unwrap_or(self.first)
    }

    /// Whether an hour belongs to it.
    pub fn covers(&self, hour: Hour) -> bool {
        self.first <= hour && hour <= self.last
    }
}
