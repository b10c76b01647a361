//! The vertices of a shape while they are worked on, whatever parts it has.

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use serde_json::{Value as Json, json};

use crate::geodesy::ring::distance_m;
use crate::ui::model::drawing::Form;

/// A vertex, WGS-84 degrees, and whether it lies on something drawn already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vertex {
    pub at: Coord<f64>,
    pub is_snapped: bool,
}

/// A line, a point, or a ring of an area without its closing vertex.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// The area that this ring belongs to; its first ring is the outer one, the others are holes.
    pub polygon: usize,
    pub vertices: Vec<Vertex>,
}

/// Which part, and which vertex of it.
pub type Place = (usize, usize);

/// A shape while it is drawn: its lines, points or rings.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts(pub Vec<Part>);

impl Parts {
    /// One part, still without vertices.
    pub fn new() -> Self {
        Self(vec![Part::default()])
    }

    /// `None` for a collection of unlike things.
    pub fn of(geometry: &Geometry<f64>) -> Option<(Form, Self)> {
        let (form, parts) = match geometry {
            Geometry::Point(point) => (Form::Point, vec![part(0, &[point.0])]),
            Geometry::MultiPoint(points) => {
                (Form::Point, points.0.iter().map(|point| part(0, &[point.0])).collect())
            }
            Geometry::LineString(line) => (Form::Line, vec![part(0, &line.0)]),
            Geometry::MultiLineString(lines) => {
                (Form::Line, lines.0.iter().map(|line| part(0, &line.0)).collect())
            }
            Geometry::Polygon(polygon) => (Form::Area, rings(0, polygon)),
            Geometry::MultiPolygon(polygons) => {
                let all = polygons.0.iter().enumerate();
                (Form::Area, all.flat_map(|(number, polygon)| rings(number, polygon)).collect())
            }
            _ => return None,
        };
        Some((form, Self(parts)))
    }

    /// Each part that has enough vertices; with `pointer` the last part goes on to there. An area
    /// of two vertices is shown as the line that it still is.
    pub fn geometry(&self, form: Form, pointer: Option<Coord<f64>>) -> Option<Geometry<f64>> {
        let last = self.0.len().saturating_sub(1);
        let places = |number: usize, part: &Part| {
            let more = pointer.filter(|_| number == last);
            let places = part.vertices.iter().map(|vertex| vertex.at).chain(more);
            LineString(places.collect::<Vec<_>>())
        };
        let all =
            self.0.iter().enumerate().map(|(number, part)| (part.polygon, places(number, part)));
        match form {
            Form::Point => {
                let points: Vec<_> = all.flat_map(|(_, line)| line.0).map(Point).collect();
                one_or_all(points, Geometry::Point, |all| MultiPoint(all).into())
            }
            Form::Line => {
                let lines: Vec<_> = all.map(|(_, l)| l).filter(|line| line.0.len() > 1).collect();
                one_or_all(lines, Geometry::LineString, |all| MultiLineString(all).into())
            }
            Form::Area => area(all.collect()),
        }
    }

    /// Vertices in all.
    pub fn count(&self) -> usize {
        self.0.iter().map(|part| part.vertices.len()).sum()
    }

    /// All vertices, part by part.
    pub fn vertices(&self) -> impl Iterator<Item = &Vertex> {
        self.0.iter().flat_map(|part| &part.vertices)
    }

    /// `None` where there is no such vertex.
    pub fn vertex_mut(&mut self, (part, place): Place) -> Option<&mut Vertex> {
        self.0.get_mut(part)?.vertices.get_mut(place)
    }

    /// At the end of the last part.
    pub fn push(&mut self, vertex: Vertex) {
        if let Some(part) = self.0.last_mut() {
            part.vertices.push(vertex);
        }
    }

    /// Before the vertex that is there; at the end where there is none.
    pub fn insert(&mut self, (part, place): Place, vertex: Vertex) {
        if let Some(part) = self.0.get_mut(part) {
            part.vertices.insert(place.min(part.vertices.len()), vertex);
        }
    }

    /// A hole or a further part that loses too many vertices goes whole.
    pub fn remove(&mut self, (number, place): Place, form: Form) {
        let many = self.0.len() > 1;
        let Some(part) = self.0.get_mut(number) else { return };
        if place < part.vertices.len() {
            part.vertices.remove(place);
        }
        if many && part.vertices.len() < form.least() {
            let gone = self.0.remove(number);
            let is_outer = form == Form::Area
                && !self.0.iter().take(number).any(|part| part.polygon == gone.polygon);
            if is_outer {
                self.0.retain(|part| part.polygon != gone.polygon);
            }
            if self.0.is_empty() {
                self.0.push(Part::default());
            }
        }
    }

    /// The nearest vertex within `reach_m`.
    pub fn near(&self, at: Coord<f64>, reach_m: f64) -> Option<Place> {
        let all = self.0.iter().enumerate().flat_map(|(number, part)| {
            let places = part.vertices.iter().enumerate();
            places.map(move |(place, vertex)| ((number, place), distance_m(vertex.at, at)))
        });
        let nearest = all.min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.filter(|(_, away_m)| *away_m <= reach_m).map(|(place, _)| place)
    }

    /// The middle of each edge, and where a vertex there would stand.
    pub fn middles(&self, form: Form) -> Vec<(Place, Coord<f64>)> {
        let mut middles = Vec::new();
        for (number, part) in self.0.iter().enumerate() {
            let vertices = &part.vertices;
            for (place, pair) in vertices.windows(2).enumerate() {
                if let [a, b] = pair {
                    middles.push(((number, place + 1), (a.at + b.at) / 2.0));
                }
            }
            if let (Form::Area, Some(first), Some(last)) = (form, vertices.first(), vertices.last())
                && vertices.len() > 2
            {
                middles.push(((number, vertices.len()), (first.at + last.at) / 2.0));
            }
        }
        middles
    }

    /// For the draft on the disk.
    pub fn to_json(&self) -> Json {
        let part = |part: &Part| {
            let vertices: Vec<Json> =
                part.vertices.iter().map(|v| json!([v.at.x, v.at.y, v.is_snapped])).collect();
            json!({ "polygon": part.polygon, "vertices": vertices })
        };
        self.0.iter().map(part).collect()
    }

    /// From a draft; `None` where it cannot be read.
    pub fn from_json(json: &Json) -> Option<Self> {
        let mut parts = Vec::new();
        for part in json.as_array()? {
            let polygon = usize::try_from(part.get("polygon")?.as_u64()?).ok()?;
            let mut vertices = Vec::new();
            for vertex in part.get("vertices")?.as_array()? {
                let number =
                    |at: usize| vertex.get(at).and_then(Json::as_f64).filter(|n| n.is_finite());
                let is_snapped = vertex.get(2).and_then(Json::as_bool).unwrap_or(false);
                vertices.push(Vertex { at: Coord { x: number(0)?, y: number(1)? }, is_snapped });
            }
            parts.push(Part { polygon, vertices });
        }
        (!parts.is_empty()).then_some(Self(parts))
    }
}

fn part(polygon: usize, places: &[Coord<f64>]) -> Part {
    let vertices = places.iter().map(|at| Vertex { at: *at, is_snapped: false }).collect();
    Part { polygon, vertices }
}

/// Outer ring first, each without its closing vertex.
fn rings(number: usize, polygon: &Polygon<f64>) -> Vec<Part> {
    let all = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    all.map(|ring| part(number, ring.0.split_last().map_or(&[], |(_, open)| open))).collect()
}

fn one_or_all<T>(
    mut parts: Vec<T>,
    one: fn(T) -> Geometry<f64>,
    all: fn(Vec<T>) -> Geometry<f64>,
) -> Option<Geometry<f64>> {
    match parts.len() {
        0 => None,
        1 => parts.pop().map(one),
        _ => Some(all(parts)),
    }
}

fn area(rings: Vec<(usize, LineString<f64>)>) -> Option<Geometry<f64>> {
    if let [(_, line)] = rings.as_slice()
        && line.0.len() < 3
    {
        return (line.0.len() > 1).then(|| line.clone().into());
    }
    let mut polygons: Vec<(usize, Polygon<f64>)> = Vec::new();
    for (number, ring) in rings.into_iter().filter(|(_, ring)| ring.0.len() > 2) {
        match polygons.last_mut() {
            Some((last, polygon)) if *last == number => polygon.interiors_push(ring),
            _ => polygons.push((number, Polygon::new(ring, Vec::new()))),
        }
    }
    let polygons = polygons.into_iter().map(|(_, polygon)| polygon).collect();
    one_or_all(polygons, Geometry::Polygon, |all| MultiPolygon(all).into())
}

#[cfg(test)]
mod tests {
    use geo_types::wkt;

    use super::*;

    fn all() -> Vec<Geometry<f64>> {
        vec![
            wkt!(POINT(118.1 39.8)).into(),
            wkt!(MULTIPOINT(118.1 39.8,118.2 39.8)).into(),
            wkt!(LINESTRING(118.1 39.8,118.2 39.8,118.3 39.9)).into(),
            wkt!(MULTILINESTRING((118.1 39.8,118.2 39.8),(118.3 39.8,118.3 39.9))).into(),
            wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 0.),(5. 1.,6. 1.,6. 2.,5. 1.))).into(),
            wkt!(MULTIPOLYGON(((0. 0.,9. 0.,9. 9.,0. 0.),(5. 1.,6. 1.,6. 2.,5. 1.)),((20. 0.,29. 0.,29. 9.,20. 0.)))).into(),
        ]
    }

    #[test]
    fn every_shape_comes_back_as_it_was_also_by_way_of_a_draft() {
        for shape in all() {
            let (form, parts) = Parts::of(&shape).unwrap();
            assert_eq!(parts.geometry(form, None), Some(shape.clone()));
            assert_eq!(Parts::from_json(&parts.to_json()), Some(parts));
        }
    }

    #[test]
    fn a_vertex_is_put_into_the_hole_on_whose_edge_the_grey_dot_lies() {
        let (form, mut parts) = Parts::of(&all()[4]).unwrap();
        let (place, at) = parts.middles(form)[3];
        assert_eq!((place, at), ((1, 1), Coord { x: 5.5, y: 1.0 }));
        parts.insert(place, Vertex { at: Coord { x: 5.5, y: 0.8 }, is_snapped: false });
        let Some(Geometry::Polygon(polygon)) = parts.geometry(form, None) else {
            panic!("no area")
        };
        assert_eq!(polygon.exterior().0.len(), 4);
        assert_eq!(polygon.interiors()[0].0.len(), 5);
    }

    #[test]
    fn a_hole_that_loses_a_corner_too_many_is_gone_and_an_area_takes_its_holes_along() {
        let (form, mut parts) = Parts::of(&all()[5]).unwrap();
        parts.remove((1, 0), form);
        assert_eq!(parts.0.len(), 2, "the hole is gone");
        let (form, mut parts) = Parts::of(&all()[5]).unwrap();
        parts.remove((0, 0), form);
        assert_eq!(parts.0.len(), 1, "the first area is gone with its hole");
        assert_eq!(parts.0[0].polygon, 1);
        let (form, mut parts) = Parts::of(&all()[2]).unwrap();
        parts.remove((0, 0), form);
        parts.remove((0, 0), form);
        assert_eq!(parts.count(), 1, "the last part stays to be gone on with");
        assert_eq!(parts.geometry(form, None), None);
    }

    #[test]
    fn a_draft_that_is_not_understood_is_no_draft() {
        for json in [json!(null), json!([]), json!([{ "polygon": 0, "vertices": [["x", 1.0]] }])] {
            assert_eq!(Parts::from_json(&json), None);
        }
    }
}
