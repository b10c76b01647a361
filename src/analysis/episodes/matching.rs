//! What the rules find beside what people did: neither overwrites the other.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Episode, Family, Nature};
use crate::analysis::air::Hour;
use crate::domain::{EpisodeFamily, Record, RecordId, episode};

/// One row of the list: what was found, what was done, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// `None` where the readings, as they are now, no longer say so.
    pub found: Option<Episode>,
    /// `None` where nobody had to do anything.
    pub record: Option<Arc<Record>>,
}

impl Matched {
    pub fn place(&self) -> Option<RecordId> {
        let of_record = self.record.as_ref().and_then(|it| it.text("station").parse().ok());
        of_record.or_else(|| self.found.as_ref().and_then(|it| it.place))
    }

    /// The hour by which it is known.
    pub fn hour(&self) -> Option<Hour> {
        let of_record = self.record.as_deref().and_then(hour_of);
        of_record.or_else(|| self.found.as_ref().map(Episode::hour))
    }

    pub fn nature(&self) -> Nature {
        match (&self.record, &self.found) {
            (None, Some(found)) => found.nature,
            _ => Nature::Dispatch,
        }
    }

    /// Whether it waits for somebody.
    pub fn is_live(&self) -> bool {
        match (&self.record, &self.found) {
            (Some(record), _) => !episode::state(record).is_over(),
            (None, Some(found)) => found.is_open() && found.nature != Nature::Dispatch,
            (None, None) => false,
        }
    }

    /// The second clear reading has come, and nobody has ended it.
    pub fn may_close(&self) -> bool {
        let is_live = self.record.as_ref().is_some_and(|it| !episode::state(it).is_over());
        is_live && self.found.as_ref().is_some_and(|found| !found.is_open())
    }
}

/// The hour in which the rule fired.
pub(super) fn hour_of(record: &Record) -> Option<Hour> {
    episode::moment(record, "begins_at").map(Hour::containing)
}

fn family_of(record: &Record) -> Option<Family> {
    Some(match EpisodeFamily::of(record)? {
        EpisodeFamily::Particles => Family::Particles,
        EpisodeFamily::Gases => Family::Gases,
    })
}

/// Whether a record is of an episode: of the same place and family, its hour within.
fn is_of(record: &Record, found: &Episode) -> bool {
    let place = record.text("station").parse::<RecordId>().ok();
    place.is_some()
        && place == found.place
        && family_of(record) == found.family
        && matches!(found.nature, Nature::Dispatch | Nature::Attention)
        && hour_of(record).is_some_and(|hour| found.covers(hour))
}

/// Every episode and every record, the newest first. Late readings may join what were two alerts: both
/// records then stand beside the same episode.
pub fn matched<'r>(
    episodes: &[Episode],
    records: impl Iterator<Item = &'r Arc<Record>>,
) -> Vec<Matched> {
    let mut is_taken = vec![false; episodes.len()];
    let mut rows: Vec<Matched> = records
        .map(|record| {
            let at = episodes.iter().position(|found| is_of(record, found));
            if let Some(at) = at {
                is_taken[at] = true;
            }
            let found = at.and_then(|at| episodes.get(at)).cloned();
            Matched { found, record: Some(Arc::clone(record)) }
        })
        .collect();
    let free = episodes.iter().zip(&is_taken).filter(|(_, is_taken)| !**is_taken);
    rows.extend(free.map(|(found, _)| Matched { found: Some(found.clone()), record: None }));
    rows.sort_by_key(|row| std::cmp::Reverse((row.hour(), row.place())));
    rows
}

/// Matters of dispatch that nobody has been told of yet and that are no older than so long.
pub fn first_alerts(
    rows: &[Matched],
    now: Timestamp,
    within: SignedDuration,
) -> impl Iterator<Item = &Episode> {
    let is_new = move |found: &&Episode| {
        let age = now.duration_since(found.hour().plus(1).start());
        found.nature == Nature::Dispatch && age >= SignedDuration::ZERO && age <= within
    };
    let untold = rows.iter().filter(|row| row.record.is_none());
    untold.filter_map(|row| row.found.as_ref()).filter(is_new)
}
