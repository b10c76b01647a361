//! How much of a layer is another than it was.

use std::sync::Arc;

use crate::domain::{Kind, World};

/// Records of one layer that came, changed or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerChanges {
    pub kind: Kind,
    pub created: usize,
    /// Those that say something else, whoever touched them.
    pub updated: usize,
    pub deleted: usize,
}

/// Layers in which anything changed, in the order of the layers.
pub fn changes(now: &World, then: &World) -> Vec<LayerChanges> {
    let of = |kind: Kind| {
        let (now, then) = (now.table(kind), then.table(kind));
        let mut changed = LayerChanges { kind, created: 0, updated: 0, deleted: 0 };
        let mut kept = 0;
        for record in now.iter() {
            match then.get(record.id) {
                None => changed.created += 1,
                Some(before) => {
                    kept += 1;
                    let is_same = Arc::ptr_eq(before, record) || before.says_the_same_as(record);
                    changed.updated += usize::from(!is_same);
                }
            }
        }
        changed.deleted = then.len() - kept;
        changed
    };
    let all = Kind::ALL.into_iter().map(of);
    all.filter(|changed| changed.created + changed.updated + changed.deleted > 0).collect()
}
