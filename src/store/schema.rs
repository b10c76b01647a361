//! The tables of a district file. Layer tables are made from the table of fields, so a field that
//! the table gains becomes a column of every file that is opened for writing. Reading and writing
//! rows is `store::rows`.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::journal::chain;
use super::{Error, readings};
use crate::domain::{Field, FieldType, Kind, Shape};
use crate::geodesy::geopackage;

/// Migrations in the order of the format versions that they lead to.
const MIGRATIONS: &[&str] = &[
    include_str!("sql/0001_district.sql"),
    include_str!("sql/0002_attachment.sql"),
    include_str!("sql/0003_seal.sql"),
    include_str!("sql/0004_reading.sql"),
];

/// The first format whose journal has hashes.
const SEALED: u32 = 3;

/// The first format with readings.
const READINGS: u32 = 4;

/// The format version that this program writes.
pub(super) const FORMAT: u32 = MIGRATIONS.len() as u32;

/// The columns of `sql/0002_attachment.sql`.
const ATTACHMENT_STAND_IN: &str =
    "CREATE TEMP TABLE shapan_attachment (id INTEGER PRIMARY KEY, name TEXT, added_at DATETIME,
     added_by TEXT, content BLOB)";

/// The column of `sql/0003_seal.sql`.
const JOURNAL_STAND_IN: &str =
    "CREATE TEMP VIEW shapan_journal AS SELECT *, NULL AS hash FROM main.shapan_journal";

/// The column of the geometry in every layer.
pub(super) const GEOMETRY: &str = "geom";

/// The columns of a layer table that are not fields, after the fields.
pub(super) const META: [(&str, &str); 7] = [
    ("extra", "TEXT"),
    ("created_at", "DATETIME"),
    ("created_by", "TEXT"),
    ("changed_at", "DATETIME"),
    ("changed_by", "TEXT"),
    ("source_file", "TEXT"),
    ("source_row", "INTEGER"),
];

/// Brings a file of format `from` up to date inside the caller's transaction; `at` is what its
/// journal says of when that was.
pub(super) fn migrate(db: &Connection, from: u32, at: Timestamp) -> Result<(), Error> {
    for (format, sql) in (1..).zip(MIGRATIONS).skip(from as usize) {
        // Readings that are there stay, whatever the file says of its format.
        if format != READINGS || columns(db, "shapan_reading")?.is_empty() {
            db.execute_batch(sql)?;
        }
    }
    if from < SEALED {
        chain::upgrade(db, from, at)?;
    }
    for kind in Kind::ALL {
        ensure_layer(db, kind)?;
    }
    readings::create_view(db)?;
    db.execute(
        "INSERT INTO shapan_meta (key, value) VALUES ('format', ?1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [FORMAT.to_string()],
    )?;
    Ok(())
}

/// The format version of an open database; `None` where it is no district file.
pub(super) fn format_of(db: &Connection) -> Result<Option<u32>, Error> {
    let has_meta: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'shapan_meta')",
        [],
        |row| row.get(0),
    )?;
    if !has_meta {
        return Ok(None);
    }
    let format: Option<String> = db
        .prepare("SELECT value FROM shapan_meta WHERE key = 'format'")?
        .query_map([], |row| row.get(0))?
        .next()
        .transpose()?;
    Ok(format.and_then(|format| format.parse().ok()))
}

/// `true` where a layer table lacks a column that the table of fields has.
pub(super) fn lacks_columns(db: &Connection) -> Result<bool, Error> {
    for kind in Kind::ALL {
        let known = columns(db, kind.key())?;
        if kind.fields().iter().any(|field| !known.iter().any(|column| column == field.key)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lets a connection that may not write read an older file: what the file lacks stands in for it
/// in this connection alone, empty layers and columns of nothing.
pub(super) fn stand_in(db: &Connection) -> Result<(), Error> {
    for kind in Kind::ALL {
        let fields: Vec<String> = kind.fields().iter().map(column_sql).collect();
        let meta: Vec<String> = META.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
        let all = format!("{GEOMETRY} BLOB, id TEXT, {}, {}", fields.join(", "), meta.join(", "));
        for (table, before) in
            [(kind.key().to_owned(), ""), (before_table(kind), "is_new BOOLEAN, ")]
        {
            let known = columns(db, &table)?;
            let is_lacking = |field: &&Field| !known.iter().any(|name| name == field.key);
            let mut nulls = String::new();
            for field in kind.fields().iter().filter(is_lacking) {
                for part in [", NULL AS \"", field.key, "\""] {
                    nulls.push_str(part);
                }
            }
            if known.is_empty() {
                db.execute_batch(&format!(
                    "CREATE TEMP TABLE {table} (fid INTEGER PRIMARY KEY NOT NULL, {before}{all})"
                ))?;
            } else if !nulls.is_empty() {
                db.execute_batch(&format!(
                    "CREATE TEMP VIEW {table} AS SELECT *{nulls} FROM main.{table}"
                ))?;
            }
        }
    }
    if columns(db, "shapan_attachment")?.is_empty() {
        db.execute_batch(ATTACHMENT_STAND_IN)?;
    }
    if !chain::is_sealed(db)? {
        db.execute_batch(JOURNAL_STAND_IN)?;
    }
    readings::stand_in(db)
}

/// The names of a table's columns; empty where there is no such table.
pub(super) fn columns(db: &Connection, table: &str) -> Result<Vec<String>, Error> {
    let mut query = db.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = query.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

fn ensure_layer(db: &Connection, kind: Kind) -> Result<(), Error> {
    let table = kind.key();
    let known = columns(db, table)?;
    if known.is_empty() {
        return create_layer(db, kind);
    }
    for field in kind.fields().iter().filter(|field| !known.iter().any(|name| name == field.key)) {
        let column = column_sql(field);
        db.execute_batch(&format!(
            "ALTER TABLE {table} ADD COLUMN {column}; ALTER TABLE {} ADD COLUMN {column};",
            before_table(kind)
        ))?;
    }
    // The triggers name every column.
    drop_external_triggers(db, kind)?;
    create_external_triggers(db, kind)
}

fn create_layer(db: &Connection, kind: Kind) -> Result<(), Error> {
    let table = kind.key();
    let fields: Vec<String> = kind.fields().iter().map(column_sql).collect();
    let meta: Vec<String> = META.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
    let columns = format!("id TEXT, {}, {}", fields.join(", "), meta.join(", "));
    let geometry = geometry_type(kind);
    db.execute_batch(&format!(
        "CREATE TABLE {table} (fid INTEGER PRIMARY KEY NOT NULL, {GEOMETRY} {geometry}, {columns});
         CREATE TABLE {before} (fid INTEGER PRIMARY KEY NOT NULL, is_new BOOLEAN NOT NULL, {GEOMETRY} BLOB, {columns});
         CREATE VIRTUAL TABLE {rtree} USING rtree(id, minx, maxx, miny, maxy);",
        before = before_table(kind),
        rtree = rtree(kind),
    ))?;
    create_indexes(db, kind)?;
    create_rtree_triggers(db, kind)?;
    create_external_triggers(db, kind)?;
    register(db, kind, geometry)
}

fn register(db: &Connection, kind: Kind, geometry: &str) -> Result<(), Error> {
    let (table, label) = (kind.key(), kind.label());
    db.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
         VALUES (?1, 'features', ?1, ?2, 4326)",
        params![table, format!("{} {}", label.zh, label.en)],
    )?;
    db.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, NULL, 'shapan_district', 'urn:shapan:district:1', 'read-write')",
        [before_table(kind)],
    )?;
    db.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, 4326, 0, 0)",
        params![table, GEOMETRY, geometry],
    )?;
    db.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index',
         'http://www.geopackage.org/spec140/#extension_rtree', 'write-only')",
        params![table, GEOMETRY],
    )?;
    Ok(())
}

/// Lines and areas are stored as collections, because QGIS draws and saves them so; a collection
/// of one is read back as its member.
pub(super) const fn geometry_type(kind: Kind) -> &'static str {
    match kind.shape() {
        Shape::Point => "POINT",
        Shape::Line => "MULTILINESTRING",
        Shape::Polygon => "MULTIPOLYGON",
        Shape::PointOrPolygon | Shape::LineOrPolygon | Shape::Any => "GEOMETRY",
    }
}

fn column_sql(field: &Field) -> String {
    let ty = match field.ty {
        FieldType::Integer { .. } => "INTEGER",
        FieldType::Real { .. } => "DOUBLE",
        FieldType::Boolean => "BOOLEAN",
        FieldType::Date => "DATE",
        _ => "TEXT",
    };
    format!("\"{}\" {ty}", field.key)
}

/// The table of rows as they were before another program changed them.
pub(super) fn before_table(kind: Kind) -> String {
    format!("shapan_before_{}", kind.key())
}

/// The virtual table of a layer's R-tree.
pub(super) fn rtree(kind: Kind) -> String {
    geopackage::rtree(kind.key(), GEOMETRY)
}

/// Unique indexes on id and code. They fail where one of them stands twice.
pub(super) fn create_indexes(db: &Connection, kind: Kind) -> Result<(), Error> {
    let table = kind.key();
    db.execute_batch(&format!(
        "CREATE UNIQUE INDEX IF NOT EXISTS {table}_id ON {table} (id);
         CREATE UNIQUE INDEX IF NOT EXISTS {table}_code ON {table} (code);"
    ))?;
    Ok(())
}

/// Triggers that keep the R-tree in step with single edits, of other programs too.
pub(super) fn create_rtree_triggers(db: &Connection, kind: Kind) -> Result<(), Error> {
    for trigger in geopackage::rtree_triggers(kind.key(), "fid", GEOMETRY) {
        db.execute_batch(&trigger.sql)?;
    }
    Ok(())
}

/// Undoes [`create_rtree_triggers`].
pub(super) fn drop_rtree_triggers(db: &Connection, kind: Kind) -> Result<(), Error> {
    for trigger in geopackage::rtree_triggers(kind.key(), "fid", GEOMETRY) {
        db.execute_batch(&format!("DROP TRIGGER IF EXISTS {}", trigger.name))?;
    }
    Ok(())
}

/// Triggers that keep a row as it was before another program first touched it. They use nothing
/// but plain SQL, because they run inside that other program.
pub(super) fn create_external_triggers(db: &Connection, kind: Kind) -> Result<(), Error> {
    let (t, before) = (kind.key(), before_table(kind));
    let names = all_columns(kind);
    let old = names.iter().map(|name| format!("OLD.{name}")).collect::<Vec<_>>().join(", ");
    let names = names.join(", ");
    let ours = "(SELECT count(*) FROM shapan_writer) = 0";
    db.execute_batch(&format!(
        "CREATE TRIGGER shapan_{t}_inserted AFTER INSERT ON {t} WHEN {ours}
           BEGIN INSERT OR IGNORE INTO {before} (fid, is_new) VALUES (NEW.fid, 1); END;
         CREATE TRIGGER shapan_{t}_updated AFTER UPDATE ON {t} WHEN {ours}
           BEGIN INSERT OR IGNORE INTO {before} (is_new, fid, {names}) VALUES (0, OLD.fid, {old});
             INSERT OR IGNORE INTO {before} (fid, is_new) VALUES (NEW.fid, 1); END;
         CREATE TRIGGER shapan_{t}_deleted AFTER DELETE ON {t} WHEN {ours}
           BEGIN INSERT OR IGNORE INTO {before} (is_new, fid, {names}) VALUES (0, OLD.fid, {old}); END;"
    ))?;
    Ok(())
}

/// Undoes [`create_external_triggers`].
pub(super) fn drop_external_triggers(db: &Connection, kind: Kind) -> Result<(), Error> {
    for event in ["inserted", "updated", "deleted"] {
        db.execute_batch(&format!("DROP TRIGGER IF EXISTS shapan_{}_{event};", kind.key()))?;
    }
    Ok(())
}

/// Every column but `fid`, quoted, in the order in which rows are read and written.
pub(super) fn all_columns(kind: Kind) -> Vec<String> {
    let fields = kind.fields().iter().map(|field| format!("\"{}\"", field.key));
    let meta = META.iter().map(|(name, _)| (*name).to_owned());
    [GEOMETRY.to_owned(), "id".to_owned()].into_iter().chain(fields).chain(meta).collect()
}
