//! One file a format; the list is the registry.

pub mod archive;
mod cells;
mod columns;
pub mod csv;
pub mod decode;
#[cfg(test)]
mod gathered;
pub mod geojson;
pub mod gpkg;
pub mod gpx;
pub mod kml;
mod messages;
pub mod osm;
mod placing;
#[cfg(test)]
mod round_trip;
pub mod shp;
mod workbook;
mod xml;

use std::path::Path;

use super::table::{Error, Options, Sink};
use super::write::Layer;

/// Bytes ↔ rows. Stateless: one value serves every file.
pub trait Format: Sync {
    /// As a report names it: `csv`, `geojson`.
    fn name(&self) -> &'static str;

    /// Endings of file names without the dot, lower case; the longest match decides (`osm.pbf`).
    fn extensions(&self) -> &'static [&'static str];

    /// Streams the rows of a file into `sink`; the file is opened for reading only.
    fn read(&self, path: &Path, options: &Options, sink: &mut dyn Sink) -> Result<(), Error>;

    /// The sheets, layers or documents of a file, of which [`Options`] can name one. Empty where the
    /// format has but one.
    fn parts(&self, _path: &Path) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    /// Writes layers to a new file at `path`; formats that are only read say so.
    fn write(
        &self,
        _path: &Path,
        _layers: &mut dyn Iterator<Item = Layer<'_>>,
    ) -> Result<(), Error> {
        Err(Error::Unwritable(format!("{} files can be read but not written", self.name())))
    }
}

pub const ALL: &[&dyn Format] = &[
    &csv::Csv,
    &workbook::XLSX,
    &workbook::XLS,
    &workbook::ODS,
    &geojson::GeoJson,
    &kml::Kml,
    &shp::Shapefile,
    &gpkg::Gpkg,
    &gpx::Gpx,
    &osm::Osm,
];

/// The format of a file by the ending of its name.
pub fn by_name(path: &Path) -> Result<&'static dyn Format, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let endings = ALL
        .iter()
        .flat_map(|format| format.extensions().iter().map(move |extension| (*extension, *format)));
    endings
        .filter(|(extension, _)| {
            name.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.'))
        })
        .max_by_key(|(extension, _)| extension.len())
        .map(|(_, format)| format)
        .ok_or(Error::UnknownFormat(name))
}
