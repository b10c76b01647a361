//! What the draft of an order says: on the disk, and beside the pointer.

use geo_types::{Coord, LineString};
use serde_json::{Value as Json, json};

use super::{Model, Order, Step};
use crate::domain::{OrderKind, RecordId};
use crate::network::road_by_name::NamedRoad;
use crate::network::snap_route::{LegKind, Waypoint};
use crate::ui::canvas::tools::figures;
use crate::ui::canvas::tools::figures::length_text;
use crate::ui::ctx::Ctx;
use crate::ui::model::drawing::Form;

/// The road under the pointer that a click would take.
pub struct Road {
    /// On which the pointer is.
    pub edge: Option<u32>,
    pub ring: Option<(RecordId, Coord<f64>, f64)>,
    pub named: Option<NamedRoad>,
}

impl Road {
    /// What a click would take.
    pub fn line(&self) -> Option<LineString<f64>> {
        self.named.as_ref().map(|named| LineString(named.line.clone()))
    }
}

impl Order {
    /// For the draft on the disk.
    pub(super) fn to_json(&self) -> Json {
        let waypoints = self.now.waypoints.iter().map(|w| json!([w.at.x, w.at.y, w.is_snapped]));
        json!({
            "tool": "order",
            "form": self.form.key(),
            "choice": self.kind.key(),
            "of": self.of.map(|id| id.to_string()),
            "detour_of": self.detour_of.map(|id| id.to_string()),
            "plan": self.plan,
            "grows": self.grows,
            "one_side": self.is_one_side,
            "waypoints": waypoints.collect::<Vec<Json>>(),
        })
    }

    /// The tool that a draft was made with; `None` where it was another, or its record is gone.
    pub fn from_draft(draft: &Json, model: &Model) -> Option<Self> {
        let mut order = Self::from_json(draft)?;
        if let Some(of) = order.of {
            let record = model.record(of)?;
            order.stored = Some((Waypoint::of(record), record.geometry.clone()?));
        }
        Some(order)
    }

    /// From a draft; `None` where it is not one of an order.
    pub(super) fn from_json(draft: &Json) -> Option<Self> {
        let text = |key: &str| draft.get(key).and_then(Json::as_str);
        let id = |key: &str| match text(key) {
            Some(id) => id.parse::<RecordId>().map(Some).ok(),
            None => Some(None),
        };
        if text("tool") != Some("order") {
            return None;
        }
        let form = Form::from_key(text("form")?)?;
        let mut order = Self::new(form, OrderKind::from_key(text("choice")?)?);
        order.of = id("of")?;
        order.detour_of = id("detour_of")?;
        order.plan = text("plan").map(str::to_owned);
        order.grows = draft.get("grows").and_then(Json::as_bool).unwrap_or(true);
        order.is_one_side = draft.get("one_side").and_then(Json::as_bool).unwrap_or(false);
        order.is_given = true;
        let waypoints: Option<Vec<Waypoint>> =
            draft.get("waypoints")?.as_array()?.iter().map(waypoint).collect();
        order.now = Step { waypoints: waypoints?, is_area: form == Form::Area };
        Some(order)
    }

    /// How long it is, how much of that in which ring, how far the pointer is from the nearest
    /// control point; or which road a click would take.
    pub(super) fn note(&self, ctx: &Ctx<'_>) -> String {
        if let Some(road) = &self.road {
            return road_note(ctx, road);
        }
        let Some(pointer) = self.pointer else { return String::new() };
        let shown = self.path.shown(self.form).or_else(|| self.shape());
        let mut note = figures::note(ctx, shown.as_ref(), pointer.under);
        let kinds: Vec<LegKind> = self.path.kinds().collect();
        if kinds.contains(&LegKind::Apart) {
            note.push_str(&ctx.tell(
                "\n两点之间没有道路相连，此段为直线",
                "\nno road joins two points: straight there",
            ));
        } else if kinds.contains(&LegKind::Against) {
            note.push_str(
                &ctx.tell("\n有一段与现有单行方向相反", "\na part of it is against a one-way"),
            );
        }
        if ctx.planner.prepared.question().is_some() && ctx.planner.prepared.is_none() {
            note.push_str(
                &ctx.tell("\n正在准备路网，暂为直线", "\npreparing the roads: straight for now"),
            );
        }
        note
    }
}

fn road_note(ctx: &Ctx<'_>, road: &Road) -> String {
    let Some(named) = &road.named else {
        return ctx.tell("这里没有道路", "no road here");
    };
    let name =
        if named.name.is_empty() { ctx.tell("无名道路", "road") } else { named.name.clone() };
    let length = length_text(named.length_m);
    let ring = road.ring.filter(|_| named.is_part).map(|(_, _, radius_m)| radius_m);
    match ring {
        Some(radius_m) => ctx.tell(
            format!("{name} {radius_m} m 圈内段 {length} · 单击取用"),
            format!("{name} in the {radius_m} m ring, {length} · click to take it"),
        ),
        None => ctx.tell(
            format!("整条 {name} {length} · 单击取用"),
            format!("all of {name}, {length} · click to take it"),
        ),
    }
}

fn waypoint(json: &Json) -> Option<Waypoint> {
    let number = |at: usize| json.get(at).and_then(Json::as_f64).filter(|n| n.is_finite());
    let is_snapped = json.get(2).and_then(Json::as_bool)?;
    Some(Waypoint { at: Coord { x: number(0)?, y: number(1)? }, is_snapped })
}
