//! Where nodes lie: only those that a road or an outline needs.

use super::element::Position;
use crate::exchange::Error;

/// 800 MB of ids and positions. A province has fewer.
const MAX_NODES: usize = 50_000_000;
const FIRST_SORT: usize = 1 << 20;

/// Ids of nodes, collected in any order and more than once.
pub struct Needed {
    ids: Vec<i64>,
    sort_at: usize,
}

impl Default for Needed {
    fn default() -> Self {
        Self { ids: Vec::new(), sort_at: FIRST_SORT }
    }
}

impl Needed {
    /// Errors where a map needs more than [`MAX_NODES`].
    pub fn add(&mut self, nodes: &[i64]) -> Result<(), Error> {
        self.ids.extend_from_slice(nodes);
        if self.ids.len() < self.sort_at {
            return Ok(());
        }
        self.tidy();
        if self.ids.len() > MAX_NODES {
            return Err(Error::hostile(
                format!("道路和边界的节点超过 {MAX_NODES} 个，请先裁出本区范围"),
                format!(
                    "its roads and outlines have more than {MAX_NODES} nodes: cut out the district first"
                ),
            ));
        }
        self.sort_at = (2 * self.ids.len()).clamp(FIRST_SORT, MAX_NODES + FIRST_SORT);
        Ok(())
    }

    fn tidy(&mut self) {
        self.ids.sort_unstable();
        self.ids.dedup();
    }

    /// Room for the position of each.
    pub fn into_places(mut self) -> NodePositions {
        self.tidy();
        let at = vec![None; self.ids.len()];
        NodePositions { ids: self.ids, at }
    }
}

/// The positions of the needed nodes.
pub struct NodePositions {
    ids: Vec<i64>,
    at: Vec<Option<Position>>,
}

impl NodePositions {
    /// Passed over where the node is not needed.
    pub fn put(&mut self, node: i64, at: Position) {
        if let Ok(index) = self.ids.binary_search(&node)
            && let Some(place) = self.at.get_mut(index)
        {
            *place = Some(at);
        }
    }

    /// `None` where the file leaves the node out, as clipped extracts do.
    pub fn get(&self, node: i64) -> Option<Position> {
        let index = self.ids.binary_search(&node).ok()?;
        self.at.get(index).copied().flatten()
    }
}
