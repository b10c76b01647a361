//! 双代、散煤 by village: households to be gone through, gone through, with loose coal, and how much.
//! Nobody's name is needed: a household is its house number.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checks::{PlanState, looked_at};
use crate::analysis::decisions;
use crate::domain::{Kind, Record, Value, Verdict, World};

/// A village, as its checks have it since the plan began.
#[derive(Clone, Debug)]
pub struct VillageRow {
    pub village: Arc<Record>,
    /// To be gone through; `None` where the village does not say.
    pub households: Option<u32>,
    pub checked: usize,
    /// With loose coal, or not passed, when they were looked at last.
    pub found: usize,
    /// Taken away, of all checks.
    pub coal_kg: f64,
    pub stoves_removed: usize,
}

/// The villages of a plan, in its order. Several checks of one house count once.
pub fn villages(world: &World, state: &PlanState) -> Vec<VillageRow> {
    let handle = decisions::handle(&state.plan);
    let since = state.plan.validity().from;
    let mut checks: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for check in world.table(Kind::Check).iter() {
        let on = check.date("checked_on");
        let is_before = since.is_some_and(|since| on.is_none_or(|on| on < since));
        if check.text("plan") != handle || is_before {
            continue;
        }
        for of in looked_at(check) {
            checks.entry(of).or_default().push(check);
        }
    }
    let row = |village: &Arc<Record>| {
        let of = |key: &str| checks.get(key).into_iter().flatten().copied();
        let own = of(&village.id.to_string()).chain(of(village.name()));
        // A check without a house number is of a house of its own.
        let mut houses: BTreeMap<String, &Record> = BTreeMap::new();
        let mut coal_kg = 0.0;
        for check in own {
            coal_kg += check.get("coal_kg").and_then(Value::as_f64).unwrap_or(0.0);
            let number = check.text("house_number").trim();
            let house = if number.is_empty() { check.id.to_string() } else { number.to_owned() };
            let last = houses.entry(house).or_insert(check);
            if check.date("checked_on") >= last.date("checked_on") {
                *last = check;
            }
        }
        let has_coal = |check: &&&Record| {
            check.get("coal_kg").and_then(Value::as_f64).is_some_and(|kg| kg > 0.0)
                || Verdict::from_key(check.text("verdict")) == Some(Verdict::Failed)
        };
        let is_removed =
            |check: &&&Record| check.get("stove_removed") == Some(&Value::Boolean(true));
        VillageRow {
            village: Arc::clone(village),
            households: match village.get("households") {
                Some(Value::Integer(count)) => u32::try_from(*count).ok(),
                _ => None,
            },
            checked: houses.len(),
            found: houses.values().filter(has_coal).count(),
            coal_kg,
            stoves_removed: houses.values().filter(is_removed).count(),
        }
    };
    state.targets.iter().map(|target| row(&target.record)).collect()
}
