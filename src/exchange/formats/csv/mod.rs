//! Comma-separated values (RFC 4180), as spreadsheets here write them: UTF-8, GB18030 or UTF-16,
//! with `,` `;` or tabs.

mod decode;
mod write;

use std::path::Path;

use csv::ByteRecord;

use self::decode::{CsvInput, Decoder};
pub use self::write::to_bytes;
use crate::domain::{LocalizedText, Text};
use crate::exchange::header::Headed;
use crate::exchange::{Error, ExportChoice, Format, OutLayers, ReadOptions, Sink, StatedCrs};

use crate::geodesy::crs::Crs;

/// Tables of text; an export has one for all of its layers.
pub struct Csv;

/// No cell of an office is this long. An unclosed quote makes one that is.
const MAX_RECORD_BYTES: u64 = 16 << 20;

/// A cell with more lines than this has probably swallowed the rows after it.
const MANY_LINES: u64 = 1000;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "txt"]
    }

    fn read(&self, path: &Path, _options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        let input = CsvInput::open(path)?;
        sink.table("", &StatedCrs::Unstated)?;
        read(input, sink)
    }

    fn is_sheet(&self) -> bool {
        true
    }

    fn exports(&self) -> &'static [ExportChoice] {
        const { &[("csv", Text::new("CSV 表格", "CSV table"), Crs::Wgs84)] }
    }

    fn write(&self, path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
        write::write(path, layers.collect())
    }
}

fn read(input: CsvInput, sink: &mut dyn Sink) -> Result<(), Error> {
    let mut decoder = Decoder::new(&input);
    let has_crlf = input.has_crlf;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(input.delimiter)
        .buffer_capacity(1 << 18)
        .from_reader(Capped { source: input.source, left: MAX_RECORD_BYTES });
    let mut headed = Headed::new(sink);
    let mut lines = RowNumbers { has_crlf, inside_cells: 0, last_row: 0 };
    let mut record = ByteRecord::new();
    let mut record_with_many_lines = None;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(unreadable(error, lines.last_row + 1)),
        }
        let breaks = line_feeds(record.as_slice());
        let number = lines.row(reader.position().line(), breaks);
        if breaks > MANY_LINES && record_with_many_lines.is_none() {
            record_with_many_lines = Some(number);
        }
        headed.row(number, &decoder.cells(&record, number))?;
        reader.get_mut().left = MAX_RECORD_BYTES;
    }
    if let Some(row) = record_with_many_lines {
        headed.warn(LocalizedText::new(
            format!("第 {row} 行内有超过 {MANY_LINES} 处换行，请检查是否漏了引号"),
            format!(
                "row {row} has more than {MANY_LINES} lines in it: is a quotation mark left open there?"
            ),
        ));
    }
    for warning in decoder.warnings() {
        headed.warn(warning);
    }
    headed.finish()?;
    Ok(())
}

fn unreadable(error: csv::Error, row: u64) -> Error {
    let text = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            let most_mb = MAX_RECORD_BYTES >> 20;
            Error::hostile(
                format!("第 {row} 行超过 {most_mb} MB，是否漏了引号？"),
                format!("row {row} is longer than {most_mb} MB; is a quotation mark left open?"),
            )
        }
        csv::ErrorKind::Io(error) => Error::Io(error),
        _ => Error::broken("CSV", &text),
    }
}

/// Most records have none, which is found out fast.
fn line_feeds(bytes: &[u8]) -> u64 {
    if bytes.contains(&b'\n') { bytes.split(|byte| *byte == b'\n').count() as u64 - 1 } else { 0 }
}

/// Ends the reading when one record takes more than its share.
struct Capped<R> {
    source: R,
    left: u64,
}

impl<R: std::io::Read> std::io::Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let count = self.source.read(buffer)?;
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

/// Row numbers as a spreadsheet counts: a cell of three lines is one row, an empty line is one too.
struct RowNumbers {
    has_crlf: bool,
    inside_cells: u64,
    last_row: u64,
}

impl RowNumbers {
    /// `line` is the reader's line after the record: past the line feed, but before it where the
    /// record ended in CR LF.
    fn row(&mut self, line: u64, breaks: u64) -> u64 {
        self.inside_cells += breaks;
        let ended = u64::from(!self.has_crlf);
        let row = line.saturating_sub(self.inside_cells + ended);
        self.last_row = row.max(self.last_row + 1);
        self.last_row
    }
}

#[cfg(test)]
mod tests;
