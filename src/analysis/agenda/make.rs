//! A meeting and its scenes as records.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::Date;

use super::PlannedScene;
use crate::analysis::decisions::{handle, newest_meeting};
use crate::domain::{Ids, Kind, MeetingState, Record, Seal, Stamp, Value, World};

/// What is said when a meeting is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    pub date: Date,
    pub chair: String,
    pub attendees: Vec<String>,
    /// Of the district as the meeting finds it.
    pub seal: Option<Seal>,
}

impl Call {
    /// As the last meeting: on its day of the week, with those who were there. `None` of them
    /// where it is the first.
    pub fn next(world: &World, today: Date) -> Self {
        let last = newest_meeting(world);
        let mut date = last.and_then(|last| last.date("date")).unwrap_or(today);
        let week = Span::new().days(7);
        while let Some(next) = (date < today).then(|| date.checked_add(week).ok()).flatten() {
            date = next;
        }
        // A meeting that is called already is not called again.
        if last.is_some_and(|last| last.date("date") == Some(date)) {
            date = date.checked_add(week).unwrap_or(date);
        }
        let attendees = last.map_or(&[][..], |last| last.words("attendees"));
        let attendees = attendees.iter().map(ToString::to_string).collect();
        let chair = last.map_or_else(String::new, |last| last.text("chair").to_owned());
        Self { name: Self::named(date), date, chair, attendees, seal: world.seal }
    }

    /// What a meeting is called while nobody calls it otherwise.
    pub fn named(date: Date) -> String {
        format!("{}月{}日会商会", date.month(), date.day())
    }
}

/// The meeting, then its scenes: one edit makes them all.
pub fn convened(call: &Call, scenes: &[PlannedScene], ids: &mut Ids, by: &Stamp) -> Vec<Record> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Value::text(text.trim()));
    let mut meeting = Record::new(ids.next(), Kind::Meeting, by);
    meeting.set("name", text(&call.name));
    meeting.set("date", Some(Value::Date(call.date)));
    meeting.set("chair", text(&call.chair));
    let attendees: Vec<Arc<str>> = call.attendees.iter().map(|who| who.as_str().into()).collect();
    meeting.set("attendees", (!attendees.is_empty()).then(|| Value::Words(attendees.into())));
    MeetingState::Planned.put(&mut meeting);
    meeting.set("seal", call.seal.map(|seal| Value::text(&seal.short())));
    let of = handle(&meeting).into_owned();
    let scene = |(position, planned): (i64, &PlannedScene)| {
        let mut scene = Record::new(ids.next(), Kind::Scene, by);
        scene.set("name", text(&planned.name));
        scene.set("meeting", text(&of));
        scene.set("position", Some(Value::Integer(position)));
        planned.scene.put(&mut scene);
        scene.set("note", text(&planned.note));
        scene
    };
    let scenes: Vec<Record> = (1..).zip(scenes).map(scene).collect();
    std::iter::once(meeting).chain(scenes).collect()
}
