//! What trucks do in a ring in a day, and what they leave in its air: sums over trips that are known.

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
        }
    }
}

/// The tallies of one outcome, while it is counted.
struct Tallies {
    rings: Vec<RunningTally>,
    inside: RunningTally,
    outside: RunningTally,
}

impl Prepared {
    /// Cars drive where today's trucks do, so many to each, and stay there when trucks leave:
    /// `before` is today, where this is not.
    pub(super) fn summed(
        &self,
        trips: Vec<Trip>,
        before: Option<&Evaluation>,
        assumed: Assumptions,
    ) -> Evaluation {
        let mut volumes = vec![0.0; self.network.edges.len()];
        let rings = vec![RunningTally::default(); self.rings.len()];
        let (inside, outside) = (RunningTally::default(), RunningTally::default());
        let mut tallies = Tallies { rings, inside, outside };
        for (flow, trip) in self.flows.iter().zip(&trips) {
            let Some(route) = &trip.route else { continue };
            let mut is_inside = false;
            for arc in &route.arcs {
                if let Some(volume) = volumes.get_mut(arc.edge()) {
                    *volume += flow.per_day;
                }
                is_inside |= self.count(flow, *arc, &mut tallies);
            }
            for ring in &trip.rings {
                if let Some(ring) = tallies.rings.get_mut(*ring as usize) {
                    ring.trucks += flow.per_day;
                }
            }
            tallies.inside.trucks += if is_inside { flow.per_day } else { 0.0 };
            tallies.outside.trucks += flow.per_day;
        }
        let Tallies { rings, inside, outside } = tallies;
        let rings = rings.iter().enumerate().map(|(number, tally)| {
            tally.day(before.and_then(|before| before.rings.get(number)), assumed)
        });
        let rings = rings.collect();
        let inside = inside.day(before.map(|before| &before.inside), assumed);
        let outside = outside.day(before.map(|before| &before.outside), assumed);
        let all = DayTotals { trucks: outside.trucks, ..inside.and(&outside) };
        Evaluation { trips, rings, inside, outside, all, volumes }
    }

    /// Whether some of it lies inside.
    fn count(&self, flow: &Flow, arc: ArcId, tallies: &mut Tallies) -> bool {
        let Some(edge) = self.network.edge(arc) else { return false };
        let speed_kmh = self.network.road_of(edge).map_or(30.0, |road| road.speed_kmh);
        let truck = &flow.truck;
        // Petrol and gas trucks are few and have no factors of their own: they count as diesel.
        let gas = match truck.fuel {
            Fuel::Electric => Exhaust::default(),
            _ => exhaust(truck.class, truck.stage, speed_kmh),
        };
        let add = |tally: &mut RunningTally, metres: f64| {
            let truck_km = flow.per_day * metres / 1000.0;
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
        inside_m > 0.0
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
