//! Hours as offices write them → the opening hours of OpenStreetMap: 22:00至次日6:00 → `22:00-06:00`.
//! What is not understood to the last word is not understood: an order without hours holds always.

use super::half_width;

/// The syntax of OpenStreetMap, from that syntax or from Chinese; `None` where any part is not
/// understood (早晚高峰, 夜间, 单号单日).
pub fn opening_hours(text: &str) -> Option<String> {
    let text = text.trim();
    if is_osm(text) {
        return Some(with_two_digits(text));
    }
    let rules = parse(&tokens(&half_width(text))?)?;
    Some(rules.iter().map(Rule::written).collect::<Vec<_>>().join("; "))
}

const OSM_WORDS: &[&str] = &[
    "mo", "tu", "we", "th", "fr", "sa", "su", "ph", "sh", "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec", "off", "closed", "open", "week", "sunrise", "sunset",
    "dawn", "dusk", "easter", "days", "day",
];

/// Whether a text is of that syntax: days and months with times, or nothing but times.
fn is_osm(text: &str) -> bool {
    if text == "24/7" || is_times(text) {
        return true;
    }
    let is_mark = |c: char| c.is_ascii_digit() || " :;,-+/()[]|".contains(c);
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let mut words = words.map(str::to_ascii_lowercase).peekable();
    words.peek().is_some()
        && text.chars().all(|c| c.is_ascii_alphabetic() || is_mark(c))
        && words.all(|word| OSM_WORDS.contains(&word.as_str()))
}

/// `7:00-9:00,17:00-19:00`; an end may be as late as 48:00.
fn is_times(text: &str) -> bool {
    let clock = |text: &str, last: u16| {
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= last * 60).then_some(hour * 60 + minute)
    };
    text.split(',').all(|span| {
        let times = span.trim().split_once('-');
        let times = times.and_then(|(from, to)| Some((clock(from, 24)?, clock(to, 48)?)));
        times.is_some_and(|(from, to)| from != to && from < 24 * 60)
    })
}

/// 7:00 → 07:00.
fn with_two_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let is_alone = !before.is_some_and(|c| c.is_ascii_digit() || *c == b':')
            && bytes.get(at + 1) == Some(&b':');
        if c.is_ascii_digit() && is_alone {
            out.push('0');
        }
        out.push(c);
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// Minutes after midnight, and whether it is said to be a time: 7 in 7-9时 is not, 9 is.
    Time(u16, bool),
    /// Month and day.
    Season(u8, u8),
    /// 0 for Monday.
    Day(u8),
    Weekend,
    Workday,
    Dash,
    Comma,
    /// 上午, 早上, 早高峰.
    Morning,
    /// 下午, 晚上, 晚高峰.
    Evening,
    NextDay,
    NextYear,
    WholeDay,
    NotOnHolidays,
    OnHolidays,
}

/// Longest first: 早高峰 before 早. Empty words only sound.
const WORDS: &[(&str, Option<Token>)] = &[
    ("(法定节假日除外)", Some(Token::NotOnHolidays)),
    ("(节假日除外)", Some(Token::NotOnHolidays)),
    ("法定节假日除外", Some(Token::NotOnHolidays)),
    ("节假日除外", Some(Token::NotOnHolidays)),
    ("全天24小时", Some(Token::WholeDay)),
    ("24小时", Some(Token::WholeDay)),
    ("全天候", Some(Token::WholeDay)),
    ("全时段", Some(Token::WholeDay)),
    ("法定节假日", Some(Token::OnHolidays)),
    ("节假日", Some(Token::OnHolidays)),
    ("全天", Some(Token::WholeDay)),
    ("早高峰", Some(Token::Morning)),
    ("晚高峰", Some(Token::Evening)),
    ("工作日", Some(Token::Workday)),
    ("双休日", Some(Token::Weekend)),
    ("第二天", Some(Token::NextDay)),
    ("(次日)", Some(Token::NextDay)),
    ("次日", Some(Token::NextDay)),
    ("翌日", Some(Token::NextDay)),
    ("次年", Some(Token::NextYear)),
    ("翌年", Some(Token::NextYear)),
    ("周末", Some(Token::Weekend)),
    ("每日", None),
    ("每天", None),
    ("时段", None),
    ("上午", Some(Token::Morning)),
    ("早上", Some(Token::Morning)),
    ("早晨", Some(Token::Morning)),
    ("凌晨", Some(Token::Morning)),
    ("下午", Some(Token::Evening)),
    ("晚上", Some(Token::Evening)),
    ("傍晚", Some(Token::Evening)),
    ("早", Some(Token::Morning)),
    ("晚", Some(Token::Evening)),
    ("至", Some(Token::Dash)),
    ("到", Some(Token::Dash)),
    ("——", Some(Token::Dash)),
    ("—", Some(Token::Dash)),
    ("--", Some(Token::Dash)),
    ("-", Some(Token::Dash)),
    ("~", Some(Token::Dash)),
    (",", Some(Token::Comma)),
    (";", Some(Token::Comma)),
    ("、", Some(Token::Comma)),
    ("。", Some(Token::Comma)),
    ("和", Some(Token::Comma)),
    ("及", Some(Token::Comma)),
    ("与", Some(Token::Comma)),
];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some((token, after)) = week_day(rest) {
            tokens.push(token);
            rest = after;
        } else if let Some((word, token)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            tokens.extend(*token);
            rest = rest.get(word.len()..).unwrap_or_default();
        } else {
            let (token, after) = number(rest)?;
            tokens.push(token);
            rest = after;
        }
        rest = rest.trim_start();
    }
    Some(tokens)
}

fn week_day(text: &str) -> Option<(Token, &str)> {
    let rest = ["星期", "礼拜", "周"].iter().find_map(|word| text.strip_prefix(word))?;
    let day = rest.chars().next()?;
    let number = match day {
        '日' | '天' => 6,
        // 周末 is a word of its own.
        day => "一二三四五六".chars().position(|known| known == day)?,
    };
    Some((Token::Day(u8::try_from(number).ok()?), rest.get(day.len_utf8()..)?))
}

/// `7:30`, `7时30分`, `7点半`, `7`, `11月15日`.
fn number(text: &str) -> Option<(Token, &str)> {
    let (first, rest) = digits(text)?;
    if let Some(rest) = rest.strip_prefix('月') {
        let (day, rest) = digits(rest)?;
        let rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
        let (month, day) = (u8::try_from(first).ok()?, u8::try_from(day).ok()?);
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        return is_date.then_some((Token::Season(month, day), rest));
    }
    let (minutes, rest, is_marked) = if let Some(rest) = rest.strip_prefix(':') {
        let (minutes, rest) = digits(rest)?;
        (minutes, rest.strip_prefix(":00").unwrap_or(rest), true)
    } else if let Some(rest) = rest.strip_prefix(['时', '点']) {
        let rest = rest.strip_prefix('整').unwrap_or(rest);
        match (rest.strip_prefix('半'), digits(rest)) {
            (Some(rest), _) => (30, rest, true),
            (None, Some((minutes, after))) if after.starts_with('分') => {
                (minutes, after.strip_prefix('分')?, true)
            }
            _ => (0, rest, true),
        }
    } else {
        (0, rest, false)
    };
    let is_time = first < 24 && minutes < 60 || first == 24 && minutes == 0;
    is_time.then_some((Token::Time(first * 60 + minutes, is_marked), rest))
}

fn digits(text: &str) -> Option<(u16, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return numerals(text);
    }
    (digits.len() <= 2).then(|| digits.parse().ok().map(|number| (number, rest)))?
}

/// 十点, 二十二时, 零五分: below a hundred, and with its unit behind it, so that no other word is taken
/// for a number.
fn numerals(text: &str) -> Option<(u16, &str)> {
    const NUMERALS: &str = "零一二三四五六七八九十";
    let value = |c: char| match c {
        '两' => Some(2),
        '〇' => Some(0),
        c => NUMERALS.chars().position(|known| known == c),
    };
    let end = text.find(|c: char| value(c).is_none()).unwrap_or(text.len());
    let (numerals, rest) = text.split_at(end);
    let values: Vec<usize> = numerals.chars().filter_map(value).collect();
    let number = match *values {
        [number @ 0..=10] | [0, number @ 0..=9] => number,
        [10, ones] if ones < 10 => 10 + ones,
        [tens @ 1..=9, 10] => 10 * tens,
        [tens @ 1..=9, 10, ones] if ones < 10 => 10 * tens + ones,
        _ => return None,
    };
    let has_unit = rest.starts_with(['时', '点', '分', '月', '日', '号']);
    has_unit.then_some((u16::try_from(number).ok()?, rest))
}

/// Days and the times on them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rule {
    season: Option<[(u8, u8); 2]>,
    /// First and last day of the week.
    days: Vec<(u8, u8)>,
    on_holidays: bool,
    times: Vec<(u16, u16)>,
    is_whole_day: bool,
    not_on_holidays: bool,
}

/// A stretch of the tokens that are left.
type Tokens<'t> = std::iter::Peekable<std::iter::Copied<std::slice::Iter<'t, Token>>>;

fn parse(tokens: &[Token]) -> Option<Vec<Rule>> {
    let mut rules = vec![Rule::default()];
    let mut tokens: Tokens<'_> = tokens.iter().copied().peekable();
    while let Some(token) = tokens.peek().copied() {
        let is_of_day = matches!(
            token,
            Token::Day(_) | Token::Weekend | Token::Workday | Token::OnHolidays | Token::Season(..)
        );
        if is_of_day && rules.last().is_some_and(Rule::has_times) {
            let season = rules.last()?.season;
            rules.push(Rule { season, ..Rule::default() });
        }
        rules.last_mut()?.take(&mut tokens)?;
    }
    rules.iter().all(Rule::has_times).then_some(rules)
}

impl Rule {
    fn has_times(&self) -> bool {
        self.is_whole_day || !self.times.is_empty()
    }

    fn take(&mut self, tokens: &mut Tokens<'_>) -> Option<()> {
        match *tokens.peek()? {
            Token::Time(..) | Token::Morning | Token::Evening => {
                let span = span(tokens)?;
                self.times.push(span);
                return Some(());
            }
            Token::Season(month, day) => {
                tokens.next();
                tokens.next_if_eq(&Token::Dash)?;
                tokens.next_if_eq(&Token::NextYear);
                let Some(Token::Season(to_month, to_day)) = tokens.next() else { return None };
                self.season = Some([(month, day), (to_month, to_day)]);
                return Some(());
            }
            Token::Day(first) => {
                tokens.next();
                let last = match tokens.next_if_eq(&Token::Dash) {
                    Some(_) => match tokens.next()? {
                        Token::Day(last) => last,
                        _ => return None,
                    },
                    None => first,
                };
                self.days.push((first, last));
                return Some(());
            }
            Token::Weekend => self.days.push((5, 6)),
            Token::Workday => {
                self.days.push((0, 4));
                self.not_on_holidays = true;
            }
            Token::OnHolidays => self.on_holidays = true,
            Token::NotOnHolidays => self.not_on_holidays = true,
            Token::WholeDay => self.is_whole_day = true,
            Token::Comma => {}
            Token::Dash | Token::NextDay | Token::NextYear => return None,
        }
        tokens.next();
        Some(())
    }

    fn written(&self) -> String {
        const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let day = |day: u8| DAYS.get(usize::from(day)).copied().unwrap_or_default();
        let month = |month: u8| MONTHS.get(usize::from(month) - 1).copied().unwrap_or_default();
        let season = self.season.map(|[(from, first), (to, last)]| {
            format!("{} {first:02}-{} {last:02}", month(from), month(to))
        });
        let days = self.days.iter().map(|(first, last)| {
            if first == last {
                day(*first).to_owned()
            } else {
                format!("{}-{}", day(*first), day(*last))
            }
        });
        let days: Vec<String> = days.chain(self.on_holidays.then(|| "PH".to_owned())).collect();
        let days = (!days.is_empty()).then(|| days.join(","));
        let is_always = self.is_whole_day && season.is_none() && days.is_none();
        let times = if is_always && !self.not_on_holidays {
            "24/7".to_owned()
        } else if self.is_whole_day {
            "00:00-24:00".to_owned()
        } else {
            self.times
                .iter()
                .map(|(from, to)| format!("{}-{}", clock(*from), clock(*to)))
                .collect::<Vec<_>>()
                .join(",")
        };
        let off = self.not_on_holidays.then_some("PH off");
        let rule = season.into_iter().chain(days).chain([times]).collect::<Vec<_>>().join(" ");
        [rule.as_str()].into_iter().chain(off).collect::<Vec<_>>().join("; ")
    }
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

const NOON: u16 = 12 * 60;
const DAY: u16 = 24 * 60;

/// From a time to another, in minutes after midnight; the end may be less than the start, and lies then
/// on the next day.
fn span(tokens: &mut Tokens<'_>) -> Option<(u16, u16)> {
    let half = half_of_day(tokens);
    let Token::Time(written, _) = tokens.next()? else { return None };
    let start = at_half(written, half)?;
    tokens.next_if_eq(&Token::Dash)?;
    let mut is_next_day = tokens.next_if_eq(&Token::NextDay).is_some();
    let own_half = half_of_day(tokens);
    let Token::Time(end, true) = tokens.next()? else { return None };
    is_next_day |= tokens.next_if_eq(&Token::NextDay).is_some();
    // 下午5:00-7:00: the afternoon of the start holds for the end, if the clock of twelve hours was meant.
    let is_shared =
        own_half.is_none() && half == Some(Token::Evening) && written < NOON && !is_next_day;
    let end = at_half(end, if is_shared { half } else { own_half })?;
    let end = if end == 0 { DAY } else { end };
    if start == 0 && end == DAY {
        return (!is_next_day).then_some((0, DAY));
    }
    let is_over_midnight = end <= start;
    let is_right = match (is_next_day, is_shared) {
        (true, _) => is_over_midnight || end == DAY,
        (false, true) => !is_over_midnight,
        (false, false) => start != end,
    };
    is_right.then_some((start, end))
}

fn half_of_day(tokens: &mut Tokens<'_>) -> Option<Token> {
    tokens.next_if(|token| matches!(token, Token::Morning | Token::Evening))
}

fn at_half(minutes: u16, half: Option<Token>) -> Option<u16> {
    match half {
        Some(Token::Evening) if minutes < NOON => Some(minutes + NOON),
        Some(Token::Morning) if minutes > NOON + 60 => None,
        _ => Some(minutes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_offices_write_them() {
        for (written, hours) in [
            ("22:00至次日6:00", "22:00-06:00"),
            ("22:00-次日6:00", "22:00-06:00"),
            ("22:00-6:00（次日）", "22:00-06:00"),
            ("每日7时至22时", "07:00-22:00"),
            ("7:00～9:00，17:00～19:00", "07:00-09:00,17:00-19:00"),
            ("早高峰7-9时、晚高峰17-19时", "07:00-09:00,17:00-19:00"),
            ("全天", "24/7"),
            ("24小时", "24/7"),
            ("0-24时", "00:00-24:00"),
            ("周一至周五7:00-20:00", "Mo-Fr 07:00-20:00"),
            ("周一至周五7:00-20:00（法定节假日除外）", "Mo-Fr 07:00-20:00; PH off"),
            ("工作日 7:00-9:00", "Mo-Fr 07:00-09:00; PH off"),
            ("7：00—22：00", "07:00-22:00"),
            ("7:00至22:00", "07:00-22:00"),
            ("7:00-22:00", "07:00-22:00"),
            ("早7点到晚10点", "07:00-22:00"),
            ("7时-9时,17时-19时", "07:00-09:00,17:00-19:00"),
            ("06:00-24:00", "06:00-24:00"),
            ("7:00-9:00 17:00-19:00", "07:00-09:00,17:00-19:00"),
            ("每天6∶00—22∶00", "06:00-22:00"),
            ("上午7:00-9:00 下午5:00-7:00", "07:00-09:00,17:00-19:00"),
            ("11月15日至次年3月15日每日7时至20时", "Nov 15-Mar 15 07:00-20:00"),
            ("周一至周五7:00-20:00，周六8点半到12点", "Mo-Fr 07:00-20:00; Sa 08:30-12:00"),
            ("周末全天", "Sa-Su 00:00-24:00"),
            ("20:00-0:00", "20:00-00:00"),
            ("20时-0时", "20:00-24:00"),
            ("Mo-Fr 22:00-06:00; PH off", "Mo-Fr 22:00-06:00; PH off"),
            ("Nov 15-Mar 15 7:00-9:00,17:00-19:00", "Nov 15-Mar 15 07:00-09:00,17:00-19:00"),
            ("24/7", "24/7"),
            ("sunrise-sunset", "sunrise-sunset"),
            ("每天晚上十点到早上六点", "22:00-06:00"),
            ("七时三十分至二十二时", "07:30-22:00"),
            ("早上七点半到晚上十一点", "07:30-23:00"),
            ("十一月十五日至次年三月十五日每日七时至二十时", "Nov 15-Mar 15 07:00-20:00"),
        ] {
            assert_eq!(opening_hours(written).as_deref(), Some(hours), "{written}");
        }
    }

    #[test]
    fn what_is_not_understood_to_the_last_word_is_refused() {
        for text in [
            "早晚高峰",
            "夜间",
            "单号单日",
            "节假日除外",
            "7-9",
            "7:00",
            "25:00-26:00",
            "7:00至次日8:00",
            "7:00-9:00左右",
            "周一至周五",
            "白天",
            "7:00-7:00",
            "晚8点到6点",
            "",
            "见通告",
            "morning 7:00-9:00",
            "一律",
            "三十点至四十点",
            "十至十二",
        ] {
            assert_eq!(opening_hours(text), None, "{text}");
        }
    }
}
