//! Whether the trucks that a detour is meant for may drive it: limits of mass, height and axles.

use std::collections::BTreeSet;

use super::{Case, LintFinding, LintRule};
use crate::domain::truck_rules::Access;
use crate::domain::{OrderKind, TruckClass};
use crate::network::demand::USUAL_STAGE;
use crate::network::graph::Road;
use crate::network::orders::TrafficOrder;
use crate::network::truck::{Scope, Truck};

/// What is wrong with a detour.
pub(super) fn look(case: &Case<'_>, detour: &TrafficOrder, found: &mut Vec<LintFinding>) {
    if detour.kind != OrderKind::Detour {
        return;
    }
    let network = &case.prepared.network;
    let trucks = trucks(case, detour);
    let mut told = BTreeSet::new();
    for arc in &detour.arcs {
        let number = arc.edge() as u32;
        let Some((edge, road)) =
            network.edge(*arc).and_then(|edge| Some((edge, network.road_of(edge)?)))
        else {
            continue;
        };
        let Some((zh, en)) = trucks.iter().find_map(|truck| limit(road, truck)) else { continue };
        if !told.insert(edge.road) {
            continue;
        }
        let (detour_name, name) = (&detour.name, network.name_of(number));
        let name_zh = if name.is_empty() { "无名道路" } else { name };
        let name_en = if name.is_empty() { "a road" } else { name };
        let zh = format!("{detour_name}：{name_zh}{zh}，受限车辆不能绕行");
        let en = format!("{detour_name}: {name_en} {en}");
        found.push(
            LintFinding::new(LintRule::DetourLimit, detour.id, zh, en)
                .at(network.middle_of(number)),
        );
    }
}

/// Those of the flows that are meant by what the detour leads around, or by itself, and a usual
/// truck of each class, as large as it says.
pub(super) fn trucks(case: &Case<'_>, detour: &TrafficOrder) -> Vec<Truck> {
    let around = case.all.iter().find(|order| detour.is_around(order));
    let scope = around.map_or(&detour.scope, |order| &order.scope);
    let flows = case.prepared.flows.iter().map(|flow| flow.truck.clone());
    let usual = TruckClass::ALL.into_iter().rev().map(|class| usual(class, scope));
    flows.chain(usual).filter(|truck| scope.covers(truck)).collect()
}

/// The largest usual truck that an order means.
pub(super) fn largest(scope: &Scope) -> Truck {
    let mut trucks = TruckClass::ALL.into_iter().rev().map(|class| usual(class, scope));
    trucks.find(|truck| scope.covers(truck)).unwrap_or_else(|| usual(TruckClass::Heavy, scope))
}

fn usual(class: TruckClass, scope: &Scope) -> Truck {
    let stage = scope.stages.iter().max().copied().unwrap_or(USUAL_STAGE);
    let axles = u8::try_from(scope.min_axles).unwrap_or(0);
    let usual = Truck::of(class, 0, stage);
    let usual = if axles > usual.axles { Truck::of(class, axles, stage) } else { usual };
    let fuel = scope.fuels.first().copied();
    usual.with(scope.tags.clone(), fuel, scope.plates.first().copied())
}

fn limit(road: &Road, truck: &Truck) -> Option<(String, String)> {
    let (mass_t, height_m) = (truck.mass_t, truck.height_m);
    if road.max_mass_t > 0.0 && mass_t > road.max_mass_t {
        let most = road.max_mass_t;
        let zh = format!("限重 {most} t，车重 {mass_t} t");
        return Some((zh, format!("bears {most} t, the trucks weigh {mass_t} t")));
    }
    if road.max_height_m > 0.0 && height_m > road.max_height_m {
        let most = road.max_height_m;
        let zh = format!("限高 {most} m，车高 {height_m} m");
        return Some((zh, format!("clears {most} m, the trucks are {height_m} m high")));
    }
    let axles = i64::from(truck.axles);
    if road.max_axles > 0 && axles > road.max_axles {
        let most = road.max_axles;
        let zh = format!("限 {most} 轴，车有 {axles} 轴");
        return Some((zh, format!("allows {most} axles, the trucks have {axles}")));
    }
    let rules = road.rules.as_ref()?;
    let access = |back| rules.access(&truck.measures(), back, &|_| true);
    let is_closed = [false, true].map(access).contains(&Access::Closed);
    is_closed.then(|| ("禁止或限制此类货车".to_owned(), "is closed to such trucks".to_owned()))
}
