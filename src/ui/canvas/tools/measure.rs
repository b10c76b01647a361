//! Lengths and areas on the ellipsoid.

use geo_types::Coord;

use super::figures::{area_text, length_m, length_text};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_said_in_metres_and_then_in_kilometres() {
        let north = |m: f64| crate::geodesy::ring::destination(Coord { x: 118.0, y: 39.8 }, 0.0, m);
        assert_eq!(text(&[north(0.0), north(640.0)]), "640 m");
        assert_eq!(text(&[north(0.0), north(2300.0)]), "2.30 km");
    }
}
