//! A network as lists of numbers, and back. Roads and gates are named by their place among the
//! records; what records say of themselves is not written.

use super::bytes::{Reader, Writer};
use crate::domain::{Kind, RecordId, World};
use crate::network::build::{Defect, DefectKind, place_rules, roads};
use crate::network::evaluate::Prepared;
use crate::network::graph::{ArcId, Edge, Network, Road};

/// No road is longer, metres: twenty-five times around the Earth.
const LONGEST_M: f32 = 1e9;
/// Nor takes longer, milliseconds.
const LONGEST_MS: u32 = 1_000_000_000;

const KINDS: [DefectKind; 3] = [DefectKind::Gap, DefectKind::DeadEnd, DefectKind::Island];

/// Writes a network with what was prepared on it.
pub(super) fn put(out: &mut Writer, prepared: &Prepared) {
    let network = &prepared.network;
    let edges = || network.edges.iter();
    out.places(network.nodes.iter());
    out.places(network.vertices.iter());
    out.numbers(edges().map(|edge| edge.road));
    out.numbers(edges().map(|edge| edge.ends[0]));
    out.numbers(edges().map(|edge| edge.ends[1]));
    out.numbers(edges().map(|edge| edge.vertices.1 - edge.vertices.0));
    out.numbers(edges().map(|edge| edge.length_m.to_bits()));
    out.numbers(edges().map(|edge| edge.time_ms));
    let repairs = || network.defects.iter();
    let kind = |repair: &Defect| KINDS.iter().position(|kind| *kind == repair.kind);
    out.numbers(repairs().map(|repair| number(kind(repair))));
    out.places(repairs().map(|repair| &repair.at));
    out.places(repairs().map(|repair| &repair.to));
    let road = |id: RecordId| network.roads.binary_search_by_key(&id, |road| road.id).ok();
    out.numbers(repairs().map(|repair| number(road(repair.road))));
    out.reals(repairs().map(|repair| repair.length_m));
    let gate = |id: RecordId| prepared.gates.binary_search_by_key(&id, |gate| gate.id).ok();
    out.numbers(network.gates.iter().map(|(id, _)| number(gate(*id))));
    out.numbers(network.gates.iter().map(|(_, node)| *node));
    out.numbers(network.turn_restrictions.iter().map(|(from, _)| from.0));
    out.numbers(network.turn_restrictions.iter().map(|(_, to)| to.0));
}

/// What has no place gets one that nothing has, and is not read back.
fn number(place: Option<usize>) -> u32 {
    place.map_or(u32::MAX, |place| place as u32)
}

/// `None` where it is none that [`put`] would write of a world of these roads and gates.
pub(super) fn take(input: &mut Reader<'_>, world: &World) -> Option<Network> {
    let mut network = Network {
        roads: roads(world),
        nodes: input.places()?,
        vertices: input.places()?,
        ..Network::default()
    };
    network.edges = edges(input, &network)?;
    network.defects = repairs(input, &network.roads)?;
    network.gates = gates(input, &network, world)?;
    network.turn_restrictions = turn_restrictions(input, network.arcs())?;
    network.connect();
    place_rules(&mut network);
    Some(network)
}

fn edges(input: &mut Reader<'_>, network: &Network) -> Option<Vec<Edge>> {
    let (roads, from, to) = (input.numbers()?, input.numbers()?, input.numbers()?);
    let (vertices, lengths, times) = (input.numbers()?, input.numbers()?, input.numbers()?);
    let count = roads.len();
    let is_even = [&from, &to, &vertices, &lengths, &times].iter().all(|list| list.len() == count);
    // An arc is twice its edge, and one more.
    if !is_even || count > u32::MAX as usize / 2 {
        return None;
    }
    let mut edges = Vec::with_capacity(count);
    let mut begin = 0_u32;
    let ends = from.into_iter().zip(to).map(|(from, to)| [from, to]);
    let costs = lengths.into_iter().map(f32::from_bits).zip(times);
    for (((road, ends), vertices), (length_m, time_ms)) in
        roads.into_iter().zip(ends).zip(vertices).zip(costs)
    {
        let end = begin.checked_add(vertices)?;
        let is_there = ends.iter().all(|node| (*node as usize) < network.nodes.len());
        let is_drawn = vertices >= 2 && end as usize <= network.vertices.len();
        let is_driven =
            (0.0..=LONGEST_M).contains(&length_m) && (1..=LONGEST_MS).contains(&time_ms);
        if !(is_there && is_drawn && is_driven) {
            return None;
        }
        let is_open = network.roads.get(road as usize)?.is_open;
        edges.push(Edge { road, ends, vertices: (begin, end), length_m, time_ms, is_open });
        begin = end;
    }
    (begin as usize == network.vertices.len()).then_some(edges)
}

fn repairs(input: &mut Reader<'_>, roads: &[Road]) -> Option<Vec<Defect>> {
    let (kinds, at, to) = (input.numbers()?, input.places()?, input.places()?);
    let (of, lengths) = (input.numbers()?, input.reals()?);
    let count = kinds.len();
    if [at.len(), to.len(), of.len(), lengths.len()] != [count; 4] {
        return None;
    }
    let mut repairs = Vec::with_capacity(count);
    let places = at.into_iter().zip(to);
    for (((kind, (at, to)), road), length_m) in kinds.into_iter().zip(places).zip(of).zip(lengths) {
        let kind = *KINDS.get(kind as usize)?;
        let road = roads.get(road as usize)?.id;
        if !(length_m >= 0.0 && length_m.is_finite()) {
            return None;
        }
        repairs.push(Defect { kind, at, to, road, length_m });
    }
    Some(repairs)
}

fn gates(input: &mut Reader<'_>, network: &Network, world: &World) -> Option<Vec<(RecordId, u32)>> {
    let (places, nodes) = (input.numbers()?, input.numbers()?);
    let ids: Vec<RecordId> = world.table(Kind::Gate).iter().map(|gate| gate.id).collect();
    let is_ascending = places.is_sorted_by(|one, next| one < next);
    let is_there = nodes.iter().all(|node| (*node as usize) < network.nodes.len());
    if places.len() != nodes.len() || !is_ascending || !is_there {
        return None;
    }
    places.into_iter().zip(nodes).map(|(at, node)| Some((*ids.get(at as usize)?, node))).collect()
}

fn turn_restrictions(input: &mut Reader<'_>, arcs: usize) -> Option<Vec<(ArcId, ArcId)>> {
    let (from, to) = (input.numbers()?, input.numbers()?);
    if from.len() != to.len() {
        return None;
    }
    let turns: Vec<(ArcId, ArcId)> =
        from.into_iter().zip(to).map(|(from, to)| (ArcId(from), ArcId(to))).collect();
    let is_there = turns.iter().all(|(from, to)| from.index() < arcs && to.index() < arcs);
    (is_there && turns.is_sorted_by(|one, next| one < next)).then_some(turns)
}
