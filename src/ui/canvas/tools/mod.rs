//! One file per tool. A tool is a small state machine fed with places: it knows no screen and no
//! database, so a test can work it without either.

mod boundary;
mod draw;
mod measure;
mod shape;

use geo_types::{Coord, Geometry};

use super::super::action::Action;
use super::super::ctx::Ctx;
use crate::domain::Text;

pub use boundary::Boundary;
pub use draw::{Draw, Making, from_draft};
pub use measure::Measure;
pub use shape::Form;

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
    /// To what it snapped; `None` where it is free.
    pub snap: Option<Snap>,
    /// One point of the screen here, metres.
    pub metres_per_point: f64,
}

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
}

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

    /// Kept on disk at every change, so that a crash loses nothing.
    fn unfinished(&self) -> Option<serde_json::Value>;
}
