//! Which record a row speaks of: the same id, the same code where nothing contradicts it, or the same
//! name at the same place. What is only likely is a doubt.

use std::sync::Arc;

use geo::Centroid as _;
use geo_types::{Coord, Geometry};
use rustc_hash::{FxHashMap, FxHashSet};

use super::codes::{BroughtCodes, CodeUse, CodesInHand, claim};
use super::doubles::Doubles;
use super::doubts::{Candidate, DoubtCause, contradiction, distance};
use super::place::Refusal;
use crate::domain::{Kind, LocalizedText, Record, RecordId, Value, World};
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
    by_name: [Option<ByName<'w>>; Kind::ALL.len()],
    /// Where names are; `None` for a name that several places have.
    places: Option<FxHashMap<&'w str, Option<Coord<f64>>>>,
    /// Records as earlier rows of this file left them.
    changed: FxHashMap<RecordId, Arc<Record>>,
    /// Ids that earlier rows of this file brought in.
    new_ids: FxHashSet<RecordId>,
    codes: CodesInHand,
    doubles: Doubles<'w>,
    /// Own numbers of items, by superior's number or by words and file; made when first asked for.
    items: Option<FxHashMap<(String, String), Arc<str>>>,
}

/// What a row says about who it is.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'r> {
    pub kind: Kind,
    pub id: Option<RecordId>,
    pub code: Option<&'r str>,
    pub name: &'r str,
    /// Of a site, where the row or its table names it.
    pub site_kind: Option<&'r str>,
    pub geometry: Option<&'r Geometry<f64>>,
    /// What it says of the fields of [`beside_name`].
    pub beside: &'r [Option<Value>],
    pub file: &'r str,
}

/// Fields that say, with the name, which record it is, where many have one name: the lines of a firm, the
/// checks of a village.
pub const fn beside_name(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::ResponseMeasure => &["line"],
        Kind::Check => &["plan", "checked_on", "house_number"],
        _ => &[],
    }
}

/// Which record a row is.
#[derive(Debug)]
pub enum Found {
    New,
    /// In its present state.
    Same(Arc<Record>),
    /// The code is another record's, and the row is known by its name and place.
    SameWithoutCode(Arc<Record>),
    /// Perhaps that one.
    Doubtful(Candidate),
}

impl<'w> KnownRecords<'w> {
    /// Of a world; what is looked up is indexed when it is first asked for.
    pub fn new(world: &'w World, brought: &BroughtCodes) -> Self {
        Self {
            world,
            by_name: Default::default(),
            places: None,
            changed: FxHashMap::default(),
            new_ids: FxHashSet::default(),
            codes: brought.take(),
            doubles: Doubles::new(world),
            items: None,
        }
    }

    /// The district as it was before this import.
    pub fn world(&self) -> &'w World {
        self.world
    }

    /// The own number of an item that an outside list speaks of again: by the superior's number, else by
    /// the same words of the same file.
    pub fn item_code(&mut self, superior: &str, name: &str, file: &str) -> Option<Arc<str>> {
        let world = self.world;
        let items = self.items.get_or_insert_with(|| {
            let mut items = FxHashMap::default();
            for item in world.table(Kind::Item).iter() {
                let Some(code) = item.code() else { continue };
                let number = item.text("superior_code");
                let file = item.meta.source.as_ref().map_or("", |source| &source.file);
                if !number.is_empty() {
                    items.insert((number.to_owned(), String::new()), code.into());
                }
                items.insert((item.name().to_owned(), file.to_owned()), code.into());
            }
            items
        });
        let by_number = || items.get(&(superior.to_owned(), String::new()));
        let by_words = || items.get(&(name.to_owned(), file.to_owned()));
        let found = if superior.is_empty() { by_words() } else { by_number() };
        found.cloned()
    }

    /// What is remembered for the next file.
    pub fn give_back(&mut self, brought: &BroughtCodes) {
        brought.give_back(std::mem::take(&mut self.codes));
    }

    /// The record that a row speaks of.
    pub fn find(&mut self, row: &Identity<'_>) -> Result<Found, Refusal> {
        let by_code = row.code.and_then(|code| self.world.table(row.kind).by_code(code));
        let by_code = by_code.map(|found| self.present(found));
        let by_id = match row.id.and_then(|id| self.world.get(id)) {
            Some(found) if found.kind != row.kind => {
                let reason = LocalizedText::new(
                    format!("此 id 已属于“{}”图层的记录", found.kind.label().zh),
                    format!("belongs to a record of layer {}", found.kind),
                );
                return Err(Refusal::new("id", found.id.to_string(), reason));
            }
            found => found.map(|found| self.present(found)),
        };
        match (by_id, by_code) {
            (Some(own), Some(other)) if own.id != other.id => {
                let reason = LocalizedText::new(
                    format!("此编码已属于另一条记录“{}”", other.name()),
                    format!("belongs to another record, `{}`", other.name()),
                );
                Err(Refusal::new("code", row.code.unwrap_or_default(), reason))
            }
            (Some(own), _) => Ok(Found::Same(own)),
            (None, Some(other)) => Ok(self.check_code(row, other)),
            (None, None) => Ok(self.by_name(row)),
        }
    }

    fn present(&self, found: &Arc<Record>) -> Arc<Record> {
        Arc::clone(self.changed.get(&found.id).unwrap_or(found))
    }

    fn check_code(&mut self, row: &Identity<'_>, known: Arc<Record>) -> Found {
        let Some(cause) = contradiction(row, &known, row.code.unwrap_or_default()) else {
            return Found::Same(known);
        };
        // An earlier import may have kept it apart.
        if let Some(own) = self.twin(row) {
            return Found::SameWithoutCode(self.present(own));
        }
        let distance_m = distance(row.geometry, &known);
        Found::Doubtful(Candidate { known, cause, distance_m })
    }

    fn by_name(&mut self, row: &Identity<'_>) -> Found {
        if row.code.is_none()
            && let Some(twin) = self.twin(row)
        {
            return Found::Same(self.present(twin));
        }
        if row.id.is_some() {
            return Found::New;
        }
        let likely = match self.unplaced_namesake(row) {
            Some(known) => Some(Candidate {
                known: Arc::clone(known),
                cause: DoubtCause::NameUnplaced,
                distance_m: None,
            }),
            None => self.doubles.of(row),
        };
        match likely {
            Some(likely) => {
                Found::Doubtful(Candidate { known: self.present(&likely.known), ..likely })
            }
            None => Found::New,
        }
    }

    fn namesakes(&mut self, kind: Kind, name: &str) -> &[&'w Arc<Record>] {
        let table = self.world.table(kind);
        let Some(slot) = self.by_name.get_mut(kind as usize) else { return &[] };
        if name.is_empty() || table.is_empty() {
            return &[];
        }
        let index = slot.get_or_insert_with(|| {
            let mut index = ByName::default();
            for record in table.iter() {
                index.entry(record.name()).or_default().push(record);
            }
            index
        });
        index.get(name).map_or(&[], Vec::as_slice)
    }

    /// A record without a code, of the same name at the same place.
    fn twin(&mut self, row: &Identity<'_>) -> Option<&'w Arc<Record>> {
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
        let twins = self.namesakes(row.kind, row.name).iter();
        let says = |twin: &Record| {
            let mut own = beside_name(row.kind).iter().zip(row.beside);
            own.all(|(key, value)| twin.get(key) == value.as_ref())
        };
        twins.copied().find(|twin| twin.code().is_none() && is_twin(twin) && says(twin))
    }

    /// A record of the same name, where one of the two has no place.
    fn unplaced_namesake(&mut self, row: &Identity<'_>) -> Option<&'w Arc<Record>> {
        if !row.kind.has_place() {
            return None;
        }
        let namesakes = self.namesakes(row.kind, row.name).iter();
        let is_unplaced =
            |known: &&&Arc<Record>| known.geometry.is_none() || row.geometry.is_none();
        namesakes.copied().find(|known| is_unplaced(&known))
    }

    /// Whether a new row may use its code.
    pub fn claim(&mut self, row: &Identity<'_>) -> CodeUse {
        let Some(code) = row.code else { return CodeUse::First };
        claim(&mut self.codes, row.kind, code, row.name, row.geometry.and_then(centre_of))
    }

    /// Remembers what a row made of a record, for later rows that speak of it again.
    pub fn changed(&mut self, record: &Arc<Record>) {
        self.changed.insert(record.id, Arc::clone(record));
    }

    /// Takes an id for a new record; false if an earlier row has it.
    pub fn reserve(&mut self, id: RecordId) -> bool {
        self.new_ids.insert(id)
    }

    /// Whether the district has anything of a kind.
    pub fn has_any(&self, kind: Kind) -> bool {
        !self.world.table(kind).is_empty()
    }

    /// Where a record was before this import.
    pub fn place_before(&self, id: RecordId) -> Option<Coord<f64>> {
        self.world.get(id)?.geometry.as_ref().and_then(centre_of)
    }

    /// Where the district has something of this name, before this import.
    pub fn place(&mut self, name: &str) -> Option<Coord<f64>> {
        let world = self.world;
        let places = self.places.get_or_insert_with(|| {
            let mut places = FxHashMap::default();
            for kind in [Kind::ControlPoint, Kind::Site, Kind::Camera] {
                for record in world.table(kind).iter().filter(|record| !record.name().is_empty()) {
                    let place = record.geometry.as_ref().and_then(centre_of);
                    places.entry(record.name()).and_modify(|at| *at = None).or_insert(place);
                }
            }
            places
        });
        places.get(name).copied().flatten()
    }
}

/// The middle of a geometry.
pub fn centre_of(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    match geometry {
        Geometry::Point(point) => Some(point.0),
        other => other.centroid().map(Coord::from),
    }
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
