//! What is asked of the planner: plans, moments, trips. What its jobs work out stands in
//! `planner::work`.

use std::sync::Arc;

use geo_types::Coord;

use crate::domain::{Change, Edit, Kind, Localized as _};
use crate::geodesy::wkb::Bounds;
use crate::network::plan_lifecycle;
use crate::network::speeds::{self, BadSpeeds, OwnSpeeds};
use crate::settings::Office;
use crate::ui::action::{Action, AirAction, PlannerAction};
use crate::ui::app::App;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::planning::{free_name, now};
use crate::ui::planner::{
    MakeBalance, MakeNotice, MakeNoticeMap, MakeSensitivity, sway, take_counts,
};

/// Width of the legend of the planner, points.
const LEGEND: f64 = 350.0;

impl App {
    /// What is asked of the planner.
    #[expect(clippy::too_many_lines, reason = "an arm an action")]
    pub(super) fn planner(&mut self, action: PlannerAction) {
        let planner = &mut self.model.planner;
        match action {
            PlannerAction::Duplicate if !planner.is_open => self.ask_to_open_plans(),
            PlannerAction::StepTime(steps) if !planner.is_open => self.step_hours(steps),
            PlannerAction::Duplicate => self.new_plan(),
            PlannerAction::Begin => {
                let plans = self.model.planner.plans(&self.model.world());
                self.choose_plan(free_name(&plans, self.model.lang()));
            }
            PlannerAction::StepTime(steps) => planner.go_to(planner.stepped(steps), false),
            PlannerAction::BlocksOfChosenRing => self.blocks_of_chosen_ring(),
            PlannerAction::Choose(plan) => self.choose_plan(plan),
            PlannerAction::At(at) => planner.go_to(at, at == now()),
            PlannerAction::Again => planner.prepared.renew(),
            PlannerAction::Trip(trip) => {
                planner.trip = trip;
                self.show_trip();
            }
            PlannerAction::StepTrip(by) => self.step_trip(by),
            PlannerAction::Pin(pin) => planner.pin = pin,
            PlannerAction::Notice => {
                self.ask(&MakeNotice);
                self.ask(&MakeNoticeMap);
            }
            PlannerAction::Paper(action) => self.paper(action),
            PlannerAction::Plan(action) => self.life(action),
            PlannerAction::Sway => planner.sway = Some(sway(&planner.summaries)),
            PlannerAction::Balance => {
                planner.balance.renew();
                self.ask(&MakeBalance);
            }
            PlannerAction::Sensitivity => {
                planner.sensitivity.renew();
                self.ask(&MakeSensitivity);
            }
            PlannerAction::Counts(counts) => {
                planner.counts = (!counts.is_empty()).then(|| Arc::new(counts));
                planner.held.forget();
            }
            PlannerAction::Way(way) => {
                planner.way_asked = way;
                if way.is_none() {
                    planner.way.forget();
                }
            }
            PlannerAction::Speeds(own) => self.keep_speeds(*own),
            PlannerAction::SpeedsKept(own) => self.take_speeds(*own),
            PlannerAction::Counted(read) => match *read {
                Ok(counted) => {
                    let ctx = Ctx { model: &self.model, actions: &self.actions };
                    take_counts(&ctx, counted);
                }
                Err(why) => self.say(Toast::watch(why.zh, why.en)),
            },
            PlannerAction::Beside(how) => planner.beside = how,
            PlannerAction::HideResting(hides) => planner.hides_resting = hides,
            PlannerAction::Roads(action) => self.roads(action),
            PlannerAction::ExemptPasses(site) => self.exempt_passes(site),
            PlannerAction::Draft(draft) => planner.draft = draft,
            PlannerAction::Detour(order) => self.ask_for_detour(order),
            PlannerAction::Proposed(order, detour) => self.proposed(order, detour.as_deref()),
            PlannerAction::Blocks(point, radius_m) => planner.blocks = Some((point, radius_m)),
            PlannerAction::BlocksFound(point, radius_m, found) => {
                self.blocks_found(point, radius_m, found.map(|found| *found));
            }
        }
    }

    /// On the disk first: what holds now must hold at the next start.
    fn keep_speeds(&mut self, own: OwnSpeeds) {
        let folder = self.model.folder.clone();
        self.work("office", move |_| match Office::keep_speeds(&folder, &own) {
            Ok(()) => Action::Planner(PlannerAction::SpeedsKept(Box::new(own))),
            Err(error) => Action::Say(Toast::watch(
                format!("车速表未能保存，仍用原表：{}", error.zh()),
                format!("The speeds could not be kept, the table is as it was: {error}"),
            )),
        });
    }

    /// The network is made anew of the roads as trucks drive them now.
    fn take_speeds(&mut self, own: OwnSpeeds) {
        match speeds::install(own) {
            Ok(()) => {
                self.model.planner.prepared.renew();
                let dated = speeds::dated();
                self.say(Toast::done(
                    format!("车速表已换为 {dated} 版，正在重算"),
                    format!("The truck speeds are those of {dated} now"),
                ));
            }
            Err(BadSpeeds(why)) => self.say(Toast::watch(
                format!("车速表未采用：{}", why.zh),
                format!("The speeds are not used: {}", why.en),
            )),
        }
    }

    /// Outside the plans the cursor goes by hours of the air.
    fn step_hours(&mut self, hours: i64) {
        if self.model.air.hours.is_some() {
            let hours = i32::try_from(hours).unwrap_or_default();
            self.actions.air(AirAction::Step(hours));
        } else {
            self.ask_to_open_plans();
        }
    }

    fn ask_to_open_plans(&mut self) {
        if self.model.district.is_some() {
            self.say(Toast::watch("请先打开“方案”（G）", "Open the plans first (G)"));
        }
    }

    /// Looks at a plan; at today where it is empty.
    pub(super) fn choose_plan(&mut self, plan: String) {
        let planner = &mut self.model.planner;
        if planner.plan != plan {
            planner.plan = plan;
            planner.trip = None;
            planner.pin = None;
        }
    }

    /// The orders of the chosen plan once more, under a name that is free: one undo step.
    fn new_plan(&mut self) {
        let world = self.model.world();
        let name = free_name(&self.model.planner.plans(&world), self.model.lang());
        let chosen = self.model.planner.plan.clone();
        let changes = self.changes(|world, by| plan_lifecycle::copied(world, &chosen, &name, by));
        let count = changes
            .iter()
            .filter_map(Change::record)
            .filter(|it| it.kind == Kind::Restriction)
            .count();
        if !changes.is_empty() {
            let said = Toast::done(
                format!("已复制 {count} 条措施到“{name}”"),
                format!("{count} orders copied to “{name}”"),
            );
            self.apply_saying(Edit::of(changes), said.with_undo());
        }
        self.choose_plan(name);
    }

    fn step_trip(&mut self, by: i64) {
        let planner = &mut self.model.planner;
        let count = planner.answer.as_ref().map_or(0, |answer| answer.trips.len());
        if count == 0 {
            return;
        }
        let is_on = by > 0;
        planner.trip = Some(match planner.trip {
            Some(trip) if is_on => (trip + 1) % count,
            Some(trip) => (trip + count - 1) % count,
            None if is_on => 0,
            None => count - 1,
        });
        self.show_trip();
    }

    /// Flies to the chosen trip: all of its way before and after.
    fn show_trip(&mut self) {
        let planner = &self.model.planner;
        let Some((answer, trip)) = planner.answer.as_ref().zip(planner.trip) else { return };
        let Some((flow, before, after)) = answer.trip(trip) else { return };
        let network = &answer.prepared().network;
        let routes = [before, after].into_iter().filter_map(|trip| trip.route.as_ref());
        let mut places: Vec<Coord<f64>> =
            routes.flat_map(|route| network.line_of(&route.arcs).0).collect();
        let gates = [flow.from, flow.to].into_iter().flatten();
        places.extend(gates.filter_map(|gate| answer.prepared().gates.get(gate)?.at));
        let boxes = places.into_iter().map(|at| Bounds { min: at, max: at });
        if let Some(mut bounds) = boxes.reduce(Bounds::joined_with) {
            // The legend covers the left of the map: the trip belongs beside it.
            let width = self.canvas.rect.map_or(0.0, |rect| f64::from(rect.width()));
            if width > 2.0 * LEGEND {
                bounds.min.x -= (bounds.max.x - bounds.min.x) * LEGEND / (width - LEGEND);
            }
            self.fly_to(bounds);
        }
    }
}
