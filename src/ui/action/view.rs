//! Where the map is to look.

use egui::Vec2;
use geo_types::Coord;

use crate::domain::RecordId;
use crate::geodesy::wkb::Bounds;
use crate::map::view::View;

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
