//! From the office's files to the district and out again, by the program as a user starts it.

use serde_json::Value as Json;
use shapan::domain::Kind;
use shapan::store::DistrictReader;

use crate::support::{complained, done, file, folder, run, said, shared};

const SITES: &str = "编码,名称,类型,经度,纬度,责任人,备注\n\
    S1,一号工地,工地,118.15,39.83,张三,=1+1\n\
    S2,老饭店,餐饮,118.16,39.83,,无\n\
    S3,没有坐标,停车场,,,王五,\n\
    S4,坐标反了,企业,39.83,118.15,,\n\
    S5,,企业,118.15,39.83,,\n";

fn report(text: &str) -> Json {
    let reports: Json = serde_json::from_str(text).unwrap();
    reports[0].clone()
}

#[test]
fn a_spreadsheet_becomes_records_and_its_bad_rows_come_back_with_reasons() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "sites.csv", SITES);
    let told = run(at, &["import", "a.gpkg", "sites.csv", "--crs", "wgs84", "--json"]);
    assert_eq!(told.status.code(), Some(1), "some rows were refused");
    let report = report(&said(&told));
    for (key, count) in [("read", 5), ("added", 3), ("unlocated", 1), ("rejected", 2)] {
        assert_eq!(report[key], count, "{key}");
    }
    let rows: Vec<u64> = report["rejections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["row"].as_u64().unwrap())
        .collect();
    assert_eq!(rows, [5, 6], "the header is row 1");
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn reasons_and_warnings_are_chinese_unless_english_is_asked_for() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "sites.csv", SITES.replace("餐饮", "理发店"));
    let import = ["import", "a.gpkg", "sites.csv", "--crs", "wgs84", "--dry-run"];
    let told = said(&run(at, &import));
    for line in [
        "  × 第 5 行：经纬度似乎写反了（118.15）\n",
        "  × 第 6 行：缺少名称\n",
        "不是已知的点位类型，按“其他”录入（第 3 行：理发店）\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
    let words = |lang: &[&str]| {
        let report = report(&said(&run(at, &[&import[..], lang, &["--json"]].concat())));
        let reason = |at: usize| report["rejections"][at]["reason"].as_str().unwrap().to_owned();
        (reason(0), reason(1), report["warnings"][0].as_str().unwrap().to_owned())
    };
    let (swapped, nameless, warning) = words(&[]);
    assert_eq!((swapped.as_str(), nameless.as_str()), ("经纬度似乎写反了", "缺少名称"));
    assert!(warning.contains("不是已知的点位类型"), "{warning}");
    let (swapped, nameless, warning) = words(&["--lang", "en"]);
    assert_eq!(swapped, "longitude and latitude look swapped");
    assert_eq!(nameless, "missing");
    assert!(warning.contains("no kind of site"), "{warning}");
}

#[test]
fn a_second_import_updates_and_never_doubles() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "sites.csv", SITES);
    let import = ["import", "a.gpkg", "sites.csv", "--crs", "wgs84", "--json"];
    run(at, &import);
    let again = report(&said(&run(at, &import)));
    assert_eq!((&again["added"], &again["unchanged"]), (&0.into(), &3.into()));
    file(at, "sites.csv", SITES.replace("张三", "李四"));
    let changed = report(&said(&run(at, &import)));
    assert_eq!((&changed["updated"], &changed["unchanged"]), (&1.into(), &2.into()));
}

#[test]
fn without_a_datum_nothing_is_written() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "sites.csv", SITES);
    let bytes = std::fs::read(at.join("a.gpkg")).unwrap();
    let refused = run(at, &["import", "a.gpkg", "sites.csv"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(complained(&refused).contains("--crs"));
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), bytes);
    let dry = run(at, &["import", "a.gpkg", "sites.csv", "--crs", "gcj02", "--dry-run"]);
    assert_eq!(dry.status.code(), Some(1));
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), bytes);
}

#[test]
fn of_several_files_one_that_cannot_be_read_leaves_nothing_of_the_others() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "sites.csv", SITES);
    file(at, "broken.geojson", "{\"type\":\"FeatureCollection\",\"features\":[");
    let refused = run(at, &["import", "a.gpkg", "sites.csv", "broken.geojson", "--crs", "wgs84"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(done(at, &["history", "a.gpkg"]), "");
}

#[test]
fn a_shifted_import_of_known_points_is_told_so() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let header = "编码,名称,类型,经度,纬度\n";
    let rows = |shift: (f64, f64)| {
        let row = |number: u32| {
            let (lon, lat) = (118.10 + f64::from(number) / 100.0 + shift.0, 39.83 + shift.1);
            format!("S{number},点{number},餐饮,{lon:.6},{lat:.6}\n")
        };
        format!("{header}{}", (0..8).map(row).collect::<String>())
    };
    file(at, "true.csv", rows((0.0, 0.0)));
    // The offset of GCJ-02 at 118.16, 39.83.
    file(at, "shifted.csv", rows((0.006_363, 0.001_371)));
    done(at, &["import", "a.gpkg", "true.csv", "--crs", "wgs84"]);
    let told = report(&done(
        at,
        &["import", "a.gpkg", "shifted.csv", "--crs", "wgs84", "--dry-run", "--json"],
    ));
    assert!(told["warnings"].to_string().contains("GCJ-02"), "{}", told["warnings"]);
}

#[test]
fn every_format_gives_back_what_it_was_given() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let world = DistrictReader::open(&at.join("sample.gpkg")).unwrap().load().unwrap();
    // Deliveries are readings, and what became of an alarm is no file's to say.
    let goes_out = |kind: &Kind| !matches!(kind, Kind::Delivery | Kind::Episode);
    let all: usize =
        Kind::ALL.into_iter().filter(goes_out).map(|kind| world.table(kind).len()).sum();
    for target in
        ["out.geojson", "out.csv", "out.xlsx", "out.kml", "out.kmz", "out.zip", "out.gpkg"]
    {
        done(at, &["export", "sample.gpkg", target]);
        let back = run(at, &["import", "sample.gpkg", target, "--dry-run", "--json"]);
        assert!(back.status.success(), "{target}: {}", complained(&back));
        let report = report(&said(&back));
        assert_eq!(
            (&report["added"], &report["updated"], &report["rejected"]),
            (&0.into(), &0.into(), &0.into()),
            "{target}: {report}"
        );
        assert_eq!(report["unchanged"], all, "{target}");
        assert!(!at.join(format!("{target}-wal")).exists());
    }
}

#[test]
fn flows_need_no_name_and_are_told_apart_by_what_drives() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let header = "from,to,class,stage,axles,trucks_per_day,source\n";
    let rows =
        "G1,G2,heavy,国五,6,820,假设\nG1,G2,heavy,国四,6,120,实测\nG2,G1,,,,30,\n,G1,heavy,,,5,\n";
    file(at, "flows.csv", format!("{header}{rows}"));
    let told = run(at, &["import", "a.gpkg", "flows.csv", "--as", "flow", "--json"]);
    let first = report(&said(&told));
    assert_eq!((&first["added"], &first["rejected"]), (&3.into(), &1.into()), "{first}");
    let again = run(at, &["import", "a.gpkg", "flows.csv", "--as", "flow", "--json"]);
    let second = report(&said(&again));
    assert_eq!((&second["added"], &second["unchanged"]), (&0.into(), &3.into()), "{second}");
    done(at, &["export", "a.gpkg", "out.csv", "--layer", "flow"]);
    let written = std::fs::read_to_string(at.join("out.csv")).unwrap();
    assert!(written.contains("G1 → G2 重型 国五 6轴") && written.contains("G2 → G1"), "{written}");
}

#[test]
fn rings_are_listed_with_the_columns_that_others_rely_on() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "s.gpkg"]);
    let csv = done(at, &["rings", "s.gpkg", "--radius", "500", "--layer", "site"]);
    let header = csv.lines().next().unwrap();
    assert!(
        header.starts_with("control_point,radius_m,layer,code,name,kind,distance_m"),
        "{header}"
    );
    assert!(csv.lines().skip(1).all(|line| line.contains(",500,site,")));
}

#[test]
fn the_national_station_is_where_the_state_says() {
    let Some(stations) = shared("stations/stations_tangshan_2022.02.13.csv") else { return };
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let stations = stations.to_str().unwrap();
    let report = report(&done(
        at,
        &["import", "a.gpkg", stations, "--as", "control_point", "--crs", "wgs84", "--json"],
    ));
    assert_eq!((&report["added"], &report["rejected"]), (&13.into(), &0.into()));
    let out = done(at, &["export", "a.gpkg", "out.geojson", "--where", "code=3576A"]);
    assert_eq!(out, "control_point 1\n");
    let written = std::fs::read_to_string(at.join("out.geojson")).unwrap();
    assert!(written.contains("118.1562") && written.contains("丰润区政府"), "{written}");
}
