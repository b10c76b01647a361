//! Which geometry a record may have.

use geo_types::Geometry;

use super::{LocalizedText, Shape, Text};
use crate::geodesy::{shape, wkb};

impl Shape {
    /// Whether the geometry is of a type that the shape names.
    pub const fn takes(self, geometry: &Geometry<f64>) -> bool {
        let is_point = matches!(geometry, Geometry::Point(_));
        let is_line = matches!(geometry, Geometry::LineString(_) | Geometry::MultiLineString(_));
        let is_polygon = matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
        match self {
            Self::Point => is_point,
            Self::PointOrPolygon => is_point || is_polygon,
            Self::Line => is_line,
            Self::LineOrPolygon => is_line || is_polygon,
            Self::Polygon => is_polygon,
            Self::Any => is_point || is_line || is_polygon,
        }
    }

    /// Why a record of this shape cannot have the geometry (WGS-84 degrees); `None` where it can.
    pub fn problem(self, geometry: &Geometry<f64>) -> Option<LocalizedText> {
        let mut is_on_earth = true;
        wkb::each_coord(geometry, &mut |at| {
            is_on_earth &= (-180.0..=180.0).contains(&at.x) && (-90.0..=90.0).contains(&at.y);
        });
        if !is_on_earth {
            return Some(LocalizedText::new(
                "图形超出经纬度范围，或坐标不是数字",
                "the geometry leaves the Earth or is not a number",
            ));
        }
        if !self.takes(geometry) {
            let name = name(geometry);
            return Some(LocalizedText::new(
                format!("此图层不能放{}", name.zh),
                format!("a {} has no place in this layer", name.en),
            ));
        }
        let problem = shape::problem(geometry)?;
        let known = WORDS.iter().find(|(part, _)| problem.contains(part));
        Some(known.map_or(UNSOUND, |(_, words)| *words).into())
    }
}

const fn name(geometry: &Geometry<f64>) -> Text {
    match geometry {
        Geometry::Point(_) => Text::new("点", "point"),
        Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_) => {
            Text::new("线", "line")
        }
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => Text::new("面", "polygon"),
        Geometry::MultiPoint(_) => Text::new("一组点", "group of points"),
        _ => Text::new("混合图形", "collection"),
    }
}

/// What [`shape::problem`] says, by a part of it.
const WORDS: &[(&str, Text)] = &[
    ("self-intersection", Text::new("边界自相交", "a boundary crosses itself (self-intersection)")),
    (
        "at least 3 distinct points",
        Text::new("边界不足三个不同的点", "a boundary needs at least 3 distinct points"),
    ),
    (
        "at least 2 distinct points",
        Text::new("线不足两个不同的点", "a line needs at least 2 distinct points"),
    ),
    ("non-finite", Text::new("坐标不是数字", "a coordinate is no number")),
    ("not contained within", Text::new("洞在面的外面", "a hole lies outside of its polygon")),
    ("intersect on", Text::new("边界互相重叠", "boundaries lie on each other")),
    ("touch on a line", Text::new("各部分的边界互相重叠", "boundaries of parts lie on each other")),
    ("overlap", Text::new("各部分互相重叠", "parts overlap")),
];

const UNSOUND: Text = Text::new("图形不成立", "the shape is not sound");
