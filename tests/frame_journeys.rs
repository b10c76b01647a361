//! The frame of the window: its places and what each remembers, one step back at a time.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::analysis::Filter;
use shapan::domain::{Kind, Lang};
use shapan::ui::{Action, App, Command, Group, WindowAction, Workspace};

use crate::journeys::{act, named, press, settle, start};
use crate::support::folder;

const NONE: Modifiers = Modifiers::NONE;

/// Keys of the layers that are shown.
fn shown(window: &Harness<'_, App>) -> Vec<String> {
    let layers = window.state().model().layers.iter();
    layers.filter(|layer| layer.is_shown).map(|layer| layer.key.clone()).collect()
}

#[test]
fn each_place_brings_its_layers_and_table_and_is_found_as_it_was_left_also_tomorrow() {
    let home = folder();
    let mut window = start(home.path());
    let situation = shown(&window);
    assert!(situation.contains(&"sites".to_owned()) && !situation.contains(&"gates".to_owned()));
    press(&mut window, NONE, Key::G);
    assert!(window.state().model().shows_pages(), "the plans stand below the map");
    let plans = shown(&window);
    assert!(plans.contains(&"gates".to_owned()) && !plans.contains(&"sites".to_owned()));

    let mut layers = window.state().model().layers.clone();
    layers.iter_mut().filter(|layer| layer.key == "cameras").for_each(|it| it.is_shown = false);
    act(&mut window, Action::Layers(layers));
    press(&mut window, NONE, Key::F9);
    press(&mut window, NONE, Key::F10);
    let tabs = |window: &Harness<'_, App>, kind: Kind| {
        let height = window.ctx.content_rect().height();
        let named = window.query_all_by_label_contains(kind.label().zh);
        named.filter(|node| node.rect().top() > height - 370.0).count()
    };
    assert!(tabs(&window, Kind::Restriction) > 0 && tabs(&window, Kind::ControlPoint) == 0);
    let left = shown(&window);

    press(&mut window, NONE, Key::W);
    assert_eq!(shown(&window), situation);
    let model = window.state().model();
    assert!(model.panels().right && !model.panels().dock, "each place has its own panels");
    press(&mut window, NONE, Key::G);
    let model = window.state().model();
    assert!(!model.panels().right && model.shows_table());
    assert_eq!(shown(&window), left);

    let settings = window.state().model().settings.clone();
    settings.save(home.path()).unwrap();
    let (settings, damaged) = shapan::settings::Settings::load(home.path());
    assert!(damaged.is_none());
    let view = &settings.workspaces["plans"];
    assert!(view.panels.is_some_and(|panels| panels.is_table && !panels.right));
    assert!(view.layers.iter().any(|layer| layer.key == "cameras" && !layer.is_shown));
}

#[test]
fn the_key_of_a_place_leads_there_then_to_its_pages_and_then_back() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, NONE, Key::M);
    assert!(window.state().model().meeting.is_open);
    act(&mut window, Action::Command(Command::Dock));
    let model = window.state().model();
    assert!(!model.panels().dock && model.meeting.is_open, "the map alone, still in the meeting");
    press(&mut window, NONE, Key::M);
    assert!(window.state().model().shows_pages());
    press(&mut window, NONE, Key::G);
    let model = window.state().model();
    assert!(model.planner.is_open && !model.meeting.is_open);
    press(&mut window, NONE, Key::G);
    let model = window.state().model();
    assert!(!model.planner.is_open && !model.panels().dock);
}

#[test]
fn escape_takes_back_tool_filter_card_and_dock_one_at_a_time() {
    let home = folder();
    let mut window = start(home.path());
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    press(&mut window, NONE, Key::F10);
    act(&mut window, Action::Filter(Filter { is_failing: true, ..Filter::default() }));
    act(&mut window, Action::Select(vec![site.id]));
    press(&mut window, NONE, Key::Num6);
    let state = |window: &Harness<'_, App>| {
        let model = window.state().model();
        let has_tool = window.query_all_by_label_contains("测量 ·").next().is_some();
        (has_tool, !model.filter.is_empty(), !model.selection.is_empty(), model.panels().dock)
    };
    assert_eq!(state(&window), (true, true, true, true));
    for left in [
        (false, true, true, true),
        (false, false, true, true),
        (false, false, false, true),
        (false, false, false, false),
        (false, false, false, false),
    ] {
        press(&mut window, NONE, Key::Escape);
        assert_eq!(state(&window), left);
    }
    // Out of a box of text first, and nothing else with it.
    act(&mut window, Action::Select(vec![site.id]));
    press(&mut window, Modifiers::COMMAND, Key::F);
    press(&mut window, NONE, Key::Escape);
    assert!(state(&window).2, "the card stays");
    press(&mut window, NONE, Key::Escape);
    assert!(!state(&window).2);
}

/// What was asked for last.
fn last(window: &Harness<'_, App>) -> Option<Command> {
    window.state().model().recent.first().copied()
}

/// As at the start: nothing open that was not, in Chinese, in letters of the usual size.
fn tidy(window: &mut Harness<'_, App>, command: Command) {
    for _ in 0..3 {
        window.key_press_modifiers(NONE, Key::Escape);
        window.run_steps(1);
    }
    let model = window.state().model();
    let (is_big, lang) = (model.is_big, model.lang());
    let send = |window: &mut Harness<'_, App>, command| {
        window.state().actions().send(Action::Command(command));
        window.run_steps(2);
    };
    if is_big {
        send(window, Command::Big);
    }
    if lang == Lang::En {
        send(window, Command::Language);
    }
    send(window, Command::NaturalSize);
    let place = match command.about().group {
        Group::Meeting => Workspace::Meeting,
        Group::Episodes => Workspace::Episodes,
        _ => Workspace::Situation,
    };
    window.state().actions().window(WindowAction::Enter(place));
    // Which is none of what is asked for next.
    send(
        window,
        if command == Command::NaturalSize { Command::Home } else { Command::NaturalSize },
    );
    if window.state().model().district.is_none() || command == Command::Redo {
        settle(window);
    }
}

fn press_at(window: &mut Harness<'_, App>, at: Pos2) {
    window.event(Event::PointerMoved(at));
    window.run_steps(2);
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        window.event(Event::PointerButton { pos: at, button, pressed, modifiers: NONE });
        window.run_steps(2);
    }
}

/// The middle of what is named so and lies in this part of the window; the last one painted.
fn at(window: &Harness<'_, App>, words: &str, within: Rect) -> Option<Pos2> {
    let mut rects = window.query_all_by_label(words).map(|node| node.rect());
    rects.rfind(|rect| within.contains_rect(*rect)).map(|rect| rect.center())
}

#[test]
fn every_command_is_reached_by_its_key_by_the_mouse_and_by_the_palette() {
    let home = folder();
    let mut window = start(home.path());
    window.state_mut().save_without_asking(home.path());
    let screen = window.ctx.content_rect();
    for command in Command::ALL.iter().copied() {
        let about = command.about();
        let words = about.words.zh;
        let key = about.key.unwrap();
        tidy(&mut window, command);
        assert_ne!(last(&window), Some(command));
        let modifiers = Modifiers { ctrl: key.modifiers.command, ..key.modifiers };
        window.key_press_modifiers(modifiers, key.logical_key);
        window.run_steps(2);
        assert_eq!(last(&window), Some(command), "by its key");

        tidy(&mut window, command);
        let bar = Rect::from_min_max(screen.min, pos2(screen.right(), 48.0));
        let menu = at(&window, "文件菜单", bar).unwrap();
        press_at(&mut window, menu);
        let column =
            |from: f32, to: f32| Rect::from_min_max(pos2(from, 40.0), pos2(to, screen.bottom()));
        // The menu, and the groups of commands beside it.
        let mut within = column(0.0, 280.0);
        if about.group != Group::File {
            let group = at(&window, about.group.title().zh, within).unwrap();
            press_at(&mut window, group);
            within = column(240.0, 600.0);
        }
        // A long list begins above the menu, over the bar.
        let above = Rect::from_min_max(pos2(within.left(), 0.0), within.max);
        let entry = at(&window, words, within).or_else(|| at(&window, words, above));
        let entry = entry.unwrap_or_else(|| panic!("{words} is in no menu"));
        press_at(&mut window, entry);
        assert_eq!(last(&window), Some(command), "by the mouse");

        tidy(&mut window, command);
        window.key_press_modifiers(Modifiers::COMMAND, Key::K);
        window.run_steps(4);
        window.event(Event::Text(words.to_owned()));
        window.run_steps(2);
        window.key_press_modifiers(NONE, Key::Enter);
        window.run_steps(3);
        assert_eq!(last(&window), Some(command), "by the palette");
    }
}
