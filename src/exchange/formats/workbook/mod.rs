//! Workbooks: XLSX read and written, XLS and ODS read, and what platforms call .xls: HTML and XML.
//!
//! XLSX and ODS are streamed cell by cell. Before a zip is opened for its meaning, its true size is
//! counted, so that a bomb is refused and not unpacked.

mod biff;
mod guard;
mod html;
mod ods;
mod panics;
mod sheet_notes;
mod sheets;
mod spreadsheet_xml;
mod write;
mod xls;
mod xlsx;

use std::path::Path;

use calamine::ExcelDateTime;

use crate::domain::Text;
use crate::exchange::header::Headed;
use crate::exchange::{Cell, Error, ExportChoice, Format, OutLayers, ReadOptions, Sink};
use crate::geodesy::crs::Crs;

/// A format of workbooks; what is read is decided by the first bytes of the file.
pub struct Workbook {
    name: &'static str,
    extensions: &'static [&'static str],
}

/// The workbooks of today, read and written.
pub const XLSX: Workbook = Workbook { name: "xlsx", extensions: &["xlsx", "xlsm"] };
/// The workbooks of before 2007, read only.
pub const XLS: Workbook = Workbook { name: "xls", extensions: &["xls"] };
/// The workbooks of `LibreOffice`, read only.
pub const ODS: Workbook = Workbook { name: "ods", extensions: &["ods"] };

impl Format for Workbook {
    fn name(&self) -> &'static str {
        self.name
    }

    fn extensions(&self) -> &'static [&'static str] {
        self.extensions
    }

    /// By the first bytes: an .xls that another program saved is often an .xlsx in truth.
    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        let sheet = options.sheet.as_deref();
        match guard::content(path)? {
            guard::FileSignature::CompoundFile => xls::read(path, sheet, sink),
            guard::FileSignature::Zip if self.name == "ods" => ods::read(path, sheet, sink),
            guard::FileSignature::Zip => xlsx::read(path, sheet, sink),
            guard::FileSignature::Markup if spreadsheet_xml::is_one(path)? => {
                spreadsheet_xml::read(path, sheet, sink)
            }
            guard::FileSignature::Markup => html::read(path, sink),
            guard::FileSignature::Text | guard::FileSignature::Other => {
                let reason = Text::new("内容是别的东西", "it is something else");
                Err(Error::malformed(self.name, reason))
            }
        }
    }

    fn parts(&self, path: &Path) -> Result<Vec<String>, Error> {
        match guard::content(path)? {
            guard::FileSignature::CompoundFile => xls::sheets(path),
            guard::FileSignature::Zip if self.name == "ods" => ods::sheets(path),
            guard::FileSignature::Zip => xlsx::sheets(path),
            guard::FileSignature::Markup
            | guard::FileSignature::Text
            | guard::FileSignature::Other => Ok(Vec::new()),
        }
    }

    fn is_sheet(&self) -> bool {
        true
    }

    fn exports(&self) -> &'static [ExportChoice] {
        const XLSX_ONLY: &[ExportChoice] =
            &[("xlsx", Text::new("Excel / WPS", "Excel / WPS"), Crs::Wgs84)];
        if self.name == "xlsx" { XLSX_ONLY } else { &[] }
    }

    fn write(&self, path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
        if self.name == "xlsx" {
            return write::write(path, layers);
        }
        Err(Error::unwritable(
            format!("{} 格式只能读取，请改用 xlsx", self.name),
            format!("{} can be read but not written; use xlsx", self.name),
        ))
    }
}

/// Whether a file that is called a workbook is text in columns.
pub fn is_text(path: &Path) -> bool {
    matches!(guard::content(path), Ok(guard::FileSignature::Text))
}

/// More cells than this in a row are no sheet: the limit of Excel itself.
const MAX_COLUMNS: usize = 16_384;
const MAX_ROWS: u64 = 1 << 20;

/// Rows times columns, empty ones included: a hostile sheet can announce more than anybody waits
/// for, and no real one has as many.
const MAX_CELLS: u64 = 1 << 30;

/// Gathers the cells of a row, and keeps a count of the work that a sheet makes.
struct RowBuffer<'c> {
    cells: Vec<Cell<'c>>,
    used: Vec<usize>,
    work: u64,
}

impl<'c> RowBuffer<'c> {
    fn new() -> Self {
        Self { cells: Vec::new(), used: Vec::new(), work: 0 }
    }

    fn put(&mut self, column: usize, cell: Cell<'c>) -> Result<(), Error> {
        if column >= MAX_COLUMNS {
            let column = column + 1;
            return Err(Error::hostile(
                format!("第 {column} 列有单元格，超过 {MAX_COLUMNS} 列"),
                format!("a cell in column {column}, more than {MAX_COLUMNS}"),
            ));
        }
        if column >= self.cells.len() {
            self.cells.resize(column + 1, Cell::Empty);
        }
        if let Some(slot) = self.cells.get_mut(column) {
            *slot = cell;
            self.used.push(column);
        }
        Ok(())
    }

    /// Hands the row on; `row` counts from 1.
    fn flush(&mut self, row: u64, headed: &mut Headed<'_>) -> Result<(), Error> {
        if self.used.is_empty() {
            return Ok(());
        }
        self.work += self.cells.len() as u64;
        if row > MAX_ROWS || self.work > MAX_CELLS {
            return Err(Error::hostile(
                format!("第 {row} 行超出任何表格的大小"),
                format!("row {row} is beyond the size of any sheet"),
            ));
        }
        let width = self.used.iter().max().map_or(0, |last| last + 1);
        headed.row(row, self.cells.get(..width).unwrap_or_default())?;
        for column in self.used.drain(..) {
            if let Some(slot) = self.cells.get_mut(column) {
                *slot = Cell::Empty;
            }
        }
        Ok(())
    }
}

/// Excel keeps every number as a float; whole ones are given as what they are.
fn number(number: f64) -> Cell<'static> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        Cell::Integer(number as i64)
    } else {
        Cell::Real(number)
    }
}

/// A date, or text where there is a time of day that a date would lose.
fn moment(moment: &ExcelDateTime) -> Cell<'static> {
    let serial = moment.as_f64();
    if moment.is_duration() || !serial.is_finite() {
        return number(serial);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()))
        .and_then(|(year, (month, day))| jiff::civil::Date::new(year, month, day).ok());
    match date {
        _ if (0.0..1.0).contains(&serial) => {
            Cell::Text(format!("{hour:02}:{minute:02}:{second:02}").into())
        }
        Some(date) if serial.fract() == 0.0 => Cell::Date(date),
        Some(date) => Cell::Text(format!("{date} {hour:02}:{minute:02}:{second:02}").into()),
        None => number(serial),
    }
}

fn malformed(format: &'static str, reason: &dyn std::fmt::Display) -> Error {
    Error::broken(format, reason)
}

#[cfg(test)]
mod tests;
