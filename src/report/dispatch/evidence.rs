//! The page of evidence of a high value.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{department, wind_words};
use crate::analysis::air::wind::WindMean;
use crate::analysis::air::{Hour, Pollutant, StationHours, rounding::half_even};
use crate::analysis::episodes::Episode;
use crate::analysis::sources::Candidate;
use crate::domain::{Record, episode};
use crate::report::block::{Block, PaperTable, Picture};

/// What the page of evidence is made from.
pub struct EvidenceOf<'a> {
    pub record: &'a Record,
    pub found: Option<&'a Episode>,
    pub station: &'a str,
    pub hours: Option<&'a StationHours>,
    pub wind: Option<WindMean>,
    pub candidates: &'a [Candidate],
    /// How often such a rise is gone by itself, in words.
    pub fall_back: &'a str,
    pub office: TimeZone,
    pub now: Timestamp,
    /// Station, sector and sources; `None` where the station has no place.
    pub map: Option<Picture>,
}

/// Hours of values before the alert, and at most after it.
const HOURS_BEFORE: i32 = 3;
const HOURS_AFTER: i32 = 12;

/// One page: what was measured, what was done when, how long it took, by which rules.
pub fn evidence(of: &EvidenceOf<'_>) -> Vec<Block> {
    let record = of.record;
    let time = |at: Timestamp| of.office.to_datetime(at).strftime("%m-%d %H:%M").to_string();
    let mut blocks = vec![
        Block::Title("高值处置记录".to_owned()),
        Block::Number(record.name().to_owned()),
        Block::Paragraph(summary(of)),
        Block::Heading("一、数值".to_owned()),
    ];
    blocks.extend(values(of));
    if let Some(lead) = of.found.and_then(Episode::lead) {
        blocks.push(Block::Paragraph(format!(
            "单位 µg/m³（CO 为 mg/m³）。解除线 {:.*}；{}",
            usize::from(lead.pollutant.decimals()),
            lead.clears_at,
            of.found.and_then(|it| it.ended).map_or_else(
                || "数值尚未连续两小时低于解除线".to_owned(),
                |hour| format!("{}起连续两小时低于解除线", time(hour.plus(-1).start()))
            )
        )));
    }
    if !of.fall_back.is_empty() {
        blocks.push(Block::Note(of.fall_back.to_owned()));
    }
    blocks.push(Block::Heading("二、过程".to_owned()));
    blocks.push(Block::Table(steps(record, &time)));
    let lines = record.words("orders").iter().chain(record.words("replies"));
    blocks.extend(lines.map(|line| Block::Paragraph(line.to_string())));
    let found = record.text("found");
    if !found.is_empty() {
        blocks.push(Block::Paragraph(format!("查实问题：{found}")));
    }
    blocks.push(Block::Heading("三、来源排查（筛查线索，不是认定）".to_owned()));
    if let Some(map) = &of.map {
        blocks.push(Block::Picture(map.clone()));
    }
    blocks.push(Block::Table(sources(of.candidates)));
    let photos: Vec<&str> = record.attachments().collect();
    if !photos.is_empty() {
        blocks.push(Block::Paragraph(format!("附件：{}", photos.join("、"))));
    }
    blocks.push(Block::Note(format!(
        "规则版本 {}；小时值为实时数据，未经审核。生成于 {}",
        record.text("rules"),
        time(of.now)
    )));
    blocks
}

/// Where it stands, how long it took since when, and with what wind.
fn summary(of: &EvidenceOf<'_>) -> String {
    let record = of.record;
    let clock = episode::clock(record);
    let minutes = clock.map_or(0, |clock| clock.elapsed(of.now).as_secs() / 60);
    let state = episode::state(record);
    let is_answered = episode::moment(record, "handled_at").is_some();
    let took = if is_answered {
        format!(
            "处置反馈用时 {minutes} 分钟（{}）",
            if minutes <= 60 { "1小时内" } else { "超过1小时" }
        )
    } else {
        format!("尚无处置反馈，已计时 {minutes} 分钟")
    };
    let start = crate::domain::ClockStart::of(record).map_or("预警发出", |it| it.label().zh);
    format!(
        "{}，状态：{}。{took}，计时起点：{start}。{}。",
        of.station,
        state.label().zh,
        wind_words(of.wind)
    )
}

fn values(of: &EvidenceOf<'_>) -> Option<Block> {
    let hours = of.hours?;
    let at = Hour::containing(episode::moment(of.record, "begins_at")?);
    let last = of.found.map_or(at.plus(2), |found| found.last).min(at.plus(HOURS_AFTER));
    let mut table = PaperTable {
        header: std::iter::once("小时".to_owned())
            .chain(Pollutant::ALL.map(|it| it.symbol().to_owned()))
            .collect(),
        widths: vec![2, 1, 1, 1, 1, 1, 1],
        ..PaperTable::default()
    };
    let mut hour = at.plus(-HOURS_BEFORE);
    while hour <= last {
        let values = hours.hour(hour);
        let cell = |it: Pollutant| {
            values[it].map_or_else(
                || "—".to_owned(),
                |value| {
                    format!("{:.*}", usize::from(it.decimals()), half_even(value, it.decimals()))
                },
            )
        };
        let name = format!("{} {}时", hour.day().strftime("%m-%d"), hour.label());
        table.rows.push(std::iter::once(name).chain(Pollutant::ALL.map(cell)).collect());
        hour = hour.plus(1);
    }
    Some(Block::Table(table))
}

fn steps(record: &Record, time: &dyn Fn(Timestamp) -> String) -> PaperTable {
    let since = episode::clock(record).map(|clock| clock.since);
    let rows = [
        ("数据到达", "arrived_at", ""),
        ("预警发出", "alerted_at", ""),
        ("签收", "acknowledged_at", "acknowledged_by"),
        ("交办", "dispatched_at", ""),
        ("到场", "on_site_at", ""),
        ("处置反馈", "handled_at", ""),
        ("核查", "checked_at", ""),
        ("结束", "closed_at", "closed_by"),
    ];
    let row = |(name, key, by): (&str, &str, &str)| {
        let at = episode::moment(record, key)?;
        let minutes = since.map(|since| at.duration_since(since).as_secs().div_euclid(60));
        let after = minutes.map_or_else(String::new, |minutes| format!("{minutes:+} 分"));
        Some(vec![name.to_owned(), time(at), after, record.text(by).to_owned()])
    };
    PaperTable {
        header: ["步骤", "时间", "距起点", "何人"].map(str::to_owned).into(),
        widths: vec![2, 3, 2, 2],
        rows: rows.into_iter().filter_map(row).collect(),
        ..PaperTable::default()
    }
}

fn sources(candidates: &[Candidate]) -> PaperTable {
    let row = |candidate: &Candidate| {
        vec![
            candidate.record.name().to_owned(),
            candidate.reason().zh,
            department(&candidate.record),
            candidate.owner(),
            candidate.record.text("phone").to_owned(),
        ]
    };
    PaperTable {
        header: ["对象", "依据", "部门", "责任人", "电话"].map(str::to_owned).into(),
        widths: vec![3, 4, 2, 2, 2],
        rows: candidates.iter().take(10).map(row).collect(),
        ..PaperTable::default()
    }
}
