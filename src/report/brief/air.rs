//! The air in a paper: index, good days and target, the calendar of the month, the curve of the week, and
//! the stations beside each other. Chinese, as papers are.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Desk;
use super::figures::day as date_words;
use super::sections::Blocks;
use super::tables::sheet;
use crate::analysis::air::target::{DayTarget, KeptTarget, MeanTarget};
use crate::analysis::air::{
    Day, DistrictFigures, DistrictHours, Edition, Hour, IndexMethod, Level, PlaceAir, Pollutant,
    Quantity, rounding::half_even, standings,
};
use crate::map::PageSize;
use crate::map::chart::{self, CalendarDay, Curve, CurveChart};
use crate::map::tokens::{LIGHT, Rgba};
use crate::report::block::Block;
use crate::report::inset::picture;

/// The hours of the air that a paper is about, and what follows from them.
pub struct BriefAir {
    pub hours: DistrictHours,
    pub figures: DistrictFigures,
}

/// As wide as the text of a page, millimetres, and dots an inch.
const WIDTH_MM: f64 = 156.0;
const DPI: u32 = 240;

pub(super) fn none() -> Vec<Block> {
    vec![Block::Paragraph("没有空气监测数据。".to_owned())]
}

pub(super) fn number(pollutant: Pollutant, value: Option<f64>) -> String {
    let decimals = pollutant.decimals();
    value.map_or_else(
        || "—".to_owned(),
        |value| format!("{:.*}", usize::from(decimals), half_even(value, decimals)),
    )
}

/// The month so far in sentences: index with its method, good days, primary pollutant, target.
pub(super) fn summary(desk: &Desk<'_>) -> Vec<Block> {
    let Some(air) = desk.asked.air else { return none() };
    let figures = air.figures.ranked();
    let place = &figures.district;
    let method = IndexMethod::default();
    let index = place.index(method);
    let index = index.as_ref().map_or_else(
        || "六项未全，综合指数无法计算".to_owned(),
        |index| {
            let primary: Vec<&str> = index.primary().map(Pollutant::symbol).collect();
            format!(
                "综合指数{:.2}（{}），最大单项{}",
                index.published(),
                method.rule().name.zh,
                primary.join("、")
            )
        },
    );
    let days = figures.good_days(place);
    let raw = |pollutant: Pollutant| number(pollutant, place.air.raw[pollutant].value);
    // On the first of a month nothing of it can be said yet.
    let month = air.figures.period.ends().0.month();
    let is_before = air.figures.month_before.is_some();
    let before = if is_before {
        format!("{month}月还没有有效日，以下为上月。")
    } else {
        String::new()
    };
    let mut blocks = vec![Block::Paragraph(format!(
        "{before}{}至{}，全区{}个站平均：{index}。优良天{}/{}，余{}天{}。PM2.5 {}、PM10 {}、O3（第90百分位）{} µg/m³。",
        date_words(figures.period.ends().0),
        date_words(figures.through),
        figures.counted.len(),
        days.good,
        days.good + days.bad,
        days.rest,
        if days.invalid > 0 { format!("，无效{}天", days.invalid) } else { String::new() },
        raw(Pollutant::Pm25),
        raw(Pollutant::Pm10),
        raw(Pollutant::O3),
    ))];
    blocks.extend(deducted(place, method).map(Block::Paragraph));
    blocks.extend(target(desk, &air.figures).map(Block::Paragraph));
    blocks
}

/// What the month is with the dust deducted, where it is said what to deduct.
fn deducted(place: &PlaceAir, method: IndexMethod) -> Option<String> {
    let days = place.air.dust_days;
    let index = place.index_dust_deducted(method);
    let index = index.map_or_else(|| "—".to_owned(), |it| format!("{:.2}", it.published()));
    let of = |pollutant| number(pollutant, place.air.dust_deducted[pollutant].value);
    (days > 0).then(|| {
        format!(
            "扣除沙尘影响后（{days}天有扣沙值）：综合指数{index}，PM10 {}、PM2.5 {} µg/m³；优良天数和重污染天数不扣。",
            of(Pollutant::Pm10),
            of(Pollutant::Pm25),
        )
    })
}

fn target(desk: &Desk<'_>, figures: &DistrictFigures) -> Option<String> {
    let kept = KeptTarget::on(desk.asked.now, figures.through)?;
    let mut parts = Vec::new();
    if let Some(good_days) = kept.good_days {
        let rest = figures.good_days(&figures.district).rest(DayTarget::Days(good_days));
        parts.push(format!("优良天目标{good_days}天，{}", rest.words().zh));
    }
    let so_far = figures.district.air.raw[Pollutant::Pm25];
    if let Some((aim, mean)) = kept.pm25.zip(so_far.value) {
        let target = MeanTarget {
            target: aim,
            decimals: 0,
            mean,
            done_days: so_far.n,
            rest_days: figures.rest_days(),
        };
        let rest = target.rest_mean().rounded.words(1).zh;
        parts.push(format!("PM2.5目标{aim:.0} µg/m³，{rest}"));
    }
    Some(format!("{}：{}（算术，非预报）。", kept.name, parts.join("；")))
}

/// The month as a calendar of AQI.
pub(super) fn calendar(desk: &Desk<'_>) -> Blocks {
    let Some(air) = desk.asked.air else { return Ok(none()) };
    let month = air.figures.ranked().through.first_of_month();
    let known = &air.figures.district.days;
    let days: Vec<CalendarDay> = month
        .series(1.day())
        .take(month.days_in_month().unsigned_abs().into())
        .map(|date| cell(date, known.iter().find(|day| day.date == date)))
        .collect();
    let title = format!("{}年{}月 全区空气质量日历（AQI）", month.year(), month.month());
    let page = PageSize::inset(WIDTH_MM, 92.0, DPI)?;
    let first = month.weekday().to_monday_zero_offset().unsigned_abs();
    let layout = chart::calendar(&title, usize::from(first), &days, page)?;
    Ok(vec![Block::Picture(picture(&layout, format!("日历：{title}"))?)])
}

fn cell(date: Date, day: Option<&Day>) -> CalendarDay {
    let index = day.map(|day| day.aqi(Edition::of(date)));
    let value = index.as_ref().and_then(|index| Some((index.value()?, index.level()?)));
    let primary: Vec<&str> =
        index.iter().flat_map(|index| index.primary().map(Pollutant::symbol)).collect();
    CalendarDay {
        day: date.day().unsigned_abs(),
        text: value.map_or_else(String::new, |(value, _)| value.to_string()),
        below: primary.join(" "),
        colors: value.map(|(_, level)| (rgba(level), ink(level))),
    }
}

fn rgba(level: Level) -> Rgba {
    let [red, green, blue] = level.rgb();
    Rgba([red, green, blue, 255])
}

fn ink(level: Level) -> Rgba {
    match level {
        Level::Excellent | Level::Good | Level::Light => LIGHT.ink,
        Level::Moderate | Level::Heavy | Level::Severe => LIGHT.panel,
    }
}

/// PM2.5 of the period hour by hour: the mean of the district and the worst station.
pub(super) fn curve(desk: &Desk<'_>) -> Blocks {
    let Some(air) = desk.asked.air else { return Ok(none()) };
    let quantity = Quantity::Of(Pollutant::Pm25);
    let (from, until) = (desk.asked.from, desk.asked.until.min(air.figures.through));
    let (first, last) = (Hour::of_day(from, 1), Hour::of_day(until.max(from), 24));
    let runs = |value: &dyn Fn(Hour) -> Option<f64>| {
        let mut runs = vec![Vec::new()];
        for at in 0..=last.since(first) {
            match (value(first.plus(at)), runs.last_mut()) {
                (Some(value), Some(run)) => run.push([f64::from(at), value]),
                (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
                _ => {}
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    };
    let mean = &air.figures.mean;
    let mut curves = vec![Curve {
        name: "全区均值".to_owned(),
        color: LIGHT.accent,
        width: 2.4,
        runs: runs(&|hour| Some(mean.value(quantity, hour)?.value)),
    }];
    if let Some(worst) = worst(&air.figures, from, until)
        && let Some(hours) = worst.place.and_then(|id| air.hours.stations.get(&id))
    {
        curves.push(Curve {
            name: format!("最高站 {}", worst.name),
            color: LIGHT.act,
            width: 1.6,
            runs: runs(&|hour| Some(hours.value(quantity, hour)?.value)),
        });
    }
    if curves.iter().all(|curve| curve.runs.is_empty()) {
        return Ok(none());
    }
    let days = from.series(1.day()).take_while(|day| *day <= until);
    let marks =
        (0..).zip(days).map(|(at, day)| (f64::from(at) * 24.0, day.strftime("%m-%d").to_string()));
    let title = "PM2.5 逐小时（µg/m³，断线为缺数，虚线为级别起点）".to_owned();
    let chart = CurveChart {
        title: title.clone(),
        across: (0.0, f64::from(last.since(first))),
        marks: marks.collect(),
        lines: quantity
            .thresholds(Edition::of(until))
            .into_iter()
            .map(|(value, level)| (value, rgba(level)))
            .collect(),
        curves,
    };
    let page = PageSize::inset(WIDTH_MM, 70.0, DPI)?;
    let layout = chart::curves(&chart, page)?;
    Ok(vec![Block::Picture(picture(&layout, format!("曲线：{title}"))?)])
}

/// By the mean of PM2.5 over these days.
fn worst(figures: &DistrictFigures, from: Date, until: Date) -> Option<&PlaceAir> {
    let mean = |place: &PlaceAir| mean_of(place, from, until).map_or(f64::NEG_INFINITY, |it| it.0);
    let counted = figures
        .stations
        .iter()
        .filter(|it| it.place.is_some_and(|place| figures.counted.contains(&place)));
    counted.max_by(|a, b| mean(a).total_cmp(&mean(b)))
}

/// Of PM2.5 over the valid days, and how many these are.
fn mean_of(place: &PlaceAir, from: Date, until: Date) -> Option<(f64, usize)> {
    let days = place.days.iter().filter(|day| (from..=until).contains(&day.date));
    let values: Vec<f64> = days.filter_map(|day| day.means[Pollutant::Pm25].valid()).collect();
    (!values.is_empty()).then(|| (values.iter().sum::<f64>() / values.len() as f64, values.len()))
}

/// The stations by the index of the month, with what they were in the period.
pub(super) fn stations(desk: &Desk<'_>) -> Vec<Block> {
    let Some(air) = desk.asked.air else { return none() };
    let figures = air.figures.ranked();
    let method = IndexMethod::default();
    let mut rows: Vec<_> =
        figures.stations.iter().zip(standings(&figures.stations, method)).collect();
    rows.sort_by_key(|(place, standing)| {
        (standing.map_or(usize::MAX, |it| it.rank), place.name.clone())
    });
    let rows = rows.into_iter().map(|(place, standing)| {
        let index = place.index(method);
        let days = &place.air.days;
        let week = mean_of(place, desk.asked.from, desk.asked.until);
        vec![
            standing.map_or_else(|| "—".to_owned(), |it| it.rank.to_string()),
            place.name.clone(),
            index.map_or_else(|| "—".to_owned(), |it| format!("{:.2}", it.published())),
            format!("{}/{}", days.good(), days.valid()),
            number(Pollutant::Pm25, place.air.raw[Pollutant::Pm25].value),
            number(Pollutant::Pm10, place.air.raw[Pollutant::Pm10].value),
            week.map_or_else(|| "—".to_owned(), |(mean, n)| format!("{mean:.0}（{n}天）")),
        ]
    });
    let header = ["名次", "站点", "综合指数", "优良/有效天", "PM2.5月均", "PM10月均", "PM2.5本期"];
    let table = sheet(&header, &[8, 24, 14, 14, 13, 13, 14], rows.collect());
    let mut blocks = table.blocks(desk.asked.most_rows);
    let rule = method.rule().name.zh;
    blocks.push(Block::Note(format!("综合指数方法：{rule}；日均至少20个有效小时；µg/m³。")));
    blocks
}
