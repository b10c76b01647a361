//! Edits of other programs. Triggers in the file (`store::schema`) keep each row as it was before its
//! first change; our next edit makes a revision of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::journal::chain::{self, PartsHash};
use super::journal::{self, Cause, codec::Encoder};
use super::row_names::RowNames;
use super::rows::{self, RowReader};
use super::{Error, schema};
use crate::domain::{Change, EditKind, Kind, Record, RecordId, Stamp};

/// The actor of such a revision, because the file does not say who it was.
pub const ACTOR: &str = "外部程序";

/// Changes of other programs that are in no revision yet: what is gone, what is another, what is new.
///
/// Rows are paired by id: SQLite gives the number of the newest row again once that is deleted, so
/// the row that stands in a place now may be another than the one that stood there.
pub(super) fn pending(db: &Connection) -> Result<Vec<Change>, Error> {
    Ok(read(db)?.changes)
}

#[derive(Default)]
struct Pending {
    changes: Vec<Change>,
    /// Every row that was touched and is still there, with its id and whether its text is another.
    rows: Vec<TouchedRow>,
}

struct TouchedRow {
    kind: Kind,
    fid: i64,
    id: RecordId,
    /// It came with an id that is none or another row's.
    is_renamed: bool,
}

fn read(db: &Connection) -> Result<Pending, Error> {
    let mut pending = Pending::default();
    if !is_pending(db)? {
        return Ok(pending);
    }
    let names = RowNames::of(db)?;
    for kind in Kind::ALL {
        let mut sides: BTreeMap<RecordId, Change> = BTreeMap::new();
        let nothing = || Change { before: None, after: None };
        let mut now = db.prepare_cached(&rows::select(kind, kind.key(), "WHERE fid = ?1"))?;
        let mut reader = RowReader::new(kind, names.clone());
        for (fid, before) in before_rows(db, kind, &names)? {
            if let Some(before) = before {
                let side = sides.entry(before.id).or_insert_with(nothing);
                side.before = Some(Arc::new(before));
            }
            let found = now
                .query_row([fid], |row| Ok((row.get::<_, Option<String>>(2)?, reader.read(row))));
            let Some((text, record)) = found.optional()? else { continue };
            let record = record?.1;
            let id = record.id;
            let is_own = |text: &str| text.is_empty() || text.parse() == Ok(id);
            let is_renamed = text.is_some_and(|text| !is_own(&text));
            pending.rows.push(TouchedRow { kind, fid, id, is_renamed });
            sides.entry(id).or_insert_with(nothing).after = Some(Arc::new(record));
        }
        pending.changes.extend(sides.into_values().filter(|change| change.before != change.after));
    }
    // What is gone first: a new record may have its code.
    pending.changes.sort_by_key(|change| (change.before.is_none(), change.after.is_some()));
    Ok(pending)
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
    names: &RowNames,
) -> Result<BTreeMap<i64, Option<Record>>, Error> {
    let table = schema::before_table(kind);
    let mut reader = RowReader::new(kind, names.of_earlier_rows());
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
    let Pending { changes, rows } = read(db)?;
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
    }
    // First all of them free, then named: the text of one may be the id of another.
    for row in &rows {
        name_row(db, row, None)?;
    }
    for row in &rows {
        name_row(db, row, Some(&row.id.to_string()))?;
    }
    let names =
        changes.iter().take(4).filter_map(|change| Some(change.record()?.name().to_owned()));
    entry.note = names.collect::<Vec<_>>().join("、");
    let renamed = rows.iter().filter(|row| row.is_renamed).count();
    if renamed > 0 {
        write!(entry.note, "（{renamed} 条的 id 无效或重复，已换新 / new ids）").ok();
    }
    if !changes.is_empty() {
        let part = encoder.finish();
        journal::insert_part(db, entry.revision, 0, &part)?;
        let mut parts = PartsHash::default();
        parts.add(0, &part);
        chain::append(db, &entry, parts)?;
    }
    for kind in Kind::ALL {
        db.prepare_cached(&format!("DELETE FROM {}", schema::before_table(kind)))?.execute([])?;
    }
    Ok(())
}

/// Stores the id by which we call a row that came without one, or with one that is none or another's.
fn name_row(db: &Connection, row: &TouchedRow, name: Option<&str>) -> Result<(), Error> {
    db.prepare_cached(&format!("UPDATE {} SET id = ?1 WHERE fid = ?2 AND id IS NOT ?3", row.kind))?
        .execute(params![name, row.fid, row.id.to_string()])?;
    Ok(())
}
