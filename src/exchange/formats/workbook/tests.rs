//! Workbooks read and written, their choice of sheets, and bombs.

mod xls;

use std::io::Write as _;

use jiff::civil::date;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook as Book};
use zip::write::SimpleFileOptions;

use super::*;
use crate::domain::{Kind, World};
use crate::exchange::testing::{
    Gathered, after, assert_reads_back, file, layers, one_of_each, run, settings,
};
use crate::geodesy::crs::Crs;

fn collected(format: &Workbook, path: &Path, sheet: Option<&str>) -> Result<Gathered, Error> {
    let mut sink = Gathered::default();
    let options = ReadOptions { sheet: sheet.map(str::to_owned), ..ReadOptions::default() };
    format.read(path, &options, &mut sink)?;
    Ok(sink)
}

fn book(fill: impl FnOnce(&mut Book)) -> (tempfile::TempDir, std::path::PathBuf) {
    let mut book = Book::new();
    fill(&mut book);
    file("t.xlsx", &book.save_to_buffer().unwrap())
}

fn zipped(name: &str, parts: &[(&str, &[u8])]) -> (tempfile::TempDir, std::path::PathBuf) {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (part, content) in parts {
        zip.start_file(*part, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    file(name, &zip.finish().unwrap().into_inner())
}

#[test]
fn what_is_written_reads_back_equal() {
    assert_reads_back(&XLSX, "t.xlsx", true);
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let world = one_of_each();
    let bytes = || {
        let (_folder, path) = file("t.xlsx", b"");
        XLSX.write(&path, &mut layers(&world, &Crs::Wgs84).into_iter()).unwrap();
        std::fs::read(path).unwrap()
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn an_outline_longer_than_a_cell_comes_back_whole() {
    let mut world = one_of_each();
    let ring: Vec<(f64, f64)> = (0..3000)
        .map(|step| {
            let angle = f64::from(step) / 3000.0 * std::f64::consts::TAU;
            (118.1 + 0.1 * angle.cos(), 39.8 + 0.1 * angle.sin())
        })
        .collect();
    let outline = geo_types::Geometry::Polygon(geo_types::Polygon::new(ring.into(), vec![]));
    let area = world.table(Kind::Area).iter().next().unwrap().clone();
    let mut large = crate::domain::Record::clone(&area);
    large.geometry = Some(outline);
    world.load(std::sync::Arc::new(large.clone()));
    let (_folder, path) = file("t.xlsx", b"");
    XLSX.write(&path, &mut layers(&world, &Crs::Wgs84).into_iter()).unwrap();
    let (changes, report) = run(&XLSX, &path, &settings(None), &World::default()).unwrap();
    assert_eq!(report.rejected, 0, "{:?}", report.rejections);
    let back = after(&World::default(), changes);
    let back = back.table(Kind::Area).iter().next().unwrap().clone();
    assert_eq!(back.geometry, large.geometry);
    assert_eq!(back.extra, None);
}

#[test]
fn titles_dates_and_numbers_are_read_as_a_person_sees_them() {
    let (_folder, path) = book(|book| {
        let sheet = book.add_worksheet();
        let style = Style::new().set_num_format("yyyy/m/d");
        let style_with_time = Style::new().set_num_format("yyyy/m/d hh:mm");
        sheet.merge_range(0, 0, 0, 4, "2026年餐饮单位台账", &Style::new()).unwrap();
        for (name, column) in ["名称", "检测日期", "坐标", "", "电话"].iter().zip(0..) {
            sheet.write_string(2, column, *name).unwrap();
        }
        sheet.write_string(3, 2, "经度").unwrap().write_string(3, 3, "纬度").unwrap();
        let day = ExcelDateTime::from_ymd(2026, 11, 3).unwrap();
        sheet.write_string(4, 0, "甲").unwrap();
        sheet.write_datetime_with_format(4, 1, &day, &style).unwrap();
        sheet.write_string(4, 2, "118.16").unwrap().write_number(4, 3, 39.5).unwrap();
        sheet.write_number(4, 4, 13_800_000_000_f64).unwrap();
        let moment = ExcelDateTime::from_ymd(2026, 11, 3).unwrap().and_hms(8, 30, 0).unwrap();
        sheet.write_string(6, 0, "乙").unwrap();
        sheet.write_datetime_with_format(6, 1, &moment, &style_with_time).unwrap();
    });
    let sink = collected(&XLSX, &path, None).unwrap();
    assert_eq!(sink.columns(), ["名称", "检测日期", "经度", "纬度", "电话"]);
    let text = |text: &str| Cell::Text(text.to_owned().into());
    let first = vec![
        text("甲"),
        Cell::Date(date(2026, 11, 3)),
        text("118.16"),
        Cell::Real(39.5),
        Cell::Integer(13_800_000_000),
    ];
    assert_eq!(sink.rows()[0], (5, first));
    assert_eq!(sink.rows()[1], (7, vec![text("乙"), text("2026-11-03 08:30:00")]));
}

#[test]
fn a_sheet_is_chosen_by_name_or_number_and_else_the_first_with_rows() {
    let (_folder, path) = book(|book| {
        book.add_worksheet().set_name("封面").unwrap();
        for name in ["餐饮", "工地"] {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            sheet.write_string(0, 0, "名称").unwrap().write_string(1, 0, name).unwrap();
        }
    });
    let name = |sheet: Option<&str>| {
        let sink = collected(&XLSX, &path, sheet).unwrap();
        sink.rows()[0].1[0].to_text().into_owned()
    };
    assert_eq!(
        (name(None), name(Some("工地")), name(Some("2"))),
        ("餐饮".into(), "工地".into(), "餐饮".into())
    );
    let sink = collected(&XLSX, &path, None).unwrap();
    assert!(sink.warnings[0].contains("--sheet"), "{:?}", sink.warnings);
    assert!(sink.warnings[0].contains("not 封面, 工地;"), "{:?}", sink.warnings);
    assert_eq!(XLSX.parts(&path).unwrap(), ["封面", "餐饮", "工地"]);
    let error = collected(&XLSX, &path, Some("汽修")).unwrap_err();
    assert_eq!(error.to_string(), "there is no sheet `汽修`; the sheets are 封面, 餐饮, 工地");
}

const ODS_HEAD: &str = r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>"#;
const ODS_TAIL: &str = "</office:spreadsheet></office:body></office:document-content>";

fn ods(tables: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let content = format!("{ODS_HEAD}{tables}{ODS_TAIL}");
    zipped("t.ods", &[("content.xml", content.as_bytes())])
}

#[test]
fn an_open_document_is_read_with_its_types_and_repetitions() {
    let (_folder, path) = ods(
        r#"<table:table table:name="空"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
        <table:table table:name="餐饮"><table:table-column/>
        <table:table-row><table:table-cell office:value-type="string"><text:p>名称</text:p></table:table-cell><table:table-cell><text:p>备注&amp;<text:s text:c="2"/>二</text:p><text:p>行</text:p></table:table-cell><table:table-cell/><table:table-cell><text:p>日期</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="3"><text:p>3.0</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:table-cell office:value-type="date" office:date-value="2026-11-03"><office:annotation><text:p>注</text:p></office:annotation><text:p>11月3日</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        </table:table>"#,
    );
    let sink = collected(&ODS, &path, None).unwrap();
    assert_eq!(sink.columns(), ["名称", "备注&  二\n行", "column_3", "日期"]);
    let cells = vec![
        Cell::Integer(3),
        Cell::Integer(3),
        Cell::Boolean(true),
        Cell::Date(date(2026, 11, 3)),
    ];
    assert_eq!(sink.rows(), [(2, cells.clone()), (3, cells)]);
}

#[test]
fn a_table_that_repeats_itself_without_end_is_read_once() {
    let (_folder, path) = ods(
        r#"<table:table table:name="a"><table:table-row><table:table-cell><text:p>名称</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16384"><text:p>甲</text:p></table:table-cell></table:table-row></table:table>"#,
    );
    let sink = collected(&ODS, &path, None).unwrap();
    assert_eq!(sink.rows().len(), 1);
    assert!(sink.warnings[0].contains("repeated 1000000 times"), "{:?}", sink.warnings);
    let (_folder, path) = ods(
        r#"<table:table table:name="a"><table:table-row><table:table-cell table:number-columns-repeated="4000000000"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#,
    );
    assert!(matches!(collected(&ODS, &path, None), Err(Error::Hostile(_))));
}

fn refused(parts: &[(&str, &[u8])]) -> String {
    let (_folder, path) = zipped("t.xlsx", parts);
    let limits =
        guard::ZipLimits { streamed_bytes: 9 << 20, held_bytes: 3 << 20, text_bytes: 1 << 20 };
    match guard::check_zip(&path, "XLSX", limits) {
        Err(error @ Error::Hostile(_)) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn bombs_are_refused_before_they_are_opened() {
    let (blanks, tags) = (vec![b' '; 2 << 20], b"<si/>".repeat(1 << 20));
    assert!(refused(&[("xl/sharedStrings.xml", &tags)]).contains("more than 3 MB"));
    assert!(refused(&[("xl/media/a.xml", &tags)]).contains("more than 3 MB"));
    let sheet = "xl/worksheets/sheet1.xml";
    assert!(refused(&[(sheet, &tags), ("xl/worksheets/2.xml", &tags)]).contains("more than 9 MB"));
    assert!(refused(&[(sheet, &blanks)]).contains("a text of more than 1 MB"));
    let entity = br#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>"#;
    assert!(refused(&[("xl/workbook.xml", entity)]).contains("document type"));
    let strings =
        br#"<sst xmlns="x" count="1" uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    assert!(refused(&[("xl/sharedStrings.xml", strings)]).contains("announces"));
}

#[test]
fn a_broken_workbook_is_an_error_and_no_more() {
    let (_folder, whole) = book(|book| {
        book.add_worksheet().write_string(0, 0, "名称").unwrap();
    });
    let bytes = std::fs::read(whole).unwrap();
    for length in (0..bytes.len()).step_by(97) {
        let (_folder, path) = file("t.xlsx", &bytes[..length]);
        assert!(collected(&XLSX, &path, None).is_err(), "{length}");
    }
    let (_folder, path) = file("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing");
    assert!(collected(&XLS, &path, None).is_err());
    let (_folder, path) = file("t.xls", b"name,lon\n");
    assert!(collected(&XLS, &path, None).is_err());
}

static SMALL: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
    let (_folder, path) = book(|book| {
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "名称").unwrap().write_number(1, 0, 1.0).unwrap();
    });
    std::fs::read(path).unwrap()
});

proptest! {
    #[test]
    fn no_damaged_byte_brings_it_down(at in 0usize..4000, byte in any::<u8>()) {
        let mut bytes = SMALL.clone();
        let at = at % bytes.len();
        bytes[at] = byte;
        let (_folder, path) = file("t.xlsx", &bytes);
        drop(collected(&XLSX, &path, None));
    }
}
