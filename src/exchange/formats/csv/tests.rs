//! Tables of text in all encodings, and what spreadsheets do to them.

use std::io::Read as _;

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::*;
use crate::exchange::testing::{Gathered, assert_reads_back, file, layers, one_of_each};
use crate::geodesy::crs::Crs;

fn collected(content: &[u8]) -> Result<Gathered, Error> {
    let (_folder, path) = file("t.csv", content);
    let mut sink = Gathered::default();
    Csv.read(&path, &ReadOptions::default(), &mut sink)?;
    Ok(sink)
}

fn texts(content: &[u8]) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
    let sink = collected(content).unwrap();
    let texts = sink.texts();
    (sink.columns().to_vec(), texts)
}

fn row(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_rows() {
    let text = "名称,地址\r\n老王饭店,\"丰润镇, 东街\"\r\n";
    let expected =
        (vec!["名称".to_owned(), "地址".to_owned()], vec![row(2, &["老王饭店", "丰润镇, 东街"])]);
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let with_bom = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let gb18030 = GB18030.encode(text).0.into_owned();
    let tabs = text.replace("称,地", "称\t地").replace("店,\"", "店\t\"");
    let semicolons = tabs.replace('\t', ";");
    for bytes in [
        text.as_bytes().to_vec(),
        with_bom,
        gb18030,
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        tabs.into_bytes(),
        semicolons.into_bytes(),
    ] {
        assert_eq!(texts(&bytes), expected);
    }
}

#[test]
fn gb18030_is_recognised_however_late_it_begins() {
    let mut bytes = b"code,name\n".to_vec();
    for number in 0..100_000 {
        bytes.extend_from_slice(format!("{number},plain name\n").as_bytes());
    }
    assert!(bytes.len() > 1 << 20);
    bytes.extend_from_slice(&GB18030.encode("x,浭阳街道\ny,联通\n").0);
    let (_, rows) = texts(&bytes);
    let last: Vec<_> = rows.iter().rev().take(2).rev().cloned().collect();
    assert_eq!(last, [row(100_002, &["x", "浭阳街道"]), row(100_003, &["y", "联通"])]);
}

#[test]
fn a_file_of_two_encodings_is_read_and_told() {
    let mut bytes = "名称,地址\n甲乙,丰润镇\n".as_bytes().to_vec();
    bytes.extend_from_slice(&GB18030.encode("丙丁,燕山路\n").0);
    let sink = collected(&bytes).unwrap();
    assert_eq!(sink.texts()[1], row(3, &["丙丁", "燕山路"]));
    assert!(sink.warnings[0].contains("the first is row 3"), "{:?}", sink.warnings);
}

#[test]
fn other_encodings_of_east_asia_are_read_and_named() {
    for (encoding, name, text) in [
        (encoding_rs::BIG5, "Big5", "名稱,地址,經度\n觀塘碼頭,九龍觀塘海濱道,114.22\n"),
        (encoding_rs::SHIFT_JIS, "Shift-JIS", "名称,住所\nさくら食堂,東京都港区の角にある\n"),
        (encoding_rs::EUC_KR, "EUC-KR", "이름,주소\n서울 공사장,서울특별시 종로구\n"),
    ] {
        let sink = collected(&encoding.encode(text).0).unwrap();
        let cells = text.lines().nth(1).unwrap().split(',').collect::<Vec<_>>();
        assert_eq!(sink.texts(), [row(2, &cells)]);
        assert!(sink.warnings[0].contains(name), "{:?}", sink.warnings);
    }
    let latin = encoding_rs::WINDOWS_1252.encode("nom,rue\nCafé São João,Rua da Sé\n").0;
    let refused = collected(&latin).unwrap_err().to_string();
    assert!(refused.contains("not known here"), "{refused}");
}

#[test]
fn a_few_zeros_are_taken_out_and_said_and_many_are_no_text() {
    let text = "名称,地址\n甲\0饭店,燕山路\n乙饭店,光华道\n";
    for bytes in [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned()] {
        let sink = collected(&bytes).unwrap();
        assert_eq!(sink.texts()[1], row(3, &["乙饭店", "光华道"]));
        assert!(sink.warnings[0].contains("1 characters"), "{:?}", sink.warnings);
    }
    let padded = text.replace("饭店", "饭店\0\0\0\0");
    assert!(collected(padded.as_bytes()).unwrap_err().to_string().contains("binary"));
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_counts() {
    for end in ["\n", "\r\n"] {
        let text = ["标题", "名称,备注", "甲,\"两\n行\"", "", "乙,", "丙,末"].join(end);
        for text in [text.clone(), format!("{text}{end}")] {
            let numbers: Vec<u64> =
                texts(text.as_bytes()).1.into_iter().map(|(number, _)| number).collect();
            assert_eq!(numbers, [3, 5, 6], "{text:?}");
        }
    }
}

#[test]
fn rows_longer_than_the_header_get_columns() {
    let (columns, rows) = texts("名称,地址\n甲,乙,丙\n".as_bytes());
    assert_eq!(columns, ["名称", "地址", "column_3"]);
    assert_eq!(rows, [row(2, &["甲", "乙", "丙"])]);
}

#[test]
fn an_open_quote_and_a_million_columns_are_refused() {
    let endless = std::io::repeat(b'x').take(20 << 20);
    let (folder, path) = file("t.csv", b"");
    let mut out = std::fs::File::create(&path).unwrap();
    std::io::copy(&mut "名称\n\"".as_bytes().chain(endless), &mut out).unwrap();
    let mut sink = Gathered::default();
    let refused = Csv.read(&path, &ReadOptions::default(), &mut sink);
    assert!(matches!(refused, Err(Error::Hostile(_))), "{refused:?}");
    drop(folder);
    let wide = ",a".repeat(1_000_000);
    assert!(matches!(collected(wide.as_bytes()), Err(Error::Hostile(_))));
    let ten_thousand = ["c,".repeat(10_000), "1,".repeat(10_000)].join("\n");
    assert_eq!(collected(ten_thousand.as_bytes()).unwrap().rows().len(), 1);
}

#[test]
fn what_is_no_text_is_told_by_what_it_is() {
    for (bytes, word) in [
        (&b"PK\x03\x04\x14\x00"[..], "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"a,b\n\x00\x01", "binary"),
    ] {
        let error = collected(bytes).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    assert!(collected(b"").unwrap().rows().is_empty());
}

#[test]
fn text_like_a_formula_loses_only_the_mark_that_was_set_for_it() {
    let (_, rows) = texts("名称,地址,备注\n'=A1,'老王,''-x\n".as_bytes());
    assert_eq!(rows, [row(2, &["=A1", "'老王", "'-x"])]);
}

#[test]
fn what_is_written_reads_back_equal() {
    assert_reads_back(&Csv, "t.csv", false);
}

#[test]
fn a_spreadsheet_sees_text_where_text_is_and_numbers_where_numbers_are() {
    let world = one_of_each();
    let (_folder, path) = file("t.csv", b"");
    Csv.write(&path, &mut layers(&world, &Crs::Wgs84).into_iter()).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("\u{feff}layer,id,code,name,level,"));
    assert!(text.lines().next().unwrap().ends_with(",lon,lat,crs,wkt"));
    assert!(text.contains("\"'=老王,\"\"烧烤\"\"\n店\""));
    assert!(text.contains(",'+86 315 123,") && text.contains(",'@甲,"));
    assert!(text.contains(",118.16,39.83,wgs84,"));
    assert_eq!(text.matches("\r\n").count(), world.len() + 1);
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        drop(collected(&bytes));
    }

    #[test]
    fn no_text_brings_the_import_down(text in "[名称经纬度码a-c0-9,;\t\"'\r\n.°-]{0,300}") {
        use crate::domain::World;
        use crate::exchange::testing::{run, settings};
        let (_folder, path) = file("t.csv", text.as_bytes());
        drop(run(&Csv, &path, &settings(Some("wgs84")), &World::default()));
    }
}
