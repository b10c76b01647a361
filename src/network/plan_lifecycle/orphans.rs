//! Orders that another program has parted from their plan: QGIS may give the record of a plan a new
//! name, and its orders say the old one still.
//!
//! They are told of and not repaired. What another program wrote is taken over as it is; a store that
//! rewrote other records after it would put words into the mouth of whoever wrote them, and would not
//! know a plan that was renamed from one that was deleted while another was made.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Kind, Localized, World};

/// Orders of a plan without a record, while records of other plans have no order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{orders} orders say the plan “{plan}”, of which there is no record, and “{}” has no orders: it may have been renamed; say its name in the orders",
    .empty.join("”, “")
)]
pub struct OrphanedOrders {
    /// As the orders say it.
    pub plan: String,
    /// How many there are.
    pub orders: usize,
    /// The plans without orders: one of them may be what this one is called now.
    pub empty: Vec<String>,
}

impl Localized for OrphanedOrders {
    fn zh(&self) -> String {
        let Self { plan, orders, empty } = self;
        let empty = empty.join("”“");
        format!(
            "{orders} 条措施属于方案“{plan}”，但没有这个方案的记录；方案“{empty}”没有措施：可能改过名，请在措施中改写方案名"
        )
    }
}

/// In the order of names. A plan of which nothing was said has no record either: that alone is
/// nothing to tell.
pub fn orphaned_orders(world: &World) -> Vec<OrphanedOrders> {
    let named = |kind: Kind| world.table(kind).iter();
    let records: BTreeSet<&str> = named(Kind::Plan).map(|plan| plan.name()).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for order in named(Kind::Restriction) {
        *counts.entry(order.text("plan")).or_default() += 1;
    }
    let is_empty = |name: &&str| !name.is_empty() && !counts.contains_key(name);
    let empty: Vec<String> = records.iter().copied().filter(is_empty).map(Into::into).collect();
    if empty.is_empty() {
        return Vec::new();
    }
    let orphaned = |(plan, orders): (&&str, &usize)| {
        let is_orphaned = !plan.is_empty() && !records.contains(plan);
        is_orphaned.then(|| OrphanedOrders {
            plan: (*plan).into(),
            orders: *orders,
            empty: empty.clone(),
        })
    };
    counts.iter().filter_map(orphaned).collect()
}
