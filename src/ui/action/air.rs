//! Wishes about the air and the time cursor.

use crate::analysis::air::{Hour, Quantity};
use crate::ui::model::air::ShownSector;

/// Wishes about the air and the time cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AirAction {
    Show(Quantity),
    /// The next quantity.
    Next,
    /// The cursor to the end of an hour.
    Go(Hour),
    /// So many hours on, or back.
    Step(i32),
    /// Plays on from the cursor, or stops.
    Play,
    /// Back to now.
    Live,
    /// So many days of the timeline are seen.
    Span(i32),
    /// Draws a sector on the map, or takes it off.
    Sector(Option<ShownSector>),
}
