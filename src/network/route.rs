//! The quickest legal way of a truck.
//!
//! A search over arcs, so that one-ways and banned turns are kept; nobody turns back on the road
//! but at a dead end. It is led by the exact time that is left to the target on the open network,
//! which no order can make shorter (A* with perfect potentials; Goldberg and Harrelson 2005): a way
//! that nothing stands in is found by walking it, and a detour costs what lies around the
//! obstacle, whatever the size of the network. The potentials hold for every plan of a network, so
//! they are prepared once; waits at turns only add to what they promise.
//!
//! Where no turn is banned and none costs anything, the quickest way comes by no junction twice, so
//! that nobody would turn back on it anyhow: then one label for a junction says it all, instead of
//! one for each arc. Where turns are banned, whoever comes to a junction later only looks where the
//! first one could not go.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::{ArcId, Network};
use super::turning::Turning;

/// Closed, or not to be reached.
pub const NEVER: u32 = u32::MAX;

/// The time that is left from each node to one target on the network without orders, turn bans or
/// limits, milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Potential {
    /// The node to which it leads.
    pub target: u32,
    left_ms: Vec<u32>,
}

impl Potential {
    /// A Dijkstra search from the target against all arcs.
    pub fn to(network: &Network, target: u32) -> Self {
        let mut left_ms = vec![NEVER; network.nodes.len()];
        let mut heap = BinaryHeap::new();
        if let Some(left) = left_ms.get_mut(target as usize) {
            *left = 0;
            heap.push(Reverse((0_u32, target)));
        }
        while let Some(Reverse((left, node))) = heap.pop() {
            if left_ms.get(node as usize).is_none_or(|known| left > *known) {
                continue;
            }
            for arc in network.entering(node) {
                let Some(edge) = network.edge(*arc) else { continue };
                let (tail, there) = (network.tail(*arc), left.saturating_add(edge.time_ms));
                if let Some(known) = left_ms.get_mut(tail as usize)
                    && there < *known
                {
                    *known = there;
                    heap.push(Reverse((there, tail)));
                }
            }
        }
        Self { target, left_ms }
    }

    /// What was found out before, of every node.
    pub(super) const fn known(target: u32, left_ms: Vec<u32>) -> Self {
        Self { target, left_ms }
    }

    /// Of every node, milliseconds.
    pub(super) fn all_left_ms(&self) -> &[u32] {
        &self.left_ms
    }

    /// Of a node, milliseconds; [`NEVER`] where no road leads from it to the target.
    pub fn left_ms(&self, node: u32) -> u32 {
        self.left_ms.get(node as usize).copied().unwrap_or(NEVER)
    }
}

/// What a kind of truck may not drive: arcs, a bit each, and turns from one arc into the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosedArcs {
    arcs: Vec<u64>,
    /// Sorted; those that nobody may make are the network's.
    turns: Vec<(ArcId, ArcId)>,
}

impl ClosedArcs {
    /// Everything is open.
    pub fn nothing_of(network: &Network) -> Self {
        Self { arcs: vec![0; network.arcs().div_ceil(64)], turns: Vec::new() }
    }

    /// An arc that is not there is passed over.
    pub fn close(&mut self, arc: ArcId) {
        if let Some(word) = self.arcs.get_mut(arc.index() / 64) {
            *word |= 1 << (arc.index() % 64);
        }
    }

    /// Takes it back; an arc that is not there is passed over.
    pub fn open(&mut self, arc: ArcId) {
        if let Some(word) = self.arcs.get_mut(arc.index() / 64) {
            *word &= !(1 << (arc.index() % 64));
        }
    }

    /// Bans turns, each from one arc into the next.
    pub fn ban_turns(&mut self, turns: &[(ArcId, ArcId)]) {
        if !turns.is_empty() {
            self.turns.extend(turns);
            self.turns.sort_unstable();
            self.turns.dedup();
        }
    }

    /// Whether any turn is banned.
    pub const fn has_turns(&self) -> bool {
        !self.turns.is_empty()
    }

    /// Whether a turn is banned.
    pub fn bans_turn(&self, from: ArcId, to: ArcId) -> bool {
        !self.turns.is_empty() && self.turns.binary_search(&(from, to)).is_ok()
    }

    /// Whether an arc may not be driven.
    pub fn has(&self, arc: ArcId) -> bool {
        self.arcs.get(arc.index() / 64).is_some_and(|word| word >> (arc.index() % 64) & 1 == 1)
    }
}

/// What each arc costs a kind of truck.
#[derive(Clone, Copy, Debug)]
pub struct Costs<'a> {
    /// By arc; never below the free time of its edge, which the potentials are made of.
    pub times_ms: &'a [u32],
    /// What may not be driven at all.
    pub closed: &'a ClosedArcs,
}

impl Costs<'_> {
    /// Milliseconds; [`NEVER`] where it may not be driven.
    pub fn of(&self, arc: ArcId) -> u32 {
        if self.closed.has(arc) {
            NEVER
        } else {
            self.times_ms.get(arc.index()).copied().unwrap_or(NEVER)
        }
    }
}

/// A way and what it costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// In the order in which they are driven.
    pub arcs: Vec<ArcId>,
    /// With waits at turns, milliseconds.
    pub time_ms: u32,
}

/// Working memory of searches, used again and again.
#[derive(Default)]
pub struct RouteSearch<'a> {
    /// `None` where no turn costs anything.
    turning: Option<Turning<'a>>,
    /// Whether to look back from a target, to which nobody may come.
    may_look_back: bool,
    /// Of each arc, or where turns are all alike of each node, the best time to its end, the arc
    /// before it, or by which one comes, and the round in which both hold.
    marks: Vec<[u32; 3]>,
    /// Of each node the first arc that was settled there, and the round.
    first: Vec<(ArcId, u32)>,
    now: u32,
    /// The time of the whole way at least, what is left of it, and the label: of ways that promise
    /// the same, the one that is nearly there goes on.
    heap: BinaryHeap<Reverse<(u32, u32, u32)>>,
    /// How many labels the last search settled: for tests and benches.
    pub settled: usize,
}

const NO_ARC: u32 = u32::MAX;
/// After so many labels a search looks whether there is a way at all, and again whenever they have
/// doubled.
const LOOK_BACK: usize = 256;

/// What one search asks about.
#[derive(Clone, Copy)]
struct Question<'a> {
    network: &'a Network,
    costs: Costs<'a>,
    potential: &'a Potential,
}

impl<'a> RouteSearch<'a> {
    /// A search with turn penalties; `None` for none.
    pub fn turning(turning: Option<Turning<'a>>) -> Self {
        Self { turning, ..Self::default() }
    }

    /// As [`RouteSearch::turning`], but it notices early that a target cannot be reached, by looking
    /// back from there. Without this it would search the whole network to find nothing.
    pub fn looking_back(turning: Option<Turning<'a>>) -> Self {
        Self { turning, may_look_back: true, ..Self::default() }
    }

    /// The quickest way from a node to the target of the potential; `None` where there is none.
    /// From a node to itself the way is empty.
    pub fn run(
        &mut self,
        network: &Network,
        costs: Costs<'_>,
        from: u32,
        potential: &Potential,
    ) -> Option<Route> {
        if from == potential.target {
            return Some(Route::default());
        }
        if potential.left_ms(from) == NEVER {
            return None;
        }
        let asked = Question { network, costs, potential };
        let bans_turns = network.has_turn_restrictions() || costs.closed.has_turns();
        if self.turning.is_none() && !bans_turns {
            self.begin(network.nodes.len());
            self.over_nodes(asked, from)
        } else {
            self.begin(network.arcs());
            self.first.resize(network.nodes.len(), (ArcId::default(), 0));
            self.over_arcs(asked, from)
        }
    }

    fn begin(&mut self, labels: usize) {
        if self.marks.len() != labels {
            self.marks = vec![[0; 3]; labels];
            self.first.clear();
            self.now = 0;
        }
        // Two numbers a round: reached, and settled.
        self.now = self.now.wrapping_add(2);
        if self.now < 2 {
            self.marks.fill([0; 3]);
            self.first.clear();
            self.now = 2;
        }
        self.heap.clear();
        self.settled = 0;
    }

    fn over_nodes(&mut self, asked: Question<'_>, from: u32) -> Option<Route> {
        let Question { network, costs, potential } = asked;
        if let Some(mark) = self.marks.get_mut(from as usize) {
            *mark = [0, NO_ARC, self.now];
        }
        let left_ms = potential.left_ms(from);
        self.heap.push(Reverse((left_ms, left_ms, from)));
        while let Some(Reverse((.., node))) = self.heap.pop() {
            let Some(since_ms) = self.settle(node) else { continue };
            if node == potential.target {
                return Some(Route { arcs: self.trace_nodes(network, node), time_ms: since_ms });
            }
            if self.looks_back() && self.is_shut_off(asked, &|arc| network.tail(arc)) {
                return None;
            }
            for arc in network.leaving(node) {
                let (cost, head) = (costs.of(*arc), network.head(*arc));
                if cost != NEVER {
                    let there_ms = since_ms.saturating_add(cost);
                    self.reach(head, there_ms, arc.0, potential.left_ms(head));
                }
            }
        }
        None
    }

    fn over_arcs(&mut self, asked: Question<'_>, from: u32) -> Option<Route> {
        let Question { network, costs, potential } = asked;
        for arc in network.leaving(from) {
            self.enter(asked, *arc, 0, NO_ARC);
        }
        while let Some(Reverse((.., arc))) = self.heap.pop() {
            let arc = ArcId(arc);
            let node = network.head(arc);
            let Some(reached_ms) = self.settle(arc.0) else { continue };
            if node == potential.target {
                return Some(Route { arcs: self.trace(arc), time_ms: reached_ms });
            }
            if self.looks_back() && self.is_shut_off(asked, &|arc| arc.0) {
                return None;
            }
            let leaving = network.leaving(node);
            let may_turn = |from: ArcId, to: ArcId| {
                let turns_back = to == from.reverse() && leaving.len() > 1;
                !turns_back
                    && !network.is_turn_restricted(from, to)
                    && !costs.closed.bans_turn(from, to)
            };
            // Without waits the first one here was quicker wherever it could go on to.
            let first = self.first_at(node, arc).filter(|_| self.turning.is_none());
            for next in leaving {
                if first.is_some_and(|first| may_turn(first, *next)) || !may_turn(arc, *next) {
                    continue;
                }
                let wait_ms = self.turning.map_or(0, |turns| turns.wait_ms(network, arc, *next));
                self.enter(asked, *next, reached_ms.saturating_add(wait_ms), arc.0);
            }
        }
        None
    }

    /// A way that nothing stands in is found before, so that it costs nothing.
    const fn looks_back(&self) -> bool {
        self.may_look_back && self.settled >= LOOK_BACK && self.settled.is_power_of_two()
    }

    /// Whether all from which one comes to the target, no more junctions than were searched here,
    /// lies apart from what is reached.
    fn is_shut_off(&self, asked: Question<'_>, label: &dyn Fn(ArcId) -> u32) -> bool {
        let Question { network, costs, potential } = asked;
        let is_met = |arc: ArcId| {
            let mark = self.marks.get(label(arc) as usize);
            mark.is_some_and(|[.., round]| *round >= self.now)
        };
        let mut is_seen = vec![false; network.nodes.len()];
        let mut waiting = vec![potential.target];
        let mut most = self.settled;
        while let Some(node) = waiting.pop() {
            if most == 0 {
                return false;
            }
            most -= 1;
            for arc in network.entering(node).iter().filter(|arc| costs.of(**arc) != NEVER) {
                if is_met(*arc) {
                    return false;
                }
                let tail = network.tail(*arc);
                if let Some(seen) = is_seen.get_mut(tail as usize).filter(|seen| !**seen) {
                    *seen = true;
                    waiting.push(tail);
                }
            }
        }
        true
    }

    /// The arc that was settled at a node before this one; `None` for the first.
    fn first_at(&mut self, node: u32, arc: ArcId) -> Option<ArcId> {
        let (first, round) = self.first.get_mut(node as usize)?;
        if *round == self.now {
            return Some(*first);
        }
        (*first, *round) = (arc, self.now);
        None
    }

    /// The time to a label that is reached; `None` where it was settled before.
    fn settle(&mut self, label: u32) -> Option<u32> {
        let [best_ms, _, round] = self.marks.get_mut(label as usize)?;
        if *round == self.now + 1 {
            return None;
        }
        *round = self.now + 1;
        self.settled += 1;
        Some(*best_ms)
    }

    fn enter(&mut self, asked: Question<'_>, arc: ArcId, since_ms: u32, before: u32) {
        let cost = asked.costs.of(arc);
        if cost != NEVER {
            let left_ms = asked.potential.left_ms(asked.network.head(arc));
            self.reach(arc.0, since_ms.saturating_add(cost), before, left_ms);
        }
    }

    fn reach(&mut self, label: u32, reached_ms: u32, before: u32, left_ms: u32) {
        if left_ms == NEVER {
            return;
        }
        let Some(mark) = self.marks.get_mut(label as usize) else { return };
        let [best_ms, _, round] = *mark;
        if round >= self.now && best_ms <= reached_ms {
            return;
        }
        *mark = [reached_ms, before, self.now];
        self.heap.push(Reverse((reached_ms.saturating_add(left_ms), left_ms, label)));
    }

    fn trace(&self, last: ArcId) -> Vec<ArcId> {
        let mut arcs = vec![last];
        let mut at = last;
        while let Some([_, before, _]) = self.marks.get(at.index())
            && *before != NO_ARC
        {
            at = ArcId(*before);
            arcs.push(at);
        }
        arcs.reverse();
        arcs
    }

    fn trace_nodes(&self, network: &Network, last: u32) -> Vec<ArcId> {
        let mut arcs = Vec::new();
        let mut at = last;
        while let Some([_, by, _]) = self.marks.get(at as usize)
            && *by != NO_ARC
        {
            arcs.push(ArcId(*by));
            at = network.tail(ArcId(*by));
        }
        arcs.reverse();
        arcs
    }
}

#[cfg(test)]
mod tests;
