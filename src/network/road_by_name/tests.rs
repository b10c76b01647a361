//! A road taken whole by its name: over records, in a ring, along a carriageway.

use super::*;
use crate::network::compare::prepare_roads;
use crate::network::snap_route::{nearest, resolve, thinned};
use crate::network::testing::{Town, at};

/// 丰润大街 in three records with a bend, a branch of the same name, and a street across.
fn town() -> Town {
    let mut town = Town::new();
    let mut piece = |code: &str, places: &[(f64, f64)]| {
        town.road(code, places, &[("name", "丰润大街")]);
    };
    piece("1", &[(-2000.0, 0.0), (-600.0, 0.0)]);
    piece("2", &[(-600.0, 0.0), (0.0, 300.0), (600.0, 300.0)]);
    piece("3", &[(600.0, 300.0), (2000.0, 300.0)]);
    piece("branch", &[(600.0, 300.0), (600.0, 500.0)]);
    town.road("across", &[(0.0, -500.0), (0.0, 1000.0)], &[]);
    town
}

fn found(town: &Town, place: (f64, f64), ring: Option<f64>) -> (Prepared, NamedRoad) {
    let prepared = prepare_roads(&town.world(), &|_, _| true).unwrap();
    let foot = nearest(&prepared, at(place.0, place.1), 30.0).unwrap();
    let ring = ring.map(|radius_m| (at(0.0, 0.0), radius_m));
    let named = road_at(&prepared, &foot, ring, RoadUse::Any).unwrap();
    (prepared, named)
}

#[test]
fn a_whole_road_goes_from_end_to_end_over_its_records_and_leaves_branches_out() {
    let (prepared, road) = found(&town(), (-1500.0, 5.0), None);
    assert_eq!((road.name.as_str(), road.is_part), ("丰润大街", false));
    let expected_m = 1400.0 + f64::hypot(600.0, 300.0) + 600.0 + 1400.0;
    assert!((road.length_m - expected_m).abs() < 1.0, "{}", road.length_m);
    let few = thinned(&prepared, &road.line, RoadUse::Any).unwrap();
    assert_eq!(few.len(), 2, "no other road is shorter: {few:?}");
    let again = resolve(&prepared, &few, RoadUse::Any, false);
    assert!((length_m(&again.line.0) - road.length_m).abs() < 0.1);
}

#[test]
fn with_a_ring_only_its_stretch_inside_is_taken_and_ends_on_the_circle() {
    let (_, road) = found(&town(), (-1500.0, 5.0), Some(1000.0));
    assert!(road.is_part);
    let first = distance_m(road.line[0], at(0.0, 0.0));
    let last = distance_m(road.line[road.line.len() - 1], at(0.0, 0.0));
    assert!((first - 1000.0).abs() < 0.1 && (last - 1000.0).abs() < 0.1, "{first} {last}");
    let east_m = (1000.0_f64.powi(2) - 300.0_f64.powi(2)).sqrt();
    let expected_m = 400.0 + f64::hypot(600.0, 300.0) + east_m;
    assert!((road.length_m - expected_m).abs() < 0.5, "{} {expected_m}", road.length_m);
}

#[test]
fn a_road_that_stays_out_of_the_ring_is_taken_whole_and_a_circle_comes_back_to_its_beginning() {
    let (_, road) = found(&town(), (-1500.0, 5.0), Some(100.0));
    assert!(!road.is_part);
    let mut ring = Town::new();
    let round = [(0.0, 0.0), (400.0, 0.0), (400.0, 400.0), (0.0, 400.0), (0.0, 0.0)];
    ring.road("环路", &round, &[]);
    ring.road("across", &[(0.0, 0.0), (400.0, 400.0)], &[]);
    let (prepared, road) = found(&ring, (200.0, 0.0), None);
    assert!((road.length_m - 1600.0).abs() < 0.5, "{}", road.length_m);
    let few = thinned(&prepared, &road.line, RoadUse::Any).unwrap();
    let again = resolve(&prepared, &few, RoadUse::Any, false);
    assert!((length_m(&again.line.0) - 1600.0).abs() < 0.5, "the way across is shorter: {few:?}");
}

#[test]
fn of_a_divided_road_the_carriageway_is_taken_as_it_is_driven() {
    let mut town = Town::new();
    for (code, north_m, oneway) in [("w", 15.0, "backward"), ("e", -15.0, "forward")] {
        for (part, from_m) in [("1", 0.0), ("2", 500.0)] {
            let line = [(from_m, north_m), (from_m + 500.0, north_m)];
            let more = [("name", "外环"), ("oneway", oneway)];
            town.road(&format!("{code}{part}"), &line, &more);
        }
    }
    town.road("turn", &[(500.0, -15.0), (500.0, 15.0)], &[("name", "外环")]);
    let prepared = prepare_roads(&town.world(), &|_, _| true).unwrap();
    let foot = nearest(&prepared, at(200.0, 16.0), 30.0).unwrap();
    let road = road_at(&prepared, &foot, None, RoadUse::Driven).unwrap();
    assert!((road.length_m - 1000.0).abs() < 0.5, "{}", road.length_m);
    assert!(road.line[0].x > road.line[road.line.len() - 1].x, "westwards");
}
