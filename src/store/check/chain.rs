//! Whether every row of the journal follows from the one before. How rows are tied together stands
//! in `store::journal::chain`.

use rusqlite::Connection;

use super::CheckFinding;
use crate::domain::LocalizedText;
use crate::store::Error;
use crate::store::journal::chain::{Broken, verify};

/// Names the first row that does not follow. What comes after it cannot be told from it.
pub(super) fn check(db: &Connection, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let Some(broken) = verify(db)? else { return Ok(()) };
    let (record, problem) = match broken {
        Broken::Row(revision) => (
            String::new(),
            LocalizedText::new(
                format!(
                    "第 {revision} 号历史是第一条接不上的：它、它的改动、它存入的附件或它前面的一条，\
                     在写入后被改动、删去或伪造"
                ),
                format!(
                    "revision {revision} is the first that does not follow: it, its changes, what it \
                     attached or the row before was altered, taken out or forged after it was written"
                ),
            ),
        ),
        Broken::Changes(revision) => (
            String::new(),
            LocalizedText::new(
                format!("有第 {revision} 号历史的改动，却没有这一条历史"),
                format!("there are changes of revision {revision}, which is not there"),
            ),
        ),
        Broken::Attachment(name) => (
            name,
            LocalizedText::new("没有一条历史说存入过它", "no revision says that it was attached"),
        ),
    };
    findings.push(CheckFinding::new("journal", &record, problem));
    Ok(())
}
