//! Today and the plan side by side, both with roads from white to red: on one map with a line that is
//! dragged to and fro, or on two maps of the same place.

use egui::{Align2, Button, Color32, FontId, Order, Painter, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::domain::Text;
use crate::ui::action::PlannerAction;
use crate::ui::canvas::{Pane, label};
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::model::planning::Beside;
use crate::ui::parts::words::figure;
use crate::ui::widgets::{named, note, strong};

/// Of the handle, points.
const HANDLE: [f32; 2] = [26.0, 54.0];
/// So much of the map stays on either side, as a share.
const LEAST: f32 = 0.05;

const WORDS: Text = Text::new("左右对照", "Side by side");
const MAPS: Text = Text::new("两图并列", "Two maps");
const PLAN_SIDE: Text = Text::new("方案", "Plan");

/// Where the line stands on the screen, points; `None` while the two are not side by side.
pub fn place(ctx: &Ctx<'_>, answer: &Answer, rect: Rect) -> Option<f32> {
    let Beside::Line(share) = ctx.planner.beside else { return None };
    if answer.is_today() {
        return None;
    }
    Some(rect.left() + share * rect.width())
}

/// What lies at the left of the line and at its right.
pub fn halves(rect: Rect, x: f32) -> [Rect; 2] {
    [
        Rect::from_min_max(rect.min, pos2(x, rect.bottom())),
        Rect::from_min_max(pos2(x, rect.top()), rect.max),
    ]
}

/// The line, and which side is which.
pub fn over(painter: &Painter, ctx: &Ctx<'_>, rect: Rect, x: f32) {
    painter.vline(x, rect.y_range(), Stroke::new(5.0, ctx.color(|t| t.halo)));
    painter.vline(x, rect.y_range(), Stroke::new(2.0, ctx.color(|t| t.ink)));
    let y = rect.bottom() - 64.0;
    let (left, right) = (ctx.say(super::words::TODAY), ctx.say(PLAN_SIDE));
    label(painter, ctx, pos2(x + 12.0, y), right, rect);
    let font = FontId::proportional(13.0);
    let size = painter.layout_no_wrap(left.to_owned(), font, Color32::PLACEHOLDER).size();
    label(painter, ctx, pos2(x - 24.0 - size.x, y), left, rect);
}

/// By which the line is dragged.
pub fn handle_ui(ui: &Ui, ctx: &Ctx<'_>, answer: &Answer, rect: Rect) {
    let Some(x) = place(ctx, answer, rect) else { return };
    let [width, height] = HANDLE;
    egui::Area::new(egui::Id::unique("swipe"))
        .fixed_pos(pos2(x - width / 2.0, rect.center().y - height / 2.0))
        .order(Order::Middle)
        .constrain(false)
        .show(ui.ctx(), |ui| {
            let (handle, response) = ui.allocate_exact_size(vec2(width, height), Sense::drag());
            named(&response, ctx.say(Text::new("对照分界线", "Line between the sides")));
            let painter = ui.painter();
            let edge = Stroke::new(1.5, ctx.color(|t| t.ink));
            painter.rect(handle, 8.0, ctx.color(|t| t.panel), edge, egui::StrokeKind::Inside);
            let (font, ink) = (FontId::proportional(16.0), ctx.color(|t| t.ink));
            painter.text(handle.center(), Align2::CENTER_CENTER, "⇔", font, ink);
            if response.hovered() || response.dragged() {
                ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
            }
            if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
                let share = (at.x - rect.left()) / rect.width().max(1.0);
                let share = share.clamp(LEAST, 1.0 - LEAST);
                ctx.actions.planner(PlannerAction::Beside(Beside::Line(share)));
            }
        });
}

/// Which of two maps this is.
pub fn name_pane(painter: &Painter, ctx: &Ctx<'_>, rect: Rect, pane: Pane) {
    let words = match pane {
        Pane::Only => return,
        Pane::Before => ctx.say(super::words::TODAY),
        Pane::After => ctx.say(PLAN_SIDE),
    };
    label(painter, ctx, pos2(rect.center().x, rect.bottom() - 64.0), words, rect);
}

/// Puts the two side by side, or shows the differences again.
pub fn switch_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let now = ctx.planner.beside;
    ui.horizontal(|ui| {
        for (words, tip, is_on, how) in [
            (
                WORDS,
                Text::new(
                    "左边现状、右边方案，拖动中间的线对照",
                    "Today at the left, the plan at the right; drag the line between them",
                ),
                matches!(now, Beside::Line(_)),
                Beside::Line(0.5),
            ),
            (
                MAPS,
                Text::new(
                    "两幅图并列：左图现状、右图方案，一起移动和缩放",
                    "Two maps, today and the plan, which move and zoom together",
                ),
                now == Beside::Maps,
                Beside::Maps,
            ),
        ] {
            let button = ui.add(Button::selectable(is_on, ctx.say(words)));
            named(&button, ctx.say(words));
            if button.on_hover_text(ctx.say(tip)).clicked() {
                let next = if is_on { Beside::Apart } else { how };
                ctx.actions.planner(PlannerAction::Beside(next));
            }
        }
    });
}

/// What the lines mean while the two are side by side.
pub fn rows_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let moment = answer.asked.at.strftime("%m-%d %H:%M");
    let plan = &answer.asked.plan;
    ui.label(strong(ctx.tell(
        format!("左 现状 ｜ 右 {plan} · {moment}"),
        format!("left today | right {plan} · {moment}"),
    )));
    let most = figure(answer.lines.most);
    ui.horizontal(|ui| {
        scale_ui(ui, ctx);
        ui.label(
            ctx.tell(format!("白少红多，最多 {most} 辆/日"), format!("white to red, to {most} /d")),
        );
    });
    // Half a map has no room for what the whole one tells.
    if ctx.planner.beside != Beside::Maps {
        super::closed::legend_ui(ui, ctx, answer);
        super::marks::legend_ui(ui, ctx, answer);
    }
    if matches!(ctx.planner.beside, Beside::Line(_)) {
        ui.label(note(ctx.tell("拖动分界线对照", "drag the line to compare")));
    }
    switch_ui(ui, ctx);
}

/// From white to red, as roads are.
pub fn scale_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    const STEPS: u8 = 8;
    let (response, painter) = ui.allocate_painter(vec2(64.0, 14.0), Sense::empty());
    let step = response.rect.width() / f32::from(STEPS);
    for number in 0..STEPS {
        let color = Color32::WHITE
            .lerp_to_gamma(ctx.color(|t| t.act), f32::from(number) / f32::from(STEPS - 1));
        let corner = response.rect.left_top() + vec2(f32::from(number) * step, 3.0);
        painter.rect_filled(Rect::from_min_size(corner, vec2(step, 8.0)), 0.0, color);
    }
    let frame = response.rect.shrink2(vec2(0.0, 3.0));
    let edge = Stroke::new(1.0, ctx.color(|t| t.muted));
    painter.rect_stroke(frame, 0.0, edge, egui::StrokeKind::Inside);
}
