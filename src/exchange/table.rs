//! What stands between a format and its meaning: tables of rows on their way in, layers of rows on
//! their way out.

use geo_types::Geometry;

use crate::domain::{Field, Kind, LocalizedText};
use crate::exchange::{Cell, ResultLayer};
use crate::geodesy::crs::Crs;

/// One row of a file.
#[derive(Debug)]
pub struct InRow<'a> {
    /// As a person counts in that file: in a spreadsheet the first line is row 1, in `GeoJSON` the
    /// first feature, in `OpenStreetMap` the id of the element.
    pub number: u64,
    /// By position of the column; may be shorter than the header, the rest is empty.
    pub cells: &'a [Cell<'a>],
    /// In the CRS of the file. `None` where the place, if any, stands in columns.
    pub geometry: Option<Geometry<f64>>,
}

/// What a file says about its own coordinates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatedCrs {
    /// Nothing: the person must say it.
    Unstated,
    /// The format itself fixes WGS-84: KML, GPX, `OpenStreetMap`. A `GeoJSON` without a `crs` member
    /// does not count: every web map here writes GCJ-02 into such files.
    Wgs84,
    /// An EPSG code.
    Epsg(u32),
    /// Well-known text of a `.prj` or of a GeoPackage, as it stands.
    Wkt(String),
}

/// Takes what a format reads. Rows of one table come after [`Sink::table`].
pub trait Sink {
    /// A new table begins: a sheet, a layer, a folder of a KML. `name` is empty for formats that
    /// have but one.
    fn table(&mut self, name: &str, crs: &StatedCrs) -> Result<(), Stop>;

    /// The position of the column called `name` in this table, made if it is new.
    ///
    /// Spreadsheets announce their header once; GeoJSON discovers it property by property.
    fn column(&mut self, name: &str) -> Result<usize, Stop>;

    fn row(&mut self, row: InRow<'_>) -> Result<(), Stop>;

    /// A row that could not even be read. The rest of the file goes on.
    fn reject(&mut self, row: u64, reason: LocalizedText) -> Result<(), Stop>;

    /// Whether the receiver has a use for a column of this name: how a reader of sheets tells the
    /// header row from titles and data.
    fn knows(&self, column: &str) -> bool;

    /// Something the person should know about the file as a whole.
    fn warn(&mut self, words: LocalizedText);

    /// What the file says of itself beside its rows: the title of a document, a line above a table.
    fn remark(&mut self, _words: &str) {}
}

/// Why reading must end at once: the receiver cannot go on, for instance because a datum is
/// missing or the person cancelled. The receiver knows the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// One layer on its way out. Rows are made while they are written.
pub struct OutLayer<'a> {
    /// Names it in the file where it holds records; else of what sort its rows and places are.
    pub kind: Kind,
    /// It holds no records but these results, whose name it has.
    pub result: Option<ResultLayer>,
    /// Of the geometries and of the columns that say where.
    pub crs: &'a Crs,
    pub columns: Vec<OutColumn>,
    /// By what the rows were picked, in words, which every format says where people look for it, and no
    /// reader takes for a record; empty where all are there.
    pub filter: String,
    pub rows: Box<dyn Iterator<Item = OutRow<'a>> + 'a>,
}

impl OutLayer<'_> {
    /// By what it goes in a file where names are plain.
    pub fn key(&self) -> &'static str {
        self.result.map_or_else(|| self.kind.key(), |result| result.key)
    }

    /// Where people read it.
    pub fn label(&self) -> &'static str {
        self.result.map_or_else(|| self.kind.label().zh, |result| result.label)
    }
}

/// The layers of an export, made one after another.
pub type OutLayers<'a> = dyn Iterator<Item = OutLayer<'a>> + 'a;

/// A column: a field of ours, the record's `id`, or an extra attribute.
#[derive(Clone, Debug)]
pub struct OutColumn {
    /// The key of a field, `id`, or the name of the attribute.
    pub name: String,
    /// `None` for `id` and for extra attributes.
    pub field: Option<&'static Field>,
}

/// The cells stand in the order of the columns; the geometry is in the layer's CRS.
pub struct OutRow<'a> {
    pub cells: Vec<Cell<'a>>,
    pub geometry: Option<Geometry<f64>>,
}
