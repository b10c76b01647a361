//! Whether it was like this before: the same station, hour of the day and direction.

use std::collections::BTreeMap;

use crate::analysis::air::Hour;
use crate::domain::Record;

/// So far back it is looked, hours.
const BACK_H: i32 = 24 * 90;

/// Earlier episodes like one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeat {
    pub count: usize,
    /// What was found in them, the most frequent first.
    pub found: Vec<(String, usize)>,
}

/// Of the records of a station's episodes those within an hour of the same hour of the day, and, where
/// the wind of both is known, from about the same direction.
pub fn repeats<'r>(
    records: impl Iterator<Item = &'r Record>,
    hour: Hour,
    from_deg: Option<f64>,
    from_deg_in: impl Fn(Hour) -> Option<f64>,
) -> Repeat {
    let mut repeat = Repeat::default();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for record in records {
        let Some(then) = crate::domain::episode::moment(record, "begins_at") else { continue };
        let then = Hour::containing(then);
        let back = hour.since(then);
        let apart = back.rem_euclid(24);
        if !(1..=BACK_H).contains(&back) || !matches!(apart, 0 | 1 | 23) {
            continue;
        }
        let both = from_deg.zip(from_deg_in(then));
        if both.is_some_and(|(a, b)| !is_beside(a, b)) {
            continue;
        }
        repeat.count += 1;
        let what = record.text("found");
        if !what.is_empty() {
            *found.entry(what.to_owned()).or_default() += 1;
        }
    }
    repeat.found = found.into_iter().collect();
    repeat.found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    repeat
}

/// Within a sector of 16 and half of the next.
fn is_beside(a: f64, b: f64) -> bool {
    ((a - b + 540.0).rem_euclid(360.0) - 180.0).abs() <= 33.75
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Kind, Stamp, Value};

    #[test]
    fn the_same_hour_and_direction_repeat_and_others_do_not() {
        let at = |day: i8, label: u8| Hour::of_day(date(2026, 11, day), label);
        let stamp = Stamp { actor: "甲".into(), at: at(1, 1).start() };
        let mut ids = Ids::new(stamp.at, 1);
        let mut of = |hour: Hour, found: &str| {
            let mut record = Record::new(ids.next(), Kind::Episode, &stamp);
            record.set("begins_at", Some(Value::text(&hour.start().to_string())));
            record.set("found", (!found.is_empty()).then(|| Value::text(found)));
            record
        };
        let records = [
            of(at(3, 10), "A工地"),
            of(at(8, 11), "A工地"),
            of(at(9, 10), ""),
            of(at(12, 16), "B堆场"),
            of(at(20, 10), "C餐馆"),
        ];
        let wind = |hour: Hour| Some(if hour == at(20, 10) { 200.0 } else { 350.0 });
        let found = repeats(records.iter(), at(25, 10), Some(10.0), wind);
        assert_eq!((found.count, &found.found[..]), (3, &[("A工地".to_owned(), 2)][..]));
        let without_wind = repeats(records.iter(), at(25, 10), None, wind);
        assert_eq!(without_wind.count, 4);
    }
}
