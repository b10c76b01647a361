//! What is wrong with hours that cannot be read, and what to write instead. Words such as 早晚高峰 and
//! 夜间 have no hours of their own: each notice gives its own, so that none are assumed.

use super::half_width;
use crate::text::Text;

const UNREAD: Text = Text::new(
    "时段读不懂，应写成 22:00-06:00 或 周一至周五7:00-19:00",
    "not hours such as 22:00-06:00 or `Mo-Fr 07:00-19:00`",
);

/// Words of hours that say too little, and what to write in their place; the first that is found.
const VAGUE: &[(&[&str], Text)] = &[
    (
        &["单号", "双号", "单双", "尾号", "隔日", "轮流"],
        Text::new(
            "单双号、尾号不是时段：此处只写每天的起止时刻，如 7:00-22:00，轮换办法写在备注里",
            "number plates that take turns are no hours: write from when to when on a day, such as 07:00-22:00, and the turns in the note",
        ),
    ),
    (
        &["高峰"],
        Text::new(
            "“高峰”没有统一的起止时刻，请按通告写明，如 7:00-9:00、17:00-19:00",
            "a peak has no hours of its own: write those of the notice, such as 07:00-09:00,17:00-19:00",
        ),
    ),
    (
        &["夜", "晚间", "晚上", "凌晨"],
        Text::new(
            "“夜间”没有统一的起止时刻，请按通告写明，如 22:00至次日6:00",
            "a night has no hours of its own: write those of the notice, such as 22:00-06:00",
        ),
    ),
    (
        &["白天", "白昼", "日间", "昼间", "上午", "下午", "早上", "傍晚"],
        Text::new(
            "“白天”等没有统一的起止时刻，请按通告写明，如 7:00-19:00",
            "a part of a day has no hours of its own: write those of the notice, such as 07:00-19:00",
        ),
    ),
    (
        &["左右", "前后", "大约", "约"],
        Text::new(
            "起止时刻要写准，如 7:00-9:00",
            "hours that hold about so: write exact ones, such as 07:00-09:00",
        ),
    ),
];

const ONLY_WHEN_NOT: Text = Text::new(
    "只写了何时不限，没有写何时限：请写成 全天（节假日除外）或 7:00-22:00（节假日除外）",
    "says when it does not hold, but not when it does: write such as 00:00-24:00; PH off",
);

const ONLY_DAYS: Text = Text::new(
    "只写了哪几天，没有写几点：请写成 周一至周五7:00-20:00 或 周一至周五全天",
    "says the days, but no hours: write such as Mo-Fr 07:00-20:00",
);

const BARE_NUMBERS: Text = Text::new(
    "只有数字，分不清是几点还是几号：请写成 7:00-9:00 或 7时至9时",
    "numbers alone, of hours or of days: write such as 07:00-09:00",
);

const ONE_TIME: Text = Text::new(
    "只有一个时刻，没有起止：请写成 7:00-9:00",
    "one time, where a beginning and an end are due: write such as 07:00-09:00",
);

/// For a text that [`super::opening_hours`] does not read.
pub fn hours_advice(text: &str) -> Text {
    let text = half_width(text.trim());
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // 早高峰7-9时 has its hours: what is wrong with it is something else.
    let (turns, vague) = VAGUE.split_at(1);
    let vague = if has_digit { vague.get(vague.len() - 1..) } else { Some(vague) };
    let mut found = turns.iter().chain(vague.unwrap_or_default());
    if let Some((_, advice)) = found.find(|(words, _)| has(words)) {
        return *advice;
    }
    let is_of = |marks: &str| text.chars().all(|c| c.is_ascii_digit() || marks.contains(c));
    match has_digit {
        false if has(&["除外"]) => ONLY_WHEN_NOT,
        false if has(&["周", "星期", "礼拜", "工作日"]) => ONLY_DAYS,
        true if is_of("-~,; ") => BARE_NUMBERS,
        true if is_of(":") => ONE_TIME,
        _ => UNREAD,
    }
}

#[cfg(test)]
mod tests {
    use super::super::opening_hours;
    use super::*;

    #[test]
    fn what_is_wrong_with_hours_is_said_with_what_to_write_instead() {
        for (text, words) in [
            ("早晚高峰", "7:00-9:00、17:00-19:00"),
            ("夜间", "22:00至次日6:00"),
            ("夜间限行", "22:00至次日6:00"),
            ("白天", "7:00-19:00"),
            ("单号单日", "尾号不是时段"),
            ("节假日除外", "全天（节假日除外）"),
            ("周一至周五", "周一至周五全天"),
            ("7-9", "7时至9时"),
            ("7:00", "没有起止"),
            ("7:00-9:00左右", "要写准"),
            ("见通告", "时段读不懂"),
            ("早高峰7-25时", "时段读不懂"),
            ("", "时段读不懂"),
        ] {
            assert_eq!(opening_hours(text), None, "{text}");
            let Text { zh, en } = hours_advice(text);
            assert!(zh.contains(words), "{text}: {zh}");
            assert!(en.contains("hours") || en.contains("write"), "{text}: {en}");
        }
    }

    #[test]
    fn what_is_proposed_can_be_read() {
        for text in [
            "7:00-22:00",
            "7:00-9:00、17:00-19:00",
            "22:00至次日6:00",
            "全天（节假日除外）",
            "7:00-22:00（节假日除外）",
            "周一至周五7:00-20:00",
            "周一至周五全天",
            "7时至9时",
            "07:00-09:00,17:00-19:00",
            "00:00-24:00; PH off",
            "Mo-Fr 07:00-20:00",
        ] {
            assert!(opening_hours(text).is_some(), "{text}");
        }
    }
}
