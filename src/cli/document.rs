//! `shapan document`: a paper of the ledger, for some items or for a unit.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::{Context, Done, Said, as_of, journaled, render};
use crate::analysis::ledger::{Ledger, LedgerFilter, LedgerRow, Owners, View};
use crate::domain::item::{Deed, StepKind, taken};
use crate::domain::{Change, Edit, EditKind, Record, RecordId, World};
use crate::files::{named_with, read_named};
use crate::report::PaperFormat;
use crate::report::brief::template::text;
use crate::report::ledger::{self, LedgerPaper, MapLink, PaperRequest, batch, blocks, numbers};
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

    /// One paper a unit, each in a file of its own: `OUT_住建局.docx`; without --item of all that it is meant for
    #[arg(long, conflicts_with = "unit")]
    by_unit: bool,

    /// Its number (else the next of its kind)
    #[arg(long, conflicts_with = "by_unit")]
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
    let (target, format) = target(args)?;
    let (world, day) = &as_of::load(&args.district, context.as_of)?;
    let now = super::ledger::moment(*day);
    let known = known_to(args.paper, world, *day);
    let items = meant(args, &known, now)?;
    let batches = if args.by_unit {
        batch::by_unit(args.paper, items)
    } else {
        let unit = args.unit.as_deref().or(common_unit(&items)).unwrap_or_default().to_owned();
        vec![(unit, items)]
    };
    let given = args.number.clone().into_iter();
    let mut numbers = given.chain(numbers(world, args.paper, now.year()));
    let reader = RefCell::new(DistrictReader::open(&args.district)?);
    let picture = |name: &str| {
        let found = reader.borrow().attachment(name).ok()??;
        ledger::picture(&found.content, name)
    };
    let week = day.checked_sub(6.days())?;
    let between = (args.from.unwrap_or(week), args.until.unwrap_or(*day));
    let mut latest = Latest::new();
    for (unit, items) in batches {
        let number = numbers.next().unwrap_or_default();
        let own = if args.by_unit { named_with(target, &unit) } else { target.to_owned() };
        let request = PaperRequest {
            world,
            ledger: &known,
            unit: &unit,
            number: &number,
            now,
            answer_by: now.checked_add(ANSWER_H.hours())?,
            between: (args.paper == LedgerPaper::Bulletin).then_some(between),
            picture: &picture,
            link: args.navigate,
            items,
        };
        let paper = blocks(&template, &request)?;
        render::put(&own, &format.bytes(&paper, now.date(), &number)?)?;
        let asked = [format!("{} {number}", args.paper.label().zh)];
        let written = if args.no_write_back || context.as_of.is_some() {
            0
        } else {
            write_back(args, context, &request, &mut latest)?
        };
        journaled::journal(&args.district, EditKind::Paper, (&*own, &asked, world), context);
        let count = request.items.len();
        let mut out = std::io::stdout().lock();
        if args.by_unit {
            writeln!(out, "{number}\t{count}\t{written}\t{}", own.display())?;
        } else {
            writeln!(out, "{number}\t{count}\t{written}")?;
        }
    }
    Ok(Done::Well)
}

fn target(args: &Args) -> anyhow::Result<(&Path, PaperFormat)> {
    let target = args.target.as_deref().ok_or_else(|| {
        Said::new("请写明输出文件，如 交办单.docx", "say what to write: OUT.docx")
    })?;
    let Some(format) = PaperFormat::of(target) else {
        let file = target.display();
        bail!(Said::new(
            format!("文书可写为 .docx、.pdf、.html、.xlsx 或 .txt：{file}"),
            format!("a paper is .docx, .pdf, .html, .xlsx or .txt: {file}"),
        ));
    };
    Ok((target, format))
}

/// The ledger for a paper: what is handed over by one goes to who answers for it.
fn known_to(paper: LedgerPaper, world: &World, day: Date) -> Ledger {
    let known = Ledger::of(world);
    match paper.step() {
        Some(StepKind::HandOver) => known.with_owners(&Owners::of(world, day)),
        _ => known,
    }
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

/// The unit that all items have alone: a paper about them goes there.
fn common_unit<'l>(items: &[&'l LedgerRow]) -> Option<&'l str> {
    let first = match items.first()?.record.words("units") {
        [unit] => &**unit,
        _ => return None,
    };
    let is_same = |row: &&LedgerRow| matches!(row.record.words("units"), [own] if **own == *first);
    items.iter().all(is_same).then_some(first)
}

/// Of a unit, the items to which a paper can be sent.
const fn view_of(paper: LedgerPaper) -> View {
    match paper {
        LedgerPaper::Order => View::New,
        LedgerPaper::Urge | LedgerPaper::Blame => View::Overdue,
        LedgerPaper::Check => View::ToCheck,
        _ => View::Open,
    }
}

/// The items that are named, or those of a unit to which the paper can be sent.
fn meant<'l>(args: &Args, ledger: &'l Ledger, now: DateTime) -> anyhow::Result<Vec<&'l LedgerRow>> {
    if !args.items.is_empty() {
        return args.items.iter().map(|name| named(ledger, name)).collect();
    }
    let is_free = args.paper == LedgerPaper::Bulletin;
    if args.unit.is_none() && !args.by_unit && !is_free {
        bail!(Said::new(
            "请写明是哪些问题：--item 编号、--unit 责任单位，或 --by-unit 每个单位一份",
            "say for which items: --item NUMBER or --unit UNIT, or --by-unit for one a unit",
        ));
    }
    let filter = LedgerFilter {
        view: view_of(args.paper),
        unit: args.unit.clone(),
        ..LedgerFilter::default()
    };
    let rows = filter.pick(ledger, now).into_iter().filter_map(|place| ledger.rows.get(place));
    let is_near = |row: &&LedgerRow| {
        args.paper != LedgerPaper::Tip || row.is_overdue(now) || row.is_due_today(now)
    };
    let rows: Vec<&LedgerRow> = rows.filter(is_near).collect();
    if rows.is_empty() && !is_free {
        bail!(nothing_meant(args, ledger, now));
    }
    Ok(rows)
}

/// Which items the paper counts, what the unit has instead, and what to do.
fn nothing_meant(args: &Args, ledger: &Ledger, now: DateTime) -> Said {
    let unit = args.unit.as_deref().unwrap_or_default();
    let of_unit = |view| {
        let filter = LedgerFilter { view, unit: args.unit.clone(), ..LedgerFilter::default() };
        filter.pick(ledger, now).len()
    };
    if args.unit.is_some() && of_unit(View::All) == 0 {
        let all = ledger.rows.iter().flat_map(|row| row.record.words("units").iter());
        let all: std::collections::BTreeSet<&str> = all.map(|unit| &**unit).collect();
        let all: Vec<&str> = all.into_iter().collect();
        return Said::new(
            format!("台账里没有责任单位为“{unit}”的问题；现有责任单位：{}", all.join("、")),
            format!("no item has the unit `{unit}`; there are {}", all.join(", ")),
        );
    }
    let (zh, en) = match args.paper {
        LedgerPaper::Tip => ("今日到期和超期", "due today or overdue"),
        paper => (view_of(paper).label().zh, view_of(paper).label().en),
    };
    let (paper, open) = (args.paper.label(), of_unit(View::Open));
    if args.unit.is_none() {
        return Said::new(
            format!("“{}”只列“{zh}”的问题，现在没有；用 --item 编号 指明要列的", paper.zh),
            format!(
                "a paper `{}` lists what is {en}, and there is none: name items by --item",
                paper.en
            ),
        );
    }
    Said::new(
        format!(
            "“{}”按单位只列“{zh}”的问题，“{unit}”现在没有；其未销号的有 {open} 件，\
             用 shapan ledger 区域文件 --unit {unit} 查看，再用 --item 编号 指明要列的",
            paper.zh
        ),
        format!(
            "of a unit, a paper `{}` lists what is {en}, and `{unit}` has none now; it has {open} open \
             items: see `shapan ledger DISTRICT --unit {unit}` and name them by --item NUMBER",
            paper.en
        ),
    )
}

pub(super) fn named<'l>(ledger: &'l Ledger, name: &str) -> anyhow::Result<&'l LedgerRow> {
    let is_named = |row: &&LedgerRow| {
        let item = &row.record;
        item.code() == Some(name)
            || item.text("superior_code") == name
            || item.id.to_string() == name
    };
    let found = ledger.rows.iter().find(is_named);
    Ok(found.ok_or_else(|| {
        Said::new(
            format!("台账里没有编号“{name}”；用 shapan ledger 区域文件 --view all 查看全部编号"),
            format!("there is no item `{name}`; `shapan ledger DISTRICT --view all` lists them"),
        )
    })?)
}

/// Items as papers of this command left them: an item of several units gets an order of each.
type Latest = BTreeMap<RecordId, Arc<Record>>;

/// The step that the paper is; items for which it is none stay as they are.
fn write_back(
    args: &Args,
    context: &Context,
    request: &PaperRequest<'_>,
    latest: &mut Latest,
) -> anyhow::Result<usize> {
    let Some(step) = args.paper.step() else { return Ok(0) };
    let stamp = clock::stamp(context.by.as_deref());
    let changes = request.items.iter().filter_map(|row| {
        let deed = deed(step, args.paper, request.number, &stamp.actor, request.now);
        let known = latest.get(&row.id());
        let newer = taken(known.unwrap_or(&row.record), &deed, &stamp).ok()?;
        let before = known.or_else(|| request.world.get(row.id()))?;
        Some(Change::update(Arc::clone(before), newer))
    });
    let changes: Vec<Change> = changes.collect();
    let count = changes.len();
    if count > 0 {
        let after = changes.iter().filter_map(|change| change.after.clone());
        latest.extend(after.map(|item| (item.id, item)));
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
