//! Records → rows, for the formats to write.

use geo_types::Geometry;

use super::table::Cell;
use crate::domain::{Field, Kind};
use crate::geodesy::crs::Crs;

/// One layer on its way out. Rows are made while they are written.
pub struct Layer<'a> {
    pub kind: Kind,
    pub crs: &'a Crs,
    pub columns: Vec<Column>,
    pub rows: Box<dyn Iterator<Item = OutRow<'a>> + 'a>,
}

/// A column: a field of ours, the record's `id`, or an extra attribute.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    /// `None` for `id` and for extra attributes.
    pub field: Option<&'static Field>,
}

/// The cells stand in the order of the columns; the geometry is in the layer's CRS.
pub struct OutRow<'a> {
    pub cells: Vec<Cell<'a>>,
    pub geometry: Option<Geometry<f64>>,
}
