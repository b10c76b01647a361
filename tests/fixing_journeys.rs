//! Journeys of those who put right what the checks found, and of those who give a plan its name.

use std::sync::Arc;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Coord, LineString, Point};
use shapan::domain::{Change, Edit, Kind, Record, RecordId, Value};
use shapan::network::lint::{LintFinding, LintRule};
use shapan::network::plan_lifecycle;
use shapan::ui::{Action, App, DataAction};

use crate::journeys::{act, named, press, settle, type_text};
use crate::planner_journeys::{PLAN, click, planning, reach};
use crate::support::{folder, ids, record};

fn apply(window: &mut Harness<'_, App>, records: Vec<Record>) {
    let edit = Edit::of(records.into_iter().map(Change::create).collect());
    act(window, Action::Data(DataAction::Apply(edit)));
}

/// Whether the checks say that a works is cut off.
fn is_cut_off(window: &Harness<'_, App>, works: RecordId) -> bool {
    let answer = window.state().model().planner.answer.as_ref().unwrap();
    let is_it = |finding: &LintFinding| {
        finding.rule == LintRule::PlaceUnreachable && finding.record == works
    };
    answer.comparison.findings.iter().any(is_it)
}

#[test]
fn a_works_that_is_cut_off_is_let_through_with_a_pass_in_one_step() {
    let home = folder();
    let mut window = planning(home.path());
    let answer = Arc::clone(window.state().model().planner.answer.as_ref().unwrap());
    let gate = answer.prepared().gates.iter().find_map(|gate| gate.at).unwrap();
    let end = gate + Coord { x: 0.004, y: 0.004 };
    let mut ids = ids();
    let mut road = record(&mut ids, Kind::Road, "厂前", "厂前路", None);
    road.geometry = Some(LineString(vec![gate, end]).into());
    let mut works = record(&mut ids, Kind::Site, "厂", "路尽头的厂", None);
    works.geometry = Some(Point(end).into());
    works.set("kind", Some(Value::Choice("enterprise")));
    let mut ban = record(&mut ids, Kind::Restriction, "禁", "厂前路禁行", None);
    ban.geometry = Some(LineString(vec![gate, end]).into());
    ban.set("kind", Some(Value::Choice("no_entry")));
    ban.set("plan", Some(Value::text(PLAN)));
    let id = works.id;
    apply(&mut window, vec![road, works, ban]);
    assert!(is_cut_off(&window, id));
    let count = {
        let answer = window.state().model().planner.answer.as_ref().unwrap();
        answer.comparison.findings.len() + answer.drifts.len()
    };
    click(&mut window, &format!("检查 {count}"));
    reach(&mut window, "豁免持通行证车辆: 路尽头的厂：方案实施后重型货车无法到达或离开");
    let exempt = |window: &Harness<'_, App>| {
        let ban = named(window, Kind::Restriction, "厂前路禁行");
        ban.get("exemptions").map(Value::to_cell).unwrap_or_default()
    };
    assert_eq!(exempt(&window), "通行证");
    assert!(!is_cut_off(&window, id));
    click(&mut window, "结果");
    assert!(window.query_all_by_label_contains("须持通行证到达 ").next().is_some());
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(exempt(&window), "");
    assert!(is_cut_off(&window, id));
}

#[test]
fn a_plan_that_is_renamed_in_its_card_keeps_its_orders_and_stays_chosen_also_when_undone() {
    let home = folder();
    let mut window = planning(home.path());
    let mut plan = record(&mut ids(), Kind::Plan, "F1", PLAN, None);
    plan.set("state", Some(Value::Choice("草案")));
    let id = plan.id;
    apply(&mut window, vec![plan]);
    let orders = |window: &Harness<'_, App>, plan: &str| {
        plan_lifecycle::orders(&window.state().model().world(), plan).count()
    };
    let count = orders(&window, PLAN);
    assert!(count > 1);
    act(&mut window, Action::Select(vec![id]));
    window.get_by_role_and_label(egui::Role::TextInput, "名称").focus();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "冬季方案");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!((orders(&window, "冬季方案"), orders(&window, PLAN)), (count, 0));
    assert_eq!(window.state().model().planner.plan, "冬季方案");
    press(&mut window, Modifiers::NONE, Key::Escape);
    act(&mut window, Action::Command(shapan::ui::Command::Undo));
    assert_eq!((orders(&window, "冬季方案"), orders(&window, PLAN)), (0, count));
    assert_eq!(window.state().model().planner.plan, PLAN);
}
