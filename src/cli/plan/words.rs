//! What a plan does, in lines for a person.

use std::io::Write;

use jiff::civil::DateTime;

use super::PlanAnswer;
use crate::domain::figures::range;
use crate::domain::{Lang, LocalizedText};
use crate::network::calibration::{Calibration, MET_GEH, StationFit, WANTED_SHARE};
use crate::network::compare::Comparison;
use crate::network::congestion::CongestionEffect;
use crate::network::evaluate::{ControlRing, DayParts, DayTotals, Evaluation, Prepared};
use crate::network::sensitivity::{FIGURES, Sensitivity};
use crate::network::sites::PassedSite;
use crate::network::speeds;
use crate::network::stale_alignment::StaleAlignment;
use crate::network::totals::DetourTotal;

/// One line a ring, then what else there is to say, its columns divided by tabs.
pub fn write(
    out: &mut impl Write,
    answer: &PlanAnswer,
    at: DateTime,
    lang: Lang,
) -> std::io::Result<()> {
    let PlanAnswer { prepared, comparison, congestion, calibration, drifts, idling } = answer;
    let Comparison { before, after, findings, planned, .. } = comparison;
    let mut say =
        |zh: String, en: String| writeln!(out, "{}", LocalizedText::new(zh, en).say(lang));
    let (nodes, edges) = (prepared.network.nodes.len(), prepared.network.edges.len());
    let (flows, orders) = (prepared.flows.len(), planned.len());
    say(
        format!("节点 {nodes}，路段 {edges}，车流 {flows}，措施 {orders}"),
        format!("{nodes} nodes, {edges} edges, {flows} flows, {orders} orders"),
    )?;
    for (number, ring) in prepared.rings.iter().enumerate() {
        if let Some(LocalizedText { zh, en }) = ring_said(ring, number, before, after) {
            say(zh, en)?;
        }
    }
    let (old, new) = (before.all.truck_km, spread(after, |parts| parts.all.truck_km, 1));
    say(
        format!("全部路网\t货车·公里/日 {old:.1} → {new}"),
        format!("all\t{old:.1} → {new} truck·km/d"),
    )?;
    day(prepared, comparison, at, &mut say)?;
    for PassedSite { site, before, after } in &comparison.passed {
        let name = &site.name;
        say(
            format!("新增货车经过\t{name}\t{before:.0} → {after:.0} 辆/日"),
            format!("newly passed\t{name}\t{before:.0} → {after:.0} trucks/d"),
        )?;
    }
    if let Some(effect) = congestion {
        balance(effect, &mut say)?;
    }
    if let Some(calibration) = calibration {
        stations(calibration, &mut say)?;
    }
    if let Some([before, after]) = idling {
        let (old, new) = (before.nox_g, after.nox_g);
        let (old_pm, new_pm) = (before.pm25_g, after.pm25_g);
        say(
            format!("怠速 NOx、PM2.5 g/日\t{old:.0} → {new:.0}\t{old_pm:.1} → {new_pm:.1}"),
            format!("idling NOx, PM2.5 g/d\t{old:.0} → {new:.0}\t{old_pm:.1} → {new_pm:.1}"),
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

/// Hours on the road in equilibrium.
fn balance(
    effect: &CongestionEffect,
    say: &mut impl FnMut(String, String) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let CongestionEffect { before, after, most, share_with_lanes } = effect;
    let (old, share) = (before.hours, share_with_lanes * 100.0);
    // Without those who are cut off, and with them by the roads of today.
    let most = most.as_ref().map(|most| format!("～{:.1}", most.hours)).unwrap_or_default();
    let new = format!("{:.1}{most}", after.hours);
    let (gap, new_gap) = (before.gap, after.gap);
    say(
        format!(
            "拥堵均衡\t{old:.1} → {new} 小时/日\t间隙 {gap:.4} → {new_gap:.4}\t已知车道数的里程 {share:.0} %"
        ),
        format!(
            "balanced\t{old:.1} → {new} h/d\tgap {gap:.4} → {new_gap:.4}\tlanes known of {share:.0} %"
        ),
    )
}

/// A line a count station, then how many are met.
fn stations(
    calibration: &Calibration,
    say: &mut impl FnMut(String, String) -> std::io::Result<()>,
) -> std::io::Result<()> {
    for fit in &calibration.stations {
        let StationFit { name, counted, modelled, .. } = fit;
        let geh = fit.geh();
        say(
            format!(
                "校核\t{name}\t计数 {counted:.1} 辆/时\t模型 {modelled:.1} 辆/时\tGEH {geh:.1}"
            ),
            format!(
                "calibration\t{name}\tcounted {counted:.1}/h\tmodelled {modelled:.1}/h\tGEH {geh:.1}"
            ),
        )?;
    }
    for (name, why) in &calibration.unused {
        say(format!("校核未用\t{name}\t{}", why.zh), format!("not used\t{name}\t{}", why.en))?;
    }
    let Some(share) = calibration.met_share() else {
        return say(
            "校核\t没有可用的计数：给拥堵怠速记录填写时段和货车流量".to_owned(),
            "calibration\tno counts: give congestion records hours and trucks an hour".to_owned(),
        );
    };
    let (share, wanted) = (share * 100.0, WANTED_SHARE * 100.0);
    say(
        format!("校核\tGEH 小于 {MET_GEH:.0} 的占 {share:.0} %（宜达到 {wanted:.0} %）"),
        format!(
            "calibration\tGEH below {MET_GEH:.0} at {share:.0} % of the stations ({wanted:.0} % are wanted)"
        ),
    )
}

/// Who has no way any more, and of which day the sums are.
fn day(
    prepared: &Prepared,
    comparison: &Comparison,
    at: DateTime,
    say: &mut impl FnMut(String, String) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let DetourTotal { cut_off_flows, cut_off, .. } = DetourTotal::of(prepared, comparison);
    if cut_off_flows > 0 {
        say(
            format!(
                "无路可走\t{cut_off_flows} 股\t{cut_off:.0} 辆/日\t～ 之后为持证按现状路线行驶"
            ),
            format!(
                "cut off\t{cut_off_flows} flows\t{cut_off:.0} trucks/d\tafter ～ with a permit by today's way"
            ),
        )?;
    }
    let (moment, dated) = (at.strftime("%Y-%m-%d %H:%M"), speeds::dated());
    let is_workday = comparison.before.day.is_workday();
    let kind = if is_workday { ("工作日", "working day") } else { ("休息日", "day off") };
    say(
        format!("时刻\t{moment}\t{}\t全日合计\t货车车速表 {dated}", kind.0),
        format!("moment\t{moment}\t{}\tsums of the day\ttruck speeds of {dated}", kind.1),
    )?;
    Ok(())
}

/// `40.0`, or `0.0～40.0` where some are cut off.
fn spread(outcome: &Evaluation, part: impl Fn(DayParts<'_>) -> f64, digits: usize) -> String {
    let [least, most] = outcome.bounds(part);
    let (least, most) = (format!("{least:.digits$}"), format!("{most:.digits$}"));
    if least == most { least } else { format!("{least}～{most}") }
}

fn ring_said(
    ring: &ControlRing,
    number: usize,
    before: &Evaluation,
    after: &Evaluation,
) -> Option<LocalizedText> {
    let old = before.rings.get(number)?;
    let head = format!("{} {} m", ring.name, ring.radius_m);
    let pair = |of: fn(&DayTotals) -> f64, digits: usize| {
        let new = spread(after, |parts| parts.rings.get(number).map_or(0.0, of), digits);
        format!("{:.digits$} → {new}", of(old))
    };
    let truck_km = pair(|ring| ring.truck_km, 1);
    let trucks = pair(|ring| ring.trucks, 0);
    let nox = pair(|ring| ring.nox_g, 0);
    let dust = pair(|ring| ring.dust_pm10_g, 0);
    Some(LocalizedText::new(
        format!(
            "{head}\t货车·公里/日 {truck_km}\t货车 辆/日 {trucks}\t尾气 NOx 克/日 {nox}\t扬尘 PM10 克/日 {dust}"
        ),
        format!(
            "{head}\t{truck_km} truck·km/d\t{trucks} trucks/d\tNOx {nox} g/d\tdust PM10 {dust} g/d"
        ),
    ))
}

/// How far each figure moves, a line an assumption.
pub fn sensitivity(out: &mut impl Write, found: &Sensitivity, lang: Lang) -> std::io::Result<()> {
    let names: Vec<&str> = FIGURES.iter().map(|words| words.say(lang)).collect();
    writeln!(
        out,
        "{}\t{}",
        if lang == Lang::Zh { "敏感性" } else { "sensitivity" },
        names.join("\t")
    )?;
    let base: Vec<String> = found.base.iter().map(|value| format!("{value:.1}")).collect();
    writeln!(
        out,
        "{}\t{}",
        if lang == Lang::Zh { "现有假设" } else { "as assumed" },
        base.join("\t")
    )?;
    for row in &found.rows {
        let values = row.values.iter().map(|value| match value {
            Some([low, high]) => range(&format!("{low:.1}"), &format!("{high:.1}"), lang),
            None => "—".to_owned(),
        });
        writeln!(out, "{}\t{}", row.what.say(lang), values.collect::<Vec<_>>().join("\t"))?;
    }
    Ok(())
}
