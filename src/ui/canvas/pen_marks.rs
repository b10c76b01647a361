//! Marks of the pen: which meeting they belong to, which lies under the pointer, how one comes and
//! goes.

use std::sync::Arc;

use geo_types::{Coord, Geometry};

use crate::analysis::decisions::handle;
use crate::domain::{
    Change, Edit, Kind, MeetingState, PenForm, PenTone, Record, RecordId, Stamp, Value,
};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::mercator::metres_per_px;

use crate::settings::clock;
use crate::ui::action::{Action, DataAction, MeetingAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;

/// How near the pointer must be, points.
const NEAR: f64 = 9.0;
/// What is written on the map: its height and half of it, points.
const SIZE: f64 = 22.0;

/// The shown mark under a place, the one drawn last first.
pub fn mark_at(ctx: &Ctx<'_>, at: Coord<f64>, metres_per_point: f64) -> Option<Arc<Record>> {
    let shown = ctx.shown_marks();
    let world = ctx.world();
    let frame = LocalFrame::at(at);
    let is_under = |mark: &&Arc<Record>| {
        let Some(geometry) = &mark.geometry else { return false };
        let is_shown = shown.as_ref().is_none_or(|shown| shown.contains(&mark.id));
        let is_text = PenForm::Text.is_of(mark);
        is_shown
            && match geometry {
                Geometry::Point(place) if is_text => {
                    is_on_words(frame.plane_from_wgs84(place.0) / metres_per_point, mark.name())
                }
                // Inside a circle is what it is about, not the circle.
                Geometry::Polygon(circle) => {
                    let outline = Geometry::LineString(circle.exterior().clone());
                    frame
                        .nearest_m(&outline)
                        .is_some_and(|away_m| away_m <= NEAR * metres_per_point)
                }
                other => {
                    frame.nearest_m(other).is_some_and(|away_m| away_m <= NEAR * metres_per_point)
                }
            }
    };
    let marks: Vec<&Arc<Record>> = world.table(Kind::PenMark).iter().collect();
    marks.into_iter().rev().find(is_under).cloned()
}

/// Whether the pointer, from which words begin `off` points to the east and north, is on them.
fn is_on_words(off: Coord<f64>, words: &str) -> bool {
    let wide = |letter: char| if letter.is_ascii() { 0.55 } else { 1.0 };
    let width = words.chars().map(wide).sum::<f64>() * SIZE;
    (-width - NEAR..=NEAR).contains(&off.x) && off.y.abs() <= SIZE * 0.8
}

/// One point of the screen where the map is looked at, metres.
pub fn metres_per_point(ctx: &Ctx<'_>, at: Coord<f64>) -> f64 {
    metres_per_px(at.y, ctx.camera.view.zoom)
}

/// A mark of the meeting that is held; where there is none, one of today comes with it.
pub fn new_mark(
    ctx: &Ctx<'_>,
    form: PenForm,
    tone: PenTone,
    geometry: Geometry<f64>,
    text: &str,
) -> Edit {
    let stamp = ctx.stamp();
    let mut ids = clock::ids(&stamp);
    let mut changes = Vec::new();
    let meeting = ctx.meeting.held_in(&ctx.world()).cloned().unwrap_or_else(|| {
        let new = meeting_of_today(ctx, ids.next(), &stamp);
        changes.push(Change::create(new.clone()));
        Arc::new(new)
    });
    let mut mark = Record::new(ids.next(), Kind::PenMark, &stamp);
    mark.set("name", (!text.is_empty()).then(|| Value::text(text)));
    mark.set("meeting", Some(Value::text(&handle(&meeting))));
    let scene = ctx.meeting.scene.and_then(|id| ctx.record(id));
    mark.set("scene", scene.map(|scene| Value::text(&handle(scene))));
    form.put(&mut mark);
    tone.put(&mut mark);
    mark.geometry = Some(geometry);
    changes.push(Change::create(mark));
    Edit::of(changes)
}

fn meeting_of_today(ctx: &Ctx<'_>, id: RecordId, stamp: &Stamp) -> Record {
    let today = clock::today();
    let mut meeting = Record::new(id, Kind::Meeting, stamp);
    let name = ctx
        .tell(format!("{}月{}日会商会", today.month(), today.day()), format!("Meeting of {today}"));
    meeting.set("name", Some(Value::text(&name)));
    meeting.set("date", Some(Value::Date(today)));
    MeetingState::UnderWay.put(&mut meeting);
    meeting
}

/// What deletes a mark, and closes what is open at it.
pub fn delete_mark(ctx: &Ctx<'_>, mark: &Arc<Record>) -> Vec<Action> {
    let edit = Edit::of(vec![Change::delete(Arc::clone(mark))]);
    let said = Toast::done("已删除一处标注", "a mark is deleted").with_undo();
    let mut wishes = vec![Action::Data(DataAction::ApplySaying(edit, said))];
    if ctx.meeting.bubble == Some(mark.id) {
        wishes.push(Action::Meeting(MeetingAction::Bubble(None)));
    }
    wishes
}

/// The mark, which now names a record that came of it.
pub fn linked(mark: &Arc<Record>, to: RecordId, stamp: &Stamp) -> Change {
    let mut newer = Record::clone(mark);
    let mut ids = mark.words("records").to_vec();
    ids.push(to.to_string().into());
    newer.set("records", Some(Value::Words(ids.into())));
    newer.meta.change(stamp);
    Change::update(Arc::clone(mark), newer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_hit_along_their_length_and_not_before_them() {
        // The pointer lies so far from the beginning of the words: east of it means that the words
        // begin in the west.
        let on = |east: f64, north: f64| is_on_words(Coord { x: -east, y: north }, "先查这里");
        assert!(on(0.0, 0.0) && on(80.0, 10.0) && on(88.0, -10.0));
        assert!(!on(-20.0, 0.0) && !on(110.0, 0.0) && !on(40.0, 25.0));
        assert!(!is_on_words(Coord { x: -80.0, y: 0.0 }, "abcd"), "Latin letters are narrow");
    }
}
