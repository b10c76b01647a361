use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use egui::Vec2;
use geo_types::Coord;

use super::canvas::picture::Drawn;
use super::canvas::tools::{Making, Tool};
use super::card::attachments::Looked;
use super::command::Command;
use super::derive::{Known, Shown};
use super::dialogs::Dialog;
use super::meeting::MeetingAction;
use super::model::{Opened, Panel, Toast};
use super::perform::Arrival;
use super::planner::{PlannerAction, RoadsAction};
use crate::analysis::Filter;
use crate::domain::{Edit, Kind, LocalizedText, RecordId, Text, World};
use crate::geodesy::wkb::Bounds;
use crate::jobs::Progress;
use crate::map::view::View;
use crate::settings::{LayerSetting, Settings};
use crate::store::{JournalEntry, Store};

/// Everything the app can be asked to do, by widgets, tools, shortcuts, jobs and the keeper of the
/// file alike.
#[expect(clippy::large_enum_variant, reason = "an action lives for one frame")]
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
    Meeting(MeetingAction),
    Select(Vec<RecordId>),
    /// Adds to the selection, or takes away from it.
    Toggle(RecordId),
    Hover(Option<RecordId>),
    /// The pointer is over this place, WGS-84 degrees.
    Pointer(Option<Coord<f64>>),
    /// The unfinished work of a tool, for the disk; `None` when there is none any more.
    KeepDraft(Option<serde_json::Value>),
    DraftFound(serde_json::Value),
    /// The base map that a job has opened.
    Base(Box<super::canvas::tiles::Opened>),
    BaseProblem(Option<LocalizedText>),
    Filter(Filter),
    Layers(Vec<LayerSetting>),
    /// Takes a tool in hand, or lays it down.
    Hold(Option<Box<dyn Tool>>),
    /// What the drawing in hand is to become.
    Make(Making),
    /// Turns a switch of the tool in hand.
    Switch(usize),
    Panel(Panel, bool),
    Dialog(Option<Box<dyn Dialog>>),
    /// Closes the dialog of this title, and none that has taken its place meanwhile.
    CloseDialog(Text),
    /// For the dialog that is open, from a job it started. Dropped when another is open.
    ForDialog(Box<dyn std::any::Any + Send>),
    /// Changes a preference of this seat.
    Prefer(Box<dyn FnOnce(&mut Settings) + Send>),
    /// Runs off the window's thread; a newer one under the same key overtakes it.
    Work(&'static str, Box<dyn FnOnce(&Progress) -> Action + Send>),
    /// Asks the thread that owns the district file.
    Keep(Box<dyn FnOnce(&mut Store) -> Action + Send>),
    Copy(String),
    Say(Toast),
    Dismiss(u64),
    Quit,
}

pub enum FileAction {
    Open(PathBuf),
    /// Makes an empty district.
    New(PathBuf),
    OpenSample,
    Opened(Box<Opened>),
    /// Files dropped on the window.
    Dropped(Vec<PathBuf>),
    /// A job has seen what they are.
    Sorted(Vec<Arrival>),
    /// Text from Excel, WPS or WeChat.
    Pasted(String),
    /// The same, where it is clear what it is.
    PastedAs(String, Kind),
    PastedPicture(Arc<egui::ColorImage>),
    Backup,
}

pub enum DataAction {
    /// Changes records, with one undo step.
    Apply(Edit),
    Undo,
    Redo,
    /// Undoes (or, below zero, redoes) so many steps.
    Back(i64),
    /// The keeper has written it.
    Stored(Stored),
    /// The keeper could not: the world is as the file says.
    Refused {
        world: Option<World>,
        entries: Option<Arc<Vec<JournalEntry>>>,
        reason_zh: String,
        reason_en: String,
    },
    /// An edit of this seat has come to the disk, or was refused.
    Applied(Box<DataAction>),
    /// Another seat or program has written to the file, which is now so.
    Outside {
        world: World,
        entries: Arc<Vec<JournalEntry>>,
        /// Whether a program that keeps no journal was among them.
        is_unsigned: bool,
    },
    Known(Box<Known>),
    Shown(Box<Shown>),
    Picture(Box<Drawn>),
    /// Bytes that the disk has left; `None` where the system does not say.
    FreeDisk(Option<u64>),
    BackedUp(jiff::Timestamp),
    /// Photos or papers for a record.
    Attach(RecordId, Vec<NewFile>),
    /// They lie in the file under these names; and what stopped the rest.
    Attached(RecordId, Vec<String>, Option<Toast>),
    /// A small picture for the card.
    Looked(Box<Looked>),
}

/// What becomes an attachment.
pub enum NewFile {
    Path(PathBuf),
    /// From the clipboard.
    Picture(Arc<egui::ColorImage>),
}

/// What became of an order to the keeper.
pub struct Stored {
    pub entries: Arc<Vec<JournalEntry>>,
    /// To be done in memory too, where the window has not done it already.
    pub edits: Vec<Edit>,
    /// In place of the edits, where they are too many to be told one by one.
    pub world: Option<World>,
    pub toast: Option<Toast>,
}

pub enum ViewAction {
    /// Flies there.
    Show(View),
    ShowBounds(Bounds),
    ShowRecord(RecordId),
    /// A ring of a control point, metres.
    ShowRing(RecordId, f64),
    ShowLayer(String),
    /// Centres a place without changing the zoom.
    Center(Coord<f64>),
    ShowAll,
    ZoomBy(f64),
    PanBy(Vec2),
    /// The hand has moved the map.
    Moved(View),
    Back,
    Forward,
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
    pub const fn new(sender: Sender<Action>, context: egui::Context) -> Self {
        Self { sender, context, downloads: None }
    }

    #[must_use]
    pub fn saving_to(self, folder: &Path) -> Self {
        Self { downloads: Some(folder.into()), ..self }
    }

    pub fn downloads(&self) -> Option<&Path> {
        self.downloads.as_deref()
    }

    pub fn send(&self, action: Action) {
        // Fails only while the window is closing.
        drop(self.sender.send(action));
        self.wake();
    }

    pub const fn context(&self) -> &egui::Context {
        &self.context
    }

    /// Something has come that the next frame should show: the frame of the first window, where
    /// actions are performed, whichever window is being painted now.
    pub fn wake(&self) {
        self.context.request_repaint_of(egui::ViewportId::ROOT);
    }

    pub fn command(&self, command: Command) {
        self.send(Action::Command(command));
    }

    pub fn planner(&self, action: PlannerAction) {
        self.send(Action::Planner(action));
    }

    pub fn meeting(&self, action: MeetingAction) {
        self.send(Action::Meeting(action));
    }

    pub fn roads(&self, action: RoadsAction) {
        self.planner(PlannerAction::Roads(action));
    }

    pub fn view(&self, action: ViewAction) {
        self.send(Action::View(action));
    }

    pub fn apply(&self, edit: Edit) {
        self.send(Action::Data(DataAction::Apply(edit)));
    }

    pub fn prefer(&self, change: impl FnOnce(&mut Settings) + Send + 'static) {
        self.send(Action::Prefer(Box::new(change)));
    }
}
