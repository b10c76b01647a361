//! A plan in a few figures, beside those of other plans: what its detours cost, whose way changes,
//! and whether flows that are off would put plans in another order.
//!
//! Everything here is summed from a [`Comparison`], in trucks, kilometres and minutes of a day. What
//! happens in rings and in their air is [`super::evaluate`]'s; words are the caller's.

use super::compare::Comparison;
use std::collections::BTreeSet;

use super::evaluate::{
    DayBounds, DayPair, DayTotals, Evaluation, Prepared, Trip, day_pairs, day_trips,
};

/// Rings of this radius put plans in order, metres.
pub const OUTER_M: f64 = 1000.0;
/// How far the volume of a flow may be off, as a share of it.
pub const FLOW_ERROR: f64 = 0.2;

/// What those who must make way drive more, all of them together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DetourTotal {
    /// Trucks a day that take another way.
    pub trucks: f64,
    /// Truck·km a day.
    pub added_km: f64,
    /// Truck·minutes a day.
    pub added_min: f64,
    /// Flows without a way any more in some hour.
    pub cut_off_flows: usize,
    /// Trucks a day without a way any more; the figures above do not count them.
    pub cut_off: f64,
}

/// The figures of one plan among several.
#[derive(Clone, Debug, Default)]
pub struct PlanSummary {
    /// Empty for today.
    pub plan: String,
    /// How many the plan has.
    pub orders: usize,
    /// In the order of [`Prepared::rings`].
    pub rings: Vec<DayTotals>,
    /// On the whole network.
    pub all: DayTotals,
    /// The same if those who are cut off drive today's way; `None` where nobody is.
    pub most: Option<Box<DayBounds>>,
    /// What its detours cost.
    pub total: DetourTotal,
    /// How many there are.
    pub findings: usize,
    /// Truck·km a day in the rings of [`OUTER_M`], by flow; where rings overlap, once in each.
    pub outer_km: Vec<f64>,
    /// What those who are cut off drive there today.
    pub outer_cut_km: f64,
}

/// How plans follow one another by truck·km in the outer rings, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// Indices of the plans, least first.
    pub order: Vec<usize>,
    /// All flows together [`FLOW_ERROR`] more or less leave the order as it is.
    pub is_kept: bool,
    /// The first place in `order` whose plan may change places with the next one where each flow is
    /// off by itself.
    pub loose: Option<usize>,
}

/// Whether a flow has a way today and none under the plan.
pub const fn is_cut_off(before: &Trip, after: &Trip) -> bool {
    before.route.is_some() && after.route.is_none()
}

/// Whether a flow has a way today and under the plan, and they are not the same.
pub fn is_detoured(before: &Trip, after: &Trip) -> bool {
    before.route.as_ref().zip(after.route.as_ref()).is_some_and(|(a, b)| a.arcs != b.arcs)
}

/// Indices of the flows that are worth looking at: those whose way changes and, of today, those that
/// enter a ring. The ones that are cut off come first, then those of most trucks.
pub fn browsed(prepared: &Prepared, comparison: &Comparison, is_today: bool) -> Vec<usize> {
    let mut flows: Vec<(bool, f64, usize)> = Vec::new();
    for (index, (flow, before, after)) in comparison.trips(prepared).enumerate() {
        let is_cut_off = is_cut_off(before, after);
        let is_in_ring = is_today && !before.rings.is_empty();
        if is_cut_off || is_detoured(before, after) || is_in_ring {
            flows.push((is_cut_off, flow.per_day, index));
        }
    }
    flows.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    flows.into_iter().map(|(.., index)| index).collect()
}

/// Of all trucks, the share that was counted and not assumed, 0–1.
pub fn measured_share(prepared: &Prepared) -> f64 {
    let all: f64 = prepared.flows.iter().map(|flow| flow.per_day).sum();
    let measured = prepared.flows.iter().filter(|flow| flow.is_measured);
    let counted: f64 = measured.map(|flow| flow.per_day).sum();
    if all > 0.0 { counted / all } else { 0.0 }
}

impl DetourTotal {
    /// Summed over all trips.
    pub fn of(prepared: &Prepared, comparison: &Comparison) -> Self {
        let mut total = Self::default();
        let mut cut_off = BTreeSet::new();
        for DayPair { flow, trucks, is_peak, before, after } in
            day_pairs(prepared, &comparison.before, &comparison.after)
        {
            match (before.km_and_min_in(is_peak), after.km_and_min_in(is_peak)) {
                (Some(_), None) => {
                    cut_off.insert(flow);
                    total.cut_off += trucks;
                }
                (Some((km, min)), Some((km_after, min_after))) if is_detoured(before, after) => {
                    total.trucks += trucks;
                    total.added_km += trucks * (km_after - km);
                    total.added_min += trucks * (min_after - min);
                }
                _ => {}
            }
        }
        total.cut_off_flows = cut_off.len();
        total
    }
}

impl PlanSummary {
    /// `plan` is the name that it is told by.
    pub fn of(prepared: &Prepared, comparison: &Comparison, plan: &str) -> Self {
        let outcome = &comparison.after;
        Self {
            plan: plan.to_owned(),
            orders: comparison.planned.len(),
            rings: outcome.rings.clone(),
            all: outcome.all,
            most: outcome.most.clone(),
            total: DetourTotal::of(prepared, comparison),
            findings: comparison.findings.len(),
            outer_km: outer_km(prepared, outcome),
            outer_cut_km: outer_cut_km(prepared, comparison),
        }
    }

    /// Truck·km a day in all rings of [`OUTER_M`].
    pub fn outer(&self) -> f64 {
        self.outer_km.iter().sum()
    }

    /// The same, and as if those who are cut off drove today's way.
    pub fn outer_bounds(&self) -> [f64; 2] {
        [self.outer(), self.outer() + self.outer_cut_km]
    }

    /// A figure of the whole network, likewise.
    pub fn all_bounds(&self, value: impl Fn(&DayTotals) -> f64) -> [f64; 2] {
        let most = self.most.as_ref().map_or(&self.all, |most| &most.all);
        [value(&self.all), value(most)]
    }

    /// A figure of a ring, likewise; 0 of one that is not there.
    pub fn ring_bounds(&self, ring: usize, value: impl Fn(&DayTotals) -> f64) -> [f64; 2] {
        let least = self.rings.get(ring).map_or(0.0, &value);
        let most = self.most.as_ref().and_then(|most| most.rings.get(ring)).map(&value);
        [least, most.unwrap_or(least)]
    }
}

/// Kilometres of a trip in rings of [`OUTER_M`].
fn outer_of(prepared: &Prepared, trip: &Trip) -> f64 {
    let is_outer = |ring: u32| {
        let ring = prepared.rings.get(ring as usize);
        ring.is_some_and(|ring| (ring.radius_m - OUTER_M).abs() < 0.5)
    };
    let arcs = trip.route.iter().flat_map(|route| &route.arcs);
    let pieces = arcs.flat_map(|arc| prepared.rings_on(arc.edge()));
    let inside = pieces.filter(|(ring, _)| is_outer(*ring));
    inside.map(|(_, metres)| f64::from(*metres)).sum::<f64>() / 1000.0
}

fn outer_cut_km(prepared: &Prepared, comparison: &Comparison) -> f64 {
    let pairs = day_pairs(prepared, &comparison.before, &comparison.after).into_iter();
    let cut_off = pairs.filter(|pair| is_cut_off(pair.before, pair.after));
    cut_off.map(|pair| pair.trucks * outer_of(prepared, pair.before)).sum()
}

fn outer_km(prepared: &Prepared, outcome: &Evaluation) -> Vec<f64> {
    let mut flows = vec![0.0; prepared.flows.len()];
    for DayPair { flow, trucks, after: trip, .. } in day_trips(prepared, outcome) {
        if let Some(sum) = flows.get_mut(flow) {
            *sum += trucks * outer_of(prepared, trip);
        }
    }
    flows
}

impl Ranking {
    /// Without queues every figure grows as the flows do, so all flows together change no order.
    /// Each flow by itself may: two plans can change places where the flows that speak for one are
    /// too large and those that speak for the other too small.
    pub fn of(plans: &[PlanSummary]) -> Self {
        let order = ranked(plans, 1.0);
        let is_kept = [1.0 - FLOW_ERROR, 1.0 + FLOW_ERROR]
            .into_iter()
            .all(|factor| ranked(plans, factor) == order);
        let loose = order.windows(2).position(|pair| {
            let [less, more] = pair else { return false };
            plans.get(*less).zip(plans.get(*more)).is_some_and(|(less, more)| may_swap(less, more))
        });
        Self { order, is_kept, loose }
    }
}

/// Indices of the plans, least first, when all flows are so many times as large.
fn ranked(plans: &[PlanSummary], factor: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..plans.len()).collect();
    let at = |index: usize| plans.get(index).map_or(0.0, |plan| plan.outer() * factor);
    order.sort_by(|a, b| at(*a).total_cmp(&at(*b)));
    order
}

fn may_swap(less: &PlanSummary, more: &PlanSummary) -> bool {
    let differences = more.outer_km.iter().zip(&less.outer_km).map(|(more, less)| more - less);
    let (by, reach) = differences.fold((0.0, 0.0), |(by, reach), difference| {
        (by + difference, reach + difference.abs() * FLOW_ERROR)
    });
    // Plans that are alike in every flow do not change places: they share one.
    reach > 0.0 && by <= reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str, outer_km: &[f64]) -> PlanSummary {
        PlanSummary { plan: name.to_owned(), outer_km: outer_km.to_vec(), ..PlanSummary::default() }
    }

    #[test]
    fn plans_that_differ_by_much_keep_their_order_and_those_that_differ_by_little_may_not() {
        let today = plan("", &[100.0, 100.0]);
        let clear = Ranking::of(&[today.clone(), plan("甲", &[10.0, 10.0])]);
        assert_eq!(clear, Ranking { order: vec![1, 0], is_kept: true, loose: None });

        let close = Ranking::of(&[today, plan("甲", &[10.0, 60.0]), plan("乙", &[60.0, 20.0])]);
        assert_eq!(close, Ranking { order: vec![1, 2, 0], is_kept: true, loose: Some(0) });
    }
}
