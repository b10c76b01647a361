//! What a workspace draws over the map. The canvas knows no workspace: the app hands it these.

use egui::{Painter, Pos2, Rect, Response, Ui};
use geo_types::Coord;

use crate::ui::ctx::Ctx;

/// Which of the maps on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// There is but one.
    #[default]
    Only,
    /// As it is today, at the left of [`Self::After`].
    Before,
    /// As it will be. This one answers to the pointer.
    After,
}

/// Places are WGS-84 degrees; `rect` is the map on the screen, points.
pub trait Overlay: Sync {
    /// Whether it has lines now that go under the markers and names of the map.
    fn has_lines(&self, _ctx: &Ctx<'_>) -> bool {
        false
    }

    /// Whether it wants two maps now, [`Pane::Before`] and [`Pane::After`].
    fn is_beside(&self, _ctx: &Ctx<'_>) -> bool {
        false
    }

    /// Lines over the picture of the layers, below its markers and names.
    fn paint_lines(&self, _painter: &Painter, _ctx: &Ctx<'_>, _rect: Rect, _pane: Pane) {}

    /// Signs over markers and names, below what is selected.
    fn paint(&self, _painter: &Painter, _ctx: &Ctx<'_>, _rect: Rect, _pane: Pane) {}

    /// Windows that stay at a place of the map.
    fn windows_ui(&self, _ui: &Ui, _ctx: &Ctx<'_>, _project: &dyn Fn(Coord<f64>) -> Pos2) {}

    /// The line of its own under the pointer, by its number.
    fn pick(&self, _ctx: &Ctx<'_>, _rect: Rect, _pointer: Pos2) -> Option<u32> {
        None
    }

    /// What is said of that line.
    fn tip(&self, _response: &Response, _ctx: &Ctx<'_>, _line: u32) {}

    /// The map was clicked, on that line or beside all of them.
    fn clicked(&self, _ctx: &Ctx<'_>, _place: Coord<f64>, _line: Option<u32>) {}

    /// What the lines mean, so far below the top of the map, points; what it covers.
    fn legend_ui(&self, _ui: &Ui, _ctx: &Ctx<'_>, _rect: Rect, _below: f32) -> Option<Rect> {
        None
    }
}
