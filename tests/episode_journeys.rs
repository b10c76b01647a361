//! High values in the window: from the banner to closed by keys alone, clocks that nothing stops, two
//! seats, and what comes late.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Geometry, Point};
use jiff::{SignedDuration, Timestamp};
use shapan::analysis::air::{Hour, Pollutant};
use shapan::domain::episode::{self, Step};
use shapan::domain::reading::{
    Clock, DeliveryHead, Factor, FactorValues, LabelEnd, LabelRule, ReadingRow, Span,
};
use shapan::domain::{
    Change, Edit, EditKind, EpisodeState, Ids, Kind, Record, RecordId, Stamp, Value,
};
use shapan::settings::{AlarmSound, Preference, clock};
use shapan::store::{Size, Store};
use shapan::ui::{Action, App, DataAction, FileAction, WindowAction, Workspace};

use crate::journeys::{act, press, settle};
use crate::support::folder;

/// Twenty-five past ten in the morning, UTC+8: the values of 9–10 have just come.
const NOW: &str = "2026-11-29T02:25:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn last_hour() -> Hour {
    Hour::containing(now()).plus(-1)
}

fn by(actor: &str, at: Timestamp) -> Stamp {
    Stamp { actor: actor.into(), at }
}

/// A district of three stations, a weather station, and two sites north-west of the first.
pub struct District {
    pub path: PathBuf,
    ids: Ids,
    stations: Vec<RecordId>,
}

fn a_district(folder: &Path) -> District {
    district_of(folder, now())
}

/// A high value in the last of two days of hours, as it is known at a moment.
pub fn a_high_value_of(folder: &Path, last: Hour, at: Timestamp) -> District {
    district_of(folder, at).with_a_high_value_in(last, at)
}

fn district_of(folder: &Path, at: Timestamp) -> District {
    let path = folder.join("甲区.gpkg");
    let mut ids = Ids::new(at, 11);
    let mut store = Store::create(&path).unwrap();
    let stamp = by("建库", at);
    let mut all = Vec::new();
    for (name, kind, lon, lat) in [
        ("实验小学站", Kind::ControlPoint, 118.10, 39.83),
        ("二站", Kind::ControlPoint, 118.20, 39.83),
        ("三站", Kind::ControlPoint, 118.15, 39.88),
        ("气象站", Kind::WeatherStation, 118.12, 39.83),
        ("甲工地", Kind::Site, 118.095, 39.834),
        ("乙餐馆", Kind::Site, 118.097, 39.833),
    ] {
        let mut record = Record::new(ids.next(), kind, &stamp);
        record.set("name", Some(Value::text(name)));
        record.geometry = Some(Geometry::Point(Point::new(lon, lat)));
        match name {
            "甲工地" => {
                record.set("kind", Some(Value::Choice("construction")));
                record.set("department", Some(Value::text("住建局")));
                record.set("person", Some(Value::text("王工")));
                record.set("phone", Some(Value::text("13800000000")));
                record.set("state", Some(Value::text("在施")));
            }
            "乙餐馆" => {
                record.set("kind", Some(Value::Choice("restaurant")));
                record.set("department", Some(Value::text("城管局")));
            }
            _ => {}
        }
        all.push(record);
    }
    let stations = all.iter().take(4).map(|record| record.id).collect();
    store.apply(&Edit::of(all.into_iter().map(Change::create).collect()), &stamp).unwrap();
    District { path, ids, stations }
}

impl District {
    fn deliver(&mut self, rows: &[ReadingRow], at: Timestamp) {
        let stamp = by("数据员", at);
        let mut store = Store::open(&self.path).unwrap();
        let mut session = store.session(&stamp, Size::Few).unwrap();
        let mut delivery = session.delivery(&mut self.ids).unwrap();
        for row in rows {
            delivery.put(row).unwrap();
        }
        let head = DeliveryHead {
            source: "小时值.csv".to_owned(),
            format: "csv".to_owned(),
            label: Some(LabelRule { end: LabelEnd::End, clock: Clock::Utc8 }),
            ..DeliveryHead::default()
        };
        delivery.finish(&mut session, &head, &stamp).unwrap();
        session.commit(EditKind::Deliver, Some("小时值.csv".to_owned())).unwrap();
    }

    /// One hour: PM10 of the three stations, and a wind from the north-west.
    fn rows(&self, hour: Hour, pm10: [f64; 3]) -> Vec<ReadingRow> {
        let row = |place: RecordId, values: &[(Factor, f64)]| {
            let mut row = ReadingRow {
                place,
                span: Span::Hour,
                start: hour.start(),
                values: FactorValues::default(),
            };
            for (factor, value) in values {
                row.values.set(factor, *value);
            }
            row
        };
        let mut rows: Vec<ReadingRow> = pm10
            .into_iter()
            .zip(&self.stations)
            .map(|(value, place)| {
                // It moves a little from hour to hour: nothing flat is doubted here.
                let wave = f64::from(u8::from(hour.label().is_multiple_of(2)));
                let fine = (Pollutant::Pm25.factor(), 30.0 + wave);
                row(*place, &[(Pollutant::Pm10.factor(), value + wave), fine])
            })
            .collect();
        let wind = [(Factor::WindSpeed, 2.1), (Factor::WindDirection, 315.0)];
        rows.push(row(self.stations[3], &wind));
        rows
    }

    /// Two quiet days, and the first station at 212 in the last hour.
    fn with_a_high_value(self) -> Self {
        self.with_a_high_value_in(last_hour(), now())
    }

    fn with_a_high_value_in(mut self, last: Hour, at: Timestamp) -> Self {
        let mut rows = Vec::new();
        for hour in (1..48).rev().map(|back| last.plus(-back)) {
            rows.extend(self.rows(hour, [60.0, 62.0, 61.0]));
        }
        rows.extend(self.rows(last, [212.0, 64.0, 63.0]));
        self.deliver(&rows, at);
        self
    }

    fn episodes(&self) -> Vec<Record> {
        let world = Store::open(&self.path).unwrap().load().unwrap();
        let all = world.table(Kind::Episode).iter();
        all.map(|record| (**record).clone()).collect()
    }
}

fn open(home: &Path, path: PathBuf, at: Timestamp) -> Harness<'static, App> {
    clock::pretend(at);
    crate::journeys::open(home, path, vec2(1366.0, 768.0))
}

fn episode_in(window: &Harness<'_, App>) -> Record {
    let world = window.state().model().world();
    let mut all = world.table(Kind::Episode).iter();
    let only = all.next().unwrap();
    assert!(all.next().is_none(), "one alert");
    (**only).clone()
}

const NONE: Modifiers = Modifiers::NONE;

#[test]
fn from_banner_to_closed_by_seven_strokes() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    settle(&mut window);
    window.get_by_label_contains("1 起高值待签收  H 打开，Enter 签收");
    let record = episode_in(&window);
    assert_eq!(episode::state(&record), EpisodeState::Open);
    assert_eq!(record.text("pollutant"), "PM10");
    assert_eq!(episode::moment(&record, "alerted_at"), Some(now()));
    press(&mut window, NONE, Key::H);
    assert_eq!(window.state().model().workspace, Workspace::Episodes);
    window.get_by_label("1. 甲工地");
    assert!(window.query_all_by_label_contains("上风向").count() > 2, "each says why");
    press(&mut window, NONE, Key::Enter);
    let heard = episode_in(&window);
    assert_eq!(episode::state(&heard), EpisodeState::Acknowledged);
    assert!(episode::clock(&heard).unwrap().is_running(), "acknowledging stops no clock");
    assert!(
        window.query_all_by_label_contains("起高值待签收").next().is_none(),
        "nobody is called now"
    );
    press(&mut window, Modifiers::COMMAND, Key::K);
    let orders = episode_in(&window);
    let texts: Vec<&str> = orders.words("orders").iter().map(|text| &**text).collect();
    assert_eq!(texts.len(), 2, "one a department: {texts:?}");
    assert!(texts[0].contains("请住建局") && texts[0].contains("甲工地"), "{texts:?}");
    clock::pretend(later(41));
    for expected in
        [EpisodeState::OnSite, EpisodeState::Handled, EpisodeState::Checked, EpisodeState::Closed]
    {
        press(&mut window, NONE, Key::Enter);
        assert_eq!(episode::state(&episode_in(&window)), expected);
    }
    let closed = episode_in(&window);
    let clock = episode::clock(&closed).unwrap();
    assert_eq!(clock.elapsed(later(500)), SignedDuration::from_mins(41));
    drop(window);
    let [stored] = &district.episodes()[..] else { panic!("one record") };
    assert_eq!(stored.fields, closed.fields, "the file says the same");
}

#[test]
fn the_clock_runs_on_while_the_program_is_closed_and_over_midnight() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let first = {
        let window = open(home.path(), district.path.clone(), now());
        episode_in(&window)
    };
    for minutes in [20, 14 * 60, 35 * 24 * 60] {
        let window = open(home.path(), district.path.clone(), later(minutes));
        let again = episode_in(&window);
        assert_eq!(again.text("alerted_at"), first.text("alerted_at"));
        let clock = episode::clock(&again).unwrap();
        assert_eq!(clock.elapsed(later(minutes)), SignedDuration::from_mins(minutes));
        assert!(clock.is_running());
    }
}

#[test]
fn over_the_end_of_a_year_the_last_hour_of_december_is_one_episode_whose_clock_runs_into_january() {
    let home = folder();
    // Twenty past midnight of New Year in the office; the hour that is over is the 24th of December 31.
    let at: Timestamp = "2026-12-31T16:20:00Z".parse().unwrap();
    let last = Hour::containing(at).plus(-1);
    assert_eq!((last.day().to_string(), last.label()), ("2026-12-31".to_owned(), 24));
    let mut district = a_high_value_of(home.path(), last, at);
    let minutes = |minutes: i64| at + SignedDuration::from_mins(minutes);
    {
        let mut window = open(home.path(), district.path.clone(), at);
        settle(&mut window);
        let record = episode_in(&window);
        assert_eq!(episode::moment(&record, "alerted_at"), Some(at));
        assert!(record.text("begins_at").starts_with("2026-12-31T15:00"), "{record:?}");
        press(&mut window, NONE, Key::H);
        press(&mut window, NONE, Key::Enter);
    }
    // The first hour of January is high still: it goes on, and no other begins.
    let rows = district.rows(last.plus(1), [205.0, 64.0, 63.0]);
    district.deliver(&rows, minutes(45));
    let mut window = open(home.path(), district.path.clone(), minutes(59));
    settle(&mut window);
    let record = episode_in(&window);
    assert_eq!(episode::state(&record), EpisodeState::Acknowledged);
    let clock = episode::clock(&record).unwrap();
    assert_eq!(clock.elapsed(minutes(59)), SignedDuration::from_mins(59));
    assert!(clock.is_running());
    assert_eq!(district.episodes().len(), 1, "one record over both years");
}

#[test]
fn an_alarm_is_no_step_that_undo_takes_back_and_nobody_deletes_it() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    settle(&mut window);
    let record = episode_in(&window);
    let steps = window.state().model().district.as_ref().unwrap().steps.done.len();
    press(&mut window, NONE, Key::H);
    press(&mut window, NONE, Key::Enter);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    let undone = episode_in(&window);
    assert_eq!(episode::state(&undone), EpisodeState::Open, "the step is taken back");
    assert!(episode::clock(&undone).unwrap().is_running());
    assert_eq!(window.state().model().district.as_ref().unwrap().steps.done.len(), steps);
    act(&mut window, Action::Select(vec![record.id]));
    act(&mut window, Action::Data(DataAction::DeleteSelected));
    assert_eq!(episode_in(&window).id, record.id);
}

#[test]
fn of_two_seats_that_acknowledge_at_once_one_wins_and_the_other_is_told() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    settle(&mut window);
    let before = episode_in(&window);
    press(&mut window, NONE, Key::H);
    // The other seat writes to the same file; this window has not looked yet.
    let other = by("李四", later(1));
    let next = episode::step(&before, &Step::Acknowledge, later(1), &other).unwrap();
    let mut store = Store::open(&district.path).unwrap();
    store.apply(&Edit::of(vec![Change::update(before.into(), next)]), &other).unwrap();
    drop(store);
    window.key_press_modifiers(NONE, Key::Enter);
    settle(&mut window);
    let after = episode_in(&window);
    assert_eq!(after.text("acknowledged_by"), "李四", "the first one stays");
    let told = window.state().model().toasts.iter().any(|it| it.words.zh.contains("李四"));
    assert!(told, "and this seat is told");
    drop(window);
    assert_eq!(district.episodes()[0].text("acknowledged_by"), "李四");
}

#[test]
fn two_clear_readings_close_it_by_rule_and_a_person_may_open_it_again() {
    let home = folder();
    let mut district = a_district(home.path()).with_a_high_value();
    drop(open(home.path(), district.path.clone(), now()));
    let last = last_hour();
    let rows = district.rows(last.plus(1), [66.0, 64.0, 63.0]);
    district.deliver(&rows, later(60));
    {
        let window = open(home.path(), district.path.clone(), later(60));
        assert_eq!(episode::state(&episode_in(&window)), EpisodeState::Open, "one is not enough");
    }
    let rows = district.rows(last.plus(2), [65.0, 63.0, 62.0]);
    district.deliver(&rows, later(120));
    let mut window = open(home.path(), district.path.clone(), later(120));
    settle(&mut window);
    let closed = episode_in(&window);
    assert_eq!(episode::state(&closed), EpisodeState::Closed);
    assert_eq!(closed.text("closed_by"), "规则");
    assert!(episode::moment(&closed, "handled_at").is_none(), "nobody answered, and it says so");
    act(&mut window, Action::Window(WindowAction::Enter(Workspace::Episodes)));
    window.get_by_label_contains("恢复").click();
    settle(&mut window);
    assert_eq!(episode::state(&episode_in(&window)), EpisodeState::Open, "and stays a person's");
}

#[test]
fn readings_that_are_corrected_say_so_and_what_was_done_stays() {
    let home = folder();
    let mut district = a_district(home.path()).with_a_high_value();
    {
        let mut window = open(home.path(), district.path.clone(), now());
        press(&mut window, NONE, Key::H);
        press(&mut window, NONE, Key::Enter);
    }
    let rows = district.rows(last_hour(), [62.0, 64.0, 63.0]);
    district.deliver(&rows, later(5));
    let mut window = open(home.path(), district.path.clone(), later(6));
    settle(&mut window);
    let record = episode_in(&window);
    assert_eq!(episode::state(&record), EpisodeState::Acknowledged);
    assert_eq!(record.get("value"), Some(&Value::Real(212.0 + 1.0)), "as it was alerted");
    act(&mut window, Action::Window(WindowAction::Enter(Workspace::Episodes)));
    window.get_by_label_contains("数据已更正");
}

#[test]
fn the_sample_has_high_values_with_invented_histories_and_calls_nobody() {
    let home = folder();
    clock::pretend(now());
    let mut window = crate::journeys::start(home.path());
    settle(&mut window);
    let journal = window.state().model().district.as_ref().unwrap().entries.len();
    act(&mut window, Action::Window(WindowAction::Enter(Workspace::Episodes)));
    assert!(window.query_all_by_label_contains("已结案").next().is_some());
    assert!(window.query_all_by_label_contains("起高值待签收").next().is_none());
    let after = window.state().model().district.as_ref().unwrap().entries.len();
    assert_eq!(journal, after, "looking writes nothing");
    window.get_by_label("统计").click();
    settle(&mut window);
    window.get_by_label_contains("1小时办结率=");
    window.get_by_label("规则").click();
    settle(&mut window);
    window.get_by_label_contains("试算近");
}

#[test]
fn a_district_without_readings_says_what_to_do() {
    let home = folder();
    let district = a_district(home.path());
    let mut window = open(home.path(), district.path.clone(), now());
    press(&mut window, NONE, Key::H);
    window.get_by_label_contains("还没有空气监测数据");
}

#[test]
fn a_finding_becomes_an_item_in_one_click_with_owner_and_photo_and_both_lead_to_each_other() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    press(&mut window, NONE, Key::H);
    let photo = home.path().join("裸土.jpg");
    let place = geo_types::Coord { x: 118.095, y: 39.834 };
    std::fs::write(&photo, crate::attachments::photo("2026:11:29 10:41:00", place)).unwrap();
    clock::pretend(later(30));
    act(&mut window, Action::File(FileAction::Dropped(vec![photo])));
    assert_eq!(episode_in(&window).attachments().count(), 1, "a dropped photo belongs to it");
    press(&mut window, NONE, Key::Escape);
    settle(&mut window);
    assert!(window.query_all_by_label_contains("拍摄点距站点").next().is_some());
    window.get_by_label("查实 甲工地").click();
    settle(&mut window);
    assert_eq!(episode_in(&window).text("found"), "甲工地");
    window.get_by_label("转入台账 甲工地").click();
    settle(&mut window);
    let episode = episode_in(&window);
    let world = window.state().model().world();
    let item = world.table(Kind::Item).iter().next().unwrap();
    assert_eq!((item.text("person"), item.text("department")), ("王工", "住建局"));
    assert_eq!(item.attachments().collect::<Vec<_>>(), ["裸土.jpg"]);
    assert!(item.linked("records").any(|id| id == episode.id));
    assert!(episode.linked("records").any(|id| id == item.id));
    assert!(item.text("reading").starts_with("实验小学站 PM10 21"), "{}", item.text("reading"));
    window.get_by_label(&format!("台账 {} 登记", item.code().unwrap())).click();
    settle(&mut window);
    assert_eq!(window.state().model().workspace, Workspace::Ledger);
    assert_eq!(window.state().model().selection, [item.id]);
    // One step back takes both records back.
    press(&mut window, Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    let world = window.state().model().world();
    assert_eq!(world.table(Kind::Item).iter().count(), 0);
    assert_eq!(episode_in(&window).linked("records").count(), 0);
}

#[test]
fn it_is_shelved_with_a_typed_reason_stands_on_the_strip_and_returns_by_itself() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    press(&mut window, NONE, Key::H);
    window.get_by_label("其他").click();
    settle(&mut window);
    window.get_by_label("搁置原因").click();
    settle(&mut window);
    crate::journeys::type_text(&mut window, "站房旁修路");
    window.get_by_label("搁置1小时").click();
    settle(&mut window);
    let shelved = episode_in(&window);
    assert_eq!(shelved.text("shelved_because"), "站房旁修路");
    assert!(!shelved.text("shelved_by").is_empty());
    assert!(episode::clock(&shelved).unwrap().is_running(), "the clock runs on");
    assert!(window.query_all_by_label_contains("起高值待签收").next().is_none());
    window.get_by_label_contains("搁置至11:25");
    drop(window);
    let mut window = open(home.path(), district.path.clone(), later(61));
    settle(&mut window);
    window.get_by_label_contains("1 起高值待签收");
}

#[test]
fn answers_of_the_group_are_pasted_and_taken_by_two_strokes() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    press(&mut window, NONE, Key::H);
    clock::pretend(later(30));
    let text = "住建局老李 10:30\n收到\n王工 10:40：已到场\n王工 10:56 苫盖到位，照片已发\n";
    window.event(egui::Event::Paste(text.to_owned()));
    settle(&mut window);
    assert_eq!(episode::state(&episode_in(&window)), EpisodeState::Open, "shown first");
    window.get_by_label("确认 3 条");
    press(&mut window, NONE, Key::Enter);
    let record = episode_in(&window);
    assert_eq!(episode::state(&record), EpisodeState::Handled);
    assert_eq!(episode::moment(&record, "on_site_at"), Some(later(15)));
    // A phone whose clock is a minute ahead has not written yesterday.
    assert_eq!(episode::moment(&record, "handled_at"), Some(later(30)));
    assert!(window.query_by_label("确认 3 条").is_none());
}

#[test]
fn enter_goes_to_the_one_that_calls_before_it_takes_a_step_of_another() {
    let home = folder();
    let mut district = a_district(home.path()).with_a_high_value();
    {
        let mut window = open(home.path(), district.path.clone(), now());
        press(&mut window, NONE, Key::H);
        press(&mut window, NONE, Key::Enter);
        press(&mut window, NONE, Key::Enter);
        assert_eq!(episode::state(&episode_in(&window)), EpisodeState::OnSite);
    }
    let rows = district.rows(last_hour().plus(1), [205.0, 190.0, 63.0]);
    district.deliver(&rows, later(40));
    let mut window = open(home.path(), district.path.clone(), later(45));
    settle(&mut window);
    press(&mut window, NONE, Key::H);
    let states = |window: &Harness<'_, App>| {
        let world = window.state().model().world();
        let state = |name: &str| {
            let all = world.table(Kind::Episode).iter();
            let mut of = all.filter(|record| record.name().starts_with(name));
            of.next().map(|record| episode::state(record))
        };
        (state("实验小学站"), state("二站"))
    };
    assert_eq!(states(&window), (Some(EpisodeState::OnSite), Some(EpisodeState::Open)));
    let row = |window: &Harness<'_, App>| {
        window.state().model().episode_row().unwrap().record.as_ref().unwrap().name().to_owned()
    };
    press(&mut window, NONE, Key::N);
    assert!(row(&window).starts_with("实验小学站"), "{}", row(&window));
    window.get_by_label_contains("Enter 转到");
    press(&mut window, NONE, Key::Enter);
    assert!(row(&window).starts_with("二站"));
    assert_eq!(states(&window), (Some(EpisodeState::OnSite), Some(EpisodeState::Open)));
    press(&mut window, NONE, Key::Enter);
    assert_eq!(states(&window), (Some(EpisodeState::OnSite), Some(EpisodeState::Acknowledged)));
}

#[test]
fn a_source_is_ruled_out_with_a_reason_and_gets_no_order() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    press(&mut window, NONE, Key::H);
    window.get_by_label("交办 甲工地").click();
    settle(&mut window);
    window.get_by_label("排除原因 甲工地").click();
    settle(&mut window);
    window.get_by_label("已停工停产").click();
    settle(&mut window);
    assert!(episode_in(&window).words("ruled_out")[0].ends_with(" 已停工停产"));
    press(&mut window, Modifiers::COMMAND, Key::K);
    let record = episode_in(&window);
    assert_eq!(record.words("orders").len(), 1);
    assert_eq!(record.words("departments")[..], [std::sync::Arc::from("城管局")]);
}

#[test]
fn the_bell_rings_once_or_until_somebody_acknowledges_or_not_at_all() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    settle(&mut window);
    let rings = |window: &Harness<'_, App>| window.state().model().episodes.rings;
    assert_eq!(rings(&window), 1, "once an alert");
    let wait = |window: &mut Harness<'_, App>| {
        // A quarter of a second of the window's clock a step.
        for _ in 0..100 {
            window.step();
        }
    };
    wait(&mut window);
    assert_eq!(rings(&window), 1);
    let prefer = |window: &mut Harness<'_, App>, sound| {
        act(window, Action::Prefer(Preference::Sound(sound)));
    };
    prefer(&mut window, AlarmSound::UntilAcknowledged);
    wait(&mut window);
    assert!(rings(&window) >= 3, "{}", rings(&window));
    press(&mut window, NONE, Key::H);
    press(&mut window, NONE, Key::Enter);
    let heard = rings(&window);
    wait(&mut window);
    assert_eq!(rings(&window), heard, "whoever acknowledges has quiet");
    // Without a next step it is heard again, unless this seat wants no sound.
    clock::pretend(later(20));
    wait(&mut window);
    assert!(rings(&window) > heard);
    prefer(&mut window, AlarmSound::Off);
    let heard = rings(&window);
    wait(&mut window);
    assert_eq!(rings(&window), heard);
}

#[test]
fn a_clock_that_is_set_back_or_forth_loses_no_alert_and_makes_none() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    settle(&mut window);
    let before = episode_in(&window);
    for minutes in [-90, 45, -24 * 60, 400, 10] {
        clock::pretend(later(minutes));
        for _ in 0..8 {
            window.step();
        }
        settle(&mut window);
        let record = episode_in(&window);
        assert_eq!(record.text("alerted_at"), before.text("alerted_at"), "at {minutes}");
        let clock = episode::clock(&record).unwrap();
        let elapsed = clock.elapsed(later(minutes));
        assert_eq!(elapsed, SignedDuration::from_mins(minutes.max(0)));
    }
}

#[test]
fn an_office_writes_its_orders_in_its_own_words_but_never_against_a_station() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    press(&mut window, NONE, Key::H);
    window.get_by_label("规则").click();
    settle(&mut window);
    let edit = "调度令措辞";
    window.get_by_role_and_label(egui::Role::TextInput, edit).focus();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    let own = "【丰润】{station}{pollutant}{value}，{department}速到{sources}：{action}";
    window.event(egui::Event::Text(format!("{own}，并对站房周边喷雾")));
    settle(&mut window);
    assert!(window.query_all_by_label_contains("干扰监测属违法").next().is_some());
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(own.to_owned()));
    settle(&mut window);
    // It lies below what is seen of the page.
    window.get_by_label("采用措辞").click_accesskit();
    settle(&mut window);
    assert_eq!(window.state().model().settings.order_template.as_deref(), Some(own));
    window.get_by_label("处置").click();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::K);
    let record = episode_in(&window);
    assert!(record.words("orders")[0].starts_with("【丰润】实验小学站PM10"), "{record:?}");
}

#[test]
fn on_the_big_screen_the_clock_and_what_is_next_are_large() {
    let home = folder();
    let district = a_district(home.path()).with_a_high_value();
    let mut window = open(home.path(), district.path.clone(), now());
    settle(&mut window);
    act(&mut window, Action::Window(WindowAction::Big));
    clock::pretend(later(20));
    settle(&mut window);
    let clocks = window.query_all_by_label("40:00");
    let tallest = clocks.map(|it| it.rect().height()).fold(0.0, f32::max);
    assert!(tallest > 40.0, "{tallest}");
    window.get_by_label_contains("待签收 → 应签收");
}
