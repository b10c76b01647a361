//! Journeys through the real window, by what a person sees and does. Without a display: egui runs
//! the same frames, only nobody looks at them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use geo_types::{Coord, Geometry};
use shapan::basemap::Datum;
use shapan::domain::{Kind, Lang, Record};
use shapan::geodesy::ring::{destination, distance_m};
use shapan::settings::{BaseChoice, CustomProvider, Preference, Settings};
use shapan::ui::{Action, App, Command, FileAction};

use crate::support::folder;

/// The national station of the sample, WGS-84 degrees.
const STATION: Coord<f64> = Coord { x: 118.1562, y: 39.8322 };

pub fn start(home: &Path) -> Harness<'static, App> {
    start_with(home, Settings { reduced_motion: true, ..Settings::default() })
}

/// The window on a district, of this size in points.
pub fn open(home: &Path, district: PathBuf, size: Vec2) -> Harness<'static, App> {
    opened(home, Settings { reduced_motion: true, ..Settings::default() }, Some(district), size)
}

fn start_with(home: &Path, settings: Settings) -> Harness<'static, App> {
    opened(home, settings, None, vec2(1600.0, 900.0))
}

fn opened(
    home: &Path,
    settings: Settings,
    district: Option<PathBuf>,
    size: Vec2,
) -> Harness<'static, App> {
    let home = home.to_owned();
    let mut window = Harness::builder().with_size(size).build_eframe(|creation| {
        let by = Some("李规划".to_owned());
        let mut app = App::new(&creation.egui_ctx, home, settings, by).unwrap();
        app.begin(district, None);
        app
    });
    settle(&mut window);
    window
}

/// Until no job, no order to the file and no picture is awaited.
pub fn settle(window: &mut Harness<'_, App>) {
    let began = Instant::now();
    let mut calm = 0;
    while calm < 6 {
        window.step();
        let is_settled = window.state().is_settled() && window.state().model().district.is_some();
        calm = if is_settled { calm + 1 } else { 0 };
        assert!(began.elapsed() < Duration::from_mins(1), "the window does not come to rest");
        std::thread::sleep(Duration::from_millis(4));
    }
}

pub fn act(window: &mut Harness<'_, App>, action: Action) {
    window.state().actions().send(action);
    settle(window);
}

pub fn press(window: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

pub fn type_text(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    settle(window);
}

pub fn screen(window: &Harness<'_, App>, place: Coord<f64>) -> Pos2 {
    window.state().screen_from_lonlat(place).unwrap()
}

pub fn hover(window: &mut Harness<'_, App>, at: Pos2) {
    window.event(Event::PointerMoved(at));
    settle(window);
}

pub fn click(window: &mut Harness<'_, App>, at: Pos2) {
    hover(window, at);
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        window.event(Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
        window.step();
    }
    settle(window);
}

pub fn named(window: &Harness<'_, App>, kind: Kind, name: &str) -> Arc<Record> {
    let world = window.state().model().world();
    let found = world.table(kind).iter().find(|record| record.name() == name);
    Arc::clone(found.unwrap())
}

pub fn count(window: &Harness<'_, App>, kind: Kind) -> usize {
    window.state().model().world().table(kind).len()
}

#[test]
fn the_first_start_shows_the_sample_with_its_figures_and_control_points() {
    let home = folder();
    let window = start(home.path());
    assert_eq!(window.state().model().district.as_ref().unwrap().name, "丰润(示例)");
    window.get_by_label("工地不达标 6/11 · 未查 1");
    assert!(window.query_all_by_label_contains("丰润区政府").next().is_some());
    assert!(window.query_all_by_label_contains("第一专班").next().is_some());
}

/// The other journeys go without motion, which is quicker.
#[test]
fn the_map_flies_where_it_is_sent_and_arrives() {
    let home = folder();
    let mut window = start_with(home.path(), Settings::default());
    let before = window.state().model().camera.view;
    press(&mut window, Modifiers::NONE, Key::Minus);
    let after = window.state().model().camera.view;
    assert!((before.zoom - after.zoom - 1.0).abs() < 1e-9, "{before:?} {after:?}");
    press(&mut window, Modifiers::NONE, Key::Home);
    let all = window.state().model().camera.view;
    assert!(all.zoom < after.zoom && all.center != after.center);
    press(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(window.state().model().camera.view, after);
}

#[test]
fn two_initials_in_the_search_box_select_the_road_and_go_there() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::COMMAND, Key::F);
    type_text(&mut window, "ql");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let model = window.state().model();
    assert_eq!(model.selected().unwrap().name(), "邱柳线(示意)");
}

#[test]
fn coordinates_on_gcj02_are_found_where_they_are_on_wgs84() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::COMMAND, Key::F);
    type_text(&mut window, "118.1622,39.8326");
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let center = window.state().model().camera.view.center;
    let off = distance_m(center, Coord { x: 118.1622, y: 39.8326 });
    assert!((530.0..580.0).contains(&off), "{off}");
}

#[test]
fn a_site_is_found_changed_undone_and_done_again_after_a_restart() {
    let home = folder();
    let mut window = start(home.path());
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    act(&mut window, Action::Select(vec![site.id]));
    window.get_by_role_and_label(egui::Role::TextInput, "责任人").focus();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "赵新");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(named(&window, Kind::Site, "铸造厂(示例)").text("person"), "赵新");
    assert_eq!(&*named(&window, Kind::Site, "铸造厂(示例)").meta.changed_by, "李规划");

    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(named(&window, Kind::Site, "铸造厂(示例)").text("person"), site.text("person"));

    drop(window);
    let mut window = start(home.path());
    press(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(named(&window, Kind::Site, "铸造厂(示例)").text("person"), "赵新");
}

#[test]
fn a_ring_says_what_is_inside_and_a_click_lists_it() {
    let home = folder();
    let mut window = start(home.path());
    // A place on the 500 m ring where no site stands, found by asking around.
    let place = (0..360).step_by(5).find_map(|azimuth| {
        let place = destination(STATION, f64::from(azimuth), 500.0);
        let world = window.state().model().world();
        let is_free = world.all().filter(|record| record.kind != Kind::Area).all(|record| {
            let frame = shapan::geodesy::local::LocalFrame::at(place);
            let nearest = record.geometry.as_ref().and_then(|shape| frame.nearest_m(shape));
            record.text("kind") == "limited" || nearest.is_none_or(|m| m > 150.0)
        });
        is_free.then_some(place)
    });
    let at = screen(&window, place.unwrap());
    hover(&mut window, at);
    assert!(window.query_all_by_label_contains("500 m").next().is_some());
    click(&mut window, at);
    let model = window.state().model();
    assert_eq!(model.filter.ring.map(|(_, radius_m)| radius_m), Some(500.0));
    let listed = &model.shown.records[&Kind::Site];
    assert!(!listed.is_empty());
    for site in listed.iter() {
        let frame = shapan::geodesy::local::LocalFrame::at(STATION);
        assert!(frame.nearest_m(site.geometry.as_ref().unwrap()).unwrap() <= 500.0);
    }
}

#[test]
fn a_figure_of_the_bar_opens_its_rows() {
    let home = folder();
    let mut window = start(home.path());
    window.get_by_label("工地不达标 6/11 · 未查 1").click();
    settle(&mut window);
    let model = window.state().model();
    assert_eq!(model.shown.records[&Kind::Site].len(), 6);
    assert!(model.shows_table());
}

#[test]
fn a_drawn_area_survives_escape_and_a_restart_and_is_undone_vertex_by_vertex() {
    let home = folder();
    let mut window = start(home.path());
    let corners = [(0.0, 300.0), (90.0, 700.0), (200.0, 700.0), (270.0, 400.0)];
    press(&mut window, Modifiers::NONE, Key::Num8);
    for (azimuth, away_m) in corners {
        let at = screen(&window, destination(STATION, azimuth, away_m));
        window.event(Event::ModifiersChanged(Modifiers::SHIFT));
        click(&mut window, at);
    }
    press(&mut window, Modifiers::COMMAND, Key::Z);
    press(&mut window, Modifiers::COMMAND, Key::Y);
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.state().model().drafts.len() == 1, "Escape keeps the draft");

    // As after a crash: nobody took leave.
    let before = count(&window, Kind::Area);
    drop(window);
    let mut window = start(home.path());
    window.get_by_label("恢复草图").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(count(&window, Kind::Area), before + 1);
    let drawn = Arc::clone(window.state().model().selected().unwrap());
    let Some(Geometry::Polygon(polygon)) = &drawn.geometry else { panic!("no polygon") };
    assert_eq!(polygon.exterior().0.len(), corners.len() + 1);
    let first = destination(STATION, 0.0, 300.0);
    let nearest = polygon.exterior().0.iter().map(|at| distance_m(*at, first));
    assert!(nearest.fold(f64::MAX, f64::min) < 30.0, "the corner lies where it was clicked");
    assert!(window.state().model().drafts.is_empty());
}

#[test]
fn a_gb18030_table_without_a_datum_is_shown_on_each_and_taken_on_the_chosen_one() {
    let home = folder();
    let mut window = start(home.path());
    // 名称,类型,经度,纬度 / 新工地,工地,… in GB18030; the numbers were read off Amap.
    let gcj = shapan::geodesy::datum::gcj02_from_wgs84(destination(STATION, 45.0, 300.0));
    let mut bytes = vec![0xC3, 0xFB, 0xB3, 0xC6, b',', 0xC0, 0xE0, 0xD0, 0xCD, b','];
    bytes.extend([0xBE, 0xAD, 0xB6, 0xC8, b',', 0xCE, 0xB3, 0xB6, 0xC8, b'\n']);
    bytes.extend([0xD0, 0xC2, 0xB9, 0xA4, 0xB5, 0xD8, b',', 0xB9, 0xA4, 0xB5, 0xD8]);
    bytes.extend(format!(",{:.6},{:.6}\n", gcj.x, gcj.y).bytes());
    let file = home.path().join("工地.csv");
    std::fs::write(&file, bytes).unwrap();
    let before = count(&window, Kind::Site);

    act(&mut window, Action::File(FileAction::Dropped(vec![file])));
    assert_eq!(count(&window, Kind::Site), before, "nothing is written before it is asked for");
    window.get_by_label("GCJ-02（高德、腾讯）").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert_eq!(count(&window, Kind::Site), before + 1);
    let site = named(&window, Kind::Site, "新工地");
    let Some(Geometry::Point(point)) = &site.geometry else { panic!("no place") };
    assert!((distance_m(point.0, STATION) - 300.0).abs() < 1.0);

    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Site), before, "the import was one step");
}

/// Opens a list of the dialog and picks an entry of it.
fn choose(window: &mut Harness<'_, App>, list: &str, entry: &str) {
    window.get_by_role_and_label(egui::Role::ComboBox, list).click();
    settle(window);
    let entries = window.get_all_by_role_and_label(egui::Role::Button, entry);
    entries.last().unwrap().click_accesskit();
    settle(window);
}

fn drop_file(window: &mut Harness<'_, App>, home: &Path, name: &str, text: &str) {
    let file = home.join(name);
    std::fs::write(&file, text).unwrap();
    act(window, Action::File(FileAction::Dropped(vec![file])));
}

#[test]
fn columns_are_mapped_before_the_datum_is_asked() {
    let home = folder();
    let mut window = start(home.path());
    drop_file(&mut window, home.path(), "无坐标系.csv", "代号,经度,纬度\n甲,118.1,39.8\n");
    assert!(window.query_by_label("GCJ-02（高德、腾讯）").is_none());
    choose(&mut window, "代号 导入到", "名称");
    window.get_by_label("各列无误，选择坐标系…").click();
    settle(&mut window);
    window.get_by_label("WGS-84").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert!(named(&window, Kind::Site, "甲").geometry.is_some());

    // Where no place can be read there is nothing to show on any datum.
    drop_file(&mut window, home.path(), "反.csv", "名称,经度,纬度\n乙,39.8,118.1\n");
    assert!(window.query_by_label("预览图").is_none());
    assert!(window.query_all_by_label_contains("指明经度和纬度").next().is_some());
}

#[test]
fn a_column_whose_name_says_nothing_is_mapped_by_hand_once_and_by_itself_the_next_time() {
    let home = folder();
    let mut window = start(home.path());
    let before = count(&window, Kind::Site);
    drop_file(&mut window, home.path(), "甲.csv", "甲方,横,纵,丁\n新工地,118.15,39.83,不要\n");
    window.get_by_label("导入 0 条");
    window.get_by_role_and_label(egui::Role::ComboBox, "甲方 导入到").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("导入 0 条");
    choose(&mut window, "甲方 导入到", "名称");
    choose(&mut window, "丁 导入到", "不导入");
    choose(&mut window, "横 导入到", "经度（东坐标）");
    // A longitude alone is no place.
    window.get_by_label("下载退回清单…");
    choose(&mut window, "纵 导入到", "纬度（北坐标）");
    window.get_by_label("WGS-84").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert_eq!(count(&window, Kind::Site), before + 1);
    let site = named(&window, Kind::Site, "新工地");
    assert!(site.geometry.is_some() && site.extra.is_none(), "丁 was left out");

    drop_file(&mut window, home.path(), "乙.csv", "甲方,横,纵,丁\n又一处,118.16,39.84,不要\n");
    window.get_by_label("WGS-84").click();
    settle(&mut window);
    window.get_by_label("沿用上次同样表头的选择");
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert!(named(&window, Kind::Site, "又一处").geometry.is_some());

    act(&mut window, Action::File(FileAction::Pasted("甲方\t横\t纵\t丁\n三处\t\t\t\n".into())));
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert!(named(&window, Kind::Site, "三处").geometry.is_none());
}

#[test]
fn rejected_rows_are_saved_whole_corrected_and_dropped_again() {
    let home = folder();
    let mut window = start(home.path());
    window.state_mut().save_without_asking(home.path());
    let text = "名称,类型,坐标系,经度,纬度,备用\n\
        好的,工地,wgs84,118.15,39.83,一\n反的,工地,wgs84,39.83,118.15,\"二,三\"\n";
    drop_file(&mut window, home.path(), "工地.csv", text);
    window.get_by_label("下载退回清单…").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);

    let saved = home.path().join("工地_退回.csv");
    let list = std::fs::read_to_string(&saved).unwrap();
    assert!(list.starts_with("\u{feff}名称,类型,坐标系,经度,纬度,备用,退回行,"), "{list}");
    assert!(list.contains("反的,工地,wgs84,39.83,118.15,\"二,三\",3,"), "{list}");
    assert!(!list.contains("好的"), "{list}");
    let corrected = list.replace("39.83,118.15", "118.151,39.83");
    std::fs::write(&saved, corrected).unwrap();
    act(&mut window, Action::File(FileAction::Dropped(vec![saved])));
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    let site = named(&window, Kind::Site, "反的");
    let extra = site.extra.as_ref().unwrap();
    assert_eq!(extra.keys().collect::<Vec<_>>(), ["备用"]);
}

#[test]
fn of_three_files_dropped_at_once_each_is_looked_at_in_turn_and_one_is_skipped() {
    let home = folder();
    let mut window = start(home.path());
    let files: Vec<_> = ["一", "二", "三"]
        .into_iter()
        .map(|name| {
            let file = home.path().join(format!("{name}.csv"));
            std::fs::write(&file, format!("名称,坐标系,经度,纬度\n{name}号,wgs84,118.1,39.8\n"))
                .unwrap();
            file
        })
        .collect();
    let before = count(&window, Kind::Site);
    act(&mut window, Action::File(FileAction::Dropped(files)));
    window.get_by_label("文件 1 / 3");
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    window.get_by_label("文件 2 / 3");
    window.get_by_label("跳过此文件").click();
    settle(&mut window);
    window.get_by_label("文件 3 / 3");
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert!(window.query_by_label_contains("文件 3").is_none(), "the dialog is closed");
    assert_eq!(count(&window, Kind::Site), before + 2);
    assert_eq!(named(&window, Kind::Site, "三号").name(), "三号");
}

#[test]
fn of_a_workbook_with_several_sheets_another_one_can_be_chosen() {
    let home = folder();
    let mut window = start(home.path());
    let file = home.path().join("台账.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["甲表", "乙表"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (column, (head, cell)) in (0..).zip([("名称", name), ("地址", "丰润镇")]) {
            sheet.write_string(0, column, head).unwrap();
            sheet.write_string(1, column, cell).unwrap();
        }
    }
    book.save(&file).unwrap();
    act(&mut window, Action::File(FileAction::Dropped(vec![file])));
    window.get_by_label_contains("只读取了工作表“甲表”，未读取：乙表");
    choose(&mut window, "工作表 / 图层", "乙表");
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert_eq!(named(&window, Kind::Site, "乙表").text("address"), "丰润镇");
}

#[test]
fn what_may_be_there_already_is_told_and_left_out_when_asked() {
    let home = folder();
    let mut window = start(home.path());
    let world = window.state().model().world();
    let mut sites = world.table(Kind::Site).iter();
    let known = sites.find(|site| matches!(site.geometry, Some(Geometry::Point(_)))).unwrap();
    let Some(Geometry::Point(here)) = known.geometry else { panic!("no place") };
    let near = destination(here.0, 90.0, 20.0);
    let text = format!(
        "编码,名称,坐标系,经度,纬度\nX1,{},wgs84,{},{}\nX2,别处,wgs84,118.3,39.9\n",
        known.name(),
        near.x,
        near.y
    );
    drop_file(&mut window, home.path(), "重复.csv", &text);
    window.get_by_label("导入 2 条");
    window.get_by_label_contains("20 米处已有");
    window.get_by_label("不导入").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert_eq!(named(&window, Kind::Site, "别处").code(), Some("X2"));
}

#[test]
fn a_photo_that_is_dropped_belongs_to_the_selected_record_and_is_held_against_its_place() {
    let home = folder();
    let mut window = start(home.path());
    let world = window.state().model().world();
    let (site, here) = world
        .table(Kind::Site)
        .iter()
        .find_map(|site| match &site.geometry {
            Some(Geometry::Point(here)) => Some((Arc::clone(site), *here)),
            _ => None,
        })
        .unwrap();
    let near = home.path().join("近处.jpg");
    let away = home.path().join("远处.jpg");
    let shifted = home.path().join("偏移.jpg");
    let shot = |place| crate::attachments::photo("2026:11:23 09:14:05", place);
    std::fs::write(&near, shot(destination(here.0, 90.0, 60.0))).unwrap();
    std::fs::write(&away, shot(destination(here.0, 90.0, 2100.0))).unwrap();
    std::fs::write(&shifted, shot(shapan::geodesy::datum::gcj02_from_wgs84(here.0))).unwrap();

    act(&mut window, Action::File(FileAction::Dropped(vec![near.clone()])));
    assert_eq!(named(&window, Kind::Site, site.name()).attachments().count(), 0);
    assert!(window.query_all_by_label_contains("请先选中一条").next().is_some());

    act(&mut window, Action::Select(vec![site.id]));
    act(&mut window, Action::File(FileAction::Dropped(vec![near, away, shifted])));
    let names = named(&window, Kind::Site, site.name());
    assert_eq!(names.attachments().collect::<Vec<_>>(), ["近处.jpg", "远处.jpg", "偏移.jpg"]);
    assert!(window.query_all_by_label_contains("拍摄于 2026-11-23 09:14").next().is_some());
    window.get_by_label("拍摄点距本记录 60 m");
    window.get_by_label("拍摄点距本记录 2.1 km，请核对");
    assert!(window.query_all_by_label_contains("像是 GCJ-02").next().is_some());

    let image = egui::ColorImage::filled([30, 20], egui::Color32::RED);
    window.event(Event::PasteImage(Arc::new(image)));
    settle(&mut window);
    assert_eq!(named(&window, Kind::Site, site.name()).attachments().count(), 4);
    window.get_by_label("打开 远处.jpg").click_accesskit();
    settle(&mut window);
    window.get_by_label("2 / 4");
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    window.get_by_label("3 / 4");
    window.get_by_label("从记录移除").click();
    settle(&mut window);
    assert_eq!(named(&window, Kind::Site, site.name()).attachments().count(), 3);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(named(&window, Kind::Site, site.name()).attachments().count(), 4);
}

#[test]
fn what_another_seat_writes_comes_into_the_window_by_itself() {
    let home = folder();
    let mut window = start(home.path());
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    let path = window.state().model().district.as_ref().unwrap().path.clone();
    // The file is looked at every other second.
    std::thread::sleep(Duration::from_millis(2500));
    let mut newer = (*site).clone();
    newer.set("person", Some(shapan::domain::Value::text("钱远")));
    let edit = shapan::domain::Edit::of(vec![shapan::domain::Change::update(site, newer)]);
    let mut seat = shapan::store::Store::open(&path).unwrap();
    seat.apply(&edit, &crate::support::stamp("邻座")).unwrap();
    let began = Instant::now();
    while named(&window, Kind::Site, "铸造厂(示例)").text("person") != "钱远" {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not come");
        std::thread::sleep(Duration::from_millis(50));
        window.step();
    }
    let told = &window.state().model().toasts;
    assert!(told.iter().any(|toast| toast.words.zh == "已载入 邻座 的 1 步修改"), "{told:?}");

    // And a program that keeps no journal; then an edit of ours over it.
    let sql = "UPDATE site SET person = '孙外' WHERE name = '铸造厂(示例)'";
    crate::seats::outside(&path, sql);
    while named(&window, Kind::Site, "铸造厂(示例)").text("person") != "孙外" {
        assert!(began.elapsed() < Duration::from_secs(40), "it does not come");
        std::thread::sleep(Duration::from_millis(200));
        settle(&mut window);
    }
    let mut newer = (*named(&window, Kind::Site, "铸造厂(示例)")).clone();
    newer.set("phone", Some(shapan::domain::Value::text("13800000000")));
    let known = named(&window, Kind::Site, "铸造厂(示例)");
    let edit = shapan::domain::Edit::of(vec![shapan::domain::Change::update(known, newer)]);
    act(&mut window, Action::Data(shapan::ui::DataAction::Apply(edit)));
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    assert_eq!((site.text("person"), site.text("phone")), ("孙外", "13800000000"));
    let causes: Vec<_> =
        window.state().model().district.as_ref().unwrap().entries.iter().map(|e| e.cause).collect();
    assert!(causes.contains(&shapan::store::Cause::External), "{causes:?}");
}

#[test]
fn an_edit_that_the_file_refuses_takes_no_other_with_it() {
    let home = folder();
    let mut window = start(home.path());
    let path = window.state().model().district.as_ref().unwrap().path.clone();
    let edited = |window: &Harness<'_, App>, name: &str, person: &str| {
        let known = named(window, Kind::Site, name);
        let mut newer = (*known).clone();
        newer.set("person", Some(shapan::domain::Value::text(person)));
        shapan::domain::Edit::of(vec![shapan::domain::Change::update(known, newer)])
    };
    let theirs = edited(&window, "铸造厂(示例)", "钱远");
    let late = edited(&window, "铸造厂(示例)", "周晚");
    let others = window.state().model().world();
    let other = others.table(Kind::Site).iter().find(|site| site.name() != "铸造厂(示例)").unwrap();
    let fine = edited(&window, other.name(), "孙中");
    let mut seat = shapan::store::Store::open(&path).unwrap();
    seat.apply(&theirs, &crate::support::stamp("邻座")).unwrap();

    // Both are on their way before the first is refused.
    for edit in [late, fine] {
        window.state().actions().send(Action::Data(shapan::ui::DataAction::Apply(edit)));
    }
    settle(&mut window);
    assert_eq!(named(&window, Kind::Site, "铸造厂(示例)").text("person"), "钱远");
    assert_eq!(named(&window, Kind::Site, other.name()).text("person"), "孙中");
}

#[test]
fn what_is_changed_while_another_district_opens_does_not_get_into_that_one() {
    use shapan::domain::{Change, Edit, Value};
    let home = folder();
    crate::support::done(home.path(), &["new", "b.gpkg"]);
    let mut window = start(home.path());
    let other = home.path().join("b.gpkg");
    let mut ids = crate::support::ids();
    let mut new = |name: &str| {
        let mut site = crate::support::record(&mut ids, Kind::Site, name, name, None);
        site.set("kind", Some(Value::Choice("construction")));
        Action::Data(shapan::ui::DataAction::Apply(Edit::of(vec![Change::create(site)])))
    };
    window.state().actions().send(Action::File(FileAction::Open(other.clone())));
    act(&mut window, new("甲"));
    let model = window.state().model();
    assert_eq!(model.district.as_ref().unwrap().path, other);
    let told = &model.toasts;
    assert!(told.iter().any(|toast| toast.words.zh.contains("另一个区域")), "{told:?}");
    act(&mut window, new("乙"));
    let read = shapan::store::Store::open(&other).unwrap().load().unwrap();
    for world in [&read, &*window.state().model().world()] {
        let names: Vec<&str> = world.all().map(|record| record.name()).collect();
        assert_eq!(names, ["乙"]);
    }
}

#[test]
fn a_point_is_drawn_as_what_was_chosen_and_the_next_one_too() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::Num5);
    window.get_by_role_and_label(egui::Role::ComboBox, "画成").click();
    settle(&mut window);
    window.query_all_by_label("停车场").last().unwrap().click();
    settle(&mut window);
    for away_m in [420.0, 640.0] {
        let at = screen(&window, destination(STATION, 310.0, away_m));
        click(&mut window, at);
        let drawn = window.state().model().selected().unwrap();
        assert_eq!((drawn.kind, drawn.text("kind")), (Kind::Site, "parking"));
        press(&mut window, Modifiers::NONE, Key::Num5);
    }
    press(&mut window, Modifiers::NONE, Key::S);
    assert!(!window.state().model().settings.snaps);
}

#[test]
fn single_keys_are_dead_while_somebody_types() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::COMMAND, Key::F);
    press(&mut window, Modifiers::NONE, Key::Num8);
    assert!(window.query_by_label_contains("画面 ·").is_none(), "8 was typed, not meant");
}

#[test]
fn chinese_is_typed_by_an_input_method_without_waking_a_shortcut() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::COMMAND, Key::F);
    for text in ["q", "qiu", "qiu liu"] {
        let preedit = egui::ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None };
        window.event(Event::Ime(preedit));
        // The figure chooses a candidate; on some systems the key comes through as well.
        window.key_press(Key::Num8);
        window.step();
        assert!(window.query_by_label_contains("画面 ·").is_none());
    }
    window.event(Event::Ime(egui::ImeEvent::Commit("邱柳".to_owned())));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().model().selected().unwrap().name(), "邱柳线(示意)");
}

#[test]
fn everything_is_there_in_english_in_the_dark_and_on_the_big_screen() {
    let home = folder();
    let mut window = start(home.path());
    for command in [Command::Language, Command::Theme, Command::Bottom] {
        act(&mut window, Action::Command(command));
    }
    assert_eq!(window.state().model().lang(), Lang::En);
    window.get_by_label("construction failing 6/11 · 1 not inspected");
    act(&mut window, Action::Command(Command::Big));
    assert!(window.state().model().is_big);
    for command in
        [Command::Big, Command::Keys, Command::Settings, Command::History, Command::Export]
    {
        act(&mut window, Action::Command(command));
    }
}

#[test]
fn a_folder_of_tiles_becomes_the_base_map_and_a_tile_that_is_mended_is_shown() {
    let home = folder();
    let tiles = home.path().join("瓦片");
    std::fs::create_dir_all(tiles.join("0/0")).unwrap();
    std::fs::write(tiles.join("0/0/0.png"), b"no picture").unwrap();
    let mut window = start(home.path());
    act(&mut window, Action::File(FileAction::Dropped(vec![tiles.clone()])));
    settle(&mut window);
    let problem = window.state().model().base_problem.clone().unwrap();
    assert_eq!(problem.zh, "部分底图瓦片不可用：瓦片 0/0/0 已损坏");
    assert!(problem.en.contains("tile 0/0/0 is broken"), "{}", problem.en);
    assert!(window.query_all_by_label_contains("瓦片").next().is_some(), "its name is shown");

    image::RgbImage::new(256, 256).save(tiles.join("0/0/0.png")).unwrap();
    let began = Instant::now();
    while window.state().model().base_problem.is_some() {
        window.step();
        assert!(began.elapsed() < Duration::from_mins(1), "what was wrong is still said");
        std::thread::sleep(Duration::from_millis(4));
    }

    std::fs::create_dir(home.path().join("空")).unwrap();
    act(&mut window, Action::File(FileAction::Dropped(vec![home.path().join("空")])));
    let problem = window.state().model().base_problem.clone().unwrap();
    assert!(problem.zh.starts_with("文件夹中没有瓦片"), "{}", problem.zh);
}

#[test]
fn a_person_who_knows_the_datum_of_a_base_map_better_states_it_and_the_map_follows() {
    let home = folder();
    let tiles = home.path().join("瓦片");
    std::fs::create_dir_all(tiles.join("0/0")).unwrap();
    image::RgbImage::new(256, 256).save(tiles.join("0/0/0.png")).unwrap();
    let mut window = start(home.path());
    act(&mut window, Action::File(FileAction::Dropped(vec![tiles])));
    assert_eq!(window.state().model().datum, Datum::Wgs84);
    let datum = |window: &mut Harness<'_, App>, label: &str| {
        window.get_by_role_and_label(egui::accesskit::Role::ComboBox, "坐标基准").click();
        settle(window);
        window.get_by_label(label).click();
        settle(window);
        window.state().model().datum
    };
    assert_eq!(datum(&mut window, "GCJ-02"), Datum::Gcj02);
    let stated =
        BaseChoice::File { path: home.path().join("瓦片"), datum: Some("GCJ-02".to_owned()) };
    assert_eq!(window.state().model().settings.base, stated);
    assert_eq!(datum(&mut window, "按文件"), Datum::Wgs84);
    act(&mut window, Action::Prefer(Preference::Base(stated)));
    assert_eq!(window.state().model().datum, Datum::Gcj02);
    act(&mut window, Action::Prefer(Preference::Base(BaseChoice::None)));
    assert_eq!(window.state().model().datum, Datum::Wgs84, "without a base map nothing is shifted");
}

#[test]
fn labels_on_another_datum_and_a_missing_key_are_refused_until_they_are_set_right() {
    let home = folder();
    let own = |name: &str, datum: &str| CustomProvider {
        name: name.to_owned(),
        url: "http://127.0.0.1:9/{z}/{x}/{y}.png?k={key}".to_owned(),
        datum: datum.to_owned(),
        attribution: String::new(),
    };
    let labels =
        |over: &str| Preference::Labels { base: "底图".to_owned(), over: over.to_owned() };
    let mut window = start(home.path());
    act(
        &mut window,
        Action::All(vec![
            Action::Prefer(Preference::AddProvider(own("底图", "WGS-84"))),
            Action::Prefer(Preference::AddProvider(own("注记", "GCJ-02"))),
            Action::Prefer(labels("注记")),
            Action::Prefer(Preference::Base(BaseChoice::Online("底图".to_owned()))),
        ]),
    );
    let problem = |window: &Harness<'_, App>| window.state().model().base_problem.clone().unwrap();
    assert!(problem(&window).zh.contains("底图需要密钥"), "{:?}", problem(&window));
    act(
        &mut window,
        Action::Prefer(Preference::ProviderKey {
            provider: "底图".to_owned(),
            key: "k".to_owned(),
        }),
    );
    assert!(problem(&window).zh.contains("错开约 500 米"), "{:?}", problem(&window));
    act(&mut window, Action::Prefer(labels("")));
    let said = problem(&window);
    assert!(said.zh.contains("连接不上"), "opened, but nobody answers: {said:?}");
}

#[test]
fn a_base_map_of_ones_own_is_described_in_the_settings_and_removed_there() {
    let home = folder();
    let mut window = start(home.path());
    act(&mut window, Action::Command(Command::Settings));
    assert!(window.query_by_label_contains("已用 0 MB").is_some(), "the size of the cache");
    for (label, text) in [("名称", "区影像"), ("瓦片地址", "http://127.0.0.1:9/{z}/{x}/{y}.png")]
    {
        let field = window.get_by_role_and_label(egui::accesskit::Role::TextInput, label);
        field.focus();
        settle(&mut window);
        type_text(&mut window, text);
    }
    // They lie further down than the dialog is high.
    window.get_by_label("添加").click_accesskit();
    settle(&mut window);
    let known = window.state().model().settings.custom_providers.clone();
    assert_eq!((known[0].name.as_str(), known[0].datum.as_str()), ("区影像", "WGS-84"));
    window.get_by_label("移除 区影像").click_accesskit();
    settle(&mut window);
    assert!(window.state().model().settings.custom_providers.is_empty());
}

#[test]
fn a_tile_archive_that_is_dropped_becomes_the_base_map() {
    let home = folder();
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/tiles/geography-class-png.mbtiles");
    if !file.exists() {
        crate::support::skipped(&format!("{} is not here", file.display()));
        return;
    }
    let copy = home.path().join("底图.mbtiles");
    std::fs::copy(&file, &copy).unwrap();
    let mut window = start(home.path());
    act(&mut window, Action::File(FileAction::Dropped(vec![copy.clone()])));
    assert!(window.query_all_by_label_contains("底图.mbtiles").next().is_some());
    std::fs::write(&copy, b"no tiles at all").unwrap();
    let broken = home.path().join("坏.mbtiles");
    std::fs::write(&broken, b"no tiles at all").unwrap();
    act(&mut window, Action::File(FileAction::Dropped(vec![broken])));
    assert!(window.state().model().base_problem.is_some(), "what is wrong is said");
}

#[test]
fn a_table_dropped_together_with_its_district_is_held_against_that_district() {
    let home = folder();
    let mut window = start(home.path());
    let district = home.path().join("别区.gpkg");
    drop(shapan::store::Store::create(&district).unwrap());
    let file = home.path().join("点位.csv");
    let known = window.state().model().world();
    let known = known.table(Kind::Site).iter().find(|site| site.code().is_some()).unwrap();
    let text = format!("编码,名称\n{},{}\n", known.code().unwrap(), known.name());
    std::fs::write(&file, text).unwrap();
    act(&mut window, Action::File(FileAction::Dropped(vec![district, file])));
    assert_eq!(count(&window, Kind::Site), 0, "the empty district is open");
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert_eq!(count(&window, Kind::Site), 1);
}

#[test]
fn the_arrows_push_the_map() {
    let home = folder();
    let mut window = start(home.path());
    let before = window.state().model().camera.view.center;
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    press(&mut window, Modifiers::NONE, Key::ArrowUp);
    let after = window.state().model().camera.view.center;
    assert!(after.x > before.x && after.y > before.y, "{before:?} {after:?}");
}
