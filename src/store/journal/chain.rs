//! The chain of the journal: the hash of each row covers the row before it, so that nobody changes,
//! removes, swaps or forges a row without every later hash being another.
//!
//! ```text
//! hash       = SHA-256("shapan journal 1" before:32 column*10 parts:32 attachment:32)
//! before     = the hash of the row before; zeros for the first
//! column     = value                          from `revision` to `note`, as SQLite stores them
//! parts      = SHA-256((part:u64 body:bytes)*), the row's changes as `journal::codec` packed them
//! attachment = SHA-256(value*4) of name, added_at, added_by and content of what the row of an event
//!              `attach` names; zeros for any other row
//! value      = 0 | 1 integer:i64 | 2 real:f64 | 3 text:bytes | 4 blob:bytes
//! bytes      = length:u64, that many bytes; all numbers little-endian
//! ```
//!
//! The chain has no key: who recomputes all of it is found out only by a hash kept elsewhere, as is
//! who cuts off its end.

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};

use super::{Cause, JournalEntry};
use crate::domain::{EditKind, KeptSeal, Seal, Stamp};
use crate::store::Error;
use crate::store::rows::Instant;

/// A SHA-256.
pub type Hash = [u8; 32];

const SALT: &[u8] = b"shapan journal 1";
const NONE: Hash = [0; 32];

/// Who journals that an older file got its hashes.
const PROGRAM: &str = "shapan";

/// The columns that are hashed, in their order.
const COLUMNS: &str = "revision, at, actor, cause, kind, target, created, updated, deleted, note";
const COUNT: usize = 10;

/// The hash of a row's changes, part by part as they are written.
#[derive(Clone, Default)]
pub struct PartsHash(Sha256);

impl PartsHash {
    /// Adds the next part.
    pub fn add(&mut self, number: u64, body: &[u8]) {
        self.0.update(number.to_le_bytes());
        put_bytes(&mut self.0, body);
    }
}

fn put_bytes(to: &mut Sha256, bytes: &[u8]) {
    to.update((bytes.len() as u64).to_le_bytes());
    to.update(bytes);
}

fn put_value(to: &mut Sha256, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => to.update([0]),
        ValueRef::Integer(number) => {
            to.update([1]);
            to.update(number.to_le_bytes());
        }
        ValueRef::Real(number) => {
            to.update([2]);
            to.update(number.to_le_bytes());
        }
        ValueRef::Text(bytes) => {
            to.update([3]);
            put_bytes(to, bytes);
        }
        ValueRef::Blob(bytes) => {
            to.update([4]);
            put_bytes(to, bytes);
        }
    }
}

fn link(
    before: &Hash,
    columns: [ValueRef<'_>; COUNT],
    parts: PartsHash,
    attachment: Option<Hash>,
) -> Hash {
    let mut row = Sha256::new();
    row.update(SALT);
    row.update(before);
    for column in columns {
        put_value(&mut row, column);
    }
    row.update(parts.0.finalize());
    row.update(attachment.unwrap_or(NONE));
    row.finalize().into()
}

/// Adds a row, whose parts are written already, behind all others. Inside a transaction of ours.
pub(in crate::store) fn append(
    db: &Connection,
    entry: &JournalEntry,
    parts: PartsHash,
) -> Result<(), Error> {
    let at = Instant::of(entry.at);
    let text = |text| ValueRef::Text(str::as_bytes(text));
    let number = |number: u64| ValueRef::Integer(number.cast_signed());
    let columns = [
        number(entry.revision),
        text(at.as_str()),
        text(&entry.actor),
        text(entry.cause.key()),
        text(entry.kind.key()),
        entry.target.map_or(ValueRef::Null, number),
        number(entry.created),
        number(entry.updated),
        number(entry.deleted),
        text(&entry.note),
    ];
    let is_attaching = entry.cause == Cause::Event && entry.kind == EditKind::Attach;
    let attachment = if is_attaching { attachment_hash(db, &entry.note)? } else { None };
    let before = head(db)?.map_or(NONE, |(_, hash)| hash);
    let hash = link(&before, columns, parts, attachment);
    db.prepare_cached(
        "INSERT INTO shapan_journal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        entry.revision.cast_signed(),
        at.as_str(),
        &*entry.actor,
        entry.cause.key(),
        entry.kind.key(),
        entry.target.map(u64::cast_signed),
        entry.created.cast_signed(),
        entry.updated.cast_signed(),
        entry.deleted.cast_signed(),
        entry.note,
        hash,
    ])?;
    Ok(())
}

/// The last row and its hash. A hash that is none, which only tampering leaves, is zeros.
fn head(db: &Connection) -> Result<Option<(u64, Hash)>, Error> {
    let found = db
        .prepare_cached("SELECT revision, hash FROM shapan_journal ORDER BY revision DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), hash_of(row, 1)?)))
        .optional()?;
    Ok(found.map(|(revision, hash)| (revision, hash.unwrap_or(NONE))))
}

/// `None` where a column holds no hash.
pub(super) fn hash_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Hash>> {
    let value = row.get_ref(column)?;
    Ok(value.as_blob().ok().and_then(|bytes| bytes.try_into().ok()))
}

/// The seal of the last row, or of the last edit; `None` while there is none, or no hashes.
pub(in crate::store) fn seal(
    db: &Connection,
    of: SealOf,
    is_ahead: bool,
) -> Result<Option<Seal>, Error> {
    if !is_sealed(db)? {
        return Ok(None);
    }
    let found = match of {
        SealOf::Journal => head(db)?,
        SealOf::Records => db
            .prepare_cached(
                "SELECT revision, hash FROM shapan_journal WHERE cause <> 'event'
                 ORDER BY revision DESC LIMIT 1",
            )?
            .query_row([], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), hash_of(row, 1)?)))
            .optional()?
            .map(|(revision, hash)| (revision, hash.unwrap_or(NONE))),
    };
    Ok(found.map(|(revision, hash)| Seal { revision, hash, is_ahead }))
}

/// What a seal stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum SealOf {
    /// Every row.
    Journal,
    /// The records as they are: events change none, so that a paper of the same records shows the
    /// same seal however often it is made.
    Records,
}

/// Whether the journal in the file has hashes: not in one of an older format.
pub(in crate::store) fn is_sealed(db: &Connection) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('shapan_journal', 'main')
               WHERE name = 'hash')";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// `None` where there is no attachment of this name.
fn attachment_hash(db: &Connection, name: &str) -> Result<Option<Hash>, Error> {
    let sql = "SELECT name, added_at, added_by, content FROM shapan_attachment WHERE name = ?1";
    let hash = db
        .prepare_cached(sql)?
        .query_row([name], |row| {
            let mut hash = Sha256::new();
            for column in 0..4 {
                put_value(&mut hash, row.get_ref(column)?);
            }
            Ok(hash.finalize().into())
        })
        .optional()?;
    Ok(hash)
}

/// Puts the rows of an older journal into the table with hashes, which then takes its place, and
/// journals that and what was attached before. Inside the caller's transaction. Where the journal
/// has hashes already, whatever the file says of its format, they stay: to make them anew would hide
/// what does not follow.
pub(in crate::store) fn upgrade(db: &Connection, from: u32, at: Timestamp) -> Result<(), Error> {
    if is_sealed(db)? {
        db.execute_batch("DROP TABLE shapan_journal_sealed")?;
        return Ok(());
    }
    rebuild(db)?;
    if from == 0 {
        return Ok(());
    }
    let by = Stamp { actor: PROGRAM.into(), at };
    super::event(db, EditKind::Seal, &format!("format {from}"), &by)?;
    let mut query = db.prepare("SELECT name FROM shapan_attachment ORDER BY id")?;
    let names: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for name in names {
        super::event(db, EditKind::Attach, &name, &by)?;
    }
    Ok(())
}

fn rebuild(db: &Connection) -> Result<(), Error> {
    let mut before = NONE;
    let mut put = db.prepare(
        "INSERT INTO shapan_journal_sealed
         SELECT revision, at, actor, cause, kind, target, created, updated, deleted, note, ?2
         FROM shapan_journal WHERE revision = ?1",
    )?;
    let mut query =
        db.prepare(&format!("SELECT {COLUMNS} FROM shapan_journal ORDER BY revision"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let revision: i64 = row.get(0)?;
        before = link(&before, columns(row)?, parts_of(db, revision)?, None);
        put.execute(params![revision, before])?;
    }
    drop(rows);
    // `legacy`: a view that some other program left broken must not stop the renaming.
    db.execute_batch(
        "PRAGMA legacy_alter_table = ON;
         DROP TABLE shapan_journal;
         ALTER TABLE shapan_journal_sealed RENAME TO shapan_journal;
         PRAGMA legacy_alter_table = OFF;",
    )?;
    Ok(())
}

fn columns<'a>(row: &'a Row<'_>) -> Result<[ValueRef<'a>; COUNT], Error> {
    let mut columns = [ValueRef::Null; COUNT];
    for (index, column) in columns.iter_mut().enumerate() {
        *column = row.get_ref(index)?;
    }
    Ok(columns)
}

fn parts_of(db: &Connection, revision: i64) -> Result<PartsHash, Error> {
    let mut hash = PartsHash::default();
    let mut query = db
        .prepare_cached("SELECT part, body FROM shapan_change WHERE revision = ?1 ORDER BY part")?;
    let mut rows = query.query([revision])?;
    while let Some(row) = rows.next()? {
        let (part, body) = (row.get_ref(0)?, row.get_ref(1)?);
        match (part, body) {
            (ValueRef::Integer(part), ValueRef::Blob(body)) => hash.add(part.cast_unsigned(), body),
            // We write neither: whatever it is, it gives another hash than ours.
            (part, body) => {
                for value in [part, body] {
                    put_value(&mut hash.0, value);
                }
            }
        }
    }
    Ok(hash)
}

/// Why the journal is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) enum Broken {
    /// The first row whose hash is not what it has to be after the row before.
    Row(i64),
    /// Changes of a row that is not there.
    Changes(i64),
    /// An attachment that no row says was added.
    Attachment(String),
}

/// Looks at every row, the oldest first, and stops at the first that does not follow. `None` where
/// all is as it was written, and in a journal of an older format, which has no hashes.
pub(in crate::store) fn verify(db: &Connection) -> Result<Option<Broken>, Error> {
    if !is_sealed(db)? {
        return Ok(None);
    }
    let mut before = NONE;
    let mut attached = FxHashSet::default();
    let mut query =
        db.prepare(&format!("SELECT {COLUMNS}, hash FROM shapan_journal ORDER BY revision"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let revision: i64 = row.get(0)?;
        let named = attached_by(row);
        let attachment = match &named {
            Some(name) => attachment_hash(db, name)?,
            None => None,
        };
        let expected = link(&before, columns(row)?, parts_of(db, revision)?, attachment);
        if hash_of(row, COUNT)? != Some(expected) {
            return Ok(Some(Broken::Row(revision)));
        }
        attached.extend(named);
        before = expected;
    }
    let loose = db
        .query_row(
            "SELECT revision FROM shapan_change
             WHERE revision NOT IN (SELECT revision FROM shapan_journal) LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(revision) = loose {
        return Ok(Some(Broken::Changes(revision)));
    }
    let mut query = db.prepare("SELECT name FROM shapan_attachment ORDER BY id")?;
    for name in query.query_map([], |row| row.get::<_, String>(0))? {
        let name = name?;
        if !attached.contains(&name) {
            return Ok(Some(Broken::Attachment(name)));
        }
    }
    Ok(None)
}

/// The name of what the row of an event attached. Columns that are no text leave the row without its
/// attachment, so that its hash is another.
fn attached_by(row: &Row<'_>) -> Option<String> {
    let (cause, kind): (String, String) = (row.get(3).ok()?, row.get(4).ok()?);
    let is_attaching = cause == Cause::Event.key() && kind == EditKind::Attach.key();
    if is_attaching { row.get(9).ok() } else { None }
}

/// What has become of a row whose seal was kept elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealAnswer {
    /// The row is there, and so many came after it.
    Holds { revision: u64, later: u64 },
    /// A row of that number is there with another hash.
    Rewritten(u64),
    /// The journal ends before it, at this row.
    CutOff(u64),
    /// No row has the hash that was kept, of which no number was.
    Unknown,
    /// The file is of an older format, which has no hashes.
    Unsealed,
}

/// Looks for a seal that was kept elsewhere. That the rows up to it follow each other is
/// [`verify`]'s to say.
pub(in crate::store) fn find(db: &Connection, kept: &KeptSeal) -> Result<SealAnswer, Error> {
    if !is_sealed(db)? {
        return Ok(SealAnswer::Unsealed);
    }
    let mut query = db.prepare("SELECT revision, hash FROM shapan_journal ORDER BY revision")?;
    let mut rows = query.query([])?;
    let (mut found, mut last, mut later) = (None, 0, 0);
    while let Some(row) = rows.next()? {
        let revision = row.get::<_, i64>(0)?.cast_unsigned();
        last = revision;
        later += 1;
        let is_meant = kept.revision.is_none_or(|wanted| wanted == revision);
        if is_meant && hash_of(row, 1)?.is_some_and(|hash| kept.is_of(&hash)) {
            (found, later) = (Some(revision), 0);
        }
    }
    Ok(match (found, kept.revision) {
        (Some(revision), _) => SealAnswer::Holds { revision, later },
        (None, Some(wanted)) if wanted > last => SealAnswer::CutOff(last),
        (None, Some(wanted)) => SealAnswer::Rewritten(wanted),
        (None, None) => SealAnswer::Unknown,
    })
}
