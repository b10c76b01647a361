//! Decisions over weeks, Monday to Sunday: what was taken, closed, left open.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::belongs;
use crate::domain::{DecisionState, Kind, Record, World};

/// One week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecisionWeek {
    pub monday: Date,
    pub taken: usize,
    pub closed_on_time: usize,
    pub closed_late: usize,
    /// Neither closed nor dropped when it ended; of the present week, so far.
    pub open: usize,
}

/// The first day of the week of a day.
pub fn monday_of(day: Date) -> Date {
    let back = i64::from(day.weekday().since(Weekday::Monday));
    day.checked_sub(Span::new().days(back)).unwrap_or(day)
}

/// So many weeks, oldest first; the last one is that of today.
pub fn weeks(world: &World, today: Date, office: &TimeZone, count: u32) -> Vec<DecisionWeek> {
    let last = monday_of(today);
    let mondays =
        (0..count).rev().filter_map(|back| last.checked_sub(Span::new().weeks(back)).ok());
    let mut weeks: Vec<DecisionWeek> = mondays
        .map(|monday| DecisionWeek { monday, taken: 0, closed_on_time: 0, closed_late: 0, open: 0 })
        .collect();
    for decision in world.table(Kind::Decision).iter() {
        let life = Life::of(world, decision, office);
        for week in &mut weeks {
            life.count_in(week);
        }
    }
    weeks
}

/// Whether a decision was taken or closed in the week of a Monday, or open when it ended.
pub fn is_of(world: &World, decision: &Record, monday: Date, office: &TimeZone) -> bool {
    let mut week = DecisionWeek { monday, taken: 0, closed_on_time: 0, closed_late: 0, open: 0 };
    Life::of(world, decision, office).count_in(&mut week);
    week.taken + week.closed_on_time + week.closed_late + week.open > 0
}

/// From when to when a decision was open.
struct Life {
    taken: Date,
    /// The day on which it was done or dropped.
    ended: Option<Date>,
    is_dropped: bool,
    is_late: bool,
}

impl Life {
    /// A decision is taken on the day of its meeting; without one, on the day on which it was written
    /// down. Where nobody said when it was closed, it was when the record was changed last.
    fn of(world: &World, decision: &Record, office: &TimeZone) -> Self {
        let day = |at: Timestamp| at.to_zoned_datetime(office.clone()).date();
        let all = world.table(Kind::Meeting);
        let meeting = all
            .by_code(decision.text("meeting"))
            .or_else(|| all.iter().find(|meeting| belongs(decision, meeting)));
        let held = meeting.and_then(|meeting| meeting.date("date"));
        let changed = day(decision.meta.changed_at);
        let state = DecisionState::of(decision);
        let ended = match state {
            Some(DecisionState::Done) => Some(decision.date("closed_on").unwrap_or(changed)),
            Some(DecisionState::Dropped) => Some(changed),
            _ => None,
        };
        Self {
            taken: held.unwrap_or_else(|| day(decision.meta.created_at)),
            ended,
            is_dropped: state == Some(DecisionState::Dropped),
            is_late: decision
                .date("due")
                .zip(decision.date("closed_on"))
                .is_some_and(|(due, closed)| closed > due),
        }
    }

    fn count_in(&self, week: &mut DecisionWeek) {
        let Ok(next) = week.monday.checked_add(Span::new().weeks(1)) else { return };
        let is_within = |day: Date| (week.monday..next).contains(&day);
        let is_closed = !self.is_dropped && self.ended.is_some_and(is_within);
        week.taken += usize::from(is_within(self.taken));
        let is_open = self.taken < next && self.ended.is_none_or(|ended| ended >= next);
        week.closed_on_time += usize::from(is_closed && !self.is_late);
        week.closed_late += usize::from(is_closed && self.is_late);
        week.open += usize::from(is_open);
    }
}
