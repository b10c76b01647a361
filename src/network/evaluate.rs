//! Today and a plan, flow by flow and ring by ring, on one code path.
//!
//! All-or-nothing assignment: every flow takes its quickest legal route. What a truck costs to drive
//! an arc is the free time of its edge, and at turns the wait that somebody has set; orders only close
//! arcs. Queues are [`super::congestion`]'s, kilometres and grams are summed in `tally`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::DateTime;

use super::components::Components;
use super::csr::Csr;
use super::demand::{Flow, Gate};
use super::graph::{ArcId, Network};
use super::orders::{EdgeIndex, Finder, TrafficOrder};
use super::route::{ClosedArcs, Costs, Potential, Route, RouteSearch};
use super::truck::Truck;
use super::turning::{Bearings, TurnCosts, Turning};
use crate::domain::World;

mod rings;
mod tally;

pub use rings::ControlRing;
pub use tally::{Assumptions, DayTotals};

/// Everything that holds for every plan on a network: made once, in the background.
///
/// # How it works
///
/// For each node to which some flow drives, the time that is left from every node is found by one
/// backward search and kept (a [`Potential`]). No order makes a route quicker, so these times are a
/// lower bound under any plan, and A* led by them walks straight to the target where nothing stands
/// in its way. Of each edge it is known which rings it touches and how many metres of it lie inside,
/// so a route is turned into kilometres in rings by adding up. [`Prepared::run`] searches the routes
/// of all flows on all cores; [`Prepared::run_after`] only those that lead over a newly closed arc.
/// Trucks that no order and no limit tells apart share one set of closed arcs.
///
/// # Limits
///
/// It is of one world: other roads, control points, gates or flows want a new one (potentials of the
/// same roads and gates may be kept, see [`super::cache`]). Memory is four bytes for each pair of node
/// and target. A route is quickest on empty roads, all or nothing, whatever the volumes.
pub struct Prepared {
    /// The roads.
    pub network: Network,
    /// Where trucks begin and end; flows point into it.
    pub gates: Vec<Gate>,
    /// Who drives; the trips of an [`Evaluation`] are in this order.
    pub flows: Vec<Flow>,
    /// The rings of control points; those of an [`Evaluation`] are in this order.
    pub rings: Vec<ControlRing>,
    /// For lines that are drawn along roads: no search from one island to another.
    pub(super) components: Components,
    index: EdgeIndex,
    /// By target node.
    pub(super) potentials: BTreeMap<u32, Potential>,
    /// Of each edge, the rings that it touches, by index, and the metres in each.
    rings_of: Csr<(u32, f32)>,
    /// Of each edge, the metres within the rings that count as inside, each metre once.
    inside_m: Vec<f32>,
    /// The free time of each arc.
    times_ms: Vec<u32>,
    /// Made when turns cost something for the first time.
    bearings: OnceLock<Bearings>,
}

/// The way of one flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trip {
    /// `None` where there is no way, or no gate.
    pub route: Option<Route>,
    /// Metres; 0 without a route.
    pub length_m: f64,
    /// Indices of the rings that it enters.
    pub rings: Vec<u32>,
}

/// The district under one set of orders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// In the order of the flows.
    pub trips: Vec<Trip>,
    /// In the order of [`Prepared::rings`].
    pub rings: Vec<DayTotals>,
    /// The same within the rings of 1000 m together, each place once.
    pub inside: DayTotals,
    /// … on the rest of the network.
    pub outside: DayTotals,
    /// … and on all of it.
    pub all: DayTotals,
    /// Trucks a day on each edge, both directions.
    pub volumes: Vec<f64>,
}

impl Trip {
    /// Kilometres and minutes of its way; `None` where there is no way.
    pub fn km_and_min(&self) -> Option<(f64, f64)> {
        let route = self.route.as_ref()?;
        Some((self.length_m / 1000.0, f64::from(route.time_ms) / 60_000.0))
    }

    /// Whether its route leads over an arc that is closed now. A flow without a route gets none by
    /// closing more, so that the answer is no.
    fn leads_over(&self, closed: &ClosedArcs) -> bool {
        self.route.iter().flat_map(|route| &route.arcs).any(|arc| closed.has(*arc))
    }
}

impl Prepared {
    /// From a network and the potentials that are known of it; those that no flow asks for are
    /// dropped. `tell` gets potentials made and to make; it stops the work by `false`, and then the
    /// answer is `None`.
    pub(super) fn new(
        world: &World,
        network: Network,
        known: BTreeMap<u32, Potential>,
        tell: &dyn Fn(u64, u64) -> bool,
    ) -> Option<Self> {
        let gates = super::demand::gates(world, &network);
        let flows = super::demand::flows(world, &gates);
        let index = EdgeIndex::of(&network);
        let rings = rings::all(world, &network, &index);
        let mut targets: Vec<u32> =
            flows.iter().filter_map(|flow| gates.get(flow.to?)?.node).collect();
        targets.sort_unstable();
        targets.dedup();
        let potentials = potentials(&network, &targets, known, tell)?;
        let rings_of = rings::of_edges(&network, &rings);
        let inside_m = rings::inside_m(&network, &rings);
        let times_ms = network.edges.iter().flat_map(|edge| [edge.time_ms; 2]).collect();
        let bearings = OnceLock::new();
        let components = Components::of(&network);
        Some(Self {
            network,
            gates,
            flows,
            rings,
            components,
            index,
            potentials,
            rings_of,
            inside_m,
            times_ms,
            bearings,
        })
    }

    /// Finds what the shapes of orders mean on this network.
    pub const fn finder(&self) -> Finder<'_> {
        Finder::new(&self.network, &self.index)
    }

    /// The indices of the rings that an edge touches, and the metres of it inside.
    pub fn rings_on(&self, edge: usize) -> &[(u32, f32)] {
        self.rings_of.of(edge)
    }

    /// The boxes of all edges.
    pub(super) const fn index(&self) -> &EdgeIndex {
        &self.index
    }

    /// The district when these orders hold at a moment.
    pub fn run(&self, orders: &[&TrafficOrder], at: DateTime, assumed: Assumptions) -> Evaluation {
        self.run_on(None, orders, at, assumed)
    }

    /// As [`Prepared::run`], given the outcome under some of these orders: closing more roads changes
    /// only trips that lead over them. Cars are assumed to stay where they drove before.
    pub fn run_after(
        &self,
        before: &Evaluation,
        orders: &[&TrafficOrder],
        at: DateTime,
        assumed: Assumptions,
    ) -> Evaluation {
        self.run_on(Some(before), orders, at, assumed)
    }

    fn run_on(
        &self,
        known: Option<&Evaluation>,
        orders: &[&TrafficOrder],
        at: DateTime,
        assumed: Assumptions,
    ) -> Evaluation {
        let classes = self.user_classes(orders, at);
        let trips_before = known.map_or(&[][..], |before| &before.trips);
        let turning = self.turning(assumed.turn_costs);
        let mut trips: Vec<Option<Trip>> = (0..self.flows.len())
            .map(|number| {
                let closed = classes.of(number)?;
                trips_before.get(number).filter(|trip| !trip.leads_over(closed)).cloned()
            })
            .collect();
        let open = trips.iter_mut().enumerate().filter(|(_, trip)| trip.is_none());
        // Dealt out one by one: long searches stand next to each other.
        let mut shares: Vec<Vec<(usize, &mut Option<Trip>)>> = Vec::new();
        let count = workers();
        shares.resize_with(count, Vec::new);
        for (index, trip) in open.enumerate() {
            if let Some(share) = shares.get_mut(index % count) {
                share.push(trip);
            }
        }
        std::thread::scope(|scope| {
            for share in shares.into_iter().filter(|share| !share.is_empty()) {
                let classes = &classes;
                scope.spawn(move || {
                    let mut search = RouteSearch::looking_back(turning);
                    for (number, trip) in share {
                        let flow = self.flows.get(number).zip(classes.of(number));
                        *trip = flow.map(|(flow, closed)| {
                            let times_ms = &self.times_ms;
                            self.trip(flow, Costs { times_ms, closed }, &mut search)
                        });
                    }
                });
            }
        });
        let trips = trips.into_iter().map(Option::unwrap_or_default).collect();
        self.summed(trips, known, assumed)
    }

    /// Costs of turns on this network; `None` where turns cost nothing.
    pub(super) fn turning(&self, costs: TurnCosts) -> Option<Turning<'_>> {
        let bearings = || self.bearings.get_or_init(|| Bearings::of(&self.network));
        (!costs.is_off()).then(|| Turning { costs, bearings: bearings() })
    }

    /// User classes: trucks that all orders in force and all limits treat alike share their closed arcs.
    pub(super) fn user_classes(&self, orders: &[&TrafficOrder], at: DateTime) -> UserClasses {
        let holding: Vec<&TrafficOrder> =
            orders.iter().copied().filter(|order| order.holds(at)).collect();
        let mut classes = UserClasses::default();
        let mut keys: Vec<(Vec<bool>, [u64; 3])> = Vec::new();
        for flow in &self.flows {
            let truck = &flow.truck;
            let meant = holding.iter().map(|order| order.closes(truck)).collect();
            let limits = [truck.mass_t.to_bits(), truck.height_m.to_bits(), u64::from(truck.axles)];
            let key = (meant, limits);
            let class = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                keys.push(key);
                classes.closed.push(self.closed(truck, &holding));
                keys.len() - 1
            });
            classes.of_flow.push(class);
        }
        classes
    }

    /// What a truck may not drive.
    pub(super) fn closed(&self, truck: &Truck, orders: &[&TrafficOrder]) -> ClosedArcs {
        let mut closed = ClosedArcs::nothing_of(&self.network);
        let is_barred: Vec<bool> = (self.network.roads.iter())
            .map(|road| {
                (road.max_mass_t > 0.0 && truck.mass_t > road.max_mass_t)
                    || (road.max_height_m > 0.0 && truck.height_m > road.max_height_m)
                    || (road.max_axles > 0 && i64::from(truck.axles) > road.max_axles)
            })
            .collect();
        if is_barred.contains(&true) {
            for (number, edge) in (0_u32..).zip(&self.network.edges) {
                if is_barred.get(edge.road as usize) == Some(&true) {
                    closed.close(ArcId::new(number, false));
                    closed.close(ArcId::new(number, true));
                }
            }
        }
        for order in orders.iter().filter(|order| order.closes(truck)) {
            order.arcs.iter().for_each(|arc| closed.close(*arc));
        }
        closed
    }

    /// The quickest way of a flow; `None` where it has none, or no gate.
    pub(super) fn route(
        &self,
        flow: &Flow,
        costs: Costs<'_>,
        search: &mut RouteSearch<'_>,
    ) -> Option<Route> {
        let node = |gate: Option<usize>| self.gates.get(gate?)?.node;
        let (from, to) = (node(flow.from)?, node(flow.to)?);
        search.run(&self.network, costs, from, self.potentials.get(&to)?)
    }

    fn trip(&self, flow: &Flow, costs: Costs<'_>, search: &mut RouteSearch<'_>) -> Trip {
        let route = self.route(flow, costs, search);
        let length_m = route.as_ref().map_or(0.0, |route| self.network.length_m(&route.arcs));
        let arcs = route.iter().flat_map(|route| &route.arcs);
        let mut rings: Vec<u32> =
            arcs.flat_map(|arc| self.rings_of.of(arc.edge())).map(|(ring, _)| *ring).collect();
        rings.sort_unstable();
        rings.dedup();
        Trip { route, length_m, rings }
    }
}

/// The time that is left to each target, which is looked for where it is not known.
fn potentials(
    network: &Network,
    targets: &[u32],
    mut known: BTreeMap<u32, Potential>,
    tell: &dyn Fn(u64, u64) -> bool,
) -> Option<BTreeMap<u32, Potential>> {
    known.retain(|target, _| targets.binary_search(target).is_ok());
    let missing: Vec<u32> =
        targets.iter().copied().filter(|target| !known.contains_key(target)).collect();
    let at_once = workers();
    for (round, part) in (0_u64..).zip(missing.chunks(at_once)) {
        if !tell(round * at_once as u64, missing.len() as u64) {
            return None;
        }
        let made: Vec<Potential> = std::thread::scope(|scope| {
            let to = |target: &u32| {
                let target = *target;
                scope.spawn(move || Potential::to(network, target))
            };
            let running: Vec<_> = part.iter().map(to).collect();
            running.into_iter().filter_map(|one| one.join().ok()).collect()
        });
        known.extend(made.into_iter().map(|potential| (potential.target, potential)));
    }
    Some(known)
}

/// Flows by what they may not drive.
#[derive(Default)]
pub(super) struct UserClasses {
    closed: Vec<ClosedArcs>,
    of_flow: Vec<usize>,
}

impl UserClasses {
    /// What the trucks of a flow may not drive; `None` of a flow that is not there.
    pub fn of(&self, flow: usize) -> Option<&ClosedArcs> {
        self.closed.get(*self.of_flow.get(flow)?)
    }
}

/// Threads that look for ways at once.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

#[cfg(test)]
mod tests;
