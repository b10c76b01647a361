//! The desk of a leader: figures and how they moved, the sprint, decisions until they are closed.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::civil::Date;
use jiff::{SignedDuration, Span};
use shapan::domain::{Change, Edit, Ids, Kind, Record, Stamp, Value};
use shapan::settings::clock;
use shapan::store::Store;
use shapan::ui::{Action, App, MeetingAction};

use crate::journeys::{act, count, named, press, settle, start, type_text};
use crate::planner_journeys::{click, reach};
use crate::support::folder;

fn today() -> Date {
    clock::today()
}

fn in_days(days: i64) -> Date {
    today().checked_add(Span::new().days(days)).unwrap()
}

/// What somebody did so many days ago.
fn ago(days: i64) -> Stamp {
    Stamp { actor: "值班员".into(), at: clock::now() - SignedDuration::from_hours(24 * days) }
}

fn made(ids: &mut Ids, kind: Kind, fields: &[(&str, Value)], by: &Stamp) -> Record {
    let mut record = Record::new(ids.next(), kind, by);
    for (key, value) in fields {
        assert!(record.set(key, Some(value.clone())), "{key}");
    }
    record
}

fn site(ids: &mut Ids, name: &str, township: &str, wash: &'static str) -> Record {
    let fields = [
        ("name", Value::text(name)),
        ("kind", Value::Choice("construction")),
        ("township", Value::text(township)),
        ("department", Value::text("住建")),
        ("person", Value::text("王五")),
        ("phone", Value::text("000-0000-0001")),
        ("wash", Value::Choice(wash)),
    ];
    made(ids, Kind::Site, &fields, &ago(10))
}

fn decision(ids: &mut Ids, name: &str, owner: &str, due: Date, meeting: &str) -> Record {
    let fields = [
        ("name", Value::text(name)),
        ("owner", Value::text(owner)),
        ("due", Value::Date(due)),
        ("state", Value::Choice("待办")),
        ("meeting", Value::text(meeting)),
    ];
    made(ids, Kind::Decision, &fields, &ago(10))
}

/// Ten days ago seven sites, of which two failed, and two decisions of a meeting; yesterday one of
/// the sites came in order and one decision without a meeting was written down.
fn a_district(folder: &Path) -> PathBuf {
    let path = folder.join("甲区.gpkg");
    let mut ids = Ids::new(ago(10).at, 7);
    let mut store = Store::create(&path).unwrap();
    let mut past: Vec<Record> = (1..=5)
        .map(|number| site(&mut ids, &format!("甲镇工地{number}"), "甲镇", "合格"))
        .collect();
    let failing = [
        site(&mut ids, "乙镇东工地", "乙镇", "不合格"),
        site(&mut ids, "乙镇西工地", "乙镇", "不合格"),
    ];
    past.extend(failing.clone());
    let meeting = [
        ("code", Value::text("M1")),
        ("name", Value::text("第一次会商会")),
        ("date", Value::Date(in_days(-8))),
    ];
    past.push(made(&mut ids, Kind::Meeting, &meeting, &ago(10)));
    past.push(decision(&mut ids, "住建局 雾炮到位", "住建局", in_days(-3), "M1"));
    past.push(decision(&mut ids, "城管局 洗扫加密", "城管局", in_days(5), "M1"));
    let township = [
        ("name", Value::text("乙镇")),
        ("role", Value::Choice("township")),
        ("leader", Value::text("赵六")),
    ];
    past.push(made(&mut ids, Kind::Area, &township, &ago(10)));
    let changes = past.into_iter().map(Change::create).collect();
    store.apply(&Edit::of(changes), &ago(10)).unwrap();
    let [first, _] = failing;
    let mut mended = first.clone();
    mended.set("wash", Some(Value::Choice("合格")));
    mended.meta.change(&ago(1));
    let own = decision(&mut ids, "交警大队 夜查渣土车", "交警大队", in_days(0), "");
    let changes = vec![Change::update(first.into(), mended), Change::create(own)];
    store.apply(&Edit::of(changes), &ago(1)).unwrap();
    path
}

fn open(home: &Path, path: PathBuf) -> Harness<'static, App> {
    crate::journeys::open(home, path, vec2(1920.0, 1080.0))
}

fn has(window: &Harness<'_, App>, label: &str) -> bool {
    window.query_all_by_label(label).next().is_some()
}

#[test]
fn figures_tell_how_they_moved_since_a_week_ago_and_open_their_rows() {
    let home = folder();
    let mut window = open(home.path(), a_district(home.path()));
    // Two failed a week ago, now one does.
    window.get_by_label("工地不达标 1/7 ▼1");
    window.get_by_label("未完成决定 3（逾期 1） ▲1");
    window.get_by_label("管控措施生效 0");
    click(&mut window, "工地不达标 1/7 ▼1");
    let model = window.state().model();
    assert!(model.filter.is_failing && model.shows_table());
    assert_eq!(model.shown.counts[&Kind::Site].shown, 1);
    click(&mut window, "工地不达标 1/7 ▼1");
    assert!(window.state().model().filter.is_empty(), "a second click takes it away");

    press(&mut window, Modifiers::NONE, Key::Num0);
    assert!(window.state().model().meeting.is_open);
    window.get_by_label("总览 · 工地不达标 1/7 ▼1");
    // Its leader stands beside the township; of two inspected sites one is in order.
    window.get_by_label("乙镇 赵六");
    window.get_by_label("甲镇 5/5 100%");
    click(&mut window, "乙镇 1/2 50% 样本少");
    let model = window.state().model();
    assert_eq!(
        (model.meeting.page.as_str(), model.filter.township.as_deref()),
        ("standards", Some("乙镇"))
    );
    window.get_by_label("乙镇西工地 车辆冲洗");
    assert!(has(&window, "000-0000-0001"), "whom to call");
    click(&mut window, "乙镇西工地 车辆冲洗");
    assert_eq!(window.state().model().selected().unwrap().name(), "乙镇西工地");

    act(&mut window, Action::Meeting(MeetingAction::Page("townships".into())));
    click(&mut window, "甲镇 5/5 100% 无");
    let filter = &window.state().model().filter;
    assert_eq!((filter.township.as_deref(), filter.is_failing), (Some("甲镇"), false));
}

#[test]
fn decisions_are_closed_by_button_and_by_key_and_taken_back_in_one_step() {
    let home = folder();
    let mut window = open(home.path(), a_district(home.path()));
    click(&mut window, "未完成决定 3（逾期 1） ▲1");
    assert_eq!(window.state().model().meeting.page, "decisions");
    assert!(window.query_all_by_label_contains("逾期 3 天").next().is_some());
    assert!(window.query_all_by_label_contains("今天到期").next().is_some());
    window.get_by_label("住建局 0/1 0% 样本少");

    // Only those of the meeting: the one that was written down alone is not among them.
    click(&mut window, "只看上次会议");
    assert!(has(&window, "城管局 洗扫加密") && !has(&window, "交警大队 夜查渣土车"));
    click(&mut window, "完成 城管局 洗扫加密");
    let closed = named(&window, Kind::Decision, "城管局 洗扫加密");
    assert_eq!(closed.text("state"), "完成");
    assert_eq!(closed.get("closed_on"), Some(&Value::Date(today())));
    window.get_by_label("未完成决定 2（逾期 1）");
    assert!(!has(&window, "城管局 洗扫加密"), "only what is not closed was asked for");
    click(&mut window, "显示全部决定");
    window.get_by_label("按时完成 1");

    // Both that are left, by key, as one step.
    click(&mut window, "只看上次会议");
    click(&mut window, "住建局 雾炮到位");
    select_also(&mut window, "交警大队 夜查渣土车");
    assert_eq!(window.state().model().selection.len(), 2);
    press(&mut window, Modifiers::COMMAND, Key::Enter);
    window.get_by_label("未完成决定 0（逾期 0） ▼2");
    window.get_by_label("逾期完成 1");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    window.get_by_label("未完成决定 2（逾期 1）");
    assert_eq!(named(&window, Kind::Decision, "住建局 雾炮到位").text("state"), "待办");

    // What became of it is written in place.
    click(&mut window, "住建局 雾炮到位");
    window.get_all_by_role_and_label(egui::Role::TextInput, "落实情况").next().unwrap().focus();
    settle(&mut window);
    type_text(&mut window, "已租两台");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(named(&window, Kind::Decision, "住建局 雾炮到位").text("result"), "已租两台");
}

/// Ctrl and a click.
fn select_also(window: &mut Harness<'_, App>, name: &str) {
    let place = window.get_by_label(name).rect().left_center() + vec2(30.0, 0.0);
    window.event(egui::Event::PointerMoved(place));
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::COMMAND);
        window.event_modifiers(
            egui::Event::PointerButton { pos: place, button, pressed, modifiers },
            modifiers,
        );
        window.step();
    }
    settle(window);
}

#[test]
fn what_is_listed_is_copied_as_a_message_and_exported_with_its_filter() {
    let home = folder();
    let path = a_district(home.path());
    let folder = home.path().to_owned();
    let mut window = open(home.path(), path);
    window.state_mut().save_without_asking(&folder);
    press(&mut window, Modifiers::NONE, Key::M);
    click(&mut window, "决定落实");
    click(&mut window, "逾期 1");
    click(&mut window, "复制为文字");
    window.get_by_label("已复制 1 条决定");
    click(&mut window, "导出所列…");
    let file = home.path().join(format!("决定落实_{}.xlsx", today()));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&file).unwrap();
    let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    let cells: Vec<String> = sheet.used_cells().map(|(.., cell)| cell.to_string()).collect();
    assert!(cells[0].contains("筛选：逾期"), "{}", cells[0]);
    assert!(cells.iter().any(|cell| cell == "住建局 雾炮到位"));
    assert!(cells.iter().all(|cell| !cell.contains("洗扫加密")), "only what was listed");
}

#[test]
fn a_sprint_is_entered_where_there_is_none_and_counts_its_days() {
    let home = folder();
    let mut window = open(home.path(), a_district(home.path()));
    assert!(window.query_all_by_label_contains("倒计时 第").next().is_none());
    press(&mut window, Modifiers::NONE, Key::Num0);
    click(&mut window, "建立攻坚行动…");
    let field = |window: &mut Harness<'_, App>, name: &str, text: &str| {
        window.get_by_role_and_label(egui::Role::TextInput, name).focus();
        settle(window);
        press(window, Modifiers::COMMAND, Key::A);
        type_text(window, text);
    };
    field(&mut window, "开始日期", &in_days(3).to_string());
    field(&mut window, "结束日期", &in_days(1).to_string());
    window.get_by_label("结束日期早于开始日期");
    field(&mut window, "开始日期", &in_days(-12).to_string());
    field(&mut window, "结束日期", &in_days(15).to_string());
    field(&mut window, "目标", "退出后十");
    click(&mut window, "建立（回车）");
    assert_eq!(count(&window, Kind::Sprint), 1);
    window.get_by_label("倒计时 第 13/28 天");
    window.get_by_label("28天攻坚行动 第 13/28 天，还有 15 天");
    window.get_by_label("退出后十");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Sprint), 0);
    assert!(window.query_all_by_label_contains("倒计时 第").next().is_none());
}

#[test]
fn a_week_of_decisions_in_the_overview_lists_its_own() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::M);
    click(&mut window, "总览");
    assert_eq!(window.state().model().meeting.page, "overview");
    let model = window.state().model();
    let week = model.meeting.overview.weeks.last().unwrap();
    let label = format!(
        "{} 起一周：新定 {}，按时完成 {}，逾期完成 {}，周末未完成 {}",
        week.monday.strftime("%m-%d"),
        week.taken,
        week.closed_on_time,
        week.closed_late,
        week.open
    );
    reach(&mut window, &label);
    let meeting = &window.state().model().meeting;
    assert_eq!(meeting.page, "decisions");
    assert!(meeting.wanted.week.is_some());
}
