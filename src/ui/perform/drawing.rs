//! What drawings become: orders, detours, blocks of a ring.

use std::sync::Arc;

use crate::domain::{Change, Edit, Kind, OrderKind, OrderState, Record, RecordId, Value};
use crate::geodesy::wkb;
use crate::network::blocks::{RingBlocks, in_ring};
use crate::network::detour::{Detour, around};
use crate::network::orders::{BoundStretch, on_outline};
use crate::network::snap_route::{RoadUse, Waypoint, resolve};
use crate::ui::action::{Action, PlannerAction, ViewAction};
use crate::ui::app::App;
use crate::ui::canvas::tools::{Draw, Order, Tool, chosen_ring, drawing};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::drawing::{Form, Making};
use crate::ui::model::planning::free_name;
use crate::ui::model::workspace::Workspace;

impl App {
    /// The tool for an order of one kind. While plans are open it belongs to one of them; a detour
    /// belongs to the order that it leads around.
    pub(super) fn ordering(&mut self, kind: OrderKind) -> Box<dyn Tool> {
        self.need_plan();
        if let Some(order) = self.order_to_lead_around().filter(|_| kind == OrderKind::Detour) {
            self.actions.planner(PlannerAction::Detour(order));
            Box::new(Order::detour(order))
        } else {
            // What is limited is mostly an area; a line is one switch away.
            let form = if kind == OrderKind::Limited { Form::Area } else { Form::Line };
            Box::new(Order::new(form, kind))
        }
    }

    /// While plans are open, what is drawn belongs to one of them.
    pub(super) fn need_plan(&mut self) {
        if self.model.planner.is_open && self.model.planner.plan.is_empty() {
            let world = self.model.world();
            let name = free_name(&self.model.planner.plans(&world), self.model.lang());
            self.say(Toast::done(
                format!("新画的措施归入“{name}”"),
                format!("What you draw now belongs to “{name}”"),
            ));
            self.choose_plan(name);
        }
    }

    /// The selected order that closes something, else the only one of the chosen plan.
    fn order_to_lead_around(&self) -> Option<RecordId> {
        let closes =
            |order: &Record| order.kind == Kind::Restriction && !OrderKind::Detour.is_of(order);
        if let Some(order) = self.model.selected().filter(|order| closes(order)) {
            return Some(order.id);
        }
        let planner = &self.model.planner;
        let world = self.model.world();
        let is_of_plan = |order: &&Arc<Record>| {
            closes(order)
                && planner.is_open
                && !planner.plan.is_empty()
                && order.text("plan") == planner.plan
        };
        let mut orders = world.table(Kind::Restriction).iter().filter(is_of_plan);
        let only = orders.next()?;
        orders.next().is_none().then_some(only.id)
    }

    /// What a detour should lead around is known once the plan of its order has its answer.
    pub(super) fn ask_for_detour(&mut self, order: RecordId) {
        let plan = self.model.record(order).map(|order| order.text("plan").to_owned());
        let Some(plan) = plan else { return };
        if plan.is_empty() {
            self.proposed(order, None);
            return;
        }
        self.enter(Workspace::Plans);
        self.choose_plan(plan);
        self.model.planner.detour_for = Some(order);
    }

    /// Starts looking when the answer is there.
    pub(super) fn look_for_detour(&mut self) {
        let planner = &mut self.model.planner;
        let Some(order) = planner.detour_for.filter(|_| planner.prepared.is_fresh()) else {
            return;
        };
        if planner.why_not().is_some() {
            planner.detour_for = None;
            self.proposed(order, None);
        } else if let Some(answer) = (*planner.answer).clone().filter(|_| planner.is_fresh()) {
            planner.detour_for = None;
            self.work("detour", move |_| {
                let found = around(answer.prepared(), &answer.comparison, order);
                Action::Planner(PlannerAction::Proposed(order, found.map(Box::new)))
            });
        }
    }

    /// Takes the proposal in hand, unless somebody has begun to draw another detour meanwhile.
    pub(super) fn proposed(&mut self, order: RecordId, detour: Option<&Detour>) {
        let is_drawing = self.canvas.tool.as_ref().is_some_and(|tool| tool.unfinished().is_some());
        if is_drawing || self.model.record(order).is_none() {
            return;
        }
        let Some(detour) = detour else {
            self.say(Toast::watch(
                "没有货车因它改道，无从推荐：请沿路画绕行线",
                "No truck changes its way for this order: draw the detour along the roads",
            ));
            self.hold(Some(Box::new(Order::detour(order))));
            return;
        };
        let (km, trucks) = (detour.length_m / 1000.0, detour.trucks);
        self.say(Toast::done(
            format!("推荐绕行 {km:.1} km，{trucks:.0} 辆/日；拖动可改，回车采用"),
            format!(
                "Proposed: {km:.1} km, {trucks:.0} trucks a day. Drag to change, Enter takes it"
            ),
        ));
        let plan = self.model.record(order).map(|order| order.text("plan").to_owned());
        let tool = Order::proposed(order, &plan.unwrap_or_default(), detour);
        let line = geo_types::LineString(detour.line.clone()).into();
        if let Some(bounds) = wkb::bounds(&line) {
            self.actions.view(ViewAction::ShowBounds(bounds));
        }
        self.hold(Some(Box::new(tool)));
    }

    /// The drawing goes on with the tool for what it is to become: orders follow the roads, all
    /// else is free.
    pub(super) fn change_hands(&mut self, making: Making) {
        let Some(tool) = &self.canvas.tool else { return };
        let Some(now) = tool.making() else { return };
        let is_order = making.kind == Kind::Restriction;
        let forms = [Form::Line, Form::Area];
        let form = forms.into_iter().find(|form| Making::all(*form) == tool.makings());
        let Some(form) = form.filter(|_| (now.kind == Kind::Restriction) != is_order) else {
            return;
        };
        let ctx = Ctx { model: &self.model, actions: &self.actions };
        let vertices = tool.draft(&ctx).vertices;
        let tool: Box<dyn Tool> = match (vertices.is_empty(), making.order_kind()) {
            (true, _) => drawing(form, Some(making)),
            (false, Some(kind)) => Box::new(Order::new(form, kind).begun_with(&vertices)),
            _ => Box::new(Draw::new(form, Some(making)).begun_with(&vertices)),
        };
        self.hold(Some(tool));
    }

    /// Asks for the blocks of the ring that is chosen.
    pub(super) fn blocks_of_chosen_ring(&mut self) {
        if self.model.district.is_none() {
            return;
        }
        let ctx = Ctx { model: &self.model, actions: &self.actions };
        match chosen_ring(&ctx) {
            Some((point, _, radius_m)) => {
                self.actions.planner(PlannerAction::Blocks(point, radius_m));
            }
            None => self.say(Toast::watch(
                "请先选中一个控制点，或点选它的圈",
                "Select a control point or one of its rings first",
            )),
        }
    }

    /// Starts looking for the blocks in a ring once the network is there.
    pub(super) fn ask_for_blocks(&mut self) {
        let Some((point, radius_m)) = self.model.planner.blocks else { return };
        if !self.model.planner.prepared.is_fresh() {
            return;
        }
        self.model.planner.blocks = None;
        let place = self.model.record(point).and_then(|point| match &point.geometry {
            Some(geo_types::Geometry::Point(place)) => Some(place.0),
            _ => None,
        });
        let Some((roads, center)) = self.model.planner.roads().cloned().zip(place) else {
            self.blocks_found(point, radius_m, None);
            return;
        };
        self.work("blocks", move |_| {
            let found = in_ring(&roads, center, radius_m).map(Box::new);
            Action::Planner(PlannerAction::BlocksFound(point, radius_m, found))
        });
    }

    /// The blocks become an order, in one step; its outline can be edited like a drawn one.
    pub(super) fn blocks_found(
        &mut self,
        point: RecordId,
        radius_m: f64,
        found: Option<RingBlocks>,
    ) {
        let Some(name) = self.model.record(point).map(|point| point.name().to_owned()) else {
            return;
        };
        let Some(found) = found else {
            self.say(Toast::watch(
                format!(
                    "{name} {radius_m} m 圈内道路没有围成街区：请补画或导入道路，或按 3 选“面”沿路画"
                ),
                format!(
                    "The roads in the {radius_m} m ring of {name} enclose no block: add roads, or draw an area along them (3, then “Area”)"
                ),
            ));
            return;
        };
        let stamp = self.model.stamp();
        let id = crate::settings::clock::ids(&stamp).next();
        let mut record = Record::new(id, Kind::Restriction, &stamp);
        let lang = self.model.lang();
        let words = crate::domain::LocalizedText::new(
            format!("{name} {radius_m} m 圈内街区限行"),
            format!("Blocks in the {radius_m} m ring of {name}"),
        );
        record.set("name", Some(Value::text(words.say(lang))));
        OrderKind::Limited.put(&mut record);
        OrderState::Draft.put(&mut record);
        record.set("waypoints", Waypoint::value(&found.waypoints));
        let planner = &self.model.planner;
        if planner.is_open && !planner.plan.is_empty() {
            record.set("plan", Some(Value::text(&planner.plan)));
        }
        if let (geo_types::Geometry::Polygon(area), Some(roads)) =
            (&found.area, self.model.planner.roads())
        {
            let led = resolve(roads, &found.waypoints, RoadUse::Any, true);
            BoundStretch::put(&mut record, &on_outline(led.stretches, area.exterior()));
        }
        record.geometry = Some(found.area);
        let count = found.count;
        let said = Toast::done(
            format!("{count} 个街区（大半在圈内）已成为限行区，按 E 可改"),
            format!("{count} blocks that lie mostly in the ring are limited now; E edits them"),
        );
        self.apply_saying(Edit::of(vec![Change::create(record)]), said.with_undo());
        self.actions.send(Action::Select(vec![id]));
    }
}
