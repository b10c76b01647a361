//! Shapefiles, plain or zipped, after the ESRI white paper of July 1998 and the dBASE III layout.
//!
//! Read record by record from the start, so that a zip needs no unpacking and a bad record stops
//! nothing; the index says what between and behind the records is none. What is written is a zip with one shapefile for each layer and class of geometry, and a
//! `fields.json` that keeps what a column name of ten bytes and a column of text cannot hold.
//!
//! The crates `shapefile` 0.9.0 and `dbase` 0.8.0 check our output in the tests but cannot make it:
//! their writer has no null shape between others (a record without a place), writes integers by way
//! of `f64` (beyond 2^53 digits are lost), cuts long texts off, lets sizes overflow past 2 GB and
//! stamps the day of writing. Their reader ends at the first bad record and needs to seek, which an
//! entry of a zip cannot.

mod dbf;
mod fields;
mod parts;
mod read;
mod shapes;
mod spool;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::domain::{LocalizedText, Text};
use crate::exchange::{Error, ExportChoice, Format, OutLayers, ReadOptions, Sink};
use crate::geodesy::crs::Crs;

const FORMAT: &str = "shapefile";

/// A shapefile is a table, a shape and its record a row.
pub struct Shapefile;

impl Format for Shapefile {
    fn name(&self) -> &'static str {
        "shapefile"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["zip", "shp"]
    }

    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        read::read(path, options, sink)
    }

    fn parts(&self, path: &Path) -> Result<Vec<String>, Error> {
        Ok(parts::all(path)?.iter().map(|parts| parts.name().to_owned()).collect())
    }

    fn exports(&self) -> &'static [ExportChoice] {
        const { &[("zip", Text::new("Shapefile（ArcGIS）", "Shapefile (ArcGIS)"), Crs::Wgs84)] }
    }

    fn write(&self, path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
        write::write(path, layers)
    }
}

fn malformed(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::malformed(FORMAT, LocalizedText::new(zh, en))
}
