//! The figures of the bar, large.

use egui::{Align, Layout, RichText, ScrollArea, TextStyle, Ui, vec2};

use super::{changes, sprint};
use crate::domain::Text;
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::em;
use crate::ui::model::meetings::Since;
use crate::ui::parts::kpi::{Kpi, button_ui, compared_with, kpis};
use crate::ui::widgets::{note, words_width};

/// The figures, large, and below them the sprint and what changed.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, is_alone: bool) {
    if is_alone {
        let area = ScrollArea::vertical().id_salt("figures").auto_shrink(false);
        area.show(ui, |ui| content_ui(ui, ctx));
    } else {
        content_ui(ui, ctx);
    }
}

fn content_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    since_ui(ui, ctx);
    let kpis = kpis(ctx);
    let least = em(ui) * 11.5;
    let width = ui.available_width();
    let columns = ((width / least) as usize).clamp(1, kpis.len().max(1));
    let card = width / columns as f32 - 8.0;
    for row in kpis.chunks(columns) {
        ui.horizontal_top(|ui| row.iter().for_each(|kpi| kpi_ui(ui, ctx, kpi, card)));
    }
    ui.add_space(em(ui) * 0.5);
    sprint::ui(ui, ctx);
    ui.add_space(em(ui) * 0.5);
    changes::ui(ui, ctx);
}

/// What is compared with: a choice, and the moment that it means. Off the big screen the panel has
/// the choice already.
fn since_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.horizontal_wrapped(|ui| {
        let choices = [
            (Since::Week, Text::new("与一周前比", "against a week ago")),
            (Since::Meeting, Text::new("与上次会议比", "against the last meeting")),
        ];
        for (since, words) in choices.into_iter().filter(|_| ctx.is_presenting()) {
            if ui.selectable_label(ctx.meeting.since == since, ctx.say(words)).clicked() {
                ctx.actions.meeting(MeetingAction::Since(since));
            }
        }
        let nothing = || ctx.tell("当时还没有数据，无法比较", "nothing is known of then");
        ui.label(note(compared_with(ctx).unwrap_or_else(nothing)));
    });
}

fn kpi_ui(ui: &mut Ui, ctx: &Ctx<'_>, kpi: &Kpi, width: f32) {
    let layout = Layout::top_down(Align::Min);
    ui.allocate_ui_with_layout(vec2(width, em(ui) * 5.0), layout, |ui| {
        ui.set_width(width);
        let name = format!("{} · {}", ctx.tell("总览", "overview"), kpi.name());
        button_ui(ui, ctx, kpi, &name, |ui| {
            ui.set_width(width - 8.0);
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.label(RichText::new(kpi.words).color(ctx.color(|t| t.muted)));
            let value = RichText::new(&kpi.value).text_style(TextStyle::Name("value".into()));
            let value = value.color(kpi.color(ctx));
            let aside = RichText::new(kpi.aside.trim()).color(kpi.color(ctx));
            let trend = kpi.trend.as_ref().map(|trend| trend.text(ctx));
            let widths = [Some(value.clone()), Some(aside.clone()), trend.clone()];
            let needed: f32 =
                widths.into_iter().flatten().map(|it| words_width(ui, it) + 8.0).sum();
            let has_aside = !kpi.aside.is_empty();
            let is_below = has_aside && needed > width - 8.0;
            ui.horizontal(|ui| {
                ui.label(value);
                if has_aside && !is_below {
                    ui.label(aside.clone());
                }
                if let Some(trend) = trend {
                    ui.label(trend);
                }
            });
            if is_below {
                ui.label(aside);
            }
            ui.label(note(&kpi.note));
            ui.add_space(4.0);
        });
    });
}
