//! The `coordinates` of a geometry, read before its type is known: members stand in any order.

use std::fmt;

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};

use crate::domain::{LocalizedText, Text};
use crate::exchange::formats::messages::{LONE_NUMBER, NOT_A_NUMBER, SHORT_LINE, SHORT_RING};

const BARE_NUMBER: Text = Text::new("坐标应为经度、纬度两个数", "coordinates are a bare number");
const EMPTY_PART: Text = Text::new("图形有一部分是空的", "a part of the geometry is empty");
const TOO_DEEP: Text = Text::new("坐标嵌套过深", "coordinates are nested too deeply");
const EMPTY_POSITION: Text = Text::new("有一个坐标是空的", "a position is empty");

/// What a feature that is no GeoJSON has wrong. serde hands on one text only, so the other is
/// found by it.
pub fn fault(error: &serde_json::Error) -> LocalizedText {
    // The line and column are those of this feature alone and would mislead.
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let own = [NOT_A_NUMBER, LONE_NUMBER, BARE_NUMBER, EMPTY_PART, TOO_DEEP, EMPTY_POSITION];
    if let Some(fault) = own.into_iter().find(|fault| fault.en == words) {
        return fault.into();
    }
    match words {
        "invalid type: null, expected f64" => NOT_A_NUMBER.into(),
        "number out of range" => LocalizedText::new("数字过大", "a number is too large"),
        _ if words.ends_with(NUMBERS) || words.ends_with("f64") => NOT_A_NUMBER.into(),
        _ if words.ends_with(TWO_NUMBERS) => BARE_NUMBER.into(),
        _ => LocalizedText::new(
            "不合 GeoJSON 格式，请检查引号、逗号和括号",
            "it is no GeoJSON: look at quotes, commas and brackets",
        ),
    }
}

/// What serde says was expected.
const NUMBERS: &str = "coordinates, which are numbers";
const TWO_NUMBERS: &str = "a position of two numbers";

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
    pub fn geometry(self, ty: &str) -> Result<Option<Geometry<f64>>, LocalizedText> {
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
            ) => {
                let other = format!("its coordinates are not those of a {ty}");
                return Err(LocalizedText::new(format!("坐标的层次与 {ty} 不符"), other));
            }
            _ => {
                let unknown = format!("`{ty}` is no type of GeoJSON");
                return Err(LocalizedText::new(format!("`{ty}` 不是 GeoJSON 的图形类型"), unknown));
            }
        }))
    }
}

fn line(positions: Vec<Coord<f64>>) -> Result<LineString<f64>, LocalizedText> {
    if positions.len() < 2 {
        return Err(SHORT_LINE.into());
    }
    Ok(LineString(positions))
}

fn polygon(rings: Vec<Vec<Coord<f64>>>) -> Result<Polygon<f64>, LocalizedText> {
    if rings.iter().any(|ring| ring.len() < 3) {
        return Err(SHORT_RING.into());
    }
    let mut rings = rings.into_iter().map(LineString);
    let exterior = rings.next().ok_or(Text::new("多边形没有边界", "a polygon needs a ring"))?;
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
                f.write_str(NUMBERS)
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
                Err(E::custom(NOT_A_NUMBER.en))
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
            First::Number(_) => Err(D::Error::custom(BARE_NUMBER.en)),
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
    let plain = |line: Vec<LonLat>| line.into_iter().map(|LonLat(at)| at).collect::<Vec<_>>();
    let position = |line: Vec<Coord<f64>>| line.into_iter().map(LonLat).collect::<Vec<_>>();
    Ok(match members.next_element()? {
        None => Coordinates::Empty,
        Some(First::Number(x)) => Coordinates::Position(after_x(x, members)?),
        Some(First::Array(Coordinates::Position(at))) => {
            Coordinates::Line(plain(rest(LonLat(at), members)?))
        }
        Some(First::Array(Coordinates::Line(line))) => {
            let lines: Vec<Vec<LonLat>> = rest(position(line), members)?;
            Coordinates::Lines(lines.into_iter().map(plain).collect())
        }
        Some(First::Array(Coordinates::Lines(lines))) => {
            let lines = lines.into_iter().map(position).collect();
            let areas: Vec<Vec<Vec<LonLat>>> = rest(lines, members)?;
            let area = |lines: Vec<Vec<LonLat>>| lines.into_iter().map(plain).collect();
            Coordinates::Areas(areas.into_iter().map(area).collect())
        }
        Some(First::Array(Coordinates::Empty)) => {
            return Err(A::Error::custom(EMPTY_PART.en));
        }
        Some(First::Array(Coordinates::Areas(_))) => {
            return Err(A::Error::custom(TOO_DEEP.en));
        }
    })
}

/// Longitude and latitude; a height and what else follows is passed over.
struct LonLat(Coord<f64>);

impl<'de> Deserialize<'de> for LonLat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PositionVisitor;
        impl<'de> Visitor<'de> for PositionVisitor {
            type Value = LonLat;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(TWO_NUMBERS)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<LonLat, A::Error> {
                let x = members.next_element()?;
                let x = x.ok_or_else(|| A::Error::custom(EMPTY_POSITION.en))?;
                after_x(x, members).map(LonLat)
            }
        }
        deserializer.deserialize_seq(PositionVisitor)
    }
}

fn after_x<'de, A: SeqAccess<'de>>(x: f64, mut members: A) -> Result<Coord<f64>, A::Error> {
    let y = members.next_element()?;
    let y = y.ok_or_else(|| A::Error::custom(LONE_NUMBER.en))?;
    while members.next_element::<IgnoredAny>()?.is_some() {}
    Ok(Coord { x, y })
}
