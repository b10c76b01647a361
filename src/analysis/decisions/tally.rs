//! How many decisions stand how: all together, or by who is to do them.

use std::collections::BTreeMap;

use super::Standing;
use crate::domain::Record;

/// Decisions by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub overdue: usize,
    pub open: usize,
    pub closed_late: usize,
    pub closed_on_time: usize,
    pub dropped: usize,
}

impl Tally {
    pub fn of(standings: impl IntoIterator<Item = Standing>) -> Self {
        let mut tally = Self::default();
        standings.into_iter().for_each(|standing| *tally.slot(standing) += 1);
        tally
    }

    pub const fn of_standing(&self, standing: Standing) -> usize {
        match standing {
            Standing::Overdue => self.overdue,
            Standing::Open => self.open,
            Standing::ClosedLate => self.closed_late,
            Standing::ClosedOnTime => self.closed_on_time,
            Standing::Dropped => self.dropped,
        }
    }

    const fn slot(&mut self, standing: Standing) -> &mut usize {
        match standing {
            Standing::Overdue => &mut self.overdue,
            Standing::Open => &mut self.open,
            Standing::ClosedLate => &mut self.closed_late,
            Standing::ClosedOnTime => &mut self.closed_on_time,
            Standing::Dropped => &mut self.dropped,
        }
    }

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
    decisions: impl IntoIterator<Item = (Standing, &'r Record)>,
) -> Vec<(String, Tally)> {
    let mut owners: BTreeMap<&str, Tally> = BTreeMap::new();
    for (standing, decision) in decisions {
        *owners.entry(decision.text("owner")).or_default().slot(standing) += 1;
    }
    let mut owners: Vec<_> =
        owners.into_iter().map(|(owner, tally)| (owner.to_owned(), tally)).collect();
    owners.sort_by_key(|(owner, tally)| (owner.is_empty(), std::cmp::Reverse(tally.overdue)));
    owners
}
