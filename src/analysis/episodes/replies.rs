//! What people answer in a group chat, read for what they have done. Shown to whoever pasted it before
//! anything of it counts.

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::domain::episode::Step;

/// One line that came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub at: Timestamp,
    pub line: String,
    /// What it says was done; a mere [`Step::Reply`] where it says nothing of that.
    pub step: Step,
}

const NOT_YET: [&str; 7] = ["未到", "没到", "还没", "尚未", "未完成", "正在赶", "马上"];
const HANDLED: [&str; 14] = [
    "已处置",
    "处置完",
    "已处理",
    "处理完",
    "已整改",
    "整改完",
    "整改到位",
    "已洒水",
    "已停工",
    "已苫盖",
    "苫盖到位",
    "已覆盖",
    "覆盖到位",
    "已完成",
];
const ARRIVED: [&str; 6] = ["已到场", "已到位", "到达现场", "已到达", "人员到位", "到场"];
const HEARD: [&str; 5] = ["收到", "签收", "明白", "知悉", "立即安排"];

/// Reads lines; those without a time of their own have that of the one before, the first `now`. A time
/// that has not come yet today was of yesterday.
pub fn replies(text: &str, now: Timestamp, office: &TimeZone) -> Vec<Said> {
    let mut at = now;
    let mut all = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(time) = time_in(line) {
            at = last(time, now, office);
        }
        // A chat puts name and time on a line of their own.
        let said = without_time(line);
        if said.is_empty() {
            continue;
        }
        let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
        let step = if has(&NOT_YET) {
            Step::Reply(line.to_owned())
        } else if has(&HANDLED) {
            Step::Handle(line.to_owned())
        } else if has(&ARRIVED) {
            Step::Arrive
        } else if has(&HEARD) {
            Step::Acknowledge
        } else {
            Step::Reply(line.to_owned())
        };
        all.push(Said { at, line: line.to_owned(), step });
    }
    all.sort_by_key(|said| said.at);
    all
}

/// A phone whose clock is ahead by less than this has not written yesterday.
const AHEAD: SignedDuration = SignedDuration::from_mins(30);

/// The last such time of day that has been; now, where it is about to be.
fn last(time: Time, now: Timestamp, office: &TimeZone) -> Timestamp {
    let today = office.to_datetime(now).date();
    let of = |date| office.to_timestamp(DateTime::from_parts(date, time)).unwrap_or(now);
    let at = of(today);
    if at <= now + AHEAD { at.min(now) } else { of(today.yesterday().unwrap_or(today)) }
}

/// `10:21`, `10：21:07`, `10点21`.
fn found_time(line: &str) -> Option<(usize, usize, Time)> {
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    let digits = |from: usize| chars[from..].iter().take_while(|(_, c)| c.is_ascii_digit()).count();
    let mut at = 0;
    while at < chars.len() {
        let hours = digits(at);
        if hours == 0 {
            at += 1;
            continue;
        }
        let mark = chars.get(at + hours).map(|(_, c)| *c);
        let minutes_at = at + hours + 1;
        if hours <= 2 && matches!(mark, Some(':' | '：' | '点')) && minutes_at < chars.len() {
            let minutes = digits(minutes_at);
            let number = |from: usize, count: usize| {
                let text: String = chars[from..from + count].iter().map(|(_, c)| *c).collect();
                text.parse::<i8>().ok()
            };
            if minutes == 2
                && let Some(time) = number(at, hours)
                    .zip(number(minutes_at, 2))
                    .and_then(|(h, m)| Time::new(h, m, 0, 0).ok())
            {
                let end = chars.get(minutes_at + 2).map_or(line.len(), |(at, _)| *at);
                return Some((chars[at].0, end, time));
            }
        }
        at += hours;
    }
    None
}

fn time_in(line: &str) -> Option<Time> {
    found_time(line).map(|(.., time)| time)
}

fn without_time(line: &str) -> String {
    let Some((from, to, _)) = found_time(line) else { return line.to_owned() };
    let rest = format!("{}{}", &line[..from], &line[to..]);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || c == ':' || c.is_ascii_digit());
    // A name alone says nothing.
    let is_name = rest.chars().count() <= 12 && !rest.contains(['：', ':', '，', ',', '。']);
    let has_words = HEARD.iter().chain(&ARRIVED).chain(&HANDLED).any(|word| rest.contains(word));
    if is_name && !has_words { String::new() } else { rest.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Step)> {
        let now: Timestamp = "2026-11-29T02:45:00Z".parse().unwrap();
        let office = TimeZone::fixed(jiff::tz::offset(8));
        let time = |at| office.to_datetime(at).strftime("%H:%M").to_string();
        replies(text, now, &office).into_iter().map(|said| (time(said.at), said.step)).collect()
    }

    #[test]
    fn lines_of_a_chat_say_who_heard_came_and_handled_it_and_when() {
        let text = "住建局老李 10:05\n收到\n\n城管局 10:21：人员已到位\n王工 10：41\n料场已整改，照片已发\n";
        let line = "料场已整改，照片已发".to_owned();
        let expected = [
            ("10:05".to_owned(), Step::Acknowledge),
            ("10:21".to_owned(), Step::Arrive),
            ("10:41".to_owned(), Step::Handle(line)),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn what_is_not_yet_so_is_only_a_reply_and_without_a_time_it_is_now() {
        assert_eq!(
            read("还没到场，堵车"),
            [("10:45".to_owned(), Step::Reply("还没到场，堵车".to_owned()))]
        );
        assert_eq!(read("23:50 收到")[0].0, "23:50", "yesterday");
        assert_eq!(read("10:52 收到")[0].0, "10:45", "the clock of that phone is ahead");
        assert_eq!(read("  \n\n"), []);
    }
}
