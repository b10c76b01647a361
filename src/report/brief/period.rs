//! The days that a paper is about.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::analysis::decisions::last_meeting;
use crate::domain::{Record, World};

/// The first and the last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub until: Date,
}

impl Period {
    /// Monday to Sunday, but not beyond today; `None` where the week has not begun.
    pub fn of_week(week: ISOWeekDate, today: Date) -> Option<Self> {
        let monday = ISOWeekDate::new(week.year(), week.week(), Weekday::Monday).ok()?.date();
        let sunday = monday.checked_add(Span::new().days(6)).ok()?;
        (monday <= today).then(|| Self { from: monday, until: sunday.min(today) })
    }

    /// From the day after the meeting before to today; a week where there was none before.
    pub fn of_meeting(world: &World, meeting: &Record, today: Date) -> Self {
        let held = meeting.date("date").unwrap_or(today);
        let from = match meeting_before(world, meeting).and_then(|last| last.date("date")) {
            Some(last) => last.tomorrow().unwrap_or(last),
            None => held.checked_sub(Span::new().days(6)).unwrap_or(held),
        };
        Self { from, until: today.max(from) }
    }
}

/// The latest meeting on an earlier day.
pub fn meeting_before<'w>(world: &'w World, meeting: &Record) -> Option<&'w Record> {
    last_meeting(world, meeting.date("date")?).map(AsRef::as_ref)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_ends_today_at_the_latest_and_one_to_come_is_none() {
        let week = |number| ISOWeekDate::new(2026, number, Weekday::Monday).unwrap();
        let today = date(2026, 11, 25);
        let this = Period { from: date(2026, 11, 23), until: today };
        assert_eq!(Period::of_week(week(48), today), Some(this));
        let last = Period { from: date(2026, 11, 16), until: date(2026, 11, 22) };
        assert_eq!(Period::of_week(week(47), today), Some(last));
        assert_eq!(Period::of_week(week(49), today), None);
    }
}
