//! The room in which people meet: what they read across it, on any screen, for days on end.

use std::sync::Arc;

use egui::{Key, Modifiers, OutputCommand, Rect, Role, ViewportId, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use jiff::{SignedDuration, Timestamp};
use shapan::analysis::Filter;
use shapan::domain::{Change, Edit, Kind, Lang, Record, Value};
use shapan::geodesy::ring::destination;
use shapan::settings::clock;
use shapan::ui::{Action, App, Command, DataAction, MeetingAction};

use crate::desk_journeys::double_click;
use crate::journeys::{act, hover, named, press, screen, settle, start, type_text};
use crate::planner_journeys::{click, reach};
use crate::support::folder;

const NONE: Modifiers = Modifiers::NONE;
/// Of the sample.
const DECISION: &str = "住建局 11月24日前 晨光里小区二期工地雾炮到位(示例)";

fn rects(window: &Harness<'_, App>, words: &str) -> Vec<Rect> {
    window.query_all_by_label_contains(words).map(|node| node.rect()).collect()
}

fn meeting(window: &Harness<'_, App>, date: &str, name: &str) -> Arc<Record> {
    let stamp = window.state().model().stamp();
    let mut meeting = Record::new(clock::ids(&stamp).next(), Kind::Meeting, &stamp);
    meeting.set("name", Some(Value::text(name)));
    meeting.set("date", Some(Value::Date(date.parse().unwrap())));
    Arc::new(meeting)
}

/// What lies on the clipboard after a click on the button of the table.
fn copied(window: &mut Harness<'_, App>) -> Option<String> {
    let is_copy =
        |node: &AccessKitNode<'_>| node.label().is_some_and(|label| label.ends_with("复制"));
    window.get_by(is_copy).click();
    for _ in 0..20 {
        window.step();
        for command in &window.output().platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                return Some(text.clone());
            }
        }
    }
    None
}

#[test]
fn other_records_are_read_and_chosen_by_name_and_copied_as_they_are_stored() {
    let home = folder();
    let mut window = start(home.path());
    let decision = named(&window, Kind::Decision, DECISION);
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    let later = meeting(&window, "2026-11-27", "第二次会商会");
    let mut linked = Record::clone(&decision);
    linked.set("records", Some(Value::Words([site.id.to_string().into()].into())));
    let changes =
        vec![Change::create(Record::clone(&later)), Change::update(Arc::clone(&decision), linked)];
    act(&mut window, Action::Data(DataAction::Apply(Edit::of(changes))));
    act(&mut window, Action::Select(vec![decision.id]));

    // In the card: the meeting with its date, the site by name.
    let combo = window.get_by_role_and_label(Role::ComboBox, "会议");
    assert_eq!(combo.value().as_deref(), Some("2026-11-20 第一次会商会(示例)"));
    combo.click();
    settle(&mut window);
    click(&mut window, "2026-11-27 第二次会商会");
    let of = |window: &Harness<'_, App>| {
        named(window, Kind::Decision, DECISION).text("meeting").to_owned()
    };
    assert_eq!(of(&window), later.id.to_string(), "a meeting without a code is named by id");

    // In the table: the same words, found and changed in place, and copied as they are stored.
    let filter = Filter { kind: Some(Kind::Decision), ..Filter::default() };
    act(&mut window, Action::Filter(filter));
    act(&mut window, Action::Command(Command::Bottom));
    let cell = window.query_all_by_role_and_label(Role::Label, "2026-11-27 第二次会商会");
    let cell = cell.last().unwrap().rect().center();
    let text = copied(&mut window).unwrap();
    assert!(text.contains(&later.id.to_string()) && !text.contains("第二次会商会"), "{text}");
    double_click(&mut window, cell);
    let entry = window.get_all_by_role_and_label(Role::Button, "2026-11-20 第一次会商会(示例)");
    entry.last().unwrap().click();
    settle(&mut window);
    assert_eq!(of(&window), "SL-M01");

    reach(&mut window, "取消关联 铸造厂(示例)");
    assert_eq!(named(&window, Kind::Decision, DECISION).get("records"), None);
    for _ in 0..3 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(of(&window), "SL-M01");
    assert!(named(&window, Kind::Decision, DECISION).get("records").is_some());
}

#[test]
fn on_the_big_screen_a_ring_is_told_of_in_a_corner_and_a_scene_named_once() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, NONE, Key::M);
    let held = window.state().model().world().table(Kind::Meeting).by_code("SL-M01").unwrap().id;
    act(&mut window, Action::Meeting(MeetingAction::Hold(Some(held))));
    press(&mut window, NONE, Key::F11);
    assert_eq!(window.query_all_by_label("控制圈").count(), 0, "the scene says it already");
    // A screen of 1920 × 1080 pixels at 100, 150 and 200 %.
    for size in [vec2(1920.0, 1080.0), vec2(1280.0, 720.0), vec2(960.0, 540.0)] {
        window.set_size(size);
        settle(&mut window);
        let station = named(&window, Kind::ControlPoint, "丰润区政府");
        let Some(geo_types::Geometry::Point(at)) = &station.geometry else { panic!("a point") };
        act(&mut window, Action::View(shapan::ui::ViewAction::ShowRing(station.id, 1000.0)));
        let map = window.get_by_label("地图").rect();
        let title = "丰润区政府 · 1000 m";
        let told = (0..360).step_by(5).find_map(|azimuth| {
            let place = destination(at.0, f64::from(azimuth), 1000.0);
            let on = screen(&window, place);
            if !map.shrink(8.0).contains(on) {
                return None;
            }
            hover(&mut window, on);
            window.query_by_label(title).map(|node| node.rect())
        });
        let told = told.unwrap();
        let more = window.query_by_label_contains("…另有").map(|node| node.rect());
        let lines = rects(&window, "不达标")
            .into_iter()
            .filter(|line| line.min.y > told.min.y && (line.min.x - told.min.x).abs() < 2.0);
        let tip = lines.chain(more).fold(told, Rect::union);
        assert!(tip.height() > told.height(), "more than a title is said");
        assert!(tip.width() <= size.x / 3.0, "{size}: {tip}");
        assert!(tip.height() <= size.y / 2.0, "{size}: {tip}");
        assert!(size.x > 1000.0 || more.is_some(), "{size}: what finds no room is counted");
        window.key_down(Key::D);
        window.step();
        window.step();
        assert!(window.query_by_label(title).is_none(), "who points at it has the word");
        window.key_up(Key::D);
        window.event(egui::Event::PointerGone);
        settle(&mut window);
    }
}

/// What stands in the bar, left to right.
fn bar(window: &Harness<'_, App>, names: &[&str]) -> Vec<(String, Rect)> {
    let in_bar = |name: &str| {
        let nodes = window.query_all_by_label(name);
        let rect = nodes.map(|node| node.rect()).find(|rect| rect.max.y <= 48.0);
        rect.map(|rect| (name.to_owned(), rect))
    };
    let mut bar: Vec<(String, Rect)> = names.iter().filter_map(|name| in_bar(name)).collect();
    bar.sort_by(|(_, one), (_, other)| one.min.x.total_cmp(&other.min.x));
    bar
}

#[test]
fn the_bar_keeps_places_search_and_table_in_a_narrow_window_and_the_rest_in_a_menu() {
    let home = folder();
    let mut window = start(home.path());
    let stays = [
        Command::Situation,
        Command::Planner,
        Command::Meeting,
        Command::Undo,
        Command::Redo,
        Command::History,
        Command::Search,
        Command::Bottom,
    ];
    let gives_way = [
        Command::Left,
        Command::Right,
        Command::Import,
        Command::Print,
        Command::Language,
        Command::Theme,
        Command::Settings,
        Command::Big,
    ];
    for lang in [Lang::Zh, Lang::En] {
        let other = ["File menu", "More"];
        let other = if lang == Lang::Zh { ["文件菜单", "更多"] } else { other };
        let words = |command: &Command| command.about().words.say(lang);
        let names: Vec<&str> =
            other.into_iter().chain(stays.iter().chain(&gives_way).map(words)).collect();
        for width in [1920.0, 1600.0, 1366.0, 1280.0, 1100.0, 960.0, 880.0] {
            window.set_size(vec2(width, 640.0));
            settle(&mut window);
            let bar = bar(&window, &names);
            let told = |name: &str| bar.iter().any(|(known, _)| known == name);
            for pair in bar.windows(2) {
                assert!(pair[0].1.max.x <= pair[1].1.min.x + 0.5, "{width} {lang:?}: {pair:?}");
            }
            assert!(bar.last().unwrap().1.max.x <= width, "{width} {lang:?}");
            assert!(stays.iter().all(|command| told(words(command))), "{width}: {bar:?}");
            let is_whole = gives_way.iter().all(|command| told(words(command)));
            assert_eq!(is_whole, !told(other[1]), "{width} {lang:?}: {bar:?}");
            assert!(is_whole || width < 1400.0, "{width} {lang:?}: something gave way");
        }
        // What gave way is in the menu.
        click(&mut window, other[1]);
        click(&mut window, Command::Language.about().words.say(lang));
    }
    assert_eq!(window.state().model().lang(), Lang::Zh);
}

#[test]
fn a_decision_is_laid_out_in_the_first_frame_in_which_it_is_seen() {
    let home = folder();
    let mut window = start(home.path());
    for said in ["", "住建局 周五前 铸造厂(示例)和晨光里小区二期工地(示例)雾炮到位"]
    {
        window.state().actions().send(Action::Command(Command::Decide));
        let first = (0..4).any(|_| {
            window.step();
            let mut labels = window.query_all_by_role_and_label(Role::Label, "责任单位");
            labels.any(|node| node.rect().height() > 1.0)
        });
        assert!(first, "the dialog opens");
        let rows = ["责任单位", "完成时限", "关联对象", "会议"];
        let rows = rows.map(|name| {
            let labels = window.query_all_by_role_and_label(Role::Label, name);
            labels.map(|node| node.rect()).next_back().unwrap()
        });
        for pair in rows.windows(2) {
            assert!(pair[0].max.y <= pair[1].min.y, "{rows:?}");
        }
        settle(&mut window);
        type_text(&mut window, said);
        // In the next frame, with more in it.
        press(&mut window, NONE, Key::Escape);
        press(&mut window, NONE, Key::Escape);
    }
}

#[test]
fn a_window_that_stands_open_over_midnight_says_what_is_so_on_the_new_day() {
    let home = folder();
    let began = clock::now();
    let mut window = start(home.path());
    // Nine days later, so that a week ago is known; a quarter past eleven in the evening.
    let office = clock::office();
    let day = (began + SignedDuration::from_hours(9 * 24)).to_zoned_datetime(office.clone()).date();
    let at = |hour, minute, second| office.to_timestamp(day.at(hour, minute, second, 0)).unwrap();
    clock::pretend(at(23, 15, 0));
    settle(&mut window);
    clock::pretend(at(23, 59, 50));
    settle(&mut window);
    let delay = window.output().viewport_output[&ViewportId::ROOT].repaint_delay;
    assert!((9..=11).contains(&delay.as_secs()), "at midnight it is drawn of itself: {delay:?}");
    let then = |window: &Harness<'_, App>| -> Timestamp {
        window.state().model().meeting.then.as_ref().unwrap().moment
    };
    let (today, a_week_ago) = (window.state().model().meeting.overview.today, then(&window));
    assert_eq!(today, day);
    act(&mut window, Action::Command(Command::Decide));
    type_text(&mut window, "住建局 明天前 铸造厂(示例)雾炮到位");
    let due = |window: &Harness<'_, App>| {
        window.get_by_role_and_label(Role::TextInput, "完成时限").value().unwrap()
    };
    assert_eq!(due(&window), day.tomorrow().unwrap().to_string());

    clock::pretend(at(23, 59, 59) + SignedDuration::from_secs(2));
    settle(&mut window);
    let next = day.tomorrow().unwrap();
    assert_eq!(window.state().model().meeting.overview.today, next);
    assert_eq!(due(&window), next.tomorrow().unwrap().to_string());
    let moved = then(&window).duration_since(a_week_ago);
    assert!((1..=3600).contains(&moved.as_secs()), "a week ago is another day: {moved}");
}

#[test]
fn at_twice_the_size_a_panel_below_leaves_room_for_the_map_and_nothing_lies_over_another() {
    let home = folder();
    let mut window = start(home.path());
    window.set_size(vec2(960.0, 540.0));
    for lang in [Lang::Zh, Lang::En] {
        if window.state().model().lang() != lang {
            act(&mut window, Action::Command(Command::Language));
        }
        for mode in [Command::Planner, Command::Meeting] {
            act(&mut window, Action::Command(mode));
            let map = window.get_by_role(Role::Canvas).rect();
            assert!(map.height() >= 150.0, "{mode:?}: {map:?}");
            let near = |rect: &Rect| rect.top() > map.bottom() && rect.bottom() < 508.0;
            // The tools of the map are scrolled; those that are out of sight count as lying below it.
            let is_tool = |node: &AccessKitNode<'_>| {
                let tools = [
                    Command::ViewBack,
                    Command::ViewForward,
                    Command::Bookmark,
                    Command::Select,
                    Command::DrawPoint,
                    Command::DrawLine,
                    Command::DrawArea,
                    Command::Measure,
                    Command::Pen,
                    Command::EditShape,
                ];
                let words = tools.map(|tool| tool.about().words.say(lang));
                node.label().is_some_and(|label| words.contains(&label.as_str()))
            };
            let buttons = window.query_all_by_role(Role::Button);
            let buttons = buttons.filter(|node| !is_tool(&node.accesskit_node()));
            let buttons: Vec<Rect> = buttons.map(|node| node.rect()).filter(near).collect();
            assert!(buttons.len() > 6, "{mode:?}: {buttons:?}");
            for (place, one) in buttons.iter().enumerate() {
                for other in buttons.iter().skip(place + 1) {
                    let both = one.intersect(*other);
                    let is_over = both.width() > 1.0 && both.height() > 1.0;
                    assert!(!is_over, "{mode:?}, {lang:?}: {one:?} {other:?}");
                }
            }
            assert!(buttons.iter().all(|rect| rect.right() <= 960.0), "{mode:?}: {buttons:?}");
            act(&mut window, Action::Command(mode));
        }
    }
    // Without a panel below the layers are there again.
    assert!(!rects(&window, "Layers as they come").is_empty());
}
