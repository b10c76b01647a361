//! Whether a column is hourly or a running maximum.

use std::fmt;

use crate::domain::Localized;

/// What a column of ozone holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Hourly,
    /// The largest of the last 24 h.
    RunningMaximum,
}

/// Pairs of hours below which nothing is said: a day of five stations.
const LEAST: u32 = 100;
/// Shares of pairs that fall: of the hourly values of 2,000 stations 47 %, of running maxima 7 %.
const RUNNING_BELOW: f64 = 0.2;
const HOURLY_ABOVE: f64 = 0.3;

/// How often a column falls from one hour to the next: a running maximum seldom does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunningClue {
    pub pairs: u32,
    pub drops: u32,
}

impl RunningClue {
    /// Two values in a row at one place.
    pub fn add(&mut self, before: f64, value: f64) {
        if before.is_finite() && value.is_finite() {
            self.pairs += 1;
            self.drops += u32::from(value < before);
        }
    }

    /// 0–1; `None` without pairs.
    pub fn drop_share(&self) -> Option<f64> {
        (self.pairs > 0).then(|| f64::from(self.drops) / f64::from(self.pairs))
    }

    /// What the column holds; `None` where the pairs are too few or the share lies between.
    pub fn verdict(&self) -> Option<Column> {
        let share = self.drop_share().filter(|_| self.pairs >= LEAST)?;
        match share {
            _ if share < RUNNING_BELOW => Some(Column::RunningMaximum),
            _ if share > HOURLY_ABOVE => Some(Column::Hourly),
            _ => None,
        }
    }

    /// Whether what is called hourly and what is called the running maximum are each the other.
    pub fn are_swapped(hourly: &Self, running: &Self) -> bool {
        hourly.verdict() == Some(Column::RunningMaximum)
            && running.verdict() == Some(Column::Hourly)
    }
}

impl fmt::Display for RunningClue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} pairs of hours fall", self.drops, self.pairs)
    }
}

impl Localized for RunningClue {
    fn zh(&self) -> String {
        format!("相邻两小时 {} 对，其中下降 {} 对", self.pairs, self.drops)
    }
}
