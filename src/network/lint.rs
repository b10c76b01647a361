//! What should be looked at before a plan is signed.

use jiff::civil::DateTime;

use super::evaluate::{Outcome, Prepared};
use super::orders::{Order, OrderKind};
use crate::domain::{RecordId, Said};

/// One thing to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub rule: Rule,
    pub record: RecordId,
    pub words: Said,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A flow that has a way today has none under the plan.
    Unreachable,
    /// A flow has no way today either, or no gate of its code, or its gate is far from any road.
    FlowNowhere,
    /// The shape of an order lies on no road.
    OffRoad,
    /// Its hours cannot be read, or never come.
    Hours,
    /// It ends before it begins, or before the moment that is looked at.
    Dates,
    /// 应急 and 绿色通道 are not exempt.
    Exemption,
    /// A truck that must make way enters a ring that it did not enter before.
    OtherRing,
    /// A detour leads over an arc that an order closes.
    DetourClosed,
    /// Two orders say different things of the same road.
    Overlap,
}

impl Rule {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::FlowNowhere => "flow_nowhere",
            Self::OffRoad => "off_road",
            Self::Hours => "hours",
            Self::Dates => "dates",
            Self::Exemption => "exemption",
            Self::OtherRing => "other_ring",
            Self::DetourClosed => "detour_closed",
            Self::Overlap => "overlap",
        }
    }
}

/// Vehicles that no order may keep from their way: 道路交通安全法 art. 53 for emergencies, and the
/// green channel for fresh farm produce (交公路发〔2019〕99号).
pub const MUST_BE_EXEMPT: [&str; 2] = ["应急", "绿色通道"];

/// `planned` are the orders of the plan; `all` are those and the ones in force.
pub fn lint(
    prepared: &Prepared,
    planned: &[&Order],
    all: &[&Order],
    (before, after): (&Outcome, &Outcome),
    at: DateTime,
) -> Vec<Finding> {
    let mut found = Vec::new();
    flows(prepared, before, after, &mut found);
    for order in planned {
        one(order, at, &mut found);
    }
    for (number, order) in planned.iter().enumerate() {
        let others = all.iter().filter(|other| other.id != order.id);
        let earlier = |other: &Order| planned.iter().take(number).any(|known| known.id == other.id);
        for other in others.filter(|other| !earlier(other)) {
            pair(order, other, &mut found);
        }
    }
    found.sort_by(|a, b| (a.rule, a.record, &a.words.zh).cmp(&(b.rule, b.record, &b.words.zh)));
    found.dedup();
    found
}

fn flows(prepared: &Prepared, before: &Outcome, after: &Outcome, found: &mut Vec<Finding>) {
    let trips = before.trips.iter().zip(&after.trips);
    for (flow, (before, after)) in prepared.flows.iter().zip(trips) {
        let (from, to) = (flow.from_words(&prepared.gates), flow.to_words(&prepared.gates));
        let mut say = |rule, zh: String, en: String| {
            found.push(Finding { rule, record: flow.id, words: Said::new(zh, en) });
        };
        if before.way.is_none() {
            let zh = format!("{from} → {to}：现状就没有可走的路（核对关口编码、位置和路网）");
            let en = format!("{from} → {to}: no way today (check codes, gates and roads)");
            say(Rule::FlowNowhere, zh, en);
        } else if after.way.is_none() {
            let zh = format!("{from} → {to}：方案实施后无法到达");
            say(Rule::Unreachable, zh, format!("{from} → {to} is cut off by the plan"));
        }
        for ring in after.rings.iter().filter(|ring| !before.rings.contains(ring)) {
            let Some(ring) = prepared.rings.get(*ring as usize) else { continue };
            let (name, radius_m) = (&ring.name, ring.radius_m);
            say(
                Rule::OtherRing,
                format!("{from} → {to}：绕行进入{name} {radius_m} m 圈"),
                format!("{from} → {to} now enters the {radius_m} m ring of {name}"),
            );
        }
    }
}

fn one(order: &Order, at: DateTime, found: &mut Vec<Finding>) {
    let name = &order.name;
    let mut say = |rule, zh: String, en: String| {
        found.push(Finding { rule, record: order.id, words: Said::new(zh, en) });
    };
    if order.arcs.is_empty() {
        say(
            Rule::OffRoad,
            format!("{name}：不在任何道路上，请沿道路重画"),
            format!("{name} lies on no road: draw it along one"),
        );
    }
    if let Some(bad) = &order.bad_hours {
        say(Rule::Hours, format!("{name}：时段无法识别（{}）", bad.text), format!("{name}: {bad}"));
    } else if !order.hours.ever_holds(at) {
        say(
            Rule::Hours,
            format!("{name}：时段永远不会生效"),
            format!("{name}: its hours never come"),
        );
    }
    if let (Some(from), Some(to)) = (order.from, order.to)
        && to < from
    {
        say(
            Rule::Dates,
            format!("{name}：截止日期早于起始日期"),
            format!("{name} ends before it begins"),
        );
    } else if order.to.is_some_and(|to| to < at.date()) {
        say(Rule::Dates, format!("{name}：已过截止日期"), format!("{name} is over already"));
    }
    if order.kind != OrderKind::Detour && order.kind != OrderKind::OneWay {
        let is_exempt = |tag: &str| order.scope.exemptions.iter().any(|known| known == tag);
        let missing: Vec<&str> = MUST_BE_EXEMPT.into_iter().filter(|tag| !is_exempt(tag)).collect();
        if !missing.is_empty() {
            let missing = missing.join("、");
            say(
                Rule::Exemption,
                format!("{name}：未豁免{missing}"),
                format!("{name} does not exempt {missing}"),
            );
        }
    }
}

fn pair(one: &Order, other: &Order, found: &mut Vec<Finding>) {
    let shares = |a: &Order, b: &Order| a.arcs.iter().any(|arc| b.arcs.binary_search(arc).is_ok());
    let is_detour = |order: &Order| order.kind == OrderKind::Detour;
    if !shares(one, other) || (is_detour(one) && is_detour(other)) {
        return;
    }
    if is_detour(one) || is_detour(other) {
        let (detour, closure) = if is_detour(one) { (one, other) } else { (other, one) };
        found.push(Finding {
            rule: Rule::DetourClosed,
            record: detour.id,
            words: Said::new(
                format!("{}：绕行线经过被“{}”禁限的路段", detour.name, closure.name),
                format!("{} leads over a road that {} closes", detour.name, closure.name),
            ),
        });
    } else {
        found.push(Finding {
            rule: Rule::Overlap,
            record: one.id,
            words: Said::new(
                format!("{}：与“{}”有重叠路段", one.name, other.name),
                format!("{} overlaps {}", one.name, other.name),
            ),
        });
    }
}
