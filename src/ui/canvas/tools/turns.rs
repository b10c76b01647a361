//! Two clicks at a junction ban a turn, or allow it again: on the road that is left, then on the road
//! that is entered.

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, MultiLineString};

use super::{Draft, Input, Spot, Tool};
use crate::domain::{Edit, Text};
use crate::geodesy::ring::distance_m;
use crate::network::ArcId;
use crate::network::evaluate::Prepared;
use crate::network::snap_route::nearest;
use crate::network::turn_bans::toggled;
use crate::ui::action::{Action, ToolAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;

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
/// So much of the roads is drawn before and behind a banned turn, metres.
const SHOWN_M: f64 = 30.0;

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

    fn look(&mut self, spot: Spot, ctx: &Ctx<'_>) {
        self.under = self.arc(spot);
        let Some(roads) = self.roads.clone() else { return };
        self.note = match (self.from, self.under) {
            (None, Some(arc)) => {
                let name = self.name(arc, ctx);
                ctx.tell(format!("从 {name} 驶向路口"), format!("coming along {name}"))
            }
            (Some(from), Some(into)) => {
                let (a, b) = (self.name(from, ctx), self.name(into, ctx));
                if roads.network.is_turn_restricted(from, into) {
                    ctx.tell(
                        format!("{a} → {b}：已禁止，点击取消"),
                        format!("{a} → {b}: banned, click to allow"),
                    )
                } else {
                    ctx.tell(format!("{a} → {b}：点击禁止"), format!("{a} → {b}: click to ban"))
                }
            }
            (_, None) => String::new(),
        };
        let node = self.from.or(self.under).map(|arc| roads.network.head(arc));
        self.banned = node.map(|node| banned_at(&roads, node)).unwrap_or_default();
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
        let world = ctx.world();
        match toggled(&world, &roads.network, (from, under), &ctx.stamp()) {
            Ok((change, is_banned)) => {
                let (a, b) = (self.name(from, ctx), self.name(under, ctx));
                ctx.actions.apply(Edit::of(vec![change]));
                vec![Action::Say(if is_banned {
                    Toast::done(
                        format!("已禁止 {a} → {b}：在此路口从 {a} 的各方向都不得转入 {b}"),
                        format!("{a} → {b} is banned here, from each arm of {a} into each of {b}"),
                    )
                } else {
                    Toast::done(format!("已允许 {a} → {b}"), format!("{a} → {b} is allowed"))
                })]
            }
            Err(why) => vec![Action::Say(Toast::watch(why.zh, why.en))],
        }
    }
}

/// Banned turns at a node, each a short line from one road into the other.
fn banned_at(roads: &Prepared, node: u32) -> Vec<LineString<f64>> {
    let network = &roads.network;
    let mut lines = Vec::new();
    for from in network.entering(node) {
        for into in network.leaving(node).iter().filter(|i| network.is_turn_restricted(*from, **i))
        {
            let mut before = first_m(&network.line_of(&[from.reverse()]).0);
            before.reverse();
            before.extend(first_m(&network.line_of(&[*into]).0).into_iter().skip(1));
            lines.push(LineString(before));
        }
    }
    lines
}

/// The first metres of a line.
fn first_m(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut left_m = SHOWN_M;
    let mut part: Vec<Coord<f64>> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let metres = distance_m(*a, *b);
        if metres >= left_m {
            part.push(*a + (*b - *a) * (left_m / metres.max(1e-9)));
            break;
        }
        part.push(*b);
        left_m -= metres;
    }
    part
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
