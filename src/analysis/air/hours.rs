//! Hours, days of hours, and a station's hourly values.
//!
//! An hour is [start, start + 1 h). Days are those of UTC+8 without daylight saving; their hours are
//! called 1–24 by their end, as GB 3095 counts them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::{Date, DateTime, date};
use jiff::{Timestamp, ToSpan as _};

use super::{ByPollutant, Dust, Pollutant, daily_mean};

const EPOCH: Date = date(1970, 1, 1);
const UTC_OFFSET_H: i32 = 8;
const HOUR_S: i64 = 3600;
const DAY_H: i32 = 24;

/// One hour, by the number of hours from 1970-01-01T00:00Z to its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i32);

impl Hour {
    /// The hour in which an instant lies.
    pub fn containing(at: Timestamp) -> Self {
        Self(at.as_second().div_euclid(HOUR_S) as i32)
    }

    /// An hour of a day by its label, 1–24: label 1 is 00:00–01:00 in UTC+8.
    pub fn of_day(day: Date, label: u8) -> Self {
        Self(day_number(day) * DAY_H - UTC_OFFSET_H + i32::from(label) - 1)
    }

    /// Its start. Hours are made of instants and dates, so all of them are within reach of one.
    pub fn start(self) -> Timestamp {
        Timestamp::from_second(i64::from(self.0) * HOUR_S).unwrap_or(Timestamp::MAX)
    }

    /// Its end, civil time in UTC+8: as which hour people know it.
    pub fn end(self) -> DateTime {
        EPOCH.at(0, 0, 0, 0).saturating_add((self.0 + 1 + UTC_OFFSET_H).hours())
    }

    /// The day in UTC+8 to which it counts.
    pub fn day(self) -> Date {
        EPOCH.saturating_add((self.0 + UTC_OFFSET_H).div_euclid(DAY_H).days())
    }

    /// 1–24, by its end in UTC+8.
    pub const fn label(self) -> u8 {
        (self.0 + UTC_OFFSET_H).rem_euclid(DAY_H) as u8 + 1
    }

    /// So many hours later.
    #[must_use]
    pub const fn plus(self, hours: i32) -> Self {
        Self(self.0 + hours)
    }

    /// Hours from another one to this.
    pub const fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }
}

fn day_number(day: Date) -> i32 {
    day.duration_since(EPOCH).as_hours() as i32 / DAY_H
}

/// Days from one to another.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    day_number(to) - day_number(from)
}

/// The hourly values of one factor at one place over whole days; what is missing is never 0.
///
/// Only values that count for means belong in it: what is flagged stays outside.
#[derive(Clone, Debug, PartialEq)]
pub struct HourSeries {
    first: Hour,
    /// NaN where there is none.
    values: Vec<f64>,
}

impl HourSeries {
    /// Without values, of these days and those between; empty where `last` is before `first`.
    pub fn of_days(first: Date, last: Date) -> Self {
        let days = (days_between(first, last) + 1).max(0);
        let values = vec![f64::NAN; (days * DAY_H) as usize];
        Self { first: Hour::of_day(first, 1), values }
    }

    pub fn hours(&self) -> Range<Hour> {
        self.first..self.first.plus(i32::try_from(self.values.len()).unwrap_or(i32::MAX))
    }

    /// Sets a value. False, and nothing is set, where the hour is outside or the value no number.
    pub fn put(&mut self, hour: Hour, value: f64) -> bool {
        let at = usize::try_from(hour.since(self.first)).ok();
        match at.and_then(|at| self.values.get_mut(at)).filter(|_| value.is_finite()) {
            Some(slot) => {
                *slot = value;
                true
            }
            None => false,
        }
    }

    pub fn get(&self, hour: Hour) -> Option<f64> {
        let at = usize::try_from(hour.since(self.first)).ok()?;
        self.values.get(at).copied().filter(|value| !value.is_nan())
    }

    /// Hours with a value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Hour, f64)> {
        let hours = (0..).map(|at| self.first.plus(at));
        hours.zip(self.values.iter().copied()).filter(|(_, value)| !value.is_nan())
    }

    /// The first and the last hour with a value.
    pub fn ends(&self) -> Option<(Hour, Hour)> {
        let is_there = |value: &f64| !value.is_nan();
        let first = self.values.iter().position(is_there)?;
        let last = self.values.iter().rposition(is_there)?;
        let hour = |at: usize| self.first.plus(i32::try_from(at).unwrap_or(i32::MAX));
        Some((hour(first), hour(last)))
    }

    /// The days in order, those without any value too.
    pub fn days(&self) -> impl Iterator<Item = (Date, DayHours<'_>)> {
        let (days, _) = self.values.as_chunks::<24>();
        let mut date = self.first.day();
        days.iter().map(move |values| {
            let this = date;
            date = date.saturating_add(1.day());
            (this, DayHours(values))
        })
    }

    /// One of its days; `None` outside of them.
    pub fn day(&self, day: Date) -> Option<DayHours<'_>> {
        let at = usize::try_from(Hour::of_day(day, 1).since(self.first) / DAY_H).ok()?;
        let is_within = day >= self.first.day();
        self.values.as_chunks::<24>().0.get(at).filter(|_| is_within).map(DayHours)
    }

    /// The mean of several places hour by hour, as an hourly value of a district is made: of those
    /// that have a value. Over the days of the first.
    pub fn mean_of(all: &[&Self]) -> Option<Self> {
        let mut mean = (*all.first()?).clone();
        let hours = (0..).map(|at| mean.first.plus(at));
        for (hour, slot) in hours.zip(&mut mean.values) {
            let (sum, n) = all
                .iter()
                .filter_map(|one| one.get(hour))
                .fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
            *slot = if n == 0 { f64::NAN } else { sum / f64::from(n) };
        }
        Some(mean)
    }
}

/// The 24 hourly values of one day.
#[derive(Clone, Copy, Debug)]
pub struct DayHours<'s>(pub(super) &'s [f64; 24]);

impl DayHours<'_> {
    /// By the label 1–24.
    pub fn get(self, label: u8) -> Option<f64> {
        let at = usize::from(label).checked_sub(1)?;
        self.0.get(at).copied().filter(|value| !value.is_nan())
    }

    /// Those there are.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.0.iter().copied().filter(|value| !value.is_nan())
    }
}

/// The hourly values of the six pollutants at one station, and what is deducted of its days.
#[derive(Clone, Debug, PartialEq)]
pub struct StationHours {
    series: ByPollutant<HourSeries>,
    /// Days without a deduction are not in it.
    dust: BTreeMap<Date, Dust>,
}

impl StationHours {
    /// Without values, of these days and those between.
    pub fn of_days(first: Date, last: Date) -> Self {
        let series = ByPollutant::from_fn(|_| HourSeries::of_days(first, last));
        Self { series, dust: BTreeMap::new() }
    }

    /// Keeps what is deducted of a day; the hours stay as they were measured.
    pub fn deduct(&mut self, day: Date, dust: Dust) {
        if !dust.is_none() {
            self.dust.insert(day, dust);
        }
    }

    /// What is deducted of a day.
    pub fn dust(&self, day: Date) -> Dust {
        self.dust.get(&day).copied().unwrap_or_default()
    }

    /// As [`HourSeries::put`]; a concentration below 0 is no value either.
    pub fn put(&mut self, pollutant: Pollutant, hour: Hour, value: f64) -> bool {
        value >= 0.0 && self.series[pollutant].put(hour, value)
    }

    pub fn series(&self, pollutant: Pollutant) -> &HourSeries {
        &self.series[pollutant]
    }

    /// The values of one hour.
    pub fn hour(&self, hour: Hour) -> ByPollutant<Option<f64>> {
        ByPollutant::from_fn(|pollutant| self.series[pollutant].get(hour))
    }

    /// The valid daily means of particles, of ozone and gases nothing.
    fn particles(&self, day: Date) -> ByPollutant<Option<f64>> {
        ByPollutant::from_fn(|pollutant| match pollutant {
            Pollutant::Pm10 | Pollutant::Pm25 => {
                self.series[pollutant].day(day).and_then(|hours| daily_mean(hours).valid())
            }
            _ => None,
        })
    }

    /// As [`HourSeries::mean_of`], of each pollutant; on days of which any station has a deduction, the
    /// mean of their daily values with it.
    pub fn mean_of(stations: &[Self]) -> Option<Self> {
        let first = stations.first()?;
        let mean = |pollutant| {
            let all: Vec<&HourSeries> =
                stations.iter().map(|station| &station.series[pollutant]).collect();
            HourSeries::mean_of(&all).unwrap_or_else(|| first.series[pollutant].clone())
        };
        let days: BTreeSet<Date> = stations.iter().flat_map(|it| it.dust.keys().copied()).collect();
        let dust = days.into_iter().map(|day| {
            let of: Vec<_> = stations.iter().map(|it| (it.dust(day), it.particles(day))).collect();
            (day, Dust::mean_of(&of))
        });
        Some(Self { series: ByPollutant::from_fn(mean), dust: dust.collect() })
    }

    /// Takes all values out, so that the memory serves the next station.
    pub fn clear(&mut self) {
        for series in self.series.values_mut() {
            series.values.fill(f64::NAN);
        }
        self.dust.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hour_before_midnight_is_the_24th_of_its_day() {
        let last: Timestamp = "2026-11-29T15:59:59Z".parse().unwrap();
        let first: Timestamp = "2026-11-29T16:00:00Z".parse().unwrap();
        let hour = Hour::containing(last);
        assert_eq!((hour.day(), hour.label()), (date(2026, 11, 29), 24));
        let hour = Hour::containing(first);
        assert_eq!((hour.day(), hour.label()), (date(2026, 11, 30), 1));
        assert_eq!(hour.start(), first);
        assert_eq!(hour, Hour::of_day(date(2026, 11, 29), 24).plus(1));
    }

    #[test]
    fn what_is_outside_or_no_number_is_refused_and_what_is_missing_is_none() {
        let day = date(2026, 2, 28);
        let mut series = HourSeries::of_days(day, date(2026, 3, 1));
        assert!(series.put(Hour::of_day(day, 1), 0.0));
        assert!(!series.put(Hour::of_day(day, 1).plus(-1), 1.0));
        assert!(!series.put(Hour::of_day(date(2026, 3, 1), 24).plus(1), 1.0));
        assert!(!series.put(Hour::of_day(day, 2), f64::NAN));
        assert_eq!(series.get(Hour::of_day(day, 1)), Some(0.0));
        assert_eq!(series.get(Hour::of_day(day, 2)), None);
        assert_eq!(series.iter().count(), 1);
        let days: Vec<Date> = series.days().map(|(date, _)| date).collect();
        assert_eq!(days, [day, date(2026, 3, 1)]);
        let mut station = StationHours::of_days(day, day);
        assert!(!station.put(Pollutant::Pm25, Hour::of_day(day, 1), -1.0));
    }

    #[test]
    fn the_mean_of_stations_is_of_those_that_measured() {
        let day = date(2026, 1, 1);
        let mut stations = [StationHours::of_days(day, day), StationHours::of_days(day, day)];
        let hour = |label| Hour::of_day(day, label);
        stations[0].put(Pollutant::O3, hour(1), 10.0);
        stations[1].put(Pollutant::O3, hour(1), 20.0);
        stations[1].put(Pollutant::O3, hour(2), 30.0);
        let mean = StationHours::mean_of(&stations).unwrap();
        assert_eq!(mean.hour(hour(1))[Pollutant::O3], Some(15.0));
        assert_eq!(mean.hour(hour(2))[Pollutant::O3], Some(30.0));
        assert_eq!(mean.hour(hour(3))[Pollutant::O3], None);
    }

    proptest! {
        #[test]
        fn an_hour_is_the_one_of_its_day_and_label(index in -500_000_i32..1_000_000) {
            let hour = Hour(index);
            prop_assert_eq!(Hour::of_day(hour.day(), hour.label()), hour);
            prop_assert_eq!(Hour::containing(hour.start()), hour);
        }
    }
}
