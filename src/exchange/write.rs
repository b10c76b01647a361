//! Records → rows for the formats to write, and a file that replaces another whole or not at all.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::Path;

use geo::MapCoords as _;
use geo_types::Geometry;
use serde_json::Value as Json;

use crate::exchange::{Cell, Error};

use super::{Format, OutColumn, OutLayer, OutRow};
use crate::domain::{Field, Kind, Record, Value, World};
use crate::files::{self, Unfinished, folder_of, sync_folder};
use crate::geodesy::crs::Crs;

/// Writes in a folder of its own beside the target, brings it to the disk, and moves it into
/// place: whatever happens, the target is the old file or the new one. What a killed export left in
/// that folder is swept up.
pub fn replace(target: &Path, format: &dyn Format, layers: Vec<OutLayer<'_>>) -> Result<(), Error> {
    let folder = folder_of(target);
    let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "the target has no file name");
    let name = target.file_name().ok_or_else(no_name).map_err(Error::NotWritten)?;
    let aside = Unfinished::begin(target).map_err(Error::NotWritten)?;
    fs::create_dir(aside.path()).map_err(Error::NotWritten)?;
    format.write(&aside.path().join(name), &mut layers.into_iter()).map_err(
        |error| match error {
            Error::Io(error) => Error::NotWritten(error),
            other => other,
        },
    )?;
    place(aside.path(), name, folder).map_err(Error::NotWritten)
}

/// A format may need several files; the one that was asked for comes last.
fn place(aside: &Path, name: &OsStr, folder: &Path) -> io::Result<()> {
    let mut written: Vec<OsString> = fs::read_dir(aside)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<_>>()?;
    written.sort_by_key(|file| (file == name, file.clone()));
    for file in &written {
        files::sync(&aside.join(file))?;
    }
    for file in &written {
        files::rename(&aside.join(file), &folder.join(file))?;
    }
    sync_folder(folder)
}

/// The records of some kinds that `keep` keeps, a layer a kind, in the order of their ids.
///
/// Columns are `id`, the fields of the kind without those of site kinds that do not occur, and the
/// extra attributes by name. Lists are [`Cell::Json`].
pub fn layers<'a>(
    world: &'a World,
    kinds: &[Kind],
    crs: &'a Crs,
    keep: &'a dyn Fn(&Record) -> bool,
) -> Vec<OutLayer<'a>> {
    kinds.iter().map(|kind| layer(world, *kind, crs, keep)).collect()
}

fn layer<'a>(
    world: &'a World,
    kind: Kind,
    crs: &'a Crs,
    keep: &'a dyn Fn(&Record) -> bool,
) -> OutLayer<'a> {
    let records = move || world.table(kind).iter().map(AsRef::as_ref).filter(|record| keep(record));
    let places = places(kind, &mut records());
    let columns = places.iter().map(CellSource::column).collect();
    let rows = records().map(move |record| OutRow {
        cells: places.iter().map(|place| place.cell(record)).collect(),
        geometry: record.geometry.as_ref().map(|geometry| in_crs(geometry, crs)),
    });
    OutLayer { kind, result: None, crs, columns, filter: String::new(), rows: Box::new(rows) }
}

/// Where the cells of a column come from.
enum CellSource {
    Id,
    Field(u8, &'static Field),
    Extra(String),
}

fn places(kind: Kind, records: &mut dyn Iterator<Item = &Record>) -> Vec<CellSource> {
    let (mut set, mut site_kinds, mut extra) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for record in records {
        set.extend(record.fields.iter().map(|(index, _)| index));
        site_kinds.extend((kind == Kind::Site).then(|| record.text("kind")));
        for name in record.extra.iter().flat_map(|extra| extra.keys()) {
            if !extra.contains(name.as_str()) {
                extra.insert(name.clone());
            }
        }
    }
    let fields = (0..).zip(kind.fields()).filter(|(index, field)| {
        field.of.is_empty()
            || set.contains(index)
            || field.of.iter().any(|site_kind| site_kinds.contains(site_kind))
    });
    std::iter::once(CellSource::Id)
        .chain(fields.map(|(index, field)| CellSource::Field(index, field)))
        .chain(extra.into_iter().map(CellSource::Extra))
        .collect()
}

impl CellSource {
    fn column(&self) -> OutColumn {
        match self {
            Self::Id => OutColumn { name: "id".to_owned(), field: None },
            Self::Field(_, field) => OutColumn { name: field.key.to_owned(), field: Some(field) },
            Self::Extra(name) => OutColumn { name: name.clone(), field: None },
        }
    }

    fn cell<'a>(&self, record: &'a Record) -> Cell<'a> {
        match self {
            Self::Id => Cell::Text(record.id.to_string().into()),
            Self::Field(index, _) => record.fields.get(*index).map_or(Cell::Empty, of_value),
            Self::Extra(name) => {
                let value = record.extra.as_ref().and_then(|extra| extra.get(name));
                value.map_or(Cell::Empty, of_json)
            }
        }
    }
}

fn of_value(value: &Value) -> Cell<'_> {
    match value {
        Value::Text(text) => Cell::Text(Cow::Borrowed(text)),
        Value::Choice(key) => Cell::Text(Cow::Borrowed(key)),
        Value::Integer(number) => Cell::Integer(*number),
        Value::Real(number) => Cell::Real(*number),
        Value::Boolean(truth) => Cell::Boolean(*truth),
        Value::Date(date) => Cell::Date(*date),
        Value::Words(_) | Value::Reals(_) => Cell::Json(value.to_json()),
    }
}

fn of_json(json: &Json) -> Cell<'_> {
    match json {
        Json::Null => Cell::Empty,
        Json::Bool(truth) => Cell::Boolean(*truth),
        Json::String(text) => Cell::Text(Cow::Borrowed(text)),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Cell::Integer(number),
            None => number.as_f64().map_or(Cell::Empty, Cell::Real),
        },
        Json::Array(_) | Json::Object(_) => Cell::Json(json.clone()),
    }
}

fn in_crs(geometry: &Geometry<f64>, crs: &Crs) -> Geometry<f64> {
    match crs {
        Crs::Wgs84 => geometry.clone(),
        crs => geometry.map_coords(|at| crs.from_wgs84(at)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use geo_types::point;
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::domain::{Ids, SiteKind, Stamp};

    fn world() -> World {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 7);
        let stamp = Stamp { actor: "t".into(), at: Timestamp::UNIX_EPOCH };
        let mut site = |kind: &str, extra: Json| {
            let mut record = Record::new(ids.next(), Kind::Site, &stamp);
            record.geometry = Some(point! { x: 118.0, y: 39.0 }.into());
            record.extra = extra.as_object().map(|extra| Arc::new(extra.clone()));
            let field = Kind::Site.field("kind").unwrap();
            record.set("kind", Value::parse(field, kind).unwrap());
            record.set("name", Some(Value::text(kind)));
            record
        };
        [site("parking", json!({ "b": 1, "a": [1, 2] })), site("mine", json!({ "c": null }))]
            .into_iter()
            .collect()
    }

    fn names(layer: &OutLayer<'_>) -> Vec<String> {
        layer.columns.iter().map(|column| column.name.clone()).collect()
    }

    #[test]
    fn columns_are_those_of_the_site_kinds_that_occur_then_extras_by_name() {
        let world = world();
        let all = layers(&world, &[Kind::Site, Kind::Road], &Crs::Wgs84, &|_| true);
        let sites = names(&all[0]);
        assert_eq!((sites[0].as_str(), sites[1].as_str()), ("id", "code"));
        assert!(sites.contains(&"licensed".to_owned()) && !sites.contains(&"builder".to_owned()));
        assert_eq!(sites[sites.len() - 3..], ["a", "b", "c"]);
        assert_eq!(names(&all[1]).len(), 1 + Kind::Road.fields().len());
        let mines = |record: &Record| SiteKind::Mine.is_of(record);
        let some = layers(&world, &[Kind::Site], &Crs::Wgs84, &mines);
        assert!(!names(&some[0]).contains(&"licensed".to_owned()));
    }

    #[test]
    fn cells_stand_under_their_columns() {
        let world = world();
        let mut layer = layers(&world, &[Kind::Site], &Crs::Gcj02, &|_| true).remove(0);
        let rows: Vec<_> = layer.rows.by_ref().collect();
        let cell = |row: usize, name: &str| {
            let column = layer.columns.iter().position(|column| column.name == name).unwrap();
            rows[row].cells[column].clone()
        };
        assert_eq!(cell(0, "kind"), Cell::Text("parking".into()));
        assert_eq!((cell(0, "a"), cell(0, "b")), (Cell::Json(json!([1, 2])), Cell::Integer(1)));
        assert_eq!((cell(1, "a"), cell(1, "c")), (Cell::Empty, Cell::Empty));
        let id = world.table(Kind::Site).iter().next().unwrap().id;
        assert_eq!(cell(0, "id"), Cell::Text(id.to_string().into()));
        let shifted = Crs::Gcj02.from_wgs84(geo_types::coord! { x: 118.0, y: 39.0 });
        assert_eq!(rows[0].geometry, Some(geo_types::Point(shifted).into()));
    }
}
