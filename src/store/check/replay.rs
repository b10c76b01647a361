//! Applies the journal from its first row and compares the result with the stored records.

use std::hash::Hasher as _;

use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHasher};

use super::CheckFinding;
use crate::domain::{Change, EditKind, Kind, Record, RecordId};
use crate::store::journal::{self, Cause, JournalEntry, codec};
use crate::store::row_names::RowNames;
use crate::store::rows::{self, RowReader};
use crate::store::{Error, external_edits};

/// 128 bits of a record: a district of a million is compared in some tens of megabytes.
pub(in crate::store) type Digest = (u64, u64);

/// A file that an older program wrote may have one id in two layers.
pub(in crate::store) type Key = (Kind, RecordId);

/// Whether the journal leads to the records of today.
pub(super) fn check(db: &Connection, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let mut replay = Replay::default();
    let entries = match journal::entries(db) {
        Ok(entries) => entries,
        Err(error @ Error::Journal { .. }) => {
            findings.push(CheckFinding::new("journal", "", error.to_string()));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let unmended = unmended_pairs(db, &entries)?;
    for entry in entries {
        let source = match (entry.cause, entry.target) {
            (Cause::Undo | Cause::Redo, Some(target)) => target,
            _ => entry.revision,
        };
        let is_undo = entry.cause == Cause::Undo;
        let mut count = 0;
        let played = journal::each_part(db, source, is_undo, &mut |changes| {
            count += changes.len() as u64;
            for change in changes {
                replay.play(&if is_undo { change.inverse() } else { change });
            }
            Ok(())
        });
        if let Err(error) = played {
            findings.push(CheckFinding::new("journal", "", error.to_string()));
            return Ok(());
        }
        if unmended.contains(&entry.revision) {
            let problem = format!(
                "revision {} takes a deleted record and a new one for one; `shapan mend` journals them apart",
                entry.revision
            );
            findings.push(CheckFinding::new("journal", "", problem));
        }
        let counted = entry.count();
        if count != counted
            && count != counted.saturating_add(journal::pairs(db, source)?.len() as u64)
        {
            let problem = format!("revision {} counts other changes than it has", entry.revision);
            findings.push(CheckFinding::new("journal", "", problem));
        }
        for id in replay.surprises.drain(..) {
            let problem = format!("revision {} does not follow from those before", entry.revision);
            findings.push(CheckFinding::new("journal", &id.to_string(), problem));
        }
    }
    compare(db, replay.records, findings)
}

/// Revisions that take two records for one, and of which no later revision says so.
pub(in crate::store) fn unmended_pairs(
    db: &Connection,
    entries: &[JournalEntry],
) -> Result<Vec<u64>, Error> {
    let last_mend = entries.iter().rev().find(|entry| entry.kind == EditKind::Mend);
    let last_mend = last_mend.map_or(0, |entry| entry.revision);
    let mut found = Vec::new();
    // Only what other programs did was ever paired by rows.
    let of_others = |entry: &&JournalEntry| entry.cause == Cause::External;
    for entry in entries.iter().filter(of_others).filter(|entry| entry.revision > last_mend) {
        if entry.updated > 0 && !journal::pairs(db, entry.revision)?.is_empty() {
            found.push(entry.revision);
        }
    }
    Ok(found)
}

#[derive(Default)]
pub(in crate::store) struct Replay {
    pub records: FxHashMap<Key, Digest>,
    surprises: Vec<RecordId>,
}

impl Replay {
    /// Does a change, and remembers the record where it does not fit.
    pub(in crate::store) fn play(&mut self, change: &Change) {
        let Some(key) = change.record().map(|record| (record.kind, record.id)) else { return };
        let before = self.records.remove(&key);
        if before != change.before.as_deref().map(digest) {
            self.surprises.push(key.1);
        }
        if let Some(after) = &change.after {
            self.records.insert(key, digest(after));
        }
    }
}

/// Rows that another program touched since our last edit are compared as they were before.
fn compare(
    db: &Connection,
    mut expected: FxHashMap<Key, Digest>,
    findings: &mut Vec<CheckFinding>,
) -> Result<(), Error> {
    let names = RowNames::of(db)?;
    for kind in Kind::ALL {
        let mut touched = external_edits::before_rows(db, kind, &names)?;
        let mut reader = RowReader::new(kind, names.clone());
        let mut query = db.prepare(&rows::select(kind, kind.key(), ""))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let (fid, record) = reader.read(row)?;
            let known = match touched.remove(&fid) {
                Some(None) => continue,
                Some(Some(before)) => before,
                None => record,
            };
            match expected.remove(&(kind, known.id)) {
                Some(digest_then) if digest_then == digest(&known) => {}
                Some(_) => findings.push(mismatch(&known, "differs from what the journal says")),
                None => findings.push(mismatch(&known, "is not in the journal")),
            }
        }
        // What is left was deleted by another program.
        for before in touched.into_values().flatten() {
            expected.remove(&(kind, before.id));
        }
    }
    let mut lost: Vec<Key> = expected.into_keys().collect();
    lost.sort();
    for (_, id) in lost {
        findings.push(CheckFinding::new(
            "journal",
            &id.to_string(),
            "is in the journal but not stored",
        ));
    }
    Ok(())
}

fn mismatch(record: &Record, problem: &str) -> CheckFinding {
    let called = record.code().unwrap_or_else(|| record.name());
    CheckFinding::new(record.kind.key(), called, problem)
}

/// Equal for equal records.
pub(in crate::store) fn digest(record: &Record) -> Digest {
    let bytes = codec::record_bytes(record);
    let mut one = FxHasher::default();
    one.write(&bytes);
    let mut two = FxHasher::default();
    two.write_u64(0x5eed);
    two.write(&bytes);
    (one.finish(), two.finish())
}
