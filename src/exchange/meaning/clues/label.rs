//! What an hour's label means.

use std::fmt;

use crate::domain::Localized;

const DAY_H: usize = 24;

/// Which end of its hour a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HourLabel {
    Start,
    End,
}

/// Which clock it is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Utc8,
    Utc,
}

/// What a label means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub label: HourLabel,
    pub zone: Zone,
}

impl Stamp {
    const ALL: [Self; 4] = [
        Self { label: HourLabel::End, zone: Zone::Utc8 },
        Self { label: HourLabel::Start, zone: Zone::Utc8 },
        Self { label: HourLabel::End, zone: Zone::Utc },
        Self { label: HourLabel::Start, zone: Zone::Utc },
    ];

    /// The label of the first hour of a day in UTC+8.
    const fn first_of_day(self) -> usize {
        match (self.zone, self.label) {
            (Zone::Utc8, HourLabel::End) => 1,
            (Zone::Utc8, HourLabel::Start) => 0,
            (Zone::Utc, HourLabel::End) => 17,
            (Zone::Utc, HourLabel::Start) => 16,
        }
    }
}

/// Drops of a running maximum that one hour must have, and its share of all of them.
const LEAST_DROPS: u32 = 10;
const DROP_SHARE: f64 = 0.8;
/// Hours of ozone at each label, to see a day's shape.
const LEAST_OZONE: u32 = 3;
/// Ozone is highest in the afternoon: 13–17 o'clock in UTC+8, 5–9 in UTC.
const AFTERNOON: [usize; 2] = [13, 17];
const UTC_OFFSET_H: usize = 8;
/// By how much the highest hour must be above the lowest.
const SHAPE_RATIO: f64 = 1.3;

/// Three kinds of evidence:
///
/// * a running maximum of the day (`O3_8h_24h`) falls where a day begins: at label 1 where labels are
///   ends, at 0 where they are starts, eight hours before in UTC;
/// * a 24 h mean in the same row is that of the 24 labels up to its own, or of those before it;
/// * ozone is highest in the afternoon, which tells zones apart and not ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelClue {
    drops: [u32; DAY_H],
    ozone: [(f64, u32); DAY_H],
    own: u32,
    before: u32,
    means: u32,
}

impl LabelClue {
    /// Two values in a row of the day's running maximum at one place, the later one's label 0–23
    /// (24 is 0).
    pub fn running(&mut self, label: usize, before: f64, value: f64) {
        if value < before {
            self.drops[label % DAY_H] += 1;
        }
    }

    /// One value of ozone.
    pub fn ozone(&mut self, label: usize, value: f64) {
        if value.is_finite() {
            let (sum, n) = &mut self.ozone[label % DAY_H];
            *sum += value;
            *n += 1;
        }
    }

    /// A published 24 h mean, whole, beside 25 hourly values, of which the last has its label. It counts
    /// where the two means that it may be differ.
    pub fn mean(&mut self, hours: &[f64; DAY_H + 1], published: f64) {
        let mean = |hours: &[f64]| (hours.iter().sum::<f64>() / DAY_H as f64).round_ties_even();
        let (own, before) = (mean(&hours[1..]), mean(&hours[..DAY_H]));
        if hours.iter().all(|hour| hour.is_finite()) && (own - before).abs() > 0.5 {
            self.means += 1;
            self.own += u32::from((own - published).abs() < 0.5);
            self.before += u32::from((before - published).abs() < 0.5);
        }
    }

    /// Where a running maximum falls, if it falls at one label: the label, its drops, all drops.
    pub fn day_begins(&self) -> Option<(usize, u32, u32)> {
        let all: u32 = self.drops.iter().sum();
        let (label, drops) = (0..).zip(self.drops).max_by_key(|(_, drops)| *drops)?;
        let is_clear = drops >= LEAST_DROPS && f64::from(drops) >= DROP_SHARE * f64::from(all);
        is_clear.then_some((label, drops, all))
    }

    /// The label at which ozone is highest, if its day has a shape.
    pub fn ozone_peak(&self) -> Option<usize> {
        if self.ozone.iter().any(|(_, n)| *n < LEAST_OZONE) {
            return None;
        }
        let means = self.ozone.map(|(sum, n)| sum / f64::from(n));
        let lowest = means.into_iter().reduce(f64::min)?;
        let (peak, highest) = (0..).zip(means).max_by(|a, b| a.1.total_cmp(&b.1))?;
        (highest > SHAPE_RATIO * lowest).then_some(peak)
    }

    /// Of the 24 h means that tell: how many there are, how many end with their own label, how many
    /// before it.
    pub const fn means(&self) -> (u32, u32, u32) {
        (self.means, self.own, self.before)
    }

    /// What the labels mean; `None` where that is not shown. Where a running maximum and the shape of
    /// ozone contradict one another, nothing is shown.
    pub fn verdict(&self) -> Option<Stamp> {
        let (first, _, _) = self.day_begins()?;
        let stamp = Stamp::ALL.into_iter().find(|stamp| stamp.first_of_day() == first)?;
        let is_contradicted = self.zone().is_some_and(|zone| zone != stamp.zone);
        (!is_contradicted).then_some(stamp)
    }

    /// The zone by the shape of ozone alone.
    pub fn zone(&self) -> Option<Zone> {
        let peak = self.ozone_peak()?;
        let is_in = |offset: usize| {
            let [from, to] = AFTERNOON.map(|hour| hour - offset);
            (from..=to).contains(&peak)
        };
        if is_in(0) { Some(Zone::Utc8) } else { is_in(UTC_OFFSET_H).then_some(Zone::Utc) }
    }
}

/// The numbers, as a sentence that stands beside the verdict.
impl fmt::Display for LabelClue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day_begins() {
            Some((label, drops, all)) => {
                write!(f, "the running maximum falls at label {label} in {drops} of {all} cases")?;
            }
            None => write!(f, "no label at which a running maximum begins anew")?,
        }
        let (means, own, before) = self.means();
        write!(f, "; of {means} 24 h means {own} end with their own label, {before} before it")?;
        match self.ozone_peak() {
            Some(peak) => write!(f, "; ozone is highest at label {peak}"),
            None => write!(f, "; ozone has no daily shape"),
        }
    }
}

impl Localized for LabelClue {
    fn zh(&self) -> String {
        let begins = match self.day_begins() {
            Some((label, drops, all)) => {
                format!("滑动最大值共回落 {all} 次，其中 {drops} 次在 {label} 时")
            }
            None => "滑动最大值没有固定的回落时刻".to_owned(),
        };
        let (means, own, before) = self.means();
        let means = format!("{means} 个 24 小时均值中，{own} 个截至本时，{before} 个截至前一时");
        let peak = match self.ozone_peak() {
            Some(peak) => format!("臭氧在 {peak} 时最高"),
            None => "臭氧看不出日变化".to_owned(),
        };
        format!("{begins}；{means}；{peak}")
    }
}
