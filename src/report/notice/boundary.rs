//! Which roads on the outline of an area belong to it: 含 and 不含.

use std::collections::BTreeMap;

use crate::domain::{Record, Value};
use crate::network::orders::Finder;

/// What an order says of its outline.
#[derive(Debug, Default)]
pub struct AreaBoundary {
    is_included: bool,
    /// By edge of the outline.
    pieces: BTreeMap<u32, bool>,
}

impl AreaBoundary {
    /// As the record of an order says it: of the whole outline, and of single pieces otherwise.
    pub fn of(record: &Record, finder: &Finder<'_>) -> Self {
        Self {
            is_included: record.get("boundary_included") == Some(&Value::Boolean(true)),
            pieces: finder.boundary(record).into_iter().collect(),
        }
    }

    /// Whether an edge belongs to the area.
    pub fn includes(&self, edge: u32) -> bool {
        self.pieces.get(&edge).copied().unwrap_or(self.is_included)
    }
}
