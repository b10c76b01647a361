//! JSON of platforms and services: arrays of objects, `OpenAQ` v3, Open-Meteo.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use geo_types::Coord;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json};

use super::columns::{Role, role};
use super::raw::{Published, RawReading, RawSink, RawTime, SourceStation};
use super::table::TableSink;
use crate::domain::LocalizedText;
use crate::domain::reading::{Factor, FactorValues, Span};
use crate::exchange::meaning::marks::{Measured, measured};
use crate::exchange::{Cell, Error, InRow, Sink as _, StatedCrs, Stop};

/// More than any answer of a platform; it is held in memory.
const MAX_BYTES: u64 = 128 << 20;

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An array of objects, each a station and time.
    Objects,
    OpenAq,
    OpenMeteo,
}

/// Reads a file whole.
pub fn load(path: &Path) -> Result<Json, Error> {
    let file = File::open(path)?;
    let mut text = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        let most_mb = MAX_BYTES >> 20;
        return Err(Error::hostile(
            format!("JSON 整块超过 {most_mb} MB"),
            format!("more than {most_mb} MB of JSON in one piece"),
        ));
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    serde_json::from_slice(text).map_err(|error| Error::broken("JSON", &error))
}

/// `None` of JSON that has no readings in a form that is known.
pub fn shape(json: &Json) -> Option<Shape> {
    let first_of = |json: &Json| match json {
        Json::Array(all) => all.first().cloned(),
        other => Some(other.clone()),
    };
    if first_of(json).is_some_and(|it| it.get("hourly").and_then(|h| h.get("time")).is_some()) {
        return Some(Shape::OpenMeteo);
    }
    let results = json.get("results").and_then(Json::as_array).and_then(|all| all.first());
    if results.is_some_and(|it| it.get("period").is_some() && it.get("parameter").is_some()) {
        return Some(Shape::OpenAq);
    }
    let first = objects(json)?.first()?.as_object()?;
    let names: Vec<String> = first.keys().cloned().collect();
    super::table::is_of_readings(&names, false).then_some(Shape::Objects)
}

/// The first array of objects: the answer itself, or what one of its members holds.
fn objects(json: &Json) -> Option<&Vec<Json>> {
    match json {
        Json::Array(all) if all.first().is_some_and(Json::is_object) => Some(all),
        Json::Object(members) => members.values().find_map(objects),
        _ => None,
    }
}

/// Whether it has the keys of pm25.in, whose values are 0 where there is none.
pub fn is_pm25in(json: &Json) -> bool {
    let first = objects(json).and_then(|all| all.first());
    first.is_some_and(|it| it.get("time_point").is_some() && it.get("pm2_5").is_some())
}

/// The list that a path such as `data.list` leads to; else the first one that there is.
fn list_at<'j>(json: &'j Json, path: Option<&str>) -> Option<&'j Vec<Json>> {
    let Some(path) = path.filter(|path| !path.trim().is_empty()) else { return objects(json) };
    let mut at = json;
    for step in path.split('.').map(str::trim) {
        at = match at {
            Json::Array(all) => all.get(step.parse::<usize>().ok()?)?,
            other => other.get(step)?,
        };
    }
    at.as_array()
}

/// Objects within objects deeper than this are left out.
const MOST_DEPTH: usize = 4;

/// Objects as rows, their keys as columns. Objects within are laid flat: `weather.temperature`.
pub fn read_objects(json: &Json, list: Option<&str>, sink: &mut TableSink<'_>) -> Result<(), Stop> {
    sink.table("", &StatedCrs::Unstated)?;
    for (number, object) in (1..).zip(list_at(json, list).into_iter().flatten()) {
        let mut cells: Vec<Cell<'_>> = Vec::new();
        lay_flat(object, "", 0, sink, &mut cells)?;
        sink.row(InRow { number, cells: &cells, geometry: None })?;
    }
    Ok(())
}

fn lay_flat<'j>(
    object: &'j Json,
    before: &str,
    depth: usize,
    sink: &mut TableSink<'_>,
    cells: &mut Vec<Cell<'j>>,
) -> Result<(), Stop> {
    for (name, value) in object.as_object().into_iter().flatten() {
        let name = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        if value.is_object() {
            if depth < MOST_DEPTH {
                lay_flat(value, &name, depth + 1, sink, cells)?;
            }
            continue;
        }
        let at = sink.column(&name)?;
        if cells.len() <= at {
            cells.resize(at + 1, Cell::Empty);
        }
        if let Some(slot) = cells.get_mut(at) {
            *slot = match value {
                Json::Null | Json::Object(_) | Json::Array(_) => Cell::Empty,
                Json::String(text) => Cell::Text(text.as_str().into()),
                Json::Bool(truth) => Cell::Boolean(*truth),
                Json::Number(number) => Cell::Real(number.as_f64().unwrap_or(f64::NAN)),
            };
        }
    }
    Ok(())
}

/// `OpenAQ` v3: each result has a factor, its unit, and both ends of its time. What a sensor says names no
/// station: then it is the one that a person says (`said`).
pub fn read_open_aq(
    json: &Json,
    said: Option<&SourceStation>,
    sink: &mut dyn RawSink,
) -> Result<(), Stop> {
    let results = json.get("results").and_then(Json::as_array).into_iter().flatten();
    let (mut ppm, mut unnamed) = (0_u64, 0_u64);
    for (row, result) in (1..).zip(results) {
        let words = |zh: &str, en: &str| LocalizedText::new(zh.to_owned(), en.to_owned());
        let instant = |end: &str| -> Option<Timestamp> {
            result.get("period")?.get(end)?.get("utc")?.as_str()?.parse().ok()
        };
        let (Some(from), Some(to)) = (instant("datetimeFrom"), instant("datetimeTo")) else {
            sink.reject(row, words("没有起止时间", "no period"));
            continue;
        };
        let Some(span) = Span::of_seconds(to.duration_since(from).as_secs()) else {
            sink.reject(row, words("时段长度不支持", "a period of a length that is not kept"));
            continue;
        };
        let parameter = result.get("parameter");
        let of = |key: &str| parameter.and_then(|it| it.get(key)).and_then(Json::as_str);
        let (Some(name), Some(value)) = (of("name"), result.get("value").and_then(Json::as_f64))
        else {
            sink.reject(row, words("没有数值", "no value"));
            continue;
        };
        let factor = Factor::named(name);
        let scale = match (&factor, of("units").unwrap_or_default()) {
            (_, "ppm" | "ppb") if factor.column().is_some() => {
                ppm += 1;
                continue;
            }
            (Factor::Co, "µg/m³" | "μg/m³" | "ug/m3") => 0.001,
            _ => 1.0,
        };
        let mut values = FactorValues::default();
        // -999 and its like stand for no value here too.
        if matches!(measured(&value.to_string()), Measured::Value { .. }) {
            values.set(&factor, value * scale);
        }
        let number = |key: &str| result.get("coordinates")?.get(key)?.as_f64();
        let place = number("longitude").zip(number("latitude")).map(|(x, y)| Coord { x, y });
        let text = |key: &str| match result.get(key).or_else(|| json.get(key)) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let code = ["locationId", "location_id", "sensorsId"].map(text);
        let code = code.into_iter().find(|code| !code.is_empty()).unwrap_or_default();
        let mut station = SourceStation { code, name: text("location"), place };
        if station.code.is_empty() && station.name.is_empty() {
            match said {
                Some(said) => station.clone_from(said),
                None => unnamed += 1,
            }
        }
        let station = sink.station(&station);
        let time = RawTime::Exact { start: from, span };
        let published = Published::default();
        sink.reading(&RawReading { row, station, time, values: &values, published })?;
    }
    note_left_out(sink, unnamed, ppm);
    Ok(())
}

fn note_left_out(sink: &mut dyn RawSink, unnamed: u64, ppm: u64) {
    if unnamed > 0 {
        sink.note(LocalizedText::new(
            "文件没有写是哪个站点：请指定整个文件的站点（--station）".to_owned(),
            "the file does not say of which station it is: say whose it is (--station)".to_owned(),
        ));
    }
    if ppm > 0 {
        sink.note(LocalizedText::new(
            format!("{ppm} 个值以 ppm、ppb 计，换算需温度和气压，未计入"),
            format!("{ppm} values in ppm or ppb were left out: to convert them needs temperature and pressure"),
        ));
    }
}

/// Open-Meteo: arrays side by side. Times are local to the answer's zone and of the hour before them.
pub fn read_open_meteo(json: &Json, sink: &mut dyn RawSink) -> Result<(), Stop> {
    let places = match json {
        Json::Array(all) => all.iter().collect(),
        other => vec![other],
    };
    sink.note(LocalizedText::new(
        "Open-Meteo 为模式值，不是实测，不用于报警".to_owned(),
        "Open-Meteo is modelled and not measured: not for alarms".to_owned(),
    ));
    for answer in places {
        let number = |key: &str| answer.get(key).and_then(Json::as_f64);
        let offset_s = number("utc_offset_seconds").unwrap_or(0.0) as i64;
        let place = number("longitude").zip(number("latitude")).map(|(x, y)| Coord { x, y });
        let called =
            place.map_or_else(String::new, |at| format!("Open-Meteo {:.3},{:.3}", at.x, at.y));
        let station = SourceStation { code: String::new(), name: called, place };
        let station = sink.station(&station);
        let Some(hourly) = answer.get("hourly").and_then(Json::as_object) else { continue };
        let times = hourly.get("time").and_then(Json::as_array).cloned().unwrap_or_default();
        let columns = columns(hourly, answer.get("hourly_units"));
        for (at, time) in times.iter().enumerate() {
            let row = at as u64 + 1;
            let Some(end) = instant(time, offset_s) else {
                sink.reject(row, LocalizedText::new("时间读不懂".to_owned(), "no time".to_owned()));
                continue;
            };
            let mut values = FactorValues::default();
            for (factor, scale, numbers) in &columns {
                let value = numbers.get(at).and_then(Json::as_f64);
                let value = value
                    .filter(|value| matches!(measured(&value.to_string()), Measured::Value { .. }));
                if let Some(value) = value {
                    values.set(factor, value * scale);
                }
            }
            let start = end.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(end);
            let time = RawTime::Exact { start, span: Span::Hour };
            let published = Published::default();
            sink.reading(&RawReading { row, station, time, values: &values, published })?;
        }
    }
    Ok(())
}

type Column<'j> = (Factor, f64, &'j Vec<Json>);

fn columns<'j>(hourly: &'j Map<String, Json>, units: Option<&Json>) -> Vec<Column<'j>> {
    let unit = |name: &str| units.and_then(|it| it.get(name)).and_then(Json::as_str).unwrap_or("");
    let column = |(name, values): (&String, &'j Json)| {
        let values = values.as_array()?;
        let factor = match role(name) {
            Some(Role::Values(factor, _)) => factor,
            _ => Factor::Other(name.as_str().into()),
        };
        let scale = match (&factor, unit(name)) {
            // The default of the service is km/h, also where the answer lacks its units.
            (Factor::WindSpeed, "m/s" | "ms") => 1.0,
            (Factor::WindSpeed, "mp/h" | "mph") => 0.44704,
            (Factor::WindSpeed, "kn") => 1852.0 / 3600.0,
            (Factor::WindSpeed, _) => 1.0 / 3.6,
            (Factor::Co, _) => 0.001,
            _ => 1.0,
        };
        Some((factor, scale, values))
    };
    hourly.iter().filter(|(name, _)| *name != "time").filter_map(column).collect()
}

fn instant(time: &Json, offset_s: i64) -> Option<Timestamp> {
    if let Some(seconds) = time.as_i64() {
        return Timestamp::from_second(seconds).ok();
    }
    let local: DateTime = time.as_str()?.parse().ok()?;
    let utc = jiff::tz::Offset::UTC.to_timestamp(local).ok()?;
    utc.checked_sub(SignedDuration::from_secs(offset_s)).ok()
}
