//! Small districts for tests, drawn in metres east and north of one place.

use geo_types::{Coord, Geometry, LineString, MultiLineString, Point, Polygon};
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::build::build;
use super::graph::Network;
use crate::domain::{Fields, Ids, Kind, Meta, Record, RecordId, Value, ValueError, World};

/// WGS-84 degrees.
pub const CENTER: Coord<f64> = Coord { x: 118.16, y: 39.83 };

/// A place so many metres east and north; good to a millimetre in a village.
pub fn at(east_m: f64, north_m: f64) -> Coord<f64> {
    Coord { x: CENTER.x + east_m / 85_605.8, y: CENTER.y + north_m / 111_031.3 }
}

/// Through places so many metres east and north.
pub fn line(places: &[(f64, f64)]) -> LineString<f64> {
    LineString(places.iter().map(|(east_m, north_m)| at(*east_m, *north_m)).collect())
}

/// Local time, as in `2026-11-04T08:00`.
pub fn moment(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// Records by and by.
pub struct Town {
    ids: Ids,
    pub records: Vec<Record>,
}

impl Town {
    /// Without a record.
    pub fn new() -> Self {
        Self { ids: Ids::new(Timestamp::UNIX_EPOCH, 1), records: Vec::new() }
    }

    /// A record whose fields are said as in a table: `[("kind", "no_entry")]`.
    pub fn add(
        &mut self,
        kind: Kind,
        shape: impl Into<Option<Geometry<f64>>>,
        fields: &[(&str, &str)],
    ) -> RecordId {
        let meta = Meta {
            created_at: Timestamp::UNIX_EPOCH,
            created_by: "test".into(),
            changed_at: Timestamp::UNIX_EPOCH,
            changed_by: "test".into(),
            source: None,
        };
        let mut record = Record {
            id: self.ids.next(),
            kind,
            geometry: shape.into(),
            fields: Fields::default(),
            extra: None,
            meta,
        };
        for (key, text) in fields {
            let field = kind.field(key).unwrap();
            let value = match Value::parse(field, text) {
                // Another program may have written into the file what nobody can read.
                Err(ValueError::NotHours(_)) => Some(Value::Text((*text).into())),
                value => value.unwrap(),
            };
            record.set(key, value);
        }
        let id = record.id;
        self.records.push(record);
        id
    }

    /// A road of 30 km/h unless its fields say otherwise, named by its code.
    pub fn road(&mut self, code: &str, places: &[(f64, f64)], more: &[(&str, &str)]) -> RecordId {
        let fields = [&[("code", code), ("name", code), ("maxspeed_kmh", "30")], more].concat();
        self.add(Kind::Road, Geometry::from(line(places)), &fields)
    }

    /// A road of several lines.
    pub fn roads(&mut self, code: &str, lines: &[&[(f64, f64)]]) -> RecordId {
        let lines = MultiLineString(lines.iter().map(|places| line(places)).collect());
        self.add(Kind::Road, Geometry::from(lines), &[("code", code)])
    }

    /// An attribute of the last record that no field stands for.
    pub fn extra(&mut self, key: &str, value: &str) {
        let record = self.records.last_mut().unwrap();
        let extra = serde_json::Map::from_iter([(key.to_owned(), value.into())]);
        record.extra = Some(extra.into());
    }

    /// Where trucks come from, named by its code.
    pub fn gate(&mut self, code: &str, (east_m, north_m): (f64, f64)) -> RecordId {
        let place = Point(at(east_m, north_m));
        self.add(Kind::Gate, Geometry::from(place), &[("code", code), ("name", code)])
    }

    /// Trucks from one gate to another, named by their codes.
    pub fn flow(&mut self, from: &str, to: &str, per_day: &str, more: &[(&str, &str)]) -> RecordId {
        let fields = [&[("from", from), ("to", to), ("trucks_per_day", per_day)], more].concat();
        self.add(Kind::Flow, None, &fields)
    }

    /// A restriction named by its kind.
    pub fn order(
        &mut self,
        kind: &str,
        shape: impl Into<Geometry<f64>>,
        more: &[(&str, &str)],
    ) -> RecordId {
        let fields = [&[("kind", kind), ("name", kind)], more].concat();
        self.add(Kind::Restriction, shape.into(), &fields)
    }

    /// The district of all records so far.
    pub fn world(&self) -> World {
        self.records.iter().cloned().collect()
    }

    /// The road network of that district.
    pub fn network(&self) -> Network {
        build(&self.world())
    }
}

/// A polygon without holes.
pub fn area(corners: &[(f64, f64)]) -> Polygon<f64> {
    Polygon::new(line(corners), Vec::new())
}

/// Same numbers on every run (Steele, Lea and Flood's `SplitMix64`).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}
