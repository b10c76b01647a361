//! What rows are called that another program left without an id of their own: QGIS writes none for a
//! new row, and `<uuid>_1` or the id of another layer's row for a pasted one.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHashSet};
use uuid::Uuid;

use super::{Error, external_edits, journal, schema};
use crate::domain::{Kind, RecordId};

/// Names for one state of the file. Until our next edit writes them down, a row is called by its
/// place and by the revision that the journal is at, the same on every reading.
#[derive(Clone, Debug, Default)]
pub(super) struct RowNames {
    revision: u64,
    /// Rows whose id is another row's.
    doubled: Arc<FxHashMap<(Kind, i64), RecordId>>,
}

impl RowNames {
    /// For the state that the connection sees.
    pub(super) fn of(db: &Connection) -> Result<Self, Error> {
        let revision = journal::revision(db)?;
        let doubled = if external_edits::is_pending(db)? {
            doubled(db, revision)?
        } else {
            FxHashMap::default()
        };
        Ok(Self { revision, doubled: Arc::new(doubled) })
    }

    /// For rows as they were before another program touched them, whose ids were their own.
    pub(super) fn of_earlier_rows(&self) -> Self {
        Self { revision: self.revision, doubled: Arc::default() }
    }

    /// The id of a row that has this text for one.
    pub(super) fn name(&self, kind: Kind, fid: i64, text: Option<&str>) -> RecordId {
        if !self.doubled.is_empty()
            && let Some(name) = self.doubled.get(&(kind, fid))
        {
            return *name;
        }
        let own = text.and_then(|text| text.parse().ok());
        own.unwrap_or_else(|| provisional(kind, fid, self.revision))
    }
}

/// Its time is the epoch, which no minted id has. No two rows have had the same: a place is used
/// again only after a revision that says what became of the row before.
pub(super) fn provisional(kind: Kind, fid: i64, revision: u64) -> RecordId {
    let random_a = kind as u128;
    let random_b = u128::from(fid.cast_unsigned() ^ revision.rotate_left(32)) & ((1 << 62) - 1);
    RecordId(Uuid::from_u128(0x7 << 76 | random_a << 64 | 0b10 << 62 | random_b))
}

/// A row with an id that it did not have before another program touched it.
type Claims = BTreeMap<(Kind, i64), RecordId>;

fn doubled(db: &Connection, revision: u64) -> Result<FxHashMap<(Kind, i64), RecordId>, Error> {
    let mut claims = Claims::new();
    let mut earlier = FxHashSet::default();
    for kind in Kind::ALL {
        let before = schema::before_table(kind);
        let mut query = db.prepare(&format!(
            "SELECT b.fid, b.id, t.id FROM {before} b LEFT JOIN {kind} t ON t.fid = b.fid"
        ))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let parse = |text: Option<String>| text.and_then(|text| text.parse().ok());
            let (then, now): (Option<RecordId>, Option<RecordId>) =
                (parse(row.get(1)?), parse(row.get(2)?));
            earlier.extend(then.map(|id| (kind, id)));
            if let Some(id) = now.filter(|_| now != then) {
                claims.insert((kind, row.get(0)?), id);
            }
        }
    }
    let mut doubled = FxHashMap::default();
    let mut granted = FxHashSet::default();
    for ((kind, fid), id) in &claims {
        let of_other_layer =
            Kind::ALL.into_iter().any(|other| other != *kind && earlier.contains(&(other, *id)));
        if of_other_layer || has_owner(db, &claims, (*kind, *fid), *id)? || !granted.insert(*id) {
            doubled.insert((*kind, *fid), provisional(*kind, *fid, revision));
        }
    }
    Ok(doubled)
}

/// Whether a row has the id that had it before.
fn has_owner(
    db: &Connection,
    claims: &Claims,
    claimant: (Kind, i64),
    id: RecordId,
) -> Result<bool, Error> {
    for kind in Kind::ALL {
        let mut query = db.prepare_cached(&format!("SELECT fid FROM {kind} WHERE id = ?1"))?;
        let mut rows = query.query([id.to_string()])?;
        while let Some(row) = rows.next()? {
            let place = (kind, row.get(0)?);
            if place != claimant && !claims.contains_key(&place) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
