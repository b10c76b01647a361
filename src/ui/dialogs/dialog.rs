//! What every dialog is to the window.

use super::import::Source;
use crate::domain::Text;
use crate::ui::ctx::Ctx;

/// A window over the map.
pub trait Dialog: Send {
    fn title(&self) -> Text;

    /// Points; the window is never larger than the screen.
    fn size(&self) -> [f32; 2] {
        [560.0, 420.0]
    }

    /// Shows it; `false` closes it.
    fn ui(&mut self, ui: &mut egui::Ui, ctx: &Ctx<'_>) -> bool;

    /// The dialog that takes the place of this one; asked after every frame.
    fn next(&mut self) -> Option<Box<dyn Dialog>> {
        None
    }

    /// Takes further files to import, and hands back those that it has no use for.
    fn queue(&mut self, sources: Vec<Source>) -> Vec<Source> {
        sources
    }

    /// Whether Escape may close it: not while something is being written.
    fn may_close(&self) -> bool {
        true
    }

    /// Asked before it goes away while files wait behind it: by Escape, its cross, or another
    /// dialog in its place. `false`: it stays and asks the person first.
    fn may_leave(&mut self) -> bool {
        true
    }

    /// Told once when it is closed by whatever means.
    fn closed(&mut self) {}
}
