//! Figures as people read them, alike in the window and on paper.

use super::{Lang, Text};

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
        return Some(NEW.say(lang).to_owned());
    }
    let share = share(before, after);
    // Too little to be written is still not nothing.
    if share.abs() < LEAST_PERCENT {
        return Some(ABOUT_NOTHING.say(lang).to_owned());
    }
    Some(format!("{}{}", if share < 0.0 { "−" } else { "+" }, size(share)))
}

const NEW: Text = Text::new("新增", "new");
const ABOUT_NOTHING: Text = Text::new("约 0 %", "about 0 %");
/// Below this a change is written as none, per cent.
const LEAST_PERCENT: f64 = 0.05;

/// Per cent.
fn share(before: f64, after: f64) -> f64 {
    (after - before) / before * 100.0
}

/// `18 %`, below one per cent with a decimal; without the sign.
fn size(share: f64) -> String {
    let share = share.abs();
    if share < LEAST_PERCENT {
        "0 %".to_owned()
    } else if share < 0.95 {
        format!("{share:.1} %")
    } else {
        format!("{share:.0} %")
    }
}

/// From one figure to another: `0～40`, `0 to 40`; one alone where they read the same.
pub fn range(low: &str, high: &str, lang: Lang) -> String {
    match lang {
        _ if low == high => low.to_owned(),
        Lang::Zh => format!("{low}～{high}"),
        Lang::En => format!("{low} to {high}"),
    }
}

/// `40`, or `0～40` where some are cut off.
pub fn spread([least, most]: [f64; 2], lang: Lang) -> String {
    range(&figure(least), &figure(most), lang)
}

/// `−60 %`, or `−100 %～−60 %`; `None` where nothing changes.
pub fn spread_percent(before: f64, [least, most]: [f64; 2], lang: Lang) -> Option<String> {
    let (low, high) = (percent(before, least, lang), percent(before, most, lang));
    if low == high || before < 0.05 {
        return high;
    }
    // At the end of a range, about nothing is nothing.
    let end = |words: Option<String>| {
        let words = words.filter(|words| *words != ABOUT_NOTHING.say(lang));
        words.unwrap_or_else(|| "0 %".to_owned())
    };
    Some(range(&end(low), &end(high), lang))
}

/// The same within a sentence: `减少 19 %～33 %`, `最多减少 18 %`, `变化 −11 %～+3 %`.
pub fn change_words(before: f64, [least, most]: [f64; 2], lang: Lang) -> String {
    let say = |zh: String, en: String| if lang == Lang::Zh { zh } else { en };
    let Some(spread) = spread_percent(before, [least, most], lang) else {
        return say("不变".to_owned(), "as today".to_owned());
    };
    if before < 0.05 {
        return spread;
    }
    let (low, high) = (share(before, least), share(before, most));
    let is_none = |share: f64| share.abs() < LEAST_PERCENT;
    let is_less = low < 0.0 && high < LEAST_PERCENT;
    let is_more = low > -LEAST_PERCENT && high > 0.0;
    if is_none(low) && is_none(high) || is_less == is_more {
        return say(format!("变化 {spread}"), format!("change {spread}"));
    }
    let [small, large] = if is_less { [high, low] } else { [low, high] };
    let (less, fewer) = if is_less { ("减少", "down") } else { ("增加", "up") };
    if is_none(small) {
        return say(
            format!("最多{less} {}", size(large)),
            format!("{fewer} {} at most", size(large)),
        );
    }
    let by = range(&size(small), &size(large), lang);
    say(format!("{less} {by}"), format!("{fewer} {by}"))
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
        assert_eq!(percent(1000.0, 999.0, Lang::Zh).unwrap(), "−0.1 %");
        assert_eq!(percent(1000.0, 1008.0, Lang::Zh).unwrap(), "+0.8 %");
        assert_eq!(percent(65_495.0, 65_494.0, Lang::Zh).unwrap(), "约 0 %");
        assert_eq!(percent(100.0, 100.0, Lang::Zh), None);
    }

    #[test]
    fn a_range_names_both_ends_plainly_however_little_one_of_them_is() {
        let zh = |before, after| spread_percent(before, after, Lang::Zh).unwrap();
        assert_eq!(zh(3610.0, [2951.0, 3604.0]), "−18 %～−0.2 %");
        assert_eq!(zh(65_495.0, [56_986.0, 65_494.0]), "−13 %～0 %");
        assert_eq!(zh(100.0, [80.0, 100.0]), "−20 %～0 %");
        assert_eq!(zh(0.0, [0.0, 586.0]), "新增");
        assert_eq!(zh(100.0, [67.0, 67.0]), "−33 %");
        assert_eq!(spread_percent(100.0, [100.0; 2], Lang::Zh), None);
        assert_eq!(spread_percent(100.0, [67.0, 81.0], Lang::En).unwrap(), "−33 % to −19 %");
        assert_eq!(spread([1140.0, 1500.0], Lang::En), "1,140 to 1,500");
        assert_eq!(spread([323.2, 323.4], Lang::Zh), "323");
    }

    #[test]
    fn a_sentence_says_less_or_more_and_begins_with_the_smaller_size() {
        let zh = |after| change_words(1000.0, after, Lang::Zh);
        assert_eq!(zh([669.0, 809.0]), "减少 19 %～33 %");
        assert_eq!(zh([500.0, 500.0]), "减少 50 %");
        assert_eq!(zh([820.0, 1000.0]), "最多减少 18 %");
        assert_eq!(zh([890.0, 1030.0]), "变化 −11 %～+3 %");
        assert_eq!(zh([1000.0, 1080.0]), "最多增加 8 %");
        assert_eq!(zh([1040.0, 1080.0]), "增加 4 %～8 %");
        assert_eq!(zh([1000.0, 1000.0]), "不变");
        assert_eq!(change_words(0.0, [0.0, 5.0], Lang::Zh), "新增");
        assert_eq!(change_words(1000.0, [669.0, 809.0], Lang::En), "down 19 % to 33 %");
        assert_eq!(change_words(1000.0, [820.0, 1000.0], Lang::En), "down 18 % at most");
    }
}
