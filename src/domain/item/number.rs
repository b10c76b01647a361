//! The office's own numbers: `FR-20261129-017`, a prefix, the day, and a count of that day.

use jiff::civil::Date;

use crate::domain::{Kind, World};

/// Where nothing says how this office begins its numbers.
pub const PREFIX: &str = "WT";

/// The prefix that the newest number of the ledger has; else the one given.
pub fn prefix(world: &World, otherwise: &str) -> String {
    let codes = world.table(Kind::Item).iter().filter_map(|item| item.code());
    let newest = codes.filter_map(parts).max_by_key(|(_, day, count)| (*day, *count));
    let own = newest.map(|(prefix, ..)| prefix).filter(|prefix| !prefix.is_empty());
    own.unwrap_or(if otherwise.is_empty() { PREFIX } else { otherwise }).to_owned()
}

/// Numbers of a day, from the first that no item has had: what is deleted or merged keeps its own, as
/// items that were handed over are never deleted (`domain::item::guard`).
pub fn next(world: &World, prefix: &str, day: Date) -> impl Iterator<Item = String> + use<> {
    let codes = world.table(Kind::Item).iter().filter_map(|item| item.code());
    let of_day = codes.filter_map(parts).filter(|(known, on, _)| *known == prefix && *on == day);
    let last = of_day.map(|(.., count)| count).max().unwrap_or(0);
    let prefix = prefix.to_owned();
    (last + 1..).map(move |count| format!("{prefix}-{}-{count:03}", day.strftime("%Y%m%d")))
}

/// Numbers for the items of one import, each given once.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    known: Option<(String, Date, u32)>,
}

impl Numbers {
    /// The next number of a day.
    pub fn next(&mut self, world: &World, day: Date) -> String {
        let (prefix, day, count) = self.known.get_or_insert_with(|| {
            let prefix = prefix(world, PREFIX);
            let first = next(world, &prefix, day).next().unwrap_or_default();
            let count = parts(&first).map_or(1, |(.., count)| count);
            (prefix, day, count)
        });
        let code = format!("{prefix}-{}-{count:03}", day.strftime("%Y%m%d"));
        *count += 1;
        code
    }
}

fn parts(code: &str) -> Option<(&str, Date, u32)> {
    let (head, count) = code.rsplit_once('-')?;
    let (prefix, day) = head.rsplit_once('-')?;
    let number = |range: std::ops::Range<usize>| day.get(range)?.parse::<i16>().ok();
    if day.len() != 8 {
        return None;
    }
    let small = |range| i8::try_from(number(range)?).ok();
    let day = Date::new(number(0..4)?, small(4..6)?, small(6..8)?).ok()?;
    Some((prefix, day, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Record, Stamp, Value};

    #[test]
    fn numbers_go_on_from_the_highest_of_the_day_under_the_prefix_of_the_office() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 1);
        let mut item = |code: &str| {
            let mut item = Record::new(ids.next(), Kind::Item, &stamp);
            item.set("code", Some(Value::text(code)));
            item
        };
        let world: World =
            ["FR-20261129-016", "FR-20261129-003", "X2HA202104270093", "FR-20261128-900"]
                .into_iter()
                .map(&mut item)
                .collect();
        let own = prefix(&world, "WT");
        assert_eq!(own, "FR");
        let numbers: Vec<String> = next(&world, &own, date(2026, 11, 29)).take(2).collect();
        assert_eq!(numbers, ["FR-20261129-017", "FR-20261129-018"]);
        assert_eq!(next(&world, &own, date(2026, 11, 30)).next().unwrap(), "FR-20261130-001");
        assert_eq!(prefix(&World::default(), ""), "WT");
    }
}
