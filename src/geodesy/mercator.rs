//! Web Mercator: XYZ tiles and zoom-0 world pixels ↔ longitude/latitude.
//!
//! World pixels run from 0 to 256, right and down from 180° W, 85.05° N; at zoom `z` they are
//! multiplied by 2^z. The sphere of EPSG:3857 is used as tile makers use it; datum WGS-84.

use std::f64::consts::PI;

use geo_types::Coord;

use super::wkb::Bounds;

/// The side of the world at zoom 0, pixels.
pub const WORLD_PX: f64 = 256.0;

/// Where the square map of the world ends, degrees: atan(sinh π).
pub const MAX_LAT: f64 = 85.051_128_779_806_59;

/// The Earth of EPSG:3857, metres.
const RADIUS_M: f64 = 6_378_137.0;

/// A tile of the XYZ scheme: row 0 is the northernmost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TileId {
    /// Zoom: 2^z × 2^z tiles cover the world.
    pub z: u8,
    /// Column, from 180° W eastwards.
    pub x: u32,
    /// Row, from the north.
    pub y: u32,
}

/// Latitudes beyond [`MAX_LAT`] are taken for it.
pub fn world_px_from_lonlat(at: Coord<f64>) -> Coord<f64> {
    let sin = at.y.clamp(-MAX_LAT, MAX_LAT).to_radians().sin();
    // ln(tan(π/4 + φ/2)), written without the cancellation near the equator.
    Coord { x: WORLD_PX * (at.x / 360.0 + 0.5), y: WORLD_PX * (0.5 - sin.atanh() / (2.0 * PI)) }
}

/// From zoom-0 world pixels to WGS-84 degrees.
pub fn lonlat_from_world_px(at: Coord<f64>) -> Coord<f64> {
    let lat = (PI * (1.0 - 2.0 * at.y / WORLD_PX)).sinh().atan();
    Coord { x: (at.x / WORLD_PX - 0.5) * 360.0, y: lat.to_degrees() }
}

/// How many metres on the ground one pixel covers at a latitude (degrees) and zoom.
pub fn metres_per_px(lat: f64, zoom: f64) -> f64 {
    2.0 * PI * RADIUS_M * lat.to_radians().cos() / (WORLD_PX * zoom.exp2())
}

impl TileId {
    /// The tile that covers a place at a zoom. `None` beyond the map or above zoom 31.
    pub fn at(place: Coord<f64>, z: u8) -> Option<Self> {
        let side = 1_u32.checked_shl(u32::from(z))?;
        let px = world_px_from_lonlat(place);
        let index = |px: f64| {
            let index = (px / WORLD_PX * f64::from(side)).floor();
            (index >= 0.0).then_some((index as u32).min(side - 1))
        };
        Some(Self { z, x: index(px.x)?, y: index(px.y)? })
    }

    /// The tile's box in longitude/latitude, degrees.
    pub fn bounds(self) -> Bounds {
        let size = WORLD_PX / f64::from(self.z).exp2();
        let corner = |x: u32, y: u32| {
            lonlat_from_world_px(Coord { x: f64::from(x) * size, y: f64::from(y) * size })
        };
        let (north_west, south_east) = (corner(self.x, self.y), corner(self.x + 1, self.y + 1));
        Bounds {
            min: Coord { x: north_west.x, y: south_east.y },
            max: Coord { x: south_east.x, y: north_west.y },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_tile_of_berlin_is_the_one_the_wiki_names() {
        // wiki.openstreetmap.org/wiki/Slippy_map_tilenames: zoom 10, 52.5111 N 13.3997 E.
        let tile = TileId::at(Coord { x: 13.3997, y: 52.5111 }, 10).unwrap();
        assert_eq!((tile.x, tile.y), (550, 335));
        let bounds = tile.bounds();
        assert!(bounds.min.x <= 13.3997 && 13.3997 <= bounds.max.x);
        assert!(bounds.min.y <= 52.5111 && 52.5111 <= bounds.max.y);
    }

    #[test]
    fn a_pixel_at_the_equator_covers_156_543_metres_at_zoom_0() {
        assert!((metres_per_px(0.0, 0.0) - 156_543.033_928).abs() < 1e-3);
        assert!((metres_per_px(60.0, 1.0) - 156_543.033_928 / 4.0).abs() < 1e-3);
    }

    #[test]
    fn the_poles_are_held_at_the_edge_of_the_square() {
        assert!(world_px_from_lonlat(Coord { x: 0.0, y: 90.0 }).y.abs() < 1e-9);
        assert!((world_px_from_lonlat(Coord { x: 180.0, y: -90.0 }).y - 256.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(lon in -180.0..180.0, lat in -85.0..85.0) {
            let back = lonlat_from_world_px(world_px_from_lonlat(Coord { x: lon, y: lat }));
            prop_assert!((back.x - lon).abs() < 1e-9 && (back.y - lat).abs() < 1e-9);
        }

        #[test]
        fn a_place_lies_in_the_box_of_its_tile(lon in -180.0..179.9, lat in -85.0..85.0, z in 0_u8..20) {
            let bounds = TileId::at(Coord { x: lon, y: lat }, z).unwrap().bounds();
            prop_assert!(bounds.min.x <= lon + 1e-9 && lon <= bounds.max.x + 1e-9);
            prop_assert!(bounds.min.y <= lat + 1e-9 && lat <= bounds.max.y + 1e-9);
        }
    }
}
