//! One transaction of ours: changes in, rows and journal out, all or nothing.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use rustc_hash::FxHashMap;

use super::journal::{self, Cause, journal_writer::Scribe};
use super::rows::{self, Binder, Places, Reader};
use super::rtree::{self, Builder};
use super::seen_codes::Seen;
use super::{Error, external_edits, schema};
use crate::domain::{Change, Conflict, EditKind, Kind, Record, RecordId, Stamp};
use crate::geodesy::wkb::{self, Bounds};

/// Rows that wait for an index because their code may have been seen before.
const MOST_SUSPECTS: usize = 10_000;

/// Statements kept for rows that fill the same columns; the rest share the one of all columns.
const MOST_INSERTS: usize = 64;

/// How much a session expects to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Few,
    /// Indexes and R-tree of the layers it touches are put aside and built once at the end.
    Many,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Written,
    /// A record made earlier in this session has the same code and took the new values.
    Merged,
    /// … and already said the same.
    Same,
    /// Decided when the session ends.
    Later,
}

/// Rolls back when dropped before [`Session::commit`].
pub struct Session<'a> {
    db: &'a Connection,
    by: Stamp,
    size: Size,
    entry: journal::Entry,
    /// `None` for an undo or a redo, whose changes are those of its target.
    scribe: Option<Scribe>,
    parts: u64,
    layers: [Option<Layer<'a>>; Kind::ALL.len()],
    suspects: Vec<Change>,
    names: Vec<String>,
    /// Rows that turned out to be known by code, and of those the ones that said nothing new.
    pub merged: u64,
    pub same: u64,
    is_open: bool,
}

struct Layer<'a> {
    db: &'a Connection,
    kind: Kind,
    inserts: FxHashMap<Places, CachedStatement<'a>>,
    update: CachedStatement<'a>,
    delete: CachedStatement<'a>,
    by_id: CachedStatement<'a>,
    binder: Binder,
    reader: Reader,
    bounds: Option<Bounds>,
    bulk: Option<Bulk<'a>>,
}

/// What a layer needs while its indexes are away.
struct Bulk<'a> {
    /// `None` where the table had rows before: its tree is built from the table at the end.
    boxes: Option<Builder<'a>>,
    seen: Option<Seen>,
}

impl<'a> Session<'a> {
    /// Waits for other writers, then writes down first what other programs changed.
    pub fn begin(db: &'a Connection, by: &Stamp, size: Size) -> Result<Self, Error> {
        db.execute_batch("BEGIN IMMEDIATE")?;
        let mut session = Self::new(db, by, size);
        db.prepare_cached("INSERT INTO shapan_writer DEFAULT VALUES")?.execute([])?;
        external_edits::adopt(db, by)?;
        session.entry.revision = journal::revision(db)? + 1;
        Ok(session)
    }

    fn new(db: &'a Connection, by: &Stamp, size: Size) -> Self {
        Self {
            db,
            by: by.clone(),
            size,
            entry: journal::entry(0, Cause::Do, EditKind::Batch, by),
            scribe: Some(match size {
                Size::Few => Scribe::alone(),
                Size::Many => Scribe::helped(),
            }),
            parts: 0,
            layers: Default::default(),
            suspects: Vec::new(),
            names: Vec::new(),
            merged: 0,
            same: 0,
            is_open: true,
        }
    }

    pub fn revision(&self) -> u64 {
        self.entry.revision
    }

    /// An undo or a redo: its changes are those of `target` and need no second copy.
    pub fn about(&mut self, cause: Cause, target: u64) {
        self.entry.cause = cause;
        self.entry.target = Some(target);
        self.scribe = None;
    }

    pub fn write(&mut self, change: &Change) -> Result<Outcome, Error> {
        let outcome = match (&change.before, &change.after) {
            (None, None) => Outcome::Written,
            (None, Some(after)) => self.create(change, after)?,
            (Some(before), Some(after)) => {
                let fid = self.expect(before)?;
                self.layer(after.kind)?.put(fid, after)?;
                Outcome::Written
            }
            (Some(before), None) => {
                let fid = self.expect(before)?;
                self.layer(before.kind)?.remove(fid)?;
                Outcome::Written
            }
        };
        if outcome == Outcome::Written {
            self.note(change)?;
        }
        Ok(outcome)
    }

    fn create(&mut self, change: &Change, after: &Arc<Record>) -> Result<Outcome, Error> {
        let minted_at = self.by.at;
        let layer = self.layer(after.kind)?;
        if layer.has_seen(after, minted_at) {
            self.suspects.push(change.clone());
            if self.suspects.len() > MOST_SUSPECTS {
                self.settle()?;
            }
            return Ok(Outcome::Later);
        }
        match layer.add(after) {
            Err(Error::Database(error)) if is_taken(&error, after.kind, "code") => {
                self.again(after)
            }
            Err(Error::Database(error)) if is_taken(&error, after.kind, "id") => {
                let stored = self.find(after.kind, "id", &after.id.to_string())?;
                let stored = stored.map(|(_, record)| Arc::new(record));
                Err(Error::from(Conflict::over(after, stored.as_ref())))
            }
            other => other.map(|()| Outcome::Written),
        }
    }

    /// The same code is the same record: in an import the later row adds to the earlier one.
    fn again(&mut self, newer: &Arc<Record>) -> Result<Outcome, Error> {
        let code = newer.code().unwrap_or_default();
        let Some((_, stored)) = self.find(newer.kind, "code", code)? else {
            return Ok(Outcome::Same);
        };
        if self.size == Size::Few {
            return Err(Error::CodeTaken {
                kind: newer.kind,
                code: code.to_owned(),
                name: stored.name().to_owned(),
                by: stored.meta.changed_by.to_string(),
            });
        }
        let merged = stored.overlaid_with(newer);
        if merged.says_the_same_as(&stored) {
            self.same += 1;
            return Ok(Outcome::Same);
        }
        self.write(&Change::update(Arc::new(stored), merged))?;
        self.merged += 1;
        Ok(Outcome::Merged)
    }

    /// The row of a record that must still be as the edit knew it.
    fn expect(&mut self, before: &Arc<Record>) -> Result<i64, Error> {
        let layer = self.layer(before.kind)?;
        match layer.find(before.id)? {
            Some((fid, stored)) if stored == **before => Ok(fid),
            stored => {
                let stored = stored.map(|(_, record)| Arc::new(record));
                Err(Error::from(Conflict::over(before, stored.as_ref())))
            }
        }
    }

    fn find(
        &mut self,
        kind: Kind,
        column: &str,
        text: &str,
    ) -> Result<Option<(i64, Record)>, Error> {
        let mut query = self.db.prepare_cached(&rows::select(
            kind,
            kind.key(),
            &format!("WHERE {column} = ?1"),
        ))?;
        let mut reader = Reader::new(kind);
        query.query_row([text], |row| Ok(reader.read(row))).optional()?.transpose()
    }

    fn layer(&mut self, kind: Kind) -> Result<&mut Layer<'a>, Error> {
        let (db, size) = (self.db, self.size);
        #[expect(clippy::indexing_slicing, reason = "the array has one place for each kind")]
        let place = &mut self.layers[kind as usize];
        match place {
            Some(layer) => Ok(layer),
            None => Ok(place.insert(Layer::open(db, kind, size)?)),
        }
    }

    fn note(&mut self, change: &Change) -> Result<(), Error> {
        match (&change.before, &change.after) {
            (None, Some(_)) => self.entry.created += 1,
            (Some(_), Some(_)) => self.entry.updated += 1,
            _ => self.entry.deleted += 1,
        }
        if self.names.len() < 4
            && let Some(record) = change.record()
        {
            self.names.push(record.name().to_owned());
        }
        if let Some(part) = self.scribe.as_mut().and_then(|scribe| scribe.push(change)) {
            self.keep(&part)?;
        }
        Ok(())
    }

    fn keep(&mut self, part: &[u8]) -> Result<(), Error> {
        // The part points at its entry, so the entry has to be there; its counts come at the end.
        if self.parts == 0 {
            journal::insert(self.db, &self.entry)?;
        }
        journal::insert_part(self.db, self.entry.revision, self.parts, part)?;
        self.parts += 1;
        Ok(())
    }

    /// Brings the indexes back and writes the rows that waited for them.
    fn settle(&mut self) -> Result<(), Error> {
        for layer in self.layers.iter_mut().flatten() {
            if let Some(bulk) = &mut layer.bulk
                && bulk.seen.take().is_some()
            {
                schema::create_indexes(self.db, layer.kind)?;
            }
        }
        for change in std::mem::take(&mut self.suspects) {
            self.write(&change)?;
        }
        Ok(())
    }

    /// `true` while nothing was written.
    pub fn is_empty(&self) -> bool {
        self.entry.created + self.entry.updated + self.entry.deleted == 0
            && self.suspects.is_empty()
    }

    /// Everything is on disk when this returns. The revision, or `None` where nothing changed.
    pub fn commit(mut self, kind: EditKind, note: Option<String>) -> Result<Option<u64>, Error> {
        self.settle()?;
        self.entry.kind = kind;
        self.entry.note = note.unwrap_or_else(|| self.names.join("、"));
        let layers = std::mem::take(&mut self.layers);
        for layer in layers.into_iter().flatten() {
            layer.close(self.db, &self.by)?;
        }
        let is_empty = self.is_empty() && self.entry.cause == Cause::Do;
        if !is_empty {
            self.write_entry()?;
        }
        self.db.prepare_cached("DELETE FROM shapan_writer")?.execute([])?;
        self.db.execute_batch("COMMIT")?;
        self.is_open = false;
        Ok((!is_empty).then_some(self.entry.revision))
    }

    fn write_entry(&mut self) -> Result<(), Error> {
        let revision = self.entry.revision;
        let rest = self.scribe.take().map_or_else(|| Ok(Vec::new()), Scribe::finish);
        for part in rest.map_err(|reason| Error::Journal { revision, reason })? {
            self.keep(&part)?;
        }
        if self.parts == 0 {
            return journal::insert(self.db, &self.entry);
        }
        let entry = &self.entry;
        self.db
            .prepare_cached(
                "UPDATE shapan_journal SET kind = ?2, created = ?3, updated = ?4, deleted = ?5,
                 note = ?6 WHERE revision = ?1",
            )?
            .execute(params![
                entry.revision.cast_signed(),
                entry.kind.key(),
                entry.created.cast_signed(),
                entry.updated.cast_signed(),
                entry.deleted.cast_signed(),
                entry.note,
            ])?;
        Ok(())
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.is_open {
            // Statements must be done with before the transaction can be.
            self.layers = Default::default();
            if let Err(error) = self.db.execute_batch("ROLLBACK") {
                // SQLite has rolled back by itself, as it does when the disk is full.
                drop(error);
            }
        }
    }
}

impl<'a> Layer<'a> {
    fn open(db: &'a Connection, kind: Kind, size: Size) -> Result<Self, Error> {
        let bulk = match size {
            Size::Few => None,
            Size::Many => Some(Bulk::begin(db, kind)?),
        };
        let table = kind.key();
        Ok(Self {
            db,
            kind,
            inserts: FxHashMap::default(),
            update: db.prepare_cached(&rows::update_sql(kind))?,
            delete: db.prepare_cached(&format!("DELETE FROM {table} WHERE fid = ?1"))?,
            by_id: db.prepare_cached(&rows::select(kind, table, "WHERE id = ?1"))?,
            binder: Binder::default(),
            reader: Reader::new(kind),
            bounds: None,
            bulk,
        })
    }

    fn add(&mut self, record: &Record) -> Result<(), Error> {
        let mut filled = Places::of(record);
        if self.inserts.len() >= MOST_INSERTS && !self.inserts.contains_key(&filled) {
            filled = Places::all(self.kind);
        }
        let insert = match self.inserts.entry(filled) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                new.insert(self.db.prepare_cached(&rows::insert_sql(self.kind, filled))?)
            }
        };
        self.binder.bind(insert, filled, record)?;
        insert.raw_execute()?;
        let bounds = record.geometry.as_ref().and_then(wkb::bounds);
        self.grow(bounds);
        if let Some(Bulk { boxes: Some(boxes), .. }) = &mut self.bulk
            && let Some(bounds) = bounds
        {
            boxes.push(rtree::Entry::new(self.db.last_insert_rowid(), bounds))?;
        }
        Ok(())
    }

    fn put(&mut self, fid: i64, record: &Record) -> Result<(), Error> {
        self.binder.bind(&mut self.update, Places::all(self.kind), record)?;
        self.update.raw_bind_parameter(rows::places(self.kind) + 1, fid)?;
        self.update.raw_execute()?;
        self.grow(record.geometry.as_ref().and_then(wkb::bounds));
        self.forget_boxes();
        Ok(())
    }

    fn remove(&mut self, fid: i64) -> Result<(), Error> {
        self.delete.execute([fid])?;
        self.forget_boxes();
        Ok(())
    }

    /// After the first change of an older row the tree can only be built from the table.
    fn forget_boxes(&mut self) {
        if let Some(bulk) = &mut self.bulk {
            bulk.boxes = None;
        }
    }

    fn find(&mut self, id: RecordId) -> Result<Option<(i64, Record)>, Error> {
        let reader = &mut self.reader;
        let found =
            self.by_id.query_row([id.to_string()], |row| Ok(reader.read(row))).optional()?;
        if let Some(found) = found {
            return found.map(Some);
        }
        Ok(None)
    }

    /// Whether an earlier row of this import may have had the same code or id. Ids that this
    /// session minted carry its time and cannot repeat.
    fn has_seen(&mut self, record: &Record, minted_at: jiff::Timestamp) -> bool {
        let Some(Bulk { seen: Some(seen), .. }) = &mut self.bulk else { return false };
        let is_minted = (record.id.0.as_u128() >> 80) as i64 == minted_at.as_millisecond();
        let has_code = record.code().is_some_and(|code| seen.has(code.as_bytes()));
        let has_id = !is_minted && seen.has(record.id.0.as_bytes());
        has_code || has_id
    }

    fn grow(&mut self, bounds: Option<Bounds>) {
        self.bounds = match (self.bounds, bounds) {
            (Some(a), Some(b)) => Some(a.joined_with(b)),
            (a, b) => a.or(b),
        };
    }

    fn close(self, db: &Connection, by: &Stamp) -> Result<(), Error> {
        let (kind, bounds) = (self.kind, self.bounds);
        if let Some(bulk) = self.bulk {
            match bulk.boxes {
                Some(boxes) => boxes.finish()?,
                None => rtree::rebuild(db, kind)?,
            }
            schema::create_indexes(db, kind)?;
            schema::create_rtree_triggers(db, kind)?;
            schema::create_outside_triggers(db, kind)?;
        }
        touch(db, kind, bounds, by)
    }
}

impl<'a> Bulk<'a> {
    fn begin(db: &'a Connection, kind: Kind) -> Result<Self, Error> {
        schema::drop_rtree_triggers(db, kind)?;
        schema::drop_outside_triggers(db, kind)?;
        let has_rows: bool =
            db.query_row(&format!("SELECT EXISTS (SELECT 1 FROM {})", kind.key()), [], |row| {
                row.get(0)
            })?;
        if has_rows {
            return Ok(Self { boxes: None, seen: None });
        }
        schema::drop_indexes(db, kind)?;
        Ok(Self { boxes: Some(Builder::begin(db, kind)?), seen: Some(Seen::default()) })
    }
}

/// `gpkg_contents` says when a layer changed last and which box it fills; the box only grows.
fn touch(db: &Connection, kind: Kind, bounds: Option<Bounds>, by: &Stamp) -> Result<(), Error> {
    let at = rows::Instant::of(by.at);
    db.prepare_cached("UPDATE gpkg_contents SET last_change = ?2 WHERE table_name = ?1")?
        .execute(params![kind.key(), at.as_str()])?;
    if let Some(Bounds { min, max }) = bounds {
        db.prepare_cached(
            "UPDATE gpkg_contents SET
               min_x = min(coalesce(min_x, ?2), ?2), min_y = min(coalesce(min_y, ?3), ?3),
               max_x = max(coalesce(max_x, ?4), ?4), max_y = max(coalesce(max_y, ?5), ?5)
             WHERE table_name = ?1",
        )?
        .execute(params![kind.key(), min.x, min.y, max.x, max.y])?;
    }
    Ok(())
}

/// Whether an insertion failed because a column that must be unique is not.
fn is_taken(error: &rusqlite::Error, kind: Kind, column: &str) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
        && error.to_string().contains(&format!("{kind}.{column}"))
}
