//! Modelled against counted trucks: how well the flows of today stand where somebody counted.
//!
//! A count station is a congestion record with trucks an hour and the hours in which they were counted.
//! The model says how many trucks come by in the same hours of the day that is looked at, under the
//! orders in force. Both are put side by side per hour, with GEH = √(2 (m − c)² / (m + c)), which is
//! defined for hourly volumes (UK Department for Transport, TAG unit M3.1, which wants GEH below 5 at
//! 85 % of the stations).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::counts::{CountStation, NO_FLOW, NOT_ON_A_ROAD, UnusedCount, counts_by_name};
use super::evaluate::{Evaluation, Prepared};
use super::hours::{Hours, SLOTS};
use crate::domain::{Kind, Record, RecordId, Text, Value, World};

/// Below this a station is met.
pub const MET_GEH: f64 = 5.0;
/// Of all stations, the share that should be met.
pub const WANTED_SHARE: f64 = 0.85;

const NOT_THIS_DAY: Text =
    Text::new("计数时段不在评估日内", "it was not counted in any hour of this day");
const NO_HOURS: Text = Text::new("时段读不出来", "its hours cannot be read");

/// A count beside what the model says of the same hours.
#[derive(Clone, Debug, PartialEq)]
pub struct StationFit {
    /// Of the congestion record.
    pub record: RecordId,
    /// Its name, for people.
    pub name: String,
    /// In how many hours of the day it was counted.
    pub hours: f64,
    /// Trucks an hour.
    pub counted: f64,
    /// Trucks an hour, the mean of the same hours.
    pub modelled: f64,
}

/// All count stations of a district.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// The worst first.
    pub stations: Vec<StationFit>,
    /// Counts that cannot be held against the model, and why.
    pub unused: Vec<UnusedCount>,
}

/// √(2 (m − c)² / (m + c)); 0 where there is nothing on either side.
pub fn geh(modelled: f64, counted: f64) -> f64 {
    let sum = modelled + counted;
    if sum > 0.0 { (2.0 * (modelled - counted).powi(2) / sum).sqrt() } else { 0.0 }
}

impl StationFit {
    /// How far the model is off.
    pub fn geh(&self) -> f64 {
        geh(self.modelled, self.counted)
    }

    /// Whether that is little.
    pub fn is_met(&self) -> bool {
        self.geh() < MET_GEH
    }
}

impl Calibration {
    /// Holds the counts of a district against an outcome of a day of it.
    pub fn of(world: &World, prepared: &Prepared, outcome: &Evaluation, day: Date) -> Self {
        let mut found = Self::default();
        for record in world.table(Kind::Congestion).iter() {
            let counted = record.get("trucks_per_hour").and_then(Value::as_f64);
            let Some(counted) = counted else { continue };
            match station(record, counted, prepared, outcome, day) {
                Ok(fit) => found.stations.push(fit),
                Err(why) => found.unused.push((record.name().to_owned(), why)),
            }
        }
        found.stations.sort_by(|a, b| b.geh().total_cmp(&a.geh()).then(a.record.cmp(&b.record)));
        found
    }

    /// Of the stations, the share that is met, 0–1; `None` without any.
    pub fn met_share(&self) -> Option<f64> {
        let met = self.stations.iter().filter(|station| station.is_met()).count();
        let all = self.stations.len();
        (all > 0).then(|| met as f64 / all as f64)
    }
}

/// A count that somebody has pasted beside what the model says: hour by hour, or the mean of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct PastedFit {
    /// Of the gate, camera, congestion or road that was counted.
    pub record: RecordId,
    /// As it was pasted.
    pub name: String,
    /// Counted and modelled trucks an hour: of each of the 24 hours, or one pair of means of the day.
    pub hours: Vec<[f64; 2]>,
}

/// Pasted counts beside an outcome.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastedCalibration {
    /// The worst first.
    pub fits: Vec<PastedFit>,
    /// Counts that cannot be held against the model, and why.
    pub unused: Vec<UnusedCount>,
}

impl PastedFit {
    /// The mean of all hours, counted and modelled.
    pub fn means(&self) -> [f64; 2] {
        let count = self.hours.len().max(1) as f64;
        let sum = self.hours.iter().fold([0.0; 2], |sum, [a, b]| [sum[0] + a, sum[1] + b]);
        sum.map(|sum| sum / count)
    }

    /// GEH of the means.
    pub fn geh(&self) -> f64 {
        let [counted, modelled] = self.means();
        geh(modelled, counted)
    }

    /// Of the hours that were counted, those that are met.
    pub fn met(&self) -> usize {
        self.hours.iter().filter(|[counted, modelled]| geh(*modelled, *counted) < MET_GEH).count()
    }
}

impl PastedCalibration {
    /// Counts by name or code of what was counted: one number is trucks of a day, 24 are those of its
    /// hours. Held against an outcome of a day; nothing is written.
    pub fn of(
        world: &World,
        prepared: &Prepared,
        outcome: &Evaluation,
        told: &[(String, Vec<f64>)],
    ) -> Self {
        let mut found = Self::default();
        for (name, counts) in told {
            let (known, mut unused) = counts_by_name(world, &[(name.clone(), 0.0)]);
            found.unused.append(&mut unused);
            let Some(record) = known.first().and_then(|count| world.get(count.record)) else {
                continue;
            };
            let Some(place) = CountStation::of(record, prepared) else {
                found.unused.push((name.clone(), NOT_ON_A_ROAD));
                continue;
            };
            let modelled = by_hour(&place, prepared, outcome);
            let hours: Vec<[f64; 2]> = if counts.len() == 24 {
                counts
                    .iter()
                    .zip(modelled)
                    .map(|(counted, modelled)| [*counted, modelled])
                    .collect()
            } else {
                let counted: f64 = counts.iter().sum();
                vec![[counted / 24.0, modelled.iter().sum::<f64>() / 24.0]]
            };
            found.fits.push(PastedFit { record: record.id, name: name.clone(), hours });
        }
        found.fits.sort_by(|a, b| b.geh().total_cmp(&a.geh()).then(a.record.cmp(&b.record)));
        found
    }

    /// Of all places, the share that is met, 0–1; `None` without any.
    pub fn met_share(&self) -> Option<f64> {
        let met = self.fits.iter().filter(|fit| fit.geh() < MET_GEH).count();
        (!self.fits.is_empty()).then(|| met as f64 / self.fits.len() as f64)
    }
}

/// Trucks that come by in each hour of the day.
fn by_hour(place: &CountStation, prepared: &Prepared, outcome: &Evaluation) -> [f64; 24] {
    let is_off = usize::from(!outcome.day.is_workday());
    let mut hours = [0.0; 24];
    let mut over: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for slot in 0..SLOTS {
        let Some((number, trips)) = outcome.day.at(slot) else { continue };
        let passing = over.entry(number).or_insert_with(|| {
            let is_over = |flow: &usize| place.is_passed(prepared, *flow, trips.get(*flow));
            (0..prepared.flows.len()).filter(is_over).collect()
        });
        let flows = passing.iter().filter_map(|number| prepared.flows.get(*number));
        let trucks: f64 = flows
            .map(|flow| flow.per_day * flow.hourly[is_off].get(slot / 2).unwrap_or(&0.0) / 2.0)
            .sum();
        if let Some(hour) = hours.get_mut(slot / 2) {
            *hour += trucks;
        }
    }
    hours
}

fn station(
    record: &Record,
    counted: f64,
    prepared: &Prepared,
    outcome: &Evaluation,
    day: Date,
) -> Result<StationFit, Text> {
    let hours = Hours::parse(record.text("hours")).map_err(|_unread| NO_HOURS)?;
    let is_counted = |slot: &usize| {
        let minute = if slot.is_multiple_of(2) { 15 } else { 45 };
        hours.holds(day.at((slot / 2) as i8, minute, 0, 0))
    };
    let slots: Vec<usize> = (0..SLOTS).filter(is_counted).collect();
    if slots.is_empty() {
        return Err(NOT_THIS_DAY);
    }
    let place = CountStation::of(record, prepared).ok_or(NOT_ON_A_ROAD)?;
    let is_off = usize::from(!outcome.day.is_workday());
    // Half hours that share their routes are looked through once.
    let mut over: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut trucks = 0.0;
    for slot in &slots {
        let Some((number, trips)) = outcome.day.at(*slot) else { continue };
        let passing = over.entry(number).or_insert_with(|| {
            let is_over = |flow: &usize| place.is_passed(prepared, *flow, trips.get(*flow));
            (0..prepared.flows.len()).filter(is_over).collect()
        });
        let flows = passing.iter().filter_map(|number| prepared.flows.get(*number));
        trucks += flows
            .map(|flow| flow.per_day * flow.hourly[is_off].get(slot / 2).unwrap_or(&0.0) / 2.0)
            .sum::<f64>();
    }
    if over.values().all(Vec::is_empty) && counted <= 0.0 {
        return Err(NO_FLOW);
    }
    let hours = slots.len() as f64 / 2.0;
    let name = record.name().to_owned();
    Ok(StationFit { record: record.id, name, hours, counted, modelled: trucks / hours })
}

#[cfg(test)]
mod tests {
    use geo_types::Geometry;

    use super::*;
    use crate::network::compare::{Planner, prepare};
    use crate::network::evaluate::Assumptions;
    use crate::network::testing::{Town, line, moment};

    /// A road of 4 km with a gate at each end, and 240 trucks a day that drive evenly.
    fn town() -> Town {
        let mut town = Town::new();
        town.road("long", &[(-2000.0, 0.0), (2000.0, 0.0)], &[]);
        town.road("beside", &[(0.0, 0.0), (0.0, 1000.0)], &[]);
        town.gate("W", (-2000.0, 0.0));
        town.gate("E", (2000.0, 0.0));
        let evenly = ["1"; 24].join(";");
        town.flow("W", "E", "240", &[("hourly", &evenly)]);
        town
    }

    fn count(town: &mut Town, name: &str, places: &[(f64, f64)], hours: &str, per_hour: &str) {
        let fields = [("name", name), ("hours", hours), ("trucks_per_hour", per_hour)];
        town.add(Kind::Congestion, Geometry::from(line(places)), &fields);
    }

    fn calibrated(town: &Town) -> Calibration {
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let at = moment("2026-11-23T10:00");
        let found =
            Planner::default().compare(&prepared, &world, "", at, Assumptions::default()).before;
        Calibration::of(&world, &prepared, &found, at.date())
    }

    #[test]
    fn geh_is_that_of_the_handbook() {
        // TAG M3.1: 2 (m − c)² / (m + c), by hand.
        assert!((geh(10.0, 40.0) - 6.0).abs() < 1e-12);
        assert!((geh(100.0, 100.0)).abs() < 1e-12);
        assert!((geh(0.0, 8.0) - 4.0).abs() < 1e-12);
        assert!(geh(0.0, 0.0).abs() < 1e-12);
    }

    #[test]
    fn a_station_is_held_against_the_trucks_of_its_own_hours_and_the_worst_stands_first() {
        let mut town = town();
        count(&mut town, "合", &[(-1500.0, 0.0), (-500.0, 0.0)], "07:00-09:00", "10");
        count(&mut town, "不合", &[(500.0, 0.0), (1500.0, 0.0)], "07:00-19:00", "40");
        let found = calibrated(&town);
        let said: Vec<(&str, f64, f64)> =
            found.stations.iter().map(|fit| (fit.name.as_str(), fit.hours, fit.modelled)).collect();
        assert_eq!(said[0].0, "不合");
        assert!((said[0].1 - 12.0).abs() < 1e-9 && (said[1].1 - 2.0).abs() < 1e-9, "{said:?}");
        assert!(said.iter().all(|(_, _, modelled)| (modelled - 10.0).abs() < 1e-9), "{said:?}");
        assert!((found.stations[0].geh() - 6.0).abs() < 1e-9);
        assert_eq!(found.met_share(), Some(0.5));
    }

    #[test]
    fn a_closed_road_has_no_trucks_in_the_hours_of_its_ban_and_half_of_them_otherwise() {
        let mut town = town();
        let ban = [("hours", "07:00-08:00"), ("state", "生效")];
        town.order("no_entry", line(&[(-1500.0, 0.0), (-500.0, 0.0)]), &ban);
        count(&mut town, "一半", &[(-1500.0, 0.0), (-500.0, 0.0)], "07:00-09:00", "10");
        count(&mut town, "无", &[(500.0, 0.0), (1500.0, 0.0)], "07:00-08:00", "10");
        let found = calibrated(&town);
        let of = |name: &str| found.stations.iter().find(|fit| fit.name == name).unwrap().modelled;
        assert!((of("一半") - 5.0).abs() < 1e-9 && of("无").abs() < 1e-9);
    }

    #[test]
    fn pasted_counts_are_held_against_the_model_by_day_and_by_hour_and_nothing_is_written() {
        let town = town();
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let at = moment("2026-11-23T10:00");
        let found =
            Planner::default().compare(&prepared, &world, "", at, Assumptions::default()).before;
        let mut hours = vec![10.0; 24];
        hours[8] = 40.0;
        let told = [
            ("W".to_owned(), vec![240.0]),
            ("long".to_owned(), hours),
            ("别处".to_owned(), vec![1.0]),
        ];
        let held = PastedCalibration::of(&world, &prepared, &found, &told);
        let of = |name: &str| held.fits.iter().find(|fit| fit.name == name).unwrap();
        assert!(of("W").geh() < 1e-6, "{:?}", of("W"));
        // Ten trucks an hour of the model, and in one hour forty of the count.
        assert_eq!(of("long").met(), 23);
        assert!((geh(of("long").hours[8][1], 40.0) - 6.0).abs() < 1e-6);
        assert_eq!((held.unused.len(), held.met_share()), (1, Some(1.0)));
    }

    #[test]
    fn counts_of_another_day_or_off_the_roads_are_told_with_their_reason() {
        let mut town = town();
        count(&mut town, "周末", &[(-1500.0, 0.0), (-500.0, 0.0)], "Sa-Su 07:00-09:00", "10");
        count(&mut town, "别处", &[(500.0, 9000.0), (900.0, 9000.0)], "07:00-09:00", "10");
        let found = calibrated(&town);
        assert!(found.stations.is_empty() && found.met_share().is_none());
        assert_eq!(
            found.unused,
            [("周末".to_owned(), NOT_THIS_DAY), ("别处".to_owned(), NOT_ON_A_ROAD)]
        );
    }
}
