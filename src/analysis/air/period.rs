//! Spans of days, and what a place's air was in one.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::hours::days_between;
use super::percentile::percentile;
use super::{Average, ByPollutant, Day, Level, Pollutant, Yardstick};

/// A span of days that is judged as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Month {
        year: i16,
        month: i8,
    },
    Year(i16),
    /// From the first of January through a day: 1–N 月累计.
    YearToDate(Date),
    /// 秋冬季: October of a year through March of the next.
    Season(i16),
    /// Any days, such as a sprint: both are in it.
    Days {
        from: Date,
        to: Date,
    },
}

impl Period {
    /// Its first and its last day.
    pub fn ends(self) -> (Date, Date) {
        let first_of = |year: i16, month: i8| date_or_last(year, month, 1);
        match self {
            Self::Month { year, month } => {
                let first = first_of(year, month);
                (first, first.last_of_month())
            }
            Self::Year(year) => (first_of(year, 1), date_or_last(year, 12, 31)),
            Self::YearToDate(through) => (first_of(through.year(), 1), through),
            Self::Season(year) => (first_of(year, 10), date_or_last(year.saturating_add(1), 3, 31)),
            Self::Days { from, to } => (from, to),
        }
    }

    pub fn contains(self, day: Date) -> bool {
        let (first, last) = self.ends();
        (first..=last).contains(&day)
    }

    /// How many days it has.
    pub fn length_days(self) -> u32 {
        let (first, last) = self.ends();
        u32::try_from(days_between(first, last) + 1).unwrap_or(0)
    }

    /// Valid days of valid statistics (GB 3095): 27 of a month, 25 of February, 324 of a year. No
    /// standard says it of other spans.
    pub const fn least_valid_days(self) -> Option<u32> {
        match self {
            Self::Month { month: 2, .. } => Some(25),
            Self::Month { .. } => Some(27),
            Self::Year(_) => Some(324),
            Self::YearToDate(_) | Self::Season(_) | Self::Days { .. } => None,
        }
    }

    /// The same span a year before. The 29th of February becomes the 28th.
    #[must_use]
    pub fn last_year(self) -> Self {
        let before = |day: Date| day.saturating_sub(1.year());
        match self {
            Self::Month { year, month } => Self::Month { year: year.saturating_sub(1), month },
            Self::Year(year) => Self::Year(year.saturating_sub(1)),
            Self::YearToDate(through) => Self::YearToDate(before(through)),
            Self::Season(year) => Self::Season(year.saturating_sub(1)),
            Self::Days { from, to } => Self::Days { from: before(from), to: before(to) },
        }
    }
}

/// A date; where there is none of the kind, the last that there is.
fn date_or_last(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(date(9999, 12, 31))
}

/// Days by the level of their index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    levels: [u32; 6],
    /// Days of the span without an index.
    pub not_available: u32,
}

impl DayCounts {
    pub const fn of(&self, level: Level) -> u32 {
        self.levels[level as usize]
    }

    /// Days with an index.
    pub fn valid(&self) -> u32 {
        self.levels.iter().sum()
    }

    fn sum(&self, is_counted: impl Fn(Level) -> bool) -> u32 {
        Level::ALL.into_iter().filter(|level| is_counted(*level)).map(|level| self.of(level)).sum()
    }

    /// 优良天数.
    pub fn good(&self) -> u32 {
        self.sum(Level::is_good)
    }

    /// 重污染天数.
    pub fn heavy(&self) -> u32 {
        self.sum(Level::is_heavy)
    }

    /// 优良率 of the valid days, 0–1; `None` without any.
    pub fn good_share(&self) -> Option<f64> {
        let valid = self.valid();
        (valid > 0).then(|| f64::from(self.good()) / f64::from(valid))
    }

    fn count(&mut self, level: Option<Level>) {
        match level {
            Some(level) => self.levels[level as usize] += 1,
            None => self.not_available += 1,
        }
    }
}

/// Means of a period's daily values, of CO the 95th and of ozone the 90th percentile.
pub type Statistics = ByPollutant<Average>;

/// What a place's air was in a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeriodAir {
    pub period: Period,
    pub raw: Statistics,
    pub dust_deducted: Statistics,
    /// Days of which a deduction is known.
    pub dust_days: u32,
    /// As measured, with the dust.
    pub days: DayCounts,
    pub yardstick: Yardstick,
}

impl PeriodAir {
    /// Of a place's days, of which those outside the period are passed over. Percentiles are taken of
    /// all days of the period: a mean of monthly percentiles is something else.
    pub fn of(period: Period, days: &[Day], yardstick: Yardstick) -> Self {
        let of = period.length_days();
        let mut counts = DayCounts::default();
        let (mut raw, mut deducted) = (Gathered::default(), Gathered::default());
        let mut dust_days = 0;
        for day in days.iter().filter(|day| period.contains(day.date)) {
            counts.count(day.aqi(yardstick.edition(day.date)).level());
            raw.add(&day.raw());
            deducted.add(&day.dust_deducted());
            dust_days += u32::from(!day.dust.is_none());
        }
        counts.not_available = of.saturating_sub(counts.valid());
        Self {
            period,
            raw: raw.statistics(period),
            dust_deducted: deducted.statistics(period),
            dust_days,
            days: counts,
            yardstick,
        }
    }
}

/// The values of statistics, valid or not: of a running period too few days are there by nature.
pub fn values(statistics: &Statistics) -> ByPollutant<Option<f64>> {
    statistics.map(|_, average| average.value)
}

/// Daily values, of which statistics are made.
#[derive(Default)]
pub(super) struct Gathered {
    sums: ByPollutant<f64>,
    counts: ByPollutant<u32>,
    co: Vec<f64>,
    o3: Vec<f64>,
}

impl Gathered {
    pub(super) fn add(&mut self, day: &ByPollutant<Option<f64>>) {
        for (pollutant, value) in day.iter() {
            let Some(value) = *value else { continue };
            self.counts[pollutant] += 1;
            match pollutant {
                Pollutant::Co => self.co.push(value),
                Pollutant::O3 => self.o3.push(value),
                _ => self.sums[pollutant] += value,
            }
        }
    }

    pub(super) fn statistics(&mut self, period: Period) -> Statistics {
        let (of, least) = (period.length_days(), period.least_valid_days().unwrap_or(1));
        ByPollutant::from_fn(|pollutant| {
            let n = self.counts[pollutant];
            let value = match pollutant {
                Pollutant::Co => percentile(&mut self.co, 95),
                Pollutant::O3 => percentile(&mut self.o3, 90),
                _ => (n > 0).then(|| self.sums[pollutant] / f64::from(n)),
            };
            Average { value, n, of, is_valid: n >= least }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::published;
    use super::super::testing::near;
    use super::super::{Deduction, Dust, Edition, IndexMethod};
    use super::*;

    fn day(date: Date, values: [f64; 6]) -> Day {
        let valid = |value| Average { value: Some(value), n: 24, of: 24, is_valid: true };
        Day {
            date,
            means: ByPollutant::from_fn(|pollutant| valid(values[pollutant as usize])),
            ozone_max_hour: None,
            dust: Dust::default(),
        }
    }

    /// T3 of the methods: 90 days of January to March 2025.
    fn ninety_days() -> Vec<Day> {
        (1..=90)
            .map(|d: i32| {
                let of = |from: i32, by: i32, modulus: i32| f64::from(from + (by * d) % modulus);
                let values = [
                    of(20, 29, 71),
                    of(45, 31, 97),
                    of(4, 7, 13),
                    of(18, 11, 43),
                    of(6, 13, 17) / 10.0,
                    of(60, 37, 101),
                ];
                day(date(2025, 1, 1).saturating_add((d - 1).days()), values)
            })
            .collect()
    }

    #[test]
    fn the_year_to_date_is_made_of_its_days_and_not_of_its_months() {
        let days = ninety_days();
        let through = Period::YearToDate(date(2025, 3, 31));
        let air = PeriodAir::of(through, &days, Yardstick::OfDate);
        let values = values(&air.raw);
        let expected = [55.188_889, 94.266_667, 10.066_667, 38.811_111, 2.155, 150.2];
        for pollutant in Pollutant::ALL {
            near(values[pollutant].unwrap(), expected[pollutant as usize], 1e-6);
            assert_eq!((air.raw[pollutant].n, air.raw[pollutant].of), (90, 90));
        }
        for (method, index) in IndexMethod::ALL.into_iter().zip([5.539_048, 6.026_296, 11.614_583])
        {
            near(method.index(&values).unwrap().value(), index, 1e-6);
        }
        let rounded = published(&values);
        let index = |method: IndexMethod| method.index(&rounded).unwrap();
        near(index(IndexMethod::Limits2013).value(), 5.543_452, 1e-6);
        near(index(IndexMethod::Limits2026).value(), 6.029_167, 1e-6);
        near(index(IndexMethod::Limits2013).published(), 5.54, 0.0);
        near(index(IndexMethod::Limits2026).published(), 6.03, 0.0);
        for (month, o3, co) in [(1, 150.0, 2.15), (2, 146.9, 2.065), (3, 152.0, 2.15)] {
            let month = Period::Month { year: 2025, month };
            let air = PeriodAir::of(month, &days, Yardstick::OfDate);
            near(air.raw[Pollutant::O3].valid().unwrap(), o3, 1e-9);
            near(air.raw[Pollutant::Co].valid().unwrap(), co, 1e-9);
        }
    }

    #[test]
    fn months_and_years_need_their_valid_days() {
        let is_valid = |period: Period, missing: usize| {
            let (first, last) = period.ends();
            let days: Vec<Day> = first
                .series(1.day())
                .take_while(|date| *date <= last)
                .skip(missing)
                .map(|date| day(date, [1.0; 6]))
                .collect();
            let air = PeriodAir::of(period, &days, Yardstick::OfDate);
            assert_eq!(air.days.not_available as usize, missing);
            assert_eq!(air.days.valid() as usize, days.len());
            Pollutant::ALL.map(|pollutant| air.raw[pollutant].is_valid)
        };
        let january = Period::Month { year: 2026, month: 1 };
        assert_eq!((is_valid(january, 4), is_valid(january, 5)), ([true; 6], [false; 6]));
        let february = Period::Month { year: 2026, month: 2 };
        assert_eq!((is_valid(february, 3), is_valid(february, 4)), ([true; 6], [false; 6]));
        let year = Period::Year(2025);
        assert_eq!((is_valid(year, 41), is_valid(year, 42)), ([true; 6], [false; 6]));
    }

    #[test]
    fn periods_begin_and_end_where_their_names_say() {
        let ends = |period: Period| period.ends();
        assert_eq!(ends(Period::Season(2025)), (date(2025, 10, 1), date(2026, 3, 31)));
        assert_eq!(
            ends(Period::Month { year: 2028, month: 2 }),
            (date(2028, 2, 1), date(2028, 2, 29))
        );
        let leap = Period::YearToDate(date(2028, 2, 29));
        assert_eq!(leap.last_year(), Period::YearToDate(date(2027, 2, 28)));
        let sprint = Period::Days { from: date(2026, 11, 23), to: date(2026, 12, 20) };
        assert_eq!(sprint.length_days(), 28);
        assert_eq!(sprint.last_year().length_days(), 28);
        assert!(sprint.contains(date(2026, 12, 20)) && !sprint.contains(date(2026, 12, 21)));
    }

    #[test]
    fn dust_stays_in_the_days_and_leaves_the_means() {
        let month = Period::Month { year: 2026, month: 4 };
        let mut days: Vec<Day> = date(2026, 4, 1)
            .series(1.day())
            .take(30)
            .map(|date| day(date, [20.0, 40.0, 5.0, 10.0, 0.5, 90.0]))
            .collect();
        days[3] = day(days[3].date, [90.0, 640.0, 5.0, 10.0, 0.5, 90.0]);
        let out = Some(Deduction::LeftOut);
        days[3].dust = Dust { pm10: out, pm25: out };
        let air = PeriodAir::of(month, &days, Yardstick::OfDate);
        near(air.raw[Pollutant::Pm10].value.unwrap(), 60.0, 1e-9);
        near(air.dust_deducted[Pollutant::Pm10].value.unwrap(), 40.0, 1e-9);
        assert_eq!((air.dust_deducted[Pollutant::Pm10].n, air.dust_days), (29, 1));
        assert_eq!((air.days.good(), air.days.heavy()), (29, 1));
        near(air.days.good_share().unwrap(), 29.0 / 30.0, 1e-12);
    }

    #[test]
    fn one_yardstick_judges_both_years_alike() {
        let [old, new] = [2025, 2026].map(|year| {
            let days = [day(date(year, 4, 1), [70.0, 40.0, 5.0, 10.0, 0.5, 90.0])];
            move |yardstick| {
                let month = Period::Month { year, month: 4 };
                PeriodAir::of(month, &days, yardstick).days.good()
            }
        });
        assert_eq!((old(Yardstick::OfDate), new(Yardstick::OfDate)), (1, 0));
        let one = Yardstick::One(Edition::Hj633_2026);
        assert_eq!((old(one), new(one)), (0, 0));
    }
}
