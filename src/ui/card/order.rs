//! What a card offers for drawing orders: the blocks of a ring, a detour around an order, and which
//! detour belongs to which order.

use std::sync::Arc;

use egui::Ui;

use crate::domain::{Kind, OrderKind, Record, Text};
use crate::network::detour::order_of;
use crate::ui::action::{PlannerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, note};

/// The blocks that lie mostly in a ring become an area, in one click.
pub fn blocks_ui(ui: &mut Ui, ctx: &Ctx<'_>, point: &Record, radius_m: f64) {
    let words = ctx.say(Text::new("圈内街区限行", "Limit its blocks"));
    let button = ui.small_button(words);
    named(&button, &format!("{words} {radius_m} m"));
    let tip = ctx.tell(
        "大半在圈内的街区合成一个限行区，边界沿道路，之后可改",
        "Blocks that lie mostly in the ring become one area along roads, to be edited further",
    );
    if button.on_hover_text(tip).clicked() {
        ctx.actions.planner(PlannerAction::Blocks(point.id, radius_m));
    }
}

/// Of an order its detours, of a detour its order.
pub fn detours_ui(ui: &mut Ui, ctx: &Ctx<'_>, order: &Arc<Record>) {
    if order.kind != Kind::Restriction {
        return;
    }
    let world = ctx.world();
    if OrderKind::Detour.is_of(order) {
        let of = order_of(&world, order.text("detour_of")).and_then(|of| world.get(of));
        if let Some(of) = of {
            ui.horizontal(|ui| {
                ui.label(note(ctx.tell("绕行所属", "Detour of")));
                link(ui, ctx, of);
            });
        }
        return;
    }
    let is_own = |other: &&Arc<Record>| {
        OrderKind::Detour.is_of(other)
            && order_of(&world, other.text("detour_of")) == Some(order.id)
    };
    ui.horizontal_wrapped(|ui| {
        let button = ui.small_button(ctx.say(Text::new("推荐绕行", "Propose a detour")));
        let tip = ctx.tell(
            "以因它改道最多的车流的合法路线为绕行线，可拖动",
            "The legal way of most trucks that it displaces, to be dragged",
        );
        if button.on_hover_text(tip).clicked() {
            ctx.actions.planner(PlannerAction::Detour(order.id));
        }
        for detour in world.table(Kind::Restriction).iter().filter(is_own) {
            ui.label(note(ctx.tell("绕行", "Detour")));
            link(ui, ctx, detour);
        }
    });
}

fn link(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
    if ui.link(record.name()).clicked() {
        ctx.actions.select(record.id);
        if record.geometry.is_some() {
            ctx.actions.view(ViewAction::ShowRecord(record.id));
        }
    }
}
