//! Which arcs an order closes, to whom and when.

use geo::Contains as _;
use geo_types::{Coord, Geometry, LineString, Point};
use jiff::civil::{Date, DateTime};

use super::graph::{Arc, Network};
use super::hours::{BadHours, Hours};
use super::truck::{Scope, Truck};
use crate::domain::{Record, RecordId, Value};
use crate::geodesy::index::BoxIndex;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb::{Bounds, bounds};

/// A road lies on the line of an order where it is this near, metres: half of a wide road.
const ON_LINE_M: f64 = 12.0;
/// Between two looks along a road, metres.
const STEP_M: f64 = 15.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKind {
    NoEntry,
    OneWay,
    Limited,
    Detour,
}

/// An order on the network.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: RecordId,
    pub name: String,
    pub plan: String,
    pub state: String,
    pub kind: OrderKind,
    pub scope: Scope,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub hours: Hours,
    /// Why the hours could not be read: then it counts as holding always, and is reported.
    pub bad_hours: Option<BadHours>,
    /// What it closes; of a detour, what it leads over. Sorted.
    pub arcs: Vec<Arc>,
}

/// A piece of road on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub edge: u32,
    /// How far along the line the middle of the piece lies.
    pub at_m: f64,
    /// Whether it goes the way of the line.
    pub goes_along: bool,
}

/// Finds the edges along a line.
pub struct Finder<'a> {
    network: &'a Network,
    index: BoxIndex,
    edges: Vec<u32>,
}

impl Order {
    pub fn of(record: &Record, finder: &Finder<'_>) -> Self {
        let kind = match record.text("kind") {
            "one_way" => OrderKind::OneWay,
            "limited" => OrderKind::Limited,
            "detour" => OrderKind::Detour,
            _ => OrderKind::NoEntry,
        };
        let date = |key: &str| match record.get(key) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let (hours, bad_hours) = match Hours::parse(record.text("hours")) {
            Ok(hours) => (hours, None),
            Err(error) => (Hours::always(), Some(error)),
        };
        let with_boundary = record.get("boundary_included") == Some(&Value::Boolean(true));
        let arcs = record.geometry.as_ref().map(|shape| finder.arcs(shape, kind, with_boundary));
        Self {
            id: record.id,
            name: record.name().to_owned(),
            plan: record.text("plan").to_owned(),
            state: record.text("state").to_owned(),
            kind,
            scope: Scope::of(record),
            from: date("valid_from"),
            to: date("valid_to"),
            hours,
            bad_hours,
            arcs: arcs.unwrap_or_default(),
        }
    }

    /// Whether it holds at a moment, local time of the district.
    pub fn holds(&self, at: DateTime) -> bool {
        self.from.is_none_or(|from| from <= at.date())
            && self.to.is_none_or(|to| at.date() <= to)
            && self.hours.holds(at)
    }

    /// Whether it keeps a truck from its arcs.
    pub fn closes(&self, truck: &Truck) -> bool {
        self.kind != OrderKind::Detour && self.scope.covers(truck)
    }
}

impl<'a> Finder<'a> {
    pub fn new(network: &'a Network) -> Self {
        let boxes = (0_u32..).zip(&network.edges).filter_map(|(number, edge)| {
            let line: Geometry<f64> = LineString(network.line(edge).to_vec()).into();
            Some((bounds(&line)?, number))
        });
        let (index, edges) = BoxIndex::new(boxes.collect());
        Self { network, index, edges }
    }

    /// Arcs of an order's shape: along a line both directions, but of a one-way only those against
    /// the line; in an area those that lie inside, and those of its outline where it is included.
    pub fn arcs(&self, shape: &Geometry<f64>, kind: OrderKind, with_boundary: bool) -> Vec<Arc> {
        let mut arcs = Vec::new();
        match shape {
            Geometry::LineString(line) => self.along(line, kind, &mut arcs),
            Geometry::MultiLineString(lines) => {
                lines.0.iter().for_each(|line| self.along(line, kind, &mut arcs));
            }
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) => {
                self.inside(shape, with_boundary, &mut arcs);
            }
            _ => {}
        }
        arcs.sort_unstable();
        arcs.dedup();
        arcs
    }

    /// The pieces of road on a line, in its order.
    pub fn steps(&self, line: &LineString<f64>) -> Vec<Step> {
        let mut steps = self.on(line);
        steps.sort_by(|a, b| a.at_m.total_cmp(&b.at_m).then(a.edge.cmp(&b.edge)));
        steps
    }

    fn along(&self, line: &LineString<f64>, kind: OrderKind, arcs: &mut Vec<Arc>) {
        for Step { edge, goes_along, .. } in self.on(line) {
            match kind {
                OrderKind::OneWay => arcs.push(Arc::new(edge, goes_along)),
                OrderKind::Detour => arcs.push(Arc::new(edge, !goes_along)),
                OrderKind::NoEntry | OrderKind::Limited => {
                    arcs.extend([Arc::new(edge, false), Arc::new(edge, true)]);
                }
            }
        }
    }

    fn inside(&self, area: &Geometry<f64>, with_boundary: bool, arcs: &mut Vec<Arc>) {
        let Some(around) = bounds(area) else { return };
        let outlines: Vec<&LineString<f64>> = match area {
            Geometry::Polygon(polygon) => vec![polygon.exterior()],
            Geometry::MultiPolygon(all) => all.0.iter().map(geo_types::Polygon::exterior).collect(),
            _ => Vec::new(),
        };
        let mut boundary: Vec<u32> =
            outlines.into_iter().flat_map(|line| self.on(line)).map(|step| step.edge).collect();
        boundary.sort_unstable();
        let mut both = |edge: u32| arcs.extend([Arc::new(edge, false), Arc::new(edge, true)]);
        self.index.search(around, &mut |place| {
            let Some(edge) = self.edges.get(place).copied() else { return };
            let is_inside = self.middle(edge).is_some_and(|at| area.contains(&Point(at)));
            if is_inside && boundary.binary_search(&edge).is_err() {
                both(edge);
            }
        });
        if with_boundary {
            boundary.dedup();
            boundary.into_iter().for_each(both);
        }
    }

    /// The place half way along an edge.
    fn middle(&self, edge: u32) -> Option<Coord<f64>> {
        let edge = self.network.edges.get(edge as usize)?;
        let line = self.network.line(edge);
        samples(line, 2).get(1).copied()
    }

    /// Edges of which the larger part lies along a line, sorted by number.
    fn on(&self, line: &LineString<f64>) -> Vec<Step> {
        let Some(around) = bounds(&Geometry::LineString(line.clone())) else { return Vec::new() };
        let frame = LocalFrame::at((around.min + around.max) / 2.0);
        let plane: Vec<Coord<f64>> = line.0.iter().map(|at| frame.plane_from_wgs84(*at)).collect();
        let reach = 2.0 * ON_LINE_M / 111_000.0;
        let widened = Bounds {
            min: Coord { x: around.min.x - 2.0 * reach, y: around.min.y - reach },
            max: Coord { x: around.max.x + 2.0 * reach, y: around.max.y + reach },
        };
        let mut found = Vec::new();
        self.index.search(widened, &mut |place| {
            let Some(number) = self.edges.get(place).copied() else { return };
            found.extend(self.lies_on(number, &frame, &plane));
        });
        found.sort_by_key(|step| step.edge);
        found
    }

    fn lies_on(&self, number: u32, frame: &LocalFrame, line: &[Coord<f64>]) -> Option<Step> {
        let edge = self.network.edges.get(number as usize)?;
        let looks = (f64::from(edge.length_m) / STEP_M).ceil().clamp(2.0, 200.0) as usize;
        let places = samples(self.network.line(edge), looks);
        let mut near = 0_u32;
        let mut first: Option<f64> = None;
        let (mut last, mut at_m) = (0.0, 0.0);
        for (look, place) in places.iter().enumerate() {
            let (along_m, away_m) = onto(line, frame.plane_from_wgs84(*place));
            if look <= looks / 2 {
                at_m = along_m;
            }
            if away_m <= ON_LINE_M {
                near += 1;
                first.get_or_insert(along_m);
                last = along_m;
            }
        }
        let covered_m = f64::from(edge.length_m) * f64::from(near.saturating_sub(1)) / looks as f64;
        let gone_m = last - first?;
        // A side street is near the line too, but does not go along it.
        let is_on =
            near as usize * 2 > places.len() && gone_m.abs() > 0.7 * covered_m && covered_m > 0.0;
        is_on.then_some(Step { edge: number, at_m, goes_along: gone_m > 0.0 })
    }
}

/// Places along a line, `parts + 1` of them, equally far from each other in degrees.
fn samples(line: &[Coord<f64>], parts: usize) -> Vec<Coord<f64>> {
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

/// How far along a line its nearest place is, and how far away, metres in the plane.
fn onto(line: &[Coord<f64>], at: Coord<f64>) -> (f64, f64) {
    let (mut before, mut best) = (0.0, (0.0, f64::INFINITY));
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let along = *b - *a;
        let length = along.x.hypot(along.y);
        let off = at - *a;
        let share = if length > 0.0 {
            ((off.x * along.x + off.y * along.y) / (length * length)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let foot = *a + along * share;
        let away = (at.x - foot.x).hypot(at.y - foot.y);
        if away < best.1 {
            best = (before + share * length, away);
        }
        before += length;
    }
    best
}
