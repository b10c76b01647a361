//! How decisions stand, in words; and a list of them to send.

use std::sync::Arc;

use jiff::civil::Date;

use super::{DecisionStanding, DecisionTally};
use crate::domain::{Lang, LocalizedText, Record, Text};

impl DecisionStanding {
    /// The most urgent first.
    pub const ALL: [Self; 5] =
        [Self::Overdue, Self::Open, Self::ClosedLate, Self::ClosedOnTime, Self::Dropped];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Overdue => Text::new("逾期", "overdue"),
            Self::Open => Text::new("未完成", "open"),
            Self::ClosedLate => Text::new("逾期完成", "closed late"),
            Self::ClosedOnTime => Text::new("按时完成", "on time"),
            Self::Dropped => Text::new("撤销", "dropped"),
        }
    }
}

/// How far off its day is: 逾期 3 天, 今天到期, 还有 5 天. Of what is closed or dropped, nothing.
pub fn due(decision: &Record, how: DecisionStanding, today: Date) -> LocalizedText {
    let Some(due) = decision.date("due") else {
        return LocalizedText::new("未定时限", "no date");
    };
    let days = today.until(due).map_or(0, |span| span.get_days());
    match (how, days) {
        (
            DecisionStanding::ClosedLate
            | DecisionStanding::ClosedOnTime
            | DecisionStanding::Dropped,
            _,
        ) => LocalizedText::default(),
        (_, 0) => LocalizedText::new("今天到期", "due today"),
        (_, 1..) => LocalizedText::new(format!("还有 {days} 天"), format!("{days} days left")),
        _ => LocalizedText::new(format!("逾期 {} 天", -days), format!("{} days overdue", -days)),
    }
}

/// Decisions as a message: how many stand how, then each on a line of its own.
pub fn message(
    rows: &[&(DecisionStanding, Arc<Record>)],
    title: &str,
    today: Date,
    lang: Lang,
) -> String {
    let tally = DecisionTally::of(rows.iter().map(|(how, _)| *how));
    let mut text = format!("{title}\n");
    let counts = DecisionStanding::ALL.into_iter().filter(|how| tally.of_standing(*how) > 0);
    let counts: Vec<String> =
        counts.map(|how| format!("{} {}", how.label().say(lang), tally.of_standing(how))).collect();
    let (count, counts) = (rows.len(), counts.join(if lang == Lang::Zh { "，" } else { ", " }));
    let head = LocalizedText::new(format!("共 {count} 条：{counts}"), format!("{count}: {counts}"));
    text.push_str(head.say(lang));
    for (number, (how, decision)) in (1..).zip(rows.iter().map(|row| (row.0, &row.1))) {
        let due = due(decision, how, today);
        let off = if due.say(lang).is_empty() { how.label().say(lang) } else { due.say(lang) };
        let line = format!("\n{number}. 【{off}】{}", decision.name());
        text.push_str(&line);
        let result = decision.text("result");
        if !result.is_empty() {
            text.push_str(if lang == Lang::Zh { " —— " } else { " – " });
            text.push_str(result);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Kind, Stamp, Value};

    const TODAY: Date = date(2026, 11, 25);

    fn decision(name: &str, due: Option<Date>) -> Record {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let id = Ids::new(Timestamp::UNIX_EPOCH, 1).next();
        let mut decision = Record::new(id, Kind::Decision, &stamp);
        decision.set("name", Some(Value::text(name)));
        decision.set("due", due.map(Value::Date));
        decision
    }

    #[test]
    fn a_date_is_told_by_how_far_off_it_is_also_beyond_a_month() {
        let said = |due_on, how| due(&decision("x", due_on), how, TODAY).zh;
        assert_eq!(said(Some(date(2026, 11, 22)), DecisionStanding::Overdue), "逾期 3 天");
        assert_eq!(said(Some(date(2026, 10, 1)), DecisionStanding::Overdue), "逾期 55 天");
        assert_eq!(said(Some(TODAY), DecisionStanding::Open), "今天到期");
        assert_eq!(said(Some(date(2026, 11, 30)), DecisionStanding::Open), "还有 5 天");
        assert_eq!(said(None, DecisionStanding::Open), "未定时限");
        assert_eq!(said(Some(date(2026, 11, 22)), DecisionStanding::ClosedOnTime), "");
    }

    #[test]
    fn a_message_counts_and_then_lists() {
        let mut done = decision("城管局 洗扫加密", Some(date(2026, 11, 24)));
        done.set("result", Some(Value::text("每日三次")));
        let rows = [
            (
                DecisionStanding::Overdue,
                Arc::new(decision("住建局 雾炮到位", Some(date(2026, 11, 24)))),
            ),
            (DecisionStanding::ClosedOnTime, Arc::new(done)),
        ];
        let rows: Vec<_> = rows.iter().collect();
        let expected = "决定落实\n共 2 条：逾期 1，按时完成 1\n1. 【逾期 1 天】住建局 雾炮到位\n2. 【按时完成】城管局 洗扫加密 —— 每日三次";
        assert_eq!(message(&rows, "决定落实", TODAY, Lang::Zh), expected);
    }
}
