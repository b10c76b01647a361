//! Packages that come back as they went, and hostile ones.

use std::io::Write as _;

use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::NamedTempFile;
use zip::ZipWriter;

use super::*;
use crate::domain::{Ids, Kind, Localized as _, Stamp, Value};
use crate::exchange::formats::entry_options;

fn record(name: &str) -> Record {
    let at = Timestamp::from_second(1_795_900_000).unwrap();
    let stamp = Stamp { actor: "王工".into(), at };
    let mut record = Record::new(Ids::new(at, 1).next(), Kind::Item, &stamp);
    record.set("code", Some(Value::text("FR-20261101-001")));
    record.set("name", Some(Value::text(name)));
    record.set("types", Some(Value::Words(["裸土".into()].into())));
    record.set_attachments(vec!["前.jpg".into()]);
    record.geometry = Some(geo_types::Point::new(118.156_2, 39.832_2).into());
    let extra = serde_json::json!({ "旧系统": { "级别": 2 } });
    record.extra = extra.as_object().cloned().map(std::sync::Arc::new);
    record
}

fn package() -> NewPackage {
    let about = About { made_by: "王工".to_owned(), ..About::default() };
    let packed =
        PackedRecord { record: record("裸土未苫盖"), earlier: vec![record("裸土")] };
    let files = BTreeMap::from([("前.jpg".to_owned(), b"photo".to_vec())]);
    NewPackage { about, records: vec![packed], files }
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

/// The members of a package, to be put together again otherwise.
fn members(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let of = |name: String| {
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_name(&name).unwrap(), &mut content).unwrap();
        (name, content)
    };
    names.into_iter().map(of).collect()
}

fn zipped(members: &[(String, Vec<u8>)]) -> NamedTempFile {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(name.as_str(), entry_options()).unwrap();
        zip.write_all(content).unwrap();
    }
    file(&zip.finish().unwrap().into_inner())
}

fn refused(members: &[(String, Vec<u8>)]) -> String {
    read(zipped(members).path()).unwrap_err().zh()
}

#[test]
fn a_package_comes_back_as_it_went_and_is_the_same_bytes_each_time() {
    let made = bytes(&package()).unwrap();
    assert_eq!(made, bytes(&package()).unwrap());
    let back = read(file(&made).path()).unwrap();
    assert_eq!(back.records, package().records);
    assert_eq!((back.about, back.files), (package().about, package().files));
}

#[test]
fn what_is_missing_altered_unlisted_or_leads_out_is_refused_by_its_name() {
    let good = members(&bytes(&package()).unwrap());
    let without = |name: &str| -> Vec<_> {
        good.iter().filter(|(known, _)| known != name).cloned().collect()
    };
    let with = |name: &str| {
        let mut more = good.clone();
        more.push((name.to_owned(), b"x".to_vec()));
        more
    };
    assert!(refused(&without("files/前.jpg")).contains("缺少“files/前.jpg”"));
    assert!(refused(&without("records.jsonl")).contains("缺少“records.jsonl”"));
    assert!(refused(&without("manifest.json")).contains("不是沙盘交接包"));
    assert!(refused(&with("files/别的.exe")).contains("“files/别的.exe”不在包的清单里"));
    for outside in
        ["../外面.jpg", "/etc/passwd", "files/../../外面.jpg", "C:\\外面.jpg", "files/CON"]
    {
        let words = refused(&with(outside));
        assert!(words.contains("指向包外"), "{outside}: {words}");
    }
    for place in 0..good.len() {
        let mut altered = good.clone();
        let name = altered[place].0.clone();
        altered[place].1.push(b' ');
        if name != "manifest.json" {
            assert!(refused(&altered).contains(&format!("“{name}”与打包时不一致")), "{name}");
        }
    }
    let newer = String::from_utf8(good[0].1.clone()).unwrap();
    assert_eq!(good[0].0, "manifest.json");
    let newer = newer.replace("\"version\": 1", "\"version\": 9");
    let mut newer_package = good;
    newer_package[0].1 = newer.into_bytes();
    assert!(refused(&newer_package).contains("请先升级"));
}

#[test]
fn a_member_that_stands_in_it_twice_is_refused_by_its_name() {
    let good = members(&bytes(&package()).unwrap());
    // The writer refuses a second one: a name of the same length is put in its place afterwards.
    let mut two = good.clone();
    two.push(("files/后.jpg".to_owned(), b"other".to_vec()));
    let zip = zipped(&two);
    let mut bytes = std::fs::read(zip.path()).unwrap();
    let (after, before) = ("后.jpg".as_bytes(), "前.jpg".as_bytes());
    let places: Vec<usize> = (0..bytes.len() - after.len())
        .filter(|at| &bytes[*at..*at + after.len()] == after)
        .collect();
    assert_eq!(places.len(), 2, "of its own header and of the directory");
    for at in places {
        bytes[at..at + before.len()].copy_from_slice(before);
    }
    let words = read(file(&bytes).path()).unwrap_err().zh();
    assert!(words.contains("有两个“files/前.jpg”"), "{words}");
    let mut capitals = good;
    capitals.push(("FILES/前.jpg".to_owned(), Vec::new()));
    assert!(
        refused(&capitals).contains("指向包外"),
        "a folder of another name is no folder of ours"
    );
}

#[test]
fn what_is_no_package_is_said_to_be_none() {
    for bytes in [&b""[..], b"PK\x05\x06", &[0x50; 4000]] {
        assert!(read(file(bytes).path()).is_err());
    }
    assert!(refused(&[("manifest.json".to_owned(), b"{}".to_vec())]).contains("不是沙盘交接包"));
}

proptest! {
    #[test]
    fn a_package_with_a_byte_changed_is_refused_or_says_the_same(at in 0_usize..2000, to in any::<u8>()) {
        let made = bytes(&package()).unwrap();
        let mut damaged = made.clone();
        let at = at % damaged.len();
        damaged[at] = to;
        if let Ok(back) = read(file(&damaged).path()) {
            prop_assert_eq!(back.records, package().records);
            prop_assert_eq!(back.files, package().files);
        }
    }
}
