//! The trips that change, one by one.

use egui::{Button, RichText, ScrollArea, Ui};

use super::words::{ends, trip_words, who};
use crate::ui::action::PlannerAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::widgets::{empty, note};

const ROW: f32 = 28.0;

/// Shows the trips that a plan changes, one at a time.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    super::free_way::button_ui(ui, ctx);
    if answer.trips.is_empty() {
        empty(
            ui,
            ctx.tell("没有车流改道", "No trip changes"),
            ctx.tell(
                "换一个时刻看看，或核对措施的日期、时段和车型",
                "Try another moment, or look at the dates, hours and trucks of the orders",
            ),
        );
        ui.vertical_centered(|ui| super::results::elsewhen_ui(ui, ctx, answer));
        return;
    }
    ui.label(note(ctx.tell(
        "← → 逐条浏览；按住 B 看实施前",
        "← → goes from one to the next; hold B for before",
    )));
    let area = ScrollArea::vertical().id_salt("trips").auto_shrink(false);
    area.show_rows(ui, ROW, answer.trips.len(), |ui, rows| {
        for place in rows {
            let Some((flow, before, after)) = answer.trip(place) else { continue };
            let is_cut_off = before.route.is_some() && after.route.is_none();
            let words = RichText::new(trip_words(answer, place, ctx.lang()));
            let words = if is_cut_off { words.color(ctx.color(|t| t.act)) } else { words };
            let is_chosen = ctx.planner.trip == Some(place);
            let row = Button::selectable(
                is_chosen,
                (RichText::new(ends(answer, flow)), note(who(ctx, flow)), words),
            );
            if ui.add(row.min_size(egui::vec2(0.0, ROW - 4.0))).clicked() {
                ctx.actions.planner(PlannerAction::Trip(Some(place)));
            }
        }
    });
}
