//! The dialogs of the journal: of the district, and of one record.

use std::sync::Arc;

use egui::{Button, ScrollArea, Ui};
use jiff::Timestamp;

use super::Dialog;
use crate::domain::{Change, Edit, Record, RecordId, Text};
use crate::store::{Cause, Version};
use crate::ui::action::{Action, DataAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::{step_name, when};
use crate::ui::widgets::{note, strong};

/// Every step that can be gone back to, the latest first.
pub struct History;

impl Dialog for History {
    fn title(&self) -> Text {
        Text::new("历史记录", "History")
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let Some(district) = &ctx.district else { return false };
        let steps = &district.steps;
        if steps.done.is_empty() && steps.undone.is_empty() {
            ui.label(note(ctx.tell("还没有任何修改", "Nothing was changed yet")));
            return true;
        }
        ui.label(note(ctx.tell(
            "单击一步，回到该步之后的状态；关机后仍可撤销",
            "Click a step to go back to how it was after it; also after a restart",
        )));
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            for (ahead, revision) in (1..).zip(&steps.undone).collect::<Vec<_>>().into_iter().rev()
            {
                let count = i64::try_from(steps.undone.len()).unwrap_or(0) - ahead + 1;
                row(ui, ctx, *revision, -count, true);
            }
            for (back, revision) in (0..).zip(steps.done.iter().rev()) {
                row(ui, ctx, *revision, back, false);
            }
            let all = i64::try_from(steps.done.len()).unwrap_or(0);
            if all > 0
                && ui
                    .add(Button::selectable(false, ctx.tell("最初状态", "The very beginning")))
                    .clicked()
            {
                ctx.actions.send(Action::Data(DataAction::Back(all)));
            }
        });
        true
    }
}

fn row(ui: &mut Ui, ctx: &Ctx<'_>, revision: u64, steps: i64, is_undone: bool) {
    let Some(entry) = ctx.district.as_ref().and_then(|district| district.entry(revision)) else {
        return;
    };
    let name = step_name(ctx, entry);
    let name = if is_undone { note(name).italics() } else { strong(name) };
    let who = note(format!("{} {}", when(entry.at), entry.actor));
    if ui.add(Button::selectable(steps == 0 && !is_undone, (name, who))).clicked() && steps != 0 {
        ctx.actions.send(Action::Data(DataAction::Back(steps)));
    }
}

/// Every state of one record, each of which can be gone back to.
pub struct RecordHistory {
    id: RecordId,
    versions: Vec<Version>,
}

impl RecordHistory {
    /// Of a record and the versions that the file has of it.
    pub const fn new(id: RecordId, versions: Vec<Version>) -> Self {
        Self { id, versions }
    }
}

impl Dialog for RecordHistory {
    fn title(&self) -> Text {
        Text::new("记录的历史", "History of the record")
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let mut stays = true;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            for version in &self.versions {
                let entry = &version.entry;
                let verb = match entry.cause {
                    Cause::Undo => ctx.tell("撤销", "undo"),
                    Cause::Redo => ctx.tell("重做", "redo"),
                    Cause::Do | Cause::External | Cause::Event => step_name(ctx, entry),
                };
                ui.horizontal(|ui| {
                    ui.label(strong(verb));
                    ui.label(note(format!("{} {}", when(entry.at), entry.actor)));
                    if let Some(after) = &version.change.after
                        && ctx.record(self.id).is_some_and(|now| !now.says_the_same_as(after))
                        && ui.small_button(ctx.tell("恢复到此状态", "Back to this state")).clicked()
                    {
                        restore(ctx, self.id, after);
                        stays = false;
                    }
                });
                for line in differences(ctx, &version.change) {
                    ui.label(note(line));
                }
                ui.add_space(6.0);
            }
        });
        stays
    }
}

/// An ordinary edit, with its own place in the history.
fn restore(ctx: &Ctx<'_>, id: RecordId, state: &Arc<Record>) {
    let Some(now) = ctx.record(id) else { return };
    let stamp = ctx.stamp();
    let mut record = Record::clone(state);
    record.meta.created_at = now.meta.created_at;
    record.meta.created_by = Arc::clone(&now.meta.created_by);
    record.meta.changed_at = Timestamp::max(stamp.at, now.meta.changed_at);
    record.meta.changed_by = stamp.actor;
    ctx.actions.apply(Edit::of(vec![Change::update(Arc::clone(now), record)]));
}

/// `状态: 在建 → 停工`, a line for each field that changed.
fn differences(ctx: &Ctx<'_>, change: &Change) -> Vec<String> {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return Vec::new() };
    let mut lines = Vec::new();
    for field in after.kind.fields() {
        let show = |record: &Record| {
            record.get(field.key).map_or_else(
                || "—".to_owned(),
                |value| crate::ui::card::shown_by_name(ctx, record.kind, field, value),
            )
        };
        let (old, new) = (show(before), show(after));
        if old != new {
            lines.push(format!("{}: {old} → {new}", ctx.say(field.label)));
        }
    }
    if before.geometry != after.geometry {
        lines.push(ctx.tell("位置或形状已改变", "its place or shape changed"));
    }
    lines
}
