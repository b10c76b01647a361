//! From readings as a store hands them out to the hours of stations.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Dust, Hour, Pollutant, StationHours};
use crate::domain::RecordId;
use crate::domain::reading::{Factor, FactorValues, ReadingRow, Span};

impl Pollutant {
    /// What readings call it.
    pub const fn factor(self) -> Factor {
        match self {
            Self::Pm25 => Factor::Pm25,
            Self::Pm10 => Factor::Pm10,
            Self::So2 => Factor::So2,
            Self::No2 => Factor::No2,
            Self::Co => Factor::Co,
            Self::O3 => Factor::O3,
        }
    }
}

impl StationHours {
    /// Puts what counts of an hour's readings.
    pub fn put_values(&mut self, hour: Hour, values: &FactorValues) {
        for pollutant in Pollutant::ALL {
            if let Some(value) = values.counting(&pollutant.factor()) {
                self.put(pollutant, hour, value);
            }
        }
    }
}

/// The hours of many stations over the same days, gathered row by row.
#[derive(Clone, Debug)]
pub struct Gathering {
    first: Date,
    last: Date,
    stations: BTreeMap<RecordId, StationHours>,
}

impl Gathering {
    /// Of these days and those between.
    pub const fn of_days(first: Date, last: Date) -> Self {
        Self { first, last, stations: BTreeMap::new() }
    }

    /// Takes a row of hourly readings; others, and those of other days, are passed over. A place that
    /// has none of the six pollutants gets no hours.
    pub fn add(&mut self, row: &ReadingRow) {
        let has_any = Pollutant::ALL.iter().any(|it| row.values.get(&it.factor()).is_some());
        if row.span != Span::Hour || !has_any {
            return;
        }
        let hours = self
            .stations
            .entry(row.place)
            .or_insert_with(|| StationHours::of_days(self.first, self.last));
        hours.put_values(Hour::containing(row.start), &row.values);
    }

    /// Takes a row of a day's readings: what is deducted of the dust. Once the hours are in; a place
    /// without hours has nothing from which it could be deducted.
    pub fn deduct(&mut self, row: &ReadingRow) {
        let day = Hour::containing(row.start).day();
        if row.span != Span::Day || !(self.first..=self.last).contains(&day) {
            return;
        }
        if let Some(station) = self.stations.get_mut(&row.place) {
            station.deduct(day, Dust::of(&row.values));
        }
    }

    /// Whether a place has had any of the six.
    pub fn has(&self, place: RecordId) -> bool {
        self.stations.contains_key(&place)
    }

    /// By place, in the order of their ids.
    pub fn stations(self) -> BTreeMap<RecordId, StationHours> {
        self.stations
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::reading::Flag;

    #[test]
    fn what_is_deducted_of_a_day_stands_beside_its_hours() {
        let day = date(2026, 4, 1);
        let place = RecordId(Uuid::from_u128(1));
        let mut gathering = Gathering::of_days(day, day);
        let row = |span, start, factor: Factor, value| {
            let mut values = FactorValues::default();
            values.set(&factor, value);
            ReadingRow { place, span, start, values }
        };
        let midnight = Hour::of_day(day, 1).start();
        let deducted = Factor::Pm10.dust_deducted().unwrap();
        gathering.deduct(&row(Span::Day, midnight, deducted.clone(), 90.0));
        for label in 1..=24 {
            let start = Hour::of_day(day, label).start();
            gathering.add(&row(Span::Hour, start, Factor::Pm10, 400.0));
        }
        gathering.deduct(&row(Span::Hour, midnight, deducted.clone(), 80.0));
        gathering.deduct(&row(Span::Day, Hour::of_day(day, 25).start(), deducted.clone(), 70.0));
        let days = |gathering: &Gathering| {
            let stations = gathering.clone().stations();
            let day = stations[&place].days().next().unwrap();
            (day.raw()[Pollutant::Pm10], day.dust_deducted()[Pollutant::Pm10])
        };
        assert_eq!(days(&gathering), (Some(400.0), Some(400.0)));
        gathering.deduct(&row(Span::Day, midnight, deducted.clone(), 90.0));
        assert_eq!(days(&gathering), (Some(400.0), Some(90.0)));
        let mut out = row(Span::Day, midnight, deducted.clone(), f64::NAN);
        out.values.flag(&deducted, Flag::new(Flag::LEFT_OUT));
        gathering.deduct(&out);
        assert_eq!(days(&gathering), (Some(400.0), None));
    }

    #[test]
    fn what_is_marked_or_no_hour_is_no_hour_of_a_station() {
        let day = date(2026, 11, 29);
        let place = RecordId(Uuid::from_u128(1));
        let start = Hour::of_day(day, 10).start();
        let mut values = FactorValues::default();
        values.set(&Factor::Pm25, 88.0);
        values.set(&Factor::Pm10, 143.0);
        values.flag(&Factor::Pm10, Flag::new("D"));
        let mut gathering = Gathering::of_days(day, day);
        let row = ReadingRow { place, span: Span::Hour, start, values };
        gathering.add(&row);
        gathering.add(&ReadingRow { span: Span::Minute5, ..row.clone() });
        let mut wind = ReadingRow { place: RecordId(Uuid::from_u128(2)), ..row };
        wind.values.clear();
        wind.values.set(&Factor::WindSpeed, 2.0);
        gathering.add(&wind);
        let stations = gathering.stations();
        assert_eq!(stations.len(), 1);
        let hour = stations[&place].hour(Hour::of_day(day, 10));
        assert_eq!(hour[Pollutant::Pm25], Some(88.0));
        assert_eq!(hour[Pollutant::Pm10], None);
    }
}
