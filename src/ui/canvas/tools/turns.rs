//! Two clicks at a junction ban a turn, or allow it again: on the arm that is left, then on the arm that
//! is entered. What it bans is an order of the plan that is looked at.

use std::sync::Arc;

use geo_types::{Geometry, LineString, MultiLineString};

use super::record::{is_of_chosen_plan, new_record};
use super::{Draft, Input, Spot, Tool};
use crate::domain::{Change, Edit, Kind, OrderKind, OrderState, Record, Text, Value};
use crate::geodesy::ring::distance_m;
use crate::network::ArcId;
use crate::network::evaluate::Prepared;
use crate::network::orders::{BoundStretch, turn_shape};
use crate::network::snap_route::nearest;
use crate::network::turn_bans::lifted;
use crate::network::turning::Manoeuvre;
use crate::ui::action::{Action, ToolAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::drawing::Making;

/// Bans single turns.
#[derive(Default)]
pub struct Turns {
    /// Towards the junction.
    from: Option<ArcId>,
    under: Option<ArcId>,
    /// Of which network these are.
    roads: Option<Arc<Prepared>>,
    note: String,
    /// Banned turns at the junction that is chosen or under the pointer.
    banned: Vec<LineString<f64>>,
}

/// A road is under the pointer within this, points.
const NEAR: f64 = 14.0;

impl Turns {
    /// Another network has other numbers.
    fn follow(&mut self, ctx: &Ctx<'_>) {
        let roads = ctx.planner.roads();
        let is_same = match (&self.roads, roads) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        if !is_same {
            *self = Self { roads: roads.cloned(), ..Self::default() };
        }
    }

    /// The arc under the pointer: first towards the nearer junction, then away from the chosen one.
    fn arc(&self, spot: Spot) -> Option<ArcId> {
        let roads = self.roads.as_ref()?;
        let network = &roads.network;
        let foot = nearest(roads, spot.under, NEAR * spot.metres_per_point)?;
        let edge = network.edges.get(foot.edge as usize)?;
        if let Some(from) = self.from {
            let node = network.head(from);
            let is_open = |arc: &ArcId| network.is_open(*arc);
            let leaving = network.leaving(node).iter().copied().filter(is_open);
            let mut own = leaving.filter(|arc| arc.edge() == foot.edge as usize);
            return own.next();
        }
        let away = |end: usize| {
            let node = edge.ends.get(end).and_then(|node| network.nodes.get(*node as usize));
            node.map_or(f64::INFINITY, |node| distance_m(*node, spot.under))
        };
        let nearer = ArcId::new(foot.edge, away(0) < away(1));
        [nearer, nearer.reverse()].into_iter().find(|arc| network.is_open(*arc))
    }

    fn name(&self, arc: ArcId, ctx: &Ctx<'_>) -> String {
        let name = self.roads.as_ref().map_or("", |roads| roads.network.name_of(arc.edge() as u32));
        if name.is_empty() { ctx.tell("无名道路", "road") } else { name.to_owned() }
    }

    /// `建设路 左转 G102`.
    fn words(&self, (from, into): (ArcId, ArcId), ctx: &Ctx<'_>) -> String {
        let (a, b) = (self.name(from, ctx), self.name(into, ctx));
        let how = self.roads.as_ref().map(|roads| Manoeuvre::of(&roads.network, from, into));
        match how {
            Some(Manoeuvre::Left) => {
                ctx.tell(format!("{a} 左转 {b}"), format!("{a} left into {b}"))
            }
            Some(Manoeuvre::Right) => {
                ctx.tell(format!("{a} 右转 {b}"), format!("{a} right into {b}"))
            }
            Some(Manoeuvre::Back) => ctx.tell(format!("{a} 掉头"), format!("{a} back")),
            Some(Manoeuvre::Straight) | None => {
                ctx.tell(format!("{a} 直行 {b}"), format!("{a} on into {b}"))
            }
        }
    }

    fn look(&mut self, spot: Spot, ctx: &Ctx<'_>) {
        self.under = self.arc(spot);
        let Some(roads) = self.roads.clone() else { return };
        self.note = match (self.from, self.under) {
            (None, Some(arc)) => {
                let name = self.name(arc, ctx);
                ctx.tell(format!("从 {name} 驶向路口"), format!("coming along {name}"))
            }
            (Some(from), Some(into)) => {
                let words = self.words((from, into), ctx);
                match banned_by(ctx, &roads, (from, into)) {
                    Some(_) => ctx.tell(
                        format!("{words}：已禁止，点击取消"),
                        format!("{words}: banned, click to allow"),
                    ),
                    None => {
                        ctx.tell(format!("{words}：点击禁止"), format!("{words}: click to ban"))
                    }
                }
            }
            (_, None) => String::new(),
        };
        let node = self.from.or(self.under).map(|arc| roads.network.head(arc));
        self.banned = node.map(|node| banned_at(ctx, &roads, node)).unwrap_or_default();
    }

    fn click(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        self.look(spot, ctx);
        let Some(under) = self.under else {
            self.from = None;
            let words = Toast::watch("请点在道路上", "Click on a road");
            return vec![Action::Say(words)];
        };
        let Some((from, roads)) = self.from.zip(self.roads.clone()) else {
            self.from = Some(under);
            return Vec::new();
        };
        self.from = None;
        let turn = (from, under);
        let words = self.words(turn, ctx);
        match banned_by(ctx, &roads, turn) {
            None => {
                let order = self.ban(&roads, turn, ctx);
                let id = order.id;
                ctx.actions.apply(Edit::of(vec![Change::create(order)]));
                let said = Toast::done(
                    format!("已禁止 {words}；时段和车型在卡片上填"),
                    format!("{words} is banned; hours and trucks stand on its card"),
                );
                vec![Action::Select(vec![id]), Action::Say(said)]
            }
            Some(Ban::Order(order)) if is_drawn_here(&order, ctx) => {
                ctx.actions.apply(Edit::of(vec![Change::delete(order)]));
                vec![Action::Say(Toast::done(
                    format!("已取消禁止 {words}"),
                    format!("{words} is allowed"),
                ))]
            }
            Some(Ban::Order(order)) => {
                let name = order.name().to_owned();
                let said = Toast::watch(
                    format!("由“{name}”禁止，它不属于本方案，已选中"),
                    format!("banned by “{name}”, which is of another plan: it is selected"),
                );
                vec![Action::Select(vec![order.id]), Action::Say(said)]
            }
            Some(Ban::Road(change)) => {
                ctx.actions.apply(Edit::of(vec![change]));
                let name = self.name(from, ctx);
                vec![Action::Say(Toast::done(
                    format!("已去掉道路“{name}”上的这条禁转（对所有车辆、现状和方案都生效）"),
                    format!(
                        "the ban on the road “{name}” itself is lifted, for all and in every plan"
                    ),
                ))]
            }
        }
    }

    /// A new order that bans a turn and nothing else.
    fn ban(&self, roads: &Prepared, turn: (ArcId, ArcId), ctx: &Ctx<'_>) -> Record {
        let choice = Some(OrderKind::NoTurn.key());
        let mut order = new_record(Making { kind: Kind::Restriction, choice }, ctx);
        let (line, bound) = turn_shape(&roads.network, turn.0, turn.1);
        let words = self.words(turn, ctx);
        let name = ctx.tell(format!("禁止{words}"), format!("No turn: {words}"));
        order.set("name", Some(Value::text(&name)));
        order.geometry = Some(line.into());
        BoundStretch::put(&mut order, &bound);
        order
    }
}

/// What bans a turn.
enum Ban {
    Order(Arc<Record>),
    /// The record of the road that is left, with the change that lifts it.
    Road(Change),
}

/// The orders that ban turns today or in the plan that is looked at.
fn orders(ctx: &Ctx<'_>) -> Vec<Arc<Record>> {
    let is_seen = |order: &Record| OrderState::InForce.is_of(order) || is_drawn_here(order, ctx);
    let world = ctx.world();
    let all = world.table(Kind::Restriction).iter().filter(|order| {
        OrderKind::NoTurn.is_of(order) && !OrderState::Revoked.is_of(order) && is_seen(order)
    });
    all.cloned().collect()
}

/// Whether it is of the plan that is looked at, or of none.
fn is_drawn_here(order: &Record, ctx: &Ctx<'_>) -> bool {
    is_of_chosen_plan(order, ctx) || order.text("plan").is_empty()
}

fn banned_by(ctx: &Ctx<'_>, roads: &Prepared, turn: (ArcId, ArcId)) -> Option<Ban> {
    let finder = roads.finder();
    let order = orders(ctx).into_iter().find(|order| finder.turns(order).contains(&turn));
    if let Some(order) = order {
        return Some(Ban::Order(order));
    }
    if !roads.network.is_turn_restricted(turn.0, turn.1) {
        return None;
    }
    lifted(&ctx.world(), &roads.network, turn, &ctx.stamp()).map(Ban::Road)
}

/// Banned turns at a node, each a short line from one arm into the other.
fn banned_at(ctx: &Ctx<'_>, roads: &Prepared, node: u32) -> Vec<LineString<f64>> {
    let (network, finder) = (&roads.network, roads.finder());
    let ordered = orders(ctx).into_iter().flat_map(|order| finder.turns(&order));
    let by_roads = network.entering(node).iter().flat_map(|from| {
        let into = network.leaving(node).iter();
        into.filter(|into| network.is_turn_restricted(*from, **into)).map(|into| (*from, *into))
    });
    let all = ordered.filter(|(from, _)| network.head(*from) == node).chain(by_roads);
    all.map(|(from, into)| turn_shape(network, from, into).0).collect()
}

impl Tool for Turns {
    fn name(&self) -> Text {
        Text::new("画禁止转向", "Ban turns")
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        if self.from.is_some() {
            ctx.tell("再点要转入的道路；同一条路为禁止掉头", "click the road that is turned into")
        } else {
            ctx.tell(
                "点驶向路口的道路，再点要转入的道路；红线为已禁止；Esc 结束",
                "click the road towards a junction, then the one turned into; red is banned; Esc ends",
            )
        }
    }

    fn on(&mut self, input: Input, ctx: &Ctx<'_>) -> Vec<Action> {
        self.follow(ctx);
        match input {
            Input::Move(spot) => self.look(spot, ctx),
            Input::Click(spot) => return self.click(spot, ctx),
            Input::Back => self.from = None,
            Input::Cancel if self.from.is_some() => self.from = None,
            Input::Finish | Input::Cancel | Input::Secondary(_) => {
                return vec![Action::Tool(ToolAction::LayDown)];
            }
            _ => {}
        }
        Vec::new()
    }

    fn draft(&self, _ctx: &Ctx<'_>) -> Draft {
        let network = self.roads.as_ref().map(|roads| &roads.network);
        let arcs: Vec<ArcId> = self.from.into_iter().chain(self.under).collect();
        let line = network.filter(|_| !arcs.is_empty()).map(|network| network.line_of(&arcs));
        let has_banned = !self.banned.is_empty();
        let banned = has_banned.then(|| MultiLineString(self.banned.clone()));
        Draft {
            shape: banned.map(Geometry::from),
            highlight: line,
            note: self.note.clone(),
            ..Draft::default()
        }
    }

    fn snaps(&self) -> bool {
        false
    }

    fn needs_roads(&self) -> bool {
        true
    }

    fn unfinished(&self) -> Option<serde_json::Value> {
        None
    }
}
