//! A feature table of somebody's file: what its columns are for.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _};

use super::malformed;
use super::srs::{self, Srs};
use crate::domain::Kind;
use crate::exchange::{Error, StatedCrs};

/// A feature table by name, with the CRS that it states.
#[derive(Debug)]
pub struct FeatureTable {
    pub name: String,
    pub crs: StatedCrs,
    pub columns: Vec<TableColumn>,
}

/// A column of a table of the file.
#[derive(Debug, PartialEq, Eq)]
pub struct TableColumn {
    pub name: String,
    pub role: ColumnRole,
}

/// What a column is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// The primary key, which numbers the rows and says nothing about the thing.
    Fid,
    Geometry,
    Boolean,
    Date,
    /// Text that is declared to be JSON.
    Json,
    /// Our own column of extra attributes: each becomes a column.
    Extra,
    Plain,
}

/// The columns of a district file that say who changed a record and when, not what it is.
const META: &[&str] =
    &["created_at", "created_by", "changed_at", "changed_by", "source_file", "source_row"];

/// What the file lists, by name.
#[derive(Debug, Default)]
pub struct TableNames {
    pub features: Vec<String>,
    /// Tables without geometry.
    pub attributes: Vec<String>,
    /// Views, and tables that are not there.
    pub unreadable: Vec<String>,
}

/// Tables in which programs keep what is theirs.
const OTHERS_OWN: &[&str] = &["layer_styles", "qgis_projects"];

/// The tables that the file lists.
pub fn names(db: &Connection) -> Result<TableNames, Error> {
    if !is_table(db, "gpkg_contents")? || !is_table(db, "gpkg_geometry_columns")? {
        return Err(malformed(
            "是 SQLite 数据库，但没有 gpkg_contents 表",
            "it is a SQLite database without `gpkg_contents`",
        ));
    }
    let mut listed = db.prepare(
        "SELECT table_name, data_type = 'features' FROM gpkg_contents
         WHERE data_type IN ('features', 'attributes') ORDER BY rowid",
    )?;
    let listed = listed.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut names = TableNames::default();
    for (name, has_geometry) in listed.collect::<Result<Vec<(String, bool)>, _>>()? {
        let is_own = OTHERS_OWN.contains(&name.as_str()) || name.starts_with("shapan_");
        match (is_table(db, &name)?, has_geometry) {
            (_, false) if is_own => {}
            (true, true) => names.features.push(name),
            (true, false) => names.attributes.push(name),
            (false, true) => names.unreadable.push(name),
            (false, false) => {}
        }
    }
    Ok(names)
}

/// Views and virtual tables run code of the file, which may never end.
fn is_table(db: &Connection, name: &str) -> Result<bool, Error> {
    let sql: Option<String> = db
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1)",
            [name],
            |row| row.get(0),
        )
        .optional()?;
    Ok(sql.is_some_and(|sql| !sql.trim_start().to_ascii_uppercase().starts_with("CREATE VIRTUAL")))
}

impl FeatureTable {
    /// Looks the table called `name` up; errors where the file is damaged.
    pub fn of(db: &Connection, name: &str) -> Result<Self, Error> {
        let geometry = geometry_column(db, name)?;
        let (geometry, srs_id) = geometry.unwrap_or_default();
        let declared = declared(db, name)?;
        let is_ours = name.parse::<Kind>().is_ok_and(|kind| kind.key() == name)
            && META.iter().all(|meta| declared.iter().any(|column| column.name == *meta));
        let json = json_columns(db, name)?;
        let role = |column: &ColumnDeclaration| {
            let name = column.name.to_lowercase();
            match column.ty.to_ascii_uppercase().as_str() {
                _ if name == geometry.to_lowercase() => Some(ColumnRole::Geometry),
                "INTEGER" if column.is_key && matches!(name.as_str(), "fid" | "ogc_fid") => {
                    Some(ColumnRole::Fid)
                }
                _ if is_ours && META.contains(&name.as_str()) => None,
                _ if is_ours && name == "extra" => Some(ColumnRole::Extra),
                "BOOLEAN" => Some(ColumnRole::Boolean),
                "DATE" => Some(ColumnRole::Date),
                _ if json.contains(&name) => Some(ColumnRole::Json),
                _ => Some(ColumnRole::Plain),
            }
        };
        let columns = declared
            .into_iter()
            .filter_map(|column| Some(TableColumn { role: role(&column)?, name: column.name }))
            .collect();
        Ok(Self { name: name.to_owned(), crs: crs(db, srs_id)?, columns })
    }
}

struct ColumnDeclaration {
    name: String,
    ty: String,
    is_key: bool,
}

/// Generated columns are not among them: they would run code of the file.
fn declared(db: &Connection, table: &str) -> Result<Vec<ColumnDeclaration>, Error> {
    let mut columns = db.prepare("SELECT name, type, pk FROM pragma_table_info(?1)")?;
    let columns = columns.query_map([table], |row| {
        let key: i64 = row.get(2)?;
        Ok(ColumnDeclaration { name: row.get(0)?, ty: row.get(1)?, is_key: key > 0 })
    })?;
    Ok(columns.collect::<Result<_, _>>()?)
}

fn geometry_column(db: &Connection, table: &str) -> Result<Option<(String, i32)>, Error> {
    Ok(db
        .query_row(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns
             WHERE lower(table_name) = lower(?1)",
            [table],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?)
}

fn crs(db: &Connection, id: i32) -> Result<StatedCrs, Error> {
    if !is_table(db, "gpkg_spatial_ref_sys")? {
        return Ok(StatedCrs::Unstated);
    }
    let srs = db
        .query_row(
            "SELECT srs_name, organization, organization_coordsys_id, definition
             FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
            [id],
            |row| {
                Ok(Srs {
                    id,
                    name: row.get(0)?,
                    organization: row.get(1)?,
                    code: row.get(2)?,
                    definition: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
                    description: String::new(),
                })
            },
        )
        .optional()?;
    Ok(srs.as_ref().map_or(StatedCrs::Unstated, srs::stated))
}

/// Columns that the schema extension (OGC 12-128r19, F.9) declares to be JSON, as GDAL does too.
fn json_columns(db: &Connection, table: &str) -> Result<BTreeSet<String>, Error> {
    if !is_table(db, "gpkg_data_columns")? {
        return Ok(BTreeSet::new());
    }
    let mut columns = db.prepare(
        "SELECT lower(column_name) FROM gpkg_data_columns
         WHERE lower(table_name) = lower(?1) AND mime_type = 'application/json'",
    )?;
    let columns = columns.query_map([table], |row| row.get(0))?;
    Ok(columns.collect::<Result<_, _>>()?)
}
