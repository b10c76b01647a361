//! `shapan meeting`: which meetings there are, what they decided and how that stands. A new one is made
//! in `convene`.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Context, Done, as_of, convene};
use crate::analysis::decisions::{DecisionStanding, decisions, meeting};
use crate::domain::{Kind, Lang, Record, Text, World};

/// The meetings of a district, oldest first, or what was decided and how that stands today; with
/// `--new` a further one with its scenes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    pub district: PathBuf,

    /// List the meetings: what is done without a flag too
    #[arg(long)]
    list: bool,

    /// List decisions instead, overdue first
    #[arg(long, conflicts_with = "list")]
    decisions: bool,

    /// Only those of this meeting: its code, id or name
    #[arg(long, requires = "decisions")]
    meeting: Option<String>,

    /// As JSON.
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub making: convene::NewArgs,
}

const STANDINGS: [(DecisionStanding, &str, Text); 5] = [
    (DecisionStanding::Overdue, "overdue", Text::new("逾期", "overdue")),
    (DecisionStanding::Open, "open", Text::new("未完成", "open")),
    (DecisionStanding::ClosedLate, "closed_late", Text::new("逾期完成", "closed late")),
    (DecisionStanding::ClosedOnTime, "closed_on_time", Text::new("按时完成", "closed on time")),
    (DecisionStanding::Dropped, "dropped", Text::new("撤销", "dropped")),
];

/// Decisions are judged by the day on which the district is looked at.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    if args.making.print_template {
        return print_template();
    }
    if args.making.new {
        return convene::run(&args.making, (&args.district, args.json), context);
    }
    let (world, day) = &as_of::load(&args.district, context.as_of)?;
    let mut out = std::io::stdout().lock();
    let rows =
        if args.decisions { decision_rows(args, world, *day)? } else { meeting_rows(world, *day) };
    if args.json {
        writeln!(out, "{}", Json::from(rows))?;
        return Ok(Done::Well);
    }
    for row in rows {
        writeln!(out, "{}", line(&row, context.lang))?;
    }
    Ok(Done::Well)
}

fn print_template() -> anyhow::Result<Done> {
    write!(std::io::stdout().lock(), "{}", crate::analysis::agenda::MEETING)?;
    Ok(Done::Well)
}

/// The meeting that somebody names by code, id or name.
pub(crate) fn named<'w>(world: &'w World, name: &str) -> anyhow::Result<&'w Arc<Record>> {
    meeting(world, name).with_context(|| {
        format!("there is no meeting `{name}`; `shapan meeting DISTRICT` lists them")
    })
}

fn meeting_rows(world: &World, day: Date) -> Vec<Json> {
    let mut meetings: Vec<_> = world.table(Kind::Meeting).iter().collect();
    meetings.sort_by_key(|meeting| (cell(meeting, "date"), meeting.id));
    let row = |meeting: &&Arc<Record>| {
        let of = decisions(world, Some(meeting), day);
        let mut counts = json!({});
        for (standing, key, _) in STANDINGS {
            counts[key] = of.iter().filter(|(known, _)| *known == standing).count().into();
        }
        json!({
            "id": meeting.id.to_string(),
            "code": meeting.code(),
            "name": meeting.name(),
            "date": cell(meeting, "date"),
            "chair": meeting.text("chair"),
            "state": meeting.text("state"),
            "decisions": counts,
        })
    };
    meetings.iter().map(row).collect()
}

fn decision_rows(args: &Args, world: &World, day: Date) -> anyhow::Result<Vec<Json>> {
    let of = args.meeting.as_deref().map(|name| named(world, name)).transpose()?;
    let all = decisions(world, of.map(AsRef::as_ref), day);
    let row = |(standing, decision): &(DecisionStanding, &Arc<Record>)| {
        json!({
            "id": decision.id.to_string(),
            "standing": key(*standing),
            "due": cell(decision, "due"),
            "owner": decision.text("owner"),
            "name": decision.name(),
            "state": decision.text("state"),
            "meeting": decision.text("meeting"),
        })
    };
    Ok(all.iter().map(row).collect())
}

fn key(standing: DecisionStanding) -> &'static str {
    STANDINGS.iter().find(|(known, ..)| *known == standing).map_or("", |(_, key, _)| key)
}

fn cell(record: &Record, key: &str) -> Option<String> {
    record.get(key).map(crate::domain::Value::to_cell)
}

/// The same as the JSON, for people.
fn line(row: &Json, lang: Lang) -> String {
    let text = |key: &str| row[key].as_str().unwrap_or("—").to_owned();
    if let Some(standing) = row["standing"].as_str() {
        let words = STANDINGS.iter().find(|(_, key, _)| *key == standing);
        let words = words.map_or("", |(.., words)| words.say(lang));
        return format!("{words}\t{}\t{}\t{}", text("due"), text("owner"), text("name"));
    }
    let counts: Vec<String> = STANDINGS
        .iter()
        .filter(|(_, key, _)| row["decisions"][*key].as_u64().is_some_and(|count| count > 0))
        .map(|(_, key, words)| format!("{} {}", words.say(lang), row["decisions"][*key]))
        .collect();
    format!("{}\t{}\t{}\t{}", text("date"), text("code"), text("name"), counts.join(" "))
}
