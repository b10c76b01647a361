//! The columns in which a table without geometry keeps where its rows are.

use geo_types::Geometry;

use crate::domain::{Kind, Shape, printable};
use crate::exchange::wkt;
use crate::exchange::{Cell, OutColumn};

/// A column that says where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceColumn {
    Lon,
    Lat,
    /// The CRS of the others, so that the file can be read back without being told.
    Crs,
    /// Last, because a sheet has to break a long one over several cells.
    Wkt,
}

impl PlaceColumn {
    /// Every value.
    pub const ALL: [Self; 4] = [Self::Lon, Self::Lat, Self::Crs, Self::Wkt];

    /// What the column is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lon => "lon",
            Self::Lat => "lat",
            Self::Crs => "crs",
            Self::Wkt => "wkt",
        }
    }

    /// The cell of a row with this `geometry`, in the CRS called `crs`.
    pub fn cell(self, geometry: Option<&Geometry<f64>>, crs: &str) -> Cell<'static> {
        match (self, geometry) {
            (Self::Lon, Some(Geometry::Point(at))) => Cell::Real(at.x()),
            (Self::Lat, Some(Geometry::Point(at))) => Cell::Real(at.y()),
            (Self::Crs, Some(_)) => Cell::Text(crs.to_owned().into()),
            (Self::Wkt, Some(shape)) if !matches!(shape, Geometry::Point(_)) => {
                wkt::to_wkt(shape).map_or(Cell::Empty, |text| Cell::Text(text.into()))
            }
            _ => Cell::Empty,
        }
    }
}

/// What a layer of this kind needs.
pub fn places(kind: Kind) -> &'static [PlaceColumn] {
    match kind.shape() {
        Shape::Point => &[PlaceColumn::Lon, PlaceColumn::Lat, PlaceColumn::Crs],
        Shape::PointOrPolygon | Shape::Any => &PlaceColumn::ALL,
        Shape::Line | Shape::LineOrPolygon | Shape::Polygon => {
            &[PlaceColumn::Crs, PlaceColumn::Wkt]
        }
    }
}

/// Names of a layer's columns. An attribute that is called like one of `ours` gets an underscore;
/// the reader takes it off again.
pub fn column_names(columns: &[OutColumn], ours: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let mut name = printable(&column.name).into_owned();
        let is_cleaned = name.len() < column.name.len();
        let is_ours = ours.contains(&name.trim_end_matches('_'));
        if column.field.is_none() && is_ours {
            name.push('_');
        }
        // Two that differed by what no document may hold stay two.
        while is_cleaned && names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names
}
