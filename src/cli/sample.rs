//! `shapan sample`: the built-in sample district as a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{Context, Done};
use crate::domain::{Change, Edit, EditKind, Lang, Stamp};
use crate::sample;
use crate::settings::clock;
use crate::store::Store;

/// Write 丰润(示例), a sample district
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The district file to make; it must not exist yet
    #[arg(value_name = "FILE.gpkg")]
    file: PathBuf,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let count = write(&args.file, &clock::stamp(context.by.as_deref()))?;
    let file = args.file.display();
    let mut out = std::io::stdout().lock();
    match context.lang {
        Lang::Zh => writeln!(out, "已写入 丰润(示例)，{count} 条记录：{file}")?,
        Lang::En => writeln!(out, "wrote 丰润(示例), {count} records: {file}")?,
    }
    Ok(Done::Well)
}

/// Makes the file and puts the sample into it, as one edit.
pub(crate) fn write(file: &Path, stamp: &Stamp) -> anyhow::Result<usize> {
    let mut ids = clock::ids(stamp);
    let records = sample::records(stamp, &mut ids);
    let readings = sample::readings(&records, stamp.at);
    let episodes = sample::episodes(&records, &readings, stamp.at);
    let changes: Vec<Change> = records.into_iter().chain(episodes).map(Change::create).collect();
    let count = changes.len();
    let edit = Edit { kind: EditKind::Import, changes };
    Store::create_with_readings(file, &edit, &readings, stamp, &mut ids)?;
    Ok(count)
}
