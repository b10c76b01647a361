//! Copies of a district file, made while it is open and verified before they get their name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::open::io;
use super::{Error, check, open};
use crate::files::{self, Unfinished};

/// Dated copies kept beside a district.
const KEEP: usize = 10;

/// How a copy is named after its time: `20261129T083000123Z`, UTC.
pub(super) const TIME: &str = "%Y%m%dT%H%M%S%3fZ";

/// Where the dated copies of a district lie: `丰润.backups` beside `丰润.gpkg`.
pub fn folder(district: &Path) -> PathBuf {
    district.with_extension("backups")
}

/// Copies to `target`, which must not exist; it appears there only complete and verified.
/// [`Error::Damaged`] where not the copy but the district itself is.
pub(super) fn copy(db: &Connection, district: &Path, target: &Path) -> Result<(), Error> {
    if target.exists() {
        return Err(Error::Exists(target.to_owned()));
    }
    let unfinished = Unfinished::begin(target).map_err(|source| io(target, source))?;
    copy_and_verify(db, district, unfinished.path()).map_err(|error| error.at(target))?;
    unfinished.finish().map_err(|source| io(target, source))
}

/// Into a file that is not there yet, or is in the making.
pub(super) fn copy_and_verify(
    db: &Connection,
    district: &Path,
    unfinished: &Path,
) -> Result<(), Error> {
    let mut to = Connection::open(files::sqlite_uri(unfinished, "mode=rwc"))?;
    Backup::new(db, &mut to)?
        .run_to_completion(8192, Duration::ZERO, None)
        .map_err(of(district))?;
    // The copy takes over the mode of its source; at rest a file needs no log beside it.
    to.pragma_update(None, "journal_mode", "DELETE").map_err(of(district))?;
    to.close().map_err(|(_, error)| error)?;
    files::sync(unfinished).map_err(|source| io(unfinished, source))?;
    match (verify(unfinished), check::damage(db)) {
        (Ok(()), _) => Ok(()),
        // Page by page the copy is what the district is.
        (Err(_), Ok(Some(reason))) => Err(Error::Damaged { path: district.to_owned(), reason }),
        (Err(_), Err(error)) => Err(error.at(district)),
        // Its own name is that of a file that is not there yet, which could not be looked at again.
        (Err(error), Ok(None)) => Err(error.at(unfinished)),
    }
}

/// What is damaged when a page makes no sense is the district; all else befalls the copy.
fn of(district: &Path) -> impl Fn(rusqlite::Error) -> Error {
    |error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            open::suspected(district, &error)
        }
        _ => error.into(),
    }
}

/// Whether a file that nobody writes is a whole district: [`Error::BadBackup`] says what is wrong.
pub(super) fn verify(copy: &Path) -> Result<(), Error> {
    let open = open::read_only(copy)?;
    check::damage(&open.db)?.map_or(Ok(()), |reason| Err(Error::BadBackup(reason)))
}

/// A copy named after its time and reason; the oldest beyond [`KEEP`] go.
pub(super) fn dated(
    db: &Connection,
    district: &Path,
    at: Timestamp,
    reason: &str,
) -> Result<PathBuf, Error> {
    let folder = folder(district);
    fs::create_dir_all(&folder).map_err(|source| io(&folder, source))?;
    sweep_unlocked(&folder);
    let stem = district.file_stem().unwrap_or_default().to_string_lossy();
    let time = at.strftime(TIME);
    let mut target = folder.join(format!("{stem}-{time}-{reason}.gpkg"));
    let mut number = 2;
    while target.exists() {
        target = folder.join(format!("{stem}-{time}-{reason}-{number}.gpkg"));
        number += 1;
    }
    copy(db, district, &target)?;
    thin_out(&folder, &format!("{stem}-"))?;
    Ok(target)
}

/// Removes what programs before [`Unfinished`] left when they were killed: no lock says whose it is.
fn sweep_unlocked(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.ends_with(".gpkg.unfinished"));
        if is_ours && !files::beside(&entry.path(), "-lock").exists() {
            // What cannot be removed stays for the next time.
            drop(files::remove(&entry.path()));
        }
    }
}

fn thin_out(folder: &Path, prefix: &str) -> Result<(), Error> {
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| io(folder, source))? {
        let name = entry.map_err(|source| io(folder, source))?.file_name();
        let text = name.to_string_lossy();
        if text.starts_with(prefix) && text.ends_with(".gpkg") {
            copies.push(name);
        }
    }
    copies.sort();
    let surplus = copies.len().saturating_sub(KEEP);
    for name in copies.iter().take(surplus) {
        let path = folder.join(name);
        files::remove(&path).map_err(|source| io(&path, source))?;
    }
    Ok(())
}
