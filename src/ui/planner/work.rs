//! What the planner's jobs compute: the network, a plan against today, all plans side by side.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::DateTime;

use crate::domain::World;
use crate::jobs::Progress;
use crate::network::cache;
use crate::network::compare::Unready;
use crate::network::counts::{counts_by_name, counts_of_congestion, estimate};
use crate::network::evaluate::{Assumptions, Prepared};
use crate::network::survey::survey;
use crate::network::totals::PlanSummary;
use crate::store::{read_cache, write_cache};
use crate::ui::action::{Action, Actions, PlannerAction, RoadsAction};
use crate::ui::model::answer::{Answer, Known, Memory, compared};
use crate::ui::model::planning::Asked;

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
