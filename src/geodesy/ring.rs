//! Distances and circles on the ellipsoid, of points alone. Distances to lines and areas are
//! [`super::gnomonic`]'s.

use geo_types::{Coord, LineString, Polygon};
use geographiclib_rs::{DirectGeodesic as _, Geodesic};

use super::local::LocalFrame;

/// The outline of a ring lies at most this far inside the true circle.
const SAGITTA_M: f64 = 0.31;
const LEAST_VERTICES: usize = 128;

/// The geodesic distance on WGS-84, metres; within 0.1 mm of GeographicLib.
///
/// NaN where a coordinate is not on Earth.
pub fn distance_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    LocalFrame::at(a).distance_m(b)
}

/// Where a geodesic of `distance_m` metres ends that starts at an azimuth in degrees clockwise from
/// north.
pub fn destination(from: Coord<f64>, azimuth_deg: f64, distance_m: f64) -> Coord<f64> {
    let (lat, lon) = Geodesic::wgs84().direct(from.y, from.x, azimuth_deg, distance_m);
    Coord { x: lon, y: lat }
}

/// The circle of a radius in metres, closed, counter-clockwise.
///
/// Vertices lie on the circle, so the polygon is a little smaller: with 128 of them a 1000 m ring
/// is at most 0.3 m short, and larger rings have more. Membership is decided by distance, never by
/// the polygon.
pub fn ring(center: Coord<f64>, radius_m: f64) -> Polygon<f64> {
    let vertices = vertices_of(radius_m);
    let step_deg = 360.0 / vertices as f64;
    let mut outline: Vec<Coord<f64>> =
        (0..vertices).map(|k| destination(center, -step_deg * k as f64, radius_m)).collect();
    outline.extend(outline.first().copied());
    Polygon::new(LineString(outline), Vec::new())
}

/// A chord of n is r·π²/(2n²) short of its arc in the middle. A multiple of four, so that the ring
/// has a vertex due north, east, south and west.
fn vertices_of(radius_m: f64) -> usize {
    let needed = std::f64::consts::PI * (radius_m / (2.0 * SAGITTA_M)).sqrt();
    (needed.ceil() as usize).next_multiple_of(4).clamp(LEAST_VERTICES, 4096)
}

#[cfg(test)]
mod tests {
    use geographiclib_rs::InverseGeodesic as _;
    use proptest::prelude::*;

    use super::*;

    fn at(lat: f64, lon: f64) -> Coord<f64> {
        Coord { x: lon, y: lat }
    }

    /// Great-circle distance on the mean sphere, only here to be found wanting.
    fn haversine_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
        let (north, east) = ((b.y - a.y).to_radians(), (b.x - a.x).to_radians());
        let cos = a.y.to_radians().cos() * b.y.to_radians().cos();
        let half = (north / 2.0).sin().powi(2) + cos * (east / 2.0).sin().powi(2);
        2.0 * 6_371_008.8 * half.sqrt().asin()
    }

    #[test]
    fn a_point_outside_by_haversine_is_inside_by_geodesic() {
        let (center, point) = (at(39.83, 118.16), at(39.839, 118.16));
        assert!((distance_m(center, point) - 999.2831).abs() < 1e-4);
        assert!((haversine_m(center, point) - 1000.7557).abs() < 1e-4);
    }

    /// GeographicLib 2.1, from 39.83 N 118.16 E: latitude, longitude, metres.
    const INVERSE: [(f64, f64, f64); 6] = [
        (39.839, 118.16, 999.2831),
        (39.83, 118.1717, 1001.5813),
        (39.837, 118.168, 1035.8725),
        (39.82, 118.15, 1402.0436),
        (39.8345, 118.16, 499.6413),
        (39.6308, 118.1662, 22123.4535),
    ];

    #[test]
    fn distances_are_those_of_geographiclib() {
        for (lat, lon, expected_m) in INVERSE {
            let found_m = distance_m(at(39.83, 118.16), at(lat, lon));
            assert!((found_m - expected_m).abs() < 1e-4, "{lat} {lon}: {found_m}");
        }
    }

    /// GeographicLib 2.1, from 39.83 N 118.16 E: azimuth, metres, latitude, longitude.
    const DIRECT: [(f64, f64, f64, f64); 6] = [
        (45.0, 500.0, 39.833_184_19, 118.164_130_23),
        (90.0, 500.0, 39.829_999_85, 118.165_840_76),
        (0.0, 1000.0, 39.839_006_46, 118.16),
        (45.0, 1000.0, 39.836_368_23, 118.168_260_85),
        (270.0, 1000.0, 39.829_999_41, 118.148_318_47),
        (225.0, 3000.0, 39.810_891_73, 118.135_226_6),
    ];

    #[test]
    fn destinations_are_those_of_geographiclib() {
        for (azimuth_deg, distance_m, lat, lon) in DIRECT {
            let found = destination(at(39.83, 118.16), azimuth_deg, distance_m);
            assert!((found.y - lat).abs() < 1e-8 && (found.x - lon).abs() < 1e-8, "{found:?}");
        }
    }

    #[test]
    fn a_ring_lies_on_its_circle_and_its_chords_hardly_inside() {
        let center = at(39.83, 118.16);
        for radius_m in [50.0, 500.0, 1000.0, 5000.0, 60_000.0] {
            let ring = ring(center, radius_m);
            assert!(ring.exterior().is_closed());
            assert!(ring.exterior().0.len() > 128);
            for edge in ring.exterior().lines() {
                let to_vertex_m = distance_m(center, edge.start);
                assert!((to_vertex_m - radius_m).abs() < 1e-4, "{to_vertex_m}");
                let middle = (edge.start + edge.end) / 2.0;
                assert!(radius_m - distance_m(center, middle) < 0.5);
            }
        }
    }

    #[test]
    fn the_way_over_the_date_line_is_the_short_way() {
        let found_m = distance_m(at(40.0, 179.999), at(40.0, -179.999));
        assert!((found_m - 170.79).abs() < 0.01, "{found_m}");
    }

    #[test]
    fn what_is_not_on_earth_has_no_distance() {
        assert!(distance_m(at(39.83, 118.16), at(f64::NAN, 118.16)).is_nan());
        assert!(distance_m(at(39.83, 118.16), at(139.83, 118.16)).is_nan());
    }

    proptest! {
        #[test]
        fn any_distance_is_within_a_tenth_of_a_millimetre_of_geographiclib(
            lat in -89.0..89.0, lon in -180.0..180.0,
            azimuth_deg in 0.0..360.0, thousandths in 0.0..1.0f64, power in 1..7,
        ) {
            let from = at(lat, lon);
            let to = destination(from, azimuth_deg, thousandths * 10f64.powi(power));
            let truth_m: f64 = Geodesic::wgs84().inverse(from.y, from.x, to.y, to.x);
            prop_assert!((distance_m(from, to) - truth_m).abs() < 1e-4);
        }
    }
}
