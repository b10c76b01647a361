//! Records that another office hands over, held against the district: what is new, what they changed,
//! and what both changed, field by field.
//!
//! Each record comes with the states that it was in before, and the district knows those of its own. The
//! latest state that both had is what the two are measured by: what only one of them changed since is no
//! conflict. Where they never had one in common, a field of which both say something else is one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analysis::changes::{Difference, differences};
use crate::domain::item::{self, Step};
use crate::domain::{Change, Field, Kind, Record, RecordId, Stamp, Text, Value, World};

/// How a record that is handed over stands against the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    New,
    /// They changed it, and nobody here did.
    Changed,
    /// Both changed it; what only they changed is taken without a question.
    Conflict,
    /// Nothing is new in it: the district has it, or goes on from it.
    Known,
}

/// Who is believed about something that both say otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Ours,
    Theirs,
}

/// What of a record is compared as one.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Field(&'static Field),
    /// State and steps of an item, with all that follows from them.
    Steps,
    Place,
    /// Attributes that no field stands for.
    Extra,
}

/// Something that only they changed, or both.
#[derive(Clone, Debug)]
pub struct PartChange {
    pub part: Part,
    pub is_conflict: bool,
    /// Of a conflict; what only they changed is always theirs.
    pub side: Side,
    /// Of steps: they can be put behind ours. Where they cannot, ours stay.
    pub can_take: bool,
}

/// A record that is handed over.
#[derive(Clone, Debug)]
pub struct Received {
    pub standing: Standing,
    pub theirs: Arc<Record>,
    /// As the district has it.
    pub ours: Option<Arc<Record>>,
    pub parts: Vec<PartChange>,
    /// Its number belongs to another record here: it gets one of its own, and keeps theirs as that of
    /// the superior.
    pub has_taken_code: bool,
    pub is_taken: bool,
}

impl Standing {
    /// In the order of lists.
    pub const ALL: [Self; 4] = [Self::New, Self::Changed, Self::Conflict, Self::Known];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::New => Text::new("新增", "new"),
            Self::Changed => Text::new("对方已改", "changed by them"),
            Self::Conflict => Text::new("冲突", "in conflict"),
            Self::Known => Text::new("已有", "known"),
        }
    }
}

impl Part {
    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Field(field) => field.label,
            Self::Steps => Text::new("状态与办理记录", "State and steps"),
            Self::Place => Text::new("位置", "Place"),
            Self::Extra => Text::new("其他属性", "Other attributes"),
        }
    }

    /// What a record says of it, `None` where nothing can be shown in a line.
    pub fn shown(self, record: &Record) -> Option<Value> {
        match self {
            Self::Field(field) => record.get(field.key).cloned(),
            Self::Steps => record.get("state").cloned(),
            Self::Place | Self::Extra => None,
        }
    }
}

/// These follow from the steps of an item.
const OF_STEPS: [&str; 4] = ["state", "steps", "lacking", "returns"];
/// Lists that grow on both sides: both have what either has.
const GROWING: [&str; 4] = ["attachments", "photos_before", "photos_after", "records"];

/// Holds a record against the district. The states before are those of each side, the latest first.
pub fn received(
    world: &World,
    theirs: &Arc<Record>,
    their_earlier: &[Record],
    our_earlier: &[Arc<Record>],
) -> Received {
    let has_taken_code = theirs.code().is_some_and(|code| {
        let other = world.table(theirs.kind).by_code(code);
        other.is_some_and(|other| other.id != theirs.id)
    });
    let bare = |standing, ours: Option<&Arc<Record>>, parts: Vec<PartChange>| Received {
        standing,
        theirs: Arc::clone(theirs),
        ours: ours.cloned(),
        parts,
        has_taken_code,
        is_taken: standing != Standing::Known,
    };
    let Some(ours) = world.get(theirs.id).filter(|ours| ours.kind == theirs.kind) else {
        return bare(Standing::New, None, Vec::new());
    };
    // What we were once as they are now: they know nothing that we do not.
    let our_states = || std::iter::once(&**ours).chain(our_earlier.iter().map(|state| &**state));
    if our_states().any(|state| state.says_the_same_as(theirs)) {
        return bare(Standing::Known, Some(ours), Vec::new());
    }
    let common =
        their_earlier.iter().find(|state| our_states().any(|own| own.says_the_same_as(state)));
    let parts = parts(common, ours, theirs);
    let standing = match () {
        () if parts.is_empty() => Standing::Known,
        () if parts.iter().any(|part| part.is_conflict) => Standing::Conflict,
        () => Standing::Changed,
    };
    bare(standing, Some(ours), parts)
}

fn parts(base: Option<&Record>, ours: &Record, theirs: &Record) -> Vec<PartChange> {
    let mut parts = Vec::new();
    let mut has_steps = false;
    for difference in differences(ours, theirs) {
        let (part, they_changed, we_changed) = match difference {
            Difference::Field { field, .. } if is_of_steps(ours.kind, field) => {
                has_steps = true;
                continue;
            }
            Difference::Field { field, before, after } => {
                if GROWING.contains(&field.key) {
                    let known: BTreeSet<&str> =
                        ours.words(field.key).iter().map(|word| &**word).collect();
                    if theirs.words(field.key).iter().all(|word| known.contains(&**word)) {
                        continue;
                    }
                    (Part::Field(field), true, false)
                } else {
                    let (they, we) = match base.map(|base| base.get(field.key)) {
                        Some(was) => (after != was, before != was),
                        // Without a common state silence is no change.
                        None => (after.is_some(), before.is_some()),
                    };
                    (Part::Field(field), they, we)
                }
            }
            Difference::Place { .. } => {
                let (they, we) = match base.map(|base| &base.geometry) {
                    Some(was) => (theirs.geometry != *was, ours.geometry != *was),
                    None => (theirs.geometry.is_some(), ours.geometry.is_some()),
                };
                (Part::Place, they, we)
            }
            Difference::Extra => {
                let (they, we) = match base.map(|base| &base.extra) {
                    Some(was) => (theirs.extra != *was, ours.extra != *was),
                    None => (theirs.extra.is_some(), ours.extra.is_some()),
                };
                (Part::Extra, they, we)
            }
        };
        if they_changed {
            let (is_conflict, side) = (we_changed, Side::default());
            parts.push(PartChange { part, is_conflict, side, can_take: true });
        }
    }
    if has_steps {
        parts.extend(steps_part(ours, theirs));
    }
    parts
}

fn is_of_steps(kind: Kind, field: &Field) -> bool {
    kind == Kind::Item && OF_STEPS.contains(&field.key)
}

/// Steps are never taken back: what theirs have more goes behind ours, where the way allows it.
fn steps_part(ours: &Record, theirs: &Record) -> Option<PartChange> {
    let part = Part::Steps;
    let (Some(own), Some(other)) = (item::steps(ours), item::steps(theirs)) else {
        let side = Side::default();
        return Some(PartChange { part, is_conflict: true, side, can_take: false });
    };
    let common = own.iter().zip(&other).take_while(|(a, b)| a == b).count();
    if common == other.len() {
        return None;
    }
    let is_conflict = common < own.len();
    let can_take = item::is_way(&joined_steps(&own, &other));
    Some(PartChange { part, is_conflict, side: Side::default(), can_take })
}

fn joined_steps(ours: &[Step], theirs: &[Step]) -> Vec<Step> {
    let common = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    ours.iter().chain(theirs.get(common..).unwrap_or_default()).cloned().collect()
}

impl Received {
    /// Whether a person must say something about it.
    pub fn asks(&self) -> bool {
        self.parts.iter().any(|part| part.is_conflict) || self.has_taken_code
    }

    /// Every conflict is settled for one side.
    pub fn settle(&mut self, side: Side) {
        for part in self.parts.iter_mut().filter(|part| part.is_conflict) {
            part.side = if part.can_take { side } else { Side::Ours };
        }
    }

    /// What it does to the district as it is said now; `None` where nothing.
    pub fn change(&self, stamp: &Stamp) -> Option<Change> {
        if !self.is_taken || self.standing == Standing::Known {
            return None;
        }
        let mut record = match &self.ours {
            None => Record::clone(&self.theirs),
            Some(ours) => self.merged(ours),
        };
        if self.has_taken_code && record.kind == Kind::Item {
            let theirs = self.theirs.code().unwrap_or_default().to_owned();
            let own = self.ours.as_ref().and_then(|ours| ours.get("code").cloned());
            record.set("code", own);
            if record.text("superior_code").is_empty() {
                record.set("superior_code", Some(Value::text(&theirs)));
            }
        } else if self.has_taken_code {
            record.set("code", None);
        }
        match &self.ours {
            None => Some(Change::create(record)),
            Some(ours) if record.says_the_same_as(ours) => None,
            Some(ours) => {
                record.meta.change(stamp);
                Some(Change::update(Arc::clone(ours), record))
            }
        }
    }

    fn merged(&self, ours: &Arc<Record>) -> Record {
        let mut record = Record::clone(ours);
        let theirs = &self.theirs;
        for of in &self.parts {
            if of.is_conflict && of.side == Side::Ours || !of.can_take {
                continue;
            }
            match of.part {
                Part::Field(field) if GROWING.contains(&field.key) => {
                    let mut all: Vec<Arc<str>> = ours.words(field.key).to_vec();
                    for word in theirs.words(field.key) {
                        if !all.contains(word) {
                            all.push(Arc::clone(word));
                        }
                    }
                    record.set(field.key, Some(Value::Words(all.into())));
                }
                Part::Field(field) => {
                    record.set(field.key, theirs.get(field.key).cloned());
                }
                Part::Place => record.geometry.clone_from(&theirs.geometry),
                Part::Extra => record.extra.clone_from(&theirs.extra),
                Part::Steps => {
                    let own = item::steps(ours).unwrap_or_default();
                    let other = item::steps(theirs).unwrap_or_default();
                    item::put_way(&mut record, &joined_steps(&own, &other));
                }
            }
        }
        record
    }
}

/// Attachments were given other names when they were stored, because the district had others of these:
/// the record names them as they are called now.
pub fn renamed(record: &mut Record, names: &BTreeMap<String, String>) {
    if names.is_empty() {
        return;
    }
    let own =
        |word: &Arc<str>| names.get(&**word).map_or_else(|| Arc::clone(word), |to| (**to).into());
    for key in ["attachments", "photos_before", "photos_after"] {
        let words: Vec<Arc<str>> = record.words(key).iter().map(own).collect();
        if !words.is_empty() {
            record.set(key, Some(Value::Words(words.into())));
        }
    }
    if record.kind == Kind::Item
        && let Some(mut steps) = item::steps(record)
        && steps.iter().flat_map(|step| &step.files).any(|file| names.contains_key(file))
    {
        for file in steps.iter_mut().flat_map(|step| &mut step.files) {
            if let Some(to) = names.get(file) {
                file.clone_from(to);
            }
        }
        item::put_way(record, &steps);
    }
}

/// The ids of what is handed over, in their order.
pub fn ids(all: &[Received]) -> Vec<RecordId> {
    all.iter().map(|received| received.theirs.id).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::item::guard::unlawful;
    use crate::domain::item::{Deed, StepKind, taken};
    use crate::domain::{Edit, Ids, ItemState};

    fn stamp() -> Stamp {
        Stamp { actor: "台账员".into(), at: Timestamp::from_second(1_795_900_000).unwrap() }
    }

    fn step(item: &Record, step: StepKind, hour: i8) -> Record {
        let mut deed = Deed::new(step, "李四", date(2026, 11, 20).at(hour, 0, 0, 0));
        deed.reason = "试".to_owned();
        taken(item, &deed, &stamp()).unwrap()
    }

    fn item(person: &str) -> Record {
        let mut item = Record::new(Ids::new(Timestamp::UNIX_EPOCH, 1).next(), Kind::Item, &stamp());
        item.set("code", Some(Value::text("FR-1")));
        item.set("name", Some(Value::text("裸土")));
        item.set("person", Some(Value::text(person)));
        step(&item, StepKind::Register, 8)
    }

    fn with(item: &Record, key: &str, text: &str) -> Record {
        let mut item = item.clone();
        item.set(key, Some(Value::text(text)));
        item
    }

    fn world(items: &[&Record]) -> World {
        items.iter().map(|item| (*item).clone()).collect()
    }

    fn of(ours: &Record, before: &[&Record], theirs: &Record, earlier: &[&Record]) -> Received {
        let before: Vec<Arc<Record>> = before.iter().map(|it| Arc::new((*it).clone())).collect();
        let earlier: Vec<Record> = earlier.iter().map(|it| (*it).clone()).collect();
        received(&world(&[ours]), &Arc::new(theirs.clone()), &earlier, &before)
    }

    fn keys(received: &Received, is_conflict: bool) -> Vec<&'static str> {
        let parts = received.parts.iter().filter(|part| part.is_conflict == is_conflict);
        parts.map(|part| part.part.label().zh).collect()
    }

    #[test]
    fn what_only_one_side_changed_is_no_conflict_and_what_both_changed_is_one_field_by_field() {
        let base = item("李四");
        let ours = with(&with(&base, "person", "王五"), "address", "大庆道");
        let theirs = with(&with(&base, "person", "赵六"), "note", "已约谈");
        let mut both = of(&ours, &[&base], &theirs, &[&base]);
        assert_eq!(both.standing, Standing::Conflict);
        assert_eq!((keys(&both, true), keys(&both, false)), (vec!["责任人"], vec!["备注"]));
        let after = both.change(&stamp()).unwrap().after.unwrap();
        assert_eq!((after.text("person"), after.text("note")), ("王五", "已约谈"));
        assert_eq!(after.text("address"), "大庆道", "what they left alone stays ours");
        both.settle(Side::Theirs);
        let after = both.change(&stamp()).unwrap().after.unwrap();
        assert_eq!(after.text("person"), "赵六");

        let only_theirs = of(&base, &[], &theirs, &[&base]);
        assert_eq!(only_theirs.standing, Standing::Changed);
        let only_ours = of(&ours, &[&base], &base, &[]);
        assert_eq!(only_ours.standing, Standing::Known, "they have an older state of ours");
        assert!(only_ours.change(&stamp()).is_none());
        let strangers = of(&ours, &[], &theirs, &[]);
        assert_eq!(keys(&strangers, true), ["责任人"], "without a common state silence is none");
    }

    #[test]
    fn steps_are_put_behind_ours_where_the_way_allows_it_and_no_step_is_ever_lost() {
        use StepKind::{Accept, HandOver, Mend, Register, Urge, Void};
        let base = step(&item("李四"), HandOver, 9);
        let theirs = step(&step(&base, Accept, 10), Mend, 11);
        let plain = of(&base, &[], &theirs, &[&base]);
        assert_eq!((plain.standing, keys(&plain, true).len()), (Standing::Changed, 0));
        let change = plain.change(&stamp()).unwrap();
        assert_eq!(ItemState::of(change.after.as_ref().unwrap()), Some(ItemState::Mending));
        assert_eq!(unlawful(&Edit::of(vec![change])), None);

        // We urged meanwhile: both go on, ours first.
        let ours = step(&base, Urge, 12);
        let mut both = of(&ours, &[&base], &theirs, &[&base]);
        assert!(keys(&both, true).contains(&"状态与办理记录"));
        both.settle(Side::Theirs);
        let change = both.change(&stamp()).unwrap();
        let steps = item::steps(change.after.as_ref().unwrap()).unwrap();
        let kinds: Vec<StepKind> = steps.iter().map(|step| step.step).collect();
        assert_eq!(kinds, [Register, HandOver, Urge, Accept, Mend]);
        assert_eq!(unlawful(&Edit::of(vec![change])), None);

        // We made it void: nothing follows that.
        let void = step(&base, Void, 12);
        let mut never = of(&void, &[&base], &theirs, &[&base]);
        never.settle(Side::Theirs);
        let change = never.change(&stamp());
        let state = change.map(|it| ItemState::of(it.after.as_ref().unwrap()));
        assert!(matches!(state, None | Some(Some(ItemState::Void))), "{state:?}");
    }

    #[test]
    fn a_number_that_is_taken_here_goes_to_the_superiors_and_photos_of_both_stay() {
        let theirs = item("李四");
        let mut other = item("王五");
        other.id = Ids::new(Timestamp::from_second(5).unwrap(), 9).next();
        let here = world(&[&other]);
        let new = received(&here, &Arc::new(theirs.clone()), &[], &[]);
        assert!(new.has_taken_code && new.asks());
        let after = new.change(&stamp()).unwrap().after.unwrap();
        assert_eq!((after.code(), after.text("superior_code")), (None, "FR-1"));

        let photo = |name: &str| {
            let mut item = theirs.clone();
            item.set_attachments(vec![name.into()]);
            item
        };
        let both = of(&photo("甲.jpg"), &[&theirs], &photo("乙.jpg"), &[&theirs]);
        assert_eq!(both.standing, Standing::Changed);
        let mut after = Record::clone(&both.change(&stamp()).unwrap().after.unwrap());
        assert_eq!(after.attachments().collect::<Vec<_>>(), ["甲.jpg", "乙.jpg"]);
        let names = BTreeMap::from([("乙.jpg".to_owned(), "乙-2.jpg".to_owned())]);
        renamed(&mut after, &names);
        assert_eq!(after.attachments().collect::<Vec<_>>(), ["甲.jpg", "乙-2.jpg"]);
    }
}
