//! What the planner's jobs compute: the network, a plan against today, all plans side by side.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use geo_types::Coord;
use jiff::civil::DateTime;

use super::state::{Asked, PlannerAction, RoadsAction};
use crate::domain::{Kind, OrderState, Record, RecordId, World};
use crate::jobs::Progress;
use crate::network::cache;
use crate::network::compare::{Comparison, Planner, Unready};
use crate::network::counts::{counts_by_name, counts_of_congestion, estimate};
use crate::network::evaluate::{Assumptions, Evaluation, Prepared, Trip};
use crate::network::roads::{RisingRoad, rising};
use crate::network::stale_alignment::{StaleAlignment, stale_alignment};
use crate::network::survey::survey;
use crate::network::totals::{DetourTotal, PlanSummary, browsed, measured_share};
use crate::store::{read_cache, write_cache};
use crate::ui::action::{Action, Actions};
use crate::ui::canvas::camera::world_px;

/// A plan against today, with what the map draws of it.
pub struct Answer {
    pub asked: Asked,
    pub comparison: Comparison,
    pub lines: Lines,
    /// As [`browsed`] finds them.
    pub trips: Vec<usize>,
    pub total: DetourTotal,
    /// Roads that more trucks use.
    pub rising: Vec<RisingRoad>,
    /// Of the trucks, the share that was counted, 0–1.
    pub measured: f64,
    /// Orders of the plan and in force whose roads have changed since they were drawn.
    pub drifts: Vec<StaleAlignment>,
}

/// What answers found out about one network and plan, for the next answer: jobs of one key run one
/// after the other, so nobody waits for it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Known>>);

#[derive(Default)]
pub struct Known {
    /// The network that the rest holds for.
    of: Option<Arc<Prepared>>,
    planner: Planner,
    drifts: BTreeMap<RecordId, (Arc<Record>, Option<StaleAlignment>)>,
}

impl Memory {
    /// What is known of a network; nothing where it was another.
    fn take(&self, prepared: &Arc<Prepared>) -> Known {
        let known = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let is_same = known.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, prepared));
        if is_same { known } else { Known { of: Some(Arc::clone(prepared)), ..Known::default() } }
    }

    fn keep(&self, known: Known) {
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
/// Who opens the planner feels a wait from here on: then the network is kept for the next time.
const FELT: Duration = Duration::from_millis(500);

/// The network of a district, from what is kept beside its file where that is of the same roads.
pub fn make_network(world: Arc<World>, district: &Path, progress: &Progress) -> Action {
    let tell = |done: u64, total: u64| {
        progress.set(done, total);
        !progress.is_cancelled()
    };
    let began = Instant::now();
    let ready = if progress.is_cancelled() {
        Err(Unready::Stopped)
    } else {
        let known = read_cache(district, cache::ENDING, || cache::key(&world));
        cache::prepare_roads(&world, known.as_deref(), &tell)
    };
    let is_to_keep = began.elapsed() >= FELT && ready.as_ref().is_ok_and(|ready| ready.is_new);
    let keep_beside = is_to_keep.then(|| district.to_owned());
    let network = ready.map(|ready| Arc::new(ready.prepared));
    Action::Planner(PlannerAction::Prepared { world, network, keep_beside })
}

/// Puts a network beside the file of its district. Where that is refused it is made again next time:
/// nobody misses anything but a moment.
pub fn keep_network(
    world: &World,
    prepared: &Prepared,
    district: &Path,
    progress: &Progress,
) -> Action {
    let bytes = cache::to_bytes(prepared);
    if !progress.is_cancelled() {
        drop(write_cache(district, cache::ENDING, cache::key(world), &bytes));
    }
    Action::Nothing
}

pub fn make_survey(world: Arc<World>) -> Action {
    let survey = survey(&world);
    Action::Planner(PlannerAction::Roads(RoadsAction::Surveyed(world, Box::new(survey))))
}

pub fn make_estimate(
    world: &World,
    told: Option<&[(String, f64)]>,
    at: DateTime,
    assumed: Assumptions,
) -> Action {
    let (counts, mut unused) = match told {
        Some(told) => counts_by_name(world, told),
        None => counts_of_congestion(world),
    };
    let mut estimate = estimate(world, counts, at, assumed);
    estimate.unused.append(&mut unused);
    Action::Planner(PlannerAction::Roads(RoadsAction::Estimated(Box::new(estimate))))
}

/// Answers for the chosen plan first, because somebody is looking at it, then for all of them.
pub fn make_answer(
    asked: Asked,
    memory: &Memory,
    actions: &Actions,
    progress: &Progress,
) -> Action {
    // Today, and where the orders lie, is the same for every plan.
    let mut known = memory.take(&asked.prepared);
    let answer = answered(asked, &mut known, actions, progress);
    memory.keep(known);
    answer
}

fn answered(asked: Asked, known: &mut Known, actions: &Actions, progress: &Progress) -> Action {
    let is_draft = asked.draft.is_some();
    let answer = Answer::of(asked.clone(), known);
    // While a line is dragged every answer is overtaken by the next, and still wanted.
    if progress.is_cancelled() && !is_draft {
        return Action::Nothing;
    }
    let chosen = PlanSummary::of(&asked.prepared, &answer.comparison, &asked.plan);
    actions.send(Action::Planner(PlannerAction::Answered(Box::new(answer))));
    // The table of plans tells of what is kept.
    if is_draft {
        return Action::Nothing;
    }
    let planner = &mut known.planner;
    let mut summaries = Vec::new();
    let mut plans = crate::network::compare::plans(&asked.world);
    // Today, and a chosen plan without an order yet.
    plans.entry(String::new()).or_default();
    plans.entry(asked.plan.clone()).or_default();
    for name in plans.into_keys() {
        if progress.is_cancelled() {
            return Action::Nothing;
        }
        summaries.push(if name == chosen.plan {
            chosen.clone()
        } else {
            PlanSummary::of(&asked.prepared, &compared(planner, &asked, &name), &name)
        });
    }
    Action::Planner(PlannerAction::Compared(asked, summaries))
}

fn compared(planner: &mut Planner, asked: &Asked, plan: &str) -> Comparison {
    planner.compare(&asked.prepared, &asked.world, plan, asked.at, asked.assumed)
}

impl Answer {
    pub fn of(asked: Asked, known: &mut Known) -> Self {
        let comparison = compared(&mut known.planner, &asked, &asked.plan);
        let drifts = known.drifts(&asked);
        let lines = Lines::of(&asked, &comparison);
        let trips = browsed(&asked.prepared, &comparison, asked.plan.is_empty());
        let measured = measured_share(&asked.prepared);
        let total = DetourTotal::of(&asked.prepared, &comparison);
        let Comparison { before, after, .. } = &comparison;
        let rising = rising(&asked.prepared, before, after);
        Self { asked, comparison, lines, trips, total, rising, measured, drifts }
    }

    pub fn prepared(&self) -> &Prepared {
        &self.asked.prepared
    }

    /// Whether it tells of a line that is being drawn.
    pub fn is_draft(&self) -> bool {
        self.asked.draft.is_some()
    }

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
            drawn.places.extend(network.line(edge).iter().map(|at| world_px(*at, asked.datum)));
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

    pub fn is_changed(&self) -> bool {
        self.change().abs() >= SAME
    }
}
