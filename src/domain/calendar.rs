//! Public holidays, and weekend days on which everybody works instead (调休): the yearly notice of
//! 国务院办公厅, year by year. Days of a year that is not in the table are told by their weekday alone.
//!
//! There is one table, which hours of restrictions and time limits of the ledger read alike: the one
//! that comes with the program, in which an office may put other years or other days of a year
//! ([`install`], when the program starts and whenever the table is edited).

use std::sync::{PoisonError, RwLock};

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::Localized;

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

static INSTALLED: RwLock<Option<&'static Calendar>> = RwLock::new(None);

/// Puts the years of an office into the table, in place of those years that come with the program. The
/// table before it stays in memory, for whoever still reads it: it is edited a few times a year.
pub fn install(own: Vec<HolidayYear>) {
    let table: &'static Calendar = Box::leak(Box::new(Calendar::shipped().with(own)));
    *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
}

/// The table that holds.
pub fn calendar() -> &'static Calendar {
    if let Some(table) = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner) {
        return table;
    }
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    installed.get_or_insert_with(|| Box::leak(Box::new(Calendar::shipped())))
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

/// What is wrong with a year as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YearFault {
    #[error("`{0}` is no day: write 10.1 or 10.1-10.7")]
    NoDay(String),
    #[error("`{0}` ends before it begins")]
    Backwards(String),
    #[error("{0} is a weekday: only days of a weekend are moved")]
    NoWeekend(Date),
    #[error("{0} is both off and worked")]
    Both(Date),
    #[error("say which notice it comes from")]
    NoSource,
}

impl Localized for YearFault {
    fn zh(&self) -> String {
        match self {
            Self::NoDay(text) => format!("“{text}”不是日期，应写成 10.1 或 10.1-10.7"),
            Self::Backwards(text) => format!("“{text}”的结束早于开始"),
            Self::NoWeekend(day) => format!("{day} 不是周末，不必列为调休上班"),
            Self::Both(day) => format!("{day} 既放假又上班"),
            Self::NoSource => "请写明文号，如 国办发明电〔2026〕8号".to_owned(),
        }
    }
}

const BETWEEN: [char; 6] = ['、', ',', '，', ';', '；', ' '];

impl HolidayYear {
    /// As an office writes it: `1.1-1.3、2.15-2.23` are off, `1.4、2.14` are worked.
    pub fn read(year: i16, source: &str, off: &str, worked: &str) -> Result<Self, YearFault> {
        let day = |text: &str| {
            let plain = text.trim().replace(['月', '/'], ".").replace('日', "");
            let (month, day) = plain.split_once('.')?;
            Date::new(year, month.trim().parse().ok()?, day.trim().parse().ok()?).ok()
        };
        let named = |text: &str| day(text).ok_or_else(|| YearFault::NoDay(text.to_owned()));
        let parts = |text: &'_ str| -> Vec<String> {
            text.split(BETWEEN)
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let mut holidays = Vec::new();
        for part in parts(off) {
            let (from, to) = part.split_once(['-', '－', '—', '~', '至']).unwrap_or((&part, &part));
            let span = [named(from)?, named(to)?];
            if span[0] > span[1] {
                return Err(YearFault::Backwards(part.clone()));
            }
            holidays.push(span);
        }
        let workdays: Result<Vec<Date>, YearFault> =
            parts(worked).iter().map(|part| named(part)).collect();
        let read = Self { year, source: source.trim().to_owned(), holidays, workdays: workdays? };
        read.fault().map_or(Ok(read), Err)
    }

    fn fault(&self) -> Option<YearFault> {
        if self.source.is_empty() {
            return Some(YearFault::NoSource);
        }
        let is_weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if let Some(day) = self.workdays.iter().find(|day| !is_weekend(day)) {
            return Some(YearFault::NoWeekend(*day));
        }
        let is_off = |day: &Date| self.holidays.iter().any(|[from, to]| (from..=to).contains(&day));
        self.workdays.iter().find(|day| is_off(day)).map(|day| YearFault::Both(*day))
    }

    /// The days off, as [`HolidayYear::read`] reads them.
    pub fn off_words(&self) -> String {
        let span = |[from, to]: &[Date; 2]| {
            if from == to { short(*from) } else { format!("{}-{}", short(*from), short(*to)) }
        };
        self.holidays.iter().map(span).collect::<Vec<_>>().join("、")
    }

    /// The days that are worked, as [`HolidayYear::read`] reads them.
    pub fn worked_words(&self) -> String {
        self.workdays.iter().map(|day| short(*day)).collect::<Vec<_>>().join("、")
    }
}

fn short(day: Date) -> String {
    format!("{}.{}", day.month(), day.day())
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
    fn a_year_is_written_as_it_is_read_and_what_is_wrong_is_said() {
        for year in Calendar::shipped().years() {
            let (off, worked) = (year.off_words(), year.worked_words());
            let back = HolidayYear::read(year.year, &year.source, &off, &worked);
            assert_eq!(back.as_ref(), Ok(year));
        }
        let read = |off, worked| HolidayYear::read(2027, "通知", off, worked).unwrap_err();
        assert_eq!(read("10.32", ""), YearFault::NoDay("10.32".to_owned()));
        assert_eq!(read("10.7-10.1", ""), YearFault::Backwards("10.7-10.1".to_owned()));
        assert_eq!(read("", "1.4"), YearFault::NoWeekend(date(2027, 1, 4)));
        assert_eq!(read("1月1日至1月3日", "1.2"), YearFault::Both(date(2027, 1, 2)));
        assert_eq!(HolidayYear::read(2027, " ", "1.1", ""), Err(YearFault::NoSource));
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
