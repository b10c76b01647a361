//! Opening somebody's database without leaving a trace.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::malformed;
use crate::exchange::Error;
use crate::files::{beside, copy_to_change, sqlite_uri};

/// No outline of a province takes more; a cell that claims to is refused by `SQLite`.
const MAX_CELL_BYTES: i32 = 64 << 20;

/// An open file.
pub struct OpenPackage {
    pub db: Connection,
    /// More rows than the file has bytes for are a sign of pages that point in circles.
    pub max_rows: u64,
    /// Keeps the copy, if one was needed, until the file is closed.
    _copy: Option<TempDir>,
}

/// What `SQLite` keeps beside a database while it is in use.
const LOG: &str = "-wal";
const SHARED: &str = "-shm";
const JOURNAL: &str = "-journal";

/// Opens for reading and changes no byte; refuses what is no GeoPackage.
pub fn open(path: &Path) -> Result<OpenPackage, Error> {
    let mut magic = Vec::new();
    File::open(path)?.take(16).read_to_end(&mut magic)?;
    if magic != b"SQLite format 3\0" {
        return Err(malformed("不是 SQLite 数据库", "it is no SQLite database"));
    }
    let bytes = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let (log, journal) = (beside(path, LOG), beside(path, JOURNAL));
    let max_rows = (bytes(path) + bytes(&log)) / 4;
    let (db, copy) = if bytes(&journal) > 0 || bytes(&log) > 0 && !beside(path, SHARED).exists() {
        let copy = copied(path)?;
        (Connection::open(copy.path().join("copy.gpkg"))?, Some(copy))
    } else if bytes(&log) > 0 {
        // Somebody has it open: the index of the log exists and is only read.
        (readable(path, "mode=ro")?, None)
    } else {
        // `SQLite` then takes no locks and looks for nothing beside the file.
        (readable(path, "immutable=1")?, None)
    };
    defend(&db)?;
    Ok(OpenPackage { db, max_rows, _copy: copy })
}

fn readable(path: &Path, query: &str) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(sqlite_uri(path, query), flags)?)
}

/// A log or journal that a crash left behind belongs to the data, and taking it in would write to
/// the file: that happens to a copy.
fn copied(path: &Path) -> Result<TempDir, Error> {
    let folder = tempfile::tempdir()?;
    for ending in ["", LOG, JOURNAL] {
        let (from, to) = (beside(path, ending), folder.path().join(format!("copy.gpkg{ending}")));
        if from.exists() {
            copy_to_change(&from, &to)?;
        }
    }
    Ok(folder)
}

/// Against files that were made to harm: their schema may call nothing, their cells are bounded.
fn defend(db: &Connection) -> Result<(), Error> {
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_CELL_BYTES)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(())
}
