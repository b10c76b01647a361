//! What a changed line of a plan costs until its full result, beside plain Dijkstra searches.
//!
//! A town of square blocks, a fifth of its streets one-way, 200 flows of mixed trucks among 40
//! gates, 20 control points with rings of 500 and 1000 m, 300 sites, 100 cameras, five orders in
//! force and a plan of three, some by day and some by night, so that each result sums a day of
//! several states. What changes is 2 km of a street in the middle, a line along the
//! streets to a waypoint that is dragged, or, as the worst there is, an area of a ninth of the town
//! that nobody may enter.

#![expect(clippy::expect_used, reason = "a bench that cannot go on has failed")]

mod dice;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use jiff::Timestamp;
use jiff::civil::DateTime;
use shapan::domain::{Change, Edit, EditKind, Ids, Kind, Record, Stamp, Value, World};
use shapan::network::cache;
use shapan::network::compare::{Planner, prepare};
use shapan::network::evaluate::{Assumptions, Prepared};
use shapan::network::orders::TrafficOrder;
use shapan::network::snap_route::{RoadUse, Waypoint, resolve};
use shapan::network::{Network, build};
use shapan::store::{read_cache, write_cache};

use self::dice::Dice;

const CORNER: Coord<f64> = Coord { x: 117.9, y: 39.6 };
/// A block of 150 m.
const BLOCK: Coord<f64> = Coord { x: 150.0 / 85_605.8, y: 150.0 / 111_031.3 };

impl Dice {
    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.roll(words.len() as u64) as usize).copied().unwrap_or_default()
    }
}

struct Town {
    ids: Ids,
    records: Vec<Record>,
}

impl Town {
    fn add(&mut self, kind: Kind, shape: Option<Geometry<f64>>, fields: &[(&str, &str)]) {
        let by = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
        let mut record = Record::new(self.ids.next(), kind, &by);
        record.geometry = shape;
        for (key, text) in fields {
            let field = kind.field(key).expect("a field");
            record.set(key, Value::parse(field, text).expect("a value"));
        }
        self.records.push(record);
    }
}

fn corner(east: u32, north: u32) -> Coord<f64> {
    CORNER + Coord { x: BLOCK.x * f64::from(east), y: BLOCK.y * f64::from(north) }
}

/// A town of some `2·side²` edges: every street is cut at every other one.
fn town(side: u32) -> World {
    let mut dice = Dice(20_261_123);
    let mut town = Town { ids: Ids::new(Timestamp::UNIX_EPOCH, 1), records: Vec::new() };
    for k in 0..=side {
        for first in (0..side).step_by(10) {
            let last = (first + 10).min(side);
            for is_east in [true, false] {
                let at = |step| if is_east { corner(step, k) } else { corner(k, step) };
                let line = LineString((first..=last).map(at).collect());
                let class =
                    if k % 10 == 0 { "primary" } else { dice.of(&["tertiary", "residential"]) };
                let oneway = dice
                    .of(&["no", "no", "no", "no", "no", "no", "no", "no", "forward", "backward"]);
                let limit = if k % 10 != 0 && dice.roll(20) == 0 { "20" } else { "" };
                let code = format!("R{is_east}{k}-{first}");
                let fields =
                    [("code", &*code), ("class", class), ("oneway", oneway), ("max_mass_t", limit)];
                town.add(Kind::Road, Some(line.into()), &fields);
            }
        }
    }
    let place = |dice: &mut Dice| {
        let mut one = || dice.roll(u64::from(side)) as u32;
        corner(one(), one())
    };
    for k in 0..20 {
        let at = Point(place(&mut dice)).into();
        town.add(Kind::ControlPoint, Some(at), &[("code", &format!("K{k}"))]);
    }
    for k in 0..40 {
        let at = Point(place(&mut dice)).into();
        town.add(Kind::Gate, Some(at), &[("code", &format!("G{k}"))]);
    }
    for _ in 0..200 {
        let from = dice.roll(40);
        let to = (from + 1 + dice.roll(39)) % 40;
        let fields = [
            ("from", &*format!("G{from}")),
            ("to", &*format!("G{to}")),
            ("class", dice.of(&["light", "medium", "heavy", "heavy"])),
            ("stage", dice.of(&["国三", "国四", "国五", "国六"])),
            ("trucks_per_day", dice.of(&["40", "120", "300"])),
        ];
        town.add(Kind::Flow, None, &fields);
    }
    sites_and_cameras(&mut town, side);
    for k in 0..8 {
        let (state, plan) = if k < 5 { ("生效", "") } else { ("草案", "方案一") };
        let line = across(side, side / 10 * (k + 1), 0);
        let classes = dice.of(&["heavy", "heavy;medium", ""]);
        // So that the day has several states: by day, by night, and the rest.
        let hours = ["07:00-19:00", "22:00-06:00", "", ""][k as usize % 4];
        let fields = [
            ("kind", "no_entry"),
            ("plan", plan),
            ("state", state),
            ("classes", classes),
            ("hours", hours),
        ];
        town.add(Kind::Restriction, Some(line), &fields);
    }
    town.records.into_iter().collect()
}

/// Whom trucks pass or reach, and who watches them.
fn sites_and_cameras(town: &mut Town, side: u32) {
    // Chance of their own, so that the orders stay what they were.
    let mut dice = Dice(20_261_124);
    let place = |dice: &mut Dice| {
        let mut one = || dice.roll(u64::from(side)) as u32;
        corner(one(), one()) + BLOCK * 0.1
    };
    for k in 0..300 {
        let at = Point(place(&mut dice)).into();
        let kind = dice.of(&["sensitive", "village", "enterprise"]);
        town.add(Kind::Site, Some(at), &[("name", &*format!("S{k}")), ("kind", kind)]);
    }
    for k in 0..100 {
        let at = Point(place(&mut dice)).into();
        town.add(Kind::Camera, Some(at), &[("code", &format!("C{k}")), ("direction_deg", "90")]);
    }
}

/// Two kilometres along a street.
fn across(side: u32, street: u32, shift: u32) -> Geometry<f64> {
    let first = side / 2 - 7 + shift;
    LineString((first..=first + 13).map(|step| corner(step, street)).collect()).into()
}

/// Along the streets from one corner to the other.
fn traced(prepared: &Prepared, ends: [Coord<f64>; 2]) -> Geometry<f64> {
    resolve(prepared, &ends.map(Waypoint::snapped), RoadUse::Any, false).line.into()
}

/// The middle ninth of the town, for everybody.
fn middle(side: u32, shift: u32) -> Geometry<f64> {
    let (low, high) = (side / 3 + shift, side / 3 * 2 + shift);
    let corners = [(low, low), (high, low), (high, high), (low, high)];
    let outline = corners.into_iter().map(|(east, north)| corner(east, north)).collect();
    Polygon::new(LineString(outline), Vec::new()).into()
}

/// The last order of the plan gets another shape.
fn redrawn(world: &mut World, shape: Geometry<f64>) {
    let before = world.table(Kind::Restriction).iter().last().map(Arc::clone).expect("an order");
    let mut after = Record::clone(&before);
    after.geometry = Some(shape);
    let change = Change { before: Some(before), after: Some(Arc::new(after)) };
    let edit = Edit { kind: EditKind::Update, changes: vec![change] };
    world.apply(&edit).expect("the record as it was");
}

/// What one writes first: Dijkstra over arcs for each flow, once.
fn naive(prepared: &Prepared, orders: &[&TrafficOrder]) -> u64 {
    let network = &prepared.network;
    let mut all = 0;
    for flow in &prepared.flows {
        let node = |gate: Option<usize>| prepared.gates.get(gate?)?.node;
        let (Some(from), Some(to)) = (node(flow.from), node(flow.to)) else { continue };
        let mut best = vec![u32::MAX; network.arcs()];
        for order in orders.iter().filter(|order| order.closes(&flow.truck)) {
            for arc in &order.arcs {
                best[arc.index()] = 0;
            }
        }
        let mut heap = BinaryHeap::new();
        for arc in network.leaving(from) {
            heap.push(Reverse((network.edge(*arc).map_or(0, |edge| edge.time_ms), *arc)));
        }
        while let Some(Reverse((time_ms, arc))) = heap.pop() {
            if time_ms >= best[arc.index()] {
                continue;
            }
            best[arc.index()] = time_ms;
            if network.head(arc) == to {
                all += u64::from(time_ms);
                break;
            }
            for next in network.leaving(network.head(arc)) {
                if *next != arc.reverse() {
                    let edge_ms = network.edge(*next).map_or(0, |edge| edge.time_ms);
                    heap.push(Reverse((time_ms + edge_ms, *next)));
                }
            }
        }
    }
    all
}

/// Resident memory now, MB, where the system tells it.
fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or(f64::NAN) * 4096.0 / 1e6
}

/// What is drawn changes, and the plan is compared again.
fn changes(
    group: &mut BenchmarkGroup<'_, WallTime>,
    prepared: &Prepared,
    (world, planner): (&mut World, &mut Planner),
    side: u32,
) {
    let at: DateTime = "2026-11-23T10:00".parse().expect("a moment");
    let edges = prepared.network.edges.len();
    let mut result = |world: &World| {
        planner.compare(prepared, world, "方案一", at, Assumptions::default()).findings.len()
    };
    let mut round = 0;
    group.bench_function(BenchmarkId::new("changed_line", edges), |b| {
        b.iter(|| {
            round += 1;
            redrawn(world, across(side, side / 2, round % 2));
            result(world)
        });
    });
    // As while a waypoint is dragged: the line is led along the roads, and the draft stands in a
    // world of its own.
    group.bench_function(BenchmarkId::new("dragged_waypoint", edges), |b| {
        b.iter(|| {
            round += 1;
            let pointer = corner(side / 2 + round % 2, side / 2 + 3);
            let mut drawn = world.clone();
            redrawn(&mut drawn, traced(prepared, [corner(side / 2 - 7, side / 2), pointer]));
            result(&drawn)
        });
    });
    group.bench_function(BenchmarkId::new("changed_area_in_the_middle", edges), |b| {
        b.iter(|| {
            round += 1;
            redrawn(world, middle(side, round % 2));
            result(world)
        });
    });
}

/// The network from the file beside its district: read, checked, and the rest made.
#[expect(clippy::print_stderr, reason = "a bench reports what it measured")]
fn kept_network(group: &mut BenchmarkGroup<'_, WallTime>, prepared: &Prepared, world: &World) {
    let edges = prepared.network.edges.len();
    let folder = tempfile::tempdir().expect("a folder");
    let district = folder.path().join("town.gpkg");
    std::fs::write(&district, "stands for a district").expect("a file");
    let start = std::time::Instant::now();
    let content = cache::to_bytes(prepared);
    let bytes = write_cache(&district, cache::ENDING, cache::key(world), &content).expect("kept");
    eprintln!(
        "kept/{edges}: {:.1} MB ({:.1} MB unpacked), written in {:?} once",
        bytes as f64 / 1e6,
        content.len() as f64 / 1e6,
        start.elapsed()
    );
    group.bench_function(BenchmarkId::new("kept_network", edges), |b| {
        b.iter(|| {
            let known = read_cache(&district, cache::ENDING, || cache::key(world));
            let ready = cache::prepare(world, known.as_deref(), &|_, _| true).expect("roads");
            assert!(!ready.is_new, "it was read");
            ready.prepared.flows.len()
        });
    });
}

#[expect(clippy::print_stderr, reason = "a bench reports what it measured")]
fn bench(c: &mut Criterion) {
    let at: DateTime = "2026-11-23T10:00".parse().expect("a moment");
    let assumed = Assumptions::default();
    for side in [158, 500] {
        let mut world = town(side);
        let start_mb = resident_mb();
        let network = build(&world);
        let edges = network.edges.len();
        let network_mb = resident_mb();
        drop::<Network>(network);
        let prepared = prepare(&world, &|_, _| true).expect("roads and flows");
        let mut planner = Planner::default();
        let first = planner.compare(&prepared, &world, "方案一", at, assumed);
        let rerouted = first.trips(&prepared).filter(|(_, a, b)| a.route != b.route).count();
        eprintln!(
            "{edges} edges: records {start_mb:.0} MB, network +{:.0} MB, prepared +{:.0} MB; {rerouted} of 200 flows make way",
            network_mb - start_mb,
            resident_mb() - start_mb,
        );
        let mut group = c.benchmark_group("network");
        group.sample_size(10).measurement_time(Duration::from_secs(5));
        group.bench_function(BenchmarkId::new("build", edges), |b| {
            b.iter(|| black_box(build(&world)).edges.len());
        });
        group.bench_function(BenchmarkId::new("prepare_with_build", edges), |b| {
            b.iter(|| prepare(&world, &|_, _| true).expect("roads").flows.len());
        });
        group.bench_function(BenchmarkId::new("everything_anew", edges), |b| {
            b.iter(|| {
                Planner::default().compare(&prepared, &world, "方案一", at, assumed).findings.len()
            });
        });
        kept_network(&mut group, &prepared, &world);
        changes(&mut group, &prepared, (&mut world, &mut planner), side);
        let last = planner.compare(&prepared, &world, "方案一", at, assumed);
        let rerouted = last.trips(&prepared).filter(|(_, a, b)| a.route != b.route).count();
        eprintln!("{rerouted} of 200 flows make way for the area");
        let orders: Vec<&TrafficOrder> = first.planned.iter().map(Arc::as_ref).collect();
        if side < 200 {
            group.bench_function(BenchmarkId::new("dijkstra_per_flow", edges), |b| {
                b.iter(|| black_box(naive(&prepared, &orders)));
            });
        } else {
            let start = std::time::Instant::now();
            black_box(naive(&prepared, &orders));
            eprintln!("dijkstra_per_flow/{edges}: {:?} once", start.elapsed());
        }
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
