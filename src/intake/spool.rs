//! Packets on the disk before they are acknowledged: a log beside the district, which is taken into it
//! now and then as one delivery and deleted after that.
//!
//! The log is one of HJ 212 packets like any other (`exchange::readings` reads it), so that what a killed
//! listener left is taken in by the next, and a person can read it. Passwords are stars in it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::exchange::formats::hj212::{framed, without_password};
use crate::files;

/// Behind the name of a district: the folder in which waits what came and is not in it yet.
const INBOX: &str = ".inbox";
const CURRENT: &str = "current";
const WAITING: &str = "log";
/// Bytes of packets that are no readings, or encrypted: of more than this the rest is not kept.
const MOST_ASIDE: u64 = 64 << 20;

/// The folder of a district in which packets wait.
pub fn inbox(district: &Path) -> PathBuf {
    files::beside(district, INBOX)
}

/// A log that is being written.
pub struct Spool {
    folder: PathBuf,
    name: String,
    file: File,
    bytes: u64,
    aside: File,
    aside_bytes: u64,
}

impl Spool {
    /// Of one listener, by its name; two must not share one. What killed listeners left waits to be taken
    /// in then.
    pub fn open(folder: &Path, name: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        rescue(folder)?;
        let file = begin(&folder.join(format!("{name}.{CURRENT}")))?;
        let aside = folder.join(format!("{name}.aside"));
        let aside = File::options().create(true).append(true).open(aside)?;
        let aside_bytes = aside.metadata()?.len();
        files::sync_folder(folder)?;
        let (folder, name) = (folder.to_owned(), name.to_owned());
        Ok(Self { folder, name, file, bytes: 0, aside, aside_bytes })
    }

    /// Bytes that are not handed on yet.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes the segments of packets; they are on the disk when this returns, and where it fails none of
    /// them is in the log.
    pub fn append<'s>(&mut self, segments: impl Iterator<Item = &'s [u8]>) -> io::Result<()> {
        let mut bytes = Vec::new();
        for segment in segments {
            bytes.extend(framed(&without_password(segment)));
        }
        if bytes.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a packet must not stand before the next.
            drop(self.file.set_len(self.bytes));
            drop(self.file.seek(io::SeekFrom::Start(self.bytes)));
            return Err(error);
        }
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// The same for what becomes no reading: packets that are encrypted without a key, or of another
    /// kind. They stay in a log of their own; where that is full, `WriteZero`.
    pub fn put_aside<'s>(&mut self, segments: impl Iterator<Item = &'s [u8]>) -> io::Result<()> {
        let mut bytes = Vec::new();
        for segment in segments {
            bytes.extend(framed(&without_password(segment)));
        }
        if bytes.is_empty() {
            return Ok(());
        }
        if self.aside_bytes + bytes.len() as u64 > MOST_ASIDE {
            return Err(io::ErrorKind::WriteZero.into());
        }
        self.aside.write_all(&bytes)?;
        self.aside.sync_data()?;
        self.aside_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Hands on what is written: it waits under a name of its own, and a new log begins.
    pub fn hand_on(&mut self) -> io::Result<()> {
        if self.bytes == 0 {
            return Ok(());
        }
        let current = self.folder.join(format!("{}.{CURRENT}", self.name));
        // Windows renames no file that is open.
        self.file = File::open(self.folder.join(format!("{}.aside", self.name)))?;
        let renamed = next_name(&self.folder, &self.name)
            .and_then(|waiting| files::rename(&current, &waiting));
        if let Err(error) = renamed {
            self.file = File::options().append(true).open(&current)?;
            return Err(error);
        }
        self.file = begin(&current)?;
        self.bytes = 0;
        files::sync_folder(&self.folder)
    }
}

/// An empty log that is held, by a lock of the system, as long as whoever writes it lives.
fn begin(path: &Path) -> io::Result<File> {
    let file = File::create(path)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::Error(error) => error,
        TryLockError::WouldBlock => io::ErrorKind::AddrInUse.into(),
    })?;
    Ok(file)
}

/// Logs that nobody writes any more wait to be taken in.
pub fn rescue(folder: &Path) -> io::Result<()> {
    for path in with_ending(folder, CURRENT)? {
        let file = File::open(&path)?;
        if file.try_lock().is_err() {
            continue;
        }
        let is_empty = file.metadata()?.len() == 0;
        drop(file);
        if is_empty {
            files::remove(&path)?;
        } else {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            files::rename(&path, &next_name(folder, &name)?)?;
        }
    }
    Ok(())
}

fn with_ending(folder: &Path, wanted: &str) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == wanted) {
            found.push(path);
        }
    }
    Ok(found)
}

fn next_name(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let numbers = waiting(folder)?
        .into_iter()
        .filter_map(|path| path.file_stem()?.to_str()?.rsplit_once('-')?.1.parse::<u64>().ok());
    let next = numbers.max().unwrap_or(0) + 1;
    Ok(folder.join(format!("{name}-{next:06}.{WAITING}")))
}

/// What waits to be taken in, in the order in which it came.
pub fn waiting(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut waiting = with_ending(folder, WAITING)?;
    let number = |path: &PathBuf| -> Option<u64> {
        path.file_stem()?.to_str()?.rsplit_once('-')?.1.parse().ok()
    };
    waiting.sort_by_key(|path| (number(path), path.clone()));
    Ok(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[u8] = b"ST=22;CN=2011;PW=123456;MN=A;CP=&&DataTime=20261129100000;a34004-Rtd=1&&";

    #[test]
    fn what_was_written_waits_after_a_kill_without_its_passwords() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::open(folder.path(), "hj212-9212").unwrap();
        spool.append([ONE, ONE].into_iter()).unwrap();
        assert!(waiting(folder.path()).unwrap().is_empty());
        // As after a kill: nothing was handed on.
        drop(spool);
        let mut spool = Spool::open(folder.path(), "hj212-9212").unwrap();
        let left = waiting(folder.path()).unwrap();
        let text = fs::read_to_string(&left[0]).unwrap();
        assert_eq!(text.matches("##").count(), 2);
        assert!(text.contains("PW=******") && !text.contains("123456"), "{text}");
        spool.append([ONE].into_iter()).unwrap();
        spool.hand_on().unwrap();
        spool.hand_on().unwrap();
        spool.append([ONE].into_iter()).unwrap();
        let names: Vec<String> = waiting(folder.path())
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["hj212-9212-000001.log", "hj212-9212-000002.log"]);
    }
}
