//! Draws a point, a line or an area, and edits the shape of a record: one grammar for all.
//!
//! Click sets a vertex, a drag moves one (a grey dot between two becomes one), the secondary button
//! deletes it, Enter finishes, Backspace takes the last step back. Escape lays the tool down and
//! keeps the draft.

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use serde_json::{Value as Json, json};

use super::super::super::action::Action;
use super::super::super::ctx::Ctx;
use super::super::super::model::{Model, Toast};
use super::{Draft, Input, Spot, Tool};
use crate::domain::{Change, Edit, Fields, Kind, Meta, Record, RecordId, Text, Value};
use crate::geodesy::ring::distance_m;
use crate::geodesy::shape::{oriented, problem};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Point,
    Line,
    Area,
}

pub struct Draw {
    form: Form,
    /// Of the record that will be made.
    kind: Kind,
    /// The record whose shape this is; `None` for a new one.
    of: Option<RecordId>,
    vertices: Vec<Vertex>,
    /// What it was before each step, for taking back; and after, for doing again.
    past: Vec<Vec<Vertex>>,
    future: Vec<Vec<Vertex>>,
    pointer: Option<Spot>,
    /// The vertex in the hand.
    held: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Vertex {
    at: Coord<f64>,
    is_snapped: bool,
}

/// A vertex is taken within this, points of the screen.
const REACH: f64 = 10.0;

impl Draw {
    fn new(form: Form, kind: Kind, of: Option<RecordId>) -> Self {
        Self {
            form,
            kind,
            of,
            vertices: Vec::new(),
            past: Vec::new(),
            future: Vec::new(),
            pointer: None,
            held: None,
        }
    }

    /// A new site, or the place of a record that has none yet.
    pub fn point(of: Option<RecordId>) -> Self {
        Self::new(Form::Point, Kind::Site, of)
    }

    pub fn line(kind: Kind) -> Self {
        Self::new(Form::Line, kind, None)
    }

    pub fn area(kind: Kind) -> Self {
        Self::new(Form::Area, kind, None)
    }

    /// The shape of a record; `None` where it has several parts or none.
    pub fn of(record: &Arc<Record>) -> Option<Self> {
        let (form, places) = match record.geometry.as_ref()? {
            Geometry::Point(point) => (Form::Point, vec![point.0]),
            Geometry::LineString(line) => (Form::Line, line.0.clone()),
            Geometry::Polygon(polygon) if polygon.interiors().is_empty() => {
                let ring = &polygon.exterior().0;
                (Form::Area, ring.get(..ring.len().saturating_sub(1))?.to_vec())
            }
            _ => return None,
        };
        let mut draw = Self::new(form, record.kind, Some(record.id));
        draw.vertices = places.into_iter().map(|at| Vertex { at, is_snapped: false }).collect();
        Some(draw)
    }

    fn step(&mut self) {
        self.past.push(self.vertices.clone());
        self.future.clear();
    }

    const fn least(&self) -> usize {
        match self.form {
            Form::Point => 1,
            Form::Line => 2,
            Form::Area => 3,
        }
    }

    fn near(&self, spot: Spot) -> Option<usize> {
        let reach_m = REACH * spot.metres_per_point;
        let away = |vertex: &Vertex| distance_m(vertex.at, spot.at);
        let nearest =
            self.vertices.iter().enumerate().min_by(|a, b| away(a.1).total_cmp(&away(b.1)));
        nearest.filter(|(_, vertex)| away(vertex) <= reach_m).map(|(place, _)| place)
    }

    fn middles(&self) -> Vec<Coord<f64>> {
        let mut middles: Vec<_> = self
            .vertices
            .windows(2)
            .filter_map(|pair| if let [a, b] = pair { Some((a.at + b.at) / 2.0) } else { None })
            .collect();
        if let (Form::Area, Some(first), Some(last)) =
            (self.form, self.vertices.first(), self.vertices.last())
            && self.vertices.len() > 2
        {
            middles.push((first.at + last.at) / 2.0);
        }
        middles
    }

    fn shape(&self, with_pointer: bool) -> Option<Geometry<f64>> {
        let mut places: Vec<Coord<f64>> = self.vertices.iter().map(|vertex| vertex.at).collect();
        if with_pointer && self.of.is_none() && self.held.is_none() {
            places.extend(self.pointer.map(|spot| spot.at));
        }
        match self.form {
            Form::Point => places.first().map(|at| Point(*at).into()),
            Form::Line => (places.len() > 1).then(|| LineString(places).into()),
            Form::Area if places.len() > 2 => {
                Some(Polygon::new(LineString(places), Vec::new()).into())
            }
            Form::Area => (places.len() > 1).then(|| LineString(places).into()),
        }
    }

    fn press(&mut self, spot: Spot) {
        if let Some(place) = self.near(spot) {
            self.step();
            self.held = Some(place);
            return;
        }
        let reach_m = REACH * spot.metres_per_point;
        let middle = self.middles().iter().position(|at| distance_m(*at, spot.at) <= reach_m);
        if let Some(place) = middle {
            self.step();
            let vertex = Vertex { at: spot.at, is_snapped: spot.snap.is_some() };
            self.vertices.insert(place + 1, vertex);
            self.held = Some(place + 1);
        }
    }

    fn drag(&mut self, spot: Spot) {
        if let Some(vertex) = self.held.and_then(|place| self.vertices.get_mut(place)) {
            *vertex = Vertex { at: spot.at, is_snapped: spot.snap.is_some() };
        }
    }

    fn click(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        let vertex = Vertex { at: spot.at, is_snapped: spot.snap.is_some() };
        if self.form == Form::Point {
            self.step();
            self.vertices = vec![vertex];
            return self.finish(ctx);
        }
        // The first vertex of an area closes it.
        if self.form == Form::Area && self.near(spot) == Some(0) && self.vertices.len() > 2 {
            return self.finish(ctx);
        }
        if self.of.is_none() && self.near(spot).is_none() {
            self.step();
            self.vertices.push(vertex);
        }
        Vec::new()
    }

    fn secondary(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        match self.near(spot) {
            Some(place) => {
                self.step();
                self.vertices.remove(place);
                Vec::new()
            }
            None => self.finish(ctx),
        }
    }

    /// Only what is valid becomes something; else it stays a draft and the reason is said.
    fn finish(&self, ctx: &Ctx<'_>) -> Vec<Action> {
        if self.vertices.len() < self.least() {
            let (least, words) = (self.least(), Text::new("点", "points"));
            return vec![Action::Say(Toast::watch(
                format!("至少要 {least} 个{}才能完成", words.zh),
                format!("{least} {} at least are needed", words.en),
            ))];
        }
        let Some(geometry) = self.shape(false).map(oriented) else { return Vec::new() };
        if let Some(reason) = problem(&geometry) {
            return vec![Action::Say(Toast::watch(
                format!("形状有误，未保存，请拖动顶点改正（{reason}）"),
                format!("This shape is not valid and was not kept: {reason}"),
            ))];
        }
        let (change, id) = match self.of.and_then(|id| ctx.record(id)) {
            Some(known) => {
                let stamp = ctx.stamp();
                let mut record = Record::clone(known);
                record.geometry = Some(geometry);
                record.meta.changed_at = stamp.at;
                record.meta.changed_by = stamp.actor;
                (Change::update(Arc::clone(known), record), known.id)
            }
            None if self.of.is_some() => {
                return vec![Action::Say(Toast::watch("该记录已不存在", "The record is gone"))];
            }
            None => {
                let record = self.record(geometry, ctx);
                let id = record.id;
                (Change::create(record), id)
            }
        };
        ctx.actions.apply(Edit::of(vec![change]));
        vec![Action::KeepDraft(None), Action::Hold(None), Action::Select(vec![id])]
    }

    fn record(&self, geometry: Geometry<f64>, ctx: &Ctx<'_>) -> Record {
        let stamp = ctx.stamp();
        let id = crate::settings::clock::ids(&stamp).next();
        let meta = Meta {
            created_at: stamp.at,
            created_by: Arc::clone(&stamp.actor),
            changed_at: stamp.at,
            changed_by: stamp.actor,
            source: None,
        };
        let mut record = Record {
            id,
            kind: self.kind,
            geometry: Some(geometry),
            fields: Fields::default(),
            extra: None,
            meta,
        };
        let count = ctx.world().table(self.kind).len() + 1;
        let name = format!("{} {count}", ctx.say(new_name(self.kind)));
        record.set("name", Some(Value::text(&name)));
        let default = match self.kind {
            Kind::Site => Some(("kind", "other")),
            Kind::Restriction => Some(("kind", "no_entry")),
            Kind::Area => Some(("role", "grid")),
            _ => None,
        };
        if let Some((key, choice)) = default {
            record.set(key, Some(Value::Choice(choice)));
        }
        if self.kind == Kind::Restriction {
            record.set("state", Some(Value::Choice("草案")));
        }
        record
    }

    /// How long or how large it is so far.
    fn note(&self, ctx: &Ctx<'_>) -> String {
        let places: Vec<Coord<f64>> =
            self.vertices.iter().map(|v| v.at).chain(self.pointer.map(|s| s.at)).collect();
        match self.form {
            Form::Point => String::new(),
            Form::Line => {
                let station = self.pointer.and_then(|spot| nearest_point(ctx, spot.at));
                let station = station.map(|(name, m)| {
                    ctx.tell(
                        format!("，距{name} {}", length_text(m)),
                        format!(", {} from {name}", length_text(m)),
                    )
                });
                format!("{}{}", length_text(length_m(&places)), station.unwrap_or_default())
            }
            Form::Area => super::measure::area_text(&places),
        }
    }
}

const fn new_name(kind: Kind) -> Text {
    match kind {
        Kind::Site => Text::new("新点位", "New site"),
        Kind::Restriction => Text::new("新管控线", "New restriction"),
        Kind::Area => Text::new("新区域", "New area"),
        _ => Text::new("新记录", "New record"),
    }
}

/// The control point that is nearest, and how far it is, metres.
fn nearest_point(ctx: &Ctx<'_>, at: Coord<f64>) -> Option<(String, f64)> {
    let world = ctx.world();
    let points = world.table(Kind::ControlPoint).iter().filter_map(|point| match &point.geometry {
        Some(Geometry::Point(place)) => Some((point.name().to_owned(), distance_m(place.0, at))),
        _ => None,
    });
    points.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// Geodesic, metres.
pub fn length_m(places: &[Coord<f64>]) -> f64 {
    places.windows(2).map(|pair| if let [a, b] = pair { distance_m(*a, *b) } else { 0.0 }).sum()
}

pub fn length_text(length_m: f64) -> String {
    if length_m >= 1000.0 {
        format!("{:.2} km", length_m / 1000.0)
    } else {
        format!("{length_m:.0} m")
    }
}

impl Tool for Draw {
    fn name(&self) -> Text {
        match (self.of, self.form) {
            (Some(_), _) => Text::new("编辑形状", "Edit the shape"),
            (None, Form::Point) => Text::new("画点", "Draw a point"),
            (None, Form::Line) => Text::new("画线", "Draw a line"),
            (None, Form::Area) => Text::new("画面", "Draw an area"),
        }
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        match self.form {
            Form::Point => ctx.tell("单击放置，Esc 退出", "click to place, Esc to leave"),
            _ if self.of.is_some() => ctx.tell(
                "拖动顶点，灰点可加点，右键删点，回车完成",
                "drag vertices or grey dots, right click deletes, Enter finishes",
            ),
            _ => ctx.tell(
                "单击加点，退格撤一点，回车完成，Shift 不捕捉",
                "click to add, Backspace takes back, Enter finishes, Shift is free",
            ),
        }
    }

    fn on(&mut self, input: Input, ctx: &Ctx<'_>) -> Vec<Action> {
        match input {
            Input::Move(spot) => self.pointer = Some(spot),
            Input::Press(spot) => self.press(spot),
            Input::Drag(spot) => self.drag(spot),
            Input::Release(_) => self.held = None,
            Input::Click(spot) => return self.click(spot, ctx),
            Input::Secondary(spot) => return self.secondary(spot, ctx),
            Input::Finish => return self.finish(ctx),
            Input::Back => {
                if let Some(before) = self.past.pop() {
                    self.future.push(std::mem::replace(&mut self.vertices, before));
                }
            }
            Input::Forward => {
                if let Some(after) = self.future.pop() {
                    self.past.push(std::mem::replace(&mut self.vertices, after));
                }
            }
            Input::Cancel => return vec![Action::Hold(None), Action::KeepDraft(self.unfinished())],
        }
        Vec::new()
    }

    fn draft(&self, ctx: &Ctx<'_>) -> Draft {
        let middles = if self.form == Form::Point { Vec::new() } else { self.middles() };
        Draft {
            shape: self.shape(true),
            vertices: self.vertices.iter().map(|vertex| (vertex.at, vertex.is_snapped)).collect(),
            middles,
            note: self.note(ctx),
        }
    }

    fn unfinished(&self) -> Option<Json> {
        if self.past.is_empty() || self.vertices.is_empty() {
            return None;
        }
        let vertices: Vec<Json> =
            self.vertices.iter().map(|v| json!([v.at.x, v.at.y, v.is_snapped])).collect();
        Some(json!({
            "form": match self.form { Form::Point => "point", Form::Line => "line", Form::Area => "area" },
            "kind": self.kind.key(),
            "of": self.of.map(|id| id.to_string()),
            "vertices": vertices,
        }))
    }
}

/// The tool that a draft was made with, as it was; `None` where its record is gone or the draft is
/// not understood.
pub fn from_draft(draft: &Json, model: &Model) -> Option<Box<dyn Tool>> {
    let form = match draft.get("form")?.as_str()? {
        "point" => Form::Point,
        "line" => Form::Line,
        "area" => Form::Area,
        _ => return None,
    };
    let kind = draft.get("kind")?.as_str()?.parse().ok()?;
    let of = match draft.get("of").and_then(Json::as_str) {
        Some(id) => Some(model.record(id.parse().ok()?)?.id),
        None => None,
    };
    let mut draw = Draw::new(form, kind, of);
    for vertex in draft.get("vertices")?.as_array()? {
        let number =
            |place: usize| vertex.get(place).and_then(Json::as_f64).filter(|n| n.is_finite());
        let is_snapped = vertex.get(2).and_then(Json::as_bool).unwrap_or(false);
        draw.vertices.push(Vertex { at: Coord { x: number(0)?, y: number(1)? }, is_snapped });
    }
    draw.past.push(Vec::new());
    Some(Box::new(draw))
}

impl Tool for super::Measure {
    fn name(&self) -> Text {
        Text::new("测量", "Measure")
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        ctx.tell("单击加点，退格撤一点，Esc 退出", "click to add, Backspace takes back, Esc leaves")
    }

    fn on(&mut self, input: Input, _ctx: &Ctx<'_>) -> Vec<Action> {
        match input {
            Input::Move(spot) => self.pointer = Some(spot.at),
            Input::Click(spot) => self.places.push(spot.at),
            Input::Back => drop(self.places.pop()),
            Input::Cancel => return vec![Action::Hold(None)],
            Input::Finish => {
                let text = super::measure::text(&self.places);
                return vec![
                    Action::Copy(text.clone()),
                    Action::Say(Toast::done(format!("已复制 {text}"), format!("copied {text}"))),
                ];
            }
            _ => {}
        }
        Vec::new()
    }

    fn draft(&self, _ctx: &Ctx<'_>) -> Draft {
        let places: Vec<Coord<f64>> = self.places.iter().copied().chain(self.pointer).collect();
        let shape = (places.len() > 1).then(|| LineString(places.clone()).into());
        let vertices = self.places.iter().map(|at| (*at, false)).collect();
        Draft { shape, vertices, middles: Vec::new(), note: super::measure::text(&places) }
    }

    fn unfinished(&self) -> Option<Json> {
        None
    }
}
