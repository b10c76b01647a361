//! The name of a plan, which its orders and its versions say too: wherever it is changed, they go
//! along in the same edit.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{orders, record, renamed, roads};
use crate::domain::{
    Change, Edit, EditKind, Kind, Localized, Record, RecordId, Stamp, Value, World,
};

/// Plans that get another name by an edit of their record, with that name.
pub fn renames(edit: &Edit) -> Vec<(String, String)> {
    edit.changes.iter().filter_map(rename).collect()
}

/// The name that a change takes from a plan, and the one that it gives.
pub(super) fn rename(change: &Change) -> Option<(String, String)> {
    let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
    let (old, new) = (before.name(), after.name());
    let is_meant = before.kind == Kind::Plan && !old.is_empty() && !new.is_empty();
    (is_meant && old != new).then(|| (old.to_owned(), new.to_owned()))
}

/// The name that an edit would give to a plan while another one has it.
pub fn taken_name(world: &World, edit: &Edit) -> Option<NameTaken> {
    let mut names = renames(edit).into_iter().map(|(_, new)| new);
    names.find(|new| is_taken(world, new)).map(NameTaken)
}

/// Another plan has the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is a plan “{0}” already")]
pub struct NameTaken(pub String);

impl Localized for NameTaken {
    fn zh(&self) -> String {
        format!("已有方案“{}”", self.0)
    }
}

/// Whether some plan has a name.
pub fn is_taken(world: &World, name: &str) -> bool {
    record(world, name).is_some()
        || orders(world, name).next().is_some()
        || roads(world, name).next().is_some()
}

/// The edit with the orders and versions of the plans whose records it renames: still one step.
pub fn with_followers(world: &World, edit: Edit, stamp: &Stamp) -> Edit {
    let renames = renames(&edit);
    if renames.is_empty() {
        return edit;
    }
    let Edit { mut kind, mut changes } = edit;
    let known: BTreeSet<RecordId> = changes.iter().filter_map(Change::subject).collect();
    for (old, new) in &renames {
        for change in &mut changes {
            follow(change, old, new);
        }
        let more = renamed(world, old, new, stamp).into_iter();
        changes
            .extend(more.filter(|change| change.subject().is_some_and(|id| !known.contains(&id))));
    }
    if kind == EditKind::Update && changes.len() > 1 {
        kind = EditKind::Batch;
    }
    Edit { kind, changes }
}

/// A record that the edit changes anyhow.
fn follow(change: &mut Change, old: &str, new: &str) {
    let key = match change.after.as_ref().map(|after| after.kind) {
        Some(Kind::Restriction | Kind::Road) => "plan",
        Some(Kind::Plan) => "version_of",
        _ => return,
    };
    if let Some(after) = change.after.as_mut().filter(|after| after.text(key) == old) {
        let mut newer = Record::clone(after);
        newer.set(key, Some(Value::text(new)));
        *after = Arc::new(newer);
    }
}

/// What a plan is called after an edit that has taken its name away, in the world after it.
pub fn name_after(world: &World, edit: &Edit, plan: &str) -> Option<String> {
    if plan.is_empty() || is_taken(world, plan) {
        return None;
    }
    edit.changes.iter().find_map(|change| {
        let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
        let key = match before.kind {
            Kind::Restriction | Kind::Road => "plan",
            Kind::Plan => "name",
            _ => return None,
        };
        let name = after.text(key);
        (before.text(key) == plan && !name.is_empty()).then(|| name.to_owned())
    })
}
