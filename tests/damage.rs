//! A damaged district file: what is refused there changes not a byte of it, and a good copy laid over
//! it stays good.

use std::path::{Path, PathBuf};

use shapan::domain::{Change, Edit, Kind};
use shapan::store::{DistrictReader, Store};

use crate::support::{
    applied, complained, done, file, folder, ids, names_in, record, run, said, skipped, stamp,
};

const PAGE: usize = 4_096;

/// A district with steps to take back and to do again, and files to bring in.
fn base(at: &Path) -> Vec<u8> {
    done(at, &["sample", "a.gpkg"]);
    applied(
        at,
        "a.gpkg",
        r#"{"op":"update","layer":"site","code":"SL-S001","phone":"1"}
{"op":"update","layer":"site","code":"SL-S002","phone":"2"}"#,
    );
    done(at, &["undo", "a.gpkg"]);
    file(
        at,
        "e.jsonl",
        r#"{"op":"create","layer":"site","code":"N1","name":"一","lon":118.1,"lat":39.8}"#,
    );
    file(at, "sites.csv", "code,name,lon,lat\nN2,二,118.1,39.8\n");
    std::fs::read(at.join("a.gpkg")).unwrap()
}

/// The root page of a table or an index.
fn root(at: &Path, name: &str) -> usize {
    let db = rusqlite::Connection::open(at.join("a.gpkg")).unwrap();
    let ask = "SELECT rootpage FROM sqlite_master WHERE name = ?1";
    let page: i64 = db.query_row(ask, [name], |row| row.get(0)).unwrap();
    usize::try_from(page).unwrap()
}

fn filled(whole: &[u8], from: usize, bytes: usize) -> Vec<u8> {
    let mut damaged = whole.to_vec();
    damaged[from..from + bytes].fill(0x5a);
    damaged
}

const EDITS: [&[&str]; 6] = [
    &["apply", "a.gpkg", "e.jsonl"],
    &["import", "a.gpkg", "sites.csv", "--crs", "wgs84"],
    &["undo", "a.gpkg"],
    &["redo", "a.gpkg"],
    &["decide", "a.gpkg", "住建局 周五前 一号工地雾炮到位"],
    &["compact", "a.gpkg"],
];

#[test]
fn an_edit_that_is_refused_on_a_damaged_page_changes_not_a_byte() {
    let folder = folder();
    let at = folder.path();
    let whole = base(at);
    let mut refusals = 0;
    let places = [
        "site",
        "site_code",
        "site_id",
        "decision_code",
        "RTREE_site_geom_node",
        "shapan_journal",
        "shapan_change_part",
        "gpkg_contents",
    ];
    for place in places {
        std::fs::write(at.join("a.gpkg"), &whole).unwrap();
        let page = root(at, place);
        let damaged = filled(&whole, (page - 1) * PAGE, PAGE);
        for arguments in EDITS {
            std::fs::write(at.join("a.gpkg"), &damaged).unwrap();
            let output = run(at, arguments);
            let words = complained(&output);
            if output.status.code() != Some(2) {
                // It had nothing to do with that page.
                continue;
            }
            refusals += 1;
            assert!(words.contains("已损坏"), "{place}, {arguments:?}: {words}");
            let after = std::fs::read(at.join("a.gpkg")).unwrap();
            assert!(after == damaged, "{place}, {arguments:?}: a byte was written");
            for rest in ["a.gpkg-wal", "a.gpkg-journal"] {
                assert!(!at.join(rest).exists(), "{place}, {arguments:?}: left {rest}");
            }
        }
    }
    assert!(refusals > 20, "{refusals} refusals: the damage is looked for in vain");
}

/// Where a number stands in the header, how long it is, and what it is.
const NUMBERS: [(usize, usize, &str); 10] = [
    (0, 16, "the magic"),
    (16, 2, "the page size"),
    (18, 1, "the version for writing"),
    (19, 1, "the version for reading"),
    (21, 3, "the fractions of a page"),
    (44, 4, "the format of the schema"),
    (52, 4, "the largest root"),
    (56, 4, "the encoding"),
    (60, 4, "the version of GeoPackage"),
    (72, 20, "what is kept free"),
];

#[test]
fn a_damaged_header_is_called_damage_and_not_a_byte_is_written() {
    let folder = folder();
    let at = folder.path();
    let whole = base(at);
    done(at, &["backup", "a.gpkg", "good.gpkg"]);
    for (from, bytes, what) in NUMBERS {
        let damaged = filled(&whole, from, bytes);
        for arguments in EDITS.into_iter().chain([&["check", "a.gpkg"][..]]) {
            std::fs::write(at.join("a.gpkg"), &damaged).unwrap();
            let output = run(at, arguments);
            let words = complained(&output);
            // To `check` it is what it was asked for.
            let words = format!("{}{words}", said(&output));
            assert!(matches!(output.status.code(), Some(1 | 2)), "{what}, {arguments:?}: {words}");
            assert!(words.contains("已损坏"), "{what}, {arguments:?}: {words}");
            assert!(words.contains("shapan restore"), "{what}, {arguments:?}: {words}");
            let after = std::fs::read(at.join("a.gpkg")).unwrap();
            assert!(after == damaged, "{what}, {arguments:?}: a byte was written");
        }
        done(at, &["restore", "a.gpkg", "good.gpkg"]);
        done(at, &["check", "a.gpkg"]);
    }
}

/// A district, an older copy of it, and the log that a killed writer left: what a folder holds after
/// somebody laid the copy over the district.
fn copy_beside_an_old_log(at: &Path) -> (Vec<u8>, Vec<u8>) {
    let path = at.join("a.gpkg");
    let mut ids = ids();
    let mut create = |number: u32| {
        let mut site =
            record(&mut ids, Kind::Site, &format!("S{number}"), "点", Some((118.1, 39.8)));
        site.set("address", Some(shapan::domain::Value::text(&"长".repeat(2_000))));
        Edit::of(vec![Change::create(site)])
    };
    let mut store = Store::create(&path).unwrap();
    store.apply(&create(0), &stamp("张三")).unwrap();
    drop(store);
    let copy = std::fs::read(&path).unwrap();
    let mut store = Store::open_session(&path).unwrap();
    for number in 1..40 {
        store.apply(&create(number), &stamp("张三")).unwrap();
    }
    drop(store);
    let mut store = Store::open_session(&path).unwrap();
    for number in 40..50 {
        store.apply(&create(number), &stamp("张三")).unwrap();
    }
    let log = std::fs::read(at.join("a.gpkg-wal")).unwrap();
    drop(store);
    (copy, log)
}

fn lay(at: &Path, copy: &[u8], log: &[u8]) -> PathBuf {
    std::fs::remove_file(at.join("a.gpkg-shm")).ok();
    std::fs::write(at.join("a.gpkg"), copy).unwrap();
    std::fs::write(at.join("a.gpkg-wal"), log).unwrap();
    at.join("a.gpkg")
}

#[test]
fn a_copy_laid_over_a_district_beside_its_old_log_is_refused_and_stays_good() {
    let folder = folder();
    let at = folder.path();
    let (copy, log) = copy_beside_an_old_log(at);
    file(at, "good.gpkg", &copy);
    file(at, "e.jsonl", r#"{"op":"create","layer":"site","code":"N1","name":"一"}"#);
    file(at, "sites.csv", "code,name,lon,lat\nN2,二,118.1,39.8\n");
    for arguments in EDITS.into_iter().chain([&["mend", "a.gpkg"][..], &["restore", "a.gpkg"]]) {
        let district = lay(at, &copy, &log);
        let output = run(at, arguments);
        if arguments[0] != "restore" {
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            assert!(complained(&output).contains("已损坏"), "{}", complained(&output));
        }
        assert!(std::fs::read(&district).unwrap() == copy, "{arguments:?} wrote to the copy");
        assert!(std::fs::read(at.join("a.gpkg-wal")).unwrap() == log, "{arguments:?}");
    }
    let district = lay(at, &copy, &log);
    let answer = done(at, &["--lang", "en", "restore", "a.gpkg", "good.gpkg"]);
    assert!(!answer.contains("no edit"), "what the two tell together is nobody's: {answer}");
    assert_eq!(DistrictReader::open(&district).unwrap().check().unwrap(), []);
    assert!(names_in(at).iter().any(|name| name.contains(".aside-") && name.ends_with("-wal")));
}

#[test]
fn a_log_that_belongs_to_the_file_is_played_back_as_ever() {
    let folder = folder();
    let at = folder.path();
    let path = at.join("a.gpkg");
    let mut ids = ids();
    let mut store = Store::create(&path).unwrap();
    drop(store);
    store = Store::open_session(&path).unwrap();
    for code in ["S1", "S2", "S3"] {
        let site = record(&mut ids, Kind::Site, code, "点", Some((118.1, 39.8)));
        store.apply(&Edit::of(vec![Change::create(site)]), &stamp("张三")).unwrap();
    }
    let (main, log) =
        (std::fs::read(&path).unwrap(), std::fs::read(at.join("a.gpkg-wal")).unwrap());
    drop(store);
    if log.is_empty() {
        skipped("no log was written");
        return;
    }
    lay(at, &main, &log);
    assert_eq!(
        applied(at, "a.gpkg", r#"{"op":"create","layer":"site","code":"S4","name":"四"}"#),
        "ok 4\n"
    );
    done(at, &["check", "a.gpkg"]);
    assert_eq!(DistrictReader::open(&path).unwrap().load().unwrap().len(), 4);
}
