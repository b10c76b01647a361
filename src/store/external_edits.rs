//! Edits of other programs. Triggers in the file (`store::schema`) keep each row as it was before its
//! first change; our next edit makes a revision of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::journal::{self, Cause, codec::Encoder};
use super::rows::{self, RowReader};
use super::{Error, schema};
use crate::domain::{Change, EditKind, Kind, Record, Stamp};

/// The actor of such a revision, because the file does not say who it was.
pub const ACTOR: &str = "外部程序";

/// Changes of other programs that are in no revision yet, by kind and `fid`.
pub(super) fn pending(db: &Connection) -> Result<Vec<Change>, Error> {
    if !is_pending(db)? {
        return Ok(Vec::new());
    }
    let mut changes = Vec::new();
    for kind in Kind::ALL {
        let before = before_rows(db, kind)?;
        let mut now = db.prepare_cached(&rows::select(kind, kind.key(), "WHERE fid = ?1"))?;
        let mut reader = RowReader::new(kind);
        for (fid, before) in before {
            let after = now.query_row([fid], |row| Ok(reader.read(row))).optional()?.transpose()?;
            let change =
                Change { before: before.map(Arc::new), after: after.map(|(_, r)| Arc::new(r)) };
            if change.before != change.after {
                changes.push(change);
            }
        }
    }
    Ok(changes)
}

/// Whether there are such changes.
pub(super) fn is_pending(db: &Connection) -> Result<bool, Error> {
    let any: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| format!("EXISTS (SELECT 1 FROM {})", schema::before_table(kind)))
        .collect();
    let mut query = db.prepare_cached(&format!("SELECT {}", any.join(" OR ")))?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// The rows of a layer as they were before another program touched them, by `fid`; `None` where
/// there was none.
pub(super) fn before_rows(
    db: &Connection,
    kind: Kind,
) -> Result<BTreeMap<i64, Option<Record>>, Error> {
    let table = schema::before_table(kind);
    let mut reader = RowReader::new(kind);
    let mut rows = BTreeMap::new();
    let mut query = db.prepare_cached(&rows::select(kind, &table, "WHERE is_new = 0"))?;
    let mut found = query.query([])?;
    while let Some(row) = found.next()? {
        let (fid, record) = reader.read(row)?;
        rows.insert(fid, Some(record));
    }
    let mut query = db.prepare_cached(&format!("SELECT fid FROM {table} WHERE is_new = 1"))?;
    let mut found = query.query([])?;
    while let Some(row) = found.next()? {
        rows.insert(row.get(0)?, None);
    }
    Ok(rows)
}

/// Makes one revision of all that other programs did, gives their new rows the ids by which we
/// already call them, and empties the tables of earlier rows. Inside a transaction of ours.
pub(super) fn adopt(db: &Connection, by: &Stamp) -> Result<(), Error> {
    if !is_pending(db)? {
        return Ok(());
    }
    let mut changes = pending(db)?;
    changes.sort_by_key(Change::subject);
    let outsider = Stamp { actor: ACTOR.into(), at: by.at };
    let mut entry =
        journal::entry(journal::revision(db)? + 1, Cause::External, EditKind::Outside, &outsider);
    let mut encoder = Encoder::default();
    for change in &changes {
        match (&change.before, &change.after) {
            (None, _) => entry.created += 1,
            (_, None) => entry.deleted += 1,
            _ => entry.updated += 1,
        }
        encoder.push(change);
        if let Some(after) = &change.after {
            name_row(db, after)?;
        }
    }
    let names =
        changes.iter().take(4).filter_map(|change| Some(change.record()?.name().to_owned()));
    entry.note = names.collect::<Vec<_>>().join("、");
    if !changes.is_empty() {
        journal::put(db, &entry)?;
        journal::insert_part(db, entry.revision, 0, &encoder.finish())?;
    }
    for kind in Kind::ALL {
        db.prepare_cached(&format!("DELETE FROM {}", schema::before_table(kind)))?.execute([])?;
    }
    Ok(())
}

/// Stores the id of a row that came without one.
fn name_row(db: &Connection, record: &Record) -> Result<(), Error> {
    let Some(fid) = rows::provisional_fid(record.id) else { return Ok(()) };
    db.prepare_cached(&format!(
        "UPDATE {} SET id = ?1 WHERE fid = ?2 AND (id IS NULL OR id = '')",
        record.kind.key()
    ))?
    .execute(params![record.id.to_string(), fid])?;
    Ok(())
}
