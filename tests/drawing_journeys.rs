//! Journeys of those who draw orders: along roads, by waypoints, live, and with a detour.

use std::sync::Arc;

use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Coord, Geometry, LineString};
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::geodesy::ring::{destination, distance_m};
use shapan::map::view::View;
use shapan::network::snap_route::{RoadUse, Waypoint, length_m, nearest, resolve};
use shapan::ui::{Action, App, DataAction, ViewAction};

use crate::journeys::{act, click, count, hover, named, press, screen, settle, start};
use crate::planner_journeys::write;
use crate::support::folder;

const PLAN: &str = "秋冬季货车绕行方案(示例)";
/// On the eastern ring road of the sample, which bends between them.
const NORTH: Coord<f64> = Coord { x: 118.1925, y: 39.842 };
const BEND: Coord<f64> = Coord { x: 118.1938, y: 39.829 };
const SOUTH: Coord<f64> = Coord { x: 118.193, y: 39.815 };

fn press_label(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

/// The planner on the plan of the sample, on a morning on which it holds.
fn planning(home: &std::path::Path) -> Harness<'static, App> {
    let mut window = start(home);
    press(&mut window, Modifiers::NONE, Key::G);
    write(&mut window, "日期", "2026-12-05");
    write(&mut window, "时刻", "10:00");
    press_label(&mut window, PLAN);
    window
}

pub fn look_at(window: &mut Harness<'_, App>, center: Coord<f64>, zoom: f64) {
    act(window, Action::View(ViewAction::Show(View { center, zoom })));
}

pub fn click_at(window: &mut Harness<'_, App>, place: Coord<f64>) {
    let at = screen(window, place);
    click(window, at);
}

fn button(window: &mut Harness<'_, App>, at: Pos2, button: PointerButton, pressed: bool) {
    let modifiers = Modifiers::NONE;
    window.event(Event::PointerButton { pos: at, button, pressed, modifiers });
    window.step();
}

pub fn drag(window: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    hover(window, from);
    button(window, from, PointerButton::Primary, true);
    for share in [0.2, 0.6, 1.0] {
        window.event(Event::PointerMoved(from + (to - from) * share));
        window.step();
    }
    button(window, to, PointerButton::Primary, false);
    settle(window);
}

fn selected(window: &Harness<'_, App>) -> Arc<Record> {
    Arc::clone(window.state().model().selected().unwrap())
}

fn line(order: &Record) -> LineString<f64> {
    let line = match &order.geometry {
        Some(Geometry::LineString(line)) => Some(line.clone()),
        _ => None,
    };
    line.unwrap()
}

fn away_m(line: &LineString<f64>, place: Coord<f64>) -> f64 {
    let frame = shapan::geodesy::local::LocalFrame::at(place);
    frame.nearest_m(&line.clone().into()).unwrap()
}

/// A line along the eastern ring road, in two clicks, not kept yet.
fn draw_east(window: &mut Harness<'_, App>, key: Key) {
    look_at(window, BEND, 13.0);
    press(window, Modifiers::NONE, key);
    click_at(window, NORTH);
    click_at(window, SOUTH);
}

#[test]
fn two_clicks_draw_an_order_along_a_road_that_bends_also_while_the_planner_is_closed() {
    let home = folder();
    let mut window = start(home.path());
    draw_east(&mut window, Key::Num1);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let drawn = selected(&window);
    assert_eq!((drawn.text("kind"), drawn.text("plan")), ("no_entry", ""));
    assert!(away_m(&line(&drawn), BEND) < 1.0, "{:?}", line(&drawn));
    let waypoints = Waypoint::of(&drawn);
    assert_eq!(waypoints.len(), 2);
    assert!(waypoints.iter().all(|waypoint| waypoint.is_snapped));
    // Its waypoints are edited, not its vertices: the bend stays a bend.
    press(&mut window, Modifiers::NONE, Key::E);
    window.get_by_label_contains("编辑途经点");
    let (from, to) = (screen(&window, waypoints[1].at), screen(&window, BEND));
    drag(&mut window, from, to);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let shorter = selected(&window);
    assert_eq!(shorter.id, drawn.id);
    assert!(away_m(&line(&shorter), SOUTH) > 1000.0);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(selected(&window).geometry, drawn.geometry, "one step");
}

#[test]
fn a_waypoint_is_let_go_by_a_click_and_a_grey_dot_becomes_one_by_a_drag() {
    let home = folder();
    let mut window = start(home.path());
    draw_east(&mut window, Key::Num1);
    let roads = window.state().model().planner.roads().cloned().unwrap();
    // The grey dot half way goes to the road in the west.
    let ends = [Waypoint::snapped(NORTH), Waypoint::snapped(SOUTH)];
    let way = resolve(&roads, &ends, RoadUse::Any, false).line.0;
    let half_m = length_m(&way) / 2.0;
    let mut gone_m = 0.0;
    let middle = way.windows(2).find_map(|pair| {
        let step_m = distance_m(pair[0], pair[1]);
        gone_m += step_m;
        (gone_m >= half_m).then(|| pair[1] - (pair[1] - pair[0]) * ((gone_m - half_m) / step_m))
    });
    let west = Coord { x: 118.1589, y: 39.8262 };
    let (from, to) = (screen(&window, middle.unwrap()), screen(&window, west));
    drag(&mut window, from, to);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let drawn = selected(&window);
    assert_eq!(Waypoint::of(&drawn).len(), 3);
    assert!(away_m(&line(&drawn), west) < 1.0);
    for pair in line(&drawn).0.windows(2) {
        let middle = (pair[0] + pair[1]) / 2.0;
        assert!(nearest(&roads, middle, 1.0).is_some(), "{middle:?} is on no road");
    }

    draw_east(&mut window, Key::Num1);
    click_at(&mut window, NORTH);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let drawn = selected(&window);
    let flags: Vec<bool> = Waypoint::of(&drawn).iter().map(|w| w.is_snapped).collect();
    assert_eq!(flags, [false, true]);
    assert_eq!(line(&drawn).0.len(), 2, "straight");
}

#[test]
fn a_whole_road_is_taken_in_one_click_and_only_its_part_in_the_ring_when_one_is_chosen() {
    let home = folder();
    let mut window = start(home.path());
    let on_g102 = Coord { x: 118.1562, y: 39.8262 };
    look_at(&mut window, on_g102, 14.0);
    press(&mut window, Modifiers::NONE, Key::Num1);
    press_label(&mut window, "整条路");
    let middle = Coord { x: 118.1656, y: 39.8263 };
    click_at(&mut window, middle);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let whole = length_m(&line(&selected(&window)).0);
    let road = named(&window, Kind::Road, "G102 国道(示意)");
    assert!((whole - length_m(&line(&road).0)).abs() < 20.0, "{whole}");

    let station = named(&window, Kind::ControlPoint, "丰润区政府");
    act(&mut window, Action::Select(vec![station.id]));
    look_at(&mut window, on_g102, 14.0);
    press(&mut window, Modifiers::NONE, Key::Num1);
    // Alt does the same for one click.
    window.event(Event::ModifiersChanged(Modifiers::ALT));
    click_at(&mut window, middle);
    window.event(Event::ModifiersChanged(Modifiers::NONE));
    press(&mut window, Modifiers::NONE, Key::Enter);
    let part = line(&selected(&window));
    let Some(Geometry::Point(place)) = station.geometry else { panic!("no place") };
    let ends = [part.0[0], part.0[part.0.len() - 1]];
    for end in ends {
        let away_m = distance_m(end, place.0);
        assert!((away_m - 1000.0).abs() < 1.0, "{away_m}");
    }
}

#[test]
fn the_blocks_of_a_ring_become_an_area_along_roads_in_one_click_and_one_step() {
    let home = folder();
    let mut window = start(home.path());
    let before = count(&window, Kind::Restriction);
    let station = named(&window, Kind::ControlPoint, "丰润区政府");
    act(&mut window, Action::Select(vec![station.id]));
    // It may lie further down than the card is high.
    window.get_by_label("圈内街区限行 1000 m").click_accesskit();
    settle(&mut window);
    assert_eq!(count(&window, Kind::Restriction), before + 1);
    let area = selected(&window);
    assert_eq!(area.name(), "丰润区政府 1000 m 圈内街区限行");
    let Some(Geometry::Polygon(polygon)) = &area.geometry else { panic!("{:?}", area.geometry) };
    let roads = window.state().model().planner.roads().cloned().unwrap();
    for pair in polygon.exterior().0.windows(2) {
        let middle = (pair[0] + pair[1]) / 2.0;
        assert!(nearest(&roads, middle, 1.0).is_some(), "{middle:?} is on no road");
    }
    assert!(Waypoint::of(&area).len() >= 3, "it can be edited like a drawn one");
    press(&mut window, Modifiers::NONE, Key::E);
    window.get_by_label_contains("编辑途经点");
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Restriction), before);
}

#[test]
fn the_figures_follow_a_draft_before_enter_and_are_back_after_escape() {
    let home = folder();
    let mut window = planning(home.path());
    let figures = |window: &Harness<'_, App>| {
        let answer = window.state().model().planner.answer.clone().unwrap();
        (answer.is_draft(), answer.comparison.after.clone())
    };
    let kept = figures(&window);
    let before = count(&window, Kind::Restriction);
    let on_g102 = Coord { x: 118.1562, y: 39.8262 };
    look_at(&mut window, on_g102, 13.5);
    press(&mut window, Modifiers::NONE, Key::Num1);
    click_at(&mut window, on_g102);
    click_at(&mut window, Coord { x: 118.1656, y: 39.8263 });
    let (is_draft, live) = figures(&window);
    assert!(is_draft && live != kept.1, "the line counts before it is kept");
    assert_eq!(count(&window, Kind::Restriction), before);
    assert!(window.query_all_by_label_contains("草图：").next().is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(figures(&window), kept);
    assert!(window.query_by_label_contains("草图：").is_none());

    press_label(&mut window, "恢复草图");
    assert_eq!(figures(&window), (true, live.clone()), "the draft is back with its waypoints");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(figures(&window), (false, live));
    let drawn = selected(&window);
    assert_eq!((drawn.text("plan"), drawn.text("kind")), (PLAN, "no_entry"));
}

#[test]
fn a_draft_comes_back_after_a_restart_with_its_waypoints_kind_and_plan() {
    let home = folder();
    let mut window = planning(home.path());
    draw_east(&mut window, Key::Num1);
    press(&mut window, Modifiers::NONE, Key::Escape);
    drop(window);
    let mut window = start(home.path());
    press_label(&mut window, "恢复草图");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let drawn = selected(&window);
    assert_eq!((drawn.text("plan"), drawn.text("kind")), (PLAN, "no_entry"));
    assert_eq!(Waypoint::of(&drawn).len(), 2);
    assert!(away_m(&line(&drawn), BEND) < 1.0);
}

#[test]
fn an_order_on_a_road_that_was_moved_is_told_and_led_along_it_again_in_one_step() {
    let home = folder();
    let mut window = planning(home.path());
    draw_east(&mut window, Key::Num1);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let drawn = selected(&window);
    let road = named(&window, Kind::Road, "东外环(示意)");
    let mut moved = Record::clone(&road);
    let aside = destination(BEND, 90.0, 150.0);
    let vertices = line(&road).0.into_iter().map(|at| if at == BEND { aside } else { at });
    moved.geometry = Some(LineString(vertices.collect()).into());
    let edit = Edit::of(vec![Change::update(road, moved)]);
    act(&mut window, Action::Data(DataAction::Apply(edit)));
    let page = window.query_all_by_label_contains("检查 ").next().unwrap();
    page.click();
    settle(&mut window);
    let told = window.query_all_by_label_contains("道路已变，线已移动 1").next();
    assert!(told.is_some(), "more than 100 m");
    press_label(&mut window, &format!("重新沿路: {}", drawn.name()));
    let led = window.state().model().record(drawn.id).unwrap().clone();
    assert!(away_m(&line(&led), aside) < 1.0);
    assert!(window.query_by_label_contains("道路已变").is_none());
    press(&mut window, Modifiers::COMMAND, Key::Z);
    let back = window.state().model().record(drawn.id).unwrap();
    assert_eq!(back.geometry, drawn.geometry);
}

#[test]
fn a_detour_is_proposed_for_its_order_and_a_copy_of_the_plan_keeps_them_together() {
    let home = folder();
    let mut window = planning(home.path());
    // An order of the plan for which some truck makes way.
    let answer = window.state().model().planner.answer.clone().unwrap();
    let (prepared, comparison) = (&answer.asked.prepared, &answer.comparison);
    let displaces = |order: &&Arc<shapan::network::orders::TrafficOrder>| {
        shapan::network::detour::around(prepared, comparison, order.id).is_some()
    };
    let closure = comparison.planned.iter().find(displaces).unwrap().id;
    let closure = window.state().model().record(closure).unwrap().clone();
    act(&mut window, Action::Select(vec![closure.id]));
    press(&mut window, Modifiers::NONE, Key::Num4);
    window.get_by_label_contains("画绕行线 · 拖动途经点");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let detour = selected(&window);
    assert_eq!((detour.text("kind"), detour.text("plan")), ("detour", PLAN));
    assert_eq!(detour.text("detour_of"), closure.id.to_string());
    assert!(Waypoint::of(&detour).len() >= 2);
    let roads = window.state().model().planner.roads().cloned().unwrap();
    for pair in line(&detour).0.windows(2) {
        let middle = (pair[0] + pair[1]) / 2.0;
        assert!(nearest(&roads, middle, 1.0).is_some(), "{middle:?} is on no road");
    }
    let answer = window.state().model().planner.answer.clone().unwrap();
    let is_closed = answer.comparison.findings.iter().any(|finding| {
        finding.record == detour.id && finding.words.zh.contains(&format!("“{}”", closure.name()))
    });
    assert!(!is_closed, "it does not lead over the order that it leads around");

    press(&mut window, Modifiers::COMMAND, Key::D);
    let world = window.state().model().world();
    let copies: Vec<&Arc<Record>> =
        world.table(Kind::Restriction).iter().filter(|o| o.text("plan") == "方案一").collect();
    let copy = |kind: &str, name: &str| {
        copies.iter().find(|o| o.text("kind") == kind && o.name() == name).unwrap()
    };
    let closure = copy(closure.text("kind"), closure.name());
    let detour = copy("detour", detour.name());
    assert_eq!(detour.get("detour_of"), Some(&Value::text(&closure.id.to_string())));
}
