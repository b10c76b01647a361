//! The waits at a district file: opening it, one edit in a district of a million, and edits of four
//! programs at once.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to report")]

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

/// Writers at one file, each a program of its own.
const SEATS: usize = 4;

/// One record in so many edits that all seats change, so that some edits are stale.
const SHARED_EVERY: u64 = 20;

/// A program that keeps the district open and takes edits line by line.
struct Seat {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    name: String,
    asked: u64,
    acknowledged: u64,
    stale: u64,
    waits: Vec<Duration>,
}

impl Seat {
    fn open(path: &Path, number: usize) -> Self {
        let name = format!("席{number}");
        let mut child = Command::new(env!("CARGO_BIN_EXE_shapan"))
            .args(["--by", &name, "apply", path.to_str().unwrap(), "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let output = BufReader::new(output);
        let (asked, acknowledged, stale, waits) = (0, 0, 0, Vec::new());
        Self { child, input, output, name, asked, acknowledged, stale, waits }
    }

    /// One edit; a stale one must be refused by the name of its record, and is not asked again.
    fn edit(&mut self, seat: usize, count: u64) {
        self.asked += 1;
        let is_shared = self.asked.is_multiple_of(SHARED_EVERY);
        let own = (self.asked * 7919 + seat as u64 * 104_729) % count;
        let site = if is_shared { 0 } else { own };
        let phone = format!("{seat}-{}", self.asked);
        let start = Instant::now();
        writeln!(
            self.input,
            r#"{{"op":"update","layer":"site","code":"S{site:07}","phone":"{phone}"}}"#
        )
        .unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        self.waits.push(start.elapsed());
        if answer.starts_with("ok ") {
            self.acknowledged += 1;
        } else {
            let named = format!("示例点位{site}");
            assert!(answer.starts_with("refused") && answer.contains(&named), "{answer}");
            self.stale += 1;
        }
    }
}

/// Four programs that edit one district of 100,000 at once, each waiting for its answer.
#[expect(clippy::print_stdout, reason = "what a bench measures beside its time")]
fn four_seats(criterion: &mut Criterion) {
    const COUNT: u32 = 100_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    drop(fill(&path, COUNT));
    let mut seats: Vec<Seat> = (0..SEATS).map(|number| Seat::open(&path, number)).collect();
    let mut group = criterion.benchmark_group("four seats at 100,000 records");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.throughput(Throughput::Elements(1));
    group.bench_function("one edit, of all four in sum", |bencher| {
        bencher.iter_custom(|edits| {
            let each = edits.div_ceil(SEATS as u64);
            let start = Instant::now();
            std::thread::scope(|scope| {
                for (number, seat) in seats.iter_mut().enumerate() {
                    scope.spawn(move || {
                        for _ in 0..each {
                            seat.edit(number, u64::from(COUNT));
                        }
                    });
                }
            });
            start.elapsed().mul_f64(edits as f64 / (each * SEATS as u64) as f64)
        });
    });
    group.finish();
    let mut waits: Vec<Duration> = seats.iter().flat_map(|seat| seat.waits.clone()).collect();
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    let stale: u64 = seats.iter().map(|seat| seat.stale).sum();
    println!(
        "{} edits, {stale} stale; an edit waited {:?} (median), {:?} (p99), {:?} at most",
        waits.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    let acknowledged: Vec<(String, u64)> = seats
        .into_iter()
        .map(|mut seat| {
            drop(seat.input);
            assert!(seat.child.wait().unwrap().code().is_some_and(|code| code < 2));
            (seat.name, seat.acknowledged)
        })
        .collect();
    let reader = DistrictReader::open(&path).unwrap();
    assert_eq!(reader.check().unwrap(), []);
    let history = reader.history().unwrap();
    for (name, count) in acknowledged {
        let kept = history.iter().filter(|entry| *entry.actor == *name).count() as u64;
        assert_eq!(kept, count, "what was acknowledged to {name} is in the journal");
    }
}

criterion_group!(benches, write, open, small_edits, one_edit, four_seats);
criterion_main!(benches);
