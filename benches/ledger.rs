//! A ledger of 100,000 items: reading it into rows with all that the page opens with (≤ 300 ms), a list
//! picked and put in order (≤ 30 ms), a frame of the window while the list scrolls (≤ 8 ms), who is late,
//! and what may be the same problem.
//!
//! `cargo bench --bench ledger`; percentiles of frames go to standard error.
#![expect(clippy::expect_used, reason = "a bench may stop")]
#![expect(clippy::print_stderr, reason = "criterion knows no percentiles")]

mod dice;
mod screen;

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, TouchPhase, vec2};
use geo_types::{Geometry, Point};
use jiff::civil::{DateTime, date};
use jiff::{Timestamp, ToSpan as _};
use shapan::analysis::ledger::checks::plans;
use shapan::analysis::ledger::{
    At, Doubles, Group, Ledger, LedgerFilter, Order, View, decided, rates,
};
use shapan::domain::item::{Deed, StepKind, taken};
use shapan::domain::{Change, Edit, EditKind, Ids, ItemType, Kind, Record, Stamp, Value, World};
use shapan::store::Store;

use self::dice::Dice;
use self::screen::Window;

const ITEMS: usize = 100_000;
const NOW: DateTime = date(2026, 11, 29).at(10, 30, 0, 0);
const UNITS: [&str; 6] =
    ["住建局", "城管局", "交警大队", "工信局", "自然资源和规划局", "生态环境分局"];

fn ledger() -> World {
    let stamp = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(stamp.at, 1);
    let mut dice = Dice(19);
    let items = (0..ITEMS).map(|number| {
        let mut item = Record::new(ids.next(), Kind::Item, &stamp);
        let back = dice.roll(365 * 24).cast_signed();
        let found = NOW.checked_sub((back + 1).hours()).unwrap_or(NOW);
        let put = |item: &mut Record, key: &str, text: &str| {
            item.set(key, Some(Value::text(text)));
        };
        put(&mut item, "code", &format!("FR-{}-{number:06}", found.date().strftime("%Y%m%d")));
        put(&mut item, "name", "裸土未苫盖，约两千平方米");
        put(&mut item, "township", &format!("{}号镇", dice.roll(23)));
        put(&mut item, "address", &format!("{}路{}号", dice.roll(400), dice.roll(90)));
        let of = ItemType::ALL[dice.roll(ItemType::ALL.len() as u64) as usize];
        item.set("types", Some(Value::Words([of.key().into()].into())));
        let at = Point::new(
            118.0 + dice.roll(30_000) as f64 / 100_000.0,
            39.6 + dice.roll(40_000) as f64 / 100_000.0,
        );
        item.geometry = (dice.roll(20) > 0).then_some(Geometry::Point(at));
        let unit = UNITS[dice.roll(UNITS.len() as u64) as usize];
        let way = [StepKind::Register, StepKind::HandOver, StepKind::Accept, StepKind::Mend];
        let count = 1 + dice.roll(4) as usize;
        for (step, hours) in way.into_iter().take(count).zip(0..) {
            let at = found.checked_add(i64::from(hours).hours()).unwrap_or(found);
            let mut deed = Deed::new(step, unit, at);
            "bench".clone_into(&mut deed.reason);
            deed.units = vec![unit.to_owned()];
            deed.due = (step == StepKind::HandOver)
                .then(|| found.checked_add(72.hours()).unwrap_or(found));
            item = taken(&item, &deed, &stamp).unwrap_or(item);
        }
        item
    });
    items.collect()
}

fn page(criterion: &mut Criterion) {
    let world = ledger();
    criterion.bench_function("100,000 items: the page opens", |bencher| {
        bencher.iter(|| {
            let ledger = Ledger::of(black_box(&world));
            let counts = LedgerFilter::counts(&ledger, NOW);
            let mut rows = LedgerFilter::default().pick(&ledger, NOW);
            Order::default().sort(&ledger, &mut rows, NOW);
            let plans = plans(&world, NOW.date());
            let month = NOW.date().checked_sub(29.days()).ok().map(|from| (from, NOW.date()));
            let townships = rates(&ledger, Group::Township, month, NOW);
            (counts, rows.len(), plans.len(), townships.len(), decided(&world).len())
        });
    });
    let ledger = Ledger::of(&world);
    for (name, filter) in [
        ("a list", LedgerFilter { view: View::Overdue, ..LedgerFilter::default() }),
        ("a unit", LedgerFilter { unit: Some("住建局".to_owned()), ..LedgerFilter::default() }),
        (
            "words",
            LedgerFilter {
                view: View::All,
                text: "9号 苫盖".to_owned(),
                ..LedgerFilter::default()
            },
        ),
    ] {
        criterion.bench_function(&format!("100,000 items: {name}"), |bencher| {
            bencher.iter(|| {
                let mut rows = black_box(&filter).pick(&ledger, NOW);
                Order::default().sort(&ledger, &mut rows, NOW);
                rows.len()
            });
        });
    }
    for order in Order::ALL {
        let name = order.label().en;
        criterion.bench_function(&format!("100,000 items: {name}"), |bencher| {
            bencher.iter(|| {
                let mut rows: Vec<usize> = (0..ledger.rows.len()).collect();
                order.sort(&ledger, &mut rows, NOW);
                rows.len()
            });
        });
    }
    criterion.bench_function("100,000 items: who is late", |bencher| {
        bencher.iter(|| rates(black_box(&ledger), Group::Township, None, NOW).len());
    });
    let of = ledger.rows.iter().find(|row| row.record.geometry.is_some());
    let at = of.map(|row| At::of(&row.record, NOW));
    criterion.bench_function("100,000 items: twins of one", |bencher| {
        bencher.iter(|| at.as_ref().map(|at| Doubles::of(&ledger, black_box(at)).nth));
    });
}

/// Frames while the wheel turns over the list.
fn scrolled(criterion: &mut Criterion) {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("ledger.gpkg");
    let stamp = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
    let world = ledger();
    let items = world.table(Kind::Item).iter().map(|item| Change::create(Record::clone(item)));
    let edit = Edit { kind: EditKind::Import, changes: items.collect() };
    Store::create(&path).and_then(|mut store| store.apply(&edit, &stamp)).expect("stored");
    let mut window = Window::open(home.path(), Some(&path), false);
    let key = |pressed| Event::Key {
        key: Key::U,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    window.step(vec![key(true)]);
    window.step(vec![key(false)]);
    let began = Instant::now();
    while window.app.model().ledger.is_none() || !window.app.is_settled() {
        window.step(Vec::new());
        assert!(began.elapsed().as_secs() < 60, "the ledger does not open");
    }
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, -60.0),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    };
    let over = Event::PointerMoved(Pos2::new(700.0, 940.0));
    let mut times = Vec::new();
    criterion.bench_function("100,000 items: a frame while the list scrolls", |bencher| {
        bencher.iter(|| {
            let began = Instant::now();
            black_box(window.step(vec![over.clone(), wheel.clone()]));
            times.push(began.elapsed());
        });
    });
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied();
    eprintln!("frames: median {:.2?}, p99 {:.2?}, {}", at(0.5), at(0.99), times.len());
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = page, scrolled
}
criterion_main!(benches);
