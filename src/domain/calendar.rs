//! Public holidays, and weekend days on which everybody works instead (调休): the yearly notice of
//! 国务院办公厅, year by year. Days of a year that is not in the table are told by their weekday alone.
//!
//! There is one table, which hours of restrictions and time limits of the ledger read alike: the one
//! that comes with the program, in which an office may put other years or other days of a year
//! ([`install`], once, when the program starts).

use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// A year as its notice says it: holidays from day to day, and days of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayYear {
    pub year: i16,
    /// The notice.
    pub source: String,
    /// First and last day of each.
    #[serde(with = "super::as_text::pairs")]
    pub holidays: Vec<[Date; 2]>,
    /// Days of a weekend that are worked.
    #[serde(with = "super::as_text::list")]
    pub workdays: Vec<Date>,
}

/// Years in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: Vec<HolidayYear>,
}

/// A year as it comes with the program: months and days.
type Shipped<'a> = (i16, &'a str, &'a [[(i8, i8); 2]], &'a [(i8, i8)]);

const SHIPPED: [Shipped<'static>; 3] = [
    (
        2024,
        "国办发明电〔2023〕7号",
        &[
            [(1, 1), (1, 1)],
            [(2, 10), (2, 17)],
            [(4, 4), (4, 6)],
            [(5, 1), (5, 5)],
            [(6, 10), (6, 10)],
            [(9, 15), (9, 17)],
            [(10, 1), (10, 7)],
        ],
        &[(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)],
    ),
    (
        2025,
        "国办发明电〔2024〕12号",
        &[
            [(1, 1), (1, 1)],
            [(1, 28), (2, 4)],
            [(4, 4), (4, 6)],
            [(5, 1), (5, 5)],
            [(5, 31), (6, 2)],
            [(10, 1), (10, 8)],
        ],
        &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    ),
    (
        2026,
        "国办发明电〔2025〕7号",
        &[
            [(1, 1), (1, 3)],
            [(2, 15), (2, 23)],
            [(4, 4), (4, 6)],
            [(5, 1), (5, 5)],
            [(6, 19), (6, 21)],
            [(9, 25), (9, 27)],
            [(10, 1), (10, 7)],
        ],
        &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    ),
];

static INSTALLED: OnceLock<Calendar> = OnceLock::new();

/// Puts the years of an office into the table for as long as the program runs, in place of those
/// years that it has. Whether it was in time: nobody has asked for a day yet.
pub fn install(own: Vec<HolidayYear>) -> bool {
    INSTALLED.set(Calendar::shipped().with(own)).is_ok()
}

/// The table that holds.
pub fn calendar() -> &'static Calendar {
    INSTALLED.get_or_init(Calendar::shipped)
}

/// The notice that says the holidays of a year; `None` where none is known here.
pub fn source(year: i16) -> Option<&'static str> {
    calendar().source(year)
}

/// Whether a day is a public holiday with the days off around it.
pub fn is_holiday(day: Date) -> bool {
    calendar().is_holiday(day)
}

/// Whether people work: weekdays but for holidays, and the days that were moved.
pub fn is_workday(day: Date) -> bool {
    calendar().is_workday(day)
}

/// All holidays of the years that are known, in their order.
pub fn holidays() -> impl Iterator<Item = Date> {
    calendar().holidays()
}

impl Calendar {
    /// As it comes with the program.
    pub fn shipped() -> Self {
        let years = SHIPPED.iter().map(|(year, source, holidays, workdays)| {
            let day = |at: &(i8, i8)| Date::new(*year, at.0, at.1).ok();
            let span = |[from, to]: &[(i8, i8); 2]| Some([day(from)?, day(to)?]);
            HolidayYear {
                year: *year,
                source: (*source).to_owned(),
                holidays: holidays.iter().filter_map(span).collect(),
                workdays: workdays.iter().filter_map(day).collect(),
            }
        });
        Self { years: years.collect() }
    }

    /// With other years, each in the place of the one that is there.
    #[must_use]
    pub fn with(mut self, own: Vec<HolidayYear>) -> Self {
        for year in own {
            self.years.retain(|known| known.year != year.year);
            self.years.push(year);
        }
        self.years.sort_by_key(|year| year.year);
        self
    }

    /// Its years, to be shown and edited.
    pub fn years(&self) -> &[HolidayYear] {
        &self.years
    }

    fn year(&self, year: i16) -> Option<&HolidayYear> {
        self.years.iter().find(|known| known.year == year)
    }

    /// The notice that says the holidays of a year.
    pub fn source(&self, year: i16) -> Option<&str> {
        self.year(year).map(|year| year.source.as_str())
    }

    /// Whether a day is a public holiday with the days off around it.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.year(day.year())
            .is_some_and(|year| year.holidays.iter().any(|[from, to]| (*from..=*to).contains(&day)))
    }

    /// Whether people work on a day.
    pub fn is_workday(&self, day: Date) -> bool {
        let is_moved = self.year(day.year()).is_some_and(|year| year.workdays.contains(&day));
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        is_moved || (!is_weekend && !self.is_holiday(day))
    }

    /// The day on which so many working days after a day are over; that day itself does not count.
    pub fn workdays_after(&self, day: Date, count: u16) -> Option<Date> {
        let mut at = day;
        let mut left = count;
        while left > 0 {
            at = at.tomorrow().ok()?;
            left -= u16::from(self.is_workday(at));
        }
        Some(at)
    }

    fn holidays(&self) -> impl Iterator<Item = Date> {
        let spans = self.years.iter().flat_map(|year| &year.holidays);
        spans.flat_map(|[from, to]| {
            std::iter::successors(Some(*from), |day| day.tomorrow().ok())
                .take_while(move |day| day <= to)
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn holidays_are_off_and_moved_days_are_worked() {
        assert!(is_holiday(date(2026, 10, 1)) && !is_workday(date(2026, 10, 1)));
        assert!(is_workday(date(2026, 10, 10)), "a Saturday that is worked");
        assert!(!is_workday(date(2026, 10, 11)), "a Sunday");
        assert!(is_workday(date(2026, 11, 25)) && !is_holiday(date(2026, 11, 25)));
        assert!(is_workday(date(2030, 10, 1)), "nobody has said what is off in that year");
        assert_eq!((source(2026), source(2030)), (Some("国办发明电〔2025〕7号"), None));
    }

    #[test]
    fn moved_days_are_weekends_and_no_holiday_is_worked() {
        let calendar = Calendar::shipped();
        for year in calendar.years() {
            for day in &year.workdays {
                assert!(matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day}");
                assert!(!calendar.is_holiday(*day), "{day}");
            }
        }
        assert!(calendar.holidays().all(|day| !calendar.is_workday(day)));
        let of = |year: i16| calendar.holidays().filter(|day| day.year() == year).count();
        assert_eq!((of(2025), of(2026)), (28, 33));
    }

    #[test]
    fn an_office_puts_its_own_year_in_the_place_of_the_one_that_is_there() {
        let own = HolidayYear {
            year: 2026,
            source: "本区通知".to_owned(),
            holidays: vec![[date(2026, 12, 7), date(2026, 12, 8)]],
            workdays: vec![date(2026, 12, 5)],
        };
        let calendar = Calendar::shipped().with(vec![own]);
        assert_eq!(calendar.source(2026), Some("本区通知"));
        assert!(calendar.is_workday(date(2026, 12, 5)) && calendar.is_workday(date(2026, 10, 1)));
        // Friday the 4th: the 5th is worked, the 6th a Sunday, the 7th and 8th off.
        assert_eq!(calendar.workdays_after(date(2026, 12, 4), 2), Some(date(2026, 12, 9)));
        assert!(calendar.is_holiday(date(2025, 10, 1)), "other years stay");
    }
}
