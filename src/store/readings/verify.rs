//! Whether the readings are those that the records of their deliveries stand for.

use rusqlite::Connection;
use rustc_hash::FxHashMap;
use uuid::Uuid;

use super::hash::RowsHash;
use super::write::places;
use super::{Fid, row};
use crate::domain::{Kind, LocalizedText, Record, RecordId, Text};
use crate::store::check::CheckFinding;
use crate::store::row_names::RowNames;
use crate::store::rows::{self, RowReader};
use crate::store::{Error, schema};

/// Reads every row once.
pub(in crate::store) fn check(
    db: &Connection,
    findings: &mut Vec<CheckFinding>,
) -> Result<(), Error> {
    let mut say = |record: &str, problem: LocalizedText| {
        findings.push(CheckFinding::new("shapan_reading", record, problem));
    };
    let ids: FxHashMap<i64, Uuid> =
        places(db)?.into_iter().map(|(number, id)| (number, id.0)).collect();
    let deliveries = deliveries(db)?;
    let mut hashes: FxHashMap<i64, RowsHash> = FxHashMap::default();
    let mut strays = 0_u64;
    let mut query = db.prepare(&format!("SELECT {} FROM shapan_reading", row::columns()))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (fid, delivery) = (Fid(row.get(0)?), row.get(1)?);
        let place = ids.get(&fid.place());
        if place.is_none() || fid.span().is_none() || !deliveries.contains_key(&delivery) {
            strays += 1;
        }
        hashes.entry(delivery).or_default().add(place.copied().unwrap_or_default(), row)?;
    }
    if strays > 0 {
        let problem = LocalizedText::new(
            format!("{strays} 行读数的站点、时段或批次不在文件中"),
            format!("{strays} rows are of no place, span or delivery that the file knows"),
        );
        say("", problem);
    }
    let mut records = records(db)?;
    let mut numbers: Vec<(i64, RecordId)> = deliveries.into_iter().collect();
    numbers.sort_unstable();
    for (number, id) in numbers {
        // Undone: its rows stay, and the record that says what they are is in the journal alone.
        let Some(record) = records.remove(&id) else { continue };
        let hash = hashes.remove(&number).unwrap_or_default().finish();
        if record.text("sha256") != hash {
            say(record.name(), ALTERED.into());
        }
    }
    let mut lost: Vec<Record> = records.into_values().collect();
    lost.sort_by_key(|record| record.id);
    for record in lost {
        say(record.name(), LOST.into());
    }
    Ok(())
}

const ALTERED: Text =
    Text::new("读数与收到时不同", "the readings are not those that were delivered");
const LOST: Text =
    Text::new("这一批的读数不在文件中", "the readings of this delivery are not in the file");

fn deliveries(db: &Connection) -> Result<FxHashMap<i64, RecordId>, Error> {
    let mut query = db.prepare("SELECT id, record FROM shapan_delivery")?;
    let mut rows = query.query([])?;
    let mut found = FxHashMap::default();
    while let Some(row) = rows.next()? {
        if let Ok(id) = row.get_ref(1)?.as_str().unwrap_or_default().parse() {
            found.insert(row.get(0)?, id);
        }
    }
    Ok(found)
}

fn records(db: &Connection) -> Result<FxHashMap<RecordId, Record>, Error> {
    if schema::columns(db, Kind::Delivery.key())?.is_empty() {
        return Ok(FxHashMap::default());
    }
    let mut reader = RowReader::new(Kind::Delivery, RowNames::of(db)?);
    let mut query = db.prepare(&rows::select(Kind::Delivery, Kind::Delivery.key(), ""))?;
    let mut rows = query.query([])?;
    let mut found = FxHashMap::default();
    while let Some(row) = rows.next()? {
        let (_, record) = reader.read(row)?;
        found.insert(record.id, record);
    }
    Ok(found)
}
