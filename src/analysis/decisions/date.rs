//! Dates as people say them: 周五前, 月底, 12月1日前, 三天内.

use jiff::Span;
use jiff::civil::{Date, Weekday};

use crate::domain::calendar;

/// A date in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub date: Date,
    /// The bytes that say it, with 前, 之前, 以前 behind it.
    pub span: (usize, usize),
}

/// A rule: tries to read a date that begins here; the date and how many bytes say it.
type DateRule = fn(&str, Date) -> Option<(Date, usize)>;

const RULES: [DateRule; 7] =
    [word, weekday, end_of_named_month, numbered, day_of_month, within, month_end];

/// The first date in a text. "By Friday" still has Friday.
pub fn due(text: &str, today: Date) -> Option<Due> {
    text.char_indices().find_map(|(at, _)| {
        let rest = text.get(at..)?;
        // A figure in the middle of a number begins no date.
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(|c| c.is_ascii_digit())
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let (date, said) = RULES.iter().find_map(|rule| rule(rest, today))?;
        let end = at + said;
        let tail = ["之前", "以前", "前"]
            .into_iter()
            .find(|tail| text.get(end..).is_some_and(|rest| rest.starts_with(tail)));
        Some(Due { date, span: (at, end + tail.map_or(0, str::len)) })
    })
}

fn later(today: Date, days: i64) -> Option<Date> {
    today.checked_add(Span::new().days(days)).ok()
}

fn last_of_month(day: Date) -> Date {
    day.last_of_month()
}

fn word(text: &str, today: Date) -> Option<(Date, usize)> {
    const WORDS: [(&str, i64); 8] = [
        ("大后天", 3),
        ("今天", 0),
        ("今日", 0),
        ("当天", 0),
        ("明天", 1),
        ("明日", 1),
        ("后天", 2),
        ("后日", 2),
    ];
    let (word, days) = WORDS.into_iter().find(|(word, _)| text.starts_with(word))?;
    Some((later(today, days)?, word.len()))
}

/// 周五, 本周五, 下周三, 星期一, 礼拜天. A bare day that is past this week is one of the next.
fn weekday(text: &str, today: Date) -> Option<(Date, usize)> {
    const WEEKS: [(&str, Option<i64>); 5] = [
        ("下下周", Some(2)),
        ("下周", Some(1)),
        ("下星期", Some(1)),
        ("本周", Some(0)),
        ("这周", Some(0)),
    ];
    const BARE: [&str; 3] = ["周", "星期", "礼拜"];
    let known = WEEKS.into_iter().find(|(word, _)| text.starts_with(word));
    let bare = || BARE.into_iter().find(|word| text.starts_with(word)).map(|word| (word, None));
    let (week, ahead) = known.or_else(bare)?;
    let day = text.get(week.len()..)?.chars().next()?;
    let number = match day {
        '一' | '1' => 1,
        '二' | '2' => 2,
        '三' | '3' => 3,
        '四' | '4' => 4,
        '五' | '5' => 5,
        '六' | '6' => 6,
        '日' | '天' | '末' => 7,
        _ => return None,
    };
    let from_monday = i64::from(today.weekday().since(Weekday::Monday));
    let wanted = number - 1 - from_monday;
    let days = match ahead {
        Some(weeks) => wanted + 7 * weeks,
        None if wanted < 0 => wanted + 7,
        None => wanted,
    };
    Some((later(today, days)?, week.len() + day.len_utf8()))
}

/// 12月1日, 12月1号, 2026年12月1日, 2026-12-01, 12/1, 12.1. Without a year the next one to come.
fn numbered(text: &str, today: Date) -> Option<(Date, usize)> {
    let (first, mut at) = figure(text)?;
    let mut sign = text.get(at..)?.chars().next()?;
    let mut year = None;
    let mut month = first;
    if first > 1900 && matches!(sign, '年' | '-' | '/' | '.') {
        at += sign.len_utf8();
        let (second, more) = figure(text.get(at..)?)?;
        (year, month) = (Some(first), second);
        at += more;
        sign = text.get(at..)?.chars().next()?;
    }
    // A bare 3-5 is a number of things, not the fifth of March.
    let is_date = sign == '月' || (year.is_some() && "-/.".contains(sign)) || sign == '/';
    if !is_date {
        return None;
    }
    at += sign.len_utf8();
    let (day, more) = figure(text.get(at..)?)?;
    at += more;
    let rest = text.get(at..).unwrap_or_default();
    let tail = ["日", "号"].into_iter().find(|tail| rest.starts_with(tail));
    if sign == '月' && tail.is_none() {
        return None;
    }
    let of = |year: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let date = match year {
        Some(year) => of(i16::try_from(year).ok()?)?,
        None => of(today.year()).filter(|date| *date >= today).or_else(|| of(today.year() + 1))?,
    };
    Some((date, at + tail.map_or(0, str::len)))
}

/// 15日, 15号: of this month, or of the next where it is past. Only with 前 behind it: 15号楼 is a house.
fn day_of_month(text: &str, today: Date) -> Option<(Date, usize)> {
    let (day, at) = figure(text)?;
    let rest = text.get(at..)?;
    let tail = ["日", "号"].into_iter().find(|tail| rest.starts_with(tail))?;
    if !rest.get(tail.len()..)?.starts_with(['前', '之', '以']) {
        return None;
    }
    let day = i8::try_from(day).ok()?;
    let of = |month: Date| Date::new(month.year(), month.month(), day).ok();
    let next = || last_of_month(today).tomorrow().ok().and_then(of);
    let date = of(today).filter(|date| *date >= today).or_else(next)?;
    Some((date, at + tail.len()))
}

/// Behind a number; days, or what counts otherwise: -1 working days, 0 hours.
const UNITS: [(&str, i64); 8] = [
    ("个工作日内", -1),
    ("天之内", 1),
    ("天内", 1),
    ("日内", 1),
    ("周内", 7),
    ("个星期内", 7),
    ("小时内", 0),
    ("小时之内", 0),
];

/// 三天内, 5日内, 一周内, 两周内, 48小时内.
fn within(text: &str, today: Date) -> Option<(Date, usize)> {
    let (count, at) = figure(text).or_else(|| numeral(text))?;
    let rest = text.get(at..)?;
    let (unit, days) = UNITS.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
    let date = match days {
        -1 => workdays(today, count)?,
        0 => later(today, count.div_euclid(24))?,
        days => later(today, count.checked_mul(days)?)?,
    };
    Some((date, at + unit.len()))
}

/// By the calendar of holidays and moved days.
fn workdays(today: Date, count: i64) -> Option<Date> {
    calendar::calendar().workdays_after(today, u16::try_from(count.clamp(0, 366)).ok()?)
}

/// 12月底, 2月末: of this year, or of the next where it is past.
fn end_of_named_month(text: &str, today: Date) -> Option<(Date, usize)> {
    let (month, at) = figure(text)?;
    let rest = text.get(at..)?;
    let tail = ["月底", "月末", "月份底"].into_iter().find(|tail| rest.starts_with(tail))?;
    let month = i8::try_from(month).ok()?;
    let of = |year: i16| Some(last_of_month(Date::new(year, month, 1).ok()?));
    let date = of(today.year()).filter(|date| *date >= today).or_else(|| of(today.year() + 1))?;
    Some((date, at + tail.len()))
}

/// 月底, 本月底, 下月底, 年底, 月末.
fn month_end(text: &str, today: Date) -> Option<(Date, usize)> {
    const ENDS: [&str; 2] = ["底", "末"];
    const HEADS: [(&str, i32); 7] = [
        ("下个月", 1),
        ("本月", 0),
        ("当月", 0),
        ("下月", 1),
        ("这个月", 0),
        ("月", 0),
        ("年", 12),
    ];
    let (head, months) = HEADS.into_iter().find(|(head, _)| {
        text.strip_prefix(head).is_some_and(|rest| {
            rest.starts_with(ENDS.map(|end| end.chars().next().unwrap_or_default()))
        })
    })?;
    let date = match months {
        12 => Date::new(today.year(), 12, 31).ok()?,
        0 => last_of_month(today),
        _ => last_of_month(last_of_month(today).tomorrow().ok()?),
    };
    Some((date, head.len() + "底".len()))
}

fn figure(text: &str) -> Option<(i64, usize)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text.get(..end)?.parse().ok()?;
    Some((number, end))
}

/// 一 to 十, 两, 半个月 is not among them.
fn numeral(text: &str) -> Option<(i64, usize)> {
    const NUMERALS: &str = "一二三四五六七八九十";
    let first = text.chars().next()?;
    let number = if first == '两' {
        2
    } else {
        i64::try_from(NUMERALS.chars().position(|c| c == first)?).ok()? + 1
    };
    Some((number, first.len_utf8()))
}
