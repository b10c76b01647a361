//! `shapan ledger`: the items of the ledger, who is late, and the ledger as a file in the columns of an
//! office.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::civil::{Date, DateTime};
use serde_json::{Value as Json, json};

use super::ledger_lists::{self as lists, Asked};
use super::{Context, Done, Said, as_of, journaled, print_json, render};
use crate::analysis::ledger::{
    Decided, Group, Ledger, LedgerFilter, LedgerRow, Measure, Rate, View, decided, rates,
};
use crate::analysis::sweeping::{Window, rules, span_words};
use crate::analysis::swept::Swept;
use crate::domain::item::{day_of_due, lacking, moment_text, moment_words};
use crate::domain::{EditKind, Kind, Lang, Record, World};
use crate::files::read_named;
use crate::intake::weather::of_day;
use crate::network::hours::Hours;
use crate::report::PaperFormat;
use crate::report::block::{Block, PaperTable};
use crate::report::brief::template::text;
use crate::report::ledger::lists::{SUMS, SheetRows};
use crate::report::ledger::sheet::{Cells, SheetLayout, SheetOptions, table};
use crate::report::ledger::template::{NOTE, rate_table, share_words};
use crate::store::DistrictReader;

/// The items of the ledger that wait for somebody, by due moment; or others, or who is late.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// Which list: open (else), today, week, overdue, check, returned, relapsed, lacking, nobody, new,
    /// unplaced, closed, all
    #[arg(long, value_parser = view)]
    view: Option<View>,

    /// Only what is due: `today`, `week`, `overdue`, or through a day as 2026-12-05; decisions of meetings
    /// among it
    #[arg(long, value_name = "WHEN", conflicts_with = "view")]
    due: Option<String>,

    /// Only those of this responsible unit
    #[arg(long)]
    unit: Option<String>,

    /// Only what lies in a township.
    #[arg(long)]
    township: Option<String>,

    /// Only those of this type: 工地扬尘
    #[arg(long = "type")]
    item_type: Option<String>,

    /// Words that must stand in an item
    #[arg(long)]
    text: Option<String>,

    /// Who is late: by township, unit, department, leader, type or `six checks`; with --out as a file
    #[arg(long, value_name = "BY", value_parser = group, conflicts_with_all = ["due", "layout", "heads"])]
    rates: Option<Group>,

    /// Of rates: handed over from this day
    #[arg(long, requires = "rates")]
    from: Option<Date>,

    /// Of rates: handed over through this day
    #[arg(long, requires = "rates")]
    until: Option<Date>,

    /// Write the list to a file: .xlsx, .docx, .pdf, .html, .txt or .csv
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Its columns: a part of the name of a layout that comes with the program
    #[arg(long, requires = "out", value_name = "NAME")]
    layout: Option<String>,

    /// Its columns: a file with the heads of the office, one a line or parted by commas
    #[arg(long, requires = "out", value_name = "FILE", conflicts_with = "layout")]
    heads: Option<PathBuf>,

    /// Names and phones as they are
    #[arg(long)]
    with_persons: bool,

    /// With what became of people: 处理、处罚、问责
    #[arg(long, requires = "out")]
    with_sanctions: bool,

    /// When roads may be swept wet today (or on the day of --as-of), by temperature, rain and peak hours;
    /// and what of the planned hours lies outside
    #[arg(long, conflicts_with_all = ["view", "due", "rates", "out"])]
    sweeping: bool,

    /// The check plans: what is due this week, done, found
    #[arg(long, conflicts_with_all = ["view", "due", "rates", "sweeping"])]
    plans: bool,

    /// What one plan looks at, by its code or a part of its name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["view", "due", "rates", "sweeping", "plans"])]
    plan: Option<String>,

    /// Of a plan of villages: a row a household, its name masked
    #[arg(long, requires = "plan")]
    households: bool,

    /// Who did what a response orders and who did not, line by line: that of a document number, code or
    /// name, else the one in force, else the last
    #[arg(
        long,
        value_name = "NUMBER",
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with_all = ["view", "due", "rates", "sweeping", "plans", "plan"]
    )]
    response: Option<String>,

    /// The three bottom lines, the cases of three investigations, standing rules and tasks
    #[arg(long, conflicts_with_all = ["view", "due", "rates", "sweeping", "plans", "plan", "response", "out"])]
    campaign: bool,

    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn view(text: &str) -> Result<View, String> {
    let known: Vec<&str> = View::ALL.iter().map(|view| view.key()).collect();
    View::from_key(text).ok_or_else(|| format!("one of {}", known.join(", ")))
}

fn group(text: &str) -> Result<Group, String> {
    let found = Group::ALL
        .into_iter()
        .find(|group| group.label().zh == text || group.label().en.eq_ignore_ascii_case(text));
    let known: Vec<&str> = Group::ALL.iter().map(|group| group.label().en).collect();
    found.ok_or_else(|| format!("one of {}", known.join(", ").to_lowercase()))
}

/// Does what was asked and writes the answer to standard output. Ends with 1 where something is overdue
/// or lacks evidence.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let (world, day) = &as_of::load(&args.district, context.as_of)?;
    let now = moment(*day);
    if args.sweeping {
        return say_sweeping(args, world, now, context.lang);
    }
    let asked = Asked {
        district: &args.district,
        is_json: args.json,
        out: args.out.as_deref(),
        with_persons: args.with_persons,
        context,
    };
    if args.plans || args.plan.is_some() {
        return lists::say_plans(&asked, world, now, (args.plan.as_deref(), args.households));
    }
    if let Some(name) = &args.response {
        return lists::say_response(&asked, world, now, name);
    }
    let ledger = Ledger::of(world);
    if args.campaign {
        return lists::say_campaign(&asked, world, &ledger, now);
    }
    if let Some(group) = args.rates {
        let between = (args.from.is_some() || args.until.is_some())
            .then(|| (args.from.unwrap_or(Date::MIN), args.until.unwrap_or(Date::MAX)));
        let filter = filter_of(args, args.view.unwrap_or(View::All));
        let meant = ledger.only(&filter.pick(&ledger, now));
        let rates = rates(&meant, group, between, now);
        if let Some(target) = &args.out {
            return write_rates(args, context, (world, now), (group, &rates), target);
        }
        return say_rates(&rates, args.json, context.lang);
    }
    let rows = picked(args, &ledger, now)?;
    if let Some(target) = &args.out {
        return write(args, context, (world, &ledger, now), &rows, target);
    }
    // Decisions of meetings stand in the same lists until an item stands for them.
    let decided = decided_of(args, world, now)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let decided = decided.iter().map(|it| decided_json(it, now));
        let rows = decided.chain(rows.iter().map(|row| row_json(row, &ledger, now)));
        print_json(&mut out, &rows.collect::<Vec<Json>>())?;
    } else {
        for it in &decided {
            writeln!(out, "{}", decided_line(it, now, context.lang))?;
        }
        for row in &rows {
            writeln!(out, "{}", line(row, &ledger, now, context.lang))?;
        }
    }
    let is_late = decided.iter().any(|it| it.is_overdue(now));
    let has_findings = is_late || rows.iter().any(|row| row.is_overdue(now) || row.lacks);
    Ok(if has_findings { Done::WithFindings } else { Done::Well })
}

/// Now, or the end of a day that is looked back at.
pub(super) fn moment(day: Date) -> DateTime {
    let now = crate::domain::item::civil(crate::settings::clock::now());
    if day == now.date() { now } else { day.at(23, 59, 0, 0) }
}

/// Which list is asked for, and through which day.
fn asked_view(args: &Args) -> anyhow::Result<(View, Option<Date>)> {
    Ok(match args.due.as_deref() {
        // A table of counts has the whole ledger, where nothing else is asked.
        None if counts_all(args) => (args.view.unwrap_or(View::All), None),
        None => (args.view.unwrap_or_default(), None),
        Some("today" | "今天" | "今日") => (View::Due, None),
        Some("week" | "本周") => (View::Week, None),
        Some("overdue" | "超期") => (View::Overdue, None),
        Some(day) => {
            let through = day.parse::<Date>().ok().ok_or_else(|| {
                Said::new(
                    format!("--due 可写 today（今日）、week（本周）、overdue（超期）或 2026-12-05，不能是“{day}”"),
                    format!("`{day}` is not today, week, overdue or a day as 2026-12-05"),
                )
            })?;
            (View::Open, Some(through))
        }
    })
}

fn counts_all(args: &Args) -> bool {
    let layout = args.layout.as_deref().and_then(SheetLayout::called);
    layout.is_some_and(|layout| layout.rows != SheetRows::Items)
}

fn filter_of(args: &Args, view: View) -> LedgerFilter {
    LedgerFilter {
        view,
        unit: args.unit.clone(),
        township: args.township.clone(),
        item_type: args.item_type.clone(),
        text: args.text.clone().unwrap_or_default(),
        ..LedgerFilter::default()
    }
}

fn picked<'l>(
    args: &Args,
    ledger: &'l Ledger,
    now: DateTime,
) -> anyhow::Result<Vec<&'l LedgerRow>> {
    let (view, through) = asked_view(args)?;
    let filter = filter_of(args, view);
    let rows = filter.pick(ledger, now).into_iter().filter_map(|place| ledger.rows.get(place));
    let is_due = |row: &&LedgerRow| {
        through.is_none_or(|day| row.due.is_some_and(|due| day_of_due(due) <= day))
    };
    Ok(rows.filter(is_due).collect())
}

fn decided_of(args: &Args, world: &World, now: DateTime) -> anyhow::Result<Vec<Decided>> {
    let (view, through) = asked_view(args)?;
    let filter = filter_of(args, view);
    let is_due = |it: &Decided| through.is_none_or(|day| it.due.is_some_and(|due| due <= day));
    let all = decided(world).into_iter();
    Ok(all.filter(|it| it.is_meant(&filter, now) && is_due(it)).collect())
}

fn decided_json(it: &Decided, now: DateTime) -> Json {
    let record = &it.record;
    json!({
        "kind": "decision",
        "id": record.id.to_string(),
        "code": record.code(),
        "name": record.name(),
        "state": it.state.key(),
        "units": [record.text("owner")],
        "person": record.text("person"),
        "due": it.due.map(|due| due.to_string()),
        "is_overdue": it.is_overdue(now),
        "days_late": it.days_late(now),
    })
}

fn decided_line(it: &Decided, now: DateTime, lang: Lang) -> String {
    let record = &it.record;
    let due = it.due.map_or_else(|| "—".to_owned(), |due| format!("{due} 24:00"));
    let late = match (it.days_late(now), lang) {
        (0, _) => String::new(),
        (days, Lang::Zh) => format!(" 超期{days}天"),
        (days, Lang::En) => format!(" {days} d late"),
    };
    let kind = if lang == Lang::Zh { "会议决定" } else { "decision" };
    [
        record.code().unwrap_or("—"),
        it.state.label().say(lang),
        &format!("{due}{late}"),
        kind,
        record.text("owner"),
        record.name(),
        "",
    ]
    .join("\t")
}

fn row_json(row: &LedgerRow, ledger: &Ledger, now: DateTime) -> Json {
    let item = &row.record;
    let stage = ledger.stages.reached(row, now);
    let next = ledger.stages.next(row, now);
    let words = |key: &str| item.words(key).iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "kind": "item",
        "id": item.id.to_string(),
        "code": item.code(),
        "superior_code": item.text("superior_code"),
        "name": item.name(),
        "state": row.state.key(),
        "types": words("types"),
        "units": words("units"),
        "township": item.text("township"),
        "address": item.text("address"),
        "due": row.due.map(moment_text),
        "next_review": row.next_review(now).map(|day| day.to_string()),
        "is_overdue": row.is_overdue(now),
        "days_late": row.days_late(now),
        "returns": row.returns,
        "lacking": lacking(item).iter().map(|lack| lack.key()).collect::<Vec<_>>(),
        "stage": stage.map(|stage| stage.name.clone()),
        "next_stage": next.map(|(stage, at)| json!({ "name": stage.name, "at": moment_text(at) })),
    })
}

fn line(row: &LedgerRow, ledger: &Ledger, now: DateTime, lang: Lang) -> String {
    let item = &row.record;
    let again = row.next_review(now).filter(|_| row.state.is_open());
    let due = match (row.due, again) {
        (Some(due), _) => moment_words(due),
        (None, Some(day)) if lang == Lang::Zh => format!("{day} 回看"),
        (None, Some(day)) => format!("look again {day}"),
        (None, None) => "—".to_owned(),
    };
    let late = match (row.days_late(now), lang) {
        (0, _) => String::new(),
        (days, Lang::Zh) => format!(" 超期{days}天"),
        (days, Lang::En) => format!(" {days} d late"),
    };
    let stage = ledger.stages.reached(row, now).map_or("", |stage| &stage.name);
    let units: Vec<&str> = item.words("units").iter().map(|unit| &**unit).collect();
    let lacks: Vec<&str> = lacking(item).iter().map(|lack| lack.label().say(lang)).collect();
    [
        item.code().unwrap_or("—"),
        row.state.label().say(lang),
        &format!("{due}{late}"),
        stage,
        &units.join("、"),
        item.name(),
        &lacks.join("、"),
    ]
    .join("\t")
}

/// Ends with 1 where planned hours lie outside of the window.
fn say_sweeping(args: &Args, world: &World, now: DateTime, lang: Lang) -> anyhow::Result<Done> {
    let day = now.date();
    let done = Swept::of_all(world, now);
    let swept = |road: &Record| done.get(&road.id).copied().unwrap_or(Swept::Unknown);
    let reader = DistrictReader::open(&args.district)?;
    let weather = of_day(&reader.readings(world)?, day)?;
    let window = Window::of(day, &weather, rules());
    let mut roads = Vec::new();
    for road in world.table(Kind::Sweeping).iter() {
        let text = road.text("windows");
        let hours = Hours::parse(text).ok().filter(|_| !text.is_empty());
        let outside = hours.map(|hours| window.outside(day, road, &|at| hours.holds(at)));
        roads.push((road, text, outside.unwrap_or_default()));
    }
    let has_findings = roads.iter().any(|(.., outside)| !outside.is_empty());
    let mut out = std::io::stdout().lock();
    if args.json {
        let roads = roads.iter().map(|(road, planned, outside)| {
            let outside = outside
                .iter()
                .map(|(span, ban)| json!({ "span": span_words(span), "why": ban.label().en }));
            json!({
                "code": road.code(),
                "name": road.name(),
                "planned": planned,
                "swept": swept(road).words().en,
                "is_swept": match swept(road) {
                    known if known.is_done() => Some(true),
                    known if known.is_missing() => Some(false),
                    _ => None,
                },
                "outside": outside.collect::<Vec<_>>(),
            })
        });
        let roads: Vec<Json> = roads.collect();
        let open: Vec<String> = window.open().iter().map(span_words).collect();
        print_json(&mut out, &json!({ "day": day.to_string(), "open": open, "roads": roads }))?;
    } else {
        writeln!(out, "{day}\t{}", window.words().say(lang))?;
        for (road, planned, outside) in &roads {
            let outside = outside
                .iter()
                .map(|(span, ban)| format!("{} {}", span_words(span), ban.label().say(lang)));
            let outside: Vec<String> = outside.collect();
            let swept = swept(road).words();
            writeln!(
                out,
                "{}\t{planned}\t{}\t{}",
                road.name(),
                swept.say(lang),
                outside.join("、")
            )?;
        }
    }
    Ok(if has_findings { Done::WithFindings } else { Done::Well })
}

fn say_rates(rates: &[Rate], is_json: bool, lang: Lang) -> anyhow::Result<Done> {
    let mut out = std::io::stdout().lock();
    if is_json {
        let row = |rate: &Rate| {
            let mut row = json!({
                "of": rate.of,
                "on_time_share": rate.on_time_share(),
                "is_few": rate.is_few(),
                "median_h": rate.median_h,
                "relapse_share": rate.relapse_share,
                "items": rate.items.iter().map(ToString::to_string).collect::<Vec<_>>(),
            });
            for measure in Measure::ALL {
                row[measure.label().en] = rate.count(measure).into();
            }
            row
        };
        print_json(&mut out, &rates.iter().map(row).collect::<Vec<_>>())?;
        return Ok(Done::Well);
    }
    for rate in rates {
        let nobody = if lang == Lang::Zh { "（未填）" } else { "(nobody)" };
        let of = if rate.of.is_empty() { nobody } else { &rate.of };
        let counts: Vec<String> = Measure::ALL
            .iter()
            .map(|measure| format!("{} {}", measure.label().say(lang), rate.count(*measure)))
            .collect();
        writeln!(out, "{of}\t{}\t{}", share_words(rate), counts.join("\t"))?;
    }
    Ok(Done::Well)
}

fn write(
    args: &Args,
    context: &Context,
    (world, ledger, now): (&World, &Ledger, DateTime),
    rows: &[&LedgerRow],
    target: &Path,
) -> anyhow::Result<Done> {
    let layout = layout(args)?;
    let options =
        SheetOptions { with_persons: args.with_persons, with_sanctions: args.with_sanctions };
    let (view, through) = asked_view(args)?;
    let mut words = filter_of(args, view).words();
    if let Some(day) = through {
        words = format!("{words}，{day} 前到期");
    }
    let sheet = table(&layout, rows, &Cells::of(world, ledger, now, options), words.clone());
    let count = if layout.rows == SheetRows::Items { rows.len() } else { sheet.rows.len() };
    let about = format!("筛选：{words}　时刻：{}　共 {count} 条", moment_words(now));
    let paper = ListPaper { title: &layout.name, sheet, note: layout.note(), about: &about };
    paper.put(target, now)?;
    let asked = [format!("ledger {}", layout.name), words];
    journaled::journal(&args.district, EditKind::Export, (target, &asked, world), context);
    let of = if layout.rows == SheetRows::Items { "item" } else { "row" };
    writeln!(std::io::stdout().lock(), "{of} {count}")?;
    Ok(Done::Well)
}

/// Who is late, as a file.
fn write_rates(
    args: &Args,
    context: &Context,
    (world, now): (&World, DateTime),
    (group, rates): (Group, &[Rate]),
    target: &Path,
) -> anyhow::Result<Done> {
    let title = format!("办理情况（按{}）", group.label().zh);
    let words = filter_of(args, args.view.unwrap_or(View::All)).words();
    let days = match (args.from, args.until) {
        (None, None) => String::new(),
        (from, until) => {
            let day = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |it| it.to_string());
            format!("　交办日期：{}至{}", day(from), day(until))
        }
    };
    let about = format!("筛选：{words}{days}　时刻：{}　共 {} 行", moment_words(now), rates.len());
    let sums = group.counts_several().then_some(SUMS);
    let note = [Some(NOTE), sums].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let sheet = PaperTable { filter: words.clone(), ..rate_table(group, rates) };
    ListPaper { title: &title, sheet, note: Some(&note), about: &about }.put(target, now)?;
    let asked = [title.clone(), words];
    journaled::journal(&args.district, EditKind::Export, (target, &asked, world), context);
    writeln!(std::io::stdout().lock(), "row {}", rates.len())?;
    Ok(Done::Well)
}

/// One table that is written to a file of its own.
struct ListPaper<'a> {
    title: &'a str,
    sheet: PaperTable,
    note: Option<&'a str>,
    about: &'a str,
}

impl ListPaper<'_> {
    fn put(self, target: &Path, now: DateTime) -> anyhow::Result<()> {
        let bytes = if target.extension().is_some_and(|ending| ending == "csv") {
            csv_of(&self.sheet)?
        } else {
            let Some(format) = PaperFormat::of(target) else {
                let file = target.display();
                bail!(Said::new(
                    format!("清单可写为 .xlsx、.docx、.pdf、.html、.txt 或 .csv：{file}"),
                    format!("a ledger is .xlsx, .docx, .pdf, .html, .txt or .csv: {file}"),
                ));
            };
            let mut paper = vec![Block::Title(self.title.to_owned()), Block::Table(self.sheet)];
            paper.extend(self.note.map(|note| Block::Note(note.to_owned())));
            format.bytes(&paper, now.date(), self.about)?
        };
        render::put(target, &bytes)
    }
}

fn layout(args: &Args) -> anyhow::Result<SheetLayout> {
    if let Some(file) = &args.heads {
        let bytes = read_named(file)
            .with_context(|| format!("the heads cannot be read: {}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        return SheetLayout::read(&name, &text(&bytes)?)
            .with_context(|| format!("there are no heads in {}", file.display()));
    }
    let name = args.layout.as_deref().unwrap_or_default();
    let known: Vec<String> = SheetLayout::shipped().into_iter().map(|layout| layout.name).collect();
    Ok(SheetLayout::called(name).ok_or_else(|| {
        let known = known.join("、");
        Said::new(
            format!("没有名称含“{name}”的版式；现有：{known}。本单位自己的列名可写入文件，用 --heads 指明"),
            format!("there is no layout `{name}`; there are {known}"),
        )
    })?)
}

/// UTF-8 with the mark that Excel looks for.
pub(super) fn csv_of(table: &PaperTable) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&table.header)?;
    for row in &table.rows {
        writer.write_record(row)?;
    }
    writer.into_inner().context("the table could not be written")
}
