//! Buttons that say their words where there is room.

use egui::Ui;
use lucide_icons::Icon;

use crate::ui::widgets::{icon, named};

/// An icon with its words where there is room, else with these as its tip.
pub fn worded_button(ui: &mut Ui, of: Icon, words: &str, has_words: bool) -> egui::Response {
    let button = if has_words { ui.button((icon(of), words)) } else { ui.button(icon(of)) };
    named(&button, words);
    button.on_hover_text(words)
}
