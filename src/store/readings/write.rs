//! Readings into the file: one delivery at a time, inside a [`Session`].

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;
use uuid::Uuid;

use super::hash::RowsHash;
use super::{Fid, LAST_VERSION, MAX_PLACES, row};
use crate::domain::reading::{
    COLUMNS, COLUMNS_KEPT, DeliveryHead, FactorValues, KNOWN_ROWS_KEPT, ReadingRow, Span,
    WholeDelivery,
};
use crate::domain::{
    Change, DeliveryState, Edit, EditKind, Extra, Ids, Kind, Record, RecordId, Stamp, Value, World,
};
use crate::store::{Error, Session, Size, Store};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The first of its place and span.
    New,
    /// There are values of it already, of which this says some otherwise or adds to them.
    Version,
    /// It says nothing that is not known, and is not stored again.
    Same,
    /// It starts before 1970 or after 2242.
    OutOfTime,
    /// There are 4096 versions of it.
    Full,
}

/// A delivery on its way into the file.
///
/// Rows may come in any order; in that of time they are written fastest. [`Delivering::finish`] makes
/// the record of it, without which its rows never count.
pub struct Delivering<'a> {
    db: &'a Connection,
    id: RecordId,
    number: i64,
    in_force: FxHashSet<i64>,
    places: FxHashMap<RecordId, i64>,
    insert: CachedStatement<'a>,
    versions: CachedStatement<'a>,
    seen_places: FxHashSet<i64>,
    /// The first and the last row of each span, by its number.
    ranges: [Option<(i64, i64)>; Span::ALL.len()],
    ends: Option<(Timestamp, Timestamp)>,
    rows: u64,
    values: u64,
    same: u64,
}

impl<'a> Delivering<'a> {
    fn begin(db: &'a Connection, id: RecordId) -> Result<Self, Error> {
        let number: i64 = db
            .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM shapan_delivery")?
            .query_row([], |row| row.get(0))?;
        db.prepare_cached("INSERT INTO shapan_delivery VALUES (?1, ?2, 0, 0)")?
            .execute(params![number, id.to_string()])?;
        let mut in_force = in_force(db)?;
        in_force.insert(number);
        let marks = vec!["?"; COLUMNS + 4].join(", ");
        Ok(Self {
            db,
            id,
            number,
            in_force,
            places: places(db)?.into_iter().map(|(number, id)| (id, number)).collect(),
            insert: db.prepare_cached(&format!(
                "INSERT OR IGNORE INTO shapan_reading VALUES ({marks})"
            ))?,
            versions: db.prepare_cached(&format!(
                "SELECT {} FROM shapan_reading WHERE fid BETWEEN ?1 AND ?2",
                row::columns()
            ))?,
            seen_places: FxHashSet::default(),
            ranges: [None; Span::ALL.len()],
            ends: None,
            rows: 0,
            values: 0,
            same: 0,
        })
    }

    /// Rows that were stored.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Values in them.
    pub const fn values(&self) -> u64 {
        self.values
    }

    /// Rows that said nothing new.
    pub const fn same(&self) -> u64 {
        self.same
    }

    /// Stores what it says, unless that is known. [`Error::TooManyPlaces`] where there is no number for
    /// one more place.
    pub fn put(&mut self, row: &ReadingRow) -> Result<Put, Error> {
        if row.values.is_empty() {
            self.same += 1;
            return Ok(Put::Same);
        }
        let place = self.place(row.place)?;
        let Some(fid) = Fid::first(row.span, row.start, place) else {
            return Ok(Put::OutOfTime);
        };
        row::bind(&mut self.insert, fid.0, self.number, &row.values)?;
        if self.insert.raw_execute()? > 0 {
            self.count(fid, row);
            return Ok(Put::New);
        }
        let (known, last) = self.known(fid)?;
        if known.covers(&row.values) {
            self.same += 1;
            return Ok(Put::Same);
        }
        if last == LAST_VERSION {
            return Ok(Put::Full);
        }
        let fid = Fid(fid.0 + last + 1);
        row::bind(&mut self.insert, fid.0, self.number, &row.values)?;
        self.insert.raw_execute()?;
        self.count(fid, row);
        Ok(Put::Version)
    }

    /// What counts of a place and span, and the last version that there is.
    fn known(&mut self, first: Fid) -> Result<(FactorValues, i64), Error> {
        let (mut known, mut last) = (FactorValues::default(), 0);
        let mut rows = self.versions.query([first.0, first.last_version().0])?;
        while let Some(row) = rows.next()? {
            last = Fid(row.get(0)?).version();
            if self.in_force.contains(&row.get(1)?) {
                row::lay(row, &mut known)?;
            }
        }
        Ok((known, last))
    }

    fn place(&mut self, id: RecordId) -> Result<i64, Error> {
        if let Some(number) = self.places.get(&id) {
            return Ok(*number);
        }
        let number = self.places.values().max().map_or(1, |last| last + 1);
        if number > MAX_PLACES {
            return Err(Error::TooManyPlaces);
        }
        self.db
            .prepare_cached("INSERT INTO shapan_place VALUES (?1, ?2)")?
            .execute(params![number, id.to_string()])?;
        self.places.insert(id, number);
        Ok(number)
    }

    fn count(&mut self, fid: Fid, row: &ReadingRow) {
        self.rows += 1;
        self.values += row.values.count() as u64;
        self.seen_places.insert(fid.place());
        let (start, end) = (row.start, row.end());
        self.ends = Some(match self.ends {
            Some((first, last)) => (first.min(start), last.max(end)),
            None => (start, end),
        });
        if let Some(range) = self.ranges.get_mut(usize::from(row.span.number())) {
            *range = Some(match *range {
                Some((first, last)) => (first.min(fid.0), last.max(fid.0)),
                None => (fid.0, fid.0),
            });
        }
    }

    /// Makes its record, a change of the session; `None`, and nothing of it stays, where no row said
    /// anything new.
    pub fn finish(
        self,
        session: &mut Session<'_>,
        head: &DeliveryHead,
        by: &Stamp,
    ) -> Result<Option<Record>, Error> {
        let Some(record) = self.close(head, by)? else { return Ok(None) };
        session.admit(record.id);
        session.write(&Change::create(record.clone()))?;
        Ok(Some(record))
    }

    fn close(self, head: &DeliveryHead, by: &Stamp) -> Result<Option<Record>, Error> {
        let first = self.ranges.iter().flatten().map(|(first, _)| *first).min();
        let last = self.ranges.iter().flatten().map(|(_, last)| *last).max();
        let (Some(first), Some(last), Some((begins, ends))) = (first, last, self.ends) else {
            self.db
                .prepare_cached("DELETE FROM shapan_delivery WHERE id = ?1")?
                .execute([self.number])?;
            return Ok(None);
        };
        self.db
            .prepare_cached(
                "UPDATE shapan_delivery SET first_fid = ?2, last_fid = ?3 WHERE id = ?1",
            )?
            .execute([self.number, first, last])?;
        let text = |text: &str| Some(Value::text(text));
        let number = |number: u64| Some(Value::Integer(number.cast_signed()));
        let mut record = Record::new(self.id, Kind::Delivery, by);
        let findings: Vec<Arc<str>> = head.findings.iter().map(|line| Arc::from(&**line)).collect();
        for (key, value) in [
            ("name", text(&head.source)),
            ("state", Some(DeliveryState::InForce.value())),
            ("format", text(&head.format)),
            ("label", head.label.and_then(|rule| text(&rule.to_string()))),
            ("begins_at", text(&begins.to_string())),
            ("ends_at", text(&ends.to_string())),
            ("places", number(self.seen_places.len() as u64)),
            ("rows", number(self.rows)),
            ("values", number(self.values)),
            ("findings", (!findings.is_empty()).then(|| Value::Words(findings.into()))),
            ("sha256", text(&self.hash()?)),
        ] {
            record.set(key, value);
        }
        let mut extra = Extra::new();
        if !head.map.is_empty() {
            let columns: Extra =
                head.map.iter().map(|(column, of)| (column.clone(), of.as_str().into())).collect();
            extra.insert(COLUMNS_KEPT.to_owned(), Json::Object(columns));
        }
        if self.same > 0 {
            extra.insert(KNOWN_ROWS_KEPT.to_owned(), self.same.into());
        }
        record.extra = (!extra.is_empty()).then(|| Arc::new(extra));
        touch(self.db, by)?;
        Ok(Some(record))
    }

    fn hash(&self) -> Result<String, Error> {
        let ids: FxHashMap<i64, Uuid> =
            self.places.iter().map(|(id, number)| (*number, id.0)).collect();
        let mut hash = RowsHash::default();
        let mut query = self.db.prepare_cached(&format!(
            "SELECT {} FROM shapan_reading WHERE fid BETWEEN ?1 AND ?2 AND delivery = ?3",
            row::columns()
        ))?;
        for (first, last) in self.ranges.iter().flatten() {
            let mut rows = query.query([*first, *last, self.number])?;
            while let Some(row) = rows.next()? {
                let place = Fid(row.get(0)?).place();
                hash.add(ids.get(&place).copied().unwrap_or_default(), row)?;
            }
        }
        Ok(hash.finish())
    }
}

impl<'a> Session<'a> {
    /// Begins a delivery. The session may have several, and other changes beside them, such as the
    /// places that they bring.
    pub fn delivery(&mut self, ids: &mut Ids) -> Result<Delivering<'a>, Error> {
        Delivering::begin(self.db(), ids.next())
    }
}

impl Store {
    /// A new district that begins with one edit: records, and deliveries of their readings.
    pub fn create_with_readings(
        path: &Path,
        edit: &Edit,
        deliveries: &[WholeDelivery],
        by: &Stamp,
        ids: &mut Ids,
    ) -> Result<(), Error> {
        Self::create_filled(path, |store| {
            let mut session = store.session(by, Size::Few)?;
            for change in &edit.changes {
                session.write(change)?;
            }
            for given in deliveries {
                let mut delivery = session.delivery(ids)?;
                for row in &given.rows {
                    delivery.put(row)?;
                }
                let Some(mut record) = delivery.close(&given.head, by)? else { continue };
                if let Some(reason) = &given.withdrawn_because {
                    withdraw(&mut record, reason, by);
                }
                session.admit(record.id);
                session.write(&Change::create(record))?;
            }
            let outcome = session.commit(edit.kind, None);
            store.settled(outcome, by).map(drop)
        })
    }
}

/// When other programs last saw readings come.
fn touch(db: &Connection, by: &Stamp) -> Result<(), Error> {
    let at = crate::store::rows::Instant::of(by.at);
    db.prepare_cached(
        "UPDATE gpkg_contents SET last_change = ?1
         WHERE table_name IN ('shapan_reading', 'air_hour')",
    )?
    .execute([at.as_str()])?;
    Ok(())
}

/// The numbers of deliveries that count.
fn in_force(db: &Connection) -> Result<FxHashSet<i64>, Error> {
    let mut query = db.prepare_cached(
        "SELECT d.id FROM shapan_delivery d JOIN delivery l ON l.id = d.record
         WHERE l.state IS NOT 'withdrawn'",
    )?;
    let numbers = query.query_map([], |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// The numbers of places, with the records that they are.
pub(super) fn places(db: &Connection) -> Result<FxHashMap<i64, RecordId>, Error> {
    let mut query = db.prepare_cached("SELECT id, record FROM shapan_place")?;
    let mut rows = query.query([])?;
    let mut places = FxHashMap::default();
    while let Some(row) = rows.next()? {
        if let Ok(id) = row.get_ref(1)?.as_str().unwrap_or_default().parse() {
            places.insert(row.get(0)?, id);
        }
    }
    Ok(places)
}

/// The edit that withdraws a delivery: its readings are kept and count no more. `None` where it is
/// withdrawn already, and of a record that is no delivery.
pub fn withdrawal(delivery: &Arc<Record>, reason: &str, by: &Stamp) -> Option<Edit> {
    let is_known = delivery.kind == Kind::Delivery;
    if !is_known || DeliveryState::of(delivery) == Some(DeliveryState::Withdrawn) {
        return None;
    }
    let mut after = Record::clone(delivery);
    withdraw(&mut after, reason, by);
    after.meta.change(by);
    let changes = vec![Change::update(Arc::clone(delivery), after)];
    Some(Edit { kind: EditKind::Withdraw, changes })
}

/// Deliveries in force that came later and repeated rows of the same days: what they repeated of this one
/// is stored with it alone and goes with it, until their files come in once more. The first first.
pub fn repeated_by<'w>(world: &'w World, delivery: &Record) -> Vec<&'w Arc<Record>> {
    let order = |record: &Record| (record.meta.created_at, record.id);
    let ends = |record: &Record| -> Option<(Timestamp, Timestamp)> {
        Some((record.text("begins_at").parse().ok()?, record.text("ends_at").parse().ok()?))
    };
    let knew = |record: &Record| {
        let extra = record.extra.as_ref();
        extra.is_some_and(|extra| extra.contains_key(KNOWN_ROWS_KEPT))
    };
    let of = ends(delivery);
    let meets = |record: &Record| {
        ends(record)
            .zip(of)
            .is_none_or(|((from, to), (own_from, own_to))| from <= own_to && own_from <= to)
    };
    let mut later: Vec<&Arc<Record>> = world
        .table(Kind::Delivery)
        .iter()
        .filter(|it| order(it) > order(delivery) && knew(it) && meets(it))
        .filter(|it| DeliveryState::of(it) != Some(DeliveryState::Withdrawn))
        .collect();
    later.sort_by_key(|record| order(record));
    later
}

fn withdraw(delivery: &mut Record, reason: &str, by: &Stamp) {
    delivery.set("state", Some(DeliveryState::Withdrawn.value()));
    delivery.set("withdrawn_at", Some(Value::text(&by.at.to_string())));
    delivery.set("withdrawn_by", Some(Value::text(&by.actor)));
    delivery.set("withdrawn_because", Some(Value::text(reason)));
}

/// What the journal says of a withdrawal: which delivery, and why. `None` of another edit.
pub(in crate::store) fn withdrawal_note(edit: &Edit) -> Option<String> {
    let record =
        (edit.kind == EditKind::Withdraw).then(|| edit.changes.first()?.record()).flatten()?;
    Some(format!("{} · {}", record.name(), record.text("withdrawn_because")))
}

/// Fields of a delivery that a withdrawal changes.
const OF_WITHDRAWAL: [&str; 4] = ["state", "withdrawn_at", "withdrawn_by", "withdrawn_because"];

/// Whether a change of a delivery is a withdrawal, or takes one back.
pub(in crate::store) fn is_withdrawal(before: &Record, after: &Record) -> bool {
    let bare = |record: &Record| {
        let mut bare = record.clone();
        for key in OF_WITHDRAWAL {
            bare.set(key, None);
        }
        (bare.fields, bare.extra, bare.geometry, bare.id)
    };
    bare(before) == bare(after)
}

/// The number of the delivery with this record; `None` where no readings came with it.
pub(super) fn number_of(db: &Connection, id: RecordId) -> Result<Option<i64>, Error> {
    Ok(db
        .prepare_cached("SELECT id FROM shapan_delivery WHERE record = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?)
}
