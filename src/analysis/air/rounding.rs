//! Rounding as GB/T 8170 has it: half to even, of the decimal number that was meant.

/// Of a scaled value: so near to a half it is one. Sums of decimals are off by some 1e-12.
const HALF: f64 = 1e-8;

/// A value in units of its last decimal, half to even: 2.15 with one decimal is 22.
///
/// A value that is a half but for the rounding of binary fractions is taken as one.
pub fn half_even_units(value: f64, decimals: u8) -> i64 {
    let scaled = value * 10_f64.powi(i32::from(decimals));
    let below = scaled.floor();
    let rest = scaled - below;
    if (rest - 0.5).abs() < HALF {
        let below = below as i64;
        below + (below & 1)
    } else {
        scaled.round() as i64
    }
}

/// The same as a value: 2.15 with one decimal is 2.2.
pub fn half_even(value: f64, decimals: u8) -> f64 {
    half_even_units(value, decimals) as f64 / 10_f64.powi(i32::from(decimals))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{fixture, near};
    use super::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for case in fixture()["half_even"].as_array().unwrap() {
            let text = |at: usize| case[at].as_str().unwrap();
            let decimals = u8::from(text(1) != "1");
            let value: f64 = text(0).parse().unwrap();
            let expected: f64 = text(2).parse().unwrap();
            near(half_even(value, decimals), expected, 0.0);
        }
        let published = [(5.204, 520), (5.196, 520), (5.205, 520), (5.215, 522)];
        for (value, expected) in published {
            assert_eq!(half_even_units(value, 2), expected, "{value}");
        }
    }

    proptest! {
        /// The oracle rounds the digits of thousandths, which no binary fraction blurs.
        #[test]
        fn two_decimals_of_any_thousandths_are_those_of_their_digits(thousandths in 0_i64..2_000_000) {
            let (hundredths, last) = (thousandths / 10, thousandths % 10);
            let up = last > 5 || last == 5 && hundredths % 2 == 1;
            let expected = hundredths + i64::from(up);
            prop_assert_eq!(half_even_units(thousandths as f64 / 1000.0, 2), expected);
        }
    }
}
