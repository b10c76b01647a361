//! XLS (BIFF5 and BIFF8), which calamine reads whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::Path;

use calamine::{Data, Reader as _, Xls};

use super::{RowBuffer, biff, malformed, moment, number, sheet_notes, sheets};
use crate::domain::Text;
use crate::exchange::header::Headed;
use crate::exchange::sheet_rows::merged_columns;
use crate::exchange::{Cell, Error, Sink, StatedCrs};

/// The format ends at 65,536 rows of 256 columns a sheet; no real file is near this.
const MAX_FILE_BYTES: u64 = 128 << 20;

/// calamine keeps every cell of the rectangle that a sheet spans, 24 bytes each.
const MAX_CELLS: u64 = 12_000_000;

type Book = Xls<Cursor<Vec<u8>>>;

/// The names of the sheets, in their order.
pub fn sheets(path: &Path) -> Result<Vec<String>, Error> {
    Ok(sheets::names(&open(path)?.0))
}

/// Reads the `sheet` that was asked for, by name or number from 1, or those that
/// [`sheets::choose`] finds.
pub fn read(path: &Path, sheet: Option<&str>, sink: &mut dyn Sink) -> Result<(), Error> {
    let (mut book, hidden) = open(path)?;
    sheets::read_chosen(&mut book, sheet, sink, &mut |book, name, sink| {
        read_sheet(book, name, hidden.get(name).map_or(&[], Vec::as_slice), sink)
    })
}

/// With the hidden rows of each sheet.
fn open(path: &Path) -> Result<(Book, BTreeMap<String, Vec<u64>>), Error> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > MAX_FILE_BYTES {
        let large_mb = bytes >> 20;
        return Err(Error::hostile(
            format!(".xls 文件有 {large_mb} MB，太大"),
            format!("an .xls of {large_mb} MB"),
        ));
    }
    let mut content = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut content)?;
    if biff::is_encrypted(&content) {
        return Err(Error::Protected);
    }
    match biff::cells(&content) {
        Some(cells) if cells <= MAX_CELLS => {}
        Some(cells) => {
            return Err(Error::hostile(
                format!("工作表共有 {cells} 格，太多"),
                format!("its sheets span {cells} cells"),
            ));
        }
        None => {
            let reason = Text::new("文件容器已损坏", "its container is damaged");
            return Err(Error::malformed("XLS", reason));
        }
    }
    let hidden = biff::hidden_rows(&content);
    Ok((sheets::opened("XLS", || Xls::new(Cursor::new(content)))?, hidden))
}

fn read_sheet(
    book: &mut Book,
    name: &str,
    hidden: &[u64],
    sink: &mut dyn Sink,
) -> Result<bool, Error> {
    let range = book.worksheet_range(name).map_err(|error| malformed("XLS", &error))?;
    sink.table(name, &StatedCrs::Unstated)?;
    if let Some(warning) = sheet_notes::hidden_words(hidden) {
        sink.warn(warning);
    }
    let mut headed = Headed::new(sink);
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    headed.merged_down(merged_columns(merged.iter().map(sheet_notes::corners)));
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
    headed.finish()
}

fn cell(value: &Data) -> Option<Cell<'static>> {
    Some(match value {
        Data::Empty => return None,
        Data::Error(error) => Cell::Text(error.to_string().into()),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Cell::Text(text.clone().into())
        }
        Data::Int(whole) => Cell::Integer(*whole),
        Data::Float(real) => number(*real),
        Data::Bool(truth) => Cell::Boolean(*truth),
        Data::DateTime(date) => moment(date),
    })
}
