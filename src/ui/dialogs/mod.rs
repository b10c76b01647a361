//! Windows over the map: one file each. One is open at a time.

mod adopt;
mod base_maps;
mod brief;
mod datum;
mod decision;
mod export;
mod history;
mod import;
mod keys;
mod leaving;
mod new_meeting;
mod photo;
mod print;
mod rename_plan;
mod settings;
mod sprint;

pub use adopt::AdoptPage;
pub use brief::BriefPage;
pub use decision::DecisionPage;
pub use export::ExportPage;
pub use history::{History, RecordHistory};
pub use import::{Errand, ImportPage, Source};
pub use keys::Keys;
pub use new_meeting::NewMeeting;
pub use photo::PhotoPage;
pub use print::PrintPage;
pub use rename_plan::RenamePage;
pub use settings::SettingsPage;
pub use sprint::SprintPage;

use super::ctx::Ctx;
use crate::domain::Text;

pub trait Dialog: Send {
    fn title(&self) -> Text;

    /// Points; the window is never larger than the screen.
    fn size(&self) -> [f32; 2] {
        [560.0, 420.0]
    }

    /// Shows it; `false` closes it.
    fn ui(&mut self, ui: &mut egui::Ui, ctx: &Ctx<'_>) -> bool;

    /// The answer of a job that the dialog has started.
    fn take(&mut self, answer: Box<dyn std::any::Any + Send>, ctx: &Ctx<'_>) {
        drop(answer);
        ctx.actions.wake();
    }

    /// The dialog that takes the place of this one; asked after every frame and answer.
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
