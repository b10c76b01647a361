//! Tables and the view of readings. The tables are made by `sql/0004_reading.sql`; the view names
//! columns of layers, so it is made after those.

use rusqlite::Connection;

use super::{LAST_VERSION, PLACE_BITS, START_BITS, VERSION_BITS};
use crate::domain::reading::{Factor, Span};
use crate::store::{Error, schema};

/// Makes `air_hour`: what counts, one row a station and hour, for GDAL and QGIS. A value is that of
/// the last version that has it; `flags` are those of the last version.
///
/// It has two halves: hours of one version, which are nearly all, as they stand, and the others value
/// by value. GDAL takes the types of columns from the first half, which must name them as they are.
pub(in crate::store) fn create_view(db: &Connection) -> Result<(), Error> {
    let hour = i64::from(Span::Hour.number()) << (START_BITS + PLACE_BITS + VERSION_BITS);
    let next = i64::from(Span::Hour.number() + 1) << (START_BITS + PLACE_BITS + VERSION_BITS);
    let own = Factor::COLUMNS.map(|factor| format!("r.{}", factor.key())).join(", ");
    let laid = Factor::COLUMNS.map(|factor| {
        let key = factor.key();
        format!(
            "(SELECT o.{key} FROM shapan_reading o WHERE o.fid <= r.fid
                AND o.fid >= (r.fid & ~{LAST_VERSION}) AND o.{key} IS NOT NULL
                AND o.delivery IN (SELECT id FROM in_force) ORDER BY o.fid DESC LIMIT 1)"
        )
    });
    let laid = laid.join(", ");
    let stations = ["control_point", "site", "weather_station"];
    let named = |column: &str| {
        let each = stations
            .map(|table| format!("(SELECT s.{column} FROM {table} s WHERE s.id = p.record)"));
        format!("coalesce({})", each.join(", "))
    };
    let start = format!("r.fid >> {} & {}", PLACE_BITS + VERSION_BITS, (1_i64 << START_BITS) - 1);
    // `OGC_FID` is how GDAL knows the number of a row of a view.
    let head = format!(
        "SELECT r.fid AS OGC_FID, {} AS station_code, {} AS station_name, p.record AS station_id,
           strftime('%Y-%m-%dT%H:%M:%SZ', {start}, 'unixepoch') AS begins_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', ({start}) + 3600, 'unixepoch') AS ends_at",
        named("code"),
        named("name"),
    );
    let from = format!(
        "FROM shapan_reading r JOIN shapan_place p ON p.id = r.fid >> {VERSION_BITS} & {}
         WHERE r.fid >= {hour} AND r.fid < {next} AND r.delivery IN (SELECT id FROM in_force)",
        (1_i64 << PLACE_BITS) - 1,
    );
    let later = |condition: &str| {
        format!(
            "EXISTS (SELECT 1 FROM shapan_reading n WHERE n.fid > r.fid
               AND n.fid <= (r.fid | {LAST_VERSION}) {condition})"
        )
    };
    // SQLite before 3.41 knows no type of an expression, and GDAL wants one of each column: those of a
    // compound are of its first part, which has no row.
    let words = ["station_code", "station_name", "station_id", "begins_at", "ends_at"]
        .map(|column| format!("r.others AS {column}"))
        .join(", ");
    let (any, in_force) = (later(""), later("AND n.delivery IN (SELECT id FROM in_force)"));
    db.execute_batch(&format!(
        "DROP VIEW IF EXISTS air_hour;
         CREATE VIEW air_hour AS
         WITH in_force AS (SELECT d.id FROM shapan_delivery d JOIN delivery l ON l.id = d.record
                           WHERE l.state IS NOT 'withdrawn')
         SELECT r.fid AS OGC_FID, {words}, {own}, r.others, r.flags FROM shapan_reading r WHERE 0
         UNION ALL
         {head}, {own}, r.others, r.flags {from} AND r.fid & {LAST_VERSION} = 0 AND NOT {any}
         UNION ALL
         {head}, {laid}, r.others, r.flags {from}
           AND (r.fid & {LAST_VERSION} > 0 OR {any}) AND NOT {in_force}"
    ))?;
    Ok(())
}

/// What a file of an older format lacks: no readings.
pub(in crate::store) fn stand_in(db: &Connection) -> Result<(), Error> {
    if schema::columns(db, "shapan_reading")?.is_empty() {
        let columns = Factor::COLUMNS.map(|factor| format!("{} DOUBLE", factor.key())).join(", ");
        db.execute_batch(&format!(
            "CREATE TEMP TABLE shapan_place (id INTEGER PRIMARY KEY, record TEXT);
             CREATE TEMP TABLE shapan_delivery (id INTEGER PRIMARY KEY, record TEXT,
               first_fid INTEGER, last_fid INTEGER);
             CREATE TEMP TABLE shapan_reading (fid INTEGER PRIMARY KEY, delivery INTEGER, {columns},
               others TEXT, flags TEXT)"
        ))?;
    }
    Ok(())
}
