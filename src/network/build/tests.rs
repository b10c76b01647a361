//! Where roads meet and where they do not, and what holds of any roads.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::network::graph::ArcId;
use crate::network::testing::{Town, at, line};

/// Towns of roads without any attributes.
fn network(roads: &[&[(f64, f64)]]) -> Network {
    let mut town = Town::new();
    for (number, places) in roads.iter().enumerate() {
        town.road(&format!("R{number}"), places, &[]);
    }
    town.network()
}

fn size(network: &Network) -> (usize, usize) {
    (network.nodes.len(), network.edges.len())
}

fn lengths_m(network: &Network) -> Vec<f64> {
    network.edges.iter().map(|edge| f64::from(edge.length_m).round()).collect()
}

fn count(network: &Network, kind: DefectKind) -> usize {
    network.defects.iter().filter(|repair| repair.kind == kind).count()
}

fn node(network: &Network, (east_m, north_m): (f64, f64)) -> u32 {
    let (node, away_m) = network.nearest_node(at(east_m, north_m)).unwrap();
    assert!(away_m < 0.05, "no node at {east_m} {north_m}: {away_m} m");
    node
}

const CROSS: [&[(f64, f64)]; 2] = [&[(-100.0, 0.0), (100.0, 0.0)], &[(0.0, -100.0), (0.0, 100.0)]];

#[test]
fn roads_that_share_a_vertex_meet_there() {
    let town = network(&[
        &[(-100.0, 0.0), (0.0, 0.0), (100.0, 0.0)],
        &[(0.0, 80.0), (0.0, 0.0)],
        &[(100.0, 0.0), (200.0, 0.0)],
    ]);
    assert_eq!(size(&town), (5, 4));
    assert_eq!(lengths_m(&town), [100.0, 100.0, 80.0, 100.0]);
    assert_eq!(town.leaving(node(&town, (0.0, 0.0))).len(), 3);
    assert_eq!(count(&town, DefectKind::Gap), 0);
}

#[test]
fn roads_that_cross_without_a_vertex_meet() {
    let town = network(&CROSS);
    assert_eq!(size(&town), (5, 4));
    assert_eq!(town.leaving(node(&town, (0.0, 0.0))).len(), 4);
}

#[test]
fn a_bridge_does_not_meet_what_it_crosses() {
    for (key, value) in [("layer", "1"), ("bridge", "yes"), ("tunnel", "yes"), ("layer", "-1")] {
        let mut town = Town::new();
        town.road("A", CROSS[0], &[]);
        town.road("B", CROSS[1], &[]);
        town.extra(key, value);
        assert_eq!(size(&town.network()), (4, 2), "{key}={value}");
    }
    for (key, value) in [("layer", "0"), ("bridge", "no"), ("surface", "asphalt")] {
        let mut town = Town::new();
        town.road("A", CROSS[0], &[]);
        town.road("B", CROSS[1], &[]);
        town.extra(key, value);
        assert_eq!(size(&town.network()), (5, 4), "{key}={value}");
    }
}

#[test]
fn a_bridge_meets_the_road_that_it_goes_on_as() {
    let mut town = Town::new();
    town.road("A", &[(-100.0, 0.0), (-20.0, 0.0)], &[]);
    town.road("B", &[(-20.0, 0.0), (20.0, 0.0)], &[]);
    town.extra("bridge", "yes");
    town.road("C", &[(20.0, 0.0), (100.0, 0.0)], &[]);
    town.road("D", CROSS[1], &[]);
    let network = town.network();
    assert_eq!(size(&network), (6, 4));
    assert_eq!(count(&network, DefectKind::Gap), 0);
    assert_eq!(count(&network, DefectKind::Island), 1);
}

#[test]
fn no_gap_is_closed_between_levels_nor_at_a_ramp_of_a_car_park() {
    let short = [(0.0, -100.0), (0.0, -3.0)];
    for (more, gaps) in [
        (&[][..], 1),
        (&[("level", "1")], 0),
        (&[("class", "service")], 0),
        (&[("class", "track")], 0),
        (&[("truck_rules", "access=private")], 0),
        (&[("truck_rules", "hgv=no")], 1),
    ] {
        let mut town = Town::new();
        town.road("A", CROSS[0], &[]);
        town.road("B", &short, more);
        assert_eq!(count(&town.network(), DefectKind::Gap), gaps, "{more:?}");
    }
}

#[test]
fn lines_of_different_levels_that_have_a_vertex_in_common_do_not_meet() {
    let through: [&[(f64, f64)]; 2] =
        [&[(-100.0, 0.0), (0.0, 0.0), (100.0, 0.0)], &[(0.0, -100.0), (0.0, 0.0), (0.0, 100.0)]];
    for (level, nodes) in [("", 5), ("0", 5), ("1", 6), ("-1", 6)] {
        let mut town = Town::new();
        town.road("A", through[0], &[]);
        town.road("B", through[1], &[("level", level)]);
        let network = town.network();
        // On a level of its own it is cut at the vertex, but not joined.
        let joined = network.degrees().iter().filter(|degree| **degree == 4).count();
        assert_eq!((network.nodes.len(), joined), (nodes, usize::from(nodes == 5)), "{level}");
    }
    let mut two = Town::new();
    two.road("A", CROSS[0], &[("level", "1")]);
    two.road("B", CROSS[1], &[("level", "2")]);
    assert_eq!(size(&two.network()), (4, 2), "two bridges one above the other");
}

#[test]
fn a_gantry_holds_on_the_piece_of_road_on_which_it_stands() {
    let place =
        |east_m: f64| format!("maxheight@{:.7} {:.7}=2.2", at(east_m, 0.0).x, at(0.0, 0.0).y);
    let of = |east_m: f64| {
        let mut town = Town::new();
        town.road(
            "A",
            &[(-100.0, 0.0), (0.0, 0.0), (50.0, 0.0), (100.0, 0.0)],
            &[("truck_rules", &place(east_m))],
        );
        town.road("B", CROSS[1], &[]);
        let network = town.network();
        let edges: Vec<u32> = network.places.iter().map(|(edge, _)| *edge).collect();
        (edges, network.unread.len())
    };
    assert_eq!(of(50.0), (vec![1], 0));
    assert_eq!(of(-60.0), (vec![0], 0));
    assert_eq!(of(0.0), (vec![], 1), "which of the four arms?");
}

#[test]
fn a_road_that_ends_under_a_bridge_does_not_reach_it() {
    let mut town = Town::new();
    town.road("A", CROSS[0], &[]);
    town.extra("bridge", "yes");
    town.road("B", &[(0.0, -100.0), (0.0, -2.0)], &[]);
    let network = town.network();
    assert_eq!((size(&network), count(&network, DefectKind::Gap)), ((4, 2), 0));
}

#[test]
fn a_road_that_ends_on_another_meets_it() {
    let town = network(&[CROSS[0], &[(30.0, 0.0), (30.0, 90.0)]]);
    assert_eq!(size(&town), (4, 3));
    assert_eq!(lengths_m(&town), [130.0, 70.0, 90.0]);
    assert_eq!(count(&town, DefectKind::Gap), 0);
}

#[test]
fn an_end_within_five_metres_is_joined_and_reported_but_not_at_six() {
    for (gap_m, is_closed) in [(4.9, true), (6.0, false)] {
        let town = network(&[CROSS[0], &[(30.0, gap_m), (30.0, 90.0)]]);
        assert_eq!(size(&town), if is_closed { (4, 3) } else { (4, 2) });
        let gaps: Vec<&Defect> =
            town.defects.iter().filter(|repair| repair.kind == DefectKind::Gap).collect();
        assert_eq!(gaps.len(), usize::from(is_closed));
        for gap in gaps {
            assert!((gap.length_m - gap_m).abs() < 0.01);
            assert!(distance_m(gap.at, at(30.0, gap_m)) < 0.01);
        }
    }
}

#[test]
fn two_ends_that_miss_each_other_are_one_gap() {
    let town = network(&[&[(-100.0, 0.0), (-2.0, 0.0)], &[(2.0, 0.0), (100.0, 0.0)]]);
    assert_eq!((size(&town), count(&town, DefectKind::Gap)), ((3, 2), 1));
}

#[test]
fn ends_that_miss_a_road_at_the_same_place_meet_there() {
    let town = network(&[CROSS[0], &[(0.0, 3.0), (0.0, 90.0)], &[(0.0, -3.0), (0.0, -90.0)]]);
    assert_eq!((size(&town), count(&town, DefectKind::Gap)), ((5, 4), 2));
    assert_eq!(count(&town, DefectKind::Island), 0);
}

#[test]
fn a_bend_just_before_its_end_is_no_gap() {
    let town = network(&[&[(-100.0, 0.0), (0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]]);
    assert_eq!((size(&town), count(&town, DefectKind::Gap)), ((2, 1), 0));
    assert_eq!(count(&town, DefectKind::DeadEnd), 2);
}

#[test]
fn a_road_that_goes_three_metres_beyond_a_crossing_is_no_gap() {
    let town = network(&[CROSS[0], &[(0.0, -3.0), (0.0, 100.0)]]);
    assert_eq!((size(&town), count(&town, DefectKind::Gap)), ((5, 4), 0));
    let stub = network(&[CROSS[0], &[(0.0, 0.0), (3.0, 3.0)]]);
    assert_eq!((size(&stub), count(&stub, DefectKind::Gap)), ((4, 3), 0));
}

#[test]
fn a_loop_that_nearly_closes_is_closed() {
    let town = network(&[&[(0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (0.0, 50.0), (0.0, 4.0)]]);
    assert_eq!((size(&town), count(&town, DefectKind::Gap)), ((1, 1), 1));
}

#[test]
fn a_road_that_crosses_itself_is_cut_there() {
    let town =
        network(&[&[(-100.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, -100.0)]]);
    assert_eq!(size(&town), (3, 3));
    assert_eq!(lengths_m(&town), [100.0, 400.0, 100.0]);
    assert_eq!(town.leaving(node(&town, (0.0, 0.0))).len(), 4);
}

#[test]
fn a_road_drawn_twice_is_there_twice_between_the_same_junctions() {
    let road: &[(f64, f64)] = &[(-100.0, 0.0), (0.0, 0.0), (50.0, 50.0)];
    let town = network(&[road, road]);
    assert_eq!(town.nodes.len(), 3);
    assert_eq!(town.edges.len(), 4);
    assert!(town.defects.iter().all(|repair| repair.kind != DefectKind::Gap));
}

#[test]
fn vertices_that_differ_by_a_centimetre_and_a_half_are_one_junction() {
    let town = network(&[
        &[(-100.0, 0.0), (0.0, 0.0), (100.0, 0.0)],
        &[(0.0, -100.0), (0.015, 0.0), (0.0, 100.0)],
    ]);
    assert_eq!(size(&town), (5, 4));
    assert_eq!(town.leaving(node(&town, (0.0, 0.0))).len(), 4);
}

#[test]
fn a_road_without_length_is_left_out() {
    assert_eq!(size(&network(&[&[(5.0, 5.0), (5.0, 5.0)], &[(7.0, 7.0)]])), (0, 0));
    assert_eq!(size(&network(&[])), (0, 0));
}

#[test]
fn a_vertex_at_the_other_end_of_the_world_costs_nothing() {
    let mut town = Town::new();
    town.road("A", CROSS[0], &[]);
    town.road("B", CROSS[1], &[]);
    town.road("C", &[(0.0, 100.0), (0.0, 200.0)], &[]);
    let mut slip = line(&[(100.0, 0.0), (200.0, 0.0)]);
    slip.0.push(Coord { x: 0.0, y: 0.0 });
    slip.0.push(Coord { x: -61.84, y: -39.83 });
    town.add(Kind::Road, Geometry::from(slip), &[("code", "slip")]);
    assert_eq!(town.network().edges.len(), 6);
}

#[test]
fn a_one_way_is_open_as_it_says() {
    for (oneway, open) in
        [("no", [true, true]), ("forward", [true, false]), ("backward", [false, true])]
    {
        let mut town = Town::new();
        town.road("A", &[(0.0, 0.0), (100.0, 0.0)], &[("oneway", oneway)]);
        let network = town.network();
        assert_eq!(network.edges[0].is_open, open);
        let leaving = |place| network.leaving(node(&network, place)).len();
        assert_eq!(leaving((0.0, 0.0)), usize::from(open[0]), "{oneway}");
        assert_eq!(leaving((100.0, 0.0)), usize::from(open[1]), "{oneway}");
    }
}

#[test]
fn many_crossings_of_one_segment_come_in_order() {
    let across = |east_m: f64| [(east_m, -50.0), (east_m, 50.0)];
    let (a, b, c) = (across(60.0), across(20.0), across(90.0));
    let town = network(&[&[(0.0, 0.0), (100.0, 0.0)], &a, &b, &c]);
    assert_eq!(lengths_m(&town)[..4], [20.0, 40.0, 30.0, 10.0]);
    let ends: Vec<[u32; 2]> = town.edges.iter().take(4).map(|edge| edge.ends).collect();
    assert!(ends.windows(2).all(|pair| pair[0][1] == pair[1][0]));
}

#[test]
fn three_roads_through_one_place_make_one_junction() {
    let town = network(&[CROSS[0], CROSS[1], &[(-70.0, -71.0), (70.0, 71.0)]]);
    assert_eq!(size(&town), (7, 6));
    assert_eq!(town.leaving(node(&town, (0.0, 0.0))).len(), 6);
}

#[test]
fn a_road_that_leaves_at_a_flat_angle_leaves_where_it_begins() {
    let town =
        network(&[&[(-300.0, 0.0), (300.0, 0.0)], &[(0.0, 0.0), (100.0, 5.0), (300.0, 9.0)]]);
    assert_eq!(lengths_m(&town), [300.0, 300.0, 300.0]);
}

#[test]
fn roads_that_lie_on_each_other_meet_at_their_ends() {
    let town = network(&[&[(-300.0, 0.0), (300.0, 0.0)], &[(-100.0, 0.0), (100.0, 0.0)]]);
    assert_eq!(lengths_m(&town), [200.0, 200.0, 200.0, 200.0]);
    assert_eq!((town.nodes.len(), count(&town, DefectKind::Gap)), (4, 0));
}

#[test]
fn all_lines_of_a_road_belong_to_it() {
    let mut town = Town::new();
    town.roads("A", &[CROSS[0], &[(0.0, 0.0), (0.0, 80.0)]]);
    let network = town.network();
    assert_eq!(size(&network), (4, 3));
    assert!(network.edges.iter().all(|edge| edge.road == 0));
}

#[test]
fn a_gate_cuts_the_road_at_its_foot() {
    let mut town = Town::new();
    town.road("A", CROSS[0], &[]);
    let near = town.gate("near", (40.0, 300.0));
    let same = town.gate("same", (40.0, -20.0));
    let end = town.gate("end", (180.0, 0.0));
    let far = town.gate("far", (0.0, 600.0));
    let network = town.network();
    assert_eq!(lengths_m(&network), [140.0, 60.0]);
    assert_eq!(network.gate_node(near), Some(node(&network, (40.0, 0.0))));
    assert_eq!(network.gate_node(same), network.gate_node(near));
    assert_eq!(network.gate_node(end), Some(node(&network, (100.0, 0.0))));
    assert_eq!(network.gate_node(far), None);
}

#[test]
fn islands_and_dead_ends_are_told() {
    let town = network(&[CROSS[0], CROSS[1], &[(500.0, 0.0), (560.0, 0.0), (500.0, 1.0)]]);
    let islands: Vec<&Defect> =
        town.defects.iter().filter(|repair| repair.kind == DefectKind::Island).collect();
    assert_eq!(islands.len(), 1);
    assert!((islands[0].length_m - 120.0).abs() < 0.1, "{islands:?}");
    assert_eq!(count(&town, DefectKind::DeadEnd), 4);
}

#[test]
fn time_is_length_over_the_speed_of_the_road() {
    let mut town = Town::new();
    let road = [("maxspeed_kmh", "60"), ("class", "primary")];
    town.road("A", &[(0.0, 0.0), (600.0, 0.0)], &road);
    town.add(
        Kind::Road,
        Geometry::from(line(&[(0.0, 50.0), (600.0, 50.0)])),
        &[("code", "B"), ("class", "residential")],
    );
    let times: Vec<u32> = town.network().edges.iter().map(|edge| edge.time_ms).collect();
    assert!(times[0].abs_diff(36_000) < 5 && times[1].abs_diff(108_000) < 15, "{times:?}");
}

#[test]
fn a_banned_turn_is_that_of_its_roads_at_its_junction() {
    let mut town = Town::new();
    let word = |east_m: f64| format!("B@{} {}", at(east_m, 0.0).x, at(east_m, 0.0).y);
    let words = [word(0.0), word(50.0), "B@nonsense".into(), "X@118.16 39.83".into()].join(";");
    town.road("A", &[(-100.0, 0.0), (0.0, 0.0)], &[("no_turns", &words)]);
    town.road("B", CROSS[1], &[]);
    town.road("C", &[(0.0, 0.0), (100.0, 0.0)], &[]);
    let network = town.network();
    let (from, to) = (ArcId::new(0, false), [ArcId::new(1, true), ArcId::new(2, false)]);
    assert!(to.iter().all(|to| network.is_turn_restricted(from, *to)));
    assert!(!network.is_turn_restricted(from, ArcId::new(3, false)));
    assert!(!network.is_turn_restricted(to[0].reverse(), from.reverse()));
}

/// Roads of a few vertices on a raster of 50 m, so that they meet, cross and lie on each other.
fn any_roads() -> impl Strategy<Value = Vec<Vec<(i32, i32)>>> {
    let place = (-6..6_i32, -6..6_i32);
    prop::collection::vec(prop::collection::vec(place, 2..6), 1..12)
}

fn drawn(roads: &[Vec<(i32, i32)>]) -> Town {
    let mut town = Town::new();
    for (number, road) in roads.iter().enumerate() {
        let places: Vec<(f64, f64)> =
            road.iter().map(|(x, y)| (50.0 * f64::from(*x), 50.0 * f64::from(*y))).collect();
        town.road(&format!("R{number}"), &places, &[]);
    }
    town
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pieces_are_as_long_as_their_roads_together(roads in any_roads()) {
        let town = drawn(&roads);
        let network = town.network();
        let length_m = |line: &LineString<f64>| -> f64 {
            line.0.windows(2).map(|pair| distance_m(pair[0], pair[1])).sum()
        };
        let drawn_m: f64 = town.records.iter().map(|record| match &record.geometry {
            Some(Geometry::LineString(line)) => length_m(line),
            _ => 0.0,
        }).sum();
        let built_m: f64 = network.edges.iter().map(|edge| f64::from(edge.length_m)).sum();
        // What is left at an end, below two centimetres, may go.
        prop_assert!((drawn_m - built_m).abs() < 0.01 + 1e-5 * drawn_m, "{drawn_m} {built_m}");
    }

    #[test]
    fn a_piece_ends_where_its_nodes_are(roads in any_roads()) {
        let network = drawn(&roads).network();
        let gaps: Vec<Coord<f64>> = network.defects.iter()
            .filter(|repair| repair.kind == DefectKind::Gap).map(|repair| repair.at).collect();
        for edge in &network.edges {
            let line = network.line(edge);
            for (node, place) in edge.ends.iter().zip([line[0], line[line.len() - 1]]) {
                let away_m = distance_m(network.nodes[*node as usize], place);
                let is_gap = gaps.iter().any(|gap| distance_m(*gap, place) < 2.0 * GAP_M);
                prop_assert!(away_m < 0.05 || (is_gap && away_m <= GAP_M + 0.1), "{away_m} m");
            }
        }
        let used: BTreeSet<u32> = network.edges.iter().flat_map(|edge| edge.ends).collect();
        prop_assert_eq!(used.len(), network.nodes.len());
    }

    #[test]
    fn building_twice_gives_the_same(roads in any_roads()) {
        let town = drawn(&roads);
        let (one, other) = (town.network(), town.network());
        prop_assert_eq!(one.nodes, other.nodes);
        prop_assert_eq!(one.edges, other.edges);
        prop_assert_eq!(one.defects, other.defects);
    }
}
