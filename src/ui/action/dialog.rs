//! Which dialog is opened or closed. Its jobs answer it by a `Reply` of its own.

use crate::domain::{RecordId, Text};
use crate::store::Version;

/// Which dialog is asked for.
pub enum DialogAction {
    Export,
    Print,
    Brief,
    Decide,
    History,
    Settings,
    Keys,
    /// All commands, to be searched.
    Palette,
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
}
