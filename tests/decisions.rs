//! Decisions of a meeting: typed once, understood, kept, judged.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use serde_json::Value as Json;
use shapan::domain::{Kind, Value};

use crate::journeys::{count, press, settle, start, type_text};
use crate::support::{complained, done, folder, run, said};

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_decision_on_the_command_line_says_how_it_is_understood_and_is_one_undo_step() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let sentence = "城管局 周五前 浭水花园工地周边湿扫";
    let day = ["--date", "2026-11-25", "--json"];
    let look = json(&done(at, &[&["decide", "a.gpkg", sentence, "--dry-run"], &day[..]].concat()));
    assert_eq!(look["owner"], "城管局");
    assert_eq!(look["due"], "2026-11-27");
    assert_eq!(look["records"], serde_json::json!(["浭水花园工地(示例)"]));
    assert_eq!(look["meeting"], "第一次会商会(示例)");
    assert_eq!(look["id"], Json::Null);
    let of_meeting = ["meeting", "a.gpkg", "--decisions", "--meeting", "SL-M01", "--json"];
    let before = json(&done(at, &of_meeting)).as_array().unwrap().len();
    done(at, &[&["decide", "a.gpkg", sentence], &day[..]].concat());
    let after = json(&done(at, &of_meeting));
    assert_eq!(after.as_array().unwrap().len(), before + 1);
    done(at, &["check", "a.gpkg"]);
    done(at, &["undo", "a.gpkg"]);
    assert_eq!(json(&done(at, &of_meeting)).as_array().unwrap().len(), before);

    let half = run(at, &["decide", "a.gpkg", "把裸土盖上"]);
    assert_eq!(half.status.code(), Some(1), "nobody and no day was named");
    assert!(said(&half).contains("责任单位 未说明"), "{}", said(&half));
    let lost = run(at, &["decide", "a.gpkg", sentence, "--meeting", "没有的会"]);
    assert_eq!(lost.status.code(), Some(2));
    assert!(complained(&lost).contains("没有的会"));
}

#[test]
fn meetings_are_listed_with_how_their_decisions_stand() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let list = json(&done(at, &["meeting", "a.gpkg", "--list", "--json"]));
    assert_eq!(list[0]["code"], "SL-M01");
    assert_eq!(list[0]["date"], "2026-11-20");
    let counts = list[0]["decisions"].as_object().unwrap();
    assert_eq!(counts.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), 2);
}

#[test]
fn a_sentence_typed_in_the_window_becomes_a_decision_and_is_taken_back() {
    let home = folder();
    let mut window = start(home.path());
    let before = count(&window, Kind::Decision);
    press(&mut window, Modifiers::COMMAND, Key::J);
    type_text(&mut window, "住建局 12月1日前 浭水花园工地雾炮到位");
    window.get_by_label("浭水花园工地(示例)");
    press(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    assert_eq!(count(&window, Kind::Decision), before + 1);
    let model = window.state().model();
    let decision = model.selected().unwrap();
    assert_eq!(decision.text("owner"), "住建局");
    assert!(matches!(decision.get("due"), Some(Value::Date(due)) if due.month() == 12));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Decision), before);
}

#[test]
fn who_and_when_can_be_put_right_before_it_is_kept() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::COMMAND, Key::J);
    type_text(&mut window, "加密湿扫");
    window.get_by_role_and_label(egui::Role::TextInput, "责任单位").focus();
    settle(&mut window);
    type_text(&mut window, "城管局二中队");
    window.get_by_role_and_label(egui::Role::TextInput, "完成时限").focus();
    settle(&mut window);
    type_text(&mut window, "12月1日");
    window.get_by_label("日期应写成 2026-12-05");
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "2026-12-08");
    window.get_by_label("记下（回车）").click();
    settle(&mut window);
    let model = window.state().model();
    let decision = model.selected().unwrap();
    assert_eq!((decision.text("owner"), decision.name()), ("城管局二中队", "加密湿扫"));
    assert_eq!(decision.get("due").map(Value::to_cell).as_deref(), Some("2026-12-08"));
}
