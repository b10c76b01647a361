//! Wind: means, sectors, and where air comes from when it is bad.
//!
//! What these find is a lead and no finding; the radius of a polar plot is wind speed, never distance.

mod cpf;
mod mean;
mod nwr;
mod rose;
mod sectors;

pub use cpf::{Cpf, CpfSector, cpf};
pub use mean::{WindMean, wind_mean};
pub use nwr::{Kernel, PolarCell, PolarGrid, PolarSurface, nwr, nwr_at};
pub use rose::Rose;
pub use sectors::{Bin, Sector, SectorMeans};

/// Below this there is no direction, m/s: grade 0 of the Chinese scale.
pub const CALM_M_S: f64 = 0.3;
/// A sector or cell of fewer hours is drawn grey.
pub const FEW: u32 = 5;

/// Wind of one hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wind {
    from_deg: Option<f64>,
    speed_m_s: f64,
}

impl Wind {
    /// Where it comes from, degrees clockwise from north, turned into 0 ≤ d < 360; without a
    /// direction where that varies. `None` of a speed below 0 or of what is no number.
    pub fn new(from_deg: Option<f64>, speed_m_s: f64) -> Option<Self> {
        let is_number = speed_m_s.is_finite() && from_deg.is_none_or(f64::is_finite);
        let from_deg = from_deg.map(turned);
        (is_number && speed_m_s >= 0.0).then_some(Self { from_deg, speed_m_s })
    }

    pub const fn speed_m_s(&self) -> f64 {
        self.speed_m_s
    }

    pub const fn is_calm(&self) -> bool {
        self.speed_m_s < CALM_M_S
    }

    /// Where it comes from; `None` in a calm, and where it varies.
    pub fn from_deg(&self) -> Option<f64> {
        self.from_deg.filter(|_| !self.is_calm())
    }
}

/// A wind and what was measured in the same hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub wind: Wind,
    pub concentration: f64,
}

fn turned(deg: f64) -> f64 {
    let deg = deg.rem_euclid(360.0);
    // What is a hair below 0 comes out as 360.
    if deg >= 360.0 { 0.0 } else { deg }
}

/// The angle from `b` to `a`, −180 ≤ d < 180.
fn difference_deg(a: f64, b: f64) -> f64 {
    (a - b + 540.0).rem_euclid(360.0) - 180.0
}

#[cfg(test)]
mod tests {
    use super::super::testing::near;
    use super::*;

    #[test]
    fn a_calm_and_a_varying_wind_have_no_direction() {
        assert_eq!(Wind::new(Some(90.0), 0.2).unwrap().from_deg(), None);
        assert_eq!(Wind::new(None, 2.0).unwrap().from_deg(), None);
        assert_eq!(Wind::new(Some(-10.0), 0.3).unwrap().from_deg(), Some(350.0));
        assert_eq!(Wind::new(Some(360.0), 1.0).unwrap().from_deg(), Some(0.0));
        assert_eq!(Wind::new(Some(-1e-20), 1.0).unwrap().from_deg(), Some(0.0));
        assert_eq!(Wind::new(Some(f64::NAN), 1.0), None);
        assert_eq!(Wind::new(None, -1.0), None);
    }

    #[test]
    fn angles_differ_by_the_shorter_way_round() {
        for (a, b, expected) in [(1.0, 359.0, 2.0), (359.0, 1.0, -2.0), (180.0, 0.0, -180.0)] {
            near(difference_deg(a, b), expected, 0.0);
        }
    }
}
