//! Orders whose roads have changed since they were drawn, and how to lead them along the new ones.

use std::sync::Arc;

use egui::{RichText, Ui};
use lucide_icons::Icon;

use crate::domain::{Change, Edit, Record, Text};
use crate::network::stale_alignment::StaleAlignment;
use crate::ui::action::ViewAction;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{icon, named};

const AGAIN: Text = Text::new("重新沿路", "Follow the roads again");
const EDIT: Text = Text::new("改途经点", "Edit the waypoints");

/// Lists orders that lie beside their roads, and leads them along the new ones.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, drifts: &[StaleAlignment]) {
    let whole: Vec<&StaleAlignment> = drifts.iter().filter(|drift| is_whole(drift)).collect();
    if whole.len() > 1 {
        let words = ctx.tell(
            format!("全部 {} 条重新沿路", whole.len()),
            format!("Lead all {} along the roads again", whole.len()),
        );
        if ui.button(words).clicked() {
            follow(ctx, &whole);
        }
    }
    for drift in drifts {
        ui.horizontal(|ui| row_ui(ui, ctx, drift));
    }
}

/// Whether all of its waypoints still lie on roads that join them.
const fn is_whole(drift: &StaleAlignment) -> bool {
    drift.lost.is_empty() && drift.apart.is_empty()
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, drift: &StaleAlignment) {
    ui.label(icon(Icon::TriangleAlert).color(ctx.color(|t| t.watch)));
    let words = words(ctx, drift);
    let look = ui.link(RichText::new(&words).color(ctx.color(|t| t.ink)));
    let tip = ctx.say(Text::new("在图上看", "Show it on the map"));
    if look.on_hover_text(tip).clicked() {
        ctx.actions.select(drift.order);
        ctx.actions.view(ViewAction::ShowRecord(drift.order));
    }
    let fix = if is_whole(drift) { AGAIN } else { EDIT };
    let button = ui.small_button(ctx.say(fix));
    named(&button, &format!("{}: {}", ctx.say(fix), drift.name));
    if !button.clicked() {
        return;
    }
    if is_whole(drift) {
        follow(ctx, &[drift]);
    } else {
        ctx.actions.select(drift.order);
        ctx.actions.view(ViewAction::ShowRecord(drift.order));
        ctx.actions.command(Command::EditShape);
    }
}

fn words(ctx: &Ctx<'_>, drift: &StaleAlignment) -> String {
    let (name, moved_m) = (&drift.name, drift.moved_m);
    let numbers = |places: &[usize]| {
        let places: Vec<String> = places.iter().map(ToString::to_string).collect();
        places.join(&ctx.tell("、", ", "))
    };
    if !drift.lost.is_empty() {
        let lost = numbers(&drift.lost);
        return ctx.tell(
            format!("{name}：道路已变，途经点 {lost} 已不在道路上"),
            format!("{name}: the roads have changed; waypoints {lost} lie on no road"),
        );
    }
    if !drift.apart.is_empty() {
        let apart = numbers(&drift.apart);
        return ctx.tell(
            format!("{name}：道路已变，途经点 {apart} 之后没有道路相连"),
            format!("{name}: the roads have changed; none leads on from waypoints {apart}"),
        );
    }
    if drift.is_unbound && drift.moved_m < 1.0 {
        return ctx.tell(
            format!("{name}：所经道路已删除或改为另一条，暂按画线就近取用，请重新沿路"),
            format!("{name}: a road that it was led along is gone; the nearest is taken meanwhile"),
        );
    }
    ctx.tell(
        format!("{name}：道路已变，线已移动 {moved_m:.0} m"),
        format!("{name}: the roads have changed, the line has moved by {moved_m:.0} m"),
    )
}

/// The shapes of now for all of them: one undo step.
fn follow(ctx: &Ctx<'_>, drifts: &[&StaleAlignment]) {
    let stamp = ctx.stamp();
    let changes = drifts.iter().filter_map(|drift| {
        let known = ctx.record(drift.order)?;
        let mut newer = Record::clone(known);
        drift.lead(&mut newer);
        newer.meta.change(&stamp);
        Some(Change::update(Arc::clone(known), newer))
    });
    ctx.actions.apply(Edit::of(changes.collect()));
}
