//! Steps that concern two items: 合并 names the item that it goes into, 反弹 the new one.

use std::sync::Arc;

use super::{Deed, Refusal, StepKind, moment_text, taken, words};
use crate::domain::{Change, ItemSource, Kind, Record, RecordId, Stamp, Value, World};

/// What a relapse has of the item that came again: where, what, and who answers for it.
const KEPT: [&str; 11] = [
    "name",
    "township",
    "address",
    "types",
    "units",
    "person",
    "phone",
    "leader",
    "department",
    "six_checks",
    "builder",
];

/// The item of a number, ours before a superior's.
pub fn numbered(world: &World, number: &str) -> Option<Arc<Record>> {
    let table = world.table(Kind::Item);
    let of_superior = || table.iter().find(|item| item.text("superior_code") == number);
    table.by_code(number).or_else(of_superior).cloned()
}

/// How an item is named by others: its number, else its id.
fn handle(item: &Record) -> String {
    item.code().map_or_else(|| item.id.to_string(), str::to_owned)
}

/// A step of an item, with what it does to the other item that it names. A relapse that names none makes
/// one, with the id and number that `fresh` gives.
pub fn changes(
    item: &Arc<Record>,
    deed: &Deed,
    stamp: &Stamp,
    find: impl Fn(&str) -> Option<Arc<Record>>,
    fresh: impl FnOnce() -> (RecordId, String),
) -> Result<Vec<Change>, Refusal> {
    let mut deed = deed.clone();
    let other = other(item, &deed, find)?;
    let mut beside = None;
    if deed.step == StepKind::Relapse {
        let change = match &other {
            Some(other) => linked(other, item, stamp),
            None => Some(Change::create(relapse(item, &deed, fresh(), stamp)?)),
        };
        if let Some(after) = change.as_ref().and_then(|change| change.after.as_ref()) {
            deed.number = handle(after);
        }
        beside = change;
    }
    if let Some(other) = &other {
        deed.number = handle(other);
    }
    let newer = taken(item, &deed, stamp)?;
    Ok(std::iter::once(Change::update(Arc::clone(item), newer)).chain(beside).collect())
}

/// Why a step would be refused; nothing is made.
pub fn refused(
    item: &Arc<Record>,
    deed: &Deed,
    stamp: &Stamp,
    find: impl Fn(&str) -> Option<Arc<Record>>,
) -> Option<Refusal> {
    changes(item, deed, stamp, find, || (item.id, "—".to_owned())).err()
}

/// The other item that a step names.
fn other(
    item: &Record,
    deed: &Deed,
    find: impl Fn(&str) -> Option<Arc<Record>>,
) -> Result<Option<Arc<Record>>, Refusal> {
    let number = deed.number.trim();
    if !matches!(deed.step, StepKind::Merge | StepKind::Relapse) || number.is_empty() {
        return Ok(None);
    }
    match find(number) {
        Some(other) if other.id != item.id => Ok(Some(other)),
        Some(_) => Err(Refusal::Itself),
        None => Err(Refusal::NoSuchItem(number.to_owned())),
    }
}

/// An item that is there already becomes a relapse of another.
fn linked(other: &Arc<Record>, of: &Record, stamp: &Stamp) -> Option<Change> {
    if !other.text("relapse_of").is_empty() {
        return None;
    }
    let mut newer = Record::clone(other);
    newer.set("relapse_of", Some(Value::text(&handle(of))));
    link(&mut newer, of);
    newer.meta.change(stamp);
    Some(Change::update(Arc::clone(other), newer))
}

fn link(item: &mut Record, to: &Record) {
    let id = to.id.to_string();
    let mut ids: Vec<&str> = item.words("records").iter().map(|id| &**id).collect();
    if !ids.contains(&&*id) {
        ids.push(&id);
    }
    let ids = words(ids);
    item.set("records", ids);
}

/// The new item of a problem that came again after it was struck off: registered, linked to the old one.
fn relapse(
    of: &Record,
    deed: &Deed,
    (id, code): (RecordId, String),
    stamp: &Stamp,
) -> Result<Record, Refusal> {
    let mut item = Record::new(id, Kind::Item, stamp);
    item.geometry.clone_from(&of.geometry);
    for key in KEPT {
        item.set(key, of.get(key).cloned());
    }
    item.set("records", of.get("records").cloned());
    link(&mut item, of);
    item.set("code", Some(Value::text(&code)));
    if !deed.text.trim().is_empty() {
        item.set("name", Some(Value::text(deed.text.trim())));
    }
    ItemSource::LookBack.put(&mut item);
    item.set("relapse_of", Some(Value::text(&handle(of))));
    item.set("found_at", Some(Value::text(&moment_text(deed.at))));
    let mut register = Deed::new(StepKind::Register, &deed.by, deed.at);
    register.files.clone_from(&deed.files);
    register.reason = format!("反弹自 {}", handle(of));
    taken(&item, &register, stamp)
}
