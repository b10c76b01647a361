//! The mean of a value over the hours of the day, the days of the week and the months.

use jiff::civil::Date;

use super::{Hour, HourSeries};

/// Of what a mean is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycle {
    /// By label, 1–24.
    HourOfDay,
    /// Monday first.
    DayOfWeek,
    /// Label 1–24 of Monday first.
    HourOfWeek,
    Month,
}

impl Cycle {
    /// How many steps it has.
    pub const fn steps(self) -> usize {
        match self {
            Self::HourOfDay => 24,
            Self::DayOfWeek => 7,
            Self::HourOfWeek => 24 * 7,
            Self::Month => 12,
        }
    }

    /// The step of an hour, from 0.
    fn step(self, hour: Hour, day: Date) -> usize {
        let of_day = usize::from(hour.label() - 1);
        let of_week = || day.weekday().to_monday_zero_offset() as usize;
        match self {
            Self::HourOfDay => of_day,
            Self::DayOfWeek => of_week(),
            Self::HourOfWeek => 24 * of_week() + of_day,
            Self::Month => day.month() as usize - 1,
        }
    }
}

/// The mean at one step of a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepMean {
    pub mean: f64,
    /// Between these the mean lies with 95 % where the hours were drawn anew; `None` of one hour.
    /// Hours that follow one another are alike, so that the truth is wider.
    pub band: Option<[f64; 2]>,
    pub n: u32,
}

/// How often hours are drawn anew.
const DRAWS: usize = 200;
/// Of the means drawn, from each end: 5 of 200 are 2.5 %.
const OUTSIDE: usize = 5;

/// The mean at each step; `None` where no hour has a value. The same hours give the same band.
pub fn variation(series: &HourSeries, cycle: Cycle) -> Vec<Option<StepMean>> {
    let mut steps = vec![Vec::new(); cycle.steps()];
    let mut day = None;
    for (hour, value) in series.iter() {
        // Dates are dear, and stay for a day.
        let date = match day {
            Some(date) if hour.label() > 1 && Hour::of_day(date, hour.label()) == hour => date,
            _ => hour.day(),
        };
        day = Some(date);
        steps[cycle.step(hour, date)].push(value);
    }
    steps.into_iter().enumerate().map(|(at, values)| step_mean(&values, at as u64)).collect()
}

fn step_mean(values: &[f64], seed: u64) -> Option<StepMean> {
    let n = values.len();
    let mean = |sum: f64| sum / n as f64;
    let mut dice = SplitMix64(seed);
    let mut band = || {
        let mut means: Vec<f64> =
            (0..DRAWS).map(|_| mean((0..n).map(|_| values[dice.below(n)]).sum())).collect();
        means.sort_unstable_by(f64::total_cmp);
        Some([means[OUTSIDE], means[DRAWS - 1 - OUTSIDE]])
    };
    (n > 0).then(|| StepMean {
        mean: mean(values.iter().sum()),
        band: if n > 1 { band() } else { None },
        n: n as u32,
    })
}

/// The generator of Steele, Lea and Flood 2014: the same numbers on every machine.
struct SplitMix64(u64);

impl SplitMix64 {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::super::testing::near;
    use super::*;

    /// Weeks from a Monday on, of values that a function of day and label gives.
    fn series(days: i32, value: impl Fn(i32, u8) -> f64) -> HourSeries {
        let first = date(2026, 11, 2);
        let mut series = HourSeries::of_days(first, first.saturating_add((days - 1).days()));
        for (day, label) in (0..days).flat_map(|day| (1..=24).map(move |label| (day, label))) {
            let hour = Hour::of_day(first.saturating_add(day.days()), label);
            assert!(series.put(hour, value(day, label)));
        }
        series
    }

    #[test]
    fn means_are_of_the_hours_days_and_months_that_they_are_called_after() {
        let series = series(28, |day, label| f64::from(day % 7) * 100.0 + f64::from(label));
        let of = |cycle| variation(&series, cycle);
        let mean = |cycle, step: usize| of(cycle)[step].unwrap().mean;
        near(mean(Cycle::HourOfDay, 0), 301.0, 1e-9);
        near(mean(Cycle::HourOfDay, 23), 324.0, 1e-9);
        near(mean(Cycle::DayOfWeek, 0), 12.5, 1e-9);
        near(mean(Cycle::DayOfWeek, 6), 612.5, 1e-9);
        near(mean(Cycle::HourOfWeek, 24 + 2), 103.0, 1e-9);
        let months = of(Cycle::Month);
        assert_eq!(months.iter().flatten().count(), 1);
        assert_eq!(months[10].unwrap().n, 28 * 24);
        let same = of(Cycle::HourOfWeek)[0].unwrap();
        assert_eq!((same.n, same.band), (4, Some([1.0, 1.0])));
    }

    #[test]
    fn a_band_holds_its_mean_and_is_about_two_standard_errors_wide() {
        let series = series(101, |day, _| f64::from((day * 37) % 101));
        let found = variation(&series, Cycle::HourOfDay);
        assert_eq!(found, variation(&series, Cycle::HourOfDay), "the same hours, the same band");
        for step in found.into_iter().flatten() {
            let [low, high] = step.band.unwrap();
            assert!(low < step.mean && step.mean < high);
            // Of 0–100, all alike: a deviation of 29.15, an error of 2.90 for 101 values.
            near(high - low, 2.0 * 1.96 * 2.90, 2.5);
        }
    }

    #[test]
    fn one_hour_has_no_band_and_none_has_no_mean() {
        let day = date(2026, 11, 2);
        let mut series = HourSeries::of_days(day, day);
        series.put(Hour::of_day(day, 9), 5.0);
        let found = variation(&series, Cycle::HourOfDay);
        assert_eq!(found[8], Some(StepMean { mean: 5.0, band: None, n: 1 }));
        assert_eq!(found.iter().flatten().count(), 1);
    }
}
