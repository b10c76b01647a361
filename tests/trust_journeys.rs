//! Journeys to a district file that is damaged, or half of which is free.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::domain::{Change, Edit, EditKind, Kind, Lang, Value};
use shapan::settings::Preference;
use shapan::store::{DistrictReader, Store};
use shapan::ui::{Action, App, Command, FileAction};

use crate::journeys::{act, settle, start};
use crate::support::{folder, ids, names_in, record, stamp, stamp_at};

fn told(window: &Harness<'_, App>) -> String {
    let toasts = window.state().model().toasts.iter();
    toasts.map(|toast| toast.words.zh.as_str()).collect::<Vec<_>>().join("\n")
}

fn has(window: &Harness<'_, App>, label: &str) -> bool {
    window.query_all_by_label_contains(label).next().is_some()
}

fn open(window: &mut Harness<'_, App>, path: &Path) {
    act(window, Action::File(FileAction::Open(path.to_owned())));
}

fn shown(window: &Harness<'_, App>) -> PathBuf {
    window.state().model().district.as_ref().unwrap().path.clone()
}

/// Twenty megabytes of sites that were taken back.
fn half_free(path: &Path) -> Store {
    let (mut store, mut ids) = (Store::create(path).unwrap(), ids());
    let long = "长".repeat(333_000);
    let large = (0..20).map(|number| {
        let mut site = record(&mut ids, Kind::Site, &format!("S{number}"), "点", None);
        site.set("address", Some(Value::text(&long)));
        Change::create(site)
    });
    let edit = Edit { kind: EditKind::Import, changes: large.collect() };
    store.apply(&edit, &stamp("张三")).unwrap();
    store.undo(&stamp("张三")).unwrap();
    store
}

#[test]
fn a_file_of_which_half_is_free_is_offered_to_be_compacted_and_nothing_else_changes() {
    let home = folder();
    let path = home.path().join("大.gpkg");
    let mut store = half_free(&path);
    let site = record(&mut ids(), Kind::Site, "K1", "留下的工地", None);
    store.apply(&Edit::of(vec![Change::create(site)]), &stamp("张三")).unwrap();
    drop(store);
    let before = std::fs::metadata(&path).unwrap().len();
    let mut window = start(home.path());
    assert!(!told(&window).contains("空闲"), "the sample is not worth it");
    open(&mut window, &path);
    assert!(told(&window).contains("MB 空闲，可以压缩"), "{}", told(&window));
    window.get_by_label("压缩…").click();
    settle(&mut window);
    assert!(!told(&window).contains("空闲"), "who has taken it up is not told again");
    assert!(has(&window, "记录和历史都不会改变") && has(&window, "MB 空闲"));
    window.get_by_label("开始压缩").click();
    settle(&mut window);
    assert!(told(&window).contains("已压缩："), "{}", told(&window));
    assert!(!has(&window, "开始压缩"), "the dialog has gone");
    let after = std::fs::metadata(&path).unwrap().len();
    assert!(after * 4 < before, "{before} {after}");
    let history = window.state().model().district.as_ref().unwrap().entries.len();
    drop(window);
    let reader = DistrictReader::open(&path).unwrap();
    assert_eq!(reader.check().unwrap(), []);
    assert_eq!((reader.load().unwrap().len(), history), (1, 3));
}

#[test]
fn an_import_that_is_taken_back_offers_it_once() {
    let home = folder();
    let path = home.path().join("大.gpkg");
    let mut store = half_free(&path);
    store.compact(|| true).unwrap();
    store.redo(&stamp("张三")).unwrap();
    drop(store);
    let mut window = start(home.path());
    open(&mut window, &path);
    assert!(!told(&window).contains("空闲"), "{}", told(&window));
    act(&mut window, Action::Command(Command::Undo));
    let offers = |window: &Harness<'_, App>| told(window).matches("空闲，可以压缩").count();
    assert_eq!(offers(&window), 1, "{}", told(&window));
    act(&mut window, Action::Command(Command::Redo));
    act(&mut window, Action::Command(Command::Compact));
    assert!(has(&window, "开始压缩"), "asked for by the command at any time");
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_no_text_opens_and_is_said_not_to_be_found_again() {
    use std::os::unix::ffi::OsStrExt as _;
    let home = folder();
    let path = home.path().join(std::ffi::OsStr::from_bytes(b"a\xff.gpkg"));
    drop(Store::create(&path).unwrap());
    let mut window = start(home.path());
    window.ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
    open(&mut window, &path);
    assert_eq!(shown(&window), path);
    assert!(told(&window).contains("不是有效的文字"), "{}", told(&window));
}

/// The pages of a table are overwritten, so that it cannot be read.
fn damage(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    let root: i64 = db
        .query_row("SELECT rootpage FROM sqlite_master WHERE name = 'site'", [], |row| row.get(0))
        .unwrap();
    let page: i64 = db.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    drop(db);
    let mut bytes = std::fs::read(path).unwrap();
    let at = usize::try_from((root - 1) * page).unwrap();
    bytes[at..at + 200].fill(0x5a);
    std::fs::write(path, bytes).unwrap();
}

/// A district with a copy, an edit after the copy, and then damage.
fn damaged(home: &Path) -> PathBuf {
    let path = home.join("坏.gpkg");
    let (mut store, mut ids) = (Store::create(&path).unwrap(), ids());
    let mut add = |store: &mut Store, code: &str, name: &str, seconds| {
        let site = record(&mut ids, Kind::Site, code, name, Some((118.15, 39.83)));
        store.apply(&Edit::of(vec![Change::create(site)]), &stamp_at("张三", seconds)).unwrap();
    };
    add(&mut store, "S1", "一号工地", 0);
    store.backup_dated(&stamp_at("张三", 60), "backup").unwrap();
    add(&mut store, "S2", "二号工地", 120);
    drop(store);
    damage(&path);
    path
}

#[test]
fn a_damaged_file_comes_back_from_its_copy_and_what_is_lost_is_said_before() {
    let home = folder();
    let path = damaged(home.path());
    let bytes = std::fs::read(&path).unwrap();
    let mut window = start(home.path());
    let sample = shown(&window);
    open(&mut window, &path);
    assert_eq!(shown(&window), sample, "what was open stays open");
    assert!(has(&window, "文件已损坏") && has(&window, "1 条记录，第 1 号修改，已校验"));
    assert!(has(&window, "其后的 1 次修改会丢失"));
    act(&mut window, Action::Prefer(Preference::Lang(Lang::En)));
    assert!(has(&window, "1 later edits would be lost"));
    act(&mut window, Action::Prefer(Preference::Lang(Lang::Zh)));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "not a byte was written so far");
    window.get_by_label("恢复这一份").click();
    await_district(&mut window, &path);
    let world = window.state().model().world();
    let names: Vec<&str> = world.table(Kind::Site).iter().map(|site| site.name()).collect();
    assert_eq!(names, ["一号工地"]);
    assert!(told(&window).contains("已恢复，1 次修改不在其中"), "{}", told(&window));
    let aside = names_in(home.path()).into_iter().find(|name| name.starts_with("坏.aside-"));
    assert_eq!(std::fs::read(home.path().join(aside.unwrap())).unwrap(), bytes);
}

#[test]
fn what_can_be_read_of_a_damaged_file_is_saved_into_a_new_one_and_the_file_stays() {
    let home = folder();
    let path = damaged(home.path());
    let bytes = std::fs::read(&path).unwrap();
    let mut window = start(home.path());
    open(&mut window, &path);
    window.get_by_label("抢救能读出的数据到新文件").click();
    settle(&mut window);
    let salvaged = shown(&window);
    assert!(salvaged.parent() == path.parent() && salvaged != path, "{}", salvaged.display());
    assert!(told(&window).contains("已抢救"), "{}", told(&window));
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    drop(window);
    assert_eq!(DistrictReader::open(&salvaged).unwrap().check().unwrap(), []);
}

fn await_district(window: &mut Harness<'_, App>, path: &Path) {
    let began = Instant::now();
    while shown(window) != path {
        settle(window);
        assert!(began.elapsed() < Duration::from_secs(20), "{}", told(window));
    }
}
