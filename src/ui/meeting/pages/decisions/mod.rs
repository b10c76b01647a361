//! 决定落实: what meetings decided, and what became of it.

mod choose;
mod meant;
mod out;
mod owners;
mod rows;

use egui::{Button, Ui};

use self::meant::meant;
pub use self::meant::standing_words;
use super::Page;
use super::lay::{Part, em, parts_ui};
use crate::domain::{DecisionState, Kind, RecordId, Text};
use crate::settings::clock;
use crate::ui::action::{Action, LedgerAction, MeetingAction};
use crate::ui::command::{Command, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{empty, named, note};

/// Every decision with how it stands, overdue first; or only those of the last meeting, as the next
/// one opens on them.
pub struct Decisions;

impl Page for Decisions {
    fn key(&self) -> &'static str {
        "decisions"
    }

    fn title(&self) -> Text {
        Text::new("决定落实", "Decisions")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let all = &ctx.meeting.overview.decisions;
        if all.is_empty() {
            let what = ctx.tell("还没有决定", "No decision has been taken yet");
            empty(ui, what, ctx.tell("按 Ctrl+J 记一条决定", "Ctrl+J takes one"));
            return;
        }
        let world = ctx.world();
        let wanted = meant(ctx);
        let rows = wanted.pick(&world, all, &clock::office());
        choose::ui(ui, ctx, &wanted);
        ui.horizontal_wrapped(|ui| {
            selected_ui(ui, ctx);
            out::ui(ui, ctx, &rows, &wanted);
        });
        ui.add_space(4.0);
        // Beside each other only where the list keeps most of the room.
        let is_wide = ui.available_width() > em(ui) * 75.0;
        if !is_wide {
            let parts: Vec<Part<'_>> = vec![
                (1.0, Box::new(|ui, _| rows::ui(ui, ctx, &rows, false))),
                (1.0, Box::new(|ui, is_alone| owners::ui(ui, ctx, is_alone))),
            ];
            parts_ui(ui, "decisions", parts);
            return;
        }
        let (height, owners) = (ui.available_height(), em(ui) * 24.0);
        let list = ui.available_width() - owners - em(ui) * 1.5;
        ui.horizontal_top(|ui| {
            let down = egui::Layout::top_down(egui::Align::Min);
            ui.allocate_ui_with_layout(egui::vec2(list, height), down, |ui| {
                ui.set_width(list);
                rows::ui(ui, ctx, &rows, true);
            });
            ui.add_space(em(ui));
            ui.allocate_ui_with_layout(egui::vec2(owners, height), down, |ui| {
                ui.set_width(owners);
                owners::ui(ui, ctx, true);
            });
        });
    }
}

fn selected(ctx: &Ctx<'_>) -> Vec<RecordId> {
    let is_decision =
        |id: &&RecordId| ctx.record(**id).is_some_and(|record| record.kind == Kind::Decision);
    ctx.selection.iter().filter(is_decision).copied().collect()
}

/// What can be done with the selected ones, all of them in one step.
fn selected_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let selected = selected(ctx);
    let count = selected.len();
    let words = ctx.tell(format!("所选 {count} 条："), format!("{count} selected:"));
    ui.label(note(words));
    for (state, words, command) in [
        (DecisionState::ToDo, Text::new("待办", "to do"), None),
        (DecisionState::UnderWay, Text::new("办理中", "under way"), Some(Command::StartDecision)),
        (DecisionState::Done, Text::new("完成", "done"), Some(Command::CloseDecision)),
        (DecisionState::Dropped, Text::new("撤销", "drop"), Some(Command::DropDecision)),
    ] {
        let words = ctx.say(words);
        let button = ui.add_enabled(count > 0, Button::new(words));
        let name = ctx.tell(format!("所选改为{words}"), format!("selected: {words}"));
        named(&button, &name);
        let key = command.and_then(|command| command.about().key);
        let tip = key.map_or(name, key_text);
        let hint = ctx.tell(
            "先单击决定选中；Ctrl+单击、Shift+单击多选",
            "Click a decision first; Ctrl and Shift select several",
        );
        let button = button.on_hover_text(tip).on_disabled_hover_text(hint);
        if button.clicked() {
            ctx.actions.meeting(MeetingAction::Move(selected.clone(), state));
        }
    }
    let words = ctx.tell("转入台账", "into the ledger");
    let button = ui.add_enabled(count > 0, Button::new(&words));
    named(&button, &words);
    let tip = ctx.tell(
        "需要证据和核查的决定，转为台账问题逐步办理",
        "A decision that needs evidence and a check becomes an item of the ledger",
    );
    if button.on_hover_text(&tip).on_disabled_hover_text(&tip).clicked() {
        ctx.actions.send(Action::Ledger(LedgerAction::OfDecisions(selected)));
    }
}
