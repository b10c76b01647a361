//! Written hours as the half hours of a week, and back: what a grid can show and paint.

use jiff::civil::{DateTime, date};

use super::{Hours, hours_rules};

/// Half hours of a day.
pub const SLOTS: usize = 48;
/// Whether it holds, from Monday and midnight on.
pub type WeekHours = [[bool; SLOTS]; 7];

const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const SLOT_MIN: usize = 30;

/// Slots from and to; the end may lie on the next day.
type Window = (usize, usize);

/// The week of written hours; `None` where a week cannot hold them: seasons, holidays, times that
/// are no half hours, or no hours at all.
pub fn week_hours(text: &str) -> Option<WeekHours> {
    let is_plain = hours_rules(text)?.iter().all(|spell| {
        let is_whole = |(from, to): &(u16, u16)| {
            usize::from(*from).is_multiple_of(SLOT_MIN) && usize::from(*to).is_multiple_of(SLOT_MIN)
        };
        spell.seasons.is_empty() && !spell.on_holidays && spell.times.iter().all(is_whole)
    });
    let hours = Hours::parse(text).ok().filter(|_| is_plain)?;
    // Any Monday: without seasons every week is the same.
    let monday: DateTime = date(2026, 1, 5).at(0, 0, 0, 0);
    let mut week = [[false; SLOTS]; 7];
    for (day, slots) in week.iter_mut().enumerate() {
        for (slot, holds) in slots.iter_mut().enumerate() {
            let minutes = i64::try_from((day * SLOTS + slot) * SLOT_MIN).ok()?;
            let at = monday.checked_add(jiff::Span::new().minutes(minutes)).ok()?;
            *holds = hours.holds(at);
        }
    }
    Some(week)
}

/// The shortest hours that [`week_hours`] reads as this week. Nights belong to the day on which they
/// begin.
pub fn text_of_week(week: &WeekHours) -> String {
    if week.iter().flatten().all(|holds| *holds) {
        return "24/7".to_owned();
    }
    let windows = windows(week);
    let mut groups: Vec<(Vec<usize>, &[Window])> = Vec::new();
    for (day, windows) in windows.iter().enumerate().filter(|(_, windows)| !windows.is_empty()) {
        match groups.iter_mut().find(|(_, known)| *known == windows.as_slice()) {
            Some((days, _)) => days.push(day),
            None => groups.push((vec![day], windows)),
        }
    }
    if groups.is_empty() {
        return "off".to_owned();
    }
    let rules: Vec<String> = groups.iter().map(|(days, windows)| rule(days, windows)).collect();
    // A rule after a comma adds to those before it; one after a semicolon would also take away the
    // night that reaches into its day.
    rules.join(", ")
}

fn rule(days: &[usize], windows: &[Window]) -> String {
    let time = |slot: usize| format!("{:02}:{:02}", slot / 2, slot % 2 * SLOT_MIN);
    let window = |(from, to): &Window| {
        let to = if *to > SLOTS { to - SLOTS } else { *to };
        format!("{}-{}", time(*from), time(to))
    };
    let times = windows.iter().map(window).collect::<Vec<_>>().join(",");
    if days.len() == DAYS.len() {
        return times;
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *day => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
    let run = |(first, last): &(usize, usize)| {
        if first == last {
            name(*first).to_owned()
        } else {
            format!("{}-{}", name(*first), name(*last))
        }
    };
    format!("{} {times}", runs.iter().map(run).collect::<Vec<_>>().join(","))
}

/// The windows that begin on each day.
fn windows(week: &WeekHours) -> [Vec<Window>; 7] {
    let mut days = week.map(|slots| runs(&slots));
    // What ends at midnight goes on where the next day begins, as long as it is shorter than a day.
    for day in 0..7 {
        let next = (day + 1) % 7;
        let night = |evening: &Window, morning: &Window| {
            evening.1 == SLOTS && morning.0 == 0 && morning.1 < evening.0 && evening.0 < SLOTS
        };
        let (Some(evening), Some(morning)) = (
            days.get(day).and_then(|windows| windows.last()).copied(),
            days.get(next).and_then(|windows| windows.first()).copied(),
        ) else {
            continue;
        };
        if night(&evening, &morning) {
            if let Some(last) = days.get_mut(day).and_then(|windows| windows.last_mut()) {
                last.1 = SLOTS + morning.1;
            }
            if let Some(windows) = days.get_mut(next) {
                windows.remove(0);
            }
        }
    }
    days
}

/// Slots in a row that hold.
fn runs(slots: &[bool; SLOTS]) -> Vec<Window> {
    let mut runs: Vec<Window> = Vec::new();
    for slot in (0..SLOTS).filter(|slot| slots.get(*slot) == Some(&true)) {
        match runs.last_mut() {
            Some((_, end)) if *end == slot => *end = slot + 1,
            _ => runs.push((slot, slot + 1)),
        }
    }
    runs
}

/// Hours of a mean day of the week in which it holds; of what no week can hold, `None`.
pub fn hours_a_day(text: &str) -> Option<f64> {
    let slots = week_hours(text)?.iter().flatten().filter(|holds| **holds).count();
    Some(slots as f64 / 2.0 / 7.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holding(week: &WeekHours, day: usize) -> Vec<usize> {
        (0..SLOTS).filter(|slot| week[day][*slot]).collect()
    }

    #[test]
    fn a_window_over_midnight_goes_on_in_the_next_morning() {
        let night = week_hours("Fr 22:00-06:00").unwrap();
        assert_eq!(holding(&night, 4), [44, 45, 46, 47]);
        assert_eq!(holding(&night, 5), (0..12).collect::<Vec<_>>());
        assert_eq!(text_of_week(&night), "Fr 22:00-06:00");
        assert_eq!(text_of_week(&week_hours("Su 23:30-00:30").unwrap()), "Su 23:30-00:30");
    }

    #[test]
    fn usual_hours_come_back_as_they_were_written() {
        for text in [
            "07:00-19:00",
            "22:00-06:00",
            "07:00-09:00,17:00-19:00",
            "Mo-Fr 07:00-19:00",
            "Mo-Fr 22:00-06:00, Sa-Su 08:30-10:00",
            "Mo,We,Fr 00:00-24:00",
            "24/7",
            "off",
        ] {
            assert_eq!(text_of_week(&week_hours(text).unwrap()), text);
        }
    }

    #[test]
    fn what_a_week_cannot_hold_is_not_held() {
        for text in ["Nov 15-Mar 15 07:00-19:00", "PH off", "07:10-19:00", "早晚高峰"] {
            assert!(week_hours(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_working_week_of_twelve_hours_is_some_eight_and_a_half_a_day() {
        assert!((hours_a_day("Mo-Fr 07:00-19:00").unwrap() - 60.0 / 7.0).abs() < 1e-9);
        assert!((hours_a_day("").unwrap() - 24.0).abs() < 1e-9);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_week_is_written_and_read_back(
            slots in prop::collection::vec(prop::collection::vec(any::<bool>(), 48), 7),
            coarse in any::<bool>(),
        ) {
            let mut painted = [[false; SLOTS]; 7];
            for (day, of_day) in painted.iter_mut().enumerate() {
                for (slot, holds) in of_day.iter_mut().enumerate() {
                    // Long windows meet at midnight more often than a rain of half hours.
                    *holds = slots[day][if coarse { slot / 12 } else { slot }];
                }
            }
            let text = text_of_week(&painted);
            prop_assert_eq!(week_hours(&text), Some(painted), "{}", text);
        }
    }
}
