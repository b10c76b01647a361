//! Everything that a network is made of, told to a hasher: what two worlds tell alike, [`super::build`]
//! makes the same network of. What the hash is used for is [`crate::network::cache`]'s.

use std::hash::Hasher;

use geo_types::{Coord, Geometry, LineString};

use super::facts::facts;
use super::turns::{named, turn};
use super::{lines_of, middle};
use crate::domain::{Kind, Record, RecordId, Value, World};
use crate::network::graph::Road;

/// Feeds a hasher with roads and gates as [`super::build`] looks at them, in the order of the tables.
pub fn hash_inputs(world: &World, by: &mut impl Hasher) {
    let records: Vec<&Record> = world.table(Kind::Road).iter().map(|record| &**record).collect();
    place(middle(&records), by);
    by.write_u64(records.len() as u64);
    for record in records {
        road(record, by);
        turns(record, world, by);
    }
    for record in world.table(Kind::Gate).iter() {
        id(record.id, by);
        // Only a point stands at a road.
        match &record.geometry {
            Some(Geometry::Point(point)) => place(point.0, by),
            _ => by.write_u64(u64::MAX),
        }
    }
}

fn road(record: &Record, by: &mut impl Hasher) {
    let Road {
        id: road_id,
        code,
        name,
        reference,
        class,
        speed_kmh,
        truck_kmh,
        lanes,
        max_mass_t,
        max_height_m,
        max_axles,
        is_open,
        level,
        plan,
        days,
        stands_for,
        rules,
    } = facts(record);
    id(road_id, by);
    for day in [days.from, days.to] {
        text(&day.map(|day| day.to_string()).unwrap_or_default(), by);
    }
    for words in [&*code, &*name, &*reference, class, &*plan, &*stands_for] {
        text(words, by);
    }
    match rules {
        Some(rules) => text(&format!("{rules:?}"), by),
        None => by.write_u64(u64::MAX),
    }
    for number in [speed_kmh, truck_kmh[0], truck_kmh[1], max_mass_t, max_height_m] {
        by.write_u64(number.to_bits());
    }
    by.write_u64(max_axles.cast_unsigned());
    by.write_u64(u64::from(lanes));
    by.write_u64(u64::from(is_open[0]) << 1 | u64::from(is_open[1]));
    by.write_u64(i64::from(level).cast_unsigned());
    // A record with no lines differs from one whose geometry is not made of lines.
    let Some(lines) = lines_of(record) else { return by.write_u64(u64::MAX) };
    by.write_u64(lines.len() as u64);
    for LineString(line) in lines {
        by.write_u64(line.len() as u64);
        for at in line {
            place(*at, by);
        }
    }
}

/// Banned turns name another road by its code: which one that is, the table knows.
fn turns(record: &Record, world: &World, by: &mut impl Hasher) {
    let Some(Value::Words(words)) = record.get("no_turns") else { return by.write_u64(u64::MAX) };
    by.write_u64(words.len() as u64);
    for word in words.iter() {
        text(word, by);
        match turn(word).and_then(|(code, _)| named(world, code)) {
            Some(road) => id(road, by),
            None => by.write_u64(u64::MAX),
        }
    }
}

fn id(id: RecordId, by: &mut impl Hasher) {
    by.write(id.0.as_bytes());
}

fn text(text: &str, by: &mut impl Hasher) {
    by.write_u64(text.len() as u64);
    by.write(text.as_bytes());
}

fn place(at: Coord<f64>, by: &mut impl Hasher) {
    by.write_u64(at.x.to_bits());
    by.write_u64(at.y.to_bits());
}
