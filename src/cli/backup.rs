//! `shapan backup`: a verified copy of a district.

use std::io::Write as _;
use std::path::PathBuf;

use super::Done;
use crate::settings::clock;
use crate::store::DistrictReader;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// Where the copy goes; else a dated one beside the district, of which ten are kept
    target: Option<PathBuf>,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args) -> anyhow::Result<Done> {
    let reader = DistrictReader::open(&args.district)?;
    let target = match &args.target {
        Some(target) => {
            reader.backup(target)?;
            target.clone()
        }
        None => reader.backup_dated(&clock::stamp(None), "backup")?,
    };
    writeln!(std::io::stdout().lock(), "{}", target.display())?;
    Ok(Done::Well)
}
