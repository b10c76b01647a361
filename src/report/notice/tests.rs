//! Tests of notices: sentences, edits by hand, places, signs and warnings, in a small town.

mod tables;

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::domain::{Fields, Ids, Meta, Value};
use crate::report::{docx, plain};

/// Kilometres east and north of a crossing.
pub(super) fn at((x, y): (f64, f64)) -> Coord<f64> {
    Coord { x: 118.15 + x * 0.0117, y: 39.83 + y * 0.009 }
}

pub(super) fn line(places: &[(f64, f64)]) -> Geometry<f64> {
    LineString(places.iter().copied().map(at).collect()).into()
}

pub(super) fn block(places: &[(f64, f64)]) -> Geometry<f64> {
    Polygon::new(LineString(places.iter().copied().map(at).collect()), Vec::new()).into()
}

/// A district of four roads and what a test adds to them.
pub(super) struct Town {
    ids: Ids,
    pub(super) world: World,
}

impl Town {
    /// G102 and 北环路 go from west to east, 西外环 and 东外环 from south to north, 1 km apart; each
    /// goes on for 1 km beyond the others.
    pub(super) fn new() -> Self {
        let mut town = Self { ids: Ids::new(Timestamp::UNIX_EPOCH, 1), world: World::default() };
        let trunk = ("class", Value::Choice("trunk"));
        let g102 = line(&[(-1.0, 0.0), (2.0, 0.0)]);
        town.add(Kind::Road, "", Some(g102), &[trunk, ("ref", Value::text("G102"))]);
        for (name, from, to) in [
            ("北环路", (-1.0, 1.0), (2.0, 1.0)),
            ("西外环", (0.0, -1.0), (0.0, 2.0)),
            ("东外环", (1.0, -1.0), (1.0, 2.0)),
        ] {
            town.add(Kind::Road, name, Some(line(&[from, to])), &[]);
        }
        let district = [("role", Value::Choice("district")), ("code", Value::text("130208"))];
        town.add(Kind::Area, "丰润区", None, &district);
        town
    }

    pub(super) fn add(
        &mut self,
        kind: Kind,
        name: &str,
        geometry: Option<Geometry<f64>>,
        fields: &[(&str, Value)],
    ) -> RecordId {
        let by: Arc<str> = "test".into();
        let epoch = Timestamp::UNIX_EPOCH;
        let meta = Meta {
            created_at: epoch,
            created_by: Arc::clone(&by),
            changed_at: epoch,
            changed_by: by,
            source: None,
        };
        let id = self.ids.next();
        let mut record =
            Record { id, kind, geometry, fields: Fields::default(), extra: None, meta };
        if !name.is_empty() {
            record.set("name", Some(Value::text(name)));
        }
        for (key, value) in fields {
            assert!(record.set(key, Some(value.clone())), "{key}");
        }
        self.world.load(Arc::new(record));
        id
    }

    pub(super) fn order(
        &mut self,
        kind: &'static str,
        shape: Geometry<f64>,
        more: &[(&str, Value)],
    ) -> RecordId {
        let mut fields = vec![
            ("kind", Value::Choice(kind)),
            ("plan", Value::text("方案一")),
            ("state", Value::Choice("拟定")),
            ("hours", Value::text("07:00-19:00")),
            ("valid_from", Value::Date(date(2026, 12, 1))),
        ];
        fields.extend_from_slice(more);
        self.add(Kind::Restriction, "措施", Some(shape), &fields)
    }

    pub(super) fn change(&mut self, id: RecordId, change: impl Fn(&mut Record)) {
        let mut record = (**self.world.get(id).unwrap()).clone();
        change(&mut record);
        self.world.load(Arc::new(record));
    }

    pub(super) fn notice(&self) -> Notice {
        self.notice_with(&Edits::new())
    }

    pub(super) fn notice_with(&self, edits: &Edits) -> Notice {
        notice(&self.world, &NoticeRequest { edits: Some(edits), ..asked() }).unwrap()
    }

    pub(super) fn says(&self, part: NoticePart) -> Vec<String> {
        says(&self.notice(), part)
    }
}

pub(super) fn asked() -> NoticeRequest<'static> {
    NoticeRequest::of("方案一", date(2026, 11, 25))
}

pub(super) fn says(notice: &Notice, part: NoticePart) -> Vec<String> {
    let of = notice.sentences.iter().filter(|sentence| sentence.part == part);
    of.map(|sentence| sentence.text().to_owned()).collect()
}

pub(super) fn words(list: &[&str]) -> Value {
    Value::Words(list.iter().map(|word| Arc::from(*word)).collect())
}

const BLOCK: [(f64, f64); 5] = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
const ALONG_G102: [(f64, f64); 2] = [(0.0, 0.0), (1.0, 0.0)];

#[test]
fn a_line_is_named_by_its_road_and_the_roads_that_cross_at_its_ends() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[("classes", words(&["heavy"]))]);
    assert_eq!(
        town.says(NoticePart::Restriction),
        ["G102国道（西外环—东外环段），每日7时至19时禁止重型载货汽车通行。"]
    );
    assert_eq!(town.says(NoticePart::Title), ["关于丰润区部分道路禁止载货汽车通行的通告"]);
}

#[test]
fn a_line_over_two_roads_names_both_and_where_it_turns() {
    let mut town = Town::new();
    town.order("limited", line(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]), &[]);
    assert_eq!(
        town.says(NoticePart::Restriction),
        ["G102国道（西外环—东外环段）、东外环（G102国道—北环路段），\
          每日7时至19时限制载货汽车通行。"]
    );
}

#[test]
fn hours_over_midnight_end_on_the_next_day() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[("hours", Value::text("Mo-Fr 22:00-06:00"))]);
    let said = town.says(NoticePart::Restriction).join("");
    assert!(said.ends_with("，周一至周五22时至次日6时禁止载货汽车通行。"), "{said}");
}

#[test]
fn an_area_is_named_by_the_roads_around_it_with_or_without_them() {
    for (is_included, word) in [(false, "不含"), (true, "含")] {
        let mut town = Town::new();
        town.order(
            "no_entry",
            block(&BLOCK),
            &[("boundary_included", Value::Boolean(is_included))],
        );
        let said = town.says(NoticePart::Restriction).join("");
        let roads = ["北环路", "东外环", "G102国道", "西外环"];
        let outline = roads.map(|road| format!("{road}（{word}）")).join("—");
        assert_eq!(said, format!("{outline}合围区域内的所有道路，每日7时至19时禁止载货汽车通行。"));
    }
}

#[test]
fn an_outline_that_leaves_the_roads_says_so_instead_of_naming_one() {
    let mut town = Town::new();
    town.order("no_entry", block(&[(0.0, 0.0), (1.0, 0.0), (0.5, 0.7), (0.0, 0.0)]), &[]);
    let said = town.says(NoticePart::Restriction).join("");
    assert!(said.starts_with("G102国道（不含）—附图所示界线合围区域内"), "{said}");
    let mut town = Town::new();
    town.order("no_entry", block(&[(0.2, 0.2), (0.8, 0.2), (0.5, 0.7), (0.2, 0.2)]), &[]);
    let said = town.says(NoticePart::Restriction).join("");
    assert!(said.starts_with("附图所示区域内的所有道路，"), "{said}");
}

#[test]
fn a_one_way_road_says_which_way() {
    let mut town = Town::new();
    town.order("one_way", line(&[(1.0, 0.0), (0.0, 0.0)]), &[("hours", Value::text("全天"))]);
    assert_eq!(
        town.says(NoticePart::Restriction),
        ["G102国道（东外环—西外环段），全天对载货汽车实行由东向西单向通行。"]
    );
    assert_eq!(town.says(NoticePart::Title), ["关于丰润区部分道路实行单向通行的通告"]);
}

#[test]
fn a_detour_is_a_chain_of_road_names() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    let around = [(-1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (2.0, 0.0)];
    town.order("detour", line(&around), &[]);
    assert_eq!(
        town.says(NoticePart::Detour),
        ["受限车辆可经G102国道—西外环—北环路—东外环—G102国道绕行。"]
    );
}

#[test]
fn a_road_without_a_name_is_left_to_be_filled_in() {
    let mut town = Town::new();
    for (y, name) in [(0.5, ""), (0.7, "内部道路 w319099130")] {
        town.add(Kind::Road, name, Some(line(&[(0.0, y), (1.0, y)])), &[]);
        town.order("no_entry", line(&[(0.0, y), (1.0, y)]), &[]);
    }
    for said in town.says(NoticePart::Restriction) {
        assert!(said.starts_with("【待填：路名】（西外环—东外环段），"), "{said}");
    }
}

#[test]
fn what_nobody_said_is_left_to_be_filled_in() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[("hours", Value::text("早晚高峰"))]);
    let notice = town.notice();
    let paper = plain::text(&blocks(&notice, None));
    for blank in ["文号", "发布机关", "不受限制的车辆", "条款", "罚款数额和记分", "被废止文件"]
    {
        assert!(paper.contains(&format!("【待填：{blank}")), "{blank}: {paper}");
    }
    assert!(paper.contains("【待填：时间，记录为“早晚高峰”】"), "{paper}");
    assert!(notice.warnings.iter().any(|said| said.zh.contains("时段无法识别")));
}

#[test]
fn exemptions_are_said_once_where_all_have_the_same_and_each_where_they_differ() {
    let mut town = Town::new();
    let exempt = ("exemptions", words(&["应急", "邮政车"]));
    town.order("no_entry", line(&ALONG_G102), std::slice::from_ref(&exempt));
    let urgent = "执行紧急任务的警车、消防车、救护车、工程救险车、邮政车";
    assert_eq!(town.says(NoticePart::Exemption), [format!("下列车辆不受上述措施限制：{urgent}。")]);
    town.order("no_entry", line(&[(0.0, 1.0), (1.0, 1.0)]), &[]);
    assert_eq!(
        town.says(NoticePart::Exemption),
        [
            format!("不受第一条第（一）项措施限制的车辆：{urgent}。"),
            "不受第一条第（二）项措施限制的车辆：【待填：不受限制的车辆】。".to_owned(),
        ]
    );
}

#[test]
fn dates_stand_at_the_end_where_all_begin_together_and_with_each_where_not() {
    let mut town = Town::new();
    let to = ("valid_to", Value::Date(date(2027, 3, 15)));
    town.order("no_entry", line(&ALONG_G102), std::slice::from_ref(&to));
    assert_eq!(town.says(NoticePart::Force), ["本通告自2026年12月1日起施行，至2027年3月15日止。"]);
    town.order("no_entry", line(&[(0.0, 1.0), (1.0, 1.0)]), &[]);
    assert_eq!(
        town.says(NoticePart::Force),
        ["本通告自2026年12月1日起施行，各项措施的起止日期见第一条。"]
    );
    let said = town.says(NoticePart::Restriction).join("");
    assert!(said.contains("，自2026年12月1日起至2027年3月15日止，每日7时"), "{said}");
}

#[test]
fn moving_a_line_rewrites_its_sentence_and_flags_the_one_that_was_written_by_hand() {
    let mut town = Town::new();
    let id = town.order("no_entry", line(&ALONG_G102), &[]);
    let notice = town.notice();
    let sentence = notice.sentences.iter().find(|s| s.record == Some(id)).unwrap();
    let by_hand = Edited {
        text: "G102国道城区段禁止货车通行。".to_owned(),
        fingerprint: sentence.fingerprint.clone(),
    };
    let edits = Edits::from([(sentence.key(), by_hand.clone())]);
    let of =
        |notice: &Notice| notice.sentences.iter().find(|s| s.record == Some(id)).unwrap().clone();
    let kept = town.notice_with(&edits);
    assert_eq!((of(&kept).text(), of(&kept).is_stale), (&*by_hand.text, false));
    assert!(kept.warnings.is_empty(), "{:?}", kept.warnings);

    town.change(id, |record| record.geometry = Some(line(&[(0.0, 1.0), (1.0, 1.0)])));
    let moved = town.notice_with(&edits);
    assert_eq!((of(&moved).text(), of(&moved).is_stale), (&*by_hand.text, true));
    assert!(of(&moved).generated.starts_with("北环路（西外环—东外环段），"));
    assert!(moved.warnings.iter().any(|said| said.zh.contains("与图上不再一致")));
    assert!(plain::text(&blocks(&moved, None)).contains(&by_hand.text));

    town.change(id, |record| assert!(record.set("state", Some(Value::Choice("废止")))));
    town.order("no_entry", line(&ALONG_G102), &[]);
    let gone = town.notice_with(&edits);
    assert!(gone.warnings.iter().any(|said| said.zh.contains("已不在方案中")));
}

#[test]
fn a_fingerprint_stays_the_same_as_long_as_nothing_else_is_said() {
    let mut town = Town::new();
    let id = town.order("no_entry", line(&ALONG_G102), &[]);
    let print = |town: &Town| {
        let notice = town.notice();
        notice.sentences.iter().find(|s| s.record == Some(id)).unwrap().fingerprint.clone()
    };
    let before = print(&town);
    // A road elsewhere changes nothing; other hours do.
    town.add(Kind::Road, "新路", Some(line(&[(-0.5, 0.4), (-0.5, 0.6)])), &[]);
    assert_eq!(print(&town), before);
    town.change(id, |record| assert!(record.set("hours", Some(Value::text("06:00-21:00")))));
    assert_ne!(print(&town), before);
}

#[test]
fn signs_stand_where_other_roads_lead_into_a_closed_one_and_cameras_count_by_where_they_look() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[("classes", words(&["heavy"]))]);
    let camera = |town: &mut Town, name: &str, place, direction: Option<f64>| {
        let direction = direction.map(|deg| ("direction_deg", Value::Real(deg)));
        let fields: Vec<_> = direction.into_iter().collect();
        town.add(Kind::Camera, name, Some(Point(at(place)).into()), &fields);
    };
    camera(&mut town, "西口", (0.01, 0.0), Some(270.0));
    camera(&mut town, "东口", (1.0, 0.0), None);
    camera(&mut town, "太远", (0.0, 0.2), Some(180.0));
    let mut entries = town.notice().entries;
    entries.retain(|entry| entry.watch != CameraCoverage::NotNeeded);
    let at_west = |entry: &&SignPost| entry.place.contains("西外环");
    assert_eq!((entries.len(), entries.iter().filter(at_west).count()), (6, 3));
    assert!(entries.iter().all(|e| e.sign == "禁止载货汽车驶入"));
    assert!(entries.iter().all(|e| e.plate == "每日7时至19时；重型载货汽车"));
    let watched: Vec<_> = entries.iter().filter(|e| e.watch.is_sure()).collect();
    assert_eq!(watched.len(), 1);
    assert_eq!(watched[0].place, "G102国道与西外环交叉口（由西向东驶入）");
    let unknown =
        entries.iter().filter(|e| e.watch == CameraCoverage::UnknownDirection("东口".into()));
    assert_eq!(unknown.count(), 3);
}

#[test]
fn signs_of_areas_one_way_roads_and_limits_of_mass_are_their_own() {
    let signs = |town: &Town| {
        let entries = town.notice().entries.into_iter();
        let begin = entries.filter(|entry| entry.watch != CameraCoverage::NotNeeded);
        let mut signs: Vec<String> = begin.map(|e| e.sign).collect();
        signs.sort();
        signs.dedup();
        signs
    };
    let mut town = Town::new();
    town.add(Kind::Road, "内街", Some(line(&[(0.0, 0.5), (1.0, 0.5)])), &[]);
    town.order("no_entry", block(&BLOCK), &[]);
    assert_eq!(signs(&town), ["区域禁止（禁止载货汽车驶入）"]);
    assert_eq!(town.notice().entries.len(), 6, "with two at which it ends");

    let mut town = Town::new();
    town.order("limited", line(&ALONG_G102), &[("min_mass_t", Value::Real(12.0))]);
    assert_eq!(signs(&town), ["限制质量（12t）"]);

    let mut town = Town::new();
    town.add(Kind::Road, "支路", Some(line(&[(0.5, 0.0), (0.5, 0.5)])), &[]);
    town.order("one_way", line(&ALONG_G102), &[]);
    assert_eq!(signs(&town), ["单行路（向左或向右）", "单行路（直行）", "禁止驶入"]);
}

#[test]
fn an_order_off_the_road_and_one_in_force_below_it_are_said() {
    let mut town = Town::new();
    town.order("no_entry", line(&[(0.3, 0.3), (0.6, 0.6)]), &[]);
    let notice = town.notice();
    assert_eq!(
        says(&notice, NoticePart::Restriction),
        ["【待填：“措施”不在任何道路上，请沿道路重画】"]
    );
    assert_eq!(notice.warnings.len(), 1);
    assert!(notice.warnings[0].zh.contains("不在任何道路上"));

    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    let old = [("plan", Value::text("旧方案")), ("state", Value::Choice("生效"))];
    town.order("no_entry", line(&ALONG_G102), &old);
    assert!(town.notice().warnings.iter().any(|said| said.zh.contains("仍在生效")));
}

#[test]
fn a_line_that_stops_halfway_closes_the_road_to_the_junction_and_says_so() {
    let mut town = Town::new();
    town.order("no_entry", line(&[(0.0, 0.0), (0.8, 0.0)]), &[]);
    assert!(
        town.says(NoticePart::Restriction).join("").starts_with("G102国道（西外环—东外环段），")
    );
    let warnings = town.notice().warnings;
    assert!(matches!(warnings.as_slice(), [said] if said.zh.contains("相差约20")), "{warnings:?}");
}

#[test]
fn a_plan_that_is_unknown_or_revoked_or_has_no_roads_makes_no_notice() {
    let fails = |town: &Town, plan| {
        notice(&town.world, &NoticeRequest { plan, ..asked() }).map(|_| ()).unwrap_err()
    };
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[("state", Value::Choice("废止"))]);
    assert_eq!(fails(&town, "方案二"), Error::UnknownPlan("方案二".to_owned()));
    assert_eq!(fails(&town, ""), Error::UnknownPlan(String::new()));
    assert_eq!(fails(&town, "方案一"), Error::NoOrders("方案一".to_owned()));
    let mut bare = Town::new();
    bare.world = World::default();
    bare.order("no_entry", line(&ALONG_G102), &[]);
    assert_eq!(fails(&bare, "方案一"), Error::NoRoads);
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    town.order("no_entry", block(&BLOCK), &[]);
    let paper = || {
        let picture = map(&town.world, "方案一", date(2026, 11, 25)).unwrap();
        assert!(picture.is_some());
        docx::bytes(&blocks(&town.notice(), picture), date(2026, 11, 25)).unwrap()
    };
    let first = paper();
    assert!(first.starts_with(b"PK") && first == paper());
}

#[test]
fn the_boundary_is_said_road_by_road_where_some_are_turned_round() {
    let of = |except: &[&str]| {
        let mut town = Town::new();
        town.add(Kind::Road, "中路", Some(line(&[(0.5, -1.0), (0.5, 2.0)])), &[]);
        town.order("no_entry", block(&BLOCK), &[("boundary_except", words(except))]);
        town.says(NoticePart::Restriction).join("")
    };
    let said = of(&["东外环", "G102"]);
    assert!(
        said.starts_with("北环路（不含）—东外环（含）—G102国道（含）—西外环（不含）合围区域内"),
        "{said}"
    );
    // A place on the eastern half of G102.
    let Coord { x, y } = at((0.75, 0.0));
    let said = of(&[&format!("{x} {y}")]);
    assert!(
        said.contains("—东外环（不含）—G102国道（含东外环至中路段，不含中路至西外环段）—"),
        "{said}"
    );
}

#[test]
fn a_detour_says_around_what_it_leads_where_there_are_several_orders() {
    let mut town = Town::new();
    let first = town.order("no_entry", line(&ALONG_G102), &[("code", Value::text("J1"))]);
    let around = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)];
    let of = [("detour_of", Value::text("J2"))];
    town.order("detour", line(&around), &of);
    let id = [("detour_of", Value::text(&first.to_string()))];
    town.order("detour", line(&around), &id);
    let chain = "可经西外环—北环路—东外环绕行。";
    assert_eq!(
        town.says(NoticePart::Detour),
        [format!("受限车辆{chain}"), format!("受限车辆{chain}")]
    );
    town.order("no_entry", line(&[(0.0, 1.0), (1.0, 1.0)]), &[("code", Value::text("J2"))]);
    let of = |number| format!("受第一条第（{number}）项措施限制的车辆{chain}");
    assert_eq!(town.says(NoticePart::Detour), [of("二"), of("一")]);
}

#[test]
fn head_and_sentences_of_the_plan_stand_on_its_paper_unless_others_are_asked_for() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    let by_hand = Edited {
        text: "违反的依法处罚。".to_owned(),
        fingerprint: town
            .notice()
            .sentences
            .iter()
            .find(|s| s.part == NoticePart::Penalty)
            .unwrap()
            .fingerprint
            .clone(),
    };
    let edits = Edits::from([("penalty".to_owned(), by_hand)]);
    town.add(
        Kind::Plan,
        "方案一",
        None,
        &[
            ("form", Value::Choice("公告")),
            ("number", Value::text("丰政公字〔2026〕8号")),
            ("issuer", Value::text("丰润区人民政府")),
            ("dated", Value::Date(date(2026, 11, 20))),
            ("supersedes", words(&["关于货车限行的通告（丰政通字〔2020〕2号）"])),
            ("sentences", to_keep(&edits).unwrap()),
        ],
    );
    let own = notice(&town.world, &asked()).unwrap();
    // 公告 says something else in the generated sentence, so what was written by hand is flagged.
    let penalty = own.sentences.iter().find(|s| s.part == NoticePart::Penalty).unwrap();
    assert_eq!((penalty.text(), penalty.is_stale), ("违反的依法处罚。", true));
    let paper = plain::text(&blocks(&own, None));
    for words in [
        "禁止载货汽车通行的公告\n",
        "丰政公字〔2026〕8号\n",
        "丰润区人民政府\n2026年11月20日\n",
        "《关于货车限行的通告（丰政通字〔2020〕2号）》自本公告施行之日起废止。",
    ] {
        assert!(paper.contains(words), "{words}: {paper}");
    }
    let other = NoticeRequest {
        form: Some(NoticeForm::Circular),
        issuer: Some("公安局"),
        date: Some(date(2026, 12, 2)),
        edits: Some(&Edits::new()),
        ..asked()
    };
    let paper = plain::text(&blocks(&notice(&town.world, &other).unwrap(), None));
    assert!(paper.contains("公安局\n2026年12月2日\n") && !paper.contains("违反的依法"), "{paper}");
}

#[test]
fn a_sentence_for_which_somebody_wrote_nothing_is_not_printed_and_the_rest_is_counted_anew() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    let plain_text = plain::text(&blocks(&town.notice(), None));
    assert!(plain_text.contains("（二）【待填：被废止文件"), "{plain_text}");
    let of = |key: &str| {
        let edit = Edited { text: String::new(), fingerprint: String::new() };
        (key.to_owned(), edit)
    };
    let without = town.notice_with(&Edits::from([of("repeal"), of("penalty")]));
    let paper = plain::text(&blocks(&without, None));
    assert!(!paper.contains("被废止") && !paper.contains("处罚"), "{paper}");
    assert!(paper.contains("四、施行和废止\n本通告自"), "{paper}");
    let left_out =
        page_lines(&without).iter().filter(|line| line.role == LineRole::LeftOut).count();
    assert_eq!(left_out, 2, "they can be brought back on the screen");
}

#[test]
fn an_act_that_ended_is_flagged_in_the_sentence_that_cites_it_by_hand() {
    let mut town = Town::new();
    town.order("no_entry", line(&ALONG_G102), &[]);
    let fingerprint = town.notice().sentences[1].fingerprint.clone();
    let text = "根据《中华人民共和国大气污染防治法》，现通告如下：".to_owned();
    let edits = Edits::from([("purpose".to_owned(), Edited { text, fingerprint })]);
    let notice = town.notice_with(&edits);
    assert_eq!(notice.sentences[1].lapsed.len(), 1);
    assert!(notice.sentences[1].lapsed[0].zh.contains("现行为《中华人民共和国生态环境法典》"));
    assert_eq!(notice.warnings, notice.sentences[1].lapsed);
}

#[test]
fn the_plan_of_the_sample_says_in_words_where_it_holds_so_that_it_can_be_frozen() {
    let stamp = crate::domain::Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(stamp.at, 1);
    let world: World = crate::sample::records(&stamp, &mut ids).into_iter().collect();
    let day = date(2026, 11, 25);
    let notice = notice(&world, &NoticeRequest::of("秋冬季货车绕行方案(示例)", day)).unwrap();
    assert!(notice.blockers.is_empty(), "{:?}", notice.blockers);
    let said = says(&notice, NoticePart::Restriction).join("");
    let sides = ["北二环线(示意)", "东外环(示意)", "浭阳大街(示意)", "太平路(示意)"];
    let area = sides.map(|side| format!("{side}（不含）")).join("—");
    assert!(said.contains(&format!("{area}合围区域内的所有道路")), "{said}");
    assert!(notice.warnings.iter().all(|said| !said.zh.contains("画线止于")), "{said}");
}

#[test]
fn a_banned_turn_is_said_by_junction_arm_and_side_and_has_its_sign_there() {
    let mut town = Town::new();
    // From the south along 西外环 to G102, and left, to the west.
    town.order("no_turn", line(&[(0.0, -0.3), (0.0, 0.0), (-0.3, 0.0)]), &[]);
    let notice = town.notice();
    assert_eq!(
        says(&notice, NoticePart::Restriction),
        ["西外环与G102国道交叉口，每日7时至19时禁止载货汽车由西外环（由南向北）左转驶入G102国道。"]
    );
    assert_eq!(says(&notice, NoticePart::Title), ["关于丰润区部分路口禁止载货汽车转向的通告"]);
    let signs: Vec<(&str, &str)> =
        notice.entries.iter().map(|entry| (entry.place.as_str(), entry.sign.as_str())).collect();
    assert_eq!(signs, [("西外环与G102国道交叉口（由南向北驶入）", "禁止载货汽车左转")]);
    assert!(notice.blockers.is_empty() && notice.warnings.is_empty(), "{:?}", notice.warnings);
}

#[test]
fn a_banned_turn_at_no_junction_is_no_final_notice() {
    let mut town = Town::new();
    town.order("no_turn", line(&[(0.2, 0.0), (0.4, 0.0)]), &[]);
    assert_eq!(town.notice().blockers.len(), 1);
}
