//! Wind directions in words and letters.

/// What a cell says of the wind's direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WindWord {
    /// Degrees clockwise from north, from where it comes.
    From(f64),
    Calm,
    Varying,
}

/// The 16 points clockwise from north, each in the ways it is written.
const POINTS: [&[&str]; 16] = [
    &["N", "北", "正北"],
    &["NNE", "北东北", "东北偏北", "北北东"],
    &["NE", "东北"],
    &["ENE", "东东北", "东北偏东", "东北东"],
    &["E", "东", "正东"],
    &["ESE", "东东南", "东南偏东", "东南东"],
    &["SE", "东南"],
    &["SSE", "南东南", "东南偏南", "南南东"],
    &["S", "南", "正南"],
    &["SSW", "南西南", "西南偏南", "南南西"],
    &["SW", "西南"],
    &["WSW", "西西南", "西南偏西", "西南西"],
    &["W", "西", "正西"],
    &["WNW", "西西北", "西北偏西", "西北西"],
    &["NW", "西北"],
    &["NNW", "北西北", "西北偏北", "北北西"],
];
const CALM: [&str; 4] = ["静风", "静", "C", "CALM"];
const VARYING: [&str; 4] = ["无持续风向", "微风", "旋转风", "VRB"];

/// Reads a point of the compass, a word or degrees from 0 to 360. `None` of anything else: it is said,
/// and not taken for north.
pub fn wind_word(text: &str) -> Option<WindWord> {
    let text = text.trim();
    let is_one = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_one(&CALM) {
        return Some(WindWord::Calm);
    }
    if is_one(&VARYING) {
        return Some(WindWord::Varying);
    }
    let point = text.strip_suffix('风').unwrap_or(text);
    let is_point = |words: &&[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(point));
    if let Some(at) = POINTS.iter().position(is_point) {
        return Some(WindWord::From(at as f64 * 22.5));
    }
    let degrees: f64 = text.trim_end_matches(['°', '度']).trim_end().parse().ok()?;
    (0.0..=360.0).contains(&degrees).then_some(WindWord::From(degrees % 360.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_in_letters_and_words() {
        let same = [("N", "北风"), ("nne", "东北偏北"), ("ENE", "东东北"), ("WSW", "西南偏西风")];
        for (letters, words) in same {
            assert_eq!(wind_word(letters), wind_word(words), "{letters}");
        }
        assert_eq!(wind_word(" 西北风 "), Some(WindWord::From(315.0)));
        assert_eq!(wind_word("SSE"), Some(WindWord::From(157.5)));
        for (at, words) in POINTS.iter().enumerate() {
            for word in *words {
                assert_eq!(wind_word(word), Some(WindWord::From(at as f64 * 22.5)), "{word}");
            }
        }
    }

    #[test]
    fn a_calm_is_no_north_and_what_is_unknown_is_nothing() {
        assert_eq!(wind_word("静风"), Some(WindWord::Calm));
        assert_eq!(wind_word("无持续风向"), Some(WindWord::Varying));
        assert_eq!(wind_word("315°"), Some(WindWord::From(315.0)));
        assert_eq!(wind_word("360"), Some(WindWord::From(0.0)));
        for unknown in ["", "NA", "361", "-10", "NaN", "上风", "999"] {
            assert_eq!(wind_word(unknown), None, "{unknown}");
        }
    }
}
