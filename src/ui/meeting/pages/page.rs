//! What every page is to the meeting and to scenes.

use egui::Ui;

use crate::domain::Text;
use crate::ui::ctx::Ctx;

/// One page; one file here and one line in `super::ALL`.
pub trait Page: Sync {
    /// As scenes store it: a key of the choices of `page`.
    fn key(&self) -> &'static str;

    fn title(&self) -> Text;

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>);
}
