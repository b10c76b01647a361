//! KML 2.2 (OGC 07-147r2) and its zipped form KMZ.
//!
//! WGS-84 by definition. KMLs here often hold GCJ-02 all the same, which no reader can see: whoever
//! imports compares with places that are known.

mod read;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::exchange::Format;
use crate::exchange::{Error, OutLayer, ReadOptions, Sink};

pub struct Kml;

impl Format for Kml {
    fn name(&self) -> &'static str {
        "kml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["kml", "kmz"]
    }

    /// [`ReadOptions::layer`] names a document of a KMZ; else its main one is read.
    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        read::read(path, options.layer.as_deref(), sink)
    }

    fn parts(&self, path: &Path) -> Result<Vec<String>, Error> {
        read::documents(path)
    }

    fn write(
        &self,
        path: &Path,
        layers: &mut dyn Iterator<Item = OutLayer<'_>>,
    ) -> Result<(), Error> {
        write::write(path, layers)
    }
}
