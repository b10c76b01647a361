//! Journeys of a hand that is faster than the window, and of messages that must not be in its way.

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::ui::{Action, App, Command};

use crate::desk_journeys::start_at;
use crate::journeys::{act, named, press, settle, start};
use crate::support::folder;

fn key(key: Key, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

/// A letter as a keyboard sends it: the key, then its text.
fn letter(of: Key, text: &str) -> [Event; 2] {
    [key(of, Modifiers::NONE), Event::Text(text.to_owned())]
}

/// All of it in one frame, as a machine that is busy gets it.
fn at_once(window: &mut Harness<'_, App>, events: Vec<Event>) {
    window.input_mut().events.extend(events);
    window.step();
}

#[test]
fn what_is_typed_right_after_a_box_was_asked_for_reaches_it_and_no_shortcut() {
    let home = folder();
    let mut window = start(home.path());
    let panels = window.state().model().panels();
    let wants = [key(Key::F, Modifiers::COMMAND)];
    // In the same frame; one frame later, before the box is there; and when it has the focus.
    at_once(&mut window, [&wants[..], &letter(Key::Q, "q")].concat());
    at_once(&mut window, letter(Key::L, "l").to_vec());
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().model().selected().unwrap().name(), "邱柳线(示意)");
    assert_eq!(window.state().model().panels(), panels, "L was no shortcut");

    // The whole word with Enter in one frame; a letter before it is a shortcut and no text.
    act(&mut window, Action::Select(Vec::new()));
    let word = [letter(Key::Q, "q"), letter(Key::L, "l")].concat();
    let enter = [key(Key::Enter, Modifiers::NONE)];
    at_once(&mut window, [&letter(Key::L, "l")[..], &wants, &word, &enter].concat());
    settle(&mut window);
    assert_eq!(window.state().model().selected().unwrap().name(), "邱柳线(示意)");
    assert_ne!(window.state().model().panels().left, panels.left, "the first L was one");

    // A second time in the box that has the focus already.
    act(&mut window, Action::Select(Vec::new()));
    press(&mut window, Modifiers::COMMAND, Key::F);
    at_once(&mut window, [&wants[..], &word].concat());
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().model().selected().unwrap().name(), "邱柳线(示意)");

    // The box of a dialog as well, from the search box too.
    press(&mut window, Modifiers::COMMAND, Key::F);
    let decide = [key(Key::J, Modifiers::COMMAND), Event::Text("住建局".to_owned())];
    at_once(&mut window, decide.to_vec());
    settle(&mut window);
    let said = window.get_by_role_and_label(egui::Role::TextInput, "决定");
    assert_eq!(said.value().as_deref(), Some("住建局"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::NONE, Key::Escape);

    // Leaving one dialog for another in one frame leaves only the first.
    press(&mut window, Modifiers::NONE, Key::F1);
    let leaves = [key(Key::Escape, Modifiers::NONE)];
    at_once(&mut window, [&leaves[..], &decide].concat());
    settle(&mut window);
    let said = window.get_by_role_and_label(egui::Role::TextInput, "决定");
    assert_eq!(said.value().as_deref(), Some("住建局"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::NONE, Key::Escape);

    // Where no box comes, what was typed for it is nothing; later keys are keys again.
    act(&mut window, Action::Command(Command::Big));
    let panels = window.state().model().panels();
    at_once(&mut window, [&wants[..], &letter(Key::L, "l")].concat());
    settle(&mut window);
    assert_eq!(window.state().model().panels(), panels, "L was meant for the box");
    press(&mut window, Modifiers::NONE, Key::L);
    assert_ne!(window.state().model().panels(), panels, "now it is a shortcut");
}

/// Over the map alone: beside the layers, the card and the buttons, above the table.
#[test]
fn messages_cover_neither_table_nor_card_nor_each_other_at_any_scale() {
    for scale in [1.0, 1.5] {
        let home = folder();
        let mut window = start_at(home.path(), scale);
        let site = named(&window, shapan::domain::Kind::Site, "铸造厂(示例)");
        press(&mut window, Modifiers::NONE, Key::F10);
        act(&mut window, Action::Command(Command::EditShape));
        act(&mut window, Action::Select(vec![site.id]));
        // What only reports success goes after some seconds: it is told last.
        act(&mut window, Action::Command(Command::Snap));
        act(&mut window, Action::Command(Command::Snap));
        let map = window.get_by_role_and_label(egui::Role::Canvas, "地图").rect();
        let table = window.get_all_by_label_contains("导出").next().unwrap().rect();
        let words = ["请先选中一个有位置的记录", "捕捉已打开"].map(|said| {
            let words = window.query_by_label(said).map(|node| node.rect());
            words.unwrap_or_else(|| panic!("{scale}: {said}"))
        });
        let newest = words[1];
        assert!(map.contains_rect(newest), "{scale}: {newest:?} in {map:?}");
        assert!(newest.bottom() < table.top(), "{scale}: above the table");
        assert!(!words[0].intersects(newest), "{scale}: one above the other");
        window.get_all_by_label("关闭消息").last().unwrap().click_accesskit();
        settle(&mut window);
        assert!(
            window.query_by_label("捕捉已打开").is_none(),
            "{scale}: the last cross is its own"
        );
    }
}
