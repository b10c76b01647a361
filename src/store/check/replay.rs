//! Applies the journal from its first row and compares the result with the stored records.

use std::hash::Hasher as _;

use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHasher};

use super::CheckFinding;
use crate::domain::{
    Change, EditKind, Kind, Localized as _, LocalizedText, Record, RecordId, Text,
};
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
            findings.push(CheckFinding::new("journal", "", error.localized()));
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
            findings.push(CheckFinding::new("journal", "", error.localized()));
            return Ok(());
        }
        if unmended.contains(&entry.revision) {
            let revision = entry.revision;
            let problem = LocalizedText::new(
                format!("第 {revision} 号历史把删去的和新建的当成了一条；shapan mend 会补记为两条"),
                format!(
                    "revision {revision} takes a deleted record and a new one for one; `shapan mend` journals them apart"
                ),
            );
            findings.push(CheckFinding::new("journal", "", problem));
        }
        let counted = entry.count();
        if count != counted
            && count != counted.saturating_add(journal::pairs(db, source)?.len() as u64)
        {
            let revision = entry.revision;
            let problem = LocalizedText::new(
                format!("第 {revision} 号历史的计数与它的改动不符"),
                format!("revision {revision} counts other changes than it has"),
            );
            findings.push(CheckFinding::new("journal", "", problem));
        }
        for id in replay.surprises.drain(..) {
            let revision = entry.revision;
            let problem = LocalizedText::new(
                format!("第 {revision} 号历史的改动与之前的状态接不上"),
                format!("revision {revision} does not follow from those before"),
            );
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
                Some(_) => findings.push(mismatch(&known, DIFFERS)),
                None => findings.push(mismatch(&known, UNKNOWN)),
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
            Text::new("历史中有，文件中没有", "is in the journal but not stored").into(),
        ));
    }
    Ok(())
}

const DIFFERS: Text = Text::new("与历史所记不符", "differs from what the journal says");
const UNKNOWN: Text = Text::new("历史中没有", "is not in the journal");

fn mismatch(record: &Record, problem: Text) -> CheckFinding {
    let called = record.code().unwrap_or_else(|| record.name());
    CheckFinding::new(record.kind.key(), called, problem.into())
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
