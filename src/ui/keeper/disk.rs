//! What the disk says of a district: its room, and the dated copies.

use std::path::Path;

use jiff::Timestamp;

use crate::store;
use crate::ui::action::{Action, DataAction};

/// Asks the disk how much room it has, now and then, off the window's thread.
pub fn free_disk(folder: &Path) -> Action {
    Action::Data(DataAction::FreeDisk(fs4::available_space(folder).ok()))
}

/// When the newest of the dated copies was made.
pub fn last_backup(path: &Path) -> Option<Timestamp> {
    let copies = std::fs::read_dir(store::backup_folder(path)).ok()?;
    let times = copies.filter_map(|copy| copy.ok()?.metadata().ok()?.modified().ok());
    times.max().and_then(|time| Timestamp::try_from(time).ok())
}
