//! What changed since then, asked for once for each pair of states.

use super::meetings::Then;
use crate::analysis::changes::{ChangeKind, ChangedRecord, Changes};
use crate::domain::{Kind, World};
use crate::jobs::Same;

/// The key of the page.
pub const PAGE: &str = "changes";

/// The states that are compared: then, and now.
pub type StatesOf = (Same<Then>, Same<World>);

/// What changed between them.
pub struct Compared {
    pub changes: Changes,
}

/// Which rows of the answer are listed; `None` is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    pub kind: Option<Kind>,
    pub what: Option<ChangeKind>,
}

impl Compared {
    /// How many rows are listed.
    pub fn count(&self, listed: Listed) -> usize {
        self.changes.groups(listed.kind, listed.what).map(|group| group.rows.len()).sum()
    }

    /// The row at a place of the list.
    pub fn row(&self, listed: Listed, place: usize) -> Option<&ChangedRecord> {
        let mut before = 0;
        for group in self.changes.groups(listed.kind, listed.what) {
            if place < before + group.rows.len() {
                return self.changes.rows.get(group.rows.start + place - before);
            }
            before += group.rows.len();
        }
        None
    }
}
