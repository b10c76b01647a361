//! Gates that the network proposes: listed with a tick each, shown on the map, written at once.

use egui::{Color32, Painter, Rect, ScrollArea, Stroke, Ui, vec2};

use super::eye::Eye;
use crate::domain::{Change, Edit, Text};
use crate::map::view::{View, world_px_from_wgs84};
use crate::network::gates::GateProposal;
use crate::ui::action::RoadsAction;
use crate::ui::canvas::label;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{empty, note, strong};

/// Lists gates that the network proposes, each taken or left.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    super::roads::ask(ctx);
    let Some(survey) = &*ctx.planner.survey else {
        let words = ctx.tell("正在检查路网…", "Looking the network over…");
        empty(ui, words, "");
        return;
    };
    ui.horizontal(|ui| {
        ui.label(strong(ctx.tell("建议的关口", "Proposed gates")));
        let mut has_generators = ctx.planner.proposing == Some(true);
        let (sites, found) = (
            ctx.say(Text::new(
                "含企业、堆场、矿山、停车场",
                "with works, stockpiles, mines, parking",
            )),
            survey.generators.len(),
        );
        if ui.checkbox(&mut has_generators, format!("{sites} {found}")).changed() {
            ctx.actions.roads(RoadsAction::Propose(Some(has_generators)));
        }
        ui.separator();
        let wanted: Vec<&GateProposal> =
            ctx.planner.proposals().filter(|gate| ctx.planner.is_wanted(gate)).collect();
        let count = wanted.len();
        let words = ctx.tell(format!("新建 {count} 个关口"), format!("Make {count} gates"));
        if ui.add_enabled(count > 0, egui::Button::new(words)).clicked() {
            write(ctx, &wanted);
        }
        if ui.button(ctx.say(Text::new("取消", "Cancel"))).clicked() {
            ctx.actions.roads(RoadsAction::Propose(None));
        }
    });
    if ctx.planner.proposals().next().is_none() {
        empty(
            ui,
            ctx.tell("没有可建议的关口", "There is nothing to propose"),
            ctx.tell(
                "需要三级以上道路穿过辖区边界，或止于路网边缘，且 300 m 内还没有关口",
                "A road for trucks that crosses the outline or ends at the edge of the network, \
                 without a gate within 300 m",
            ),
        );
        return;
    }
    ui.label(note(ctx.tell(
        "同一条路 300 m 内只设一个关口；名称以后可改",
        "One gate a road within 300 m; names can be changed later",
    )));
    ScrollArea::vertical().id_salt("proposals").auto_shrink(false).show(ui, |ui| {
        for gate in ctx.planner.proposals() {
            ui.horizontal(|ui| row_ui(ui, ctx, gate));
        }
    });
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, gate: &GateProposal) {
    let mut is_wanted = ctx.planner.is_wanted(gate);
    if ui.checkbox(&mut is_wanted, &gate.name).changed() {
        ctx.actions.roads(RoadsAction::Want(gate.code.clone(), is_wanted));
    }
    let look = ui.link(note(ctx.say(gate.why)));
    if look.on_hover_text(ctx.say(Text::new("在图上看", "Show it on the map"))).clicked() {
        let zoom = ctx.camera.view.zoom.max(15.0);
        let view = View { center: gate.at, zoom };
        ctx.actions.view(crate::ui::action::ViewAction::Show(view));
    }
}

/// One undo step.
fn write(ctx: &Ctx<'_>, wanted: &[&GateProposal]) {
    let stamp = ctx.stamp();
    let mut ids = crate::settings::clock::ids(&stamp);
    let gates = wanted.iter().map(|gate| Change::create(gate.record(&mut ids, &stamp)));
    ctx.actions.apply(Edit::of(gates.collect()));
    ctx.actions.roads(RoadsAction::Propose(None));
}

/// Where the gates would stand.
pub fn over(painter: &Painter, ctx: &Ctx<'_>, rect: Rect) {
    let eye = Eye::of(ctx, rect);
    for gate in ctx.planner.proposals() {
        let at = eye.at(world_px_from_wgs84(gate.at, ctx.datum));
        if !rect.expand(60.0).contains(at) {
            continue;
        }
        let is_wanted = ctx.planner.is_wanted(gate);
        let color = ctx.color(if is_wanted { |t| t.accent } else { |t| t.muted });
        let fill = if is_wanted { color } else { Color32::TRANSPARENT };
        painter.circle(at, 6.0, fill, Stroke::new(2.0, color));
        if is_wanted {
            label(painter, ctx, at + vec2(10.0, -30.0), &gate.name, rect);
        }
    }
}
