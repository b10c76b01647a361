//! The minutes of a meeting of eight scenes as PDF and Word, on the sample (the aim is 5 s) and on
//! a district of 100,000 sites (15 s); beside it the same eight maps drawn as if each were alone:
//! the world filtered and sketched anew for each.
#![expect(clippy::expect_used, reason = "a bench may stop")]

mod city;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::Coord;
use jiff::Timestamp;
use jiff::civil::date;
use shapan::analysis::Filter;
use shapan::analysis::scenes::{MeetingScene, Sight, scenes};
use shapan::domain::{Ids, Kind, Lang, Record, Stamp, Value, World};
use shapan::map::view::View;
use shapan::map::{self, Extent, PageSize, PrintSpec, compose, png_from_layout, tokens};
use shapan::report::PaperFormat;
use shapan::report::brief::{BriefRequest, MINUTES, blocks};

const PAGES: [&str; 8] =
    ["decisions", "rings", "standards", "traffic", "townships", "map", "rings", "decide"];

/// With a meeting of eight scenes, every second of them filtered.
fn with_meeting(records: impl IntoIterator<Item = Record>) -> World {
    let stamp = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 77);
    let mut meeting = Record::new(ids.next(), Kind::Meeting, &stamp);
    meeting.set("name", Some(Value::text("会商会")));
    meeting.set("date", Some(Value::Date(date(2026, 11, 25))));
    let id = meeting.id.to_string();
    let scenes = (1..).zip(PAGES).map(|(position, page)| {
        let mut scene = Record::new(ids.next(), Kind::Scene, &stamp);
        let center = Coord { x: 118.10 + 0.01 * position as f64, y: 39.83 };
        let said = MeetingScene {
            page: page.to_owned(),
            sight: Some(Sight { center, zoom: 13.0 }),
            filter: Filter { is_failing: position % 2 == 0, ..Filter::default() },
            ..MeetingScene::default()
        };
        said.put(&mut scene);
        scene.set("name", Some(Value::text(&format!("场景{position}"))));
        scene.set("meeting", Some(Value::text(&id)));
        scene.set("position", Some(Value::Integer(position)));
        scene
    });
    let scenes: Vec<Record> = scenes.collect();
    records.into_iter().chain(scenes).chain([meeting]).collect()
}

fn sample() -> Vec<Record> {
    let stamp = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
    shapan::sample::records(&stamp, &mut Ids::new(Timestamp::UNIX_EPOCH, 1))
}

/// The one of eight scenes: the sample has one of its own.
fn meeting_of(world: &World) -> &Record {
    let mut meetings = world.table(Kind::Meeting).iter();
    meetings.find(|meeting| meeting.name() == "会商会").expect("a meeting")
}

fn minutes(world: &World, format: PaperFormat) -> Vec<u8> {
    let meeting = meeting_of(world);
    let (from, until) = (date(2026, 11, 20), date(2026, 11, 25));
    let meeting = Some(meeting);
    let most_rows = format.most_rows();
    let asked =
        BriefRequest { now: world, then: Some(world), air: None, meeting, from, until, most_rows };
    let paper = blocks(MINUTES, &asked, &|_, _| true).expect("a paper");
    format.bytes(&paper, until, &asked.about()).expect("a file")
}

/// The maps alone, each from the records up.
fn each_map_alone(world: &World) -> Vec<Vec<u8>> {
    let scenes = scenes(world, meeting_of(world));
    assert_eq!(scenes.len(), PAGES.len(), "all of them are drawn");
    let drawn = scenes.into_iter().map(|record| {
        let scene = MeetingScene::of(record);
        let sieve = scene.filter.on(world);
        let is_kept = |record: &Record| {
            matches!(record.kind, Kind::Area | Kind::ControlPoint) || sieve.lets_through(record)
        };
        let records = world.all().filter(|record| is_kept(record));
        let mut some = World::default();
        records.for_each(|record| some.load(std::sync::Arc::clone(record)));
        let sketch = map::sketch(&map::LayerInput { world: &some, lang: Lang::Zh }, &|_| true);
        let sight = scene.sight.expect("a sight");
        let sheet = PrintSpec {
            page: PageSize::inset(156.0, 106.0, 240).expect("a page"),
            extent: Extent::At(View { center: sight.center, zoom: 12.0 }),
            title: record.name(),
            lang: Lang::Zh,
            theme: tokens::LIGHT,
            date: date(2026, 11, 25),
            is_internal: true,
            seal: None,
            base: None,
        };
        png_from_layout(&compose(&sketch, &sheet).expect("a plate")).expect("a picture")
    });
    drawn.collect()
}

fn brief(criterion: &mut Criterion) {
    for (name, world) in
        [("sample", with_meeting(sample())), ("city", with_meeting(city::records(100_000)))]
    {
        let mut group = criterion.benchmark_group(format!("brief/{name}"));
        group.sample_size(10);
        for format in [PaperFormat::Pdf, PaperFormat::Docx, PaperFormat::Xlsx] {
            group.bench_function(format.ending(), |bench| {
                bench.iter(|| minutes(black_box(&world), format));
            });
        }
        group.bench_function("maps alone, naive", |bench| {
            bench.iter(|| each_map_alone(black_box(&world)));
        });
        group.finish();
    }
}

criterion_group!(benches, brief);
criterion_main!(benches);
