//! The high values of the period, and how the hour was kept.

use jiff::tz::{TimeZone, offset};

use super::Desk;
use super::tables::sheet;
use crate::analysis::episodes::{HourStatistics, Outcome, outcome};
use crate::domain::{Kind, Record, RecordId, Value, episode};
use crate::report::block::Block;

/// A sentence with its denominator, then a row an alert.
pub(super) fn of_period(desk: &Desk<'_>) -> Vec<Block> {
    let asked = desk.asked;
    let office = TimeZone::fixed(offset(8));
    let day = |record: &Record| {
        let at = episode::moment(record, "alerted_at")?;
        Some(office.to_datetime(at))
    };
    let is_of_period = |record: &&Record| {
        day(record).is_some_and(|at| asked.from <= at.date() && at.date() <= asked.until)
    };
    let all = asked.now.table(Kind::Episode).iter().map(|record| &**record);
    let mut all: Vec<&Record> = all.filter(is_of_period).collect();
    all.sort_by_key(|record| (episode::moment(record, "alerted_at"), record.id));
    if all.is_empty() {
        return vec![Block::Paragraph("本期没有需要交办的高值。".to_owned())];
    }
    let of = HourStatistics::of(all.iter().map(|record| outcome(record)));
    let percent =
        |rate: Option<f64>| rate.map_or_else(|| "—".to_owned(), |it| format!("{:.1}%", it * 100.0));
    let median = of.median_minutes.map_or_else(|| "—".to_owned(), |it| format!("{it:.0}分钟"));
    let versions: std::collections::BTreeSet<&str> =
        all.iter().map(|record| record.text("rules")).collect();
    let versions: Vec<&str> = versions.into_iter().collect();
    let said = format!(
        "预警{}起，应办{}起（除误报和区域性），1小时内处置反馈{}起，1小时办结率{}，中位用时{median}。",
        of.alerts,
        of.actionable,
        of.on_time,
        percent(of.rate())
    );
    let station = |record: &Record| {
        let id: Option<RecordId> = record.text("station").parse().ok();
        id.and_then(|id| asked.now.get(id)).map_or("", |it| it.name()).to_owned()
    };
    let took = |record: &Record| match outcome(record) {
        Outcome::Answered { minutes } => format!("{minutes:.0}分钟"),
        Outcome::Unanswered => "无反馈".to_owned(),
        Outcome::False => "误报".to_owned(),
        Outcome::Regional => "区域性".to_owned(),
    };
    let row = |record: &&Record| {
        let at = day(record).map_or_else(String::new, |at| at.strftime("%m-%d %H:%M").to_string());
        let value = record.get("value").and_then(Value::as_f64);
        let value = value.map_or_else(String::new, |value| format!("{value}"));
        vec![
            at,
            station(record),
            format!("{} {value}", record.text("pollutant")),
            episode::state(record).label().zh.to_owned(),
            took(record),
            record.text("found").to_owned(),
        ]
    };
    let header = ["预警时间", "站点", "数值", "状态", "用时", "查实问题"];
    let rows = all.iter().map(row).collect();
    let mut blocks = vec![Block::Paragraph(said)];
    blocks.extend(sheet(&header, &[16, 20, 14, 12, 12, 26], rows).blocks(asked.most_rows));
    blocks.push(Block::Note(format!("规则版本：{}", versions.join("、"))));
    blocks
}
