//! The course of the last weeks.

use egui::{Align2, Color32, FontId, Rect, RichText, Sense, TextStyle, Ui, pos2};
use egui_plot::{AxisHints, Bar, BarChart, GridMark, PlotPoint, PlotTransform};

use crate::analysis::decisions::DecisionFilter;
use crate::analysis::decisions::weeks::DecisionWeek;
use crate::domain::Text;
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::{em, title_ui};
use crate::ui::widgets::plot::still;
use crate::ui::widgets::{named, note};

/// Of what a bar is made, from below: what it says, how many in a week, and its colour.
struct Layer {
    words: Text,
    count: fn(&DecisionWeek) -> usize,
    color: Color32,
    /// Of the figure on it.
    ink: Color32,
}

/// The decisions of the last weeks, one bar a week; a click lists those of its week.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, is_alone: bool) {
    title_ui(ui, ctx.say(Text::new("近八周决定", "Decisions over eight weeks")));
    let weeks = &ctx.meeting.overview.weeks;
    let layers = layers(ctx);
    if weeks.iter().all(|week| layers.iter().all(|layer| (layer.count)(week) == 0)) {
        ui.label(note(ctx.tell(
            "八周内没有决定；按 Ctrl+J 记一条",
            "No decision in eight weeks; Ctrl+J takes one",
        )));
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for layer in &layers {
            ui.label(RichText::new("■").color(layer.color));
            ui.label(note(ctx.say(layer.words)));
        }
    });
    let height = if is_alone { ui.available_height() } else { em(ui) * 14.0 };
    let transform = plot_ui(ui, ctx, weeks, &layers, height.max(em(ui) * 8.0));
    for (place, week) in weeks.iter().enumerate() {
        week_ui(ui, ctx, &transform, place, week, &layers);
    }
}

fn layers(ctx: &Ctx<'_>) -> [Layer; 3] {
    let on_color = ctx.color(|t| t.panel);
    [
        Layer {
            words: Text::new("按时完成", "closed on time"),
            count: |week| week.closed_on_time,
            color: ctx.color(|t| t.accent),
            ink: on_color,
        },
        Layer {
            words: Text::new("逾期完成", "closed late"),
            count: |week| week.closed_late,
            color: ctx.color(|t| t.watch),
            ink: on_color,
        },
        Layer {
            words: Text::new("周末未完成", "open at the week's end"),
            count: |week| week.open,
            color: ctx.color(|t| t.muted.faded(0.45)),
            ink: ctx.color(|t| t.ink),
        },
    ]
}

const WIDTH: f64 = 0.62;

fn plot_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    weeks: &[DecisionWeek],
    layers: &[Layer],
    height: f32,
) -> PlotTransform {
    let most = weeks.iter().map(|week| layers.iter().map(|l| (l.count)(week)).sum::<usize>());
    let top = most.max().unwrap_or(1).max(4) as f64;
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let mondays: Vec<String> =
        weeks.iter().map(|week| week.monday.strftime("%m-%d").to_string()).collect();
    let monday = move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
        let is_whole = mark.value >= 0.0 && mark.value.fract().abs() < 1e-6;
        let known = is_whole.then(|| mondays.get(mark.value as usize).cloned()).flatten();
        known.unwrap_or_default()
    };
    let whole = |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
        if mark.value.fract().abs() < 1e-6 { format!("{:.0}", mark.value) } else { String::new() }
    };
    let step = (top / 4.0).ceil();
    let spacing = egui::Rangef::new(font.size, font.size);
    let marks = |from: f64, to: f64, step: f64| {
        let count = ((to - from) / step).max(0.0) as usize;
        let mark = move |at: usize| GridMark { value: from + at as f64 * step, step_size: step };
        (0..=count).map(mark).collect::<Vec<_>>()
    };
    let of_x = |axis: AxisHints<'static>| axis.label_spacing(spacing).formatter(monday);
    let of_y = |axis: AxisHints<'static>| axis.label_spacing(spacing).formatter(whole);
    let shown = still("decisions over weeks", ui, ctx, of_x, of_y)
        .height(height)
        .show_crosshair(false)
        .show_x(false)
        .show_y(false)
        .x_grid_spacer(move |_| marks(0.0, weeks.len() as f64 - 1.0, 1.0))
        .y_grid_spacer(move |_| marks(0.0, top * 1.2, step))
        .show(ui, |plot| {
            plot.set_plot_bounds_x(-0.6..=weeks.len() as f64 - 0.4);
            plot.set_plot_bounds_y(0.0..=top * 1.15);
            for chart in charts(weeks, layers) {
                plot.bar_chart(chart);
            }
        });
    shown.transform
}

fn charts(weeks: &[DecisionWeek], layers: &[Layer]) -> Vec<BarChart> {
    let mut charts: Vec<BarChart> = Vec::new();
    for layer in layers {
        let bars = weeks.iter().enumerate().map(|(place, week)| {
            let bar = Bar::new(place as f64, (layer.count)(week) as f64).width(WIDTH);
            bar.fill(layer.color).stroke(egui::Stroke::NONE)
        });
        let chart = BarChart::new(layer.words.zh, bars.collect()).allow_hover(false);
        let below: Vec<&BarChart> = charts.iter().collect();
        let chart = chart.color(layer.color).stack_on(&below);
        charts.push(chart);
    }
    charts
}

/// The figures on a bar, and the button that it is.
fn week_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    transform: &PlotTransform,
    place: usize,
    week: &DecisionWeek,
    layers: &[Layer],
) {
    let at = |x: f64, y: f64| transform.position_from_point(&PlotPoint::new(x, y));
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let x = place as f64;
    let mut below = 0.0;
    for layer in layers {
        let count = (layer.count)(week);
        let (low, high) = (at(x, below), at(x, below + count as f64));
        below += count as f64;
        if count > 0 && low.y - high.y >= font.size {
            let middle = pos2(low.x, f32::midpoint(low.y, high.y));
            let words = count.to_string();
            ui.painter().text(middle, Align2::CENTER_CENTER, words, font.clone(), layer.ink);
        }
    }
    let frame = transform.frame();
    let (left, right) = (at(x - 0.5, 0.0).x, at(x + 0.5, 0.0).x);
    let rect = Rect::from_x_y_ranges(left..=right, frame.y_range());
    let response = ui.interact(rect, ui.scope_id().with(("week", place)), Sense::click());
    let words = words(ctx, week, layers);
    named(&response, &words);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, ctx.color(|t| t.ink).gamma_multiply(0.06));
    }
    let is_clicked = response.clicked();
    response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(words);
    if is_clicked {
        let wanted = DecisionFilter { week: Some(week.monday), ..DecisionFilter::default() };
        ctx.actions.meeting(MeetingAction::Wanted(wanted));
        ctx.actions.meeting(MeetingAction::OfLast(false));
        ctx.actions.meeting(MeetingAction::Open("decisions"));
    }
}

/// `11-16 起一周：新定 3，按时完成 1，逾期完成 0，周末未完成 2`.
fn words(ctx: &Ctx<'_>, week: &DecisionWeek, layers: &[Layer]) -> String {
    let monday = week.monday.strftime("%m-%d");
    let taken = week.taken;
    let mut parts = vec![ctx.tell(format!("新定 {taken}"), format!("taken {taken}"))];
    parts.extend(layers.iter().map(|l| format!("{} {}", ctx.say(l.words), (l.count)(week))));
    let parts = parts.join(&ctx.tell("，", ", "));
    ctx.tell(format!("{monday} 起一周：{parts}"), format!("week of {monday}: {parts}"))
}
