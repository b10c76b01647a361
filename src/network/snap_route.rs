//! From waypoints to a line along the roads: what a person clicks becomes what an order says.
//!
//! Between two snapped waypoints the line is the shortest route by road, by length and not by time:
//! it must not jump to another road when somebody changes a speed limit. A free waypoint is reached
//! straight. Nothing is stored here but what [`Waypoint`] writes: a later network resolves the same
//! waypoints again. The search is in `search`, the way back from a line to waypoints in `thin`.

mod search;
mod thin;

use geo_types::{Coord, LineString};

use super::evaluate::Prepared;
use super::graph::{ArcId, Edge};
use super::orders::{BoundStretch, on_outline, stretches};
use crate::domain::{OrderKind, Record, Value};
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane;
use crate::geodesy::ring::distance_m;

pub(super) use search::line_between;
pub use thin::{thinned, thinned_ring};

/// A snapped waypoint belongs to the nearest road within this, metres: roads are redrawn by some
/// metres, but a road that is farther away is another one.
pub const REACH_M: f64 = 50.0;

/// Where a line was clicked. WGS-84 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waypoint {
    /// Where.
    pub at: Coord<f64>,
    /// On a road; else the line goes straight to it and on from it.
    pub is_snapped: bool,
}

/// Which ways a line may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoadUse {
    /// Any road in either direction: what is closed is closed both ways.
    Any,
    /// As a truck drives, along one-ways and not by banned turns: a detour is driven, and a one-way
    /// says which way is left open, so on a divided road it lies on the right carriageway.
    Driven,
}

/// A place on an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foot {
    /// In [`super::Network::edges`].
    pub edge: u32,
    /// WGS-84 degrees.
    pub at: Coord<f64>,
    /// The vertex of the edge after which it lies.
    segment: usize,
    /// From the beginning of the edge as it was drawn.
    before_m: f64,
    /// From where it was looked for.
    pub away_m: f64,
}

/// The line from one waypoint to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// WGS-84 degrees, from the first waypoint to the second.
    pub line: Vec<Coord<f64>>,
    /// How it was found.
    pub kind: LegKind,
    /// The roads that it leads along; none where it was not led by road.
    pub stretches: Vec<BoundStretch>,
}

/// How the line from one waypoint to the next was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegKind {
    /// By road.
    Road,
    /// By road, but a truck may not drive it this way.
    Against,
    /// One of its ends is free, or on no road.
    Straight,
    /// No road leads from one end to the other, or only one that is far too long.
    Apart,
}

/// A line with what there is to say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SnappedLine {
    /// WGS-84 degrees.
    pub line: LineString<f64>,
    /// Indices of snapped waypoints that lie on no road.
    pub lost: Vec<usize>,
    /// Indices of the waypoints after which there is no way by road.
    pub apart: Vec<usize>,
    /// The roads that it leads along, in its order; none where a part of it was not led by road.
    pub stretches: Vec<BoundStretch>,
}

impl Foot {
    /// From the beginning of its edge as that was drawn, metres.
    pub const fn before_m(&self) -> f64 {
        self.before_m
    }
}

impl RoadUse {
    /// Of an order of this kind.
    pub const fn of(kind: OrderKind) -> Self {
        match kind {
            OrderKind::OneWay | OrderKind::Detour | OrderKind::NoTurn => Self::Driven,
            OrderKind::NoEntry | OrderKind::Limited => Self::Any,
        }
    }
}

impl Waypoint {
    /// One that follows the roads.
    pub const fn snapped(at: Coord<f64>) -> Self {
        Self { at, is_snapped: true }
    }

    /// `118.1562 39.8322` or `118.1562 39.8322 free`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let mut number = || words.next()?.parse::<f64>().ok().filter(|number| number.is_finite());
        let at = Coord { x: number()?, y: number()? };
        let is_on_earth = at.x.abs() <= 180.0 && at.y.abs() <= 90.0;
        let is_snapped = match words.next() {
            None => true,
            Some("free") => false,
            Some(_) => return None,
        };
        (is_on_earth && words.next().is_none()).then_some(Self { at, is_snapped })
    }

    /// As [`Self::parse`] reads it; to a centimetre, and no figure more than it takes.
    pub fn text(&self) -> String {
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        let free = if self.is_snapped { "" } else { " free" };
        format!("{} {}{free}", round(self.at.x), round(self.at.y))
    }

    /// Of an order; none where it was drawn without, or where one of them cannot be read.
    pub fn of(record: &Record) -> Vec<Self> {
        let Some(Value::Words(words)) = record.get("waypoints") else { return Vec::new() };
        words.iter().map(|word| Self::parse(word)).collect::<Option<_>>().unwrap_or_default()
    }

    /// As a record stores them; `None` for none, which empties the field.
    pub fn value(waypoints: &[Self]) -> Option<Value> {
        let words = waypoints.iter().map(|waypoint| waypoint.text().into());
        (!waypoints.is_empty()).then(|| Value::Words(words.collect()))
    }
}

/// The nearest place on a road within a reach in metres, of a place in WGS-84 degrees.
pub fn nearest(prepared: &Prepared, at: Coord<f64>, reach_m: f64) -> Option<Foot> {
    let frame = LocalFrame::at(at);
    let mut near = Vec::new();
    prepared.finder().index().search(box_around(at, reach_m), &mut |edge| near.push(edge));
    near.sort_unstable();
    let mut best: Option<Foot> = None;
    for number in near {
        let Some(edge) = prepared.network.edges.get(number as usize) else { continue };
        let foot = foot_on(prepared, (number, edge), at, &frame);
        let least = best.map_or(reach_m, |best| best.away_m);
        if let Some(foot) = foot
            && (foot.away_m < least || best.is_none() && foot.away_m <= reach_m)
        {
            best = Some(foot);
        }
    }
    best
}

/// As [`nearest`], but at a junction where one lies within the reach: who points at a crossing
/// means the crossing.
pub fn snap(prepared: &Prepared, at: Coord<f64>, reach_m: f64) -> Option<(Foot, bool)> {
    let foot = nearest(prepared, at, reach_m)?;
    let edge = prepared.network.edges.get(foot.edge as usize)?;
    let ends = edge.ends.iter().filter_map(|node| prepared.network.nodes.get(*node as usize));
    let junction = ends
        .map(|node| (distance_m(*node, at), *node))
        .filter(|(away_m, _)| *away_m <= reach_m)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    match junction.and_then(|(_, node)| nearest(prepared, node, REACH_M)) {
        Some(on) => Some((on, true)),
        None => Some((foot, false)),
    }
}

fn foot_on(
    prepared: &Prepared,
    (number, edge): (u32, &Edge),
    at: Coord<f64>,
    frame: &LocalFrame,
) -> Option<Foot> {
    let places = prepared.network.line(edge);
    let flat: Vec<Coord<f64>> = places.iter().map(|at| frame.plane_from_wgs84(*at)).collect();
    let mut best: Option<(f64, usize, f64)> = None;
    for (segment, pair) in flat.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let (share, away_m) = plane::nearest(*a, *b, Coord::default());
        if best.is_none_or(|(least, ..)| away_m < least) {
            best = Some((away_m, segment, share));
        }
    }
    let (away_m, segment, share) = best?;
    let (from, to) = (*places.get(segment)?, *places.get(segment + 1)?);
    // At a vertex it is the vertex, to the last bit.
    let on = if share >= 1.0 { to } else { from + (to - from) * share };
    let on = if away_m < 1e-6 { at } else { on };
    let whole: f64 = places.windows(2).take(segment).map(length_of).sum();
    Some(Foot { edge: number, at: on, segment, before_m: whole + distance_m(from, on), away_m })
}

fn length_of(pair: &[Coord<f64>]) -> f64 {
    if let [a, b] = pair { distance_m(*a, *b) } else { 0.0 }
}

/// The geodesic length of a line in WGS-84 degrees, metres.
pub fn length_m(line: &[Coord<f64>]) -> f64 {
    line.windows(2).map(length_of).sum()
}

/// The line from one waypoint to another: by road if both are snapped and a road leads there.
pub fn leg(prepared: &Prepared, from: Waypoint, to: Waypoint, rule: RoadUse) -> Leg {
    let straight = |kind| Leg { line: vec![from.at, to.at], kind, stretches: Vec::new() };
    let led = |(line, arcs): (Vec<Coord<f64>>, Vec<ArcId>), kind| {
        let ends = line.first().copied().zip(line.last().copied());
        let stretches = ends
            .map(|(begin, end)| stretches(&prepared.network, begin, &arcs, end))
            .unwrap_or_default();
        Leg { line, kind, stretches }
    };
    if !from.is_snapped || !to.is_snapped {
        return straight(LegKind::Straight);
    }
    let foot = |waypoint: Waypoint| nearest(prepared, waypoint.at, REACH_M);
    let (Some(a), Some(b)) = (foot(from), foot(to)) else { return straight(LegKind::Straight) };
    if let Some(way) = search::way(prepared, &a, &b, rule) {
        return led(way, LegKind::Road);
    }
    let against =
        if rule == RoadUse::Driven { search::way(prepared, &a, &b, RoadUse::Any) } else { None };
    match against {
        Some(way) => led(way, LegKind::Against),
        None => straight(LegKind::Apart),
    }
}

/// All waypoints one after the other; a closed line comes back to the first.
pub fn resolve(
    prepared: &Prepared,
    waypoints: &[Waypoint],
    rule: RoadUse,
    is_closed: bool,
) -> SnappedLine {
    let next = waypoints.iter().skip(1).chain(waypoints.first().filter(|_| is_closed));
    let legs = waypoints.iter().zip(next).map(|(from, to)| leg(prepared, *from, *to, rule));
    let legs: Vec<Leg> = legs.collect();
    let line = LineString(joined(legs.iter().map(|leg| leg.line.as_slice()), is_closed));
    let bound = bound_by(legs.iter());
    let stretches = if is_closed { on_outline(bound, &line) } else { bound };
    SnappedLine { lost: lost(prepared, waypoints), apart: apart(&legs), stretches, line }
}

/// The stretches of all legs, one after the other; none where one was not led by road.
pub fn bound_by<'a>(legs: impl Iterator<Item = &'a Leg> + Clone) -> Vec<BoundStretch> {
    let is_led = |leg: &Leg| matches!(leg.kind, LegKind::Road | LegKind::Against);
    if !legs.clone().all(is_led) {
        return Vec::new();
    }
    legs.flat_map(|leg| leg.stretches.iter().copied()).collect()
}

/// Indices of snapped waypoints that lie on no road.
pub fn lost(prepared: &Prepared, waypoints: &[Waypoint]) -> Vec<usize> {
    let is_lost = |waypoint: &Waypoint| {
        waypoint.is_snapped && nearest(prepared, waypoint.at, REACH_M).is_none()
    };
    (0..).zip(waypoints).filter(|(_, waypoint)| is_lost(waypoint)).map(|(at, _)| at).collect()
}

/// Indices of the legs for which there is no way by road.
pub fn apart(legs: &[Leg]) -> Vec<usize> {
    (0..).zip(legs).filter(|(_, leg)| leg.kind == LegKind::Apart).map(|(at, _)| at).collect()
}

/// Lines one after the other without doubled vertices. From an outline, spurs (ways into a dead end
/// and back) are left out: an area has none. Nor has it the steps of some centimetres from road to road
/// at a junction, where each has its own place of the crossing: with them an outline may cross itself.
pub fn joined<'a>(
    lines: impl Iterator<Item = &'a [Coord<f64>]>,
    is_closed: bool,
) -> Vec<Coord<f64>> {
    let is_same =
        |a: Coord<f64>, b: Coord<f64>| if is_closed { is_near(a, b) } else { is_same(a, b) };
    let mut all: Vec<Coord<f64>> = Vec::new();
    for place in lines.flatten() {
        if all.last().is_none_or(|last| !is_same(*last, *place)) {
            all.push(*place);
        }
        if is_closed
            && let [.., before, _, last] = all.as_slice()
            && is_same(*before, *last)
        {
            all.truncate(all.len() - 2);
        }
    }
    if is_closed { without_seam(all) } else { all }
}

/// Removes spurs where an outline begins and ends, and closes it.
fn without_seam(mut ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    if ring.len() > 1 && ring.first().zip(ring.last()).is_some_and(|(a, b)| is_near(*a, *b)) {
        ring.pop();
    }
    while ring.len() > 3 && ring.get(1).zip(ring.last()).is_some_and(|(a, b)| is_near(*a, *b)) {
        ring.pop();
        ring.remove(0);
    }
    ring.extend(ring.first().copied());
    ring
}

/// Whether two places of an outline are nearer to each other than some 30 cm.
fn is_near(a: Coord<f64>, b: Coord<f64>) -> bool {
    (a.x - b.x).abs() < 3e-6 && (a.y - b.y).abs() < 3e-6
}

/// Whether two places are nearer to each other than a tenth of a millimetre.
fn is_same(a: Coord<f64>, b: Coord<f64>) -> bool {
    (a.x - b.x).abs() < 1e-9 && (a.y - b.y).abs() < 1e-9
}

#[cfg(test)]
mod tests;
