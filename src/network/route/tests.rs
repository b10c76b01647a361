//! Routes against a plain search over states, against their reverse, and against `NetworkX`.

use std::collections::BTreeMap;

use geo_types::Coord;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::network::graph::Edge;
use crate::network::testing::{Dice, Town};
use crate::network::turning::Bearings;

/// A network of nodes without places: ends, time, and whether it is open each way.
fn network(nodes: usize, edges: &[([u32; 2], u32, [bool; 2])]) -> Network {
    let edge = |(ends, time_ms, is_open): &([u32; 2], u32, [bool; 2])| Edge {
        road: 0,
        ends: *ends,
        vertices: (0, 0),
        length_m: *time_ms as f32,
        time_ms: *time_ms,
        is_open: *is_open,
    };
    let mut network = Network {
        nodes: vec![Coord::default(); nodes],
        edges: edges.iter().map(edge).collect(),
        ..Network::default()
    };
    network.connect();
    network
}

fn times(network: &Network) -> Vec<u32> {
    network.edges.iter().flat_map(|edge| [edge.time_ms; 2]).collect()
}

fn closing(network: &Network, arcs: &[ArcId]) -> ClosedArcs {
    let mut closed = ClosedArcs::nothing_of(network);
    for arc in arcs {
        closed.close(*arc);
    }
    closed
}

fn way(network: &Network, closed: &ClosedArcs, from: u32, to: u32) -> Option<Route> {
    let potential = Potential::to(network, to);
    let costs = Costs { times_ms: &times(network), closed };
    RouteSearch::default().run(network, costs, from, &potential)
}

/// The rule in words, without any hurry: from arc to arc, but not back on the road where there is
/// another way on, and not by a banned turn.
fn plain(network: &Network, closed: &ClosedArcs, from: u32, to: u32) -> Option<u32> {
    plain_with(network, closed, (from, to), &|_, _| 0)
}

/// The same where turns cost something.
fn plain_with(
    network: &Network,
    closed: &ClosedArcs,
    (from, to): (u32, u32),
    wait_ms: &dyn Fn(ArcId, ArcId) -> u32,
) -> Option<u32> {
    if from == to {
        return Some(0);
    }
    let mut reached: BTreeMap<ArcId, u32> = BTreeMap::new();
    let mut done: BTreeMap<ArcId, u32> = BTreeMap::new();
    let cost = |arc: ArcId| network.edge(arc).unwrap().time_ms;
    for arc in network.leaving(from).iter().filter(|arc| !closed.has(**arc)) {
        reached.insert(*arc, cost(*arc));
    }
    while let Some((arc, time_ms)) = reached.iter().min_by_key(|(_, time)| **time) {
        let (arc, time_ms) = (*arc, *time_ms);
        reached.remove(&arc);
        done.insert(arc, time_ms);
        let leaving = network.leaving(network.head(arc));
        for next in leaving {
            let is_back = *next == arc.reverse() && leaving.len() > 1;
            if !is_back
                && !network.is_turn_restricted(arc, *next)
                && !closed.has(*next)
                && !done.contains_key(next)
            {
                let there = reached.entry(*next).or_insert(u32::MAX);
                *there = (*there).min(time_ms + wait_ms(arc, *next) + cost(*next));
            }
        }
    }
    done.iter().filter(|(arc, _)| network.head(**arc) == to).map(|(_, time)| *time).min()
}

/// Nodes, edges, turns that are banned, arcs that are closed: all by chance.
fn chance(seed: u64) -> (Network, ClosedArcs) {
    chance_of(seed, 30, 15)
}

/// Of so many nodes at most, where one of so many arcs is closed.
fn chance_of(seed: u64, most: u64, one_of: u64) -> (Network, ClosedArcs) {
    let mut dice = Dice(seed);
    let nodes = most / 15 + dice.roll(most);
    let edges: Vec<_> = (0..nodes + dice.roll(nodes))
        .map(|_| {
            let ends = [dice.roll(nodes) as u32, dice.roll(nodes) as u32];
            let open = [[true, true], [true, true], [true, false], [false, true]];
            // Few times, so that many ways are equal.
            (ends, 1000 * (1 + dice.roll(4) as u32), open[dice.roll(4) as usize])
        })
        .collect();
    let mut network = network(nodes as usize, &edges);
    let turns = (0..nodes as u32).flat_map(|node| {
        let entering = network.entering(node).to_vec();
        let leaving = network.leaving(node).to_vec();
        entering
            .into_iter()
            .flat_map(move |from| leaving.clone().into_iter().map(move |to| (from, to)))
    });
    let mut banned: Vec<(ArcId, ArcId)> = turns.collect();
    // On some networks none at all, where the search needs fewer labels.
    let has_bans = dice.roll(3) > 0;
    banned.retain(|_| has_bans && dice.roll(12) == 0);
    banned.sort_unstable();
    let shut: Vec<ArcId> =
        (0..network.arcs() as u32).map(ArcId).filter(|_| dice.roll(one_of) == 0).collect();
    let closed = closing(&network, &shut);
    network.turn_restrictions = banned;
    (network, closed)
}

/// Adjoining, driveable, and as long as it says.
fn check(network: &Network, closed: &ClosedArcs, from: u32, to: u32, way: &Route) {
    let mut at = from;
    for (k, arc) in way.arcs.iter().enumerate() {
        assert_eq!(network.tail(*arc), at);
        assert!(network.leaving(at).contains(arc) && !closed.has(*arc));
        assert!(k == 0 || !network.is_turn_restricted(way.arcs[k - 1], *arc));
        at = network.head(*arc);
    }
    assert_eq!(at, to);
    let sum: u32 = way.arcs.iter().map(|arc| network.edge(*arc).unwrap().time_ms).sum();
    assert_eq!(sum, way.time_ms);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_led_search_finds_what_a_plain_one_finds(seed: u64) {
        let (network, closed) = chance(seed);
        let nodes = network.nodes.len() as u32;
        let times_ms = times(&network);
        let costs = Costs { times_ms: &times_ms, closed: &closed };
        // One memory for all searches, as in use.
        let mut search = RouteSearch::default();
        for to in 0..nodes.min(6) {
            let potential = Potential::to(&network, to);
            for from in 0..nodes {
                let found = search.run(&network, costs, from, &potential);
                let expected = plain(&network, &closed, from, to);
                prop_assert_eq!(found.as_ref().map(|way| way.time_ms), expected);
                if let Some(way) = found {
                    check(&network, &closed, from, to, &way);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_led_search_is_exact_where_turns_cost_too(seed: u64) {
        let (network, closed) = chance(seed);
        let mut dice = Dice(seed);
        let bearings = Bearings::any(&network, || dice.roll(360) as f32);
        let costs = "left=3,right=1,u=9".parse().unwrap();
        let turning = Turning { costs, bearings: &bearings };
        let wait_ms = |from, to| turning.wait_ms(&network, from, to);
        let times_ms = times(&network);
        let costs = Costs { times_ms: &times_ms, closed: &closed };
        let mut search = RouteSearch::turning(Some(turning));
        let nodes = network.nodes.len() as u32;
        for to in 0..nodes.min(6) {
            let potential = Potential::to(&network, to);
            for from in 0..nodes {
                let found = search.run(&network, costs, from, &potential);
                let expected = plain_with(&network, &closed, (from, to), &wait_ms);
                prop_assert_eq!(found.map(|way| way.time_ms), expected);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Networks on which a search settles enough to look back, many of their targets shut off.
    #[test]
    fn a_search_that_looks_back_finds_what_one_that_does_not_finds(seed: u64) {
        let (network, closed) = chance_of(seed, 900, 4);
        let times_ms = times(&network);
        let costs = Costs { times_ms: &times_ms, closed: &closed };
        let bearings = Bearings::any(&network, || 0.0);
        let turning = Turning { costs: "u=9".parse().unwrap(), bearings: &bearings };
        let nodes = network.nodes.len() as u32;
        for turning in [None, Some(turning)] {
            let mut plain = RouteSearch::turning(turning);
            let mut looking = RouteSearch::looking_back(turning);
            for k in 0..20 {
                let (from, to) = (k * 7 % nodes, (k * 31 + 5) % nodes);
                let potential = Potential::to(&network, to);
                let found = looking.run(&network, costs, from, &potential);
                prop_assert_eq!(found, plain.run(&network, costs, from, &potential));
            }
        }
    }
}

/// A field of streets around a yard whose gate is shut.
#[test]
fn a_target_that_is_shut_off_is_seen_before_all_roads_are_searched() {
    let side = 60_u32;
    let node = |x: u32, y: u32| y * side + x;
    let yard = side * side;
    let mut edges = vec![([node(side - 1, side - 1), yard], 1000, BOTH)];
    for a in 0..side {
        for b in 1..side {
            edges.push(([node(b - 1, a), node(b, a)], 1000, BOTH));
            edges.push(([node(a, b - 1), node(a, b)], 1000, BOTH));
        }
    }
    let network = network(yard as usize + 1, &edges);
    let shut = closing(&network, &[ArcId::new(0, false), ArcId::new(0, true)]);
    let times_ms = times(&network);
    let costs = Costs { times_ms: &times_ms, closed: &shut };
    let potential = Potential::to(&network, yard);
    let (mut plain, mut looking) = (RouteSearch::default(), RouteSearch::looking_back(None));
    assert_eq!(plain.run(&network, costs, 0, &potential), None);
    assert_eq!(looking.run(&network, costs, 0, &potential), None);
    assert!(plain.settled == 3600 && looking.settled < 300, "{}", looking.settled);
}

/// `routes.json` was made with networkx 3: a `DiGraph` whose nodes are the open arcs (edge·2, +1
/// backward) with an edge from an arc to each that leaves its head, weighted by the time of the
/// latter, but for banned turns, closed arcs, and the arc back where another one leaves; a source
/// before the arcs out of each node, a sink behind those into it; `dijkstra_path_length` from
/// source to sink, null for `NetworkXNoPath`. Edges are `[from, to, ms, forward, backward]` and drawn
/// at random between 12 to 30 nodes, with one-ways, loops and parallels.
#[test]
fn ways_cost_what_networkx_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/routes.json");
    let cases: Vec<Json> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let list =
        |json: &Json| -> Vec<Vec<Option<u32>>> { serde_json::from_value(json.clone()).unwrap() };
    let mut compared = 0;
    for case in cases {
        let edges: Vec<_> = list(&case["edges"])
            .into_iter()
            .map(|edge| {
                let [a, b, time, forward, backward] = [0, 1, 2, 3, 4].map(|k| edge[k].unwrap());
                ([a, b], time, [forward == 1, backward == 1])
            })
            .collect();
        let mut network = network(case["nodes"].as_u64().unwrap() as usize, &edges);
        network.turn_restrictions = list(&case["no_turns"])
            .into_iter()
            .map(|turn| (ArcId(turn[0].unwrap()), ArcId(turn[1].unwrap())))
            .collect();
        network.turn_restrictions.sort_unstable();
        let shut: Vec<u32> = serde_json::from_value(case["closed"].clone()).unwrap();
        let shut: Vec<ArcId> = shut.into_iter().map(ArcId).collect();
        let closed = closing(&network, &shut);
        for query in list(&case["queries"]) {
            let found = way(&network, &closed, query[0].unwrap(), query[1].unwrap());
            assert_eq!(found.map(|way| way.time_ms), query[2], "{query:?}");
            compared += 1;
        }
    }
    assert!(compared > 250);
}

const BOTH: [bool; 2] = [true, true];

#[test]
fn nobody_turns_back_on_the_road_but_at_a_dead_end() {
    // 0 — 1 — 2, and from 1 a one-way to 3. Whoever may not go 0 → 1 → 3 goes by the dead end 2.
    let mut network =
        network(4, &[([0, 1], 1000, BOTH), ([1, 2], 5000, BOTH), ([1, 3], 1000, [true, false])]);
    let open = ClosedArcs::nothing_of(&network);
    assert_eq!(way(&network, &open, 0, 3).unwrap().time_ms, 2000);
    network.turn_restrictions = vec![(ArcId::new(0, false), ArcId::new(2, false))];
    let round = way(&network, &open, 0, 3).unwrap();
    assert_eq!(round.time_ms, 12_000);
    assert_eq!(round.arcs[1..3], [ArcId::new(1, false), ArcId::new(1, true)]);
}

#[test]
fn where_there_is_no_way_there_is_none() {
    let network = network(4, &[([0, 1], 1000, [true, false]), ([2, 3], 1000, BOTH)]);
    let open = ClosedArcs::nothing_of(&network);
    assert_eq!(way(&network, &open, 1, 0), None);
    assert_eq!(way(&network, &open, 0, 3), None);
    assert_eq!(way(&network, &open, 3, 3), Some(Route::default()));
    let shut = closing(&network, &[ArcId::new(0, false)]);
    assert_eq!(way(&network, &shut, 0, 1), None);
}

#[test]
fn a_turn_that_a_road_bans_is_not_taken() {
    let mut town = Town::new();
    let at = crate::network::testing::at(0.0, 0.0);
    let ban = format!("north@{} {}", at.x, at.y);
    town.road("west", &[(-100.0, 0.0), (0.0, 0.0)], &[("no_turns", &ban)]);
    town.road("north", &[(0.0, 0.0), (0.0, 100.0)], &[]);
    town.road("east", &[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)], &[]);
    let network = town.network();
    let node = |place| network.nearest_node(place).unwrap().0;
    let (from, to) = (node(crate::network::testing::at(-100.0, 0.0)), {
        node(crate::network::testing::at(0.0, 100.0))
    });
    let round = way(&network, &ClosedArcs::nothing_of(&network), from, to).unwrap();
    assert_eq!(network.length_m(&round.arcs).round() as u32, 400);
    let back = way(&network, &ClosedArcs::nothing_of(&network), to, from).unwrap();
    assert_eq!(network.length_m(&back.arcs).round() as u32, 200);
}

#[test]
fn a_turn_that_one_kind_of_truck_may_not_make_is_driven_around_like_one_that_nobody_may() {
    for seed in 0..60 {
        let (mut network, mut closed) = chance(seed);
        let banned: Vec<(ArcId, ArcId)> = std::mem::take(&mut network.turn_restrictions);
        closed.ban_turns(&banned);
        let nodes = network.nodes.len() as u32;
        for (from, to) in [(0, nodes - 1), (nodes / 2, 0), (1, nodes / 3)] {
            let by_order = way(&network, &closed, from, to);
            let mut same = network.clone();
            same.turn_restrictions = banned.clone();
            let open = {
                let mut open = closed.clone();
                open.turns.clear();
                open
            };
            assert_eq!(by_order, way(&same, &open, from, to), "{seed}: {from} to {to}");
        }
    }
}
