//! Reads all records of the file into a [`World`]. How a row becomes a record stands in `store::rows`.

use std::sync::Arc;

use rusqlite::Connection;

use super::journal::chain::{self, SealOf};
use super::row_names::RowNames;
use super::rows::{self, RowReader};
use super::{Error, external_edits, journal};
use crate::domain::{Kind, Record, Seal, World};

/// With fewer rows a second thread costs more than it saves.
const MIN_ROWS_FOR_TWO_THREADS: i64 = 10_000;

/// With a `second` connection large layers are read by two threads. Both see the same state, because
/// our open transaction keeps others from writing to the file, which has no log beside it.
pub(super) fn world(db: &Connection, second: Option<Connection>) -> Result<World, Error> {
    in_read_transaction(db, |db| read(db, second))
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
pub(super) fn read(db: &Connection, second: Option<Connection>) -> Result<World, Error> {
    let mut world = World::default();
    world.revision = journal::revision(db)?;
    world.seal = seal(db, SealOf::Records)?;
    let names = RowNames::of(db)?;
    let plan = plan(db, second.is_some())?;
    let upper = second.map(|second| {
        let (plan, names) = (plan.clone(), names.clone());
        std::thread::Builder::new()
            .name("load".to_owned())
            .spawn(move || upper_halves(&second, &plan, &names))
    });
    let lower: Vec<Vec<Arc<Record>>> = plan
        .iter()
        .map(|(kind, middle)| {
            rows_of(
                db,
                *kind,
                RowReader::new(*kind, names.clone()),
                &middle.map_or_else(String::new, |middle| format!("WHERE fid <= {middle}")),
            )
        })
        .collect::<Result<_, Error>>()?;
    lower.into_iter().flatten().for_each(|record| world.load(record));
    if let Some(upper) = upper {
        let started = upper.map_err(|source| Error::Io { path: "load".into(), source })?;
        let records =
            started.join().unwrap_or_else(|_| Err(rusqlite::Error::InvalidQuery.into()))?;
        for record in records {
            world.load(record);
        }
    }
    Ok(world)
}

/// Each layer, and the `fid` after which the second thread reads.
fn plan(db: &Connection, has_second: bool) -> Result<Vec<(Kind, Option<i64>)>, Error> {
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let sql = format!("SELECT coalesce(max(fid), 0) FROM {kind}");
            let last: i64 = db.query_row(&sql, [], |row| row.get(0))?;
            Ok((kind, (has_second && last > MIN_ROWS_FOR_TWO_THREADS).then_some(last / 2)))
        })
        .collect()
}

fn upper_halves(
    db: &Connection,
    plan: &[(Kind, Option<i64>)],
    names: &RowNames,
) -> Result<Vec<Arc<Record>>, Error> {
    let mut records = Vec::new();
    for (kind, middle) in plan {
        if let Some(middle) = middle {
            let reader = RowReader::new(*kind, names.clone());
            records.extend(rows_of(db, *kind, reader, &format!("WHERE fid > {middle}"))?);
        }
    }
    Ok(records)
}

fn rows_of(
    db: &Connection,
    kind: Kind,
    mut reader: RowReader,
    condition: &str,
) -> Result<Vec<Arc<Record>>, Error> {
    let mut query = db.prepare(&rows::select(kind, kind.key(), condition))?;
    let mut found = query.query([])?;
    let mut records = Vec::new();
    while let Some(row) = found.next()? {
        records.push(Arc::new(reader.read(row)?.1));
    }
    Ok(records)
}
