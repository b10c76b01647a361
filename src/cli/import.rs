//! `shapan import`: files into a district, all of them as one edit. Formats and their meaning are in
//! `exchange`.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::Context as _;
use serde_json::Value as Json;

use super::import_report::{row, tell};
use super::{Context, Done, print_json};
use crate::domain::{Change, EditKind, Kind, Stamp, World};
use crate::exchange::formats;
use crate::exchange::meaning::doubts::{DoubtChoices, OnDoubt};
use crate::exchange::meaning::{self, BroughtCodes, Import, ImportError, Report};
use crate::exchange::{Format, ReadOptions, Stop};
use crate::geodesy::crs::Crs;
use crate::network::plan_lifecycle::PlanRenames;
use crate::settings::clock;
use crate::store::{self, CommitOutcome, Session, Size, Store};

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

    /// What becomes of rows that may be a record of the district: its code under another name, or its
    /// name beside it. `new` loses nothing: the row is a record of its own, and the code is kept as
    /// an attribute; `same` takes it for that record and updates it; `leave-out` takes it not at all
    #[arg(long, value_enum, default_value = "new", value_name = "WHAT")]
    doubtful: Doubtful,

    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Answer as a JSON array, one object a file
    #[arg(long)]
    json: bool,
}

/// [`OnDoubt`] as the command line spells it.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Doubtful {
    New,
    Same,
    LeaveOut,
}

impl Doubtful {
    fn choices(self) -> DoubtChoices {
        let all = match self {
            Self::New => OnDoubt::New,
            Self::Same => OnDoubt::Same,
            Self::LeaveOut => OnDoubt::LeaveOut,
        };
        DoubtChoices { all, ..DoubtChoices::default() }
    }
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
    let is_clean = reports.iter().all(|report| report.rejected == 0 && report.read > 0);
    Ok(if is_clean { Done::Well } else { Done::WithFindings })
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
    let brought = BroughtCodes::default();
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
                doubts: args.doubtful.choices(),
                brought: brought.clone(),
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
) -> anyhow::Result<(Vec<Report>, CommitOutcome)> {
    let mut reports = Vec::new();
    let mut notes = Vec::new();
    for planned in imports {
        let same = session.same;
        let mut report = one(planned, world, &mut session)?;
        session.settle()?;
        // Rows that repeat an earlier one were counted as what they add to it.
        let same = session.same - same;
        report.updated = report.updated.saturating_sub(same);
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
