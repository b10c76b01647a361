//! Journeys of a clerk at the desk: files in and out, photos, the table, the printed page.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::analysis::Filter;
use shapan::domain::{Kind, Record};
use shapan::settings::Preference;
use shapan::settings::Settings;
use shapan::ui::{Action, App, Command, DataAction, FileAction};

use crate::journeys::{act, count, named, press, settle, start, type_text};
use crate::support::{applied, complained, done, file, folder, run, said};

fn drop_files(window: &mut Harness<'_, App>, files: Vec<PathBuf>) {
    act(window, Action::File(FileAction::Dropped(files)));
}

fn tables(home: &Path, names: &[&str]) -> Vec<PathBuf> {
    let text = |name: &str| format!("名称,坐标系,经度,纬度\n{name}号,wgs84,118.1,39.8\n");
    names.iter().map(|name| home.join(file(home, &format!("{name}.csv"), text(name)))).collect()
}

#[test]
fn an_import_that_is_closed_asks_what_becomes_of_the_files_that_wait() {
    let home = folder();
    let mut window = start(home.path());
    let before = count(&window, Kind::Site);
    drop_files(&mut window, tables(home.path(), &["一", "二", "三"]));
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("还有 3 个文件未导入");
    window.get_by_label("继续导入").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    window.get_by_label("文件 2 / 3");
    // Another dialog does not push it aside either.
    press(&mut window, Modifiers::NONE, Key::F1);
    window.get_by_label("文件 2 / 3");
    window.get_by_label("还有 2 个文件未导入");
    window.get_by_label("全部放弃").click();
    settle(&mut window);
    assert!(window.query_by_label_contains("文件 2").is_none(), "the dialog is closed");
    assert_eq!(count(&window, Kind::Site), before + 1);

    drop_files(&mut window, tables(home.path(), &["四"]));
    window.get_by_label("导入 1 条");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("导入 1 条").is_none(), "one file alone is not asked about");
}

#[test]
fn files_that_wait_behind_the_choice_of_a_datum_are_asked_about_too() {
    let home = folder();
    let mut window = start(home.path());
    let bare = file(home.path(), "无坐标系.csv", "名称,经度,纬度\n甲,118.1,39.8\n");
    let mut files = vec![home.path().join(bare)];
    files.extend(tables(home.path(), &["乙"]));
    drop_files(&mut window, files);
    window.get_by_label("GCJ-02（高德、腾讯）");
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("还有 2 个文件未导入");
    window.get_by_label("继续导入").click();
    settle(&mut window);
    window.get_by_label("GCJ-02（高德、腾讯）").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    window.get_by_label("文件 2 / 2");
    assert!(named(&window, Kind::Site, "甲").geometry.is_some());
}

#[test]
fn the_report_of_an_import_leads_to_the_rows_that_came_in_and_keeps_those_that_did_not() {
    let home = folder();
    let mut window = start(home.path());
    window.state_mut().save_without_asking(home.path());
    let text = "名称,类型,坐标系,经度,纬度\n好甲,工地,wgs84,118.15,39.83\n好乙,工地,,,\n\
        坏丙,工地,wgs84,39.83,118.15\n";
    let table = home.path().join(file(home.path(), "三行.csv", text));
    drop_files(&mut window, vec![table]);
    // Before anything is written, a figure opens to its rows.
    window.get_by_label("新增 2").click();
    settle(&mut window);
    window.get_by_label_contains("第 3 行 好乙");
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("导入 2 条").click();
    settle(&mut window);
    window.get_by_label("退回 1 行，没有写入：");
    window.get_by_label_contains("坏丙，工地，wgs84");
    window.get_by_label("下载退回清单…").click();
    settle(&mut window);
    let saved = std::fs::read_to_string(home.path().join("三行_退回.csv")).unwrap();
    assert!(saved.contains("坏丙,工地,wgs84,39.83,118.15"), "{saved}");

    window.get_by_label("未定位 1").click();
    settle(&mut window);
    assert!(window.query_by_label("退回 1 行，没有写入：").is_none(), "nothing covers the rows");
    let listed = |window: &Harness<'_, App>| -> Vec<String> {
        let shown = window.state().model().shown.records.get(&Kind::Site).cloned();
        shown.unwrap_or_default().iter().map(|site| site.name().to_owned()).collect()
    };
    assert_eq!(listed(&window), ["好乙"]);
    let filter = window.state().model().filter.clone();
    assert_eq!(filter.kind, Some(Kind::Site));
    act(&mut window, Action::Filter(Filter { is_unlocated: false, ..filter }));
    assert_eq!(listed(&window), ["好甲", "好乙"]);
}

#[test]
fn the_report_of_an_import_that_is_taken_back_says_so() {
    let home = folder();
    let mut window = start(home.path());
    drop_files(&mut window, tables(home.path(), &["一", "二"]));
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert_eq!(window.query_all_by_label("新增 1").count(), 2, "both files are reported");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(window.query_all_by_label("新增 1").count(), 1);
    window.get_by_label("已撤销");
    window.get_by_label("完成").click();
    settle(&mut window);
    assert!(window.query_by_label("已撤销").is_none());
}

fn attach(window: &mut Harness<'_, App>, site: &Record, files: Vec<PathBuf>) {
    act(window, Action::Select(vec![site.id]));
    drop_files(window, files);
}

#[test]
fn the_photos_of_what_is_exported_go_along_when_asked_for() {
    let home = folder();
    let mut window = start(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    window.state_mut().save_without_asking(&out);
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    let photo =
        crate::attachments::photo("2026:11:23 09:14:05", geo_types::coord! {x: 118., y: 39.});
    let jpg = home.path().join(file(home.path(), "雾炮.jpg", &photo));
    let paper = home.path().join(file(home.path(), "批复.pdf", "%PDF-1.4 paper"));
    attach(&mut window, &site, vec![jpg, paper]);

    act(&mut window, Action::Command(Command::Export));
    window.get_by_label("同时导出附件 2 个，存入旁边的“…_附件”文件夹").click();
    settle(&mut window);
    window.get_by_label("选择位置并导出…").click();
    settle(&mut window);
    assert!(out.join("丰润(示例).xlsx").exists());
    let beside = out.join("丰润(示例)_附件");
    assert_eq!(std::fs::read(beside.join("雾炮.jpg")).unwrap(), photo);
    assert_eq!(std::fs::read(beside.join("批复.pdf")).unwrap(), b"%PDF-1.4 paper");
    assert!(window.query_all_by_label_contains("附件 2 个在旁边的文件夹中").next().is_some());

    // What is filtered away is not counted, and where nothing is left nothing is offered.
    let other = Filter { text: "不存在的名字".into(), ..Filter::default() };
    act(&mut window, Action::Filter(other));
    act(&mut window, Action::Command(Command::Export));
    assert!(window.query_all_by_label_contains("同时导出附件").next().is_none());
}

#[test]
fn an_export_without_the_window_writes_the_attachments_and_names_those_that_are_lost() {
    let home = folder();
    let at = home.path();
    done(at, &["new", "a.gpkg"]);
    let mut store = shapan::store::Store::open(&at.join("a.gpkg")).unwrap();
    store.attach("雾炮.jpg", b"one", &crate::support::stamp("张三")).unwrap();
    drop(store);
    let line = r#"{"op":"create","layer":"site","code":"S1","name":"甲","attachments":["雾炮.jpg","丢失.jpg"]}"#;
    applied(at, "a.gpkg", line);
    let answer = run(at, &["export", "a.gpkg", "out.csv", "--with-attachments"]);
    assert_eq!(answer.status.code(), Some(1), "{}", complained(&answer));
    assert_eq!(said(&answer), "site 1\nattachments 1\n");
    assert!(complained(&answer).contains("区域文件里没有附件“丢失.jpg”"));
    assert_eq!(std::fs::read(at.join("out_附件/雾炮.jpg")).unwrap(), b"one");
    assert_eq!(done(at, &["export", "a.gpkg", "bare.csv"]), "site 1\n");
    assert!(!at.join("bare_附件").exists());
}

#[test]
fn what_apply_refuses_is_said_in_the_language_of_the_reader() {
    let home = folder();
    let at = home.path();
    done(at, &["new", "a.gpkg"]);
    for (line, zh, en) in [
        ("{", "不是 JSON", "not JSON"),
        (r#"{"op":"create","layer":"site"}"#, "名称 `name` 不能为空", "needs a `name`"),
        (r#"{"op":"create","layer":"天","name":"甲"}"#, "没有图层“天”", "天"),
        (
            r#"{"op":"create","layer":"site","name":"甲","fields":{"kind":"天"}}"#,
            "不在可选值之内",
            "`kind` cannot be",
        ),
        (r#"{"op":"delete","layer":"site","code":"S9"}"#, "没有这条记录", "no such record"),
        (
            r#"{"op":"create","layer":"site","name":"甲","lon":1,"lat":2,"crs":"北京54"}"#,
            "坐标系“北京54”",
            "北京54",
        ),
    ] {
        let edits = file(at, "e.jsonl", line);
        for (lang, words) in [("zh", zh), ("en", en)] {
            let answer = run(at, &["--lang", lang, "apply", "a.gpkg", &edits]);
            assert_eq!(answer.status.code(), Some(1), "{line}");
            let said = said(&answer);
            assert!(said.starts_with("refused ") && said.contains(words), "{lang} {line}: {said}");
        }
    }
}

#[test]
fn a_damaged_tile_is_told_of_in_the_language_of_the_reader() {
    let home = folder();
    let at = home.path();
    done(at, &["sample", "a.gpkg"]);
    std::fs::create_dir_all(at.join("tiles/0/0")).unwrap();
    std::fs::write(at.join("tiles/0/0/0.png"), "no picture").unwrap();
    for (lang, words) in
        [("zh", "底图有 1 张瓦片未画出"), ("en", "1 tiles of the base map are left out")]
    {
        let answer =
            run(at, &["--lang", lang, "render", "a.gpkg", "map.png", "--basemap", "tiles"]);
        assert!(answer.status.success());
        assert!(complained(&answer).contains(words), "{lang}: {}", complained(&answer));
    }
}

#[test]
fn a_photo_of_an_iphone_is_kept_and_the_card_says_why_it_is_not_shown() {
    let home = folder();
    let mut window = start(home.path());
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let photo = home.path().join(file(home.path(), "IMG_1.HEIC", heic));
    attach(&mut window, &site, vec![photo]);
    let words = "HEIC 照片（苹果手机的格式）不能预览";
    assert!(window.query_all_by_label_contains(words).next().is_some());
    window.get_by_label("打开 IMG_1.HEIC").click_accesskit();
    settle(&mut window);
    window.get_by_label("不能预览");
}

/// Two clicks in one frame, as fast as a hand is for this window.
pub fn double_click(window: &mut Harness<'_, App>, at: Pos2) {
    let button = PointerButton::Primary;
    window.input_mut().events.push(Event::PointerMoved(at));
    window.step();
    for pressed in [true, false, true, false] {
        let modifiers = Modifiers::NONE;
        window.input_mut().events.push(Event::PointerButton {
            pos: at,
            button,
            pressed,
            modifiers,
        });
    }
    settle(window);
}

fn open_cell(window: &mut Harness<'_, App>, text: &str) {
    let height = window.ctx.content_rect().height();
    let cell = {
        let cells = window.get_all_by_role_and_label(egui::Role::Label, text);
        let mut cells = cells.map(|node| node.rect().center());
        // The card stands beside the table, at the full height of the window.
        cells.rfind(|at| at.y > height - 330.0 && at.x < 1200.0).unwrap()
    };
    double_click(window, cell);
    let editors = ["回车保存，Esc 放弃", "（空）"];
    let is_open = editors.iter().any(|label| window.query_by_label(label).is_some());
    assert!(is_open, "the editor of {text} stands there");
}

#[test]
fn a_cell_of_the_table_is_changed_with_the_editor_of_its_field() {
    let home = folder();
    let mut window = start(home.path());
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    let mut dated = Record::clone(&site);
    let inspected = site.kind.field("fume_test_on").unwrap();
    dated.set("fume_test_on", shapan::domain::Value::parse(inspected, "2026-11-20").unwrap());
    let change = shapan::domain::Change::update(Arc::clone(&site), dated);
    act(&mut window, Action::Data(DataAction::Apply(shapan::domain::Edit::of(vec![change]))));
    act(&mut window, Action::Filter(Filter { text: "铸造厂".into(), ..Filter::default() }));
    press(&mut window, Modifiers::NONE, Key::F10);
    act(
        &mut window,
        Action::Prefer(Preference::Columns {
            layer: "site",
            keys: ["name", "kind", "person", "fume_test_on"].map(str::to_owned).to_vec(),
        }),
    );
    let now = |window: &Harness<'_, App>, key: &str| {
        named(window, Kind::Site, "铸造厂(示例)").get(key).map(shapan::domain::Value::to_cell)
    };

    // One of several: they stand there at once, and Escape changes nothing.
    open_cell(&mut window, "2026-11-20");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(now(&window, "fume_test_on").as_deref(), Some("2026-11-20"));
    open_cell(&mut window, "2026-11-20");
    for _ in 0..2 {
        // The card at the right has such a button too.
        let day = {
            let mut days = window.get_all_by_label("后一天");
            days.rfind(|day| day.rect().right() < 1200.0).unwrap()
        };
        day.click();
        settle(&mut window);
    }
    assert_eq!(now(&window, "fume_test_on").as_deref(), Some("2026-11-22"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    open_cell(&mut window, "2026-11-22");
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "2026-12-01");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(now(&window, "fume_test_on").as_deref(), Some("2026-12-01"));

    let kind = now(&window, "kind").unwrap();
    let label = |key: &str| {
        let field = site.kind.field("kind").unwrap();
        let choices = field.choices().unwrap();
        choices.iter().find(|choice| choice.key == key).unwrap().label.zh
    };
    open_cell(&mut window, label(&kind));
    let entries = window.get_all_by_role_and_label(egui::Role::Button, label("restaurant"));
    // The tree of the layers has one too.
    let in_list = {
        let mut entries = entries;
        entries.rfind(|entry| entry.rect().left() > 250.0).unwrap()
    };
    in_list.click_accesskit();
    settle(&mut window);
    assert_eq!(now(&window, "kind").as_deref(), Some("restaurant"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(now(&window, "kind"), Some(kind));
}

#[test]
fn the_page_is_printed_over_the_tiles_that_the_window_shows() {
    let home = folder();
    let mut window = start(home.path());
    window.state_mut().save_without_asking(home.path());
    let tiles = home.path().join("瓦片");
    std::fs::create_dir_all(tiles.join("0/0")).unwrap();
    image::RgbImage::new(256, 256).save(tiles.join("0/0/0.png")).unwrap();
    drop_files(&mut window, vec![tiles]);
    act(&mut window, Action::Command(Command::Print));
    let mut has_picture = |is_on: bool| {
        let base = window.get_by_role_and_label(egui::Role::CheckBox, "底图");
        if !is_on {
            base.click();
            settle(&mut window);
        }
        window.get_by_label("SVG…").click();
        settle(&mut window);
        let pages = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut pages = pages.filter(|path| path.extension().is_some_and(|ending| ending == "svg"));
        std::fs::read_to_string(pages.next().unwrap()).unwrap().contains("<image")
    };
    assert!(has_picture(true));
    assert!(!has_picture(false));
}

#[test]
fn a_new_district_says_how_data_come_into_it_and_says_no_more_once_they_have() {
    let home = folder();
    let mut window = start(home.path());
    let district = home.path().join("新区.gpkg");
    drop(shapan::store::Store::create(&district).unwrap());
    act(&mut window, Action::File(FileAction::Open(district)));
    window.get_by_label("这个区域还没有数据");
    drop_files(&mut window, tables(home.path(), &["一"]));
    window.get_by_label("导入 1 条").click();
    settle(&mut window);
    assert!(window.query_by_label("这个区域还没有数据").is_none());
    press(&mut window, Modifiers::COMMAND, Key::Comma);
    window.get_by_label("界面大小");
}

/// A window of 1600 × 900 pixels at a scale.
pub fn start_at(home: &Path, scale: f32) -> Harness<'static, App> {
    let (home, size) = (home.to_owned(), egui::vec2(1600.0, 900.0) / scale);
    let mut window = Harness::builder().with_size(size).build_eframe(|creation| {
        let settings = Settings { scale, reduced_motion: true, ..Settings::default() };
        let mut app = App::new(&creation.egui_ctx, home, settings, None).unwrap();
        app.begin(None, None);
        app
    });
    settle(&mut window);
    window
}

#[test]
fn the_first_view_shows_all_control_points_at_every_scale() {
    let home = folder();
    for scale in [1.0, 1.5] {
        let window = start_at(home.path(), scale);
        // Between the panels of layers and card.
        let width = window.ctx.content_rect().width();
        let world = window.state().model().world();
        for point in world.table(Kind::ControlPoint).iter() {
            let Some(geo_types::Geometry::Point(at)) = &point.geometry else { continue };
            let x = window.state().screen_from_lonlat(at.0).unwrap().x;
            assert!((280.0..width - 360.0).contains(&x), "{scale}: {} at {x}", point.name());
        }
    }
}
