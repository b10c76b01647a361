//! The wait at an import, as a whole process: file in, district with index and journal on disk.
//!
//! Beside it `ogr2ogr` writes the same file to an indexed GeoPackage, where it is installed.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to report")]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};

const KINDS: [&str; 5] = ["工地", "餐饮", "企业", "停车场", "汽修"];
const TOWNS: [&str; 6] = ["丰润镇", "任各庄镇", "左家坞镇", "泉河头镇", "王官营镇", "火石营镇"];

/// One site as an office lists it.
struct Row {
    number: u32,
    lon: f64,
    lat: f64,
}

fn rows(count: u32) -> impl Iterator<Item = Row> {
    (0..count).map(|number| {
        let scattered = f64::from(number.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX);
        let lat = 39.6 + 0.4 * (scattered * 977.0).fract();
        Row { number, lon: 117.8 + 0.5 * scattered, lat }
    })
}

const HEADER: [&str; 11] =
    ["编码", "名称", "类型", "经度", "纬度", "乡镇", "地址", "责任人", "电话", "监管部门", "备注"];

impl Row {
    fn cells(&self) -> [String; 11] {
        let number = self.number;
        let pick = |words: &[&str]| words[number as usize % words.len()].to_owned();
        [
            format!("S{number:07}"),
            format!("点位{number}"),
            pick(&KINDS),
            format!("{:.6}", self.lon),
            format!("{:.6}", self.lat),
            pick(&TOWNS),
            format!("示例路{}号", number % 900),
            format!("张{}", number % 500),
            format!("0315-{number:07}"),
            "住建".to_owned(),
            format!("备注{}", number % 50),
        ]
    }
}

fn csv(folder: &Path, count: u32) -> PathBuf {
    let path = folder.join(format!("{count}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    writeln!(file, "{}", HEADER.join(",")).unwrap();
    for row in rows(count) {
        writeln!(file, "{}", row.cells().join(",")).unwrap();
    }
    path
}

fn geojson(folder: &Path, count: u32) -> PathBuf {
    let path = folder.join(format!("{count}.geojson"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    let crs = r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}"#;
    writeln!(file, r#"{{"type":"FeatureCollection","crs":{crs},"features":["#).unwrap();
    for row in rows(count) {
        let cells = row.cells();
        let named = HEADER.iter().zip(&cells).filter(|(name, _)| !["经度", "纬度"].contains(name));
        let properties: Vec<String> =
            named.map(|(name, cell)| format!(r#""{name}":"{cell}""#)).collect();
        let (lon, lat) = (row.lon, row.lat);
        let comma = if row.number + 1 == count { "" } else { "," };
        writeln!(
            file,
            r#"{{"type":"Feature","properties":{{{}}},"geometry":{{"type":"Point","coordinates":[{lon:.6},{lat:.6}]}}}}{comma}"#,
            properties.join(",")
        )
        .unwrap();
    }
    writeln!(file, "]}}").unwrap();
    path
}

fn xlsx(folder: &Path, count: u32) -> PathBuf {
    let path = folder.join(format!("{count}.xlsx"));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    sheet.write_row(0, 0, HEADER).unwrap();
    for row in rows(count) {
        let line = row.number + 1;
        for (column, cell) in (0..).zip(row.cells()) {
            match column {
                3 => sheet.write_number(line, column, row.lon).unwrap(),
                4 => sheet.write_number(line, column, row.lat).unwrap(),
                _ => sheet.write_string(line, column, cell).unwrap(),
            };
        }
    }
    book.save(&path).unwrap();
    path
}

fn run(program: &str, arguments: &[&str]) -> Option<Duration> {
    let start = Instant::now();
    let output = Command::new(program).args(arguments).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(start.elapsed())
}

fn ours(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, file: &Path) {
    let shapan = env!("CARGO_BIN_EXE_shapan");
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|rounds| {
            (0..rounds)
                .map(|_| {
                    let folder = tempfile::tempdir().unwrap();
                    let district = folder.path().join("a.gpkg");
                    let district = district.to_str().unwrap();
                    run(shapan, &["new", district]).unwrap();
                    run(shapan, &["import", district, file.to_str().unwrap(), "--crs", "wgs84"])
                        .unwrap()
                })
                .sum()
        });
    });
}

fn ogr2ogr(group: &mut BenchmarkGroup<'_, WallTime>, file: &Path, options: &[&str]) {
    if run("ogr2ogr", &["--version"]).is_none() {
        return;
    }
    group.bench_function("ogr2ogr", |bencher| {
        bencher.iter_custom(|rounds| {
            (0..rounds)
                .map(|_| {
                    let folder = tempfile::tempdir().unwrap();
                    let target = folder.path().join("a.gpkg");
                    let mut arguments =
                        vec!["-f", "GPKG", target.to_str().unwrap(), file.to_str().unwrap()];
                    arguments.extend(options);
                    run("ogr2ogr", &arguments).unwrap()
                })
                .sum()
        });
    });
}

const PLACES: [&str; 6] =
    ["-oo", "X_POSSIBLE_NAMES=经度", "-oo", "Y_POSSIBLE_NAMES=纬度", "-a_srs", "EPSG:4326"];

/// A workbook's places come out of a query, as GDAL has no options for its columns.
const SHEET_QUERY: [&str; 6] = [
    "-dialect",
    "SQLite",
    "-sql",
    "SELECT *, MakePoint(CAST(\"经度\" AS REAL), CAST(\"纬度\" AS REAL), 4326) AS geom FROM Sheet1",
    "-a_srs",
    "EPSG:4326",
];

fn import(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let hundred_thousand: [(&str, PathBuf, &[&str]); 3] = [
        ("import 100,000 from CSV", csv(folder.path(), 100_000), &PLACES),
        ("import 100,000 from GeoJSON", geojson(folder.path(), 100_000), &[]),
        ("import 100,000 from XLSX", xlsx(folder.path(), 100_000), &SHEET_QUERY),
    ];
    for (name, file, options) in &hundred_thousand {
        let mut group = criterion.benchmark_group(*name);
        group.sample_size(10).measurement_time(Duration::from_secs(15));
        ours(&mut group, "shapan", file);
        ogr2ogr(&mut group, file, options);
        group.finish();
    }
    let mut group = criterion.benchmark_group("import 1,000,000");
    group.sample_size(10).measurement_time(Duration::from_mins(1));
    ours(&mut group, "shapan from CSV", &csv(folder.path(), 1_000_000));
    ours(&mut group, "shapan from GeoJSON", &geojson(folder.path(), 1_000_000));
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
