//! A plan against today: what the window shows and the command line prints.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::build::build;
use super::demand::Flow;
use super::evaluate::{Assumptions, Outcome, Prepared, Trip};
use super::lint::{Finding, lint};
use super::orders::{Finder, Order};
use crate::domain::{Kind, World};

/// Today's orders, those of a plan, and what both do.
pub struct Comparison {
    /// Of the plan, not revoked.
    pub planned: Vec<Order>,
    pub before: Outcome,
    pub after: Outcome,
    pub findings: Vec<Finding>,
}

/// Why nothing could be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unready {
    #[error(
        "the district has no roads: import some first, as in `shapan import DISTRICT roads.osm.pbf`"
    )]
    NoRoads,
    #[error(
        "the district has no truck flows: import some first, as in `shapan import DISTRICT flows.csv --as flow`"
    )]
    NoFlows,
    #[error("stopped")]
    Stopped,
}

/// Names of plans with the number of their orders.
pub fn plans(world: &World) -> BTreeMap<String, usize> {
    let mut plans = BTreeMap::new();
    for record in world.table(Kind::Restriction).iter() {
        let plan = record.text("plan");
        if !plan.is_empty() {
            *plans.entry(plan.to_owned()).or_default() += 1;
        }
    }
    plans
}

/// Network, gates, flows and rings of a district: the same for every plan, so made once.
pub fn prepare(world: &World, tell: &dyn Fn(u64, u64) -> bool) -> Result<Prepared, Unready> {
    let network = build(world);
    if network.edges.is_empty() {
        return Err(Unready::NoRoads);
    }
    let prepared = Prepared::new(world, network, tell).ok_or(Unready::Stopped)?;
    if prepared.flows.is_empty() { Err(Unready::NoFlows) } else { Ok(prepared) }
}

/// `plan` on top of what is in force, at a moment of local time. An empty plan is today itself.
pub fn compare(
    prepared: &Prepared,
    world: &World,
    plan: &str,
    at: DateTime,
    assumed: Assumptions,
) -> Comparison {
    let finder = Finder::new(&prepared.network);
    let restrictions = world.table(Kind::Restriction).iter();
    let all: Vec<Order> = restrictions.map(|record| Order::of(record, &finder)).collect();
    let is_planned = |order: &&Order| !plan.is_empty() && order.plan == plan;
    let planned: Vec<Order> =
        all.iter().filter(is_planned).filter(|order| order.state != "废止").cloned().collect();
    let in_force: Vec<Order> =
        all.iter().filter(|order| order.state == "生效" && !is_planned(order)).cloned().collect();
    let together: Vec<Order> = in_force.iter().chain(&planned).cloned().collect();
    let before = prepared.run(&in_force, at, assumed);
    let after = prepared.run(&together, at, assumed);
    let findings = lint(prepared, &planned, &together, (&before, &after), at);
    Comparison { planned, before, after, findings }
}

impl Comparison {
    /// Each flow with its trip today and under the plan.
    pub fn trips<'a>(
        &'a self,
        prepared: &'a Prepared,
    ) -> impl Iterator<Item = (&'a Flow, &'a Trip, &'a Trip)> {
        let trips = self.before.trips.iter().zip(&self.after.trips);
        prepared.flows.iter().zip(trips).map(|(flow, (before, after))| (flow, before, after))
    }
}
