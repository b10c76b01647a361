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
    /// A word for a part of the day, by the clock of twelve hours.
    Part(Part),
    NextDay,
    NextYear,
    WholeDay,
    NotOnHolidays,
    OnHolidays,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// 凌晨: twelve is midnight.
    Dawn,
    /// 早, 上午, 早高峰.
    Morning,
    /// 中午: one is after noon.
    Noon,
    /// 下午, 晚高峰: twelve is noon.
    Afternoon,
    /// 晚, 夜间: twelve is midnight.
    Night,
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
    ("早高峰", Some(Token::Part(Part::Morning))),
    ("晚高峰", Some(Token::Part(Part::Afternoon))),
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
    ("上午", Some(Token::Part(Part::Morning))),
    ("早上", Some(Token::Part(Part::Morning))),
    ("早晨", Some(Token::Part(Part::Morning))),
    ("凌晨", Some(Token::Part(Part::Dawn))),
    ("下午", Some(Token::Part(Part::Afternoon))),
    ("晚上", Some(Token::Part(Part::Night))),
    ("傍晚", Some(Token::Part(Part::Afternoon))),
    ("中午", Some(Token::Part(Part::Noon))),
    ("夜间", Some(Token::Part(Part::Night))),
    ("夜里", Some(Token::Part(Part::Night))),
    ("深夜", Some(Token::Part(Part::Night))),
    ("半夜", Some(Token::Part(Part::Night))),
    ("午夜", Some(Token::Part(Part::Night))),
    ("早", Some(Token::Part(Part::Morning))),
    ("晚", Some(Token::Part(Part::Night))),
    ("夜", Some(Token::Part(Part::Night))),
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
            let is_of_part = matches!(tokens.last(), Some(Token::Part(_)));
            let (token, after) = number(rest, is_of_part)?;
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

/// `7:30`, `7时30分`, `7点30`, `7点半`, `7点一刻`, `7`, `11月15日`. Behind a word for a part of the day
/// numerals need no unit: 早六晚十.
fn number(text: &str, is_of_part: bool) -> Option<(Token, &str)> {
    let (first, rest) = digits(text, is_of_part)?;
    let digits = |text| digits(text, false);
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
        let part = PARTS_OF_HOUR
            .iter()
            .find_map(|(word, minutes)| Some((*minutes, rest.strip_prefix(word)?)));
        match (part, digits(rest)) {
            (Some((minutes, rest)), _) => (minutes, rest, true),
            (None, Some((minutes, after))) if after.starts_with('分') => {
                (minutes, after.strip_prefix('分')?, true)
            }
            (None, Some((minutes, after))) if are_bare_minutes(rest, after) => {
                (minutes, after, true)
            }
            _ => (0, rest, true),
        }
    } else {
        (0, rest, false)
    };
    let is_time = first < 24 && minutes < 60 || first == 24 && minutes == 0;
    is_time.then_some((Token::Time(first * 60 + minutes, is_marked), rest))
}

const PARTS_OF_HOUR: [(&str, u16); 3] = [("半", 30), ("一刻", 15), ("三刻", 45)];

/// Two digits behind 点 that are no hour themselves: 7点30, but not 7点10点.
fn are_bare_minutes(text: &str, after: &str) -> bool {
    let is_of_two = text.len() - after.len() == 2 && text.starts_with(|c: char| c.is_ascii_digit());
    is_of_two && !after.starts_with(['时', '点', ':', '月', '日', '号'])
}

fn digits(text: &str, needs_no_unit: bool) -> Option<(u16, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return numerals(text, needs_no_unit);
    }
    (digits.len() <= 2).then(|| digits.parse().ok().map(|number| (number, rest)))?
}

/// 十点, 二十二时, 零五分: below a hundred, and with its unit behind it where nothing else says that no
/// other word is taken for a number.
fn numerals(text: &str, needs_no_unit: bool) -> Option<(u16, &str)> {
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
    let has_unit = needs_no_unit || rest.starts_with(['时', '点', '分', '月', '日', '号']);
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
            Token::Time(..) | Token::Part(_) => {
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
    let part = part_of_day(tokens);
    let Token::Time(written, _) = tokens.next()? else { return None };
    let start = in_part(written, part)?;
    let has_dash = tokens.next_if_eq(&Token::Dash).is_some();
    let mut is_next_day = tokens.next_if_eq(&Token::NextDay).is_some();
    let own_part = part_of_day(tokens);
    // 早6晚10: the second word stands for the dash, and either makes a time of a bare number.
    if !has_dash && (part.is_none() || own_part.is_none()) {
        return None;
    }
    let Token::Time(end, is_marked) = tokens.next()? else { return None };
    if !is_marked && part.is_none() && own_part.is_none() {
        return None;
    }
    is_next_day |= tokens.next_if_eq(&Token::NextDay).is_some();
    // 下午5:00-7:00: the part of the start holds for the end, if the clock of twelve hours was meant.
    let is_of_twelve = match part {
        Some(Part::Noon | Part::Afternoon) => written < NOON + 60,
        Some(Part::Night) => written < NOON,
        _ => false,
    };
    let is_shared = own_part.is_none() && is_of_twelve && !is_next_day;
    let end = in_part(end, if is_shared { part } else { own_part })?;
    let start = if start == DAY { 0 } else { start };
    let end = if end == 0 { DAY } else { end };
    if start == 0 && end == DAY {
        return (!is_next_day).then_some((0, DAY));
    }
    let is_over_midnight = end <= start;
    let is_right = match (is_next_day, is_shared) {
        (true, _) => is_over_midnight || end == DAY,
        (false, true) => !is_over_midnight,
        // 早9点到5点: nobody knows whether the afternoon is meant.
        (false, false)
            if matches!(part, Some(Part::Dawn | Part::Morning)) && own_part.is_none() =>
        {
            !is_over_midnight
        }
        (false, false) => start != end,
    };
    is_right.then_some((start, end))
}

fn part_of_day(tokens: &mut Tokens<'_>) -> Option<Part> {
    let token = tokens.next_if(|token| matches!(token, Token::Part(_)))?;
    if let Token::Part(part) = token { Some(part) } else { None }
}

/// `None` where the word and the number contradict each other, or leave open which half of the day is
/// meant: 晚2点.
fn in_part(minutes: u16, part: Option<Part>) -> Option<u16> {
    const HOUR: u16 = 60;
    let is_twelve = (NOON..NOON + HOUR).contains(&minutes);
    match part {
        None => Some(minutes),
        Some(Part::Dawn) if is_twelve => Some(minutes - NOON),
        Some(Part::Dawn) => (minutes < 7 * HOUR).then_some(minutes),
        Some(Part::Morning) => (minutes <= NOON + HOUR).then_some(minutes),
        Some(Part::Noon) if (HOUR..3 * HOUR).contains(&minutes) => Some(minutes + NOON),
        Some(Part::Noon) => (11 * HOUR..15 * HOUR).contains(&minutes).then_some(minutes),
        Some(Part::Afternoon) if (HOUR..NOON).contains(&minutes) => Some(minutes + NOON),
        Some(Part::Afternoon) => (minutes >= NOON).then_some(minutes),
        Some(Part::Night) if minutes == NOON => Some(DAY),
        Some(Part::Night) if is_twelve => Some(minutes - NOON),
        Some(Part::Night) if (5 * HOUR..NOON).contains(&minutes) => Some(minutes + NOON),
        Some(Part::Night) if minutes < HOUR => Some(minutes),
        Some(Part::Night) => (minutes >= 17 * HOUR).then_some(minutes),
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
            ("早6晚10", "06:00-22:00"),
            ("早六晚十", "06:00-22:00"),
            ("早6到晚10", "06:00-22:00"),
            ("早六点到晚十点", "06:00-22:00"),
            ("每天早6:00晚10:00", "06:00-22:00"),
            ("早6点半-晚10点半", "06:30-22:30"),
            ("早7-9、晚5-7", "07:00-09:00,17:00-19:00"),
            ("早高峰7点30至9点，晚高峰17点至19点30分", "07:30-09:00,17:00-19:30"),
            ("7点一刻至9点三刻", "07:15-09:45"),
            ("晚10早6", "22:00-06:00"),
            ("早6点到晚12点", "06:00-24:00"),
            ("晚12点到早6点", "00:00-06:00"),
            ("夜间22:00-6:00", "22:00-06:00"),
            ("夜间10点至次日早6点", "22:00-06:00"),
            ("凌晨0点到6点", "00:00-06:00"),
            ("凌晨12点到5点", "00:00-05:00"),
            ("下午12点到2点", "12:00-14:00"),
            ("中午12点到下午2点", "12:00-14:00"),
            ("中午11点半-1点半", "11:30-13:30"),
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
            "6晚10",
            "早6",
            "早6晚",
            "晚2点到5点",
            "早9点到5点",
            "中午12点到5点",
            "早晚",
            "六晚十",
            "7点10点",
        ] {
            assert_eq!(opening_hours(text), None, "{text}");
        }
    }
}
