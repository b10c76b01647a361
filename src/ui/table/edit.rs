//! A cell while it is edited in place, with the editor that its field has in the card.

use std::sync::Arc;

use egui::{Key, Label, Layout, Popup, PopupCloseBehavior, PopupKind, TextEdit, Ui};
use jiff::Timestamp;

use crate::domain::{Choice, Field, FieldType, Record, RecordId, Value};
use crate::ui::action::Action;
use crate::ui::card::{self, links, write};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{named_text, note};

/// The editor of a cell of the table.
pub struct Edit {
    id: RecordId,
    field: &'static Field,
    text: String,
    /// Of the record that the text was taken from.
    changed_at: Timestamp,
    /// Nobody has typed yet: the editor takes the focus.
    is_new: bool,
}

/// What the editors below a cell need, points; the column may be narrower.
const POPUP_WIDTH: f32 = 260.0;
/// Of a list to choose from, points; a longer one scrolls.
const LIST_HEIGHT: f32 = 320.0;

impl Edit {
    /// Of a field of a record, with its text.
    pub fn new(ctx: &Ctx<'_>, record: &Record, field: &'static Field) -> Self {
        let text = text_of(ctx, record, field);
        Self { id: record.id, field, text, changed_at: record.meta.changed_at, is_new: true }
    }

    /// Whether it edits this cell.
    pub fn is_of(&self, record: &Record, field: &Field) -> bool {
        self.id == record.id && self.field.key == field.key
    }

    /// Shows it; `false` once it is done or given up.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        // The rows of the table follow the world a moment later: what is written is made of it.
        let Some(record) = ctx.record(self.id) else { return false };
        if let Some(to) = links::target(record.kind, self.field.key) {
            return self.list_ui(ui, ctx, record, &links::choices(ctx, record, to));
        }
        if self.field.key == links::RECORDS {
            return self.records_ui(ui, ctx, record);
        }
        match self.field.ty {
            FieldType::Choice(choices) => self.list_ui(ui, ctx, record, &entries(ctx, choices)),
            FieldType::Boolean => self.list_ui(ui, ctx, record, &yes_no(ctx)),
            FieldType::Date | FieldType::Choices(_) | FieldType::Hours => {
                self.editor_ui(ui, ctx, record)
            }
            _ => self.text_ui(ui, ctx, record),
        }
    }

    fn text_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) -> bool {
        let response = ui.add(TextEdit::singleline(&mut self.text).desired_width(f32::INFINITY));
        named_text(&response, ctx.say(self.field.label), &self.text);
        if std::mem::take(&mut self.is_new) {
            response.request_focus();
        }
        if !response.lost_focus() {
            return true;
        }
        if !ui.input(|input| input.key_pressed(Key::Escape)) {
            self.write(ctx, record, &self.text);
        }
        false
    }

    /// All there is to choose from, at once.
    fn list_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        record: &Arc<Record>,
        entries: &[(String, String)],
    ) -> bool {
        let cell = ui.add(Label::new(self.text.as_str()).truncate());
        let (mut is_open, mut chosen) = (true, None);
        let popup = Popup::from_response(&cell).kind(PopupKind::Menu).open_bool(&mut is_open);
        popup.layout(Layout::top_down_justified(egui::Align::Min)).show(|ui| {
            egui::ScrollArea::vertical().max_height(LIST_HEIGHT).show(ui, |ui| {
                let none = (String::new(), ctx.tell("（空）", "(empty)"));
                for (key, words) in std::iter::once(&none).chain(entries) {
                    let is_chosen = self.text == *words || key.is_empty() && self.text.is_empty();
                    let entry = ui.selectable_label(is_chosen, words);
                    if is_chosen && std::mem::take(&mut self.is_new) {
                        entry.request_focus();
                        entry.scroll_to_me(None);
                    }
                    if entry.clicked() {
                        chosen = Some(key.clone());
                    }
                }
            });
        });
        if let Some(key) = &chosen {
            self.write(ctx, record, key);
        }
        is_open && chosen.is_none()
    }

    /// The records that are linked, each with a way to let it go.
    fn records_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) -> bool {
        let cell = ui.add(Label::new(text_of(ctx, record, self.field)).truncate());
        let mut is_open = true;
        let popup = Popup::from_response(&cell)
            .width(POPUP_WIDTH)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .open_bool(&mut is_open);
        popup.show(|ui| {
            ui.set_min_width(POPUP_WIDTH);
            links::records_ui(ui, ctx, record, self.field);
        });
        is_open
    }

    /// What finds no room in a cell stands below it, as in the card.
    fn editor_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) -> bool {
        if self.changed_at != record.meta.changed_at {
            self.changed_at = record.meta.changed_at;
            self.text = text_of(ctx, record, self.field);
        }
        let cell = ui.add(Label::new(self.text.as_str()).truncate());
        card::focus_next_field(ui, std::mem::take(&mut self.is_new));
        let (mut is_open, mut typed) = (true, None);
        let popup = Popup::from_response(&cell)
            .width(POPUP_WIDTH)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .open_bool(&mut is_open);
        let field = self.field;
        popup.show(|ui| {
            ui.set_min_width(POPUP_WIDTH);
            typed = card::editor_ui(ui, ctx, record, field, &mut self.text, POPUP_WIDTH);
            ui.label(note(ctx.tell("回车保存，Esc 放弃", "Enter keeps it, Esc gives it up")));
        });
        card::focus_next_field(ui, false);
        let (is_kept, is_given_up) =
            ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)));
        // A click outside keeps what was typed, as it does in a field of the card.
        if !is_given_up && (typed.is_some() || !is_open) {
            let text = typed.unwrap_or_else(|| self.text.clone());
            self.write(ctx, record, &text);
        }
        is_open && !is_kept
    }

    fn write(&self, ctx: &Ctx<'_>, record: &Arc<Record>, text: &str) {
        if let Some(problem) = write(ctx, record, self.field, text) {
            ctx.actions.send(Action::Say(Toast::watch(problem.clone(), problem)));
        }
    }
}

fn yes_no(ctx: &Ctx<'_>) -> [(String, String); 2] {
    [true, false].map(Value::yes_no).map(|words| (words.zh.to_owned(), ctx.say(words).to_owned()))
}

fn entries(ctx: &Ctx<'_>, choices: &'static [Choice]) -> Vec<(String, String)> {
    choices.iter().map(|it| (it.key.to_owned(), ctx.say(it.label).to_owned())).collect()
}

fn text_of(ctx: &Ctx<'_>, record: &Record, field: &Field) -> String {
    let value = record.get(field.key);
    value.map(|value| card::shown_by_name(ctx, record.kind, field, value)).unwrap_or_default()
}
