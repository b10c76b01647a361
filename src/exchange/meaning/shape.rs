//! Geometry that a kind can take, valid, in single parts where one part is all there is.

use geo::algorithm::bool_ops::{FillRule, unary_union};
use geo::{Area as _, BooleanOps as _, Intersects as _, MapCoords as _, Validation as _};
use geo_types::{Coord, Geometry, Line, LineString, MultiPolygon, Polygon};

use crate::domain::{Kind, LocalizedText, Shape, Text};
use crate::exchange::wkt::type_name;
use crate::geodesy::shape::oriented;
use crate::geodesy::wkb::simplest;

/// Checking each edge against each other is exact but quadratic; larger polygons go through the
/// sweep line of the overlay instead.
const EXACT_UP_TO_VERTICES: usize = 2000;
const EXACT_UP_TO_RINGS: usize = 32;

/// What became of a geometry.
#[derive(Debug, PartialEq)]
pub struct Fitted {
    pub geometry: Geometry<f64>,
    /// Its rings crossed themselves or each other, and were resolved by the even-odd rule.
    pub is_repaired: bool,
}

/// Whether records of this kind can have such a geometry.
pub fn takes(kind: Kind, geometry: &Geometry<f64>) -> bool {
    let (is_point, is_line, is_polygon) = match geometry {
        Geometry::Point(_) => (true, false, false),
        Geometry::LineString(_) | Geometry::MultiLineString(_) => (false, true, false),
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => (false, false, true),
        _ => (false, false, false),
    };
    match kind.shape() {
        Shape::Point => is_point,
        Shape::PointOrPolygon => is_point || is_polygon,
        Shape::Line => is_line,
        Shape::LineOrPolygon => is_line || is_polygon,
        Shape::Polygon => is_polygon,
        Shape::Any => is_point || is_line || is_polygon,
    }
}

/// The things that one row holds where they are several: points, or shapes of several types.
pub fn parts(geometry: &Geometry<f64>) -> Option<Vec<Geometry<f64>>> {
    match geometry {
        Geometry::MultiPoint(points) if points.0.len() > 1 => {
            Some(points.iter().copied().map(Geometry::Point).collect())
        }
        Geometry::GeometryCollection(members) => {
            let members = members.0.iter();
            let all = members.flat_map(|one| parts(one).unwrap_or_else(|| vec![one.clone()]));
            Some(all.collect()).filter(|all: &Vec<_>| !all.is_empty())
        }
        _ => None,
    }
}

/// The geometry as `kind` stores it, or why it cannot.
pub fn fit(kind: Kind, geometry: Geometry<f64>) -> Result<Fitted, LocalizedText> {
    let geometry = oriented(simplest(without_dots(geometry)));
    if !takes(kind, &geometry) {
        return Err(LocalizedText::new(
            format!("“{}”图层不能放{}", kind.label().zh, name_zh(&geometry)),
            format!("a {kind} cannot be a {}", type_name(&geometry)),
        ));
    }
    match geometry {
        Geometry::LineString(line) if !has_length(&line) => Err(TOO_SHORT.into()),
        Geometry::Polygon(polygon) => sound(MultiPolygon(vec![polygon])),
        Geometry::MultiPolygon(polygons) => sound(polygons),
        geometry => Ok(Fitted { geometry, is_repaired: false }),
    }
}

/// Parts of a line that stay where they are are dropped, as long as others are left: a receiver
/// that stood still writes such.
fn without_dots(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::MultiLineString(mut lines) if lines.0.iter().any(has_length) => {
            lines.0.retain(has_length);
            Geometry::MultiLineString(lines)
        }
        Geometry::MultiLineString(lines) => Geometry::LineString(
            lines.0.into_iter().next().unwrap_or_else(|| LineString(Vec::new())),
        ),
        other => other,
    }
}

const TOO_SHORT: Text = Text::new("线至少要有两个不同的点", "a line needs two different points");
const FLAT: Text = Text::new(
    "多边形至少要有三个不在一条直线上的点",
    "a polygon needs three points that are not on one line",
);
const ENTANGLED: Text =
    Text::new("多边形自相交太多，无法修复", "the polygon crosses itself too often to be repaired");

fn name_zh(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "点",
        Geometry::Line(_) | Geometry::LineString(_) => "线",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "面",
        Geometry::MultiPoint(_) => "多点",
        Geometry::MultiLineString(_) => "多线",
        Geometry::MultiPolygon(_) => "多面",
        Geometry::GeometryCollection(_) => "混合图形",
    }
}

fn has_length(line: &LineString<f64>) -> bool {
    line.0.first().is_some_and(|first| line.0.iter().any(|other| other != first))
}

fn sound(polygons: MultiPolygon<f64>) -> Result<Fitted, LocalizedText> {
    if polygons.0.is_empty() {
        return Err(FLAT.into());
    }
    let is_small = vertices(&polygons) <= EXACT_UP_TO_VERTICES
        && rings(&polygons).count() <= EXACT_UP_TO_RINGS;
    let has_area = polygons.unsigned_area() > 0.0;
    if is_small && has_area && is_valid(&polygons) {
        return Ok(Fitted { geometry: single(polygons), is_repaired: false });
    }
    if is_entangled(&polygons) {
        return Err(ENTANGLED.into());
    }
    let repaired = unmoved(&repaired(&polygons), &polygons);
    let (before, after) = (polygons.unsigned_area(), repaired.unsigned_area());
    if after == 0.0 {
        return Err(FLAT.into());
    }
    // A clean polygon comes out of the overlay with the same rings around the same area.
    let is_clean = !is_small
        && rings(&polygons).count() == rings(&repaired).count()
        && (before - after).abs() <= before * 1e-9;
    let kept = if is_clean { polygons } else { repaired };
    Ok(Fitted { geometry: single(kept), is_repaired: !is_clean })
}

fn single(mut polygons: MultiPolygon<f64>) -> Geometry<f64> {
    match polygons.0.pop() {
        Some(only) if polygons.0.is_empty() => Geometry::Polygon(only),
        Some(last) => {
            polygons.0.push(last);
            Geometry::MultiPolygon(polygons)
        }
        None => Geometry::MultiPolygon(polygons),
    }
}

fn rings(polygons: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    polygons
        .0
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

fn vertices(polygons: &MultiPolygon<f64>) -> usize {
    rings(polygons).map(|ring| ring.0.len()).sum()
}

fn is_valid(polygons: &MultiPolygon<f64>) -> bool {
    match polygons.0.as_slice() {
        [only] => only.is_valid(),
        _ => polygons.is_valid(),
    }
}

/// A star of a thousand points crosses itself half a million times, and the overlay would make a
/// vertex of each. Counts crossings from west to east until there are too many.
fn is_entangled(polygons: &MultiPolygon<f64>) -> bool {
    const MAX_CROSSINGS: usize = 10_000;
    const MAX_TESTS: usize = 20_000_000;
    let mut edges: Vec<Line<f64>> = rings(polygons).flat_map(LineString::lines).collect();
    let west = |edge: &Line<f64>| edge.start.x.min(edge.end.x);
    edges.sort_by(|a, b| west(a).total_cmp(&west(b)));
    let (mut crossings, mut tests) = (0, 0);
    for (edge, at) in edges.iter().zip(1..) {
        let east = edge.start.x.max(edge.end.x);
        let later = edges.get(at..).unwrap_or_default().iter();
        for other in later.take_while(|other| west(other) <= east) {
            tests += 1;
            let is_next = edge.start == other.end || edge.end == other.start;
            crossings += usize::from(!is_next && edge.intersects(other));
            if crossings > MAX_CROSSINGS || tests > MAX_TESTS {
                return true;
            }
        }
    }
    false
}

fn repaired(polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let nothing = MultiPolygon::<f64>(Vec::new());
    let parts =
        polygons.0.iter().flat_map(|part| part.union_with_fill_rule(&nothing, FillRule::EvenOdd).0);
    let parts: Vec<Polygon<f64>> = parts.collect();
    if parts.len() > 1 { unary_union(&parts) } else { MultiPolygon(parts) }
}

/// The overlay computes on a grid of its own, which moves vertices by some 1e-8 of the extent: those
/// that were there before go back to where they were, and none leaves the Earth.
fn unmoved(repaired: &MultiPolygon<f64>, before: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let mut known: Vec<Coord<f64>> =
        rings(before).flat_map(|ring| ring.0.iter().copied()).collect();
    known.sort_by(|a, b| a.x.total_cmp(&b.x));
    let extent = known.iter().fold(1.0_f64, |most, at| most.max(at.x.abs()).max(at.y.abs()));
    let reach = extent * 1e-8;
    repaired.map_coords(|at| {
        let start = known.partition_point(|other| other.x < at.x - reach);
        let near = known.iter().skip(start).take_while(|other| other.x <= at.x + reach);
        let own = near.copied().find(|other| (other.y - at.y).abs() <= reach);
        let Coord { x, y } = own.unwrap_or(at);
        Coord { x: x.clamp(-180.0, 180.0), y: y.clamp(-90.0, 90.0) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiLineString, MultiPoint, Point, line_string, polygon};

    #[test]
    fn one_part_of_a_collection_of_one_is_single() {
        let point = Geometry::MultiPoint(MultiPoint(vec![Point::new(1.0, 2.0)]));
        let fitted = fit(Kind::Site, point).unwrap();
        assert_eq!(fitted.geometry, Geometry::Point(Point::new(1.0, 2.0)));
    }

    #[test]
    fn a_kind_takes_only_its_own_shapes() {
        let line = Geometry::LineString(line_string![(x: 0., y: 0.), (x: 1., y: 1.)]);
        assert_eq!(fit(Kind::Site, line.clone()).unwrap_err().en, "a site cannot be a LineString");
        assert!(fit(Kind::Road, line).is_ok());
        let points = MultiPoint(vec![Point::new(1.0, 2.0), Point::new(3.0, 4.0)]);
        assert!(fit(Kind::Camera, Geometry::MultiPoint(points)).is_err());
    }

    #[test]
    fn a_bow_tie_becomes_its_two_wings() {
        let tie = polygon![(x: 0., y: 0.), (x: 2., y: 2.), (x: 2., y: 0.), (x: 0., y: 2.)];
        let fitted = fit(Kind::Area, Geometry::Polygon(tie)).unwrap();
        assert!(fitted.is_repaired);
        let Geometry::MultiPolygon(wings) = fitted.geometry else { panic!("two wings") };
        assert_eq!(wings.0.len(), 2);
        assert!((wings.unsigned_area() - 2.0).abs() < 1e-6);
        assert!(wings.is_valid());
    }

    #[test]
    fn a_repair_moves_no_vertex_and_none_off_the_earth() {
        let tie = polygon![(x: 100.3, y: 10.1), (x: 180., y: 20.7), (x: 180., y: 10.1), (x: 100.3, y: 20.7)];
        let fitted = fit(Kind::Area, Geometry::Polygon(tie.clone())).unwrap();
        let Geometry::MultiPolygon(wings) = fitted.geometry else { panic!("two wings") };
        let own: Vec<Coord<f64>> = tie.exterior().0.clone();
        let kept = wings.0.iter().flat_map(|wing| wing.exterior().0.iter().copied());
        let all: Vec<Coord<f64>> = kept.collect();
        assert!(own.iter().all(|corner| all.contains(corner)), "{all:?}");
        assert!(all.iter().all(|at| at.x <= 180.0));
    }

    #[test]
    fn parts_that_stay_where_they_are_are_dropped_and_not_the_line() {
        let dot = line_string![(x: 1., y: 1.), (x: 1., y: 1.)];
        let line = line_string![(x: 0., y: 0.), (x: 1., y: 1.)];
        let both = Geometry::MultiLineString(MultiLineString(vec![line.clone(), dot.clone()]));
        assert_eq!(fit(Kind::Road, both).unwrap().geometry, Geometry::LineString(line));
        let dots = Geometry::MultiLineString(MultiLineString(vec![dot.clone(), dot]));
        assert!(fit(Kind::Road, dots).is_err());
    }

    #[test]
    fn a_sound_polygon_is_left_as_it_is() {
        let square = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.), (x: 0., y: 1.)];
        let fitted = fit(Kind::Area, Geometry::Polygon(square.clone())).unwrap();
        assert_eq!(fitted, Fitted { geometry: Geometry::Polygon(square), is_repaired: false });
    }

    #[test]
    fn a_large_polygon_is_checked_without_waiting() {
        let circle = |bump: f64| {
            let at = |step: u32| {
                let angle = f64::from(step) / 20_000.0 * std::f64::consts::TAU;
                let radius = if step == 7 { bump } else { 1.0 };
                Coord { x: radius * angle.cos(), y: radius * angle.sin() }
            };
            Geometry::Polygon(Polygon::new((0..20_000).map(at).collect(), vec![]))
        };
        assert!(!fit(Kind::Area, circle(1.0)).unwrap().is_repaired);
        assert!(fit(Kind::Area, circle(-1.2)).unwrap().is_repaired);
    }

    #[test]
    fn a_star_of_endless_crossings_is_refused_at_once() {
        for points in [1001u32, 30_001] {
            let at = |step: u32| {
                let turn = f64::from(step) * f64::from(points / 2) / f64::from(points);
                let angle = turn * std::f64::consts::TAU;
                Coord { x: 118.0 + angle.cos(), y: 39.0 + angle.sin() }
            };
            let star = Polygon::new((0..points).map(at).collect(), vec![]);
            let refusal = fit(Kind::Area, Geometry::Polygon(star)).unwrap_err();
            assert!(refusal.en.contains("too often"), "{refusal:?}");
        }
    }

    #[test]
    fn lines_and_polygons_without_extent_are_refused() {
        let dot = Geometry::LineString(line_string![(x: 1., y: 1.), (x: 1., y: 1.)]);
        assert!(fit(Kind::Road, dot).is_err());
        let flat = polygon![(x: 0., y: 0.), (x: 1., y: 1.), (x: 2., y: 2.)];
        assert!(fit(Kind::Area, Geometry::Polygon(flat)).is_err());
    }
}
