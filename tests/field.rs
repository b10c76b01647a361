//! Small files as offices, phones and other programs write them, and what is right for each: walks
//! `../shared/field`, imports every file into a fresh district as a user does and compares.
//!
//! What is not yet right stands in [`NOT_YET`]; the test fails when one of them becomes right
//! unnoticed, so that the list only shrinks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use geo::Centroid;
use geo_types::Geometry;
use serde_json::Value as Json;
use shapan::domain::{Kind, Record, Value};
use shapan::geodesy::mercator::TileId;
use shapan::store::DistrictReader;

use crate::support::{applied, complained, done, file, folder, run, said, skipped};

use Right::{
    All, At, Either, Exit, Field, Is, Named, Nowhere, Records, Said, TruckKm, Unsaid, Vertices,
};

/// What holds after the import.
enum Right {
    /// The exit status of the last import. Where none is stated it is 0 or 1: something was done.
    Exit(i32),
    /// So many records, and no others.
    Records(usize),
    /// The names of all records, in the order of the alphabet.
    Named(&'static [&'static str]),
    /// A record of this name lies at this place, WGS-84 degrees within 1e-6.
    At(&'static str, f64, f64),
    /// Every record lies there.
    All(f64, f64),
    /// A record of this name has no place.
    Nowhere(&'static str),
    /// A record of this name is of this kind, and its geometry of this type.
    Is(&'static str, Kind, &'static str),
    /// A record of this name has so many vertices.
    Vertices(&'static str, usize),
    /// A field of the record of this name, as a cell.
    Field(&'static str, &'static str, &'static str),
    /// The report or the complaint has one of these words, which are apart by `|`.
    Said(&'static str),
    Unsaid(&'static str),
    /// What a heavy truck drives from the west gate to the east gate.
    TruckKm(f64),
    Either(&'static [Right]),
}

/// A file, or several one after another, and what is right.
struct Case {
    /// Below `../shared/field`; the last is the one that is looked at.
    files: &'static [&'static str],
    /// Arguments of the last import beside `--json`; `--crs wgs84` unless others are given.
    how: &'static [&'static str],
    right: &'static [Right],
}

const fn case(files: &'static [&'static str], right: &'static [Right]) -> Case {
    Case { files, how: &["--crs", "wgs84"], right }
}

/// Cases that are not right yet, as [`name_of`] calls them.
const NOT_YET: &[&str] = &[];

const SHORT_WAY: &[Right] = &[Records(4), TruckKm(5.1)];
const DETOUR: &[Right] = &[Records(4), TruckKm(11.8)];

const HERE: (f64, f64) = (118.16, 39.83);

const CASES: &[Case] = &[
    // Identity and rows.
    case(
        &["same-numbers-1.csv", "same-numbers-2.csv"],
        &[
            Records(5),
            Named(&["丙饭店", "乙饭店", "某小区", "某道路", "甲饭店"]),
            Unsaid("GCJ-02"),
            Unsaid("BD-09"),
        ],
    ),
    case(
        &["codes-in-scientific-notation.csv"],
        &[
            Records(3),
            Named(&["丙虚构饭店", "乙虚构饭店", "甲虚构饭店"]),
            Field("甲虚构饭店", "code", ""),
            Field("乙虚构饭店", "code", ""),
            Field("丙虚构饭店", "code", ""),
            Field("甲虚构饭店", "phone", ""),
            Said("科学计数|科学记数|丢失|失去"),
        ],
    ),
    case(
        &["merged-cells-and-subtotals.xlsx"],
        &[
            Records(5),
            Named(&["丁饭店", "丙饭店", "乙饭店", "戊饭店", "甲饭店"]),
            At("甲饭店", 118.16, 39.83),
            At("戊饭店", 118.171, 39.841),
            Said("小计|合计"),
        ],
    ),
    case(&["html.xls"], &[Records(1), All(HERE.0, HERE.1)]),
    case(&["tab-separated.xls"], &[Records(1), All(HERE.0, HERE.1)]),
    case(&["xml2003.xls"], &[Records(1), All(HERE.0, HERE.1)]),
    case(
        &["formulas-without-values.xlsx"],
        &[Nowhere("甲工地"), Nowhere("乙工地"), Said("#N/A"), Said("公式"), Said("计算")],
    ),
    case(
        &["hidden-rows.xlsx"],
        &[Records(3), Said("隐藏的行|行隐藏|隐藏行|行是隐藏|行被隐藏|隐藏")],
    ),
    case(
        &["dates.csv"],
        &[
            Records(23),
            Field("D1", "fume_test_on", "2026-11-03"),
            Field("D3", "fume_test_on", "2026-11-03"),
            Field("D5", "fume_test_on", "2026-11-03"),
            Field("D6", "fume_test_on", "2026-11-03"),
            Field("D7", "fume_test_on", "2026-11-03"),
            Field("D11", "fume_test_on", "2026-11-03"),
            Field("D12", "fume_test_on", "2026-11-03"),
            Field("D15", "fume_test_on", "2026-11-03"),
            Field("D17", "fume_test_on", "2026-11-03"),
            Field("D18", "fume_test_on", "2026-11-03"),
            Field("D19", "fume_test_on", "2026-11-03"),
            Field("D20", "fume_test_on", "2026-11-03"),
            Field("D21", "fume_test_on", "2026-11-03"),
            Field("D2", "fume_test_on", ""),
            Field("D4", "fume_test_on", ""),
            Field("D8", "fume_test_on", ""),
            Field("D9", "fume_test_on", ""),
            Field("D14", "fume_test_on", ""),
            Field("D16", "fume_test_on", ""),
            Field("D22", "fume_test_on", ""),
            Field("D23", "fume_test_on", ""),
            Said("03/11/2026"),
        ],
    ),
    case(&["a-date-makes-no-meeting.csv"], &[Is("甲工地", Kind::Site, "Point"), Records(1)]),
    case(&["a-deadline-makes-no-decision.csv"], &[Is("甲工地", Kind::Site, "Point"), Records(1)]),
    case(&["19e-null-stars.shp"], &[Said("满星|星号|19e|坐标|范围"), Is("空图形", Kind::Site, "")]),
    case(&["control-characters.csv"], &[Records(1), Named(&["甲饭店"])]),
    case(
        &["rare-characters.csv"],
        &[Records(2), Named(&["㙟村垞硚口饭店", "😀烧烤"]), Said("㙟"), Said("空框")],
    ),
    case(
        &["restriction-hours.csv"],
        &[
            Field("M1", "hours", "22:00-06:00"),
            Field("M2", "hours", "22:00-06:00"),
            Field("M3", "hours", "07:00-22:00"),
            Field("M4", "hours", "07:00-09:00,17:00-19:00"),
            Field("M5", "hours", "07:00-09:00,17:00-19:00"),
            Field("M6", "hours", "24/7"),
            Field("M8", "hours", "Mo-Fr 07:00-20:00"),
            Field("M1", "valid_to", ""),
            Field("M1", "min_mass_t", "4.5"),
            Field("M1", "min_axles", "5"),
            // 夜间 says no hours: refused with what to write instead.
            Said("22:00至次日6:00|such as 22:00-06:00"),
        ],
    ),
    case(
        &["restriction-hours-2.csv"],
        &[
            Field("M0", "hours", "22:00-06:00"),
            Field("M3", "hours", "07:00-09:00,17:00-19:00"),
            Field("M4", "hours", "24/7"),
            Field("M6", "hours", "Mo-Fr 07:00-20:00"),
        ],
    ),
    // Columns, coordinates, datum.
    case(
        &["degrees-minutes-seconds-in-three-columns.xlsx"],
        &[Records(2), At("甲虚构铸造厂", 118.16, 39.83), At("乙虚构水泥厂", 118.2, 39.8)],
    ),
    case(&["outlet-longitude.csv"], &[Records(1), All(HERE.0, HERE.1)]),
    case(
        &["odd-coordinates.csv"],
        &[
            // 西经 is refused; 小数逗号 is read.
            Records(16),
            All(HERE.0, HERE.1),
            Said("西经|118°9′36″W"),
        ],
    ),
    case(
        &["coordinate-pairs.csv"],
        &[Records(16), All(HERE.0, HERE.1), Said("118.16，39.83；118.17，39.84")],
    ),
    case(
        &["ovital-datum-per-placemark.kml"],
        &[
            Records(4),
            At("甲", 118.159_635_6, 39.829_628_2),
            At("乙", 118.166, 39.831),
            At("丙", 118.166, 39.831),
            At("丁", 118.153_068_2, 39.823_807_4),
        ],
    ),
    case(&["ovital.ovkml"], &[Records(1), All(HERE.0, HERE.1)]),
    Case {
        files: &["gcj02-under-a-wgs84-claim.kml"],
        how: &["--override-crs", "gcj02"],
        right: &[Records(1), At("甲工地", 118.159_635_6, 39.829_628_2)],
    },
    case(
        &["gcj02-under-a-wgs84-claim.kml"],
        &[Records(1), At("甲工地", 118.166, 39.831), Said("火星坐标")],
    ),
    Case {
        files: &["zone39-without-its-zone.shp"],
        how: &[],
        right: &[Records(0), Said("带号"), Said("epsg:4548")],
    },
    case(&["far.csv"], &[Records(1), At("乙饭店", 118.17, 39.84), Said("中国|境外|国外")]),
    case(
        &["outline.geojson", "outside-the-outline.csv"],
        &[Said("143"), Said("262"), Said("边界|本区")],
    ),
    // Formats.
    case(&["garmin-route-points.gpx"], &[Records(1), Vertices("洒水路线", 5)]),
    case(&["nameless.gpx"], &[Records(3), Is("黑烟", Kind::Site, "Point"), Said("名称")]),
    case(&["links-inside.kmz"], &[Records(2), Named(&["乙工地", "甲工地"])]),
    case(&["esri.json"], &[Exit(2), Records(0), Said("ESRI JSON")]),
    case(&["road-base.osm"], SHORT_WAY),
    case(&["road-foot.osm"], SHORT_WAY),
    case(&["road-maxweight_10.osm"], &[Records(4), TruckKm(11.8)]),
    case(&["road-hgv_no.osm"], DETOUR),
    case(&["road-hgv_destination.osm"], DETOUR),
    case(&["road-goods_no.osm"], DETOUR),
    case(&["road-access_no.osm"], DETOUR),
    case(&["road-access_private.osm"], DETOUR),
    case(&["road-motor_vehicle_no.osm"], DETOUR),
    case(&["road-vehicle_no.osm"], DETOUR),
    // More.
    case(&["more/01_boundary_level.geojson"], &[Is("示例区", Kind::Area, "Polygon"), Records(1)]),
    case(
        &["more/02a_points_date.geojson"],
        &[Records(2), Is("示例点1", Kind::Site, "Point"), Is("示例点2", Kind::Site, "Point")],
    ),
    case(
        &["more/02b_points_number.geojson"],
        &[Records(2), Is("示例点1", Kind::Site, "Point"), Is("示例点2", Kind::Site, "Point")],
    ),
    case(
        &["more/02c_lines_address.geojson"],
        &[Records(1), Is("示例线", Kind::Road, "LineString")],
    ),
    case(&["more/03_flags.csv"], &[Records(3), At("甲示例", 118.101, 39.801)]),
    case(&["more/03b_flags_known_header.csv"], &[Records(2), At("乙示例", 118.102, 39.802)]),
    case(&["more/04a_web_page.csv"], &[Records(0), Exit(2), Said("网页")]),
    case(&["more/04b_empty.csv"], &[Records(0), Said("空")]),
    case(
        &["more/04c_nonstandard.kml"],
        &[Either(&[
            Is("甲", Kind::Area, "Polygon"),
            Is("甲", Kind::Site, "Polygon"),
            Said("MultiPolygon"),
        ])],
    ),
    case(&["more/05a_no_json.geojson"], &[Records(0), Exit(2), Said("JSON")]),
    case(&["more/05b_all_refused.csv"], &[Records(0), Exit(1)]),
    case(&["more/06a_nameless.geojson"], &[Records(1), Said("名称")]),
    case(&["more/06b_nameless.kml"], &[Records(1), Said("名称")]),
    case(&["more/06c_station_columns.csv"], &[Records(2), Named(&["示例二站", "示例子站"])]),
    case(&["more/06d_position_columns.csv"], &[Records(1), Named(&["示例子站"])]),
    case(&["more/07_password.xlsx"], &[Records(0), Exit(2), Said("密码")]),
    // Its middle lies in the Pacific, so somebody has to insist.
    case(&["more/08_bowtie_at_180.geojson"], &[Records(0), Said("中国")]),
    Case {
        files: &["more/08_bowtie_at_180.geojson"],
        how: &["--crs", "wgs84", "--far"],
        right: &[Records(1), Is("示例", Kind::Area, "Polygon")],
    },
    case(&["more/09_track_stood_still.gpx"], &[Records(1), Vertices("示例巡查", 50)]),
    case(&["more/10a_collection_feature.geojson"], &[Records(2)]),
    case(&["more/10b_collection_bare.geojson"], &[Records(2)]),
    case(&["more/10c_multipoint.geojson"], &[Either(&[Records(2), Records(1)])]),
    case(&["more/11a_shp_4_bytes_more.zip"], &[Records(2), Named(&["one", "two"])]),
    case(&["more/11b_shp_80_bytes_more.zip"], &[Records(2), Named(&["one", "two"]), Exit(0)]),
    case(&["more/12a_cpg_1250.zip"], &[Records(2), Named(&["Hněvošický", "háj"])]),
    case(&["more/12b_cpg_ansi_1251.zip"], &[Records(2), Named(&["Примерная", "точка"])]),
    case(&["more/13_preamble_24_lines.csv"], &[Records(2), Named(&["乙示例", "甲示例"])]),
    case(&["more/13b_preamble_19_lines.csv"], &[Records(2), Named(&["乙示例", "甲示例"])]),
    case(&["more/14_utf32le_bom.csv"], &[Records(1), At("甲示例", 118.1, 39.8)]),
    case(&["more/15a_nested_70.kml"], &[Records(1), At("甲", 118.1, 39.8)]),
    case(&["more/15b_placemark_root.kml"], &[Records(1), At("甲", 118.1, 39.8)]),
    case(&["more/16_attributes.gpkg"], &[Records(2), Named(&["乙示例", "甲示例"]), Said("empty")]),
    case(&["more/17_wal_leftover.gpkg"], &[Records(0), Exit(2)]),
];

/// Files that belong to others, or that another test imports.
const OTHERS: &[&str] = &[
    "README.md",
    "more/make.py",
    "19e-null-stars.dbf",
    "19e-null-stars.prj",
    "zone39-without-its-zone.dbf",
    "zone39-without-its-zone.prj",
    // `a_base_map_whose_rows_count_from_the_north_lies_right`
    "rows-from-the-north.mbtiles",
];

/// Beside the checkout, however deep it lies.
fn field() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let found = above.map(|folder| folder.join("shared/field")).find(|folder| folder.is_dir());
    if found.is_none() {
        skipped("shared/field is not beside the checkout");
    }
    found
}

/// What became of the last import.
struct Outcome {
    status: Option<i32>,
    words: String,
    records: Vec<Arc<Record>>,
    added: u64,
    folder: tempfile::TempDir,
}

fn imported(field: &Path, empty: &Path, case: &Case) -> Outcome {
    let folder = folder();
    let at = folder.path();
    std::fs::copy(empty, at.join("a.gpkg")).unwrap();
    let (mut status, mut words, mut added) = (None, String::new(), 0);
    for (number, name) in case.files.iter().enumerate() {
        let path = field.join(name);
        let how: &[&str] = match *name {
            "outline.geojson" => &["--crs", "wgs84", "--as", "area"],
            _ if number + 1 == case.files.len() => case.how,
            _ => &["--crs", "wgs84"],
        };
        let arguments = ["import", "a.gpkg", path.to_str().unwrap(), "--json"];
        let output = run(at, &[&arguments[..], how].concat());
        status = output.status.code();
        words = format!("{}{}", said(&output), complained(&output));
        if let Ok(reports) = serde_json::from_str::<Json>(&said(&output)) {
            added += reports[0]["added"].as_u64().unwrap();
        }
    }
    Outcome { status, words, records: records(at), added, folder }
}

fn records(folder: &Path) -> Vec<Arc<Record>> {
    let world = DistrictReader::open(&folder.join("a.gpkg")).unwrap().load().unwrap();
    world.all().cloned().collect()
}

fn vertices(geometry: &Geometry<f64>) -> Vec<(f64, f64)> {
    use geo::CoordsIter as _;
    geometry.coords_iter().map(|at| (at.x, at.y)).collect()
}

fn shape(record: &Record) -> &'static str {
    match &record.geometry {
        None => "",
        Some(Geometry::Point(_)) => "Point",
        Some(Geometry::LineString(_) | Geometry::MultiLineString(_)) => "LineString",
        Some(_) => "Polygon",
    }
}

fn is_at(record: &Record, lon: f64, lat: f64) -> bool {
    let centre = record.geometry.as_ref().and_then(Centroid::centroid);
    centre.is_some_and(|at| (at.x() - lon).abs() <= 1e-6 && (at.y() - lat).abs() <= 1e-6)
}

impl Outcome {
    /// What is wrong, if anything.
    fn fault(&self, right: &[Right]) -> Option<String> {
        let is_stated = right.iter().any(|right| matches!(right, Exit(_)));
        if !is_stated && !matches!(self.status, Some(0 | 1)) {
            return Some(format!("exit status {:?}", self.status));
        }
        if self.added != self.records.len() as u64 {
            return Some(format!("{} added, {} in the district", self.added, self.records.len()));
        }
        let placed = self.records.iter().filter_map(|record| record.geometry.as_ref());
        if placed.flat_map(vertices).any(|(lon, lat)| lon.abs() > 180.0 || lat.abs() > 90.0) {
            return Some("a vertex is off the Earth".to_owned());
        }
        let findings = DistrictReader::open(&self.folder.path().join("a.gpkg")).unwrap().check();
        if let Some(finding) = findings.unwrap().first() {
            return Some(format!("{finding:?}"));
        }
        right.iter().find_map(|right| self.lacks(right))
    }

    /// The record of a name, and what it is not.
    fn of(&self, name: &str, is: &dyn Fn(&Record) -> bool, words: &str) -> Option<String> {
        match self.records.iter().find(|record| record.name() == name) {
            Some(record) if is(record) => None,
            Some(record) => Some(format!("{words}, but {:?} {:?}", record.kind, record.geometry)),
            None => Some(format!("no record `{name}`")),
        }
    }

    fn lacks_in_record(&self, right: &Right) -> Option<String> {
        match right {
            Nowhere(name) => {
                self.of(name, &|record| record.geometry.is_none(), &format!("`{name}` nowhere"))
            }
            Is(name, kind, ty) => self.of(
                name,
                &|record| record.kind == *kind && shape(record) == *ty,
                &format!("`{name}` a {kind} and {ty}"),
            ),
            Vertices(name, count) => {
                let counted = |record: &Record| record.geometry.as_ref().map(vertices);
                let is = |record: &Record| counted(record).unwrap_or_default().len() == *count;
                self.of(name, &is, &format!("`{name}` of {count} vertices"))
            }
            Field(name, key, cell) => {
                let is = |record: &Record| {
                    record.get(key).map(Value::to_cell).unwrap_or_default() == *cell
                };
                self.of(name, &is, &format!("{key} of `{name}` is not `{cell}`"))
            }
            _ => None,
        }
    }

    fn lacks(&self, right: &Right) -> Option<String> {
        match right {
            Exit(code) => (self.status != Some(*code))
                .then(|| format!("exit status {:?}, not {code}", self.status)),
            Records(count) => (self.records.len() != *count)
                .then(|| format!("{} records, not {count}", self.records.len())),
            Named(names) => {
                let found: BTreeSet<&str> =
                    self.records.iter().map(|record| record.name()).collect();
                let wanted: BTreeSet<&str> = names.iter().copied().collect();
                (found != wanted).then(|| format!("records {found:?}"))
            }
            At(name, lon, lat) => {
                let words = format!("`{name}` at {lon}, {lat}");
                self.of(name, &|record| is_at(record, *lon, *lat), &words)
            }
            All(lon, lat) => {
                let other = self.records.iter().find(|record| !is_at(record, *lon, *lat))?;
                Some(format!("`{}` at {:?}", other.name(), other.geometry))
            }
            Nowhere(_) | Is(..) | Vertices(..) | Field(..) => self.lacks_in_record(right),
            Said(words) => {
                let is_said = words.split('|').any(|word| self.words.contains(word));
                (!is_said).then(|| format!("nothing said of {words}"))
            }
            Unsaid(word) => self.words.contains(word).then(|| format!("said {word}")),
            TruckKm(km) => {
                let driven = driven_km(self.folder.path());
                ((driven - km).abs() > 0.1).then(|| format!("trucks drive {driven} km, not {km}"))
            }
            Either(some) => {
                let faults: Vec<String> =
                    some.iter().map_while(|right| self.lacks(right)).collect();
                (faults.len() == some.len()).then(|| faults.join("; and "))
            }
        }
    }
}

fn driven_km(at: &Path) -> f64 {
    file(at, "gates.csv", "code,name,lon,lat\nG1,西门,118.10,39.80\nG2,东门,118.16,39.80\n");
    file(at, "flows.csv", "from,to,class,axles,trucks_per_day,source\nG1,G2,heavy,6,100,假设\n");
    done(at, &["import", "a.gpkg", "gates.csv", "--as", "gate", "--crs", "wgs84"]);
    done(at, &["import", "a.gpkg", "flows.csv", "--as", "flow"]);
    applied(
        at,
        "a.gpkg",
        r#"{"changes":[{"op":"create","layer":"plan","name":"P"},{"op":"create","layer":"restriction","name":"R","kind":"禁行","plan":"P","geometry":{"type":"LineString","coordinates":[[118.2,39.9],[118.21,39.9]]}}]}"#,
    );
    let plan: Json = serde_json::from_str(&done(at, &["plan", "a.gpkg", "P", "--json"])).unwrap();
    plan["flows"][0]["km_before"].as_f64().unwrap()
}

/// Its files, and how it is imported where that is not `--crs wgs84`.
fn name_of(case: &Case) -> String {
    let files = case.files.join(" then ");
    let how = case.how.join(" ");
    if how == "--crs wgs84" { files } else { format!("{files} {how}").trim_end().to_owned() }
}

#[test]
fn files_of_the_field_come_in_right_or_stand_in_the_list() {
    let Some(field) = field() else { return };
    let folder = folder();
    done(folder.path(), &["new", "a.gpkg"]);
    let empty = folder.path().join("a.gpkg");
    let mut wrong = Vec::new();
    let names: Vec<String> = CASES.iter().map(name_of).collect();
    for name in NOT_YET.iter().filter(|name| !names.iter().any(|known| known == **name)) {
        wrong.push(format!("`{name}` of the list is no case"));
    }
    for case in CASES {
        let name = name_of(case);
        let is_known = NOT_YET.contains(&name.as_str());
        match (imported(&field, &empty, case).fault(case.right), is_known) {
            (Some(fault), false) => wrong.push(format!("{name}: {fault}")),
            (None, true) => wrong.push(format!("{name} is right now: take it out of the list")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_field_is_a_case() {
    let Some(field) = field() else { return };
    let cases = CASES.iter().flat_map(|case| case.files).chain(OTHERS);
    let known: BTreeSet<&str> = cases.copied().collect();
    let mut found = BTreeSet::new();
    for folder in ["", "more/"] {
        let entries = std::fs::read_dir(field.join(folder)).unwrap().map(|entry| entry.unwrap());
        let files = entries.filter(|entry| entry.path().is_file());
        found.extend(files.map(|entry| format!("{folder}{}", entry.file_name().to_str().unwrap())));
    }
    let unknown: Vec<&String> =
        found.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn a_base_map_whose_rows_count_from_the_north_lies_right() {
    let Some(field) = field() else { return };
    let source = shapan::basemap::open(&field.join("rows-from-the-north.mbtiles"), None).unwrap();
    // Over 118.16, 39.83, where the archive has tiles, and where they would lie counted from the south.
    let tile = |y| source.tile(TileId { z: 14, x: 13_569, y }).unwrap();
    assert!(tile(6_212).is_some() && tile(16_383 - 6_212).is_none());
}
