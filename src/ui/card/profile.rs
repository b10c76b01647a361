//! Trucks by hour as 24 bars that are drawn by the hand: across them, one undo step a stroke.

use egui::{Align2, FontId, Rect, Sense, Ui, pos2, vec2};

use crate::domain::{Field, Kind, Record, Text, TruckClass, Value};
use crate::network::demand::usual_day;
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::figure;
use crate::ui::widgets::{named, note};

const HEIGHT: f32 = 64.0;
/// Below the bars, for the hours.
const FOOT: f32 = 13.0;
/// The highest bar leaves so much room above it, as a share, so that others can be drawn higher.
const ROOM: f64 = 1.25;

/// What a stroke has drawn so far, and what stands for the full height while it lasts.
#[derive(Clone)]
struct Stroke {
    hours: [f64; 24],
    top: f64,
    last: usize,
}

/// Shows the bars; the field as text once a stroke ends, nothing for the usual day.
#[expect(clippy::too_many_lines, reason = "a figure from the ground up")]
pub fn ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    record: &Record,
    field: &'static Field,
    width: f32,
) -> Option<String> {
    let own = own(record, field);
    let known = own.unwrap_or_else(|| usual(record));
    let id = ui.scope_id().with((record.id, "profile"));
    let mut stroke: Option<Stroke> = ui.data(|data| data.get_temp(id));
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT + FOOT), Sense::drag());
    named(&response, ctx.say(Text::new("分时量图", "Bars of the hours")));
    let hour_at = |x: f32| {
        let share = (x - rect.left()) / rect.width().max(1.0);
        ((share * 24.0).floor().clamp(0.0, 23.0)) as usize
    };
    if response.drag_started() {
        let most = known.iter().copied().fold(0.0, f64::max).max(1e-9);
        let origin = ui.input(|input| input.pointer.press_origin());
        let last = origin.map_or(0, |at| hour_at(at.x));
        stroke = Some(Stroke { hours: known, top: most * ROOM, last });
    }
    if let (Some(stroke), Some(at)) = (&mut stroke, response.interact_pointer_pos()) {
        let value = f64::from((rect.top() + HEIGHT - at.y) / HEIGHT).clamp(0.0, 1.0) * stroke.top;
        let hour = hour_at(at.x);
        // A quick hand skips none of the hours between.
        for hour in hour.min(stroke.last)..=hour.max(stroke.last) {
            if let Some(slot) = stroke.hours.get_mut(hour) {
                *slot = value;
            }
        }
        stroke.last = hour;
    }
    let hours = stroke.as_ref().map_or(known, |stroke| stroke.hours);
    let top = stroke
        .as_ref()
        .map_or_else(|| hours.iter().copied().fold(1e-9, f64::max) * ROOM, |stroke| stroke.top);
    paint(ui, ctx, rect, (&hours, top), own.is_some() || stroke.is_some());
    let mut typed = None;
    if response.drag_stopped() {
        if let Some(hours) = with_sum(&hours, known.iter().sum()) {
            typed = Some(text(&hours));
        }
        stroke = None;
    }
    ui.data_mut(|data| match stroke {
        Some(stroke) => {
            data.insert_temp(id, stroke);
        }
        None => data.remove::<Stroke>(id),
    });
    if let Some(at) = response.hover_pos() {
        let hour = hour_at(at.x);
        let sum: f64 = hours.iter().sum();
        let share = hours.get(hour).map_or(0.0, |value| 100.0 * value / sum.max(1e-9));
        response.on_hover_text(ctx.tell(
            format!("{hour}–{} 时 {share:.1} %；按住拖动画出分时量", hour + 1),
            format!("{hour}–{} h: {share:.1} %; drag across to draw", hour + 1),
        ));
    }
    if own.is_none() {
        ui.label(note(
            ctx.tell("常用时变（未实测），可拖动画出", "the usual day; drag to draw another"),
        ));
    } else {
        let words = Text::new("改回常用时变", "Back to the usual day");
        let button = ui.small_button(ctx.say(words));
        named(&button, ctx.say(words));
        if button.clicked() {
            typed = Some(String::new());
        }
    }
    typed
}

/// The same shape with a sum: a stroke moves trucks from hour to hour and makes no others. `None` where
/// nothing is left.
fn with_sum(hours: &[f64; 24], sum: f64) -> Option<[f64; 24]> {
    let drawn: f64 = hours.iter().sum();
    (drawn > 0.0).then(|| hours.map(|value| value * sum / drawn))
}

fn own(record: &Record, field: &Field) -> Option<[f64; 24]> {
    match record.get(field.key) {
        Some(Value::Reals(counts)) => counts.as_ref().try_into().ok(),
        _ => None,
    }
}

/// Per cent of the usual working day of its trucks.
fn usual(record: &Record) -> [f64; 24] {
    let class = Some(record).filter(|it| it.kind == Kind::Flow);
    let class = class.and_then(|flow| TruckClass::from_key(flow.text("class")));
    usual_day(class.unwrap_or(TruckClass::Heavy))[0].map(|share| 100.0 * share)
}

/// As the field is typed, to three figures.
fn text(hours: &[f64; 24]) -> String {
    let most = hours.iter().copied().fold(0.0, f64::max);
    let step = 10_f64.powf((most.max(1e-9)).log10().floor() - 2.0);
    let rounded = hours.map(|value| {
        let value = (value / step).round() * step;
        // Without the tail of a binary fraction.
        format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
    });
    rounded.join(";")
}

fn paint(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, (hours, top): (&[f64; 24], f64), is_own: bool) {
    let painter = ui.painter_at(rect);
    let base = rect.top() + HEIGHT;
    let color = if is_own { ctx.color(|t| t.accent) } else { ctx.color(|t| t.muted) };
    let bar = rect.width() / 24.0;
    painter.rect_filled(rect.with_max_y(base), 2.0, ctx.color(|t| t.ground));
    for (hour, value) in hours.iter().enumerate() {
        let left = rect.left() + bar * hour as f32;
        let height = (value / top) as f32 * HEIGHT;
        let shape =
            Rect::from_min_max(pos2(left + 0.5, base - height), pos2(left + bar - 0.5, base));
        painter.rect_filled(shape, 0.0, color);
        if hour % 6 == 0 {
            let at = pos2(left, base + 1.0);
            let ink = ctx.color(|t| t.muted);
            painter.text(at, Align2::LEFT_TOP, hour.to_string(), FontId::proportional(10.0), ink);
        }
    }
    let sum: f64 = hours.iter().sum();
    // Shares in per cent say nothing by their sum, trucks that were counted do.
    let is_share = (sum - 100.0).abs() < 1.0;
    if is_own && sum > 0.0 && !is_share {
        let at = rect.right_top() + vec2(-2.0, 1.0);
        let words = format!("Σ {}", figure(sum));
        let ink = ctx.color(|t| t.muted);
        painter.text(at, Align2::RIGHT_TOP, words, FontId::proportional(10.0), ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_keeps_the_trucks_of_the_day() {
        let mut hours = [1.0; 24];
        hours[8] = 25.0;
        let kept = with_sum(&hours, 480.0).unwrap();
        assert!((kept.iter().sum::<f64>() - 480.0).abs() < 1e-9);
        assert!((kept[8] / kept[0] - 25.0).abs() < 1e-9, "{kept:?}");
        assert_eq!(with_sum(&[0.0; 24], 480.0), None);
    }

    #[test]
    fn what_is_drawn_is_read_back_by_the_field() {
        let field = Kind::Gate.field("hourly").unwrap();
        let mut hours = [0.0; 24];
        (hours[7], hours[8], hours[23]) = (41.237, 3.6051, 0.1);
        let Some(Value::Reals(read)) = Value::parse(field, &text(&hours)).unwrap() else {
            panic!("a list of numbers")
        };
        assert_eq!(read.len(), 24);
        assert!((read[7] - 41.2).abs() < 1e-9 && (read[8] - 3.6).abs() < 1e-9, "{read:?}");
    }
}
