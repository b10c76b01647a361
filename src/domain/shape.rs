//! Which geometry a record may have.

use geo_types::Geometry;

use super::Shape;
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

    /// Why a record of this shape cannot have the geometry (WGS-84 degrees), in words; `None`
    /// where it can.
    pub fn problem(self, geometry: &Geometry<f64>) -> Option<String> {
        let mut is_on_earth = true;
        wkb::each_coord(geometry, &mut |at| {
            is_on_earth &= (-180.0..=180.0).contains(&at.x) && (-90.0..=90.0).contains(&at.y);
        });
        if !is_on_earth {
            return Some("the geometry leaves the Earth or is not a number".to_owned());
        }
        if !self.takes(geometry) {
            return Some(format!("a {} has no place in this layer", name(geometry)));
        }
        shape::problem(geometry)
    }
}

const fn name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "point",
        Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_) => "line",
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => "polygon",
        Geometry::MultiPoint(_) => "group of points",
        _ => "collection",
    }
}
