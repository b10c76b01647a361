//! Where trucks may come into closed roads unseen, and where the next camera would see most.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, LintFinding, LintRule};
use crate::domain::OrderKind;
use crate::network::ArcId;
use crate::network::entries::{CameraCoverage, EntryPoint, PlacedCameras, entries};
use crate::network::orders::TrafficOrder;

/// A flow that comes in today where nobody looks.
struct Unseen {
    per_day: f64,
    /// Indices of entries.
    at: BTreeSet<usize>,
}

/// Entries that no camera sees.
pub(super) fn look(case: &Case<'_>, found: &mut Vec<LintFinding>) {
    let network = &case.prepared.network;
    let cameras = PlacedCameras::of(case.world);
    let entries = entries(network, case.planned);
    let watches: Vec<CameraCoverage> =
        entries.iter().map(|entry| cameras.watch(entry.at, entry.before)).collect();
    let unseen = unseen(case, &entries, &watches);
    let trucks = |index: usize| -> f64 {
        // Nothing must not become −0.
        let come = unseen.iter().filter(|flow| flow.at.contains(&index));
        come.fold(0.0, |sum, flow| sum + flow.per_day)
    };
    for (index, (entry, watch)) in entries.iter().zip(&watches).enumerate() {
        let Some(order) = order_of(case, entry.into).filter(|_| !watch.is_sure()) else { continue };
        let said = entry.words(network);
        let count = trucks(index);
        let (zh, en) = match watch.name() {
            Some(camera) => (
                format!(
                    "{}：抓拍点“{camera}”的朝向未填，不知是否覆盖（今日 {count:.0} 辆/日）",
                    said.zh
                ),
                format!("{}: nobody knows where {camera} looks ({count:.0} trucks a day)", said.en),
            ),
            None => (
                format!("{}：没有抓拍点（今日 {count:.0} 辆/日）", said.zh),
                format!("{}: no camera ({count:.0} trucks a day)", said.en),
            ),
        };
        let direction_deg = watch.name().is_none().then(|| entry.direction_deg());
        let finding = LintFinding::new(LintRule::NoCamera, order.id, zh, en).at(Some(entry.at));
        found.push(LintFinding { direction_deg, ..finding });
    }
    found.extend(next(case, &entries, &unseen));
}

/// Flows whose way of today leads over entries to what is closed to them, and past no camera.
fn unseen(case: &Case<'_>, entries: &[EntryPoint], watches: &[CameraCoverage]) -> Vec<Unseen> {
    let by_arc: BTreeMap<ArcId, usize> = entries.iter().map(|entry| entry.from).zip(0..).collect();
    let mut found = Vec::new();
    for (flow, trip) in case.prepared.flows.iter().zip(&case.before.trips) {
        let closing: Vec<&&TrafficOrder> =
            case.planned.iter().filter(|order| order.closes(&flow.truck)).collect();
        let Some(route) = trip.route.as_ref().filter(|_| !closing.is_empty()) else { continue };
        let is_closed =
            |arc: &ArcId| closing.iter().any(|order| order.arcs.binary_search(arc).is_ok());
        let pairs = route.arcs.windows(2).filter_map(|pair| match pair {
            [from, into] => by_arc.get(from).filter(|_| is_closed(into)).copied(),
            _ => None,
        });
        let at: BTreeSet<usize> = pairs.collect();
        let is_seen =
            at.iter().any(|index| watches.get(*index).is_some_and(CameraCoverage::is_sure));
        if !at.is_empty() && !is_seen {
            found.push(Unseen { per_day: flow.per_day, at });
        }
    }
    found
}

/// The entry at which one more camera would see most trucks that nobody sees; it may see others at
/// the same junction too. Cameras that are placed where this says one after the other are a greedy
/// cover of the flows.
fn next(case: &Case<'_>, entries: &[EntryPoint], unseen: &[Unseen]) -> Option<LintFinding> {
    let candidates: BTreeSet<usize> = unseen.iter().flat_map(|flow| &flow.at).copied().collect();
    let gain = |index: usize| -> f64 {
        let Some(candidate) = entries.get(index) else { return 0.0 };
        let is_seen = |at: &usize| {
            entries.get(*at).is_some_and(|entry| *at == index || entry.is_seen_from(candidate))
        };
        let seen = unseen.iter().filter(|flow| flow.at.iter().any(is_seen));
        seen.map(|flow| flow.per_day).sum()
    };
    let gains = candidates.into_iter().map(|index| (gain(index), index));
    // Of equal ones the first.
    let (count, index) = gains.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    let entry = entries.get(index).filter(|_| count > 0.0)?;
    let order = order_of(case, entry.into)?;
    let said = entry.words(&case.prepared.network);
    let zh = format!("建议下一个抓拍点：{}，覆盖 {count:.0} 辆/日", said.zh);
    let en = format!("next camera: {}, sees {count:.0} trucks a day", said.en);
    let finding = LintFinding::new(LintRule::NextCamera, order.id, zh, en).at(Some(entry.at));
    Some(LintFinding { direction_deg: Some(entry.direction_deg()), ..finding })
}

fn order_of<'a>(case: &Case<'a>, arc: ArcId) -> Option<&'a TrafficOrder> {
    let is_closing = |order: &&&TrafficOrder| {
        order.kind != OrderKind::Detour && order.arcs.binary_search(&arc).is_ok()
    };
    case.planned.iter().find(is_closing).copied()
}
