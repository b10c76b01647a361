//! Photos and papers that exported records name, as files beside the export.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use tempfile::TempDir;

use crate::domain::Record;
use crate::files;

/// What became of the attachments of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenAttachments {
    /// Files written.
    pub count: usize,
    /// Named by records, but not in the district file, or no name for a file: in their order.
    pub missing: Vec<String>,
}

/// The bytes of an attachment by its name; `None` where the district file has none of it.
pub type AttachmentBytes<E> = Result<Option<Vec<u8>>, E>;

/// `台账.xlsx` → `台账_附件`.
pub fn folder_of(target: &Path) -> PathBuf {
    let mut name = OsString::from(target.file_stem().unwrap_or_default());
    name.push("_附件");
    target.with_file_name(name)
}

/// Every attachment that records name, once.
pub fn names<'a>(records: impl Iterator<Item = &'a Record>) -> BTreeSet<String> {
    records.flat_map(Record::attachments).map(str::to_owned).collect()
}

/// The attachments of an export, read and written aside, with their folder ready to take them.
/// Dropped before it is placed it leaves nothing behind.
#[derive(Debug)]
pub struct Staged {
    aside: TempDir,
    folder: PathBuf,
    /// The folder was not there before.
    is_new: bool,
    files: Vec<String>,
    missing: Vec<String>,
}

/// Reads them all and writes them aside, so that where one cannot be read, or where the export
/// itself fails afterwards, the folder stays as it was.
pub fn stage<E: From<io::Error>>(
    folder: &Path,
    names: &BTreeSet<String>,
    read: &mut dyn FnMut(&str) -> AttachmentBytes<E>,
) -> Result<Staged, E> {
    let aside =
        tempfile::Builder::new().prefix(".shapan-export-").tempdir_in(files::folder_of(folder))?;
    let (mut files, mut missing) = (Vec::new(), Vec::new());
    // Two names that differ in capitals alone are one file on Windows.
    let mut taken = BTreeSet::new();
    for name in names {
        let content = if is_file_name(name) { read(name)? } else { None };
        match content {
            Some(content) if taken.insert(name.to_lowercase()) => {
                fs::write(aside.path().join(name), content)?;
                files.push(name.clone());
            }
            _ => missing.push(name.clone()),
        }
    }
    let is_new = !files.is_empty() && !folder.exists();
    if !files.is_empty() {
        fs::create_dir_all(folder)?;
    }
    Ok(Staged { aside, folder: folder.to_owned(), is_new, files, missing })
}

impl Staged {
    /// Moves them into the folder. Other files in it are left alone: they are not ours.
    pub fn place(mut self) -> io::Result<WrittenAttachments> {
        for name in &self.files {
            files::rename(&self.aside.path().join(name), &self.folder.join(name))?;
        }
        Ok(WrittenAttachments {
            count: self.files.len(),
            missing: std::mem::take(&mut self.missing),
        })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.is_new {
            // Only an empty folder goes; one that has taken anything stays.
            fs::remove_dir(&self.folder).ok();
        }
    }
}

/// Another program may have written any name into the district file: none leads out of the folder, and
/// none is one that another system would not take.
fn is_file_name(name: &str) -> bool {
    files::plain_name(name) == name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> BTreeSet<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    fn content(name: &str) -> io::Result<Option<Vec<u8>>> {
        match name {
            "丢失.jpg" => Ok(None),
            "坏.jpg" => Err(io::Error::other("damaged")),
            _ => Ok(Some(name.as_bytes().to_vec())),
        }
    }

    fn write(folder: &Path, names: &BTreeSet<String>) -> io::Result<WrittenAttachments> {
        stage(folder, names, &mut content)?.place()
    }

    #[test]
    fn the_folder_has_the_name_of_the_export() {
        assert_eq!(folder_of(Path::new("甲/台账.v2.xlsx")), Path::new("甲/台账.v2_附件"));
        assert_eq!(folder_of(Path::new("台账.csv")), Path::new("台账_附件"));
    }

    #[test]
    fn what_the_file_has_is_written_byte_for_byte_and_what_it_lacks_is_named() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("台账_附件");
        let asked = names(&["雾炮.jpg", "丢失.jpg", "../外面.jpg", "甲\\乙.jpg", "A.jpg", "a.jpg"]);
        let written = write(&folder, &asked).unwrap();
        assert_eq!(written.count, 2);
        assert_eq!(written.missing, ["../外面.jpg", "a.jpg", "丢失.jpg", "甲\\乙.jpg"]);
        assert_eq!(fs::read(folder.join("雾炮.jpg")).unwrap(), "雾炮.jpg".as_bytes());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn where_one_cannot_be_read_the_folder_stays_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("台账_附件");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("雾炮.jpg"), "old").unwrap();
        assert!(write(&folder, &names(&["雾炮.jpg", "坏.jpg"])).is_err());
        assert_eq!(fs::read(folder.join("雾炮.jpg")).unwrap(), b"old");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        write(&folder, &names(&["雾炮.jpg"])).unwrap();
        assert_eq!(fs::read(folder.join("雾炮.jpg")).unwrap(), "雾炮.jpg".as_bytes());
    }

    #[test]
    fn what_is_not_placed_leaves_nothing_behind_and_takes_nothing_away() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("台账_附件");
        drop(stage(&folder, &names(&["雾炮.jpg"]), &mut content).unwrap());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
        fs::create_dir(&folder).unwrap();
        drop(stage(&folder, &names(&["雾炮.jpg"]), &mut content).unwrap());
        assert!(folder.exists(), "an empty folder of the person's own is not ours to remove");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        fs::remove_dir(&folder).unwrap();
        fs::write(&folder, "a file in its place").unwrap();
        assert!(stage(&folder, &names(&["雾炮.jpg"]), &mut content).is_err());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn without_attachments_there_is_no_folder() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("台账_附件");
        let written = write(&folder, &names(&["丢失.jpg"])).unwrap();
        assert_eq!((written.count, written.missing.len()), (0, 1));
        assert!(!folder.exists());
    }
}
