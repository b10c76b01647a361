//! The last day of a station beside the median of the district, with what is usual for each hour and
//! where levels begin.

use egui::{RichText, ScrollArea, Stroke, Ui};
use egui_plot::{FilledArea, GridMark, HLine, Line, LineStyle, PlotPoint, PlotPoints};

use super::numbers::csv_ui;
use super::place::{place_name, place_ui, shown_place};
use crate::analysis::air::{
    DistrictFigures, Edition, Hour, PlaceAir, Quantity, StationHours, normal_band,
};
use crate::domain::Text;
use crate::ui::action::{Action, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::{
    hour_words, level_color, number_words, patch_ui, seen_words, short_name, value_words,
};
use crate::ui::widgets::plot::still;
use crate::ui::widgets::{named, note};

/// Hours that are shown, the one of the cursor the last.
const HOURS: i32 = 24;
/// Of the list of stations, points.
const LIST: f32 = 250.0;

/// Shows the stations as a list, and the chart of the one that is selected.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
    let all = ui.available_rect_before_wrap();
    let width = (LIST * ctx.text_scale().min(1.4)).min(all.width() * 0.4);
    let (left, right) = all.split_left_right_at_x(all.left() + width);
    let mut list = ui.new_child(egui::UiBuilder::new().max_rect(left));
    stations_ui(&mut list, ctx, figures);
    let right = right.with_min_x(right.left() + 12.0);
    let mut main = ui.new_child(egui::UiBuilder::new().max_rect(right));
    let place = shown_place(ctx, figures);
    let hours = place.place.map_or(Some(&figures.mean), |id| {
        ctx.air.hours.as_ref().and_then(|hours| hours.stations.get(&id))
    });
    if let Some(hours) = hours {
        main.horizontal(|ui| {
            place_ui(ui, ctx, place);
            ui.label(seen_words(ctx, ctx.seen(hours)));
            let name = format!("{}_{}", place_name(ctx, place), ctx.air.quantity.symbol());
            csv_ui(ui, ctx, &name, || rows(ctx, figures, hours));
        });
        chart_ui(&mut main, ctx, figures, place, hours);
    }
    ui.allocate_rect(all, egui::Sense::hover());
}

fn rows(ctx: &Ctx<'_>, figures: &DistrictFigures, hours: &StationHours) -> Vec<Vec<String>> {
    let quantity = ctx.air.quantity;
    let number =
        |value: Option<f64>| value.map_or_else(String::new, |it| number_words(quantity, it));
    let head = [
        ctx.tell("时段结束（北京时间）", "end of the hour (UTC+8)"),
        format!("{} {}", quantity.symbol(), quantity.unit()),
        ctx.tell("全区中位", "district median"),
    ];
    let mut rows = vec![head.to_vec()];
    let last = ctx.air_base();
    for hour in (0..HOURS).map(|at| last.plus(1 - HOURS + at)) {
        let median = ctx.air.hours.as_ref();
        let median = median.and_then(|all| all.median(&figures.counted, quantity, hour));
        let end = hour.end().strftime("%Y-%m-%d %H:%M").to_string();
        let own = hours.value(quantity, hour).map(|it| it.value);
        rows.push(vec![end, number(own), number(median)]);
    }
    rows
}

/// The worst first, those that say nothing now last.
fn stations_ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
    let mut rows: Vec<(&PlaceAir, _)> = figures
        .stations
        .iter()
        .filter_map(|place| Some((place, ctx.seen_at(place.place?))))
        .collect();
    rows.sort_by_key(|(place, seen)| {
        let fresh = seen.filter(|seen| !seen.is_stale).and_then(|seen| seen.moment.valued);
        (std::cmp::Reverse(fresh.map(|valued| valued.index)), place.place)
    });
    let height = crate::ui::widgets::row_height(ui);
    let area = ScrollArea::vertical().id_salt("air stations").auto_shrink(false);
    area.show_rows(ui, height, rows.len(), |ui, range| {
        for (place, seen) in rows.get(range).into_iter().flatten() {
            let Some(id) = place.place else { continue };
            let is_chosen = ctx.chosen_station() == Some(id);
            ui.horizontal(|ui| {
                ui.set_height(height);
                let valued = seen.filter(|it| !it.is_stale).and_then(|it| it.moment.valued);
                match valued {
                    Some(valued) => {
                        let words = value_words(ctx.air.quantity, Some(valued));
                        let level = ctx.say(short_name(valued.level()));
                        patch_ui(ui, valued.level(), &format!("{words} {level}"));
                    }
                    None => drop(ui.label(note(seen_words(ctx, *seen)))),
                }
                let name = place_name(ctx, place);
                let row = ui.selectable_label(is_chosen, RichText::new(&name));
                named(&row, &format!("{name} {}", seen_words(ctx, *seen)));
                if row.clicked() {
                    ctx.actions.send(Action::Select(vec![id]));
                    ctx.actions.view(ViewAction::ShowRecord(id));
                }
            });
        }
    });
}

/// Runs of hours with a value: a gap breaks the line.
fn runs(values: impl Iterator<Item = (i32, Option<f64>)>) -> Vec<Vec<[f64; 2]>> {
    let mut runs = vec![Vec::new()];
    for (at, value) in values {
        match (value, runs.last_mut()) {
            (Some(value), Some(run)) => run.push([f64::from(at), value]),
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn chart_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    figures: &DistrictFigures,
    place: &PlaceAir,
    hours: &StationHours,
) {
    let quantity = ctx.air.quantity;
    let last = ctx.air_base();
    let first = last.plus(1 - HOURS);
    let hour = move |at: i32| first.plus(at);
    let own = runs((0..HOURS).map(|at| (at, hours.value(quantity, hour(at)).map(|it| it.value))));
    let has_others = place.place.is_some() && figures.counted.len() > 1;
    let median = ctx.air.hours.as_ref().filter(|_| has_others).map(|all| {
        runs((0..HOURS).map(|at| (at, all.median(&figures.counted, quantity, hour(at)))))
    });
    let band = band(quantity, hours, first);
    key_ui(ui, ctx, place.place.is_some(), median.is_some(), band.is_some());
    let lines = quantity.thresholds(Edition::of(last.day()));
    let values = own.iter().chain(median.iter().flatten()).flatten().map(|point| point[1]);
    let highs = band.iter().flat_map(|(_, _, high)| high.iter().copied());
    let most = values.chain(highs).fold(0.0_f64, f64::max);
    let top = most.max(lines.get(1).map_or(1.0, |line| line.0)) * 1.08;
    let muted = ctx.color(|t| t.muted);
    let label = move |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
        let at = mark.value.round();
        let is_whole = (mark.value - at).abs() < 1e-6;
        if is_whole { hour(at as i32).label().to_string() } else { String::new() }
    };
    let accent = ctx.color(|t| t.accent);
    still("air of a station", ui, ctx, |x| x.formatter(label), |y| y)
        .height(ui.available_height().max(90.0))
        .x_grid_spacer(|_| {
            (0..HOURS)
                .step_by(3)
                .map(|at| GridMark { value: f64::from(at), step_size: 3.0 })
                .collect()
        })
        .show(ui, |plot| {
            plot.set_plot_bounds_x(-0.5..=f64::from(HOURS) - 0.5);
            plot.set_plot_bounds_y(0.0..=top);
            if let Some((xs, low, high)) = &band {
                let fill = muted.gamma_multiply(0.18);
                plot.add(
                    FilledArea::new("band", xs, low, high).fill_color(fill).allow_hover(false),
                );
            }
            for (value, level) in lines.iter().filter(|line| line.0 < top) {
                let line = HLine::new("level", *value).color(level_color(*level)).width(1.5);
                plot.hline(line.style(LineStyle::dashed_loose()).allow_hover(false));
            }
            for run in median.iter().flatten() {
                let points = PlotPoints::from(run.clone());
                plot.line(Line::new("median", points).color(muted).width(1.5));
            }
            for run in &own {
                let points = PlotPoints::from(run.clone());
                plot.line(Line::new("own", points).color(accent).width(2.5));
                let dots = PlotPoints::from(run.clone());
                plot.points(egui_plot::Points::new("own", dots).color(accent).radius(2.5));
            }
            if let Some(pointer) = plot.pointer_coordinate() {
                read_ui(plot, ctx, pointer, hour, hours);
            }
        });
}

/// The value under the pointer.
fn read_ui(
    plot: &mut egui_plot::PlotUi<'_>,
    ctx: &Ctx<'_>,
    pointer: PlotPoint,
    hour: impl Fn(i32) -> Hour,
    hours: &StationHours,
) {
    let at = pointer.x.round();
    if !(0.0..f64::from(HOURS)).contains(&at) {
        return;
    }
    let hour = hour(at as i32);
    let quantity = ctx.air.quantity;
    let valued = hours.value(quantity, hour);
    let said = match valued {
        Some(_) => format!("{} {}", value_words(quantity, valued), quantity.unit()),
        None => ctx.tell("无数据", "no data"),
    };
    let words = RichText::new(format!("{} {said}", hour_words(ctx, hour))).small();
    let place = PlotPoint::new(at, pointer.y);
    plot.text(
        egui_plot::Text::new("read", place, words)
            .color(ctx.color(|t| t.ink))
            .anchor(egui::Align2::CENTER_BOTTOM),
    );
}

type Band = (Vec<f64>, Vec<f64>, Vec<f64>);

/// What is usual at each hour of the day, of one pollutant; `None` of the index, and where no hour has
/// days enough before it.
fn band(quantity: Quantity, hours: &StationHours, first: Hour) -> Option<Band> {
    let Quantity::Of(pollutant) = quantity else { return None };
    let (mut xs, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..HOURS {
        let band = normal_band(hours.series(pollutant), first.plus(at));
        if let Some(band) = band.filter(|band| !band.is_few()) {
            xs.push(f64::from(at));
            low.push(band.p10);
            high.push(band.p90);
        }
    }
    (xs.len() > 1).then_some((xs, low, high))
}

/// What the lines mean.
fn key_ui(ui: &mut Ui, ctx: &Ctx<'_>, is_station: bool, has_median: bool, has_band: bool) {
    ui.horizontal_wrapped(|ui| {
        let line = |ui: &mut Ui, color, width: f32, words: String| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(18.0, 10.0), egui::Sense::hover());
            ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(width, color));
            ui.label(note(words));
        };
        let unit = ctx.air.quantity.unit();
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let own = ctx.say(if is_station {
            Text::new("本站", "this station")
        } else {
            Text::new("全区", "the district")
        });
        let own = format!("{own} {}{unit}", ctx.air.quantity.symbol());
        line(ui, ctx.color(|t| t.accent), 2.5, own);
        if has_median {
            let words = ctx.tell("全区中位", "district median");
            line(ui, ctx.color(|t| t.muted), 1.5, words);
        }
        if has_band {
            let color = ctx.color(|t| t.muted).gamma_multiply(0.25);
            let words = ctx.tell("前28天同时刻 10–90% 分位", "same hour of 28 days, 10–90 %");
            line(ui, color, 9.0, words);
        }
        let words =
            ctx.tell("彩色虚线：级别起点；断线：缺数", "dashed: levels begin; gaps: missing");
        ui.label(note(words));
        for at in ctx.air.quantity.thresholds(Edition::of(ctx.air_base().day())).iter().take(1) {
            let limit = number_words(ctx.air.quantity, at.0);
            ui.label(note(ctx.tell(format!("优 ≤ {limit}"), format!("excellent ≤ {limit}"))));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_breaks_the_line() {
        let values = [None, Some(1.0), Some(2.0), None, None, Some(0.0), None];
        let runs = runs((0..).zip(values));
        assert_eq!(runs, [vec![[1.0, 1.0], [2.0, 2.0]], vec![[5.0, 0.0]]]);
    }
}
