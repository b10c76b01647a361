//! A paper as one HTML file: maps inside, tables that can be searched and sorted, no server and no
//! network.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::block::{Block, CellTone, PaperTable, Picture, Span, list_name};
use crate::codec::{self, Controls};
use crate::domain::printable;

const STYLE: &str = include_str!("../../assets/templates/paper.css");
const SCRIPT: &str = include_str!("../../assets/templates/paper.js");

/// The whole file. It loads nothing and runs no script but its own.
pub fn text(blocks: &[Block]) -> String {
    let title = blocks.iter().find_map(|block| match block {
        Block::Title(words) => Some(words.as_str()),
        _ => None,
    });
    let title = escaped(title.unwrap_or("沙盘"));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\
         <title>{title}</title>\n<style>{STYLE}</style></head>\n<body>\n\
         <p class=\"search\"><input type=\"search\" id=\"search\" placeholder=\"在各表中查找\" \
         aria-label=\"在各表中查找\"><span id=\"count\"></span></p>\n<main>\n"
    );
    for block in blocks {
        add(&mut html, block);
    }
    html.push_str("</main>\n<script>");
    html.push_str(SCRIPT);
    html.push_str("</script>\n</body></html>\n");
    html
}

fn add(html: &mut String, block: &Block) {
    let mut tag = |open: &str, words: &str, close: &str| {
        html.push_str(open);
        html.push_str(&escaped(words));
        html.push_str(close);
    };
    match block {
        Block::Title(words) => tag("<h1>", words, "</h1>\n"),
        Block::Number(words) | Block::Caption(words) => {
            tag("<p class=\"number\">", words, "</p>\n");
        }
        Block::Heading(words) => tag("<h2>", words, "</h2>\n"),
        Block::Subheading(words) => tag("<h3>", words, "</h3>\n"),
        Block::Sentence(parts) => sentence(html, parts),
        Block::List(number, words) => {
            let words = format!("{}　{words}", list_name(*number));
            tag(&format!("<h3 id=\"list{number}\">"), &words, "</h3>\n");
        }
        Block::Paragraph(words) => tag("<p>", words, "</p>\n"),
        Block::Signature(words) => tag("<p class=\"signature\">", words, "</p>\n"),
        Block::Note(words) => tag("<p class=\"note\">", words, "</p>\n"),
        Block::Annex(words) => tag("<h2 class=\"annex\">", words, "</h2>\n"),
        Block::Picture(picture) => self::picture(html, picture),
        Block::Table(table) => self::table(html, table),
    }
}

/// Figures lead to the lists of what was counted.
fn sentence(html: &mut String, parts: &[Span]) {
    html.push_str("<p>");
    for Span { words, list } in parts {
        match list {
            Some(list) => {
                let (number, words) = (list.to_string(), escaped(words));
                for part in ["<a href=\"#list", &number, "\">", &words, "</a>"] {
                    html.push_str(part);
                }
            }
            None => html.push_str(&escaped(words)),
        }
    }
    html.push_str("</p>\n");
}

fn picture(html: &mut String, picture: &Picture) {
    html.push_str("<figure><img alt=\"");
    html.push_str(&escaped(&picture.words));
    html.push_str("\" src=\"data:image/png;base64,");
    STANDARD.encode_string(&picture.png, html);
    html.push_str("\"></figure>\n");
}

fn table(html: &mut String, table: &PaperTable) {
    if !table.filter.is_empty() {
        for part in ["<p class=\"note\">筛选：", &escaped(&table.filter), "</p>\n"] {
            html.push_str(part);
        }
    }
    html.push_str("<table><thead><tr>");
    let all: u32 = table.widths.iter().sum();
    for (words, width) in table.header.iter().zip(&table.widths) {
        let percent = width * 100 / all.max(1);
        for part in ["<th style=\"width:", &percent.to_string(), "%\">", &escaped(words), "</th>"] {
            html.push_str(part);
        }
    }
    html.push_str("</tr></thead><tbody>\n");
    for (place, row) in table.rows.iter().enumerate() {
        html.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            html.push_str(match table.tone(place, column) {
                CellTone::Plain => "<td>",
                CellTone::Faint => "<td class=\"faint\">",
                CellTone::Act => "<td class=\"act\">",
            });
            html.push_str(&escaped(cell));
            html.push_str("</td>");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n");
}

fn escaped(words: &str) -> Cow<'_, str> {
    match printable(words) {
        Cow::Borrowed(words) => codec::escaped(words, Controls::Keep),
        Cow::Owned(words) => codec::escaped(&words, Controls::Keep).into_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_markup_stays_a_name() {
        let rows = vec![vec!["<script>alert(1)</script>".to_owned(), "\"引号\" & 其他".to_owned()]];
        let header = vec!["名称".to_owned(), "备注".to_owned()];
        let html = text(&[Block::Table(PaperTable {
            header,
            widths: vec![1, 1],
            rows,
            ..PaperTable::default()
        })]);
        assert!(html.contains("<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>"), "{html}");
        assert!(html.contains("<td>&quot;引号&quot; &amp; 其他</td>"), "{html}");
        // Ours is the only script.
        assert_eq!(html.matches("<script").count(), 1);
    }
}
