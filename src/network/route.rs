//! The quickest legal way of a truck.
//!
//! A search over arcs, so that one-ways and banned turns are kept; nobody turns back on the road
//! but at a dead end. It is led by the exact time that is left to the target on the open network,
//! which no order can make shorter (A* with perfect potentials; Goldberg and Harrelson 2005): a way
//! that nothing stands in is found by walking it, and a detour costs what lies around the
//! obstacle, whatever the size of the network. The potentials hold for every plan of a network, so
//! they are prepared once; waits at turns only add to what they promise.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::{Arc, Network};
use super::lists::Lists;
use super::turning::Turning;

/// Closed, or not to be reached.
pub const NEVER: u32 = u32::MAX;

/// The time that is left from each node to one target on the network without orders, turn bans or
/// limits, milliseconds.
#[derive(Clone, Debug)]
pub struct Potential {
    pub target: u32,
    left_ms: Vec<u32>,
}

impl Potential {
    /// A Dijkstra search from the target against all arcs.
    pub fn to(network: &Network, entering: &Entering, target: u32) -> Self {
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
            for arc in entering.of(node) {
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

    pub fn left_ms(&self, node: u32) -> u32 {
        self.left_ms.get(node as usize).copied().unwrap_or(NEVER)
    }
}

/// Arcs into each node.
#[derive(Clone, Debug)]
pub struct Entering(Lists<Arc>);

impl Entering {
    pub fn of_network(network: &Network) -> Self {
        let arcs = (0..network.arcs() as u32).map(Arc).filter(|arc| network.is_open(*arc));
        Self(Lists::of(network.nodes.len(), arcs.map(|arc| (network.head(arc), arc))))
    }

    pub fn of(&self, node: u32) -> &[Arc] {
        self.0.at(node as usize)
    }
}

/// Arcs that a kind of truck may not drive: a bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closed(Vec<u64>);

impl Closed {
    pub fn nothing_of(network: &Network) -> Self {
        Self(vec![0; network.arcs().div_ceil(64)])
    }

    pub fn close(&mut self, arc: Arc) {
        if let Some(word) = self.0.get_mut(arc.at() / 64) {
            *word |= 1 << (arc.at() % 64);
        }
    }

    pub fn has(&self, arc: Arc) -> bool {
        self.0.get(arc.at() / 64).is_some_and(|word| word >> (arc.at() % 64) & 1 == 1)
    }
}

/// What each arc costs a kind of truck.
#[derive(Clone, Copy, Debug)]
pub struct Costs<'a> {
    /// By arc; never below the free time of its edge, which the potentials are made of.
    pub times_ms: &'a [u32],
    pub closed: &'a Closed,
}

impl Costs<'_> {
    pub fn of(&self, arc: Arc) -> u32 {
        if self.closed.has(arc) {
            NEVER
        } else {
            self.times_ms.get(arc.at()).copied().unwrap_or(NEVER)
        }
    }
}

/// A way and what it costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    pub arcs: Vec<Arc>,
    pub time_ms: u32,
}

/// Working memory of searches, used again and again.
#[derive(Default)]
pub struct Search<'a> {
    /// `None` where no turn costs anything.
    turning: Option<Turning<'a>>,
    /// Of each arc the best time to its end, the arc before it, and the round in which both hold.
    marks: Vec<[u32; 3]>,
    now: u32,
    heap: BinaryHeap<Reverse<(u32, u32)>>,
    /// Arcs that were settled, for those who measure.
    pub settled: usize,
}

const NO_ARC: u32 = u32::MAX;

impl<'a> Search<'a> {
    /// A search in which turns cost what is said.
    pub fn turning(turning: Option<Turning<'a>>) -> Self {
        Self { turning, ..Self::default() }
    }

    /// The quickest way from a node to the target of the potential; `None` where there is none.
    /// From a node to itself the way is empty.
    pub fn run(
        &mut self,
        network: &Network,
        costs: Costs<'_>,
        from: u32,
        potential: &Potential,
    ) -> Option<Way> {
        if from == potential.target {
            return Some(Way::default());
        }
        if potential.left_ms(from) == NEVER {
            return None;
        }
        self.begin(network.arcs());
        for arc in network.leaving(from) {
            self.reach(network, costs, *arc, 0, NO_ARC, potential);
        }
        while let Some(Reverse((_, arc))) = self.heap.pop() {
            let arc = Arc(arc);
            let node = network.head(arc);
            let Some(reached_ms) = self.settle(arc) else { continue };
            if node == potential.target {
                return Some(Way { arcs: self.trace(arc), time_ms: reached_ms });
            }
            let leaving = network.leaving(node);
            for next in leaving {
                let turns_back = *next == arc.reverse();
                if (turns_back && leaving.len() > 1) || network.is_banned_turn(arc, *next) {
                    continue;
                }
                let wait_ms = self.turning.map_or(0, |turns| turns.wait_ms(network, arc, *next));
                let since_ms = reached_ms.saturating_add(wait_ms);
                self.reach(network, costs, *next, since_ms, arc.0, potential);
            }
        }
        None
    }

    fn begin(&mut self, arcs: usize) {
        if self.marks.len() != arcs {
            self.marks = vec![[0; 3]; arcs];
            self.now = 0;
        }
        // Two numbers a round: reached, and settled.
        self.now = self.now.wrapping_add(2);
        if self.now < 2 {
            self.marks.fill([0; 3]);
            self.now = 2;
        }
        self.heap.clear();
        self.settled = 0;
    }

    /// The time to the end of an arc that is reached; `None` where it was settled before.
    fn settle(&mut self, arc: Arc) -> Option<u32> {
        let [best_ms, _, round] = self.marks.get_mut(arc.at())?;
        if *round == self.now + 1 {
            return None;
        }
        *round = self.now + 1;
        self.settled += 1;
        Some(*best_ms)
    }

    fn reach(
        &mut self,
        network: &Network,
        costs: Costs<'_>,
        arc: Arc,
        since_ms: u32,
        before: u32,
        potential: &Potential,
    ) {
        let cost = costs.of(arc);
        let left = potential.left_ms(network.head(arc));
        if cost == NEVER || left == NEVER {
            return;
        }
        let reached_ms = since_ms.saturating_add(cost);
        let Some(mark) = self.marks.get_mut(arc.at()) else { return };
        let [best_ms, _, round] = *mark;
        if round >= self.now && best_ms <= reached_ms {
            return;
        }
        *mark = [reached_ms, before, self.now];
        self.heap.push(Reverse((reached_ms.saturating_add(left), arc.0)));
    }

    fn trace(&self, last: Arc) -> Vec<Arc> {
        let mut arcs = vec![last];
        let mut at = last;
        while let Some([_, before, _]) = self.marks.get(at.at())
            && *before != NO_ARC
        {
            at = Arc(*before);
            arcs.push(at);
        }
        arcs.reverse();
        arcs
    }
}

#[cfg(test)]
mod tests;
