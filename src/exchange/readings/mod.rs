//! Files of readings: what they say, what is concluded of it, and whose readings they are.
//!
//! A file is read twice. [`survey`] hears all of it, gathers evidence of what its labels, units and
//! columns mean ([`Finding`]) and finds its stations in the district ([`Match`]); a person looks, and
//! may say otherwise ([`Overrules`]). [`readings`] then hands on every reading of a known station, in
//! the units of its factor and with both ends of its time. Nothing of a file is held in memory but its
//! list of stations, and JSON, which is one piece.

mod columns;
mod conclude;
mod json;
mod metar;
mod packets;
mod raw;
mod stations;
mod table;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;

pub use columns::Role;
pub use conclude::{Finding, Overrules, Reading};
pub use raw::SourceStation;
pub use stations::{KINDS, Match, StationIndex};

use self::columns::role;
use self::conclude::Evidence;
use self::raw::{RawReading, RawSink, RawTime};
use self::table::TableSink;
use self::time::{TimeLabel, time_label};
use super::{Cell, Error, InRow, ReadOptions, Sink, StatedCrs, Stop, formats};
use crate::domain::reading::{COLUMNS_KEPT, Factor, FactorValues, ReadingRow, Span};
use crate::domain::{Kind, LocalizedText, RecordId, World};
use crate::files::refuse_pipe;

/// What kind of file of readings it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// CSV, a workbook, or another table.
    Table,
    /// An array of objects.
    JsonObjects,
    OpenAq,
    OpenMeteo,
    Metar,
    Hj212,
}

impl FileKind {
    /// As a report names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::JsonObjects => "JSON",
            Self::OpenAq => "OpenAQ",
            Self::OpenMeteo => "Open-Meteo",
            Self::Metar => "METAR",
            Self::Hj212 => "HJ 212",
        }
    }
}

/// What a person says of a file beside what stands in it.
#[derive(Clone, Debug, Default)]
pub struct ReadingOptions {
    pub overrules: Overrules,
    /// What columns are: `(column, target)`, the target a factor's key or `station`, `name`, `lon`, `lat`,
    /// `time`, `date`, `hour`, `skip`; behind a factor may stand the unit of the values: `co@ug/m3`.
    pub map: Vec<(String, String)>,
    /// The station of a file that names none.
    pub station: Option<String>,
    /// Which sheet of a workbook.
    pub sheet: Option<String>,
    /// Where in JSON the list of objects stands, `data.list`; the first that there is, where not said.
    pub list: Option<String>,
    /// Whether 0 is how the source says that there is no value.
    pub zero_is_missing: Option<bool>,
    /// When it came: dates reports that name no month.
    pub arrived: Timestamp,
}

/// A station of a file, and how much it has.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyedStation {
    pub station: SourceStation,
    pub readings: u64,
    pub found: Match,
}

/// A column of a table, what it is taken for, and what stands first in it.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyedColumn {
    pub name: String,
    /// `None` where it means nothing.
    pub role: Option<Role>,
    pub sample: String,
}

/// What is known of a file before any of it is taken.
#[derive(Clone, Debug)]
pub struct Survey {
    pub kind: FileKind,
    /// As [`super::Format::name`] for tables, else [`FileKind::name`].
    pub format: &'static str,
    pub stations: Vec<SurveyedStation>,
    /// Of a table, else empty; of a table with a column a station, those that are none.
    pub columns: Vec<SurveyedColumn>,
    pub reading: Reading,
    pub findings: Vec<Finding>,
    /// Rows, of a station and time each.
    pub rows: u64,
    pub values: u64,
    /// Values that there could be, of the factors that the file has.
    pub possible: u64,
    /// The first start and the last end, as they are taken.
    pub ends: Option<(Timestamp, Timestamp)>,
    pub rejected: u64,
    /// The first hundred.
    pub rejections: Vec<(u64, LocalizedText)>,
    pub notes: Vec<LocalizedText>,
}

/// The hour that is still running is labelled with its end.
const AHEAD: SignedDuration = SignedDuration::from_mins(90);
/// Rejections that are listed.
const MOST_REJECTIONS: usize = 100;
/// What is looked at of a file to see what it is.
const SAMPLE_BYTES: u64 = 1 << 16;

/// What kind of file of readings it is; `None` where it is something else, such as a list of sites.
pub fn recognise(path: &Path) -> Result<Option<FileKind>, Error> {
    refuse_pipe(path)?;
    let mut sample = Vec::new();
    File::open(path)?.take(SAMPLE_BYTES).read_to_end(&mut sample)?;
    let text = String::from_utf8_lossy(&sample);
    let is_of_places =
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("geojson"));
    if is_of_places {
        return Ok(None);
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '[']) && !start.contains("\"FeatureCollection\"") {
        let Ok(json) = json::load(path) else { return Ok(None) };
        return Ok(json::shape(&json).map(|shape| match shape {
            json::Shape::Objects => FileKind::JsonObjects,
            json::Shape::OpenAq => FileKind::OpenAq,
            json::Shape::OpenMeteo => FileKind::OpenMeteo,
        }));
    }
    let is_packet = |line: &str| {
        line.split("##").skip(1).any(|rest| {
            rest.len() > 4
                && rest.bytes().take(4).all(|byte| byte.is_ascii_digit())
                && rest.contains("CP=&&")
        })
    };
    if text.lines().take(50).any(is_packet) {
        return Ok(Some(FileKind::Hj212));
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(20).peekable();
    if lines.peek().is_some_and(|line| metar::is_report(line)) {
        return Ok(Some(FileKind::Metar));
    }
    let Ok(format) = formats::of_file(path) else { return Ok(None) };
    if !format.is_sheet() {
        return Ok(None);
    }
    let mut heads = Heads::default();
    match format.read(path, &ReadOptions::default(), &mut heads) {
        Ok(()) | Err(Error::Stopped) => {}
        Err(error) => return Err(error),
    }
    let is_dated = time_in_name(path).is_some();
    Ok(table::is_of_readings(&heads.columns, is_dated).then_some(FileKind::Table))
}

/// What somebody said of the columns of an earlier file that has all of them too, the latest first:
/// `(column, target)`, for [`ReadingOptions::map`].
pub fn remembered(path: &Path, sheet: Option<&str>, world: &World) -> Vec<(String, String)> {
    let mut deliveries: Vec<_> = world.table(Kind::Delivery).iter().collect();
    deliveries.sort_by_key(|record| std::cmp::Reverse((record.meta.created_at, record.id)));
    let known = deliveries.into_iter().filter_map(|record| {
        let columns = record.extra.as_ref()?.get(COLUMNS_KEPT)?.as_object()?;
        let text = |of: &serde_json::Value| of.as_str().map(str::to_owned);
        columns.iter().map(|(column, of)| Some((column.clone(), text(of)?))).collect()
    });
    let known: Vec<Vec<(String, String)>> = known.collect();
    let Some(format) = formats::of_file(path).ok().filter(|_| !known.is_empty()) else {
        return Vec::new();
    };
    let mut heads = Heads { known: &known, ..Heads::default() };
    let sheet = sheet.map(str::to_owned);
    let options = ReadOptions { sheet: sheet.clone(), layer: sheet };
    // A file that cannot be read says so when it is.
    drop(format.read(path, &options, &mut heads));
    let has = |column: &String| heads.columns.contains(column);
    let fits = |map: &&Vec<(String, String)>| map.iter().all(|(column, _)| has(column));
    known.iter().find(fits).cloned().unwrap_or_default()
}

/// Hears the names of columns and stops at the first row.
#[derive(Default)]
struct Heads<'k> {
    columns: Vec<String>,
    /// Columns that somebody has named before.
    known: &'k [Vec<(String, String)>],
}

impl Sink for Heads<'_> {
    fn table(&mut self, _name: &str, _crs: &StatedCrs) -> Result<(), Stop> {
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        self.columns.push(name.to_owned());
        Ok(self.columns.len() - 1)
    }

    fn row(&mut self, _row: InRow<'_>) -> Result<(), Stop> {
        Err(Stop)
    }

    fn reject(&mut self, _row: u64, _reason: LocalizedText) -> Result<(), Stop> {
        Ok(())
    }

    fn knows(&self, column: &str) -> bool {
        role(column).is_some() || self.known.iter().flatten().any(|(known, _)| known == column)
    }

    fn warn(&mut self, _words: LocalizedText) {}
}

/// Hears all of a file. `is_cancelled` is asked now and then, and ends it with [`Error::Stopped`].
pub fn survey(
    path: &Path,
    kind: FileKind,
    options: &ReadingOptions,
    index: &StationIndex,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Survey, Error> {
    let mut surveyor = Surveyor::new(is_cancelled);
    let format = read(path, kind, options, &mut surveyor)?;
    if let Some((count, row)) = surveyor.negative {
        surveyor.note(conclude::below_zero(count, row));
    }
    let (reading, mut findings) =
        surveyor.evidence.conclude(conclude::usual(kind), options.overrules);
    if reading.span != Span::Day
        && surveyor.factors.iter().any(|factor| factor.deducted_of().is_some())
    {
        surveyor.note(LocalizedText::new(
            "扣沙值按日使用；本文件不是日值，其中扣沙列照存但不计入".to_owned(),
            "dust is deducted by days; this file is of another span: kept, and in no mean"
                .to_owned(),
        ));
    }
    let labelled = surveyor.first.zip(surveyor.last).and_then(|(first, last)| {
        let start = reading.label.start(first, reading.span)?;
        let end = reading.span.end(reading.label.start(last, reading.span)?);
        Some((start, end))
    });
    let ends = match (labelled, surveyor.exact) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    };
    let factors = surveyor.factors.len() as u64;
    let mut stations = surveyor.stations.all;
    findings.extend(conclude::put_coordinates_right(
        &mut stations,
        options.overrules.coordinates_are_swapped,
    ));
    // A model says nothing for a station that measures.
    let of = (kind == FileKind::OpenMeteo).then_some(Kind::WeatherStation);
    let mut found: Vec<Match> = stations.iter().map(|it| index.find(it, of)).collect();
    stations::one_a_place(&mut found);
    let stations = stations.into_iter().zip(surveyor.counts).zip(found);
    let mut notes = surveyor.notes;
    // What a model says of tomorrow is meant so.
    let latest = ends.filter(|_| kind != FileKind::OpenMeteo).map(|(_, last)| last);
    notes
        .extend(latest.filter(|last| *last > options.arrived + AHEAD).map(conclude::still_to_come));
    Ok(Survey {
        kind,
        format,
        columns: surveyor.columns,
        stations: stations
            .map(|((station, readings), found)| SurveyedStation { station, readings, found })
            .collect(),
        reading,
        findings,
        rows: surveyor.rows,
        values: surveyor.values,
        possible: surveyor.rows * factors,
        ends,
        rejected: surveyor.rejected,
        rejections: surveyor.rejections,
        notes,
    })
}

/// Hands on the readings of stations that `records` has a record for, by their number in the survey.
pub fn readings(
    path: &Path,
    survey: &Survey,
    options: &ReadingOptions,
    records: &[Option<RecordId>],
    take: &mut dyn FnMut(&ReadingRow) -> Result<(), Stop>,
) -> Result<(), Error> {
    let nowhere = RecordId(uuid::Uuid::nil());
    let row = ReadingRow {
        place: nowhere,
        span: survey.reading.span,
        start: Timestamp::UNIX_EPOCH,
        values: FactorValues::default(),
    };
    let stations = Stations::default();
    let mut taker = Taker { stations, records, reading: survey.reading, row, take };
    read(path, survey.kind, options, &mut taker).map(drop)
}

/// Reads a file into a sink; the name of its format.
fn read(
    path: &Path,
    kind: FileKind,
    options: &ReadingOptions,
    sink: &mut dyn RawSink,
) -> Result<&'static str, Error> {
    let stopped = |done: Result<(), Stop>| done.map_err(Error::from);
    let map: Vec<(String, Role)> = options.map.iter().filter_map(mapped).collect();
    let station = options.station.as_deref().map(|code| SourceStation {
        code: code.to_owned(),
        name: code.to_owned(),
        place: None,
    });
    match kind {
        FileKind::Table => {
            let format = formats::of_file(path)?;
            let sheet = options.sheet.clone();
            let of_sheet = ReadOptions { sheet: sheet.clone(), layer: sheet };
            let zero = options.zero_is_missing.unwrap_or(false);
            let ends_open = format.name() == "csv" && ends_within_a_line(path)?;
            let mut table = TableSink::new(sink, &map, station.as_ref(), zero, ends_open);
            table.time_of_all = time_in_name(path);
            format.read(path, &of_sheet, &mut table)?;
            stopped(table.finish())?;
            return Ok(format.name());
        }
        FileKind::JsonObjects => {
            let json = json::load(path)?;
            // pm25.in and its heirs write 0 where there is no value.
            let zero = options.zero_is_missing.unwrap_or_else(|| json::is_pm25in(&json));
            let mut table = TableSink::new(sink, &map, station.as_ref(), zero, false);
            stopped(json::read_objects(&json, options.list.as_deref(), &mut table))?;
            stopped(table.finish())?;
        }
        FileKind::OpenAq => {
            stopped(json::read_open_aq(&json::load(path)?, station.as_ref(), sink))?;
        }
        FileKind::OpenMeteo => stopped(json::read_open_meteo(&json::load(path)?, sink))?,
        FileKind::Metar => {
            let lines = BufReader::new(File::open(path)?);
            stopped(metar::read(lines, options.arrived, sink)?)?;
        }
        FileKind::Hj212 => stopped(packets::read(path, sink)?)?,
    }
    Ok(kind.name())
}

/// The hour that a file is called after, `2026-03-08T11.csv`: that of all rows where no column says one.
fn time_in_name(path: &Path) -> Option<TimeLabel> {
    let name = path.file_stem()?.to_str()?;
    time_label(name).filter(|label| !label.is_date && (2000..2100).contains(&label.at.year()))
}

/// Whether the last byte of a file is no line end.
fn ends_within_a_line(path: &Path) -> Result<bool, Error> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// What a person says that a column is; one that is to be left out is derived.
fn mapped((column, target): &(String, String)) -> Option<(String, Role)> {
    (!column.is_empty()).then(|| (column.clone(), Role::said(target, column)))
}

/// Numbers stations in the order in which they come.
#[derive(Default)]
struct Stations {
    all: Vec<SourceStation>,
    by_name: FxHashMap<(String, String), usize>,
}

impl Stations {
    fn number(&mut self, station: &SourceStation) -> usize {
        let key = (station.code.clone(), station.name.clone());
        *self.by_name.entry(key).or_insert_with(|| {
            self.all.push(station.clone());
            self.all.len() - 1
        })
    }
}

struct Surveyor<'c> {
    stations: Stations,
    columns: Vec<SurveyedColumn>,
    counts: Vec<u64>,
    evidence: Evidence,
    first: Option<jiff::civil::DateTime>,
    last: Option<jiff::civil::DateTime>,
    exact: Option<(Timestamp, Timestamp)>,
    rows: u64,
    values: u64,
    factors: BTreeSet<Factor>,
    rejected: u64,
    rejections: Vec<(u64, LocalizedText)>,
    notes: Vec<LocalizedText>,
    /// Concentrations below 0: how many, and the row of the first.
    negative: Option<(u64, u64)>,
    is_cancelled: &'c dyn Fn() -> bool,
}

impl<'c> Surveyor<'c> {
    /// Which has heard nothing yet.
    fn new(is_cancelled: &'c dyn Fn() -> bool) -> Self {
        Self {
            stations: Stations::default(),
            columns: Vec::new(),
            counts: Vec::new(),
            evidence: Evidence::new(),
            first: None,
            last: None,
            exact: None,
            rows: 0,
            values: 0,
            factors: BTreeSet::default(),
            rejected: 0,
            rejections: Vec::new(),
            notes: Vec::new(),
            negative: None,
            is_cancelled,
        }
    }
}

impl RawSink for Surveyor<'_> {
    fn station(&mut self, station: &SourceStation) -> usize {
        let number = self.stations.number(station);
        self.counts.resize(self.stations.all.len(), 0);
        number
    }

    fn columns(&mut self, columns: &[(String, Option<Role>)], first: &[Cell<'_>]) {
        let is_wide = columns.iter().any(|(_, role)| *role == Some(Role::Type));
        for (at, (name, role)) in columns.iter().enumerate() {
            let is_new = !self.columns.iter().any(|known| known.name == *name);
            if is_new && !(is_wide && role.is_none()) {
                let text = first.get(at).map(|cell| cell.to_text());
                let sample = text.iter().flat_map(|text| text.chars()).take(30).collect();
                self.columns.push(SurveyedColumn {
                    name: name.clone(),
                    role: role.clone(),
                    sample,
                });
            }
        }
    }

    fn reading(&mut self, reading: &RawReading<'_>) -> Result<(), Stop> {
        const ASK_EACH: u64 = 4096;
        self.rows += 1;
        if self.rows.is_multiple_of(ASK_EACH) && (self.is_cancelled)() {
            return Err(Stop);
        }
        self.values += reading.values.count() as u64;
        for (factor, value) in reading.values.iter() {
            if value < 0.0 && factor.unit().ends_with("g/m³") {
                self.negative.get_or_insert((0, reading.row)).0 += 1;
            }
            if !self.factors.contains(&factor) {
                self.factors.insert(factor);
            }
        }
        if let Some(count) = self.counts.get_mut(reading.station) {
            *count += 1;
        }
        match reading.time {
            RawTime::Label(TimeLabel { at, .. }) => {
                self.first = Some(self.first.map_or(at, |first| first.min(at)));
                self.last = Some(self.last.map_or(at, |last| last.max(at)));
            }
            RawTime::Exact { start, span } => {
                let end = span.end(start);
                let (first, last) = self.exact.unwrap_or((start, end));
                self.exact = Some((first.min(start), last.max(end)));
            }
        }
        self.evidence.add(reading);
        Ok(())
    }

    fn reject(&mut self, row: u64, reason: LocalizedText) {
        self.rejected += 1;
        if self.rejections.len() < MOST_REJECTIONS {
            self.rejections.push((row, reason));
        }
    }

    fn note(&mut self, words: LocalizedText) {
        if !self.notes.contains(&words) {
            self.notes.push(words);
        }
    }
}

struct Taker<'t> {
    stations: Stations,
    records: &'t [Option<RecordId>],
    reading: Reading,
    row: ReadingRow,
    take: &'t mut dyn FnMut(&ReadingRow) -> Result<(), Stop>,
}

impl RawSink for Taker<'_> {
    fn station(&mut self, station: &SourceStation) -> usize {
        self.stations.number(station)
    }

    fn reading(&mut self, reading: &RawReading<'_>) -> Result<(), Stop> {
        let Some(Some(record)) = self.records.get(reading.station) else { return Ok(()) };
        let time = match reading.time {
            RawTime::Exact { start, span } => Some((start, span)),
            RawTime::Label(TimeLabel { at, .. }) => {
                let span = self.reading.span;
                self.reading.label.start(at, span).map(|start| (start, span))
            }
        };
        let Some((start, span)) = time else { return Ok(()) };
        (self.row.place, self.row.start, self.row.span) = (*record, start, span);
        self.row.values.clone_from(reading.values);
        let values = &mut self.row.values;
        if self.reading.ozone_is_swapped {
            values.set(&Factor::O3, reading.published.ozone_maximum);
        }
        if self.reading.co_in_micrograms
            && let Some(value) = values.get(&Factor::Co)
        {
            values.set(&Factor::Co, value / 1000.0);
        }
        if self.reading.pressure_in_kilopascals
            && let Some(value) = values.get(&Factor::Pressure)
        {
            values.set(&Factor::Pressure, value * 10.0);
        }
        if values.is_empty() {
            return Ok(());
        }
        (self.take)(&self.row)
    }

    fn reject(&mut self, _row: u64, _reason: LocalizedText) {}

    fn note(&mut self, _words: LocalizedText) {}
}
