//! Flows estimated from counts, looked at before they are written.

use egui::{Grid, RichText, ScrollArea, Ui};

use crate::domain::{Edit, Text};
use crate::network::counts::{CountFit, OdEstimate, ScaledFlow};
use crate::ui::action::RoadsAction;
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::{figure, signed};
use crate::ui::widgets::{empty, note, strong};

/// Off by more than this share, a count is not met.
const OFF: f64 = 0.05;

/// Shows flows that counts make likely, and takes them over.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, estimate: &OdEstimate) {
    ui.horizontal(|ui| {
        ui.label(strong(ctx.tell("由计数估算车流", "Flows estimated from counts")));
        let count = estimate.flows.len();
        let words = ctx.tell(
            format!("写入 {count} 股车流（假设）"),
            format!("Write {count} flows, as assumed"),
        );
        if ui.add_enabled(count > 0, egui::Button::new(words)).clicked() {
            write(ctx, estimate);
        }
        if ui.button(ctx.say(Text::new("取消", "Cancel"))).clicked() {
            ctx.actions.roads(RoadsAction::DropEstimate);
        }
        let rounds = estimate.rounds;
        ui.label(note(ctx.tell(
            format!(
                "全部走最快路线；已假设的（没有则各关口间均等）按计数反复缩放，矛盾处取折中，{rounds} 轮"
            ),
            format!(
                "quickest ways; what is assumed, else equal shares, is scaled to the counts, half way \
                 where they contradict, {rounds} rounds"
            ),
        )));
    });
    if estimate.fits.is_empty() && estimate.unused.is_empty() {
        empty(
            ui,
            ctx.tell("没有可用的计数", "There are no counts"),
            ctx.tell(
                "给拥堵怠速记录填写时段和货车流量，或在此页粘贴“名称、每日辆数”两列",
                "Give congestion records hours and trucks, or paste two columns here: name, trucks \
                 a day",
            ),
        );
        return;
    }
    ScrollArea::both().id_salt("estimate").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| fits_ui(ui, ctx, estimate));
            ui.add_space(24.0);
            ui.vertical(|ui| flows_ui(ui, ctx, estimate));
        });
    });
}

fn fits_ui(ui: &mut Ui, ctx: &Ctx<'_>, estimate: &OdEstimate) {
    Grid::new("fits").num_columns(5).spacing([16.0, 4.0]).show(ui, |ui| {
        for words in [
            Text::new("计数 辆/日", "Count, trucks/d"),
            Text::new("观测", "observed"),
            Text::new("其中实测车流", "measured flows"),
            Text::new("估算", "estimated"),
            Text::new("残差", "residual"),
        ] {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        for fit in &estimate.fits {
            let CountFit { count, fixed, estimated } = fit;
            ui.label(&count.name);
            ui.label(figure(count.per_day));
            ui.label(figure(*fixed));
            ui.label(figure(*estimated));
            let residual = fixed + estimated - count.per_day;
            let is_met = residual.abs() <= OFF * count.per_day.max(1.0);
            let text = RichText::new(signed(residual));
            ui.label(if is_met {
                text
            } else {
                strong(signed(residual)).color(ctx.color(|t| t.act))
            });
            ui.end_row();
        }
        for (name, why) in &estimate.unused {
            ui.label(name);
            ui.label(note(ctx.tell("未用", "not used")));
            ui.label(RichText::new(ctx.say(*why)).small().color(ctx.color(|t| t.watch)));
            ui.end_row();
        }
    });
    ui.label(note(ctx.tell(
        "拥堵记录按 货车流量 × 时段小时数 折算，时段外的货车不在内",
        "Congestion counts as trucks an hour times hours a day: trucks of other hours are not in it",
    )));
}

fn flows_ui(ui: &mut Ui, ctx: &Ctx<'_>, estimate: &OdEstimate) {
    let name = |gate: usize| estimate.gates.get(gate).map_or("", |gate| &gate.name);
    Grid::new("estimated flows").num_columns(2).spacing([16.0, 4.0]).show(ui, |ui| {
        ui.label(note(ctx.tell("车流", "Flow")));
        ui.label(note(ctx.tell("辆/日", "trucks/d")));
        ui.end_row();
        for ScaledFlow { from, to, before, after, record, .. } in &estimate.flows {
            ui.label(format!("{} → {}", name(*from), name(*to)));
            let after = figure(*after);
            ui.label(match record {
                Some(_) => format!("{} → {after}", figure(*before)),
                None => ctx.tell(format!("新增 {after}"), format!("new {after}")),
            });
            ui.end_row();
        }
    });
}

/// One undo step.
fn write(ctx: &Ctx<'_>, estimate: &OdEstimate) {
    let stamp = ctx.stamp();
    let mut ids = crate::settings::clock::ids(&stamp);
    let changes = estimate.changes(&ctx.world(), &stamp, &mut ids);
    if !changes.is_empty() {
        ctx.actions.apply(Edit::of(changes));
    }
    ctx.actions.roads(RoadsAction::DropEstimate);
}
