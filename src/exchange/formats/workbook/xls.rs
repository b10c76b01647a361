//! XLS (BIFF5 and BIFF8), which calamine reads whole.

use std::fs::File;
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, Reader as _, SheetVisible, Xls};

use super::{RowBuffer, biff, choose, malformed, moment, number, tell_of_others};
use crate::exchange::header::Headed;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

/// The format ends at 65,536 rows of 256 columns a sheet; no real file is near this.
const MAX_FILE_BYTES: u64 = 128 << 20;

/// calamine keeps every cell of the rectangle that a sheet spans, 24 bytes each.
const MAX_CELLS: u64 = 12_000_000;

type Book = Xls<Cursor<Vec<u8>>>;

pub fn sheets(path: &Path) -> Result<Vec<String>, Error> {
    Ok(open(path)?.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect())
}

fn open(path: &Path) -> Result<Book, Error> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > MAX_FILE_BYTES {
        return Err(Error::Hostile(format!("an .xls of {} MB", bytes >> 20)));
    }
    let mut content = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut content)?;
    match biff::cells(&content) {
        Some(cells) if cells <= MAX_CELLS => {}
        Some(cells) => return Err(Error::Hostile(format!("its sheets span {cells} cells"))),
        None => return Err(malformed("XLS", &"its container is damaged")),
    }
    let file = Cursor::new(content);
    // A parser of other people's files should not panic, but if it does, this is a bad file and
    // not a bad program.
    let Ok(opened) = catch_unwind(AssertUnwindSafe(|| Xls::new(file))) else {
        return Err(malformed("XLS", &"it breaks the reader"));
    };
    opened.map_err(|error| malformed("XLS", &error))
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
        let range = book.worksheet_range(name).map_err(|error| malformed("XLS", &error))?;
        sink.table(name, &StatedCrs::Unstated)?;
        let mut headed = Headed::new(sink);
        let mut row = RowBuffer::new();
        let (top, left) = range.start().unwrap_or((0, 0));
        for (cells, number) in range.rows().zip(u64::from(top) + 1..) {
            for (value, column) in cells.iter().zip(left as usize..) {
                if let Some(cell) = cell(value) {
                    row.put(column, cell)?;
                }
            }
            row.flush(number, &mut headed)?;
        }
        if headed.finish()? && choice.is_first_only {
            tell_of_others(name, &names, sheet.is_some(), sink);
            break;
        }
    }
    Ok(())
}

fn cell(value: &Data) -> Option<Cell<'static>> {
    Some(match value {
        Data::Empty | Data::Error(_) => return None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Cell::Text(text.clone().into())
        }
        Data::Int(whole) => Cell::Integer(*whole),
        Data::Float(real) => number(*real),
        Data::Bool(truth) => Cell::Boolean(*truth),
        Data::DateTime(date) => moment(date),
    })
}
