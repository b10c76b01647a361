//! The timeline at the foot of the map: the district's curve with its gaps, and the one time cursor.

use egui::{
    Align2, Button, FontId, Painter, Pos2, Rect, Sense, Shape, Stroke, TextStyle, Ui, pos2, vec2,
};
use jiff::civil::Weekday;
use lucide_icons::Icon;

use crate::analysis::air::{DistrictFigures, Edition, Hour, Valued};
use crate::domain::Text;
use crate::ui::action::AirAction;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::air::SPANS_DAYS;
use crate::ui::parts::air::{
    age_words, hatch_rect, hour_words, level_color, short_name, value_words,
};
use crate::ui::widgets::{icon, icon_button, named, note, strong};

/// Of the panel, points.
pub const HEIGHT: f32 = 84.0;
/// Of the strip of levels under the curve, points.
const STRIP: f32 = 5.0;

/// Shows the buttons and the curve.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(figures) = ctx.air.figures.as_ref() else {
        ui.label(note(ctx.tell("正在计算空气指标…", "Computing the figures of the air…")));
        return;
    };
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.set_width(216.0 * ctx.text_scale().min(1.6));
            controls_ui(ui, ctx);
            said_ui(ui, ctx, figures);
        });
        curve_ui(ui, ctx, figures);
    });
}

fn controls_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let is_playing = ctx.air.plays_at.is_some();
        let mark = if is_playing { Icon::Pause } else { Icon::Play };
        let play = Button::new(icon(mark).size(17.0)).frame_when_inactive(false);
        let play = ui.add(play.min_size(egui::Vec2::splat(crate::ui::theme::TARGET)));
        let words = if is_playing { Text::new("停", "Stop") } else { Text::new("播放", "Play") };
        named(&play, ctx.say(words));
        let tip = ctx.tell(
            "播放：每步一小时，级别变化时停  空格",
            "Plays hour by hour and stops where the level changes  Space",
        );
        if play.on_hover_text(tip).clicked() {
            ctx.actions.command(Command::Play);
        }
        icon_button(ui, ctx, Command::Earlier, true);
        icon_button(ui, ctx, Command::Later, true);
        let live = Button::selectable(ctx.planner.is_live, ctx.say(Text::new("实时", "Live")));
        let live = ui.add(live);
        if live.on_hover_text(ctx.tell("回到实时  Shift+I", "Back to now  Shift+I")).clicked() {
            ctx.actions.air(AirAction::Live);
        }
        for days in SPANS_DAYS {
            let words = ctx.tell(format!("{days}天"), format!("{days} d"));
            if ui.add(Button::selectable(ctx.air.span_days == days, words)).clicked() {
                ctx.actions.air(AirAction::Span(days));
            }
        }
    });
}

/// The moment and what the district's mean is then.
fn said_ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
    let quantity = ctx.air.quantity;
    let seen = ctx.seen(&figures.mean);
    let hour = seen.filter(|_| ctx.planner.is_live).map_or(ctx.air_hour(), |it| it.moment.hour);
    ui.horizontal(|ui| {
        ui.label(strong(hour_words(ctx, hour)));
        let Some(seen) = seen.filter(|seen| ctx.planner.is_live || !seen.is_stale) else {
            ui.label(note(ctx.tell("无数据", "no data")));
            return;
        };
        let value = value_words(quantity, seen.moment.valued);
        let level = seen.moment.valued.map_or("", |it| ctx.say(short_name(it.level())));
        ui.label(format!("{} {value} {level}", quantity.symbol()));
        if ctx.planner.is_live {
            ui.label(note(age_words(ctx, seen.age)));
        }
    });
}

/// The hours that are seen: up to the last value, or to now where that is later by little.
fn span(ctx: &Ctx<'_>) -> Option<(Hour, i32)> {
    let (_, last) = ctx.air.hours.as_ref()?.ends?;
    let count = ctx.air.span_days * 24;
    let mut first = last.plus(1 - count);
    // A cursor further back is followed.
    let cursor = ctx.air_base();
    if cursor.since(first) < 0 {
        first = cursor.plus(-count / 4);
    }
    Some((first, count))
}

fn curve_ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
    let Some((first, count)) = span(ctx) else { return };
    let size = vec2(ui.available_width(), ui.available_height().max(40.0));
    let (response, painter) = ui.allocate_painter(size, Sense::click_and_drag());
    named(&response, ctx.say(Text::new("时间轴", "Timeline")));
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let frame = response.rect;
    let chart = Rect::from_min_max(frame.min, frame.max - vec2(0.0, font.size + 4.0 + STRIP));
    let width = frame.width() / count as f32;
    let x = |hour: Hour| frame.left() + hour.since(first) as f32 * width;
    let values: Vec<Option<Valued>> =
        (0..count).map(|at| figures.mean.value(ctx.air.quantity, first.plus(at))).collect();
    days(&painter, ctx, (first, count), frame, &x, &font);
    gaps(&painter, ctx, &values, chart.with_max_y(chart.max.y + STRIP), width);
    curve(&painter, ctx, &values, first, chart, width);
    // The cursor stands at the end of its hour.
    let at = x(ctx.air_base().plus(1)).clamp(frame.left() + 1.0, frame.right() - 1.0);
    let accent = ctx.color(|t| t.accent);
    painter.vline(at, frame.y_range(), Stroke::new(2.0, accent));
    let head =
        vec![pos2(at - 6.0, frame.top()), pos2(at + 6.0, frame.top()), pos2(at, frame.top() + 8.0)];
    painter.add(Shape::convex_polygon(head, accent, Stroke::NONE));
    let pointed = |at: Pos2| {
        let hours = ((at.x - frame.left()) / width).round().clamp(1.0, count as f32);
        first.plus(hours as i32 - 1)
    };
    if let Some(pointer) = response.interact_pointer_pos() {
        ctx.actions.air(AirAction::Go(pointed(pointer)));
    } else if let Some(pointer) = response.hover_pos() {
        let hour = pointed(pointer);
        let own = figures.mean.value(ctx.air.quantity, hour);
        let said = own.map_or_else(
            || ctx.tell("无数据", "no data"),
            |it| {
                format!(
                    "{} {}",
                    value_words(ctx.air.quantity, own),
                    ctx.say(short_name(it.level()))
                )
            },
        );
        let moment = hour_words(ctx, hour);
        response
            .on_hover_text_at_pointer(format!("{moment}  {} {said}", ctx.air.quantity.symbol()));
    }
}

/// A line and a date where each day begins.
fn days(
    painter: &Painter,
    ctx: &Ctx<'_>,
    (first, count): (Hour, i32),
    frame: Rect,
    x: &impl Fn(Hour) -> f32,
    font: &FontId,
) {
    let line = Stroke::new(1.0, ctx.color(|t| t.line));
    let mut free = frame.left();
    for hour in (0..count).map(|at| first.plus(at)).filter(|hour| hour.label() == 1) {
        let left = x(hour);
        painter.vline(left, frame.y_range(), line);
        let is_monday = hour.day().weekday() == Weekday::Monday;
        let color = if is_monday { ctx.color(|t| t.ink) } else { ctx.color(|t| t.muted) };
        let words = hour.day().strftime("%m-%d").to_string();
        let galley = painter.layout_no_wrap(words, font.clone(), color);
        if left + 3.0 >= free && left + 3.0 + galley.size().x <= frame.right() {
            free = left + galley.size().x + 12.0;
            painter.galley(pos2(left + 3.0, frame.bottom() - font.size - 3.0), galley, color);
        }
    }
}

/// Hours without a value are hatched: they are no zero.
fn gaps(painter: &Painter, ctx: &Ctx<'_>, values: &[Option<Valued>], chart: Rect, width: f32) {
    let stroke = Stroke::new(1.0, ctx.color(|t| t.muted).gamma_multiply(0.6));
    let mut at = 0;
    for run in values.chunk_by(|a, b| a.is_some() == b.is_some()) {
        if run.first().is_some_and(Option::is_none) {
            let left = chart.left() + at as f32 * width;
            let right = left + run.len() as f32 * width;
            let rect = Rect::from_x_y_ranges(left..=right, chart.y_range());
            hatch_rect(painter, rect, 7.0, stroke);
        }
        at += run.len();
    }
}

/// The line, broken at gaps, over the strip of levels; the highest value is written.
fn curve(
    painter: &Painter,
    ctx: &Ctx<'_>,
    values: &[Option<Valued>],
    first: Hour,
    chart: Rect,
    width: f32,
) {
    let most = values.iter().flatten().map(|it| it.value).fold(0.0_f64, f64::max);
    let thresholds = ctx.air.quantity.thresholds(Edition::of(first.day()));
    // Clean air is no mountain range.
    let top = most.max(thresholds.get(1).map_or(1.0, |line| line.0)) * 1.1;
    let font = FontId::proportional(11.0 * ctx.text_scale());
    // Above the highest value its words have room.
    let height = (chart.height() - font.size - 4.0).max(8.0);
    let y = |value: f64| chart.bottom() - (value / top) as f32 * height;
    let middle = |at: usize| chart.left() + (at as f32 + 0.5) * width;
    let ink = ctx.color(|t| t.ink);
    if let Some((limit, _)) = thresholds.get(1).filter(|line| line.0 < top) {
        let ends = [pos2(chart.left(), y(*limit)), pos2(chart.right(), y(*limit))];
        let stroke = Stroke::new(1.0, ctx.color(|t| t.muted));
        painter.extend(Shape::dashed_line(&ends, stroke, 4.0, 4.0));
    }
    let mut line: Vec<Pos2> = Vec::new();
    let end = |line: &mut Vec<Pos2>| {
        let points = std::mem::take(line);
        if let [alone] = points[..] {
            painter.circle_filled(alone, 1.8, ink);
        } else {
            painter.add(Shape::line(points, Stroke::new(1.6, ink)));
        }
    };
    for (at, own) in values.iter().enumerate() {
        let Some(own) = own else {
            end(&mut line);
            continue;
        };
        let left = chart.left() + at as f32 * width;
        let strip = Rect::from_min_size(pos2(left, chart.bottom()), vec2(width + 0.5, STRIP));
        painter.rect_filled(strip, 0.0, level_color(own.level()));
        line.push(pos2(middle(at), y(own.value)));
    }
    end(&mut line);
    let peak = values.iter().position(|it| it.is_some_and(|it| it.value >= most));
    if let Some(at) = peak.filter(|_| most > 0.0) {
        let words = value_words(ctx.air.quantity, values.get(at).copied().flatten());
        let x = middle(at).clamp(chart.left() + 14.0, chart.right() - 14.0);
        let place = pos2(x, y(most) - 1.0);
        painter.text(place, Align2::CENTER_BOTTOM, words, font, ink);
    }
}
