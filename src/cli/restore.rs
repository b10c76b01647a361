//! `shapan restore`: the way back of a damaged district. What is done is in `store::restore`.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::check::place_name;
use super::{Context, Done, print_json};
use crate::domain::{Lang, Localized as _};
use crate::settings::clock;
use crate::store::restore::{self, CopyFacts, DatedCopy, LostEdits};
use crate::store::{Error, JournalEntry};

/// Puts a verified copy in the place of a district. Without COPY it lists the dated copies: when,
/// how many records, and which edits would be lost.
///
/// The file that was in its place is put aside with its log, untouched, as NAME.aside-TIME.gpkg.
/// Never lay a copy over a district by hand: the log beside it would destroy the copy.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district; it may be damaged, or gone
    district: PathBuf,

    /// The copy: a file, or `newest` for the newest dated one that is whole
    copy: Option<PathBuf>,

    /// Read what can be read of the district itself into a new file, COPY or a dated one beside it;
    /// the district stays as it is
    #[arg(long)]
    salvage: bool,

    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    if args.salvage {
        return salvage(args, context);
    }
    let Some(copy) = &args.copy else { return list(args, context.lang) };
    let copy = if copy.as_os_str() == "newest" {
        let newest = restore::newest_good(&args.district)?;
        newest.ok_or_else(|| Error::NoCopy(args.district.clone()))?.0.path
    } else {
        copy.clone()
    };
    let at = clock::stamp(None).at;
    let restored = restore::restore(&args.district, &copy, at)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let aside: Vec<String> =
            restored.put_aside.iter().map(|path| path.display().to_string()).collect();
        let mut answer = facts_json(&restored.facts);
        answer["put_aside"] = json!(aside);
        answer["lost"] = lost_json(&restored.lost);
        print_json(&mut out, &answer)?;
        return Ok(Done::Well);
    }
    let (file, count) = (args.district.display(), restored.facts.record_count());
    match context.lang {
        Lang::Zh => writeln!(out, "已恢复并校验：{file}（{count} 条记录）")?,
        Lang::En => writeln!(out, "restored and verified: {file} ({count} records)")?,
    }
    for path in &restored.put_aside {
        match context.lang {
            Lang::Zh => writeln!(out, "原文件未改动，移到：{}", path.display())?,
            Lang::En => writeln!(out, "what was there is untouched at {}", path.display())?,
        }
    }
    say_lost(&mut out, context.lang, &restored.lost, true)?;
    Ok(Done::Well)
}

fn salvage(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let stamp = clock::stamp(context.by.as_deref());
    let target = args.copy.clone();
    let target = target.unwrap_or_else(|| restore::salvage_path(&args.district, stamp.at));
    let salvaged = restore::salvage(&args.district, &target, &stamp)?;
    let count: u64 = salvaged.records.iter().map(|(_, count)| count).sum();
    let (journal, doubtful) = (salvaged.from_journal, salvaged.doubtful);
    let (attachments, edits) = (salvaged.attachments, salvaged.unreadable_edits);
    let mut out = std::io::stdout().lock();
    let file = target.display();
    if args.json {
        let holes: Vec<Json> = salvaged
            .holes
            .iter()
            .map(|(table, from, to)| json!({ "table": table, "from": from, "to": to }))
            .collect();
        let answer = json!({
            "file": file.to_string(), "records": count, "from_journal": journal,
            "doubtful": doubtful, "attachments": attachments, "holes": holes,
            "unreadable_edits": edits,
        });
        print_json(&mut out, &answer)?;
    } else {
        match context.lang {
            Lang::Zh => writeln!(
                out,
                "已抢救 {count} 条记录、{attachments} 个附件：{file}\n其中 {journal} 条取自历史记录；{doubtful} 条与历史记录不一致，请核对；{edits} 次修改的历史无法读取。原文件未改动。"
            )?,
            Lang::En => writeln!(
                out,
                "salvaged {count} records and {attachments} attachments: {file}\n{journal} of them from the journal; {doubtful} are not what the journal says, look at them; {edits} edits cannot be read. The district is untouched."
            )?,
        }
        for (table, from, to) in &salvaged.holes {
            let has_end = *to < restore::UNKNOWN_LAST;
            let table = place_name(table, context.lang);
            match context.lang {
                Lang::Zh if !has_end => writeln!(out, "    {table}：第 {from} 行起无法读取")?,
                Lang::En if !has_end => {
                    writeln!(out, "    {table}: cannot be read from row {from} on")?;
                }
                Lang::Zh => writeln!(out, "    {table}：第 {from} 至 {to} 行无法读取")?,
                Lang::En => writeln!(out, "    {table}: rows {from} to {to} cannot be read")?,
            }
        }
    }
    let is_whole = salvaged.holes.is_empty() && edits + doubtful == 0;
    Ok(if is_whole { Done::Well } else { Done::WithFindings })
}

fn list(args: &Args, lang: Lang) -> anyhow::Result<Done> {
    let copies = restore::copies(&args.district)?;
    let looked: Vec<(DatedCopy, Result<CopyFacts, Error>)> = copies
        .into_iter()
        .map(|copy| {
            let facts = restore::look(&copy.path);
            (copy, facts)
        })
        .collect();
    let mut out = std::io::stdout().lock();
    if args.json {
        let rows = looked.iter().map(|(copy, facts)| copy_json(&args.district, copy, facts));
        print_json(&mut out, &rows.collect::<Vec<_>>())?;
    } else if looked.is_empty() {
        let folder = crate::store::backup_folder(&args.district);
        match lang {
            Lang::Zh => writeln!(out, "没有备份：{}", folder.display())?,
            Lang::En => writeln!(out, "no copies in {}", folder.display())?,
        }
    }
    if !args.json {
        for (copy, facts) in &looked {
            say_copy(&mut out, lang, &args.district, copy, facts)?;
        }
    }
    let is_any_good = looked.iter().any(|(_, facts)| facts.is_ok());
    Ok(if is_any_good { Done::Well } else { Done::WithFindings })
}

fn say_copy(
    out: &mut impl Write,
    lang: Lang,
    district: &Path,
    copy: &DatedCopy,
    facts: &Result<CopyFacts, Error>,
) -> std::io::Result<()> {
    let (at, path) = (time(copy.made_at), copy.path.display());
    match (facts, lang) {
        (Ok(facts), Lang::Zh) => {
            let (count, revision) = (facts.record_count(), facts.revision());
            writeln!(out, "{at}  {count} 条记录，第 {revision} 号修改  {path}")?;
        }
        (Ok(facts), Lang::En) => {
            let (count, revision) = (facts.record_count(), facts.revision());
            writeln!(out, "{at}  {count} records, revision {revision}  {path}")?;
        }
        (Err(error), Lang::Zh) => writeln!(out, "{at}  不可用：{}  {path}", error.zh())?,
        (Err(error), Lang::En) => writeln!(out, "{at}  of no use: {error}  {path}")?,
    }
    if let Ok(facts) = facts {
        say_lost(out, lang, &restore::lost_edits(district, facts), false)?;
    }
    Ok(())
}

/// Each of them after a restoration, their number before.
fn say_lost(
    out: &mut impl Write,
    lang: Lang,
    lost: &LostEdits,
    in_full: bool,
) -> std::io::Result<()> {
    let LostEdits::Known(entries) = lost else {
        let words = match (lost, lang) {
            (LostEdits::OtherHistory, Lang::Zh) => "    与现文件的历史不同：可能是另一个区域的备份",
            (LostEdits::OtherHistory, Lang::En) => {
                "    of another history: perhaps of another district"
            }
            (_, Lang::Zh) => "    现文件的历史无法读取：此后的修改不在其中，也无法列出",
            (_, Lang::En) => {
                "    the journal of the file cannot be read: what came later is not in it"
            }
        };
        return writeln!(out, "{words}");
    };
    match (lang, entries.len()) {
        (Lang::Zh, 0) => writeln!(out, "    没有丢失任何修改")?,
        (Lang::En, 0) => writeln!(out, "    no edit is lost")?,
        (Lang::Zh, count) => writeln!(out, "    其后的 {count} 次修改不在其中")?,
        (Lang::En, count) => writeln!(out, "    without the {count} edits that came later")?,
    }
    for entry in entries.iter().filter(|_| in_full) {
        let (revision, at, actor) = (entry.revision, time(entry.at), &entry.actor);
        writeln!(out, "    #{revision}  {at}  {actor}  {}", entry.note)?;
    }
    Ok(())
}

fn time(at: Timestamp) -> String {
    at.to_zoned_datetime(clock::office()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn copy_json(district: &Path, copy: &DatedCopy, facts: &Result<CopyFacts, Error>) -> Json {
    let mut row = match facts {
        Ok(facts) => facts_json(facts),
        Err(error) => json!({ "problem": error.to_string() }),
    };
    row["file"] = json!(copy.path.display().to_string());
    row["made_at"] = json!(copy.made_at.to_string());
    row["reason"] = json!(copy.reason);
    row["bytes"] = json!(copy.bytes);
    row["is_whole"] = json!(facts.is_ok());
    if let Ok(facts) = facts {
        row["lost"] = lost_json(&restore::lost_edits(district, facts));
    }
    row
}

fn facts_json(facts: &CopyFacts) -> Json {
    let records: serde_json::Map<String, Json> =
        facts.records.iter().map(|(kind, count)| (kind.key().to_owned(), json!(count))).collect();
    json!({ "revision": facts.revision(), "records": records })
}

/// `null` where it cannot be known.
fn lost_json(lost: &LostEdits) -> Json {
    let LostEdits::Known(entries) = lost else { return Json::Null };
    let row = |entry: &JournalEntry| {
        json!({
            "revision": entry.revision,
            "at": entry.at.to_string(),
            "actor": &*entry.actor,
            "note": entry.note,
        })
    };
    entries.iter().map(row).collect()
}
