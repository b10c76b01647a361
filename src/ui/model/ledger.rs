//! What the window knows of the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use super::tables::Tables;
use crate::analysis::ledger::campaign::{BottomLine, bottom_lines, cases};
use crate::analysis::ledger::checks::{PlanState, plans};
use crate::analysis::ledger::response::{ResponseState, responses};
use crate::analysis::ledger::villages::{VillageRow, villages};
use crate::analysis::ledger::{
    Decided, Group, Ledger, LedgerFilter, LedgerRow, Rate, View, decided, rates,
};
use crate::domain::item::{day_of_due, open_verdicts};
use crate::domain::{CheckSubject, Kind, RecordId};
use crate::jobs::Derived;

/// Made anew when an item, a decision, a stage of escalation or a plan changes, or what plans look at.
pub const OF_LEDGER: [Kind; 12] = [
    Kind::Item,
    Kind::Decision,
    Kind::Escalation,
    Kind::CheckPlan,
    Kind::Check,
    Kind::Site,
    Kind::Sweeping,
    Kind::ControlPoint,
    Kind::Area,
    Kind::Duty,
    Kind::Response,
    Kind::ResponseMeasure,
];

/// The ledger at a moment, which is civil time of the office.
pub struct LedgerNow {
    pub now: DateTime,
    pub ledger: Ledger,
    /// How many items stand in each of [`View::ALL`].
    pub counts: [usize; View::ALL.len()],
    pub plans: Vec<PlanState>,
    /// By the record of a plan of villages.
    pub villages: BTreeMap<RecordId, Vec<VillageRow>>,
    /// The latest first.
    pub responses: Vec<ResponseState>,
    pub bottom_lines: [BottomLine; 3],
    /// 一案三查: those that lack a verdict first, and how many these are.
    pub cases: Vec<RecordId>,
    pub open_cases: usize,
    /// Decisions of meetings that wait for somebody and have no item.
    pub decided: Vec<Decided>,
    /// What was handed over in the last [`MONTH_DAYS`] days, by township.
    pub townships: Vec<Rate>,
    /// Due in this week, the first day first.
    pub week: Vec<Due>,
}

/// Something that is due, by its place in the ledger or among the decisions.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    Item(usize),
    Decision(usize),
}

/// How far back townships are compared, days.
pub const MONTH_DAYS: i64 = 30;

impl LedgerNow {
    /// Of a district.
    pub fn of(tables: &Tables, now: DateTime) -> Self {
        let ledger = Ledger::of(&tables.world);
        let counts = LedgerFilter::counts(&ledger, now);
        let plans = plans(&tables.world, now.date());
        let of_villages =
            plans.iter().filter(|state| state.subject() == Some(CheckSubject::Villages));
        let villages =
            of_villages.map(|state| (state.plan.id, villages(&tables.world, state))).collect();
        let responses = responses(&tables.world);
        let bottom_lines = bottom_lines(&ledger, &plans, now);
        let of_cases = cases(&ledger);
        let is_open = |row: &&&LedgerRow| !open_verdicts(&row.record).is_empty();
        let open_cases = of_cases.iter().filter(is_open).count();
        let cases = of_cases.iter().map(|row| row.id()).collect();
        let decided = decided(&tables.world);
        let first = now.date().checked_sub((MONTH_DAYS - 1).days()).unwrap_or(now.date());
        let townships = rates(&ledger, Group::Township, Some((first, now.date())), now);
        let week = week(&ledger, &decided, now);
        Self {
            now,
            ledger,
            counts,
            plans,
            villages,
            responses,
            bottom_lines,
            cases,
            open_cases,
            decided,
            townships,
            week,
        }
    }

    /// The decisions that are meant.
    pub fn decided(&self, filter: &LedgerFilter) -> Vec<Decided> {
        let meant = self.decided.iter().filter(|decided| decided.is_meant(filter, self.now));
        meant.cloned().collect()
    }

    /// How many items stand in a view.
    pub fn count(&self, view: View) -> usize {
        let place = View::ALL.iter().position(|known| *known == view);
        place.and_then(|place| self.counts.get(place)).copied().unwrap_or(0)
    }
}

fn week(ledger: &Ledger, decided: &[Decided], now: DateTime) -> Vec<Due> {
    let filter = LedgerFilter { view: View::Week, ..LedgerFilter::default() };
    let rows = ledger.rows.iter().enumerate().filter(|(_, row)| row.is_due_this_week(now));
    let items = rows.map(|(place, row)| (row.due.map(day_of_due), Due::Item(place)));
    let meant = decided.iter().enumerate().filter(|(_, decided)| decided.is_meant(&filter, now));
    let decisions = meant.map(|(place, decided)| (decided.due, Due::Decision(place)));
    let mut due: Vec<_> = items.chain(decisions).collect();
    due.sort_by_key(|(day, _)| *day);
    due.into_iter().map(|(_, due)| due).collect()
}

/// The ledger as every panel may read it: of the records, and of a minute.
pub type LedgerDesk = Derived<(Tables, DateTime), Option<Arc<LedgerNow>>>;
