//! KML 2.2 (OGC 07-147r2) and its zipped form KMZ.
//!
//! WGS-84 by definition. KMLs here often hold GCJ-02 all the same, which no reader can see: whoever
//! imports compares with places that are known.
//!
//! The crate `kml` 0.15.0 holds the whole file as a tree and gives up all of it at the first
//! coordinate that is no number; here placemarks are streamed and a bad one is rejected alone.

mod html;
mod labels;
mod read;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::domain::Text;
use crate::exchange::{Error, ExportChoice, Format, OutLayers, ReadOptions, Sink};
use crate::geodesy::crs::Crs;

/// A placemark is a row, a folder names its layer; what is called `.kmz` is zipped.
pub struct Kml;

impl Format for Kml {
    fn name(&self) -> &'static str {
        "kml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        // Ovital calls its own so.
        &["kml", "kmz", "ovkml", "ovkmz"]
    }

    /// [`ReadOptions::layer`] names a document of a KMZ; else its main one is read.
    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        read::read(path, options.layer.as_deref(), sink)
    }

    fn parts(&self, path: &Path) -> Result<Vec<String>, Error> {
        read::documents(path)
    }

    fn exports(&self) -> &'static [ExportChoice] {
        const {
            &[
                ("kmz", Text::new("KMZ（谷歌地球）", "KMZ (Google Earth)"), Crs::Wgs84),
                ("kml", Text::new("KML（奥维、高德）", "KML (Ovital, Amap)"), Crs::Wgs84),
            ]
        }
    }

    fn write(&self, path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
        write::write(path, layers)
    }
}
