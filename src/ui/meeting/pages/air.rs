//! The pages of the air: its week, its stations beside each other, rank and target.

use egui::{RichText, Ui};
use jiff::ToSpan as _;

use super::Page;
use super::lay::{cell_ui, em, head_ui, row_ui, rows_ui, title_ui};
use crate::analysis::air::target::{DayTarget, KeptTarget, MeanTarget};
use crate::analysis::air::{
    CompositeIndex, Day, DistrictFigures, Edition, IndexMethod, PlaceAir, Pollutant, Quantity,
    standings,
};
use crate::domain::Text;
use crate::ui::action::{Action, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::{level_color, level_ink, number_words, seen_words, short_name};
use crate::ui::widgets::{empty, note, strong};

/// 一周空气: the district day by day.
pub struct AirWeek;
/// 站点对比: its stations, now and over the week.
pub struct AirStations;
/// 排名与目标: by the index of the month, and what is left of the target.
pub struct AirTarget;

/// Days of a week before a meeting.
const DAYS: i32 = 7;
/// Of a mean of the week.
const PM25: Quantity = Quantity::Of(Pollutant::Pm25);

/// Without hours, what to do about it.
fn with_figures(ui: &mut Ui, ctx: &Ctx<'_>, show: impl FnOnce(&mut Ui, &DistrictFigures)) {
    if let Some(figures) = ctx.air.figures.as_ref() {
        return show(ui, figures);
    }
    let what = ctx.tell("还没有空气监测数据", "There are no readings of the air yet");
    let next = ctx.tell("把站点小时值文件拖到窗口上", "Drop a file of hourly values on the window");
    empty(ui, what, next);
}

/// The last days up to the cursor, or to the last hour.
fn week<'a>(ctx: &Ctx<'_>, figures: &DistrictFigures, place: &'a PlaceAir) -> Vec<&'a Day> {
    let last = ctx.air_base().day().min(figures.through);
    let first = last.saturating_sub((DAYS - 1).days());
    place.days.iter().filter(|day| (first..=last).contains(&day.date)).collect()
}

fn value_of(day: &Day, pollutant: Pollutant) -> String {
    let value = day.means[pollutant].valid();
    value.map_or_else(|| "—".to_owned(), |it| number_words(Quantity::Of(pollutant), it))
}

impl Page for AirWeek {
    fn key(&self) -> &'static str {
        "air_week"
    }

    fn title(&self) -> Text {
        Text::new("一周空气", "The week's air")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        with_figures(ui, ctx, |ui, figures| {
            let days = week(ctx, figures, &figures.district);
            let count = figures.counted.len();
            title_ui(
                ui,
                &ctx.tell(format!("全区（{count} 站均值）"), format!("District (mean of {count})")),
            );
            let good = days.iter().filter(|day| {
                let level = day.aqi(Edition::of(day.date)).level();
                level.is_some_and(|level| level as u8 <= 1)
            });
            let (good, valid) = (
                good.count(),
                days.iter().filter(|day| day.aqi(Edition::of(day.date)).value().is_some()).count(),
            );
            ui.label(note(ctx.tell(
                format!("优良 {good}/{valid} 天；日均须有 20 个有效小时"),
                format!("{good} of {valid} days good; a day needs 20 valid hours"),
            )));
            let em = em(ui);
            let widths = [4.6, 6.4, 4.0, 4.0, 4.4, 6.0].map(|width| width * em);
            head_ui(
                ui,
                &[
                    (widths[0], ctx.say(Text::new("日期", "Day"))),
                    (widths[1], "AQI"),
                    (widths[2], "PM2.5"),
                    (widths[3], "PM10"),
                    (widths[4], "O3-8h"),
                    (widths[5], ctx.say(Text::new("首要", "Primary"))),
                ],
            );
            rows_ui(ui, ctx, "air week", true, days.len(), |ui, at| {
                let Some(day) = days.get(at) else { return };
                day_ui(ui, ctx, day, widths);
            });
        });
    }
}

fn day_ui(ui: &mut Ui, ctx: &Ctx<'_>, day: &Day, widths: [f32; 6]) {
    let index = day.aqi(Edition::of(day.date));
    let named = format!(
        "{} AQI {}",
        day.date,
        index.value().map_or_else(|| "NA".to_owned(), |it| it.to_string())
    );
    row_ui(ui, ctx, &named, false, |ui| {
        cell_ui(ui, widths[0], day.date.strftime("%m-%d").to_string());
        match index.value().zip(index.level()) {
            Some((value, level)) => {
                let words = format!(" {value} {} ", ctx.say(short_name(level)));
                let text = RichText::new(words).background_color(level_color(level));
                cell_ui(ui, widths[1], text.color(level_ink(level)));
            }
            None => cell_ui(ui, widths[1], note("NA")),
        }
        cell_ui(ui, widths[2], value_of(day, Pollutant::Pm25));
        cell_ui(ui, widths[3], value_of(day, Pollutant::Pm10));
        cell_ui(ui, widths[4], value_of(day, Pollutant::O3));
        let primary: Vec<&str> = index.primary().map(Pollutant::symbol).collect();
        cell_ui(ui, widths[5], primary.join(" "));
    });
}

/// The mean of the valid days of PM2.5, and of how many.
fn week_mean(days: &[&Day]) -> Option<(f64, usize)> {
    let values: Vec<f64> =
        days.iter().filter_map(|day| day.means[Pollutant::Pm25].valid()).collect();
    (!values.is_empty()).then(|| (values.iter().sum::<f64>() / values.len() as f64, values.len()))
}

impl Page for AirStations {
    fn key(&self) -> &'static str {
        "air_stations"
    }

    fn title(&self) -> Text {
        Text::new("站点对比", "Stations side by side")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        with_figures(ui, ctx, |ui, figures| {
            ui.label(note(ctx.tell(
                "按近 7 天 PM2.5 从高到低；单击在图上看该站",
                "By PM2.5 of the last 7 days, the worst first; click to see it on the map",
            )));
            let mut rows: Vec<(&PlaceAir, Option<(f64, usize)>)> = figures
                .stations
                .iter()
                .map(|place| (place, week_mean(&week(ctx, figures, place))))
                .collect();
            rows.sort_by(|a, b| {
                let mean = |it: &Option<(f64, usize)>| it.map_or(f64::NEG_INFINITY, |it| it.0);
                mean(&b.1).total_cmp(&mean(&a.1)).then_with(|| a.0.name.cmp(&b.0.name))
            });
            let em = em(ui);
            let widths = [12.0, 9.0, 8.0, 7.0].map(|width| width * em);
            head_ui(
                ui,
                &[
                    (widths[0], ctx.say(Text::new("站点", "Station"))),
                    (widths[1], ctx.say(Text::new("此刻", "Now"))),
                    (widths[2], ctx.say(Text::new("PM2.5 近7天", "PM2.5, 7 days"))),
                    (widths[3], ctx.say(Text::new("本月", "This month"))),
                ],
            );
            rows_ui(ui, ctx, "air stations", true, rows.len(), |ui, at| {
                let Some((place, mean)) = rows.get(at) else { return };
                station_ui(ui, ctx, place, *mean, widths);
            });
        });
    }
}

fn station_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    place: &PlaceAir,
    mean: Option<(f64, usize)>,
    widths: [f32; 4],
) {
    let seen = place.place.and_then(|id| ctx.seen_at(id));
    let now = seen_words(ctx, seen);
    let is_chosen = place.place.is_some() && ctx.chosen_station() == place.place;
    let named = format!("{} {now}", place.name);
    let row = row_ui(ui, ctx, &named, is_chosen, |ui| {
        cell_ui(ui, widths[0], place.name.as_str());
        let fresh = seen.filter(|it| !it.is_stale).and_then(|it| it.moment.valued);
        match fresh {
            Some(valued) => {
                let level = valued.level();
                let text = RichText::new(format!(" {now} ")).background_color(level_color(level));
                cell_ui(ui, widths[1], text.color(level_ink(level)));
            }
            None => cell_ui(ui, widths[1], note(&now)),
        }
        let words = mean.map_or_else(
            || "—".to_owned(),
            |(mean, n)| ctx.tell(format!("{mean:.0}（{n} 天）"), format!("{mean:.0} ({n} d)")),
        );
        cell_ui(ui, widths[2], words);
        let month = place.air.raw[Pollutant::Pm25].value;
        let month = month.map_or_else(|| "—".to_owned(), |it| number_words(PM25, it));
        cell_ui(ui, widths[3], month);
    });
    if let Some(id) = place.place.filter(|_| row.clicked()) {
        ctx.actions.send(Action::Select(vec![id]));
        ctx.actions.view(ViewAction::ShowRecord(id));
    }
}

impl Page for AirTarget {
    fn key(&self) -> &'static str {
        "air_target"
    }

    fn title(&self) -> Text {
        Text::new("排名与目标", "Rank and target")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        with_figures(ui, ctx, |ui, figures| {
            target_ui(ui, ctx, figures);
            if let Some(before) = &figures.month_before {
                let month = before.period.ends().0.strftime("%Y-%m");
                ui.label(note(ctx.tell(
                    format!("本月还没有有效日，指数和排名为 {month}"),
                    format!("No day of this month is valid yet: index and ranks are of {month}"),
                )));
            }
            rank_ui(ui, ctx, figures.ranked());
        });
    }
}

fn index_words(index: Option<&CompositeIndex>) -> String {
    index.map_or_else(|| "—".to_owned(), |index| format!("{:.2}", index.published()))
}

fn target_ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
    let method = IndexMethod::default();
    let place = &figures.district;
    let name = method.rule().name.say(ctx.lang());
    let index = index_words(figures.ranked().district.index(method).as_ref());
    ui.horizontal_wrapped(|ui| {
        ui.label(strong(ctx.tell(format!("综合指数 {index}"), format!("Index {index}"))));
        ui.label(note(name));
    });
    let days = figures.good_days(place);
    let (good, past, rest) = (days.good, days.good + days.bad, days.rest);
    ui.label(strong(ctx.tell(
        format!("优良天 {good}/{past}，余 {rest} 天"),
        format!("Good days {good}/{past}, {rest} to come"),
    )));
    let Some(target) = KeptTarget::on(&ctx.world(), figures.through) else {
        ui.label(note(ctx.tell(
            "还没有目标：在“空气 · 指数与目标”中填写并保存",
            "No target yet: write it under Air, Index and target",
        )));
        return;
    };
    ui.label(note(&target.name));
    if let Some(good_days) = target.good_days {
        let rest = days.rest(DayTarget::Days(good_days));
        ui.label(ctx.tell(
            format!("目标 {good_days} 天：{}", rest.words().zh),
            format!("target {good_days}: {}", rest.words().en),
        ));
    }
    let so_far = place.air.raw[Pollutant::Pm25];
    if let Some((aim, mean)) = target.pm25.zip(so_far.value) {
        let mean_target = MeanTarget {
            target: aim,
            decimals: 0,
            mean,
            done_days: so_far.n,
            rest_days: figures.rest_days(),
        };
        let rest = mean_target.rest_mean();
        ui.label(ctx.tell(
            format!("PM2.5 {mean:.1}，目标 {aim:.0}：{}", rest.rounded.words(1).zh),
            format!("PM2.5 {mean:.1}, target {aim:.0}: {}", rest.rounded.words(1).en),
        ));
    }
}

fn rank_ui(ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
    let places = if figures.townships.is_empty() { &figures.stations } else { &figures.townships };
    let method = IndexMethod::default();
    let mut rows: Vec<_> = places.iter().zip(standings(places, method)).collect();
    rows.sort_by_key(|(place, standing)| {
        (standing.map_or(usize::MAX, |it| it.rank), place.name.clone())
    });
    ui.add_space(6.0);
    let em = em(ui);
    let widths = [3.4, 12.0, 4.6, 5.0, 6.0].map(|width| width * em);
    head_ui(
        ui,
        &[
            (widths[0], ctx.say(Text::new("名次", "Rank"))),
            (widths[1], ctx.say(Text::new("名称", "Name"))),
            (widths[2], ctx.say(Text::new("指数", "Index"))),
            (widths[3], "PM2.5"),
            (widths[4], ctx.say(Text::new("优良/有效", "Good/valid"))),
        ],
    );
    rows_ui(ui, ctx, "air ranks", true, rows.len(), |ui, at| {
        let Some((place, standing)) = rows.get(at) else { return };
        let index = index_words(place.index(method).as_ref());
        row_ui(ui, ctx, &format!("{} {index}", place.name), false, |ui| {
            cell_ui(
                ui,
                widths[0],
                standing.map_or_else(|| "—".to_owned(), |it| it.rank.to_string()),
            );
            cell_ui(ui, widths[1], place.name.as_str());
            cell_ui(ui, widths[2], index);
            let pm25 = place.air.raw[Pollutant::Pm25].value;
            cell_ui(
                ui,
                widths[3],
                pm25.map_or_else(|| "—".to_owned(), |it| number_words(PM25, it)),
            );
            let days = &place.air.days;
            cell_ui(ui, widths[4], format!("{}/{}", days.good(), days.valid()));
        });
    });
}
