//! Paths, and files written whole: after a crash the old one is there or the new one. What the district
//! file and what is kept beside it need (`store`), and exports of several files (`exchange::write`),
//! stand there.

mod share;
mod unfinished;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use tempfile::Builder;

pub use share::network_filesystem;
pub use unfinished::{Unfinished, sweep};

/// The folder of a file; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Refuses what is neither a file nor a folder: opening a pipe would wait for whoever writes into it,
/// and a device may never end. What is not there is left to whoever opens it.
pub fn refuse_pipe(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(facts) if !facts.is_file() && !facts.is_dir() => {
            Err(io::Error::new(io::ErrorKind::Unsupported, "a pipe or a device"))
        }
        _ => Ok(()),
    }
}

/// All of a file that somebody named, which may be no pipe.
pub fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    refuse_pipe(path)?;
    fs::read(path)
}

/// The path with `suffix` behind its name: `丰润.gpkg` and `-wal` give `丰润.gpkg-wal`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A file beside another, called after it and a word: `督办单.docx`, 住建局 → `督办单_住建局.docx`.
pub fn named_with(target: &Path, word: &str) -> PathBuf {
    if word.is_empty() {
        return target.to_owned();
    }
    let stem = target.file_stem().unwrap_or_default().to_string_lossy();
    let ending = target.extension().unwrap_or_default().to_string_lossy();
    target.with_file_name(plain_name(&format!("{stem}_{word}.{ending}")))
}

/// The name, or the nearest one, that a file may have on every system: Windows lets none hold certain
/// signs, end with a dot, or be called like one of its devices.
pub fn plain_name(name: &str) -> String {
    let is_sign = |c: char| c.is_control() || r#"<>:"/\|?*"#.contains(c);
    let plain: String = name.chars().map(|c| if is_sign(c) { '-' } else { c }).collect();
    let plain = plain.trim_end_matches(['.', ' ']);
    let stem = plain.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let is_port = |port: &str| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str());
    if plain.is_empty() || is_device || is_port("COM") || is_port("LPT") {
        return format!("_{plain}");
    }
    plain.to_owned()
}

/// The most bytes of a path that SQLite opens on Windows unless another of its file systems is asked
/// for: `SQLITE_WIN32_MAX_PATH_BYTES`, with room for the endings of its logs.
const LONGEST_OF_SQLITE: usize = 1000;

/// A path as SQLite takes it in a URI, `file:…?query`. See sqlite.org/uri.html.
pub fn sqlite_uri(path: &Path, query: &str) -> String {
    let path = reachable(path);
    let bytes = path.as_os_str().as_encoded_bytes();
    // Backslashes are kept, as `%5C`: a path that begins with `\\?\` has no other separators.
    let mut uri = "file:".to_owned();
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b':' => {
                uri.push(char::from(*byte));
            }
            byte => {
                write!(uri, "%{byte:02X}").ok();
            }
        }
    }
    let is_long = cfg!(windows) && bytes.len() > LONGEST_OF_SQLITE;
    write!(uri, "?{query}{}", if is_long { "&vfs=win32-longpath" } else { "" }).ok();
    uri
}

/// Windows opens no longer path for a program that does not ask for it, characters; room for the
/// endings of logs is left.
const LONGEST_PLAIN: usize = 240;

/// The path as a library written in C must be given it: Rust's own calls lengthen a long path on
/// Windows by themselves, SQLite's do not.
fn reachable(path: &Path) -> PathBuf {
    if !cfg!(windows) {
        return path.to_owned();
    }
    match std::path::absolute(path) {
        Ok(whole) if whole.as_os_str().len() > LONGEST_PLAIN => verbatim(&whole.to_string_lossy()),
        _ => path.to_owned(),
    }
}

/// An absolute path of Windows, free of its limit of 260 characters.
fn verbatim(absolute: &str) -> PathBuf {
    if absolute.starts_with(r"\\?\") || absolute.starts_with(r"\\.\") {
        return absolute.into();
    }
    match absolute.strip_prefix(r"\\") {
        Some(share) => format!(r"\\?\UNC\{share}").into(),
        None => format!(r"\\?\{absolute}").into(),
    }
}

/// Brings what was written to a file to the disk. It is opened for writing, because Windows syncs no
/// file that was opened to be read.
pub fn sync(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path)?.sync_all()
}

/// Gives a finished file its name, in place of what has it.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(is_passing, || fs::rename(from, to))
}

/// Deletes a file.
pub fn remove(path: &Path) -> io::Result<()> {
    patiently(is_passing, || fs::remove_file(path))
}

/// On Windows a scanner for viruses or an index of the disk opens a file as soon as it is written, and
/// for that moment nobody may rename or delete it: tried again until a second has passed.
fn patiently<T>(
    is_passing: impl Fn(&io::Error) -> bool,
    mut work: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    for wait_ms in [10, 20, 40, 80, 160, 320, 400] {
        match work() {
            Err(error) if is_passing(&error) => sleep(Duration::from_millis(wait_ms)),
            done => return done,
        }
    }
    work()
}

/// Whether another program has the file open and does not share it, as Windows lets it: Excel, QGIS, a
/// scanner for viruses.
pub fn is_held_elsewhere(error: &io::Error) -> bool {
    const SHARING_VIOLATION: i32 = 32;
    const LOCK_VIOLATION: i32 = 33;
    const USER_MAPPED_FILE: i32 = 1224;
    let held = [SHARING_VIOLATION, LOCK_VIOLATION, USER_MAPPED_FILE];
    cfg!(windows) && error.raw_os_error().is_some_and(|code| held.contains(&code))
}

/// A rename over a file that somebody has open is told as denied, not as held.
fn is_passing(error: &io::Error) -> bool {
    let is_denied = error.kind() == io::ErrorKind::PermissionDenied;
    is_held_elsewhere(error) || cfg!(windows) && is_denied
}

/// A copy that may be changed and deleted, also of a file that may not.
pub fn copy_to_change(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    let mut permissions = fs::metadata(to)?.permissions();
    if permissions.readonly() {
        #[expect(clippy::permissions_set_readonly_false, reason = "our own copy in our folder")]
        permissions.set_readonly(false);
        fs::set_permissions(to, permissions)?;
    }
    Ok(())
}

/// For whoever the umask lets read it. The folder must be there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Builder::new();
    make_readable(&mut file);
    write(&file, path, bytes)
}

/// For nobody but its owner; the folder is made where it is missing.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder_of(path))?;
    write(&Builder::new(), path, bytes)
}

/// Written beside, brought to the disk, and renamed: over a file, and over no pipe or device.
fn write(file: &Builder<'_, '_>, path: &Path, bytes: &[u8]) -> io::Result<()> {
    refuse_pipe(path)?;
    let mut file = file.clone().prefix(".shapan-").tempfile_in(folder_of(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let mut unfinished = Some(file.into_temp_path());
    patiently(is_passing, || {
        let Some(file) = unfinished.take() else { return Ok(()) };
        file.persist(path).map_err(|refused| {
            unfinished = Some(refused.path);
            refused.error
        })
    })
}

/// A temporary file is its owner's alone; a paper is for others too.
#[cfg(unix)]
fn make_readable(file: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    file.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn make_readable(_file: &mut Builder<'_, '_>) {}

/// A rename is on the disk when its folder is. Windows has no such call and needs none.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What work that fails so often as it is told comes to, and how often it was tried.
    fn tried(failures: usize, is_passing: bool) -> (bool, usize) {
        let mut tries = 0;
        let done = patiently(
            |_| is_passing,
            || {
                tries += 1;
                if tries <= failures { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
            },
        );
        (done.is_ok(), tries)
    }

    #[test]
    fn what_passes_is_waited_for_and_what_does_not_is_told_at_once() {
        assert_eq!(tried(0, true), (true, 1));
        assert_eq!(tried(3, true), (true, 4));
        assert_eq!(tried(3, false), (false, 1));
        assert_eq!(tried(usize::MAX, true), (false, 8));
    }

    #[test]
    fn a_file_that_is_replaced_is_the_new_one_and_nothing_lies_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("甲 乙.json");
        for content in ["old", "new"] {
            write_whole(&path, content.as_bytes()).unwrap();
            sync(&path).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        let other = folder.path().join("丙.json");
        fs::write(&other, "other").unwrap();
        rename(&path, &other).unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        remove(&other).unwrap();
        assert!(remove(&other).is_err());
    }

    #[test]
    fn a_name_is_one_that_every_system_takes() {
        for kept in ["方案一 通告.docx", "a.b-c_d.xlsx", "console.txt", "com10.csv", ".hidden"]
        {
            assert_eq!(plain_name(kept), kept);
        }
        for (name, plain) in [
            ("早/晚高峰?.docx", "早-晚高峰-.docx"),
            ("a\\b:c\n.jpg", "a-b-c-.jpg"),
            ("尾. .", "尾"),
            ("..", "_"),
            ("con", "_con"),
            ("Lpt1.jpg", "_Lpt1.jpg"),
        ] {
            assert_eq!(plain_name(name), plain);
        }
    }

    #[test]
    fn a_long_path_of_windows_is_told_to_sqlite_as_one_without_a_limit() {
        assert_eq!(verbatim(r"C:\甲\a.gpkg"), Path::new(r"\\?\C:\甲\a.gpkg"));
        assert_eq!(verbatim(r"\\server\office\a"), Path::new(r"\\?\UNC\server\office\a"));
        assert_eq!(verbatim(r"\\?\C:\a"), Path::new(r"\\?\C:\a"));
    }

    #[test]
    fn a_uri_keeps_what_would_mean_something_in_it() {
        assert_eq!(
            sqlite_uri(Path::new("/a b/甲?.gpkg"), "mode=ro"),
            "file:/a%20b/%E7%94%B2%3F.gpkg?mode=ro"
        );
        assert_eq!(
            sqlite_uri(Path::new(r"\\?\C:\a#.gpkg"), "mode=ro"),
            "file:%5C%5C%3F%5CC:%5Ca%23.gpkg?mode=ro"
        );
    }
}
