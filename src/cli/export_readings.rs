//! `shapan export --readings`: hours, minutes or days of a district as one table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::{Context, Done, as_of, journaled};
use crate::domain::reading::{Factor, ReadingRow, Span};
use crate::domain::{EditKind, Lang, RecordId, World};
use crate::files::Unfinished;
use crate::settings::clock;
use crate::store::DistrictReader;
use crate::store::readings::ReadingQuery;

/// Which readings.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Readings")]
pub struct ReadingExport {
    /// Write readings in place of records: a CSV of one row a station and time, as it counts, which
    /// `import` reads again
    #[arg(long, conflicts_with_all = ["layers", "filters", "with_attachments"])]
    pub readings: bool,

    /// The first day
    #[arg(long, requires = "readings", value_name = "DAY")]
    pub from: Option<Date>,

    /// The last day
    #[arg(long, requires = "readings", value_name = "DAY")]
    pub to: Option<Date>,

    /// How long their time is: hour, day, instant, 1min, 5min, 10min, …
    #[arg(long, requires = "readings", value_parser = span, default_value = "hour")]
    pub span: Span,
}

fn span(text: &str) -> Result<Span, String> {
    let known = || Span::ALL.map(Span::key).join(", ");
    Span::ALL.into_iter().find(|span| span.key() == text).ok_or_else(known)
}

/// Writes them, journals that, and says how many rows there are.
pub(super) fn run(
    (district, target): (&Path, &Path),
    args: &ReadingExport,
    context: &Context,
) -> anyhow::Result<Done> {
    let is_csv = target.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    ensure!(is_csv, "readings are written as CSV: {}", target.display());
    let world = as_of::load(district, context.as_of)?.0;
    let reader = DistrictReader::open(district)?;
    let readings = reader.readings(&world)?;
    let midnight = |day: Date| clock::office().to_timestamp(day.at(0, 0, 0, 0));
    let from = args.from.map(midnight).transpose()?.unwrap_or(Timestamp::UNIX_EPOCH);
    let to = args.to.map(|day| midnight(day.checked_add(1.day())?)).transpose()?;
    let to = to.unwrap_or(Timestamp::MAX);
    let query = ReadingQuery { span: args.span, from, to, places: None, factors: None };
    let unfinished = Unfinished::begin(target)
        .with_context(|| format!("{} cannot be written", target.display()))?;
    let mut file = std::fs::File::create(unfinished.path())?;
    file.write_all("\u{feff}".as_bytes())?;
    let mut out = csv::Writer::from_writer(std::io::BufWriter::new(file));
    // What no column of the district file stands for, such as the power of firms, has one here.
    let mut others: BTreeSet<Factor> = BTreeSet::new();
    readings.each(&query, &mut |row| {
        let own = row.values.iter().map(|(factor, _)| factor);
        others.extend(own.filter(|factor| factor.column().is_none()));
    })?;
    let factors: Vec<Factor> = Factor::COLUMNS.iter().cloned().chain(others).collect();
    out.write_record(head(&factors))?;
    let names = names(&world);
    let (mut rows, mut failed) = (0_u64, None);
    readings.each(&query, &mut |row| {
        if failed.is_none() {
            rows += 1;
            failed = out.write_record(cells(row, &names, &factors)).err();
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    out.flush()?;
    drop(out);
    unfinished.finish()?;
    let asked = format!("readings {} {rows}", args.span.key());
    journaled::journal(district, EditKind::Export, (target, &[asked], &world), context);
    let mut said = std::io::stdout().lock();
    match context.lang {
        Lang::Zh => writeln!(said, "监测数据 {rows} 行")?,
        Lang::En => writeln!(said, "readings {rows}")?,
    }
    Ok(Done::Well)
}

/// The label is the end of the time, as platforms have it.
fn head(factors: &[Factor]) -> Vec<String> {
    let mut head = ["站点编码", "站点名称", "监测时间"].map(str::to_owned).to_vec();
    head.extend(factors.iter().map(|factor| match factor.unit() {
        "" => factor.key().to_owned(),
        unit => format!("{}({unit})", factor.key()),
    }));
    head.push("标记".to_owned());
    head
}

/// Code and name of every record.
fn names(world: &World) -> BTreeMap<RecordId, (String, String)> {
    let all = world.all();
    let name = |record: &std::sync::Arc<crate::domain::Record>| {
        let code = record.code().unwrap_or_default().to_owned();
        (record.id, (code, record.name().to_owned()))
    };
    all.map(name).collect()
}

fn cells(
    row: &ReadingRow,
    names: &BTreeMap<RecordId, (String, String)>,
    factors: &[Factor],
) -> Vec<String> {
    let (code, name) = names.get(&row.place).cloned().unwrap_or_default();
    let end = clock::office().to_datetime(row.end());
    let mut cells = vec![code, name, end.strftime("%Y-%m-%d %H:%M:%S").to_string()];
    cells.extend(
        factors.iter().map(|factor| {
            row.values.get(factor).map_or_else(String::new, |value| value.to_string())
        }),
    );
    let flags: Vec<String> = row
        .values
        .flags()
        .iter()
        .map(|(factor, flag)| format!("{}={}", factor.key(), flag.as_str()))
        .collect();
    cells.push(flags.join(" "));
    cells
}
