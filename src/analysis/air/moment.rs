//! What one number says of a station at a moment: index or concentration, its level, how it moved.

use super::{Aqi, Edition, Hour, Item, Level, Pollutant, StationHours};
use crate::domain::Text;

/// What is looked at: the index, or one pollutant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    #[default]
    Aqi,
    Of(Pollutant),
}

impl Quantity {
    /// In the order of the columns of a table.
    pub const ALL: [Self; 7] = [
        Self::Aqi,
        Self::Of(Pollutant::Pm25),
        Self::Of(Pollutant::Pm10),
        Self::Of(Pollutant::So2),
        Self::Of(Pollutant::No2),
        Self::Of(Pollutant::Co),
        Self::Of(Pollutant::O3),
    ];

    /// `AQI`, `PM2.5`.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Aqi => "AQI",
            Self::Of(pollutant) => pollutant.symbol(),
        }
    }

    /// Empty of the index.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Aqi => "",
            Self::Of(pollutant) => pollutant.unit(),
        }
    }

    /// Of a value as it is shown.
    pub const fn decimals(self) -> u8 {
        match self {
            Self::Aqi => 0,
            Self::Of(pollutant) => pollutant.decimals(),
        }
    }

    /// The one after it, the first after the last.
    #[must_use]
    pub fn next(self) -> Self {
        let place = Self::ALL.iter().position(|it| *it == self).unwrap_or_default();
        Self::ALL[(place + 1) % Self::ALL.len()]
    }

    /// Values of an hour at which a level ends, with the level above; of the index those of the index.
    /// For lines in a chart.
    pub fn thresholds(self, edition: Edition) -> Vec<(f64, Level)> {
        const ENDS: [u16; 5] = [50, 100, 150, 200, 300];
        let ends = ENDS.into_iter().zip(Level::ALL.into_iter().skip(1));
        match self {
            Self::Aqi => ends.map(|(end, level)| (f64::from(end), level)).collect(),
            Self::Of(pollutant) => {
                let item = Item::of_hour(pollutant);
                ends.filter_map(|(end, level)| Some((item.value_at(edition, end)?, level)))
                    .collect()
            }
        }
    }

    /// For a person.
    pub const fn name(self) -> Text {
        match self {
            Self::Aqi => Text::new("空气质量指数", "air quality index"),
            Self::Of(pollutant) => pollutant.name(),
        }
    }
}

/// A value with its index, AQI or that of the pollutant alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Valued {
    /// As it is shown: index, µg/m³, of CO mg/m³.
    pub value: f64,
    pub index: u16,
}

impl Valued {
    pub const fn level(&self) -> Level {
        Level::of(self.index)
    }
}

/// What a station said last until an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The last hour in which anything of what is looked at was measured.
    pub hour: Hour,
    /// `None` where too little was measured for an index ("NA", HJ 633-2026 §5.3).
    pub valued: Option<Valued>,
    /// Against the hour just before; `None` where that has no value.
    pub change: Option<f64>,
}

impl StationHours {
    /// The value of an hour, AQI only where it may be published.
    pub fn value(&self, quantity: Quantity, hour: Hour) -> Option<Valued> {
        let edition = Edition::of(hour.day());
        match quantity {
            Quantity::Aqi => {
                let index = Aqi::of_hour(edition, &self.hour(hour)).value()?;
                Some(Valued { value: f64::from(index), index })
            }
            Quantity::Of(pollutant) => {
                let value = self.series(pollutant).get(hour)?;
                let index = Item::of_hour(pollutant).iaqi(edition, value)?;
                Some(Valued { value, index })
            }
        }
    }

    fn has(&self, quantity: Quantity, hour: Hour) -> bool {
        match quantity {
            Quantity::Aqi => Pollutant::ALL.iter().any(|p| self.series(*p).get(hour).is_some()),
            Quantity::Of(pollutant) => self.series(pollutant).get(hour).is_some(),
        }
    }

    /// The last that was said until an hour, no longer than so many hours before it.
    pub fn latest(&self, quantity: Quantity, until: Hour, within_h: i32) -> Option<Moment> {
        let mut hours = (0..=within_h.max(0)).map(|back| until.plus(-back));
        let hour = hours.find(|hour| self.has(quantity, *hour))?;
        let valued = self.value(quantity, hour);
        let before = self.value(quantity, hour.plus(-1));
        let change = valued.zip(before).map(|(now, before)| now.value - before.value);
        Some(Moment { hour, valued, change })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn station() -> (StationHours, impl Fn(u8) -> Hour) {
        let day = date(2026, 11, 29);
        let mut station = StationHours::of_days(day, day);
        let hour = move |label| Hour::of_day(day, label);
        for (label, pm25) in [(8, 60.0), (9, 115.0)] {
            for pollutant in Pollutant::ALL {
                station.put(pollutant, hour(label), 1.0);
            }
            station.put(Pollutant::Pm25, hour(label), pm25);
        }
        station.put(Pollutant::Pm25, hour(11), 40.0);
        (station, hour)
    }

    #[test]
    fn the_last_value_has_its_level_and_its_change_to_the_hour_before() {
        let (station, hour) = station();
        let now = station.latest(Quantity::Aqi, hour(9), 0).unwrap();
        assert_eq!(now.valued.unwrap().level(), Level::Light);
        assert_eq!((now.hour, now.change), (hour(9), Some(50.0)));
        let pm25 = station.latest(Quantity::Of(Pollutant::Pm25), hour(9), 0).unwrap();
        assert_eq!((pm25.valued.unwrap().value, pm25.change), (115.0, Some(55.0)));
    }

    #[test]
    fn a_gap_is_no_zero_and_an_old_value_says_its_hour() {
        let (station, hour) = station();
        assert_eq!(station.latest(Quantity::Aqi, hour(10), 0), None);
        let old = station.latest(Quantity::Aqi, hour(10), 3).unwrap();
        assert_eq!(old.hour, hour(9));
        // PM2.5 alone is no index, and its hour before has no value.
        let alone = station.latest(Quantity::Aqi, hour(11), 3).unwrap();
        assert_eq!((alone.hour, alone.valued, alone.change), (hour(11), None, None));
        let pm25 = station.latest(Quantity::Of(Pollutant::Pm25), hour(11), 0).unwrap();
        assert_eq!(pm25.change, None);
    }

    #[test]
    fn levels_begin_where_the_breakpoints_of_an_hour_are() {
        let lines = |quantity: Quantity| {
            let lines = quantity.thresholds(Edition::Hj633_2026);
            lines.into_iter().map(|(value, _)| value).collect::<Vec<_>>()
        };
        assert_eq!(lines(Quantity::Aqi), [50.0, 100.0, 150.0, 200.0, 300.0]);
        assert_eq!(lines(Quantity::Of(Pollutant::Pm25)), [35.0, 60.0, 115.0, 150.0, 250.0]);
        assert_eq!(lines(Quantity::Of(Pollutant::Co)), [5.0, 10.0, 35.0, 60.0, 90.0]);
        assert_eq!(lines(Quantity::Of(Pollutant::So2)), [150.0, 500.0, 650.0, 800.0]);
        let all = Quantity::ALL;
        assert!(all.iter().zip(all.iter().cycle().skip(1)).all(|(it, next)| it.next() == *next));
    }
}
