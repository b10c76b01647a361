//! Plans renamed, copied, frozen, adopted and deleted, in the window and by a file.

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::network::orders::EdgeIndex;
use crate::network::testing::{Town, line};

/// Two orders of a plan, one of which leads around the other, and one of another plan in force.
fn town() -> World {
    let mut town = Town::new();
    town.add(Kind::Road, road(0.0, 2000.0), &[("name", "大街")]);
    let closed = [("name", "禁行"), ("code", "J1"), ("kind", "no_entry"), ("plan", "甲")];
    let id = town.add(Kind::Restriction, road(0.0, 1000.0), &closed);
    let around = [("name", "绕行"), ("kind", "detour"), ("plan", "甲"), ("detour_of", "J1")];
    town.add(Kind::Restriction, road(0.0, 2000.0), &around);
    let gone = [("name", "旧"), ("kind", "no_entry"), ("plan", "甲"), ("state", "废止")];
    town.add(Kind::Restriction, road(0.0, 1000.0), &gone);
    let in_force = [("name", "老禁行"), ("kind", "no_entry"), ("plan", "乙"), ("state", "生效")];
    town.add(Kind::Restriction, road(0.0, 1000.0), &in_force);
    let edits = json!({ "title": { "text": "t" }, (format!("restriction:{id}")): { "text": "r" } });
    let sentences = edits.to_string();
    town.add(
        Kind::Plan,
        None,
        &[("name", "甲"), ("issuer", "区政府"), ("number", "8号"), ("sentences", &sentences)],
    );
    town.world()
}

fn road(from_m: f64, to_m: f64) -> geo_types::Geometry<f64> {
    line(&[(from_m, 0.0), (to_m, 0.0)]).into()
}

fn stamp() -> Stamp {
    Stamp { actor: "李规划".into(), at: Timestamp::UNIX_EPOCH }
}

/// Makes changes and applies them, as one edit.
fn done(world: &World, change: impl FnOnce(&mut EditContext<'_>) -> Vec<Change>) -> World {
    let (stamp, mut ids) = (stamp(), Ids::new(Timestamp::UNIX_EPOCH, (world.len() as u128) << 50));
    let mut by =
        EditContext { stamp: &stamp, ids: &mut ids, today: date(2026, 11, 25), seal: None };
    let edit = Edit::of(change(&mut by));
    let mut after = world.clone();
    after.apply(&edit).unwrap();
    let mut back = after.clone();
    back.apply(&edit.inverse()).unwrap();
    let all = |world: &World| world.all().cloned().collect::<Vec<_>>();
    assert_eq!(all(&back), all(world), "one step back is where it was");
    after
}

fn texts(world: &World, plan: &str, key: &str) -> Vec<String> {
    orders(world, plan).map(|order| order.text(key).to_owned()).collect()
}

#[test]
fn a_frozen_version_has_the_orders_and_the_paper_of_its_plan_and_refuses_to_be_changed() {
    let world = town();
    let name = version_name(&world, "甲", "定稿");
    assert_eq!(name, "甲 定稿1");
    let world = done(&world, |by| frozen(&world, "甲", &name, by));
    assert_eq!(texts(&world, &name, "name"), ["禁行", "绕行"]);
    assert_eq!(texts(&world, &name, "state"), ["拟定", "拟定"]);
    assert_eq!(texts(&world, "甲", "name").len(), 3, "the plan itself goes on");
    let ids: Vec<String> = orders(&world, &name).map(|order| order.id.to_string()).collect();
    assert_eq!(texts(&world, &name, "detour_of"), ["", ids[0].as_str()]);
    let version = record(&world, &name).unwrap();
    assert_eq!((version.text("number"), version.text("version_of")), ("8号", "甲"));
    assert_eq!(version.get("frozen_on"), Some(&Value::Date(date(2026, 11, 25))));
    let kept: Json = serde_json::from_str(version.text("sentences")).unwrap();
    assert_eq!(
        kept,
        json!({ "title": { "text": "t" }, (format!("restriction:{}", ids[0])): { "text": "r" } })
    );
    assert_eq!(version_name(&world, "甲", "定稿"), "甲 定稿2");

    let order = Arc::clone(orders(&world, &name).next().unwrap());
    let edit = |key: &str, value: Value| {
        let mut newer = Record::clone(&order);
        assert!(newer.set(key, Some(value)));
        Edit::of(vec![Change::update(Arc::clone(&order), newer)])
    };
    let refused = Some(name.clone());
    assert_eq!(locked_plan(&world, &edit("hours", Value::text("全天"))), refused);
    assert_eq!(locked_plan(&world, &edit("plan", Value::text("甲"))), refused);
    assert_eq!(locked_plan(&world, &edit(ATTACHMENTS, Value::Words(["照片".into()].into()))), None);
    assert_eq!(locked_plan(&world, &Edit::of(vec![Change::delete(order)])), refused);
    let open = orders(&world, "甲").next().unwrap();
    assert_eq!(locked_plan(&world, &Edit::of(vec![Change::delete(Arc::clone(open))])), None);
    let mut into = Record::clone(open);
    into.set("plan", Some(Value::text(&name)));
    assert_eq!(
        locked_plan(&world, &Edit::of(vec![Change::update(Arc::clone(open), into)])),
        refused
    );
    let of_paper = |key: &str, value| {
        let mut newer = Record::clone(version);
        assert!(newer.set(key, Some(value)));
        locked_plan(&world, &Edit::of(vec![Change::update(Arc::clone(version), newer)]))
    };
    assert_eq!(of_paper("number", Value::text("9号")), None);
    assert_eq!(of_paper("sentences", Value::text("{}")), refused);
    assert_eq!(of_paper("state", Value::Choice("草案")), refused);
}

#[test]
fn a_copy_of_a_frozen_version_is_a_draft_without_the_number_of_its_paper() {
    let world = town();
    let world = done(&world, |by| frozen(&world, "甲", "甲 定稿1", by));
    let world = done(&world, |by| copied(&world, "甲 定稿1", "丙", by));
    assert_eq!(
        (state(&world, "丙"), state(&world, "甲 定稿1")),
        (PlanState::Draft, PlanState::Frozen)
    );
    let copy = record(&world, "丙").unwrap();
    assert_eq!((copy.text("issuer"), copy.text("number")), ("区政府", ""));
    assert_eq!(texts(&world, "丙", "state"), ["草案", "草案"]);
}

#[test]
fn a_plan_is_renamed_with_its_orders_its_record_and_its_versions() {
    let world = town();
    let world = done(&world, |by| frozen(&world, "甲", "甲 定稿1", by));
    let world = done(&world, |by| renamed(&world, "甲", "秋冬季", by.stamp));
    assert!(orders(&world, "甲").next().is_none() && record(&world, "甲").is_none());
    assert_eq!(orders(&world, "秋冬季").count(), 3);
    assert_eq!(record(&world, "甲 定稿1").unwrap().text("version_of"), "秋冬季");
}

#[test]
fn what_is_adopted_is_in_force_and_ends_what_it_takes_the_place_of() {
    let world = town();
    let network = crate::network::build(&world);
    let index = EdgeIndex::of(&network);
    let found = overlaps(&world, "甲", &Finder::new(&network, &index));
    let old = world.table(Kind::Restriction).iter().find(|o| o.name() == "老禁行").unwrap().id;
    let expected =
        Overlap { id: old, name: "老禁行".into(), plan: "乙".into(), is_whole: true };
    assert_eq!(found, [expected]);
    let camera =
        Record::new(Ids::new(Timestamp::UNIX_EPOCH, 1 << 60).next(), Kind::Camera, &stamp());
    let world = done(&world, |by| adopted(&world, "甲", &[old], vec![camera], by));
    assert_eq!(texts(&world, "甲", "state"), ["生效", "生效", "废止"]);
    assert_eq!(texts(&world, "乙", "state"), ["废止"]);
    assert_eq!((state(&world, "甲"), world.table(Kind::Camera).len()), (PlanState::Adopted, 1));
    // How an order in force ends may be said; what it orders may not be changed.
    let order = orders(&world, "甲").next().unwrap();
    let change = |key: &str, value| {
        let mut newer = Record::clone(order);
        assert!(newer.set(key, Some(value)));
        locked_plan(&world, &Edit::of(vec![Change::update(Arc::clone(order), newer)]))
    };
    assert_eq!(change("state", Value::Choice("废止")), None);
    assert_eq!(change("hours", Value::text("全天")), Some("甲".to_owned()));
}

#[test]
fn a_deleted_plan_leaves_its_frozen_versions() {
    let world = town();
    let world = done(&world, |by| frozen(&world, "甲", "甲 定稿1", by));
    let world = done(&world, |_| deleted(&world, "甲"));
    assert!(orders(&world, "甲").next().is_none() && record(&world, "甲").is_none());
    assert_eq!(orders(&world, "甲 定稿1").count(), 2);
}

#[test]
fn the_first_word_on_a_plan_makes_its_record() {
    let world = town();
    assert_eq!(state(&world, "乙"), PlanState::Draft);
    let world = done(&world, |by| {
        vec![changed_plan(&world, "乙", by, |plan| {
            plan.set("issuer", Some(Value::text("区政府")));
        })]
    });
    assert_eq!(record(&world, "乙").unwrap().text("issuer"), "区政府");
    let world = done(&world, |by| {
        vec![changed_plan(&world, "乙", by, |plan| {
            plan.set("number", Some(Value::text("1号")));
        })]
    });
    assert_eq!(world.table(Kind::Plan).len(), 2);
}

#[test]
fn a_plan_renamed_in_its_record_takes_its_orders_and_versions_along_and_back() {
    let world = town();
    let name = version_name(&world, "甲", "定稿");
    let world = done(&world, |by| frozen(&world, "甲", &name, by));
    let (orders_before, own) =
        (texts(&world, "甲", "name"), Arc::clone(record(&world, "甲").unwrap()));
    // In a table the same edit may say something of an order too.
    let order = Arc::clone(orders(&world, "甲").next().unwrap());
    let set = |record: &Arc<Record>, key: &str, text: &str| {
        changed(record, &stamp(), |newer| {
            newer.set(key, Some(Value::text(text)));
        })
    };
    let edit = Edit::of(vec![set(&own, "name", "丙"), set(&order, "hours", "全天")]);
    assert_eq!(renames(&edit), [("甲".to_owned(), "丙".to_owned())]);
    let whole = with_followers(&world, edit, &stamp());
    assert_eq!(whole.kind, crate::domain::EditKind::Batch);
    let mut after = world.clone();
    after.apply(&whole).unwrap();
    assert_eq!(texts(&after, "丙", "name"), orders_before);
    assert_eq!(
        (texts(&after, "甲", "name").len(), texts(&after, "丙", "hours")[0].as_str()),
        (0, "全天")
    );
    assert_eq!(record(&after, &name).unwrap().text("version_of"), "丙");
    assert_eq!(name_after(&after, &whole, "甲"), Some("丙".to_owned()));
    assert_eq!(name_after(&after, &whole, "乙"), None);

    let mut back = after.clone();
    back.apply(&whole.inverse()).unwrap();
    assert_eq!(texts(&back, "甲", "name"), orders_before);
    assert_eq!(name_after(&back, &whole.inverse(), "丙"), Some("甲".to_owned()));
}

#[test]
fn an_edit_that_renames_no_plan_is_as_it_was() {
    let world = town();
    let plan = record(&world, "甲").unwrap();
    let edit = Edit::of(vec![changed(plan, &stamp(), |newer| {
        newer.set("issuer", Some(Value::text("市政府")));
    })]);
    assert_eq!(with_followers(&world, edit.clone(), &stamp()), edit);
    assert!(is_taken(&world, "乙") && !is_taken(&world, "丁"));
}

/// A change as a row of a file brings it.
fn row(world: &World, record: &Arc<Record>, key: &str, text: &str) -> Change {
    assert_eq!(world.get(record.id), Some(record));
    changed(record, &stamp(), |newer| {
        newer.set(key, Some(Value::text(text)));
    })
}

#[test]
fn a_plan_that_a_file_renames_takes_along_its_orders_and_versions_whatever_the_file_says_of_them() {
    let world = town();
    let name = version_name(&world, "甲", "定稿");
    let world = done(&world, |by| frozen(&world, "甲", &name, by));
    let stamp = stamp();
    let mut names = PlanRenames::of(&world, &stamp);
    let (orders_before, order) =
        (texts(&world, "甲", "name"), Arc::clone(orders(&world, "甲").next().unwrap()));
    let rows = [
        row(&world, &order, "hours", "全天"),
        row(&world, record(&world, "甲").unwrap(), "name", "丙"),
    ];
    let mut after = world.clone();
    for change in rows {
        after.apply(&Edit::of(vec![names.accept(change).unwrap()])).unwrap();
    }
    after.apply(&Edit::of(names.followers())).unwrap();
    assert_eq!((texts(&after, "丙", "name"), orders(&after, "甲").count()), (orders_before, 0));
    assert_eq!(texts(&after, "丙", "hours")[0], "全天");
    assert_eq!(record(&after, &name).unwrap().text("version_of"), "丙");
    assert_eq!(names.warnings().len(), 1);
}

#[test]
fn a_plan_that_a_file_would_call_like_another_keeps_its_name_and_gets_the_rest() {
    let world = town();
    let stamp = stamp();
    let mut names = PlanRenames::of(&world, &stamp);
    let own = record(&world, "甲").unwrap();
    assert_eq!(names.accept(row(&world, own, "name", "乙")), None, "nothing else is said");
    let both = changed(own, &stamp, |newer| {
        newer.set("name", Some(Value::text("乙")));
        newer.set("issuer", Some(Value::text("市政府")));
    });
    let accepted = names.accept(both).unwrap().after.unwrap();
    assert_eq!((accepted.name(), accepted.text("issuer")), ("甲", "市政府"));
    assert_eq!(names.followers(), []);
    assert!(names.warnings().iter().all(|said| said.zh == "已有方案“乙”，方案“甲”未改名"));
}

#[test]
fn orders_of_a_plan_whose_record_was_renamed_elsewhere_are_told_of() {
    let world = town();
    assert_eq!(
        orphaned_orders(&world),
        [],
        "of 乙 nothing was ever said, and every record has orders"
    );
    let mut renamed = world.clone();
    let own = record(&world, "甲").unwrap();
    renamed.apply(&Edit::of(vec![row(&world, own, "name", "丙")])).unwrap();
    let orphaned =
        |plan: &str, orders| OrphanedOrders {
            plan: plan.into(), orders, empty: vec!["丙".into()]
        };
    assert_eq!(orphaned_orders(&renamed), [orphaned("乙", 1), orphaned("甲", 3)]);
}

#[test]
fn the_roads_of_a_plan_are_renamed_copied_built_and_deleted_with_it() {
    let mut town = Town::new();
    let new = [("name", "新路"), ("plan", "甲")];
    let id = town.add(Kind::Road, road(0.0, 900.0), &new);
    let day =
        [("name", "禁行"), ("kind", "no_entry"), ("plan", "甲"), ("valid_from", "2027-01-01")];
    town.add(Kind::Restriction, road(0.0, 900.0), &day);
    let at = crate::network::testing::at;
    let stretch = BoundStretch { road: id, places: [at(0.0, 0.0), at(450.0, 0.0), at(900.0, 0.0)] };
    BoundStretch::put(town.records.last_mut().unwrap(), &[stretch]);
    let world = town.world();

    let other = done(&world, |by| renamed(&world, "甲", "丙", by.stamp));
    assert_eq!((roads(&other, "甲").count(), roads(&other, "丙").count()), (0, 1));
    let two = done(&world, |by| copied(&world, "甲", "乙", by));
    let copy = roads(&two, "乙").next().unwrap().id;
    let along: Vec<RecordId> =
        orders(&two, "乙").flat_map(|it| BoundStretch::of(it)).map(|it| it.road).collect();
    assert_eq!((along, copy == id), (vec![copy], false));
    let left = done(&two, |_| deleted(&two, "甲"));
    assert_eq!((roads(&left, "甲").count(), roads(&left, "乙").count()), (0, 1));
    let built = done(&world, |by| adopted(&world, "甲", &[], Vec::new(), by));
    let now = built.get(id).unwrap();
    assert_eq!((now.text("plan"), now.date("opens_on")), ("", Some(date(2027, 1, 1))));

    let world = done(&world, |by| frozen(&world, "甲", "甲 定稿1", by));
    let kept = Arc::clone(roads(&world, "甲 定稿1").next().unwrap());
    let mut wider = Record::clone(&kept);
    wider.set("lanes", Some(Value::Integer(6)));
    let edit = Edit::of(vec![Change::update(kept, wider)]);
    assert_eq!(locked_plan(&world, &edit), Some("甲 定稿1".to_owned()));
}
