//! What the window knows: everything that panels, tools and dialogs may read.

use std::path::PathBuf;
use std::sync::Arc;

use geo_types::Coord;
use jiff::Timestamp;

use super::canvas::camera::Camera;
use super::canvas::tools::{Form, Making};
use super::derive::{Known, Shown};
use super::meeting::Meetings;
use super::planner::Planning;
use crate::analysis::Filter;
use crate::basemap::Datum;
use crate::domain::{Ids, Lang, LocalizedText, Record, RecordId, Stamp, Text, World};
use crate::map::tokens::{DARK, LIGHT, Theme};
use crate::settings::{DistrictView, LayerSetting, Settings, clock};
use crate::store::{JournalEntry, UndoStack};

pub struct Model {
    /// Where this seat's settings, cache and drafts lie.
    pub folder: PathBuf,
    pub settings: Settings,
    /// `None` until the first district is open.
    pub district: Option<District>,
    /// Made from the world alone.
    pub known: Arc<Known>,
    /// Made from world, filter and layers.
    pub shown: Arc<Shown>,
    pub filter: Filter,
    /// Lowest first.
    pub layers: Vec<LayerSetting>,
    /// The one that the card shows comes last.
    pub selection: Vec<RecordId>,
    pub hovered: Option<RecordId>,
    /// The mark that pulses, and since when, seconds of the window's clock.
    pub pulse: Option<(RecordId, f64)>,
    /// Unfinished work of an earlier session or of a tool that was laid down.
    pub draft: Option<serde_json::Value>,
    /// What was drawn last in each form.
    pub last_made: Vec<(Form, Making)>,
    pub camera: Camera,
    pub planner: Planning,
    pub meeting: Meetings,
    /// Under the pointer, WGS-84 degrees.
    pub pointer: Option<Coord<f64>>,
    /// Of the base map that is shown.
    pub datum: Datum,
    pub is_big: bool,
    pub is_dark: bool,
    /// Whether the system can say how much room its disk has, bytes.
    pub free_disk: Option<u64>,
    pub last_backup: Option<Timestamp>,
    pub toasts: Vec<Toast>,
    /// What goes wrong with the base map, said once at the map's edge.
    pub base_problem: Option<LocalizedText>,
    pub base_credit: String,
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
    Bottom,
}

/// A message that does not stop anybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub id: u64,
    pub tone: Tone,
    pub words: LocalizedText,
    /// What can be done about it: the words of a button and the command behind it.
    pub way: Option<(Text, super::Command)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Done,
    Watch,
    Act,
}

impl Toast {
    pub fn new(tone: Tone, words: LocalizedText) -> Self {
        Self { id: 0, tone, words, way: None }
    }

    pub fn done(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Done, LocalizedText::new(zh, en))
    }

    pub fn watch(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Watch, LocalizedText::new(zh, en))
    }

    pub fn act(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Act, LocalizedText::new(zh, en))
    }

    #[must_use]
    pub const fn with_way(mut self, words: Text, command: super::Command) -> Self {
        self.way = Some((words, command));
        self
    }
}

impl District {
    pub fn new(opened: Opened) -> Self {
        let name = opened.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let steps = UndoStack::of(&opened.entries);
        Self {
            path: opened.path,
            name,
            world: Arc::new(opened.world),
            entries: opened.entries,
            steps,
        }
    }

    pub fn set_entries(&mut self, entries: Arc<Vec<JournalEntry>>) {
        self.steps = UndoStack::of(&entries);
        self.entries = entries;
    }

    /// The journal entry of a revision.
    pub fn entry(&self, revision: u64) -> Option<&JournalEntry> {
        self.entries.iter().rev().find(|entry| entry.revision == revision)
    }
}

impl Model {
    pub fn new(folder: PathBuf, settings: Settings, by: Option<String>) -> Self {
        let stamp = clock::stamp(by.as_deref());
        Self {
            folder,
            settings,
            district: None,
            known: Arc::default(),
            shown: Arc::default(),
            filter: Filter::default(),
            layers: super::layers::all_shown(),
            selection: Vec::new(),
            hovered: None,
            pulse: None,
            draft: None,
            last_made: Vec::new(),
            camera: Camera::default(),
            planner: Planning::default(),
            meeting: Meetings::default(),
            pointer: None,
            datum: Datum::Wgs84,
            is_big: false,
            is_dark: false,
            free_disk: None,
            last_backup: None,
            toasts: Vec::new(),
            base_problem: None,
            base_credit: String::new(),
            ids: clock::ids(&stamp),
            by,
        }
    }

    pub const fn lang(&self) -> Lang {
        self.settings.lang
    }

    /// How much larger letters are than on a desk.
    pub const fn text_scale(&self) -> f32 {
        if self.is_big { self.settings.big_scale } else { 1.0 }
    }

    pub const fn theme(&self) -> &'static Theme {
        if self.is_dark { &DARK } else { &LIGHT }
    }

    /// Empty while no district is open.
    pub fn world(&self) -> Arc<World> {
        self.district.as_ref().map(|district| Arc::clone(&district.world)).unwrap_or_default()
    }

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

    /// Where this district was left.
    pub fn district_view(&self) -> Option<&DistrictView> {
        self.settings.districts.get(&self.district.as_ref()?.path.display().to_string())
    }

    pub fn district_view_mut(&mut self) -> Option<&mut DistrictView> {
        let key = self.district.as_ref()?.path.display().to_string();
        Some(self.settings.districts.entry(key).or_default())
    }
}
