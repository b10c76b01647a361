//! Whether another seat or program has written to the file that is open, and how full its disk is.

use std::path::PathBuf;
use std::time::Duration;

use super::disk::{free_disk, last_backup};
use super::seat::Seat;
use super::write::{refused, since};
use crate::store::Store;
use crate::ui::action::{Action, DataAction};

/// How often the file is looked at.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);
/// And how many of these looks lie between two at the room on the disk.
const LOOKS_PER_DISK: u32 = 30;

/// What the file was like when it was looked at last.
#[derive(Default)]
pub struct Watch {
    path: PathBuf,
    version: i64,
    looks: u32,
}

impl Watch {
    /// From when a file is open: what others write before the first look is noticed too.
    pub fn begin(&mut self, store: &Store) {
        if self.path == store.path() {
            return;
        }
        if let Ok(version) = store.data_version() {
            store.path().clone_into(&mut self.path);
            self.version = version;
        }
    }

    /// What has happened since the last look: what others wrote, now and then the room on the disk and
    /// the copies that others made.
    pub fn look(&mut self, seat: &mut Seat) -> Vec<Action> {
        let store = &seat.store;
        let mut seen = Vec::new();
        self.looks = (self.looks + 1) % LOOKS_PER_DISK;
        if self.looks == 0 {
            seen.push(free_disk(store.path()));
            seen.push(Action::Data(DataAction::BackedUp(last_backup(store.path()))));
        }
        // A file that cannot be read now is told of when somebody needs it.
        let Ok(version) = store.data_version() else { return seen };
        let is_known = self.path == store.path();
        if !is_known {
            store.path().clone_into(&mut self.path);
        }
        if is_known && version != self.version {
            seen.push(outside(seat));
        }
        self.version = version;
        seen
    }
}

/// What others have done: by their edits, and by reading the file where a program was among them that
/// keeps no journal.
fn outside(seat: &mut Seat) -> Action {
    let told = seat.told;
    let seen = seat.store.has_external_edits().and_then(|is_unsigned| {
        let entries = seat.news()?;
        let (edits, world) = if is_unsigned {
            (Vec::new(), Some(seat.store.load()?))
        } else {
            since(&seat.store, told, &entries)?
        };
        Ok(DataAction::Outside { world, edits, entries, is_unsigned })
    });
    seen.map_or_else(|error| refused(seat, &error), Action::Data)
}
