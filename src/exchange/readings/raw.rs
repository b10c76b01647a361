//! What a file says before anything is concluded from it.

use geo_types::Coord;
use jiff::Timestamp;

use super::columns::Role;
use super::time::TimeLabel;
use crate::domain::LocalizedText;
use crate::domain::reading::{FactorValues, Span};
use crate::exchange::{Cell, Stop};

/// A place as the file names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceStation {
    pub code: String,
    pub name: String,
    /// Longitude and latitude as they stand, degrees.
    pub place: Option<Coord<f64>>,
}

impl SourceStation {
    /// By what a person knows it.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.code } else { &self.name }
    }
}

/// The time of a reading as the file has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RawTime {
    /// A label, of which has to be concluded what it means.
    Label(TimeLabel),
    /// The file says all of it.
    Exact { start: Timestamp, span: Span },
}

/// Means and maxima that a platform publishes beside the hours. They are not stored, because they
/// follow from those; what labels mean is seen from them. NaN where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    pub pm25_day: f64,
    pub ozone_maximum: f64,
    pub ozone_eight_hours: f64,
}

impl Default for Published {
    fn default() -> Self {
        Self { pm25_day: f64::NAN, ozone_maximum: f64::NAN, ozone_eight_hours: f64::NAN }
    }
}

/// What a file says of one station and time.
#[derive(Debug)]
pub struct RawReading<'r> {
    /// As a person counts in that file.
    pub row: u64,
    /// As [`RawSink::station`] numbered it.
    pub station: usize,
    pub time: RawTime,
    /// In the units of the file as far as its heads state them, else in those of the factors.
    pub values: &'r FactorValues,
    pub published: Published,
}

/// Takes what a reader of some kind of file finds, in the order of the file.
pub trait RawSink {
    /// The number of a station, the same for the same code, name and place.
    fn station(&mut self, station: &SourceStation) -> usize;

    fn reading(&mut self, reading: &RawReading<'_>) -> Result<(), Stop>;

    /// The columns of a table, what each is taken for, and the cells of its first row.
    fn columns(&mut self, _columns: &[(String, Option<Role>)], _first: &[Cell<'_>]) {}

    /// A row or a cell that cannot be read; the rest goes on.
    fn reject(&mut self, row: u64, reason: LocalizedText);

    /// Something that is to be known of the whole file, said once.
    fn note(&mut self, words: LocalizedText);
}
