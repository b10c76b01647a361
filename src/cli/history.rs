//! `shapan history`: the journal of a district, an edit or an event a line.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::{Context, Done, print_json, render};
use crate::domain::{Change, EditKind, Lang, Text, hex};
use crate::report::block::{Block, PaperTable};
use crate::report::xlsx;
use crate::settings::clock;
use crate::store::{Cause, DistrictReader, EXTERNAL_ACTOR, JournalEntry, UndoStack};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// As a JSON array, oldest first
    #[arg(long)]
    json: bool,

    /// As an Excel file: every row with its seal. The district is not changed by it
    #[arg(long, value_name = "OUT.xlsx", conflicts_with = "json")]
    xlsx: Option<PathBuf>,
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
    if let Some(target) = &args.xlsx {
        let blocks = [Block::Title("历史".to_owned()), Block::Table(table(&entries, context.lang))];
        let about = args.district.display().to_string();
        return render::put(target, &xlsx::bytes(&blocks, &about)?).map(|()| Done::Well);
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
        "hash": entry.hash.as_ref().map(hex),
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

/// What an event is called.
const fn event_words(kind: EditKind) -> Text {
    match kind {
        EditKind::Export => Text::new("导出", "export"),
        EditKind::Paper => Text::new("成文", "paper"),
        EditKind::Attach => Text::new("附件", "attach"),
        EditKind::Seal => Text::new("升级存证", "seal"),
        _ => Text::new("事件", "event"),
    }
}

/// Every row of the journal, as a sheet.
fn table(entries: &[JournalEntry], lang: Lang) -> PaperTable {
    let steps = UndoStack::of(entries);
    let header = match lang {
        Lang::Zh => [
            "版本",
            "时间",
            "人员",
            "事项",
            "对象版本",
            "新增",
            "修改",
            "删除",
            "说明",
            "已撤销",
            "校验值",
        ],
        Lang::En => [
            "revision", "at", "actor", "what", "target", "created", "updated", "deleted", "note",
            "undone", "hash",
        ],
    };
    let row = |entry: &JournalEntry| {
        let is_undone = steps.undone.contains(&entry.revision);
        vec![
            entry.revision.to_string(),
            local(entry),
            entry.actor.to_string(),
            cause_words(entry, lang).to_owned(),
            entry.target.map(|target| target.to_string()).unwrap_or_default(),
            entry.created.to_string(),
            entry.updated.to_string(),
            entry.deleted.to_string(),
            entry.note.clone(),
            if is_undone { Text::new("是", "yes").say(lang).to_owned() } else { String::new() },
            entry.hash.as_ref().map(hex).unwrap_or_default(),
        ]
    };
    PaperTable {
        header: header.map(str::to_owned).to_vec(),
        widths: vec![6, 16, 10, 8, 6, 6, 6, 6, 30, 6, 60],
        rows: entries.iter().map(row).collect(),
        ..PaperTable::default()
    }
}

/// In the time of the office.
fn local(entry: &JournalEntry) -> String {
    entry.at.to_zoned_datetime(clock::office()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn cause_words(entry: &JournalEntry, lang: Lang) -> &'static str {
    match (lang, entry.cause) {
        (Lang::Zh, Cause::Do) => "修改",
        (Lang::Zh, Cause::Undo) => "撤销",
        (Lang::Zh, Cause::Redo) => "重做",
        (Lang::Zh, Cause::External) => "外部修改",
        (Lang::Zh, Cause::Event) => event_words(entry.kind).zh,
        (Lang::En, Cause::Event) => event_words(entry.kind).en,
        (Lang::En, cause) => cause.key(),
    }
}

fn line(entry: &JournalEntry, lang: Lang) -> String {
    let (at, cause) = (local(entry), cause_words(entry, lang));
    let target = entry.target.map_or_else(String::new, |target| format!(" #{target}"));
    format!(
        "{:>4}  {at}  {}  {cause}{target}  +{} ~{} -{}  {}",
        entry.revision, entry.actor, entry.created, entry.updated, entry.deleted, entry.note
    )
}
