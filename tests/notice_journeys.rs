//! Journeys of a plan to its paper: written, rewritten, frozen, adopted, exported.

use std::path::Path;
use std::sync::Arc;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{LineString, Polygon};
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::report::notice::{CameraCoverage, Notice, Sentence};
use shapan::ui::{Action, App, Command, DataAction, WindowAction};

use crate::journeys::{act, count, named, press, settle, start, type_text};
use crate::planner_journeys::write;
use crate::support::folder;

const PLAN: &str = "秋冬季货车绕行方案(示例)";
const CLOSURE: &str = "东外环重型货车禁行草案(示例)";
const VERSION: &str = "秋冬季货车绕行方案(示例) 定稿1";

/// Clicks what has this label, also where it has to be scrolled to first.
fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).scroll_to_me();
    settle(window);
    window.get_by_label(label).click();
    settle(window);
}

fn sees(window: &Harness<'_, App>, part: &str) -> bool {
    window.query_all_by_label_contains(part).next().is_some()
}

/// The planner on the notice of the sample's plan.
fn reading(home: &Path) -> Harness<'static, App> {
    let mut window = start(home);
    window.state_mut().save_without_asking(home);
    press(&mut window, Modifiers::NONE, Key::G);
    // Dragged up: a paper is read in a taller panel.
    act(&mut window, Action::Window(WindowAction::DockShare(Some(0.6))));
    click(&mut window, PLAN);
    click(&mut window, "公告");
    window
}

fn notice<R>(window: &Harness<'_, App>, look: impl FnOnce(&Notice) -> R) -> R {
    let drafted = window.state().model().planner.notice.clone().unwrap();
    look(drafted.notice.as_ref().unwrap())
}

/// The sentence of the closure.
fn sentence(window: &Harness<'_, App>) -> Sentence {
    let id = named(window, Kind::Restriction, CLOSURE).id;
    notice(window, |notice| {
        let mut all = notice.sentences.iter();
        all.find(|sentence| sentence.key() == format!("restriction:{id}")).unwrap().clone()
    })
}

fn shown(sentence: &Sentence) -> String {
    format!("　　（二）{}", sentence.text())
}

/// Clicks a sentence and writes another in its place.
fn rewrite(window: &mut Harness<'_, App>, label: &str, text: &str) {
    click(window, label);
    press(window, Modifiers::COMMAND, Key::A);
    type_text(window, text);
    press(window, Modifiers::COMMAND, Key::Enter);
}

/// Changes an order as a tool or a card does.
fn change(window: &mut Harness<'_, App>, name: &str, change: impl FnOnce(&mut Record)) {
    let record = named(window, Kind::Restriction, name);
    let mut newer = Record::clone(&record);
    change(&mut newer);
    let edit = Edit::of(vec![Change::update(record, newer)]);
    act(window, Action::Data(DataAction::Apply(edit)));
}

/// The line ends where its second vertex was.
fn shorten(record: &mut Record) {
    let Some(geo_types::Geometry::LineString(line)) = &mut record.geometry else { return };
    line.0.truncate(3);
}

#[test]
fn moving_a_vertex_rewrites_the_sentence_and_one_written_by_hand_is_kept_and_flagged() {
    let home = folder();
    let mut window = reading(home.path());
    let before = sentence(&window);
    window.get_by_label(&shown(&before));
    change(&mut window, CLOSURE, shorten);
    let moved = sentence(&window);
    assert_ne!(moved.generated, before.generated);
    window.get_by_label(&shown(&moved));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    window.get_by_label(&shown(&before));

    rewrite(&mut window, &shown(&before), "东外环全线禁止重型货车通行。");
    let by_hand = sentence(&window);
    assert_eq!((by_hand.text(), by_hand.is_stale), ("东外环全线禁止重型货车通行。", false));
    window.get_by_label("手改");
    assert!(named(&window, Kind::Plan, PLAN).text("sentences").contains(&before.fingerprint));
    change(&mut window, CLOSURE, shorten);
    assert!(sentence(&window).is_stale);
    window.get_by_label(&moved.generated);
    click(&mut window, "保留手改");
    let kept = sentence(&window);
    assert_eq!((kept.text(), kept.is_stale), (by_hand.text(), false));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    click(&mut window, "采用新句");
    assert_eq!(sentence(&window).edited, None);
    window.get_by_label(&shown(&moved));
    // Each was one step: taking the sentence, the vertex, the rewriting.
    for _ in 0..3 {
        act(&mut window, Action::Command(Command::Undo));
    }
    assert_eq!(sentence(&window), before);
}

#[test]
fn an_act_that_ended_is_flagged_on_the_screen_and_a_sentence_can_be_left_out_and_brought_back() {
    let home = folder();
    let mut window = reading(home.path());
    let purpose = notice(&window, |notice| notice.sentences[1].generated.clone());
    rewrite(&mut window, &format!("　　{purpose}"), "根据《大气污染防治法》，通告如下：");
    assert!(sees(&window, "现行为《中华人民共和国生态环境法典》"));
    click(&mut window, "恢复自动");
    assert!(!sees(&window, "现行为《中华人民共和国生态环境法典》"));

    let repeal = notice(&window, |notice| notice.sentences.last().unwrap().generated.clone());
    rewrite(&mut window, &format!("　　（二）{repeal}"), " ");
    window.get_by_label(&format!("（不印）{repeal}"));
    assert!(sees(&window, "　　本通告自2026年12月1日起施行"), "alone it has no number");
    click(&mut window, "恢复自动");
    window.get_by_label(&format!("　　（二）{repeal}"));
}

#[test]
fn head_of_the_paper_goes_into_the_record_of_the_plan_and_onto_word_text_and_tables() {
    let home = folder();
    let mut window = reading(home.path());
    click(&mut window, "在图上看标志 1");
    assert!(window.state().model().selected().is_some());
    click(&mut window, "附件1 示意图");
    assert!(window.state().model().planner.notice_map.as_ref().unwrap().picture.is_some());
    write(&mut window, "文号", "丰政公字〔2026〕8号");
    write(&mut window, "发布机关", "丰润区人民政府");
    write(&mut window, "成文日期", "2026-11-30");
    click(&mut window, "文种 公告");
    let plan = named(&window, Kind::Plan, PLAN);
    assert_eq!((plan.text("number"), plan.text("form")), ("丰政公字〔2026〕8号", "公告"));
    window.get_by_label("2026年11月30日");
    write(&mut window, "成文日期", "明天");
    assert!(sees(&window, "日期应写成"));
    for button in ["导出 Word", "导出文本", "标志表 Excel", "标志表 CSV"] {
        click(&mut window, button);
    }
    let read = |name: &str| std::fs::read(home.path().join(name)).unwrap();
    assert!(read(&format!("{PLAN} 公告.docx")).starts_with(b"PK"));
    let text = String::from_utf8(read(&format!("{PLAN} 公告.txt"))).unwrap();
    assert!(
        text.contains("丰政公字〔2026〕8号") && text.contains("丰润区人民政府\n2026年11月30日")
    );
    assert!(read(&format!("{PLAN} 标志与摄像头设置一览.xlsx")).starts_with(b"PK"));
    let rows = String::from_utf8(read(&format!("{PLAN} 标志与摄像头设置一览.csv"))).unwrap();
    let entries = notice(&window, |notice| notice.entries.len());
    assert_eq!(rows.lines().count(), entries + 1);
}

#[test]
fn a_frozen_version_stays_as_it_is_until_it_is_duplicated() {
    let home = folder();
    let mut window = reading(home.path());
    let orders = count(&window, Kind::Restriction);
    // An area that is drawn beside the roads: no words say where it holds.
    let area = named(&window, Kind::Restriction, "站点周边柴油货车限行草案(示例)");
    let mut beside = Record::clone(&area);
    let corners = [(118.142, 39.8215), (118.17, 39.8213), (118.1712, 39.843), (118.1416, 39.8434)];
    beside.geometry = Some(Polygon::new(LineString::from(corners.to_vec()), Vec::new()).into());
    let edit = Edit::of(vec![Change::update(area, beside)]);
    act(&mut window, Action::Data(DataAction::Apply(edit)));
    click(&mut window, "方案操作");
    click(&mut window, "定稿");
    assert!(sees(&window, "未定稿"));
    assert_eq!(window.state().model().planner.plan, PLAN);
    let area = named(&window, Kind::Restriction, "站点周边柴油货车限行草案(示例)");
    let mut revoked = Record::clone(&area);
    revoked.set("state", Some(Value::Choice("废止")));
    let edit = Edit::of(vec![Change::update(area, revoked)]);
    act(&mut window, Action::Data(DataAction::Apply(edit)));
    click(&mut window, "方案操作");
    click(&mut window, "定稿");
    assert_eq!(window.state().model().planner.plan, VERSION);
    assert_eq!(count(&window, Kind::Restriction), orders + 1, "what is revoked stays behind");
    let world = window.state().model().world();
    let frozen = |order: &&Arc<Record>| order.text("plan") == VERSION;
    let copy = Arc::clone(world.table(Kind::Restriction).iter().find(frozen).unwrap());
    let mut newer = Record::clone(&copy);
    newer.set("hours", Some(Value::text("全天")));
    let edit = Edit::of(vec![Change::update(Arc::clone(&copy), newer)]);
    act(&mut window, Action::Data(DataAction::Apply(edit)));
    assert_eq!(window.state().model().record(copy.id), Some(&copy), "nothing was changed");
    assert!(sees(&window, "已定稿，不能修改"));
    // Neither is a line drawn into it, nor one of its orders deleted.
    press(&mut window, Modifiers::NONE, Key::Num1);
    press(&mut window, Modifiers::NONE, Key::Enter);
    act(&mut window, Action::Select(vec![copy.id]));
    press(&mut window, Modifiers::NONE, Key::Delete);
    assert_eq!(count(&window, Kind::Restriction), orders + 1);
    // The way on.
    press(&mut window, Modifiers::COMMAND, Key::D);
    assert_eq!(window.state().model().planner.plan, "方案一");
    assert_eq!(count(&window, Kind::Restriction), orders + 2);
    for _ in 0..2 {
        act(&mut window, Action::Command(Command::Undo));
    }
    assert_eq!(count(&window, Kind::Restriction), orders);
}

#[test]
fn a_plan_is_renamed_and_deleted_in_one_step_each() {
    let home = folder();
    let mut window = reading(home.path());
    let orders = count(&window, Kind::Restriction);
    click(&mut window, "方案操作");
    click(&mut window, "改名…");
    write(&mut window, "方案名称", "冬季方案");
    assert_eq!(window.state().model().planner.plan, "冬季方案");
    assert_eq!(named(&window, Kind::Restriction, CLOSURE).text("plan"), "冬季方案");
    named(&window, Kind::Plan, "冬季方案");
    click(&mut window, "方案操作");
    click(&mut window, "删除方案");
    assert_eq!(count(&window, Kind::Restriction), orders - 2);
    assert!(window.query_by_label("冬季方案").is_none());
    for _ in 0..2 {
        act(&mut window, Action::Command(Command::Undo));
    }
    assert_eq!(named(&window, Kind::Restriction, CLOSURE).text("plan"), PLAN);
}

#[test]
fn an_adopted_plan_is_in_force_revokes_what_is_ticked_and_asks_for_its_cameras() {
    let home = folder();
    let mut window = reading(home.path());
    let closure = named(&window, Kind::Restriction, CLOSURE);
    // An order of another plan on the same road.
    let mut old = Record::clone(&closure);
    let stamp = window.state().model().stamp();
    old.id = shapan::settings::clock::ids(&stamp).next();
    for (key, value) in [
        ("code", None),
        ("name", Some(Value::text("老禁行"))),
        ("plan", Some(Value::text("老方案"))),
        ("state", Some(Value::Choice("生效"))),
    ] {
        old.set(key, value);
    }
    act(&mut window, Action::Data(DataAction::Apply(Edit::of(vec![Change::create(old)]))));
    assert!(sees(&window, "仍在生效且路段重叠"));
    let cameras = count(&window, Kind::Camera);
    click(&mut window, "方案操作");
    click(&mut window, "采纳…");
    window.get_by_label("老禁行（老方案，路段全部被覆盖）");
    window.get_by_label_contains("未覆盖的入口建立").click();
    settle(&mut window);
    let items = count(&window, Kind::Item);
    click(&mut window, "采纳");
    // Signs, and cameras that are to be built, are items that belong to their order.
    let of_order: Vec<Arc<Record>> = {
        let world = window.state().model().world();
        let order = named(&window, Kind::Restriction, CLOSURE).id;
        let all = world.table(Kind::Item).iter();
        all.filter(|item| item.linked("records").any(|id| id == order)).cloned().collect()
    };
    assert!(count(&window, Kind::Item) > items && !of_order.is_empty());
    assert!(of_order.iter().any(|item| item.name().starts_with("设置“")), "{of_order:?}");
    assert!(of_order.iter().any(|item| item.name().starts_with("建设卡口摄像机")));
    for item in &of_order {
        assert!(item.code().is_some_and(|code| code.starts_with("FR-")));
        assert_eq!(item.text("source"), "管控方案");
        assert!(item.geometry.is_some() && item.get("lacking").is_none(), "{item:?}");
    }
    let state = |window: &Harness<'_, App>, name| {
        named(window, Kind::Restriction, name).text("state").to_owned()
    };
    assert_eq!(state(&window, CLOSURE), "生效");
    assert_eq!(state(&window, "老禁行"), "废止");
    assert!(count(&window, Kind::Camera) > cameras);
    let plan = named(&window, Kind::Plan, PLAN);
    assert_eq!(plan.text("state"), "采纳");
    assert!(matches!(plan.get("adopted_on"), Some(Value::Date(_))));
    // What was to be built now watches its entry.
    let is_done =
        |watch: &CameraCoverage| watch.name().is_some() || *watch == CameraCoverage::NotNeeded;
    assert!(notice(&window, |n| n.entries.iter().all(|entry| is_done(&entry.watch))));
    act(&mut window, Action::Command(Command::Undo));
    assert_eq!(state(&window, CLOSURE), "草案");
    assert_eq!(
        (state(&window, "老禁行"), count(&window, Kind::Camera)),
        ("生效".to_owned(), cameras)
    );
    assert_eq!(count(&window, Kind::Item), items, "one step takes all of it back");
}

#[test]
fn without_legal_bases_the_built_in_ones_serve_and_are_loaded_in_one_step() {
    let home = folder();
    let mut window = reading(home.path());
    let world = window.state().model().world();
    let all: Vec<Change> =
        world.table(Kind::LegalBasis).iter().cloned().map(Change::delete).collect();
    let purpose = notice(&window, |notice| notice.sentences[1].generated.clone());
    act(&mut window, Action::Data(DataAction::Apply(Edit::of(all))));
    assert_eq!(notice(&window, |notice| notice.sentences[1].generated.clone()), purpose);
    click(&mut window, "载入内置依据");
    assert_eq!(count(&window, Kind::LegalBasis), 7);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::LegalBasis), 0);
}
