//! `shapan plan`: the plans of a district, and what one of them does.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, DateTime};
use serde_json::{Value as Json, json};

use anyhow::Context as _;

use super::{Context, Done, as_of, journaled, render};
use crate::domain::{EditKind, FlowSource, Kind, Lang, Localized, RecordId, World, calendar};
use crate::exchange::formats;
use crate::exchange::write::replace;
use crate::geodesy::crs::Crs;
use crate::network::cache;
use crate::network::calibration::{Calibration, StationFit};
use crate::network::compare::{Comparison, Planner, plans};
use crate::network::congestion::{CongestionEffect, congestion};
use crate::network::demand::Flow;
use crate::network::emission::{DUST_RANGE, EXHAUST_RANGE};
use crate::network::evaluate::{Assumptions, Behaviour, DayTotals, Evaluation, Prepared, Trip};
use crate::network::idling::{IDLING_RANGE, Idling};
use crate::network::lint::LintFinding;
use crate::network::orders::TrafficOrder;
use crate::network::plan_lifecycle;
use crate::network::roads::{RisingRoad, rising};
use crate::network::sensitivity::{FIGURES, Sensitivity, sensitivity};
use crate::network::sites::{PassedSite, RoadsideSite};
use crate::network::speeds;
use crate::network::stale_alignment::{StaleAlignment, stale_alignments};
use crate::network::totals::is_cut_off;
use crate::network::turning::TurnCosts;
use crate::report::result::{self, ResultRequest};
use crate::report::{PaperFormat, links, notice};
use crate::store::read_cache;

/// What a plan does to trucks, rings and detours: today against the plan, all or nothing.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line are given or not")]
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file
    pub district: PathBuf,
    /// The plan: what restrictions say in `plan`; may be left out where there is one
    pub plan: Option<String>,
    /// List the plans
    #[arg(long)]
    pub list: bool,
    /// The moment that is looked at, local time: 2026-11-23T10:00 (else the first day on which the plan
    /// is in force, at 10:00)
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
    /// Also balance the flows on roads that slow down with their load (user equilibrium)
    #[arg(long)]
    pub balance: bool,
    /// Also write the roads that trucks use, before and after, the ways of all flows and the findings to
    /// a file: .geojson, .xlsx, .gpkg, …
    #[arg(long, value_name = "FILE")]
    pub links: Option<PathBuf>,
    /// Also write what the plan does as a report with two maps: .docx, .pdf, .xlsx (the tables alone),
    /// .html or .txt
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Also hold today's flows against the counts of congestion records: trucks an hour at each count
    /// station, modelled and counted, with GEH
    #[arg(long)]
    pub calibration: bool,
    /// Seconds that trucks wait at turns, today and under the plan: left=20,right=5,u=60 (else none)
    #[arg(long, value_name = "COSTS")]
    pub turn_costs: Option<String>,
    /// Of those whom the plan keeps from their way, percent who drive on and who drive at another hour:
    /// not-complying=10,shifting=5 (else all comply)
    #[arg(long, value_name = "SHARES")]
    pub behaviour: Option<String>,
    /// Also vary each assumption by itself, and tell how far each figure moves
    #[arg(long)]
    pub sensitivity: bool,
    /// With the factors of heavy trucks below 10 ℃
    #[arg(long)]
    pub winter: bool,
    /// Minutes that each truck stands at each recorded queue: what it leaves there is told apart
    #[arg(long, value_name = "MINUTES")]
    pub idle: Option<f64>,
}

/// `--at` that nobody can read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--at `{0}` is no moment of local time, as in 2026-11-23T10:00")]
pub struct BadMoment(String);

impl Localized for BadMoment {
    fn zh(&self) -> String {
        format!("--at “{}”不是当地时间；请写作 2026-11-23T10:00", self.0)
    }
}

/// No plan was named, and there is not just one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("which plan? There are: {}", .0.join(", "))]
pub struct WhichPlan(Vec<String>);

impl Localized for WhichPlan {
    fn zh(&self) -> String {
        if self.0.is_empty() {
            return "还没有方案：管控措施的“方案”都是空的".to_owned();
        }
        format!("请写明方案，现有：{}", self.0.join("、"))
    }
}

/// Roads that are named as having more traffic.
const MOST_ROADS: usize = 50;

/// The network and the two outcomes on it.
struct PlanAnswer {
    prepared: Prepared,
    comparison: Comparison,
    congestion: Option<CongestionEffect>,
    /// Where it was asked for.
    calibration: Option<Calibration>,
    /// At recorded queues, today and under the plan, where it was asked for.
    idling: Option<[Idling; 2]>,
    /// Orders of the plan and in force whose roads have moved since they were drawn.
    drifts: Vec<StaleAlignment>,
}

/// Without a time the plan is looked at on the morning of `day`.
#[expect(clippy::too_many_lines, reason = "one figure and one file after the other")]
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let (world, day) = &as_of::load(&args.district, context.as_of)?;
    let (day, lang) = (*day, context.lang);
    let mut out = std::io::stdout().lock();
    let mut plans = plans(world);
    for road in world.table(Kind::Road).iter().filter(|road| !road.text("plan").is_empty()) {
        plans.entry(road.text("plan").to_owned()).or_default();
    }
    let only = plans.keys().next().filter(|_| plans.len() == 1).cloned();
    let plan = args.plan.clone().or(only).filter(|_| !args.list);
    if plan.is_none() && !args.list {
        return Err(WhichPlan(plans.into_keys().collect()).into());
    }
    let Some(plan) = &plan else {
        list(&mut out, world, plans, args.json)?;
        let mut log = std::io::stderr().lock();
        for orphaned in plan_lifecycle::orphaned_orders(world) {
            writeln!(log, "shapan: {}", orphaned.localized().say(lang))?;
        }
        return Ok(Done::Well);
    };
    if !plans.contains_key(plan.as_str()) {
        return Err(notice::Error::UnknownPlan(plan.clone()).into());
    }
    // Before anything long begins.
    let paper = args.report.as_deref().map(paper_of).transpose()?;
    let first = || first_day(world, plan).map_or(day, |first| first.max(day)).at(10, 0, 0, 0);
    let at = args.at.as_deref().map_or_else(|| Ok(first()), moment)?;
    let turn_costs: TurnCosts = args.turn_costs.as_deref().unwrap_or_default().parse()?;
    let known = read_cache(&args.district, cache::ENDING, || cache::key(world));
    let prepared = cache::prepare(world, known.as_deref(), &|_, _| true)?.prepared;
    let behaviour: Behaviour = args.behaviour.as_deref().unwrap_or_default().parse()?;
    let (is_winter, idle_min) = (args.winter, args.idle.unwrap_or(0.0).clamp(0.0, 60.0));
    let assumed =
        Assumptions { turn_costs, behaviour, is_winter, idle_min, ..Assumptions::default() };
    let comparison = Planner::default().compare(&prepared, world, plan, at, assumed);
    let congestion =
        if args.balance { balanced(&prepared, &comparison, at, assumed) } else { None };
    let drifts = drifts(&prepared, world, &comparison);
    if let Some(target) = &args.links {
        let layers = links::layers(&prepared, &comparison, (at, assumed), &Crs::Wgs84);
        replace(target, formats::by_name(target)?, layers)
            .with_context(|| format!("{} was not written", target.display()))?;
        let asked = [format!("plan {plan} --links")];
        journaled::journal(&args.district, EditKind::Export, (target, &asked, world), context);
    }
    if let Some(target) = &args.report {
        let result = ResultRequest {
            world,
            prepared: &prepared,
            comparison: &comparison,
            plan,
            at,
            assumed,
            date: day,
            most_rows: paper.map_or(0, PaperFormat::most_rows),
        };
        write_report(target, paper, &result)?;
        let asked = [format!("plan {plan} --report")];
        journaled::journal(&args.district, EditKind::Paper, (target, &asked, world), context);
    }
    let moved = if args.sensitivity {
        sensitivity(&prepared, world, (plan, at), assumed, &|_| true)
    } else {
        None
    };
    let calibration =
        args.calibration.then(|| Calibration::of(world, &prepared, &comparison.before, at.date()));
    let Comparison { before, after, .. } = &comparison;
    let idling = (idle_min > 0.0).then(|| {
        [before, after].map(|outcome| Idling::of(world, &prepared, outcome, at.date(), idle_min))
    });
    let answer = PlanAnswer { prepared, comparison, congestion, calibration, idling, drifts };
    if args.json {
        let mut json = json_of(plan, at, &answer);
        if !turn_costs.is_off()
            && let Some(object) = json.as_object_mut()
        {
            object.insert("turn_costs".to_owned(), json!(turn_costs.to_string()));
        }
        if let Some(object) = json.as_object_mut() {
            if !behaviour.is_off() {
                object.insert("behaviour".to_owned(), json!(behaviour.to_string()));
            }
            if is_winter {
                object.insert("winter".to_owned(), json!(true));
            }
            if let Some(found) = &moved {
                object.insert("sensitivity".to_owned(), sensitivity_json(found));
            }
            if let Some(idling) = answer.idling {
                object.insert("idling".to_owned(), idling_json(idling, idle_min));
            }
        }
        writeln!(out, "{json}")?;
    } else {
        if !turn_costs.is_off() {
            let words = match lang {
                Lang::Zh => "转向等待（秒）",
                Lang::En => "waits at turns, s",
            };
            writeln!(out, "{words}\t{turn_costs}")?;
        }
        if !behaviour.is_off() {
            let words = match lang {
                Lang::Zh => "受限货车（%）",
                Lang::En => "those who must make way, %",
            };
            writeln!(out, "{words}\t{behaviour}")?;
        }
        words::write(&mut out, &answer, at, lang)?;
        if let Some(found) = &moved {
            words::sensitivity(&mut out, found, lang)?;
        }
    }
    Ok(Done::Well)
}

fn paper_of(target: &Path) -> anyhow::Result<PaperFormat> {
    PaperFormat::of(target).with_context(|| {
        format!("a report is .docx, .pdf, .xlsx, .html or .txt: {}", target.display())
    })
}

fn write_report(
    target: &Path,
    paper: Option<PaperFormat>,
    asked: &ResultRequest<'_>,
) -> anyhow::Result<()> {
    let Some(paper) = paper else { return Ok(()) };
    let blocks = result::blocks(asked)?;
    render::put(target, &paper.bytes(&blocks, asked.date, &asked.about())?)
}

fn list(
    out: &mut impl std::io::Write,
    world: &World,
    plans: BTreeMap<String, usize>,
    is_json: bool,
) -> anyhow::Result<()> {
    let state = |name: &str| plan_lifecycle::state(world, name).key();
    if is_json {
        let list = plans.iter().map(
            |(name, count)| json!({ "plan": name, "orders": count, "state": state(name), "has_record": plan_lifecycle::record(world, name).is_some() }),
        );
        writeln!(out, "{}", Json::from(list.collect::<Vec<Json>>()))?;
    } else {
        for (name, count) in plans {
            writeln!(out, "{name}\t{count}\t{}", state(&name))?;
        }
    }
    Ok(())
}

/// The first day on which an order of a plan holds; `None` where none says it.
fn first_day(world: &World, plan: &str) -> Option<Date> {
    plan_lifecycle::orders(world, plan).filter_map(|order| order.validity().from).min()
}

fn moment(text: &str) -> Result<DateTime, BadMoment> {
    text.trim().parse().ok().ok_or_else(|| BadMoment(text.to_owned()))
}

fn drifts(prepared: &Prepared, world: &World, comparison: &Comparison) -> Vec<StaleAlignment> {
    let asked: BTreeSet<RecordId> =
        comparison.planned.iter().chain(&comparison.in_force).map(|order| order.id).collect();
    stale_alignments(prepared, world)
        .into_iter()
        .filter(|drift| asked.contains(&drift.order))
        .collect()
}

fn balanced(
    prepared: &Prepared,
    comparison: &Comparison,
    at: DateTime,
    assumed: Assumptions,
) -> Option<CongestionEffect> {
    let before: Vec<&TrafficOrder> = comparison.in_force.iter().map(AsRef::as_ref).collect();
    let plan = comparison.planned.first().map_or("", |order| order.plan.as_str());
    congestion(prepared, (&before, &comparison.together()), (at, plan), assumed, &|_| true)
}

fn json_of(plan: &str, at: DateTime, answer: &PlanAnswer) -> Json {
    let PlanAnswer { prepared, comparison, congestion, calibration, drifts, .. } = answer;
    let Comparison { before, after, .. } = comparison;
    let mut rings = Vec::new();
    for (ring, pair) in prepared.rings.iter().zip(before.rings.iter().zip(&after.rings)) {
        let mut object = json!({ "code": ring.code, "radius_m": ring.radius_m });
        both(&mut object, pair.0, pair.1);
        rings.push(object);
    }
    let part = |before: &DayTotals, after: &DayTotals| {
        let mut object = json!({});
        both(&mut object, before, after);
        object
    };
    let flows: Vec<Json> =
        comparison.trips(prepared).map(|flow| flow_json(prepared, flow)).collect();
    let unreachable: Vec<Json> = comparison
        .trips(prepared)
        .filter(|(_, before, after)| is_cut_off(before, after))
        .map(|(flow, ..)| json!({ "from": flow.from_code, "to": flow.to_code }))
        .collect();
    let network = &prepared.network;
    json!({
        "plan": plan,
        "at": at.to_string(),
        "network": { "nodes": network.nodes.len(), "edges": network.edges.len() },
        "flows": flows,
        "control_points": rings,
        "district": part(&before.all, &after.all),
        "roads_up": roads_up(answer),
        "unreachable": unreachable,
        "lint": comparison.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "day": day_json(at, prepared, comparison),
        "with_cut_off": after.most.as_ref().map(|most| json!({
            "inside": part(&before.inside, &most.inside),
            "outside": part(&before.outside, &most.outside),
            "district": part(&before.all, &most.all),
        })),
        "inside": part(&before.inside, &after.inside),
        "outside": part(&before.outside, &after.outside),
        "ranges": {
            "exhaust": [EXHAUST_RANGE.0, EXHAUST_RANGE.1],
            "dust": [DUST_RANGE.0, DUST_RANGE.1],
        },
        "newly_passed": comparison.passed.iter().map(passed_json).collect::<Vec<_>>(),
        "unreachable_places": comparison.cut_off.iter().map(site_json).collect::<Vec<_>>(),
        "places_by_pass": comparison.by_pass.iter().map(site_json).collect::<Vec<_>>(),
        "balance": congestion.as_ref().map(balance_json),
        "calibration": calibration.as_ref().map(calibration_json),
        "drift": drifts.iter().map(drift_json).collect::<Vec<_>>(),
    })
}

/// The day whose sums the figures are: each of its hours, and what its speeds rest on.
fn day_json(at: DateTime, prepared: &Prepared, comparison: &Comparison) -> Json {
    let Comparison { before, after, .. } = comparison;
    let hours = |outcome: &Evaluation| -> Vec<f64> {
        outcome.inside_by_hour.iter().map(|km| round(*km)).collect()
    };
    let counted = prepared.flows.iter().filter(|flow| flow.has_profile).count();
    json!({
        "date": at.date().to_string(),
        "is_workday": before.day.is_workday(),
        "holidays": calendar::source(at.year()),
        "truck_speeds": speeds::dated(),
        "flows_with_hourly_counts": counted,
        "inside_truck_km_by_hour_before": hours(before),
        "inside_truck_km_by_hour_after": hours(after),
    })
}

fn finding_json(finding: &LintFinding) -> Json {
    json!({
        "rule": finding.rule.key(),
        "record": finding.record.to_string(),
        "text": finding.words.zh,
        "at": finding.at.map(|at| [at.x, at.y]),
        "other": finding.other.map(|other| other.to_string()),
    })
}

fn drift_json(drift: &StaleAlignment) -> Json {
    json!({
        "record": drift.order.to_string(),
        "name": drift.name,
        "moved_m": round(drift.moved_m),
        // Waypoints as a person counts them: on no road any more, and without a way to the next.
        "lost": drift.lost,
        "apart": drift.apart,
    })
}

fn site_json(site: &RoadsideSite) -> Json {
    json!({ "record": site.id.to_string(), "name": site.name, "kind": site.kind.key() })
}

fn passed_json(passed: &PassedSite) -> Json {
    json!({
        "record": passed.site.id.to_string(),
        "name": passed.site.name,
        "kind": passed.site.kind.key(),
        "trucks_before": round(passed.before),
        "trucks_after": round(passed.after),
    })
}

fn balance_json(congestion: &CongestionEffect) -> Json {
    let CongestionEffect { before, after, most, share_with_lanes } = congestion;
    // A gap is small: it is not rounded away.
    json!({
        "gap_before": before.gap,
        "gap_after": after.gap,
        "iterations_before": before.rounds,
        "iterations_after": after.rounds,
        "hours_before": round(before.hours),
        "hours_after": round(after.hours),
        "hours_after_with_cut_off": round(most.as_ref().unwrap_or(after).hours),
        "trucks_cut_off": round(after.cut_off),
        "hours_all_or_nothing_before": round(before.hours_all_or_nothing),
        "hours_all_or_nothing_after": round(after.hours_all_or_nothing),
        "share_of_length_with_lanes": round(*share_with_lanes),
    })
}

fn sensitivity_json(found: &Sensitivity) -> Json {
    let row = |what: &str, values: Vec<Json>| json!({ "what": what, "values": values });
    let base = found.base.iter().map(|value| json!([round(*value), round(*value)])).collect();
    let rows = found.rows.iter().map(|varied| {
        let values = varied.values.iter().map(|value| json!(value.map(|ends| ends.map(round))));
        row(&varied.what.zh, values.collect())
    });
    json!({
        "figures": FIGURES.map(|words| words.zh),
        "rows": std::iter::once(row("现有假设", base)).chain(rows).collect::<Vec<_>>(),
    })
}

fn idling_json([before, after]: [Idling; 2], minutes: f64) -> Json {
    let of = |idling: Idling| {
        json!({
            "places": idling.places,
            "truck_hours": round(idling.truck_hours),
            "nox_g": round(idling.nox_g),
            "pm25_g": round(idling.pm25_g),
            "inside_nox_g": round(idling.inside_nox_g),
            "inside_pm25_g": round(idling.inside_pm25_g),
        })
    };
    json!({
        "minutes": minutes,
        "range": [IDLING_RANGE.0, IDLING_RANGE.1],
        "before": of(before),
        "after": of(after),
    })
}

fn calibration_json(calibration: &Calibration) -> Json {
    let station = |fit: &StationFit| {
        json!({
            "record": fit.record.to_string(),
            "name": fit.name,
            "hours": fit.hours,
            "trucks_per_hour_counted": round(fit.counted),
            "trucks_per_hour_modelled": round(fit.modelled),
            "geh": round(fit.geh()),
        })
    };
    let unused = calibration.unused.iter();
    json!({
        "stations": calibration.stations.iter().map(station).collect::<Vec<_>>(),
        "share_below_geh_5": calibration.met_share().map(round),
        "unused": unused
            .map(|(name, why)| json!({ "name": name, "reason": why.zh }))
            .collect::<Vec<_>>(),
    })
}

fn flow_json(prepared: &Prepared, (flow, before, after): (&Flow, &Trip, &Trip)) -> Json {
    let km = |trip: &Trip| trip.km_and_min().map(|(km, _)| round(km));
    let min = |trip: &Trip| trip.km_and_min().map(|(_, min)| round(min));
    let rings: Vec<String> = after
        .rings
        .iter()
        .filter_map(|ring| prepared.rings.get(*ring as usize))
        .map(|ring| format!("{} {}", ring.code, ring.radius_m))
        .collect();
    json!({
        "from": flow.from_code,
        "to": flow.to_code,
        "class": flow.truck.class.key(),
        "trucks_per_day": flow.per_day,
        "source": if flow.is_measured { FlowSource::Measured.key() } else { FlowSource::Assumed.key() },
        "km_before": km(before),
        "km_after": km(after),
        "min_before": min(before),
        "min_after": min(after),
        "reachable": after.route.is_some(),
        "enters_rings": rings,
    })
}

fn both(object: &mut Json, before: &DayTotals, after: &DayTotals) {
    for (when, ring) in [("before", before), ("after", after)] {
        for (what, value) in [
            ("truck_km", ring.truck_km),
            ("trucks", ring.trucks),
            ("nox_g", ring.nox_g),
            ("pm25_g", ring.pm25_g),
            ("dust_pm10_g", ring.dust_pm10_g),
            ("dust_pm25_g", ring.dust_pm25_g),
        ] {
            if let Some(object) = object.as_object_mut() {
                object.insert(format!("{what}_{when}"), json!(round(value)));
            }
        }
    }
}

/// Roads that more trucks use under the plan, those that gain most first.
fn roads_up(answer: &PlanAnswer) -> Vec<Json> {
    let PlanAnswer { prepared, comparison: Comparison { before, after, .. }, .. } = answer;
    let rising = rising(prepared, before, after).into_iter().take(MOST_ROADS);
    rising
        .filter_map(|RisingRoad { road, before, after, .. }| {
            let road = prepared.network.roads.get(road as usize)?;
            Some(json!({
                "name": road.name,
                "ref": road.reference,
                "trucks_before": round(before),
                "trucks_after": round(after),
            }))
        })
        .collect()
}

/// Three digits after the point: no figure here is known better.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
