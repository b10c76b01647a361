//! What the GeoPackage standard asks of the file, as far as QGIS and GDAL rely on it.

use rusqlite::{Connection, OptionalExtension as _};

use super::CheckFinding;
use crate::domain::{Kind, LocalizedText};
use crate::store::{Error, schema};

const APPLICATION_ID: i64 = 0x4750_4B47;

/// Whether it is a GeoPackage that others can open.
pub(super) fn check(db: &Connection, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let id: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if id != APPLICATION_ID {
        findings.push(CheckFinding::new(
            "geopackage",
            "",
            LocalizedText::new(
                format!("application_id 是 {id:#x}，不是 GPKG"),
                format!("application_id is {id:#x}, not GPKG"),
            ),
        ));
    }
    for kind in Kind::ALL {
        if is_registered(db, kind)? {
            tree(db, kind, findings)?;
        } else if is_named(db, kind)? {
            findings.push(CheckFinding::new(
                kind.key(),
                "",
                LocalizedText::new(
                    "图层没有登记，或丢了它的表",
                    "the layer is not registered or lost its table",
                ),
            ));
        }
    }
    let mut query = db.prepare("SELECT \"table\", parent FROM pragma_foreign_key_check")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(1)?);
        findings.push(CheckFinding::new(
            "geopackage",
            "",
            LocalizedText::new(
                format!("{table} 中有一行指向 {parent} 中不存在的内容"),
                format!("a row of {table} refers to nothing in {parent}"),
            ),
        ));
    }
    Ok(())
}

fn is_registered(db: &Connection, kind: Kind) -> Result<bool, Error> {
    Ok(db.query_row(
        "SELECT EXISTS (SELECT 1 FROM gpkg_contents c
           JOIN gpkg_geometry_columns g USING (table_name)
           JOIN sqlite_master m ON m.name = c.table_name
         WHERE c.table_name = ?1 AND c.data_type = 'features' AND c.srs_id = 4326 AND g.srs_id = 4326)",
        [kind.key()],
        |row| row.get(0),
    )?)
}

/// Whether the file speaks of the layer at all: one that an older program made does not know the
/// younger kinds.
fn is_named(db: &Connection, kind: Kind) -> Result<bool, Error> {
    Ok(db.query_row(
        "SELECT EXISTS (SELECT 1 FROM gpkg_contents WHERE table_name = ?1)
             OR EXISTS (SELECT 1 FROM main.sqlite_master WHERE name = ?1)",
        [kind.key()],
        |row| row.get(0),
    )?)
}

fn tree(db: &Connection, kind: Kind, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let name = schema::rtree(kind);
    let answer = db
        .query_row("SELECT rtreecheck(?1)", [&name], |row| row.get::<_, String>(0))
        .optional()?
        .unwrap_or_default();
    if answer != "ok" {
        let problem =
            LocalizedText::new(format!("空间索引已损坏（{answer}）"), format!("R-tree: {answer}"));
        findings.push(CheckFinding::new(kind.key(), "", problem));
        return Ok(());
    }
    let (table, geometry) = (kind.key(), schema::GEOMETRY);
    let lost: i64 = db.query_row(
        &format!(
            "SELECT count(*) FROM {table} WHERE {geometry} IS NOT NULL AND NOT ST_IsEmpty({geometry})
             AND NOT EXISTS (SELECT 1 FROM {name}_rowid WHERE rowid = {table}.fid)"
        ),
        [],
        |row| row.get(0),
    )?;
    let stray: i64 = db.query_row(
        &format!(
            "SELECT count(*) FROM {name}_rowid r WHERE NOT EXISTS
             (SELECT 1 FROM {table} WHERE fid = r.rowid AND {geometry} IS NOT NULL)"
        ),
        [],
        |row| row.get(0),
    )?;
    if lost + stray > 0 {
        let problem = LocalizedText::new(
            format!("空间索引缺 {lost} 条记录，多 {stray} 项"),
            format!("R-tree: {lost} rows are not in it, {stray} entries have no row"),
        );
        findings.push(CheckFinding::new(kind.key(), "", problem));
    }
    Ok(())
}
