//! The way back of a damaged district: its dated copies, what would be lost with each, and putting
//! one in its place. What can still be read of a damaged file itself goes into a new one by
//! [`salvage()`].
//!
//! Nothing of a damaged file is ever changed: it is put aside with what lies beside it, under a
//! dated name. A copy laid over a district by hand, beside the log of the old one, would be
//! destroyed by that log when it is opened.

mod salvage;
mod table_list;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

pub(super) use self::salvage::walk;
pub use self::salvage::{Salvaged, UNKNOWN_LAST, salvage, salvage_path};
use super::open::{self, io};
use super::{Error, backup, check, journal, load};
use crate::domain::Kind;
use crate::files::{Unfinished, beside, folder_of, refuse_pipe, rename, sync_folder};
use crate::store::{Cause, JournalEntry};

/// A file among the dated copies of a district, which nobody has looked into yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedCopy {
    pub path: PathBuf,
    /// As its name says, else when the file was written.
    pub made_at: Timestamp,
    /// Why it was made, as its name says: `backup`, `import`, `format2`; empty where it says nothing.
    pub reason: String,
    pub bytes: u64,
}

/// What stands in a file that passed every check of SQLite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFacts {
    /// The latest edit; `None` where nothing was ever edited.
    pub last_edit: Option<JournalEntry>,
    /// How many records of each kind there are, kinds without any left out.
    pub records: Vec<(Kind, u64)>,
}

/// Which edits a copy does not have that the district has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LostEdits {
    /// The oldest first; events are not among them.
    Known(Vec<JournalEntry>),
    /// The copy is of another district, or of one that has gone another way since.
    OtherHistory,
    /// The journal of the district cannot be read so far.
    Unreadable,
}

/// What was done by [`restore`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The file that was in its place, with its log and the like; empty where there was none.
    pub put_aside: Vec<PathBuf>,
    pub facts: CopyFacts,
    pub lost: LostEdits,
}

impl CopyFacts {
    /// The revision of the latest edit; 0 before the first.
    pub fn revision(&self) -> u64 {
        self.last_edit.as_ref().map_or(0, |entry| entry.revision)
    }

    /// Records of all kinds.
    pub fn record_count(&self) -> u64 {
        self.records.iter().map(|(_, count)| count).sum()
    }
}

/// The dated copies of a district, the newest first. Only names are read: [`look`] opens one.
/// Empty where there is no folder of them. Refuses a pipe or a device, of which there is no copy.
pub fn copies(district: &Path) -> Result<Vec<DatedCopy>, Error> {
    refuse_pipe(district).map_err(|source| io(district, source))?;
    let folder = backup::folder(district);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(io(&folder, source)),
    };
    let stem = district.file_stem().unwrap_or_default().to_string_lossy();
    let mut copies = Vec::new();
    for entry in entries {
        let path = entry.map_err(|source| io(&folder, source))?.path();
        let facts = fs::metadata(&path).map_err(|source| io(&path, source))?;
        if !facts.is_file() || path.extension().is_none_or(|ending| ending != "gpkg") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let named = name.strip_prefix(&format!("{stem}-")).and_then(of_name);
        let written = || {
            let at = facts.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
            (at.unwrap_or_default(), String::new())
        };
        let (made_at, reason) = named.unwrap_or_else(written);
        copies.push(DatedCopy { bytes: facts.len(), made_at, reason, path });
    }
    copies.sort_by(|a, b| (b.made_at, &b.path).cmp(&(a.made_at, &a.path)));
    Ok(copies)
}

/// `20261129T083000123Z-import` → when and why.
fn of_name(name: &str) -> Option<(Timestamp, String)> {
    let (time, reason) = name.split_once('-').unwrap_or((name, ""));
    let civil = jiff::civil::DateTime::strptime(backup::TIME, time).ok()?;
    Some((jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?, reason.to_owned()))
}

/// Opens a copy, lets SQLite check every page of it, and counts: seconds for a large one.
/// [`Error::BadBackup`], or whatever kept it from being opened, where it is of no use.
pub fn look(copy: &Path) -> Result<CopyFacts, Error> {
    let open = open::read_only(copy)?;
    if let Some(reason) = check::damage(&open.db).map_err(|error| error.at(copy))? {
        return Err(Error::BadBackup(reason));
    }
    load::in_read_transaction(&open.db, facts).map_err(|error| error.at(copy))
}

/// The newest copy that is whole, with what stands in it; older ones are looked at only where
/// newer ones are of no use.
pub fn newest_good(district: &Path) -> Result<Option<(DatedCopy, CopyFacts)>, Error> {
    let found = copies(district)?.into_iter().find_map(|copy| {
        let facts = look(&copy.path).ok()?;
        Some((copy, facts))
    });
    Ok(found)
}

fn facts(db: &Connection) -> Result<CopyFacts, Error> {
    let last_edit = journal::entries_since(db, journal::revision(db)?.saturating_sub(1))?.pop();
    let mut records = Vec::new();
    for kind in Kind::ALL {
        let count: i64 =
            db.query_row(&format!("SELECT count(*) FROM {kind}"), [], |row| row.get(0))?;
        if count > 0 {
            records.push((kind, count.cast_unsigned()));
        }
    }
    Ok(CopyFacts { last_edit, records })
}

/// What the district has that a copy has not, as far as the district can be read. No byte of it
/// is changed.
pub fn lost_edits(district: &Path, copy: &CopyFacts) -> LostEdits {
    let read = || {
        let open = open::read_only(district)?;
        if open::has_leftovers(district)
            && let Some(reason) = check::damage(&open.db)?
        {
            // A log that belongs to another file: what the two tell together is nobody's history.
            return Err(Error::BadBackup(reason));
        }
        let (last, revision) = (copy.last_edit.as_ref(), copy.revision());
        let mut entries = journal::entries_since(&open.db, revision.saturating_sub(1))?;
        let first = entries.first();
        let is_ours = last.is_none_or(|last| first.is_some_and(|first| first.is_same_row(last)));
        entries.retain(|entry| entry.revision > revision && entry.cause != Cause::Event);
        Ok::<_, Error>(is_ours.then_some(entries))
    };
    match read() {
        Ok(Some(entries)) => LostEdits::Known(entries),
        Ok(None) => LostEdits::OtherHistory,
        Err(_) => LostEdits::Unreadable,
    }
}

/// What a database keeps beside its file; each belongs to that file alone.
const COMPANIONS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Puts a copy in the place of a district, whose file need not be readable, nor there. The copy is
/// checked before and after; the file that was there is put aside untouched, with its log.
/// [`Error::InUse`] while another program has the district open.
pub fn restore(district: &Path, copy: &Path, at: Timestamp) -> Result<Restored, Error> {
    let facts = look(copy)?;
    let lost = match fs::exists(district) {
        Ok(true) => lost_edits(district, &facts),
        _ => LostEdits::Known(Vec::new()),
    };
    let put_aside = put(district, at, |unfinished| {
        let open = open::read_only(copy)?;
        backup::copy_and_verify(&open.db, copy, unfinished)
    })?;
    Ok(Restored { put_aside, facts: look(district)?, lost })
}

/// Makes a file and puts it in the place of the district, which goes aside.
pub(super) fn put(
    district: &Path,
    at: Timestamp,
    make: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<Vec<PathBuf>, Error> {
    let unfinished = Unfinished::begin(district).map_err(|source| io(district, source))?;
    make(unfinished.path()).map_err(|error| error.at(district))?;
    if open::is_held(district) {
        return Err(Error::InUse(district.to_owned()));
    }
    let mut moved = Vec::new();
    let placed = put_aside(district, at, &mut moved)
        .and_then(|()| unfinished.finish().map_err(|source| io(district, source)));
    if placed.is_err() {
        put_back(&moved);
    }
    placed.map(|()| moved.into_iter().map(|(_, to)| to).collect())
}

/// What was put aside stands in its place again, where nothing else does by now. What cannot be
/// moved stays under its dated name.
fn put_back(moved: &[(PathBuf, PathBuf)]) {
    if moved.first().is_some_and(|(district, _)| !district.exists()) {
        for (from, to) in moved {
            drop(rename(to, from));
        }
    }
}

/// A file and what lies beside it, under a name of their own: `丰润.aside-20261129T083000123Z.gpkg`.
/// `moved` has from where to where.
fn put_aside(
    district: &Path,
    at: Timestamp,
    moved: &mut Vec<(PathBuf, PathBuf)>,
) -> Result<(), Error> {
    let stem = district.file_stem().unwrap_or_default().to_string_lossy();
    let name = |number: u32| {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let time = at.strftime(backup::TIME);
        folder_of(district).join(format!("{stem}.aside-{time}{number}.gpkg"))
    };
    let is_free = |aside: &PathBuf| COMPANIONS.iter().all(|end| !beside(aside, end).exists());
    #[expect(clippy::maybe_infinite_iter, reason = "a folder has only so many files")]
    let aside = (1..).map(name).find(is_free).unwrap_or_default();
    for suffix in COMPANIONS {
        let (from, to) = (beside(district, suffix), beside(&aside, suffix));
        match rename(&from, &to) {
            Ok(()) => moved.push((from, to)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(io(&from, source)),
        }
    }
    sync_folder(folder_of(district)).map_err(|source| io(district, source))
}
