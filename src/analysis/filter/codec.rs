//! A filter as a scene keeps it: a JSON object of what is set.

use geo_types::Coord;
use serde_json::{Map, Value as Json, json};

use super::column::ColumnFilter;
use super::{Filter, Imported};
use crate::domain::Kind;
use crate::geodesy::wkb::Bounds;

impl Filter {
    /// Empty for the empty filter.
    pub fn to_json(&self) -> String {
        let mut json = Map::new();
        let mut put = |key: &str, value: Json| drop(json.insert(key.to_owned(), value));
        if !self.text.is_empty() {
            put("text", self.text.as_str().into());
        }
        if !self.subkinds.is_empty() {
            let pairs = self.subkinds.iter().map(|(kind, sub)| json!([kind.key(), sub]));
            put("subkinds", pairs.collect());
        }
        for (key, is_set) in [
            ("is_failing", self.is_failing),
            ("is_unlocated", self.is_unlocated),
            ("in_any_ring", self.in_any_ring),
        ] {
            if is_set {
                put(key, true.into());
            }
        }
        for (key, value) in
            [("state", &self.state), ("township", &self.township), ("department", &self.department)]
        {
            if let Some(value) = value {
                put(key, value.as_str().into());
            }
        }
        if let Some(kind) = self.kind {
            put("kind", kind.key().into());
        }
        if let Some(day) = self.in_force_on {
            put("in_force_on", day.to_string().into());
        }
        if let Some((id, radius_m)) = self.ring {
            put("ring", json!([id.to_string(), radius_m]));
        }
        if let Some(Bounds { min, max }) = self.bounds {
            put("bounds", json!([min.x, min.y, max.x, max.y]));
        }
        if let Some(import) = self.import {
            put("import", import.to_json());
        }
        if !self.columns.is_empty() {
            let column = |((kind, key), of): (&(Kind, String), &ColumnFilter)| {
                json!([kind.key(), key, of.values, of.from, of.to])
            };
            put("columns", self.columns.iter().map(column).collect());
        }
        if json.is_empty() { String::new() } else { Json::Object(json).to_string() }
    }

    /// What cannot be read is left out.
    pub fn from_json(text: &str) -> Self {
        let json: Json = serde_json::from_str(text).unwrap_or_default();
        let word = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
        let is_set = |key: &str| json.get(key).and_then(Json::as_bool).unwrap_or_default();
        let pair = |pair: &Json| {
            let kind: Kind = pair.get(0)?.as_str()?.parse().ok()?;
            Some((kind, pair.get(1)?.as_str()?.to_owned()))
        };
        let column = |of: &Json| {
            let text = |place: usize| of.get(place).and_then(Json::as_str).map(str::to_owned);
            let key = (text(0)?.parse().ok()?, text(1)?);
            let values = of.get(2).and_then(Json::as_array);
            let values = values.into_iter().flatten().filter_map(Json::as_str);
            let values = values.map(str::to_owned).collect();
            Some((key, ColumnFilter { values, from: text(3), to: text(4) }))
        };
        let columns = json.get("columns").and_then(Json::as_array);
        let subkinds = json.get("subkinds").and_then(Json::as_array);
        let ring = |ring: &Json| {
            let id = ring.get(0)?.as_str()?.parse().ok()?;
            Some((id, ring.get(1)?.as_f64()?))
        };
        let bounds = |of: &Json| {
            let at = |place: usize| of.get(place).and_then(Json::as_f64);
            let min = Coord { x: at(0)?, y: at(1)? };
            Some(Bounds { min, max: Coord { x: at(2)?, y: at(3)? } })
        };
        Self {
            text: word("text").unwrap_or_default(),
            subkinds: subkinds.into_iter().flatten().filter_map(pair).collect(),
            is_failing: is_set("is_failing"),
            is_unlocated: is_set("is_unlocated"),
            state: word("state"),
            township: word("township"),
            department: word("department"),
            kind: word("kind").and_then(|kind| kind.parse().ok()),
            in_force_on: word("in_force_on").and_then(|day| day.parse().ok()),
            in_any_ring: is_set("in_any_ring"),
            ring: json.get("ring").and_then(ring),
            bounds: json.get("bounds").and_then(bounds),
            import: json.get("import").and_then(Imported::from_json),
            columns: columns.into_iter().flatten().filter_map(column).collect(),
        }
    }
}
