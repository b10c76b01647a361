//! Everything that can be asked of the window, and where it is sent. Actions are plain data: they
//! name no widget, tool or dialog, so that panels which know nothing of each other meet here.

mod air;
mod command;
mod data;
mod dialog;
mod episodes;
mod file;
mod ledger;
mod meeting;
mod picture;
mod planner;
mod request;
mod tool;
mod view;
mod window;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;

pub use self::air::AirAction;
pub use self::data::{DataAction, NewFile, Stored};
pub use self::dialog::DialogAction;
pub use self::episodes::EpisodeAction;
pub use self::file::{Arrival, BringBack, Damage, FileAction};
pub use self::ledger::{CheckSeen, LedgerAction};
pub use self::meeting::{MeetingAction, StageAction};
pub use self::picture::{Drawn, Painted, PictureAsked};
pub use self::planner::{PaperAction, PlanAction, PlannerAction, RoadsAction};
pub use self::request::{
    DeliverRequest, ImportRequest, Looked, Outgoing, Reading, Request, StoreRequest, TakenIn,
};
pub use self::tool::{ToolAction, ToolKind};
pub use self::view::ViewAction;
pub use self::window::WindowAction;
use super::command::Command;
use super::model::Toast;
use super::model::feeds::FeedsSeen;
use crate::analysis::Filter;
use crate::domain::{Edit, RecordId};
use crate::jobs::{Progress, Reply};
use crate::settings::{LayerSetting, Preference};

/// Everything the app can be asked to do, by widgets, tools, shortcuts, jobs and the keeper of the
/// file alike.
pub enum Action {
    Nothing,
    /// One after the other.
    All(Vec<Self>),
    /// What a menu, a key or a button names.
    Command(Command),
    File(FileAction),
    Data(DataAction),
    View(ViewAction),
    Planner(PlannerAction),
    Air(AirAction),
    Episode(EpisodeAction),
    Meeting(MeetingAction),
    Ledger(LedgerAction),
    Tool(ToolAction),
    Window(WindowAction),
    Dialog(DialogAction),
    /// What the feeds say of themselves.
    Feeds(FeedsSeen),
    Select(Vec<RecordId>),
    /// Adds to the selection, or takes away from it.
    Toggle(RecordId),
    Filter(Filter),
    Layers(Vec<LayerSetting>),
    /// Changes a preference of this seat.
    Prefer(Preference),
    /// Runs off the window's thread; a newer one under the same key overtakes it. A closure and no
    /// type of its own, because it can change nothing: it has snapshots and nothing else of the
    /// window, and what it wants is the action that it returns.
    Work(&'static str, Box<dyn FnOnce(&Progress) -> Action + Send>),
    /// Asks the thread that owns the district file.
    Keep(StoreRequest),
    /// Tells whoever asked for an import whether it is in the file, after what it has done is
    /// performed.
    Written(Reply<(), Option<bool>>, bool),
    Say(Toast),
}

/// Where actions are sent. Cheap to clone into jobs.
#[derive(Clone)]
pub struct Actions {
    sender: Sender<Action>,
    context: egui::Context,
    /// Where files go without asking, for windows that nobody looks at.
    downloads: Option<Arc<Path>>,
}

impl Actions {
    /// Into a channel; `context` is woken for each.
    pub const fn new(sender: Sender<Action>, context: egui::Context) -> Self {
        Self { sender, context, downloads: None }
    }

    /// Files go into this folder without asking.
    #[must_use]
    pub fn saving_to(self, folder: &Path) -> Self {
        Self { downloads: Some(folder.into()), ..self }
    }

    /// Where files go without asking; `None` where a person is asked.
    pub fn downloads(&self) -> Option<&Path> {
        self.downloads.as_deref()
    }

    /// Sends an action and wakes the window.
    pub fn send(&self, action: Action) {
        // Fails only while the window is closing.
        drop(self.sender.send(action));
        self.wake();
    }

    /// Of egui, for textures and repaints.
    pub const fn context(&self) -> &egui::Context {
        &self.context
    }

    /// Something has come that the next frame should show: the frame of the first window, where
    /// actions are performed, whichever window is being painted now.
    pub fn wake(&self) {
        self.context.request_repaint_of(egui::ViewportId::ROOT);
    }

    /// What a menu, a key or a button names.
    pub fn command(&self, command: Command) {
        self.send(Action::Command(command));
    }

    /// Selects one record.
    pub fn select(&self, id: RecordId) {
        self.send(Action::Select(vec![id]));
    }

    /// Sends an action of the planner.
    pub fn planner(&self, action: PlannerAction) {
        self.send(Action::Planner(action));
    }

    /// Sends an action of the meeting.
    pub fn meeting(&self, action: MeetingAction) {
        self.send(Action::Meeting(action));
    }

    /// Sends an action of the tool in hand.
    pub fn tool(&self, action: ToolAction) {
        self.send(Action::Tool(action));
    }

    /// Opens or closes a dialog.
    pub fn dialog(&self, action: DialogAction) {
        self.send(Action::Dialog(action));
    }

    /// Sends a wish about the air and the time cursor.
    pub fn air(&self, action: AirAction) {
        self.send(Action::Air(action));
    }

    /// Sends an action of the page of roads.
    pub fn roads(&self, action: RoadsAction) {
        self.planner(PlannerAction::Roads(action));
    }

    /// Sends an action of the window itself.
    pub fn window(&self, action: WindowAction) {
        self.send(Action::Window(action));
    }

    /// Sends an action of the map.
    pub fn view(&self, action: ViewAction) {
        self.send(Action::View(action));
    }

    /// Applies an edit: in memory at once, on the disk a moment later.
    pub fn apply(&self, edit: Edit) {
        self.send(Action::Data(DataAction::Apply(edit)));
    }

    /// The same, with what is said where it was done.
    pub fn apply_saying(&self, edit: Edit, said: Toast) {
        self.send(Action::Data(DataAction::ApplySaying(edit, said)));
    }

    /// Asks the thread that owns the district file.
    pub fn keep(&self, request: StoreRequest) {
        self.send(Action::Keep(request));
    }

    /// Runs off the window's thread; a newer job under the same key overtakes it.
    pub fn work(&self, key: &'static str, work: impl FnOnce(&Progress) -> Action + Send + 'static) {
        self.send(Action::Work(key, Box::new(work)));
    }

    /// Filters to what stands behind a figure, and frames it on the map. An empty filter frames
    /// nothing.
    pub fn list(&self, filter: Filter) {
        let has_hits = !filter.is_empty();
        self.send(Action::Filter(filter));
        if has_hits {
            self.view(ViewAction::ShowHits);
        }
    }

    /// Changes a preference of this seat.
    pub fn prefer(&self, preference: Preference) {
        self.send(Action::Prefer(preference));
    }
}
