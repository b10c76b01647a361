//! KML and KMZ read and written: what offices and phones make of them, and hostile ones.

use std::io::Write as _;

use geo_types::{Geometry, LineString, MultiPolygon, point};
use proptest::prelude::*;
use zip::ZipWriter;

use super::*;
use crate::exchange::formats::archive::entry_options;
use crate::exchange::formats::round_trip::{
    Collected, read, read_bytes, small_world, there_and_back, write,
};
use crate::exchange::testing::Gathered;
use crate::exchange::{Cell, StatedCrs};
use crate::geodesy::crs::Crs;

fn read_text(text: impl AsRef<[u8]>) -> Result<Collected, Error> {
    read_bytes(&Kml, ".kml", text)
}

fn placemark(inner: &str) -> String {
    format!("<kml><Document><Placemark>{inner}</Placemark></Document></kml>")
}

const VILLAGE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>
<name>台账.kml</name><Style id="a"><IconStyle/></Style>
<Folder><name>工地</name><Folder><name> 在建 </name>
  <Placemark><name>浭阳 &amp; 工地</name><description><![CDATA[<b>围挡</b>]]></description>
    <ExtendedData><Data name="责任人"><displayName>x</displayName><value>张三</value></Data>
      <SchemaData schemaUrl="s"><SimpleData name="电话">0315</SimpleData></SchemaData></ExtendedData>
    <Point><altitudeMode>clampToGround</altitudeMode><coordinates>118.16,39.83,0 </coordinates></Point></Placemark>
</Folder></Folder>
<Placemark><name>路</name><LineString><coordinates>
   118.1,39.8,0
   118.2, 39.9, 0</coordinates></LineString></Placemark>
<Placemark><name>面</name><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 9,0 9,9 0,0</coordinates></LinearRing></outerBoundaryIs>
  <innerBoundaryIs><LinearRing><coordinates>5,1 6,1 6,2 5,1</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><name>点面</name><MultiGeometry><Point><coordinates>1,2</coordinates></Point><LineString><coordinates>1,2 3,4</coordinates></LineString></MultiGeometry></Placemark>
<Placemark><name>轨迹</name><gx:Track><when>2026</when><gx:coord>1 2 0</gx:coord><gx:coord>3 4 0</gx:coord></gx:Track></Placemark>
<Placemark><name>无</name></Placemark>
</Document></kml>"#;

#[test]
fn what_is_written_reads_back_equal_plain_and_zipped() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["world.kml", "world.kmz"] {
        let path = folder.path().join(name);
        let (written, read) = there_and_back(&Kml, &path, &Crs::Wgs84);
        assert_eq!(read.tables, [(String::new(), StatedCrs::Wgs84)]);
        assert_eq!((read.rejected.len(), read.warnings.len()), (0, 0));
        assert_eq!(read.rows.len(), written.len());
        for (mut found, expected) in read.rows.into_iter().zip(written) {
            assert!(
                ["site", "road"].contains(&found.cells.remove("layer").unwrap().to_text().as_ref())
            );
            found.number = 0;
            assert_eq!(found, expected);
        }
        let first = std::fs::read(&path).unwrap();
        there_and_back(&Kml, &path, &Crs::Wgs84);
        assert_eq!(std::fs::read(&path).unwrap(), first, "the same input gives the same bytes");
    }
}

#[test]
fn a_shifted_datum_is_not_written_as_wgs84() {
    let folder = tempfile::tempdir().unwrap();
    let refused = write(&Kml, &folder.path().join("a.kml"), small_world(), &Crs::Gcj02);
    assert!(matches!(refused, Err(Error::Unwritable(_))));
}

#[test]
fn a_file_of_google_earth_is_read_row_by_row() {
    let read = read_text(VILLAGE).unwrap();
    let first = &read.rows[0];
    assert_eq!(first.text("name"), "浭阳 & 工地");
    assert_eq!(first.text("description"), "围挡");
    assert_eq!((first.text("责任人"), first.text("电话")), ("张三".into(), "0315".into()));
    assert_eq!(first.text("folder"), "工地/在建");
    assert_eq!(first.geometry, Some(point!(x: 118.16, y: 39.83).into()));
    let line = |points: [(f64, f64); 2]| Some(LineString::from(points.to_vec()).into());
    assert_eq!(read.rows[1].geometry, line([(118.1, 39.8), (118.2, 39.9)]));
    assert!(!read.rows[1].cells.contains_key("folder"));
    let Some(Geometry::Polygon(area)) = &read.rows[2].geometry else { panic!("no polygon") };
    assert_eq!((area.exterior().0.len(), area.interiors().len()), (4, 1));
    assert_eq!(read.rows[3].geometry, Some(point!(x: 1., y: 2.).into()));
    assert_eq!(read.rows[4].geometry, line([(1., 2.), (3., 4.)]));
    assert_eq!((read.rows[3].number, read.rows[4].number), (4, 4));
    assert_eq!(read.rows[5].geometry, line([(1., 2.), (3., 4.)]));
    assert_eq!((read.rows[6].text("name").as_str(), &read.rows[6].geometry), ("无", &None));
}

#[test]
fn parts_of_one_kind_are_one_geometry() {
    let area = "<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 9,0 9,9 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon>";
    let read =
        read_text(placemark(&format!("<MultiGeometry>{area}{area}</MultiGeometry>"))).unwrap();
    let Some(Geometry::MultiPolygon(MultiPolygon(areas))) = &read.rows[0].geometry else {
        panic!("no multipolygon")
    };
    assert_eq!(areas.len(), 2);
}

#[test]
fn a_wrong_geometry_rejects_its_placemark_alone() {
    for (shape, reason) in [
        ("<Point><coordinates>118.16,NaN</coordinates></Point>", "not a number"),
        ("<Point><coordinates>inf,39</coordinates></Point>", "not a number"),
        ("<Point><coordinates>118.16</coordinates></Point>", "only one number"),
        ("<Point><coordinates> </coordinates></Point>", "no coordinates"),
        ("<Point/>", "no coordinates"),
        ("<LineString><coordinates>1,2</coordinates></LineString>", "two positions"),
        ("<Polygon/>", "no outer boundary"),
        (
            "<MultiGeometry><Point><coordinates>x,y</coordinates></Point></MultiGeometry>",
            "not a number",
        ),
    ] {
        let good = "<Point><coordinates>1,2</coordinates></Point>";
        let text =
            format!("<kml><Placemark>{shape}</Placemark><Placemark>{good}</Placemark></kml>");
        let read = read_text(text).unwrap();
        assert_eq!((read.rows.len(), read.rows[0].number), (1, 2), "{shape}");
        assert_eq!(read.rejected.len(), 1);
        assert!(read.rejected[0].1.contains(reason), "{shape}: {}", read.rejected[0].1);
    }
}

#[test]
fn the_declared_encoding_is_honoured() {
    let text = VILLAGE.replace("UTF-8", "GBK");
    let bytes = encoding_rs::GBK.encode(&text).0;
    let read = read_text(bytes).unwrap();
    assert_eq!(read.rows[0].text("name"), "浭阳 & 工地");
    assert_eq!(read.warnings.len(), 0);
    let silent = encoding_rs::GBK.encode(VILLAGE).0;
    assert_eq!(read_text(silent).unwrap().warnings.len(), 1);
}

#[test]
fn hostile_files_are_refused() {
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>
        <kml><Document><name>&lol2;</name></Document></kml>"#;
    assert!(matches!(read_text(laughs), Err(Error::Hostile(_))));
    let deep = format!("<kml>{}", "<Folder>".repeat(100_000));
    assert!(matches!(read_text(deep), Err(Error::Hostile(_))));
    for text in ["", "<html/>", "<kml><Placemark>", "plain", "<kml></Placemark>", "PK"] {
        assert!(read_text(text).is_err(), "{text}");
    }
}

#[test]
fn of_several_documents_in_a_kmz_the_main_one_is_read_and_the_others_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("两个.kmz");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    for name in ["工地.kml", "doc.kml", "餐饮.kml"] {
        zip.start_file(name, entry_options()).unwrap();
        zip.write_all(placemark(&format!("<name>{name}</name>")).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    assert_eq!(Kml.parts(&path).unwrap(), ["工地.kml", "doc.kml", "餐饮.kml"]);
    let read = |layer: Option<&str>| {
        let mut sink = Gathered::default();
        let layer = layer.map(str::to_owned);
        Kml.read(&path, &ReadOptions { layer, ..ReadOptions::default() }, &mut sink)
            .map(|()| Collected::from(sink))
    };
    let main = read(None).unwrap();
    assert!(main.warnings[0].contains("not read: 工地.kml, 餐饮.kml"), "{:?}", main.warnings);
    let other = read(Some("餐饮.kml")).unwrap();
    assert_eq!((other.rows.len(), other.warnings.len()), (1, 0));
    assert!(matches!(read(Some("无.kml")), Err(Error::NoSuchLayer { .. })));
}

#[test]
fn a_bomb_in_a_kmz_is_refused() {
    let file = tempfile::Builder::new().suffix(".kmz").tempfile().unwrap();
    let mut zip = ZipWriter::new(file.reopen().unwrap());
    zip.start_file("doc.kml", entry_options()).unwrap();
    zip.write_all(placemark(&" ".repeat(30 << 20)).as_bytes()).unwrap();
    zip.finish().unwrap();
    assert!(matches!(read(&Kml, file.path()), Err(Error::Hostile(_))));
}

#[test]
fn numbers_of_ours_come_back_as_numbers_and_those_of_others_as_text() {
    let data = r#"<ExtendedData><Data name="a"><value>3</value></Data>
        <Data name="b" shapan:type="json"><value>3</value></Data></ExtendedData>"#;
    let read = read_text(placemark(data)).unwrap();
    assert_eq!(read.rows[0].cells["a"], Cell::Text("3".into()));
    assert_eq!(read.rows[0].cells["b"], Cell::Integer(3));
}

proptest! {
    #[test]
    fn a_damaged_file_ends_in_rows_or_an_error(at in 0..VILLAGE.len(), byte in any::<u8>(), length in 0..2 * VILLAGE.len()) {
        let mut bytes = VILLAGE.as_bytes().to_vec();
        bytes[at] = byte;
        bytes.truncate(length);
        if let Ok(read) = read_text(&bytes) {
            prop_assert!(read.rows.len() + read.rejected.len() <= 7);
        }
    }

    #[test]
    fn any_words_read_back_equal(words in "\\PC{1,40}|[ \t\n<>&\"']{0,5}[a丰]") {
        let mut layers = small_world();
        layers[0].1[0].cells[6] = Cell::Text(words.clone().into());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.kml");
        write(&Kml, &path, layers, &Crs::Wgs84).unwrap();
        prop_assert_eq!(read(&Kml, &path).unwrap().rows[0].text("备注"), words);
    }
}

#[test]
fn a_point_that_only_labels_the_polygon_around_it_is_no_row() {
    let point = |name: &str, at: &str, more: &str| {
        format!(
            "<Placemark><name>{name}</name>{more}<Point><coordinates>{at}</coordinates></Point></Placemark>"
        )
    };
    let area = |name: &str, x: u32| {
        let ring = format!("{x},0 {0},0 {0},9 {x},9 {x},0", x + 9);
        format!(
            "<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}\
             </coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    };
    let said = "<description>另有说明</description>";
    let folder = |inner: &[String]| format!("<Folder><name>层</name>{}</Folder>", inner.concat());
    let text = format!(
        "<kml><Document>{}{}</Document></kml>",
        folder(&[
            point("甲工地", "1,1", ""),
            point("乙工地", "11,1", ""),
            point("乙工地", "12,1", ""),
            point("丙工地", "99,1", ""),
            point("丁工地", "31,1", said),
            point("戊工地", "41,1", ""),
        ]),
        folder(&[area("甲工地", 0), area("乙工地", 10), area("丙工地", 20), area("丁工地", 30)])
    );
    let read = read_text(text).unwrap();
    let names: Vec<String> = read.rows.iter().map(|row| row.text("name")).collect();
    assert_eq!(
        names,
        ["乙工地", "乙工地", "丙工地", "丁工地", "戊工地", "甲工地", "乙工地", "丙工地", "丁工地"],
        "two in one polygon, one outside and one with words of its own stay"
    );
    assert_eq!(read.rows[0].number, 2);
    assert!(read.warnings[0].contains("1 points"), "{:?}", read.warnings);
}
