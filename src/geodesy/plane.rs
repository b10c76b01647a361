//! Segments in a plane: the nearest point of one, and where two cross.
//!
//! Coordinates and distances are in one unit, whichever the plane has: metres in a
//! [`super::local::LocalFrame`], degrees or pixels elsewhere. Nothing here knows the Earth.

use geo_types::Coord;

/// The foot of a point on a segment, as the share of the way from `a` to `b`, 0–1: the end that is
/// nearer where the perpendicular misses the segment, 0 where the segment has no length.
#[inline]
pub fn foot(a: Coord<f64>, b: Coord<f64>, at: Coord<f64>) -> f64 {
    let (along, off) = (b - a, at - a);
    let squared = along.x * along.x + along.y * along.y;
    if squared > 0.0 {
        ((off.x * along.x + off.y * along.y) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// The foot of a point on a segment as [`foot`] says it, and how far the point is from it.
pub fn nearest(a: Coord<f64>, b: Coord<f64>, at: Coord<f64>) -> (f64, f64) {
    let share = foot(a, b, at);
    let off = at - (a + (b - a) * share);
    (share, off.x.hypot(off.y))
}

/// The square of the distance from the origin to a segment. It divides only where the foot lies
/// between the ends: for those who look at millions of segments and want no foot.
#[inline]
pub fn origin_distance_squared(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let along = -(a.x * dx + a.y * dy);
    let length2 = dx * dx + dy * dy;
    if along <= 0.0 || length2 == 0.0 {
        return a.x * a.x + a.y * a.y;
    }
    if along >= length2 {
        return b.x * b.x + b.y * b.y;
    }
    let offset = a.x * dy - a.y * dx;
    offset * offset / length2
}

/// Where two segments cross, as shares of each, 0–1; `None` where they do not or are parallel.
pub fn crossing([a, b]: [Coord<f64>; 2], [c, d]: [Coord<f64>; 2]) -> Option<(f64, f64)> {
    let (one, two, off) = (b - a, d - c, c - a);
    let cross = one.x * two.y - one.y * two.x;
    // Of parallel segments it is nil, and nothing is within.
    let along = (off.x * two.y - off.y * two.x) / cross;
    let along2 = (off.x * one.y - off.y * one.x) / cross;
    let is_on = |along: f64| (0.0..=1.0).contains(&along);
    (is_on(along) && is_on(along2)).then_some((along, along2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn the_foot_lies_between_the_ends_or_at_one_of_them() {
        let (a, b) = (at(0.0, 0.0), at(10.0, 0.0));
        assert_eq!(nearest(a, b, at(4.0, 3.0)), (0.4, 3.0));
        assert_eq!(nearest(a, b, at(-3.0, 4.0)), (0.0, 5.0));
        assert_eq!(nearest(a, b, at(13.0, 4.0)), (1.0, 5.0));
    }

    #[test]
    fn a_segment_without_length_is_its_point() {
        let here = at(3.0, 4.0);
        assert_eq!(nearest(here, here, at(0.0, 0.0)), (0.0, 5.0));
        assert!((origin_distance_squared(here, here) - 25.0).abs() < 1e-12);
    }

    #[test]
    fn the_square_from_the_origin_is_that_of_the_distance() {
        for (a, b) in
            [((3.0, 4.0), (9.0, 4.0)), ((-3.0, 4.0), (9.0, 4.0)), ((-9.0, 4.0), (-3.0, 4.0))]
        {
            let (a, b) = (at(a.0, a.1), at(b.0, b.1));
            let (_, away) = nearest(a, b, at(0.0, 0.0));
            assert!((origin_distance_squared(a, b) - away * away).abs() < 1e-12);
        }
    }
}
