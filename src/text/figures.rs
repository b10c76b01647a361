//! Figures as people read them, alike in the window and on paper.

use super::Lang;

/// `14,741`, with a decimal where the number is small.
pub fn figure(value: f64) -> String {
    if value.abs() < 99.95 && (value - value.round()).abs() > 0.049 {
        return format!("{value:.1}");
    }
    let whole = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("−{text}") } else { text }
}

/// `+1.8` or `−0.4`.
pub fn signed(value: f64) -> String {
    let text = figure(value.abs());
    if text == "0" {
        text
    } else if value < 0.0 {
        format!("−{text}")
    } else {
        format!("+{text}")
    }
}

/// The change in per cent; `None` where nothing changes.
pub fn percent(before: f64, after: f64, lang: Lang) -> Option<String> {
    if (after - before).abs() < 0.05 {
        return None;
    }
    if before < 0.05 {
        let words = if lang == Lang::Zh { "新增" } else { "new" };
        return Some(words.to_owned());
    }
    let share = (after - before) / before * 100.0;
    // What is less than half a per cent is still not nothing.
    if share.abs() < 0.5 {
        return Some(if share < 0.0 { "−<1 %" } else { "+<1 %" }.to_owned());
    }
    Some(format!("{}{:.0} %", if share < 0.0 { "−" } else { "+" }, share.abs()))
}

/// `40`, or `0～40` where some are cut off.
pub fn spread([least, most]: [f64; 2]) -> String {
    let (low, high) = (figure(least), figure(most));
    if low == high { low } else { format!("{low}～{high}") }
}

/// `−60 %`, or `−100 %～−60 %`; `None` where nothing changes.
pub fn spread_percent(before: f64, [least, most]: [f64; 2], lang: Lang) -> Option<String> {
    let (low, high) = (percent(before, least, lang), percent(before, most, lang));
    match (low, high) {
        (None, None) => None,
        (low, high) if low == high => low,
        (low, high) => {
            let zero = || "0 %".to_owned();
            Some(format!("{}～{}", low.unwrap_or_else(zero), high.unwrap_or_else(zero)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_small_ones_keep_a_decimal() {
        assert_eq!(figure(14740.6), "14,741");
        assert_eq!(figure(920.0), "920");
        assert_eq!(figure(1_234_567.0), "1,234,567");
        assert_eq!(figure(9.44), "9.4");
        assert_eq!(figure(0.0), "0");
        assert_eq!(figure(-1200.0), "−1,200");
        assert_eq!(signed(1.84), "+1.8");
        assert_eq!(signed(-0.4), "−0.4");
        assert_eq!(signed(0.0), "0");
    }

    #[test]
    fn a_change_is_told_in_per_cent_and_nothing_as_nothing() {
        assert_eq!(percent(200.0, 100.0, Lang::Zh).unwrap(), "−50 %");
        assert_eq!(percent(0.0, 100.0, Lang::Zh).unwrap(), "新增");
        assert_eq!(percent(1000.0, 999.0, Lang::Zh).unwrap(), "−<1 %");
        assert_eq!(percent(100.0, 100.0, Lang::Zh), None);
    }
}
