//! Ring questions over a district, beside a plain loop over rstar and GeographicLib.
//!
//! 20 control points, radii of 500 and 1000 m; points and lines lie over 40 × 58 km, a third of them
//! around the control points, so that 100,000 points and 10,000 lines give some 13,500 rows.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use geo_types::{Coord, Geometry, LineString, Point};
use geographiclib_rs::{Geodesic, InverseGeodesic as _};
use jiff::Timestamp;
use rstar::{AABB, RTree, primitives::GeomWithData};
use shapan::analysis::{Index, RingOptions, rings};
use shapan::domain::{Ids, Kind, Record, Stamp, Value, World};
use shapan::geodesy::index::box_around;

const CENTER: Coord<f64> = Coord { x: 118.06, y: 39.80 };
const RADII_M: [f64; 2] = [500.0, 1000.0];

/// The generator `SplitMix64` (Steele, Lea and Flood 2014): the same district on every run.
struct Dice(u64);

impl Dice {
    /// In 0..1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn somewhere(&mut self) -> Coord<f64> {
        let (east_m, north_m) = (40_000.0 * (self.roll() - 0.5), 58_000.0 * (self.roll() - 0.5));
        moved(CENTER, east_m, north_m)
    }

    fn near(&mut self, place: Coord<f64>) -> Coord<f64> {
        let range_m = 1500.0 * (-2.0 * (1.0 - self.roll()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * self.roll()).sin_cos();
        moved(place, range_m * cos, range_m * sin)
    }
}

fn moved(from: Coord<f64>, east_m: f64, north_m: f64) -> Coord<f64> {
    Coord { x: from.x + east_m / 85_605.0, y: from.y + north_m / 111_031.0 }
}

fn district(points: usize, lines: usize) -> World {
    let mut dice = Dice(1);
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
    let mut records = Vec::new();
    let centers: Vec<_> = (0..20).map(|_| dice.somewhere()).collect();
    for (k, at) in centers.iter().enumerate() {
        let code = format!("K{k:02}");
        records.push(record(&mut ids, Kind::ControlPoint, &code, Point(*at).into()));
    }
    let place = |dice: &mut Dice, k: usize| match centers.get(k % 20) {
        Some(center) if dice.roll() < 0.35 => dice.near(*center),
        _ => dice.somewhere(),
    };
    for k in 0..points {
        let at = place(&mut dice, k);
        records.push(record(&mut ids, Kind::Site, &format!("S{k}"), Point(at).into()));
    }
    for k in 0..lines {
        let mut at = place(&mut dice, k);
        let (sin, cos) = (std::f64::consts::TAU * dice.roll()).sin_cos();
        let line: LineString<f64> = (0..20)
            .map(|_| {
                let (bend_x, bend_y) = (40.0 * (dice.roll() - 0.5), 40.0 * (dice.roll() - 0.5));
                at = moved(at, 60.0 * cos + bend_x, 60.0 * sin + bend_y);
                at
            })
            .collect();
        records.push(record(&mut ids, Kind::Road, &format!("R{k}"), line.into()));
    }
    records.into_iter().collect()
}

fn record(ids: &mut Ids, kind: Kind, code: &str, geometry: Geometry<f64>) -> Record {
    let by = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
    let mut record = Record::new(ids.next(), kind, &by);
    record.geometry = Some(geometry);
    record.set("code", Some(Value::text(code)));
    record.set("name", Some(Value::text(code)));
    record
}

type Row = (usize, u32, usize, f64);

type BoxedLine = GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, (usize, LineString<f64>)>;

/// What one writes first: two R-trees, and GeographicLib for whatever is in the box.
struct Naive {
    centers: Vec<Coord<f64>>,
    points: RTree<GeomWithData<[f64; 2], usize>>,
    lines: RTree<BoxedLine>,
}

impl Naive {
    fn of(world: &World) -> Self {
        let points = world.table(Kind::Site).iter().enumerate().filter_map(|(k, record)| {
            let Some(Geometry::Point(point)) = &record.geometry else { return None };
            Some(GeomWithData::new([point.x(), point.y()], k))
        });
        let lines = world.table(Kind::Road).iter().enumerate().filter_map(|(k, record)| {
            let Some(Geometry::LineString(line)) = &record.geometry else { return None };
            let corners: Vec<[f64; 2]> = line.0.iter().map(|at| [at.x, at.y]).collect();
            let boxed = rstar::primitives::Rectangle::from_aabb(AABB::from_points(&corners));
            Some(GeomWithData::new(boxed, (k, line.clone())))
        });
        let centers = world
            .table(Kind::ControlPoint)
            .iter()
            .filter_map(|record| Some(Point::try_from(record.geometry.clone()?).ok()?.0));
        Self {
            centers: centers.collect(),
            points: RTree::bulk_load(points.collect()),
            lines: RTree::bulk_load(lines.collect()),
        }
    }

    fn rings(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for (k, center) in self.centers.iter().enumerate() {
            for radius_m in RADII_M {
                let start = rows.len();
                let boxed = box_around(*center, radius_m);
                let wanted = AABB::from_corners(boxed.min.into(), boxed.max.into());
                let points = self.points.locate_in_envelope_intersecting(&wanted);
                let lines = self.lines.locate_in_envelope_intersecting(&wanted);
                let points = points.map(|found| {
                    let [x, y] = *found.geom();
                    (k, 0, found.data, geodesic_m(*center, Coord { x, y }))
                });
                let lines = lines.map(|found| {
                    (k, 1, found.data.0, geodesic_m(*center, foot(*center, &found.data.1)))
                });
                rows.extend(points.chain(lines).filter(|row| row.3 <= radius_m));
                if let Some(ring) = rows.get_mut(start..) {
                    ring.sort_by(|a, b| a.1.cmp(&b.1).then(a.3.total_cmp(&b.3)));
                }
            }
        }
        rows
    }
}

fn geodesic_m(from: Coord<f64>, to: Coord<f64>) -> f64 {
    Geodesic::wgs84().inverse(from.y, from.x, to.y, to.x)
}

/// The nearest point of a line on a plane of degrees, longitudes scaled: near enough for a kilometre.
fn foot(center: Coord<f64>, line: &LineString<f64>) -> Coord<f64> {
    let scale = center.y.to_radians().cos();
    let nearest = line.lines().map(|edge| {
        let (dx, dy) = ((edge.end.x - edge.start.x) * scale, edge.end.y - edge.start.y);
        let (px, py) = ((center.x - edge.start.x) * scale, center.y - edge.start.y);
        let share = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let (east, north) = (px - share * dx, py - share * dy);
        (east * east + north * north, edge.start + (edge.end - edge.start) * share)
    });
    nearest.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(center, |(_, at)| at)
}

#[expect(clippy::print_stderr, reason = "a bench reports what it measured")]
fn bench(c: &mut Criterion) {
    for (points, lines) in [(100_000, 10_000), (1_000_000, 100_000)] {
        let world = district(points, lines);
        let options = RingOptions::default();
        let index = Index::of(&world);
        let naive = Naive::of(&world);
        eprintln!(
            "{points} points, {lines} lines: {} rows (the plain loop: {}), index {:.1} MB",
            rings(&world, &index, &options).len(),
            naive.rings().len(),
            index.bytes() as f64 / 1e6,
        );
        let mut group = c.benchmark_group("rings");
        group.sample_size(10).measurement_time(Duration::from_secs(3));
        group.bench_function(BenchmarkId::new("index_warm", points), |b| {
            b.iter(|| black_box(rings(&world, &index, &options)).len());
        });
        group.bench_function(BenchmarkId::new("rstar_and_geographiclib", points), |b| {
            b.iter(|| black_box(naive.rings()).len());
        });
        group.bench_function(BenchmarkId::new("index_build", points), |b| {
            b.iter(|| black_box(Index::of(&world)).bytes());
        });
        group.bench_function(BenchmarkId::new("rstar_build", points), |b| {
            b.iter(|| black_box(Naive::of(&world)).points.size());
        });
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
