//! Today and a plan, flow by flow and ring by ring, on one code path.
//!
//! All or nothing: every flow takes its quickest legal way. What a truck costs to drive an arc is
//! the free time of its edge; orders only close arcs.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::demand::{Flow, Gate};
use super::emission::{dust, exhaust};
use super::graph::{Arc, Network};
use super::orders::{EdgeIndex, Finder, Order};
use super::route::{Closed, Costs, Entering, Potential, Search, Way};
use super::trace::Ground;
use super::truck::Truck;
use crate::domain::{Kind, RecordId, World};
use crate::geodesy::flat::Flat;
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;

/// What is taken for granted where nobody has counted: shown beside every figure that rests on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumptions {
    /// Silt on the road, g/m².
    pub silt_g_m2: f64,
    /// Cars that use the same roads, for the mean mass of the stream.
    pub cars_per_truck: f64,
    pub car_mass_t: f64,
}

/// A ring and how much of each edge lies in it.
#[derive(Clone, Debug)]
pub struct Ring {
    pub control_point: RecordId,
    pub code: String,
    pub name: String,
    pub radius_m: f64,
    /// By edge, metres.
    inside_m: BTreeMap<u32, f32>,
}

/// Everything that holds for every plan on a network: made once, in the background.
pub struct Prepared {
    pub network: Network,
    pub gates: Vec<Gate>,
    pub flows: Vec<Flow>,
    pub rings: Vec<Ring>,
    /// For lines that are drawn along roads.
    pub(super) ground: Ground,
    index: EdgeIndex,
    /// By target node.
    potentials: BTreeMap<u32, Potential>,
    rings_of: RingsOf,
    /// The free time of each arc.
    times_ms: Vec<u32>,
}

/// Of each edge, the rings that it touches, by their place, and the metres in each.
struct RingsOf {
    /// Where the rings of an edge begin in `all`; one more than there are edges.
    first: Vec<u32>,
    all: Vec<(u32, f32)>,
}

/// The way of one flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trip {
    /// `None` where there is no way, or no gate.
    pub way: Option<Way>,
    pub length_m: f64,
    /// Places of the rings that it enters.
    pub rings: Vec<u32>,
}

/// What happens in one ring in a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InRing {
    pub truck_km: f64,
    pub trucks: f64,
    pub nox_g: f64,
    pub pm25_g: f64,
    pub dust_pm10_g: f64,
    pub dust_pm25_g: f64,
}

/// The district under one set of orders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub trips: Vec<Trip>,
    pub rings: Vec<InRing>,
    /// The same for the whole network.
    pub all: InRing,
    /// Trucks a day on each edge, both directions.
    pub volumes: Vec<f64>,
}

impl Trip {
    /// Whether its way leads over something that is closed now. What has no way has none still.
    fn leads_over(&self, closed: &Closed) -> bool {
        self.way.iter().flat_map(|way| &way.arcs).any(|arc| closed.has(*arc))
    }
}

impl Default for Assumptions {
    fn default() -> Self {
        // 8,000 cars to 1,200 trucks, as in the worked example of the method.
        Self { silt_g_m2: 1.0, cars_per_truck: 20.0 / 3.0, car_mass_t: 1.5 }
    }
}

impl Prepared {
    /// `tell` hears how far it is, of how much; `false` from it stops.
    pub fn new(world: &World, network: Network, tell: &dyn Fn(u64, u64) -> bool) -> Option<Self> {
        let gates = super::demand::gates(world, &network);
        let flows = super::demand::flows(world, &gates);
        let index = EdgeIndex::of(&network);
        let rings = rings(world, &network, &index);
        Self::of(network, index, (gates, flows, rings), tell)
    }

    fn of(
        network: Network,
        index: EdgeIndex,
        (gates, flows, rings): (Vec<Gate>, Vec<Flow>, Vec<Ring>),
        tell: &dyn Fn(u64, u64) -> bool,
    ) -> Option<Self> {
        let mut targets: Vec<u32> =
            flows.iter().filter_map(|flow| gates.get(flow.to?)?.node).collect();
        targets.sort_unstable();
        targets.dedup();
        let entering = Entering::of_network(&network);
        let mut potentials = BTreeMap::new();
        let at_once = workers();
        for (round, part) in (0_u64..).zip(targets.chunks(at_once)) {
            if !tell(round * at_once as u64, targets.len() as u64) {
                return None;
            }
            let made: Vec<Potential> = std::thread::scope(|scope| {
                let to = |target: &u32| {
                    let (network, entering, target) = (&network, &entering, *target);
                    scope.spawn(move || Potential::to(network, entering, target))
                };
                let running: Vec<_> = part.iter().map(to).collect();
                running.into_iter().filter_map(|one| one.join().ok()).collect()
            });
            potentials.extend(made.into_iter().map(|potential| (potential.target, potential)));
        }
        let rings_of = RingsOf::new(&network, &rings);
        let ground = Ground::of(&network, entering);
        let times_ms = network.edges.iter().flat_map(|edge| [edge.time_ms; 2]).collect();
        Some(Self { network, gates, flows, rings, ground, index, potentials, rings_of, times_ms })
    }

    /// Finds what the shapes of orders mean on this network.
    pub const fn finder(&self) -> Finder<'_> {
        Finder::new(&self.network, &self.index)
    }

    /// The places of the rings that an edge touches, and the metres of it inside.
    pub fn rings_on(&self, edge: usize) -> &[(u32, f32)] {
        self.rings_of.of(edge)
    }

    /// The district when these orders hold at a moment.
    pub fn run(&self, orders: &[&Order], at: DateTime, assumed: Assumptions) -> Outcome {
        self.run_on(&[], orders, at, assumed)
    }

    /// The same, where the trips under some of these orders are known: closing more roads changes
    /// only trips that lead over them.
    pub fn run_after(
        &self,
        before: &Outcome,
        orders: &[&Order],
        at: DateTime,
        assumed: Assumptions,
    ) -> Outcome {
        self.run_on(&before.trips, orders, at, assumed)
    }

    fn run_on(
        &self,
        known: &[Trip],
        orders: &[&Order],
        at: DateTime,
        assumed: Assumptions,
    ) -> Outcome {
        let kinds = self.kinds(orders, at);
        let mut trips: Vec<Option<Trip>> = (0..self.flows.len())
            .map(|number| {
                let closed = kinds.of(number)?;
                known.get(number).filter(|trip| !trip.leads_over(closed)).cloned()
            })
            .collect();
        let mut open: Vec<(usize, &mut Option<Trip>)> =
            trips.iter_mut().enumerate().filter(|(_, trip)| trip.is_none()).collect();
        let share = open.len().div_ceil(workers()).max(1);
        std::thread::scope(|scope| {
            for part in open.chunks_mut(share) {
                let kinds = &kinds;
                scope.spawn(move || {
                    let mut search = Search::default();
                    for (number, trip) in part {
                        let flow = self.flows.get(*number).zip(kinds.of(*number));
                        **trip = flow.map(|(flow, closed)| {
                            let times_ms = &self.times_ms;
                            self.trip(flow, Costs { times_ms, closed }, &mut search)
                        });
                    }
                });
            }
        });
        self.summed(trips.into_iter().map(Option::unwrap_or_default).collect(), assumed)
    }

    /// Trucks that every holding order and every limit treats alike drive the same network.
    pub(super) fn kinds(&self, orders: &[&Order], at: DateTime) -> Kinds {
        let holding: Vec<&Order> = orders.iter().copied().filter(|order| order.holds(at)).collect();
        let mut kinds = Kinds::default();
        let mut keys: Vec<(Vec<bool>, [u64; 3])> = Vec::new();
        for flow in &self.flows {
            let truck = &flow.truck;
            let meant = holding.iter().map(|order| order.closes(truck)).collect();
            let limits = [truck.mass_t.to_bits(), truck.height_m.to_bits(), u64::from(truck.axles)];
            let key = (meant, limits);
            let kind = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                keys.push(key);
                kinds.closed.push(self.closed(truck, &holding));
                keys.len() - 1
            });
            kinds.of_flow.push(kind);
        }
        kinds
    }

    /// What a truck may not drive.
    fn closed(&self, truck: &Truck, orders: &[&Order]) -> Closed {
        let mut closed = Closed::nothing_of(&self.network);
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
                    closed.close(Arc::new(number, false));
                    closed.close(Arc::new(number, true));
                }
            }
        }
        for order in orders.iter().filter(|order| order.closes(truck)) {
            order.arcs.iter().for_each(|arc| closed.close(*arc));
        }
        closed
    }

    /// The quickest way of a flow; `None` where it has none, or no gate.
    pub(super) fn way(&self, flow: &Flow, costs: Costs<'_>, search: &mut Search) -> Option<Way> {
        let node = |gate: Option<usize>| self.gates.get(gate?)?.node;
        let (from, to) = (node(flow.from)?, node(flow.to)?);
        search.run(&self.network, costs, from, self.potentials.get(&to)?)
    }

    fn trip(&self, flow: &Flow, costs: Costs<'_>, search: &mut Search) -> Trip {
        let way = self.way(flow, costs, search);
        let length_m = way.as_ref().map_or(0.0, |way| self.network.length_m(&way.arcs));
        let arcs = way.iter().flat_map(|way| &way.arcs);
        let mut rings: Vec<u32> =
            arcs.flat_map(|arc| self.rings_of.of(arc.edge())).map(|(ring, _)| *ring).collect();
        rings.sort_unstable();
        rings.dedup();
        Trip { way, length_m, rings }
    }

    fn summed(&self, trips: Vec<Trip>, assumed: Assumptions) -> Outcome {
        let mut volumes = vec![0.0; self.network.edges.len()];
        let mut rings = vec![Tally::default(); self.rings.len()];
        let mut all = Tally::default();
        for (flow, trip) in self.flows.iter().zip(&trips) {
            for arc in trip.way.iter().flat_map(|way| &way.arcs) {
                if let Some(volume) = volumes.get_mut(arc.edge()) {
                    *volume += flow.per_day;
                }
                self.count(flow, *arc, &mut rings, &mut all);
            }
            for ring in &trip.rings {
                if let Some(ring) = rings.get_mut(*ring as usize) {
                    ring.trucks += flow.per_day;
                }
            }
            all.trucks += if trip.way.is_some() { flow.per_day } else { 0.0 };
        }
        let rings = rings.iter().map(|tally| tally.day(assumed)).collect();
        Outcome { trips, rings, all: all.day(assumed), volumes }
    }

    fn count(&self, flow: &Flow, arc: Arc, rings: &mut [Tally], all: &mut Tally) {
        let Some(edge) = self.network.edge(arc) else { return };
        let speed_kmh = self.network.road_of(edge).map_or(30.0, |road| road.speed_kmh);
        let gas = exhaust(flow.truck.class, flow.truck.stage, speed_kmh);
        let add = |tally: &mut Tally, metres: f64| {
            let truck_km = flow.per_day * metres / 1000.0;
            tally.truck_km += truck_km;
            tally.tonne_km += truck_km * flow.truck.class.mean_mass_t();
            tally.nox_g += truck_km * gas.nox_g_km;
            tally.pm25_g += truck_km * gas.pm25_g_km;
        };
        add(all, f64::from(edge.length_m));
        for (ring, inside_m) in self.rings_of.of(arc.edge()) {
            if let Some(tally) = rings.get_mut(*ring as usize) {
                add(tally, f64::from(*inside_m));
            }
        }
    }
}

/// Flows by what they may not drive.
#[derive(Default)]
pub(super) struct Kinds {
    closed: Vec<Closed>,
    of_flow: Vec<usize>,
}

impl Kinds {
    pub fn of(&self, flow: usize) -> Option<&Closed> {
        self.closed.get(*self.of_flow.get(flow)?)
    }
}

impl RingsOf {
    fn new(network: &Network, rings: &[Ring]) -> Self {
        let mut all: Vec<(u32, u32, f32)> = (0_u32..)
            .zip(rings)
            .flat_map(|(number, ring)| {
                ring.inside_m.iter().map(move |(edge, inside_m)| (*edge, number, *inside_m))
            })
            .collect();
        all.sort_unstable_by_key(|(edge, number, _)| (*edge, *number));
        let mut first = vec![0_u32; network.edges.len() + 1];
        for (edge, ..) in &all {
            if let Some(count) = first.get_mut(*edge as usize + 1) {
                *count += 1;
            }
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        Self { first, all: all.into_iter().map(|(_, ring, inside_m)| (ring, inside_m)).collect() }
    }

    fn of(&self, edge: usize) -> &[(u32, f32)] {
        let at = |edge: usize| self.first.get(edge).map_or(0, |at| *at as usize);
        self.all.get(at(edge)..at(edge + 1)).unwrap_or_default()
    }
}

/// Threads that look for ways at once.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    truck_km: f64,
    tonne_km: f64,
    trucks: f64,
    nox_g: f64,
    pm25_g: f64,
}

impl Tally {
    /// The dust of trucks and of the cars that are taken to drive with them. The share of a stream
    /// is that of its distance, which for one road is the formula of AP-42 as it stands. Cars leave
    /// with the trucks here, which in the worked example they do not: a plan seems to lay more dust
    /// than it does.
    fn day(&self, assumed: Assumptions) -> InRing {
        let car_km = self.truck_km * assumed.cars_per_truck;
        let all_km = self.truck_km + car_km;
        let mean_t =
            if all_km > 0.0 { (self.tonne_km + car_km * assumed.car_mass_t) / all_km } else { 0.0 };
        let dust = dust(assumed.silt_g_m2, mean_t);
        InRing {
            truck_km: self.truck_km,
            trucks: self.trucks,
            nox_g: self.nox_g,
            pm25_g: self.pm25_g,
            dust_pm10_g: all_km * dust.pm10_g_km,
            dust_pm25_g: all_km * dust.pm25_g_km,
        }
    }
}

/// The rings of every control point that is running.
fn rings(world: &World, network: &Network, index: &EdgeIndex) -> Vec<Ring> {
    let mut rings = Vec::new();
    for point in world.table(Kind::ControlPoint).iter() {
        let Some(geo_types::Geometry::Point(place)) = &point.geometry else { continue };
        if point.text("state") == "停运" {
            continue;
        }
        let frame = LocalFrame::at(place.0);
        let mut flat = Flat::default();
        for radius_m in point.radii_m() {
            let mut inside_m = BTreeMap::new();
            index.search(box_around(place.0, radius_m), &mut |number| {
                let Some(edge) = network.edges.get(number as usize) else { return };
                flat.show(&frame, &geo_types::LineString(network.line(edge).to_vec()).into());
                let metres = flat.length_within_m(radius_m);
                if metres > 0.0 {
                    inside_m.insert(number, metres as f32);
                }
            });
            rings.push(Ring {
                control_point: point.id,
                code: point.code().unwrap_or_default().to_owned(),
                name: point.name().to_owned(),
                radius_m,
                inside_m,
            });
        }
    }
    rings
}

#[cfg(test)]
mod tests;
