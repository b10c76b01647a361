//! When an order holds: opening hours as OpenStreetMap writes them, by the crate `opening-hours`.
//!
//! Local time of the district, without a time zone. Half hours of a week are in `week`; words for
//! people are the notice's.

mod week;

pub use week::{SLOTS, WeekHours, hours_a_day, text_of_week, week_hours};

use std::str::FromStr as _;
use std::sync::{Arc, OnceLock};

use chrono::{Datelike as _, NaiveDate, Timelike as _};
use jiff::civil::DateTime;
use opening_hours::{Context, ContextHolidays, OpeningHours};
use opening_hours_syntax::rules::day::{
    Date as RuleDate, DateOffset, DaySelector, HolidayKind, MonthdayRange, WeekDayRange,
};
use opening_hours_syntax::rules::time::{Time, TimeSpan};
use opening_hours_syntax::rules::{RuleKind, RuleOperator, RuleSequence};

use crate::domain::{Validity, calendar};

/// Times of day and days of the week; also over midnight: `Mo-Fr 22:00-06:00`.
#[derive(Clone, Debug)]
pub struct Hours {
    /// `None` for always.
    written: Option<OpeningHours>,
    /// Every week is like the one before: no seasons and no holidays.
    is_weekly: bool,
    /// Minutes after the midnight with which a day begins, as far as the rules are plain; what ends
    /// after [`DAY_MIN`] reaches into the next day.
    spans: Vec<(u16, u16)>,
}

/// Minutes of a day.
const DAY_MIN: u16 = 24 * 60;

/// Days after which hours come again: a week with a night that reaches into it, and a year.
const WEEK_DAYS: i32 = 8;
const YEAR_DAYS: i32 = 367;

/// Hours that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time as in `Mo-Fr 07:00-19:00`: {reason}")]
pub struct BadHours {
    /// As somebody wrote them.
    pub text: String,
    /// In the words of the parser, in English.
    pub reason: String,
}

/// One rule of written hours in its parts, for those who say them in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoursRule {
    /// First and last month and day of a season; a whole month has no day.
    pub seasons: Vec<[(u8, Option<u8>); 2]>,
    /// First and last day of the week, 0 for Monday. Empty with no holidays for every day.
    pub weekdays: Vec<(u8, u8)>,
    /// Also on public holidays.
    pub on_holidays: bool,
    /// Minutes after the midnight with which its day begins; the end may lie on the next day.
    pub times: Vec<(u16, u16)>,
    /// It takes away from the rules before it.
    pub is_off: bool,
}

/// A rule for each of the rules; none for always. `None` where the text says what a [`HoursRule`]
/// cannot hold (sunrise, single years, weeks of the year) or is no such text.
pub fn hours_rules(text: &str) -> Option<Vec<HoursRule>> {
    let text = text.trim();
    if text.is_empty() || matches!(text, "24/7" | "全天") {
        return Some(Vec::new());
    }
    opening_hours_syntax::parse(text).ok()?.rules.iter().map(hours_rule).collect()
}

fn hours_rule(written: &RuleSequence) -> Option<HoursRule> {
    let DaySelector { year, monthday, week, weekday } = &written.day_selector;
    let is_plain = year.is_empty()
        && week.is_empty()
        && written.comment.is_empty()
        && written.kind != RuleKind::Unknown
        && written.operator != RuleOperator::Fallback;
    if !is_plain {
        return None;
    }
    let mut rule = HoursRule { is_off: written.kind == RuleKind::Closed, ..HoursRule::default() };
    for range in monthday {
        rule.seasons.push(season(range)?);
    }
    for range in weekday {
        match range {
            WeekDayRange::Fixed { range, offset: 0, nth_from_start, nth_from_end }
                if !nth_from_start.contains(&false) && !nth_from_end.contains(&false) =>
            {
                let number = |day: &chrono::Weekday| day.num_days_from_monday() as u8;
                rule.weekdays.push((number(range.start()), number(range.end())));
            }
            WeekDayRange::Holiday { kind: HolidayKind::Public, offset: 0 } => {
                rule.on_holidays = true;
            }
            _ => return None,
        }
    }
    for span in &written.time_selector.spans {
        rule.times.push(minutes(span)?);
    }
    Some(rule)
}

fn season(range: &MonthdayRange) -> Option<[(u8, Option<u8>); 2]> {
    match range {
        MonthdayRange::Month { range, year: None } => {
            Some([(*range.start() as u8, None), (*range.end() as u8, None)])
        }
        MonthdayRange::Date { start: (start, start_offset), end: (end, end_offset) }
            if [*start_offset, *end_offset] == [DateOffset::default(); 2] =>
        {
            let day = |date: &RuleDate| match date {
                RuleDate::Fixed { year: None, month, day } => Some((*month as u8, Some(*day))),
                _ => None,
            };
            Some([day(start)?, day(end)?])
        }
        _ => None,
    }
}

fn minutes(span: &TimeSpan) -> Option<(u16, u16)> {
    let (Time::Fixed(start), Time::Fixed(end)) = (span.range.start, span.range.end) else {
        return None;
    };
    let (start, end) = (start.mins_from_midnight(), end.mins_from_midnight());
    let is_plain = !span.open_end && span.repeats.is_none();
    is_plain.then_some((start, if end <= start { end + 24 * 60 } else { end }))
}

impl Hours {
    /// Nothing means always.
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        let text = text.trim();
        if text.is_empty() || matches!(text, "24/7" | "全天") {
            return Ok(Self::always());
        }
        match OpeningHours::from_str(text) {
            Ok(hours) => {
                let written = Some(hours.with_context(context()));
                let rules = hours_rules(text).unwrap_or_default().into_iter();
                let spans = rules.filter(|rule| !rule.is_off).flat_map(|rule| rule.times).collect();
                Ok(Self { written, is_weekly: is_weekly(text), spans })
            }
            Err(error) => {
                let reason = error.to_string();
                Err(BadHours { text: text.to_owned(), reason })
            }
        }
    }

    /// Hours that never end.
    pub const fn always() -> Self {
        Self { written: None, is_weekly: true, spans: Vec::new() }
    }

    /// Local time of the district.
    pub fn holds(&self, at: DateTime) -> bool {
        let Some(hours) = &self.written else { return true };
        moment(at).is_some_and(|at| hours.is_open(at))
    }

    /// Whether they hold at a moment on one of certain days: a night that begins on the last of them
    /// goes on into the next morning, and the morning of the first belongs to the night before.
    pub fn hold_on(&self, at: DateTime, days: Validity) -> bool {
        if !self.holds(at) {
            return false;
        }
        let part = |part: i8| u16::from(part.unsigned_abs());
        let minute = part(at.hour()) * 60 + part(at.minute());
        let is_own = |(from, to): &(u16, u16)| *from <= minute && minute < (*to).min(DAY_MIN);
        let reaches = |(_, to): &(u16, u16)| *to > DAY_MIN && minute < *to - DAY_MIN;
        let midnight = at.date().to_datetime(jiff::civil::Time::midnight());
        let evening = midnight.checked_sub(jiff::Span::new().minutes(1)).ok();
        // Of rules that no spans are known of, each day is its own.
        let is_night =
            self.spans.iter().any(reaches) && evening.is_some_and(|evening| self.holds(evening));
        let is_day = !is_night || self.spans.iter().any(is_own);
        let before = at.date().yesterday().is_ok_and(|before| days.includes(before));
        (is_day && days.includes(at.date())) || (is_night && before)
    }

    /// Whether there is a moment at which both hold, from one on and before another.
    pub fn meet(&self, other: &Self, from: DateTime, end: DateTime) -> bool {
        let days = if self.is_weekly && other.is_weekly { WEEK_DAYS } else { YEAR_DAYS };
        let end = from.checked_add(jiff::Span::new().days(days)).map_or(end, |last| end.min(last));
        let mut at = from;
        while at < end {
            let waits = if self.holds(at) { other } else { self };
            if waits.holds(at) {
                return true;
            }
            match waits.next(at) {
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    }

    /// When it begins to hold, after a moment at which it does not.
    fn next(&self, at: DateTime) -> Option<DateTime> {
        let next = self.written.as_ref()?.next_change(moment(at)?)?;
        DateTime::new(
            i16::try_from(next.year()).ok()?,
            i8::try_from(next.month()).ok()?,
            i8::try_from(next.day()).ok()?,
            i8::try_from(next.hour()).ok()?,
            i8::try_from(next.minute()).ok()?,
            0,
            0,
        )
        .ok()
    }

    /// Whether there is any time after this one at which it holds.
    pub fn ever_holds(&self, from: DateTime) -> bool {
        let Some(hours) = &self.written else { return true };
        self.holds(from) || moment(from).is_some_and(|from| hours.next_change(from).is_some())
    }
}

/// The public holidays of [`calendar`], which `PH` means.
fn context() -> Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    let known = CONTEXT.get_or_init(|| {
        let days = calendar::holidays().filter_map(|day| {
            let part = |part: i8| u32::try_from(part).ok();
            NaiveDate::from_ymd_opt(i32::from(day.year()), part(day.month())?, part(day.day())?)
        });
        let public = Arc::new(days.collect());
        Context::default().with_holidays(ContextHolidays::new(public, Arc::default()))
    });
    known.clone()
}

fn is_weekly(text: &str) -> bool {
    hours_rules(text)
        .is_some_and(|rules| rules.iter().all(|rule| rule.seasons.is_empty() && !rule.on_holidays))
}

fn moment(at: DateTime) -> Option<chrono::NaiveDateTime> {
    let part = |part: i8| u32::try_from(part).ok();
    NaiveDate::from_ymd_opt(i32::from(at.year()), part(at.month())?, part(at.day())?)?.and_hms_opt(
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn five_minutes_before_and_after_seven_differ() {
        let day = Hours::parse("07:00-19:00").unwrap();
        assert!(!day.holds(at("2026-11-23T06:55:00")));
        assert!(day.holds(at("2026-11-23T07:05:00")));
        assert!(!day.holds(at("2026-11-23T19:00:00")));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let night = Hours::parse("Mo-Fr 22:00-06:00").unwrap();
        // Friday 2026-11-27 into Saturday, and Sunday into Monday.
        assert!(night.holds(at("2026-11-28T05:00:00")));
        assert!(!night.holds(at("2026-11-28T23:00:00")));
        assert!(!night.holds(at("2026-11-30T05:00:00")));
    }

    #[test]
    fn an_order_over_midnight_begins_and_ends_with_its_nights() {
        let night = Hours::parse("22:00-06:00").unwrap();
        let days = Validity {
            from: Some(at("2026-12-01T00:00:00").date()),
            to: Some(at("2026-12-10T00:00:00").date()),
        };
        for (moment, holds) in [
            ("2026-12-01T03:00:00", false),
            ("2026-12-01T21:59:00", false),
            ("2026-12-01T22:00:00", true),
            ("2026-12-02T03:00:00", true),
            ("2026-12-10T23:00:00", true),
            ("2026-12-11T05:59:00", true),
            ("2026-12-11T06:00:00", false),
            ("2026-12-11T22:00:00", false),
        ] {
            assert_eq!(night.hold_on(at(moment), days), holds, "{moment}");
        }
        let day = Hours::always();
        assert!(day.hold_on(at("2026-12-01T00:00:00"), days));
        assert!(!day.hold_on(at("2026-12-11T00:00:00"), days));
    }

    #[test]
    fn public_holidays_are_those_of_the_table() {
        let work = Hours::parse("Mo-Fr 07:00-20:00; PH off").unwrap();
        // The national day 2026 is a Thursday.
        assert!(!work.holds(at("2026-10-01T10:00:00")));
        assert!(work.holds(at("2026-10-08T10:00:00")));
        let festive = Hours::parse("Sa,Su,PH 07:00-20:00").unwrap();
        assert!(festive.holds(at("2026-10-01T10:00:00")));
        assert!(!festive.holds(at("2026-10-08T10:00:00")));
    }

    #[test]
    fn nothing_means_always_and_nonsense_is_said() {
        assert!(Hours::parse(" ").unwrap().holds(at("2026-11-23T03:00:00")));
        assert!(Hours::parse("早晚高峰").is_err());
    }

    #[test]
    fn hours_come_apart_into_days_and_times_and_a_night_ends_on_the_next_day() {
        let plain = |times: Vec<(u16, u16)>| HoursRule { times, ..HoursRule::default() };
        assert_eq!(hours_rules("07:00-19:30"), Some(vec![plain(vec![(420, 1170)])]));
        let night = hours_rules("Mo-Fr 22:00-06:00").unwrap();
        assert_eq!(night, [HoursRule { weekdays: vec![(0, 4)], ..plain(vec![(1320, 1800)]) }]);
        let winter = hours_rules("Nov 15-Mar 15 Sa,Su,PH 07:00-09:00,17:00-19:00").unwrap();
        assert_eq!(winter[0].seasons, [[(11, Some(15)), (3, Some(15))]]);
        assert_eq!(winter[0].weekdays, [(5, 5), (6, 6)]);
        assert!(winter[0].on_holidays && winter[0].times.len() == 2);
        assert_eq!(hours_rules("全天"), Some(Vec::new()));
        assert!(hours_rules("sunrise-sunset").is_none() && hours_rules("早晚高峰").is_none());
        assert!(hours_rules("Mo-Fr 07:00-19:00; PH off").unwrap()[1].is_off);
    }

    #[test]
    fn hours_that_never_come_are_known() {
        let past = Hours::parse("2020 Jan 01-2020 Feb 01 07:00-19:00");
        assert!(past.is_err() || !past.unwrap().ever_holds(at("2026-11-23T00:00:00")));
        assert!(Hours::parse("Sa 07:00-19:00").unwrap().ever_holds(at("2026-11-23T00:00:00")));
    }
}
