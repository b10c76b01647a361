//! When an order holds: opening hours as OpenStreetMap writes them.

use std::str::FromStr as _;

use chrono::NaiveDate;
use jiff::civil::DateTime;
use opening_hours::OpeningHours;

/// Times of day and days of the week; also over midnight: `Mo-Fr 22:00-06:00`.
#[derive(Clone, Debug)]
pub struct Hours(Option<OpeningHours>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time as in `Mo-Fr 07:00-19:00`: {reason}")]
pub struct BadHours {
    pub text: String,
    pub reason: String,
}

impl Hours {
    /// Nothing means always.
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        let text = text.trim();
        if text.is_empty() || matches!(text, "24/7" | "全天") {
            return Ok(Self(None));
        }
        match OpeningHours::from_str(text) {
            Ok(hours) => Ok(Self(Some(hours))),
            Err(error) => {
                let reason = error.to_string();
                Err(BadHours { text: text.to_owned(), reason })
            }
        }
    }

    pub const fn always() -> Self {
        Self(None)
    }

    /// Local time of the district.
    pub fn holds(&self, at: DateTime) -> bool {
        let Some(hours) = &self.0 else { return true };
        moment(at).is_some_and(|at| hours.is_open(at))
    }

    /// Whether there is any time after this one at which it holds.
    pub fn ever_holds(&self, from: DateTime) -> bool {
        let Some(hours) = &self.0 else { return true };
        self.holds(from) || moment(from).is_some_and(|from| hours.next_change(from).is_some())
    }
}

fn moment(at: DateTime) -> Option<chrono::NaiveDateTime> {
    let part = |part: i8| u32::try_from(part).ok();
    NaiveDate::from_ymd_opt(i32::from(at.year()), part(at.month())?, part(at.day())?)?.and_hms_opt(
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn five_minutes_before_and_after_seven_differ() {
        let day = Hours::parse("07:00-19:00").unwrap();
        assert!(!day.holds(at("2026-11-23T06:55:00")));
        assert!(day.holds(at("2026-11-23T07:05:00")));
        assert!(!day.holds(at("2026-11-23T19:00:00")));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let night = Hours::parse("Mo-Fr 22:00-06:00").unwrap();
        // Friday 2026-11-27 into Saturday, and Sunday into Monday.
        assert!(night.holds(at("2026-11-28T05:00:00")));
        assert!(!night.holds(at("2026-11-28T23:00:00")));
        assert!(!night.holds(at("2026-11-30T05:00:00")));
    }

    #[test]
    fn nothing_means_always_and_nonsense_is_said() {
        assert!(Hours::parse(" ").unwrap().holds(at("2026-11-23T03:00:00")));
        assert!(Hours::parse("早晚高峰").is_err());
    }

    #[test]
    fn hours_that_never_come_are_known() {
        let past = Hours::parse("2020 Jan 01-2020 Feb 01 07:00-19:00");
        assert!(past.is_err() || !past.unwrap().ever_holds(at("2026-11-23T00:00:00")));
        assert!(Hours::parse("Sa 07:00-19:00").unwrap().ever_holds(at("2026-11-23T00:00:00")));
    }
}
