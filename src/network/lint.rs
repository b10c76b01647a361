//! What should be looked at before a plan is signed: one finding for each thing, in both languages.
//!
//! Findings change nothing. Rules about cameras, detours and one-ways have files of their own.

mod cameras;
mod detours;
mod one_side;
mod one_way;

use std::collections::BTreeSet;

use geo_types::Coord;
use jiff::civil::DateTime;

use super::conflicts::{may_conflict, overlap_in_time};
use super::demand::Flow;
use super::evaluate::{Evaluation, Prepared, Trip};
use super::orders::TrafficOrder;
use super::sites::RoadsideSite;
use crate::domain::{LocalizedText, OrderKind, RecordId, World};

/// One thing to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct LintFinding {
    /// Which rule it breaks.
    pub rule: LintRule,
    /// The order or the flow that it is about.
    pub record: RecordId,
    /// For a person, in both languages.
    pub words: LocalizedText,
    /// Where to look, WGS-84 degrees.
    pub at: Option<Coord<f64>>,
    /// The other record of two that do not go together.
    pub other: Option<RecordId>,
    /// Where a camera at the place should look, degrees clockwise from north.
    pub direction_deg: Option<f64>,
}

/// What is looked at: a plan on one network at one moment of local time.
pub struct Case<'a> {
    /// The network and who drives on it.
    pub prepared: &'a Prepared,
    /// Where cameras and records are looked up.
    pub world: &'a World,
    /// The orders of the plan.
    pub planned: &'a [&'a TrafficOrder],
    /// The orders of the plan and the ones in force.
    pub all: &'a [&'a TrafficOrder],
    /// Trips under the orders in force.
    pub before: &'a Evaluation,
    /// Trips under the plan.
    pub after: &'a Evaluation,
    /// Sites that heavy trucks reach today and no more.
    pub cut_off: &'a [RoadsideSite],
    /// Local time of the district.
    pub at: DateTime,
}

/// What is looked for. Findings are sorted by it: what stops a plan comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LintRule {
    /// A flow that has a way today has none under the plan.
    Unreachable,
    /// A works or a village that heavy trucks reach today is not reached under the plan.
    PlaceUnreachable,
    /// A flow has no way today either, or no gate of its code, or its gate is far from any road.
    FlowNowhere,
    /// The shape of an order lies on no road.
    OffRoad,
    /// Its line does not lie on the roads that it closes: the nearest ones were taken.
    Nearness,
    /// The outline of its area runs beside a road instead of on it.
    Beside,
    /// It closes one carriageway, the other one is open, and no words say the direction.
    OneSide,
    /// Its hours cannot be read, or never come.
    Hours,
    /// It ends before it begins, or before the moment that is looked at.
    Dates,
    /// 应急 and 绿色通道 are not exempt.
    Exemption,
    /// A truck that must make way enters a ring that it did not enter before.
    OtherRing,
    /// A detour leads over an arc that an order closes.
    DetourClosed,
    /// A road on a detour bears or clears less than the trucks that are sent there.
    DetourLimit,
    /// Nothing leads back beside a road that becomes one-way.
    OneWayPair,
    /// Two one-ways point against each other.
    Contradiction,
    /// Two orders say different things of the same road.
    Overlap,
    /// Where a camera would see most trucks that nobody sees yet.
    NextCamera,
    /// Trucks may come into a closed road where no camera looks.
    NoCamera,
}

impl LintRule {
    /// As JSON names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::PlaceUnreachable => "place_unreachable",
            Self::FlowNowhere => "flow_nowhere",
            Self::OffRoad => "off_road",
            Self::Nearness => "nearness",
            Self::Beside => "outline_beside",
            Self::OneSide => "one_side",
            Self::Hours => "hours",
            Self::Dates => "dates",
            Self::Exemption => "exemption",
            Self::OtherRing => "other_ring",
            Self::DetourClosed => "detour_closed",
            Self::DetourLimit => "detour_limit",
            Self::OneWayPair => "one_way_pair",
            Self::Contradiction => "contradiction",
            Self::Overlap => "overlap",
            Self::NextCamera => "next_camera",
            Self::NoCamera => "no_camera",
        }
    }
}

impl LintFinding {
    fn new(rule: LintRule, record: RecordId, zh: String, en: String) -> Self {
        let words = LocalizedText::new(zh, en);
        Self { rule, record, words, at: None, other: None, direction_deg: None }
    }

    fn at(self, at: Option<Coord<f64>>) -> Self {
        Self { at, ..self }
    }
}

/// Roads that one finding names.
const MOST_NAMES: usize = 4;

/// Vehicles that no order may keep from their way: 道路交通安全法 art. 53 for emergencies, and the
/// green channel for fresh farm produce (交公路发〔2019〕99号).
pub const MUST_BE_EXEMPT: [&str; 2] = ["应急", "绿色通道"];

/// All findings, sorted by rule, record and words, each once.
pub fn lint(case: &Case<'_>) -> Vec<LintFinding> {
    let mut found = Vec::new();
    flows(case, &mut found);
    places(case, &mut found);
    for order in case.planned {
        one(case, order, &mut found);
        one_way::look(case, order, &mut found);
        one_side::look(case, order, &mut found);
        detours::look(case, order, &mut found);
    }
    cameras::look(case, &mut found);
    for (number, order) in case.planned.iter().enumerate() {
        let others = case.all.iter().filter(|other| other.id != order.id);
        let earlier = case.planned.iter().take(number);
        let is_told = |other: &TrafficOrder| earlier.clone().any(|known| known.id == other.id);
        for other in others.filter(|other| !is_told(other)) {
            pair(case, order, other, &mut found);
        }
    }
    found.sort_by(|a, b| {
        (a.rule, a.record, &a.words.zh, a.other).cmp(&(b.rule, b.record, &b.words.zh, b.other))
    });
    found.dedup();
    found
}

/// A place halfway along what an order closes, WGS-84 degrees.
fn middle(case: &Case<'_>, order: &TrafficOrder) -> Option<Coord<f64>> {
    if let Some((from, _)) = order.turns.first() {
        let network = &case.prepared.network;
        return network.nodes.get(network.head(*from) as usize).copied();
    }
    let arc = order.arcs.get(order.arcs.len() / 2)?;
    case.prepared.network.middle_of(arc.edge() as u32)
}

fn places(case: &Case<'_>, found: &mut Vec<LintFinding>) {
    for site in case.cut_off {
        let name = &site.name;
        let zh = format!("{name}：方案实施后重型货车无法到达或离开");
        let en = format!("{name} cannot be reached or left by heavy trucks under the plan");
        found.push(LintFinding::new(LintRule::PlaceUnreachable, site.id, zh, en).at(Some(site.at)));
    }
}

fn flows(case: &Case<'_>, found: &mut Vec<LintFinding>) {
    let Case { prepared, before, after, .. } = case;
    let trips = before.trips.iter().zip(&after.trips);
    for (flow, (before, after)) in prepared.flows.iter().zip(trips) {
        let (from, to) = (flow.from_words(&prepared.gates), flow.to_words(&prepared.gates));
        let mut say = |rule, zh: String, en: String, other| {
            let gate = flow.to.or(flow.from).and_then(|gate| prepared.gates.get(gate));
            let finding = LintFinding::new(rule, flow.id, zh, en).at(gate.and_then(|gate| gate.at));
            found.push(LintFinding { other, ..finding });
        };
        if before.route.is_none() {
            let zh = format!("{from} → {to}：现状就没有可走的路（核对关口编码、位置和路网）");
            let en = format!("{from} → {to}: no way today (check codes, gates and roads)");
            say(LintRule::FlowNowhere, zh, en, None);
        } else if after.route.is_none() {
            let zh = format!("{from} → {to}：方案实施后无法到达");
            let en = format!("{from} → {to} is cut off by the plan");
            say(LintRule::Unreachable, zh, en, closing(case, flow, before));
        }
        for ring in after.rings.iter().filter(|ring| !before.rings.contains(ring)) {
            let Some(ring) = prepared.rings.get(*ring as usize) else { continue };
            let (name, radius_m) = (&ring.name, ring.radius_m);
            say(
                LintRule::OtherRing,
                format!("{from} → {to}：绕行进入{name} {radius_m} m 圈"),
                format!("{from} → {to} now enters the {radius_m} m ring of {name}"),
                None,
            );
        }
    }
}

/// The order of the plan by which the way of today is closed first.
fn closing(case: &Case<'_>, flow: &Flow, before: &Trip) -> Option<RecordId> {
    let holding: Vec<&&TrafficOrder> = (case.planned.iter())
        .filter(|order| order.holds(case.at) && order.closes(&flow.truck))
        .collect();
    let arcs = &before.route.as_ref()?.arcs;
    arcs.iter().enumerate().find_map(|(number, arc)| {
        let next = arcs.get(number + 1);
        let order = holding.iter().find(|order| {
            order.arcs.binary_search(arc).is_ok()
                || next.is_some_and(|next| order.turns.binary_search(&(*arc, *next)).is_ok())
        })?;
        Some(order.id)
    })
}

fn one(case: &Case<'_>, order: &TrafficOrder, found: &mut Vec<LintFinding>) {
    let (name, at) = (&order.name, case.at);
    let place = middle(case, order);
    let mut say = |rule, zh: String, en: String| {
        found.push(LintFinding::new(rule, order.id, zh, en).at(place));
    };
    if order.is_nowhere() && order.kind == OrderKind::NoTurn {
        say(
            LintRule::OffRoad,
            format!("{name}：不在任何路口上，请在路口重画"),
            format!("{name} turns at no junction: draw it at one"),
        );
    } else if order.is_nowhere() {
        say(
            LintRule::OffRoad,
            format!("{name}：不在任何道路上，请沿道路重画"),
            format!("{name} lies on no road: draw it along one"),
        );
    }
    shape(case, order, &mut say);
    if let Some(bad) = &order.bad_hours {
        say(
            LintRule::Hours,
            format!("{name}：时段无法识别（{}）", bad.text),
            format!("{name}: {bad}"),
        );
    } else if !order.hours.ever_holds(at) {
        say(
            LintRule::Hours,
            format!("{name}：时段永远不会生效"),
            format!("{name}: its hours never come"),
        );
    }
    if let (Some(from), Some(to)) = (order.days.from, order.days.to)
        && to < from
    {
        say(
            LintRule::Dates,
            format!("{name}：截止日期早于起始日期"),
            format!("{name} ends before it begins"),
        );
    } else if order.days.to.is_some_and(|to| to < at.date()) {
        say(LintRule::Dates, format!("{name}：已过截止日期"), format!("{name} is over already"));
    }
    if order.kind != OrderKind::Detour && order.kind != OrderKind::OneWay {
        let missing: Vec<&str> =
            MUST_BE_EXEMPT.into_iter().filter(|word| !order.scope.exempts(word)).collect();
        if !missing.is_empty() {
            let missing = missing.join("、");
            say(
                LintRule::Exemption,
                format!("{name}：未豁免{missing}"),
                format!("{name} does not exempt {missing}"),
            );
        }
    }
}

/// Whether the shape of an order lies on the roads that it means.
fn shape(case: &Case<'_>, order: &TrafficOrder, say: &mut impl FnMut(LintRule, String, String)) {
    let name = &order.name;
    let names = |edges: &mut dyn Iterator<Item = u32>| {
        let names = edges.map(|edge| case.prepared.network.name_of(edge));
        let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
        names.into_iter().take(MOST_NAMES).collect::<Vec<_>>().join("、")
    };
    if !order.by_nearness.is_empty() {
        let (count, roads) =
            (order.by_nearness.len(), names(&mut order.by_nearness.iter().copied()));
        say(
            LintRule::Nearness,
            format!("{name}：画线不在道路上，按就近取用 {roads} 共 {count} 段，请核对"),
            format!(
                "{name} lies beside its roads: the nearest were taken ({roads}, {count} pieces)"
            ),
        );
    }
    if !order.beside.is_empty() {
        let away_m = order.beside.iter().map(|(_, away_m)| *away_m).fold(0.0, f64::max);
        let roads = names(&mut order.beside.iter().map(|(edge, _)| *edge));
        say(
            LintRule::Beside,
            format!(
                "{name}：边界与 {roads} 并行但不在路上（相距至多 {away_m:.0} m），含不含这些路只凭毫厘，请让边界沿路"
            ),
            format!(
                "the outline of {name} runs beside {roads}, up to {away_m:.0} m off: lead it along them"
            ),
        );
    }
}

fn pair(case: &Case<'_>, one: &TrafficOrder, other: &TrafficOrder, found: &mut Vec<LintFinding>) {
    let is_detour = |order: &TrafficOrder| order.kind == OrderKind::Detour;
    let is_one_way = |order: &TrafficOrder| order.kind == OrderKind::OneWay;
    let shared = |turn: bool| {
        let turned = |arc: super::ArcId| if turn { arc.reverse() } else { arc };
        let is_in = |arcs: &[super::ArcId], arc: super::ArcId| arcs.binary_search(&arc).is_ok();
        // An area may close thousands, and what it is held against a few.
        if one.arcs.len() <= other.arcs.len() {
            one.arcs.iter().copied().find(|arc| is_in(&other.arcs, turned(*arc)))
        } else {
            let theirs = other.arcs.iter().map(|arc| turned(*arc));
            theirs.filter(|arc| is_in(&one.arcs, *arc)).min()
        }
    };
    if one.stands_for(other) || other.stands_for(one) {
        return;
    }
    let (a, b) = (&one.name, &other.name);
    let mut tell = |rule, order: &TrafficOrder, other: &TrafficOrder, arc: super::ArcId, zh, en| {
        let at = case.prepared.network.middle_of(arc.edge() as u32);
        let other = Some(other.id);
        found.push(LintFinding { other, ..LintFinding::new(rule, order.id, zh, en).at(at) });
    };
    let today = case.at.date();
    if is_one_way(one)
        && is_one_way(other)
        && let Some(arc) = shared(true).filter(|_| may_conflict(one, other, today))
    {
        let zh = format!("{a}：与“{b}”方向相反，两条单行合起来等于全部封闭");
        let en = format!("{a} and {b} point against each other: together they close the road");
        tell(LintRule::Contradiction, one, other, arc, zh, en);
    }
    // A detour by a turn that is banned goes where it may not.
    let turned = || {
        let (detour, ban) = if is_detour(one) { (one, other) } else { (other, one) };
        let is_in = |arc: &super::ArcId| detour.arcs.binary_search(arc).is_ok();
        let mut turns = ban.turns.iter().filter(|_| is_detour(detour));
        turns.find(|(from, into)| is_in(from) && is_in(into)).map(|(_, into)| *into)
    };
    let shared = shared(false).or_else(turned);
    let Some(arc) = shared.filter(|_| !(is_detour(one) && is_detour(other))) else { return };
    if is_detour(one) || is_detour(other) {
        let (detour, closure) = if is_detour(one) { (one, other) } else { (other, one) };
        // What closes the road to others only is in nobody's way.
        let trucks = detours::trucks(case, detour);
        // A detour is driven when what it leads around holds.
        let around = case.all.iter().find(|order| detour.is_around(order));
        let is_in_the_way = trucks.iter().any(|truck| closure.closes(truck))
            && overlap_in_time(closure, detour, today)
            && around.is_none_or(|around| overlap_in_time(closure, around, today));
        if !is_in_the_way {
            return;
        }
        let zh = format!("{}：绕行线经过被“{}”禁限的路段", detour.name, closure.name);
        let en = format!("{} leads over a road that {} closes", detour.name, closure.name);
        tell(LintRule::DetourClosed, detour, closure, arc, zh, en);
    } else if may_conflict(one, other, today) {
        let zh = format!("{a}：与“{b}”有重叠路段");
        tell(LintRule::Overlap, one, other, arc, zh, format!("{a} overlaps {b}"));
    }
}

#[cfg(test)]
mod tests;
