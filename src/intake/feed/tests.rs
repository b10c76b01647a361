//! Feeds into a small district, from a folder and from servers on this machine.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use super::*;
use crate::domain::reading::{Factor, Span};
use crate::domain::{Edit, Kind, Value};
use crate::settings::feeds::FolderFeed;
use crate::store::readings::ReadingQuery;

fn by() -> Stamp {
    Stamp { actor: "值班员".into(), at: "2026-11-29T02:30:00Z".parse().unwrap() }
}

fn district(folder: &Path) -> Store {
    let mut store = Store::create(&folder.join("甲区.gpkg")).unwrap();
    let mut ids = Ids::new(by().at, 7);
    let mut station = Record::new(ids.next(), Kind::ControlPoint, &by());
    station.set("code", Some(Value::text("MN1")));
    station.set("name", Some(Value::text("一站")));
    store.apply(&Edit::of(vec![Change::create(station)]), &by()).unwrap();
    store
}

/// Of PM2.5, in the order of time.
fn values(store: &Store) -> Vec<f64> {
    let world = store.load().unwrap();
    let readings = store.readings(&world).unwrap();
    let mut values = Vec::new();
    for span in [Span::Hour, Span::Instant] {
        let (from, to) = (Timestamp::UNIX_EPOCH, "2100-01-01T00:00:00Z".parse().unwrap());
        let query = ReadingQuery { span, from, to, places: None, factors: None };
        readings.each(&query, &mut |row| values.extend(row.values.get(&Factor::Pm25))).unwrap();
    }
    values
}

fn start(feeds: &Feeds, store: &Store) -> Running {
    let index = StationIndex::of(&store.load().unwrap());
    Running::start(feeds, store.path(), &index, Reach::default())
}

/// Takes in what there is now; what each feed says then.
fn step(running: &mut Running, store: &mut Store, at: &str) -> BTreeMap<Source, FeedSeen> {
    let now = at.parse().unwrap();
    let mut ids = Ids::new(now, 11);
    for arrived in running.poll(now, false) {
        let world = store.load().unwrap();
        let outcome = take_in(&arrived, store, &world, (&by(), &mut ids));
        running.done(&arrived, &outcome, now);
    }
    running.seen().clone()
}

fn server(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::Builder::new()
        .spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { break };
                let mut request = [0; 4096];
                drop(stream.read(&mut request));
                let length = body.len();
                let text = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}");
                drop(stream.write_all(text.as_bytes()));
            }
        })
        .unwrap();
    url
}

const SHEET: &str = "站点名称,监测时间,PM2.5(μg/m³)\n一站,2026-11-29 09:00:00,71\n";

#[test]
fn a_file_in_the_folder_comes_in_once_it_rests_and_once_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = district(folder.path());
    let watched = folder.path().join("来数");
    std::fs::create_dir(&watched).unwrap();
    let path = watched.display().to_string();
    let feeds = Feeds { folder: FolderFeed { is_on: true, path }, ..Feeds::default() };
    std::fs::write(watched.join("小时值.csv"), SHEET).unwrap();
    std::fs::write(watched.join("说明.txt"), "不是数据").unwrap();
    let mut running = start(&feeds, &store);
    step(&mut running, &mut store, "2026-11-29T02:00:00Z");
    assert_eq!(values(&store), [0.0; 0], "it may still be written");
    let seen = step(&mut running, &mut store, "2026-11-29T02:01:00Z");
    assert_eq!(values(&store), [71.0]);
    assert!(seen[&Source::Folder].last.is_some() && seen[&Source::Folder].error.is_none());
    // After the next start too.
    let mut running = start(&feeds, &store);
    step(&mut running, &mut store, "2026-11-29T02:02:00Z");
    let seen = step(&mut running, &mut store, "2026-11-29T02:03:00Z");
    assert!(seen[&Source::Folder].last.is_none());
    std::fs::write(watched.join("小时值.csv"), format!("{SHEET}一站,2026-11-29 10:00:00,64\n"))
        .unwrap();
    step(&mut running, &mut store, "2026-11-29T02:04:00Z");
    step(&mut running, &mut store, "2026-11-29T02:05:00Z");
    assert_eq!(values(&store), [71.0, 64.0]);
    std::fs::remove_dir_all(&watched).unwrap();
    let seen = step(&mut running, &mut store, "2026-11-29T02:06:00Z");
    assert!(seen[&Source::Folder].error.is_some());
}

#[test]
fn a_service_is_read_by_its_mapping_and_not_asked_again_before_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = district(folder.path());
    let url = server(
        r#"{"code":0,"other":[{"x":1}],"data":{"list":[{"dev":{"id":"MN1"},"at":1795917600,"v":{"fine":"0.062","co":900}}]}}"#,
    );
    let columns =
        [("dev.id", "station"), ("at", "time"), ("v.fine", "pm2_5@mg/m3"), ("v.co", "co@ug/m3")];
    let feed = WebFeed {
        is_on: true,
        url,
        list: "data.list".to_owned(),
        columns: columns.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec(),
        ..WebFeed::default()
    };
    let world = store.load().unwrap();
    let said = test_web(&feed, &world, &Reach::default(), &by()).unwrap();
    assert!(said.zh.contains("1 个站点（对上 1）") && said.zh.contains("2 个值"), "{}", said.zh);
    let feeds = Feeds { web: vec![feed], ..Feeds::default() };
    let mut running = start(&feeds, &store);
    let seen = step(&mut running, &mut store, "2026-11-29T02:00:00Z");
    assert!(seen[&Source::Web(0)].error.is_none(), "{seen:?}");
    let read = values(&store);
    assert!((read[0] - 62.0).abs() < 1e-9 && read.len() == 1, "{read:?}");
    let next = seen[&Source::Web(0)].next_at;
    assert_eq!(next, Some("2026-11-29T03:00:00Z".parse().unwrap()));
    assert!(running.poll("2026-11-29T02:59:00Z".parse().unwrap(), false).is_empty());
}

#[test]
fn a_service_that_is_away_says_so_and_is_asked_later_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = district(folder.path());
    let feed = WebFeed {
        is_on: true,
        url: "http://127.0.0.1:1/".to_owned(),
        interval_min: 10,
        ..WebFeed::default()
    };
    let mut running = start(&Feeds { web: vec![feed], ..Feeds::default() }, &store);
    let seen = step(&mut running, &mut store, "2026-11-29T02:00:00Z");
    assert!(seen[&Source::Web(0)].error.is_some());
    assert_eq!(seen[&Source::Web(0)].next_at, Some("2026-11-29T02:20:00Z".parse().unwrap()));
    let seen = step(&mut running, &mut store, "2026-11-29T02:20:00Z");
    assert_eq!(seen[&Source::Web(0)].next_at, Some("2026-11-29T03:00:00Z".parse().unwrap()));
}

#[test]
fn packets_come_in_as_hours_of_the_station_with_their_mn() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = district(folder.path());
    let mut feeds = Feeds::default();
    feeds.hj212.is_on = true;
    feeds.hj212.address = "127.0.0.1:0".to_owned();
    let mut running = start(&feeds, &store);
    step(&mut running, &mut store, "2026-11-29T02:00:00Z");
    let mut device = TcpStream::connect(running.address().unwrap()).unwrap();
    let segment = b"QN=20261129100512034;ST=22;CN=2061;PW=123456;MN=MN1;Flag=5;CP=&&DataTime=20261129090000;a34004-Avg=88,a34004-Flag=N&&";
    device.write_all(&crate::exchange::formats::hj212::framed(segment)).unwrap();
    let mut answer = [0; 16];
    device.read_exact(&mut answer).unwrap();
    step(&mut running, &mut store, "2026-11-29T02:05:00Z");
    assert_eq!(values(&store), [0.0; 0], "its time has not come");
    step(&mut running, &mut store, "2026-11-29T02:10:00Z");
    assert_eq!(values(&store), [88.0]);
    assert!(waiting(&inbox(store.path())).unwrap().is_empty());
    let feeds = Feeds {
        hj212: Hj212Feed { address: "localhost".to_owned(), ..feeds.hj212 },
        ..Feeds::default()
    };
    let refused = start(&feeds, &store);
    assert!(refused.seen()[&Source::Hj212].error.as_ref().unwrap().zh.contains("IP:端口"));
}
