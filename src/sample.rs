//! 丰润(示例): a district to look at before one's own data is in.
//!
//! Real are the outline, the names of the townships and the national station; all else is invented,
//! carries `示例` among its attributes and says 示例 or 示意 in its name. The records are data files
//! in `assets/sample/`, GeoJSON with the layer in `layer` and our own keys; the readings are made by
//! [`readings()`], a month of the ledger by `ledger`, and what was done about the high values in them by
//! [`episodes()`].

mod checks;
mod episodes;
mod ledger;
mod readings;

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use serde_json::{Map, Value as Json};

pub use episodes::episodes;
pub use readings::readings;

use crate::domain::{Extra, Fields, Ids, Kind, Record, Stamp, Value};
use crate::geodesy::shape::oriented;

const FILES: [&str; 2] = [
    include_str!("../assets/sample/outline.geojson"),
    include_str!("../assets/sample/fengrun.geojson"),
];

/// All records of the sample, in the order of the files. Without the townships' outlines: none are
/// public.
pub fn records(stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let features = FILES.into_iter().flat_map(features);
    let mut records: Vec<Record> =
        features.filter_map(|feature| record(&feature, stamp, ids)).collect();
    let of_ledger = ledger::records(&records, stamp, ids);
    records.extend(of_ledger);
    records
}

fn features(text: &str) -> Vec<Json> {
    match serde_json::from_str(text) {
        Ok(Json::Object(mut collection)) => match collection.remove("features") {
            Some(Json::Array(features)) => features,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn record(feature: &Json, stamp: &Stamp, ids: &mut Ids) -> Option<Record> {
    let properties = feature.get("properties")?.as_object()?;
    let kind: Kind = properties.get("layer")?.as_str()?.parse().ok()?;
    let (fields, extra) = attributes(kind, properties)?;
    let geometry = match feature.get("geometry")? {
        Json::Null => None,
        stated => Some(oriented(geometry(stated)?)),
    };
    Some(Record { geometry, fields, extra, ..Record::new(ids.next(), kind, stamp) })
}

/// Our fields, and what no field of ours stands for.
fn attributes(kind: Kind, properties: &Map<String, Json>) -> Option<(Fields, Option<Arc<Extra>>)> {
    let mut fields = Fields::default();
    let mut extra = Extra::new();
    for (key, value) in properties.iter().filter(|(key, _)| *key != "layer") {
        match (kind.index_of(key), kind.field(key)) {
            (Some(index), Some(field)) => fields.set(index, Value::from_json(field, value).ok()?),
            _ => {
                extra.insert(key.clone(), value.clone());
            }
        }
    }
    Some((fields, (!extra.is_empty()).then(|| Arc::new(extra))))
}

fn geometry(json: &Json) -> Option<Geometry<f64>> {
    let coordinates = json.get("coordinates")?;
    Some(match json.get("type")?.as_str()? {
        "Point" => Point(coord(coordinates)?).into(),
        "LineString" => line(coordinates)?.into(),
        "Polygon" => {
            let rings: Option<Vec<_>> = coordinates.as_array()?.iter().map(line).collect();
            let mut rings = rings?.into_iter();
            Polygon::new(rings.next()?, rings.collect()).into()
        }
        _ => return None,
    })
}

fn line(json: &Json) -> Option<LineString<f64>> {
    json.as_array()?.iter().map(coord).collect::<Option<Vec<_>>>().map(LineString)
}

fn coord(json: &Json) -> Option<Coord<f64>> {
    Some(Coord { x: json.get(0)?.as_f64()?, y: json.get(1)?.as_f64()? })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::Timestamp;

    use super::*;
    use crate::analysis::{Index, RingOptions, counts, rings};
    use crate::domain::{AreaRole, ControlPointState, Field, Shape, World};
    use crate::geodesy::local::LocalFrame;
    use crate::geodesy::wkb::each_coord;

    fn sample() -> Vec<Record> {
        let stamp = Stamp { actor: "示例".into(), at: Timestamp::UNIX_EPOCH };
        records(&stamp, &mut Ids::new(Timestamp::UNIX_EPOCH, 1))
    }

    fn is_invented(record: &Record) -> bool {
        record.extra.as_ref().is_some_and(|extra| extra.get("示例") == Some(&Json::Bool(true)))
    }

    #[test]
    fn every_feature_of_the_files_is_read() {
        let stated: usize = FILES.into_iter().map(|file| features(file).len()).sum();
        assert!(stated > 100);
        let is_of_file = |record: &&Record| {
            let of_ledger = [
                Kind::Item,
                Kind::Duty,
                Kind::Escalation,
                Kind::CheckPlan,
                Kind::Check,
                Kind::Response,
                Kind::ResponseMeasure,
            ];
            !of_ledger.contains(&record.kind)
        };
        assert_eq!(sample().iter().filter(is_of_file).count(), stated);
    }

    #[test]
    fn every_field_holds_an_allowed_value() {
        for record in sample() {
            for (field, value) in record.values() {
                let read = Value::from_json(field, &value.to_json());
                assert_eq!(read.as_ref(), Ok(&Some(value.clone())), "{}", record.name());
            }
        }
    }

    #[test]
    fn every_layer_and_every_kind_of_site_is_there() {
        let records = sample();
        let mut layers: BTreeMap<Kind, usize> = BTreeMap::new();
        for record in &records {
            *layers.entry(record.kind).or_default() += 1;
        }
        // Deliveries are made by the store.
        let brought = Kind::ALL.into_iter().filter(|kind| kind.is_brought());
        assert_eq!(layers.len(), brought.count());
        assert_eq!(layers.get(&Kind::Restriction), Some(&2));
        let kinds: BTreeSet<&str> =
            records.iter().filter(|r| r.kind == Kind::Site).map(|r| r.text("kind")).collect();
        let choices = Kind::Site.field("kind").and_then(Field::choices).unwrap();
        assert_eq!(kinds, choices.iter().map(|choice| choice.key).collect());
        assert!(layers[&Kind::Site] >= 80);
    }

    #[test]
    fn all_that_is_invented_says_so_and_the_rest_is_the_real_outline_station_and_townships() {
        let records = sample();
        for record in records.iter().filter(|record| is_invented(record)) {
            let name = record.name();
            assert!(name.ends_with("示例)") || name.ends_with("示意)"), "{name}");
        }
        for road in records.iter().filter(|record| record.kind == Kind::Road) {
            assert!(is_invented(road) && road.name().ends_with("示意)"), "{}", road.name());
        }
        // Acts are real too: what is cited of them is said in `report::law`.
        let is_real = |record: &&Record| !is_invented(record) && record.kind != Kind::LegalBasis;
        let real: Vec<_> = records.iter().filter(is_real).collect();
        let codes: Vec<&str> = real.iter().filter_map(|record| record.code()).collect();
        assert_eq!(codes.len(), 1 + 23 + 1);
        assert!(codes.iter().all(|code| *code == "3576A" || code.starts_with("130208")));
    }

    #[test]
    fn codes_are_unique_and_townships_are_of_the_district() {
        let records = sample();
        let townships: BTreeSet<&str> = records
            .iter()
            .filter(|record| AreaRole::Township.is_of(record))
            .map(Record::name)
            .collect();
        assert_eq!(townships.len(), 23);
        let mut codes = BTreeSet::new();
        for record in &records {
            assert!(codes.insert((record.kind, record.code().unwrap())), "{}", record.name());
            let township = record.text("township");
            assert!(township.is_empty() || townships.contains(township), "{township}");
        }
    }

    #[test]
    fn everything_lies_inside_the_outline_and_has_the_shape_of_its_layer() {
        let records = sample();
        let outline =
            records.iter().find(|r| AreaRole::District.is_of(r)).unwrap().geometry.clone().unwrap();
        for record in records.iter().filter(|record| !AreaRole::District.is_of(record)) {
            let Some(geometry) = &record.geometry else {
                let waits = record.kind == Kind::Item;
                assert!(AreaRole::Township.is_of(record) || waits || !record.kind.has_place());
                continue;
            };
            each_coord(geometry, &mut |at| {
                let outside_m = LocalFrame::at(at).nearest_m(&outline).unwrap();
                assert!(outside_m.abs() < f64::EPSILON, "{}: {outside_m} m", record.name());
            });
            let is_fitting = match record.kind.shape() {
                Shape::Point => matches!(geometry, Geometry::Point(_)),
                Shape::Line => matches!(geometry, Geometry::LineString(_)),
                Shape::Polygon => matches!(geometry, Geometry::Polygon(_)),
                Shape::Any => true,
                Shape::PointOrPolygon => !matches!(geometry, Geometry::LineString(_)),
                Shape::LineOrPolygon => !matches!(geometry, Geometry::Point(_)),
            };
            assert!(is_fitting, "{}", record.name());
        }
    }

    #[test]
    fn the_rings_of_the_national_station_show_something() {
        let world: World = sample().into_iter().collect();
        let index = Index::of(&world);
        let rows = rings(&world, &index, &RingOptions::default());
        let of_station = |radius_m: f64| {
            let is_there = |row: &&_| is_ring(row, radius_m);
            rows.iter().filter(is_there).count()
        };
        assert!(of_station(500.0) > 10);
        assert!(of_station(1000.0) > of_station(500.0) + 5);
        assert!(counts(&rows).iter().any(|count| count.inspections.failing > 0));
        assert!(rows.iter().all(|row| ControlPointState::Running.is_of(row.control_point)));
    }

    fn is_ring(row: &crate::analysis::Inside<'_>, radius_m: f64) -> bool {
        row.control_point.code() == Some("3576A") && row.radius_m.total_cmp(&radius_m).is_eq()
    }
}
