//! The right editor for each type of field.

use egui::{ComboBox, TextStyle, Ui};
use lucide_icons::Icon;

use super::field::text_field;
use super::{chips, hours, links, profile};
use crate::domain::{Choice, Field, FieldType, Kind, Lang, Record, Text, Value, episode, item};
use crate::ui::action::WindowAction;
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::choice_text;
use crate::ui::widgets::{icon, named, named_combo};

/// A value as it stands in its editor.
pub fn text_of(record: &Record, place: usize, lang: Lang) -> String {
    let Some(field) = record.kind.fields().get(place) else { return String::new() };
    let text = record.get(field.key).map(|value| value.shown(field, lang)).unwrap_or_default();
    // Midnight is the end of the day before, as lists and papers say it.
    let at = text.parse().ok().filter(|_| item::is_moment(record.kind, field.key));
    match at.filter(|_| text.contains('T')) {
        Some(at) => item::moment_words(at),
        None => text,
    }
}

/// Shows the editor; what was typed once it counts.
pub fn ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    record: &Record,
    field: &'static Field,
    text: &mut String,
    width: f32,
) -> Option<String> {
    let name = ctx.say(field.label);
    // Steps write these, and nobody else.
    if record.kind == Kind::Episode && !episode::BY_HAND.contains(&field.key) {
        let shown =
            record.get(field.key).map(|value| links::shown_by_name(ctx, record.kind, field, value));
        ui.add(egui::Label::new(shown.as_deref().unwrap_or("—")).wrap());
        return None;
    }
    if let Some(to) = links::target(record.kind, field.key) {
        return links::ui(ui, ctx, (record, field, to), text, width);
    }
    match field.ty {
        FieldType::Choice(choices) => choice(ui, ctx, field, choices, text, width),
        FieldType::Boolean => {
            let mut picked = None;
            let combo = ComboBox::from_id_salt((record.id, field.key))
                .selected_text(text.as_str())
                .width(width)
                .show_ui(ui, |ui| {
                    for (words, typed) in [
                        (Text::new("—", "—"), ""),
                        (Value::yes_no(true), "是"),
                        (Value::yes_no(false), "否"),
                    ] {
                        if ui.selectable_label(false, ctx.say(words)).clicked() {
                            picked = Some(typed.to_owned());
                        }
                    }
                });
            named_combo(&combo.response, name, text);
            picked
        }
        FieldType::Date => date(ui, ctx, text, name, width),
        FieldType::Phone => {
            let mut typed = None;
            ui.horizontal(|ui| {
                typed = text_field(ui, text, name, width - 34.0, false);
                let copy = ui.add_enabled(!text.is_empty(), egui::Button::new(icon(Icon::Copy)));
                named(&copy, ctx.say(Text::new("复制电话", "Copy the number")));
                if copy.clicked() {
                    ctx.actions.window(WindowAction::Copy(text.clone()));
                }
            });
            typed
        }
        FieldType::Text => {
            text_field(ui, text, name, width, field.key == "address" || is_wider(ui, text, width))
        }
        FieldType::Choices(choices) => chips::choices_ui(ui, ctx, field, choices, text, width),
        FieldType::Words => chips::words_ui(ui, ctx, field, text, width),
        FieldType::Reals { .. } if field.key == "hourly" => {
            profile::ui(ui, ctx, record, field, width)
        }
        FieldType::Hours => hours::ui(ui, ctx, record.id, field, text, width),
        _ => text_field(ui, text, name, width, false),
    }
}

/// Whether a text has no room on one line of a box.
fn is_wider(ui: &Ui, text: &str, width: f32) -> bool {
    let font = TextStyle::Body.resolve(ui.style());
    let laid_out = ui.painter().layout_no_wrap(text.to_owned(), font, ui.visuals().text_color());
    laid_out.size().x > width - 2.0 * ui.spacing().button_padding.x
}

fn choice(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    field: &'static Field,
    choices: &'static [Choice],
    text: &mut String,
    width: f32,
) -> Option<String> {
    let mut picked = None;
    let chosen = choices.iter().find(|choice| ctx.say(choice.label) == text.as_str());
    let shown = chosen.map_or_else(|| text.as_str().into(), |choice| choice_text(ctx, choice));
    let response =
        ComboBox::from_id_salt(field.key).selected_text(shown).width(width).show_ui(ui, |ui| {
            if ui.selectable_label(text.is_empty(), "—").clicked() {
                picked = Some(String::new());
            }
            for choice in choices {
                let words = ctx.say(choice.label);
                if ui.selectable_label(text == words, choice_text(ctx, choice)).clicked() {
                    picked = Some(choice.key.to_owned());
                }
            }
        });
    let name = ctx.say(field.label);
    named_combo(&response.response, name, text);
    if let Some(picked) = &picked {
        let known = choices.iter().find(|choice| choice.key == picked);
        known.map_or(picked.as_str(), |choice| ctx.say(choice.label)).clone_into(text);
    }
    picked
}

/// A date as text, with steps of a day by its buttons.
fn date(ui: &mut Ui, ctx: &Ctx<'_>, text: &mut String, name: &str, width: f32) -> Option<String> {
    let mut typed = None;
    ui.horizontal(|ui| {
        typed = text_field(ui, text, name, width - 68.0, false);
        let day = text.parse::<jiff::civil::Date>().ok();
        for (mark, words, by) in [
            (Icon::Minus, Text::new("前一天", "A day earlier"), -1),
            (Icon::Plus, Text::new("后一天", "A day later"), 1),
        ] {
            let button = ui.add(egui::Button::new(icon(mark)));
            named(&button, ctx.say(words));
            if button.on_hover_text(ctx.say(words)).clicked() {
                let next = day.map_or_else(
                    || Some(crate::settings::clock::today()),
                    |day| day.checked_add(jiff::Span::new().days(by)).ok(),
                );
                if let Some(next) = next {
                    *text = next.to_string();
                    typed = Some(text.clone());
                }
            }
        }
    });
    typed
}
