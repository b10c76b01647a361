//! The roads on the outline of an area: each 含 or 不含.

use std::sync::Arc;

use egui::{Button, Ui};
use lucide_icons::Icon;

use super::chips::chip;
use crate::domain::{Change, Edit, Kind, Record, Text, Value};
use crate::network::evaluate::Prepared;
use crate::network::orders::{OutlineRoad, outline_roads, with_road};
use crate::ui::action::{ToolAction, ToolKind};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{icon, named, note, strong};

/// The roads of one state of an order on one network: looked for once.
#[derive(Default)]
pub struct Outline {
    of: Option<(Arc<Record>, Arc<Prepared>)>,
    roads: Vec<OutlineRoad>,
}

impl Outline {
    /// The roads on the outline of an order, as it is now.
    pub fn roads(&mut self, ctx: &Ctx<'_>, order: &Arc<Record>) -> &[OutlineRoad] {
        let Some(Ok(prepared)) = ctx.planner.network() else { return &[] };
        let is_known = self.of.as_ref().is_some_and(|(known, network)| {
            Arc::ptr_eq(known, order) && Arc::ptr_eq(network, prepared)
        });
        if !is_known {
            self.roads = outline_roads(&prepared.finder(), order);
            self.of = Some((Arc::clone(order), Arc::clone(prepared)));
        }
        &self.roads
    }

    /// Shown for areas while the planner is open.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, order: &Arc<Record>) {
        if order.kind != Kind::Restriction || !ctx.planner.is_open || !is_area(order) {
            return;
        }
        ui.separator();
        ui.horizontal(|ui| {
            ui.label(strong(ctx.tell("边界道路", "Roads on the boundary")));
            let words = ctx.say(Text::new("在图上点选", "Pick on the map"));
            let pick = ui.add(Button::new((icon(Icon::MousePointerClick), words)));
            named(&pick, words);
            if pick.clicked() {
                ctx.actions.tool(ToolAction::Take(ToolKind::Boundary(order.id)));
            }
        });
        let roads = self.roads(ctx, order);
        if roads.is_empty() {
            ui.label(note(ctx.tell("边界上没有道路", "There is no road on the boundary")));
        }
        for road in roads {
            ui.horizontal(|ui| {
                let is_included = road.is_included();
                for (includes, words) in
                    [(true, Text::new("含", "in")), (false, Text::new("不含", "out"))]
                {
                    let is_on = is_included == Some(includes);
                    if chip(ui, ctx.say(words), &road.name, is_on).clicked() && !is_on {
                        put(ctx, order, with_road(order, road, includes));
                    }
                }
                ui.add(egui::Label::new(&road.name).truncate());
                if is_included.is_none() {
                    ui.label(note(ctx.tell("部分含", "in part")));
                }
            });
        }
    }
}

fn is_area(order: &Record) -> bool {
    use geo_types::Geometry::{MultiPolygon, Polygon};
    matches!(order.geometry, Some(Polygon(_) | MultiPolygon(_)))
}

/// One undo step.
pub fn put(ctx: &Ctx<'_>, order: &Arc<Record>, exceptions: Option<Value>) {
    let mut newer = Record::clone(order);
    newer.set("boundary_except", exceptions);
    newer.meta.change(&ctx.stamp());
    ctx.actions.apply(Edit::of(vec![Change::update(Arc::clone(order), newer)]));
}
