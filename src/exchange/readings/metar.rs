//! Lines of METAR.

use std::io::BufRead;

use jiff::Timestamp;

use super::raw::{Published, RawReading, RawSink, RawTime, SourceStation};
use crate::domain::LocalizedText;
use crate::domain::reading::{Factor, FactorValues, Flag, Span};
use crate::exchange::formats::metar::Metar;
use crate::exchange::{Error, Stop};

/// Whether a line is a report.
pub fn is_report(line: &str) -> bool {
    Metar::read(without_stamp(line).1).is_some()
}

/// A report names no month: the date that some sources put before it (`2026-11-29 12:00 METAR …`,
/// `2026/11/29 12:00`, `202611291200 METAR …`) says it.
fn without_stamp(line: &str) -> (Option<Timestamp>, &str) {
    let line = line.trim();
    let Some(at) = line.find(|c: char| c.is_ascii_uppercase()) else { return (None, line) };
    let (before, report) = line.split_at(at);
    let label = super::time::time_label(before.trim().trim_end_matches([',', ';']));
    let stamp = label.and_then(|label| jiff::tz::Offset::UTC.to_timestamp(label.at).ok());
    (stamp, report)
}

/// Reads report after report. `arrived` dates those that nothing else does: their day of the month is
/// the last that is no later than a day after it.
pub fn read(
    lines: impl BufRead,
    arrived: Timestamp,
    sink: &mut dyn RawSink,
) -> Result<Result<(), Stop>, Error> {
    let mut latest = None;
    let mut undated = 0_u64;
    for (row, line) in (1..).zip(lines.lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let (stamp, report) = without_stamp(&line);
        latest = stamp.or(latest);
        undated += u64::from(latest.is_none());
        let read = Metar::read(report);
        let at = read.as_ref().and_then(|it| it.at(latest.unwrap_or(arrived)));
        let (Some(report), Some(at)) = (read, at) else {
            sink.reject(row, LocalizedText::new("不是 METAR 报".to_owned(), "no METAR".to_owned()));
            continue;
        };
        if let Err(stop) = one(&report, at, row, sink) {
            return Ok(Err(stop));
        }
    }
    if undated > 0 {
        sink.note(LocalizedText::new(
            format!("{undated} 份报文没有年月，按导入时间向前推定"),
            format!("{undated} reports name no month: the last before the import is taken"),
        ));
    }
    Ok(Ok(()))
}

fn one(report: &Metar, at: Timestamp, row: u64, sink: &mut dyn RawSink) -> Result<(), Stop> {
    let mut values = FactorValues::default();
    if let Some(wind) = report.wind {
        values.set(&Factor::WindSpeed, wind.speed_m_s);
        if wind.is_at_least {
            values.flag(&Factor::WindSpeed, Flag::new("T"));
        }
        if let Some(from) = wind.from_deg {
            values.set(&Factor::WindDirection, from);
        }
        if let Some(gust) = wind.gust_m_s {
            values.set(&Factor::named("gust"), gust);
        }
    }
    let others = [
        (Factor::Temperature, report.temperature_c),
        (Factor::named("露点"), report.dew_point_c),
        // Reduced to sea level: not the pressure of the station.
        (Factor::named("qnh"), report.sea_level_hpa),
    ];
    for (factor, value) in others {
        if let Some(value) = value {
            values.set(&factor, value);
        }
    }
    let code = report.station.clone();
    let station = sink.station(&SourceStation { code, ..SourceStation::default() });
    let time = RawTime::Exact { start: at, span: Span::Instant };
    let published = Published::default();
    sink.reading(&RawReading { row, station, time, values: &values, published })
}
