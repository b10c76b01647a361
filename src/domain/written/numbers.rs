//! Numbers as cells hold them: with thousands separators, units and 以上.

use super::half_width;
use crate::domain::schema::Field;
use crate::domain::value::ValueError;

/// Unit of a field, how people write it, and how many of the field's units that is.
const UNITS: &[(&str, &[(&str, f64)])] = &[
    (
        "m",
        &[
            ("m", 1.0),
            ("米", 1.0),
            ("公尺", 1.0),
            ("km", 1000.0),
            ("公里", 1000.0),
            ("千米", 1000.0),
        ],
    ),
    ("t", &[("t", 1.0), ("吨", 1.0), ("kg", 0.001), ("千克", 0.001), ("公斤", 0.001)]),
    (
        "km/h",
        &[
            ("km/h", 1.0),
            ("公里/小时", 1.0),
            ("千米/小时", 1.0),
            ("公里每小时", 1.0),
            ("kmh", 1.0),
            ("码", 1.0),
        ],
    ),
    (
        "1/d",
        &[("辆/日", 1.0), ("辆/天", 1.0), ("次/日", 1.0), ("次/天", 1.0), ("次", 1.0), ("辆", 1.0)],
    ),
    ("1/h", &[("辆/小时", 1.0), ("辆/时", 1.0), ("辆/h", 1.0), ("辆", 1.0)]),
    ("1–5", &[("级", 1.0)]),
    ("° clockwise from north", &[("°", 1.0), ("度", 1.0), ("º", 1.0), ("˚", 1.0)]),
    ("°", &[("°", 1.0), ("度", 1.0)]),
];

/// Counted things, by the end of the field's key.
const COUNTED: &[(&str, &[&str])] =
    &[("axles", &["轴"]), ("lanes", &["车道", "条", "道", "条车道"])];

/// A number in the unit of its field: `500米`, `20吨`, `4.5吨以上` of a lower limit, `1,200`. The number
/// of another unit is converted; a unit that the field cannot have is an error.
pub fn number(field: &Field, text: &str) -> Result<f64, ValueError> {
    if let Ok(number) = text.parse::<f64>() {
        return Ok(number);
    }
    let plain: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let plain = without_commas(&plain);
    if let Ok(number) = plain.parse() {
        return Ok(number);
    }
    let plain = without_limit(field, &plain);
    let digits = plain.trim_start_matches(['+', '-']);
    let length = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let (written, unit) = plain.split_at(plain.len() - digits.len() + length);
    let number: f64 = written.parse().ok().ok_or(ValueError::NotANumber)?;
    if unit.is_empty() {
        return Ok(number);
    }
    let lower = unit.to_ascii_lowercase();
    let known =
        UNITS.iter().find(|(own, _)| *own == field.unit).map_or(&[][..], |(_, units)| units);
    let factor = known.iter().find(|(name, _)| *name == lower).map(|(_, factor)| *factor);
    let counted = COUNTED.iter().find(|(end, _)| field.key.ends_with(end));
    let is_counted = counted.is_some_and(|(_, units)| units.contains(&unit));
    match factor {
        Some(factor) => Ok(number * factor),
        None if is_counted => Ok(number),
        None => Err(ValueError::ForeignUnit),
    }
}

/// `1,200` is one thousand and two hundred, `12,5` is twelve and a half. Other commas stay, and so make
/// it no number.
fn without_commas(text: &str) -> String {
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (Some(digits), false) = (text.get(start..end), start >= end) else {
        return text.to_owned();
    };
    let parts: Vec<&str> = digits.split(',').collect();
    let number = match parts.as_slice() {
        [_] => return text.to_owned(),
        [first, rest @ ..]
            if first.len() <= 3
                && rest.iter().all(|part| part.split('.').next().is_some_and(|p| p.len() == 3)) =>
        {
            parts.concat()
        }
        [whole, share] if !digits.contains('.') => format!("{whole}.{share}"),
        _ => return text.to_owned(),
    };
    let (head, tail) = (text.get(..start), text.get(end..));
    format!("{}{number}{}", head.unwrap_or_default(), tail.unwrap_or_default())
}

/// 以上 says nothing new of a lower limit, nor 以下 of an upper one.
fn without_limit<'t>(field: &Field, text: &'t str) -> &'t str {
    let words: &[&str] = match field.key {
        key if key.starts_with("min_") => {
            &["(含)", "及", "以上", "≥", ">=", "不小于", "超过", "大于", "含"]
        }
        key if key.starts_with("max") => {
            &["(含)", "及", "以下", "以内", "≤", "<=", "不大于", "不超过", "含"]
        }
        _ => &[],
    };
    let mut rest = text;
    loop {
        let before = rest;
        for word in words {
            rest = rest.strip_suffix(word).or_else(|| rest.strip_prefix(word)).unwrap_or(rest);
        }
        if rest == before {
            return rest;
        }
    }
}

/// Whether a spreadsheet has rounded away the end of a long number: `1.30208E+14`, or nothing but zeros
/// behind the fifteen digits that it keeps.
pub fn digits_lost(text: &str) -> bool {
    const KEPT_DIGITS: usize = 15;
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // One zero there is as likely true.
        let rest = text.get(KEPT_DIGITS..).unwrap_or_default();
        return rest.len() >= 2 && rest.bytes().all(|byte| byte == b'0');
    }
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_written_so = mantissa.contains('.') || exponent.starts_with('+');
    let is_large = exponent.trim_start_matches('+').parse::<u8>().is_ok_and(|power| power >= 5);
    is_written_so
        && digits(whole)
        && digits(fraction)
        && digits(exponent.trim_start_matches('+'))
        && is_large
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;

    #[test]
    fn a_number_is_read_in_the_unit_of_its_field() {
        let read = |kind: Kind, key: &str, text: &str| number(kind.field(key).unwrap(), text);
        let radius = |text: &str| read(Kind::ControlPoint, "radii_m", text);
        assert_eq!(radius("500米"), Ok(500.0));
        assert_eq!(radius("0.5 km"), Ok(500.0));
        assert_eq!(radius("１，０００ｍ"), Ok(1000.0));
        assert_eq!(radius("500吨"), Err(ValueError::ForeignUnit));
        assert_eq!(radius("约500"), Err(ValueError::NotANumber));
        let mass = |text: &str| read(Kind::Restriction, "min_mass_t", text);
        assert_eq!((mass("20吨"), mass("4.5吨以上"), mass("4500kg")), (Ok(20.0), Ok(4.5), Ok(4.5)));
        assert_eq!(mass("4.5吨以下"), Err(ValueError::ForeignUnit), "that is another order");
        let axles = |text: &str| read(Kind::Restriction, "min_axles", text);
        assert_eq!(
            (axles("5轴（含）以上"), axles("5轴及以上"), axles("5")),
            (Ok(5.0), Ok(5.0), Ok(5.0))
        );
        assert_eq!(read(Kind::Road, "maxspeed_kmh", "60km/h"), Ok(60.0));
        assert_eq!(read(Kind::Road, "max_height_m", "4.5米以下"), Ok(4.5));
        assert_eq!(read(Kind::Road, "lanes", "4车道"), Ok(4.0));
    }

    #[test]
    fn a_decimal_comma_is_no_thousand() {
        let mass = |text: &str| number(Kind::Road.field("max_mass_t").unwrap(), text);
        assert_eq!((mass("12,5"), mass("12,5吨"), mass("3,75 t")), (Ok(12.5), Ok(12.5), Ok(3.75)));
        assert_eq!((mass("3,500 kg"), mass("1,500.5 t")), (Ok(3.5), Ok(1500.5)));
        assert!(mass("1,2,3").is_err());
    }

    #[test]
    fn long_numbers_that_were_rounded_are_known() {
        for text in ["1.30208E+14", "1.38E+10", "13020800000000100", "130208000000001000", "1E+15"]
        {
            assert!(digits_lost(text), "{text}");
        }
        for text in
            ["130208000000001", "13800000000", "2E5", "E+5", "1.5", "A1.2E+3", "1302080000000010"]
        {
            assert!(!digits_lost(text), "{text}");
        }
    }
}
