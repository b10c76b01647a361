//! `shapan document`: a paper of the ledger, for some items or for a unit.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::{Context, Done, as_of, journaled, render};
use crate::analysis::ledger::{Ledger, LedgerFilter, LedgerRow, View};
use crate::domain::item::{Deed, StepKind, taken};
use crate::domain::{Change, Edit, EditKind};
use crate::files::read_named;
use crate::report::PaperFormat;
use crate::report::brief::template::text;
use crate::report::ledger::{self, LedgerPaper, MapLink, PaperRequest, blocks, next_number};
use crate::settings::{self, clock};
use crate::store::{DistrictReader, Store};

/// A paper of the ledger: order (交办单), tip (提示函), urge (督办单), patrol (巡查单), check (核查表), close
/// (销号申请表), case (一案一档), bulletin (通报), blame (问责建议).
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// Which paper
    #[arg(value_parser = paper)]
    paper: LedgerPaper,

    /// What to write: .docx, .pdf, .html or .txt
    target: Option<PathBuf>,

    /// The items, by number or superior's number
    #[arg(long = "item", value_name = "NUMBER")]
    items: Vec<String>,

    /// All items of a unit that the paper is meant for
    #[arg(long, conflicts_with = "items")]
    unit: Option<String>,

    /// Its number (else the next of its kind)
    #[arg(long)]
    number: Option<String>,

    /// Of a bulletin: the first day (else a week before today)
    #[arg(long)]
    from: Option<Date>,

    /// Of a bulletin: the last day
    #[arg(long)]
    until: Option<Date>,

    /// A template of your own: --print-template shows the one that is used otherwise
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,

    /// Of a patrol sheet, what its QR codes open: amap, tencent, baidu or geo
    #[arg(long, value_parser = link, default_value = "amap")]
    navigate: MapLink,

    /// Print the template of that paper, to change it and give it by `--template`.
    #[arg(long)]
    print_template: bool,

    /// Do not write number and date back to the items
    #[arg(long)]
    no_write_back: bool,
}

fn paper(text: &str) -> Result<LedgerPaper, String> {
    let known: Vec<&str> = LedgerPaper::ALL.iter().map(|paper| paper.key()).collect();
    LedgerPaper::from_key(text).ok_or_else(|| format!("one of {}", known.join(", ")))
}

fn link(text: &str) -> Result<MapLink, String> {
    let known: Vec<&str> = MapLink::ALL.iter().map(|link| link.key()).collect();
    MapLink::from_key(text).ok_or_else(|| format!("one of {}", known.join(", ")))
}

/// Answers are wanted within a day.
const ANSWER_H: i64 = 24;

/// Writes the paper, then its number and date to the items, and journals both.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let template = template(args)?;
    if args.print_template {
        write!(std::io::stdout().lock(), "{template}")?;
        return Ok(Done::Well);
    }
    let target = args.target.as_deref().context("say what to write: OUT.docx")?;
    let Some(format) = PaperFormat::of(target) else {
        bail!("a paper is .docx, .pdf, .html, .xlsx or .txt: {}", target.display());
    };
    let (world, day) = &as_of::load(&args.district, context.as_of)?;
    let now = super::ledger::moment(*day);
    let known = Ledger::of(world);
    let items = meant(args, &known, now)?;
    let number = args.number.clone();
    let number = number.unwrap_or_else(|| next_number(world, args.paper, now.year()));
    let reader = RefCell::new(DistrictReader::open(&args.district)?);
    let picture = |name: &str| {
        let found = reader.borrow().attachment(name).ok()??;
        ledger::picture(&found.content, name)
    };
    let week = day.checked_sub(6.days())?;
    let between = (args.from.unwrap_or(week), args.until.unwrap_or(*day));
    let request = PaperRequest {
        world,
        ledger: &known,
        unit: args.unit.as_deref().unwrap_or_default(),
        number: &number,
        now,
        answer_by: now.checked_add(ANSWER_H.hours())?,
        between: (args.paper == LedgerPaper::Bulletin).then_some(between),
        picture: &picture,
        link: args.navigate,
        items,
    };
    let paper = blocks(&template, &request)?;
    render::put(target, &format.bytes(&paper, now.date(), &number)?)?;
    let asked = [format!("{} {number}", args.paper.label().zh)];
    let written = if args.no_write_back || context.as_of.is_some() {
        0
    } else {
        write_back(args, context, &request, now)?
    };
    journaled::journal(&args.district, EditKind::Paper, (target, &asked, world), context);
    let count = request.items.len();
    writeln!(std::io::stdout().lock(), "{number}\t{count}\t{written}")?;
    Ok(Done::Well)
}

fn template(args: &Args) -> anyhow::Result<String> {
    let own = settings::folder().map(|folder| settings::ledger_template(&folder, args.paper.key()));
    let own = own.filter(|own| own.is_file());
    let Some(file) = args.template.as_ref().or(own.as_ref()) else {
        return Ok(args.paper.template().to_owned());
    };
    let bytes = read_named(file)
        .with_context(|| format!("the template cannot be read: {}", file.display()))?;
    text(&bytes).with_context(|| format!("the template {}", file.display()))
}

/// The items that are named, or those of a unit to which the paper can be sent.
fn meant<'l>(args: &Args, ledger: &'l Ledger, now: DateTime) -> anyhow::Result<Vec<&'l LedgerRow>> {
    if !args.items.is_empty() {
        return args.items.iter().map(|name| named(ledger, name)).collect();
    }
    let view = match args.paper {
        LedgerPaper::Order => View::New,
        LedgerPaper::Urge | LedgerPaper::Blame => View::Overdue,
        LedgerPaper::Check => View::ToCheck,
        _ => View::Open,
    };
    let filter = LedgerFilter { view, unit: args.unit.clone(), ..LedgerFilter::default() };
    let rows = filter.pick(ledger, now).into_iter().filter_map(|place| ledger.rows.get(place));
    let is_near = |row: &&LedgerRow| {
        args.paper != LedgerPaper::Tip || row.is_overdue(now) || row.is_due_today(now)
    };
    let rows: Vec<&LedgerRow> = rows.filter(is_near).collect();
    ensure!(
        args.unit.is_some() || args.paper == LedgerPaper::Bulletin,
        "say for which items: --item NUMBER or --unit UNIT"
    );
    Ok(rows)
}

pub(super) fn named<'l>(ledger: &'l Ledger, name: &str) -> anyhow::Result<&'l LedgerRow> {
    let is_named = |row: &&LedgerRow| {
        let item = &row.record;
        item.code() == Some(name)
            || item.text("superior_code") == name
            || item.id.to_string() == name
    };
    ledger.rows.iter().find(is_named).with_context(|| {
        format!("there is no item `{name}`; `shapan ledger DISTRICT --view all` lists them")
    })
}

/// The step that the paper is; items for which it is none stay as they are.
fn write_back(
    args: &Args,
    context: &Context,
    request: &PaperRequest<'_>,
    now: DateTime,
) -> anyhow::Result<usize> {
    let Some(step) = args.paper.step() else { return Ok(0) };
    let stamp = clock::stamp(context.by.as_deref());
    let changes = request.items.iter().filter_map(|row| {
        let deed = deed(step, args.paper, request.number, &stamp.actor, now);
        let newer = taken(&row.record, &deed, &stamp).ok()?;
        Some(Change::update(std::sync::Arc::clone(&row.record), newer))
    });
    let changes: Vec<Change> = changes.collect();
    let count = changes.len();
    if count > 0 {
        Store::open(&args.district)?.apply(&Edit::of(changes), &stamp)?;
    }
    Ok(count)
}

fn deed(step: StepKind, paper: LedgerPaper, number: &str, by: &str, now: DateTime) -> Deed {
    let mut deed = Deed::new(step, by, now);
    number.clone_into(&mut deed.number);
    // What the order itself does not say stays marked as lacking.
    deed.reason = format!("{} {number}", paper.label().zh);
    deed
}
