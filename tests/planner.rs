//! `shapan network` and `shapan plan`, as a user runs them.

use serde_json::Value as Json;

use crate::support::{complained, done, file, folder, run};

/// A street past a control point, a way round, trucks, and a plan that closes the street.
const TOWN: &str = r#"{"op":"create","layer":"road","code":"S","name":"丰润大街","class":"primary","geometry":{"type":"LineString","coordinates":[[118.10,39.80],[118.14,39.80]]}}
{"op":"create","layer":"road","code":"R","name":"北外环","class":"primary","geometry":{"type":"LineString","coordinates":[[118.10,39.80],[118.10,39.83],[118.14,39.83],[118.14,39.80]]}}
{"op":"create","layer":"gate","code":"W","name":"西口","lon":118.10,"lat":39.80}
{"op":"create","layer":"gate","code":"E","name":"东口","lon":118.14,"lat":39.80}
{"op":"create","layer":"control_point","code":"K1","name":"一号点","lon":118.12,"lat":39.80}
{"op":"create","layer":"flow","name":"钢厂","from":"W","to":"E","class":"heavy","stage":"国五","trucks_per_day":100,"source":"实测"}
{"op":"create","layer":"flow","name":"错","from":"W","to":"Z","trucks_per_day":1}
{"op":"create","layer":"restriction","name":"禁行一","kind":"no_entry","plan":"方案一","state":"草案","hours":"07:00-19:00","exemptions":["应急","绿色通道"],"geometry":{"type":"LineString","coordinates":[[118.115,39.80],[118.125,39.80]]}}
"#;

fn keys(json: &Json) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

fn plan(at: &std::path::Path, moment: &str) -> Json {
    let said = done(at, &["plan", "a.gpkg", "方案一", "--at", moment, "--json"]);
    serde_json::from_str(&said).unwrap()
}

fn near(json: &Json, expected: f64, by: f64) {
    let found = json.as_f64().unwrap();
    assert!((found - expected).abs() <= by, "{found} is not {expected}");
}

#[test]
fn a_plan_is_told_as_json_that_programs_may_rely_on() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    done(at, &["apply", "a.gpkg", &file(at, "town.jsonl", TOWN)]);
    assert_eq!(done(at, &["plan", "a.gpkg", "--list"]), "方案一\t1\n");
    let json = plan(at, "2026-11-23T10:00");
    let expected = [
        "plan",
        "at",
        "network",
        "flows",
        "control_points",
        "district",
        "roads_up",
        "unreachable",
        "lint",
    ];
    assert_eq!(keys(&json), expected);
    assert_eq!(keys(&json["network"]), ["nodes", "edges"]);
    assert_eq!(json["network"], serde_json::json!({ "nodes": 2, "edges": 2 }));
    let flow = &json["flows"][0];
    let expected = [
        "from",
        "to",
        "class",
        "trucks_per_day",
        "source",
        "km_before",
        "km_after",
        "min_before",
        "min_after",
        "reachable",
        "enters_rings",
    ];
    assert_eq!(keys(flow), expected);
    // 0.04° of longitude at 39.80° N are 3.4259 km on the ellipsoid; 0.03° of latitude 3.331 km.
    near(&flow["km_before"], 3.4259, 0.001);
    near(&flow["km_after"], 2.0 * 3.331 + 3.4244, 0.002);
    near(&flow["min_before"], 3.4259 / 50.0 * 60.0, 0.002);
    assert_eq!((&flow["reachable"], &flow["enters_rings"]), (&true.into(), &Json::Array(vec![])));
    assert_eq!(
        (&json["flows"][1]["reachable"], &json["flows"][1]["km_before"]),
        (&false.into(), &Json::Null)
    );
    let ring = &json["control_points"][1];
    assert_eq!((&ring["code"], ring["radius_m"].as_f64()), (&"K1".into(), Some(1000.0)));
    // A street through the centre has twice the radius in the ring.
    near(&ring["truck_km_before"], 200.0, 0.01);
    near(&ring["trucks_before"], 100.0, 0.0);
    near(&ring["nox_g_before"], 200.0 * 4.721 * 0.60, 0.1);
    for key in ["truck_km", "trucks", "nox_g", "pm25_g", "dust_pm10_g", "dust_pm25_g"] {
        assert!(ring[format!("{key}_before")].as_f64().unwrap() > 0.0, "{key}");
        near(&ring[format!("{key}_after")], 0.0, 0.0);
    }
    assert_eq!(json["roads_up"][0]["name"], "北外环");
    assert_eq!(json["lint"][0]["rule"], "flow_nowhere");
    assert_eq!(keys(&json["lint"][0]), ["rule", "record", "text"]);
    assert_eq!(json["unreachable"], Json::Array(vec![]));
    // The same bytes again; and five minutes before seven nothing has changed yet.
    assert_eq!(plan(at, "2026-11-23T10:00").to_string(), json.to_string());
    let early = plan(at, "2026-11-23T06:55");
    assert_eq!(early["flows"][0]["km_after"], early["flows"][0]["km_before"]);
}

#[test]
fn a_plan_that_cannot_be_looked_at_says_why() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let order = TOWN.lines().last().unwrap();
    done(at, &["apply", "a.gpkg", &file(at, "order.jsonl", order)]);
    let refused = run(at, &["plan", "a.gpkg", "方案一"]);
    assert!(!refused.status.success());
    assert!(complained(&refused).contains("no roads"), "{}", complained(&refused));
    let refused = run(at, &["plan", "a.gpkg", "方案九"]);
    assert!(!refused.status.success());
    assert!(complained(&refused).contains("方案九"), "{}", complained(&refused));
}

#[test]
fn the_network_is_told_with_its_gaps() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    // 3.33 m short of the parallel.
    let gap = r#"{"op":"create","layer":"road","code":"G","name":"断头路","geometry":{"type":"LineString","coordinates":[[118.12,39.81],[118.12,39.80003]]}}"#;
    let town = format!("{TOWN}{gap}\n");
    done(at, &["apply", "a.gpkg", &file(at, "town.jsonl", town)]);
    let json: Json = serde_json::from_str(&done(at, &["network", "a.gpkg", "--json"])).unwrap();
    assert_eq!(keys(&json), ["nodes", "edges", "length_m", "turn_bans", "repairs"]);
    assert_eq!((&json["nodes"], &json["edges"]), (&4.into(), &4.into()));
    let repair = &json["repairs"][0];
    assert_eq!(
        (&repair["kind"], &repair["code"], &repair["road"]),
        (&"gap".into(), &Json::Null, &"G".into())
    );
    // The street is a geodesic: in its middle 0.19 m north of the parallel through its ends.
    near(&repair["length_m"], 3.33 - 0.19, 0.01);
    let checked = run(at, &["network", "a.gpkg", "--check"]);
    assert_eq!(checked.status.code(), Some(1));
}

#[test]
fn gates_are_proposed_as_csv_that_comes_in_again_and_as_geojson() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let roads = r#"{"op":"create","layer":"road","code":"S","name":"丰润大街","ref":"G102","class":"primary","geometry":{"type":"LineString","coordinates":[[118.10,39.80],[118.14,39.80]]}}
{"op":"create","layer":"area","code":"Q","name":"区","role":"district","geometry":{"type":"Polygon","coordinates":[[[118.11,39.79],[118.13,39.79],[118.13,39.81],[118.11,39.81],[118.11,39.79]]]}}
"#;
    done(at, &["apply", "a.gpkg", &file(at, "roads.jsonl", roads)]);
    let csv = done(at, &["network", "a.gpkg", "--gates"]);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "code,name,role,lon,lat");
    assert!(rows[1].starts_with("G102-W,G102 西口,gate,118.1100000,39.80000"), "{csv}");
    let json: Json =
        serde_json::from_str(&done(at, &["network", "a.gpkg", "--gates", "--json"])).unwrap();
    assert_eq!(json["features"].as_array().unwrap().len(), 2);
    done(at, &["import", "a.gpkg", &file(at, "gates.csv", &csv), "--as", "gate", "--crs", "wgs84"]);
    // What is there is not proposed again.
    assert_eq!(done(at, &["network", "a.gpkg", "--gates"]).lines().count(), 1);
}

#[test]
fn turn_costs_lengthen_trips_today_and_under_the_plan_and_are_named_in_the_answer() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    done(at, &["apply", "a.gpkg", &file(at, "town.jsonl", TOWN)]);
    let arm = r#"{"op":"create","layer":"road","code":"A","name":"支线","class":"tertiary","geometry":{"type":"LineString","coordinates":[[118.12,39.80],[118.12,39.81]]}}
{"op":"create","layer":"gate","code":"N","name":"北口","lon":118.12,"lat":39.81}
{"op":"create","layer":"flow","name":"转","from":"W","to":"N","class":"light","trucks_per_day":1}
"#;
    done(at, &["apply", "a.gpkg", &file(at, "arm.jsonl", arm)]);
    let minutes = |costs: &str| {
        let moment = "2026-11-23T05:00";
        let said = done(
            at,
            &["plan", "a.gpkg", "方案一", "--at", moment, "--json", "--turn-costs", costs],
        );
        let json: Json = serde_json::from_str(&said).unwrap();
        let flows = json["flows"].as_array().unwrap();
        let flow = flows.iter().find(|flow| flow["to"] == "N").unwrap();
        (json["turn_costs"].clone(), flow["min_before"].as_f64().unwrap())
    };
    let (none, free) = minutes("left=0");
    let (named, with) = minutes("left=30,right=10");
    assert!(none.is_null() && named == "left=30,right=10,u=0");
    assert!((with - free - 0.5).abs() < 2e-3, "{free} {with}");
    let output = run(at, &["plan", "a.gpkg", "方案一", "--turn-costs", "up=3"]);
    assert!(complained(&output).contains("no wait at turns"));
}
