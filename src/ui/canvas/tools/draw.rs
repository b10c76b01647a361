//! Draws a point, a line or an area, and edits the shape of a record: one grammar for all.
//!
//! Click sets a vertex, a drag moves one (a grey dot between two becomes one), the secondary button
//! deletes it, Enter finishes, Backspace takes the last step back. Escape lays the tool down and
//! keeps the draft.

use std::sync::Arc;

use geo_types::{Coord, Geometry};
use serde_json::{Value as Json, json};

use super::figures::shape_problem;
use super::shape::{Parts, Place, Vertex};
use super::{Draft, Input, Spot, Tool, put_aside};
use crate::domain::{Change, Edit, Kind, Record, RecordId, Shape, Text};
use crate::geodesy::ring::distance_m;
use crate::geodesy::shape::{oriented, problem};
use crate::ui::action::{Action, ToolAction, ToolKind};
use crate::ui::canvas::tools::figures::{area_text, length_m, length_text, nearest_point};
use crate::ui::canvas::tools::new_record;
use crate::ui::canvas::tools::record::is_of_chosen_plan;
use crate::ui::ctx::Ctx;
use crate::ui::model::drawing::{Form, Making};
use crate::ui::model::{Model, Toast};

/// Draws a new shape, or edits that of a record.
pub struct Draw {
    form: Form,
    /// Of the record that will be made.
    making: Making,
    /// The record whose shape this is; `None` for a new one.
    of: Option<RecordId>,
    parts: Parts,
    /// What it was before each step, for taking back; and after, for doing again.
    past: Vec<Parts>,
    future: Vec<Parts>,
    pointer: Option<Spot>,
    /// The vertex in the hand.
    held: Option<Place>,
    live: Option<Arc<Record>>,
}

/// A vertex is taken within this, points of the screen.
const REACH: f64 = 10.0;

impl Draw {
    fn with(form: Form, making: Making, of: Option<RecordId>, parts: Parts) -> Self {
        Self {
            form,
            making,
            of,
            parts,
            past: Vec::new(),
            future: Vec::new(),
            pointer: None,
            held: None,
            live: None,
        }
    }

    /// The tool that a draft was made with, as it was; `None` where its record is gone or the draft is
    /// not understood.
    pub fn from_draft(draft: &Json, model: &Model) -> Option<Self> {
        let form = Form::from_key(draft.get("form")?.as_str()?)?;
        let kind: Kind = draft.get("kind")?.as_str()?.parse().ok()?;
        let choice = draft.get("choice").and_then(Json::as_str);
        let all = Making::all(form).into_iter();
        let making =
            all.filter(|making| making.kind == kind).find(|making| making.choice == choice);
        let of = match draft.get("of").and_then(Json::as_str) {
            Some(id) => Some(model.record(id.parse().ok()?)?.id),
            None => None,
        };
        let parts = Parts::from_json(draft.get("parts")?)?;
        let mut draw = Self::with(form, making.unwrap_or(Making { kind, choice: None }), of, parts);
        // What it was before: nothing for a shape that was being drawn, itself for one that was edited.
        let grows = draft.get("grows").and_then(Json::as_bool).unwrap_or(true);
        draw.past.push(if grows { Parts::new() } else { draw.parts.clone() });
        Some(draw)
    }

    /// A new record, of the kind that was drawn last in this form.
    pub fn new(form: Form, making: Option<Making>) -> Self {
        Self::with(form, making.unwrap_or(Making::usual(form)), None, Parts::new())
    }

    /// The same drawing as something else.
    pub fn begun_with(mut self, vertices: &[(Coord<f64>, bool)]) -> Self {
        self.past.push(self.parts.clone());
        for (at, is_snapped) in vertices {
            self.parts.push(Vertex { at: *at, is_snapped: *is_snapped });
        }
        self
    }

    /// The place of a record that has none yet.
    pub fn place_of(record: &Record) -> Self {
        let form = match record.kind.shape() {
            Shape::Point | Shape::PointOrPolygon => Form::Point,
            Shape::Line | Shape::LineOrPolygon | Shape::Any => Form::Line,
            Shape::Polygon => Form::Area,
        };
        let making = Making { kind: record.kind, choice: None };
        Self::with(form, making, Some(record.id), Parts::new())
    }

    /// The shape of a record; `None` where it has none, or one of unlike parts.
    pub fn of(record: &Arc<Record>) -> Option<Self> {
        let (form, parts) = Parts::of(record.geometry.as_ref()?)?;
        let making = Making { kind: record.kind, choice: None };
        Some(Self::with(form, making, Some(record.id), parts))
    }

    fn step(&mut self) {
        self.past.push(self.parts.clone());
        self.future.clear();
    }

    fn near(&self, spot: Spot) -> Option<Place> {
        self.parts.near(spot.at, REACH * spot.metres_per_point)
    }

    fn middles(&self) -> Vec<(Place, Coord<f64>)> {
        if self.form == Form::Point { Vec::new() } else { self.parts.middles(self.form) }
    }

    fn shape(&self, with_pointer: bool) -> Option<Geometry<f64>> {
        let goes_on =
            with_pointer && self.grows() && self.held.is_none() && self.form != Form::Point;
        let pointer = self.pointer.map(|spot| spot.at).filter(|_| goes_on);
        self.parts.geometry(self.form, pointer)
    }

    /// Clicks add vertices, because this shape began with none.
    fn grows(&self) -> bool {
        let first = self.past.first().unwrap_or(&self.parts);
        first.count() == 0
    }

    fn press(&mut self, spot: Spot) {
        if let Some(place) = self.near(spot) {
            self.step();
            self.held = Some(place);
            return;
        }
        let reach_m = REACH * spot.metres_per_point;
        let middle = self.middles().into_iter().find(|(_, at)| distance_m(*at, spot.at) <= reach_m);
        if let Some((place, _)) = middle {
            self.step();
            self.parts.insert(place, Vertex { at: spot.at, is_snapped: spot.snap.is_some() });
            self.held = Some(place);
        }
    }

    fn drag(&mut self, spot: Spot) {
        if let Some(vertex) = self.held.and_then(|place| self.parts.vertex_mut(place)) {
            *vertex = Vertex { at: spot.at, is_snapped: spot.snap.is_some() };
        }
    }

    fn click(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        let vertex = Vertex { at: spot.at, is_snapped: spot.snap.is_some() };
        if self.form == Form::Point && self.parts.0.len() == 1 {
            self.step();
            self.parts = Parts::new();
            self.parts.push(vertex);
            return self.finish(ctx);
        }
        // The first vertex of an area closes it.
        let closes = self.form == Form::Area && self.near(spot) == Some((0, 0));
        if closes && self.grows() && self.parts.count() > 2 {
            return self.finish(ctx);
        }
        if self.grows() && self.near(spot).is_none() {
            self.step();
            self.parts.push(vertex);
        }
        Vec::new()
    }

    fn secondary(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        match self.near(spot) {
            Some(place) => {
                self.step();
                self.parts.remove(place, self.form);
                Vec::new()
            }
            None => self.finish(ctx),
        }
    }

    /// Only what is valid becomes something; else it stays a draft and the reason is said.
    fn finish(&self, ctx: &Ctx<'_>) -> Vec<Action> {
        if self.parts.count() < self.form.least() {
            let (least, words) = (self.form.least(), Text::new("点", "points"));
            return vec![Action::Say(Toast::watch(
                format!("至少要 {least} 个{}才能完成", words.zh),
                format!("{least} {} at least are needed", words.en),
            ))];
        }
        let Some(geometry) = self.shape(false).map(oriented) else { return Vec::new() };
        if let Some(reason) = shape_problem(&geometry) {
            return vec![Action::Say(Toast::watch(
                format!("形状有误，未保存，请拖动顶点改正（{}）", reason.zh),
                format!("This shape is not valid and was not kept: {}", reason.en),
            ))];
        }
        let (change, id) = match self.of.and_then(|id| ctx.record(id)) {
            Some(known) => {
                let stamp = ctx.stamp();
                let mut record = Record::clone(known);
                record.geometry = Some(geometry);
                record.meta.change(&stamp);
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
        vec![
            Action::Tool(ToolAction::KeepDraft(None)),
            Action::Tool(ToolAction::LayDown),
            Action::Select(vec![id]),
        ]
    }

    fn record(&self, geometry: Geometry<f64>, ctx: &Ctx<'_>) -> Record {
        let mut record = new_record(self.making, ctx);
        record.geometry = Some(geometry);
        record
    }

    /// How long or how large it is so far.
    fn note(&self, ctx: &Ctx<'_>) -> String {
        let places: Vec<Coord<f64>> =
            self.parts.vertices().map(|v| v.at).chain(self.pointer.map(|s| s.at)).collect();
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
            Form::Area => area_text(&places),
        }
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
            _ if !self.grows() => ctx.tell(
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
            Input::Leave => {}
            Input::Click(spot) => return self.click(spot, ctx),
            Input::Secondary(spot) => return self.secondary(spot, ctx),
            Input::Finish => return self.finish(ctx),
            Input::Back => {
                if let Some(before) = self.past.pop() {
                    self.future.push(std::mem::replace(&mut self.parts, before));
                }
            }
            Input::Forward => {
                if let Some(after) = self.future.pop() {
                    self.past.push(std::mem::replace(&mut self.parts, after));
                }
            }
            Input::Cancel => {
                let again = ToolKind::Draw(self.form, Some(self.making));
                return put_aside(self.unfinished(), self.of.is_none().then_some(again));
            }
        }
        Vec::new()
    }

    fn draft(&self, ctx: &Ctx<'_>) -> Draft {
        Draft {
            shape: self.shape(true),
            vertices: self.parts.vertices().map(|vertex| (vertex.at, vertex.is_snapped)).collect(),
            middles: self.middles().into_iter().map(|(_, at)| at).collect(),
            note: self.note(ctx),
            ..Draft::default()
        }
    }

    /// An order without waypoints whose vertices are moved.
    fn live(&mut self, ctx: &Ctx<'_>) -> Option<Arc<Record>> {
        let known = ctx.record(self.of?).filter(|known| is_of_chosen_plan(known, ctx))?;
        let shape = self.shape(false).map(oriented).filter(|shape| problem(shape).is_none());
        if shape.is_none() || shape == known.geometry {
            return None;
        }
        if self.live.as_ref().is_none_or(|live| live.geometry != shape) {
            let mut record = Record::clone(known);
            record.geometry = shape;
            self.live = Some(Arc::new(record));
        }
        self.live.clone()
    }

    fn unfinished(&self) -> Option<Json> {
        if self.past.is_empty() || self.parts.count() == 0 {
            return None;
        }
        Some(json!({
            "form": self.form.key(),
            "kind": self.making.kind.key(),
            "choice": self.making.choice,
            "of": self.of.map(|id| id.to_string()),
            "grows": self.grows(),
            "parts": self.parts.to_json(),
        }))
    }

    fn makings(&self) -> Vec<Making> {
        if self.of.is_some() { Vec::new() } else { Making::all(self.form) }
    }

    fn making(&self) -> Option<Making> {
        self.of.is_none().then_some(self.making)
    }

    fn make(&mut self, making: Making) {
        if self.makings().contains(&making) {
            self.making = making;
        }
    }
}
