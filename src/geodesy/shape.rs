//! Is a geometry one that can be drawn, measured and stored?

use geo::Validation as _;
use geo_types::Geometry;

/// What is wrong with a geometry, in words; `None` where it is valid in the sense of OGC 06-103r4.
pub fn problem(geometry: &Geometry<f64>) -> Option<String> {
    // Collections are walked member by member elsewhere; a point is valid if it is finite.
    geometry.validation_errors().into_iter().next().map(|error| error.to_string())
}
