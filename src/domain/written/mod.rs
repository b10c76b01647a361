//! How people write values in cells: words for nothing, numbers with their units, dates, hours. What
//! has two meanings is no value.

mod dates;
mod hours;
mod numbers;
mod vague;

pub use dates::{DateReading, read_date};
pub use hours::opening_hours;
pub use numbers::{digits_lost, number};
pub use vague::hours_advice;

/// How offices say that there is nothing to say.
const NOTHING: &[&str] = &[
    "无",
    "/",
    "//",
    "-",
    "--",
    "—",
    "——",
    "\\",
    ".",
    "。",
    "空",
    "暂无",
    "待补",
    "待补充",
    "待定",
    "待编",
    "待填",
    "未知",
    "不详",
    "无编号",
    "无编码",
    "没有",
    "n/a",
    "na",
    "null",
    "none",
    "nil",
    "nan",
    "#n/a",
];

/// The same where it is still to be said: for a field that may not be left open this is no answer.
const UNDECIDED: &[&str] = &["待补", "待补充", "待定", "待填", "未知", "不详"];

/// Whether a text says that what should stand there is not known yet.
pub fn is_undecided(text: &str) -> bool {
    UNDECIDED.contains(&text.trim())
}

/// Whether a text is empty or only says so.
pub fn is_nothing(text: &str) -> bool {
    const LONGEST: usize = 9;
    let text = text.trim();
    let is_one = |text: &str| NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word));
    // Asked of every code of an import: most are too long, or plain.
    match text {
        "" => true,
        text if text.len() > LONGEST => false,
        text => is_one(text) || !text.is_ascii() && NOTHING.contains(&half_width(text).as_str()),
    }
}

/// Full-width forms of ASCII as ASCII, and every kind of dash, colon and comma as one.
pub(super) fn half_width(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '–' | '−' | '‐' | '‑' | '―' | '〜' => '-',
        '∶' | '︰' | '꞉' => ':',
        '【' | '〔' => '(',
        '】' | '〕' => ')',
        c => c,
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_known() {
        for text in ["", " ", "无", "／", "N/A", "#N/A", "待补", "－", "Null"] {
            assert!(is_nothing(text), "{text:?}");
        }
        assert!(UNDECIDED.iter().all(|word| is_nothing(word)));
        for text in ["0", "无锡", "a", "n", "3-4", "-5"] {
            assert!(!is_nothing(text), "{text:?}");
        }
    }
}
