//! Public holidays, and weekend days on which everybody works instead (调休): the yearly notice of
//! 国务院办公厅, year by year. Days of a year that is not in the table are told by their weekday alone.

use jiff::civil::{Date, Weekday};

/// A year as its notice says it: holidays from month and day to month and day, and days of work.
struct YearTable {
    year: i16,
    /// The notice.
    source: &'static str,
    holidays: &'static [[(i8, i8); 2]],
    workdays: &'static [(i8, i8)],
}

const YEARS: [YearTable; 3] = [
    YearTable {
        year: 2024,
        source: "国办发明电〔2023〕7号",
        holidays: &[
            [(1, 1), (1, 1)],
            [(2, 10), (2, 17)],
            [(4, 4), (4, 6)],
            [(5, 1), (5, 5)],
            [(6, 10), (6, 10)],
            [(9, 15), (9, 17)],
            [(10, 1), (10, 7)],
        ],
        workdays: &[(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)],
    },
    YearTable {
        year: 2025,
        source: "国办发明电〔2024〕12号",
        holidays: &[
            [(1, 1), (1, 1)],
            [(1, 28), (2, 4)],
            [(4, 4), (4, 6)],
            [(5, 1), (5, 5)],
            [(5, 31), (6, 2)],
            [(10, 1), (10, 8)],
        ],
        workdays: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    },
    YearTable {
        year: 2026,
        source: "国办发明电〔2025〕7号",
        holidays: &[
            [(1, 1), (1, 3)],
            [(2, 15), (2, 23)],
            [(4, 4), (4, 6)],
            [(5, 1), (5, 5)],
            [(6, 19), (6, 21)],
            [(9, 25), (9, 27)],
            [(10, 1), (10, 7)],
        ],
        workdays: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    },
];

fn table(year: i16) -> Option<&'static YearTable> {
    YEARS.iter().find(|table| table.year == year)
}

/// The notice that says the holidays of a year; `None` where none is known here.
pub fn source(year: i16) -> Option<&'static str> {
    table(year).map(|table| table.source)
}

/// Whether a day is a public holiday with the days off around it.
pub fn is_holiday(day: Date) -> bool {
    let at = (day.month(), day.day());
    table(day.year())
        .is_some_and(|table| table.holidays.iter().any(|[from, to]| *from <= at && at <= *to))
}

/// Whether people work: weekdays but for holidays, and the days that were moved.
pub fn is_workday(day: Date) -> bool {
    let is_moved =
        table(day.year()).is_some_and(|table| table.workdays.contains(&(day.month(), day.day())));
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    is_moved || (!is_weekend && !is_holiday(day))
}

/// All holidays of the years that are known, in their order.
pub fn holidays() -> impl Iterator<Item = Date> {
    YEARS.iter().flat_map(|table| {
        table.holidays.iter().flat_map(|[from, to]| {
            let day = |(month, day): (i8, i8)| Date::new(table.year, month, day).ok();
            let (from, to) = (day(*from), day(*to));
            std::iter::successors(from, |day| day.tomorrow().ok())
                .take_while(move |day| to.is_some_and(|to| *day <= to))
        })
    })
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
        for table in &YEARS {
            for (month, day) in table.workdays {
                let day = date(table.year, *month, *day);
                assert!(matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day}");
                assert!(!is_holiday(day), "{day}");
            }
        }
        assert!(holidays().all(|day| !is_workday(day)));
        let of = |year: i16| holidays().filter(|day| day.year() == year).count();
        assert_eq!((of(2025), of(2026)), (28, 33));
    }
}
