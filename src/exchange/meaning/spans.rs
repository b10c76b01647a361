//! A stretch of days in one cell: 2026年11月1日至2027年3月31日, 自2026-11-01起.

use jiff::civil::Date;

use super::names::normal;
use crate::domain::{DateReading, read_date};

/// The first and the last day; an end that is open is `None`.
pub type Days = (Option<Date>, Option<Date>);

/// Heads of columns that say from when to when.
const HEADS: &[&str] = &[
    "有效期",
    "有效期限",
    "有效时间",
    "执行期限",
    "实施期限",
    "管控期限",
    "限行期限",
    "管控期",
    "期限",
    "起止日期",
    "起止时间",
    "起讫日期",
];

/// Whether a column of this name says from when to when.
pub fn is_head(column: &str) -> bool {
    HEADS.contains(&normal(column).as_str())
}

/// Reads a cell; `None` where it is not understood.
pub fn read(text: &str) -> Option<Days> {
    let text = text.trim();
    if let Some(day) = text.strip_suffix('起').or_else(|| text.strip_suffix("起施行")) {
        return Some((Some(day_of(day)?), None));
    }
    let until = text.strip_suffix('止').and_then(|text| text.strip_prefix(['至', '到']));
    if let Some(day) = until {
        return Some((None, Some(day_of(day)?)));
    }
    let text = text.strip_suffix('止').unwrap_or(text);
    let dashes = text.char_indices().filter(|(_, c)| "至到~～—–－-".contains(*c));
    let mut spans = dashes.filter_map(|(at, dash)| {
        let (from, rest) = text.split_at_checked(at)?;
        let to = rest.trim_start_matches(dash);
        let (from, to) = (day_of(from)?, day_of(to)?);
        (from <= to).then_some((Some(from), Some(to)))
    });
    spans.next()
}

fn day_of(text: &str) -> Option<Date> {
    let text = text.trim().trim_start_matches(['自', '从']);
    match read_date(text) {
        DateReading::Day(day) => Some(day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_from_one_to_another_are_read_in_every_writing() {
        let winter = Some((Some(date(2026, 11, 1)), Some(date(2027, 3, 31))));
        for text in [
            "2026年11月1日至2027年3月31日",
            "2026-11-01至2027-03-31",
            "2026-11-01 - 2027-03-31",
            "2026/11/1-2027/3/31",
            "2026.11.1—2027.3.31",
            "20261101-20270331",
            "2026-11-01--2027-03-31",
            "自2026年11月1日至2027年3月31日止",
            "2026年11月1日～2027年3月31日",
        ] {
            assert_eq!(read(text), winter, "{text}");
        }
        assert_eq!(read("自2026年11月1日起"), Some((Some(date(2026, 11, 1)), None)));
        assert_eq!(read("至2027年3月31日止"), Some((None, Some(date(2027, 3, 31)))));
        for text in ["2026-11-01", "秋冬季", "11月至次年3月", "2027-03-31至2026-11-01", "7:00-9:00"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
