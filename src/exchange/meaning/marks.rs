//! Cells of measurements: numbers, and the many ways to write that there is none.

/// What a cell of a measurement says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured<'c> {
    /// There is no value, which is never 0.
    Missing,
    /// Too little to be measured; below this, where the cell says so.
    BelowDetection(Option<f64>),
    /// A number, and letters that stood behind it.
    Value { value: f64, mark: &'c str },
    /// Something else, which is to be said and not to be dropped.
    Unreadable,
}

const MISSING: [&str; 12] = ["", "—", "–", "-", "--", "——", "NA", "N/A", "NaN", "null", "/", "*"];
const MISSING_WORDS: [&str; 3] = ["无", "无数据", "缺测"];
/// Codes of weather services and loggers. No concentration and no weather has such a value but 9999,
/// which a pressure in 0.1 hPa could have; that unit is met nowhere.
const MISSING_CODES: [f64; 5] = [9999.0, 999_999.0, -999.0, -99.0, -9999.0];
const BELOW_DETECTION: [&str; 3] = ["未检出", "ND", "<DL"];

/// Reads a cell. A 0 is a value: in which sources it means that there is none is their matter.
pub fn measured(cell: &str) -> Measured<'_> {
    let text = cell.trim();
    // Most cells are plain digits, of which millions come.
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && let Ok(value) = text.parse()
    {
        let is_code = MISSING_CODES.contains(&value);
        return if is_code { Measured::Missing } else { Measured::Value { value, mark: "" } };
    }
    let is_one = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_one(&MISSING) || is_one(&MISSING_WORDS) {
        return Measured::Missing;
    }
    if is_one(&BELOW_DETECTION) {
        return Measured::BelowDetection(None);
    }
    if let Some(limit) = text.strip_prefix(['<', '＜']) {
        let limit = number(limit.trim());
        return limit.map_or(Measured::Unreadable, |limit| Measured::BelowDetection(Some(limit)));
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c)));
    let (digits, mark) = text.split_at(end.unwrap_or(text.len()));
    let mark = mark.trim();
    // A mark is a letter or two: a date or a word is no measurement.
    let is_mark = mark.len() <= 2 && mark.bytes().all(|byte| byte.is_ascii_alphabetic());
    match number(digits).filter(|_| is_mark) {
        Some(code) if mark.is_empty() && MISSING_CODES.contains(&code) => Measured::Missing,
        Some(value) => Measured::Value { value, mark },
        None => {
            exponent(text).map_or(Measured::Unreadable, |value| Measured::Value { value, mark: "" })
        }
    }
}

fn number(digits: &str) -> Option<f64> {
    digits.parse().ok().filter(|value: &f64| value.is_finite())
}

/// `1.2E+02`, as spreadsheets write it.
fn exponent(text: &str) -> Option<f64> {
    let is_digits = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    number(text).filter(|_| text.chars().all(is_digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn none_of_the_ways_to_write_nothing_is_a_zero() {
        for cell in [
            "", " ", "—", "–", "-", "--", "NA", "na", "N/A", "NaN", "null", "/", "*", "无", "9999",
            "999999", "-999", "-99", "-9999", "-999.0",
        ] {
            assert_eq!(measured(cell), Measured::Missing, "{cell:?}");
        }
    }

    #[test]
    fn values_keep_their_marks_and_what_was_not_found_its_limit() {
        let value = |value, mark| Measured::Value { value, mark };
        assert_eq!(measured(" 35.5 "), value(35.5, ""));
        assert_eq!(measured("12H"), value(12.0, "H"));
        assert_eq!(measured("0"), value(0.0, ""));
        assert_eq!(measured("-1"), value(-1.0, ""));
        assert_eq!(measured("1.2E+02"), value(120.0, ""));
        assert_eq!(measured("<0.07"), Measured::BelowDetection(Some(0.07)));
        assert_eq!(measured("未检出"), Measured::BelowDetection(None));
        for cell in ["<样品", "优", "2026-11-29", "1-2", "12,5", "inf", "35µg/m³", "+"] {
            assert_eq!(measured(cell), Measured::Unreadable, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn every_number_that_is_no_code_is_read_as_it_is(hundredths in -9_000_i32..900_000) {
            let value = f64::from(hundredths) / 100.0;
            let cell = value.to_string();
            prop_assert_eq!(measured(&cell), Measured::Value { value, mark: "" });
        }
    }
}
