//! `shapan withdraw`: a delivery of readings that was a mistake counts no more; without one, the list
//! of deliveries.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{bail, ensure};
use serde_json::{Value as Json, json};

use super::import_readings::local;
use super::{Context, Done, print_json};
use crate::domain::{DeliveryState, Kind, Lang, Record, World};
use crate::settings::clock;
use crate::store::readings::{repeated_by, withdrawal};
use crate::store::{DistrictReader, Store};

/// Withdraw a delivery of readings, or list the deliveries
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// Which one: its number in the list or its id
    delivery: Option<String>,

    /// Why, for the journal
    #[arg(long, requires = "delivery")]
    reason: Option<String>,

    /// The list as JSON
    #[arg(long, conflicts_with = "delivery")]
    json: bool,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let Some(wanted) = &args.delivery else { return list(args, context.lang) };
    let reason = args.reason.as_deref().unwrap_or_default().trim();
    ensure!(!reason.is_empty(), "say why with --reason");
    let stamp = clock::stamp(context.by.as_deref());
    let mut store = Store::open(&args.district)?;
    let world = store.load()?;
    let all = deliveries(&world);
    let by_number = wanted.parse::<usize>().ok().and_then(|number| all.get(number.checked_sub(1)?));
    let found = by_number.or_else(|| all.iter().find(|record| record.id.to_string() == *wanted));
    let Some(record) = found else {
        bail!(
            "there is no delivery `{wanted}`; `shapan withdraw {}` lists them",
            args.district.display()
        );
    };
    let Some(edit) = withdrawal(record, reason, &stamp) else {
        bail!("the delivery of {} is withdrawn already", record.name());
    };
    let repeated: Vec<&str> = repeated_by(&world, record).iter().map(|it| it.name()).collect();
    store.apply(&edit, &stamp)?;
    let mut out = std::io::stdout().lock();
    match context.lang {
        Lang::Zh => writeln!(out, "已撤回 {}：{reason}（shapan undo 可恢复）", record.name())?,
        Lang::En => {
            writeln!(out, "withdrawn: {}: {reason} (shapan undo takes it back)", record.name())?;
        }
    }
    if !repeated.is_empty() {
        let names = repeated.join("、");
        match context.lang {
            Lang::Zh => writeln!(
                out,
                "注意：之后的 {names} 与它有重复的行，这些行只存在被撤回的批次里，现已不计；请把这些文件再导入一次"
            )?,
            Lang::En => writeln!(
                out,
                "note: {names} came later and repeated rows of it, which are stored with it alone and count no more: import these files once more"
            )?,
        }
    }
    Ok(Done::Well)
}

/// In the order in which they came.
fn deliveries(world: &World) -> Vec<&Arc<Record>> {
    let mut all: Vec<&Arc<Record>> = world.table(Kind::Delivery).iter().collect();
    all.sort_by_key(|record| (record.meta.created_at, record.id));
    all
}

fn list(args: &Args, lang: Lang) -> anyhow::Result<Done> {
    let world = DistrictReader::open(&args.district)?.load()?;
    let all = deliveries(&world);
    let mut out = std::io::stdout().lock();
    if args.json {
        let rows: Vec<Json> = all.iter().map(|record| row(record)).collect();
        print_json(&mut out, &rows)?;
        return Ok(Done::Well);
    }
    for (number, record) in (1..).zip(&all) {
        let state = DeliveryState::of(record).map_or("", |state| state.label().say(lang));
        let because = record.text("withdrawn_because");
        writeln!(
            out,
            "{number}\t{}\t{}\t{}\t{}\t{} – {}\t{state} {because}",
            local(record.meta.created_at),
            record.meta.created_by,
            record.name(),
            record.get("values").map_or_else(String::new, crate::domain::Value::to_cell),
            end(record, "begins_at"),
            end(record, "ends_at"),
        )?;
    }
    Ok(Done::Well)
}

/// A moment of a delivery on the clock of the office, as people read it.
fn end(record: &Record, key: &str) -> String {
    record.text(key).parse().map_or_else(|_| record.text(key).to_owned(), local)
}

fn row(record: &Record) -> Json {
    let values = record.values().map(|(field, value)| (field.key.to_owned(), value.to_json()));
    let mut row: serde_json::Map<String, Json> = values.collect();
    row.insert("id".to_owned(), record.id.to_string().into());
    row.insert("arrived_at".to_owned(), record.meta.created_at.to_string().into());
    row.insert("arrived_by".to_owned(), json!(&*record.meta.created_by));
    row.into()
}
