//! `shapan brief`: the weekly brief, or the minutes of a meeting.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, Timestamp};

use super::{Context, Done, as_of, render};
use crate::analysis::decisions::meeting;
use crate::domain::{Kind, Record, Value, World};
use crate::report::brief::{Asked, WEEKLY, blocks};
use crate::report::{docx, html, pdf, plain, xlsx};
use crate::settings::clock;
use crate::store::{AsOf, Reader};

/// The brief of a week or of a meeting: decisions, rings, standards by township and department,
/// congestion and restrictions, what changed. A past week is read from the journal as it was.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    district: PathBuf,

    /// What to write: .docx, .pdf, .html, .xlsx (the tables alone) or .txt
    target: Option<PathBuf>,

    /// The week, as 2026-W48 (else that of today)
    #[arg(long, value_name = "YYYY-Www", value_parser = week, conflicts_with = "meeting")]
    week: Option<ISOWeekDate>,

    /// The period since the meeting before this one, and its decisions alone: code, id or name
    #[arg(long, value_name = "ID")]
    meeting: Option<String>,

    /// A template of your own: `--print-template` shows the one that is used otherwise
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,

    #[arg(long)]
    print_template: bool,
}

/// 2026-W48 → its Monday.
fn week(text: &str) -> Result<ISOWeekDate, String> {
    let wrong = || format!("`{text}` is no week as in 2026-W48");
    let (year, week) = text.split_once("-W").ok_or_else(wrong)?;
    let (year, week) =
        (year.parse().map_err(|_not| wrong())?, week.parse().map_err(|_not| wrong())?);
    ISOWeekDate::new(year, week, Weekday::Monday).map_err(|_not| wrong())
}

/// The days of a period, and the last moment before it.
struct Period {
    from: Date,
    until: Date,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    if args.print_template {
        write!(std::io::stdout().lock(), "{WEEKLY}")?;
        return Ok(Done::Well);
    }
    let target = args.target.as_deref().context("say what to write: OUT.docx")?;
    let write = writer(target)?;
    let template = match &args.template {
        Some(file) => std::fs::read_to_string(file)
            .with_context(|| format!("the template is no UTF-8 text: {}", file.display()))?,
        None => WEEKLY.to_owned(),
    };
    let reader = Reader::open(&args.district)?;
    let today = as_of::day(&reader, context.as_of)?;
    let asked_for = reader.load()?;
    let of = match &args.meeting {
        Some(named) => Some(meeting(&asked_for, named).with_context(|| {
            format!("there is no meeting `{named}`; `shapan meeting DISTRICT` lists them")
        })?),
        None => None,
    };
    let period = match of {
        Some(meeting) => since_last(&asked_for, meeting, today),
        None => of_week(args.week.unwrap_or_else(|| today.iso_week_date()), today)?,
    };
    let now = match context.as_of {
        Some(as_of) => reader.load_as_of(as_of)?,
        None if period.until < today && of.is_none() => {
            reader.load_as_of(AsOf::Moment(end_of(period.until)?))?
        }
        None => asked_for.clone(),
    };
    let before = reader.load_as_of(AsOf::Moment(end_of(period.from.yesterday()?)?))?;
    let asked = Asked {
        now: &now,
        then: (!before.is_empty()).then_some(&before),
        meeting: of.map(AsRef::as_ref),
        from: period.from,
        until: period.until,
    };
    let paper = blocks(&template, &asked, &|_, _| true)?;
    render::put(target, &write(&paper, period.until)?)?;
    Ok(Done::Well)
}

type Blocks = [crate::report::block::Block];
type Writer = fn(&Blocks, Date) -> anyhow::Result<Vec<u8>>;

/// By the ending of the file's name.
fn writer(target: &Path) -> anyhow::Result<Writer> {
    let ending = target.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    Ok(match ending.as_deref() {
        Some("docx") => |paper, date| Ok(docx::bytes(paper, date)?),
        Some("pdf") => |paper, _| Ok(pdf::bytes(paper)?),
        Some("html") => |paper, _| Ok(html::text(paper).into_bytes()),
        Some("xlsx") => |paper, _| Ok(xlsx::bytes(paper)?),
        Some("txt") => |paper, _| Ok(plain::text(paper).into_bytes()),
        _ => bail!("a brief is .docx, .pdf, .html, .xlsx or .txt: {}", target.display()),
    })
}

fn end_of(day: Date) -> anyhow::Result<Timestamp> {
    Ok(clock::office().to_timestamp(day.at(23, 59, 59, 999_999_999))?)
}

/// Monday to Sunday, but not beyond today.
fn of_week(week: ISOWeekDate, today: Date) -> anyhow::Result<Period> {
    let monday = ISOWeekDate::new(week.year(), week.week(), Weekday::Monday)?.date();
    let sunday = monday.checked_add(Span::new().days(6))?;
    if monday > today {
        bail!("the week of {monday} has not begun yet");
    }
    Ok(Period { from: monday, until: sunday.min(today) })
}

/// From the day after the meeting before to today; a week where there was none before.
fn since_last(world: &World, meeting: &Record, today: Date) -> Period {
    let date = |meeting: &Record| match meeting.get("date") {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    };
    let held = date(meeting).unwrap_or(today);
    let all = world.table(Kind::Meeting).iter().filter_map(|meeting| date(meeting));
    let last = all.filter(|date| *date < held).max();
    let from = match last {
        Some(last) => last.tomorrow().unwrap_or(last),
        None => held.checked_sub(Span::new().days(6)).unwrap_or(held),
    };
    Period { from, until: today.max(from) }
}
