//! The shortest way by road between two places on edges.
//!
//! A* over arcs with the straight distance as what is left at least; whole millimetres, so that
//! equal ways are equal on every machine, and of equal ways always the same one. No potentials are
//! prepared for it, as for [`crate::network::route`]: its targets are wherever somebody points.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use geo_types::Coord;
use rustc_hash::FxHashMap;

use super::{Foot, RoadUse, joined};
use crate::geodesy::local::LocalFrame;
use crate::network::evaluate::Prepared;
use crate::network::graph::{ArcId, Edge, Network};

/// After so many arcs two places count as apart: the pointer must not wait for an answer that
/// leads through half a province.
const MOST_SETTLED: usize = 150_000;
/// A little less than the straight distance, because lengths of edges are rounded.
const LEAST_SHARE: f64 = 0.999;

struct SnapSearch<'a> {
    prepared: &'a Prepared,
    rule: RoadUse,
    target: &'a Foot,
    frame: LocalFrame,
    /// Of each arc, the millimetres to its end and the arc before it.
    marks: FxHashMap<ArcId, (u64, Option<ArcId>)>,
    heap: BinaryHeap<Reverse<(u64, ArcId)>>,
}

/// The line from a place on an edge to another, and its arcs; `None` where no road leads there.
pub fn way(
    prepared: &Prepared,
    from: &Foot,
    to: &Foot,
    rule: RoadUse,
) -> Option<(Vec<Coord<f64>>, Vec<ArcId>)> {
    let network = &prepared.network;
    let (first, last) =
        (network.edges.get(from.edge as usize)?, network.edges.get(to.edge as usize)?);
    let island = |edge: &Edge| prepared.components.of_node(edge.ends[0]);
    if island(first) != island(last) {
        return None;
    }
    let is_on = from.edge == to.edge && {
        let is_backward = to.before_m < from.before_m;
        rule == RoadUse::Any || first.is_open[usize::from(is_backward)]
    };
    let direct_mm = is_on.then(|| millimetres((to.before_m - from.before_m).abs()));
    let mut search = SnapSearch {
        prepared,
        rule,
        target: to,
        frame: LocalFrame::at(to.at),
        marks: FxHashMap::default(),
        heap: BinaryHeap::new(),
    };
    match search.run(from, direct_mm) {
        Some(arcs) => Some((line(network, from, &arcs, to), arcs)),
        None => is_on.then(|| {
            let arc = ArcId::new(from.edge, to.before_m < from.before_m);
            (within(network.line(first), from, to), vec![arc])
        }),
    }
}

fn millimetres(metres: f64) -> u64 {
    (metres.max(0.0) * 1000.0).round() as u64
}

impl SnapSearch<'_> {
    /// Arcs from the edge of the first place to that of the last; `None` where none are shorter
    /// than what is known already.
    fn run(&mut self, from: &Foot, direct_mm: Option<u64>) -> Option<Vec<ArcId>> {
        let mut best = direct_mm.unwrap_or(u64::MAX);
        let mut last: Option<[ArcId; 2]> = None;
        let length_m = f64::from(self.prepared.network.edges.get(from.edge as usize)?.length_m);
        let ahead_m = length_m - from.before_m;
        for (is_backward, metres) in [(false, ahead_m), (true, from.before_m)] {
            self.reach(ArcId::new(from.edge, is_backward), millimetres(metres), None);
        }
        let mut settled = 0;
        while let Some(Reverse((at_least, arc))) = self.heap.pop() {
            if at_least >= best || settled > MOST_SETTLED {
                break;
            }
            settled += 1;
            let Some((here, _)) = self.marks.get(&arc).copied() else { continue };
            let node = self.prepared.network.head(arc);
            // The same arc comes again where a shorter way to it was found since.
            if at_least > here.saturating_add(self.left(node)) {
                continue;
            }
            for next in self.next(arc) {
                if next.edge() == self.target.edge as usize {
                    let there = here + self.to_target(next);
                    if there < best {
                        (best, last) = (there, Some([arc, next]));
                    }
                }
                let metres = self.prepared.network.edge(next).map_or(0.0, |edge| edge.length_m);
                self.reach(next, here + millimetres(f64::from(metres)), Some(arc));
            }
        }
        let [arc, into] = last?;
        let mut arcs = vec![into, arc];
        while let Some((_, Some(before))) = arcs.last().and_then(|arc| self.marks.get(arc)) {
            arcs.push(*before);
        }
        arcs.reverse();
        Some(arcs)
    }

    fn may_go(&self, arc: ArcId) -> bool {
        self.rule == RoadUse::Any || self.prepared.network.is_open(arc)
    }

    fn next(&self, arc: ArcId) -> Vec<ArcId> {
        let network = &self.prepared.network;
        let node = network.head(arc);
        let leaving: Vec<ArcId> = match self.rule {
            RoadUse::Driven => network.leaving(node).to_vec(),
            RoadUse::Any => network.around(node).collect(),
        };
        let is_end = leaving.len() < 2;
        let may = |next: &ArcId| {
            let turns_back = *next == arc.reverse() && !is_end;
            let is_banned = self.rule == RoadUse::Driven && network.is_turn_restricted(arc, *next);
            !turns_back && !is_banned
        };
        leaving.into_iter().filter(may).collect()
    }

    /// From where an arc begins to the place on it that is looked for.
    fn to_target(&self, arc: ArcId) -> u64 {
        let length_m = self.prepared.network.edge(arc).map_or(0.0, |edge| f64::from(edge.length_m));
        let before_m = self.target.before_m;
        millimetres(if arc.is_backward() { length_m - before_m } else { before_m })
    }

    fn left(&self, node: u32) -> u64 {
        let at = self.prepared.network.nodes.get(node as usize).copied().unwrap_or_default();
        (self.frame.distance_m(at) * 1000.0 * LEAST_SHARE) as u64
    }

    fn reach(&mut self, arc: ArcId, there: u64, before: Option<ArcId>) {
        if !self.may_go(arc) {
            return;
        }
        let is_better = self.marks.get(&arc).is_none_or(|(known, _)| there < *known);
        if is_better {
            self.marks.insert(arc, (there, before));
            let left = self.left(self.prepared.network.head(arc));
            self.heap.push(Reverse((there.saturating_add(left), arc)));
        }
    }
}

/// The vertices from one place to another by these arcs, of which the first and the last are driven
/// in part; one alone is driven from one place to the other.
pub(in crate::network) fn line_between(
    network: &Network,
    from: &Foot,
    arcs: &[ArcId],
    to: &Foot,
) -> Vec<Coord<f64>> {
    match arcs {
        [arc] => network.edge(*arc).map_or_else(Vec::new, |e| within(network.line(e), from, to)),
        arcs => line(network, from, arcs, to),
    }
}

fn line(network: &Network, from: &Foot, arcs: &[ArcId], to: &Foot) -> Vec<Coord<f64>> {
    let mut parts: Vec<Vec<Coord<f64>>> = Vec::new();
    let last = arcs.len().saturating_sub(1);
    for (number, arc) in arcs.iter().enumerate() {
        let Some(edge) = network.edge(*arc) else { continue };
        let places = network.line(edge);
        let part: Vec<Coord<f64>> = match (number, arc.is_backward()) {
            (0, false) => behind(from, places),
            (0, true) => ahead(places, from).into_iter().rev().collect(),
            (number, false) if number == last => ahead(places, to),
            (number, true) if number == last => behind(to, places).into_iter().rev().collect(),
            (_, false) => places.to_vec(),
            (_, true) => places.iter().rev().copied().collect(),
        };
        parts.push(part);
    }
    joined(parts.iter().map(Vec::as_slice), false)
}

/// From the beginning of an edge to a place on it.
fn ahead(places: &[Coord<f64>], foot: &Foot) -> Vec<Coord<f64>> {
    places.iter().take(foot.segment + 1).copied().chain([foot.at]).collect()
}

/// From a place on an edge to its end.
fn behind(foot: &Foot, places: &[Coord<f64>]) -> Vec<Coord<f64>> {
    std::iter::once(foot.at).chain(places.iter().skip(foot.segment + 1).copied()).collect()
}

/// Both places on one edge.
fn within(places: &[Coord<f64>], from: &Foot, to: &Foot) -> Vec<Coord<f64>> {
    let is_backward = to.before_m < from.before_m;
    let (low, high) = if is_backward { (to, from) } else { (from, to) };
    let between = places.iter().take(high.segment + 1).skip(low.segment + 1).copied();
    let mut line: Vec<Coord<f64>> =
        std::iter::once(low.at).chain(between).chain([high.at]).collect();
    if is_backward {
        line.reverse();
    }
    let line = joined(std::iter::once(line.as_slice()), false);
    // A line of no length has two ends still.
    if line.len() < 2 { vec![from.at, to.at] } else { line }
}
