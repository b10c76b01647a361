//! Shapefiles → rows: the shape and the record of the same number are one row.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

use super::dbf::{Dbf, DbfField};
use super::fields::{FILE_NAME, Shapefiles, StoredField, StoredFields, StoredType, restored};
use super::malformed;
use super::parts::{self, ComponentFiles};
use super::shapes::{ShapeResult, ShpReader};
use crate::domain::{LocalizedText, Text};
use crate::exchange::formats::archive::explained;
use crate::exchange::formats::guess;
use crate::exchange::{Cell, Error, InRow, ReadOptions, Sink, StatedCrs};

fn read_as(encoding: &'static Encoding) -> LocalizedText {
    let name = guess::name(encoding);
    LocalizedText::new(
        format!(".dbf 未注明编码，按 {} 读取；如有乱码，请补上 .cpg 文件", name.zh),
        format!("the .dbf does not say its encoding: read as {}", name.en),
    )
}

const UNKNOWN: Text = Text::new(
    ".dbf 的文字编码无法识别。请补上 .cpg 文件（写明编码，如 GBK、UTF-8、1251）后再导入",
    "the texts of the .dbf are in an encoding that is not known here: put a .cpg beside it that names \
     it, such as GBK, UTF-8 or 1251",
);

/// The index of eight million shapes.
const MAX_INDEX_BYTES: u64 = 64 << 20;

/// Streams the rows of the file into the sink.
pub fn read(path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
    let mut all = parts::all(path)?;
    if let Some(layer) = &options.layer {
        let known = all.iter().map(ComponentFiles::name).collect::<Vec<_>>().join(", ");
        all.retain(|parts| parts.name() == layer);
        if all.is_empty() {
            return Err(Error::NoSuchLayer { layer: layer.clone(), known });
        }
    }
    for parts in &all {
        shapefile(parts, sink)?;
    }
    Ok(())
}

fn shapefile(parts: &ComponentFiles, sink: &mut dyn Sink) -> Result<(), Error> {
    let written: Shapefiles =
        serde_json::from_str(&parts.text_beside(FILE_NAME)?).unwrap_or_default();
    let fields = written.get(parts.name());
    let crs = match parts.text("prj")? {
        text if text.is_empty() => StatedCrs::Unstated,
        text => StatedCrs::Wkt(text),
    };
    sink.table(fields.map_or(parts.name(), |fields| &fields.layer), &crs)?;
    let encoding = encoding(parts, sink)?;
    let mut index = Vec::new();
    parts.with("shx", &mut |shx| {
        shx.take(MAX_INDEX_BYTES).read_to_end(&mut index).map_err(explained)?;
        Ok(())
    })?;
    let has_shapes = parts.with("shp", &mut |shp| {
        let mut shapes = ShpReader::new(shp)?;
        shapes.follow(&index);
        let Some(encoding) = encoding else {
            return rows(&mut shapes, None::<(&mut dyn Read, _)>, fields, sink);
        };
        let has_table =
            parts.with("dbf", &mut |dbf| rows(&mut shapes, Some((dbf, encoding)), fields, sink))?;
        if has_table { Ok(()) } else { Err(Error::MissingPart(parts.path("dbf"))) }
    })?;
    if has_shapes { Ok(()) } else { Err(Error::MissingPart(parts.path("shp"))) }
}

const UTF_8_IN_TRUTH: Text = Text::new(
    "文件注明的编码与内容不符：内容是 UTF-8，已按 UTF-8 读取",
    "the file states another encoding than it has: its texts are UTF-8 and were read so",
);

fn no_utf_8_in_truth(seen: &'static Encoding) -> LocalizedText {
    let name = guess::name(seen);
    LocalizedText::new(
        format!(
            "文件注明编码为 UTF-8，内容却不是，已按 {} 读取；如有乱码，请改正 .cpg 文件",
            name.zh
        ),
        format!("the file states UTF-8, but its texts are none: they were read as {}", name.en),
    )
}

/// Of the texts in the `.dbf`; `None` where there is no `.dbf`.
fn encoding(
    parts: &ComponentFiles,
    sink: &mut dyn Sink,
) -> Result<Option<&'static Encoding>, Error> {
    let cpg = parts.text("cpg")?;
    let mut found = None;
    let has_table = parts.with("dbf", &mut |dbf| {
        let dbf = Dbf::new(dbf)?;
        let stated = dbf.stated_encoding(&cpg);
        let looked = dbf.sniff()?;
        found = Some(match (stated, looked.encoding) {
            (Some(stated), Some(seen)) if seen == UTF_8 && stated != UTF_8 => {
                sink.warn(UTF_8_IN_TRUTH.into());
                UTF_8
            }
            (Some(stated), Some(seen)) if stated == UTF_8 && looked.is_mostly_no_utf8 => {
                sink.warn(no_utf_8_in_truth(seen));
                seen
            }
            (Some(stated), _) => stated,
            (None, Some(seen)) => {
                if seen != UTF_8 {
                    sink.warn(read_as(seen));
                }
                seen
            }
            (None, None) if looked.is_unknown => return Err(malformed(UNKNOWN.zh, UNKNOWN.en)),
            (None, None) => UTF_8,
        });
        Ok(())
    })?;
    if !has_table {
        let path = parts.path("dbf");
        let path = path.display();
        sink.warn(LocalizedText::new(
            format!("缺少 {path}：只有图形，没有属性"),
            format!("{path} is missing: there are shapes, but nothing is known about them"),
        ));
    }
    Ok(found)
}

/// One column of the table, as the sink has it.
struct SinkColumn {
    position: usize,
    /// The columns of the `.dbf`, several for a long text that we wrote.
    columns: Vec<DbfField>,
    /// What we wrote into it; `None` for a table of others.
    ty: Option<StoredType>,
}

fn rows<R: Read>(
    shapes: &mut ShpReader<R>,
    dbf: Option<(&mut dyn Read, &'static Encoding)>,
    fields: Option<&StoredFields>,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    let Some((dbf, encoding)) = dbf else {
        let mut number = 0;
        while let Some(shape) = shapes.next()? {
            number += 1;
            row(sink, number, &[], shape)?;
        }
        return Ok(());
    };
    let mut dbf = Dbf::new(dbf)?;
    dbf.decode_names(encoding);
    let targets = targets(&dbf.columns, fields, sink)?;
    let width = targets.iter().map(|target| target.position + 1).max().unwrap_or(0);
    let (mut number, mut unpaired, mut has_bad_text) = (0_u64, 0_u64, false);
    loop {
        let (shape, record) = (shapes.next()?, dbf.next()?);
        if shape.is_none() && record.is_none() {
            break;
        }
        number += 1;
        unpaired += u64::from(shape.is_none() || record.is_none());
        if record == Some(false) {
            continue;
        }
        let mut cells = vec![Cell::Empty; width];
        if record.is_some() {
            for target in &targets {
                let (cell, is_whole) = cell(&dbf, target, encoding);
                has_bad_text |= !is_whole;
                if let Some(place) = cells.get_mut(target.position) {
                    *place = cell;
                }
            }
        }
        row(sink, number, &cells, shape.unwrap_or(Ok(None)))?;
    }
    if unpaired > 0 {
        sink.warn(LocalizedText::new(
            format!("{unpaired} 行的图形和属性不配对，只有其一"),
            format!("{unpaired} rows have a shape and no record, or a record and no shape"),
        ));
    }
    if has_bad_text {
        let name = encoding.name();
        sink.warn(LocalizedText::new(
            format!("部分文字不是 {name} 编码，无法识别的字显示为 \u{fffd}"),
            format!("some texts are not {name}: what could not be read is shown as \u{fffd}"),
        ));
    }
    Ok(())
}

fn row(
    sink: &mut dyn Sink,
    number: u64,
    cells: &[Cell<'_>],
    shape: ShapeResult,
) -> Result<(), Error> {
    match shape {
        Ok(geometry) => sink.row(InRow { number, cells, geometry })?,
        Err(reason) => sink.reject(number, reason)?,
    }
    Ok(())
}

/// The columns by the names that we gave them, where our list of names is there and fits, and by
/// their own.
fn targets(
    columns: &[DbfField],
    fields: Option<&StoredFields>,
    sink: &mut dyn Sink,
) -> Result<Vec<SinkColumn>, Error> {
    let mut rest: Vec<&DbfField> = columns.iter().collect();
    let mut targets = Vec::new();
    for StoredField { name, ty, columns } in fields.iter().flat_map(|fields| &fields.fields) {
        let found: Option<Vec<DbfField>> = columns
            .iter()
            .map(|short| rest.iter().find(|column| column.name == *short).map(|c| (*c).clone()))
            .collect();
        let Some(found) = found else { continue };
        rest.retain(|column| !columns.contains(&column.name));
        targets.push(SinkColumn { position: sink.column(name)?, columns: found, ty: Some(*ty) });
    }
    for column in rest {
        let position = sink.column(&column.name)?;
        targets.push(SinkColumn { position, columns: vec![column.clone()], ty: None });
    }
    Ok(targets)
}

fn cell<'a, R: Read>(
    dbf: &'a Dbf<R>,
    target: &SinkColumn,
    encoding: &'static Encoding,
) -> (Cell<'a>, bool) {
    let Some(StoredType::Text | StoredType::Json) = target.ty else {
        return target
            .columns
            .first()
            .map_or((Cell::Empty, true), |column| dbf.cell(column, encoding));
    };
    let mut text = String::new();
    let mut is_whole = true;
    for column in &target.columns {
        if let (Cell::Text(part), whole) = dbf.cell(column, encoding) {
            text.push_str(&part);
            is_whole &= whole;
        }
    }
    let cell = match target.ty {
        Some(StoredType::Json) => Cell::from_json(&text).unwrap_or_else(|| {
            if text.is_empty() { Cell::Empty } else { Cell::Text(Cow::Owned(text)) }
        }),
        _ => restored(&text),
    };
    (cell, is_whole)
}
