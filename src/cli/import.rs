//! `shapan import`: files into a district, all of them as one edit. Formats and their meaning are in
//! `exchange`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::Context as _;
use serde_json::Value as Json;

use super::import_readings::{self, ReadingArgs, ReadingReport};
use super::import_report::{row, tell};
use super::{Context, Done, print_json};
use crate::domain::{
    Change, Edit, EditKind, Ids, Kind, Lang, Localized, LocalizedText, Stamp, UnknownKind, World,
};
use crate::exchange::counted::{Counted, NoCounts, empty_hours, read_file};
use crate::exchange::formats;
use crate::exchange::meaning::doubts::{DoubtChoices, OnDoubt};
use crate::exchange::meaning::{self, BroughtCodes, Import, ImportError, Report};
use crate::exchange::readings::{FileKind, StationIndex, recognise, remembered};
use crate::exchange::{self, Format, ReadOptions, Stop};
use crate::geodesy::crs::Crs;
use crate::map::font::LackingChars;
use crate::network::demand::hourly_counts;
use crate::network::plan_lifecycle::PlanRenames;
use crate::settings::clock;
use crate::store::{self, CommitOutcome, Session, Size, Store};

/// Below the options of `--help`.
const MANUAL: &str = "\
Formats: CSV (UTF-8, UTF-16, UTF-32, GB18030), XLSX, XLS, ODS (and the HTML, XML and text that
platforms call .xls), GeoJSON, KML, KMZ and Ovital's .ovkml and .ovkmz, shapefiles (plain or zipped),
GeoPackage, GPX, OpenStreetMap (.osm.pbf, .osm), and zips of them.

1. Say what the coordinates mean. A file that states its CRS is believed, any other needs --crs: GCJ-02
   is off by about 560 m in Hebei, more than the 500 m ring, so nothing is ever guessed. If points that
   the district knows land elsewhere, the report says which datum it looks like. A claim that is known
   to be false is overruled by --override-crs. Places far away are refused with the slip that would
   explain them, unless --far insists.
2. Look first: --dry-run. Columns are found by their Chinese or English names, title rows above the
   header are skipped; degrees may stand as 118.16, 118°9′36″, both in one cell or in three columns.
3. The same code is the same record where name, kind and place do not speak against it: importing again
   updates, never doubles. Rows without coordinates become records without a place; rows that cannot be
   right are returned with the reason and stop nothing else. Columns that no field stands for are kept.
4. A mistake? `shapan undo` takes the whole import back; a dated copy from before it lies in my.backups.

The outline of the district (a polygon in layer `area` with role `district`) clips OpenStreetMap and
catches points that are far away: bring it in first.";

#[derive(clap::Args)]
#[command(after_long_help = MANUAL)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    #[arg(required = true)]
    files: Vec<PathBuf>,

    /// The layer that the rows go to, `reading` for hourly values and the like, or `counts` for the
    /// trucks of each hour at gates (24 columns, or rows of gate, hour, trucks); else found from the
    /// file
    #[arg(long = "as", value_name = "LAYER", value_parser = brought)]
    brought: Option<Brought>,

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
    pub(super) map: Vec<String>,

    /// Sheet of a workbook, layer of a file or document of a KMZ, by name or number
    #[arg(long)]
    pub(super) sheet: Option<String>,

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

    #[command(flatten)]
    pub(super) readings: ReadingArgs,
}

/// What the rows of a file become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brought {
    Layer(Kind),
    Readings,
    /// Trucks of each hour at gates.
    Counts,
}

fn brought(text: &str) -> Result<Brought, String> {
    if ["reading", "readings", "监测数据"].contains(&text) {
        return Ok(Brought::Readings);
    }
    if ["count", "counts", "计数", "分时量"].contains(&text) {
        return Ok(Brought::Counts);
    }
    let kind: Kind = text.parse().map_err(|error: UnknownKind| error.to_string())?;
    if kind.is_brought() {
        Ok(Brought::Layer(kind))
    } else {
        Err(format!("`{text}` is made by the program; bring its readings with `reading`"))
    }
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
    if args.brought == Some(Brought::Counts) {
        return counts(args, context);
    }
    let stamp = clock::stamp(context.by.as_deref());
    let mut ids = clock::ids(&stamp);
    let mut store = Store::open(&args.district)?;
    let world = store.load()?;
    let imports = plan(args, &world, &stamp, &mut ids)?;
    if !args.dry_run {
        store.backup_dated(&stamp, "import")?;
    }
    // Readings fill no layer: its indexes stay where they are.
    let is_of_records = imports.iter().any(|it| matches!(it.what, Planned::Records { .. }));
    let size = if is_of_records { Size::Many } else { Size::Few };
    let session = store.session(&stamp, size)?;
    let (reports, outcome) = all(&imports, args, &world, session, (&stamp, &mut ids))
        .map_err(|error| at(error, &args.district))?;
    store.settled(outcome, &stamp)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let rows: Vec<Json> = reports.iter().map(|report| report.row(context.lang)).collect();
        print_json(&mut out, &rows)?;
    } else {
        for report in &reports {
            match report {
                Told::Records(report) => tell(&mut out, report, context.lang)?,
                Told::Readings(report) => {
                    import_readings::tell(&mut out, report, context.lang)?;
                }
            }
        }
    }
    let is_clean = reports.iter().all(Told::is_clean);
    Ok(if is_clean { Done::Well } else { Done::WithFindings })
}

/// Trucks of each hour: the gates of these names or codes keep them.
fn counts(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let stamp = clock::stamp(context.by.as_deref());
    let options = ReadOptions { sheet: args.sheet.clone(), layer: args.sheet.clone() };
    let mut told = Vec::new();
    for path in &args.files {
        match read_file(path, &options).map_err(|error| UnreadFile::of(path, &error))? {
            Some(Counted::Hourly(hours)) => told.extend(hours),
            _ => return Err(NoCounts.into()),
        }
    }
    let empty = empty_hours(&told);
    let empty: Vec<&str> = empty.iter().map(|words| words.say(context.lang)).collect();
    let mut store = Store::open(&args.district)?;
    let (changes, unknown) = hourly_counts(&store.load()?, &told, &stamp);
    let known = changes.len();
    if known > 0 && !args.dry_run {
        store.backup_dated(&stamp, "import")?;
        store.apply(&Edit::of(changes), &stamp)?;
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        print_json(
            &mut out,
            &serde_json::json!({ "gates": known, "unknown": unknown, "empty_hours": empty }),
        )?;
    } else if context.lang == Lang::Zh {
        writeln!(out, "{known} 个关口有了分时量，所属车流按它分到各小时")?;
        if !unknown.is_empty() {
            writeln!(out, "没有这些关口：{}", unknown.join("、"))?;
        }
        if !empty.is_empty() {
            writeln!(out, "有的小时没有货车或没有计数，按 0 计，请核对：{}", empty.join("、"))?;
        }
    } else {
        writeln!(out, "{known} gates have their hours, and their flows drive in them")?;
        if !unknown.is_empty() {
            writeln!(out, "there is no gate {}", unknown.join(", "))?;
        }
        if !empty.is_empty() {
            let places = empty.join(", ");
            writeln!(out, "hours without trucks, or that nobody counted, count as none: {places}")?;
        }
    }
    Ok(if unknown.is_empty() { Done::Well } else { Done::WithFindings })
}

/// What the database engine complains of, with the file it is about.
pub(super) fn at(error: anyhow::Error, district: &Path) -> anyhow::Error {
    match error.downcast::<store::Error>() {
        Ok(error) => error.at(district).into(),
        Err(other) => other,
    }
}

/// A file, how to read it, and what the person said about it.
struct PlannedImport {
    path: PathBuf,
    file: String,
    what: Planned,
}

enum Planned {
    Records {
        format: &'static dyn Format,
        import: Box<Import>,
    },
    /// With what is remembered of its columns.
    Readings(FileKind, ColumnMap),
}

/// Columns, and what somebody said they are.
pub(super) type ColumnMap = Vec<(String, String)>;

/// Why one of the files was not read, and which: there may be many.
#[derive(Debug)]
pub(super) struct UnreadFile {
    path: PathBuf,
    why: LocalizedText,
}

impl UnreadFile {
    fn of(path: &Path, error: &exchange::Error) -> Self {
        Self { path: path.to_owned(), why: error.localized() }
    }
}

impl std::error::Error for UnreadFile {}

impl std::fmt::Display for UnreadFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.why.en, self.path.display())
    }
}

impl Localized for UnreadFile {
    fn zh(&self) -> String {
        format!("{}：{}", self.why.zh, self.path.display())
    }
}

/// What became of a file.
enum Told {
    Records(Box<Report>),
    Readings(Box<ReadingReport>),
}

impl Told {
    fn is_clean(&self) -> bool {
        match self {
            Self::Records(report) => report.rejected == 0 && report.read > 0,
            Self::Readings(report) => report.is_clean(),
        }
    }

    fn row(&self, lang: Lang) -> Json {
        match self {
            Self::Records(report) => row(report, lang),
            Self::Readings(report) => import_readings::row(report, lang),
        }
    }
}

fn plan(
    args: &Args,
    world: &World,
    stamp: &Stamp,
    ids: &mut Ids,
) -> anyhow::Result<Vec<PlannedImport>> {
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
    let brought = BroughtCodes::default();
    args.files
        .iter()
        .map(|path| {
            let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            if let Some((kind, map)) = kind_of_readings(args, path, world)? {
                let what = Planned::Readings(kind, map);
                return Ok(PlannedImport { path: path.clone(), file: file.into_owned(), what });
            }
            let format = formats::of_file(path).map_err(|error| UnreadFile::of(path, &error))?;
            // Each file counts on from its own stretch of ids.
            let own_ids = ids.fork();
            let import = Import {
                kind: match args.brought {
                    Some(Brought::Layer(kind)) => Some(kind),
                    _ => None,
                },
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
            let what = Planned::Records { format, import: Box::new(import) };
            Ok(PlannedImport { path: path.clone(), file: file.into_owned(), what })
        })
        .collect()
}

/// `None` where it is to be a layer, or is no file of readings by what stands in it.
fn kind_of_readings(
    args: &Args,
    path: &Path,
    world: &World,
) -> anyhow::Result<Option<(FileKind, ColumnMap)>> {
    let map = || remembered(path, args.sheet.as_deref(), world);
    let kind = match args.brought {
        Some(Brought::Layer(_) | Brought::Counts) => Ok::<_, exchange::Error>(None),
        // Of a table that is not known for one of readings the columns are said by `--map`.
        Some(Brought::Readings) => {
            recognise(path).map(|kind| Some(kind.unwrap_or(FileKind::Table)))
        }
        // What cannot be read is told by whoever reads it.
        None => Ok(recognise(path).ok().flatten()),
    };
    Ok(match kind? {
        Some(FileKind::Table) => Some((FileKind::Table, map())),
        Some(kind) => Some((kind, Vec::new())),
        None if args.brought.is_none() => {
            let map = map();
            (!map.is_empty()).then_some((FileKind::Table, map))
        }
        None => None,
    })
}

/// All files as one edit: one that cannot be read leaves nothing of the others either. With the
/// reports what became of the edit.
fn all(
    imports: &[PlannedImport],
    args: &Args,
    world: &World,
    mut session: Session<'_>,
    (stamp, ids): (&Stamp, &mut Ids),
) -> anyhow::Result<(Vec<Told>, CommitOutcome)> {
    let mut reports = Vec::new();
    let mut stations = None;
    let mut notes = Vec::new();
    for planned in imports {
        notes.push(planned.file.clone());
        let (format, import) = match &planned.what {
            Planned::Records { format, import } => (*format, import),
            Planned::Readings(kind, map) => {
                let file = (&*planned.path, *kind, map.clone());
                let stations = stations.get_or_insert_with(|| StationIndex::of(world));
                let by = (stamp, &mut *ids);
                let report = import_readings::one(file, args, stations, &mut session, by)?;
                reports.push(Told::Readings(Box::new(report)));
                continue;
            }
        };
        let same = session.same;
        let mut report = one(&planned.path, format, import, world, &mut session)?;
        session.settle()?;
        // Rows that repeat an earlier one were counted as what they add to it.
        let same = session.same - same;
        report.updated = report.updated.saturating_sub(same);
        report.unchanged += same;
        reports.push(Told::Records(Box::new(report)));
    }
    let is_readings = |planned: &PlannedImport| matches!(planned.what, Planned::Readings(..));
    let kind = if imports.iter().all(is_readings) { EditKind::Deliver } else { EditKind::Import };
    let outcome =
        if args.dry_run { Ok(None) } else { session.commit(kind, Some(notes.join("、"))) };
    Ok((reports, outcome))
}

/// Reading and storing run side by side.
fn one(
    path: &Path,
    format: &'static dyn Format,
    import: &Import,
    world: &World,
    session: &mut Session<'_>,
) -> anyhow::Result<Report> {
    let (sender, receiver) = sync_channel::<Vec<Change>>(16);
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .name("import reader".to_owned())
            .spawn_scoped(scope, move || read((path, format), import, world, &sender))?;
        let stored = store_all(&receiver, session);
        // A reader that waits for room must learn that nobody takes any more.
        drop(receiver);
        let report = reader.join().ok().context("the reader of the file broke down")?;
        stored?;
        match report {
            Err(ImportError::Unreadable(error)) => Err(UnreadFile::of(path, &error).into()),
            report => Ok(report?),
        }
    })
}

fn read(
    (path, format): (&Path, &'static dyn Format),
    import: &Import,
    world: &World,
    sender: &SyncSender<Vec<Change>>,
) -> Result<Report, ImportError> {
    let mut bundle = Vec::with_capacity(BUNDLE);
    let mut names = PlanRenames::of(world, &import.stamp);
    let mut lacking = LackingChars::default();
    let mut report = meaning::import(format, path, import, world, &mut |change| {
        lacking.look(change.after.as_ref().map_or("", |record| record.name()));
        bundle.extend(names.accept(change));
        if bundle.len() < BUNDLE {
            return Ok(());
        }
        let full = std::mem::replace(&mut bundle, Vec::with_capacity(BUNDLE));
        sender.send(full).ok().ok_or(Stop)
    })?;
    bundle.extend(names.followers());
    report.warnings.extend(names.warnings());
    report.warnings.extend(lacking.warning());
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
