//! What a person waits for in the window, at 1920×1080: a frame while panning and zooming (built
//! and tessellated, and painted whole by the renderer of this machine), the picture of the marks,
//! what lies under the pointer, a key in the search box.
//!
//! `cargo bench --bench window`; percentiles go to standard error.
#![expect(clippy::expect_used, reason = "a bench may stop")]
#![expect(clippy::print_stderr, reason = "criterion knows no percentiles")]

mod city;
mod screen;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Event, Modifiers, MouseWheelUnit, Pos2, TouchPhase, vec2};
use geo_types::Coord;
use jiff::Timestamp;
use screen::{SIXTIETH, Window};
use shapan::analysis::Filter;
use shapan::analysis::overview::Overview;
use shapan::analysis::search::SearchIndex;
use shapan::basemap::Datum;
use shapan::domain::{Change, Edit, EditKind, Lang, Stamp, World};
use shapan::map::live::{Ask, IndexedMarks, LayerSketch, picture};
use shapan::map::view::View;
use shapan::map::{LayerInput, Sketch, layers, tokens};
use shapan::store::Store;

fn stamp() -> Stamp {
    Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH }
}

/// A district of so many sites on disk.
fn district(folder: &Path, sites: u32) -> std::path::PathBuf {
    let path = folder.join("city.gpkg");
    let mut store = Store::create(&path).expect("a district");
    let changes = city::records(sites).into_iter().map(Change::create).collect();
    store.apply(&Edit { kind: EditKind::Import, changes }, &stamp()).expect("stored");
    path
}

/// Memory of this process that is in use, by /proc; 0 where there is none.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kib.unwrap_or_default() * 1024
}

/// What a hand does all the time.
#[derive(Clone, Copy, PartialEq)]
enum Hand {
    /// Pushes the map in circles and turns the wheel now and then.
    Pans,
    /// Runs over the marks, so that one tip comes after another.
    Points,
}

/// Median and 99th percentile of many frames.
fn percentiles(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at =
        |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    eprintln!("{name}: median {:.2?}, p99 {:.2?}, {} frames", at(0.5), at(0.99), times.len());
}

/// A district of so many sites in a window, under a hand.
struct Moved {
    window: Window,
    frame: u32,
    is_held: bool,
    /// With the files that it has open.
    _home: tempfile::TempDir,
}

impl Moved {
    fn open(name: &str, sites: u32, is_painted: bool) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let path = (sites > 0).then(|| district(home.path(), sites));
        let (began, before) = (Instant::now(), resident_bytes());
        let window = Window::open(home.path(), path.as_deref(), is_painted);
        let (all, in_sight) = (began.elapsed(), window.in_sight);
        eprintln!(
            "{name}: {in_sight:.2?} from start to the first complete frame, {all:.2?} to all"
        );
        let records = window.app.model().world().len().max(1);
        let bytes = resident_bytes().saturating_sub(before) / records;
        eprintln!("{name}: {bytes} bytes of memory a record, with all that is made of it");
        Self { window, frame: 0, is_held: false, _home: home }
    }

    fn events(&mut self, hand: Hand) -> Vec<Event> {
        self.frame += 1;
        let turn = f64::from(self.frame) * 0.13;
        let at = Pos2::new(900.0 + 160.0 * turn.cos() as f32, 560.0 + 120.0 * turn.sin() as f32);
        let mut events = vec![Event::PointerMoved(at)];
        let pressed = hand == Hand::Pans;
        if pressed != self.is_held {
            self.is_held = pressed;
            let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
            events.push(Event::PointerButton { pos: at, button, pressed, modifiers });
        }
        if pressed && self.frame.is_multiple_of(9) {
            let y = if (self.frame / 90).is_multiple_of(2) { 14.0 } else { -14.0 };
            events.push(Event::MouseWheel {
                unit: MouseWheelUnit::Point,
                delta: vec2(0.0, y),
                phase: TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: Modifiers::NONE,
            });
        }
        events
    }

    /// One frame; how long the wall clock and this thread took for it.
    fn step(&mut self, hand: Hand) -> [Duration; 2] {
        let events = self.events(hand);
        let (began, busy) = (Instant::now(), ThreadTime::now());
        black_box(self.window.step(events));
        [began.elapsed(), busy.elapsed()]
    }
}

const SIZES: [(&str, u32); 3] = [("sample", 0), ("100k", 100_000), ("1M", 1_000_000)];

fn frames(criterion: &mut Criterion) {
    for (name, sites) in SIZES {
        let mut moved = None;
        criterion.bench_function(&format!("frame/{name}"), |bencher| {
            let moved = moved.get_or_insert_with(|| {
                let mut moved = Moved::open(name, sites, false);
                for (words, hand, between) in [
                    ("panned", Hand::Pans, Duration::ZERO),
                    ("panned at 60 a second", Hand::Pans, SIXTIETH),
                    ("pointed at, 60 a second", Hand::Points, SIXTIETH),
                ] {
                    let paced = |_| {
                        let [wall, busy] = moved.step(hand);
                        std::thread::sleep(between.saturating_sub(wall));
                        busy
                    };
                    let busy = (0..900).map(paced).collect();
                    percentiles(&format!("frame/{name}, {words}, CPU"), busy);
                }
                moved
            });
            bencher.iter(|| moved.step(Hand::Pans));
        });
    }
}

/// What one writes first: every site a circle of the painter, made and tessellated in each frame.
fn naive(criterion: &mut Criterion) {
    let context = egui::Context::default();
    criterion.bench_function("naive_circles/100k", |bencher| {
        bencher.iter(|| {
            let output = context.run_ui(egui::RawInput::default(), |ui| {
                let painter = ui.ctx().debug_painter();
                for number in 0..100_000_u32 {
                    let at = Pos2::new((number % 1920) as f32, (number / 1920 * 20) as f32);
                    painter.circle_filled(at, 4.0, egui::Color32::DARK_RED);
                }
            });
            black_box(context.tessellate(output.shapes, output.pixels_per_point))
        });
    });
}

/// With the pixels, by the renderer of this machine: Mesa's where there is no GPU.
fn painted(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("painted");
    group.sample_size(10);
    for (name, sites) in SIZES {
        let mut moved = None;
        group.bench_function(name, |bencher| {
            let moved = moved.get_or_insert_with(|| {
                let mut moved = Moved::open(name, sites, true);
                let walls = (0..240).map(|_| moved.step(Hand::Pans)[0]).collect();
                percentiles(&format!("painted/{name}"), walls);
                moved
            });
            bencher.iter(|| moved.step(Hand::Pans));
        });
    }
    group.finish();
}

fn prepared(world: &World) -> IndexedMarks {
    let scene = LayerInput { world, lang: Lang::Zh };
    let sketch = |layer: &&'static dyn shapan::map::Layer| {
        let mut sketch = Sketch::default();
        layer.draw(&scene, &mut sketch);
        LayerSketch { key: layer.key(), opacity: 1.0, sketch }
    };
    IndexedMarks::new(layers::ALL.iter().map(sketch).collect())
}

fn ask(zoom: f64) -> Ask {
    Ask {
        view: View { center: Coord { x: 118.15, y: 39.8 }, zoom },
        width_px: 1920,
        height_px: 1080,
        pixels_per_unit: 1.0,
        text_scale: 1.0,
        theme: tokens::LIGHT,
        lang: Lang::Zh,
        datum: Datum::Wgs84,
        has_base: false,
        ground: None,
        selected: None,
        covered: None,
        is_parted: false,
        spotlight: None,
        seen: None,
    }
}

fn marks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("marks");
    group.sample_size(10);
    for (name, sites) in SIZES.into_iter().skip(1) {
        let world: World = city::records(sites).into_iter().collect();
        group.bench_function(format!("prepare/{name}"), |b| b.iter(|| black_box(prepared(&world))));
        let prepared = prepared(&world);
        for zoom in [11.0, 14.0] {
            let ask = ask(zoom);
            group.bench_function(format!("picture/{name}/zoom{zoom}"), |b| {
                b.iter(|| black_box(picture(&prepared, &ask, &|| false).expect("a picture")));
            });
        }
        let mut turn = 0.0_f64;
        group.bench_function(format!("pick/{name}"), |b| {
            b.iter(|| {
                turn += 0.37;
                let at = Coord { x: 118.15 + 0.1 * turn.cos(), y: 39.8 + 0.1 * turn.sin() };
                black_box(prepared.pick(at, 80.0, 140.0))
            });
        });
        let index = SearchIndex::of(&world);
        group.bench_function(format!("search/{name}"), |b| {
            b.iter(|| black_box(index.search("dw99", 12)));
        });
        let (today, office) = (jiff::civil::date(2026, 11, 25), jiff::tz::TimeZone::UTC);
        group.bench_function(format!("overview/{name}"), |b| {
            let then = || Some((Timestamp::UNIX_EPOCH, &world, None));
            b.iter(|| black_box(Overview::of(&world, then(), today, &office)));
        });
        let filter = Filter { is_failing: true, ..Filter::default() };
        group.bench_function(format!("filter/{name}"), |b| {
            b.iter(|| black_box(filter.on(&world).pick(&world, shapan::domain::Kind::Site)));
        });
    }
    group.finish();
}

criterion_group!(benches, naive, frames, painted, marks);
criterion_main!(benches);
