//! The table of one kind while a session writes: its statements, and what a large import puts aside.
//!
//! An import of many rows writes them by the batch, and gives up an index only where it has to. Keys
//! that ascend go to the end of theirs, which costs less than to build it from the table; from the first
//! key that does not ascend, building it once at the end is several times faster.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use rustc_hash::FxHashMap;

use super::row_names::RowNames;
use super::rows::{self, Binder, Bound, FilledColumns, RowReader};
use super::rtree::{self, RtreeBuilder, RtreeCell};
use super::seen_codes::SeenCodes;
use super::{Error, schema};
use crate::domain::{Kind, Record, RecordId, Stamp};
use crate::geodesy::wkb::{self, Bounds};

/// Statements kept for rows that fill the same columns, and for those that change the same; the rest
/// share the one of all columns.
const MAX_STATEMENTS: usize = 64;

/// Rows that one statement adds: beginning a statement costs a quarter of adding a row.
const BATCH: usize = 32;

/// Statements and buffers for the table of one kind.
pub(super) struct LayerWriter<'a> {
    db: &'a Connection,
    kind: Kind,
    inserts: FxHashMap<FilledColumns, (CachedStatement<'a>, Bound)>,
    updates: FxHashMap<FilledColumns, CachedStatement<'a>>,
    delete: CachedStatement<'a>,
    by_id: CachedStatement<'a>,
    binder: Binder,
    reader: RowReader,
    bounds: Option<Bounds>,
    bulk: Option<Bulk<'a>>,
    /// Rows that wait for a batch; only while an import has the table for itself.
    waiting: Vec<Arc<Record>>,
    /// The columns that rows of batches fill so far, and the statement for them.
    filled: FilledColumns,
    batch: Option<(CachedStatement<'a>, Bound)>,
}

/// What a layer needs while its tree is away.
struct Bulk<'a> {
    /// `None` where the table had rows before: its tree is built from the table at the end.
    boxes: Option<RtreeBuilder<'a>>,
    /// `None` where the table had rows before, and once the indexes are back.
    keys: Option<Keys>,
}

/// What is known of the ids and codes that an import brought.
#[derive(Default)]
struct Keys {
    id: Ascent<RecordId>,
    code: Ascent<Box<str>>,
    /// Of an index that is away, the keys so far.
    seen: SeenCodes,
}

/// Whether keys came in the order of their index so far.
enum Ascent<K> {
    /// The index is there; the last key.
    Ascending(Option<K>),
    /// The index is away.
    Away,
}

impl<K> Default for Ascent<K> {
    fn default() -> Self {
        Self::Ascending(None)
    }
}

impl<K> Ascent<K> {
    const fn is_away(&self) -> bool {
        matches!(self, Self::Away)
    }
}

impl<'a> LayerWriter<'a> {
    /// `is_bulk` where many rows are to come.
    pub(super) fn open(db: &'a Connection, kind: Kind, is_bulk: bool) -> Result<Self, Error> {
        let bulk = if is_bulk { Some(Bulk::begin(db, kind)?) } else { None };
        let table = kind.key();
        Ok(Self {
            db,
            kind,
            inserts: FxHashMap::default(),
            updates: FxHashMap::default(),
            delete: db.prepare_cached(&format!("DELETE FROM {table} WHERE fid = ?1"))?,
            by_id: db.prepare_cached(&rows::select(kind, table, "WHERE id = ?1"))?,
            binder: Binder::default(),
            reader: RowReader::new(kind, RowNames::default()),
            bounds: None,
            bulk,
            waiting: Vec::new(),
            filled: FilledColumns::default(),
            batch: None,
        })
    }

    /// Adds a row, at once or with others: [`LayerWriter::flush`].
    pub(super) fn add(&mut self, record: &Arc<Record>) -> Result<(), Error> {
        self.extend_bounds(bounds_of(record));
        if self.bulk.as_ref().is_none_or(|bulk| bulk.keys.is_none()) {
            return self.add_one(record);
        }
        let filled = self.filled.with(FilledColumns::of(record));
        if filled != self.filled {
            self.flush()?;
            (self.filled, self.batch) = (filled, None);
        }
        self.waiting.push(Arc::clone(record));
        if self.waiting.len() < BATCH { Ok(()) } else { self.flush() }
    }

    /// Writes the rows that wait.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.len() < BATCH {
            return rows.iter().try_for_each(|row| self.add_one(row));
        }
        let (insert, bound) = match &mut self.batch {
            Some(batch) => batch,
            none => {
                let sql = rows::insert_sql(self.kind, self.filled, rows.len());
                none.insert((self.db.prepare_cached(&sql)?, Bound::default()))
            }
        };
        for (place, row) in rows.iter().enumerate() {
            self.binder.bind(insert, bound, (self.filled, place), row)?;
        }
        insert.raw_execute()?;
        // They are numbered one after another.
        let last = self.db.last_insert_rowid();
        for (row, fid) in rows.iter().rev().zip((1..=last).rev()) {
            self.push_box(fid, row)?;
        }
        self.waiting = rows;
        self.waiting.clear();
        Ok(())
    }

    fn add_one(&mut self, record: &Record) -> Result<(), Error> {
        let mut filled = FilledColumns::of(record);
        if self.inserts.len() >= MAX_STATEMENTS && !self.inserts.contains_key(&filled) {
            filled = FilledColumns::all(self.kind);
        }
        let (insert, bound) = match self.inserts.entry(filled) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let insert = self.db.prepare_cached(&rows::insert_sql(self.kind, filled, 1))?;
                new.insert((insert, Bound::default()))
            }
        };
        self.binder.bind(insert, bound, (filled, 0), record)?;
        insert.raw_execute()?;
        self.push_box(self.db.last_insert_rowid(), record)
    }

    fn push_box(&mut self, fid: i64, record: &Record) -> Result<(), Error> {
        if let Some(Bulk { boxes: Some(boxes), .. }) = &mut self.bulk
            && let Some(bounds) = bounds_of(record)
        {
            boxes.push(RtreeCell::new(fid, bounds))?;
        }
        Ok(())
    }

    /// Writes the columns in which a record is another than it was, as it stands in the row.
    pub(super) fn put(&mut self, fid: i64, before: &Record, record: &Record) -> Result<(), Error> {
        self.flush()?;
        let mut changed = FilledColumns::changed(before, record);
        if changed.is_empty() {
            return Ok(());
        }
        if self.updates.len() >= MAX_STATEMENTS && !self.updates.contains_key(&changed) {
            changed = FilledColumns::all(self.kind);
        }
        let update = match self.updates.entry(changed) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                new.insert(self.db.prepare_cached(&rows::update_sql(self.kind, changed))?)
            }
        };
        self.binder.bind(update, &mut Bound::default(), (changed, 0), record)?;
        update.raw_bind_parameter(changed.count() + 1, fid)?;
        update.raw_execute()?;
        self.extend_bounds(bounds_of(record));
        self.forget_boxes();
        Ok(())
    }

    pub(super) fn remove(&mut self, fid: i64) -> Result<(), Error> {
        self.flush()?;
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

    pub(super) fn find(&mut self, id: RecordId) -> Result<Option<(i64, Record)>, Error> {
        self.flush()?;
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
    pub(super) fn may_repeat(
        &mut self,
        record: &Record,
        minted_at: jiff::Timestamp,
    ) -> Result<bool, Error> {
        let Some(Bulk { keys: Some(keys), .. }) = &self.bulk else { return Ok(false) };
        let is_behind = matches!(&keys.id, Ascent::Ascending(Some(last)) if *last >= record.id);
        let is_code_behind = matches!((&keys.code, record.code()),
            (Ascent::Ascending(Some(last)), Some(code)) if **last >= *code);
        if is_behind {
            self.put_away("id", |keys| keys.id = Ascent::Away)?;
        }
        if is_code_behind {
            self.put_away("code", |keys| keys.code = Ascent::Away)?;
        }
        let Some(Bulk { keys: Some(keys), .. }) = &mut self.bulk else { return Ok(false) };
        let is_minted = (record.id.0.as_u128() >> 80) as i64 == minted_at.as_millisecond();
        let code = record.code();
        let repeats_code =
            keys.code.is_away() && code.is_some_and(|code| keys.seen.has(code.as_bytes()));
        let repeats_id =
            keys.id.is_away() && !is_minted && keys.seen.has(record.id.to_string().as_bytes());
        if repeats_code || repeats_id {
            // It waits, and whoever has its code or id comes after it.
            if let Some(code) = code {
                keys.seen.has(code.as_bytes());
            }
            keys.seen.has(record.id.to_string().as_bytes());
            return Ok(true);
        }
        if let Ascent::Ascending(last) = &mut keys.id {
            *last = Some(record.id);
        }
        if let (Ascent::Ascending(last), Some(code)) = (&mut keys.code, code) {
            *last = Some(code.into());
        }
        Ok(false)
    }

    /// Gives up an index until the end; the keys in it are remembered otherwise.
    fn put_away(&mut self, column: &str, away: impl FnOnce(&mut Keys)) -> Result<(), Error> {
        self.flush()?;
        let Some(Bulk { keys: Some(keys), .. }) = &mut self.bulk else { return Ok(()) };
        let table = self.kind.key();
        let mut query =
            self.db.prepare(&format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL"))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            keys.seen.has(row.get_ref(0)?.as_bytes().unwrap_or_default());
        }
        drop(rows);
        self.db.execute_batch(&format!("DROP INDEX IF EXISTS {table}_{column}"))?;
        away(keys);
        Ok(())
    }

    /// Builds the indexes that are away.
    pub(super) fn bring_indexes_back(&mut self) -> Result<(), Error> {
        self.flush()?;
        if let Some(bulk) = &mut self.bulk
            && bulk.keys.take().is_some()
        {
            schema::create_indexes(self.db, self.kind)?;
        }
        Ok(())
    }

    fn extend_bounds(&mut self, bounds: Option<Bounds>) {
        self.bounds = match (self.bounds, bounds) {
            (Some(a), Some(b)) => Some(a.joined_with(b)),
            (a, b) => a.or(b),
        };
    }

    pub(super) fn close(mut self, db: &Connection, by: &Stamp) -> Result<(), Error> {
        self.flush()?;
        let (kind, bounds) = (self.kind, self.bounds);
        if let Some(mut bulk) = self.bulk {
            if let Some(boxes) = &mut bulk.boxes {
                boxes.put_in_order();
            }
            schema::create_indexes(db, kind)?;
            match bulk.boxes {
                Some(boxes) => boxes.finish()?,
                None => rtree::rebuild(db, kind)?,
            }
            schema::create_rtree_triggers(db, kind)?;
            schema::create_external_triggers(db, kind)?;
        }
        touch(db, kind, bounds, by)
    }
}

impl<'a> Bulk<'a> {
    fn begin(db: &'a Connection, kind: Kind) -> Result<Self, Error> {
        schema::drop_rtree_triggers(db, kind)?;
        schema::drop_external_triggers(db, kind)?;
        let has_rows: bool =
            db.query_row(&format!("SELECT EXISTS (SELECT 1 FROM {})", kind.key()), [], |row| {
                row.get(0)
            })?;
        if has_rows {
            return Ok(Self { boxes: None, keys: None });
        }
        Ok(Self { boxes: Some(RtreeBuilder::begin(db, kind)?), keys: Some(Keys::default()) })
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

fn bounds_of(record: &Record) -> Option<Bounds> {
    record.geometry.as_ref().and_then(wkb::bounds)
}
