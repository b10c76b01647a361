//! Real cities as OpenStreetMap has them: gates, trucks, a road closed with the tool, and undone.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use geo_types::Coord;
use serde_json::{Value as Json, json};
use shapan::domain::Kind;
use shapan::geodesy::ring::distance_m;
use shapan::map::view::View;
use shapan::network::compare::Comparison;
use shapan::network::evaluate::Prepared;
use shapan::ui::{Action, App, FileAction, ViewAction};

use crate::journeys::{act, click, count, press, screen, start};
use crate::support::{complained, done, file, folder, run, shared};

/// Of the box around all junctions, the part that is taken for the district.
const DISTRICT: f64 = 0.7;
/// Between more gates than these no trucks drive here.
const GATES: usize = 12;
/// The closed stretch is about so long, metres.
const CLOSED_M: f64 = 400.0;

/// Imports an extract, draws an outline, makes the gates that are proposed and trucks between them.
fn district(at: &Path, extract: &Path, center: Coord<f64>, half: Coord<f64>) {
    done(at, &["new", "a.gpkg"]);
    // 1 where turn restrictions lead out of the extract: what cannot be used is told of.
    let import = run(at, &["import", "a.gpkg", extract.to_str().unwrap()]);
    assert!(matches!(import.status.code(), Some(0 | 1)), "{}", complained(&import));
    let corner =
        |x: f64, y: f64| [center.x + x * half.x * DISTRICT, center.y + y * half.y * DISTRICT];
    let ring = [
        corner(-1.0, -1.0),
        corner(1.0, -1.0),
        corner(1.0, 1.0),
        corner(-1.0, 1.0),
        corner(-1.0, -1.0),
    ];
    let shape = json!({ "type": "Polygon", "coordinates": [ring] });
    let area = json!({ "op": "create", "layer": "area", "name": "区", "role": "district", "geometry": shape });
    let point = json!({ "op": "create", "layer": "control_point", "code": "K1", "name": "站",
        "lon": center.x, "lat": center.y });
    done(at, &["apply", "a.gpkg", &file(at, "area.jsonl", format!("{area}\n{point}\n"))]);
    let gates = done(at, &["network", "a.gpkg", "--gates"]);
    let few: Vec<&str> = gates.lines().take(GATES + 1).collect();
    assert!(few.len() > 4, "gates where truck roads cross the outline: {gates}");
    let gates = format!("{}\n", few.join("\n"));
    done(
        at,
        &["import", "a.gpkg", &file(at, "gates.csv", gates), "--as", "gate", "--crs", "wgs84"],
    );
    let codes = few.iter().skip(1).filter_map(|row| row.split(',').next());
    let codes: Vec<&str> = codes.collect();
    let mut flows = String::new();
    for from in &codes {
        for to in codes.iter().filter(|to| *to != from) {
            let flow = json!({ "op": "create", "layer": "flow", "name": format!("{from} → {to}"), "from": from, "to": to,
                "class": "heavy", "trucks_per_day": 20, "source": "假设" });
            writeln!(flows, "{flow}").unwrap();
        }
    }
    done(at, &["apply", "a.gpkg", &file(at, "flows.jsonl", flows)]);
}

fn answer<'a>(window: &'a Harness<'_, App>) -> (&'a Comparison, Arc<Prepared>) {
    let answer = window.state().model().planner.answer.as_ref().unwrap();
    (&answer.comparison, Arc::clone(&answer.asked.prepared))
}

/// Two places some hundred metres apart on the road that most trucks use within the district.
fn busiest(window: &Harness<'_, App>, center: Coord<f64>, half: Coord<f64>) -> [Coord<f64>; 2] {
    let (comparison, prepared) = answer(window);
    let network = &prepared.network;
    let is_inside = |edge: usize| {
        network.middle_of(edge as u32).is_some_and(|at| {
            (at.x - center.x).abs() < 0.5 * half.x && (at.y - center.y).abs() < 0.5 * half.y
        })
    };
    let volumes = comparison.before.volumes.iter().enumerate().filter(|(edge, _)| is_inside(*edge));
    let (edge, most) = volumes.max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    assert!(*most > 0.0);
    let ways = comparison.before.trips.iter().filter_map(|trip| trip.route.as_ref());
    let mut over = ways.filter_map(|way| {
        let at = way.arcs.iter().position(|arc| arc.edge() == edge)?;
        Some(network.line_of(way.arcs.get(at..)?).0)
    });
    let line = over.next().unwrap();
    let mut gone_m = 0.0;
    let steps = line.windows(2).take_while(|pair| {
        gone_m += distance_m(pair[0], pair[1]);
        gone_m < CLOSED_M
    });
    let last = steps.count().max(1);
    [line[0], line[last]]
}

fn a_road_is_closed_and_opened_again(extract: &str, center: (f64, f64), half: (f64, f64)) {
    let Some(extract) = shared(extract) else { return };
    let (center, half) = (Coord { x: center.0, y: center.1 }, Coord { x: half.0, y: half.1 });
    let home = folder();
    district(home.path(), &extract.canonicalize().unwrap(), center, half);
    let mut window = start(home.path());
    act(&mut window, Action::File(FileAction::Open(home.path().join("a.gpkg"))));
    press(&mut window, Modifiers::NONE, Key::G);
    press(&mut window, Modifiers::COMMAND, Key::D);
    let (comparison, prepared) = answer(&window);
    let today = Arc::clone(&comparison.before);
    assert!(prepared.network.edges.len() > 1000 && today.all.truck_km > 1000.0);
    assert_eq!(comparison.after, *today, "a plan without orders is today");
    let ends = busiest(&window, center, half);
    let middle = (ends[0] + ends[1]) / 2.0;
    act(&mut window, Action::View(ViewAction::Show(View { center: middle, zoom: 16.0 })));
    press(&mut window, Modifiers::NONE, Key::Num1);
    for end in ends {
        let at = screen(&window, end);
        click(&mut window, at);
    }
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(count(&window, Kind::Restriction), 1);
    let (comparison, prepared) = answer(&window);
    assert_eq!(*comparison.before, *today, "today stays what it was");
    let closed = &comparison.planned[0].arcs;
    assert!(!closed.is_empty());
    assert!(closed.iter().all(|arc| comparison.after.volumes[arc.edge()] == 0.0));
    assert!(closed.iter().any(|arc| today.volumes[arc.edge()] > 0.0));
    let moved =
        comparison.trips(&prepared).filter(|(_, before, after)| before.route != after.route);
    assert!(moved.count() > 0);
    assert!(comparison.after.all != today.all);
    assert!(comparison.findings.iter().any(|finding| finding.rule.key() == "no_camera"));

    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Restriction), 0);
    let (comparison, _) = answer(&window);
    assert_eq!((&*comparison.before, &comparison.after), (&*today, &*today));
    // The command line says the same of today.
    drop(window);
    let json: Json =
        serde_json::from_str(&done(home.path(), &["network", "a.gpkg", "--json"])).unwrap();
    assert_eq!(json["edges"].as_u64(), Some(prepared.network.edges.len() as u64));
}

#[test]
fn in_shenzhen_a_road_is_closed_with_the_tool_and_opened_again() {
    let (center, half) = ((114.01, 22.55), (0.07, 0.03));
    a_road_is_closed_and_opened_again("osm/shenzhen_osm_bbox.osm", center, half);
}

#[test]
fn in_monaco_a_road_is_closed_with_the_tool_and_opened_again() {
    let (center, half) = ((7.4225, 43.7385), (0.014, 0.012));
    a_road_is_closed_and_opened_again("osm/monaco-latest.osm.pbf", center, half);
}
