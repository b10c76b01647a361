//! Whether something leads the other way beside a road that becomes one-way.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::detours::largest;
use super::{Case, LintFinding, LintRule};
use crate::domain::OrderKind;
use crate::network::ArcId;
use crate::network::conflicts::overlap_in_time;
use crate::network::orders::TrafficOrder;

/// The way back is too long where it is more than so many times the closed one …
const TIMES: f64 = 5.0;
/// … and so much longer, metres: a proposal of this program.
const LONGER_M: f64 = 1000.0;

/// A stretch that can no longer be driven in one direction.
struct Stretch {
    from: u32,
    to: u32,
    length_m: f64,
    middle: ArcId,
}

/// One-ways without a way back beside them.
pub(super) fn look(case: &Case<'_>, order: &TrafficOrder, found: &mut Vec<LintFinding>) {
    if order.kind != OrderKind::OneWay {
        return;
    }
    let network = &case.prepared.network;
    let truck = largest(&order.scope);
    // What never holds while this one does leaves the way back open.
    let is_closing = |other: &&&TrafficOrder| {
        let today = case.at.date();
        other.id == order.id || other.closes(&truck) && overlap_in_time(order, other, today)
    };
    let closing = case.all.iter().filter(is_closing);
    let closed: BTreeSet<ArcId> = closing.flat_map(|order| &order.arcs).copied().collect();
    for Stretch { from, to, length_m, middle } in stretches(case, order) {
        let most_m = (TIMES * length_m).max(length_m + LONGER_M);
        if way_m(case, &closed, from, to, most_m).is_some() {
            continue;
        }
        let name = &order.name;
        let road = network.name_of(middle.edge() as u32);
        let (road_zh, road_en) =
            if road.is_empty() { ("无名道路", "the road") } else { (road, road) };
        let (closed_km, within_km) = (length_m / 1000.0, most_m / 1000.0);
        let zh = format!(
            "{name}：{road_zh}反方向 {closed_km:.1} km 封闭后，{within_km:.1} km 内没有可走的路，缺配对单行：请缩短单行路段，或另画反向单行"
        );
        let en = format!(
            "{name}: no way within {within_km:.1} km against the {closed_km:.1} km of {road_en}: \
             a one-way without its pair; shorten it, or draw one the other way"
        );
        let at = network.middle_of(middle.edge() as u32);
        found.push(LintFinding::new(LintRule::OneWayPair, order.id, zh, en).at(at));
    }
}

/// Closed arcs one after the other, from each node at which they begin.
fn stretches(case: &Case<'_>, order: &TrafficOrder) -> Vec<Stretch> {
    let network = &case.prepared.network;
    let arcs = || order.arcs.iter().copied().filter(|arc| network.is_open(*arc));
    let by_tail: BTreeMap<u32, ArcId> = arcs().map(|arc| (network.tail(arc), arc)).collect();
    let heads: BTreeSet<u32> = arcs().map(|arc| network.head(arc)).collect();
    let begins = by_tail.keys().copied().filter(|node| !heads.contains(node));
    begins
        .filter_map(|from| {
            let (mut node, mut gone) = (from, Vec::new());
            while let Some(arc) = by_tail.get(&node).filter(|arc| !gone.contains(*arc)) {
                gone.push(*arc);
                node = network.head(*arc);
            }
            let middle = *gone.get(gone.len() / 2)?;
            Some(Stretch { from, to: node, length_m: network.length_m(&gone), middle })
        })
        .collect()
}

/// The shortest way, metres, if it is no longer than so much. A search over arcs, for banned turns
/// and because nobody turns back on the road.
fn way_m(
    case: &Case<'_>,
    closed: &BTreeSet<ArcId>,
    from: u32,
    to: u32,
    most_m: f64,
) -> Option<f64> {
    let network = &case.prepared.network;
    // Millimetres, so that they can be sorted.
    let cost_mm = |arc: ArcId| network.edge(arc).map_or(0, |edge| (edge.length_m * 1000.0) as u64);
    let most_mm = (most_m * 1000.0) as u64;
    let mut best: BTreeMap<ArcId, u64> = BTreeMap::new();
    let mut waiting = BinaryHeap::new();
    let mut reach = |arc: ArcId, gone_mm: u64, waiting: &mut BinaryHeap<Reverse<(u64, ArcId)>>| {
        let there_mm = gone_mm + cost_mm(arc);
        let is_better = best.get(&arc).is_none_or(|known| there_mm < *known);
        if there_mm <= most_mm && is_better && !closed.contains(&arc) {
            best.insert(arc, there_mm);
            waiting.push(Reverse((there_mm, arc)));
        }
    };
    network.leaving(from).iter().for_each(|arc| reach(*arc, 0, &mut waiting));
    while let Some(Reverse((gone_mm, arc))) = waiting.pop() {
        let node = network.head(arc);
        if node == to {
            return Some(gone_mm as f64 / 1000.0);
        }
        let leaving = network.leaving(node);
        for next in leaving {
            let turns_back = *next == arc.reverse() && leaving.len() > 1;
            if !turns_back && !network.is_turn_restricted(arc, *next) {
                reach(*next, gone_mm, &mut waiting);
            }
        }
    }
    None
}
