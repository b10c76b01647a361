//! What stands between a format and its meaning: named columns, rows of cells, a geometry each.

use std::borrow::Cow;
use std::path::PathBuf;

use geo_types::Geometry;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::domain::LocalizedText;

/// One cell of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell<'a> {
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Date(Date),
    /// Lists and objects, from formats that have them.
    Json(Json),
}

/// One row of a file.
#[derive(Debug)]
pub struct Row<'a> {
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

    fn row(&mut self, row: Row<'_>) -> Result<(), Stop>;

    /// A row that could not even be read. The rest of the file goes on.
    fn reject(&mut self, row: u64, reason: LocalizedText) -> Result<(), Stop>;

    /// Something the person should know about the file as a whole.
    fn warn(&mut self, words: LocalizedText);
}

/// Why reading must end at once: the receiver cannot go on, for instance because a datum is
/// missing or the person cancelled. The receiver knows the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// What a reader may need to be told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The sheet of a workbook, by name or by number from 1; the first with rows if not said.
    pub sheet: Option<String>,
    /// The layer of a file with several.
    pub layer: Option<String>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the receiver stopped the reading")]
    Stopped,
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("no format here reads files that end in `{0}`")]
    UnknownFormat(String),
    #[error("not a {format} file: {reason}")]
    Malformed { format: &'static str, reason: String },
    #[error("there is no sheet `{sheet}`; the sheets are {known}")]
    NoSuchSheet { sheet: String, known: String },
    #[error("there is no layer `{layer}`; the layers are {known}")]
    NoSuchLayer { layer: String, known: String },
    #[error("refused: {0}")]
    Hostile(String),
    #[error("{0} belongs to the shapefile but is missing")]
    MissingPart(PathBuf),
    #[error("{0}")]
    Unwritable(String),
}

impl From<Stop> for Error {
    fn from(_: Stop) -> Self {
        Self::Stopped
    }
}

impl Cell<'_> {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// As a person would type it. Whole reals lose their `.0`, so a code 3 read as a number is 3.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(number) => number.to_string().into(),
            Self::Real(number) => number.to_string().into(),
            Self::Boolean(truth) => truth.to_string().into(),
            Self::Date(date) => date.to_string().into(),
            Self::Json(json) => json.to_string().into(),
        }
    }
}
