//! `shapan compact`: gives the free room of a district file back to the disk.

use std::io::Write as _;
use std::path::PathBuf;

use super::{Context, Done};
use crate::domain::Lang;
use crate::store::{Room, Store};

/// Gives the free room of a district file back to the disk, as a large import leaves it that was
/// taken back. No record and no row of the journal changes. The disk needs room for one more copy
/// while it lasts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let mut store = Store::open(&args.district)?;
    let before = store.room()?;
    store.compact(|| true)?;
    let after = store.room()?;
    let (before, after) = (before.bytes as f64 / 1e6, after.bytes as f64 / 1e6);
    let mut out = std::io::stdout().lock();
    match context.lang {
        Lang::Zh => writeln!(out, "已压缩：{before:.1} MB → {after:.1} MB")?,
        Lang::En => writeln!(out, "compacted: {before:.1} MB → {after:.1} MB")?,
    }
    Ok(Done::Well)
}

/// What a person hears where half of a file is free; `None` where it is not.
pub(super) fn offer(room: Room, lang: Lang) -> Option<String> {
    let free = room.free_bytes as f64 / 1e6;
    room.is_worth_compacting().then(|| match lang {
        Lang::Zh => format!("文件中有 {free:.0} MB 空闲，可用 shapan compact 还给磁盘"),
        Lang::En => format!("{free:.0} MB of the file are free: `shapan compact` gives them back"),
    })
}
