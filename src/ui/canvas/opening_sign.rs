//! What the map says while a district is on its way from the disk.

use std::time::Duration;

use egui::{Align2, Area, FontId, Frame, Order, ProgressBar, Rect, Ui, vec2};

use crate::domain::Text;
use crate::ui::action::{Action, FileAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::opening::Opening;
use crate::ui::widgets::note;

/// How often the count is shown anew.
const EVERY: Duration = Duration::from_millis(100);

/// In the middle of an empty map, at the top of one that shows something already.
pub fn ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, top: f32) {
    if let Some(opening) = &ctx.opening {
        ui.ctx().request_repaint_after(EVERY);
        sign_ui(ui, ctx, rect, top, opening);
    } else if ctx.district.is_none() {
        let words =
            ctx.tell("没有打开的区域文件：按 Ctrl+O 打开", "No district is open: Ctrl+O opens one");
        let font = FontId::proportional(20.0);
        let ink = ctx.color(|t| t.muted);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, font, ink);
    }
}

fn sign_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, top: f32, opening: &Opening) {
    let is_in_sight = ctx.district.is_some() || ctx.glimpse.is_some();
    let (pivot, at) = if is_in_sight {
        (Align2::CENTER_TOP, egui::pos2(rect.center().x, top))
    } else {
        (Align2::CENTER_CENTER, rect.center())
    };
    Area::new(egui::Id::unique("opening"))
        .pivot(pivot)
        .fixed_pos(at)
        .order(Order::Middle)
        .constrain_to(rect)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(10).show(ui, |ui| {
                ui.set_max_width((rect.width() - 140.0).clamp(200.0, 460.0));
                ui.horizontal(|ui| {
                    ui.label(words(ctx, opening));
                    let stop = ctx.say(Text::new("取消", "Cancel"));
                    let may_stop = !opening.progress.is_cancelled();
                    if ui.add_enabled(may_stop, egui::Button::new(stop)).clicked() {
                        ctx.actions.send(Action::File(FileAction::StopOpening));
                    }
                });
                if let Some(share) = opening.progress.share() {
                    ui.add(ProgressBar::new(share).desired_height(4.0));
                }
                if ctx.glimpse.is_some() {
                    ui.add(egui::Label::new(note(rest_words(ctx))).wrap());
                }
                ui.allocate_space(vec2(0.0, 0.0));
            });
        });
}

/// `正在读取 丰润 · 423000/1010520 条`; the whole is a bound where records were deleted.
fn words(ctx: &Ctx<'_>, opening: &Opening) -> String {
    let name = opening.path.file_stem().unwrap_or_default().to_string_lossy();
    let (done, total) = (opening.progress.done(), opening.progress.total());
    if total == 0 {
        return ctx.tell(format!("正在打开 {name}…"), format!("Opening {name}…"));
    }
    let done = done.min(total);
    ctx.tell(
        format!("正在读取 {name} · {done}/{total} 条"),
        format!("Reading {name} · {done} of {total} records"),
    )
}

fn rest_words(ctx: &Ctx<'_>) -> String {
    let is_part = ctx.glimpse.as_ref().is_some_and(|glimpse| glimpse.extent.is_some());
    if is_part {
        ctx.tell(
            "地图先显示此处；别处、查找、统计和修改，读完后可用",
            "The map shows this place first; other places, search, counts and edits follow",
        )
    } else {
        ctx.tell(
            "地图已可看；查找、统计和修改，读完后可用",
            "The map is here already; search, counts and edits follow",
        )
    }
}
