//! Scenes of a meeting put in another order, copied, added: as changes of one edit.

use std::sync::Arc;

use crate::analysis::decisions::handle;
use crate::analysis::scenes::{MeetingScene, scenes};
use crate::domain::{Change, Kind, Record, RecordId, Stamp, Value, World};

/// A scene in its new place: as it was, where it was there before, and as it will be.
type OrderedScene = (Option<Arc<Record>>, Record);

/// One scene so many places down; none where it would leave the list.
pub fn moved(world: &World, meeting: &Record, id: RecordId, by: isize, who: &Stamp) -> Vec<Change> {
    let mut order = as_they_are(world, meeting);
    let Some(from) = order.iter().position(|(_, scene)| scene.id == id) else { return Vec::new() };
    match from.checked_add_signed(by).filter(|to| *to < order.len()) {
        Some(to) => {
            let scene = order.remove(from);
            order.insert(to, scene);
        }
        None => return Vec::new(),
    }
    numbered(order, who)
}

/// A copy right behind the scene that it is of.
pub fn duplicated(
    world: &World,
    meeting: &Record,
    id: RecordId,
    new: RecordId,
    who: &Stamp,
) -> Vec<Change> {
    let mut order = as_they_are(world, meeting);
    let Some(place) = order.iter().position(|(_, scene)| scene.id == id) else {
        return Vec::new();
    };
    let Some((_, model)) = order.get(place) else { return Vec::new() };
    let mut copy = Record::new(new, Kind::Scene, who);
    copy.fields = model.fields.clone();
    copy.extra.clone_from(&model.extra);
    // A code is of one record.
    copy.set("code", None);
    order.insert(place + 1, (None, copy));
    numbered(order, who)
}

/// A new scene behind another, or as the last one.
pub fn added(
    world: &World,
    meeting: &Record,
    after: Option<RecordId>,
    new: Record,
    who: &Stamp,
) -> Vec<Change> {
    let mut order = as_they_are(world, meeting);
    let place = order.iter().position(|(_, scene)| Some(scene.id) == after);
    order.insert(place.map_or(order.len(), |place| place + 1), (None, new));
    numbered(order, who)
}

/// A scene of a meeting that is not in its order yet: see [`added`].
pub fn planned_after(
    meeting: &Record,
    name: &str,
    scene: &MeetingScene,
    id: RecordId,
    who: &Stamp,
) -> Record {
    let mut record = Record::new(id, Kind::Scene, who);
    record.set("name", Some(Value::text(name)));
    record.set("meeting", Some(Value::text(&handle(meeting))));
    scene.put(&mut record);
    record
}

fn as_they_are(world: &World, meeting: &Record) -> Vec<OrderedScene> {
    let scenes = scenes(world, meeting).into_iter();
    scenes.map(|scene| (Some(Arc::clone(scene)), Record::clone(scene))).collect()
}

/// From 1 on; scenes that keep their number are not touched.
fn numbered(order: Vec<OrderedScene>, who: &Stamp) -> Vec<Change> {
    let mut changes = Vec::new();
    for (position, (before, mut scene)) in (1..).zip(order) {
        scene.set("position", Some(Value::Integer(position)));
        match before {
            None => changes.push(Change::create(scene)),
            Some(before) if before.says_the_same_as(&scene) => {}
            Some(before) => {
                scene.meta.change(who);
                changes.push(Change::update(before, scene));
            }
        }
    }
    changes
}
