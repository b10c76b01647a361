//! High values from the command line: what `watch` writes, and what `episodes` lists.

use jiff::SignedDuration;
use serde_json::Value as Json;
use shapan::analysis::air::Hour;
use shapan::domain::{EpisodeState, Kind, episode};
use shapan::settings::clock;
use shapan::store::Store;

use crate::duty_journeys::a_high_value_of;
use crate::support::{complained, done, folder, run, said};

#[test]
fn watching_once_writes_an_alert_once_and_lists_it() {
    let home = folder();
    // The command looks at the clock of the machine.
    let at = clock::now();
    let district = a_high_value_of(home.path(), Hour::containing(at).plus(-1), at);
    let file = district.path.to_str().unwrap();
    let first = run(home.path(), &["watch", file, "--once", "--json"]);
    assert_eq!(first.status.code(), Some(1), "{}", complained(&first));
    let line: Json = serde_json::from_str(said(&first).trim()).unwrap();
    assert_eq!(
        (line["event"].as_str(), line["name"].as_str()),
        (Some("alert"), Some("实验小学站"))
    );
    assert_eq!(line["done"]["state"], "open");
    let second = run(home.path(), &["watch", file, "--once", "--json"]);
    assert_eq!((second.status.code(), said(&second).as_str()), (Some(0), ""));
    let world = Store::open(&district.path).unwrap().load().unwrap();
    assert_eq!(world.table(Kind::Episode).len(), 1);
    let record = world.table(Kind::Episode).iter().next().unwrap();
    assert_eq!(episode::state(record), EpisodeState::Open);
    let alerted = episode::moment(record, "alerted_at").unwrap();
    assert!(clock::now().duration_since(alerted) < SignedDuration::from_mins(5));
    let list: Json =
        serde_json::from_str(&done(home.path(), &["episodes", file, "--json"])).unwrap();
    let rows = list["episodes"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{list:#}");
    assert_eq!(rows[0]["found"]["courses"][0]["pollutant"], "PM10");
    assert_eq!(list["statistics"]["alerts"], 1);
    assert!(list["statistics"]["rate_of_actionable"].as_f64() == Some(0.0), "open counts as not");
    let words = done(home.path(), &["episodes", file]);
    assert!(words.contains("实验小学站") && words.contains("规则版本"), "{words}");
    done(home.path(), &["check", file]);
}

#[test]
fn what_a_rule_found_is_not_changed_by_an_edit_from_outside() {
    let home = folder();
    let at = clock::now();
    let district = a_high_value_of(home.path(), Hour::containing(at).plus(-1), at);
    let file = district.path.to_str().unwrap();
    run(home.path(), &["watch", file, "--once"]);
    let world = Store::open(&district.path).unwrap().load().unwrap();
    let id = world.table(Kind::Episode).iter().next().unwrap().id.to_string();
    let line = format!(
        "{{\"op\":\"update\",\"layer\":\"episode\",\"id\":\"{id}\",\"fields\":{{\"alerted_at\":\"2020-01-01T00:00:00Z\"}}}}\n"
    );
    let name = crate::support::file(home.path(), "e.jsonl", line);
    let refused = run(home.path(), &["apply", file, &name]);
    assert!(!refused.status.success(), "{}", said(&refused));
    let after = Store::open(&district.path).unwrap().load().unwrap();
    let record = after.table(Kind::Episode).iter().next().unwrap();
    assert!(!record.text("alerted_at").starts_with("2020"));
}

#[test]
fn a_district_without_readings_is_told_so() {
    let home = folder();
    done(home.path(), &["new", "空.gpkg"]);
    let output = run(home.path(), &["episodes", "空.gpkg"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("没有小时值"));
}

#[test]
fn a_watch_that_is_killed_leaves_its_alert_and_a_sound_file() {
    let home = folder();
    let at = clock::now();
    let district = a_high_value_of(home.path(), Hour::containing(at).plus(-1), at);
    let file = district.path.to_str().unwrap();
    for pause_ms in [0, 40, 120, 400, 1500] {
        let mut child = crate::support::shapan()
            .args(["watch", file, "--every", "1"])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        done(home.path(), &["check", file]);
    }
    run(home.path(), &["watch", file, "--once"]);
    let world = Store::open(&district.path).unwrap().load().unwrap();
    assert_eq!(world.table(Kind::Episode).len(), 1, "written once, however often it was begun");
}
