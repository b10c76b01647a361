//! Check plans: what each must look at, from where things lie, and what of it is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo_types::{Coord, Geometry};
use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan as _};

use crate::analysis::decisions::weeks::monday_of;
use crate::analysis::{RingOptions, control_points, decisions};
use crate::domain::item::{Deed, StepKind, taken};
use crate::domain::{
    AreaRole, Change, CheckSubject, ControlPointLevel, Disposal, Ids, ItemSource, ItemState,
    ItemType, Kind, Record, RecordId, SixChecks, Stamp, Value, Verdict, World,
};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb;

/// Something that a plan looks at.
#[derive(Clone, Debug)]
pub struct Target {
    pub record: Arc<Record>,
    /// From the nearest national or provincial point; `None` where the plan does not ask.
    pub distance_m: Option<f64>,
    pub last: Option<Look>,
    /// The day by which it is to be looked at again: today for what nobody has looked at.
    pub due: Date,
    /// Work stands still there until a check is passed: an item says so.
    pub is_stopped: bool,
}

/// A check, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub id: RecordId,
    pub on: Date,
    pub verdict: Option<Verdict>,
}

/// What somebody saw who went there.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'t> {
    pub verdict: Verdict,
    /// What is wrong.
    pub found: &'t str,
    /// Of a household in a village.
    pub house_number: &'t str,
    pub coal_kg: Option<f64>,
}

/// How far a plan has come in the week of a day, Monday to Sunday.
#[derive(Clone, Debug)]
pub struct PlanState {
    pub plan: Arc<Record>,
    /// What is due first.
    pub targets: Vec<Target>,
    /// Due by the end of this week, those that are done among them.
    pub due: usize,
    pub done: usize,
    /// Of those that were done: failing.
    pub found: usize,
    pub overdue: usize,
    /// All checks of this week, several of one target among them; and those that were not passed.
    pub looks: usize,
    pub failed: usize,
    /// Of lots, stockpiles and workshops: how many are legal, to do, handled, closed down, in the order of
    /// [`Disposal::ALL`], and of how many nobody says it.
    pub disposals: Option<[usize; Disposal::ALL.len() + 1]>,
}

const EVERY_DAYS: i64 = 7;

impl CheckSubject {
    /// What is wrong where such a check fails.
    pub const fn problem(self) -> ItemType {
        match self {
            Self::Surroundings => ItemType::Surroundings,
            Self::Restaurants => ItemType::Fume,
            Self::Parking => ItemType::Idling,
            Self::Stockpiles => ItemType::Stockpile,
            Self::AutoRepair => ItemType::AutoRepair,
            Self::Construction => ItemType::SiteDust,
            Self::BareGround => ItemType::BareGround,
            Self::Mines | Self::Enterprises => ItemType::Industry,
            Self::Burning => ItemType::Burning,
            Self::Villages => ItemType::LooseCoal,
            Self::Sweeping => ItemType::RoadDust,
            Self::Posts | Self::Systems | Self::Tasks => ItemType::Other,
        }
    }
}

impl PlanState {
    /// 0–1 of what was due; `None` where nothing was.
    pub fn share(&self) -> Option<f64> {
        (self.due > 0).then(|| self.done as f64 / self.due as f64)
    }

    /// 0–1 of the calls of this week that were answered; `None` where nobody called.
    pub fn answered_share(&self) -> Option<f64> {
        (self.looks > 0).then(|| (self.looks - self.failed) as f64 / self.looks as f64)
    }

    pub fn subject(&self) -> Option<CheckSubject> {
        CheckSubject::of(&self.plan)
    }
}

/// All plans that hold on a day, in the order of their records.
pub fn plans(world: &World, today: Date) -> Vec<PlanState> {
    let frames = points(world);
    let ring_roads: Vec<&Geometry<f64>> = world
        .table(Kind::Area)
        .iter()
        .filter(|area| AreaRole::RingRoad.is_of(area))
        .filter_map(|area| area.geometry.as_ref())
        .collect();
    let known = Known::of(world, today);
    let all = world.table(Kind::CheckPlan).iter();
    all.filter_map(|plan| {
        let is_task = CheckSubject::of(plan) == Some(CheckSubject::Tasks);
        let validity = plan.validity();
        let is_late_task = is_task && validity.to.is_some_and(|to| to < today);
        if !validity.includes(today) && !is_late_task {
            return None;
        }
        let targets = targets(world, plan, &frames, &ring_roads, today)?;
        let state = state(plan, targets, &known, today);
        // A task that is late stays until it is done.
        (!is_late_task || state.done == 0).then_some(state)
    })
    .collect()
}

/// What the checks say, by plan and by what was checked.
struct Known {
    last: BTreeMap<(String, String), Look>,
    /// Of this week: all, and those that were not passed.
    week: BTreeMap<String, (usize, usize)>,
    stopped: BTreeSet<RecordId>,
}

impl Known {
    fn of(world: &World, today: Date) -> Self {
        let monday = monday_of(today);
        let mut known =
            Self { last: BTreeMap::new(), week: BTreeMap::new(), stopped: stopped(world) };
        for check in world.table(Kind::Check).iter() {
            let Some(on) = check.date("checked_on") else { continue };
            let verdict = Verdict::from_key(check.text("verdict"));
            let look = Look { id: check.id, on, verdict };
            let plan = check.text("plan");
            if (monday..=today).contains(&on) {
                let (looks, failed) = known.week.entry(plan.to_owned()).or_default();
                *looks += 1;
                *failed += usize::from(verdict == Some(Verdict::Failed));
            }
            for of in looked_at(check) {
                let last = known.last.entry((plan.to_owned(), of)).or_insert(look);
                if on >= last.on {
                    *last = look;
                }
            }
        }
        known
    }

    fn last(&self, plan: &str, record: &Record) -> Option<Look> {
        let by = |of: String| self.last.get(&(plan.to_owned(), of)).copied();
        let (by_id, by_name) = (by(record.id.to_string()), by(record.name().to_owned()));
        by_id.into_iter().chain(by_name).max_by_key(|look| look.on)
    }
}

/// What a check is of, by id; a sheet that was filled in names it, and knows no ids.
pub(super) fn looked_at(check: &Record) -> Vec<String> {
    let linked: Vec<String> = check.linked("records").map(|id| id.to_string()).collect();
    if linked.is_empty() { vec![check.name().to_owned()] } else { linked }
}

/// Words of a time limit that ends when the work may go on.
const STOP: &str = "停工整改";

/// Sites at which an item says that work stands still, and no check was passed yet.
fn stopped(world: &World) -> BTreeSet<RecordId> {
    let is_stop = |item: &&Arc<Record>| {
        let state = ItemState::of(item).unwrap_or(ItemState::Registered);
        let is_passed = matches!(state, ItemState::Checked | ItemState::Reviewed);
        state.is_open() && !is_passed && item.text("time_limit").contains(STOP)
    };
    let items = world.table(Kind::Item).iter().filter(is_stop);
    items.flat_map(|item| item.linked("records").collect::<Vec<_>>()).collect()
}

/// National and provincial points in operation.
fn points(world: &World) -> Vec<LocalFrame> {
    let is_meant = |point: &Record| {
        matches!(
            ControlPointLevel::of(point),
            Some(ControlPointLevel::National | ControlPointLevel::Provincial)
        )
    };
    let points = control_points(world, &RingOptions::default()).into_iter();
    points.filter(|(point, _)| is_meant(point)).map(|(_, at)| LocalFrame::at(at)).collect()
}

fn targets(
    world: &World,
    plan: &Arc<Record>,
    frames: &[LocalFrame],
    ring_roads: &[&Geometry<f64>],
    today: Date,
) -> Option<Vec<(Arc<Record>, Option<f64>)>> {
    let subject = CheckSubject::of(plan)?;
    if subject.is_itself() {
        return Some(vec![(Arc::clone(plan), None)]);
    }
    if subject == CheckSubject::Posts {
        let is_manned = |duty: &&Arc<Record>| {
            duty.get("is_manned") == Some(&Value::Boolean(true)) && duty.validity().includes(today)
        };
        let manned = world.table(Kind::Duty).iter().filter(is_manned);
        return Some(manned.map(|duty| (Arc::clone(duty), None)).collect());
    }
    let within_m = plan.get("within_m").and_then(Value::as_f64);
    let along_m = plan.get("along_m").and_then(Value::as_f64).unwrap_or(0.0);
    let is_inside = plan.get("inside_ring_road") == Some(&Value::Boolean(true));
    let roads = (subject == CheckSubject::Sweeping).then(|| world.table(Kind::Sweeping).iter());
    let sites = world
        .table(Kind::Site)
        .iter()
        .filter(|site| subject.sites().iter().any(|kind| kind.is_of(site)))
        .chain(roads.into_iter().flatten());
    let near = |site: &Arc<Record>| {
        let geometry = site.geometry.as_ref();
        let distances = frames.iter().filter_map(|frame| frame.nearest_m(geometry?));
        let distance_m = distances.min_by(f64::total_cmp);
        if within_m.is_some_and(|within| distance_m.is_none_or(|distance| distance > within)) {
            return None;
        }
        if is_inside {
            let at = middle(geometry?)?;
            let frame = LocalFrame::at(at);
            let inside =
                |road: &&&Geometry<f64>| frame.nearest_m(road).is_some_and(|m| m <= along_m);
            ring_roads.iter().find(inside)?;
        }
        Some((Arc::clone(site), within_m.and(distance_m)))
    };
    Some(sites.filter_map(near).collect())
}

fn middle(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    let bounds = wkb::bounds(geometry)?;
    Some(bounds.middle())
}

fn state(
    plan: &Arc<Record>,
    targets: Vec<(Arc<Record>, Option<f64>)>,
    known: &Known,
    today: Date,
) -> PlanState {
    let every = match plan.get("every_days") {
        Some(Value::Integer(days)) => *days,
        _ => EVERY_DAYS,
    };
    let monday = monday_of(today);
    let sunday = monday.checked_add(6.days()).unwrap_or(today);
    let handle = decisions::handle(plan).into_owned();
    let mut state = PlanState {
        plan: Arc::clone(plan),
        targets: Vec::new(),
        due: 0,
        done: 0,
        found: 0,
        overdue: 0,
        looks: 0,
        failed: 0,
        disposals: None,
    };
    state.disposals = disposals(state.subject(), &targets);
    (state.looks, state.failed) = known.week.get(&handle).copied().unwrap_or_default();
    let is_task = state.subject() == Some(CheckSubject::Tasks);
    for (record, distance_m) in targets {
        let last = known.last(&handle, &record);
        let (due, is_done) = if is_task {
            // Once, and for good.
            let is_done = last.is_some_and(|look| look.verdict == Some(Verdict::Passed));
            (plan.validity().to.unwrap_or(today), is_done)
        } else {
            let again = last.and_then(|look| look.on.checked_add(Span::new().days(every)).ok());
            let is_done = last.is_some_and(|look| (monday..=sunday).contains(&look.on));
            (again.unwrap_or(today), is_done)
        };
        state.due += usize::from(is_done || due <= sunday);
        state.done += usize::from(is_done);
        state.overdue += usize::from(!is_done && due < today);
        let has_failed = last.is_some_and(|look| look.verdict == Some(Verdict::Failed));
        state.found += usize::from(is_done && has_failed);
        let is_stopped = known.stopped.contains(&record.id);
        state.targets.push(Target { record, distance_m, last, due, is_stopped });
    }
    state.targets.sort_by(|a, b| {
        let key = |target: &Target| target.distance_m.unwrap_or(f64::INFINITY);
        a.due.cmp(&b.due).then(key(a).total_cmp(&key(b))).then(a.record.id.cmp(&b.record.id))
    });
    state
}

/// A check of a target, and the item that comes of one that was not passed, linked both ways.
pub fn checked(
    plan: &Record,
    target: &Record,
    looked: &Looked<'_>,
    (at, code): (DateTime, &str),
    (stamp, ids): (&Stamp, &mut Ids),
) -> Vec<Change> {
    let seen = (looked.verdict, looked.found);
    let mut check = check_of((plan, target.name()), seen, at.date(), (stamp, ids));
    put(&mut check, "house_number", looked.house_number);
    check.set("coal_kg", looked.coal_kg.map(Value::Real));
    let item = (looked.verdict == Verdict::Failed)
        .then(|| item_of(plan, target, looked, (at, code), (stamp, ids), check.id));
    with_item(check, target.id, item)
}

/// Sets a text, where there is one.
pub(super) fn put(record: &mut Record, key: &str, text: &str) {
    if !text.is_empty() {
        record.set(key, Some(Value::text(text)));
    }
}

/// The record of a check that a plan or a response asked for.
pub(super) fn check_of(
    (asked_by, name): (&Record, &str),
    (verdict, found): (Verdict, &str),
    on: Date,
    (stamp, ids): (&Stamp, &mut Ids),
) -> Record {
    let mut check = Record::new(ids.next(), Kind::Check, stamp);
    put(&mut check, "name", name);
    put(&mut check, "plan", &decisions::handle(asked_by));
    check.set("checked_on", Some(Value::Date(on)));
    check.set("verdict", Some(verdict.value()));
    put(&mut check, "checker", &stamp.actor);
    put(&mut check, "found", found);
    check
}

/// Links a check to what it is of, and to the item that came of it.
pub(super) fn with_item(mut check: Record, target: RecordId, item: Option<Record>) -> Vec<Change> {
    let linked = [Some(target), item.as_ref().map(|item| item.id)].into_iter().flatten();
    check.set("records", Some(ids_of(linked)));
    [Some(check), item].into_iter().flatten().map(Change::create).collect()
}

/// Records as a field that links to them has them.
pub(super) fn ids_of(ids: impl Iterator<Item = RecordId>) -> Value {
    Value::Words(ids.map(|id| id.to_string().into()).collect())
}

fn item_of(
    plan: &Record,
    target: &Record,
    looked: &Looked<'_>,
    (at, code): (DateTime, &str),
    (stamp, ids): (&Stamp, &mut Ids),
    check: RecordId,
) -> Record {
    let mut item = Record::new(ids.next(), Kind::Item, stamp);
    let subject = CheckSubject::of(plan).unwrap_or(CheckSubject::Surroundings);
    let problem = subject.problem();
    let found = looked.found;
    let words = match subject {
        CheckSubject::Posts => "拨测无人接听".to_owned(),
        CheckSubject::Systems | CheckSubject::Tasks => format!("{}未落实", plan.name()),
        _ => format!("{}检查不合格", problem.label().zh),
    };
    put(&mut item, "code", code);
    put(&mut item, "name", if found.is_empty() { &words } else { found });
    ItemSource::Plan.put(&mut item);
    put(&mut item, "address", &format!("{}{}", target.name(), looked.house_number));
    put(&mut item, "township", target.text("township"));
    put(&mut item, "department", target.text("department"));
    if let Some(tag) = tag(subject) {
        tag.put(&mut item);
    }
    if subject == CheckSubject::Construction {
        put(&mut item, "demand", "停工整改，核查合格后方可复工");
        put(&mut item, "time_limit", STOP);
    }
    item.set("types", Some(Value::Words([problem.key().into()].into())));
    item.geometry = target.geometry.as_ref().and_then(middle).map(|at| geo_types::Point(at).into());
    item.set("records", Some(ids_of([target.id, check].into_iter())));
    let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
    deed.reason = format!("检查计划 {}", plan.name());
    taken(&item, &deed, stamp).unwrap_or(item)
}

fn disposals(
    subject: Option<CheckSubject>,
    targets: &[(Arc<Record>, Option<f64>)],
) -> Option<[usize; Disposal::ALL.len() + 1]> {
    let is_disposed = matches!(
        subject?,
        CheckSubject::Parking | CheckSubject::Stockpiles | CheckSubject::AutoRepair
    );
    let mut counts = [0; Disposal::ALL.len() + 1];
    for (record, _) in targets {
        let own = Disposal::of(record);
        let place = own.and_then(|own| Disposal::ALL.iter().position(|it| *it == own));
        counts[place.unwrap_or(Disposal::ALL.len())] += 1;
    }
    is_disposed.then_some(counts)
}

/// Which of the six checks a plan is of.
const fn tag(subject: CheckSubject) -> Option<SixChecks> {
    Some(match subject {
        CheckSubject::Posts => SixChecks::Moments,
        CheckSubject::Surroundings | CheckSubject::Sweeping | CheckSubject::Parking => {
            SixChecks::Trifles
        }
        CheckSubject::Systems | CheckSubject::Tasks => SixChecks::Departments,
        CheckSubject::Enterprises => SixChecks::Emitters,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
