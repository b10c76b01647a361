//! Brings journal and records of a file together again where they tell different things, by one
//! more revision: nothing that was journaled is ever changed. What is wrong is found by
//! `store::check`.

use std::sync::Arc;

use rusqlite::{Connection, params};
use rustc_hash::{FxHashMap, FxHashSet};

use super::check::replay::{Key, Replay, digest};
use super::journal::{self, Cause, JournalEntry};
use super::row_names::{RowNames, provisional};
use super::rows::{self, RowReader};
use super::session::{CommitOutcome, Session, Size};
use super::transaction::Writer;
use super::{Error, check};
use crate::domain::{Change, EditKind, Ids, Kind, Record, Stamp};

/// What was mended, and by which revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    pub revision: u64,
    /// Revisions that took two records for one and are read apart.
    pub apart: Vec<u64>,
    /// Differences between journal and records that are journaled now.
    pub accepted: usize,
    /// Records that had the id of another and got a new one.
    pub renamed: usize,
}

/// `None` where there is nothing to mend. Everything that can be told by words goes into the note.
pub(super) fn mend(
    db: &Writer,
    by: &Stamp,
    ids: &mut Ids,
) -> Result<(Option<Mended>, CommitOutcome), Error> {
    let mut session = Session::begin(db, by, Size::Few)?;
    name_again(db)?;
    let entries = journal::entries(db)?;
    let apart = check::replay::unmended_pairs(db, &entries)?;
    let mut replay = Replay::default();
    replay_all(db, &entries, &mut |_, change| replay.play(change))?;
    let (mut accepted, mut renamed) = (0, 0);
    for change in differences(db, &entries, replay)? {
        session.accept(&change)?;
        accepted += 1;
    }
    for record in doubled(db)? {
        let mut new = Record::clone(&record);
        new.id = ids.next();
        session.write(&Change::delete(record))?;
        session.write(&Change::create(new))?;
        renamed += 1;
    }
    if apart.is_empty() && accepted + renamed == 0 {
        return Ok((None, Ok(None)));
    }
    let revision = session.revision();
    let revisions: Vec<String> = apart.iter().map(|revision| format!("#{revision}")).collect();
    let note = format!("{} +{accepted} ={renamed}", revisions.join(" "));
    let outcome = session.commit(EditKind::Mend, Some(note.trim().to_owned()));
    Ok((Some(Mended { revision, apart, accepted, renamed }), outcome))
}

fn replay_all(
    db: &Connection,
    entries: &[JournalEntry],
    visit: &mut dyn FnMut(&JournalEntry, &Change),
) -> Result<(), Error> {
    for entry in entries {
        let source = entry.target.unwrap_or(entry.revision);
        let is_undo = entry.cause == Cause::Undo;
        journal::each_part(db, source, is_undo, &mut |changes| {
            for change in changes {
                visit(entry, &if is_undo { change.inverse() } else { change });
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Older programs called a row without a usable id by its place alone, journaled that, and did not
/// write it into a row that had some text for an id.
fn name_again(db: &Connection) -> Result<(), Error> {
    for kind in Kind::ALL {
        let mut nameless = Vec::new();
        let mut query = db.prepare(&format!("SELECT fid, id FROM {kind}"))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let text: Option<String> = row.get(1)?;
            let id = text.as_deref().and_then(|text| text.parse().ok());
            let name = id.unwrap_or_else(|| provisional(kind, row.get(0).unwrap_or_default(), 0));
            if text.as_deref() != Some(name.to_string().as_str()) {
                nameless.push((row.get::<_, i64>(0)?, name));
            }
        }
        drop(rows);
        let mut find = db.prepare(&format!("SELECT 1 FROM {kind} WHERE id = ?1"))?;
        for (fid, name) in nameless {
            if !find.exists([name.to_string()])? {
                db.execute(
                    &format!("UPDATE {kind} SET id = ?1 WHERE fid = ?2"),
                    params![name.to_string(), fid],
                )?;
            }
        }
    }
    Ok(())
}

/// Changes that lead from what the journal says to what is stored.
fn differences(
    db: &Connection,
    entries: &[JournalEntry],
    replay: Replay,
) -> Result<Vec<Change>, Error> {
    let mut expected = replay.records;
    let mut stored: FxHashMap<Key, Arc<Record>> = FxHashMap::default();
    let names = RowNames::of(db)?;
    for kind in Kind::ALL {
        let mut reader = RowReader::new(kind, names.clone());
        let mut query = db.prepare(&rows::select(kind, kind.key(), ""))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let record = reader.read(row)?.1;
            let key = (kind, record.id);
            if expected.get(&key) == Some(&digest(&record)) {
                expected.remove(&key);
            } else {
                stored.insert(key, Arc::new(record));
            }
        }
    }
    let wanted: FxHashSet<Key> = expected.into_keys().collect();
    let mut journaled: FxHashMap<Key, Arc<Record>> = FxHashMap::default();
    replay_all(db, entries, &mut |_, change| {
        let Some(key) = change.record().map(|record| (record.kind, record.id)) else { return };
        if wanted.contains(&key) {
            match &change.after {
                Some(after) => journaled.insert(key, Arc::clone(after)),
                None => journaled.remove(&key),
            };
        }
    })?;
    let mut keys: Vec<Key> = journaled.keys().chain(stored.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let changes = keys.into_iter().map(|key| Change {
        before: journaled.get(&key).cloned(),
        after: stored.get(&key).cloned(),
    });
    Ok(changes.collect())
}

/// Records of which an earlier layer, or an earlier row, has the id already.
fn doubled(db: &Connection) -> Result<Vec<Arc<Record>>, Error> {
    let mut ids = FxHashSet::default();
    let mut doubled = Vec::new();
    for kind in Kind::ALL {
        let mut reader = RowReader::new(kind, RowNames::default());
        let mut query = db.prepare(&rows::select(kind, kind.key(), ""))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let record = reader.read(row)?.1;
            if !ids.insert(record.id) {
                doubled.push(Arc::new(record));
            }
        }
    }
    Ok(doubled)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Edit, Value};
    use crate::store::{AsOf, DistrictReader, Store};

    /// What older programs wrote when QGIS deleted the newest record and drew another in its row.
    #[test]
    fn a_revision_that_takes_two_records_for_one_is_told_read_apart_and_mended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gpkg");
        let by = Stamp {
            actor: "张三".into(),
            at: Timestamp::from_millisecond(1_795_420_800_000).unwrap(),
        };
        let mut ids = Ids::new(by.at, 1);
        let mut site = |name: &str| {
            let mut site = Record::new(ids.next(), Kind::Site, &by);
            site.set("name", Some(Value::text(name)));
            site
        };
        let (old, new) = (site("旧"), site("新"));
        let mut store = Store::create(&path).unwrap();
        store.apply(&Edit::of(vec![Change::create(old.clone())]), &by).unwrap();
        let pair = Change::update(Arc::new(old), new.clone());
        let mut session = Session::begin(&store.db, &by, Size::Few).unwrap();
        let edits = [Change { before: pair.before.clone(), after: None }, Change::create(new)];
        for change in &edits {
            session.write_unjournaled(change).unwrap();
        }
        session.accept(&pair).unwrap();
        session.entry_mut().cause = Cause::External;
        session.commit(EditKind::Outside, None).unwrap();

        let findings = store_check(&path);
        assert!(findings.len() == 1 && findings[0].contains("mend"), "{findings:?}");
        let reader = DistrictReader::open(&path).unwrap();
        let then = reader.load_as_of(AsOf::Revision(1)).unwrap();
        assert_eq!(then.all().map(|record| record.name()).collect::<Vec<_>>(), ["旧"]);
        let mended = store.mend(&by, &mut ids).unwrap().unwrap();
        assert_eq!((mended.apart, mended.accepted, mended.renamed), (vec![2], 0, 0));
        assert_eq!(store_check(&path), [""; 0]);
        assert!(store.mend(&by, &mut ids).unwrap().is_none());
        for _ in 0..3 {
            store.undo(&by).unwrap().unwrap();
            assert_eq!(store_check(&path), [""; 0]);
        }
        assert!(store.load().unwrap().is_empty());
    }

    fn store_check(path: &std::path::Path) -> Vec<String> {
        let findings = DistrictReader::open(path).unwrap().check().unwrap();
        findings.into_iter().map(|finding| finding.problem.en).collect()
    }
}
