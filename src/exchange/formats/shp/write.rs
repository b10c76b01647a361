//! Rows → a zip of shapefiles: one for each layer and class of geometry.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::fields::{FILE_NAME, Shapefiles, StoredFields};
use super::shapes::{HEADER_BYTES, turned};
use super::spool::Spool;
use crate::domain::Shape;
use crate::exchange::formats::archive::{ZipOut, entry_options, write_zip};
use crate::exchange::{Error, OutLayer, OutLayers};
use crate::geodesy::wkb::{Bounds, bounds};

/// The class of geometry that a shapefile holds, by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ShapeType {
    Point = 1,
    Line = 3,
    Area = 5,
    Points = 8,
}

impl ShapeType {
    fn of(geometry: &Geometry<f64>) -> Option<Self> {
        Some(match geometry {
            Geometry::Point(_) => Self::Point,
            Geometry::MultiPoint(_) => Self::Points,
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
                Self::Line
            }
            Geometry::Polygon(_)
            | Geometry::MultiPolygon(_)
            | Geometry::Rect(_)
            | Geometry::Triangle(_) => Self::Area,
            Geometry::GeometryCollection(_) => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Line => "line",
            Self::Area => "polygon",
            Self::Points => "multipoint",
        }
    }
}

/// What the records of all layers were picked by, for people.
const FILTER_NAME: &str = "filter.txt";

/// Writes a zip of shapefiles: one for each layer and class of geometry.
pub fn write(path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("shp")) {
        return Err(Error::unwritable(
            "Shapefile 由多个文件组成，请以 .zip 命名",
            "a shapefile is several files: name a .zip to hold them",
        ));
    }
    write_zip(path, |zip| add_layers(zip, layers))
}

fn add_layers(zip: &mut ZipOut, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    let mut written = Shapefiles::new();
    let mut filter = String::new();
    for layer in layers {
        filter.clone_from(&layer.filter);
        add_layer(zip, layer, &mut written)?;
    }
    if !filter.is_empty() {
        zip.start_file(FILTER_NAME, entry_options()).map_err(io::Error::other)?;
        zip.write_all(format!("筛选：{filter}\r\n").as_bytes())?;
    }
    zip.start_file(FILE_NAME, entry_options()).map_err(io::Error::other)?;
    serde_json::to_writer_pretty(zip, &written).map_err(io::Error::other)?;
    Ok(())
}

fn add_layer(zip: &mut ZipOut, layer: OutLayer<'_>, written: &mut Shapefiles) -> Result<(), Error> {
    // What has no place stands with the points, or with whatever the layer is made of.
    let home = match layer.kind.shape() {
        Shape::Point | Shape::PointOrPolygon => ShapeType::Point,
        Shape::Line | Shape::LineOrPolygon | Shape::Any => ShapeType::Line,
        Shape::Polygon => ShapeType::Area,
    };
    let key = layer.key();
    let names: Vec<String> = layer.columns.iter().map(|column| column.name.clone()).collect();
    let mut files = BTreeMap::from([(home, ShpWriter::new(home, names.len())?)]);
    for row in layer.rows {
        let class = row.geometry.as_ref().map_or(Some(home), ShapeType::of).ok_or_else(|| {
            Error::unwritable(
                "Shapefile 不能存不同类型图形的集合，请改用 GeoJSON 或 GeoPackage",
                "a shapefile cannot hold a collection of different geometries: write GeoJSON or a \
                 GeoPackage",
            )
        })?;
        let shapes = match files.entry(class) {
            Entry::Occupied(shapes) => shapes.into_mut(),
            Entry::Vacant(place) => place.insert(ShpWriter::new(class, names.len())?),
        };
        shapes.add(row.geometry.as_ref())?;
        shapes.table.add(&row.cells)?;
    }
    if files.len() > 1 {
        files.retain(|_, shapes| shapes.count > 0);
    }
    let is_only = files.len() == 1;
    for (class, shapes) in files {
        let stem = if is_only { key.to_owned() } else { format!("{key}_{}", class.name()) };
        let fields = shapes.pack(zip, &stem, &names, &layer.crs.to_wkt())?;
        written.insert(stem, StoredFields { layer: key.to_owned(), fields });
    }
    Ok(())
}

/// One shapefile while it grows, in temporary files.
struct ShpWriter {
    class: ShapeType,
    shp: BufWriter<File>,
    shx: BufWriter<File>,
    table: Spool,
    count: u32,
    /// Of the `.shp`, in 16-bit words.
    words: u32,
    bounds: Option<Bounds>,
}

impl ShpWriter {
    fn new(class: ShapeType, columns: usize) -> Result<Self, Error> {
        let mut shapes = Self {
            class,
            shp: BufWriter::with_capacity(1 << 16, tempfile::tempfile()?),
            shx: BufWriter::with_capacity(1 << 16, tempfile::tempfile()?),
            table: Spool::new(columns)?,
            count: 0,
            words: HEADER_BYTES as u32 / 2,
            bounds: None,
        };
        shapes.shp.write_all(&[0; HEADER_BYTES])?;
        shapes.shx.write_all(&[0; HEADER_BYTES])?;
        Ok(shapes)
    }

    fn add(&mut self, geometry: Option<&Geometry<f64>>) -> Result<(), Error> {
        let mut record = Vec::with_capacity(64);
        match geometry {
            Some(geometry) => content(&mut record, self.class, geometry),
            None => record.extend_from_slice(&0_u32.to_le_bytes()),
        }
        let more = geometry.and_then(bounds);
        self.bounds = match (self.bounds, more) {
            (Some(a), Some(b)) => Some(Bounds {
                min: Coord { x: a.min.x.min(b.min.x), y: a.min.y.min(b.min.y) },
                max: Coord { x: a.max.x.max(b.max.x), y: a.max.y.max(b.max.y) },
            }),
            (one, other) => one.or(other),
        };
        self.count += 1;
        let words = u32::try_from(record.len() / 2).unwrap_or(u32::MAX);
        for number in [self.words, words] {
            self.shx.write_all(&number.to_be_bytes())?;
        }
        self.shp.write_all(&self.count.to_be_bytes())?;
        self.shp.write_all(&words.to_be_bytes())?;
        self.shp.write_all(&record)?;
        // Offsets are signed words; beyond 2 GB programs begin to disagree.
        let end = self.words.checked_add(4).and_then(|at| at.checked_add(words));
        self.words = end.filter(|words| *words < 1 << 30).ok_or_else(|| {
            Error::unwritable(
                "Shapefile 最多 2 GB，请改用 GeoPackage",
                "a shapefile cannot hold more than 2 GB: write a GeoPackage",
            )
        })?;
        Ok(())
    }

    fn pack(
        self,
        zip: &mut ZipOut,
        stem: &str,
        names: &[String],
        prj: &str,
    ) -> Result<Vec<super::fields::StoredField>, Error> {
        let start = |zip: &mut ZipOut, extension: &str| {
            let name = format!("{stem}.{extension}");
            zip.start_file(name, entry_options()).map_err(io::Error::other)
        };
        let shx_words = HEADER_BYTES as u32 / 2 + 4 * self.count;
        let heads = [self.head(self.words), self.head(shx_words)];
        let files = [("shp", self.shp), ("shx", self.shx)];
        for ((extension, file), head) in files.into_iter().zip(heads) {
            let mut file = file.into_inner().map_err(|error| Error::Io(error.into_error()))?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&head)?;
            file.seek(SeekFrom::Start(0))?;
            start(zip, extension)?;
            io::copy(&mut file, zip)?;
        }
        start(zip, "dbf")?;
        let mut out = BufWriter::with_capacity(1 << 16, &mut *zip);
        let fields = self.table.write(names, &mut out)?;
        out.flush()?;
        drop(out);
        start(zip, "prj")?;
        zip.write_all(prj.as_bytes())?;
        start(zip, "cpg")?;
        zip.write_all(b"UTF-8")?;
        Ok(fields)
    }

    /// The header that `.shp` and `.shx` share.
    fn head(&self, words: u32) -> Vec<u8> {
        let mut head = Vec::with_capacity(HEADER_BYTES);
        head.extend_from_slice(&9994_u32.to_be_bytes());
        head.resize(24, 0);
        head.extend_from_slice(&words.to_be_bytes());
        head.extend_from_slice(&1000_u32.to_le_bytes());
        head.extend_from_slice(&(self.class as u32).to_le_bytes());
        let zero = Coord { x: 0.0, y: 0.0 };
        put_bounds(&mut head, self.bounds.unwrap_or(Bounds { min: zero, max: zero }));
        head.resize(HEADER_BYTES, 0);
        head
    }
}

fn put_bounds(out: &mut Vec<u8>, Bounds { min, max }: Bounds) {
    for number in [min.x, min.y, max.x, max.y] {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

fn put(out: &mut Vec<u8>, positions: &[Coord<f64>]) {
    for at in positions {
        out.extend_from_slice(&at.x.to_le_bytes());
        out.extend_from_slice(&at.y.to_le_bytes());
    }
}

fn count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

/// The content of a record (white paper, tables 3–7).
fn content(out: &mut Vec<u8>, class: ShapeType, geometry: &Geometry<f64>) {
    out.extend_from_slice(&(class as u32).to_le_bytes());
    if let Geometry::Point(point) = geometry {
        put(out, &[point.0]);
        return;
    }
    if let Some(bounds) = bounds(geometry) {
        put_bounds(out, bounds);
    }
    let parts: Vec<LineString<f64>> = match geometry {
        Geometry::MultiPoint(points) => {
            count(out, points.0.len());
            points.0.iter().for_each(|point| put(out, &[point.0]));
            return;
        }
        Geometry::Line(line) => vec![LineString(vec![line.start, line.end])],
        Geometry::LineString(line) => vec![line.clone()],
        Geometry::MultiLineString(lines) => lines.0.clone(),
        Geometry::Polygon(area) => rings(area),
        Geometry::MultiPolygon(areas) => areas.0.iter().flat_map(rings).collect(),
        Geometry::Rect(rect) => rings(&rect.to_polygon()),
        Geometry::Triangle(triangle) => rings(&triangle.to_polygon()),
        Geometry::Point(_) | Geometry::GeometryCollection(_) => Vec::new(),
    };
    count(out, parts.len());
    count(out, parts.iter().map(|part| part.0.len()).sum());
    let mut start = 0;
    for part in &parts {
        count(out, start);
        start += part.0.len();
    }
    for part in &parts {
        put(out, &part.0);
    }
}

/// Outer rings clockwise, holes the other way.
fn rings(area: &Polygon<f64>) -> Vec<LineString<f64>> {
    let exterior = turned(area.exterior().0.clone(), false);
    let holes = area.interiors().iter().map(|hole| turned(hole.0.clone(), true));
    std::iter::once(exterior).chain(holes).collect()
}
