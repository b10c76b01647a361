//! Copies of a district file, made while it is open and verified before they get their name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::open::io;
use super::{Error, open};
use crate::files;

/// Dated copies kept beside a district.
const KEEP: usize = 10;

/// Where the dated copies of a district lie: `丰润.backups` beside `丰润.gpkg`.
pub fn folder(district: &Path) -> PathBuf {
    district.with_extension("backups")
}

/// Copies to `target`, which must not exist; it appears there only complete and verified.
pub(super) fn copy(db: &Connection, target: &Path) -> Result<(), Error> {
    if target.exists() {
        return Err(Error::Exists(target.to_owned()));
    }
    let unfinished = files::beside(target, ".unfinished");
    let result = copy_and_verify(db, &unfinished)
        .and_then(|()| fs::rename(&unfinished, target).map_err(|source| io(target, source)))
        .and_then(|()| sync_folder(target));
    if result.is_err() && unfinished.exists() {
        // The error that stopped the copy says more than one about its remains.
        drop(fs::remove_file(&unfinished));
    }
    result.map_err(|error| error.at(target))
}

fn copy_and_verify(db: &Connection, unfinished: &Path) -> Result<(), Error> {
    if unfinished.exists() {
        fs::remove_file(unfinished).map_err(|source| io(unfinished, source))?;
    }
    let mut to = Connection::open(unfinished)?;
    Backup::new(db, &mut to)?.run_to_completion(8192, Duration::ZERO, None)?;
    // The copy takes over the mode of its source; at rest a file needs no log beside it.
    to.pragma_update(None, "journal_mode", "DELETE")?;
    to.close().map_err(|(_, error)| error)?;
    fs::File::open(unfinished)
        .and_then(|file| file.sync_all())
        .map_err(|source| io(unfinished, source))?;
    verify(unfinished)
}

fn verify(copy: &Path) -> Result<(), Error> {
    let open = open::read_only(copy)?;
    let answer: String = open.db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" { Ok(()) } else { Err(Error::BadBackup(answer)) }
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
    let stem = district.file_stem().unwrap_or_default().to_string_lossy();
    let time = at.strftime("%Y%m%dT%H%M%S%3fZ");
    let mut target = folder.join(format!("{stem}-{time}-{reason}.gpkg"));
    let mut number = 2;
    while target.exists() {
        target = folder.join(format!("{stem}-{time}-{reason}-{number}.gpkg"));
        number += 1;
    }
    copy(db, &target)?;
    thin_out(&folder, &format!("{stem}-"))?;
    Ok(target)
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
        fs::remove_file(&path).map_err(|source| io(&path, source))?;
    }
    Ok(())
}

/// A rename is only on disk when its folder is.
pub(super) fn sync_folder(path: &Path) -> Result<(), Error> {
    let folder = files::folder_of(path);
    files::sync_folder(folder).map_err(|source| io(folder, source))
}
