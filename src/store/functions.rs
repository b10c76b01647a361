//! The spatial functions that GeoPackage triggers call (OGC 12-128r19 annex F.3), so that an edit
//! keeps the R-tree in step.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Result};

use crate::geodesy::wkb::{self, Bounds};

pub(super) fn register(db: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function(c"ST_IsEmpty", 1, flags, |context| Ok(bounds(context).is_none()))?;
    db.create_scalar_function(
        c"ST_MinX",
        1,
        flags,
        |context| Ok(bounds(context).map(|b| b.min.x)),
    )?;
    db.create_scalar_function(
        c"ST_MaxX",
        1,
        flags,
        |context| Ok(bounds(context).map(|b| b.max.x)),
    )?;
    db.create_scalar_function(
        c"ST_MinY",
        1,
        flags,
        |context| Ok(bounds(context).map(|b| b.min.y)),
    )?;
    db.create_scalar_function(c"ST_MaxY", 1, flags, |context| Ok(bounds(context).map(|b| b.max.y)))
}

fn bounds(context: &Context<'_>) -> Option<Bounds> {
    let blob = context.get_raw(0).as_blob().ok()?;
    let (geometry, _) = wkb::from_gpkg(blob).ok()?;
    wkb::bounds(&geometry?)
}
