//! Files read and written, ours, those of GDAL and hostile ones.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use geo_types::{Geometry, line_string, point, polygon};
use jiff::Timestamp;
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::*;
use crate::domain::{Ids, Kind, Record, Stamp, Value, World};
use crate::exchange::testing::Gathered;
use crate::exchange::write::layers;
use crate::exchange::{Cell, StatedCrs};
use crate::geodesy::crs::Crs;

fn record(ids: &mut Ids, kind: Kind, fields: &Json, geometry: Option<Geometry<f64>>) -> Record {
    let stamp = Stamp { actor: "t".into(), at: Timestamp::UNIX_EPOCH };
    let mut record = Record::new(ids.next(), kind, &stamp);
    record.geometry = geometry;
    for (key, value) in fields.as_object().unwrap() {
        if let Some(field) = kind.field(key) {
            let value = Value::from_json(field, value).unwrap();
            assert!(record.set(key, value));
        } else {
            let extra = record.extra.get_or_insert_default();
            Arc::make_mut(extra).insert(key.clone(), value.clone());
        }
    }
    record
}

/// Every type of field, extras of every type, points, lines, polygons and a record without place.
fn small_world() -> World {
    let mut ids = Ids::new(Timestamp::from_second(1_700_000_000).unwrap(), 1);
    let yard = polygon![(x: 118.1, y: 39.8), (x: 118.2, y: 39.8), (x: 118.2, y: 39.9), (x: 118.1, y: 39.8)];
    let road = line_string![(x: 118.1, y: 39.8), (x: 118.3, y: 39.85)];
    let rows = [
        (
            Kind::ControlPoint,
            json!({ "code": "3576A", "name": "丰润区政府", "radii_m": [500, 1000.5], "running_from": "2015-01-01" }),
            Some(point! { x: 118.1562, y: 39.8322 }.into()),
        ),
        (
            Kind::Site,
            json!({ "code": "s1", "name": "=工地\"一\"", "kind": "construction", "wash": "合格",
                    "面积": 120, "tags": { "a": [1, null] }, "fid": 7, "NAME": "x", "checked": true, "mixed": 5 }),
            Some(yard.into()),
        ),
        (
            Kind::Site,
            json!({ "name": "停车场", "kind": "parking", "licensed": false, "面积": 120.5, "mixed": "5-6",
                    "list": ["a;b", "c"] }),
            Some(point! { x: 118.0, y: 39.0 }.into()),
        ),
        (Kind::Site, json!({ "name": "无坐标", "kind": "other" }), None),
        (
            Kind::Road,
            json!({ "name": "京哈线", "class": "trunk", "lanes": 4, "max_mass_t": 3.5, "oneway": "no" }),
            Some(road.into()),
        ),
        (
            Kind::Restriction,
            json!({ "name": "限行", "kind": "limited", "classes": ["heavy", "medium"], "stages": ["国三"],
                    "boundary_included": true, "valid_from": "2026-12-01" }),
            Some(line_string![(x: 1.0, y: 2.0), (x: 3.0, y: 4.0)].into()),
        ),
    ];
    rows.into_iter().map(|(kind, fields, at)| record(&mut ids, kind, &fields, at)).collect()
}

fn exported(world: &World, crs: &Crs) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out #1 导出.gpkg");
    let keep = |_: &Record| true;
    let layers = layers(world, &Kind::ALL, crs, &keep);
    Gpkg.write(&path, &mut layers.into_iter()).unwrap();
    (folder, path)
}

fn read(path: &Path) -> Result<Gathered, Error> {
    let mut gathered = Gathered::default();
    Gpkg.read(path, &ReadOptions::default(), &mut gathered)?;
    Ok(gathered)
}

/// Rows back to records, as far as tests need it.
fn rebuilt(gathered: &Gathered) -> Vec<(Kind, String, Json, Option<Geometry<f64>>)> {
    let mut records = Vec::new();
    for table in &gathered.tables {
        let kind: Kind = table.name.parse().unwrap();
        for row in &table.rows {
            let (mut id, mut fields) = (String::new(), serde_json::Map::new());
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                let value = match (kind.field(column), cell) {
                    (_, Cell::Empty) => continue,
                    (Some(field), Cell::Json(json)) => Value::from_json(field, json).unwrap(),
                    (Some(field), cell) => Value::parse(field, &cell.to_text()).unwrap(),
                    (None, cell) => {
                        let json = match cell {
                            Cell::Integer(number) => json!(number),
                            Cell::Real(number) => json!(number),
                            Cell::Boolean(truth) => json!(truth),
                            Cell::Json(json) => json.clone(),
                            cell => json!(cell.to_text()),
                        };
                        if column == "id" {
                            id = json.as_str().unwrap().to_owned();
                        } else {
                            fields.insert(column.clone(), json);
                        }
                        continue;
                    }
                };
                fields.insert(column.clone(), value.unwrap().to_json());
            }
            records.push((kind, id, Json::Object(fields), row.geometry.clone()));
        }
    }
    records
}

fn said(record: &Record) -> (Kind, String, Json, Option<Geometry<f64>>) {
    let fields = record.values().map(|(field, value)| (field.key.to_owned(), value.to_json()));
    let extra = record.extra.iter().flat_map(|extra| extra.iter());
    let extra = extra.map(|(name, value)| (name.clone(), value.clone()));
    let all: serde_json::Map<String, Json> = fields.chain(extra).collect();
    (record.kind, record.id.to_string(), Json::Object(all), record.geometry.clone())
}

#[test]
fn what_is_written_reads_back_equal() {
    let world = small_world();
    let (_folder, path) = exported(&world, &Crs::Wgs84);
    let read = read(&path).unwrap();
    assert_eq!(read.warnings, Vec::<String>::new());
    assert!(read.tables.iter().all(|table| table.crs == StatedCrs::Wgs84));
    let mut expected: Vec<_> = world.all().map(|record| said(record)).collect();
    // A column has one type: numbers are reals where one of them is, the rest is text; and `NAME`
    // is the same column as `name` to SQLite.
    for (_, _, fields, _) in &mut expected {
        let fields = fields.as_object_mut().unwrap();
        for (name, then) in [("面积", json!(120.0)), ("mixed", json!("5"))] {
            if fields.get(name).is_some_and(Json::is_i64) {
                fields.insert(name.to_owned(), then);
            }
        }
        if let Some(name) = fields.remove("NAME") {
            fields.insert("NAME_2".to_owned(), name);
        }
    }
    assert_eq!(rebuilt(&read).len(), expected.len());
    for (read, expected) in rebuilt(&read).iter().zip(&expected) {
        assert_eq!(read, expected);
    }
}

#[test]
fn the_same_world_makes_the_same_bytes_and_leaves_nothing_beside_them() {
    let world = small_world();
    let ((folder, one), (_other, two)) =
        (exported(&world, &Crs::Wgs84), exported(&world, &Crs::Wgs84));
    assert_eq!(fs::read(one).unwrap(), fs::read(two).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn each_datum_is_stated_in_the_file() {
    let world = small_world();
    for (name, id) in [("wgs84", 4326), ("gcj02", 100_002), ("bd09", 100_009), ("epsg:4548", 4548)]
    {
        let crs: Crs = name.parse().unwrap();
        let (_folder, path) = exported(&world, &crs);
        let read = read(&path).unwrap();
        let original = point! { x: 118.1562, y: 39.8322 };
        let shifted = geo_types::Point(crs.from_wgs84(original.0));
        let table = read.table("control_point");
        assert_eq!(table.rows[0].geometry, Some(shifted.into()));
        let db = Connection::open(&path).unwrap();
        let blob: Vec<u8> =
            db.query_row("SELECT geom FROM control_point", [], |row| row.get(0)).unwrap();
        assert_eq!(wkb_srs(&blob), id);
    }
}

fn wkb_srs(blob: &[u8]) -> i32 {
    crate::geodesy::wkb::from_gpkg(blob).unwrap().1
}

/// GDAL's own validator and reader, where they are installed.
#[test]
fn gdal_finds_the_files_valid() {
    let validator = "/usr/share/doc/python3-gdal/examples/validate_gpkg.py";
    if !Path::new(validator).exists() {
        eprintln!("SKIPPED: {validator} is not here");
        return;
    }
    let files = [
        exported(&small_world(), &Crs::Wgs84),
        exported(&small_world(), &"epsg:4527".parse().unwrap()),
        exported(&World::default(), &Crs::Gcj02),
    ];
    for (_folder, path) in &files {
        let run = Command::new("/usr/bin/python3").arg(validator).arg(path).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn a_box_finds_through_the_rtree_what_lies_in_it() {
    let (_folder, path) = exported(&small_world(), &Crs::Wgs84);
    let db = Connection::open(&path).unwrap();
    let found: i64 = db
        .query_row(
            "SELECT count(*) FROM rtree_site_geom WHERE maxx >= 118.05 AND minx <= 118.15",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(found, 1);
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

/// A file as somebody else makes it, from SQL.
fn foreign(sql: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("foreign.gpkg");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY,
             organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 4548, 'EPSG', 4548, 'PROJCS', ''),
             ('x', 0, 'NONE', 0, 'undefined', '');
         CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);",
    )
    .unwrap();
    db.execute_batch(sql).unwrap();
    drop(db);
    (folder, path)
}

#[test]
fn tables_of_others_are_read_with_the_types_that_they_declare() {
    let (_folder, path) = foreign(
        "INSERT INTO gpkg_contents VALUES ('点', 'features'), ('notes', 'attributes'), ('v', 'features');
         INSERT INTO gpkg_geometry_columns VALUES ('点', 'the Geom', 4548);
         CREATE VIEW v AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT n FROM r;
         CREATE TABLE 点 (fid INTEGER PRIMARY KEY, 'the Geom' POINT, 名称 TEXT, 在用 BOOLEAN,
             日期 DATE, 数 REAL, photo BLOB, created_at TEXT);
         INSERT INTO 点 VALUES (5, NULL, '一', 1, '2026-01-02', 1.5, x'00', 'kept'),
             (9, x'4750', NULL, 0, 'soon', NULL, NULL, NULL);",
    );
    let read = read(&path).unwrap();
    assert_eq!(read.tables.len(), 1);
    let table = read.table("点");
    assert_eq!(table.crs, StatedCrs::Epsg(4548));
    assert_eq!(table.columns, ["名称", "在用", "日期", "数", "photo", "created_at"]);
    assert_eq!(table.rows[0].number, 5);
    let date = Cell::Date(jiff::civil::date(2026, 1, 2));
    let expected = [
        Cell::Text("一".into()),
        Cell::Boolean(true),
        date,
        Cell::Real(1.5),
        Cell::Empty,
        Cell::Text("kept".into()),
    ];
    assert_eq!(table.rows[0].cells, expected);
    assert_eq!(table.rejected, [(9, "the geometry ends before it is complete".to_owned())]);
    assert_eq!(read.warnings.len(), 2, "{:?}", read.warnings);
}

#[test]
fn a_district_file_gives_its_records_without_their_history() {
    let (_folder, path) = foreign(
        r#"INSERT INTO gpkg_contents VALUES ('site', 'features');
        INSERT INTO gpkg_geometry_columns VALUES ('site', 'geom', 0);
        CREATE TABLE site (fid INTEGER PRIMARY KEY, geom GEOMETRY, id TEXT, name TEXT, created_at TEXT,
            created_by TEXT, changed_at TEXT, changed_by TEXT, source_file TEXT, source_row INTEGER, extra TEXT);
        INSERT INTO site (id, name, created_by, extra) VALUES ('u', 'n', 'me', '{"b":1,"a":["x"]}'),
            ('v', 'm', 'me', NULL);"#,
    );
    let read = read(&path).unwrap();
    let site = read.table("site");
    assert_eq!(site.crs, StatedCrs::Unstated);
    assert_eq!(site.columns, ["id", "name", "b", "a"]);
    assert_eq!(site.cell(&site.rows[0], "a"), Cell::Json(json!(["x"])));
    assert_eq!(site.cell(&site.rows[1], "b"), Cell::Empty);
}

#[test]
fn one_layer_may_be_asked_for() {
    let (_folder, path) = exported(&small_world(), &Crs::Wgs84);
    let mut gathered = Gathered::default();
    let only =
        |layer: &str| ReadOptions { layer: Some(layer.to_owned()), ..ReadOptions::default() };
    Gpkg.read(&path, &only("road"), &mut gathered).unwrap();
    assert_eq!(gathered.tables.len(), 1);
    let refused = Gpkg.read(&path, &only("trees"), &mut gathered);
    assert!(matches!(refused, Err(Error::NoSuchLayer { known, .. }) if known.contains("site")));
}

/// Names and bytes of everything in a folder.
fn listing(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn reading_writes_nothing_even_beside_a_log_that_was_left_behind() {
    let (folder, path) = exported(&small_world(), &Crs::Wgs84);
    let before = listing(folder.path());
    read(&path).unwrap();
    assert_eq!(listing(folder.path()), before);

    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    db.execute("DELETE FROM road", []).unwrap();
    // As after a crash: the database and its log are copied while the log holds the deletion.
    let left = tempfile::tempdir().unwrap();
    let crashed = left.path().join("left.gpkg");
    fs::copy(&path, &crashed).unwrap();
    fs::copy(beside(&path, "-wal"), beside(&crashed, "-wal")).unwrap();
    let before = listing(left.path());
    assert_eq!(read(&crashed).unwrap().table("road").rows.len(), 0);
    assert_eq!(listing(left.path()), before);
    // And while the other program is still there.
    assert_eq!(read(&path).unwrap().table("road").rows.len(), 0);
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    format!("{}{ending}", path.display()).into()
}

fn refusal(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    fs::write(&path, bytes).unwrap();
    read(&path).unwrap_err().to_string()
}

#[test]
fn what_is_no_geopackage_is_refused_with_a_reason() {
    assert!(refusal(b"").contains("no SQLite database"));
    assert!(refusal(b"SQLite format 3\0 and then nothing").contains("not a GeoPackage file"));
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain.gpkg");
    Connection::open(&plain).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(read(&plain).unwrap_err().to_string().contains("without `gpkg_contents`"));
    let (_folder, tiles) = foreign("INSERT INTO gpkg_contents VALUES ('t', 'tiles')");
    assert!(read(&tiles).unwrap_err().to_string().contains("no feature tables"));
    let missing = read(&folder.path().join("missing.gpkg"));
    assert!(matches!(missing, Err(Error::Io(_))));
}

#[test]
fn a_file_that_exists_is_not_written_over() {
    let (_folder, path) = exported(&World::default(), &Crs::Wgs84);
    let again = Gpkg.write(&path, &mut std::iter::empty());
    assert!(matches!(again, Err(Error::Io(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_file_with_any_bytes_changed_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let (_folder, path) = foreign(
            "INSERT INTO gpkg_contents VALUES ('t', 'features');
             INSERT INTO gpkg_geometry_columns VALUES ('t', 'g', 4548);
             CREATE TABLE t (fid INTEGER PRIMARY KEY, g POINT, name TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
             INSERT INTO t SELECT i, x'47500001E4110000', hex(i) FROM n;",
        );
        let mut bytes = fs::read(&path).unwrap();
        for (index, byte) in changes {
            *index.get_mut(&mut bytes) = byte;
        }
        if is_cut {
            bytes.truncate(length.index(bytes.len()));
        }
        fs::write(&path, bytes).unwrap();
        let result = read(&path);
        prop_assert!(result.is_ok() || !result.unwrap_err().to_string().is_empty());
    }
}
