//! `shapan item`: a step of an item of the ledger: hand over, accept, mend, check, strike off and the
//! rest. What a step needs stands in `domain::item`.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::DateTime;

use super::{Context, Done, Said, document};
use crate::analysis::ledger::{Ledger, Limit, limit};
use crate::domain::item::{Deed, StepKind, civil, linked, moment_words, number, read_moment};
use crate::domain::{Edit, ItemState, Lang, Localized as _, calendar};
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

    /// The number of the order, or of the other item; a relapse without one makes a new item
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
    let meaning = meaning(&args.limit, at)?;
    let due = meaning.last();
    let deed = Deed {
        text: args.text.clone(),
        files: args.files.clone(),
        due,
        time_limit: args.limit.clone(),
        review_days: meaning.review_days,
        units: args.units.clone(),
        person: args.person.clone(),
        number: args.number.clone(),
        reason: args.reason.clone(),
        ..Deed::new(args.step, args.done_by.as_deref().unwrap_or(&stamp.actor), at)
    };
    let mut out = std::io::stdout().lock();
    let mut ids = clock::ids(&stamp);
    let mut codes = number::next(&world, &number::prefix(&world, ""), at.date());
    let fresh = || (ids.next(), codes.next().unwrap_or_default());
    let find = |number: &str| linked::numbered(&world, number);
    let changes = match linked::changes(&item, &deed, &stamp, find, fresh) {
        Ok(changes) => changes,
        Err(refusal) => {
            let words = refusal.localized();
            writeln!(out, "refused {}", words.say(context.lang))?;
            return Ok(Done::WithFindings);
        }
    };
    let after = changes.first().and_then(|change| change.after.as_ref());
    let state =
        after.and_then(|item| ItemState::of(item)).map_or("", |it| it.label().say(context.lang));
    // A relapse is an item of its own, whose number is wanted next.
    let other = changes.get(1).and_then(|change| change.after.as_ref()?.code());
    let due = due.map(moment_words).unwrap_or_default();
    let said = [args.item.as_str(), state, other.unwrap_or_default(), &due];
    let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
    let said = match context.lang {
        Lang::Zh => said.join(" "),
        Lang::En => said.join(" ").replacen(' ', " is now ", 1),
    };
    store.apply(&Edit::of(changes), &stamp)?;
    writeln!(out, "{said}")?;
    Ok(Done::Well)
}

/// What a time limit means from a moment on; nothing of none.
fn meaning(words: &str, at: DateTime) -> anyhow::Result<Limit> {
    if words.is_empty() {
        return Ok(Limit::default());
    }
    let read = limit(words, at, calendar::calendar(), limit::words());
    Ok(read.ok_or_else(|| {
        Said::new(
            format!("读不懂时限“{words}”；可写 3日内、立行立改、12月1日18时前、长期坚持"),
            format!("no time limit is understood: {words}"),
        )
    })?)
}
