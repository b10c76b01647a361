//! A world as a key: what is made from some of its tables is made anew only when these change.

use std::sync::Arc;

use crate::domain::{Kind, World};

/// A world of which only some tables count: one in which only others have changed equals it.
#[derive(Clone)]
pub struct Tables {
    pub world: Arc<World>,
    kinds: &'static [Kind],
}

impl Tables {
    /// The tables of these kinds.
    pub const fn of(world: Arc<World>, kinds: &'static [Kind]) -> Self {
        Self { world, kinds }
    }
}

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |kind: &Kind| self.world.table(*kind).is_same(other.world.table(*kind));
        Arc::ptr_eq(&self.world, &other.world) || self.kinds.iter().all(is_same)
    }
}
