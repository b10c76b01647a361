//! Layers → a new GeoPackage, a feature table each.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use rusqlite::{Connection, params};

use super::srs::{self, Srs};
use super::stage::{ColumnType, StagedTypes};
use super::{rtree, stage};
use crate::domain::Shape;
use crate::exchange::{Error, OutColumn, OutLayer, OutLayers};
use crate::files::sqlite_uri;
use crate::geodesy::geopackage::quoted;

const SCHEMA: &str = include_str!("schema.sql");

/// The same layers must make the same bytes, so the time of the last change is not the clock's:
/// the standard demands one, and the epoch says that none is stated.
const LAST_CHANGE: &str = "1970-01-01T00:00:00.000Z";

/// Writes the layers to a new file.
pub fn write(path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    if path.exists() {
        return Err(std::io::Error::from(ErrorKind::AlreadyExists).into());
    }
    fill(path, layers).map_err(|error| match error {
        // What SQLite says about a file of our own is no fault of its form.
        Error::Malformed { reason, .. } => {
            Error::unwritable("GeoPackage 未能写出", format!("cannot be written: {}", reason.en))
        }
        other => other,
    })
}

fn fill(path: &Path, layers: &mut OutLayers<'_>) -> Result<(), Error> {
    let mut db = Connection::open(sqlite_uri(path, "mode=rwc"))?;
    // The file is new: on failure it is thrown away, so no journal is kept beside it.
    db.pragma_update(None, "journal_mode", "OFF")?;
    db.pragma_update(None, "synchronous", "OFF")?;
    let transaction = db.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    for srs in srs::required() {
        put_srs(&transaction, &srs)?;
    }
    for layer in layers {
        put_layer(&transaction, layer)?;
    }
    transaction.commit()?;
    db.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn put_srs(db: &Connection, srs: &Srs) -> Result<(), Error> {
    db.execute(
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![srs.name, srs.id, srs.organization, srs.code, srs.definition, srs.description],
    )?;
    Ok(())
}

/// The names of a table and its columns, of which no two are equal but for their case.
struct Names<'a> {
    table: &'a str,
    key: String,
    geometry: String,
    columns: Vec<String>,
}

impl<'a> Names<'a> {
    fn of(table: &'a str, columns: &[OutColumn]) -> Self {
        let mut taken = BTreeSet::new();
        let columns = columns.iter().map(|column| free(&column.name, &mut taken)).collect();
        let mut first_free = |names: &[&str], last: &str| {
            let name = names.iter().find(|name| !taken.contains(**name)).copied().unwrap_or(last);
            free(name, &mut taken)
        };
        let key = first_free(&["fid", "ogc_fid"], "fid");
        let geometry = first_free(&["geom", "the_geom"], "geom");
        Self { table, key, geometry, columns }
    }
}

/// `name`, or `name_2` and so on where it is taken.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let name = if name.is_empty() { "column" } else { name };
    let mut found = name.to_owned();
    let mut count = 1;
    while !taken.insert(found.to_lowercase()) {
        count += 1;
        found = format!("{name}_{count}");
    }
    found
}

fn put_layer(db: &Connection, mut layer: OutLayer<'_>) -> Result<(), Error> {
    let srs = srs::of(layer.crs);
    put_srs(db, &srs)?;
    let names = Names::of(layer.key(), &layer.columns);
    let seen = stage::fill(db, &layer.columns, srs.id, &mut layer.rows)?;
    let geometry_type = seen.geometry.unwrap_or(match layer.kind.shape() {
        Shape::Point => "POINT",
        Shape::Line => "LINESTRING",
        Shape::Polygon => "POLYGON",
        Shape::PointOrPolygon | Shape::LineOrPolygon | Shape::Any => "GEOMETRY",
    });
    let geometry_type = geometry_type.to_ascii_uppercase();
    create(db, &names, &seen, &geometry_type)?;
    register(db, &layer, &names, srs.id, &geometry_type)?;
    describe(db, &layer.columns, &names, &seen)?;
    rtree::build(db, names.table, &names.key, &names.geometry)?;
    db.execute_batch("DROP TABLE temp.stage")?;
    Ok(())
}

fn create(
    db: &Connection,
    names: &Names<'_>,
    seen: &StagedTypes,
    geometry_type: &str,
) -> Result<(), Error> {
    let table = quoted(names.table);
    let (key, geometry) = (quoted(&names.key), quoted(&names.geometry));
    let own = [
        format!("{key} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"),
        format!("{geometry} {geometry_type}"),
    ];
    let columns = names.columns.iter().zip(&seen.columns);
    let columns = columns.map(|(name, ty)| format!("{} {}", quoted(name), ty.declared()));
    let declared = own.into_iter().chain(columns).collect::<Vec<_>>().join(", ");
    let cells = seen.columns.iter().enumerate();
    let cells = cells.map(|(index, ty)| ty.of_staged(&format!("c{index}")));
    let staged = ["rowid", "g"].map(str::to_owned).into_iter().chain(cells);
    let staged = staged.collect::<Vec<_>>().join(", ");
    db.execute_batch(&format!(
        "CREATE TABLE {table} ({declared});
         INSERT INTO {table} SELECT {staged} FROM temp.stage ORDER BY rowid;"
    ))?;
    Ok(())
}

fn described(layer: &OutLayer<'_>) -> String {
    let label = layer.label();
    if layer.filter.is_empty() {
        label.to_owned()
    } else {
        format!("{label}，筛选：{}", layer.filter)
    }
}

fn register(
    db: &Connection,
    layer: &OutLayer<'_>,
    names: &Names<'_>,
    srs_id: i32,
    geometry_type: &str,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO gpkg_contents SELECT ?1, 'features', ?1, ?2, ?3,
             min(min_x), min(min_y), max(max_x), max(max_y), ?4 FROM temp.stage",
        params![names.table, described(layer), LAST_CHANGE, srs_id],
    )?;
    db.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)",
        params![names.table, names.geometry, geometry_type, srs_id],
    )?;
    Ok(())
}

/// Chinese labels and units of our fields, which QGIS shows as aliases, and which columns are JSON.
fn describe(
    db: &Connection,
    columns: &[OutColumn],
    names: &Names<'_>,
    seen: &StagedTypes,
) -> Result<(), Error> {
    let mut insert = db.prepare(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description, mime_type)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for ((column, name), ty) in columns.iter().zip(&names.columns).zip(&seen.columns) {
        let mime_type = (*ty == ColumnType::Json).then_some("application/json");
        if let Some(field) = column.field {
            let label = field.label;
            let unit = Some(field.unit).filter(|unit| !unit.is_empty());
            insert.execute(params![names.table, name, label.zh, label.en, unit, mime_type])?;
        } else if mime_type.is_some() {
            let none = None::<&str>;
            insert.execute(params![names.table, name, none, none, none, mime_type])?;
        }
    }
    Ok(())
}
