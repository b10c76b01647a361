//! Is a place where this district can have something? Coarse answers, made for whole files.

use geo::{Centroid as _, Contains as _};
use geo_types::{Coord, Geometry, Point};

use crate::domain::{AreaRole, Kind, World};
use crate::geodesy::wkb::{Bounds, bounds, each_coord};

/// Beyond this a row of the district's own list has wrong coordinates.
pub const FAR_M: f64 = 500_000.0;

/// Buildings of a whole city are of no use; those beside a control point are kept clean.
pub const BUILDING_REACH_M: f64 = 500.0;

/// Where the district is, as far as it knows itself.
#[derive(Debug, Default)]
pub struct DistrictExtent<'w> {
    /// Centroid of the outline, else of the control points. Degrees.
    pub centre: Option<Coord<f64>>,
    outlines: Vec<(Bounds, &'w Geometry<f64>)>,
    control_points: Vec<Coord<f64>>,
}

impl<'w> DistrictExtent<'w> {
    /// From the outline and the control points of a world.
    pub fn of(world: &'w World) -> Self {
        let areas = world.table(Kind::Area).iter();
        let outlines: Vec<_> = areas
            .filter(|area| AreaRole::District.is_of(area))
            .filter_map(|area| area.geometry.as_ref())
            .filter_map(|outline| Some((bounds(outline)?, outline)))
            .collect();
        let stations = world.table(Kind::ControlPoint).iter();
        let control_points: Vec<_> = stations
            .filter_map(|record| record.geometry.as_ref()?.centroid().map(Coord::from))
            .collect();
        let outline_centre =
            outlines.first().and_then(|(_, outline)| outline.centroid()).map(Coord::from);
        let centre = outline_centre.or_else(|| mean(&control_points));
        Self { centre, outlines, control_points }
    }

    /// Whether any vertex or the centroid lies inside the outline. True without an outline.
    pub fn touches(&self, geometry: &Geometry<f64>) -> bool {
        if self.outlines.is_empty() {
            return true;
        }
        let Some(own) = bounds(geometry) else { return false };
        self.outlines.iter().filter(|(outer, _)| overlap(outer, &own)).any(|(outer, outline)| {
            let is_inside = |at: Coord<f64>| holds(outer, at) && outline.contains(&Point(at));
            let mut found = false;
            each_coord(geometry, &mut |at| found = found || is_inside(at));
            found || geometry.centroid().is_some_and(|centre| is_inside(centre.into()))
        })
    }

    /// Whether a control point is at most [`BUILDING_REACH_M`] from any vertex or the centroid.
    pub fn is_beside_a_control_point(&self, geometry: &Geometry<f64>) -> bool {
        let is_near = |at: Coord<f64>| {
            self.control_points.iter().any(|point| {
                let (east_m, north_m) = offset_m(*point, at);
                east_m.hypot(north_m) <= BUILDING_REACH_M
            })
        };
        let mut found = false;
        each_coord(geometry, &mut |at| found = found || is_near(at));
        found || geometry.centroid().is_some_and(|centre| is_near(centre.into()))
    }
}

fn mean(points: &[Coord<f64>]) -> Option<Coord<f64>> {
    let sum = points.iter().fold(Coord::zero(), |sum, at| sum + *at);
    (!points.is_empty()).then(|| sum / points.len() as f64)
}

fn overlap(a: &Bounds, b: &Bounds) -> bool {
    a.min.x <= b.max.x && b.min.x <= a.max.x && a.min.y <= b.max.y && b.min.y <= a.max.y
}

fn holds(bounds: &Bounds, at: Coord<f64>) -> bool {
    (bounds.min.x..=bounds.max.x).contains(&at.x) && (bounds.min.y..=bounds.max.y).contains(&at.y)
}

/// Metres east and north from one WGS-84 position to another, by the radii of curvature at the
/// middle latitude: within a millimetre at 1 km, within 1 % at 500 km.
pub fn offset_m(from: Coord<f64>, to: Coord<f64>) -> (f64, f64) {
    // WGS-84: semi-major axis in metres, first eccentricity squared.
    const A_M: f64 = 6_378_137.0;
    const E2: f64 = 6.694_379_990_141_316e-3;
    let latitude = f64::midpoint(from.y, to.y).to_radians();
    let curvature = 1.0 - E2 * latitude.sin().powi(2);
    let meridian_m = A_M * (1.0 - E2) / curvature.powf(1.5);
    let prime_vertical_m = A_M / curvature.sqrt();
    let east = (to.x - from.x + 540.0).rem_euclid(360.0) - 180.0;
    (
        east.to_radians() * prime_vertical_m * latitude.cos(),
        (to.y - from.y).to_radians() * meridian_m,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::ring::distance_m;

    #[test]
    fn an_offset_is_as_long_as_the_geodesic() {
        let from = Coord { x: 118.16, y: 39.83 };
        for (to, tolerance_m) in [
            (Coord { x: 118.1657, y: 39.8331 }, 0.001),
            (Coord { x: 118.16, y: 39.8345 }, 0.001),
            (Coord { x: 121.47, y: 36.0 }, 500_000.0 * 0.01),
        ] {
            let (east_m, north_m) = offset_m(from, to);
            let geodesic_m = distance_m(from, to);
            assert!((east_m.hypot(north_m) - geodesic_m).abs() < tolerance_m, "{geodesic_m}");
        }
    }
}
