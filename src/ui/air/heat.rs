//! Every hour of the last weeks at a glance: days side by side, their hours one below the other.

use egui::{Align2, FontId, Rect, Sense, Stroke, TextStyle, Ui, pos2, vec2};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::numbers::csv_ui;
use super::place::{place_name, place_ui, shown_place};
use crate::analysis::air::{DistrictFigures, Hour, Quantity, StationHours};
use crate::ui::action::AirAction;
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::{hour_words, level_color, number_words, short_name};
use crate::ui::widgets::{named, note};

/// Days that are shown at most.
const DAYS: i32 = 62;

/// Shows it; a click goes to the hour.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
    let place = shown_place(ctx, figures);
    let hours = place.place.map_or(Some(&figures.mean), |id| {
        ctx.air.hours.as_ref().and_then(|hours| hours.stations.get(&id))
    });
    let Some(hours) = hours else { return };
    let last = figures.through;
    let first = place.days.first().map_or(last, |day| day.date);
    let first = first.max(last.saturating_sub((DAYS - 1).days()));
    let quantity = ctx.air.quantity;
    let days: Vec<Date> = first.series(1.day()).take_while(|day| *day <= last).collect();
    ui.horizontal(|ui| {
        place_ui(ui, ctx, place);
        ui.label(note(ctx.tell(
            "横为日期，竖为 1–24 时，颜色为小时级别，斜线为无数据；单击看那一小时",
            "days across, hours 1–24 down, the colour is the level of the hour, a stroke is no data; click to go there",
        )));
        let name = format!("{}_{}_{first}_{last}", place_name(ctx, place), quantity.symbol());
        csv_ui(ui, ctx, &name, || rows(ctx, hours, &days));
    });
    grid_ui(ui, ctx, hours, &days);
}

fn rows(ctx: &Ctx<'_>, hours: &StationHours, days: &[Date]) -> Vec<Vec<String>> {
    let quantity = ctx.air.quantity;
    let head = [ctx.tell("日期", "day"), ctx.tell("时（时段结束）", "hour (its end)")];
    let head = head.into_iter().chain([format!("{} {}", quantity.symbol(), quantity.unit())]);
    let mut rows = vec![head.collect::<Vec<_>>()];
    for day in days {
        for label in 1..=24 {
            let value = hours.value(quantity, Hour::of_day(*day, label));
            let text = value.map_or_else(String::new, |it| number_words(quantity, it.value));
            rows.push(vec![day.to_string(), label.to_string(), text]);
        }
    }
    rows
}

fn grid_ui(ui: &mut Ui, ctx: &Ctx<'_>, hours: &StationHours, days: &[Date]) {
    let quantity: Quantity = ctx.air.quantity;
    let small: FontId = TextStyle::Small.resolve(ui.style());
    let size = vec2(ui.available_width(), ui.available_height().max(120.0));
    let (response, painter) = ui.allocate_painter(size, Sense::click());
    named(&response, &ctx.tell("小时热力图", "Heat map of hours"));
    let frame = response.rect;
    let (left, head) = (small.size * 2.2, small.size + 4.0);
    let room = Rect::from_min_max(frame.min + vec2(left, 0.0), frame.max - vec2(0.0, head));
    let cell = vec2((room.width() / days.len().max(1) as f32).min(26.0), room.height() / 24.0);
    let (muted, ground) = (ctx.color(|t| t.muted), ctx.color(|t| t.ground));
    let mut free = frame.left();
    for (x, day) in days.iter().enumerate() {
        let at = |label: u8| {
            let corner = vec2(x as f32 * cell.x, f32::from(label - 1) * cell.y);
            Rect::from_min_size(room.min + corner, cell).shrink(0.5)
        };
        for label in 1..=24_u8 {
            let rect = at(label);
            if let Some(value) = hours.value(quantity, Hour::of_day(*day, label)) {
                painter.rect_filled(rect, 0.0, level_color(value.level()));
            } else {
                painter.rect_filled(rect, 0.0, ground);
                let stroke = Stroke::new(1.0, muted.gamma_multiply(0.35));
                painter.line_segment([rect.left_bottom(), rect.right_top()], stroke);
            }
        }
        if days.len() < 20 || day.day() % 5 == 1 {
            let words = day.strftime("%m-%d").to_string();
            let name = painter.layout_no_wrap(words, small.clone(), muted);
            let width = name.size().x;
            // Within the picture, and beside the name before.
            let x = (at(24).center().x - width / 2.0).min(frame.right() - width).max(frame.left());
            if x >= free {
                free = x + width + 4.0;
                painter.galley(pos2(x, room.bottom() + 2.0), name, muted);
            }
        }
    }
    for label in [1_u8, 6, 12, 18, 24] {
        let y = room.top() + (f32::from(label) - 0.5) * cell.y;
        let at = pos2(room.left() - 4.0, y);
        painter.text(at, Align2::RIGHT_CENTER, label.to_string(), small.clone(), muted);
    }
    let hovered = response.hover_pos().filter(|at| room.contains(*at));
    let hour = hovered.and_then(|at| {
        let off = at - room.min;
        let day = days.get((off.x / cell.x) as usize)?;
        Some(Hour::of_day(*day, (off.y / cell.y) as u8 % 24 + 1))
    });
    let Some(hour) = hour else { return };
    if response.clicked() {
        ctx.actions.air(AirAction::Go(hour));
    }
    let said = hours.value(quantity, hour).map_or_else(
        || ctx.tell("无数据", "no data"),
        |value| {
            let words = number_words(quantity, value.value);
            format!("{words} {} {}", quantity.unit(), ctx.say(short_name(value.level())))
        },
    );
    response.on_hover_text_at_pointer(format!("{} {said}", hour_words(ctx, hour)));
}
