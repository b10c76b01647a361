//! Defects of a network: gaps that were closed, and what somebody should look at. They are reported
//! here; what becomes of the records is [`crate::network::repair`]'s.

use geo_types::Coord;

use crate::domain::RecordId;
use crate::network::components::Components;
use crate::network::graph::{Edge, Network};

/// A gap that was closed, or something that somebody should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Defect {
    /// What it is.
    pub kind: DefectKind,
    /// Where, WGS-84 degrees.
    pub at: Coord<f64>,
    /// Of a gap, what its end was joined to; else where it is.
    pub to: Coord<f64>,
    /// The road that it is about.
    pub road: RecordId,
    /// Of a gap; or of the pieces of road of an island together.
    pub length_m: f64,
}

/// The kinds of defects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefectKind {
    /// An end was joined to a road within `GAP_M`.
    Gap,
    /// A road that goes on nowhere.
    DeadEnd,
    /// Roads that no other road leads to.
    Island,
}

/// Finds dead ends and islands, which are reported and left as they are.
pub(super) fn look_over(network: &mut Network) {
    let components = Components::of(network);
    let mainland = components.mainland(network);
    let degrees = network.degrees();
    let mut defects = Vec::new();
    let mut say = |kind, edge: &Edge, node: u32, length_m| {
        let road = network.roads.get(edge.road as usize).map(|road| road.id);
        if let (Some(road), Some(at)) = (road, network.nodes.get(node as usize)) {
            defects.push(Defect { kind, at: *at, to: *at, road, length_m });
        }
    };
    let all = components.all(network).into_iter();
    for island in all.filter(|component| Some(component.root) != mainland) {
        if let Some(edge) = network.edges.get(island.edge as usize) {
            say(DefectKind::Island, edge, edge.ends[0], island.length_m);
        }
    }
    for edge in &network.edges {
        for end in edge.ends {
            if degrees.get(end as usize) == Some(&1) {
                say(DefectKind::DeadEnd, edge, end, f64::from(edge.length_m));
            }
        }
    }
    network.defects.extend(defects);
}
