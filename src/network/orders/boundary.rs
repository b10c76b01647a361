//! 含 / 不含: which pieces of the outline of an area belong to it, as the record says it. How a person
//! changes that is in [`super::outline`].

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::Finder;
use crate::domain::{Carriageways, Record, Value};
use crate::geodesy::coordinates::lon_lat;
use crate::geodesy::local::LocalFrame;
use crate::network::Road;

/// A place stands for the piece of the outline that is this near, metres.
const PLACE_REACH_M: f64 = 30.0;

impl Finder<'_> {
    /// The edges of an area's outline, by number, each with whether it is closed with the area: those to
    /// which it is bound, else those near it.
    /// `boundary_included` for all, turned round for the roads that `boundary_except` names by name,
    /// number or code. A place, `lon lat`, turns round the one piece that it lies on: also one of a
    /// road that was named, which so is as at first.
    pub fn boundary(&self, area: &Record) -> Vec<(u32, bool)> {
        let outlines = area.geometry.as_ref().map(outlines).unwrap_or_default();
        let is_one_side = Carriageways::One.is_of(area);
        let mut edges: Vec<u32> = Vec::new();
        let bound = self.bound(area);
        edges.extend(self.stand_ins(area).iter().map(|step| step.edge));
        for line in &outlines {
            let on = bound.clone().unwrap_or_else(|| self.on(line, false));
            if !is_one_side {
                edges.extend(self.other_sides(line, &on));
            }
            edges.extend(on.iter().map(|step| step.edge));
        }
        edges.sort_unstable();
        edges.dedup();
        let is_included = area.get("boundary_included") == Some(&Value::Boolean(true));
        let words = area.words("boundary_except");
        let places = words.iter().filter_map(|word| lon_lat(word));
        let turned: Vec<u32> = places.filter_map(|at| self.piece_at(at, &edges)).collect();
        let of = |edge: u32| {
            let road = self.network.edges.get(edge as usize).and_then(|e| self.network.road_of(e));
            let is_named = road.is_some_and(|road| words.iter().any(|word| is_called(road, word)));
            (edge, is_included ^ is_named ^ turned.contains(&edge))
        };
        edges.into_iter().map(of).collect()
    }

    /// The piece of an outline on which a place lies.
    fn piece_at(&self, at: Coord<f64>, edges: &[u32]) -> Option<u32> {
        let frame = LocalFrame::at(at);
        let away = |edge: &u32| {
            let line = self.network.line(self.network.edges.get(*edge as usize)?);
            Some((frame.nearest_m(&LineString(line.to_vec()).into())?, *edge))
        };
        let nearest = edges.iter().filter_map(away).min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.filter(|(away_m, _)| *away_m <= PLACE_REACH_M).map(|(_, edge)| edge)
    }
}

pub(super) fn outlines(area: &Geometry<f64>) -> Vec<LineString<f64>> {
    let of = |polygon: &Polygon<f64>| -> Vec<LineString<f64>> {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).cloned().collect()
    };
    match area {
        Geometry::Polygon(polygon) => of(polygon),
        Geometry::MultiPolygon(all) => all.0.iter().flat_map(of).collect(),
        _ => Vec::new(),
    }
}

fn is_called(road: &Road, word: &str) -> bool {
    let word = word.trim();
    let is_number = road.reference.split([';', '；']).any(|number| number.trim() == word);
    !word.is_empty() && (road.name == word || road.code == word || is_number)
}
