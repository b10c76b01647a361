//! From hours to days.

use jiff::civil::Date;

use super::rounding::half_even_units;
use super::{Aqi, ByPollutant, DayHours, Edition, Pollutant, StationHours};
use crate::domain::reading::{FactorValues, Flag};

/// A mean or percentile, with how much it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Average {
    /// Of what there is, in the pollutant's unit; `None` where there is nothing.
    pub value: Option<f64>,
    /// Hours, means of 8 h or days it is made of, and how many there could be.
    pub n: u32,
    pub of: u32,
    /// Whether that is enough for the rule.
    pub is_valid: bool,
}

impl Average {
    /// The value where it counts.
    pub fn valid(&self) -> Option<f64> {
        self.value.filter(|_| self.is_valid)
    }
}

/// Hours of a valid daily mean (GB 3095, "at least 20 hourly means").
pub const DAY_HOURS: u32 = 20;
const EIGHT: usize = 8;
/// Hours of a valid mean of 8 h.
const EIGHT_HOURS: u32 = 6;
/// Valid means of 8 h in a day with a valid MDA8.
const WINDOWS: u32 = 14;
const ALL_WINDOWS: u32 = 17;
/// Above this limit MDA8 is valid, whatever is missing, µg/m³.
const OZONE_LIMIT: i64 = 160;

/// The mean of a day's hours: valid from [`DAY_HOURS`].
pub fn daily_mean(hours: DayHours<'_>) -> Average {
    let (sum, n) = hours.values().fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    Average {
        value: (n > 0).then(|| sum / f64::from(n)),
        n,
        of: hours.0.len() as u32,
        is_valid: n >= DAY_HOURS,
    }
}

/// The largest mean over 8 h that ends at labels 8–24 of the day: no hour of the evening before is in
/// it. A mean needs 6 hours, the day 14 means, unless the largest is published as more than 160 µg/m³.
pub fn mda8(hours: DayHours<'_>) -> Average {
    let mut largest: Option<f64> = None;
    let mut n = 0;
    for window in hours.0.windows(EIGHT) {
        let (mut sum, mut count) = (0.0, 0_u32);
        for value in window.iter().filter(|value| !value.is_nan()) {
            sum += value;
            count += 1;
        }
        if count >= EIGHT_HOURS {
            n += 1;
            let mean = sum / f64::from(count);
            largest = Some(largest.map_or(mean, |largest| largest.max(mean)));
        }
    }
    let is_above = largest.is_some_and(|value| half_even_units(value, 0) > OZONE_LIMIT);
    Average { value: largest, n, of: ALL_WINDOWS, is_valid: n >= WINDOWS || is_above }
}

/// What one kind of particles of a day is without the dust storm, as the office that may say so says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deduction {
    /// The day counts for no mean.
    LeftOut,
    /// This daily mean stands for the measured one, µg/m³.
    To(f64),
}

/// The deductions of a day; `None` of what keeps its measured mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dust {
    pub pm10: Option<Deduction>,
    pub pm25: Option<Deduction>,
}

impl Dust {
    /// From the readings of a day ([`crate::domain::reading::Factor::dust_deducted`]). A value below
    /// 0 is none.
    pub fn of(values: &FactorValues) -> Self {
        let of = |pollutant: Pollutant| {
            let factor = pollutant.factor().dust_deducted()?;
            if values.flag_of(&factor).is_some_and(|flag| flag.as_str() == Flag::LEFT_OUT) {
                return Some(Deduction::LeftOut);
            }
            values.counting(&factor).filter(|value| *value >= 0.0).map(Deduction::To)
        };
        Self { pm10: of(Pollutant::Pm10), pm25: of(Pollutant::Pm25) }
    }

    /// Nothing is deducted.
    pub const fn is_none(&self) -> bool {
        self.pm10.is_none() && self.pm25.is_none()
    }

    /// Of a pollutant; `None` of gases.
    pub const fn get(&self, pollutant: Pollutant) -> Option<Deduction> {
        match pollutant {
            Pollutant::Pm10 => self.pm10,
            Pollutant::Pm25 => self.pm25,
            _ => None,
        }
    }

    /// What counts in place of a measured value.
    fn deduct(&self, pollutant: Pollutant, raw: Option<f64>) -> Option<f64> {
        match self.get(pollutant) {
            None => raw,
            Some(Deduction::LeftOut) => None,
            Some(Deduction::To(value)) => Some(value),
        }
    }

    /// Of several stations on a day: where any of them has a deduction, the mean of their daily values
    /// with it, of those that have one. Each gives what it has: the deduction, else its valid mean.
    pub(super) fn mean_of(of: &[(Self, ByPollutant<Option<f64>>)]) -> Self {
        let mean = |pollutant: Pollutant| {
            of.iter().find_map(|(dust, _)| dust.get(pollutant))?;
            let values = of.iter().filter_map(|(dust, raw)| dust.deduct(pollutant, raw[pollutant]));
            let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
            Some(if n == 0 { Deduction::LeftOut } else { Deduction::To(sum / f64::from(n)) })
        };
        Self { pm10: mean(Pollutant::Pm10), pm25: mean(Pollutant::Pm25) }
    }
}

/// One day at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    pub date: Date,
    /// Means of 24 h, of ozone MDA8, as measured.
    pub means: ByPollutant<Average>,
    /// The largest hour of ozone, for the edition of 2012, µg/m³.
    pub ozone_max_hour: Option<f64>,
    pub dust: Dust,
}

impl Day {
    /// The daily values that count, as measured.
    pub fn raw(&self) -> ByPollutant<Option<f64>> {
        self.means.map(|_, mean| mean.valid())
    }

    /// The same with the dust deducted.
    pub fn dust_deducted(&self) -> ByPollutant<Option<f64>> {
        self.raw().map(|pollutant, raw| self.dust.deduct(pollutant, raw))
    }

    /// The index of the day as measured: good and heavily polluted days keep the dust.
    pub fn aqi(&self, edition: Edition) -> Aqi {
        Aqi::of_day(edition, &self.raw(), self.ozone_max_hour)
    }
}

impl StationHours {
    /// The days in order, those without any value too.
    pub fn days(&self) -> impl Iterator<Item = Day> {
        let mut others =
            [Pollutant::Pm25, Pollutant::Pm10, Pollutant::So2, Pollutant::No2, Pollutant::Co]
                .map(|pollutant| self.series(pollutant).days());
        self.series(Pollutant::O3).days().map(move |(date, ozone)| {
            let means =
                ByPollutant::from_fn(|pollutant| match others.get_mut(pollutant as usize) {
                    Some(days) => {
                        days.next().map_or_else(Average::default, |day| daily_mean(day.1))
                    }
                    None => mda8(ozone),
                });
            let ozone_max_hour = ozone.values().reduce(f64::max);
            Day { date, means, ozone_max_hour, dust: self.dust(date) }
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::rounding::half_even;
    use super::super::testing::near;
    use super::super::{Hour, HourSeries};
    use super::*;

    /// T4 of the methods.
    const OZONE: [f64; 24] = [
        40.0, 38.0, 36.0, 34.0, 33.0, 32.0, 35.0, 42.0, 55.0, 72.0, 95.0, 118.0, 140.0, 158.0,
        170.0, 176.0, 174.0, 165.0, 150.0, 130.0, 110.0, 92.0, 78.0, 66.0,
    ];

    fn without(mut hours: [f64; 24], labels: std::ops::RangeInclusive<usize>) -> [f64; 24] {
        hours[labels.start() - 1..*labels.end()].fill(f64::NAN);
        hours
    }

    #[track_caller]
    fn ozone_is(hours: [f64; 24], value: f64, n: u32, is_valid: bool) {
        let mda8 = mda8(DayHours(&hours));
        near(mda8.value.unwrap(), value, 5e-4);
        assert_eq!((mda8.n, mda8.of, mda8.is_valid), (n, 17, is_valid));
    }

    #[test]
    fn the_largest_mean_of_eight_hours_needs_six_hours_and_fourteen_means() {
        ozone_is(OZONE, 157.875, 17, true);
        ozone_is(without(OZONE, 14..=16), 136.833, 11, false);
        ozone_is(without(OZONE, 5..=11), 157.875, 8, false);
        let low = OZONE.map(|value| (0.55 * value).floor());
        ozone_is(without(low, 9..=12), 89.5, 10, false);
    }

    #[test]
    fn above_the_limit_it_is_valid_though_hours_are_missing() {
        ozone_is(without(OZONE, 11..=13), 165.5, 11, true);
        let mda8 = mda8(DayHours(&without(OZONE, 11..=13)));
        near(half_even(mda8.value.unwrap(), 0), 166.0, 0.0);
    }

    #[test]
    fn the_evening_before_is_in_no_mean_of_the_day() {
        let (yesterday, today) = (date(2026, 6, 1), date(2026, 6, 2));
        let mut station = StationHours::of_days(yesterday, today);
        let evening = [150.0, 140.0, 130.0, 120.0, 110.0, 100.0, 95.0, 90.0];
        for (label, value) in (17..=24).zip(evening) {
            assert!(station.put(Pollutant::O3, Hour::of_day(yesterday, label), value));
        }
        for label in 1..=24 {
            let value = 20.0 + f64::from(label);
            assert!(station.put(Pollutant::O3, Hour::of_day(today, label), value));
        }
        let last = station.days().last().unwrap();
        assert_eq!(last.raw()[Pollutant::O3], Some(40.5));
        assert_eq!(last.ozone_max_hour, Some(44.0));
    }

    #[test]
    fn a_daily_mean_needs_twenty_hours() {
        let hours: [f64; 24] = std::array::from_fn(|k| 50.0 + ((7 * k) % 23) as f64);
        let mean = daily_mean(DayHours(&hours));
        near(mean.value.unwrap(), 60.541_667, 1e-6);
        assert_eq!((half_even(mean.value.unwrap(), 0), mean.n), (61.0, 24));
        let twenty = daily_mean(DayHours(&without(hours, 1..=4)));
        near(twenty.valid().unwrap(), 60.55, 1e-9);
        let nineteen = daily_mean(DayHours(&without(hours, 1..=5)));
        assert_eq!((nineteen.n, nineteen.valid()), (19, None));
        near(nineteen.value.unwrap(), 60.842, 5e-4);
        assert_eq!(daily_mean(DayHours(&[f64::NAN; 24])).value, None);
    }

    #[test]
    fn a_day_of_hour_ending_labels_ends_with_label_0_of_the_next_file() {
        let fixture = &super::super::testing::fixture()["hour_ending_3576A"];
        let (first, second) = (date(2023, 1, 20), date(2023, 1, 21));
        let mut station = StationHours::of_days(first, second);
        let keys = [("PM2.5", Pollutant::Pm25), ("PM10", Pollutant::Pm10)];
        for ((key, pollutant), (day, file)) in
            keys.iter().flat_map(|key| [(key, (first, "20230120")), (key, (second, "20230121"))])
        {
            let values = fixture[format!("{file} {key}")].as_array().unwrap();
            for (label, value) in (0..).zip(values) {
                let hour = Hour::of_day(day, 1).plus(label - 1);
                // Label 0 of the first file is the last hour of the day before.
                let is_inside = station.put(*pollutant, hour, value.as_f64().unwrap());
                assert_eq!(is_inside, day == second || label > 0);
            }
        }
        let days: Vec<Day> = station.days().collect();
        near(days[0].raw()[Pollutant::Pm25].unwrap(), 17.791_667, 1e-6);
        near(days[0].raw()[Pollutant::Pm10].unwrap(), 49.916_667, 1e-6);
        near(days[1].raw()[Pollutant::Pm25].unwrap(), 114.260_870, 1e-6);
        assert_eq!((days[1].means[Pollutant::Pm25].n, days[1].means[Pollutant::Pm25].of), (23, 24));
    }

    #[test]
    fn dust_is_deducted_from_particles_and_not_from_the_index_of_the_day() {
        let valid = |value| Average { value: Some(value), n: 24, of: 24, is_valid: true };
        let values = [90.0, 700.0, 5.0, 10.0, 0.4, 60.0];
        let mut day = Day {
            date: date(2026, 4, 1),
            means: ByPollutant::from_fn(|pollutant| valid(values[pollutant as usize])),
            ozone_max_hour: Some(70.0),
            dust: Dust { pm10: Some(Deduction::To(110.0)), pm25: Some(Deduction::To(40.0)) },
        };
        assert_eq!(day.raw()[Pollutant::Pm10], Some(700.0));
        assert_eq!(day.dust_deducted()[Pollutant::Pm10], Some(110.0));
        assert_eq!(day.dust_deducted()[Pollutant::So2], Some(5.0));
        assert_eq!(day.aqi(Edition::Hj633_2026).value(), Some(500));
        day.dust = Dust { pm10: Some(Deduction::LeftOut), pm25: None };
        assert_eq!(day.dust_deducted()[Pollutant::Pm10], None);
        assert_eq!(day.dust_deducted()[Pollutant::Pm25], Some(90.0), "only PM10 was deducted");
        assert_eq!(day.raw()[Pollutant::Pm10], Some(700.0), "what was measured stays");
    }

    #[test]
    fn of_stations_the_mean_is_of_deducted_and_untouched_days_together() {
        let day = date(2026, 4, 1);
        let station = |pm10: f64, deduction: Option<Deduction>| {
            let mut hours = StationHours::of_days(day, day);
            for label in 1..=24 {
                hours.put(Pollutant::Pm10, Hour::of_day(day, label), pm10);
            }
            if let Some(deduction) = deduction {
                hours.deduct(day, Dust { pm10: Some(deduction), pm25: None });
            }
            hours
        };
        let of = |all: &[StationHours]| {
            let mean = StationHours::mean_of(all).unwrap();
            let day = mean.days().next().unwrap();
            (day.raw()[Pollutant::Pm10], day.dust_deducted()[Pollutant::Pm10])
        };
        let dusty = || station(600.0, Some(Deduction::To(120.0)));
        assert_eq!(of(&[dusty(), station(80.0, None)]), (Some(340.0), Some(100.0)));
        let out = || station(600.0, Some(Deduction::LeftOut));
        assert_eq!(of(&[out(), station(80.0, None)]), (Some(340.0), Some(80.0)));
        assert_eq!(of(&[out(), out()]), (Some(600.0), None));
        let plain = of(&[station(60.0, None), station(80.0, None)]);
        assert_eq!(plain, (Some(70.0), Some(70.0)), "where nothing is deducted nothing changes");
    }

    proptest! {
        /// The oracle looks at every window by its labels.
        #[test]
        fn mda8_is_the_largest_of_the_means_that_may_be_taken(
            hours in prop::array::uniform24(prop::option::weighted(0.8, 0_u32..300)),
        ) {
            let day = date(2026, 7, 1);
            let mut series = HourSeries::of_days(day, day);
            for (label, value) in (1..=24).zip(hours) {
                if let Some(value) = value {
                    series.put(Hour::of_day(day, label), f64::from(value));
                }
            }
            let (_, day_hours) = series.days().next().unwrap();
            let mut means = Vec::new();
            for end in 8..=24_u8 {
                let there: Vec<f64> =
                    (end - 7..=end).filter_map(|label| day_hours.get(label)).collect();
                if there.len() >= 6 {
                    means.push(there.iter().sum::<f64>() / there.len() as f64);
                }
            }
            let found = mda8(day_hours);
            let largest = means.iter().copied().reduce(f64::max);
            prop_assert_eq!(found.n as usize, means.len());
            prop_assert_eq!(found.value, largest);
            let is_above = largest.is_some_and(|value| half_even(value, 0) > 160.0);
            prop_assert_eq!(found.is_valid, means.len() >= 14 || is_above);
        }
    }
}
