//! `shapan brief`: the weekly brief, or the minutes of a meeting.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::waiting::ProgressLine;
use super::{Context, Done, as_of, journaled, render};
use crate::analysis::air::DistrictFigures;
use crate::domain::{EditKind, Record, Text, World};
use crate::files::read_named;
use crate::intake::hours::hours;
use crate::report::PaperFormat;
use crate::report::brief::period::Period;
use crate::report::brief::{
    BriefAir, BriefRequest, DAILY, LEADER, MINUTES, WEEKLY, blocks, template,
};
use crate::settings::clock;
use crate::store::{AsOf, DistrictReader};

/// The brief of a week or the minutes of a meeting: decisions, scenes, rings, standards by township
/// and department, congestion and restrictions, what changed. A past week is read from the journal
/// as it was.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// What to write: .docx, .pdf, .html, .xlsx (the tables alone) or .txt
    target: Option<PathBuf>,

    /// The week, as 2026-W48 (else that of today)
    #[arg(long, value_name = "YYYY-Www", value_parser = week, conflicts_with = "meeting")]
    week: Option<ISOWeekDate>,

    /// The minutes of a meeting: its code, id or name
    #[arg(long, value_name = "ID")]
    meeting: Option<String>,

    /// The sheet of a day for the daily call (日调度): yesterday's air, today at 8, 12 and 18 o'clock, wind,
    /// target, open decisions; that of today where no day is named
    #[arg(long, value_name = "DAY", num_args = 0..=1, conflicts_with_all = ["week", "meeting", "leader"])]
    #[expect(clippy::option_option, reason = "clap's word for an option with or without a value")]
    day: Option<Option<Date>>,

    /// One page for leaders: three sentences, five figures, a map
    #[arg(long, conflicts_with = "meeting")]
    leader: bool,

    /// A template of your own: `--print-template` shows the one that is used otherwise
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,

    /// Print the template of the weekly brief; with --meeting that of the minutes, with --leader that of
    /// the page for leaders
    #[arg(long)]
    print_template: bool,
}

const READING: Text = Text::new("正在读取区域文件…", "reading the district…");
const PAST: Text = Text::new("正在读取以前的情况…", "reading the district as it was…");
const MAKING: Text = Text::new("正在生成", "making the paper");
const WRITING: Text = Text::new("正在写文件…", "writing the file…");

/// 2026-W48 → its Monday.
fn week(text: &str) -> Result<ISOWeekDate, String> {
    let wrong = || format!("`{text}` is no week as in 2026-W48");
    let (year, week) = text.split_once("-W").ok_or_else(wrong)?;
    let (year, week) =
        (year.parse().map_err(|_not| wrong())?, week.parse().map_err(|_not| wrong())?);
    ISOWeekDate::new(year, week, Weekday::Monday).map_err(|_not| wrong())
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let built_in = match (&args.meeting, args.leader) {
        (Some(_), _) => MINUTES,
        (None, true) => LEADER,
        (None, false) if args.day.is_some() => DAILY,
        (None, false) => WEEKLY,
    };
    if args.print_template {
        write!(std::io::stdout().lock(), "{built_in}")?;
        return Ok(Done::Well);
    }
    let target = args.target.as_deref().context("say what to write: OUT.docx")?;
    let Some(format) = PaperFormat::of(target) else {
        bail!("a brief is .docx, .pdf, .html, .xlsx or .txt: {}", target.display());
    };
    let template = template_of(args, built_in)?;
    let waiting = ProgressLine::at_terminal(context.lang);
    waiting.tell(READING);
    let reader = DistrictReader::open(&args.district)?;
    let today = as_of::day(&reader, context.as_of)?;
    let asked_for = reader.load()?;
    let of =
        args.meeting.as_deref().map(|name| super::meeting::named(&asked_for, name)).transpose()?;
    let period = period_of(args, &asked_for, of.map(AsRef::as_ref), today)?;
    waiting.tell(PAST);
    let now = match context.as_of {
        Some(as_of) => reader.load_as_of(as_of)?,
        None if period.until < today && of.is_none() => {
            reader.load_as_of(AsOf::Moment(end_of(period.until)?))?
        }
        None => asked_for.clone(),
    };
    let before = reader.load_as_of(AsOf::Moment(end_of(period.from.yesterday()?)?))?;
    let air = hours(&reader.readings(&now)?, period.until)?
        .and_then(|hours| Some((DistrictFigures::of(&now, &hours)?, hours)))
        .map(|(figures, hours)| BriefAir { hours, figures });
    let asked = BriefRequest {
        now: &now,
        air: air.as_ref(),
        then: (!before.is_empty()).then_some(&before),
        meeting: of.map(AsRef::as_ref),
        from: period.from,
        until: period.until,
        most_rows: format.most_rows(),
    };
    let paper = blocks(&template, &asked, &|done, total| {
        waiting.count(MAKING, done, total);
        true
    })?;
    waiting.tell(WRITING);
    // The target appears whole, when all of it is made: whoever breaks off before finds no part of it.
    render::put(target, &format.bytes(&paper, period.until, &asked.about())?)?;
    let what = match of {
        Some(meeting) => format!("minutes {}", meeting.name()),
        None => format!("brief {} {}", period.from, period.until),
    };
    journaled::journal(&args.district, EditKind::Paper, (target, &[what], &now), context);
    Ok(Done::Well)
}

/// The days that the paper is about.
fn period_of(
    args: &Args,
    world: &World,
    meeting: Option<&Record>,
    today: Date,
) -> anyhow::Result<Period> {
    match (meeting, args.day) {
        (Some(meeting), _) => Ok(Period::of_meeting(world, meeting, today)),
        (None, Some(day)) => {
            let day = day.unwrap_or(today).min(today);
            Ok(Period { from: day, until: day })
        }
        (None, None) => of_week(args.week.unwrap_or_else(|| today.iso_week_date()), today),
    }
}

fn template_of(args: &Args, built_in: &str) -> anyhow::Result<String> {
    let Some(file) = &args.template else { return Ok(built_in.to_owned()) };
    let bytes = read_named(file)
        .with_context(|| format!("the template cannot be read: {}", file.display()))?;
    template::text(&bytes).with_context(|| format!("the template {}", file.display()))
}

fn end_of(day: Date) -> anyhow::Result<Timestamp> {
    Ok(clock::office().to_timestamp(day.at(23, 59, 59, 999_999_999))?)
}

/// Monday to Sunday, but not beyond today.
fn of_week(week: ISOWeekDate, today: Date) -> anyhow::Result<Period> {
    Period::of_week(week, today)
        .with_context(|| format!("the week of {} has not begun yet", week.date()))
}
