//! Several stations, or a station in several periods, in one chart and one table.

use egui::{Button, Color32, ComboBox, Grid, RichText, ScrollArea, Ui};
use egui_plot::{GridMark, Line, PlotPoints};
use jiff::ToSpan as _;

use super::numbers::csv_ui;
use super::place::place_name;
use super::series::series_of;
use crate::analysis::air::{
    Cycle, DistrictFigures, Hour, HourSeries, Pollutant, Quantity, StationHours, variation,
};
use crate::domain::{RecordId, Text};
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::number_words;
use crate::ui::widgets::plot::still;
use crate::ui::widgets::{named, named_combo, note};

/// Lines that a chart keeps apart.
const MOST: usize = 6;

/// Which hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Day,
    Week,
    WeekBefore,
    Month,
    MonthBefore,
}

impl When {
    const ALL: [Self; 5] =
        [Self::Day, Self::Week, Self::WeekBefore, Self::Month, Self::MonthBefore];

    const fn words(self) -> Text {
        match self {
            Self::Day => Text::new("近24小时", "last 24 h"),
            Self::Week => Text::new("近7天", "last 7 days"),
            Self::WeekBefore => Text::new("前7天", "the 7 days before"),
            Self::Month => Text::new("本月", "this month"),
            Self::MonthBefore => Text::new("上月", "last month"),
        }
    }

    /// The first hour, and the one after the last.
    fn hours(self, last: Hour) -> (Hour, Hour) {
        let end = last.plus(1);
        let month = last.day().first_of_month();
        match self {
            Self::Day => (end.plus(-24), end),
            Self::Week => (end.plus(-24 * 7), end),
            Self::WeekBefore => (end.plus(-24 * 14), end.plus(-24 * 7)),
            Self::Month => (Hour::of_day(month, 1), end),
            Self::MonthBefore => {
                let before = month.saturating_sub(1.month());
                (Hour::of_day(before, 1), Hour::of_day(month, 1))
            }
        }
    }
}

/// One line: whose air, and when. Without a place the district's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Side {
    place: Option<RecordId>,
    when: When,
}

/// What a line is made of.
struct Made {
    name: String,
    points: Vec<[f64; 2]>,
    means: Vec<(Pollutant, Option<f64>, u32)>,
}

type Key = (usize, Quantity, Vec<Side>);

/// The page with its lines.
#[derive(Default)]
pub struct ComparePage {
    sides: Vec<Side>,
    made: Option<(Key, Vec<Made>)>,
}

impl ComparePage {
    /// Shows what is compared, the chart, and the means below.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        if self.sides.is_empty() {
            let place = ctx.chosen_station();
            self.sides =
                vec![Side { place, when: When::Week }, Side { place, when: When::WeekBefore }];
        }
        let Some(hours) = ctx.air.hours.as_ref() else { return };
        let Some((_, last)) = hours.ends else { return };
        self.choose_ui(ui, ctx, figures);
        let quantity = ctx.air.quantity;
        let key = (std::sync::Arc::as_ptr(hours).addr(), quantity, self.sides.clone());
        if self.made.as_ref().is_none_or(|(known, _)| *known != key) {
            let made = self.sides.iter().filter_map(|side| {
                let own = side.place.map_or(Some(&figures.mean), |id| hours.stations.get(&id))?;
                Some(make(ctx, figures, *side, (own, last)))
            });
            self.made = Some((key, made.collect()));
        }
        let Some((_, made)) = &self.made else { return };
        let room = ui.available_height();
        chart_ui(ui, ctx, made, (room * 0.58).max(90.0));
        table_ui(ui, ctx, made);
    }

    fn choose_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let mut removed = None;
        ui.horizontal_wrapped(|ui| {
            let count = self.sides.len();
            for (at, side) in self.sides.iter_mut().enumerate() {
                ui.label(RichText::new("━").color(color(ctx, at)));
                side_ui(ui, ctx, figures, at, side);
                if count > 1 {
                    let button = ui.small_button("×");
                    named(
                        &button,
                        &ctx.tell(
                            format!("去掉第 {} 条", at + 1),
                            format!("remove line {}", at + 1),
                        ),
                    );
                    if button.clicked() {
                        removed = Some(at);
                    }
                }
            }
            let last = self.sides.last().copied();
            let add = Button::new(ctx.tell("再加一条", "One more"));
            if ui.add_enabled(self.sides.len() < MOST, add).clicked() {
                self.sides.extend(last);
            }
            let name = ctx.tell("对比", "comparison");
            let made = self.made.as_ref().map_or(&[][..], |(_, made)| made);
            csv_ui(ui, ctx, &name, || rows(ctx, made));
        });
        if let Some(at) = removed {
            self.sides.remove(at);
        }
    }
}

fn side_ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures, at: usize, side: &mut Side) {
    let district = place_name(ctx, &figures.district);
    let of = |place: Option<RecordId>| {
        let found = figures.stations.iter().find(|it| it.place == place);
        found.map_or_else(|| district.clone(), |it| place_name(ctx, it))
    };
    let shown = of(side.place);
    let combo = ComboBox::from_id_salt(("place", at)).selected_text(&shown).width(130.0);
    let combo = combo.show_ui(ui, |ui| {
        ui.selectable_value(&mut side.place, None, &district);
        for station in &figures.stations {
            ui.selectable_value(&mut side.place, station.place, place_name(ctx, station));
        }
    });
    let number = at + 1;
    named_combo(
        &combo.response,
        &ctx.tell(format!("第 {number} 条站点"), format!("place of line {number}")),
        &shown,
    );
    let when = ctx.say(side.when.words());
    let combo = ComboBox::from_id_salt(("when", at)).selected_text(when).width(90.0);
    let combo = combo.show_ui(ui, |ui| {
        for choice in When::ALL {
            ui.selectable_value(&mut side.when, choice, ctx.say(choice.words()));
        }
    });
    named_combo(
        &combo.response,
        &ctx.tell(format!("第 {number} 条时段"), format!("period of line {number}")),
        when,
    );
}

fn color(ctx: &Ctx<'_>, at: usize) -> Color32 {
    match at {
        0 => ctx.color(|t| t.accent),
        1 => ctx.color(|t| t.act),
        2 => ctx.color(|t| t.calm),
        3 => ctx.color(|t| t.watch),
        4 => ctx.color(|t| t.muted),
        _ => ctx.color(|t| t.ink),
    }
}

/// Hours of a day side by side: of one day as they are, of more their mean at each hour.
fn make(
    ctx: &Ctx<'_>,
    figures: &DistrictFigures,
    side: Side,
    (hours, last): (&StationHours, Hour),
) -> Made {
    let (first, end) = side.when.hours(last);
    let within = |series: &HourSeries| {
        let mut own = HourSeries::of_days(first.day(), end.plus(-1).day());
        for (hour, value) in series.iter().filter(|(hour, _)| (first..end).contains(hour)) {
            own.put(hour, value);
        }
        own
    };
    let series = within(&series_of(hours, ctx.air.quantity));
    let steps = variation(&series, Cycle::HourOfDay);
    let points = steps.iter().enumerate();
    let points = points.filter_map(|(at, step)| Some([(at + 1) as f64, step.as_ref()?.mean]));
    let means = Pollutant::ALL.map(|pollutant| {
        let values: Vec<f64> = within(hours.series(pollutant)).iter().map(|(_, it)| it).collect();
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        (pollutant, (!values.is_empty()).then_some(mean), values.len() as u32)
    });
    let place = figures.stations.iter().find(|it| it.place == side.place && side.place.is_some());
    let place = place_name(ctx, place.unwrap_or(&figures.district));
    Made {
        name: format!("{place} {}", ctx.say(side.when.words())),
        points: points.collect(),
        means: means.to_vec(),
    }
}

fn chart_ui(ui: &mut Ui, ctx: &Ctx<'_>, made: &[Made], height: f32) {
    let all = made.iter().flat_map(|line| &line.points).map(|point| point[1]);
    let top = all.fold(1.0, f64::max) * 1.1;
    still("compared air", ui, ctx, |x| x, |y| y)
        .height(height)
        .x_grid_spacer(|_| {
            [1, 6, 12, 18, 24].map(|at| GridMark { value: f64::from(at), step_size: 6.0 }).to_vec()
        })
        .show(ui, |plot| {
            plot.set_plot_bounds_x(0.5..=24.5);
            plot.set_plot_bounds_y(0.0..=top);
            for (at, line) in made.iter().enumerate() {
                let points = PlotPoints::from(line.points.clone());
                plot.line(Line::new(line.name.clone(), points).color(color(ctx, at)).width(2.2));
            }
        });
}

fn table_ui(ui: &mut Ui, ctx: &Ctx<'_>, made: &[Made]) {
    ScrollArea::both().id_salt("compared").auto_shrink(false).show(ui, |ui| {
        Grid::new("compared rows").spacing([18.0, 4.0]).show(ui, |ui| {
            ui.label(note(ctx.tell("小时均值（n）", "mean of hours (n)")));
            for pollutant in Pollutant::ALL {
                ui.label(note(format!("{} {}", pollutant.symbol(), pollutant.unit())));
            }
            ui.end_row();
            for (at, line) in made.iter().enumerate() {
                ui.label(RichText::new(&line.name).color(color(ctx, at)));
                for (pollutant, mean, n) in &line.means {
                    let words = mean.map_or_else(
                        || "—".to_owned(),
                        |mean| {
                            let mean = number_words(Quantity::Of(*pollutant), mean);
                            ctx.tell(format!("{mean}（{n}）"), format!("{mean} ({n})"))
                        },
                    );
                    ui.label(words);
                }
                ui.end_row();
            }
        });
    });
}

fn rows(ctx: &Ctx<'_>, made: &[Made]) -> Vec<Vec<String>> {
    let quantity = ctx.air.quantity;
    let mut head = vec![ctx.tell("时（时段结束）", "hour (its end)")];
    head.extend(made.iter().map(|line| format!("{} {}", line.name, quantity.symbol())));
    let mut rows = vec![head];
    for label in 1..=24_u8 {
        let value = |line: &Made| {
            let at = |point: &&[f64; 2]| (point[0] - f64::from(label)).abs() < 0.5;
            let found = line.points.iter().find(at);
            found.map_or_else(String::new, |point| number_words(quantity, point[1]))
        };
        let mut row = vec![label.to_string()];
        row.extend(made.iter().map(value));
        rows.push(row);
    }
    rows.push(Vec::new());
    for (at, pollutant) in Pollutant::ALL.into_iter().enumerate() {
        let mut row = vec![format!("{} {}", pollutant.symbol(), pollutant.unit())];
        row.extend(made.iter().map(|line| {
            let mean = line.means.get(at).and_then(|it| it.1);
            mean.map_or_else(String::new, |mean| number_words(Quantity::Of(pollutant), mean))
        }));
        rows.push(row);
    }
    rows
}
