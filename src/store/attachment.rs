//! Photos and papers in the file: bytes under a name. Which records name them is in their field
//! `attachments`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use rustc_hash::FxHashSet;

use super::rows::Instant;
use super::{Error, journal};
use crate::domain::{EditKind, Stamp};

/// A photo or a paper as it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub added_at: Timestamp,
    pub added_by: String,
    pub content: Vec<u8>,
}

/// Adds a file, before the edit that names it, and journals that; inside a transaction of ours. The
/// name that it got.
pub(super) fn add(
    db: &Connection,
    name: &str,
    content: &[u8],
    by: &Stamp,
) -> Result<String, Error> {
    let name = clean(name);
    let mut number = 1;
    loop {
        let wanted = if number == 1 { name.clone() } else { numbered(&name, number) };
        let is_same: Option<bool> = db
            .prepare_cached("SELECT content = ?2 FROM shapan_attachment WHERE name = ?1")?
            .query_row(params![wanted, content], |row| row.get(0))
            .optional()?;
        match is_same {
            Some(true) => return Ok(wanted),
            Some(false) => number += 1,
            None => {
                db.prepare_cached(
                    "INSERT INTO shapan_attachment (name, added_at, added_by, content)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![
                    wanted,
                    Instant::of(by.at).as_str(),
                    &*by.actor,
                    content
                ])?;
                journal::event(db, EditKind::Attach, &wanted, by)?;
                return Ok(wanted);
            }
        }
    }
}

/// `None` where there is no attachment of this name, or no table of them.
pub(super) fn read(db: &Connection, name: &str) -> Result<Option<Attachment>, Error> {
    if !has_table(db)? {
        return Ok(None);
    }
    let found = db
        .prepare_cached(
            "SELECT name, added_at, added_by, content FROM shapan_attachment WHERE name = ?1",
        )?
        .query_row([name], |row| {
            let at: String = row.get(1)?;
            Ok(Attachment {
                name: row.get(0)?,
                added_at: at.parse().unwrap_or_default(),
                added_by: row.get(2)?,
                content: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Not in a file of the format before attachments, which a reader leaves as it is.
fn has_table(db: &Connection) -> Result<bool, Error> {
    let is_there = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'shapan_attachment')",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(is_there)
}

/// Empty in a file of the format before attachments.
pub(super) fn names(db: &Connection) -> Result<FxHashSet<String>, Error> {
    if !has_table(db)? {
        return Ok(FxHashSet::default());
    }
    let mut query = db.prepare("SELECT name FROM shapan_attachment")?;
    let names = query.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// A name that can stand in a list of names in a cell, and be a file name on every system.
fn clean(name: &str) -> String {
    let replaced = |c: char| {
        c.is_control()
            || c.is_whitespace()
            || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '[')
            || crate::domain::SEPARATORS.contains(&c)
    };
    let name = name.replace(replaced, "-");
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// `雾炮.jpg` → `雾炮-2.jpg`.
fn numbered(name: &str, number: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{stem}-{number}.{ending}"),
        _ => format!("{name}-{number}"),
    }
}
