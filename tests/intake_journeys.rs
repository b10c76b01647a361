//! Readings come into the window: a sheet that is looked at, overruled, taken in and withdrawn.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;
use rust_xlsxwriter::{Format, Workbook};
use shapan::domain::reading::{Factor, ReadingRow, Span};
use shapan::domain::{Change, DeliveryState, Edit, Ids, Kind, Record, RecordId, Stamp, Value};
use shapan::settings::clock;
use shapan::store::readings::ReadingQuery;
use shapan::store::{DistrictReader, Store};
use shapan::ui::{Action, App, Command, FileAction, WindowAction, Workspace};

use crate::journeys::{act, press, settle};
use crate::planner_journeys::click;
use crate::support::folder;

const NOW: &str = "2026-11-29T02:30:00Z";

fn by() -> Stamp {
    Stamp { actor: "值班员".into(), at: NOW.parse().unwrap() }
}

/// A district with one station, 一站.
fn a_district(folder: &Path) -> (PathBuf, RecordId) {
    let path = folder.join("甲区.gpkg");
    let mut ids = Ids::new(by().at, 7);
    let mut store = Store::create(&path).unwrap();
    let mut station = Record::new(ids.next(), Kind::ControlPoint, &by());
    station.set("name", Some(Value::text("一站")));
    let id = station.id;
    store.apply(&Edit::of(vec![Change::create(station)]), &by()).unwrap();
    (path, id)
}

/// As a province hands them out: a head of two rows, the upper one merged, and dashes where nothing was
/// measured. 一站 and 二站, three hours.
fn sheet(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 1, 0, "站点名称", &plain).unwrap();
    sheet.merge_range(0, 1, 1, 1, "监测时间", &plain).unwrap();
    sheet.merge_range(0, 2, 0, 3, "污染物浓度", &plain).unwrap();
    sheet.write(1, 2, "PM2.5(μg/m³)").unwrap();
    sheet.write(1, 3, "CO(mg/m³)").unwrap();
    let mut row = 2;
    for (name, first) in [("一站", 60.0), ("二站", 80.0)] {
        for hour in 0..3_u32 {
            sheet.write(row, 0, name).unwrap();
            sheet.write(row, 1, format!("2026-11-29 {:02}:00:00", 8 + hour)).unwrap();
            if hour == 1 {
                sheet.write(row, 2, "—").unwrap();
            } else {
                sheet.write(row, 2, first + f64::from(hour)).unwrap();
            }
            sheet.write(row, 3, 1.1).unwrap();
            row += 1;
        }
    }
    book.save(path).unwrap();
}

fn open(home: &Path, path: PathBuf) -> Harness<'static, App> {
    clock::pretend(NOW.parse().unwrap());
    crate::journeys::open(home, path, vec2(1366.0, 768.0))
}

fn choose(window: &mut Harness<'_, App>, list: &str, entry: &str) {
    window.get_by_role_and_label(egui::Role::ComboBox, list).click();
    settle(window);
    let entries = window.get_all_by_role_and_label(egui::Role::Button, entry);
    entries.last().unwrap().click_accesskit();
    settle(window);
}

/// Starts of hours with their PM2.5, of a place.
fn hours(path: &Path, place: RecordId) -> Vec<(String, Option<f64>)> {
    let reader = DistrictReader::open(path).unwrap();
    let world = reader.load().unwrap();
    let mut hours = Vec::new();
    let (from, to) = (Timestamp::UNIX_EPOCH, "2100-01-01T00:00:00Z".parse().unwrap());
    let places = [place];
    let query = ReadingQuery { span: Span::Hour, from, to, places: Some(&places), factors: None };
    let mut take = |row: &ReadingRow| {
        hours.push((row.start.to_string(), row.values.get(&Factor::Pm25)));
    };
    reader.readings(&world).unwrap().each(&query, &mut take).unwrap();
    hours
}

#[test]
fn a_provincial_sheet_is_looked_at_overruled_taken_in_and_withdrawn() {
    let home = folder();
    let (path, station) = a_district(home.path());
    let file = home.path().join("小时数据.xlsx");
    sheet(&file);
    let mut window = open(home.path(), path.clone());
    act(&mut window, Action::Window(WindowAction::Enter(Workspace::Air)));
    act(&mut window, Action::File(FileAction::Dropped(vec![file])));
    // What it means is said with why, and nothing is written yet.
    assert!(window.query_all_by_label_contains("时间标签为时段结束，北京时间").next().is_some());
    window.get_by_label("站点 2，对上 1，区内没有 1，将新建 0");
    window.get_by_label("导入 3 行数据");
    assert!(hours(&path, station).is_empty());

    choose(&mut window, "时间标签", "时段开始，北京时间");
    assert!(window.query_all_by_label_contains("与数据显示的不同").next().is_some());
    choose(&mut window, "二站", "新建控制点");
    click(&mut window, "导入 6 行数据");
    settle(&mut window);
    assert_eq!(
        hours(&path, station),
        [
            ("2026-11-29T00:00:00Z".to_owned(), Some(60.0)),
            ("2026-11-29T01:00:00Z".to_owned(), None),
            ("2026-11-29T02:00:00Z".to_owned(), Some(62.0)),
        ]
    );
    let world = window.state().model().world();
    assert!(world.table(Kind::ControlPoint).iter().any(|it| it.name() == "二站"));
    assert_eq!(world.table(Kind::Delivery).iter().count(), 1);

    // One step back and on again.
    press(&mut window, Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(hours(&path, station).is_empty());
    press(&mut window, Modifiers::COMMAND, Key::Y);
    settle(&mut window);
    assert_eq!(hours(&path, station).len(), 3);

    click(&mut window, "数据来源");
    click(&mut window, "撤回 小时数据.xlsx");
    window.get_by_role_and_label(egui::Role::TextInput, "撤回原因").focus();
    settle(&mut window);
    window.event(egui::Event::Text("标签弄错了".to_owned()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    assert!(hours(&path, station).is_empty());
    let world = window.state().model().world();
    let delivery = world.table(Kind::Delivery).iter().next().unwrap();
    assert_eq!(DeliveryState::of(delivery), Some(DeliveryState::Withdrawn));
    assert_eq!(delivery.text("withdrawn_because"), "标签弄错了");
    assert!(window.query_all_by_label_contains("撤回：标签弄错了").next().is_some());
}

#[test]
fn columns_that_nobody_knows_are_said_once_and_remembered() {
    let home = folder();
    let (path, station) = a_district(home.path());
    let first = home.path().join("一.csv");
    std::fs::write(&first, "地点,采样,细粒\n一站,2026-11-29 09:00,70\n").unwrap();
    let second = home.path().join("二.csv");
    std::fs::write(&second, "地点,采样,细粒\n一站,2026-11-29 10:00,75\n").unwrap();
    let mut window = open(home.path(), path.clone());
    act(&mut window, Action::File(FileAction::Dropped(vec![first])));
    choose(&mut window, "导入为", "监测数据");
    choose(&mut window, "地点 是", "站点名称");
    choose(&mut window, "采样 是", "时间");
    choose(&mut window, "细粒 是", "PM2.5 µg/m³");
    click(&mut window, "导入 1 行数据");
    settle(&mut window);
    act(&mut window, Action::File(FileAction::Dropped(vec![second])));
    click(&mut window, "导入 1 行数据");
    settle(&mut window);
    let values: Vec<Option<f64>> = hours(&path, station).into_iter().map(|(_, it)| it).collect();
    assert_eq!(values, [Some(70.0), Some(75.0)]);
}

/// A packet as an instrument sends it, of the hour before [`NOW`].
fn packet(mn: &str, pm25: f64) -> Vec<u8> {
    let segment = format!(
        "QN=20261129102501000;ST=22;CN=2061;PW=123456;MN={mn};Flag=5;CP=&&DataTime=20261129090000;a34004-Avg={pm25},a34004-Flag=N&&"
    );
    shapan::exchange::formats::hj212::framed(segment.as_bytes())
}

fn type_over(window: &mut Harness<'_, App>, label: &str, text: &str) {
    window.get_by_role_and_label(egui::Role::TextInput, label).focus();
    settle(window);
    press(window, Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(text.to_owned()));
    settle(window);
}

#[test]
fn a_listener_is_tried_and_switched_on_in_the_dialog_and_two_seats_see_what_it_hears() {
    use std::io::{Read as _, Write as _};

    let (home, other) = (folder(), folder());
    let (path, station) = a_district(home.path());
    let mut window = open(home.path(), path.clone());
    act(&mut window, Action::Window(WindowAction::Enter(Workspace::Air)));
    act(&mut window, Action::Command(Command::Feeds));
    // A port that is free now; the listener of the window gets it.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    type_over(&mut window, "监听地址", "9212");
    click(&mut window, "测试监听");
    settle(&mut window);
    assert!(window.query_all_by_label_contains("应为 IP:端口").next().is_some());
    type_over(&mut window, "监听地址", &free.to_string());
    click(&mut window, "测试监听");
    settle(&mut window);
    assert!(window.query_all_by_label_contains("应答 9014").next().is_some(), "it is tried");
    assert!(hours(&path, station).is_empty(), "and nothing of that is taken in");
    type_over(&mut window, "另外放行的 MN", "MN1");
    click(&mut window, "HJ 212 监听（只听不发，仅应答 9014）");
    click(&mut window, "保存并生效");
    let until = |window: &mut Harness<'_, App>, is_so: &dyn Fn(&App) -> bool, what: &str| {
        let began = std::time::Instant::now();
        while !is_so(window.state()) {
            window.step();
            std::thread::sleep(std::time::Duration::from_millis(20));
            assert!(began.elapsed().as_secs() < 30, "{what}");
        }
    };
    until(&mut window, &|app| app.model().feeds.address.is_some(), "it does not listen");
    let mut second = open(other.path(), path.clone());
    let mut device = std::net::TcpStream::connect(free).unwrap();
    device.write_all(&packet("X9", 11.0)).unwrap();
    device.write_all(&packet("MN1", 88.0)).unwrap();
    let mut answer = [0; 16];
    device.read_exact(&mut answer).unwrap();
    let heard = |app: &App| app.model().feeds.heard.as_ref().is_some_and(|it| it.foreign == 1);
    until(&mut window, &heard, "the stranger is not counted");
    click(&mut window, "立即入库");
    let has_air = |app: &App| app.model().air.hours.is_some();
    until(&mut window, &has_air, "this seat does not see it");
    settle(&mut window);
    until(&mut second, &has_air, "the other seat does not see it");
    let world = second.state().model().world();
    let made = world.table(Kind::ControlPoint).iter().find(|it| it.code() == Some("MN1")).unwrap();
    assert_eq!(hours(&path, made.id), [("2026-11-29T01:00:00Z".to_owned(), Some(88.0))]);
    assert_eq!(world.table(Kind::Delivery).iter().count(), 1, "the stranger's packet is dropped");
}
