//! How many of what lie in each ring, and how many of them are not up to standard.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Inside;
use super::standards::InspectionTally;
use crate::domain::{Kind, Record, Verdict};

/// The records of one kind and department inside one ring.
#[derive(Clone, Debug, PartialEq)]
pub struct RingCount<'a> {
    pub control_point: &'a Arc<Record>,
    pub radius_m: f64,
    pub layer: Kind,
    /// As [`Record::subkind`].
    pub kind: &'a str,
    /// Empty where none is given.
    pub department: &'a str,
    pub count: usize,
    pub inspections: InspectionTally,
    /// Of all lines together; `None` where there are none.
    pub length_m: Option<f64>,
}

/// Sums up rows that are in the order of [`super::rings()`]; each ring in the order of layer, kind
/// and department. Records without department come first.
pub fn counts<'a>(rows: &[Inside<'a>]) -> Vec<RingCount<'a>> {
    let rings = rows.chunk_by(|a, b| {
        Arc::ptr_eq(a.control_point, b.control_point) && a.radius_m.total_cmp(&b.radius_m).is_eq()
    });
    rings.flat_map(counts_of_ring).collect()
}

fn counts_of_ring<'a>(rows: &[Inside<'a>]) -> Vec<RingCount<'a>> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let record: &'a Record = row.record;
        let (kind, department) = (record.subkind(), record.text("department"));
        let count = counts.entry((row.kind, kind, department)).or_insert(RingCount {
            control_point: row.control_point,
            radius_m: row.radius_m,
            layer: row.kind,
            kind,
            department,
            count: 0,
            inspections: InspectionTally::default(),
            length_m: None,
        });
        count.count += 1;
        count.inspections.add(record);
        count.length_m = match (count.length_m, row.length_m) {
            (Some(sum), Some(length)) => Some(sum + length),
            (sum, length) => sum.or(length),
        };
    }
    counts.into_values().collect()
}

/// One item 不合格 is enough, be it one of the six or the fume test.
pub fn is_not_up_to_standard(record: &Record) -> bool {
    record.values().any(|(_, value)| *value == Verdict::Failed.value())
}
