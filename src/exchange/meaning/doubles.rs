//! New rows that may be old records under another name or code. Only a hint: a street has many
//! restaurants.

use std::sync::Arc;

use geo::Centroid as _;
use geo_types::{Coord, Geometry};

use crate::domain::{Kind, Record, Shape, SiteKind, World};
use crate::geodesy::index::{BoxIndex, box_around};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb;

/// Two things of one name or type this close may be one.
pub const DOUBLE_REACH_M: f64 = 50.0;

/// What is done about rows that may double a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDouble {
    /// They are not even looked for: it costs a search a row.
    #[default]
    Ignore,
    Tell,
    LeaveOut,
}

/// A new row beside a record that it may double.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Double {
    /// Of the file, as [`crate::exchange::InRow`] counts.
    pub row: u64,
    pub name: String,
    /// The name of the record.
    pub known: String,
    /// Between the two.
    pub distance_m: u32,
    pub has_same_name: bool,
}

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

    /// The record that a new one is most like: of the same name first, then the nearest.
    pub fn of(&mut self, row: u64, record: &Record) -> Option<Double> {
        let center = place(record)?;
        let world = self.world;
        let places = self.places.get_mut(record.kind as usize)?;
        let places = places.get_or_insert_with(|| PlaceIndex::of(world, record.kind));
        let frame = LocalFrame::at(center);
        let mut found: Vec<(bool, f64, &Record)> = Vec::new();
        places.index.search(box_around(center, DOUBLE_REACH_M), &mut |at| {
            let Some(known) = places.records.get(at) else { return };
            let has_same_name = !record.name().is_empty() && record.name() == known.name();
            if !has_same_name && !is_of_one_type(record, known) {
                return;
            }
            let distance_m = known.geometry.as_ref().and_then(|shape| frame.nearest_m(shape));
            if let Some(distance_m) = distance_m.filter(|distance_m| *distance_m <= DOUBLE_REACH_M)
            {
                found.push((has_same_name, distance_m, known));
            }
        });
        let nearest = found.into_iter().min_by(|a, b| {
            b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.id.cmp(&b.2.id))
        });
        let (has_same_name, distance_m, known) = nearest?;
        Some(Double {
            row,
            name: record.name().to_owned(),
            known: known.name().to_owned(),
            distance_m: distance_m.round() as u32,
            has_same_name,
        })
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
fn place(record: &Record) -> Option<Coord<f64>> {
    let stands = matches!(record.kind.shape(), Shape::Point | Shape::PointOrPolygon);
    let shape = record.geometry.as_ref().filter(|_| stands)?;
    match shape {
        Geometry::Point(point) => Some(point.0),
        other => other.centroid().map(Coord::from),
    }
}

/// Only sites have types of which two side by side may be one: 餐饮, 工地.
fn is_of_one_type(record: &Record, known: &Record) -> bool {
    let kind = record.get("kind");
    record.kind == Kind::Site
        && kind.is_some()
        && !SiteKind::Other.is_of(record)
        && kind == known.get("kind")
}
