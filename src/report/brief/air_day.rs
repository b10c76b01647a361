//! The air of a day for the daily call: yesterday station by station, today at 8, 12 and 18 o'clock, the wind.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};

use super::Desk;
use super::air::{BriefAir, none, number};
use super::figures::day as date_words;
use super::tables::sheet;
use crate::analysis::air::wind::{Sector, Wind, wind_mean};
use crate::analysis::air::{Day, Edition, Hour, PlaceAir, Pollutant, Quantity, forecast};
use crate::domain::{ForecastLevel, Record};
use crate::report::block::Block;

/// Hours of the day at which the call looks, by their label.
const LOOKS: [u8; 3] = [8, 12, 18];
/// An hour of PM2.5 above this is one that is talked about: the end of the level 良.
const HIGH_UG_M3: f64 = 75.0;

/// Yesterday: the district and its stations, their index, primary pollutant and high hours.
pub(super) fn yesterday(desk: &Desk<'_>) -> Vec<Block> {
    let Some(air) = desk.asked.air else { return none() };
    let Ok(day) = desk.asked.until.yesterday() else { return none() };
    let places = std::iter::once(&air.figures.district).chain(&air.figures.stations);
    let rows = places.filter_map(|place| {
        let of = place.days.iter().find(|it| it.date == day)?;
        Some(row(air, place, of))
    });
    let header = ["站点", "AQI", "首要", "PM2.5", "PM10", "O3-8h", "PM2.5>75 的时段"];
    let rows: Vec<Vec<String>> = rows.collect();
    let mut blocks = vec![Block::Caption(format!("{}各站日均", date_words(day)))];
    blocks.extend(sheet(&header, &[22, 12, 14, 10, 10, 10, 22], rows).blocks(desk.asked.most_rows));
    blocks.push(Block::Note(
        "日均至少20个有效小时；O3为日最大8小时；µg/m³；时段以结束时刻计。".to_owned(),
    ));
    blocks
}

fn row(air: &BriefAir, place: &PlaceAir, day: &Day) -> Vec<String> {
    let index = day.aqi(Edition::of(day.date));
    let primary: Vec<&str> = index.primary().map(Pollutant::symbol).collect();
    let value = |pollutant: Pollutant| number(pollutant, day.means[pollutant].valid());
    let level = index.level().map_or("", |level| level.name().zh);
    let aqi = index.value().map_or_else(|| "无效".to_owned(), |value| format!("{value} {level}"));
    let name = if place.place.is_some() { place.name.clone() } else { "全区均值".to_owned() };
    vec![
        name,
        aqi,
        primary.join("、"),
        value(Pollutant::Pm25),
        value(Pollutant::Pm10),
        value(Pollutant::O3),
        high_hours(air, place, day.date),
    ]
}

/// `3–7时、22时`; a dash where there was none.
fn high_hours(air: &BriefAir, place: &PlaceAir, day: Date) -> String {
    let hours = place.place.map_or(Some(&air.figures.mean), |id| air.hours.stations.get(&id));
    let Some(hours) = hours else { return "—".to_owned() };
    let series = hours.series(Pollutant::Pm25);
    let is_high =
        |label: u8| series.get(Hour::of_day(day, label)).is_some_and(|value| value > HIGH_UG_M3);
    let mut spans: Vec<(u8, u8)> = Vec::new();
    for label in (1..=24).filter(|label| is_high(*label)) {
        match spans.last_mut() {
            Some((_, end)) if *end + 1 == label => *end = label,
            _ => spans.push((label, label)),
        }
    }
    if spans.is_empty() {
        return "—".to_owned();
    }
    let words = spans
        .into_iter()
        .map(|(from, to)| if from == to { format!("{from}时") } else { format!("{from}–{to}时") });
    words.collect::<Vec<_>>().join("、")
}

/// Today at 8, 12 and 18 o'clock, as far as it has come.
pub(super) fn today(desk: &Desk<'_>) -> Vec<Block> {
    let Some(air) = desk.asked.air else { return none() };
    let day = desk.asked.until;
    let places = std::iter::once(&air.figures.district).chain(&air.figures.stations);
    let rows = places.filter_map(|place| {
        let hours =
            place.place.map_or(Some(&air.figures.mean), |id| air.hours.stations.get(&id))?;
        let name =
            if place.place.is_some() { place.name.clone() } else { "全区均值".to_owned() };
        let mut row = vec![name];
        for label in LOOKS {
            let hour = Hour::of_day(day, label);
            let aqi = hours
                .value(Quantity::Aqi, hour)
                .map(|it| format!("{:.0} {}", it.value, it.level().name().zh));
            let pm25 = number(Pollutant::Pm25, hours.series(Pollutant::Pm25).get(hour));
            row.push(aqi.map_or_else(|| format!("—（{pm25}）"), |aqi| format!("{aqi}（{pm25}）")));
        }
        Some(row)
    });
    let header = ["站点", "8时 AQI（PM2.5）", "12时 AQI（PM2.5）", "18时 AQI（PM2.5）"];
    let rows: Vec<Vec<String>> = rows.collect();
    sheet(&header, &[28, 24, 24, 24], rows).blocks(desk.asked.most_rows)
}

/// What is expected of the day, by whom and since when.
pub(super) fn judgement(desk: &Desk<'_>) -> Vec<Block> {
    let all = forecast::of_day(desk.asked.now, desk.asked.until);
    if all.is_empty() {
        return vec![Block::Paragraph("尚无研判。".to_owned())];
    }
    all.into_iter().map(|record| Block::Paragraph(judged(record))).collect()
}

/// `张三（11月29日 9:12）：PM2.5 60–80 µg/m³，良，高值时段20–24时；依据：静稳。`
fn judged(record: &Record) -> String {
    let at = TimeZone::fixed(offset(8)).to_datetime(record.meta.changed_at);
    let when = at.strftime("%-m月%-d日 %-H:%M");
    let mut parts = Vec::new();
    parts.extend(forecast::range(record).map(range_words));
    parts.extend(ForecastLevel::of(record).map(|level| level.label().zh.to_owned()));
    let hours = record.text("hours");
    if !hours.is_empty() {
        parts.push(format!("高值时段{hours}"));
    }
    let basis = record.text("basis");
    let basis = if basis.is_empty() { String::new() } else { format!("；依据：{basis}") };
    format!("{}（{when}）：{}{basis}。", record.meta.changed_by, parts.join("，"))
}

fn range_words((from, to): (f64, f64)) -> String {
    format!("PM2.5 {from:.0}–{to:.0} µg/m³")
}

/// The forecasts of yesterday against what was measured, and how often the last thirty days hit.
pub(super) fn judgement_score(desk: &Desk<'_>) -> Vec<Block> {
    let Some(air) = desk.asked.air else { return none() };
    let (now, until) = (desk.asked.now, desk.asked.until);
    let Ok(day) = until.yesterday() else { return none() };
    let mean = forecast::measured(&air.figures, day);
    let all = forecast::of_day(now, day);
    if all.is_empty() {
        return vec![Block::Paragraph("昨日没有研判。".to_owned())];
    }
    let rows = all.into_iter().map(|record| {
        vec![
            record.meta.changed_by.to_string(),
            forecast::range(record).map_or_else(|| "—".to_owned(), range_words),
            number(Pollutant::Pm25, mean),
            forecast::score(record, mean).words().zh,
        ]
    });
    let header = ["研判人", "研判", "实测日均", "评分"];
    let mut blocks = sheet(&header, &[20, 34, 20, 26], rows.collect()).blocks(desk.asked.most_rows);
    let (hit, scored) = forecast::hits(now, &air.figures, until, 30);
    blocks.push(Block::Note(format!(
        "近30天研判 {scored} 次，命中 {hit} 次；以全区PM2.5日均值落在区间内（含端点）为命中。"
    )));
    blocks
}

/// What is advised for the day.
pub(super) fn advice(desk: &Desk<'_>) -> Vec<Block> {
    let all = forecast::of_day(desk.asked.now, desk.asked.until);
    let advice = all.into_iter().filter(|record| !record.text("advice").is_empty());
    let mut blocks: Vec<Block> = advice
        .map(|record| {
            Block::Paragraph(format!("{}（{}）", record.text("advice"), record.meta.changed_by))
        })
        .collect();
    if blocks.is_empty() {
        blocks.push(Block::Paragraph("部门、措施、时段：".to_owned()));
    }
    blocks
}

/// The wind of the night and of the day so far, of every place that measures it.
pub(super) fn weather(desk: &Desk<'_>) -> Vec<Block> {
    let Some(air) = desk.asked.air else { return none() };
    let day = desk.asked.until;
    let before = day.saturating_sub(1.day());
    let spans = [
        ("夜间20–8时", Hour::of_day(before, 21), Hour::of_day(day, 8)),
        ("白天8–20时", Hour::of_day(day, 9), Hour::of_day(day, 20)),
    ];
    let mut rows = Vec::new();
    for (place, winds) in &air.hours.winds {
        let name = desk.asked.now.get(*place).map_or("", |record| record.name());
        for (words, from, to) in spans {
            let hours = (0..=to.since(from)).filter_map(|at| winds.get(from.plus(at)));
            let all: Vec<Wind> = hours.collect();
            let Some(mean) = wind_mean(all.iter().copied()) else { continue };
            let direction = mean
                .vector_from_deg
                .and_then(|deg| Wind::new(Some(deg), 1.0))
                .and_then(Sector::of)
                .map_or("不定", |sector| sector.name().zh);
            rows.push(vec![
                name.to_owned(),
                words.to_owned(),
                direction.to_owned(),
                format!("{:.1}", mean.speed_m_s),
                format!("{}/{}", mean.calm, mean.n),
            ]);
        }
    }
    let header = ["站点", "时段", "主导风向", "平均风速 m/s", "静风/小时数"];
    sheet(&header, &[30, 20, 18, 16, 16], rows).blocks(desk.asked.most_rows)
}
