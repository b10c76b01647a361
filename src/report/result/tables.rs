//! The rings, what the checks say, and what the figures rest on.

use super::{ResultRequest, listed, sheet};
use crate::domain::figures::{figure, spread, spread_percent};
use crate::domain::{Lang, calendar};
use crate::network::emission::{DUST_RANGE, EXHAUST_RANGE};
use crate::network::evaluate::{Assumptions, DayParts, DayTotals};
use crate::network::speeds;
use crate::network::totals::measured_share;
use crate::network::turning::TurnCosts;
use crate::report::block::Block;

type Column = fn(&DayTotals) -> f64;

const COLUMNS: [(&str, Column); 4] = [
    ("货车·公里/日", |ring| ring.truck_km),
    ("货车 辆/日", |ring| ring.trucks),
    ("尾气 NOx 克/日", |ring| ring.nox_g),
    ("扬尘 PM10 克/日", |ring| ring.dust_pm10_g),
];

/// A row a ring, then all roads; rings without a truck are counted.
pub fn rings(asked: &ResultRequest<'_>) -> Vec<Block> {
    let (before, after) = (&asked.comparison.before, &asked.comparison.after);
    let rings = asked.prepared.rings.iter().enumerate();
    let rings =
        rings.map(|(number, ring)| (format!("{} {} m", ring.name, ring.radius_m), Some(number)));
    let (mut rows, mut folded) = (Vec::new(), 0);
    for (name, ring) in rings.chain([("全路网".to_owned(), None)]) {
        let of = |value: Column| {
            move |parts: DayParts<'_>| match ring {
                Some(ring) => parts.rings.get(ring).map_or(0.0, value),
                None => value(parts.all),
            }
        };
        let figures: Vec<(f64, [f64; 2])> = COLUMNS
            .iter()
            .map(|(_, value)| (of(*value)(before.parts()), after.bounds(of(*value))))
            .collect();
        let is_empty = figures.iter().all(|(old, [least, most])| old.max(*least).max(*most) < 0.05);
        if is_empty && ring.is_some() {
            folded += 1;
            continue;
        }
        let cells = figures.iter().map(|(old, new)| {
            let change = spread_percent(*old, *new, Lang::Zh);
            change.map_or_else(
                || figure(*old),
                |change| format!("{} → {}（{change}）", figure(*old), spread(*new, Lang::Zh)),
            )
        });
        rows.push(std::iter::once(name).chain(cells).collect());
    }
    let header: Vec<&str> =
        std::iter::once("控制圈").chain(COLUMNS.map(|(words, _)| words)).collect();
    let mut blocks = listed(sheet(&header, &[20, 20, 20, 20, 20], rows), asked.most_rows);
    if folded > 0 {
        blocks.push(Block::Note(format!("另有{folded}个圈没有货车。")));
    }
    blocks
}

/// What should be looked at first.
pub fn findings(asked: &ResultRequest<'_>) -> Vec<Block> {
    let findings = asked.comparison.findings.iter();
    let rows = (1..)
        .zip(findings)
        .map(|(number, finding): (usize, _)| vec![number.to_string(), finding.words.zh.clone()]);
    listed(sheet(&["序号", "事项"], &[8, 92], rows.collect()), asked.most_rows)
}

/// Each with its value.
pub fn assumptions(asked: &ResultRequest<'_>) -> Vec<Block> {
    let Assumptions { silt_g_m2, cars_per_truck, car_mass_t, turn_costs, .. } = asked.assumed;
    let Assumptions { behaviour, is_winter, idle_min, .. } = asked.assumed;
    let who = if behaviour.is_off() {
        "全部遵守、都不改时段".to_owned()
    } else {
        let percent = |share: f64| (share * 1000.0).round() / 10.0;
        format!(
            "受限货车中{}%不遵守、{}%改在不限时段走原路（假设）",
            percent(behaviour.not_complying),
            percent(behaviour.shifting)
        )
    };
    let winter = if is_winter {
        "重型柴油车NOx×1.06（实测多9%～29%）、PM2.5×1.70"
    } else {
        "不计"
    };
    let idle = if idle_min > 0.0 {
        format!("另列：每处拥堵怠速记录每车{idle_min}分钟（假设），不计入上表")
    } else {
        "不计".to_owned()
    };
    let TurnCosts { left_s, right_s, u_turn_s } = turn_costs;
    let turns = if turn_costs.is_off() {
        "不计".to_owned()
    } else {
        format!("左转{left_s}秒、右转{right_s}秒、掉头{u_turn_s}秒")
    };
    let flows = &asked.prepared.flows;
    let counted = flows.iter().filter(|flow| flow.has_profile).count();
    // Of no trucks it is a negative nothing.
    let measured = measured_share(asked.prepared).abs() * 100.0;
    let year = asked.at.date().year();
    let holidays = calendar::source(year)
        .map_or_else(|| format!("没有{year}年的放假安排，只按周末"), str::to_owned);
    let ((low, high), (dust_low, dust_high)) = (EXHAUST_RANGE, DUST_RANGE);
    let rows = [
        ("货车流量", format!("{}股，其中实测占车次的{measured:.0}%，其余为假设", flows.len())),
        ("分时流量", format!("{counted}股有分时计数，其余按车型的一般分布（假设）")),
        ("走法", "每股货车走最快的合法路线，不计拥堵；全日为各时段之和".to_owned()),
        ("货车车速", format!("按货车车速表（{}版），高峰只改变用时和排放", speeds::dated())),
        ("路口转向等待", turns),
        ("节假日和调休", holidays),
        ("不遵守、改时段出行的货车", who),
        ("冬季低温", winter.to_owned()),
        ("怠速", idle),
        ("尾气", format!("2014年道路机动车清单指南系数，变化按×{low}～{high}读")),
        ("道路扬尘", format!("AP-42，积尘{silt_g_m2}克/平方米，变化按×{dust_low}～{dust_high}读")),
        (
            "伴随的小客车",
            format!("每辆货车{cars_per_truck:.1}辆，每辆{car_mass_t}吨，方案中仍在原路"),
        ),
    ];
    let rows = rows.map(|(what, value)| vec![what.to_owned(), value]).to_vec();
    let mut blocks = listed(sheet(&["项目", "取值"], &[28, 72], rows), asked.most_rows);
    blocks.push(Block::Note("只比较排放量，不推算浓度。".to_owned()));
    blocks
}
