//! What the planner's jobs work out: the network, a plan against today, all plans side by side, what
//! the roads lack.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::DateTime;

use crate::domain::World;
use crate::jobs::{Derived, Progress, Reply};
use crate::network::cache;
use crate::network::compare::Unready;
use crate::network::counts::{counts_by_name, counts_of_congestion, estimate};
use crate::network::evaluate::{Assumptions, Prepared};
use crate::network::survey::{Survey, survey};
use crate::network::totals::PlanSummary;
use crate::store::{read_cache, write_cache};
use crate::ui::action::{Action, Actions, PlannerAction, RoadsAction};
use crate::ui::derivation::Derivation;
use crate::ui::model::Model;
use crate::ui::model::answer::{Answer, Known, compared};
use crate::ui::model::planning::{Asked, OF_NETWORK, OF_SURVEY};
use crate::ui::model::tables::Tables;

/// Who opens the planner feels a wait from here on: then the network is kept for the next time.
const FELT: Duration = Duration::from_millis(500);

/// The network of the district, also of one without flows.
pub struct MakeNetwork;

/// The chosen plan against today, and every plan beside the others.
pub struct MakeAnswer;

/// What the roads lack.
pub struct MakeSurvey;

type NetworkReply = Reply<Tables, Option<Result<Arc<Prepared>, Unready>>>;

impl Derivation for MakeNetwork {
    type Key = Tables;
    type Value = Option<Result<Arc<Prepared>, Unready>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.prepared
    }

    fn key(model: &Model) -> Option<Tables> {
        let planner = &model.planner;
        let is_wanted = planner.is_looked_at() || planner.has_road_tool || planner.blocks.is_some();
        let district = model.district.as_ref().filter(|_| is_wanted)?;
        Some(Tables::of(Arc::clone(&district.world), &OF_NETWORK))
    }

    fn work(reply: NetworkReply, model: &mut Model, _: &Actions) -> Action {
        let path = model.district.as_ref().map(|it| it.path.clone()).unwrap_or_default();
        Action::Work("network", Box::new(move |progress| make_network(&reply, &path, progress)))
    }

    fn take(model: &mut Model) -> bool {
        let has_come = model.planner.prepared.poll();
        if has_come && model.planner.why_not().is_some() {
            model.planner.forget_the_answer();
        }
        has_come
    }
}

/// From what is kept beside the file of the district where that is of the same roads.
fn make_network(reply: &NetworkReply, district: &Path, progress: &Progress) -> Action {
    let world = &reply.key.world;
    let tell = |done: u64, total: u64| {
        progress.set(done, total);
        !progress.is_cancelled()
    };
    let began = Instant::now();
    let ready = if progress.is_cancelled() {
        Err(Unready::Stopped)
    } else {
        let known = read_cache(district, cache::ENDING, || cache::key(world));
        cache::prepare_roads(world, known.as_deref(), &tell)
    };
    let is_to_keep = began.elapsed() >= FELT && ready.as_ref().is_ok_and(|ready| ready.is_new);
    let network = ready.map(|ready| Arc::new(ready.prepared));
    reply.send(Some(network.clone()));
    let Some(prepared) = network.ok().filter(|_| is_to_keep) else { return Action::Nothing };
    let (world, district) = (Arc::clone(world), district.to_owned());
    // Nobody waits for it.
    Action::Work(
        "kept network",
        Box::new(move |progress| keep_network(&world, &prepared, &district, progress)),
    )
}

/// Puts a network beside the file of its district. Where that is refused it is made again next time:
/// nobody misses anything but a moment.
fn keep_network(
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

impl Derivation for MakeSurvey {
    type Key = Tables;
    type Value = Option<Arc<Survey>>;

    const IS_FOLLOWED: bool = false;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.survey
    }

    fn key(model: &Model) -> Option<Tables> {
        Some(Tables::of(model.world(), &OF_SURVEY))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |_: &_| {
            reply.send(Some(Arc::new(survey(&reply.key.world))));
            Action::Nothing
        };
        Action::Work("survey", Box::new(work))
    }
}

/// Estimates flows from counts: those that were told (name of what was counted and its trucks), else
/// those of the records of congestion. The action hands them to the planner.
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

impl Derivation for MakeAnswer {
    type Key = Asked;
    type Value = Option<Arc<Answer>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.answer
    }

    /// A network of roads that are no more would answer for nobody: its successor is waited for.
    fn key(model: &Model) -> Option<Asked> {
        let planner = &model.planner;
        if !planner.is_looked_at() || !planner.prepared.is_fresh() {
            return None;
        }
        Some(Asked {
            world: model.world(),
            prepared: Arc::clone(planner.network()?.ok()?),
            plan: planner.plan.clone(),
            at: planner.at,
            datum: model.datum,
            assumed: model.assumed(),
            draft: planner.draft.clone().filter(|_| !planner.plan.is_empty()),
        })
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, actions: &Actions) -> Action {
        let plans = model.planner.summaries.ask_anew(reply.key.clone());
        let (actions, memory) = (actions.clone(), model.planner.memory.clone());
        let work = move |progress: &Progress| {
            // Today, and where the orders lie, is the same for every plan.
            let mut known = memory.take(&reply.key.prepared);
            make_answer(&reply, &plans, &mut known, &actions, progress);
            memory.keep(known);
            Action::Nothing
        };
        Action::Work("plan", Box::new(work))
    }

    fn take(model: &mut Model) -> bool {
        let planner = &mut model.planner;
        let have_plans_come = planner.summaries.poll();
        if !planner.answer.poll_if(Asked::is_late_draft) {
            return have_plans_come;
        }
        let count = planner.answer.as_ref().map_or(0, |answer| answer.trips.len());
        planner.trip = planner.trip.filter(|trip| *trip < count);
        planner.sway = None;
        true
    }
}

/// Answers for the chosen plan first, because somebody is looking at it, then for all of them.
fn make_answer(
    reply: &Reply<Asked, Option<Arc<Answer>>>,
    plans: &Reply<Asked, Vec<PlanSummary>>,
    known: &mut Known,
    actions: &Actions,
    progress: &Progress,
) {
    let asked = reply.key.drafted();
    let is_draft = asked.draft.is_some();
    let answer = Answer::of(asked.clone(), known);
    // While a line is dragged every answer is overtaken by the next, and still wanted.
    if progress.is_cancelled() && !is_draft {
        return;
    }
    let chosen = PlanSummary::of(&asked.prepared, &answer.comparison, &asked.plan);
    reply.send(Some(Arc::new(answer)));
    actions.wake();
    // The table of plans tells of what is kept.
    if is_draft {
        return;
    }
    let planner = &mut known.planner;
    let mut summaries = Vec::new();
    let mut names = crate::network::compare::plans(&asked.world);
    // Today, and a chosen plan without an order yet.
    names.entry(String::new()).or_default();
    names.entry(asked.plan.clone()).or_default();
    for plan in asked.prepared.plans_with_roads() {
        names.entry(plan.to_owned()).or_default();
    }
    for name in names.into_keys() {
        if progress.is_cancelled() {
            return;
        }
        summaries.push(if name == chosen.plan {
            chosen.clone()
        } else {
            PlanSummary::of(&asked.prepared, &compared(planner, &asked, &name), &name)
        });
    }
    plans.send(summaries);
}
