//! Limits as mappers write them → kilometres per hour, tonnes and metres.
//!
//! See <https://wiki.openstreetmap.org/wiki/Map_features/Units>. What is no plain limit (`none`,
//! `CN:urban`, `walk`, a list) is no number here and is left out.

/// Exact by the international yard and pound agreement of 1959.
const KM_PER_MILE: f64 = 1.609_344;
const KG_PER_POUND: f64 = 0.453_592_37;
const METRES_PER_FOOT: f64 = 0.3048;
const METRES_PER_INCH: f64 = 0.0254;
const POUNDS_PER_SHORT_TON: f64 = 2000.0;

/// `60`, `60 km/h`, `40 mph`.
pub fn speed_kmh(text: &str) -> Option<f64> {
    let (number, unit) = number_and_unit(text)?;
    match unit {
        "" | "km/h" | "kmh" | "kph" => Some(number),
        "mph" => Some(number * KM_PER_MILE),
        _ => None,
    }
}

/// `10`, `10 t`, `3500 kg`, `16000 lbs`, `8 st`.
pub fn mass_t(text: &str) -> Option<f64> {
    let (number, unit) = number_and_unit(text)?;
    let pounds = |pounds: f64| pounds * KG_PER_POUND / 1000.0;
    match unit {
        "" | "t" => Some(number),
        "kg" => Some(number / 1000.0),
        "lbs" | "lb" => Some(pounds(number)),
        "st" => Some(pounds(number * POUNDS_PER_SHORT_TON)),
        _ => None,
    }
}

/// `4.5`, `4.5 m`, `450 cm`, `14'6"`, `14 ft`.
pub fn height_m(text: &str) -> Option<f64> {
    if let Some((feet, inches)) = text.split_once('\'') {
        let inches = inches.trim().trim_end_matches(['"', '\'']);
        let inches = if inches.is_empty() { 0.0 } else { number(inches)? };
        return Some(number(feet)? * METRES_PER_FOOT + inches * METRES_PER_INCH);
    }
    let (number, unit) = number_and_unit(text)?;
    match unit {
        "" | "m" => Some(number),
        "cm" => Some(number / 100.0),
        "ft" => Some(number * METRES_PER_FOOT),
        _ => None,
    }
}

/// Splits `3.5 t` and `3.5t`.
fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(end)?;
    Some((number(digits)?, unit.trim()))
}

fn number(digits: &str) -> Option<f64> {
    let digits = digits.trim();
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits.parse().ok().filter(|number: &f64| is_plain && number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-9)
    }

    #[test]
    fn limits_are_read_in_every_unit_that_mappers_use() {
        assert!(is_near(speed_kmh("60"), 60.0) && is_near(speed_kmh("60 km/h"), 60.0));
        assert!(is_near(speed_kmh("40 mph"), 64.373_76));
        assert!(is_near(mass_t("10"), 10.0) && is_near(mass_t("7.5t"), 7.5));
        assert!(is_near(mass_t("3500 kg"), 3.5) && is_near(mass_t("10000 lbs"), 4.535_923_7));
        assert!(is_near(mass_t("8 st"), 7.257_477_92));
        assert!(is_near(height_m("4.5 m"), 4.5) && is_near(height_m("450 cm"), 4.5));
        assert!(is_near(height_m("14'6\""), 4.4196) && is_near(height_m("14'"), 4.2672));
    }

    #[test]
    fn what_is_no_plain_limit_is_no_number() {
        for text in ["none", "CN:urban", "walk", "60;80", "", "-5", "1e9 t", "NaN", "inf", "3.5 x"]
        {
            assert_eq!(
                (speed_kmh(text), mass_t(text), height_m(text)),
                (None, None, None),
                "{text}"
            );
        }
        assert_eq!(height_m("default"), None);
        assert_eq!(height_m("x'6\""), None);
    }
}
