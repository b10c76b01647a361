//! Layers → one table with a header of field keys, for Excel and for [`super::Csv`] itself.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::domain::printable;
use crate::exchange::formats::placing::{PlaceColumn, column_names, places};
use crate::exchange::{Cell, Error, OutLayer, OutRow};

/// Excel takes a file for UTF-8 only with this in front.
const BOM: &[u8] = b"\xef\xbb\xbf";

const LAYER: &str = "layer";

/// Several layers share one table: a `layer` column in front, and all their columns after it.
pub fn write(path: &Path, layers: Vec<OutLayer<'_>>) -> Result<(), Error> {
    let mut file = BufWriter::with_capacity(1 << 18, File::create(path)?);
    file.write_all(BOM)?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
    let has_layer_column = layers.len() > 1;
    say_filter(path, &layers)?;
    let ours = ours(&layers);
    let header = header(&layers, &ours);
    for name in &header {
        writer.write_field(&*guarded(name)).map_err(unwritable)?;
    }
    writer.write_record(None::<&[u8]>).map_err(unwritable)?;
    for layer in layers {
        let names = column_names(&layer.columns, &ours);
        let positions: Vec<Option<usize>> = header
            .iter()
            .skip(usize::from(has_layer_column))
            .map(|name| names.iter().position(|own| own == name))
            .collect();
        let places = places(layer.kind);
        let (crs, key) = (layer.crs.name(), layer.key());
        for OutRow { cells, geometry } in layer.rows {
            if has_layer_column {
                writer.write_field(key).map_err(unwritable)?;
            }
            let skipped = usize::from(has_layer_column);
            for (position, name) in positions.iter().zip(header.iter().skip(skipped)) {
                let place = || places.iter().find(|place| place.name() == name);
                let cell = match position {
                    Some(position) => cells.get(*position).map(Cow::Borrowed),
                    None => place().map(|place| Cow::Owned(place.cell(geometry.as_ref(), &crs))),
                };
                let text = cell.as_deref().map(text).unwrap_or_default();
                writer.write_field(text.as_bytes()).map_err(unwritable)?;
            }
            writer.write_record(None::<&[u8]>).map_err(unwritable)?;
        }
    }
    writer.flush()?;
    Ok(())
}

/// What the rows were picked by stands in a file beside the table, `<name>_筛选.txt`: within it every
/// program would take it for a row.
fn say_filter(path: &Path, layers: &[OutLayer<'_>]) -> Result<(), Error> {
    let filter = layers.first().map_or("", |layer| layer.filter.as_str());
    if !filter.is_empty() {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!("{stem}_筛选.txt"));
        std::fs::write(beside, format!("筛选：{filter}\r\n"))?;
    }
    Ok(())
}

/// Plain rows as a file that Excel opens as UTF-8.
pub fn to_bytes(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BOM.to_vec());
    for row in rows {
        let fields = row.iter().map(|text| match text.parse::<f64>() {
            // A longitude below zero is no formula.
            Ok(_) => Cow::Borrowed(text.as_str()),
            Err(_) => guarded(text),
        });
        writer.write_record(fields.map(|text| text.as_bytes().to_vec())).map_err(unwritable)?;
    }
    writer.into_inner().map_err(|_full| unwritten())
}

/// The columns that are no attribute: the layer in front, the places behind.
fn ours(layers: &[OutLayer<'_>]) -> Vec<&'static str> {
    let layer = (layers.len() > 1).then_some(LAYER);
    let needed =
        |place: &&PlaceColumn| layers.iter().any(|layer| places(layer.kind).contains(place));
    layer
        .into_iter()
        .chain(PlaceColumn::ALL.iter().filter(needed).map(|place| place.name()))
        .collect()
}

fn header(layers: &[OutLayer<'_>], ours: &[&str]) -> Vec<String> {
    let (first, last): (Vec<&str>, Vec<&str>) = ours.iter().partition(|name| **name == LAYER);
    let columns = layers.iter().flat_map(|layer| column_names(&layer.columns, ours));
    let mut header: Vec<String> = first.into_iter().map(str::to_owned).collect();
    for name in columns.chain(last.into_iter().map(str::to_owned)) {
        if !header.contains(&name) {
            header.push(name);
        }
    }
    header
}

fn unwritable(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::Io(error),
        _ => unwritten(),
    }
}

fn unwritten() -> Error {
    Error::unwritable("CSV 未能写出", "the CSV could not be written")
}

fn text<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    match cell {
        Cell::Text(text) => match printable(text) {
            Cow::Borrowed(text) => guarded(text),
            Cow::Owned(text) => guarded(&text).into_owned().into(),
        },
        cell => cell.to_text(),
    }
}

fn guarded(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// Whether a spreadsheet would calculate this text: it begins with one of `= + - @`, a tab or a
/// carriage return, before which there may be quotation marks that we set ourselves.
pub fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}
