//! The waits at a district file: opening it, and one edit in a district of a million.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to report")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use shapan::domain::{Change, Edit, EditKind, Ids, Kind, Record, SourceRow, Stamp, Value, World};
use shapan::store::{DistrictReader, Size, Store};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn stamp() -> Stamp {
    Stamp { actor: "bench".into(), at: Timestamp::from_millisecond(1_795_420_800_000).unwrap() }
}

/// Sites as offices list them, spread over the district.
fn sites(count: u32) -> impl Iterator<Item = Record> {
    let by = stamp();
    let mut ids = Ids::new(by.at, 1);
    let file: Arc<str> = "sites.csv".into();
    let towns: Vec<Arc<str>> = (0..23).map(|number| format!("乡镇{number}").into()).collect();
    let kinds = ["construction", "restaurant", "enterprise", "parking", "auto_repair"];
    (0..count).map(move |number| {
        let scattered = f64::from(number.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX);
        let (lon, lat) = (117.8 + 0.5 * scattered, 39.6 + 0.4 * (scattered * 977.0).fract());
        let mut site = Record::new(ids.next(), Kind::Site, &by);
        site.geometry = Some(geo_types::Point::new(lon, lat).into());
        site.meta.source = Some(SourceRow { file: file.clone(), row: u64::from(number) + 2 });
        let kind = kinds[number as usize % kinds.len()];
        site.set("code", Some(Value::text(&format!("S{number:07}"))));
        site.set("name", Some(Value::text(&format!("示例点位{number}"))));
        site.set("kind", Some(Value::Choice(kind)));
        site.set("township", Some(Value::Text(towns[number as usize % towns.len()].clone())));
        site.set("address", Some(Value::text(&format!("示例路{}号", number % 900))));
        site.set("department", Some(Value::text("住建")));
        site
    })
}

fn fill(path: &Path, count: u32) -> Store {
    let mut store = Store::create(path).unwrap();
    let mut session = store.session(&stamp(), Size::Many).unwrap();
    for site in sites(count) {
        session.write(&Change::create(site)).unwrap();
    }
    session.commit(EditKind::Import, None).unwrap();
    store
}

/// Only what the journal and the indexes cost; files are read in `import`.
fn write(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("write");
    group.sample_size(10).measurement_time(Duration::from_secs(15));
    group.bench_function("100,000 sites as one edit", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut spent = Duration::ZERO;
            for _ in 0..rounds {
                let folder = tempfile::tempdir().unwrap();
                let start = Instant::now();
                black_box(fill(&folder.path().join("a.gpkg"), 100_000));
                spent += start.elapsed();
            }
            spent
        });
    });
}

fn open(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    drop(fill(&path, 100_000));
    let mut group = criterion.benchmark_group("open");
    group.sample_size(20);
    group.bench_function("a district of 100,000 records", |bencher| {
        bencher.iter(|| black_box(DistrictReader::open(&path).unwrap().load().unwrap()));
    });
}

/// What an edit costs beside the disk: run it with `TMPDIR` on a disk in memory.
fn small_edits(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    drop(fill(&path, 10_000));
    let mut store = Store::open_session(&path).unwrap();
    let first = store.load().unwrap().table(Kind::Site).iter().next().unwrap().clone();
    let mut before = first;
    let mut number = 0;
    criterion.bench_function("one edit among 10,000, on disk", |bencher| {
        bencher.iter(|| {
            number += 1;
            let mut after = Record::clone(&before);
            after.set("phone", Some(Value::text(&number.to_string())));
            let change = Change::update(before.clone(), after);
            let after = change.after.clone().unwrap();
            store.apply(&Edit::of(vec![change]), &stamp()).unwrap();
            before = after;
        });
    });
}

fn one_edit(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    drop(fill(&path, 1_000_000));
    let mut store = Store::open_session(&path).unwrap();
    let mut world = store.load().unwrap();
    let some: Vec<Arc<Record>> = world.table(Kind::Site).iter().step_by(997).cloned().collect();
    let rename = |world: &World, number: usize| {
        let id = some[number % some.len()].id;
        let before = world.get(id).unwrap().clone();
        let mut after = Record::clone(&before);
        after.set("phone", Some(Value::text(&number.to_string())));
        Edit::of(vec![Change::update(before, after)])
    };
    let mut number = 0;
    criterion.bench_function("one edit among a million, on disk and in memory", |bencher| {
        bencher.iter(|| {
            number += 1;
            let edit = rename(&world, number);
            store.apply(&edit, &stamp()).unwrap();
            world.apply(&edit).unwrap();
        });
    });
    criterion.bench_function(
        "one edit among a million, in memory, an older world kept",
        |bencher| {
            bencher.iter(|| {
                number += 1;
                let older = world.clone();
                let edit = rename(&world, number);
                world.apply(&edit).unwrap();
                black_box(older);
            });
        },
    );
}

criterion_group!(benches, write, open, small_edits, one_edit);
criterion_main!(benches);
