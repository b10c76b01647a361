//! A table of HTML that is called .xls, as most platforms of the administration export it. Browsers
//! forgive everything, so this looks for rows and cells and for nothing else.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use encoding_rs::Encoding;

use super::RowBuffer;
use crate::domain::Text;
use crate::exchange::formats::archive::explained;
use crate::exchange::formats::decode::{by_label, sniff};
use crate::exchange::header::Headed;
use crate::exchange::sheet_rows::MergedDown;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

/// Held in memory as text.
const MAX_BYTES: u64 = 128 << 20;

const NO_TABLE: Text = Text::new("没有表格的网页", "a web page without a table");

/// Reads the rows of all tables of the page, one after the other.
pub fn read(path: &Path, sink: &mut dyn Sink) -> Result<(), Error> {
    let sniffed = sniff(File::open(path)?, "XLS", declared)?;
    if let Some(warning) = sniffed.warning() {
        sink.warn(warning);
    }
    let mut page = String::new();
    sniffed
        .reader(File::open(path)?)
        .take(MAX_BYTES + 1)
        .read_to_string(&mut page)
        .map_err(explained)?;
    if page.len() as u64 > MAX_BYTES {
        let most_mb = MAX_BYTES >> 20;
        return Err(Error::hostile(
            format!("网页超过 {most_mb} MB"),
            format!("a page of more than {most_mb} MB"),
        ));
    }
    sink.table("", &StatedCrs::Unstated)?;
    let mut table = HtmlTable { row: 0, column: 0, cell: None, cells: RowBuffer::new() };
    let mut headed = Headed::new(sink);
    let mut rest = page.as_str();
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        table.text(text);
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some(end) = tag.find('>') else { break };
        table.tag(tag.get(1..end).unwrap_or_default(), &mut headed)?;
        rest = tag.get(end + 1..).unwrap_or_default();
    }
    table.end_row(&mut headed)?;
    if headed.finish()? { Ok(()) } else { Err(Error::Other { format: "XLS", is: NO_TABLE }) }
}

struct HtmlTable {
    /// From 1.
    row: u64,
    column: usize,
    /// The text of the cell that is open, with how many columns it takes.
    cell: Option<(String, usize)>,
    cells: RowBuffer<'static>,
}

impl HtmlTable {
    fn text(&mut self, text: &str) {
        if let Some((cell, _)) = &mut self.cell {
            cell.push_str(&unescaped(text));
        }
    }

    fn tag(&mut self, tag: &str, headed: &mut Headed<'_>) -> Result<(), Error> {
        let end = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
        let name = tag.get(..end).unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
        match name.as_str() {
            "tr" => {
                self.end_row(headed)?;
                self.row += 1;
            }
            "td" | "th" => {
                self.end_cell()?;
                let wide = number(tag, "colspan").clamp(1, 1000);
                let tall = number(tag, "rowspan").clamp(1, 1_000_000) as u64;
                if tall > 1 {
                    let (column, first_row) = (self.column, self.row);
                    headed.merge(MergedDown { column, first_row, last_row: first_row + tall - 1 });
                }
                self.cell = Some((String::new(), wide));
            }
            "/td" | "/th" => self.end_cell()?,
            "/tr" | "/table" => self.end_row(headed)?,
            "br" => self.text("\n"),
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Error> {
        let Some((text, wide)) = self.cell.take() else { return Ok(()) };
        let text = text.trim();
        if !text.is_empty() {
            self.cells.put(self.column, Cell::Text(text.to_owned().into()))?;
        }
        self.column += wide;
        Ok(())
    }

    fn end_row(&mut self, headed: &mut Headed<'_>) -> Result<(), Error> {
        self.end_cell()?;
        self.column = 0;
        self.cells.flush(self.row, headed)
    }
}

/// The number of an attribute; 1 where it is absent.
fn number(tag: &str, name: &str) -> usize {
    let lower = tag.to_ascii_lowercase();
    let value =
        lower.split_once(name).map(|(_, rest)| rest.trim_start_matches(['=', ' ', '"', '\'']));
    let digits =
        value.map(|value| value.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(1)
}

/// Blanks as one, and the entities that tables hold.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (plain, entity) = rest.split_at(at);
        out.push_str(plain);
        let end = entity.find(';').filter(|end| *end <= 10);
        let c = end.and_then(|end| character(entity.get(1..end)?));
        out.push(c.unwrap_or('&'));
        rest = entity.get(c.and(end).unwrap_or(0) + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    match entity {
        "nbsp" | "ensp" | "emsp" => Some(' '),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "middot" => Some('·'),
        "deg" => Some('°'),
        _ => None,
    }
}

/// The encoding that the head of the page names: `charset=gb2312`.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head.get(..head.len().min(4096))?).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let label = rest.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    by_label(label.get(..end.unwrap_or(label.len()))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::testing::{Gathered, file};

    #[test]
    fn a_page_with_a_table_is_read_as_loosely_as_browsers_do() {
        let page = "<HTML><meta charset=gb2312><!-- <tr><td>no --><table border=1><TR><TD>乡镇<TD>名称\
            <tr><td rowspan='2'>一镇</td><td x:str>甲&amp;乙<br>店</td></tr>\
            <tr><td></td><td>&#20001;&nbsp;</td></tr></table>";
        let bytes = encoding_rs::GB18030.encode(page).0.into_owned();
        let (_folder, path) = file("t.xls", &bytes);
        let mut read = Gathered::default();
        super::read(&path, &mut read).unwrap();
        assert_eq!(read.columns(), ["乡镇", "名称"]);
        let texts = read.texts();
        assert_eq!(texts[0], (2, vec!["一镇".to_owned(), "甲&乙\n店".to_owned()]));
        assert_eq!(texts[1], (3, vec!["一镇".to_owned(), "両".to_owned()]));
        let (_folder, path) = file("t.xls", b"<html><body>403</body></html>");
        assert!(matches!(super::read(&path, &mut Gathered::default()), Err(Error::Other { .. })));
    }
}
