//! What orders close, piece of road by piece of road, for the map.

use geo_types::Coord;

use super::planning::Asked;
use crate::domain::{OrderKind, RecordId};
use crate::map::view::world_px_from_wgs84;
use crate::network::ArcId;
use crate::network::compare::Comparison;
use crate::network::orders::turn_shape;

/// A piece of road that an order closes.
#[derive(Clone, Copy, Debug)]
pub struct ClosedPiece {
    pub order: RecordId,
    /// In the network.
    pub edge: u32,
    /// One direction of two is closed: whether the one against how the road was drawn.
    pub half: Option<bool>,
    /// Its order holds at the moment that was asked about.
    pub holds: bool,
    places: (u32, u32),
    /// Its box, pixels of the world at zoom 0.
    pub min: Coord<f64>,
    pub max: Coord<f64>,
}

/// All of them, in pixels of the world at zoom 0.
#[derive(Default)]
pub struct ClosedPieces {
    places: Vec<Coord<f64>>,
    pub all: Vec<ClosedPiece>,
}

impl ClosedPieces {
    /// Of the orders of the plan that was asked about; of today those in force. Detours close nothing.
    pub fn of(asked: &Asked, comparison: &Comparison) -> Self {
        let orders = if asked.plan.is_empty() { &comparison.in_force } else { &comparison.planned };
        let network = &asked.prepared.network;
        let mut pieces = Self::default();
        for order in orders.iter().filter(|order| order.kind != OrderKind::Detour) {
            let holds = order.holds(asked.at);
            for (from, into) in &order.turns {
                let (line, _) = turn_shape(network, *from, *into);
                pieces.put((order.id, into.edge() as u32, None, holds), &line.0, asked);
            }
            // Both arcs of an edge follow each other.
            let is_driven = |arc: &ArcId| network.is_open(*arc);
            let driven: Vec<ArcId> = order.arcs.iter().copied().filter(is_driven).collect();
            for arcs in driven.chunk_by(|a, b| a.edge() == b.edge()) {
                let Some((arc, edge)) =
                    arcs.first().and_then(|arc| Some((*arc, network.edge(*arc)?)))
                else {
                    continue;
                };
                let is_half = arcs.len() == 1 && network.is_open(arc.reverse());
                let half = is_half.then(|| arc.is_backward());
                let piece = (order.id, arc.edge() as u32, half, holds);
                pieces.put(piece, network.line(edge), asked);
            }
        }
        pieces
    }

    fn put(
        &mut self,
        (order, edge, half, holds): (RecordId, u32, Option<bool>, bool),
        line: &[Coord<f64>],
        asked: &Asked,
    ) {
        let first = self.places.len();
        self.places.extend(line.iter().map(|at| world_px_from_wgs84(*at, asked.datum)));
        let of = self.places.get(first..).unwrap_or_default();
        let infinite = f64::INFINITY;
        let (mut min, mut max) =
            (Coord { x: infinite, y: infinite }, Coord { x: -infinite, y: -infinite });
        for at in of {
            min = Coord { x: min.x.min(at.x), y: min.y.min(at.y) };
            max = Coord { x: max.x.max(at.x), y: max.y.max(at.y) };
        }
        let places = (first as u32, self.places.len() as u32);
        self.all.push(ClosedPiece { order, edge, half, holds, places, min, max });
    }

    /// Pixels of the world at zoom 0.
    pub fn places(&self, piece: &ClosedPiece) -> &[Coord<f64>] {
        self.places.get(piece.places.0 as usize..piece.places.1 as usize).unwrap_or_default()
    }
}
