//! Who does on time what was decided.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::decisions::{DecisionStanding, decisions};
use super::standards::FEW;
use crate::domain::{Record, World};

/// The decisions of one owner, or about one township. What was dropped is in none of the counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Punctual {
    /// Empty where nobody is named.
    pub of: String,
    /// To be done, and not yet due.
    pub open: usize,
    pub overdue: usize,
    pub on_time: usize,
    pub late: usize,
}

impl Punctual {
    /// Those that are due and those that are not yet.
    pub const fn count(&self) -> usize {
        self.open + self.due()
    }

    /// Those of which it is known whether they were done on time.
    pub const fn due(&self) -> usize {
        self.overdue + self.on_time + self.late
    }

    /// 0–1; `None` while nothing was due.
    pub fn share(&self) -> Option<f64> {
        (self.due() > 0).then(|| self.on_time as f64 / self.due() as f64)
    }

    /// Whether a share says little: fewer than [`FEW`] were due.
    pub const fn is_few(&self) -> bool {
        self.due() < FEW
    }

    const fn add(&mut self, standing: DecisionStanding) {
        match standing {
            DecisionStanding::Open => self.open += 1,
            DecisionStanding::Overdue => self.overdue += 1,
            DecisionStanding::ClosedOnTime => self.on_time += 1,
            DecisionStanding::ClosedLate => self.late += 1,
            DecisionStanding::Dropped => {}
        }
    }
}

/// By owner, in the order of the names; those of nobody come last.
pub fn by_owner(world: &World, today: Date) -> Vec<Punctual> {
    grouped(world, today, &|decision| vec![decision.text("owner").to_owned()])
}

/// By the townships of the records that a decision names: it counts in each of them, and in none
/// where it names nothing that lies in one.
pub fn by_township(world: &World, today: Date) -> Vec<Punctual> {
    grouped(world, today, &|decision| {
        let records = decision.linked("records").filter_map(|id| world.get(id));
        let mut townships: Vec<String> =
            records.map(|record| record.text("township").to_owned()).collect();
        townships.retain(|township| !township.is_empty());
        townships.sort();
        townships.dedup();
        townships
    })
}

fn grouped(world: &World, today: Date, of: &dyn Fn(&Record) -> Vec<String>) -> Vec<Punctual> {
    let mut groups: BTreeMap<(bool, String), Punctual> = BTreeMap::new();
    for (standing, decision) in decisions(world, None, today) {
        if standing == DecisionStanding::Dropped {
            continue;
        }
        for name in of(decision) {
            let group = groups.entry((name.is_empty(), name.clone())).or_default();
            group.of = name;
            group.add(standing);
        }
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Kind, Stamp, Value};

    #[test]
    fn a_share_is_of_what_was_due_and_a_decision_counts_where_its_records_lie() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let mut site = Record::new(ids.next(), Kind::Site, &stamp);
        site.set("township", Some(Value::text("甲镇")));
        let named: std::sync::Arc<str> = site.id.to_string().into();
        let mut decision = |owner: &str, day: i8, state: &'static str, closed: Option<i8>| {
            let mut decision = Record::new(ids.next(), Kind::Decision, &stamp);
            let at = |day| Value::Date(date(2026, 11, day));
            decision.set("owner", (!owner.is_empty()).then(|| Value::text(owner)));
            decision.set("due", Some(at(day)));
            decision.set("state", Some(Value::Choice(state)));
            decision.set("closed_on", closed.map(at));
            decision.set("records", Some(Value::Words([named.clone(), named.clone()].into())));
            decision
        };
        let all = [
            decision("住建局", 10, "完成", Some(9)),
            decision("住建局", 10, "完成", Some(11)),
            decision("住建局", 10, "待办", None),
            decision("住建局", 30, "待办", None),
            decision("住建局", 10, "撤销", None),
            decision("", 30, "待办", None),
        ];
        let world: World = std::iter::once(site).chain(all).collect();
        let today = date(2026, 11, 20);
        let owners = by_owner(&world, today);
        let first = &owners[0];
        assert_eq!((first.open, first.overdue, first.on_time, first.late), (1, 1, 1, 1));
        assert_eq!(first.share(), Some(1.0 / 3.0));
        assert!(first.is_few());
        assert_eq!((owners[1].of.as_str(), owners[1].share()), ("", None));
        let townships = by_township(&world, today);
        assert_eq!((townships.len(), townships[0].count()), (1, 5));
    }
}
