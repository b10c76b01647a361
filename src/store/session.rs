//! One transaction of ours: changes in, rows and journal out, all or nothing. How a row is written
//! stands in `store::rows`, how changes are packed in `store::journal`.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _};

use super::journal::chain::{self, PartsHash};
use super::journal::journal_writer::JournalWriter;
use super::journal::{self, Cause, JournalEntry};
use super::layer_writer::LayerWriter;
use super::row_names::RowNames;
use super::rows::{self, RowReader};
use super::transaction::{Transaction, Writer};
use super::{Error, external_edits, readings};
use crate::domain::{Change, Conflict, EditKind, Kind, Record, RecordId, Stamp, episode};

/// Most rows that wait for an index because their code may have been seen before.
const MAX_DEFERRED: usize = 10_000;

/// How much a session expects to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Few,
    /// The R-tree of the layers it touches, and indexes into which it does not write in their order,
    /// are put aside and built once at the end.
    Many,
}

/// What became of an edit at its end: the revision, or `None` where nothing changed.
pub type CommitOutcome = Result<Option<u64>, Error>;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    Written,
    /// A record made earlier in this session has the same code and took the new values.
    Merged,
    /// … and already said the same.
    Same,
    /// Deferred until the indexes are back, at the latest at the end of the session.
    Later,
}

/// One transaction that becomes one revision.
///
/// `begin` takes the write lock of the file (it waits for other writers, ten seconds at most), tells
/// the triggers by a row of `shapan_writer` that this program writes, and puts what other programs
/// changed into a revision of its own. `write` compares `before` of each change with the stored row,
/// writes the row, and hands the change to the `JournalWriter`, which packs some 4 MB of changes
/// into a part; so a session of a million changes needs little memory. `commit` writes the rest,
/// the row of the journal and the bounds of the layers. Dropped before that, or after an error, it
/// leaves the file as it was.
///
/// Limits: one session at a time, in one file. Whoever reads meanwhile sees the state before it.
/// With [`Size::Many`] an index of an empty layer is dropped until the end where codes do not ascend,
/// so a repeated code is only suspected: its row is deferred, and `write` answers
/// [`WriteOutcome::Later`]. Undo and redo
/// name their target and store no changes again, so a revision is never removed from the journal.
pub struct Session<'a> {
    db: &'a Connection,
    by: Stamp,
    size: Size,
    entry: JournalEntry,
    /// `None` for an undo or a redo, whose changes are those of its target.
    writer: Option<JournalWriter>,
    parts: u64,
    parts_hash: PartsHash,
    layers: [Option<LayerWriter<'a>>; Kind::ALL.len()],
    deferred: Vec<Change>,
    names: Vec<String>,
    /// Deliveries whose readings stand in the file.
    admitted: Vec<RecordId>,
    /// Rows that were added to a record of the same code.
    pub merged: u64,
    /// Rows of a known code that said nothing new.
    pub same: u64,
    /// The last field: statements must be done with before the transaction can be.
    transaction: Option<Transaction<'a>>,
}

impl<'a> Session<'a> {
    /// Waits for other writers, then writes down first what other programs changed.
    pub(super) fn begin(writer: &'a Writer, by: &Stamp, size: Size) -> Result<Self, Error> {
        let db: &'a Connection = writer;
        let mut session = Self::new(db, by, size, Transaction::begin(writer)?);
        db.prepare_cached("INSERT INTO shapan_writer DEFAULT VALUES")?.execute([])?;
        external_edits::adopt(db, by)?;
        session.entry.revision = journal::revision(db)? + 1;
        Ok(session)
    }

    fn new(db: &'a Connection, by: &Stamp, size: Size, transaction: Transaction<'a>) -> Self {
        Self {
            db,
            by: by.clone(),
            size,
            entry: journal::entry(0, Cause::Do, EditKind::Batch, by),
            writer: Some(match size {
                Size::Few => JournalWriter::inline(),
                Size::Many => JournalWriter::threaded(),
            }),
            parts: 0,
            parts_hash: PartsHash::default(),
            layers: Default::default(),
            deferred: Vec::new(),
            names: Vec::new(),
            admitted: Vec::new(),
            merged: 0,
            same: 0,
            transaction: Some(transaction),
        }
    }

    /// The revision that this will be.
    pub fn revision(&self) -> u64 {
        self.entry.revision
    }

    /// The file, inside the transaction.
    pub(super) const fn db(&self) -> &'a Connection {
        self.db
    }

    /// Lets the record of a delivery in, whose readings are written.
    pub(super) fn admit(&mut self, delivery: RecordId) {
        self.admitted.push(delivery);
    }

    /// Deliveries belong to their readings: nobody makes, changes or deletes one by itself. Undo and
    /// redo do what was done.
    fn refuse_of_delivery(&self, change: &Change) -> Result<(), Error> {
        let Some(record) = change.record().filter(|record| record.kind == Kind::Delivery) else {
            return Ok(());
        };
        let is_allowed = match (&change.before, &change.after) {
            _ if self.writer.is_none() => true,
            (None, Some(after)) => self.admitted.contains(&after.id),
            (Some(before), Some(after)) => readings::is_withdrawal(before, after),
            _ => false,
        };
        if is_allowed { Ok(()) } else { Err(Error::DeliveryFixed(record.name().to_owned())) }
    }

    /// What a rule found is nobody's to change. Undo and redo do what was done.
    fn refuse_of_episode(&self, change: &Change) -> Result<(), Error> {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        let record = before.filter(|record| record.kind == Kind::Episode);
        match record {
            Some(record) if self.writer.is_some() && !episode::is_lawful(before, after) => {
                Err(Error::EpisodeFixed(record.name().to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Says that this is an undo or a redo: its changes are those of `target` and need no second copy.
    pub fn replay_of(&mut self, cause: Cause, target: u64) {
        self.entry.cause = cause;
        self.entry.target = Some(target);
        self.writer = None;
    }

    /// Writes one change. [`Error::Conflict`] where the stored row is another than `before`,
    /// [`Error::CodeTaken`] where another record has the code.
    pub fn write(&mut self, change: &Change) -> Result<WriteOutcome, Error> {
        self.transaction.as_ref().map_or(Err(Error::BrokenOff), Transaction::is_open)?;
        let settled = change.settled();
        let change = settled.as_ref().unwrap_or(change);
        self.refuse_of_delivery(change)?;
        self.refuse_of_episode(change)?;
        let outcome = match (&change.before, &change.after) {
            (None, None) => WriteOutcome::Written,
            (None, Some(after)) => self.create(change, after)?,
            (Some(before), Some(after)) => {
                let fid = self.find_unchanged(before)?;
                match self.layer(after.kind)?.put(fid, before, after) {
                    Err(Error::Database(error)) if is_taken(&error, after.kind, "code") => {
                        return Err(self.code_taken(after)?);
                    }
                    other => other?,
                }
                WriteOutcome::Written
            }
            (Some(before), None) => {
                let fid = self.find_unchanged(before)?;
                self.layer(before.kind)?.remove(fid)?;
                WriteOutcome::Written
            }
        };
        if outcome == WriteOutcome::Written {
            self.log(change)?;
        }
        Ok(outcome)
    }

    fn create(&mut self, change: &Change, after: &Arc<Record>) -> Result<WriteOutcome, Error> {
        let minted_at = self.by.at;
        let layer = self.layer(after.kind)?;
        if layer.may_repeat(after, minted_at)? {
            self.deferred.push(change.clone());
            if self.deferred.len() > MAX_DEFERRED {
                self.write_deferred()?;
            }
            return Ok(WriteOutcome::Later);
        }
        match layer.add(after) {
            Err(Error::Database(error)) if is_taken(&error, after.kind, "code") => {
                self.merge_or_refuse(after)
            }
            Err(Error::Database(error)) if is_taken(&error, after.kind, "id") => {
                let stored = self.find(after.kind, "id", &after.id.to_string())?;
                let stored = stored.map(|(_, record)| Arc::new(record));
                Err(Error::from(Conflict::over(after, stored.as_ref())))
            }
            other => other.map(|()| WriteOutcome::Written),
        }
    }

    /// The same code is the same record: in an import the later row adds to the earlier one.
    fn merge_or_refuse(&mut self, newer: &Arc<Record>) -> Result<WriteOutcome, Error> {
        let code = newer.code().unwrap_or_default();
        let Some((_, stored)) = self.find(newer.kind, "code", code)? else {
            return Ok(WriteOutcome::Same);
        };
        if self.size == Size::Few {
            return Err(self.code_taken(newer)?);
        }
        let merged = stored.overlaid_with(newer);
        if merged.says_the_same_as(&stored) {
            self.same += 1;
            return Ok(WriteOutcome::Same);
        }
        self.write(&Change::update(Arc::new(stored), merged))?;
        self.merged += 1;
        Ok(WriteOutcome::Merged)
    }

    /// Names the record that has the code of this one.
    fn code_taken(&mut self, newer: &Record) -> Result<Error, Error> {
        let code = newer.code().unwrap_or_default();
        let stored = self.find(newer.kind, "code", code)?;
        let (name, by) = stored.map_or_else(Default::default, |(_, stored)| {
            (stored.name().to_owned(), stored.meta.changed_by.to_string())
        });
        Ok(Error::CodeTaken { kind: newer.kind, code: code.to_owned(), name, by })
    }

    /// The row of a record that must still be as the edit knew it.
    fn find_unchanged(&mut self, before: &Arc<Record>) -> Result<i64, Error> {
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
        self.layer(kind)?.flush()?;
        let mut query = self.db.prepare_cached(&rows::select(
            kind,
            kind.key(),
            &format!("WHERE {column} = ?1"),
        ))?;
        let mut reader = RowReader::new(kind, RowNames::default());
        query.query_row([text], |row| Ok(reader.read(row))).optional()?.transpose()
    }

    fn layer(&mut self, kind: Kind) -> Result<&mut LayerWriter<'a>, Error> {
        let (db, size) = (self.db, self.size);
        #[expect(clippy::indexing_slicing, reason = "the array has one place for each kind")]
        let place = &mut self.layers[kind as usize];
        match place {
            Some(layer) => Ok(layer),
            None => Ok(place.insert(LayerWriter::open(db, kind, size == Size::Many)?)),
        }
    }

    /// Journals a change that stands in the file already: what a mend accepts.
    pub(super) fn accept(&mut self, change: &Change) -> Result<(), Error> {
        self.log(change)
    }

    #[cfg(test)]
    pub(super) fn write_unjournaled(&mut self, change: &Change) -> Result<(), Error> {
        let writer = self.writer.take();
        let entry = self.entry.clone();
        self.write(change)?;
        (self.writer, self.entry) = (writer, entry);
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn entry_mut(&mut self) -> &mut JournalEntry {
        &mut self.entry
    }

    fn log(&mut self, change: &Change) -> Result<(), Error> {
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
        if let Some(part) = self.writer.as_mut().and_then(|writer| writer.push(change)) {
            self.write_part(&part)?;
        }
        Ok(())
    }

    fn write_part(&mut self, part: &[u8]) -> Result<(), Error> {
        // The part points at a row that is only there at the end, when its counts are known.
        journal::insert_part(self.db, self.entry.revision, self.parts, part)?;
        self.parts_hash.add(self.parts, part);
        self.parts += 1;
        Ok(())
    }

    /// Brings the indexes back and writes the rows that waited for them.
    fn write_deferred(&mut self) -> Result<(), Error> {
        for layer in self.layers.iter_mut().flatten() {
            layer.bring_indexes_back()?;
        }
        for change in std::mem::take(&mut self.deferred) {
            self.write(&change)?;
        }
        Ok(())
    }

    /// Writes what waits, so that [`Session::merged`] and [`Session::same`] count all rows so far.
    pub fn settle(&mut self) -> Result<(), Error> {
        if self.deferred.is_empty() { Ok(()) } else { self.write_deferred() }
    }

    /// `true` while nothing was written.
    pub fn is_empty(&self) -> bool {
        self.entry.created + self.entry.updated + self.entry.deleted == 0
            && self.deferred.is_empty()
    }

    /// Everything is on disk when this returns. The revision, or `None` where nothing changed.
    pub fn commit(mut self, kind: EditKind, note: Option<String>) -> CommitOutcome {
        self.write_deferred()?;
        self.entry.kind = kind;
        self.entry.note = note.unwrap_or_else(|| self.names.join("、"));
        let layers = std::mem::take(&mut self.layers);
        for layer in layers.into_iter().flatten() {
            layer.close(self.db, &self.by)?;
        }
        // That an older revision is read apart changes no record and is journaled all the same.
        let is_silent = self.entry.cause == Cause::Do && kind != EditKind::Mend;
        let is_empty = self.is_empty() && is_silent;
        if !is_empty {
            self.write_entry()?;
        }
        self.db.prepare_cached("DELETE FROM shapan_writer")?.execute([])?;
        let revision = self.entry.revision;
        let transaction = self.transaction.take().ok_or(Error::BrokenOff)?;
        transaction.commit().map_err(|error| Error::unsure(revision, error))?;
        Ok((!is_empty).then_some(revision))
    }

    fn write_entry(&mut self) -> Result<(), Error> {
        let revision = self.entry.revision;
        let rest = self.writer.take().map_or_else(|| Ok(Vec::new()), JournalWriter::finish);
        for part in rest.map_err(|reason| Error::Journal { revision, reason })? {
            self.write_part(&part)?;
        }
        chain::append(self.db, &self.entry, std::mem::take(&mut self.parts_hash))
    }
}

/// Whether an insertion failed because a column that must be unique is not.
fn is_taken(error: &rusqlite::Error, kind: Kind, column: &str) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
        && error.to_string().contains(&format!("{kind}.{column}"))
}
