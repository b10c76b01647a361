//! What we ask of records: ids and codes unique, values as the table of fields allows, geometries
//! on Earth.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashSet;

use super::CheckFinding;
use crate::domain::{Field, FieldType, Kind, LocalizedText, Record, RecordId, Value};
use crate::geodesy::wkb;
use crate::store::row_names::RowNames;
use crate::store::rows::{self, RowReader};
use crate::store::{Error, attachment};

/// Whether records are as the program writes them.
pub(super) fn check(db: &Connection, findings: &mut Vec<CheckFinding>) -> Result<(), Error> {
    let mut ids = FxHashSet::default();
    let attached = attachment::names(db)?;
    let names = RowNames::of(db)?;
    for kind in Kind::ALL {
        let reader = RowReader::new(kind, names.clone());
        layer(db, kind, reader, &mut ids, &attached, findings)?;
    }
    Ok(())
}

fn layer(
    db: &Connection,
    kind: Kind,
    mut reader: RowReader,
    ids: &mut FxHashSet<RecordId>,
    attached: &FxHashSet<String>,
    findings: &mut Vec<CheckFinding>,
) -> Result<(), Error> {
    let mut codes = FxHashSet::default();
    let mut query = db.prepare(&rows::select(kind, kind.key(), ""))?;
    let mut found = query.query([])?;
    while let Some(row) = found.next()? {
        let (_, record) = reader.read(row)?;
        let mut say = |problem: LocalizedText| {
            findings.push(CheckFinding::new(kind.key(), &called(&record), problem));
        };
        if !ids.insert(record.id) {
            say(LocalizedText::new(
                format!("id {} 出现两次", record.id),
                format!("the id {} stands twice", record.id),
            ));
        }
        if let Some(code) = record.code()
            && !codes.insert(code.to_owned())
        {
            say(LocalizedText::new(
                format!("编码 {code} 出现两次"),
                format!("the code {code} stands twice"),
            ));
        }
        if let ValueRef::Blob(blob) = row.get_ref(1)? {
            blob_problem(blob).into_iter().for_each(&mut say);
        }
        if let Some(problem) = record.geometry.as_ref().and_then(|g| kind.shape().problem(g)) {
            say(problem);
        }
        for (field, value) in record.values() {
            value_problem(field, value).into_iter().for_each(&mut say);
        }
        for name in record.attachments().filter(|name| !attached.contains(*name)) {
            say(LocalizedText::new(
                format!("附件 {name} 不在文件中"),
                format!("the attachment {name} is not in the file"),
            ));
        }
    }
    Ok(())
}

fn called(record: &Record) -> String {
    let code = record.code().unwrap_or_default();
    match (code, record.name()) {
        ("", "") => record.id.to_string(),
        ("", name) => name.to_owned(),
        (code, name) => format!("{code} {name}"),
    }
}

fn blob_problem(blob: &[u8]) -> Option<LocalizedText> {
    match wkb::from_gpkg(blob) {
        Err(error) => Some(LocalizedText::new(
            "图形无法读取",
            format!("the geometry cannot be read: {error}"),
        )),
        Ok((_, 4326)) => None,
        Ok((_, srs)) => Some(LocalizedText::new(
            format!("图形自称坐标系 {srs}，不是 4326"),
            format!("the geometry says SRS {srs}, not 4326"),
        )),
    }
}

fn value_problem(field: &Field, value: &Value) -> Option<LocalizedText> {
    let allows = match (field.ty, value) {
        (FieldType::Text | FieldType::Phone | FieldType::Hours, Value::Text(_))
        | (FieldType::Choice(_), Value::Choice(_))
        | (FieldType::Boolean, Value::Boolean(_))
        | (FieldType::Date, Value::Date(_))
        | (FieldType::Choices(_) | FieldType::Words, Value::Words(_)) => true,
        (FieldType::Integer { min, max }, Value::Integer(number)) => (min..=max).contains(number),
        (FieldType::Real { min, max }, Value::Real(number)) => (min..=max).contains(number),
        (FieldType::Reals { min, max }, Value::Reals(numbers)) => {
            numbers.iter().all(|number| (min..=max).contains(number))
        }
        _ => false,
    };
    let cell = value.to_cell();
    (!allows).then(|| {
        LocalizedText::new(
            format!("“{}”不能是“{cell}”", field.label.zh),
            format!("{} cannot be `{cell}`", field.key),
        )
    })
}
