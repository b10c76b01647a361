//! `shapan import`: files into a district, all of them as one edit. Formats and their meaning are in
//! `exchange`.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::Context as _;
use serde_json::{Value as Json, json};

use super::{Context, Done, print_json};
use crate::domain::{Change, EditKind, Kind, Lang, Stamp, World};
use crate::exchange::formats;
use crate::exchange::meaning::{self, Import, ImportError, OnDouble, Rejection, Report};
use crate::exchange::{Format, ReadOptions, Stop};
use crate::geodesy::crs::Crs;
use crate::network::plan_lifecycle::PlanRenames;
use crate::settings::clock;
use crate::store::{self, Session, Size, Store};

#[derive(clap::Args)]
pub(crate) struct Args {
    district: PathBuf,

    #[arg(required = true)]
    files: Vec<PathBuf>,

    /// The layer that the rows go to; else found from the file
    #[arg(long = "as", value_name = "LAYER")]
    layer: Option<Kind>,

    /// What the coordinates mean where the file does not say it:
    /// wgs84, cgcs2000, gcj02, bd09, epsg:4547, epsg:4548, …
    #[arg(long)]
    crs: Option<String>,

    /// What the coordinates mean whatever the file claims: for files whose claim is known to be false,
    /// such as a KML that holds GCJ-02
    #[arg(long, value_name = "CRS", conflicts_with = "crs")]
    override_crs: Option<String>,

    /// Take places outside of China or far from the district as they are, instead of refusing them
    #[arg(long)]
    far: bool,

    /// Which column holds a field, against the guess; `extra=COLUMN` keeps it as an attribute,
    /// `skip=COLUMN` leaves it out
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,

    /// Sheet of a workbook, layer of a file or document of a KMZ, by name or number
    #[arg(long)]
    sheet: Option<String>,

    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Answer as a JSON array, one object a file
    #[arg(long)]
    json: bool,
}

/// Changes travel in bundles, because handing over one at a time costs more than making it.
const BUNDLE: usize = 512;

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let stamp = clock::stamp(context.by.as_deref());
    let imports = plan(args, &stamp)?;
    let mut store = Store::open(&args.district)?;
    let world = store.load()?;
    if !args.dry_run {
        store.backup_dated(&stamp, "import")?;
    }
    let session = store.session(&stamp, Size::Many)?;
    let (reports, outcome) =
        all(&imports, &world, session, args.dry_run).map_err(|error| at(error, &args.district))?;
    store.settled(outcome, &stamp)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let rows: Vec<Json> = reports.iter().map(|report| row(report, context.lang)).collect();
        print_json(&mut out, &rows)?;
    } else {
        for report in &reports {
            tell(&mut out, report, context.lang)?;
        }
    }
    Ok(Done::Well)
}

/// What the database engine complains of, with the file it is about.
fn at(error: anyhow::Error, district: &Path) -> anyhow::Error {
    match error.downcast::<store::Error>() {
        Ok(error) => error.at(district).into(),
        Err(other) => other,
    }
}

/// A file, how to read it, and what the person said about it.
struct PlannedImport {
    path: PathBuf,
    format: &'static dyn Format,
    import: Import,
}

fn plan(args: &Args, stamp: &Stamp) -> anyhow::Result<Vec<PlannedImport>> {
    let crs = args.crs.as_deref().map(Crs::from_str).transpose().context("--crs")?;
    let overriding = args.override_crs.as_deref().map(Crs::from_str).transpose();
    let overriding = overriding.context("--override-crs")?;
    let map = args
        .map
        .iter()
        .map(|pair| match pair.split_once('=') {
            Some((field, column)) => Ok((field.trim().to_owned(), column.trim().to_owned())),
            None => anyhow::bail!("--map {pair}: write FIELD=COLUMN"),
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut ids = clock::ids(stamp);
    args.files
        .iter()
        .map(|path| {
            let format = formats::of_file(path).map_err(ImportError::Unreadable)?;
            let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            // Each file counts on from its own stretch of ids.
            let own_ids = ids.fork();
            let import = Import {
                kind: args.layer,
                crs: overriding.clone().or_else(|| crs.clone()),
                crs_overrules: overriding.is_some(),
                takes_far: args.far,
                map: map.clone(),
                on_double: OnDouble::Ignore,
                options: ReadOptions { sheet: args.sheet.clone(), layer: args.sheet.clone() },
                file: file.as_ref().into(),
                stamp: stamp.clone(),
                ids: own_ids,
            };
            Ok(PlannedImport { path: path.clone(), format, import })
        })
        .collect()
}

/// All files as one edit: one that cannot be read leaves nothing of the others either. With the
/// reports what became of the edit.
fn all(
    imports: &[PlannedImport],
    world: &World,
    mut session: Session<'_>,
    is_dry: bool,
) -> anyhow::Result<(Vec<Report>, Result<Option<u64>, store::Error>)> {
    let mut reports = Vec::new();
    let mut notes = Vec::new();
    for planned in imports {
        let (merged, same) = (session.merged, session.same);
        let mut report = one(planned, world, &mut session)?;
        let (merged, same) = (session.merged - merged, session.same - same);
        report.added = report.added.saturating_sub(merged + same);
        report.updated += merged;
        report.unchanged += same;
        notes.push(planned.import.file.to_string());
        reports.push(report);
    }
    let outcome =
        if is_dry { Ok(None) } else { session.commit(EditKind::Import, Some(notes.join("、"))) };
    Ok((reports, outcome))
}

/// Reading and storing run side by side.
fn one(
    planned: &PlannedImport,
    world: &World,
    session: &mut Session<'_>,
) -> anyhow::Result<Report> {
    let (sender, receiver) = sync_channel::<Vec<Change>>(16);
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .name("import reader".to_owned())
            .spawn_scoped(scope, move || read(planned, world, &sender))?;
        let stored = store_all(&receiver, session);
        // A reader that waits for room must learn that nobody takes any more.
        drop(receiver);
        let report = reader.join().ok().context("the reader of the file broke down")?;
        stored?;
        Ok(report?)
    })
}

fn read(
    planned: &PlannedImport,
    world: &World,
    sender: &SyncSender<Vec<Change>>,
) -> Result<Report, ImportError> {
    let mut bundle = Vec::with_capacity(BUNDLE);
    let mut names = PlanRenames::of(world, &planned.import.stamp);
    let mut report =
        meaning::import(planned.format, &planned.path, &planned.import, world, &mut |change| {
            bundle.extend(names.accept(change));
            if bundle.len() < BUNDLE {
                return Ok(());
            }
            let full = std::mem::replace(&mut bundle, Vec::with_capacity(BUNDLE));
            sender.send(full).ok().ok_or(Stop)
        })?;
    bundle.extend(names.followers());
    report.warnings.extend(names.warnings());
    sender.send(bundle).ok().ok_or(ImportError::Stopped(Stop))?;
    Ok(report)
}

fn store_all(
    receiver: &Receiver<Vec<Change>>,
    session: &mut Session<'_>,
) -> Result<(), store::Error> {
    for bundle in receiver {
        for change in &bundle {
            session.write(change)?;
        }
    }
    Ok(())
}

fn row(report: &Report, lang: Lang) -> Json {
    let layers: Vec<&str> = report.layers.iter().map(|kind| kind.key()).collect();
    let rejections: Vec<Json> = report
        .rejections
        .iter()
        .map(|rejected| {
            json!({
                "row": rejected.row,
                "field": rejected.field,
                "value": rejected.value,
                "reason": rejected.reason.say(lang),
            })
        })
        .collect();
    let warnings: Vec<&str> = report.warnings.iter().map(|warning| warning.say(lang)).collect();
    json!({
        "file": report.file,
        "format": report.format,
        "layer": layers.join(","),
        "crs": report.crs,
        "read": report.read,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "unlocated": report.unlocated,
        "rejected": report.rejected,
        "rejections": rejections,
        "warnings": warnings,
    })
}

fn tell(out: &mut impl std::io::Write, report: &Report, lang: Lang) -> std::io::Result<()> {
    let layers: Vec<&str> = report.layers.iter().map(|kind| kind.label().say(lang)).collect();
    let layers = layers.join("、");
    let Report { file, crs, read, added, updated, unchanged, unlocated, rejected, .. } = report;
    match lang {
        Lang::Zh => writeln!(
            out,
            "{file} → {layers}（{crs}）：读 {read}，新增 {added}，更新 {updated}，未变 {unchanged}，无坐标 {unlocated}，退回 {rejected}"
        )?,
        Lang::En => writeln!(
            out,
            "{file} → {layers} ({crs}): read {read}, added {added}, updated {updated}, unchanged {unchanged}, unlocated {unlocated}, rejected {rejected}"
        )?,
    }
    for warning in &report.warnings {
        writeln!(out, "  ! {}", warning.say(lang))?;
    }
    for rejection in report.rejections.iter().take(20) {
        writeln!(out, "  × {}", told(rejection, report.format, lang))?;
    }
    Ok(())
}

/// One rejected row in a line. The Chinese reason names the field itself.
fn told(rejection: &Rejection, format: &str, lang: Lang) -> String {
    let Rejection { row, field, value, reason, .. } = rejection;
    let reason = reason.say(lang);
    let is_sheet = formats::ALL.iter().any(|known| known.name() == format && known.is_sheet());
    match (lang, is_sheet) {
        (Lang::En, _) => format!("{row} {field} `{value}`: {reason}"),
        (Lang::Zh, true) => format!("第 {row} 行：{reason}{}", shown(value)),
        (Lang::Zh, false) => format!("要素 {row}：{reason}{}", shown(value)),
    }
}

fn shown(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("（{value}）") }
}
