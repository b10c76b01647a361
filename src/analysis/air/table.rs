//! The table of stations: days, statistics, index and rank of a period, by one method.

use std::collections::BTreeMap;

use super::rank::{Standing, ranks};
use super::{CompositeIndex, Day, IndexMethod, Period, PeriodAir, StationHours, Yardstick, values};
use crate::domain::RecordId;

/// What a station's air was in a period, and where it stands among the others.
#[derive(Clone, Debug, PartialEq)]
pub struct StationAir {
    pub place: RecordId,
    /// Those of the period, in order, also where nothing was measured.
    pub days: Vec<Day>,
    pub air: PeriodAir,
    /// Of the raw statistics; `None` where one of the six is missing.
    pub index: Option<CompositeIndex>,
    /// By the index as published, small is good; `None` without one.
    pub standing: Option<Standing>,
}

impl StationAir {
    /// One station by itself, without a rank.
    pub fn of(
        place: RecordId,
        hours: &StationHours,
        period: Period,
        yardstick: Yardstick,
        method: IndexMethod,
    ) -> Self {
        let days: Vec<Day> = hours.days().filter(|day| period.contains(day.date)).collect();
        let air = PeriodAir::of(period, &days, yardstick);
        let index = method.index(&values(&air.raw));
        Self { place, days, air, index, standing: None }
    }
}

/// Every station with its rank, in the order of their ids.
pub fn stations_air(
    stations: &BTreeMap<RecordId, StationHours>,
    period: Period,
    yardstick: Yardstick,
    method: IndexMethod,
) -> Vec<StationAir> {
    let mut table: Vec<StationAir> = stations
        .iter()
        .map(|(place, hours)| StationAir::of(*place, hours, period, yardstick, method))
        .collect();
    let indices: Vec<Option<f64>> =
        table.iter().map(|station| station.index.map(|index| index.value())).collect();
    for (station, standing) in table.iter_mut().zip(ranks(&indices, CompositeIndex::DECIMALS)) {
        station.standing = standing;
    }
    table
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::super::{Hour, Pollutant};
    use super::*;

    #[test]
    fn stations_are_ranked_by_the_index_of_one_method() {
        let (from, to) = (date(2026, 11, 1), date(2026, 11, 2));
        let mut stations = BTreeMap::new();
        for (number, pm25) in [(1, 60.0), (2, 30.0), (3, 60.0)] {
            let mut hours = StationHours::of_days(from, to);
            for label in 1..=24 {
                for pollutant in Pollutant::ALL {
                    let value = if pollutant == Pollutant::Pm25 { pm25 } else { 10.0 };
                    // One pollutant of the third station is missing.
                    if number != 3 || pollutant != Pollutant::So2 {
                        hours.put(pollutant, Hour::of_day(from, label), value);
                    }
                }
            }
            stations.insert(RecordId(Uuid::from_u128(number)), hours);
        }
        let period = Period::Days { from, to };
        let table = stations_air(&stations, period, Yardstick::OfDate, IndexMethod::Limits2013);
        let ranks: Vec<_> = table
            .iter()
            .map(|station| station.standing.map(|it| (it.rank, it.bottom_rank)))
            .collect();
        assert_eq!(ranks, [Some((2, 1)), Some((1, 2)), None]);
        assert_eq!(table[0].days.len(), 2);
        assert_eq!((table[0].air.days.valid(), table[0].air.days.not_available), (1, 1));
    }
}
