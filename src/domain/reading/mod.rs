//! Readings: what instruments at a place said of a span of time.
//!
//! A reading is a value of a [`Factor`] at a place (a record that is a control point, a site or a
//! weather station) over [start, end). Those of one place and span stand together in a
//! [`ReadingRow`]. They are no records: they are kept apart (`store::readings`), come by deliveries
//! ([`super::Kind::Delivery`]), and none is ever changed; a later value is one more version.

mod delivery;
mod factor;
mod flag;
mod label;
mod span;

use jiff::Timestamp;

pub use delivery::{COLUMNS_KEPT, DeliveryHead, KNOWN_ROWS_KEPT, WholeDelivery};
pub use factor::Factor;
pub use flag::Flag;
pub use label::{Clock, LabelEnd, LabelRule};
pub use span::Span;

use super::RecordId;

/// How many factors have a column of their own.
pub const COLUMNS: usize = Factor::COLUMNS.len();

/// What a place said of one span of time: some factors, in the units of [`Factor::unit`].
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingRow {
    pub place: RecordId,
    pub span: Span,
    /// UTC.
    pub start: Timestamp,
    pub values: FactorValues,
}

impl ReadingRow {
    /// Where its span ends; its start, where that is an instant.
    pub fn end(&self) -> Timestamp {
        self.span.end(self.start)
    }
}

/// Values of several factors. What is missing is absent, never 0.
#[derive(Clone, Debug)]
pub struct FactorValues {
    /// By [`Factor::column`]; NaN where there is none.
    columns: [f64; COLUMNS],
    /// Of factors without a column, in the order of their names.
    others: Vec<(Factor, f64)>,
    /// In the order of factors; values without a mark have none. A mark may stand without a value.
    flags: Vec<(Factor, Flag)>,
}

/// Missing values are the same.
impl PartialEq for FactorValues {
    fn eq(&self, other: &Self) -> bool {
        let bits = |values: &[f64; COLUMNS]| values.map(f64::to_bits);
        bits(&self.columns) == bits(&other.columns)
            && self.others == other.others
            && self.flags == other.flags
    }
}

impl Default for FactorValues {
    fn default() -> Self {
        Self { columns: [f64::NAN; COLUMNS], others: Vec::new(), flags: Vec::new() }
    }
}

impl FactorValues {
    /// Sets a value; one that is no finite number takes it out.
    pub fn set(&mut self, factor: &Factor, value: f64) {
        if let Some(slot) = factor.column().and_then(|at| self.columns.get_mut(at)) {
            *slot = if value.is_finite() { value } else { f64::NAN };
            return;
        }
        let place = self.others.binary_search_by(|(known, _)| known.cmp(factor));
        match place {
            Ok(at) if value.is_finite() => {
                if let Some(slot) = self.others.get_mut(at) {
                    slot.1 = value;
                }
            }
            Ok(at) => drop(self.others.remove(at)),
            Err(at) if value.is_finite() => self.others.insert(at, (factor.clone(), value)),
            Err(_) => {}
        }
    }

    /// Sets the mark of a value.
    pub fn flag(&mut self, factor: &Factor, flag: Flag) {
        match self.flags.binary_search_by(|(known, _)| known.cmp(factor)) {
            Ok(at) => {
                if let Some(slot) = self.flags.get_mut(at) {
                    slot.1 = flag;
                }
            }
            Err(at) => self.flags.insert(at, (factor.clone(), flag)),
        }
    }

    /// The value as it came, whatever its mark.
    pub fn get(&self, factor: &Factor) -> Option<f64> {
        match factor.column() {
            Some(at) => self.columns.get(at).copied().filter(|value| !value.is_nan()),
            None => self.others.iter().find(|(known, _)| known == factor).map(|(_, value)| *value),
        }
    }

    /// The value, where its mark lets it count for means.
    pub fn counting(&self, factor: &Factor) -> Option<f64> {
        let value = self.get(factor)?;
        let is_counting = self.flags.is_empty() || self.flag_of(factor).is_none_or(Flag::counts);
        is_counting.then_some(value)
    }

    pub fn flag_of(&self, factor: &Factor) -> Option<&Flag> {
        self.flags.iter().find(|(known, _)| known == factor).map(|(_, flag)| flag)
    }

    /// By [`Factor::column`]; NaN where there is none.
    pub const fn columns(&self) -> &[f64; COLUMNS] {
        &self.columns
    }

    pub fn others(&self) -> &[(Factor, f64)] {
        &self.others
    }

    pub fn flags(&self) -> &[(Factor, Flag)] {
        &self.flags
    }

    /// Every value, factors with a column first.
    pub fn iter(&self) -> impl Iterator<Item = (Factor, f64)> {
        let columns = Factor::COLUMNS.into_iter().zip(self.columns);
        let columns = columns.filter(|(_, value)| !value.is_nan());
        columns.chain(self.others.iter().cloned())
    }

    pub fn count(&self) -> usize {
        self.columns.iter().filter(|value| !value.is_nan()).count() + self.others.len()
    }

    /// Neither a value nor a mark.
    pub fn is_empty(&self) -> bool {
        self.count() == 0 && self.flags.is_empty()
    }

    /// Takes them all out.
    pub fn clear(&mut self) {
        self.columns = [f64::NAN; COLUMNS];
        self.others.clear();
        self.flags.clear();
    }

    /// Takes over what a later delivery says: each value of its own, with its mark. What it says
    /// nothing of stays.
    pub fn overlay(&mut self, later: &Self) {
        for (slot, value) in self.columns.iter_mut().zip(later.columns) {
            if !value.is_nan() {
                *slot = value;
            }
        }
        for (factor, value) in &later.others {
            self.set(factor, *value);
        }
        if !self.flags.is_empty() {
            self.flags.retain(|(factor, _)| later.get(factor).is_none());
        }
        for (factor, flag) in &later.flags {
            self.flag(factor, flag.clone());
        }
    }

    /// Whether laying the other over this would change nothing.
    pub fn covers(&self, later: &Self) -> bool {
        let same = |(own, value): (&f64, &f64)| value.is_nan() || own.to_bits() == value.to_bits();
        if !self.columns.iter().zip(&later.columns).all(same) {
            return false;
        }
        if self.others.is_empty()
            && later.others.is_empty()
            && self.flags.is_empty()
            && later.flags.is_empty()
        {
            return true;
        }
        let mut laid = self.clone();
        laid.overlay(later);
        laid.others == self.others && laid.flags == self.flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_delivery_adds_what_it_says_and_takes_nothing_away() {
        let mut first = FactorValues::default();
        first.set(&Factor::Pm25, 88.0);
        first.set(&Factor::Co, 1.2);
        first.flag(&Factor::Co, Flag::new("D"));
        let mut later = FactorValues::default();
        later.set(&Factor::Co, 1.1);
        later.set(&Factor::named("a24088"), 0.7);
        assert!(!first.covers(&later));
        first.overlay(&later);
        assert_eq!(first.get(&Factor::Pm25), Some(88.0));
        assert_eq!(first.counting(&Factor::Co), Some(1.1), "the mark was of the earlier value");
        assert_eq!(first.get(&Factor::named("a24088")), Some(0.7));
        assert!(first.covers(&later) && first.covers(&FactorValues::default()));
        assert_eq!(first.count(), 3);
    }

    #[test]
    fn what_is_no_number_is_missing_and_what_is_marked_does_not_count() {
        let mut readings = FactorValues::default();
        readings.set(&Factor::O3, f64::NAN);
        assert!(readings.is_empty());
        readings.set(&Factor::O3, 0.0);
        assert_eq!(readings.get(&Factor::O3), Some(0.0));
        for (mark, counts) in [("N", true), ("D", false), ("T", false), ("H", false), ("<", false)]
        {
            readings.flag(&Factor::O3, Flag::new(mark));
            assert_eq!(readings.counting(&Factor::O3).is_some(), counts, "{mark}");
        }
    }
}
