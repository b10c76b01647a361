//! Roads that have more trucks under a plan.

use std::collections::BTreeMap;

use super::evaluate::{Evaluation, Prepared};

/// A road and the piece of it that gains most, trucks a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RisingRoad {
    /// In [`super::Network::roads`].
    pub road: u32,
    /// In [`super::Network::edges`].
    pub edge: u32,
    /// Today.
    pub before: f64,
    /// Under the plan.
    pub after: f64,
}

impl RisingRoad {
    /// Trucks a day more than today.
    pub fn gain(&self) -> f64 {
        self.after - self.before
    }
}

/// Below this a road has no more trucks than before, trucks a day.
const LEAST_GAIN: f64 = 0.5;

/// Those that gain most first.
pub fn rising(prepared: &Prepared, before: &Evaluation, after: &Evaluation) -> Vec<RisingRoad> {
    let mut roads: BTreeMap<u32, RisingRoad> = BTreeMap::new();
    let volumes = before.volumes.iter().zip(&after.volumes);
    let all = (0_u32..).zip(&prepared.network.edges).zip(volumes);
    for ((number, edge), (before, after)) in all.filter(|(_, (before, after))| after > before) {
        let road = edge.road;
        let now = RisingRoad { road, edge: number, before: *before, after: *after };
        let most = roads.entry(road).or_insert(now);
        if now.gain() > most.gain() {
            *most = now;
        }
    }
    let mut roads: Vec<RisingRoad> =
        roads.into_values().filter(|road| road.gain() >= LEAST_GAIN).collect();
    roads.sort_by(|a, b| b.gain().total_cmp(&a.gain()).then(a.road.cmp(&b.road)));
    roads
}
