//! How many decisions stand how: all together, or by who is to do them.

use std::collections::BTreeMap;

use super::DecisionStanding;
use crate::domain::Record;

/// Decisions by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecisionTally {
    pub overdue: usize,
    pub open: usize,
    pub closed_late: usize,
    pub closed_on_time: usize,
    pub dropped: usize,
}

impl DecisionTally {
    /// Counts them.
    pub fn of(standings: impl IntoIterator<Item = DecisionStanding>) -> Self {
        let mut tally = Self::default();
        standings.into_iter().for_each(|standing| *tally.slot(standing) += 1);
        tally
    }

    /// How many stand so.
    pub const fn of_standing(&self, standing: DecisionStanding) -> usize {
        match standing {
            DecisionStanding::Overdue => self.overdue,
            DecisionStanding::Open => self.open,
            DecisionStanding::ClosedLate => self.closed_late,
            DecisionStanding::ClosedOnTime => self.closed_on_time,
            DecisionStanding::Dropped => self.dropped,
        }
    }

    const fn slot(&mut self, standing: DecisionStanding) -> &mut usize {
        match standing {
            DecisionStanding::Overdue => &mut self.overdue,
            DecisionStanding::Open => &mut self.open,
            DecisionStanding::ClosedLate => &mut self.closed_late,
            DecisionStanding::ClosedOnTime => &mut self.closed_on_time,
            DecisionStanding::Dropped => &mut self.dropped,
        }
    }

    /// All of them, the dropped ones too.
    pub const fn count(&self) -> usize {
        self.overdue + self.open + self.closed_late + self.closed_on_time + self.dropped
    }

    /// Not closed yet, be they overdue or not.
    pub const fn unfinished(&self) -> usize {
        self.overdue + self.open
    }

    /// Those of which it is known whether they came in time: closed, or overdue.
    pub const fn judged(&self) -> usize {
        self.overdue + self.closed_late + self.closed_on_time
    }

    /// 0–1 of the judged ones; `None` where none is judged.
    pub fn share_on_time(&self) -> Option<f64> {
        (self.judged() > 0).then(|| self.closed_on_time as f64 / self.judged() as f64)
    }
}

/// Decisions by owner, those with most overdue first, then by name; decisions of nobody last.
pub fn by_owner<'r>(
    decisions: impl IntoIterator<Item = (DecisionStanding, &'r Record)>,
) -> Vec<(String, DecisionTally)> {
    let mut owners: BTreeMap<&str, DecisionTally> = BTreeMap::new();
    for (standing, decision) in decisions {
        *owners.entry(decision.text("owner")).or_default().slot(standing) += 1;
    }
    let mut owners: Vec<_> =
        owners.into_iter().map(|(owner, tally)| (owner.to_owned(), tally)).collect();
    owners.sort_by_key(|(owner, tally)| (owner.is_empty(), std::cmp::Reverse(tally.overdue)));
    owners
}
