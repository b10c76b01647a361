//! Photos and papers: kept in the district file, named by records, taken back like any edit.

use std::io::Cursor;
use std::sync::Arc;

use exif::{Field, In, Tag, Value as Exif};
use geo_types::Coord;
use shapan::domain::{Change, Edit, Kind};
use shapan::store::{DistrictReader, Store};

use crate::support::{folder, ids, record, stamp};

/// A small JPEG as a phone would take it: with a time and a place, degrees.
pub fn photo(taken: &str, place: Coord<f64>) -> Vec<u8> {
    let mut plain = Cursor::new(Vec::new());
    let pixels =
        image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 4, y as u8 * 5, 90]));
    pixels.write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
    let plain = plain.into_inner();
    let text = |text: &str| Exif::Ascii(vec![text.as_bytes().to_vec()]);
    let angle = |degrees: f64| {
        let seconds = (degrees * 360_000.0).round() as u32;
        Exif::Rational(vec![(0, 1).into(), (0, 1).into(), (seconds, 100).into()])
    };
    let fields = [
        (Tag::DateTimeOriginal, text(taken)),
        (Tag::GPSLatitudeRef, text("N")),
        (Tag::GPSLatitude, angle(place.y)),
        (Tag::GPSLongitudeRef, text("E")),
        (Tag::GPSLongitude, angle(place.x)),
    ]
    .map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value });
    let mut writer = exif::experimental::Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).unwrap();
    let tiff = tiff.into_inner();
    let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &tiff, &plain[2..]].concat()
}

#[test]
fn the_same_photo_is_kept_once_and_another_of_its_name_gets_a_number() {
    let folder = folder();
    let mut store = Store::create(&folder.path().join("a.gpkg")).unwrap();
    let by = stamp("张三");
    assert_eq!(store.attach("雾炮.jpg", b"one", &by).unwrap(), "雾炮.jpg");
    assert_eq!(store.attach("雾炮.jpg", b"one", &by).unwrap(), "雾炮.jpg");
    assert_eq!(store.attach("雾炮.jpg", b"two", &by).unwrap(), "雾炮-2.jpg");
    assert_eq!(store.attach("雾炮.jpg", b"two", &by).unwrap(), "雾炮-2.jpg");
    // What separates names in a cell, or folders on a disk, is not part of a name.
    assert_eq!(store.attach("../a;b、c d.jpg", b"x", &by).unwrap(), "a-b-c-d.jpg");
    assert_eq!(store.attach("…/", b"x", &by).unwrap(), "…");
    assert_eq!(store.attach(" ", b"x", &by).unwrap(), "file");
    let kept = store.attachment("雾炮-2.jpg").unwrap().unwrap();
    assert_eq!((kept.content.as_slice(), kept.added_by.as_str()), (b"two".as_slice(), "张三"));
    assert_eq!(kept.added_at, by.at);
    assert!(store.attachment("没有.jpg").unwrap().is_none());
}

#[test]
fn what_a_record_names_is_checked_and_comes_back_after_an_undo() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let by = stamp("张三");
    let mut store = Store::create(&path).unwrap();
    let plain = record(&mut ids(), Kind::Site, "S1", "一号工地", Some((118.15, 39.83)));
    store.apply(&Edit::of(vec![Change::create(plain.clone())]), &by).unwrap();
    let name = store.attach("雾炮.jpg", b"one", &by).unwrap();
    let mut with = plain.clone();
    with.set_attachments(vec![name.as_str().into(), "丢失.jpg".into()]);
    store.apply(&Edit::of(vec![Change::update(Arc::new(plain), with)]), &by).unwrap();
    store.undo(&by).unwrap();
    store.redo(&by).unwrap();
    drop(store);

    let reader = DistrictReader::open(&path).unwrap();
    let world = reader.load().unwrap();
    let names: Vec<&str> = world.table(Kind::Site).by_code("S1").unwrap().attachments().collect();
    assert_eq!(names, ["雾炮.jpg", "丢失.jpg"]);
    let findings = reader.check().unwrap();
    let told: Vec<&str> = findings.iter().map(|finding| finding.problem.en.as_str()).collect();
    assert_eq!(told, ["the attachment 丢失.jpg is not in the file"]);
    assert!(Store::open(&path).unwrap().attachment("雾炮.jpg").unwrap().is_some());
}

#[test]
fn a_file_from_before_attachments_is_read_as_it_is_and_brought_up_to_date_after_a_copy() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    drop(Store::create(&path).unwrap());
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(crate::seals::WITHOUT_READINGS).unwrap();
    db.execute_batch(
        "DROP TABLE shapan_attachment;
         DELETE FROM gpkg_contents WHERE table_name = 'shapan_attachment';
         UPDATE shapan_meta SET value = '1' WHERE key = 'format';",
    )
    .unwrap();
    drop(db);
    assert!(DistrictReader::open(&path).unwrap().check().unwrap().is_empty());
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.attach("a.jpg", b"one", &stamp("张三")).unwrap(), "a.jpg");
    let copies = std::fs::read_dir(shapan::store::backup_folder(&path)).unwrap();
    assert_eq!(copies.count(), 1);
}
