//! What trucks leave in the air while they stand with running engines, at the places where the district
//! has recorded queues: a term of its own beside the exhaust of driving, for nobody has measured how long
//! they stand.
//!
//! At each congestion record every truck that comes by in its hours stands for some minutes, an
//! assumption that is nothing unless somebody states it. A heavy diesel truck leaves 33.8 g `NOx` and
//! 1.1 g PM2.5 an hour (EPA420-F-08-025, the fleet of the USA of 2008; written down from memory and to be
//! checked against the sheet); smaller ones have no figure and count in proportion to their base factor
//! at 30 km/h, those with a battery not at all.

use std::collections::BTreeMap;

use super::counts::CountStation;
use super::emission::exhaust;
use super::evaluate::{Evaluation, Prepared};
use super::hours::Hours;
use super::truck::Truck;
use crate::domain::{Fuel, Kind, TruckClass, World};
use jiff::civil::Date;

/// Of a heavy diesel truck that stands, g an hour.
pub const NOX_G_H: f64 = 33.8;
/// Likewise.
pub const PM25_G_H: f64 = 1.1;
/// How far the stated minutes and the figures of another fleet may be off together, as factors: a
/// proposal of this program.
pub const IDLING_RANGE: (f64, f64) = (0.4, 2.0);
/// Half hours of a day.
const SLOTS: usize = 48;

/// All queues of a district on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Idling {
    /// Queues on the network that have hours on that day.
    pub places: usize,
    /// In which trucks stand, hours a day.
    pub truck_hours: f64,
    /// g a day.
    pub nox_g: f64,
    /// g a day.
    pub pm25_g: f64,
    /// Of these, in the rings that count as inside.
    pub inside_nox_g: f64,
    /// Likewise.
    pub inside_pm25_g: f64,
}

/// g an hour of one truck that stands: `NOx` and PM2.5.
fn rates(truck: &Truck) -> [f64; 2] {
    if truck.fuel == Fuel::Electric {
        return [0.0; 2];
    }
    let (own, heavy) =
        (exhaust(truck.class, truck.stage, 30.0), exhaust(TruckClass::Heavy, truck.stage, 30.0));
    let share = |own: f64, heavy: f64| if heavy > 0.0 { own / heavy } else { 1.0 };
    [
        NOX_G_H * share(own.nox_g_km, heavy.nox_g_km),
        PM25_G_H * share(own.pm25_g_km, heavy.pm25_g_km),
    ]
}

impl Idling {
    /// Under an outcome of a day, when each truck stands so many minutes at each queue.
    pub fn of(
        world: &World,
        prepared: &Prepared,
        outcome: &Evaluation,
        day: Date,
        minutes: f64,
    ) -> Self {
        let mut sum = Self::default();
        if minutes <= 0.0 {
            return sum;
        }
        let is_off = usize::from(!outcome.day.is_workday());
        for record in world.table(Kind::Congestion).iter() {
            let Ok(hours) = Hours::parse(record.text("hours")) else { continue };
            let is_queue = |slot: &usize| {
                let minute = if slot.is_multiple_of(2) { 15 } else { 45 };
                hours.holds(day.at((slot / 2) as i8, minute, 0, 0))
            };
            let slots: Vec<usize> = (0..SLOTS).filter(is_queue).collect();
            let place = CountStation::of(record, prepared);
            let Some(place) = place.filter(|_| !slots.is_empty()) else { continue };
            sum.places += 1;
            let is_inside = place.is_inside(prepared);
            let mut over: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for slot in slots {
                let Some((number, trips)) = outcome.day.at(slot) else { continue };
                let passing = over.entry(number).or_insert_with(|| {
                    let is_over = |flow: &usize| place.is_passed(prepared, *flow, trips.get(*flow));
                    (0..prepared.flows.len()).filter(is_over).collect()
                });
                for flow in passing.iter().filter_map(|number| prepared.flows.get(*number)) {
                    let share = flow.hourly[is_off].get(slot / 2).copied().unwrap_or(0.0) / 2.0;
                    let hours = flow.per_day * share * minutes / 60.0;
                    let [nox_g, pm25_g] = rates(&flow.truck).map(|rate| rate * hours);
                    sum.truck_hours += hours;
                    sum.nox_g += nox_g;
                    sum.pm25_g += pm25_g;
                    if is_inside {
                        sum.inside_nox_g += nox_g;
                        sum.inside_pm25_g += pm25_g;
                    }
                }
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use geo_types::Geometry;

    use super::*;
    use crate::network::compare::{Planner, prepare};
    use crate::network::evaluate::Assumptions;
    use crate::network::testing::{Town, line, moment};

    /// A street with a queue of an hour, and 24 trucks a day that drive evenly: 30 an hour in it.
    fn idling(minutes: f64, more: &[(&str, &str)]) -> Idling {
        let mut town = Town::new();
        town.road("street", &[(-2000.0, 0.0), (2000.0, 0.0)], &[]);
        town.gate("W", (-2000.0, 0.0));
        town.gate("E", (2000.0, 0.0));
        let evenly = ["1"; 24].join(";");
        town.flow(
            "W",
            "E",
            "720",
            &[&[("hourly", evenly.as_str()), ("class", "heavy")], more].concat(),
        );
        let queue = Geometry::from(line(&[(-500.0, 0.0), (500.0, 0.0)]));
        town.add(Kind::Congestion, queue, &[("name", "q"), ("hours", "07:00-08:00")]);
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let at = moment("2026-11-23T10:00");
        let found =
            Planner::default().compare(&prepared, &world, "", at, Assumptions::default()).before;
        Idling::of(&world, &prepared, &found, at.date(), minutes)
    }

    #[test]
    fn thirty_trucks_for_half_an_hour_are_the_example_of_the_method() {
        let found = idling(30.0, &[]);
        assert_eq!(found.places, 1);
        assert!((found.nox_g - 507.0).abs() < 0.01, "{found:?}");
        assert!((found.truck_hours - 15.0).abs() < 1e-9 && (found.pm25_g - 16.5).abs() < 1e-9);
        assert!(found.inside_nox_g.abs() < 1e-9, "there is no ring");
    }

    #[test]
    fn nobody_stands_unless_it_is_said_and_a_battery_leaves_nothing() {
        assert_eq!(idling(0.0, &[]), Idling::default());
        let electric = idling(30.0, &[("fuel", "electric")]);
        assert!(electric.truck_hours > 14.0 && electric.nox_g.abs() < 1e-9);
    }
}
