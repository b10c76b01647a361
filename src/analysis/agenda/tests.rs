//! Agendas read from text, meetings convened from them, scenes copied and moved.

use geo_types::{Coord, Point};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::analysis::scenes::{Sight, scenes};
use crate::domain::{Edit, Ids, Record, RecordId, Stamp, Value};
use crate::geodesy::mercator::metres_per_px;

const LAYERS: [LayerName; 3] = [
    ("areas", Text::new("区域", "Areas")),
    ("rings", Text::new("管控圈", "Control rings")),
    ("sites", Text::new("污染源与点位", "Sites")),
];
const STATION: Coord<f64> = Coord { x: 118.1562, y: 39.8322 };

fn by() -> Stamp {
    Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH }
}

fn world() -> (World, RecordId) {
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
    let mut point = Record::new(ids.next(), Kind::ControlPoint, &by());
    point.set("code", Some(Value::text("CP1")));
    point.set("name", Some(Value::text("区政府(示例)")));
    point.geometry = Some(Point(STATION).into());
    let mut order = Record::new(ids.next(), Kind::Restriction, &by());
    order.set("plan", Some(Value::text("秋冬季方案")));
    let id = point.id;
    ([point, order].into_iter().collect(), id)
}

fn read(template: &str) -> Result<Vec<PlannedScene>, AgendaError> {
    agenda(template, &LAYERS, &world().0)
}

#[test]
fn a_scene_is_read_in_either_language() {
    let (_, id) = world();
    let zh = "# 标题\n> 说明\n## 控制圈\n内容：控制圈\n图层: 污染源与点位、区域=0.5\n\
              筛选：不达标；点位 工地；圈 区政府 500\n视图: 圈 CP1 500\n时刻: 2026-12-05T10:00\n\
              方案: 秋冬季方案\n讲稿: 先看500米: 圈内\n";
    let en = "## 控制圈\npage: rings\nlayers: sites, areas=0.5\n\
              filter: failing; site construction; ring CP1 500m\nview: ring CP1 500\n\
              moment: 2026-12-05T10:00\nplan: 秋冬季方案\nnote: 先看500米: 圈内\n";
    let scenes = read(zh).unwrap();
    assert_eq!(scenes, read(en).unwrap());
    let [planned] = &scenes[..] else { panic!("one scene") };
    assert_eq!((planned.name.as_str(), planned.note.as_str()), ("控制圈", "先看500米: 圈内"));
    let layers: Vec<_> = planned.scene.layers.iter().map(|l| (l.key.as_str(), l.opacity)).collect();
    assert_eq!(layers, [("areas", 0.5), ("sites", 1.0)], "lowest first");
    assert_eq!(planned.scene.filter.ring, Some((id, 500.0)));
    assert!(planned.scene.filter.is_failing);
    assert_eq!(planned.scene.moment, Some(date(2026, 12, 5).at(10, 0, 0, 0)));
}

/// The ring fits into 760 points: 2 · 500 m · 1.15 / 760 = 1.51 m a point.
#[test]
fn a_ring_is_looked_at_as_a_whole() {
    let scenes = read("## 圈\n视图: 圈 CP1 500\n").unwrap();
    let Sight { center, zoom } = scenes[0].scene.sight.unwrap();
    assert!(crate::geodesy::ring::distance_m(center, STATION) < 1.0);
    let of_ring = metres_per_px(center.y, zoom) * 760.0 / 1000.0;
    assert!((of_ring - 1.15).abs() < 0.01, "{of_ring}");
    let rings = read("## 各圈\n视图: 各圈\n").unwrap()[0].scene.sight.unwrap();
    assert!((rings.zoom - zoom + 1.0).abs() < 0.01, "the largest ring has 1000 m");
}

#[test]
fn what_nobody_knows_is_told_with_its_line_and_what_is_known() {
    for (template, line, words) in [
        ("## 甲\n\n内容: 天气\n", 3, "没有叫“天气”的内容，可写：只看地图、决定落实"),
        ("## 甲\n页面: 控制圈\n", 2, "没有叫“页面”的键，可写：内容、图层、筛选"),
        ("## 甲\n图层: 区域、云\n", 2, "没有叫“云”的图层，可写：区域、管控圈、污染源与点位"),
        ("## 甲\n图层: 区域=2\n", 2, "没有叫“区域=2”的图层"),
        ("## 甲\n筛选: 好看\n", 2, "没有叫“好看”的筛选，可写：不达标、圈内"),
        ("## 甲\n筛选: 乡镇\n", 2, "没有叫“乡镇”的筛选"),
        ("## 甲\n筛选: 点位 城堡\n", 2, "没有叫“城堡”的点位类型"),
        ("## 甲\n视图: 圈 CP9\n", 2, "没有叫“CP9”的控制点，可写：CP1"),
        ("## 甲\n视图: 118.1\n", 2, "“118.1”不是视图"),
        ("## 甲\n方案: 春季\n", 2, "没有叫“春季”的方案，可写：秋冬季方案"),
        ("## 甲\n时刻: 明天\n", 2, "“明天”不是时刻"),
        ("## 甲\n随便一句\n", 2, "“随便一句”缺少冒号"),
        ("内容: 控制圈\n", 1, "“内容: 控制圈”不属于任何场景"),
        ("# 只有标题\n", 1, "没有场景"),
    ] {
        let error = read(template).unwrap_err();
        assert_eq!(error.line, line, "{template}");
        let said = error.zh();
        assert!(said.contains(words), "{said}");
        assert!(said.contains(&format!("第 {line} 行")), "{said}");
        let said = error.to_string();
        assert!(said.contains(&format!("line {line} ")), "{said}");
    }
}

#[test]
fn the_next_meeting_is_a_week_later_with_the_same_people() {
    let mut last = Record::new(Ids::new(Timestamp::UNIX_EPOCH, 5).next(), Kind::Meeting, &by());
    last.set("date", Some(Value::Date(date(2026, 11, 20))));
    last.set("chair", Some(Value::text("王")));
    last.set("attendees", Some(Value::Words(["住建局".into(), "交警".into()].into())));
    let world: World = [last].into_iter().collect();
    let call = Call::next(&world, date(2026, 11, 25));
    assert_eq!((call.date, call.name.as_str()), (date(2026, 11, 27), "11月27日会商会"));
    assert_eq!((call.chair.as_str(), call.attendees.len()), ("王", 2));
    assert_eq!(Call::next(&world, date(2026, 11, 20)).date, date(2026, 11, 27));
    assert_eq!(Call::next(&World::default(), date(2026, 11, 25)).date, date(2026, 11, 25));
}

fn convened_world() -> (World, Record, Vec<RecordId>) {
    let names = ["甲", "乙", "丙", "丁"];
    let planned =
        names.map(|name| PlannedScene { name: name.to_owned(), ..PlannedScene::default() });
    let call = Call::next(&World::default(), date(2026, 11, 27));
    let records = convened(&call, &planned, &mut Ids::new(Timestamp::UNIX_EPOCH, 1), &by());
    let meeting = records[0].clone();
    let ids = records[1..].iter().map(|scene| scene.id).collect();
    (records.into_iter().collect(), meeting, ids)
}

fn order(world: &World, meeting: &Record) -> Vec<RecordId> {
    scenes(world, meeting).iter().map(|scene| scene.id).collect()
}

#[test]
fn a_copy_stands_behind_its_model_and_says_the_same() {
    let (mut world, meeting, ids) = convened_world();
    let new = Ids::new(Timestamp::UNIX_EPOCH, 99).next();
    let changes = duplicated(&world, &meeting, ids[1], new, &by());
    assert_eq!(changes.len(), 3, "the copy, and the two behind it");
    world.apply(&Edit::of(changes)).unwrap();
    assert_eq!(order(&world, &meeting), [ids[0], ids[1], new, ids[2], ids[3]]);
    let record =
        planned_after(&meeting, "戊", &MeetingScene::default(), RecordId(uuid::Uuid::nil()), &by());
    let changes = added(&world, &meeting, None, record, &by());
    world.apply(&Edit::of(changes)).unwrap();
    assert_eq!(order(&world, &meeting).last(), Some(&RecordId(uuid::Uuid::nil())));
}

proptest! {
    #[test]
    fn a_moved_scene_is_where_it_should_be_and_undo_brings_it_back(
        from in 0_usize..4, by_places in -4_isize..5,
    ) {
        let (before, meeting, ids) = convened_world();
        let mut expected = ids.clone();
        let to = from.checked_add_signed(by_places).filter(|to| *to < 4);
        if let Some(to) = to {
            let scene = expected.remove(from);
            expected.insert(to, scene);
        }
        let edit = Edit::of(moved(&before, &meeting, ids[from], by_places, &by()));
        let mut world = before.clone();
        world.apply(&edit).unwrap();
        prop_assert_eq!(order(&world, &meeting), expected);
        prop_assert!(to.is_some() || edit.changes.is_empty());
        world.apply(&edit.inverse()).unwrap();
        prop_assert_eq!(order(&world, &meeting), ids);
    }

    #[test]
    fn no_text_makes_the_reader_fall(text in "(## |# |内容|视图|筛选|圈|[:：;,= \n]|[a-z0-9.]{0,3}|[一-龥]){0,40}") {
        drop(read(&text));
    }
}
