//! Reads records of the file into a [`World`]. How a row becomes a record stands in `store::rows`.
//!
//! Where another connection sees the same state, large layers are read by two threads.

use std::sync::Arc;
use std::thread;

use rusqlite::{Connection, Row};

use super::journal::chain::{self, SealOf};
use super::row_names::RowNames;
use super::rows::{self, RowReader};
use super::{Error, external_edits, journal};
use crate::domain::{Kind, Record, Seal, World};

/// With fewer rows a second thread costs more than it saves.
const MIN_ROWS_FOR_TWO_THREADS: i64 = 10_000;
/// The first thread reads the rows up to this part of a layer, because it also sorts in what the
/// second has read.
const LOWER_PART: (i64, i64) = (9, 20);
/// Rows between two words to whoever watches.
const ROWS_BETWEEN: u64 = 4096;

/// Opens another connection that sees the same state while our transaction lasts; `None` where
/// there can be none.
pub(super) type Another<'a> = &'a dyn Fn() -> Result<Option<Connection>, Error>;

/// Is told, by either thread, of so many more rows, and says whether to go on.
pub(super) type OnRows<'a> = &'a (dyn Fn(u64) -> bool + Sync);

/// Rows of a layer that are read in one go.
#[derive(Clone)]
pub(super) struct RowsOf {
    pub kind: Kind,
    /// Positions of the fields that are wanted; `None` for whole records.
    pub fields: Option<Vec<u8>>,
    /// Of SQL, beginning with `WHERE`; empty for all rows.
    pub condition: String,
}

/// All records as they are now.
pub(super) fn world(db: &Connection, another: Another<'_>) -> Result<World, Error> {
    in_read_transaction(db, |db| read(db, another))
}

/// The same; `None` where whoever watches called it off.
pub(super) fn watched(
    db: &Connection,
    another: Another<'_>,
    on_rows: OnRows<'_>,
) -> Result<Option<World>, Error> {
    in_read_transaction(db, |db| read_watched(db, another, on_rows))
}

/// One transaction, so that the journal and the rows belong together.
pub(super) fn in_read_transaction<T>(
    db: &Connection,
    look: impl FnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    db.execute_batch("BEGIN")?;
    let result = look(db);
    if !db.is_autocommit() {
        // Nothing was written; and what the look found says more than a failure to end it.
        drop(db.execute_batch("ROLLBACK"));
    }
    result
}

/// The seal of the journal, or of the records as they stand now, which are ahead of it where another
/// program has changed some.
pub(super) fn seal(db: &Connection, of: SealOf) -> Result<Option<Seal>, Error> {
    chain::seal(db, of, external_edits::is_pending(db)?)
}

/// Inside the caller's transaction.
pub(super) fn read(db: &Connection, another: Another<'_>) -> Result<World, Error> {
    Ok(read_watched(db, another, &|_| true)?.unwrap_or_default())
}

fn read_watched(
    db: &Connection,
    another: Another<'_>,
    on_rows: OnRows<'_>,
) -> Result<Option<World>, Error> {
    let mut world = World::default();
    world.revision = journal::revision(db)?;
    world.seal = seal(db, SealOf::Records)?;
    let names = RowNames::of(db)?;
    let (mut lower, mut upper) = (Vec::new(), Vec::new());
    for kind in Kind::ALL {
        let (below, above) = halves(kind, None, last_row(db, kind)?);
        lower.push(below);
        upper.extend(above);
    }
    let read_upper = |db: &Connection| {
        let mut records = Vec::new();
        let is_whole = read_rows(db, &upper, &names, on_rows, &mut |record| records.push(record))?;
        Ok(is_whole.then_some(records))
    };
    let second = if upper.is_empty() { None } else { another()? };
    let has_second = second.is_some();
    let (is_whole, above) = beside(second, read_upper, || {
        let mut is_whole =
            read_rows(db, &lower, &names, on_rows, &mut |record| world.load(record))?;
        if is_whole && !has_second {
            is_whole = read_rows(db, &upper, &names, on_rows, &mut |record| world.load(record))?;
        }
        Ok(is_whole)
    })?;
    match above {
        None => {}
        Some(Some(records)) => records.into_iter().for_each(|record| world.load(record)),
        Some(None) => return Ok(None),
    }
    Ok(is_whole.then_some(world))
}

/// The largest number of a row: there are no more rows than that, and fewer where some were deleted.
pub(super) fn last_row(db: &Connection, kind: Kind) -> Result<i64, Error> {
    let sql = format!("SELECT coalesce(max(fid), 0) FROM {kind}");
    Ok(db.query_row(&sql, [], |row| row.get(0))?)
}

/// All rows of a layer in two parts; of a small one the first is all of it.
pub(super) fn halves(
    kind: Kind,
    fields: Option<Vec<u8>>,
    last_row: i64,
) -> (RowsOf, Option<RowsOf>) {
    if last_row <= MIN_ROWS_FOR_TWO_THREADS {
        return (RowsOf { kind, fields, condition: String::new() }, None);
    }
    let middle = last_row / LOWER_PART.1 * LOWER_PART.0;
    let part = |sign: &str, fields| RowsOf {
        kind,
        fields,
        condition: format!("WHERE fid {sign} {middle}"),
    };
    (part("<=", fields.clone()), Some(part(">", fields)))
}

/// Does one thing with the other connection, where there is one, while another is done here.
pub(super) fn beside<A: Send, B>(
    other: Option<Connection>,
    there: impl FnOnce(&Connection) -> Result<A, Error> + Send,
    here: impl FnOnce() -> Result<B, Error>,
) -> Result<(B, Option<A>), Error> {
    thread::scope(|scope| {
        let started = other.map(|other| {
            let builder = thread::Builder::new().name("load".to_owned());
            builder.spawn_scoped(scope, move || there(&other))
        });
        let result = here();
        let Some(started) = started else { return Ok((result?, None)) };
        let started = started.map_err(|source| Error::Io { path: "load".into(), source })?;
        let found = started.join().unwrap_or_else(|_| Err(rusqlite::Error::InvalidQuery.into()));
        Ok((result?, Some(found?)))
    })
}

/// Whether all was read, and nobody called it off.
pub(super) fn read_rows(
    db: &Connection,
    all: &[RowsOf],
    names: &RowNames,
    on_rows: OnRows<'_>,
    take: &mut dyn FnMut(Arc<Record>),
) -> Result<bool, Error> {
    for RowsOf { kind, fields, condition } in all {
        let mut reader = RowReader::new(*kind, names.clone());
        let sql = match fields {
            None => rows::select(*kind, kind.key(), condition),
            Some(fields) => rows::select_some(*kind, fields, condition),
        };
        let mut read = |row: &Row<'_>| {
            let record = match fields {
                None => reader.read(row)?.1,
                Some(fields) => reader.read_some(row, fields)?,
            };
            take(Arc::new(record));
            Ok(())
        };
        if !each_row(db, &sql, on_rows, &mut read)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn each_row(
    db: &Connection,
    sql: &str,
    on_rows: OnRows<'_>,
    read: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<bool, Error> {
    let mut query = db.prepare(sql)?;
    let mut rows = query.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        read(row)?;
        count += 1;
        if count == ROWS_BETWEEN {
            if !on_rows(count) {
                return Ok(false);
            }
            count = 0;
        }
    }
    Ok(on_rows(count))
}
