//! What lies in the rings of the control points.

use std::cmp::Ordering;
use std::sync::Arc;

use geo_types::{Coord, Geometry};

use super::near::{Index, Nearby};
use crate::domain::{ControlPointState, Kind, Record, Shape, World};
use crate::geodesy::gnomonic::GnomonicShape;
use crate::geodesy::local::LocalFrame;

/// One record inside one ring.
#[derive(Clone, Debug)]
pub struct Inside<'a> {
    pub control_point: &'a Arc<Record>,
    pub radius_m: f64,
    pub kind: Kind,
    pub record: &'a Arc<Record>,
    /// Geodesic, to the nearest edge; 0 inside a polygon.
    pub distance_m: f64,
    /// Geodesic length inside the ring; only lines have one.
    pub length_m: Option<f64>,
}

/// How a list calls a control point.
pub fn code_or_name(record: &Record) -> &str {
    record.code().unwrap_or_else(|| record.name())
}

/// What to ask for.
#[derive(Clone, Debug, Default)]
pub struct RingOptions {
    /// In place of the control points' own radii; empty to use those.
    pub radii_m: Vec<f64>,
    /// Empty for all layers of the index.
    pub kinds: Vec<Kind>,
    /// Control points that are 停运 have no rings unless asked for.
    pub with_stopped: bool,
}

/// The control points with rings and their places, by code (or name), name and id.
pub fn control_points<'a>(
    world: &'a World,
    options: &RingOptions,
) -> Vec<(&'a Arc<Record>, Coord<f64>)> {
    let mut points: Vec<_> = world
        .table(Kind::ControlPoint)
        .iter()
        .filter(|record| options.with_stopped || !ControlPointState::Stopped.is_of(record))
        .filter_map(|record| Some((record, place(record)?)))
        .collect();
    points.sort_by(|(a, _), (b, _)| {
        (code_or_name(a), a.name(), a.id).cmp(&(code_or_name(b), b.name(), b.id))
    });
    points
}

/// Everything at most a radius away from each control point, itself excepted.
///
/// In the order of control point, radius, layer, distance and code, so that the same world gives
/// the same rows. What lies in the 500 m ring is listed for the 1000 m ring too.
pub fn rings<'a>(world: &'a World, index: &'a Index, options: &RingOptions) -> Vec<Inside<'a>> {
    let kinds = if options.kinds.is_empty() { &Kind::ALL[..] } else { &options.kinds };
    let mut rows = Vec::new();
    for (control_point, center) in control_points(world, options) {
        let radii_m = radii_of(control_point, options);
        let found = RingContents::around(control_point, center, &radii_m, kinds, index);
        for (ring, radius_m) in radii_m.iter().copied().enumerate() {
            rows.extend(found.within(radius_m, ring).map(|(hit, length_m)| Inside {
                control_point,
                radius_m,
                kind: hit.kind,
                record: hit.record,
                distance_m: hit.distance_m,
                length_m,
            }));
        }
    }
    rows
}

/// Everything in the largest ring of one control point, sorted.
struct RingContents<'a> {
    /// With the place of a line's lengths in `lengths_m`.
    hits: Vec<(Nearby<'a>, Option<usize>)>,
    /// A length for each radius, line after line.
    lengths_m: Vec<f64>,
}

impl<'a> RingContents<'a> {
    fn around(
        control_point: &Record,
        center: Coord<f64>,
        radii_m: &[f64],
        kinds: &[Kind],
        index: &'a Index,
    ) -> Self {
        let mut found = Self { hits: Vec::new(), lengths_m: Vec::new() };
        let Some(largest_m) = radii_m.last() else { return found };
        index.near(&LocalFrame::at(center), *largest_m, kinds, &mut |hit, shape| {
            // Only control points are asked who they are: other records need not come to the cache.
            if hit.kind != Kind::ControlPoint || hit.record.id != control_point.id {
                let lengths = shape
                    .filter(|_| has_length(&hit))
                    .map(|line| found.measure(line, &hit, radii_m));
                found.hits.push((hit, lengths));
            }
        });
        found.hits.sort_unstable_by(|(a, _), (b, _)| by_layer_and_distance(a, b));
        found
    }

    fn measure(&mut self, line: &GnomonicShape, hit: &Nearby<'_>, radii_m: &[f64]) -> usize {
        let start = self.lengths_m.len();
        self.lengths_m.extend(radii_m.iter().map(|radius_m| {
            if hit.distance_m <= *radius_m { line.length_within_m(*radius_m) } else { 0.0 }
        }));
        start
    }

    fn within(
        &self,
        radius_m: f64,
        ring: usize,
    ) -> impl Iterator<Item = (&Nearby<'a>, Option<f64>)> {
        self.hits.iter().filter(move |(hit, _)| hit.distance_m <= radius_m).map(
            move |(hit, lengths)| {
                (hit, lengths.and_then(|start| self.lengths_m.get(start + ring).copied()))
            },
        )
    }
}

fn by_layer_and_distance(a: &Nearby<'_>, b: &Nearby<'_>) -> Ordering {
    let by_distance = a.kind.cmp(&b.kind).then(a.distance_m.total_cmp(&b.distance_m));
    // Records are looked into only for equals: most are in no cache.
    by_distance.then_with(|| {
        (a.record.code(), a.record.name(), a.record.id).cmp(&(
            b.record.code(),
            b.record.name(),
            b.record.id,
        ))
    })
}

/// An area has an outline, no length; a restriction may be either.
fn has_length(hit: &Nearby<'_>) -> bool {
    match hit.kind.shape() {
        Shape::Line => true,
        Shape::LineOrPolygon => {
            !matches!(hit.record.geometry, Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_)))
        }
        Shape::Point | Shape::PointOrPolygon | Shape::Polygon | Shape::Any => false,
    }
}

fn radii_of(control_point: &Record, options: &RingOptions) -> Vec<f64> {
    if options.radii_m.is_empty() {
        return control_point.radii_m();
    }
    let mut radii_m = options.radii_m.clone();
    radii_m.sort_by(f64::total_cmp);
    radii_m.dedup();
    radii_m
}

/// The smallest ring that a record lies in, and of several as small the one of the nearest control
/// point; metres.
pub fn innermost_ring<'w>(
    world: &'w World,
    record: &Record,
    options: &RingOptions,
) -> Option<(&'w Arc<Record>, f64)> {
    let geometry = record.geometry.as_ref()?;
    let rings = control_points(world, options).into_iter().filter_map(|(point, center)| {
        let distance_m = LocalFrame::at(center).nearest_m(geometry)?;
        let radii_m = radii_of(point, options);
        let radius_m = radii_m.into_iter().find(|radius_m| distance_m <= *radius_m)?;
        Some((point, radius_m, distance_m))
    });
    let nearest = rings.min_by(|a, b| a.1.total_cmp(&b.1).then(a.2.total_cmp(&b.2)));
    nearest.map(|(point, radius_m, _)| (point, radius_m))
}

/// A control point is a point; of several parts the first counts.
fn place(record: &Record) -> Option<Coord<f64>> {
    match record.geometry.as_ref()? {
        Geometry::Point(point) => Some(point.0),
        Geometry::MultiPoint(points) => points.0.first().map(|point| point.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
