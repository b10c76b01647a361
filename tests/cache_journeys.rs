//! The road network beside the district: written where it took long, read as long as it is right.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use geo_types::{Coord, Geometry, LineString};
use serde_json::Value as Json;
use shapan::domain::{Change, Edit, Kind, Record, RecordId, Value, World};
use shapan::network::cache;
use shapan::network::compare::prepare;
use shapan::network::evaluate::Prepared;
use shapan::store::{DistrictReader, Store, read_cache, write_cache};
use shapan::ui::{Action, App, DataAction, FileAction};

use crate::journeys::{act, press, start};
use crate::support::{done, folder, ids, names_in, record, stamp};

/// Streets 100 m apart, gates at the ends of some, trucks from each to the next.
fn town(side: u32) -> Vec<Record> {
    let mut ids = ids();
    let corner = |east: u32, north: u32| Coord {
        x: 118.1 + 100.0 / 85_605.8 * f64::from(east),
        y: 39.8 + 100.0 / 111_031.3 * f64::from(north),
    };
    let mut records = Vec::new();
    for k in 0..=side {
        for is_east in [true, false] {
            let at = |step| if is_east { corner(step, k) } else { corner(k, step) };
            let mut road = record(&mut ids, Kind::Road, &format!("R{is_east}{k}"), "街", None);
            road.geometry = Some(LineString((0..=side).map(at).collect()).into());
            records.push(road);
        }
    }
    for k in 0..8 {
        let at = corner(side * (k % 2), k);
        let code = format!("G{k}");
        records.push(record(&mut ids, Kind::Gate, &code, &code, Some((at.x, at.y))));
        let mut flow = record(&mut ids, Kind::Flow, &format!("F{k}"), "", None);
        let to = format!("G{}", (k + 1) % 8);
        flow.set("from", Some(Value::text(&code)));
        flow.set("to", Some(Value::text(&to)));
        flow.set("trucks_per_day", Some(Value::Real(100.0)));
        records.push(flow);
    }
    records
}

fn prepared_of(world: &World) -> Prepared {
    prepare(world, &|_, _| true).unwrap()
}

/// A town of which the network takes so long here that it is felt, by a factor of three.
fn large_town() -> Vec<Record> {
    let mut side = 40;
    loop {
        let records = town(side);
        let world: World = records.iter().cloned().collect();
        let began = Instant::now();
        prepared_of(&world);
        if began.elapsed() > Duration::from_millis(1500) {
            return records;
        }
        side *= 2;
    }
}

fn district(folder: &Path, records: Vec<Record>) -> PathBuf {
    let path = folder.join("a.gpkg");
    let mut store = Store::create(&path).unwrap();
    let changes = records.into_iter().map(Change::create).collect();
    store.apply(&Edit::of(changes), &stamp("甲")).unwrap();
    path
}

fn world_of(path: &Path) -> World {
    DistrictReader::open(path).unwrap().load().unwrap()
}

/// The planner on a district, when all work is done.
fn planner_on(home: &Path, path: &Path) -> Harness<'static, App> {
    let mut window = start(home);
    act(&mut window, Action::File(FileAction::Open(path.to_owned())));
    press(&mut window, Modifiers::NONE, Key::G);
    window
}

fn roads(window: &Harness<'_, App>) -> Arc<Prepared> {
    let planner = &window.state().model().planner;
    assert!(planner.answer.is_some(), "there are flows, so there is an answer");
    planner.roads().cloned().unwrap()
}

fn network_json(folder: &Path) -> Json {
    serde_json::from_str(&done(folder, &["network", "a.gpkg", "--json"])).unwrap()
}

#[test]
fn what_took_long_is_kept_beside_the_district_read_again_and_made_anew_when_it_is_damaged() {
    let (seats, office) = ([folder(), folder(), folder()], folder());
    let path = district(office.path(), large_town());
    let kept_at = office.path().join("a.gpkg.network");
    let made = network_json(office.path());
    assert!(!kept_at.exists(), "a command that reads leaves nothing");
    let window = planner_on(seats[0].path(), &path);
    let first = roads(&window);
    drop(window);
    assert_eq!(names_in(office.path()), ["a.gpkg", "a.gpkg.network"]);
    assert_eq!(network_json(office.path()), made, "the command reads what the window has kept");
    let written = std::fs::read(&kept_at).unwrap();

    // Whoever opens it again gets the same from the file, and does not write it again.
    let time = std::fs::metadata(&kept_at).unwrap().modified().unwrap();
    let window = planner_on(seats[1].path(), &path);
    let second = roads(&window);
    drop(window);
    assert_eq!(second.network, first.network);
    assert_eq!(std::fs::metadata(&kept_at).unwrap().modified().unwrap(), time);

    let mut damaged = written.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(&kept_at, &damaged).unwrap();
    let window = planner_on(seats[2].path(), &path);
    assert_eq!(roads(&window).network, first.network);
    drop(window);
    assert!(std::fs::read(&kept_at).unwrap() == written, "it is whole again");
    done(office.path(), &["check", "a.gpkg"]);
}

/// A corner of a street stands so much farther north.
fn moved(world: &World, road: RecordId, by_deg: f64) -> Change {
    let before = Arc::clone(world.table(Kind::Road).get(road).unwrap());
    let mut after = Record::clone(&before);
    let Some(Geometry::LineString(line)) = &mut after.geometry else { unreachable!() };
    line.0[0].y += by_deg;
    Change::update(before, after)
}

#[test]
fn a_kept_network_is_believed_under_the_key_of_its_roads_alone() {
    let (home, office) = (folder(), folder());
    let path = district(office.path(), town(6));
    let world = world_of(&path);
    let road = world.table(Kind::Road).iter().next().unwrap().id;
    let mut other = world.clone();
    other.apply(&Edit::of(vec![moved(&world, road, -0.001)])).unwrap();
    // What is read from the file is told by a network that the roads would not make.
    let strange = prepared_of(&other);
    assert_ne!(strange.network, prepared_of(&world).network);
    let content = cache::to_bytes(&strange);
    write_cache(&path, cache::ENDING, cache::key(&world), &content).unwrap();
    let told = network_json(office.path());
    let length_m: f64 = strange.network.edges.iter().map(|edge| f64::from(edge.length_m)).sum();
    assert!((told["length_m"].as_f64().unwrap() - length_m).abs() < 1e-6);
    let mut window = planner_on(home.path(), &path);
    assert_eq!(roads(&window).network, strange.network);

    // A road is drawn otherwise, and everything is as its roads say.
    let edit = Edit::of(vec![moved(&world, road, -0.002)]);
    act(&mut window, Action::Data(DataAction::Apply(edit)));
    let now = window.state().model().district.as_ref().unwrap().world.clone();
    assert_eq!(roads(&window).network, prepared_of(&now).network);
    assert_eq!(read_cache(&path, cache::ENDING, || cache::key(&now)), None);
    // Undone, the file is right again.
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(roads(&window).network, strange.network);
}
