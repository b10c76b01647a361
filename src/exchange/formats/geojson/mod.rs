//! GeoJSON (RFC 7946, with the `crs` member of its forerunner of 2008), newline-delimited too.
//!
//! A file without a `crs` counts as silent about its datum: the RFC says WGS-84, but every web map
//! here writes GCJ-02 into such files.
//!
//! The crate `geojson` 1.0.0 streams features too, but passes over `crs`, ends at the first bad
//! feature and makes a tree of each: properties and positions are read here straight into cells and
//! coordinates.

mod coordinates;
mod feature;
mod read;
mod stream;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;

use geo_types::Geometry;
use serde_json::Value as Json;

use crate::domain::{LocalizedText, Text};
use crate::exchange::{Error, ExportChoice, Format, OutLayers, ReadOptions, Sink};
use crate::geodesy::crs::Crs;

/// A file is one table, a feature a row; members of a bare collection are rows too.
pub struct GeoJson;

impl Format for GeoJson {
    fn name(&self) -> &'static str {
        "geojson"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["geojson", "json", "geojsonl", "geojsons", "ndjson", "jsonl"]
    }

    fn read(&self, path: &Path, _: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        read::read(path, sink)
    }

    fn exports(&self) -> &'static [ExportChoice] {
        const {
            &[("geojson", Text::new("GeoJSON（QGIS、网页）", "GeoJSON (QGIS, web)"), Crs::Wgs84)]
        }
    }

    fn write(&self, path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
        write::write(path, layers)
    }
}

/// The geometry of a GeoJSON geometry or feature that has been parsed already, in the coordinates
/// that it has; `None` where it is null or empty.
pub fn geometry_from_json(json: &Json) -> Result<Option<Geometry<f64>>, LocalizedText> {
    let text = json.to_string();
    let object: feature::Object<'_> = serde_json::from_str(&text)
        .map_err(|error| LocalizedText::new("不是 GeoJSON 图形", coordinates::fault(&error).en))?;
    object.geometry()
}
