//! The life of a plan: what is said of it as a whole, and the changes by which it is renamed,
//! copied, frozen, adopted and deleted.
//!
//! Orders name their plan; the record of the plan (`Kind::Plan`) has that name. A frozen plan is a
//! copy that nobody changes any more; an adopted one is in force. Everything here gives back changes
//! and makes none; what a plan does to traffic is [`super::compare`]'s.

mod names;
mod orphans;
mod renaming;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::orders::{BoundStretch, Finder, TrafficOrder};
use crate::domain::{
    ATTACHMENTS, Change, Edit, Ids, Kind, Meta, OrderKind, OrderState, PlanState, Record, RecordId,
    Seal, Stamp, Value, World,
};

pub use names::{NameTaken, is_taken, name_after, renames, taken_name, with_followers};
pub use orphans::{OrphanedOrders, orphaned_orders};
pub use renaming::PlanRenames;

/// Who changes a plan, when, and where the ids of new records come from.
pub struct EditContext<'a> {
    /// Who, and when.
    pub stamp: &'a Stamp,
    /// Of new records.
    pub ids: &'a mut Ids,
    /// In the office.
    pub today: Date,
    /// Of the district as it is now.
    pub seal: Option<Seal>,
}

/// An order in force on the same roads as a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Of the order in force.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// The plan that it belongs to; empty for none.
    pub plan: String,
    /// The plan closes every road that it closes.
    pub is_whole: bool,
}

/// What a copy takes over from the record of its model: what is said, not when and by which paper.
const HEAD: [&str; 4] = ["form", "issuer", "supersedes", "note"];
/// What a paper gets after its text is settled.
const PAPER: [&str; 2] = ["number", "dated"];
/// Of a frozen or adopted plan: what may still be said of its paper.
const OPEN_OF_PLAN: [&str; 6] = ["code", "number", "issuer", "dated", "note", ATTACHMENTS];
/// Of the orders of an adopted plan: how they end.
const OPEN_OF_ADOPTED: [&str; 3] = ["state", "valid_to", ATTACHMENTS];

impl PlanState {
    /// Whether its orders may be changed.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Dropped)
    }
}

/// The record of a plan; the first where several have its name.
pub fn record<'a>(world: &'a World, plan: &str) -> Option<&'a Arc<Record>> {
    let mut all = world.table(Kind::Plan).iter();
    all.find(|record| record.name() == plan && !plan.is_empty())
}

/// A plan of which nothing was said is a draft.
pub fn state(world: &World, plan: &str) -> PlanState {
    record(world, plan).and_then(|record| PlanState::of(record)).unwrap_or_default()
}

/// The orders of a plan, in the order of their table.
pub fn orders<'a>(world: &'a World, plan: &'a str) -> impl Iterator<Item = &'a Arc<Record>> {
    world.table(Kind::Restriction).iter().filter(move |order| order.text("plan") == plan)
}

/// The roads that are there in a plan alone, in the order of their table.
pub fn roads<'a>(world: &'a World, plan: &'a str) -> impl Iterator<Item = &'a Arc<Record>> {
    let all = world.table(Kind::Road).iter();
    all.filter(move |road| !plan.is_empty() && road.text("plan") == plan)
}

/// Says something of a plan as a whole; its record begins with that.
pub fn changed_plan(
    world: &World,
    plan: &str,
    by: &mut EditContext<'_>,
    say: impl FnOnce(&mut Record),
) -> Change {
    if let Some(known) = record(world, plan) {
        return changed(known, by.stamp, say);
    }
    let mut new = Record::new(by.ids.next(), Kind::Plan, by.stamp);
    new.set("name", Some(Value::text(plan)));
    PlanState::Draft.put(&mut new);
    say(&mut new);
    Change::create(new)
}

fn changed(record: &Arc<Record>, stamp: &Stamp, change: impl FnOnce(&mut Record)) -> Change {
    let mut newer = Record::clone(record);
    change(&mut newer);
    newer.meta.change(stamp);
    Change::update(Arc::clone(record), newer)
}

/// Another name for a plan, in its orders and roads, its record and those of its versions.
pub fn renamed(world: &World, plan: &str, name: &str, stamp: &Stamp) -> Vec<Change> {
    let set = |record: &Arc<Record>, key: &str| {
        changed(record, stamp, |record| {
            record.set(key, Some(Value::text(name)));
        })
    };
    let own = orders(world, plan).chain(roads(world, plan));
    let mut changes: Vec<Change> = own.map(|record| set(record, "plan")).collect();
    for record in world.table(Kind::Plan).iter() {
        if record.name() == plan {
            changes.push(set(record, "name"));
        } else if record.text("version_of") == plan {
            changes.push(set(record, "version_of"));
        }
    }
    changes
}

/// Its orders and its record once more, under another name, as a draft.
pub fn copied(world: &World, plan: &str, name: &str, by: &mut EditContext<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let names = copy_orders(world, plan, name, OrderState::Draft, by, &mut changes);
    if let Some(model) = record(world, plan) {
        changes.push(Change::create(copy_record(model, name, &names, by)));
    }
    changes
}

/// A version of a plan that nobody changes any more: a copy of its orders and of its paper.
pub fn frozen(world: &World, plan: &str, name: &str, by: &mut EditContext<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let names = copy_orders(world, plan, name, OrderState::Proposed, by, &mut changes);
    let mut version = if let Some(model) = record(world, plan) {
        let mut version = copy_record(model, name, &names, by);
        for key in PAPER {
            version.set(key, model.get(key).cloned());
        }
        version
    } else {
        let mut version = Record::new(by.ids.next(), Kind::Plan, by.stamp);
        version.set("name", Some(Value::text(name)));
        version
    };
    PlanState::Frozen.put(&mut version);
    version.set("frozen_on", Some(Value::Date(by.today)));
    version.set("seal", by.seal.map(|seal| Value::text(&seal.short())));
    version.set("version_of", Some(Value::text(plan)));
    changes.push(Change::create(version));
    changes
}

/// The next free name of a version: `方案一 定稿1`.
pub fn version_name(world: &World, plan: &str, ending: &str) -> String {
    let count = world.table(Kind::Plan).len();
    let mut names = (1..=count + 1).map(|number| format!("{plan} {ending}{number}"));
    names
        .find(|name| !is_taken(world, name))
        .unwrap_or_else(|| format!("{plan} {ending}{}", count + 2))
}

/// Puts a plan in force, ends the orders that it takes the place of, and adds what has to be built.
pub fn adopted(
    world: &World,
    plan: &str,
    revoked: &[RecordId],
    built: Vec<Record>,
    by: &mut EditContext<'_>,
) -> Vec<Change> {
    let stamp = by.stamp;
    let set =
        |order: &Arc<Record>, state: OrderState| changed(order, stamp, |order| state.put(order));
    let mut changes: Vec<Change> = orders(world, plan)
        .filter(|order| !OrderState::Revoked.is_of(order))
        .map(|order| set(order, OrderState::InForce))
        .collect();
    // Its roads are built now: they open with its first order, unless they say another day.
    let first = orders(world, plan).filter_map(|order| order.date("valid_from")).min();
    let opens_on = first.unwrap_or(by.today).max(by.today);
    changes.extend(roads(world, plan).map(|road| {
        changed(road, stamp, |road| {
            road.set("plan", None);
            if road.date("opens_on").is_none() {
                road.set("opens_on", Some(Value::Date(opens_on)));
            }
        })
    }));
    let old = revoked.iter().filter_map(|id| world.table(Kind::Restriction).get(*id));
    changes.extend(
        old.filter(|old| old.text("plan") != plan).map(|old| set(old, OrderState::Revoked)),
    );
    let (today, seal) = (by.today, by.seal);
    changes.push(changed_plan(world, plan, by, |record| {
        PlanState::Adopted.put(record);
        record.set("adopted_on", Some(Value::Date(today)));
        record.set("seal", seal.map(|seal| Value::text(&seal.short())));
    }));
    changes.extend(built.into_iter().map(Change::create));
    changes
}

/// Its orders, its roads and its record; versions of it stay.
pub fn deleted(world: &World, plan: &str) -> Vec<Change> {
    let records = world.table(Kind::Plan).iter().filter(|record| record.name() == plan);
    let own = orders(world, plan).chain(roads(world, plan));
    own.chain(records).cloned().map(Change::delete).collect()
}

/// The plan for which an edit may not be made: it would change what is frozen or in force.
pub fn locked_plan(world: &World, edit: &Edit) -> Option<String> {
    edit.changes.iter().find_map(|change| {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        match change.record()?.kind {
            Kind::Restriction => {
                let mut plans = [before, after].into_iter().flatten().map(|o| o.text("plan"));
                let plan = plans.find(|plan| !state(world, plan).is_open())?;
                let is_adopted = state(world, plan) == PlanState::Adopted;
                let open: &[&str] = if is_adopted { &OPEN_OF_ADOPTED } else { &[ATTACHMENTS] };
                (!is_same_but(before, after, open)).then(|| plan.to_owned())
            }
            Kind::Road => {
                // One without a plan, as nearly all are, is asked for nothing else.
                let is_frozen = |road: &&Record| {
                    let plan = road.text("plan");
                    !plan.is_empty() && state(world, plan) == PlanState::Frozen
                };
                let road = [before, after].into_iter().flatten().find(is_frozen)?;
                let is_same = is_same_but(before, after, &[ATTACHMENTS]);
                (!is_same).then(|| road.text("plan").to_owned())
            }
            Kind::Plan => {
                let known =
                    before.filter(|known| !PlanState::of(known).unwrap_or_default().is_open())?;
                let is_same = is_same_but(before, after, &OPEN_OF_PLAN);
                (!is_same).then(|| known.name().to_owned())
            }
            _ => None,
        }
    })
}

fn is_same_but(before: Option<&Record>, after: Option<&Record>, open: &[&str]) -> bool {
    let without = |record: &Record| {
        let mut record = record.clone();
        for key in open {
            record.set(key, None);
        }
        record
    };
    match (before, after) {
        (Some(before), Some(after)) => without(before).says_the_same_as(&without(after)),
        _ => false,
    }
}

/// Orders of other plans that are in force on roads of this one.
pub fn overlaps(world: &World, plan: &str, finder: &Finder<'_>) -> Vec<Overlap> {
    let live =
        |order: &&Arc<Record>| !OrderState::Revoked.is_of(order) && !OrderKind::Detour.is_of(order);
    let mut own: Vec<super::ArcId> = orders(world, plan)
        .filter(live)
        .flat_map(|order| TrafficOrder::of(order, finder).arcs)
        .collect();
    own.sort_unstable();
    let all = world.table(Kind::Restriction).iter();
    let others = all.filter(|order| order.text("plan") != plan && OrderState::InForce.is_of(order));
    let mut found = Vec::new();
    for record in others.filter(live) {
        let order = TrafficOrder::of(record, finder);
        let shared = order.arcs.iter().filter(|arc| own.binary_search(arc).is_ok()).count();
        if shared > 0 {
            let is_whole = shared == order.arcs.len();
            found.push(Overlap { id: order.id, name: order.name, plan: order.plan, is_whole });
        }
    }
    found
}

/// Copies the roads and the orders that are not revoked; which new id stands for which old name.
fn copy_orders(
    world: &World,
    plan: &str,
    name: &str,
    state: OrderState,
    by: &mut EditContext<'_>,
    changes: &mut Vec<Change>,
) -> BTreeMap<String, RecordId> {
    let live: Vec<&Arc<Record>> =
        orders(world, plan).filter(|order| !OrderState::Revoked.is_of(order)).collect();
    let mut built: BTreeMap<RecordId, RecordId> = BTreeMap::new();
    for road in roads(world, plan) {
        let id = by.ids.next();
        built.insert(road.id, id);
        let mut copy = Record { id, meta: Meta::by(by.stamp), ..Record::clone(road) };
        copy.set("code", None);
        copy.set("plan", Some(Value::text(name)));
        changes.push(Change::create(copy));
    }
    let mut names = BTreeMap::new();
    for order in &live {
        let id = by.ids.next();
        names.insert(order.id.to_string(), id);
        names.extend(order.code().map(|code| (code.to_owned(), id)));
    }
    for order in live {
        let Some(id) = names.get(&order.id.to_string()) else { continue };
        let mut copy = Record { id: *id, meta: Meta::by(by.stamp), ..Record::clone(order) };
        // A code belongs to one record alone.
        copy.set("code", None);
        copy.set("plan", Some(Value::text(name)));
        state.put(&mut copy);
        // What lay on a road of the plan lies on the copy of it.
        let mut along = BoundStretch::of(&copy);
        if along.iter().any(|stretch| built.contains_key(&stretch.road)) {
            for stretch in &mut along {
                stretch.road = built.get(&stretch.road).copied().unwrap_or(stretch.road);
            }
            BoundStretch::put(&mut copy, &along);
        }
        if let Some(around) = names.get(order.text("detour_of")) {
            copy.set("detour_of", Some(Value::text(&around.to_string())));
        }
        changes.push(Change::create(copy));
    }
    names
}

/// The record of a copy. Sentences written by hand go along: what they were made from is the same.
fn copy_record(
    model: &Record,
    name: &str,
    names: &BTreeMap<String, RecordId>,
    by: &mut EditContext<'_>,
) -> Record {
    let mut copy = Record::new(by.ids.next(), Kind::Plan, by.stamp);
    copy.set("name", Some(Value::text(name)));
    PlanState::Draft.put(&mut copy);
    for key in HEAD {
        copy.set(key, model.get(key).cloned());
    }
    copy.set("sentences", sentences(model.text("sentences"), names));
    copy
}

/// Sentences are kept under `part` or `part:record`; those of orders that were not copied are left.
fn sentences(text: &str, names: &BTreeMap<String, RecordId>) -> Option<Value> {
    let known: Map<String, Json> = serde_json::from_str(text).ok()?;
    let renamed = known.into_iter().filter_map(|(key, edit)| match key.split_once(':') {
        Some((part, id)) => Some((format!("{part}:{}", names.get(id)?), edit)),
        None => Some((key, edit)),
    });
    let renamed: Map<String, Json> = renamed.collect();
    let text = serde_json::to_string(&renamed).ok()?;
    (!renamed.is_empty()).then(|| Value::text(&text))
}

#[cfg(test)]
mod tests;
