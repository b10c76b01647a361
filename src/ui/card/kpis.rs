//! The figures of the bar on the card, while nothing is selected. What they say stands in
//! `parts::kpi`.

use egui::{RichText, Ui};

use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::parts::kpi::{button_ui, compared_with, kpis};
use crate::ui::widgets::{note, strong};

/// The figures of the bar, one below the other, and the way to the page that says more.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let kpis = kpis(ctx);
    if kpis.is_empty() {
        return;
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new(ctx.tell("概况", "At a glance")).heading());
        if let Some(with) = compared_with(ctx) {
            ui.label(note(with));
        }
    });
    for kpi in &kpis {
        let name = format!("{} · {}", ctx.tell("概况", "at a glance"), kpi.name());
        button_ui(ui, ctx, kpi, &name, |ui| {
            ui.horizontal(|ui| {
                ui.set_min_width(ui.available_width());
                ui.label(RichText::new(kpi.words).color(ctx.color(|t| t.muted)));
                ui.label(strong(&kpi.value).color(kpi.color(ctx)));
                ui.label(note(kpi.aside.trim()));
                if let Some(trend) = &kpi.trend {
                    ui.label(trend.text(ctx));
                }
            });
        });
    }
    if ui.link(ctx.tell("打开总览（0）", "Open the overview (0)")).clicked() {
        ctx.actions.command(Command::Overview);
    }
    ui.add_space(8.0);
}
