//! Whether the file is sound: a good SQLite database, a good GeoPackage, records as the table of
//! fields allows, a journal of which no row was altered, and the state that it leads to. Nothing is
//! repaired here.

mod chain;
mod geopackage;
mod invariants;
pub(super) mod replay;

use rusqlite::{Connection, ErrorCode};

use super::{Error, load, readings};
use crate::domain::LocalizedText;

/// Something that is wrong, where, and with which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFinding {
    /// `sqlite`, `geopackage`, `journal`, or the layer.
    pub place: String,
    /// The code, name or id of the record; empty where none is meant.
    pub record: String,
    pub problem: LocalizedText,
}

impl CheckFinding {
    pub(super) fn new(place: &str, record: &str, problem: LocalizedText) -> Self {
        Self { place: place.to_owned(), record: record.to_owned(), problem }
    }

    /// What SQLite says of a file that it cannot rely on, in words of our own.
    fn of_sqlite(line: &str) -> Self {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let behind = |name: &str| {
            words.windows(2).find_map(|pair| match pair {
                [word, next] if word.eq_ignore_ascii_case(name) => Some(*next),
                _ => None,
            })
        };
        let said = if let Some(index) = behind("index") {
            LocalizedText::new(
                format!("索引 {index} 与数据不一致"),
                format!("the index {index} does not say what the rows say"),
            )
        } else if let Some(page) = behind("page").filter(|page| page.parse::<u64>().is_ok()) {
            LocalizedText::new(format!("第 {page} 页数据已损坏"), format!("page {page} is damaged"))
        } else {
            LocalizedText::new("数据库已损坏", "the database is damaged")
        };
        Self::new("sqlite", "", said)
    }
}

/// All checks, one after the other, of one state of the file.
pub(super) fn all(db: &Connection) -> Result<Vec<CheckFinding>, Error> {
    load::in_read_transaction(db, look)
}

fn look(db: &Connection) -> Result<Vec<CheckFinding>, Error> {
    let mut findings = Vec::new();
    findings.extend(integrity(db, 100)?.iter().map(|line| CheckFinding::of_sqlite(line)));
    if !findings.is_empty() {
        // Nothing that a damaged database says can be relied on.
        return Ok(findings);
    }
    geopackage::check(db, &mut findings)?;
    invariants::check(db, &mut findings)?;
    chain::check(db, &mut findings)?;
    replay::check(db, &mut findings)?;
    readings::check(db, &mut findings)?;
    Ok(findings)
}

/// The first thing that SQLite finds wrong with the file; `None` where it finds nothing. What could
/// not be read just now is an error and no damage.
pub(super) fn damage(db: &Connection) -> Result<Option<String>, Error> {
    Ok(integrity(db, 1)?.into_iter().next())
}

/// What SQLite says of a page that it could not get from the disk: `SQLITE_IOERR`, in its lowest byte.
fn is_read_error(line: &str) -> bool {
    let code =
        line.rsplit_once("error code=").and_then(|(_, code)| code.trim().parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == 10)
}

fn integrity(db: &Connection, most: u32) -> Result<Vec<String>, Error> {
    let mut problems = Vec::new();
    let mut query = db.prepare(&format!("PRAGMA integrity_check({most})"))?;
    let lines = query.query_map([], |row| row.get::<_, String>(0));
    for line in lines? {
        match line {
            Ok(line) if line == "ok" => {}
            Ok(line) if is_read_error(&line) => {
                let source = std::io::Error::other(line);
                return Err(Error::Io { path: db.path().unwrap_or_default().into(), source });
            }
            Ok(line) => problems.push(line),
            Err(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    problems.push(error.to_string());
                    break;
                }
                _ => return Err(error.into()),
            },
        }
    }
    Ok(problems)
}
