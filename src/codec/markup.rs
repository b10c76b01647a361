//! Text inside XML and HTML. Reading markup is the affair of `quick_xml`; its `escape` leaves
//! control characters as they are, which no XML parser then reads, and escapes apostrophes too.

use std::borrow::Cow;

/// What becomes of control characters. XML 1.0 has none but tab and line ends, which an attribute
/// loses unless they are written as references; U+FFFE and U+FFFF it has not either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controls {
    /// As they are: HTML.
    Keep,
    /// Tabs and line ends as references, others as U+FFFD: XML that is read again.
    Refer,
    /// Tabs and line ends as blanks, others left out: XML that is looked at.
    Blank,
}

/// `text` as it stands in elements and in attributes between double quotes.
pub fn escaped(text: &str, controls: Controls) -> Cow<'_, str> {
    let is_plain = |c: char| {
        let is_control = c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}');
        !matches!(c, '&' | '<' | '>' | '"') && (!is_control || controls == Controls::Keep)
    };
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if is_plain(c) => out.push(c),
            '\t' if controls == Controls::Refer => out.push_str("&#9;"),
            '\n' if controls == Controls::Refer => out.push_str("&#10;"),
            '\r' if controls == Controls::Refer => out.push_str("&#13;"),
            '\t' | '\n' | '\r' => out.push(' '),
            _ if controls == Controls::Refer => out.push('\u{fffd}'),
            _ => {}
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_control_characters_go_by_who_reads_them() {
        let text = "<b>&\"\u{1}\n'\u{ffff}";
        assert_eq!(escaped(text, Controls::Keep), "&lt;b&gt;&amp;&quot;\u{1}\n'\u{ffff}");
        assert_eq!(escaped(text, Controls::Refer), "&lt;b&gt;&amp;&quot;\u{fffd}&#10;'\u{fffd}");
        assert_eq!(escaped(text, Controls::Blank), "&lt;b&gt;&amp;&quot; '");
        assert!(matches!(escaped("三号门", Controls::Refer), Cow::Borrowed("三号门")));
    }
}
