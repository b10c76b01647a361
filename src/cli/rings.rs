//! `shapan rings`: what lies in the rings of the control points.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::ensure;
use serde_json::{Value as Json, json};

use super::{Context, Done, as_of};
use crate::analysis::{
    Index, Inside, RingCount, RingOptions, code_or_name, control_points, counts, rings,
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
    pub format: RingsFormat,
    /// Count by layer, kind and department instead of listing
    #[arg(long)]
    pub count: bool,
    /// Also the rings of control points that are 停运
    #[arg(long)]
    pub stopped: bool,
}

/// How the rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RingsFormat {
    Csv,
    Json,
}

/// As long as a control point may have one.
const LARGEST_RADIUS_M: f64 = 100_000.0;

const COLUMNS: [&str; 8] =
    ["control_point", "radius_m", "layer", "code", "name", "kind", "distance_m", "length_m"];

const COUNT_COLUMNS: [&str; 9] = [
    "control_point",
    "radius_m",
    "layer",
    "kind",
    "department",
    "count",
    "inspected",
    "not_up_to_standard",
    "length_m",
];

/// Prints the answer; what could not be asked about is said on standard error.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let world = &as_of::load(&args.district, context.as_of)?.0;
    let options = options(args)?;
    let kinds = if args.layer.is_empty() { &Kind::ALL[..] } else { &args.layer };
    let index = Index::of_kinds(world, kinds);
    let mut notes = io::stderr().lock();
    for note in left_out(world, &index, &options) {
        writeln!(notes, "{note}")?;
    }
    let out = io::BufWriter::new(io::stdout().lock());
    write(args, &rings(world, &index, &options), out)?;
    Ok(Done::Well)
}

fn options(args: &Args) -> anyhow::Result<RingOptions> {
    for radius_m in &args.radius {
        ensure!(
            *radius_m > 0.0 && *radius_m <= LARGEST_RADIUS_M,
            "a radius of {radius_m} m is not between 0 and {LARGEST_RADIUS_M}"
        );
    }
    Ok(RingOptions {
        radii_m: args.radius.clone(),
        kinds: args.layer.clone(),
        with_stopped: args.stopped,
    })
}

fn write(args: &Args, rows: &[Inside<'_>], out: impl io::Write) -> anyhow::Result<()> {
    match (args.count, args.format) {
        (false, RingsFormat::Csv) => write_csv(out, &COLUMNS, rows.iter().map(cells)),
        (false, RingsFormat::Json) => write_json(out, rows.iter().map(object)),
        (true, RingsFormat::Csv) => {
            write_csv(out, &COUNT_COLUMNS, counts(rows).iter().map(count_cells))
        }
        (true, RingsFormat::Json) => write_json(out, counts(rows).iter().map(count_object)),
    }
}

fn write_csv<const COLUMNS: usize>(
    out: impl io::Write,
    columns: &[&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
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
        row.record.subkind().to_owned(),
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
        "kind": row.record.subkind(),
        "distance_m": tenths(row.distance_m),
        "length_m": row.length_m.map(tenths),
    })
}

fn count_cells(count: &RingCount<'_>) -> [String; 9] {
    [
        code_or_name(count.control_point).to_owned(),
        count.radius_m.to_string(),
        count.layer.to_string(),
        count.kind.to_owned(),
        count.department.to_owned(),
        count.count.to_string(),
        count.inspections.inspected.to_string(),
        count.inspections.failing.to_string(),
        count.length_m.map(|length_m| format!("{length_m:.1}")).unwrap_or_default(),
    ]
}

fn count_object(count: &RingCount<'_>) -> Json {
    json!({
        "control_point": code_or_name(count.control_point),
        "radius_m": number(count.radius_m),
        "layer": count.layer.key(),
        "kind": count.kind,
        "department": count.department,
        "count": count.count,
        "inspected": count.inspections.inspected,
        "not_up_to_standard": count.inspections.failing,
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

/// What no ring can hold, and who has no ring, in words.
fn left_out(world: &World, index: &Index, options: &RingOptions) -> Vec<String> {
    let mut notes: Vec<String> = index
        .unlocated()
        .filter(|(kind, count)| *count > 0 && kind.has_place())
        .map(|(kind, count)| format!("left out: {count} of layer {kind} without a position"))
        .collect();
    let placeless = world.table(Kind::ControlPoint).iter().filter(|at| at.geometry.is_none());
    match placeless.count() {
        0 => {}
        count => notes.push(format!("without rings: {count} control points without a position")),
    }
    if control_points(world, options).is_empty() {
        notes.push("no control point in operation has a position: there are no rings".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Ids, Stamp};

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: Args,
    }

    fn args(words: &[&str]) -> Args {
        let words = ["rings", "district.gpkg"].iter().chain(words);
        Command::try_parse_from(words).unwrap().args
    }

    fn sample() -> World {
        let stamp = Stamp { actor: "test".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        crate::sample::records(&stamp, &mut ids).into_iter().collect()
    }

    fn printed(words: &[&str]) -> String {
        let (args, world) = (args(words), sample());
        let index = Index::of(&world);
        let rows = rings(&world, &index, &options(&args).unwrap());
        let mut out = Vec::new();
        write(&args, &rows, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_list_has_its_columns_and_one_decimal() {
        let text = printed(&["--layer", "road", "--radius", "250.5", "--radius", "200"]);
        let mut lines = text.lines();
        let header = "control_point,radius_m,layer,code,name,kind,distance_m,length_m";
        assert_eq!(lines.next(), Some(header));
        let row = text.lines().find(|line| line.starts_with("3576A,250.5,road,SL-R14,")).unwrap();
        assert!(row.starts_with("3576A,250.5,road,SL-R14,区政府北街(示意),residential,"), "{row}");
        let numbers: Vec<&str> = row.split(',').skip(6).collect();
        assert!(numbers.iter().all(|n| n.split_once('.').is_some_and(|(_, d)| d.len() == 1)));
        assert!(text.lines().any(|line| line.starts_with("3576A,200,road,")));
    }

    #[test]
    fn json_says_the_same_with_numbers_as_numbers() {
        let rows: Vec<Json> = serde_json::from_str(&printed(&["--format", "json"])).unwrap();
        assert_eq!(rows.len() + 1, printed(&[]).lines().count());
        let keys: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
        assert_eq!(keys, COLUMNS.each_ref());
        assert!(rows.iter().all(|row| row["distance_m"].is_f64() && row["radius_m"].is_i64()));
        let roads = rows.iter().filter(|row| row["layer"] == "road");
        assert!(roads.into_iter().all(|row| row["length_m"].is_f64()));
    }

    #[test]
    fn counts_add_up_to_the_list() {
        let counted: Vec<Json> =
            serde_json::from_str(&printed(&["--count", "--format", "json"])).unwrap();
        let sum: u64 = counted.iter().filter_map(|row| row["count"].as_u64()).sum();
        assert_eq!(sum as usize + 1, printed(&[]).lines().count());
        assert!(printed(&["--count"]).starts_with(&COUNT_COLUMNS.join(",")));
    }

    #[test]
    fn no_rows_are_an_empty_list() {
        assert_eq!(printed(&["--layer", "camera", "--radius", "1", "--format", "json"]), "[]\n");
    }

    #[test]
    fn a_radius_that_is_none_is_refused() {
        for radius in ["0", "-5", "NaN", "inf", "1e9"] {
            let words = format!("--radius={radius}");
            assert!(options(&args(&[&words])).is_err(), "{radius}");
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        let world = sample();
        let notes = left_out(&world, &Index::of(&world), &RingOptions::default());
        let said =
            |layer: &str, n: u32| format!("left out: {n} of layer {layer} without a position");
        assert_eq!(notes, [said("area", 23), said("item", 5)]);
        let notes = left_out(&World::default(), &Index::default(), &RingOptions::default());
        assert_eq!(notes.len(), 1);
    }
}
