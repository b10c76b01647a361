//! Time limits as offices write them, and the moments at which they are over.
//!
//! Days are calendar days, the first one does not count and the last one counts whole; days of work are
//! counted only where 工作日 is written, by the calendar of holidays. 前 includes its day.

use std::sync::{PoisonError, RwLock};

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::analysis::decisions::date::due as date_in;
use crate::domain::calendar::Calendar;
use crate::domain::{LocalizedText, item::moment_words};

/// What a time limit means from a moment on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// Moments at which something is due, in their order: a report within an hour, the rest in a day.
    pub due: Vec<DateTime>,
    /// It has no end: it is looked at again every so many days.
    pub review_days: Option<u16>,
    /// It ends when the work may go on: 停工整改.
    pub is_open: bool,
}

/// What fixed words mean: one row of the table, which an office may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitWord {
    /// As it is written.
    pub words: String,
    #[serde(flatten)]
    pub meaning: Meaning,
}

/// What is due when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// At the end of the day so many days from now: 0 for today.
    Days(u16),
    /// So many hours from now.
    Hours(u16),
    /// At the end of the day before this one of the year, month and day.
    Before(i8, i8),
    /// Never; looked at again every so many days.
    Review(u16),
    /// When the work may go on.
    Open,
}

/// The table of fixed words; longer words go before shorter ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitWords(Vec<LimitWord>);

const SHIPPED: [(&str, Meaning); 22] = [
    ("立行立改", Meaning::Days(0)),
    ("立即整改", Meaning::Days(0)),
    ("立即办理", Meaning::Days(0)),
    ("边督边改", Meaning::Days(0)),
    ("即知即改", Meaning::Hours(1)),
    ("即查即改", Meaning::Days(0)),
    ("当场整改", Meaning::Days(0)),
    ("当日", Meaning::Days(0)),
    ("半个月内", Meaning::Days(15)),
    ("半月内", Meaning::Days(15)),
    ("采暖季前", Meaning::Before(11, 15)),
    ("供暖前", Meaning::Before(11, 15)),
    ("采暖季结束前", Meaning::Before(3, 16)),
    ("汛期前", Meaning::Before(6, 1)),
    ("长期坚持", Meaning::Review(30)),
    ("持续开展", Meaning::Review(30)),
    ("持续推进", Meaning::Review(30)),
    ("常态化", Meaning::Review(30)),
    ("短期攻坚", Meaning::Days(30)),
    ("中期推进", Meaning::Days(180)),
    ("停工整改", Meaning::Open),
    ("达标后复工", Meaning::Open),
];

static INSTALLED: RwLock<Option<&'static LimitWords>> = RwLock::new(None);

/// Puts the rows of an office into the table. The one before it stays in memory, for whoever still reads
/// it: it is seldom edited.
pub fn install(own: Vec<LimitWord>) {
    let table: &'static LimitWords = Box::leak(Box::new(LimitWords::default().with(own)));
    *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
}

/// The table that holds.
pub fn words() -> &'static LimitWords {
    if let Some(table) = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner) {
        return table;
    }
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    installed.get_or_insert_with(|| Box::leak(Box::default()))
}

impl Meaning {
    /// As a person writes it in the table: `3天`, `2小时`, `11月15日前`, `每30天`, `复工`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains("复工") {
            return Some(Self::Open);
        }
        let number = |text: &str| text.trim().parse::<u16>().ok().filter(|count| *count <= 3650);
        if let Some(rest) = text.strip_prefix('每') {
            return number(rest.trim_end_matches(['天', '日']))
                .filter(|it| *it > 0)
                .map(Self::Review);
        }
        if let Some(rest) = text.strip_suffix('前') {
            let (month, day) = rest.trim_end_matches('日').split_once(['月', '.'])?;
            let (month, day) = (month.trim().parse().ok()?, day.trim().parse().ok()?);
            // Of a leap year, so that 29 February is a day.
            return Date::new(2024, month, day).ok().map(|_| Self::Before(month, day));
        }
        if let Some(rest) = text.strip_suffix("小时") {
            return number(rest).filter(|it| *it > 0).map(Self::Hours);
        }
        match text {
            "当天" | "当日" => Some(Self::Days(0)),
            _ => number(text.strip_suffix(['天', '日'])?).map(Self::Days),
        }
    }

    /// As [`Meaning::read`] reads it.
    pub fn words(self) -> String {
        match self {
            Self::Days(0) => "当天".to_owned(),
            Self::Days(days) => format!("{days}天"),
            Self::Hours(hours) => format!("{hours}小时"),
            Self::Before(month, day) => format!("{month}月{day}日前"),
            Self::Review(days) => format!("每{days}天"),
            Self::Open => "复工".to_owned(),
        }
    }
}

impl Default for LimitWords {
    fn default() -> Self {
        let words = SHIPPED.map(|(words, meaning)| LimitWord { words: words.to_owned(), meaning });
        Self(words.into()).sorted()
    }
}

impl LimitWords {
    /// With rows of an office, each in the place of the one of the same words.
    #[must_use]
    pub fn with(mut self, own: Vec<LimitWord>) -> Self {
        for row in own {
            self.0.retain(|known| known.words != row.words);
            self.0.push(row);
        }
        self.sorted()
    }

    fn sorted(mut self) -> Self {
        self.0.sort_by_key(|row| std::cmp::Reverse(row.words.len()));
        self
    }

    /// Its rows, to be shown and edited.
    pub fn rows(&self) -> &[LimitWord] {
        &self.0
    }
}

impl Limit {
    /// When all of it is due.
    pub fn last(&self) -> Option<DateTime> {
        self.due.iter().max().copied()
    }

    /// In words, for the person who just wrote it.
    pub fn words(&self) -> LocalizedText {
        let due: Vec<String> = self.due.iter().map(|at| moment_words(*at)).collect();
        match (due.is_empty(), self.review_days, self.is_open) {
            (false, ..) => LocalizedText::new(
                format!("到期：{}", due.join("、")),
                format!("due {}", due.join(", ")),
            ),
            (true, Some(days), _) => LocalizedText::new(
                format!("长期，每 {days} 天回看"),
                format!("for long, reviewed every {days} days"),
            ),
            (true, None, true) => {
                LocalizedText::new("达标后复工，须复工核查", "open: checked before work goes on")
            }
            (true, None, false) => LocalizedText::new("读不出时限", "no time limit is understood"),
        }
    }
}

/// What a time limit means, counted from a moment: of an order that of its handing over. `None` where
/// nothing of it is understood.
pub fn limit(text: &str, from: DateTime, calendar: &Calendar, words: &LimitWords) -> Option<Limit> {
    let text: String = text.chars().map(half_width).collect();
    let text = text.trim();
    let mut limit = Limit::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = fixed(rest, from, words, &mut limit)
            .or_else(|| span(rest, from, calendar, &mut limit))
            .or_else(|| clock(rest, from, &mut limit))
            .unwrap_or(0);
        rest = rest.get(length.max(first.len_utf8())..)?;
    }
    if limit.due.is_empty() {
        // Dates, weekdays and ends of months, which decisions are read by too.
        if let Some(found) = date_in(text, from.date()) {
            limit.due.push(end_of(found.date)?);
        } else if let Some(day) = plain_date(text) {
            limit.due.push(end_of(day)?);
        }
    }
    limit.due.sort_unstable();
    limit.due.dedup();
    let is_nothing = limit.due.is_empty() && limit.review_days.is_none() && !limit.is_open;
    (!is_nothing).then_some(limit)
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

fn end_of(day: Date) -> Option<DateTime> {
    Some(day.tomorrow().ok()?.to_datetime(Time::midnight()))
}

fn later(day: Date, days: i64) -> Option<Date> {
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// Words of the table; how many bytes say it.
fn fixed(text: &str, from: DateTime, words: &LimitWords, limit: &mut Limit) -> Option<usize> {
    let row = words.rows().iter().find(|row| text.starts_with(row.words.as_str()))?;
    match row.meaning {
        Meaning::Days(days) => limit.due.push(end_of(later(from.date(), i64::from(days))?)?),
        Meaning::Hours(hours) => limit.due.push(from.checked_add(i64::from(hours).hours()).ok()?),
        Meaning::Before(month, day) => {
            let of = |year: i16| Date::new(year, month, day).ok();
            let this = of(from.year()).filter(|day| *day > from.date());
            let day = this.or_else(|| of(from.year() + 1))?;
            limit.due.push(day.to_datetime(Time::midnight()));
        }
        Meaning::Review(days) => limit.review_days = Some(days),
        Meaning::Open => limit.is_open = true,
    }
    Some(row.words.len())
}

/// 1小时内, 48小时, 3日内, 四天内, 5个工作日内, 两周内, 半个月内, 3个月内.
fn span(text: &str, from: DateTime, calendar: &Calendar, limit: &mut Limit) -> Option<usize> {
    let (count, at) = number(text)?;
    let rest = text.get(at..)?;
    let (unit, what) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
    let tail = rest.get(unit.len()..)?;
    // 3日前 is the third of a month, 3日内 within three days.
    let is_within = ["内", "之内", "以内"].iter().any(|word| tail.starts_with(word));
    let is_bare =
        tail.trim().is_empty() || tail.starts_with([',', '，', ';', '；', '、', '(', '（']);
    let is_span = is_within || is_bare && !matches!(*unit, "日" | "月");
    if !is_span {
        return None;
    }
    let day = from.date();
    let due = match what {
        Unit::Hours => from.checked_add(count.hours()).ok()?,
        Unit::Minutes => from.checked_add(count.minutes()).ok()?,
        Unit::Workdays => end_of(calendar.workdays_after(day, u16::try_from(count).ok()?)?)?,
        Unit::Days(days) => end_of(later(day, count.checked_mul(*days)?)?)?,
        Unit::Months => end_of(day.checked_add(Span::new().try_months(count).ok()?).ok()?)?,
    };
    limit.due.push(due);
    Some(at + unit.len())
}

#[derive(Clone, Copy)]
enum Unit {
    Minutes,
    Hours,
    Workdays,
    Days(i64),
    Months,
}

const UNITS: [(&str, Unit); 15] = [
    ("分钟", Unit::Minutes),
    ("个小时", Unit::Hours),
    ("小时", Unit::Hours),
    ("个工作日", Unit::Workdays),
    ("工作日", Unit::Workdays),
    ("个自然日", Unit::Days(1)),
    ("自然日", Unit::Days(1)),
    ("天", Unit::Days(1)),
    ("日", Unit::Days(1)),
    ("个星期", Unit::Days(7)),
    ("星期", Unit::Days(7)),
    ("周", Unit::Days(7)),
    ("个月", Unit::Months),
    ("个半月", Unit::Days(45)),
    ("月", Unit::Months),
];

/// 12月1日18时前, 今日18:00前, 明日12点: a day with a time of it.
fn clock(text: &str, from: DateTime, limit: &mut Limit) -> Option<usize> {
    let found = date_in(text, from.date()).filter(|found| found.span.0 == 0)?;
    let said = text.get(..found.span.1)?.trim_end_matches(['前', '之', '以']).len();
    let rest = text.get(said..)?;
    let blank = rest.len() - rest.trim_start().len();
    let (hour, at) = number(rest.get(blank..)?)?;
    let hour = i8::try_from(hour).ok().filter(|hour| (0..=24).contains(hour))?;
    let tail = rest.get(blank + at..)?;
    let (minute, more) = if let Some(minutes) = tail.strip_prefix([':', '：']) {
        let (minute, at) = number(minutes)?;
        (i8::try_from(minute).ok()?, 1 + at)
    } else {
        let word = ["时", "点"].into_iter().find(|word| tail.starts_with(word))?;
        let half = tail.get(word.len()..)?.starts_with('半');
        (if half { 30 } else { 0 }, word.len() + if half { "半".len() } else { 0 })
    };
    let due = if hour == 24 {
        end_of(found.date)?
    } else {
        found.date.to_datetime(Time::new(hour, minute, 0, 0).ok()?)
    };
    limit.due.push(due);
    Some(said + blank + at + more)
}

/// 2026-12-01, 20261201, 2026.12.1: as a cell of a sheet has it.
fn plain_date(text: &str) -> Option<Date> {
    let at = crate::domain::item::read_moment(text)?;
    Some(at.date())
}

/// 3, 24, 三, 十, 二十四, 两.
fn number(text: &str) -> Option<(i64, usize)> {
    const NUMERALS: &str = "零一二三四五六七八九";
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end > 0 {
        let number: i64 = text.get(..end)?.parse().ok()?;
        return (number <= 100_000).then_some((number, end));
    }
    let digit = |c: char| {
        let place = if c == '两' { Some(2) } else { NUMERALS.chars().position(|n| n == c) };
        place.and_then(|place| i64::try_from(place).ok())
    };
    let (mut total, mut length, mut pending) = (0, 0, None);
    for c in text.chars() {
        if c == '十' && total == 0 {
            total = pending.take().unwrap_or(1) * 10;
        } else if let (Some(value), None) = (digit(c), pending) {
            pending = Some(value);
        } else {
            break;
        }
        length += c.len_utf8();
    }
    total += pending.unwrap_or(0);
    (length > 0).then_some((total, length))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// A Friday, ten past ten.
    const FROM: DateTime = date(2026, 11, 27).at(10, 10, 0, 0);

    fn read(text: &str) -> Option<Limit> {
        limit(text, FROM, &Calendar::shipped(), &LimitWords::default())
    }

    fn due(text: &str) -> Vec<String> {
        read(text).map(|it| it.due.iter().map(|at| moment_words(*at)).collect()).unwrap_or_default()
    }

    #[test]
    fn the_words_of_offices_become_moments() {
        for (text, wanted) in [
            ("立行立改", "2026-11-27 24:00"),
            ("立即整改", "2026-11-27 24:00"),
            ("边督边改", "2026-11-27 24:00"),
            ("即知即改，1小时内", "2026-11-27 11:10"),
            ("1小时内", "2026-11-27 11:10"),
            ("3小时内反馈（文字+图片）", "2026-11-27 13:10"),
            ("30分钟内", "2026-11-27 10:40"),
            ("24小时内", "2026-11-28 10:10"),
            ("四十八小时内", "2026-11-29 10:10"),
            ("3日内", "2026-11-30 24:00"),
            ("４天内", "2026-12-01 24:00"),
            ("十日内", "2026-12-07 24:00"),
            ("7日内复查", "2026-12-04 24:00"),
            ("自交办之日起10天内反馈", "2026-12-07 24:00"),
            ("3个工作日内", "2026-12-02 24:00"),
            ("5工作日内", "2026-12-04 24:00"),
            ("两周内", "2026-12-11 24:00"),
            ("1个月内", "2026-12-27 24:00"),
            ("月底前", "2026-11-30 24:00"),
            ("11月底前", "2026-11-30 24:00"),
            ("12月底前", "2026-12-31 24:00"),
            ("半个月内", "2026-12-12 24:00"),
            ("年底前", "2026-12-31 24:00"),
            ("12月1日前", "2026-12-01 24:00"),
            ("2026年12月5日", "2026-12-05 24:00"),
            ("2026-12-05", "2026-12-05 24:00"),
            ("2026.12.5", "2026-12-05 24:00"),
            ("12月1日18时前", "2026-12-01 18:00"),
            ("今日18:30前", "2026-11-27 18:30"),
            ("明日12点半前", "2026-11-28 12:30"),
            ("周五前", "2026-11-27 24:00"),
            ("下周三前", "2026-12-02 24:00"),
            ("采暖季前", "2027-11-14 24:00"),
        ] {
            assert_eq!(due(text), [wanted], "{text}");
        }
        assert_eq!(
            due("响应后1小时内报响应情况，24小时内报执行情况"),
            ["2026-11-27 11:10", "2026-11-28 10:10"]
        );
    }

    #[test]
    fn what_has_no_end_is_looked_at_again_and_what_nobody_understands_is_nothing() {
        assert_eq!(read("长期坚持").unwrap().review_days, Some(30));
        assert_eq!(read("持续开展").unwrap().review_days, Some(30));
        assert!(read("停工整改，达标后复工").unwrap().is_open);
        for text in ["", "尽快", "限期整改", "3处", "第3日"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn holidays_are_no_days_of_work_and_moved_days_are() {
        let from = date(2026, 9, 30).at(9, 0, 0, 0);
        let due = limit("1个工作日内", from, &Calendar::shipped(), &LimitWords::default());
        // 1–7 October are off.
        assert_eq!(moment_words(due.unwrap().due[0]), "2026-10-08 24:00");
        let own = LimitWord { words: "立行立改".to_owned(), meaning: Meaning::Hours(2) };
        let words = LimitWords::default().with(vec![own]);
        let two_hours = limit("立行立改", FROM, &Calendar::shipped(), &words).unwrap();
        assert_eq!(moment_words(two_hours.due[0]), "2026-11-27 12:10");
    }

    #[test]
    fn what_words_mean_is_written_as_it_is_read() {
        for row in LimitWords::default().rows() {
            assert_eq!(Meaning::read(&row.meaning.words()), Some(row.meaning), "{}", row.words);
        }
        for nonsense in ["", "三天", "0小时", "13月1日前", "2月30日前", "每天", "9999天"]
        {
            assert_eq!(Meaning::read(nonsense), None, "{nonsense}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_due_before_it_was_said_and_more_days_are_later(
            day in 0..3000_i64,
            hour in 0..24_i8,
            count in 1..60_i64,
        ) {
            let from = later(date(2024, 1, 1), day).unwrap().at(hour, 0, 0, 0);
            let calendar = Calendar::shipped();
            let words = LimitWords::default();
            let of = |text: String| limit(&text, from, &calendar, &words).unwrap().due[0];
            for unit in ["小时内", "日内", "天内", "个工作日内", "周内", "个月内"] {
                let (one, more) = (of(format!("{count}{unit}")), of(format!("{}{unit}", count + 1)));
                prop_assert!(one > from && one < more, "{count}{unit}: {one}, {more}");
            }
            let last = of(format!("{count}个工作日内")).date().yesterday().unwrap();
            prop_assert!(calendar.is_workday(last));
            let (work, plain) = (of(format!("{count}个工作日内")), of(format!("{count}日内")));
            prop_assert!(work >= plain);
        }

        #[test]
        fn no_text_brings_it_down(text in "[0-9一二三十两月日天内前底周年小时工作个:.\\-，x]{0,16}") {
            read(&text);
        }
    }
}
