//! Feature tables → rows.

use std::path::Path;

use geo_types::Geometry;
use rusqlite::types::ValueRef;
use serde_json::Value as Json;

use super::malformed;
use super::open::{OpenPackage, open};
use super::table::{ColumnRole, FeatureTable, TableNames, names};
use crate::domain::LocalizedText;
use crate::exchange::{Cell, Error, InRow, ReadOptions, Sink};
use crate::geodesy::geopackage::quoted;
use crate::geodesy::wkb;

/// Streams the rows of the file into the sink.
pub fn read(path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
    let opened = open(path)?;
    let listed = names(&opened.db)?;
    let tables = match &options.layer {
        Some(layer) => {
            let known = [listed.features, listed.attributes].concat();
            if !known.contains(layer) {
                let known = known.join(", ");
                return Err(Error::NoSuchLayer { layer: layer.clone(), known });
            }
            vec![layer.clone()]
        }
        None => chosen(&opened, listed, sink)?,
    };
    if tables.is_empty() {
        return Err(malformed("其中没有要素图层", "it has no feature tables"));
    }
    for name in tables {
        read_table(&opened, &FeatureTable::of(&opened.db, &name)?, sink)?;
    }
    Ok(())
}

/// The tables that are read where nobody names one: those of features, or of attributes where no
/// feature is there. What is left out is said.
fn chosen(
    opened: &OpenPackage,
    listed: TableNames,
    sink: &mut dyn Sink,
) -> Result<Vec<String>, Error> {
    let TableNames { features, attributes, unreadable } = listed;
    if !unreadable.is_empty() {
        sink.warn(LocalizedText::new(
            format!("视图和缺失的表未读取：{}", unreadable.join("、")),
            format!("views and missing tables are not read: {}", unreadable.join(", ")),
        ));
    }
    let mut empty = Vec::new();
    for name in &features {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", quoted(name));
        if !opened.db.query_row(&sql, [], |row| row.get::<_, bool>(0))? {
            empty.push(name.clone());
        }
    }
    if attributes.is_empty() {
        return Ok(features);
    }
    if empty.len() < features.len() {
        sink.warn(LocalizedText::new(
            format!("没有图形的表未读取：{}（命令行用 --sheet 选择）", attributes.join("、")),
            format!("tables without geometry are not read: {} (--sheet)", attributes.join(", ")),
        ));
        return Ok(features);
    }
    if !empty.is_empty() {
        sink.warn(LocalizedText::new(
            format!("图层 {} 里没有要素，读取了没有图形的表", empty.join("、")),
            format!("layer {} is empty: tables without geometry were read", empty.join(", ")),
        ));
    }
    Ok(attributes)
}

/// The columns on their way to the receiver's positions.
struct RowReader<'t> {
    table: &'t FeatureTable,
    of_columns: Vec<Option<usize>>,
    width: usize,
    has_warned_of_blobs: bool,
}

fn read_table(
    opened: &OpenPackage,
    table: &FeatureTable,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    sink.table(&table.name, &table.crs)?;
    let mut slots = RowReader::new(table, sink)?;
    let columns: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let columns = if columns.is_empty() { "NULL".to_owned() } else { columns.join(", ") };
    let mut rows = opened.db.prepare(&format!("SELECT {columns} FROM {}", quoted(&table.name)))?;
    let mut rows = rows.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        if count > opened.max_rows {
            return Err(malformed("内部页面互相循环", "its pages point in circles"));
        }
        slots.row(row, count, sink)?;
    }
    Ok(())
}

impl<'t> RowReader<'t> {
    fn new(table: &'t FeatureTable, sink: &mut dyn Sink) -> Result<Self, Error> {
        let mut slots =
            Self { table, of_columns: Vec::new(), width: 0, has_warned_of_blobs: false };
        for column in &table.columns {
            let slot = match column.role {
                ColumnRole::Fid | ColumnRole::Geometry | ColumnRole::Extra => None,
                _ => Some(slots.slot(&column.name, sink)?),
            };
            slots.of_columns.push(slot);
        }
        Ok(slots)
    }

    fn slot(&mut self, name: &str, sink: &mut dyn Sink) -> Result<usize, Error> {
        let slot = sink.column(name)?;
        self.width = self.width.max(slot + 1);
        Ok(slot)
    }

    fn row(
        &mut self,
        row: &rusqlite::Row<'_>,
        count: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let mut cells = vec![Cell::Empty; self.width];
        let (mut number, mut geometry) = (count, Ok(None));
        let table = self.table;
        for (index, column) in table.columns.iter().enumerate() {
            let value = row.get_ref(index)?;
            match (column.role, value) {
                (ColumnRole::Fid, ValueRef::Integer(fid)) => {
                    number = u64::try_from(fid).unwrap_or(count);
                }
                (ColumnRole::Geometry, ValueRef::Blob(blob)) => geometry = shape(blob),
                (ColumnRole::Extra, ValueRef::Text(text)) => self.spread(text, &mut cells, sink)?,
                (ColumnRole::Fid | ColumnRole::Geometry | ColumnRole::Extra, _) => {}
                (_, ValueRef::Blob(_)) => self.warn_of_blob(&column.name, sink),
                (role, value) => {
                    let slot = self.of_columns.get(index).copied().flatten();
                    put(&mut cells, slot, cell(role, value));
                }
            }
        }
        match geometry {
            Ok(geometry) => sink.row(InRow { number, cells: &cells, geometry })?,
            Err(reason) => sink.reject(number, reason)?,
        }
        Ok(())
    }

    /// Each extra attribute of one of our records becomes a cell of its own column.
    fn spread(
        &mut self,
        text: &[u8],
        cells: &mut Vec<Cell<'_>>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let Ok(Json::Object(extra)) = serde_json::from_slice(text) else { return Ok(()) };
        for (name, value) in extra {
            let slot = self.slot(&name, sink)?;
            if cells.len() < self.width {
                cells.resize(self.width, Cell::Empty);
            }
            put(cells, Some(slot), of_json(value));
        }
        Ok(())
    }

    fn warn_of_blob(&mut self, column: &str, sink: &mut dyn Sink) {
        if !self.has_warned_of_blobs {
            let table = &self.table.name;
            sink.warn(LocalizedText::new(
                format!("`{table}.{column}` 是二进制内容，未读取"),
                format!("`{table}.{column}` holds binary data, which is not read"),
            ));
            self.has_warned_of_blobs = true;
        }
    }
}

fn put<'c>(cells: &mut [Cell<'c>], slot: Option<usize>, cell: Cell<'c>) {
    if let Some(place) = slot.and_then(|slot| cells.get_mut(slot)) {
        *place = cell;
    }
}

fn shape(blob: &[u8]) -> Result<Option<Geometry<f64>>, LocalizedText> {
    wkb::from_gpkg(blob).map(|(geometry, _)| geometry).map_err(|error| {
        let zh = match &error {
            wkb::WkbError::Truncated => "图形数据不完整".to_owned(),
            wkb::WkbError::NoMagic => "不是 GeoPackage 图形".to_owned(),
            wkb::WkbError::Unsupported(code) => format!("不支持的图形类型 {code}"),
            wkb::WkbError::TooDeep => "图形嵌套过深".to_owned(),
        };
        LocalizedText::new(zh, error.to_string())
    })
}

fn cell(role: ColumnRole, value: ValueRef<'_>) -> Cell<'_> {
    match (role, value) {
        (_, ValueRef::Null | ValueRef::Blob(_)) => Cell::Empty,
        (ColumnRole::Boolean, ValueRef::Integer(number @ (0 | 1))) => Cell::Boolean(number == 1),
        (_, ValueRef::Integer(number)) => Cell::Integer(number),
        (_, ValueRef::Real(number)) => Cell::Real(number),
        (role, ValueRef::Text(text)) => of_text(role, text),
    }
}

fn of_text(role: ColumnRole, bytes: &[u8]) -> Cell<'_> {
    let text = String::from_utf8_lossy(bytes);
    let typed = match role {
        ColumnRole::Date => text.parse().ok().map(Cell::Date),
        ColumnRole::Json => serde_json::from_slice(bytes).ok().map(of_json),
        _ => None,
    };
    typed.unwrap_or(Cell::Text(text))
}

fn of_json(json: Json) -> Cell<'static> {
    match json {
        Json::Null => Cell::Empty,
        Json::Bool(truth) => Cell::Boolean(truth),
        Json::String(text) => Cell::Text(text.into()),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Cell::Integer(number),
            None => number.as_f64().map_or(Cell::Empty, Cell::Real),
        },
        list_or_object => Cell::Json(list_or_object),
    }
}
