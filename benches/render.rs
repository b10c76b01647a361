//! A city on one page: 100,000 sites, 10,000 roads of 20 vertices, 20 control points with two
//! rings each, 500 areas, to a PNG of 1920×1080. The aim is 0.6 s.
#![expect(clippy::expect_used, reason = "a bench may stop")]

mod city;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::Coord;
use jiff::civil::date;
use shapan::domain::{Lang, World};
use shapan::geodesy::wkb::Bounds;
use shapan::map::{
    Extent, LayerInput, Layout, PageSize, PrintSpec, Sketch, compose, png_from_layout, sketch,
    tokens,
};

fn drawn(world: &World) -> Sketch {
    sketch(&LayerInput { world, lang: Lang::Zh }, &|_| true)
}

fn composed(sketch: &Sketch) -> Layout {
    let bounds = Bounds { min: Coord { x: 117.9, y: 39.6 }, max: Coord { x: 118.4, y: 40.0 } };
    let sheet = PrintSpec {
        page: PageSize::pixels(1920, 1080).expect("a page"),
        extent: Extent::Fit(bounds),
        title: "十万点位",
        lang: Lang::Zh,
        theme: tokens::LIGHT,
        date: date(2026, 11, 23),
        is_internal: false,
        seal: None,
        base: None,
    };
    compose(sketch, &sheet).expect("a layout")
}

fn render(criterion: &mut Criterion) {
    let world = city::records(100_000).into_iter().collect();
    let mut group = criterion.benchmark_group("render");
    group.sample_size(10);
    group.bench_function("sketch", |bench| bench.iter(|| drawn(black_box(&world))));
    let sketch = drawn(&world);
    group.bench_function("plate", |bench| bench.iter(|| composed(black_box(&sketch))));
    let layout = composed(&sketch);
    group.bench_function("png", |bench| bench.iter(|| png_from_layout(black_box(&layout))));
    group.bench_function("whole", |bench| {
        bench.iter(|| png_from_layout(&composed(&drawn(black_box(&world)))));
    });
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
