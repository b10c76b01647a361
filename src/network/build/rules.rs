//! What stands at single places of roads, a gantry or a bollard, on the edges of a network; and what
//! roads say that nobody understands.

use std::sync::Arc;

use geo_types::Coord;

use crate::domain::truck_rules::TruckRules;
use crate::geodesy::local::LocalFrame;
use crate::network::graph::Network;

/// A place this near to a line is on it, metres.
const ON_M: f64 = 1.0;

/// Puts rules of places onto the edges that lead by them, and gathers what is not understood. At a
/// place where a road only changes into another one, both pieces are meant; where three or more
/// meet, nobody knows which, and it is told.
pub(in crate::network) fn place_rules(network: &mut Network) {
    let mut unread = Vec::new();
    let mut wanted: Vec<(u32, Coord<f64>, Arc<TruckRules>)> = Vec::new();
    for (number, road) in (0_u32..).zip(&network.roads) {
        let Some(rules) = &road.rules else { continue };
        unread.extend(rules.unread.iter().map(|tag| (road.id, tag.clone())));
        for (at, rules) in &rules.placed {
            unread.extend(rules.unread.iter().map(|tag| (road.id, tag.clone())));
            if !rules.is_idle() {
                wanted.push((number, *at, Arc::new(rules.clone())));
            }
        }
    }
    let mut places = Vec::new();
    if !wanted.is_empty() {
        let degrees = network.degrees();
        // Edges of one road follow one another.
        let first = |road: u32| network.edges.partition_point(|edge| edge.road < road);
        for (road, at, rules) in wanted {
            let frame = LocalFrame::at(at);
            let of_road = first(road)..first(road + 1);
            let on = of_road.filter(|number| {
                let line = network.edges.get(*number).map(|edge| network.line(edge).to_vec());
                let away_m =
                    line.and_then(|line| frame.nearest_m(&geo_types::LineString(line).into()));
                away_m.is_some_and(|away_m| away_m <= ON_M)
            });
            let on: Vec<u32> = on.map(|number| number as u32).collect();
            let is_junction = on.iter().any(|number| {
                let ends = network.edges.get(*number as usize).map(|edge| edge.ends);
                ends.into_iter().flatten().any(|node| {
                    let place = network.nodes.get(node as usize);
                    degrees.get(node as usize).is_some_and(|degree| *degree > 2)
                        && place.is_some_and(|place| frame.distance_m(*place) <= ON_M)
                })
            });
            if on.is_empty() || is_junction {
                let id = network.roads.get(road as usize).map(|road| road.id);
                let words = format!("@{:.7} {:.7}", at.x, at.y);
                unread.extend(id.map(|id| (id, words)));
            } else {
                places.extend(on.into_iter().map(|edge| (edge, Arc::clone(&rules))));
            }
        }
    }
    places.sort_by_key(|(edge, _)| *edge);
    (network.places, network.unread) = (places, unread);
    network.stand_ins = stand_ins(network);
}

/// Which roads stand for which others, that they name by code or id.
fn stand_ins(network: &Network) -> Vec<(u32, u32)> {
    let standing = (0_u32..).zip(&network.roads).filter(|(_, road)| !road.stands_for.is_empty());
    let mut found: Vec<(u32, u32)> = standing
        .filter_map(|(number, road)| {
            let word = road.stands_for.as_str();
            let by_id = word.parse().ok().and_then(|id: crate::domain::RecordId| {
                network.roads.binary_search_by_key(&id, |road| road.id).ok()
            });
            let by_code = || network.roads.iter().position(|other| other.code == word);
            let other = by_id.or_else(by_code)? as u32;
            (other != number).then_some((other, number))
        })
        .collect();
    found.sort_unstable();
    found
}
