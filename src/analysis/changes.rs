//! What is new, changed and gone between two states of a district.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::{Field, Kind, Record, Table, Value, World};
use crate::geodesy::ring::distance_m;
use crate::geodesy::wkb;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    New,
    Changed,
    Gone,
}

/// One record that is not what it was.
#[derive(Clone, Debug)]
pub struct ChangedRecord {
    /// `None` where it is new.
    pub before: Option<Arc<Record>>,
    /// `None` where it is gone.
    pub after: Option<Arc<Record>>,
}

/// The rows of one kind that share their fate: neighbours in [`Changes::rows`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeGroup {
    pub kind: Kind,
    pub what: ChangeKind,
    pub rows: Range<usize>,
}

/// In the order of kinds; within each what is new first, then what changed, what is gone last; these
/// by name.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub rows: Vec<ChangedRecord>,
    pub groups: Vec<ChangeGroup>,
}

/// One thing that a record says otherwise.
#[derive(Clone, Debug)]
pub enum Difference<'a> {
    Field {
        field: &'static Field,
        before: Option<&'a Value>,
        after: Option<&'a Value>,
    },
    /// Metres between the middles; `None` where it had no place or has none.
    Place {
        moved_m: Option<f64>,
    },
    /// Attributes that no field stands for.
    Extra,
}

impl ChangeKind {
    /// In the order of lists.
    pub const ALL: [Self; 3] = [Self::New, Self::Changed, Self::Gone];
}

impl ChangedRecord {
    /// New, changed or gone, by which sides there are.
    pub const fn what(&self) -> ChangeKind {
        match (&self.before, &self.after) {
            (None, _) => ChangeKind::New,
            (_, None) => ChangeKind::Gone,
            _ => ChangeKind::Changed,
        }
    }

    /// As it is, else as it was.
    pub fn record(&self) -> Option<&Arc<Record>> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// Empty for what is new or gone.
    pub fn differences(&self) -> Vec<Difference<'_>> {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => differences(before, after),
            _ => Vec::new(),
        }
    }
}

impl Changes {
    /// `None` when it was called off meanwhile.
    pub fn between(then: &World, now: &World, is_off: &dyn Fn() -> bool) -> Option<Self> {
        let mut changes = Self::default();
        for kind in Kind::ALL {
            let mut rows = rows(then.table(kind), now.table(kind), is_off)?;
            let name = |row: &ChangedRecord| {
                row.record().map(|record| (record.name().to_owned(), record.id))
            };
            rows.sort_by_cached_key(|row| (row.what(), name(row)));
            for group in rows.chunk_by(|one, other| one.what() == other.what()) {
                let Some(what) = group.first().map(ChangedRecord::what) else { continue };
                let first = changes.rows.len();
                changes.rows.extend_from_slice(group);
                let rows = first..changes.rows.len();
                changes.groups.push(ChangeGroup { kind, what, rows });
            }
        }
        Some(changes)
    }

    /// How many of a kind, or of all.
    pub fn count(&self, kind: Option<Kind>, what: ChangeKind) -> usize {
        self.groups(kind, Some(what)).map(|group| group.rows.len()).sum()
    }

    /// Those of a kind, those of one fate, or all.
    pub fn groups(
        &self,
        kind: Option<Kind>,
        what: Option<ChangeKind>,
    ) -> impl Iterator<Item = &ChangeGroup> {
        self.groups.iter().filter(move |group| {
            kind.is_none_or(|kind| group.kind == kind) && what.is_none_or(|what| group.what == what)
        })
    }

    /// Kinds of which something is not what it was.
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.groups.iter().map(|group| group.kind).collect();
        kinds.dedup();
        kinds
    }
}

/// Both tables are in the order of ids, so one walk finds everything. What did not change since is
/// shared between two states, and needs no look at its fields.
fn rows(then: &Table, now: &Table, is_off: &dyn Fn() -> bool) -> Option<Vec<ChangedRecord>> {
    const BREATH: usize = 4096;
    let mut rows = Vec::new();
    let (mut old, mut new) = (then.iter().peekable(), now.iter().peekable());
    for step in 0.. {
        if step % BREATH == 0 && is_off() {
            return None;
        }
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.id.cmp(&new.id),
        };
        let before = if order.is_le() { old.next() } else { None };
        let after = if order.is_ge() { new.next() } else { None };
        let is_same = before.zip(after).is_some_and(|(before, after)| {
            Arc::ptr_eq(before, after) || before.says_the_same_as(after)
        });
        if !is_same {
            rows.push(ChangedRecord { before: before.cloned(), after: after.cloned() });
        }
    }
    Some(rows)
}

/// In the order of the fields, the place last but for what no field stands for.
pub fn differences<'a>(before: &'a Record, after: &'a Record) -> Vec<Difference<'a>> {
    let fields = before.kind.fields().iter().filter_map(|field| {
        let (before, after) = (before.get(field.key), after.get(field.key));
        (before != after).then_some(Difference::Field { field, before, after })
    });
    let mut all: Vec<Difference<'a>> = fields.collect();
    if before.geometry != after.geometry {
        let middle = |record: &Record| {
            let bounds = wkb::bounds(record.geometry.as_ref()?)?;
            Some(bounds.middle())
        };
        let moved_m = middle(before).zip(middle(after)).map(|(from, to)| distance_m(from, to));
        all.push(Difference::Place { moved_m });
    }
    if before.extra != after.extra {
        all.push(Difference::Extra);
    }
    all
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{Change, Edit, Ids, Stamp};
    use crate::geodesy::ring::destination;

    fn stamp() -> Stamp {
        Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH }
    }

    fn site(ids: &mut Ids, name: &str) -> Record {
        let mut site = Record::new(ids.next(), Kind::Site, &stamp());
        site.set("name", Some(Value::text(name)));
        site
    }

    fn never() -> bool {
        false
    }

    fn told(changes: &Changes) -> Vec<(ChangeKind, &str)> {
        changes.rows.iter().map(|row| (row.what(), row.record().unwrap().name())).collect()
    }

    #[test]
    fn what_is_new_changed_and_gone_is_told_by_name_and_what_was_only_touched_is_not() {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let records = ["丁", "丙", "乙", "甲"].map(|name| site(&mut ids, name));
        let then: World = records.iter().cloned().collect();
        let [gone, mut renamed, touched, _] = records.clone();
        renamed.set("person", Some(Value::text("王")));
        renamed.geometry = Some(geo_types::Point::new(118.15, 39.83).into());
        let mut again = touched.clone();
        again.meta.changed_by = "乙".into();
        let changes = vec![
            Change::create(site(&mut ids, "新")),
            Change::delete(Arc::new(gone)),
            Change::update(Arc::new(records[1].clone()), renamed),
            Change::update(Arc::new(touched), again),
        ];
        let mut now = then.clone();
        now.apply(&Edit::of(changes)).unwrap();
        let changes = Changes::between(&then, &now, &never).unwrap();
        assert_eq!(
            told(&changes),
            [(ChangeKind::New, "新"), (ChangeKind::Changed, "丙"), (ChangeKind::Gone, "丁")]
        );
        assert_eq!(ChangeKind::ALL.map(|what| changes.count(Some(Kind::Site), what)), [1, 1, 1]);
        assert_eq!(changes.count(Some(Kind::Road), ChangeKind::New), 0);
        assert_eq!(changes.kinds(), [Kind::Site]);
        let all = changes.rows[1].differences();
        assert!(matches!(
            all[..],
            [
                Difference::Field { field, before: None, after: Some(Value::Text(_)) },
                Difference::Place { moved_m: None },
            ] if field.key == "person"
        ));
        assert!(changes.rows[0].differences().is_empty());
        assert!(Changes::between(&then, &now, &|| true).is_none(), "it can be called off");
    }

    #[test]
    fn a_moved_record_says_how_far() {
        let mut before = site(&mut Ids::new(Timestamp::UNIX_EPOCH, 1), "甲");
        let from = geo_types::Coord { x: 118.15, y: 39.83 };
        before.geometry = Some(geo_types::Point(from).into());
        let mut after = before.clone();
        after.geometry = Some(geo_types::Point(destination(from, 90.0, 120.0)).into());
        let all = differences(&before, &after);
        assert!(
            matches!(all[..], [Difference::Place { moved_m: Some(m) }] if (m - 120.0).abs() < 1e-3)
        );
    }

    proptest! {
        /// What is told, done to the old state, makes the new one; told the other way round it is
        /// what takes it back.
        #[test]
        fn what_is_told_leads_from_one_state_to_the_other(
            old in proptest::collection::btree_map(0..24_u128, 0..3_u8, 0..16),
            new in proptest::collection::btree_map(0..24_u128, 0..3_u8, 0..16),
        ) {
            let world = |all: &std::collections::BTreeMap<u128, u8>| -> World {
                let record = |(number, name): (&u128, &u8)| {
                    site(&mut Ids::new(Timestamp::UNIX_EPOCH, *number), &name.to_string())
                };
                all.iter().map(record).collect()
            };
            let (then, now) = (world(&old), world(&new));
            let changes = Changes::between(&then, &now, &never).unwrap();
            let edit = Edit::of(changes.rows.iter().map(|row| Change {
                before: row.before.clone(), after: row.after.clone(),
            }).collect());
            let mut led = then.clone();
            led.apply(&edit).unwrap();
            let all = |world: &World| world.all().cloned().collect::<Vec<_>>();
            prop_assert_eq!(all(&led), all(&now));
            let back = Changes::between(&now, &then, &never).unwrap();
            for (what, other) in [(ChangeKind::New, ChangeKind::Gone), (ChangeKind::Changed, ChangeKind::Changed)] {
                prop_assert_eq!(changes.count(None, what), back.count(None, other));
            }
            let grouped: usize = changes.groups.iter().map(|group| group.rows.len()).sum();
            prop_assert_eq!(grouped, changes.rows.len());
        }
    }
}
