//! Of which layers the records of a step are, as the journal has its changes.

use std::collections::BTreeMap;

use super::{Error, Store, journal};
use crate::domain::Kind;

impl Store {
    /// The layers of each of these revisions, in the order of lists, each once. A revision of other
    /// programs, whose changes are kept elsewhere, has none.
    pub fn kinds_of(&self, revisions: &[u64]) -> Result<BTreeMap<u64, Vec<Kind>>, Error> {
        let mut found = BTreeMap::new();
        for revision in revisions {
            let mut kinds: Vec<Kind> = Vec::new();
            journal::each_part(&self.db, *revision, false, &mut |part| {
                kinds.extend(part.iter().filter_map(|change| Some(change.record()?.kind)));
                Ok(())
            })
            .map_err(|error| error.at(self.path()))?;
            kinds.sort_unstable();
            kinds.dedup();
            found.insert(*revision, kinds);
        }
        Ok(found)
    }
}
