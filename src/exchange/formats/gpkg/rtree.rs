//! The R-tree of a feature table, and the triggers that keep it right in other programs.

use rusqlite::Connection;

use crate::exchange::Error;
use crate::geodesy::geopackage::{self, quoted};

/// The box of a row stands in the staged table, so no geometry is read twice.
pub fn build(db: &Connection, table: &str, key: &str, geometry: &str) -> Result<(), Error> {
    db.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy);
         INSERT INTO {tree} SELECT rowid, min_x, max_x, min_y, max_y FROM temp.stage
             WHERE min_x IS NOT NULL ORDER BY rowid;",
        tree = quoted(&geopackage::rtree(table, geometry)),
    ))?;
    for trigger in geopackage::rtree_triggers(table, key, geometry) {
        db.execute_batch(&trigger.sql)?;
    }
    db.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index',
         'http://www.geopackage.org/spec140/#extension_rtree', 'write-only')",
        [table, geometry],
    )?;
    Ok(())
}
