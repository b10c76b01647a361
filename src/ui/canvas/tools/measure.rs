//! Lengths and areas on the ellipsoid.

use geo_types::Coord;

use super::draw::{length_m, length_text};
use crate::geodesy::local::LocalFrame;

/// A line whose length is shown.
#[derive(Default)]
pub struct Measure {
    pub(super) places: Vec<Coord<f64>>,
    pub(super) pointer: Option<Coord<f64>>,
}

/// The length, and from three places on the area they enclose.
pub fn text(places: &[Coord<f64>]) -> String {
    let length = length_text(length_m(places));
    if places.len() < 3 { length } else { format!("{length} · {}", area_text(places)) }
}

/// `12.3 ha`, `1.25 km²`.
pub fn area_text(places: &[Coord<f64>]) -> String {
    let area_m2 = area_m2(places);
    if area_m2 >= 1e6 {
        format!("{:.2} km²", area_m2 / 1e6)
    } else if area_m2 >= 1e4 {
        format!("{:.2} ha", area_m2 / 1e4)
    } else {
        format!("{area_m2:.0} m²")
    }
}

/// Of a simple polygon, in the plane around its first corner: exact to 0.01 % within 20 km.
fn area_m2(places: &[Coord<f64>]) -> f64 {
    let Some(first) = places.first() else { return 0.0 };
    let frame = LocalFrame::at(*first);
    let plane: Vec<Coord<f64>> = places.iter().map(|at| frame.plane_from_wgs84(*at)).collect();
    let doubled: f64 =
        plane.iter().zip(plane.iter().cycle().skip(1)).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    (doubled / 2.0).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::ring::ring;

    #[test]
    fn a_ring_of_500_metres_encloses_785_thousand_square_metres() {
        let circle = ring(Coord { x: 118.1622, y: 39.8326 }, 500.0).exterior().0.clone();
        let area = area_m2(&circle[..circle.len() - 1]);
        let expected = std::f64::consts::PI * 500.0 * 500.0;
        assert!((area / expected - 1.0).abs() < 2e-3, "{area}");
    }

    #[test]
    fn a_length_is_said_in_metres_and_then_in_kilometres() {
        let north = |m: f64| crate::geodesy::ring::destination(Coord { x: 118.0, y: 39.8 }, 0.0, m);
        assert_eq!(text(&[north(0.0), north(640.0)]), "640 m");
        assert_eq!(text(&[north(0.0), north(2300.0)]), "2.30 km");
    }
}
