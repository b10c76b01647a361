//! Edits as JSON lines: the door for other programs and for tests.
//!
//! `serde_json` parses a line; what the members mean is ours, so no crate knows them. One line is one
//! edit. A change names what it does and to which record:
//!
//! ```json
//! {"op":"create","layer":"site","code":"S1","fields":{"name":"一号工地","kind":"construction"},"lon":118.15,"lat":39.83}
//! {"op":"update","layer":"site","code":"S1","fields":{"phone":"0315-0000000","person":null}}
//! {"op":"delete","layer":"site","id":"0190…"}
//! {"changes":[{"op":"create",…},{"op":"delete",…}]}
//! ```
//!
//! `fields` (or `properties`, or the members of the change itself) are keys of the table of fields;
//! `null` clears one; any other name is an extra attribute. A place is `lon` and `lat` or a GeoJSON
//! `geometry`, WGS-84 unless `crs` says otherwise; `null` takes it away.

use std::str::FromStr as _;
use std::sync::Arc;

use geo_types::{Coord, Geometry};
use serde_json::{Map, Value as Json};

use super::formats::geojson::geometry_from_json;
use crate::domain::item::{self, Deed, StepKind};
use crate::domain::{
    Change, Edit, Extra, Ids, Kind, Localized as _, LocalizedText, Record, RecordId, Stamp, Value,
    World, json_fault,
};
use crate::geodesy::crs::{Crs, CrsError};
use crate::geodesy::shape::oriented;
use crate::geodesy::wkb;

/// Why a line is not an edit of this world.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.en)]
pub struct LineError(pub LocalizedText);

type Result<T> = std::result::Result<T, LineError>;

fn error<T>(zh: impl Into<String>, en: impl Into<String>) -> Result<T> {
    Err(LineError(LocalizedText::new(zh, en)))
}

/// Members of a change that are not fields.
const WORDS: [&str; 16] = [
    "op",
    "layer",
    "id",
    "code",
    "fields",
    "properties",
    "geometry",
    "lon",
    "lat",
    "crs",
    "type",
    "create",
    "update",
    "delete",
    "by",
    "extra",
];

/// The edit that a line asks for, made against `world`.
pub fn edit(line: &str, world: &World, by: &Stamp, ids: &mut Ids) -> Result<Edit> {
    let json: Json = serde_json::from_str(line).or_else(|fault| {
        let LocalizedText { zh, en } = json_fault(&fault);
        error(format!("不是 JSON：{zh}"), format!("not JSON: {en}"))
    })?;
    let parts = match json {
        Json::Array(parts) => parts,
        Json::Object(mut edit) => match edit.remove("changes") {
            Some(Json::Array(parts)) => parts,
            Some(_) => return error("`changes` 应为列表", "`changes` must be a list"),
            None => vec![Json::Object(edit)],
        },
        _ => {
            return error(
                "每行应为一个对象或一组修改",
                "an edit is an object or a list of changes",
            );
        }
    };
    let mut draft = EditDraft { world, by, ids, changes: Vec::new() };
    for part in &parts {
        let Json::Object(part) = part else {
            return error("每项修改应为一个对象", "a change is an object");
        };
        draft.change(part)?;
    }
    if draft.changes.is_empty() {
        return error("没有任何改动", "the edit changes nothing");
    }
    Ok(Edit::of(draft.changes))
}

/// An edit in the making. Later changes see what earlier ones of the same line did.
struct EditDraft<'a> {
    world: &'a World,
    by: &'a Stamp,
    ids: &'a mut Ids,
    changes: Vec<Change>,
}

impl EditDraft<'_> {
    fn change(&mut self, part: &Map<String, Json>) -> Result<()> {
        let (op, body) = operation(part)?;
        let kind = match body.get("layer").or_else(|| part.get("layer")) {
            Some(Json::String(layer)) => Some(
                Kind::from_str(layer)
                    .or_else(|unknown| error(format!("没有图层“{layer}”"), unknown.to_string()))?,
            ),
            Some(_) => return error("`layer` 应为图层名", "`layer` must be a name"),
            None => None,
        };
        let target = self.target(kind, body, op)?;
        match (op, target) {
            ("create", None) => self.create(kind, body),
            ("create", Some(known)) => {
                let (kind, code) = (known.kind, known.code().unwrap_or_default());
                let (name, by) = (known.name(), &known.meta.changed_by);
                error(
                    format!("{}编码“{code}”已属于“{name}”（最后由 {by} 修改）", kind.label().zh),
                    format!(
                        "{kind} code `{code}` already belongs to `{name}`, changed last by {by}"
                    ),
                )
            }
            ("update", Some(known)) => self.update(&known, body),
            ("step", Some(known)) if known.kind == Kind::Item => self.step(&known, body),
            ("delete", Some(known)) => {
                self.push(Change::delete(known));
                Ok(())
            }
            (_, None) => {
                let LocalizedText { zh, en } = called(body);
                error(
                    format!("没有这条记录，不能 {op}：{zh}"),
                    format!("there is no such record to {op}: {en}"),
                )
            }
            _ => error(
                format!("`{op}` 不是 create、update、delete，也不是问题的 step"),
                format!("`{op}` is not create, update or delete, nor the step of an item"),
            ),
        }
    }

    /// The record that a change names by id or by code, as earlier changes of the line left it.
    fn target(
        &self,
        kind: Option<Kind>,
        body: &Map<String, Json>,
        op: &str,
    ) -> Result<Option<Arc<Record>>> {
        if let Some(id) = body.get("id").filter(|id| !id.is_null()) {
            let id = id.as_str().and_then(|id| id.parse::<RecordId>().ok());
            let Some(id) = id else {
                return error("`id` 应为记录的 UUID", "`id` must be the UUID of a record");
            };
            return Ok(self.latest(id).or_else(|| self.world.get(id).cloned()));
        }
        let Some(code) = body.get("code").and_then(plain_text).or_else(|| code_of_new(op, body))
        else {
            return Ok(None);
        };
        let Some(kind) = kind else { return no_layer() };
        let drafted = self.changes.iter().rev().filter_map(|change| change.after.as_ref());
        if let Some(record) =
            drafted.into_iter().find(|r| r.kind == kind && r.code() == Some(&code))
        {
            return Ok(Some(Arc::clone(record)));
        }
        let known = self.world.table(kind).by_code(&code).cloned();
        // A record that this line has changed or deleted is no longer what the world knows.
        Ok(known.filter(|known| !self.touched(known.id)))
    }

    fn touched(&self, id: RecordId) -> bool {
        self.changes.iter().any(|change| change.subject() == Some(id))
    }

    fn latest(&self, id: RecordId) -> Option<Arc<Record>> {
        let last = self.changes.iter().rev().find(|change| change.subject() == Some(id));
        last.and_then(|change| change.after.clone())
    }

    /// Several changes of one record in one line become one change.
    fn push(&mut self, change: Change) {
        let earlier = self.changes.iter().position(|earlier| {
            earlier.subject() == change.subject() && earlier.after == change.before
        });
        match earlier {
            Some(place) => {
                let before = self.changes.remove(place).before;
                if before.is_some() || change.after.is_some() {
                    self.changes.push(Change { before, after: change.after });
                }
            }
            None => self.changes.push(change),
        }
    }

    fn create(&mut self, kind: Option<Kind>, body: &Map<String, Json>) -> Result<()> {
        let Some(kind) = kind else { return no_layer() };
        let id = match body.get("id").and_then(Json::as_str) {
            Some(id) => id.parse().or_else(|_| error("`id` 应为 UUID", "`id` must be a UUID"))?,
            None => self.ids.next(),
        };
        let mut record = Record::new(id, kind, self.by);
        fill(&mut record, body)?;
        named(&record)?;
        self.push(Change::create(record));
        Ok(())
    }

    /// A step of an item of the ledger; its moments are civil time of the office.
    fn step(&mut self, known: &Arc<Record>, body: &Map<String, Json>) -> Result<()> {
        let text = |key: &str| body.get(key).and_then(plain_text).unwrap_or_default();
        let words = |key: &str| {
            let list = body.get(key).and_then(Json::as_array);
            list.into_iter().flatten().filter_map(plain_text).collect::<Vec<_>>()
        };
        let Some(step) = StepKind::from_key(&text("step")) else {
            let known: Vec<&str> = StepKind::ALL.iter().map(|step| step.key()).collect();
            return error(
                format!("`step` 应为 {}", known.join("、")),
                format!("`step` is one of {}", known.join(", ")),
            );
        };
        let moment = |key: &str| match text(key).as_str() {
            "" => Ok(None),
            said => item::read_moment(item::typed_moment(key, said).as_deref().unwrap_or(said))
                .map(Some)
                .map_or_else(
                    || {
                        error(
                            format!("`{key}` 应写成 2026-11-29T10:00"),
                            format!("`{key}` is written 2026-11-29T10:00"),
                        )
                    },
                    Ok,
                ),
        };
        let at = moment("at")?.unwrap_or_else(|| item::civil(self.by.at));
        let by = Some(text("done_by")).filter(|by| !by.is_empty());
        let by = by.unwrap_or_else(|| self.by.actor.to_string());
        let deed = Deed {
            text: text("text"),
            files: words("files"),
            due: moment("due")?,
            time_limit: text("time_limit"),
            units: words("units"),
            person: text("person"),
            number: text("number"),
            reason: text("reason"),
            ..Deed::new(step, &by, at)
        };
        let (world, day) = (self.world, at.date());
        let drafted: Vec<Arc<Record>> =
            self.changes.iter().filter_map(|change| change.after.clone()).collect();
        let find = |number: &str| {
            let drafted = drafted.iter().rev().find(|it| it.code() == Some(number));
            drafted.cloned().or_else(|| item::linked::numbered(world, number))
        };
        let ids = &mut *self.ids;
        let mut codes = item::number::next(world, &item::number::prefix(world, ""), day);
        let is_free = |code: &String| drafted.iter().all(|it| it.code() != Some(code));
        let fresh = || (ids.next(), codes.find(is_free).unwrap_or_default());
        let changes = item::linked::changes(known, &deed, self.by, find, fresh)
            .map_err(|refusal| LineError(refusal.localized()))?;
        for change in changes {
            self.push(change);
        }
        Ok(())
    }

    fn update(&mut self, known: &Arc<Record>, body: &Map<String, Json>) -> Result<()> {
        let mut record = Record::clone(known);
        fill(&mut record, body)?;
        named(&record)?;
        record.meta.changed_at = self.by.at;
        record.meta.changed_by = Arc::clone(&self.by.actor);
        self.push(Change::update(Arc::clone(known), record));
        Ok(())
    }
}

fn no_layer<T>() -> Result<T> {
    error("缺少图层名 `layer`", "`layer` is missing")
}

fn named(record: &Record) -> Result<()> {
    if record.name().is_empty() {
        return error("名称 `name` 不能为空", "a record needs a `name`");
    }
    Ok(())
}

/// `{"op":"create",…}` and `{"create":{…}}` say the same.
fn operation(part: &Map<String, Json>) -> Result<(&str, &Map<String, Json>)> {
    if let Some(op) = part.get("op") {
        let Some(op) = op.as_str() else {
            return error("`op` 应为一个词", "`op` must be a word");
        };
        return Ok((op, part));
    }
    for op in ["create", "update", "delete"] {
        match part.get(op) {
            Some(Json::Object(body)) => return Ok((op, body)),
            Some(Json::String(_)) => {
                return error(format!("`{op}` 后应为对象"), format!("`{op}` needs an object"));
            }
            _ => {}
        }
    }
    error("缺少 `op`：create、update 或 delete", "`op` is missing: create, update or delete")
}

/// A new record may bring its code among its fields.
fn code_of_new(op: &str, body: &Map<String, Json>) -> Option<String> {
    let fields = body.get("fields").or_else(|| body.get("properties"))?;
    (op == "create").then(|| fields.get("code").and_then(plain_text)).flatten()
}

fn plain_text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn called(body: &Map<String, Json>) -> LocalizedText {
    let name = |key: &str| {
        let text = plain_text(body.get(key)?)?;
        Some(LocalizedText::new(format!("{key} `{text}`"), format!("{key} `{text}`")))
    };
    name("id").or_else(|| name("code")).unwrap_or_else(|| {
        LocalizedText::new("未给出 `id` 或 `code`", "neither `id` nor `code` is given")
    })
}

fn fill(record: &mut Record, body: &Map<String, Json>) -> Result<()> {
    let mut extra = record.extra.as_deref().cloned().unwrap_or_default();
    for list in [body.get("fields"), body.get("properties")].into_iter().flatten() {
        let Json::Object(list) = list else {
            return error("`fields` 应为对象", "`fields` must be an object");
        };
        for (key, json) in list {
            assign(record, &mut extra, key, json)?;
        }
    }
    if let Some(Json::Object(list)) = body.get("extra") {
        list.iter().for_each(|(key, json)| assign_extra(&mut extra, key, json));
    }
    for (key, json) in body.iter().filter(|(key, _)| !WORDS.contains(&key.as_str())) {
        assign(record, &mut extra, key, json)?;
    }
    if record.code().is_none()
        && let Some(code) = body.get("code").and_then(plain_text)
    {
        record.set("code", Some(Value::text(&code)));
    }
    record.extra = (!extra.is_empty()).then(|| Arc::new(extra));
    place(record, body)
}

fn assign(record: &mut Record, extra: &mut Extra, key: &str, json: &Json) -> Result<()> {
    let Some(field) = record.kind.field(key) else {
        assign_extra(extra, key, json);
        return Ok(());
    };
    let value = Value::from_json(field, json).or_else(|reason| {
        error(
            format!("{} `{key}` 不能是 {json}：{}", field.label.zh, reason.zh()),
            format!("`{key}` cannot be {json}: {reason}"),
        )
    })?;
    record.set(key, value);
    Ok(())
}

fn assign_extra(extra: &mut Extra, key: &str, json: &Json) {
    if json.is_null() {
        extra.remove(key);
    } else {
        extra.insert(key.to_owned(), json.clone());
    }
}

fn place(record: &mut Record, body: &Map<String, Json>) -> Result<()> {
    let crs = match body.get("crs").and_then(Json::as_str) {
        Some(name) => Crs::from_str(name).or_else(|reason| {
            let zh = match reason {
                CrsError::Unknown(_) => format!(
                    "不认识坐标系“{name}”，可用 wgs84、cgcs2000、gcj02、bd09 或 epsg:编号"
                ),
                CrsError::UnknownShift(_) => format!(
                    "坐标系“{name}”属北京 54 或西安 80，换算参数不公开，误差可达 150 米；请先转换为 CGCS2000"
                ),
            };
            error(zh, reason.to_string())
        })?,
        None => Crs::Wgs84,
    };
    let geometry: Option<Geometry<f64>> =
        match (body.get("geometry"), body.get("lon"), body.get("lat")) {
            (Some(Json::Null), ..) => None,
            (Some(json), ..) => geometry_from_json(json).or_else(|LocalizedText { zh, en }| {
                error(format!("`geometry`：{zh}"), format!("`geometry`: {en}"))
            })?,
            (None, Some(lon), Some(lat)) => match (lon.as_f64(), lat.as_f64()) {
                (Some(x), Some(y)) => Some(geo_types::Point::new(x, y).into()),
                _ => return error("`lon`、`lat` 应为数字", "`lon` and `lat` must be numbers"),
            },
            (None, None, None) => return Ok(()),
            _ => return error("`lon` 和 `lat` 应同时给出", "`lon` and `lat` belong together"),
        };
    record.geometry = match geometry {
        Some(geometry) => {
            Some(checked(record.kind, oriented(wkb::simplest(in_wgs84(&geometry, &crs))))?)
        }
        None => None,
    };
    Ok(())
}

fn in_wgs84(geometry: &Geometry<f64>, crs: &Crs) -> Geometry<f64> {
    use geo::MapCoords as _;
    geometry.map_coords(|at: Coord<f64>| crs.to_wgs84(at))
}

fn checked(kind: Kind, geometry: Geometry<f64>) -> Result<Geometry<f64>> {
    match kind.shape().problem(&geometry) {
        Some(problem) => {
            error(format!("`geometry`：{}", problem.zh), format!("`geometry`: {}", problem.en))
        }
        None => Ok(geometry),
    }
}
