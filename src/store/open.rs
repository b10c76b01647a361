//! Opens the database: for reading without changing a byte or leaving a file, for writing only where
//! that is safe. Creating and migrating tables is `store::schema`.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::transaction::Writer;
use super::{Error, check, functions, restore, schema};
use crate::domain::Text;
use crate::files::{
    beside, copy_to_change, folder_of, is_held_elsewhere, network_filesystem, sqlite_uri,
};

/// How long an edit waits for another program's transaction.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it sleeps between two looks: at first about as long as an edit takes. What SQLite does by
/// itself, a tenth of a second at last, keeps one of several writers waiting while others come and go.
const NAP: Duration = Duration::from_micros(500);
const FIRST_NAP: Duration = Duration::from_micros(100);
const FIRST_NAPS: i32 = 40;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A connection that changes no byte of the file and leaves nothing beside it.
pub(super) struct ReadOnly {
    pub db: Connection,
    /// What a second connection to the same bytes is opened with.
    place: (PathBuf, &'static str),
    /// Where a killed writer left its journal and the folder cannot be written, reading goes on in
    /// a copy, which lives as long as this.
    _copy: Option<tempfile::TempDir>,
}

/// [`Error::NotADistrict`] where it is no file of ours, [`Error::FromTheFuture`] where a newer program
/// made it.
pub(super) fn read_only(path: &Path) -> Result<ReadOnly, Error> {
    let is_wal = check_header(path)?;
    let has = |suffix: &str| beside(path, suffix).metadata().is_ok_and(|file| file.len() > 0);
    if has("-wal") || has("-journal") {
        return recovered(path);
    }
    // Without a log the file is complete as it stands; `immutable` reads it without locks, which
    // in WAL mode would need files beside it.
    let mode = if is_wal { "mode=ro&immutable=1" } else { "mode=ro" };
    finish((path.to_owned(), mode), path, None)
}

/// A log beside the file belongs to a living writer or to a killed one. The first can be read
/// along with, which also tells them apart; what the second left must be played back, and that may
/// only happen in a copy, which nobody changes while it is made.
fn recovered(path: &Path) -> Result<ReadOnly, Error> {
    let is_alive = beside(path, "-shm").exists() || beside(path, "-journal").exists();
    if is_alive && let Ok(open) = finish((path.to_owned(), "mode=ro"), path, None) {
        return Ok(open);
    }
    let folder = tempfile::tempdir().map_err(|source| io(path, source))?;
    let copy = copied(path, folder.path())?;
    finish((copy, "mode=rw"), path, Some(folder))
}

/// A copy of a file and of the log beside it in a folder.
pub(super) fn copied(path: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let copy = folder.join("district.gpkg");
    for suffix in ["", "-wal", "-journal"] {
        let from = beside(path, suffix);
        if from.exists() {
            copy_to_change(&from, &beside(&copy, suffix)).map_err(|source| io(&from, source))?;
        }
    }
    Ok(copy)
}

fn finish(
    place: (PathBuf, &'static str),
    path: &Path,
    copy: Option<tempfile::TempDir>,
) -> Result<ReadOnly, Error> {
    let db = connect(&place.0, place.1)?;
    db.busy_timeout(PATIENCE)?;
    functions::register(&db)?;
    check_format(&db, path).map_err(|error| error.at(path))?;
    schema::stand_in(&db).map_err(|error| error.at(path))?;
    Ok(ReadOnly { db, place, _copy: copy })
}

impl ReadOnly {
    /// Another connection to the same file, to read with two hands; `None` while a writer's log
    /// lies beside it, because then the two might see different states.
    pub(super) fn second(&self) -> Result<Option<Connection>, Error> {
        if beside(&self.place.0, "-wal").exists() {
            return Ok(None);
        }
        another(&self.place.0, self.place.1).map(Some)
    }
}

/// One more connection for reading to a file that is open already.
pub(super) fn another(path: &Path, mode: &str) -> Result<Connection, Error> {
    let db = connect(path, mode)?;
    db.busy_timeout(PATIENCE)?;
    schema::stand_in(&db)?;
    Ok(db)
}

/// Whether another program has the database open, as far as the system tells.
pub(super) fn is_held(path: &Path) -> bool {
    #[cfg(unix)]
    {
        // SQLite holds a POSIX lock for as long as a log is in use, and during every transaction.
        // A lock of ours is refused beside any other, and goes with the file.
        let lock = rustix::fs::FlockOperation::NonBlockingLockExclusive;
        File::options().read(true).write(true).open(path).is_ok_and(|file| {
            rustix::fs::fcntl_lock(&file, lock).is_err_and(|error| {
                error == rustix::io::Errno::AGAIN || error == rustix::io::Errno::ACCESS
            })
        })
    }
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        // Asked for alone: refused beside anybody who has it open.
        let alone = File::options().read(true).write(true).share_mode(0).open(path);
        alone.is_err_and(|error| is_held_elsewhere(&error))
    }
}

/// A connection for writing, and the format the file has.
pub(super) fn writable(path: &Path) -> Result<(Writer, u32), Error> {
    check_header(path)?;
    if let Some(filesystem) = network_filesystem(path) {
        return Err(Error::NetworkShare { path: path.to_owned(), filesystem });
    }
    vet_leftovers(path)?;
    let mut db = connect(path, "mode=rw")?;
    if db.is_readonly("main").map_err(|error| Error::from(error).at(path))? {
        return Err(denied(path));
    }
    prepare(&mut db).map_err(|error| error.at(path))?;
    let format = check_format(&db, path).map_err(|error| error.at(path))?;
    Ok((Writer::new(db)?, format))
}

/// What a killed writer left beside the file is played into it as soon as it is opened for writing.
/// Where a copy was laid over the file meanwhile, that would destroy the copy: [`Error::Damaged`]
/// where file and log do not fit together, before a byte of either is written.
fn vet_leftovers(path: &Path) -> Result<(), Error> {
    if !has_leftovers(path) {
        return Ok(());
    }
    let has_log = beside(path, "-wal").metadata().is_ok_and(|file| file.len() > 0);
    let found = if has_log {
        let db = connect(path, "mode=rw")?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        check::damage(&db)
    } else {
        let folder = tempfile::tempdir().map_err(|source| io(path, source))?;
        connect(&copied(path, folder.path())?, "mode=rw").and_then(|db| check::damage(&db))
    };
    match found.map_err(|error| error.at(path))? {
        Some(reason) => Err(Error::Damaged { path: path.to_owned(), reason }),
        None => Ok(()),
    }
}

/// Whether a writer that lives no more left a log or a journal beside the file.
pub(super) fn has_leftovers(path: &Path) -> bool {
    let has = |suffix: &str| beside(path, suffix).metadata().is_ok_and(|file| file.len() > 0);
    (has("-wal") || has("-journal")) && !is_held(path)
}

/// A new, empty database for the store to fill.
pub(super) fn fresh(path: &Path) -> Result<Writer, Error> {
    if let Some(filesystem) = network_filesystem(path) {
        return Err(Error::NetworkShare { path: path.to_owned(), filesystem });
    }
    let mut db = connect(path, "mode=rwc")?;
    prepare(&mut db).map_err(|error| error.at(path))?;
    Writer::new(db)
}

fn wait(naps: i32) -> bool {
    let is_first = naps < FIRST_NAPS;
    std::thread::sleep(if is_first { FIRST_NAP } else { NAP });
    NAP.saturating_mul((naps - FIRST_NAPS).max(0).unsigned_abs()) < PATIENCE
}

fn prepare(db: &mut Connection) -> Result<(), Error> {
    db.busy_handler(Some(wait))?;
    functions::register(db)?;
    db.set_prepared_statement_cache_capacity(256);
    // FULL: an edit that was acknowledged survives a power cut.
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536;",
    )?;
    Ok(())
}

pub(super) fn connect(path: &Path, mode: &str) -> Result<Connection, Error> {
    let absolute = std::path::absolute(path).map_err(|source| io(path, source))?;
    let uri = sqlite_uri(&absolute, mode);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri, flags).map_err(|error| Error::from(error).at(path))
}

/// Whether the file is in WAL mode; an error where it is no database at all.
fn check_header(path: &Path) -> Result<bool, Error> {
    let facts = std::fs::metadata(path).map_err(|source| io(path, source))?;
    if facts.is_dir() {
        return Err(not_a_district(
            path,
            Text::new("这是文件夹，请选其中的 .gpkg 文件", "it is a folder"),
        ));
    }
    if !facts.is_file() {
        // Opening a pipe would wait for whoever writes into it.
        return Err(Error::NotAFile(path.to_owned()));
    }
    let mut head = Vec::with_capacity(100);
    let file = File::open(path).map_err(|source| io(path, source))?;
    file.take(100).read_to_end(&mut head).map_err(|source| io(path, source))?;
    if let Some(reason) = bad_header(&head) {
        return Err(unreadable(path, reason));
    }
    Ok(head.get(18) == Some(&2))
}

/// Of a file that is no database: one of ours whose beginning is lost has a way back, which a foreign
/// file has not.
pub(super) fn unreadable(path: &Path, reason: Text) -> Error {
    if is_ours(path) {
        Error::Damaged { path: path.to_owned(), reason: reason.en.to_owned() }
    } else {
        not_a_district(path, reason)
    }
}

/// What is wrong with the first hundred bytes, see sqlite.org/fileformat2.html.
fn bad_header(head: &[u8]) -> Option<Text> {
    match head {
        [] => Some(Text::new("文件是空的", "the file is empty")),
        head if !head.starts_with(MAGIC) => Some(Text::new(
            "不是 SQLite 数据库。请新建一个区域文件，再把这个文件导入",
            "it is not an SQLite database",
        )),
        head if head.len() < 100 => {
            Some(Text::new("文件不完整，文件头就断了", "it ends within its header"))
        }
        head if !is_lawful(head) => {
            Some(Text::new("文件头的内容不合规定", "its header says what no header says"))
        }
        _ => None,
    }
}

/// Whether the numbers of a whole header are such as SQLite writes. Some of them SQLite obeys without
/// a question: a wrong one lets the first write ruin good pages.
fn is_lawful(head: &[u8]) -> bool {
    let byte = |at: usize| head.get(at).copied().unwrap_or_default();
    let number = |at: usize| {
        let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        u32::from_be_bytes(bytes.unwrap_or_default())
    };
    let page = u16::from_be_bytes([byte(16), byte(17)]);
    let is_page = page == 1 || page >= 512 && page.is_power_of_two();
    let is_version = |at: usize| matches!(byte(at), 1 | 2);
    let fractions = head.get(21..24) == Some(&[64, 32, 32]);
    // 0 in a database in which nothing was made yet.
    let is_format = number(44) <= 4 && number(56) <= 3;
    let (pages, largest_root) = (number(28), number(52));
    let is_vacuum = largest_root <= pages || pages == 0;
    let is_rest = head.get(72..92).is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
    is_page && is_version(18) && is_version(19) && fractions && is_format && is_vacuum && is_rest
}

/// Whether a file that is no database was one of ours: copies of it are there, or it still says that
/// it is a GeoPackage.
fn is_ours(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(72).read_to_end(&mut head));
    let has_copies = || restore::copies(path).is_ok_and(|copies| !copies.is_empty());
    read.is_ok() && head.get(68..) == Some(b"GPKG") || has_copies()
}

/// The format of the file; refused before anything of it is read if it is newer than we are.
fn check_format(db: &Connection, path: &Path) -> Result<u32, Error> {
    let geopackage: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if geopackage > 99_999 {
        // Two digits each for major, minor and bugfix: nobody writes such a version.
        let reason = Text::new("版本号不合规定", "its version is none of GeoPackage");
        return Err(unreadable(path, reason));
    }
    if geopackage > 10_499 {
        let found = u32::try_from(geopackage).unwrap_or(u32::MAX);
        return Err(Error::FromTheFuture { path: path.to_owned(), found, known: 10_400 });
    }
    let format = schema::format_of(db)?.ok_or_else(|| {
        let reason = Text::new(
            "其中没有沙盘的记录。请新建一个区域文件，再把这个文件导入",
            "it has no records of ours; bring its layers in with `shapan import`",
        );
        not_a_district(path, reason)
    })?;
    if format > schema::FORMAT {
        let (path, found) = (path.to_owned(), format);
        return Err(Error::FromTheFuture { path, found, known: schema::FORMAT });
    }
    Ok(format)
}

/// Of a file that SQLite calls damaged: it does so too where a page of the schema could not be read
/// just then. So it is looked at again, all of it.
pub(super) fn suspected(path: &Path, error: &rusqlite::Error) -> Error {
    let again = || {
        let absolute = std::path::absolute(path).map_err(|source| io(path, source))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let uri = sqlite_uri(&absolute, "mode=ro");
        check::damage(&Connection::open_with_flags(uri, flags)?)
    };
    let path = path.to_owned();
    match again() {
        Ok(None) => Error::Io { path, source: std::io::Error::other(error.to_string()) },
        Ok(Some(reason)) => Error::Damaged { path, reason },
        Err(_) => Error::Damaged { path, reason: error.to_string() },
    }
}

/// An error of the file system, told by what a person can do about it.
pub(super) fn io(path: &Path, source: std::io::Error) -> Error {
    use std::io::ErrorKind as Kind;
    let path = path.to_owned();
    match source.kind() {
        Kind::NotFound if folder_of(&path).is_dir() => Error::Missing(path),
        Kind::NotFound | Kind::NotADirectory => {
            let folder = folder_of(&path).to_owned();
            Error::NoFolder(folder)
        }
        Kind::StorageFull | Kind::QuotaExceeded => Error::DiskFull(path),
        Kind::Unsupported => Error::NotAFile(path),
        Kind::PermissionDenied if is_unreadable(&path) || !path.exists() => {
            Error::NoPermission(path)
        }
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem => denied(&path),
        Kind::InvalidFilename => Error::BadName(path),
        Kind::WouldBlock => Error::InUse(path),
        _ if is_held_elsewhere(&source) => Error::HeldElsewhere(path),
        _ => Error::Io { path, source },
    }
}

/// Whether the system lets us not even look into it.
fn is_unreadable(path: &Path) -> bool {
    File::open(path).is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// Why a file may not be written, as the file itself says: SQLite and the system say only that.
pub(super) fn denied(path: &Path) -> Error {
    let path = path.to_owned();
    match File::options().read(true).write(true).open(&path) {
        Err(error) if is_held_elsewhere(&error) => Error::HeldElsewhere(path),
        _ if path.metadata().is_ok_and(|file| file.is_file() && file.permissions().readonly()) => {
            Error::FileReadOnly(path)
        }
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Error::NoPermission(path)
        }
        _ => Error::ReadOnly(path),
    }
}

fn not_a_district(path: &Path, reason: Text) -> Error {
    Error::NotADistrict { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_read_only_is_told_apart_from_a_folder_that_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gpkg");
        assert!(matches!(denied(&path), Error::ReadOnly(_)));
        std::fs::write(&path, "").unwrap();
        assert!(matches!(denied(&path), Error::ReadOnly(_)));
        let mut permissions = path.metadata().unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
        assert!(matches!(denied(&path), Error::FileReadOnly(_)));
    }
}
