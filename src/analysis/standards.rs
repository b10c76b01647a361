//! How many sites of a kind are up to standard, by township or department.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::is_not_up_to_standard;
use crate::domain::{Field, Kind, Record, SiteKind, Value, Verdict, World};

/// Of fewer inspected sites a rate says little.
pub const FEW: usize = 5;

/// One group of sites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// The township or department; empty where none is given.
    pub of: String,
    pub count: usize,
    /// Those with at least one item that is 合格, 不合格 or 不适用.
    pub inspected: usize,
    /// Of the inspected ones, those without any 不合格.
    pub up_to_standard: usize,
}

/// What inspections say of some records together. What has nothing to be inspected, such as a road or a
/// village, is in none of the three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InspectionTally {
    /// Of the inspected ones, those with a 不合格.
    pub failing: usize,
    pub inspected: usize,
    pub uninspected: usize,
}

impl InspectionTally {
    /// Counts one more.
    pub fn add(&mut self, record: &Record) {
        *self += Self::of(record);
    }

    /// Of one record alone.
    pub fn of(record: &Record) -> Self {
        if is_inspected(record) {
            let failing = usize::from(is_not_up_to_standard(record));
            Self { failing, inspected: 1, uninspected: 0 }
        } else {
            Self { uninspected: usize::from(can_be_inspected(record)), ..Self::default() }
        }
    }
}

impl std::ops::AddAssign for InspectionTally {
    fn add_assign(&mut self, other: Self) {
        self.failing += other.failing;
        self.inspected += other.inspected;
        self.uninspected += other.uninspected;
    }
}

/// How often a record came to fail: its states in the order of time, of a record that is made failing
/// too.
pub fn times_failed<'a>(
    changes: impl Iterator<Item = (Option<&'a Record>, Option<&'a Record>)>,
) -> usize {
    let fails = |state: Option<&Record>| state.is_some_and(is_not_up_to_standard);
    changes.filter(|(before, after)| fails(*after) && !fails(*before)).count()
}

/// The fields of a kind that say what an inspection found of one item.
fn items(kind: Kind) -> &'static [&'static Field] {
    static ITEMS: OnceLock<Vec<Vec<&Field>>> = OnceLock::new();
    let all = ITEMS.get_or_init(|| {
        let is_item = |field: &&'static Field| field.choices() == Some(Verdict::CHOICES);
        Kind::ALL.map(|kind| kind.fields().iter().filter(is_item).collect()).into()
    });
    all.get(kind as usize).map_or(&[], Vec::as_slice)
}

/// Whether a record is of a kind of which an inspection has something to say.
pub fn can_be_inspected(record: &Record) -> bool {
    let own = Some(record.subkind());
    items(record.kind).iter().any(|field| field.is_of(own))
}

/// The items that say 不合格, in the order of the card.
pub fn failing_items(record: &Record) -> impl Iterator<Item = &'static Field> {
    let items = items(record.kind).iter().copied();
    items.filter(|field| record.text(field.key) == Verdict::Failed.key())
}

impl Rate {
    /// The same without its name.
    pub const fn tally(&self) -> InspectionTally {
        let (inspected, failing) = (self.inspected, self.failing());
        InspectionTally { failing, inspected, uninspected: self.count - inspected }
    }

    /// 0–1; `None` where nothing was inspected.
    pub fn share(&self) -> Option<f64> {
        (self.inspected > 0).then(|| self.up_to_standard as f64 / self.inspected as f64)
    }

    /// Whether the rate says little: fewer than [`FEW`] were inspected.
    pub const fn is_few(&self) -> bool {
        self.inspected < FEW
    }

    /// Of the inspected ones, those with a 不合格.
    pub const fn failing(&self) -> usize {
        self.inspected - self.up_to_standard
    }

    /// Counts one more site.
    pub(super) fn add(&mut self, site: &Record) {
        let is_inspected = is_inspected(site);
        self.count += 1;
        self.inspected += usize::from(is_inspected);
        self.up_to_standard += usize::from(is_inspected && !is_not_up_to_standard(site));
    }
}

/// Whether at least one item has a verdict: 合格, 不合格 or 不适用.
pub fn is_inspected(site: &Record) -> bool {
    let is_judged = |value: &Value| match value {
        Value::Choice(key) => {
            Verdict::from_key(key).is_some_and(|verdict| verdict != Verdict::NotInspected)
        }
        _ => false,
    };
    site.values().any(|(_, value)| is_judged(value))
}

/// Sites of a kind by what a field says, in its order; those of which it says nothing come last.
pub fn rates(world: &World, site_kind: SiteKind, by: &str) -> Vec<Rate> {
    let sites = world.table(Kind::Site).iter().map(AsRef::as_ref);
    rates_of(sites.filter(|site| site_kind.is_of(site)), by)
}

/// The same of some sites.
pub fn rates_of<'w>(sites: impl Iterator<Item = &'w Record>, by: &str) -> Vec<Rate> {
    let mut groups: BTreeMap<(bool, &str), Rate> = BTreeMap::new();
    for site in sites {
        let of = site.text(by);
        let rate = groups.entry((of.is_empty(), of)).or_default();
        of.clone_into(&mut rate.of);
        rate.add(site);
    }
    groups.into_values().collect()
}

/// All sites of a kind together.
pub fn rate(world: &World, site_kind: SiteKind) -> Rate {
    let mut rate = Rate::default();
    let sites = world.table(Kind::Site).iter();
    sites.filter(|site| site_kind.is_of(site)).for_each(|site| rate.add(site));
    rate
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Ids, Stamp};

    #[test]
    fn what_nobody_inspected_is_in_no_rate_and_one_bad_item_is_enough() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let mut site = |township: &str, items: &[(&str, &'static str)]| {
            let mut site = Record::new(ids.next(), Kind::Site, &stamp);
            SiteKind::Construction.put(&mut site);
            site.set("township", (!township.is_empty()).then(|| Value::text(township)));
            for (item, verdict) in items {
                site.set(item, Some(Value::Choice(verdict)));
            }
            site
        };
        let world: World = [
            site("甲镇", &[("cover", "合格"), ("wash", "合格")]),
            site("甲镇", &[("cover", "合格"), ("wash", "不合格")]),
            site("甲镇", &[("cover", "未查")]),
            site("", &[]),
        ]
        .into_iter()
        .collect();
        let rates = rates(&world, SiteKind::Construction, "township");
        let first = &rates[0];
        assert_eq!((first.count, first.inspected, first.up_to_standard), (3, 2, 1));
        assert_eq!(first.share(), Some(0.5));
        assert!(first.is_few());
        assert_eq!((rates[1].of.as_str(), rates[1].share()), ("", None));
        let all = rate(&world, SiteKind::Construction);
        assert_eq!(all.tally(), InspectionTally { failing: 1, inspected: 2, uninspected: 2 });
    }

    #[test]
    fn a_village_is_not_among_those_that_wait_for_an_inspection() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let mut site = |kind: SiteKind, item: Option<(&str, Verdict)>| {
            let mut site = Record::new(ids.next(), Kind::Site, &stamp);
            kind.put(&mut site);
            if let Some((item, verdict)) = item {
                site.set(item, Some(verdict.value()));
            }
            site
        };
        let failing = site(SiteKind::Construction, Some(("wash", Verdict::Failed)));
        let mut tally = InspectionTally::default();
        for record in [
            &failing,
            &site(SiteKind::Restaurant, None),
            &site(SiteKind::Village, None),
            &site(SiteKind::Construction, Some(("wash", Verdict::NotInspected))),
            &Record::new(Ids::new(Timestamp::UNIX_EPOCH, 9).next(), Kind::Road, &stamp),
        ] {
            tally.add(record);
        }
        assert_eq!(tally, InspectionTally { failing: 1, inspected: 1, uninspected: 2 });
        let items: Vec<&str> = failing_items(&failing).map(|field| field.label.zh).collect();
        assert_eq!(items, ["车辆冲洗"]);
    }
}
