//! The states that some records were in before, in one walk through the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Connection;

use super::journal::{self, Cause};
use super::{DistrictReader, Error, Store};
use crate::domain::{Record, RecordId};

/// Of a record so many states before at most.
const MOST: usize = 50;

/// States of records before the present one, the latest first.
pub type EarlierStates = BTreeMap<RecordId, Vec<Arc<Record>>>;

impl Store {
    /// The states that records were in before.
    pub fn earlier_states(&self, ids: &[RecordId]) -> Result<EarlierStates, Error> {
        earlier_states(&self.db, ids).map_err(|error| error.at(&self.path))
    }
}

impl DistrictReader {
    /// The states that records were in before.
    pub fn earlier_states(&self, ids: &[RecordId]) -> Result<EarlierStates, Error> {
        earlier_states(&self.open.db, ids).map_err(|error| error.at(&self.path))
    }
}

/// Back from the latest edit until all of them were not there yet.
fn earlier_states(db: &Connection, ids: &[RecordId]) -> Result<EarlierStates, Error> {
    let mut states = EarlierStates::new();
    let mut sought: BTreeSet<RecordId> = ids.iter().copied().collect();
    for entry in journal::entries(db)?.into_iter().rev() {
        if sought.is_empty() {
            break;
        }
        let source = entry.target.unwrap_or(entry.revision);
        let is_backwards = entry.cause == Cause::Undo;
        // What an edit did to a record as a whole: from its first change to its last.
        let mut before: BTreeMap<RecordId, Option<Arc<Record>>> = BTreeMap::new();
        journal::each_part(db, source, is_backwards, &mut |part| {
            for change in part {
                let Some(id) = change.subject().filter(|id| sought.contains(id)) else { continue };
                let change = if is_backwards { change.inverse() } else { change };
                before.entry(id).or_insert(change.before);
            }
            Ok(())
        })?;
        for (id, state) in before {
            let known = states.entry(id).or_default();
            match state {
                Some(state) if known.len() < MOST => known.push(state),
                _ => {
                    sought.remove(&id);
                }
            }
        }
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Change, Edit, Ids, Kind, Stamp, Value};

    #[test]
    fn states_come_back_latest_first_through_undo_and_only_of_the_records_that_are_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp { actor: "王工".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let mut store = Store::create(&folder.path().join("a.gpkg")).unwrap();
        let named = |record: &Record, name: &str| {
            let mut record = record.clone();
            record.set("name", Some(Value::text(name)));
            record
        };
        let [own, other] = [(); 2].map(|()| Record::new(ids.next(), Kind::Site, &stamp));
        let (one, two, three) = (named(&own, "一"), named(&own, "二"), named(&own, "三"));
        let other = named(&other, "别的");
        let mut apply = |change| store.apply(&Edit::of(vec![change]), &stamp).unwrap();
        apply(Change::create(one.clone()));
        apply(Change::create(other));
        apply(Change::update(Arc::new(one.clone()), two.clone()));
        apply(Change::update(Arc::new(two.clone()), three.clone()));
        store.undo(&stamp).unwrap().unwrap();
        let states = store.earlier_states(&[own.id]).unwrap();
        assert_eq!(states.len(), 1);
        let states_were: Vec<&str> = states[&own.id].iter().map(|state| state.name()).collect();
        assert_eq!(states_were, ["三", "二", "一"], "as it is now: 二");
        let reader = DistrictReader::open(store.path()).unwrap();
        assert_eq!(reader.earlier_states(&[own.id]).unwrap(), states);
    }
}
