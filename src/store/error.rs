//! Why the district file was not opened, read or written, in words for a person; what SQLite says
//! becomes one of these.

use std::path::PathBuf;

use crate::domain::{Conflict, Kind, Localized, Text};

/// `SQLITE_CONSTRAINT_COMMITHOOK`: a statement outside its transaction, see `store::transaction`.
const COMMIT_REFUSED: i32 = 531;

/// Why the store did not do what it was asked. Nothing was changed unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Conflict(#[from] Conflict),

    #[error("{kind} code `{code}` already belongs to `{name}`, changed last by {by}")]
    CodeTaken { kind: Kind, code: String, name: String, by: String },

    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),

    #[error("there is no folder {}; make it first, or look at the path", .0.display())]
    NoFolder(PathBuf),

    #[error("neither a file nor a folder, but a pipe or a device: {}", .0.display())]
    NotAFile(PathBuf),

    #[error("you may not read or write here; ask whoever keeps this computer, or choose another folder: {}", .0.display())]
    NoPermission(PathBuf),

    #[error("the name is too long or has signs that the disk does not take; choose a shorter one: {}", .0.display())]
    BadName(PathBuf),

    #[error("there is already a file {}", .0.display())]
    Exists(PathBuf),

    #[error("not a district file: {}: {}", reason.en, path.display())]
    NotADistrict { path: PathBuf, reason: Text },

    #[error(
        "made by a newer program (format {found}, this program knows up to {known}); not opened: {}",
        path.display()
    )]
    FromTheFuture { path: PathBuf, found: u32, known: u32 },

    #[error("the file or its folder is read-only: {}", .0.display())]
    ReadOnly(PathBuf),

    #[error("the file is marked read-only; take that off in its properties: {}", .0.display())]
    FileReadOnly(PathBuf),

    #[error("another program, such as a scanner for viruses, has the file open and does not share it: {}", .0.display())]
    HeldElsewhere(PathBuf),

    #[error("another program is writing to the file and did not finish in time: {}", .0.display())]
    Locked(PathBuf),

    #[error("another program has the file open; close it there first: {}", .0.display())]
    InUse(PathBuf),

    #[error("there is no copy that is whole: {}", .0.display())]
    NoCopy(PathBuf),

    #[error("the disk is full; nothing was changed: {}", .0.display())]
    DiskFull(PathBuf),

    #[error(
        "on a network share ({filesystem}), where several seats can destroy a database; copy the file to a local disk first: {}",
        path.display()
    )]
    NetworkShare { path: PathBuf, filesystem: String },

    #[error("the file is damaged; bring back a copy by `shapan restore`: {}", path.display())]
    Damaged { path: PathBuf, reason: String },

    #[error(
        "nothing can be read of the file, not even which tables it has; bring back a copy by `shapan restore`, and where there is none keep the file as it is for someone who recovers data: {}",
        .0.display()
    )]
    NothingToSalvage(PathBuf),

    #[error("the copy was found damaged and was not kept; look at the disk and try again")]
    BadBackup(String),

    #[error(
        "revision {revision} of the journal cannot be read; run `shapan check`, and bring back a copy"
    )]
    Journal { revision: u64, reason: String },

    #[error(
        "the disk failed to read or write; what was acknowledged before is safe, this step was not done. Try again; if it happens again, copy the file to another disk: {}",
        path.display()
    )]
    Io { path: PathBuf, source: std::io::Error },

    #[error(
        "the disk failed in the middle of the edit; nothing was changed. Try again, and look at the disk if it happens again"
    )]
    BrokenOff,

    #[error(
        "the disk failed at the last step of revision {revision}, and the file cannot be looked at: the edit may be there or not. Open the file again and look at its history"
    )]
    Unsure { revision: u64, source: rusqlite::Error },

    #[error(
        "the disk failed at the last step; looked again: the edit is in the file as revision {revision}. Make a backup on another disk now: {}",
        path.display()
    )]
    Unsynced { path: PathBuf, revision: u64 },

    #[error("a delivery of readings is made by the program and only withdrawn, never changed: {0}")]
    DeliveryFixed(String),

    #[error(
        "what a rule found and when it alerted stays as it was, and no episode is deleted: {0}"
    )]
    EpisodeFixed(String),

    #[error("the file has readings of 16,383 places already, and no number for another")]
    TooManyPlaces,

    #[error("the database refused the step; nothing was changed")]
    Database(#[from] rusqlite::Error),
}

impl Error {
    /// What the system says of a file, by what a person can do about it.
    pub fn of_file(path: &std::path::Path, source: std::io::Error) -> Self {
        super::open::io(path, source)
    }

    /// Of a commit that did not succeed: whether the disk has it is not known where it failed in
    /// writing, and known where it did not come to that.
    pub(super) fn unsure(revision: u64, error: Self) -> Self {
        use rusqlite::ErrorCode as Code;
        match error {
            Self::Database(source)
                if matches!(
                    source.sqlite_error_code(),
                    Some(Code::SystemIoFailure | Code::DiskFull | Code::CannotOpen)
                ) =>
            {
                Self::Unsure { revision, source }
            }
            error => error,
        }
    }

    /// Names the common failures of the database engine for the person who has to act on them.
    #[must_use]
    pub fn at(self, path: &std::path::Path) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.to_owned();
        let Self::Database(error) = self else { return self };
        if error.sqlite_error().is_some_and(|error| error.extended_code == COMMIT_REFUSED) {
            return Self::BrokenOff;
        }
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull(path),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Locked(path),
            Some(Code::PermissionDenied) => Self::NoPermission(path),
            Some(Code::ReadOnly | Code::CannotOpen) => match std::fs::metadata(&path) {
                Ok(_) => super::open::denied(&path),
                Err(source) => super::open::io(&path, source),
            },
            Some(Code::NotADatabase) => {
                let reason = Text::new("不是 SQLite 数据库", "not an SQLite database");
                super::open::unreadable(&path, reason)
            }
            Some(Code::DatabaseCorrupt) => super::open::suspected(&path, &error),
            Some(Code::SystemIoFailure) => {
                let source = std::io::Error::other(error.to_string());
                Self::Io { path, source }
            }
            _ => Self::Database(error),
        }
    }
}

impl Localized for Error {
    #[expect(clippy::too_many_lines, reason = "a table of one message an error")]
    fn zh(&self) -> String {
        match self {
            Self::Conflict(conflict) => conflict.zh(),
            Self::CodeTaken { kind, code, name, by } => format!(
                "{}编码“{code}”已属于“{name}”（最后由 {by} 修改）。请换一个编码。",
                kind.label().zh
            ),
            Self::Missing(path) => format!("找不到文件。请核对路径：{}", path.display()),
            Self::NoFolder(folder) => {
                format!("没有这个文件夹。请先新建，或核对路径：{}", folder.display())
            }
            Self::NotAFile(path) => {
                format!("这不是普通文件，而是管道或设备。请另选一个文件：{}", path.display())
            }
            Self::NoPermission(path) => {
                format!("没有读写权限。请另选文件夹，或联系本机管理员：{}", path.display())
            }
            Self::BadName(path) => {
                format!(
                    "文件名过长，或含有磁盘不接受的字符。请换一个短些的名字：{}",
                    path.display()
                )
            }
            Self::Exists(path) => {
                format!("文件已存在，未覆盖。请换一个文件名：{}", path.display())
            }
            Self::NotADistrict { path, reason } => {
                format!("这不是沙盘的区域文件：{}：{}", reason.zh, path.display())
            }
            Self::FromTheFuture { path, .. } => {
                format!("该文件由更新版本的软件创建，未打开。请先升级本机软件：{}", path.display())
            }
            Self::ReadOnly(path) => {
                format!("文件或所在文件夹为只读。请复制到可写的文件夹后再改：{}", path.display())
            }
            Self::FileReadOnly(path) => {
                format!("文件被设为“只读”。请右键文件→属性，取消“只读”后再试：{}", path.display())
            }
            Self::HeldElsewhere(path) => format!(
                "文件正被其他程序独占（如杀毒软件、网盘同步）。请关闭该程序或稍后再试：{}",
                path.display()
            ),
            Self::Locked(path) => {
                format!("另一程序正在写入该文件，等待超时。请稍后再试：{}", path.display())
            }
            Self::InUse(path) => {
                format!("另一程序正打开着这个文件。请先在那里关闭它再试：{}", path.display())
            }
            Self::NoCopy(path) => {
                format!(
                    "没有完好的备份。可用 shapan restore --salvage 抢救文件中的数据：{}",
                    path.display()
                )
            }
            Self::DiskFull(path) => {
                format!("磁盘已满，未做任何修改。请清理磁盘后再试：{}", path.display())
            }
            Self::NetworkShare { path, filesystem } => format!(
                "文件在网络共享（{filesystem}）上，多机同时写入会损坏数据。请复制到本机磁盘后打开：{}",
                path.display()
            ),
            Self::Damaged { path, .. } => {
                format!(
                    "文件已损坏。请用 shapan restore 恢复最近的备份，不要直接覆盖原文件：{}",
                    path.display()
                )
            }
            Self::NothingToSalvage(path) => format!(
                "从文件中读不出任何数据，连有哪些表也读不出。请用 shapan restore 恢复备份；没有备份时请保留原文件，交数据恢复人员处理：{}",
                path.display()
            ),
            Self::BadBackup(_) => "备份未通过校验，未保留。请检查磁盘后重试。".to_owned(),
            Self::Journal { revision, .. } => {
                format!("第 {revision} 号历史记录无法读取。请运行 shapan check 并用备份恢复。")
            }
            Self::Io { path, .. } => format!(
                "磁盘读写出错。此前已确认的修改都在，本次操作没有进行。请重试；如再次出现，请把文件复制到另一磁盘：{}",
                path.display()
            ),
            Self::DeliveryFixed(name) => {
                format!("数据批次由程序写入，只能整批撤回，不能修改或删除：{name}")
            }
            Self::EpisodeFixed(name) => {
                format!("预警的时间和数值不能修改，高值处置记录不能删除：{name}")
            }
            Self::TooManyPlaces => "此文件已有16383个站点的监测数据，不能再增加站点。".to_owned(),
            Self::BrokenOff => {
                "磁盘在写入途中出错，未做任何修改。请重试；如再次出现，请检查磁盘。".to_owned()
            }
            Self::Unsure { revision, .. } => format!(
                "磁盘在写入第 {revision} 号修改的最后一步出错，且暂时无法核实是否写入。请重新打开文件，查看历史记录。"
            ),
            Self::Unsynced { path, revision } => format!(
                "磁盘在最后一步出错；已重新核实：修改已在文件中（第 {revision} 号）。请立即备份到另一磁盘：{}",
                path.display()
            ),
            Self::Database(_) => "数据库操作失败，未做任何修改。".to_owned(),
        }
    }
}
