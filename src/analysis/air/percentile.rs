//! Percentiles as HJ 663 counts them.

/// The percentile `p` (0–100) of values in any order, which it reorders: linear between the ranks
/// around `k = 1 + (n − 1)·p/100`. `None` of no values. None of them may be NaN.
pub fn percentile(values: &mut [f64], p: u8) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    // In hundredths of a rank, so that a whole rank is one.
    let at = last * usize::from(p.min(100));
    let (low, hundredths) = (at / 100, at % 100);
    let (_, value, above) = values.select_nth_unstable_by(low, f64::total_cmp);
    let value = *value;
    let next = above.iter().copied().min_by(f64::total_cmp);
    Some(next.map_or(value, |next| value + (next - value) * hundredths as f64 / 100.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{fixture, near};
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_standard() {
        for case in fixture()["percentile"].as_array().unwrap() {
            let values = case["x"].as_array().unwrap().iter();
            let mut values: Vec<f64> = values.map(|value| value.as_f64().unwrap()).collect();
            values.reverse();
            let p = u8::try_from(case["p"].as_u64().unwrap()).unwrap();
            near(percentile(&mut values, p).unwrap(), case["expect"].as_f64().unwrap(), 1e-12);
        }
        assert_eq!(percentile(&mut [], 90), None);
    }

    proptest! {
        #[test]
        fn a_percentile_does_not_depend_on_the_order_and_lies_among_the_values(
            mut values in prop::collection::vec(0.0_f64..500.0, 1..60),
            p in 0_u8..=100,
        ) {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let k = 1.0 + (values.len() - 1) as f64 * f64::from(p) / 100.0;
            let s = k.floor() as usize;
            let expected = match sorted.get(s) {
                Some(next) => sorted[s - 1] + (next - sorted[s - 1]) * (k - k.floor()),
                None => sorted[s - 1],
            };
            let found = percentile(&mut values, p).unwrap();
            prop_assert!((found - expected).abs() < 1e-9, "{} {}", found, expected);
        }
    }
}
