//! What the cells of one column must be, as in a spreadsheet.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::analysis::standards::failing_items;
use crate::domain::{Record, Value};

/// A column that is no field: the items that an inspection found wrong, by their keys.
pub const FAILING_ITEMS: &str = "failing_items";

/// What the cells of one column must be. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnFilter {
    /// One of these, as [`cells`] gives them; none for any. What is empty is an empty text.
    pub values: BTreeSet<String>,
    /// At least and at most: numbers as numbers, dates as dates, other texts as texts. What is empty lies
    /// in no range.
    pub from: Option<String>,
    pub to: Option<String>,
}

impl ColumnFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.from.is_none() && self.to.is_none()
    }

    /// Whether a cell of a record is meant; of a list one member is enough.
    pub fn lets_through(&self, record: &Record, key: &str) -> bool {
        let has_range = self.from.is_some() || self.to.is_some();
        cells(record, key).iter().any(|cell| {
            (self.values.is_empty() || self.values.contains(&**cell))
                && (!has_range || self.is_in_range(cell))
        })
    }

    fn is_in_range(&self, cell: &str) -> bool {
        let is_not = |bound: &Option<String>, order: Ordering| {
            bound.as_ref().is_none_or(|bound| compared(cell, bound) != Some(order))
        };
        let can_be = |bound: &Option<String>| {
            bound.as_ref().is_none_or(|bound| compared(cell, bound).is_some())
        };
        !cell.is_empty()
            && can_be(&self.from)
            && can_be(&self.to)
            && is_not(&self.from, Ordering::Less)
            && is_not(&self.to, Ordering::Greater)
    }
}

/// `None` where one is a number or a date and the other is not.
fn compared(cell: &str, bound: &str) -> Option<Ordering> {
    if let Ok(bound) = bound.parse::<f64>() {
        return cell.parse::<f64>().ok()?.partial_cmp(&bound);
    }
    if let Ok(bound) = bound.parse::<Date>() {
        return Some(cell.parse::<Date>().ok()?.cmp(&bound));
    }
    Some(cell.cmp(bound))
}

/// What stands in a column of a record: its members where it is a list, an empty text where it is empty.
pub fn cells<'r>(record: &'r Record, key: &str) -> Vec<Cow<'r, str>> {
    let cells: Vec<Cow<'r, str>> = if key == FAILING_ITEMS {
        failing_items(record).map(|item| Cow::Borrowed(item.key)).collect()
    } else {
        match record.get(key) {
            None => Vec::new(),
            Some(Value::Words(words)) => words.iter().map(|word| Cow::Borrowed(&**word)).collect(),
            Some(value) => match value.as_str() {
                Some(text) => vec![Cow::Borrowed(text)],
                None => vec![Cow::Owned(value.to_cell())],
            },
        }
    };
    if cells.is_empty() { vec![Cow::Borrowed("")] } else { cells }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Ids, Kind, SiteKind, Stamp, Verdict};

    fn record(kind: Kind, fields: &[(&str, Value)]) -> Record {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut record = Record::new(Ids::new(stamp.at, 1).next(), kind, &stamp);
        for (key, value) in fields {
            record.set(key, Some(value.clone()));
        }
        record
    }

    fn of(values: &[&str], from: Option<&str>, to: Option<&str>) -> ColumnFilter {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        ColumnFilter { values, from: from.map(str::to_owned), to: to.map(str::to_owned) }
    }

    #[test]
    fn values_ranges_and_what_is_empty_are_picked_as_in_a_spreadsheet() {
        let queue = record(Kind::Congestion, &[("trucks_per_hour", Value::Real(90.0))]);
        let lets = |filter: ColumnFilter, key: &str| filter.lets_through(&queue, key);
        assert!(lets(of(&[], Some("9"), Some("100")), "trucks_per_hour"), "as numbers");
        assert!(!lets(of(&[], Some("90.5"), None), "trucks_per_hour"));
        assert!(lets(of(&["90"], None, None), "trucks_per_hour"));
        assert!(lets(of(&[""], None, None), "name") && !lets(of(&["甲"], None, None), "name"));
        assert!(!lets(of(&[], None, Some("5")), "name"), "what is empty lies in no range");
        let day = Value::Date(jiff::civil::date(2026, 11, 9));
        let due = record(Kind::Decision, &[("due", day)]);
        assert!(of(&[], Some("2026-11-09"), Some("2026-12-01")).lets_through(&due, "due"));
        assert!(!of(&[], Some("2026-11-10"), None).lets_through(&due, "due"));
    }

    #[test]
    fn of_a_list_one_member_is_enough_and_what_fails_is_a_column() {
        let verdict = |verdict: Verdict| verdict.value();
        let site = record(
            Kind::Site,
            &[
                ("kind", SiteKind::Construction.value()),
                ("wash", verdict(Verdict::Failed)),
                ("cover", verdict(Verdict::Failed)),
                ("hardening", verdict(Verdict::Passed)),
            ],
        );
        assert!(of(&["wash"], None, None).lets_through(&site, FAILING_ITEMS));
        assert!(!of(&["hardening", ""], None, None).lets_through(&site, FAILING_ITEMS));
    }
}
