//! `shapan network` and `shapan plan`, as a user runs them.

use std::sync::Arc;

use serde_json::Value as Json;
use shapan::domain::{Change, Edit, Kind, Record, Value};
use shapan::store::Store;

use crate::support::{complained, done, file, folder, run, said, stamp_at};

/// A street past a control point, a way round, trucks, and a plan that closes the street.
const TOWN: &str = r#"{"op":"create","layer":"road","code":"S","name":"丰润大街","class":"primary","geometry":{"type":"LineString","coordinates":[[118.10,39.80],[118.14,39.80]]}}
{"op":"create","layer":"road","code":"R","name":"北外环","class":"primary","geometry":{"type":"LineString","coordinates":[[118.10,39.80],[118.10,39.83],[118.14,39.83],[118.14,39.80]]}}
{"op":"create","layer":"gate","code":"W","name":"西口","lon":118.10,"lat":39.80}
{"op":"create","layer":"gate","code":"E","name":"东口","lon":118.14,"lat":39.80}
{"op":"create","layer":"control_point","code":"K1","name":"一号点","lon":118.12,"lat":39.80}
{"op":"create","layer":"flow","name":"钢厂","from":"W","to":"E","class":"heavy","stage":"国五","trucks_per_day":100,"source":"实测"}
{"op":"create","layer":"flow","name":"错","from":"W","to":"Z","trucks_per_day":1}
{"op":"create","layer":"site","name":"北关小学","kind":"sensitive","lon":118.12,"lat":39.8303}
{"op":"create","layer":"site","name":"街边厂","kind":"enterprise","lon":118.12,"lat":39.8003}
{"op":"create","layer":"restriction","name":"禁行一","kind":"no_entry","plan":"方案一","state":"草案","hours":"07:00-19:00","exemptions":["应急","绿色通道"],"geometry":{"type":"LineString","coordinates":[[118.115,39.80],[118.125,39.80]]}}
"#;

/// Of heavy trucks on a working day, the share that drives from 7 to 19.
const BY_DAY: f64 = 55.5 / 98.7;

fn keys(json: &Json) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Writes the town into a new district.
fn found_town(at: &std::path::Path) {
    done(at, &["new", "a.gpkg"]);
    done(at, &["apply", "a.gpkg", &file(at, "town.jsonl", TOWN)]);
}

fn plan(at: &std::path::Path, moment: &str) -> Json {
    let said = done(at, &["plan", "a.gpkg", "方案一", "--at", moment, "--json"]);
    serde_json::from_str(&said).unwrap()
}

fn near(json: &Json, expected: f64, by: f64) {
    let found = json.as_f64().unwrap();
    assert!((found - expected).abs() <= by, "{found} is not {expected}");
}

const OF_FLOW: [&str; 11] = [
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

#[test]
fn a_plan_is_told_as_json_that_programs_may_rely_on() {
    let folder = folder();
    let at = folder.path();
    found_town(at);
    assert_eq!(done(at, &["plan", "a.gpkg", "--list"]), "方案一\t1\t草案\n");
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
        "day",
        "with_cut_off",
        "inside",
        "outside",
        "ranges",
        "newly_passed",
        "unreachable_places",
        "places_by_pass",
        "balance",
        "calibration",
        "drift",
    ];
    assert_eq!(keys(&json), expected);
    assert_eq!(keys(&json["network"]), ["nodes", "edges"]);
    assert_eq!(json["network"], serde_json::json!({ "nodes": 2, "edges": 2 }));
    let flow = &json["flows"][0];
    assert_eq!(keys(flow), OF_FLOW);
    // 0.04° of longitude at 39.80° N are 3.4259 km on the ellipsoid; 0.03° of latitude 3.331 km.
    near(&flow["km_before"], 3.4259, 0.001);
    near(&flow["km_after"], 2.0 * 3.331 + 3.4244, 0.002);
    near(&flow["min_before"], 3.4259 / 50.0 * 60.0, 0.002);
    assert_eq!((&flow["reachable"], &flow["enters_rings"]), (&true.into(), &Json::Array(vec![])));
    assert_eq!(
        (&json["flows"][1]["reachable"], &json["flows"][1]["km_before"]),
        (&false.into(), &Json::Null)
    );
    assert_eq!(json["roads_up"][0]["name"], "北外环");
    assert_eq!(
        (&json["unreachable"], &json["drift"]),
        (&serde_json::json!([]), &json["unreachable"])
    );
    // The same bytes again; and five minutes before seven nothing has changed yet.
    assert_eq!(plan(at, "2026-11-23T10:00").to_string(), json.to_string());
    let early = plan(at, "2026-11-23T06:55");
    assert_eq!(early["flows"][0]["km_after"], early["flows"][0]["km_before"]);
}

/// The town, and what the plan does to it at ten.
fn told(at: &std::path::Path) -> Json {
    found_town(at);
    plan(at, "2026-11-23T10:00")
}

#[test]
fn rings_and_what_lies_outside_are_told_before_and_after() {
    let folder = folder();
    let json = told(folder.path());
    let ring = &json["control_points"][1];
    assert_eq!((&ring["code"], ring["radius_m"].as_f64()), (&"K1".into(), Some(1000.0)));
    // A street through the centre has twice the radius in the ring.
    near(&ring["truck_km_before"], 200.0, 0.01);
    near(&ring["trucks_before"], 100.0, 0.0);
    near(&ring["nox_g_before"], 200.0 * 4.721 * 0.60, 0.1);
    for key in ["truck_km", "trucks", "nox_g", "pm25_g", "dust_pm10_g", "dust_pm25_g"] {
        assert!(ring[format!("{key}_before")].as_f64().unwrap() > 0.0, "{key}");
        assert_eq!(json["inside"][format!("{key}_after")], ring[format!("{key}_after")], "{key}");
    }
    // From seven to seven the street is closed; by night there is what drives by night.
    for key in ["truck_km", "trucks", "nox_g", "pm25_g"] {
        let before = ring[format!("{key}_before")].as_f64().unwrap();
        near(&ring[format!("{key}_after")], before * (1.0 - BY_DAY), 0.01);
    }
    // The cars of today stay: 20 to 3 trucks on 2 km, of 1.5 t; a heavy truck counts 20 t.
    let (car_km, truck_km) = (200.0 * 20.0 / 3.0, 200.0 * (1.0 - BY_DAY));
    let mean_t = (car_km * 1.5 + truck_km * 20.0) / (car_km + truck_km);
    let dust_g = (car_km + truck_km) * 0.62 * f64::powf(mean_t, 1.02);
    near(&ring["dust_pm10_g_after"], dust_g, 0.5);
    let day = &json["day"];
    assert_eq!((&day["date"], &day["is_workday"]), (&"2026-11-23".into(), &true.into()));
    let hours =
        |key: &str| day[format!("inside_truck_km_by_hour_{key}")].as_array().unwrap().clone();
    assert_eq!((hours("after")[6] == hours("before")[6], &hours("after")[7]), (true, &0.0.into()));
    assert_eq!(json["with_cut_off"], Json::Null, "everybody has a way");
    assert_eq!(keys(&json["outside"]), keys(&json["district"]));
    assert_eq!(json["ranges"]["exhaust"], serde_json::json!([0.7, 1.7]));
}

#[test]
fn without_json_it_is_told_in_the_language_of_the_reader() {
    let folder = folder();
    let at = folder.path();
    found_town(at);
    let asked = ["plan", "a.gpkg", "方案一", "--at", "2026-11-23T10:00"];
    let zh = done(at, &asked);
    assert!(zh.starts_with("节点 2，路段 2，车流 2，措施 1\n"), "{zh}");
    let ring = zh.lines().nth(1).unwrap();
    assert!(ring.contains("货车·公里/日 100.0 → 43.8\t货车 辆/日 100 → 44"), "{ring}");
    let en = done(at, &[&asked[..], &["--lang", "en"]].concat());
    assert!(en.starts_with("2 nodes, 2 edges, 2 flows, 1 orders\n"), "{en}");
    assert_eq!(zh.lines().count(), en.lines().count());
    assert!(en.contains("no camera (0 trucks a day)") && !zh.contains("no camera"), "{zh}");
    assert!(done(at, &["network", "a.gpkg"]).starts_with("节点 2，路段 2，"));
    assert!(done(at, &["network", "a.gpkg", "--lang", "en"]).starts_with("2 nodes, 2 edges, "));
}

#[test]
fn places_that_are_passed_or_cut_off_and_the_checks_are_told_with_where_they_are() {
    let folder = folder();
    let json = told(folder.path());
    let passed = &json["newly_passed"][0];
    assert_eq!(keys(passed), ["record", "name", "kind", "trucks_before", "trucks_after"]);
    assert_eq!((&passed["name"], &passed["kind"]), (&"北关小学".into(), &"sensitive".into()));
    near(&passed["trucks_before"], 0.0, 0.0);
    near(&passed["trucks_after"], 100.0 * BY_DAY, 0.001);
    let cut_off = &json["unreachable_places"][0];
    assert_eq!(keys(cut_off), ["record", "name", "kind"]);
    assert_eq!(cut_off["name"], "街边厂");
    let lint = json["lint"].as_array().unwrap();
    let rules: Vec<&str> = lint.iter().map(|one| one["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["place_unreachable", "flow_nowhere", "no_camera", "no_camera"]);
    assert_eq!(keys(&lint[0]), ["rule", "record", "text", "at", "other"]);
    assert_eq!(lint[0]["at"], serde_json::json!([118.12, 39.8003]));
    assert_eq!(
        (&lint[1]["at"], &json["balance"]),
        (&serde_json::json!([118.1, 39.8]), &Json::Null)
    );
}

#[test]
fn flows_are_balanced_on_demand_and_the_gap_and_what_it_rests_on_are_told() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let town = TOWN.replace("\"name\":\"丰润大街\"", "\"name\":\"丰润大街\",\"lanes\":2");
    done(at, &["apply", "a.gpkg", &file(at, "town.jsonl", town)]);
    let order = ["plan", "a.gpkg", "方案一", "--at", "2026-11-23T10:00", "--json", "--balance"];
    let json: Json = serde_json::from_str(&done(at, &order)).unwrap();
    let balance = &json["balance"];
    let expected = [
        "gap_before",
        "gap_after",
        "iterations_before",
        "iterations_after",
        "hours_before",
        "hours_after",
        "hours_after_with_cut_off",
        "trucks_cut_off",
        "hours_all_or_nothing_before",
        "hours_all_or_nothing_after",
        "share_of_length_with_lanes",
    ];
    assert_eq!(keys(balance), expected);
    assert!(balance["gap_before"].as_f64().unwrap() <= 1e-3);
    assert_eq!(balance["iterations_before"], 1);
    // 100 trucks of 2.5 cars each, and 20 cars beside every 3 of them, on 3.43 km at 50 km/h, where
    // 13,500 cars a day have room.
    let delay = 1.0 + 0.15 * f64::powi((250.0 + 2000.0 / 3.0) / 13_500.0, 4);
    near(&balance["hours_before"], 100.0 * 3.4259 / 50.0 * delay, 0.01);
    near(&balance["hours_after"], 100.0 * (2.0 * 3.331 + 3.4244) / 50.0, 0.01);
    // 3.43 km of 13.5 km.
    near(&balance["share_of_length_with_lanes"], 0.2535, 0.001);
}

#[test]
fn a_line_whose_road_has_moved_since_it_was_drawn_is_told_with_how_far() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let waypoints = r#""kind":"no_entry","waypoints":["118.115 39.8","118.125 39.8"],"#;
    let town = TOWN.replacen(r#""kind":"no_entry","#, waypoints, 1);
    done(at, &["apply", "a.gpkg", &file(at, "town.jsonl", town)]);
    assert_eq!(plan(at, "2026-11-23T10:00")["drift"], serde_json::json!([]));
    // The street as it was surveyed later: 0.0003° of latitude to the north.
    let moved = r#"{"op":"update","layer":"road","code":"S","geometry":{"type":"LineString","coordinates":[[118.10,39.80],[118.11,39.8003],[118.13,39.8003],[118.14,39.80]]}}"#;
    done(at, &["apply", "a.gpkg", &file(at, "moved.jsonl", moved)]);
    let json = plan(at, "2026-11-23T10:00");
    let drift = &json["drift"][0];
    assert_eq!(keys(drift), ["record", "name", "moved_m", "lost", "apart"]);
    assert_eq!((&drift["name"], &drift["lost"]), (&"禁行一".into(), &serde_json::json!([])));
    near(&drift["moved_m"], 33.31, 0.1);
    let said = done(at, &["plan", "a.gpkg", "方案一", "--at", "2026-11-23T10:00"]);
    assert!(said.contains("路网有变\t禁行一\t移动 33 m\t0 个途经点不在路上"), "{said}");
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
    let said = complained(&refused);
    assert!(
        said.contains("区域文件里还没有道路") && said.contains("(the district has no roads"),
        "{said}"
    );
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
    assert_eq!(keys(&json), ["nodes", "edges", "length_m", "turn_bans", "unread", "repairs"]);
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
    found_town(at);
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
    for (option, wrong, zh, en) in [
        ("--turn-costs", "up=3", "不是转弯等待时间", "no wait at turns"),
        ("--at", "明天", "不是当地时间", "no moment of local time"),
    ] {
        let output = run(at, &["plan", "a.gpkg", "方案一", option, wrong]);
        let first = complained(&output).lines().next().unwrap().to_owned();
        assert!(first.contains(zh) && first.contains(wrong), "{first}");
        let output = run(at, &["--lang", "en", "plan", "a.gpkg", "方案一", option, wrong]);
        assert_eq!(output.status.code(), Some(2));
        assert!(complained(&output).contains(en) && !complained(&output).contains(zh));
    }
}

#[test]
fn a_plan_is_renamed_by_a_file_or_a_line_with_its_orders_but_never_like_another() {
    let folder = folder();
    let at = folder.path();
    found_town(at);
    let plans = r#"{"op":"create","layer":"plan","code":"P1","name":"方案一"}
{"op":"create","layer":"plan","code":"P2","name":"方案二"}
"#;
    done(at, &["apply", "a.gpkg", &file(at, "plans.jsonl", plans)]);
    let list = || done(at, &["plan", "a.gpkg", "--list"]);
    let renaming = |name: &str| {
        format!(
            "{{\"op\":\"update\",\"layer\":\"plan\",\"code\":\"P1\",\"fields\":{{\"name\":\"{name}\"}}}}\n"
        )
    };
    let output = run(at, &["apply", "a.gpkg", &file(at, "taken.jsonl", renaming("方案二"))]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(said(&output), "refused 已有方案“方案二”\n");

    let csv = "编码,名称,发布单位\nP1,方案二,区政府\n";
    let told = done(at, &["import", "a.gpkg", &file(at, "taken.csv", csv), "--as", "plan"]);
    assert!(told.contains("已有方案“方案二”，方案“方案一”未改名"), "{told}");
    assert_eq!(list(), "方案一\t1\t草案\n");
    let csv = "编码,名称\nP1,冬季方案\n";
    let told = done(at, &["import", "a.gpkg", &file(at, "free.csv", csv), "--as", "plan"]);
    assert!(told.contains("所属 1 条措施随之改名"), "{told}");
    assert_eq!(list(), "冬季方案\t1\t草案\n");
    done(at, &["check", "a.gpkg"]);
    done(at, &["undo", "a.gpkg"]);
    assert_eq!(list(), "方案一\t1\t草案\n", "one step");

    // As another program does it, to the record alone.
    let mut store = Store::open(&at.join("a.gpkg")).unwrap();
    let world = store.load().unwrap();
    let before = Arc::clone(world.table(Kind::Plan).by_code("P1").unwrap());
    let mut after = Record::clone(&before);
    after.set("name", Some(Value::text("冬季方案")));
    let edit = Edit::of(vec![Change::update(before, after)]);
    store.apply(&edit, &stamp_at("QGIS", 40 * 365 * 86_400)).unwrap();
    drop(store);
    let output = run(at, &["plan", "a.gpkg", "--list", "--json"]);
    let list: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&list[0]["plan"], &list[0]["has_record"]), (&"方案一".into(), &false.into()));
    let told = complained(&output);
    assert!(told.contains("1 条措施属于方案“方案一”，但没有这个方案的记录"), "{told}");
    assert!(told.contains("“冬季方案”"), "{told}");
}

#[test]
fn the_roads_of_a_plan_go_out_with_their_trucks_before_and_after_and_one_plan_need_not_be_named() {
    let folder = folder();
    let at = folder.path();
    found_town(at);
    let told = done(at, &["plan", "a.gpkg", "--json", "--links", "links.geojson"]);
    let told: Json = serde_json::from_str(&told).unwrap();
    assert_eq!(told["plan"], "方案一");
    let links = std::fs::read_to_string(at.join("links.geojson")).unwrap();
    let links: Json = serde_json::from_str(&links).unwrap();
    let features = links["features"].as_array().unwrap();
    let of = |name: &str| {
        let feature = features.iter().find(|feature| feature["properties"]["道路"] == name);
        feature.unwrap()["properties"].clone()
    };
    let ways: Vec<&Json> = features
        .iter()
        .filter(|feature| feature["properties"]["layer"] == "plan_result_ways")
        .collect();
    assert_eq!(ways.len(), 2 * told["flows"].as_array().unwrap().len(), "today and the plan");
    let is_line = |way: &&&Json| way["geometry"]["type"] == "LineString";
    assert!(ways.iter().filter(is_line).count() > 1);
    assert!(ways.iter().any(|way| way["properties"]["是否改道"] == "改道"));
    let looked_at = |feature: &&Json| feature["properties"]["layer"] == "plan_result_findings";
    assert_eq!(
        features.iter().filter(looked_at).count(),
        told["lint"].as_array().unwrap().len(),
        "a row for each finding"
    );
    let (street, round) = (of("丰润大街"), of("北外环"));
    assert_eq!(street["现状_辆日"].as_f64(), Some(100.0));
    let moved = round["方案_辆日"].as_f64().unwrap();
    near(&street["变化_辆日"], -moved, 0.01);
    assert!(done(at, &["history", "a.gpkg"]).contains("links.geojson"));
    done(at, &["plan", "a.gpkg", "--links", "links.xlsx"]);
    let told = done(at, &["plan", "a.gpkg", "--json", "--calibration", "--report", "report.docx"]);
    let told: Json = serde_json::from_str(&told).unwrap();
    assert!(told["calibration"]["stations"].is_array(), "{told}");
    assert!(std::fs::read(at.join("report.docx")).unwrap().starts_with(b"PK"));
    done(at, &["plan", "a.gpkg", "--report", "report.pdf"]);
    assert!(std::fs::read(at.join("report.pdf")).unwrap().starts_with(b"%PDF"));
    assert!(std::fs::read(at.join("links.xlsx")).unwrap().starts_with(b"PK"));

    let more = r#"{"op":"create","layer":"restriction","name":"二","kind":"no_entry","plan":"方案二","geometry":{"type":"LineString","coordinates":[[118.115,39.80],[118.125,39.80]]}}"#;
    done(at, &["apply", "a.gpkg", &file(at, "more.jsonl", more)]);
    let refused = run(at, &["plan", "a.gpkg"]);
    assert!(!refused.status.success());
    assert!(complained(&refused).contains("方案一、方案二"), "{}", complained(&refused));
}

#[test]
fn results_that_come_back_in_a_file_become_no_records_and_it_is_said_why() {
    let folder = folder();
    let at = folder.path();
    found_town(at);
    for ending in ["geojson", "xlsx", "gpkg", "kml", "csv", "zip"] {
        let (links, other) = (format!("links.{ending}"), format!("{ending}.gpkg"));
        done(at, &["plan", "a.gpkg", "--links", &links]);
        done(at, &["new", &other]);
        let report = run(at, &["import", &other, &links, "--crs", "wgs84"]);
        let report = said(&report);
        assert!(report.contains("新增 0") && report.contains("算出的结果"), "{ending}: {report}");
    }
    // Somebody may want the roads all the same.
    let wanted = run(at, &["import", "csv.gpkg", "links.geojson", "--as", "road"]);
    assert!(!said(&wanted).contains("新增 0"), "{}", said(&wanted));
}

#[test]
fn without_a_moment_a_plan_is_looked_at_on_its_first_day_in_force_and_the_moment_is_said() {
    let folder = folder();
    let at = folder.path();
    found_town(at);
    let more = r#"{"op":"create","layer":"restriction","name":"二","kind":"no_entry","plan":"方案二","valid_from":"2031-03-05","geometry":{"type":"LineString","coordinates":[[118.115,39.80],[118.125,39.80]]}}"#;
    done(at, &["apply", "a.gpkg", &file(at, "more.jsonl", more)]);
    let said = done(at, &["plan", "a.gpkg", "方案二"]);
    assert!(said.contains("时刻\t2031-03-05 10:00\t工作日"), "{said}");
}
