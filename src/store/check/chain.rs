//! Whether every row of the journal follows from the one before. How rows are tied together stands
//! in `store::journal::chain`.

use rusqlite::Connection;

use super::CheckFinding;
use crate::store::Error;
use crate::store::journal::chain::{Broken, verify};

/// Names the first row that does not follow. What comes after it cannot be told from it.
pub(super) fn check(db: &Connection, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let Some(broken) = verify(db)? else { return Ok(()) };
    let (record, problem) = match broken {
        Broken::Row(revision) => (
            String::new(),
            format!(
                "revision {revision} is the first that does not follow: it, its changes, what it \
                 attached or the row before was altered, taken out or forged after it was written"
            ),
        ),
        Broken::Changes(revision) => {
            (String::new(), format!("there are changes of revision {revision}, which is not there"))
        }
        Broken::Attachment(name) => (name, "no revision says that it was attached".to_owned()),
    };
    findings.push(CheckFinding::new("journal", &record, problem));
    Ok(())
}
