//! Applies the journal from its first row and compares the result with the stored records.

use std::hash::Hasher as _;

use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHasher};

use super::CheckFinding;
use crate::domain::{Change, Kind, Record, RecordId};
use crate::store::journal::{self, Cause, codec};
use crate::store::rows::{self, RowReader};
use crate::store::{Error, external_edits};

/// 128 bits of a record: a district of a million is compared in some tens of megabytes.
type Digest = (u64, u64);

/// Whether the journal leads to the records of today.
pub(super) fn check(db: &Connection, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let mut replay = Replay::default();
    for entry in journal::entries(db)? {
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
        if count != entry.created + entry.updated + entry.deleted {
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

#[derive(Default)]
struct Replay {
    records: FxHashMap<RecordId, Digest>,
    surprises: Vec<RecordId>,
}

impl Replay {
    fn play(&mut self, change: &Change) {
        let Some(id) = change.subject() else { return };
        let before = self.records.remove(&id);
        if before != change.before.as_deref().map(digest) {
            self.surprises.push(id);
        }
        if let Some(after) = &change.after {
            self.records.insert(id, digest(after));
        }
    }
}

/// Rows that another program touched since our last edit are compared as they were before.
fn compare(
    db: &Connection,
    mut expected: FxHashMap<RecordId, Digest>,
    findings: &mut Vec<CheckFinding>,
) -> Result<(), Error> {
    for kind in Kind::ALL {
        let mut touched = external_edits::before_rows(db, kind)?;
        let mut reader = RowReader::new(kind);
        let mut query = db.prepare(&rows::select(kind, kind.key(), ""))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let (fid, record) = reader.read(row)?;
            let known = match touched.remove(&fid) {
                Some(None) => continue,
                Some(Some(before)) => before,
                None => record,
            };
            match expected.remove(&known.id) {
                Some(digest_then) if digest_then == digest(&known) => {}
                Some(_) => findings.push(mismatch(&known, "differs from what the journal says")),
                None => findings.push(mismatch(&known, "is not in the journal")),
            }
        }
        // What is left was deleted by another program.
        for before in touched.into_values().flatten() {
            expected.remove(&before.id);
        }
    }
    let mut lost: Vec<RecordId> = expected.into_keys().collect();
    lost.sort();
    for id in lost {
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

fn digest(record: &Record) -> Digest {
    let bytes = codec::record_bytes(record);
    let mut one = FxHasher::default();
    one.write(&bytes);
    let mut two = FxHasher::default();
    two.write_u64(0x5eed);
    two.write(&bytes);
    (one.finish(), two.finish())
}
