//! Why the store refused. The words for people are in room `text`.

use std::path::PathBuf;

use crate::domain::{Conflict, Kind};

/// Why the store did not do what it was asked. Nothing was changed unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Conflict(#[from] Conflict),

    #[error("{kind} code `{code}` already belongs to `{name}`, changed last by {by}")]
    CodeTaken { kind: Kind, code: String, name: String, by: String },

    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),

    #[error("there is already a file {}", .0.display())]
    Exists(PathBuf),

    #[error("not a district file: {reason}: {}", path.display())]
    NotADistrict { path: PathBuf, reason: String },

    #[error(
        "made by a newer program (format {found}, this program knows up to {known}); not opened: {}",
        path.display()
    )]
    FromTheFuture { path: PathBuf, found: u32, known: u32 },

    #[error("the file or its folder is read-only: {}", .0.display())]
    ReadOnly(PathBuf),

    #[error("another program is writing to the file and did not finish in time: {}", .0.display())]
    Locked(PathBuf),

    #[error("the disk is full; nothing was changed: {}", .0.display())]
    DiskFull(PathBuf),

    #[error(
        "on a network share ({filesystem}), where several seats can destroy a database; copy the file to a local disk first: {}",
        path.display()
    )]
    NetworkShare { path: PathBuf, filesystem: String },

    #[error("the file is damaged ({reason}): {}", path.display())]
    Damaged { path: PathBuf, reason: String },

    #[error("the copy could not be verified: {0}")]
    BadBackup(String),

    #[error("revision {revision} of the journal cannot be read: {reason}")]
    Journal { revision: u64, reason: String },

    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },

    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
}

impl Error {
    /// Names the common failures of the database engine for the person who has to act on them.
    #[must_use]
    pub fn at(self, path: &std::path::Path) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.to_owned();
        let Self::Database(error) = self else { return self };
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull(path),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Locked(path),
            Some(Code::ReadOnly | Code::CannotOpen) => Self::ReadOnly(path),
            Some(Code::NotADatabase) => {
                Self::NotADistrict { path, reason: "not an SQLite database".to_owned() }
            }
            Some(Code::DatabaseCorrupt) => Self::Damaged { path, reason: error.to_string() },
            Some(Code::SystemIoFailure) => {
                let source = std::io::Error::other(error.to_string());
                Self::Io { path, source }
            }
            _ => Self::Database(error),
        }
    }
}
