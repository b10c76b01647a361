//! The six pollutants of the index, and one value for each of them.

use std::ops::{Index, IndexMut};

use crate::domain::Text;

/// The pollutants of AQI and composite index. Concentrations are in µg/m³ but for CO, in mg/m³:
/// gases at 298.15 K and 1013.25 hPa, particles at ambient conditions (GB 3095).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pollutant {
    Pm25,
    Pm10,
    So2,
    No2,
    Co,
    O3,
}

impl Pollutant {
    /// In the order of the columns of a table.
    pub const ALL: [Self; 6] = [Self::Pm25, Self::Pm10, Self::So2, Self::No2, Self::Co, Self::O3];

    /// As reports write it, without subscripts.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Pm25 => "PM2.5",
            Self::Pm10 => "PM10",
            Self::So2 => "SO2",
            Self::No2 => "NO2",
            Self::Co => "CO",
            Self::O3 => "O3",
        }
    }

    pub const fn name(self) -> Text {
        match self {
            Self::Pm25 => Text::new("细颗粒物", "fine particles"),
            Self::Pm10 => Text::new("颗粒物", "particles"),
            Self::So2 => Text::new("二氧化硫", "sulphur dioxide"),
            Self::No2 => Text::new("二氧化氮", "nitrogen dioxide"),
            Self::Co => Text::new("一氧化碳", "carbon monoxide"),
            Self::O3 => Text::new("臭氧", "ozone"),
        }
    }

    pub const fn unit(self) -> &'static str {
        match self {
            Self::Co => "mg/m³",
            _ => "µg/m³",
        }
    }

    /// Of a published concentration (HJ 633-2026 §4.2.2, HJ 663).
    pub const fn decimals(self) -> u8 {
        match self {
            Self::Co => 1,
            _ => 0,
        }
    }
}

/// One value for each pollutant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByPollutant<T>([T; 6]);

impl<T> ByPollutant<T> {
    pub fn from_fn(mut value: impl FnMut(Pollutant) -> T) -> Self {
        Self(Pollutant::ALL.map(&mut value))
    }

    pub fn iter(&self) -> impl Iterator<Item = (Pollutant, &T)> {
        Pollutant::ALL.into_iter().zip(&self.0)
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}

impl<T: Copy> ByPollutant<T> {
    pub fn map<U>(&self, mut value: impl FnMut(Pollutant, T) -> U) -> ByPollutant<U> {
        ByPollutant::from_fn(|pollutant| value(pollutant, self[pollutant]))
    }
}

impl<T> ByPollutant<Option<T>> {
    /// Those without a value.
    pub fn missing(&self) -> impl Iterator<Item = Pollutant> {
        self.iter().filter(|(_, value)| value.is_none()).map(|(pollutant, _)| pollutant)
    }
}

impl<T> Index<Pollutant> for ByPollutant<T> {
    type Output = T;

    fn index(&self, pollutant: Pollutant) -> &T {
        &self.0[pollutant as usize]
    }
}

impl<T> IndexMut<Pollutant> for ByPollutant<T> {
    fn index_mut(&mut self, pollutant: Pollutant) -> &mut T {
        &mut self.0[pollutant as usize]
    }
}
