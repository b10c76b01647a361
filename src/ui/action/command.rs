//! What each command asks for: every one stands here once.

use super::{
    Action, AirAction, DataAction, DialogAction, EpisodeAction, FileAction, MeetingAction,
    PlannerAction, ToolAction, ToolKind, ViewAction, WindowAction,
};
use crate::analysis::Filter;
use crate::domain::{DecisionState, OrderKind};
use crate::ui::command::Command;
use crate::ui::model::Panel;
use crate::ui::model::drawing::Form;
use crate::ui::model::workspace::Workspace;

impl Command {
    /// What it asks for.
    #[expect(clippy::too_many_lines, reason = "a table of one line a command")]
    pub fn action(self) -> Action {
        let file = Action::File;
        let (data, view, window) = (Action::Data, Action::View, Action::Window);
        let (planner, meeting, dialog) = (Action::Planner, Action::Meeting, Action::Dialog);
        let (tool, take) = (Action::Tool, |kind| Action::Tool(ToolAction::Take(kind)));
        match self {
            Self::Open => file(FileAction::AskOpen),
            Self::New => dialog(DialogAction::Found),
            Self::Setup => dialog(DialogAction::Setup),
            Self::Sample => file(FileAction::OpenSample),
            Self::Import => file(FileAction::AskImport),
            Self::Backup => file(FileAction::Backup),
            Self::Compact => dialog(DialogAction::Compact),
            Self::Feeds => dialog(DialogAction::Feeds),
            Self::Export => dialog(DialogAction::Export),
            Self::Print => dialog(DialogAction::Print(None)),
            Self::Brief => dialog(DialogAction::Brief),
            Self::Decide => dialog(DialogAction::Decide),
            Self::History => dialog(DialogAction::History),
            Self::Settings => dialog(DialogAction::Settings),
            Self::Keys => dialog(DialogAction::Keys),
            Self::Undo => data(DataAction::Undo),
            Self::Redo => data(DataAction::Redo),
            Self::Delete => data(DataAction::DeleteSelected),
            Self::Situation => window(WindowAction::TurnTo(Workspace::Situation)),
            Self::Planner => window(WindowAction::TurnTo(Workspace::Plans)),
            Self::Air => window(WindowAction::TurnTo(Workspace::Air)),
            Self::Ledger => window(WindowAction::TurnTo(Workspace::Ledger)),
            Self::HighValues => window(WindowAction::TurnTo(Workspace::Episodes)),
            Self::Meeting => window(WindowAction::TurnTo(Workspace::Meeting)),
            Self::Palette => dialog(DialogAction::Palette),
            Self::StepBack => window(WindowAction::StepBack),
            Self::Dock => window(WindowAction::Fold(Panel::Dock)),
            Self::Larger => window(WindowAction::Scale(Some(1))),
            Self::Smaller => window(WindowAction::Scale(Some(-1))),
            Self::NaturalSize => window(WindowAction::Scale(None)),
            Self::NewPlan => planner(PlannerAction::Duplicate),
            Self::Earlier => planner(PlannerAction::StepTime(-1)),
            Self::Later => planner(PlannerAction::StepTime(1)),
            Self::DayEarlier => Action::Air(AirAction::Step(-24)),
            Self::DayLater => Action::Air(AirAction::Step(24)),
            Self::NextStep => Action::Episode(EpisodeAction::Next),
            Self::DispatchOrders => Action::Episode(EpisodeAction::Dispatch),
            Self::NextEpisode => Action::Episode(EpisodeAction::Walk(1)),
            Self::PreviousEpisode => Action::Episode(EpisodeAction::Walk(-1)),
            Self::Play => Action::Air(AirAction::Play),
            Self::Live => Action::Air(AirAction::Live),
            Self::NextQuantity => Action::Air(AirAction::Next),
            Self::RingBlocks => planner(PlannerAction::BlocksOfChosenRing),
            Self::Overview => meeting(MeetingAction::Open("overview")),
            Self::StartDecision => meeting(MeetingAction::MoveSelected(DecisionState::UnderWay)),
            Self::CloseDecision => meeting(MeetingAction::MoveSelected(DecisionState::Done)),
            Self::DropDecision => meeting(MeetingAction::MoveSelected(DecisionState::Dropped)),
            Self::Select => tool(ToolAction::LayDown),
            Self::DrawNoEntry => take(ToolKind::Order(OrderKind::NoEntry)),
            Self::DrawOneWay => take(ToolKind::Order(OrderKind::OneWay)),
            Self::DrawLimited => take(ToolKind::Order(OrderKind::Limited)),
            Self::DrawDetour => take(ToolKind::Order(OrderKind::Detour)),
            Self::DrawPoint => take(ToolKind::Draw(Form::Point, None)),
            Self::DrawLine => take(ToolKind::Draw(Form::Line, None)),
            Self::DrawArea => take(ToolKind::Draw(Form::Area, None)),
            Self::Measure => take(ToolKind::Measure),
            Self::FreeWay => take(ToolKind::Way),
            Self::BanTurns => take(ToolKind::Turns),
            Self::Pen => take(ToolKind::Pen),
            Self::EditShape => take(ToolKind::Shape),
            Self::Snap => tool(ToolAction::Snap),
            Self::Drafts => tool(ToolAction::Recover),
            Self::CloseDraft => tool(ToolAction::DiscardDraft),
            Self::ZoomIn => view(ViewAction::ZoomBy(1.0)),
            Self::ZoomOut => view(ViewAction::ZoomBy(-1.0)),
            Self::Home => view(ViewAction::ShowAll),
            Self::ViewBack => view(ViewAction::Back),
            Self::ViewForward => view(ViewAction::Forward),
            Self::ZoomToSelection => view(ViewAction::ShowSelection),
            Self::Bookmark => view(ViewAction::Bookmark),
            Self::NextRow => view(ViewAction::StepRow(1)),
            Self::PreviousRow => view(ViewAction::StepRow(-1)),
            Self::OnScreen => view(ViewAction::FilterToScreen),
            Self::ClearFilter => Action::Filter(Filter::default()),
            Self::Search => window(WindowAction::Search),
            Self::CopyPlace => window(WindowAction::CopyPlace),
            Self::CopyMap => window(WindowAction::CopyMap),
            Self::Left | Self::Layers => window(WindowAction::Fold(Panel::Left)),
            Self::Right => window(WindowAction::Fold(Panel::Right)),
            Self::Bottom => window(WindowAction::Fold(Panel::Bottom)),
            Self::Big => window(WindowAction::Big),
            Self::Theme => window(WindowAction::Theme),
            Self::Language => window(WindowAction::Language),
            Self::Quit => window(WindowAction::Quit),
        }
    }
}
