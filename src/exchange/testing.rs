//! Small worlds and files for the tests of this room.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use geo_types::Geometry;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::meaning::doubts::DoubtChoices;
use super::meaning::{BroughtCodes, Import, ImportError, Report, import};
use super::{Cell, Format, InRow, OutLayer, ReadOptions, Sink, StatedCrs, Stop, write};
use crate::domain::{
    Change, Edit, EditKind, Fields, Ids, Kind, LocalizedText, Record, RecordId, Stamp, Value, World,
};
use crate::geodesy::crs::Crs;

/// A file with this content that is gone with the folder.
pub fn file(name: &str, content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

/// The English words, when the Chinese ones are there and are Chinese.
pub fn in_both(words: LocalizedText) -> String {
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert!(is_chinese(&words.zh) && !words.en.is_empty(), "{words:?}");
    words.en
}

/// What a format hands on, table by table.
#[derive(Debug, Default)]
pub struct Gathered {
    pub tables: Vec<GatheredTable>,
    pub warnings: Vec<String>,
    /// Rows after which the receiver has had enough.
    pub stop_after: Option<usize>,
}

/// One table as the format told it.
#[derive(Debug)]
pub struct GatheredTable {
    pub name: String,
    pub crs: StatedCrs,
    pub columns: Vec<String>,
    pub rows: Vec<GatheredRow>,
    pub rejected: Vec<(u64, String)>,
}

/// One row as the format told it.
#[derive(Debug)]
pub struct GatheredRow {
    pub number: u64,
    pub cells: Vec<Cell<'static>>,
    pub geometry: Option<Geometry<f64>>,
}

impl Gathered {
    /// By its name, which must be there.
    pub fn table(&self, name: &str) -> &GatheredTable {
        self.tables.iter().find(|table| table.name == name).unwrap()
    }

    /// Of the last table.
    pub fn columns(&self) -> &[String] {
        self.tables.last().map_or(&[], |table| &table.columns)
    }

    /// Of all tables, with their numbers.
    pub fn rows(&self) -> Vec<(u64, Vec<Cell<'static>>)> {
        let rows = self.tables.iter().flat_map(|table| &table.rows);
        rows.map(|row| (row.number, row.cells.clone())).collect()
    }

    /// Of all tables: the number of each row and its cells as text.
    pub fn texts(&self) -> Vec<(u64, Vec<String>)> {
        let texts = |cells: Vec<Cell<'_>>| cells.iter().map(|c| c.to_text().into_owned()).collect();
        self.rows().into_iter().map(|(number, cells)| (number, texts(cells))).collect()
    }

    fn last(&mut self) -> &mut GatheredTable {
        self.tables.last_mut().unwrap()
    }
}

impl GatheredTable {
    /// By the name of its column; empty where the row is short.
    pub fn cell(&self, row: &GatheredRow, column: &str) -> Cell<'static> {
        let position = self.columns.iter().position(|name| name == column).unwrap();
        row.cells.get(position).cloned().unwrap_or_default()
    }

    /// The same as text.
    pub fn text(&self, row: &GatheredRow, column: &str) -> String {
        self.cell(row, column).to_text().into_owned()
    }

    /// The row whose `column` reads `text`.
    pub fn row(&self, column: &str, text: &str) -> &GatheredRow {
        self.rows.iter().find(|row| self.text(row, column) == text).unwrap()
    }

    /// Rows whose `column` reads `text`.
    pub fn count(&self, column: &str, text: &str) -> usize {
        self.rows.iter().filter(|row| self.text(row, column) == text).count()
    }
}

impl Sink for Gathered {
    fn table(&mut self, name: &str, crs: &StatedCrs) -> Result<(), Stop> {
        self.tables.push(GatheredTable {
            name: name.to_owned(),
            crs: crs.clone(),
            columns: Vec::new(),
            rows: Vec::new(),
            rejected: Vec::new(),
        });
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        let columns = &mut self.last().columns;
        Ok(columns.iter().position(|column| column == name).unwrap_or_else(|| {
            columns.push(name.to_owned());
            columns.len() - 1
        }))
    }

    fn row(&mut self, row: InRow<'_>) -> Result<(), Stop> {
        let cells = row.cells.iter().map(Cell::owned).collect();
        let (number, geometry) = (row.number, row.geometry);
        self.last().rows.push(GatheredRow { number, cells, geometry });
        let rows = self.last().rows.len();
        match self.stop_after {
            Some(enough) if rows >= enough => Err(Stop),
            _ => Ok(()),
        }
    }

    fn reject(&mut self, row: u64, reason: LocalizedText) -> Result<(), Stop> {
        self.last().rejected.push((row, in_both(reason)));
        Ok(())
    }

    fn knows(&self, column: &str) -> bool {
        super::meaning::names::is_known(column)
    }

    fn warn(&mut self, words: LocalizedText) {
        self.warnings.push(in_both(words));
    }
}

/// An import with nothing said but the datum.
pub fn settings(crs: Option<&str>) -> Import {
    let at = Timestamp::from_second(1_790_000_000).unwrap();
    Import {
        kind: None,
        crs: crs.map(|crs| crs.parse().ok().unwrap()),
        crs_overrules: false,
        takes_far: false,
        map: Vec::new(),
        doubts: DoubtChoices::default(),
        brought: BroughtCodes::default(),
        options: ReadOptions::default(),
        file: "t.csv".into(),
        stamp: Stamp { actor: "王工".into(), at },
        ids: Ids::new(at, 7),
    }
}

/// The changes of an import, and its report.
pub fn run(
    format: &dyn Format,
    path: &Path,
    settings: &Import,
    world: &World,
) -> Result<(Vec<Change>, Report), ImportError> {
    let mut changes = Vec::new();
    let report = import(format, path, settings, world, &mut |change| {
        changes.push(change);
        Ok(())
    })?;
    let reasons = report.rejections.iter().map(|rejection| &rejection.reason);
    report.warnings.iter().chain(reasons).cloned().for_each(|words| drop(in_both(words)));
    Ok((changes, report))
}

/// The world after the changes.
pub fn after(world: &World, changes: Vec<Change>) -> World {
    let mut world = world.clone();
    world.apply(&Edit { kind: EditKind::Import, changes }).unwrap();
    world
}

type Stated = (RecordId, Kind, Option<Geometry<f64>>, Fields, BTreeMap<String, Json>);

/// What the records say, without who said it when, and with attributes in the order of names.
/// A format without types knows attributes, which have no field to say what they are, as text.
fn said(world: &World, has_types: bool) -> Vec<Stated> {
    let typed = |json: &Json| match json {
        Json::Number(_) | Json::Bool(_) if !has_types => Json::from(json.to_string()),
        json => json.clone(),
    };
    let said = world.all().map(|record| {
        let extra = record.extra.iter().flat_map(|extra| extra.iter());
        let extra = extra.map(|(name, value)| (name.clone(), typed(value))).collect();
        (record.id, record.kind, record.geometry.clone(), record.fields.clone(), extra)
    });
    said.collect()
}

fn examples() -> Vec<(&'static str, &'static str, Json)> {
    let square = "POLYGON ((118.1 39.8, 118.2 39.8, 118.2 39.9, 118.1 39.8))";
    let line = "LINESTRING (118.1 39.8, 118.123456789012 39.8)";
    vec![
        (
            "control_point",
            "POINT (118.1562 39.8322)",
            json!({ "code": "3576A", "name": "丰润区政府",
            "level": "国控", "radii_m": [300, 500.5], "running_from": "2015-01-01", "海拔": 27 }),
        ),
        (
            "site",
            "POINT (118.16 39.83)",
            json!({ "code": "007", "name": "=老王,\"烧烤\"\n店",
            "kind": "restaurant", "phone": "+86 315 123", "fume_test_on": "2026-11-01",
            "fume_test_result": "合格", "unit": "-", "备注": "@甲", "负数": "-5", "'=x": "'=x",
            "layer": "原图层", "lon": "东" }),
        ),
        ("site", square, json!({ "name": "无码停车场", "kind": "parking", "licensed": true })),
        (
            "site",
            "",
            json!({ "name": "未定位", "kind": "enterprise", "grade": "引领性",
            "on_response_list": false }),
        ),
        (
            "road",
            line,
            json!({ "name": "G102", "ref": "G102", "class": "trunk",
            "oneway": "forward", "lanes": 4, "maxspeed_kmh": 80.5 }),
        ),
        (
            "congestion",
            line,
            json!({ "name": "路口", "cause": "怠速", "severity": 3,
            "hours": "Mo-Fr 07:00-09:00", "trucks_per_hour": 120 }),
        ),
        ("sweeping", line, json!({ "name": "一段", "method": "洗扫", "times_per_day": 2 })),
        (
            "restriction",
            square,
            json!({ "code": "R1", "name": "禁行", "kind": "no_entry",
            "classes": ["heavy", "medium"], "stages": ["国三"], "exemptions": ["消防", "救护"],
            "boundary_included": false, "valid_from": "2026-12-01", "min_mass_t": 4.5 }),
        ),
        ("camera", "POINT (118.15 39.83)", json!({ "name": "卡口", "direction_deg": 359.5 })),
        ("area", square, json!({ "name": "丰润区", "role": "grid" })),
    ]
}

/// Records of every kind with every type of field, awkward texts and attributes of their own.
pub fn one_of_each() -> World {
    let Import { stamp, mut ids, .. } = settings(None);
    let records = examples().into_iter().map(|(kind, place, values)| {
        let kind: Kind = kind.parse().unwrap();
        let mut record = Record::new(ids.next(), kind, &stamp);
        record.geometry = super::wkt::from_wkt(place).map(|(_, geometry)| geometry);
        for (key, json) in values.as_object().unwrap() {
            match kind.field(key) {
                Some(field) => {
                    record.set(key, Value::from_json(field, json).unwrap());
                }
                None => {
                    Arc::make_mut(record.extra.get_or_insert_default())
                        .insert(key.clone(), json.clone());
                }
            }
        }
        record
    });
    records.collect()
}

/// All layers of a world as an export hands them over.
pub fn layers<'a>(world: &'a World, crs: &'a Crs) -> Vec<OutLayer<'a>> {
    let kinds = Kind::ALL.into_iter().filter(|kind| !world.table(*kind).is_empty());
    write::layers(world, &kinds.collect::<Vec<_>>(), crs, &|_| true)
}

/// What a format writes it reads back equal: into an empty district, and as no change into the
/// district itself.
pub fn assert_reads_back(format: &dyn Format, name: &str, has_types: bool) {
    let world = one_of_each();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    format.write(&path, &mut layers(&world, &Crs::Wgs84).into_iter()).unwrap();
    let (changes, report) = run(format, &path, &settings(None), &world).unwrap();
    assert_eq!(
        (changes.len(), report.unchanged),
        (0, world.len() as u64),
        "{report:?} {changes:?}"
    );
    let (changes, report) = run(format, &path, &settings(None), &World::default()).unwrap();
    assert_eq!(
        (report.rejected, report.warnings),
        (0, Vec::<LocalizedText>::new()),
        "{:?}",
        report.rejections
    );
    let back = after(&World::default(), changes);
    assert_eq!(said(&back, has_types), said(&world, has_types));
}
