//! Small functions that draw one thing.

pub mod plot;

use egui::{Button, Color32, Painter, Rect, Response, RichText, Stroke, Ui, UiBuilder, WidgetText};
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

/// A button that opens a menu in which somebody may write: a click inside does not close it, as that of
/// [`Ui::menu_button`] would.
pub fn open_menu(ui: &mut Ui, words: &str, content: impl FnOnce(&mut Ui)) -> Response {
    let button = ui.button(words);
    egui::Popup::menu(&button)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(content);
    button
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
    const ELSEWHERE: [egui::RectAlign; 2] =
        [egui::RectAlign::TOP_END, egui::RectAlign::BOTTOM_START];
    let mut tip = egui::Tooltip::always_open(
        response.ctx.clone(),
        response.layer_id,
        response.id,
        egui::PopupAnchor::Pointer,
    )
    .gap(14.0);
    // Below the map stands what is looked at beside it: the tip goes the other way, where it can.
    tip.popup = tip.popup.align(egui::RectAlign::TOP_START).align_alternatives(&ELSEWHERE);
    tip.show(say);
}

/// A panel lower than this has its tabs in a column beside what they choose, points: rows above it
/// would take its room.
pub const LOW: f32 = 330.0;

/// A column of tabs as wide as asked for, and beside it what they choose.
pub fn beside_tabs(
    ui: &mut Ui,
    width: f32,
    tabs: impl FnOnce(&mut Ui),
    content: impl FnOnce(&mut Ui),
) {
    let all = ui.available_rect_before_wrap();
    let (left, right) = all.split_left_right_at_x(all.left() + width);
    let justified = egui::Layout::top_down_justified(egui::Align::Min);
    let mut column = ui.new_child(UiBuilder::new().max_rect(left).layout(justified));
    column.spacing_mut().item_spacing.y = 1.0;
    egui::ScrollArea::vertical().id_salt("tabs beside").show(&mut column, tabs);
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.painter().vline(left.right() + 6.0, all.y_range(), line);
    let right = right.with_min_x(right.left() + 14.0);
    let mut main = ui.new_child(UiBuilder::new().max_rect(right));
    main.shrink_clip_rect(right.expand(4.0));
    content(&mut main);
    ui.allocate_rect(all, egui::Sense::hover());
}

/// How wide a column of these tabs is, points.
pub fn tabs_width<'a>(ui: &Ui, words: impl IntoIterator<Item = &'a str>) -> f32 {
    let widest = words.into_iter().map(|words| words_width(ui, words)).fold(0.0, f32::max);
    widest + 2.0 * ui.spacing().button_padding.x
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
