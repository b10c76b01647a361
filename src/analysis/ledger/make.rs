//! Items made of other records, and items handed to who answers for them.

use std::sync::Arc;

use geo_types::{Geometry, Point};
use jiff::civil::{DateTime, Time};

use super::owners::Owners;
use crate::analysis::decisions::{handle, task};
use crate::domain::item::{Deed, StepKind, moment_text, taken};
use crate::domain::{
    Change, DecisionState, ItemSource, Kind, Record, RecordId, Stamp, Value, World,
};
use crate::geodesy::wkb;

/// An item of a decision of a meeting: registered, linked to it and to what it is about.
pub fn item_of(
    world: &World,
    decision: &Record,
    (id, code): (RecordId, &str),
    at: DateTime,
    stamp: &Stamp,
) -> Record {
    let mut item = Record::new(id, Kind::Item, stamp);
    let put = |item: &mut Record, key: &str, text: &str| {
        if !text.is_empty() {
            item.set(key, Some(Value::text(text)));
        }
    };
    put(&mut item, "code", code);
    let task = task(decision, at.date(), world);
    put(&mut item, "name", if task.is_empty() { decision.name() } else { &task });
    put(&mut item, "superior_code", decision.code().unwrap_or_default());
    ItemSource::Meeting.put(&mut item);
    put(&mut item, "person", decision.text("person"));
    put(&mut item, "demand", decision.name());
    if !decision.text("owner").is_empty() {
        item.set("units", Some(Value::Words([decision.text("owner").into()].into())));
    }
    if let Some(due) = decision.date("due").and_then(|due| due.tomorrow().ok()) {
        put(&mut item, "due", &moment_text(due.to_datetime(Time::midnight())));
    }
    let about: Vec<&Arc<Record>> =
        decision.linked("records").filter_map(|id| world.get(id)).collect();
    let place = about.iter().find_map(|record| wkb::bounds(record.geometry.as_ref()?));
    item.geometry = place.map(|of| Geometry::Point(Point((of.min + of.max) / 2.0)));
    if let Some(first) = about.first() {
        put(&mut item, "address", first.name());
        put(&mut item, "township", first.text("township"));
    }
    let ids = std::iter::once(decision.id).chain(decision.linked("records"));
    let ids: Vec<Arc<str>> = ids.map(|id| id.to_string().into()).collect();
    item.set("records", Some(Value::Words(ids.into())));
    let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
    deed.reason = format!("会议决定 {}", handle(decision));
    taken(&item, &deed, stamp).unwrap_or(item)
}

/// The decision with its item, and under way where nobody had begun.
pub fn linked_decision(decision: &Arc<Record>, item: RecordId, stamp: &Stamp) -> Change {
    let mut newer = Record::clone(decision);
    let ids = decision.words("records").iter().cloned().chain([item.to_string().into()]);
    let ids: Vec<Arc<str>> = ids.collect();
    newer.set("records", Some(Value::Words(ids.into())));
    if matches!(DecisionState::of(decision), None | Some(DecisionState::ToDo)) {
        DecisionState::UnderWay.put(&mut newer);
    }
    newer.meta.change(stamp);
    Change::update(Arc::clone(decision), newer)
}

/// An item that is handed over, with who answers for it where it says nobody: what the record gets, and
/// the step for it.
pub fn with_owner(item: &Record, deed: &Deed, owners: &Owners<'_>) -> (Record, Deed) {
    let mut item = item.clone();
    owners.owning(&item).fill(&mut item);
    let mut deed = deed.clone();
    deed.units = item.words("units").iter().map(|unit| (**unit).to_owned()).collect();
    if deed.person.is_empty() {
        item.text("person").clone_into(&mut deed.person);
    }
    (item, deed)
}
