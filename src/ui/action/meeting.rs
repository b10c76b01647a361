//! Wishes of the meeting's widgets, and answers of its jobs.

use crate::analysis::agenda::{Call, PlannedScene};
use crate::analysis::decisions::DecisionFilter;
use crate::domain::{DecisionState, RecordId};
use crate::ui::model::compared::Listed;
use crate::ui::model::meetings::Since;

/// Wishes of the meeting's widgets, and answers of its jobs.
pub enum MeetingAction {
    /// A key of `pages::ALL`, or that of the agenda.
    Page(String),
    Stage(StageAction),
    /// The same, and the mode is opened for it.
    Open(&'static str),
    /// The meeting that is held; `None` for the one that is due by date.
    Hold(Option<RecordId>),
    /// What today is compared with.
    Since(Since),
    /// The mark of the pen of which is asked what to make.
    Bubble(Option<RecordId>),
    /// Makes the map as it was then.
    Peek,
    /// Which changes are listed.
    List(Listed),
    /// Which decisions the page lists.
    Wanted(DecisionFilter),
    /// Only those of the last meeting, or all.
    OfLast(bool),
    /// Puts decisions into a state, a key of its choices: one undo step.
    Move(Vec<RecordId>, DecisionState),
    /// The same with those that are selected.
    MoveSelected(DecisionState),
}

impl From<StageAction> for MeetingAction {
    fn from(wish: StageAction) -> Self {
        Self::Stage(wish)
    }
}

/// Wishes about scenes.
pub enum StageAction {
    Go(RecordId),
    /// So many scenes on, or back.
    Step(isize),
    First,
    Last,
    /// The screen goes black, or comes back.
    Black,
    /// Opens or closes the speaker's window.
    Speaker(bool),
    /// A meeting and its scenes.
    Convene(Box<Call>, Vec<PlannedScene>),
    /// One scene so many places down.
    Move(RecordId, isize),
    Duplicate(RecordId),
    Remove(RecordId),
    Rename(RecordId, String),
    /// A key of the choices of `page`.
    Turn(RecordId, &'static str),
    /// What is seen now becomes the scene.
    Retake(RecordId),
    /// What is seen now becomes a new scene behind the one that is shown.
    Add,
}
