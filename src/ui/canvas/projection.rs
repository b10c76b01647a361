//! Web Mercator on the datum of the base map: WGS-84 data lands right on shifted tiles, and what
//! is clicked on them comes back as WGS-84.

use geo_types::{Coord, Point};
use walkers::{Pixels, Position, Projection};

use crate::basemap::Datum;
use crate::geodesy::mercator::metres_per_px;
use crate::map::view::{wgs84_from_world_px, world_px_from_wgs84};

/// Positions for walkers on the datum of the base map.
pub struct OnDatum(pub Datum);

impl Projection for OnDatum {
    fn project(&self, wgs84: Position, zoom: f64) -> Pixels {
        Point(world_px_from_wgs84(wgs84.0, self.0) * zoom.exp2())
    }

    fn unproject(&self, pixels: Pixels, zoom: f64) -> Position {
        let px = Coord { x: pixels.x(), y: pixels.y() } / zoom.exp2();
        Point(wgs84_from_world_px(px, self.0))
    }

    fn scale_pixel_per_meter(&self, wgs84: Position, zoom: f64) -> f64 {
        1.0 / metres_per_px(wgs84.y(), zoom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_station_lands_560_metres_away_on_a_gcj02_map_and_comes_back_as_it_was() {
        let station = Point::new(118.1622, 39.8326);
        let [plain, shifted] = [Datum::Wgs84, Datum::Gcj02].map(|datum| {
            let px = OnDatum(datum).project(station, 15.0);
            let back = OnDatum(datum).unproject(px, 15.0);
            assert!((back.x() - station.x()).abs() < 1e-6 && (back.y() - station.y()).abs() < 1e-6);
            px
        });
        let off_px = (shifted.x() - plain.x()).hypot(shifted.y() - plain.y());
        let off_m = off_px * metres_per_px(station.y(), 15.0);
        assert!((530.0..580.0).contains(&off_m), "{off_m}");
    }
}
