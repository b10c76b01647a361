//! Changes of records, undo, and what the keeper answers. The world in memory changes here only.

use std::sync::Arc;

use egui::Context;

use crate::analysis::ledger;
use crate::domain::{Change, Edit, Localized as _, Stamp, World, episode, item};
use crate::network::plan_lifecycle::{locked_plan, name_after, taken_name, with_followers};
use crate::store::{Cause, JournalEntry};
use crate::ui::action::{DataAction, StoreRequest, Stored};
use crate::ui::app::App;
use crate::ui::canvas::tools::Input;
use crate::ui::ctx::Ctx;
use crate::ui::model::{Step, Toast, Tone, Way};

impl App {
    /// What is asked of records.
    pub(super) fn data(&mut self, action: DataAction, context: &Context) {
        match action {
            DataAction::Apply(edit) => {
                self.apply(edit);
            }
            DataAction::ApplySaying(edit, said) => self.apply_saying(edit, said),
            DataAction::Undo => self.undo(),
            DataAction::Redo => self.redo(),
            DataAction::DeleteSelected => self.delete(),
            DataAction::Back(steps) => self.back(steps),
            DataAction::Stored(stored) => self.stored(stored),
            DataAction::Refused { world, entries, reason } => {
                self.go_back(world, entries);
                self.say(Toast::new(Tone::Act, reason).until_next_edit());
            }
            DataAction::Applied(answer) => {
                self.in_flight = self.in_flight.saturating_sub(1);
                let is_refused = matches!(*answer, DataAction::Refused { .. });
                if !is_refused {
                    self.model.toasts.retain(|toast| !toast.is_until_next_edit);
                }
                self.data(*answer, context);
                self.confirm_toasts(is_refused);
            }
            DataAction::Outside { world, edits, entries, is_unsigned } => {
                let is_ahead = is_unsigned;
                let stored = Stored { entries, edits, world, is_ahead, toast: None };
                self.outside(stored, is_unsigned);
            }
            DataAction::Picture(drawn) => self.canvas.take_picture(context, *drawn),
            DataAction::FreeDisk(free) => self.model.free_disk = free,
            DataAction::BackedUp(at) => self.model.last_backup = at,
            DataAction::Attach(id, files) => self.attach(id, files),
            DataAction::Attached(id, names, problem) => self.attached(id, names, problem),
        }
    }

    /// What a person changes in card, table or map; whether it was done. Frozen plans stay as they are.
    pub(super) fn apply(&mut self, edit: Edit) -> bool {
        let world = self.model.world();
        if let Some(plan) = locked_plan(&world, &edit) {
            self.refuse(plan);
            return false;
        }
        let is_by_steps = |change: &Change| {
            !episode::is_by_hand(change.before.as_deref(), change.after.as_deref())
        };
        if edit.changes.iter().any(is_by_steps) {
            self.say(Toast::watch(
                "高值处置记录只能按步骤进行，不能手工改动或删除；备注和查实问题可以填写",
                "An episode goes on by its steps alone; only its note and what was found are written by hand",
            ));
            return false;
        }
        if let Some(refusal) = taken_name(&world, &edit) {
            self.say_taken(&refusal);
            return false;
        }
        if let Some(refusal) = item::guard::unlawful(&edit) {
            self.say(Toast::new(Tone::Act, refusal.localized()));
            return false;
        }
        // Orders name their plan: they go along.
        let stamp = self.model.stamp();
        let edit = with_followers(&world, edit, &stamp);
        self.put(ledger::ready(edit, &world, &stamp))
    }

    /// The same, with what is said where it was done.
    pub(super) fn apply_saying(&mut self, edit: Edit, said: Toast) {
        if self.apply(edit) {
            self.say_of_edit(said);
        }
    }

    /// Says something of the edit that was put last.
    pub(super) fn say_of_edit(&mut self, mut toast: Toast) {
        toast.step = Some(Step::Awaited(self.in_flight));
        self.say(toast);
    }

    /// What messages tell of has come to the disk, or was refused there.
    fn confirm_toasts(&mut self, is_refused: bool) {
        let Some(district) = &self.model.district else { return };
        let steps = &district.steps;
        self.model
            .toasts
            .retain_mut(|toast| toast.confirm(steps, is_refused) && toast.follow(steps));
    }

    /// The journal is another: what was said of its steps is still true, or goes.
    fn follow_steps(&mut self) {
        let Some(district) = &self.model.district else { return };
        let steps = &district.steps;
        self.model.toasts.retain_mut(|toast| toast.follow(steps));
    }

    /// In memory at once, on disk a moment later; where the disk says no, memory follows it. Whether
    /// memory took it.
    pub(super) fn put(&mut self, edit: Edit) -> bool {
        self.put_by(edit, self.model.stamp())
    }

    /// The same in another name, such as that of a rule.
    pub(super) fn put_by(&mut self, edit: Edit, stamp: Stamp) -> bool {
        let Some(district) = &mut self.model.district else { return false };
        let mut world = (*district.world).clone();
        if let Err(conflict) = world.apply(&edit) {
            let name = conflict.name.clone();
            self.say(Toast::act(
                format!("“{name}”在此期间已被修改，本次未写入。请重新打开卡片后再改。"),
                conflict.to_string(),
            ));
            return false;
        }
        district.world = Arc::new(world);
        district.is_ahead = true;
        self.in_flight += 1;
        self.follow_plan(std::slice::from_ref(&edit));
        self.keeper.ask(StoreRequest::Apply { edit, stamp });
        true
    }

    /// Memory is as the file says again. Edits that are on their way to the disk are not in what was
    /// read: then it is read again after them.
    fn go_back(&mut self, world: Option<World>, entries: Vec<JournalEntry>) {
        if let Some(district) = &mut self.model.district {
            district.add_entries(entries);
        }
        if self.in_flight > 0 {
            self.keeper.ask(StoreRequest::Reload);
            return;
        }
        let Some(district) = &mut self.model.district else { return };
        if let Some(world) = world {
            district.world = Arc::new(world);
        }
        district.is_ahead = district.world.seal.is_some_and(|seal| seal.is_ahead);
        self.follow_steps();
        self.model.forget_the_gone();
    }

    /// The chosen plan stays chosen when it gets another name, also by an undo.
    fn follow_plan(&mut self, edits: &[Edit]) {
        let world = self.model.world();
        for edit in edits {
            if let Some(name) = name_after(&world, edit, &self.model.planner.plan) {
                self.choose_plan(name);
            }
        }
    }

    /// Memory follows what others wrote.
    fn outside(&mut self, mut stored: Stored, is_unsigned: bool) {
        let is_edit = |entry: &&JournalEntry| entry.cause != Cause::Event;
        let new: Vec<&JournalEntry> = stored.entries.iter().filter(is_edit).collect();
        let mut actors: Vec<String> = new.iter().map(|entry| entry.actor.to_string()).collect();
        actors.dedup();
        let (count, who) = (new.len(), actors.join("、"));
        let toast = if is_unsigned {
            Some(Toast::done(
                "其他程序修改了数据，已载入",
                "another program changed the data; it is loaded",
            ))
        } else {
            let words = Toast::done(
                format!("已载入 {who} 的 {count} 步修改"),
                format!("{count} steps by {who} loaded"),
            );
            (count > 0).then_some(words)
        };
        if is_unsigned {
            let at = self.model.stamp().at;
            if let Some(district) = &mut self.model.district {
                district.outside_at = Some(at);
            }
        }
        stored.toast = toast;
        self.stored(stored);
    }

    /// While something is drawn, one vertex; else the last edit.
    pub(super) fn undo(&mut self) {
        if !self.step_draft(Input::Back) {
            self.back(1);
        }
    }

    /// While something is drawn, one vertex; else the edit that was undone last.
    pub(super) fn redo(&mut self) {
        if !self.step_draft(Input::Forward) {
            self.back(-1);
        }
    }

    fn step_draft(&mut self, input: Input) -> bool {
        let Some(tool) = &mut self.canvas.tool else { return false };
        let ctx = Ctx { model: &self.model, actions: &self.actions };
        if tool.unfinished().is_none() && input == Input::Back {
            return false;
        }
        for wish in tool.on(input, &ctx) {
            self.actions.send(wish);
        }
        true
    }

    /// Undoes so many steps; below zero it does them again.
    fn back(&mut self, steps: i64) {
        self.keeper.ask(StoreRequest::Back { steps, stamp: self.model.stamp() });
    }

    /// Memory follows the file. Edits of this seat that are on their way to the disk are not in a
    /// world that was read: then it is read again after them.
    fn stored(&mut self, stored: Stored) {
        let Some(district) = &mut self.model.district else { return };
        let mut is_changed = !stored.edits.is_empty() || stored.world.is_some();
        district.add_entries(stored.entries);
        if let Some(world) = stored.world {
            if self.in_flight > 0 {
                self.keeper.ask(StoreRequest::Reload);
                is_changed = false;
            } else {
                district.world = Arc::new(world);
            }
        }
        district.is_ahead = self.in_flight > 0 || stored.is_ahead;
        if !stored.edits.is_empty() {
            let mut world = (*district.world).clone();
            if stored.edits.iter().all(|edit| world.apply(edit).is_ok()) {
                district.world = Arc::new(world);
            } else {
                is_changed = false;
                self.keeper.ask(StoreRequest::Reload);
            }
        }
        let last = district.steps.done.last().copied();
        self.follow_steps();
        if is_changed {
            self.follow_plan(&stored.edits);
            self.model.forget_the_gone();
        }
        if let Some(mut toast) = stored.toast {
            if toast.ways.iter().any(|(_, way)| *way == Way::TakeBack) {
                toast.step = last.map(Step::Written);
            }
            self.say(toast);
        }
    }

    fn delete(&mut self) {
        let records = self.model.selection.iter().filter_map(|id| self.model.record(*id).cloned());
        let changes: Vec<Change> = records.map(Change::delete).collect();
        let count = changes.len();
        if count > 0 {
            let said = Toast::done(format!("已删除 {count} 条"), format!("{count} deleted"));
            self.apply_saying(Edit::of(changes), said.with_undo());
            self.model.forget_the_gone();
        }
    }
}
