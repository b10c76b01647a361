//! A file of readings that was surveyed, into a session as one delivery.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::SystemTime;

use crate::domain::reading::{DeliveryHead, ReadingRow};
use crate::domain::{
    Ids, Kind, Localized, Record, RecordId, SourceRow, Stamp, Value, WeatherSource,
};
use crate::exchange::readings::{FileKind, ReadingOptions, Survey, SurveyedStation, readings};
use crate::exchange::{self, Stop};
use crate::jobs::Progress;
use crate::store::readings::{Delivering, Put};
use crate::store::{self, Session};

/// A file as it was looked at, by which one that was changed meanwhile is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMark {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl FileMark {
    /// Of the file as it is now.
    pub fn of(path: &Path) -> std::io::Result<Self> {
        let about = std::fs::metadata(path)?;
        Ok(Self { bytes: about.len(), modified: about.modified().ok() })
    }
}

/// A file, what was concluded of it, and whose stations are whose.
#[derive(Clone, Copy)]
pub struct SurveyedFile<'f> {
    pub path: &'f Path,
    /// As the journal names it.
    pub name: &'f str,
    pub survey: &'f Survey,
    pub options: &'f ReadingOptions,
    /// By the number of a station in the survey; rows of one without a record are left out.
    pub records: &'f [Option<RecordId>],
    /// When it was surveyed; [`IntakeError::FileChanged`] where it is another now.
    pub mark: Option<FileMark>,
}

/// What became of the rows of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub new: u64,
    pub versions: u64,
    pub same: u64,
    /// Before 1970, after 2242, or of an hour that has 4096 versions.
    pub refused: u64,
}

/// Why readings do not come in.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Unreadable(#[from] exchange::Error),
    #[error(transparent)]
    Unwritten(#[from] store::Error),
    #[error("the file was changed after it was looked at: look at it again")]
    FileChanged,
    /// How many stations it names, none of which the district knows.
    #[error("none of its {0} stations is in the district: import one file by hand and make them")]
    NoStation(usize),
    #[error("the reader of the file broke down")]
    BrokeDown,
}

impl From<std::io::Error> for IntakeError {
    fn from(error: std::io::Error) -> Self {
        Self::Unreadable(error.into())
    }
}

impl Localized for IntakeError {
    fn zh(&self) -> String {
        match self {
            Self::Unreadable(error) => error.zh(),
            Self::Unwritten(error) => error.zh(),
            Self::FileChanged => "文件在查看之后被改动，请重新查看后再导入".to_owned(),
            Self::NoStation(count) => {
                format!("其中 {count} 个站点区内都没有：请先手工导入一次并新建站点")
            }
            Self::BrokeDown => "读取文件的线程中断".to_owned(),
        }
    }
}

/// What an unknown station of a file is: a control point, of weather alone a weather station.
pub const fn kind_of_new(kind: FileKind) -> Kind {
    match kind {
        FileKind::OpenMeteo | FileKind::Metar => Kind::WeatherStation,
        _ => Kind::ControlPoint,
    }
}

/// The record that a station of a file becomes where the district does not know it.
pub fn new_station(
    from: &SurveyedStation,
    (kind, layer): (FileKind, Kind),
    file: &str,
    (stamp, ids): (&Stamp, &mut Ids),
) -> Record {
    let mut record = Record::new(ids.next(), layer, stamp);
    let text = |text: &str| (!text.is_empty()).then(|| Value::text(text));
    record.set("code", text(&from.station.code));
    record.set("name", text(from.station.called()));
    if kind == FileKind::OpenMeteo && layer == Kind::WeatherStation {
        record.set("source", Some(WeatherSource::Modelled.value()));
    }
    record.geometry = from.station.place.map(|at| geo_types::Point(at).into());
    record.meta.source = Some(SourceRow { file: file.into(), row: 0 });
    record
}

/// Rows travel in bundles.
const BUNDLE: usize = 512;

/// Reads a file once more and stores its readings, as one delivery of the session. Reading and storing
/// run side by side. `progress` counts rows, and stops it with [`exchange::Error::Stopped`]; whoever
/// drops the session then leaves the district as it was.
pub fn deliver(
    file: SurveyedFile<'_>,
    session: &mut Session<'_>,
    (stamp, ids): (&Stamp, &mut Ids),
    progress: &Progress,
) -> Result<Delivered, IntakeError> {
    if file.mark.is_some_and(|mark| FileMark::of(file.path).ok() != Some(mark)) {
        return Err(IntakeError::FileChanged);
    }
    let mut delivery = session.delivery(ids)?;
    let (sender, receiver) = sync_channel::<Vec<ReadingRow>>(16);
    let delivered = std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .name("reading reader".to_owned())
            .spawn_scoped(scope, move || read(file, &sender))?;
        let stored = store(&receiver, &mut delivery, file.survey.rows, progress);
        // A reader that waits for room must learn that nobody takes any more.
        drop(receiver);
        let read = reader.join().ok().ok_or(IntakeError::BrokeDown)?;
        let delivered = stored?;
        read?;
        Ok::<_, IntakeError>(delivered)
    })?;
    if file.mark.is_some_and(|mark| FileMark::of(file.path).ok() != Some(mark)) {
        return Err(IntakeError::FileChanged);
    }
    delivery.finish(session, &head(file), stamp)?;
    Ok(delivered)
}

fn head(file: SurveyedFile<'_>) -> DeliveryHead {
    let findings = file.survey.findings.iter();
    let findings = findings.map(|it| format!("{}：{}", it.conclusion.zh, it.proof.zh));
    DeliveryHead {
        source: file.name.to_owned(),
        format: file.survey.format.to_owned(),
        label: Some(file.survey.reading.label),
        findings: findings.collect(),
        map: file.options.map.clone(),
    }
}

fn read(
    file: SurveyedFile<'_>,
    sender: &SyncSender<Vec<ReadingRow>>,
) -> Result<(), exchange::Error> {
    let mut bundle = Vec::with_capacity(BUNDLE);
    readings(file.path, file.survey, file.options, file.records, &mut |row| {
        bundle.push(row.clone());
        if bundle.len() < BUNDLE {
            return Ok(());
        }
        let full = std::mem::replace(&mut bundle, Vec::with_capacity(BUNDLE));
        sender.send(full).ok().ok_or(Stop)
    })?;
    sender.send(bundle).ok().ok_or(Stop)?;
    Ok(())
}

fn store(
    receiver: &Receiver<Vec<ReadingRow>>,
    delivery: &mut Delivering<'_>,
    rows: u64,
    progress: &Progress,
) -> Result<Delivered, IntakeError> {
    let (mut delivered, mut done) = (Delivered::default(), 0);
    for bundle in receiver {
        if progress.is_cancelled() {
            return Err(exchange::Error::Stopped.into());
        }
        for row in &bundle {
            match delivery.put(row)? {
                Put::New => delivered.new += 1,
                Put::Version => delivered.versions += 1,
                Put::Same => delivered.same += 1,
                Put::OutOfTime | Put::Full => delivered.refused += 1,
            }
        }
        done += bundle.len() as u64;
        progress.set(done, rows.max(done));
    }
    Ok(delivered)
}
