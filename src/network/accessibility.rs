//! Accessibility: where a usual heavy truck comes to from the gates, and back, under some orders.
//!
//! Only whether it comes there, not how long it takes; which sites an edge serves is
//! [`super::sites`]'s.

use super::access::Closure;
use super::demand::USUAL_STAGE;
use super::evaluate::Prepared;
use super::graph::{ArcId, Network};
use super::truck::{PASS, Truck};
use crate::domain::TruckClass;

/// Which nodes a truck reaches from some gate, and from which it reaches some gate. Turn restrictions
/// are not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accessibility {
    from_gates: Vec<bool>,
    to_gates: Vec<bool>,
}

/// The truck that must reach every works and village: heavy, 国五, diesel, exempt from nothing.
pub fn usual_truck() -> Truck {
    Truck::of(TruckClass::Heavy, 0, USUAL_STAGE)
}

/// The same with a pass for restricted roads, where orders exempt those who have one.
pub fn with_pass() -> Truck {
    let pass = vec![PASS.to_owned()];
    usual_truck().with(pass, None, None)
}

impl Accessibility {
    /// By two searches over all arcs that are open: from the gates on, and back from them. What is
    /// open only to those who begin or end there is entered, but leads nowhere else.
    pub(super) fn of(prepared: &Prepared, closure: &Closure) -> Self {
        let network = &prepared.network;
        let gates = || prepared.gates.iter().filter_map(|gate| gate.node);
        let on = |node: u32| network.leaving(node).iter();
        let back = |node: u32| network.entering(node).iter();
        let is_open = |arc: &&ArcId| !closure.closed.has(**arc);
        let mut from_gates = spread(network, gates(), |node, visit| {
            on(node).filter(is_open).for_each(|arc| visit(network.head(*arc)));
        });
        let mut to_gates = spread(network, gates(), |node, visit| {
            back(node).filter(is_open).for_each(|arc| visit(network.tail(*arc)));
        });
        if let Some(local) = &closure.local {
            let all = |reached: &[bool]| -> Vec<u32> {
                (0_u32..).zip(reached).filter(|(_, is)| **is).map(|(node, _)| node).collect()
            };
            let is_local = |arc: &&ArcId| local.has(**arc);
            from_gates = spread(network, all(&from_gates).into_iter(), |node, visit| {
                on(node).filter(is_local).for_each(|arc| visit(network.head(*arc)));
            });
            to_gates = spread(network, all(&to_gates).into_iter(), |node, visit| {
                back(node).filter(is_local).for_each(|arc| visit(network.tail(*arc)));
            });
        }
        Self { from_gates, to_gates }
    }

    /// Whether a truck comes onto an edge and away from it.
    pub(super) fn serves(&self, network: &Network, closure: &Closure, edge: u32) -> bool {
        let arcs = [ArcId::new(edge, false), ArcId::new(edge, true)];
        let is_local = |arc: ArcId| closure.local.as_ref().is_some_and(|local| local.has(arc));
        let is_open = |arc: &&ArcId| {
            network.is_open(**arc) && (!closure.closed.has(**arc) || is_local(**arc))
        };
        let is_in = |of: &[bool], node: u32| of.get(node as usize) == Some(&true);
        let mut open = arcs.iter().filter(is_open);
        let mut comes = open.clone();
        comes.any(|arc| is_in(&self.from_gates, network.tail(*arc)))
            && open.any(|arc| is_in(&self.to_gates, network.head(*arc)))
    }
}

fn spread(
    network: &Network,
    begin: impl Iterator<Item = u32>,
    next: impl Fn(u32, &mut dyn FnMut(u32)),
) -> Vec<bool> {
    let mut is_reached = vec![false; network.nodes.len()];
    let mut waiting = Vec::new();
    let mut reach = |node: u32, waiting: &mut Vec<u32>| {
        if let Some(known) = is_reached.get_mut(node as usize).filter(|known| !**known) {
            *known = true;
            waiting.push(node);
        }
    };
    begin.for_each(|node| reach(node, &mut waiting));
    while let Some(node) = waiting.pop() {
        next(node, &mut |node| reach(node, &mut waiting));
    }
    is_reached
}
