//! What the label of a time means: which end of its span, on which clock.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::Span;
use crate::domain::Text;

/// Which end of its span a label names. An instant has only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LabelEnd {
    Start,
    End,
}

/// Which clock a label is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// Civil time of China, without daylight saving.
    Utc8,
    Utc,
}

impl Clock {
    fn offset(self) -> Offset {
        match self {
            Self::Utc8 => Offset::constant(8),
            Self::Utc => Offset::UTC,
        }
    }
}

/// What the labels of a delivery mean. Written as `end UTC+8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LabelRule {
    pub end: LabelEnd,
    pub clock: Clock,
}

impl LabelRule {
    /// Every rule.
    pub const ALL: [Self; 4] = [
        Self { end: LabelEnd::End, clock: Clock::Utc8 },
        Self { end: LabelEnd::Start, clock: Clock::Utc8 },
        Self { end: LabelEnd::End, clock: Clock::Utc },
        Self { end: LabelEnd::Start, clock: Clock::Utc },
    ];

    /// The start of the span that a label stands for. `None` beyond the years that there are.
    pub fn start(self, label: DateTime, span: Span) -> Option<Timestamp> {
        let at = self.clock.offset().to_timestamp(label).ok()?;
        match self.end {
            LabelEnd::Start => Some(at),
            LabelEnd::End => at.checked_sub(SignedDuration::from_secs(span.seconds())).ok(),
        }
    }

    /// The label of a span: what a source with this rule writes.
    pub fn label(self, start: Timestamp, span: Span) -> DateTime {
        let at = match self.end {
            LabelEnd::Start => start,
            LabelEnd::End => span.end(start),
        };
        self.clock.offset().to_datetime(at)
    }

    /// For a person.
    pub const fn words(self) -> Text {
        match (self.end, self.clock) {
            (LabelEnd::End, Clock::Utc8) => {
                Text::new("时段结束，北京时间", "end of the span, UTC+8")
            }
            (LabelEnd::Start, Clock::Utc8) => {
                Text::new("时段开始，北京时间", "start of the span, UTC+8")
            }
            (LabelEnd::End, Clock::Utc) => Text::new("时段结束，世界时", "end of the span, UTC"),
            (LabelEnd::Start, Clock::Utc) => {
                Text::new("时段开始，世界时", "start of the span, UTC")
            }
        }
    }
}

impl fmt::Display for LabelRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.end == LabelEnd::Start { "start" } else { "end" };
        let clock = if self.clock == Clock::Utc { "UTC" } else { "UTC+8" };
        write!(f, "{end} {clock}")
    }
}

impl FromStr for LabelRule {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|rule| rule.to_string() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_hour_has_two_labels() {
        let hour: Timestamp = "2026-11-29T01:00:00Z".parse().unwrap();
        let start = LabelRule { end: LabelEnd::Start, clock: Clock::Utc8 };
        let end = LabelRule { end: LabelEnd::End, clock: Clock::Utc8 };
        assert_eq!(start.label(hour, Span::Hour), date(2026, 11, 29).at(9, 0, 0, 0));
        assert_eq!(end.label(hour, Span::Hour), date(2026, 11, 29).at(10, 0, 0, 0));
        // Label 0 of the national platform is the last hour of the day before.
        let midnight = end.start(date(2026, 11, 30).at(0, 0, 0, 0), Span::Hour).unwrap();
        assert_eq!(midnight.to_string(), "2026-11-29T15:00:00Z");
    }

    proptest! {
        #[test]
        fn a_label_leads_back_to_its_start(seconds in 0_i64..4_000_000_000, rule in 0_usize..4) {
            let start = Timestamp::from_second(seconds).unwrap();
            let rule = LabelRule::ALL[rule];
            for span in Span::ALL {
                prop_assert_eq!(rule.start(rule.label(start, span), span), Some(start));
            }
            prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        }
    }
}
