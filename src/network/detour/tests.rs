//! The detours proposed around an order.

use super::*;
use crate::domain::Kind;
use crate::network::compare::{Planner, prepare};
use crate::network::evaluate::Assumptions;
use crate::network::snap_route::resolve;
use crate::network::testing::{Town, line, moment};

/// A street from west to east; a way round by the north from -1000 to 1000 and a longer one by the
/// south.
fn town() -> Town {
    let mut town = Town::new();
    town.road("street", &[(-3000.0, 0.0), (3000.0, 0.0)], &[]);
    let north = [(-1000.0, 0.0), (-1000.0, 500.0), (1000.0, 500.0), (1000.0, 0.0)];
    town.road("north", &north, &[]);
    let south = [(-1500.0, 0.0), (-1500.0, -900.0), (1500.0, -900.0), (1500.0, 0.0)];
    town.road("south", &south, &[]);
    town.gate("W", (-3000.0, 0.0));
    town.gate("E", (3000.0, 0.0));
    town.flow("W", "E", "100", &[("class", "heavy")]);
    town.flow("E", "W", "300", &[("class", "heavy")]);
    town.flow("W", "E", "900", &[("class", "light")]);
    town
}

fn proposed(town: &Town, order: RecordId) -> (Prepared, Option<Detour>) {
    let world = town.world();
    let prepared = prepare(&world, &|_, _| true).unwrap();
    let at = moment("2026-11-23T10:00:00");
    let comparison = Planner::default().compare(&prepared, &world, "P", at, Assumptions::default());
    let found = around(&prepared, &comparison, order);
    (prepared, found)
}

#[test]
fn the_way_that_most_displaced_trucks_take_is_proposed_from_where_they_turn_off_to_where_they_join()
{
    let mut town = town();
    let more = [("plan", "P"), ("state", "草案"), ("classes", "heavy")];
    let order = town.order("no_entry", line(&[(-300.0, 0.0), (300.0, 0.0)]), &more);
    let (prepared, found) = proposed(&town, order);
    let found = found.unwrap();
    assert!((found.trucks - 300.0).abs() < 1e-9, "those who come from the east");
    assert!((found.length_m - 3000.0).abs() < 1.0, "{}", found.length_m);
    let (first, last) = (found.line[0], found.line[found.line.len() - 1]);
    assert!(first.x > last.x, "westwards, as they drive");
    let again = resolve(&prepared, &found.waypoints, RoadUse::Driven, false);
    let again_m = crate::network::snap_route::length_m(&again.line.0);
    assert!((again_m - found.length_m).abs() < 1.0, "{again_m}: {:?}", found.waypoints);
}

#[test]
fn nobody_is_displaced_by_an_order_that_nobody_meets_or_that_leaves_no_way() {
    let mut town = town();
    let more = [("plan", "P"), ("state", "草案"), ("classes", "micro")];
    let order = town.order("no_entry", line(&[(-300.0, 0.0), (300.0, 0.0)]), &more);
    assert_eq!(proposed(&town, order).1, None);
    let more = [("plan", "P"), ("state", "草案")];
    let order = town.order("no_entry", line(&[(-2900.0, 0.0), (-2000.0, 0.0)]), &more);
    assert_eq!(proposed(&town, order).1, None, "they are cut off");
}

#[test]
fn a_detour_names_its_order_by_id_or_by_code() {
    let mut town = town();
    let order = town.order("no_entry", line(&[(0.0, 0.0), (9.0, 0.0)]), &[("code", "J1")]);
    let world = town.world();
    assert_eq!(world.table(Kind::Restriction).len(), 1);
    for name in [order.to_string(), "J1".to_owned()] {
        assert_eq!(order_of(&world, &name), Some(order));
    }
    assert_eq!(order_of(&world, ""), None);
    assert_eq!(order_of(&world, "J2"), None);
}
