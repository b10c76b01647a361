//! What trucks do in a ring in a day, and what they leave in its air: sums over trips that are known.

use std::sync::Arc;

use super::behaviour::{Behaviour, Split};
use super::day::{DayTrips, Slots};
use super::{Evaluation, Prepared, Trip};
use crate::domain::Fuel;
use crate::network::demand::Flow;
use crate::network::emission::{Exhaust, dust, exhaust};
use crate::network::graph::ArcId;
use crate::network::turning::TurnCosts;

/// What is taken for granted where nobody has counted: shown beside every figure that rests on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumptions {
    /// Silt on the road, g/m².
    pub silt_g_m2: f64,
    /// Cars that use the same roads, for the mean mass of the stream.
    pub cars_per_truck: f64,
    /// Mean mass of a car, t.
    pub car_mass_t: f64,
    /// Waits at turns; nothing unless somebody says so.
    pub turn_costs: TurnCosts,
    /// What those do whom a plan keeps from their way: all comply unless somebody says so.
    pub behaviour: Behaviour,
    /// Below 10 ℃ heavy trucks leave more: [`crate::network::emission::WINTER`].
    pub is_winter: bool,
    /// Minutes that a truck stands at each recorded queue; nothing unless somebody says so.
    pub idle_min: f64,
}

/// What happens in one ring in a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DayTotals {
    /// Truck·km a day.
    pub truck_km: f64,
    /// Trucks a day that enter it, each flow once.
    pub trucks: f64,
    /// Exhaust of trucks, g a day.
    pub nox_g: f64,
    /// Exhaust of trucks, g a day.
    pub pm25_g: f64,
    /// Road dust of trucks and cars, g a day.
    pub dust_pm10_g: f64,
    /// Road dust of trucks and cars, g a day.
    pub dust_pm25_g: f64,
    /// Of the cars that are taken to drive there: today's, also under a plan.
    pub car_km: f64,
}

/// All sums of a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayBounds {
    /// In the order of [`Prepared::rings`].
    pub rings: Vec<DayTotals>,
    /// Within the rings of 1000 m together, each place once.
    pub inside: DayTotals,
    /// On the rest of the network.
    pub outside: DayTotals,
    /// On all of it.
    pub all: DayTotals,
}

#[derive(Clone, Copy, Debug, Default)]
struct RunningTally {
    truck_km: f64,
    tonne_km: f64,
    trucks: f64,
    nox_g: f64,
    pm25_g: f64,
}

impl Default for Assumptions {
    fn default() -> Self {
        // 8,000 cars to 1,200 trucks, as in the worked example of the method.
        Self {
            silt_g_m2: 1.0,
            cars_per_truck: 20.0 / 3.0,
            car_mass_t: 1.5,
            turn_costs: TurnCosts::default(),
            behaviour: Behaviour::default(),
            is_winter: false,
            idle_min: 0.0,
        }
    }
}

/// The tallies of one outcome, while it is counted.
struct Tallies {
    rings: Vec<RunningTally>,
    inside: RunningTally,
    outside: RunningTally,
    is_winter: bool,
}

impl Prepared {
    /// Cars drive where today's trucks do, so many to each, and stay there when trucks leave:
    /// `before` is today, where this is not.
    pub(super) fn summed(
        &self,
        slots: &Slots,
        routes: Vec<Arc<Vec<Trip>>>,
        before: Option<&Evaluation>,
        assumed: Assumptions,
    ) -> Evaluation {
        let mut trips = routes.get(slots.cursor).map(|trips| trips.to_vec()).unwrap_or_default();
        if slots.is_peak() {
            for trip in &mut trips {
                if let Some(route) = &mut trip.route {
                    route.time_ms = trip.peak_ms;
                }
            }
        }
        let mut day = slots.day(routes);
        if let Some(before) = before {
            day.drive_on(assumed.behaviour, &before.day);
        }
        let mut volumes = vec![0.0; self.network.edges.len()];
        let mut inside_by_hour = [0.0; 24];
        let mut tallies = Tallies::of(self, assumed.is_winter);
        // Of those who have no way any more, what they drove.
        let mut cut_off: Vec<(usize, f64, bool, &Trip)> = Vec::new();
        let spans = day.spans(before.map(|before| &before.day));
        let split = Split::of(self, &spans, &day);
        for span in spans {
            let Some(driven) = day.routes(span.after) else { continue };
            let today = before.and_then(|before| before.day.routes(span.before));
            for (number, (flow, trip)) in self.flows.iter().zip(driven).enumerate() {
                let trucks = span.trucks(flow, day.is_workday());
                let was = today.and_then(|today| today.get(number));
                for (trip, part) in split.parts(number, was, trip, trucks).into_iter().flatten() {
                    if trip.route.is_none() {
                        let was = was.filter(|trip| trip.route.is_some());
                        cut_off.extend(was.map(|trip| (number, part, span.is_peak, trip)));
                        continue;
                    }
                    for arc in trip.route.iter().flat_map(|route| &route.arcs) {
                        if let Some(volume) = volumes.get_mut(arc.edge()) {
                            *volume += part;
                        }
                    }
                    let inside_km = self.tally((flow, part, span.is_peak), trip, &mut tallies);
                    let share = if trucks > 0.0 { part / trucks } else { 0.0 };
                    for (hour, trucks) in DayTrips::hours_of(&span, flow, day.is_workday()) {
                        if let Some(sum) = inside_by_hour.get_mut(hour) {
                            *sum += trucks * share * inside_km;
                        }
                    }
                }
            }
        }
        let DayBounds { rings, inside, outside, all } = tallies.sums(before, assumed);
        let most = (!cut_off.is_empty()).then(|| {
            for (number, trucks, is_peak, trip) in cut_off {
                if let Some(flow) = self.flows.get(number) {
                    self.tally((flow, trucks, is_peak), trip, &mut tallies);
                }
            }
            Box::new(tallies.sums(before, assumed))
        });
        Evaluation { trips, day, inside_by_hour, most, rings, inside, outside, all, volumes }
    }

    /// Adds the trips of so many trucks; how many kilometres of one of them lie inside.
    fn tally(
        &self,
        (flow, trucks, is_peak): (&Flow, f64, bool),
        trip: &Trip,
        tallies: &mut Tallies,
    ) -> f64 {
        let mut inside_km = 0.0;
        for arc in trip.route.iter().flat_map(|route| &route.arcs) {
            inside_km += self.count((flow, trucks, is_peak), *arc, tallies) / 1000.0;
        }
        for ring in &trip.rings {
            if let Some(ring) = tallies.rings.get_mut(*ring as usize) {
                ring.trucks += trucks;
            }
        }
        tallies.inside.trucks += if inside_km > 0.0 { trucks } else { 0.0 };
        tallies.outside.trucks += trucks;
        inside_km
    }

    /// How many metres of it lie inside.
    fn count(
        &self,
        (flow, trucks, is_peak): (&Flow, f64, bool),
        arc: ArcId,
        tallies: &mut Tallies,
    ) -> f64 {
        let Some(edge) = self.network.edge(arc) else { return 0.0 };
        let [free_kmh, peak_kmh] =
            self.network.road_of(edge).map_or([30.0; 2], |road| road.truck_kmh);
        let speed_kmh = if is_peak { peak_kmh } else { free_kmh };
        let truck = &flow.truck;
        // Petrol and gas trucks are few and have no factors of their own: they count as diesel.
        let gas = match truck.fuel {
            Fuel::Electric => Exhaust::default(),
            _ => exhaust(truck.class, truck.stage, speed_kmh)
                .in_winter(tallies.is_winter, truck.class),
        };
        let add = |tally: &mut RunningTally, metres: f64| {
            let truck_km = trucks * metres / 1000.0;
            tally.truck_km += truck_km;
            tally.tonne_km += truck_km * truck.class.mean_mass_t();
            tally.nox_g += truck_km * gas.nox_g_km;
            tally.pm25_g += truck_km * gas.pm25_g_km;
        };
        let inside_m = f64::from(self.inside_m.get(arc.edge()).copied().unwrap_or(0.0));
        add(&mut tallies.inside, inside_m);
        add(&mut tallies.outside, f64::from(edge.length_m) - inside_m);
        for (ring, inside_m) in self.rings_of.of(arc.edge()) {
            if let Some(tally) = tallies.rings.get_mut(*ring as usize) {
                add(tally, f64::from(*inside_m));
            }
        }
        inside_m
    }
}

impl Tallies {
    fn of(prepared: &Prepared, is_winter: bool) -> Self {
        let rings = vec![RunningTally::default(); prepared.rings.len()];
        let [inside, outside] = [RunningTally::default(); 2];
        Self { rings, inside, outside, is_winter }
    }

    fn sums(&self, before: Option<&Evaluation>, assumed: Assumptions) -> DayBounds {
        let rings = self.rings.iter().enumerate().map(|(number, tally)| {
            tally.day(before.and_then(|before| before.rings.get(number)), assumed)
        });
        let inside = self.inside.day(before.map(|before| &before.inside), assumed);
        let outside = self.outside.day(before.map(|before| &before.outside), assumed);
        let all = DayTotals { trucks: outside.trucks, ..inside.and(&outside) };
        DayBounds { rings: rings.collect(), inside, outside, all }
    }
}

impl RunningTally {
    /// The dust of trucks and cars. The share of a stream is that of its distance, which for one
    /// road is the formula of AP-42 as it stands: its mean mass is that of what is left after
    /// trucks have gone.
    fn day(&self, today: Option<&DayTotals>, assumed: Assumptions) -> DayTotals {
        let car_km = today.map_or(self.truck_km * assumed.cars_per_truck, |today| today.car_km);
        let all_km = self.truck_km + car_km;
        let mean_t =
            if all_km > 0.0 { (self.tonne_km + car_km * assumed.car_mass_t) / all_km } else { 0.0 };
        let dust = dust(assumed.silt_g_m2, mean_t);
        DayTotals {
            truck_km: self.truck_km,
            trucks: self.trucks,
            nox_g: self.nox_g,
            pm25_g: self.pm25_g,
            dust_pm10_g: all_km * dust.pm10_g_km,
            dust_pm25_g: all_km * dust.pm25_g_km,
            car_km,
        }
    }
}

impl DayTotals {
    /// Two parts together; trucks may be in both, so they are counted by whoever asks.
    fn and(&self, other: &Self) -> Self {
        Self {
            truck_km: self.truck_km + other.truck_km,
            trucks: 0.0,
            nox_g: self.nox_g + other.nox_g,
            pm25_g: self.pm25_g + other.pm25_g,
            dust_pm10_g: self.dust_pm10_g + other.dust_pm10_g,
            dust_pm25_g: self.dust_pm25_g + other.dust_pm25_g,
            car_km: self.car_km + other.car_km,
        }
    }
}
