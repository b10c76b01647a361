//! Decisions of meetings among what is due: they stay decisions, and stand in the same lists until an
//! item stands for them.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::view::{LedgerFilter, View};
use crate::analysis::decisions::weeks::monday_of;
use crate::domain::{DecisionState, Kind, Record, World};

/// A decision that nobody has done yet.
#[derive(Clone, Debug)]
pub struct Decided {
    pub record: Arc<Record>,
    pub state: DecisionState,
    /// The last day.
    pub due: Option<Date>,
}

impl Decided {
    /// Whether its last day is over.
    pub fn is_overdue(&self, now: DateTime) -> bool {
        self.due.is_some_and(|due| due < now.date())
    }

    /// Whether this is its last day.
    pub fn is_due_today(&self, now: DateTime) -> bool {
        self.due == Some(now.date())
    }

    /// Whole days that it is over its last one.
    pub fn days_late(&self, now: DateTime) -> i64 {
        let late = self.due.and_then(|due| now.date().since(due).ok());
        late.map_or(0, |late| i64::from(late.get_days()).max(0))
    }

    /// Whether it is meant: in the lists of what waits and of what is due.
    pub fn is_meant(&self, filter: &LedgerFilter, now: DateTime) -> bool {
        let in_view = match filter.view {
            View::Open | View::All => true,
            View::Due => self.is_due_today(now),
            View::Week => self.due.is_some_and(|due| is_in_week_of(due, now)),
            View::Overdue => self.is_overdue(now),
            View::Ownerless => self.record.text("owner").is_empty(),
            _ => false,
        };
        let asks_more = filter.township.is_some()
            || filter.leader.is_some()
            || filter.department.is_some()
            || filter.item_type.is_some()
            || filter.only.is_some();
        let is_of = filter.unit.as_deref().is_none_or(|unit| self.record.text("owner") == unit);
        let says = |word: &str| {
            let texts = [self.record.name(), self.record.text("owner"), self.record.text("person")];
            let code = self.record.code().unwrap_or_default();
            texts.into_iter().chain([code]).any(|text| text.to_lowercase().contains(word))
        };
        let words = filter.text.to_lowercase();
        in_view && !asks_more && is_of && words.split_whitespace().all(says)
    }
}

/// Whether a day lies in the week of a moment, Monday to Sunday.
pub fn is_in_week_of(day: Date, now: DateTime) -> bool {
    let monday = monday_of(now.date());
    let sunday = monday.checked_add(6.days()).unwrap_or(now.date());
    (monday..=sunday).contains(&day)
}

/// All decisions that wait for somebody and of which no item was made, the most urgent first.
pub fn decided(world: &World) -> Vec<Decided> {
    let is_item = |id| world.get(id).is_some_and(|record| record.kind == Kind::Item);
    let waiting = world.table(Kind::Decision).iter().filter_map(|decision| {
        let state = DecisionState::of(decision).unwrap_or(DecisionState::ToDo);
        let waits = !matches!(state, DecisionState::Done | DecisionState::Dropped);
        let has_item = decision.linked("records").any(is_item);
        (waits && !has_item).then(|| Decided {
            record: Arc::clone(decision),
            state,
            due: decision.date("due"),
        })
    });
    let mut all: Vec<Decided> = waiting.collect();
    all.sort_by_key(|decided| (decided.due.unwrap_or(Date::MAX), decided.record.id));
    all
}
