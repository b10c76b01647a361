//! How the air varies over the day and the week, with the band in which the mean lies.

use egui::{Button, Ui};
use egui_plot::{FilledArea, GridMark, Line, PlotPoints};

use super::numbers::csv_ui;
use super::place::{place_name, place_ui, shown_place};
use super::series::series_of;
use crate::analysis::air::{Cycle, DistrictFigures, Quantity, StepMean, variation};
use crate::domain::{RecordId, Text};
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::number_words;
use crate::ui::widgets::note;
use crate::ui::widgets::plot::still;

/// What a figure is made from: hours by their address, place, quantity, cycle.
type Key = (usize, Option<RecordId>, Quantity, bool);

/// The page: which cycle, and its last figure, which is dear to make.
#[derive(Default)]
pub struct CyclePage {
    is_week: bool,
    made: Option<(Key, Vec<Option<StepMean>>)>,
}

const WEEKDAYS: [Text; 7] = [
    Text::new("周一", "Mon"),
    Text::new("周二", "Tue"),
    Text::new("周三", "Wed"),
    Text::new("周四", "Thu"),
    Text::new("周五", "Fri"),
    Text::new("周六", "Sat"),
    Text::new("周日", "Sun"),
];

impl CyclePage {
    /// Shows the mean at each step.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let place = shown_place(ctx, figures);
        let hours = place.place.map_or(Some(&figures.mean), |id| {
            ctx.air.hours.as_ref().and_then(|hours| hours.stations.get(&id))
        });
        let Some(hours) = hours else { return };
        let quantity = ctx.air.quantity;
        let address = std::ptr::from_ref(hours).addr();
        let key = (address, place.place, quantity, self.is_week);
        if self.made.as_ref().is_none_or(|(known, _)| *known != key) {
            let cycle = if self.is_week { Cycle::DayOfWeek } else { Cycle::HourOfDay };
            self.made = Some((key, variation(&series_of(hours, quantity), cycle)));
        }
        let steps = self.made.as_ref().map_or(&[][..], |(_, steps)| steps);
        ui.horizontal(|ui| {
            for (is_week, words) in
                [(false, Text::new("一天", "Of a day")), (true, Text::new("一周", "Of a week"))]
            {
                let tab = Button::selectable(self.is_week == is_week, ctx.say(words));
                if ui.add(tab).clicked() {
                    self.is_week = is_week;
                }
            }
            place_ui(ui, ctx, place);
            let n: u32 = steps.iter().flatten().map(|step| step.n).sum();
            let symbol = quantity.symbol();
            let of = format!("{symbol} {}", quantity.unit());
            let of = of.trim_end();
            ui.label(note(ctx.tell(
                format!("{of}，{n} 个小时；浅色为均值的 95% 区间（重抽样），相邻小时不独立，实际更宽"),
                format!("{of}, {n} hours; the band holds the mean with 95 % (bootstrap); hours are alike, so the truth is wider"),
            )));
            let name = format!(
                "{}_{symbol}_{}",
                place_name(ctx, place),
                if self.is_week { ctx.tell("周变化", "week") } else { ctx.tell("日变化", "day") }
            );
            csv_ui(ui, ctx, &name, || rows(ctx, steps, self.is_week));
        });
        // The highest mark of the axis stands half above the plot.
        ui.add_space(6.0);
        chart_ui(ui, ctx, steps, self.is_week);
    }
}

fn step_name(ctx: &Ctx<'_>, at: usize, is_week: bool) -> String {
    if is_week {
        return WEEKDAYS.get(at).map_or_else(String::new, |words| ctx.say(*words).to_owned());
    }
    (at + 1).to_string()
}

fn rows(ctx: &Ctx<'_>, steps: &[Option<StepMean>], is_week: bool) -> Vec<Vec<String>> {
    let head = [
        if is_week {
            ctx.tell("星期", "day")
        } else {
            ctx.tell("时（时段结束）", "hour (its end)")
        },
        ctx.tell("均值", "mean"),
        ctx.tell("下限", "low"),
        ctx.tell("上限", "high"),
        "n".to_owned(),
    ];
    let mut rows = vec![head.to_vec()];
    for (at, step) in steps.iter().enumerate() {
        let number = |value: Option<f64>| {
            value.map_or_else(String::new, |value| number_words(ctx.air.quantity, value))
        };
        let band = step.and_then(|step| step.band);
        rows.push(vec![
            step_name(ctx, at, is_week),
            number(step.map(|step| step.mean)),
            number(band.map(|band| band[0])),
            number(band.map(|band| band[1])),
            step.map_or(0, |step| step.n).to_string(),
        ]);
    }
    rows
}

fn chart_ui(ui: &mut Ui, ctx: &Ctx<'_>, steps: &[Option<StepMean>], is_week: bool) {
    let (mut xs, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    let mut means = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let Some(step) = step else { continue };
        let x = at as f64;
        means.push([x, step.mean]);
        let [from, to] = step.band.unwrap_or([step.mean; 2]);
        xs.push(x);
        low.push(from);
        high.push(to);
    }
    let top = high.iter().copied().fold(1.0, f64::max) * 1.1;
    let accent = ctx.color(|t| t.accent);
    let names: Vec<String> = (0..steps.len()).map(|at| step_name(ctx, at, is_week)).collect();
    let label = move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
        let at = mark.value.round();
        let is_step = (mark.value - at).abs() < 1e-6 && at >= 0.0;
        is_step.then(|| names.get(at as usize).cloned()).flatten().unwrap_or_default()
    };
    let count = steps.len();
    let every = if is_week { 1 } else { 3 };
    still("cycle of the air", ui, ctx, |x| x.formatter(label), |y| y)
        .height(ui.available_height().max(90.0))
        .x_grid_spacer(move |_| {
            let marks = (0..count).step_by(every);
            marks.map(|at| GridMark { value: at as f64, step_size: every as f64 }).collect()
        })
        .show(ui, |plot| {
            plot.set_plot_bounds_x(-0.5..=count as f64 - 0.5);
            plot.set_plot_bounds_y(0.0..=top);
            if xs.len() > 1 {
                let fill = accent.gamma_multiply(0.2);
                let area = FilledArea::new("band", &xs, &low, &high);
                plot.add(area.fill_color(fill).allow_hover(false));
            }
            let points = PlotPoints::from(means.clone());
            plot.line(Line::new("mean", points).color(accent).width(2.5));
            let dots = egui_plot::Points::new("mean", PlotPoints::from(means));
            plot.points(dots.color(accent).radius(2.5));
        });
}
