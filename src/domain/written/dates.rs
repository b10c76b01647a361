//! Dates as people write them. Two meanings are none: nothing becomes the year 26.

use jiff::civil::Date;

use super::half_width;

/// What a text says of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateReading {
    /// A day, perhaps with a time of day.
    Day(Date),
    /// A day, and a word that is no time: 2026-11-3（复测）.
    DayAndMore(Date),
    /// From a day to another.
    Range,
    /// A month, or a day of no year.
    Part,
    /// The order of day and month cannot be told: 03/11/2026.
    Ambiguous,
    NoDate,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads `2026-12-01`, `2026/12/1`, `2026.12.1`, `2026年12月1日`, `20261201`, `26/12/1`,
/// `二〇二六年十二月一日`, `3-Nov-2026` and the like, each with or without a time.
pub fn read_date(text: &str) -> DateReading {
    let text = half_width(text.trim());
    let text = if text.contains(['年', '月']) { with_digits(&text) } else { text };
    if text.chars().any(|c| c.is_ascii_alphabetic())
        && !text.starts_with(|c: char| c.is_ascii_digit())
        || has_month_name(&text)
    {
        return by_month_name(&text);
    }
    let Some((first, rest)) = digits(&text) else { return DateReading::NoDate };
    if first.len() == 8 {
        let day = || date(first.get(..4)?, first.get(4..6)?, first.get(6..)?);
        return day().map_or(DateReading::NoDate, |day| with_rest(day, rest));
    }
    let Some((second, rest)) = separated(rest) else {
        let is_month = first.len() == 6 && rest.is_empty();
        return if is_month { DateReading::Part } else { DateReading::NoDate };
    };
    let is_day_of_month = rest.starts_with(['日', '号']);
    match separated(rest) {
        Some((third, rest)) if !is_day_of_month => three(first, second, third, rest),
        _ => two(first, second, rest),
    }
}

/// Three numbers in a row: where the year stands decides.
fn three(first: &str, second: &str, third: &str, rest: &str) -> DateReading {
    let number = |text: &str| text.parse::<u16>().unwrap_or(u16::MAX);
    let found = match (first.len(), third.len()) {
        (4, 1 | 2) => date(first, second, third),
        (1 | 2, 4) => {
            return match (number(first), number(second)) {
                (day, month) if day > 12 && month <= 12 => {
                    settled(date(third, second, first), rest)
                }
                (month, day) if day > 12 && month <= 12 => {
                    settled(date(third, first, second), rest)
                }
                (day, month) if day == month => settled(date(third, second, first), rest),
                (day, month) if day <= 12 && month <= 12 => DateReading::Ambiguous,
                _ => DateReading::NoDate,
            };
        }
        // 26/11/3: no month and no day in front, so a year.
        (2, 1 | 2) if number(first) > 12 => {
            let century = if number(first) < 70 { "20" } else { "19" };
            date(&format!("{century}{first}"), second, third)
        }
        (1 | 2, 1 | 2) => return DateReading::Ambiguous,
        _ => None,
    };
    settled(found, rest)
}

/// Two numbers: a month of a year, a day of no year, or the first half of something else.
fn two(first: &str, second: &str, rest: &str) -> DateReading {
    let number = |text: &str| text.parse::<u16>().unwrap_or(u16::MAX);
    let is_month = first.len() == 4 && (1..=12).contains(&number(second));
    let is_day = first.len() <= 2 && (1..=12).contains(&number(first)) && number(second) <= 31;
    let rest = rest.trim_start_matches(['月', '日', '号', '份', ' ']);
    match is_month || is_day {
        true if rest.is_empty() => DateReading::Part,
        true if is_range(rest) => DateReading::Range,
        _ => DateReading::NoDate,
    }
}

fn settled(day: Option<Date>, rest: &str) -> DateReading {
    day.map_or(DateReading::NoDate, |day| with_rest(day, rest))
}

fn with_rest(day: Date, rest: &str) -> DateReading {
    let rest = rest.trim().trim_start_matches(['日', '号']).trim();
    match () {
        () if rest.is_empty() || is_time(rest) => DateReading::Day(day),
        () if is_range(rest) => DateReading::Range,
        () => DateReading::DayAndMore(day),
    }
}

fn is_range(rest: &str) -> bool {
    let rest = rest.trim_start();
    let marks = ["-", "—", "~", "至", "到"];
    marks.iter().any(|mark| {
        let end = rest.strip_prefix(mark).map(|end| end.trim_start_matches(['-', '—', ' ']));
        end.is_some_and(|end| end.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// `0:00`, `T00:00:00.000Z`, 零时, 上午, 上午9时30分.
fn is_time(rest: &str) -> bool {
    const WORDS: &[&str] = &[
        "上午", "下午", "早上", "晚上", "中午", "凌晨", "夜间", "零时", "零点", "起", "前", "之前",
    ];
    let mut rest = rest.to_owned();
    for word in WORDS {
        rest = rest.replace(word, "");
    }
    let is_of_time = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                ':' | '.' | 'T' | 'Z' | 't' | 'z' | '+' | ' ' | '时' | '点' | '分' | '秒' | '半'
            )
    };
    // A zone: +08:00, -05:00.
    let plain = rest.rsplit_once('-').map_or(rest.as_str(), |(time, zone)| {
        if time.contains(':') && zone.contains(':') { time } else { rest.as_str() }
    });
    plain.chars().all(is_of_time)
}

/// The digits in front, and what follows.
fn digits(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The digits behind one separator.
fn separated(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let rest = text.strip_prefix(['-', '/', '.', '年', '月', '—', '。', '、', '·', ','])?;
    // A dash of two characters: 2026——11——03.
    digits(rest.trim_start_matches('—'))
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|year| (1900..=2200).contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn has_month_name(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    MONTHS.iter().any(|month| lower.contains(month))
}

/// `Nov-26` is a month or a day; `3-Nov-26` as spreadsheets abbreviate it, `Nov 3, 2026`.
fn by_month_name(text: &str) -> DateReading {
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let month_of = |word: &&str| MONTHS.iter().position(|month| word.starts_with(month));
    let Some(at) = words.iter().position(|word| month_of(word).is_some()) else {
        return DateReading::NoDate;
    };
    let month = words.get(at).and_then(month_of).map_or(0, |month| month + 1);
    let others: Vec<&str> =
        words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word).collect();
    let month = month.to_string();
    let day = match others.as_slice() {
        [_] => return DateReading::Part,
        [day, year] if year.len() == 4 => date(year, &month, day),
        [year, day] if year.len() == 4 => date(year, &month, day),
        [day, year] if at == 1 && year.len() == 2 => date(&format!("20{year}"), &month, day),
        _ => None,
    };
    day.map_or(DateReading::NoDate, DateReading::Day)
}

/// 二〇二六年十一月三日 → 2026年11月3日.
fn with_digits(text: &str) -> String {
    const NUMERALS: &str = "〇一二三四五六七八九";
    let value = |c: char| match c {
        '零' | '○' => Some(0),
        c => NUMERALS.chars().position(|numeral| numeral == c),
    };
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let follows = chars.peek().copied().and_then(value);
        match (value(c), c) {
            // 三十 → 30, 三十一 → 31: the ten between two numerals is their order.
            (None, '十') if out.ends_with(|c: char| c.is_ascii_digit()) => {
                if follows.is_none() {
                    out.push('0');
                }
            }
            (None, '十') => out.push_str(if follows.is_some() { "1" } else { "10" }),
            (Some(digit), _) => out.push_str(&digit.to_string()),
            (None, c) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_is_read_in_every_form_that_people_write() {
        let day = DateReading::Day(jiff::civil::date(2026, 11, 3));
        for text in [
            "2026.11.3",
            "26/11/3",
            "2026/11/3 0:00",
            "2026年11月3日上午",
            "2026年１１月３日",
            "20261103",
            "2026-11-03T00:00:00.000Z",
            "二〇二六年十一月三日",
            "2026—11—03",
            "2026、11、3",
            "2026。11。3",
            "2026年11月3日零时",
            "2026-11-03T08:00:00+08:00",
            "2026年11月3号",
            "3-Nov-26",
            "Nov 3, 2026",
        ] {
            assert_eq!(read_date(text), day, "{text}");
        }
        let thirty_first = DateReading::Day(jiff::civil::date(2026, 12, 31));
        for text in ["二〇二六年十二月三十一日", "31/12/2026", "12/31/2026"] {
            assert_eq!(read_date(text), thirty_first, "{text}");
        }
    }

    #[test]
    fn what_is_no_single_day_is_said_to_be_what_it_is() {
        for text in ["2026年11月", "2026-11", "2026.11", "11月3日", "Nov-26", "202611"] {
            assert_eq!(read_date(text), DateReading::Part, "{text}");
        }
        for text in ["03/11/2026", "３/11/2026", "11/3/26", "1/2/3"] {
            assert_eq!(read_date(text), DateReading::Ambiguous, "{text}");
        }
        for text in ["2026.11.03-2026.11.05", "2026年11月3日至5日", "2026-11-03 ~ 2026-11-05"]
        {
            assert_eq!(read_date(text), DateReading::Range, "{text}");
        }
        let more = DateReading::DayAndMore(jiff::civil::date(2026, 11, 3));
        assert_eq!(read_date("2026-11-3（复测）"), more);
        for text in ["已测", "", "12", "2026-13-01", "2026-02-30", "0026-11-03", "abc", "1/2"] {
            assert!(!matches!(read_date(text), DateReading::Day(_)), "{text}");
        }
    }
}
