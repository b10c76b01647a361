//! Steps of items: the only place where the window takes them.

use std::sync::Arc;

use egui::Context;

use crate::analysis::ledger::checks::{Looked, checked};
use crate::analysis::ledger::make::{item_of, linked_decision, with_owner};
use crate::analysis::ledger::response::{inspected, responses};
use crate::analysis::ledger::{Owners, prefix};
use crate::domain::item::{Deed, Path, Refusal, StepKind, linked, number, put_photo, steps, taken};
use crate::domain::{Change, Edit, ItemState, Kind, Localized as _, Record, RecordId, Verdict};
use crate::settings::clock;
use crate::ui::action::{CheckSeen, LedgerAction};
use crate::ui::app::App;
use crate::ui::ctx::Ctx;
use crate::ui::dialogs::StepPage;
use crate::ui::model::planning::now;
use crate::ui::model::workspace::Workspace;
use crate::ui::model::{Toast, Tone};

impl App {
    /// What is asked of the ledger.
    pub(super) fn ledger(&mut self, action: LedgerAction, context: &Context) {
        match action {
            LedgerAction::List(filter) => {
                self.enter(Workspace::Ledger);
                self.ledger.list(filter);
            }
            LedgerAction::Ask(step) => self.ask_step(step),
            LedgerAction::Key(key) => self.step_of_key(key),
            LedgerAction::Take(ids, deed) => self.take_step(&ids, &deed),
            LedgerAction::Sent(ids, deed) => self.note_sent(&ids, &deed),
            LedgerAction::Open(is_open) => {
                let is_listed = |kind| matches!(kind, Kind::Item | Kind::Decision);
                if is_open && !self.model.selected().is_some_and(|it| is_listed(it.kind)) {
                    self.step_row(1, context);
                }
                self.ledger.open(is_open);
            }
            LedgerAction::Checked { plan, record, verdict, seen } => {
                self.check(plan, record, verdict, &seen);
            }
            LedgerAction::Inspected { response, measure, verdict, actual } => {
                self.inspect(response, measure, (verdict, &actual));
            }
            LedgerAction::PutPhoto { item, name, to } => self.put_photo(item, &name, to),
            LedgerAction::OfDecisions(ids) => self.items_of_decisions(&ids),
        }
    }

    /// The selected items; none where something else is selected.
    fn selected_items(&self) -> Vec<Arc<Record>> {
        let records = self.model.selection.iter().filter_map(|id| self.model.record(*id));
        records.filter(|record| record.kind == Kind::Item).cloned().collect()
    }

    fn step_of_key(&mut self, key: u8) {
        let state = self.selected_items().last().and_then(|item| ItemState::of(item));
        let step = match (key, state) {
            (1, _) => StepKind::HandOver,
            (2, Some(ItemState::HandedOver)) => StepKind::Accept,
            (2, Some(ItemState::Mending)) => StepKind::AskCheck,
            (2, _) => StepKind::Mend,
            (3, _) => StepKind::Check,
            (4, _) => StepKind::Review,
            (5, _) => StepKind::Close,
            _ => StepKind::Return,
        };
        self.ask_step(step);
    }

    /// The dialog of a step; without one where nothing is left to be said. A decision that is handed
    /// over becomes an item first.
    fn ask_step(&mut self, step: StepKind) {
        let decisions = self.model.selection.iter().copied();
        let is_decision =
            |id: &RecordId| self.model.record(*id).is_some_and(|it| it.kind == Kind::Decision);
        let decisions: Vec<RecordId> = decisions.filter(is_decision).collect();
        if step == StepKind::HandOver && !decisions.is_empty() {
            self.items_of_decisions(&decisions);
            return;
        }
        let items = self.selected_items();
        let Some(first) = items.last() else {
            self.say(if decisions.is_empty() {
                Toast::watch("请先选中问题（J/K）", "Select an item first (J/K)")
            } else {
                Toast::watch(
                    "会议决定没有办理步骤；请先按 1 转入台账，再逐步办理",
                    "A decision has no steps; press 1 to make it an item first",
                )
            });
            return;
        };
        let path = steps(first).and_then(|steps| Path::of(&steps)).unwrap_or_default();
        if path.outcome(step).is_none() {
            let refusal = Refusal::NotFrom { state: path.state, step };
            self.say(Toast::new(Tone::Watch, refusal.localized()));
            return;
        }
        let ids: Vec<RecordId> = items.iter().map(|item| item.id).collect();
        if matches!(step, StepKind::Accept | StepKind::AskCheck | StepKind::Resume) {
            let who = unit_of(first);
            let stamp = self.model.stamp();
            let by = if who.is_empty() { stamp.actor.to_string() } else { who };
            let deed = Deed::new(step, &by, now());
            if items.iter().all(|item| taken(item, &deed, &stamp).is_ok()) {
                self.take_step(&ids, &deed);
                return;
            }
        }
        let ctx = Ctx { model: &self.model, actions: &self.actions };
        let page = StepPage::new(&ctx, &items, step);
        self.show(Some(Box::new(page)));
    }

    /// One edit, however many they are; none of it where one is refused.
    fn take_step(&mut self, ids: &[RecordId], deed: &Deed) {
        let stamp = self.model.stamp();
        let world = self.model.world();
        let owners = (deed.step == StepKind::HandOver && deed.units.is_empty())
            .then(|| Owners::of(&world, clock::today()));
        let mut changes: Vec<Change> = Vec::new();
        let mut codes = number::next(&world, &number::prefix(&world, ""), deed.at.date());
        for item in ids.iter().filter_map(|id| world.table(Kind::Item).get(*id)) {
            let ids = &mut self.model.ids;
            let done = match &owners {
                Some(owners) => {
                    let (ready, deed) = with_owner(item, deed, owners);
                    taken(&ready, &deed, &stamp)
                        .map(|newer| vec![Change::update(Arc::clone(item), newer)])
                }
                None => linked::changes(
                    item,
                    deed,
                    &stamp,
                    |number| linked::numbered(&world, number),
                    || (ids.next(), codes.next().unwrap_or_default()),
                ),
            };
            match done {
                Ok(done) => {
                    // Of several that name one other, the first links it.
                    let is_new = |change: &Change| {
                        changes.iter().all(|known| known.subject() != change.subject())
                    };
                    let done: Vec<Change> = done.into_iter().filter(is_new).collect();
                    changes.extend(done);
                }
                Err(refusal) => {
                    let words = refusal.localized();
                    let code = item.code().unwrap_or_else(|| item.name()).to_owned();
                    self.say(Toast::act(
                        format!("{code}：{}", words.zh),
                        format!("{code}: {}", words.en),
                    ));
                    return;
                }
            }
        }
        let count = ids.len();
        if changes.is_empty() {
            return;
        }
        let label = deed.step.label();
        let said = Toast::done(
            format!("{count} 件：{}", label.zh),
            format!("{count} items: {}", label.en),
        );
        self.apply_saying(Edit::of(changes), said.with_undo());
    }

    fn put_photo(&mut self, id: RecordId, name: &str, to: &'static str) {
        let stamp = self.model.stamp();
        let Some(item) = self.model.record(id).cloned() else { return };
        let mut newer = Record::clone(&item);
        put_photo(&mut newer, name, Some(to));
        newer.meta.change(&stamp);
        self.apply(Edit::of(vec![Change::update(item, newer)]));
    }

    fn note_sent(&mut self, ids: &[RecordId], deed: &Deed) {
        let (stamp, world) = (self.model.stamp(), self.model.world());
        let owners = Owners::of(&world, clock::today());
        let items = ids.iter().filter_map(|id| world.table(Kind::Item).get(*id));
        let changes = items.filter_map(|item| {
            let is_order = deed.step == StepKind::HandOver && item.words("units").is_empty();
            let (ready, deed) = if is_order {
                with_owner(item, deed, &owners)
            } else {
                (Record::clone(item), deed.clone())
            };
            let newer = taken(&ready, &deed, &stamp).ok()?;
            Some(Change::update(Arc::clone(item), newer))
        });
        let changes: Vec<Change> = changes.collect();
        if !changes.is_empty() {
            self.apply(Edit::of(changes));
        }
    }

    fn inspect(&mut self, response: RecordId, measure: RecordId, said: (Verdict, &str)) {
        let (world, stamp, at) = (self.model.world(), self.model.stamp(), now());
        let all = responses(&world);
        let Some(state) = all.iter().find(|state| state.record.id == response) else { return };
        let Some(line) = state.lines.iter().find(|line| line.measure.id == measure) else { return };
        let code = number::next(&world, &number::prefix(&world, &prefix(&world)), at.date())
            .next()
            .unwrap_or_default();
        let ids = &mut self.model.ids;
        let changes = inspected((&state.record, line), said, (at, &code), (&stamp, ids));
        let name = line.name();
        let said = if said.0 == Verdict::Failed {
            Toast::done(
                format!("{name} 未落实，已转入台账 {code}"),
                format!("{name} did not do it: {code}"),
            )
        } else {
            Toast::done(format!("{name} 已落实"), format!("{name} did it"))
        };
        self.apply_saying(Edit::of(changes), said.with_undo());
    }

    fn check(&mut self, plan: RecordId, record: RecordId, verdict: Verdict, seen: &CheckSeen) {
        let (world, stamp, at) = (self.model.world(), self.model.stamp(), now());
        let plan = world.table(Kind::CheckPlan).get(plan);
        let (Some(plan), Some(target)) = (plan, world.get(record)) else { return };
        let code = number::next(&world, &number::prefix(&world, &prefix(&world)), at.date())
            .next()
            .unwrap_or_default();
        let ids = &mut self.model.ids;
        let looked = Looked {
            verdict,
            found: &seen.found,
            house_number: &seen.house_number,
            coal_kg: seen.coal_kg,
        };
        let changes = checked(plan, target, &looked, (at, &code), (&stamp, ids));
        let name = target.name();
        let said = if verdict == Verdict::Failed {
            Toast::done(
                format!("{name} 不合格，已转入台账 {code}"),
                format!("{name} fails: {code}"),
            )
        } else {
            Toast::done(format!("{name} 已查"), format!("{name} is checked"))
        };
        self.apply_saying(Edit::of(changes), said.with_undo());
    }

    fn items_of_decisions(&mut self, ids: &[RecordId]) {
        let (world, stamp, at) = (self.model.world(), self.model.stamp(), now());
        let decisions = ids.iter().filter_map(|id| world.table(Kind::Decision).get(*id));
        let decisions: Vec<_> = decisions.cloned().collect();
        let mut numbers = number::next(&world, &number::prefix(&world, &prefix(&world)), at.date());
        let (mut changes, mut made) = (Vec::new(), Vec::new());
        for decision in decisions {
            let code = numbers.next().unwrap_or_default();
            let id = self.model.ids.next();
            let item = item_of(&world, &decision, (id, &code), at, &stamp);
            changes.push(Change::create(item));
            changes.push(linked_decision(&decision, id, &stamp));
            made.push(id);
        }
        if made.is_empty() {
            self.say(Toast::watch("请先选中决定", "Select a decision first"));
            return;
        }
        let count = made.len();
        let said = Toast::done(
            format!("{count} 条决定已转入台账"),
            format!("{count} decisions are items of the ledger now"),
        );
        self.apply_saying(Edit::of(changes), said.with_undo());
        self.model.selection = made;
    }
}

fn unit_of(item: &Record) -> String {
    let person = item.text("person");
    let units = item.words("units");
    let unit = units.first().map_or("", |unit| &**unit);
    format!("{unit} {person}").trim().to_owned()
}
