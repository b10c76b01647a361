//! The ledger in the window, by keys alone.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::analysis::ledger::View;
use shapan::domain::{ItemState, Kind, Record};
use shapan::ui::{Action, App, LedgerAction, Workspace};

use crate::journeys::{count, press, settle, start, type_text};
use crate::support::folder;

fn ledger(home: &std::path::Path) -> Harness<'static, App> {
    let mut window = start(home);
    press(&mut window, Modifiers::NONE, Key::U);
    assert_eq!(window.state().model().workspace, Workspace::Ledger);
    window
}

fn selected(window: &Harness<'_, App>) -> std::sync::Arc<Record> {
    std::sync::Arc::clone(window.state().model().selected().unwrap())
}

fn state(window: &Harness<'_, App>) -> ItemState {
    ItemState::of(&selected(window)).unwrap()
}

/// Chooses a list by its button, as the tab key and Enter would.
fn view(window: &mut Harness<'_, App>, words: &str) {
    let button = window.query_all_by_label_contains(words).next().unwrap();
    button.click();
    settle(window);
}

#[test]
fn the_sample_has_something_in_every_list_of_the_day() {
    let home = folder();
    let window = ledger(home.path());
    let now = window.state().model().ledger.as_ref().unwrap();
    for list in View::ALL {
        // Each is the sample's, whatever the day.
        assert!(now.count(list) > 0 || list == View::Ownerless, "{list:?}");
    }
    window.get_by_label("谁在拖");
}

#[test]
fn a_clerk_hands_over_and_follows_an_item_to_its_check_by_keys() {
    let home = folder();
    let mut window = ledger(home.path());
    view(&mut window, "待交办");
    press(&mut window, Modifiers::NONE, Key::J);
    assert_eq!(state(&window), ItemState::Registered);
    let item = selected(&window).id;
    press(&mut window, Modifiers::NONE, Key::Num1);
    window.get_by_role_and_label(egui::Role::TextInput, "时限").focus();
    settle(&mut window);
    type_text(&mut window, "3日内");
    press(&mut window, Modifiers::NONE, Key::Enter);
    // What nobody said is asked for, and a reason is enough.
    window.query_all_by_label_contains("需写明原因").next().unwrap();
    type_text(&mut window, "现场口头交办");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::HandedOver));
    assert!(!now.words("units").is_empty(), "filled in from the duties");
    assert!(!now.text("due").is_empty());

    press(&mut window, Modifiers::NONE, Key::Num2);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::Accepted));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::HandedOver), "one step is one undo");
}

#[test]
fn a_return_needs_a_reason_and_several_items_are_one_undo_step() {
    let home = folder();
    let mut window = ledger(home.path());
    view(&mut window, "待核查");
    press(&mut window, Modifiers::NONE, Key::J);
    assert!(state(&window).awaits_check());
    let item = selected(&window).id;
    press(&mut window, Modifiers::NONE, Key::Num0);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_ne!(state(&window), ItemState::Returned, "without a reason nothing is returned");
    type_text(&mut window, "雾炮未开启");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::Returned));
}

#[test]
fn enter_opens_the_page_of_an_item_and_escape_closes_it() {
    let home = folder();
    let mut window = ledger(home.path());
    press(&mut window, Modifiers::NONE, Key::J);
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("关闭问题页");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("关闭问题页").is_none());
    assert_eq!(window.state().model().workspace, Workspace::Ledger, "and no more than that");
}

#[test]
fn every_number_of_who_is_late_opens_its_items() {
    let home = folder();
    let mut window = ledger(home.path());
    window.get_by_label("谁在拖").click();
    settle(&mut window);
    window.get_by_label("责任单位").click();
    settle(&mut window);
    window.query_all_by_label_contains("住建局 交办 ").next().unwrap().click();
    settle(&mut window);
    window.get_by_label("清除台账筛选");
}

#[test]
fn a_decision_becomes_an_item_that_is_linked_both_ways() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::M);
    let before = count(&window, Kind::Item);
    let decision = {
        let world = window.state().model().world();
        world.table(Kind::Decision).iter().next().unwrap().id
    };
    crate::journeys::act(&mut window, Action::Ledger(LedgerAction::OfDecisions(vec![decision])));
    assert_eq!(count(&window, Kind::Item), before + 1);
    let item = selected(&window);
    assert_eq!(item.kind, Kind::Item);
    assert!(item.linked("records").any(|id| id == decision));
    let model = window.state().model();
    assert!(model.record(decision).unwrap().linked("records").any(|id| id == item.id));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Item), before);
}
