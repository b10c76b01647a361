//! Is a place where this district can have something? Coarse answers, made for whole files.

use geo::Centroid as _;
use geo_types::{Coord, Geometry, Line};

use crate::domain::{AreaRole, Kind, World};
use crate::geodesy::wkb::{Bounds, bounds, each_coord};

/// Beyond this a row of the district's own list has wrong coordinates.
pub const FAR_M: f64 = 500_000.0;

/// Farther than this from the outline a place is said to lie outside of it.
const BESIDE_M: f64 = 3_000.0;

/// The same where only records tell where the district is.
const BESIDE_RECORDS_M: f64 = 20_000.0;

/// Fewer records do not tell it.
const ENOUGH_RECORDS: usize = 10;

/// Buildings of a whole city are of no use; those beside a control point are kept clean.
pub const BUILDING_REACH_M: f64 = 500.0;

/// Where the district is, as far as it knows itself.
#[derive(Debug, Default)]
pub struct DistrictExtent<'w> {
    /// Centroid of the outline, else of the control points. Degrees.
    pub centre: Option<Coord<f64>>,
    outlines: Vec<Outline<'w>>,
    control_points: Vec<Coord<f64>>,
    /// Around all records that have a place, where they are enough.
    known: Option<Bounds>,
}

/// An outline with its edges by latitude, so that a place is held against a few of them only.
#[derive(Debug)]
struct Outline<'w> {
    bounds: Bounds,
    geometry: &'w Geometry<f64>,
    /// South to north.
    bands: Vec<Vec<Line<f64>>>,
}

impl<'w> Outline<'w> {
    fn new(geometry: &'w Geometry<f64>) -> Option<Self> {
        const BANDS: usize = 256;
        let mut outline =
            Self { bounds: bounds(geometry)?, geometry, bands: vec![Vec::new(); BANDS] };
        let rings = match geometry {
            Geometry::Polygon(polygon) => vec![polygon],
            Geometry::MultiPolygon(polygons) => polygons.iter().collect(),
            _ => Vec::new(),
        };
        for polygon in rings {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                for edge in ring.lines() {
                    let (low, high) = (edge.start.y.min(edge.end.y), edge.start.y.max(edge.end.y));
                    let (low, high) = (outline.band(low), outline.band(high));
                    let bands = outline.bands.get_mut(low..=high).unwrap_or_default();
                    for band in bands {
                        band.push(edge);
                    }
                }
            }
        }
        Some(outline)
    }

    fn band(&self, latitude: f64) -> usize {
        let Bounds { min, max } = &self.bounds;
        let share = (latitude - min.y) / (max.y - min.y).max(f64::MIN_POSITIVE);
        // Saturates, also for what lies outside.
        ((share * self.bands.len() as f64) as usize).min(self.bands.len() - 1)
    }

    /// By the crossings of a ray to the east.
    fn holds(&self, at: Coord<f64>) -> bool {
        if !holds(&self.bounds, at) {
            return false;
        }
        let edges = self.bands.get(self.band(at.y)).map_or(&[][..], Vec::as_slice).iter();
        let crossed = edges.filter(|Line { start, end }| {
            (start.y > at.y) != (end.y > at.y)
                && at.x < start.x + (at.y - start.y) / (end.y - start.y) * (end.x - start.x)
        });
        crossed.count() % 2 == 1
    }

    /// To the nearest edge.
    fn distance_m(&self, at: Coord<f64>) -> f64 {
        let edges = self.bands.iter().flatten();
        edges.map(|edge| edge_distance_m(at, *edge)).fold(f64::INFINITY, f64::min)
    }
}

/// On the plane that touches the Earth at the place.
fn edge_distance_m(at: Coord<f64>, edge: Line<f64>) -> f64 {
    let ((ax, ay), (bx, by)) = (offset_m(at, edge.start), offset_m(at, edge.end));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (ax + share * dx).hypot(ay + share * dy)
}

impl<'w> DistrictExtent<'w> {
    /// From the outline and the control points of a world.
    pub fn of(world: &'w World) -> Self {
        let areas = world.table(Kind::Area).iter();
        let outlines: Vec<_> = areas
            .filter(|area| AreaRole::District.is_of(area))
            .filter_map(|area| Outline::new(area.geometry.as_ref()?))
            .collect();
        let stations = world.table(Kind::ControlPoint).iter();
        let control_points: Vec<_> = stations
            .filter_map(|record| record.geometry.as_ref()?.centroid().map(Coord::from))
            .collect();
        let outline_centre =
            outlines.first().and_then(|outline| outline.geometry.centroid()).map(Coord::from);
        let centre = outline_centre.or_else(|| mean(&control_points));
        let known = if outlines.is_empty() { around(world) } else { None };
        Self { centre, outlines, control_points, known }
    }

    /// Whether an outline tells where the district is.
    pub fn has_outline(&self) -> bool {
        !self.outlines.is_empty()
    }

    /// Whether a geometry lies so far from the district that it should be said. False where the
    /// district does not know where it is.
    pub fn is_beside(&self, geometry: &Geometry<f64>) -> bool {
        if self.has_outline() {
            return !self.touches(geometry) && self.distance_m(geometry) > BESIDE_M;
        }
        self.known.is_some() && self.distance_m(geometry) > BESIDE_RECORDS_M
    }

    /// From the outline, else from the box around all that is known: of the nearest of the vertices.
    pub fn distance_m(&self, geometry: &Geometry<f64>) -> f64 {
        let mut nearest_m = f64::INFINITY;
        each_coord(geometry, &mut |at| {
            let from_box = self.known.iter().map(|known| {
                let x = at.x.clamp(known.min.x, known.max.x);
                let y = at.y.clamp(known.min.y, known.max.y);
                let (east_m, north_m) = offset_m(at, Coord { x, y });
                east_m.hypot(north_m)
            });
            let from_outline = self.outlines.iter().map(|outline| outline.distance_m(at));
            nearest_m = from_outline.chain(from_box).fold(nearest_m, f64::min);
        });
        nearest_m
    }

    /// Whether any vertex or the centroid lies inside the outline. True without an outline.
    pub fn touches(&self, geometry: &Geometry<f64>) -> bool {
        if self.outlines.is_empty() {
            return true;
        }
        let Some(own) = bounds(geometry) else { return false };
        self.outlines.iter().filter(|outline| overlap(&outline.bounds, &own)).any(|outline| {
            let is_inside = |at: Coord<f64>| outline.holds(at);
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

/// The box around the points of a world, where they are enough to tell.
fn around(world: &World) -> Option<Bounds> {
    let kinds = [Kind::ControlPoint, Kind::Site, Kind::Camera, Kind::Gate];
    let records = kinds.into_iter().flat_map(|kind| world.table(kind).iter());
    let mut count = 0;
    let boxes = records.filter_map(|record| bounds(record.geometry.as_ref()?));
    let known = boxes.inspect(|_| count += 1).reduce(|a, b| Bounds {
        min: Coord { x: a.min.x.min(b.min.x), y: a.min.y.min(b.min.y) },
        max: Coord { x: a.max.x.max(b.max.x), y: a.max.y.max(b.max.y) },
    });
    known.filter(|_| count >= ENOUGH_RECORDS)
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
    use geo::Contains as _;
    use geo_types::{LineString, Point, Polygon};
    use proptest::prelude::*;

    use super::*;
    use crate::geodesy::ring::distance_m;

    fn star(points: u32) -> Geometry<f64> {
        let at = |step: u32| {
            let angle = f64::from(step) / f64::from(points) * std::f64::consts::TAU;
            let radius = if step.is_multiple_of(2) { 0.2 } else { 0.07 };
            Coord { x: 118.16 + radius * angle.cos(), y: 39.83 + radius * angle.sin() }
        };
        Polygon::new(LineString((0..points).map(at).collect()), vec![]).into()
    }

    proptest! {
        #[test]
        fn an_outline_in_bands_holds_what_the_polygon_holds(x in 117.9..118.4_f64, y in 39.6..40.1_f64) {
            let star = star(14);
            let outline = Outline::new(&star).unwrap();
            let at = Coord { x, y };
            prop_assert_eq!(outline.holds(at), star.contains(&Point(at)));
        }
    }

    #[test]
    fn the_distance_to_an_outline_is_that_of_its_nearest_edge() {
        let corner = |x: f64, y: f64| Coord { x, y };
        let ring = vec![
            corner(118.0, 39.7),
            corner(118.4, 39.7),
            corner(118.4, 40.0),
            corner(118.0, 40.0),
        ];
        let square = Polygon::new(LineString(ring), vec![]).into();
        let outline = Outline::new(&square).unwrap();
        let far_km = |x: f64, y: f64| (outline.distance_m(corner(x, y)) / 1000.0).round();
        assert_eq!((far_km(119.0, 38.5), far_km(120.5, 38.0)), (143.0, 262.0));
    }

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
