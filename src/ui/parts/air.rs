//! Words, colours and hatching of what was measured, the same on map, timeline and pages.

use egui::{Color32, Pos2, Rect, Stroke, Ui, vec2};
use jiff::{SignedDuration, Timestamp};

use crate::analysis::air::{Hour, Level, Quantity, Valued};
use crate::domain::Text;
use crate::settings::clock;
use crate::ui::action::AirAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::air::Seen;
use crate::ui::widgets::named_combo;

/// The colour of a level, by night as by day: its meaning is fixed by the standard.
pub const fn level_color(level: Level) -> Color32 {
    let [red, green, blue] = level.rgb();
    Color32::from_rgb(red, green, blue)
}

/// Letters on that colour.
pub const fn level_ink(level: Level) -> Color32 {
    match level {
        Level::Excellent | Level::Good | Level::Light => Color32::from_rgb(0x1B, 0x1F, 0x24),
        Level::Moderate | Level::Heavy | Level::Severe => Color32::WHITE,
    }
}

/// `轻度`: its word where there is little room.
pub const fn short_name(level: Level) -> Text {
    match level {
        Level::Excellent => Text::new("优", "excellent"),
        Level::Good => Text::new("良", "good"),
        Level::Light => Text::new("轻度", "light"),
        Level::Moderate => Text::new("中度", "moderate"),
        Level::Heavy => Text::new("重度", "heavy"),
        Level::Severe => Text::new("严重", "severe"),
    }
}

/// A value as it is published; `NA` where too little was measured for an index.
pub fn value_words(quantity: Quantity, valued: Option<Valued>) -> String {
    valued.map_or_else(|| "NA".to_owned(), |valued| number_words(quantity, valued.value))
}

/// With the decimals of what it is of.
pub fn number_words(quantity: Quantity, value: f64) -> String {
    let rounded = crate::analysis::air::rounding::half_even(value, quantity.decimals());
    format!("{rounded:.*}", usize::from(quantity.decimals()))
}

/// `▲18`, `▼0.2`, `＝` where nothing that is shown has changed.
pub fn change_words(quantity: Quantity, change: f64) -> String {
    let size = number_words(quantity, change.abs());
    if size.parse::<f64>().is_ok_and(|size| size <= 0.0) {
        return "＝".to_owned();
    }
    format!("{}{size}", if change < 0.0 { "▼" } else { "▲" })
}

/// `42分钟前`, `3小时前`, `2天前`.
pub fn age_words(ctx: &Ctx<'_>, age: SignedDuration) -> String {
    let minutes = age.as_mins().max(0);
    let (hours, days) = (minutes / 60, minutes / 1440);
    if minutes < 90 {
        ctx.tell(format!("{minutes}分钟前"), format!("{minutes} min ago"))
    } else if hours < 48 {
        ctx.tell(format!("{hours}小时前"), format!("{hours} h ago"))
    } else {
        ctx.tell(format!("{days}天前"), format!("{days} d ago"))
    }
}

/// `11-29 18时`, by the end of the hour; midnight is the 24th of the day before.
pub fn hour_words(ctx: &Ctx<'_>, hour: Hour) -> String {
    let (day, label) = (hour.day().strftime("%m-%d"), hour.label());
    ctx.tell(format!("{day} {label}时"), format!("{day} {label:02}:00"))
}

/// `2026-11-29 10:00`, civil time of the office.
pub fn instant_words(at: Timestamp) -> String {
    clock::office().to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// What a place says, in one line: `212 重度 ▲64`, with its age where that is old.
pub fn seen_words(ctx: &Ctx<'_>, seen: Option<Seen>) -> String {
    let Some(seen) = seen else { return ctx.tell("无数据", "no data") };
    let quantity = ctx.air.quantity;
    let mut words = vec![value_words(quantity, seen.moment.valued)];
    words.extend(seen.moment.valued.map(|it| ctx.say(short_name(it.level())).to_owned()));
    words.extend(seen.moment.change.map(|change| change_words(quantity, change)));
    words.extend(seen.is_stale.then(|| age_words(ctx, seen.age)));
    words.join(" ")
}

/// Lines at 45° over a shape that is nowhere hollow, for what is missing or old.
pub fn hatch(corners: &[Pos2], step: f32) -> Vec<[Pos2; 2]> {
    let key = |at: Pos2| at.x + at.y;
    let low = corners.iter().copied().map(key).fold(f32::INFINITY, f32::min);
    let high = corners.iter().copied().map(key).fold(f32::NEG_INFINITY, f32::max);
    let mut lines = Vec::new();
    let mut line = (low / step).ceil() * step;
    while line < high {
        let ends = corners.iter().zip(corners.iter().cycle().skip(1)).filter_map(|(a, b)| {
            let (from, to) = (key(*a), key(*b));
            let is_cut = (from < line) != (to < line);
            is_cut.then(|| a.lerp(*b, (line - from) / (to - from)))
        });
        let ends: Vec<Pos2> = ends.collect();
        if let [one, other] = ends[..] {
            lines.push([one, other]);
        }
        line += step;
    }
    lines
}

/// The same over a rectangle, painted.
pub fn hatch_rect(painter: &egui::Painter, rect: Rect, step: f32, stroke: Stroke) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
    for line in hatch(&corners, step) {
        painter.line_segment(line, stroke);
    }
}

/// A small patch of a level with a figure on it.
pub fn patch_ui(ui: &mut Ui, level: Level, words: &str) {
    let font = egui::TextStyle::Small.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font, level_ink(level));
    let (rect, _) = ui.allocate_exact_size(galley.size() + vec2(8.0, 2.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 3.0, level_color(level));
    ui.painter().galley(rect.min + vec2(4.0, 1.0), galley, level_ink(level));
}

/// The list from which index or pollutant are chosen.
pub fn quantity_ui(ui: &mut Ui, ctx: &Ctx<'_>, salt: &str) {
    let shown = ctx.air.quantity;
    let combo = egui::ComboBox::from_id_salt(salt)
        .selected_text(shown.symbol())
        .width(76.0)
        .show_ui(ui, |ui| {
            for quantity in Quantity::ALL {
                if ui.selectable_label(quantity == shown, quantity.symbol()).clicked() {
                    ctx.actions.air(AirAction::Show(quantity));
                }
            }
        });
    let name = ctx.say(Text::new("污染物", "Pollutant"));
    named_combo(&combo.response, name, shown.symbol());
    combo.response.on_hover_text(ctx.tell("换污染物  I", "Next pollutant  I"));
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;
    use crate::analysis::air::Pollutant;

    #[test]
    fn a_change_that_is_not_seen_is_none() {
        let co = Quantity::Of(Pollutant::Co);
        assert_eq!(change_words(co, 0.04), "＝");
        assert_eq!(change_words(co, -0.26), "▼0.3");
        assert_eq!(change_words(Quantity::Aqi, 18.0), "▲18");
        assert_eq!(value_words(Quantity::Aqi, None), "NA");
    }

    #[test]
    fn hatching_stays_within_its_shape() {
        let corners = [pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 6.0), pos2(0.0, 6.0)];
        let lines = hatch(&corners, 4.0);
        assert_eq!(lines.len(), 3);
        let shape = Rect::from_min_max(corners[0], corners[2]).expand(1e-3);
        assert!(lines.iter().flatten().all(|at| shape.contains(*at)), "{lines:?}");
        assert!(lines.iter().all(|[a, b]| ((a.x + a.y) - (b.x + b.y)).abs() < 1e-3));
    }
}
