//! Where a line is broken.

use crate::map::font::{Fonts, Weight};

/// Lines of at most `width`. Chinese breaks anywhere but before a closing mark; a Latin word or a
/// number is kept whole where it fits a line.
pub fn broken(
    fonts: &Fonts,
    words: &str,
    size: f64,
    weight: Weight,
    width: f64,
    indent: f64,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = indent;
    for piece in pieces(words) {
        let long = fonts.width(weight, piece, size);
        if used + long > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0.0;
        }
        if long <= width {
            let piece = if line.is_empty() { piece.trim_start() } else { piece };
            line.push_str(piece);
            used += fonts.width(weight, piece, size);
            continue;
        }
        // Longer than a line: broken wherever it must be.
        for c in piece.chars() {
            let step = fonts.face(weight).advance(c, size);
            if used + step > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(c);
            used += step;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// What must not be broken: words, numbers, and a character with the closing marks behind it.
fn pieces(words: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii() && !c.is_ascii_whitespace();
    let closes = |c: char| "，。、；：？！）》」”’％%".contains(c);
    let opens = |c: char| "（《「“‘".contains(c);
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, c) in words.char_indices() {
        let is_bound = before
            .is_none_or(|before| closes(c) || opens(before) || (is_word(before) && is_word(c)));
        if !is_bound {
            pieces.extend(words.get(begin..at));
            begin = at;
        }
        before = Some(c);
    }
    pieces.extend(words.get(begin..).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(words: &str, width: f64) -> Vec<String> {
        broken(Fonts::get().unwrap(), words, 10.0, Weight::Regular, width, 0.0)
    }

    #[test]
    fn a_closing_mark_does_not_begin_a_line_and_a_number_stays_whole() {
        // Ten characters of ten points fill a line of a hundred.
        let text = "一二三四五六七八九十，后面还有字";
        let found = lines(text, 100.0);
        assert!(!found[1].starts_with('，'), "{found:?}");
        let number = lines("一二三四五六七八九G112国道", 100.0);
        assert!(number[1].starts_with("G112"), "{number:?}");
    }

    proptest! {
        /// No character is lost but blanks at the ends of lines, and no line is too long.
        #[test]
        fn lines_hold_all_that_was_written(words in "[一二三，。（）a-z0-9 ]{0,80}", width in 30.0..300.0) {
            let fonts = Fonts::get().unwrap();
            let found = lines(&words, width);
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&found.concat()), letters(&words));
            for line in &found {
                let long = fonts.width(Weight::Regular, line, 10.0);
                prop_assert!(long <= width + 0.01 || line.chars().count() == 1, "{}", line);
            }
        }
    }
}
