//! Passes for restricted roads: whom to let through so that a works or a village is reached again.

use jiff::civil::DateTime;

use super::accessibility::{Accessibility, with_pass};
use super::compare::Comparison;
use super::evaluate::Prepared;
use super::orders::TrafficOrder;
use super::sites::RoadsideSites;
use crate::domain::{RecordId, World};

/// The orders of a plan that have to exempt trucks with a pass so that those come to a site and
/// back: one where one is enough, else all that keep them out; none where that is not enough.
pub fn to_exempt(
    prepared: &Prepared,
    world: &World,
    comparison: &Comparison,
    site: RecordId,
    at: DateTime,
) -> Vec<RecordId> {
    let sites = RoadsideSites::of(world, prepared);
    let Some(index) = sites.all.iter().position(|known| known.id == site) else {
        return Vec::new();
    };
    let truck = with_pass();
    let plan = comparison.planned.first().map_or("", |order| order.plan.as_str());
    let is_closing = |order: &&TrafficOrder| order.holds(at) && order.closes(&truck);
    let planned: Vec<&TrafficOrder> =
        comparison.planned.iter().map(AsRef::as_ref).filter(is_closing).collect();
    let others: Vec<&TrafficOrder> =
        comparison.in_force.iter().map(AsRef::as_ref).filter(is_closing).collect();
    let is_reached = |open: &dyn Fn(&TrafficOrder) -> bool| {
        let left = planned.iter().filter(|order| !open(order));
        let orders: Vec<&TrafficOrder> = left.chain(&others).copied().collect();
        let closure = prepared.closure(&truck, &orders, &prepared.access.state(at, plan));
        let reached = sites.reached(&Accessibility::of(prepared, &closure), &closure, prepared);
        reached.get(index) == Some(&true)
    };
    let one = planned.iter().find(|one| is_reached(&|order| order.id == one.id));
    if let Some(one) = one {
        return vec![one.id];
    }
    if is_reached(&|_| true) { planned.iter().map(|order| order.id).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Kind, Value};
    use crate::network::compare::{Planner, prepare};
    use crate::network::evaluate::Assumptions;
    use crate::network::testing::{Town, at, line, moment};

    /// A works at the end of a lane off a street between two gates.
    fn town() -> Town {
        let mut town = Town::new();
        town.road("street", &[(-1000.0, 0.0), (1000.0, 0.0)], &[]);
        town.road("lane", &[(0.0, 0.0), (0.0, 800.0)], &[]);
        town.gate("W", (-1000.0, 0.0));
        town.gate("E", (1000.0, 0.0));
        town.flow("W", "E", "10", &[]);
        let place = geo_types::Point(at(5.0, 790.0));
        town.add(
            Kind::Site,
            geo_types::Geometry::from(place),
            &[("name", "works"), ("kind", "enterprise")],
        );
        town
    }

    const LOW: [(f64, f64); 2] = [(0.0, 0.0), (0.0, 400.0)];

    fn asked(town: &Town) -> (Comparison, Vec<RecordId>) {
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let now = moment("2026-11-23T10:00:00");
        let comparison =
            Planner::default().compare(&prepared, &world, "P", now, Assumptions::default());
        let site = world.table(Kind::Site).iter().next().unwrap().id;
        let exempt = to_exempt(&prepared, &world, &comparison, site, now);
        (comparison, exempt)
    }

    #[test]
    fn the_order_that_keeps_a_works_cut_off_is_the_one_to_exempt_passes_from() {
        let mut town = town();
        let closing = town.order("no_entry", line(&LOW), &[("plan", "P")]);
        town.order("no_entry", line(&[(-1000.0, 0.0), (0.0, 0.0)]), &[("plan", "P")]);
        let (comparison, exempt) = asked(&town);
        assert_eq!((comparison.cut_off.len(), &exempt), (1, &vec![closing]));
        let order = town.records.iter_mut().find(|record| record.id == closing).unwrap();
        order.set("exemptions", Some(Value::Words(["持证车辆".into()].into())));
        let (comparison, _) = asked(&town);
        assert!(comparison.cut_off.is_empty() && comparison.by_pass.len() == 1);
        assert!(!comparison.findings.iter().any(|it| it.rule.key() == "place_unreachable"));
    }

    #[test]
    fn where_another_order_in_force_closes_the_road_too_nothing_of_the_plan_helps() {
        let mut town = town();
        town.order("no_entry", line(&LOW), &[("plan", "P")]);
        town.order("no_entry", line(&LOW), &[("state", "生效")]);
        // Cut off today already, so not blamed on the plan.
        let (comparison, exempt) = asked(&town);
        assert!(comparison.cut_off.is_empty() && exempt.is_empty());
    }

    #[test]
    fn where_two_orders_close_it_both_have_to_exempt() {
        let mut town = town();
        let one = town.order("no_entry", line(&LOW), &[("plan", "P")]);
        let two = town.order("no_entry", line(&LOW), &[("plan", "P"), ("hours", "09:00-12:00")]);
        let (_, exempt) = asked(&town);
        assert_eq!(exempt, [one, two]);
    }
}
