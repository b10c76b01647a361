//! High values from the command line: what `watch` writes, and what `episodes` lists.

use jiff::SignedDuration;
use serde_json::Value as Json;
use shapan::analysis::air::Hour;
use shapan::domain::episode::{Closer, Step};
use shapan::domain::{EpisodeState, Kind, Stamp, episode};
use shapan::settings::clock;
use shapan::store::Store;

use crate::episode_journeys::a_high_value_of;
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

#[expect(clippy::too_many_lines, reason = "one way from step to step")]
#[test]
fn killed_at_any_step_a_record_is_before_it_or_after_it_and_its_clock_runs_on() {
    let home = folder();
    let at = clock::now();
    let district = a_high_value_of(home.path(), Hour::containing(at).plus(-1), at);
    let file = district.path.to_str().unwrap();
    run(home.path(), &["watch", file, "--once"]);
    let read = || {
        let world = Store::open(&district.path).unwrap().load().unwrap();
        let mut all = world.table(Kind::Episode).iter();
        let only = (**all.next().unwrap()).clone();
        assert!(all.next().is_none());
        only
    };
    let alerted = episode::clock(&read()).unwrap().since;
    let steps = [
        Step::Acknowledge,
        Step::Dispatch { order: "一号".to_owned(), department: "住建局".to_owned() },
        Step::Arrive,
        Step::Handle("已苫盖".to_owned()),
        Step::Check,
        Step::Close(Closer::Person),
    ];
    for (number, step) in steps.into_iter().enumerate() {
        let before = read();
        let by = Stamp { actor: "张三".into(), at: clock::now() };
        let after = episode::step(&before, &step, by.at, &by).unwrap();
        let changed =
            Kind::Episode.fields().iter().filter(|it| before.get(it.key) != after.get(it.key));
        let fields: serde_json::Map<String, Json> = changed
            .map(|field| {
                let value = after.get(field.key).map_or(Json::Null, shapan::domain::Value::to_json);
                (field.key.to_owned(), value)
            })
            .collect();
        let line = serde_json::json!({
            "op": "update", "layer": "episode", "id": before.id.to_string(), "fields": fields,
        });
        let edit =
            crate::support::file(home.path(), &format!("{number}.jsonl"), format!("{line}\n"));
        for pause_ms in [0, 15, 45, 110, 260] {
            let mut child = crate::support::shapan()
                .current_dir(home.path())
                .args(["apply", file, &edit])
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(pause_ms));
            child.kill().unwrap();
            child.wait().unwrap();
            done(home.path(), &["check", file]);
            let now = read();
            let is = |other: &shapan::domain::Record| now.fields == other.fields;
            assert!(is(&before) || is(&after), "step {number}, {pause_ms} ms: {now:?}");
            assert_eq!(episode::clock(&now).unwrap().since, alerted);
        }
        if read().fields == before.fields {
            done(home.path(), &["apply", file, &edit]);
        }
        assert_eq!(read().fields, after.fields);
    }
    assert_eq!(episode::state(&read()), EpisodeState::Closed);
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
