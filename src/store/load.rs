//! The whole district into memory.

use std::sync::Arc;

use rusqlite::Connection;

use super::rows::{self, Reader};
use super::{Error, journal};
use crate::domain::{Kind, World};

pub(super) fn world(db: &Connection) -> Result<World, Error> {
    // One transaction, so that the revision and the rows belong together.
    db.execute_batch("BEGIN")?;
    let result = read(db);
    db.execute_batch("COMMIT")?;
    result
}

fn read(db: &Connection) -> Result<World, Error> {
    let mut world = World::default();
    world.revision = journal::revision(db)?;
    for kind in Kind::ALL {
        let mut reader = Reader::new(kind);
        let mut query = db.prepare(&rows::select(kind, kind.key(), ""))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            world.load(Arc::new(reader.read(row)?.1));
        }
    }
    Ok(world)
}
