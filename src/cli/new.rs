//! `shapan new`: an empty district.

use std::io::Write as _;
use std::path::PathBuf;

use super::{Context, Done};
use crate::domain::Lang;
use crate::store::Store;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file to write, `.gpkg`; it must not exist
    file: PathBuf,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    Store::create(&args.file)?;
    let file = args.file.display();
    let mut out = std::io::stdout().lock();
    match context.lang {
        Lang::Zh => writeln!(out, "已新建空白区域文件：{file}")?,
        Lang::En => writeln!(out, "wrote an empty district: {file}")?,
    }
    Ok(Done::Well)
}
