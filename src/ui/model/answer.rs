//! What a plan does to trucks, rings and roads, as the planner's job answers it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use geo_types::Coord;
use jiff::civil::Time;

use super::closed::ClosedPieces;
use super::planning::Asked;
use crate::domain::{Kind, OrderState, Record, RecordId};
use crate::map::view::world_px_from_wgs84;
use crate::network::calibration::Calibration;
use crate::network::compare::{Comparison, Planner};
use crate::network::evaluate::{Evaluation, Prepared, Trip, first_change};
use crate::network::idling::Idling;
use crate::network::roads::{RisingRoad, rising};
use crate::network::stale_alignment::{StaleAlignment, stale_alignment};
use crate::network::totals::{DetourTotal, browsed, measured_share};

/// A plan against today, with what the map draws of it.
pub struct Answer {
    pub asked: Asked,
    pub comparison: Comparison,
    pub lines: Lines,
    /// What its orders close.
    pub closed: ClosedPieces,
    /// As [`browsed`] finds them.
    pub trips: Vec<usize>,
    /// Where there are none: when on the same day something changes first.
    pub first_change: Option<Time>,
    pub total: DetourTotal,
    /// Roads that more trucks use.
    pub rising: Vec<RisingRoad>,
    /// Of the trucks, the share that was counted, 0–1.
    pub measured: f64,
    /// Orders of the plan and in force whose roads have changed since they were drawn.
    pub drifts: Vec<StaleAlignment>,
    /// Today's flows beside what was counted.
    pub calibration: Calibration,
    /// What trucks leave while they stand at queues, today and under the plan.
    pub idling: [Idling; 2],
}

/// What answers found out about one network and plan, for the next answer: jobs of one key run one
/// after the other, so nobody waits for it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Known>>);

/// What is in a [`Memory`].
#[derive(Default)]
pub struct Known {
    /// The network that the rest holds for.
    of: Option<Arc<Prepared>>,
    pub planner: Planner,
    drifts: BTreeMap<RecordId, (Arc<Record>, Option<StaleAlignment>)>,
}

impl Memory {
    /// What is known of a network; nothing where it was another.
    pub fn take(&self, prepared: &Arc<Prepared>) -> Known {
        let known = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let is_same = known.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, prepared));
        if is_same { known } else { Known { of: Some(Arc::clone(prepared)), ..Known::default() } }
    }

    /// Puts back what was taken, with what was found out since.
    pub fn keep(&self, known: Known) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

impl Known {
    /// Only orders that have changed are led along the roads again.
    fn drifts(&mut self, asked: &Asked) -> Vec<StaleAlignment> {
        let mut before = std::mem::take(&mut self.drifts);
        let is_drawn = |order: &Record| asked.draft.as_ref().is_some_and(|d| d.id == order.id);
        let is_asked = |order: &&Arc<Record>| {
            let is_planned = !asked.plan.is_empty() && order.text("plan") == asked.plan;
            (is_planned || OrderState::InForce.is_of(order)) && !is_drawn(order)
        };
        for order in asked.world.table(Kind::Restriction).iter().filter(is_asked) {
            let found = match before.remove(&order.id) {
                Some((known, found)) if Arc::ptr_eq(&known, order) => found,
                _ => stale_alignment(&asked.prepared, order),
            };
            self.drifts.insert(order.id, (Arc::clone(order), found));
        }
        self.drifts.values().filter_map(|(_, found)| found.clone()).collect()
    }
}

/// Roads that trucks use today or under the plan, in pixels of the world at zoom 0.
#[derive(Default)]
pub struct Lines {
    places: Vec<Coord<f64>>,
    /// Least changed first, so that the worst is drawn last.
    pub all: Vec<Line>,
    /// Trucks a day on the fullest road, before or after.
    pub most: f64,
    pub most_changed: f64,
}

/// One edge of the network as the map shows it, with its box (WGS-84 degrees).
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// In the network.
    pub edge: u32,
    places: (u32, u32),
    pub min: Coord<f64>,
    pub max: Coord<f64>,
    /// Trucks a day.
    pub before: f64,
    pub after: f64,
}

/// Two outcomes are the same below this, trucks a day.
const SAME: f64 = 0.5;

impl Answer {
    /// Computes the answer; `known` saves work and learns.
    pub fn of(asked: Asked, known: &mut Known) -> Self {
        let comparison = compared(&mut known.planner, &asked, &asked.plan);
        let drifts = known.drifts(&asked);
        let lines = Lines::of(&asked, &comparison);
        let closed = ClosedPieces::of(&asked, &comparison);
        let trips = browsed(&asked.prepared, &comparison, asked.plan.is_empty());
        let first_change = (trips.is_empty() && !asked.plan.is_empty())
            .then(|| first_change(&comparison.before, &comparison.after))
            .flatten();
        let measured = measured_share(&asked.prepared);
        let total = DetourTotal::of(&asked.prepared, &comparison);
        let Comparison { before, after, .. } = &comparison;
        let rising = rising(&asked.prepared, before, after);
        let day = asked.at.date();
        let Comparison { before, after, .. } = &comparison;
        let minutes = asked.assumed.idle_min;
        let idling = [before, after]
            .map(|outcome| Idling::of(&asked.world, &asked.prepared, outcome, day, minutes));
        let calibration = Calibration::of(&asked.world, &asked.prepared, before, day);
        Self {
            asked,
            comparison,
            lines,
            closed,
            trips,
            first_change,
            total,
            rising,
            measured,
            drifts,
            calibration,
            idling,
        }
    }

    /// The network that was asked about.
    pub fn prepared(&self) -> &Prepared {
        &self.asked.prepared
    }

    /// Whether it tells of a line that is being drawn.
    pub fn is_draft(&self) -> bool {
        self.asked.draft.is_some()
    }

    /// Whether no plan is chosen.
    pub fn is_today(&self) -> bool {
        self.asked.plan.is_empty()
    }

    /// The flow of a place in the list, with its trip before and after.
    pub fn trip(&self, place: usize) -> Option<(&crate::network::demand::Flow, &Trip, &Trip)> {
        let number = *self.trips.get(place)?;
        let flow = self.prepared().flows.get(number)?;
        let (before, after) = (&self.comparison.before, &self.comparison.after);
        Some((flow, before.trips.get(number)?, after.trips.get(number)?))
    }

    /// Trucks a day on an edge, before and after.
    pub fn volumes(&self, edge: u32) -> (f64, f64) {
        let at = |outcome: &Evaluation| outcome.volumes.get(edge as usize).copied().unwrap_or(0.0);
        (at(&self.comparison.before), at(&self.comparison.after))
    }
}

impl Lines {
    fn of(asked: &Asked, comparison: &Comparison) -> Self {
        let network = &asked.prepared.network;
        let volumes = comparison.before.volumes.iter().zip(&comparison.after.volumes);
        let mut drawn = Self::default();
        for ((number, edge), (before, after)) in (0_u32..).zip(&network.edges).zip(volumes) {
            if *before < SAME && *after < SAME {
                continue;
            }
            let first = drawn.places.len();
            drawn
                .places
                .extend(network.line(edge).iter().map(|at| world_px_from_wgs84(*at, asked.datum)));
            let of = drawn.places.get(first..).unwrap_or_default();
            let infinite = f64::INFINITY;
            let (mut min, mut max) =
                (Coord { x: infinite, y: infinite }, Coord { x: -infinite, y: -infinite });
            for at in of {
                min = Coord { x: min.x.min(at.x), y: min.y.min(at.y) };
                max = Coord { x: max.x.max(at.x), y: max.y.max(at.y) };
            }
            let places = (first as u32, drawn.places.len() as u32);
            drawn.most = drawn.most.max(*before).max(*after);
            drawn.most_changed = drawn.most_changed.max((after - before).abs());
            let (before, after) = (*before, *after);
            drawn.all.push(Line { edge: number, places, min, max, before, after });
        }
        let is_today = asked.plan.is_empty();
        drawn.all.sort_by(|a, b| {
            let rank = |line: &Line| if is_today { line.before } else { line.change().abs() };
            rank(a).total_cmp(&rank(b)).then(a.edge.cmp(&b.edge))
        });
        drawn
    }

    /// Pixels of the world at zoom 0.
    pub fn places(&self, line: &Line) -> &[Coord<f64>] {
        self.places.get(line.places.0 as usize..line.places.1 as usize).unwrap_or_default()
    }
}

impl Line {
    /// Trucks a day that it has more under the plan.
    pub fn change(&self) -> f64 {
        self.after - self.before
    }

    /// Whether the plan makes a difference here.
    pub fn is_changed(&self) -> bool {
        self.change().abs() >= SAME
    }
}

/// Today against a plan at the moment that was asked about.
pub fn compared(planner: &mut Planner, asked: &Asked, plan: &str) -> Comparison {
    planner.compare(&asked.prepared, &asked.world, plan, asked.at, asked.assumed)
}
