//! Journeys through a meeting on the big screen, by what a person sees and does.

use std::path::Path;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use serde_json::Value as Json;
use shapan::analysis::Filter;
use shapan::analysis::agenda::MEETING;
use shapan::analysis::scenes::{MeetingScene, scenes};
use shapan::domain::{Kind, Value};
use shapan::ui::{Action, App};

use crate::journeys::{act, count, named, press, settle, start, type_text};
use crate::planner_journeys::{PLAN, click, reach};
use crate::support::{complained, done, file, folder, run, said, shapan};

const NONE: Modifiers = Modifiers::NONE;

/// Writes into a field, in place of what it says.
fn write(window: &mut Harness<'_, App>, field: &str, text: &str) {
    window.get_by_role_and_label(egui::Role::TextInput, field).focus();
    settle(window);
    press(window, Modifiers::COMMAND, Key::A);
    type_text(window, text);
}

/// The name of the scene that is shown, empty where there is none.
fn scene(window: &Harness<'_, App>) -> String {
    let model = window.state().model();
    let shown = model.meeting.scene.and_then(|id| model.record(id));
    shown.map_or_else(String::new, |scene| scene.name().to_owned())
}

/// Names of the scenes of the meeting that is held.
fn names(window: &Harness<'_, App>) -> Vec<String> {
    let model = window.state().model();
    let world = model.world();
    let held = model.meeting.held_in(&world).unwrap();
    scenes(&world, held).iter().map(|scene| scene.name().to_owned()).collect()
}

fn layers(window: &Harness<'_, App>) -> Vec<String> {
    let layers = window.state().model().layers.iter();
    layers.filter(|layer| layer.is_shown).map(|layer| layer.key.clone()).collect()
}

fn has(window: &Harness<'_, App>, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}

/// A meeting of a day, from the template.
fn convene(window: &mut Harness<'_, App>, date: &str) {
    click(window, "新会商");
    write(window, "日期", date);
    reach(window, "建立会议和场景");
}

fn decide(window: &mut Harness<'_, App>, sentence: &str) {
    write(window, "决定", sentence);
    press(window, NONE, Key::Enter);
}

const ORDER: [&str; 11] = [
    "上次决定落实",
    "一周空气",
    "站点对比",
    "排名与目标",
    "控制点与控制圈",
    "工地达标",
    "拥堵与限行方案",
    "乡镇",
    "台账与乡镇",
    "本周到期",
    "记决定",
];

/// From the first scene on, over what the air was and is.
fn past_the_air(window: &mut Harness<'_, App>) {
    press(window, NONE, Key::PageDown);
    assert_eq!(scene(window), ORDER[1]);
    assert!(has(window, "日均须有 20 个有效小时"), "the week of the air stands on the board");
    press(window, NONE, Key::PageDown);
    assert!(has(window, "按近 7 天 PM2.5 从高到低"));
    press(window, NONE, Key::PageDown);
    assert!(has(window, "综合指数"), "rank and target");
    press(window, NONE, Key::PageDown);
}

#[test]
fn a_meeting_is_made_presented_with_keys_and_the_next_one_opens_on_its_decisions() {
    let home = folder();
    let mut window = start(home.path());
    let (own, meetings) = (layers(&window), count(&window, Kind::Meeting));
    press(&mut window, NONE, Key::M);
    convene(&mut window, "2026-11-27");
    assert_eq!(names(&window), ORDER);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Meeting), meetings, "meeting and scenes are one step");
    press(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(names(&window), ORDER);

    press(&mut window, NONE, Key::F11);
    assert_eq!(scene(&window), ORDER[0], "presenting begins with the first scene");
    window.get_by_label("1/11");
    past_the_air(&mut window);
    assert_eq!(scene(&window), ORDER[4]);
    assert_eq!(layers(&window), ["areas", "roads", "rings", "sites", "control_points"]);
    assert!(!has(&window, "先看500米圈内"), "on one screen the note is not for the room");
    press(&mut window, NONE, Key::N);
    assert!(has(&window, "先看500米圈内"), "the note stands in the speaker's window");
    press(&mut window, NONE, Key::N);
    // The scene is live: what is clicked counts, and going on forgets it.
    let failing = window.query_all_by_label_contains("丰润区政府 500 m 不达标").next().unwrap();
    failing.click_accesskit();
    settle(&mut window);
    let filter = window.state().model().filter.clone();
    assert!(
        filter.is_failing
            && filter.ring.is_some_and(|(_, radius_m)| (radius_m - 500.0).abs() < 1e-9)
    );
    press(&mut window, NONE, Key::ArrowRight);
    assert_eq!(scene(&window), ORDER[5]);
    let sites = [(Kind::Site, "construction".to_owned())].into();
    assert_eq!(window.state().model().filter, Filter { subkinds: sites, ..Filter::default() });

    press(&mut window, NONE, Key::Period);
    assert!(window.state().model().meeting.stage.show.as_ref().unwrap().is_black);
    press(&mut window, NONE, Key::End);
    assert_eq!(scene(&window), ORDER[10]);
    assert!(!window.state().model().meeting.stage.show.as_ref().unwrap().is_black);
    press(&mut window, NONE, Key::PageDown);
    assert_eq!(scene(&window), ORDER[10], "behind the last scene there is none");

    let before = count(&window, Kind::Decision);
    let (one, two) = ("住建局 12月1日前 浭水花园工地雾炮到位", "城管局 12月3日前 燕山路加密洗扫");
    decide(&mut window, one);
    decide(&mut window, two);
    assert_eq!(count(&window, Kind::Decision), before + 2);
    let meeting = window.state().model().meeting.held.unwrap().to_string();
    assert_eq!(named(&window, Kind::Decision, one).text("meeting"), meeting);
    reach(&mut window, &format!("完成 {one}"));
    assert_eq!(named(&window, Kind::Decision, one).text("state"), "完成");
    assert!(named(&window, Kind::Decision, one).get("closed_on").is_some());

    press(&mut window, NONE, Key::Escape);
    assert!(!window.state().model().is_big && window.state().model().meeting.is_open);
    press(&mut window, NONE, Key::M);
    assert_eq!((layers(&window), window.state().model().filter.is_empty()), (own, true));

    press(&mut window, NONE, Key::M);
    convene(&mut window, "2026-12-04");
    press(&mut window, NONE, Key::ArrowRight);
    assert_eq!(scene(&window), ORDER[0]);
    assert!(has(&window, two), "what is open stands on the first page of the next meeting");
}

#[test]
fn scenes_are_moved_renamed_copied_taken_anew_and_deleted_each_in_one_step() {
    let home = folder();
    let mut window = start(home.path());
    meet(&mut window);
    assert_eq!(names(&window), ["控制点与控制圈(示例)", "记决定(示例)"]);
    click(&mut window, "1 控制点与控制圈(示例)");
    press(&mut window, Modifiers::ALT, Key::ArrowDown);
    assert_eq!(names(&window), ["记决定(示例)", "控制点与控制圈(示例)"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(names(&window)[0], "控制点与控制圈(示例)");

    click(&mut window, "改名");
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "先看圈");
    press(&mut window, NONE, Key::Enter);
    click(&mut window, "复制场景");
    assert_eq!(names(&window), ["先看圈", "先看圈", "记决定(示例)"]);
    click(&mut window, "删除场景");
    assert_eq!(names(&window), ["先看圈", "记决定(示例)"]);
    assert_eq!(scene(&window), "记决定(示例)", "the one that took its place");

    let site = named(&window, Kind::Site, "铸造厂(示例)");
    let filter = Filter { is_failing: true, ..Filter::default() };
    let asked = vec![Action::Select(vec![site.id]), Action::Filter(filter.clone())];
    act(&mut window, Action::All(asked));
    click(&mut window, "更新为当前视图");
    let taken = MeetingScene::of(&named(&window, Kind::Scene, "记决定(示例)"));
    assert_eq!((taken.records.as_slice(), &taken.filter), (&[site.id][..], &filter));
    assert_eq!(taken.page, "decide", "its page stays");
    click(&mut window, "添加当前视图为场景");
    assert_eq!(names(&window).len(), 3);
    for _ in 0..2 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    let taken = MeetingScene::of(&named(&window, Kind::Scene, "记决定(示例)"));
    assert!(taken.records.is_empty() && taken.filter.is_empty());
}

/// Opens the meeting of the sample.
fn meet(window: &mut Harness<'_, App>) {
    press(window, NONE, Key::M);
    let meeting = window.state().model().world().table(Kind::Meeting).by_code("SL-M01").unwrap().id;
    act(window, Action::Meeting(shapan::ui::MeetingAction::Hold(Some(meeting))));
}

#[test]
fn a_template_that_nobody_understands_is_told_and_never_left_out_in_silence() {
    let home = folder();
    let own = home.path().join("templates/meeting.md");
    let mut window = start(home.path());
    let meetings = count(&window, Kind::Meeting);
    press(&mut window, NONE, Key::M);
    click(&mut window, "新会商");
    reach(&mut window, "写出模板，供本单位修改");
    assert_eq!(std::fs::read_to_string(&own).unwrap(), MEETING);
    std::fs::write(&own, "## 只有一个\n天气: 晴\n").unwrap();
    reach(&mut window, "重新读取");
    assert!(has(&window, "第 2 行：没有叫“天气”的键，可写：内容、图层"));
    reach(&mut window, "建立会议和场景");
    assert_eq!(count(&window, Kind::Meeting), meetings, "nothing is made of what is broken");
    std::fs::write(&own, "## 只有一个\n内容: 控制圈\n").unwrap();
    reach(&mut window, "重新读取");
    window.get_by_label("1 个场景");
    reach(&mut window, "建立会议和场景");
    assert_eq!(names(&window), ["只有一个"]);
}

#[test]
fn a_scene_whose_record_plan_and_layer_are_gone_is_shown_as_far_as_it_goes() {
    let home = folder();
    let mut window = start(home.path());
    meet(&mut window);
    click(&mut window, "1 控制点与控制圈(示例)");
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    let plan = shapan::ui::PlannerAction::Choose(PLAN.to_owned());
    act(&mut window, Action::All(vec![Action::Select(vec![site.id]), Action::Planner(plan)]));
    click(&mut window, "更新为当前视图");
    let scene = named(&window, Kind::Scene, "控制点与控制圈(示例)");
    let mut newer = shapan::domain::Record::clone(&scene);
    let layers = ["rings", "clouds"].map(Into::into);
    newer.set("layers", Some(Value::Words(layers.into())));
    let mut changes = vec![shapan::domain::Change::update(scene, newer)];
    changes.push(shapan::domain::Change::delete(site));
    let edit = shapan::domain::Edit::of(changes);
    act(&mut window, Action::Data(shapan::ui::DataAction::Apply(edit)));
    assert!(has(&window, "1 个选中的对象已不存在；没有图层 clouds"), "told as it happens");
    press(&mut window, NONE, Key::F11);
    press(&mut window, NONE, Key::End);
    press(&mut window, NONE, Key::Home);
    assert!(has(&window, "1 个选中的对象已不存在；没有图层 clouds"));
    assert_eq!(self::layers(&window), ["rings"]);
    assert_eq!(window.state().model().planner.plan, PLAN);
}

#[test]
fn the_windows_of_room_and_speaker_are_closed_in_either_order() {
    let home = folder();
    let mut window = start(home.path());
    meet(&mut window);
    press(&mut window, NONE, Key::F11);
    press(&mut window, NONE, Key::N);
    // The speaker first: the room goes on.
    reach(&mut window, "讲稿 下一个");
    assert_eq!(scene(&window), "记决定(示例)");
    reach(&mut window, "关闭讲稿窗口");
    assert!(window.query_by_label("讲稿 下一个").is_none());
    press(&mut window, NONE, Key::PageUp);
    assert_eq!(scene(&window), "控制点与控制圈(示例)");
    reach(&mut window, "讲稿窗口");
    window.get_by_label("讲稿 下一个");
    // The room first: the speaker's window goes with it, and comes again.
    press(&mut window, NONE, Key::Escape);
    assert!(window.query_by_label("讲稿 下一个").is_none());
    press(&mut window, NONE, Key::F11);
    press(&mut window, NONE, Key::N);
    window.get_by_label("讲稿 下一个");
    reach(&mut window, "讲稿 黑屏");
    reach(&mut window, "讲稿 恢复画面");
    press(&mut window, NONE, Key::F11);
    assert!(!window.state().model().is_big);
}

/// Until the keeper has seen what another program wrote.
fn until(window: &mut Harness<'_, App>, is_so: impl Fn(&Harness<'_, App>) -> bool) {
    let began = Instant::now();
    while !is_so(window) {
        assert!(began.elapsed() < Duration::from_mins(1), "the change does not arrive");
        std::thread::sleep(Duration::from_millis(50));
        window.step();
    }
    settle(window);
}

fn apply(home: &Path, lines: &str) {
    let edits = file(home, "edits.jsonl", lines);
    let applied = shapan().current_dir(home).args(["apply", "丰润(示例).gpkg", &edits]).output();
    assert!(applied.unwrap().status.success());
}

#[test]
fn what_another_seat_does_to_the_meeting_arrives_and_the_place_is_kept() {
    let home = folder();
    let mut window = start(home.path());
    meet(&mut window);
    press(&mut window, NONE, Key::F11);
    press(&mut window, NONE, Key::End);
    let new = r#"{"op":"create","layer":"scene","code":"SL-C09","name":"新场景","meeting":"SL-M01","position":1}"#;
    apply(home.path(), &format!("{new}\n"));
    until(&mut window, |window| names(window).len() == 3);
    assert_eq!(scene(&window), "记决定(示例)");
    window.get_by_label("3/3");
    // The scene that is shown is deleted elsewhere: the one before the end takes its place.
    apply(home.path(), "{\"op\":\"delete\",\"layer\":\"scene\",\"code\":\"SL-C02\"}\n");
    until(&mut window, |window| names(window).len() == 2);
    assert_eq!(scene(&window), names(&window)[1]);
    assert!(window.state().model().is_presenting());
}

#[test]
fn a_meeting_is_made_on_the_command_line_and_a_wrong_template_names_its_line() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let own = file(at, "own.md", "## 一\n内容: 控制圈\n视图: 圈 丰润区政府 500\n## 二\n");
    let new = ["meeting", "a.gpkg", "--new", "--date", "2026-11-27", "--json"];
    let made: Json =
        serde_json::from_str(&done(at, &[&new[..], &["--template", &own]].concat())).unwrap();
    assert_eq!(
        (&made["name"], &made["scenes"]),
        (&"11月27日会商会".into(), &serde_json::json!(["一", "二"]))
    );
    let list: Json = serde_json::from_str(&done(at, &["meeting", "a.gpkg", "--json"])).unwrap();
    assert_eq!(list[1]["id"], made["id"]);
    done(at, &["check", "a.gpkg"]);
    done(at, &["undo", "a.gpkg"]);
    let list: Json = serde_json::from_str(&done(at, &["meeting", "a.gpkg", "--json"])).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 1, "it was one step");

    let wrong = file(at, "wrong.md", "## 一\n内容: 天气\n");
    let refused = run(at, &["meeting", "a.gpkg", "--new", "--template", &wrong]);
    assert_eq!(refused.status.code(), Some(2));
    let words = complained(&refused);
    assert!(words.contains("第 2 行：没有叫“天气”的内容，可写：只看地图"), "{words}");
    let printed = run(at, &["meeting", "a.gpkg", "--print-template"]);
    assert_eq!(said(&printed), MEETING);
}
