//! Layers → one sheet each, row by row through a temporary file, so that memory does not grow.

use std::io;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::panics::contained;
use crate::domain::{Kind, printable};
use crate::exchange::formats::placing::{PlaceColumn, column_names, places};
use crate::exchange::{Cell, Error, OutColumn, OutLayer, OutLayers, OutRow};
use crate::files::folder_of;

/// What one cell of Excel holds.
const MAX_CELL_CHARS: usize = 32_767;

/// Writes a sheet a layer. The library writes rows to a temporary file as it goes, and panics where
/// the disk is full.
pub fn write(path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    contained(|| write_book(path, layers)).unwrap_or_else(|words| Err(broken_off(&words)))
}

/// Why the library gave up in the middle, as its own words tell.
fn broken_off(words: &str) -> Error {
    if words.contains("StorageFull") {
        return Error::NotWritten(io::ErrorKind::StorageFull.into());
    }
    Error::unwritable("工作簿未能写出", "the workbook could not be written")
}

fn write_book(path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    let mut book = Workbook::new();
    // On the disk that the workbook is for: the folder for temporary files may be small, and is no
    // place for what a district keeps.
    book.set_tempdir(folder_of(path)).map_err(unwritable)?;
    // The same records give the same bytes; a date of creation would change with every export.
    let epoch = ExcelDateTime::from_ymd(1980, 1, 1).map_err(unwritable)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for layer in layers {
        let sheet = book.add_worksheet_with_constant_memory().map_err(unwritable)?;
        let name = layer.result.map_or_else(|| layer.key(), |result| result.label);
        sheet.set_name(name).map_err(unwritable)?;
        write_layer(sheet, layer, &date)?;
    }
    // In memory first: a writer of zips that meets a full disk tells the terminal of it.
    let bytes = book.save_to_buffer().map_err(unwritable)?;
    std::fs::write(path, bytes).map_err(Error::NotWritten)
}

fn write_layer(sheet: &mut Worksheet, layer: OutLayer<'_>, date: &Format) -> Result<(), Error> {
    let places = places(layer.kind);
    let ours: Vec<&str> = places.iter().map(|place| place.name()).collect();
    let names = column_names(&layer.columns, &ours);
    let header = names.iter().map(String::as_str).chain(ours);
    for (name, column) in header.zip(0..) {
        sheet.write_string(0, column, name).map_err(unwritable)?;
    }
    page(sheet, &layer.filter).map_err(unwritable)?;
    let crs = layer.crs.name();
    for (out, row) in layer.rows.zip(1..) {
        let mut column = 0;
        for (cell, name) in out.cells.iter().zip(&names) {
            fits(&out, &layer.columns, layer.kind, cell, name)?;
            put(sheet, row, column, cell, date)?;
            column += 1;
        }
        for place in places {
            let cell = place.cell(out.geometry.as_ref(), &crs);
            match (&cell, place) {
                (Cell::Text(text), PlaceColumn::Wkt) => put_pieces(sheet, row, column, text)?,
                _ => put(sheet, row, column, &cell, date)?,
            }
            column += 1;
        }
    }
    Ok(())
}

/// A text that does not fit is named, because only a person can shorten it.
fn fits(
    row: &OutRow<'_>,
    columns: &[OutColumn],
    kind: Kind,
    cell: &Cell<'_>,
    column: &str,
) -> Result<(), Error> {
    if !matches!(cell, Cell::Text(_) | Cell::Json(_)) {
        return Ok(());
    }
    // Excel counts in UTF-16.
    let chars = cell.to_text().encode_utf16().count();
    if chars <= MAX_CELL_CHARS {
        return Ok(());
    }
    let called = |name: &str| {
        let place = columns.iter().position(|column| column.name == name)?;
        row.cells.get(place).map(|cell| cell.to_text().into_owned())
    };
    let names = ["name", "code", "id"].into_iter().filter_map(called);
    let record = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let record = record.chars().take(40).collect();
    Err(Error::TooLong { kind, record, column: column.to_owned(), chars })
}

/// Printed on A4 across, its head again on each page, with what it was picked by above it.
fn page(sheet: &mut Worksheet, filter: &str) -> Result<(), XlsxError> {
    /// As Excel numbers paper.
    const A4: u8 = 9;
    /// Excel takes no longer line, with its codes.
    const LONGEST: usize = 200;
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_freeze_panes(1, 0)?;
    let filter: String = printable(filter).chars().take(LONGEST).collect();
    let filter = if filter.is_empty() { "全部".to_owned() } else { filter.replace('&', "&&") };
    sheet.set_header(format!("&L&9筛选：{filter}&R&9&A"));
    sheet.set_footer("&C&9第 &P 页，共 &N 页");
    Ok(())
}

/// A long outline does not fit one cell; the rest goes into the cells to its right, and the reader
/// joins what does not end in a bracket.
fn put_pieces(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), Error> {
    let mut rest = text;
    for column in column.. {
        // WKT is ASCII, so every position is a border of characters.
        let (piece, after) =
            rest.split_at_checked(MAX_CELL_CHARS.min(rest.len())).unwrap_or((rest, ""));
        sheet.write_string(row, column, piece).map_err(unwritable)?;
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell<'_>,
    date: &Format,
) -> Result<(), Error> {
    /// Beyond this a float no longer knows every integer.
    const EXACT: u64 = 1 << 53;
    let written = match cell {
        Cell::Empty => return Ok(()),
        Cell::Integer(number) if number.unsigned_abs() <= EXACT => {
            sheet.write_number(row, column, *number as f64)
        }
        Cell::Real(number) if number.is_finite() => sheet.write_number(row, column, *number),
        Cell::Boolean(truth) => sheet.write_boolean(row, column, *truth),
        Cell::Date(day) => match excel_date(*day) {
            Some(day) => sheet.write_datetime_with_format(row, column, &day, date),
            None => sheet.write_string(row, column, day.to_string()),
        },
        Cell::Text(_) | Cell::Integer(_) | Cell::Real(_) | Cell::Json(_) => {
            let text = cell.to_text();
            if text.is_empty() {
                return Ok(());
            }
            sheet.write_string(row, column, &*printable(&text))
        }
    };
    written.map(drop).map_err(unwritable)
}

/// Excel counts from 1900.
fn excel_date(day: jiff::civil::Date) -> Option<ExcelDateTime> {
    let (year, month, day) = (
        u16::try_from(day.year()).ok()?,
        u8::try_from(day.month()).ok()?,
        u8::try_from(day.day()).ok()?,
    );
    ExcelDateTime::from_ymd(year, month, day).ok()
}

fn unwritable(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => Error::NotWritten(error),
        _ => Error::unwritable("工作簿未能写出", "the workbook could not be written"),
    }
}
