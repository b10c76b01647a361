//! Paths, and files written whole: after a crash the old one is there or the new one. What the district
//! file and what is kept beside it need (`store`), and exports of several files (`exchange::write`),
//! stand there.

mod unfinished;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

pub use unfinished::{Unfinished, sweep};

/// The folder of a file; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// The path with `suffix` behind its name: `丰润.gpkg` and `-wal` give `丰润.gpkg-wal`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A path as SQLite takes it in a URI, `file:…`, to which a query may be added.
/// See sqlite.org/uri.html.
pub fn sqlite_uri(path: &Path) -> String {
    let root = if cfg!(windows) && path.is_absolute() { "/" } else { "" };
    let mut uri = format!("file:{root}");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b':' => {
                uri.push(char::from(*byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            byte => {
                write!(uri, "%{byte:02X}").ok();
            }
        }
    }
    uri
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

/// Written beside, brought to the disk, and renamed.
fn write(file: &Builder<'_, '_>, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = file.clone().prefix(".shapan-").tempfile_in(folder_of(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
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
