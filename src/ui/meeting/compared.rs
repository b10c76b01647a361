//! What changed since then, asked for once for each pair of states.

use std::sync::Arc;

use super::Then;
use crate::analysis::changes::{Changes, Row, What};
use crate::domain::{Kind, World};
use crate::ui::model::Model;

/// The key of the page.
pub const PAGE: &str = "changes";

/// An answer, with what it was asked of.
pub struct Compared {
    pub then: Arc<Then>,
    pub now: Arc<World>,
    pub changes: Changes,
}

/// Which rows of the answer are listed; `None` is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    pub kind: Option<Kind>,
    pub what: Option<What>,
}

impl Compared {
    pub fn is_of(&self, then: &Arc<Then>, now: &Arc<World>) -> bool {
        Arc::ptr_eq(&self.then, then) && Arc::ptr_eq(&self.now, now)
    }

    pub fn count(&self, listed: Listed) -> usize {
        self.changes.groups(listed.kind, listed.what).map(|group| group.rows.len()).sum()
    }

    /// The row at a place of the list.
    pub fn row(&self, listed: Listed, place: usize) -> Option<&Row> {
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

/// The states that should be compared now, where they are not and nobody does it.
pub fn question(model: &Model) -> Option<(Arc<Then>, Arc<World>)> {
    let meeting = &model.meeting;
    if !meeting.is_open || meeting.page != PAGE {
        return None;
    }
    let (then, now) = (meeting.then.clone()?, model.world());
    let is_asked = meeting.compare_asked.as_ref().is_some_and(|(known_then, known_now)| {
        Arc::ptr_eq(known_then, &then) && Arc::ptr_eq(known_now, &now)
    });
    (!is_asked).then_some((then, now))
}
