//! How wide air spreads on its way, by the Gaussian plume: a hint of where to look, never a number of
//! what somebody emits. None in a calm.
//!
//! Widths are those of Briggs (1973) for open country and towns, as the models of US EPA have them, for
//! 100 m to 10 km; classes those of Pasquill by wind at 10 m and sun. Between 100 m and the station
//! nothing is said.

use geo_types::Coord;

use super::Upwind;
use crate::analysis::air::Hour;
use crate::geodesy::ring::destination;

/// Nearer to the station nothing is said, metres.
const NEAREST_M: f64 = 100.0;
/// On either side to where a tenth of the middle is left: √(2·ln 10) widths.
const TENTH: f64 = 2.145_966_026_289_347;
const STEPS: u8 = 24;

/// How much the air mixes, from much to little (Pasquill).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    A,
    B,
    C,
    D,
    E,
    F,
}

/// Over what the air goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terrain {
    Rural,
    Urban,
}

impl Stability {
    /// By wind at 10 m and whether the sun shines, weakly as in most hours of which no cloud is known;
    /// nights as clear ones.
    pub const fn of(speed_m_s: f64, is_day: bool) -> Self {
        match is_day {
            true if speed_m_s < 2.0 => Self::B,
            true if speed_m_s < 5.0 => Self::C,
            false if speed_m_s < 3.0 => Self::F,
            false if speed_m_s < 5.0 => Self::E,
            _ => Self::D,
        }
    }

    /// Between seven and seventeen o'clock.
    pub fn in_hour(speed_m_s: f64, hour: Hour) -> Self {
        Self::of(speed_m_s, (8..=17).contains(&hour.label()))
    }

    /// `D`.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        }
    }
}

/// Widths across and upright at a distance, metres: σy, σz.
pub fn widths_m(class: Stability, terrain: Terrain, x_m: f64) -> (f64, f64) {
    use Stability as S;
    let root = |a: f64| (1.0 + a * x_m).sqrt();
    match (terrain, class) {
        (Terrain::Rural, S::A) => (0.22 * x_m / root(1e-4), 0.20 * x_m),
        (Terrain::Rural, S::B) => (0.16 * x_m / root(1e-4), 0.12 * x_m),
        (Terrain::Rural, S::C) => (0.11 * x_m / root(1e-4), 0.08 * x_m / root(2e-4)),
        (Terrain::Rural, S::D) => (0.08 * x_m / root(1e-4), 0.06 * x_m / root(1.5e-3)),
        (Terrain::Rural, S::E) => (0.06 * x_m / root(1e-4), 0.03 * x_m / (1.0 + 3e-4 * x_m)),
        (Terrain::Rural, S::F) => (0.04 * x_m / root(1e-4), 0.016 * x_m / (1.0 + 3e-4 * x_m)),
        (Terrain::Urban, S::A | S::B) => (0.32 * x_m / root(4e-4), 0.24 * x_m * root(1e-3)),
        (Terrain::Urban, S::C) => (0.22 * x_m / root(4e-4), 0.20 * x_m),
        (Terrain::Urban, S::D) => (0.16 * x_m / root(4e-4), 0.14 * x_m / root(3e-4)),
        (Terrain::Urban, S::E | S::F) => (0.11 * x_m / root(4e-4), 0.08 * x_m / root(1.5e-3)),
    }
}

/// A source and where it is looked at: 1 g/s, metres, m/s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plume {
    pub class: Stability,
    pub terrain: Terrain,
    pub speed_m_s: f64,
    pub source_height_m: f64,
}

impl Plume {
    /// µg/m³ of a source of 1 g/s, `x` metres downwind, `y` across, `z` above the ground. `None`
    /// nearer than 100 m and in a wind below 1 m/s, of which the formula knows nothing.
    pub fn concentration(&self, x_m: f64, y_m: f64, z_m: f64) -> Option<f64> {
        if x_m < NEAREST_M || self.speed_m_s < 1.0 {
            return None;
        }
        let (sy, sz) = widths_m(self.class, self.terrain, x_m);
        let bell = |off: f64, width: f64| (-0.5 * (off / width).powi(2)).exp();
        let height = self.source_height_m;
        let upright = bell(z_m - height, sz) + bell(z_m + height, sz);
        let middle = 1e6 / (std::f64::consts::TAU * self.speed_m_s * sy * sz);
        Some(middle * bell(y_m, sy) * upright)
    }
}

/// From where air reaches the station with at least a tenth of what the middle brings, by what class;
/// WGS-84 degrees. `None` without a direction and below 1 m/s.
pub fn footprint(
    upwind: &Upwind,
    terrain: Terrain,
    hour: Hour,
) -> Option<(Stability, Vec<Coord<f64>>)> {
    let (from, wind) = (upwind.from_deg?, upwind.wind?);
    if wind.speed_m_s < 1.0 {
        return None;
    }
    let class = Stability::in_hour(wind.speed_m_s, hour);
    let side = |sign: f64, step: u8| {
        let x = NEAREST_M + (upwind.reach_m - NEAREST_M) * f64::from(step) / f64::from(STEPS);
        let y = sign * TENTH * widths_m(class, terrain, x).0;
        destination(upwind.center, from + y.atan2(x).to_degrees(), x.hypot(y))
    };
    let out = (0..=STEPS).map(|step| side(-1.0, step));
    let back = (0..=STEPS).rev().map(|step| side(1.0, step));
    Some((class, out.chain(back).collect()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::analysis::air::testing::near;
    use crate::analysis::air::wind::Wind;

    fn of(class: Stability, terrain: Terrain, speed_m_s: f64, source_height_m: f64) -> Plume {
        Plume { class, terrain, speed_m_s, source_height_m }
    }

    #[test]
    fn widths_and_concentrations_are_those_of_the_formulas() {
        use {Stability as S, Terrain as T};
        for (class, terrain, y, z) in [
            (S::D, T::Rural, 76.28, 37.95),
            (S::D, T::Urban, 135.22, 122.79),
            (S::F, T::Rural, 38.14, 12.31),
        ] {
            let (sy, sz) = widths_m(class, terrain, 1000.0);
            near(sy, y, 0.005);
            near(sz, z, 0.005);
        }
        let at = |plume: Plume, x: f64, y: f64, z: f64| plume.concentration(x, y, z).unwrap();
        let ground = of(S::D, T::Urban, 2.0, 0.0);
        near(at(ground, 500.0, 0.0, 0.0), 33.3866, 1e-4);
        near(at(ground, 1000.0, 0.0, 0.0), 9.5853, 1e-4);
        near(at(of(S::D, T::Rural, 2.0, 0.0), 1000.0, 0.0, 0.0), 54.9851, 1e-4);
        near(at(of(S::F, T::Rural, 1.0, 0.0), 1000.0, 0.0, 0.0), 678.1251, 1e-4);
        near(at(of(S::D, T::Urban, 2.0, 20.0), 500.0, 0.0, 0.0), 31.8556, 1e-4);
        near(at(of(S::D, T::Urban, 2.0, 20.0), 1000.0, 100.0, 1.5), 7.1955, 1e-4);
        assert_eq!(of(S::D, T::Urban, 0.9, 0.0).concentration(500.0, 0.0, 0.0), None);
        assert_eq!(ground.concentration(99.0, 0.0, 0.0), None);
    }

    #[test]
    fn a_footprint_lies_upwind_and_there_is_none_in_a_calm() {
        let center = Coord { x: 118.16, y: 39.83 };
        let hour = Hour::of_day(date(2026, 11, 29), 10);
        let east = Upwind::of(center, &[Wind::new(Some(90.0), 2.5).unwrap()]);
        let (class, outline) = footprint(&east, Terrain::Urban, hour).unwrap();
        assert_eq!((class, outline.len()), (Stability::C, 50));
        assert!(outline.iter().all(|at| at.x > center.x));
        let calm = Upwind::of(center, &[Wind::new(Some(90.0), 0.4).unwrap()]);
        assert_eq!(footprint(&calm, Terrain::Urban, hour), None);
    }
}
