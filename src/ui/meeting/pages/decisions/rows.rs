//! The rows of the page of decisions.

use std::sync::Arc;

use egui::{Button, Response, RichText, TextEdit, Ui};
use lucide_icons::Icon;

use super::meant::{Row, standing_words, today};
use crate::analysis::decisions::words::due;
use crate::analysis::decisions::{DecisionStanding, meeting};
use crate::domain::{DecisionState, Field, Kind, Record, RecordId, Text, Value};
use crate::ui::action::{Action, MeetingAction, ViewAction};
use crate::ui::card;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::{block_ui, cell_ui, em, head_ui, row_ui, rows_ui};
use crate::ui::widgets::{empty, named, named_text, note};

/// So many blocks are shown: their heights differ, and each has to be laid out.
const MOST: usize = 60;

/// As a table where there is room for its columns, else one block a decision.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, rows: &[&Row], is_wide: bool) {
    if rows.is_empty() {
        let what = ctx.tell("没有符合条件的决定", "No decision is like that");
        empty(ui, what, ctx.tell("点“显示全部决定”看到全部", "“Show all” shows every one"));
        return;
    }
    if !is_wide {
        rows.iter().take(MOST).for_each(|row| tall_ui(ui, ctx, row, rows));
        let more = rows.len().saturating_sub(MOST);
        if more > 0 {
            ui.label(note(ctx.tell(format!("另有 {more} 条"), format!("{more} more"))));
        }
        return;
    }
    let widths = Widths::of(ui);
    let say = |zh, en| ctx.say(Text::new(zh, en));
    head_ui(
        ui,
        &[
            (widths.standing, say("落实", "Standing")),
            (widths.due, say("时限", "Due")),
            (widths.owner, say("责任单位", "Owner")),
            (widths.name, say("决定", "Decision")),
            (widths.links, say("关联对象", "Records")),
            (widths.result, say("落实情况", "Result")),
            (widths.meeting, say("会议", "Meeting")),
        ],
    );
    rows_ui(ui, ctx, "decisions", true, rows.len(), |ui, place| {
        if let Some(row) = rows.get(place) {
            wide_ui(ui, ctx, row, rows, &widths);
        }
    });
}

/// Of the columns, points.
struct Widths {
    standing: f32,
    due: f32,
    owner: f32,
    name: f32,
    links: f32,
    result: f32,
    meeting: f32,
}

impl Widths {
    fn of(ui: &Ui) -> Self {
        let em = em(ui);
        let (standing, due, owner) = (em * 4.4, em * 8.6, em * 6.5);
        // The buttons at the right of a row have their own room.
        let rest = ui.available_width() - standing - due - owner - em * 9.5 - 60.0;
        let rest = rest.max(em * 24.0);
        let [name, links, result, meeting] = [0.42, 0.2, 0.22, 0.16].map(|share| rest * share);
        Self { standing, due, owner, name, links, result, meeting }
    }
}

fn wide_ui(ui: &mut Ui, ctx: &Ctx<'_>, row: &Row, rows: &[&Row], widths: &Widths) {
    let (how, decision) = row;
    let is_chosen = ctx.selection.contains(&decision.id);
    let response = row_ui(ui, ctx, decision.name(), is_chosen, |ui| {
        cell_ui(ui, widths.standing, standing_words(ctx, *how));
        cell_ui(ui, widths.due, due_words(ctx, *how, decision));
        cell_ui(ui, widths.owner, decision.text("owner"));
        cell_ui(ui, widths.name, decision.name());
        within(ui, widths.links, |ui| links_ui(ui, ctx, decision, widths.links));
        within(ui, widths.result, |ui| result_ui(ui, ctx, decision, is_chosen, widths.result));
        let world = ctx.world();
        let of = meeting(&world, decision.text("meeting")).map_or("", |meeting| meeting.name());
        cell_ui(ui, widths.meeting, note(of));
        moves_ui(ui, ctx, decision);
    });
    choose(ctx, &response, decision.id, rows);
}

fn within(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    let size = egui::vec2(width, ui.available_height());
    ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_min_width(width);
        ui.set_max_width(width);
        content(ui);
    });
}

/// For a narrow board: how it stands above, the sentence in full below.
fn tall_ui(ui: &mut Ui, ctx: &Ctx<'_>, row: &Row, rows: &[&Row]) {
    let (how, decision) = row;
    let is_chosen = ctx.selection.contains(&decision.id);
    let response = block_ui(ui, ctx, decision.name(), is_chosen, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(standing_words(ctx, *how).family(crate::ui::theme::bold()));
            ui.label(due_words(ctx, *how, decision));
            ui.label(note(decision.text("owner")));
        });
        ui.add(egui::Label::new(decision.name()).wrap());
        let result = decision.text("result");
        if !result.is_empty() && !is_chosen {
            ui.add(egui::Label::new(note(result)).wrap());
        }
        if is_chosen {
            let width = ui.available_width() - 12.0;
            result_ui(ui, ctx, decision, true, width);
        }
        ui.horizontal_wrapped(|ui| {
            let width = em(ui) * 12.0;
            links_ui(ui, ctx, decision, width);
            moves_ui(ui, ctx, decision);
        });
    });
    choose(ctx, &response, decision.id, rows);
}

/// `逾期 1 天 11-24`.
fn due_words(ctx: &Ctx<'_>, how: DecisionStanding, decision: &Record) -> RichText {
    let off = due(decision, how, today(ctx));
    let day = match decision.get("due") {
        Some(Value::Date(day)) => day.strftime("%m-%d").to_string(),
        _ => String::new(),
    };
    let text = RichText::new(format!("{} {day}", off.say(ctx.lang())).trim().to_owned());
    match how {
        DecisionStanding::Overdue => text.color(ctx.color(|t| t.act)),
        DecisionStanding::Open => text,
        _ => text.color(ctx.color(|t| t.muted)),
    }
}

/// Selects one; with Ctrl one more, with Shift all from the one that was selected last.
fn choose(ctx: &Ctx<'_>, response: &Response, id: RecordId, rows: &[&Row]) {
    if !response.clicked() {
        return;
    }
    let modifiers = response.ctx.input(|input| input.modifiers);
    let place = |id: RecordId| rows.iter().position(|(_, decision)| decision.id == id);
    let from = ctx.selection.last().and_then(|last| place(*last));
    match (from.zip(place(id)), modifiers.shift) {
        (Some((from, to)), true) => {
            let range = rows.get(from.min(to)..=from.max(to)).unwrap_or_default();
            // The one from which it is extended stays the last.
            let mut ids: Vec<RecordId> = range.iter().map(|(_, decision)| decision.id).collect();
            if from < to {
                ids.reverse();
            }
            ctx.actions.send(Action::Select(ids));
        }
        _ if modifiers.command => ctx.actions.send(Action::Toggle(id)),
        _ => ctx.actions.send(Action::Select(vec![id])),
    }
}

/// What it is about: a click shows it on the map.
fn links_ui(ui: &mut Ui, ctx: &Ctx<'_>, decision: &Record, width: f32) {
    let records: Vec<&Arc<Record>> =
        decision.linked("records").filter_map(|id| ctx.record(id)).collect();
    let (Some(first), more) = (records.first(), records.get(1..).unwrap_or_default()) else {
        return;
    };
    let room = if more.is_empty() { width } else { width - em(ui) * 3.4 };
    link_ui(ui, ctx, first, room.max(em(ui) * 3.0));
    if !more.is_empty() {
        ui.menu_button(format!("+{}", more.len()), |ui| {
            for record in more {
                link_ui(ui, ctx, record, em(ui) * 20.0);
            }
        });
    }
}

fn link_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record, width: f32) {
    let words = format!("{} {}", Icon::MapPin.unicode(), record.name());
    ui.scope(|ui| {
        ui.set_max_width(width);
        let button = ui.add(Button::new(RichText::new(words).small()).truncate());
        named(
            &button,
            &ctx.tell(format!("看 {}", record.name()), format!("see {}", record.name())),
        );
        if button.hovered() && ctx.hovered != Some(record.id) {
            ctx.actions.view(ViewAction::Hover(Some(record.id)));
        }
        if button.clicked() {
            ctx.actions.view(ViewAction::ShowRecord(record.id));
        }
    });
}

/// What became of it: written in place once the row is chosen.
fn result_ui(ui: &mut Ui, ctx: &Ctx<'_>, decision: &Record, is_chosen: bool, width: f32) {
    let field: Option<&'static Field> = Kind::Decision.field("result");
    let (Some(field), true) = (field, is_chosen && ctx.selection.len() == 1) else {
        ui.add(egui::Label::new(note(decision.text("result"))).truncate());
        return;
    };
    // What is typed belongs to this state of the record: another one begins anew.
    let key = egui::Id::unique(("result", decision.id, decision.meta.changed_at));
    let known = ui.data(|data| data.get_temp::<String>(key));
    let mut text = known.unwrap_or_else(|| decision.text("result").to_owned());
    let hint = ctx.say(field.label);
    let edit = TextEdit::singleline(&mut text).hint_text(hint).desired_width(width - 16.0);
    let response = ui.add(edit);
    named_text(&response, hint, &text);
    if response.lost_focus()
        && let Some(record) = ctx.record(decision.id)
    {
        card::write(ctx, record, field, &text);
    }
    ui.data_mut(|data| data.insert_temp(key, text));
}

/// The next state of this one decision.
fn moves_ui(ui: &mut Ui, ctx: &Ctx<'_>, decision: &Record) {
    let (under_way, done) = (DecisionState::UnderWay, DecisionState::Done);
    let moves: &[(DecisionState, Text)] = match DecisionState::of(decision) {
        Some(DecisionState::Done | DecisionState::Dropped) => {
            &[(under_way, Text::new("重开", "reopen"))]
        }
        Some(DecisionState::UnderWay) => &[(done, Text::new("完成", "done"))],
        _ => &[(under_way, Text::new("办理", "start")), (done, Text::new("完成", "done"))],
    };
    for (state, words) in moves {
        let words = ctx.say(*words);
        let button = ui.add(Button::new(RichText::new(words).small()));
        named(&button, &format!("{words} {}", decision.name()));
        if button.clicked() {
            ctx.actions.meeting(MeetingAction::Move(vec![decision.id], *state));
        }
    }
}
