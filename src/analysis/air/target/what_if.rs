//! What the index of a period would be if the rest of its days were so and so.

use super::super::period::Gathered;
use super::super::rank::{Standing, ranks};
use super::super::{ByPollutant, CompositeIndex, Day, IndexMethod, Period, Pollutant, values};

/// What somebody assumes of the days to come. Pollutants that are not in it are taken to go on as they
/// were: their means and percentiles stay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestAssumed {
    pub days: u32,
    /// Mean of PM2.5, µg/m³.
    pub pm25: f64,
    /// On so many days MDA8 is `ozone_high`, on the others `ozone_low`, µg/m³.
    pub high_days: u32,
    pub ozone_high: f64,
    pub ozone_low: f64,
}

impl RestAssumed {
    /// The index of the whole period, of the values that `of` takes of a day: [`Day::raw`] or
    /// [`Day::dust_deducted`]. Days outside the period are passed over. `None` where a pollutant has no
    /// value at all.
    pub fn index(
        &self,
        period: Period,
        done: &[Day],
        of: impl Fn(&Day) -> ByPollutant<Option<f64>>,
        method: IndexMethod,
    ) -> Option<CompositeIndex> {
        let mut gathered = Gathered::default();
        for day in done.iter().filter(|day| period.contains(day.date)) {
            gathered.add(&of(day));
        }
        for at in 0..self.days {
            let is_high = at < self.high_days;
            let mut assumed = ByPollutant::default();
            assumed[Pollutant::Pm25] = Some(self.pm25);
            assumed[Pollutant::O3] = Some(if is_high { self.ozone_high } else { self.ozone_low });
            gathered.add(&assumed);
        }
        method.index(&values(&gathered.statistics(period)))
    }
}

/// Where an index would stand among others that stay as they are (若他市不变), of one method.
pub fn standing_among(index: &CompositeIndex, others: &[Option<f64>]) -> Option<Standing> {
    let all: Vec<Option<f64>> = others.iter().copied().chain([Some(index.value())]).collect();
    ranks(&all, CompositeIndex::DECIMALS).pop().flatten()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::super::super::testing::near;
    use super::super::super::{Average, Dust, Pollutant};
    use super::*;

    /// 20 days of a month of 30.
    fn done() -> (Period, Vec<Day>) {
        let valid = |value| Average { value: Some(value), n: 24, of: 24, is_valid: true };
        let first = date(2026, 4, 1);
        let day = |at: i32| Day {
            date: first.saturating_add(at.days()),
            means: ByPollutant::from_fn(|pollutant| {
                valid([40.0, 60.0, 6.0, 20.0, 0.8, 150.0][pollutant as usize])
            }),
            ozone_max_hour: None,
            dust: Dust::default(),
        };
        (Period::Month { year: 2026, month: 4 }, (0..20).map(day).collect())
    }

    #[test]
    fn the_rest_weighs_by_its_days_and_ozone_by_its_percentile() {
        let (period, done) = done();
        let index = |pm25, high_days| {
            let rest =
                RestAssumed { days: 10, pm25, high_days, ozone_high: 200.0, ozone_low: 100.0 };
            rest.index(period, &done, Day::raw, IndexMethod::Limits2026).unwrap()
        };
        near(index(10.0, 0).single[Pollutant::Pm25], 1.0, 1e-12);
        near(index(40.0, 0).single[Pollutant::Pm25], 40.0 / 30.0, 1e-12);
        // 30 days: the 27th and 28th in order; two high days are forgiven, the third is not.
        near(index(10.0, 2).single[Pollutant::O3], 150.0 / 160.0, 1e-12);
        near(index(10.0, 3).single[Pollutant::O3], 155.0 / 160.0, 1e-12);
        near(index(10.0, 10).single[Pollutant::O3], 200.0 / 160.0, 1e-12);
        near(index(10.0, 0).single[Pollutant::Pm10], 1.0, 1e-12);
        let none =
            RestAssumed { days: 0, pm25: 1.0, high_days: 0, ozone_high: 1.0, ozone_low: 1.0 };
        let as_it_is = none.index(period, &done, Day::raw, IndexMethod::Limits2026).unwrap();
        near(as_it_is.single[Pollutant::Pm25], 40.0 / 30.0, 1e-12);
        assert_eq!(none.index(period, &[], Day::raw, IndexMethod::Limits2026), None);
    }

    #[test]
    fn a_better_rest_stands_higher_among_the_others() {
        let (period, done) = done();
        let others = [Some(3.0), Some(4.0), Some(5.0), None];
        let standing = |pm25| {
            let rest =
                RestAssumed { days: 10, pm25, high_days: 0, ozone_high: 1.0, ozone_low: 100.0 };
            let index = rest.index(period, &done, Day::raw, IndexMethod::Limits2013).unwrap();
            standing_among(&index, &others).map(|standing| (standing.rank, standing.bottom_rank))
        };
        assert_eq!(standing(40.0), Some((2, 3)));
        assert_eq!(standing(100.0), Some((3, 2)));
    }
}
