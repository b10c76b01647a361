//! Lines along roads: worked cases, and Bellman-Ford as oracle on chance towns.

use geo::{Distance as _, Euclidean};
use geo_types::Point;
use proptest::prelude::*;

use super::*;
use crate::network::compare::prepare_roads;
use crate::network::testing::{Dice, Town, at};

fn prepared(town: &Town) -> Prepared {
    prepare_roads(&town.world(), &|_, _| true).unwrap()
}

fn on(east_m: f64, north_m: f64) -> Waypoint {
    Waypoint::snapped(at(east_m, north_m))
}

fn off(east_m: f64, north_m: f64) -> Waypoint {
    Waypoint { is_snapped: false, ..on(east_m, north_m) }
}

fn snapped(town: &Town, waypoints: &[Waypoint], rule: RoadUse) -> SnappedLine {
    resolve(&prepared(town), waypoints, rule, false)
}

#[track_caller]
fn is_line(line: &LineString<f64>, expected: &[(f64, f64)]) {
    assert_eq!(line.0.len(), expected.len(), "{line:?}");
    for (found, (east_m, north_m)) in line.0.iter().zip(expected) {
        let away_m = distance_m(*found, at(*east_m, *north_m));
        assert!(away_m < 0.05, "{found:?} is {away_m} m from {east_m} {north_m}");
    }
}

/// A road that bends, a long way round to its other end, and one that stands alone.
///
/// ```text
///  400        +-----------+
///             |  bend     |
///    0  ------+           +-------
///       -500  0          500    1000
///            long: down to -2000 and back        alone: at 5000
/// ```
fn town() -> Town {
    let mut town = Town::new();
    town.road(
        "bend",
        &[(-500.0, 0.0), (0.0, 0.0), (0.0, 400.0), (500.0, 400.0), (500.0, 0.0), (1000.0, 0.0)],
        &[],
    );
    town.road("long", &[(0.0, 0.0), (0.0, -2000.0), (500.0, -2000.0), (500.0, 0.0)], &[]);
    town.road("alone", &[(5000.0, 0.0), (6000.0, 0.0)], &[]);
    town
}

#[test]
fn a_line_follows_the_road_from_the_middle_of_one_block_to_the_middle_of_another() {
    // Clicked ten metres beside the road.
    let found = snapped(&town(), &[on(-300.0, 10.0), on(700.0, -10.0)], RoadUse::Any);
    let bend = [(0.0, 0.0), (0.0, 400.0), (500.0, 400.0), (500.0, 0.0)];
    let mut expected = vec![(-300.0, 0.0)];
    expected.extend(bend);
    expected.push((700.0, 0.0));
    is_line(&found.line, &expected);
    assert_eq!((found.lost, found.apart), (vec![], vec![]));
    let length_m = length_m(&found.line.0);
    assert!((length_m - (300.0 + 400.0 + 500.0 + 400.0 + 200.0)).abs() < 0.2, "{length_m}");
}

#[test]
fn a_waypoint_in_between_leads_it_by_the_longer_way() {
    let found =
        snapped(&town(), &[on(-300.0, 0.0), on(250.0, -2000.0), on(700.0, 0.0)], RoadUse::Any);
    let length_m = length_m(&found.line.0);
    assert!((length_m - (300.0 + 4500.0 + 200.0)).abs() < 0.5, "{length_m}");
}

#[test]
fn a_free_waypoint_is_reached_straight_and_two_on_one_block_need_no_junction() {
    let found = snapped(&town(), &[on(-300.0, 0.0), off(-200.0, 300.0)], RoadUse::Any);
    is_line(&found.line, &[(-300.0, 0.0), (-200.0, 300.0)]);
    let back = snapped(&town(), &[on(-100.0, 0.0), on(-400.0, 0.0)], RoadUse::Any);
    is_line(&back.line, &[(-100.0, 0.0), (-400.0, 0.0)]);
}

#[test]
fn where_no_road_leads_from_one_to_the_other_the_line_is_straight_and_says_so() {
    let found =
        snapped(&town(), &[on(-300.0, 0.0), on(5500.0, 0.0), on(5600.0, 0.0)], RoadUse::Any);
    is_line(&found.line, &[(-300.0, 0.0), (5500.0, 0.0), (5600.0, 0.0)]);
    assert_eq!(found.apart, [0]);
    let lost = snapped(&town(), &[on(-300.0, 200.0), on(-100.0, 0.0)], RoadUse::Any);
    assert_eq!(lost.lost, [0]);
    is_line(&lost.line, &[(-300.0, 200.0), (-100.0, 0.0)]);
}

#[test]
fn a_detour_keeps_one_ways_and_a_closed_road_does_not_care() {
    let mut town = Town::new();
    town.road("west", &[(1000.0, 0.0), (0.0, 0.0)], &[("oneway", "forward")]);
    town.road("east", &[(0.0, 0.0), (0.0, 300.0), (1000.0, 300.0), (1000.0, 0.0)], &[]);
    let ends = [on(0.0, 0.0), on(1000.0, 0.0)];
    is_line(&snapped(&town, &ends, RoadUse::Any).line, &[(0.0, 0.0), (1000.0, 0.0)]);
    let driven = snapped(&town, &ends, RoadUse::Driven);
    is_line(&driven.line, &[(0.0, 0.0), (0.0, 300.0), (1000.0, 300.0), (1000.0, 0.0)]);
    // Where only the wrong way is left it is taken, and told.
    let prepared = prepared(&town);
    let against = leg(&prepared, on(300.0, 0.0), on(301.0, 0.0), RoadUse::Driven);
    assert!(length_m(&against.line) > 1000.0, "once round the block");
    town.records.pop();
    let prepared = self::prepared(&town);
    let against = leg(&prepared, on(300.0, 0.0), on(700.0, 0.0), RoadUse::Driven);
    assert_eq!(against.kind, LegKind::Against);
}

#[test]
fn an_outline_follows_the_roads_and_has_no_hair() {
    // The second corner lies in a dead end.
    let mut town = town();
    town.road("base", &[(0.0, 0.0), (500.0, 0.0)], &[]);
    town.road("dead end", &[(250.0, 400.0), (250.0, 200.0)], &[]);
    let corners = [on(0.0, 0.0), on(250.0, 250.0), on(500.0, 0.0)];
    let found = resolve(&prepared(&town), &corners, RoadUse::Any, true);
    assert_eq!(found.line.0.first(), found.line.0.last());
    assert!(found.line.0.iter().all(|place| distance_m(*place, at(250.0, 250.0)) > 100.0));
    let polygon = geo_types::Polygon::new(found.line, Vec::new());
    assert_eq!(crate::geodesy::shape::problem(&polygon.into()), None);
}

#[test]
fn waypoints_are_written_as_they_are_read() {
    for (text, is_snapped) in [("118.1562 39.8322", true), ("118.1562 39.8322 free", false)] {
        let waypoint = Waypoint::parse(text).unwrap();
        assert_eq!((waypoint.is_snapped, waypoint.text()), (is_snapped, text.to_owned()));
    }
    for text in ["", "118", "118 39 bound", "118 x", "190 39", "118 39 free 3", "NaN 39"] {
        assert_eq!(Waypoint::parse(text), None, "{text}");
    }
}

#[test]
fn a_whole_way_needs_few_waypoints_and_they_lead_along_it() {
    let prepared = prepared(&town());
    let ends = [on(-400.0, 0.0), on(0.0, -1000.0), on(900.0, 0.0)];
    let long = resolve(&prepared, &ends, RoadUse::Any, false).line.0;
    let few = thinned(&prepared, &long, RoadUse::Any).unwrap();
    assert!(few.len() == 3, "{few:?}");
    assert_eq!(resolve(&prepared, &few, RoadUse::Any, false).line.0.len(), long.len());
    assert_eq!(thinned(&prepared, &[at(0.0, 0.0), at(9.0, 300.0)], RoadUse::Any), None, "no road");
}

#[test]
fn a_spike_of_less_than_half_a_metre_is_left_out_and_a_longer_one_led_into() {
    let mut town = town();
    town.road("dead end", &[(0.0, 200.0), (-100.0, 200.0)], &[]);
    let prepared = prepared(&town);
    for (depth_m, count) in [(0.4, 2), (5.0, 3)] {
        let ends = [on(0.0, 0.0), on(-depth_m, 200.0), on(0.0, 400.0)];
        let line = resolve(&prepared, &ends, RoadUse::Any, false).line.0;
        assert!((length_m(&line) - 400.0 - 2.0 * depth_m).abs() < 0.05);
        let few = thinned(&prepared, &line, RoadUse::Any).unwrap();
        assert_eq!(few.len(), count, "{depth_m} m deep: {few:?}");
    }
}

/// Streets with bends between the corners of a grid, some of them missing.
fn crooked(seed: u64) -> Town {
    let mut dice = Dice(seed);
    let mut town = Town::new();
    let mut jitter = move || dice.roll(80) as f64 - 40.0;
    let mut keep = Dice(seed ^ 1);
    for k in 0..6 {
        for step in 0..5 {
            let (low, high) = (f64::from(k) * 200.0, f64::from(step) * 200.0);
            let east = [(high, low), (high + 100.0, low + jitter()), (high + 200.0, low)];
            let north = [(low, high), (low + jitter(), high + 100.0), (low, high + 200.0)];
            for (name, line) in [("e", east), ("n", north)] {
                if keep.roll(6) > 0 {
                    town.road(&format!("{name}{k}-{step}"), &line, &[]);
                }
            }
        }
    }
    town
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_line_of_snapped_waypoints_lies_on_roads_and_is_no_longer_than_by_bellman_ford(
        seed in 0_u64..1000, places in prop::collection::vec((0.0..1000.0, 0.0..1000.0), 2..5),
    ) {
        let prepared = prepared(&crooked(seed));
        let snapped: Vec<Waypoint> = places
            .iter()
            .filter_map(|(x, y)| nearest(&prepared, at(*x, *y), 300.0))
            .map(|foot| Waypoint::snapped(foot.at))
            .collect();
        for pair in snapped.windows(2) {
            let [from, to] = pair else { continue };
            let leg = leg(&prepared, *from, *to, RoadUse::Any);
            if leg.kind == LegKind::Apart {
                continue;
            }
            for pair in leg.line.windows(2) {
                let middle = (pair[0] + pair[1]) / 2.0;
                for place in [pair[0], middle, pair[1]] {
                    prop_assert!(nearest(&prepared, place, 0.1).is_some(), "{place:?}");
                }
            }
            let expected_m = oracle_m(&prepared, from.at, to.at);
            prop_assert!((length_m(&leg.line) - expected_m).abs() < 0.5, "{expected_m}");
        }
    }

    #[test]
    fn what_is_thinned_is_resolved_as_it_was(seed in 0_u64..1000, x in 0.0..1000.0, y in 0.0..1000.0) {
        let prepared = prepared(&crooked(seed));
        let ends = [(x, y), (1000.0 - y, x), (500.0, 500.0)].map(|(x, y)| on(x, y));
        let ends = ends.map(|w| nearest(&prepared, w.at, 400.0).map_or(w, |f| Waypoint::snapped(f.at)));
        let line = resolve(&prepared, &ends, RoadUse::Any, false);
        // Three clicks on one place are no line.
        let is_line = line.line.0.len() > 1;
        if is_line && line.apart.is_empty() && line.lost.is_empty() {
            let few = thinned(&prepared, &line.line.0, RoadUse::Any);
            let few = few.unwrap();
            let again = resolve(&prepared, &few, RoadUse::Any, false);
            // Each leg may leave out a spike of half a metre, there and back.
            let most_m = few.len().saturating_sub(1) as f64;
            let away_m = (length_m(&again.line.0) - length_m(&line.line.0)).abs();
            prop_assert!(away_m <= most_m, "{away_m} m with {few:?}");
            let (old, new) = (&line.line.0, &again.line.0);
            let apart_m = farthest_m(old, new).max(farthest_m(new, old));
            prop_assert!(apart_m <= 0.51, "{apart_m} m apart");
        }
    }
}

/// How far the vertices of a line lie from another, at most.
fn farthest_m(line: &[Coord<f64>], other: &[Coord<f64>]) -> f64 {
    let away_m = |at: &Coord<f64>| {
        let plane = LocalFrame::at(*at);
        let other: LineString<f64> = other.iter().map(|at| plane.plane_from_wgs84(*at)).collect();
        Euclidean.distance(&Point::new(0.0, 0.0), &other)
    };
    line.iter().map(away_m).fold(0.0, f64::max)
}

/// Distances over all vertices, relaxed until nothing changes: no heap, no heuristic.
fn oracle_m(prepared: &Prepared, from: Coord<f64>, to: Coord<f64>) -> f64 {
    let network = &prepared.network;
    let (a, b) =
        (nearest(prepared, from, REACH_M).unwrap(), nearest(prepared, to, REACH_M).unwrap());
    let length = |foot: &Foot| f64::from(network.edges[foot.edge as usize].length_m);
    let mut best = vec![f64::INFINITY; network.nodes.len()];
    let ends = |foot: &Foot| network.edges[foot.edge as usize].ends;
    for (node, metres) in ends(&a).into_iter().zip([a.before_m, length(&a) - a.before_m]) {
        best[node as usize] = best[node as usize].min(metres);
    }
    for _ in 0..network.nodes.len() {
        for edge in &network.edges {
            let [u, v] = edge.ends.map(|node| node as usize);
            best[v] = best[v].min(best[u] + f64::from(edge.length_m));
            best[u] = best[u].min(best[v] + f64::from(edge.length_m));
        }
    }
    let [u, v] = ends(&b).map(|node| best[node as usize]);
    let round = (u + b.before_m).min(v + length(&b) - b.before_m);
    if a.edge == b.edge { round.min((a.before_m - b.before_m).abs()) } else { round }
}
