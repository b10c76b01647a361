//! `shapan undo` and `shapan redo`.

use std::io::Write as _;
use std::path::PathBuf;

use super::{Context, Done, compact};
use crate::domain::Lang;
use crate::settings::clock;
use crate::store::Store;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,
}

#[derive(Clone, Copy)]
pub(crate) enum Which {
    Undo,
    Redo,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context, which: Which) -> anyhow::Result<Done> {
    let stamp = clock::stamp(context.by.as_deref());
    let mut store = Store::open(&args.district)?;
    let step = match which {
        Which::Undo => store.undo(&stamp)?,
        Which::Redo => store.redo(&stamp)?,
    };
    let mut out = std::io::stdout().lock();
    let Some(step) = step else {
        writeln!(out, "{}", nothing(context.lang, which))?;
        return Ok(Done::WithFindings);
    };
    let verb = match (context.lang, which) {
        (Lang::Zh, Which::Undo) => "已撤销",
        (Lang::Zh, Which::Redo) => "已重做",
        (Lang::En, Which::Undo) => "undone:",
        (Lang::En, Which::Redo) => "redone:",
    };
    let entry = &step.entry;
    writeln!(
        out,
        "{verb} #{} {} +{} ~{} -{} {} → {}",
        entry.revision,
        entry.kind.key(),
        entry.created,
        entry.updated,
        entry.deleted,
        entry.note,
        step.revision
    )?;
    if let Some(offer) = store.room().ok().and_then(|room| compact::offer(room, context.lang)) {
        writeln!(out, "{offer}")?;
    }
    Ok(Done::Well)
}

const fn nothing(lang: Lang, which: Which) -> &'static str {
    match (lang, which) {
        (Lang::Zh, Which::Undo) => "没有可撤销的修改",
        (Lang::Zh, Which::Redo) => "没有可重做的修改",
        (Lang::En, Which::Undo) => "nothing to undo",
        (Lang::En, Which::Redo) => "nothing to redo",
    }
}
