//! Rows → KML and KMZ: one folder a layer, every column as extended data.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::codec::{Controls, escaped};
use crate::exchange::formats::archive::{entry_options, write_zip};
use crate::exchange::{Cell, Error, OutColumn, OutLayers, OutRow};
use crate::geodesy::crs::Crs;

/// Writes the layers to a new file.
pub fn write(path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    let is_zipped = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("kmz"));
    if !is_zipped {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(path)?);
        document(&mut file, layers)?;
        return Ok(file.flush()?);
    }
    write_zip(path, |zip| {
        zip.start_file("doc.kml", entry_options()).map_err(io::Error::other)?;
        let mut out = BufWriter::with_capacity(1 << 18, zip);
        document(&mut out, layers)?;
        Ok(out.flush()?)
    })
}

fn document(out: &mut impl Write, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    out.write_all(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <kml xmlns=\"http://www.opengis.net/kml/2.2\" xmlns:shapan=\"urn:shapan:kml:1\">\n\
         <Document>\n\
         <Style id=\"plain\"><LineStyle><color>ff2060d0</color><width>2</width></LineStyle>\
         <PolyStyle><color>402060d0</color></PolyStyle></Style>\n"
            .as_bytes(),
    )?;
    for layer in layers {
        if !matches!(layer.crs, Crs::Wgs84 | Crs::Cgcs2000) {
            let crs = layer.crs.name();
            return Err(Error::unwritable(
                format!(
                    "KML 只有 WGS-84 坐标，不能写成 {crs}：请选 WGS-84，或改用 GeoJSON、Shapefile"
                ),
                format!(
                    "KML is WGS-84 by definition and cannot hold {crs}: write it without --crs, or \
                     write GeoJSON or a shapefile"
                ),
            ));
        }
        write!(out, "<Folder shapan:layer=\"{}\"><name>", layer.key())?;
        out.write_all(escaped(layer.label(), Controls::Refer).as_bytes())?;
        out.write_all(b"</name>\n")?;
        if !layer.filter.is_empty() {
            let words = escaped(&layer.filter, Controls::Refer);
            writeln!(out, "<description>筛选：{words}</description>")?;
        }
        for row in layer.rows {
            placemark(out, &layer.columns, &row)?;
        }
        out.write_all(b"</Folder>\n")?;
    }
    out.write_all(b"</Document>\n</kml>\n")?;
    Ok(())
}

fn placemark(out: &mut impl Write, columns: &[OutColumn], row: &OutRow<'_>) -> io::Result<()> {
    let cells = || columns.iter().zip(&row.cells).filter(|(_, cell)| **cell != Cell::Empty);
    out.write_all(b"<Placemark>")?;
    if let Some((_, name)) = cells().find(|(column, _)| column.name == "name") {
        out.write_all(b"<name>")?;
        out.write_all(escaped(&name.to_text(), Controls::Refer).as_bytes())?;
        out.write_all(b"</name>")?;
    }
    out.write_all(b"<styleUrl>#plain</styleUrl><ExtendedData>")?;
    for (column, cell) in cells() {
        out.write_all(b"<Data name=\"")?;
        out.write_all(escaped(&column.name, Controls::Refer).as_bytes())?;
        // What is no text says so, or a reader could not tell 3 from "3".
        let is_text = matches!(cell, Cell::Text(_) | Cell::Date(_));
        out.write_all(if is_text { b"\">" } else { b"\" shapan:type=\"json\">" })?;
        if let Some(field) = column.field {
            out.write_all(b"<displayName>")?;
            out.write_all(escaped(field.label.zh, Controls::Refer).as_bytes())?;
            out.write_all(b"</displayName>")?;
        }
        out.write_all(b"<value>")?;
        out.write_all(escaped(&cell.to_json_text(), Controls::Refer).as_bytes())?;
        out.write_all(b"</value></Data>")?;
    }
    out.write_all(b"</ExtendedData>")?;
    if let Some(shape) = &row.geometry {
        geometry(out, shape)?;
    }
    out.write_all(b"</Placemark>\n")
}

fn geometry(out: &mut impl Write, shape: &Geometry<f64>) -> io::Result<()> {
    match shape {
        Geometry::Point(point) => tagged(out, "Point", &[point.0]),
        Geometry::Line(line) => tagged(out, "LineString", &[line.start, line.end]),
        Geometry::LineString(line) => tagged(out, "LineString", &line.0),
        Geometry::Polygon(area) => polygon(out, area),
        Geometry::Rect(rect) => polygon(out, &rect.to_polygon()),
        Geometry::Triangle(triangle) => polygon(out, &triangle.to_polygon()),
        Geometry::MultiPoint(points) => {
            many(out, &points.0, |out, point| tagged(out, "Point", &[point.0]))
        }
        Geometry::MultiLineString(lines) => {
            many(out, &lines.0, |out, line| tagged(out, "LineString", &line.0))
        }
        Geometry::MultiPolygon(areas) => many(out, &areas.0, polygon),
        Geometry::GeometryCollection(members) => many(out, &members.0, geometry),
    }
}

fn many<W: Write, T>(
    out: &mut W,
    members: &[T],
    one: impl Fn(&mut W, &T) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"<MultiGeometry>")?;
    for member in members {
        one(out, member)?;
    }
    out.write_all(b"</MultiGeometry>")
}

fn polygon(out: &mut impl Write, area: &Polygon<f64>) -> io::Result<()> {
    out.write_all(b"<Polygon>")?;
    boundary(out, "outerBoundaryIs", area.exterior())?;
    for hole in area.interiors() {
        boundary(out, "innerBoundaryIs", hole)?;
    }
    out.write_all(b"</Polygon>")
}

fn boundary(out: &mut impl Write, tag: &str, ring: &LineString<f64>) -> io::Result<()> {
    write!(out, "<{tag}>")?;
    tagged(out, "LinearRing", &ring.0)?;
    write!(out, "</{tag}>")
}

fn tagged(out: &mut impl Write, tag: &str, positions: &[Coord<f64>]) -> io::Result<()> {
    write!(out, "<{tag}><coordinates>")?;
    for (nth, at) in positions.iter().enumerate() {
        let separator = if nth > 0 { " " } else { "" };
        // Rust prints the shortest digits that read back to the same number.
        write!(out, "{separator}{},{}", at.x, at.y)?;
    }
    write!(out, "</coordinates></{tag}>")
}
