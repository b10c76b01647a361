//! Rows → GeoJSON: one collection, one feature a line, the datum always stated.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use geo_types::{Coord, Geometry, LineString, Polygon};
use serde_json::{Value as Json, json};

use crate::exchange::wkt::type_name;
use crate::exchange::{Cell, Error, OutLayers, OutRow};
use crate::geodesy::crs::Crs;

/// Writes the layers to a new file.
pub fn write(path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
    let mut stated: Option<Crs> = None;
    let mut separator = "";
    for layer in layers {
        match &stated {
            None => {
                head(&mut out, layer.crs, &layer.filter)?;
                stated = Some(layer.crs.clone());
            }
            Some(stated) if stated != layer.crs => {
                return Err(Error::unwritable(
                    "一个 GeoJSON 文件的所有图层只能用同一坐标系",
                    "a GeoJSON file has one coordinate system for all of its layers",
                ));
            }
            Some(_) => {}
        }
        let names: Vec<&str> = layer.columns.iter().map(|column| column.name.as_str()).collect();
        let key = layer.key();
        for row in layer.rows {
            out.write_all(separator.as_bytes())?;
            feature(&mut out, key, &names, &row)?;
            separator = ",\n";
        }
    }
    if stated.is_none() {
        head(&mut out, &Crs::Wgs84, "")?;
    }
    out.write_all(b"\n]}\n")?;
    out.flush()?;
    Ok(())
}

fn head(out: &mut impl Write, crs: &Crs, filter: &str) -> Result<(), Error> {
    let name = match crs {
        Crs::Wgs84 => "urn:ogc:def:crs:OGC:1.3:CRS84".to_owned(),
        // Nobody has given these a URN; our reader knows the names.
        Crs::Gcj02 => "GCJ-02".to_owned(),
        Crs::Bd09 => "BD-09".to_owned(),
        crs => match crs.epsg() {
            Some(code) => format!("urn:ogc:def:crs:EPSG::{code}"),
            None => crs.to_wkt(),
        },
    };
    let crs = json!({ "type": "name", "properties": { "name": name } });
    write!(out, "{{\"type\":\"FeatureCollection\",\"crs\":{crs},")?;
    if !filter.is_empty() {
        write!(out, "\"filter\":{},", json!(filter))?;
    }
    writeln!(out, "\"features\":[")?;
    Ok(())
}

fn feature(
    out: &mut impl Write,
    layer: &str,
    names: &[&str],
    row: &OutRow<'_>,
) -> Result<(), Error> {
    out.write_all(b"{\"type\":\"Feature\"")?;
    let is_id = |name: &str, cell: &Cell<'_>| name == "id" && matches!(cell, Cell::Text(_));
    for (name, cell) in names.iter().zip(&row.cells) {
        if is_id(name, cell) {
            out.write_all(b",\"id\":")?;
            value(out, cell)?;
        }
    }
    out.write_all(b",\"properties\":{\"layer\":")?;
    text(out, layer)?;
    for (name, cell) in names.iter().zip(&row.cells) {
        if *cell != Cell::Empty && !is_id(name, cell) {
            out.write_all(b",")?;
            text(out, name)?;
            out.write_all(b":")?;
            value(out, cell)?;
        }
    }
    out.write_all(b"},\"geometry\":")?;
    match &row.geometry {
        Some(shape) => geometry(out, shape)?,
        None => out.write_all(b"null")?,
    }
    out.write_all(b"}")?;
    Ok(())
}

fn text(out: &mut impl Write, text: &str) -> Result<(), Error> {
    serde_json::to_writer(out, text).map_err(|error| Error::Io(error.into()))
}

fn value(out: &mut impl Write, cell: &Cell<'_>) -> Result<(), Error> {
    let json = match cell {
        Cell::Text(words) => return text(out, words),
        Cell::Empty => Json::Null,
        Cell::Integer(number) => Json::from(*number),
        Cell::Real(number) => Json::from(*number),
        Cell::Boolean(truth) => Json::from(*truth),
        Cell::Date(date) => Json::from(date.to_string()),
        Cell::Json(json) => {
            return serde_json::to_writer(out, json).map_err(|error| Error::Io(error.into()));
        }
    };
    serde_json::to_writer(out, &json).map_err(|error| Error::Io(error.into()))
}

fn geometry(out: &mut impl Write, shape: &Geometry<f64>) -> Result<(), Error> {
    let is_collection = matches!(shape, Geometry::GeometryCollection(_));
    let members = if is_collection { "geometries" } else { "coordinates" };
    write!(out, "{{\"type\":\"{}\",\"{members}\":", type_name(shape))?;
    match shape {
        Geometry::Point(point) => position(out, &point.0)?,
        Geometry::Line(line) => array(out, &[line.start, line.end], position)?,
        Geometry::LineString(line) => positions(out, line)?,
        Geometry::Polygon(area) => polygon(out, area)?,
        Geometry::Rect(rect) => polygon(out, &rect.to_polygon())?,
        Geometry::Triangle(triangle) => polygon(out, &triangle.to_polygon())?,
        Geometry::MultiPoint(points) => {
            array(out, &points.0, |out, point| position(out, &point.0))?;
        }
        Geometry::MultiLineString(lines) => array(out, &lines.0, positions)?,
        Geometry::MultiPolygon(areas) => array(out, &areas.0, polygon)?,
        Geometry::GeometryCollection(members) => array(out, &members.0, geometry)?,
    }
    out.write_all(b"}")?;
    Ok(())
}

fn array<W: Write, T>(
    out: &mut W,
    members: &[T],
    one: impl Fn(&mut W, &T) -> Result<(), Error>,
) -> Result<(), Error> {
    out.write_all(b"[")?;
    for (nth, member) in members.iter().enumerate() {
        if nth > 0 {
            out.write_all(b",")?;
        }
        one(out, member)?;
    }
    out.write_all(b"]")?;
    Ok(())
}

/// With as many digits as read back to the same number.
fn position(out: &mut impl Write, at: &Coord<f64>) -> Result<(), Error> {
    serde_json::to_writer(out, &[at.x, at.y]).map_err(|error| Error::Io(error.into()))
}

fn positions(out: &mut impl Write, line: &LineString<f64>) -> Result<(), Error> {
    array(out, &line.0, position)
}

fn polygon(out: &mut impl Write, area: &Polygon<f64>) -> Result<(), Error> {
    let rings: Vec<&LineString<f64>> =
        std::iter::once(area.exterior()).chain(area.interiors()).collect();
    array(out, &rings, |out, ring| positions(out, ring))
}
