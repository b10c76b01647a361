//! Labels of time as files write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};

/// A label, and how fine it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLabel {
    pub at: DateTime,
    /// A day alone.
    pub is_date: bool,
}

/// Reads a label on the clock that it is written for: a `Z` or an offset behind it is left out, because
/// the platforms that write one mean Beijing time. 24:00 is 0:00 of the next day.
///
/// `2026-11-29 10:00:00`, `2026/11/29 10:00`, `2015-03-10T13:00:00Z`, `2026年11月29日 10时`,
/// `20261129100000`, `2026112910`, `2026-11-29`, `/Date(1795917600000)/`, `1795917600` (UTC; shown in
/// UTC+8).
pub fn time_label(text: &str) -> Option<TimeLabel> {
    let text = text.trim();
    if let Some(inside) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        let end = inside.find(['+', '-']).filter(|at| *at > 0).unwrap_or(inside.len());
        let at = Timestamp::from_millisecond(inside.get(..end)?.parse().ok()?).ok()?;
        return Some(TimeLabel { at: Offset::constant(8).to_datetime(at), is_date: false });
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_run = digits.len() == text.len();
    if is_run {
        return run(&digits).or_else(|| epoch(&digits));
    }
    // An offset behind a time is no part of it.
    let text = match text.split_once('T').map(|(_, time)| time).and_then(|t| t.find(['+', '-'])) {
        Some(_) => text.rsplit_once(['+', '-']).map_or(text, |(before, _)| before),
        None => text,
    };
    let numbers: Vec<i64> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let is_allowed = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || "-/.:：T,Z年月日时分秒点星期一二三四五六日".contains(c)
    };
    if !text.chars().all(is_allowed) {
        return None;
    }
    let at = |index: usize| numbers.get(index).copied();
    made(at(0)?, at(1)?, at(2)?, at(3), at(4), at(5))
}

fn run(digits: &str) -> Option<TimeLabel> {
    let part = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
    let (hour, minute, second) = match digits.len() {
        8 => (None, None, None),
        10 => (part(8, 10), None, None),
        12 => (part(8, 10), part(10, 12), None),
        14 | 17 => (part(8, 10), part(10, 12), part(12, 14)),
        _ => return None,
    };
    made(part(0, 4)?, part(4, 6)?, part(6, 8)?, hour, minute, second)
}

/// Seconds or milliseconds since 1970 (UTC), shown in UTC+8.
fn epoch(digits: &str) -> Option<TimeLabel> {
    let number: i64 = digits.parse().ok()?;
    let at = match digits.len() {
        10 => Timestamp::from_second(number),
        13 => Timestamp::from_millisecond(number),
        _ => return None,
    };
    Some(TimeLabel { at: Offset::constant(8).to_datetime(at.ok()?), is_date: false })
}

/// From its parts. 24 o'clock is midnight at the end of the day.
pub fn made(
    year: i64,
    month: i64,
    day: i64,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
) -> Option<TimeLabel> {
    let year = i16::try_from(year).ok().filter(|year| (1970..=2200).contains(year))?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let Some(hour) = hour else {
        return Some(TimeLabel { at: date.at(0, 0, 0, 0), is_date: true });
    };
    let (hour, day_after) = if hour == 24 { (0, true) } else { (hour, false) };
    let small = |number: Option<i64>| i8::try_from(number.unwrap_or(0)).ok();
    let time = Time::new(i8::try_from(hour).ok()?, small(minute)?, small(second)?, 0).ok()?;
    if day_after && time != Time::midnight() {
        return None;
    }
    let date = if day_after { date.checked_add(1.day()).ok()? } else { date };
    Some(TimeLabel { at: date.to_datetime(time), is_date: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_time_is_read() {
        let ten = "2026-11-29T10:00:00";
        for text in [
            "2026-11-29 10:00:00",
            "2026/11/29 10:00",
            "2026-11-29T10:00:00Z",
            "2026-11-29T10:00:00+08:00",
            "2026-11-29T10:00",
            "2026年11月29日 10时",
            "2026年11月29日10时00分",
            "20261129100000",
            "2026112910",
            "202611291000",
            "20261129100000000",
            "2026-11-29 10",
            "/Date(1795917600000)/",
            "/Date(1795917600000+0800)/",
        ] {
            let read = time_label(text).map(|label| (label.at.to_string(), label.is_date));
            assert_eq!(read, Some((ten.to_owned(), false)), "{text}");
        }
    }

    #[test]
    fn twenty_four_oclock_is_the_next_day_and_what_is_no_time_is_none() {
        for text in ["2026-11-29 24:00", "2026-11-29 24时", "2026112924"] {
            let read = time_label(text).map(|label| label.at.to_string());
            assert_eq!(read.as_deref(), Some("2026-11-30T00:00:00"), "{text}");
        }
        assert!(time_label("2026-11-29").is_some_and(|label| label.is_date));
        for text in ["", "10时", "2026-13-01 10:00", "2026-11-29 24:30", "35.5", "0.1", "88", "优"]
        {
            assert_eq!(time_label(text), None, "{text}");
        }
    }
}
