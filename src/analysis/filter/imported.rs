//! What one import brought. Every record says when it was made and when it was last changed, and all
//! of an import have the moment of it: so no list of records has to be kept.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::domain::Record;

/// The records of the import of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Of its stamp.
    pub at: Timestamp,
    pub part: ImportPart,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportPart {
    All,
    /// Those that the district did not have.
    Added,
    /// Those that it had, as long as nobody has changed them since.
    Updated,
}

impl ImportPart {
    const ALL: [(Self, &'static str); 3] =
        [(Self::All, "all"), (Self::Added, "added"), (Self::Updated, "updated")];
}

impl Imported {
    /// Whether the import brought it.
    pub fn has(&self, record: &Record) -> bool {
        let is_added = record.meta.created_at == self.at;
        let is_updated = !is_added && record.meta.changed_at == self.at;
        match self.part {
            ImportPart::All => is_added || is_updated,
            ImportPart::Added => is_added,
            ImportPart::Updated => is_updated,
        }
    }

    pub(super) fn to_json(self) -> Json {
        let part = ImportPart::ALL.iter().find(|(part, _)| *part == self.part);
        json!([self.at.to_string(), part.map(|(_, key)| *key)])
    }

    pub(super) fn from_json(json: &Json) -> Option<Self> {
        let key = json.get(1)?.as_str()?;
        let (part, _) = ImportPart::ALL.into_iter().find(|(_, known)| *known == key)?;
        Some(Self { at: json.get(0)?.as_str()?.parse().ok()?, part })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Filter;
    use crate::domain::{Ids, Kind, Stamp};

    #[test]
    fn what_an_import_brought_is_known_by_its_moment_and_by_what_was_there_before() {
        let stamp =
            |second| Stamp { actor: "王工".into(), at: Timestamp::from_second(second).unwrap() };
        let (earlier, now, later) = (stamp(1), stamp(2), stamp(3));
        let mut ids = Ids::new(now.at, 1);
        let mut made = |stamp: &Stamp| Record::new(ids.next(), Kind::Site, stamp);
        let (added, mut updated, old) = (made(&now), made(&earlier), made(&earlier));
        updated.meta.change(&now);
        let mut edited = added.clone();
        edited.meta.change(&later);
        for (part, expected) in [
            (ImportPart::All, [true, true, false, true]),
            (ImportPart::Added, [true, false, false, true]),
            (ImportPart::Updated, [false, true, false, false]),
        ] {
            let import = Imported { at: now.at, part };
            let found = [&added, &updated, &old, &edited].map(|record| import.has(record));
            assert_eq!(found, expected, "{part:?}");
            let filter = Filter { import: Some(import), ..Filter::default() };
            assert_eq!(Filter::from_json(&filter.to_json()), filter);
        }
    }
}
