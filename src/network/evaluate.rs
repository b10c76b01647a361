//! Today and a plan, flow by flow and ring by ring, on one code path.
//!
//! All-or-nothing assignment: every flow takes its quickest legal route. What a truck costs to drive
//! an arc is the free time of its edge, and at turns the wait that somebody has set; orders only close
//! arcs. Queues are [`super::congestion`]'s, kilometres and grams are summed in `tally`.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::DateTime;

use super::access::{Closure, RoadAccess};
use super::components::Components;
use super::csr::Csr;
use super::demand::{Flow, Gate};
use super::graph::{ArcId, Edge, Network};
use super::orders::{EdgeIndex, Finder, TrafficOrder};
use super::route::{ClosedArcs, Costs, Potential, Route, RouteSearch};
use super::truck::Truck;
use super::turning::{Bearings, TurnCosts, Turning};
use crate::domain::World;

mod behaviour;
mod day;
#[cfg(test)]
mod day_tests;
mod rings;
mod tally;

pub use behaviour::{BadBehaviour, Behaviour};
use day::Slots;
pub use day::{DayPair, DayTrips, day_pairs, day_trips, first_change};
pub use rings::ControlRing;
pub use tally::{Assumptions, DayBounds, DayTotals};

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
    /// What the roads themselves say to trucks.
    pub(super) access: RoadAccess,
    /// The free time of each arc, and that of the peak of each edge.
    times_ms: Vec<u32>,
    peak_ms: Vec<u32>,
    /// Made when turns cost something for the first time.
    bearings: OnceLock<Bearings>,
}

/// The way of one flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trip {
    /// `None` where there is no way, or no gate.
    pub route: Option<Route>,
    /// At the speeds of the peak, milliseconds: the way is that of free roads.
    pub peak_ms: u32,
    /// Metres; 0 without a route.
    pub length_m: f64,
    /// Indices of the rings that it enters.
    pub rings: Vec<u32>,
}

/// The district under one set of orders: the trips of a moment, and the sums of its day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// At the moment, in the order of the flows; in the peak their times are those of the peak.
    pub trips: Vec<Trip>,
    /// The trips of all hours of its day.
    pub day: DayTrips,
    /// Truck·km inside the rings, by hour.
    pub inside_by_hour: [f64; 24],
    /// The sums if those who have no way any more drive today's, with a permit; `None` where nobody
    /// is cut off. The sums below are without them.
    pub most: Option<Box<DayBounds>>,
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

impl Evaluation {
    /// Its sums, without those who are cut off.
    pub const fn parts(&self) -> DayParts<'_> {
        DayParts {
            rings: self.rings.as_slice(),
            inside: &self.inside,
            outside: &self.outside,
            all: &self.all,
        }
    }

    /// A figure of the whole network, of the inside, …: without those who are cut off, and as if they
    /// drove today's way. Both are the same where nobody is.
    pub fn bounds(&self, part: impl Fn(DayParts<'_>) -> f64) -> [f64; 2] {
        let least = part(self.parts());
        let most = self.most.as_deref().map(|most| {
            let DayBounds { rings, inside, outside, all } = most;
            part(DayParts { rings, inside, outside, all })
        });
        [least, most.unwrap_or(least)]
    }
}

/// The sums of a day, to choose one of them.
#[derive(Clone, Copy, Debug)]
pub struct DayParts<'a> {
    /// In the order of [`Prepared::rings`].
    pub rings: &'a [DayTotals],
    /// Within the rings of 1000 m together.
    pub inside: &'a DayTotals,
    /// On the rest of the network.
    pub outside: &'a DayTotals,
    /// On all of it.
    pub all: &'a DayTotals,
}

impl Trip {
    /// Kilometres and minutes of its way; `None` where there is no way.
    pub fn km_and_min(&self) -> Option<(f64, f64)> {
        let route = self.route.as_ref()?;
        Some((self.length_m / 1000.0, f64::from(route.time_ms) / 60_000.0))
    }

    /// Whether its route leads over an arc or by a turn that is closed now. A flow without a route gets
    /// none by closing more, so that the answer is no.
    fn leads_over(&self, closed: &ClosedArcs) -> bool {
        let turns = |arcs: &[ArcId]| {
            arcs.windows(2).any(|w| matches!(w, [from, to] if closed.bans_turn(*from, *to)))
        };
        self.route.iter().any(|route| {
            route.arcs.iter().any(|arc| closed.has(*arc))
                || closed.has_turns() && turns(&route.arcs)
        })
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
        let peak_ms = network.edges.iter().map(|edge| peak_ms(&network, edge)).collect();
        let bearings = OnceLock::new();
        let components = Components::of(&network);
        let access = RoadAccess::of(&network);
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
            access,
            times_ms,
            peak_ms,
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

    /// Of each arc, free, milliseconds.
    pub(super) fn times_ms(&self) -> &[u32] {
        &self.times_ms
    }

    /// How many metres of an edge lie in the rings that count as inside, and how many there are.
    pub(super) fn inside_and_whole_m(&self, edge: u32) -> Option<(f64, f64)> {
        let whole = self.network.edges.get(edge as usize)?.length_m;
        Some((f64::from(*self.inside_m.get(edge as usize)?), f64::from(whole)))
    }

    /// The plans to which roads of the network belong, once for each road.
    pub fn plans_with_roads(&self) -> impl Iterator<Item = &str> {
        self.access.plans()
    }

    /// The boxes of all edges.
    pub(super) const fn index(&self) -> &EdgeIndex {
        &self.index
    }

    /// The district under these orders: at a moment, and over the day to which it belongs.
    pub fn run(&self, orders: &[&TrafficOrder], at: DateTime, assumed: Assumptions) -> Evaluation {
        self.run_on(None, orders, (at, ""), assumed)
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
        self.run_on(Some((before, true)), orders, (at, ""), assumed)
    }

    /// With an outcome before, and whether all of its orders are among these and no road is new;
    /// `plan` is the one whose roads are there.
    pub(super) fn run_on(
        &self,
        known: Option<(&Evaluation, bool)>,
        orders: &[&TrafficOrder],
        (at, plan): (DateTime, &str),
        assumed: Assumptions,
    ) -> Evaluation {
        let slots = Slots::of(self, orders, at, plan);
        let turning = self.turning(assumed.turn_costs);
        let reused = known.filter(|(_, is_part)| *is_part).map(|(before, _)| &before.day);
        let routes: Vec<Arc<Vec<Trip>>> = (slots.states.iter().enumerate())
            .map(|(number, state)| {
                let first = slots.of_slot.iter().position(|of| usize::from(*of) == number);
                let before = reused.and_then(|day| {
                    day.at(first.unwrap_or(slots.cursor_slot)).map(|(_, trips)| trips)
                });
                let holding: Vec<&TrafficOrder> = (orders.iter().zip(&state.orders))
                    .filter(|(_, holds)| **holds)
                    .map(|(order, _)| *order)
                    .collect();
                let classes = self.classes_of(&holding, &state.roads);
                Arc::new(self.trips(&classes, before.map_or(&[][..], Vec::as_slice), turning))
            })
            .collect();
        self.summed(&slots, routes, known.map(|(before, _)| before), assumed)
    }

    /// The trips of all flows; of those that are known, only the ones that lead over what is closed
    /// now are searched again.
    fn trips(
        &self,
        classes: &UserClasses,
        known: &[Trip],
        turning: Option<Turning<'_>>,
    ) -> Vec<Trip> {
        let mut trips: Vec<Option<Trip>> = (0..self.flows.len())
            .map(|number| {
                let closed = classes.of(number)?;
                known.get(number).filter(|trip| !trip.leads_over(closed)).cloned()
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
        trips.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// Costs of turns on this network; `None` where turns cost nothing.
    pub(super) fn turning(&self, costs: TurnCosts) -> Option<Turning<'_>> {
        let bearings = || self.bearings.get_or_init(|| Bearings::of(&self.network));
        (!costs.is_off()).then(|| Turning { costs, bearings: bearings() })
    }

    /// User classes: trucks that all orders in force and all limits treat alike share their closed
    /// arcs. Whoever begins or ends where only such trucks may drive has a class of its own.
    pub(super) fn user_classes(
        &self,
        orders: &[&TrafficOrder],
        (at, plan): (DateTime, &str),
    ) -> UserClasses {
        let holding: Vec<&TrafficOrder> =
            orders.iter().copied().filter(|order| order.holds(at)).collect();
        self.classes_of(&holding, &self.access.state(at, plan))
    }

    /// The same for orders that hold, when such rules of roads do.
    fn classes_of(&self, holding: &[&TrafficOrder], state: &[bool]) -> UserClasses {
        let mut classes = UserClasses::default();
        let mut keys: Vec<(Vec<bool>, Truck)> = Vec::new();
        let mut closures: Vec<(Closure, usize)> = Vec::new();
        for flow in &self.flows {
            let truck = &flow.truck;
            let meant: Vec<bool> = holding.iter().map(|order| order.closes(truck)).collect();
            let is_alike = |(known, of): &(Vec<bool>, Truck)| {
                *known == meant && of.measures() == truck.measures()
            };
            let kind = keys.iter().position(is_alike).unwrap_or_else(|| {
                let closure = self.closure(truck, holding, state);
                classes.closed.push(closure.closed.clone());
                closures.push((closure, classes.closed.len() - 1));
                keys.push((meant, truck.clone()));
                keys.len() - 1
            });
            let Some((closure, class)) = closures.get(kind) else { continue };
            let node = |gate: Option<usize>| self.gates.get(gate?)?.node;
            let own = node(flow.from)
                .zip(node(flow.to))
                .and_then(|(from, to)| closure.for_ends(&self.network, [from, to]));
            classes.of_flow.push(match own {
                Some(closed) => {
                    classes.closed.push(closed);
                    classes.closed.len() - 1
                }
                None => *class,
            });
        }
        classes
    }

    /// What a truck may not drive under orders that hold, when such hours of the roads hold.
    pub(super) fn closure(
        &self,
        truck: &Truck,
        holding: &[&TrafficOrder],
        state: &[bool],
    ) -> Closure {
        let mut closure = Closure::clone(&self.access.closure(&self.network, truck, state));
        for order in holding.iter().filter(|order| order.closes(truck)) {
            closure.closed.ban_turns(&order.turns);
            for arc in &order.arcs {
                closure.closed.close(*arc);
                if let Some(local) = &mut closure.local {
                    local.open(*arc);
                }
            }
        }
        closure
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
        let peak_ms = route.as_ref().map_or(0, |route| {
            let slower = |arc: &ArcId| {
                let peak_ms = self.peak_ms.get(arc.edge()).copied().unwrap_or(0);
                let free_ms = self.times_ms.get(arc.index()).copied().unwrap_or(0);
                peak_ms.saturating_sub(free_ms)
            };
            route.arcs.iter().map(slower).fold(route.time_ms, u32::saturating_add)
        });
        let length_m = route.as_ref().map_or(0.0, |route| self.network.length_m(&route.arcs));
        let arcs = route.iter().flat_map(|route| &route.arcs);
        let mut rings: Vec<u32> =
            arcs.flat_map(|arc| self.rings_of.of(arc.edge())).map(|(ring, _)| *ring).collect();
        rings.sort_unstable();
        rings.dedup();
        Trip { route, peak_ms, length_m, rings }
    }
}

/// Of an edge at the speed of the peak, milliseconds.
fn peak_ms(network: &Network, edge: &Edge) -> u32 {
    let [free_kmh, peak_kmh] = network.road_of(edge).map_or([30.0; 2], |road| road.truck_kmh);
    (f64::from(edge.time_ms) * free_kmh / peak_kmh).round().clamp(1.0, 1e9) as u32
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
