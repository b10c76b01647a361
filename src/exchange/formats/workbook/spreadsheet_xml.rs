//! The XML of Excel 2003 (`SpreadsheetML`), which many platforms still write and call .xls.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::sheets::{choose, tell_of_others};
use super::{RowBuffer, number};
use crate::exchange::formats::decode::{declared_by_xml, sniff};
use crate::exchange::formats::xml::{XmlElement, XmlReader, begins_with};
use crate::exchange::header::Headed;
use crate::exchange::sheet_rows::MergedDown;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

/// By the namespace that such a file names at its beginning.
pub fn is_one(path: &Path) -> Result<bool, Error> {
    const SAMPLE_BYTES: u64 = 4096;
    let mut start = Vec::new();
    File::open(path)?.take(SAMPLE_BYTES).read_to_end(&mut start)?;
    let start = String::from_utf8_lossy(&start);
    Ok(start.contains("<Workbook") || start.contains(":Workbook"))
}

/// Streams the rows of one sheet, or of those that are called like layers.
pub fn read(path: &Path, sheet: Option<&str>, sink: &mut dyn Sink) -> Result<(), Error> {
    let sniffed = sniff(File::open(path)?, "XLS", declared_by_xml)?;
    if let Some(warning) = sniffed.warning() {
        sink.warn(warning);
    }
    let open = || Ok::<_, Error>(XmlReader::new(sniffed.reader(File::open(path)?), "XLS"));
    let mut names = Vec::new();
    walk(&mut open()?, &mut |name, xml| {
        names.push(name);
        xml.skip()?;
        Ok(true)
    })?;
    let visible = vec![true; names.len()];
    let choice = choose(&names, &visible, sheet)?;
    let mut at = 0;
    walk(&mut open()?, &mut |name, xml| {
        at += 1;
        if !choice.sheets.contains(&(at - 1)) {
            xml.skip()?;
            return Ok(true);
        }
        sink.table(&name, &StatedCrs::Unstated)?;
        if read_sheet(xml, sink)? && choice.is_first_only {
            tell_of_others(at - 1, &names, &visible, sheet.is_some(), sink);
            return Ok(false);
        }
        Ok(true)
    })
}

/// Sees the sheet of a name, and says whether to go on.
type See<'a, R> = &'a mut dyn FnMut(String, &mut XmlReader<R>) -> Result<bool, Error>;

/// Goes from sheet to sheet; `see` reads or skips each, and says whether to go on.
fn walk<R: Read>(xml: &mut XmlReader<R>, see: See<'_, R>) -> Result<(), Error> {
    let root = xml.child()?.unwrap_or_default();
    if root.name != "Workbook" {
        return Err(Error::malformed("XLS", begins_with(&root.name, "Workbook")));
    }
    while let Some(element) = xml.child()? {
        if element.name != "Worksheet" {
            xml.skip()?;
        } else if !see(own(&element, "Name").unwrap_or_default().to_owned(), xml)? {
            break;
        }
    }
    Ok(())
}

/// An attribute, whatever prefix the file gives to the namespace.
fn own<'e>(element: &'e XmlElement, name: &str) -> Option<&'e str> {
    let is_own = |known: &str| known == name || known.rsplit(':').next() == Some(name);
    element.attributes.iter().find(|(known, _)| is_own(known)).map(|(_, value)| value.as_str())
}

/// Whether the sheet had rows.
fn read_sheet(xml: &mut XmlReader<impl Read>, sink: &mut dyn Sink) -> Result<bool, Error> {
    let mut headed = Headed::new(sink);
    let mut row = RowBuffer::new();
    while let Some(table) = xml.child()? {
        if table.name != "Table" {
            xml.skip()?;
            continue;
        }
        let mut number = 0u64;
        while let Some(element) = xml.child()? {
            if element.name != "Row" {
                xml.skip()?;
                continue;
            }
            number = index(&element).unwrap_or(number + 1).max(number + 1);
            read_row(xml, number, &mut row, &mut headed)?;
            row.flush(number, &mut headed)?;
        }
    }
    headed.finish()
}

fn read_row(
    xml: &mut XmlReader<impl Read>,
    row: u64,
    buffer: &mut RowBuffer<'_>,
    headed: &mut Headed<'_>,
) -> Result<(), Error> {
    let mut column = 0usize;
    while let Some(element) = xml.child()? {
        if element.name != "Cell" {
            xml.skip()?;
            continue;
        }
        let said = index(&element).and_then(|index| usize::try_from(index).ok()?.checked_sub(1));
        column = said.unwrap_or(column).max(column);
        let down: u64 = own(&element, "MergeDown").and_then(|n| n.parse().ok()).unwrap_or(0);
        if down > 0 {
            headed.merge(MergedDown { column, first_row: row, last_row: row.saturating_add(down) });
        }
        while let Some(data) = xml.child()? {
            if data.name != "Data" {
                xml.skip()?;
                continue;
            }
            let ty = own(&data, "Type").unwrap_or_default().to_owned();
            let text = xml.text()?;
            if let Some(cell) = cell(&ty, text) {
                buffer.put(column, cell)?;
            }
        }
        let across: usize = own(&element, "MergeAcross").and_then(|n| n.parse().ok()).unwrap_or(0);
        column = column.saturating_add(1).saturating_add(across);
    }
    Ok(())
}

fn index(element: &XmlElement) -> Option<u64> {
    own(element, "Index")?.parse().ok()
}

fn cell(ty: &str, text: String) -> Option<Cell<'static>> {
    let plain = text.trim();
    match ty {
        _ if plain.is_empty() => None,
        "Number" => Some(plain.parse().map_or_else(|_| Cell::Text(text.into()), number)),
        "Boolean" => Some(Cell::Boolean(plain == "1")),
        "DateTime" => {
            let (day, time) = plain.split_once('T').unwrap_or((plain, ""));
            let is_midnight = time.trim_matches(['0', ':', '.']).is_empty();
            let date = day.parse().ok().filter(|_| is_midnight).map(Cell::Date);
            Some(date.unwrap_or_else(|| Cell::Text(plain.replace('T', " ").into())))
        }
        _ => Some(Cell::Text(text.into())),
    }
}
