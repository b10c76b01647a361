//! Connected components: which nodes some road joins, whichever way it may be driven.
//!
//! The largest one, by metres of road, is the mainland; the others are islands.

use std::collections::BTreeMap;

use super::graph::Network;

/// Of each node, the first node of those that some road joins with it.
pub(super) struct Components(Vec<u32>);

/// One component with what it holds.
pub(super) struct Component {
    /// Its first node, which stands for it.
    pub root: u32,
    /// Its first edge.
    pub edge: u32,
    /// Of all its edges together.
    pub length_m: f64,
}

impl Components {
    /// In one pass over the edges.
    pub fn of(network: &Network) -> Self {
        let mut parents: Vec<u32> = (0..network.nodes.len() as u32).collect();
        for edge in &network.edges {
            join(&mut parents, edge.ends[0], edge.ends[1]);
        }
        Self((0..parents.len() as u32).map(|node| root(&mut parents, node)).collect())
    }

    /// The root of the component of a node; `None` of a node that is not there.
    pub fn of_node(&self, node: u32) -> Option<u32> {
        self.0.get(node as usize).copied()
    }

    /// In the order of their roots.
    pub fn all(&self, network: &Network) -> Vec<Component> {
        let mut all: BTreeMap<u32, Component> = BTreeMap::new();
        for (number, edge) in (0_u32..).zip(&network.edges) {
            let Some(root) = self.of_node(edge.ends[0]) else { continue };
            let new = Component { root, edge: number, length_m: 0.0 };
            all.entry(root).or_insert(new).length_m += f64::from(edge.length_m);
        }
        all.into_values().collect()
    }

    /// The root of the component with most road; of equal ones the first.
    pub fn mainland(&self, network: &Network) -> Option<u32> {
        let all = self.all(network).into_iter();
        let most = all.max_by(|a, b| a.length_m.total_cmp(&b.length_m).then(b.root.cmp(&a.root)));
        most.map(|component| component.root)
    }
}

/// Two sets of a union–find forest are one from here on; its smaller root is the root of both.
pub(super) fn join(parents: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root(parents, one), root(parents, other));
    if let Some(parent) = parents.get_mut(one.max(other) as usize) {
        *parent = one.min(other);
    }
}

/// The root of a member of a union–find forest; paths are halved on the way.
pub(super) fn root(parents: &mut [u32], of: u32) -> u32 {
    let mut at = of;
    while let Some(up) = parents.get(at as usize).copied().filter(|up| *up != at) {
        let above = parents.get(up as usize).copied().unwrap_or(up);
        if let Some(slot) = parents.get_mut(at as usize) {
            *slot = above;
        }
        at = up;
    }
    at
}
