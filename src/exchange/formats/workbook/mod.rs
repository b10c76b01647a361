//! Workbooks: XLSX read and written, XLS and ODS read.
//!
//! XLSX and ODS are streamed cell by cell. Before a zip is opened for its meaning, its true size is
//! counted, so that a bomb is refused and not unpacked.

mod biff;
mod guard;
mod ods;
mod write;
mod xls;
mod xlsx;

use std::path::Path;

use calamine::ExcelDateTime;

use crate::domain::{Kind, LocalizedText};
use crate::exchange::Format;
use crate::exchange::header::Headed;
use crate::exchange::{Cell, Error, OutLayer, ReadOptions, Sink};

pub struct Workbook {
    name: &'static str,
    extensions: &'static [&'static str],
}

pub const XLSX: Workbook = Workbook { name: "xlsx", extensions: &["xlsx", "xlsm"] };
pub const XLS: Workbook = Workbook { name: "xls", extensions: &["xls"] };
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
            guard::Content::CompoundFile => xls::read(path, sheet, sink),
            guard::Content::Zip if self.name == "ods" => ods::read(path, sheet, sink),
            guard::Content::Zip => xlsx::read(path, sheet, sink),
            guard::Content::Other => {
                Err(Error::Malformed { format: self.name, reason: "it is something else".into() })
            }
        }
    }

    fn parts(&self, path: &Path) -> Result<Vec<String>, Error> {
        match guard::content(path)? {
            guard::Content::CompoundFile => xls::sheets(path),
            guard::Content::Zip if self.name == "ods" => ods::sheets(path),
            guard::Content::Zip => xlsx::sheets(path),
            guard::Content::Other => Ok(Vec::new()),
        }
    }

    fn write(
        &self,
        path: &Path,
        layers: &mut dyn Iterator<Item = OutLayer<'_>>,
    ) -> Result<(), Error> {
        if self.name == "xlsx" {
            return write::write(path, layers);
        }
        Err(Error::Unwritable(format!("{} can be read but not written; use xlsx", self.name)))
    }
}

/// More cells than this in a row are no sheet: the limit of Excel itself.
const MAX_COLUMNS: usize = 16_384;
const MAX_ROWS: u64 = 1 << 20;

/// Rows times columns, empty ones included: a hostile sheet can announce more than anybody waits
/// for, and no real one has as many.
const MAX_CELLS: u64 = 1 << 30;

/// Which sheets to read, in order, and whether to stop at the first that has rows.
#[derive(Debug, PartialEq, Eq)]
struct Choice {
    sheets: Vec<usize>,
    is_first_only: bool,
}

/// What the person said, by name or number from 1; else the sheets that are called like layers,
/// as an export of ours has them; else the first visible one with rows.
fn choose(names: &[String], visible: &[bool], sheet: Option<&str>) -> Result<Choice, Error> {
    let Some(wanted) = sheet.map(str::trim) else {
        let all = 0..names.len();
        let layers: Vec<usize> = all
            .clone()
            .filter(|at| names.get(*at).is_some_and(|name| name.parse::<Kind>().is_ok()))
            .collect();
        if !layers.is_empty() {
            return Ok(Choice { sheets: layers, is_first_only: false });
        }
        let shown = all.filter(|at| visible.get(*at).copied().unwrap_or(true)).collect();
        return Ok(Choice { sheets: shown, is_first_only: true });
    };
    let by_name = names.iter().position(|name| name.trim() == wanted);
    let by_number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < names.len());
    match by_name.or_else(by_number) {
        Some(at) => Ok(Choice { sheets: vec![at], is_first_only: true }),
        None => Err(Error::NoSuchSheet { sheet: wanted.to_owned(), known: names.join(", ") }),
    }
}

/// Of several sheets nobody has chosen one, so it is said which was read.
fn tell_of_others(read: &str, names: &[String], is_chosen: bool, sink: &mut dyn Sink) {
    if is_chosen || names.len() < 2 {
        return;
    }
    let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != read).collect();
    let (zh, en) = (others.join("、"), others.join(", "));
    sink.warn(LocalizedText::new(
        format!("只读取了工作表“{read}”，未读取：{zh}（命令行用 --sheet 选择）"),
        format!("only sheet `{read}` was read, not {en}; another is chosen with --sheet"),
    ));
}

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
            let reason = format!("a cell in column {}, more than {MAX_COLUMNS}", column + 1);
            return Err(Error::Hostile(reason));
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
            return Err(Error::Hostile(format!("row {row} is beyond the size of any sheet")));
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
    Error::Malformed { format, reason: reason.to_string() }
}

#[cfg(test)]
mod tests;
