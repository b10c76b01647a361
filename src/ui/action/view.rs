//! Where the map is to look.

use egui::Vec2;
use geo_types::Coord;

use crate::domain::{LocalizedText, RecordId};
use crate::geodesy::wkb::Bounds;
use crate::map::view::View;
use crate::ui::base::OpenedBase;

/// What is asked of the map and of what it shows.
pub enum ViewAction {
    /// Flies there.
    Show(View),
    ShowBounds(Bounds),
    ShowRecord(RecordId),
    /// A ring of a control point, metres.
    ShowRing(RecordId, f64),
    ShowLayer(String),
    /// Flies to a place that was looked for and marks it with a pin.
    ShowPlace(Coord<f64>),
    /// Takes the pin away.
    Unpin,
    /// Centres a place without changing the zoom.
    Center(Coord<f64>),
    ShowAll,
    ZoomBy(f64),
    PanBy(Vec2),
    /// The hand has moved the map.
    Moved(View),
    Back,
    Forward,
    ShowSelection,
    /// Keeps what is looked at in the list of bookmarks.
    Bookmark,
    /// Shows all that the filter lets through, once it is known; where nothing of it has a place, the
    /// map stays.
    ShowHits,
    /// Selects the record so many rows further down the table.
    StepRow(i64),
    /// Lists only what is on the screen, or all again.
    FilterToScreen,
    Hover(Option<RecordId>),
    /// The pointer is over this place, WGS-84 degrees.
    Pointer(Option<Coord<f64>>),
    /// The base map that a job has opened.
    Base(Box<OpenedBase>),
    BaseProblem(Option<LocalizedText>),
}
