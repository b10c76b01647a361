//! Whether a road was swept on a day, as far as the records say: its own log of what was done, and the
//! checks of that day. What is planned is no proof, and where nobody writes anything nothing is claimed.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};

use crate::domain::{
    DateReading, Kind, LocalizedText, Record, RecordId, Verdict, World, read_date,
};

/// What the records say of a stretch on a day, up to a moment of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// It was, the last time at this time of day; `None` where only the day is written.
    Today(Option<Time>),
    /// A check of the day found it in order.
    Passed,
    /// A check of the day found it dirty.
    Failed,
    /// Its log ends on an earlier day.
    NotToday(Date),
    /// There are words in its log, and no day among them can be read.
    Unreadable,
    /// Nobody writes down when it is swept.
    Unknown,
}

/// Between the entries of a log. A date has its own strokes and lines, so these are none of them.
const SEPARATORS: &[char] = &[';', '；', '、', ',', '，', '|', '\n'];

/// One entry of a log: the day, and the time where it says one. `None` of what is no day.
fn entry(text: &str) -> Option<(Date, Option<Time>)> {
    let (DateReading::Day(day) | DateReading::DayAndMore(day)) = read_date(text) else {
        return None;
    };
    let time = text.replace('：', ":").replace('T', " ");
    let time = time.split_whitespace().find_map(|word| {
        let mut parts = word.split(':');
        let hour: i8 = parts.next()?.parse().ok()?;
        let minute = parts.next()?.get(..2)?.parse().ok()?;
        Time::new(hour, minute, 0, 0).ok()
    });
    Some((day, time))
}

impl Swept {
    /// Of a stretch on the day of a moment, civil time of the office; what was done after the moment
    /// is not heard. `check` is the last check of that day. A check tells what somebody saw, so that a
    /// failed one goes before the log; one that passed tells nothing more than a log of that day.
    pub fn of(road: &Record, check: Option<Verdict>, until: DateTime) -> Self {
        let today = until.date();
        let log = road.text("swept");
        let entries = || log.split(SEPARATORS).filter_map(entry);
        let before = |(day, time): &(Date, Option<Time>)| {
            *day < today || *day == today && time.is_none_or(|time| time <= until.time())
        };
        match (check, entries().filter(before).max()) {
            (Some(Verdict::Failed), _) => Self::Failed,
            (_, Some((day, time))) if day == today => Self::Today(time),
            (Some(Verdict::Passed), _) => Self::Passed,
            (_, Some((day, _))) => Self::NotToday(day),
            (_, None) if log.trim().is_empty() || entries().next().is_some() => Self::Unknown,
            (_, None) => Self::Unreadable,
        }
    }

    /// Of every stretch of a district.
    pub fn of_all(world: &World, until: DateTime) -> BTreeMap<RecordId, Self> {
        let mut checks: BTreeMap<RecordId, Verdict> = BTreeMap::new();
        for check in world.table(Kind::Check).iter() {
            if check.date("checked_on") != Some(until.date()) {
                continue;
            }
            let Some(verdict) = Verdict::from_key(check.text("verdict")) else { continue };
            for id in check.linked("records") {
                // Of several checks of a day the worst tells.
                if checks.get(&id) != Some(&Verdict::Failed) {
                    checks.insert(id, verdict);
                }
            }
        }
        let roads = world.table(Kind::Sweeping).iter();
        roads.map(|road| (road.id, Self::of(road, checks.get(&road.id).copied(), until))).collect()
    }

    /// Whether the records say that it was not swept, or not well.
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::NotToday(_) | Self::Failed)
    }

    /// Whether they say that it was.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Today(_) | Self::Passed)
    }

    /// In words.
    pub fn words(self) -> LocalizedText {
        let both = |zh: String, en: String| LocalizedText::new(zh, en);
        match self {
            Self::Today(Some(time)) => {
                let time = time.strftime("%H:%M");
                both(format!("当日已清扫 {time}"), format!("swept that day at {time}"))
            }
            Self::Today(None) => both("当日已清扫".to_owned(), "swept that day".to_owned()),
            Self::Passed => both("当日检查合格".to_owned(), "passed a check that day".to_owned()),
            Self::Failed => both("当日检查不合格".to_owned(), "failed a check that day".to_owned()),
            Self::NotToday(last) => {
                let day = last.strftime("%m-%d");
                both(
                    format!("当日未清扫（末次 {day}）"),
                    format!("not swept that day (last on {day})"),
                )
            }
            Self::Unreadable => {
                both("作业记录读不懂".to_owned(), "its log cannot be read".to_owned())
            }
            Self::Unknown => both("无作业记录".to_owned(), "no log of sweeping".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Stamp, Value};

    fn road(log: &str) -> Record {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut record = Record::new(Ids::new(stamp.at, 1).next(), Kind::Sweeping, &stamp);
        record.set("swept", (!log.is_empty()).then(|| Value::text(log)));
        record
    }

    const TEN: DateTime = date(2026, 11, 29).at(10, 0, 0, 0);

    fn said(log: &str) -> Swept {
        Swept::of(&road(log), None, TEN)
    }

    #[test]
    fn a_log_says_whether_a_road_was_swept_before_that_hour_of_the_day() {
        let at = |hour, minute| Some(jiff::civil::time(hour, minute, 0, 0));
        assert_eq!(said("2026-11-29 06:20"), Swept::Today(at(6, 20)));
        assert_eq!(said("2026/11/28 16:40；2026/11/29 5:10:00"), Swept::Today(at(5, 10)));
        assert_eq!(said("2026年11月29日"), Swept::Today(None));
        assert_eq!(said("2026-11-27，2026-11-28 23:59"), Swept::NotToday(date(2026, 11, 28)));
        // What was done after the high hour did not keep the dust off it.
        assert_eq!(said("2026-11-28 06:20；2026-11-29 10:30"), Swept::NotToday(date(2026, 11, 28)));
        assert_eq!(said("2026-11-29T06:20:00"), Swept::Today(at(6, 20)));
    }

    #[test]
    fn where_nobody_wrote_anything_that_can_be_read_nothing_is_claimed() {
        assert_eq!(said(""), Swept::Unknown);
        assert_eq!(
            said("2026-11-29 10:30"),
            Swept::Unknown,
            "later than the hour, and nothing before"
        );
        assert_eq!(said("每天两次"), Swept::Unreadable);
        assert_eq!(said("11-29 06:20"), Swept::Unreadable, "of no year");
        for swept in [Swept::Unknown, Swept::Unreadable] {
            assert!(!swept.is_missing() && !swept.is_done());
        }
    }

    #[test]
    fn the_worst_check_of_the_day_tells_what_somebody_saw() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 5);
        let mut world = World::default();
        let mut add = |road: &Record, day: Date, verdict: Verdict| {
            let mut check = Record::new(ids.next(), Kind::Check, &stamp);
            check.set("checked_on", Some(Value::Date(day)));
            check.set("verdict", Some(verdict.value()));
            let linked = [std::sync::Arc::from(road.id.to_string())];
            check.set("records", Some(Value::Words(linked.into())));
            world.load(check.into());
        };
        let road = road("2026-11-29 06:20");
        add(&road, date(2026, 11, 28), Verdict::Failed);
        add(&road, date(2026, 11, 29), Verdict::Failed);
        add(&road, date(2026, 11, 29), Verdict::Passed);
        let id = road.id;
        world.load(road.into());
        assert_eq!(Swept::of_all(&world, TEN)[&id], Swept::Failed);
        let next = TEN.checked_add(jiff::Span::new().days(1)).unwrap();
        assert_eq!(Swept::of_all(&world, next)[&id], Swept::NotToday(date(2026, 11, 29)));
    }
}
