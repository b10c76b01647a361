//! In which unit values are, by their size.

use std::fmt;

use crate::domain::Localized;

/// Of carbon monoxide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoUnit {
    MilligramsPerM3,
    MicrogramsPerM3,
}

/// Of pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressureUnit {
    Kilopascals,
    Hectopascals,
}

/// Values below which nothing is said.
const LEAST: u32 = 10;
/// The share that must have the size of one unit.
const SHARE: f64 = 0.9;
/// Carbon monoxide in ambient air is above 50 µg/m³ and below 50 mg/m³.
const CO_BETWEEN: f64 = 50.0;
const KILOPASCALS: [f64; 2] = [80.0, 110.0];
const HECTOPASCALS: [f64; 2] = [800.0, 1100.0];

/// How many values have the size that the one and the other unit gives. Zeros have none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitClue {
    pub values: u32,
    pub small: u32,
    pub large: u32,
}

impl UnitClue {
    /// One value of carbon monoxide: small is mg/m³.
    pub fn co(&mut self, value: f64) {
        self.add(value, value <= CO_BETWEEN, value > CO_BETWEEN);
    }

    /// One value of pressure: small is kPa. Others, such as Pa, are neither.
    pub fn pressure(&mut self, value: f64) {
        let is_in = |[from, to]: [f64; 2]| (from..=to).contains(&value);
        self.add(value, is_in(KILOPASCALS), is_in(HECTOPASCALS));
    }

    fn add(&mut self, value: f64, is_small: bool, is_large: bool) {
        if value.is_finite() && value > 0.0 {
            self.values += 1;
            self.small += u32::from(is_small);
            self.large += u32::from(is_large);
        }
    }

    fn verdict<U>(&self, small: U, large: U) -> Option<U> {
        let is_most = |count: u32| f64::from(count) >= SHARE * f64::from(self.values);
        match self.values >= LEAST {
            true if is_most(self.small) => Some(small),
            true if is_most(self.large) => Some(large),
            _ => None,
        }
    }

    /// The unit of carbon monoxide; `None` where it is not clear.
    pub fn co_unit(&self) -> Option<CoUnit> {
        self.verdict(CoUnit::MilligramsPerM3, CoUnit::MicrogramsPerM3)
    }

    /// The unit of pressure; `None` where it is not clear.
    pub fn pressure_unit(&self) -> Option<PressureUnit> {
        self.verdict(PressureUnit::Kilopascals, PressureUnit::Hectopascals)
    }
}

impl fmt::Display for UnitClue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { values, small, large } = self;
        write!(
            f,
            "of {values} values {small} have the size of the smaller numbers, {large} of the larger"
        )
    }
}

impl Localized for UnitClue {
    fn zh(&self) -> String {
        let Self { values, small, large } = self;
        format!("{values} 个值中，{small} 个为小数值量级，{large} 个为大数值量级")
    }
}
