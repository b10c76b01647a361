//! Records handed to another office and taken in from one: a package is made from the district file,
//! looked at against a district, and written into it as one undo step.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::analysis::handover::{Received, received, renamed};
use crate::analysis::ledger;
use crate::domain::item::guard::{self, Unlawful};
use crate::domain::{
    Change, Edit, EditKind, Localized, LocalizedText, Record, RecordId, Stamp, World,
};
use crate::exchange::package::{About, NewPackage, PackageError, PackedRecord, bytes, read};
use crate::store::{DistrictReader, EarlierStates, Error, Size, Store};

/// What was looked at.
#[derive(Clone, Debug)]
pub struct LookedAt {
    pub about: About,
    /// In the order of the package.
    pub records: Vec<Received>,
    files: BTreeMap<String, Vec<u8>>,
}

/// What is to be written of a package.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    pub changes: Vec<Change>,
    /// Attachments, which are stored before the records that name them.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Why records are not packed, or a package is not taken.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    #[error(transparent)]
    Package(#[from] PackageError),
    #[error(transparent)]
    Store(#[from] Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Unlawful(#[from] Unlawful),
    #[error("nothing was chosen")]
    Nothing,
}

impl Localized for HandoverError {
    fn zh(&self) -> String {
        match self {
            Self::Package(error) => error.zh(),
            Self::Store(error) => error.zh(),
            Self::Io(error) => error.zh(),
            Self::Unlawful(error) => error.zh(),
            Self::Nothing => "没有选中任何记录".to_owned(),
        }
    }
}

/// A package of some records with their photos and papers; what they name and the district file lacks is
/// said in it.
pub fn pack(
    reader: &DistrictReader,
    world: &World,
    ids: &[RecordId],
    mut about: About,
) -> Result<Vec<u8>, HandoverError> {
    let earlier = reader.earlier_states(ids)?;
    let (mut records, mut files) = (Vec::new(), BTreeMap::new());
    for record in ids.iter().filter_map(|id| world.get(*id)) {
        let states = earlier.get(&record.id).into_iter().flatten();
        let states = states.filter(|state| !state.says_the_same_as(record));
        records.push(PackedRecord {
            record: Record::clone(record),
            earlier: states.map(|state| Record::clone(state)).collect(),
        });
        for name in record.attachments() {
            if files.contains_key(name) || about.absent.iter().any(|known| known == name) {
                continue;
            }
            match reader.attachment(name)? {
                Some(found) => {
                    files.insert(name.to_owned(), found.content);
                }
                None => about.absent.push(name.to_owned()),
            }
        }
    }
    if records.is_empty() {
        return Err(HandoverError::Nothing);
    }
    Ok(bytes(&NewPackage { about, records, files })?)
}

/// Reads a package and holds it against a district.
pub fn look(
    path: &Path,
    world: &World,
    reader: &DistrictReader,
) -> Result<LookedAt, HandoverError> {
    let package = read(path)?;
    let ids: Vec<RecordId> = package.records.iter().map(|packed| packed.record.id).collect();
    let known: Vec<RecordId> = ids.into_iter().filter(|id| world.get(*id).is_some()).collect();
    let ours: EarlierStates = reader.earlier_states(&known)?;
    let none: Vec<Arc<Record>> = Vec::new();
    let records = package.records.into_iter().map(|packed| {
        let ours = ours.get(&packed.record.id).unwrap_or(&none);
        received(world, &Arc::new(packed.record), &packed.earlier, ours)
    });
    Ok(LookedAt { about: package.about.clone(), records: records.collect(), files: package.files })
}

impl LookedAt {
    /// What of it is written, as it is said now; new items whose numbers are taken have numbers of their
    /// own.
    pub fn taken(&self, world: &World, stamp: &Stamp) -> Result<Taken, HandoverError> {
        let changes: Vec<Change> =
            self.records.iter().filter_map(|received| received.change(stamp)).collect();
        let edit = Edit { kind: EditKind::Import, changes };
        let edit = ledger::ready(edit, world, stamp);
        if let Some(unlawful) = guard::unlawful(&edit) {
            return Err(unlawful.into());
        }
        let named: BTreeSet<&str> = edit
            .changes
            .iter()
            .filter_map(|change| change.after.as_ref())
            .flat_map(|record| record.attachments())
            .collect();
        let files = self.files.iter().filter(|(name, _)| named.contains(name.as_str()));
        let files = files.map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
        Ok(Taken { changes: edit.changes, files })
    }
}

/// Stores attachments and has the changes name them as they are called in this district: one that has
/// another file of the name gets a number. No record names them yet.
pub fn with_files(
    store: &mut Store,
    changes: &[Change],
    files: &[(String, Vec<u8>)],
    stamp: &Stamp,
) -> Result<Vec<Change>, Error> {
    let mut names = BTreeMap::new();
    for (name, content) in files {
        let own = store.attach(name, content, stamp)?;
        if own != *name {
            names.insert(name.clone(), own);
        }
    }
    let of = |change: &Change| {
        let Some(after) = &change.after else { return change.clone() };
        let mut record = Record::clone(after);
        renamed(&mut record, &names);
        Change { before: change.before.clone(), after: Some(Arc::new(record)) }
    };
    Ok(changes.iter().map(of).collect())
}

/// Writes what was taken: one transaction, one undo step named after the file.
pub fn write(store: &mut Store, taken: &Taken, file: &str, by: &Stamp) -> Result<(), Error> {
    let changes = with_files(store, &taken.changes, &taken.files, by)?;
    let mut session = store.session(by, Size::Few)?;
    for change in &changes {
        session.write(change)?;
    }
    let outcome = session.commit(EditKind::Import, Some(file.to_owned()));
    store.settled(outcome, by)?;
    Ok(())
}

/// One line for a person: `FR-20261101-001 冲突：责任人、备注`.
pub fn words(received: &Received) -> LocalizedText {
    let code = received.theirs.code().unwrap_or_else(|| received.theirs.name());
    let standing = received.standing.label();
    let parts = received.parts.iter().filter(|part| part.is_conflict);
    let labels: Vec<_> = parts.map(|part| part.part.label()).collect();
    let zh: Vec<&str> = labels.iter().map(|label| label.zh).collect();
    let en: Vec<&str> = labels.iter().map(|label| label.en).collect();
    let mut said =
        LocalizedText::new(format!("{code} {}", standing.zh), format!("{code} {}", standing.en));
    if !labels.is_empty() {
        said.zh = format!("{}：{}", said.zh, zh.join("、"));
        said.en = format!("{}: {}", said.en, en.join(", "));
    }
    if received.has_taken_code {
        said.zh.push_str("（编号已用，另编新号，原号记为上级编号）");
        said.en.push_str(" (its number is taken here: it gets another one)");
    }
    said
}
