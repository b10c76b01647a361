//! Whether the file is sound: a good SQLite database, a good GeoPackage, records as the table of
//! fields allows, a journal of which no row was altered, and the state that it leads to. Nothing is
//! repaired here.

mod chain;
mod geopackage;
mod invariants;
pub(super) mod replay;

use rusqlite::{Connection, ErrorCode};

use super::{Error, load};

/// Something that is wrong, where, and with which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFinding {
    /// `sqlite`, `geopackage`, `journal`, or the layer.
    pub place: String,
    /// The code, name or id of the record; empty where none is meant.
    pub record: String,
    pub problem: String,
}

impl CheckFinding {
    fn new(place: &str, record: &str, problem: impl Into<String>) -> Self {
        Self { place: place.to_owned(), record: record.to_owned(), problem: problem.into() }
    }
}

/// All checks, one after the other, of one state of the file.
pub(super) fn all(db: &Connection) -> Result<Vec<CheckFinding>, Error> {
    load::in_read_transaction(db, look)
}

fn look(db: &Connection) -> Result<Vec<CheckFinding>, Error> {
    let mut findings = Vec::new();
    integrity(db, &mut findings)?;
    if !findings.is_empty() {
        // Nothing that a damaged database says can be relied on.
        return Ok(findings);
    }
    geopackage::check(db, &mut findings)?;
    invariants::check(db, &mut findings)?;
    chain::check(db, &mut findings)?;
    replay::check(db, &mut findings)?;
    Ok(findings)
}

/// The first thing that SQLite finds wrong with the file; `None` where it finds nothing.
pub(super) fn damage(db: &Connection) -> Result<Option<String>, Error> {
    let answer = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    match answer {
        Ok(answer) => Ok((answer != "ok").then_some(answer)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Ok(Some(error.to_string()))
            }
            _ => Err(error.into()),
        },
    }
}

fn integrity(db: &Connection, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let mut query = db.prepare("PRAGMA integrity_check(100)")?;
    let lines = query.query_map([], |row| row.get::<_, String>(0));
    for line in lines? {
        match line {
            Ok(line) if line == "ok" => {}
            Ok(line) => findings.push(CheckFinding::new("sqlite", "", line)),
            Err(error) => {
                findings.push(CheckFinding::new("sqlite", "", error.to_string()));
                break;
            }
        }
    }
    Ok(())
}
