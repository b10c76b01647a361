//! Geometry in the gnomonic plane of a place: its nearest point, and its length inside a circle. The
//! projection itself is [`super::local`]'s.

use geo_types::{Coord, Geometry, Polygon};

use super::local::LocalFrame;
use super::plane::origin_distance_squared;

/// Geometry seen from a place: vertices in metres east and north in the gnomonic plane.
///
/// Kept and filled again for the next geometry, so that looking at many costs no allocation.
#[derive(Clone, Debug, Default)]
pub struct GnomonicShape {
    vertices: Vec<Coord<f64>>,
    parts: Vec<ShapePart>,
    radius_m: f64,
}

/// A run of vertices up to `end`.
#[derive(Clone, Copy, Debug)]
struct ShapePart {
    end: usize,
    role: PartRole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartRole {
    /// A line; a single vertex is a point.
    Line,
    /// The outline of a polygon; its holes follow.
    Outline,
    Hole,
}

impl LocalFrame {
    /// From the centre to the nearest point of a geometry, metres: 0 inside a polygon. `None` if it
    /// is empty.
    pub fn nearest_m(&self, geometry: &Geometry<f64>) -> Option<f64> {
        let mut shape = GnomonicShape::default();
        shape.show(self, geometry);
        shape.nearest_m()
    }
}

impl GnomonicShape {
    /// Shows a geometry as seen from the centre of a frame, in place of what was shown before.
    pub fn show(&mut self, frame: &LocalFrame, geometry: &Geometry<f64>) {
        self.vertices.clear();
        self.parts.clear();
        self.radius_m = frame.radius_m();
        self.add(frame, geometry);
    }

    /// To the nearest point, metres: 0 inside a polygon. `None` if there is nothing.
    pub fn nearest_m(&self) -> Option<f64> {
        if self.holds_origin() {
            return Some(0.0);
        }
        let nearest2 = self.parts().map(|(_, vertices)| nearest_squared(vertices));
        let range_m = nearest2.min_by(f64::total_cmp)?.sqrt();
        Some(self.radius_m * (range_m / self.radius_m).atan())
    }

    /// Geodesic length of the lines within a circle about the place, metres; outlines do not count.
    pub fn length_within_m(&self, radius_m: f64) -> f64 {
        let range_m = self.radius_m * (radius_m / self.radius_m).tan();
        self.parts()
            .filter(|(role, _)| *role == PartRole::Line)
            .flat_map(|(_, vertices)| vertices.windows(2))
            .map(|edge| match edge {
                [from, to] => self.edge_within_m(*from, *to, range_m),
                _ => 0.0,
            })
            .sum()
    }

    fn add(&mut self, frame: &LocalFrame, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.add_part(frame, &[point.0], PartRole::Line),
            Geometry::Line(line) => self.add_part(frame, &[line.start, line.end], PartRole::Line),
            Geometry::LineString(line) => self.add_part(frame, &line.0, PartRole::Line),
            Geometry::Polygon(polygon) => self.add_polygon(frame, polygon),
            Geometry::MultiPoint(points) => {
                points.0.iter().for_each(|point| self.add_part(frame, &[point.0], PartRole::Line));
            }
            Geometry::MultiLineString(lines) => {
                lines.0.iter().for_each(|line| self.add_part(frame, &line.0, PartRole::Line));
            }
            Geometry::MultiPolygon(polygons) => {
                polygons.0.iter().for_each(|polygon| self.add_polygon(frame, polygon));
            }
            Geometry::GeometryCollection(members) => {
                members.0.iter().for_each(|member| self.add(frame, member));
            }
            Geometry::Rect(rect) => self.add_polygon(frame, &rect.to_polygon()),
            Geometry::Triangle(triangle) => self.add_polygon(frame, &triangle.to_polygon()),
        }
    }

    fn add_polygon(&mut self, frame: &LocalFrame, polygon: &Polygon<f64>) {
        self.add_part(frame, &polygon.exterior().0, PartRole::Outline);
        for hole in polygon.interiors() {
            self.add_part(frame, &hole.0, PartRole::Hole);
        }
    }

    fn add_part(&mut self, frame: &LocalFrame, vertices: &[Coord<f64>], role: PartRole) {
        if !vertices.is_empty() {
            self.vertices.extend(vertices.iter().map(|at| frame.plane_from_wgs84(*at)));
            self.parts.push(ShapePart { end: self.vertices.len(), role });
        }
    }

    fn parts(&self) -> impl Iterator<Item = (PartRole, &[Coord<f64>])> {
        let mut start = 0;
        self.parts.iter().filter_map(move |part| {
            let vertices = self.vertices.get(start..part.end);
            start = part.end;
            vertices.map(|vertices| (part.role, vertices))
        })
    }

    /// By ray casting: inside an outline and in none of its holes.
    fn holds_origin(&self) -> bool {
        let mut is_inside = false;
        for (role, ring) in self.parts() {
            match role {
                PartRole::Outline | PartRole::Line if is_inside => return true,
                PartRole::Outline => is_inside = surrounds_origin(ring),
                PartRole::Hole => is_inside &= !surrounds_origin(ring),
                PartRole::Line => {}
            }
        }
        is_inside
    }

    /// In this plane an edge at distance `h` runs over the great circle at `t` along it by
    /// R·atan(t/√(R² + h²)).
    fn edge_within_m(&self, from: Coord<f64>, to: Coord<f64>, range_m: f64) -> f64 {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length2 = dx * dx + dy * dy;
        let offset = from.x * dy - from.y * dx;
        let half_chord2 = range_m * range_m * length2 - offset * offset;
        if half_chord2 <= 0.0 {
            return 0.0;
        }
        // Both in metres times the length of the edge until here.
        let length = length2.sqrt();
        let half_chord = half_chord2.sqrt();
        let start = (from.x * dx + from.y * dy).max(-half_chord) / length;
        let end = (to.x * dx + to.y * dy).min(half_chord) / length;
        if end <= start {
            return 0.0;
        }
        let far = (self.radius_m * self.radius_m + offset * offset / length2).sqrt();
        self.radius_m * (arc_tangent(end / far) - arc_tangent(start / far))
    }
}

/// Rings are small beside the Earth, and up to 120 km the series is within a micrometre.
fn arc_tangent(x: f64) -> f64 {
    let x2 = x * x;
    if x2 < 4e-4 { x * (1.0 - x2 * (1.0 / 3.0 - x2 / 5.0)) } else { x.atan() }
}

fn nearest_squared(vertices: &[Coord<f64>]) -> f64 {
    let first = vertices.first().map_or(f64::INFINITY, |at| at.x * at.x + at.y * at.y);
    vertices
        .windows(2)
        .map(|edge| match edge {
            [from, to] => origin_distance_squared(*from, *to),
            _ => f64::INFINITY,
        })
        .fold(first, f64::min)
}

fn surrounds_origin(ring: &[Coord<f64>]) -> bool {
    let closing = ring.last().copied().zip(ring.first().copied());
    let edges = ring.iter().copied().zip(ring.iter().copied().skip(1)).chain(closing);
    edges.filter(|(from, to)| crosses_east(*from, *to)).count() % 2 == 1
}

/// Whether an edge crosses the ray from the origin to the east.
fn crosses_east(from: Coord<f64>, to: Coord<f64>) -> bool {
    let upwards = to.y > 0.0;
    (from.y > 0.0) != upwards && ((from.x * to.y - from.y * to.x) > 0.0) == upwards
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, MultiPoint, MultiPolygon, line_string, point, polygon};
    use geographiclib_rs::{DirectGeodesic as _, Geodesic, InverseGeodesic as _};
    use proptest::prelude::*;

    use super::*;
    use crate::geodesy::ring::destination;

    const CENTER: Coord<f64> = Coord { x: 118.1562, y: 39.8322 };

    fn nearest_m(geometry: impl Into<Geometry<f64>>) -> f64 {
        LocalFrame::at(CENTER).nearest_m(&geometry.into()).unwrap()
    }

    fn length_m(geometry: &Geometry<f64>, radius_m: f64) -> f64 {
        let mut shape = GnomonicShape::default();
        shape.show(&LocalFrame::at(CENTER), geometry);
        shape.length_within_m(radius_m)
    }

    fn offset(azimuth_deg: f64, distance_m: f64) -> Coord<f64> {
        destination(CENTER, azimuth_deg, distance_m)
    }

    /// Two ends, nearest metres, radius, length inside.
    type EdgeCase = ([f64; 2], [f64; 2], f64, f64, f64);

    /// GeographicLib 2.1 with a search along the geodesic: ends, nearest metres, radius, length
    /// inside. Edges of 1, 50, 51, 100, 200, 22, 5 and 100 km.
    const EDGES: [EdgeCase; 8] = [
        ([118.161_789_7, 39.833_506_7], [118.149_714, 39.836_895_1], 300.0006, 450.0, 670.8194),
        ([117.958_422, 39.666_450_3], [118.371_442_1, 39.984_846_5], 999.4977, 1499.25, 2234.9540),
        ([118.191_250_3, 39.841_203], [117.595_402_9, 39.839_852_8], 1000.2040, 1500.3, 2236.5080),
        (
            [118.488_801_4, 40.205_567_8],
            [117.738_012_6, 39.515_356_1],
            4990.0007,
            7485.0,
            11157.9790,
        ),
        (
            [118.213_844_9, 38.931_469_5],
            [118.215_370_6, 40.732_760_9],
            4998.9980,
            7498.5,
            11178.1086,
        ),
        (
            [118.029_431_4, 39.810_972_5],
            [118.286_354_2, 39.810_968_7],
            2349.2292,
            3750.0,
            5845.8952,
        ),
        ([118.221_377_5, 39.822_337_7], [118.161_582_6, 39.834_710_4], 538.5054, 1165.5, 725.9414),
        (
            [117.455_666_1, 39.794_059_6],
            [118.623_227_9, 39.795_234_3],
            3999.9963,
            6000.0,
            8944.2792,
        ),
    ];

    #[test]
    fn edges_are_geodesics_however_long() {
        for (from, to, expected_m, radius_m, inside_m) in EDGES {
            let edge = Geometry::from(LineString::from(vec![from, to]));
            let found_m = nearest_m(edge.clone());
            assert!((found_m - expected_m).abs() < 0.002, "{from:?}: {found_m} for {expected_m}");
            let length_m = length_m(&edge, radius_m);
            assert!((length_m - inside_m).abs() < 0.01, "{from:?}: {length_m} for {inside_m}");
        }
    }

    #[test]
    fn a_line_through_the_centre_is_inside_for_both_radii() {
        let line = Geometry::from(LineString(vec![offset(250.0, 9000.0), offset(70.0, 4000.0)]));
        assert!(nearest_m(line.clone()) < 1e-3);
        assert!((length_m(&line, 1000.0) - 2000.0).abs() < 1e-3);
        assert!((length_m(&line, 5000.0) - 9000.0).abs() < 1e-3);
        assert!((length_m(&line, 20_000.0) - 13_000.0).abs() < 1e-3);
    }

    #[test]
    fn inside_a_polygon_the_distance_is_zero_but_not_in_its_hole() {
        let outer =
            LineString((0..4).map(|k| offset(45.0 + 90.0 * f64::from(k), 2000.0)).collect());
        let hole = LineString((0..4).map(|k| offset(45.0 + 90.0 * f64::from(k), 500.0)).collect());
        assert!(nearest_m(Polygon::new(outer.clone(), vec![])).abs() < f64::EPSILON);
        let edge_m = nearest_m(Polygon::new(outer.clone(), vec![hole.clone()]));
        assert!((edge_m - 500.0 / 2f64.sqrt()).abs() < 0.01, "{edge_m}");
        let island = Polygon::new(
            LineString(vec![offset(0.0, 10.0), offset(120.0, 10.0), offset(240.0, 10.0)]),
            vec![],
        );
        let both = MultiPolygon(vec![Polygon::new(outer, vec![hole]), island]);
        assert!(nearest_m(both).abs() < f64::EPSILON);
    }

    #[test]
    fn outside_a_polygon_its_edge_counts_and_not_its_middle() {
        let block =
            LineString(vec![offset(0.0, 800.0), offset(10.0, 3000.0), offset(350.0, 3000.0)]);
        let found_m = nearest_m(Polygon::new(block, vec![]));
        assert!((found_m - 800.0).abs() < 1e-3, "{found_m}");
    }

    #[test]
    fn of_many_parts_the_nearest_counts() {
        let points = MultiPoint(vec![offset(10.0, 900.0).into(), offset(200.0, 400.0).into()]);
        assert!((nearest_m(points) - 400.0).abs() < 1e-4);
    }

    #[test]
    fn nothing_is_at_no_distance() {
        let frame = LocalFrame::at(CENTER);
        assert_eq!(frame.nearest_m(&LineString::<f64>(Vec::new()).into()), None);
        assert_eq!(frame.nearest_m(&MultiPolygon::<f64>(Vec::new()).into()), None);
    }

    #[test]
    fn a_line_without_length_is_its_point() {
        let at = offset(90.0, 250.0);
        assert!((nearest_m(LineString(vec![at, at])) - 250.0).abs() < 1e-4);
        assert!(length_m(&LineString(vec![at, at]).into(), 500.0).abs() < f64::EPSILON);
    }

    #[test]
    fn vertices_on_the_other_side_of_the_globe_do_no_harm() {
        let far = line_string![(x: -60.0, y: -39.0), (x: 118.2, y: 39.9)];
        let near_m = nearest_m(far);
        assert!(near_m.is_finite() && near_m < 10_000.0, "{near_m}");
        assert!(nearest_m(point! { x: -62.0, y: -39.0 }) > 9_000_000.0);
        let world = polygon![(x: -179.0, y: -80.0), (x: 179.0, y: -80.0), (x: 0.0, y: 89.0)];
        assert!(nearest_m(world).is_finite());
    }

    /// The minimum of the distance along a geodesic, by thirds, all of it GeographicLib.
    fn nearest_by_search_m(center: Coord<f64>, from: Coord<f64>, to: Coord<f64>) -> f64 {
        let (length_m, azimuth_deg, _, _): (f64, f64, f64, f64) =
            Geodesic::wgs84().inverse(from.y, from.x, to.y, to.x);
        let at_m = |s: f64| {
            let (lat, lon): (f64, f64) = Geodesic::wgs84().direct(from.y, from.x, azimuth_deg, s);
            Geodesic::wgs84().inverse(center.y, center.x, lat, lon)
        };
        let (mut low, mut high) = (0.0, length_m);
        for _ in 0..80 {
            let third = (high - low) / 3.0;
            if at_m(low + third) < at_m(high - third) {
                high -= third;
            } else {
                low += third;
            }
        }
        at_m(0.5 * (low + high))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_edge_is_as_far_as_geographiclib_says(
            lat in -60.0..60.0, side_deg in 0.0..360.0, foot_m in 0.0..5000.0,
            turn_deg in 0.0..180.0, back_m in 0.0..50_000.0, on_m in 1.0..50_000.0,
        ) {
            let center = Coord { x: 118.0, y: lat };
            let foot = destination(center, side_deg, foot_m);
            let from = destination(foot, turn_deg, back_m);
            let to = destination(foot, turn_deg + 180.0, on_m);
            let edge = LineString(vec![from, to]).into();
            let found_m = LocalFrame::at(center).nearest_m(&edge).unwrap();
            let truth_m = nearest_by_search_m(center, from, to);
            prop_assert!((found_m - truth_m).abs() < 0.005, "{found_m} for {truth_m}");
        }
    }
}
