//! The composite index, by one of the methods in use.

use super::rounding::half_even;
use super::rule::{INDEX_2013_LIMITS, INDEX_2026_LIMITS, INDEX_2026_WEIGHTED, Rule};
use super::{ByPollutant, Pollutant};

/// How a composite index is made. Which one holds since March 2026 is unsettled, so its name stands
/// on every table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndexMethod {
    /// A 2013 口径.
    #[default]
    Limits2013,
    /// B 2026 限值.
    Limits2026,
    /// C 2026 加权(3/2/2).
    Weighted2026,
}

impl IndexMethod {
    pub const ALL: [Self; 3] = [Self::Limits2013, Self::Limits2026, Self::Weighted2026];

    /// The rule with its name.
    pub const fn rule(self) -> Rule {
        match self {
            Self::Limits2013 => INDEX_2013_LIMITS,
            Self::Limits2026 => INDEX_2026_LIMITS,
            Self::Weighted2026 => INDEX_2026_WEIGHTED,
        }
    }

    /// The class 2 limit of a year, of CO that of a day and of ozone that of 8 h, in its unit.
    pub const fn limit(self, pollutant: Pollutant) -> f64 {
        let is_2013 = matches!(self, Self::Limits2013);
        match pollutant {
            Pollutant::Pm25 => {
                if is_2013 {
                    35.0
                } else {
                    30.0
                }
            }
            Pollutant::Pm10 => {
                if is_2013 {
                    70.0
                } else {
                    60.0
                }
            }
            Pollutant::So2 => 60.0,
            Pollutant::No2 => 40.0,
            Pollutant::Co => 4.0,
            Pollutant::O3 => 160.0,
        }
    }

    /// How often a single index counts.
    pub const fn weight(self, pollutant: Pollutant) -> f64 {
        match (self, pollutant) {
            (Self::Weighted2026, Pollutant::Pm25) => 3.0,
            (Self::Weighted2026, Pollutant::No2 | Pollutant::O3) => 2.0,
            _ => 1.0,
        }
    }

    /// The index of a period's statistics: means of SO2, NO2, PM10 and PM2.5, the 95th percentile of
    /// CO, the 90th of ozone. `None` where one is missing: a sum of five is no index.
    pub fn index(self, statistics: &ByPollutant<Option<f64>>) -> Option<CompositeIndex> {
        statistics.missing().next().is_none().then(|| CompositeIndex {
            method: self,
            single: statistics
                .map(|pollutant, value| value.unwrap_or(f64::NAN) / self.limit(pollutant)),
        })
    }

    /// Whether every statistic, as published, is within its limit; `None` where one is missing. A
    /// place of which this is true is in no list of those that became worse.
    pub fn meets_all_limits(self, statistics: &ByPollutant<Option<f64>>) -> Option<bool> {
        statistics.missing().next().is_none().then(|| {
            published(statistics)
                .iter()
                .all(|(pollutant, value)| value.is_some_and(|value| value <= self.limit(pollutant)))
        })
    }
}

/// Statistics as they are published: integers, of CO with one decimal.
pub fn published(statistics: &ByPollutant<Option<f64>>) -> ByPollutant<Option<f64>> {
    statistics.map(|pollutant, value| value.map(|value| half_even(value, pollutant.decimals())))
}

/// A composite index with its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompositeIndex {
    pub method: IndexMethod,
    /// Each value over its limit, without weight.
    pub single: ByPollutant<f64>,
}

impl CompositeIndex {
    /// Decimals of what is published.
    pub const DECIMALS: u8 = 2;

    pub fn value(&self) -> f64 {
        self.single.iter().map(|(pollutant, single)| self.method.weight(pollutant) * single).sum()
    }

    pub fn published(&self) -> f64 {
        half_even(self.value(), Self::DECIMALS)
    }

    /// The pollutants with the largest single index.
    pub fn primary(&self) -> impl Iterator<Item = Pollutant> {
        let largest = self.single.iter().map(|(_, single)| *single).fold(0.0, f64::max);
        let is_largest = move |single: f64| single >= largest;
        self.single
            .iter()
            .filter(move |(_, single)| is_largest(**single))
            .map(|(pollutant, _)| pollutant)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fixture, near};
    use super::*;

    fn statistics(values: [f64; 6]) -> ByPollutant<Option<f64>> {
        ByPollutant::from_fn(|pollutant| Some(values[pollutant as usize]))
    }

    #[test]
    fn the_three_methods_give_three_indices() {
        let fixture = fixture();
        let keys = ["pm25", "pm10", "so2", "no2", "co", "o3"];
        let input = statistics([48.0, 88.0, 10.0, 42.0, 1.8, 172.0]);
        let names = ["2013", "2026_simple", "2026_weighted"];
        for (method, name) in IndexMethod::ALL.into_iter().zip(names) {
            let index = method.index(&input).unwrap();
            near(index.value(), fixture["composite"]["expect"][name].as_f64().unwrap(), 5e-5);
            let limits = if name == "2013" { "limits_2013" } else { "limits_2026" };
            for pollutant in Pollutant::ALL {
                let limit = fixture["composite"][limits][keys[pollutant as usize]].as_f64();
                assert_eq!(Some(method.limit(pollutant)), limit, "{method:?} {pollutant:?}");
            }
        }
        let index = IndexMethod::Limits2013.index(&input).unwrap();
        assert_eq!(index.primary().collect::<Vec<_>>(), [Pollutant::Pm25]);
        near(index.single[Pollutant::Pm25], 1.3714, 5e-5);
    }

    #[test]
    fn a_published_index_comes_out_of_its_published_values() {
        let heyuan = statistics([13.0, 16.0, 3.0, 13.0, 0.9, 87.0]);
        let index = IndexMethod::Limits2013.index(&heyuan).unwrap();
        near(index.value(), 1.7438, 5e-5);
        near(index.published(), 1.73, 0.011);
        assert_eq!(IndexMethod::Limits2026.meets_all_limits(&heyuan), Some(true));
    }

    #[test]
    fn without_one_pollutant_there_is_no_index() {
        let mut five = statistics([1.0; 6]);
        five[Pollutant::Co] = None;
        assert_eq!(IndexMethod::Limits2013.index(&five), None);
        assert_eq!(IndexMethod::Limits2013.meets_all_limits(&five), None);
        let high = statistics([30.4, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(IndexMethod::Limits2026.meets_all_limits(&high), Some(true));
        let high = statistics([30.6, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(IndexMethod::Limits2026.meets_all_limits(&high), Some(false));
    }
}
