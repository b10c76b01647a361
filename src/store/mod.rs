//! The district file: the only room that speaks SQL about our data.
//!
//! One GeoPackage. Every edit is one transaction, one row of the journal, one undo step. No
//! `rusqlite` type leaves this room but inside [`Error`].

mod as_of;
mod attachment;
mod backup;
mod cache;
mod check;
mod error;
mod external_edits;
mod functions;
mod glimpse;
mod histories;
mod journal;
mod layer_writer;
mod load;
mod mend;
mod open;
pub mod readings;
pub mod restore;
mod row_names;
mod rows;
mod rtree;
mod schema;
mod seen_codes;
mod session;
mod step_kinds;
mod transaction;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode};

use transaction::Writer;

pub use as_of::AsOf;
pub use attachment::Attachment;
pub use backup::folder as backup_folder;
pub use cache::{CacheKey, read_cache, write_cache};
pub use check::CheckFinding;
pub use error::Error;
pub use external_edits::ACTOR as EXTERNAL_ACTOR;
pub use glimpse::{Glimpse, GlimpseOf};
pub use histories::EarlierStates;
pub use journal::chain::SealAnswer;
use journal::chain::{self, SealOf};
pub use journal::{Cause, JournalEntry, UndoStack, event_note};
pub use mend::Mended;
pub use session::{CommitOutcome, Session, Size, WriteOutcome};

use crate::domain::{Change, Edit, EditKind, Ids, KeptSeal, RecordId, Seal, Stamp, World};
use crate::files::Unfinished;

/// With more changes than this the file is read anew: it takes no longer.
const MOST_TO_FOLLOW: u64 = 20_000;

/// A district file opened for reading. Not a byte of the file changes, and nothing is left
/// beside it.
pub struct DistrictReader {
    open: open::ReadOnly,
    path: PathBuf,
}

/// A district file opened for writing.
pub struct Store {
    db: Writer,
    path: PathBuf,
    /// A session that stays open writes through a log, and puts the file back to rest at its end.
    wants_log: bool,
    has_log: bool,
}

/// What a file takes of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub bytes: u64,
    /// Within it; the next edits use it first.
    pub free_bytes: u64,
}

impl Room {
    /// Whether giving it back is worth a person's while: half of a file that is not small.
    pub const fn is_worth_compacting(self) -> bool {
        self.free_bytes >= 16 << 20 && self.free_bytes * 2 >= self.bytes
    }
}

/// What an undo or a redo did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoStep {
    /// The revision it made.
    pub revision: u64,
    /// The entry that it took back or did again.
    pub entry: JournalEntry,
}

/// What one edit did to one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub entry: JournalEntry,
    pub change: Change,
}

impl DistrictReader {
    /// [`Error::Missing`], [`Error::NotADistrict`] or [`Error::FromTheFuture`] where it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self { open: open::read_only(path)?, path: path.to_owned() })
    }

    /// All records as they are now.
    pub fn load(&self) -> Result<World, Error> {
        load::world(&self.open.db, &|| self.open.second()).map_err(|error| error.at(&self.path))
    }

    /// The district as it was.
    pub fn load_as_of(&self, as_of: AsOf) -> Result<World, Error> {
        as_of::world(&self.open.db, &|| self.open.second(), as_of)
            .map_err(|error| error.at(&self.path))
    }

    /// The journal, the oldest revision first.
    pub fn history(&self) -> Result<Vec<JournalEntry>, Error> {
        journal::entries(&self.open.db).map_err(|error| error.at(&self.path))
    }

    /// What other programs changed since our last edit.
    pub fn external_edits(&self) -> Result<Vec<Change>, Error> {
        external_edits::pending(&self.open.db).map_err(|error| error.at(&self.path))
    }

    /// Everything that is wrong with the file, in words; empty where it is sound.
    pub fn check(&self) -> Result<Vec<CheckFinding>, Error> {
        check::all(&self.open.db).map_err(|error| error.at(&self.path))
    }

    /// What stands for the journal as it is now; `None` before the first edit, and in a file of an
    /// older format.
    pub fn seal(&self) -> Result<Option<Seal>, Error> {
        load::seal(&self.open.db, SealOf::Journal).map_err(|error| error.at(&self.path))
    }

    /// Whether the journal still has the row whose seal was kept elsewhere. That the rows up to it
    /// follow each other is [`Self::check`]'s to say.
    pub fn find_seal(&self, kept: &KeptSeal) -> Result<SealAnswer, Error> {
        chain::find(&self.open.db, kept).map_err(|error| error.at(&self.path))
    }

    /// `None` where the file has no attachment of this name.
    pub fn attachment(&self, name: &str) -> Result<Option<Attachment>, Error> {
        attachment::read(&self.open.db, name).map_err(|error| error.at(&self.path))
    }

    /// A verified copy. [`Error::Exists`] where there is such a file.
    pub fn backup(&self, target: &Path) -> Result<(), Error> {
        backup::copy(&self.open.db, &self.path, target)
    }

    /// A verified copy in [`backup_folder`], named by time and reason; the newest ten are kept.
    pub fn backup_dated(&self, stamp: &Stamp, reason: &str) -> Result<PathBuf, Error> {
        backup::dated(&self.open.db, &self.path, stamp.at, reason)
    }
}

impl Store {
    /// A new, empty district. The file appears under its name only when it is complete.
    pub fn create(path: &Path) -> Result<Self, Error> {
        Self::make(path, |_| Ok(()))?;
        Self::open(path)
    }

    /// A new district that begins with one edit. The file appears with it or not at all.
    pub fn create_with(path: &Path, edit: &Edit, by: &Stamp) -> Result<Self, Error> {
        Self::make(path, |store| store.apply(edit, by).map(drop))?;
        Self::open(path)
    }

    /// The same, whatever it begins with.
    pub(super) fn create_filled(
        path: &Path,
        fill: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        Self::make(path, fill)
    }

    fn make(path: &Path, fill: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if path.exists() {
            return Err(Error::Exists(path.to_owned()));
        }
        let unfinished = Unfinished::begin(path).map_err(|source| open::io(path, source))?;
        Self::build(unfinished.path()).map_err(|error| error.at(path))?;
        fill(&mut Self::open(unfinished.path())?)?;
        unfinished.finish().map_err(|source| open::io(path, source))
    }

    fn build(path: &Path) -> Result<(), Error> {
        let db = open::fresh(path)?;
        transaction::within(&db, |db| schema::migrate(db, 0, Timestamp::default()))?;
        db.into_inner().close().map_err(|(_, error)| error.into())
    }

    /// For one edit and away. An older file is brought up to date, after a dated copy of it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let (db, format) = open::writable(path)?;
        let store = Self { db, path: path.to_owned(), wants_log: false, has_log: false };
        store.migrate(format).map_err(|error| error.at(path))?;
        Ok(store)
    }

    /// For many edits: in WAL mode an edit costs one write to disk instead of three.
    pub fn open_session(path: &Path) -> Result<Self, Error> {
        let mut store = Self::open(path)?;
        store.wants_log = true;
        Ok(store)
    }

    /// After the first edit and not before it: turning to a log writes into the header, and an edit
    /// that is refused, of a damaged file too, leaves every byte as it was. Where another seat is in
    /// the way just now the next edit tries again.
    fn begin_log(&mut self) {
        if self.wants_log && !self.has_log {
            let mode: Result<String, _> =
                self.db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
            self.has_log = mode.is_ok_and(|mode| mode == "wal");
            // Only with the first look into the log is the file held against a restoration.
            drop(self.revision());
        }
    }

    /// How much room the file takes, and how much of that nothing stands in.
    pub fn room(&self) -> Result<Room, Error> {
        let ask =
            |pragma: &str| self.db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let page = ask("page_size")?.cast_unsigned();
        Ok(Room {
            bytes: page * ask("page_count")?.cast_unsigned(),
            free_bytes: page * ask("freelist_count")?.cast_unsigned(),
        })
    }

    /// Gives the free room of the file back to the disk, which needs as much again while it lasts.
    /// No record and no row of the journal changes. False where `goes_on`, which is asked again and
    /// again, said no: the file is as it was then. [`Error::Locked`] while others write.
    pub fn compact(&mut self, goes_on: impl Fn() -> bool + Send + 'static) -> Result<bool, Error> {
        let compacted = self.db.interruptible(goes_on, |db| {
            db.execute_batch("VACUUM")?;
            // In a log it stands beside the old file until that is written over. Where others read
            // just now, the last of them does it.
            drop(db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
            Ok(())
        });
        match compacted {
            Ok(()) => Ok(true),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                Ok(false)
            }
            Err(error) => Err(Error::from(error).at(&self.path)),
        }
    }

    fn migrate(&self, format: u32) -> Result<(), Error> {
        if format == schema::FORMAT && !schema::lacks_columns(&self.db)? {
            return Ok(());
        }
        // The time of the copy is the time of the file: no clock reaches this far down.
        let changed = std::fs::metadata(&self.path).and_then(|file| file.modified());
        let at = changed.ok().and_then(|at| Timestamp::try_from(at).ok()).unwrap_or_default();
        backup::dated(&self.db, &self.path, at, &format!("format{format}"))?;
        transaction::within(&self.db, |db| schema::migrate(db, format, at))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All records as they are now.
    pub fn load(&self) -> Result<World, Error> {
        load::world(&self.db, &|| self.second()).map_err(|error| error.at(&self.path))
    }

    /// The same, telling now and then, from two threads, how many more rows were read; `None` where
    /// `on_rows` says that nobody wants them any more.
    pub fn load_watched(
        &self,
        on_rows: &(dyn Fn(u64) -> bool + Sync),
    ) -> Result<Option<World>, Error> {
        load::watched(&self.db, &|| self.second(), on_rows).map_err(|error| error.at(&self.path))
    }

    /// What a map needs of a large district before all of it is read; `None` where it is small, or
    /// where `on_rows` calls it off.
    pub fn glimpse(
        &self,
        wanted: &GlimpseOf,
        on_rows: &(dyn Fn(u64) -> bool + Sync),
    ) -> Result<Option<Glimpse>, Error> {
        glimpse::glimpse(&self.db, &|| self.second(), wanted, on_rows)
            .map_err(|error| error.at(&self.path))
    }

    /// How many records there are at most.
    pub fn rows_at_most(&self) -> Result<u64, Error> {
        let rows = glimpse::rows_at_most(&self.db).map_err(|error| error.at(&self.path))?;
        Ok(rows.cast_unsigned())
    }

    /// Another connection for reading, which sees what we see while a transaction of ours reads;
    /// `None` where edits go to a log: then it might see later ones.
    fn second(&self) -> Result<Option<Connection>, Error> {
        let mode: String = self.db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        if mode == "wal" { Ok(None) } else { open::another(&self.path, "mode=ro").map(Some) }
    }

    /// The district as it was.
    pub fn load_as_of(&self, as_of: AsOf) -> Result<World, Error> {
        as_of::world(&self.db, &|| self.second(), as_of).map_err(|error| error.at(&self.path))
    }

    /// The same, from the world as it is now in memory: only what changed since takes room.
    pub fn rewound(&self, now: World, as_of: AsOf) -> Result<World, Error> {
        as_of::from_now(&self.db, now, as_of).map_err(|error| error.at(&self.path))
    }

    /// The latest revision of the journal; 0 where nothing was ever edited.
    pub fn revision(&self) -> Result<u64, Error> {
        journal::revision(&self.db)
    }

    /// The journal, the oldest revision first.
    pub fn history(&self) -> Result<Vec<JournalEntry>, Error> {
        journal::entries(&self.db).map_err(|error| error.at(&self.path))
    }

    /// What the next undo and redo are about.
    pub fn steps(&self) -> Result<UndoStack, Error> {
        Ok(UndoStack::of(&journal::entries(&self.db)?))
    }

    /// Journals what happened to no record: one row and no undo step, on disk when this returns. What
    /// other programs changed is left to the next edit. The revision.
    pub fn event(&mut self, kind: EditKind, note: &str, by: &Stamp) -> Result<u64, Error> {
        transaction::within(&self.db, |db| journal::event(db, kind, note, by))
            .map_err(|error| error.at(&self.path))
    }

    /// All of the edit or none of it; on disk when this returns. `None` for an edit of nothing.
    pub fn apply(&mut self, edit: &Edit, by: &Stamp) -> Result<Option<u64>, Error> {
        let apply = || {
            let mut session = Session::begin(&self.db, by, Size::Few)?;
            for change in &edit.changes {
                session.write(change)?;
            }
            session.commit(edit.kind, readings::withdrawal_note(edit))
        };
        let outcome = apply();
        self.settled(outcome, by)
    }

    /// What became of a transaction of which the disk failed to say that it has it: the file is
    /// opened anew and looked at. Every outcome of [`Session::commit`] goes through here.
    pub fn settled(&mut self, outcome: CommitOutcome, by: &Stamp) -> Result<Option<u64>, Error> {
        let Err(Error::Unsure { revision, source }) = outcome else {
            if matches!(outcome, Ok(Some(_))) {
                self.begin_log();
            }
            return outcome.map_err(|error| error.at(&self.path));
        };
        // Without our connection, what stands in the log is read as the next program will read it.
        let nowhere = Writer::new(Connection::open_in_memory()?)?;
        drop(std::mem::replace(&mut self.db, nowhere));
        let is_there = open::writable(&self.path).and_then(|(db, _)| {
            let entries = journal::entries_since(&db, revision - 1)?;
            let is_there =
                entries.first().is_some_and(|entry| (entry.at, &entry.actor) == (by.at, &by.actor));
            self.db = db;
            Ok(is_there)
        });
        let path = self.path.clone();
        match is_there {
            Ok(true) if self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").is_ok() => {
                Ok(Some(revision))
            }
            Ok(true) => Err(Error::Unsynced { path, revision }),
            Ok(false) => Err(Error::Database(source).at(&path)),
            Err(_) => Err(Error::Unsure { revision, source }),
        }
    }

    /// For an import: changes come one by one, and nothing is kept unless it is committed.
    pub fn session(&mut self, by: &Stamp, size: Size) -> Result<Session<'_>, Error> {
        Session::begin(&self.db, by, size).map_err(|error| error.at(&self.path))
    }

    /// Brings journal and records together again by one more revision, after a dated copy. `None`
    /// where they tell the same.
    pub fn mend(&mut self, by: &Stamp, ids: &mut Ids) -> Result<Option<Mended>, Error> {
        self.backup_dated(by, "mend")?;
        let at = |error: Error| error.at(&self.path);
        let (mended, outcome) = mend::mend(&self.db, by, ids).map_err(at)?;
        self.settled(outcome, by)?;
        Ok(mended)
    }

    /// Takes back the latest edit that is not taken back yet. `None` if there is none.
    pub fn undo(&mut self, by: &Stamp) -> Result<Option<UndoStep>, Error> {
        self.step(Cause::Undo, by)
    }

    /// Does again what was taken back last.
    pub fn redo(&mut self, by: &Stamp) -> Result<Option<UndoStep>, Error> {
        self.step(Cause::Redo, by)
    }

    fn step(&mut self, cause: Cause, by: &Stamp) -> Result<Option<UndoStep>, Error> {
        let mut done = None;
        let outcome = self.try_step(cause, by, &mut done);
        let revision = self.settled(outcome, by)?;
        Ok(done.map(|entry| UndoStep { revision: revision.unwrap_or_default(), entry }))
    }

    fn try_step(
        &mut self,
        cause: Cause,
        by: &Stamp,
        done: &mut Option<JournalEntry>,
    ) -> Result<Option<u64>, Error> {
        let Some(size) = self.size_of_step(cause)? else { return Ok(None) };
        let mut session = Session::begin(&self.db, by, size)?;
        // Read again inside the transaction: beginning it may have written down outside changes.
        let entries = journal::entries(&self.db)?;
        let Some(entry) = target(entries, cause) else { return Ok(None) };
        let is_backwards = cause == Cause::Undo;
        session.replay_of(cause, entry.revision);
        journal::each_part(&self.db, entry.revision, is_backwards, &mut |changes| {
            for change in changes {
                session.write(&if is_backwards { change.inverse() } else { change })?;
            }
            Ok(())
        })?;
        let (kind, note) = (entry.kind, entry.note.clone());
        *done = Some(entry);
        session.commit(kind, Some(note))
    }

    /// `None` where there is nothing to take back or do again.
    fn size_of_step(&self, cause: Cause) -> Result<Option<Size>, Error> {
        let entry = target(journal::entries(&self.db)?, cause);
        let is_outside = cause == Cause::Undo && external_edits::is_pending(&self.db)?;
        Ok(match entry {
            Some(entry) if entry.count() > MOST_TO_FOLLOW => Some(Size::Many),
            Some(_) => Some(Size::Few),
            None => is_outside.then_some(Size::Few),
        })
    }

    /// The edits since a revision, for a seat that has fallen behind. Outside changes that are not
    /// written down yet are not among them, and no events.
    pub fn since(&self, revision: u64) -> Result<Vec<Edit>, Error> {
        let mut edits = Vec::new();
        let is_edit = |entry: &JournalEntry| entry.cause != Cause::Event;
        for entry in self.history_since(revision)?.into_iter().filter(is_edit) {
            let mut changes = Vec::new();
            let source = entry.target.unwrap_or(entry.revision);
            let is_backwards = entry.cause == Cause::Undo;
            journal::each_part(&self.db, source, is_backwards, &mut |part| {
                let turn = |change: Change| if is_backwards { change.inverse() } else { change };
                changes.extend(part.into_iter().map(turn));
                Ok(())
            })?;
            edits.push(Edit { kind: entry.kind, changes });
        }
        Ok(edits)
    }

    /// The rows of the journal after a revision, the oldest first.
    pub fn history_since(&self, revision: u64) -> Result<Vec<JournalEntry>, Error> {
        journal::entries_since(&self.db, revision).map_err(|error| error.at(&self.path))
    }

    /// Brings a world to the latest state: by what was journaled since where that leads there, else
    /// by reading the file.
    pub fn catch_up(&self, world: &mut World) -> Result<(), Error> {
        let follow = || {
            let entries = self.history_since(world.revision)?;
            let count: u64 = entries.iter().map(JournalEntry::count).sum();
            if count > MOST_TO_FOLLOW || self.has_external_edits()? {
                return Ok(None);
            }
            let mut followed = world.clone();
            for edit in self.since(world.revision)? {
                if followed.apply(&edit).is_err() {
                    return Ok(None);
                }
            }
            followed.revision = entries.last().map_or(world.revision, |entry| entry.revision);
            followed.seal = load::seal(&self.db, SealOf::Records)?;
            Ok::<_, Error>(Some(followed))
        };
        *world = match load::in_read_transaction(&self.db, |_| follow())? {
            Some(followed) => followed,
            None => self.load()?,
        };
        Ok(())
    }

    /// Every state that one record was in, newest first, as far back as the journal reaches.
    pub fn history_of(&self, id: RecordId) -> Result<Vec<Version>, Error> {
        let mut versions = Vec::new();
        for entry in journal::entries(&self.db)?.into_iter().rev() {
            let source = entry.target.unwrap_or(entry.revision);
            let is_backwards = entry.cause == Cause::Undo;
            let mut found = None;
            journal::each_part(&self.db, source, is_backwards, &mut |part| {
                let changes = part.into_iter().filter(|change| change.subject() == Some(id));
                for change in changes {
                    let change = if is_backwards { change.inverse() } else { change };
                    found = Some(change);
                }
                Ok(())
            })?;
            if let Some(change) = found {
                versions.push(Version { entry, change });
            }
        }
        Ok(versions)
    }

    /// A number that is another one after every commit of another connection: other seats, other
    /// programs. Cheap enough to be asked every second.
    pub fn data_version(&self) -> Result<i64, Error> {
        Ok(self.db.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Whether another program changed records since our last edit.
    pub fn has_external_edits(&self) -> Result<bool, Error> {
        external_edits::is_pending(&self.db)
    }

    /// Keeps a photo or a paper in the file, on disk when this returns. The name it got: where
    /// another file has the wanted one, a number is added; the same bytes are kept once. No record
    /// names it yet, and where none ever does it is only room.
    pub fn attach(&mut self, name: &str, content: &[u8], by: &Stamp) -> Result<String, Error> {
        transaction::within(&self.db, |db| attachment::add(db, name, content, by))
            .map_err(|error| error.at(&self.path))
    }

    /// `None` where the file has no attachment of this name.
    pub fn attachment(&self, name: &str) -> Result<Option<Attachment>, Error> {
        attachment::read(&self.db, name).map_err(|error| error.at(&self.path))
    }

    /// A verified copy. [`Error::Exists`] where there is such a file.
    pub fn backup(&self, target: &Path) -> Result<(), Error> {
        backup::copy(&self.db, &self.path, target)
    }

    /// A verified copy in [`backup_folder`], named by time and reason; the newest ten are kept.
    pub fn backup_dated(&self, stamp: &Stamp, reason: &str) -> Result<PathBuf, Error> {
        backup::dated(&self.db, &self.path, stamp.at, reason)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.has_log {
            // Refused while another seat has the file open; the last one to leave succeeds.
            let rest = self.db.pragma_update(None, "journal_mode", "DELETE");
            drop(rest);
        }
    }
}

fn target(entries: Vec<JournalEntry>, cause: Cause) -> Option<JournalEntry> {
    let steps = UndoStack::of(&entries);
    let revision = match cause {
        Cause::Undo => *steps.done.last()?,
        _ => *steps.undone.last()?,
    };
    entries.into_iter().find(|entry| entry.revision == revision)
}
