//! Is the file sound?
//!
//! Three questions: is it a good SQLite database, a good GeoPackage, and does it hold what the
//! journal says it should.

mod geopackage;
mod invariants;
mod replay;

use rusqlite::Connection;

use super::Error;

/// Something that is wrong, where, and with which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `sqlite`, `geopackage`, `journal`, or the layer.
    pub place: String,
    /// The code, name or id of the record; empty where none is meant.
    pub record: String,
    pub problem: String,
}

impl Finding {
    fn new(place: &str, record: &str, problem: impl Into<String>) -> Self {
        Self { place: place.to_owned(), record: record.to_owned(), problem: problem.into() }
    }
}

pub(super) fn all(db: &Connection) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    integrity(db, &mut findings)?;
    if !findings.is_empty() {
        // Nothing that a damaged database says can be relied on.
        return Ok(findings);
    }
    geopackage::check(db, &mut findings)?;
    invariants::check(db, &mut findings)?;
    replay::check(db, &mut findings)?;
    Ok(findings)
}

fn integrity(db: &Connection, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let mut query = db.prepare("PRAGMA integrity_check(100)")?;
    let lines = query.query_map([], |row| row.get::<_, String>(0));
    for line in lines? {
        match line {
            Ok(line) if line == "ok" => {}
            Ok(line) => findings.push(Finding::new("sqlite", "", line)),
            Err(error) => {
                findings.push(Finding::new("sqlite", "", error.to_string()));
                break;
            }
        }
    }
    Ok(())
}
