//! The mean that the rest of the days may have.

use crate::domain::LocalizedText;

/// A mean over a period that shall not be above a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanTarget {
    pub target: f64,
    /// Decimals of the published mean, by which a target is judged after rounding.
    pub decimals: u8,
    /// The mean of the valid days so far, and how many they are.
    pub mean: f64,
    pub done_days: u32,
    /// Days that are still to come, all of them counted as valid.
    pub rest_days: u32,
}

/// The largest value that meets something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    pub value: f64,
    /// Whether the value itself does.
    pub is_within: bool,
}

/// What the rest of the days must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rest {
    /// Their mean may be this.
    AtMost(Bound),
    /// Their mean would have to be this, below 0.
    Impossible(f64),
    /// No day is left: the period is over, and whether it met the target.
    Over { is_met: bool },
}

/// The mean that the rest may have, judged in two ways that differ by more than a week's work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestMean {
    /// Where the mean itself is held against the target.
    pub exact: Rest,
    /// Where the published, rounded mean is.
    pub rounded: Rest,
}

impl MeanTarget {
    pub fn rest_mean(&self) -> RestMean {
        let half = 0.5 / 10_f64.powi(i32::from(self.decimals));
        let units = super::super::rounding::half_even_units(self.target, self.decimals);
        let exact = Bound { value: self.target, is_within: true };
        // A half goes to the even neighbour: above an even number it comes down to it.
        let rounded = Bound { value: self.target + half, is_within: units % 2 == 0 };
        RestMean { exact: self.rest(exact), rounded: self.rest(rounded) }
    }

    /// The mean of the whole period where the rest has this mean; `None` without any day.
    pub fn outcome(&self, rest_mean: f64) -> Option<f64> {
        let days = self.done_days + self.rest_days;
        let sum = self.sum() + rest_mean * f64::from(self.rest_days);
        (days > 0).then(|| sum / f64::from(days))
    }

    fn sum(&self) -> f64 {
        self.mean * f64::from(self.done_days)
    }

    fn rest(&self, limit: Bound) -> Rest {
        if self.rest_days == 0 {
            let is_met = self.mean < limit.value || limit.is_within && self.mean <= limit.value;
            return Rest::Over { is_met };
        }
        let days = f64::from(self.done_days + self.rest_days);
        let value = (limit.value * days - self.sum()) / f64::from(self.rest_days);
        if value < 0.0 {
            Rest::Impossible(value)
        } else {
            Rest::AtMost(Bound { value, is_within: limit.is_within })
        }
    }
}

impl Rest {
    /// In words, with a value of so many decimals.
    pub fn words(&self, decimals: u8) -> LocalizedText {
        let decimals = usize::from(decimals);
        match self {
            Self::AtMost(Bound { value, is_within: true }) => LocalizedText::new(
                format!("剩余日均值须不高于 {value:.decimals$}（算术，非预报）"),
                format!(
                    "the rest may have a mean of at most {value:.decimals$} (arithmetic, no forecast)"
                ),
            ),
            Self::AtMost(Bound { value, is_within: false }) => LocalizedText::new(
                format!("剩余日均值须低于 {value:.decimals$}（算术，非预报）"),
                format!(
                    "the rest must have a mean below {value:.decimals$} (arithmetic, no forecast)"
                ),
            ),
            Self::Impossible(value) => LocalizedText::new(
                format!("已不可能达到：剩余日均值须为 {value:.decimals$}，低于 0"),
                format!("impossible: the rest would need a mean of {value:.decimals$}, below 0"),
            ),
            Self::Over { is_met: true } => {
                LocalizedText::new("期间已结束，达到目标", "the period is over and met the target")
            }
            Self::Over { is_met: false } => LocalizedText::new(
                "期间已结束，未达到目标",
                "the period is over and did not meet the target",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::rounding::half_even;
    use super::super::super::testing::near;
    use super::*;

    fn target(target: f64, mean: f64, done_days: u32, rest_days: u32) -> MeanTarget {
        MeanTarget { target, decimals: 0, mean, done_days, rest_days }
    }

    #[track_caller]
    fn at_most(rest: Rest, value: f64, is_within: bool) {
        let Rest::AtMost(bound) = rest else { panic!("{rest:?}") };
        near(bound.value, value, 1e-6);
        assert_eq!(bound.is_within, is_within);
    }

    #[test]
    fn rounding_is_worth_more_than_a_week() {
        let rest = target(38.0, 39.2, 337, 28).rest_mean();
        at_most(rest.exact, 23.557_143, true);
        at_most(rest.rounded, 30.075, true);
        let rest = target(37.0, 39.2, 337, 28).rest_mean();
        at_most(rest.rounded, 17.039_286, false);
    }

    #[test]
    fn invalid_days_are_in_neither_part() {
        at_most(target(38.0, 39.2, 334, 28).rest_mean().exact, 23.685_714, true);
    }

    #[test]
    fn what_cannot_be_reached_is_said() {
        let rest = target(38.0, 41.5, 337, 28).rest_mean();
        let Rest::Impossible(value) = rest.exact else { panic!("{rest:?}") };
        near(value, -4.125, 1e-9);
        assert!(rest.exact.words(1).zh.contains("不可能"));
        assert!(rest.exact.words(1).en.contains("impossible"));
        assert_eq!(target(38.0, 38.2, 365, 0).rest_mean().exact, Rest::Over { is_met: false });
        assert_eq!(target(38.0, 38.2, 365, 0).rest_mean().rounded, Rest::Over { is_met: true });
    }

    proptest! {
        #[test]
        fn a_rest_at_the_bound_meets_the_target_and_one_above_does_not(
            goal in 10_u32..80,
            mean in 10.0_f64..80.0,
            done in 1_u32..300,
            rest in 1_u32..60,
        ) {
            let target = target(f64::from(goal), mean, done, rest);
            if let Rest::AtMost(bound) = target.rest_mean().rounded {
                let published = |rest| half_even(target.outcome(rest).unwrap(), 0);
                prop_assert!(published(bound.value + 0.01) > f64::from(goal)
                    || f64::from(rest) * 0.01 / f64::from(done + rest) < 1e-7);
                let met = published(bound.value) <= f64::from(goal);
                prop_assert_eq!(met, bound.is_within);
                prop_assert!(published(bound.value - 0.01) <= f64::from(goal));
            }
        }
    }
}
