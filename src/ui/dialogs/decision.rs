//! The dialog that takes a decision as it is said. How a sentence is understood stands in
//! `analysis::decisions`.

use egui::{Align, Button, Label, Layout, RichText, TextEdit, Ui, vec2};
use jiff::civil::Date;

use super::Dialog;
use crate::analysis::decisions::{Heard, current_meeting, hear};
use crate::domain::{Change, Edit, Record, RecordId, Text, Value};
use crate::settings::clock;
use crate::ui::action::Action;
use crate::ui::canvas::pen_marks::linked;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::parts::words::meeting_words;
use crate::ui::widgets::{named, named_text, note, strong, words_width};

/// A decision typed as it is said: what was understood stands below it, and Enter keeps it.
#[derive(Default)]
pub struct DecisionPage {
    said: String,
    /// What a person put in place of what was understood.
    owner: Option<String>,
    due: Option<String>,
    has_focus: bool,
    /// Looked for once a sentence and a day: a large district has many names, and 周五前 is another
    /// date after midnight.
    heard: Heard,
    heard_on: Option<Date>,
    /// The mark of the pen that it came of.
    mark: Option<RecordId>,
    /// Records near the mark, and whether they are meant.
    near: Vec<(RecordId, bool)>,
}

const OWNER: Text = Text::new("责任单位", "Owner");
const DUE: Text = Text::new("完成时限", "Due");
const RECORDS: Text = Text::new("关联对象", "Records");
const NEAR: Text = Text::new("标注附近", "Near the mark");
const MEETING: Text = Text::new("会议", "Meeting");

impl Dialog for DecisionPage {
    fn title(&self) -> Text {
        Text::new("记一条决定", "Take a decision")
    }

    fn size(&self) -> [f32; 2] {
        [620.0, 320.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        !self.sentence_ui(ui, ctx)
    }
}

impl DecisionPage {
    /// The field takes the focus when it is shown next.
    pub const fn take_focus(&mut self) {
        self.has_focus = false;
    }

    /// Nothing is typed in the field.
    pub const fn is_blank(&self) -> bool {
        self.said.is_empty()
    }

    /// The field and what was understood; whether it was kept. Also a page of the meeting.
    pub fn sentence_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let world = ctx.world();
        let today = clock::today();
        let name = ctx.say(Text::new("决定", "Decision"));
        let hint = ctx.tell(
            "照说的写：住建局 周五前 A工地雾炮到位",
            "As it is said: 住建局 周五前 A工地雾炮到位",
        );
        let field =
            TextEdit::singleline(&mut self.said).hint_text(hint).desired_width(f32::INFINITY);
        let response = ui.add(field);
        named_text(&response, name, &self.said);
        if !std::mem::replace(&mut self.has_focus, true) {
            response.request_focus();
        }
        ui.add_space(8.0);
        if self.heard.said != self.said.trim() || self.heard_on != Some(today) {
            self.heard = hear(&self.said, today, &world);
            self.heard_on = Some(today);
        }
        let heard = self.heard.clone();
        let held = ctx.meeting.is_open.then(|| ctx.meeting.held_in(&world)).flatten();
        let meeting = held.or_else(|| current_meeting(&world, today)).cloned();
        self.heard_ui(ui, ctx, &heard, meeting.as_deref());
        ui.add_space(8.0);
        let typed = self.due.clone().unwrap_or_default();
        let is_date = typed.trim().is_empty() || typed.trim().parse::<Date>().is_ok();
        if !is_date {
            let words = ctx.tell("日期应写成 2026-12-05", "A date is written 2026-12-05");
            ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
        }
        let may = !self.said.trim().is_empty() && is_date;
        let keep = ctx.say(Text::new("记下（回车）", "Keep it (Enter)"));
        let button = ui.add_enabled(may, Button::new(keep));
        named(&button, keep);
        let is_entered =
            response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if may && (button.clicked() || is_entered) {
            self.keep(ctx, &heard, meeting.as_deref());
            return true;
        }
        false
    }

    /// Begun with what a mark says, and with what lies where it points.
    pub fn of_mark(mark: RecordId, said: &str, near: Vec<RecordId>) -> Self {
        let near = near.into_iter().map(|id| (id, true)).collect();
        Self { said: said.to_owned(), mark: Some(mark), near, ..Self::default() }
    }

    /// The records where the mark points; a click says that one is not meant.
    fn near_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, names: f32) {
        if self.near.is_empty() {
            return;
        }
        row_ui(ui, names, ctx.say(NEAR), |ui| {
            for (id, is_meant) in &mut self.near {
                let Some(record) = ctx.record(*id) else { continue };
                if ui.add(Button::selectable(*is_meant, record.name())).clicked() {
                    *is_meant = !*is_meant;
                }
            }
        });
    }

    /// Owner and date can be put right; the records are those that are named.
    fn heard_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, heard: &Heard, meeting: Option<&Record>) {
        let near = (!self.near.is_empty()).then_some(NEAR);
        let names = [OWNER, DUE, RECORDS, MEETING].into_iter().chain(near);
        let names = names.map(|name| words_width(ui, note(ctx.say(name)))).fold(0.0, f32::max);
        let owner = heard.owner.clone().unwrap_or_default();
        field_ui(ui, names, ctx.say(OWNER), &owner, &mut self.owner);
        let due = heard.due.map(|due| due.to_string()).unwrap_or_default();
        field_ui(ui, names, ctx.say(DUE), &due, &mut self.due);
        row_ui(ui, names, ctx.say(RECORDS), |ui| {
            let records = heard.records.iter().filter_map(|id| ctx.record(*id));
            let known: Vec<&str> = records.map(|record| record.name()).collect();
            if known.is_empty() {
                ui.label(note(ctx.tell("句中没有已知名称", "no known name stands in it")));
            }
            for name in known {
                ui.label(strong(name));
            }
        });
        self.near_ui(ui, ctx, names);
        // The room has it before it in large letters.
        if ctx.is_presenting() {
            return;
        }
        row_ui(ui, names, ctx.say(MEETING), |ui| {
            let none = ctx.tell("没有会议，决定单独保存", "none: the decision stands alone");
            ui.add(Label::new(meeting.map_or(none, meeting_words)).wrap());
        });
    }

    fn keep(&self, ctx: &Ctx<'_>, heard: &Heard, meeting: Option<&Record>) {
        let stamp = ctx.stamp();
        let mut heard = heard.clone();
        let near = self.near.iter().filter(|(_, is_meant)| *is_meant).map(|(id, _)| *id);
        for id in near {
            if !heard.records.contains(&id) && ctx.record(id).is_some() {
                heard.records.push(id);
            }
        }
        let mut decision = heard.record(clock::ids(&stamp).next(), meeting, &stamp);
        if let Some(owner) = &self.owner {
            let owner = owner.trim();
            decision.set("owner", (!owner.is_empty()).then(|| Value::text(owner)));
        }
        if let Some(due) = &self.due {
            decision.set("due", due.trim().parse().ok().map(Value::Date));
        }
        let id = decision.id;
        let mut changes = vec![Change::create(decision)];
        let mark = self.mark.and_then(|mark| ctx.record(mark));
        changes.extend(mark.map(|mark| linked(mark, id, &stamp)));
        let said = Toast::done(format!("已记下：{}", heard.said), format!("kept: {}", heard.said));
        ctx.actions.apply_saying(Edit::of(changes), said.with_undo());
        ctx.actions.send(Action::Select(vec![id]));
    }
}

/// One below the other, without a grid: that would give each the height of what stood there before.
fn row_ui(ui: &mut Ui, names: f32, name: &str, content: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let size = vec2(names, ui.spacing().interact_size.y);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            ui.label(note(name));
        });
        ui.vertical(|ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                content(ui);
            });
        });
    });
}

/// What was understood, until somebody writes something else.
fn field_ui(ui: &mut Ui, names: f32, name: &str, heard: &str, typed: &mut Option<String>) {
    row_ui(ui, names, name, |ui| {
        let mut text = typed.clone().unwrap_or_else(|| heard.to_owned());
        let width = ui.available_width().min(240.0);
        let response = ui.add(TextEdit::singleline(&mut text).desired_width(width));
        named_text(&response, name, &text);
        if response.changed() {
            *typed = Some(text);
        }
    });
}
