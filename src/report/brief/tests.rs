//! Tests of briefs: templates, figures, lists, tables and pictures.

use jiff::civil::date;

use super::*;
use crate::domain::{Ids, Kind, SiteKind, Stamp, Value};
use crate::report::block::PaperTable;
use crate::report::{html, pdf, plain, xlsx};

fn sample() -> World {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let stamp = Stamp { actor: "示例".into(), at };
    crate::sample::records(&stamp, &mut Ids::new(at, 1)).into_iter().collect()
}

fn asked<'a>(now: &'a World, then: Option<&'a World>) -> BriefRequest<'a> {
    let (from, until) = (date(2026, 11, 23), date(2026, 11, 29));
    BriefRequest { now, then, air: None, meeting: None, from, until, most_rows: 60 }
}

fn paper(template: &str, asked: &BriefRequest<'_>) -> Vec<Block> {
    blocks(template, asked, &|_, _| true).unwrap()
}

fn tables(blocks: &[Block]) -> Vec<&PaperTable> {
    let mut tables = Vec::new();
    for block in blocks {
        if let Block::Table(table) = block {
            tables.push(table);
        }
    }
    tables
}

#[test]
fn the_brief_of_the_sample_says_what_the_district_says() {
    let world = sample();
    let paper = paper(WEEKLY, &asked(&world, None));
    let text = plain::text(&paper);
    assert!(text.starts_with("丰润区"), "{text}");
    assert!(text.contains("大气污染防治会商周报\n\n（2026年11月23日至2026年11月29日）"), "{text}");
    // One of two decisions was due on the 24th.
    assert!(text.contains("未完成决定2项，其中逾期1项（见附表1、附表2）。"), "{text}");
    assert!(text.contains("附表2　逾期的决定（1条）"), "{text}");
    assert!(text.contains("在册工地12处"), "{text}");
    assert!(text.contains("丰润区政府 1000 m\t"), "{text}");
    assert!(text.contains("东外环重型货车禁行草案(示例)\t禁行"), "{text}");
    assert!(text.contains("\t每日7时至19时\t2026-12-01至2027-03-15\t草案"), "{text}");
    assert_eq!(paper.iter().filter(|block| matches!(block, Block::Picture(_))).count(), 3);
}

#[test]
fn a_group_of_few_says_so_and_the_period_before_stands_beside_it() {
    let before = sample();
    let mut now = before.clone();
    let bad = before.table(Kind::Site).iter().find(|site| {
        SiteKind::Construction.is_of(site) && crate::analysis::is_not_up_to_standard(site)
    });
    let bad = std::sync::Arc::clone(bad.unwrap());
    let mut good = Record::clone(&bad);
    for (field, _) in bad.values().filter(|(_, value)| **value == Value::Choice("不合格")) {
        good.set(field.key, Some(Value::Choice("合格")));
    }
    let edit = crate::domain::Edit::of(vec![crate::domain::Change::update(bad.clone(), good)]);
    now.apply(&edit).unwrap();
    let template = "{townships}\n{changes}\n达标率{rate}（上期{rate_before}）";
    let paper = paper(template, &asked(&now, Some(&before)));
    let [townships, changes] = tables(&paper)[..] else { panic!("two tables") };
    let row = townships.rows.iter().find(|row| row[0] == bad.text("township")).unwrap();
    // Three of seven before, four now.
    assert_eq!(row[2..], ["7", "7", "4", "57.1%", "42.9%"].map(str::to_owned));
    let few = townships.rows.iter().find(|row| row[3] == "1").unwrap();
    assert_eq!(few[5], format!("100.0%{FEW_WORDS}"));
    let place = townships.rows.iter().position(|row| row == few).unwrap();
    assert!(townships.is_faint(place, 5) && !townships.is_faint(place, 4));
    assert_eq!(changes.rows, [["污染源与点位", "0", "1", "0"].map(str::to_owned).to_vec()]);
    let Some(Block::Paragraph(rates)) = paper.last() else { panic!("a paragraph") };
    // Eleven of twelve sites were inspected.
    assert_eq!(rates, "达标率54.5%（上期45.5%）");
}

#[test]
fn what_a_template_asks_for_and_nobody_knows_is_said_with_its_line() {
    let world = sample();
    let template = "# 标题\n\n本周{unknown}处";
    let error = blocks(template, &asked(&world, None), &|_, _| true).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("line 3") && said.contains("{unknown}"), "{said}");
    assert!(said.contains("rings_map"), "{said}");
}

#[test]
fn it_can_be_stopped() {
    let world = sample();
    let stopped = blocks(WEEKLY, &asked(&world, None), &|done, _| done < 3);
    assert!(matches!(stopped, Err(Error::Stopped)));
}

#[test]
fn an_empty_district_has_a_brief_too_and_every_writer_takes_it() {
    let world = World::default();
    let paper = paper(WEEKLY, &asked(&world, None));
    assert!(plain::text(&paper).contains("在册工地0处"));
    assert!(pdf::bytes(&paper).unwrap().starts_with(b"%PDF"));
    assert!(html::text(&paper).contains("<h1>"));
    assert!(xlsx::bytes(&paper, "").unwrap().starts_with(b"PK"));
    assert!(xlsx::bytes(&[], "").unwrap().starts_with(b"PK"));
    assert!(pdf::bytes(&[]).unwrap().starts_with(b"%PDF"));
}

#[test]
fn the_same_brief_is_the_same_bytes() {
    let world = sample();
    let paper = paper("# 周报\n{townships}\n{rings_map}", &asked(&world, None));
    assert_eq!(xlsx::bytes(&paper, "").unwrap(), xlsx::bytes(&paper, "").unwrap());
    assert_eq!(pdf::bytes(&paper).unwrap(), pdf::bytes(&paper).unwrap());
}

/// The sample with a second meeting, and scenes of it.
fn with_scenes(scenes: &[&dyn Fn(&mut Record)]) -> (World, Record) {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let stamp = Stamp { actor: "示例".into(), at };
    let mut ids = Ids::new(at, 500);
    let mut meeting = Record::new(ids.next(), Kind::Meeting, &stamp);
    meeting.set("code", Some(Value::text("M2")));
    meeting.set("name", Some(Value::text("第二次会商会")));
    meeting.set("date", Some(Value::Date(date(2026, 11, 27))));
    let scenes = (1..).zip(scenes).map(|(position, make)| {
        let mut scene = Record::new(ids.next(), Kind::Scene, &stamp);
        scene.set("meeting", Some(Value::text("M2")));
        scene.set("position", Some(Value::Integer(position)));
        make(&mut scene);
        scene
    });
    let scenes: Vec<Record> = scenes.collect();
    let sample = sample();
    let all = sample.all().map(|record| Record::clone(record));
    (all.chain(scenes).chain([meeting.clone()]).collect(), meeting)
}

fn minutes(world: &World, meeting: &Record) -> Vec<Block> {
    paper(MINUTES, &BriefRequest { meeting: Some(meeting), ..asked(world, None) })
}

fn page(key: &'static str, name: &'static str) -> impl Fn(&mut Record) {
    move |scene| {
        scene.set("page", Some(Value::Choice(key)));
        scene.set("name", Some(Value::text(name)));
    }
}

#[test]
fn minutes_show_each_scene_in_order_with_map_and_table_but_not_what_is_for_the_speaker() {
    let failing = |scene: &mut Record| {
        page("standards", "工地达标")(scene);
        let filter = crate::analysis::Filter { is_failing: true, ..Default::default() };
        let township = Some("浭阳街道".to_owned());
        let filter = crate::analysis::Filter { township, ..filter };
        scene.set("filter", Some(Value::text(&filter.to_json())));
        scene.set("note", Some(Value::text("只给主讲人看的话")));
    };
    let traffic = page("traffic", "拥堵与限行方案");
    let (world, meeting) = with_scenes(&[&page("decisions", "上次决定落实"), &failing, &traffic]);
    let paper = minutes(&world, &meeting);
    let text = plain::text(&paper);
    assert!(!text.contains("只给主讲人看的话"), "{text}");
    let titles: Vec<&str> = paper
        .iter()
        .filter_map(|block| match block {
            Block::Subheading(words) => Some(words.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(titles, ["1. 上次决定落实", "2. 工地达标", "3. 拥堵与限行方案"]);
    // Words alone need no map.
    assert_eq!(paper.iter().filter(|block| matches!(block, Block::Picture(_))).count(), 2);
    let standards =
        tables(&paper).into_iter().find(|table| table.header[0] == "不达标点位").unwrap();
    assert_eq!(standards.filter, "不达标 · 浭阳街道");
    assert!(standards.rows.iter().all(|row| row[2] == "浭阳街道") && standards.rows.len() == 5);
    // The meeting before decided two things, of which one is overdue.
    assert!(text.contains("上次会议（第一次会商会(示例)）决定2项"), "{text}");
    assert!(text.contains("未完成2项，其中逾期1项"), "{text}");
}

#[test]
fn a_scene_of_deleted_records_and_a_meeting_without_scenes_have_sensible_papers() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let gone = Ids::new(at, 999).next();
    let lost = move |scene: &mut Record| {
        page("rings", "控制圈")(scene);
        scene.set("records", Some(Value::Words([gone.to_string().into()].into())));
        let ring = Some((gone, 500.0));
        let filter = crate::analysis::Filter { ring, ..Default::default() };
        scene.set("filter", Some(Value::text(&filter.to_json())));
        scene.set("plan", Some(Value::text("没有的方案")));
    };
    let (world, meeting) = with_scenes(&[&lost]);
    let text = plain::text(&minutes(&world, &meeting));
    assert!(text.contains("本场景所选对象中有1个已从区域文件中删除。"), "{text}");
    let (world, meeting) = with_scenes(&[]);
    let text = plain::text(&minutes(&world, &meeting));
    assert!(text.contains("本次会议没有场景。"), "{text}");
}

#[test]
fn figures_that_count_lead_to_lists_only_where_a_template_wants_them() {
    let world = sample();
    let with = "# 周报\n达标率{rate}，不达标{failing_sites}处，逾期{overdue}项，再说{failing_sites}处。\n{lists}";
    let blocks = paper(with, &asked(&world, None));
    let Block::Sentence(parts) = &blocks[1] else { panic!("a sentence: {blocks:?}") };
    let lists: Vec<(&str, u32)> =
        parts.iter().filter_map(|part| Some((part.words.as_str(), part.list?))).collect();
    assert_eq!(lists, [("6", 1), ("1", 2), ("6", 1), ("附表1", 1), ("附表2", 2)]);
    let list = |number: u32| {
        let place = blocks.iter().position(|b| matches!(b, Block::List(n, _) if *n == number));
        let Some(Block::Table(table)) = blocks.get(place.unwrap() + 1) else { panic!("a table") };
        table.rows.len()
    };
    assert_eq!((list(1), list(2)), (6, 1));
    // A register is no appendix.
    let plain = paper("# 周报\n已查{inspected}处。\n{lists}", &asked(&world, None));
    assert_eq!(plain[1..], [Block::Paragraph("已查11处。".to_owned())]);
    let without = paper("# 周报\n已查{inspected}处。", &asked(&world, None));
    assert_eq!(without[1], Block::Paragraph("已查11处。".to_owned()));
}

#[test]
fn a_template_is_proven_without_a_district_and_its_mistake_is_said_in_both_languages() {
    assert!(proof(WEEKLY).is_ok() && proof(MINUTES).is_ok());
    let said = proof("# 标题\n\n{weather}").unwrap_err().localized();
    assert!(said.zh.contains("第 3 行") && said.zh.contains("{weather}"), "{}", said.zh);
    assert!(said.en.contains("line 3"), "{}", said.en);
    let world = World::default();
    assert!(matches!(blocks(" \n", &asked(&world, None), &|_, _| true), Err(Error::Empty)));
}

#[test]
fn a_table_cut_off_says_how_much_is_missing_and_progress_reaches_its_end() {
    let world = sample();
    let short = BriefRequest { most_rows: 3, ..asked(&world, None) };
    let blocks = paper("# 周报\n{failing}", &short);
    let [failing] = tables(&blocks)[..] else { panic!("one table") };
    assert_eq!(failing.rows.len(), 3);
    assert!(matches!(&blocks[2], Block::Note(words) if words.contains("另有5条未列出")));
    let (world, meeting) = with_scenes(&[&page("map", "一"), &page("map", "二")]);
    let seen = std::cell::RefCell::new(Vec::new());
    let asked = BriefRequest { meeting: Some(&meeting), ..asked(&world, None) };
    super::blocks(MINUTES, &asked, &|done, total| {
        seen.borrow_mut().push((done, total));
        true
    })
    .unwrap();
    let seen = seen.into_inner();
    assert!(seen.is_sorted() && seen.iter().all(|(done, total)| done < total));
    assert_eq!(seen.len() as u64, seen[0].1, "each piece is told once");
}

#[test]
fn the_first_sentence_says_the_week_and_counts_what_was_inspected() {
    let world = sample();
    let text = plain::text(&paper(WEEKLY, &asked(&world, None)));
    let first = text.lines().filter(|line| !line.is_empty()).nth(2).unwrap();
    assert_eq!(
        first,
        "本周工地达标率45.5%（已查11处、不达标6处，另有1处未查）；\
         决定事项2项未完成、其中1项逾期；生效的管控措施0项。"
    );
    let empty = World::default();
    let text = plain::text(&paper("# 周报\n{summary}\n{worst}\n{next_due}", &asked(&empty, None)));
    assert!(text.contains("没有登记工地") && text.contains("没有不达标的"), "{text}");
    assert!(text.contains("没有待落实的决定"), "{text}");
}

#[test]
fn a_decision_is_a_sentence_with_its_day_and_its_unit_stands_there_once() {
    let at = jiff::Timestamp::from_second(1_795_420_800).unwrap();
    let stamp = Stamp { actor: "示例".into(), at };
    let mut ids = Ids::new(at, 900);
    let said_on = date(2026, 11, 24);
    let said = "住建局 周五前 A工地雾炮到位";
    let heard = crate::analysis::decisions::hear(said, said_on, &World::default());
    let decision = heard.record(ids.next(), None, &stamp);
    let mut later = decision.clone();
    later.id = ids.next();
    later.set("owner", Some(Value::text("城管局")));
    later.set("due", None);
    let world = World::default();
    assert_eq!(
        sentences::of_decision(&world, &decision),
        "住建局于2026年11月27日前落实：A工地雾炮到位"
    );
    // Another unit took it over, and nobody says until when: what was said stays whole.
    assert_eq!(sentences::of_decision(&world, &later), "城管局落实：住建局 周五前 A工地雾炮到位");
}

#[test]
fn the_page_for_leaders_is_one_page_with_a_map_five_figures_and_three_sentences() {
    let world = sample();
    let paper = paper(LEADER, &asked(&world, None));
    let count = |is_it: fn(&Block) -> bool| paper.iter().filter(|block| is_it(block)).count();
    assert_eq!(count(|block| matches!(block, Block::Picture(_))), 1);
    assert_eq!(count(|block| matches!(block, Block::Paragraph(_) | Block::Sentence(_))), 3);
    assert_eq!(tables(&paper)[0].rows.len(), 5);
    assert_eq!(pdf::page_count(&paper).unwrap(), 1);
}
