//! Shapefiles read and written, with the crate `shapefile` as the other opinion.

use std::io::{Cursor, Write as _};

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, point, polygon};
use proptest::prelude::*;
use shapefile::dbase;
use tempfile::TempDir;
use zip::ZipWriter;

use super::*;
use crate::domain::Kind;
use crate::exchange::formats::archive::{Archive, entry_options};
use crate::exchange::formats::round_trip::{
    Collected, Kept, read, read_bytes, small_world, there_and_back, write,
};
use crate::exchange::testing::Gathered;
use crate::exchange::{Cell, OutRow, StatedCrs};
use crate::geodesy::crs::Crs;

/// The small world as written, without what is to be replaced.
fn packed(crs: &Crs) -> (TempDir, Vec<Kept>, Collected) {
    let folder = tempfile::tempdir().unwrap();
    let (written, read) = there_and_back(&Shapefile, &folder.path().join("world.zip"), crs);
    (folder, written, read)
}

/// The parts of a written world, unpacked into the same folder.
fn unpacked(folder: &TempDir) -> Vec<String> {
    let mut archive = Archive::open(&folder.path().join("world.zip"), "zip").unwrap();
    let names = archive.names().to_vec();
    for name in &names {
        std::fs::write(folder.path().join(name), archive.read(name).unwrap()).unwrap();
    }
    names
}

fn by_id(rows: impl IntoIterator<Item = Kept>) -> Vec<Kept> {
    let mut rows: Vec<Kept> = rows.into_iter().map(|row| Kept { number: 0, ..row }).collect();
    rows.sort_by_key(|row| row.text("id"));
    rows
}

/// One shapefile from its bytes.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut zip = ZipWriter::new(&mut bytes);
    for (name, bytes) in entries {
        zip.start_file(*name, entry_options()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    bytes.into_inner()
}

/// A `.shp` of these records.
fn shp(records: &[Vec<u8>]) -> Vec<u8> {
    let length: usize = records.iter().map(|record| record.len() + 8).sum();
    let mut bytes = 9994_u32.to_be_bytes().to_vec();
    bytes.resize(24, 0);
    bytes.extend_from_slice(&((100 + length) as u32 / 2).to_be_bytes());
    bytes.extend_from_slice(&1000_u32.to_le_bytes());
    bytes.extend_from_slice(&1_u32.to_le_bytes());
    bytes.resize(100, 0);
    for (nth, record) in records.iter().enumerate() {
        bytes.extend_from_slice(&(nth as u32 + 1).to_be_bytes());
        bytes.extend_from_slice(&(record.len() as u32 / 2).to_be_bytes());
        bytes.extend_from_slice(record);
    }
    bytes
}

fn point_record(x: f64, y: f64) -> Vec<u8> {
    [&1_u32.to_le_bytes()[..], &x.to_le_bytes(), &y.to_le_bytes()].concat()
}

fn polygon_record(rings: &[&[(f64, f64)]]) -> Vec<u8> {
    let mut bytes = 5_u32.to_le_bytes().to_vec();
    bytes.resize(36, 0);
    bytes.extend_from_slice(&(rings.len() as u32).to_le_bytes());
    let count: usize = rings.iter().map(|ring| ring.len()).sum();
    bytes.extend_from_slice(&(count as u32).to_le_bytes());
    let mut start = 0_u32;
    for ring in rings {
        bytes.extend_from_slice(&start.to_le_bytes());
        start += ring.len() as u32;
    }
    for (x, y) in rings.iter().flat_map(|ring| ring.iter()) {
        bytes.extend_from_slice(&x.to_le_bytes());
        bytes.extend_from_slice(&y.to_le_bytes());
    }
    bytes
}

/// A `.dbf` of one column of text, in whatever encoding the bytes are.
fn dbf(name: &[u8], language: u8, values: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![3, 120, 1, 1];
    bytes.extend_from_slice(&(values.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&[65, 0, 21, 0]);
    bytes.resize(29, 0);
    bytes.push(language);
    bytes.resize(32, 0);
    bytes.extend_from_slice(name);
    bytes.resize(43, 0);
    bytes.push(b'C');
    bytes.resize(48, 0);
    bytes.push(20);
    bytes.resize(64, 0);
    bytes.push(0x0d);
    for value in values {
        bytes.push(b' ');
        bytes.extend_from_slice(value);
        bytes.resize(bytes.len() + 20 - value.len(), b' ');
    }
    bytes
}

#[test]
fn what_is_written_reads_back_equal() {
    let (folder, written, read) = packed(&Crs::Wgs84);
    let tables: Vec<&str> = read.tables.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(tables, ["road", "site", "site", "site"]);
    assert_eq!((read.rejected, read.warnings), (vec![], vec![]));
    assert_eq!(by_id(read.rows), by_id(written));
    let path = folder.path().join("world.zip");
    let first = std::fs::read(&path).unwrap();
    there_and_back(&Shapefile, &path, &Crs::Wgs84);
    assert_eq!(std::fs::read(&path).unwrap(), first, "the same input gives the same bytes");
}

#[test]
fn the_datum_is_stated_beside_every_shapefile() {
    for crs in ["wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4548", "epsg:4527"] {
        let crs: Crs = crs.parse().unwrap();
        let (_, _, read) = packed(&crs);
        for (_, stated) in read.tables {
            let StatedCrs::Wkt(text) = stated else { panic!("nothing stated") };
            assert_eq!(Crs::from_wkt(&text), Some(crs.clone()));
        }
    }
}

#[test]
fn another_implementation_reads_what_is_written() {
    let (folder, _, _) = packed(&Crs::Wgs84);
    let names = unpacked(&folder);
    assert!(names.contains(&"site_polygon.shx".to_owned()), "{names:?}");
    let path = folder.path().join("site_point.shp");
    let reader = dbase::ReaderBuilder::new()
        .with_encoding(dbase::encoding::UnicodeLossy)
        .open(path.with_extension("dbf"))
        .unwrap();
    let shapes = shapefile::ShapeReader::from_path(&path).unwrap();
    let rows = shapefile::Reader::new(shapes, reader).read().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(
        matches!(&rows[0].0, shapefile::Shape::Point(at) if at.x.to_bits() == 118.156_2_f64.to_bits())
    );
    assert!(matches!(&rows[1].0, shapefile::Shape::NullShape));
    let value = |name| rows[0].1.get(name).unwrap().to_string();
    assert!(value("name").contains("浭阳工地"), "{}", value("name"));
    assert!(value("lanes").contains("-4"), "{}", value("lanes"));
    let areas = shapefile::read_shapes(folder.path().join("site_polygon.shp")).unwrap();
    let shapefile::Shape::Polygon(area) = &areas[1] else { panic!("no polygon") };
    let is_outer =
        |ring: &shapefile::PolygonRing<_>| matches!(ring, shapefile::PolygonRing::Outer(_));
    assert_eq!(area.rings().iter().map(is_outer).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn an_unpacked_shapefile_reads_like_the_packed_one() {
    let (folder, written, _) = packed(&Crs::Wgs84);
    unpacked(&folder);
    let mut rows = Vec::new();
    for name in ["site_point.shp", "site_polygon.shp", "site_multipoint.shp", "road.shp"] {
        rows.extend(read(&Shapefile, &folder.path().join(name)).unwrap().rows);
    }
    assert_eq!(by_id(rows), by_id(written));
    std::fs::remove_file(folder.path().join("fields.json")).unwrap();
    let plain = read(&Shapefile, &folder.path().join("site_point.shp")).unwrap();
    assert_eq!(plain.rows[0].text("备注"), "“引号”\"'<&>,;\n第二行");
    assert_eq!(plain.tables[0].0, "site_point");
}

#[test]
fn odd_and_long_texts_read_back_equal() {
    let long = "豁免：军车、警车、消防车、救护车、工程救险车 ".repeat(40);
    let blanks = format!("a{}b", " ".repeat(900));
    let texts = [" vor", "nach ", "\"", "\"a\"", "a\0b", &long, &blanks, "\\u0020", "{}", "null"];
    let mut layers = small_world();
    let template = layers.remove(0).1.remove(0);
    let rows = texts.iter().map(|text| {
        let mut cells = template.cells.clone();
        cells[6] = Cell::Text((*text).to_owned().into());
        OutRow { cells, geometry: template.geometry.clone() }
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.zip");
    write(&Shapefile, &path, vec![(Kind::Site, rows.collect())], &Crs::Wgs84).unwrap();
    let read = read(&Shapefile, &path).unwrap();
    let found: Vec<String> = read.rows.iter().map(|row| row.text("备注")).collect();
    assert_eq!(found, texts);
}

#[test]
fn long_names_become_short_ones_that_differ() {
    let mut names = fields::ShortNames::default();
    let found = ["on_response_list", "on_response_date", "ON_RESPONS", "油烟净化器", "", "a b"]
        .map(|name| names.short(name));
    assert_eq!(found, ["on_respons", "on_respo_1", "ON_RESPO_2", "油烟净", "field", "ab"]);
    assert!(found.iter().all(|name| name.len() <= 10));
}

#[test]
fn chinese_in_gbk_is_read_by_language_cpg_or_look() {
    let shape = shp(&[point_record(118.0, 39.0), point_record(118.1, 39.1)]);
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    // 联通 in GBK happens to be valid UTF-8 as well.
    let values = [gbk("联通"), gbk("丰润区")];
    let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
    let name = gbk("名称");
    let cases = [
        (0x4d, "", 0),
        (0, "GBK", 0),
        (0, "936", 0),
        (0x57, "", 1),
        (0, "UTF-8", 1),
        (0, "65001", 1),
    ];
    for (language, cpg, warnings) in cases {
        let table = dbf(&name, language, &values);
        let mut entries: Vec<(&str, &[u8])> = vec![("a.SHP", &shape), ("a.dbf", &table)];
        if !cpg.is_empty() {
            entries.push(("a.CPG", cpg.as_bytes()));
        }
        let read = read_bytes(&Shapefile, ".zip", zipped(&entries)).unwrap();
        assert_eq!(read.rows[0].text("名称"), "联通", "{language} {cpg}");
        assert_eq!(read.rows[1].text("名称"), "丰润区");
        assert_eq!(read.warnings.len(), warnings);
        assert_eq!(read.tables, [("a".to_owned(), StatedCrs::Unstated)]);
    }
    let utf8 = dbf(
        "名称".as_bytes(),
        0,
        &["丰润区".as_bytes(), "任各庄镇任各庄".as_bytes().split_at(20).0],
    );
    let read =
        read_bytes(&Shapefile, ".zip", zipped(&[("a.shp", &shape), ("a.dbf", &utf8)])).unwrap();
    let names: Vec<String> = read.rows.iter().map(|row| row.text("名称")).collect();
    assert_eq!(names, ["丰润区", "任各庄镇任各"], "a character cut off by the column is dropped");
}

#[test]
fn a_shapefile_without_table_is_shapes_alone() {
    let shape = shp(&[point_record(118.0, 39.0)]);
    let read = read_bytes(&Shapefile, ".shp", &shape).unwrap();
    assert_eq!(read.rows[0].geometry, Some(point!(x: 118.0, y: 39.0).into()));
    assert!(read.warnings[0].contains(".dbf is missing"), "{:?}", read.warnings);
}

#[test]
fn deleted_bad_and_unpaired_records_are_told_apart() {
    let shape = shp(&[
        point_record(1.0, 2.0),
        point_record(3.0, 4.0),
        point_record(f64::NAN, 4.0),
        vec![1, 0, 0, 0, 9, 9],
        99_u32.to_le_bytes().to_vec(),
        0_u32.to_le_bytes().to_vec(),
    ]);
    let mut table = dbf(b"name", 0, &[b"a", b"b", b"c", b"d", b"e", b"f", b"g"]);
    table[65 + 21] = b'*';
    let read =
        read_bytes(&Shapefile, ".zip", zipped(&[("a.shp", &shape), ("a.dbf", &table)])).unwrap();
    let names: Vec<(u64, String)> =
        read.rows.iter().map(|row| (row.number, row.text("name"))).collect();
    assert_eq!(names, [(1, "a".to_owned()), (6, "f".to_owned()), (7, "g".to_owned())]);
    let rejected: Vec<u64> = read.rejected.iter().map(|(number, _)| *number).collect();
    assert_eq!(rejected, [3, 4, 5]);
    assert_eq!(read.warnings.len(), 1);
}

#[test]
fn holes_find_the_smallest_ring_around_them() {
    // Clockwise: a field with a lake with an island with a pond, and another field.
    let square = |low: f64, high: f64, is_clockwise: bool| -> Vec<(f64, f64)> {
        let mut ring = vec![(low, low), (low, high), (high, high), (high, low), (low, low)];
        if !is_clockwise {
            ring.reverse();
        }
        ring
    };
    let field = |is: bool| {
        [
            square(0., 9., is),
            square(3., 6., is),
            square(20., 30., is),
            square(1., 8., !is),
            square(4., 5., !is),
        ]
    };
    for is_clockwise in [true, false] {
        let rings = field(is_clockwise);
        let rings: Vec<&[(f64, f64)]> = rings.iter().map(Vec::as_slice).collect();
        let read = read_bytes(&Shapefile, ".shp", shp(&[polygon_record(&rings)])).unwrap();
        let Some(Geometry::MultiPolygon(MultiPolygon(areas))) = &read.rows[0].geometry else {
            panic!()
        };
        let holes: Vec<Vec<f64>> =
            areas.iter().map(|a| a.interiors().iter().map(|hole| hole.0[0].x).collect()).collect();
        assert_eq!(holes, [vec![1.0], vec![4.0], vec![]]);
    }
}

#[test]
fn broken_files_end_in_an_error_that_says_what_is_broken() {
    let shape = shp(&[point_record(118.0, 39.0), point_record(118.1, 39.1)]);
    let table = dbf(b"name", 0, &[b"a", b"b"]);
    let read_parts = |shape: &[u8], table: &[u8]| {
        read_bytes(&Shapefile, ".zip", zipped(&[("a.shp", shape), ("a.dbf", table)]))
    };
    for length in 0..shape.len() {
        assert!(
            matches!(read_parts(&shape[..length], &table), Err(Error::Malformed { .. })),
            "{length}"
        );
    }
    for length in 0..table.len() {
        assert!(
            matches!(read_parts(&shape, &table[..length]), Err(Error::Malformed { .. })),
            "{length}"
        );
    }
    let mut greedy = shape.clone();
    greedy[104..108].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    assert!(matches!(read_parts(&greedy, &table), Err(Error::Malformed { .. })));
    let nested = zipped(&[("inner.zip", b"PK")]);
    let error = read_bytes(&Shapefile, ".zip", nested).unwrap_err().to_string();
    assert!(error.contains("another zip"), "{error}");
    let other = ReadOptions { layer: Some("b".to_owned()), ..ReadOptions::default() };
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), zipped(&[("a.shp", &shape), ("a.dbf", &table)])).unwrap();
    let missing = Shapefile.read(file.path(), &other, &mut Gathered::default());
    assert!(matches!(missing, Err(Error::NoSuchLayer { .. })));
}

#[test]
fn a_record_that_promises_more_points_than_it_holds_is_rejected() {
    let mut record = polygon_record(&[&[(0., 0.), (0., 1.), (1., 1.), (0., 0.)]]);
    record[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
    let read = read_bytes(&Shapefile, ".shp", shp(&[record, point_record(1.0, 2.0)])).unwrap();
    assert_eq!((read.rejected.len(), read.rows.len()), (1, 1));
}

#[test]
fn a_plain_shp_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let refused = write(&Shapefile, &folder.path().join("a.shp"), small_world(), &Crs::Wgs84);
    assert!(matches!(refused, Err(Error::Unwritable(_))));
}

proptest! {
    // Each case writes or reads whole archives.
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_damaged_shapefile_ends_in_rows_or_an_error(
        flips in proptest::collection::vec((0_usize..400, any::<u8>()), 1..6),
        is_table in any::<bool>(),
    ) {
        let rings: [&[(f64, f64)]; 2] = [&[(0., 0.), (0., 9.), (9., 9.), (0., 0.)], &[(1., 2.), (2., 8.), (1., 8.), (1., 2.)]];
        let mut shape = shp(&[point_record(1.0, 2.0), polygon_record(&rings)]);
        let mut table = dbf(b"name", 0, &[b"a", b"b"]);
        let damaged = if is_table { &mut table } else { &mut shape };
        for (at, byte) in flips {
            let at = at % damaged.len();
            damaged[at] = byte;
        }
        let bytes = zipped(&[("a.shp", &shape), ("a.dbf", &table)]);
        if let Ok(read) = read_bytes(&Shapefile, ".zip", bytes) {
            prop_assert!(read.rows.len() + read.rejected.len() <= 2 + 255);
        }
    }

    #[test]
    fn any_ring_reads_back_counter_clockwise_and_equal(points in proptest::collection::vec((-10.0..10.0, -10.0..10.0), 3..9)) {
        let area: Polygon<f64> = Polygon::new(LineString::from(points), vec![]);
        let area_of = shapes::signed_area(&area.exterior().0);
        prop_assume!(area_of > 1e-6);
        let mut layers = small_world();
        layers[0].1[0].geometry = Some(area.clone().into());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        write(&Shapefile, &path, layers, &Crs::Wgs84).unwrap();
        let rows = by_id(read(&Shapefile, &path).unwrap().rows);
        prop_assert_eq!(rows[0].geometry.clone(), Some(area.into()));
    }

    #[test]
    fn any_texts_read_back_equal(text in "\\PC{1,300}|[ \"\\\\a丰]{1,600}") {
        let parts = fields::stored(&text);
        let parts = fields::split(&parts);
        prop_assert!(parts.iter().all(|part| part.len() <= 254));
        let table: String = parts.iter().map(|part| part.trim_end_matches([' ', '\0'])).collect();
        prop_assert_eq!(fields::restored(&table), Cell::Text(text.into()));
    }
}

#[test]
fn a_ring_keeps_its_first_vertex_when_it_is_turned() {
    let ring = polygon![(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 1.)];
    let turned = shapes::turned(ring.exterior().0.clone(), false);
    assert_eq!(turned.0[0], Coord { x: 1., y: 1. });
    assert_eq!(shapes::turned(turned.0, true), *ring.exterior());
}
