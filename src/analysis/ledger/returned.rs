//! Photos that come back from a patrol named by the numbers of their items: which is of which.

use std::path::Path;

use super::row::{Ledger, LedgerRow};
use crate::domain::item::{put_photo, side_of_new_photo};
use crate::domain::{Record, Stamp};

/// The item whose number stands in the name of a file: `FR-20261129-017.jpg`, `FR-20261129-017_2.jpg`,
/// `现场 fr-20261129-017 (1).JPG`. The longest number wins, and none of two that are as long.
pub fn item_of<'l>(ledger: &'l Ledger, file: &Path) -> Option<&'l LedgerRow> {
    let stem = file.file_stem()?.to_string_lossy().to_uppercase();
    let mut found: Option<(usize, Vec<&LedgerRow>)> = None;
    for row in &ledger.rows {
        let numbers = [row.record.code().unwrap_or_default(), row.record.text("superior_code")];
        let longest = numbers
            .into_iter()
            .filter(|number| number.chars().count() >= LEAST && has_number(&stem, number))
            .map(str::len)
            .max();
        let Some(length) = longest else { continue };
        match &mut found {
            Some((known, _)) if *known > length => {}
            Some((known, rows)) if *known == length => rows.push(row),
            _ => found = Some((length, vec![row])),
        }
    }
    match found?.1.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// A shorter number stands in many names.
const LEAST: usize = 4;

/// Whether a number stands in a text with no further figure or letter beside it: 017 is not 0171.
fn has_number(text: &str, number: &str) -> bool {
    let number = number.to_uppercase();
    text.match_indices(&number).any(|(at, _)| {
        let before = text.get(..at).and_then(|rest| rest.chars().next_back());
        let after = text.get(at + number.len()..).and_then(|rest| rest.chars().next());
        let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !goes_on(before) && !goes_on(after)
    })
}

/// An item with a photo more, on the side that it is on the way to show.
pub fn with_photo(item: &Record, name: &str, by: &Stamp) -> Record {
    let mut newer = item.clone();
    let mut all: Vec<std::sync::Arc<str>> = item.attachments().map(Into::into).collect();
    if !all.iter().any(|known| **known == *name) {
        if let Some(side) = side_of_new_photo(item) {
            put_photo(&mut newer, name, Some(side));
        }
        all.push(name.into());
        newer.set_attachments(all);
        newer.meta.change(by);
    }
    newer
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Change, Edit, Ids, Kind, Value, World};

    fn ledger(codes: &[(&str, &str)]) -> Ledger {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let item = |(code, superior): &(&str, &str)| {
            let mut item = Record::new(ids.next(), Kind::Item, &stamp);
            item.set("code", Some(Value::text(code)));
            item.set("name", Some(Value::text("裸土")));
            item.set("superior_code", (!superior.is_empty()).then(|| Value::text(superior)));
            Change::create(item)
        };
        let mut world = World::default();
        world.apply(&Edit::of(codes.iter().map(item).collect())).unwrap();
        Ledger::of(&world)
    }

    #[test]
    fn a_photo_belongs_to_the_item_whose_whole_number_stands_in_its_name() {
        let ledger = ledger(&[
            ("FR-20261129-017", ""),
            ("FR-20261129-018", "X2HB202109260024"),
            ("FR-20261129-1", ""),
        ]);
        let code = |file: &str| {
            item_of(&ledger, Path::new(file)).and_then(|row| row.record.code().map(str::to_owned))
        };
        let is = |file: &str, of: &str| assert_eq!(code(file).as_deref(), Some(of), "{file}");
        is("FR-20261129-017.jpg", "FR-20261129-017");
        is("a/fr-20261129-017_2.JPG", "FR-20261129-017");
        is("现场FR-20261129-018 (1).png", "FR-20261129-018");
        is("X2HB202109260024后.jpg", "FR-20261129-018");
        is("FR-20261129-1.jpg", "FR-20261129-1");
        for other in ["IMG_0017.jpg", "FR-20261129-0171.jpg", "微信图片_20261129.jpg", ""] {
            assert_eq!(code(other), None, "{other}");
        }
        let two = "FR-20261129-017 FR-20261129-018.jpg";
        assert_eq!(code(two), None, "it names two");
    }
}
