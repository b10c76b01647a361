//! The district as it was: the journal taken back, edit by edit, down to a moment.

use jiff::Timestamp;
use rusqlite::Connection;

use super::journal::{self, Cause};
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

/// What other programs changed without a journal has no time: it counts as done after the last
/// edit, and is there only where the last edit is.
pub(super) fn world(
    db: &Connection,
    second: Option<Connection>,
    as_of: AsOf,
) -> Result<World, Error> {
    load::in_one_view(db, |db| {
        let world = load::read(db, second)?;
        rewound(db, world, as_of)
    })
}

/// From the world as it is now, which must be that of the file: what did not change since is shared
/// with it.
pub(super) fn from_now(db: &Connection, now: World, as_of: AsOf) -> Result<World, Error> {
    load::in_one_view(db, |db| {
        if now.revision == journal::revision(db)?
            && let Ok(world) = rewound(db, now, as_of)
        {
            return Ok(world);
        }
        rewound(db, load::read(db, None)?, as_of)
    })
}

fn rewound(db: &Connection, mut world: World, as_of: AsOf) -> Result<World, Error> {
    let entries = journal::entries(db)?;
    let last = entries.last().map_or(0, |entry| entry.revision);
    let wanted = match as_of {
        AsOf::Revision(revision) => revision,
        // The last one, not the first that is later: a clock that was once set back tears no
        // edit out of the middle.
        AsOf::Moment(at) => {
            let known = entries.iter().rev().find(|entry| entry.at <= at);
            known.map_or(0, |entry| entry.revision)
        }
    };
    if wanted >= last {
        return Ok(world);
    }
    play(
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
            play(&mut world, changes.into_iter().map(turn).collect(), entry.revision)
        })?;
    }
    world.revision = wanted;
    Ok(world)
}

fn play(world: &mut World, changes: Vec<Change>, revision: u64) -> Result<(), Error> {
    let edit = Edit { kind: EditKind::Batch, changes };
    world.apply(&edit).map_err(|conflict| Error::Journal { revision, reason: conflict.to_string() })
}
