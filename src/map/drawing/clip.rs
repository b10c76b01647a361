//! What of a line or an area lies on the page.

use geo::InteriorPoint as _;
use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::map::view::{At, Frame, Projection};

/// What a line may miss its vertices by, page units: nobody sees it.
const SLACK: f64 = 0.45;

/// The lines of a geometry on the page, cut at the frame. Outlines for areas.
pub fn lines(geometry: &Geometry<f64>, projection: &Projection, frame: Frame) -> Vec<Vec<At>> {
    let mut out = Vec::new();
    each_line(geometry, &mut |line| {
        if line.0.iter().all(is_finite) {
            cut_line(&projected(line, projection), frame, &mut out);
        }
    });
    out
}

/// The areas of a geometry on the page, one list of rings each: outer ring first, holes turning
/// the other way.
pub fn areas(geometry: &Geometry<f64>, projection: &Projection, frame: Frame) -> Vec<Vec<Vec<At>>> {
    let area = |polygon: &Polygon<f64>| {
        let outer = cut_ring(&projected(polygon.exterior(), projection), frame);
        let holes =
            polygon.interiors().iter().map(|hole| cut_ring(&projected(hole, projection), frame));
        let rings: Vec<Vec<At>> = std::iter::once(turned(outer, true))
            .chain(holes.map(|hole| turned(hole, false)))
            .filter(|ring| ring.len() > 2)
            .collect();
        rings
    };
    let all: Vec<Vec<Vec<At>>> = match geometry {
        Geometry::Polygon(polygon) => vec![area(polygon)],
        Geometry::MultiPolygon(polygons) => polygons.0.iter().map(area).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|rings| !rings.is_empty()).collect()
}

fn is_finite(at: &Coord<f64>) -> bool {
    at.x.is_finite() && at.y.is_finite()
}

fn each_line(geometry: &Geometry<f64>, visit: &mut dyn FnMut(&LineString<f64>)) {
    let mut outline = |polygon: &Polygon<f64>| {
        visit(polygon.exterior());
        polygon.interiors().iter().for_each(&mut *visit);
    };
    match geometry {
        Geometry::Polygon(polygon) => outline(polygon),
        Geometry::MultiPolygon(polygons) => polygons.0.iter().for_each(outline),
        Geometry::LineString(line) => visit(line),
        Geometry::MultiLineString(lines) => lines.0.iter().for_each(visit),
        _ => {}
    }
}

fn projected(line: &LineString<f64>, projection: &Projection) -> Vec<At> {
    let mut thin = Thinned { points: Vec::with_capacity(line.0.len().min(64)), skipped: None };
    for place in &line.0 {
        thin.push(projection.page_from_lonlat(*place));
    }
    thin.points.extend(thin.skipped);
    thin.points
}

/// A line without the vertices that it does not need, in one pass: a vertex is skipped while it
/// lies near the last kept one, or near the straight way on from there.
struct Thinned {
    points: Vec<At>,
    skipped: Option<At>,
}

impl Thinned {
    fn push(&mut self, at: At) {
        let Some(last) = self.points.last().copied() else {
            self.points.push(at);
            return;
        };
        let Some(skipped) = self.skipped else {
            self.skipped = Some(at);
            return;
        };
        // Without square roots: this runs for every vertex of a district.
        let (way, on) = (at - last, skipped - last);
        let (long, along) = (way.x * way.x + way.y * way.y, on.x * way.x + on.y * way.y);
        let off = on.x * way.y - on.y * way.x;
        let is_near = on.x * on.x + on.y * on.y < SLACK * SLACK;
        // Between both, and no further from the straight line than anybody sees.
        let is_between = (0.0..=long).contains(&along) && off * off < long * SLACK * SLACK / 9.0;
        if !is_near && !is_between {
            self.points.push(skipped);
        }
        self.skipped = Some(at);
    }
}

/// The part of a line in a frame, added to `out`.
pub fn cut_line(points: &[At], frame: Frame, out: &mut Vec<Vec<At>>) {
    if points.iter().all(|at| frame.contains(*at)) {
        if points.len() > 1 {
            out.push(points.to_vec());
        }
        return;
    }
    let mut part: Vec<At> = Vec::new();
    for (from, to) in points.iter().zip(points.iter().skip(1)) {
        let Some((start, end)) = cut_segment(*from, *to, frame) else { continue };
        if part.last() != Some(&start) {
            out.extend((part.len() > 1).then(|| std::mem::take(&mut part)));
            part = vec![start];
        }
        part.push(end);
    }
    out.extend((part.len() > 1).then_some(part));
}

/// Liang and Barsky, 1984.
fn cut_segment(from: At, to: At, frame: Frame) -> Option<(At, At)> {
    let way = to - from;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges = [
        (-way.x, from.x - frame.left),
        (way.x, frame.right - from.x),
        (-way.y, from.y - frame.top),
        (way.y, frame.bottom - from.y),
    ];
    for (step, room) in edges {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |share: f64| if share == 0.0 { from } else { from + way * share };
    (enter <= leave).then(|| (at(enter), if leave >= 1.0 { to } else { at(leave) }))
}

/// The part of a closed ring in a frame, open-ended. Sutherland and Hodgman, 1974: parts that
/// leave and come back stay joined along the frame's edge, which lies outside what is seen.
pub fn cut_ring(points: &[At], frame: Frame) -> Vec<At> {
    let open = match points {
        [first, middle @ .., last] if first == last => {
            [std::slice::from_ref(first), middle].concat()
        }
        points => points.to_vec(),
    };
    if !open.iter().all(is_finite) {
        return Vec::new();
    }
    if open.iter().all(|at| frame.contains(*at)) {
        return open;
    }
    let half_planes: [&dyn Fn(At) -> f64; 4] =
        [&|at| at.x - frame.left, &|at| frame.right - at.x, &|at| at.y - frame.top, &|at| {
            frame.bottom - at.y
        }];
    half_planes.into_iter().fold(open, |ring, inside| cut_half(&ring, inside))
}

fn cut_half(ring: &[At], inside: &dyn Fn(At) -> f64) -> Vec<At> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let Some(mut from) = ring.last().copied() else { return kept };
    for to in ring.iter().copied() {
        let (was, is) = (inside(from), inside(to));
        if (was >= 0.0) != (is >= 0.0) {
            kept.push(from + (to - from) * (was / (was - is)));
        }
        if is >= 0.0 {
            kept.push(to);
        }
        from = to;
    }
    kept
}

/// Twice the area, positive for a ring that runs clockwise on the page (y grows downward).
fn doubled_area(ring: &[At]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(from, to)| from.x * to.y - to.x * from.y).sum()
}

fn turned(mut ring: Vec<At>, is_clockwise: bool) -> Vec<At> {
    if (doubled_area(&ring) > 0.0) != is_clockwise {
        ring.reverse();
    }
    ring
}

/// Twice the area of the outer ring of an area, square page units.
pub fn doubled_outer_area(rings: &[Vec<At>]) -> f64 {
    rings.first().map_or(0.0, |ring| doubled_area(ring).abs())
}

/// A point inside, well away from the edge where there is room.
pub fn inner_point(rings: &[Vec<At>]) -> Option<At> {
    let mut rings = rings.iter().map(|ring| LineString(ring.clone()));
    let polygon = Polygon::new(rings.next()?, rings.collect());
    polygon.interior_point().map(|point| point.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRAME: Frame = Frame::new(0.0, 0.0, 100.0, 100.0);

    fn at(x: f64, y: f64) -> At {
        At { x, y }
    }

    #[test]
    fn a_line_that_leaves_and_returns_becomes_two() {
        let line = [at(10.0, 50.0), at(150.0, 50.0), at(150.0, 80.0), at(20.0, 80.0)];
        let mut parts = Vec::new();
        cut_line(&line, FRAME, &mut parts);
        assert_eq!(
            parts,
            [vec![at(10.0, 50.0), at(100.0, 50.0)], vec![at(100.0, 80.0), at(20.0, 80.0)],]
        );
    }

    #[test]
    fn a_line_that_only_passes_keeps_its_middle() {
        let mut parts = Vec::new();
        cut_line(&[at(-50.0, 10.0), at(150.0, 10.0)], FRAME, &mut parts);
        assert_eq!(parts, [vec![at(0.0, 10.0), at(100.0, 10.0)]]);
        parts.clear();
        cut_line(&[at(-50.0, -10.0), at(150.0, -10.0)], FRAME, &mut parts);
        assert!(parts.is_empty());
    }

    #[test]
    fn a_line_keeps_its_ends_and_its_corners_and_little_else() {
        let mut thin = Thinned { points: Vec::new(), skipped: None };
        let straight = (0..50).map(|i| at(f64::from(i), 0.05 * f64::from(i % 2)));
        for point in straight.chain([at(50.0, 40.0)]) {
            thin.push(point);
        }
        thin.points.extend(thin.skipped);
        assert!(thin.points.len() < 8, "{:?}", thin.points);
        assert_eq!(
            (thin.points[0], thin.points.last().copied()),
            (at(0.0, 0.0), Some(at(50.0, 40.0)))
        );
        let nearest = thin.points.iter().map(|p| (p.x - 49.0).hypot(p.y)).fold(f64::MAX, f64::min);
        assert!(nearest < 0.5, "the corner is lost");
    }

    #[test]
    fn an_area_around_the_page_becomes_the_page() {
        let ring = [at(-9.0, -9.0), at(200.0, -9.0), at(200.0, 200.0), at(-9.0, 200.0)];
        assert!((doubled_area(&cut_ring(&ring, FRAME)).abs() - 20_000.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn what_is_cut_lies_in_the_frame(points in proptest::collection::vec((-300.0..300.0, -300.0..300.0), 2..40)) {
            let points: Vec<At> = points.into_iter().map(At::from).collect();
            let mut parts = Vec::new();
            cut_line(&points, FRAME, &mut parts);
            let ring = cut_ring(&points, FRAME);
            for point in parts.iter().flatten().chain(&ring) {
                prop_assert!(FRAME.grown(1e-6).contains(*point), "{:?}", point);
            }
        }
    }
}
