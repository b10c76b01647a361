//! What the window knows of the ledger.

use std::sync::Arc;

use jiff::civil::DateTime;

use super::tables::Tables;
use crate::analysis::ledger::checks::{PlanState, plans};
use crate::analysis::ledger::{Ledger, LedgerFilter, View};
use crate::domain::Kind;
use crate::jobs::Derived;

/// Made anew when an item, a stage of escalation or a plan changes, or what plans look at.
pub const OF_LEDGER: [Kind; 7] = [
    Kind::Item,
    Kind::Escalation,
    Kind::CheckPlan,
    Kind::Check,
    Kind::Site,
    Kind::ControlPoint,
    Kind::Area,
];

/// The ledger at a moment, which is civil time of the office.
pub struct LedgerNow {
    pub now: DateTime,
    pub ledger: Ledger,
    /// How many items stand in each of [`View::ALL`].
    pub counts: [usize; View::ALL.len()],
    pub plans: Vec<PlanState>,
}

impl LedgerNow {
    /// Of a district.
    pub fn of(tables: &Tables, now: DateTime) -> Self {
        let ledger = Ledger::of(&tables.world);
        let counts = LedgerFilter::counts(&ledger, now);
        let plans = plans(&tables.world, now.date());
        Self { now, ledger, counts, plans }
    }

    /// How many items stand in a view.
    pub fn count(&self, view: View) -> usize {
        let place = View::ALL.iter().position(|known| *known == view);
        place.and_then(|place| self.counts.get(place)).copied().unwrap_or(0)
    }
}

/// The ledger as every panel may read it: of the records, and of a minute.
pub type LedgerDesk = Derived<(Tables, DateTime), Option<Arc<LedgerNow>>>;
