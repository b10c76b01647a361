//! XLSX (ECMA-376), streamed.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader as _, Xlsx};

use super::{RowBuffer, guard, malformed, moment, number, sheets};
use crate::exchange::header::Headed;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

type Book = Xlsx<BufReader<File>>;

/// The names of the sheets, in their order.
pub fn sheets(path: &Path) -> Result<Vec<String>, Error> {
    Ok(sheets::names(&open(path)?))
}

/// Reads the `sheet` that was asked for, by name or number from 1, or those that
/// [`sheets::choose`] finds.
pub fn read(path: &Path, sheet: Option<&str>, sink: &mut dyn Sink) -> Result<(), Error> {
    sheets::read_chosen(&mut open(path)?, sheet, sink, read_sheet)
}

fn open(path: &Path) -> Result<Book, Error> {
    guard::check_zip(path, "XLSX", guard::LIMITS)?;
    let file = BufReader::with_capacity(1 << 16, File::open(path)?);
    sheets::opened("XLSX", || Book::new(file))
}

fn read_sheet(book: &mut Book, name: &str, sink: &mut dyn Sink) -> Result<bool, Error> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet that is a chart has no rows.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(false),
        Err(error) => return Err(malformed("XLSX", &error)),
    };
    sink.table(name, &StatedCrs::Unstated)?;
    let mut headed = Headed::new(sink);
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
            DataRef::Empty | DataRef::Error(_) => continue,
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
