//! `shapan rings`: what lies in the rings of the control points.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::ensure;
use serde_json::{Value as Json, json};

use crate::analysis::{
    Count, Index, Inside, Options, code_or_name, control_points, counts, rings, subkind,
};
use crate::domain::{Kind, World};

/// List what lies in the rings of the control points.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file
    pub district: PathBuf,
    /// Radius in metres, in place of each control point's own; several times for several
    #[arg(long, value_name = "M")]
    pub radius: Vec<f64>,
    /// Only this layer; several times for several
    #[arg(long, value_name = "LAYER")]
    pub layer: Vec<Kind>,
    #[arg(long, value_enum, default_value = "csv")]
    pub format: Format,
    /// Count by layer, kind and department instead of listing
    #[arg(long)]
    pub count: bool,
    /// Also the rings of control points that are 停运
    #[arg(long)]
    pub stopped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Csv,
    Json,
}

/// As long as a control point may have one.
const LARGEST_RADIUS_M: f64 = 100_000.0;

const COLUMNS: [&str; 8] =
    ["control_point", "radius_m", "layer", "code", "name", "kind", "distance_m", "length_m"];

const COUNT_COLUMNS: [&str; 8] = [
    "control_point",
    "radius_m",
    "layer",
    "kind",
    "department",
    "count",
    "not_up_to_standard",
    "length_m",
];

/// Prints the answer; what could not be asked about is said on standard error.
pub fn run(args: &Args, world: &World) -> anyhow::Result<()> {
    let options = options(args)?;
    let kinds = if args.layer.is_empty() { &Kind::ALL[..] } else { &args.layer };
    let index = Index::of_kinds(world, kinds);
    let mut notes = io::stderr().lock();
    for note in left_out(world, &index, &options) {
        writeln!(notes, "{note}")?;
    }
    let out = io::BufWriter::new(io::stdout().lock());
    match write(args, &rings(world, &index, &options), out) {
        // Whoever read us has seen enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => Ok(()),
        done => done,
    }
}

fn options(args: &Args) -> anyhow::Result<Options> {
    for radius_m in &args.radius {
        ensure!(
            *radius_m > 0.0 && *radius_m <= LARGEST_RADIUS_M,
            "a radius of {radius_m} m is not between 0 and {LARGEST_RADIUS_M}"
        );
    }
    Ok(Options {
        radii_m: args.radius.clone(),
        kinds: args.layer.clone(),
        with_stopped: args.stopped,
    })
}

fn write(args: &Args, rows: &[Inside<'_>], out: impl io::Write) -> anyhow::Result<()> {
    match (args.count, args.format) {
        (false, Format::Csv) => write_csv(out, &COLUMNS, rows.iter().map(cells)),
        (false, Format::Json) => write_json(out, rows.iter().map(object)),
        (true, Format::Csv) => write_csv(out, &COUNT_COLUMNS, counts(rows).iter().map(count_cells)),
        (true, Format::Json) => write_json(out, counts(rows).iter().map(count_object)),
    }
}

fn write_csv(
    out: impl io::Write,
    columns: &[&str; 8],
    rows: impl Iterator<Item = [String; 8]>,
) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns)?;
    for row in rows {
        csv.write_record(row)?;
    }
    csv.flush()?;
    Ok(())
}

/// One object a line, so that the list can be read by eye and by line.
fn write_json(mut out: impl io::Write, rows: impl Iterator<Item = Json>) -> anyhow::Result<()> {
    let mut before = "[\n";
    for row in rows {
        write!(out, "{before}{row}")?;
        before = ",\n";
    }
    writeln!(out, "{}", if before == "[\n" { "[]" } else { "\n]" })?;
    out.flush()?;
    Ok(())
}

fn cells(row: &Inside<'_>) -> [String; 8] {
    [
        code_or_name(row.control_point).to_owned(),
        row.radius_m.to_string(),
        row.kind.to_string(),
        row.record.code().unwrap_or_default().to_owned(),
        row.record.name().to_owned(),
        subkind(row.record).to_owned(),
        format!("{:.1}", row.distance_m),
        row.length_m.map(|length_m| format!("{length_m:.1}")).unwrap_or_default(),
    ]
}

fn object(row: &Inside<'_>) -> Json {
    json!({
        "control_point": code_or_name(row.control_point),
        "radius_m": number(row.radius_m),
        "layer": row.kind.key(),
        "code": row.record.code(),
        "name": row.record.name(),
        "kind": subkind(row.record),
        "distance_m": tenths(row.distance_m),
        "length_m": row.length_m.map(tenths),
    })
}

fn count_cells(count: &Count<'_>) -> [String; 8] {
    [
        code_or_name(count.control_point).to_owned(),
        count.radius_m.to_string(),
        count.layer.to_string(),
        count.kind.to_owned(),
        count.department.to_owned(),
        count.count.to_string(),
        count.not_up_to_standard.to_string(),
        count.length_m.map(|length_m| format!("{length_m:.1}")).unwrap_or_default(),
    ]
}

fn count_object(count: &Count<'_>) -> Json {
    json!({
        "control_point": code_or_name(count.control_point),
        "radius_m": number(count.radius_m),
        "layer": count.layer.key(),
        "kind": count.kind,
        "department": count.department,
        "count": count.count,
        "not_up_to_standard": count.not_up_to_standard,
        "length_m": count.length_m.map(tenths),
    })
}

/// A whole number without a decimal point, as a person writes a radius.
fn number(value: f64) -> Json {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn tenths(value: f64) -> Json {
    json!((value * 10.0).round() / 10.0)
}

/// What no ring can hold, in words.
fn left_out(world: &World, index: &Index, options: &Options) -> Vec<String> {
    let mut notes: Vec<String> = index
        .unlocated()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} of layer {kind} left out: without position"))
        .collect();
    if control_points(world, options).is_empty() {
        notes.push("no control point with a position: there are no rings".to_owned());
    }
    notes
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        let of_csv = cause.downcast_ref::<csv::Error>().map(csv::Error::kind);
        matches!(of_csv, Some(csv::ErrorKind::Io(error)) if is_broken(error))
            || cause.downcast_ref::<io::Error>().is_some_and(is_broken)
    })
}
