//! What a plan does, in lines for a person.

use std::io::Write;

use super::PlanAnswer;
use crate::domain::{Lang, LocalizedText};
use crate::network::compare::Comparison;
use crate::network::congestion::CongestionEffect;
use crate::network::evaluate::{ControlRing, DayTotals};
use crate::network::sites::PassedSite;
use crate::network::stale_alignment::StaleAlignment;

/// One line a ring, then what else there is to say, its columns divided by tabs.
pub fn write(out: &mut impl Write, answer: &PlanAnswer, lang: Lang) -> std::io::Result<()> {
    let PlanAnswer { prepared, comparison, congestion, drifts } = answer;
    let Comparison { before, after, findings, planned, .. } = comparison;
    let mut say =
        |zh: String, en: String| writeln!(out, "{}", LocalizedText::new(zh, en).say(lang));
    let (nodes, edges) = (prepared.network.nodes.len(), prepared.network.edges.len());
    let (flows, orders) = (prepared.flows.len(), planned.len());
    say(
        format!("节点 {nodes}，路段 {edges}，车流 {flows}，措施 {orders}"),
        format!("{nodes} nodes, {edges} edges, {flows} flows, {orders} orders"),
    )?;
    for (ring, (before, after)) in prepared.rings.iter().zip(before.rings.iter().zip(&after.rings))
    {
        let LocalizedText { zh, en } = ring_said(ring, before, after);
        say(zh, en)?;
    }
    let (old, new) = (before.all.truck_km, after.all.truck_km);
    say(
        format!("全部路网\t货车·公里/日 {old:.1} → {new:.1}"),
        format!("all\t{old:.1} → {new:.1} truck·km/d"),
    )?;
    for PassedSite { site, before, after } in &comparison.passed {
        let name = &site.name;
        say(
            format!("新增货车经过\t{name}\t{before:.0} → {after:.0} 辆/日"),
            format!("newly passed\t{name}\t{before:.0} → {after:.0} trucks/d"),
        )?;
    }
    if let Some(CongestionEffect { before, after, share_with_lanes }) = congestion {
        let (old, new, share) = (before.hours, after.hours, share_with_lanes * 100.0);
        let (gap, new_gap) = (before.gap, after.gap);
        say(
            format!(
                "拥堵均衡\t{old:.1} → {new:.1} 小时/日\t间隙 {gap:.4} → {new_gap:.4}\t已知车道数的里程 {share:.0} %"
            ),
            format!(
                "balanced\t{old:.1} → {new:.1} h/d\tgap {gap:.4} → {new_gap:.4}\tlanes known of {share:.0} %"
            ),
        )?;
    }
    for StaleAlignment { name, moved_m, lost, apart, .. } in drifts {
        let (lost, apart) = (lost.len(), apart.len());
        say(
            format!(
                "路网有变\t{name}\t移动 {moved_m:.0} m\t{lost} 个途经点不在路上\t{apart} 段不通"
            ),
            format!(
                "drift\t{name}\t{moved_m:.0} m\t{lost} waypoints lost\t{apart} without a way on"
            ),
        )?;
    }
    for finding in findings {
        writeln!(out, "{}\t{}", finding.rule.key(), finding.words.say(lang))?;
    }
    Ok(())
}

fn ring_said(ring: &ControlRing, before: &DayTotals, after: &DayTotals) -> LocalizedText {
    let pair = |before: f64, after: f64| format!("{before:.0} → {after:.0}");
    let head = format!("{} {} m", ring.name, ring.radius_m);
    let truck_km = format!("{:.1} → {:.1}", before.truck_km, after.truck_km);
    let trucks = pair(before.trucks, after.trucks);
    let nox = pair(before.nox_g, after.nox_g);
    let dust = pair(before.dust_pm10_g, after.dust_pm10_g);
    LocalizedText::new(
        format!(
            "{head}\t货车·公里/日 {truck_km}\t货车 辆/日 {trucks}\t尾气 NOx 克/日 {nox}\t扬尘 PM10 克/日 {dust}"
        ),
        format!(
            "{head}\t{truck_km} truck·km/d\t{trucks} trucks/d\tNOx {nox} g/d\tdust PM10 {dust} g/d"
        ),
    )
}
