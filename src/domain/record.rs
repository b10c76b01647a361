//! A record: its kind, place, fields, and who made it. What the values of a field may be stands in
//! `kinds`; how a value is written in a cell or in JSON, in `value`.

use std::sync::Arc;

use geo_types::Geometry;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::{ATTACHMENTS, Field, Kind, RecordId, Stamp, Value};
use crate::geodesy::wkb;

/// Attributes that no field of ours stands for: kept as they came, in their order.
pub type Extra = Map<String, Json>;

/// One thing on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub id: RecordId,
    pub kind: Kind,
    /// WGS-84 longitude/latitude, degrees. `None` until somebody places it on the map.
    pub geometry: Option<Geometry<f64>>,
    pub fields: Fields,
    pub extra: Option<Arc<Extra>>,
    pub meta: Meta,
}

/// Who made a record and who changed it last, and the file it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    pub created_at: Timestamp,
    pub created_by: Arc<str>,
    pub changed_at: Timestamp,
    pub changed_by: Arc<str>,
    pub source: Option<SourceRow>,
}

/// The row of the file that a record was read from, as a spreadsheet counts: the header is row 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub file: Arc<str>,
    pub row: u64,
}

/// Between two days, both of them included; a side of which nothing is said is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// The values of a record, by position in [`Kind::fields`]; only what is set takes room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(Vec<(u8, Value)>);

impl Fields {
    /// Empty, with room for so many values.
    pub fn with_room(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// By position in [`Kind::fields`].
    pub fn get(&self, index: u8) -> Option<&Value> {
        let position = self.0.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        self.0.get(position).map(|(_, value)| value)
    }

    /// `None` clears the field.
    pub fn set(&mut self, index: u8, value: Option<Value>) {
        match (self.0.binary_search_by_key(&index, |(index, _)| *index), value) {
            (Ok(position), Some(value)) => {
                if let Some(slot) = self.0.get_mut(position) {
                    slot.1 = value;
                }
            }
            (Ok(position), None) => {
                self.0.remove(position);
            }
            (Err(position), Some(value)) => self.0.insert(position, (index, value)),
            (Err(_), None) => {}
        }
    }

    /// What is set, in the order of the schema.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &Value)> {
        self.0.iter().map(|(index, value)| (*index, value))
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Validity {
    /// Whether a day lies within; both ends count.
    pub fn includes(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Meta {
    /// Of what somebody makes now.
    pub fn by(stamp: &Stamp) -> Self {
        Self {
            created_at: stamp.at,
            created_by: Arc::clone(&stamp.actor),
            changed_at: stamp.at,
            changed_by: Arc::clone(&stamp.actor),
            source: None,
        }
    }

    /// Somebody changes it now.
    pub fn change(&mut self, stamp: &Stamp) {
        self.changed_at = stamp.at;
        self.changed_by = Arc::clone(&stamp.actor);
    }
}

impl Record {
    /// Without a place and without a word yet.
    pub fn new(id: RecordId, kind: Kind, stamp: &Stamp) -> Self {
        Self {
            id,
            kind,
            geometry: None,
            fields: Fields::default(),
            extra: None,
            meta: Meta::by(stamp),
        }
    }

    /// What a field says; `None` too where the kind has no such field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.fields.get(self.kind.index_of(key)?)
    }

    /// `false` where the kind has no such field.
    pub fn set(&mut self, key: &str, value: Option<Value>) -> bool {
        let index = self.kind.index_of(key);
        if let Some(index) = index {
            self.fields.set(index, value);
        }
        index.is_some()
    }

    /// Every kind begins with `code` and `name`: positions 0 and 1.
    pub fn code(&self) -> Option<&str> {
        self.fields.get(0).and_then(Value::as_str)
    }

    /// Empty where it has none.
    pub fn name(&self) -> &str {
        self.fields.get(1).and_then(Value::as_str).unwrap_or_default()
    }

    /// The text of a text or choice field; empty where it has none.
    pub fn text(&self, key: &str) -> &str {
        self.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// What it is within its layer, as a key: the kind of a site, the class of a road, and so on.
    /// Empty where it has none.
    pub fn subkind(&self) -> &str {
        self.kind.subkind().map_or("", |field| self.text(field.key))
    }

    /// The day of a date field.
    pub fn date(&self, key: &str) -> Option<Date> {
        match self.get(key) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// The members of a list of words; none where nothing is said.
    pub fn words(&self, key: &str) -> &[Arc<str>] {
        match self.get(key) {
            Some(Value::Words(words)) => words,
            _ => &[],
        }
    }

    /// The records that a list of words names by their ids; what is no id is left out.
    pub fn linked(&self, key: &str) -> impl Iterator<Item = RecordId> {
        self.words(key).iter().filter_map(|id| id.parse().ok())
    }

    /// The days on which an order or an act holds.
    pub fn validity(&self) -> Validity {
        Validity { from: self.date("valid_from"), to: self.date("valid_to") }
    }

    /// The rings of a control point, metres, ascending; 500 and 1000 unless it says otherwise.
    pub fn radii_m(&self) -> Vec<f64> {
        let mut radii = match self.get("radii_m") {
            Some(Value::Reals(radii)) => radii.to_vec(),
            _ => vec![500.0, 1000.0],
        };
        radii.sort_by(f64::total_cmp);
        radii.dedup();
        radii
    }

    /// The names of its photos and papers; their bytes lie in the store.
    pub fn attachments(&self) -> impl Iterator<Item = &str> {
        self.words(ATTACHMENTS).iter().map(|name| &**name)
    }

    /// Clears the field where there are none.
    pub fn set_attachments(&mut self, names: Vec<Arc<str>>) {
        self.set(ATTACHMENTS, (!names.is_empty()).then(|| Value::Words(names.into())));
    }

    /// Whether a district file gives the record back as it is.
    pub(crate) fn is_settled(&self) -> bool {
        self.geometry.as_ref().is_none_or(wkb::is_settled)
    }

    /// The record as a district file gives it back: [`wkb::settled`].
    #[must_use]
    pub(crate) fn settled(mut self) -> Self {
        self.geometry = self.geometry.and_then(wkb::settled);
        self
    }

    /// Whether two records say the same, whoever said it when.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.geometry == other.geometry
            && self.fields == other.fields
            && self.extra == other.extra
    }

    /// This record with everything that `newer` says laid over it; what `newer` leaves open stays.
    #[must_use]
    pub fn overlaid_with(&self, newer: &Self) -> Self {
        let mut merged = self.clone();
        for (index, value) in newer.fields.iter() {
            merged.fields.set(index, Some(value.clone()));
        }
        if newer.geometry.is_some() {
            merged.geometry.clone_from(&newer.geometry);
        }
        if let Some(newer) = &newer.extra {
            let mut extra = merged.extra.as_deref().cloned().unwrap_or_default();
            extra.extend(newer.iter().map(|(key, value)| (key.clone(), value.clone())));
            merged.extra = Some(Arc::new(extra));
        }
        merged.meta.changed_at = newer.meta.changed_at;
        merged.meta.changed_by = Arc::clone(&newer.meta.changed_by);
        merged.meta.source.clone_from(&newer.meta.source);
        merged
    }

    /// Set fields with their definitions, in the order of the schema.
    pub fn values(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        let fields = self.kind.fields();
        self.fields
            .iter()
            .filter_map(move |(index, value)| Some((fields.get(usize::from(index))?, value)))
    }
}
