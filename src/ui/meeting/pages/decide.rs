//! The page on which a decision is taken while the map stays in sight.

use std::sync::{Arc, Mutex, PoisonError};

use egui::{Button, Id, Key, Modifiers, ScrollArea, Ui};

use super::Page;
use super::decisions::standing_words;
use crate::analysis::decisions::{DecisionStanding, decisions};
use crate::domain::{Change, DecisionState, Edit, Record, Text, Value};
use crate::settings::clock;
use crate::ui::action::{Action, MeetingAction, StageAction, ViewAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::dialogs::DecisionPage;
use crate::ui::meeting::stage::wished;
use crate::ui::widgets::{empty, named, note, row_height};

/// 记决定: one sentence a decision, and below it what this meeting has decided.
pub struct Decide;

/// What is being typed outlives the frames, whoever shows the page.
#[derive(Clone, Default)]
struct Typed(Arc<Mutex<DecisionPage>>);

impl Page for Decide {
    fn key(&self) -> &'static str {
        "decide"
    }

    fn title(&self) -> Text {
        Text::new("记决定", "Take decisions")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let world = ctx.world();
        let Some(held) = ctx.meeting.held_in(&world) else {
            let next = ctx.tell("先在“议程”建会议", "Make a meeting in the agenda first");
            empty(ui, ctx.tell("还没有会议", "There is no meeting yet"), next);
            return;
        };
        let id = Id::unique("decision being typed");
        let typed = ui.data_mut(|data| data.get_temp_mut_or_default::<Typed>(id).clone());
        let mut sentence = typed.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever comes to the page goes on typing; so does who has just kept a sentence.
        let (frame, seen) = (ui.ctx().cumulative_frame_nr(), id.with("seen"));
        let last: Option<u64> = ui.data(|data| data.get_temp(seen));
        ui.data_mut(|data| data.insert_temp(seen, frame));
        if last.is_none_or(|last| frame > last + 1) {
            sentence.take_focus();
        }
        if sentence.sentence_ui(ui, ctx) {
            *sentence = DecisionPage::default();
        }
        clicker(ui, ctx, sentence.is_blank());
        ui.add_space(8.0);
        let rows = decisions(&world, Some(held), clock::today());
        let count = rows.len();
        let words =
            ctx.tell(format!("本次会议的决定 {count} 项"), format!("{count} of this meeting"));
        ui.label(note(words));
        ScrollArea::vertical().id_salt("decided").auto_shrink(false).show(ui, |ui| {
            for (standing, decision) in rows {
                decision_ui(ui, ctx, standing, decision);
            }
        });
    }
}

/// A clicker goes on through the scenes while the sentence has the keys; while nothing is typed there,
/// so do all other keys that a blank field has no use for.
fn clicker(ui: &Ui, ctx: &Ctx<'_>, is_blank: bool) {
    let steps: Vec<StageAction> = ui.input_mut(|input| {
        if is_blank {
            return wished(input, false);
        }
        let keys = [(Key::PageDown, 1), (Key::PageUp, -1)].into_iter();
        let pressed = keys.filter(|(key, _)| input.consume_key(Modifiers::NONE, *key));
        pressed.map(|(_, by)| StageAction::Step(by)).collect()
    });
    for step in steps.into_iter().filter(|_| ctx.has_scenes()) {
        ctx.actions.meeting(MeetingAction::Stage(step));
    }
    for command in
        [Command::Undo, Command::Redo, Command::StepBack].into_iter().filter(|_| is_blank)
    {
        let is_asked = |key| ui.input_mut(|input| input.consume_shortcut(&key));
        if command.about().key.is_some_and(is_asked) {
            ctx.actions.command(command);
        }
    }
}

fn decision_ui(ui: &mut Ui, ctx: &Ctx<'_>, standing: DecisionStanding, decision: &Arc<Record>) {
    ui.horizontal(|ui| {
        ui.set_min_height(row_height(ui));
        let is_open = matches!(standing, DecisionStanding::Open | DecisionStanding::Overdue);
        let words = ctx.say(Text::new("完成", "Done"));
        let done = ui.add_enabled(is_open, Button::new(words));
        named(&done, &format!("{words} {}", decision.name()));
        if done.clicked() {
            close(ctx, decision);
        }
        ui.label(standing_words(ctx, standing));
        let due = decision.get("due").map(Value::to_cell).unwrap_or_default();
        ui.label(note(format!("{due} {}", decision.text("owner"))));
    });
    let is_selected = ctx.selection.contains(&decision.id);
    let row = ui.add(Button::selectable(is_selected, decision.name()).wrap());
    if row.clicked() {
        ctx.actions.send(Action::Select(vec![decision.id]));
        if let Some(record) = about(ctx, decision) {
            ctx.actions.view(ViewAction::ShowRecord(record.id));
        }
    }
    ui.add_space(4.0);
}

/// The first record that it names and that has a place.
fn about<'a>(ctx: &'a Ctx<'_>, decision: &Record) -> Option<&'a Arc<Record>> {
    let mut records = decision.linked("records").filter_map(|id| ctx.record(id));
    records.find(|record| record.geometry.is_some())
}

/// Done today: one undo step.
fn close(ctx: &Ctx<'_>, decision: &Arc<Record>) {
    let mut newer = Record::clone(decision);
    DecisionState::Done.put(&mut newer);
    newer.set("closed_on", Some(Value::Date(clock::today())));
    newer.meta.change(&ctx.stamp());
    ctx.actions.apply(Edit::of(vec![Change::update(Arc::clone(decision), newer)]));
}
