//! Imports from file to records: datums, identities, rejections.

use serde_json::json;

use super::doubts::{DoubtCause, OnDoubt};
use super::*;
use crate::domain::{Record, Value};
use crate::exchange::formats::csv::Csv;
use crate::exchange::testing::{after, file, run, settings};

fn csv(text: &str, settings: &Import, world: &World) -> Result<(World, Report), ImportError> {
    let (_folder, path) = file("t.csv", text.as_bytes());
    let mut settings = settings.clone();
    settings.ids = Ids::new(settings.stamp.at, 1000 * (1 + world.len() as u128));
    let (changes, report) = run(&Csv, &path, &settings, world)?;
    let taken = report.added + report.updated + report.unchanged;
    assert_eq!(report.read, taken + report.rejected + report.left_out);
    Ok((after(world, changes), report))
}

fn new(text: &str) -> (World, Report) {
    csv(text, &settings(Some("wgs84")), &World::default()).unwrap()
}

fn only(world: &World) -> &Record {
    assert_eq!(world.len(), 1);
    world.all().next().unwrap()
}

fn reasons(report: &Report) -> Vec<(u64, &str, &str)> {
    let rejections = report.rejections.iter();
    rejections.map(|bad| (bad.row, bad.field.as_str(), bad.reason.en.as_str())).collect()
}

const SITES: &str = "编码,名称,类型,经度,纬度,乡镇,绿化率\n\
    S1,老王饭店,餐饮,118.16,39.83,丰润镇,30%\n\
    S2,一号工地,construction,118.17,39.84,,\n";

#[test]
fn chinese_columns_become_fields_and_the_rest_stays_beside_them() {
    let (world, report) = new(SITES);
    let site = world.table(Kind::Site).by_code("S1").unwrap();
    assert_eq!(site.name(), "老王饭店");
    assert_eq!(site.get("kind"), Some(&Value::Choice("restaurant")));
    assert_eq!(site.text("township"), "丰润镇");
    assert_eq!(site.extra.as_ref().unwrap().get("绿化率"), Some(&json!("30%")));
    assert_eq!(site.meta.source.as_ref().map(|source| source.row), Some(2));
    assert_eq!((report.read, report.added, report.crs.as_str()), (2, 2, "wgs84"));
    assert_eq!(report.layers, [Kind::Site]);
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
}

#[test]
fn degrees_without_any_fraction_and_names_out_of_remarks_are_said() {
    let warned = |text: &str, word: &str| {
        let (_, report) = new(text);
        report.warnings.iter().any(|words| words.zh.contains(word))
    };
    assert!(warned("名称,经度,纬度\n甲,118,39\n", "整数度"));
    assert!(!warned("名称,经度,分,秒,纬度,分,秒\n甲,118,9,36,39,49,48\n", "整数度"));
    assert!(warned("某某,备注,经度,纬度\n甲,门前,118.16,39.83\n", "“备注”等列的内容作名称"));
    assert!(warned("名称,信用代码,经度,纬度\n甲,9.11302E+17,118.16,39.83\n", "末几位"));
}

#[test]
fn a_second_import_changes_nothing_and_a_third_only_what_differs() {
    let (world, _) = new(SITES);
    let wgs84 = settings(Some("wgs84"));
    let (same, report) = csv(SITES, &wgs84, &world).unwrap();
    assert_eq!((report.added, report.updated, report.unchanged), (0, 0, 2));
    let text = "编码,电话,乡镇\nS1,010-1,\n";
    let (changed, report) = csv(text, &wgs84, &same).unwrap();
    assert_eq!((report.updated, report.unchanged), (1, 0));
    let site = changed.table(Kind::Site).by_code("S1").unwrap();
    assert_eq!((site.text("phone"), site.text("township")), ("010-1", "丰润镇"));
    assert!(site.geometry.is_some(), "an empty cell leaves the stored value");
    assert_eq!(site.name(), "老王饭店");
}

#[test]
fn a_new_row_beside_a_record_of_its_name_or_type_is_told_and_left_out_when_asked() {
    let (world, _) = new(SITES);
    let text = "名称,类型,经度,纬度\n\
        老王饭店,企业,118.1601,39.8301\n新饭店,餐饮,118.1604,39.83\n\
        远饭店,餐饮,118.162,39.83\n近工厂,企业,118.16,39.83\n";
    let wgs84 = settings(Some("wgs84"));
    let (_, report) = csv(text, &wgs84, &world).unwrap();
    let told: Vec<_> =
        report.doubts.iter().map(|d| (d.row, d.known.as_str(), d.distance_m, d.cause)).collect();
    let expected = [
        (2, "老王饭店", Some(14), DoubtCause::NameNearby),
        (3, "老王饭店", Some(34), DoubtCause::TypeNearby),
    ];
    assert_eq!(told, expected);
    assert_eq!((report.added, report.doubted), (4, 2));

    let (_, report) = csv(text, &doubtful(OnDoubt::LeaveOut), &world).unwrap();
    assert_eq!((report.added, report.left_out, report.read), (2, 2, 4));
    // Another restaurant beside it is not it, unless somebody says so of that row.
    let (after, report) = csv(text, &doubtful(OnDoubt::Same), &world).unwrap();
    assert_eq!((report.added, report.updated), (3, 1));
    assert_eq!(after.table(Kind::Site).by_code("S1").unwrap().text("kind"), "enterprise");
    let mut one = wgs84;
    one.doubts.rows.insert((0, 3), OnDoubt::Same);
    let (after, report) = csv(text, &one, &world).unwrap();
    assert_eq!((report.added, report.updated), (3, 1));
    assert_eq!(after.table(Kind::Site).by_code("S1").unwrap().name(), "新饭店");
}

fn doubtful(all: OnDoubt) -> Import {
    let doubts = DoubtChoices { all, ..DoubtChoices::default() };
    Import { doubts, ..settings(Some("wgs84")) }
}

#[test]
fn the_report_shows_what_became_of_each_column() {
    let (_, report) = new(SITES);
    let [table] = report.tables.as_slice() else { panic!("{:?}", report.tables) };
    assert_eq!((table.kind, table.rows), (Kind::Site, 2));
    let shown: Vec<_> = table
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.target.key(table.kind)))
        .collect();
    assert_eq!(
        shown,
        [
            ("编码", "code"),
            ("名称", "name"),
            ("类型", "kind"),
            ("经度", "lon"),
            ("纬度", "lat"),
            ("乡镇", "township"),
            ("绿化率", "extra")
        ]
    );
    assert_eq!(table.columns[1].samples, ["老王饭店", "一号工地"]);
    assert_eq!(table.columns[5].samples, ["丰润镇"]);
}

#[test]
fn a_header_is_known_again_without_reading_the_file() {
    let (_folder, path) = file("t.csv", SITES.as_bytes());
    let columns = outline::header(&Csv, &path, &ReadOptions::default()).unwrap();
    assert_eq!(outline::signature(&columns), "编码|名称|类型|经度|纬度|乡镇|绿化率");
    let back: Vec<String> =
        columns.into_iter().chain(["退回行".to_owned(), "退回原因".to_owned()]).collect();
    assert_eq!(outline::signature(&back), "编码|名称|类型|经度|纬度|乡镇|绿化率");
}

#[test]
fn rows_without_a_code_find_themselves_by_name_and_place() {
    let text = "名称,经度,纬度\n甲,118.1,39.8\n乙,,\n甲,118.2,39.8\n";
    let (world, report) = new(text);
    assert_eq!((report.added, report.unlocated), (3, 1));
    let (again, report) = csv(text, &settings(Some("wgs84")), &world).unwrap();
    assert_eq!((report.unchanged, again.len()), (3, 3));
}

#[test]
fn an_unplaced_row_does_not_double_what_a_person_placed_since() {
    let (world, _) = new("名称,地址\n乙,丰润镇\n");
    let placed = Record {
        geometry: Some(geo_types::Geometry::Point(geo_types::Point::new(118.1, 39.8))),
        ..only(&world).clone()
    };
    let world: World = [placed].into_iter().collect();
    let (world, report) = csv("名称,地址\n乙,丰润镇\n", &settings(None), &world).unwrap();
    assert_eq!((report.unchanged, report.unlocated), (1, 0));
    assert!(only(&world).geometry.is_some());
}

#[test]
fn an_id_finds_its_record_and_an_unknown_one_is_kept() {
    let id = "01890000-0000-7000-8000-000000000001";
    let (world, _) = new(&format!("id,名称,经度,纬度\n{id},甲,118.1,39.8\n"));
    assert_eq!(only(&world).id.to_string(), id);
    assert_eq!(only(&world).code(), None);
    let text = format!("id,名称,经度,纬度\n{id},甲甲,118.1,39.8\n");
    let (world, report) = csv(&text, &settings(Some("wgs84")), &world).unwrap();
    assert_eq!((report.updated, only(&world).name()), (1, "甲甲"));
    let twice = format!("id,名称\n{id},甲\n{id},乙\n");
    assert_eq!(reasons(&new(&twice).1), [(3, "id", "an earlier row has the same id")]);
    let (world, _) = new("id,名称\n7,甲\n");
    assert_eq!((only(&world).code(), only(&world).extra.is_some()), (None, true));
}

#[test]
fn bad_rows_are_rejected_one_by_one_with_the_reason() {
    let text = "名称,经度,纬度\n\
        甲,abc,39.8\n乙,NaN,39.8\n丙,39.8,118.1\n丁,0,0\n,118.1,39.8\n戊,118.1,\n己,218.1,39.8\n\
        庚,118.1,39.8\n";
    let (world, report) = new(text);
    assert_eq!(only(&world).name(), "庚");
    assert_eq!(
        reasons(&report),
        [
            (2, "lon", "not a number: `abc` has no place in a coordinate"),
            (3, "lon", "not a number: `NaN` has no place in a coordinate"),
            (4, "lat", "longitude and latitude look swapped"),
            (5, "lon", "0, 0 is no position, only an empty one"),
            (6, "name", "missing"),
            (7, "lat", "missing, but the row has a longitude"),
            (8, "lon", "off the Earth"),
        ]
    );
    assert_eq!(report.rejections[0].value, "abc");
}

#[test]
fn a_place_far_from_the_district_is_rejected() {
    let (world, _) = csv(
        "编码,名称,级别,经度,纬度\nA,站,国控,118.16,39.83\n",
        &settings(Some("wgs84")),
        &World::default(),
    )
    .unwrap();
    assert_eq!(world.table(Kind::ControlPoint).len(), 1);
    let text = "名称,经度,纬度\n甲,113.26,23.13\n乙,118.2,39.9\n";
    let (_, report) = csv(text, &settings(Some("wgs84")), &world).unwrap();
    assert_eq!((report.added, report.rejected), (1, 1));
    assert!(report.rejections[0].reason.en.contains("km from the district"));
}

#[test]
fn without_a_datum_nothing_is_taken_but_rows_without_a_place_need_none() {
    let none = settings(None);
    let refused = csv(SITES, &none, &World::default());
    assert!(matches!(refused, Err(ImportError::DatumUnknown { .. })));
    let (_, report) = csv("名称,经度,纬度\n甲,,\n乙,/,/\n", &none, &World::default()).unwrap();
    assert_eq!((report.unlocated, report.crs.as_str()), (2, ""));
}

#[test]
fn a_stated_datum_is_believed() {
    let stated = "名称,经度(GCJ02),纬度(GCJ02)\n甲,118.1,39.8\n";
    let (_, report) = csv(stated, &settings(None), &World::default()).unwrap();
    assert_eq!(report.crs, "gcj02");
    let column = "名称,lon,lat,crs\n甲,118.1,39.8,bd09\n乙,118.1,39.8,wgs84\n丙,1,2,西安80\n";
    let (_, report) = csv(column, &settings(Some("wgs84")), &World::default()).unwrap();
    assert_eq!(report.crs, "bd09, wgs84");
    assert!(report.warnings[0].en.contains("--crs wgs84 was left aside"), "{:?}", report.warnings);
    assert_eq!(reasons(&report), [(4, "crs", "a CRS that is not known here")]);
}

#[test]
fn survey_sheets_with_the_northing_first_are_understood() {
    let text = "名称,X,Y\n甲,4411000,500500\n";
    let (world, report) = csv(text, &settings(Some("epsg:4548")), &World::default()).unwrap();
    assert!(only(&world).geometry.is_some());
    assert!(report.warnings[0].en.contains("call the northing X"), "{:?}", report.warnings);
    let (_, report) = new(text);
    assert!(report.rejections[0].reason.en.contains("--crs epsg"));
}

#[test]
fn what_a_field_cannot_hold_is_kept_beside_it_and_told() {
    let text = "名称,类型,绩效等级,备案\n甲,理发店,,\n乙,企业,Z,是\n丙,企业,A级,\n";
    let (world, report) = new(text);
    assert_eq!((report.added, report.rejected), (3, 0));
    let by_name = |name: &str| world.all().find(|record| record.name() == name).unwrap();
    let extra = |name: &str, key: &str| by_name(name).extra.as_ref()?.get(key).cloned();
    assert_eq!(by_name("甲").text("kind"), "other");
    assert_eq!(extra("甲", "类型"), Some(json!("理发店")));
    assert_eq!(extra("乙", "绩效等级"), Some(json!("Z")));
    // 备案 is a field of parking, not of enterprises.
    assert_eq!(extra("乙", "备案"), Some(json!("是")));
    assert_eq!((by_name("丙").text("grade"), &by_name("丙").extra), ("A", &None));
    assert_eq!(report.warnings.len(), 2, "{:?}", report.warnings);
    assert!(report.warnings.iter().any(|words| words.en.contains("row 2: 理发店")));
    let (world, _) = csv("名称,绩效等级\n乙,B\n", &settings(None), &world).unwrap();
    let corrected = world.all().find(|record| record.name() == "乙").unwrap();
    assert_eq!(corrected.text("grade"), "B");
    assert!(!corrected.extra.as_ref().unwrap().contains_key("绩效等级"));
}

#[test]
fn a_map_overrides_and_a_wrong_one_is_told() {
    let mut mapped = settings(Some("wgs84"));
    mapped.map = vec![("name".into(), "摊主".into()), ("lon".into(), "甲列".into())];
    let (world, _) =
        csv("摊主,名称,甲列,纬度\n王五,摊,118.1,39.8\n", &mapped, &World::default()).unwrap();
    assert_eq!(only(&world).name(), "王五");
    assert_eq!(only(&world).extra.as_ref().unwrap().get("名称"), Some(&json!("摊")));
    let wrong = csv("名称\n甲\n", &mapped, &World::default());
    assert!(matches!(wrong, Err(ImportError::NoSuchColumn { column, .. }) if column == "摊主"));
    mapped.map = vec![("nmae".into(), "名称".into())];
    let wrong = csv("名称\n甲\n", &mapped, &World::default());
    assert!(matches!(wrong, Err(ImportError::NoSuchField { field }) if field == "nmae"));
}

#[test]
fn a_layer_column_sends_each_row_to_its_layer() {
    let text = "layer,name,lon,lat,wkt,crs\n\
        site,甲,118.1,39.8,,wgs84\n\
        道路,丰润大街,,,\"LINESTRING (118.1 39.8, 118.2 39.8)\",wgs84\n\
        0-图层,乙,118.1,39.8,,wgs84\n";
    let (world, report) = csv(text, &settings(None), &World::default()).unwrap();
    assert_eq!(report.layers, [Kind::Site, Kind::Road]);
    assert_eq!(world.table(Kind::Road).len(), 1);
    let foreign = world.table(Kind::Site).iter().find(|site| site.name() == "乙").unwrap();
    assert_eq!(foreign.extra.as_ref().unwrap().get("layer"), Some(&json!("0-图层")));
}

#[test]
fn a_shape_that_the_layer_cannot_take_is_rejected_and_a_crossed_one_repaired() {
    let text = "layer,name,wkt\n\
        site,甲,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n\
        area,乙,\"POLYGON ((118 39, 119 40, 119 39, 118 40, 118 39))\"\n\
        area,丙,\"POLYGON ((118 39, 119 40))\"\n\
        area,丁,nonsense\n";
    let (world, report) = new(text);
    assert_eq!(world.table(Kind::Area).len(), 1);
    let expected = [
        (2, "geometry", "a site cannot be a LineString"),
        (4, "geometry", "a polygon needs three points that are not on one line"),
        (5, "wkt", "not a geometry in WKT"),
    ];
    assert_eq!(reasons(&report), expected);
    assert!(report.warnings[0].en.starts_with("1 polygons crossed themselves"));
}

#[test]
fn a_nameless_road_is_called_by_its_number_or_class() {
    let text = "layer,name,ref,class,wkt\n\
        road,,G102,trunk,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n\
        road,,,支路,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n\
        road,,,,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n";
    let (world, report) = new(text);
    let names: Vec<&str> = world.all().map(|record| record.name()).collect();
    assert_eq!(names, ["G102", "支路"]);
    assert_eq!(reasons(&report), [(4, "name", "missing")]);
}

#[test]
fn known_places_that_land_beside_themselves_tell_of_the_wrong_datum() {
    // Monitoring stations of Tangshan, WGS-84.
    let stations = [
        ("丰润区政府", 118.1562, 39.8322),
        ("雷达站", 118.131, 39.6363),
        ("物资局", 118.1725, 39.6334),
        ("小山", 118.1869, 39.622),
    ];
    let list = |crs: &str| {
        let crs: Crs = crs.parse().unwrap();
        let rows = stations.map(|(name, x, y)| {
            let at = crs.from_wgs84(geo_types::Coord { x, y });
            format!("{name},国控,{},{}\n", at.x, at.y)
        });
        format!("名称,级别,经度,纬度\n新站,国控,118.2,39.7\n{}", rows.concat())
    };
    let (known, _) = new(&list("wgs84"));
    let first_warning = |file: &str, said: &str| {
        let (_, report) = csv(&list(file), &settings(Some(said)), &known).unwrap();
        report.warnings.into_iter().next().unwrap_or_default().en
    };
    assert!(first_warning("gcj02", "wgs84").contains("looks like GCJ-02, not wgs84"));
    assert!(first_warning("bd09", "cgcs2000").contains("looks like BD-09, not cgcs2000"));
    assert!(first_warning("wgs84", "gcj02").contains("looks like WGS-84 already, not GCJ-02"));
    assert!(first_warning("wgs84", "bd09").contains("looks like WGS-84 already, not BD-09"));
    for right in ["wgs84", "gcj02", "bd09"] {
        assert_eq!(first_warning(right, right), "");
    }
}

#[test]
fn the_same_record_twice_in_one_file_is_updated_in_turn() {
    let (world, _) = new("编码,名称\nS1,甲\n");
    let text = "编码,名称,电话,地址\nS1,甲,1,\nS1,甲,,某街\n";
    let (_folder, path) = file("t.csv", text.as_bytes());
    let (changes, report) = run(&Csv, &path, &settings(None), &world).unwrap();
    assert_eq!(report.updated, 2);
    let last = changes[1].after.as_ref().unwrap();
    assert_eq!((last.text("phone"), last.text("address")), ("1", "某街"));
    assert_eq!(changes[1].before, changes[0].after);
}

#[test]
fn the_national_stations_are_read_as_they_were_published() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/stations/stations_tangshan_2022.02.13.csv");
    if !path.exists() {
        eprintln!("skipped: {} is absent", path.display());
        return;
    }
    let (changes, report) = run(&Csv, &path, &settings(Some("wgs84")), &World::default()).unwrap();
    assert_eq!((report.read, report.added, report.rejected), (13, 13, 0));
    assert_eq!(report.layers, [Kind::ControlPoint]);
    let world = after(&World::default(), changes);
    let fengrun = world.table(Kind::ControlPoint).by_code("3576A").unwrap();
    assert_eq!(fengrun.name(), "丰润区政府");
    assert_eq!(fengrun.extra.as_ref().unwrap().get("城市"), Some(&json!("唐山")));
}

#[test]
fn villages_without_coordinates_are_unlocated() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/admin/fengrun_villages_china-division-2.7.0.csv");
    if !path.exists() {
        eprintln!("skipped: {} is absent", path.display());
        return;
    }
    let (changes, report) = run(&Csv, &path, &settings(None), &World::default()).unwrap();
    assert_eq!((report.added, report.unlocated), (553, 553));
    let world = after(&World::default(), changes);
    assert!(world.table(Kind::Site).by_code("130208001006").is_some());
}

mod features;
mod identity;
mod kinds;
