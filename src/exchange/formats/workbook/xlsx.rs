//! XLSX (ECMA-376), streamed.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{DataRef, Reader as _, SheetVisible, Xlsx};

use super::{RowBuffer, choose, guard, malformed, moment, number, tell_of_others};
use crate::exchange::header::Headed;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

type Book = Xlsx<BufReader<File>>;

pub fn sheets(path: &Path) -> Result<Vec<String>, Error> {
    Ok(open(path)?.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect())
}

fn open(path: &Path) -> Result<Book, Error> {
    guard::check_zip(path, "XLSX", guard::LIMITS)?;
    let file = BufReader::with_capacity(1 << 16, File::open(path)?);
    // A parser of other people's files should not panic, but if it does, this is a bad file and
    // not a bad program.
    let Ok(opened) = catch_unwind(AssertUnwindSafe(|| Book::new(file))) else {
        return Err(malformed("XLSX", &"it breaks the reader"));
    };
    opened.map_err(|error| malformed("XLSX", &error))
}

pub fn read(path: &Path, sheet: Option<&str>, sink: &mut dyn Sink) -> Result<(), Error> {
    let mut book = open(path)?;
    let sheets: Vec<_> = book.sheets_metadata().to_vec();
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let visible: Vec<bool> =
        sheets.iter().map(|sheet| sheet.visible == SheetVisible::Visible).collect();
    let choice = choose(&names, &visible, sheet)?;
    for at in &choice.sheets {
        let Some(name) = names.get(*at) else { continue };
        let has_rows = read_sheet(&mut book, name, sink)?;
        if has_rows && choice.is_first_only {
            tell_of_others(name, &names, sheet.is_some(), sink);
            break;
        }
    }
    Ok(())
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
