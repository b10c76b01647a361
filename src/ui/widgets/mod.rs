//! Small functions that draw one thing.

use egui::{Button, Color32, Painter, Rect, Response, RichText, Stroke, Ui, WidgetText};
use lucide_icons::Icon;

use super::command::{Command, key_text};
use super::ctx::Ctx;
use super::theme;

/// An icon as text.
pub fn icon(icon: Icon) -> RichText {
    RichText::new(icon.unicode().to_string())
}

/// The icon of a command as a button, with its words and key as tooltip and accessible name.
pub fn icon_button(ui: &mut Ui, ctx: &Ctx<'_>, command: Command, is_enabled: bool) -> Response {
    let about = command.about();
    let words = ctx.say(about.words);
    let button = Button::new(icon(about.icon).size(17.0)).frame_when_inactive(false);
    let response = ui.add_enabled(is_enabled, button.min_size(egui::Vec2::splat(theme::TARGET)));
    named(&response, words);
    let tip =
        about.key.map_or_else(|| words.to_owned(), |key| format!("{words}  {}", key_text(key)));
    let response = response.on_hover_text(&tip).on_disabled_hover_text(&tip);
    if response.clicked() {
        ctx.actions.command(command);
    }
    response
}

/// A command as an entry of a menu: icon, words, key at the right.
pub fn menu_entry(ui: &mut Ui, ctx: &Ctx<'_>, command: Command, is_enabled: bool) -> Response {
    let about = command.about();
    let words = format!("{}  {}", about.icon.unicode(), ctx.say(about.words));
    let mut button = Button::new(words);
    if let Some(key) = about.key {
        button = button.shortcut_text(key_text(key));
    }
    let response = ui.add_enabled(is_enabled, button);
    named(&response, ctx.say(about.words));
    if response.clicked() {
        ctx.actions.command(command);
        ui.close();
    }
    response
}

/// A filled rectangle with a thin line around it.
pub fn framed(painter: &Painter, ctx: &Ctx<'_>, rect: Rect, radius: f32, fill: Color32) {
    let line = Stroke::new(1.0, ctx.color(|t| t.line));
    painter.rect(rect, radius, fill, line, egui::StrokeKind::Inside);
}

/// What a screen reader calls a widget that shows only a picture.
pub fn named(response: &Response, name: &str) {
    let is_enabled = response.enabled();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, is_enabled, name));
}

/// The same for a list to choose from.
pub fn named_combo(response: &Response, name: &str, chosen: &str) {
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name);
        info.current_text_value = Some(chosen.to_owned());
        info
    });
}

/// The same for a field of text.
pub fn named_text(response: &Response, name: &str, text: &str) {
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(true, text, text, "");
        info.label = Some(name.to_owned());
        info
    });
}

/// What is said beside, small and weak.
pub fn note(text: impl Into<String>) -> RichText {
    RichText::new(text).small().weak()
}

/// In bold letters.
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).family(theme::bold())
}

/// How wide words are on one line, points.
pub fn words_width(ui: &Ui, words: impl Into<WidgetText>) -> f32 {
    let wrap = Some(egui::TextWrapMode::Extend);
    words.into().into_galley(ui, wrap, f32::INFINITY, egui::TextStyle::Button).size().x
}

/// What is said of the thing under the pointer, beside it.
pub fn pointer_tip(response: &Response, say: impl FnOnce(&mut Ui)) {
    egui::Tooltip::always_open(
        response.ctx.clone(),
        response.layer_id,
        response.id,
        egui::PopupAnchor::Pointer,
    )
    .gap(14.0)
    .show(say);
}

/// A row of a list in the size of text that counts here: 28 points, more on the big screen.
pub fn row_height(ui: &Ui) -> f32 {
    let size = egui::TextStyle::Body.resolve(ui.style()).size;
    28.0 * (size / theme::BODY).max(1.0)
}

/// A sentence where a list would be, with what to do about it.
pub fn empty(ui: &mut Ui, what: impl Into<WidgetText>, next: impl Into<String>) {
    ui.add_space(16.0);
    ui.vertical_centered(|ui| {
        ui.label(what);
        ui.add_space(4.0);
        ui.label(note(next));
    });
    ui.add_space(16.0);
}
