//! What the hand holds: which tool, and what its drawing is to become.

use serde_json::Value as Json;

use crate::domain::{OrderKind, RecordId};
use crate::ui::model::drawing::{Form, Making};

/// What is asked of the tool in hand.
pub enum ToolAction {
    /// Takes a tool in hand.
    Take(ToolKind),
    LayDown,
    /// What the drawing in hand is to become.
    Make(Making),
    /// Turns a switch of the tool in hand.
    Switch(usize),
    /// Turns snapping on or off.
    Snap,
    /// The unfinished work of a tool, for the disk; `None` when there is none any more.
    KeepDraft(Option<Json>),
    /// What the disk has: one draft, or a list of them.
    DraftFound(Json),
    /// Throws away the draft that would be taken up.
    DiscardDraft,
    /// Takes up the draft where it was left.
    Recover,
}

/// A tool that can be taken in hand.
#[derive(Clone, Copy)]
pub enum ToolKind {
    /// Draws something new; with `None` what was drawn last in this form, or the place of a selected
    /// record that has none.
    Draw(Form, Option<Making>),
    /// Draws an order of this kind along the roads.
    Order(OrderKind),
    /// Changes the shape of the selected record.
    Shape,
    /// Roads on the outline of an order, each taken in or left out.
    Boundary(RecordId),
    Measure,
    /// The way of a truck between two places.
    Way,
    /// Bans turns at junctions.
    Turns,
    /// What of the map goes on paper.
    PrintFrame,
    /// Lays it down where it is in hand already.
    Pen,
}
