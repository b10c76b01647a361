//! The sector from which the air of a high hour came.

use geo_types::Coord;

use crate::analysis::air::wind::{Wind, WindMean, wind_mean};
use crate::analysis::air::{DistrictHours, Hour};
use crate::domain::{Kind, RecordId, WeatherSource, World};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::ring::destination;
use crate::geodesy::wkb;

/// Within these rings everything is looked at, wherever the wind comes from, metres.
pub const ALWAYS_M: [f64; 2] = [500.0, 1000.0];
/// Below this the wind says nothing of a direction, m/s.
const STILL_M_S: f64 = 1.0;
/// From here on it is steady, m/s.
const STEADY_M_S: f64 = 2.0;
const HALF_STEADY_DEG: f64 = 22.5;
const HALF_WEAK_DEG: f64 = 45.0;
/// How far air comes in half an hour, within these bounds, metres.
const REACH_M: (f64, f64) = (1000.0, 5000.0);
const REACH_S: f64 = 1800.0;

/// Where it is looked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Upwind {
    /// The station, WGS-84 degrees.
    pub center: Coord<f64>,
    /// From where the wind comes; `None` where it is all around.
    pub from_deg: Option<f64>,
    /// On either side of that; 180 all around.
    pub half_deg: f64,
    pub reach_m: f64,
    /// The winds that it is made from; `None` where none was measured.
    pub wind: Option<WindMean>,
}

impl Upwind {
    /// From the winds of the hour and the hour before.
    pub fn of(center: Coord<f64>, winds: &[Wind]) -> Self {
        let wind = wind_mean(winds.iter().copied());
        let blowing = wind.filter(|mean| mean.speed_m_s >= STILL_M_S);
        let from = blowing.and_then(|mean| Some((mean.vector_from_deg?, mean.speed_m_s)));
        let Some((from_deg, speed)) = from else {
            let (from_deg, half_deg) = (None, 180.0);
            return Self { center, from_deg, half_deg, reach_m: REACH_M.0, wind };
        };
        let half_deg = if speed >= STEADY_M_S { HALF_STEADY_DEG } else { HALF_WEAK_DEG };
        let reach_m = (speed * REACH_S).clamp(REACH_M.0, REACH_M.1);
        Self { center, from_deg: Some(from_deg), half_deg, reach_m, wind }
    }

    /// Whether the wind says no direction: then all around is looked at.
    pub const fn is_all_around(&self) -> bool {
        self.from_deg.is_none()
    }

    /// Degrees that a direction lies beside the middle, 0 all around.
    pub fn off_deg(&self, bearing_deg: f64) -> f64 {
        self.from_deg
            .map_or(0.0, |from| ((bearing_deg - from + 540.0).rem_euclid(360.0) - 180.0).abs())
    }

    /// Whether a place at this distance and direction is looked at.
    pub fn holds(&self, distance_m: f64, bearing_deg: f64) -> bool {
        let is_near = distance_m <= ALWAYS_M[1];
        is_near || distance_m <= self.reach_m && self.off_deg(bearing_deg) <= self.half_deg
    }

    /// Its outline, WGS-84 degrees: a piece of cake, or a circle all around.
    pub fn outline(&self) -> Vec<Coord<f64>> {
        const STEPS: u8 = 32;
        let (from, to) = match self.from_deg {
            Some(from) => (from - self.half_deg, from + self.half_deg),
            None => (0.0, 360.0),
        };
        let step = |number: u8| from + (to - from) * f64::from(number) / f64::from(STEPS);
        let arc = (0..=STEPS).map(|number| destination(self.center, step(number), self.reach_m));
        let tip = self.from_deg.map(|_| self.center);
        tip.into_iter().chain(arc).collect()
    }
}

/// The measured winds of an hour and the hour before, of the nearest place that has them. Weather of a
/// model is left out: it is no measurement.
pub fn wind_before(
    hours: &DistrictHours,
    world: &World,
    center: Coord<f64>,
    hour: Hour,
) -> Option<(RecordId, Vec<Wind>)> {
    let frame = LocalFrame::at(center);
    let kinds = [Kind::WeatherStation, Kind::ControlPoint, Kind::Site];
    let mut near: Vec<(f64, RecordId, Vec<Wind>)> = Vec::new();
    for (place, own) in &hours.winds {
        let record = kinds.into_iter().find_map(|kind| world.table(kind).get(*place));
        let Some(record) = record else { continue };
        if WeatherSource::Modelled.is_of(record) {
            continue;
        }
        let Some(bounds) = record.geometry.as_ref().and_then(wkb::bounds) else { continue };
        let both = [hour.plus(-1), hour].into_iter().filter_map(|hour| own.get(hour));
        let winds: Vec<Wind> = both.collect();
        if !winds.is_empty() {
            near.push((frame.distance_m(bounds.middle()), *place, winds));
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    near.into_iter().next().map(|(_, place, winds)| (place, winds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::air::testing::near;

    const STATION: Coord<f64> = Coord { x: 118.16, y: 39.83 };

    fn winds(of: &[(f64, f64)]) -> Vec<Wind> {
        of.iter().map(|(from, speed)| Wind::new(Some(*from), *speed).unwrap()).collect()
    }

    #[test]
    fn the_sector_narrows_with_the_wind_and_a_calm_looks_all_around() {
        let steady = Upwind::of(STATION, &winds(&[(350.0, 2.5), (10.0, 2.5)]));
        near(steady.off_deg(0.0), 0.0, 1e-9);
        assert_eq!((steady.half_deg, steady.reach_m), (22.5, 4500.0));
        let weak = Upwind::of(STATION, &winds(&[(90.0, 1.2)]));
        assert_eq!((weak.half_deg, weak.reach_m), (45.0, 2160.0));
        for calm in [winds(&[(90.0, 0.4)]), Vec::new()] {
            let all = Upwind::of(STATION, &calm);
            assert!(all.is_all_around() && all.holds(1000.0, 270.0));
            assert!(!all.holds(1001.0, 90.0));
            assert_eq!(all.outline().len(), 33);
        }
        let storm = Upwind::of(STATION, &winds(&[(90.0, 12.0)]));
        near(storm.reach_m, 5000.0, 0.0);
    }

    #[test]
    fn upwind_of_an_east_wind_lies_in_the_east_and_the_rings_hold_everything() {
        let east = Upwind::of(STATION, &winds(&[(90.0, 2.0)]));
        assert!(east.holds(1001.6, 89.9963) && !east.holds(1402.0, 217.6));
        assert!(east.holds(999.3, 0.0), "in the ring");
        near(east.off_deg(112.5), 22.5, 1e-9);
        assert!(east.outline().iter().all(|at| at.x >= STATION.x - 1e-9));
    }
}
