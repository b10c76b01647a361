//! The SQL by which a GeoPackage keeps an R-tree of a feature table (OGC 12-128r19, annex F.3).
//!
//! Text only: who has a database runs it. The triggers call `ST_IsEmpty`, `ST_MinX` and their
//! like, which QGIS and GDAL bring along and we register.

/// The R-tree of a table, unquoted.
///
/// `SQLite` ignores the case of names, so this is the `rtree_site_geom` of the standard. It is in
/// capitals because GDAL's validators of different years demand different sets of triggers of a
/// tree spelled in small letters, and no file of version 1.4 can please both.
pub fn rtree(table: &str, geometry: &str) -> String {
    format!("RTREE_{table}_{geometry}")
}

/// A trigger, to be dropped by its name and created by its SQL.
pub struct Trigger {
    /// Unquoted.
    pub name: String,
    /// The whole `CREATE TRIGGER`, names quoted.
    pub sql: String,
}

/// The set of version 1.4. Where the standard inserts into the tree, this replaces: a row whose
/// geometry another program left unreadable may have a box there already.
pub fn rtree_triggers(table: &str, key: &str, geometry: &str) -> Vec<Trigger> {
    let tree = quoted(&rtree(table, geometry));
    let name = |event: &str| format!("rtree_{table}_{geometry}_{event}");
    let (t, i, c) = (quoted(table), quoted(key), quoted(geometry));
    let set = |row: &str| format!("({row}.{c} NOTNULL AND NOT ST_IsEmpty({row}.{c}))");
    let unset = |row: &str| format!("({row}.{c} ISNULL OR ST_IsEmpty({row}.{c}))");
    let (new_set, old_set) = (set("NEW"), set("OLD"));
    let (new_unset, old_unset) = (unset("NEW"), unset("OLD"));
    let put = format!(
        "INSERT OR REPLACE INTO {tree} VALUES (NEW.{i}, ST_MinX(NEW.{c}), ST_MaxX(NEW.{c}),
         ST_MinY(NEW.{c}), ST_MaxY(NEW.{c}));"
    );
    let take = format!("DELETE FROM {tree} WHERE id = OLD.{i};");
    let same = format!("UPDATE OF {c} ON {t} WHEN OLD.{i} = NEW.{i} AND");
    let moved = format!("UPDATE ON {t} WHEN OLD.{i} != NEW.{i} AND");
    [
        ("insert", format!("INSERT ON {t} WHEN {new_set}"), put.clone()),
        ("update2", format!("{same} {new_unset}"), take.clone()),
        (
            "update4",
            format!("{moved} {new_unset}"),
            format!("DELETE FROM {tree} WHERE id IN (OLD.{i}, NEW.{i});"),
        ),
        ("update5", format!("{moved} {new_set}"), format!("{take} {put}")),
        (
            "update6",
            format!("{same} {new_set} AND {old_set}"),
            format!(
                "UPDATE {tree} SET minx = ST_MinX(NEW.{c}), maxx = ST_MaxX(NEW.{c}),
                 miny = ST_MinY(NEW.{c}), maxy = ST_MaxY(NEW.{c}) WHERE id = NEW.{i};"
            ),
        ),
        ("update7", format!("{same} {new_set} AND {old_unset}"), put),
        ("delete", format!("DELETE ON {t} WHEN OLD.{c} NOT NULL"), take),
    ]
    .into_iter()
    .map(|(event, when, action)| Trigger {
        name: name(event),
        sql: format!("CREATE TRIGGER {} AFTER {when} BEGIN {action} END;", quoted(&name(event))),
    })
    .collect()
}

/// A name as SQL takes it, whatever stands in it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
