//! What a truck may not drive by what the roads themselves say, and what only if it begins or ends
//! there. What orders close is added by [`super::evaluate`]; the words of roads are read by
//! [`crate::domain::truck_rules`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::DateTime;

use super::graph::{ArcId, Network};
use super::hours::Hours;
use super::route::ClosedArcs;
use super::truck::Truck;
use crate::domain::Validity;
use crate::domain::truck_rules::{Access, Measures, TruckRules};

/// What is closed to a kind of truck at a moment.
#[derive(Clone, Debug)]
pub(super) struct Closure {
    /// All that it does not drive through.
    pub closed: ClosedArcs,
    /// Those of them that it may drive where it begins or ends there; `None` for none.
    pub local: Option<ClosedArcs>,
}

/// The rules of the roads of one network.
#[derive(Default)]
pub(super) struct RoadAccess {
    /// Of every hours that some rule names.
    hours: BTreeMap<String, Hours>,
    /// Roads that are not always there: by number, the plan to which each belongs, and its days.
    dated: Vec<(u32, String, Validity)>,
    /// Roads that are not there while another is: each, and which of `dated` that is; `None` for one that
    /// is always there.
    replaced: Vec<(u32, Option<usize>)>,
    /// What was found out before, by truck and by which hours held.
    known: Mutex<BTreeMap<Vec<u64>, Arc<Closure>>>,
}

/// More kinds of truck and sets of hours than this are not remembered.
const MOST_KNOWN: usize = 64;

impl RoadAccess {
    /// Of all rules of a network. Hours that cannot be read count as always.
    pub fn of(network: &Network) -> Self {
        let roads = network.roads.iter().filter_map(|road| road.rules.as_deref());
        let words = roads.flat_map(TruckRules::hours);
        let hours = words.map(|text| {
            let hours = Hours::parse(text).unwrap_or_else(|_| Hours::always());
            (text.to_owned(), hours)
        });
        let dated = (0_u32..).zip(&network.roads).filter_map(|(number, road)| {
            let is_dated = !road.plan.is_empty() || road.days != Validity::default();
            is_dated.then(|| (number, road.plan.clone(), road.days))
        });
        let dated: Vec<(u32, String, Validity)> = dated.collect();
        let replaced = network
            .stand_ins
            .iter()
            .map(|(road, by)| (*road, dated.iter().position(|(number, ..)| number == by)));
        let replaced = replaced.collect();
        Self { hours: hours.collect(), dated, replaced, known: Mutex::default() }
    }

    /// Which of the hours hold at a moment, and which of the roads that are not always there are
    /// there, under a plan: two moments that say the same close the same.
    pub fn state(&self, at: DateTime, plan: &str) -> Vec<bool> {
        let hours = self.hours.values().map(|hours| hours.holds(at));
        let is_there = |(_, of, days): &(u32, String, Validity)| {
            (of.is_empty() || of == plan) && days.includes(at.date())
        };
        let roads = self.dated.iter().map(is_there);
        let left = self
            .replaced
            .iter()
            .map(|(_, by)| by.is_some_and(|by| self.dated.get(by).is_some_and(|by| !is_there(by))));
        hours.chain(roads).chain(left).collect()
    }

    /// The plans to which roads belong, once for each road.
    pub fn plans(&self) -> impl Iterator<Item = &str> {
        self.dated.iter().map(|(_, of, _)| of.as_str()).filter(|of| !of.is_empty())
    }

    /// Whether some road belongs to a plan.
    pub fn has_roads_of(&self, plan: &str) -> bool {
        !plan.is_empty() && self.dated.iter().any(|(_, of, _)| of == plan)
    }

    /// What the roads close to a truck when such hours hold.
    pub fn closure(&self, network: &Network, truck: &Truck, state: &[bool]) -> Arc<Closure> {
        let measures = truck.measures();
        let mut key: Vec<u64> = vec![
            measures.mass_t.to_bits(),
            measures.rating_t.to_bits(),
            measures.axle_load_t.to_bits(),
            measures.height_m.to_bits(),
            measures.width_m.to_bits(),
            measures.length_m.to_bits(),
            u64::from(truck.axles),
        ];
        key.extend(state.iter().map(|holds| u64::from(*holds)));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(closure) = known.get(&key) {
            return Arc::clone(closure);
        }
        let closure = Arc::new(self.found(network, truck, &measures, state));
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(key, Arc::clone(&closure));
        closure
    }

    fn found(
        &self,
        network: &Network,
        truck: &Truck,
        measures: &Measures,
        state: &[bool],
    ) -> Closure {
        let holds = |text: &str| {
            let place = self.hours.keys().position(|known| known == text);
            place.and_then(|place| state.get(place)).copied().unwrap_or(true)
        };
        let of =
            |rules: &TruckRules| [false, true].map(|back| rules.access(measures, back, &holds));
        let mut by_road: Vec<[Access; 2]> = (network.roads.iter())
            .map(|road| {
                let is_barred = (road.max_mass_t > 0.0 && truck.mass_t > road.max_mass_t)
                    || (road.max_height_m > 0.0 && truck.height_m > road.max_height_m)
                    || (road.max_axles > 0 && i64::from(truck.axles) > road.max_axles);
                if is_barred {
                    return [Access::Closed; 2];
                }
                road.rules.as_deref().map_or([Access::Open; 2], of)
            })
            .collect();
        let there = state.get(self.hours.len()..).unwrap_or_default();
        let dated = self.dated.iter().map(|(road, ..)| road);
        let roads = dated.chain(self.replaced.iter().map(|(road, _)| road));
        for (road, is_there) in roads.zip(there) {
            if let Some(access) = by_road.get_mut(*road as usize).filter(|_| !is_there) {
                *access = [Access::Closed; 2];
            }
        }
        let mut closed = ClosedArcs::nothing_of(network);
        let mut local = ClosedArcs::nothing_of(network);
        let mut has_local = false;
        let mut put = |number: u32, access: [Access; 2]| {
            for (access, is_backward) in access.into_iter().zip([false, true]) {
                let arc = ArcId::new(number, is_backward);
                match access {
                    Access::Closed => {
                        closed.close(arc);
                        local.open(arc);
                    }
                    Access::Destination if !closed.has(arc) => {
                        closed.close(arc);
                        local.close(arc);
                        has_local = true;
                    }
                    Access::Open | Access::Destination => {}
                }
            }
        };
        if by_road.iter().flatten().any(|access| *access != Access::Open) {
            for (number, edge) in (0_u32..).zip(&network.edges) {
                if let Some(access) = by_road.get(edge.road as usize) {
                    put(number, *access);
                }
            }
        }
        for (edge, rules) in &network.places {
            put(*edge, of(rules));
        }
        Closure { closed, local: has_local.then_some(local) }
    }
}

impl Closure {
    /// For a trip between two nodes: what it may drive because it begins or ends there is open.
    /// `None` where that changes nothing. A place that an open road reaches needs no other.
    pub fn for_ends(&self, network: &Network, ends: [u32; 2]) -> Option<ClosedArcs> {
        let local = self.local.as_ref()?;
        let mut waiting: Vec<u32> = ends
            .into_iter()
            .filter(|node| {
                let around = || network.entering(*node).iter().chain(network.leaving(*node));
                around().any(|arc| local.has(*arc)) && around().all(|arc| self.closed.has(*arc))
            })
            .collect();
        if waiting.is_empty() {
            return None;
        }
        let mut open = self.closed.clone();
        while let Some(node) = waiting.pop() {
            for arc in network.entering(node).iter().chain(network.leaving(node)) {
                if local.has(*arc) && open.has(*arc) {
                    open.open(*arc);
                    let (tail, head) = (network.tail(*arc), network.head(*arc));
                    waiting.push(if head == node { tail } else { head });
                }
            }
        }
        Some(open)
    }
}
