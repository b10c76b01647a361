//! Journeys through what a plan does: who is passed and cut off, where nobody looks, who waits.

use std::sync::Arc;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Coord, LineString, Point};
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::network::compare::Comparison;
use shapan::network::evaluate::Prepared;
use shapan::network::lint::LintRule;
use shapan::network::roads::RisingRoad;
use shapan::settings::clock;
use shapan::ui::{Action, App, DataAction};

use crate::journeys::{act, count, press, settle};
use crate::planner_journeys::{CLOSURE, PLAN, click, planning, reach};
use crate::support::folder;

fn comparison<'a>(window: &'a Harness<'_, App>) -> &'a Comparison {
    &window.state().model().planner.answer.as_ref().unwrap().comparison
}

fn prepared(window: &Harness<'_, App>) -> Arc<Prepared> {
    Arc::clone(&window.state().model().planner.answer.as_ref().unwrap().asked.prepared)
}

fn rising(window: &Harness<'_, App>) -> RisingRoad {
    window.state().model().planner.answer.as_ref().unwrap().rising[0]
}

fn apply(window: &mut Harness<'_, App>, change: Change) {
    act(window, Action::Data(DataAction::Apply(Edit::of(vec![change]))));
}

fn record(kind: Kind, shape: impl Into<geo_types::Geometry<f64>>) -> Record {
    let stamp = clock::stamp(Some("李规划"));
    let mut record = Record::new(clock::ids(&stamp).next(), kind, &stamp);
    record.geometry = Some(shape.into());
    record
}

/// A place beside the middle of the road that gains most.
fn beside_the_new_way(window: &Harness<'_, App>) -> Coord<f64> {
    let network = &prepared(window).network;
    let line = network.line(&network.edges[rising(window).edge as usize]);
    (line[0] + line[1]) / 2.0 + Coord { x: 0.0, y: 0.0002 }
}

#[test]
fn a_school_beside_the_new_way_is_told_with_its_trucks_and_a_click_goes_there() {
    let home = folder();
    let mut window = planning(home.path());
    let at = beside_the_new_way(&window);
    let mut school = record(Kind::Site, Point(at));
    school.set("name", Some(Value::text("新街小学")));
    school.set("kind", Some(Value::Choice("sensitive")));
    apply(&mut window, Change::create(school.clone()));
    let mut passed = comparison(&window).passed.iter();
    let passed = passed.find(|one| one.site.id == school.id).unwrap();
    assert!(passed.after > passed.before * 1.5);
    // On the page, and in the legend.
    assert_eq!(window.query_all_by_label("新增货车途经").count(), 2);
    reach(&mut window, "新街小学");
    let model = window.state().model();
    assert_eq!(model.selected().map(|record| record.id), Some(school.id));
    let center = model.camera.view.center;
    assert!((center.x - at.x).abs() < 1e-6 && (center.y - at.y).abs() < 1e-6);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(comparison(&window).passed.iter().all(|one| one.site.id != school.id));
}

#[test]
fn works_on_a_road_that_is_closed_to_all_are_named_in_red() {
    let home = folder();
    let mut window = planning(home.path());
    let network = prepared(&window);
    // A road of its own, so that nothing else leads there.
    let gate = network.gates.iter().find_map(|gate| gate.at).unwrap();
    let end = gate + Coord { x: 0.004, y: 0.004 };
    let mut road = record(Kind::Road, LineString(vec![gate, end]));
    road.set("name", Some(Value::text("厂前路")));
    let mut works = record(Kind::Site, Point(end));
    works.set("name", Some(Value::text("路尽头的厂")));
    works.set("kind", Some(Value::Choice("enterprise")));
    let mut ban = record(Kind::Restriction, LineString(vec![gate, end]));
    ban.set("kind", Some(Value::Choice("no_entry")));
    ban.set("plan", Some(Value::text(PLAN)));
    for one in [road, works, ban] {
        apply(&mut window, Change::create(one));
    }
    let count = comparison(&window).cut_off.len();
    assert!(comparison(&window).cut_off.iter().any(|site| site.name == "路尽头的厂"));
    window.get_by_label(&format!("重型货车无法到达 {count} 处"));
    window.get_by_label("路尽头的厂");
    let findings = &comparison(&window).findings;
    assert!(findings.iter().any(|one| one.rule == LintRule::PlaceUnreachable));
}

#[test]
fn the_next_camera_is_proposed_and_set_up_in_one_undo_step() {
    let home = folder();
    let mut window = planning(home.path());
    let of = |window: &Harness<'_, App>, rule: LintRule| -> Vec<String> {
        let findings = comparison(window).findings.iter().filter(|one| one.rule == rule);
        findings.map(|one| one.words.zh.clone()).collect()
    };
    let checks = comparison(&window).findings.len();
    click(&mut window, &format!("检查 {checks}"));
    let cameras = count(&window, Kind::Camera);
    let proposed = of(&window, LintRule::NextCamera).remove(0);
    let unwatched = of(&window, LintRule::NoCamera).len();
    reach(&mut window, &format!("新建抓拍点: {proposed}"));
    assert_eq!(count(&window, Kind::Camera), cameras + 1);
    assert!(of(&window, LintRule::NoCamera).len() < unwatched);
    assert_ne!(of(&window, LintRule::NextCamera).first(), Some(&proposed));
    let model = window.state().model();
    let camera = Arc::clone(model.selected().unwrap());
    assert!(camera.name().starts_with("拟设抓拍点") && camera.get("direction_deg").is_some());
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Camera), cameras);
    assert_eq!(of(&window, LintRule::NextCamera), [proposed]);
}

#[test]
fn flows_are_balanced_on_demand_and_another_moment_asks_anew() {
    let home = folder();
    let mut window = planning(home.path());
    click(&mut window, "拥堵均衡");
    window.get_by_label("尚未计算");
    click(&mut window, "计算拥堵均衡");
    let found = window.state().model().planner.balance.clone().unwrap();
    assert!(found.before.gap <= 1e-3 && found.after.gap <= 1e-3);
    let known = format!("车道数已知：路网长度的 {:.0} %", found.share_with_lanes * 100.0);
    assert!(window.query_all_by_label_contains(&known).next().is_some());
    window.get_by_label("方案下最满的道路");
    press(&mut window, Modifiers::NONE, Key::Period);
    window.get_by_label("方案或时刻已变");
}

#[test]
fn roads_with_more_trucks_are_listed_and_a_click_writes_the_figure_on_the_map() {
    let home = folder();
    let mut window = planning(home.path());
    let (rising, prepared) = (rising(&window), prepared(&window));
    let name = prepared.network.name_of(rising.edge).to_owned();
    window.get_by_label("货车增加的道路");
    window.query_all_by_label_contains(&format!("{name}: ")).next().unwrap().click_accesskit();
    settle(&mut window);
    let model = window.state().model();
    assert_eq!(model.planner.pin.map(|pin| pin.edge), Some(rising.edge));
    assert_eq!(prepared.network.middle_of(rising.edge), Some(model.camera.view.center));
}

#[test]
fn words_of_notices_exempt_what_must_be_exempt() {
    let home = folder();
    let window = planning(home.path());
    let closure = crate::journeys::named(&window, Kind::Restriction, CLOSURE);
    let words = closure.get("exemptions").map(Value::to_cell).unwrap();
    assert!(words.contains("绿色通道运输车") && !words.contains("应急"));
    assert!(comparison(&window).findings.iter().all(|one| one.rule != LintRule::Exemption));
}
