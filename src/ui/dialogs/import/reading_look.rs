//! A look at a file of readings, off the window's thread: surveyed against the world, written nowhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::import_job::{ImportJob, Source, StationWish, Wishes};
use super::look::{Failure, Task};
use crate::domain::{Localized as _, LocalizedText, RecordId, World};
use crate::exchange::readings::{
    FileKind, ReadingOptions, StationIndex, Survey, recognise, remembered, survey,
};
use crate::exchange::{Error, formats};
use crate::intake::file::{FileMark, new_station};
use crate::jobs::{Progress, Reply};
use crate::settings::clock;
use crate::ui::action::DeliverRequest;
use crate::ui::ctx::Ctx;

/// What a look at a file of readings brought.
pub struct ReadingLook {
    pub wishes: Wishes,
    pub parts: Vec<String>,
    pub survey: Arc<Survey>,
    pub options: Arc<ReadingOptions>,
    /// The columns are as somebody said of an earlier file.
    pub is_recalled: bool,
    /// Names of the records that its stations were found to be.
    pub found: Vec<String>,
    path: PathBuf,
    mark: Option<FileMark>,
    /// Holds what was pasted, until it is written.
    pasted: Option<Arc<TempDir>>,
}

/// Rows that a survey reads between two questions whether it is still wanted.
const ROWS_PER_STEP: u64 = 4096;

/// Reads a file of readings and writes nothing; `None` of one that is none.
pub fn look(task: &Task) -> Option<Result<Box<ReadingLook>, Box<Failure>>> {
    if task.wishes.readings.is_meant == Some(false) {
        return None;
    }
    // Whoever reads records says what is wrong with the file.
    let Ok((path, pasted)) = on_disk(&task.source) else { return None };
    let kind = kind(task, &path)?;
    Some(look_at(task, path, pasted, kind).map(Box::new).map_err(|(error, parts)| {
        let LocalizedText { zh, en } = error.localized();
        let wishes = task.wishes.clone();
        let candidates = Vec::new();
        Box::new(Failure { wishes, parts, zh, en, is_datum: false, candidates, report: None })
    }))
}

/// Where the file lies; what was pasted is put where it stays while it is needed.
fn on_disk(source: &Source) -> std::io::Result<(PathBuf, Option<Arc<TempDir>>)> {
    match source {
        Source::File(path) => Ok((path.clone(), None)),
        Source::Pasted(text) => {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("pasted.csv");
            std::fs::write(&path, text)?;
            Ok((path, Some(Arc::new(folder))))
        }
    }
}

fn kind(task: &Task, path: &Path) -> Option<FileKind> {
    let known = recognise(path).ok().flatten();
    let is_meant = task.wishes.readings.is_meant == Some(true);
    let is_remembered = || !remembered(path, task.wishes.part.as_deref(), &task.world).is_empty();
    known.or_else(|| (is_meant || is_remembered()).then_some(FileKind::Table))
}

fn look_at(
    task: &Task,
    path: PathBuf,
    pasted: Option<Arc<TempDir>>,
    kind: FileKind,
) -> Result<ReadingLook, (Error, Vec<String>)> {
    let wishes = task.wishes.clone();
    let mut parts = Vec::new();
    if kind == FileKind::Table
        && let Ok(format) = formats::of_file(&path)
    {
        parts = format.parts(&path).unwrap_or_default();
    }
    if parts.len() < 2 {
        parts.clear();
    }
    let said = &wishes.readings;
    let known = match &said.map {
        None if kind == FileKind::Table => remembered(&path, wishes.part.as_deref(), &task.world),
        _ => Vec::new(),
    };
    let is_recalled = !known.is_empty();
    let station = said.station.trim();
    let options = ReadingOptions {
        overrules: said.overrules,
        map: said.map.clone().unwrap_or(known),
        station: (!station.is_empty()).then(|| station.to_owned()),
        sheet: wishes.part.clone(),
        list: None,
        zero_is_missing: said.zero_is_missing,
        arrived: task.stamp.at,
    };
    let mark = FileMark::of(&path).ok();
    let index = StationIndex::of(&task.world);
    let progress = &task.progress;
    let is_cancelled = || {
        progress.advance(ROWS_PER_STEP);
        progress.is_cancelled()
    };
    let survey = match survey(&path, kind, &options, &index, &is_cancelled) {
        Ok(survey) => survey,
        Err(error) => return Err((error, parts)),
    };
    Ok(ReadingLook {
        found: names(&survey, &task.world),
        wishes,
        parts,
        survey: Arc::new(survey),
        options: Arc::new(options),
        is_recalled,
        path,
        mark,
        pasted,
    })
}

fn names(survey: &Survey, world: &World) -> Vec<String> {
    let name = |id: RecordId| {
        world.get(id).map(|record| {
            let named = Some(record.name()).filter(|name| !name.is_empty());
            named.or(record.code()).unwrap_or_default().to_owned()
        })
    };
    survey.stations.iter().map(|it| it.found.record().and_then(name).unwrap_or_default()).collect()
}

impl ReadingLook {
    /// Rows of stations that are taken.
    pub fn rows(&self, wishes: &Wishes) -> u64 {
        let all = self.survey.stations.iter().enumerate();
        let taken =
            all.filter(|(at, it)| wishes.readings.of(*at, it.found) != StationWish::LeaveOut);
        taken.map(|(_, it)| it.readings).sum()
    }

    /// What the keeper of the file is asked to do, with the records of stations that are made.
    pub fn request(
        &self,
        job: &ImportJob,
        ctx: &Ctx<'_>,
        progress: Progress,
        reply: Reply<(), Option<bool>>,
    ) -> DeliverRequest {
        let stamp = ctx.stamp();
        let mut ids = clock::ids(&stamp);
        let name = job.source.name();
        let mut made = Vec::new();
        let stations = self.survey.stations.iter().enumerate();
        let records = stations.map(|(at, it)| match job.wishes.readings.of(at, it.found) {
            StationWish::AsFound => it.found.record(),
            StationWish::LeaveOut => None,
            StationWish::New(kind) => {
                let record = new_station(it, (self.survey.kind, kind), &name, (&stamp, &mut ids));
                let id = record.id;
                made.push(record);
                Some(id)
            }
        });
        let records = records.collect();
        DeliverRequest {
            path: self.path.clone(),
            name,
            survey: Arc::clone(&self.survey),
            options: Arc::clone(&self.options),
            made,
            records,
            mark: self.mark,
            pasted: self.pasted.clone(),
            stamp,
            ids,
            progress,
            reply,
        }
    }
}
