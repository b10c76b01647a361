//! GeoPackage (OGC 12-128r19): the files of QGIS and GDAL, and ours.
//!
//! Reads every feature table, and tables of attributes where they are asked for or where nothing else
//! has a row; leaves tiles alone; writes one feature
//! table a layer, with R-tree. A file is opened so that nothing is ever written to it or beside it.
//!
//! geozero 0.15.1 decodes the geometries alone, for `sqlx`; reference systems, R-tree, extensions
//! and bounds would remain to be written.

mod open;
mod read;
mod rtree;
mod srs;
mod stage;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::domain::Text;
use crate::exchange::{Error, ExportChoice, Format, OutLayers, ReadOptions, Sink};
use crate::geodesy::crs::Crs;

/// A feature table is a table of ours, a feature a row.
pub struct Gpkg;

impl Format for Gpkg {
    fn name(&self) -> &'static str {
        "gpkg"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["gpkg"]
    }

    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        read::read(path, options, sink)
    }

    fn parts(&self, path: &Path) -> Result<Vec<String>, Error> {
        let names = table::names(&open::open(path)?.db)?;
        Ok([names.features, names.attributes].concat())
    }

    fn exports(&self) -> &'static [ExportChoice] {
        const { &[("gpkg", Text::new("GeoPackage（QGIS）", "GeoPackage (QGIS)"), Crs::Wgs84)] }
    }

    fn write(&self, path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
        write::write(path, layers)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::DiskFull
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::OutOfMemory,
            ) => Self::Io(io::Error::other(error)),
            _ => Self::broken("GeoPackage", &error),
        }
    }
}

fn malformed(zh: &'static str, en: &'static str) -> Error {
    Error::malformed("GeoPackage", Text::new(zh, en))
}
