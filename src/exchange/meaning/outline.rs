//! What a table looked like and what became of its columns, for a person to check and to change.

use std::path::Path;

use super::columns::MappingTarget;
use super::names::{self, Special};
use crate::domain::{Kind, LocalizedText};
use crate::exchange::{Cell, Error, Format, InRow, ReadOptions, Sink, StatedCrs, Stop};
use crate::geodesy::angle::{angle, place};

/// A table as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOutline {
    /// Of the sheet or layer; empty for formats that have but one.
    pub name: String,
    /// The layer that its first row went to.
    pub kind: Kind,
    pub rows: u64,
    pub columns: Vec<MappedColumn>,
    /// Its first row brought a geometry.
    pub has_geometry: bool,
}

impl TableOutline {
    /// Columns that hold degrees of China, where no column says where the rows are.
    pub fn unused_places(&self) -> impl Iterator<Item = &str> {
        let says_where = |column: &MappedColumn| {
            let MappingTarget::Special(special) = column.target else { return false };
            matches!(special, Special::Lon | Special::Lat | Special::Pair | Special::Wkt)
        };
        let is_open = !self.has_geometry && !self.columns.iter().any(says_where);
        let unused = self.columns.iter().filter(move |column| {
            is_open && column.target == MappingTarget::Extra && column.holds_degrees()
        });
        unused.map(|column| column.name.as_str())
    }
}

/// A column with what it holds and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedColumn {
    pub name: String,
    /// The first values that differ, at most [`SAMPLES`].
    pub samples: Vec<String>,
    /// What becomes of its cells.
    pub target: MappingTarget,
}

impl MappedColumn {
    /// Whether all values seen are longitudes or latitudes of China, given to some hundred metres.
    fn holds_degrees(&self) -> bool {
        let is_degrees = |text: &String| {
            let is_fine = text.split(['.', '°', '度']).nth(1).is_some_and(|rest| rest.len() > 2);
            let in_china = |degrees: f64| {
                (73.0..=136.0).contains(&degrees) || (15.0..=54.0).contains(&degrees)
            };
            let is_one = || angle(text).is_ok_and(|angle| in_china(angle.degrees));
            let is_pair = || place(text).is_ok_and(|(x, y)| in_china(x) && in_china(y));
            is_fine && (is_one() || is_pair())
        };
        !self.samples.is_empty() && self.samples.iter().all(is_degrees)
    }
}

/// Values shown of a column.
pub const SAMPLES: usize = 2;

/// A file with more tables than this is not checked by eye.
pub const MAX_OUTLINES: usize = 200;

/// Rows from which examples are taken; a column that is empty so long shows none.
const SAMPLED_ROWS: u64 = 500;
const MAX_SAMPLE_CHARS: usize = 40;

/// Gathers the first values of each column.
#[derive(Debug, Default)]
pub struct Samples {
    pub rows: u64,
    columns: Vec<Vec<String>>,
}

impl Samples {
    /// Takes the cells of a row into account.
    pub fn look(&mut self, cells: &[Cell<'_>]) {
        self.rows += 1;
        if self.rows > SAMPLED_ROWS {
            return;
        }
        if self.columns.len() < cells.len() {
            self.columns.resize(cells.len(), Vec::new());
        }
        for (samples, cell) in self.columns.iter_mut().zip(cells) {
            if samples.len() == SAMPLES || cell.is_empty() {
                continue;
            }
            let text: String = cell.to_text().trim().chars().take(MAX_SAMPLE_CHARS).collect();
            if !samples.contains(&text) {
                samples.push(text);
            }
        }
    }

    /// The values seen in a column.
    pub fn of(&self, column: usize) -> Vec<String> {
        self.columns.get(column).cloned().unwrap_or_default()
    }
}

/// The columns of the first table that has rows, by reading no more than its beginning.
pub fn header(
    format: &dyn Format,
    path: &Path,
    options: &ReadOptions,
) -> Result<Vec<String>, Error> {
    let mut sink = HeaderSink::default();
    match format.read(path, options, &mut sink) {
        Ok(()) | Err(Error::Stopped) => Ok(sink.columns),
        Err(error) => Err(error),
    }
}

/// By what a header is known again, whatever file it stands in.
pub fn signature(columns: &[String]) -> String {
    const MAX_COLUMNS: usize = 200;
    let own =
        columns.iter().map(|name| names::normal(name)).filter(|name| !names::is_of_rejection(name));
    own.take(MAX_COLUMNS).collect::<Vec<_>>().join("|")
}

#[derive(Debug, Default)]
struct HeaderSink {
    columns: Vec<String>,
    rows: usize,
}

impl Sink for HeaderSink {
    fn table(&mut self, _: &str, _: &StatedCrs) -> Result<(), Stop> {
        if self.rows > 0 {
            return Err(Stop);
        }
        self.columns.clear();
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        let known = self.columns.iter().position(|column| column == name);
        Ok(known.unwrap_or_else(|| {
            self.columns.push(name.to_owned());
            self.columns.len() - 1
        }))
    }

    /// Enough for a GeoJSON to name its properties.
    fn row(&mut self, _: InRow<'_>) -> Result<(), Stop> {
        const ENOUGH_ROWS: usize = 50;
        self.rows += 1;
        if self.rows < ENOUGH_ROWS { Ok(()) } else { Err(Stop) }
    }

    fn reject(&mut self, _: u64, _: LocalizedText) -> Result<(), Stop> {
        Ok(())
    }

    fn knows(&self, column: &str) -> bool {
        names::is_known(column)
    }

    fn warn(&mut self, _: LocalizedText) {}
}
