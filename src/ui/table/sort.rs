//! The order of the rows.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::domain::{Kind, Record};
use crate::ui::card::{links, shown_by_name};
use crate::ui::ctx::Ctx;

/// By the values of a field, or down from the last. Other records are ordered as they are read, by
/// name.
pub fn sort(ctx: &Ctx<'_>, kind: Kind, rows: &mut [Arc<Record>], key: &str, is_down: bool) {
    let turned = |order: Ordering| if is_down { order.reverse() } else { order };
    let names_others = links::target(kind, key).is_some() || key == links::RECORDS;
    let Some(field) = kind.field(key).filter(|_| names_others) else {
        rows.sort_by(|a, b| turned(compare(a, b, key)));
        return;
    };
    let words = |row: &Record| row.get(key).map(|value| shown_by_name(ctx, kind, field, value));
    let mut named: Vec<(Option<String>, Arc<Record>)> =
        rows.iter().map(|row| (words(row), Arc::clone(row))).collect();
    named.sort_by(|(a, _), (b, _)| turned(a.is_none().cmp(&b.is_none()).then_with(|| a.cmp(b))));
    for (row, (_, sorted)) in rows.iter_mut().zip(named) {
        *row = sorted;
    }
}

/// Numbers as numbers, texts as texts; what is empty comes last.
fn compare(a: &Record, b: &Record, key: &str) -> Ordering {
    use Ordering::{Equal, Greater, Less};
    match (a.get(key), b.get(key)) {
        (None, None) => Equal,
        (None, _) => Greater,
        (_, None) => Less,
        (Some(a), Some(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => a.to_cell().cmp(&b.to_cell()),
        },
    }
}
