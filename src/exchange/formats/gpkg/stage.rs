//! The rows of a layer in a temporary table, until it is known what its columns hold.
//!
//! An extra attribute has no declared type, and rows are made only once: so they are staged, and
//! the table is declared when the last one has been seen.

use geo_types::Geometry;
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, Statement, params_from_iter};

use crate::domain::FieldType;
use crate::exchange::wkt::type_name;
use crate::exchange::{Cell, Error, OutColumn, OutRow};
use crate::geodesy::geopackage::quoted;
use crate::geodesy::wkb;

/// What the cells of a column are, and the geometries of a layer.
pub struct StagedTypes {
    pub columns: Vec<ColumnType>,
    /// `Point` and so on; `Geometry` where they are mixed.
    pub geometry: Option<&'static str>,
}

/// The type of a column that holds geometries of several types.
const ANY: &str = "Geometry";

/// `SQLite` allows 2,000 a table; key, geometry and its box take some.
const MAX_COLUMNS: usize = 1_990;

/// How a column is declared and its cells are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// No cell has been seen.
    Unknown,
    Integer,
    Real,
    Boolean,
    Date,
    Text,
    /// Text, declared as JSON by the schema extension.
    Json,
}

impl ColumnType {
    /// The type in SQL.
    pub const fn declared(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::Unknown | Self::Text | Self::Json => "TEXT",
        }
    }

    /// The SQL that makes a staged cell one of this column. Truths are staged as blobs, so that
    /// they stay apart from numbers.
    pub fn of_staged(self, column: &str) -> String {
        let truth = |yes: &str, no: &str, other: &str| {
            format!("CASE {column} WHEN x'01' THEN {yes} WHEN x'00' THEN {no} ELSE {other} END")
        };
        match self {
            Self::Boolean => truth("1", "0", "NULL"),
            Self::Text => truth("'true'", "'false'", &format!("CAST({column} AS TEXT)")),
            _ => column.to_owned(),
        }
    }

    /// The type of our own fields is known without looking.
    const fn of_field(ty: FieldType) -> Self {
        match ty {
            FieldType::Text | FieldType::Phone | FieldType::Hours | FieldType::Choice(_) => {
                Self::Text
            }
            FieldType::Integer { .. } => Self::Integer,
            FieldType::Real { .. } => Self::Real,
            FieldType::Boolean => Self::Boolean,
            FieldType::Date => Self::Date,
            FieldType::Choices(_) | FieldType::Words | FieldType::Reals { .. } => Self::Json,
        }
    }

    /// Whole numbers and reals go together as reals; anything else that is mixed is text.
    const fn with(self, cell: &Cell<'_>) -> Self {
        let other = match cell {
            Cell::Empty => return self,
            Cell::Text(_) => Self::Text,
            Cell::Integer(_) => Self::Integer,
            Cell::Real(_) => Self::Real,
            Cell::Boolean(_) => Self::Boolean,
            Cell::Date(_) => Self::Date,
            Cell::Json(_) => Self::Json,
        };
        match (self, other) {
            (Self::Unknown, other) => other,
            (Self::Integer | Self::Real, Self::Real) | (Self::Real, Self::Integer) => Self::Real,
            (Self::Integer, Self::Integer) => Self::Integer,
            (Self::Boolean, Self::Boolean) => Self::Boolean,
            (Self::Date, Self::Date) => Self::Date,
            (Self::Json, Self::Json) => Self::Json,
            _ => Self::Text,
        }
    }
}

/// Fills `temp.stage`: columns `c0`…, the geometry `g` and its box.
pub fn fill(
    db: &Connection,
    columns: &[OutColumn],
    srs_id: i32,
    rows: &mut dyn Iterator<Item = OutRow<'_>>,
) -> Result<StagedTypes, Error> {
    if columns.len() > MAX_COLUMNS {
        let count = columns.len();
        return Err(Error::unwritable(
            format!("共 {count} 列，GeoPackage 一个图层最多 {MAX_COLUMNS} 列"),
            format!("{count} columns: a GeoPackage layer holds {MAX_COLUMNS}"),
        ));
    }
    let cells: Vec<String> = (0..columns.len()).map(|index| format!("c{index}")).collect();
    let names = [cells.as_slice(), &["g", "min_x", "max_x", "min_y", "max_y"].map(str::to_owned)];
    let names = names.concat();
    let holders = vec!["?"; names.len()].join(", ");
    db.execute_batch(&format!(
        "DROP TABLE IF EXISTS temp.stage; CREATE TEMP TABLE stage ({})",
        names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
    ))?;
    let mut insert = db.prepare(&format!("INSERT INTO temp.stage VALUES ({holders})"))?;
    let of_field = |column: &OutColumn| {
        column.field.map_or(ColumnType::Unknown, |f| ColumnType::of_field(f.ty))
    };
    let mut seen = StagedTypes { columns: columns.iter().map(of_field).collect(), geometry: None };
    for row in rows {
        seen.look_at(&row);
        put(&mut insert, &row, srs_id)?;
    }
    Ok(seen)
}

impl StagedTypes {
    fn look_at(&mut self, row: &OutRow<'_>) {
        for (ty, cell) in self.columns.iter_mut().zip(&row.cells) {
            *ty = ty.with(cell);
        }
        if let Some(geometry) = &row.geometry {
            let is_mixed = matches!(geometry, Geometry::GeometryCollection(_));
            let name = if is_mixed { ANY } else { type_name(geometry) };
            self.geometry = match self.geometry {
                Some(seen) if seen != name => Some(ANY),
                _ => Some(name),
            };
        }
    }
}

fn put(insert: &mut Statement<'_>, row: &OutRow<'_>, srs_id: i32) -> Result<(), Error> {
    let cells = row.cells.iter().map(stored);
    let blob = row.geometry.as_ref().map_or(Sql::Null, |geometry| {
        let mut blob = wkb::to_gpkg(geometry);
        // The header says in which system the numbers are: bytes 4 to 7, little-endian.
        if let Some(place) = blob.get_mut(4..8) {
            place.copy_from_slice(&srs_id.to_le_bytes());
        }
        Sql::Blob(blob)
    });
    let bounds = row.geometry.as_ref().and_then(wkb::bounds);
    let bounds = bounds.map_or([const { Sql::Null }; 4], |bounds| {
        [bounds.min.x, bounds.max.x, bounds.min.y, bounds.max.y].map(Sql::Real)
    });
    let rest = std::iter::once(blob).chain(bounds).map(ToSqlOutput::Owned);
    insert.execute(params_from_iter(cells.chain(rest)))?;
    Ok(())
}

fn stored<'c>(cell: &'c Cell<'_>) -> ToSqlOutput<'c> {
    match cell {
        Cell::Empty => ToSqlOutput::Owned(Sql::Null),
        Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Cell::Integer(number) => ToSqlOutput::Owned(Sql::Integer(*number)),
        Cell::Real(number) => ToSqlOutput::Owned(Sql::Real(*number)),
        Cell::Boolean(truth) => {
            ToSqlOutput::Borrowed(ValueRef::Blob(if *truth { &[1] } else { &[0] }))
        }
        Cell::Date(_) | Cell::Json(_) => ToSqlOutput::Owned(Sql::Text(cell.to_text().into_owned())),
    }
}
