//! Changes of records, and answers of the keeper and of jobs about them.

use std::path::PathBuf;
use std::sync::Arc;

use super::picture::Drawn;
use crate::domain::{Edit, LocalizedText, RecordId, World};
use crate::store::JournalEntry;
use crate::ui::model::Toast;

/// What is asked of records.
pub enum DataAction {
    /// Changes records, with one undo step.
    Apply(Edit),
    /// The same; and where it was done, what is said of it.
    ApplySaying(Edit, Toast),
    Undo,
    Redo,
    DeleteSelected,
    /// Undoes (or, below zero, redoes) so many steps.
    Back(i64),
    /// The keeper has written it.
    Stored(Stored),
    /// The keeper could not: the world is as the file says.
    Refused {
        world: Option<World>,
        /// Rows of the journal that the window does not have yet.
        entries: Vec<JournalEntry>,
        reason: LocalizedText,
    },
    /// An edit of this seat has come to the disk, or was refused.
    Applied(Box<DataAction>),
    /// Another seat or program has written to the file: this, or all of it is so.
    Outside {
        world: Option<World>,
        edits: Vec<Edit>,
        entries: Vec<JournalEntry>,
        /// Whether a program that keeps no journal was among them.
        is_unsigned: bool,
    },
    Picture(Box<Drawn>),
    /// Bytes that the disk has left; `None` where the system does not say.
    FreeDisk(Option<u64>),
    /// When the newest of the dated copies was made.
    BackedUp(Option<jiff::Timestamp>),
    /// Photos or papers for a record.
    Attach(RecordId, Vec<NewFile>),
    /// They lie in the file under these names; and what stopped the rest.
    Attached(RecordId, Vec<String>, Option<Toast>),
}

/// What becomes an attachment.
pub enum NewFile {
    Path(PathBuf),
    /// From the clipboard.
    Picture(Arc<egui::ColorImage>),
}

/// What became of an order to the keeper.
pub struct Stored {
    /// Rows of the journal that the window does not have yet.
    pub entries: Vec<JournalEntry>,
    /// To be done in memory too, where the window has not done it already.
    pub edits: Vec<Edit>,
    /// In place of the edits, where they are too many to be told one by one.
    pub world: Option<World>,
    /// Another program has changed records that no row of the journal tells of yet.
    pub is_ahead: bool,
    pub toast: Option<Toast>,
}
