//! The air in the window: markers that say what was measured, one time cursor, the pages below.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Geometry, Point};
use jiff::Timestamp;
use shapan::analysis::air::{Hour, Level, Pollutant, Quantity};
use shapan::domain::reading::{
    Clock, DeliveryHead, Factor, FactorValues, LabelEnd, LabelRule, ReadingRow, Span,
};
use shapan::domain::{Change, Edit, EditKind, Ids, Kind, Record, RecordId, Stamp, Value};
use shapan::settings::clock;
use shapan::store::{Size, Store};
use shapan::ui::{Action, AirAction, App, WindowAction, Workspace};

use crate::journeys::{act, press, settle};
use crate::planner_journeys::{click, reach};
use crate::support::folder;

/// Half past ten in the morning of a Sunday, UTC+8.
const NOW: &str = "2026-11-29T02:30:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// The hour that is over: 9–10 o'clock.
fn last_hour() -> Hour {
    Hour::containing(now()).plus(-1)
}

fn by() -> Stamp {
    Stamp { actor: "值班员".into(), at: now() }
}

struct District {
    path: PathBuf,
    ids: Ids,
    stations: Vec<RecordId>,
}

/// A national station, one of a township, one that is 15 m beside it, and a weather station.
fn a_district(folder: &Path) -> District {
    let path = folder.join("甲区.gpkg");
    let mut ids = Ids::new(now(), 7);
    let mut store = Store::create(&path).unwrap();
    let mut stations = Vec::new();
    for (name, level, township, lon) in [
        ("一站", Some("国控"), "甲镇", 118.10),
        ("二站", Some("乡镇"), "乙镇", 118.20),
        ("微站", Some("微站"), "乙镇", 118.2002),
        ("气象站", None, "甲镇", 118.15),
    ] {
        let kind = if level.is_some() { Kind::ControlPoint } else { Kind::WeatherStation };
        let mut record = Record::new(ids.next(), kind, &by());
        record.set("name", Some(Value::text(name)));
        record.set("township", Some(Value::text(township)));
        if let Some(level) = level {
            record.set("level", Some(Value::Choice(level)));
        }
        record.geometry = Some(Geometry::Point(Point::new(lon, 39.83)));
        stations.push(record);
    }
    let ids_of = stations.iter().map(|record| record.id).collect();
    let changes = stations.into_iter().map(Change::create).collect();
    store.apply(&Edit::of(changes), &by()).unwrap();
    District { path, ids, stations: ids_of }
}

fn row(place: RecordId, hour: Hour, values: &[(Factor, f64)]) -> ReadingRow {
    let (span, start) = (Span::Hour, hour.start());
    let mut row = ReadingRow { place, span, start, values: FactorValues::default() };
    for (factor, value) in values {
        row.values.set(factor, *value);
    }
    row
}

fn air(pm25: f64) -> [(Factor, f64); 6] {
    Pollutant::ALL.map(|it| (it.factor(), if it == Pollutant::Pm25 { pm25 } else { 1.0 }))
}

impl District {
    fn deliver(&mut self, rows: &[ReadingRow]) {
        let mut store = Store::open(&self.path).unwrap();
        let mut session = store.session(&by(), Size::Few).unwrap();
        let mut delivery = session.delivery(&mut self.ids).unwrap();
        for row in rows {
            delivery.put(row).unwrap();
        }
        let head = DeliveryHead {
            source: "小时值.csv".to_owned(),
            format: "test".to_owned(),
            label: Some(LabelRule { end: LabelEnd::End, clock: Clock::Utc8 }),
            ..DeliveryHead::default()
        };
        delivery.finish(&mut session, &head, &by()).unwrap();
        session.commit(EditKind::Deliver, Some("小时值.csv".to_owned())).unwrap();
    }

    /// Forty days: 20 µg/m³ but for one bad night, 200 for six hours; the township station is silent for
    /// the last five hours, and one day was lost everywhere.
    fn with_readings(mut self) -> Self {
        let mut rows = Vec::new();
        let last = last_hour();
        for hour in (0..24 * 40).rev().map(|back| last.plus(-back)) {
            let back = last.since(hour);
            if (240..264).contains(&back) {
                continue;
            }
            let pm25 = if (12..18).contains(&back) { 200.0 } else { 20.0 };
            rows.push(row(self.stations[0], hour, &air(pm25)));
            if back >= 5 {
                rows.push(row(self.stations[1], hour, &air(pm25 + 10.0)));
            }
            let own = [(Factor::Pm25, if back == 0 { 50.0 } else { 30.0 })];
            rows.push(row(self.stations[2], hour, &own));
            let wind = [(Factor::WindSpeed, 2.1), (Factor::WindDirection, 315.0)];
            rows.push(row(self.stations[3], hour, &wind));
        }
        self.deliver(&rows);
        self
    }
}

fn open(home: &Path, path: PathBuf) -> Harness<'static, App> {
    clock::pretend(now());
    crate::journeys::open(home, path, vec2(1600.0, 900.0))
}

fn enter(window: &mut Harness<'_, App>) {
    act(window, Action::Window(WindowAction::Enter(Workspace::Air)));
}

#[test]
fn a_district_without_readings_says_how_to_get_them() {
    let home = folder();
    let mut window = open(home.path(), a_district(home.path()).path);
    press(&mut window, Modifiers::NONE, Key::Q);
    assert_eq!(window.state().model().workspace, Workspace::Air);
    window.get_by_label("还没有空气监测数据");
    assert!(window.query_by_label("时间轴").is_none());
    press(&mut window, Modifiers::NONE, Key::Comma);
    assert!(window.query_all_by_label_contains("先打开“方案”").next().is_some());
}

#[test]
fn the_strip_says_what_the_air_is_with_its_hour_and_age_and_leads_there() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let mut window = open(home.path(), district.path);
    // One station of the two that count is silent now; the micro station never counts.
    window.get_by_label("AQI 29 优 · 11-29 10时（30分钟前）");
    // Today, of which ten hours say nothing of the day yet, and tomorrow.
    assert!(window.query_all_by_label_contains("，余2天").next().is_some());
    click(&mut window, "AQI 29 优 · 11-29 10时（30分钟前）");
    assert_eq!(window.state().model().workspace, Workspace::Air);
}

#[test]
fn what_is_old_is_never_shown_as_of_now_and_looking_back_shows_only_its_hour() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let stations = district.stations.clone();
    let mut window = open(home.path(), district.path);
    let seen = |window: &Harness<'_, App>, at: usize| window.state().model().seen_at(stations[at]);
    let now = seen(&window, 0).unwrap();
    assert_eq!((now.moment.hour, now.is_stale, now.moment.change), (last_hour(), false, Some(0.0)));
    let silent = seen(&window, 1).unwrap();
    assert_eq!((silent.moment.hour, silent.is_stale), (last_hour().plus(-5), true));
    assert_eq!(silent.age.as_mins(), 330);
    // PM2.5 alone is no index.
    assert_eq!(seen(&window, 2).unwrap().moment.valued, None);
    assert_eq!(seen(&window, 3), None, "a weather station has no air");

    act(&mut window, Action::Air(AirAction::Show(Quantity::Of(Pollutant::Pm25))));
    let micro = seen(&window, 2).unwrap().moment;
    assert_eq!((micro.valued.unwrap().level(), micro.change), (Level::Good, Some(20.0)));

    // Four hours back the township station was silent already, six hours back it was not.
    act(&mut window, Action::Air(AirAction::Step(-4)));
    assert!(seen(&window, 1).unwrap().is_stale);
    act(&mut window, Action::Air(AirAction::Step(-2)));
    let then = seen(&window, 1).unwrap();
    assert_eq!((then.moment.hour, then.is_stale), (last_hour().plus(-6), false));
    act(&mut window, Action::Air(AirAction::Live));
    assert!(window.state().model().planner.is_live);
}

#[test]
fn one_cursor_goes_by_hours_and_days_and_comes_back_to_now() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let mut window = open(home.path(), district.path);
    enter(&mut window);
    let hour = |window: &Harness<'_, App>| window.state().model().air_hour();
    press(&mut window, Modifiers::NONE, Key::Comma);
    assert_eq!(hour(&window), last_hour().plus(-1));
    assert!(!window.state().model().planner.is_live);
    press(&mut window, Modifiers::SHIFT, Key::Comma);
    assert_eq!(hour(&window), last_hour().plus(-25));
    press(&mut window, Modifiers::NONE, Key::Period);
    assert_eq!(hour(&window), last_hour().plus(-24));
    // The cursor of the plans is the same one.
    let at = window.state().model().planner.at;
    assert_eq!(at.to_string(), "2026-11-28T10:00:00");
    press(&mut window, Modifiers::NONE, Key::G);
    assert_eq!(window.state().model().planner.at, at);
    press(&mut window, Modifiers::NONE, Key::Q);
    // It does not go beyond what there is.
    press(&mut window, Modifiers::SHIFT, Key::Period);
    press(&mut window, Modifiers::SHIFT, Key::Period);
    assert_eq!(hour(&window), last_hour());
    click(&mut window, "实时");
    assert!(window.state().model().planner.is_live);
    press(&mut window, Modifiers::NONE, Key::I);
    assert_eq!(window.state().model().air.quantity, Quantity::Of(Pollutant::Pm25));
}

#[test]
fn playing_a_night_stops_where_the_level_changes() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let mut window = open(home.path(), district.path);
    enter(&mut window);
    let play_on = |window: &mut Harness<'_, App>| {
        window.key_press(Key::Space);
        window.step();
        for _ in 0..4000 {
            window.step();
            if window.state().model().air.plays_at.is_none() {
                break;
            }
        }
        settle(window);
        window.state().model().air_hour()
    };
    // From a day before the last hour; it was bad from 17 hours before it to 12.
    assert_eq!(play_on(&mut window), last_hour().plus(-17));
    assert_eq!(play_on(&mut window), last_hour().plus(-11));
    play_on(&mut window);
    assert!(window.state().model().planner.is_live, "at the end it is now again");
}

#[test]
fn stations_are_listed_ranked_and_shown_by_day_and_a_day_leads_to_its_last_hour() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let mut window = open(home.path(), district.path);
    enter(&mut window);
    window.get_by_label("时间轴");
    window.get_by_label("一站 29 优 ＝");
    click(&mut window, "二站 43 优 ＝ 5小时前");
    assert_eq!(window.state().model().selected().unwrap().name(), "二站");
    act(&mut window, Action::Select(Vec::new()));

    click(&mut window, "月历");
    // The day that was lost has no index; two nights later it was bad.
    window.get_by_label("2026-11-19 无有效指数");
    click(&mut window, "2026-11-27 AQI 36 优");
    let hour = window.state().model().air_hour();
    assert_eq!((hour.day().to_string(), hour.label()), ("2026-11-27".to_owned(), 24));

    click(&mut window, "排名");
    assert!(window.query_all_by_label_contains("一站 ").next().is_some());
    window.get_by_role_and_label(egui::Role::Button, "乡镇").click();
    settle(&mut window);
    assert!(window.query_all_by_label_contains("乙镇 ").next().is_some());

    click(&mut window, "指数与目标");
    assert!(window.query_all_by_label_contains("本月优良天").next().is_some());
    assert!(window.query_all_by_label_contains("算术，非预报").next().is_some());
}

#[test]
fn a_delivery_that_comes_while_the_window_is_open_is_seen() {
    let home = folder();
    let mut district = a_district(home.path());
    let (path, station) = (district.path.clone(), district.stations[0]);
    let mut window = open(home.path(), path);
    assert!(window.state().model().air.hours.is_none());
    district.deliver(&[row(station, last_hour(), &air(20.0))]);
    act(&mut window, Action::Window(WindowAction::Enter(Workspace::Air)));
    let began = std::time::Instant::now();
    while window.state().model().air.hours.is_none() {
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert!(began.elapsed().as_secs() < 30, "the window does not hear of it");
    }
    settle(&mut window);
    assert!(window.state().model().seen_at(station).is_some());
}

#[test]
fn the_district_is_ranked_among_cities_that_are_pasted_and_the_table_is_kept() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let mut window = open(home.path(), district.path.clone());
    enter(&mut window);
    window.get_by_label("排名").click();
    settle(&mut window);
    window.get_by_label("与他市").click();
    settle(&mut window);
    window.get_by_label("还没有他市数据");
    window.get_by_role_and_label(egui::Role::TextInput, "他市综合指数").focus();
    settle(&mut window);
    window.event(egui::Event::Paste("县区\t指数\n甲县\t0.11\n乙县\t99.5\n丙县\t—\n".to_owned()));
    settle(&mut window);
    window.get_by_label("本区第 2 名，倒数第 2，共 3 个");
    window.get_by_label_contains("第 4 行读不出");
    window.get_by_label("记下此表").click();
    settle(&mut window);
    let kept = shapan::settings::Settings::load(home.path()).0;
    let view = kept.districts.values().find(|view| !view.others.is_empty()).unwrap();
    assert!(view.others.contains("乙县\t99.5"), "{}", view.others);
}

#[test]
fn a_day_without_its_dust_is_entered_looked_at_written_and_shown_beside_what_was_measured() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let station = district.stations[0];
    let mut window = open(home.path(), district.path.clone());
    enter(&mut window);
    act(&mut window, Action::Select(vec![station]));
    click(&mut window, "指数与目标");
    assert!(window.query_by_label_contains("扣除沙尘影响").is_none());
    reach(&mut window, "扣沙值");
    reach(&mut window, "登记…");
    assert!(
        window.state().model().toasts.iter().any(|it| it.words.zh.contains("日期写成")),
        "an empty line is no day"
    );
    for (field, text) in
        [("扣沙日期", "2026-11-28"), ("PM10 扣沙后", "8"), ("PM2.5 扣沙后", "剔除")]
    {
        window.get_by_role_and_label(egui::Role::TextInput, field).focus();
        settle(&mut window);
        window.event(egui::Event::Text(text.to_owned()));
        settle(&mut window);
    }
    reach(&mut window, "登记…");
    assert!(window.query_all_by_label_contains("数据时段为日").next().is_some());
    click(&mut window, "导入 1 行数据");
    settle(&mut window);
    window.get_by_label_contains("扣除沙尘影响：");
    let figures = window.state().model().air.figures.as_ref().unwrap();
    let own = figures.stations.iter().find(|it| it.place == Some(station)).unwrap();
    let day = own.days.iter().find(|day| day.date.to_string() == "2026-11-28").unwrap();
    assert_eq!(day.dust_deducted()[Pollutant::Pm10], Some(8.0));
    assert_eq!(day.dust_deducted()[Pollutant::Pm25], None);
    assert!(day.raw()[Pollutant::Pm25].is_some(), "what was measured stays");
    window.get_by_label_contains("1 天有扣沙值");
}

#[test]
fn while_b_is_held_in_a_meeting_markers_say_what_the_air_was_then() {
    let home = folder();
    let district = a_district(home.path()).with_readings();
    let mut window = open(home.path(), district.path.clone());
    press(&mut window, Modifiers::NONE, Key::M);
    let bad_night: Timestamp = "2026-11-28T12:30:00Z".parse().unwrap();
    let since = shapan::ui::MeetingAction::Since(shapan::ui::Since::Moment(bad_night));
    act(&mut window, Action::Meeting(since));
    let said = |window: &Harness<'_, App>| {
        let seen = window.state().model().seen_at(district.stations[0]).unwrap();
        (seen.moment.valued.unwrap().level(), seen.is_stale)
    };
    assert_eq!(said(&window), (Level::Excellent, false));
    window.key_down(Key::B);
    settle(&mut window);
    assert_eq!(said(&window).0, Level::Heavy, "though the district was kept only later");
    window.get_by_label_contains("（现 ");
    window.key_up(Key::B);
    settle(&mut window);
    assert_eq!(said(&window), (Level::Excellent, false));
}
