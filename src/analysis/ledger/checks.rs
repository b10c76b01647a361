//! Check plans: what each must look at, from where things lie, and what of it is due.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::{Coord, Geometry};
use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan as _};

use crate::analysis::decisions::weeks::monday_of;
use crate::analysis::{RingOptions, control_points, decisions};
use crate::domain::item::{Deed, StepKind, taken};
use crate::domain::{
    AreaRole, Change, CheckSubject, ControlPointLevel, Ids, ItemSource, ItemType, Kind, Record,
    RecordId, Stamp, Value, Verdict, World,
};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb;

/// Something that a plan looks at.
#[derive(Clone, Debug)]
pub struct Target {
    pub record: Arc<Record>,
    /// From the nearest national or provincial point; `None` where the plan does not ask.
    pub distance_m: Option<f64>,
    /// The last check, and what it said.
    pub last: Option<(Date, Option<Verdict>)>,
    /// The day by which it is to be looked at again: today for what nobody has looked at.
    pub due: Date,
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
        }
    }
}

impl PlanState {
    /// 0–1 of what was due; `None` where nothing was.
    pub fn share(&self) -> Option<f64> {
        (self.due > 0).then(|| self.done as f64 / self.due as f64)
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
    let mut checks: BTreeMap<(String, RecordId), (Date, Option<Verdict>)> = BTreeMap::new();
    for check in world.table(Kind::Check).iter() {
        let Some(on) = check.date("checked_on") else { continue };
        let verdict = Verdict::from_key(check.text("verdict"));
        for id in check.linked("records") {
            let key = (check.text("plan").to_owned(), id);
            let last = checks.entry(key).or_insert((on, verdict));
            if on >= last.0 {
                *last = (on, verdict);
            }
        }
    }
    let all = world.table(Kind::CheckPlan).iter();
    let holds = all.filter(|plan| plan.validity().includes(today));
    holds
        .filter_map(|plan| {
            let targets = targets(world, plan, &frames, &ring_roads)?;
            Some(state(plan, targets, &checks, today))
        })
        .collect()
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
    plan: &Record,
    frames: &[LocalFrame],
    ring_roads: &[&Geometry<f64>],
) -> Option<Vec<(Arc<Record>, Option<f64>)>> {
    let subject = CheckSubject::of(plan)?;
    let within_m = plan.get("within_m").and_then(Value::as_f64);
    let is_inside = plan.get("inside_ring_road") == Some(&Value::Boolean(true));
    let sites = world
        .table(Kind::Site)
        .iter()
        .filter(|site| subject.sites().iter().any(|kind| kind.is_of(site)));
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
            let inside = |road: &&&Geometry<f64>| frame.nearest_m(road).is_some_and(|m| m <= 0.0);
            ring_roads.iter().find(inside)?;
        }
        Some((Arc::clone(site), within_m.and(distance_m)))
    };
    Some(sites.filter_map(near).collect())
}

fn middle(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    let bounds = wkb::bounds(geometry)?;
    Some((bounds.min + bounds.max) / 2.0)
}

fn state(
    plan: &Arc<Record>,
    targets: Vec<(Arc<Record>, Option<f64>)>,
    checks: &BTreeMap<(String, RecordId), (Date, Option<Verdict>)>,
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
    };
    for (record, distance_m) in targets {
        let last = checks.get(&(handle.clone(), record.id)).copied();
        let again = last.and_then(|(on, _)| on.checked_add(Span::new().days(every)).ok());
        let due = again.unwrap_or(today);
        let is_done = last.is_some_and(|(on, _)| (monday..=sunday).contains(&on));
        state.due += usize::from(is_done || due <= sunday);
        state.done += usize::from(is_done);
        state.overdue += usize::from(!is_done && due < today);
        let has_failed = last.is_some_and(|(_, verdict)| verdict == Some(Verdict::Failed));
        state.found += usize::from(is_done && has_failed);
        state.targets.push(Target { record, distance_m, last, due });
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
    (verdict, found): (Verdict, &str),
    (at, code): (DateTime, &str),
    (stamp, ids): (&Stamp, &mut Ids),
) -> Vec<Change> {
    let mut check = Record::new(ids.next(), Kind::Check, stamp);
    let put = |record: &mut Record, key: &str, text: &str| {
        if !text.is_empty() {
            record.set(key, Some(Value::text(text)));
        }
    };
    put(&mut check, "name", target.name());
    put(&mut check, "plan", &decisions::handle(plan));
    check.set("checked_on", Some(Value::Date(at.date())));
    check.set("verdict", Some(verdict.value()));
    put(&mut check, "checker", &stamp.actor);
    put(&mut check, "found", found);
    let mut linked = vec![Arc::from(target.id.to_string())];
    let mut changes = Vec::new();
    if verdict == Verdict::Failed {
        let item = item_of(plan, target, found, (at, code), (stamp, ids), check.id);
        linked.push(item.id.to_string().into());
        changes.push(Change::create(item));
    }
    check.set("records", Some(Value::Words(linked.into())));
    changes.insert(0, Change::create(check));
    changes
}

fn item_of(
    plan: &Record,
    target: &Record,
    found: &str,
    (at, code): (DateTime, &str),
    (stamp, ids): (&Stamp, &mut Ids),
    check: RecordId,
) -> Record {
    let mut item = Record::new(ids.next(), Kind::Item, stamp);
    let put = |item: &mut Record, key: &str, text: &str| {
        if !text.is_empty() {
            item.set(key, Some(Value::text(text)));
        }
    };
    let problem = CheckSubject::of(plan).unwrap_or(CheckSubject::Surroundings).problem();
    let words = format!("{}检查不合格", problem.label().zh);
    put(&mut item, "code", code);
    put(&mut item, "name", if found.is_empty() { &words } else { found });
    ItemSource::Plan.put(&mut item);
    put(&mut item, "address", target.name());
    put(&mut item, "township", target.text("township"));
    put(&mut item, "department", target.text("department"));
    item.set("types", Some(Value::Words([problem.key().into()].into())));
    item.geometry = target.geometry.as_ref().and_then(middle).map(|at| geo_types::Point(at).into());
    let ids = [target.id, check].map(|id| Arc::from(id.to_string()));
    item.set("records", Some(Value::Words(ids.into())));
    let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
    deed.reason = format!("检查计划 {}", plan.name());
    taken(&item, &deed, stamp).unwrap_or(item)
}
