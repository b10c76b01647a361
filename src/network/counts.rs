//! Flows estimated from counts on roads and at gates: an origin–destination matrix from link counts.
//!
//! The method is as plain as the data allow: every flow takes its quickest legal route (all or
//! nothing). The starting matrix is what is assumed already; where nothing is, one truck between
//! any two gates. In each round every flow is scaled by what its counts want on average (the
//! geometric mean of count over estimate), until nothing changes: multiplicative reconstruction
//! (SMART; Byrne 1993), which meets counts that agree and lies between those that do not. Measured
//! flows stay as they are. What is not met is told as a residual.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo_types::{Coord, Geometry};
use jiff::civil::DateTime;
use serde_json::Value as Json;

use super::compare::prepare;
use super::demand::Gate;
use super::evaluate::{Assumptions, Prepared, Trip};
use super::hours::hours_a_day;
use super::orders::TrafficOrder;
use crate::domain::{
    Change, FlowSource, Ids, Kind, OrderState, Record, RecordId, Stamp, Text, TruckClass, Value,
    World,
};
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;

/// A camera counts the road that is this near, metres.
const CAMERA_M: f64 = 40.0;
/// Rounds of fitting at most; usual counts take some ten to a hundred.
const ROUNDS: usize = 5000;
/// A round that changes no flow by more than this share is the last.
const SETTLED: f64 = 1e-7;
/// Below this there is no flow, trucks a day.
const LEAST: f64 = 0.5;
/// The attribute of flows that were made here.
const ORIGIN: &str = "来源";

/// Trucks a day, both directions, at a road, a camera or a gate.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficCount {
    /// The road, camera, congestion or gate.
    pub record: RecordId,
    /// Its name, for people.
    pub name: String,
    /// Trucks a day.
    pub per_day: f64,
}

/// A count that says nothing here, and why.
pub type UnusedCount = (String, Text);

/// A count beside what the estimate makes of it, trucks a day.
#[derive(Clone, Debug, PartialEq)]
pub struct CountFit {
    /// What was counted.
    pub count: TrafficCount,
    /// Of measured flows, which are not scaled.
    pub fixed: f64,
    /// Of flows that are scaled.
    pub estimated: f64,
}

/// A flow before and after, trucks a day.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaledFlow {
    /// `None` for one that is not there yet.
    pub record: Option<RecordId>,
    /// In the list of gates.
    pub from: usize,
    /// Likewise.
    pub to: usize,
    /// Of its trucks.
    pub class: TruckClass,
    /// Trucks a day in the starting matrix; 0 of one that is not there yet.
    pub before: f64,
    /// Trucks a day after fitting.
    pub after: f64,
}

/// An origin–destination matrix that fits counts.
#[derive(Clone, Debug, Default)]
pub struct OdEstimate {
    /// To which flows point.
    pub gates: Vec<Gate>,
    /// Those over counted places.
    pub flows: Vec<ScaledFlow>,
    /// How well each count is met.
    pub fits: Vec<CountFit>,
    /// Counts that could not be used.
    pub unused: Vec<UnusedCount>,
    /// Rounds of fitting that it took.
    pub rounds: usize,
}

const NO_HOURS: Text = Text::new("时段无法折算成每日小时数", "its hours are no hours a day");
pub(super) const NOT_ON_A_ROAD: Text = Text::new("不在路网上", "it lies on no road");
const UNKNOWN: Text = Text::new(
    "没有同名的关口、摄像头、拥堵点或道路",
    "no gate, camera, congestion or road of that name",
);
pub(super) const NO_FLOW: Text = Text::new("没有车流经过", "no flow comes by");

/// What congestion records say: trucks an hour times the hours of a mean day. Trucks of other hours
/// were not counted, so they are in no estimate either.
pub fn counts_of_congestion(world: &World) -> (Vec<TrafficCount>, Vec<UnusedCount>) {
    let (mut counts, mut unused) = (Vec::new(), Vec::new());
    for record in world.table(Kind::Congestion).iter() {
        let Some(per_hour) = record.get("trucks_per_hour").and_then(Value::as_f64) else {
            continue;
        };
        match hours_a_day(record.text("hours")) {
            Some(hours) => counts.push(TrafficCount {
                record: record.id,
                name: record.name().to_owned(),
                per_day: per_hour * hours,
            }),
            None => unused.push((record.name().to_owned(), NO_HOURS)),
        }
    }
    (counts, unused)
}

/// Counts of places that are told by name or code.
pub fn counts_by_name(
    world: &World,
    told: &[(String, f64)],
) -> (Vec<TrafficCount>, Vec<UnusedCount>) {
    let (mut counts, mut unused) = (Vec::new(), Vec::new());
    for (name, per_day) in told {
        let kinds = [Kind::Gate, Kind::Camera, Kind::Congestion, Kind::Road];
        let found = kinds.into_iter().find_map(|kind| {
            let table = world.table(kind);
            let by_name = || table.iter().find(|record| record.name() == name);
            table.by_code(name).or_else(by_name)
        });
        match found {
            Some(record) => {
                counts.push(TrafficCount {
                    record: record.id,
                    name: name.clone(),
                    per_day: *per_day,
                });
            }
            None => unused.push((name.clone(), UNKNOWN)),
        }
    }
    (counts, unused)
}

/// The flows that meet the counts best, when the orders of that moment hold and turns cost what is
/// assumed.
pub fn estimate(
    world: &World,
    counts: Vec<TrafficCount>,
    at: DateTime,
    assumed: Assumptions,
) -> OdEstimate {
    let starting = starting(world);
    let Ok(prepared) = prepare(&starting, &|_, _| true) else { return OdEstimate::default() };
    let finder = prepared.finder();
    let in_force = world.table(Kind::Restriction).iter();
    let orders: Vec<TrafficOrder> = in_force
        .filter(|order| OrderState::InForce.is_of(order))
        .map(|order| TrafficOrder::of(order, &finder))
        .collect();
    let orders: Vec<&TrafficOrder> = orders.iter().collect();
    let trips = prepared.run(&orders, at, assumed).trips;
    let (mut links, mut unused) = (Vec::new(), Vec::new());
    for count in counts {
        let place = world.get(count.record).and_then(|record| CountStation::of(record, &prepared));
        let Some(place) = place else {
            unused.push((count.name, NOT_ON_A_ROAD));
            continue;
        };
        let is_over = |number: &usize| place.is_passed(&prepared, *number, trips.get(*number));
        let over: Vec<usize> = (0..prepared.flows.len()).filter(is_over).collect();
        if over.is_empty() {
            unused.push((count.name, NO_FLOW));
        } else {
            links.push((count, over));
        }
    }
    fitted(world, &prepared, &links, unused)
}

/// Roads, gates and flows; where nothing is assumed, a truck between any two gates.
fn starting(world: &World) -> World {
    let of = |kind| world.table(kind).iter().map(|record| Record::clone(record));
    let mut records: Vec<Record> = of(Kind::Road).chain(of(Kind::Gate)).collect();
    let flows: Vec<Record> = of(Kind::Flow).collect();
    let is_assumed = |flow: &Record| !FlowSource::Measured.is_of(flow);
    let has_matrix = flows.iter().any(is_assumed);
    let pairs = flows.iter().map(|flow| (flow.text("from").to_owned(), flow.text("to").to_owned()));
    let known: BTreeSet<(String, String)> = pairs.collect();
    records.extend(flows);
    if !has_matrix {
        let gates: Vec<String> = of(Kind::Gate).filter_map(|gate| key(&gate)).collect();
        let stamp = Stamp { actor: "".into(), at: jiff::Timestamp::UNIX_EPOCH };
        // Ids that no record has: they leave this function with nobody.
        let mut ids = Ids::new(stamp.at, 1 << 70);
        for from in &gates {
            let is_new =
                |to: &&String| *to != from && !known.contains(&(from.clone(), (*to).clone()));
            for to in gates.iter().filter(is_new) {
                let mut flow = Record::new(ids.next(), Kind::Flow, &stamp);
                flow.set("from", Some(Value::text(from)));
                flow.set("to", Some(Value::text(to)));
                flow.set("trucks_per_day", Some(Value::Real(1.0)));
                records.push(flow);
            }
        }
    }
    records.into_iter().collect()
}

/// Flows name a gate by its code, or by its name where it has none.
fn key(gate: &Record) -> Option<String> {
    let key = gate.code().filter(|code| !code.is_empty()).unwrap_or(gate.name());
    (!key.is_empty()).then(|| key.to_owned())
}

/// Where trucks were counted.
pub(super) enum CountStation {
    Gate(RecordId),
    /// Any of these pieces of road.
    Edges(BTreeSet<u32>),
}

impl CountStation {
    /// `None` of what lies on no road.
    pub(super) fn of(record: &Record, prepared: &Prepared) -> Option<Self> {
        if record.kind == Kind::Gate {
            return prepared.network.gate_node(record.id).map(|_| Self::Gate(record.id));
        }
        let edges: BTreeSet<u32> = match record.geometry.as_ref()? {
            Geometry::LineString(line) => steps(prepared, std::slice::from_ref(line)),
            Geometry::MultiLineString(lines) => steps(prepared, &lines.0),
            Geometry::Point(point) => nearest_edge(prepared, point.0).into_iter().collect(),
            _ => BTreeSet::new(),
        };
        (!edges.is_empty()).then_some(Self::Edges(edges))
    }

    /// Whether it lies in a ring that counts as inside, by the larger part of its length.
    pub(super) fn is_inside(&self, prepared: &Prepared) -> bool {
        match self {
            Self::Gate(_) => false,
            Self::Edges(edges) => {
                let all = edges.iter().filter_map(|number| prepared.inside_and_whole_m(*number));
                let [inside, whole] =
                    all.fold([0.0; 2], |sum, (inside, whole)| [sum[0] + inside, sum[1] + whole]);
                inside > 0.5 * whole
            }
        }
    }

    /// Whether a trip of a flow comes by.
    pub(super) fn is_passed(&self, prepared: &Prepared, flow: usize, trip: Option<&Trip>) -> bool {
        let Some(route) = trip.and_then(|trip| trip.route.as_ref()) else { return false };
        match self {
            Self::Gate(gate) => prepared.flows.get(flow).is_some_and(|flow| {
                let is_it = |end: Option<usize>| {
                    end.and_then(|end| prepared.gates.get(end)).is_some_and(|end| end.id == *gate)
                };
                is_it(flow.from) || is_it(flow.to)
            }),
            Self::Edges(edges) => route.arcs.iter().any(|arc| edges.contains(&(arc.edge() as u32))),
        }
    }
}

fn steps(prepared: &Prepared, lines: &[geo_types::LineString<f64>]) -> BTreeSet<u32> {
    let finder = prepared.finder();
    lines.iter().flat_map(|line| finder.steps(line)).map(|step| step.edge).collect()
}

fn nearest_edge(prepared: &Prepared, at: Coord<f64>) -> Option<u32> {
    let frame = LocalFrame::at(at);
    let mut best: Option<(f64, u32)> = None;
    prepared.finder().index().search(box_around(at, CAMERA_M), &mut |number| {
        let edge = prepared.network.edges.get(number as usize);
        let line = edge.map(|edge| prepared.network.line(edge).to_vec()).unwrap_or_default();
        let away_m = frame.nearest_m(&geo_types::LineString(line).into());
        if let Some(away_m) = away_m.filter(|away_m| *away_m <= CAMERA_M)
            && best.is_none_or(|(least_m, _)| away_m < least_m)
        {
            best = Some((away_m, number));
        }
    });
    best.map(|(_, edge)| edge)
}

/// Scales the assumed flows over counted places.
fn fitted(
    world: &World,
    prepared: &Prepared,
    links: &[(TrafficCount, Vec<usize>)],
    unused: Vec<UnusedCount>,
) -> OdEstimate {
    let flows = &prepared.flows;
    let is_fixed = |number: &usize| flows.get(*number).is_some_and(|flow| flow.is_measured);
    let mut per_day: Vec<f64> = flows.iter().map(|flow| flow.per_day).collect();
    let rounds = scale(&mut per_day, links, &is_fixed);
    let counted: BTreeSet<usize> = links.iter().flat_map(|(_, over)| over).copied().collect();
    let rounded = |value: f64| if value < LEAST { 0.0 } else { (value * 10.0).round() / 10.0 };
    for number in &counted {
        if let Some(per_day) = per_day.get_mut(*number).filter(|_| !is_fixed(number)) {
            *per_day = rounded(*per_day);
        }
    }
    let sum = |over: &[usize], wants_fixed| sum(&per_day, over, &is_fixed, wants_fixed);
    let scaled = counted.iter().filter(|number| !is_fixed(number)).filter_map(|number| {
        let flow = flows.get(*number)?;
        let record = world.get(flow.id).map(|flow| flow.id);
        let before = if record.is_some() { flow.per_day } else { 0.0 };
        let (from, to, class) = (flow.from?, flow.to?, flow.truck.class);
        Some(ScaledFlow { record, from, to, class, before, after: *per_day.get(*number)? })
    });
    let fit = |(count, over): &(TrafficCount, Vec<usize>)| CountFit {
        count: count.clone(),
        fixed: sum(over, true),
        estimated: sum(over, false),
    };
    OdEstimate {
        flows: scaled.filter(|flow| flow.before > 0.0 || flow.after > 0.0).collect(),
        fits: links.iter().map(fit).collect(),
        gates: prepared.gates.clone(),
        unused,
        rounds,
    }
}

/// Of the flows over a counted place, trucks a day of those that are measured or of the others.
fn sum(
    per_day: &[f64],
    over: &[usize],
    is_fixed: &dyn Fn(&usize) -> bool,
    wants_fixed: bool,
) -> f64 {
    let of = over.iter().filter(|number| is_fixed(number) == wants_fixed);
    of.filter_map(|number| per_day.get(*number)).sum()
}

/// Until nothing changes any more; how many rounds that took.
fn scale(
    per_day: &mut [f64],
    links: &[(TrafficCount, Vec<usize>)],
    is_fixed: &dyn Fn(&usize) -> bool,
) -> usize {
    let mut rounds = 0;
    while rounds < ROUNDS {
        rounds += 1;
        // Of each flow, the sum of the logarithms that its counts want, and how many these are.
        let mut wanted = vec![(0.0_f64, 0_u32); per_day.len()];
        for (count, over) in links {
            let left = (count.per_day - sum(per_day, over, is_fixed, true)).max(0.0);
            let now = sum(per_day, over, is_fixed, false);
            for number in over.iter().filter(|number| !is_fixed(number)) {
                if let Some((logs, counts)) = wanted.get_mut(*number).filter(|_| now > 0.0) {
                    *logs += (left / now).ln();
                    *counts += 1;
                }
            }
        }
        let mut most = 0.0_f64;
        for (per_day, (logs, counts)) in per_day.iter_mut().zip(wanted) {
            let factor = if counts > 0 { (logs / f64::from(counts)).exp() } else { 1.0 };
            let before = std::mem::replace(per_day, *per_day * factor);
            most = most.max((*per_day - before).abs() / before.max(1.0));
        }
        if most < SETTLED {
            break;
        }
    }
    rounds
}

impl OdEstimate {
    /// The flows as changes: all of them 假设, with where they come from.
    pub fn changes(&self, world: &World, stamp: &Stamp, ids: &mut Ids) -> Vec<Change> {
        let gates: BTreeMap<RecordId, &Gate> =
            self.gates.iter().map(|gate| (gate.id, gate)).collect();
        let names: Vec<&str> = self.fits.iter().map(|fit| fit.count.name.as_str()).collect();
        let origin = format!("按 {} 处计数比例拟合估算：{}", names.len(), names.join("、"));
        let end = |number: usize| {
            let gate = self.gates.get(number).filter(|gate| gates.contains_key(&gate.id))?;
            let key = if gate.code.is_empty() { &gate.name } else { &gate.code };
            Some((key.clone(), gate.name.clone()))
        };
        let mut changes = Vec::new();
        for flow in &self.flows {
            let known = flow.record.and_then(|id| world.get(id));
            let (Some(from), Some(to)) = (end(flow.from), end(flow.to)) else { continue };
            let mut record = match known {
                Some(known) => Record::clone(known),
                None => Record::new(ids.next(), Kind::Flow, stamp),
            };
            if known.is_none() {
                record.set("name", Some(Value::text(&format!("{} → {}", from.1, to.1))));
                record.set("from", Some(Value::text(&from.0)));
                record.set("to", Some(Value::text(&to.0)));
                record.set("class", Some(Value::Choice(flow.class.key())));
            }
            record.set("trucks_per_day", Some(Value::Real(flow.after)));
            FlowSource::Assumed.put(&mut record);
            let mut extra = record.extra.as_deref().cloned().unwrap_or_default();
            extra.insert(ORIGIN.to_owned(), Json::from(origin.as_str()));
            record.extra = Some(Arc::new(extra));
            record.meta.change(stamp);
            changes.push(match known {
                Some(known) => Change::update(Arc::clone(known), record),
                None => Change::create(record),
            });
        }
        changes
    }
}

#[cfg(test)]
mod tests;
