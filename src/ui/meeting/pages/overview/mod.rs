//! 总览: what leaders look at first.

mod changes;
mod figures;
mod sprint;
mod weeks;
mod who;

use egui::Ui;

use super::Page;
use super::bars::rates_now_and_then;
use super::bars::{By, rate_ui};
use super::lay::{Part, parts_ui, rows_ui, title_ui};
use crate::domain::{SiteKind, Text};
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{empty, note};

/// The figures with what they are compared with, the sprint, who answers for what, what changed, and
/// two charts.
pub struct Overview;

impl Page for Overview {
    fn key(&self) -> &'static str {
        "overview"
    }

    fn title(&self) -> Text {
        Text::new("总览", "Overview")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if ctx.world().is_empty() {
            let what = ctx.tell("区域里还没有数据", "The district is empty");
            let next = "把点位表拖到窗口上导入，或按 Ctrl+I";
            empty(ui, what, ctx.tell(next, "Drop a table on the window, or press Ctrl+I"));
            return;
        }
        let parts: Vec<Part<'_>> = vec![
            (1.15, Box::new(|ui, is_alone| figures::ui(ui, ctx, is_alone))),
            (1.15, Box::new(|ui, is_alone| who::ui(ui, ctx, is_alone))),
            (0.85, Box::new(|ui, is_alone| townships_ui(ui, ctx, is_alone))),
            (0.85, Box::new(|ui, is_alone| weeks::ui(ui, ctx, is_alone))),
        ];
        parts_ui(ui, "overview", parts);
    }
}

/// Construction sites up to standard by township; townships where nothing was inspected are left out.
fn townships_ui(ui: &mut Ui, ctx: &Ctx<'_>, is_alone: bool) {
    title_ui(ui, ctx.say(Text::new("各乡镇工地达标率", "Construction up to standard")));
    let mut rates = rates_now_and_then(ctx, SiteKind::Construction, By::Township);
    rates.retain(|(rate, _)| rate.inspected > 0);
    if rates.is_empty() {
        ui.label(note(ctx.tell("还没有检查过的工地", "No construction site was inspected yet")));
    }
    rows_ui(ui, ctx, "township rates", is_alone, rates.len(), |ui, place| {
        let Some((rate, before)) = rates.get(place) else { return };
        if rate_ui(ui, ctx, SiteKind::Construction, By::Township, rate, *before) {
            ctx.actions.meeting(MeetingAction::Open("standards"));
        }
    });
}
