//! A period beside the same one of the year before, both by one edition and one method.

use super::rank::Change;
use super::{
    ByPollutant, Day, Edition, IndexMethod, Period, PeriodAir, Statistics, Yardstick, values,
};

/// What changed against last year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastYear {
    pub method: IndexMethod,
    pub edition: Edition,
    pub now: PeriodAir,
    pub before: PeriodAir,
}

impl LastYear {
    /// Of a place's days of both years. Days of the one year are never judged by the edition of the
    /// other's date.
    pub fn of(period: Period, days: &[Day], edition: Edition, method: IndexMethod) -> Self {
        let air = |period| PeriodAir::of(period, days, Yardstick::One(edition));
        Self { method, edition, now: air(period), before: air(period.last_year()) }
    }

    /// The published index as measured; `None` where one of the years has none.
    pub fn index(&self) -> Option<Change> {
        self.index_of(|air| &air.raw)
    }

    /// The published index with the dust deducted.
    pub fn index_dust_deducted(&self) -> Option<Change> {
        self.index_of(|air| &air.dust_deducted)
    }

    fn index_of(&self, statistics: impl Fn(&PeriodAir) -> &Statistics) -> Option<Change> {
        let index = |air| Some(self.method.index(&values(statistics(air)))?.published());
        Some(Change { now: index(&self.now)?, before: index(&self.before)? })
    }

    /// The statistics as measured.
    pub fn statistics(&self) -> ByPollutant<Option<Change>> {
        let (now, before) = (values(&self.now.raw), values(&self.before.raw));
        now.map(|pollutant, now| Some(Change { now: now?, before: before[pollutant]? }))
    }

    /// Good days more than the year before.
    pub fn more_good_days(&self) -> i64 {
        i64::from(self.now.days.good()) - i64::from(self.before.days.good())
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::super::{Average, Dust, Pollutant};
    use super::*;

    #[test]
    fn both_years_are_judged_by_one_edition_and_one_method() {
        let valid = |value| Average { value: Some(value), n: 24, of: 24, is_valid: true };
        let april = |year: i16, values: [f64; 6]| {
            date(year, 4, 1).series(1.day()).take(30).map(move |date| Day {
                date,
                means: ByPollutant::from_fn(|pollutant| valid(values[pollutant as usize])),
                ozone_max_hour: None,
                dust: Dust::default(),
            })
        };
        let before = april(2025, [70.0, 70.0, 6.0, 20.0, 0.8, 80.0]);
        let now = april(2026, [63.0, 70.0, 6.0, 20.0, 0.8, 80.0]);
        let days: Vec<Day> = before.chain(now).collect();
        let period = Period::Month { year: 2026, month: 4 };
        let compared = LastYear::of(period, &days, Edition::Hj633_2026, IndexMethod::Limits2026);
        let pm25 = compared.statistics()[Pollutant::Pm25].unwrap();
        assert_eq!(pm25.percent(), Some(-10.0));
        assert_eq!((compared.now.days.good(), compared.before.days.good()), (0, 0));
        assert_eq!(compared.index().unwrap().percent(), Some(-4.8));
        let old = LastYear::of(period, &days, Edition::Hj633_2012, IndexMethod::Limits2013);
        assert_eq!((old.now.days.good(), old.more_good_days()), (30, 0));
        let nothing = LastYear::of(Period::Year(2024), &days, Edition::Hj633_2012, old.method);
        assert_eq!((nothing.index(), nothing.index_dust_deducted()), (None, None));
    }
}
