//! The 24 hours of the day that is summed: truck·km in the rings, today and under the plan.

use egui::{Align2, FontId, Rect, Sense, Ui, pos2, vec2};

use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::parts::words::figure;
use crate::ui::widgets::{named, note, strong};

const HEIGHT: f32 = 84.0;
const BAR: f32 = 16.0;
/// Below the bars, for the hours.
const FOOT: f32 = 14.0;

/// Shows a pair of bars an hour; the hour of the time cursor is marked.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    let (old, new) = (&before.inside_by_hour, &after.inside_by_hour);
    let most = old.iter().chain(new).copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return;
    }
    ui.label(strong(ctx.tell("圈内货车·km，逐时", "Truck·km in the rings, by hour")));
    if !answer.is_today() {
        ui.horizontal(|ui| {
            for (color, words) in [
                (ctx.color(|t| t.muted), ctx.tell("灰：现状", "grey: today")),
                (
                    ctx.color(|t| t.accent),
                    ctx.tell("绿：方案（不计无路可走的车）", "green: plan, without those cut off"),
                ),
            ] {
                let (square, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                ui.painter().rect_filled(square, 0.0, color);
                ui.label(note(words));
            }
        });
    }
    let (rect, response) = ui.allocate_exact_size(vec2(24.0 * BAR, HEIGHT + FOOT), Sense::hover());
    let painter = ui.painter_at(rect);
    let (ink, accent, soft) =
        (ctx.color(|t| t.muted), ctx.color(|t| t.accent), ctx.color(|t| t.ground));
    let cursor = usize::from(answer.asked.at.hour().unsigned_abs());
    for (hour, (old, new)) in old.iter().zip(new).enumerate() {
        let left = rect.left() + BAR * hour as f32;
        let base = rect.top() + HEIGHT;
        if hour == cursor {
            let strip = Rect::from_min_max(pos2(left, rect.top()), pos2(left + BAR, base));
            painter.rect_filled(strip, 0.0, soft);
        }
        let bar = |from: f32, value: f64, color| {
            let top = base - (value / most) as f32 * (HEIGHT - 4.0);
            let shape = Rect::from_min_max(pos2(left + from, top), pos2(left + from + 6.0, base));
            painter.rect_filled(shape, 0.0, color);
        };
        bar(1.0, *old, ink);
        if !answer.is_today() {
            bar(8.0, *new, accent);
        }
        if hour % 6 == 0 {
            let at = pos2(left, base + 2.0);
            painter.text(at, Align2::LEFT_TOP, hour.to_string(), FontId::proportional(10.0), ink);
        }
    }
    let pairs = old.iter().zip(new).enumerate();
    let hours: Vec<String> = pairs
        .filter(|(_, (old, new))| **old > 0.0 || **new > 0.0)
        .map(|(hour, (old, new))| format!("{hour}: {} → {}", figure(*old), figure(*new)))
        .collect();
    named(&response, &hours.join("; "));
    response.on_hover_text(hours.join("\n"));
}
