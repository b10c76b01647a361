//! Limits and access as mappers and offices write them → tonnes, metres, kilometres per hour.
//!
//! See <https://wiki.openstreetmap.org/wiki/Map_features/Units>. `10吨`, `10 T` and `3.5 t` are
//! masses, `12,5` is twelve and a half: a comma before other than three digits is a decimal one.

use super::{Access, Measure};
use crate::domain::written::half_width;

/// Exact by the international yard and pound agreement of 1959.
const KM_PER_MILE: f64 = 1.609_344;
const KG_PER_POUND: f64 = 0.453_592_37;
const METRES_PER_FOOT: f64 = 0.3048;
const METRES_PER_INCH: f64 = 0.0254;
const POUNDS_PER_SHORT_TON: f64 = 2000.0;

/// `None` for what is not understood.
pub fn access(word: &str) -> Option<Access> {
    let word = half_width(word).trim().to_lowercase();
    let one = |word: &str| {
        Some(match word {
            "yes" | "designated" | "permissive" | "official" | "discouraged" | "hgv" | "goods"
            | "是" | "允许" | "可通行" => Access::Open,
            "destination" | "delivery" | "customers" | "仅限到达" => Access::Destination,
            "no" | "private" | "agricultural" | "forestry" | "emergency" | "military"
            | "permit" | "residents" | "use_sidepath" | "bus" | "psv" | "taxi" | "foot"
            | "bicycle" | "禁止" | "禁行" | "否" => Access::Closed,
            _ => return None,
        })
    };
    // `agricultural;forestry`: whoever one of them lets in.
    let mut all = word.split(';').map(|word| one(word.trim()));
    let first = all.next()??;
    all.try_fold(first, |known, next| {
        let rank = |access: Access| match access {
            Access::Open => 0,
            Access::Destination => 1,
            Access::Closed => 2,
        };
        let next = next?;
        Some(if rank(next) < rank(known) { next } else { known })
    })
}

/// A limit; the inner `None` where it is said that there is none. The outer one for what is not
/// understood.
pub fn limit(measure: Measure, text: &str) -> Option<Option<f64>> {
    let plain = text.trim().to_ascii_lowercase();
    let nothing = [
        "none",
        "no",
        "unlimited",
        "default",
        "below_default",
        "no_sign",
        "no_indications",
        "unsigned",
        "不限",
        "无",
        "无限制",
    ];
    if nothing.contains(&plain.as_str()) {
        return Some(None);
    }
    let number = match measure {
        Measure::Mass | Measure::Rating | Measure::AxleLoad => mass_t(text),
        Measure::Height | Measure::Width | Measure::Length => length_m(text),
        Measure::Axles => count(text),
    };
    // A limit of nothing is a slip, and so is a height of 450.
    let most = match measure {
        Measure::Mass | Measure::Rating => 1000.0,
        Measure::AxleLoad => 100.0,
        Measure::Height | Measure::Width | Measure::Axles => 20.0,
        Measure::Length => 60.0,
    };
    number.filter(|number| *number > 0.0 && *number <= most).map(Some)
}

/// `60`, `60 km/h`, `40 mph`.
pub fn speed_kmh(text: &str) -> Option<f64> {
    let (number, unit) = number_and_unit(text)?;
    match unit.as_str() {
        "" | "km/h" | "kmh" | "kph" | "公里/小时" => Some(number),
        "mph" => Some(number * KM_PER_MILE),
        _ => None,
    }
}

/// `10`, `10 t`, `10吨`, `3500 kg`, `16000 lbs`, `8 st`.
pub fn mass_t(text: &str) -> Option<f64> {
    let (number, unit) = number_and_unit(text)?;
    let pounds = |pounds: f64| pounds * KG_PER_POUND / 1000.0;
    match unit.as_str() {
        "" | "t" | "吨" | "tonnes" | "tons" => Some(number),
        "kg" | "公斤" | "千克" => Some(number / 1000.0),
        "lbs" | "lb" => Some(pounds(number)),
        "st" => Some(pounds(number * POUNDS_PER_SHORT_TON)),
        _ => None,
    }
}

/// `4.5`, `4.5 m`, `4.5米`, `450 cm`, `14'6"`, `14 ft`.
pub fn length_m(text: &str) -> Option<f64> {
    if let Some((feet, inches)) = text.split_once('\'') {
        let inches = inches.trim().trim_end_matches(['"', '\'']);
        let inches = if inches.is_empty() { 0.0 } else { number(inches)? };
        return Some(number(feet)? * METRES_PER_FOOT + inches * METRES_PER_INCH);
    }
    let (number, unit) = number_and_unit(text)?;
    match unit.as_str() {
        "" | "m" | "米" | "公尺" => Some(number),
        "cm" | "厘米" => Some(number / 100.0),
        "ft" => Some(number * METRES_PER_FOOT),
        _ => None,
    }
}

/// `4`, `4轴`.
fn count(text: &str) -> Option<f64> {
    let (number, unit) = number_and_unit(text)?;
    (matches!(unit.as_str(), "" | "轴") && number.fract() == 0.0).then_some(number)
}

/// Splits `3.5 t`, `3.5t` and `12,5吨（含）`; the unit in small letters.
fn number_and_unit(text: &str) -> Option<(f64, String)> {
    let text = half_width(text).trim().to_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit() && !".,".contains(c)).unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(end)?;
    let unit = unit.trim().trim_end_matches("(含)").trim_end_matches("以下").trim();
    Some((number(digits)?, unit.to_owned()))
}

/// A comma is a decimal one but before three digits, where it may be either: then it is none.
fn number(digits: &str) -> Option<f64> {
    let digits = digits.trim();
    let written = match digits.split_once(',') {
        None => digits.to_owned(),
        Some((whole, rest)) if rest.len() != 3 && !rest.contains(['.', ',']) => {
            format!("{whole}.{rest}")
        }
        Some(_) => return None,
    };
    let is_plain = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    written.parse().ok().filter(|number: &f64| is_plain && number.is_finite())
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
        assert!(is_near(length_m("4.5 m"), 4.5) && is_near(length_m("450 cm"), 4.5));
        assert!(is_near(length_m("14'6\""), 4.4196) && is_near(length_m("14'"), 4.2672));
    }

    #[test]
    fn what_is_no_plain_limit_is_no_number() {
        for text in ["none", "CN:urban", "walk", "60;80", "", "-5", "1e9 t", "NaN", "inf", "3.5 x"]
        {
            assert_eq!(
                (speed_kmh(text), mass_t(text), length_m(text)),
                (None, None, None),
                "{text}"
            );
        }
        assert_eq!(length_m("default"), None);
        assert_eq!(length_m("x'6\""), None);
    }
}
