//! GeoJSON → rows: collections feature by feature, and any number of objects one after another.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::coordinates::fault;
use super::feature::Object;
use super::stream::{Stream, malformed};
use crate::domain::{LocalizedText, Text, json_fault};
use crate::exchange::formats::archive::explained;
use crate::exchange::formats::columns::DiscoveredColumns;
use crate::exchange::formats::decode::sniff;
use crate::exchange::formats::messages::{ESRI_JSON, TOPOJSON};
use crate::exchange::{Cell, Error, Sink, StatedCrs};

/// How much of the end of a file is searched for a `crs` that stands behind the features.
const TAIL_BYTES: u64 = 1 << 16;

/// How much of the beginning is looked at for lines that are no JSON.
const HEAD_BYTES: u64 = 1 << 16;

const NO_NAN: Text = Text::new(
    "NaN 和 Infinity 不是 JSON 的数字，按空值读取",
    "NaN and Infinity, which JSON has not, are read as empty",
);

/// Streams the rows of the file into the sink.
pub fn read(path: &Path, sink: &mut dyn Sink) -> Result<(), Error> {
    let sniffed = sniff(File::open(path)?, "GeoJSON", |_| None)?;
    if let Some(warning) = sniffed.warning() {
        sink.warn(warning);
    }
    let mut stream = Stream::new(sniffed.reader(File::open(path)?));
    let mut reader = FeatureReader {
        path,
        sink,
        columns: DiscoveredColumns::default(),
        number: 0,
        announced: None,
        has_warned_of_nan: false,
    };
    for _ in 0..broken_first_lines(sniffed.reader(File::open(path)?))? {
        reader.broken_line(&mut stream)?;
    }
    while let Some(first) = stream.peek()? {
        stream.release();
        if first != b'{' {
            let at = stream.offset();
            return Err(malformed(
                format!("第 {at} 字节处不是一个对象的开头"),
                format!("no object begins at byte {at}"),
            ));
        }
        reader.document(&mut stream)?;
        // Some tools put commas between the lines.
        stream.pass(b',')?;
    }
    if reader.announced.is_none() {
        return Err(malformed("文件是空的", "the file is empty"));
    }
    Ok(())
}

/// How many lines at the beginning of a file of JSON lines are no JSON: each of the lines behind them
/// is an object by itself. 0 where the file is no such file.
fn broken_first_lines(head: impl Read) -> Result<usize, Error> {
    let mut text = Vec::new();
    head.take(HEAD_BYTES).read_to_end(&mut text).map_err(explained)?;
    let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    if text.len() as u64 == HEAD_BYTES {
        // The last one may go on.
        lines.pop();
    }
    let is_object = |line: &&[u8]| {
        line.trim_ascii_start().starts_with(b"{")
            && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
    };
    let broken = lines.iter().take_while(|line| !is_object(line)).count();
    let rest = lines.get(broken..).unwrap_or_default();
    let are_lines = rest.iter().filter(|line| !line.trim_ascii().is_empty()).all(is_object);
    let looks_like_one = lines.iter().take(broken).all(|line| {
        let line = line.trim_ascii();
        line.starts_with(b"{") && line.windows(9).any(|part| part == b"\"Feature\"")
    });
    Ok(if are_lines && looks_like_one && !rest.is_empty() { broken } else { 0 })
}

/// What a `type` or `geometryType` shows a file to be that is no GeoJSON.
fn foreign(value: &[u8]) -> Option<Text> {
    match value {
        b"\"Topology\"" => Some(TOPOJSON),
        value if value.starts_with(b"\"esriGeometry") => Some(ESRI_JSON),
        _ => None,
    }
}

struct FeatureReader<'a> {
    path: &'a Path,
    sink: &'a mut dyn Sink,
    columns: DiscoveredColumns,
    /// Of the last feature.
    number: u64,
    /// What the sink was told when the table began.
    announced: Option<StatedCrs>,
    has_warned_of_nan: bool,
}

impl FeatureReader<'_> {
    /// One of JSON lines that is no JSON, in front of all others.
    fn broken_line<R: Read>(&mut self, stream: &mut Stream<R>) -> Result<(), Error> {
        self.begin(None, false)?;
        self.number += 1;
        let line = stream.line()?;
        let reason = match serde_json::from_slice::<serde::de::IgnoredAny>(line) {
            Ok(_) => LocalizedText::default(),
            Err(error) => json_fault(&error),
        };
        let said = LocalizedText::new(
            format!("这一行不是完好的 JSON：{}", reason.zh),
            format!("the line is no JSON: {}", reason.en),
        );
        Ok(self.sink.reject(self.number, said)?)
    }

    /// One object of the top level: a collection is streamed, anything else is read whole.
    fn document<R: Read>(&mut self, stream: &mut Stream<R>) -> Result<(), Error> {
        stream.demand(b'{')?;
        let mut is_collection = false;
        let mut stated: Option<StatedCrs> = None;
        while !stream.pass(b'}')? {
            if self.announced.is_none() && stream.peek()?.is_some_and(|byte| byte != b'"') {
                let at = stream.offset();
                return Err(malformed(
                    format!("不是 JSON：第 {at} 字节处的名称没有引号"),
                    format!("it is no JSON: a name lacks its quotes at byte {at}"),
                ));
            }
            let is_features = stream.value()? == b"\"features\"".as_slice();
            let is_crs = stream.passed().ends_with(b"\"crs\"");
            let is_type = [&b"\"type\""[..], b"\"geometryType\""]
                .iter()
                .any(|name| stream.passed().ends_with(name));
            stream.demand(b':')?;
            if is_features && stream.peek()? == Some(b'[') {
                is_collection = true;
                self.begin(stated.clone(), true)?;
                self.features(stream)?;
            } else {
                let value = stream.value()?;
                if is_type && let Some(foreign) = foreign(value) {
                    return Err(Error::Foreign(foreign));
                }
                if is_crs {
                    stated = Some(serde_json::from_slice(value).map_or_else(
                        |_| StatedCrs::Wkt(String::from_utf8_lossy(value).into_owned()),
                        |json| crs(&json),
                    ));
                }
            }
            if is_collection {
                stream.release();
            }
            if !stream.pass(b',')? && stream.peek()? != Some(b'}') {
                stream.demand(b'}')?;
            }
        }
        if !is_collection {
            return self.single(stream.passed());
        }
        match stated {
            Some(stated) if self.announced.as_ref() != Some(&stated) => Err(malformed(
                "crs 写在要素之后太远处，请移到要素之前",
                "its `crs` stands too far behind the features: put it before them",
            )),
            _ => Ok(()),
        }
    }

    fn features<R: Read>(&mut self, stream: &mut Stream<R>) -> Result<(), Error> {
        stream.demand(b'[')?;
        stream.release();
        while !stream.pass(b']')? {
            self.number += 1;
            let feature = stream.value()?;
            self.feature(feature)?;
            stream.release();
            if !stream.pass(b',')? && stream.peek()? != Some(b']') {
                stream.demand(b']')?;
            }
        }
        Ok(())
    }

    /// A feature or a bare geometry by itself, the only one or one of many lines.
    fn single(&mut self, text: &[u8]) -> Result<(), Error> {
        let is_first = self.announced.is_none();
        if is_first {
            let object: Result<Object<'_>, _> = serde_json::from_slice(text);
            match object {
                Ok(Object { ty: None, has_attributes: true, .. }) => {
                    return Err(Error::Foreign(ESRI_JSON));
                }
                Ok(Object { ty: None, .. }) => {
                    return Err(malformed(
                        "是 JSON，但没有 type，也没有 features",
                        "it is JSON, but has neither a `type` nor `features`",
                    ));
                }
                Ok(object) => self.begin(object.crs.as_ref().map(crs), false)?,
                Err(error) if !error.is_data() && without_nan(text).is_none() => {
                    let (line, column) = (error.line(), error.column());
                    return Err(malformed(
                        format!("不合 JSON 语法（第 {line} 行第 {column} 列）"),
                        format!("it is no JSON (line {line}, column {column})"),
                    ));
                }
                Err(_) => self.begin(None, false)?,
            }
        }
        self.number += 1;
        self.feature(text)
    }

    fn begin(&mut self, stated: Option<StatedCrs>, may_follow: bool) -> Result<(), Error> {
        if self.announced.is_some() {
            return Ok(());
        }
        let stated = match stated {
            None if may_follow => crs_of_tail(self.path)?,
            stated => stated,
        };
        let stated = stated.unwrap_or(StatedCrs::Unstated);
        self.sink.table("", &stated)?;
        self.announced = Some(stated);
        Ok(())
    }

    fn feature(&mut self, text: &[u8]) -> Result<(), Error> {
        match serde_json::from_slice(text) {
            Ok(object) => self.row(object),
            Err(error) => {
                let Some(mended) = without_nan(text) else { return self.reject(&error) };
                let object = match serde_json::from_slice(&mended) {
                    Ok(object) => object,
                    Err(error) => return self.reject(&error),
                };
                if !self.has_warned_of_nan {
                    self.has_warned_of_nan = true;
                    self.sink.warn(NO_NAN.into());
                }
                self.row(object)
            }
        }
    }

    fn reject(&mut self, error: &serde_json::Error) -> Result<(), Error> {
        Ok(self.sink.reject(self.number, fault(error))?)
    }

    fn row(&mut self, mut object: Object<'_>) -> Result<(), Error> {
        if self.number == 1 && object.ty.is_none() && object.has_attributes {
            return Err(Error::Foreign(ESRI_JSON));
        }
        let is_feature = object.is_feature();
        let mut cells = std::mem::take(&mut object.properties);
        let id = std::mem::take(&mut object.id);
        if !id.is_empty() {
            add_id(&mut cells, id);
        }
        let geometries =
            if is_feature { object.geometry().map(|one| vec![one]) } else { object.members() };
        let geometries = match geometries {
            Ok(geometries) => geometries,
            Err(reason) => return Ok(self.sink.reject(self.number, reason)?),
        };
        let count = geometries.len();
        for (nth, geometry) in geometries.into_iter().enumerate() {
            self.number += u64::from(nth > 0);
            let cells = if nth + 1 == count { std::mem::take(&mut cells) } else { cells.clone() };
            self.columns.row(self.sink, self.number, cells, geometry)?;
        }
        Ok(())
    }
}

/// The id of a feature is its column `id`. A property of that name goes before it, unless the id
/// is a UUID and so the record's own.
fn add_id<'a>(cells: &mut Vec<(Cow<'a, str>, Cell<'a>)>, id: Cell<'a>) {
    let is_uuid = uuid::Uuid::parse_str(&id.to_text()).is_ok();
    let has_property = cells.iter().any(|(name, _)| name == "id");
    if has_property && !is_uuid {
        return;
    }
    for (name, _) in cells.iter_mut().filter(|(name, _)| name == "id") {
        *name = Cow::Borrowed("properties.id");
    }
    cells.insert(0, (Cow::Borrowed("id"), id));
}

/// What a `crs` member of the GeoJSON of 2008 says.
fn crs(json: &Json) -> StatedCrs {
    let properties = &json["properties"];
    match (json["type"].as_str(), &properties["name"], &properties["code"]) {
        _ if json.is_null() => StatedCrs::Unstated,
        (Some("name"), Json::String(name), _) => named(name),
        (Some("EPSG" | "epsg"), _, code) => match code.as_u64().map(u32::try_from) {
            Some(Ok(code)) => StatedCrs::Epsg(code),
            _ => StatedCrs::Wkt(json.to_string()),
        },
        _ => StatedCrs::Wkt(json.to_string()),
    }
}

fn named(name: &str) -> StatedCrs {
    let lower = name.to_lowercase();
    if lower.ends_with("crs84") {
        return StatedCrs::Epsg(4326);
    }
    let code = lower.contains("epsg").then(|| lower.rsplit([':', '/']).next()).flatten();
    match code.and_then(|code| code.parse().ok()) {
        Some(code) => StatedCrs::Epsg(code),
        None => StatedCrs::Wkt(name.to_owned()),
    }
}

/// The `crs` of a collection that states it behind its features. What stands from it to the end of
/// the file must be the end of one object, so nothing inside of a feature is taken for it.
fn crs_of_tail(path: &Path) -> Result<Option<StatedCrs>, Error> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail).map_err(explained)?;
    let tail = String::from_utf8_lossy(&tail);
    Ok(tail.rmatch_indices("\"crs\"").find_map(|(at, _)| {
        let rest = format!("{{{}", tail.get(at..)?);
        let members: Map<String, Json> = serde_json::from_str(&rest).ok()?;
        members.get("crs").map(crs)
    }))
}

/// The text with `NaN` and `Infinity` as `null`, as Python and JavaScript write them; `None` where
/// there are none.
fn without_nan(text: &[u8]) -> Option<Vec<u8>> {
    const TOKENS: [&[u8]; 4] = [b"NaN", b"-NaN", b"-Infinity", b"Infinity"];
    let mut mended = Vec::with_capacity(text.len());
    let (mut is_string, mut is_escaped, mut is_mended) = (false, false, false);
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        let token = TOKENS.iter().find(|token| !is_string && rest.starts_with(token));
        if let Some(token) = token {
            mended.extend_from_slice(b"null");
            rest = rest.get(token.len()..)?;
            is_mended = true;
            continue;
        }
        is_string ^= *first == b'"' && !is_escaped;
        is_escaped = is_string && *first == b'\\' && !is_escaped;
        mended.push(*first);
        rest = tail;
    }
    is_mended.then_some(mended)
}
