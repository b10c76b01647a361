//! Journeys through what a planner looks at before the signature: what is closed, today beside the plan,
//! assumptions, roads as they will be.

use std::collections::BTreeSet;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::Coord;
use shapan::domain::{Kind, OrderKind};
use shapan::network::ArcId;
use shapan::network::snap_route::length_m;
use shapan::settings::{PlannerTerms, Preference};
use shapan::ui::{Action, App, Beside};

use crate::drawing_journeys::{click_at, drag, look_at};
use crate::journeys::{act, count, named, press, settle};
use crate::planner_journeys::{PLAN, click, planning, reach};
use crate::support::folder;

#[test]
fn one_carriageway_is_chosen_in_the_tool_what_is_closed_lies_on_the_map_and_the_sides_are_compared()
{
    let home = folder();
    let mut window = planning(home.path());
    let answer = std::sync::Arc::clone(window.state().model().planner.answer.as_ref().unwrap());
    let shown: Vec<u32> = answer.closed.all.iter().map(|piece| piece.edge).collect();
    let mut closed = Vec::new();
    let closing = |kind| kind != OrderKind::Detour;
    for order in answer.comparison.planned.iter().filter(|order| closing(order.kind)) {
        let is_open = |arc: &&ArcId| answer.prepared().network.is_open(**arc);
        let edges: BTreeSet<u32> =
            order.arcs.iter().filter(is_open).map(|arc| arc.edge() as u32).collect();
        closed.extend(edges);
    }
    assert_eq!(shown, closed, "exactly what the orders close");
    assert!(!closed.is_empty());

    click(&mut window, "左右对照");
    assert_eq!(window.state().model().planner.beside, Beside::Line(0.5));
    let handle = window.get_by_label("对照分界线").rect().center();
    let to = handle + egui::vec2(120.0, 0.0);
    drag(&mut window, handle, to);
    let Beside::Line(share) = window.state().model().planner.beside else { panic!("a line") };
    assert!(share > 0.5);
    window.get_by_label_contains("左 现状 ｜ 右");
    click(&mut window, "左右对照");
    assert_eq!(window.state().model().planner.beside, Beside::Apart);

    let whole = window.get_by_label("地图").rect();
    click(&mut window, "两图并列");
    let [before, after] = ["现状图", "地图"].map(|map| window.get_by_label(map).rect());
    assert!((before.width() - after.width()).abs() < 0.01 && before.right() < after.left());
    assert!(before.width() > 0.45 * whole.width());
    window.get_by_label_contains("左 现状 ｜ 右");
    let view = window.state().model().camera.view;
    drag(&mut window, before.center(), before.center() + egui::vec2(80.0, 0.0));
    assert!(window.state().model().camera.view.center.x < view.center.x, "both are moved by one");
    click(&mut window, "两图并列");
    assert!(window.query_by_label("现状图").is_none());

    press(&mut window, Modifiers::NONE, Key::Num1);
    click(&mut window, "只封本幅");
    assert!(window.query_by_label("只封本幅").is_some());
}

#[test]
fn a_road_is_given_other_limits_in_a_plan_by_its_card_and_that_is_one_step() {
    let home = folder();
    let mut window = planning(home.path());
    let road = named(&window, Kind::Road, "G102 国道(示意)");
    act(&mut window, Action::Select(vec![road.id]));
    let before = count(&window, Kind::Road);
    reach(&mut window, "在本方案中改等级、限速");
    assert_eq!(count(&window, Kind::Road), before + 1);
    let copy = window.state().model().selected().cloned().unwrap();
    assert_eq!((copy.text("plan"), copy.text("stands_for")), (PLAN, road.id.to_string().as_str()));
    assert_eq!(copy.geometry, road.geometry);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Road), before);
}

#[test]
fn who_does_not_comply_is_an_assumption_that_is_said_and_moves_the_figures() {
    let home = folder();
    let mut window = planning(home.path());
    let km = |window: &Harness<'_, App>| {
        window.state().model().planner.answer.as_ref().unwrap().comparison.after.inside.truck_km
    };
    let all = km(&window);
    let terms = PlannerTerms { not_complying: 0.1, ..Default::default() };
    act(&mut window, Action::Prefer(Preference::PlannerTerms(terms)));
    window.get_by_label("转向等待：不计 · 不遵守 10 %");
    assert!(km(&window) > all + 1.0);
}

#[test]
fn hours_that_were_counted_at_a_gate_are_pasted_and_its_flows_drive_in_them() {
    let home = folder();
    let mut window = planning(home.path());
    click(&mut window, "货车流量");
    let gate = {
        let world = window.state().model().world();
        world.table(Kind::Gate).iter().next().unwrap().name().to_owned()
    };
    let hours: Vec<String> = (0..24).map(|hour| (hour % 5 + 1).to_string()).collect();
    let counted = |window: &Harness<'_, App>| {
        let answer = window.state().model().planner.answer.as_ref().unwrap();
        answer.prepared().flows.iter().filter(|flow| flow.has_profile).count()
    };
    assert_eq!(counted(&window), 0);
    let at = window.get_by_label("由计数估算").rect().center() + egui::vec2(0.0, 60.0);
    window.hover_at(at);
    window.run_steps(2);
    window.event(egui::Event::Paste(format!("{gate}\t{}\n", hours.join("\t"))));
    settle(&mut window);
    assert!(counted(&window) > 0);
    assert!(named(&window, Kind::Gate, &gate).get("hourly").is_some());
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(counted(&window), 0, "one step");
}

#[test]
fn the_table_of_truck_speeds_is_changed_in_the_window_and_kept_for_the_next_start() {
    let home = folder();
    let mut window = planning(home.path());
    click(&mut window, "路网");
    reach(&mut window, "货车车速表…");
    // Of a class that no road here has: other windows of this test run read the same table.
    let cell = window.get_by_label("土路 高峰");
    cell.focus();
    settle(&mut window);
    window.get_by_label("保存并重算");
    crate::planner_journeys::write(&mut window, "来源", "浮动车实测");
    crate::planner_journeys::write(&mut window, "表的日期", "2026-11");
    click(&mut window, "保存并重算");
    let kept = shapan::settings::Office::load(&window.state().model().folder).unwrap();
    assert!(kept.truck_speeds.is_some());
    assert!(window.state().model().planner.answer.is_some(), "computed anew");
}

#[test]
fn two_clicks_show_the_way_of_a_truck_today_and_under_the_plan() {
    let home = folder();
    let mut window = planning(home.path());
    window.get_by_label_contains("变化的车流").click();
    settle(&mut window);
    reach(&mut window, "两点查路线");
    let from = Coord { x: 118.1562, y: 39.8262 };
    look_at(&mut window, from, 13.5);
    click_at(&mut window, from);
    click_at(&mut window, Coord { x: 118.1656, y: 39.8263 });
    let found = |window: &Harness<'_, App>| {
        let way = window.state().model().planner.way.as_ref().cloned().unwrap();
        way.as_ref().clone().unwrap()
    };
    let heavy = found(&window);
    assert!(heavy.before.is_some());
    assert!(heavy.before != heavy.after, "G102 through the town is closed to heavy trucks");
    window.get_by_label_contains("A → B · 重型");
    click(&mut window, "轻型");
    let light = found(&window);
    assert_eq!(light.before, light.after, "light trucks are not meant");
    press(&mut window, Modifiers::NONE, Key::Escape);
    reach(&mut window, "收起路线");
    assert!(window.state().model().planner.way_asked.is_none());
}

#[test]
fn what_moves_each_figure_is_told_and_pasted_counts_stand_beside_the_model() {
    let home = folder();
    let mut window = planning(home.path());
    click(&mut window, "方案对比");
    reach(&mut window, "各数的敏感性");
    let found = window.state().model().planner.sensitivity.as_ref().cloned().unwrap();
    assert!(found.rows.len() > 8 && found.base[0] < -100.0, "{found:?}");
    assert!(window.query_all_by_label_contains("不遵守 0–10 %").next().is_some());
    press(&mut window, Modifiers::NONE, Key::Period);
    assert!(
        window.query_all_by_label_contains("不遵守 0–10 %").next().is_none(),
        "of another moment"
    );

    click(&mut window, "校核");
    let gate = {
        let world = window.state().model().world();
        world.table(Kind::Gate).iter().next().unwrap().name().to_owned()
    };
    let flows = count(&window, Kind::Flow);
    let at = window.get_by_label_contains("粘贴的计数").rect().center() + egui::vec2(0.0, 60.0);
    window.hover_at(at);
    window.run_steps(2);
    window.event(egui::Event::Paste(format!("{gate}\t1200\n别处\t5\n")));
    settle(&mut window);
    let held = window.state().model().planner.held.as_ref().cloned().unwrap();
    assert_eq!((held.fits.len(), held.unused.len()), (1, 1));
    assert!((held.fits[0].means()[0] - 50.0).abs() < 1e-9);
    assert_eq!(count(&window, Kind::Flow), flows, "nothing is written");
    reach(&mut window, "由这些计数估算车流");
    assert!(window.state().model().planner.estimate.is_some());
}

#[test]
fn two_clicks_at_a_junction_ban_that_turn_of_that_arm_in_the_plan_and_two_more_allow_it() {
    let home = folder();
    let mut window = planning(home.path());
    let roads = window.state().model().planner.roads().cloned().unwrap();
    let network = &roads.network;
    let is_long = |arc: &ArcId| network.edge(*arc).is_some_and(|edge| edge.length_m > 300.0);
    let road = |arc: ArcId| network.edge(arc).map(|edge| edge.road);
    let nodes = 0..network.nodes.len() as u32;
    let (node, from, into) = nodes
        .filter(|node| network.leaving(*node).iter().filter(|arc| is_long(arc)).count() > 2)
        .find_map(|node| {
            let from = *network.entering(node).iter().find(|arc| is_long(arc))?;
            let leaving = network.leaving(node).iter();
            let into = *leaving.clone().find(|arc| is_long(arc) && road(**arc) != road(from))?;
            Some((node, from, into))
        })
        .unwrap();
    let place = |arc: ArcId| {
        let line = network.line_of(&[arc]).0;
        // A tenth of its first piece away from the junction.
        line[0] + (line[1] - line[0]) * (120.0 / length_m(&line[..2])).min(0.4)
    };
    look_at(&mut window, network.nodes[node as usize], 15.5);
    act(&mut window, Action::Command(shapan::ui::Command::BanTurns));
    let orders = count(&window, Kind::Restriction);
    let click_both = |window: &mut Harness<'_, App>| {
        click_at(window, place(from.reverse()));
        click_at(window, place(into));
    };
    click_both(&mut window);
    assert_eq!(count(&window, Kind::Restriction), orders + 1);
    let order = window.state().model().selected().cloned().unwrap();
    assert!(OrderKind::NoTurn.is_of(&order));
    assert_eq!(order.text("plan"), PLAN);
    let turns = |window: &Harness<'_, App>| {
        let answer = window.state().model().planner.answer.as_ref().unwrap();
        let planned = answer.comparison.planned.iter();
        planned.flat_map(|order| order.turns.clone()).collect::<Vec<_>>()
    };
    assert_eq!(turns(&window), [(from, into)], "no other arm");
    let before = &window.state().model().planner.answer.as_ref().unwrap().comparison.before;
    let today = before.trips.iter().filter_map(|trip| trip.route.as_ref());
    let drives = |arcs: &[ArcId]| arcs.windows(2).any(|w| w == [from, into]);
    let after = &window.state().model().planner.answer.as_ref().unwrap().comparison.after;
    let meant = today.filter(|route| drives(&route.arcs)).count();
    let left = after.trips.iter().filter_map(|trip| trip.route.as_ref());
    assert_eq!(left.filter(|route| drives(&route.arcs)).count(), 0, "of {meant} today");
    click_both(&mut window);
    assert_eq!(turns(&window), []);
    assert_eq!(count(&window, Kind::Restriction), orders);
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(turns(&window), [(from, into)], "one step");
}

#[test]
fn the_hours_of_a_gate_are_drawn_on_its_card_and_its_flows_drive_in_them() {
    let home = folder();
    let mut window = planning(home.path());
    let gate = {
        let world = window.state().model().world();
        world.table(Kind::Gate).iter().next().unwrap().clone()
    };
    act(&mut window, Action::Select(vec![gate.id]));
    let bars = window.get_by_label("分时量图").rect();
    let place = |hour: f32, height: f32| {
        egui::pos2(
            bars.left() + bars.width() * (hour + 0.5) / 24.0,
            bars.top() + 64.0 * (1.0 - height),
        )
    };
    drag(&mut window, place(2.0, 0.9), place(6.0, 0.9));
    let hours = |window: &Harness<'_, App>| {
        let world = window.state().model().world();
        world.get(gate.id).unwrap().get("hourly").map(shapan::domain::Value::to_cell)
    };
    let drawn = hours(&window).unwrap();
    let drawn: Vec<f64> = drawn.split(';').map(|hour| hour.trim().parse().unwrap()).collect();
    assert_eq!(drawn.len(), 24);
    assert!(drawn[2..=6].iter().all(|share| (share / drawn[10] - 1.125).abs() < 0.1), "{drawn:?}");
    let counted = |window: &Harness<'_, App>| {
        let answer = window.state().model().planner.answer.as_ref().unwrap();
        answer.prepared().flows.iter().filter(|flow| flow.has_profile).count()
    };
    assert!(counted(&window) > 0);
    reach(&mut window, "改回常用时变");
    assert_eq!(hours(&window), None);
}
