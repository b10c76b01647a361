//! `no @ (Mo-Fr 07:00-19:00 AND weight>7.5); destination @ (…)`: values with conditions.

use super::values::limit;
use super::{Measure, Measures};
use crate::domain::written::opening_hours;

/// All of it must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    /// Opening hours as OpenStreetMap writes them, local time.
    pub hours: Option<String>,
    /// What of the truck is meant.
    pub bounds: Vec<Bound>,
}

/// `weight>7.5`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// What is compared.
    pub measure: Measure,
    /// Above the value, else below it.
    pub is_above: bool,
    /// The value itself too.
    pub includes: bool,
    /// In the unit of the measure.
    pub value: f64,
}

impl Condition {
    /// Whether it holds for a truck; `holds` says it of hours.
    pub(super) fn holds(&self, truck: &Measures, holds: &dyn Fn(&str) -> bool) -> bool {
        self.hours.as_deref().is_none_or(holds)
            && self.bounds.iter().all(|bound| {
                let of = truck.of(bound.measure);
                let is_beyond = if bound.is_above { of > bound.value } else { of < bound.value };
                is_beyond || (bound.includes && of.total_cmp(&bound.value).is_eq())
            })
    }
}

/// Each value with its condition, in the order in which they are written; `None` where any part is
/// not understood.
pub(super) fn clauses<T>(
    text: &str,
    value: impl Fn(&str) -> Option<T>,
) -> Option<Vec<(T, Condition)>> {
    let mut found = Vec::new();
    for clause in split(text) {
        let (said, when) = clause.split_once('@')?;
        found.push((value(said.trim())?, condition(when)?));
    }
    (!found.is_empty()).then_some(found)
}

/// At semicolons that stand in no bracket.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0_i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ';' if depth <= 0 => {
                parts.extend(text.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(from..));
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn condition(text: &str) -> Option<Condition> {
    let text = text.trim();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let mut condition = Condition::default();
    for part in inner.split(" AND ").flat_map(|part| part.split(" and ")).map(str::trim) {
        match bound(part) {
            Some(bound) => condition.bounds.push(bound),
            None if condition.hours.is_none() => {
                condition.hours = Some(opening_hours(part).filter(|_| !part.is_empty())?);
            }
            None => return None,
        }
    }
    Some(condition)
}

fn bound(text: &str) -> Option<Bound> {
    let at = text.find(['>', '<', '='])?;
    let (name, rest) = text.split_at_checked(at)?;
    let measure = match name.trim() {
        "weight" | "maxweight" => Measure::Mass,
        "weightrating" | "maxweightrating" => Measure::Rating,
        "axleload" => Measure::AxleLoad,
        "height" => Measure::Height,
        "width" => Measure::Width,
        "length" => Measure::Length,
        "axles" => Measure::Axles,
        _ => return None,
    };
    let (is_above, rest) = match rest.split_at_checked(1)? {
        (">", rest) => (true, rest),
        ("<", rest) => (false, rest),
        _ => return None,
    };
    let (includes, number) = match rest.strip_prefix('=') {
        Some(number) => (true, number),
        None => (false, rest),
    };
    Some(Bound { measure, is_above, includes, value: limit(measure, number)?? })
}
