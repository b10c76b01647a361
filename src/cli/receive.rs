//! `shapan receive`: takes in what another office packed.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::{Context, Done, print_json};
use crate::analysis::handover::{Received, Side, Standing};
use crate::domain::Lang;
use crate::intake::package::{look, words, write};
use crate::settings::clock;
use crate::store::{DistrictReader, Store};

/// Takes in a package that another office made. What is new, and what only they changed, is taken; where
/// both changed something nothing is written until it is said who is right. One undo step.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// The .shapan file
    package: PathBuf,

    /// Only tell what it holds and how that stands against the district
    #[arg(long)]
    look: bool,

    /// Where both changed something: theirs
    #[arg(long, conflicts_with = "ours")]
    theirs: bool,

    /// Where both changed something: ours stays
    #[arg(long)]
    ours: bool,

    /// Leaves out these items, by their number in the package
    #[arg(long = "skip", value_name = "NUMBER")]
    skipped: Vec<String>,

    #[arg(long)]
    json: bool,
}

/// Does what was asked and writes the answer to standard output. Ends with 1 where something is in
/// conflict.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let stamp = clock::stamp(context.by.as_deref());
    let (mut looked, world) = {
        let reader = DistrictReader::open(&args.district)?;
        let world = reader.load()?;
        (look(&args.package, &world, &reader)?, world)
    };
    for received in &mut looked.records {
        let code = received.theirs.code().unwrap_or_default();
        received.is_taken &= !args.skipped.iter().any(|skipped| skipped == code);
        if args.theirs || args.ours {
            received.settle(if args.theirs { Side::Theirs } else { Side::Ours });
        }
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        print_json(&mut out, &looked.records.iter().map(row).collect::<Vec<_>>())?;
    } else {
        for received in &looked.records {
            writeln!(out, "{}", words(received).say(context.lang))?;
        }
    }
    let is_open = |received: &Received| {
        received.is_taken && received.standing == Standing::Conflict && !args.theirs && !args.ours
    };
    let conflicts = looked.records.iter().filter(|received| is_open(received)).count();
    if conflicts > 0 || args.look {
        if !args.look {
            match context.lang {
                Lang::Zh => writeln!(out, "{conflicts} 件有冲突，未写入：加 --theirs 或 --ours")?,
                Lang::En => {
                    writeln!(out, "{conflicts} in conflict; nothing written: --theirs or --ours")?;
                }
            }
        }
        return Ok(if conflicts > 0 { Done::WithFindings } else { Done::Well });
    }
    let taken = looked.taken(&world, &stamp)?;
    if !taken.changes.is_empty() {
        let name = args.package.file_name().unwrap_or_default().to_string_lossy();
        write(&mut Store::open(&args.district)?, &taken, &name, &stamp)?;
    }
    let count = taken.changes.len();
    if !args.json {
        match context.lang {
            Lang::Zh => writeln!(out, "已写入 {count} 件")?,
            Lang::En => writeln!(out, "{count} written")?,
        }
    }
    Ok(Done::Well)
}

fn row(received: &Received) -> serde_json::Value {
    let of = |is_conflict: bool| {
        let parts = received.parts.iter().filter(|part| part.is_conflict == is_conflict);
        parts.map(|part| part.part.label().en).collect::<Vec<_>>()
    };
    json!({
        "code": received.theirs.code(),
        "name": received.theirs.name(),
        "standing": received.standing.label().en,
        "changed": of(false),
        "conflicts": of(true),
        "has_taken_code": received.has_taken_code,
    })
}
