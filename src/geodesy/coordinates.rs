//! Coordinates as people type, paste and read them. What a whole file is in is [`super::crs`]'s.

use geo_types::Coord;

use super::angle::place;
use super::crs::Crs;

/// One way to understand what was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinateReading {
    /// WGS-84 degrees.
    pub wgs84: Coord<f64>,
    /// The system that was assumed, and the numbers: `GCJ-02 118.16000, 39.83000`.
    pub words: String,
}

/// Every sensible reading of two numbers, likeliest first: degrees on WGS-84, GCJ-02 and BD-09,
/// metres as Web Mercator or a Gauss–Krüger zone. Empty for what is no pair of coordinates.
pub fn readings(text: &str) -> Vec<CoordinateReading> {
    let Some((first, second)) = pair(text) else { return Vec::new() };
    if first.abs() <= 180.0 && second.abs() <= 180.0 {
        let at = Coord { x: first, y: second };
        if at.y.abs() > 90.0 {
            return Vec::new();
        }
        return [(Crs::Wgs84, "WGS-84"), (Crs::Gcj02, "GCJ-02"), (Crs::Bd09, "BD-09")]
            .into_iter()
            .map(|(crs, name)| CoordinateReading {
                wgs84: crs.to_wgs84(at),
                words: format!("{name}  {:.5}, {:.5}", at.x, at.y),
            })
            .collect();
    }
    metres(first, second)
}

fn metres(first: f64, second: f64) -> Vec<CoordinateReading> {
    let mut found = Vec::new();
    // Chinese surveys write northing first, files easting first.
    for (easting, northing) in [(first, second), (second, first)] {
        if !(1_500_000.0..6_000_000.0).contains(&northing) {
            continue;
        }
        let mut systems = Crs::gauss_kruger_hint(easting);
        if easting > 7_000_000.0 && easting < 20_037_508.4 {
            systems.push(Crs::WebMercator);
        }
        for crs in systems {
            let wgs84 = crs.to_wgs84(Coord { x: easting, y: northing });
            let is_in_china = (70.0..=140.0).contains(&wgs84.x) && (15.0..=55.0).contains(&wgs84.y);
            if is_in_china {
                let words = format!("{}  {easting:.1}, {northing:.1}", crs.name().to_uppercase());
                found.push(CoordinateReading { wgs84, words });
            }
        }
    }
    found
}

/// `118.16 39.83`: two numbers apart by a blank, longitude first, as fields store places. Neither
/// the range nor the datum is looked at.
pub fn lon_lat(text: &str) -> Option<Coord<f64>> {
    let (lon, lat) = text.trim().split_once(' ')?;
    Some(Coord { x: lon.trim().parse().ok()?, y: lat.trim().parse().ok()? })
}

/// Two numbers, plain or as degrees, minutes and seconds with E/N/东/北.
fn pair(text: &str) -> Option<(f64, f64)> {
    let (first, second) = place(text).ok()?;
    // `12 13` is no place.
    let is_exact = text.contains(['.', '．', '。', '°', '度', '′', '\'', '″', '"'])
        || first.abs() > 90.0 && second.abs() > 90.0;
    is_exact.then_some((first, second))
}

/// `118.16220, 39.83260`, or metres for a projected system; easting or longitude first.
pub fn coordinate_text(wgs84: Coord<f64>, crs: &Crs) -> String {
    let Coord { x, y } = crs.from_wgs84(wgs84);
    if crs.is_projected() { format!("{x:.1}, {y:.1}") } else { format!("{x:.5}, {y:.5}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first(text: &str) -> Option<(f64, f64)> {
        readings(text).first().map(|reading| {
            let round = |value: f64| (value * 1e5).round() / 1e5;
            (round(reading.wgs84.x), round(reading.wgs84.y))
        })
    }

    #[test]
    fn a_place_is_understood_however_it_is_written() {
        for text in [
            "118.16220,39.83260",
            "118.1622 39.8326",
            "39.8326, 118.1622",
            "118.16220，39.83260",
            "１１８.1622、39.8326",
            "118°9'43.92\"E 39°49'57.36\"N",
            "39°49′57.36″N, 118°9′43.92″E",
            "东经118度9分43.92秒,北纬39度49分57.36秒",
        ] {
            assert_eq!(first(text), Some((118.1622, 39.8326)), "{text}");
        }
    }

    #[test]
    fn the_same_numbers_on_gcj02_lie_half_a_kilometre_away() {
        let all = readings("118.1622,39.8326");
        let off = crate::geodesy::ring::distance_m(all[0].wgs84, all[1].wgs84);
        assert!((530.0..580.0).contains(&off), "{off}");
    }

    #[test]
    fn names_with_figures_are_no_coordinates() {
        for text in ["102国道", "G102", "13号楼 2层", "2026-11-24", "邱柳", "", "118.16"] {
            assert!(readings(text).is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_again(lon in 73.6..134.9_f64, lat in 18.1..53.4_f64) {
            let at = Coord { x: lon, y: lat };
            for (crs, place) in [(Crs::Wgs84, 0), (Crs::Gcj02, 1), (Crs::Bd09, 2)] {
                let back = readings(&coordinate_text(at, &crs))[place].wgs84;
                prop_assert!((back.x - lon).abs() < 2e-5 && (back.y - lat).abs() < 2e-5);
            }
        }
    }
}
