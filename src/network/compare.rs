//! A plan against today: what the window shows and the command line prints.
//!
//! Puts together what other files find out (trips, findings, sites) and remembers it between two
//! questions. Figures over several plans are [`super::totals`]'s.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::DateTime;

use super::accessibility::{Accessibility, usual_truck, with_pass};
use super::demand::Flow;
use super::evaluate::{Assumptions, Evaluation, Prepared, Trip};
use super::lint::{Case, LintFinding, lint};
use super::orders::TrafficOrder;
use super::sites::{PassedSite, RoadsideSite, RoadsideSites};
use super::truck::Truck;
pub use super::unready::Unready;
use crate::domain::{Kind, OrderState, Record, RecordId, Table, World};

/// Today's orders, those of a plan, and what both do.
pub struct Comparison {
    /// Orders in force, those of the plan not among them.
    pub in_force: Vec<Arc<TrafficOrder>>,
    /// Of the plan, not revoked.
    pub planned: Vec<Arc<TrafficOrder>>,
    /// The district under the orders in force.
    pub before: Arc<Evaluation>,
    /// The district under those and the ones of the plan.
    pub after: Evaluation,
    /// What should be looked at before the plan is signed.
    pub findings: Vec<LintFinding>,
    /// Schools and villages that more trucks pass.
    pub passed: Vec<PassedSite>,
    /// Works and villages that heavy trucks reach today but not under the plan, not even with a pass.
    pub cut_off: Vec<RoadsideSite>,
    /// Works and villages that under the plan are reached only with a pass.
    pub by_pass: Vec<RoadsideSite>,
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
    let prepared = prepare_roads(world, tell)?;
    if prepared.flows.is_empty() { Err(Unready::NoFlows) } else { Ok(prepared) }
}

/// The same for a district without flows: enough to draw along its roads.
pub fn prepare_roads(world: &World, tell: &dyn Fn(u64, u64) -> bool) -> Result<Prepared, Unready> {
    super::cache::prepare_roads(world, None, tell).map(|ready| ready.prepared)
}

/// What was found out about one network and stays true while a plan is drawn: where unchanged
/// orders lie, and what happens today. A changed line then costs itself and the trips it touches.
///
/// # How it works
///
/// An order is looked for on the roads again only when its record is another one than before (by
/// pointer, not by value). Today's evaluation is kept as long as moment, assumptions, sites and the
/// orders in force are the same; the plan is then evaluated on top of it, and only trips that lead
/// over a road that the plan closes are searched again. Answers are the same as a new planner's.
///
/// # Limits
///
/// It belongs to one [`Prepared`] and one thread, and remembers one moment and one set of orders in
/// force: changing between two of them evaluates each time. A plan is not remembered, only its orders.
#[derive(Default)]
pub struct Planner {
    known: BTreeMap<RecordId, (Arc<Record>, Arc<TrafficOrder>)>,
    sites: Option<(Table, Arc<RoadsideSites>)>,
    today: Option<Today>,
}

struct Today {
    sites: Arc<RoadsideSites>,
    /// Of each site, whether trucks reach it.
    reached: Vec<bool>,
    in_force: Vec<Arc<TrafficOrder>>,
    at: DateTime,
    assumed: Assumptions,
    outcome: Arc<Evaluation>,
}

impl Planner {
    /// A plan on top of what is in force, at a moment of local time; an empty `plan` is today itself.
    /// `prepared` must be the same each time: a new network wants a new planner.
    pub fn compare(
        &mut self,
        prepared: &Prepared,
        world: &World,
        plan: &str,
        at: DateTime,
        assumed: Assumptions,
    ) -> Comparison {
        let all = self.orders(prepared, world);
        let is_planned = |order: &&Arc<TrafficOrder>| !plan.is_empty() && order.plan == plan;
        let planned: Vec<Arc<TrafficOrder>> = all
            .iter()
            .filter(is_planned)
            .filter(|order| order.state != Some(OrderState::Revoked))
            .cloned()
            .collect();
        let is_in_force = |order: &&Arc<TrafficOrder>| {
            order.state == Some(OrderState::InForce) && !is_planned(order)
        };
        let in_force: Vec<Arc<TrafficOrder>> = all.iter().filter(is_in_force).cloned().collect();
        let sites = self.sites(prepared, world);
        let today = self.today(prepared, &in_force, &sites, at, assumed);
        let before = Arc::clone(&today.outcome);
        // What the plan stands for is over in it.
        let is_left =
            |order: &&Arc<TrafficOrder>| !planned.iter().any(|planned| planned.stands_for(order));
        let left: Vec<&Arc<TrafficOrder>> = in_force.iter().filter(is_left).collect();
        let is_part = left.len() == in_force.len() && !prepared.access.has_roads_of(plan);
        let together: Vec<&TrafficOrder> =
            left.into_iter().chain(&planned).map(Arc::as_ref).collect();
        let after = prepared.run_on(Some((&before, is_part)), &together, (at, plan), assumed);
        let (by_pass, cut_off) = lost(prepared, &sites, &today.reached, (&together, at, plan));
        let new: Vec<&TrafficOrder> = planned.iter().map(Arc::as_ref).collect();
        let passed = sites.newly_passed(prepared, &before, &after);
        let case = Case {
            prepared,
            world,
            planned: &new,
            all: &together,
            before: &before,
            after: &after,
            cut_off: &cut_off,
            at,
        };
        let findings = lint(&case);
        Comparison { in_force, planned, before, after, findings, passed, cut_off, by_pass }
    }

    /// All orders; only changed ones are looked for on the network.
    fn orders(&mut self, prepared: &Prepared, world: &World) -> Vec<Arc<TrafficOrder>> {
        let finder = prepared.finder();
        let mut known = std::mem::take(&mut self.known);
        for record in world.table(Kind::Restriction).iter() {
            let order = match known.remove(&record.id) {
                Some((before, order)) if Arc::ptr_eq(&before, record) => order,
                _ => Arc::new(TrafficOrder::of(record, &finder)),
            };
            self.known.insert(record.id, (Arc::clone(record), order));
        }
        self.known.values().map(|(_, order)| Arc::clone(order)).collect()
    }

    /// Sites beside the roads; looked for again only when some site has changed.
    fn sites(&mut self, prepared: &Prepared, world: &World) -> Arc<RoadsideSites> {
        let table = world.table(Kind::Site);
        match &self.sites {
            Some((known, sites)) if known.is_same(table) => Arc::clone(sites),
            _ => {
                let sites = Arc::new(RoadsideSites::of(world, prepared));
                self.sites = Some((table.clone(), Arc::clone(&sites)));
                sites
            }
        }
    }

    fn today(
        &mut self,
        prepared: &Prepared,
        in_force: &[Arc<TrafficOrder>],
        sites: &Arc<RoadsideSites>,
        at: DateTime,
        assumed: Assumptions,
    ) -> &Today {
        let is_same = |today: &Today| {
            today.at == at
                && today.assumed == assumed
                && Arc::ptr_eq(&today.sites, sites)
                && today.in_force.len() == in_force.len()
                && today.in_force.iter().zip(in_force).all(|(a, b)| Arc::ptr_eq(a, b))
        };
        let known = self.today.take().filter(is_same);
        self.today.insert(known.unwrap_or_else(|| {
            let orders: Vec<&TrafficOrder> = in_force.iter().map(Arc::as_ref).collect();
            Today {
                outcome: Arc::new(prepared.run(&orders, at, assumed)),
                reached: reached(prepared, sites, &usual_truck(), (&orders, at, "")),
                sites: Arc::clone(sites),
                in_force: in_force.to_vec(),
                at,
                assumed,
            }
        }))
    }
}

/// Sites that the usual heavy truck reaches today and not under these orders: those that it reaches
/// with a pass, and the others.
fn lost(
    prepared: &Prepared,
    sites: &RoadsideSites,
    today: &[bool],
    orders: (&[&TrafficOrder], DateTime, &str),
) -> (Vec<RoadsideSite>, Vec<RoadsideSite>) {
    let now = reached(prepared, sites, &usual_truck(), orders);
    let is_lost = |(_, (before, after)): &(usize, (&bool, &bool))| **before && !**after;
    let lost: Vec<usize> =
        today.iter().zip(&now).enumerate().filter(is_lost).map(|(index, _)| index).collect();
    if lost.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let (usual, pass) = (usual_truck(), with_pass());
    let lets_through = |order: &&TrafficOrder| order.closes(&usual) && !order.closes(&pass);
    // Where no order lets a pass through, it leads no farther.
    let with_pass = if orders.0.iter().any(lets_through) {
        reached(prepared, sites, &pass, orders)
    } else {
        Vec::new()
    };
    let (by_pass, cut_off): (Vec<usize>, Vec<usize>) =
        lost.into_iter().partition(|index| with_pass.get(*index) == Some(&true));
    let of = |indices: Vec<usize>| {
        indices.into_iter().filter_map(|index| sites.all.get(index)).cloned().collect()
    };
    (of(by_pass), of(cut_off))
}

/// Of each site, whether a truck comes to it from some gate, and back.
fn reached(
    prepared: &Prepared,
    sites: &RoadsideSites,
    truck: &Truck,
    (orders, at, plan): (&[&TrafficOrder], DateTime, &str),
) -> Vec<bool> {
    if sites.all.is_empty() {
        return Vec::new();
    }
    let holding: Vec<&TrafficOrder> =
        orders.iter().copied().filter(|order| order.holds(at)).collect();
    let closure = prepared.closure(truck, &holding, &prepared.access.state(at, plan));
    sites.reached(&Accessibility::of(prepared, &closure), &closure, prepared)
}

impl Comparison {
    /// The orders that hold under the plan: those in force for which it does not stand, and its own.
    pub fn together(&self) -> Vec<&TrafficOrder> {
        let is_left =
            |order: &&Arc<TrafficOrder>| !self.planned.iter().any(|new| new.stands_for(order));
        self.in_force.iter().filter(is_left).chain(&self.planned).map(AsRef::as_ref).collect()
    }

    /// Each flow with its trip today and under the plan.
    pub fn trips<'a>(
        &'a self,
        prepared: &'a Prepared,
    ) -> impl Iterator<Item = (&'a Flow, &'a Trip, &'a Trip)> {
        let trips = self.before.trips.iter().zip(&self.after.trips);
        prepared.flows.iter().zip(trips).map(|(flow, (before, after))| (flow, before, after))
    }
}
