//! Which dialog is opened or closed. Its jobs answer it by a `Reply` of its own.

use crate::domain::{RecordId, Text};
use crate::geodesy::wkb::Bounds;
use crate::store::Version;

/// Which dialog is asked for.
pub enum DialogAction {
    /// A new district.
    Found,
    /// What the open one still lacks.
    Setup,
    Export,
    /// The part of the map that is on the screen, or within a box, WGS-84 degrees.
    Print(Option<Bounds>),
    Brief,
    Decide,
    /// Gives the free room of the file back to the disk.
    Compact,
    History,
    Settings,
    /// Holidays and what time limits mean, which the office keeps for itself.
    Office,
    Keys,
    /// All commands, to be searched.
    Palette,
    RenamePlan(String),
    AdoptPlan(String),
    /// The table of truck speeds.
    TruckSpeeds,
    RecordHistory(RecordId, Vec<Version>),
    /// An attachment of a record, large.
    Attachment(RecordId, String),
    /// A decision that comes of a mark of the pen, with what is written there and lies near.
    DecideOn {
        mark: RecordId,
        said: String,
        near: Vec<RecordId>,
    },
    /// Takes in a package of another office.
    Package(std::path::PathBuf),
    /// What brings readings by itself.
    Feeds,
    /// Withdraws a delivery of readings.
    Withdraw(RecordId),
    NewMeeting,
    NewSprint,
    /// Closes the dialog of this title, and none that has taken its place meanwhile.
    Close(Text),
}
