//! How many more days may be above a limit before a percentile is.

use super::super::percentile::percentile;
use super::mean::Bound;
use crate::domain::LocalizedText;

/// The days above a limit that a percentile over a period forgives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PercentileBudget {
    /// Days of the period that may be above the limit, however high: `(n − 1)·(100 − p)/100`, rounded
    /// down.
    pub free: u32,
    /// Valid days above it so far.
    pub used: u32,
    /// The percentile where the rest of the days had the value 0: no lower one is possible.
    pub least: f64,
    /// Whether even that is above the limit.
    pub is_impossible: bool,
}

impl PercentileBudget {
    /// Of the valid daily values so far and days to come, all of them counted as valid; of ozone
    /// `p` is 90, of CO 95. A published percentile is held against a rounded limit: 160.5 for 160,
    /// within. `None` without any day.
    pub fn new(done: &[f64], rest_days: u32, p: u8, limit: Bound) -> Option<Self> {
        let is_above = |value: f64| value > limit.value || !limit.is_within && value >= limit.value;
        let mut values = done.to_vec();
        values.resize(done.len() + rest_days as usize, 0.0);
        let spans = values.len().checked_sub(1)?;
        let least = percentile(&mut values, p)?;
        Some(Self {
            free: (spans * usize::from(100 - p.min(100)) / 100) as u32,
            used: done.iter().filter(|value| is_above(**value)).count() as u32,
            least,
            is_impossible: is_above(least),
        })
    }

    /// Days of the rest that may be above the limit, however high, if the others are within it.
    pub const fn left(&self) -> u32 {
        self.free.saturating_sub(self.used)
    }

    pub fn words(&self) -> LocalizedText {
        let Self { free, used, .. } = self;
        if self.is_impossible {
            return LocalizedText::new(
                format!("已不可能达到：已超标 {used} 天，允许 {free} 天"),
                format!("impossible: {used} days above the limit, {free} allowed"),
            );
        }
        let left = self.left();
        LocalizedText::new(
            format!("允许超标 {free} 天，已用 {used} 天，还可超标 {left} 天（算术，非预报）"),
            format!(
                "{free} days may be above the limit, {used} were, {left} are left (arithmetic, no forecast)"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OZONE: Bound = Bound { value: 160.0, is_within: true };

    #[test]
    fn three_of_31_days_may_be_above_the_limit() {
        let budget = PercentileBudget::new(&[], 31, 90, OZONE).unwrap();
        assert_eq!((budget.free, budget.used, budget.left()), (3, 0, 3));
        let co = Bound { value: 4.0, is_within: true };
        assert_eq!(PercentileBudget::new(&[], 28, 95, co).unwrap().free, 1);
        assert_eq!(PercentileBudget::new(&[], 0, 95, co), None);
    }

    #[test]
    fn a_budget_that_is_overdrawn_is_impossible() {
        let mut done = vec![100.0; 20];
        done.extend([200.0; 4]);
        let budget = PercentileBudget::new(&done, 7, 90, OZONE).unwrap();
        assert_eq!((budget.free, budget.used, budget.left()), (3, 4, 0));
        assert_eq!((budget.least, budget.is_impossible), (200.0, true));
        assert!(budget.words().zh.contains("不可能"));
    }

    proptest! {
        #[test]
        fn so_many_days_more_keep_the_percentile_and_one_more_breaks_it(
            done in prop::collection::vec(20.0_f64..260.0, 0..60),
            rest in 1_u32..40,
            p in prop::sample::select(vec![90_u8, 95]),
        ) {
            let budget = PercentileBudget::new(&done, rest, p, OZONE).unwrap();
            let with = |high: u32| {
                let mut values = done.clone();
                values.resize(done.len() + high as usize, 1e6);
                values.resize(done.len() + rest as usize, OZONE.value);
                percentile(&mut values, p).unwrap()
            };
            if budget.used <= budget.free {
                prop_assert!(with(budget.left().min(rest)) <= OZONE.value);
                prop_assert!(!budget.is_impossible);
                if budget.left() < rest {
                    // A rank of its own is out of reach at once, a fraction of one by its height.
                    prop_assert!(with(budget.left() + 1) > OZONE.value);
                }
            }
        }
    }
}
