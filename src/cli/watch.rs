//! `shapan watch`: the rules over a district file as readings come, without a window. It writes what
//! the window would write: that an alert went out, and that an episode is over by rule.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jiff::ToSpan as _;
use serde_json::json;

use super::episodes::{row_json, station_name};
use super::{Context, Done};
use crate::analysis::air::Hour;
use crate::analysis::episodes::{
    BY_RULE, Matched, Rules, episodes, matched, program_changes, watched,
};
use crate::domain::{Edit, EditKind, Kind, Lang, Record, Stamp, World, episode};
use crate::intake::hours::hours_of_days;
use crate::settings::clock;
use crate::store::{Error, Store};

/// Look for high values as readings come, without a window: for a duty server
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// Look once and end; exit status 1 where an alert went out
    #[arg(long)]
    once: bool,

    /// Seconds between two looks
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,

    /// A line of JSON an alert or end
    #[arg(long)]
    json: bool,
}

/// Days of readings that are looked at: what began earlier is over.
const DAYS: i64 = 14;

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    loop {
        let has_alerted = look(args, context.lang)?;
        if args.once {
            return Ok(if has_alerted { Done::WithFindings } else { Done::Well });
        }
        thread::sleep(Duration::from_secs(args.every));
    }
}

/// Opened for each look, so that others may write meanwhile. Whether an alert went out.
fn look(args: &Args, lang: Lang) -> anyhow::Result<bool> {
    let now = clock::now();
    let mut store = Store::open(&args.district)?;
    let world = store.load()?;
    let today = Hour::containing(now).day();
    let hours = {
        let readings = store.readings(&world)?;
        hours_of_days(&readings, today.saturating_sub(DAYS.days()), today)?
    };
    let rules = Rules::of(&world);
    let found = episodes(&hours, &watched(&world, &hours), &rules, now);
    let rows = matched(&found, world.table(Kind::Episode).iter());
    let changes = program_changes(&rows, &world, &rules.version(), now);
    if changes.is_empty() {
        return Ok(false);
    }
    let written: Vec<Arc<Record>> = changes.iter().filter_map(|it| it.after.clone()).collect();
    let has_alerted = changes.iter().any(|change| change.before.is_none());
    let stamp = Stamp { actor: BY_RULE.into(), at: now };
    match store.apply(&Edit { kind: EditKind::Alarm, changes }, &stamp) {
        Ok(_) => {}
        // A window was faster: the next look sees what it wrote.
        Err(Error::Conflict(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    let mut out = io::stdout().lock();
    for record in written {
        tell(&mut out, args.json, lang, &world, &rows, &record)?;
    }
    Ok(has_alerted)
}

fn tell(
    out: &mut impl Write,
    is_json: bool,
    lang: Lang,
    world: &World,
    rows: &[Matched],
    record: &Arc<Record>,
) -> anyhow::Result<()> {
    let station = record.text("station");
    let is_of = |row: &&Matched| {
        row.found.as_ref().is_some_and(|found| {
            found.place.is_some_and(|place| place.to_string() == station)
                && episode::moment(record, "begins_at")
                    .is_some_and(|at| found.covers(Hour::containing(at)))
        })
    };
    let found = rows.iter().find(is_of).and_then(|row| row.found.clone());
    let row = Matched { found, record: Some(Arc::clone(record)) };
    let state = episode::state(record);
    if is_json {
        let mut line = row_json(world, &row, record.meta.changed_at);
        if let Some(line) = line.as_object_mut() {
            line.insert(
                "event".to_owned(),
                json!(if state.is_over() { "closed" } else { "alert" }),
            );
        }
        writeln!(out, "{line}")?;
        return Ok(());
    }
    let what = match (lang, state.is_over()) {
        (Lang::Zh, false) => "预警",
        (Lang::Zh, true) => "按规则结案",
        (Lang::En, false) => "alert",
        (Lang::En, true) => "closed by rule",
    };
    let station = station_name(world, &row, lang);
    writeln!(out, "{what}\t{station}\t{}", record.name())?;
    Ok(())
}
