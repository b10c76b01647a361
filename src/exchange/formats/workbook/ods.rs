//! ODS (OASIS `OpenDocument` 1.2, part 1 §9), streamed.
//!
//! calamine 0.38.0 unfolds repeated rows and cells in memory, up to 100 million: a cell repeated
//! 16,384 times in a row repeated a million times is a file of one kilobyte. `spreadsheet-ods` 1.0.4
//! holds the whole workbook with its styles. Here nothing is unfolded.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::sheets::{choose, tell_of_others};
use super::{RowBuffer, guard, malformed, number};
use crate::domain::LocalizedText;
use crate::exchange::header::Headed;
use crate::exchange::sheet_rows::MergedDown;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

/// A row that repeats more often than this is layout: nobody writes one thing so many times.
const MAX_REPEATED_ROWS: u64 = 1000;

/// Names of all sheets.
pub fn sheets(path: &Path) -> Result<Vec<String>, Error> {
    guard::check_zip(path, "ODS", guard::LIMITS)?;
    sheet_names(path)
}

/// Streams the rows of one sheet into the sink.
pub fn read(path: &Path, sheet: Option<&str>, sink: &mut dyn Sink) -> Result<(), Error> {
    let names = sheets(path)?;
    let visible = vec![true; names.len()];
    let choice = choose(&names, &visible, sheet)?;
    with_content(path, |reader| {
        let mut at = 0;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|error| malformed("ODS", &error))? {
                Event::Start(tag) if tag.name().as_ref() == "table:table" => {
                    let name = attribute(&tag, "table:name").unwrap_or_default();
                    let is_chosen = choice.sheets.contains(&at);
                    at += 1;
                    if !is_chosen {
                        continue;
                    }
                    sink.table(&name, &StatedCrs::Unstated)?;
                    if read_table(reader, sink)? && choice.is_first_only {
                        tell_of_others(at - 1, &names, &visible, sheet.is_some(), sink);
                        break;
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(())
    })
}

fn with_content<T>(
    path: &Path,
    work: impl FnOnce(
        &mut Reader<BufReader<zip::read::ZipFile<'_, BufReader<File>>>>,
    ) -> Result<T, Error>,
) -> Result<T, Error> {
    let file = BufReader::new(File::open(path)?);
    let mut zip = ZipArchive::new(file).map_err(|error| malformed("ODS", &error))?;
    let content = zip.by_name("content.xml").map_err(|error| malformed("ODS", &error))?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, content));
    reader.config_mut().expand_empty_elements = true;
    work(&mut reader)
}

fn sheet_names(path: &Path) -> Result<Vec<String>, Error> {
    with_content(path, |reader| {
        let mut names = Vec::new();
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|error| malformed("ODS", &error))? {
                Event::Start(tag) if tag.name().as_ref() == "table:table" => {
                    names.push(attribute(&tag, "table:name").unwrap_or_default());
                }
                Event::Eof => return Ok(names),
                _ => {}
            }
        }
    })
}

/// The text of an attribute.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    attribute
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

fn count(tag: &BytesStart<'_>, name: &str) -> u64 {
    attribute(tag, name).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Whether the table had any row.
fn read_table<R: BufRead>(reader: &mut Reader<R>, sink: &mut dyn Sink) -> Result<bool, Error> {
    let mut headed = Headed::new(sink);
    let mut row = RowBuffer::new();
    let (mut number, mut repeats, mut column) = (1u64, 1u64, 0u64);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| malformed("ODS", &error))? {
            Event::Start(tag) => match tag.name().as_ref() {
                "table:table-row" => {
                    repeats = count(&tag, "table:number-rows-repeated").max(1);
                    column = 0;
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    let wide = count(&tag, "table:number-columns-repeated").max(1);
                    let tall = count(&tag, "table:number-rows-spanned").min(MAX_REPEATED_ROWS);
                    if let (true, Ok(column)) = (tall > 1, usize::try_from(column)) {
                        let last_row = number + tall - 1;
                        headed.merge(MergedDown { column, first_row: number, last_row });
                    }
                    let name = tag.name().as_ref().to_owned();
                    let declared = DeclaredValue::of(&tag);
                    let text = cell_text(reader, &name)?;
                    let value = declared.cell(text);
                    if value.is_empty() {
                        column = column.saturating_add(wide);
                    } else {
                        for _ in 0..wide.min(super::MAX_COLUMNS as u64 + 1) {
                            row.put(usize::try_from(column).unwrap_or(usize::MAX), value.clone())?;
                            column += 1;
                        }
                    }
                }
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                "table:table-row" => {
                    repeat_row(&mut row, number, repeats, &mut headed)?;
                    number = number.saturating_add(repeats);
                }
                "table:table" => return headed.finish(),
                _ => {}
            },
            Event::Eof => return Err(malformed("ODS", &"content.xml ends inside a table")),
            _ => {}
        }
    }
}

fn repeat_row(
    row: &mut RowBuffer<'_>,
    number: u64,
    repeats: u64,
    headed: &mut Headed<'_>,
) -> Result<(), Error> {
    if row.used.is_empty() {
        return Ok(());
    }
    if repeats > MAX_REPEATED_ROWS {
        headed.warn(LocalizedText::new(
            format!("第 {number} 行重复 {repeats} 次，只读取一次"),
            format!("row {number} is repeated {repeats} times and was read once"),
        ));
        return row.flush(number, headed);
    }
    for copy in 1..repeats {
        let width = row.used.iter().max().map_or(0, |last| last + 1);
        row.work += width as u64;
        headed.row(number + copy - 1, row.cells.get(..width).unwrap_or_default())?;
    }
    row.flush(number + repeats - 1, headed)
}

/// What the attributes of a cell say it holds.
struct DeclaredValue {
    ty: Option<String>,
    value: Option<String>,
}

impl DeclaredValue {
    fn of(tag: &BytesStart<'_>) -> Self {
        let ty = attribute(tag, "office:value-type");
        let name = match ty.as_deref() {
            Some("date") => "office:date-value",
            Some("boolean") => "office:boolean-value",
            Some("string") => "office:string-value",
            _ => "office:value",
        };
        Self { value: attribute(tag, name), ty }
    }

    fn cell(self, text: String) -> Cell<'static> {
        let value = self.value.unwrap_or_default();
        let cell = match self.ty.as_deref() {
            Some("float" | "percentage" | "currency") => value.parse().ok().map(number),
            Some("boolean") => Some(Cell::Boolean(value == "true")),
            // A date, or a date with a time of day, which stays text.
            Some("date") => value
                .parse()
                .ok()
                .map(Cell::Date)
                .filter(|_| !value.contains('T'))
                .or_else(|| Some(Cell::Text(value.replace('T', " ").into()))),
            Some("string") if !value.is_empty() => Some(Cell::Text(value.into())),
            _ => None,
        };
        cell.unwrap_or_else(|| if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) })
    }
}

/// The paragraphs of a cell, one a line; comments are passed over.
fn cell_text<R: BufRead>(reader: &mut Reader<R>, end: &str) -> Result<String, Error> {
    let mut text = String::new();
    let mut buffer = Vec::new();
    let (mut depth, mut paragraphs, mut in_note) = (0u32, 0u32, 0u32);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| malformed("ODS", &error))? {
            Event::Start(tag) => {
                depth += 1;
                match tag.name().as_ref() {
                    "office:annotation" => in_note = in_note.max(depth),
                    "text:p" if in_note == 0 => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "text:s" if in_note == 0 => {
                        let blanks = count(&tag, "text:c").min(1000) as usize;
                        text.push_str(&" ".repeat(blanks));
                    }
                    "text:tab" if in_note == 0 => text.push('\t'),
                    "text:line-break" if in_note == 0 => text.push('\n'),
                    _ => {}
                }
            }
            Event::End(tag) => {
                if depth == 0 && tag.name().as_ref() == end {
                    return Ok(text);
                }
                if in_note == depth {
                    in_note = 0;
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(part) if depth > 0 && in_note == 0 => {
                text.push_str(&part.xml_content(quick_xml::XmlVersion::Implicit1_0));
            }
            Event::CData(part) if depth > 0 && in_note == 0 => text.push_str(&part),
            Event::GeneralRef(entity) if depth > 0 && in_note == 0 => {
                if let Ok(Some(c)) = entity.resolve_char_ref() {
                    text.push(c);
                } else if let Some(known) = quick_xml::escape::resolve_predefined_entity(&entity) {
                    text.push_str(known);
                }
            }
            Event::Eof => return Err(malformed("ODS", &"content.xml ends inside a cell")),
            _ => {}
        }
    }
}
