//! The R-tree of a feature table, and the triggers that keep it right in other programs.
//!
//! See OGC 12-128r19, F.3. The triggers call `ST_MinX` and its like, which QGIS and GDAL bring
//! along; here the tree is filled before they exist.

use rusqlite::Connection;

use super::quoted;
use crate::exchange::Error;

/// The box of a row stands in the staged table, so no geometry is read twice.
pub fn build(db: &Connection, table: &str, key: &str, geometry: &str) -> Result<(), Error> {
    let tree = format!("rtree_{table}_{geometry}");
    db.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy);
         INSERT INTO {tree} SELECT rowid, min_x, max_x, min_y, max_y FROM temp.stage
             WHERE min_x IS NOT NULL ORDER BY rowid;",
        tree = quoted(&tree),
    ))?;
    for (event, action) in triggers(&tree, key, geometry) {
        let (name, timing) = event;
        db.execute_batch(
            &format!(
                "CREATE TRIGGER {} AFTER {timing} BEGIN {action} END;",
                quoted(&format!("{tree}_{name}")),
            )
            .replace("{table}", &quoted(table)),
        )?;
    }
    db.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index',
         'http://www.geopackage.org/spec140/#extension_rtree', 'write-only')",
        [table, geometry],
    )?;
    Ok(())
}

type Trigger = ((&'static str, String), String);

/// The set that validators of every age ask for. Version 1.4 of the standard has cut the update
/// triggers differently (to 2, 4, 5, 6 and 7), to the same effect unless a row is upserted.
fn triggers(tree: &str, key: &str, geometry: &str) -> [Trigger; 6] {
    let (tree, key, geometry) = (quoted(tree), quoted(key), quoted(geometry));
    let filled = format!("(NEW.{geometry} NOTNULL AND NOT ST_IsEmpty(NEW.{geometry}))");
    let vacant = format!("(NEW.{geometry} ISNULL OR ST_IsEmpty(NEW.{geometry}))");
    let put = format!(
        "INSERT OR REPLACE INTO {tree} VALUES (NEW.{key}, ST_MinX(NEW.{geometry}),
         ST_MaxX(NEW.{geometry}), ST_MinY(NEW.{geometry}), ST_MaxY(NEW.{geometry}));"
    );
    let take = format!("DELETE FROM {tree} WHERE id = OLD.{key};");
    let take_both = format!("DELETE FROM {tree} WHERE id IN (OLD.{key}, NEW.{key});");
    let (same, moved) = (format!("OLD.{key} = NEW.{key}"), format!("OLD.{key} != NEW.{key}"));
    let of_geometry = format!("UPDATE OF {geometry} ON {{table}} WHEN {same} AND");
    let of_row = format!("UPDATE ON {{table}} WHEN {moved} AND");
    [
        (("insert", format!("INSERT ON {{table}} WHEN {filled}")), put.clone()),
        (("update1", format!("{of_geometry} {filled}")), put.clone()),
        (("update2", format!("{of_geometry} {vacant}")), take.clone()),
        (("update3", format!("{of_row} {filled}")), format!("{take} {put}")),
        (("update4", format!("{of_row} {vacant}")), take_both),
        (("delete", format!("DELETE ON {{table}} WHEN OLD.{geometry} NOT NULL")), take),
    ]
}
