//! What a scene of a meeting says: where the map is looked at, and with what.

mod lacks;

use std::collections::BTreeSet;
use std::sync::Arc;

use geo_types::Coord;
use jiff::civil::DateTime;

use super::Filter;
use super::decisions::{belongs, handle};
use crate::domain::{Kind, Record, RecordId, Value, World};

pub use lacks::{Lack, lacks};

/// A scene taken apart. What cannot be read counts as not said: a scene is shown as far as it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeetingScene {
    /// A key of the choices of `page`; empty for the map alone.
    pub page: String,
    /// `None` shows the whole district.
    pub sight: Option<Sight>,
    /// Lowest first; empty leaves the layers as they are.
    pub layers: Vec<ShownLayer>,
    pub filter: Filter,
    /// Civil time of the office; `None` for now.
    pub moment: Option<DateTime>,
    pub records: Vec<RecordId>,
    /// Empty for none.
    pub plan: String,
}

/// Where a map is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// WGS-84 degrees.
    pub center: Coord<f64>,
    pub zoom: f64,
}

/// A layer of the map and how strongly it is drawn, 0–1.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownLayer {
    pub key: String,
    pub opacity: f32,
}

impl MeetingScene {
    /// Of a record of [`Kind::Scene`].
    pub fn of(record: &Record) -> Self {
        let number = |key: &str| record.get(key).and_then(Value::as_f64);
        let place = number("view_lon").zip(number("view_lat")).zip(number("zoom"));
        Self {
            page: record.text("page").to_owned(),
            sight: place.map(|((x, y), zoom)| Sight { center: Coord { x, y }, zoom }),
            layers: record
                .words("layers")
                .iter()
                .filter_map(|text| ShownLayer::read(text))
                .collect(),
            filter: Filter::from_json(record.text("filter")),
            moment: record.text("moment").parse().ok(),
            records: record.linked("records").collect(),
            plan: record.text("plan").to_owned(),
        }
    }

    /// Into the fields of a record; [`MeetingScene::of`] reads it back.
    pub fn put(&self, record: &mut Record) {
        let text = |text: &str| (!text.is_empty()).then(|| Value::text(text));
        let page = record.kind.field("page").and_then(crate::domain::Field::choices);
        let page = page.into_iter().flatten().find(|choice| choice.key == self.page);
        record.set("page", page.map(|choice| Value::Choice(choice.key)));
        record.set("view_lon", self.sight.map(|sight| Value::Real(sight.center.x)));
        record.set("view_lat", self.sight.map(|sight| Value::Real(sight.center.y)));
        record.set("zoom", self.sight.map(|sight| Value::Real(sight.zoom)));
        record.set("layers", list(self.layers.iter().map(ShownLayer::write)));
        record.set("filter", text(&self.filter.to_json()));
        record.set("moment", self.moment.map(|at| Value::text(&at.to_string())));
        record.set("records", list(self.records.iter().map(ToString::to_string)));
        record.set("plan", text(&self.plan));
    }
}

fn list(words: impl Iterator<Item = String>) -> Option<Value> {
    let words: Vec<Arc<str>> = words.map(Into::into).collect();
    (!words.is_empty()).then(|| Value::Words(words.into()))
}

impl ShownLayer {
    fn read(text: &str) -> Option<Self> {
        let (key, opacity) = text.split_once('=').unwrap_or((text, "1"));
        let opacity: f32 = opacity.parse().ok()?;
        Some(Self { key: key.to_owned(), opacity: opacity.clamp(0.0, 1.0) })
    }

    fn write(&self) -> String {
        if self.opacity >= 1.0 {
            self.key.clone()
        } else {
            format!("{}={}", self.key, self.opacity)
        }
    }
}

/// The scenes of a meeting in their order.
pub fn scenes<'w>(world: &'w World, meeting: &Record) -> Vec<&'w Arc<Record>> {
    let of_meeting = world.table(Kind::Scene).iter().filter(|scene| belongs(scene, meeting));
    let mut scenes: Vec<_> = of_meeting.collect();
    let position = |scene: &Record| match scene.get("position") {
        Some(Value::Integer(position)) => *position,
        _ => i64::MAX,
    };
    scenes.sort_by_key(|scene| (position(scene), scene.id));
    scenes
}

/// The names of all plans: of those that are recorded, and of those that orders belong to.
pub fn plans(world: &World) -> BTreeSet<&str> {
    let recorded = world.table(Kind::Plan).iter().map(|plan| plan.name());
    let drawn = world.table(Kind::Restriction).iter().map(|order| order.text("plan"));
    recorded.chain(drawn).filter(|name| !name.is_empty()).collect()
}

/// What is drawn in a meeting, or in one scene of it.
pub fn pen_marks<'w>(
    world: &'w World,
    meeting: &Record,
    scene: Option<&Record>,
) -> Vec<&'w Arc<Record>> {
    let is_there = |mark: &&Arc<Record>| {
        let named = mark.text("scene");
        belongs(mark, meeting)
            && scene.is_none_or(|scene| named == handle(scene) || named == scene.id.to_string())
    };
    world.table(Kind::PenMark).iter().filter(is_there).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{Ids, Stamp};

    fn record(kind: Kind, number: u128) -> Record {
        let at = Timestamp::UNIX_EPOCH;
        Record::new(Ids::new(at, number).next(), kind, &Stamp { actor: "甲".into(), at })
    }

    proptest! {
        #[test]
        fn what_a_scene_says_is_read_back(
            lon in -180.0..180.0_f64, lat in -90.0..90.0_f64, zoom in 0.0..22.0_f64,
            opacity in 0.0..1.0_f32, text in "[a-z\"\\\\]{0,6}", ring_m in 1.0..5000.0_f64,
            is_failing: bool, plan in "[a-z]{0,4}",
        ) {
            let id = record(Kind::Site, 7).id;
            let scene = MeetingScene {
                page: "rings".into(),
                sight: Some(Sight { center: Coord { x: lon, y: lat }, zoom }),
                layers: vec![ShownLayer { key: "sites".into(), opacity }],
                filter: Filter {
                    text, is_failing,
                    ring: Some((id, ring_m)),
                    subkinds: [(Kind::Site, "mine".to_owned())].into(),
                    township: Some("甲镇".into()),
                    in_force_on: Some(date(2026, 12, 1)),
                    ..Filter::default()
                },
                moment: Some(date(2026, 11, 23).at(10, 0, 0, 0)),
                records: vec![id],
                plan,
            };
            let mut stored = record(Kind::Scene, 1);
            scene.put(&mut stored);
            prop_assert_eq!(MeetingScene::of(&stored), scene);
        }
    }

    #[test]
    fn what_cannot_be_read_counts_as_not_said() {
        let mut stored = record(Kind::Scene, 1);
        stored.set("filter", Some(Value::text("{\"ring\":3,\"kind\":\"nothing\"")));
        stored.set("moment", Some(Value::text("tomorrow")));
        stored.set("view_lon", Some(Value::Real(118.0)));
        assert_eq!(MeetingScene::of(&stored), MeetingScene::default());
    }

    #[test]
    fn scenes_stand_in_their_order_and_only_those_of_the_meeting() {
        let meeting = record(Kind::Meeting, 1);
        let scene = |number, of: &Record, position| {
            let mut scene = record(Kind::Scene, number);
            scene.set("meeting", Some(Value::text(handle(of).as_ref())));
            scene.set("position", Some(Value::Integer(position)));
            scene
        };
        let other = record(Kind::Meeting, 2);
        let (last, first) = (scene(10, &meeting, 2), scene(11, &meeting, 1));
        let (ids, stranger) = ([first.id, last.id], scene(12, &other, 1));
        let world: World = [meeting.clone(), other, last, first, stranger].into_iter().collect();
        let found: Vec<RecordId> = scenes(&world, &meeting).iter().map(|scene| scene.id).collect();
        assert_eq!(found, ids);
    }
}
