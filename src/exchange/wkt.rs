//! Geometry ↔ well-known text (OGC 06-103r4 §7), for the cells of tables.
//!
//! Reads Z and M and drops them, and the `SRID=4326;` that `PostGIS` writes in front: the crate
//! `wkt` 0.14.0 refuses such a prefix.

use std::fmt::Write as _;

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

/// The EPSG code before the geometry, if there is one, and the geometry; `None` for nonsense,
/// for empty geometries and for collections of mixed kinds.
pub fn from_wkt(text: &str) -> Option<(Option<u32>, Geometry<f64>)> {
    let (srid, text) = match text.trim().split_once(';') {
        Some((head, body)) => {
            let srid = head.trim().to_ascii_uppercase();
            (Some(srid.strip_prefix("SRID=")?.trim().parse().ok()?), body)
        }
        None => (None, text),
    };
    let mut reader = WktReader { rest: text.trim() };
    let geometry = reader.geometry()?;
    reader.rest.trim().is_empty().then_some((srid, geometry))
}

/// `None` for a collection of several types, and for lines and boxes that no file holds.
pub fn to_wkt(geometry: &Geometry<f64>) -> Option<String> {
    let mut out = String::new();
    match geometry {
        Geometry::Point(point) => {
            out.push_str("POINT ");
            list(&mut out, &[point.0], coord);
        }
        Geometry::MultiPoint(points) => {
            out.push_str("MULTIPOINT ");
            list(&mut out, &points.0, |out, point| list(out, &[point.0], coord));
        }
        Geometry::LineString(line) => {
            out.push_str("LINESTRING ");
            list(&mut out, &line.0, coord);
        }
        Geometry::MultiLineString(lines) => {
            out.push_str("MULTILINESTRING ");
            list(&mut out, &lines.0, |out, line| list(out, &line.0, coord));
        }
        Geometry::Polygon(polygon) => {
            out.push_str("POLYGON ");
            rings(&mut out, polygon);
        }
        Geometry::MultiPolygon(polygons) => {
            out.push_str("MULTIPOLYGON ");
            list(&mut out, &polygons.0, rings);
        }
        _ => return None,
    }
    Some(out)
}

/// What the simple features (OGC 06-103r4) and GeoJSON call the type of a geometry.
pub const fn type_name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}

fn list<T>(out: &mut String, members: &[T], mut write: impl FnMut(&mut String, &T)) {
    out.push('(');
    for (member, position) in members.iter().zip(0..) {
        if position > 0 {
            out.push_str(", ");
        }
        write(out, member);
    }
    out.push(')');
}

fn coord(out: &mut String, at: &Coord<f64>) {
    // Writing to a String cannot fail; `{}` is the shortest text that reads back equal.
    write!(out, "{} {}", at.x, at.y).unwrap_or_default();
}

fn rings(out: &mut String, polygon: &Polygon<f64>) {
    let rings: Vec<&LineString<f64>> =
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    list(out, &rings, |out, ring| list(out, &ring.0, coord));
}

struct WktReader<'t> {
    rest: &'t str,
}

impl WktReader<'_> {
    fn geometry(&mut self) -> Option<Geometry<f64>> {
        let mut name = self.word();
        for dimension in ["ZM", "Z", "M"] {
            if let Some(stem) = name.strip_suffix(dimension)
                && stem.ends_with(['T', 'G', 'N'])
            {
                name = stem.to_owned();
                break;
            }
        }
        if matches!(self.peek_word().as_str(), "Z" | "M" | "ZM") {
            self.word();
        }
        Some(match name.as_str() {
            "POINT" => Geometry::Point(Point(self.members(Self::coord)?.first().copied()?)),
            "LINESTRING" => Geometry::LineString(self.line()?),
            "POLYGON" => Geometry::Polygon(self.polygon()?),
            "MULTIPOINT" => Geometry::MultiPoint(MultiPoint(self.members(Self::point)?)),
            "MULTILINESTRING" => {
                Geometry::MultiLineString(MultiLineString(self.members(Self::line)?))
            }
            "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon(self.members(Self::polygon)?)),
            _ => return None,
        })
    }

    fn peek_word(&self) -> String {
        let rest = self.rest.trim_start();
        let letters = rest.chars().take_while(char::is_ascii_alphabetic);
        letters.collect::<String>().to_ascii_uppercase()
    }

    fn word(&mut self) -> String {
        let word = self.peek_word();
        // The letters are ASCII, so their number is their length.
        self.rest = self.rest.trim_start().get(word.len()..).unwrap_or("");
        word
    }

    fn accept(&mut self, wanted: char) -> bool {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn members<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        if !self.accept('(') {
            return None;
        }
        let mut members = vec![read(self)?];
        while self.accept(',') {
            members.push(read(self)?);
        }
        self.accept(')').then_some(members)
    }

    /// Both `(1 2)` and `1 2` occur inside a MULTIPOINT.
    fn point(&mut self) -> Option<Point<f64>> {
        if self.rest.trim_start().starts_with('(') {
            return self.members(Self::coord)?.first().copied().map(Point);
        }
        self.coord().map(Point)
    }

    fn line(&mut self) -> Option<LineString<f64>> {
        self.members(Self::coord).map(LineString)
    }

    fn polygon(&mut self) -> Option<Polygon<f64>> {
        let mut rings = self.members(Self::line)?.into_iter();
        Some(Polygon::new(rings.next()?, rings.collect()))
    }

    fn coord(&mut self) -> Option<Coord<f64>> {
        let end = self.rest.find([',', ')', '('])?;
        let (numbers, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut numbers = numbers.split_whitespace().map(str::parse::<f64>);
        let (x, y) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let is_short = numbers.by_ref().take(2).all(|number| number.is_ok());
        (is_short && numbers.next().is_none()).then_some(Coord { x, y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_reads_back_equal() {
        for text in [
            "POINT (118.16 39.83)",
            "LINESTRING (118.1 39.8, 118.2 39.9)",
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))",
            "MULTIPOINT ((1 2), (3 4))",
            "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
            "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        ] {
            let (_, geometry) = from_wkt(text).unwrap();
            assert_eq!(to_wkt(&geometry).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_spellings_are_read_too() {
        let point = Geometry::Point(Point::new(1.5, -2.0));
        for text in
            ["point(1.5 -2)", "POINT Z (1.5 -2 7)", "PointZM(1.5 -2 7 8)", "POINT M(1.5 -2 3)"]
        {
            assert_eq!(from_wkt(text), Some((None, point.clone())), "{text}");
        }
        assert_eq!(from_wkt("SRID=4490; POINT(1.5 -2)"), Some((Some(4490), point)));
        assert!(from_wkt("MULTIPOINT (1 2, 3 4)").is_some());
    }

    #[test]
    fn nonsense_is_nothing() {
        for text in [
            "",
            "POINT",
            "POINT EMPTY",
            "POINT (1)",
            "POINT (1 2",
            "POINT (1 2) x",
            "POINT (1 2 3 4 5)",
            "CIRCLE (1 2)",
            "LINESTRING ((1 2))",
            "x;POINT (1 2)",
        ] {
            assert_eq!(from_wkt(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_brings_it_down(text in "(?i)[a-z]{0,12} ?[()0-9a-z., -]{0,40}") {
            drop(from_wkt(&text));
        }
    }
}
