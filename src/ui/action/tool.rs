//! What the hand holds: which tool, and what its drawing is to become.

use serde_json::Value as Json;

use crate::domain::RecordId;
use crate::ui::model::drawing::{Form, Making};

pub enum ToolAction {
    LayDown,
    /// Takes the tool in hand that draws this; with `None` what was drawn last in this form.
    Draw(Form, Option<Making>),
    /// Roads on the outline of an order are picked, in or out.
    Boundary(RecordId),
    /// What the drawing in hand is to become.
    Make(Making),
    /// Turns a switch of the tool in hand.
    Switch(usize),
    /// The unfinished work of a tool, for the disk; `None` when there is none any more.
    KeepDraft(Option<Json>),
    DraftFound(Json),
}
