//! The district file that is open.

use crate::store::{Error, JournalEntry, Store};

/// The district that is open, and how much of its journal the window has been told.
pub struct Seat {
    pub store: Store,
    /// A revision.
    pub told: u64,
}

impl Seat {
    /// The window has been told these.
    pub fn new(store: Store, entries: &[JournalEntry]) -> Self {
        Self { store, told: entries.last().map_or(0, |entry| entry.revision) }
    }

    /// The rows of the journal that the window does not have yet, which it is told by this.
    pub fn news(&mut self) -> Result<Vec<JournalEntry>, Error> {
        let entries = self.store.history_since(self.told)?;
        if let Some(last) = entries.last() {
            self.told = last.revision;
        }
        Ok(entries)
    }
}
