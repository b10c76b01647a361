//! Wishes about the ledger.

use crate::analysis::ledger::LedgerFilter;
use crate::domain::item::{Deed, StepKind};
use crate::domain::{RecordId, Verdict};

/// What is said of a check besides its verdict.
#[derive(Clone, Debug, Default)]
pub struct CheckSeen {
    pub found: String,
    /// Of a household in a village.
    pub house_number: String,
    pub coal_kg: Option<f64>,
}

/// Wishes about the ledger.
pub enum LedgerAction {
    /// Lists other items.
    List(LedgerFilter),
    /// A step for the selected items: at once where nothing is to be said of it, else it is asked for.
    Ask(StepKind),
    /// What a figure key stands for: 1 交办, 2 the next of the unit, 3 核查, 4 复核, 5 销号, 0 退回.
    Key(u8),
    /// A step of some items: one undo step. Where no unit is named each is handed to who answers for it.
    Take(Vec<RecordId>, Box<Deed>),
    /// A paper that went out is a step of its items; those for which it is none stay as they are.
    Sent(Vec<RecordId>, Box<Deed>),
    /// The page of the selected item opens, or closes.
    Open(bool),
    /// A plan's check of a record; one that fails becomes an item.
    Checked { plan: RecordId, record: RecordId, verdict: Verdict, seen: CheckSeen },
    /// An inspection of a line in a response, and what it really did; one that did not do what was ordered
    /// becomes an item.
    Inspected { response: RecordId, measure: RecordId, verdict: Verdict, actual: String },
    /// A photo of an item shows it before or after: `photos_before`, `photos_after`.
    PutPhoto { item: RecordId, name: String, to: &'static str },
    /// Decisions become items.
    OfDecisions(Vec<RecordId>),
}
