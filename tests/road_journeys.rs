//! Journeys through roads, gates, counts and hours, by what a person sees and does.

use std::sync::Arc;

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Coord, Geometry, LineString, Polygon};
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::map::Symbol;
use shapan::settings::Preference;
use shapan::ui::{Action, App, DataAction, FileAction, PlannerAction};

use crate::journeys::{act, count, named, press, settle, start};
use crate::support::{folder, ids, record};

const PLAN: &str = "秋冬季货车绕行方案(示例)";
const CLOSURE: &str = "东外环重型货车禁行草案(示例)";

fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

/// A click on what may lie below the edge of its panel.
fn press_on(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click_accesskit();
    settle(window);
}

fn has(window: &Harness<'_, App>, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}

fn undo(window: &mut Harness<'_, App>) {
    press(window, Modifiers::COMMAND, Key::Z);
}

fn write(window: &mut Harness<'_, App>, records: Vec<Record>) {
    let edit = Edit::of(records.into_iter().map(Change::create).collect());
    act(window, Action::Data(DataAction::Apply(edit)));
}

/// The planner on the plan of the sample, at a moment.
fn planning(home: &std::path::Path, at: &str) -> Harness<'static, App> {
    let mut window = start(home);
    press(&mut window, Modifiers::NONE, Key::G);
    act(&mut window, Action::Planner(PlannerAction::At(at.parse().unwrap())));
    act(&mut window, Action::Planner(PlannerAction::Choose(PLAN.to_owned())));
    window
}

/// An empty district with the planner open.
fn empty_district(home: &std::path::Path) -> Harness<'static, App> {
    let mut window = start(home);
    act(&mut window, Action::File(FileAction::New(home.join("空.gpkg"))));
    press(&mut window, Modifiers::NONE, Key::G);
    window
}

/// So many metres east and north of a place in Fengrun.
fn at(east_m: f64, north_m: f64) -> Coord<f64> {
    Coord { x: 118.16 + east_m / 85_605.8, y: 39.83 + north_m / 111_031.3 }
}

fn road(code: &str, class: &str, from: (f64, f64), to: (f64, f64)) -> Record {
    // Ids of one test must differ from each other: the code tells them apart.
    let mut ids = ids();
    for _ in 0..code.bytes().map(usize::from).sum() {
        ids.next();
    }
    let mut road = record(&mut ids, Kind::Road, code, code, None);
    road.geometry = Some(LineString(vec![at(from.0, from.1), at(to.0, to.1)]).into());
    road.set("class", Kind::Road.field("class").and_then(|f| Value::parse(f, class).unwrap()));
    road
}

fn area(mut record: Record, half_m: f64) -> Record {
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)];
    let ring = corners.map(|(x, y)| at(x * half_m, y * half_m)).to_vec();
    record.geometry = Some(Polygon::new(LineString(ring), Vec::new()).into());
    record
}

#[test]
fn hours_are_picked_by_chips_and_painted_in_a_week() {
    let home = folder();
    let mut window = start(home.path());
    let order = named(&window, Kind::Restriction, CLOSURE);
    act(&mut window, Action::Select(vec![order.id]));
    let hours = |window: &Harness<'_, App>| {
        named(window, Kind::Restriction, CLOSURE).text("hours").to_owned()
    };
    press_on(&mut window, "时段：夜间22–6时");
    assert_eq!(hours(&window), "22:00-06:00");
    press_on(&mut window, "时段：工作日");
    assert_eq!(hours(&window), "Mo-Fr 22:00-06:00");
    press_on(&mut window, "时段：周历");
    assert!(has(&window, "周历 周一 00:00：不在时段内"), "Monday's small hours are of Sunday");
    window.get_by_role(egui::Role::Grid).focus();
    settle(&mut window);
    // Tuesday, half past eight in whole hours: right eight times, down once.
    for key in [[Key::ArrowRight; 8].as_slice(), &[Key::ArrowDown, Key::Space]].concat() {
        press(&mut window, Modifiers::NONE, key);
    }
    assert_eq!(hours(&window), "Mo,We-Fr 22:00-06:00, Tu 08:00-09:00,22:00-06:00");
    for expected in ["Mo-Fr 22:00-06:00", "22:00-06:00", "07:00-19:00"] {
        act(&mut window, Action::Data(DataAction::Undo));
        assert_eq!(hours(&window), expected);
    }
}

#[test]
fn trucks_and_exemptions_are_toggled_as_chips_one_step_each() {
    let home = folder();
    let mut window = start(home.path());
    let order = named(&window, Kind::Restriction, CLOSURE);
    act(&mut window, Action::Select(vec![order.id]));
    let cell = |window: &Harness<'_, App>, field: &str| {
        let order = named(window, Kind::Restriction, CLOSURE);
        order.get(field).map(Value::to_cell).unwrap_or_default()
    };
    press_on(&mut window, "车型：中型");
    assert_eq!(cell(&window, "classes"), "medium;heavy");
    press_on(&mut window, "车型：重型");
    assert_eq!(cell(&window, "classes"), "medium");
    let before = cell(&window, "exemptions");
    press_on(&mut window, "豁免：应急");
    assert_eq!(cell(&window, "exemptions"), format!("{before};应急"));
    press_on(&mut window, "豁免：应急");
    assert_eq!(cell(&window, "exemptions"), before);
    for _ in 0..4 {
        act(&mut window, Action::Data(DataAction::Undo));
    }
    assert_eq!(cell(&window, "classes"), "heavy");
}

#[test]
fn gaps_are_joined_all_at_once_and_an_island_by_a_short_road() {
    let home = folder();
    let mut window = empty_district(home.path());
    let main = road("甲", "primary", (-500.0, 0.0), (500.0, 0.0));
    let gaps = ["乙", "丙"].into_iter().zip([-200.0, 200.0]);
    let gaps = gaps.map(|(code, east_m)| road(code, "secondary", (east_m, 3.0), (east_m, 300.0)));
    let island = road("丁", "secondary", (0.0, -30.0), (0.0, -300.0));
    write(&mut window, gaps.chain([main, island]).collect());
    click(&mut window, "路网");
    window.get_by_label("断口 2");
    window.get_by_label("孤岛 1");
    click(&mut window, "全部接上");
    window.get_by_label("断口 0");
    let world = window.state().model().world();
    let Some(Geometry::LineString(line)) = &named(&window, Kind::Road, "乙").geometry else {
        unreachable!()
    };
    assert_eq!((line.0.len(), world.table(Kind::Road).len()), (3, 4));
    undo(&mut window);
    window.get_by_label("断口 2");

    click(&mut window, "孤岛 1");
    let words = "连到最近道路：丁 等，共 270 m";
    click(&mut window, words);
    window.get_by_label("孤岛 0");
    assert_eq!(named(&window, Kind::Road, "连接道（丁）").text("class"), "secondary");
    undo(&mut window);
    assert_eq!(count(&window, Kind::Road), 4);
}

#[test]
fn gates_are_proposed_where_truck_roads_cross_the_outline_and_made_in_one_step() {
    let home = folder();
    let mut window = empty_district(home.path());
    let mut east_west = road("甲", "trunk", (-3000.0, 0.0), (3000.0, 0.0));
    east_west.set("ref", Some(Value::text("G102")));
    let street = road("乙", "residential", (0.0, -3000.0), (0.0, 3000.0));
    let mut district = area(record(&mut ids(), Kind::Area, "Q", "示例区", None), 2000.0);
    district.set("role", Some(Value::Choice("district")));
    write(&mut window, vec![east_west, street, district]);
    click(&mut window, "建议关口");
    window.get_by_label("新建 2 个关口");
    click(&mut window, "G102 西口");
    click(&mut window, "新建 1 个关口");
    assert_eq!(count(&window, Kind::Gate), 1);
    assert_eq!(named(&window, Kind::Gate, "G102 东口").code(), Some("G102-E"));
    undo(&mut window);
    assert_eq!(count(&window, Kind::Gate), 0);
}

#[test]
fn at_five_to_seven_an_order_is_drawn_at_rest_and_at_five_past_in_force() {
    let home = folder();
    let mut window = planning(home.path(), "2026-12-07T06:55:00");
    let order = named(&window, Kind::Restriction, CLOSURE);
    let Some(Geometry::LineString(line)) = order.geometry.clone() else { unreachable!() };
    let symbol = |window: &Harness<'_, App>| {
        let hits = window.state().model().shown.prepared.pick(line.0[1], 5.0, 5.0);
        hits.into_iter().find(|hit| hit.id == order.id).map(|hit| hit.symbol)
    };
    let is_at_rest = |symbol: Option<Symbol>| match symbol {
        Some(Symbol::Restriction { is_at_rest, .. }) => Some(is_at_rest),
        _ => None,
    };
    assert_eq!(is_at_rest(symbol(&window)), Some(true));
    click(&mut window, "此刻未生效的措施");
    assert_eq!(symbol(&window), None, "hidden");
    act(&mut window, Action::Planner(PlannerAction::At("2026-12-07T07:05:00".parse().unwrap())));
    assert_eq!(is_at_rest(symbol(&window)), Some(false));
    // With the planner closed the map shows no moment.
    act(&mut window, Action::Planner(PlannerAction::At("2026-12-07T06:55:00".parse().unwrap())));
    assert_eq!(symbol(&window), None);
    press(&mut window, Modifiers::NONE, Key::G);
    assert_eq!(is_at_rest(symbol(&window)), Some(false));
}

#[test]
fn waits_at_turns_lengthen_both_sides_and_stand_beside_the_figures() {
    let home = folder();
    let mut window = planning(home.path(), "2026-12-07T10:00:00");
    let minutes = |window: &Harness<'_, App>| {
        let answer = Arc::clone(window.state().model().planner.answer.as_ref().unwrap());
        let sum = |outcome: &shapan::network::evaluate::Evaluation| -> u64 {
            let ways = outcome.trips.iter().filter_map(|trip| trip.route.as_ref());
            ways.map(|way| u64::from(way.time_ms)).sum()
        };
        (sum(&answer.comparison.before), sum(&answer.comparison.after))
    };
    let without = minutes(&window);
    window.get_by_label("转向等待：不计");
    act(&mut window, Action::Prefer(Preference::TurnCosts([20.0, 5.0, 60.0])));
    let with = minutes(&window);
    assert!(with.0 > without.0 + 20_000 && with.1 > without.1 + 20_000, "{without:?} {with:?}");
    window.get_by_label("转向等待：左 20 右 5 掉头 60 秒");
    act(&mut window, Action::Prefer(Preference::TurnCosts([0.0; 3])));
    assert_eq!(minutes(&window), without);
}

#[test]
fn flows_are_estimated_from_counts_looked_at_and_written_as_assumed() {
    let home = folder();
    let mut window = planning(home.path(), "2026-12-07T10:00:00");
    click(&mut window, "货车流量");
    let per_day = |window: &Harness<'_, App>| -> Vec<String> {
        let world = window.state().model().world();
        let flows = world.table(Kind::Flow).iter();
        flows
            .map(|flow| flow.get("trucks_per_day").map(Value::to_cell).unwrap_or_default())
            .collect()
    };
    let before = per_day(&window);
    click(&mut window, "由计数估算");
    let estimate = Arc::clone(window.state().model().planner.estimate.as_ref().unwrap());
    assert!(!estimate.fits.is_empty() && !estimate.flows.is_empty());
    window.get_by_label("残差");
    assert_eq!(per_day(&window), before, "nothing is written before somebody says so");
    click(&mut window, &format!("写入 {} 股车流（假设）", estimate.flows.len()));
    let after = per_day(&window);
    assert_ne!(after, before);
    let world = window.state().model().world();
    let origin = |flow: &Record| {
        let extra = flow.extra.as_ref().and_then(|extra| extra.get("来源"));
        extra.and_then(|origin| origin.as_str()).is_some_and(|origin| origin.contains("计数"))
    };
    let scaled: Vec<_> = world.table(Kind::Flow).iter().filter(|flow| origin(flow)).collect();
    assert_eq!(scaled.len(), estimate.flows.len());
    assert!(scaled.iter().all(|flow| flow.text("source") == "假设"));
    undo(&mut window);
    assert_eq!(per_day(&window), before);
}

#[test]
fn rows_pasted_over_the_flows_are_looked_at_and_become_measured_flows() {
    let home = folder();
    let mut window = planning(home.path(), "2026-12-07T10:00:00");
    click(&mut window, "货车流量");
    let before = count(&window, Kind::Flow);
    window.get_by_label("起 ＼ 讫").scroll_to_me();
    settle(&mut window);
    let over = window.get_by_label("起 ＼ 讫").rect().center();
    window.event(Event::PointerMoved(over));
    settle(&mut window);
    window.event(Event::Paste("G112 南口(示例)\tG102 西口(示例)\t重型\t77\n".to_owned()));
    settle(&mut window);
    click(&mut window, "导入 1 条");
    assert_eq!(count(&window, Kind::Flow), before + 1);
    let flow = named(&window, Kind::Flow, "G112 南口(示例) → G102 西口(示例)");
    assert_eq!((flow.text("source"), flow.text("class")), ("实测", "heavy"));
}

#[test]
fn roads_on_the_boundary_of_an_area_are_taken_in_one_by_one() {
    let home = folder();
    let mut window = planning(home.path(), "2026-12-07T10:00:00");
    let roads = [
        road("边甲", "tertiary", (-400.0, -400.0), (400.0, -400.0)),
        road("边乙", "tertiary", (-400.0, 400.0), (400.0, 400.0)),
    ];
    let mut order = area(record(&mut ids(), Kind::Restriction, "", "片区限行", None), 400.0);
    order.set("code", None);
    order.set("kind", Some(Value::Choice("limited")));
    order.set("plan", Some(Value::text(PLAN)));
    let id = order.id;
    write(&mut window, roads.into_iter().chain([order]).collect());
    act(&mut window, Action::Select(vec![id]));
    let exceptions = |window: &Harness<'_, App>| {
        let order = named(window, Kind::Restriction, "片区限行");
        order.get("boundary_except").map(Value::to_cell).unwrap_or_default()
    };
    press_on(&mut window, "边甲：含");
    assert_eq!(exceptions(&window), "边甲");
    press_on(&mut window, "边乙：含");
    assert_eq!(exceptions(&window), "边甲;边乙");
    press_on(&mut window, "边甲：不含");
    assert_eq!(exceptions(&window), "边乙");

    // The same on the map: one piece by its place.
    press_on(&mut window, "在图上点选");
    let view = shapan::map::view::View { center: at(0.0, -400.0), zoom: 17.0 };
    act(&mut window, Action::View(shapan::ui::ViewAction::Show(view)));
    let pointer = crate::journeys::screen(&window, at(30.0, -400.0));
    crate::journeys::click(&mut window, pointer);
    let exceptions = exceptions(&window);
    assert!(exceptions.starts_with("边乙;118."), "{exceptions}");
}
