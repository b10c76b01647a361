//! 提醒 → 催办 → 督办 → 提级 → 问责建议: which stage an item has reached, and which comes next and when.
//!
//! The stages are records of the district, so that an office makes its own; where a district has none,
//! those of the program hold ([`Stage::shipped`]).

use jiff::civil::DateTime;

use super::row::LedgerRow;
pub use crate::domain::item::Stage;
use crate::domain::{Kind, World};

/// All stages of a district, the mildest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Stages(Vec<Stage>);

impl Default for Stages {
    fn default() -> Self {
        Self(Stage::shipped().into())
    }
}

impl Stages {
    /// Of a district.
    pub fn of(world: &World) -> Self {
        let mut own: Vec<Stage> =
            world.table(Kind::Escalation).iter().filter_map(|record| Stage::of(record)).collect();
        own.sort_by(|a, b| a.after_due_h.total_cmp(&b.after_due_h));
        if own.is_empty() { Self::default() } else { Self(own) }
    }

    /// The mildest first.
    pub fn all(&self) -> &[Stage] {
        &self.0
    }

    /// The stage that an item has reached; `None` while it is in time, and where no unit has it.
    pub fn reached(&self, row: &LedgerRow, now: DateTime) -> Option<&Stage> {
        self.reached_place(row, now).and_then(|place| self.0.get(place))
    }

    fn reached_place(&self, row: &LedgerRow, now: DateTime) -> Option<usize> {
        if !row.state.is_with_unit() {
            return None;
        }
        self.0.iter().rposition(|stage| {
            let by_time = row.due.and_then(|due| stage.at(due)).is_some_and(|at| at <= now);
            let by_returns = stage.returns.is_some_and(|count| row.returns >= count);
            by_time || by_returns || stage.on_relapse && row.is_relapse
        })
    }

    /// The next stage, and when it is reached if nothing is done.
    pub fn next(&self, row: &LedgerRow, now: DateTime) -> Option<(&Stage, DateTime)> {
        if !row.state.is_with_unit() {
            return None;
        }
        let due = row.due?;
        let from = self.reached_place(row, now).map_or(0, |place| place + 1);
        let later = self.0.iter().skip(from);
        later.filter_map(|stage| Some((stage, stage.at(due)?))).find(|(_, at)| *at > now)
    }
}
