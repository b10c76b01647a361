//! `shapan item`: a step of an item of the ledger: hand over, accept, mend, check, strike off and the
//! rest. What a step needs stands in `domain::item`.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::civil::DateTime;

use super::{Context, Done, document};
use crate::analysis::ledger::{Ledger, limit};
use crate::domain::item::{Deed, StepKind, civil, moment_words, read_moment, taken};
use crate::domain::{Change, Edit, Lang, Localized as _, calendar};
use crate::settings::clock;
use crate::store::Store;

/// Takes a step of an item. Evidence that is missing needs a reason; who mended it does not check it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// Its number, or the superior's
    item: String,

    /// The step: 交办 签收 整改 申请核查 核查 复核 销号 退回 延期 挂账 恢复 误报 移交 合并 作废 反弹 催办 补证,
    /// or hand_over, accept, mend, ask_check, check, review, close, return, …
    #[arg(value_parser = step)]
    #[expect(clippy::doc_markdown, reason = "the help shows words as they are typed")]
    step: StepKind,

    /// Who did it (else who works here)
    #[arg(long, value_name = "NAME")]
    done_by: Option<String>,

    /// When, in the time of the office: 2026-11-29T10:00 (else now)
    #[arg(long, value_name = "TIME", value_parser = when)]
    at: Option<DateTime>,

    /// What was demanded, done or found
    #[arg(long, default_value = "")]
    text: String,

    /// Names of attachments of the item that are its evidence
    #[arg(long = "file", value_name = "NAME")]
    files: Vec<String>,

    /// Why evidence is missing, steps are passed over, or the item leaves its way
    #[arg(long, default_value = "")]
    reason: String,

    /// The number of the order, or of the other item
    #[arg(long, default_value = "")]
    number: String,

    /// The time limit as it is written: 3日内, 立行立改, 12月1日18时前
    #[arg(long, default_value = "")]
    limit: String,

    /// To whom it is handed over; several where several answer for it
    #[arg(long = "unit", value_name = "UNIT")]
    units: Vec<String>,

    /// Who answers for it there
    #[arg(long, default_value = "")]
    person: String,
}

fn step(text: &str) -> Result<StepKind, String> {
    let known: Vec<&str> = StepKind::ALL.iter().map(|step| step.key()).collect();
    StepKind::from_key(text).ok_or_else(|| format!("one of {}", known.join(" ")))
}

fn when(text: &str) -> Result<DateTime, String> {
    read_moment(text).ok_or_else(|| format!("`{text}` is no time as 2026-11-29T10:00"))
}

/// Does what was asked and writes the answer to standard output. Ends with 1 where the step is refused.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let stamp = clock::stamp(context.by.as_deref());
    let mut store = Store::open(&args.district)?;
    let world = store.load()?;
    let ledger = Ledger::of(&world);
    let item = Arc::clone(&document::named(&ledger, &args.item)?.record);
    let at = args.at.unwrap_or_else(|| civil(stamp.at));
    let due = if args.limit.is_empty() {
        None
    } else {
        let read = limit(&args.limit, at, calendar::calendar(), limit::words());
        let read = read.with_context(|| format!("no time limit is understood: {}", args.limit))?;
        read.last()
    };
    let deed = Deed {
        text: args.text.clone(),
        files: args.files.clone(),
        due,
        time_limit: args.limit.clone(),
        units: args.units.clone(),
        person: args.person.clone(),
        number: args.number.clone(),
        reason: args.reason.clone(),
        ..Deed::new(args.step, args.done_by.as_deref().unwrap_or(&stamp.actor), at)
    };
    let mut out = std::io::stdout().lock();
    let newer = match taken(&item, &deed, &stamp) {
        Ok(newer) => newer,
        Err(refusal) => {
            let words = refusal.localized();
            writeln!(out, "refused {}", words.say(context.lang))?;
            return Ok(Done::WithFindings);
        }
    };
    let state = newer.text("state").to_owned();
    store.apply(&Edit::of(vec![Change::update(item, newer)]), &stamp)?;
    let due = due.map(moment_words).unwrap_or_default();
    match context.lang {
        Lang::Zh => writeln!(out, "{} {state} {due}", args.item)?,
        Lang::En => writeln!(out, "{} is now {state} {due}", args.item)?,
    }
    Ok(Done::Well)
}
