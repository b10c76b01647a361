//! What roads say to trucks, from the tag of a map to the way that a truck takes; and ways through
//! real cities beside those that networkx finds.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};
use shapan::network::compare::{Planner, prepare};
use shapan::network::evaluate::{Assumptions, Trip};
use shapan::store::DistrictReader;

use crate::support::{done, file, folder, run, said, shared, skipped};

/// The short way, and the way round.
const SHORT_KM: f64 = 5.1;
const ROUND_KM: f64 = 11.8;

/// A road from west to east and a way round its middle, as often as there are tags: the middle has
/// one of them, towns lie a tenth of a degree apart.
fn towns(tags: &[&str]) -> String {
    let mut osm = String::from("<osm version='0.6'>");
    for (town, tags) in (0_i64..).zip(tags) {
        let id = |local: i64| 100 * (town + 1) + local;
        let lat = |local: f64| 30.0 + 0.1 * town as f64 + local;
        let nodes = [
            (1, 118.10, 0.0),
            (2, 118.12, 0.0),
            (3, 118.14, 0.0),
            (4, 118.16, 0.0),
            (5, 118.12, 0.03),
            (6, 118.14, 0.03),
            (7, 118.13, 0.0),
        ];
        let tag = |words: &str| -> String {
            let all = words.split('|').filter_map(|tag| tag.split_once('='));
            let tags = all.map(|(key, value)| {
                let value = value.trim().replace('>', "&gt;");
                format!("<tag k='{}' v='{value}'/>", key.trim())
            });
            tags.collect::<Vec<_>>().concat()
        };
        // `node` before a tag puts it on the node in the middle.
        let (at_node, on_way): (Vec<&str>, Vec<&str>) =
            tags.split('|').map(str::trim).partition(|tag| tag.starts_with("node "));
        let at_node: String =
            at_node.iter().map(|tag| tag.trim_start_matches("node ")).map(tag).collect();
        for (local, lon, north) in nodes {
            let inner = if local == 7 { at_node.as_str() } else { "" };
            let (id, lat) = (id(local), lat(north));
            write!(osm, "<node id='{id}' lon='{lon}' lat='{lat:.7}'>{inner}</node>").unwrap();
        }
        for (local, refs, own) in [
            (10, &[1, 2][..], String::new()),
            (11, &[2, 7, 3], on_way.join("|")),
            (12, &[3, 4], String::new()),
            (13, &[2, 5, 6, 3], String::new()),
        ] {
            let refs = refs.iter().map(|local| format!("<nd ref='{}'/>", id(*local)));
            let refs = refs.collect::<Vec<_>>().concat();
            let (id, own) = (id(local), tag(&own));
            write!(osm, "<way id='{id}'>{refs}<tag k='highway' v='primary'/>{own}</way>").unwrap();
        }
    }
    osm.push_str("</osm>");
    osm
}

/// Kilometres from west to east and from east to west in each town, by a truck of a class, at a
/// moment of a working day.
fn driven(tags: &[&str], class: &str, moment: &str) -> (Vec<[f64; 2]>, String) {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let map = file(at, "towns.osm", towns(tags));
    let report = run(at, &["import", "a.gpkg", &map]);
    let mut lines = String::new();
    for town in 0..tags.len() {
        let lat = 30.0 + 0.1 * town as f64;
        for (code, lon) in [("W", 118.10), ("E", 118.16)] {
            let gate = json!({"op": "create", "layer": "gate", "code": format!("{code}{town}"),
                "name": format!("{code}{town}"), "lon": lon, "lat": lat});
            writeln!(lines, "{gate}").unwrap();
        }
        for (from, to) in [("W", "E"), ("E", "W")] {
            let flow = json!({"op": "create", "layer": "flow", "name": format!("{from}{town}"),
                "from": format!("{from}{town}"), "to": format!("{to}{town}"), "class": class,
                "trucks_per_day": 10});
            writeln!(lines, "{flow}").unwrap();
        }
    }
    let order = json!({"op": "create", "layer": "restriction", "name": "far", "kind": "no_entry",
        "plan": "P", "geometry": {"type": "LineString", "coordinates": [[100, 20], [100, 20.1]]}});
    writeln!(lines, "{order}").unwrap();
    done(at, &["apply", "a.gpkg", &file(at, "flows.jsonl", lines)]);
    let told = done(at, &["plan", "a.gpkg", "P", "--at", moment, "--json"]);
    let told: Json = serde_json::from_str(&told).unwrap();
    let km = |flow: &Json| flow["km_before"].as_f64().unwrap_or(f64::NAN);
    let flows = told["flows"].as_array().unwrap();
    let pairs = flows.chunks(2).map(|pair| [km(&pair[0]), km(&pair[1])]);
    (pairs.collect(), said(&report))
}

/// Tags, and whether they keep a heavy truck off from west to east, and from east to west.
const HEAVY: &[(&str, [bool; 2])] = &[
    ("name=plain", [false, false]),
    ("foot=no", [false, false]),
    ("hgv=no", [true, true]),
    ("goods=no", [true, true]),
    ("access=no", [true, true]),
    ("access=private", [true, true]),
    ("motor_vehicle=no", [true, true]),
    ("vehicle=no", [true, true]),
    ("hgv=destination", [true, true]),
    ("hgv=delivery", [true, true]),
    ("access=no | hgv=designated", [false, false]),
    ("hgv:forward=no", [true, false]),
    ("hgv:backward=no", [false, true]),
    ("maxweight=10", [true, true]),
    ("maxweight=10吨", [true, true]),
    ("maxweight=10 T", [true, true]),
    ("maxweight=12,5", [true, true]),
    ("maxweight=40", [false, false]),
    ("maxweight=10 | maxweight:hgv=40", [false, false]),
    ("maxweightrating=12", [true, true]),
    ("maxaxleload=8 t", [true, true]),
    ("maxheight=2.2 m", [true, true]),
    ("maxheight=none", [false, false]),
    ("maxwidth=2.3", [true, true]),
    ("maxlength=10 m", [true, true]),
    ("maxlength:forward=10 m", [true, false]),
    ("hgv:conditional=no @ (07:00-19:00)", [true, true]),
    ("hgv:conditional=no @ (22:00-06:00)", [false, false]),
    ("hgv=no | hgv:conditional=yes @ (Mo-Fr 07:00-19:00)", [false, false]),
    ("maxweight:conditional=10 @ (Mo-Fr 07:00-19:00)", [true, true]),
    ("maxweight:conditional=10 @ (Sa,Su)", [false, false]),
    ("hgv:conditional=no @ (weight>7.5)", [true, true]),
    ("node maxheight=2.2", [true, true]),
    ("node barrier=bollard", [true, true]),
    ("node barrier=lift_gate", [false, false]),
    ("node barrier=lift_gate | node access=private", [true, true]),
    ("node highway=crossing | node access=no", [false, false]),
    ("hgv=perhaps", [false, false]),
];

#[test]
fn a_heavy_truck_makes_way_for_whatever_a_road_says_to_it() {
    let tags: Vec<&str> = HEAVY.iter().map(|(tags, _)| *tags).collect();
    let (driven, report) = driven(&tags, "heavy", "2026-11-25T10:00");
    for ((tags, is_off), km) in HEAVY.iter().zip(driven) {
        for (is_off, km) in is_off.iter().zip(km) {
            // Towns farther south are a little wider.
            assert!((5.0..13.0).contains(&km) && (km > 9.0) == *is_off, "{tags}: {km} km");
        }
    }
    assert!(report.contains("hgv=perhaps 1"), "{report}");
    assert!(!report.contains("hgv=no"), "what is understood is not complained of: {report}");
}

#[test]
fn a_van_goes_where_only_heavy_trucks_are_kept_off() {
    let tags =
        ["hgv=no", "goods=no", "maxweight=10", "maxheight=2.2", "maxheight=1.9", "access=no"];
    let (driven, _) = driven(&tags, "micro", "2026-11-25T10:00");
    let is_off: Vec<bool> = driven.iter().map(|km| km[0] > 10.0).collect();
    assert_eq!(is_off, [false, true, false, false, true, true]);
}

#[test]
fn who_ends_on_a_road_for_destinations_may_drive_it_and_at_night_it_may_be_another() {
    let (at_night, _) = driven(
        &["hgv:conditional=no @ (22:00-06:00)", "hgv:conditional=no @ (07:00-19:00)"],
        "heavy",
        "2026-11-25T23:30",
    );
    assert!(at_night[0][0] > 10.0 && at_night[1][0] < 6.0, "{at_night:?}");

    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    done(at, &["import", "a.gpkg", &file(at, "town.osm", towns(&["hgv=destination"]))]);
    let lines = r#"{"op":"create","layer":"gate","code":"W","name":"W","lon":118.10,"lat":30.0}
{"op":"create","layer":"gate","code":"E","name":"E","lon":118.16,"lat":30.0}
{"op":"create","layer":"gate","code":"M","name":"M","lon":118.13,"lat":30.0}
{"op":"create","layer":"flow","name":"in","from":"W","to":"M","class":"heavy","trucks_per_day":1}
{"op":"create","layer":"flow","name":"out","from":"M","to":"E","class":"heavy","trucks_per_day":1}
{"op":"create","layer":"flow","name":"through","from":"W","to":"E","class":"heavy","trucks_per_day":1}
{"op":"create","layer":"restriction","name":"far","kind":"no_entry","plan":"P","geometry":{"type":"LineString","coordinates":[[100,20],[100,20.1]]}}
"#;
    done(at, &["apply", "a.gpkg", &file(at, "flows.jsonl", lines)]);
    let told = done(at, &["plan", "a.gpkg", "P", "--at", "2026-11-25T10:00", "--json"]);
    let told: Json = serde_json::from_str(&told).unwrap();
    let km: Vec<f64> =
        (0..3).map(|flow| told["flows"][flow]["km_before"].as_f64().unwrap().round()).collect();
    assert_eq!(km, [3.0, 3.0, 12.0]);
}

/// One rule a map, of which one lets everybody by and one is for those who walk.
#[test]
fn each_small_map_with_one_rule_leads_a_heavy_truck_the_right_way() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/roads");
    let mut files: Vec<_> =
        std::fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 10);
    for path in files {
        let folder = folder();
        let at = folder.path();
        done(at, &["new", "a.gpkg"]);
        done(at, &["import", "a.gpkg", path.to_str().unwrap()]);
        let lines = r#"{"op":"create","layer":"gate","code":"W","name":"W","lon":118.10,"lat":39.80}
{"op":"create","layer":"gate","code":"E","name":"E","lon":118.16,"lat":39.80}
{"op":"create","layer":"flow","name":"f","from":"W","to":"E","class":"heavy","trucks_per_day":1}
{"op":"create","layer":"restriction","name":"far","kind":"no_entry","plan":"P","geometry":{"type":"LineString","coordinates":[[100,20],[100,20.1]]}}
"#;
        done(at, &["apply", "a.gpkg", &file(at, "flows.jsonl", lines)]);
        let told = done(at, &["plan", "a.gpkg", "P", "--at", "2026-11-25T10:00", "--json"]);
        let told: Json = serde_json::from_str(&told).unwrap();
        let km = told["flows"][0]["km_before"].as_f64().unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_open = matches!(name, "road-base" | "road-foot");
        assert!((km - if is_open { SHORT_KM } else { ROUND_KM }).abs() < 0.1, "{name}: {km} km");
    }
}

/// `tests/oracle/city_roads.py` knows nothing of this program: 110 pairs of places in each city for
/// four classes of truck, today and with a dozen streets closed. Times in milliseconds, lengths in
/// metres; null where there is no way.
#[test]
fn ways_through_real_cities_are_those_that_networkx_finds() {
    let Some(maps) = shared("data/osm") else { return };
    let oracle = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/city_roads.py");
    let told = std::process::Command::new("python3").arg(oracle).arg(&maps).output();
    let Some(told) = told.ok().filter(|told| told.status.success()) else {
        skipped("python3 lacks networkx, osmium, shapely or geographiclib");
        return;
    };
    let cities: Vec<Json> = serde_json::from_slice(&told.stdout).unwrap();
    for city in cities {
        let name = city["file"].as_str().unwrap();
        let Some(map) = shared(&format!("data/osm/{name}")) else { continue };
        let folder = folder();
        let at = folder.path();
        done(at, &["new", "a.gpkg"]);
        let imported = run(at, &["import", "a.gpkg", map.to_str().unwrap(), "--sheet", "road"]);
        assert!(matches!(imported.status.code(), Some(0 | 1)), "{}", said(&imported));
        let pairs = city["pairs"].as_array().unwrap();
        let mut lines = String::new();
        let mut wanted: Vec<(String, [&Json; 2])> = Vec::new();
        for (number, pair) in pairs.iter().enumerate() {
            for end in ["from", "to"] {
                let gate = json!({"op": "create", "layer": "gate", "code": format!("{end}{number}"),
                    "name": format!("{end}{number}"), "lon": pair[end][0], "lat": pair[end][1]});
                writeln!(lines, "{gate}").unwrap();
            }
            for (class, ways) in pair["ways"].as_object().unwrap() {
                let flow = json!({"op": "create", "layer": "flow", "name": format!("{class}{number}"),
                    "from": format!("from{number}"), "to": format!("to{number}"), "class": class,
                    "trucks_per_day": 1});
                writeln!(lines, "{flow}").unwrap();
                wanted.push((format!("{name} {class} {number}"), [&ways[0], &ways[1]]));
            }
        }
        for line in city["closed"].as_array().unwrap() {
            let order = json!({"op": "create", "layer": "restriction", "name": "x",
                "kind": "no_entry", "plan": "P",
                "geometry": {"type": "LineString", "coordinates": line}});
            writeln!(lines, "{order}").unwrap();
        }
        done(at, &["apply", "a.gpkg", &file(at, "flows.jsonl", lines)]);
        let world = DistrictReader::open(&at.join("a.gpkg")).unwrap().load().unwrap();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let moment = "2026-11-25T12:00".parse().unwrap();
        let compared =
            Planner::default().compare(&prepared, &world, "P", moment, Assumptions::default());
        assert_eq!(compared.before.trips.len(), wanted.len());
        let trips = compared.before.trips.iter().zip(&compared.after.trips);
        let mut wrong = Vec::new();
        for ((name, expected), (before, after)) in wanted.iter().zip(trips) {
            for (expected, trip) in expected.iter().zip([before, after]) {
                wrong.extend(differs(expected, trip).map(|why| format!("{name}: {why}")));
            }
        }
        assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), 2 * wanted.len(), wrong);
    }
}

/// By more than 0.1 s or 1 m.
fn differs(expected: &Json, trip: &Trip) -> Option<String> {
    let found = trip.route.as_ref().map(|route| (f64::from(route.time_ms), trip.length_m));
    let expected = expected.as_array().map(|pair| {
        let number = |index: usize| pair[index].as_f64().unwrap();
        (number(0), number(1))
    });
    let is_same = match (found, expected) {
        (None, None) => true,
        (Some((ms, metres)), Some((other_ms, other_m))) => {
            (ms - other_ms).abs() <= 100.0 && (metres - other_m).abs() <= 1.0
        }
        _ => false,
    };
    (!is_same).then(|| format!("{found:?} is not {expected:?}"))
}
