//! Edits: what changes records, and nothing else does.
//!
//! An edit is a list of changes, each with both sides of one record. Undo is the list turned round,
//! the journal of the store is these lists in their order, and [`super::World::apply`] refuses an
//! edit of which one side is not what is in memory. An edit is whole or not at all, in memory and
//! on the disk. Its limits: it changes whole records, not fields, so that two people at two fields
//! of one record are in conflict; and it lies in memory, both sides of every record, so that an
//! import hands its changes to the store one by one instead (`store::Session`).

use std::sync::Arc;

use jiff::Timestamp;

use super::{Record, RecordId};

/// Who does it and when. Handed in, because nothing below the edge of the program has a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub actor: Arc<str>,
    pub at: Timestamp,
}

/// What the person meant, for the journal and for "undo …".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditKind {
    Create,
    Update,
    Delete,
    Import,
    /// What a new district begins with. No undo step: an empty district is not what a person had.
    Found,
    /// Several changes sent as one.
    Batch,
    /// Another program changed the file; we only write down what it did.
    Outside,
    /// What the journal did not explain was accepted by a person.
    Mend,
    /// Readings came in: the record of their delivery is new, and with it they count.
    Deliver,
    /// The same by itself, from a feed. No undo step: who takes back a step means his own, and a delivery
    /// is withdrawn.
    Feed,
    /// A delivery of readings was withdrawn.
    Withdraw,
    /// A rule alerted, or ended what is over. No undo step: nobody takes back what was measured.
    Alarm,
    /// Records went out to a file. This and those below are events, which change no record: an
    /// [`Edit`] never has them.
    Export,
    /// A paper was made: a brief, minutes, a notice, a map.
    Paper,
    /// A photo or a paper came into the file.
    Attach,
    /// The journal of an older file got its hashes.
    Seal,
}

impl EditKind {
    /// Every value.
    pub const ALL: [Self; 16] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Import,
        Self::Found,
        Self::Batch,
        Self::Outside,
        Self::Mend,
        Self::Deliver,
        Self::Feed,
        Self::Withdraw,
        Self::Alarm,
        Self::Export,
        Self::Paper,
        Self::Attach,
        Self::Seal,
    ];

    /// The name in the journal. Fixed for ever.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Import => "import",
            Self::Found => "found",
            Self::Batch => "batch",
            Self::Outside => "outside",
            Self::Mend => "mend",
            Self::Deliver => "deliver",
            Self::Feed => "feed",
            Self::Withdraw => "withdraw",
            Self::Alarm => "alarm",
            Self::Export => "export",
            Self::Paper => "paper",
            Self::Attach => "attach",
            Self::Seal => "seal",
        }
    }

    /// `None` for a word that no version of this program wrote.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// One thing a person did: one transaction, one row of the journal, one undo step.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub kind: EditKind,
    pub changes: Vec<Change>,
}

/// One record before and after. Nothing before is a creation, nothing after is a deletion.
///
/// Keeping both sides makes undo a swap, and lets the store notice that another seat was faster.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub before: Option<Arc<Record>>,
    pub after: Option<Arc<Record>>,
}

impl Edit {
    /// The edit of one or several changes, named after what they do.
    pub fn of(changes: Vec<Change>) -> Self {
        let kind = match changes.as_slice() {
            [Change { before: None, .. }] => EditKind::Create,
            [Change { after: None, .. }] => EditKind::Delete,
            [_] => EditKind::Update,
            _ => EditKind::Batch,
        };
        Self { kind, changes }
    }

    /// What takes it back: its changes turned round, the last one first.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { kind: self.kind, changes: self.changes.iter().rev().map(Change::inverse).collect() }
    }
}

impl Change {
    /// A record that was not there.
    pub fn create(record: Record) -> Self {
        Self { before: None, after: Some(Arc::new(record)) }
    }

    /// The record as it was and as it is to be.
    pub fn update(before: Arc<Record>, after: Record) -> Self {
        Self { before: Some(before), after: Some(Arc::new(after)) }
    }

    /// A record that is to go.
    pub fn delete(record: Arc<Record>) -> Self {
        Self { before: Some(record), after: None }
    }

    /// The other way round.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { before: self.after.clone(), after: self.before.clone() }
    }

    /// The change with both sides as the file gives them back; `None` where they are so already.
    pub(crate) fn settled(&self) -> Option<Self> {
        let is_settled =
            |side: &Option<Arc<Record>>| side.as_ref().is_none_or(|record| record.is_settled());
        if is_settled(&self.before) && is_settled(&self.after) {
            return None;
        }
        let settle = |side: &Option<Arc<Record>>| {
            let record = side.as_ref()?;
            if record.is_settled() {
                return Some(Arc::clone(record));
            }
            Some(Arc::new(Record::clone(record).settled()))
        };
        Some(Self { before: settle(&self.before), after: settle(&self.after) })
    }

    /// Either side; `None` only for a change from nothing to nothing.
    pub fn record(&self) -> Option<&Arc<Record>> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// The record that it is about.
    pub fn subject(&self) -> Option<RecordId> {
        self.record().map(|record| record.id)
    }
}
