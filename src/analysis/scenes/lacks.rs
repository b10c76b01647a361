//! What a scene names and the district no longer has.

use super::{MeetingScene, plans};
use crate::domain::{Kind, Record, World};

/// Something of a scene that cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// So many of the records that were selected.
    Records(usize),
    /// The control point whose ring is filtered by.
    Ring,
    Plan(String),
    /// By key.
    Layers(Vec<String>),
    Page(String),
}

/// In the order in which they are said. `layers` and `pages` are the keys that are known.
pub fn lacks(record: &Record, world: &World, layers: &[&str], pages: &[&str]) -> Vec<Lack> {
    let scene = MeetingScene::of(record);
    let mut lacks = Vec::new();
    let there = scene.records.iter().filter(|id| world.get(**id).is_some()).count();
    let gone = record.words("records").len() - there;
    if gone > 0 {
        lacks.push(Lack::Records(gone));
    }
    let ring = scene.filter.ring.map(|(id, _)| id);
    if ring.is_some_and(|id| world.table(Kind::ControlPoint).get(id).is_none()) {
        lacks.push(Lack::Ring);
    }
    if !scene.plan.is_empty() && !plans(world).contains(scene.plan.as_str()) {
        lacks.push(Lack::Plan(scene.plan.clone()));
    }
    let unknown = scene.layers.iter().filter(|layer| !layers.contains(&layer.key.as_str()));
    let unknown: Vec<String> = unknown.map(|layer| layer.key.clone()).collect();
    if !unknown.is_empty() {
        lacks.push(Lack::Layers(unknown));
    }
    let is_known = scene.page.is_empty() || scene.page == "map";
    if !is_known && !pages.contains(&scene.page.as_str()) {
        lacks.push(Lack::Page(scene.page));
    }
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Filter;
    use crate::analysis::scenes::ShownLayer;
    use crate::domain::{Ids, RecordId, Stamp};

    fn record(kind: Kind, number: u128) -> Record {
        let at = jiff::Timestamp::UNIX_EPOCH;
        Record::new(Ids::new(at, number).next(), kind, &Stamp { actor: "甲".into(), at })
    }

    fn scene(gone: RecordId, there: RecordId) -> Record {
        let mut stored = record(Kind::Scene, 9);
        let layer = |key: &str| ShownLayer { key: key.to_owned(), opacity: 1.0 };
        MeetingScene {
            page: "rings".to_owned(),
            layers: vec![layer("sites"), layer("clouds")],
            filter: Filter { ring: Some((gone, 500.0)), ..Filter::default() },
            records: vec![there, gone],
            plan: "旧方案".to_owned(),
            ..MeetingScene::default()
        }
        .put(&mut stored);
        stored
    }

    #[test]
    fn everything_that_a_scene_names_and_is_gone_is_told() {
        let (site, point) = (record(Kind::Site, 1), record(Kind::ControlPoint, 2));
        let stored = scene(point.id, site.id);
        let world: World = [site.clone()].into_iter().collect();
        let told = lacks(&stored, &world, &["sites"], &["decide"]);
        let expected = [
            Lack::Records(1),
            Lack::Ring,
            Lack::Plan("旧方案".to_owned()),
            Lack::Layers(vec!["clouds".to_owned()]),
            Lack::Page("rings".to_owned()),
        ];
        assert_eq!(told, expected);

        let mut plan = record(Kind::Plan, 3);
        plan.set("name", Some(crate::domain::Value::text("旧方案")));
        let world: World = [site, point, plan].into_iter().collect();
        assert_eq!(lacks(&stored, &world, &["sites", "clouds"], &["rings"]), []);
    }
}
