//! Blocks in a ring on a grid of streets; shares of a circle by counting squares.

use geo::Area as _;

use super::*;
use crate::geodesy::shape::problem;
use crate::network::compare::prepare_roads;
use crate::network::snap_route::resolve;
use crate::network::testing::{CENTER, Town, at};

fn prepared(town: &Town) -> Prepared {
    prepare_roads(&town.world(), &|_, _| true).unwrap()
}

/// Streets every 400 m, `count` blocks to each side of the middle block's corner.
fn grid(half: i32) -> Town {
    let mut town = Town::new();
    let reach_m = f64::from(half) * 400.0;
    for k in -half..=half {
        let off_m = f64::from(k) * 400.0;
        town.road(&format!("e{k}"), &[(-reach_m, off_m), (reach_m, off_m)], &[]);
        town.road(&format!("n{k}"), &[(off_m, -reach_m), (off_m, reach_m)], &[]);
    }
    town
}

/// Square metres, from degrees near the middle.
fn area_m2(shape: &Geometry<f64>) -> f64 {
    shape.unsigned_area() * 85_605.8 * 111_031.3
}

/// How much of a block lies in a circle, by counting small squares.
fn share(corner: (f64, f64), radius_m: f64) -> f64 {
    let steps = 200;
    let inside = (0..steps * steps).filter(|k| {
        let at = |k: i32| (f64::from(k) + 0.5) * 400.0 / f64::from(steps);
        (corner.0 + at(k % steps)).hypot(corner.1 + at(k / steps)) < radius_m
    });
    inside.count() as f64 / f64::from(steps * steps)
}

#[test]
fn the_blocks_that_lie_mostly_in_the_ring_are_taken_and_their_outline_runs_along_roads() {
    let prepared = prepared(&grid(5));
    let found = in_ring(&prepared, CENTER, 1000.0).unwrap();
    let corners = (-5..5).flat_map(|x| (-5..5).map(move |y| (x, y)));
    let expected = corners
        .filter(|(x, y)| share((f64::from(*x) * 400.0, f64::from(*y) * 400.0), 1000.0) > 0.5)
        .count();
    assert_eq!(found.count, expected);
    let found_m2 = area_m2(&found.area);
    let expected_m2 = expected as f64 * 160_000.0;
    assert!((found_m2 / expected_m2 - 1.0).abs() < 1e-3, "{found_m2} {expected_m2}");
    assert_eq!(problem(&found.area), None);
    // Edited further, it is the same area.
    let again = resolve(&prepared, &found.waypoints, RoadUse::Any, true).line;
    let again_m2 = area_m2(&Polygon::new(again, Vec::new()).into());
    assert!((again_m2 / expected_m2 - 1.0).abs() < 1e-3, "{again_m2}");
    assert!(found.waypoints.len() < 20, "{}", found.waypoints.len());
}

#[test]
fn a_bridge_is_no_corner_of_a_block_but_an_edge_of_it() {
    let mut town = Town::new();
    let square =
        [(-300.0, -300.0), (300.0, -300.0), (300.0, 300.0), (-300.0, 300.0), (-300.0, -300.0)];
    town.road("round", &square, &[]);
    town.road("over", &[(0.0, -600.0), (0.0, 600.0)], &[]);
    town.extra("bridge", "yes");
    let found = in_ring(&prepared(&town), CENTER, 1000.0).unwrap();
    assert_eq!(found.count, 2, "the bridge cuts the block in two on the map");
    assert!((area_m2(&found.area) / 360_000.0 - 1.0).abs() < 1e-3);
    assert_eq!(problem(&found.area), None);
}

#[test]
fn a_dead_end_belongs_to_its_block_and_blocks_apart_are_two_polygons() {
    let mut town = Town::new();
    for west_m in [-500.0, 200.0] {
        let square = [(0.0, 0.0), (300.0, 0.0), (300.0, 300.0), (0.0, 300.0), (0.0, 0.0)];
        let square = square.map(|(x, y)| (x + west_m, y));
        town.road(&format!("round {west_m}"), &square, &[]);
    }
    town.road("dead end", &[(350.0, 0.0), (350.0, 150.0)], &[]);
    let found = in_ring(&prepared(&town), CENTER, 1000.0).unwrap();
    let Geometry::MultiPolygon(both) = &found.area else { panic!("not two") };
    assert_eq!((both.0.len(), found.count), (2, 2));
    assert!((area_m2(&found.area) / 180_000.0 - 1.0).abs() < 1e-3);
    assert_eq!(found.waypoints, []);
}

#[test]
fn roads_that_enclose_nothing_have_no_blocks() {
    let mut town = Town::new();
    town.road("street", &[(-2000.0, 0.0), (2000.0, 0.0)], &[]);
    town.road("across", &[(0.0, -2000.0), (0.0, 2000.0)], &[]);
    assert_eq!(in_ring(&prepared(&town), CENTER, 1000.0), None);
    let mut wide = Town::new();
    let square = [(-5e3, -5e3), (5e3, -5e3), (5e3, 5e3), (-5e3, 5e3), (-5e3, -5e3)];
    wide.road("round", &square, &[]);
    assert_eq!(
        in_ring(&prepared(&wide), at(0.0, 0.0), 1000.0),
        None,
        "a block larger than the ring"
    );
}

#[test]
fn an_area_in_a_circle_is_that_of_the_plane() {
    let square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)];
    let square: Vec<Coord<f64>> = square.map(Coord::from).to_vec();
    for (radius_m, expected_m2) in [
        (5.0, std::f64::consts::PI * 25.0 / 4.0),
        (10.0, std::f64::consts::PI * 25.0),
        (20.0, 100.0),
    ] {
        let found_m2 = area_inside(&square, radius_m);
        assert!((found_m2 - expected_m2).abs() < 1e-9, "{radius_m}: {found_m2}");
    }
}
