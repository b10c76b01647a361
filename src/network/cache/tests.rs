//! A kept network is the one that was made, whatever the roads; bytes that were changed break
//! nothing; what a network is made of is in its key.

use geo_types::{Geometry, Point};
use proptest::prelude::*;

use super::*;
use crate::domain::{Kind, Record, Value};
use crate::network::compare::Planner;
use crate::network::evaluate::Assumptions;
use crate::network::graph::Edge;
use crate::network::repair::repairs;
use crate::network::snap_route::{RoadUse, Waypoint, resolve};
use crate::network::testing::{Dice, Town, at, line, moment};

/// Roads on a raster of 50 m, each with a number that says what it is like, and gates.
type Drawn = (Vec<(Vec<(i32, i32)>, u8)>, Vec<(i32, i32)>);

fn anything() -> impl Strategy<Value = Drawn> {
    let place = || (-6..6_i32, -6..6_i32);
    let road = (prop::collection::vec(place(), 2..6), any::<u8>());
    (prop::collection::vec(road, 1..12), prop::collection::vec(place(), 2..6))
}

fn metres((x, y): (i32, i32)) -> (f64, f64) {
    (50.0 * f64::from(x), 50.0 * f64::from(y))
}

fn town((roads, gates): &Drawn) -> Town {
    let mut town = Town::new();
    for (number, (places, like)) in roads.iter().enumerate() {
        let places: Vec<(f64, f64)> = places.iter().map(|place| metres(*place)).collect();
        let oneway = ["no", "no", "forward", "backward"][usize::from(like % 4)];
        let mass = if like & 4 == 0 { "" } else { "10" };
        let junction = at(places[1].0, places[1].1);
        let turn = format!("R{}@{} {}", number / 2, junction.x, junction.y);
        let turn_restrictions = if like & 8 == 0 { "" } else { &turn };
        let more = [("oneway", oneway), ("max_mass_t", mass), ("no_turns", turn_restrictions)];
        town.road(&format!("R{number}"), &places, &more);
        if like & 0b11_0000 == 0b11_0000 {
            town.extra("bridge", "yes");
        }
    }
    for (number, place) in gates.iter().enumerate() {
        town.gate(&format!("G{number}"), metres(*place));
        let to = (number + 1) % gates.len();
        town.flow(&format!("G{number}"), &format!("G{to}"), "100", &[]);
    }
    for (code, east_m) in [("K", 0.0), ("L", 60.0)] {
        let place = Geometry::from(Point(at(east_m, 0.0)));
        town.add(Kind::ControlPoint, place, &[("code", code), ("radii_m", "100;200")]);
    }
    town.order("no_entry", line(&[(-100.0, 0.0), (100.0, 0.0)]), &[("plan", "P")]);
    town
}

const GO_ON: &dyn Fn(u64, u64) -> bool = &|_, _| true;

/// Two streets, a flow each way, a ban to turn, a bridge over both.
fn village() -> Town {
    let mut town = Town::new();
    let turn = format!("B@{} {}", at(0.0, 0.0).x, at(0.0, 0.0).y);
    town.road("A", &[(-300.0, 0.0), (0.0, 0.0), (300.0, 0.0)], &[("no_turns", &turn)]);
    town.road("B", &[(0.0, -300.0), (0.0, 300.0)], &[("oneway", "forward")]);
    town.road("C", &[(-200.0, -200.0), (200.0, 200.0)], &[("max_mass_t", "10")]);
    town.extra("bridge", "yes");
    town.gate("W", (-300.0, 0.0));
    town.gate("N", (0.0, 280.0));
    town.flow("W", "N", "100", &[]);
    town
}

fn bytes_of(world: &World) -> Vec<u8> {
    to_bytes(&prepare_roads(world, None, GO_ON).unwrap().prepared)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_kept_network_is_the_one_that_was_made_and_plans_do_on_it_what_they_did(drawn in anything()) {
        let world = town(&drawn).world();
        let Ok(made) = prepare(&world, None, GO_ON) else { return Ok(()) };
        prop_assert!(made.is_new);
        let bytes = to_bytes(&made.prepared);
        let read = prepare(&world, Some(&bytes), GO_ON).unwrap();
        prop_assert!(!read.is_new, "all of it is kept");
        let (made, read) = (made.prepared, read.prepared);
        prop_assert_eq!(&read.network, &made.network);
        prop_assert_eq!(&network(&world, Some(&bytes)), &made.network);
        prop_assert_eq!(&read.potentials, &made.potentials);
        let at = moment("2026-11-23T10:00:00");
        let of = |prepared| Planner::default().compare(prepared, &world, "P", at, Assumptions::default());
        let (one, other) = (of(&made), of(&read));
        prop_assert_eq!((one.before, one.after), (other.before, other.after));
        prop_assert_eq!(one.findings, other.findings);
        prop_assert_eq!(to_bytes(&read), bytes);
    }

    #[test]
    fn bytes_that_somebody_has_changed_break_nothing(
        drawn in anything(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        end in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let world = town(&drawn).world();
        let Ok(made) = prepare(&world, None, GO_ON) else { return Ok(()) };
        let mut bytes = to_bytes(&made.prepared);
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        bytes.truncate(end.map_or(bytes.len(), |end| end.index(bytes.len())));
        used(&world, &bytes);
    }

    #[test]
    fn bytes_of_anything_break_nothing(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        used(&village().world(), &bytes);
    }
}

/// Whatever the planner does with a network, with one of doubtful bytes.
fn used(world: &World, bytes: &[u8]) {
    let ready = prepare(world, Some(bytes), GO_ON);
    assert!(ready.is_ok() || prepare(world, None, GO_ON).is_ok(), "else it is made anew");
    let Ok(Ready { prepared, .. }) = ready else { return };
    let turn_costs = "left=20,right=5,u=60".parse().unwrap();
    let assumed = Assumptions { turn_costs, ..Assumptions::default() };
    Planner::default().compare(&prepared, world, "P", moment("2026-11-23T10:00:00"), assumed);
    let ends = [at(-200.0, 0.0), at(200.0, 100.0)].map(Waypoint::snapped);
    resolve(&prepared, &ends, RoadUse::Driven, false);
    repairs(world, &prepared.network);
    to_bytes(&prepared);
}

#[test]
fn whatever_a_network_is_made_of_gives_it_another_key() {
    let town = village();
    let first = key(&town.world());
    assert_eq!(first, key(&village().world()));
    let changed = |place: usize, change: &dyn Fn(&mut Record)| {
        let mut town = village();
        change(&mut town.records[place]);
        key(&town.world())
    };
    let set = |place: usize, key: &'static str, text: &'static str| {
        changed(place, &move |record| {
            let field = record.kind.field(key).unwrap();
            record.set(key, Value::parse(field, text).unwrap());
        })
    };
    let moved = |place: usize, by_deg: f64| {
        changed(place, &move |record| match record.geometry.as_mut().unwrap() {
            Geometry::LineString(line) => line.0[1].y += by_deg,
            Geometry::Point(point) => point.0.y += by_deg,
            _ => unreachable!(),
        })
    };
    let mut keys = vec![
        first,
        moved(0, 1e-9),
        moved(1, 1e-9),
        moved(3, 1e-9),
        set(0, "oneway", "forward"),
        set(1, "oneway", "backward"),
        set(0, "maxspeed_kmh", "40"),
        set(2, "max_mass_t", "12"),
        set(0, "max_height_m", "4"),
        set(0, "max_axles", "3"),
        set(0, "level", "1"),
        set(0, "truck_access", "no"),
        set(0, "max_width_m", "2"),
        set(0, "truck_rules", "hgv:conditional=no @ (07:00-19:00)"),
        set(0, "lanes", "2"),
        set(0, "class", "primary"),
        set(0, "no_turns", ""),
        // The road that may not be turned into has another name.
        set(1, "code", "B2"),
        // The bridge comes down.
        changed(2, &|record| record.extra = None),
        changed(3, &|gate| gate.geometry = None),
        changed(1, &|road| road.geometry = None),
    ];
    let mut fewer = village();
    fewer.records.remove(3);
    keys.push(key(&fewer.world()));
    let mut other_order = village();
    let ids = [other_order.records[0].id, other_order.records[1].id];
    (other_order.records[0].id, other_order.records[1].id) = (ids[1], ids[0]);
    keys.push(key(&other_order.world()));
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

#[test]
fn what_no_network_is_made_of_leaves_its_key() {
    let first = key(&village().world());
    let mut town = village();
    town.flow("N", "W", "20", &[]);
    town.order("no_entry", line(&[(-100.0, 0.0), (100.0, 0.0)]), &[("plan", "P")]);
    town.add(Kind::ControlPoint, Geometry::from(Point(at(0.0, 0.0))), &[("code", "K")]);
    assert_eq!(key(&town.world()), first);
}

#[test]
fn a_target_that_is_not_kept_is_added_and_one_that_nobody_wants_is_dropped() {
    let bytes = bytes_of(&village().world());
    let mut town = village();
    town.flow("N", "W", "20", &[]);
    let world = town.world();
    let ready = prepare(&world, Some(&bytes), GO_ON).unwrap();
    assert!(ready.is_new);
    let made = prepare(&world, None, GO_ON).unwrap();
    assert_eq!(ready.prepared.potentials, made.prepared.potentials);
    assert_eq!(ready.prepared.potentials.len(), 2);

    let more = to_bytes(&ready.prepared);
    let fewer = prepare(&village().world(), Some(&more), GO_ON).unwrap();
    assert!(!fewer.is_new);
    assert_eq!(to_bytes(&fewer.prepared), bytes);
}

#[test]
fn a_network_without_a_flow_is_kept_too_and_without_a_road_there_is_none() {
    let mut town = village();
    town.records.retain(|record| record.kind != Kind::Flow);
    let world = town.world();
    let bytes = bytes_of(&world);
    assert!(!prepare_roads(&world, Some(&bytes), GO_ON).unwrap().is_new);
    assert_eq!(prepare(&world, Some(&bytes), GO_ON).err(), Some(Unready::NoFlows));
    let nothing = Town::new().world();
    assert_eq!(prepare_roads(&nothing, Some(&bytes), GO_ON).err(), Some(Unready::NoRoads));
}

#[test]
fn whoever_stops_gets_nothing_with_kept_bytes_either() {
    let world = village().world();
    let bytes = bytes_of(&world);
    assert_eq!(prepare(&world, Some(&bytes), &|_, _| false).err(), Some(Unready::Stopped));
}

/// Whole numbers of a network, which are the same on every machine.
fn digest(prepared: &Prepared) -> u64 {
    let network = &prepared.network;
    // FNV-1a over whole numbers: of nobody's version but this one.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut say = |number: u32| {
        hash = (hash ^ u64::from(number)).wrapping_mul(0x0100_0000_01b3);
    };
    for Edge { road, ends, vertices, time_ms, is_open, .. } in &network.edges {
        [*road, ends[0], ends[1], vertices.1 - vertices.0, *time_ms].into_iter().for_each(&mut say);
        for is_open in is_open {
            say(u32::from(*is_open));
        }
    }
    network.gates.iter().for_each(|(_, node)| say(*node));
    network.turn_restrictions.iter().flat_map(|(from, to)| [from.0, to.0]).for_each(&mut say);
    network.defects.iter().for_each(|repair| say(repair.kind as u32));
    prepared.potentials.values().flat_map(Potential::all_left_ms).for_each(|left| say(*left));
    hash
}

/// Whoever makes this fail makes other networks than before of the same roads: let them count up
/// `FORMAT` in `key.rs`, so that those that are kept are made again, and put the new number here.
#[test]
fn a_network_is_what_it_was_when_its_format_was_counted_up() {
    let mut dice = Dice(6);
    let mut place = || (dice.roll(12) as i32 - 6, dice.roll(12) as i32 - 6);
    let gates = (0..6).map(|_| place()).collect();
    let roads = (0..60)
        .map(|number: u8| ((0..4).map(|_| place()).collect(), number.wrapping_mul(37)))
        .collect();
    let world = town(&(roads, gates)).world();
    let prepared = prepare(&world, None, GO_ON).unwrap().prepared;
    assert_eq!(digest(&prepared), 2_204_090_652_083_554_354);
}
