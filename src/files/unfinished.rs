//! A file or folder in the making, beside its final place. What a killed maker left is swept up by
//! the next one that makes something in the same folder.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{beside, folder_of, refuse_pipe, remove as remove_file, rename, sync_folder};

/// Behind the name of what it becomes.
const SUFFIX: &str = ".unfinished";
/// Held, by a lock of the system, as long as its maker lives.
const LOCK: &str = ".unfinished-lock";
/// What a database leaves beside a file in the making.
const COMPANIONS: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// Gone when dropped, unless it was finished.
#[derive(Debug)]
pub struct Unfinished {
    target: PathBuf,
    path: PathBuf,
    lock: Option<File>,
}

impl Unfinished {
    /// Begins what becomes `target`. Nothing lies at [`Self::path`] then. `WouldBlock` while
    /// another program makes the same, `Unsupported` where the target is a pipe or a device, which a
    /// file would take the place of.
    pub fn begin(target: &Path) -> io::Result<Self> {
        refuse_pipe(target)?;
        sweep(folder_of(target));
        let path = beside(target, SUFFIX);
        let lock = File::create(beside(target, LOCK))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
        })?;
        remove(&path)?;
        Ok(Self { target: target.to_owned(), path, lock: Some(lock) })
    }

    /// Where it is made.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes its place, in which nothing may lie that is not to be replaced. On the disk when this
    /// returns, where its content is.
    pub fn finish(self) -> io::Result<()> {
        rename(&self.path, &self.target)?;
        sync_folder(folder_of(&self.target))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Whatever stopped the making says more than an error about its remains.
        drop(remove(&self.path));
        // Windows removes no file that is open.
        self.lock = None;
        drop(remove_file(&beside(&self.target, LOCK)));
    }
}

/// Removes what killed makers left in a folder. What cannot be removed stays for the next time.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // The last part of its name, which need not be text.
        if path.extension().is_none_or(|ending| ending != LOCK.trim_start_matches('.')) {
            continue;
        }
        let Ok(lock) = File::open(&path) else { continue };
        if lock.try_lock().is_ok() {
            drop(remove(&path.with_extension(SUFFIX.trim_start_matches('.'))));
            drop(lock);
            drop(remove_file(&path));
        }
    }
}

fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return fs::remove_dir_all(path);
    }
    for suffix in COMPANIONS {
        match remove_file(&beside(path, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn it_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        let given_up = Unfinished::begin(&target).unwrap();
        fs::write(given_up.path(), "half").unwrap();
        drop(given_up);
        assert!(names(folder.path()).is_empty());
        let whole = Unfinished::begin(&target).unwrap();
        fs::write(whole.path(), "whole").unwrap();
        whole.finish().unwrap();
        assert_eq!(names(folder.path()), ["a"]);
        assert_eq!(fs::read_to_string(target).unwrap(), "whole");
    }

    #[test]
    fn what_a_killed_maker_left_is_swept_up_and_what_is_being_made_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["dead.unfinished-lock", "dead.unfinished", "dead.unfinished-journal"] {
            fs::write(at(name), "").unwrap();
        }
        fs::write(at("a paper.unfinished"), "of somebody else").unwrap();
        let alive = Unfinished::begin(&at("alive")).unwrap();
        fs::write(alive.path(), "").unwrap();
        assert!(Unfinished::begin(&at("alive")).is_err());
        sweep(folder.path());
        assert_eq!(
            names(folder.path()),
            ["a paper.unfinished", "alive.unfinished", "alive.unfinished-lock"]
        );
    }
}
