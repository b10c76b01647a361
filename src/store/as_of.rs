//! The district as it was at a moment: today's records, with the edits since then undone in memory.
//! Nothing is written; undo in the file is `Store::undo`.

use jiff::Timestamp;
use rusqlite::Connection;

use super::journal::{self, Cause, JournalEntry};
use super::load::Another;
use super::{Error, external_edits, load};
use crate::domain::{Change, Edit, EditKind, World};

/// Which state is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// After the last edit that was written at this instant or before.
    Moment(Timestamp),
    /// After this revision of the journal; 0 is the empty district.
    Revision(u64),
}

/// Reads the file and goes back. What other programs changed has no time: it counts as done after
/// the last edit, so it is in the latest state alone.
pub(super) fn world(db: &Connection, another: Another<'_>, as_of: AsOf) -> Result<World, Error> {
    load::in_read_transaction(db, |db| {
        let world = load::read(db, another)?;
        rewound(db, world, as_of)
    })
}

/// The same, starting from the world that is in memory already: records that did not change since
/// are shared with it. Where it is not the latest state of the file, the file is read.
pub(super) fn from_now(db: &Connection, now: World, as_of: AsOf) -> Result<World, Error> {
    load::in_read_transaction(db, |db| {
        if now.revision == journal::revision(db)?
            && let Ok(world) = rewound(db, now, as_of)
        {
            return Ok(world);
        }
        rewound(db, load::read(db, &|| Ok(None))?, as_of)
    })
}

fn rewound(db: &Connection, mut world: World, as_of: AsOf) -> Result<World, Error> {
    let entries = journal::entries(db)?;
    let last = entries.last().map_or(0, |entry| entry.revision);
    let is_edit = |entry: &&JournalEntry| entry.cause != Cause::Event;
    let wanted = match as_of {
        AsOf::Revision(revision) => revision,
        // The last one, not the first that is later: a clock that was once set back tears no
        // edit out of the middle.
        AsOf::Moment(at) => {
            let known = entries.iter().rev().filter(is_edit).find(|entry| entry.at <= at);
            known.map_or(0, |entry| entry.revision)
        }
    };
    // The state after an edit is that after the events behind it.
    let next = entries.iter().filter(is_edit).find(|entry| entry.revision > wanted);
    let known = entries.iter().rev().find(|entry| {
        entry.revision <= wanted || next.is_none_or(|next| entry.revision < next.revision)
    });
    let wanted = known.map_or(wanted, |entry| entry.revision);
    if wanted >= last {
        return Ok(world);
    }
    apply(
        &mut world,
        external_edits::pending(db)?.iter().rev().map(Change::inverse).collect(),
        last,
    )?;
    for entry in entries.iter().rev().take_while(|entry| entry.revision > wanted) {
        let source = entry.target.unwrap_or(entry.revision);
        // An undo did its target backwards, so it is taken back by doing the target again.
        let is_backwards = entry.cause != Cause::Undo;
        journal::each_part(db, source, is_backwards, &mut |changes| {
            let turn = |change: Change| if is_backwards { change.inverse() } else { change };
            apply(&mut world, changes.into_iter().map(turn).collect(), entry.revision)
        })?;
    }
    world.revision = wanted;
    let edit = entries.iter().rev().filter(is_edit).find(|entry| entry.revision <= wanted);
    world.seal = edit.and_then(JournalEntry::seal);
    Ok(world)
}

fn apply(world: &mut World, changes: Vec<Change>, revision: u64) -> Result<(), Error> {
    let edit = Edit { kind: EditKind::Batch, changes };
    world.apply(&edit).map_err(|conflict| Error::Journal { revision, reason: conflict.to_string() })
}
