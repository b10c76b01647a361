//! What was mended, and what somebody should look at.

use geo_types::Coord;
use rustc_hash::FxHashMap;

use crate::domain::RecordId;
use crate::network::graph::{Edge, Network};

/// Something that was mended, or that somebody should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Defect {
    pub kind: DefectKind,
    pub at: Coord<f64>,
    /// Of a gap, what its end was joined to; else where it is.
    pub to: Coord<f64>,
    pub road: RecordId,
    /// Of a gap; or of the pieces of road of an island together.
    pub length_m: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefectKind {
    /// An end was joined to a road within `GAP_M`.
    Gap,
    /// A road that goes on nowhere.
    DeadEnd,
    /// Roads that no other road leads to.
    Island,
}

/// Dead ends and islands: reported, not mended.
pub(super) fn look_over(network: &mut Network) {
    let mut parent: Vec<u32> = (0..network.nodes.len() as u32).collect();
    let mut degree = vec![0_u32; network.nodes.len()];
    for edge in &network.edges {
        let [a, b] = edge.ends.map(|node| root(&mut parent, node));
        if let Some(slot) = parent.get_mut(a.max(b) as usize) {
            *slot = a.min(b);
        }
        for end in edge.ends {
            if let Some(degree) = degree.get_mut(end as usize) {
                *degree += 1;
            }
        }
    }
    let mut islands: FxHashMap<u32, (f64, u32)> = FxHashMap::default();
    for (number, edge) in (0_u32..).zip(&network.edges) {
        let island = islands.entry(root(&mut parent, edge.ends[0])).or_insert((0.0, number));
        island.0 += f64::from(edge.length_m);
    }
    let mainland = islands.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(a.0)));
    let mainland = mainland.map(|(root, _)| *root);
    let mut defects = Vec::new();
    let mut say = |kind, edge: &Edge, node: u32, length_m| {
        let road = network.roads.get(edge.road as usize).map(|road| road.id);
        if let (Some(road), Some(at)) = (road, network.nodes.get(node as usize)) {
            defects.push(Defect { kind, at: *at, to: *at, road, length_m });
        }
    };
    let mut all: Vec<_> = islands.iter().filter(|(root, _)| Some(**root) != mainland).collect();
    all.sort_by_key(|(root, _)| **root);
    for (_, (length_m, edge)) in all {
        if let Some(edge) = network.edges.get(*edge as usize) {
            say(DefectKind::Island, edge, edge.ends[0], *length_m);
        }
    }
    for edge in &network.edges {
        for end in edge.ends {
            if degree.get(end as usize) == Some(&1) {
                say(DefectKind::DeadEnd, edge, end, f64::from(edge.length_m));
            }
        }
    }
    network.defects.extend(defects);
}

pub(in crate::network) fn root(parent: &mut [u32], of: u32) -> u32 {
    let mut at = of;
    while let Some(up) = parent.get(at as usize).copied().filter(|up| *up != at) {
        let above = parent.get(up as usize).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(at as usize) {
            *slot = above;
        }
        at = up;
    }
    at
}
