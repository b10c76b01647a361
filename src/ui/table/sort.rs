//! The order of the rows.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::analysis::search::pinyin_key;
use crate::domain::{Kind, Record};
use crate::ui::card::{links, shown_by_name};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::failing_items_words;

/// By the values of a field, or down from the last: numbers as numbers, texts by their pinyin, other
/// records as they are read, by name.
pub fn sort(ctx: &Ctx<'_>, kind: Kind, rows: &mut [Arc<Record>], key: &str, is_down: bool) {
    let turned = |order: Ordering| if is_down { order.reverse() } else { order };
    let mut keyed: Vec<(Key, Arc<Record>)> =
        rows.iter().map(|row| (Key::of(ctx, kind, row, key), Arc::clone(row))).collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        // What is empty comes last, whichever way the rest runs.
        (Key::Empty, Key::Empty) => Ordering::Equal,
        (Key::Empty, _) => Ordering::Greater,
        (_, Key::Empty) => Ordering::Less,
        _ => turned(a.cmp(b)),
    });
    for (row, (_, sorted)) in rows.iter_mut().zip(keyed) {
        *row = sorted;
    }
}

/// What one row is ordered by.
enum Key {
    Number(f64),
    /// In the order of the list of choices, which is that of rank.
    Place(usize),
    Text(String),
    Empty,
}

impl Key {
    fn of(ctx: &Ctx<'_>, kind: Kind, row: &Record, key: &str) -> Self {
        if key == super::columns::FAILING.key {
            let words = failing_items_words(row, ctx.lang());
            return if words.is_empty() { Self::Empty } else { Self::Text(pinyin_key(&words)) };
        }
        let (Some(value), Some(field)) = (row.get(key), kind.field(key)) else {
            return Self::Empty;
        };
        let names_others = links::target(kind, key).is_some() || key == links::RECORDS;
        if names_others {
            return Self::Text(pinyin_key(&shown_by_name(ctx, kind, field, value)));
        }
        if let Some(number) = value.as_f64() {
            return Self::Number(number);
        }
        let choices = field.choices().unwrap_or_default();
        match value.as_str() {
            Some(text) => choices
                .iter()
                .position(|choice| choice.key == text)
                .map_or_else(|| Self::Text(pinyin_key(text)), Self::Place),
            None => Self::Text(pinyin_key(&value.to_cell())),
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Place(a), Self::Place(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// Of what is of different kinds in one column.
    const fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Place(_) => 1,
            Self::Text(_) => 2,
            Self::Empty => 3,
        }
    }
}
