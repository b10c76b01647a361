//! What a road record says that matters to trucks: one record, and nothing about its neighbours.

use serde_json::Value as Json;

use crate::domain::{Oneway, Record, RoadClass, Value};
use crate::network::graph::{Road, default_speed_kmh};

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
        speed_kmh: if stated >= 1.0 { stated } else { default_speed_kmh(class) },
        lanes: real("lanes").clamp(0.0, 32.0) as u8,
        max_mass_t: real("max_mass_t"),
        max_height_m: real("max_height_m"),
        max_axles: real("max_axles") as i64,
        is_open: match Oneway::of(record) {
            Some(Oneway::Forward) => [true, false],
            Some(Oneway::Backward) => [false, true],
            Some(Oneway::No) | None => [true, true],
        },
    }
}

/// Roads on different levels do not meet where their lines cross. OpenStreetMap's tags come as
/// attributes that no field stands for.
pub(super) fn level(record: &Record) -> i32 {
    let Some(extra) = &record.extra else { return 0 };
    let text = |key: &str| match extra.get(key) {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let is_set = |key: &str| !matches!(text(key).as_str(), "" | "no" | "null");
    match text("layer").parse() {
        Ok(level) => level,
        Err(_) if is_set("bridge") => 1,
        Err(_) if is_set("tunnel") => -1,
        Err(_) => 0,
    }
}
