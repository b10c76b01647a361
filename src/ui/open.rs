//! Opening a district: on the keeper's thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::action::{Action, DataAction, FileAction, Stored};
use super::model::{Opened, Toast};
use crate::domain::{Change, Edit, EditKind, Localized, Stamp};
use crate::sample;
use crate::settings::clock;
use crate::store::{self, JournalEntry, Store};

pub const SAMPLE: &str = "丰润(示例).gpkg";

/// Puts the district into the keeper's hands. What was open before stays open when this fails.
pub fn open(path: PathBuf, place: &mut Option<Store>) -> Action {
    let opened = Store::open_session(&path).and_then(|store| {
        let world = store.load()?;
        let entries = Arc::new(store.history()?);
        Ok((store, world, entries))
    });
    match opened {
        Ok((store, world, entries)) => {
            let last_backup = last_backup(&path);
            *place = Some(store);
            Action::File(FileAction::Opened(Box::new(Opened { path, world, entries, last_backup })))
        }
        Err(error) => Action::Say(Toast::failed(&error)),
    }
}

/// The sample of this seat, made where it does not exist yet.
pub fn sample(folder: &Path, stamp: &Stamp, place: &mut Option<Store>) -> Action {
    let path = folder.join(SAMPLE);
    if !path.exists()
        && let Err(error) = make_sample(folder, &path, stamp)
    {
        return Action::Say(Toast::failed(&error));
    }
    open(path, place)
}

/// Written beside and renamed: a sample that is only half there would be taken for whole.
fn make_sample(folder: &Path, path: &Path, stamp: &Stamp) -> Result<(), store::Error> {
    let io = |source| store::Error::Io { path: path.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(io)?;
    let unfinished = folder.join("sample.unfinished.gpkg");
    drop(std::fs::remove_file(&unfinished));
    let mut store = Store::create(&unfinished)?;
    let records = sample::records(stamp, &mut clock::ids(stamp));
    let changes = records.into_iter().map(Change::create).collect();
    store.apply(&Edit { kind: EditKind::Import, changes }, stamp)?;
    drop(store);
    std::fs::rename(&unfinished, path).map_err(io)
}

/// The newest of the dated copies.
fn last_backup(path: &Path) -> Option<Timestamp> {
    let copies = std::fs::read_dir(store::backup_folder(path)).ok()?;
    let times = copies.filter_map(|copy| copy.ok()?.metadata().ok()?.modified().ok());
    times.max().and_then(|time| Timestamp::try_from(time).ok())
}

/// The journal after something was written, or why it cannot be read.
pub fn stored(store: &Store, edits: Vec<Edit>, toast: Option<Toast>) -> Action {
    match store.history() {
        Ok(entries) => Action::Data(DataAction::Stored(Stored {
            entries: Arc::new(entries),
            edits,
            world: None,
            toast,
        })),
        Err(error) => refused(store, &error),
    }
}

/// The file said no: the window goes back to what the file says.
pub fn refused(store: &Store, error: &store::Error) -> Action {
    let entries: Option<Arc<Vec<JournalEntry>>> = store.history().ok().map(Arc::new);
    Action::Data(DataAction::Refused {
        world: store.load().ok(),
        entries,
        reason: error.localized(),
    })
}

/// What was done since a revision, for the memory to follow; many changes are loaded anew.
pub fn caught_up(store: &mut Store, before: u64, toast: Option<Toast>) -> Action {
    const MANY: u64 = 20_000;
    let entries = match store.history() {
        Ok(entries) => entries,
        Err(error) => return refused(store, &error),
    };
    let new = entries.iter().filter(|entry| entry.revision > before);
    let count: u64 = new.map(|entry| entry.created + entry.updated + entry.deleted).sum();
    let (edits, world) = if count > MANY {
        match store.load() {
            Ok(world) => (Vec::new(), Some(world)),
            Err(error) => return refused(store, &error),
        }
    } else {
        match store.since(before) {
            Ok(edits) => (edits, None),
            Err(error) => return refused(store, &error),
        }
    };
    Action::Data(DataAction::Stored(Stored { entries: Arc::new(entries), edits, world, toast }))
}

/// Asks the disk how much room it has, now and then, off the window's thread.
pub fn free_disk(folder: &Path) -> Action {
    Action::Data(DataAction::FreeDisk(fs4::available_space(folder).ok()))
}
