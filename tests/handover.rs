//! Items handed to another office and back: packages from the command line, and in the window by keys.

use std::io::{Read as _, Write as _};
use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value as Json, json};
use shapan::domain::Kind;
use shapan::store::{DistrictReader, Store};
use shapan::ui::{Action, FileAction};

use crate::journeys::{act, open, press};
use crate::support::{applied, complained, done, folder, run, said, stamp};

const CODE: &str = "FR-20261101-001";

/// An item with a photo, in `a.gpkg`; `b.gpkg` is empty.
fn two_offices(at: &Path) {
    done(at, &["new", "a.gpkg"]);
    done(at, &["new", "b.gpkg"]);
    let mut store = Store::open(&at.join("a.gpkg")).unwrap();
    store.attach("前.jpg", b"a photo", &stamp("甲")).unwrap();
    drop(store);
    let item = json!({"op": "create", "layer": "item", "code": CODE, "fields": {
        "name": "裸土未苫盖", "types": ["裸土"], "address": "大庆道西段",
        "photos_before": ["前.jpg"], "attachments": ["前.jpg"]}, "lon": 118.15, "lat": 39.83});
    applied(at, "a.gpkg", &item.to_string());
}

fn fields(at: &Path, district: &str, fields: &Json) {
    let line = json!({"op": "update", "layer": "item", "code": CODE, "fields": fields});
    assert!(applied(at, district, &line.to_string()).starts_with("ok "));
}

fn text(at: &Path, district: &str, key: &str) -> String {
    let world = DistrictReader::open(&at.join(district)).unwrap().load().unwrap();
    world.table(Kind::Item).by_code(CODE).unwrap().text(key).to_owned()
}

#[test]
fn an_item_goes_to_another_office_and_comes_back_and_only_what_both_changed_is_asked_about() {
    let folder = folder();
    let at = folder.path();
    two_offices(at);
    assert_eq!(done(at, &["pack", "a.gpkg", "去.shapan", "--item", CODE]), "已打包 1 件\n");
    let first = done(at, &["receive", "b.gpkg", "去.shapan"]);
    assert_eq!(first, format!("{CODE} 新增\n已写入 1 件\n"));
    let photo = DistrictReader::open(&at.join("b.gpkg")).unwrap().attachment("前.jpg").unwrap();
    assert_eq!(photo.unwrap().content, b"a photo");
    let again = done(at, &["receive", "b.gpkg", "去.shapan"]);
    assert_eq!(again, format!("{CODE} 已有\n已写入 0 件\n"));

    // They hand it over and say who; here only the address is changed meanwhile.
    done(at, &["item", "b.gpkg", CODE, "交办", "--unit", "住建局", "--reason", "口头"]);
    fields(at, "b.gpkg", &json!({"person": "李四"}));
    fields(at, "a.gpkg", &json!({"address": "大庆道西段北侧"}));
    done(at, &["pack", "b.gpkg", "回.shapan", "--item", CODE]);
    let back = done(at, &["receive", "a.gpkg", "回.shapan"]);
    assert_eq!(back, format!("{CODE} 对方已改\n已写入 1 件\n"));
    assert_eq!(
        (text(at, "a.gpkg", "state"), text(at, "a.gpkg", "person")),
        ("交办".into(), "李四".into())
    );
    assert_eq!(text(at, "a.gpkg", "address"), "大庆道西段北侧");

    // Both name another person: nothing is written until it is said who is right.
    fields(at, "a.gpkg", &json!({"person": "王五"}));
    fields(at, "b.gpkg", &json!({"person": "赵六", "note": "已约谈"}));
    done(at, &["pack", "b.gpkg", "再.shapan", "--item", CODE]);
    let open = run(at, &["receive", "a.gpkg", "再.shapan"]);
    assert_eq!(open.status.code(), Some(1));
    assert!(said(&open).contains(&format!("{CODE} 冲突：责任人")), "{}", said(&open));
    assert_eq!(text(at, "a.gpkg", "note"), "");
    done(at, &["receive", "a.gpkg", "再.shapan", "--ours"]);
    let both = (text(at, "a.gpkg", "person"), text(at, "a.gpkg", "note"));
    assert_eq!(both, ("王五".to_owned(), "已约谈".to_owned()));
    done(at, &["undo", "a.gpkg"]);
    assert_eq!(text(at, "a.gpkg", "note"), "", "a package is one undo step");
    done(at, &["receive", "a.gpkg", "再.shapan", "--theirs"]);
    assert_eq!(text(at, "a.gpkg", "person"), "赵六");
    for district in ["a.gpkg", "b.gpkg"] {
        done(at, &["check", district]);
    }
}

#[test]
fn a_package_that_was_altered_is_refused_by_the_name_of_its_member_and_nothing_is_written() {
    let folder = folder();
    let at = folder.path();
    two_offices(at);
    done(at, &["pack", "a.gpkg", "去.shapan", "--view", "all"]);
    let packed = std::fs::File::open(at.join("去.shapan")).unwrap();
    let mut packed = zip::ZipArchive::new(packed).unwrap();
    let mut altered = zip::ZipWriter::new(std::fs::File::create(at.join("改.shapan")).unwrap());
    for place in 0..packed.len() {
        let mut member = packed.by_index(place).unwrap();
        let (name, mut content) = (member.name().unwrap().into_owned(), Vec::new());
        member.read_to_end(&mut content).unwrap();
        if name == "files/前.jpg" {
            content = b"A photo".to_vec();
        }
        let plain = zip::write::SimpleFileOptions::default();
        altered.start_file(name, plain).unwrap();
        altered.write_all(&content).unwrap();
    }
    altered.finish().unwrap();
    let refused = run(at, &["receive", "b.gpkg", "改.shapan"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(complained(&refused).contains("files/前.jpg"), "{}", complained(&refused));
    let world = DistrictReader::open(&at.join("b.gpkg")).unwrap().load().unwrap();
    assert!(world.table(Kind::Item).is_empty());
}

#[test]
fn in_the_window_a_package_is_dropped_and_enter_takes_it_in() {
    let home = folder();
    let at = home.path();
    two_offices(at);
    done(at, &["pack", "a.gpkg", "去.shapan", "--item", CODE]);
    let mut window = open(at, at.join("b.gpkg"), egui::vec2(1366.0, 768.0));
    let package = at.join("去.shapan");
    act(&mut window, Action::File(FileAction::Dropped(vec![package.clone()])));
    window.get_by_label("新增 1");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().model().world().table(Kind::Item).len(), 1);
    let item = window.state().model().world().table(Kind::Item).by_code(CODE).cloned().unwrap();
    assert_eq!(item.attachments().collect::<Vec<_>>(), ["前.jpg"]);

    fields(at, "a.gpkg", &json!({"person": "李四"}));
    done(at, &["pack", "a.gpkg", "再.shapan", "--item", CODE]);
    let mut newer = shapan::domain::Record::clone(&item);
    newer.set("person", Some(shapan::domain::Value::text("王五")));
    newer.meta.change(&stamp("乙"));
    let edit = shapan::domain::Edit::of(vec![shapan::domain::Change::update(item, newer)]);
    act(&mut window, Action::Data(shapan::ui::DataAction::Apply(edit)));
    act(&mut window, Action::File(FileAction::Dropped(vec![at.join("再.shapan")])));
    window.get_by_label("冲突 1");
    window.get_by_label(&format!("{CODE} 责任人 对方 李四")).click();
    press(&mut window, Modifiers::NONE, Key::Enter);
    let person = |window: &egui_kittest::Harness<'_, shapan::ui::App>| {
        let world = window.state().model().world();
        world.table(Kind::Item).by_code(CODE).unwrap().text("person").to_owned()
    };
    assert_eq!(person(&window), "李四");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(person(&window), "王五");
}
