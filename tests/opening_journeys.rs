//! A large district while it is read: the map first, and nothing answered from a part.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::domain::{Change, Edit, EditKind, Kind};
use shapan::settings::Settings;
use shapan::store::{Glimpse, Store};
use shapan::ui::{Action, App, Command, FileAction};

use crate::journeys::{act, press, settle};
use crate::support::{folder, ids, record, stamp};

const NONE: Modifiers = Modifiers::NONE;

/// A window without a district, and one on the disk that another program holds so that it cannot be
/// read yet.
struct Held {
    window: Harness<'static, App>,
    path: std::path::PathBuf,
    lock: rusqlite::Connection,
    _home: tempfile::TempDir,
}

impl Held {
    fn new() -> Self {
        let home = folder();
        let path = home.path().join("大区.gpkg");
        let mut ids = ids();
        let mut records =
            vec![record(&mut ids, Kind::ControlPoint, "K1", "城东", Some((118.1, 39.8)))];
        for number in 0..9 {
            let at = (118.1 + f64::from(number) * 0.001, 39.8);
            let (code, name) = (format!("G{number}"), format!("工地{number}"));
            records.push(record(&mut ids, Kind::Site, &code, &name, Some(at)));
        }
        let changes = records.into_iter().map(Change::create).collect();
        let edit = Edit { kind: EditKind::Import, changes };
        let parts = Store::create_with(&path, &edit, &stamp("a")).unwrap().load().unwrap();
        let lock = rusqlite::Connection::open(&path).unwrap();
        lock.execute_batch("BEGIN EXCLUSIVE").unwrap();

        let folder = home.path().to_owned();
        let size = egui::vec2(1600.0, 900.0);
        let mut window = Harness::builder().with_size(size).build_eframe(|creation| {
            let settings = Settings { reduced_motion: true, ..Settings::default() };
            App::new(&creation.egui_ctx, folder, settings, Some("测试员".into())).unwrap()
        });
        let actions = window.state().actions().clone();
        actions.send(Action::File(FileAction::Open(path.clone())));
        window.run_steps(2);
        window.get_by_label_contains("正在打开 大区");
        let glimpse = Glimpse { parts: vec![parts], extent: None };
        actions.send(Action::File(FileAction::Glimpsed(path.clone(), Box::new(glimpse))));
        let began = std::time::Instant::now();
        while !window.state().is_in_sight() && began.elapsed().as_secs() < 8 {
            window.run_steps(1);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        Self { window, path, lock, _home: home }
    }
}

#[test]
fn a_large_district_is_on_the_map_before_it_is_read_and_answers_nothing_from_a_part() {
    let Held { mut window, lock, path, .. } = Held::new();
    assert!(window.state().is_in_sight(), "the map shows it");
    assert!(window.state().model().district.is_none());
    let place = geo_types::Coord { x: 118.1, y: 39.8 };
    let at = window.state().screen_from_lonlat(place).unwrap();
    assert!(window.ctx.content_rect().shrink(200.0).contains(at), "and looks at it: {at}");
    window.get_by_label_contains("查找、统计和修改，读完后可用");

    act_now(&mut window, Command::DrawPoint);
    assert!(window.query_by_label_contains("画点 ·").is_none(), "nothing can be drawn yet");
    act_now(&mut window, Command::Bottom);
    let said = window.query_all_by_label("正在读取…").count();
    assert_eq!(said, 2, "neither table nor card says that there is nothing");
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run_steps(2);
    window.event(egui::Event::Text("工地".into()));
    window.run_steps(3);
    window.get_by_label("正在读取，读完后可查找");
    window.key_press_modifiers(NONE, Key::Escape);
    window.run_steps(2);

    drop(lock);
    settle(&mut window);
    let model = window.state().model();
    assert_eq!(model.district.as_ref().unwrap().path, path);
    assert_eq!(model.shown.counts[&Kind::Site].shown, 9);
    assert!(model.glimpse.is_none() && model.opening.is_none() && !model.is_reading());
    assert!(window.query_by_label("正在读取…").is_none());
    press(&mut window, Modifiers::COMMAND, Key::F);
    window.event(egui::Event::Text("工地3".into()));
    window.run_steps(3);
    assert!(window.query_all_by_label_contains("工地3").next().is_some());
}

#[test]
fn whoever_does_not_want_to_wait_calls_it_off_and_nothing_of_it_stays() {
    let Held { mut window, lock, .. } = Held::new();
    window.get_by_label("取消").click();
    window.run_steps(2);
    drop(lock);
    let began = std::time::Instant::now();
    while window.state().model().opening.is_some() && began.elapsed().as_secs() < 20 {
        window.run_steps(1);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    window.run_steps(3);
    let model = window.state().model();
    assert!(model.district.is_none() && model.opening.is_none() && model.glimpse.is_none());
    assert!(model.shown.prepared.is_empty() && !window.state().is_in_sight());
    act(&mut window, Action::Command(Command::Sample));
    assert!(window.state().model().district.is_some(), "another one opens");
}

/// Asks for something without waiting for the file.
fn act_now(window: &mut Harness<'_, App>, command: Command) {
    window.state().actions().send(Action::Command(command));
    window.run_steps(3);
}

/// Tiles of Zürich, one of each kind of archive that says what it covers.
fn zurich(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("zurich.mbtiles");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(
        "CREATE TABLE metadata (name TEXT, value TEXT);
         CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB);
         INSERT INTO metadata VALUES ('format', 'png'), ('bounds', '8.4,47.3,8.7,47.5');",
    )
    .unwrap();
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(256, 256).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let tile = "INSERT INTO tiles VALUES (8, 134, 166, ?1)";
    db.execute(tile, [png.into_inner()]).unwrap();
    path
}

#[test]
fn a_base_map_of_another_place_says_so_and_leads_there_and_back() {
    let home = folder();
    let mut window = crate::journeys::start(home.path());
    assert!(window.query_by_label("底图不覆盖本区域").is_none());
    let base = shapan::settings::BaseChoice::File { path: zurich(home.path()), datum: None };
    let prefer = shapan::settings::Preference::Base(base);
    act(&mut window, Action::Prefer(prefer));
    window.get_by_label("底图不覆盖本区域");
    window.get_by_label("看底图范围").click();
    settle(&mut window);
    let center = window.state().model().camera.view.center;
    assert!((8.4..8.7).contains(&center.x) && (47.3..47.5).contains(&center.y), "{center:?}");
    window.get_by_label("回到本区域").click();
    settle(&mut window);
    assert!((117.5..119.0).contains(&window.state().model().camera.view.center.x));
    let none = shapan::settings::Preference::Base(shapan::settings::BaseChoice::None);
    act(&mut window, Action::Prefer(none));
    assert!(window.query_by_label("底图不覆盖本区域").is_none());
}
