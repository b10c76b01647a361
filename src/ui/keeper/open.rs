//! Opening a district, making an empty one, and the sample that comes with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::failed;
use crate::domain::{Change, Edit, EditKind, Stamp};
use crate::sample;
use crate::settings::clock;
use crate::store::{self, Store};
use crate::ui::action::{Action, FileAction};
use crate::ui::model::Opened;

/// The file of the sample.
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
        Err(error) => failed(&error),
    }
}

/// An empty district, and opens it.
pub fn create(path: PathBuf, place: &mut Option<Store>) -> Action {
    match Store::create(&path) {
        Ok(store) => {
            drop(store);
            open(path, place)
        }
        Err(error) => failed(&error),
    }
}

/// The sample of this seat, made where it does not exist yet.
pub fn sample(folder: &Path, stamp: &Stamp, place: &mut Option<Store>) -> Action {
    let path = folder.join(SAMPLE);
    if !path.exists()
        && let Err(error) = make_sample(folder, &path, stamp)
    {
        return failed(&error);
    }
    open(path, place)
}

fn make_sample(folder: &Path, path: &Path, stamp: &Stamp) -> Result<(), store::Error> {
    std::fs::create_dir_all(folder)
        .map_err(|source| store::Error::Io { path: path.to_owned(), source })?;
    let records = sample::records(stamp, &mut clock::ids(stamp));
    let changes = records.into_iter().map(Change::create).collect();
    Store::create_with(path, &Edit { kind: EditKind::Import, changes }, stamp).map(drop)
}

/// The newest of the dated copies.
fn last_backup(path: &Path) -> Option<Timestamp> {
    let copies = std::fs::read_dir(store::backup_folder(path)).ok()?;
    let times = copies.filter_map(|copy| copy.ok()?.metadata().ok()?.modified().ok());
    times.max().and_then(|time| Timestamp::try_from(time).ok())
}
