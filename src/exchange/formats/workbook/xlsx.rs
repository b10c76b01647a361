//! XLSX (ECMA-376), streamed.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader as _, Xlsx};

use super::sheet_notes::SheetNotes;
use super::{RowBuffer, guard, malformed, moment, number, sheets};
use crate::exchange::header::Headed;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

type Book = Xlsx<BufReader<File>>;

/// The names of the sheets, in their order.
pub fn sheets(path: &Path) -> Result<Vec<String>, Error> {
    Ok(sheets::names(&open(path)?.0))
}

/// Reads the `sheet` that was asked for, by name or number from 1, or those that
/// [`sheets::choose`] finds.
pub fn read(path: &Path, sheet: Option<&str>, sink: &mut dyn Sink) -> Result<(), Error> {
    let (mut book, notable) = open(path)?;
    let mut read = |book: &mut Book, name: &str, sink: &mut dyn Sink| {
        let notes = SheetNotes::of(path, name, &notable)?;
        read_sheet(book, name, &notes, sink)
    };
    sheets::read_chosen(&mut book, sheet, sink, &mut read)
}

/// The workbook, and the parts of which there is more to know than cells.
fn open(path: &Path) -> Result<(Book, Vec<String>), Error> {
    let notable = guard::check_zip(path, "XLSX", guard::LIMITS)?;
    let file = BufReader::with_capacity(1 << 16, File::open(path)?);
    Ok((sheets::opened("XLSX", || Book::new(file))?, notable))
}

fn read_sheet(
    book: &mut Book,
    name: &str,
    notes: &SheetNotes,
    sink: &mut dyn Sink,
) -> Result<bool, Error> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet that is a chart has no rows.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(false),
        Err(error) => return Err(malformed("XLSX", &error)),
    };
    sink.table(name, &StatedCrs::Unstated)?;
    if let Some(warning) = notes.hidden_rows() {
        sink.warn(warning);
    }
    let mut headed = Headed::new(sink);
    headed.merged_down(notes.merged.clone());
    for (row, column) in &notes.uncalculated {
        headed.uncalculated(*row, *column);
    }
    let mut row = RowBuffer::new();
    let mut current = 0;
    loop {
        let cell = match cells.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(error) => return Err(malformed("XLSX", &error)),
        };
        let (at, column) = cell.get_position();
        let at = u64::from(at) + 1;
        if at != current {
            row.flush(current, &mut headed)?;
            current = at;
        }
        let value = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Error(error) => Cell::Text(error.to_string().into()),
            DataRef::SharedString(text) => Cell::Text((*text).into()),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Cell::Text(text.clone().into())
            }
            DataRef::Int(whole) => Cell::Integer(*whole),
            DataRef::Float(real) => number(*real),
            DataRef::Bool(truth) => Cell::Boolean(*truth),
            DataRef::DateTime(date) => moment(date),
        };
        row.put(column as usize, value)?;
    }
    row.flush(current, &mut headed)?;
    headed.finish()
}
