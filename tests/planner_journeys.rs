//! Journeys through the planner, by what a person sees and does.

use std::sync::Arc;

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::ui::{Action, App, Command};

use crate::journeys::{act, count, named, press, settle, start, type_text};
use crate::support::folder;

pub const PLAN: &str = "秋冬季货车绕行方案(示例)";
pub const CLOSURE: &str = "东外环重型货车禁行草案(示例)";

pub fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

/// Clicks what a person would have to scroll to.
pub fn reach(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click_accesskit();
    settle(window);
}

/// Writes into a field of the planner, in place of what it says.
pub fn write(window: &mut Harness<'_, App>, field: &str, text: &str) {
    window.get_by_role_and_label(egui::Role::TextInput, field).focus();
    settle(window);
    press(window, Modifiers::COMMAND, Key::A);
    type_text(window, text);
    press(window, Modifiers::NONE, Key::Enter);
}

/// The planner on the plan of the sample, on a morning on which it holds.
pub fn planning(home: &std::path::Path) -> Harness<'static, App> {
    let mut window = start(home);
    press(&mut window, Modifiers::NONE, Key::G);
    write(&mut window, "日期", "2026-12-05");
    write(&mut window, "时刻", "10:00");
    click(&mut window, PLAN);
    window
}

fn exemptions(order: &Record) -> String {
    order.get("exemptions").map(Value::to_cell).unwrap_or_default()
}

#[test]
fn a_plan_tells_what_leaves_the_rings_and_who_is_cut_off_and_its_lint_is_mended_and_undone() {
    let home = folder();
    let mut window = planning(home.path());
    let answer = Arc::clone(window.state().model().planner.answer.as_ref().unwrap());
    let place = answer
        .asked
        .prepared
        .rings
        .iter()
        .position(|ring| ring.name == "丰润区政府" && (ring.radius_m - 500.0).abs() < 1.0);
    let ring = |outcome: &shapan::network::evaluate::Evaluation| outcome.rings[place.unwrap()];
    let (before, after) = (ring(&answer.comparison.before), ring(&answer.comparison.after));
    assert!(before.truck_km > 100.0 && after.truck_km < before.truck_km / 2.0);
    window.get_by_label("丰润区政府 500 m");
    let said = format!("920 → {:.0}", after.trucks);
    assert!(window.query_all_by_label_contains(&said).next().is_some());
    let total = answer.total;
    assert!(total.cut_off > 500.0 && total.cut_off < 850.0, "850 a day, in the hours of the ban");
    window.get_by_label(&format!("无法到达 2 股，{:.0} 辆/日", total.cut_off));
    // What comes from those who are cut off is no one number.
    let most = answer.comparison.after.most.as_ref().unwrap();
    let inside = [answer.comparison.after.inside.truck_km, most.inside.truck_km];
    let spread = window.query_all_by_label_contains("～").count();
    assert!(inside[1] > inside[0] + 100.0 && spread > 3, "{inside:?} {spread}");
    window.get_by_label("流量：假设");

    let order = named(&window, Kind::Restriction, CLOSURE);
    let mut newer = Record::clone(&order);
    newer.set("exemptions", Some(Value::Words(["邮政车".into()].into())));
    let edit = Edit::of(vec![Change::update(order, newer)]);
    act(&mut window, Action::Data(shapan::ui::DataAction::Apply(edit)));
    let checks = |window: &Harness<'_, App>| {
        window.state().model().planner.answer.as_ref().unwrap().comparison.findings.len()
    };
    let count = checks(&window);
    click(&mut window, &format!("检查 {count}"));
    let as_it_was = exemptions(&named(&window, Kind::Restriction, CLOSURE));
    reach(&mut window, &format!("补上豁免: {CLOSURE}：未豁免应急、绿色通道"));
    let mended = exemptions(&named(&window, Kind::Restriction, CLOSURE));
    assert_eq!(mended, format!("{as_it_was};应急;绿色通道"));
    window.get_by_label(&format!("检查 {}", count - 1));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(exemptions(&named(&window, Kind::Restriction, CLOSURE)), as_it_was);
    window.get_by_label(&format!("检查 {count}"));
}

#[test]
fn trips_are_browsed_with_the_arrows_and_before_seven_nothing_changes() {
    let home = folder();
    let mut window = planning(home.path());
    let center = window.state().model().camera.view.center;
    press(&mut window, Modifiers::NONE, Key::ArrowLeft);
    let model = window.state().model();
    let count = model.planner.answer.as_ref().unwrap().trips.len();
    assert_eq!(model.planner.trip, Some(count - 1));
    assert_ne!(model.camera.view.center, center, "the map flies to the trip");
    assert!(window.query_all_by_label_contains("原 ").next().is_some());
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(window.state().model().planner.trip, Some(0));

    write(&mut window, "时刻", "06:55");
    let answer = Arc::clone(window.state().model().planner.answer.as_ref().unwrap());
    assert!(answer.trips.is_empty());
    assert_eq!(answer.comparison.before.trips, answer.comparison.after.trips);
    assert!(answer.total.trucks > 0.0, "the day has other hours");
    window.get_by_label("此时无车流改道");
    press(&mut window, Modifiers::NONE, Key::Period);
    assert!(!window.state().model().planner.answer.as_ref().unwrap().trips.is_empty(), "07:25");
}

#[test]
fn a_plan_is_duplicated_in_one_step_and_stands_beside_the_first() {
    let home = folder();
    let mut window = planning(home.path());
    let before = count(&window, Kind::Restriction);
    press(&mut window, Modifiers::COMMAND, Key::D);
    assert_eq!(count(&window, Kind::Restriction), before + 2);
    assert_eq!(window.state().model().planner.plan, "方案一");
    click(&mut window, "方案对比");
    let summaries = &window.state().model().planner.summaries;
    let names: Vec<&str> = summaries.iter().map(|plan| plan.plan.as_str()).collect();
    assert_eq!(names, ["", "方案一", PLAN]);
    assert_eq!(summaries[1].all, summaries[2].all, "a copy does what its model does");
    click(&mut window, "流量 ±20 % 重算");
    assert!(window.query_all_by_label_contains("排序不变").next().is_some());
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Restriction), before);
}

#[test]
fn a_flow_is_typed_into_the_matrix_and_the_figures_follow() {
    let home = folder();
    let mut window = planning(home.path());
    click(&mut window, "货车流量");
    let before = count(&window, Kind::Flow);
    let trucks = |window: &Harness<'_, App>| {
        window.state().model().planner.answer.as_ref().unwrap().comparison.before.all.trucks
    };
    let all = trucks(&window);
    write(&mut window, "G102 西口(示例) → G102 东口(示例)", "920");
    assert!((trucks(&window) - all - 100.0).abs() < 1e-6);
    assert_eq!(count(&window, Kind::Flow), before);
    write(&mut window, "G112 南口(示例) → G102 西口(示例)", "50");
    assert_eq!(count(&window, Kind::Flow), before + 1);
    assert!((trucks(&window) - all - 150.0).abs() < 1e-6);
    for _ in 0..2 {
        act(&mut window, Action::Command(Command::Undo));
    }
    assert!((trucks(&window) - all).abs() < 1e-6);
}

/// Two clicks of a no-entry line; it is not finished yet.
fn draw_line(window: &mut Harness<'_, App>) {
    press(window, Modifiers::NONE, Key::Num1);
    let middle = window.state().model().camera.view.center;
    for east in [0.0, 0.01] {
        let place = geo_types::Coord { x: middle.x + east, y: middle.y };
        let at = crate::journeys::screen(window, place);
        crate::journeys::click(window, at);
    }
}

#[test]
fn a_line_drawn_with_key_one_belongs_to_the_chosen_plan() {
    let home = folder();
    let mut window = planning(home.path());
    let before = count(&window, Kind::Restriction);
    draw_line(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(count(&window, Kind::Restriction), before + 1);
    let drawn = Arc::clone(window.state().model().selected().unwrap());
    assert_eq!((drawn.text("plan"), drawn.text("kind")), (PLAN, "no_entry"));
    press(&mut window, Modifiers::NONE, Key::F10);
    let model = window.state().model();
    assert!(model.planner.is_open && model.shows_table(), "the table in the place of the pages");
    press(&mut window, Modifiers::NONE, Key::F10);
    assert!(window.state().model().shows_pages(), "and the pages are back");
}

#[test]
fn a_road_says_its_trucks_under_the_pointer_and_a_click_keeps_them_on_the_map() {
    let home = folder();
    let mut window = planning(home.path());
    let answer = Arc::clone(window.state().model().planner.answer.as_ref().unwrap());
    let network = &answer.asked.prepared.network;
    let gains = answer.comparison.after.volumes.iter().zip(&answer.comparison.before.volumes);
    let (edge, _) =
        gains.enumerate().max_by(|a, b| (a.1.0 - a.1.1).total_cmp(&(b.1.0 - b.1.1))).unwrap();
    let line = network.line(&network.edges[edge]);
    let center = (line[0] + line[1]) / 2.0;
    let view = shapan::map::view::View { center, zoom: 17.0 };
    act(&mut window, Action::View(shapan::ui::ViewAction::Show(view)));
    let at = crate::journeys::screen(&window, center);
    crate::journeys::click(&mut window, at);
    assert_eq!(window.state().model().planner.pin.unwrap().edge as usize, edge);
    assert!(window.query_all_by_label_contains(" · 货车 ").next().is_some());
}

#[test]
fn without_roads_or_flows_the_planner_says_what_to_do_next() {
    let home = folder();
    let mut window = start(home.path());
    let path = home.path().join("空.gpkg");
    act(&mut window, Action::File(shapan::ui::FileAction::New(path)));
    press(&mut window, Modifiers::NONE, Key::G);
    window.get_by_label("还没有道路");
    assert!(window.query_all_by_label_contains(".osm.pbf").next().is_some());
    click(&mut window, "货车流量");
    window.get_by_label("关口不足两个");
}

#[test]
fn while_b_is_held_the_map_shows_before() {
    let home = folder();
    let mut window = planning(home.path());
    let hold = |window: &mut Harness<'_, App>, pressed| {
        let (key, modifiers) = (Key::B, Modifiers::NONE);
        window.event(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers });
        settle(window);
    };
    hold(&mut window, true);
    window.get_by_label("实施前 12-05 10:00");
    hold(&mut window, false);
    assert!(window.query_by_label("实施前 12-05 10:00").is_none());
    window.get_by_label("虚线：货车减少");
}

#[test]
fn the_result_of_a_plan_is_written_as_a_report_and_today_is_held_against_counts() {
    let home = folder();
    let mut window = planning(home.path());
    window.state_mut().save_without_asking(home.path());
    click(&mut window, "导出结果");
    window.get_by_label_contains("docx  ").click();
    settle(&mut window);
    let file = home.path().join(format!("{PLAN} 评估报告.docx"));
    assert!(std::fs::read(file).unwrap().starts_with(b"PK"));

    click(&mut window, "现状");
    assert!(window.query_by_label("导出结果").is_none(), "today is no plan");
    let answer = Arc::clone(window.state().model().planner.answer.as_ref().unwrap());
    let station = answer.calibration.stations.first().unwrap();
    window.get_by_label_contains("校核：现状模型");
    reach(&mut window, &station.name);
    let chosen = window.state().model().record(station.record).unwrap();
    assert_eq!(chosen.kind, Kind::Congestion);
    window.get_by_label_contains(&format!("{:.1}", station.geh()));
}

#[test]
fn enter_in_the_box_of_the_date_finishes_no_drawing_and_the_box_stays_where_it_is() {
    let home = folder();
    let mut window = planning(home.path());
    let before = count(&window, Kind::Restriction);
    draw_line(&mut window);
    let place = |window: &Harness<'_, App>| {
        window.get_by_role_and_label(egui::Role::TextInput, "日期").rect()
    };
    let here = place(&window);
    // The orders of the plan hold no more: how many are at rest is said beside the box.
    write(&mut window, "日期", "2027-05-05");
    assert_eq!(window.state().model().planner.at.to_string(), "2027-05-05T10:00:00");
    assert!(!window.state().model().planner.resting.is_empty());
    assert_eq!(place(&window), here);
    assert_eq!(count(&window, Kind::Restriction), before, "the line is still in hand");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(count(&window, Kind::Restriction), before + 1);
}
