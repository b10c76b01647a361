//! What the window knows: everything that panels, tools and dialogs may read.

pub mod air;
pub mod answer;
pub mod camera;
pub mod closed;
pub mod compared;
pub mod drawing;
mod episode_rows;
pub mod episodes;
pub mod feeds;
mod glimpse;
pub mod known;
pub mod ledger;
pub mod meetings;
pub mod notice;
pub mod opening;
pub mod planning;
pub mod shown;
pub mod stage;
pub mod tables;
pub mod toast;
pub mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use geo_types::Coord;
use jiff::Timestamp;

use self::air::Air;
use self::camera::Camera;
use self::compared::StatesOf;
use self::drawing::{Form, Making};
use self::episodes::Episodes;
use self::feeds::{FeedsSeen, FeedsWish};
use self::known::Known;
use self::ledger::LedgerDesk;
use self::meetings::{Meetings, PEN_LAYER, PeekOf};
use self::notice::NoticeOf;
use self::opening::{Glimpsed, Opening};
use self::planning::Planning;
use self::shown::{Shown, ShownOf};
use self::tables::Tables;
pub use self::toast::{Step, Toast, Tone, Way};
use self::workspace::Workspace;
use crate::analysis::Filter;
use crate::analysis::scenes::{pen_marks, scenes};
use crate::basemap::Datum;
use crate::domain::{Ids, Kind, Lang, LocalizedText, Record, RecordId, Seal, Stamp, World};
use crate::geodesy::wkb::Bounds;
use crate::jobs::{Derived, Same};
use crate::map::tokens::{DARK, LIGHT, Palette};
use crate::map::view::View;
use crate::network::evaluate::{Assumptions, Behaviour};
use crate::network::turning::TurnCosts;
use crate::settings::{self, DistrictView, LayerSetting, Panels, PlannerTerms, Settings, clock};
use crate::store::{Cause, JournalEntry, UndoStack};
use crate::ui::command::Command;
use crate::ui::theme::NOTE;

/// Of which layers steps of the journal are, by revision.
pub type StepKinds = Arc<BTreeMap<u64, Vec<Kind>>>;

/// What the window knows. Widgets read it and change nothing: see `ui::perform`.
pub struct Model {
    /// Where this seat's settings, cache and drafts lie.
    pub folder: PathBuf,
    pub settings: Settings,
    /// The place where one is.
    pub workspace: Workspace,
    /// Commands that were asked for, the last one first, each once.
    pub recent: Vec<Command>,
    /// `None` until the first district is open.
    pub district: Option<District>,
    /// What the keeper was asked to open, until it answers.
    pub opening: Option<Opening>,
    /// What the map shows of it meanwhile, until the marks of the whole are there.
    pub glimpse: Option<Glimpsed>,
    /// Made from the world alone.
    pub known: Derived<Same<World>, Arc<Known>>,
    /// Made from world, filter and layers.
    pub shown: Derived<ShownOf, Arc<Shown>>,
    /// Of which layers the last steps of the journal are, by revision.
    pub step_kinds: Derived<Same<Vec<JournalEntry>>, StepKinds>,
    /// How often the selected record has come to fail; of a record and when it was changed.
    pub failures: Derived<(RecordId, Timestamp), Option<usize>>,
    /// Counted up when what the map shows is another.
    pub serial: u64,
    pub filter: Filter,
    /// Lowest first.
    pub layers: Vec<LayerSetting>,
    /// The one that the card shows comes last.
    pub selection: Vec<RecordId>,
    pub hovered: Option<RecordId>,
    /// The mark that pulses, and since when, seconds of the window's clock.
    pub pulse: Option<(RecordId, f64)>,
    /// Unfinished work of an earlier session, and what was put aside while drawing; the last one is
    /// taken up first.
    pub drafts: Vec<serde_json::Value>,
    /// What was drawn last in each form.
    pub last_made: Vec<(Form, Making)>,
    pub camera: Camera,
    pub planner: Planning,
    pub air: Air,
    pub ledger: LedgerDesk,
    pub episodes: Episodes,
    pub feeds: FeedsSeen,
    pub meeting: Meetings,
    /// A place that was looked for, WGS-84 degrees.
    pub pin: Option<Coord<f64>>,
    /// Under the pointer, WGS-84 degrees.
    pub pointer: Option<Coord<f64>>,
    /// Of the base map that is shown.
    pub datum: Datum,
    pub is_big: bool,
    /// Of the window, points.
    pub screen_height: f32,
    pub is_dark: bool,
    /// Whether the system can say how much room its disk has, bytes.
    pub free_disk: Option<u64>,
    pub last_backup: Option<Timestamp>,
    pub toasts: Vec<Toast>,
    /// What goes wrong with the base map, said once at the map's edge.
    pub base_problem: Option<LocalizedText>,
    pub base_credit: String,
    /// What the base map says that it covers, longitude/latitude degrees.
    pub base_extent: Option<Bounds>,
    pub ids: Ids,
    /// The name given on the command line, before that of the settings.
    pub by: Option<String>,
}

/// The open district.
pub struct District {
    pub path: PathBuf,
    pub name: String,
    pub world: Arc<World>,
    /// The journal, oldest first.
    pub entries: Arc<Vec<JournalEntry>>,
    pub steps: UndoStack,
    /// The world holds what no row of the journal says yet: an edit on its way to the disk, or what
    /// another program changed.
    pub is_ahead: bool,
    /// When a program that keeps no journal was last seen to have written to it.
    pub outside_at: Option<Timestamp>,
}

/// What opening a district brings.
pub struct Opened {
    pub path: PathBuf,
    pub world: World,
    pub entries: Arc<Vec<JournalEntry>>,
    pub last_backup: Option<Timestamp>,
}

/// The parts of the window that fold away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    Left,
    Right,
    /// The table, in the dock.
    Bottom,
    /// Whatever lies below the map.
    Dock,
}

impl District {
    /// As it came from the file.
    pub fn new(opened: Opened) -> Self {
        let name = opened.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let steps = UndoStack::of(&opened.entries);
        let is_ahead = opened.world.seal.is_some_and(|seal| seal.is_ahead);
        Self {
            is_ahead,
            path: opened.path,
            name,
            world: Arc::new(opened.world),
            entries: opened.entries,
            steps,
            outside_at: None,
        }
    }

    /// When its records were changed last, as far as this window knows.
    pub fn changed_at(&self) -> Option<Timestamp> {
        let mut edits = self.entries.iter().rev().filter(|entry| entry.cause != Cause::Event);
        edits.next().map(|entry| entry.at).max(self.outside_at)
    }

    /// Further rows of the journal. Those that are here already change nothing.
    pub fn add_entries(&mut self, entries: Vec<JournalEntry>) {
        let known = self.entries.last().map_or(0, |entry| entry.revision);
        for entry in entries.into_iter().filter(|entry| entry.revision > known) {
            self.steps.push(&entry);
            Arc::make_mut(&mut self.entries).push(entry);
        }
    }

    /// What stands for the records as the window shows them; `None` before the first edit.
    pub fn seal(&self) -> Option<Seal> {
        let mut entries = self.entries.iter().rev();
        let seal = entries.find(|entry| entry.cause != Cause::Event)?.seal()?;
        Some(Seal { is_ahead: self.is_ahead, ..seal })
    }

    /// The journal entry of a revision.
    pub fn entry(&self, revision: u64) -> Option<&JournalEntry> {
        self.entries.iter().rev().find(|entry| entry.revision == revision)
    }
}

impl Model {
    /// Without a district. `folder` is where settings, cache and drafts of this seat lie.
    pub fn new(folder: PathBuf, settings: Settings, by: Option<String>) -> Self {
        let stamp = clock::stamp(by.as_deref());
        let key = Workspace::default().about().key;
        let kept = settings.workspaces.get(key).map_or(&[][..], |view| &view.layers);
        Self {
            folder,
            layers: Workspace::default().merged(kept),
            settings,
            workspace: Workspace::default(),
            recent: Vec::new(),
            district: None,
            opening: None,
            glimpse: None,
            known: Derived::default(),
            shown: Derived::default(),
            step_kinds: Derived::default(),
            failures: Derived::default(),
            serial: 0,
            filter: Filter::default(),
            selection: Vec::new(),
            hovered: None,
            pulse: None,
            drafts: Vec::new(),
            last_made: Vec::new(),
            camera: Camera::default(),
            planner: Planning::default(),
            air: Air::default(),
            ledger: LedgerDesk::default(),
            episodes: Episodes::default(),
            feeds: FeedsSeen::default(),
            meeting: Meetings::default(),
            pin: None,
            pointer: None,
            datum: Datum::Wgs84,
            is_big: false,
            screen_height: 1080.0,
            is_dark: false,
            free_disk: None,
            last_backup: None,
            toasts: Vec::new(),
            base_problem: None,
            base_credit: String::new(),
            base_extent: None,
            ids: clock::ids(&stamp),
            by,
        }
    }

    /// The language of the window.
    pub const fn lang(&self) -> Lang {
        self.settings.lang
    }

    /// How much larger letters are than on a desk. On the big screen the smallest are one part in
    /// 35 of its height: on a wall of 75″, 93 cm high, 27 mm, which is one part in 300 of 8 m.
    pub fn text_scale(&self) -> f32 {
        const PART_OF_HEIGHT: f32 = 35.0;
        if self.is_big {
            let least = self.screen_height / PART_OF_HEIGHT / NOTE;
            (least * self.settings.big_scale).max(1.0)
        } else {
            1.0
        }
    }

    /// What the base map covers, where that is nothing of the district.
    pub fn base_elsewhere(&self) -> Option<Bounds> {
        let district = self.known.bounds?;
        self.base_extent.filter(|extent| !extent.meets(district))
    }

    /// Which panels are open in the place where one is.
    pub fn panels(&self) -> Panels {
        let about = self.workspace.about();
        let kept = self.settings.workspaces.get(about.key).and_then(|view| view.panels);
        kept.unwrap_or(about.panels)
    }

    /// Opens or folds them.
    pub fn set_panels(&mut self, panels: Panels) {
        let key = self.workspace.about().key;
        self.settings.workspace(key).panels = Some(panels);
    }

    /// Whether the table lies below the map.
    pub fn shows_table(&self) -> bool {
        let panels = self.panels();
        panels.dock && (panels.is_table || !self.workspace.about().has_pages)
    }

    /// Whether what the place has of its own lies below the map.
    pub fn shows_pages(&self) -> bool {
        self.panels().dock && !self.shows_table()
    }

    /// The colours of the window, light or dark.
    pub const fn theme(&self) -> &'static Palette {
        if self.is_dark { &DARK } else { &LIGHT }
    }

    /// The feeds that are to run for the open district.
    pub fn feeds_wish(&self) -> FeedsWish {
        let path = self.district.as_ref().map(|district| district.path.display().to_string());
        let kept = path.and_then(|path| self.settings.districts.get(&path));
        let feeds = kept.map(|view| view.feeds.clone()).unwrap_or_default();
        let by = self.by.clone().unwrap_or_else(|| self.settings.actor.clone());
        FeedsWish { feeds, actor: by, proxy: settings::proxy() }
    }

    /// Empty while no district is open.
    pub fn world(&self) -> Arc<World> {
        self.district.as_ref().map(|district| Arc::clone(&district.world)).unwrap_or_default()
    }

    /// What stands for the records as the window shows them.
    pub fn seal(&self) -> Option<Seal> {
        self.district.as_ref().and_then(District::seal)
    }

    /// The world for a paper, which shows its seal.
    pub fn sealed_world(&self) -> Arc<World> {
        let mut world = World::clone(&self.world());
        world.seal = self.seal();
        Arc::new(world)
    }

    /// `None` where no district is open or it has no such record.
    pub fn record(&self, id: RecordId) -> Option<&Arc<Record>> {
        self.district.as_ref()?.world.get(id)
    }

    /// What the card shows.
    pub fn selected(&self) -> Option<&Arc<Record>> {
        self.record(*self.selection.last()?)
    }

    /// Who does it and when.
    pub fn stamp(&self) -> Stamp {
        let own = (!self.settings.actor.is_empty()).then_some(self.settings.actor.as_str());
        clock::stamp(self.by.as_deref().or(own))
    }

    /// What the planner takes for granted, with what this seat has set.
    pub fn assumed(&self) -> Assumptions {
        let [left_s, right_s, u_turn_s] = self.settings.turn_costs_s;
        let turn_costs = TurnCosts { left_s, right_s, u_turn_s };
        let PlannerTerms { not_complying, shifting, is_winter, idle_min } =
            self.settings.planner_terms;
        let behaviour = Behaviour { not_complying, shifting };
        Assumptions { turn_costs, behaviour, is_winter, idle_min, ..Assumptions::default() }
    }

    /// Where this district was left.
    pub fn district_view(&self) -> Option<&DistrictView> {
        self.settings.districts.get(&self.district.as_ref()?.path.display().to_string())
    }

    /// The same to be written to; made where there is none yet.
    pub fn district_view_mut(&mut self) -> Option<&mut DistrictView> {
        let key = self.district.as_ref()?.path.display().to_string();
        Some(self.settings.districts.entry(key).or_default())
    }

    /// Whether the meeting has the whole screen.
    pub fn is_presenting(&self) -> bool {
        self.is_big && self.meeting.is_open && self.meeting.stage.show.is_some()
    }

    /// Whether ←, → and their kin walk through scenes.
    pub fn has_scenes(&self) -> bool {
        let world = self.world();
        self.meeting.is_open
            && self.meeting.held_in(&world).is_some_and(|held| !scenes(&world, held).is_empty())
    }

    /// Records that are no longer there are not selected.
    pub fn forget_the_gone(&mut self) {
        let world = self.world();
        self.selection.retain(|id: &RecordId| world.get(*id).is_some());
        if self.hovered.is_some_and(|id| world.get(id).is_none()) {
            self.hovered = None;
        }
    }

    /// Keeps where this district is looked at, and the layers of this place, for the next start.
    pub fn remember_view(&mut self) {
        let View { center, zoom } = self.camera.target();
        // What a scene shows is the meeting's; this seat's own layers come back after it.
        let own = self.meeting.stage.own.as_ref().map_or(&self.layers, |own| &own.layers);
        let (layers, key) = (own.clone(), self.workspace.about().key);
        self.settings.workspace(key).layers = layers;
        if let Some(place) = self.district_view_mut() {
            place.view = Some((center.x, center.y, zoom));
        }
    }

    /// A selected record that waits for a place.
    pub fn selected_unplaced(&self) -> Option<&Record> {
        self.selected().filter(|record| record.geometry.is_none()).map(|record| &**record)
    }

    /// The meeting whose marks of the pen are on the map; `None` while nobody meets.
    pub fn marks_wanted(&self) -> Option<RecordId> {
        let world = self.world();
        let held = self.meeting.held_in(&world);
        held.filter(|_| self.meeting.is_open).map(|meeting| meeting.id)
    }

    /// The marks that are shown; `None` for all of them, because the layer is switched on.
    pub fn shown_marks(&self) -> Option<BTreeSet<RecordId>> {
        if self.layers.iter().any(|layer| layer.key == PEN_LAYER && layer.is_shown) {
            return None;
        }
        let world = self.world();
        let of = self.marks_wanted().and_then(|id| world.get(id));
        let marks = of.map(|meeting| pen_marks(&world, meeting, None)).unwrap_or_default();
        Some(marks.into_iter().map(|mark| mark.id).collect())
    }

    /// What the notice of the chosen plan, or its map, is made from; `None` where none is chosen.
    pub fn notice_of(&self, kinds: &'static [Kind]) -> Option<NoticeOf> {
        let plan = self.planner.plan.clone();
        let tables = Tables::of(self.world(), kinds);
        (!plan.is_empty()).then(|| NoticeOf { tables, plan, on: clock::today() })
    }

    /// The states that the page of changes is about; `None` while it is not known what was then.
    pub fn compared_states(&self) -> Option<StatesOf> {
        Some((Same((*self.meeting.then).clone()?), Same(self.world())))
    }

    /// What a peek would be made from now; `None` while it is not known what was then.
    pub fn peek_of(&self) -> Option<PeekOf> {
        Some(PeekOf { then: Same((*self.meeting.then).clone()?), shown: self.shown.serial })
    }

    /// The map as it was, where it is of what is shown now.
    pub fn peek(&self) -> Option<&Arc<Shown>> {
        let is_fresh = self.meeting.peek.of().is_some_and(|of| Some(of) == self.peek_of().as_ref());
        self.meeting.peek.as_ref().filter(|_| is_fresh)
    }
}
