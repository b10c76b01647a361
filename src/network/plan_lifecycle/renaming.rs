//! Names of plans that rows of a file bring, one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{changed, is_taken, names, orders, renamed};
use crate::domain::{Change, Kind, LocalizedText, Record, RecordId, Stamp, Value, World};

/// What the rows of an import do to the names of plans: their orders and versions go along, and no
/// plan takes the name of another.
pub struct PlanRenames<'a> {
    world: &'a World,
    stamp: &'a Stamp,
    /// Old name and new.
    renames: Vec<(String, String)>,
    /// What could not be.
    refused: Vec<(String, String)>,
    /// Orders and plans that rows have changed, as they are then; `None` where that was more than
    /// once.
    rows: BTreeMap<RecordId, Option<Arc<Record>>>,
}

impl<'a> PlanRenames<'a> {
    /// The world before the import.
    pub const fn of(world: &'a World, stamp: &'a Stamp) -> Self {
        Self { world, stamp, renames: Vec::new(), refused: Vec::new(), rows: BTreeMap::new() }
    }

    /// A change as it may be made: a plan keeps its name where another one has the new one. `None`
    /// where nothing is left of it.
    pub fn accept(&mut self, mut change: Change) -> Option<Change> {
        if let Some((old, new)) = names::rename(&change) {
            let is_promised = self.renames.iter().any(|(_, known)| *known == new);
            if is_promised || is_taken(self.world, &new) {
                let mut kept = change.after.as_deref().cloned()?;
                kept.set("name", Some(Value::text(&old)));
                self.refused.push((old, new));
                if change.before.as_ref().is_some_and(|before| before.says_the_same_as(&kept)) {
                    return None;
                }
                change.after = Some(Arc::new(kept));
            } else {
                self.renames.push((old, new));
            }
        }
        if let (Some(before), Some(after)) = (&change.before, &change.after)
            && (matches!(after.kind, Kind::Restriction | Kind::Plan)
                || after.kind == Kind::Road && !after.text("plan").is_empty())
        {
            let first = Some(Arc::clone(after));
            self.rows.entry(before.id).and_modify(|row| *row = None).or_insert(first);
        }
        Some(change)
    }

    /// The changes by which orders and versions go along with their plans, after all rows.
    pub fn followers(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (old, new) in &self.renames {
            let others = renamed(self.world, old, new, self.stamp).into_iter();
            let is_row = |id: RecordId| self.rows.contains_key(&id);
            changes.extend(others.filter(|change| !change.subject().is_some_and(is_row)));
            let rows = self.rows.values().flatten();
            changes.extend(rows.filter_map(|row| self.following(row, old, new)));
        }
        changes
    }

    /// A row that says the old name of its plan still.
    fn following(&self, row: &Arc<Record>, old: &str, new: &str) -> Option<Change> {
        let key = if row.kind == Kind::Plan { "version_of" } else { "plan" };
        let says_old = row.text(key) == old;
        says_old.then(|| {
            changed(row, self.stamp, |row| {
                row.set(key, Some(Value::text(new)));
            })
        })
    }

    /// What became of it, for the report.
    pub fn warnings(&self) -> Vec<LocalizedText> {
        let follow = |(old, new): &(String, String)| {
            let count = orders(self.world, old).count();
            LocalizedText::new(
                format!("方案“{old}”改名为“{new}”，所属 {count} 条措施随之改名"),
                format!("the plan “{old}” is called “{new}” now, and its {count} orders say so"),
            )
        };
        let refuse = |(old, new): &(String, String)| {
            LocalizedText::new(
                format!("已有方案“{new}”，方案“{old}”未改名"),
                format!("there is a plan “{new}” already: “{old}” keeps its name"),
            )
        };
        self.renames.iter().map(follow).chain(self.refused.iter().map(refuse)).collect()
    }
}
