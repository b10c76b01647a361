//! What can be read of a damaged file's readings into a new one.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::domain::reading::COLUMNS;
use crate::store::Error;
use crate::store::restore::walk;

/// What became of the readings of a damaged file.
#[derive(Default)]
pub(in crate::store) struct SalvagedReadings {
    pub rows: u64,
    /// Stretches of row numbers that could not be read, by table.
    pub holes: Vec<(String, i64, i64)>,
}

/// Copies places, deliveries and readings row by row around what cannot be read. Inside a transaction
/// of ours. The target has no rows of these yet.
pub(in crate::store) fn salvage(
    from: &Connection,
    to: &Connection,
) -> Result<SalvagedReadings, Error> {
    let mut salvaged = SalvagedReadings::default();
    let mut failed = None;
    let tables = [
        ("shapan_place", "id", 2),
        ("shapan_delivery", "id", 4),
        ("shapan_reading", "fid", COLUMNS + 4),
    ];
    for (table, number, columns) in tables {
        let marks = vec!["?"; columns].join(", ");
        let mut put = to.prepare(&format!("INSERT OR IGNORE INTO {table} VALUES ({marks})"))?;
        let sql = format!("SELECT * FROM {table} WHERE {number} > ?1 ORDER BY {number}");
        let holes = walk(from, table, number, &sql, &mut |row| {
            let values: Vec<Value> =
                (0..columns).map(|at| row.get(at)).collect::<Result<_, _>>()?;
            match put.execute(params_from_iter(values)) {
                Ok(_) => salvaged.rows += u64::from(table == "shapan_reading"),
                // Not the row that was read, but the new file is what fails.
                Err(error) => drop(failed.get_or_insert(error)),
            }
            Ok(())
        });
        salvaged.holes.extend(holes.into_iter().map(|(from, to)| (table.to_owned(), from, to)));
    }
    failed.map_or(Ok(salvaged), |error| Err(error.into()))
}
