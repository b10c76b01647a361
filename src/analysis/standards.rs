//! How many sites of a kind are up to standard, by township or department.

use std::collections::BTreeMap;

use super::is_not_up_to_standard;
use crate::domain::{Kind, Record, SiteKind, Value, Verdict, World};

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

impl Rate {
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
        assert_eq!(rate(&world, SiteKind::Construction).count, 4);
    }
}
