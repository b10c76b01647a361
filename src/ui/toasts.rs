//! Messages over the lower left of the map that stop nobody: they cover neither a panel nor what
//! stands at the edges of the map. What must be acted on stays until it is dismissed.

use std::path::{Path, PathBuf};

use egui::{Align2, Area, Frame, Margin, Rect, ScrollArea, Stroke, Ui};
use lucide_icons::Icon;

use super::action::{Action, DataAction};
use super::ctx::Ctx;
use super::model::{Toast, Tone, Way};
use super::widgets::{icon, named};
use crate::domain::{Localized as _, Text};
use crate::settings::desktop;
use crate::ui::action::WindowAction;

/// A message that reports success goes by itself, seconds.
const GOES_AFTER_S: f64 = 6.0;
/// Words longer than this go on in the next line, points.
const WIDEST: f32 = 480.0;

/// Of the area of all messages.
pub fn id() -> egui::Id {
    egui::Id::unique("toasts")
}

/// `free` is the part of the map that nothing else needs.
pub fn ui(ui: &Ui, ctx: &Ctx<'_>, free: Option<Rect>) {
    let Some(free) = free.filter(|_| !ctx.toasts.is_empty()) else { return };
    let now = ui.input(|input| input.time);
    Area::new(id())
        .pivot(Align2::LEFT_BOTTOM)
        .fixed_pos(free.left_bottom())
        // Below dialogs, which are brought to the top.
        .order(egui::Order::Middle)
        .show(ui.ctx(), |ui| {
            // More of them than a low map has room for are scrolled, the newest in sight.
            ScrollArea::vertical()
                .max_height(free.height())
                .min_scrolled_height(free.height())
                .stick_to_bottom(true)
                .show(ui, |ui| {
                    for toast in &ctx.toasts {
                        toast_ui(ui, ctx, toast, now, free.width().min(WIDEST));
                    }
                });
        });
}

fn toast_ui(ui: &mut Ui, ctx: &Ctx<'_>, toast: &Toast, now: f64, width: f32) {
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
            ctx.actions.window(WindowAction::Dismiss(toast.id));
        } else {
            ui.ctx().request_repaint_after_secs((GOES_AFTER_S - (now - born)) as f32 + 0.05);
        }
    }
    Frame::NONE
        .fill(ctx.color(|t| t.panel))
        .stroke(Stroke::new(1.0, ctx.color(|t| t.line)))
        .corner_radius(6)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            // Beside the words: mark, cross and margins.
            let room = (width - 96.0).max(120.0);
            ui.horizontal_top(|ui| {
                ui.label(icon(mark).color(edge).size(18.0));
                ui.vertical(|ui| {
                    ui.set_max_width(room);
                    ui.add(egui::Label::new(toast.words.say(ctx.lang())).wrap());
                    way_ui(ui, ctx, toast);
                });
                let close = ui.add(egui::Button::new(icon(Icon::X)).frame_when_inactive(false));
                named(&close, ctx.say(Text::new("关闭消息", "Dismiss")));
                if close.clicked() {
                    ctx.actions.window(WindowAction::Dismiss(toast.id));
                }
            });
        });
    ui.add_space(4.0);
}

/// What can be done about it.
fn way_ui(ui: &mut Ui, ctx: &Ctx<'_>, toast: &Toast) {
    if toast.ways.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (words, way) in &toast.ways {
            if !ui.button(ctx.say(*words)).clicked() {
                continue;
            }
            match way {
                Way::Command(command) => ctx.actions.command(*command),
                Way::TakeBack => ctx.actions.send(Action::Data(DataAction::Back(1))),
                Way::Open(file) => show(ctx, file.clone(), desktop::open),
                Way::ShowInFolder(file) => show(ctx, file.clone(), desktop::show_in_folder),
            }
            ctx.actions.window(WindowAction::Dismiss(toast.id));
        }
    });
}

/// Asks the desktop, off this thread.
fn show(ctx: &Ctx<'_>, file: PathBuf, ask: fn(&Path) -> std::io::Result<()>) {
    ctx.actions.work("desktop", move |_| match ask(&file) {
        Ok(()) => Action::Nothing,
        Err(error) => {
            let file = file.display();
            Action::Say(Toast::watch(
                format!("系统未能打开，请到文件夹中打开：{file}（{}）", error.zh()),
                format!("The system could not open it, open it from its folder: {file}: {error}"),
            ))
        }
    });
}
