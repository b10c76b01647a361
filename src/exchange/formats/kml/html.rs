//! Descriptions written as HTML, as balloons of Google Earth and exports of GIS hold them, to text.

use std::borrow::Cow;

/// The text as a person sees it in a balloon: a line a row of a table, its cells apart by `：`.
/// What is no HTML stays as it is.
pub fn text_of(html: &str) -> Cow<'_, str> {
    if !is_html(html) {
        return Cow::Borrowed(html);
    }
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        push_words(&mut text, before);
        let Some(end) = tag.find('>') else {
            rest = tag;
            break;
        };
        let inner = tag.get(1..end).unwrap_or_default();
        rest = tag.get(end + 1..).unwrap_or_default();
        let name = name_of(inner);
        match name.as_str() {
            "style" | "script" | "head" => rest = after_element(rest, &name),
            "br" | "br/" | "p" | "/p" | "div" | "/div" | "/tr" | "tr" | "/li" | "li" | "hr"
            | "/table" | "table" | "/h1" | "/h2" | "/h3" => break_line(&mut text),
            "/td" | "/th" if !text.is_empty() && !text.ends_with('\n') => text.push('：'),
            _ => {}
        }
    }
    push_words(&mut text, rest);
    let lines = text.lines().map(|line| line.trim().trim_end_matches('：').trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    Cow::Owned(lines.join("\n"))
}

fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let next = text.get(at + 1..).unwrap_or_default();
        next.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
            && next.contains('>')
    })
}

/// `td` of `td width="3"`, in lower case.
fn name_of(tag: &str) -> String {
    let end = tag.char_indices().skip(1).find(|(_, c)| c.is_whitespace() || *c == '/');
    let name = end.map_or(tag, |(at, _)| tag.get(..at).unwrap_or(tag));
    name.to_ascii_lowercase()
}

fn after_element<'t>(rest: &'t str, name: &str) -> &'t str {
    let lower = rest.to_ascii_lowercase();
    let end = lower.find(&format!("</{name}")).unwrap_or(rest.len());
    rest.get(end..).unwrap_or_default()
}

fn break_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Blanks and line ends of the source are one blank.
fn push_words(text: &mut String, source: &str) {
    let plain = ["&nbsp;", "&#160;"].into_iter().fold(Cow::Borrowed(source), |text, blank| {
        if text.contains(blank) { Cow::Owned(text.replace(blank, " ")) } else { text }
    });
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let plain = plain.replace("&#39;", "'").replace("&amp;", "&");
    if plain.starts_with(char::is_whitespace)
        && !text.is_empty()
        && !text.ends_with(['\n', '：', ' '])
    {
        text.push(' ');
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    text.push_str(&words.join(" "));
    if !words.is_empty() && plain.ends_with(char::is_whitespace) {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balloon_becomes_the_text_that_is_seen() {
        let table = "<html><head><style>td{a:b}</style></head><body><table border=\"0\"><tr><td>编号</td><td>12</td></tr>\n<tr><td>负责人</td><td>张三 &amp; 李四</td></tr></table></body></html>";
        assert_eq!(text_of(table), "编号：12\n负责人：张三 & 李四");
        assert_eq!(text_of("一层<br>二层<BR/>三层"), "一层\n二层\n三层");
        assert_eq!(text_of("<b>围挡</b>&nbsp;不合格"), "围挡 不合格");
    }

    #[test]
    fn what_is_no_html_stays() {
        for text in ["PM2.5 < 35 且 > 10", "a<b", "", "两行\n文字"] {
            assert_eq!(text_of(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_brings_it_down(text in "[<>/a-z&; 丰\\n\"=!-]{0,60}") {
            drop(text_of(&text));
        }
    }
}
