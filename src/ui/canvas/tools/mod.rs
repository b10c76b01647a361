//! One file per tool. A tool is a small state machine fed with places: it knows no screen and no
//! database, so a test can work it without either.

mod boundary;
mod draw;
mod figures;
mod frame;
mod measure;
mod order;
mod pen;
mod record;
mod shape;
mod tool;
mod turns;
mod way;

use std::sync::Arc;

use serde_json::Value as Json;

use crate::domain::Record;
use crate::ui::Model;

pub use self::draw::Draw;
pub use self::record::new_record;
use crate::ui::model::drawing::{Form, Making};
pub use boundary::Boundary;
pub use figures::chosen_ring;
pub use frame::PrintFrame;
pub use measure::Measure;
pub use order::Order;
pub use pen::Pen;
pub use tool::{Draft, Input, PenStroke, Snap, Spot, Switch, Tool, put_aside};
pub use turns::Turns;
pub use way::Way;

/// The tool that draws something: along roads where it is an order.
pub fn drawing(form: Form, making: Option<Making>) -> Box<dyn Tool> {
    let making = making.unwrap_or(Making::usual(form));
    match making.order_kind() {
        Some(kind) => Box::new(Order::new(form, kind)),
        _ => Box::new(Draw::new(form, Some(making))),
    }
}

/// The tool for the shape of a record; `None` where it has none, or one of unlike parts.
pub fn editing(record: &Arc<Record>) -> Option<Box<dyn Tool>> {
    if let Some(order) = Order::of(record) {
        return Some(Box::new(order));
    }
    Some(Box::new(Draw::of(record)?))
}

/// The tool whose unfinished work was kept as this; `None` where its record is gone.
pub fn from_draft(draft: &Json, model: &Model) -> Option<Box<dyn Tool>> {
    if let Some(order) = Order::from_draft(draft, model) {
        return Some(Box::new(order));
    }
    Some(Box::new(Draw::from_draft(draft, model)?))
}
