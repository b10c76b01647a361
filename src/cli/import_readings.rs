//! `shapan import` of files of readings: what is concluded of one, whose readings they are, and the
//! delivery that they become. Formats are `exchange::readings`, the tables `store::readings`.

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::import::{Args, at};
use crate::domain::reading::{Clock, LabelEnd, LabelRule, Span};
use crate::domain::{Change, Ids, Lang, Stamp};
use crate::exchange::readings::{
    FileKind, Match, Overrules, ReadingOptions, SourceStation, StationIndex, Survey,
    SurveyedStation, survey,
};
use crate::intake::file::{
    Delivered, IntakeError, SurveyedFile, deliver, kind_of_new, new_station,
};
use crate::jobs::Progress;
use crate::settings::clock;
use crate::store::Session;

/// What overrules the conclusions that a file suggests.
#[derive(clap::Args)]
#[command(next_help_heading = "Files of readings")]
pub(crate) struct ReadingArgs {
    /// What its labels of hours are, against what the values show: start, end, start-utc, end-utc
    #[arg(long, value_parser = label)]
    label: Option<LabelRule>,

    /// How long the time of a label is: hour, day, instant, 1min, 5min, 10min, …
    #[arg(long, value_parser = span)]
    span: Option<Span>,

    /// Whether what is called O3 is the running maximum: yes or no
    #[arg(long, value_parser = yes_or_no, value_name = "yes|no")]
    swap_o3: Option<bool>,

    /// The unit of CO: mg or ug
    #[arg(long, value_parser = ["mg", "ug"])]
    co: Option<String>,

    /// The unit of pressure: hpa or kpa
    #[arg(long, value_parser = ["hpa", "kpa"])]
    pressure: Option<String>,

    /// Whether latitude and longitude of its stations are the other way round: yes or no
    #[arg(long, value_parser = yes_or_no, value_name = "yes|no")]
    swap_coordinates: Option<bool>,

    /// Whether 0 is how the source says that there is no value: yes or no
    #[arg(long, value_parser = yes_or_no, value_name = "yes|no")]
    zero_is_missing: Option<bool>,

    /// The station of a file that names none, by code or name
    #[arg(long)]
    station: Option<String>,

    /// Make control points (of weather alone: weather stations) of stations that the district does not
    /// know; else their readings are left out
    #[arg(long)]
    new_stations: bool,
}

fn label(text: &str) -> Result<LabelRule, String> {
    let (end, clock) = text.split_once('-').unwrap_or((text, "utc8"));
    let end = match end {
        "start" => LabelEnd::Start,
        "end" => LabelEnd::End,
        _ => return Err("start, end, start-utc or end-utc".to_owned()),
    };
    let clock = if clock == "utc" { Clock::Utc } else { Clock::Utc8 };
    Ok(LabelRule { end, clock })
}

fn span(text: &str) -> Result<Span, String> {
    let known = || Span::ALL.map(Span::key).join(", ");
    Span::ALL.into_iter().find(|span| span.key() == text).ok_or_else(known)
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("yes or no".to_owned()),
    }
}

impl ReadingArgs {
    /// With what is remembered of the columns where nothing is said of them.
    fn options(
        &self,
        args: &Args,
        remembered: Vec<(String, String)>,
        stamp: &Stamp,
    ) -> ReadingOptions {
        // `--map` says FIELD=COLUMN.
        let map = args.map.iter().filter_map(|pair| pair.split_once('='));
        let map = map.map(|(field, column)| (column.trim().to_owned(), field.trim().to_owned()));
        ReadingOptions {
            overrules: Overrules {
                label: self.label,
                span: self.span,
                ozone_is_swapped: self.swap_o3,
                co_in_micrograms: self.co.as_deref().map(|unit| unit == "ug"),
                pressure_in_kilopascals: self.pressure.as_deref().map(|unit| unit == "kpa"),
                coordinates_are_swapped: self.swap_coordinates,
            },
            map: if args.map.is_empty() { remembered } else { map.collect() },
            station: self.station.clone(),
            sheet: args.sheet.clone(),
            list: None,
            zero_is_missing: self.zero_is_missing,
            arrived: stamp.at,
        }
    }
}

/// What became of a file of readings.
pub(super) struct ReadingReport {
    file: String,
    survey: Survey,
    /// Stations that were not known and are records now.
    made: u64,
    delivered: Delivered,
    /// Rows of stations that nobody knows.
    left_out: u64,
}

impl ReadingReport {
    pub(super) const fn is_clean(&self) -> bool {
        self.survey.rejected == 0 && self.survey.rows > 0 && self.delivered.refused == 0
    }
}

/// Looks at a file, then writes its readings as one delivery of the session.
pub(super) fn one(
    (path, kind, remembered): (&Path, FileKind, Vec<(String, String)>),
    args: &Args,
    index: &mut StationIndex,
    session: &mut Session<'_>,
    (stamp, ids): (&Stamp, &mut Ids),
) -> anyhow::Result<ReadingReport> {
    let options = args.readings.options(args, remembered, stamp);
    let survey = survey(path, kind, &options, index, &|| false)?;
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut report =
        ReadingReport { file, made: 0, delivered: Delivered::default(), left_out: 0, survey };
    let mut records = Vec::new();
    for station in &report.survey.stations {
        let known = station.found.record();
        let made = match known {
            None if args.readings.new_stations => {
                let record =
                    new_station(station, (kind, kind_of_new(kind)), &report.file, (stamp, ids));
                let id = record.id;
                index.add(&record);
                session.write(&Change::create(record))?;
                report.made += 1;
                Some(id)
            }
            known => known,
        };
        report.left_out += if made.is_none() { station.readings } else { 0 };
        records.push(made);
    }
    let file = SurveyedFile {
        path,
        name: &report.file,
        survey: &report.survey,
        options: &options,
        records: &records,
        mark: None,
    };
    let done = deliver(file, session, (stamp, ids), &Progress::default());
    report.delivered = done.map_err(|error| match error {
        IntakeError::Unwritten(error) => at(error.into(), path),
        IntakeError::Unreadable(error) => error.into(),
        other => other.into(),
    })?;
    Ok(report)
}

/// Stations of one sort that a screen has room for.
const MOST_STATIONS: usize = 12;

/// One screen, for a person.
pub(super) fn tell(out: &mut impl Write, report: &ReadingReport, lang: Lang) -> io::Result<()> {
    let ReadingReport { file, survey, delivered, left_out, made } = report;
    let Delivered { new, versions, same, refused } = delivered;
    let Survey { format, rows, values, possible, rejected, .. } = survey;
    let missing =
        if *possible == 0 { 0.0 } else { 100.0 - 100.0 * *values as f64 / *possible as f64 };
    let ends = survey.ends.map(|(from, to)| format!("{} – {}", local(from), local(to)));
    let ends = match (ends, lang) {
        (Some(ends), Lang::Zh) => format!("{ends} 北京时间"),
        (Some(ends), Lang::En) => format!("{ends} UTC+8"),
        (None, Lang::Zh) => "没有可用的时段".to_owned(),
        (None, Lang::En) => "no time that can be used".to_owned(),
    };
    match lang {
        Lang::Zh => writeln!(
            out,
            "{file} → 监测数据（{format}）：{ends}；行 {rows}，值 {values}，缺测 {missing:.1} %；新增 {new}，新版本 {versions}，重复 {same}，未识别站点 {left_out}，退回 {}；新建站点 {made}",
            rejected + refused
        )?,
        Lang::En => writeln!(
            out,
            "{file} → readings ({format}): {ends}; rows {rows}, values {values}, {missing:.1} % missing; new {new}, new versions {versions}, known {same}, of unknown stations {left_out}, rejected {}; stations made {made}",
            rejected + refused
        )?,
    }
    for finding in &survey.findings {
        let overruled = match (finding.is_overruled, lang) {
            (false, _) => "",
            (true, Lang::Zh) => "（与数据显示的不同）",
            (true, Lang::En) => " (against what the values show)",
        };
        let (conclusion, proof) = (finding.conclusion.say(lang), finding.proof.say(lang));
        writeln!(out, "  = {conclusion}{overruled}：{proof}")?;
    }
    stations(out, survey, lang)?;
    for note in &survey.notes {
        writeln!(out, "  ! {}", note.say(lang))?;
    }
    for (row, reason) in survey.rejections.iter().take(8) {
        match lang {
            Lang::Zh => writeln!(out, "  × 第 {row} 行：{}", reason.zh)?,
            Lang::En => writeln!(out, "  × row {row}: {}", reason.en)?,
        }
    }
    Ok(())
}

fn stations(out: &mut impl Write, survey: &Survey, lang: Lang) -> io::Result<()> {
    let (known, unknown): (Vec<_>, Vec<_>) =
        survey.stations.iter().partition(|it| it.found.record().is_some());
    for station in known.iter().take(MOST_STATIONS) {
        let how = how(station.found, lang);
        let SourceStation { code, name, .. } = &station.station;
        let called = format!("{code} {name}");
        writeln!(out, "  · {} ({how}) {}", called.trim(), station.readings)?;
    }
    let names = |of: &[&SurveyedStation]| {
        let names: Vec<&str> =
            of.iter().take(MOST_STATIONS).map(|it| it.station.called()).map(unless_empty).collect();
        let more = if of.len() > MOST_STATIONS { " …" } else { "" };
        format!("{}{more}", names.join("、"))
    };
    if known.len() > MOST_STATIONS {
        writeln!(out, "  · … {}", known.len())?;
    }
    if !unknown.is_empty() {
        let (n, names) = (unknown.len(), names(&unknown));
        match lang {
            Lang::Zh => {
                writeln!(out, "  ? {n} 个站点区内没有：{names}（--new-stations 新建，否则不计）")?;
            }
            Lang::En => {
                writeln!(
                    out,
                    "  ? {n} stations are not in the district: {names} (--new-stations makes them)"
                )?;
            }
        }
    }
    Ok(())
}

/// A file that names no station has one without a name.
fn unless_empty(called: &str) -> &str {
    if called.is_empty() { "?" } else { called }
}

fn how(found: Match, lang: Lang) -> String {
    match (found, lang) {
        (Match::Code(_), Lang::Zh) => "按编码".to_owned(),
        (Match::Code(_), Lang::En) => "by code".to_owned(),
        (Match::Name(_), Lang::Zh) => "按名称".to_owned(),
        (Match::Name(_), Lang::En) => "by name".to_owned(),
        (Match::Place(_, metres), Lang::Zh) => format!("按位置，相距 {metres:.0} 米"),
        (Match::Place(_, metres), Lang::En) => format!("by place, {metres:.0} m"),
        (Match::Unknown, Lang::Zh) => "未识别".to_owned(),
        (Match::Unknown, Lang::En) => "unknown".to_owned(),
    }
}

/// Civil time of the office.
pub(super) fn local(at: Timestamp) -> String {
    clock::office().to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// All of it, for programs.
pub(super) fn row(report: &ReadingReport, lang: Lang) -> Json {
    let survey = &report.survey;
    let findings: Vec<Json> = survey
        .findings
        .iter()
        .map(|finding| {
            json!({
                "about": finding.about,
                "conclusion": finding.conclusion.say(lang),
                "proof": finding.proof.say(lang),
                "overruled": finding.is_overruled,
            })
        })
        .collect();
    let stations: Vec<Json> = survey
        .stations
        .iter()
        .map(|station| {
            json!({
                "code": station.station.code,
                "name": station.station.name,
                "rows": station.readings,
                "found": how(station.found, Lang::En),
                "record": station.found.record().map(|id| id.to_string()),
            })
        })
        .collect();
    let rejections: Vec<Json> = survey
        .rejections
        .iter()
        .map(|(row, reason)| json!({ "row": row, "reason": reason.say(lang) }))
        .collect();
    let notes: Vec<&str> = survey.notes.iter().map(|note| note.say(lang)).collect();
    json!({
        "file": report.file,
        "format": survey.format,
        "layer": "reading",
        "label": survey.reading.label.to_string(),
        "span": survey.reading.span.key(),
        "begins_at": survey.ends.map(|(from, _)| from.to_string()),
        "ends_at": survey.ends.map(|(_, to)| to.to_string()),
        "rows": survey.rows,
        "values": survey.values,
        "possible": survey.possible,
        "new": report.delivered.new,
        "versions": report.delivered.versions,
        "known": report.delivered.same,
        "of_unknown_stations": report.left_out,
        "stations_made": report.made,
        "rejected": survey.rejected + report.delivered.refused,
        "findings": findings,
        "stations": stations,
        "rejections": rejections,
        "notes": notes,
    })
}
