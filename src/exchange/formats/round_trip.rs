//! For the tests of formats: what was read row by row, and a small world of every shape.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use geo_types::{Geometry, MultiLineString, MultiPoint, MultiPolygon, line_string, point, polygon};
use serde_json::json;

use crate::domain::Kind;
use crate::exchange::testing::Gathered;
use crate::exchange::{Cell, Error, Format, OutColumn, OutLayer, OutRow, ReadOptions, StatedCrs};
use crate::geodesy::crs::Crs;

/// What a file gave, in the order of its rows.
#[derive(Debug, Default)]
pub struct Collected {
    pub tables: Vec<(String, StatedCrs)>,
    pub rows: Vec<Kept>,
    pub rejected: Vec<(u64, String)>,
    pub warnings: Vec<String>,
}

/// A row without its empty cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub number: u64,
    pub cells: BTreeMap<String, Cell<'static>>,
    pub geometry: Option<Geometry<f64>>,
}

impl Kept {
    /// A cell as text; empty where there is none.
    pub fn text(&self, column: &str) -> String {
        self.cells.get(column).map(|cell| cell.to_text().into_owned()).unwrap_or_default()
    }
}

impl From<Gathered> for Collected {
    fn from(gathered: Gathered) -> Self {
        let mut collected = Self { warnings: gathered.warnings, ..Self::default() };
        for table in gathered.tables {
            for row in table.rows {
                let cells = table.columns.iter().cloned().zip(row.cells);
                let cells = cells.filter(|(_, cell)| *cell != Cell::Empty).collect();
                collected.rows.push(Kept { number: row.number, cells, geometry: row.geometry });
            }
            collected.rejected.extend(table.rejected);
            collected.tables.push((table.name, table.crs));
        }
        collected
    }
}

/// Reads a whole file with a format.
pub fn read(format: &dyn Format, path: &Path) -> Result<Collected, Error> {
    let mut gathered = Gathered::default();
    format.read(path, &ReadOptions::default(), &mut gathered)?;
    Ok(gathered.into())
}

/// Reads bytes as a file of this ending.
pub fn read_bytes(
    format: &dyn Format,
    ending: &str,
    bytes: impl AsRef<[u8]>,
) -> Result<Collected, Error> {
    let file = tempfile::Builder::new().suffix(ending).tempfile().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    read(format, file.path())
}

const COLUMNS: [&str; 8] = ["id", "code", "name", "kind", "lanes", "width", "备注", "extra"];

type Rows = Vec<OutRow<'static>>;

/// Layers of every shape, with words that break bad writers.
pub fn small_world() -> Vec<(Kind, Rows)> {
    let text = |text: &'static str| Cell::Text(Cow::Borrowed(text));
    let row = |nth: u32, name: &'static str, more: [Cell<'static>; 4], geometry| OutRow {
        cells: [
            Cell::Text(format!("0190163d-8694-739b-aea5-96{nth:010x}").into()),
            Cell::Text(format!("SG-{nth:03}").into()),
            text(name),
            text("construction"),
        ]
        .into_iter()
        .chain(more)
        .collect(),
        geometry,
    };
    let none = || [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
    let hole = polygon!(
        exterior: [(x: 118.1, y: 39.8), (x: 118.2, y: 39.8), (x: 118.2, y: 39.9), (x: 118.1, y: 39.9), (x: 118.1, y: 39.8)],
        interiors: [[(x: 118.12, y: 39.82), (x: 118.12, y: 39.84), (x: 118.14, y: 39.84), (x: 118.12, y: 39.82)]],
    );
    let other = polygon![(x: 118.3, y: 39.8), (x: 118.4, y: 39.8), (x: 118.4, y: 39.9), (x: 118.3, y: 39.8)];
    let line = line_string![(x: 118.1, y: 39.8), (x: 118.123_456_789_012_3, y: 39.85)];
    let back = line_string![(x: 118.5, y: 39.1), (x: 118.6, y: 39.2), (x: 118.7, y: 39.1)];
    let full =
        [Cell::Integer(-4), Cell::Real(12.5), text("“引号”\"'<&>,;\n第二行"), Cell::Boolean(true)];
    let odd = [
        Cell::Integer(i64::MAX),
        Cell::Real(0.1 + 0.2),
        text("=1+1"),
        Cell::Json(json!({ "项": [1, "二", null] })),
    ];
    vec![
        (
            Kind::Site,
            vec![
                row(1, "浭阳工地", full, Some(point!(x: 118.156_2, y: 39.832_2).into())),
                row(2, "\"带引号\"的店\t", odd, Some(hole.clone().into())),
                row(3, "未定位", none(), None),
                row(4, "岛", none(), Some(MultiPolygon(vec![hole, other]).into())),
                row(
                    5,
                    "点群",
                    none(),
                    Some(
                        MultiPoint(vec![point!(x: 118.0, y: 39.0), point!(x: 118.1, y: 39.1)])
                            .into(),
                    ),
                ),
            ],
        ),
        (
            Kind::Road,
            vec![
                row(6, "唐丰路", none(), Some(line.clone().into())),
                row(7, "环线", none(), Some(MultiLineString(vec![line, back]).into())),
            ],
        ),
    ]
}

/// Writes the small world and gives what was written beside what is read back.
pub fn there_and_back(format: &dyn Format, path: &Path, crs: &Crs) -> (Vec<Kept>, Collected) {
    let world = small_world();
    let written = world.iter().flat_map(|(_, rows)| rows).map(|row| {
        let cells = COLUMNS.iter().zip(&row.cells).filter(|(_, cell)| **cell != Cell::Empty);
        Kept {
            number: 0,
            cells: cells.map(|(name, cell)| ((*name).to_owned(), cell.owned())).collect(),
            geometry: row.geometry.clone(),
        }
    });
    let written = written.collect();
    write(format, path, world, crs).unwrap();
    (written, read(format, path).unwrap())
}

/// Writes layers with the columns of these tests.
pub fn write(
    format: &dyn Format,
    path: &Path,
    layers: Vec<(Kind, Rows)>,
    crs: &Crs,
) -> Result<(), Error> {
    let mut layers = layers.into_iter().map(|(kind, rows)| OutLayer {
        kind,
        result: None,
        crs,
        // Said in the file, and no row of it.
        filter: "工地 · “<A & B>” · 不达标".to_owned(),
        columns: COLUMNS
            .map(|name| OutColumn { name: name.to_owned(), field: kind.field(name) })
            .to_vec(),
        rows: Box::new(rows.into_iter()),
    });
    format.write(path, &mut layers)
}
