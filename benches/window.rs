//! What a person waits for in the window, at 1920×1080: a frame while panning and zooming (built
//! and tessellated, and painted whole by the renderer of this machine), the picture of the marks,
//! what lies under the pointer, a key in the search box.
//!
//! `cargo bench --bench window`; percentiles go to standard error.
#![expect(clippy::expect_used, reason = "a bench may stop")]
#![expect(clippy::print_stderr, reason = "criterion knows no percentiles")]

mod city;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Event, Modifiers, MouseWheelUnit, Pos2, TouchPhase, vec2};
use egui_kittest::Harness;
use geo_types::Coord;
use jiff::Timestamp;
use shapan::analysis::Filter;
use shapan::analysis::overview::Overview;
use shapan::analysis::search::SearchIndex;
use shapan::basemap::Datum;
use shapan::domain::{Change, Edit, EditKind, Lang, Stamp, World};
use shapan::map::live::{Ask, LayerSketch, Prepared, picture};
use shapan::map::view::View;
use shapan::map::{Scene, Sketch, layers, tokens};
use shapan::settings::Settings;
use shapan::store::Store;
use shapan::ui::App;

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

fn window(folder: &Path, district: Option<&Path>, is_painted: bool) -> Harness<'static, App> {
    let (home, district) = (folder.to_owned(), district.map(Path::to_owned));
    let mut builder = Harness::builder().with_size(vec2(1920.0, 1080.0));
    if is_painted {
        // As the program itself paints; the harness would filter textures by hand.
        let options = egui_wgpu::RendererOptions {
            dithering: false,
            predictable_texture_filtering: false,
            ..egui_wgpu::RendererOptions::default()
        };
        builder = builder.with_render_options(options).wgpu();
    }
    let mut window = builder.build_eframe(|creation| {
        let mut app =
            App::new(&creation.egui_ctx, home, Settings::default(), None).expect("a window");
        app.fit_to(creation);
        app.begin(district, None);
        app
    });
    settle(&mut window);
    window
}

fn settle(window: &mut Harness<'_, App>) {
    let began = Instant::now();
    let mut calm = 0;
    while calm < 6 && began.elapsed() < Duration::from_mins(2) {
        window.step();
        let is_settled = window.state().is_settled() && window.state().model().district.is_some();
        calm = if is_settled { calm + 1 } else { 0 };
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// One frame of a hand that pushes the map in circles and turns the wheel now and then.
fn moved(window: &mut Harness<'_, App>, frame: u32) {
    let turn = f64::from(frame) * 0.13;
    let at = Pos2::new(900.0 + 160.0 * turn.cos() as f32, 560.0 + 120.0 * turn.sin() as f32);
    window.event(Event::PointerMoved(at));
    if frame.is_multiple_of(40) {
        let pressed = frame.is_multiple_of(80);
        let button = egui::PointerButton::Primary;
        window.event(Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
    }
    if frame.is_multiple_of(9) {
        let y = if (frame / 90).is_multiple_of(2) { 14.0 } else { -14.0 };
        window.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, y),
            phase: TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
    }
}

/// Median and 99th percentile of many frames.
fn percentiles(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at =
        |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    eprintln!("{name}: median {:.2?}, p99 {:.2?}, {} frames", at(0.5), at(0.99), times.len());
}

fn frames(criterion: &mut Criterion) {
    for (name, sites) in [("sample", 0), ("100k", 100_000), ("1M", 1_000_000)] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = (sites > 0).then(|| district(folder.path(), sites));
        let began = Instant::now();
        let mut window = window(folder.path(), path.as_deref(), false);
        eprintln!("{name}: {:.2?} from start to the first complete frame", began.elapsed());
        let mut frame = 0;
        let mut times = Vec::new();
        let mut step = |window: &mut Harness<'_, App>| {
            frame += 1;
            moved(window, frame);
            let began = Instant::now();
            window.step();
            let shapes = window.output().shapes.clone();
            black_box(window.ctx.tessellate(shapes, 1.0));
            began.elapsed()
        };
        for _ in 0..600 {
            times.push(step(&mut window));
        }
        percentiles(&format!("frame/{name}"), times);
        criterion.bench_function(&format!("frame/{name}"), |bencher| {
            bencher.iter(|| black_box(step(&mut window)));
        });
    }
}

/// With the pixels, by the renderer of this machine: Mesa's where there is no GPU.
fn painted(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("painted");
    group.sample_size(10);
    for (name, sites) in [("sample", 0), ("100k", 100_000), ("1M", 1_000_000)] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = (sites > 0).then(|| district(folder.path(), sites));
        let mut window = window(folder.path(), path.as_deref(), true);
        let mut frame = 0;
        let mut step = |window: &mut Harness<'_, App>| {
            frame += 1;
            moved(window, frame);
            let began = Instant::now();
            window.step();
            black_box(window.render().expect("a picture"));
            began.elapsed()
        };
        let times = (0..120).map(|_| step(&mut window)).collect();
        percentiles(&format!("painted/{name}"), times);
        group.bench_function(name, |bencher| bencher.iter(|| black_box(step(&mut window))));
    }
    group.finish();
}

fn prepared(world: &World) -> Prepared {
    let scene = Scene { world, lang: Lang::Zh };
    let sketch = |layer: &&'static dyn shapan::map::Layer| {
        let mut sketch = Sketch::default();
        layer.draw(&scene, &mut sketch);
        LayerSketch { key: layer.key(), opacity: 1.0, sketch }
    };
    Prepared::new(layers::ALL.iter().map(sketch).collect())
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
        spotlight: None,
    }
}

fn marks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("marks");
    group.sample_size(10);
    for (name, sites) in [("100k", 100_000), ("1M", 1_000_000)] {
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

criterion_group!(benches, frames, painted, marks);
criterion_main!(benches);
