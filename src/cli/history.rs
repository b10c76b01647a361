//! `shapan history`: the journal of a district, an edit a line.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::{Context, Done, print_json};
use crate::domain::{Change, Lang};
use crate::settings::clock;
use crate::store::{Cause, DistrictReader, EXTERNAL_ACTOR, JournalEntry, UndoStack};

#[derive(clap::Args)]
pub(crate) struct Args {
    district: PathBuf,

    /// As a JSON array, oldest first
    #[arg(long)]
    json: bool,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let reader = DistrictReader::open(&args.district)?;
    let entries = reader.history()?;
    let outside = reader.external_edits()?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let steps = UndoStack::of(&entries);
        let mut rows: Vec<Json> = entries.iter().map(|entry| row(entry, &steps)).collect();
        if !outside.is_empty() {
            rows.push(pending(&outside));
        }
        print_json(&mut out, &rows)?;
        return Ok(Done::Well);
    }
    for entry in &entries {
        writeln!(out, "{}", line(entry, context.lang))?;
    }
    if !outside.is_empty() {
        let names: Vec<&str> =
            outside.iter().take(4).filter_map(|c| Some(c.record()?.name())).collect();
        let (count, names) = (outside.len(), names.join("、"));
        match context.lang {
            Lang::Zh => writeln!(
                out,
                "   –  {EXTERNAL_ACTOR} 改动 {count} 条，将随下次修改记入历史：{names}"
            )?,
            Lang::En => writeln!(
                out,
                "   –  changed outside: {count}, to be journaled with the next edit: {names}"
            )?,
        }
    }
    Ok(Done::Well)
}

fn row(entry: &JournalEntry, steps: &UndoStack) -> Json {
    json!({
        "revision": entry.revision,
        "at": entry.at.to_string(),
        "actor": &*entry.actor,
        "cause": entry.cause.key(),
        "kind": entry.kind.key(),
        "target": entry.target,
        "created": entry.created,
        "updated": entry.updated,
        "deleted": entry.deleted,
        "note": entry.note,
        "undone": steps.undone.contains(&entry.revision),
    })
}

fn pending(changes: &[Change]) -> Json {
    let count = |is: fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
    let names: Vec<&str> =
        changes.iter().take(4).filter_map(|c| Some(c.record()?.name())).collect();
    json!({
        "revision": null,
        "at": null,
        "actor": EXTERNAL_ACTOR,
        "cause": Cause::External.key(),
        "kind": "outside",
        "target": null,
        "created": count(|change| change.before.is_none()),
        "updated": count(|change| change.before.is_some() && change.after.is_some()),
        "deleted": count(|change| change.after.is_none()),
        "note": names.join("、"),
        "undone": false,
        "pending": true,
    })
}

fn line(entry: &JournalEntry, lang: Lang) -> String {
    let at = entry.at.to_zoned_datetime(clock::office()).strftime("%Y-%m-%d %H:%M:%S");
    let cause = match (lang, entry.cause) {
        (Lang::Zh, Cause::Do) => "修改",
        (Lang::Zh, Cause::Undo) => "撤销",
        (Lang::Zh, Cause::Redo) => "重做",
        (Lang::Zh, Cause::External) => "外部修改",
        (Lang::En, cause) => cause.key(),
    };
    let target = entry.target.map_or_else(String::new, |target| format!(" #{target}"));
    format!(
        "{:>4}  {at}  {}  {cause}{target}  +{} ~{} -{}  {}",
        entry.revision, entry.actor, entry.created, entry.updated, entry.deleted, entry.note
    )
}
