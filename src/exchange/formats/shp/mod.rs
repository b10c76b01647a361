//! Shapefiles, plain or zipped, after the ESRI white paper of July 1998 and the dBASE III layout.
//!
//! Read record by record without the index, so that a zip needs no unpacking and a bad record stops
//! nothing. What is written is a zip with one shapefile for each layer and class of geometry, and a
//! `fields.json` that remembers what ten bytes of a column name and a column of text cannot hold.

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

use crate::exchange::Format;
use crate::exchange::{Error, OutLayer, ReadOptions, Sink};

const FORMAT: &str = "shapefile";

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

    fn write(
        &self,
        path: &Path,
        layers: &mut dyn Iterator<Item = OutLayer<'_>>,
    ) -> Result<(), Error> {
        write::write(path, layers)
    }
}

fn malformed(reason: impl Into<String>) -> Error {
    Error::Malformed { format: FORMAT, reason: reason.into() }
}
