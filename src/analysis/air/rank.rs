//! Ranks from the top and from the bottom, and changes against another period.

use super::rounding::{half_even, half_even_units};

/// Where a place stands among others; small values are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// 1 + number strictly better.
    pub rank: usize,
    /// 倒数第几: 1 + number strictly worse.
    pub bottom_rank: usize,
    /// How many have this value, itself counted.
    pub tied: usize,
    /// How many were ranked.
    pub of: usize,
}

impl Standing {
    /// The other reading of 倒数第几, `of − rank + 1`, where it differs: among equal ones it does.
    pub fn other_bottom_rank(&self) -> Option<usize> {
        let other = self.of + 1 - self.rank;
        (other != self.bottom_rank).then_some(other)
    }
}

/// Ranks values as they are published with so many decimals, in their order. What has no value has no
/// rank and counts for nobody else's.
pub fn ranks(values: &[Option<f64>], decimals: u8) -> Vec<Option<Standing>> {
    let units = |value: f64| value.is_finite().then(|| half_even_units(value, decimals));
    let units: Vec<Option<i64>> = values.iter().map(|value| value.and_then(units)).collect();
    let mut sorted: Vec<i64> = units.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let of = sorted.len();
    let standing = |unit: i64| {
        let better = sorted.partition_point(|other| *other < unit);
        let not_worse = sorted.partition_point(|other| *other <= unit);
        Standing { rank: better + 1, bottom_rank: of - not_worse + 1, tied: not_worse - better, of }
    };
    units.into_iter().map(|unit| unit.map(standing)).collect()
}

/// A value beside that of another period. Both are made by one edition and one method: whoever makes
/// a comparison computes the two with the same arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    pub now: f64,
    pub before: f64,
}

impl Change {
    /// Decimals of a published per cent.
    pub const DECIMALS: u8 = 1;

    /// In per cent of the value before, as published; `None` where that was 0.
    pub fn percent(self) -> Option<f64> {
        let percent = (self.now - self.before) / self.before * 100.0;
        percent.is_finite().then(|| half_even(percent, Self::DECIMALS))
    }
}

/// Ranks changes, the largest improvement first. What cannot be compared has no rank.
pub fn improvement_ranks(changes: &[Option<Change>]) -> Vec<Option<Standing>> {
    let percents: Vec<Option<f64>> =
        changes.iter().map(|change| change.and_then(Change::percent)).collect();
    ranks(&percents, Change::DECIMALS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standings(values: &[f64]) -> Vec<Standing> {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        ranks(&values, 2).into_iter().flatten().collect()
    }

    #[test]
    fn equal_values_share_a_rank_from_the_top_and_from_the_bottom() {
        let values = [4.12, 4.35, 4.35, 4.60, 4.88, 4.88, 4.88, 5.01, 5.20, 5.33, 5.47, 5.47];
        let standings = standings(&values);
        let ranks: Vec<usize> = standings.iter().map(|standing| standing.rank).collect();
        assert_eq!(ranks, [1, 2, 2, 4, 5, 5, 5, 8, 9, 10, 11, 11]);
        let bottom: Vec<usize> = standings.iter().map(|standing| standing.bottom_rank).collect();
        assert_eq!(bottom, [12, 10, 10, 9, 6, 6, 6, 5, 4, 3, 1, 1]);
        assert_eq!(standings[11].other_bottom_rank(), Some(2));
        assert_eq!(standings[0].other_bottom_rank(), None);
    }

    #[test]
    fn three_of_168_tied_at_158_are_ninth_from_the_bottom() {
        let values: Vec<f64> = (1..=168_u32)
            .map(|at| f64::from(if (158..=160).contains(&at) { 158 } else { at }) / 10.0)
            .collect();
        let tied = standings(&values)[158];
        assert_eq!((tied.rank, tied.bottom_rank, tied.tied, tied.of), (158, 9, 3, 168));
        assert_eq!(tied.other_bottom_rank(), Some(11));
    }

    #[test]
    fn ties_arise_on_published_values_and_what_is_missing_counts_for_nobody() {
        let standings = ranks(&[Some(5.204), Some(5.196), None, Some(5.205), Some(5.215)], 2);
        let ranks: Vec<_> = standings.iter().map(|one| one.map(|one| (one.rank, one.of))).collect();
        assert_eq!(ranks, [Some((1, 4)), Some((1, 4)), None, Some((1, 4)), Some((4, 4))]);
    }

    #[test]
    fn changes_are_in_per_cent_with_one_decimal() {
        let percent = |now, before| Change { now, before }.percent();
        assert_eq!(percent(5.47, 5.87), Some(-6.8));
        assert_eq!(percent(5.01, 4.88), Some(2.7));
        assert_eq!(percent(5.01, 0.0), None);
        let changes = [(5.47, 5.87), (5.01, 4.88), (1.0, 0.0)];
        let changes = changes.map(|(now, before)| Some(Change { now, before }));
        let ranks: Vec<_> =
            improvement_ranks(&changes).iter().map(|one| one.map(|one| one.rank)).collect();
        assert_eq!(ranks, [Some(1), Some(2), None]);
    }

    proptest! {
        #[test]
        fn ranks_count_who_is_better_and_who_is_worse(
            units in prop::collection::vec(0_i64..40, 1..80),
        ) {
            let values: Vec<f64> = units.iter().map(|unit| *unit as f64 / 100.0).collect();
            for (unit, standing) in units.iter().zip(standings(&values)) {
                prop_assert_eq!(standing.rank, 1 + units.iter().filter(|o| *o < unit).count());
                prop_assert_eq!(standing.bottom_rank, 1 + units.iter().filter(|o| *o > unit).count());
                prop_assert_eq!(standing.tied, units.iter().filter(|o| *o == unit).count());
            }
        }
    }
}
