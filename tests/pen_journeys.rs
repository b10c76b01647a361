//! Journeys of those who draw in a meeting, and of those who ask how it was before.

use std::sync::Arc;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Coord, Geometry};
use jiff::Timestamp;
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::geodesy::ring::distance_m;
use shapan::map::view::View;
use shapan::ui::{Action, App, Command, DataAction, MeetingAction, Since, ViewAction};

use crate::journeys::{act, click, count, hover, named, press, screen, settle, start, type_text};
use crate::support::folder;

/// A quiet corner of the sample.
const HERE: Coord<f64> = Coord { x: 118.21, y: 39.86 };

fn button(window: &mut Harness<'_, App>, at: Pos2, button: PointerButton, pressed: bool) {
    let modifiers = Modifiers::NONE;
    window.event(Event::PointerButton { pos: at, button, pressed, modifiers });
    window.step();
}

/// Draws over places on the screen, as a hand does.
fn drag(window: &mut Harness<'_, App>, places: &[Pos2]) {
    hover(window, places[0]);
    button(window, places[0], PointerButton::Primary, true);
    for pair in places.windows(2) {
        for step in 1..=4_u8 {
            let at = pair[0] + (pair[1] - pair[0]) * (f32::from(step) / 4.0);
            window.event(Event::PointerMoved(at));
            window.step();
        }
    }
    button(window, *places.last().unwrap(), PointerButton::Primary, false);
    settle(window);
}

fn tap(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

fn has(window: &Harness<'_, App>, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}

fn meeting(home: &std::path::Path) -> Harness<'static, App> {
    let mut window = start(home);
    act(&mut window, Action::View(ViewAction::Show(View { center: HERE, zoom: 14.0 })));
    window
}

/// The mark that was drawn last.
fn last_mark(window: &Harness<'_, App>) -> Arc<Record> {
    let world = window.state().model().world();
    Arc::clone(world.table(Kind::PenMark).iter().last().unwrap())
}

#[test]
fn each_form_of_the_pen_is_a_mark_of_the_meeting_that_is_taken_back_and_rubbed_out() {
    let home = folder();
    let mut window = meeting(home.path());
    press(&mut window, Modifiers::NONE, Key::P);
    assert!(has(&window, "先按 M 打开会商"), "outside a meeting the pen says what to do");
    press(&mut window, Modifiers::NONE, Key::M);
    press(&mut window, Modifiers::NONE, Key::P);
    let (before, at) = (count(&window, Kind::PenMark), screen(&window, HERE));

    drag(&mut window, &[at, at + vec2(60.0, -40.0), at + vec2(120.0, 10.0)]);
    let line = last_mark(&window);
    assert_eq!((line.text("form"), line.text("tone")), ("freehand", "act"));
    assert_eq!((line.text("meeting"), line.text("scene")), ("SL-M01", ""));
    let Some(Geometry::LineString(places)) = &line.geometry else { panic!("no line") };
    assert!((3..=5).contains(&places.0.len()), "two straight strokes are thinned: {places:?}");

    press(&mut window, Modifiers::NONE, Key::A);
    tap(&mut window, "蓝");
    drag(&mut window, &[at + vec2(0.0, 60.0), at + vec2(100.0, 60.0)]);
    let arrow = last_mark(&window);
    assert_eq!((arrow.text("form"), arrow.text("tone")), ("arrow", "calm"));
    assert!(matches!(&arrow.geometry, Some(Geometry::LineString(line)) if line.0.len() == 2));

    press(&mut window, Modifiers::NONE, Key::C);
    let center = at + vec2(-150.0, 0.0);
    drag(&mut window, &[center, center + vec2(50.0, 0.0)]);
    let Some(Geometry::Polygon(circle)) = &last_mark(&window).geometry else { panic!("no circle") };
    // 50 points of the screen at zoom 14: 50 × 156 543 m · cos 39.86° / 2¹⁴.
    let radius_m = distance_m(circle.exterior().0[0], HERE) - distance_m(HERE, HERE);
    assert!(radius_m > 0.0);
    let across = distance_m(circle.exterior().0[0], circle.exterior().0[64]);
    let expected = 2.0 * 50.0 * 156_543.034 * 39.86_f64.to_radians().cos() / f64::from(1 << 14);
    assert!((across / expected - 1.0).abs() < 0.02, "{across} m, {expected} m");

    press(&mut window, Modifiers::NONE, Key::T);
    click(&mut window, at + vec2(-60.0, 90.0));
    type_text(&mut window, "先查这里");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let text = last_mark(&window);
    assert_eq!((text.text("form"), text.name()), ("text", "先查这里"));
    assert_eq!(count(&window, Kind::PenMark), before + 4);

    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::PenMark), before + 3, "the last one is taken back");
    press(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(count(&window, Kind::PenMark), before + 4, "with the pen still in hand");
    press(&mut window, Modifiers::NONE, Key::X);
    click(&mut window, at + vec2(-20.0, 90.0));
    assert_eq!(count(&window, Kind::PenMark), before + 3, "the words are rubbed out");
    press(&mut window, Modifiers::NONE, Key::F);
    let on_arrow = at + vec2(50.0, 60.0);
    hover(&mut window, on_arrow);
    for pressed in [true, false] {
        button(&mut window, on_arrow, PointerButton::Secondary, pressed);
    }
    settle(&mut window);
    assert_eq!(count(&window, Kind::PenMark), before + 2);

    let shown = |window: &Harness<'_, App>| {
        window.state().model().shown.prepared.bounds_of("pen_marks").is_some()
    };
    assert!(shown(&window));
    press(&mut window, Modifiers::NONE, Key::M);
    assert!(!shown(&window), "marks go with the meeting");
    tap(&mut window, "显示 会商标注");
    assert!(shown(&window), "unless somebody wants all of them");
    drag(&mut window, &[at, at + vec2(40.0, 0.0)]);
    assert_eq!(count(&window, Kind::PenMark), before + 2, "and so does the pen");
}

#[test]
fn the_first_mark_of_a_district_without_meetings_makes_one_in_the_same_step() {
    let home = folder();
    let mut window = meeting(home.path());
    let world = window.state().model().world();
    let meetings = world.table(Kind::Meeting).iter().cloned().map(Change::delete).collect();
    act(&mut window, Action::Data(DataAction::Apply(Edit::of(meetings))));
    press(&mut window, Modifiers::NONE, Key::M);
    press(&mut window, Modifiers::NONE, Key::P);
    assert!(has(&window, "第一笔同时新建今天的会商"));
    let at = screen(&window, HERE);
    drag(&mut window, &[at, at + vec2(80.0, 0.0)]);
    assert_eq!(count(&window, Kind::Meeting), 1);
    let world = window.state().model().world();
    let new = world.table(Kind::Meeting).iter().next().unwrap();
    assert_eq!(last_mark(&window).text("meeting"), new.id.to_string());
    assert!(!has(&window, "第一笔同时新建今天的会商"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Meeting), 0);
}

#[test]
fn a_mark_becomes_a_decision_in_two_clicks_and_a_site_in_three() {
    let home = folder();
    let mut window = meeting(home.path());
    let mark = named(&window, Kind::PenMark, "货车从这里绕(示例)");
    let Some(Geometry::LineString(line)) = &mark.geometry else { panic!("no line") };
    let (tail, head) = (line.0[0], line.0[1]);
    press(&mut window, Modifiers::NONE, Key::M);
    let middle = (tail + head) / 2.0;
    act(&mut window, Action::View(ViewAction::Show(View { center: middle, zoom: 16.0 })));
    let on_mark = screen(&window, middle);
    click(&mut window, on_mark);
    tap(&mut window, "记为决定");
    assert!(has(&window, "标注附近"), "what lies at its head is proposed");
    type_text(&mut window, " 城管局 12月1日前 设牌");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let decision = Arc::clone(window.state().model().selected().unwrap());
    assert_eq!(decision.name(), "货车从这里绕 城管局 12月1日前 设牌");
    assert_eq!(decision.text("owner"), "城管局");
    let mark = named(&window, Kind::PenMark, "货车从这里绕(示例)");
    assert_eq!(mark.get("records").map(Value::to_cell), Some(decision.id.to_string()));
    let Some(Value::Words(near)) = decision.get("records") else { panic!("about nothing") };
    for id in near.iter() {
        let near = window.state().model().record(id.parse().unwrap()).cloned().unwrap();
        let frame = shapan::geodesy::local::LocalFrame::at(head);
        let away_m = near.geometry.as_ref().and_then(|shape| frame.nearest_m(shape)).unwrap();
        assert!(away_m <= 250.0, "{} lies {away_m} m away", near.name());
    }

    let sites = count(&window, Kind::Site);
    click(&mut window, on_mark);
    assert!(has(&window, "已记为会议决定"));
    tap(&mut window, "记为问题点/工地…");
    tap(&mut window, "记为工地");
    assert_eq!(count(&window, Kind::Site), sites + 1);
    let site = Arc::clone(window.state().model().selected().unwrap());
    assert_eq!((site.name(), site.text("kind")), ("货车从这里绕", "construction"));
    assert!(matches!(site.geometry, Some(Geometry::Point(at)) if at.0 == head));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    let mark = named(&window, Kind::PenMark, "货车从这里绕(示例)");
    assert_eq!(mark.get("records").map(Value::to_cell), Some(decision.id.to_string()));

    click(&mut window, on_mark);
    tap(&mut window, "删除");
    assert_eq!(count(&window, Kind::PenMark), 0);
}

#[test]
fn held_b_shows_the_earlier_figure_and_the_page_lists_what_changed_since() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::M);
    assert!(has(&window, "没有更早的数据"), "a week ago nothing was recorded");
    let moment = Timestamp::from_millisecond(
        window.state().model().district.as_ref().unwrap().entries[0].at.as_millisecond() + 1,
    );
    std::thread::sleep(std::time::Duration::from_millis(5));
    let gone = named(&window, Kind::Site, "铸造厂(示例)");
    let failing = window.state().model().world();
    let failing = failing.table(Kind::Site).iter().find(|site| {
        site.text("kind") == "construction" && shapan::analysis::is_not_up_to_standard(site)
    });
    let failing = Arc::clone(failing.unwrap());
    let mut mended = Record::clone(&failing);
    let bad: Vec<&str> = failing
        .values()
        .filter(|(_, value)| **value == Value::Choice("不合格"))
        .map(|(field, _)| field.key)
        .collect();
    for key in &bad {
        mended.set(key, Some(Value::Choice("合格")));
    }
    mended.meta.changed_at = window.state().model().stamp().at;
    let edit = Edit::of(vec![
        Change::delete(Arc::clone(&gone)),
        Change::update(Arc::clone(&failing), mended),
    ]);
    act(&mut window, Action::Data(DataAction::Apply(edit)));
    window.get_by_label("工地不达标 5/11 · 未查 1");
    act(&mut window, Action::Meeting(MeetingAction::Since(Since::Moment(moment.unwrap()))));

    window.key_down(Key::B);
    settle(&mut window);
    window.get_by_label("工地不达标 6/11（现 5/11）");
    assert!(has(&window, "当时 20"), "the moment stands over the map");
    window.key_up(Key::B);
    settle(&mut window);
    assert!(!has(&window, "（现 5/11）"), "released, it is now again");

    tap(&mut window, "对比");
    assert!(has(&window, "▼ 减少 1") && has(&window, "● 修改 1") && has(&window, "▲ 新增 0"));
    assert!(has(&window, "不合格 → 合格"));
    tap(&mut window, "● 修改 1");
    window.get_by_label(&format!("修改 {}", failing.name())).click();
    settle(&mut window);
    assert_eq!(window.state().model().selected().map(|site| site.id), Some(failing.id));
    assert!(!has(&window, "恢复 铸造厂(示例)"), "only what changed is listed");
    tap(&mut window, "▼ 减少 1");
    tap(&mut window, "恢复 铸造厂(示例)");
    assert!(named(&window, Kind::Site, "铸造厂(示例)").says_the_same_as(&gone));
    assert!(has(&window, "▼ 减少 0"), "it is compared anew");

    act(&mut window, Action::Command(Command::Print));
    window.query_all_by_label_contains("按当时（当时 2").next().unwrap().click();
    settle(&mut window);
    assert!(!has(&window, "未能"));
}
