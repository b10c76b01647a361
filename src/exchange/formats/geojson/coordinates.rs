//! The `coordinates` of a geometry, read before its type is known: members stand in any order.

use std::fmt;

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};

/// Positions nested as deeply as they were found.
#[derive(Debug)]
pub enum Coordinates {
    Empty,
    Position(Coord<f64>),
    Line(Vec<Coord<f64>>),
    Lines(Vec<Vec<Coord<f64>>>),
    Areas(Vec<Vec<Vec<Coord<f64>>>>),
}

impl Coordinates {
    /// As the type says; `None` where there are none.
    pub fn geometry(self, ty: &str) -> Result<Option<Geometry<f64>>, String> {
        Ok(Some(match (ty, self) {
            (
                "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon"
                | "MultiPolygon",
                Self::Empty,
            ) => return Ok(None),
            ("Point", Self::Position(at)) => Point(at).into(),
            ("MultiPoint", Self::Line(points)) => {
                MultiPoint(points.into_iter().map(Point).collect()).into()
            }
            ("LineString", Self::Line(line)) => self::line(line)?.into(),
            ("MultiLineString", Self::Lines(lines)) => {
                MultiLineString(lines.into_iter().map(line).collect::<Result<_, _>>()?).into()
            }
            ("Polygon", Self::Lines(rings)) => polygon(rings)?.into(),
            ("MultiPolygon", Self::Areas(areas)) => {
                MultiPolygon(areas.into_iter().map(polygon).collect::<Result<_, _>>()?).into()
            }
            (
                "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon"
                | "MultiPolygon",
                _,
            ) => return Err(format!("its coordinates are not those of a {ty}")),
            _ => return Err(format!("`{ty}` is no type of GeoJSON")),
        }))
    }
}

fn line(positions: Vec<Coord<f64>>) -> Result<LineString<f64>, String> {
    if positions.len() < 2 {
        return Err("a line needs two positions".to_owned());
    }
    Ok(LineString(positions))
}

fn polygon(rings: Vec<Vec<Coord<f64>>>) -> Result<Polygon<f64>, String> {
    if rings.iter().any(|ring| ring.len() < 3) {
        return Err("a ring needs four positions".to_owned());
    }
    let mut rings = rings.into_iter().map(LineString);
    let exterior = rings.next().ok_or("a polygon needs a ring")?;
    Ok(Polygon::new(exterior, rings.collect()))
}

/// What stands first in an array tells how deep the array is.
enum First {
    Number(f64),
    Array(Coordinates),
}

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FirstVisitor;
        impl<'de> Visitor<'de> for FirstVisitor {
            type Value = First;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("coordinates, which are numbers")
            }

            fn visit_f64<E>(self, number: f64) -> Result<First, E> {
                Ok(First::Number(number))
            }

            fn visit_i64<E>(self, number: i64) -> Result<First, E> {
                Ok(First::Number(number as f64))
            }

            fn visit_u64<E>(self, number: u64) -> Result<First, E> {
                Ok(First::Number(number as f64))
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<First, E> {
                Err(E::custom("a coordinate is not a number"))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, members: A) -> Result<First, A::Error> {
                coordinates(members).map(First::Array)
            }
        }
        deserializer.deserialize_any(FirstVisitor)
    }
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match First::deserialize(deserializer)? {
            First::Array(coordinates) => Ok(coordinates),
            First::Number(_) => Err(D::Error::custom("coordinates are a bare number")),
        }
    }
}

fn coordinates<'de, A: SeqAccess<'de>>(mut members: A) -> Result<Coordinates, A::Error> {
    fn rest<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
        first: T,
        mut members: A,
    ) -> Result<Vec<T>, A::Error> {
        let mut all = vec![first];
        while let Some(member) = members.next_element()? {
            all.push(member);
        }
        Ok(all)
    }
    let plain = |line: Vec<Position>| line.into_iter().map(|Position(at)| at).collect::<Vec<_>>();
    let position = |line: Vec<Coord<f64>>| line.into_iter().map(Position).collect::<Vec<_>>();
    Ok(match members.next_element()? {
        None => Coordinates::Empty,
        Some(First::Number(x)) => Coordinates::Position(after_x(x, members)?),
        Some(First::Array(Coordinates::Position(at))) => {
            Coordinates::Line(plain(rest(Position(at), members)?))
        }
        Some(First::Array(Coordinates::Line(line))) => {
            let lines: Vec<Vec<Position>> = rest(position(line), members)?;
            Coordinates::Lines(lines.into_iter().map(plain).collect())
        }
        Some(First::Array(Coordinates::Lines(lines))) => {
            let lines = lines.into_iter().map(position).collect();
            let areas: Vec<Vec<Vec<Position>>> = rest(lines, members)?;
            let area = |lines: Vec<Vec<Position>>| lines.into_iter().map(plain).collect();
            Coordinates::Areas(areas.into_iter().map(area).collect())
        }
        Some(First::Array(Coordinates::Empty)) => {
            return Err(A::Error::custom("a part of the geometry is empty"));
        }
        Some(First::Array(Coordinates::Areas(_))) => {
            return Err(A::Error::custom("coordinates are nested too deeply"));
        }
    })
}

/// Longitude and latitude; a height and what else follows is passed over.
struct Position(Coord<f64>);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PositionVisitor;
        impl<'de> Visitor<'de> for PositionVisitor {
            type Value = Position;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a position of two numbers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Position, A::Error> {
                let x = members.next_element()?;
                let x = x.ok_or_else(|| A::Error::custom("a position is empty"))?;
                after_x(x, members).map(Position)
            }
        }
        deserializer.deserialize_seq(PositionVisitor)
    }
}

fn after_x<'de, A: SeqAccess<'de>>(x: f64, mut members: A) -> Result<Coord<f64>, A::Error> {
    let y = members.next_element()?;
    let y = y.ok_or_else(|| A::Error::custom("a position has only one number"))?;
    while members.next_element::<IgnoredAny>()?.is_some() {}
    Ok(Coord { x, y })
}
