//! Whether latitude and longitude are swapped.

use std::fmt;

use crate::domain::Localized;

/// How two columns stand to their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    AsNamed,
    Swapped,
}

/// China, degrees. The two ranges have nothing in common, so that a pair is one or the other.
const LATITUDES: [f64; 2] = [3.0, 54.0];
const LONGITUDES: [f64; 2] = [73.0, 136.0];
/// The share that must agree.
const SHARE: f64 = 0.9;

/// How many pairs lie in China as they are named, and how many only when swapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoordinateClue {
    pub pairs: u32,
    pub as_named: u32,
    pub swapped: u32,
}

impl CoordinateClue {
    pub fn add(&mut self, latitude: f64, longitude: f64) {
        let is_in = |value: f64, [from, to]: [f64; 2]| (from..=to).contains(&value);
        let is_place =
            |latitude, longitude| is_in(latitude, LATITUDES) && is_in(longitude, LONGITUDES);
        self.pairs += 1;
        self.as_named += u32::from(is_place(latitude, longitude));
        self.swapped += u32::from(is_place(longitude, latitude));
    }

    /// `None` where most pairs are neither, or there is none.
    pub fn verdict(&self) -> Option<Order> {
        let is_most = |count: u32| count > 0 && f64::from(count) >= SHARE * f64::from(self.pairs);
        if is_most(self.as_named) {
            Some(Order::AsNamed)
        } else {
            is_most(self.swapped).then_some(Order::Swapped)
        }
    }
}

impl fmt::Display for CoordinateClue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pairs, as_named, swapped } = self;
        write!(f, "of {pairs} pairs {as_named} lie in China as named, {swapped} when swapped")
    }
}

impl Localized for CoordinateClue {
    fn zh(&self) -> String {
        let Self { pairs, as_named, swapped } = self;
        format!("{pairs} 对坐标中，按列名在国内 {as_named} 对，经纬互换后在国内 {swapped} 对")
    }
}
