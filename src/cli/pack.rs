//! `shapan pack`: items with their photos and papers, as a package for another office.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::bail;

use super::{Context, Done, document, journaled, render};
use crate::analysis::ledger::{Ledger, LedgerFilter, View};
use crate::domain::{EditKind, Lang, RecordId};
use crate::exchange::package::{About, ENDING};
use crate::intake::package;
use crate::settings::clock;
use crate::store::DistrictReader;

/// Packs items of the ledger with their photos, papers and the states that they were in before, so that
/// another office can take them in and send them back: a .shapan file with a SHA-256 of each part.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    district: PathBuf,

    /// What to write: OUT.shapan
    target: PathBuf,

    /// The items, by number or superior's number
    #[arg(long = "item", value_name = "NUMBER")]
    items: Vec<String>,

    /// Else all of a list: open, today, overdue, …, all
    #[arg(long, value_parser = super::ledger::view, conflicts_with = "items")]
    view: Option<View>,

    /// … of this responsible unit
    #[arg(long, conflicts_with = "items")]
    unit: Option<String>,

    /// A word for who opens it
    #[arg(long, default_value = "")]
    note: String,
}

/// Writes the package and journals it.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let is_package =
        args.target.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING));
    if !is_package {
        bail!("a package is a .{ENDING} file: {}", args.target.display());
    }
    let stamp = clock::stamp(context.by.as_deref());
    let reader = DistrictReader::open(&args.district)?;
    let world = reader.load()?;
    let ledger = Ledger::of(&world);
    let (ids, chosen): (Vec<RecordId>, String) = if args.items.is_empty() {
        let filter = LedgerFilter {
            view: args.view.unwrap_or_default(),
            unit: args.unit.clone(),
            ..LedgerFilter::default()
        };
        let rows = filter.pick(&ledger, crate::domain::item::civil(stamp.at));
        let rows = rows.into_iter().filter_map(|place| ledger.rows.get(place));
        (rows.map(crate::analysis::ledger::LedgerRow::id).collect(), filter.words())
    } else {
        let named = |number: &String| Ok(document::named(&ledger, number)?.id());
        let ids: anyhow::Result<Vec<RecordId>> = args.items.iter().map(named).collect();
        (ids?, args.items.join("、"))
    };
    let about = About {
        made_at: stamp.at.to_string(),
        made_by: stamp.actor.to_string(),
        district: args.district.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        chosen: chosen.clone(),
        note: args.note.clone(),
        absent: Vec::new(),
    };
    render::put(&args.target, &package::pack(&reader, &world, &ids, about)?)?;
    let asked = [format!("package {chosen}")];
    journaled::journal(&args.district, EditKind::Export, (&args.target, &asked, &world), context);
    let mut out = std::io::stdout().lock();
    match context.lang {
        Lang::Zh => writeln!(out, "已打包 {} 件", ids.len())?,
        Lang::En => writeln!(out, "packed {} items", ids.len())?,
    }
    Ok(Done::Well)
}
