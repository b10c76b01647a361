//! No edit changes the state of an item but by a step, and nothing that has gone out is deleted.

use jiff::civil::DateTime;

use super::deed::{lacks_after, put_path};
use super::path::MAIN;
use super::{Path, Step, StepKind, moment, number, put_steps, steps};
use crate::domain::{Change, Edit, ItemState, Kind, Lack, Localized, Record, Value, World};

/// Why an edit of items is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlawful {
    #[error(
        "the state of `{0}` changes by a step, not by hand: hand over, mend, check, strike off"
    )]
    StateByHand(String),
    #[error("steps that were taken are not changed: `{0}`")]
    StepsChanged(String),
    #[error("`{0}` was handed over and is not deleted; make it void with a reason")]
    Deleted(String),
}

impl Localized for Unlawful {
    fn zh(&self) -> String {
        match self {
            Self::StateByHand(code) => {
                format!("“{code}”的状态只能逐步办理（交办、整改、核查、销号等），不能直接改")
            }
            Self::StepsChanged(code) => format!("“{code}”已办理的步骤不能改动"),
            Self::Deleted(code) => format!("“{code}”已交办，不能删除；请写明原因后作废"),
        }
    }
}

fn called(item: &Record) -> String {
    item.code().unwrap_or_else(|| item.name()).to_owned()
}

/// Why an edit may not be made; `None` where it may. Undo does not ask: it takes back what was done.
pub fn unlawful(edit: &Edit) -> Option<Unlawful> {
    let items = edit
        .changes
        .iter()
        .filter(|change| change.record().is_some_and(|record| record.kind == Kind::Item));
    items.into_iter().find_map(unlawful_change)
}

fn unlawful_change(change: &Change) -> Option<Unlawful> {
    let (before, after) = match (&change.before, &change.after) {
        (Some(before), None) => {
            let has_gone_out = !before.text("handed_at").is_empty();
            return has_gone_out.then(|| Unlawful::Deleted(called(before)));
        }
        (before, Some(after)) => (before.as_deref(), after),
        (None, None) => return None,
    };
    let Some(newer) = steps(after) else { return Some(Unlawful::StepsChanged(called(after))) };
    let known = before.and_then(steps).unwrap_or_default();
    let same = known.len() <= newer.len() && known.iter().zip(&newer).all(|(a, b)| a == b);
    if !same {
        return Some(Unlawful::StepsChanged(called(after)));
    }
    let Some(path) = Path::of(&newer) else {
        return Some(Unlawful::StepsChanged(called(after)));
    };
    // A record of which no step is known yet may only be registered.
    let state = ItemState::of(after);
    let is_so = path.state == state || path.state.is_none() && state == Some(ItemState::Registered);
    (!is_so).then(|| Unlawful::StateByHand(called(after)))
}

/// An item as an outside list says it: where its state does not follow from its steps, a step is
/// added that says so, with all that the list does not prove.
pub fn adopted(before: Option<&Record>, item: &mut Record, by: &str, at: DateTime, reason: &str) {
    let known = before.and_then(steps).unwrap_or_default();
    let mut all = steps(item).filter(|all| !all.is_empty()).unwrap_or_else(|| known.clone());
    let path = Path::of(&all);
    let state = ItemState::of(item).unwrap_or(ItemState::Registered);
    let is_so = path.as_ref().is_some_and(|path| path.state == Some(state));
    if !is_so || path.is_none() {
        if path.is_none() {
            all = known;
        }
        let last = MAIN.iter().position(|step| step.key() == state.key());
        let proven = MAIN.iter().take(last.map_or(1, |last| last + 1));
        let mut lacks: Vec<Lack> = proven.flat_map(|step| lacks_after(item, *step)).collect();
        lacks.sort_unstable();
        lacks.dedup();
        all.push(Step {
            reason: reason.to_owned(),
            state: Some(state.key().to_owned()),
            lacks: lacks.iter().map(|lack| lack.key().to_owned()).collect(),
            ..Step::new(StepKind::Adopt, by, at)
        });
    }
    let Some(path) = Path::of(&all) else { return };
    put_steps(item, &all);
    put_path(item, &path);
}

/// An edit whose new items without a number have the next ones of a day; `otherwise` is the prefix where
/// no item has one yet.
pub fn numbered(edit: Edit, world: &World, otherwise: &str, at: DateTime) -> Edit {
    let is_bare = |change: &Change| {
        let new = change.after.as_ref().filter(|_| change.before.is_none());
        new.is_some_and(|item| item.kind == Kind::Item && item.code().is_none())
    };
    if !edit.changes.iter().any(is_bare) {
        return edit;
    }
    let prefix = number::prefix(world, otherwise);
    // Numbers that the edit itself brings are taken too.
    let brought: std::collections::BTreeSet<String> = edit
        .changes
        .iter()
        .filter_map(|change| change.after.as_ref()?.code().map(str::to_owned))
        .collect();
    let mut numbers =
        number::next(world, &prefix, at.date()).filter(move |code| !brought.contains(code));
    let change = |change: Change| {
        if !is_bare(&change) {
            return change;
        }
        let (Some(item), Some(code)) = (&change.after, numbers.next()) else { return change };
        let mut item = Record::clone(item);
        item.set("code", Some(Value::text(&code)));
        Change::create(item)
    };
    Edit { kind: edit.kind, changes: edit.changes.into_iter().map(change).collect() }
}

/// Why evidence is missing of an item that was registered without a word about it.
const UNSAID: &str = "未说明";

/// An edit with what follows from it: a new item without steps is registered by whoever makes it, and
/// what a record has got by now is lacking no more. `at` is civil time of the office.
pub fn settled(edit: Edit, by: &str, at: DateTime) -> Edit {
    let change = |change: Change| {
        let Some(after) = change.after.as_ref().filter(|after| after.kind == Kind::Item) else {
            return change;
        };
        let Some(mut all) = steps(after) else { return change };
        let mut item = Record::clone(after);
        if all.is_empty() {
            let lacks = lacks_after(&item, StepKind::Register);
            // It may have been found before somebody wrote it down.
            let found = moment(&item, "found_at").filter(|found| *found < at);
            let reason = if lacks.is_empty() { "" } else { UNSAID };
            all.push(Step {
                reason: reason.to_owned(),
                lacks: lacks.iter().map(|lack| lack.key().to_owned()).collect(),
                ..Step::new(StepKind::Register, by, found.unwrap_or(at))
            });
            put_steps(&mut item, &all);
        }
        let Some(path) = Path::of(&all) else { return change };
        put_path(&mut item, &path);
        if item == **after {
            return change;
        }
        Change { before: change.before, after: Some(std::sync::Arc::new(item)) }
    };
    Edit { kind: edit.kind, changes: edit.changes.into_iter().map(change).collect() }
}
