//! The journal: one row an edit, its changes packed in parts, and which edits can be undone; and one
//! row an event, which changes no record. What an edit does to the layer tables is not here but in
//! `store::session`, what ties the rows together in `journal::chain`.

pub mod chain;
pub mod codec;
pub mod journal_writer;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use self::chain::{Hash, PartsHash};
use super::Error;
use crate::domain::{Change, EditKind, Seal, Stamp};

/// How a revision came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Do,
    Undo,
    Redo,
    /// Another program changed the file; the journal only says so.
    External,
    /// What happened to no record: something went out to a file, a photo came in. No undo step.
    Event,
}

impl Cause {
    /// As the journal stores it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Do => "do",
            Self::Undo => "undo",
            Self::Redo => "redo",
            Self::External => "outside",
            Self::Event => "event",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [Self::Do, Self::Undo, Self::Redo, Self::External, Self::Event]
            .into_iter()
            .find(|cause| cause.key() == key)
    }
}

/// One row of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    pub revision: u64,
    pub at: Timestamp,
    pub actor: Arc<str>,
    pub cause: Cause,
    pub kind: EditKind,
    /// The revision that an undo or a redo is about.
    pub target: Option<u64>,
    pub created: u64,
    pub updated: u64,
    pub deleted: u64,
    /// Names of records, the file that was imported, or what an event was about.
    pub note: String,
    /// SHA-256 over the row and all before it; `None` in a file of an older format.
    pub hash: Option<Hash>,
}

impl JournalEntry {
    /// How many records it is about.
    pub const fn count(&self) -> u64 {
        self.created.saturating_add(self.updated).saturating_add(self.deleted)
    }

    /// Whether two files have this row in common, one of which may be of a format without hashes.
    pub(super) fn is_same_row(&self, other: &Self) -> bool {
        let bare = |entry: &Self| Self { hash: None, ..entry.clone() };
        let has_both = self.hash.is_some() && other.hash.is_some();
        bare(self) == bare(other) && (!has_both || self.hash == other.hash)
    }

    /// What stands for the journal up to this row; `None` in a file of an older format.
    pub fn seal(&self) -> Option<Seal> {
        let (revision, hash) = (self.revision, self.hash?);
        Some(Seal { revision, hash, is_ahead: false })
    }
}

/// Which edits can be undone and redone, as the journal says: an undo is a row that names its target,
/// so the two lists follow from the rows alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoStack {
    /// Revisions that can be taken back, the latest last.
    pub done: Vec<u64>,
    /// Revisions that were taken back and can be done again, the latest last.
    pub undone: Vec<u64>,
}

impl UndoStack {
    /// From all rows of the journal, the oldest first.
    pub fn of(entries: &[JournalEntry]) -> Self {
        let mut steps = Self::default();
        for entry in entries {
            steps.push(entry);
        }
        steps
    }

    /// The next row of the journal.
    pub fn push(&mut self, entry: &JournalEntry) {
        match (entry.cause, entry.target) {
            (Cause::Do, _)
                if matches!(entry.kind, EditKind::Found | EditKind::Feed | EditKind::Alarm) => {}
            (Cause::Do | Cause::External, _) => {
                self.done.push(entry.revision);
                self.undone.clear();
            }
            (Cause::Undo, Some(target)) => {
                self.done.retain(|revision| *revision != target);
                self.undone.push(target);
            }
            (Cause::Redo, Some(target)) => {
                self.undone.retain(|revision| *revision != target);
                self.done.push(target);
            }
            (Cause::Undo | Cause::Redo, None) | (Cause::Event, _) => {}
        }
    }
}

/// The latest revision; 0 in an empty journal.
pub(super) fn revision(db: &Connection) -> Result<u64, Error> {
    let revision: i64 = db
        .prepare_cached("SELECT coalesce(max(revision), 0) FROM shapan_journal")?
        .query_row([], |row| row.get(0))?;
    Ok(revision.cast_unsigned())
}

/// All rows, the oldest first.
pub(super) fn entries(db: &Connection) -> Result<Vec<JournalEntry>, Error> {
    entries_since(db, 0)
}

/// The rows after a revision, the oldest first.
pub(super) fn entries_since(db: &Connection, revision: u64) -> Result<Vec<JournalEntry>, Error> {
    entries_between(db, revision, i64::MAX.cast_unsigned())
}

/// The rows after one revision up to another.
fn entries_between(db: &Connection, after: u64, to: u64) -> Result<Vec<JournalEntry>, Error> {
    let mut query = db.prepare_cached(
        "SELECT revision, at, actor, cause, kind, target, created, updated, deleted, note, hash
         FROM shapan_journal WHERE revision > ?1 AND revision <= ?2 ORDER BY revision",
    )?;
    let mut rows = query.query([after.cast_signed(), to.cast_signed()])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let revision = row.get::<_, i64>(0)?.cast_unsigned();
        let unreadable = |reason: String| Error::Journal { revision, reason };
        let (at, cause, kind): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(4)?);
        entries.push(JournalEntry {
            revision,
            at: at.parse().map_err(|error: jiff::Error| unreadable(error.to_string()))?,
            actor: row.get::<_, String>(2)?.into(),
            cause: Cause::from_key(&cause).ok_or_else(|| unreadable(format!("cause {cause}")))?,
            kind: EditKind::from_key(&kind).ok_or_else(|| unreadable(format!("kind {kind}")))?,
            target: row.get::<_, Option<i64>>(5)?.map(i64::cast_unsigned),
            created: row.get::<_, i64>(6)?.cast_unsigned(),
            updated: row.get::<_, i64>(7)?.cast_unsigned(),
            deleted: row.get::<_, i64>(8)?.cast_unsigned(),
            note: row.get(9)?,
            hash: chain::hash_of(row, 10)?,
        });
    }
    Ok(entries)
}

/// The row of one revision.
pub(super) fn entry_of(db: &Connection, revision: u64) -> Result<Option<JournalEntry>, Error> {
    let entries = entries_between(db, revision.saturating_sub(1), revision)?;
    Ok(entries.into_iter().next())
}

/// What the journal says of something that went out: the file first, the seal of the state last,
/// between them what was asked. `out.xlsx · site 57 · kind=餐饮 · r17-3fa9c2d1e0b7`
pub fn event_note(target: &Path, asked: &[String], seal: Option<Seal>) -> String {
    let parts = std::iter::once(target.display().to_string()).chain(asked.iter().cloned());
    parts.chain(seal.map(|seal| seal.short())).collect::<Vec<_>>().join(" · ")
}

/// Adds the row of an event; its revision. Inside a transaction of ours.
pub(super) fn event(db: &Connection, kind: EditKind, note: &str, by: &Stamp) -> Result<u64, Error> {
    let mut entry = entry(revision(db)? + 1, Cause::Event, kind, by);
    note.clone_into(&mut entry.note);
    chain::append(db, &entry, PartsHash::default())?;
    Ok(entry.revision)
}

/// Adds a part, numbered from 0, of a revision that gets its row in the same transaction.
pub(super) fn insert_part(
    db: &Connection,
    revision: u64,
    part: u64,
    body: &[u8],
) -> Result<(), Error> {
    db.prepare_cached("INSERT INTO shapan_change (revision, part, body) VALUES (?1, ?2, ?3)")?
        .execute(params![revision.cast_signed(), part.cast_signed(), body])?;
    Ok(())
}

/// The changes of a revision, part by part, so that a large import never stands in memory whole.
/// With `is_backwards`, the last change comes first.
pub(super) fn each_part(
    db: &Connection,
    revision: u64,
    is_backwards: bool,
    visit: &mut dyn FnMut(Vec<Change>) -> Result<(), Error>,
) -> Result<(), Error> {
    let order = if is_backwards { "DESC" } else { "ASC" };
    let parts: Vec<i64> = db
        .prepare_cached(&format!(
            "SELECT part FROM shapan_change WHERE revision = ?1 ORDER BY part {order}"
        ))?
        .query_map([revision.cast_signed()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for part in parts {
        // No statement is open while a part is visited: SQLite drops no index beside one.
        let body: Vec<u8> = db
            .prepare_cached("SELECT body FROM shapan_change WHERE revision = ?1 AND part = ?2")?
            .query_row([revision.cast_signed(), part], |row| row.get(0))?;
        let changes = codec::decode(&body).map_err(|reason| Error::Journal { revision, reason })?;
        let mut changes = changes.into_iter().flat_map(apart).collect::<Vec<_>>();
        if is_backwards {
            changes.reverse();
        }
        visit(changes)?;
    }
    Ok(())
}

fn is_pair(change: &Change) -> bool {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => before.id != after.id,
        _ => false,
    }
}

/// Changes of a revision that are about two records each; see [`apart`].
pub(super) fn pairs(db: &Connection, revision: u64) -> Result<Vec<Change>, Error> {
    let mut query = db.prepare_cached("SELECT body FROM shapan_change WHERE revision = ?1")?;
    let mut rows = query.query([revision.cast_signed()])?;
    let mut pairs = Vec::new();
    while let Some(row) = rows.next()? {
        let body: Vec<u8> = row.get(0)?;
        let changes = codec::decode(&body).map_err(|reason| Error::Journal { revision, reason })?;
        pairs.extend(changes.into_iter().filter(is_pair));
    }
    Ok(pairs)
}

/// Older programs wrote a record that another program deleted and one that it put in the same row
/// as one change. They are read as the two that they were.
fn apart(change: Change) -> impl Iterator<Item = Change> {
    let (first, second) = if is_pair(&change) {
        let gone = Change { before: change.before, after: None };
        (gone, Some(Change { before: None, after: change.after }))
    } else {
        (change, None)
    };
    std::iter::once(first).chain(second)
}

/// A row that counts nothing yet.
pub(super) fn entry(revision: u64, cause: Cause, kind: EditKind, by: &Stamp) -> JournalEntry {
    JournalEntry {
        revision,
        at: by.at,
        actor: Arc::clone(&by.actor),
        cause,
        kind,
        target: None,
        created: 0,
        updated: 0,
        deleted: 0,
        note: String::new(),
        hash: None,
    }
}
