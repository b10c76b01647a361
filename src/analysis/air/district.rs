//! The hours of a whole district: its stations, its winds, and what the stations are together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::percentile::percentile;
use super::wind::Wind;
use super::{Gathering, Hour, HourSeries, Quantity, StationHours};
use crate::domain::RecordId;
use crate::domain::reading::{Factor, ReadingRow, Span};

/// The winds of one place, hour by hour.
#[derive(Clone, Debug, PartialEq)]
pub struct WindHours {
    from_deg: HourSeries,
    speed_m_s: HourSeries,
}

impl WindHours {
    fn of_days(first: Date, last: Date) -> Self {
        let series = HourSeries::of_days(first, last);
        Self { from_deg: series.clone(), speed_m_s: series }
    }

    /// The wind of an hour; `None` where no speed was measured.
    pub fn get(&self, hour: Hour) -> Option<Wind> {
        Wind::new(self.from_deg.get(hour), self.speed_m_s.get(hour)?)
    }
}

/// Hourly values of some days: every place that has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DistrictHours {
    /// Places with any of the six pollutants.
    pub stations: BTreeMap<RecordId, StationHours>,
    /// Places with wind, which may be stations too.
    pub winds: BTreeMap<RecordId, WindHours>,
    /// Places that had values of a pollutant before these days and have none in them.
    pub quiet: BTreeSet<RecordId>,
    /// The first and the last hour in which a pollutant was measured anywhere.
    pub ends: Option<(Hour, Hour)>,
}

impl DistrictHours {
    /// The mean of some stations hour by hour; `None` where none of them has hours.
    pub fn mean(&self, of: &[RecordId]) -> Option<StationHours> {
        let of: Vec<StationHours> =
            of.iter().filter_map(|place| self.stations.get(place).cloned()).collect();
        StationHours::mean_of(&of)
    }

    /// The median of some stations in an hour; `None` where none of them has a value.
    pub fn median(&self, of: &[RecordId], quantity: Quantity, hour: Hour) -> Option<f64> {
        let stations = of.iter().filter_map(|place| self.stations.get(place));
        let mut values: Vec<f64> =
            stations.filter_map(|station| Some(station.value(quantity, hour)?.value)).collect();
        percentile(&mut values, 50)
    }
}

/// Hours of a district, gathered row by row.
#[derive(Clone, Debug)]
pub struct DistrictGathering {
    first: Date,
    last: Date,
    air: Gathering,
    winds: BTreeMap<RecordId, WindHours>,
    spoke_before: BTreeSet<RecordId>,
}

impl DistrictGathering {
    /// Of these days and those between.
    pub const fn of_days(first: Date, last: Date) -> Self {
        let air = Gathering::of_days(first, last);
        Self { first, last, air, winds: BTreeMap::new(), spoke_before: BTreeSet::new() }
    }

    /// Whether a place has had values of a pollutant so far.
    pub fn has_air(&self, place: RecordId) -> bool {
        self.air.has(place)
    }

    /// A place that had values of a pollutant at some time before.
    pub fn spoke_before(&mut self, place: RecordId) {
        self.spoke_before.insert(place);
    }

    /// Takes a row; what is no hour of these days is passed over.
    pub fn add(&mut self, row: &ReadingRow) {
        self.air.add(row);
        let Some(speed) = row.values.counting(&Factor::WindSpeed) else { return };
        if row.span != Span::Hour || speed < 0.0 {
            return;
        }
        let (first, last) = (self.first, self.last);
        let winds = self.winds.entry(row.place).or_insert_with(|| WindHours::of_days(first, last));
        let hour = Hour::containing(row.start);
        winds.speed_m_s.put(hour, speed);
        if let Some(from) = row.values.counting(&Factor::WindDirection) {
            winds.from_deg.put(hour, from);
        }
    }

    /// As [`Gathering::deduct`].
    pub fn deduct(&mut self, row: &ReadingRow) {
        self.air.deduct(row);
    }

    /// What was gathered.
    pub fn finish(self) -> DistrictHours {
        let stations = self.air.stations();
        let measured = || {
            stations.values().filter_map(|station| {
                let own = super::Pollutant::ALL.map(|p| station.series(p).ends());
                let own = own.into_iter().flatten();
                own.reduce(|(a, b), (c, d)| (a.min(c), b.max(d)))
            })
        };
        let ends = measured().reduce(|(a, b), (c, d)| (a.min(c), b.max(d)));
        let mut quiet = self.spoke_before;
        quiet.retain(|place| !stations.contains_key(place));
        DistrictHours { stations, winds: self.winds, quiet, ends }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::super::Pollutant;
    use super::*;
    use crate::domain::reading::FactorValues;

    fn row(place: u128, hour: Hour, values: &[(Factor, f64)]) -> ReadingRow {
        let mut row = ReadingRow {
            place: RecordId(Uuid::from_u128(place)),
            span: Span::Hour,
            start: hour.start(),
            values: FactorValues::default(),
        };
        for (factor, value) in values {
            row.values.set(factor, *value);
        }
        row
    }

    #[test]
    fn a_district_has_stations_winds_and_what_stations_are_together() {
        let day = date(2026, 11, 29);
        let hour = |label| Hour::of_day(day, label);
        let mut gathering = DistrictGathering::of_days(day, day);
        for (place, pm25) in [(1, 40.0), (2, 60.0), (3, 500.0)] {
            gathering.add(&row(place, hour(5), &[(Factor::Pm25, pm25)]));
        }
        gathering.add(&row(1, hour(9), &[(Factor::Pm25, 20.0)]));
        let wind = [(Factor::WindSpeed, 2.0), (Factor::WindDirection, 315.0)];
        gathering.add(&row(9, hour(23), &wind));
        let district = gathering.finish();
        assert_eq!((district.stations.len(), district.winds.len()), (3, 1));
        assert_eq!(district.ends, Some((hour(5), hour(9))), "the wind alone is no air");
        let all: Vec<RecordId> = district.stations.keys().copied().collect();
        let pm25 = Quantity::Of(Pollutant::Pm25);
        assert_eq!(district.median(&all, pm25, hour(5)), Some(60.0));
        assert_eq!(district.median(&all, pm25, hour(6)), None);
        let mean = district.mean(&all[..2]).unwrap();
        assert_eq!(mean.hour(hour(5))[Pollutant::Pm25], Some(50.0));
        let wind = &district.winds[&RecordId(Uuid::from_u128(9))];
        assert_eq!(wind.get(hour(23)).unwrap().from_deg(), Some(315.0));
        assert_eq!(wind.get(hour(22)), None);
    }
}
