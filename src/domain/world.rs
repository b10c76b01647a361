//! The district in memory: a table a kind.
//!
//! Tables are persistent maps, so that a clone of the world shares everything with it: a job takes
//! one and is never waited for, undo and comparison keep old ones. An edit copies the path to the
//! records that it changes. [`Table::version`] counts edits, and whatever is derived from a table
//! remembers the version that it was made from; a world that is read anew from the disk counts from
//! nothing, which [`Table::is_same`] is for.
//!
//! Its limits: every record is in memory. With its geometry and all that the window makes of it one of
//! a million sites takes 1.2 kB, of a hundred thousand 1.8 kB (`benches/window.rs`). A record is found
//! by id in one table in O(log n), by id alone in each table one after the other, by code
//! through a map that is made when somebody first asks; by place through `analysis::Index`.
//! Two records of one kind may have one code: the later one in the order of ids is found.

use std::sync::{Arc, OnceLock};

use imbl::OrdMap;
use rustc_hash::FxBuildHasher;

use super::{Change, Edit, Kind, Record, RecordId, Seal};
use crate::domain::Localized;

/// Every record of the district, in memory. Cloning costs a few pointers, so a job can take one.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The journal revision this world is at.
    pub revision: u64,
    /// The last edit in the journal that this world follows from; `None` before the first one, and in
    /// a file of an older format. An edit that [`World::apply`] makes puts the world ahead of it.
    pub seal: Option<Seal>,
    tables: [Table; Kind::ALL.len()],
}

type Codes =
    imbl::GenericHashMap<Arc<str>, RecordId, FxBuildHasher, imbl::shared_ptr::DefaultSharedPtr>;

/// The records of one kind, by id and by code. Shares structure with its clones: an edit of one
/// record among a million copies a few tree nodes.
#[derive(Clone, Debug, Default)]
pub struct Table {
    records: OrdMap<RecordId, Arc<Record>>,
    /// Made when somebody first asks by code: reading and printing never do.
    by_code: OnceLock<Codes>,
    /// Counted up with every change: derived things remember the one they were made from.
    pub version: u64,
}

/// The record is no longer what the edit was made from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} `{name}` ({id}) was changed by {by} meanwhile")]
pub struct Conflict {
    pub kind: Kind,
    pub id: RecordId,
    pub name: String,
    /// Who changed it last.
    pub by: String,
}

impl Localized for Conflict {
    fn zh(&self) -> String {
        format!(
            "{}“{}”在此期间已被 {} 修改，本次修改未写入。请重新读取后再改。",
            self.kind.label().zh,
            self.name,
            if self.by.is_empty() { "他人删除或" } else { &self.by }
        )
    }
}

impl Table {
    /// O(log n).
    pub fn get(&self, id: RecordId) -> Option<&Arc<Record>> {
        self.records.get(&id)
    }

    /// The first call after the world was read makes a map of all codes.
    pub fn by_code(&self, code: &str) -> Option<&Arc<Record>> {
        self.get(*self.codes().get(code)?)
    }

    fn codes(&self) -> &Codes {
        self.by_code.get_or_init(|| {
            self.iter().filter_map(|record| Some((record.code()?.into(), record.id))).collect()
        })
    }

    /// In the order of ids, so that lists and files are the same on every run.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.records.values()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether two tables are one in memory: no edit lies between them.
    pub fn is_same(&self, other: &Self) -> bool {
        self.records.ptr_eq(&other.records)
    }

    fn put(&mut self, record: Arc<Record>) {
        if let (Some(codes), Some(code)) = (self.by_code.get_mut(), record.code()) {
            codes.insert(code.into(), record.id);
        }
        self.records.insert(record.id, record);
    }

    fn take(&mut self, record: &Record) {
        if let (Some(codes), Some(code)) = (self.by_code.get_mut(), record.code())
            && codes.get(code) == Some(&record.id)
        {
            codes.remove(code);
        }
        self.records.remove(&record.id);
    }
}

impl World {
    /// The records of one kind.
    pub fn table(&self, kind: Kind) -> &Table {
        // One table a kind, in the order of the enum.
        #[expect(clippy::indexing_slicing, reason = "the array has one place for each kind")]
        &self.tables[kind as usize]
    }

    fn table_mut(&mut self, kind: Kind) -> &mut Table {
        #[expect(clippy::indexing_slicing, reason = "the array has one place for each kind")]
        &mut self.tables[kind as usize]
    }

    /// A record of whatever kind: asks each table. Where the kind is known, ask its table.
    pub fn get(&self, id: RecordId) -> Option<&Arc<Record>> {
        self.tables.iter().find_map(|table| table.get(id))
    }

    /// By kind, then by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.tables.iter().flat_map(Table::iter)
    }

    /// How many records there are, of all kinds.
    pub fn len(&self) -> usize {
        self.tables.iter().map(Table::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a record that the store has read; edits go through [`World::apply`].
    pub fn load(&mut self, record: Arc<Record>) {
        self.table_mut(record.kind).put(record);
    }

    /// All of the edit or none of it: [`Conflict`] names the first record that is not what the edit
    /// was made from.
    ///
    /// Geometry is kept as the file gives it back ([`crate::geodesy::wkb::settled`]), so that memory
    /// and file say the same of every record.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), Conflict> {
        let settled: Vec<Option<Change>> = edit.changes.iter().map(Change::settled).collect();
        let changes = edit.changes.iter().zip(&settled);
        let changes: Vec<&Change> = changes.map(|(own, new)| new.as_ref().unwrap_or(own)).collect();
        for change in &changes {
            let Some(record) = change.record() else { continue };
            let stored = self.table(record.kind).get(record.id);
            let is_as_expected = match (stored, &change.before) {
                (Some(stored), Some(before)) => Arc::ptr_eq(stored, before) || stored == before,
                (None, None) => true,
                _ => false,
            };
            if !is_as_expected {
                return Err(Conflict::over(record, stored));
            }
        }
        if let Some(seal) = &mut self.seal {
            seal.is_ahead = true;
        }
        for change in &changes {
            let Some(record) = change.record() else { continue };
            let table = self.table_mut(record.kind);
            table.version += 1;
            if let Some(before) = &change.before {
                table.take(before);
            }
            if let Some(after) = &change.after {
                table.put(Arc::clone(after));
            }
        }
        Ok(())
    }
}

impl Conflict {
    /// `stored` is what stands in the record's place now, `None` where it is gone.
    pub fn over(wanted: &Record, stored: Option<&Arc<Record>>) -> Self {
        Self {
            kind: wanted.kind,
            id: wanted.id,
            name: wanted.name().to_owned(),
            by: stored.map_or_else(String::new, |stored| stored.meta.changed_by.to_string()),
        }
    }
}

impl FromIterator<Record> for World {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Self {
        let mut world = Self::default();
        for record in records {
            world.load(Arc::new(record));
        }
        world
    }
}
