//! `shapan decide`: a decision as it is said. How a sentence is taken apart is in
//! `analysis::decisions`.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::ensure;
use jiff::civil::Date;
use serde_json::json;

use super::{Context, Done};
use crate::analysis::decisions::{Heard, current_meeting, hear};
use crate::domain::{Change, Edit, Lang, World};
use crate::settings::clock;
use crate::store::Store;

/// Takes a decision as it is said, and says how it was understood: who, by when, about what. What was
/// not said stays empty.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// The sentence: 住建局 周五前 A工地雾炮到位
    sentence: String,

    /// Code, id or name of the meeting (else the latest that has begun)
    #[arg(long)]
    meeting: Option<String>,

    /// The day on which it is said (else today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,

    /// Only say how it is understood
    #[arg(long)]
    dry_run: bool,

    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    ensure!(!args.sentence.trim().is_empty(), "there is no decision in an empty sentence");
    let stamp = clock::stamp(context.by.as_deref());
    let today = args.date.unwrap_or_else(clock::today);
    let mut store = Store::open(&args.district)?;
    let world = store.load()?;
    let of = match &args.meeting {
        Some(name) => Some(super::meeting::named(&world, name)?),
        None => current_meeting(&world, today),
    };
    let heard = hear(&args.sentence, today, &world);
    let decision = heard.record(clock::ids(&stamp).next(), of.map(AsRef::as_ref), &stamp);
    let id = decision.id;
    if !args.dry_run {
        store.apply(&Edit::of(vec![Change::create(decision)]), &stamp)?;
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        let records = names(&heard, &world);
        let answer = json!({
            "id": (!args.dry_run).then(|| id.to_string()),
            "meeting": of.map(|meeting| meeting.name()),
            "owner": heard.owner,
            "due": heard.due.map(|due| due.to_string()),
            "task": heard.task,
            "records": records,
        });
        writeln!(out, "{answer}")?;
    } else {
        writeln!(out, "{}", told(&heard, &world, context.lang))?;
    }
    let is_whole = heard.owner.is_some() && heard.due.is_some();
    Ok(if is_whole { Done::Well } else { Done::WithFindings })
}

fn names(heard: &Heard, world: &World) -> Vec<String> {
    let records = heard.records.iter().filter_map(|id| world.get(*id));
    records.map(|record| record.name().to_owned()).collect()
}

fn told(heard: &Heard, world: &World, lang: Lang) -> String {
    let nobody = if lang == Lang::Zh { "未说明" } else { "not said" };
    let owner = heard.owner.as_deref().unwrap_or(nobody);
    let due = heard.due.map_or_else(|| nobody.to_owned(), |due| due.to_string());
    let records = names(heard, world);
    let records = if records.is_empty() { "—".to_owned() } else { records.join("、") };
    match lang {
        Lang::Zh => {
            format!("责任单位 {owner}，完成时限 {due}，关联 {records}，事项 {}", heard.task)
        }
        Lang::En => format!("owner {owner}, due {due}, records {records}, task {}", heard.task),
    }
}
