//! Which part of the Earth is shown, and where a place lies on the page.

use geo_types::Coord;

use crate::basemap::Datum;
use crate::geodesy::datum::{gcj02_from_wgs84, wgs84_from_gcj02};
use crate::geodesy::mercator::{lonlat_from_world_px, metres_per_px, world_px_from_lonlat};
use crate::geodesy::wkb::Bounds;

/// A place on the page in page units, right and down from the upper left corner.
pub type At = Coord<f64>;

/// A box on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// The middle of the map (WGS-84 degrees) and the Web Mercator zoom (256-pixel tiles).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub center: Coord<f64>,
    pub zoom: f64,
}

/// From WGS-84 to the page: Web Mercator around a view, on the datum of the base map.
#[derive(Clone, Copy, Debug)]
pub struct Projection {
    pub view: View,
    pub frame: Frame,
    /// On a GCJ-02 base map our WGS-84 data are shifted as its tiles are.
    pub datum: Datum,
    scale: f64,
    /// World pixels at the page's origin.
    origin: Coord<f64>,
}

/// A point alone is shown with this much around it, degrees of latitude: about 600 m.
const LEAST_DEGREES: f64 = 0.005;
const MAX_ZOOM: f64 = 20.0;

impl Frame {
    /// By its edges, page units.
    pub const fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left, top, right, bottom }
    }

    /// Page units; negative where the edges are exchanged.
    pub const fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Page units; negative where the edges are exchanged.
    pub const fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The middle of the box.
    pub const fn center(&self) -> At {
        At { x: f64::midpoint(self.left, self.right), y: f64::midpoint(self.top, self.bottom) }
    }

    /// With each edge moved outwards, or inwards by a negative number of page units.
    #[must_use]
    pub const fn grown(&self, by: f64) -> Self {
        Self::new(self.left - by, self.top - by, self.right + by, self.bottom + by)
    }

    /// Whether a place lies inside or on an edge.
    pub fn contains(&self, at: At) -> bool {
        (self.left..=self.right).contains(&at.x) && (self.top..=self.bottom).contains(&at.y)
    }

    /// Upper left, upper right, lower right, lower left.
    pub const fn corners(&self) -> [At; 4] {
        [
            At { x: self.left, y: self.top },
            At { x: self.right, y: self.top },
            At { x: self.right, y: self.bottom },
            At { x: self.left, y: self.bottom },
        ]
    }
}

impl View {
    /// Shows all of a box with a margin (page units) inside a frame.
    pub fn fitting(bounds: Bounds, frame: Frame, margin: f64) -> Self {
        let bounds = at_least(bounds);
        let (min, max) = (
            world_px_from_lonlat(Coord { x: bounds.min.x, y: bounds.max.y }),
            world_px_from_lonlat(Coord { x: bounds.max.x, y: bounds.min.y }),
        );
        let scale_x = (frame.width() - 2.0 * margin).max(1.0) / (max.x - min.x).max(1e-9);
        let scale_y = (frame.height() - 2.0 * margin).max(1.0) / (max.y - min.y).max(1e-9);
        Self {
            center: lonlat_from_world_px((min + max) / 2.0),
            zoom: scale_x.min(scale_y).log2().clamp(0.0, MAX_ZOOM),
        }
    }
}

/// Pixels of the world at zoom 0 (256 × 256) on a base map of a datum, from WGS-84 degrees.
/// BD-09 base maps are refused where they are opened.
pub fn world_px_from_wgs84(place: Coord<f64>, datum: Datum) -> Coord<f64> {
    world_px_from_lonlat(match datum {
        Datum::Gcj02 => gcj02_from_wgs84(place),
        Datum::Wgs84 | Datum::Bd09 => place,
    })
}

/// The inverse of [`world_px_from_wgs84`]: WGS-84 degrees.
pub fn wgs84_from_world_px(px: Coord<f64>, datum: Datum) -> Coord<f64> {
    let place = lonlat_from_world_px(px);
    match datum {
        Datum::Gcj02 => wgs84_from_gcj02(place),
        Datum::Wgs84 | Datum::Bd09 => place,
    }
}

fn at_least(bounds: Bounds) -> Bounds {
    let grow = |min: f64, max: f64| ((LEAST_DEGREES * 2.0 - (max - min)) / 2.0).max(0.0);
    let by = Coord { x: grow(bounds.min.x, bounds.max.x), y: grow(bounds.min.y, bounds.max.y) };
    // A line along a street needs no more than it has in one direction.
    let is_small = by.x > 0.0 && by.y > 0.0;
    if is_small { Bounds { min: bounds.min - by, max: bounds.max + by } } else { bounds }
}

impl Projection {
    /// For a base map on WGS-84, or none.
    pub fn new(view: View, frame: Frame) -> Self {
        Self::on(Datum::Wgs84, view, frame)
    }

    /// For a base map on a datum.
    pub fn on(datum: Datum, view: View, frame: Frame) -> Self {
        let scale = view.zoom.exp2();
        let center = world_px_from_wgs84(view.center, datum);
        Self { view, frame, datum, scale, origin: center - frame.center() / scale }
    }

    /// Where WGS-84 degrees lie on the page, put onto the datum of the base map first.
    pub fn page_from_lonlat(&self, place: Coord<f64>) -> At {
        self.page_from_world_px(world_px_from_wgs84(place, self.datum))
    }

    /// Where pixels of the world at zoom 0, on the datum of the base map, lie on the page.
    pub fn page_from_world_px(&self, px: Coord<f64>) -> At {
        (px - self.origin) * self.scale
    }

    /// The inverse of [`Self::page_from_world_px`].
    pub fn world_px_from_page(&self, at: At) -> Coord<f64> {
        at / self.scale + self.origin
    }

    /// The inverse of [`Self::page_from_lonlat`]: WGS-84 degrees, whatever the base map.
    pub fn lonlat_from_page(&self, at: At) -> Coord<f64> {
        wgs84_from_world_px(self.world_px_from_page(at), self.datum)
    }

    /// The longitude/latitude box of the frame grown by a margin in page units.
    pub fn bounds(&self, margin: f64) -> Bounds {
        let frame = self.frame.grown(margin);
        let north_west = self.lonlat_from_page(At { x: frame.left, y: frame.top });
        let south_east = self.lonlat_from_page(At { x: frame.right, y: frame.bottom });
        Bounds {
            min: Coord { x: north_west.x, y: south_east.y },
            max: Coord { x: south_east.x, y: north_west.y },
        }
    }

    /// On the ground, at the latitude of the map's middle.
    pub fn metres_per_unit(&self) -> f64 {
        metres_per_px(self.view.center.y, self.view.zoom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame::new(24.0, 80.0, 1600.0, 1000.0);

    #[test]
    fn the_middle_of_the_view_lies_in_the_middle_of_the_frame() {
        let view = View { center: Coord { x: 118.1562, y: 39.8322 }, zoom: 13.5 };
        let projection = Projection::new(view, FRAME);
        let at = projection.page_from_lonlat(view.center);
        assert!((at.x - 812.0).abs() < 1e-6 && (at.y - 540.0).abs() < 1e-6);
        let back = projection.lonlat_from_page(at);
        assert!((back.x - 118.1562).abs() < 1e-9 && (back.y - 39.8322).abs() < 1e-9);
    }

    #[test]
    fn what_is_fitted_lies_inside_with_its_margin() {
        let bounds = Bounds { min: Coord { x: 118.0, y: 39.7 }, max: Coord { x: 118.3, y: 39.9 } };
        let projection = Projection::new(View::fitting(bounds, FRAME, 20.0), FRAME);
        let low = projection.page_from_lonlat(bounds.min);
        let high = projection.page_from_lonlat(bounds.max);
        let inner = FRAME.grown(-19.9);
        assert!(inner.contains(low) && inner.contains(high), "{low:?} {high:?}");
        let is_tight =
            (high.x - low.x - 1536.0).abs() < 1.0 || (low.y - high.y - 880.0).abs() < 1.0;
        assert!(is_tight);
    }

    #[test]
    fn a_single_point_is_shown_with_its_surroundings() {
        let at = Coord { x: 118.0, y: 39.7 };
        let view = View::fitting(Bounds { min: at, max: at }, FRAME, 0.0);
        assert!(view.zoom > 10.0 && view.zoom < 19.0, "{}", view.zoom);
    }
}
