//! The spatial functions that GeoPackage triggers call (OGC 12-128r19 annex F.3), so that an edit
//! keeps the R-tree in step.

use std::ffi::CStr;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Result};

use crate::geodesy::wkb::{self, Bounds};

/// One side of a box, degrees.
type Side = fn(Bounds) -> f64;

/// Adds them to one connection: SQLite keeps functions by connection.
pub(super) fn register(db: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function(c"ST_IsEmpty", 1, flags, |context| Ok(bounds(context).is_none()))?;
    let sides: [(&CStr, Side); 4] = [
        (c"ST_MinX", |bounds| bounds.min.x),
        (c"ST_MaxX", |bounds| bounds.max.x),
        (c"ST_MinY", |bounds| bounds.min.y),
        (c"ST_MaxY", |bounds| bounds.max.y),
    ];
    for (name, side) in sides {
        db.create_scalar_function(name, 1, flags, move |context| Ok(bounds(context).map(side)))?;
    }
    Ok(())
}

fn bounds(context: &Context<'_>) -> Option<Bounds> {
    let blob = context.get_raw(0).as_blob().ok()?;
    let (geometry, _) = wkb::from_gpkg(blob).ok()?;
    wkb::bounds(&geometry?)
}
