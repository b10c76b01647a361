//! Lengths of time that readings are about.

use jiff::{SignedDuration, Timestamp};

use crate::domain::Text;

/// How long a reading's time is. Those of different lengths stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// As an instrument shows it just then: real-time data, METAR.
    Instant,
    Minute1,
    Minute5,
    Minute10,
    Minute15,
    Minute20,
    Minute30,
    Hour,
    Day,
    Minute2,
    Minute3,
}

impl Span {
    /// Every length. Their order is fixed for ever: files number them.
    pub const ALL: [Self; 11] = [
        Self::Instant,
        Self::Minute1,
        Self::Minute5,
        Self::Minute10,
        Self::Minute15,
        Self::Minute20,
        Self::Minute30,
        Self::Hour,
        Self::Day,
        Self::Minute2,
        Self::Minute3,
    ];

    /// Its number in files.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// `None` for a number that no version of this program wrote.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// 0 of an instant.
    pub const fn seconds(self) -> i64 {
        60 * match self {
            Self::Instant => 0,
            Self::Minute1 => 1,
            Self::Minute2 => 2,
            Self::Minute3 => 3,
            Self::Minute5 => 5,
            Self::Minute10 => 10,
            Self::Minute15 => 15,
            Self::Minute20 => 20,
            Self::Minute30 => 30,
            Self::Hour => 60,
            Self::Day => 24 * 60,
        }
    }

    /// The span of so many seconds, if there is one.
    pub fn of_seconds(seconds: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.seconds() == seconds)
    }

    pub fn end(self, start: Timestamp) -> Timestamp {
        start.saturating_add(SignedDuration::from_secs(self.seconds())).unwrap_or(start)
    }

    /// The word in files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Minute1 => "1min",
            Self::Minute2 => "2min",
            Self::Minute3 => "3min",
            Self::Minute5 => "5min",
            Self::Minute10 => "10min",
            Self::Minute15 => "15min",
            Self::Minute20 => "20min",
            Self::Minute30 => "30min",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Self::Instant => Text::new("实时", "instant"),
            Self::Minute1 => Text::new("1分钟", "1 min"),
            Self::Minute2 => Text::new("2分钟", "2 min"),
            Self::Minute3 => Text::new("3分钟", "3 min"),
            Self::Minute5 => Text::new("5分钟", "5 min"),
            Self::Minute10 => Text::new("10分钟", "10 min"),
            Self::Minute15 => Text::new("15分钟", "15 min"),
            Self::Minute20 => Text::new("20分钟", "20 min"),
            Self::Minute30 => Text::new("30分钟", "30 min"),
            Self::Hour => Text::new("小时", "hour"),
            Self::Day => Text::new("日", "day"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_found_by_its_number_and_by_its_length() {
        for span in Span::ALL {
            assert_eq!(Span::of_number(span.number()), Some(span));
            assert_eq!(Span::of_seconds(span.seconds()), Some(span));
        }
        assert_eq!(Span::of_number(11), None);
        assert_eq!(Span::of_seconds(42), None);
    }
}
