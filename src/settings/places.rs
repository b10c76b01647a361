//! Where this operating system wants what belongs to its user to lie, and a USB stick.
//!
//! | | preferences, drafts, templates | web tiles | districts of their own |
//! |---|---|---|---|
//! | `SHAPAN_HOME` is set | there | there | there |
//! | `portable.txt` beside the program | `data` beside it | there | beside it |
//! | Windows | `%APPDATA%\shapan` | `%LOCALAPPDATA%\shapan` | `沙盘` in the documents |
//! | Linux, macOS | `$XDG_DATA_HOME/shapan` | there | there |

use std::path::{Path, PathBuf};

use crate::files;

/// An empty file of this name beside the program makes it keep everything there.
const PORTABLE: &str = "portable.txt";
/// Where it keeps then what is no district.
const DATA: &str = "data";

/// What the environment says; an empty answer is none.
fn set(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Where preferences of this seat lie. `None` where the system says nothing of its user.
pub fn folder() -> Option<PathBuf> {
    set("SHAPAN_HOME").or_else(portable).or_else(|| own("APPDATA"))
}

fn portable() -> Option<PathBuf> {
    portable_beside(&std::env::current_exe().ok()?)
}

fn portable_beside(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?;
    folder.join(PORTABLE).is_file().then(|| folder.join(DATA))
}

/// `windows` is the variable that Windows has for it.
fn own(windows: &str) -> Option<PathBuf> {
    let home = || set("HOME").map(|home| home.join(".local/share"));
    let base = if cfg!(windows) { set(windows) } else { set("XDG_DATA_HOME").or_else(home) };
    base.map(|base| base.join("shapan"))
}

/// Where the tiles of web maps are kept for a seat with this folder: Windows copies `%APPDATA%` from
/// machine to machine, which is too much of them.
pub fn tiles_folder(folder: &Path) -> PathBuf {
    let is_own = cfg!(windows) && own("APPDATA").as_deref() == Some(folder);
    let local = if is_own { own("LOCALAPPDATA") } else { None };
    local.unwrap_or_else(|| folder.to_owned())
}

/// Where a person looks for districts of their own, of a seat with this folder.
pub fn districts_folder(folder: &Path) -> PathBuf {
    if let Some(root) = portable_root(folder) {
        return root;
    }
    let is_own = cfg!(windows) && own("APPDATA").as_deref() == Some(folder);
    // Documents that lie on a server can hold no district.
    let documents = if is_own { documents() } else { None };
    let documents = documents.filter(|folder| files::network_filesystem(folder).is_none());
    documents.map_or_else(|| tiles_folder(folder), |documents| documents.join("沙盘"))
}

/// The folder that is carried along, of a seat whose preferences lie in `folder`; `None` on most.
pub(super) fn portable_root(folder: &Path) -> Option<PathBuf> {
    let root = folder.parent().filter(|_| folder.ends_with(DATA))?;
    root.join(PORTABLE).is_file().then(|| root.to_owned())
}

/// Offices move it to another disk, so the system is asked.
#[cfg(windows)]
fn documents() -> Option<PathBuf> {
    use winsafe::{SHGetKnownFolderPath, co};
    let known = SHGetKnownFolderPath(&co::KNOWNFOLDERID::Documents, co::KF::DEFAULT, None);
    known.ok().map(PathBuf::from)
}

#[cfg(not(windows))]
const fn documents() -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_beside_the_program_keeps_everything_there() {
        let stick = tempfile::tempdir().unwrap();
        let program = stick.path().join("shapan.exe");
        assert_eq!(portable_beside(&program), None);
        let data = stick.path().join(DATA);
        assert_eq!(districts_folder(&data), data, "a folder of that name alone says nothing");
        std::fs::write(stick.path().join(PORTABLE), "").unwrap();
        assert_eq!(portable_beside(&program), Some(data.clone()));
        assert_eq!(districts_folder(&data), stick.path());
        assert_eq!(tiles_folder(&data), data);
    }
}
