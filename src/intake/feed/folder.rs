//! A folder whose files are taken in once each, and again when they change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use jiff::{SignedDuration, Timestamp};

use super::{Arrived, Source};
use crate::exchange::readings::{ReadingOptions, recognise};

/// How often the folder is looked at.
const EVERY: SignedDuration = SignedDuration::from_secs(20);
/// Files that are looked at: a folder of more is not meant for this.
const MOST_FILES: usize = 20_000;
/// Keeps which files were taken in.
const KEPT: &str = "folder.taken";

/// A file as it lay there: its name, bytes, and when it was written, ms since 1970.
type Version = (String, u64, u128);

/// The folder, and what was seen of it.
pub struct FolderWatch {
    folder: PathBuf,
    kept: PathBuf,
    taken: BTreeSet<Version>,
    /// As they lay at the last look: one that is still being written is left for the next.
    before: BTreeMap<String, Version>,
    looked_at: Option<Timestamp>,
}

impl FolderWatch {
    /// With what was taken from it before, at this seat.
    pub fn open(inbox: &Path, folder: &Path) -> Self {
        let kept = inbox.join(KEPT);
        let text = fs::read_to_string(&kept).unwrap_or_default();
        let read = |line: &str| -> Option<Version> {
            let mut parts = line.split('\t');
            let (bytes, at) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Some((parts.next()?.to_owned(), bytes, at))
        };
        Self {
            folder: folder.to_owned(),
            taken: text.lines().filter_map(read).collect(),
            kept,
            before: BTreeMap::new(),
            looked_at: None,
        }
    }

    /// New files of readings; others are passed over.
    pub fn look(&mut self, now: Timestamp, at_once: bool) -> io::Result<Vec<Arrived>> {
        let is_time = self.looked_at.is_none_or(|at| now.duration_since(at) >= EVERY);
        if !is_time && !at_once {
            return Ok(Vec::new());
        }
        self.looked_at = Some(now);
        let mut here = BTreeMap::new();
        for entry in fs::read_dir(&self.folder)?.take(MOST_FILES) {
            let path = entry?.path();
            if let Some(version) = version(&path) {
                here.insert(version.0.clone(), version);
            }
        }
        let mut arrived = Vec::new();
        for version in here.values() {
            let rests = at_once || self.before.get(&version.0) == Some(version);
            if !rests || self.taken.contains(version) {
                continue;
            }
            let path = self.folder.join(&version.0);
            match recognise(&path) {
                Ok(Some(kind)) => arrived.push(Arrived {
                    from: Source::Folder,
                    name: version.0.clone(),
                    path,
                    kind,
                    options: ReadingOptions { arrived: now, ..ReadingOptions::default() },
                    makes_stations: false,
                }),
                // It is something else, and is not looked into again before it changes.
                _ => self.remember(version.clone()),
            }
        }
        self.before = here;
        Ok(arrived)
    }

    /// It is not taken again before it changes.
    pub fn done(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // As it was looked at: what was written to it since comes again.
        if let Some(version) = self.before.get(&*name).cloned() {
            self.remember(version);
        }
    }

    fn remember(&mut self, version: Version) {
        self.taken.retain(|known| known.0 != version.0);
        self.taken.insert(version);
        let line = |(name, bytes, at): &Version| format!("{bytes}\t{at}\t{name}\n");
        let lines: Vec<String> = self.taken.iter().map(line).collect();
        // Where it cannot be kept a file comes again after the next start, and says nothing new then.
        drop(fs::create_dir_all(crate::files::folder_of(&self.kept)));
        drop(crate::files::write_whole(&self.kept, lines.concat().as_bytes()));
    }
}

/// `None` of what is no file, is hidden, or is in the making.
fn version(path: &Path) -> Option<Version> {
    let name = path.file_name()?.to_str()?;
    let is_unfinished = [".tmp", ".part", ".crdownload", ".unfinished"];
    let is_meant = !name.starts_with(['.', '~'])
        && !name.contains(['\t', '\n'])
        && !is_unfinished.iter().any(|ending| name.ends_with(ending));
    let about = fs::metadata(path).ok().filter(|about| is_meant && about.is_file())?;
    let at = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_millis();
    Some((name.to_owned(), about.len(), at))
}
