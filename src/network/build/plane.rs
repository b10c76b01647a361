//! Where two roads meet that have no vertex in common. Geometry of single segments is
//! [`crate::geodesy::plane`]'s.

use geo_types::Coord;

use super::SAME_M;
use crate::geodesy::plane::{crossing, nearest};

/// Where two segments meet, as shares of each: at ends that lie on the other one, or else where
/// they cross. A flat angle crosses far from the end that was meant, so ends come first.
pub(super) fn meetings(
    [a, b]: [Coord<f64>; 2],
    [c, d]: [Coord<f64>; 2],
) -> impl Iterator<Item = (f64, f64)> {
    let touches = |from: Coord<f64>, to: Coord<f64>, at: Coord<f64>| {
        let (along, away_m) = nearest(from, to, at);
        (away_m <= SAME_M).then_some(along)
    };
    let ends = if are_near([a, b], [c, d]) {
        [
            touches(c, d, a).map(|along| (0.0, along)),
            touches(c, d, b).map(|along| (1.0, along)),
            touches(a, b, c).map(|along| (along, 0.0)),
            touches(a, b, d).map(|along| (along, 1.0)),
        ]
    } else {
        [None; 4]
    };
    let is_touched = ends.iter().any(Option::is_some);
    let crossed = if is_touched { None } else { crossing([a, b], [c, d]) };
    ends.into_iter().flatten().chain(crossed)
}

fn are_near([a, b]: [Coord<f64>; 2], [c, d]: [Coord<f64>; 2]) -> bool {
    a.x.min(b.x) <= c.x.max(d.x) + SAME_M
        && c.x.min(d.x) <= a.x.max(b.x) + SAME_M
        && a.y.min(b.y) <= c.y.max(d.y) + SAME_M
        && c.y.min(d.y) <= a.y.max(b.y) + SAME_M
}
