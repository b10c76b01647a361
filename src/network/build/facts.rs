//! What a road record says that matters to trucks: one record, and nothing about its neighbours.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::domain::truck_rules::{Access, Measures, TruckRules};
use crate::domain::{Oneway, Record, RoadClass, Validity, Value};
use crate::network::graph::Road;
use crate::network::speeds::{of_class, truck_kmh};

/// A road without its geometry: name, speed, limits, directions.
pub(super) fn facts(record: &Record) -> Road {
    let real = |key: &str| match record.get(key) {
        Some(Value::Real(number)) => *number,
        Some(Value::Integer(number)) => *number as f64,
        _ => 0.0,
    };
    let class = match record.get("class") {
        Some(Value::Choice(class)) => class,
        _ => RoadClass::default().key(),
    };
    let stated = real("maxspeed_kmh");
    Road {
        id: record.id,
        code: record.code().unwrap_or_default().to_owned(),
        name: record.name().to_owned(),
        reference: record.text("ref").to_owned(),
        class,
        speed_kmh: if stated >= 1.0 { stated } else { of_class(class).unstated_kmh },
        truck_kmh: truck_kmh(class, stated),
        lanes: real("lanes").clamp(0.0, 32.0) as u8,
        max_mass_t: real("max_mass_t"),
        max_height_m: real("max_height_m"),
        max_axles: real("max_axles") as i64,
        is_open: match Oneway::of(record) {
            Some(Oneway::Forward) => [true, false],
            Some(Oneway::Backward) => [false, true],
            Some(Oneway::No) | None => [true, true],
        },
        plan: record.text("plan").to_owned(),
        days: Validity { from: record.date("opens_on"), to: record.date("closes_on") },
        stands_for: record.text("stands_for").trim().to_owned(),
        level: level(record),
        rules: TruckRules::of(record).filter(says_something).map(Arc::new),
    }
}

fn says_something(rules: &TruckRules) -> bool {
    !rules.is_idle() || !rules.placed.is_empty() || !rules.unread.is_empty()
}

/// Roads on different levels do not meet where their lines cross. The field `level` says it, else
/// OpenStreetMap's tags, which come as attributes that no field stands for; a passage through a
/// building lies on the ground.
pub(super) fn level(record: &Record) -> i32 {
    if let Some(Value::Integer(level)) = record.get("level") {
        return i32::try_from(*level).unwrap_or(0);
    }
    let Some(extra) = &record.extra else { return 0 };
    let text = |key: &str| match extra.get(key) {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let is_set = |key: &str| !matches!(text(key).as_str(), "" | "no" | "null" | "building_passage");
    match text("layer").parse() {
        Ok(level) => level,
        Err(_) if is_set("bridge") => 1,
        Err(_) if is_set("tunnel") => -1,
        Err(_) => 0,
    }
}

/// Whether traffic goes through it, so that an end near it was meant to reach it.
pub(super) fn is_for_all(road: &Road) -> bool {
    let car = Measures {
        mass_t: 1.8,
        rating_t: 1.8,
        axle_load_t: 1.0,
        height_m: 1.8,
        width_m: 1.8,
        length_m: 4.5,
        axles: 2.0,
    };
    let rules = road.rules.as_ref();
    let is_open = rules.is_none_or(|rules| rules.access(&car, false, &|_| false) == Access::Open);
    is_open && !matches!(road.class, "service" | "track")
}
