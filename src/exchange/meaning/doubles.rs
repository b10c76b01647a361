//! New rows that may be old records under another code: what of the same name or type stands beside
//! them. Only a hint: a street has many restaurants.

use std::sync::Arc;

use geo::Centroid as _;
use geo_types::{Coord, Geometry};

use super::doubts::{Candidate, DOUBLE_REACH_M, DoubtCause};
use super::known::Identity;
use crate::domain::{Kind, Record, Shape, SiteKind, World};
use crate::geodesy::index::{BoxIndex, box_around};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb;

/// The records of the district by where they are, made when first asked for.
#[derive(Debug)]
pub struct Doubles<'w> {
    world: &'w World,
    places: [Option<PlaceIndex<'w>>; Kind::ALL.len()],
}

#[derive(Debug)]
struct PlaceIndex<'w> {
    index: BoxIndex,
    records: Vec<&'w Arc<Record>>,
}

impl<'w> Doubles<'w> {
    /// Against the records of a world.
    pub fn new(world: &'w World) -> Self {
        Self { world, places: Default::default() }
    }

    /// The record that a new row is most like: of the same name first, then the nearest.
    pub fn of(&mut self, row: &Identity<'_>) -> Option<Candidate> {
        if self.world.table(row.kind).is_empty() {
            return None;
        }
        let center = place(row)?;
        let world = self.world;
        let places = self.places.get_mut(row.kind as usize)?;
        let places = places.get_or_insert_with(|| PlaceIndex::of(world, row.kind));
        let frame = LocalFrame::at(center);
        let mut found: Vec<(DoubtCause, f64, &Arc<Record>)> = Vec::new();
        places.index.search(box_around(center, DOUBLE_REACH_M), &mut |at| {
            let Some(known) = places.records.get(at) else { return };
            let cause = if !row.name.is_empty() && row.name == known.name() {
                DoubtCause::NameNearby
            } else if is_of_one_type(row, known) {
                DoubtCause::TypeNearby
            } else {
                return;
            };
            let distance_m = known.geometry.as_ref().and_then(|shape| frame.nearest_m(shape));
            if let Some(distance_m) = distance_m.filter(|distance_m| *distance_m <= DOUBLE_REACH_M)
            {
                found.push((cause, distance_m, known));
            }
        });
        let nearest = found.into_iter().min_by(|a, b| {
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.id.cmp(&b.2.id))
        });
        let (cause, distance_m, known) = nearest?;
        Some(Candidate { known: Arc::clone(known), cause, distance_m: Some(distance_m) })
    }
}

impl<'w> PlaceIndex<'w> {
    fn of(world: &'w World, kind: Kind) -> Self {
        let records = world.table(kind).iter();
        let boxed = records.filter_map(|record| Some((bounds(record)?, record))).collect();
        let (index, records) = BoxIndex::new(boxed);
        Self { index, records }
    }
}

fn bounds(record: &Record) -> Option<wkb::Bounds> {
    wkb::bounds(record.geometry.as_ref()?)
}

/// Where a thing that stands somewhere stands. Lines go on from each other under one name.
fn place(row: &Identity<'_>) -> Option<Coord<f64>> {
    let stands = matches!(row.kind.shape(), Shape::Point | Shape::PointOrPolygon);
    let shape = row.geometry.filter(|_| stands)?;
    match shape {
        Geometry::Point(point) => Some(point.0),
        other => other.centroid().map(Coord::from),
    }
}

/// Only sites have types of which two side by side may be one: 餐饮, 工地.
fn is_of_one_type(row: &Identity<'_>, known: &Record) -> bool {
    let own = row.site_kind.and_then(SiteKind::from_key);
    row.kind == Kind::Site && own.is_some_and(|kind| kind != SiteKind::Other && kind.is_of(known))
}
