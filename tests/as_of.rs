//! The district as it was, on the command line.

use serde_json::Value as Json;
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::store::{DistrictReader, Store};

use crate::support::{complained, done, folder, run, stamp_at};

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

/// The sample, and a second edit that takes away every road, order, site and meeting.
fn emptied(at: &std::path::Path) {
    done(at, &["sample", "a.gpkg"]);
    let path = at.join("a.gpkg");
    let world = DistrictReader::open(&path).unwrap().load().unwrap();
    let gone = [Kind::Road, Kind::Restriction, Kind::Site, Kind::Meeting, Kind::Decision];
    let records = gone.into_iter().flat_map(|kind| world.table(kind).iter().cloned());
    let edit = Edit::of(records.map(Change::delete).collect());
    // Far enough in the future that the sample was made before.
    let mut store = Store::open(&path).unwrap();
    store.apply(&edit, &stamp_at("甲", 40 * 365 * 86_400)).unwrap();
}

#[test]
fn every_command_that_lists_or_draws_shows_the_district_as_it_was() {
    let folder = folder();
    let at = folder.path();
    emptied(at);
    let both = |arguments: &[&str]| {
        let then = [arguments, &["--as-of", "r1"]].concat();
        (done(at, arguments), done(at, &then))
    };
    let (now, then) = both(&["meeting", "a.gpkg", "--json"]);
    assert_eq!(json(&now).as_array().map(Vec::len), Some(0));
    assert_eq!(json(&then)[0]["code"], "SL-M01");

    let rows = |text: &str| text.lines().count();
    let (now, then) = both(&["rings", "a.gpkg"]);
    assert!(rows(&then) > rows(&now) + 5, "{} and {}", rows(&then), rows(&now));

    let (now, then) = both(&["network", "a.gpkg", "--json"]);
    assert_eq!(json(&now)["edges"], 0);
    assert!(json(&then)["edges"].as_u64().unwrap() > 20);

    let (now, then) = both(&["plan", "a.gpkg", "--list", "--json"]);
    assert_eq!(json(&now).as_array().map(Vec::len), Some(0));
    assert!(!json(&then).as_array().unwrap().is_empty());

    done(at, &["export", "a.gpkg", "now.geojson", "--layer", "site"]);
    done(at, &["export", "a.gpkg", "then.geojson", "--layer", "site", "--as-of", "r1"]);
    let features = |name: &str| {
        let text = std::fs::read_to_string(at.join(name)).unwrap();
        json(&text)["features"].as_array().unwrap().len()
    };
    assert_eq!(features("now.geojson"), 0);
    assert!(features("then.geojson") > 20);

    done(at, &["render", "a.gpkg", "now.svg"]);
    done(at, &["render", "a.gpkg", "then.svg", "--as-of", "r1"]);
    let has_site =
        |name: &str| std::fs::read_to_string(at.join(name)).unwrap().contains("污染源与点位");
    assert!(!has_site("now.svg") && has_site("then.svg"));

    done(at, &["brief", "a.gpkg", "now.txt"]);
    done(at, &["brief", "a.gpkg", "then.txt", "--as-of", "r1"]);
    let has_decisions =
        |name: &str| std::fs::read_to_string(at.join(name)).unwrap().contains("未完成决定2项");
    assert!(!has_decisions("now.txt") && has_decisions("then.txt"));

    let lost = run(at, &["rings", "a.gpkg", "--as-of", "r99"]);
    assert_eq!(lost.status.code(), Some(2));
    assert!(complained(&lost).contains("r99") || complained(&lost).contains("revision 99"));
}

#[test]
fn decisions_are_judged_by_the_day_on_which_the_district_is_looked_at() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let path = at.join("a.gpkg");
    let mut store = Store::open(&path).unwrap();
    let world = store.load().unwrap();
    let known = std::sync::Arc::clone(world.table(Kind::Decision).iter().next().unwrap());
    let mut due = Record::clone(&known);
    due.set("state", Some(Value::Choice("待办")));
    due.set("due", Some(Value::Date(jiff::civil::date(2061, 1, 10))));
    let edit = Edit::of(vec![Change::update(known, due.clone())]);
    store.apply(&edit, &stamp_at("甲", 34 * 365 * 86_400)).unwrap();
    drop(store);
    let standing = |day: &str| {
        let arguments = ["meeting", "a.gpkg", "--decisions", "--json", "--as-of", day];
        let rows = json(&done(at, &arguments));
        let row = rows.as_array().unwrap().iter().find(|row| row["name"] == due.name()).cloned();
        row.unwrap()["standing"].as_str().map(str::to_owned)
    };
    assert_eq!(standing("2061-01-10").as_deref(), Some("open"));
    assert_eq!(standing("2061-01-11").as_deref(), Some("overdue"));
}

#[test]
fn the_map_of_the_sample_shows_marks_of_the_pen_only_where_they_are_asked_for() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    done(at, &["render", "a.gpkg", "usual.svg"]);
    done(at, &["render", "a.gpkg", "marks.svg", "--layers", "areas,pen_marks"]);
    done(at, &["render", "a.gpkg", "marks.pdf", "--layers", "areas,pen_marks"]);
    done(at, &["render", "a.gpkg", "marks.png", "--layers", "areas,pen_marks"]);
    let svg = |name: &str| std::fs::read_to_string(at.join(name)).unwrap();
    assert!(!svg("usual.svg").contains("货车从这里绕"));
    let marks = svg("marks.svg");
    assert!(marks.contains("货车从这里绕"), "SL-B01 is named");
    assert!(marks.to_uppercase().contains("#2B5F9E"), "and blue");
    let blue = image::open(at.join("marks.png")).unwrap().to_rgb8();
    assert!(blue.pixels().filter(|pixel| pixel.0 == [0x2B, 0x5F, 0x9E]).count() > 100);
    assert!(std::fs::metadata(at.join("marks.pdf")).unwrap().len() > 10_000);
}
