//! `shapan episodes`: the high values of some days beside what was done about them. What they are
//! stands in `analysis::episodes`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::ensure;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value as Json, json};

use super::import_readings::local;
use super::{Context, Done, print_json};
use crate::analysis::air::{Hour, rounding};
use crate::analysis::episodes::{
    Course, Episode, HourStatistics, Matched, Nature, Rules, episodes, matched, outcome, watched,
};
use crate::domain::reading::Span;
use crate::domain::{Kind, Lang, World, episode};
use crate::intake::hours::hours_of_days;
use crate::settings::clock;
use crate::store::DistrictReader;

/// List the high values of some days, what was done about them, and how the hour was kept
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// The first day: 2026-11-23. Without it the seven days up to the last
    #[arg(long)]
    from: Option<Date>,

    /// The last day: 2026-11-29. Without it that of the last reading
    #[arg(long)]
    to: Option<Date>,

    /// Also what needs nobody to go: attention, over the limit
    #[arg(long)]
    all: bool,

    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Days before the first that are read too: an episode has a past.
const LEAD_DAYS: i64 = 2;

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let reader = DistrictReader::open(&args.district)?;
    let world = reader.load()?;
    let readings = reader.readings(&world)?;
    let Some((_, latest)) = readings.ends(Span::Hour)? else {
        let words = match context.lang {
            Lang::Zh => "没有小时值（用 shapan import 文件 --as reading 导入）",
            Lang::En => "no hourly readings (shapan import FILE --as reading)",
        };
        writeln!(io::stderr().lock(), "{words}")?;
        return Ok(Done::WithFindings);
    };
    let to = args.to.unwrap_or_else(|| Hour::containing(latest).day());
    let from = args.from.unwrap_or_else(|| to.saturating_sub(6.days()));
    ensure!(from <= to, "--from {from} is after --to {to}");
    let hours = hours_of_days(&readings, from.saturating_sub(LEAD_DAYS.days()), to)?;
    let rules = Rules::of(&world);
    let until = clock::now().min(Hour::of_day(to, 24).plus(1).start());
    let found = episodes(&hours, &watched(&world, &hours), &rules, until);
    let mut rows = matched(&found, world.table(Kind::Episode).iter());
    let first = Hour::of_day(from, 1);
    let last = Hour::of_day(to, 24);
    rows.retain(|row| {
        let is_of_days = row.hour().is_some_and(|hour| first <= hour && hour <= last);
        let is_shown = args.all || !matches!(row.nature(), Nature::Attention | Nature::OverLimit);
        is_of_days && is_shown
    });
    let records = rows.iter().filter_map(|row| row.record.as_deref());
    let statistics = HourStatistics::of(records.map(outcome));
    let answer = Answer { world: &world, rows: &rows, rules: &rules, statistics, until };
    let mut out = io::BufWriter::new(io::stdout().lock());
    if args.json {
        print_json(&mut out, &answer.json(from, to))?;
    } else {
        answer.tell(&mut out, context.lang)?;
    }
    out.flush()?;
    Ok(Done::Well)
}

struct Answer<'a> {
    world: &'a World,
    rows: &'a [Matched],
    rules: &'a Rules,
    statistics: HourStatistics,
    until: Timestamp,
}

pub(super) fn station_name(world: &World, row: &Matched, lang: Lang) -> String {
    let all = match lang {
        Lang::Zh => "全区",
        Lang::En => "district",
    };
    let record = row.place().and_then(|place| world.get(place));
    record.map_or(all, |record| record.name()).to_owned()
}

fn value_words(course: &Course) -> String {
    let decimals = course.pollutant.decimals();
    let shown =
        |value| format!("{:.*}", usize::from(decimals), rounding::half_even(value, decimals));
    let before = course.before.map_or_else(|| "-".to_owned(), shown);
    format!(
        "{} {before} → {} (max {})",
        course.pollutant.symbol(),
        shown(course.value),
        shown(course.peak.1)
    )
}

/// What was found and done, for programs.
pub(super) fn row_json(world: &World, row: &Matched, now: Timestamp) -> Json {
    let found = row.found.as_ref().map(found_json);
    let record = row.record.as_ref().map(|record| {
        let clock = episode::clock(record);
        let fields = record.values().map(|(field, value)| (field.key.to_owned(), value.to_json()));
        let mut all: serde_json::Map<String, Json> = fields.collect();
        all.insert("id".to_owned(), record.id.to_string().into());
        all.insert(
            "elapsed_min".to_owned(),
            json!(clock.map(|clock| clock.elapsed(now).as_secs() / 60)),
        );
        all.insert("is_running".to_owned(), json!(clock.map(|clock| clock.is_running())));
        all
    });
    json!({
        "station": row.place().map(|place| place.to_string()),
        "name": station_name(world, row, Lang::Zh),
        "nature": row.nature().key(),
        "hour": row.hour().map(|hour| hour.start().to_string()),
        "found": found,
        "done": record,
    })
}

fn found_json(found: &Episode) -> Json {
    let courses: Vec<Json> = found
        .courses
        .iter()
        .map(|course| {
            json!({
                "pollutant": course.pollutant.symbol(),
                "unit": course.pollutant.unit(),
                "fired": course.fired.start().to_string(),
                "value": course.value,
                "before": course.before,
                "median_of_others": course.neighbours,
                "is_jump": course.met.jump,
                "is_above_others": course.met.above,
                "peak": course.peak.1,
                "peak_hour": course.peak.0.start().to_string(),
                "latest": course.latest.1,
                "clears_at": course.clears_at,
            })
        })
        .collect();
    json!({
        "first": found.first.start().to_string(),
        "dispatched": found.dispatched.map(|hour| hour.start().to_string()),
        "last": found.last.start().to_string(),
        "ended": found.ended.map(|hour| hour.start().to_string()),
        "is_persistent": found.is_persistent,
        "doubt": found.doubt.map(|doubt| doubt.label().en),
        "courses": courses,
    })
}

impl Answer<'_> {
    fn tell(&self, out: &mut impl Write, lang: Lang) -> io::Result<()> {
        for row in self.rows {
            let hour = row.hour().map_or_else(String::new, |hour| local(hour.plus(1).start()));
            let state = match &row.record {
                Some(record) => {
                    let clock = episode::clock(record);
                    let minutes = clock.map_or(0, |clock| clock.elapsed(self.until).as_secs() / 60);
                    format!("{} {minutes} min", episode::state(record).label().say(lang))
                }
                None => "-".to_owned(),
            };
            let found = row.found.as_ref();
            let values = found.and_then(Episode::lead).map_or_else(String::new, value_words);
            let is_gone = row.record.is_some() && found.is_none();
            let gone = match lang {
                Lang::Zh if is_gone => "数据已更正，规则不再触发",
                Lang::En if is_gone => "by the readings of now no rule fires",
                _ => "",
            };
            writeln!(
                out,
                "{hour}\t{}\t{}\t{values}{gone}\t{state}",
                station_name(self.world, row, lang),
                row.nature().label().say(lang),
            )?;
        }
        let of = self.statistics;
        let percent =
            of.rate().map_or_else(|| "-".to_owned(), |rate| format!("{:.1}%", rate * 100.0));
        let median = of.median_minutes.map_or_else(|| "-".to_owned(), |it| format!("{it:.0}"));
        let version = self.rules.version();
        match lang {
            Lang::Zh => writeln!(
                out,
                "预警 {}，1小时办结率 {percent}（{}/{}，分母=预警−误报−区域性），中位用时 {median} 分，规则版本 {version}",
                of.alerts, of.on_time, of.actionable
            ),
            Lang::En => writeln!(
                out,
                "{} alerts, within the hour {percent} ({}/{}, of alerts neither false nor regional), median {median} min, rules {version}",
                of.alerts, of.on_time, of.actionable
            ),
        }
    }

    fn json(&self, from: Date, to: Date) -> Json {
        let rows: Vec<Json> =
            self.rows.iter().map(|row| row_json(self.world, row, self.until)).collect();
        let of = self.statistics;
        json!({
            "from": from.to_string(),
            "to": to.to_string(),
            "rules": self.rules.version(),
            "episodes": rows,
            "statistics": {
                "alerts": of.alerts,
                "actionable": of.actionable,
                "answered": of.answered,
                "on_time": of.on_time,
                "rate_of_actionable": of.rate(),
                "rate_of_answered": of.rate_of_answered(),
                "rate_of_all": of.rate_of_all(),
                "median_minutes": of.median_minutes,
            },
        })
    }
}
