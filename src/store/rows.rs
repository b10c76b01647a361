//! A row of a layer table ↔ a record. Which tables and columns there are is `store::schema`.

use std::sync::Arc;

use geo_types::{Geometry, MultiLineString, MultiPolygon};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::{Null, ValueRef};
use rusqlite::{Row, Statement};
use rustc_hash::FxHashMap;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Error;
use super::row_names::RowNames;
use super::schema::{GEOMETRY, META, all_columns};
use crate::domain::{Extra, Field, FieldType, Fields, Kind, Meta, Record, Shape, SourceRow, Value};
use crate::geodesy::wkb;

/// `fid, geom, id, fields…, meta…` of a layer table or of its table of earlier rows.
pub(super) fn select(kind: Kind, table: &str, condition: &str) -> String {
    format!("SELECT fid, {} FROM {table} {condition}", all_columns(kind).join(", "))
}

/// `fid, geom, id, extra, source_file` and some of the fields of a layer, for
/// [`RowReader::read_some`].
pub(super) fn select_some(kind: Kind, fields: &[u8], condition: &str) -> String {
    let fields = fields.iter().filter_map(|index| kind.fields().get(usize::from(*index)));
    let columns: Vec<String> = fields.map(|field| format!(", \"{}\"", field.key)).collect();
    let columns = columns.concat();
    format!("SELECT fid, {GEOMETRY}, id, extra, source_file{columns} FROM {kind} {condition}")
}

/// How many values a row has, `fid` apart.
pub(super) const fn column_count(kind: Kind) -> usize {
    2 + kind.fields().len() + META.len()
}

/// The columns of a row that have a value, one bit each from the first (`geom`) up; a layer has fewer
/// than 64 columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct FilledColumns(u64);

impl FilledColumns {
    /// Every column of a kind.
    pub(super) fn all(kind: Kind) -> Self {
        Self((1 << column_count(kind)) - 1)
    }

    /// Those that a record fills.
    pub(super) fn of(record: &Record) -> Self {
        let first = 2 + record.kind.fields().len();
        let geometry = u64::from(record.geometry.is_some());
        let fields: u64 = record.fields.iter().map(|(index, _)| 1 << (2 + index)).sum();
        let extra = u64::from(record.extra.is_some()) << first;
        let meta = &record.meta;
        let changed = if was_changed(meta) { 0b1100 } else { 0 };
        let source = if meta.source.is_some() { 0b11_0000 } else { 0 };
        Self(geometry | 0b10 | fields | extra | (0b11 | changed | source) << (first + 1))
    }

    /// Those in which a record is another than it was before.
    pub(super) fn changed(before: &Record, after: &Record) -> Self {
        let (was, is) = (&before.meta, &after.meta);
        let fields = after.kind.fields().len();
        let mut changed = u64::from(before.geometry != after.geometry);
        changed |= u64::from(before.id != after.id) << 1;
        for index in (0_u8..).take(fields) {
            let is_changed = before.fields.get(index) != after.fields.get(index);
            changed |= u64::from(is_changed) << (2 + index);
        }
        changed |= u64::from(before.extra != after.extra) << (2 + fields);
        let is_created = was.created_at != is.created_at || was.created_by != is.created_by;
        let is_touched =
            is_created || was.changed_at != is.changed_at || was.changed_by != is.changed_by;
        for (is_changed, columns) in
            [(is_created, 0b11), (is_touched, 0b1100), (was.source != is.source, 0b11_0000)]
        {
            changed |= (u64::from(is_changed) * columns) << (3 + fields);
        }
        Self(changed)
    }

    /// Whether it is no column at all.
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a place of the full row, from 1, is among these.
    const fn has(self, place: usize) -> bool {
        self.0 & (1 << (place - 1)) != 0
    }

    /// Their names, in order.
    fn names(self, kind: Kind) -> Vec<String> {
        let columns = all_columns(kind).into_iter().zip(1..);
        columns.filter_map(|(column, place)| self.has(place).then_some(column)).collect()
    }

    /// Those of either.
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// How many they are.
    pub(super) const fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The places of the full row, from 1, of those that `other` has not.
    fn without(self, other: Self) -> impl Iterator<Item = usize> {
        let left = self.0 & !other.0;
        (0..64).filter(move |place| left & (1 << place) != 0).map(|place| place + 1)
    }

    /// Where among these a place of the full row stands, from 1.
    const fn rank(self, place: usize) -> usize {
        (self.0 & ((1 << place) - 1)).count_ones() as usize
    }
}

/// A record as it was created has no columns about its last change.
fn was_changed(meta: &Meta) -> bool {
    meta.changed_at != meta.created_at || meta.changed_by != meta.created_by
}

/// Naming only the columns that have a value saves a fifth of the time of an import: a site has
/// 37 columns, of which an office fills a dozen.
pub(super) fn insert_sql(kind: Kind, filled: FilledColumns, rows: usize) -> String {
    let columns = filled.names(kind);
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let rows = vec![row; rows].join(", ");
    format!("INSERT INTO {} ({}) VALUES {rows}", kind.key(), columns.join(", "))
}

/// Sets some columns of the row whose `fid` is bound last. The others are not named, so that their
/// indexes, and the R-tree where the place stays, are left alone.
pub(super) fn update_sql(kind: Kind, changed: FilledColumns) -> String {
    let columns = changed.names(kind);
    let assignments: Vec<String> =
        columns.iter().zip(1..).map(|(column, place)| format!("{column} = ?{place}")).collect();
    let last = columns.len() + 1;
    format!("UPDATE {} SET {} WHERE fid = ?{last}", kind.key(), assignments.join(", "))
}

/// What a statement of [`insert_sql`] has bound: in an import most rows have the time, the author and the
/// file of the row before, which then stay where they are.
#[derive(Default)]
pub(super) struct Bound(Vec<BoundValue>);

#[derive(Clone, Default)]
enum BoundValue {
    /// Something that is bound anew each time.
    #[default]
    Other,
    /// Nothing, for a column that the row does not fill.
    Null,
    Text(Arc<str>),
    Choice(&'static str),
    Instant(Timestamp),
}

impl Bound {
    /// Whether this text stands there already. One that nobody else holds is not the next row's.
    fn has_text(&mut self, place: usize, text: &Arc<str>) -> bool {
        let slot = self.slot(place);
        if matches!(slot, BoundValue::Text(last) if Arc::ptr_eq(last, text)) {
            return true;
        }
        *slot = if Arc::strong_count(text) > 1 {
            BoundValue::Text(Arc::clone(text))
        } else {
            BoundValue::Other
        };
        false
    }

    fn has_choice(&mut self, place: usize, key: &'static str) -> bool {
        let slot = self.slot(place);
        let is_there = matches!(slot, BoundValue::Choice(last) if std::ptr::eq(*last, key));
        *slot = BoundValue::Choice(key);
        is_there
    }

    fn has_instant(&mut self, place: usize, at: Timestamp) -> bool {
        let slot = self.slot(place);
        let is_there = matches!(slot, BoundValue::Instant(last) if *last == at);
        *slot = BoundValue::Instant(at);
        is_there
    }

    fn slot(&mut self, place: usize) -> &mut BoundValue {
        if self.0.len() <= place {
            self.0.resize(place + 1, BoundValue::Other);
        }
        #[expect(clippy::indexing_slicing, reason = "it was made just now")]
        &mut self.0[place]
    }

    /// Something is bound here that is bound anew each time.
    fn is_other(&mut self, place: usize) {
        *self.slot(place) = BoundValue::Other;
    }

    fn has_nothing(&mut self, place: usize) -> bool {
        let slot = self.slot(place);
        let is_there = matches!(slot, BoundValue::Null);
        *slot = BoundValue::Null;
        is_there
    }
}

/// Binds records to the places of [`insert_sql`] and [`update_sql`]; in the latter those without a
/// value become NULL. Remembers how the last instant is written, which in an import is that of every row.
#[derive(Default)]
pub(super) struct Binder {
    last: Option<(Timestamp, Instant)>,
}

impl Binder {
    /// `filled` must be those that the statement was made for, `row` which of its rows this is, from 0;
    /// `bound` what was bound to it here before. What the record has beside them is left out.
    pub(super) fn bind(
        &mut self,
        statement: &mut Statement<'_>,
        bound: &mut Bound,
        (filled, row): (FilledColumns, usize),
        record: &Record,
    ) -> Result<(), Error> {
        let before = row * filled.count();
        let place = |place: usize| before + filled.rank(place);
        for nothing in filled.without(FilledColumns::of(record)).map(place) {
            if !bound.has_nothing(nothing) {
                statement.raw_bind_parameter(nothing, Null)?;
            }
        }
        let at = |wanted: usize| filled.has(wanted).then(|| place(wanted));
        if let (Some(geometry), Some(at)) = (&record.geometry, at(1)) {
            bound.is_other(at);
            statement.raw_bind_parameter(at, wkb::to_gpkg(&stored(record.kind, geometry)))?;
        }
        if let Some(at) = at(2) {
            let mut id = Uuid::encode_buffer();
            let id = &*record.id.0.hyphenated().encode_lower(&mut id);
            statement.raw_bind_parameter(at, id)?;
        }
        for (index, value) in record.fields.iter() {
            if let Some(at) = at(3 + usize::from(index)) {
                bind_value(statement, bound, at, value)?;
            }
        }
        let first = 3 + record.kind.fields().len();
        if let (Some(extra), Some(at)) = (&record.extra, at(first)) {
            let json = serde_json::to_string(&**extra).unwrap_or_default();
            bound.is_other(at);
            statement.raw_bind_parameter(at, json)?;
        }
        let meta = &record.meta;
        if let (Some(time), Some(author)) = (at(first + 1), at(first + 2)) {
            self.bind_instant(statement, bound, time, meta.created_at)?;
            bind_text(statement, bound, author, &meta.created_by)?;
        }
        if let (true, Some(time), Some(author)) = (was_changed(meta), at(first + 3), at(first + 4))
        {
            self.bind_instant(statement, bound, time, meta.changed_at)?;
            bind_text(statement, bound, author, &meta.changed_by)?;
        }
        if let (Some(source), Some(file), Some(row)) = (&meta.source, at(first + 5), at(first + 6))
        {
            bind_text(statement, bound, file, &source.file)?;
            bound.is_other(row);
            statement.raw_bind_parameter(row, source.row.cast_signed())?;
        }
        Ok(())
    }

    fn bind_instant(
        &mut self,
        statement: &mut Statement<'_>,
        bound: &mut Bound,
        place: usize,
        at: Timestamp,
    ) -> Result<(), Error> {
        if bound.has_instant(place, at) {
            return Ok(());
        }
        let written = match &mut self.last {
            Some((last, written)) if *last == at => written,
            other => &mut other.insert((at, Instant::of(at))).1,
        };
        Ok(statement.raw_bind_parameter(place, written.as_str())?)
    }
}

fn bind_text(
    statement: &mut Statement<'_>,
    bound: &mut Bound,
    place: usize,
    text: &Arc<str>,
) -> Result<(), Error> {
    if bound.has_text(place, text) {
        return Ok(());
    }
    Ok(statement.raw_bind_parameter(place, &**text)?)
}

fn bind_value(
    statement: &mut Statement<'_>,
    bound: &mut Bound,
    place: usize,
    value: &Value,
) -> Result<(), Error> {
    match value {
        Value::Text(_) | Value::Choice(_) => {}
        _ => bound.is_other(place),
    }
    match value {
        Value::Text(text) => bind_text(statement, bound, place, text)?,
        Value::Choice(key) if bound.has_choice(place, key) => {}
        Value::Choice(key) => statement.raw_bind_parameter(place, *key)?,
        Value::Integer(number) => statement.raw_bind_parameter(place, number)?,
        Value::Real(number) => statement.raw_bind_parameter(place, number)?,
        Value::Boolean(truth) => statement.raw_bind_parameter(place, truth)?,
        Value::Date(date) => statement.raw_bind_parameter(place, date.to_string())?,
        Value::Words(_) | Value::Reals(_) => {
            statement.raw_bind_parameter(place, value.to_json().to_string())?;
        }
    }
    Ok(())
}

/// Line and area layers hold collections only; see `schema::geometry_type`.
fn stored(kind: Kind, geometry: &Geometry<f64>) -> std::borrow::Cow<'_, Geometry<f64>> {
    use std::borrow::Cow;
    match (kind.shape(), geometry) {
        (Shape::Line, Geometry::LineString(line)) => {
            Cow::Owned(MultiLineString(vec![line.clone()]).into())
        }
        (Shape::Polygon, Geometry::Polygon(polygon)) => {
            Cow::Owned(MultiPolygon(vec![polygon.clone()]).into())
        }
        _ => Cow::Borrowed(geometry),
    }
}

/// An instant as GeoPackage writes it, to the millisecond: `2026-11-23T08:00:00.000Z`.
pub(super) struct Instant(String);

impl Instant {
    /// Cut to the millisecond.
    pub(super) fn of(at: Timestamp) -> Self {
        Self(format!("{at:.3}"))
    }

    /// As text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads rows of one layer; remembers what repeats, so that equal texts are kept once.
pub(super) struct RowReader {
    kind: Kind,
    names: RowNames,
    /// By position of the field: whether its texts are worth remembering.
    repeats: Vec<bool>,
    texts: FxHashMap<Box<str>, Arc<str>>,
    instants: FxHashMap<Box<str>, Timestamp>,
}

/// Texts that differ from row to row are not looked up.
const UNIQUE: [&str; 6] = ["code", "name", "address", "person", "phone", "monitoring_id"];

impl RowReader {
    /// For the layer of a kind; `names` is for rows that other programs left without an id, of which
    /// there are none inside a transaction of ours.
    pub(super) fn new(kind: Kind, names: RowNames) -> Self {
        let repeats = kind.fields().iter().map(|field| !UNIQUE.contains(&field.key)).collect();
        Self { kind, names, repeats, texts: FxHashMap::default(), instants: FxHashMap::default() }
    }

    /// The `fid` and the record of a row made by [`select`].
    pub(super) fn read(&mut self, row: &Row<'_>) -> Result<(i64, Record), Error> {
        let fid: i64 = row.get(0)?;
        let record = Record {
            id: self.names.name(self.kind, fid, text(row.get_ref(2)?)),
            kind: self.kind,
            geometry: geometry(row)?,
            fields: self.fields(row)?,
            extra: extra(row.get_ref(3 + self.kind.fields().len())?),
            meta: self.meta(row)?,
        };
        Ok((fid, record))
    }

    /// What is enough for a mark, of a row made by [`select_some`] with these fields, ascending: who
    /// made it and when is left out.
    pub(super) fn read_some(&mut self, row: &Row<'_>, fields: &[u8]) -> Result<Record, Error> {
        let fid: i64 = row.get(0)?;
        let mut some = Fields::default();
        for (index, place) in fields.iter().zip(5..) {
            let stored = row.get_ref(place)?;
            if !matches!(stored, ValueRef::Null)
                && let Some(field) = self.kind.fields().get(usize::from(*index))
            {
                some.set(*index, self.value(field, *index, stored));
            }
        }
        let nobody = self.text("");
        let file = text(row.get_ref(4)?);
        Ok(Record {
            id: self.names.name(self.kind, fid, text(row.get_ref(2)?)),
            kind: self.kind,
            geometry: geometry(row)?,
            fields: some,
            extra: extra(row.get_ref(3)?),
            meta: Meta {
                created_at: Timestamp::UNIX_EPOCH,
                created_by: Arc::clone(&nobody),
                changed_at: Timestamp::UNIX_EPOCH,
                changed_by: nobody,
                source: file.map(|file| SourceRow { file: self.text(file), row: 0 }),
            },
        })
    }

    fn fields(&mut self, row: &Row<'_>) -> Result<Fields, Error> {
        let mut fields = Fields::default();
        for (field, index) in self.kind.fields().iter().zip(0_u8..) {
            let stored = row.get_ref(3 + usize::from(index))?;
            if !matches!(stored, ValueRef::Null) {
                fields.set(index, self.value(field, index, stored));
            }
        }
        Ok(fields)
    }

    /// What does not fit the field is kept as text: shown, exported and reported by `check`.
    fn value(&mut self, field: &'static Field, index: u8, stored: ValueRef<'_>) -> Option<Value> {
        match (field.ty, stored) {
            (FieldType::Text | FieldType::Phone | FieldType::Hours, ValueRef::Text(bytes)) => {
                let text = std::str::from_utf8(bytes).ok()?;
                let repeats = self.repeats.get(usize::from(index)) == Some(&true);
                Some(Value::Text(if repeats { self.text(text) } else { text.into() }))
            }
            (FieldType::Choice(choices), ValueRef::Text(bytes)) => {
                let text = std::str::from_utf8(bytes).ok()?;
                let choice = choices.iter().find(|choice| choice.key == text);
                Some(choice.map_or_else(|| Value::text(text), |choice| Value::Choice(choice.key)))
            }
            (FieldType::Real { .. }, ValueRef::Real(number)) => Some(Value::Real(number)),
            (FieldType::Real { .. }, ValueRef::Integer(number)) => Some(Value::Real(number as f64)),
            (FieldType::Integer { .. }, ValueRef::Integer(number)) => Some(Value::Integer(number)),
            (FieldType::Boolean, ValueRef::Integer(number)) => Some(Value::Boolean(number != 0)),
            (FieldType::Date, ValueRef::Text(bytes)) => {
                let text = std::str::from_utf8(bytes).ok()?;
                let date = text.parse::<Date>().ok();
                Some(date.map_or_else(|| Value::text(text), Value::Date))
            }
            (_, stored) => {
                let text = plain(stored)?;
                match Value::parse(field, &text) {
                    Ok(value) => value,
                    Err(_) => Some(Value::text(&text)),
                }
            }
        }
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.texts.insert(text.into(), Arc::clone(&new));
        new
    }

    fn meta(&mut self, row: &Row<'_>) -> Result<Meta, Error> {
        let first = 4 + self.kind.fields().len();
        let column = |offset: usize| row.get_ref(first + offset).map(text);
        let (created_at, created_by) = (column(0)?, column(1)?);
        let (changed_at, changed_by) = (column(2)?, column(3)?);
        let file = column(4)?;
        let row_number: Option<i64> = row.get(first + META.len() - 2)?;
        let (created_at, created_by) =
            (self.instant(created_at), self.text(created_by.unwrap_or_default()));
        Ok(Meta {
            changed_at: changed_at.map_or(created_at, |at| self.instant(Some(at))),
            changed_by: changed_by.map_or_else(|| Arc::clone(&created_by), |by| self.text(by)),
            created_at,
            created_by,
            source: file.map(|file| SourceRow {
                file: self.text(file),
                row: row_number.unwrap_or_default().cast_unsigned(),
            }),
        })
    }

    /// The epoch where another program left none.
    fn instant(&mut self, text: Option<&str>) -> Timestamp {
        let Some(text) = text else { return Timestamp::UNIX_EPOCH };
        if let Some(known) = self.instants.get(text) {
            return *known;
        }
        let instant = text.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        self.instants.insert(text.into(), instant);
        instant
    }
}

/// What another program left unreadable is shown as unplaced; `check` reports it.
fn geometry(row: &Row<'_>) -> Result<Option<Geometry<f64>>, Error> {
    let ValueRef::Blob(blob) = row.get_ref(1)? else { return Ok(None) };
    let geometry = wkb::from_gpkg(blob).ok().and_then(|(geometry, _)| geometry);
    Ok(geometry.and_then(wkb::settled))
}

fn extra(value: ValueRef<'_>) -> Option<Arc<Extra>> {
    match serde_json::from_str(text(value)?) {
        Ok(Json::Object(extra)) if !extra.is_empty() => Some(Arc::new(extra)),
        _ => None,
    }
}

fn text(value: ValueRef<'_>) -> Option<&str> {
    match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

fn plain(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}
