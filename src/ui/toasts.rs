//! Messages at the lower right that stop nobody; what must be acted on stays until it is dismissed.

use egui::{Align2, Area, Frame, Margin, Stroke, Ui};
use lucide_icons::Icon;

use super::action::Action;
use super::ctx::Ctx;
use super::model::{Toast, Tone};
use super::widgets::{icon, named};
use crate::domain::Text;

/// A message that reports success goes by itself, seconds.
const GOES_AFTER_S: f64 = 6.0;

pub fn ui(ui: &Ui, ctx: &Ctx<'_>) {
    let now = ui.input(|input| input.time);
    Area::new(egui::Id::unique("toasts"))
        .anchor(Align2::CENTER_BOTTOM, [0.0, -56.0])
        .order(egui::Order::Foreground)
        .show(ui.ctx(), |ui| {
            for toast in &ctx.toasts {
                toast_ui(ui, ctx, toast, now);
                ui.add_space(6.0);
            }
        });
}

fn toast_ui(ui: &mut Ui, ctx: &Ctx<'_>, toast: &Toast, now: f64) {
    let (mark, edge) = match toast.tone {
        Tone::Done => (Icon::CircleCheck, ctx.color(|t| t.accent)),
        Tone::Watch => (Icon::TriangleAlert, ctx.color(|t| t.watch)),
        Tone::Act => (Icon::CircleAlert, ctx.color(|t| t.act)),
    };
    let born = ui.memory_mut(|memory| {
        *memory.data.get_temp_mut_or_insert_with(egui::Id::unique(("toast", toast.id)), || now)
    });
    if toast.tone == Tone::Done {
        if now - born > GOES_AFTER_S {
            ctx.actions.send(Action::Dismiss(toast.id));
        } else {
            ui.ctx().request_repaint_after_secs((GOES_AFTER_S - (now - born)) as f32 + 0.05);
        }
    }
    Frame::NONE
        .fill(ctx.color(|t| t.panel))
        .stroke(Stroke::new(1.0, ctx.color(|t| t.line)))
        .corner_radius(6)
        .inner_margin(Margin::symmetric(14, 10))
        .show(ui, |ui| {
            ui.set_max_width(560.0);
            ui.horizontal(|ui| {
                ui.label(icon(mark).color(edge).size(18.0));
                ui.add(egui::Label::new(ctx.said(&toast.words)).wrap());
                if let Some((words, command)) = toast.way
                    && ui.button(ctx.say(words)).clicked()
                {
                    ctx.actions.command(command);
                    ctx.actions.send(Action::Dismiss(toast.id));
                }
                let close = ui.add(egui::Button::new(icon(Icon::X)).frame_when_inactive(false));
                named(&close, ctx.say(Text::new("关闭消息", "Dismiss")));
                if close.clicked() {
                    ctx.actions.send(Action::Dismiss(toast.id));
                }
            });
        });
}
