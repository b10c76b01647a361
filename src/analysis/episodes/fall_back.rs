//! How often a jump is gone by itself: what stands beside the clock of the value, so that nobody takes
//! credit for the weather and nobody is blamed for it.

use super::rules::Thresholds;
use crate::analysis::air::{Hour, HourSeries};

/// Hours after a jump at which it is looked whether the value was back.
const AFTER_H: [i32; 4] = [1, 2, 3, 6];
/// Of fewer jumps around the hour of the day all hours are taken.
const FEW: u32 = 8;

/// Of earlier jumps of a station and pollutant: how many were back at the value before the jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FallBack {
    /// Jumps with a reading at that time; those that were back by then. Within 1, 2, 3 and 6 hours.
    pub within: [(u32, u32); 4],
    /// Only jumps within an hour of this hour of the day; else of all hours, because those were few.
    pub is_of_hour: bool,
}

impl FallBack {
    /// The share that was back within `AFTER_H[at]` hours, 0–1; `None` of no jumps.
    pub fn rate(&self, at: usize) -> Option<f64> {
        let (n, back) = *self.within.get(at)?;
        (n > 0).then(|| f64::from(back) / f64::from(n))
    }

    /// Hours after the jump.
    pub const fn hours() -> [i32; 4] {
        AFTER_H
    }
}

/// Of the history before an hour. `None` where there was no jump yet.
pub fn fall_back(series: &HourSeries, rules: &Thresholds, hour: Hour) -> Option<FallBack> {
    let of_hour = count(series, rules, hour, true);
    if of_hour.within[0].0 >= FEW {
        return Some(of_hour);
    }
    Some(count(series, rules, hour, false)).filter(|all| all.within[0].0 > 0)
}

fn count(series: &HourSeries, rules: &Thresholds, until: Hour, is_of_hour: bool) -> FallBack {
    let mut found = FallBack { within: [(0, 0); 4], is_of_hour };
    for (hour, value) in series.iter().filter(|(hour, _)| *hour < until) {
        let apart = (i32::from(hour.label()) - i32::from(until.label())).rem_euclid(24);
        if is_of_hour && !matches!(apart, 0 | 1 | 23) {
            continue;
        }
        let Some(before) = series.get(hour.plus(-1)) else { continue };
        if value - before < rules.rise || value < rules.rise_ratio * before {
            continue;
        }
        let mut is_back = false;
        let mut last = 0;
        for (slot, after) in found.within.iter_mut().zip(AFTER_H) {
            let mut later = (last + 1..=after).filter_map(|h| series.get(hour.plus(h)));
            is_back |= later.any(|value| value <= before);
            last = after;
            // What is not over yet says nothing.
            if hour.plus(after) < until {
                slot.0 += 1;
                slot.1 += u32::from(is_back);
            }
        }
    }
    found
}
