//! Traffic orders on the network: which arcs one closes, to whom and when.
//!
//! A shape is looked for on the roads by what lies along it (`Finder`), so an order needs no network
//! to be stored; one that was led along roads while it was drawn is bound to those (`bound`). Outlines
//! of areas are in `boundary` and `outline`, flat crossings in `slant`; whether orders go together is
//! [`super::conflicts`]'s.

mod outline;

pub use bound::{BoundStretch, on_outline, stretches};
pub use outline::{OutlinePiece, OutlineRoad, outline_roads, with_piece_turned, with_road};
pub use turns::turn_shape;

use geo::Contains as _;
use geo_types::{Coord, Geometry, LineString, Point};
use jiff::civil::DateTime;

mod bound;
mod boundary;
mod chosen;
mod slant;
mod turns;

use super::graph::{ArcId, Network};
use super::hours::{BadHours, Hours};
use super::truck::{Scope, Truck};
use crate::domain::{Carriageways, OrderKind, OrderState, Record, RecordId, Validity};
use crate::geodesy::index::BoxIndex;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane;
use crate::geodesy::wkb::{Bounds, bounds};

/// A road lies on the line of an order where it is this near, metres: half of a wide road.
const ON_LINE_M: f64 = 12.0;
/// A road that comes nearer to the line or leaves it by more than this share of its way crosses it
/// at a flat angle (8°); by a few metres also a line by a careless hand does.
const MOST_DRIFT: f64 = 0.14;
const MOST_DRIFT_M: f64 = 8.0;
/// Between two looks along a road, metres.
const STEP_M: f64 = 15.0;
/// So much of a road on the line or in the area of an order is meant, however long the road is.
const ENOUGH_M: f64 = 50.0;
/// Lines are looked for in pieces of this size, some 500 m.
const PIECE_DEG: f64 = 0.005;

/// An order on the network.
#[derive(Clone, Debug)]
pub struct TrafficOrder {
    /// Of its record.
    pub id: RecordId,
    /// Empty where it has none.
    pub code: String,
    /// For people.
    pub name: String,
    /// The plan that it belongs to; empty for none.
    pub plan: String,
    /// As its record says it; `None` where it says nothing that is known.
    pub state: Option<OrderState>,
    /// What it does: 禁行 where its record says nothing.
    pub kind: OrderKind,
    /// Whom it means.
    pub scope: Scope,
    /// The days on which it holds.
    pub days: Validity,
    /// The hours of these days.
    pub hours: Hours,
    /// Why the hours could not be read: then it counts as holding always, and is reported.
    pub bad_hours: Option<BadHours>,
    /// What it closes; of a detour, what it leads over. Sorted.
    pub arcs: Vec<ArcId>,
    /// Turns that it bans, each from one arc into the next. Sorted.
    pub turns: Vec<(ArcId, ArcId)>,
    /// Of a detour: the id or code of the order that it leads around.
    pub detour_of: String,
    /// Orders in force that count as revoked in its plan, by id or code.
    pub replaces: Vec<String>,
    /// Edges that it takes although its line does not lie on them.
    pub by_nearness: Vec<u32>,
    /// Edges beside which its outline runs, with how far away they are, metres.
    pub beside: Vec<(u32, f64)>,
}

/// A piece of road on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlignedEdge {
    /// In [`Network::edges`].
    pub edge: u32,
    /// How far along the line the middle of what it shares with the piece lies.
    pub at_m: f64,
    /// Whether it goes the way of the line.
    pub goes_along: bool,
}

/// The boxes of all edges of a network: made once for it.
#[derive(Clone, Debug, Default)]
pub struct EdgeIndex {
    index: BoxIndex,
    edges: Vec<u32>,
}

/// Finds the edges along a line and inside an area.
#[derive(Clone, Copy)]
pub struct Finder<'a> {
    network: &'a Network,
    index: &'a EdgeIndex,
}

/// An edge that may lie on a line, and how well it matches.
struct Match {
    edge: u32,
    /// The part of the line that it lies on, metres along.
    from_m: f64,
    to_m: f64,
    goes_along: bool,
    /// How much farther to the left of the line it ends than it begins, along the line, metres.
    drift_m: f64,
    /// So much of it lies near the line.
    covered_m: f64,
    /// How far it is from the line on the average, metres, and at most.
    away_m: [f64; 2],
    /// It keeps its distance: a road that crosses at a flat angle does not.
    is_beside: bool,
    /// The larger part of the edge lies on the line.
    is_most: bool,
}

impl TrafficOrder {
    /// What a record says, its shape looked for on the network.
    pub fn of(record: &Record, finder: &Finder<'_>) -> Self {
        let kind = OrderKind::of(record).unwrap_or(OrderKind::NoEntry);
        let (hours, bad_hours) = match Hours::parse(record.text("hours")) {
            Ok(hours) => (hours, None),
            Err(error) => (Hours::always(), Some(error)),
        };
        let arcs = record.geometry.as_ref().map(|shape| finder.arcs(shape, kind, record));
        Self {
            id: record.id,
            code: record.code().unwrap_or_default().to_owned(),
            name: record.name().to_owned(),
            plan: record.text("plan").to_owned(),
            state: OrderState::of(record),
            kind,
            scope: Scope::of(record),
            days: record.validity(),
            hours,
            bad_hours,
            arcs: arcs.unwrap_or_default(),
            turns: if kind == OrderKind::NoTurn { finder.turns(record) } else { Vec::new() },
            detour_of: record.text("detour_of").to_owned(),
            replaces: record.words("replaces").iter().map(|word| word.trim().to_owned()).collect(),
            by_nearness: finder.taken_by_nearness(record),
            beside: finder.beside_outline(record),
        }
    }

    /// Whether it means nothing on this network.
    pub const fn is_nowhere(&self) -> bool {
        self.arcs.is_empty() && self.turns.is_empty()
    }

    /// Whether a detour leads around an order, by id or code.
    pub fn is_around(&self, order: &Self) -> bool {
        let of = self.detour_of.trim();
        !of.is_empty() && (of == order.code || of == order.id.to_string())
    }

    /// Whether it stands for another order.
    pub fn stands_for(&self, other: &Self) -> bool {
        let is_it = |word: &String| {
            !word.is_empty() && (*word == other.code || *word == other.id.to_string())
        };
        self.replaces.iter().any(is_it)
    }

    /// Whether it holds at a moment, local time of the district.
    pub fn holds(&self, at: DateTime) -> bool {
        is_on(self.days, &self.hours, at)
    }

    /// Whether it keeps a truck from its arcs.
    pub fn closes(&self, truck: &Truck) -> bool {
        self.kind != OrderKind::Detour && self.scope.covers(truck)
    }
}

/// Whether the order of a record holds at a moment, local time of the district. Hours that nobody
/// can read count as always.
pub fn holds(order: &Record, at: DateTime) -> bool {
    let hours = Hours::parse(order.text("hours")).unwrap_or_else(|_| Hours::always());
    is_on(order.validity(), &hours, at)
}

fn is_on(days: Validity, hours: &Hours, at: DateTime) -> bool {
    hours.hold_on(at, days)
}

impl EdgeIndex {
    /// Of all edges that have a line.
    pub fn of(network: &Network) -> Self {
        let boxes = (0_u32..).zip(&network.edges).filter_map(|(number, edge)| {
            let line: Geometry<f64> = LineString(network.line(edge).to_vec()).into();
            Some((bounds(&line)?, number))
        });
        let (index, edges) = BoxIndex::new(boxes.collect());
        Self { index, edges }
    }

    /// Edges whose box meets one; a few more may come.
    pub fn search(&self, wanted: Bounds, visit: &mut impl FnMut(u32)) {
        self.index.search(wanted, &mut |index| {
            self.edges.get(index).copied().into_iter().for_each(&mut *visit);
        });
    }
}

impl<'a> Finder<'a> {
    /// Both must be of the same network.
    pub const fn new(network: &'a Network, index: &'a EdgeIndex) -> Self {
        Self { network, index }
    }

    /// Where the edges of the network lie.
    pub(super) const fn index(&self) -> &'a EdgeIndex {
        self.index
    }

    /// Arcs of an order's shape: along a line both directions, but of a one-way only those against
    /// the line; in an area those that lie inside, and those of its outline that the record says
    /// are included. A one-way or a detour has a direction, which an area has not. A ban of a turn
    /// closes no arc ([`Self::turns`]).
    pub fn arcs(&self, shape: &Geometry<f64>, kind: OrderKind, record: &Record) -> Vec<ArcId> {
        let mut arcs = Vec::new();
        let has_direction = matches!(kind, OrderKind::OneWay | OrderKind::Detour);
        if kind == OrderKind::NoTurn {
            return arcs;
        }
        match shape {
            Geometry::LineString(line) => self.along(line, kind, record, &mut arcs),
            Geometry::MultiLineString(lines) => {
                lines.0.iter().for_each(|line| self.along(line, kind, record, &mut arcs));
            }
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) if !has_direction => {
                self.inside(shape, &self.boundary(record), &mut arcs);
            }
            _ => {}
        }
        arcs.sort_unstable();
        arcs.dedup();
        arcs
    }

    /// The pieces of road on a line, in its order.
    pub fn steps(&self, line: &LineString<f64>) -> Vec<AlignedEdge> {
        let mut steps = self.on(line, true);
        steps.sort_by(|a, b| a.at_m.total_cmp(&b.at_m).then(a.edge.cmp(&b.edge)));
        steps
    }

    fn along(
        &self,
        line: &LineString<f64>,
        kind: OrderKind,
        order: &Record,
        arcs: &mut Vec<ArcId>,
    ) {
        let has_direction = matches!(kind, OrderKind::OneWay | OrderKind::Detour);
        let (line, chosen) = self.meant(order, line, has_direction);
        for AlignedEdge { edge, goes_along, .. } in chosen.iter().chain(&self.stand_ins(order)) {
            match kind {
                OrderKind::OneWay => arcs.push(ArcId::new(*edge, *goes_along)),
                OrderKind::Detour => arcs.push(ArcId::new(*edge, !goes_along)),
                OrderKind::NoEntry | OrderKind::Limited => {
                    arcs.extend([ArcId::new(*edge, false), ArcId::new(*edge, true)]);
                }
                OrderKind::NoTurn => {}
            }
        }
        if !has_direction && !Carriageways::One.is_of(order) {
            for edge in self.other_sides(&line, &chosen) {
                arcs.extend([ArcId::new(edge, false), ArcId::new(edge, true)]);
            }
        }
    }

    fn inside(&self, area: &Geometry<f64>, boundary: &[(u32, bool)], arcs: &mut Vec<ArcId>) {
        let Some(around) = bounds(area) else { return };
        let mut both = |edge: u32| arcs.extend([ArcId::new(edge, false), ArcId::new(edge, true)]);
        let is_boundary =
            |edge: u32| boundary.binary_search_by_key(&edge, |(edge, _)| *edge).is_ok();
        self.index.search(around, &mut |edge| {
            if !is_boundary(edge) && self.leads_through(edge, area) {
                both(edge);
            }
        });
        boundary.iter().filter(|(_, is_in)| *is_in).for_each(|(edge, _)| both(*edge));
    }

    /// Whether half of an edge lies in an area, or so much that nobody drew it by mistake.
    fn leads_through(&self, edge: u32, area: &Geometry<f64>) -> bool {
        let Some(edge) = self.network.edges.get(edge as usize) else { return false };
        let length_m = f64::from(edge.length_m);
        let looks = looks(length_m);
        // In the middle of each part, so that an edge that ends on the outline is wholly inside.
        let middles = samples(self.network.line(edge), 2 * looks).into_iter().skip(1).step_by(2);
        let inside = middles.filter(|at| area.contains(&Point(*at))).count() as f64;
        let inside_m = length_m * inside / looks as f64;
        inside_m > 0.0 && inside_m >= (0.5 * length_m).min(ENOUGH_M)
    }

    /// Edges along a line, sorted by number: those of which the larger part lies on it, and where
    /// it leaves off in the middle of a long edge, `with_parts` that edge too.
    fn on(&self, line: &LineString<f64>, with_parts: bool) -> Vec<AlignedEdge> {
        self.chosen(line, with_parts, false)
    }

    /// As [`Self::on`]; what `has_direction` goes the way of the line where it has the choice.
    fn chosen(
        &self,
        line: &LineString<f64>,
        with_parts: bool,
        has_direction: bool,
    ) -> Vec<AlignedEdge> {
        let all = self.matches(line, ON_LINE_M);
        let length_m = all.1;
        let all = chosen::best(self.network, all.0, has_direction);
        let is_meant = |found: &&Match| !slant::is_crossed(self.network, found, &all, length_m);
        let matches: Vec<&Match> = all.iter().filter(is_meant).collect();
        let whole: Vec<&Match> = matches.iter().filter(|found| found.is_most).copied().collect();
        let is_wanted = |found: &Match| {
            // What another edge lies on already is a fork or a side street, not the road meant.
            let taken = whole.iter().map(|other| found.shared_m(other));
            let left_m = found.to_m - found.from_m - taken.fold(0.0, f64::max);
            found.is_most
                || (with_parts && found.is_beside && left_m >= ENOUGH_M.min(0.5 * length_m))
        };
        let wanted = matches.iter().filter(|found| is_wanted(found));
        let mut found: Vec<AlignedEdge> = wanted.map(|found| found.aligned()).collect();
        found.sort_by_key(|step| step.edge);
        found
    }

    /// All edges that may lie within a reach of a line, by number, and how long the line is, metres.
    fn matches(&self, line: &LineString<f64>, reach_m: f64) -> (Vec<Match>, f64) {
        let Some(around) = bounds(&Geometry::LineString(line.clone())) else {
            return (Vec::new(), 0.0);
        };
        let frame = LocalFrame::at(around.middle());
        let plane: Vec<Coord<f64>> = line.0.iter().map(|at| frame.plane_from_wgs84(*at)).collect();
        let boxes = boxes_along(line, reach_m);
        let line = Plane::of(plane);
        let near = self.near(boxes).into_iter();
        let all = near.filter_map(|edge| self.lies_on(edge, &frame, &line, reach_m)).collect();
        (all, line.length_m())
    }

    fn near(&self, boxes: Vec<Bounds>) -> Vec<u32> {
        let mut near = Vec::new();
        for wanted in boxes {
            self.index.search(wanted, &mut |edge| near.push(edge));
        }
        near.sort_unstable();
        near.dedup();
        near
    }

    fn lies_on(
        &self,
        number: u32,
        frame: &LocalFrame,
        line: &Plane,
        reach_m: f64,
    ) -> Option<Match> {
        let edge = self.network.edges.get(number as usize)?;
        let length_m = f64::from(edge.length_m);
        let looks = looks(length_m);
        let step_m = length_m / looks as f64;
        let (mut near, mut gone_m) = (0_u32, 0.0);
        let (mut from_m, mut to_m) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut nearest_m, mut farthest_m) = (reach_m, 0.0_f64);
        let mut sum_m = 0.0;
        let mut sides: Option<[f64; 2]> = None;
        let mut before: Option<f64> = None;
        // The last place on the line, from which the next one is not half of a closed line away:
        // where that begins, the metres jump and the way goes on.
        let mut last_m: Option<f64> = None;
        for place in samples(self.network.line(edge), looks) {
            let (along_m, side_m) = line.onto(frame.plane_from_wgs84(place));
            let along_m = last_m.map_or(along_m, |last_m| line.unwound(along_m, last_m));
            let away_m = side_m.abs();
            if away_m > reach_m {
                before = None;
                continue;
            }
            near += 1;
            sum_m += away_m;
            last_m = Some(along_m);
            if line.is_closed() || (along_m > 0.0 && along_m < line.length_m()) {
                (nearest_m, farthest_m) = (nearest_m.min(away_m), farthest_m.max(away_m));
                sides = Some([sides.map_or(side_m, |[first, _]| first), side_m]);
            }
            (from_m, to_m) = (from_m.min(along_m), to_m.max(along_m));
            let step = before.map_or(0.0, |before| along_m - before);
            gone_m += if step.abs() <= 3.0 * step_m { step } else { 0.0 };
            before = Some(along_m);
        }
        let whole_m = line.length_m();
        let turns = if line.is_closed() && whole_m > 0.0 {
            (f64::midpoint(from_m, to_m) / whole_m).floor() * whole_m
        } else {
            0.0
        };
        let (from_m, to_m) = (from_m - turns, to_m - turns);
        let covered_m = step_m * f64::from(near.saturating_sub(1));
        // A side street is near the line too, but does not go along it.
        let is_along = covered_m > 0.0 && gone_m.abs() > 0.5 * covered_m;
        let drift_m = sides.map_or(0.0, |[first_m, last_m]| last_m - first_m);
        is_along.then_some(Match {
            edge: number,
            from_m,
            to_m,
            drift_m: if gone_m > 0.0 { drift_m } else { -drift_m },
            covered_m,
            away_m: [sum_m / f64::from(near.max(1)), farthest_m],
            goes_along: gone_m > 0.0,
            is_beside: farthest_m - nearest_m <= 0.5 * ON_LINE_M,
            is_most: near as usize * 2 > looks + 1,
        })
    }
}

/// How many samples to take along an edge.
fn looks(length_m: f64) -> usize {
    (length_m / STEP_M).ceil().clamp(2.0, 1000.0) as usize
}

/// Boxes along a line, each a little larger than a piece of it: the box of a long slanting line
/// would hold a whole town.
fn boxes_along(line: &LineString<f64>, reach_m: f64) -> Vec<Bounds> {
    let mut boxes = Vec::new();
    for pair in line.0.windows(2) {
        let [a, b] = pair else { continue };
        let steps = ((b.x - a.x).hypot(b.y - a.y) / PIECE_DEG).ceil().clamp(1.0, 1000.0);
        let reach_lat = 2.0 * reach_m / 111_000.0;
        let widest = a.y.abs().max(b.y.abs()).min(89.0);
        let reach = Coord { x: reach_lat / widest.to_radians().cos(), y: reach_lat };
        for step in 0..steps as u32 {
            let at = |step: u32| *a + (*b - *a) * (f64::from(step) / steps);
            let (from, to) = (at(step), at(step + 1));
            let low = Coord { x: from.x.min(to.x), y: from.y.min(to.y) };
            let high = Coord { x: from.x.max(to.x), y: from.y.max(to.y) };
            boxes.push(Bounds { min: low - reach, max: high + reach });
        }
    }
    boxes
}

/// Places along a line, `parts + 1` of them, equally far from each other in degrees.
pub(super) fn samples(line: &[Coord<f64>], parts: usize) -> Vec<Coord<f64>> {
    let lengths: Vec<f64> = line
        .windows(2)
        .map(|pair| if let [a, b] = pair { (b.x - a.x).hypot(b.y - a.y) } else { 0.0 })
        .collect();
    let total: f64 = lengths.iter().sum();
    let mut places = Vec::with_capacity(parts + 1);
    let (mut segment, mut before) = (0, 0.0);
    for part in 0..=parts {
        let wanted = total * part as f64 / parts as f64;
        while lengths.get(segment).is_some_and(|length| before + length < wanted)
            && segment + 1 < lengths.len()
        {
            before += lengths.get(segment).copied().unwrap_or(0.0);
            segment += 1;
        }
        let length = lengths.get(segment).copied().unwrap_or(0.0);
        let share = if length > 0.0 { ((wanted - before) / length).clamp(0.0, 1.0) } else { 0.0 };
        if let (Some(a), Some(b)) = (line.get(segment), line.get(segment + 1)) {
            places.push(*a + (*b - *a) * share);
        }
    }
    places
}

/// A line in the plane, with how far along each vertex is.
struct Plane {
    vertices: Vec<Coord<f64>>,
    along_m: Vec<f64>,
}

impl Plane {
    fn of(vertices: Vec<Coord<f64>>) -> Self {
        let mut gone_m = 0.0;
        let mut along_m = vec![0.0];
        along_m.extend(vertices.windows(2).map(|pair| {
            gone_m += if let [a, b] = pair { (b.x - a.x).hypot(b.y - a.y) } else { 0.0 };
            gone_m
        }));
        Self { vertices, along_m }
    }

    fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or_default()
    }

    fn is_closed(&self) -> bool {
        self.vertices.len() > 2 && self.vertices.first() == self.vertices.last()
    }

    /// The metres along a closed line that are nearest to others, beyond its ends too.
    fn unwound(&self, along_m: f64, last_m: f64) -> f64 {
        let whole_m = self.length_m();
        if !self.is_closed() || whole_m <= 0.0 {
            return along_m;
        }
        along_m + ((last_m - along_m) / whole_m).round() * whole_m
    }

    /// How far along the line its nearest place is, and how far away, metres: to the left of the
    /// line above zero, to the right below.
    fn onto(&self, at: Coord<f64>) -> (f64, f64) {
        let mut best = (0.0, f64::INFINITY, 1.0);
        for (pair, before_m) in self.vertices.windows(2).zip(&self.along_m) {
            let [a, b] = pair else { continue };
            let (along, off) = (*b - *a, at - *a);
            let share = plane::foot(*a, *b, at);
            let foot = along * share;
            let away = (off.x - foot.x) * (off.x - foot.x) + (off.y - foot.y) * (off.y - foot.y);
            if away < best.1 {
                let left = along.x * off.y - along.y * off.x;
                let along_m = before_m + share * along.x.hypot(along.y);
                best = (along_m, away, if left < 0.0 { -1.0 } else { 1.0 });
            }
        }
        (best.0, best.1.sqrt() * best.2)
    }
}

#[cfg(test)]
mod tests;
