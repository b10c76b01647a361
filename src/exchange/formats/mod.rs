//! The formats, a file or folder each, and [`ALL`], by which the program knows them.
//!
//! A format uses what stands in [`crate::exchange`] beside this folder and the helpers in it; none
//! knows another, the list or what rows mean; but `bundle`, which opens zips of any of them.

mod archive;
mod bundle;
mod columns;
pub mod csv;
mod decode;
mod foreign;
pub(super) mod geojson;
mod gpkg;
mod gpx;
mod guess;
pub mod hj212;
mod kml;
mod messages;
pub mod metar;
mod osm;
mod placing;
#[cfg(test)]
mod round_trip;
mod shp;
mod workbook;
mod xml;

use std::path::Path;

pub(super) use self::archive::{Archive, archive_names, entry_options, explained};
use super::{Error, Format};
use crate::files::refuse_pipe;

/// In the order in which an export offers them.
pub const ALL: &[&dyn Format] = &[
    &workbook::XLSX,
    &csv::Csv,
    &geojson::GeoJson,
    &kml::Kml,
    &gpkg::Gpkg,
    &shp::Shapefile,
    &workbook::XLS,
    &workbook::ODS,
    &gpx::Gpx,
    &osm::Osm,
];

/// The format of a file that is there: by its name, of a zip by what it holds, and of an .xls by what it
/// is: platforms call text in columns so, that a double click opens it.
pub fn of_file(path: &Path) -> Result<&'static dyn Format, Error> {
    refuse_pipe(path)?;
    if path.is_dir() {
        return Err(Error::Io(std::io::ErrorKind::IsADirectory.into()));
    }
    // Before what it is called: a slip in the path is the more likely.
    if let Err(error) = path.metadata() {
        return Err(error.into());
    }
    let is_zip = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    if is_zip && bundle::holds(path) {
        return Ok(&bundle::Bundle);
    }
    let named = by_name(path)?;
    let is_text = named.name() == workbook::XLS.name() && workbook::is_text(path);
    if is_text {
        return Ok(&csv::Csv);
    }
    Ok(named)
}

/// The format of a file by the ending of its name.
pub fn by_name(path: &Path) -> Result<&'static dyn Format, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    by_ending(&name).ok_or_else(|| match foreign::named(&name) {
        Some(what) => Error::Foreign(what),
        None => Error::UnknownFormat(name.clone()),
    })
}

/// `name` in lower case.
fn by_ending(name: &str) -> Option<&'static dyn Format> {
    let endings = ALL
        .iter()
        .flat_map(|format| format.extensions().iter().map(move |extension| (*extension, *format)));
    endings
        .filter(|(extension, _)| {
            name.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.'))
        })
        .max_by_key(|(extension, _)| extension.len())
        .map(|(_, format)| format)
}
