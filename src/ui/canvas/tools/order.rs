//! Draws an order along the roads, and edits the waypoints of one.
//!
//! A click sets a waypoint, a click on one turns it between snapped and free, a drag moves one (a
//! grey dot between two becomes one), the secondary button deletes it. Between waypoints the line
//! is led by [`crate::network::snap_route`]; while the network is not there yet it is straight, and follows later.

mod draft;
mod path;
mod switches;

use std::sync::Arc;

use geo_types::{Coord, Geometry};
use serde_json::Value as Json;

use self::draft::Road;
use self::path::Path;
use super::record::{is_of_chosen_plan, new_record};
use super::{Draft, Input, Snap, Spot, Switch, Tool, figures, put_aside};
use crate::domain::{Carriageways, Change, Edit, Kind, OrderKind, Record, RecordId, Text, Value};
use crate::geodesy::ring::distance_m;
use crate::geodesy::shape::problem;
use crate::network::compare::Unready;
use crate::network::detour::Detour;
use crate::network::orders::{BoundStretch, on_outline};
use crate::network::road_by_name::{NamedRoad, road_at};
use crate::network::snap_route::{REACH_M, RoadUse, Waypoint, nearest, snap, thinned};
use crate::ui::action::{Action, ToolAction, ToolKind};
use crate::ui::ctx::Ctx;
use crate::ui::model::drawing::{Form, Making};
use crate::ui::model::{Model, Toast};

/// Draws an order by waypoints, between which its line follows the roads.
#[expect(clippy::struct_excessive_bools, reason = "states that do not depend on each other")]
pub struct Order {
    form: Form,
    kind: OrderKind,
    /// The order that a detour belongs to.
    detour_of: Option<RecordId>,
    /// The record whose waypoints these are; `None` for a new one.
    of: Option<RecordId>,
    /// The plan of a draft that was taken up; else the one that is looked at.
    plan: Option<String>,
    /// Clicks add waypoints, because this line began with none.
    grows: bool,
    /// Something is there before the first step: a proposal, or a draft that was taken up.
    is_given: bool,
    now: Step,
    /// What it was before each step, for taking back; and after, for doing again.
    past: Vec<Step>,
    future: Vec<Step>,
    path: Path,
    pointer: Option<Spot>,
    /// The waypoint in the hand.
    held: Option<usize>,
    takes_all: bool,
    /// Of a divided road only the carriageway that is drawn on.
    is_one_side: bool,
    road: Option<Road>,
    /// The shape of the record and its waypoints, which keeps its shape until they change.
    stored: Option<(Vec<Waypoint>, Geometry<f64>)>,
    live: Option<Arc<Record>>,
}

/// What can be taken back.
#[derive(Clone, Debug, Default, PartialEq)]
struct Step {
    waypoints: Vec<Waypoint>,
    is_area: bool,
}

/// A waypoint is taken within this, points of the screen.
const REACH: f64 = 10.0;
/// A place snaps to a road within this, points of the screen.
const SNAP: f64 = 12.0;

impl Order {
    /// For a new order.
    pub fn new(form: Form, kind: OrderKind) -> Self {
        let now = Step { waypoints: Vec::new(), is_area: form == Form::Area };
        Self {
            form,
            kind,
            detour_of: None,
            of: None,
            plan: None,
            grows: true,
            is_given: false,
            now,
            past: Vec::new(),
            future: Vec::new(),
            path: Path::default(),
            pointer: None,
            held: None,
            takes_all: false,
            is_one_side: false,
            road: None,
            stored: None,
            live: None,
        }
    }

    /// The waypoints of an order; `None` where it was drawn without.
    pub fn of(record: &Record) -> Option<Self> {
        let waypoints = Waypoint::of(record);
        let shape = record.geometry.clone()?;
        let form = match shape {
            Geometry::LineString(_) => Form::Line,
            Geometry::Polygon(_) => Form::Area,
            _ => return None,
        };
        if record.kind != Kind::Restriction || waypoints.len() < form.least() {
            return None;
        }
        let mut order = Self::new(form, OrderKind::of(record)?);
        order.now.waypoints.clone_from(&waypoints);
        order.of = Some(record.id);
        order.is_one_side = Carriageways::One.is_of(record);
        order.grows = false;
        order.stored = Some((waypoints, shape));
        Some(order)
    }

    /// A detour to be drawn by hand for an order.
    pub fn detour(of: RecordId) -> Self {
        Self { detour_of: Some(of), ..Self::new(Form::Line, OrderKind::Detour) }
    }

    /// A detour as it was proposed; Enter takes it.
    pub fn proposed(of: RecordId, plan: &str, detour: &Detour) -> Self {
        let mut order = Self::detour(of);
        // Where few waypoints would lead it elsewhere, each of its vertices is one.
        order.now.waypoints = if detour.waypoints.is_empty() {
            detour.line.iter().map(|at| Waypoint::snapped(*at)).collect()
        } else {
            detour.waypoints.clone()
        };
        (order.grows, order.is_given) = (false, true);
        order.plan = Some(plan.to_owned());
        order
    }

    /// The same drawing as something else.
    pub fn begun_with(mut self, vertices: &[(Coord<f64>, bool)]) -> Self {
        let waypoint =
            |(at, is_snapped): &(Coord<f64>, bool)| Waypoint { at: *at, is_snapped: *is_snapped };
        self.now.waypoints = vertices.iter().map(waypoint).collect();
        self.is_given = !vertices.is_empty();
        self
    }

    fn rule(&self) -> RoadUse {
        RoadUse::of(self.kind)
    }

    fn step(&mut self) {
        self.past.push(self.now.clone());
        self.future.clear();
    }

    fn near(&self, spot: Spot) -> Option<usize> {
        let reach_m = REACH * spot.metres_per_point;
        let all = self.now.waypoints.iter().enumerate();
        let nearest = all
            .map(|(place, waypoint)| (place, distance_m(waypoint.at, spot.under)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.filter(|(_, away_m)| *away_m <= reach_m).map(|(place, _)| place)
    }

    /// What Enter would keep; `None` while there is too little of it.
    fn shape(&self) -> Option<Geometry<f64>> {
        if let Some((waypoints, shape)) = &self.stored
            && *waypoints == self.now.waypoints
        {
            return Some(shape.clone());
        }
        let is_enough = self.now.waypoints.len() >= self.form.least();
        if is_enough { self.path.shape(self.form) } else { None }
    }

    fn press(&mut self, spot: Spot) {
        if let Some(place) = self.near(spot) {
            self.step();
            self.held = Some(place);
            return;
        }
        let reach_m = REACH * spot.metres_per_point;
        let middles = self.path.middles().into_iter();
        let middle = middles.enumerate().find(|(_, at)| distance_m(*at, spot.under) <= reach_m);
        if let Some((place, _)) = middle {
            self.step();
            self.now.waypoints.insert(place + 1, waypoint(spot));
            self.held = Some(place + 1);
        }
    }

    fn drag(&mut self, spot: Spot) {
        if let Some(held) = self.held.and_then(|place| self.now.waypoints.get_mut(place)) {
            *held = waypoint(spot);
        }
    }

    fn click(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        if self.takes_all || spot.takes_all {
            return self.take_road(spot, ctx);
        }
        let near = self.near(spot);
        let closes = self.form == Form::Area && self.grows && near == Some(0);
        if closes && self.now.waypoints.len() > 2 {
            return self.finish(ctx);
        }
        match near {
            Some(place) => return self.toggle(place, ctx),
            None if self.grows => {
                self.step();
                self.now.waypoints.push(waypoint(spot));
            }
            None => {}
        }
        Vec::new()
    }

    /// Snapped becomes free, and free snapped, where a road is near.
    fn toggle(&mut self, place: usize, ctx: &Ctx<'_>) -> Vec<Action> {
        let Some(known) = self.now.waypoints.get(place).copied() else { return Vec::new() };
        let next = if known.is_snapped {
            Waypoint { is_snapped: false, ..known }
        } else {
            let roads = ctx.planner.roads();
            match roads.and_then(|roads| nearest(roads, known.at, REACH_M)) {
                Some(foot) => Waypoint::snapped(foot.at),
                None => {
                    return vec![Action::Say(Toast::watch(
                        "附近 50 米内没有道路，仍为自由点",
                        "There is no road within 50 m: it stays free",
                    ))];
                }
            }
        };
        self.step();
        if let Some(waypoint) = self.now.waypoints.get_mut(place) {
            *waypoint = next;
        }
        Vec::new()
    }

    fn secondary(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        match self.near(spot) {
            Some(place) => {
                self.step();
                self.now.waypoints.remove(place);
                Vec::new()
            }
            None => self.finish(ctx),
        }
    }

    /// The road under the pointer from end to end, or its part in the chosen ring.
    fn take_road(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        self.look_for_road(spot, ctx);
        let found = self.road.as_ref().and_then(|road| road.named.clone());
        let (Some(named), Some(roads)) = (found, ctx.planner.roads()) else {
            let words = if ctx.planner.roads().is_some() {
                Toast::watch("这里没有道路，请点在道路上", "There is no road here: click on one")
            } else {
                Toast::watch("路网还未就绪，请稍候", "The roads are not ready yet")
            };
            return vec![Action::Say(words)];
        };
        let Some(waypoints) = thinned(roads, &named.line, self.rule()) else {
            return vec![Action::Say(Toast::watch(
                "这条路无法整条取用，请逐点画",
                "This road cannot be taken whole: draw it point by point",
            ))];
        };
        self.step();
        self.form = Form::Line;
        self.now = Step { waypoints, is_area: false };
        self.takes_all = false;
        self.road = None;
        Vec::new()
    }

    fn look_for_road(&mut self, spot: Spot, ctx: &Ctx<'_>) {
        let Some(roads) = ctx.planner.roads() else { return };
        let reach_m = SNAP * spot.metres_per_point;
        let foot = nearest(roads, spot.under, reach_m);
        let ring = figures::chosen_ring(ctx);
        let edge = foot.map(|foot| foot.edge);
        if self.road.as_ref().is_some_and(|road| road.edge == edge && road.ring == ring) {
            return;
        }
        let ring_m = ring.map(|(_, at, radius_m)| (at, radius_m));
        let named: Option<NamedRoad> =
            foot.and_then(|foot| road_at(roads, &foot, ring_m, self.rule()));
        self.road = Some(Road { edge, ring, named });
    }

    /// Only what is valid becomes something; else it stays a draft and the reason is said.
    fn finish(&mut self, ctx: &Ctx<'_>) -> Vec<Action> {
        self.refresh(ctx);
        let least = self.form.least();
        let Some(shape) = self.shape() else {
            return vec![Action::Say(Toast::watch(
                format!("至少要 {least} 个途经点才能完成"),
                format!("{least} waypoints at least are needed"),
            ))];
        };
        if let Some(reason) = figures::shape_problem(&shape) {
            return vec![Action::Say(Toast::watch(
                format!("形状有误，未保存，请拖动途经点改正（{}）", reason.zh),
                format!("This shape is not valid and was not kept: {}", reason.en),
            ))];
        }
        let (change, id) = if let Some(of) = self.of {
            let Some(known) = ctx.record(of) else {
                return vec![Action::Say(Toast::watch("该记录已不存在", "The record is gone"))];
            };
            let mut record = self.changed(known, shape, ctx);
            record.meta.change(&ctx.stamp());
            (Change::update(Arc::clone(known), record), of)
        } else {
            let record = self.made(shape, ctx);
            let id = record.id;
            (Change::create(record), id)
        };
        ctx.actions.apply(Edit::of(vec![change]));
        let mut wishes = vec![
            Action::Tool(ToolAction::KeepDraft(None)),
            Action::Tool(ToolAction::LayDown),
            Action::Select(vec![id]),
        ];
        wishes.extend(self.warning(ctx).map(Action::Say));
        wishes
    }

    /// What is kept although it is not what was meant.
    fn warning(&self, ctx: &Ctx<'_>) -> Option<Toast> {
        let is_straight = ctx.planner.roads().is_none() && keeps_waypoints(ctx);
        if is_straight && self.now.waypoints.iter().any(|waypoint| waypoint.is_snapped) {
            return Some(Toast::watch(
                "路网还未就绪，线暂为直线；就绪后可在“检查”里重新沿路",
                "The roads are not ready, so the line is straight; “Checks” can lead it along them",
            ));
        }
        let apart = self.path.apart();
        let from = apart.first().map(|place| place + 1)?;
        let to = from % self.now.waypoints.len() + 1;
        Some(Toast::watch(
            format!("途经点 {from} 与 {to} 之间没有道路相连，该段为直线"),
            format!("No road joins the waypoints {from} and {to}: the line is straight there"),
        ))
    }

    fn changed(&self, known: &Record, shape: Geometry<f64>, ctx: &Ctx<'_>) -> Record {
        let mut record = Record::clone(known);
        // What keeps its shape keeps its roads.
        if record.geometry.as_ref() != Some(&shape) || BoundStretch::of(known).is_empty() {
            let stretches = match &shape {
                _ if !keeps_waypoints(ctx) => Vec::new(),
                Geometry::Polygon(area) => on_outline(self.path.stretches(), area.exterior()),
                _ => self.path.stretches(),
            };
            BoundStretch::put(&mut record, &stretches);
        }
        record.geometry = Some(shape);
        let waypoints = keeps_waypoints(ctx).then_some(self.now.waypoints.as_slice());
        record.set("waypoints", Waypoint::value(waypoints.unwrap_or_default()));
        if self.has_sides() && self.is_one_side != Carriageways::One.is_of(&record) {
            let sides = if self.is_one_side { Carriageways::One } else { Carriageways::Both };
            sides.put(&mut record);
        }
        record
    }

    fn made(&self, shape: Geometry<f64>, ctx: &Ctx<'_>) -> Record {
        let making = Making { kind: Kind::Restriction, choice: Some(self.kind.key()) };
        let mut record = self.changed(&new_record(making, ctx), shape, ctx);
        if let Some(plan) = &self.plan {
            record.set("plan", Some(Value::text(plan)));
        }
        if let Some(of) = self.detour_of.filter(|_| self.kind == OrderKind::Detour) {
            record.set("detour_of", Some(Value::text(&of.to_string())));
            if let Some(order) = ctx.record(of) {
                let name = ctx
                    .tell(format!("{} 绕行", order.name()), format!("Detour of {}", order.name()));
                record.set("name", Some(Value::text(&name)));
            }
        }
        record
    }

    fn refresh(&mut self, ctx: &Ctx<'_>) {
        let is_hovering = self.grows && self.held.is_none();
        let pointer = self.pointer.filter(|_| is_hovering).map(waypoint);
        let (is_area, rule) = (self.form == Form::Area, self.rule());
        let roads = ctx.planner.roads();
        self.path.update(&self.now.waypoints, pointer, (is_area, rule), roads);
    }

    fn take(&mut self, step: Step) -> Step {
        self.form = if step.is_area { Form::Area } else { Form::Line };
        std::mem::replace(&mut self.now, step)
    }
}

/// Where a district has no roads at all, a line is free and its vertices are all there is.
fn keeps_waypoints(ctx: &Ctx<'_>) -> bool {
    ctx.planner.roads().is_some() || ctx.planner.why_not() != Some(Unready::NoRoads)
}

fn waypoint(spot: Spot) -> Waypoint {
    Waypoint { at: spot.at, is_snapped: spot.snap.is_some() }
}

impl Tool for Order {
    fn name(&self) -> Text {
        match (self.of, self.form) {
            (Some(_), _) => Text::new("编辑途经点", "Edit the waypoints"),
            (None, _) if self.kind == OrderKind::Detour => Text::new("画绕行线", "Draw a detour"),
            (None, Form::Area) => Text::new("画面", "Draw an area"),
            (None, _) => Text::new("画线", "Draw a line"),
        }
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        if self.takes_all {
            return ctx.tell("单击道路取整条", "click a road to take all of it");
        }
        if !self.grows {
            return ctx.tell(
                "拖动途经点或灰点，单击切换沿路与自由，右键删除，回车完成",
                "drag waypoints or grey dots, click turns snapped and free, right click deletes, \
                 Enter finishes",
            );
        }
        ctx.tell(
            "单击沿路加点，Alt 取整条路，Shift 自由点，退格撤一点，回车完成",
            "click to add, Alt takes a road, Shift is free, Backspace takes back, Enter finishes",
        )
    }

    fn on(&mut self, input: Input, ctx: &Ctx<'_>) -> Vec<Action> {
        let mut wishes = Vec::new();
        match input {
            Input::Move(spot) => {
                self.pointer = Some(spot);
                if self.takes_all || spot.takes_all {
                    self.look_for_road(spot, ctx);
                } else {
                    self.road = None;
                }
            }
            Input::Leave => (self.pointer, self.road) = (None, None),
            Input::Press(spot) => self.press(spot),
            Input::Drag(spot) => self.drag(spot),
            Input::Release(_) => self.held = None,
            Input::Click(spot) => wishes = self.click(spot, ctx),
            Input::Secondary(spot) => wishes = self.secondary(spot, ctx),
            Input::Finish => wishes = self.finish(ctx),
            Input::Back => {
                if let Some(before) = self.past.pop() {
                    let now = self.take(before);
                    self.future.push(now);
                }
            }
            Input::Forward => {
                if let Some(after) = self.future.pop() {
                    let now = self.take(after);
                    self.past.push(now);
                }
            }
            Input::Cancel => {
                let is_new = self.of.is_none() && self.detour_of.is_none();
                let again = is_new.then_some(ToolKind::Order(self.kind));
                return put_aside(self.unfinished(), again);
            }
        }
        if !self.is_given {
            let planner = &ctx.planner;
            self.plan = planner.is_open.then(|| planner.plan.clone()).filter(|p| !p.is_empty());
        }
        self.refresh(ctx);
        wishes
    }

    fn draft(&self, ctx: &Ctx<'_>) -> Draft {
        let is_whole = self.road.is_some();
        let shown = if is_whole { None } else { self.path.shown(self.form) };
        let kept = self.shape();
        Draft {
            shape: if self.grows { shown.or(kept) } else { kept },
            vertices: self.now.waypoints.iter().map(|w| (w.at, w.is_snapped)).collect(),
            middles: self.path.middles(),
            note: self.note(ctx),
            is_numbered: true,
            is_detour: self.kind == OrderKind::Detour,
            highlight: self.road.as_ref().and_then(Road::line),
            ..Draft::default()
        }
    }

    fn makings(&self) -> Vec<Making> {
        if self.of.is_some() { Vec::new() } else { Making::all(self.form) }
    }

    fn making(&self) -> Option<Making> {
        let making = Making { kind: Kind::Restriction, choice: Some(self.kind.key()) };
        self.of.is_none().then_some(making)
    }

    fn make(&mut self, making: Making) {
        if let Some(kind) = making.order_kind() {
            self.kind = kind;
            self.road = None;
        }
    }

    fn snap(&self, spot: Spot, ctx: &Ctx<'_>) -> Spot {
        let Some(roads) = ctx.planner.roads() else { return spot };
        let free = Spot { at: spot.under, snap: None, ..spot };
        if spot.is_free {
            return free;
        }
        match snap(roads, spot.under, SNAP * spot.metres_per_point) {
            Some((foot, true)) => Spot { at: foot.at, snap: Some(Snap::Vertex), ..free },
            Some((foot, false)) => Spot { at: foot.at, snap: Some(Snap::Segment), ..free },
            None => free,
        }
    }

    fn needs_roads(&self) -> bool {
        true
    }

    fn live(&mut self, ctx: &Ctx<'_>) -> Option<Arc<Record>> {
        self.refresh(ctx);
        let shape = self.shape().filter(|shape| problem(shape).is_none())?;
        let is_stored = self.stored.as_ref().is_some_and(|(_, stored)| *stored == shape);
        let is_as_wide = |record: &Record| {
            !self.has_sides() || Carriageways::One.is_of(record) == self.is_one_side
        };
        let is_stored = is_stored
            && self.of.and_then(|of| ctx.record(of)).is_some_and(|known| is_as_wide(known));
        let is_known = self.live.as_ref().is_some_and(|live| {
            live.geometry.as_ref() == Some(&shape) && self.kind.is_of(live) && is_as_wide(live)
        });
        if !is_known {
            let record = match self.of {
                Some(of) => self.changed(ctx.record(of)?, shape, ctx),
                None => self.made(shape, ctx),
            };
            self.live = Some(Arc::new(record));
        }
        self.live.clone().filter(|live| !is_stored && is_of_chosen_plan(live, ctx))
    }

    fn switches(&self) -> Vec<Switch> {
        self.turns().into_iter().map(|(_, switch)| switch).collect()
    }

    fn switch(&mut self, number: usize) {
        self.turn(number);
    }

    fn unfinished(&self) -> Option<Json> {
        let is_begun = self.is_given || !self.past.is_empty();
        (is_begun && !self.now.waypoints.is_empty()).then(|| self.to_json())
    }
}

#[cfg(test)]
mod tests;
