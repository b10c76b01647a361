//! Words that are on or off, side by side: kinds of trucks, exemptions.

use egui::{Button, Response, RichText, Ui, WidgetInfo};

use super::field::text_field;
use crate::domain::{Choice, Field, Text, Value};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::USUAL_WORDS;

/// One chip; screen readers hear what it belongs to.
pub fn chip(ui: &mut Ui, words: &str, of: &str, is_on: bool) -> Response {
    let chip = ui.add(Button::new(RichText::new(words).small()).selected(is_on));
    let (is_enabled, name) = (chip.enabled(), format!("{of}：{words}"));
    chip.widget_info(|| WidgetInfo::selected(egui::Role::Button, is_enabled, is_on, &name));
    chip
}

/// Any number of the choices of a field.
pub fn choices_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    field: &'static Field,
    choices: &'static [Choice],
    text: &mut String,
    width: f32,
) -> Option<String> {
    let known = words_of(field, text);
    let mut clicked = None;
    wrapped(ui, width, |ui| {
        for choice in choices {
            let is_on = known.iter().any(|key| key == choice.key);
            if chip(ui, ctx.say(choice.label), ctx.say(field.label), is_on).clicked() {
                clicked = Some(choice.key);
            }
        }
    });
    let clicked = clicked?;
    let is_kept = |key: &str| known.iter().any(|known| known == key) != (key == clicked);
    // In the order of the choices, whatever came first.
    let keys: Vec<&str> =
        choices.iter().map(|choice| choice.key).filter(|key| is_kept(key)).collect();
    Some(told(ctx, field, text, &keys))
}

/// Free words with the usual ones at hand; `None` for fields that have none.
pub fn words_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    field: &'static Field,
    text: &mut String,
    width: f32,
) -> Option<String> {
    // The first two are of trucks, which nobody exempts by that.
    let usual: &[Text] = match field.key {
        "exemptions" => USUAL_WORDS.get(2..).unwrap_or_default(),
        "tags" => &USUAL_WORDS,
        _ => &[],
    };
    let name = ctx.say(field.label);
    let mut typed = text_field(ui, text, name, width, false);
    if usual.is_empty() {
        return typed;
    }
    let known = words_of(field, text);
    wrapped(ui, width, |ui| {
        for word in usual {
            let is_on = known.iter().any(|known| known == word.zh);
            if chip(ui, ctx.say(*word), name, is_on).clicked() {
                let mut words: Vec<&str> = known.iter().map(String::as_str).collect();
                match words.iter().position(|known| *known == word.zh) {
                    Some(place) => drop(words.remove(place)),
                    None => words.push(word.zh),
                }
                typed = Some(told(ctx, field, text, &words));
            }
        }
    });
    typed
}

/// Puts chips side by side, in as many lines as they need at `width` points.
pub fn wrapped(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        ui.set_max_width(width);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
            add(ui);
        });
    });
}

/// What stands in an editor, as keys or words.
fn words_of(field: &Field, text: &str) -> Vec<String> {
    match Value::parse(field, text) {
        Ok(Some(Value::Words(words))) => words.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// Puts words into an editor; what it hands on.
fn told(ctx: &Ctx<'_>, field: &Field, text: &mut String, words: &[&str]) -> String {
    let typed = words.join(";");
    let value = Value::parse(field, &typed).ok().flatten();
    *text = value.map(|value| value.shown(field, ctx.lang())).unwrap_or_default();
    typed
}
