//! Reads what can be read of a damaged district into a new one: rows around the pages that are lost,
//! and from the journal what stood on those.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::super::journal::{self, Cause};
use super::super::open::{connect, copied, io};
use super::super::row_names::RowNames;
use super::super::rows::{self, RowReader};
use super::super::session::Size;
use super::super::{Error, Store, attachment, readings, schema};
use super::table_list;
use crate::domain::{Change, EditKind, Kind, Record, RecordId, Stamp};

/// What was saved of a damaged file, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Records in the new file, kinds without any left out.
    pub records: Vec<(Kind, u64)>,
    /// Of these, how many only the journal still had.
    pub from_journal: u64,
    /// Of these, how many are other than what the journal says last: another program changed them,
    /// or they are damaged themselves.
    pub doubtful: u64,
    pub attachments: u64,
    /// Rows of readings.
    pub readings: u64,
    /// Stretches of row numbers that could not be read, by table.
    pub holes: Vec<(String, i64, i64)>,
    /// Edits of which not everything could be read.
    pub unreadable_edits: u64,
}

type Key = (Kind, RecordId);

/// Makes `target`, which must not exist, from what can be read of `district`. No byte of that is
/// changed. [`Error::NothingToSalvage`] where not even the list of tables can be
/// read, or no record by it.
pub fn salvage(district: &Path, target: &Path, by: &Stamp) -> Result<Salvaged, Error> {
    let folder = tempfile::tempdir().map_err(|source| io(district, source))?;
    let copy = copied(district, folder.path())?;
    let db = opened(&copy, district)?;
    let mut salvaged = Salvaged::default();
    let stored = stored(&db, &mut salvaged);
    let journaled = journaled(&db, &mut salvaged);
    let records = together(stored, &journaled, &mut salvaged);
    if records.is_empty() && journaled.is_empty() {
        return Err(nothing(district));
    }
    let note = format!("抢救 salvaged: {}", district.file_name().unwrap_or_default().display());
    Store::create_filled(target, |store| {
        for (name, content) in attachments(&db, &mut salvaged) {
            store.attach(&name, &content, by)?;
            salvaged.attachments += 1;
        }
        let mut session = store.session(by, Size::Many)?;
        let copied = readings::salvage(&db, session.db())?;
        salvaged.readings = copied.rows;
        salvaged.holes.extend(copied.holes);
        for record in records.into_values() {
            session.admit(record.id);
            session.write(&Change { before: None, after: Some(record) })?;
        }
        session.commit(EditKind::Import, Some(note)).map(drop)
    })?;
    Ok(salvaged)
}

fn nothing(district: &Path) -> Error {
    Error::NothingToSalvage(district.to_owned())
}

/// Page sizes, where the header does not say which: that of every file of ours first.
const PAGE_BYTES: [u16; 4] = [4096, 1024, 8192, 512];

/// A copy of ours, whose header may be made anew.
fn opened(copy: &Path, district: &Path) -> Result<Connection, Error> {
    let try_it = || {
        let db = connect(copy, "mode=rw")?;
        db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))?;
        Ok::<_, Error>((db, true))
    };
    let mut opened = try_it();
    if opened.is_err() {
        // A log that does not belong to it may be what is wrong.
        for suffix in ["-wal", "-shm", "-journal"] {
            drop(std::fs::remove_file(crate::files::beside(copy, suffix)));
        }
        opened = try_it();
    }
    let bytes = std::fs::read(copy).map_err(|source| io(copy, source))?;
    for page_bytes in PAGE_BYTES {
        if opened.is_ok() {
            break;
        }
        std::fs::write(copy, with_header(&bytes, page_bytes)).map_err(|source| io(copy, source))?;
        opened = try_it();
    }
    for page_bytes in PAGE_BYTES {
        if opened.is_ok() {
            break;
        }
        let headed = with_header(&bytes, page_bytes);
        let Some(image) = table_list::with_new_root(headed, page_bytes.into()) else { continue };
        std::fs::write(copy, image).map_err(|source| io(copy, source))?;
        opened = in_part(copy).map(|db| (db, false));
    }
    for page_bytes in std::iter::once(None).chain(PAGE_BYTES.map(Some)) {
        if opened.is_ok() {
            break;
        }
        let image = page_bytes.map_or_else(|| bytes.clone(), |page| with_header(&bytes, page));
        std::fs::write(copy, image).map_err(|source| io(copy, source))?;
        opened = in_part(copy).map(|db| (db, false));
    }
    let Ok((db, is_whole)) = opened else { return Err(nothing(district)) };
    if is_whole {
        // What an older program's file lacks stands in, as when it is read. Where the list of tables
        // is not whole, a table that is missing was lost, and nothing stands in for it.
        drop(schema::stand_in(&db));
    }
    Ok(db)
}

/// Of a file whose list of tables is damaged itself: those that can be read, one of ours at least.
fn in_part(copy: &Path) -> Result<Connection, Error> {
    let db = connect(copy, "mode=rw")?;
    // SQLite then takes the list as far as it comes.
    db.execute_batch("PRAGMA writable_schema = ON")?;
    let is_known = |table: &str| db.prepare(&format!("SELECT * FROM {table}")).map(drop);
    is_known("shapan_journal").or_else(|lost| {
        let any = Kind::ALL.into_iter().any(|kind| is_known(kind.key()).is_ok());
        if any { Ok(()) } else { Err(lost) }
    })?;
    Ok(db)
}

/// The header as we write it, see sqlite.org/fileformat2.html.
fn with_header(bytes: &[u8], page_bytes: u16) -> Vec<u8> {
    let mut head = [0; 100];
    let mut put = |at: usize, part: &[u8]| {
        if let Some(place) = head.get_mut(at..at + part.len()) {
            place.copy_from_slice(part);
        }
    };
    put(0, b"SQLite format 3\0");
    put(16, &page_bytes.to_be_bytes());
    put(18, &[1, 1, 0, 64, 32, 32]);
    put(44, &4_u32.to_be_bytes());
    put(56, &1_u32.to_be_bytes());
    head.iter().chain(bytes.iter().skip(head.len())).copied().collect()
}

fn stored(db: &Connection, salvaged: &mut Salvaged) -> BTreeMap<Key, Arc<Record>> {
    let mut records = BTreeMap::new();
    for kind in Kind::ALL {
        let mut reader = RowReader::new(kind, RowNames::default());
        let sql = rows::select(kind, kind.key(), "WHERE fid > ?1 ORDER BY fid");
        let holes = walk(db, kind.key(), "fid", &sql, &mut |row| {
            let record = reader.read(row)?.1;
            records.insert((kind, record.id), Arc::new(record));
            Ok(())
        });
        salvaged
            .holes
            .extend(holes.into_iter().map(|(from, to)| (kind.key().to_owned(), from, to)));
    }
    records
}

/// The last state of every record, as far as the journal can be read.
fn journaled(db: &Connection, salvaged: &mut Salvaged) -> BTreeMap<Key, Arc<Record>> {
    let mut living = BTreeMap::new();
    let mut revisions = Vec::new();
    let sql = "SELECT revision FROM shapan_journal WHERE revision > ?1 ORDER BY revision";
    let holes = walk(db, "shapan_journal", "revision", sql, &mut |row| {
        revisions.push(row.get::<_, i64>(0)?.cast_unsigned());
        Ok(())
    });
    salvaged
        .holes
        .extend(holes.into_iter().map(|(from, to)| ("shapan_journal".to_owned(), from, to)));
    for revision in revisions {
        if play(db, revision, &mut living).is_err() {
            salvaged.unreadable_edits += 1;
        }
    }
    living
}

fn play(
    db: &Connection,
    revision: u64,
    living: &mut BTreeMap<Key, Arc<Record>>,
) -> Result<(), Error> {
    let Some(entry) = journal::entry_of(db, revision)? else { return Ok(()) };
    let is_undo = entry.cause == Cause::Undo;
    journal::each_part(db, entry.target.unwrap_or(revision), is_undo, &mut |changes| {
        for change in changes {
            let change = if is_undo { change.inverse() } else { change };
            let Some(key) = change.record().map(|record| (record.kind, record.id)) else {
                continue;
            };
            match change.after {
                Some(after) => living.insert(key, after),
                None => living.remove(&key),
            };
        }
        Ok(())
    })
}

/// Rows as they are, and where a layer has holes what the journal says stood there.
fn together(
    mut stored: BTreeMap<Key, Arc<Record>>,
    journaled: &BTreeMap<Key, Arc<Record>>,
    salvaged: &mut Salvaged,
) -> BTreeMap<Key, Arc<Record>> {
    let has_holes = |kind: Kind| salvaged.holes.iter().any(|(table, ..)| table == kind.key());
    let gaps: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| has_holes(*kind)).collect();
    for (key, record) in journaled {
        match stored.get(key) {
            Some(row) => salvaged.doubtful += u64::from(row != record),
            None if gaps.contains(&key.0) => {
                stored.insert(*key, Arc::clone(record));
                salvaged.from_journal += 1;
            }
            None => {}
        }
    }
    let mut counts: FxHashMap<Kind, u64> = FxHashMap::default();
    for (kind, _) in stored.keys() {
        *counts.entry(*kind).or_default() += 1;
    }
    let count = |kind: Kind| Some((kind, *counts.get(&kind)?));
    salvaged.records = Kind::ALL.into_iter().filter_map(count).collect();
    stored
}

fn attachments(db: &Connection, salvaged: &mut Salvaged) -> Vec<(String, Vec<u8>)> {
    let mut names = Vec::new();
    let sql = "SELECT id, name FROM shapan_attachment WHERE id > ?1 ORDER BY id";
    let holes = walk(db, "shapan_attachment", "id", sql, &mut |row| {
        names.push(row.get::<_, String>(1)?);
        Ok(())
    });
    let table = || "shapan_attachment".to_owned();
    salvaged.holes.extend(holes.into_iter().map(|(from, to)| (table(), from, to)));
    let read = |name: String| {
        let content = attachment::read(db, &name).ok()??.content;
        Some((name, content))
    };
    names.into_iter().filter_map(read).collect()
}

/// The end of a hole of which nobody knows where it ends: of a table that cannot be read at all.
pub const UNKNOWN_LAST: i64 = 1 << 40;

/// So many row numbers are tried one by one behind a row that cannot be read, then ever more at once:
/// a page holds some tens of rows.
const ONE_BY_ONE: i64 = 256;

/// Reads rows in their order, around those that cannot be read: `sql` gives those whose number is
/// larger than its parameter, the number first. What was left out, both ends included.
pub(in crate::store) fn walk(
    db: &Connection,
    table: &str,
    number: &str,
    sql: &str,
    visit: &mut dyn FnMut(&rusqlite::Row<'_>) -> Result<(), Error>,
) -> Vec<(i64, i64)> {
    let last = db.query_row(&format!("SELECT max({number}) FROM {table}"), [], |row| {
        row.get::<_, Option<i64>>(0)
    });
    let last = last.map_or(UNKNOWN_LAST, Option::unwrap_or_default);
    let (mut at, mut holes) = (0, Vec::new());
    while at < last {
        let mut run = || {
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query([at])?;
            while let Some(row) = rows.next()? {
                visit(row)?;
                at = row.get(0)?;
            }
            Ok::<_, Error>(())
        };
        if run().is_ok() {
            break;
        }
        let Some(next) = next_readable(db, sql, at, last) else {
            holes.push((at + 1, last));
            break;
        };
        holes.push((at + 1, next));
        at = next;
    }
    holes
}

/// The number after which rows can be read again.
fn next_readable(db: &Connection, sql: &str, from: i64, last: i64) -> Option<i64> {
    // Both the way down the tree and the row itself must be readable.
    let can = |at: i64| {
        let first = format!("{sql} LIMIT 1");
        let row = db.prepare_cached(&first).and_then(|mut query| {
            let mut rows = query.query([at])?;
            rows.next().map(|row| row.is_some())
        });
        row.unwrap_or(false)
    };
    let mut step = 1;
    let mut at = from.checked_add(1)?;
    while at <= last {
        if can(at) {
            return Some(at);
        }
        if at - from >= ONE_BY_ONE {
            step *= 2;
        }
        at = at.checked_add(step)?;
    }
    None
}

/// Where what is salvaged goes if nobody says: `丰润.salvaged-20261129T083000123Z.gpkg`.
pub fn salvage_path(district: &Path, at: jiff::Timestamp) -> PathBuf {
    let stem = district.file_stem().unwrap_or_default().to_string_lossy();
    let time = at.strftime(super::backup::TIME);
    crate::files::folder_of(district).join(format!("{stem}.salvaged-{time}.gpkg"))
}
