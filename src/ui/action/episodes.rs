//! Wishes about high values.

use crate::analysis::episodes::{Rules, Said};
use crate::domain::RecordId;
use crate::domain::episode::Step;
use crate::ui::model::episodes::{RowKey, Sector};

/// Wishes about high values.
pub enum EpisodeAction {
    Choose(RowKey),
    /// So many rows on, or back.
    Walk(i32),
    /// The step that usually comes next for what is looked at.
    Next,
    Step(RecordId, Step),
    /// Orders of what is looked at: onto the clipboard, and into its record.
    Dispatch,
    /// What came back counts.
    Said(RecordId, Vec<Said>),
    /// Drawn by hand; by the wind again where it is `None`.
    Sector(Option<Sector>),
    ListAll(bool),
    /// The footprint of the plume on the map, or not.
    Plume(bool),
    /// A scene of the meeting that is held for each alert of the last seven days.
    Scenes,
    /// Rules on trial; `None` when their page closes.
    Try(Option<Box<Rules>>),
    /// Something that was found in an episode becomes an item of the ledger.
    IntoLedger(RecordId, String),
    /// The rules on trial hold.
    Adopt,
}
