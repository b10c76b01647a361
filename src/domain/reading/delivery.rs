//! What comes in at once: what it says of itself, and what it brings.

use super::{LabelRule, ReadingRow};

/// What a delivery says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryHead {
    /// The file or the feed.
    pub source: String,
    /// What kind of file: `csv`, `HJ 212`.
    pub format: String,
    /// What its labels mean; `None` where each says it itself.
    pub label: Option<LabelRule>,
    /// What was concluded of labels, units and columns, each with its proof.
    pub findings: Vec<String>,
    /// What a person said that its columns are: `(column, target)`. The next file with these columns
    /// is read alike.
    pub map: Vec<(String, String)>,
}

/// Under which attribute the record of a delivery keeps what its columns are.
pub const COLUMNS_KEPT: &str = "columns";

/// Under which attribute the record of a delivery keeps how many of its rows said nothing new, and are
/// stored with earlier deliveries alone.
pub const KNOWN_ROWS_KEPT: &str = "known_rows";

/// A delivery with all that it brings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WholeDelivery {
    pub head: DeliveryHead,
    pub rows: Vec<ReadingRow>,
    /// Why it was withdrawn at once: it was a mistake, and shows what one looks like.
    pub withdrawn_because: Option<String>,
}
