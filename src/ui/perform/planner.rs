use std::sync::Arc;

use geo_types::Coord;

use super::super::App;
use super::super::command::Command;
use super::super::model::Toast;
use super::super::planner::{PlannerAction, free_name, make_answer, make_network, now, sway};
use crate::domain::{Change, Edit, Kind, Meta, Record, RecordId, Value};
use crate::geodesy::wkb::Bounds;
use crate::network::compare::Unready;
use crate::network::detour::order_of;

/// Width of the legend of the planner, points.
const LEGEND: f64 = 350.0;

impl App {
    pub(super) fn planner(&mut self, action: PlannerAction) {
        let planner = &mut self.model.planner;
        match action {
            PlannerAction::Choose(plan) => self.choose_plan(plan),
            PlannerAction::At(at) => planner.at = at,
            PlannerAction::Again => planner.network_of = None,
            PlannerAction::Prepared(world, network) => {
                let is_awaited =
                    planner.network_of.as_ref().is_some_and(|known| Arc::ptr_eq(known, &world));
                if is_awaited {
                    planner.roads = network.as_ref().ok().cloned();
                    let network = network.and_then(|prepared| {
                        let has_flows = !prepared.flows.is_empty();
                        if has_flows { Ok(prepared) } else { Err(Unready::NoFlows) }
                    });
                    if network.is_err() {
                        planner.forget_the_answer();
                    }
                    planner.network = Some(network);
                }
            }
            PlannerAction::Answered(answer) => {
                if planner.awaits(&answer.asked) {
                    let count = answer.trips.len();
                    planner.trip = planner.trip.filter(|trip| *trip < count);
                    planner.answer = Some(Arc::new(*answer));
                    planner.sway = None;
                }
            }
            PlannerAction::Compared(asked, summaries) => {
                if planner.asked.as_ref().is_some_and(|known| known.is(&asked)) {
                    planner.summaries = summaries;
                }
            }
            PlannerAction::Trip(trip) => {
                planner.trip = trip;
                self.show_trip();
            }
            PlannerAction::StepTrip(by) => self.step_trip(by),
            PlannerAction::Pin(pin) => planner.pin = pin,
            PlannerAction::Sway => planner.sway = Some(sway(&planner.summaries)),
            PlannerAction::Draft(draft) => planner.draft = draft,
            PlannerAction::Detour(order) => self.ask_for_detour(order),
            PlannerAction::Proposed(order, detour) => self.proposed(order, detour.as_deref()),
            PlannerAction::Blocks(point, radius_m) => planner.blocks = Some((point, radius_m)),
            PlannerAction::BlocksFound(point, radius_m, found) => {
                self.blocks_found(point, radius_m, found.map(|found| *found));
            }
        }
    }

    /// Starts the jobs of whatever is looked at and has changed.
    pub(in super::super) fn ask_planner(&mut self) {
        let is_open = self.model.planner.is_open;
        let draws = self.canvas.tool.as_ref().is_some_and(|tool| tool.needs_roads());
        let is_wanted = is_open || draws || self.model.planner.blocks.is_some();
        if !is_wanted || self.model.district.is_none() {
            return;
        }
        let world = self.model.world();
        if self.model.planner.wants_network(&world) {
            self.model.planner.network_of = Some(Arc::clone(&world));
            let of = Arc::clone(&world);
            self.work("network", move |progress| make_network(of, progress));
        }
        // A network of roads that are no more would answer for nobody: its successor is on its way.
        if self.jobs.is_running("network") {
            return;
        }
        self.ask_for_blocks();
        if is_open && let Some(asked) = self.model.planner.question(&world, self.model.datum) {
            self.model.planner.asked = Some(asked.clone());
            let (actions, memory) = (self.actions.clone(), self.model.planner.memory.clone());
            self.work("plan", move |progress| make_answer(asked, &memory, &actions, progress));
        }
        self.look_for_detour();
    }

    pub(super) fn planner_command(&mut self, command: Command) {
        if self.model.district.is_none() {
            return;
        }
        let planner = &mut self.model.planner;
        match command {
            Command::NewPlan if planner.is_open => self.new_plan(),
            Command::Earlier if planner.is_open => planner.at = planner.stepped(-1),
            Command::Later if planner.is_open => planner.at = planner.stepped(1),
            Command::Planner => {
                planner.is_open = !planner.is_open;
                planner.pin = None;
                // The roads may have been asked for by a drawing before.
                if planner.is_open && planner.asked.is_none() {
                    planner.at = now();
                }
            }
            _ => self.say(Toast::watch("请先打开“方案”（G）", "Open the plans first (G)")),
        }
    }

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
        let (world, stamp) = (self.model.world(), self.model.stamp());
        let name = free_name(&self.model.planner.plans(&world), self.model.lang());
        let mut ids = crate::settings::clock::ids(&stamp);
        let chosen = self.model.planner.plan.clone();
        let orders = world.table(Kind::Restriction).iter();
        let of_plan = orders.filter(|order| !chosen.is_empty() && order.text("plan") == chosen);
        let copies: Vec<(RecordId, &Arc<Record>)> =
            of_plan.map(|order| (ids.next(), order)).collect();
        let copy_of = |known: RecordId| {
            copies.iter().find(|(_, order)| order.id == known).map(|(copy, _)| *copy)
        };
        let changes = copies.iter().map(|(id, order)| {
            let mut copy = Record { id: *id, meta: Meta::by(&stamp), ..Record::clone(order) };
            // A code belongs to one record alone, and a copy is in force nowhere.
            copy.set("code", None);
            copy.set("plan", Some(Value::text(&name)));
            copy.set("state", Some(Value::Choice("草案")));
            // A detour belongs to the copy of the order that its model leads around.
            if let Some(tied) = order_of(&world, order.text("detour_of")).and_then(copy_of) {
                copy.set("detour_of", Some(Value::text(&tied.to_string())));
            }
            Change::create(copy)
        });
        let changes: Vec<Change> = changes.collect();
        let count = changes.len();
        if count > 0 {
            self.apply(Edit::of(changes));
            self.say(
                Toast::done(
                    format!("已复制 {count} 条措施到“{name}”"),
                    format!("{count} orders copied to “{name}”"),
                )
                .with_way(Command::Undo.about().words, Command::Undo),
            );
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
        let ways = [before, after].into_iter().filter_map(|trip| trip.way.as_ref());
        let mut places: Vec<Coord<f64>> =
            ways.flat_map(|way| network.line_of(&way.arcs).0).collect();
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
