//! Orders whose roads were moved since they were drawn.

use super::*;
use crate::network::compare::prepare_roads;
use crate::network::testing::{Town, at, line};

/// A road with an order along it, drawn when the road went straight.
fn town(road: &[(f64, f64)], waypoints: &str) -> Town {
    let mut town = Town::new();
    town.road("street", road, &[]);
    let drawn = line(&[(-800.0, 0.0), (800.0, 0.0)]);
    town.order("no_entry", drawn, &[("waypoints", waypoints)]);
    town
}

fn clicked(places: &[(f64, f64)]) -> String {
    let words = places.iter().map(|(x, y)| Waypoint::snapped(at(*x, *y)).text());
    words.collect::<Vec<_>>().join(";")
}

fn found(town: &Town) -> Vec<StaleAlignment> {
    let world = town.world();
    stale_alignments(&prepare_roads(&world, &|_, _| true).unwrap(), &world)
}

#[test]
fn an_order_on_a_road_that_was_moved_says_how_far_and_where_it_lies_now() {
    let ends = clicked(&[(-800.0, 0.0), (800.0, 0.0)]);
    assert_eq!(found(&town(&[(-2000.0, 0.0), (2000.0, 0.0)], &ends)), []);
    // Redrawn by three metres: the same road still.
    assert_eq!(found(&town(&[(-2000.0, 3.0), (2000.0, 3.0)], &ends)), []);

    let moved = [(-2000.0, 0.0), (-400.0, 0.0), (-400.0, 120.0), (400.0, 120.0), (400.0, 0.0)];
    let found = found(&town(&[&moved[..], &[(2000.0, 0.0)]].concat(), &ends));
    let [drift] = found.as_slice() else { panic!("{found:?}") };
    assert!((drift.moved_m - 120.0).abs() < 0.5, "{}", drift.moved_m);
    assert_eq!((&drift.lost, &drift.apart), (&vec![], &vec![]));
    let Geometry::LineString(line) = &drift.shape else { panic!("no line") };
    assert_eq!(line.0.len(), 6);
}

#[test]
fn a_waypoint_on_no_road_any_more_is_named_by_its_number() {
    let clicks = clicked(&[(-800.0, 0.0), (0.0, 200.0), (800.0, 0.0)]);
    let found = found(&town(&[(-2000.0, 0.0), (2000.0, 0.0)], &clicks));
    let [drift] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(drift.lost, [2]);
}

#[test]
fn an_order_without_waypoints_stays_where_it_is() {
    assert_eq!(found(&town(&[(-2000.0, 300.0), (2000.0, 300.0)], "")), []);
    assert_eq!(found(&town(&[(-2000.0, 300.0), (2000.0, 300.0)], "118 39;x")), []);
}

#[test]
fn an_order_whose_road_is_gone_is_told_even_where_another_road_lies_in_its_place() {
    let drawn = [(-2000.0, 0.0), (2000.0, 0.0)];
    let mut town = town(&drawn, &clicked(&[(-800.0, 0.0), (800.0, 0.0)]));
    let places = [at(-800.0, 0.0), at(0.0, 0.0), at(800.0, 0.0)];
    let street = town.records[0].id;
    BoundStretch::put(&mut town.records[1], &[BoundStretch { road: street, places }]);
    assert_eq!(found(&town), []);
    let other = town.records[1].id;
    BoundStretch::put(&mut town.records[1], &[BoundStretch { road: other, places }]);
    let found = found(&town);
    let [drift] = found.as_slice() else { panic!("{found:?}") };
    assert!(drift.is_unbound && drift.moved_m < 1.0);
    drift.lead(&mut town.records[1]);
    assert_eq!(BoundStretch::of(&town.records[1])[0].road, street);
}
