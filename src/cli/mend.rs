//! `shapan mend`: brings journal and records together again. What is done is in `store`.

use std::io::Write as _;
use std::path::PathBuf;

use super::{Context, Done};
use crate::domain::Lang;
use crate::settings::clock;
use crate::store::Store;

/// Accepts what `shapan check` finds in the journal, by one more revision, after a dated copy:
/// records that another program changed unseen, and revisions that took two records for one.
/// Nothing that was journaled is changed.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let stamp = clock::stamp(context.by.as_deref());
    let mut store = Store::open(&args.district)?;
    let mended = store.mend(&stamp, &mut clock::ids(&stamp))?;
    let mut out = std::io::stdout().lock();
    let Some(mended) = mended else {
        match context.lang {
            Lang::Zh => writeln!(out, "没有需要修复的")?,
            Lang::En => writeln!(out, "nothing to mend")?,
        }
        return Ok(Done::Well);
    };
    let (revision, apart) = (mended.revision, mended.apart.len());
    let (accepted, renamed) = (mended.accepted, mended.renamed);
    match context.lang {
        Lang::Zh => writeln!(
            out,
            "已修复，记为第 {revision} 号修改：分开 {apart} 次误合的修改，补记 {accepted} 处差异，换新 {renamed} 个重复的 id"
        )?,
        Lang::En => writeln!(
            out,
            "mended as revision {revision}: {apart} revisions told apart, {accepted} differences journaled, {renamed} doubled ids new"
        )?,
    }
    Ok(Done::Well)
}
