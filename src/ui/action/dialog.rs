//! Which dialog is opened, and what is said to the one that is open.

use std::any::Any;

use crate::domain::{RecordId, Text};
use crate::store::Version;

pub enum DialogAction {
    Export,
    Print,
    Brief,
    Decide,
    History,
    Settings,
    Keys,
    RenamePlan(String),
    AdoptPlan(String),
    RecordHistory(RecordId, Vec<Version>),
    /// An attachment of a record, large.
    Attachment(RecordId, String),
    /// A decision that comes of a mark of the pen, with what is written there and lies near.
    DecideOn {
        mark: RecordId,
        said: String,
        near: Vec<RecordId>,
    },
    NewMeeting,
    NewSprint,
    /// Closes the dialog of this title, and none that has taken its place meanwhile.
    Close(Text),
    /// For the dialog that is open, from a job it started. Dropped when another is open.
    Answer(Box<dyn Any + Send>),
}
