//! What every tool is to the canvas: what it takes, and what it shows of its unfinished work.

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString};

use crate::domain::{PenForm, PenTone, Record, Text};
use crate::ui::action::{Action, ToolAction, ToolKind};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::drawing::{Making, PenChoice};

/// What the pointer and the keys did, in the terms of tools. Places are WGS-84 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// With what it snapped to, if anything.
    Click(Spot),
    /// The pointer is here; also between clicks.
    Move(Spot),
    /// A drag began, goes on, ended.
    Press(Spot),
    Drag(Spot),
    Release(Spot),
    /// The pointer is not over the map.
    Leave,
    /// The secondary button.
    Secondary(Spot),
    /// Enter.
    Finish,
    /// Backspace, or undo while drawing: one step back within the draft.
    Back,
    /// Redo while drawing.
    Forward,
    /// Escape.
    Cancel,
}

/// A place under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub at: Coord<f64>,
    /// Where the pointer itself is.
    pub under: Coord<f64>,
    /// To what it snapped; `None` where it is free.
    pub snap: Option<Snap>,
    /// It shall not snap.
    pub is_free: bool,
    /// The whole road is meant, not this place on it.
    pub takes_all: bool,
    /// One point of the screen here, metres.
    pub metres_per_point: f64,
}

/// What a place snapped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snap {
    Vertex,
    Crossing,
    Segment,
}

/// What a tool shows of its unfinished work.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub shape: Option<Geometry<f64>>,
    /// Vertices with whether they are snapped (red) or free (blue).
    pub vertices: Vec<(Coord<f64>, bool)>,
    /// Grey dots between vertices, which become vertices when dragged.
    pub middles: Vec<Coord<f64>>,
    /// Beside the pointer.
    pub note: String,
    /// Vertices carry their numbers.
    pub is_numbered: bool,
    /// Dashed and blue, as detours are.
    pub is_detour: bool,
    /// What a click would take.
    pub highlight: Option<LineString<f64>>,
    /// In colours of its own.
    pub pen: Vec<PenStroke>,
}

/// A line of the pen, WGS-84 degrees, or the place at which words begin.
#[derive(Clone, Debug)]
pub struct PenStroke {
    pub form: PenForm,
    pub tone: PenTone,
    pub line: Vec<Coord<f64>>,
    pub text: String,
    /// It is kept, and shown by every picture of a later number than this.
    pub until: Option<u64>,
}

/// A way of drawing that can be switched while a tool is in hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switch {
    pub words: Text,
    pub is_on: bool,
    /// That turns it too.
    pub key: Option<egui::Key>,
    /// A colour of the pen.
    pub tone: Option<PenTone>,
}

impl Switch {
    /// Without key and colour.
    pub const fn new(words: Text, is_on: bool) -> Self {
        Self { words, is_on, key: None, tone: None }
    }
}

/// One step back: what is unfinished becomes a draft, and the tool draws the next one; with nothing
/// unfinished it is laid down.
pub fn put_aside(unfinished: Option<serde_json::Value>, again: Option<ToolKind>) -> Vec<Action> {
    let has_draft = unfinished.is_some();
    let mut wishes =
        vec![Action::Tool(ToolAction::LayDown), Action::Tool(ToolAction::KeepDraft(unfinished))];
    if let Some(again) = again.filter(|_| has_draft) {
        wishes.push(Action::Tool(ToolAction::Take(again)));
        wishes.push(Action::Say(Toast::done(
            "草图已保留，按 R 恢复",
            "The draft is kept; R takes it up again",
        )));
    }
    wishes
}

/// What can be held in hand over the map.
pub trait Tool: Send {
    fn name(&self) -> Text;

    /// What to do now, for the bar over the map.
    fn hint(&self, ctx: &Ctx<'_>) -> String;

    /// Takes one input; actions come back when the draft has become something.
    fn on(&mut self, input: Input, ctx: &Ctx<'_>) -> Vec<Action>;

    /// What is being drawn, before it is anything.
    fn draft(&self, ctx: &Ctx<'_>) -> Draft;

    /// Whether places should snap.
    fn snaps(&self) -> bool {
        true
    }

    /// What the drawing can become, and what it is to become now.
    fn makings(&self) -> Vec<Making> {
        Vec::new()
    }

    fn making(&self) -> Option<Making> {
        None
    }

    fn make(&mut self, _making: Making) {}

    /// A place as this tool wants it.
    fn snap(&self, spot: Spot, _ctx: &Ctx<'_>) -> Spot {
        spot
    }

    /// Whether it draws along roads, for which the network is needed.
    fn needs_roads(&self) -> bool {
        false
    }

    /// What the draft would be in the chosen plan, for its figures; the same until it changes.
    fn live(&mut self, _ctx: &Ctx<'_>) -> Option<Arc<Record>> {
        None
    }

    fn switches(&self) -> Vec<Switch> {
        Vec::new()
    }

    /// Turns one of the switches.
    fn switch(&mut self, _number: usize) {}

    /// Whether it wants every place on which the pointer was, not only that of each frame.
    fn takes_every_move(&self) -> bool {
        false
    }

    /// Whether it is laid down when the meeting is left.
    fn is_of_meeting(&self) -> bool {
        false
    }

    /// With what the pen draws; `None` for all other tools.
    fn pen(&self) -> Option<PenChoice> {
        None
    }

    /// What is being written on the map, and where it begins.
    fn writing(&self) -> Option<(Coord<f64>, &str)> {
        None
    }

    fn write(&mut self, _text: String) {}

    /// Kept on disk at every change, so that a crash loses nothing.
    fn unfinished(&self) -> Option<serde_json::Value>;
}
