//! Which record a row speaks of: the same id, the same code, or the same name at the same place.

use std::sync::Arc;

use geo::Centroid as _;
use geo_types::{Coord, Geometry};
use rustc_hash::{FxHashMap, FxHashSet};

use super::place::Refusal;
use crate::domain::{Kind, LocalizedText, Record, RecordId, World};
use crate::geodesy::wkb::each_coord;

/// One centimetre: two rows with one name this close are one thing.
const SAME_PLACE_DEG: f64 = 1e-7;

/// One millimetre: a way through another datum and back is no move.
const UNMOVED_DEG: f64 = 1e-8;

type ByName<'w> = FxHashMap<&'w str, Vec<&'w Arc<Record>>>;

/// The records of the district as an import finds them.
#[derive(Debug)]
pub struct KnownRecords<'w> {
    world: &'w World,
    codeless: [Option<ByName<'w>>; Kind::ALL.len()],
    /// Where names are; `None` for a name that several places have.
    places: Option<FxHashMap<&'w str, Option<Coord<f64>>>>,
    /// Records as earlier rows of this file left them.
    changed: FxHashMap<RecordId, Arc<Record>>,
    /// Ids that earlier rows of this file brought in.
    new_ids: FxHashSet<RecordId>,
}

/// What a row says about who it is.
#[derive(Debug)]
pub struct Identity<'r> {
    pub kind: Kind,
    pub id: Option<RecordId>,
    pub code: Option<&'r str>,
    pub name: &'r str,
    pub geometry: Option<&'r Geometry<f64>>,
    pub file: &'r str,
}

impl<'w> KnownRecords<'w> {
    /// Of a world; what is looked up is indexed when it is first asked for.
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            codeless: Default::default(),
            places: None,
            changed: FxHashMap::default(),
            new_ids: FxHashSet::default(),
        }
    }

    /// The record in its present state, or `None` for a new one.
    pub fn find(&mut self, row: &Identity<'_>) -> Result<Option<Arc<Record>>, Refusal> {
        let by_code = row.code.and_then(|code| self.world.table(row.kind).by_code(code));
        let by_id = match row.id.and_then(|id| self.world.get(id)) {
            Some(found) if found.kind != row.kind => {
                let reason = LocalizedText::new(
                    format!("此 id 已属于“{}”图层的记录", found.kind.label().zh),
                    format!("belongs to a record of layer {}", found.kind),
                );
                return Err(Refusal::new("id", found.id.to_string(), reason));
            }
            found => found,
        };
        let found = match (by_id, by_code) {
            (Some(own), Some(other)) if own.id != other.id => {
                let reason = LocalizedText::new(
                    format!("此编码已属于另一条记录“{}”", other.name()),
                    format!("belongs to another record, `{}`", other.name()),
                );
                return Err(Refusal::new("code", row.code.unwrap_or_default(), reason));
            }
            (Some(found), _) | (None, Some(found)) => Some(found),
            (None, None) if row.code.is_none() => self.nameless_twin(row),
            (None, None) => None,
        };
        let changed = found.and_then(|found| self.changed.get(&found.id));
        Ok(changed.or(found).cloned())
    }

    fn nameless_twin(&mut self, row: &Identity<'_>) -> Option<&'w Arc<Record>> {
        if row.name.is_empty() {
            return None;
        }
        let table = self.world.table(row.kind);
        let slot = self.codeless.get_mut(row.kind as usize)?;
        let index = slot.get_or_insert_with(|| {
            let mut index = ByName::default();
            for record in table.iter().filter(|record| record.code().is_none()) {
                index.entry(record.name()).or_default().push(record);
            }
            index
        });
        let twins = index.get(row.name)?;
        // A row without a place is also the record that this file brought in and a person has
        // placed on the map since.
        let is_twin = |twin: &Record| match (&twin.geometry, row.geometry) {
            (None, None) => true,
            (Some(known), Some(own)) => is_within(known, own, SAME_PLACE_DEG),
            (Some(_), None) => {
                twin.meta.source.as_ref().is_some_and(|source| &*source.file == row.file)
            }
            (None, Some(_)) => false,
        };
        twins.iter().copied().find(|twin| is_twin(twin))
    }

    /// Remembers what a row made of a record, for later rows that speak of it again.
    pub fn changed(&mut self, record: &Arc<Record>) {
        self.changed.insert(record.id, Arc::clone(record));
    }

    /// Takes an id for a new record; false if an earlier row has it.
    pub fn reserve(&mut self, id: RecordId) -> bool {
        self.new_ids.insert(id)
    }

    /// Where the district has something of this code or name, before this import.
    pub fn place(&mut self, kind: Kind, code: Option<&str>, name: &str) -> Option<Coord<f64>> {
        let by_code = code.and_then(|code| self.world.table(kind).by_code(code));
        if let Some(record) = by_code {
            return centre(record);
        }
        let world = self.world;
        let places = self.places.get_or_insert_with(|| {
            let mut places = FxHashMap::default();
            for kind in [Kind::ControlPoint, Kind::Site, Kind::Camera] {
                for record in world.table(kind).iter().filter(|record| !record.name().is_empty()) {
                    let place = centre(record);
                    places.entry(record.name()).and_modify(|at| *at = None).or_insert(place);
                }
            }
            places
        });
        places.get(name).copied().flatten()
    }
}

fn centre(record: &Record) -> Option<Coord<f64>> {
    record.geometry.as_ref()?.centroid().map(Coord::from)
}

/// The geometry to store: the known one, unless the new one is more than a millimetre from it.
pub fn unless_moved(known: Option<&Geometry<f64>>, new: Geometry<f64>) -> Geometry<f64> {
    match known {
        Some(known) if is_within(known, &new, UNMOVED_DEG) => known.clone(),
        _ => new,
    }
}

fn is_within(a: &Geometry<f64>, b: &Geometry<f64>, tolerance_deg: f64) -> bool {
    if std::mem::discriminant(a) != std::mem::discriminant(b) {
        return false;
    }
    if let (Geometry::Point(a), Geometry::Point(b)) = (a, b) {
        return (a.x() - b.x()).abs() <= tolerance_deg && (a.y() - b.y()).abs() <= tolerance_deg;
    }
    let coords = |geometry: &Geometry<f64>| {
        let mut coords = Vec::new();
        each_coord(geometry, &mut |at| coords.push(at));
        coords
    };
    let (a, b) = (coords(a), coords(b));
    let is_close = |(a, b): (&Coord<f64>, &Coord<f64>)| {
        (a.x - b.x).abs() <= tolerance_deg && (a.y - b.y).abs() <= tolerance_deg
    };
    a.len() == b.len() && a.iter().zip(&b).all(is_close)
}
