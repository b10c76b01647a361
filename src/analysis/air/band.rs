//! What is normal for an hour of the day.

use super::percentile::percentile;
use super::{Hour, HourSeries};

/// The days before an hour among which it is seen.
pub const BAND_DAYS: i32 = 28;
/// Of fewer values a band says little.
pub const FEW: u32 = 14;

/// The values of the same hour of the day on the [`BAND_DAYS`] days before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    pub p10: f64,
    pub median: f64,
    pub p90: f64,
    /// Days that had a value.
    pub n: u32,
}

impl Band {
    pub const fn is_few(&self) -> bool {
        self.n < FEW
    }
}

/// The band of an hour, itself not counted; `None` where none of the days has a value.
pub fn normal_band(series: &HourSeries, hour: Hour) -> Option<Band> {
    let mut values = [0.0; BAND_DAYS as usize];
    let mut n = 0;
    for value in (1..=BAND_DAYS).filter_map(|days| series.get(hour.plus(-24 * days))) {
        values[n] = value;
        n += 1;
    }
    let values = &mut values[..n];
    Some(Band {
        p10: percentile(values, 10)?,
        median: percentile(values, 50)?,
        p90: percentile(values, 90)?,
        n: n as u32,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::testing::near;
    use super::*;

    #[test]
    fn a_band_is_made_of_the_same_hour_on_the_28_days_before() {
        let mut series = HourSeries::of_days(date(2026, 10, 1), date(2026, 10, 31));
        let hour = Hour::of_day(date(2026, 10, 31), 9);
        for (hour_of, value) in (0..31).map(|days| (hour.plus(-24 * days), f64::from(days))) {
            series.put(hour_of, value);
            series.put(hour_of.plus(1), 900.0);
        }
        let band = normal_band(&series, hour).unwrap();
        assert_eq!((band.n, band.is_few()), (28, false));
        near(band.p10, 3.7, 1e-12);
        near(band.median, 14.5, 1e-12);
        near(band.p90, 25.3, 1e-12);
        assert!(normal_band(&series, hour.plus(-24 * 20)).unwrap().is_few());
        assert_eq!(normal_band(&series, hour.plus(2)), None);
    }
}
