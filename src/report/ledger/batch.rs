//! Papers in a batch: one a unit.

use std::collections::BTreeMap;

use super::LedgerPaper;
use crate::analysis::ledger::LedgerRow;

/// Orders, reminders and the like go to one unit each; an item of several units stands in the paper of
/// each. Other papers are one for all.
pub fn by_unit<'l>(
    paper: LedgerPaper,
    rows: Vec<&'l LedgerRow>,
) -> Vec<(String, Vec<&'l LedgerRow>)> {
    let goes_to_unit = paper.step().is_some() || paper == LedgerPaper::Blame;
    if !goes_to_unit {
        return vec![(String::new(), rows)];
    }
    let mut of_units: BTreeMap<&str, Vec<&'l LedgerRow>> = BTreeMap::new();
    for row in rows {
        let units = row.record.words("units");
        for unit in units {
            of_units.entry(unit).or_default().push(row);
        }
        if units.is_empty() {
            of_units.entry(NO_UNIT).or_default().push(row);
        }
    }
    of_units.into_iter().map(|(unit, rows)| (unit.to_owned(), rows)).collect()
}

/// For which nobody answers.
const NO_UNIT: &str = "未定单位";
