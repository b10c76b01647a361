//! A look at a file, off the window's thread: read against the world, written nowhere.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use geo_types::{Coord, Geometry};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::counts::Counted;
use super::import_job::{SYSTEMS, Source, Wishes};
use super::import_progress::WithProgress;
use super::reading_look::{self, ReadingLook};
use crate::analysis::ledger::incoming::{Incoming, incoming};
use crate::domain::item::civil;
use crate::domain::{Change, Localized as _, LocalizedText, Stamp, World};
use crate::exchange::formats;
use crate::exchange::formats::csv::Csv;
use crate::exchange::meaning::outline::{MappedColumn, header, signature};
use crate::exchange::meaning::{self, Import, ImportError, MappingTarget, Report};
use crate::exchange::{Error, Format};
use crate::geodesy::crs::Crs;
use crate::geodesy::wkb;
use crate::jobs::Progress;
use crate::map::font::LackingChars;
use crate::network::plan_lifecycle::PlanRenames;

/// All that a look needs of the window.
pub struct Task {
    pub source: Source,
    pub wishes: Wishes,
    pub stamp: Stamp,
    pub world: Arc<World>,
    /// How headers were read before, by signature.
    pub known: BTreeMap<String, Json>,
    pub progress: Progress,
}

/// What a look at the file brought.
pub struct Look {
    /// With what was remembered of a file like this.
    pub wishes: Wishes,
    pub signature: String,
    /// Sheets, layers or documents to choose from; empty where there is one.
    pub parts: Vec<String>,
    pub report: Arc<Report>,
    pub changes: Arc<Vec<Change>>,
    /// The rows behind the figures of the report.
    pub counted: Counted,
    /// Those of the changes that are items of the ledger, held against it.
    pub items: Vec<Incoming>,
    /// When the records of it are said to have come in.
    pub at: Timestamp,
    /// Some places on WGS-84 degrees, as they would be stored.
    pub places: Vec<Coord<f64>>,
}

/// What a file turned out to hold.
pub enum Seen {
    Records(Box<Look>),
    Readings(Box<ReadingLook>),
}

/// A look that came to nothing.
pub struct Failure {
    pub wishes: Wishes,
    pub parts: Vec<String>,
    pub zh: String,
    pub en: String,
    pub is_datum: bool,
    /// The places under each datum under which there are any, where only the datum is missing.
    pub candidates: Vec<(Crs, Vec<Coord<f64>>)>,
    /// What the first of them makes of the columns, which come before the datum.
    pub report: Option<Arc<Report>>,
}

impl Failure {
    /// Whether the columns are understood, so that only the datum remains to be asked: every row has
    /// its name and its place.
    pub fn is_clear(&self) -> bool {
        let is_name = |column: &MappedColumn| column.target == MappingTarget::Field(NAME);
        let report = self.report.as_ref().filter(|_| !self.candidates.is_empty());
        report.is_some_and(|report| {
            let has_names = report.tables.iter().all(|table| table.columns.iter().any(is_name));
            has_names && report.rejected == 0
        })
    }
}

/// The position of the field `name` in every kind.
const NAME: u8 = 1;

/// Places that the preview shows.
const MOST_PLACES: usize = 4000;

/// Reads a file against the world and writes nothing.
pub fn look(task: Task) -> Result<Seen, Box<Failure>> {
    if let Some(seen) = reading_look::look(&task) {
        return seen.map(Seen::Readings);
    }
    look_at_records(task).map(Seen::Records)
}

fn look_at_records(task: Task) -> Result<Box<Look>, Box<Failure>> {
    let Task { source, mut wishes, .. } = task;
    let file = source.name();
    let mut parts = Vec::new();
    let mut columns = Vec::new();
    let read = with_file(&source, |format, path| {
        parts = format.parts(path).unwrap_or_default();
        // What is wrong with the file is said when it is read in earnest. A map of a province is
        // gone through whole before its first row, and its columns are always the same.
        if format.name() != "osm" {
            columns = header(format, path, &wishes.options()).unwrap_or_default();
        }
        wishes.recall(&columns, &task.known);
        let order = wishes.order(file.clone(), &task.stamp);
        read_all(format, path, &order, &task.world, &task.progress)
    });
    if parts.len() < 2 {
        parts.clear();
    }
    let error = match read {
        Ok((report, changes)) => {
            return Ok(Box::new(Look {
                wishes,
                signature: signature(&columns),
                parts,
                report: Arc::new(report),
                places: places_of(&changes),
                counted: Counted::of(&changes),
                items: incoming(&task.world, &changes, civil(task.stamp.at)),
                at: task.stamp.at,
                changes: Arc::new(changes),
            }));
        }
        Err(error) => error,
    };
    let is_datum = matches!(error, ImportError::DatumUnknown { .. });
    let mut candidates = Vec::new();
    let mut report = None;
    if is_datum {
        // Read under each, so that a person can see which one fits.
        for (crs, _) in SYSTEMS.iter().take(3) {
            let mut order = wishes.order(file.clone(), &task.stamp);
            order.crs = Some(crs.clone());
            let under = with_file(&source, |format, path| {
                read_all(format, path, &order, &task.world, &task.progress)
            });
            let Ok((under, changes)) = under else { continue };
            report.get_or_insert_with(|| Arc::new(under));
            let places = places_of(&changes);
            if !places.is_empty() {
                candidates.push((crs.clone(), places));
            }
        }
    }
    let LocalizedText { zh, en } = words(&error, candidates.is_empty());
    Err(Box::new(Failure { wishes, parts, zh, en, is_datum, candidates, report }))
}

fn words(error: &ImportError, is_nowhere: bool) -> LocalizedText {
    match error {
        ImportError::DatumUnknown { .. } if is_nowhere => LocalizedText::new(
            "没有读出一个地点：请在下面指明经度和纬度（或坐标）是哪几列",
            "No place could be read: say below which columns are longitude and latitude",
        ),
        ImportError::DatumUnknown { .. } => LocalizedText::new(
            "请先核对各列，再选择坐标系：文件没有说明坐标系",
            "Check the columns, then choose the datum, which the file does not say",
        ),
        error => error.localized(),
    }
}

/// What was pasted is read from a file that is gone afterwards.
fn with_file<T>(
    source: &Source,
    work: impl FnOnce(&dyn Format, &Path) -> Result<T, ImportError>,
) -> Result<T, ImportError> {
    match source {
        Source::File(path) => work(formats::of_file(path)?, path),
        Source::Pasted(text) => {
            let folder = tempfile::tempdir().map_err(Error::Io)?;
            let path = folder.path().join("pasted.csv");
            std::fs::write(&path, text).map_err(Error::Io)?;
            work(&Csv, &path)
        }
    }
}

type Read = Result<(Report, Vec<Change>), ImportError>;

fn read_all(
    format: &dyn Format,
    path: &Path,
    order: &Import,
    world: &World,
    progress: &Progress,
) -> Read {
    let mut changes = Vec::new();
    let mut names = PlanRenames::of(world, &order.stamp);
    let mut lacking = LackingChars::default();
    let mut take = |change: Change| {
        lacking.look(change.after.as_ref().map_or("", |record| record.name()));
        changes.extend(names.accept(change));
        Ok(())
    };
    let mut report =
        meaning::import(&WithProgress { format, progress }, path, order, world, &mut take)?;
    changes.extend(names.followers());
    report.warnings.extend(names.warnings());
    report.warnings.extend(lacking.warning());
    Ok((report, changes))
}

fn places_of(changes: &[Change]) -> Vec<Coord<f64>> {
    let every = changes.len().div_ceil(MOST_PLACES).max(1);
    let geometry =
        |change: &Change| change.after.as_ref().and_then(|record| record.geometry.clone());
    changes
        .iter()
        .step_by(every)
        .filter_map(geometry)
        .filter_map(|shape: Geometry<f64>| {
            let bounds = wkb::bounds(&shape)?;
            Some(bounds.middle())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::dialogs::import::import_job::ImportJob;

    fn task(text: &str) -> Task {
        let at = Timestamp::from_millisecond(1_795_420_800_000).unwrap();
        let job = ImportJob::new(vec![Source::Pasted(text.to_owned())]).unwrap();
        Task {
            source: job.source,
            wishes: job.wishes,
            stamp: Stamp { actor: "王工".into(), at },
            world: Arc::default(),
            known: BTreeMap::new(),
            progress: Progress::default(),
        }
    }

    #[test]
    fn rows_of_one_code_are_counted_as_the_one_record_that_they_become() {
        let look = look_at_records(task("编码\t名称\nA\t甲\nA\t甲\nB\t丙\n")).ok().unwrap();
        assert_eq!((look.report.added, look.report.updated), (2, 1));
        assert_eq!(look.signature, "编码|名称");
        assert!(look.parts.is_empty());
    }

    #[test]
    fn a_look_that_is_given_up_stops_at_once_even_where_nothing_is_new() {
        let task = task("名称\n甲\n乙\n");
        let progress = task.progress.clone();
        progress.cancel();
        assert!(look(task).is_err());
        assert_eq!(progress.done(), 1);
    }

    #[test]
    fn columns_that_are_not_understood_come_before_the_datum() {
        let nameless = look(task("代号\t经度\t纬度\n甲\t118.1\t39.8\n")).err().unwrap();
        assert!(nameless.is_datum && !nameless.is_clear());
        let nowhere = look(task("名称\t经度\t纬度\n甲\t39.8\t118.1\n")).err().unwrap();
        assert!(nowhere.candidates.is_empty() && !nowhere.is_clear());
        assert!(nowhere.zh.contains("指明经度和纬度"), "{}", nowhere.zh);
        assert_eq!(nowhere.report.unwrap().tables.len(), 1);
    }

    #[test]
    fn without_a_datum_the_places_come_back_under_each() {
        let failure = look(task("名称\t经度\t纬度\n甲\t118.1\t39.8\n")).err().unwrap();
        assert!(failure.is_datum && failure.is_clear());
        assert_eq!(failure.candidates.len(), 3);
        assert!(failure.candidates.iter().all(|(_, places)| places.len() == 1));
    }
}
