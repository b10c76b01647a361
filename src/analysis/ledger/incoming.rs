//! Items that are about to come in, held against the ledger before anything is written: what is new,
//! what may be a problem that is known, and what says otherwise than the ledger does, field by field.

use std::sync::Arc;

use jiff::civil::DateTime;

use super::doubles::{At, Doubles, Places, Twin};
use super::limit;
use super::row::{Ledger, LedgerRow};
use crate::domain::item::types;
use crate::domain::{Change, Field, Kind, Record, Stamp, Text, Value, World};

/// How an item stands against the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    New,
    /// Of the same type within 50 m and 30 days.
    Twin,
    /// The ledger has it, and says nothing else; what it leaves open is filled in.
    Filled,
    /// The ledger has it, and says otherwise.
    Conflict,
}

/// What becomes of an item that may be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnTwin {
    /// It is another problem.
    #[default]
    New,
    /// It is that one, which gets what it does not say yet.
    Same,
    LeaveOut,
}

/// Something that both say, and not the same.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Of the steps it stands for all that follows from them.
    pub field: &'static Field,
    pub known: Value,
    pub new: Value,
    /// The new word goes before the known one.
    pub takes_new: bool,
}

/// One item that is about to come in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Of the changes that were read.
    pub place: usize,
    pub standing: Standing,
    pub record: Arc<Record>,
    /// The how-manieth of its type at its place within 90 days.
    pub nth: usize,
    pub twins: Vec<Twin>,
    pub on_twin: OnTwin,
    pub conflicts: Vec<Conflict>,
}

impl Standing {
    /// In the order of lists.
    pub const ALL: [Self; 4] = [Self::New, Self::Twin, Self::Filled, Self::Conflict];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::New => Text::new("新增", "new"),
            Self::Twin => Text::new("疑似重复", "perhaps known"),
            Self::Filled => Text::new("补充已有", "adds to known"),
            Self::Conflict => Text::new("冲突", "in conflict"),
        }
    }
}

impl OnTwin {
    /// In the order of lists.
    pub const ALL: [Self; 3] = [Self::New, Self::Same, Self::LeaveOut];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::New => Text::new("另建新问题", "a new item"),
            Self::Same => Text::new("并入已有", "the known one"),
            Self::LeaveOut => Text::new("不导入", "leave out"),
        }
    }
}

/// These follow from the steps and go with them.
const OF_STEPS: [&str; 3] = ["state", "lacking", "returns"];
/// These are the item's own: a double brings none of them along.
const OWN: [&str; 8] =
    ["code", "state", "steps", "lacking", "returns", "due", "handed_at", "order_code"];

/// The items among changes that were read and not yet written, in their order. Each is held against the
/// ledger and against those before it.
pub fn incoming(world: &World, changes: &[Change], now: DateTime) -> Vec<Incoming> {
    let items = changes.iter().enumerate().filter_map(|(place, change)| {
        let record = change.after.as_ref().filter(|record| record.kind == Kind::Item)?;
        Some((place, change.before.as_ref(), record))
    });
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        return Vec::new();
    }
    let ledger = Ledger::of(world);
    let words = limit::words();
    let rows: Vec<LedgerRow> =
        items.iter().map(|(.., record)| LedgerRow::of(record, words)).collect();
    let mut places = Places::of(&ledger);
    let mut all = Vec::new();
    for ((place, before, record), row) in items.into_iter().zip(&rows) {
        let doubles = places.doubles(&At::of(record, now));
        places.add(row);
        all.push(of(place, before, record, doubles));
    }
    all
}

fn of(
    place: usize,
    before: Option<&Arc<Record>>,
    record: &Arc<Record>,
    doubles: Doubles,
) -> Incoming {
    let conflicts = before.map(|before| conflicts(before, record)).unwrap_or_default();
    let standing = match before {
        Some(_) if conflicts.is_empty() => Standing::Filled,
        Some(_) => Standing::Conflict,
        None if doubles.twins.is_empty() => Standing::New,
        None => Standing::Twin,
    };
    Incoming {
        place,
        standing,
        record: Arc::clone(record),
        nth: doubles.nth,
        twins: doubles.twins,
        on_twin: OnTwin::default(),
        conflicts,
    }
}

/// The fields of which both say something, and not the same; what follows from the steps goes with the
/// state.
pub fn conflicts(known: &Record, new: &Record) -> Vec<Conflict> {
    let fields = known.kind.fields().iter().filter(|field| {
        let follows = field.key == "steps" || OF_STEPS.contains(&field.key);
        field.key == "state" || !follows
    });
    let both = fields.filter_map(|field| {
        let (known, new) = (known.get(field.key)?, new.get(field.key)?);
        (known != new).then(|| Conflict {
            field,
            known: known.clone(),
            new: new.clone(),
            takes_new: true,
        })
    });
    both.collect()
}

/// A change with what was said of its conflicts; `None` where nothing of it is left.
fn settled(change: &Change, conflicts: &[Conflict]) -> Option<Change> {
    let (Some(before), Some(after)) = (&change.before, &change.after) else {
        return Some(change.clone());
    };
    let mut record = Record::clone(after);
    for conflict in conflicts.iter().filter(|conflict| !conflict.takes_new) {
        record.set(conflict.field.key, Some(conflict.known.clone()));
        if conflict.field.key == "state" {
            for key in OF_STEPS.into_iter().chain(["steps"]) {
                record.set(key, before.get(key).cloned());
            }
        }
    }
    (!record.says_the_same_as(before)).then(|| Change::update(Arc::clone(before), record))
}

/// A known item with what a double of it says more, and a line that it was found again.
fn joined(known: &Arc<Record>, new: &Record, stamp: &Stamp) -> Change {
    let mut record = Record::clone(known);
    for (field, value) in new.values().filter(|(field, _)| !OWN.contains(&field.key)) {
        if record.get(field.key).is_none() {
            record.set(field.key, Some(value.clone()));
        }
    }
    let mut of: Vec<Arc<str>> = known.words("types").to_vec();
    of.extend(types(new).into_iter().map(|of| of.key().into()));
    let mut seen = std::collections::BTreeSet::new();
    of.retain(|word| seen.insert(word.clone()));
    record.set("types", (!of.is_empty()).then(|| Value::Words(of.into())));
    if record.geometry.is_none() {
        record.geometry.clone_from(&new.geometry);
    }
    let found = new.text("found_at");
    let source = new.meta.source.as_ref().map_or("", |source| &*source.file);
    let again = [found, source, new.name()];
    let again: Vec<&str> = again.into_iter().filter(|words| !words.is_empty()).collect();
    let again = format!("再次发现：{}", again.join(" "));
    let note = known.text("note");
    let note = if note.is_empty() { again } else { format!("{note}；{again}") };
    record.set("note", Some(Value::text(&note)));
    record.meta.change(stamp);
    Change::update(Arc::clone(known), record)
}

/// The changes as they are to be written once a person has said what becomes of the items. Doubles of
/// one item that it is said to be become one change of it; one of an item that comes in itself stays
/// new.
pub fn chosen(changes: &[Change], items: &[Incoming], world: &World, stamp: &Stamp) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::with_capacity(changes.len());
    let mut said = items.iter().peekable();
    for (place, change) in changes.iter().enumerate() {
        let Some(item) = said.next_if(|item| item.place == place) else {
            out.push(change.clone());
            continue;
        };
        match (item.standing, item.on_twin) {
            (Standing::Twin, OnTwin::LeaveOut) => {}
            (Standing::Twin, OnTwin::Same) => {
                let known = item.twins.first().map(|twin| twin.record.id);
                let before = known.and_then(|id| world.get(id));
                let Some(before) = before else {
                    out.push(change.clone());
                    continue;
                };
                // Another row may have changed it already.
                let earlier = out.iter().position(|change| change.subject() == Some(before.id));
                match earlier.and_then(|at| out.get_mut(at)) {
                    Some(earlier) => {
                        let so_far = earlier.after.clone().unwrap_or_else(|| Arc::clone(before));
                        earlier.after = joined(&so_far, &item.record, stamp).after;
                    }
                    None => out.push(joined(before, &item.record, stamp)),
                }
            }
            (Standing::Conflict, _) => out.extend(settled(change, &item.conflicts)),
            _ => out.push(change.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use geo_types::Point;
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::item::guard::{adopted, unlawful};
    use crate::domain::{Edit, Ids, ItemState};

    const NOW: DateTime = date(2026, 11, 29).at(10, 0, 0, 0);

    fn stamp() -> Stamp {
        Stamp { actor: "台账员".into(), at: Timestamp::from_second(1_795_900_000).unwrap() }
    }

    fn item(ids: &mut Ids, code: &str, name: &str, lon: Option<f64>) -> Record {
        let mut item = Record::new(ids.next(), Kind::Item, &stamp());
        item.set("code", Some(Value::text(code)));
        item.set("name", Some(Value::text(name)));
        item.set("types", Some(Value::Words(["裸土".into()].into())));
        item.set("found_at", Some(Value::text("2026-11-20T10:00")));
        item.geometry = lon.map(|lon| Point::new(lon, 39.83).into());
        ItemState::Registered.put(&mut item);
        adopted(None, &mut item, "台账员", NOW, "试");
        item
    }

    fn world(items: &[&Record]) -> World {
        items.iter().map(|item| (*item).clone()).collect()
    }

    #[test]
    fn what_comes_in_is_new_a_double_or_in_conflict_and_a_row_before_it_counts_too() {
        use Standing::{Conflict, Filled, New, Twin};
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let known = item(&mut ids, "FR-1", "裸土未苫盖", Some(118.15));
        let world = world(&[&known]);
        let before = world.table(Kind::Item).by_code("FR-1").unwrap();
        let mut again = known.clone();
        again.set("person", Some(Value::text("李四")));
        let mut other = again.clone();
        other.set("name", Some(Value::text("裸土已苫盖一半")));
        // 0.0003° of longitude are 26 m here.
        let near = item(&mut ids, "FR-2", "黄土裸露", Some(118.1503));
        let far = item(&mut ids, "FR-3", "堆料未盖", Some(118.16));
        let beside = item(&mut ids, "FR-4", "堆料未盖，路边", Some(118.1602));
        let changes = [
            Change::update(Arc::clone(before), again),
            Change::update(Arc::clone(before), other),
            Change::create(near),
            Change::create(far),
            Change::create(beside),
        ];
        let items = incoming(&world, &changes, NOW);
        let standings: Vec<Standing> = items.iter().map(|item| item.standing).collect();
        assert_eq!(standings, [Filled, Conflict, Twin, New, Twin]);
        let keys: Vec<&str> = items[1].conflicts.iter().map(|known| known.field.key).collect();
        assert_eq!(keys, ["name"]);
        assert_eq!(items[4].twins[0].record.code(), Some("FR-3"), "a row of the same list");
        assert_eq!((items[2].nth, items[3].nth), (2, 1), "two rows of one item are one problem");
    }

    #[test]
    fn the_index_of_places_finds_what_a_walk_over_all_rows_finds() {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let made: Vec<Record> = (0..40)
            .map(|number| {
                let lon = 118.15 + f64::from(number) * 0.000_21;
                let code = format!("FR-{number}");
                item(&mut ids, &code, "裸土", (number % 7 > 0).then_some(lon))
            })
            .collect();
        let world = world(&made.iter().collect::<Vec<_>>());
        let ledger = Ledger::of(&world);
        let places = Places::of(&ledger);
        for row in &ledger.rows {
            let at = At::of(&row.record, NOW);
            let (all, some) = (Doubles::of(&ledger, &at), places.doubles(&at));
            let ids = |of: &Doubles| of.twins.iter().map(|t| t.record.id).collect::<Vec<_>>();
            assert_eq!((all.nth, ids(&all)), (some.nth, ids(&some)));
            assert!(all.nth > 1);
        }
    }

    #[test]
    fn field_by_field_the_known_word_stays_and_with_the_state_go_its_steps() {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let known = item(&mut ids, "FR-1", "裸土未苫盖", Some(118.15));
        let world = world(&[&known]);
        let before = world.table(Kind::Item).by_code("FR-1").unwrap();
        let mut newer = known.clone();
        newer.set("name", Some(Value::text("裸土")));
        newer.set("address", Some(Value::text("大庆道西段")));
        ItemState::Closed.put(&mut newer);
        adopted(Some(before), &mut newer, "台账员", NOW, "来自 表");
        let changes = [Change::update(Arc::clone(before), newer)];
        let mut items = incoming(&world, &changes, NOW);
        let said = |items: &[Incoming]| chosen(&changes, items, &world, &stamp());
        let all = said(&items);
        assert_eq!(ItemState::of(all[0].after.as_ref().unwrap()), Some(ItemState::Closed));
        for conflict in &mut items[0].conflicts {
            conflict.takes_new = false;
        }
        let kept = said(&items);
        let after = kept[0].after.as_ref().unwrap();
        assert_eq!((after.name(), after.text("address")), ("裸土未苫盖", "大庆道西段"));
        assert_eq!(after.text("steps"), before.text("steps"));
        assert_eq!(unlawful(&Edit::of(kept.clone())), None);
    }

    #[test]
    fn a_double_is_left_out_or_joined_to_the_known_item_which_says_so() {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let known = item(&mut ids, "FR-1", "裸土未苫盖", Some(118.15));
        let world = world(&[&known]);
        let double = |ids: &mut Ids, code: &str, person: &str| {
            let mut double = item(ids, code, "黄土裸露", Some(118.1503));
            double.set("person", Some(Value::text(person)));
            Change::create(double)
        };
        let changes = [double(&mut ids, "FR-2", "李四"), double(&mut ids, "FR-3", "王五")];
        let mut items = incoming(&world, &changes, NOW);
        items[1].twins.retain(|twin| twin.record.code() == Some("FR-1"));
        for item in &mut items {
            item.on_twin = OnTwin::Same;
        }
        let joined = chosen(&changes, &items, &world, &stamp());
        assert_eq!(joined.len(), 1, "two doubles of one item are one change of it");
        let after = joined[0].after.as_ref().unwrap();
        assert_eq!((after.code(), after.text("person")), (Some("FR-1"), "李四"));
        assert_eq!(after.text("note").matches("再次发现").count(), 2);
        for item in &mut items {
            item.on_twin = OnTwin::LeaveOut;
        }
        assert!(chosen(&changes, &items, &world, &stamp()).is_empty());
    }
}
