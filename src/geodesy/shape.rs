//! Is a geometry one that can be drawn, measured and stored? Nothing is repaired but the direction of
//! rings.

use geo::Validation as _;
use geo::orient::{Direction, Orient as _};
use geo_types::Geometry;

/// Exterior rings counter-clockwise, holes clockwise (RFC 7946 §3.1.6): the one way of saying it,
/// so that a polygon compares equal to what any format gives back of it.
#[must_use]
pub fn oriented(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::Polygon(polygon) => polygon.orient(Direction::Default).into(),
        Geometry::MultiPolygon(polygons) => polygons.orient(Direction::Default).into(),
        other => other,
    }
}

/// What is wrong with a geometry, in words; `None` where it is valid in the sense of OGC 06-103r4.
pub fn problem(geometry: &Geometry<f64>) -> Option<String> {
    // Collections are walked member by member elsewhere; a point is valid if it is finite.
    geometry.validation_errors().into_iter().next().map(|error| error.to_string())
}
