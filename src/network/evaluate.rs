//! Today and a plan, flow by flow and ring by ring, on one code path.
//!
//! All or nothing: every flow takes its quickest legal way. What a truck costs to drive an arc is
//! the free time of its edge; orders only close arcs.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::demand::{Flow, Gate};
use super::emission::{dust, exhaust};
use super::graph::{Arc, Network};
use super::orders::Order;
use super::route::{Entering, NEVER, Potential, Search, Way};
use super::truck::Truck;
use crate::domain::{Kind, RecordId, World};
use crate::geodesy::flat::Flat;
use crate::geodesy::index::{BoxIndex, box_around};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb::bounds;

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
    /// By target node.
    potentials: BTreeMap<u32, Potential>,
    /// By edge, the place of each ring that it touches and the metres in it.
    rings_of: Vec<Vec<(u32, f32)>>,
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
        let rings = rings(world, &network);
        Self::of(network, gates, flows, rings, tell)
    }

    pub fn of(
        network: Network,
        gates: Vec<Gate>,
        flows: Vec<Flow>,
        rings: Vec<Ring>,
        tell: &dyn Fn(u64, u64) -> bool,
    ) -> Option<Self> {
        let entering = Entering::of_network(&network);
        let mut targets: Vec<u32> =
            flows.iter().filter_map(|flow| gates.get(flow.to?)?.node).collect();
        targets.sort_unstable();
        targets.dedup();
        let mut potentials = BTreeMap::new();
        for (done, target) in (0_u64..).zip(&targets) {
            if !tell(done, targets.len() as u64) {
                return None;
            }
            potentials.insert(*target, Potential::to(&network, &entering, *target));
        }
        let mut rings_of = vec![Vec::new(); network.edges.len()];
        for (number, ring) in (0_u32..).zip(&rings) {
            for (edge, inside_m) in &ring.inside_m {
                if let Some(list) = rings_of.get_mut(*edge as usize) {
                    list.push((number, *inside_m));
                }
            }
        }
        Some(Self { network, gates, flows, rings, potentials, rings_of })
    }

    /// The places of the rings that an edge touches, and the metres of it inside.
    pub fn rings_on(&self, edge: usize) -> &[(u32, f32)] {
        self.rings_of.get(edge).map_or(&[], Vec::as_slice)
    }

    /// The district when these orders hold at a moment.
    pub fn run(&self, orders: &[Order], at: DateTime, assumed: Assumptions) -> Outcome {
        let holding: Vec<&Order> = orders.iter().filter(|order| order.holds(at)).collect();
        let (kinds, kind_of) = self.kinds(&holding);
        let costs: Vec<Vec<u32>> = kinds.iter().map(|truck| self.costs(truck, &holding)).collect();
        let mut trips = vec![Trip::default(); self.flows.len()];
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let share = self.flows.len().div_ceil(workers).max(1);
        std::thread::scope(|scope| {
            for (part, trips) in trips.chunks_mut(share).enumerate() {
                let (costs, kind_of) = (&costs, &kind_of);
                scope.spawn(move || {
                    let mut search = Search::default();
                    for (at, trip) in trips.iter_mut().enumerate() {
                        let number = part * share + at;
                        let costs = kind_of.get(number).and_then(|kind| costs.get(*kind));
                        if let (Some(flow), Some(costs)) = (self.flows.get(number), costs) {
                            *trip = self.trip(flow, costs, &mut search);
                        }
                    }
                });
            }
        });
        self.summed(trips, assumed)
    }

    /// Trucks that every holding order and every limit treats alike drive the same network.
    fn kinds(&self, orders: &[&Order]) -> (Vec<&Truck>, Vec<usize>) {
        let mut kinds: Vec<&Truck> = Vec::new();
        let mut keys: Vec<(Vec<bool>, [u64; 3])> = Vec::new();
        let kind_of = self.flows.iter().map(|flow| {
            let truck = &flow.truck;
            let meant = orders.iter().map(|order| order.closes(truck)).collect();
            let limits = [truck.mass_t.to_bits(), truck.height_m.to_bits(), u64::from(truck.axles)];
            let key = (meant, limits);
            keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                keys.push(key);
                kinds.push(truck);
                keys.len() - 1
            })
        });
        let kind_of = kind_of.collect();
        (kinds, kind_of)
    }

    /// What each arc costs a truck.
    pub fn costs(&self, truck: &Truck, orders: &[&Order]) -> Vec<u32> {
        let mut costs = Vec::with_capacity(self.network.arcs());
        for edge in &self.network.edges {
            let may = self.network.road_of(edge).is_none_or(|road| {
                (road.max_mass_t <= 0.0 || truck.mass_t <= road.max_mass_t)
                    && (road.max_height_m <= 0.0 || truck.height_m <= road.max_height_m)
                    && (road.max_axles <= 0 || i64::from(truck.axles) <= road.max_axles)
            });
            for is_open in edge.is_open {
                costs.push(if may && is_open { edge.time_ms } else { NEVER });
            }
        }
        for order in orders.iter().filter(|order| order.closes(truck)) {
            for arc in &order.arcs {
                if let Some(cost) = costs.get_mut(arc.at()) {
                    *cost = NEVER;
                }
            }
        }
        costs
    }

    fn trip(&self, flow: &Flow, costs: &[u32], search: &mut Search) -> Trip {
        let node = |gate: Option<usize>| self.gates.get(gate?)?.node;
        let Some((from, to)) = node(flow.from).zip(node(flow.to)) else { return Trip::default() };
        let Some(potential) = self.potentials.get(&to) else { return Trip::default() };
        let way = search.run(&self.network, costs, from, potential);
        let length_m = way.as_ref().map_or(0.0, |way| self.network.length_m(&way.arcs));
        let arcs = way.iter().flat_map(|way| &way.arcs);
        let mut rings: Vec<u32> = arcs
            .flat_map(|arc| self.rings_of.get(arc.edge()).into_iter().flatten())
            .map(|(ring, _)| *ring)
            .collect();
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
        for (ring, inside_m) in self.rings_of.get(arc.edge()).into_iter().flatten() {
            if let Some(tally) = rings.get_mut(*ring as usize) {
                add(tally, f64::from(*inside_m));
            }
        }
    }
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
    /// The dust of trucks and of the cars that are taken to drive with them today. The share of a
    /// stream is that of its distance, which for one road is the formula of AP-42 as it stands.
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
pub fn rings(world: &World, network: &Network) -> Vec<Ring> {
    let boxes = (0_u32..).zip(&network.edges).filter_map(|(number, edge)| {
        let line = geo_types::LineString(network.line(edge).to_vec());
        Some((bounds(&line.into())?, number))
    });
    let (index, edges) = BoxIndex::new(boxes.collect());
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
            index.search(box_around(place.0, radius_m), &mut |at| {
                let Some(number) = edges.get(at).copied() else { return };
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
